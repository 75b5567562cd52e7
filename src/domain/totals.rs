//! What follows from a customer's rows alone: counts, sums, first and last order, last contact, next step. These are the
//! derived columns that lists show; they are made here so that a write, an import and a rebuild agree to the letter.

use super::{Kind, Moment, Money, Precision, Record, Value, field, preset::code};

/// The derived totals of one customer. Valid orders are those not cancelled; refunds (negative amounts) are netted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Valid orders with a positive amount.
    pub orders: u32,
    /// Sum of valid orders, refunds netted.
    pub ordered: Money,
    /// First valid order.
    pub first_order: Option<Moment>,
    /// Last valid order.
    pub last_order: Option<Moment>,
    /// Received: payments, and orders marked paid for what their payments do not cover.
    pub paid: Money,
    /// Follow-ups, either direction.
    pub interactions: u32,
    /// The last contact, either direction.
    pub last_contact: Option<Moment>,
    /// The channel code of the last contact; 0 when unknown.
    pub last_channel: u32,
    /// The outcome code of the last contact; 0 when unknown.
    pub last_outcome: u32,
    /// The next step: what was promised last and not yet kept, or the earliest open task, whichever is sooner.
    pub next_at: Option<Moment>,
    /// Deals neither won nor lost nor invalid.
    pub open_deals: u32,
    /// Their amounts.
    pub open_deal_amount: Money,
    /// Tickets without a closing moment.
    pub open_tickets: u32,
    /// Tasks not done.
    pub open_tasks: u32,
    /// Stored value left (ledger rows of the balance account).
    pub balance: Money,
    /// Points left.
    pub points: Money,
}

impl Totals {
    /// What is ordered and not yet received; never below zero.
    pub fn owed(&self) -> Money {
        Money((self.ordered.0 - self.paid.0).max(0))
    }

    /// The totals of one customer's rows, in any order.
    pub fn of<'a>(rows: impl IntoIterator<Item = &'a Record>) -> Totals {
        let mut sums = Sums::default();
        for row in rows {
            sums.add(row);
        }
        sums.finish()
    }
}

/// A contact so many milliseconds before the promised clock time keeps the promise.
const EARLY: i64 = 6 * 3_600_000;

#[derive(Default)]
struct Sums {
    t: Totals,
    ordered: i128,
    paid: i128,
    marked: Vec<(u64, i128)>,
    by_order: Vec<(u64, i128)>,
    deals: i128,
    balance: i128,
    points: i128,
    /// The latest contact that promised a next one, and what it promised.
    promised: Option<((i64, u64), Moment)>,
    last_key: (i64, u64),
    /// The latest contact in which somebody was reached.
    reached: Option<(i64, u64)>,
    task: Option<Moment>,
}

