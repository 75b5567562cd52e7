//! Records chosen by what they are, without unpacking what the others say: the trail of undoable changes, batches.

use super::body::FRAME;
use super::error::JournalError;
use super::file::find;
use super::frame::Frame;
use super::log::Journal;
use super::reader::{Reader, Stored, stored};
use super::recover::SPARSE;
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

/// The records that are wanted, by their heads, in order; the bodies of the others are checked but not unpacked.
pub struct Chosen<F> {
    reader: Reader,
    wanted: F,
}

impl<F: FnMut(&RecordHead) -> bool> Iterator for Chosen<F> {
    type Item = Result<Stored, JournalError>;
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.reader.next_frame()? {
                Ok(frame) if (self.wanted)(&RecordHead::of(&frame)) => return Some(stored(&frame)),
                Ok(_) => {}
                Err(why) => return Some(Err(why)),
            }
        }
    }
}

impl Journal {
    /// Of the safe records from `from` on those that are wanted.
    pub fn chosen<F: FnMut(&RecordHead) -> bool>(&self, from: Seq, wanted: F) -> Chosen<F> {
        Chosen { reader: self.read(from), wanted }
    }

    /// The records of these numbers, ascending: those close to each other in one pass, what lies between others unread.
    ///
    /// # Errors
    /// As [`Journal::read_one`].
    pub fn read_these(&self, seqs: &[Seq]) -> Result<Vec<Stored>, JournalError> {
        let mut records = Vec::with_capacity(seqs.len());
        for near in seqs.chunk_by(|a, b| b - a <= SPARSE) {
            let (Some(first), Some(last)) = (near.first(), near.last()) else { continue };
            if *first == 0 || *last > self.head() {
                return Err(JournalError::NoRecord { seq: *last, head: self.head() });
            }
            let pass = Chosen { reader: self.read_to(*first, *last), wanted: |head: &RecordHead| near.binary_search(&head.seq).is_ok() };
            for stored in pass {
                records.push(stored?);
            }
        }
        Ok(records)
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
            files.push((path, if number == self.current.number { self.current.at } else { found.len }));
        }
        Ok(files)
    }
}
