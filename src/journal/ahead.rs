//! Files made ahead of need: filled with zeros, synced, and only then named, so that a commit has no metadata to write and the
//! disk is found to be full here and not there.

use super::error::JournalError;
use super::file::{FILE_HEADER, path_of};
use super::frame::SECTOR;
use super::vfs::{Vfs, VfsFile};
use std::path::{Path, PathBuf};

/// The ending of files not yet whole.
pub(super) const TMP: &str = "tmp";
/// Zeros written by one call of [`super::Journal::prepare_next`], in bytes.
const FILL_STEP: u64 = 4 * 1024 * 1024;

/// How long files are made, in bytes: each twice as long as the one before, from `first` to `most`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// The first file.
    pub first: u64,
    /// No file longer than this.
    pub most: u64,
}

impl Default for Sizes {
    /// 1 MiB to 64 MiB.
    fn default() -> Sizes {
        Sizes { first: 1024 * 1024, most: 64 * 1024 * 1024 }
    }
}

impl Sizes {
    pub(super) fn of(self, number: u64) -> u64 {
        let doublings = u32::try_from(number.saturating_sub(1)).unwrap_or(63).min(63);
        self.first.saturating_mul(1 << doublings).min(self.most).max(FILE_HEADER as u64 + SECTOR).next_multiple_of(SECTOR)
    }
}

/// A file of the journal, open.
pub(super) struct Whole {
    pub number: u64,
    pub path: PathBuf,
    pub file: Box<dyn VfsFile>,
    pub len: u64,
}

/// The next file: being filled, or ready.
#[derive(Default)]
pub(super) struct Ahead {
    filling: Option<Whole>,
    ready: Option<Whole>,
}

impl Ahead {
    pub(super) fn with(ready: Option<Whole>) -> Ahead {
        Ahead { filling: None, ready }
    }

    /// The file, once it is ready.
    pub(super) fn take(&mut self) -> Option<Whole> {
        self.ready.take()
    }

    /// Gives back a file that was taken and is zero again.
    pub(super) fn give_back(&mut self, file: Whole) {
        self.ready = Some(file);
    }

    /// Fills a little more of file `number`; true when it is ready.
    pub(super) fn step(&mut self, vfs: &dyn Vfs, dir: &Path, number: u64, sizes: Sizes) -> Result<bool, JournalError> {
        if self.ready.is_some() {
            return Ok(true);
        }
        let size = sizes.of(number);
        let mut made = match self.filling.take() {
            Some(made) => made,
            None => Whole { len: 0, ..start_file(vfs, dir, number, size)? },
        };
        let to = size.min(made.len + FILL_STEP);
        if let Err(why) = zero(made.file.as_ref(), made.len, to) {
            // A full disk is not helped by holding on to a part. If it cannot be removed, the next attempt empties it.
            let _ = vfs.remove(&made.path);
            return Err(JournalError::io("write", &made.path)(why));
        }
        made.len = to;
        if to < size {
            self.filling = Some(made);
            return Ok(false);
        }
        finish_file(vfs, dir, &mut made)?;
        vfs.sync_dir(dir).map_err(JournalError::io("sync", dir))?;
        self.ready = Some(made);
        Ok(true)
    }
}

/// Syncs the folder of the journal and the one that holds it.
pub(super) fn sync_names(vfs: &dyn Vfs, dir: &Path) -> Result<(), JournalError> {
    vfs.sync_dir(dir).map_err(JournalError::io("sync", dir))?;
    match dir.parent() {
        Some(parent) => vfs.sync_dir(parent).map_err(JournalError::io("sync", parent)),
        None => Ok(()),
    }
}

/// Writes zeros over a range, in steps of a mebibyte at most.
pub(super) fn zero(file: &dyn VfsFile, mut from: u64, to: u64) -> std::io::Result<()> {
    let zeros = vec![0; usize::try_from(to.saturating_sub(from)).unwrap_or(usize::MAX).min(1024 * 1024)];
    while from < to {
        let n = zeros.len().min((to - from) as usize);
        file.write_all_at(zeros.get(..n).unwrap_or_default(), from)?;
        from += n as u64;
    }
    Ok(())
}

pub(super) fn remove_tmp(vfs: &dyn Vfs, dir: &Path) -> Result<(), JournalError> {
    for path in vfs.list(dir).map_err(JournalError::io("list", dir))? {
        if path.extension().is_some_and(|e| e == TMP) {
            vfs.remove(&path).map_err(JournalError::io("remove", &path))?;
        }
    }
    Ok(())
}

pub(super) fn start_file(vfs: &dyn Vfs, dir: &Path, number: u64, len: u64) -> Result<Whole, JournalError> {
    let path = path_of(dir, number).with_extension(TMP);
    let file = vfs.create(&path).map_err(JournalError::io("create", &path))?;
    Ok(Whole { number, path, file, len })
}

/// A file gets its name only when it is whole and safe.
pub(super) fn finish_file(vfs: &dyn Vfs, dir: &Path, made: &mut Whole) -> Result<(), JournalError> {
    made.file.sync_all().map_err(JournalError::io("sync", &made.path))?;
    let path = path_of(dir, made.number);
    vfs.rename(&made.path, &path).map_err(JournalError::io("rename", &made.path))?;
    made.path = path;
    Ok(())
}
