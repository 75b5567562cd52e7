//! A baseline: every live record and tag mark at one point of the journal, sorted, packed in blocks, summed. The heart of
//! rebuilds and backups.
//!
//! ```text
//! magic 8 · format 2 · schema 2 · length 4 · what the store knows (meta) · CRC32C 4
//! block: packed length 4 · plain length 4 · CRC32C of the packed bytes 4 · packed bytes      ... as many as there are
//! end:   four zero bytes · BLAKE3 of all bytes before, 32
//! ```
//!
//! Inside the blocks: records by kind and id, timeline rows by customer and moment, then pages of marks.

use super::Store;
use super::body;
use super::codec::{self, SCHEMA};
use super::error::StoreError;
use super::frozen::Frozen;
use super::key::{self, Space};
use super::marks;
use super::meta::Meta;
use super::page;
use super::tree::{bad_page, record_from};
use super::wire::{CLOCK, Reader, put_bytes, put_scaled, put_u64};
use crate::domain::{Home, Kind, Record, RecordId, RowSet, Seq};
use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering::SeqCst;

const MAGIC: &[u8; 8] = b"GXBASE\r\n";
const FORMAT: u16 = 1;
/// Plain bytes gathered before a block is packed.
const BLOCK: usize = 256 << 10;
/// The longest block a reader takes: one record of the longest kind and what was gathered before it.
const LONGEST: usize = body::LONGEST + 2 * BLOCK;
const RECORD: u8 = 1;
const MARKS: u8 = 2;

/// What a baseline holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaselineInfo {
    /// The journal record it includes last.
    pub seq: Seq,
    /// The state hash.
    pub hash: u128,
    /// How many records.
    pub records: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// BLAKE3 of the file up to its last 32 bytes, which repeat it.
    pub sum: [u8; 32],
}

/// One thing out of a baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BaselineItem {
    /// A record; they come by kind and id, then the rows by customer and moment.
    Record(Record),
    /// Customers that carry a tag (some of them: a tag comes in several parts).
    Marks {
        /// The tag.
        tag: RecordId,
        /// Who.
        rows: RowSet,
    },
}

/// Writes a baseline of the store as it is now to `path`: to a temporary name first, synced, renamed, the folder synced,
/// then read back whole. Changes go on meanwhile and are not in it; a bulk load must not be half done.
///
/// # Errors
/// [`StoreError::BaselineUnderWay`] while another one is written; [`StoreError::BulkUnderWay`] while a bulk load holds
/// unwritten rows; otherwise when the store cannot be read, the disk fails, or what was written does not read back as the
/// store was.
pub fn write_baseline(store: &Store, path: &Path) -> Result<BaselineInfo, StoreError> {
    if store.inner.bulk_pending.load(SeqCst) {
        return Err(StoreError::BulkUnderWay);
    }
    let mut tmp = path.as_os_str().to_owned();
    tmp.push(".tmp");
    let tmp = PathBuf::from(tmp);
    let info = write_all(store, &tmp).and_then(|()| verify_baseline(&tmp)).inspect_err(|_| {
        // What is not whole must not lie about; the error says why.
        let _ = fs::remove_file(&tmp);
    })?;
    fs::rename(&tmp, path).map_err(StoreError::io("name the baseline"))?;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|f| f.sync_all()).map_err(StoreError::io("sync the baseline's folder"))?;
    Ok(info)
}

/// Reads a baseline whole and holds it against its own sums and state hash.
///
/// # Errors
/// [`StoreError::Baseline`] when anything does not fit.
pub fn verify_baseline(path: &Path) -> Result<BaselineInfo, StoreError> {
    let mut baseline = read_baseline(path)?;
    baseline.by_ref().try_for_each(|item| item.map(drop))?;
    baseline.info.clone().ok_or_else(|| baseline.bad("its end is missing"))
}

