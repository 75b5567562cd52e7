//! Reading records in order, with or without owning the journal.

use super::body::Body;
use super::error::JournalError;
use super::file::{Begun, FILE_HEADER, FileHeader, find, path_of};
use super::frame::{Chain, Frame};
use super::log::Place;
use super::scan::{self, At, Scan, Step};
use super::vfs::{Vfs, VfsFile};
use crate::domain::Seq;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A record as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its number; without gaps from 1.
    pub seq: Seq,
    /// The wall clock when it was written, UTC milliseconds.
    pub wall_ms: i64,
    /// Who wrote it.
    pub staff: u64,
    /// In which session.
    pub session: u64,
    /// The request's own number.
    pub op_id: u128,
    /// What it says.
    pub body: Body,
}

/// The records of a journal from one on. It stops at the last valid record; damage in bytes that were once safe is an error,
/// and the last thing it gives. A body that cannot be read is an error too, after which it goes on.
pub struct Reader {
    vfs: Arc<dyn Vfs>,
    dir: PathBuf,
    from: Seq,
    until: Option<Seq>,
    start: Option<Place>,
    open: Option<Open>,
    done: bool,
}

struct Open {
    number: u64,
    path: PathBuf,
    len: u64,
    /// The chain that the file's header says came before it.
    before: Chain,
    scan: Scan<Box<dyn VfsFile>>,
}

impl Reader {
    /// Reads the journal in a folder without owning it.
    ///
    /// # Errors
    /// [`JournalError::Missing`] when there is none; damaged headers; what the disk says.
    pub fn open(vfs: Arc<dyn Vfs>, dir: &Path, from: Seq) -> Result<Reader, JournalError> {
        let from = from.max(1);
        let headers = super::recover::headers(dir, &find(vfs.as_ref(), dir)?)?;
        let file = headers.iter().rfind(|(h, _)| h.first <= from);
        let start = file.map(|(h, _)| Place { seq: h.first, number: h.number, offset: FILE_HEADER as u64 });
        Ok(Reader::new(vfs, dir.to_path_buf(), from, None, start))
    }

    pub(super) fn new(vfs: Arc<dyn Vfs>, dir: PathBuf, from: Seq, until: Option<Seq>, start: Option<Place>) -> Reader {
        Reader { vfs, dir, from, until, start, open: None, done: false }
    }

    fn frame(&mut self) -> Result<Option<Frame>, JournalError> {
        if self.open.is_none() {
            let Some(start) = self.start else { return Ok(None) };
            self.open = self.enter(start.number, Some(start))?;
        }
        while let Some(open) = &mut self.open {
            if self.until.is_some_and(|until| open.scan.at.seq > until) {
                return Ok(None);
            }
            let step = open.scan.step().map_err(JournalError::io("read", &open.path))?;
            let why = match step {
                Step::Record(frame, _) if frame.head.seq < self.from => continue,
                Step::Record(frame, _) => return Ok(Some(*frame)),
                Step::End => "records are gone",
                Step::Bad(why) => why,
            };
            if !self.turn(why)? {
                return Ok(None);
            }
        }
        Ok(None)
    }

    /// A file has come to its end: on to the next if it has begun; else the end must be one that was never safe.
    fn turn(&mut self, why: &'static str) -> Result<bool, JournalError> {
        let Some(open) = &self.open else { return Ok(false) };
        let At { offset, seq, chain } = open.scan.at;
        let damaged = |what: &str| Err(JournalError::corrupt(&open.path, offset, seq, what));
        if let Some(next) = self.enter(open.number + 1, None)? {
            if next.scan.at.seq != seq || chain.is_some_and(|chain| next.before != chain) {
                return damaged(why);
            }
            self.open = Some(next);
            return Ok(true);
        }
        let rest = || scan::rest(open.scan.file(), open.len, offset, seq).map_err(JournalError::io("read", &open.path));
        if self.until.is_some() || rest()?.proof.is_some() {
            return damaged(why);
        }
        Ok(false)
    }

    fn enter(&self, number: u64, place: Option<Place>) -> Result<Option<Open>, JournalError> {
        let path = path_of(&self.dir, number);
        let file = match self.vfs.open(&path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound && place.is_none() => return Ok(None),
            opened => opened.map_err(JournalError::io("open", &path))?,
        };
        let len = file.len().map_err(JournalError::io("measure", &path))?;
        let (header, chain) = match header(file.as_ref(), &path)? {
            Begun::Yes(header, chain) => (header, chain),
            Begun::Newer(min_reader) => return Err(JournalError::Newer { file: path, min_reader }),
            Begun::Bad(why) if place.is_some() => return Err(JournalError::corrupt(&path, 0, self.from, why)),
            Begun::Bad(_) | Begun::NotYet => return Ok(None),
        };
        let at = match place {
            Some(place) if place.offset > FILE_HEADER as u64 => At { offset: place.offset, seq: place.seq, chain: None },
            _ => scan::first(header.first, chain),
        };
        Ok(Some(Open { number, path, len, before: header.before, scan: Scan::new(file, len, at) }))
    }
}

fn header(file: &dyn VfsFile, path: &Path) -> Result<Begun, JournalError> {
    let mut head = vec![0; FILE_HEADER];
    let got = file.read_full_at(&mut head, 0).map_err(JournalError::io("read", path))?;
    Ok(FileHeader::decode(head.get(..got).unwrap_or_default()))
}

impl Reader {
    pub(super) fn next_frame(&mut self) -> Option<Result<Frame, JournalError>> {
        if self.done {
            return None;
        }
        let frame = self.frame().transpose();
        self.done = !matches!(frame, Some(Ok(_)));
        frame
    }
}

impl Iterator for Reader {
    type Item = Result<Stored, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.next_frame()?.and_then(|frame| stored(&frame)))
    }
}

pub(super) fn stored(frame: &Frame) -> Result<Stored, JournalError> {
    let head = &frame.head;
    let body = Body::unpack(&frame.packed).map_err(|source| JournalError::Body { seq: head.seq, source })?;
    Ok(Stored { seq: head.seq, wall_ms: head.wall_ms, staff: head.staff, session: head.session, op_id: head.op_id, body })
}
