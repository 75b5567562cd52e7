//! Writing: one commit is one write and one sync. After a sync that failed nothing is ever written again.

use super::ahead::{Ahead, Sizes, Whole, finish_file, remove_tmp, start_file, sync_names, zero};
use super::body::{Body, Content, Packed};
use super::error::JournalError;
use super::file::{BookHeader, FILE_HEADER, FileHeader, find};
use super::frame::{self, Chain, Head, SECTOR, Salts};
use super::reader::{Reader, Stored};
use super::recover::{self, Opened, SPARSE};
use super::scan::At;
use super::vfs::{Vfs, VfsFile};
use super::watch::Watch;
use crate::domain::Seq;
use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One record to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The wall clock, UTC milliseconds, as it was; order is by seq alone.
    pub wall_ms: i64,
    /// Who.
    pub staff: u64,
    /// In which session.
    pub session: u64,
    /// The request's own number, by which an unknown outcome is resolved.
    pub op_id: u128,
    /// What.
    pub body: Content,
}

/// What became of an append.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Appended {
    /// Safe; the last record's seq.
    Saved(Seq),
    /// Somebody else was first; the head as it is. Nothing was written.
    Stale(Seq),
    /// Not written, and never will be; why.
    NotSaved(String),
    /// Perhaps written; the journal is now read-only. Open it again and look for the op id.
    Unknown(String),
}

/// Where a record stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub seq: Seq,
    pub number: u64,
    pub offset: u64,
}

pub(super) struct Current {
    pub(super) number: u64,
    path: PathBuf,
    file: Box<dyn VfsFile>,
    len: u64,
    /// Where the next commit goes.
    pub(super) at: u64,
}

/// The journal of one book, open for writing. One process at a time, see [`super::Lock`].
pub struct Journal {
    pub(super) vfs: Arc<dyn Vfs>,
    pub(super) dir: PathBuf,
    book: BookHeader,
    salts: Box<dyn Salts>,
    sizes: Sizes,
    pub(super) current: Current,
    ahead: Ahead,
    written: Seq,
    synced: Seq,
    chain: Chain,
    dead: bool,
    places: Vec<Place>,
    watch: Watch,
}

/// A commit as bytes.
struct Commit {
    bytes: Vec<u8>,
    last: Seq,
    chain: Chain,
    /// Places to remember, offsets within `bytes`.
    places: Vec<(Seq, u64)>,
}

impl Journal {
    /// Starts the journal of a new book.
    ///
    /// # Errors
    /// [`JournalError::Exists`] when there is one; else what the disk says.
    pub fn create(vfs: Arc<dyn Vfs>, dir: &Path, header: BookHeader, salts: Box<dyn Salts>) -> Result<Journal, JournalError> {
        Journal::create_with(vfs, dir, header, salts, Sizes::default())
    }

    /// As [`Journal::create`], with files of other sizes.
    ///
    /// # Errors
    /// As [`Journal::create`].
    pub fn create_with(
        vfs: Arc<dyn Vfs>,
        dir: &Path,
        header: BookHeader,
        salts: Box<dyn Salts>,
        sizes: Sizes,
    ) -> Result<Journal, JournalError> {
        vfs.make_dir(dir).map_err(JournalError::io("make the folder", dir))?;
        if !find(vfs.as_ref(), dir)?.is_empty() {
            return Err(JournalError::Exists(dir.to_path_buf()));
        }
        remove_tmp(vfs.as_ref(), dir)?;
        let first = FileHeader { book: header, number: 1, first: 1, before: Chain::default(), flags: 0 };
        let (bytes, chain) = first.encode()?;
        let mut made = start_file(vfs.as_ref(), dir, 1, sizes.of(1))?;
        let fill = zero(made.file.as_ref(), 0, made.len).and_then(|()| made.file.write_all_at(&bytes, 0));
        fill.map_err(JournalError::io("write", &made.path))?;
        finish_file(vfs.as_ref(), dir, &mut made)?;
        sync_names(vfs.as_ref(), dir)?;
        let at = At { offset: FILE_HEADER as u64, seq: 1, chain: Some(chain) };
        let places = vec![Place { seq: 1, number: 1, offset: FILE_HEADER as u64 }];
        Ok(Journal::opened(vfs, dir, first.book, salts, sizes, (made, at), None, places))
    }

    /// Opens a journal. `proof` is a record known from elsewhere to have been acknowledged.
    ///
    /// # Errors
    /// [`JournalError::Corrupt`] when bytes that were safe are damaged or gone (nothing is written then);
    /// [`JournalError::Missing`], [`JournalError::Newer`]; else what the disk says.
    pub fn open(vfs: Arc<dyn Vfs>, dir: &Path, proof: Option<Seq>, salts: Box<dyn Salts>) -> Result<Opened, JournalError> {
        recover::open(vfs, dir, proof, salts, Sizes::default())
    }

