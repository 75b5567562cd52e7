//! What a change is made from: the state it looks at, who asks, when, and the ids it may give. Made by the writer, so that
//! what is checked is what is written.

use super::request::{Edit, Refusal};
use crate::domain::{CustomerId, FieldId, FieldType, Home, Kind, Moment, Record, RecordId, Say, Who, Zone, field};
use crate::facts::Version;
use crate::store::Store;
use std::collections::HashMap;
use std::sync::Arc;

/// The ids the writer gives, per kind.
#[derive(Debug, Default)]
pub struct Ids(HashMap<Kind, RecordId>);

impl Ids {
    /// Starts from what the store has seen.
    pub fn from_store(store: &Store) -> Ids {
        Ids(Kind::ALL.into_iter().map(|k| (k, store.next_id(k).max(1))).collect())
    }
    /// Gives the next id of a kind.
    pub fn take(&mut self, kind: Kind) -> RecordId {
        let next = self.0.entry(kind).or_insert(1);
        let id = *next;
        *next += 1;
        id
    }
    /// Reserves a range of `n` ids and gives the first.
    pub fn take_range(&mut self, kind: Kind, n: u64) -> RecordId {
        let next = self.0.entry(kind).or_insert(1);
        let first = *next;
        *next += n;
        first
    }
}

/// The writer's view while it makes one change.
pub struct Scene<'a> {
    /// The store, up to date with every acknowledged change before this one.
    pub store: &'a Store,
    /// The published facts.
    pub version: Arc<Version>,
    /// The book's zone.
    pub zone: Zone,
    /// The present.
    pub now: Moment,
    /// Who asks.
    pub who: &'a Who,
    /// The ids to give.
    pub ids: &'a mut Ids,
    /// Who changed this field since it was seen, if anybody did.
    pub since: &'a dyn Fn(&Edit) -> Result<Option<String>, Refusal>,
}

impl Scene<'_> {
    /// Refuses when there is no such customer.
    pub fn must_have(&self, id: CustomerId) -> Result<(), Refusal> {
        if self.version.contains(id) || self.store.customer(id).map_err(Refusal::store)?.is_some() {
            return Ok(());
        }
        Err(Refusal::impossible(Say::new("refused.unknown-customer").with("words", format!("#{id}"))))
    }

    /// A record as it stands now; refuses when it is gone.
    pub fn record(&self, kind: Kind, id: RecordId, home: Home) -> Result<Record, Refusal> {
        let found = match kind {
            Kind::Customer => self.store.customer(CustomerId::try_from(id).unwrap_or(0)),
            k if k.is_row() => self.store.row(k, id, home),
            k => self.store.reference(k, id),
        };
        found
            .map_err(Refusal::store)?
            .ok_or_else(|| Refusal::impossible(Say::new("refused.gone").with("kind", kind.plural()).with("id", id)))
    }

    /// Who changed the field since it was seen.
    pub fn changed_since(&self, edit: &Edit) -> Result<Option<String>, Refusal> {
        (self.since)(edit)
    }

    /// Is there such a record?
    pub fn exists(&self, kind: Kind, id: RecordId) -> bool {
        match kind {
            Kind::Customer => CustomerId::try_from(id).is_ok_and(|c| self.must_have(c).is_ok()),
            k if k.is_row() => id != 0,
            k => self.version.refs.get(k, id).is_some(),
        }
    }

    /// What a field of a kind holds; `None` when the kind has no such field.
    pub fn field_type(&self, kind: Kind, f: FieldId) -> Option<FieldType> {
        if f.0 < field::CUSTOM {
            return field::spec(f).filter(|s| s.kind == kind).map(|s| s.ty);
        }
        let record = self.version.refs.get(Kind::CustomField, u64::from(f.0 - field::CUSTOM))?;
        (record.text(field::F_KIND) == kind.plural()).then(|| custom_type(record.text(field::F_TYPE)))
    }

    /// A field's name in messages.
    pub fn field_key(&self, f: FieldId) -> String {
        if let Some(spec) = field::spec(f) {
            return spec.key.to_string();
        }
        let record = self.version.refs.get(Kind::CustomField, u64::from(f.0.saturating_sub(field::CUSTOM)));
        record.map_or_else(|| f.0.to_string(), |r| format!("custom.{}", r.text(field::F_KEY)))
    }

    /// How a record is called in a sentence.
    pub fn title(&self, record: &Record) -> String {
        let name = field::name_of(record.kind).map_or("", |f| record.text(f));
        if !name.is_empty() {
            return name.to_string();
        }
        match self.version.card(record.customer()) {
            Some(card) => card.record.text(field::C_NAME).to_string(),
            None => record.number().to_string(),
        }
    }

    /// A customer number that nobody has: the id, or the id with a suffix.
    pub fn free_number(&self, id: RecordId) -> String {
        (0..)
            .map(|n| if n == 0 { id.to_string() } else { format!("{id}-{n}") })
            .find(|c| self.version.by_number(c).is_empty())
            .unwrap_or_default()
    }
}

/// What a custom field of that type word holds (A4).
pub fn custom_type(word: &str) -> FieldType {
    match word {
        "int" => FieldType::Int,
        "money" => FieldType::Money,
        "date" => FieldType::Day,
        "bool" => FieldType::Bool,
        "multi" => FieldType::Texts,
        _ => FieldType::Text,
    }
}
