//! What goes into an import and what comes out of its staging, as plain data.

use super::map::Map;
use super::replay::StagedRows;
use super::sort::BlockReader;
use crate::domain::dict::Dict;
use crate::domain::{CustomerId, Dicts, FieldId, Home, Kind, RecordId, Refs, Say, Value, Zone};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::Arc;

/// What an import may ask of the book. Custom fields are read from `refs` (kind `CustomField`).
pub trait BookView {
    /// The zone dates are written in.
    fn zone(&self) -> Zone;
    /// The dictionaries.
    fn dicts(&self) -> &Dicts;
    /// Staff, products, campaigns, pipelines, stages, custom fields.
    fn refs(&self) -> &Refs;
    /// The customers of that number.
    fn customers_by_number(&self, number: &str) -> Vec<CustomerId>;
    /// The customers with that value in a field (phone, e-mail, wechat, device ...), compared as the book compares it.
    fn customers_by(&self, field: FieldId, text: &str) -> Vec<CustomerId>;
    /// The customers of that name, already folded.
    fn customers_by_name(&self, folded: &str) -> Vec<CustomerId>;
    /// The records of that number (orders, deals, tickets, contracts, interactions) and where they live.
    fn numbered(&self, kind: Kind, number: &str) -> Vec<(RecordId, Home)>;
    /// The name or number of the customer a word may be meant for; asked for the first hundred unknown words only.
    fn customer_near(&self, word: &str) -> Option<String>;
    /// False when the book holds no numbered record of a kind yet, so that nobody need ask.
    fn has_numbers(&self, kind: Kind) -> bool;
}

/// What to do with rows whose key the book has already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnMatch {
    /// Take their fields over.
    #[default]
    Update,
    /// Leave the record as it is; such rows are handed over as `Existing`, the writer counts them unchanged.
    Skip,
    /// Add another record: nothing is looked up, every row (every order number) is new.
    Add,
}

/// Which untaken columns become custom fields.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Custom {
    /// None.
    #[default]
    No,
    /// All of them.
    All,
    /// These heads.
    Some(Vec<String>),
}

/// How an import was asked for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The map file, parsed.
    pub map: Map,
    /// The field to match customers by; number when not stated.
    pub key: Option<String>,
    /// What to do with matches.
    pub on_match: OnMatch,
    /// Make customers that rows name and the book does not have.
    pub create_customers: bool,
    /// Take words a dictionary does not have as new entries.
    pub new_values: bool,
    /// Untaken columns to keep.
    pub custom: Custom,
    /// Stated by the file's name; else told by its first character.
    pub format: Option<super::Format>,
}

/// Whom a row hangs on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CustomerRef {
    /// Nobody (yet), or the record is a customer itself, or hangs on none.
    None,
    /// A customer of the book.
    Existing(CustomerId),
    /// A customer to be made: their ordinal (from 1) among those to be made, and the word that names them.
    New {
        /// 1, 2, 3 ... in the order the rows come out.
        ordinal: u32,
        /// The number (or name) in the file.
        word: String,
    },
}

/// What a row becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// A record of the book gets these fields. `home` is where it lives now (zero for customers and reference records).
    Existing {
        /// Its id.
        id: RecordId,
        /// Where it lives now.
        home: Home,
    },
    /// A new record: its ordinal (from 1) among the new ones, in the order the rows come out.
    New {
        /// 1, 2, 3 ...
        ordinal: u32,
    },
}

/// One record-to-be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StagedRow {
    /// The line of the file it begins on.
    pub line: u64,
    /// Rows of the file it stands for (the lines of an order; 1 otherwise). Totals count rows.
    pub rows: u32,
    /// What it becomes.
    pub target: Target,
    /// Whom it hangs on.
    pub customer: CustomerRef,
    /// Its own number as written; "" when it has none.
    pub number: String,
    /// The fields of the columns present, ascending; references and codes as [`StagedRef`] and [`NewEntry`] say.
    pub fields: Vec<(FieldId, Value)>,
    /// Names of tags to give (customers).
    pub tags: Vec<String>,
}

/// A reference inside staged fields: of the book, or to something this import makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StagedRef {
    /// A record of the book.
    Book(RecordId),
    /// The new record of that ordinal: of the imported kind, or (`--create customers`) a customer made on the way.
    New(u32),
    /// A placeholder: index into [`Staged::placeholders`].
    Placeholder(u32),
    /// A word waiting for the end of the file; never seen in rows handed over.
    Pending(u32),
}

const NEW: u64 = 1 << 62;
const HOLD: u64 = 2 << 62;
const PENDING: u64 = 3 << 62;

impl StagedRef {
    /// From the number inside `Value::Ref` or `Value::Refs`.
    pub fn of(raw: u64) -> StagedRef {
        let low = u32::try_from(raw & 0xFFFF_FFFF).unwrap_or(0);
        match raw & PENDING {
            0 => StagedRef::Book(raw),
            NEW => StagedRef::New(low),
            HOLD => StagedRef::Placeholder(low),
            _ => StagedRef::Pending(low),
        }
    }
    /// Back to the number.
    pub fn raw(self) -> u64 {
        match self {
            StagedRef::Book(id) => id,
            StagedRef::New(n) => NEW | u64::from(n),
            StagedRef::Placeholder(n) => HOLD | u64::from(n),
            StagedRef::Pending(n) => PENDING | u64::from(n),
        }
    }
}

