//! What can go wrong with the journal, in sentences that say what, where and what would help.

use super::BodyError;
use crate::domain::Seq;
use std::io;
use std::path::{Path, PathBuf};

/// Why the journal could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The disk refused.
    #[error("could not {what} {}: {source}", path.display())]
    Io {
        /// What was tried, as a verb.
        what: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// What the disk said.
        source: io::Error,
    },
    /// Bytes that were once safe are damaged or gone. Nothing was written.
    #[error(
        "{} is damaged at byte {offset} (record {seq}): {why}; nothing was written: restore a backup, or salvage what is readable",
        file.display()
    )]
    Corrupt {
        /// The damaged file.
        file: PathBuf,
        /// Where the damage starts, in bytes.
        offset: u64,
        /// The first record that cannot be read.
        seq: Seq,
        /// What is wrong there.
        why: String,
    },
    /// Written by a later version.
    #[error("{} was written in format {min_reader}, this version reads up to {}: use a newer version", file.display(), super::FORMAT)]
    Newer {
        /// The file.
        file: PathBuf,
        /// The lowest format that can read it.
        min_reader: u16,
    },
    /// No journal where one was expected.
    #[error("there is no journal in {}", .0.display())]
    Missing(PathBuf),
    /// A journal where none was expected.
    #[error("there is a journal in {} already", .0.display())]
    Exists(PathBuf),
    /// A header that cannot be written.
    #[error("the header of a book cannot hold this: {0}")]
    Header(&'static str),
    /// A body that cannot be written or read.
    #[error("record {seq}: {source}")]
    Body {
        /// The record.
        seq: Seq,
        /// What is wrong with it.
        source: BodyError,
    },
    /// There is no such record.
    #[error("there is no record {seq}; the last one is {head}")]
    NoRecord {
        /// The record asked for.
        seq: Seq,
        /// The last record.
        head: Seq,
    },
    /// An earlier sync failed; this journal reads, and writes no more.
    #[error("the journal is read-only since a write to the disk failed: start again once the disk is well")]
    Dead,
}

impl JournalError {
    pub(super) fn io(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> JournalError {
        let path = path.to_path_buf();
        move |source| JournalError::Io { what, path, source }
    }

    pub(super) fn corrupt(file: &Path, offset: u64, seq: Seq, why: impl Into<String>) -> JournalError {
        JournalError::Corrupt { file: file.to_path_buf(), offset, seq, why: why.into() }
    }
}
