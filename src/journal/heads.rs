//! What records are, without what they say: for the trail of undoable changes and for finding batches.

use super::body::FRAME;
use super::error::JournalError;
use super::file::find;
use super::frame::Frame;
use super::log::Journal;
use super::reader::Reader;
use crate::domain::Seq;
use std::path::PathBuf;

/// A record's head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordHead {
    /// Its number.
    pub seq: Seq,
    /// The wall clock when it was written, UTC milliseconds.
    pub wall_ms: i64,
    /// Who wrote it.
    pub staff: u64,
    /// The request's own number.
    pub op_id: u128,
    kind: u8,
}

impl RecordHead {
    pub(super) fn of(frame: &Frame) -> RecordHead {
        let head = &frame.head;
        RecordHead { seq: head.seq, wall_ms: head.wall_ms, staff: head.staff, op_id: head.op_id, kind: frame.packed.kind }
    }

    /// A change or an undo by one person.
    pub fn is_change(&self) -> bool {
        matches!(self.kind, 1 | 2)
    }

    /// The end of an import.
    pub fn is_commit(&self) -> bool {
        self.kind == 4
    }

    /// Says that a baseline was written.
    pub fn is_baseline(&self) -> bool {
        self.kind == 10
    }

    /// A part of an import.
    pub fn is_frame(&self) -> bool {
        self.kind == FRAME
    }
}

/// Heads in order; bodies are checked but not unpacked.
pub struct Heads(pub(super) Reader);

impl Iterator for Heads {
    type Item = Result<RecordHead, JournalError>;
    fn next(&mut self) -> Option<Self::Item> {
        self.0.next_head()
    }
}

impl Journal {
    /// What the safe records from `from` on are, without what they say.
    pub fn heads(&self, from: Seq) -> Heads {
        Heads(self.read(from))
    }

    /// The journal's files in order, with how many bytes of each are acknowledged; what is listed never changes again.
    ///
    /// # Errors
    /// What the disk says.
    pub fn files(&self) -> Result<Vec<(PathBuf, u64)>, JournalError> {
        let mut files = Vec::new();
        for found in find(self.vfs.as_ref(), &self.dir)? {
            let (number, path) = (found.number, found.path);
            if number > self.current.number {
                continue;
            }
            let file = self.vfs.open(&path).map_err(JournalError::io("open", &path))?;
            let len = file.len().map_err(JournalError::io("measure", &path))?;
            files.push((path, if number == self.current.number { self.current.at } else { len }));
        }
        Ok(files)
    }
}
