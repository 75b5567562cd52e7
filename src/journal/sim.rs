//! A disk in memory for tests of every room. It keeps apart what was written and what is safe, by sector of 512 bytes and by
//! name, so that a test can cut the power and see every disk that may be left; and it fails on command.
//!
//! After a power cut each sector written since its file's last sync is, independently: as it was, zero, or as any of the
//! writes left it. Each name changed since its folder's last sync, and each length since its file's, is old or new.

mod disk;

use super::vfs::{Vfs, VfsFile};
pub use disk::Choice;
use disk::{Change, Disk, Node};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Which calls a fault hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hits {
    /// Writes to files.
    Writes,
    /// Syncs of files and folders.
    Syncs,
    /// Every call that changes something or makes it safe.
    Changes,
    /// Every call that can fail.
    All,
}

/// What goes wrong on the disk.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    /// Fails calls of a sort with EIO, from the n-th on (from 0): once, or for ever when the last is true.
    pub fail: Option<(Hits, u64, bool)>,
    /// Files together may not grow past so many bytes (ENOSPC).
    pub capacity: Option<u64>,
    /// A write takes at most so many bytes.
    pub short_writes: Option<usize>,
    /// The n-th sync (of files and folders, from 0) says that it succeeded and does nothing.
    pub ignore_sync: Option<u64>,
}

/// One call that changed the disk; replayed with [`SimVfs::apply`].
#[derive(Debug, Clone)]
pub struct Event(Change);

/// The disk. Cloning gives another handle on the same one.
#[derive(Debug, Clone, Default)]
pub struct SimVfs(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    disk: Disk,
    events: Vec<Event>,
    faults: Faults,
    calls: BTreeMap<u8, u64>,
    syncs: u64,
    metadata_syncs: u64,
    bytes: u64,
}

impl SimVfs {
    /// An empty disk with nothing but its root.
    pub fn new() -> SimVfs {
        let sim = SimVfs::default();
        let root = BTreeSet::from([PathBuf::from("/")]);
        sim.inner().disk = Disk { safe_dirs: root.clone(), dirs: root, ..Disk::default() };
        sim
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets what goes wrong from now on; calls are counted anew.
    pub fn set_faults(&self, faults: Faults) {
        let mut inner = self.inner();
        (inner.faults, inner.syncs) = (faults, 0);
        inner.calls.clear();
    }

    /// A disk as the power cut may leave this one, with every choice made by `choice`.
    #[must_use]
    pub fn power_cut(&self, choice: Choice<'_>) -> SimVfs {
        SimVfs::holding(self.inner().disk.cut(choice))
    }

    /// A disk with the same bytes, safe and not yet safe, that is changed by itself from here on.
    #[must_use]
    pub fn copy(&self) -> SimVfs {
        SimVfs::holding(self.inner().disk.clone())
    }

    fn holding(disk: Disk) -> SimVfs {
        let sim = SimVfs::default();
        sim.inner().disk = disk;
        sim
    }

    /// How many changes were made so far.
    pub fn changes(&self) -> usize {
        self.inner().events.len()
    }

    /// The changes so far.
    pub fn events(&self) -> Vec<Event> {
        self.inner().events.clone()
    }

    /// Makes a change that was recorded, on a disk that began like the recorded one.
    pub fn apply(&self, event: &Event) {
        self.inner().disk.apply(&event.0);
    }

    /// Calls of `sync_data` that had a length to write beside the bytes.
    pub fn metadata_syncs(&self) -> u64 {
        self.inner().metadata_syncs
    }

    /// The bytes of a file; empty when there is none.
    pub fn bytes(&self, path: &Path) -> Vec<u8> {
        let inner = self.inner();
        inner.disk.names.get(path).map(|node| inner.disk.nodes[*node].data.clone()).unwrap_or_default()
    }

    /// Puts bytes into a file, safely, as if they had always been there.
    pub fn plant(&self, path: &Path, bytes: &[u8]) {
        let mut inner = self.inner();
        let disk = &mut inner.disk;
        disk.nodes.push(Node { data: bytes.to_vec(), safe: bytes.to_vec(), dirty: BTreeMap::new() });
        let node = disk.nodes.len() - 1;
        disk.names.insert(path.to_path_buf(), node);
        disk.safe_names.insert(path.to_path_buf(), node);
        let dirs: Vec<PathBuf> = path.ancestors().skip(1).map(Path::to_path_buf).collect();
        disk.dirs.extend(dirs.clone());
        disk.safe_dirs.extend(dirs);
    }
}

impl Inner {
    fn due(&mut self, sort: Hits) -> bool {
        let count = self.calls.entry(sort as u8).or_default();
        let now = *count;
        *count += 1;
        matches!(self.faults.fail, Some((hits, n, for_ever)) if hits == sort && (now == n || (for_ever && now > n)))
    }

