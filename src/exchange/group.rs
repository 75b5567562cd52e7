//! The rows of one number become one record: lines of an order are put together, later rows of a number update the earlier
//! one; then the book is asked once whether it has that number. What comes out is sorted for the writer.

use super::look::Look;
use super::plan::get;
use super::refuse::{Refusals, Why};
use super::replay::encode_row;
use super::sort::Sorter;
use super::staged::{BookView, CustomerRef, ImportError, OnMatch, StagedRow, StagedTotals, Target};
use crate::domain::field::{self, FieldType};
use crate::domain::{FieldId, Home, Kind, Money, Value, fold::fold, phone};

/// An order of more lines is refused: it would not fit into one frame of the journal.
const LINES: usize = 5_000;

/// How records of the imported kind are told apart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keys {
    pub kind: Kind,
    pub key: Option<(FieldId, FieldType)>,
    pub on_match: OnMatch,
}

impl Keys {
    /// True when rows of one number belong together.
    pub fn grouped(&self) -> bool {
        match self.kind {
            Kind::Order => true,
            _ if self.on_match == OnMatch::Add => false,
            kind => self.key.is_some() || kind.is_reference() || field::number_of(kind).is_some(),
        }
    }

    /// The text that tells a record apart; `None` when it has none.
    pub fn text<'r>(&self, fields: &'r [(FieldId, Value)]) -> Option<&'r str> {
        let texts = |id: FieldId| get(fields, id).and_then(|v| v.texts().first()).map(String::as_str);
        match self.kind {
            Kind::Customer => self.key.and_then(|(id, _)| texts(id)),
            Kind::Product => texts(field::P_SKU).or_else(|| texts(field::P_NAME)),
            kind => field::number_of(kind).or_else(|| field::name_of(kind)).and_then(texts),
        }
    }

    /// The sort key of a row before grouping: its key text, then its line.
    pub fn sort_key(&self, text: Option<&str>, line: u64, out: &mut Vec<u8>) {
        out.clear();
        match text {
            Some(t) if matches!(self.key, Some((_, FieldType::Phones))) && !phone::key(t).is_empty() => {
                out.extend_from_slice(phone::key(t).as_bytes())
            }
            Some(t) => fold_into(t, out),
            // No text begins with this byte: rows without a key stand alone.
            None => {
                out.push(0xFF);
                out.extend_from_slice(&line.to_be_bytes());
            }
        }
        out.push(0);
        out.extend_from_slice(&line.to_be_bytes());
    }

    fn target(&self, book: &dyn BookView, look: &Look<'_>, fields: &[(FieldId, Value)]) -> Result<Option<Target>, u64> {
        let Some(text) = self.text(fields).filter(|_| self.on_match != OnMatch::Add) else { return Ok(None) };
        let found: Vec<(u64, Home)> = match self.kind {
            Kind::Customer => {
                let ids = match self.key {
                    Some((field::C_NUMBER, _)) => book.customers_by_number(text),
                    Some((field::C_NAME, _)) => book.customers_by_name(&fold(text)),
                    Some((id, _)) => book.customers_by(id, text),
                    None => Vec::new(),
                };
                ids.into_iter().map(|id| (u64::from(id), Home::default())).collect()
            }
            kind if kind.is_reference() => {
                look.in_book(kind, text, 0).map_err(|_| 2u64)?.into_iter().map(|id| (id, Home::default())).collect()
            }
            kind if book.has_numbers(kind) => book.numbered(kind, text),
            _ => Vec::new(),
        };
        match found.as_slice() {
            [] => Ok(None),
            [(id, home)] => Ok(Some(Target::Existing { id: *id, home: *home })),
            several => Err(several.len() as u64),
        }
    }
}

fn fold_into(text: &str, out: &mut Vec<u8>) {
    if text.is_ascii() && !text.contains(char::is_whitespace) {
        out.extend(text.bytes().map(|b| b.to_ascii_lowercase()));
    } else {
        out.extend_from_slice(fold(text).as_bytes());
    }
}

/// The rows of one key that have come so far.
#[derive(Default)]
pub(super) struct Group {
    key: Vec<u8>,
    row: Option<StagedRow>,
    lines: Vec<u64>,
    bad: Option<(Why, u64)>,
    updated: u64,
    unchanged: u64,
}

impl Group {
    /// True when a sort key belongs to this group.
    pub fn holds(&self, key: &[u8]) -> bool {
        key.get(..key.len().saturating_sub(9)) == Some(&self.key)
    }

    /// Begins a new group with that sort key.
    pub fn begin(&mut self, key: &[u8]) {
        *self = Group { key: key.get(..key.len().saturating_sub(9)).unwrap_or_default().to_vec(), ..Group::default() };
    }

    /// Takes a row; one that stands for no rows is the mark of a refused one.
    pub fn add(&mut self, kind: Kind, row: StagedRow) {
        if row.rows == 0 {
            self.bad.get_or_insert((Why::Companion, row.line));
            return;
        }
        self.lines.push(row.line);
        let Some(first) = &mut self.row else {
            self.row = Some(row);
            return;
        };
        if kind == Kind::Order {
            if first.customer != row.customer {
                self.bad.get_or_insert((Why::Customers, row.line));
            }
            if self.lines.len() > LINES {
                self.bad.get_or_insert((Why::TooLarge, row.line));
                return;
            }
            first.rows += 1;
            join_order(first, row);
        } else if overlay(kind, first, row) {
            self.updated += 1;
        } else {
            self.unchanged += 1;
        }
    }
}

