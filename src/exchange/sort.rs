//! External merge sort: entries of a key and a payload go in, come out by key (bytes, ascending). Runs of at most
//! [`RUN_BYTES`] are sorted in memory and written in lz4 blocks; more than [`FAN_IN`] of them are merged into one first.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;

/// What a run may take in memory, index included; one is filled while another is sorted and written.
pub(super) const RUN_BYTES: usize = 16 << 20;
/// At most so many runs are open at once: 96 times two buffers of about 64 KiB is 12 MiB.
pub(super) const FAN_IN: usize = 96;
pub(super) const BLOCK: usize = 64 << 10;

/// An entry's place in the run: the first 16 bytes of its key, and where it begins.
#[derive(Clone, Copy)]
struct Slot {
    prefix: u128,
    at: u32,
}

/// Takes entries in any order.
pub(super) struct Sorter {
    dir: PathBuf,
    name: &'static str,
    limit: usize,
    made: usize,
    arena: Vec<u8>,
    slots: Vec<Slot>,
    runs: Vec<PathBuf>,
    writing: Option<JoinHandle<io::Result<Run>>>,
    /// The most bytes that were held at once; a test watches it.
    pub peak: usize,
}

impl Sorter {
    /// A sorter that writes its runs as `name-N.run` into `dir`.
    pub fn new(dir: &Path, name: &'static str, limit: usize) -> Sorter {
        Sorter {
            dir: dir.to_path_buf(),
            name,
            limit,
            made: 0,
            arena: Vec::new(),
            slots: Vec::new(),
            runs: Vec::new(),
            writing: None,
            peak: 0,
        }
    }

    /// Takes one entry.
    pub fn push(&mut self, key: &[u8], payload: &[u8]) -> io::Result<()> {
        let need = key.len() + payload.len() + 8 + size_of::<Slot>();
        if !self.slots.is_empty() && self.held() + need > self.limit {
            self.spill()?;
        }
        let at = u32::try_from(self.arena.len()).map_err(|_| io::Error::other("an entry too long to sort"))?;
        self.slots.push(Slot { prefix: prefix(key), at });
        put(&mut self.arena, key, payload);
        self.peak = self.peak.max(self.held());
        Ok(())
    }

    fn held(&self) -> usize {
        self.arena.len() + self.slots.len() * size_of::<Slot>()
    }

    /// The full run is sorted and written beside, while the next is filled.
    fn spill(&mut self) -> io::Result<()> {
        self.written()?;
        let (arena, slots) = (std::mem::take(&mut self.arena), std::mem::take(&mut self.slots));
        let path = self.next_path();
        self.writing = Some(std::thread::spawn(move || write_run(arena, slots, &path)));
        Ok(())
    }

    /// Waits for the run that is being written, and takes its memory back.
    fn written(&mut self) -> io::Result<()> {
        let Some(writing) = self.writing.take() else { return Ok(()) };
        let run = writing.join().map_err(|_| io::Error::other("the sorting of a run stopped"))??;
        self.runs.push(run.path);
        if self.arena.is_empty() {
            (self.arena, self.slots) = (run.arena, run.slots);
        }
        if self.runs.len() >= FAN_IN {
            let path = self.next_path();
            let mut out = BlockWriter::create(&path)?;
            let runs = std::mem::take(&mut self.runs);
            let mut merge = Merge::open(&runs)?;
            while let Some((key, payload)) = merge.next()? {
                out.push(key, payload)?;
            }
            self.runs.push(out.finish()?);
            runs.iter().for_each(|r| drop(std::fs::remove_file(r)));
        }
        Ok(())
    }

    fn next_path(&mut self) -> PathBuf {
        self.made += 1;
        self.dir.join(format!("{}-{}.run", self.name, self.made))
    }

    /// All entries in order. The runs are deleted when the stream is dropped.
    pub fn finish(mut self) -> io::Result<Sorted> {
        self.written()?;
        if self.runs.is_empty() {
            sort(&self.arena, &mut self.slots);
            return Ok(Sorted::Memory { arena: self.arena, slots: self.slots, next: 0 });
        }
        if !self.slots.is_empty() {
            self.spill()?;
            self.written()?;
        }
        self.arena = Vec::new();
        self.slots = Vec::new();
        Ok(Sorted::Disk { merge: Merge::open(&self.runs)?, runs: self.runs })
    }
}

