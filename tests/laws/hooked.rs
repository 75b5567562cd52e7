//! The real disk under the journal, with somebody looking over its shoulder: every write and sync is told before it is made.

use guanxi::journal::{RealVfs, Vfs, VfsFile};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What is about to happen to a file of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    Write,
    Sync,
}

type Hook = Arc<dyn Fn(Call) + Send + Sync>;

/// See the module.
#[derive(Clone)]
pub struct Hooked {
    real: RealVfs,
    hook: Hook,
    /// `fdatasync` calls: those of commits. A file that is made ahead, and `STATE`, take a whole `fsync`.
    pub data_syncs: Arc<AtomicU64>,
}

struct HookedFile {
    file: Box<dyn VfsFile>,
    vfs: Hooked,
}

impl Hooked {
    pub fn new(hook: impl Fn(Call) + Send + Sync + 'static) -> Hooked {
        Hooked { real: RealVfs::new(), hook: Arc::new(hook), data_syncs: Arc::default() }
    }

    fn file(&self, file: Box<dyn VfsFile>) -> Box<dyn VfsFile> {
        Box::new(HookedFile { file, vfs: self.clone() })
    }
}

impl VfsFile for HookedFile {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.file.read_at(buf, offset)
    }
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        (self.vfs.hook)(Call::Write);
        self.file.write_at(bytes, offset)
    }
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }
    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }
    fn sync_data(&self) -> io::Result<()> {
        (self.vfs.hook)(Call::Sync);
        self.vfs.data_syncs.fetch_add(1, Ordering::SeqCst);
        self.file.sync_data()
    }
    fn sync_all(&self) -> io::Result<()> {
        (self.vfs.hook)(Call::Sync);
        self.file.sync_all()
    }
}

impl Vfs for Hooked {
    fn create(&self, path: &Path) -> io::Result<Box<dyn VfsFile>> {
        (self.hook)(Call::Write);
        Ok(self.file(self.real.create(path)?))
    }
    fn open(&self, path: &Path) -> io::Result<Box<dyn VfsFile>> {
        Ok(self.file(self.real.open(path)?))
    }
    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        (self.hook)(Call::Sync);
        self.real.sync_dir(path)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        (self.hook)(Call::Write);
        self.real.rename(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        (self.hook)(Call::Write);
        self.real.remove(path)
    }
    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>> {
        self.real.list(dir)
    }
    fn exists(&self, path: &Path) -> bool {
        self.real.exists(path)
    }
    fn make_dir(&self, path: &Path) -> io::Result<()> {
        (self.hook)(Call::Write);
        self.real.make_dir(path)
    }
    fn syncs(&self) -> u64 {
        self.real.syncs()
    }
    fn bytes_written(&self) -> u64 {
        self.real.bytes_written()
    }
}
