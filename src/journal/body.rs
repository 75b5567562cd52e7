//! What a record says. The order of fields is the stored format of (kind, schema): never edited once released; a new shape gets a
//! new schema number. Frames of an import are packed by column (`pack.rs`), everything else is bincode, compressed when over 1 KiB.

use super::frame::{MAX_RECORD, RECORD_HEADER};
use super::pack;
use crate::domain::{Day, Op, RowSet, Seq};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Longest body before compression, in bytes.
pub(super) const MAX_RAW: usize = 16 * 1024 * 1024;
/// Longest body as stored, in bytes.
pub(super) const MAX_BODY: usize = MAX_RECORD - RECORD_HEADER;
/// Bodies longer than this are compressed.
const COMPRESS_OVER: usize = 1024;
/// The flag of a compressed body: its raw length (u32) comes first.
const LZ4: u16 = 1;
const SCHEMA: u8 = 1;

/// The body of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// One change by one person, undoable.
    Change {
        /// The command that made it.
        verb: String,
        /// The user of the operating system.
        os_user: String,
        /// What changed.
        ops: Vec<Op>,
    },
    /// A change taken back, or made again.
    Undo {
        /// The record taken back.
        of: Seq,
        /// Made again instead of taken back.
        redo: bool,
        /// The user of the operating system.
        os_user: String,
        /// What changed.
        ops: Vec<Op>,
    },
    /// A part of an import; it counts only once its `BatchCommit` is there.
    BatchFrame {
        /// The import.
        batch: u64,
        /// Which part, from 0.
        index: u32,
        /// What the part changes.
        ops: Vec<Op>,
    },
    /// An import is complete.
    BatchCommit(BatchCommit),
    /// The sum of all records' hashes at a record, for comparison at open.
    StateHash {
        /// The last record it covers.
        at: Seq,
        /// Sum of the records' hashes modulo 2^128.
        hash: u128,
        /// How many records live.
        records: u64,
    },
    /// A setting changed.
    Settings {
        /// Which.
        key: String,
        /// Its value before; `None` was unset.
        before: Option<String>,
        /// Its value after; `None` is unset.
        after: Option<String>,
    },
    /// Something worth remembering that changes nothing (an export, a look at many details).
    Audit {
        /// What was done.
        what: String,
        /// On how many rows.
        rows: u64,
    },
    /// A day of the book's zone began.
    Day {
        /// Which.
        day: Day,
    },
    /// Customers entered and left what a rule describes.
    Derived(Derived),
    /// A baseline file was written and verified.
    Baseline {
        /// The last record it covers.
        at: Seq,
        /// Its file name.
        file: String,
        /// BLAKE3 of the file.
        hash: [u8; 32],
    },
}

/// The end of an import: with it, and only with it, the frames count.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BatchCommit {
    /// The import.
    pub batch: u64,
    /// The command that made it.
    pub verb: String,
    /// The user of the operating system.
    pub os_user: String,
    /// The kind of record imported ([`crate::domain::Kind`] as stored); 0 for several.
    pub kind: u8,
    /// The file's name.
    pub file: String,
    /// BLAKE3 of the file.
    pub file_hash: [u8; 32],
    /// How many frames.
    pub frames: u32,
    /// What became of the rows.
    pub rows: BatchRows,
    /// Records (kind, id) that are left out because somebody else took their key or field since staging.
    pub skip: Vec<(u8, u64)>,
    /// The import this one takes back, if it does.
    pub undo_of: Option<Seq>,
    /// Made again instead of taken back.
    pub redo: bool,
}

/// What became of the rows of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BatchRows {
    /// Rows in the file.
    pub read: u64,
    /// New records.
    pub created: u64,
    /// Changed records.
    pub updated: u64,
    /// Rows that said nothing new.
    pub unchanged: u64,
    /// Rows not taken in.
    pub refused: u64,
}

/// The transitions of one rule by one cause.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Derived {
    /// The rule.
    pub rule: u64,
    /// Its version.
    pub version: u32,
    /// The record that caused it.
    pub cause: Seq,
    /// Customers that now fit.
    pub entered: RowSet,
    /// Customers that no longer fit.
    pub left: RowSet,
}

/// Why a body cannot be written or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// Over the limit of a record.
    #[error("the change needs {bytes} bytes, a record holds {MAX_BODY}: make it in smaller parts")]
    TooLarge {
        /// Bytes it would need.
        bytes: usize,
    },
    /// Bytes that mean nothing.
    #[error("the record's body cannot be read: {0}")]
    Malformed(&'static str),
    /// Written by a later version.
    #[error("records of kind {kind}, schema {schema} are not known to this version: use a newer one")]
    Unknown {
        /// The stored kind.
        kind: u8,
        /// The stored schema.
        schema: u8,
    },
    /// Blanked by an erasure.
    #[error("the record's body was erased")]
    Erased,
}

/// A body as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    pub(super) kind: u8,
    pub(super) schema: u8,
    pub(super) flags: u16,
    pub(super) bytes: Vec<u8>,
}

/// What an entry brings: a body, or one packed already (the frames of an import, packed beside the writer).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// To be packed.
    Body(Body),
    /// Packed by [`super::FrameBuilder`] or [`Body::pack`].
    Packed(Packed),
}

impl From<Body> for Content {
    fn from(body: Body) -> Content {
        Content::Body(body)
    }
}

impl From<Packed> for Content {
    fn from(packed: Packed) -> Content {
        Content::Packed(packed)
    }
}

impl Packed {
    /// Bytes it takes in a record.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }
}

