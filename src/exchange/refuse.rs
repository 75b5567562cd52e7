//! The file of refusals: line, reason, and the row as it was, so that it can be mended and read again. Rows whose refusal
//! shows only when the whole file is known (another line of their order was refused) are kept aside meanwhile.

use super::beside::BesideWriter;
use super::sort::BlockReader;
use super::staged::ImportError;
use crate::domain::Say;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// Columns this file adds; an import passes over them.
pub(super) const OWN_COLUMNS: [&str; 2] = ["refused_line", "refused_reason"];
/// More late refusals than this mean that the file is of another kind: 40 MB of them at most are remembered.
const LATE: usize = 1_000_000;
const FIRST: usize = 100;

/// Why a row is refused after it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// Another line of the same order was refused.
    Companion,
    /// Lines of one order name different customers.
    Customers,
    /// The book has several records of that number.
    Several,
    /// The sum of the order does not fit.
    TooLarge,
}

/// Collects refusals.
pub(super) struct Refusals {
    path: PathBuf,
    aside_path: PathBuf,
    out: Option<csv::Writer<BufWriter<File>>>,
    aside: Option<BesideWriter>,
    late: Vec<(u64, Why, u64)>,
    buffer: Vec<u8>,
    pub count: u64,
    pub first: Vec<(u64, Say)>,
}

impl Refusals {
    /// Writes into `dir`; keeps every row aside when rows may be refused late.
    pub fn new(dir: &Path, late: bool) -> Result<Refusals, ImportError> {
        let aside_path = dir.join("aside.rows");
        let aside = if late { Some(BesideWriter::create(&aside_path).map_err(io)?) } else { None };
        let path = dir.join("refusals.csv");
        Ok(Refusals { path, aside_path, out: None, aside, late: Vec::new(), buffer: Vec::new(), count: 0, first: Vec::new() })
    }

    /// Refuses a row now.
    pub fn refuse<'c>(&mut self, heads: &[String], line: u64, say: Say, cells: impl Iterator<Item = &'c str>) -> Result<(), ImportError> {
        self.count += 1;
        if self.out.is_none() {
            let file = BufWriter::new(File::create(&self.path).map_err(io)?);
            let mut out = csv::WriterBuilder::new().flexible(true).from_writer(file);
            out.write_record(OWN_COLUMNS.into_iter().chain(heads.iter().map(String::as_str))).map_err(csv_io)?;
            self.out = Some(out);
        }
        if let Some(out) = &mut self.out {
            out.write_field(line.to_string()).map_err(csv_io)?;
            out.write_field(super::english(&say)).map_err(csv_io)?;
            for cell in cells {
                // As in an export: nothing a spreadsheet would run, and the import takes the apostrophe off again.
                out.write_field(super::export::guard(cell.to_string())).map_err(csv_io)?;
            }
            out.write_record(None::<&[u8]>).map_err(csv_io)?;
        }
        if self.first.len() < FIRST {
            self.first.push((line, say));
        }
        Ok(())
    }

    /// Keeps a row that was taken, in case it is refused late.
    pub fn keep<'c>(&mut self, line: u64, cells: impl Iterator<Item = &'c str>) -> Result<(), ImportError> {
        let Some(aside) = &mut self.aside else { return Ok(()) };
        self.buffer.clear();
        for cell in cells {
            self.buffer.extend_from_slice(&(cell.len() as u32).to_le_bytes());
            self.buffer.extend_from_slice(cell.as_bytes());
        }
        aside.push(&line.to_be_bytes(), &self.buffer).map_err(io)
    }

    /// Refuses a row that was kept; `other` is the line that is to blame, or a count.
    pub fn late(&mut self, line: u64, why: Why, other: u64) -> Result<(), ImportError> {
        if self.late.len() >= LATE {
            return Err(ImportError::refused(Say::new("import.too-many-refusals").with("limit", LATE)));
        }
        self.late.push((line, why, other));
        Ok(())
    }

    /// Writes the late ones and closes the file; gives back where it is, if anything was refused.
    pub fn finish(&mut self, heads: &[String]) -> Result<Option<PathBuf>, ImportError> {
        if let Some(aside) = self.aside.take() {
            let path = aside.finish().map_err(io)?;
            if !self.late.is_empty() {
                self.write_late(heads, &path)?;
            }
            std::fs::remove_file(&self.aside_path).map_err(io)?;
        }
        if let Some(out) = &mut self.out {
            out.flush().map_err(io)?;
        }
        Ok(self.out.take().map(|_| self.path.clone()))
    }

    fn write_late(&mut self, heads: &[String], path: &Path) -> Result<(), ImportError> {
        let mut late = std::mem::take(&mut self.late);
        late.sort_unstable_by_key(|(line, ..)| *line);
        let mut reader = BlockReader::open(path).map_err(io)?;
        let mut wanted = late.into_iter().peekable();
        while let Some((key, payload)) = reader.next().map_err(io)? {
            let line = key.try_into().map_or(0, u64::from_be_bytes);
            let Some((_, why, other)) = wanted.next_if(|(l, ..)| *l == line) else { continue };
            self.refuse(heads, line, sentence(why, other), cells_of(payload))?;
        }
        Ok(())
    }
}

fn sentence(why: Why, other: u64) -> Say {
    match why {
        Why::Companion => Say::new("import.companion-refused").with("line", other),
        Why::Customers => Say::new("import.order-of-two").with("line", other),
        Why::Several => Say::new("import.several-matches").with("count", other),
        Why::TooLarge => Say::new("import.order-too-large"),
    }
}

fn cells_of(mut payload: &[u8]) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let n = payload.get(..4)?.try_into().ok().map(u32::from_le_bytes)? as usize;
        let cell = payload.get(4..4 + n)?;
        payload = payload.get(4 + n..)?;
        std::str::from_utf8(cell).ok()
    })
}

fn io(e: std::io::Error) -> ImportError {
    ImportError::io("write the refusals", e)
}

fn csv_io(e: csv::Error) -> ImportError {
    ImportError::io("write the refusals", std::io::Error::other(e))
}
