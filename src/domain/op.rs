//! How records change: operations at field level, each carrying what was there before, so that it can be undone.
//! The order of the variants is the stored format: never reorder, only add at the end.

use super::{CustomerId, FieldId, Kind, Record, RecordId, RowSet, Seq, Value};
use serde::{Deserialize, Serialize};

/// Where a row lives: the customer it hangs on (0 for none) and the moment that places it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Home {
    /// The customer; 0 when there is none.
    pub customer: CustomerId,
    /// UTC milliseconds.
    pub at: i64,
}

/// One change of one record (or of one mark on many customers). Applying an operation twice is harmless.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Op {
    /// A record comes to be.
    New(Record),
    /// A field gets another value. `home` is where the row lived *before*; zero for records that are no rows.
    Set {
        /// Kind of the record.
        kind: Kind,
        /// Its id.
        id: RecordId,
        /// Where the row lived before this operation.
        home: Home,
        /// The field.
        field: FieldId,
        /// Its value before; `None` was unknown.
        before: Option<Value>,
        /// Its value after; `None` becomes unknown.
        after: Option<Value>,
    },
    /// A record goes (an undone creation); the whole record is kept here.
    Gone(Record),
    /// Customers gain or lose a tag; `rows` are those that really changed.
    Mark {
        /// The tag's id.
        tag: RecordId,
        /// Gain (true) or lose (false).
        on: bool,
        /// Who changed.
        rows: RowSet,
    },
}

impl Op {
    /// The operation that takes this one back.
    #[must_use]
    pub fn inverse(&self) -> Op {
        match self {
            Op::New(record) => Op::Gone(record.clone()),
            Op::Gone(record) => Op::New(record.clone()),
            Op::Mark { tag, on, rows } => Op::Mark { tag: *tag, on: !on, rows: rows.clone() },
            Op::Set { kind, id, home, field, before, after } => {
                let home = home_after(*kind, *home, *field, after.as_ref());
                Op::Set { kind: *kind, id: *id, home, field: *field, before: after.clone(), after: before.clone() }
            }
        }
    }

    /// The customer whose card this touches; `None` for reference records, rows of nobody and marks on many.
    pub fn customer(&self) -> Option<CustomerId> {
        let id = match self {
            Op::New(r) | Op::Gone(r) if r.kind == Kind::Customer => CustomerId::try_from(r.id).unwrap_or(0),
            Op::New(r) | Op::Gone(r) => r.customer(),
            Op::Set { kind: Kind::Customer, id, .. } => CustomerId::try_from(*id).unwrap_or(0),
            Op::Set { home, .. } => home.customer,
            Op::Mark { .. } => 0,
        };
        (id != 0).then_some(id)
    }
}

/// Where a row lives once `field` has become `after`.
pub fn home_after(kind: Kind, home: Home, field: FieldId, after: Option<&Value>) -> Home {
    let mut probe = Record::new(kind, 0);
    probe.set(field, after.cloned());
    let mut home = home;
    if super::field::moment_of(kind) == Some(field) {
        home.at = probe.moment().ms;
    }
    if super::field::customer_of(kind) == Some(field) {
        home.customer = probe.customer();
    }
    home
}

/// What one commit changed; every open session hears it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeSet {
    /// The journal's number of the commit.
    pub seq: Seq,
    /// The operations, in order.
    pub ops: Vec<Op>,
}