/// A record to be made because rows name it and the book does not have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placeholder {
    /// Staff, product, campaign, pipeline or stage.
    pub kind: Kind,
    /// Its name as first written.
    pub name: String,
    /// The pipeline of a stage, as [`StagedRef::raw`]; 0 when the file names none.
    pub pipeline: u64,
    /// How many cells of rows taken in name it; 0 = it need not be made.
    pub count: u64,
    /// The line it is first named on.
    pub line: u64,
    /// The existing name it may be meant for.
    pub nearest: Option<String>,
}

/// An entry to be added to a dictionary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// The dictionary.
    pub dict: Dict,
    /// The word as first written.
    pub word: String,
    /// The code that staged values carry for it, to be replaced by the real one: [`NewEntry::CODES`] or higher.
    pub code: u32,
    /// How many cells of rows taken in say it; 0 = it need not be made.
    pub count: u64,
    /// An existing word it may be meant for.
    pub nearest: Option<String>,
}

impl NewEntry {
    /// Codes from here on belong to new entries of this import.
    pub const CODES: u32 = 0x8000_0000;
}

/// A link to a customer that was left out because no such customer is in the book or the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownLink {
    /// The column.
    pub column: String,
    /// The word.
    pub word: String,
    /// How many cells.
    pub count: u64,
}

/// A custom field to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedField {
    /// Its key.
    pub key: String,
    /// The head of its column.
    pub label: String,
    /// `text`, `int`, `money`, `date` or `bool`.
    pub ty: &'static str,
    /// The number staged fields carry for it, to be replaced by the real one: [`WantedField::IDS`] or higher.
    pub field: FieldId,
}

impl WantedField {
    /// Field numbers from here on belong to wanted fields of this import.
    pub const IDS: u16 = 60_000;
}

/// A column nobody took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untaken {
    /// Its head.
    pub head: String,
    /// The option that keeps it.
    pub keep: String,
    /// The field it may be meant for.
    pub nearest: Option<&'static str>,
}

/// Something worth saying that refused nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The sentence of the first case.
    pub say: Say,
    /// The line of the first case; 0 when it is about the file.
    pub line: u64,
    /// How many cases.
    pub count: u64,
}

/// `read = handed_over + repeated_updated + repeated_unchanged + refused`, in rows of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StagedTotals {
    /// Rows read.
    pub read: u64,
    /// Rows that the staged rows stand for.
    pub handed_over: u64,
    /// Later rows of a number that changed the earlier one; merged into it.
    pub repeated_updated: u64,
    /// Later rows of a number that say the same.
    pub repeated_unchanged: u64,
    /// Rows refused.
    pub refused: u64,
    /// Warnings.
    pub warnings: u64,
    /// Records handed over.
    pub records: u64,
    /// New records among them.
    pub new_records: u32,
    /// Customers to be made on the way (`--create customers`).
    pub new_customers: u32,
}

/// A staged import: nothing of it is in the book yet.
#[derive(Debug)]
pub struct Staged {
    /// What is imported.
    pub kind: Kind,
    /// The totals.
    pub totals: StagedTotals,
    /// Refused rows as CSV: `refused_line`, `refused_reason`, the original cells; `None` when nothing was refused.
    pub refusals: Option<PathBuf>,
    /// The first refusals, with their lines (at most 100).
    pub first_refusals: Vec<(u64, Say)>,
    /// Warnings, one for each code and column, with counts.
    pub warnings: Vec<Warning>,
    /// Records to be made for unknown words.
    pub placeholders: Vec<Placeholder>,
    /// Dictionary entries to be added.
    pub new_entries: Vec<NewEntry>,
    /// Links left out.
    pub unknown_links: Vec<UnknownLink>,
    /// Custom fields to be made.
    pub wanted_fields: Vec<WantedField>,
    /// Columns nobody took.
    pub untaken: Vec<Untaken>,
    /// BLAKE3 of the file's bytes, for "imported already".
    pub file_hash: [u8; 32],
    pub(super) path: PathBuf,
    pub(super) resolved: Arc<Vec<u64>>,
}

impl Staged {
    /// The rows in their order: customers of the book by id, then new ones in file order; timeline rows by customer, moment
    /// and number; reference records in file order. May be called as often as needed.
    ///
    /// # Errors
    /// When the staged file cannot be read.
    pub fn rows(&self) -> Result<StagedRows, ImportError> {
        let reader = BlockReader::open(&self.path).map_err(|e| ImportError::io("read the staged rows", e))?;
        Ok(StagedRows::new(self.kind, reader, Arc::clone(&self.resolved)))
    }
}

/// Why nothing could be staged.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file or the request does not fit; every reason at once.
    #[error("{}", .0.iter().map(super::english).collect::<Vec<_>>().join("\n"))]
    Refused(Vec<Say>),
    /// The disk did not do it.
    #[error("could not {what}: {source}; nothing was imported")]
    Io {
        /// What was tried.
        what: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// Somebody stopped it; nothing was imported.
    #[error("stopped; nothing was imported")]
    Cancelled,
}

impl ImportError {
    pub(super) fn io(what: &'static str, source: std::io::Error) -> ImportError {
        ImportError::Io { what, source }
    }
    pub(super) fn refused(say: Say) -> ImportError {
        ImportError::Refused(vec![say])
    }
}
