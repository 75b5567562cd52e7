//! Tests of the whole way from bytes to staged rows, and back.

#![allow(clippy::unwrap_used, clippy::panic)]

mod book;
mod hostile;
mod public_set;
mod round_trip;
mod staging;

use super::stage::stage_within;
use super::*;
use crate::domain::{FieldId, Kind, Value};
use book::Book;
use std::path::Path;

/// Stages bytes with small runs, so that even small files are sorted on disk.
fn staged(dir: &Path, bytes: &[u8], kind: Kind, options: &Options, book: &Book) -> Result<Staged, ImportError> {
    let mut input = bytes;
    let staged = stage_within(16 << 10, &mut input, kind, options, book, dir, &|| false, &mut |_, _| {});
    if let Ok(s) = &staged {
        let t = s.totals;
        assert_eq!(t.read, t.handed_over + t.repeated_updated + t.repeated_unchanged + t.refused, "{t:?}");
        let rows: Vec<StagedRow> = s.rows().unwrap().map(Result::unwrap).collect();
        assert_eq!(rows.len() as u64, t.records);
        assert_eq!(rows.iter().map(|r| u64::from(r.rows)).sum::<u64>(), t.handed_over);
        assert!(rows.iter().all(|r| r.fields.windows(2).all(|w| w[0].0 < w[1].0)));
    }
    staged
}

fn rows(staged: &Staged) -> Vec<StagedRow> {
    staged.rows().unwrap().map(Result::unwrap).collect()
}

fn get(row: &StagedRow, id: FieldId) -> Option<&Value> {
    row.fields.iter().find(|(f, _)| *f == id).map(|(_, v)| v)
}

fn text(row: &StagedRow, id: FieldId) -> &str {
    get(row, id).and_then(Value::text).unwrap_or("")
}

/// Stages, hopes for the best, and gives back everything.
fn take(text: &str, kind: Kind, book: &Book) -> (Staged, Vec<StagedRow>) {
    take_with(text.as_bytes(), kind, &Options::default(), book)
}

fn take_with(bytes: &[u8], kind: Kind, options: &Options, book: &Book) -> (Staged, Vec<StagedRow>) {
    let dir = tempfile::tempdir().unwrap();
    let s = staged(dir.path(), bytes, kind, options, book).unwrap_or_else(|e| panic!("{e}"));
    let r = rows(&s);
    (s, r)
}

fn refusals(staged: &Staged) -> Vec<(u64, &'static str)> {
    staged.first_refusals.iter().map(|(line, say)| (*line, say.code)).collect()
}