impl Sums {
    fn add(&mut self, row: &Record) {
        let money = |f| row.get(f).and_then(Value::money).unwrap_or_default();
        let known = |f| row.get(f).is_some();
        match row.kind {
            Kind::Order => self.order(row, money(field::O_AMOUNT)),
            Kind::Payment => {
                let amount = i128::from(money(field::Y_AMOUNT).0);
                let order = row.get(field::Y_ORDER).and_then(Value::reference).unwrap_or(0);
                self.paid += amount;
                self.by_order.push((order, amount));
            }
            Kind::Interaction => self.interaction(row),
            Kind::Task if !known(field::T_DONE) => {
                self.t.open_tasks += 1;
                if let Some(due) = row.get(field::T_DUE).and_then(Value::moment) {
                    self.task = Some(self.task.map_or(due, |t| t.min(due)));
                }
            }
            Kind::Deal => {
                let outcome = row.get(field::D_OUTCOME).and_then(Value::code).unwrap_or(code::DEAL_OUTCOME_OPEN);
                if outcome == code::DEAL_OUTCOME_OPEN {
                    self.t.open_deals += 1;
                    self.deals += i128::from(money(field::D_AMOUNT).0);
                }
            }
            Kind::Ticket if !known(field::Q_CLOSED) => self.t.open_tickets += 1,
            Kind::Ledger => {
                let account = row.get(field::L_ACCOUNT).and_then(Value::code).unwrap_or(code::ACCOUNT_BALANCE);
                let amount = i128::from(money(field::L_AMOUNT).0);
                match account {
                    code::ACCOUNT_BALANCE => self.balance += amount,
                    code::ACCOUNT_POINTS => self.points += amount,
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn order(&mut self, row: &Record, amount: Money) {
        if row.get(field::O_STATUS).and_then(Value::code) == Some(code::ORDER_STATUS_CANCELLED) {
            return;
        }
        self.ordered += i128::from(amount.0);
        if row.get(field::O_PAID).and_then(Value::bool) == Some(true) {
            self.marked.push((row.id, i128::from(amount.0)));
        }
        if amount.0 < 0 {
            return;
        }
        self.t.orders += 1;
        let at = row.moment();
        self.t.first_order = Some(self.t.first_order.map_or(at, |f| f.min(at)));
        self.t.last_order = Some(self.t.last_order.map_or(at, |l| l.max(at)));
    }

    fn interaction(&mut self, row: &Record) {
        self.t.interactions += 1;
        let at = row.moment();
        // Of two contacts at one moment the later recorded one speaks.
        if self.t.last_contact.is_none() || (at.ms, row.id) >= self.last_key {
            self.last_key = (at.ms, row.id);
            self.t.last_contact = Some(at);
            self.t.last_channel = row.get(field::I_CHANNEL).and_then(Value::code).unwrap_or(0);
            self.t.last_outcome = row.get(field::I_OUTCOME).and_then(Value::code).unwrap_or(0);
        }
        if row.get(field::I_OUTCOME).and_then(Value::code) != Some(code::OUTCOME_NO_ANSWER) {
            self.reached = self.reached.max(Some((at.ms, row.id)));
        }
        if let Some(next) = row.get(field::I_NEXT_AT).and_then(Value::moment)
            && self.promised.is_none_or(|(key, _)| (at.ms, row.id) >= key)
        {
            self.promised = Some(((at.ms, row.id), next));
        }
    }

    fn finish(mut self) -> Totals {
        self.by_order.sort_unstable();
        for (order, amount) in &self.marked {
            let from = self.by_order.partition_point(|(o, _)| o < order);
            let covered: i128 = self.by_order[from..].iter().take_while(|(o, _)| o == order).map(|(_, a)| a).sum();
            self.paid += (amount - covered).max(0);
        }
        let clamp = |v: i128| Money(i64::try_from(v).unwrap_or(if v < 0 { i64::MIN } else { i64::MAX }));
        self.t.ordered = clamp(self.ordered);
        self.t.paid = clamp(self.paid);
        self.t.open_deal_amount = clamp(self.deals);
        self.t.balance = clamp(self.balance);
        self.t.points = clamp(self.points);
        // A promise stands until its day comes and somebody is reached, or until a later contact promises anew: a call that
        // nobody answered does not cancel Thursday's meeting.
        let kept = |key: (i64, u64), next: Moment| {
            let early = if next.precision == Precision::Day { 0 } else { EARLY };
            self.reached.is_some_and(|reached| reached > key && reached.0 >= next.ms - early)
        };
        let promised = self.promised.filter(|(key, next)| !kept(*key, *next));
        self.t.next_at = match (promised.map(|(_, next)| next), self.task) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.t
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(id: u64, at: i64, next: Option<i64>) -> Record {
        let mut r = Record::new(Kind::Interaction, id).with(field::I_AT, Value::Moment(Moment::minute(at)));
        r.set(field::I_NEXT_AT, next.map(|n| Value::Moment(Moment::minute(n))));
        r
    }

    #[test]
    fn a_promise_stands_until_it_is_kept_or_a_later_one_is_made() {
        const DAY: i64 = 86_400_000;
        let next = |rows: &[Record]| Totals::of(rows).next_at.map(|m| m.ms / DAY);
        let promise = call(1, 0, Some(5 * DAY));
        assert_eq!(next(std::slice::from_ref(&promise)), Some(5));
        assert_eq!(next(&[promise.clone(), call(2, DAY, None)]), Some(5), "in touch before");
        let missed = call(2, 5 * DAY, None).with(field::I_OUTCOME, Value::Code(code::OUTCOME_NO_ANSWER));
        assert_eq!(next(&[promise.clone(), missed]), Some(5), "nobody answered");
        assert_eq!(next(&[promise.clone(), call(2, DAY, Some(9 * DAY))]), Some(9), "promised anew");
        assert_eq!(next(&[promise.clone(), call(2, 5 * DAY, None)]), None, "kept on the day");
        assert_eq!(next(&[promise, call(2, -DAY, None)]), Some(5), "entered afterwards, happened before");
    }
}
