//! Staged rows as bytes, and read back: what is new gets its ordinal, words that waited for the end of the file their record.

use super::sort::BlockReader;
use super::staged::{CustomerRef, ImportError, StagedRef, StagedRow, Target};
use crate::domain::{FieldId, Kind, Value};
use std::sync::Arc;

/// Reads staged rows, one after the other, and numbers what is new.
pub struct StagedRows {
    kind: Kind,
    reader: BlockReader,
    resolved: Arc<Vec<u64>>,
    records: u32,
    customers: u32,
}

impl Iterator for StagedRows {
    type Item = Result<StagedRow, ImportError>;
    fn next(&mut self) -> Option<Self::Item> {
        let (first_of_customer, row) = match self.reader.next() {
            Ok(None) => return None,
            Ok(Some((mark, payload))) => (mark == [1], decode_row(payload)),
            Err(e) => return Some(Err(ImportError::io("read the staged rows", e))),
        };
        self.customers += u32::from(first_of_customer);
        Some(row.map(|row| self.numbered(row)))
    }
}

impl StagedRows {
    pub(super) fn new(kind: Kind, reader: BlockReader, resolved: Arc<Vec<u64>>) -> StagedRows {
        StagedRows { kind, reader, resolved, records: 0, customers: 0 }
    }

    fn numbered(&mut self, mut row: StagedRow) -> StagedRow {
        settle(&mut row.fields, &self.resolved);
        if let Target::New { ordinal } = &mut row.target {
            self.records += 1;
            *ordinal = self.records;
        }
        if let CustomerRef::New { ordinal, .. } = &mut row.customer {
            *ordinal = self.customers;
            if let Some(id) = crate::domain::field::customer_of(self.kind) {
                let at = row.fields.partition_point(|(f, _)| *f < id);
                row.fields.insert(at, (id, Value::Ref(StagedRef::New(self.customers).raw())));
            }
        }
        row
    }
}

/// Puts what became of the waiting words into a row; links that lead nowhere go.
fn settle(fields: &mut Vec<(FieldId, Value)>, resolved: &[u64]) {
    let real = |raw: u64| match StagedRef::of(raw) {
        StagedRef::Pending(i) => resolved.get(i as usize).copied().unwrap_or(0),
        _ => raw,
    };
    if resolved.is_empty() {
        return;
    }
    fields.retain_mut(|(_, value)| match value {
        Value::Ref(raw) => {
            *raw = real(*raw);
            *raw != 0
        }
        Value::Refs(raws) => {
            raws.iter_mut().for_each(|r| *r = real(*r));
            raws.retain(|r| *r != 0);
            !raws.is_empty()
        }
        _ => true,
    });
}

const CONFIG: bincode::config::Configuration = bincode::config::standard();

pub(super) fn encode_row(row: &StagedRow, out: &mut Vec<u8>) -> Result<(), ImportError> {
    out.clear();
    bincode::serde::encode_into_std_write(row, out, CONFIG)
        .map(drop)
        .map_err(|e| ImportError::io("write a staged row", std::io::Error::other(e)))
}

pub(super) fn decode_row(bytes: &[u8]) -> Result<StagedRow, ImportError> {
    bincode::serde::decode_from_slice(bytes, CONFIG)
        .map(|(row, _)| row)
        .map_err(|e| ImportError::io("read a staged row", std::io::Error::other(e)))
}
