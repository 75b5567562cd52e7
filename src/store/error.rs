//! What can go wrong in the store, in sentences.

use crate::domain::{CustomerId, Kind, RecordId};
use std::path::PathBuf;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder cannot be read as an index any more. Nothing is lost: it is rebuilt from the journal.
    #[error("the index is damaged ({why}); nothing is lost, it can be rebuilt from the journal")]
    Damaged {
        /// What was found.
        why: String,
    },
    /// Another process has the folder open, or closed it just now.
    #[error("the index in {folder} is held by another process; close that one first")]
    Busy {
        /// The folder.
        folder: PathBuf,
    },
    /// The disk refused.
    #[error("the index could not {what}: {source}")]
    Io {
        /// What was tried.
        what: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// A value was written by a newer version.
    #[error("the index was written by a newer version (schema {schema}; this one reads up to {known}); update, or rebuild the index")]
    Newer {
        /// The schema found.
        schema: u16,
        /// The highest this version reads.
        known: u16,
    },
    /// An operation names a record that is not here: store and journal are out of step.
    #[error("the index holds no {} {id} where the journal changes one; it is out of step and must be rebuilt", kind.plural())]
    Missing {
        /// The kind.
        kind: Kind,
        /// The id.
        id: RecordId,
    },
    /// A record is longer than the store takes.
    #[error("{} {id} takes {bytes} bytes; a record may take {most}", kind.plural())]
    TooLong {
        /// The kind.
        kind: Kind,
        /// The id.
        id: RecordId,
        /// Its bytes.
        bytes: usize,
        /// The most it may take.
        most: usize,
    },
    /// A bulk load hands over a row under a customer it does not hang on.
    #[error("{} {id} hangs on customer {whose}, and was handed over as a row of customer {customer}", kind.plural())]
    Misplaced {
        /// The kind.
        kind: Kind,
        /// The id.
        id: RecordId,
        /// The customer it hangs on (0 for none).
        whose: CustomerId,
        /// The customer it was handed over for.
        customer: CustomerId,
    },
    /// A bulk load holds changes that are not written yet; `Bulk::pause` writes them.
    #[error("a bulk load is under way; pause it before applying other changes")]
    BulkUnderWay,
    /// A baseline is being written already.
    #[error("a baseline is being written already; wait for it to end")]
    BaselineUnderWay,
    /// A baseline file is damaged or of another version.
    #[error("the baseline {file} cannot be used ({why}); take an older one, or replay the journal")]
    Baseline {
        /// The file.
        file: PathBuf,
        /// What was found.
        why: String,
    },
}

impl StoreError {
    /// Damage, in so many words.
    pub(super) fn damaged(why: impl Into<String>) -> StoreError {
        StoreError::Damaged { why: why.into() }
    }

    /// For `map_err` on a failed system call.
    pub(super) fn io(what: &'static str) -> impl FnOnce(std::io::Error) -> StoreError {
        move |source| StoreError::Io { what, source }
    }
}

impl From<sled::Error> for StoreError {
    fn from(error: sled::Error) -> StoreError {
        match error {
            sled::Error::Io(source) => StoreError::Io { what: "read or write its files", source },
            other => StoreError::damaged(other.to_string()),
        }
    }
}
