//! A page: the columns of 256 customers that follow each other. It is the unit of copying, so its size is bounded: texts
//! and numbers together stay under half a mebibyte whatever is put in, and a change copies only the columns it changes.

use super::bits::Bits;
use super::cell::{self, CELL_MAX};
use super::column::{Change, Col, Data, PAGE};
use super::keys::{self, KEYED};
use super::slots::{self, SLOTS, Slot};
use super::{Row, column::Text};
use crate::domain::{FieldId, Record, RecordId, Totals, Value, field, kind::Kind};
use std::sync::{Arc, OnceLock};

/// Bytes of text a page takes, all columns together (1 KiB a customer); what does not fit is cut in the column, the store
/// has the whole.
pub const TEXT_MAX: usize = PAGE * 1024;
/// Columns a page takes; custom fields beyond are read from the store.
pub const COLUMNS_MAX: usize = 96;

/// The columns of 256 customers.
#[derive(Debug, Clone, Default)]
pub struct Page {
    pub(crate) alive: Bits,
    pub(crate) cols: Vec<(FieldId, Arc<Col>)>,
    pub(crate) totals: [Option<Arc<Col>>; SLOTS],
    pub(crate) haystack: Option<Arc<Col>>,
    pub(crate) tags: Arc<Vec<(RecordId, Bits)>>,
    pub(crate) keys: Arc<[u32]>,
    /// Made from the haystacks when first asked for; new haystacks, new numbers.
    pub(crate) memo: OnceLock<Arc<[Memo]>>,
}

/// What a page remembers of a haystack for searching.
pub type Memo = [u64; 2];

/// One row to put, with its place in the page.
pub(crate) type Put = (u8, Row);

impl Page {
    /// The customers that exist.
    pub fn alive(&self) -> Bits {
        self.alive
    }

    /// The value of a field, if known.
    pub fn value(&self, row: u8, field: FieldId) -> Option<Value> {
        self.col(field).and_then(|c| c.value(row))
    }

    /// The text of a field; "" when unknown.
    pub fn text(&self, row: u8, field: FieldId) -> &str {
        self.col(field).map_or("", |c| c.text(row))
    }

    /// The bare number of a field (ten-thousandths, days, ids ...), if known.
    pub fn number(&self, row: u8, field: FieldId) -> Option<i64> {
        self.col(field).and_then(|c| c.number(row))
    }

    /// The bare number of a total: amounts in ten-thousandths, moments as milliseconds times four plus the precision (they
    /// order like moments); 0 = none.
    pub fn total(&self, row: u8, slot: Slot) -> i64 {
        self.totals[slot as usize].as_ref().and_then(|c| c.number(row)).unwrap_or(0)
    }

    /// The haystacks of the page: offsets by row into one run of bytes. Rows beyond the last offset have none.
    pub fn haystack(&self) -> Option<(&[u32], &[u8])> {
        match self.haystack.as_deref().map(|c| &c.data) {
            Some(Data::Text(Text { offsets, bytes, .. })) => Some((offsets, bytes)),
            _ => None,
        }
    }

    /// Two numbers per row, made from its haystack by `make` when first asked for and kept with the page: what a search
    /// filters by before it reads any text. There is one such pair, so there is one `make`: that of `search`.
    pub fn memo(&self, make: impl Fn(&[u8]) -> Memo) -> &[Memo] {
        self.memo.get_or_init(|| {
            let (offsets, bytes) = self.haystack().unwrap_or((&[], &[]));
            offsets.windows(2).map(|w| make(bytes.get(w[0] as usize..w[1] as usize).unwrap_or(&[]))).collect()
        })
    }

    /// All totals of a row.
    pub fn totals(&self, row: u8) -> Totals {
        let mut n = [0; SLOTS];
        for (n, col) in n.iter_mut().zip(&self.totals) {
            *n = col.as_ref().and_then(|c| c.number(row)).unwrap_or(0);
        }
        slots::totals(&n)
    }