fn write_all(store: &Store, path: &Path) -> Result<(), StoreError> {
    let frozen = Frozen::new(&store.inner)?;
    let file = File::create(path).map_err(StoreError::io("write the baseline"))?;
    let mut out =
        Out { file: BufWriter::with_capacity(1 << 18, file), sum: blake3::Hasher::new(), plain: Vec::with_capacity(BLOCK + 4096) };
    let meta = frozen.meta.encode();
    let mut head = MAGIC.to_vec();
    head.extend_from_slice(&FORMAT.to_be_bytes());
    head.extend_from_slice(&SCHEMA.to_be_bytes());
    head.extend_from_slice(&(meta.len() as u32).to_be_bytes());
    head.extend_from_slice(&meta);
    head.extend_from_slice(&crc32c::crc32c(&head).to_be_bytes());
    out.write(&head)?;
    for space in [Space::Records, Space::Timeline] {
        frozen.each(space.prefix(), &mut |_, bytes| {
            for row in page::decode(space, bytes).ok_or_else(bad_page)? {
                out.record(&record_from(space, row.place, row.body, &mut |key| frozen.get(key))?)?;
            }
            Ok(())
        })?;
    }
    frozen.each(b'g', &mut |key, bytes| {
        let (tag, page) = key::marks_of(key).ok_or_else(bad_page)?;
        out.marks(tag, page, bytes)
    })?;
    out.block()?;
    out.write(&[0; 4])?;
    let sum = *out.sum.finalize().as_bytes();
    out.file.write_all(&sum).map_err(StoreError::io("write the baseline"))?;
    let file = out.file.into_inner().map_err(|e| StoreError::io("write the baseline")(e.into_error()))?;
    file.sync_all().map_err(StoreError::io("sync the baseline"))
}

struct Out {
    file: BufWriter<File>,
    sum: blake3::Hasher,
    plain: Vec<u8>,
}

impl Out {
    fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.sum.update(bytes);
        self.file.write_all(bytes).map_err(StoreError::io("write the baseline"))
    }

    fn record(&mut self, record: &Record) -> Result<(), StoreError> {
        let home = body::home_of(record);
        self.plain.extend_from_slice(&[RECORD, record.kind.code()]);
        put_u64(&mut self.plain, record.id);
        put_u64(&mut self.plain, u64::from(home.customer));
        put_scaled(&mut self.plain, home.at, CLOCK);
        put_bytes(&mut self.plain, &codec::encode(record, home));
        self.block_when_full()
    }

    fn marks(&mut self, tag: RecordId, page: u32, bytes: &[u8]) -> Result<(), StoreError> {
        self.plain.push(MARKS);
        put_u64(&mut self.plain, tag);
        put_u64(&mut self.plain, u64::from(page));
        put_bytes(&mut self.plain, bytes);
        self.block_when_full()
    }

    fn block_when_full(&mut self) -> Result<(), StoreError> {
        if self.plain.len() < BLOCK { Ok(()) } else { self.block() }
    }

    fn block(&mut self) -> Result<(), StoreError> {
        if self.plain.is_empty() {
            return Ok(());
        }
        let packed = lz4_flex::block::compress(&self.plain);
        let mut head = Vec::with_capacity(12);
        head.extend_from_slice(&(packed.len() as u32).to_be_bytes());
        head.extend_from_slice(&(self.plain.len() as u32).to_be_bytes());
        head.extend_from_slice(&crc32c::crc32c(&packed).to_be_bytes());
        self.plain.clear();
        self.write(&head)?;
        self.write(&packed)
    }
}

/// A baseline being read: an iterator that ends with an error unless every sum and the state hash fit.
#[derive(Debug)]
pub struct Baseline {
    path: PathBuf,
    file: BufReader<File>,
    sum: blake3::Hasher,
    bytes: u64,
    meta: Meta,
    block: Vec<u8>,
    at: usize,
    found: Meta,
    ended: bool,
    info: Option<BaselineInfo>,
}

/// Opens a baseline for reading.
///
/// # Errors
/// [`StoreError::Baseline`] when the file is none, damaged at its head or of a newer version; [`StoreError::Io`] when it
/// cannot be opened.
pub fn read_baseline(path: &Path) -> Result<Baseline, StoreError> {
    let file = File::open(path).map_err(StoreError::io("open the baseline"))?;
    let mut b = Baseline {
        path: path.to_path_buf(),
        file: BufReader::with_capacity(1 << 18, file),
        sum: blake3::Hasher::new(),
        bytes: 0,
        meta: Meta::default(),
        block: Vec::new(),
        at: 0,
        found: Meta::default(),
        ended: false,
        info: None,
    };
    let mut head = b.read(16)?;
    let Some(([f1, f2, s1, s2, len @ ..], MAGIC)) =
        head.split_first_chunk::<8>().and_then(|(m, r)| Some((<[u8; 8]>::try_from(r).ok()?, m)))
    else {
        return Err(b.bad("it is no baseline"));
    };
    let (format, schema) = (u16::from_be_bytes([f1, f2]), u16::from_be_bytes([s1, s2]));
    let len = u32::from_be_bytes(len) as usize;
    if format > FORMAT || schema > SCHEMA {
        return Err(b.bad("a newer version wrote it"));
    }
    if len > 4096 {
        return Err(b.bad("its head is damaged"));
    }
    let meta = b.read(len)?;
    head.extend_from_slice(&meta);
    let crc = b.read(4)?;
    if crc != crc32c::crc32c(&head).to_be_bytes() {
        return Err(b.bad("its head is damaged"));
    }
    b.meta = Meta::decode(&meta).ok_or_else(|| b.bad("its head is damaged"))?;
    Ok(b)
}

