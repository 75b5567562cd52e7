//! Opening a journal after anything: find the end, tell a torn tail from corruption, keep what is cut, and make safe what is shown.
//! Nothing is written until everything has been judged. Recovery can itself be cut short at any point and started again.

use super::ahead::{Sizes, Whole, remove_tmp, sync_names, zero};
use super::error::JournalError;
use super::file::{Begun, BookHeader, FileHeader, Found, find};
use super::frame::{Chain, SECTOR, Salts};
use super::log::{Journal, Place};
use super::scan::{self, At, Rest, Scan, Step};
use super::vfs::Vfs;
use crate::domain::Seq;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Every so many records their place is remembered; of files before the last only their beginning is.
pub(super) const SPARSE: u64 = 64;
/// The folder beside the files where cut bytes are kept.
const TORN: &str = "torn";

/// An open journal, and what had to be cut off.
pub struct Opened {
    /// The journal.
    pub journal: Journal,
    /// The torn tail, if there was one.
    pub cut: Option<TornTail>,
}

/// The end of a write that a power cut or a kill interrupted; it was never acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TornTail {
    /// The record that was being written.
    pub seq: Seq,
    /// How many bytes were cut off.
    pub bytes: u64,
    /// Where they are kept.
    pub kept_at: PathBuf,
}

/// The judged end of the log.
struct End {
    book: BookHeader,
    /// The last file that has begun.
    last: usize,
    at: At,
    places: Vec<Place>,
    tear: Option<Tear>,
}

/// Bytes to cut: of which file, from where to where.
struct Tear {
    file: usize,
    from: u64,
    to: u64,
}

pub(super) fn open(vfs: Arc<dyn Vfs>, dir: &Path, proof: Option<Seq>, salts: Box<dyn Salts>, sizes: Sizes) -> Result<Opened, JournalError> {
    let mut found = find(vfs.as_ref(), dir)?;
    let end = judge(vfs.as_ref(), dir, &found)?;
    if let Some(proof) = proof.filter(|proof| *proof >= end.at.seq) {
        let path = found.get(end.last).map_or(dir, |f| &f.path);
        return Err(JournalError::corrupt(path, end.at.offset, end.at.seq, format!("record {proof} was acknowledged and is gone")));
    }
    let cut = match &end.tear {
        Some(tear) => Some(cut(vfs.as_ref(), dir, &found, tear, end.at.seq)?),
        None => None,
    };
    // What is shown from here on must survive a power cut, also when the process before this one died before its sync.
    sync_names(vfs.as_ref(), dir)?;
    tidy(vfs.as_ref(), dir, &mut found, end.last)?;
    let mut files = Vec::new();
    for found in found.into_iter().skip(end.last) {
        files.push(Whole { file: found.open(vfs.as_ref())?, number: found.number, path: found.path, len: found.len });
    }
    let mut files = files.into_iter();
    let (Some(current), prepared) = (files.next(), files.next()) else { return Err(JournalError::Missing(dir.to_path_buf())) };
    current.file.sync_data().map_err(JournalError::io("sync", &current.path))?;
    let at = At { offset: end.at.offset.next_multiple_of(SECTOR), ..end.at };
    let journal = Journal::opened(vfs, dir, end.book, salts, sizes, (current, at), prepared, end.places);
    Ok(Opened { journal, cut })
}

/// The headers of the files that have begun, checked for order; each with the chain it starts.
pub(super) fn headers(dir: &Path, found: &[Found]) -> Result<Vec<(FileHeader, Chain)>, JournalError> {
    let mut headers: Vec<(FileHeader, Chain)> = Vec::new();
    let begun = found.iter().rposition(|f| matches!(f.begun, Begun::Yes(..) | Begun::Newer(_))).map_or(0, |i| i + 1);
    for (file, number) in found.iter().zip(1..).take(begun.max(1)) {
        let next = headers.last().map_or(1, |(h, _)| h.first);
        let bad = |why: &str| Err(JournalError::corrupt(&file.path, 0, next, why));
        match &file.begun {
            Begun::Newer(min_reader) => return Err(JournalError::Newer { file: file.path.clone(), min_reader: *min_reader }),
            Begun::Bad(why) => return bad(why),
            Begun::NotYet => return bad("the header is gone"),
            Begun::Yes(header, _) if header.number != number || file.number != number => return bad("a file is missing before this one"),
            Begun::Yes(header, _) if headers.is_empty() && header.first != 1 => return bad("the first file does not start at record 1"),
            Begun::Yes(header, _) if headers.last().is_some_and(|(h, _)| h.book != header.book) => {
                return bad("it belongs to another book");
            }
            Begun::Yes(header, _) if header.first < next => return bad("its first record comes before the file before"),
            Begun::Yes(header, chain) => headers.push((header.clone(), *chain)),
        }
    }
    if headers.is_empty() {
        return Err(JournalError::Missing(dir.to_path_buf()));
    }
    Ok(headers)
}

fn judge(vfs: &dyn Vfs, dir: &Path, found: &[Found]) -> Result<End, JournalError> {
    let headers = headers(dir, found)?;
    let last = headers.len() - 1;
    let (Some(file), Some((header, chain))) = (found.get(last), headers.last()) else { return Err(JournalError::Missing(dir.into())) };
    let places = headers.iter().zip(1..).map(|((h, _), number)| Place { seq: h.first, number, offset: super::FILE_HEADER as u64 });
    let mut end = End { book: header.book.clone(), last, at: scan::first(header.first, *chain), places: places.collect(), tear: None };
    let why = walk(vfs, file, &mut end)?;
    let rest = look(vfs, file, end.at.offset, end.at.seq)?;
    if rest.proof.is_some() {
        return Err(proven(file, &end, why, rest.proof));
    }
    if rest.used > 0 {
        // Not from the end of the last record: the sector it ends in may be safe, and is not to be touched.
        end.tear = Some(Tear { file: last, from: rest.from, to: rest.used });
    }
    judge_next(vfs, found, &mut end)?;
    Ok(end)
}