/// A run on disk, with the memory it was made in, emptied.
struct Run {
    path: PathBuf,
    arena: Vec<u8>,
    slots: Vec<Slot>,
}

fn write_run(mut arena: Vec<u8>, mut slots: Vec<Slot>, path: &Path) -> io::Result<Run> {
    sort(&arena, &mut slots);
    let mut out = BlockWriter::create(path)?;
    for slot in &slots {
        let (key, payload) = entry(&arena, slot.at as usize);
        out.push(key, payload)?;
    }
    let path = out.finish()?;
    arena.clear();
    slots.clear();
    Ok(Run { path, arena, slots })
}

fn sort(arena: &[u8], slots: &mut [Slot]) {
    slots.sort_unstable_by(|a, b| a.prefix.cmp(&b.prefix).then_with(|| entry(arena, a.at as usize).0.cmp(entry(arena, b.at as usize).0)));
}

/// Entries in order.
pub(super) enum Sorted {
    /// All of them fitted into one run.
    Memory {
        #[allow(missing_docs)]
        arena: Vec<u8>,
        #[allow(missing_docs, private_interfaces)]
        slots: Vec<Slot>,
        #[allow(missing_docs)]
        next: usize,
    },
    /// Merged from runs on disk.
    Disk {
        #[allow(missing_docs)]
        merge: Merge,
        #[allow(missing_docs)]
        runs: Vec<PathBuf>,
    },
}

impl Sorted {
    /// The next entry: key and payload.
    pub fn next(&mut self) -> io::Result<Option<(&[u8], &[u8])>> {
        match self {
            Sorted::Memory { arena, slots, next } => {
                let Some(slot) = slots.get(*next) else { return Ok(None) };
                *next += 1;
                Ok(Some(entry(arena, slot.at as usize)))
            }
            Sorted::Disk { merge, .. } => merge.next(),
        }
    }
}

impl Drop for Sorted {
    fn drop(&mut self) {
        if let Sorted::Disk { runs, .. } = self {
            runs.iter().for_each(|r| drop(std::fs::remove_file(r)));
        }
    }
}

fn prefix(key: &[u8]) -> u128 {
    let mut bytes = [0u8; 16];
    let n = key.len().min(16);
    if let (Some(to), Some(from)) = (bytes.get_mut(..n), key.get(..n)) {
        to.copy_from_slice(from);
    }
    u128::from_be_bytes(bytes)
}

pub(super) fn put(out: &mut Vec<u8>, key: &[u8], payload: &[u8]) {
    out.extend_from_slice(&(key.len() as u32).to_le_bytes());
    out.extend_from_slice(&(payload.len() as u32).to_le_bytes());
    out.extend_from_slice(key);
    out.extend_from_slice(payload);
}

fn entry(bytes: &[u8], at: usize) -> (&[u8], &[u8]) {
    let word = |i: usize| bytes.get(i..i + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes) as usize;
    let (k, p) = (word(at), word(at + 4));
    let key_at = at + 8;
    (bytes.get(key_at..key_at + k).unwrap_or_default(), bytes.get(key_at + k..key_at + k + p).unwrap_or_default())
}

/// Writes entries in blocks of about 64 KiB, compressed.
pub(super) struct BlockWriter {
    path: PathBuf,
    file: BufWriter<File>,
    block: Vec<u8>,
    packed: Vec<u8>,
}

impl BlockWriter {
    /// Makes (or empties) the file.
    pub fn create(path: &Path) -> io::Result<BlockWriter> {
        let file = BufWriter::with_capacity(BLOCK, File::create(path)?);
        Ok(BlockWriter { path: path.to_path_buf(), file, block: Vec::new(), packed: Vec::new() })
    }

    /// Writes one entry behind the others.
    pub fn push(&mut self, key: &[u8], payload: &[u8]) -> io::Result<()> {
        put(&mut self.block, key, payload);
        if self.block.len() >= BLOCK { self.flush() } else { Ok(()) }
    }

    /// Writes entries that were put together elsewhere.
    pub fn push_block(&mut self, block: Vec<u8>) -> io::Result<()> {
        self.flush()?;
        self.block = block;
        self.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.block.is_empty() {
            return Ok(());
        }
        self.packed.resize(lz4_flex::block::get_maximum_output_size(self.block.len()), 0);
        let n = lz4_flex::block::compress_into(&self.block, &mut self.packed).map_err(io::Error::other)?;
        self.file.write_all(&(n as u32).to_le_bytes())?;
        self.file.write_all(&(self.block.len() as u32).to_le_bytes())?;
        self.file.write_all(self.packed.get(..n).unwrap_or_default())?;
        self.block.clear();
        Ok(())
    }

