//! A reproducible synthetic business, for benches: any number of customers and rows from one seed, streaming, the same on
//! every machine. Customers do not depend on how many rows are asked for.
//!
//! Ids are dense: the record that comes n-th of its kind has id n, as a writer gives them in an empty book.

mod draw;
mod people;
mod rows;
#[cfg(test)]
mod tests;
pub mod words;

use crate::domain::{CustomerId, Day, Kind, Moment, Money, Precision, Record, Value, Zone, field};
pub use rows::Rows;

/// What to make.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Customers.
    pub customers: u32,
    /// Orders; each has 1 to 4 lines and, when paid, one payment.
    pub orders: u64,
    /// Follow-ups.
    pub interactions: u64,
    /// Behaviour events.
    pub events: u64,
    /// Deals; each has an entry for every stage it went through.
    pub deals: u64,
    /// The seed: same seed, same business.
    pub seed: u64,
    /// The last day of the history, which is three years long.
    pub end: Day,
    /// The book's zone.
    pub zone: Zone,
}

/// One customer with the tags it carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The customer; its id is its place, from 1.
    pub record: Record,
    /// Ids of its tags, ascending.
    pub tags: Vec<u64>,
}

/// Days of history before the last day.
const HISTORY: i32 = 1095;
/// Days after the last day on which something may be planned.
const AHEAD: i32 = 90;

/// The business: its plan and the calendar worked out once.
#[derive(Debug)]
pub struct Synthetic {
    plan: Plan,
    /// UTC milliseconds of local midnight, from the first day of the history on.
    midnights: Vec<i64>,
}

impl Synthetic {
    /// Prepares the business. Without customers there are no rows either, whatever the plan says.
    pub fn new(plan: Plan) -> Synthetic {
        let first = plan.end.plus(-HISTORY);
        let midnights = (0..=HISTORY + AHEAD).map(|d| plan.zone.midnight(first.plus(d)).ms).collect();
        Synthetic { plan, midnights }
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Staff, products, tags, the pipeline and its stages: what customers and rows refer to, so it is written first.
    pub fn references(&self) -> Vec<Record> {
        let text = |t: &str| Value::Text(t.to_string());
        let mut made = Vec::new();
        for (id, (name, role, team, mail)) in (1..).zip(words::STAFF) {
            let staff = Record::new(Kind::Staff, id).with(field::S_NAME, text(name)).with(field::S_ROLE, Value::Code(*role));
            made.push(staff.with(field::S_TEAM, text(team)).with(field::S_EMAIL, Value::Text(format!("{mail}@zixu-hill.example"))));
        }
        for (id, (sku, name, category, price, cost)) in (1..).zip(words::PRODUCTS) {
            let product = Record::new(Kind::Product, id).with(field::P_SKU, text(sku)).with(field::P_NAME, text(name));
            let product = product.with(field::P_CATEGORY, text(category)).with(field::P_PRICE, Value::Money(Money::units(*price)));
            made.push(product.with(field::P_COST, Value::Money(Money::units(*cost))));
        }
        for (id, (name, group)) in (1..).zip(words::TAGS) {
            made.push(Record::new(Kind::Tag, id).with(field::G_NAME, text(name)).with(field::G_GROUP, text(group)));
        }
        made.push(Record::new(Kind::Pipeline, 1).with(field::N_NAME, text(words::PIPELINE)));
        for (id, (name, chance)) in (1..).zip(words::STAGES) {
            let stage = Record::new(Kind::Stage, id).with(field::H_NAME, text(name)).with(field::H_PIPELINE, Value::Ref(1));
            made.push(stage.with(field::H_ORDER, Value::Int(id as i64)).with(field::H_PROBABILITY, Value::Int(*chance)));
        }
        made
    }

    /// The customers in order of id. Any one can be made by itself: see [`Synthetic::customer`].
    pub fn customers(&self) -> impl Iterator<Item = Person> + '_ {
        (1..=self.plan.customers).map(|id| self.customer(id))
    }

    /// The customer of that id (from 1).
    pub fn customer(&self, id: CustomerId) -> Person {
        people::customer(self, id)
    }

    /// All rows, customer by customer in order of id: for each its orders, payments, follow-ups, events, deals and stage
    /// entries. Rows of a kind ascend by id.
    pub fn rows(&self) -> Rows<'_> {
        Rows::new(self)
    }

    /// A moment to the minute. Days beyond the calendar become its last day.
    fn moment(&self, day: u32, hour: u32, minute: u32) -> Moment {
        Moment { ms: self.midnight(day) + i64::from(hour * 60 + minute) * 60_000, precision: Precision::Minute }
    }

    fn midnight(&self, day: u32) -> i64 {
        self.midnights.get(day as usize).or(self.midnights.last()).copied().unwrap_or(0)
    }

    fn day(&self, day: u32) -> Day {
        self.plan.end.plus(i32::try_from(day).unwrap_or(0) - HISTORY)
    }
}