    /// As [`Journal::open`], with new files of other sizes.
    ///
    /// # Errors
    /// As [`Journal::open`].
    pub fn open_with(
        vfs: Arc<dyn Vfs>,
        dir: &Path,
        proof: Option<Seq>,
        salts: Box<dyn Salts>,
        sizes: Sizes,
    ) -> Result<Opened, JournalError> {
        recover::open(vfs, dir, proof, salts, sizes)
    }

    #[allow(clippy::too_many_arguments)]
    pub(super) fn opened(
        vfs: Arc<dyn Vfs>,
        dir: &Path,
        book: BookHeader,
        salts: Box<dyn Salts>,
        sizes: Sizes,
        (last, at): (Whole, At),
        next: Option<Whole>,
        places: Vec<Place>,
    ) -> Journal {
        let head = at.seq - 1;
        let watch = Watch::default();
        watch.moved(head);
        let current = Current { number: last.number, path: last.path, file: last.file, len: last.len, at: at.offset };
        let chain = at.chain.unwrap_or_default();
        let dir = dir.to_path_buf();
        Journal {
            vfs,
            dir,
            book,
            salts,
            sizes,
            current,
            ahead: Ahead::with(next),
            written: head,
            synced: head,
            chain,
            dead: false,
            places,
            watch,
        }
    }

    /// Writes the entries as one commit and syncs once. `expected` is the head the caller decided upon.
    pub fn append(&mut self, expected: Seq, entries: &[Entry]) -> Appended {
        match self.append_unsynced(expected, entries) {
            Appended::Saved(_) => self.sync(),
            other => other,
        }
    }

    /// Writes the entries and does not sync: for the frames of an import, which count only with a later commit.
    /// `Saved` then means written, not safe.
    pub fn append_unsynced(&mut self, expected: Seq, entries: &[Entry]) -> Appended {
        if self.dead {
            return Appended::NotSaved(JournalError::Dead.to_string());
        }
        if expected != self.written {
            return Appended::Stale(self.written);
        }
        let mut bodies = Vec::with_capacity(entries.len());
        for (entry, seq) in entries.iter().zip(self.written + 1..) {
            match pack(&entry.body) {
                Ok(packed) => bodies.push(packed),
                Err(source) => return Appended::NotSaved(JournalError::Body { seq, source }.to_string()),
            }
        }
        if bodies.is_empty() {
            return Appended::Saved(self.written);
        }
        let commit = self.commit(entries, &bodies, self.chain);
        let written = if self.fits(commit.bytes.len()) { self.write(commit) } else { self.roll(entries, &bodies) };
        written.unwrap_or_else(|outcome| outcome)
    }

    /// Makes everything written safe.
    pub fn sync(&mut self) -> Appended {
        if self.dead {
            return Appended::NotSaved(JournalError::Dead.to_string());
        }
        if self.synced == self.written {
            return Appended::Saved(self.written);
        }
        match self.current.file.sync_data() {
            Ok(()) => {
                self.synced = self.written;
                self.watch.moved(self.written);
                Appended::Saved(self.written)
            }
            Err(why) => self.die("sync", &why),
        }
    }

    fn die(&mut self, what: &'static str, why: &io::Error) -> Appended {
        self.dead = true;
        Appended::Unknown(format!("could not {what} {}: {why}", self.current.path.display()))
    }

    fn fits(&self, bytes: usize) -> bool {
        self.current.at + bytes as u64 <= self.current.len
    }

