//! Which changes must wait while a committed batch is being applied. The journal has them after the batch, and so must the
//! store: what the batch has yet to write would overtake them.

use crate::domain::{CustomerId, Kind, Op, RecordId, RowSet, Value, field};
use std::collections::HashSet;

/// What a committed batch has still to do.
#[derive(Debug, Default)]
pub struct Pending {
    /// Customers it touches.
    rows: RowSet,
    /// Those that must wait for its very end: it comes back to them, or a row of theirs moves.
    late: RowSet,
    /// Tags it gives or takes (all at its end), and small records it makes or changes.
    small: HashSet<(Kind, RecordId)>,
    /// The customer that came last.
    last: CustomerId,
    /// Everything up to this customer is in.
    reached: CustomerId,
}

impl Pending {
    /// Takes in an operation of the batch, in the batch's order.
    pub fn take(&mut self, op: &Op) {
        match op {
            Op::Mark { tag, .. } => self.small.insert((Kind::Tag, *tag)),
            Op::New(r) | Op::Gone(r) if r.kind.is_reference() => self.small.insert((r.kind, r.id)),
            Op::Set { kind, id, .. } if kind.is_reference() => self.small.insert((*kind, *id)),
            _ => false,
        };
        let Some(customer) = op.customer() else { return };
        self.rows.insert(customer);
        if customer < self.last {
            self.late.insert(customer);
        }
        self.last = self.last.max(customer);
        if let Some(to) = moves_to(op) {
            self.late.insert(customer);
            self.late.insert(to);
        }
    }

    /// The batch is in up to and including this customer.
    pub fn reached(&mut self, customer: CustomerId) {
        self.reached = self.reached.max(customer);
    }

    /// Must these operations of a colleague wait?
    pub fn meets(&self, ops: &[Op]) -> bool {
        ops.iter().any(|op| match op {
            Op::Mark { tag, rows, .. } => {
                self.small.contains(&(Kind::Tag, *tag))
                    || !rows.bitmap().is_disjoint(self.late.bitmap())
                    || rows.iter().any(|c| self.comes_to(c))
            }
            Op::New(r) | Op::Gone(r) if r.kind.is_reference() => self.small.contains(&(r.kind, r.id)),
            Op::Set { kind, id, .. } if kind.is_reference() => self.small.contains(&(*kind, *id)),
            op => super::change::touched(std::slice::from_ref(op)).into_iter().any(|c| {
                // Record numbers are written at the end: a row that changes its place or goes would leave a false one.
                let numbered = !matches!(op, Op::New(_)) && kind_of(op).is_some_and(|k| k.is_row() && field::number_of(k).is_some());
                self.comes_to(c) || self.late.contains(c) || (numbered && self.rows.contains(c))
            }),
        })
    }

    fn comes_to(&self, customer: CustomerId) -> bool {
        customer > self.reached && self.rows.contains(customer)
    }
}

fn kind_of(op: &Op) -> Option<Kind> {
    match op {
        Op::New(r) | Op::Gone(r) => Some(r.kind),
        Op::Set { kind, .. } => Some(*kind),
        Op::Mark { .. } => None,
    }
}

/// The customer that a row goes to by this operation.
fn moves_to(op: &Op) -> Option<CustomerId> {
    match op {
        Op::Set { kind, field: f, after, .. } if field::customer_of(*kind) == Some(*f) => {
            Some(after.as_ref().and_then(Value::reference).and_then(|id| CustomerId::try_from(id).ok()).unwrap_or(0))
        }
        _ => None,
    }
}
