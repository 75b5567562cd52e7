//! What an import may ask of the book: the published columns for customers, the store for numbers, all of one moment.

use crate::domain::{CustomerId, Dicts, FieldId, Home, Kind, RecordId, Refs, Zone, field, fold::fold};
use crate::exchange::BookView;
use crate::facts::{Key, KeyTable, Version};
use crate::ops::desk::Desk;
use crate::ops::request::Refusal;
use crate::store::Store;

/// The book as an import sees it.
pub struct View<'v> {
    zone: Zone,
    /// The published columns.
    pub version: &'v Version,
    /// Numbers, phones, e-mails and names of everybody, sorted: a file asks for each of them.
    keys: KeyTable<'v>,
    /// The kinds that have record numbers at all, asked once: a file asks for each of its rows.
    numbered: Vec<Kind>,
    /// The store.
    pub store: Store,
    /// The present.
    pub now: crate::domain::Moment,
}

impl<'v> View<'v> {
    /// The book as it stands.
    pub fn new(desk: &Desk, version: &'v Version) -> Result<View<'v>, Refusal> {
        let shared = desk.shared();
        let store = shared.store()?;
        let mut numbered = Vec::new();
        for kind in Kind::ALL.into_iter().filter(|k| field::number_of(*k).is_some()) {
            if store.has_numbers(kind).map_err(Refusal::store)? {
                numbered.push(kind);
            }
        }
        let keys = version.key_table();
        Ok(View { zone: shared.book.zone, version, keys, numbered, store, now: shared.clock.now() })
    }
}

impl BookView for View<'_> {
    fn zone(&self) -> Zone {
        self.zone
    }
    fn dicts(&self) -> &Dicts {
        &self.version.dicts
    }
    fn refs(&self) -> &Refs {
        &self.version.refs
    }
    fn customers_by_number(&self, number: &str) -> Vec<CustomerId> {
        self.keys.by(Key::Number, number)
    }
    fn customers_by(&self, f: FieldId, text: &str) -> Vec<CustomerId> {
        match f {
            field::C_NUMBER => self.keys.by(Key::Number, text),
            field::C_PHONES => self.keys.by(Key::Phone, text),
            field::C_EMAILS => self.keys.by(Key::Email, text),
            field::C_NAME => self.keys.by(Key::Name, text),
            _ => {
                // Other keys (wechat, device, custom) have no index: a scan of one column.
                let wanted = fold(text);
                let same = |id: &CustomerId| self.version.value(*id, f).is_some_and(|v| v.texts().iter().any(|t| fold(t) == wanted));
                self.version.ids().filter(same).collect()
            }
        }
    }
    fn customers_by_name(&self, folded: &str) -> Vec<CustomerId> {
        self.keys.by(Key::Name, folded)
    }
    fn customer_near(&self, word: &str) -> Option<String> {
        // The search box knows near misses of names and numbers already.
        let found = crate::search::find(self.version, word, 1, &|| false, None)?;
        let id = found.hits.first()?.id;
        let (number, name) = (self.version.text(id, field::C_NUMBER), self.version.text(id, field::C_NAME));
        crate::domain::fold::nearest(word, [name, number]).map(str::to_string)
    }
    fn numbered(&self, kind: Kind, number: &str) -> Vec<(RecordId, Home)> {
        self.store.numbered(kind, number).unwrap_or_default()
    }
    fn has_numbers(&self, kind: Kind) -> bool {
        self.numbered.contains(&kind)
    }
}
