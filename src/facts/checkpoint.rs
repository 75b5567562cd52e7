//! Blocks on disk: `NNNNNN.blk` per block and `CLEAN`, which says up to which journal number all of them are true. Every
//! file is written beside, synced and renamed, and carries a CRC over all that follows it.

use super::codec;
use super::version::{BLOCK_BITS, Block, Version};
use super::{Facts, Writer};
use crate::domain::Seq;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};

const MAGIC: [u8; 8] = *b"GXFACT\x01\n";
const CLEAN: &str = "CLEAN";
/// More blocks than this would be more customers than an id can number.
const BLOCKS_MAX: usize = 1 << (32 - BLOCK_BITS);

/// Why a checkpoint could not be written or the folder not be read.
#[derive(Debug, thiserror::Error)]
pub enum FactsError {
    /// The operating system refused.
    #[error("the column files in {path}: {source}")]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
}

/// What a checkpoint did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CheckpointReport {
    /// Blocks written.
    pub blocks: u64,
    /// Bytes written.
    pub bytes: u64,
    /// Blocks that are still dirty (the limit was reached, or they changed meanwhile).
    pub left: u64,
    /// Everything up to this journal number is on disk.
    pub clean: Seq,
}

/// How a block came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockState {
    /// Its number; it holds the customers `number << 12` and the 4,095 after.
    pub block: u32,
    /// What was found.
    pub loaded: Loaded,
}

/// What was found of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loaded {
    /// Good; changes after this journal number are to be applied again (and those of the number itself, should one number
    /// be published in several calls).
    At(Seq),
    /// No file: to be built from the store.
    Missing,
    /// The file is damaged, with the reason: to be built from the store.
    Bad(&'static str),
}

fn at(path: &Path) -> impl Fn(io::Error) -> FactsError {
    let path = path.to_path_buf();
    move |source| FactsError::Io { path: path.clone(), source }
}

impl Facts {
    /// Writes dirty blocks, those dirty for longest first, until about `max_bytes` are written. Readers and the writer go
    /// on meanwhile.
    pub fn checkpoint(&self, dir: &Path, max_bytes: u64) -> Result<CheckpointReport, FactsError> {
        let _alone = self.saving.lock().unwrap_or_else(PoisonError::into_inner);
        let (version, mut dirty) = {
            let writer = self.writing();
            (self.version(), writer.dirty.iter().map(|(b, s)| (*s, *b)).collect::<Vec<_>>())
        };
        fs::create_dir_all(dir).map_err(at(dir))?;
        dirty.sort_unstable();
        let mut report = CheckpointReport::default();
        let mut written: Vec<(usize, Arc<Block>)> = Vec::new();
        let mut buffer = Vec::new();
        for (_, number) in dirty {
            let Some(block) = version.blocks.get(number).and_then(Clone::clone) else { continue };
            buffer.clear();
            codec::encode(&block, &mut buffer);
            if report.blocks > 0 && report.bytes + buffer.len() as u64 > max_bytes {
                break;
            }
            write(dir, &format!("{number:06}.blk"), &buffer)?;
            report.blocks += 1;
            report.bytes += buffer.len() as u64;
            written.push((number, block));
        }
        sync_dir(dir)?;
        let mut writer = self.writing();
        self.settle(&mut writer, &written);
        report.left = writer.dirty.len() as u64;
        report.clean = writer.dirty.values().min().map_or(self.version().seq, |first| first.saturating_sub(1));
        drop(writer);
        write(dir, CLEAN, &report.clean.to_le_bytes())?;
        sync_dir(dir)?;
        Ok(report)
    }

    fn settle(&self, writer: &mut Writer, written: &[(usize, Arc<Block>)]) {
        let now = self.version();
        for (number, block) in written {
            if now.blocks.get(*number).and_then(Option::as_ref).is_some_and(|b| Arc::ptr_eq(b, block)) {
                writer.dirty.remove(number);
            } else {
                // Not the number after: one number may have been published in several calls.
                writer.dirty.insert(*number, block.seq);
            }
        }
    }

