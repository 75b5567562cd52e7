//! Sorting more number entries than memory should hold: sorted runs on disk, merged again in order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// One entry: kind, hash of the number, id, customer, moment.
pub type Entry = (u8, u64, u64, u32, i64);

const BYTES: usize = 29;
/// Entries held in memory before a run is written (32 MB).
const RUN: usize = 1 << 20;

/// Takes entries in any order and gives them back sorted.
pub struct Spill {
    dir: PathBuf,
    held: Vec<Entry>,
    runs: Vec<PathBuf>,
    limit: usize,
}

impl Spill {
    /// Runs go into `dir`, which is made when needed.
    pub fn new(dir: &Path) -> Spill {
        Spill::with_limit(dir, RUN)
    }

    fn with_limit(dir: &Path, limit: usize) -> Spill {
        Spill { dir: dir.to_path_buf(), held: Vec::new(), runs: Vec::new(), limit }
    }

    /// Takes one.
    pub fn push(&mut self, entry: Entry) -> std::io::Result<()> {
        self.held.push(entry);
        if self.held.len() >= self.limit { self.write_run() } else { Ok(()) }
    }

    fn write_run(&mut self) -> std::io::Result<()> {
        self.held.sort_unstable();
        std::fs::create_dir_all(&self.dir)?;
        let path = self.dir.join(format!("numbers-{:04}.run", self.runs.len()));
        let mut out = BufWriter::with_capacity(1 << 20, File::create(&path)?);
        for entry in self.held.drain(..) {
            out.write_all(&encode(entry))?;
        }
        out.flush()?;
        self.runs.push(path);
        Ok(())
    }

    /// All of them, sorted; the runs are removed when the iterator is dropped.
    pub fn sorted(mut self) -> std::io::Result<Sorted> {
        self.held.sort_unstable();
        let held = std::mem::take(&mut self.held).into_iter();
        let mut sources: Vec<Source> = Vec::new();
        for path in &self.runs {
            sources.push(Source::Run(BufReader::with_capacity(1 << 18, File::open(path)?)));
        }
        sources.push(Source::Held(held));
        let mut heap = BinaryHeap::new();
        for (i, source) in sources.iter_mut().enumerate() {
            if let Some(entry) = source.next()? {
                heap.push(Reverse((entry, i)));
            }
        }
        Ok(Sorted { heap, sources, runs: std::mem::take(&mut self.runs), failed: None })
    }
}

enum Source {
    Run(BufReader<File>),
    Held(std::vec::IntoIter<Entry>),
}

impl Source {
    fn next(&mut self) -> std::io::Result<Option<Entry>> {
        match self {
            Source::Held(rest) => Ok(rest.next()),
            Source::Run(file) => {
                let mut bytes = [0u8; BYTES];
                match file.read_exact(&mut bytes) {
                    Ok(()) => Ok(Some(decode(&bytes))),
                    Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => Ok(None),
                    Err(e) => Err(e),
                }
            }
        }
    }
}

/// Entries in order.
pub struct Sorted {
    heap: BinaryHeap<Reverse<(Entry, usize)>>,
    sources: Vec<Source>,
    runs: Vec<PathBuf>,
    failed: Option<std::io::Error>,
}

impl Sorted {
    /// The read that failed, if one did: the sequence then ended early.
    pub fn failure(&mut self) -> Option<std::io::Error> {
        self.failed.take()
    }
}

impl Iterator for Sorted {
    type Item = Entry;
    fn next(&mut self) -> Option<Entry> {
        let Reverse((entry, from)) = self.heap.pop()?;
        match self.sources.get_mut(from).map(Source::next) {
            Some(Ok(Some(next))) => self.heap.push(Reverse((next, from))),
            Some(Err(why)) => {
                self.failed = Some(why);
                self.heap.clear();
            }
            _ => {}
        }
        Some(entry)
    }
}

impl Drop for Sorted {
    fn drop(&mut self) {
        for run in &self.runs {
            let _ = std::fs::remove_file(run);
        }
    }
}

fn encode((kind, hash, id, customer, at): Entry) -> [u8; BYTES] {
    let mut bytes = [0u8; BYTES];
    bytes[0] = kind;
    bytes[1..9].copy_from_slice(&hash.to_le_bytes());
    bytes[9..17].copy_from_slice(&id.to_le_bytes());
    bytes[17..21].copy_from_slice(&customer.to_le_bytes());
    bytes[21..29].copy_from_slice(&at.to_le_bytes());
    bytes
}

fn decode(bytes: &[u8; BYTES]) -> Entry {
    let eight = |from: usize| {
        let mut b = [0u8; 8];
        b.copy_from_slice(&bytes[from..from + 8]);
        u64::from_le_bytes(b)
    };
    let mut four = [0u8; 4];
    four.copy_from_slice(&bytes[17..21]);
    (bytes[0], eight(1), eight(9), u32::from_le_bytes(four), eight(21).cast_signed())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back_sorted_whether_they_fit_or_not() {
        for limit in [3, 1000] {
            let dir = tempfile::tempdir().unwrap();
            let mut spill = Spill::with_limit(dir.path(), limit);
            let mut all: Vec<Entry> = (0..100u64).map(|i| (20, i.wrapping_mul(0x9E37_79B9_7F4A_7C15), i, i as u32, -(i as i64))).collect();
            for e in &all {
                spill.push(*e).unwrap();
            }
            all.sort_unstable();
            assert_eq!(spill.sorted().unwrap().collect::<Vec<_>>(), all);
            assert_eq!(std::fs::read_dir(dir.path()).map_or(0, Iterator::count), 0, "the runs are gone");
        }
    }
}