impl Body {
    /// The stored number of the kind.
    pub fn kind(&self) -> u8 {
        match self {
            Body::Change { .. } => 1,
            Body::Undo { .. } => 2,
            Body::BatchFrame { .. } => FRAME,
            Body::BatchCommit(_) => 4,
            Body::StateHash { .. } => 5,
            Body::Settings { .. } => 6,
            Body::Audit { .. } => 7,
            Body::Day { .. } => 8,
            Body::Derived(_) => 9,
            Body::Baseline { .. } => 10,
        }
    }

    /// The bytes to store.
    ///
    /// # Errors
    /// [`BodyError::TooLarge`] when one record cannot hold it.
    pub fn pack(&self) -> Result<Packed, BodyError> {
        let raw = match self {
            Body::Change { verb, os_user, ops } => raw(&(verb, os_user, ops)),
            Body::Undo { of, redo, os_user, ops } => raw(&(of, redo, os_user, ops)),
            Body::BatchFrame { batch, index, ops } => return pack::frame(*batch, *index, ops),
            Body::BatchCommit(commit) => raw(commit),
            Body::StateHash { at, hash, records } => raw(&(at, hash, records)),
            Body::Settings { key, before, after } => raw(&(key, before, after)),
            Body::Audit { what, rows } => raw(&(what, rows)),
            Body::Day { day } => raw(day),
            Body::Derived(derived) => raw(derived),
            Body::Baseline { at, file, hash } => raw(&(at, file, hash)),
        }?;
        compress(self.kind(), raw, COMPRESS_OVER)
    }

    /// Reads what [`Body::pack`] wrote. Total: any bytes give a body or an error.
    ///
    /// # Errors
    /// [`BodyError`] when the bytes are no body of that kind and schema.
    pub fn unpack(packed: &Packed) -> Result<Body, BodyError> {
        let Packed { kind, schema, flags, bytes } = packed;
        if flags & super::frame::ERASED != 0 {
            return Err(BodyError::Erased);
        }
        if *schema != SCHEMA || flags & !LZ4 != 0 {
            return Err(BodyError::Unknown { kind: *kind, schema: *schema });
        }
        let expanded;
        let raw = if flags & LZ4 == 0 {
            bytes.as_slice()
        } else {
            expanded = expand(bytes)?;
            &expanded
        };
        Body::read(*kind, raw)
    }

    fn read(kind: u8, raw: &[u8]) -> Result<Body, BodyError> {
        Ok(match kind {
            1 => parse(raw).map(|(verb, os_user, ops)| Body::Change { verb, os_user, ops })?,
            2 => parse(raw).map(|(of, redo, os_user, ops)| Body::Undo { of, redo, os_user, ops })?,
            FRAME => pack::unpack(raw).map(|(batch, index, ops)| Body::BatchFrame { batch, index, ops })?,
            4 => Body::BatchCommit(parse(raw)?),
            5 => parse(raw).map(|(at, hash, records)| Body::StateHash { at, hash, records })?,
            6 => parse(raw).map(|(key, before, after)| Body::Settings { key, before, after })?,
            7 => parse(raw).map(|(what, rows)| Body::Audit { what, rows })?,
            8 => Body::Day { day: parse(raw)? },
            9 => Body::Derived(parse(raw)?),
            10 => parse(raw).map(|(at, file, hash)| Body::Baseline { at, file, hash })?,
            _ => return Err(BodyError::Unknown { kind, schema: SCHEMA }),
        })
    }
}

pub(super) const FRAME: u8 = 3;

/// Serialises with bincode.
pub(super) fn raw<T: Serialize>(value: &T) -> Result<Vec<u8>, BodyError> {
    bincode::serde::encode_to_vec(value, bincode::config::standard()).map_err(|_| BodyError::Malformed("it cannot be written"))
}

/// Reads bincode; the bytes must be used up, and what they claim to hold may not pass the limit.
pub(super) fn parse<T: DeserializeOwned>(raw: &[u8]) -> Result<T, BodyError> {
    let config = bincode::config::standard().with_limit::<MAX_RAW>();
    match bincode::serde::decode_from_slice(raw, config) {
        Ok((value, used)) if used == raw.len() => Ok(value),
        Ok(_) => Err(BodyError::Malformed("there are bytes left over")),
        Err(_) => Err(BodyError::Malformed("the bytes do not fit its shape")),
    }
}

/// Compresses a raw body when it is longer than `over` and that makes it shorter.
pub(super) fn compress(kind: u8, raw: Vec<u8>, over: usize) -> Result<Packed, BodyError> {
    let mut packed = Packed { kind, schema: SCHEMA, flags: 0, bytes: raw };
    if packed.bytes.len() > MAX_RAW {
        return Err(BodyError::TooLarge { bytes: packed.bytes.len() });
    }
    if packed.bytes.len() > over {
        let small = lz4_flex::block::compress_prepend_size(&packed.bytes);
        if small.len() < packed.bytes.len() {
            packed.flags = LZ4;
            packed.bytes = small;
        }
    }
    if packed.bytes.len() > MAX_BODY {
        return Err(BodyError::TooLarge { bytes: packed.bytes.len() });
    }
    Ok(packed)
}

fn expand(bytes: &[u8]) -> Result<Vec<u8>, BodyError> {
    let claimed = super::frame::length(bytes).map_or(usize::MAX, |n| n as usize);
    if claimed > MAX_RAW {
        return Err(BodyError::Malformed("it claims to be longer than any body"));
    }
    lz4_flex::block::decompress_size_prepended(bytes).map_err(|_| BodyError::Malformed("it cannot be decompressed"))
}
