//! A staged row against what the book has: a new record, changed fields, or nothing new.

use super::plan::Names;
use super::view::View;
use crate::domain::{CustomerId, FieldId, Home, Kind, Op, Record, RecordId, Value, field, op::home_after, value::Consent};
use crate::ops::request::Refusal;
use std::collections::HashMap;

/// The operations that make `record` say what `fields` say; empty when it does already.
pub fn changes(record: &Record, fields: Vec<(FieldId, Value)>) -> Vec<Op> {
    let mut ops = Vec::new();
    let mut home = record.home();
    for (f, wanted) in fields {
        let before = record.get(f).cloned();
        let after = keep_withdrawals(f, before.as_ref(), wanted);
        if before.as_ref() == Some(&after) {
            continue;
        }
        ops.push(Op::Set { kind: record.kind, id: record.id, home, field: f, before, after: Some(after.clone()) });
        home = home_after(record.kind, home, f, Some(&after));
    }
    ops
}

/// A withdrawn consent and a do-not-contact stay through every import; only a later opt-in gives consent again.
fn keep_withdrawals(f: FieldId, before: Option<&Value>, wanted: Value) -> Value {
    match (f, before, wanted) {
        (field::C_DNC, Some(Value::Codes(held)), Value::Codes(mut codes)) => {
            codes.extend(held);
            codes.sort_unstable();
            codes.dedup();
            Value::Codes(codes)
        }
        (field::C_CONSENT, Some(Value::Consents(held)), Value::Consents(wanted)) => Value::Consents(merge(held, &wanted)),
        (_, _, wanted) => wanted,
    }
}

fn merge(held: &[Consent], wanted: &[Consent]) -> Vec<Consent> {
    let mut out = held.to_vec();
    for new in wanted {
        match out.iter_mut().find(|c| c.channel == new.channel) {
            Some(old) if !old.given && new.given && new.since <= old.since => {}
            Some(old) => *old = *new,
            None => out.push(*new),
        }
    }
    out.sort_unstable_by_key(|c| c.channel);
    out
}

/// Rows without a number of their own, of any kind, are compared as a multiset per customer, so that a file imported twice
/// changes nothing.
pub struct Keyless {
    kind: Kind,
    /// The book has rows of this kind at all.
    any: bool,
    customer: CustomerId,
    held: HashMap<i64, Vec<Record>>,
}

impl Keyless {
    /// For rows of a kind.
    pub fn new(view: &View<'_>, kind: Kind) -> Keyless {
        let any = kind.is_row() && view.store.next_id(kind) > 1;
        Keyless { kind, any, customer: CustomerId::MAX, held: HashMap::new() }
    }

    /// Is there such a row already? It is then used up.
    pub fn has(&mut self, view: &View<'_>, row: &Record) -> Result<bool, Refusal> {
        if !self.any || !row.number().is_empty() {
            return Ok(false);
        }
        let home = row.home();
        if home.customer != self.customer {
            self.load(view, home.customer)?;
        }
        let Some(held) = self.held.get_mut(&home.at) else { return Ok(false) };
        let same = |old: &Record| row.fields.iter().all(|(f, v)| old.get(*f) == Some(v));
        match held.iter().position(same) {
            Some(at) => {
                held.swap_remove(at);
                Ok(true)
            }
            None => Ok(false),
        }
    }

    fn load(&mut self, view: &View<'_>, customer: CustomerId) -> Result<(), Refusal> {
        self.customer = customer;
        self.held.clear();
        for row in view.store.rows(customer).map_err(Refusal::store)? {
            if row.kind == self.kind && row.number().is_empty() {
                self.held.entry(row.moment().ms).or_default().push(row);
            }
        }
        Ok(())
    }
}

/// The record of the book that a staged row matches.
pub fn existing(view: &View<'_>, names: &Names, id: RecordId, home: Home) -> Result<Option<Record>, Refusal> {
    let found = match names.kind {
        Kind::Customer => view.store.customer(CustomerId::try_from(id).unwrap_or(0)),
        k if k.is_row() => view.store.row(k, id, home),
        k => view.store.reference(k, id),
    };
    found.map_err(Refusal::store)
}