    /// The tags of a row, ascending.
    pub fn tags(&self, row: u8) -> Vec<RecordId> {
        self.tags.iter().filter(|(_, rows)| rows.get(row)).map(|(tag, _)| *tag).collect()
    }

    /// The rows that carry a tag.
    pub fn tagged(&self, tag: RecordId) -> Bits {
        self.tags.binary_search_by_key(&tag, |(t, _)| *t).map_or(Bits::default(), |i| self.tags[i].1)
    }

    /// The record of a row as the columns know it.
    pub(crate) fn record(&self, row: u8, id: RecordId) -> Record {
        let fields = self.cols.iter().filter_map(|(f, c)| Some((*f, c.value(row)?))).collect();
        Record { kind: Kind::Customer, id, fields }
    }

    fn col(&self, field: FieldId) -> Option<&Col> {
        self.cols.binary_search_by_key(&field, |(f, _)| *f).ok().map(|i| &*self.cols[i].1)
    }

    /// The page with rows put; says how many bytes were copied. Rows ascend, each at most once.
    pub(crate) fn with(&self, rows: &mut [Put]) -> (Page, u64) {
        self.fit(rows);
        let rows = &*rows;
        let mut page = self.clone();
        let mut copied = page.frame_size();
        for (row, put) in rows {
            page.alive.set(*row, put.record.is_some());
        }
        let mut keyed = Bits::default();
        for field in fields_of(self, rows) {
            copied += page.put_field(field, rows, &mut keyed);
        }
        copied += page.put_totals(rows) + page.put_haystack(rows) + page.put_tags(rows) + page.put_keys(rows, keyed);
        (page, copied)
    }

    fn put_field(&mut self, field: FieldId, rows: &[Put], keyed: &mut Bits) -> u64 {
        let at = self.cols.binary_search_by_key(&field, |(f, _)| *f);
        let old = at.ok().map(|i| self.cols[i].1.clone());
        let mut changes: Vec<Change<'_>> = Vec::new();
        for (row, put) in rows {
            let v = put.record.as_ref().and_then(|r| r.get(field));
            if !old.as_ref().map_or(v.is_none(), |c| c.holds(*row, v)) {
                changes.push((*row, v));
            }
        }
        if changes.is_empty() {
            return 0;
        }
        if KEYED.iter().any(|(f, _)| *f == field) {
            changes.iter().for_each(|(row, _)| keyed.set(*row, true));
        }
        let col = match &old {
            Some(col) => col.with(&changes),
            None => Col::build(&changes.iter().filter_map(|(r, v)| Some((*r, (*v)?))).collect::<Vec<_>>()),
        };
        let size = col.as_ref().map_or(0, Col::size);
        match (at, col) {
            (Ok(i), Some(col)) => self.cols[i].1 = Arc::new(col),
            (Ok(i), None) => {
                self.cols.remove(i);
            }
            (Err(i), Some(col)) if self.cols.len() < COLUMNS_MAX => self.cols.insert(i, (field, Arc::new(col))),
            _ => {}
        }
        size
    }

    fn put_totals(&mut self, rows: &[Put]) -> u64 {
        let wanted: Vec<(u8, [i64; SLOTS])> =
            rows.iter().map(|(row, put)| (*row, if put.record.is_some() { slots::numbers(&put.totals) } else { [0; SLOTS] })).collect();
        self.set_totals(&wanted)
    }

    /// The page with other totals for rows that exist; says how many bytes were copied.
    pub(crate) fn with_totals(&self, rows: &[(u8, Totals)]) -> (Page, u64) {
        let mut page = self.clone();
        let wanted: Vec<(u8, [i64; SLOTS])> =
            rows.iter().filter(|(row, _)| self.alive.get(*row)).map(|(row, t)| (*row, slots::numbers(t))).collect();
        let copied = page.frame_size() + page.set_totals(&wanted);
        (page, copied)
    }

