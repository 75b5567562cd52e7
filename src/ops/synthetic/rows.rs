//! The rows of every synthetic customer, in order of customer: how many each gets follows its activity, the totals are exact.

use super::{AHEAD, HISTORY, Synthetic, draw::Draw, draw::activity, people, words};
use crate::domain::preset::code;
use crate::domain::{CustomerId, Kind, Line, Moment, Money, Quantity, Record, RecordId, Value, field};

/// Purpose of the stream that makes rows.
const ROWS: u64 = 2;
/// The kinds that are asked for by number, with the customers of a hundred that have none.
const IDLE: [u64; 4] = [20, 15, 30, 85];

/// Shares a total out by weight without rounding error: after the last customer exactly the total is given.
#[derive(Debug)]
struct Share {
    total: u64,
    weights: u128,
    passed: u128,
    given: u64,
}

impl Share {
    /// The ids the customer with this weight gets: first (from 1) and how many.
    fn take(&mut self, weight: u64) -> (RecordId, u64) {
        self.passed += u128::from(weight);
        let until = (u128::from(self.total) * self.passed / self.weights.max(1)).min(u128::from(self.total));
        let until = u64::try_from(until).unwrap_or(self.total);
        let first = self.given;
        self.given = until;
        (first + 1, until - first)
    }
}

/// The rows, customer by customer; made by [`Synthetic::rows`].
#[derive(Debug)]
pub struct Rows<'a> {
    business: &'a Synthetic,
    shares: [Share; 4],
    next: CustomerId,
    payments: RecordId,
    visits: RecordId,
}

fn weight(seed: u64, respect: usize, id: CustomerId) -> u64 {
    let (of, id) = (respect as u64 + 1, u64::from(id));
    match activity(seed, of, id, IDLE.get(respect).copied().unwrap_or(0)) {
        0 => 0,
        own => own + activity(seed, 0, id, 0),
    }
}

impl<'a> Rows<'a> {
    pub(super) fn new(business: &'a Synthetic) -> Rows<'a> {
        let plan = business.plan;
        let shares = [plan.orders, plan.interactions, plan.events, plan.deals];
        let mut respect = 0;
        let shares = shares.map(|total| {
            let weights = (1..=plan.customers).map(|id| u128::from(weight(plan.seed, respect, id))).sum();
            respect += 1;
            Share { total, weights, passed: 0, given: 0 }
        });
        Rows { business, shares, next: 1, payments: 0, visits: 0 }
    }

    /// What this customer gets of each kind. When nobody is active in a respect, all goes to the last customer.
    fn portions(&mut self, id: CustomerId) -> [(RecordId, u64); 4] {
        let (seed, last) = (self.business.plan.seed, id == self.business.plan.customers);
        let mut respect = 0;
        self.shares.each_mut().map(|share| {
            let own = weight(seed, respect, id);
            respect += 1;
            let own = if share.weights == 0 && last { 1 } else { own };
            share.take(own)
        })
    }
}

impl Iterator for Rows<'_> {
    type Item = (CustomerId, Vec<Record>);

    fn next(&mut self) -> Option<Self::Item> {
        let id = self.next;
        if id == 0 || id > self.business.plan.customers {
            return None;
        }
        self.next = id.checked_add(1).unwrap_or(0);
        let [orders, interactions, events, deals] = self.portions(id);
        let count = orders.1 * 2 + interactions.1 + events.1 + deals.1 * 5;
        let mut made = Made {
            business: self.business,
            draw: Draw::new(self.business.plan.seed, ROWS, u64::from(id)),
            customer: Value::Ref(u64::from(id)),
            came: people::came(self.business, id),
            rows: Vec::with_capacity(usize::try_from(count).unwrap_or(0)),
        };
        self.payments = made.orders(orders, self.payments);
        made.interactions(interactions);
        made.events(events);
        self.visits = made.deals(deals, self.visits);
        Some((id, made.rows))
    }
}

/// The rows of one customer while they are made.
struct Made<'a> {
    business: &'a Synthetic,
    draw: Draw,
    customer: Value,
    came: u32,
    rows: Vec<Record>,
}