impl Baseline {
    /// The journal record it includes last.
    pub fn seq(&self) -> Seq {
        self.meta.applied
    }

    /// The next free id of every kind that had records.
    pub fn next_ids(&self) -> impl Iterator<Item = (Kind, RecordId)> + '_ {
        self.meta.next.iter().filter_map(|(code, next)| Some((Kind::from_code(*code)?, *next)))
    }

    fn bad(&self, why: &str) -> StoreError {
        StoreError::Baseline { file: self.path.clone(), why: why.into() }
    }

    fn read(&mut self, n: usize) -> Result<Vec<u8>, StoreError> {
        let bytes = self.read_unsummed(n)?;
        self.sum.update(&bytes);
        Ok(bytes)
    }

    fn read_unsummed(&mut self, n: usize) -> Result<Vec<u8>, StoreError> {
        let mut bytes = Vec::new();
        let got = self.file.by_ref().take(n as u64).read_to_end(&mut bytes).map_err(StoreError::io("read the baseline"))?;
        self.bytes += got as u64;
        if got == n { Ok(bytes) } else { Err(self.bad("it is cut short")) }
    }

    fn next_item(&mut self) -> Result<Option<BaselineItem>, StoreError> {
        if self.at >= self.block.len() && !self.next_block()? {
            return Ok(None);
        }
        let rest = self.block.get(self.at..).unwrap_or_default();
        let mut r = Reader::new(rest);
        let item = item(&mut r, &mut self.found).ok_or_else(|| self.bad("a block holds no records"))?;
        self.at += rest.len() - r.remaining();
        Ok(Some(item))
    }

    fn next_block(&mut self) -> Result<bool, StoreError> {
        let packed_len = number(&self.read(4)?);
        if packed_len == 0 {
            self.end()?;
            return Ok(false);
        }
        let plain_len = number(&self.read(4)?);
        let crc = self.read(4)?;
        if packed_len > LONGEST + LONGEST / 128 || plain_len > LONGEST || plain_len == 0 {
            return Err(self.bad("a block has an impossible length"));
        }
        let packed = self.read(packed_len)?;
        if crc != crc32c::crc32c(&packed).to_be_bytes() {
            return Err(self.bad("a block does not match its sum"));
        }
        self.block = lz4_flex::block::decompress(&packed, plain_len).map_err(|_| self.bad("a block does not unpack"))?;
        self.at = 0;
        if self.block.is_empty() { Err(self.bad("a block is empty")) } else { Ok(true) }
    }

    fn end(&mut self) -> Result<(), StoreError> {
        self.ended = true;
        let sum = *self.sum.finalize().as_bytes();
        if self.read_unsummed(32)? != sum {
            return Err(self.bad("the file does not match its sum"));
        }
        if !self.file.by_ref().bytes().take(1).collect::<Vec<_>>().is_empty() {
            return Err(self.bad("something follows its end"));
        }
        if (self.found.hash, self.found.count) != (self.meta.hash, self.meta.count) {
            return Err(self.bad("its records do not add up to its state hash"));
        }
        let (seq, hash, records) = (self.meta.applied, self.meta.hash, self.meta.count);
        self.info = Some(BaselineInfo { seq, hash, records, bytes: self.bytes, sum });
        Ok(())
    }
}

fn number(four: &[u8]) -> usize {
    four.try_into().map_or(0, |b| u32::from_be_bytes(b) as usize)
}

fn item(r: &mut Reader<'_>, found: &mut Meta) -> Option<BaselineItem> {
    match r.byte()? {
        RECORD => {
            let kind = Kind::from_code(r.byte()?)?;
            let id = r.u64()?;
            let home = Home { customer: r.u32()?, at: r.scaled(CLOCK)? };
            let bytes = r.bytes()?;
            found.hash = found.hash.wrapping_add(codec::fingerprint(kind, id, home, bytes));
            found.count += 1;
            codec::decode(kind, id, home, bytes).map(BaselineItem::Record)
        }
        MARKS => {
            let (tag, page) = (r.u64()?, r.u32()?);
            let bytes = r.bytes()?;
            found.hash = found.hash.wrapping_add(marks::fingerprint(&key::marks(tag, page), bytes));
            Some(BaselineItem::Marks { tag, rows: marks::customers(page, bytes)?.collect() })
        }
        _ => None,
    }
}

impl Iterator for Baseline {
    type Item = Result<BaselineItem, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let item = self.next_item();
        if item.is_err() {
            self.ended = true;
        }
        item.transpose()
    }
}
