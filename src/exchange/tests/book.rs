//! A naive book: lists, searched from end to end.

use crate::domain::{CustomerId, Dicts, FieldId, Home, Kind, Record, RecordId, Refs, Zone, field, fold::fold};
use crate::exchange::{BookView, Names};

#[derive(Default)]
pub(super) struct Book {
    pub records: Vec<Record>,
    pub refs: Refs,
    pub dicts: Dicts,
    pub tags: Vec<(CustomerId, String)>,
}

impl Book {
    pub fn with(records: impl IntoIterator<Item = Record>) -> Book {
        let mut book = Book::default();
        for r in records {
            if r.kind.is_reference() {
                book.refs.put(r.clone());
            }
            book.records.push(r);
        }
        book
    }
    fn customers(&self, is: impl Fn(&Record) -> bool) -> Vec<CustomerId> {
        self.records.iter().filter(|r| r.kind == Kind::Customer && is(r)).map(|r| r.id as CustomerId).collect()
    }
}

impl BookView for Book {
    fn zone(&self) -> Zone {
        Zone::shanghai()
    }
    fn dicts(&self) -> &Dicts {
        &self.dicts
    }
    fn refs(&self) -> &Refs {
        &self.refs
    }
    fn customers_by_number(&self, number: &str) -> Vec<CustomerId> {
        self.customers(|r| fold(r.number()) == fold(number))
    }
    fn customers_by(&self, id: FieldId, text: &str) -> Vec<CustomerId> {
        let key = |t: &str| if id == field::C_PHONES { crate::domain::phone::key(t) } else { fold(t) };
        self.customers(|r| r.get(id).is_some_and(|v| v.texts().iter().any(|t| key(t) == key(text))))
    }
    fn customers_by_name(&self, folded: &str) -> Vec<CustomerId> {
        self.customers(|r| fold(r.text(field::C_NAME)) == folded)
    }
    fn numbered(&self, kind: Kind, number: &str) -> Vec<(RecordId, Home)> {
        self.records.iter().filter(|r| r.kind == kind && fold(r.number()) == fold(number)).map(|r| (r.id, r.home())).collect()
    }
    fn customer_near(&self, word: &str) -> Option<String> {
        let names = self.records.iter().filter(|r| r.kind == Kind::Customer).map(|r| r.text(field::C_NAME));
        crate::domain::fold::nearest(word, names).map(str::to_string)
    }
    fn has_numbers(&self, kind: Kind) -> bool {
        self.records.iter().any(|r| r.kind == kind)
    }
}

impl Names for Book {
    fn zone(&self) -> Zone {
        Zone::shanghai()
    }
    fn dicts(&self) -> &Dicts {
        &self.dicts
    }
    fn refs(&self) -> &Refs {
        &self.refs
    }
    fn customer_number(&self, id: CustomerId) -> String {
        self.record_number(Kind::Customer, u64::from(id))
    }
    fn record_number(&self, kind: Kind, id: RecordId) -> String {
        self.records.iter().find(|r| r.kind == kind && r.id == id).map(|r| r.number().to_string()).unwrap_or_default()
    }
    fn tags(&self, id: CustomerId) -> Vec<String> {
        self.tags.iter().filter(|(c, _)| *c == id).map(|(_, t)| t.clone()).collect()
    }
}

/// A customer with number and name.
pub(super) fn customer(id: RecordId, number: &str, name: &str) -> Record {
    Record::new(Kind::Customer, id).with(field::C_NUMBER, text(number)).with(field::C_NAME, text(name))
}

pub(super) fn text(t: &str) -> crate::domain::Value {
    crate::domain::Value::Text(t.to_string())
}
