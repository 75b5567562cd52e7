//! The small kinds (staff, products, campaigns, tags, pipelines, stages, custom fields), whole in memory: names by id and
//! ids by name. Every published version carries one, so that screens and imports make words without asking the store.

use super::{Kind, Record, RecordId, field, fold::fold, fold::nearest};
use std::collections::{BTreeMap, HashMap};

/// All reference records of a book.
#[derive(Debug, Clone, Default)]
pub struct Refs {
    records: BTreeMap<(Kind, RecordId), Record>,
    names: HashMap<(Kind, String), Vec<RecordId>>,
}

impl Refs {
    /// Adds or replaces a record.
    pub fn put(&mut self, record: Record) {
        self.forget(record.kind, record.id);
        for word in words(&record) {
            self.names.entry((record.kind, word)).or_default().push(record.id);
        }
        self.records.insert((record.kind, record.id), record);
    }

    /// Takes a record out.
    pub fn forget(&mut self, kind: Kind, id: RecordId) {
        if let Some(old) = self.records.remove(&(kind, id)) {
            for word in words(&old) {
                if let Some(ids) = self.names.get_mut(&(kind, word)) {
                    ids.retain(|i| *i != id);
                }
            }
        }
    }

    /// A record by id.
    pub fn get(&self, kind: Kind, id: RecordId) -> Option<&Record> {
        self.records.get(&(kind, id))
    }

    /// The name of a record; "" when there is none.
    pub fn name(&self, kind: Kind, id: RecordId) -> &str {
        self.get(kind, id).and_then(|r| field::name_of(kind).map(|f| r.text(f))).unwrap_or("")
    }

    /// The ids of the records with that number (sku) or name, folded.
    pub fn find(&self, kind: Kind, word: &str) -> &[RecordId] {
        self.names.get(&(kind, fold(word))).map_or(&[], Vec::as_slice)
    }

    /// The existing name nearest to a word, for "did you mean".
    pub fn nearest(&self, kind: Kind, word: &str) -> Option<&str> {
        nearest(word, self.of(kind).filter_map(|r| field::name_of(kind).map(|f| r.text(f))))
    }

    /// The records of a kind, by id.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Record> {
        self.records.range((kind, 0)..=(kind, RecordId::MAX)).map(|(_, r)| r)
    }
}

fn words(record: &Record) -> Vec<String> {
    let mut words: Vec<String> = [field::number_of(record.kind), field::name_of(record.kind)]
        .into_iter()
        .flatten()
        .map(|f| fold(record.text(f)))
        .filter(|w| !w.is_empty())
        .collect();
    words.dedup();
    words
}
