//! The append-only log: the database of record. Frames, files, recovery, verification; the disk is reached through `Vfs` only.
//!
//! ```text
//! journal/00000001.gxj   4 KiB header │ record │ record │ 0… to the sector │ record │ 0 0 0 0 …      1 MiB, doubling to 64 MiB
//!                                       └ one commit: one write, one fdatasync ┘
//! record                 length crc seq wall staff session op-id unsynced kind schema flags │ salt │ H(salt, body) │ chain │ body
//! ```
//!
//! Three decisions carry the promise *saved is saved*:
//! 1. A commit starts on a sector of its own, so that a write cut short by a power loss cannot touch what was acknowledged.
//! 2. Every record says how many records before it were not yet synced when it was written. A hole in the log is a torn tail
//!    only if nothing behind it was written after a sync that covered the hole; otherwise it is corruption and nobody writes.
//! 3. The next file is filled with zeros ahead of need, so that a commit changes no metadata and cannot meet a full disk.
//!
//! Start with `frame.rs` (one record), `log.rs` (writing), `recover.rs` (opening), then `body.rs` (what a record says).

mod ahead;
pub mod body;
mod bytes;
mod columns;
mod error;
mod file;
mod frame;
mod heads;
mod lock;
mod log;
mod pack;
mod reader;
mod recover;
mod scan;
pub mod sim;
mod state;
#[cfg(test)]
mod tests;
mod verify;
pub mod vfs;
mod watch;

pub use ahead::Sizes;
pub use body::{BatchCommit, BatchRows, Body, BodyError, Content, Derived, Packed};
pub use error::JournalError;
pub use file::{BookHeader, FILE_HEADER, FORMAT};
pub use frame::{MAX_RECORD, RECORD_HEADER, Salts};
pub use heads::{Chosen, RecordHead};
pub use lock::{Holder, Lock, LockError};
pub use log::{Appended, Entry, Journal};
pub use pack::{FRAME_BUDGET, FrameBuilder, MAX_FRAME_OPS};
pub use reader::{Reader, Stored};
pub use recover::{Opened, TornTail};
pub use state::{STATE_FILE, State};
pub use verify::{Problem, VerifyReport, verify};
pub use vfs::{RealVfs, Vfs, VfsFile};
pub use watch::Watch;

use crate::domain::Seq;
use std::path::Path;

/// The seam behind which another log can stand, for example a replicated one.
pub trait Log {
    /// Writes the entries as one commit and makes them safe; see [`Journal::append`].
    fn append(&mut self, expected: Seq, entries: &[Entry]) -> Appended;
    /// The records from `from` on, in order.
    fn read(&self, from: Seq) -> Box<dyn Iterator<Item = Result<Stored, JournalError>> + Send>;
    /// The last record that is safe; 0 when there is none.
    fn head(&self) -> Seq;
    /// A handle that other threads use to wait for the head to move.
    fn watch(&self) -> Watch;
}

impl Log for Journal {
    fn append(&mut self, expected: Seq, entries: &[Entry]) -> Appended {
        Journal::append(self, expected, entries)
    }
    fn read(&self, from: Seq) -> Box<dyn Iterator<Item = Result<Stored, JournalError>> + Send> {
        Box::new(Journal::read(self, from))
    }
    fn head(&self) -> Seq {
        Journal::head(self)
    }
    fn watch(&self) -> Watch {
        Journal::watch(self)
    }
}

/// What a book says of itself, read from its newest file's header without opening the journal.
///
/// # Errors
/// [`JournalError::Missing`] when there is no journal in the folder; what the disk says.
pub fn header_of(vfs: &dyn Vfs, dir: &Path) -> Result<BookHeader, JournalError> {
    let newest =
        file::find(vfs, dir)?.into_iter().rev().find_map(|f| if let file::Begun::Yes(h, _) = f.begun { Some(h.book) } else { None });
    newest.ok_or_else(|| JournalError::Missing(dir.to_path_buf()))
}
