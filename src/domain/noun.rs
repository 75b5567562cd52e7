//! The typed nouns: views over a record that read like the trade. They hold nothing of their own.

use super::{CustomerId, Kind, Line, Moment, Money, Record, Value, field};

macro_rules! noun {
    ($(#[$doc:meta])* $name:ident, $kind:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name<'a>(&'a Record);
        impl<'a> $name<'a> {
            /// The view, when the record is of this kind.
            pub fn of(record: &'a Record) -> Option<$name<'a>> {
                (record.kind == Kind::$kind).then_some($name(record))
            }
            /// The record behind.
            pub fn record(self) -> &'a Record {
                self.0
            }
        }
    };
}

noun!(/// Anyone reachable: person or organisation, prospect or buyer.
    Customer, Customer);
noun!(/// A contact in either direction, shown as a follow-up.
    Interaction, Interaction);
noun!(/// An order with its lines.
    Order, Order);
noun!(/// A sales opportunity.
    Deal, Deal);

impl<'a> Customer<'a> {
    /// The dense id.
    pub fn id(self) -> CustomerId {
        CustomerId::try_from(self.0.id).unwrap_or(0)
    }
    /// The customer number.
    pub fn number(self) -> &'a str {
        self.0.text(field::C_NUMBER)
    }
    /// The name as written.
    pub fn name(self) -> &'a str {
        self.0.text(field::C_NAME)
    }
    /// Phones in the order given; the first is the main one.
    pub fn phones(self) -> &'a [String] {
        self.0.get(field::C_PHONES).map_or(&[], Value::texts)
    }
    /// E-mail addresses in the order given.
    pub fn emails(self) -> &'a [String] {
        self.0.get(field::C_EMAILS).map_or(&[], Value::texts)
    }
    /// The company as free text.
    pub fn company(self) -> &'a str {
        self.0.text(field::C_COMPANY)
    }
    /// The city.
    pub fn city(self) -> &'a str {
        self.0.text(field::C_CITY)
    }
    /// The owner's staff id; 0 for nobody.
    pub fn owner(self) -> u64 {
        self.0.get(field::C_OWNER).and_then(Value::reference).unwrap_or(0)
    }
}

impl<'a> Interaction<'a> {
    /// When it happened.
    pub fn at(self) -> Moment {
        self.0.moment()
    }
    /// What was said.
    pub fn note(self) -> &'a str {
        self.0.text(field::I_NOTE)
    }
    /// The promised next contact.
    pub fn next_at(self) -> Option<Moment> {
        self.0.get(field::I_NEXT_AT).and_then(Value::moment)
    }
}

impl<'a> Order<'a> {
    /// The order number.
    pub fn number(self) -> &'a str {
        self.0.text(field::O_NUMBER)
    }
    /// Its lines.
    pub fn lines(self) -> &'a [Line] {
        self.0.get(field::O_LINES).map_or(&[], Value::lines)
    }
    /// The order amount: the sum of its lines.
    pub fn amount(self) -> Money {
        self.0.get(field::O_AMOUNT).and_then(Value::money).unwrap_or_default()
    }
}

impl<'a> Deal<'a> {
    /// The deal's title.
    pub fn title(self) -> &'a str {
        self.0.text(field::D_TITLE)
    }
    /// Its amount.
    pub fn amount(self) -> Money {
        self.0.get(field::D_AMOUNT).and_then(Value::money).unwrap_or_default()
    }
}