    fn commit(&mut self, entries: &[Entry], bodies: &[Cow<'_, Packed>], mut chain: Chain) -> Commit {
        let mut bytes = Vec::with_capacity(bodies.iter().map(|b| b.bytes.len() + frame::RECORD_HEADER + 8).sum());
        let mut places = Vec::new();
        let mut seq = self.written;
        for (entry, body) in entries.iter().zip(bodies) {
            seq += 1;
            if seq.is_multiple_of(SPARSE) {
                places.push((seq, bytes.len() as u64));
            }
            let Entry { wall_ms, staff, session, op_id, .. } = *entry;
            let unsynced = u32::try_from(seq - self.synced).unwrap_or(u32::MAX);
            let head = Head { seq, wall_ms, staff, session, op_id, unsynced, salt: self.salts.salt() };
            chain = frame::write(&mut bytes, &head, body, &chain);
        }
        bytes.resize(bytes.len().next_multiple_of(SECTOR as usize), 0);
        Commit { bytes, last: seq, chain, places }
    }

    fn write(&mut self, commit: Commit) -> Result<Appended, Appended> {
        let at = self.current.at;
        if let Err(why) = self.current.file.write_all_at(&commit.bytes, at) {
            return Err(self.take_back(at, commit.bytes.len(), &why));
        }
        self.wrote(&commit, at);
        Ok(Appended::Saved(self.written))
    }

    fn wrote(&mut self, commit: &Commit, at: u64) {
        let number = self.current.number;
        self.places.extend(commit.places.iter().map(|(seq, offset)| Place { seq: *seq, number, offset: at + offset }));
        self.current.at = at + commit.bytes.len() as u64;
        self.current.len = self.current.len.max(self.current.at);
        (self.written, self.chain) = (commit.last, commit.chain);
    }

    /// A write failed part way: what it left must be zero, and safely so, before the answer can be "not saved".
    fn take_back(&mut self, at: u64, len: usize, why: &io::Error) -> Appended {
        let file = self.current.file.as_ref();
        let zeroed = file.len().and_then(|end| zero(file, at, end.min(at + len as u64)));
        match zeroed.and_then(|()| file.sync_data()) {
            Ok(()) => {
                self.synced = self.written;
                self.watch.moved(self.written);
                Appended::NotSaved(format!("could not write {}: {why}", self.current.path.display()))
            }
            Err(_) => self.die("write", why),
        }
    }

    /// Begins the next file with this commit. What the current one holds is made safe first, so that a begun file proves it.
    fn roll(&mut self, entries: &[Entry], bodies: &[Cow<'_, Packed>]) -> Result<Appended, Appended> {
        if let failed @ (Appended::Unknown(_) | Appended::NotSaved(_)) = self.sync() {
            return Err(failed);
        }
        let not_saved = |e: JournalError| Appended::NotSaved(e.to_string());
        while !self.prepare_next().map_err(not_saved)? {}
        let number = self.current.number + 1;
        let header = FileHeader { book: self.book.clone(), number, first: self.written + 1, before: self.chain, flags: 0 };
        let (mut bytes, chain) = header.encode().map_err(not_saved)?;
        let commit = self.commit(entries, bodies, chain);
        bytes.extend_from_slice(&commit.bytes);
        let Some(next) = self.ahead.take() else { return Err(Appended::NotSaved("the next file is not ready".to_string())) };
        let next = Current { number, path: next.path, file: next.file, len: next.len, at: FILE_HEADER as u64 };
        let before = std::mem::replace(&mut self.current, next);
        if let Err(why) = self.current.file.write_all_at(&bytes, 0) {
            let outcome = self.take_back(0, bytes.len(), &why);
            let Current { number, path, file, len, .. } = std::mem::replace(&mut self.current, before);
            self.ahead.give_back(Whole { number, path, file, len });
            return Err(outcome);
        }
        self.places.push(Place { seq: self.written + 1, number, offset: FILE_HEADER as u64 });
        self.wrote(&commit, FILE_HEADER as u64);
        Ok(Appended::Saved(self.written))
    }

    /// Makes the next file ahead of need, at most 4 MiB of it per call; true when it is ready. To be called after
    /// acknowledging, so that the commit that needs the file only writes into it.
    ///
    /// # Errors
    /// What the disk says, for example that it is full; the journal goes on in the file it has.
    pub fn prepare_next(&mut self) -> Result<bool, JournalError> {
        if self.dead {
            return Err(JournalError::Dead);
        }
        self.ahead.step(self.vfs.as_ref(), &self.dir, self.current.number + 1, self.sizes)
    }

    /// The last record that is safe; 0 when there is none.
    pub fn head(&self) -> Seq {
        self.synced
    }

    /// The last record written, safe or not yet; what [`Journal::append`] expects.
    pub fn written(&self) -> Seq {
        self.written
    }

    /// What the book says of itself.
    pub fn header(&self) -> &BookHeader {
        &self.book
    }

    /// True once a sync has failed: reading goes on, writing never again in this process.
    pub fn dead(&self) -> bool {
        self.dead
    }

    /// A handle on the head for other threads.
    pub fn watch(&self) -> Watch {
        self.watch.clone()
    }

    /// The safe records from `from` on.
    pub fn read(&self, from: Seq) -> Reader {
        self.read_to(from, self.synced)
    }

    pub(super) fn read_to(&self, from: Seq, last: Seq) -> Reader {
        let from = from.max(1);
        Reader::new(Arc::clone(&self.vfs), self.dir.clone(), from, Some(last.min(self.synced)), self.place(from))
    }

    /// One record; a pass over many is cheaper by [`Journal::read_these`].
    ///
    /// # Errors
    /// [`JournalError::NoRecord`] when there is none of that number, [`JournalError::Corrupt`] when it is damaged.
    pub fn read_one(&self, seq: Seq) -> Result<Stored, JournalError> {
        let none = JournalError::NoRecord { seq, head: self.synced };
        if seq == 0 || seq > self.synced {
            return Err(none);
        }
        self.read(seq).next().unwrap_or(Err(none))
    }

    fn place(&self, seq: Seq) -> Option<Place> {
        let after = self.places.partition_point(|place| place.seq <= seq);
        self.places.get(after.checked_sub(1)?).copied()
    }
}

fn pack(content: &Content) -> Result<Cow<'_, Packed>, super::BodyError> {
    match content {
        Content::Body(body) => Body::pack(body).map(Cow::Owned),
        Content::Packed(packed) => Ok(Cow::Borrowed(packed)),
    }
}
