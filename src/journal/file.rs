//! A journal file: its name, its header of 4 KiB, and the order of files in a folder.
//!
//! A header says, at fixed places: magic, format, lowest reader, flags, book id, number of the file, first seq, the chain
//! before it, zone and currency (length and text each), and in the last four bytes a CRC32C of all before. A file whose header is
//! all zero was made ahead of need and holds nothing yet.

use super::bytes::Take;
use super::error::JournalError;
use super::frame::{Chain, short};
use super::vfs::{Vfs, VfsFile};
use crate::domain::Seq;
use std::path::{Path, PathBuf};

/// The format this version writes, and the highest it reads.
pub const FORMAT: u16 = 1;
/// Bytes before the first record.
pub const FILE_HEADER: usize = 4096;
const MAGIC: &[u8; 8] = b"GUANXI\x00\x01";
const ENDING: &str = "gxj";
const SUM_AT: usize = FILE_HEADER - 4;

/// What every file of a book's journal says at its head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookHeader {
    /// The book's own number, random, never changed.
    pub book: [u8; 16],
    /// Its zone (IANA name), at most 255 bytes.
    pub zone: String,
    /// Its currency (ISO 4217), at most 255 bytes.
    pub currency: String,
}

/// The header of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileHeader {
    pub book: BookHeader,
    pub number: u64,
    pub first: Seq,
    pub before: Chain,
    /// Reserved: bit 0 compressed, bit 1 encrypted.
    pub flags: u32,
}

/// What the first 4 KiB of a file say.
#[derive(Debug)]
pub(super) enum Begun {
    Yes(FileHeader, Chain),
    NotYet,
    Bad(&'static str),
    Newer(u16),
}

impl FileHeader {
    /// The bytes, and the chain that the first record continues.
    pub(super) fn encode(&self) -> Result<(Vec<u8>, Chain), JournalError> {
        let mut out = Vec::with_capacity(FILE_HEADER);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&FORMAT.to_le_bytes());
        out.extend_from_slice(&FORMAT.to_le_bytes());
        out.extend_from_slice(&self.flags.to_le_bytes());
        out.extend_from_slice(&self.book.book);
        out.extend_from_slice(&self.number.to_le_bytes());
        out.extend_from_slice(&self.first.to_le_bytes());
        out.extend_from_slice(&self.before);
        for text in [&self.book.zone, &self.book.currency] {
            out.push(u8::try_from(text.len()).map_err(|_| JournalError::Header("zone and currency are at most 255 bytes"))?);
            out.extend_from_slice(text.as_bytes());
        }
        out.resize(SUM_AT, 0);
        out.extend_from_slice(&crc32c::crc32c(&out).to_le_bytes());
        let chain = short(blake3::hash(&out).as_bytes());
        Ok((out, chain))
    }

    /// Reads a header.
    pub(super) fn decode(bytes: &[u8]) -> Begun {
        if super::scan::zero(bytes) {
            return Begun::NotYet;
        }
        let Some((head, sum)) = bytes.split_at_checked(SUM_AT) else { return Begun::Bad("the header is cut off") };
        if sum.first_chunk().map(|s| u32::from_le_bytes(*s)) != Some(crc32c::crc32c(head)) {
            return Begun::Bad("the checksum of the header is wrong");
        }
        let mut take = Take::new(head);
        if take.array() != Some(*MAGIC) {
            return Begun::Bad("this is no journal file");
        }
        let min_reader = take.array::<4>().map_or(u16::MAX, |[_, _, low, high]| u16::from_le_bytes([low, high]));
        if min_reader > FORMAT {
            return Begun::Newer(min_reader);
        }
        match FileHeader::fields(&mut take) {
            Some(header) => Begun::Yes(header, short(blake3::hash(bytes).as_bytes())),
            None => Begun::Bad("the header makes no sense"),
        }
    }

    fn fields(take: &mut Take<'_>) -> Option<FileHeader> {
        let flags = u32::from_le_bytes(take.array()?);
        let book = take.array()?;
        let number = u64::from_le_bytes(take.array()?);
        let first = u64::from_le_bytes(take.array()?);
        let before = take.array()?;
        let mut text = || -> Option<String> {
            let [len] = take.array()?;
            String::from_utf8(take.bytes(usize::from(len))?.to_vec()).ok()
        };
        let (zone, currency) = (text()?, text()?);
        Some(FileHeader { book: BookHeader { book, zone, currency }, number, first, before, flags })
    }
}

/// The path of a file by number; numbers start at 1.
pub(super) fn path_of(dir: &Path, number: u64) -> PathBuf {
    dir.join(format!("{number:08}.{ENDING}"))
}

/// A journal file found in a folder.
pub(super) struct Found {
    pub number: u64,
    pub path: PathBuf,
    pub len: u64,
    pub begun: Begun,
}

impl Found {
    /// Opens it again: a long journal has more files than a process may hold open.
    pub(super) fn open(&self, vfs: &dyn Vfs) -> Result<Box<dyn VfsFile>, JournalError> {
        vfs.open(&self.path).map_err(JournalError::io("open", &self.path))
    }
}

/// Reads the header of every journal file of a folder, by number.
pub(super) fn find(vfs: &dyn Vfs, dir: &Path) -> Result<Vec<Found>, JournalError> {
    if !vfs.exists(dir) {
        return Err(JournalError::Missing(dir.to_path_buf()));
    }
    let mut found = Vec::new();
    for path in vfs.list(dir).map_err(JournalError::io("list", dir))? {
        let Some(number) = number_of(&path).filter(|number| path_of(dir, *number) == path) else { continue };
        let file = vfs.open(&path).map_err(JournalError::io("open", &path))?;
        let len = file.len().map_err(JournalError::io("measure", &path))?;
        let mut head = vec![0; FILE_HEADER];
        let got = file.read_full_at(&mut head, 0).map_err(JournalError::io("read", &path))?;
        head.truncate(got);
        found.push(Found { number, begun: FileHeader::decode(&head), path, len });
    }
    found.sort_by_key(|f| f.number);
    Ok(found)
}

fn number_of(path: &Path) -> Option<u64> {
    if path.extension()? != ENDING {
        return None;
    }
    path.file_stem()?.to_str()?.parse().ok()
}
