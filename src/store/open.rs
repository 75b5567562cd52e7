//! Opening, closing in time, and making sure. sled leaves a half-written `snap.*.generating` behind when it is killed while
//! starting, and refuses to open ever after; its `flush` does not reach the disk. Both are made good here.

use super::Store;
use super::error::StoreError;
use super::tree::Inner;
use crate::domain::Seq;
use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The cache a store takes unless told otherwise, in bytes.
pub const CACHE: u64 = 256 << 20;
/// How often sled writes its log by itself, in milliseconds. Nothing rests on it.
const FLUSH_MS: u64 = 500;
/// A sled just dropped lets go of its lock a little later: so often we try again, with [`PAUSE`] in between (2 s in all).
const TRIES: u32 = 40;
const PAUSE: Duration = Duration::from_millis(50);

impl Store {
    /// Opens the index in `folder` (made when it is not there) with a cache of so many bytes ([`CACHE`] when in doubt).
    ///
    /// # Errors
    /// [`StoreError::Busy`] when another process holds it for longer than 2 s; [`StoreError::Newer`] when a newer version
    /// wrote it; [`StoreError::Io`] when the folder cannot be made; anything else is [`StoreError::Damaged`]: move the
    /// folder aside and rebuild.
    pub fn open(folder: &Path, cache: u64) -> Result<Store, StoreError> {
        fs::create_dir_all(folder).map_err(StoreError::io("make its folder"))?;
        drop_half_snapshots(folder)?;
        let db = patiently(folder, cache)?;
        let folder = folder.to_path_buf();
        let inner = guarded(move || Inner::new(db, Some(folder)))?;
        Ok(Store { inner: Arc::new(inner) })
    }

    /// A store that is gone when dropped; for tests and trials.
    ///
    /// # Errors
    /// When no temporary folder can be made.
    pub fn temporary() -> Result<Store, StoreError> {
        let db = sled::Config::new().temporary(true).cache_capacity(32 << 20).flush_every_ms(None).open()?;
        Ok(Store { inner: Arc::new(Inner::new(db, None)?) })
    }

    /// Makes everything applied so far last through a power cut, and says up to where: sled's flush, then a real sync of
    /// each of its files and of the folders.
    ///
    /// # Errors
    /// When a sync fails; then nothing new may be taken for durable.
    pub fn checkpoint(&self) -> Result<Seq, StoreError> {
        let applied = self.applied();
        self.inner.db.flush()?;
        if let Some(folder) = &self.inner.folder {
            sync_tree(folder)?;
        }
        Ok(applied)
    }
}

/// sled takes a snapshot under this name for good and finds it damaged; it is never needed.
fn drop_half_snapshots(folder: &Path) -> Result<(), StoreError> {
    for entry in fs::read_dir(folder).map_err(StoreError::io("look into its folder"))? {
        let entry = entry.map_err(StoreError::io("look into its folder"))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            fs::remove_file(entry.path()).map_err(StoreError::io("remove a half-written snapshot"))?;
        }
    }
    Ok(())
}

fn patiently(folder: &Path, cache: u64) -> Result<sled::Db, StoreError> {
    for _ in 0..TRIES {
        let path = folder.to_path_buf();
        let opened = guarded(move || {
            sled::Config::new().path(path).cache_capacity(cache).flush_every_ms(Some(FLUSH_MS)).open().map_err(StoreError::from)
        });
        match opened {
            Err(StoreError::Io { source, .. }) if is_held(&source) => std::thread::sleep(PAUSE),
            Err(StoreError::Io { source, .. }) => return Err(StoreError::damaged(source.to_string())),
            other => return other,
        }
    }
    Err(StoreError::Busy { folder: folder.to_path_buf() })
}

/// sled wraps the lock's `WouldBlock` into an error of kind `Other` with the words inside.
fn is_held(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::WouldBlock || error.to_string().contains("WouldBlock")
}

/// Runs what reads possibly damaged files on a thread of its own: sled panics on some damage, and that must stay there.
pub(super) fn guarded<T: Send + 'static>(work: impl FnOnce() -> Result<T, StoreError> + Send + 'static) -> Result<T, StoreError> {
    let thread = std::thread::Builder::new().name("index".into()).spawn(work).map_err(StoreError::io("start a thread"))?;
    thread.join().unwrap_or_else(|_| Err(StoreError::damaged("reading it failed inside the engine")))
}

/// Syncs every file below a folder, then the folders: a sync is per file, whoever wrote it.
pub(super) fn sync_tree(folder: &Path) -> Result<(), StoreError> {
    for entry in fs::read_dir(folder).map_err(StoreError::io("look into its folder"))? {
        let path = entry.map_err(StoreError::io("look into its folder"))?.path();
        if path.is_dir() {
            sync_tree(&path)?;
            continue;
        }
        match File::open(&path) {
            Ok(file) => file.sync_all().map_err(StoreError::io("sync a file"))?,
            // sled replaces its snapshots whenever it likes.
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(e) => return Err(StoreError::io("sync a file")(e)),
        }
    }
    File::open(folder).and_then(|f| f.sync_all()).map_err(StoreError::io("sync its folder"))
}
