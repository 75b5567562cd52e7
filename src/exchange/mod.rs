//! Import and export: formats, column mapping, staging, the report of refusals.
//!
//! A file goes through `source` (bytes to text, rows and cells, every buffer bounded), `guess` and `map` (which column is
//! which field), `convert` (cell to value), `look` (words to records and codes), `sort` (sorted runs on disk) and `group`
//! (the rows of one number become one record). [`stage()`] runs it all without any lock and hands over [`Staged`].
//!
//! Memory, whatever the file's size: two runs of 16 MiB (one filled, one sorted and written beside), at most 12 MiB of merge buffers, a text buffer of at most 4 MiB,
//! look-up caches of at most 16 MiB, lists of unknown words, links and late refusals of at most 40 MiB.

mod beside;
mod convert;
mod dates;
mod decode;
mod export;
mod group;
mod guess;
mod json;
mod look;
mod map;
mod orders;
mod plan;
mod refuse;
mod replay;
mod row;
mod sort;
mod source;
mod split;
mod stage;
mod staged;
mod used;
mod window;
mod words;

#[cfg(test)]
mod tests;

pub use export::{ExportError, Format, Names, export};
pub use map::{Map, MapMistake};
pub use replay::StagedRows;
pub use stage::stage;
pub use staged::{
    BookView, Custom, CustomerRef, ImportError, NewEntry, OnMatch, Options, Placeholder, Staged, StagedRef, StagedRow, StagedTotals,
    Target, UnknownLink, Untaken, WantedField, Warning,
};
pub use words::{WORDS, english};