    fn set_totals(&mut self, wanted: &[(u8, [i64; SLOTS])]) -> u64 {
        let mut copied = 0;
        for (slot, held) in self.totals.iter_mut().enumerate() {
            let old = |row: u8| held.as_ref().and_then(|c| c.number(row)).unwrap_or(0);
            if wanted.iter().all(|(row, n)| old(*row) == n[slot]) {
                continue;
            }
            let mut known = held.as_ref().map_or(Bits::default(), |c| c.known);
            let mut values = [0i64; PAGE];
            known.iter().for_each(|row| values[usize::from(row)] = old(row));
            for (row, n) in wanted {
                values[usize::from(*row)] = n[slot];
                known.set(*row, n[slot] != 0);
            }
            let col = Col::numbers(slots::type_of(slot), known, &values);
            copied += col.as_ref().map_or(0, Col::size);
            *held = col.map(Arc::new);
        }
        copied
    }

    fn put_haystack(&mut self, rows: &[Put]) -> u64 {
        let old = |row: u8| self.haystack.as_ref().map_or("", |c| c.text(row));
        let new = |put: &'_ Put| if put.1.record.is_some() { cell::cut(&put.1.haystack, CELL_MAX).len() } else { 0 };
        if rows.iter().all(|put| old(put.0) == &put.1.haystack[..new(put)]) {
            return 0;
        }
        let last = self.alive.iter().last().map_or(0, |r| usize::from(r) + 1);
        let mut cells: Vec<&[u8]> = (0..last).map(|r| old(r as u8).as_bytes()).collect();
        for put in rows {
            if let Some(cell) = cells.get_mut(usize::from(put.0)) {
                *cell = &put.1.haystack.as_bytes()[..new(put)];
            }
        }
        let mut known = Bits::default();
        cells.iter().enumerate().filter(|(_, c)| !c.is_empty()).for_each(|(r, _)| known.set(r as u8, true));
        let col = Col::plain(known, &cells);
        let size = col.as_ref().map_or(0, Col::size);
        self.memo = OnceLock::new();
        self.haystack = col.map(Arc::new);
        size
    }

    fn put_tags(&mut self, rows: &[Put]) -> u64 {
        let carried = |put: &'_ Row| -> Vec<RecordId> {
            let mut tags = if put.record.is_some() { put.tags.clone() } else { Vec::new() };
            tags.sort_unstable();
            tags.dedup();
            tags
        };
        let wanted: Vec<(u8, Vec<RecordId>)> = rows.iter().map(|(row, put)| (*row, carried(put))).collect();
        if wanted.iter().all(|(row, tags)| self.tags(*row) == *tags) {
            return 0;
        }
        let mut all: Vec<(RecordId, Bits)> = (*self.tags).clone();
        for (row, tags) in &wanted {
            all.iter_mut().for_each(|(tag, rows)| rows.set(*row, tags.binary_search(tag).is_ok()));
            for tag in tags {
                if let Err(i) = all.binary_search_by_key(tag, |(t, _)| *t) {
                    let mut bits = Bits::default();
                    bits.set(*row, true);
                    all.insert(i, (*tag, bits));
                }
            }
        }
        all.retain(|(_, rows)| !rows.is_empty());
        all.shrink_to_fit();
        let size = (all.len() * size_of::<(RecordId, Bits)>()) as u64;
        self.tags = Arc::new(all);
        size
    }

    fn put_keys(&mut self, rows: &[Put], keyed: Bits) -> u64 {
        if keyed.is_empty() {
            return 0;
        }
        let mut all: Vec<u32> = self.keys.iter().copied().filter(|k| !keyed.get(*k as u8)).collect();
        for (row, put) in rows.iter().filter(|(row, _)| keyed.get(*row)) {
            for (field, key) in KEYED {
                if let Some(value) = put.record.as_ref().and_then(|r| r.get(field)) {
                    keys::add(key, *row, value, &mut all);
                }
            }
        }
        all.sort_unstable();
        all.dedup();
        let size = (all.len() * 4) as u64;
        self.keys = all.into();
        size
    }

    /// Cuts the texts of rows that would take the page over its bound.
    fn fit(&self, rows: &mut [Put]) {
        let held: usize = self.cols.iter().map(|(_, c)| c).chain(self.haystack.iter()).map(|c| c.text_size()).sum();
        let mut left = TEXT_MAX.saturating_sub(held);
        for (row, put) in rows {
            left += self.row_text(*row);
            let size = row_size(put);
            if size > left {
                shrink(put, left);
            }
            left = left.saturating_sub(size);
        }
    }

    /// Bytes that go free when the row is replaced.
    fn row_text(&self, row: u8) -> usize {
        let cells = self.cols.iter().map(|(_, c)| c).chain(self.haystack.iter());
        cells
            .map(|c| match &c.data {
                Data::Text(t) if c.known.get(row) => t.at(row).len(),
                _ => 0,
            })
            .sum()
    }

    /// Bytes of the page itself, without what its columns share with other versions.
    pub(crate) fn frame_size(&self) -> u64 {
        (size_of::<Page>() + self.cols.len() * size_of::<(FieldId, Arc<Col>)>()) as u64
    }
}

