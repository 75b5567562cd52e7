//! A record: a kind, an id, and its fields in ascending order. Every typed noun is a view over one of these.

use super::{CustomerId, FieldId, Home, Kind, Moment, RecordId, Value, field};
use serde::{Deserialize, Serialize};

/// One record of the book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// What it is.
    pub kind: Kind,
    /// Its number within the kind.
    pub id: RecordId,
    /// Its known fields, ascending by field, each at most once.
    pub fields: Vec<(FieldId, Value)>,
}

impl Record {
    /// A record without fields.
    pub fn new(kind: Kind, id: RecordId) -> Record {
        Record { kind, id, fields: Vec::new() }
    }

    /// With one more field; for building.
    #[must_use]
    pub fn with(mut self, field: FieldId, value: Value) -> Record {
        self.set(field, Some(value));
        self
    }

    /// The value of a field, if known.
    pub fn get(&self, field: FieldId) -> Option<&Value> {
        self.fields.binary_search_by_key(&field, |(f, _)| *f).ok().map(|i| &self.fields[i].1)
    }

    /// Sets a field, or makes it unknown with `None`; gives back what was there.
    pub fn set(&mut self, field: FieldId, value: Option<Value>) -> Option<Value> {
        match (self.fields.binary_search_by_key(&field, |(f, _)| *f), value) {
            (Ok(i), Some(v)) => Some(std::mem::replace(&mut self.fields[i].1, v)),
            (Ok(i), None) => Some(self.fields.remove(i).1),
            (Err(i), Some(v)) => {
                self.fields.insert(i, (field, v));
                None
            }
            (Err(_), None) => None,
        }
    }

    /// A text field, or "".
    pub fn text(&self, field: FieldId) -> &str {
        self.get(field).and_then(Value::text).unwrap_or("")
    }

    /// The first of a field's texts (the main phone, the main e-mail), or "".
    pub fn first(&self, field: FieldId) -> &str {
        self.get(field).and_then(|v| v.texts().first()).map_or("", String::as_str)
    }

    /// The record's own number as people write it (customer number, order number ...); "" for kinds without one.
    pub fn number(&self) -> &str {
        field::number_of(self.kind).map_or("", |f| self.text(f))
    }

    /// The customer a row hangs on; 0 for none, and for records that are no rows.
    pub fn customer(&self) -> CustomerId {
        field::customer_of(self.kind)
            .and_then(|f| self.get(f))
            .and_then(Value::reference)
            .and_then(|id| CustomerId::try_from(id).ok())
            .unwrap_or(0)
    }

    /// The moment that places a row on the timeline; the epoch when it has none.
    pub fn moment(&self) -> Moment {
        field::moment_of(self.kind)
            .and_then(|f| self.get(f))
            .and_then(|v| match v {
                Value::Moment(m) => Some(*m),
                // Day-only fields (a contract's start, a task's day) sort as UTC midnight of that day.
                Value::Day(d) => Some(Moment { ms: i64::from(d.0) * 86_400_000, precision: super::Precision::Day }),
                _ => None,
            })
            .unwrap_or(Moment { ms: 0, precision: super::Precision::Day })
    }

    /// Where the row lives: its customer and moment.
    pub fn home(&self) -> Home {
        Home { customer: self.customer(), at: self.moment().ms }
    }
}