    /// Opens what a checkpoint left: the facts, and for every block up to the highest one found how it came back. The
    /// small records and dictionaries are not kept here; the first publish brings them. The version's `seq` is the number up
    /// to which all good blocks are true. Lost blocks are to be built (each whole) before changes are applied
    /// again, or a later checkpoint would take a part of a block for all of it. No folder = no blocks.
    pub fn open(dir: &Path) -> Result<(Facts, Vec<BlockState>), FactsError> {
        let numbers = numbers(dir)?;
        let clean = read(&dir.join(CLEAN))?.ok().and_then(|b| b.try_into().ok()).map_or(0, u64::from_le_bytes);
        let half = numbers.len() / 2;
        let (first, second) = std::thread::scope(|scope| {
            let second = scope.spawn(|| load(dir, &numbers[half..]));
            let first = load(dir, &numbers[..half]);
            (first, second.join())
        });
        let mut found = first?;
        found.extend(second.map_err(|_| at(dir)(io::Error::other("reading stopped half-way")))??);
        let mut blocks: Vec<Option<Arc<Block>>> = vec![None; numbers.last().map_or(0, |n| n + 1)];
        let mut states: Vec<BlockState> = (0..blocks.len()).map(|n| BlockState { block: n as u32, loaded: Loaded::Missing }).collect();
        let mut version = Version::empty();
        version.seq = clean;
        for (number, got) in found {
            states[number].loaded = match got {
                Ok(block) => {
                    version.customers += block.pages.iter().flatten().map(|p| u64::from(p.alive.count())).sum::<u64>();
                    // Nothing between its own last change and the clean mark is missing from the file.
                    let seq = block.seq.max(clean);
                    blocks[number] = Some(Arc::new(block));
                    Loaded::At(seq)
                }
                Err(reason) => Loaded::Bad(reason),
            };
        }
        version.blocks = blocks.into();
        Ok((Facts::holding(version), states))
    }
}

type Found = Vec<(usize, Result<Block, &'static str>)>;

fn load(dir: &Path, numbers: &[usize]) -> Result<Found, FactsError> {
    let mut found = Vec::with_capacity(numbers.len());
    for number in numbers {
        let block = match read(&dir.join(format!("{number:06}.blk")))? {
            Ok(payload) => codec::decode(&payload).ok_or("its parts do not fit together"),
            Err(reason) => Err(reason),
        };
        found.push((*number, block));
    }
    Ok(found)
}

/// The numbers of the block files there are, ascending.
fn numbers(dir: &Path) -> Result<Vec<usize>, FactsError> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(at(dir)(e)),
    };
    let mut numbers = Vec::new();
    for entry in entries {
        let name = entry.map_err(at(dir))?.file_name();
        let number = name.to_str().and_then(|n| n.strip_suffix(".blk")).and_then(|n| n.parse::<usize>().ok());
        numbers.extend(number.filter(|n| *n < BLOCKS_MAX));
    }
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}

/// Magic, CRC32C of the rest, the rest.
fn write(dir: &Path, name: &str, payload: &[u8]) -> Result<(), FactsError> {
    let path = dir.join(name);
    let beside = dir.join(format!("{name}.tmp"));
    let put = || -> io::Result<()> {
        let mut file = File::create(&beside)?;
        file.write_all(&MAGIC)?;
        file.write_all(&sum(name, payload).to_le_bytes())?;
        file.write_all(payload)?;
        file.sync_all()?;
        fs::rename(&beside, &path)
    };
    put().map_err(at(&path))
}

/// The name is summed too, so that a file under another's name is not taken for it.
fn sum(name: &str, payload: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(name.as_bytes()), payload)
}

/// The payload of a file, or why it is not to be trusted.
fn read(path: &Path) -> Result<Result<Vec<u8>, &'static str>, FactsError> {
    let mut bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Err("there is no such file")),
        Err(e) => return Err(at(path)(e)),
    };
    let name = path.file_name().and_then(|n| n.to_str()).unwrap_or("");
    let Some((magic, rest)) = bytes.split_first_chunk::<8>() else { return Ok(Err("it is cut short")) };
    if *magic != MAGIC {
        return Ok(Err("it is no column file of this version"));
    }
    let Some((crc, payload)) = rest.split_first_chunk::<4>() else { return Ok(Err("it is cut short")) };
    if u32::from_le_bytes(*crc) != sum(name, payload) {
        return Ok(Err("its checksum is wrong"));
    }
    bytes.drain(..12);
    Ok(Ok(bytes))
}

fn sync_dir(dir: &Path) -> Result<(), FactsError> {
    File::open(dir).and_then(|d| d.sync_all()).map_err(at(dir))
}
