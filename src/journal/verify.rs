//! Checking a whole journal without changing it: headers, checksums, commitments, and the chain over all files.

use super::error::JournalError;
use super::file::{Begun, Found, find};
use super::frame::Chain;
use super::scan::{self, Scan, Step};
use super::vfs::Vfs;
use crate::domain::Seq;
use std::path::{Path, PathBuf};

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VerifyReport {
    /// Files that have begun.
    pub files: u64,
    /// Records that are whole.
    pub records: u64,
    /// Bytes looked at.
    pub bytes: u64,
    /// The first record; 0 when there is none.
    pub first: Seq,
    /// The last record; 0 when there is none.
    pub last: Seq,
    /// What is wrong, in order; empty when all is well.
    pub problems: Vec<Problem>,
}

/// Something wrong with a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// In which file.
    pub file: PathBuf,
    /// At which byte.
    pub offset: u64,
    /// The first record it concerns.
    pub seq: Seq,
    /// What.
    pub what: String,
}

/// Checks the journal in a folder.
///
/// # Errors
/// [`JournalError::Missing`], or what the disk says; damage is in the report.
pub fn verify(vfs: &dyn Vfs, dir: &Path) -> Result<VerifyReport, JournalError> {
    let found = find(vfs, dir)?;
    if found.is_empty() {
        return Err(JournalError::Missing(dir.to_path_buf()));
    }
    let begun = found.iter().rposition(|f| !matches!(f.begun, Begun::NotYet)).map_or(0, |i| i + 1);
    let mut check = Check { vfs, report: VerifyReport::default(), seq: 1, chain: Chain::default() };
    for (index, (file, number)) in found.iter().zip(1..).enumerate() {
        check.report.bytes += file.len;
        if file.number != number {
            check.problem(file, 0, "a file is missing before this one");
        }
        match &file.begun {
            Begun::NotYet if index >= begun && index > 0 => check.rest(file, 0)?,
            Begun::NotYet => check.problem(file, 0, "the header is gone"),
            Begun::Bad(why) => check.problem(file, 0, why),
            Begun::Newer(min_reader) => return Err(JournalError::Newer { file: file.path.clone(), min_reader: *min_reader }),
            Begun::Yes(..) => check.file(file)?,
        }
    }
    Ok(check.report)
}

struct Check<'a> {
    vfs: &'a dyn Vfs,
    report: VerifyReport,
    seq: Seq,
    chain: Chain,
}

impl Check<'_> {
    fn problem(&mut self, file: &Found, offset: u64, what: &str) {
        self.report.problems.push(Problem { file: file.path.clone(), offset, seq: self.seq, what: what.to_string() });
    }

    fn file(&mut self, file: &Found) -> Result<(), JournalError> {
        let Begun::Yes(header, chain) = &file.begun else { return Ok(()) };
        if header.number != file.number || header.first != self.seq || header.before != self.chain {
            self.problem(file, 0, "the file does not continue the one before");
        }
        self.report.files += 1;
        (self.seq, self.chain) = (header.first, *chain);
        let mut scan = Scan::new(file.open(self.vfs)?, file.len, scan::first(header.first, *chain));
        loop {
            match scan.step().map_err(JournalError::io("read", &file.path))? {
                Step::Record(frame, _) => {
                    self.report.first = if self.report.first == 0 { frame.head.seq } else { self.report.first };
                    self.report.last = frame.head.seq;
                    self.report.records += 1;
                    (self.seq, self.chain) = (frame.head.seq.saturating_add(1), frame.chain);
                }
                Step::End => return self.rest(file, scan.at.offset),
                Step::Bad(why) => {
                    self.problem(file, scan.at.offset, why);
                    return Ok(());
                }
            }
        }
    }

    fn rest(&mut self, file: &Found, offset: u64) -> Result<(), JournalError> {
        let open = file.open(self.vfs)?;
        let rest = scan::rest(open.as_ref(), file.len, offset, self.seq).map_err(JournalError::io("read", &file.path))?;
        if rest.used > 0 {
            self.problem(file, offset, "there are bytes behind the end of the log");
        }
        Ok(())
    }
}