/// Walks the last file to its end; gives what is wrong there.
fn walk(vfs: &dyn Vfs, file: &Found, end: &mut End) -> Result<&'static str, JournalError> {
    let mut scan = Scan::new(file.open(vfs)?, file.len, end.at);
    let why = loop {
        match scan.step().map_err(JournalError::io("read", &file.path))? {
            Step::Record(frame, offset) if frame.head.seq.is_multiple_of(SPARSE) => {
                end.places.push(Place { seq: frame.head.seq, number: file.number, offset });
            }
            Step::Record(..) => {}
            Step::End => break "records are gone",
            Step::Bad(why) => break why,
        }
    };
    end.at = scan.at;
    Ok(why)
}

/// The file made ahead of need: empty, or the beginning of a commit that did not come to its end. Nothing is ever made behind
/// it: what says otherwise is not for us to remove.
fn judge_next(vfs: &dyn Vfs, found: &[Found], end: &mut End) -> Result<(), JournalError> {
    for (at, next) in found.iter().enumerate().skip(end.last + 1) {
        let rest = look(vfs, next, 0, end.at.seq)?;
        if rest.proof.is_some() {
            return Err(proven(next, end, "the header is gone", rest.proof));
        }
        match (&end.tear, rest.used) {
            (_, 0) => {}
            // A file begins only after a sync of the one before: both torn cannot come from one cut.
            (Some(tear), _) => {
                let path = found.get(tear.file).map_or(&next.path, |f| &f.path);
                return Err(JournalError::corrupt(path, tear.from, end.at.seq, "the file after it has begun"));
            }
            (None, to) if at == end.last + 1 => end.tear = Some(Tear { file: at, from: rest.from, to }),
            (None, _) => return Err(JournalError::corrupt(&next.path, rest.from, end.at.seq, "the file before it is empty")),
        }
    }
    Ok(())
}

fn look(vfs: &dyn Vfs, file: &Found, offset: u64, seq: Seq) -> Result<Rest, JournalError> {
    let open = file.open(vfs)?;
    scan::rest(open.as_ref(), file.len, offset, seq).map_err(JournalError::io("read", &file.path))
}

fn proven(file: &Found, end: &End, why: &str, proof: Option<Seq>) -> JournalError {
    let why = format!("{why}, and record {} behind it shows that it was safe", proof.unwrap_or_default());
    JournalError::corrupt(&file.path, if file.number as usize > end.last + 1 { 0 } else { end.at.offset }, end.at.seq, why)
}

/// Keeps the torn bytes aside, safely, and only then zeroes them.
fn cut(vfs: &dyn Vfs, dir: &Path, found: &[Found], tear: &Tear, seq: Seq) -> Result<TornTail, JournalError> {
    let Some(file) = found.get(tear.file) else { return Err(JournalError::Missing(dir.to_path_buf())) };
    let open = file.open(vfs)?;
    let mut bytes = vec![0; usize::try_from(tear.to - tear.from).unwrap_or(0)];
    open.read_full_at(&mut bytes, tear.from).map_err(JournalError::io("read", &file.path))?;
    let torn = dir.join(TORN);
    vfs.make_dir(&torn).map_err(JournalError::io("make the folder", &torn))?;
    let kept_at = free_name(vfs, &torn, file.number, tear.from, &bytes)?;
    let keep = vfs.create(&kept_at).map_err(JournalError::io("create", &kept_at))?;
    keep.write_all_at(&bytes, 0).map_err(JournalError::io("write", &kept_at))?;
    keep.sync_all().map_err(JournalError::io("sync", &kept_at))?;
    sync_names(vfs, &torn)?;
    zero(open.as_ref(), tear.from, tear.to).map_err(JournalError::io("write", &file.path))?;
    Ok(TornTail { seq, bytes: bytes.len() as u64, kept_at })
}

/// A name that does not overwrite what an earlier cut kept; a cut that was itself cut short writes its own bytes again.
fn free_name(vfs: &dyn Vfs, torn: &Path, number: u64, offset: u64, bytes: &[u8]) -> Result<PathBuf, JournalError> {
    let mut path = torn.join(format!("{number:08}-{offset}.bin"));
    let mut again = 1;
    while vfs.exists(&path) {
        let old = vfs.open(&path).map_err(JournalError::io("open", &path))?;
        let len = old.len().map_err(JournalError::io("measure", &path))?;
        let mut kept = vec![0; usize::try_from(len).unwrap_or(0).min(bytes.len() + 1)];
        let got = old.read_full_at(&mut kept, 0).map_err(JournalError::io("read", &path))?;
        if kept.get(..got) == Some(bytes) {
            break;
        }
        path = torn.join(format!("{number:08}-{offset}-{again}.bin"));
        again += 1;
    }
    Ok(path)
}

/// Removes half-made files, and files made ahead that are too short to use.
fn tidy(vfs: &dyn Vfs, dir: &Path, found: &mut Vec<Found>, last: usize) -> Result<(), JournalError> {
    let keep = |f: &Found, i: usize| i <= last || (i == last + 1 && f.len >= super::FILE_HEADER as u64 + SECTOR);
    let mut kept = Vec::new();
    for (i, file) in found.drain(..).enumerate() {
        if keep(&file, i) {
            kept.push(file);
        } else {
            vfs.remove(&file.path).map_err(JournalError::io("remove", &file.path))?;
        }
    }
    *found = kept;
    remove_tmp(vfs, dir)
}