impl Made<'_> {
    /// So many minutes of the history, ascending, between the customer's first day and the last, by daylight.
    fn times(&mut self, count: u64) -> Vec<u32> {
        let span = HISTORY.unsigned_abs() - self.came + 1;
        let mut times: Vec<u32> = (0..count).map(|_| (self.came + self.draw.below(span)) * 1440 + 480 + self.draw.below(840)).collect();
        times.sort_unstable();
        times
    }

    fn moment(&self, minute: u32) -> Value {
        Value::Moment(self.at(minute))
    }

    fn at(&self, minute: u32) -> Moment {
        self.business.moment(minute / 1440, minute % 1440 / 60, minute % 60)
    }

    fn push(&mut self, kind: Kind, id: RecordId, fields: Vec<(crate::domain::FieldId, Value)>) {
        self.rows.push(Record { kind, id, fields });
    }

    fn orders(&mut self, (first, count): (RecordId, u64), mut payments: RecordId) -> RecordId {
        for (id, minute) in (first..).zip(self.times(count)) {
            let lines = self.lines();
            let amount = Money(lines.iter().map(|l| l.amount.0).sum());
            let status = match self.draw.below(50) {
                0 => code::ORDER_STATUS_CANCELLED,
                1 => code::ORDER_STATUS_REFUNDED,
                2 => code::ORDER_STATUS_OPEN,
                _ => code::ORDER_STATUS_DONE,
            };
            let paid = status == code::ORDER_STATUS_DONE && self.draw.percent(97);
            let channel = self.draw.one(&[9, 9, 9, 10, 10, 13, 18]);
            let fields = vec![
                (field::O_NUMBER, Value::Text((10_000 + id).to_string())),
                (field::O_CUSTOMER, self.customer.clone()),
                (field::O_AT, self.moment(minute)),
                (field::O_LINES, Value::Lines(lines)),
                (field::O_AMOUNT, Value::Money(amount)),
                (field::O_STATUS, Value::Code(status)),
                (field::O_CHANNEL, Value::Code(channel)),
                (field::O_PAID, Value::Bool(paid)),
            ];
            self.push(Kind::Order, id, fields);
            if paid {
                payments += 1;
                let fields = vec![
                    (field::Y_ORDER, Value::Ref(id)),
                    (field::Y_CUSTOMER, self.customer.clone()),
                    (field::Y_AT, self.moment(minute + 1)),
                    (field::Y_AMOUNT, Value::Money(amount)),
                    (field::Y_METHOD, Value::Code(1 + self.draw.below(6))),
                ];
                self.push(Kind::Payment, payments, fields);
            }
        }
        payments
    }

    fn lines(&mut self) -> Vec<Line> {
        let count = 1 + self.draw.low(4);
        let mut lines = Vec::with_capacity(count as usize);
        for _ in 0..count {
            // The cheap goods stand first in the list and sell most.
            let at = self.draw.low(u32::try_from(words::PRODUCTS.len()).unwrap_or(1));
            let Some((.., price, cost)) = words::PRODUCTS.get(at as usize) else { continue };
            let pieces = i64::from(1 + self.draw.low(3));
            lines.push(Line {
                product: u64::from(at) + 1,
                quantity: Quantity::pieces(pieces),
                unit_price: Money::units(*price),
                amount: Money::units(price * pieces),
                cost: Money::units(cost * pieces),
            });
        }
        lines
    }

    fn interactions(&mut self, (first, count): (RecordId, u64)) {
        for (id, minute) in (first..).zip(self.times(count)) {
            let channel = self.draw.one(&[1, 1, 1, 2, 2, 2, 3, 4, 6, 8]);
            let inbound = self.draw.percent(30);
            let mut fields = vec![
                (field::I_CUSTOMER, self.customer.clone()),
                (field::I_AT, self.moment(minute)),
                (field::I_CHANNEL, Value::Code(channel)),
                (field::I_DIRECTION, Value::Code(if inbound { code::DIRECTION_IN } else { code::DIRECTION_OUT })),
                (field::I_KIND, Value::Code(1 + self.draw.low(4))),
                (field::I_OUTCOME, Value::Code(1 + self.draw.below(11))),
                (field::I_BY, Value::Ref(u64::from(1 + self.draw.below(12)))),
            ];
            if channel == code::CHANNEL_CALL {
                fields.push((field::I_DURATION, Value::Int(i64::from(1 + self.draw.low(30)))));
            }
            if self.draw.percent(60) {
                fields.push((field::I_NOTE, Value::Text(self.draw.one(words::NOTES).to_string())));
            }
            if self.draw.percent(25) {
                let later = minute - minute % 1440 + (1 + self.draw.low(30)) * 1440 + 600;
                fields.push((field::I_NEXT_AT, self.moment(later)));
            }
            self.push(Kind::Interaction, id, fields);
        }
    }

    fn events(&mut self, (first, count): (RecordId, u64)) {
        for (id, minute) in (first..).zip(self.times(count)) {
            let (name, channel) = self.draw.one(words::EVENTS);
            let mut fields = vec![
                (field::E_CUSTOMER, self.customer.clone()),
                (field::E_AT, self.moment(minute)),
                (field::E_NAME, Value::Text(name.to_string())),
                (field::E_CHANNEL, Value::Code(channel)),
            ];
            if name == "sign_in" || name == "redeem" {
                fields.push((field::E_INCENTIVISED, Value::Bool(true)));
            }
            if name == "browse" || name == "add_to_cart" {
                let sku = self.draw.one(words::PRODUCTS).0;
                fields.push((field::E_PROPS, Value::Props(vec![("sku".to_string(), sku.to_string())])));
            }
            self.push(Kind::Event, id, fields);
        }
    }

    fn deals(&mut self, (first, count): (RecordId, u64), mut visits: RecordId) -> RecordId {
        let latest = HISTORY.unsigned_abs() * 1440 + 1439;
        for (id, minute) in (first..).zip(self.times(count)) {
            let reached = 1 + self.draw.below(5);
            let mut since = minute;
            for stage in 1..=reached {
                visits += 1;
                let fields = vec![
                    (field::V_DEAL, Value::Ref(id)),
                    (field::V_STAGE, Value::Ref(u64::from(stage))),
                    (field::V_AT, self.moment(since)),
                    (field::V_CUSTOMER, self.customer.clone()),
                ];
                self.push(Kind::StageVisit, visits, fields);
                if stage < reached {
                    since = (since + (1 + self.draw.low(30)) * 1440).min(latest);
                }
            }
            let fields = self.deal(id, minute, since, reached, latest);
            self.push(Kind::Deal, id, fields);
        }
        visits
    }

    fn deal(&mut self, id: RecordId, minute: u32, since: u32, reached: u32, latest: u32) -> Vec<(crate::domain::FieldId, Value)> {
        let product = 19 + u64::from(self.draw.low(5));
        let price = words::PRODUCTS.get(usize::try_from(product).unwrap_or(1) - 1).map_or(0, |p| p.3);
        let expected = (since / 1440 + 7 + self.draw.below(45)).min(HISTORY.unsigned_abs() + AHEAD.unsigned_abs());
        let outcome = match (reached, self.draw.below(10)) {
            (5, 0..=6) => code::DEAL_OUTCOME_WON,
            (_, 0..=5) => code::DEAL_OUTCOME_LOST,
            _ => code::DEAL_OUTCOME_OPEN,
        };
        let mut fields = vec![
            (field::D_NUMBER, Value::Text(format!("D{id:06}"))),
            (field::D_CUSTOMER, self.customer.clone()),
            (field::D_PIPELINE, Value::Ref(1)),
            (field::D_STAGE, Value::Ref(u64::from(reached))),
            (field::D_STAGE_SINCE, self.moment(since)),
            (field::D_PRODUCT, Value::Ref(product)),
            (field::D_AMOUNT, Value::Money(Money::units(price * i64::from(1 + self.draw.low(6))))),
            (field::D_OWNER, Value::Ref(u64::from(1 + self.draw.below(4)))),
            (field::D_SOURCE, Value::Code(7 + self.draw.below(12))),
            (field::D_CREATED, self.moment(minute)),
            (field::D_EXPECTED, Value::Day(self.business.day(expected))),
        ];
        if outcome != code::DEAL_OUTCOME_OPEN {
            let closed = (since + 1440 * (1 + self.draw.low(20))).min(latest);
            fields.push((field::D_CLOSED, self.moment(closed)));
        }
        fields.push((field::D_OUTCOME, Value::Code(outcome)));
        if outcome == code::DEAL_OUTCOME_LOST {
            fields.push((field::D_REASON, Value::Code(1 + self.draw.low(7))));
        }
        fields
    }
}
