//! Walking one file from record to record, and looking behind a hole for proof that it was once safe.

use super::file::FILE_HEADER;
use super::frame::{self, ALIGN, Chain, Frame, MAX_RECORD, RECORD_HEADER, SECTOR};
use super::vfs::VfsFile;
use crate::domain::Seq;
use std::io;
use std::ops::Deref;

/// Bytes read at a time: few at first, since many walks look at one record, then more while the walk goes on.
const FIRST_WINDOW: usize = 16 * 1024;
const WINDOW: usize = 1024 * 1024;

/// Where a scan is: the seq and the chain it expects. Without a chain the first record is taken as it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct At {
    pub offset: u64,
    pub seq: Seq,
    pub chain: Option<Chain>,
}

/// What comes next in a file.
pub(super) enum Step {
    /// A record, with its offset.
    Record(Box<Frame>, u64),
    /// Nothing more.
    End,
    /// Bytes that are no record.
    Bad(&'static str),
}

/// A walk over one file, borrowed or owned.
pub(super) struct Scan<F> {
    window: Window<F>,
    pub(super) at: At,
}

impl<F: Deref<Target = dyn VfsFile>> Scan<F> {
    pub(super) fn new(file: F, len: u64, at: At) -> Scan<F> {
        Scan { window: Window::new(file, len), at }
    }

    /// The file itself.
    pub(super) fn file(&self) -> &(dyn VfsFile + 'static) {
        &*self.window.file
    }

    /// The next record. After `End` or `Bad`, `at.offset` is where the log ends.
    pub(super) fn step(&mut self) -> io::Result<Step> {
        let word = self.window.get(self.at.offset, 4)?;
        match frame::length(word) {
            None => return Ok(Step::End),
            Some(0) => return self.gap(),
            Some(_) => {}
        }
        let length = frame::length(word).map_or(0, |n| n as usize);
        let bytes = self.window.get(self.at.offset, length.clamp(RECORD_HEADER, MAX_RECORD))?;
        let (frame, length) = match frame::read(bytes) {
            Ok(read) => read,
            Err(why) => return Ok(Step::Bad(why)),
        };
        if frame.head.seq != self.at.seq {
            return Ok(Step::Bad("a record is missing before this one"));
        }
        if self.at.chain.is_some_and(|chain| !frame::follows(&frame, &chain)) {
            return Ok(Step::Bad("the chain is broken"));
        }
        let padding = length.next_multiple_of(ALIGN as usize) - length;
        let offset = self.at.offset;
        if !zero(self.window.get(offset + length as u64, padding)?) {
            return Ok(Step::Bad("the bytes after a record are not zero"));
        }
        self.at = At { offset: offset + (length + padding) as u64, seq: frame.head.seq.saturating_add(1), chain: Some(frame.chain) };
        Ok(Step::Record(Box::new(frame), offset))
    }

    /// A zero length word: the end of the log, or of a commit.
    fn gap(&mut self) -> io::Result<Step> {
        let next = self.at.offset.next_multiple_of(SECTOR);
        let rest = (next - self.at.offset) as usize;
        if !zero(self.window.get(self.at.offset, rest)?) {
            return Ok(Step::Bad("the bytes after a commit are not zero"));
        }
        let more = rest > 0 && frame::length(self.window.get(next, 4)?).is_some_and(|n| n != 0);
        if !more {
            return Ok(Step::End);
        }
        self.at.offset = next;
        self.step()
    }
}

/// What lies behind the end of the log in a file.
#[derive(Debug, Default)]
pub(super) struct Rest {
    /// The first byte that is not zero.
    pub from: u64,
    /// One past the last byte that is not zero; 0 when all are.
    pub used: u64,
    /// The first record found that was written after a sync which covered the end of the log.
    pub proof: Option<Seq>,
}

/// Looks at everything from `offset` on, for `seq`, the first record that cannot be read.
pub(super) fn rest(file: &(dyn VfsFile + 'static), len: u64, offset: u64, seq: Seq) -> io::Result<Rest> {
    let mut window = Window::new(file, len);
    let mut rest = Rest::default();
    let mut at = offset;
    while at < len {
        let bytes = window.get(at, SECTOR as usize)?;
        let n = bytes.len() as u64;
        if !zero(bytes) {
            let last = bytes.iter().rposition(|b| *b != 0).unwrap_or(0);
            if rest.used == 0 {
                rest.from = at + bytes.iter().position(|b| *b != 0).unwrap_or(0) as u64;
            }
            rest.used = at + last as u64 + 1;
            for inside in (at.next_multiple_of(ALIGN)..at + n).step_by(ALIGN as usize) {
                rest.proof = rest.proof.or(proof(&mut window, inside, seq)?);
            }
        }
        at += n;
    }
    Ok(rest)
}

fn proof(window: &mut Window<&(dyn VfsFile + 'static)>, at: u64, seq: Seq) -> io::Result<Option<Seq>> {
    let head = window.get(at, 16)?;
    let plausible = frame::length(head).is_some_and(|n| (RECORD_HEADER..=MAX_RECORD).contains(&(n as usize)));
    let found = head.last_chunk().map_or(0, |b| Seq::from_le_bytes(*b));
    if !plausible || head.len() < 16 || found <= seq {
        return Ok(None);
    }
    let length = frame::length(head).map_or(0, |n| n as usize);
    let record = frame::read(window.get(at, length)?).ok();
    Ok(record.filter(|(frame, _)| frame.safe_before() >= seq).map(|_| found))
}

/// True when all are zero; compared by the sector, which is many times faster than byte by byte.
pub(super) fn zero(bytes: &[u8]) -> bool {
    const ZEROS: [u8; SECTOR as usize] = [0; SECTOR as usize];
    bytes.chunks(ZEROS.len()).all(|part| ZEROS.get(..part.len()) == Some(part))
}

/// A buffer that slides over a file.
struct Window<F> {
    file: F,
    len: u64,
    start: u64,
    bytes: Vec<u8>,
    next: usize,
}

impl<F: Deref<Target = dyn VfsFile>> Window<F> {
    fn new(file: F, len: u64) -> Window<F> {
        Window { file, len, start: 0, bytes: Vec::new(), next: FIRST_WINDOW }
    }

    /// The bytes from `at`, `n` of them or fewer at the end of the file.
    fn get(&mut self, at: u64, n: usize) -> io::Result<&[u8]> {
        let n = n.min(usize::try_from(self.len.saturating_sub(at)).unwrap_or(usize::MAX));
        let inside = at >= self.start && at + n as u64 <= self.start + self.bytes.len() as u64;
        if !inside {
            let most = usize::try_from(self.len - at.min(self.len)).unwrap_or(usize::MAX);
            self.bytes.resize(self.next.max(n).min(most), 0);
            self.next = (self.next * 4).min(WINDOW);
            let got = self.file.read_full_at(&mut self.bytes, at)?;
            self.bytes.truncate(got);
            self.start = at;
        }
        let from = (at - self.start) as usize;
        Ok(self.bytes.get(from..(from + n).min(self.bytes.len())).unwrap_or_default())
    }
}

/// Where the records of a file begin.
pub(super) fn first(seq: Seq, chain: Chain) -> At {
    At { offset: FILE_HEADER as u64, seq, chain: Some(chain) }
}