/// Another line of the same order; what its first row leaves open is taken from the others.
fn join_order(first: &mut StagedRow, row: StagedRow) {
    for (id, value) in row.fields {
        match first.fields.binary_search_by_key(&id, |(f, _)| *f) {
            Ok(i) => {
                if let (Some((_, Value::Lines(have))), Value::Lines(more)) = (first.fields.get_mut(i), value) {
                    have.extend(more);
                }
            }
            Err(i) => first.fields.insert(i, (id, value)),
        }
    }
}

/// A later row of the same number over the earlier one; true when anything changed.
fn overlay(kind: Kind, first: &mut StagedRow, row: StagedRow) -> bool {
    let mut changed = row.customer != CustomerRef::None && row.customer != first.customer;
    if changed {
        first.customer = row.customer;
    }
    for (id, value) in row.fields {
        match first.fields.binary_search_by_key(&id, |(f, _)| *f) {
            // One number in two spellings is no change.
            Ok(_) if Some(id) == field::number_of(kind) => {}
            Ok(i) => {
                if let Some((_, have)) = first.fields.get_mut(i)
                    && *have != value
                {
                    *have = value;
                    changed = true;
                }
            }
            Err(i) => {
                first.fields.insert(i, (id, value));
                changed = true;
            }
        }
    }
    for tag in row.tags {
        if !first.tags.contains(&tag) {
            first.tags.push(tag);
            changed = true;
        }
    }
    changed
}

/// Hands records over, sorted for the writer.
pub(super) struct Handover {
    pub keys: Keys,
    pub sorter: Sorter,
    pub totals: StagedTotals,
    key: Vec<u8>,
    payload: Vec<u8>,
}

impl Handover {
    /// Hands over into a sorter.
    pub fn new(keys: Keys, sorter: Sorter) -> Handover {
        Handover { keys, sorter, totals: StagedTotals::default(), key: Vec::new(), payload: Vec::new() }
    }

    /// Closes a group: one record, or the refusal of all its rows.
    pub fn close(&mut self, look: &Look<'_>, group: &mut Group, refusals: &mut Refusals) -> Result<(), ImportError> {
        let Some(mut row) = group.row.take() else { return Ok(()) };
        if group.bad.is_none() && !sum_up(&mut row) {
            group.bad = Some((Why::TooLarge, row.line));
        }
        let target = match group.bad {
            Some(bad) => Err(bad),
            None => self.keys.target(look.book, look, &row.fields).map_err(|n| (Why::Several, n)),
        };
        match target {
            Err((why, other)) => group.lines.iter().try_for_each(|line| refusals.late(*line, why, other)),
            Ok(found) => {
                self.totals.repeated_updated += group.updated;
                self.totals.repeated_unchanged += group.unchanged;
                row.target = found.unwrap_or(Target::New { ordinal: 0 });
                self.hand_over(&row)
            }
        }
    }

    /// One record to the writer.
    pub fn hand_over(&mut self, row: &StagedRow) -> Result<(), ImportError> {
        self.totals.handed_over += u64::from(row.rows);
        self.totals.records += 1;
        self.totals.new_records += u32::from(matches!(row.target, Target::New { .. }));
        order_key(self.keys.kind, row, &mut self.key);
        encode_row(row, &mut self.payload)?;
        self.sorter.push(&self.key, &self.payload).map_err(|e| ImportError::io("write the staged rows", e))
    }
}

/// The amount of an order is the sum of its lines; false when it does not fit.
fn sum_up(row: &mut StagedRow) -> bool {
    let Some(i) = row.fields.iter().position(|(f, _)| *f == field::O_LINES) else { return true };
    let lines = row.fields.get(i).map_or(&[][..], |(_, v)| v.lines());
    let Ok(sum) = i64::try_from(lines.iter().map(|l| i128::from(l.amount.0)).sum::<i128>()) else { return false };
    match row.fields.binary_search_by_key(&field::O_AMOUNT, |(f, _)| *f) {
        Ok(at) => {
            if let Some((_, v)) = row.fields.get_mut(at) {
                *v = Value::Money(Money(sum));
            }
        }
        Err(at) => row.fields.insert(at, (field::O_AMOUNT, Value::Money(Money(sum)))),
    }
    true
}

/// The first byte of a sort key whose row hangs on a customer to be made; the customer's word follows, ended by zero.
pub(super) const TO_BE_MADE: u8 = 2;

/// Customers of the book by id, then new ones by line; rows by customer, moment, number, line; the rest by line.
fn order_key(kind: Kind, row: &StagedRow, out: &mut Vec<u8>) {
    out.clear();
    if kind.is_row() {
        match &row.customer {
            CustomerRef::None => out.push(0),
            CustomerRef::Existing(id) => {
                out.push(1);
                out.extend_from_slice(&id.to_be_bytes());
            }
            CustomerRef::New { word, .. } => {
                out.push(TO_BE_MADE);
                fold_into(word, out);
                out.push(0);
            }
        }
        out.extend_from_slice(&(moment(kind, &row.fields) as u64 ^ (1 << 63)).to_be_bytes());
        fold_into(&row.number, out);
        out.push(0);
    } else if let (Kind::Customer, Target::Existing { id, .. }) = (kind, row.target) {
        out.push(0);
        out.extend_from_slice(&id.to_be_bytes());
    } else {
        out.push(1);
    }
    out.extend_from_slice(&row.line.to_be_bytes());
}

fn moment(kind: Kind, fields: &[(FieldId, Value)]) -> i64 {
    match field::moment_of(kind).and_then(|f| get(fields, f)) {
        Some(Value::Moment(m)) => m.ms,
        Some(Value::Day(d)) => i64::from(d.0) * 86_400_000,
        _ => 0,
    }
}