    /// Closes the file; gives back where it is.
    pub fn finish(mut self) -> io::Result<PathBuf> {
        self.flush()?;
        self.file.flush()?;
        Ok(self.path)
    }
}

/// Reads what a [`BlockWriter`] wrote.
pub(super) struct BlockReader {
    file: BufReader<File>,
    packed: Vec<u8>,
    block: Vec<u8>,
    next: usize,
}

impl BlockReader {
    /// Opens the file.
    pub fn open(path: &Path) -> io::Result<BlockReader> {
        Ok(BlockReader { file: BufReader::with_capacity(8 << 10, File::open(path)?), packed: Vec::new(), block: Vec::new(), next: 0 })
    }

    /// Goes to the next entry; its start in the block, or `None` at the end.
    fn step(&mut self) -> io::Result<Option<usize>> {
        if self.next >= self.block.len() && !self.fill()? {
            return Ok(None);
        }
        let at = self.next;
        let (key, payload) = entry(&self.block, at);
        self.next = at + 8 + key.len() + payload.len();
        Ok(Some(at))
    }

    fn fill(&mut self) -> io::Result<bool> {
        let mut head = [0u8; 8];
        match self.file.read_exact(&mut head) {
            Ok(()) => {}
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
            Err(e) => return Err(e),
        }
        let word = |i: usize| head.get(i..i + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes) as usize;
        self.packed.resize(word(0), 0);
        self.block.resize(word(4), 0);
        self.file.read_exact(&mut self.packed)?;
        lz4_flex::block::decompress_into(&self.packed, &mut self.block).map_err(io::Error::other)?;
        self.next = 0;
        Ok(true)
    }

    /// The next entry: key and payload.
    pub fn next(&mut self) -> io::Result<Option<(&[u8], &[u8])>> {
        Ok(self.step()?.map(|at| entry(&self.block, at)))
    }
}

/// A run being read.
struct Cursor {
    reader: BlockReader,
    at: usize,
    prefix: u128,
}

impl Cursor {
    fn now(&self) -> (&[u8], &[u8]) {
        entry(&self.reader.block, self.at)
    }
    fn advance(&mut self) -> io::Result<bool> {
        let Some(at) = self.reader.step()? else { return Ok(false) };
        self.at = at;
        self.prefix = prefix(self.now().0);
        Ok(true)
    }
    fn before(&self, other: &Cursor) -> bool {
        self.prefix.cmp(&other.prefix).then_with(|| self.now().0.cmp(other.now().0)).is_lt()
    }
}

/// A k-way merge: a binary heap of cursors, the least on top.
pub(super) struct Merge {
    heap: Vec<Cursor>,
    moved: bool,
}

impl Merge {
    fn open(runs: &[PathBuf]) -> io::Result<Merge> {
        let mut merge = Merge { heap: Vec::new(), moved: false };
        for run in runs {
            let mut cursor = Cursor { reader: BlockReader::open(run)?, at: 0, prefix: 0 };
            if cursor.advance()? {
                merge.heap.push(cursor);
            }
        }
        (0..merge.heap.len() / 2).rev().for_each(|i| merge.sink(i));
        Ok(merge)
    }

    fn next(&mut self) -> io::Result<Option<(&[u8], &[u8])>> {
        if self.moved {
            let more = self.heap.first_mut().map_or(Ok(false), Cursor::advance)?;
            if !more && !self.heap.is_empty() {
                self.heap.swap_remove(0);
            }
            self.sink(0);
        }
        self.moved = true;
        Ok(self.heap.first().map(Cursor::now))
    }

    fn sink(&mut self, mut i: usize) {
        let less = |heap: &[Cursor], a: usize, b: usize| match (heap.get(a), heap.get(b)) {
            (Some(a), Some(b)) => a.before(b),
            _ => false,
        };
        loop {
            let (left, right) = (2 * i + 1, 2 * i + 2);
            let child = if less(&self.heap, right, left) { right } else { left };
            if !less(&self.heap, child, i) {
                return;
            }
            self.heap.swap(i, child);
            i = child;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
