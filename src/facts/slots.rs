//! The totals of a customer as numbers in columns of their own: one slot per member of [`Totals`]. A slot whose number
//! is zero (or unknown) takes no room.

use super::cell::{NumType, moment, number_of};
use crate::domain::{Money, Totals};

/// One member of [`Totals`]. Stored by number: never renumber, only add.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // The names are those of the members.
#[repr(u8)]
pub enum Slot {
    Orders = 0,
    Ordered = 1,
    FirstOrder = 2,
    LastOrder = 3,
    Paid = 4,
    Interactions = 5,
    LastContact = 6,
    LastChannel = 7,
    LastOutcome = 8,
    NextAt = 9,
    OpenDeals = 10,
    OpenDealAmount = 11,
    OpenTickets = 12,
    OpenTasks = 13,
    Balance = 14,
    Points = 15,
}

/// How many slots there are.
pub(crate) const SLOTS: usize = 16;

/// What the numbers of a slot are.
pub(crate) fn type_of(slot: usize) -> NumType {
    match slot {
        1 | 4 | 11 | 14 | 15 => NumType::Money,
        2 | 3 | 6 | 9 => NumType::Moment,
        7 | 8 => NumType::Code,
        _ => NumType::Int,
    }
}

/// The numbers of the slots, 0 for unknown: a moment with its precision is never 0 but at the epoch's own midnight, which
/// is kept as the smallest number instead.
pub(crate) fn numbers(t: &Totals) -> [i64; SLOTS] {
    let at = |m: Option<crate::domain::Moment>| match m.and_then(number_of) {
        Some(0) => i64::MIN,
        Some(n) => n,
        None => 0,
    };
    [
        i64::from(t.orders),
        t.ordered.0,
        at(t.first_order),
        at(t.last_order),
        t.paid.0,
        i64::from(t.interactions),
        at(t.last_contact),
        i64::from(t.last_channel),
        i64::from(t.last_outcome),
        at(t.next_at),
        i64::from(t.open_deals),
        t.open_deal_amount.0,
        i64::from(t.open_tickets),
        i64::from(t.open_tasks),
        t.balance.0,
        t.points.0,
    ]
}

/// The totals behind the numbers.
pub(crate) fn totals(n: &[i64; SLOTS]) -> Totals {
    let at = |n: i64| match n {
        0 => None,
        i64::MIN => Some(moment(0)),
        n => Some(moment(n)),
    };
    let count = |n: i64| u32::try_from(n).unwrap_or(0);
    Totals {
        orders: count(n[0]),
        ordered: Money(n[1]),
        first_order: at(n[2]),
        last_order: at(n[3]),
        paid: Money(n[4]),
        interactions: count(n[5]),
        last_contact: at(n[6]),
        last_channel: count(n[7]),
        last_outcome: count(n[8]),
        next_at: at(n[9]),
        open_deals: count(n[10]),
        open_deal_amount: Money(n[11]),
        open_tickets: count(n[12]),
        open_tasks: count(n[13]),
        balance: Money(n[14]),
        points: Money(n[15]),
    }
}