/// The fields that may change: those the page has and those the rows bring; never the unbounded notes.
fn fields_of(page: &Page, rows: &[Put]) -> Vec<FieldId> {
    let mut fields: Vec<FieldId> = page.cols.iter().map(|(f, _)| *f).collect();
    for record in rows.iter().filter_map(|(_, put)| put.record.as_ref()) {
        for (field, _) in &record.fields {
            // Rows of one import mostly bring the same fields, so this rarely inserts.
            if let Err(i) = fields.binary_search(field)
                && has_column(*field)
            {
                fields.insert(i, *field);
            }
        }
    }
    fields
}

/// Does the field get a column? All but notes do.
pub fn has_column(field: FieldId) -> bool {
    !field::spec(field).is_some_and(|s| s.ty == field::FieldType::Note)
}

fn text_len(value: &Value) -> usize {
    match value {
        Value::Text(t) => t.len().min(CELL_MAX),
        Value::Texts(list) => list.iter().map(|t| t.len() + 2).sum::<usize>().min(CELL_MAX),
        Value::Codes(list) => (list.len() * 5 + 1).min(CELL_MAX),
        Value::Refs(list) => (list.len() * 10 + 1).min(CELL_MAX),
        Value::Consents(list) => (list.len() * 11 + 1).min(CELL_MAX),
        Value::Lines(_) | Value::Props(_) => CELL_MAX,
        // Numbers are counted too: one of another type than its column's makes the column a packed one.
        _ => 12,
    }
}

fn row_size(put: &Row) -> usize {
    let fields = put.record.iter().flat_map(|r| &r.fields).filter(|(f, _)| has_column(*f));
    fields.map(|(_, v)| text_len(v)).sum::<usize>() + put.haystack.len().min(CELL_MAX)
}

fn shrink(put: &mut Row, mut left: usize) {
    for (field, value) in put.record.iter_mut().flat_map(|r| &mut r.fields) {
        if !has_column(*field) {
            continue;
        }
        if text_len(value) > left {
            match value {
                Value::Text(t) => *t = cell::cut(t, left).to_string(),
                Value::Texts(list) => list.clear(),
                Value::Codes(list) => list.clear(),
                Value::Refs(list) => list.clear(),
                Value::Consents(list) => list.clear(),
                Value::Lines(list) => list.clear(),
                Value::Props(list) => list.clear(),
                _ => {}
            }
        }
        left = left.saturating_sub(text_len(value));
    }
    put.haystack = cell::cut(&put.haystack, left).to_string();
}
