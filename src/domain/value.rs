//! What a field can hold. The order of the variants is the stored format: never reorder, only add at the end.

use super::{Day, Moment, Money, Quantity};
use serde::{Deserialize, Serialize};

/// One value of one field. A missing value is the absence of the field, never a variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// Text, cleaned of control characters (see `clean`).
    Text(String),
    /// A whole number.
    Int(i64),
    /// An amount in the book's currency.
    Money(Money),
    /// A quantity.
    Quantity(Quantity),
    /// A calendar day.
    Day(Day),
    /// A moment with its precision.
    Moment(Moment),
    /// Yes or no.
    Bool(bool),
    /// A code of the field's dictionary.
    Code(u32),
    /// The id of another record, of the kind the field names.
    Ref(u64),
    /// Several texts in the order given (phones, e-mails, former names).
    Texts(Vec<String>),
    /// Several codes, ascending, without repeats.
    Codes(Vec<u32>),
    /// Several records of the kind the field names.
    Refs(Vec<u64>),
    /// The lines of an order.
    Lines(Vec<Line>),
    /// Properties of an event, by name.
    Props(Vec<(String, String)>),
    /// Permission to write or call, by channel.
    Consents(Vec<Consent>),
}

/// One line of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Line {
    /// The product's id; 0 when the line names none.
    pub product: u64,
    /// Pieces; negative for a return, never zero.
    pub quantity: Quantity,
    /// Price of one piece before discount.
    pub unit_price: Money,
    /// The line total after discount.
    pub amount: Money,
    /// The line's total cost; zero when unknown.
    pub cost: Money,
}

/// A permission for one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Code in the channel dictionary.
    pub channel: u32,
    /// Given, or withdrawn.
    pub given: bool,
    /// The day it was given or withdrawn.
    pub since: Option<Day>,
}

impl Value {
    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        if let Value::Text(t) = self { Some(t) } else { None }
    }
    /// The texts: several, or the one.
    pub fn texts(&self) -> &[String] {
        match self {
            Value::Texts(t) => t,
            Value::Text(t) => std::slice::from_ref(t),
            _ => &[],
        }
    }
    /// The whole number, if it is one.
    pub fn int(&self) -> Option<i64> {
        if let Value::Int(n) = self { Some(*n) } else { None }
    }
    /// The amount, if it is one.
    pub fn money(&self) -> Option<Money> {
        if let Value::Money(m) = self { Some(*m) } else { None }
    }
    /// The day, if it is one.
    pub fn day(&self) -> Option<Day> {
        if let Value::Day(d) = self { Some(*d) } else { None }
    }
    /// The moment, if it is one.
    pub fn moment(&self) -> Option<Moment> {
        if let Value::Moment(m) = self { Some(*m) } else { None }
    }
    /// The code, if it is one.
    pub fn code(&self) -> Option<u32> {
        if let Value::Code(c) = self { Some(*c) } else { None }
    }
    /// The codes: several, or the one.
    pub fn codes(&self) -> &[u32] {
        match self {
            Value::Codes(c) => c,
            Value::Code(c) => std::slice::from_ref(c),
            _ => &[],
        }
    }
    /// The reference, if it is one.
    pub fn reference(&self) -> Option<u64> {
        if let Value::Ref(r) = self { Some(*r) } else { None }
    }
    /// The references: several, or the one.
    pub fn refs(&self) -> &[u64] {
        match self {
            Value::Refs(r) => r,
            Value::Ref(r) => std::slice::from_ref(r),
            _ => &[],
        }
    }
    /// Yes or no, if it is one.
    pub fn bool(&self) -> Option<bool> {
        if let Value::Bool(b) = self { Some(*b) } else { None }
    }
    /// The order lines, if it holds them.
    pub fn lines(&self) -> &[Line] {
        if let Value::Lines(l) = self { l } else { &[] }
    }
    /// The consents, if it holds them.
    pub fn consents(&self) -> &[Consent] {
        if let Value::Consents(c) = self { c } else { &[] }
    }
}