    fn check(&mut self, sorts: &[Hits]) -> io::Result<()> {
        let hit = sorts.iter().fold(false, |hit, sort| self.due(*sort) | hit);
        if hit { Err(io::Error::from_raw_os_error(5)) } else { Ok(()) }
    }

    fn change(&mut self, change: Change) {
        self.disk.apply(&change);
        self.events.push(Event(change));
    }

    fn sync(&mut self, change: Change) -> io::Result<()> {
        let number = self.syncs;
        self.syncs += 1;
        self.check(&[Hits::Syncs, Hits::Changes, Hits::All])?;
        if self.faults.ignore_sync != Some(number) {
            self.change(change);
        }
        Ok(())
    }

    fn node(&self, path: &Path) -> io::Result<usize> {
        self.disk.names.get(path).copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

struct SimFile {
    sim: SimVfs,
    node: usize,
}

impl VfsFile for SimFile {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut inner = self.sim.inner();
        inner.check(&[Hits::All])?;
        let data = inner.disk.nodes[self.node].data.get(offset as usize..).unwrap_or_default();
        let n = data.len().min(buf.len());
        buf[..n].copy_from_slice(&data[..n]);
        Ok(n)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        let mut inner = self.sim.inner();
        inner.check(&[Hits::Writes, Hits::Changes, Hits::All])?;
        let mut n = bytes.len().min(inner.faults.short_writes.unwrap_or(usize::MAX));
        if let Some(capacity) = inner.faults.capacity {
            let held: usize = inner.disk.names.values().map(|node| inner.disk.nodes[*node].data.len()).sum();
            let len = inner.disk.nodes[self.node].data.len();
            let room = (capacity as usize).saturating_sub(held) + len.saturating_sub(offset as usize);
            if room == 0 {
                return Err(io::Error::from_raw_os_error(28));
            }
            n = n.min(room);
        }
        inner.bytes += n as u64;
        inner.change(Change::Write(self.node, offset, bytes[..n].to_vec()));
        Ok(n)
    }

    fn len(&self) -> io::Result<u64> {
        let mut inner = self.sim.inner();
        inner.check(&[Hits::All])?;
        Ok(inner.disk.nodes[self.node].data.len() as u64)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut inner = self.sim.inner();
        inner.check(&[Hits::Changes, Hits::All])?;
        inner.change(Change::SetLen(self.node, len));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut inner = self.sim.inner();
        let node = &inner.disk.nodes[self.node];
        inner.metadata_syncs += u64::from(node.data.len() != node.safe.len());
        inner.sync(Change::Sync(self.node))
    }

    fn sync_all(&self) -> io::Result<()> {
        self.sim.inner().sync(Change::Sync(self.node))
    }
}

impl Vfs for SimVfs {
    fn create(&self, path: &Path) -> io::Result<Box<dyn VfsFile>> {
        let mut inner = self.inner();
        inner.check(&[Hits::Changes, Hits::All])?;
        if !path.parent().is_some_and(|parent| inner.disk.dirs.contains(parent)) {
            return Err(io::ErrorKind::NotFound.into());
        }
        inner.change(Change::Create(path.to_path_buf()));
        let node = inner.node(path)?;
        Ok(Box::new(SimFile { sim: self.clone(), node }))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn VfsFile>> {
        let mut inner = self.inner();
        inner.check(&[Hits::All])?;
        let node = inner.node(path)?;
        Ok(Box::new(SimFile { sim: self.clone(), node }))
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.inner().sync(Change::SyncDir(path.to_path_buf()))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut inner = self.inner();
        inner.check(&[Hits::Changes, Hits::All])?;
        inner.node(from)?;
        inner.change(Change::Rename(from.to_path_buf(), to.to_path_buf()));
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut inner = self.inner();
        inner.check(&[Hits::Changes, Hits::All])?;
        inner.node(path)?;
        inner.change(Change::Remove(path.to_path_buf()));
        Ok(())
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>> {
        let mut inner = self.inner();
        inner.check(&[Hits::All])?;
        if !inner.disk.dirs.contains(dir) {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(inner.disk.names.keys().filter(|path| path.parent() == Some(dir)).cloned().collect())
    }

    fn exists(&self, path: &Path) -> bool {
        let inner = self.inner();
        inner.disk.names.contains_key(path) || inner.disk.dirs.contains(path)
    }

    fn make_dir(&self, path: &Path) -> io::Result<()> {
        let mut inner = self.inner();
        inner.check(&[Hits::Changes, Hits::All])?;
        inner.change(Change::MakeDir(path.to_path_buf()));
        Ok(())
    }

    fn syncs(&self) -> u64 {
        self.inner().syncs
    }

    fn bytes_written(&self) -> u64 {
        self.inner().bytes
    }
}
