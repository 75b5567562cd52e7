//! What the Desk and the writer both hold: the store and facts to read, the clock, and who listens.

use super::clock::Clock;
use super::request::{News, Refusal, RefusalKind};
use crate::domain::{BookInfo, Kind, Say, Zone};
use crate::facts::{Facts, Version};
use crate::store::Store;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// What is fixed about an open book.
#[derive(Debug, Clone)]
pub struct BookId {
    /// The folder.
    pub dir: PathBuf,
    /// The book's identity.
    pub id: [u8; 16],
    /// Its zone.
    pub zone: Zone,
    /// Its currency.
    pub currency: String,
}

/// Shared by the Desk and the writer.
pub struct Shared {
    /// The book.
    pub book: BookId,
    /// The published columns.
    pub facts: Facts,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    store: RwLock<Option<Store>>,
    listeners: Mutex<Vec<Sender<News>>>,
    trouble: Mutex<Option<Say>>,
}

impl Shared {
    /// With facts to read already, and the store to come.
    pub fn new(book: BookId, facts: Facts, clock: Arc<dyn Clock>) -> Shared {
        Shared { book, facts, clock, store: RwLock::new(None), listeners: Mutex::default(), trouble: Mutex::default() }
    }

    /// The store; a refusal while the book is still being opened or rebuilt.
    pub fn store(&self) -> Result<Store, Refusal> {
        let store = self.store.read().unwrap_or_else(PoisonError::into_inner).clone();
        store.ok_or_else(|| Refusal::new(RefusalKind::Busy, Say::new("refused.still-opening")))
    }

    /// The store is ready.
    pub fn set_store(&self, store: Store) {
        *self.store.write().unwrap_or_else(PoisonError::into_inner) = Some(store);
    }

    /// The store is being made anew.
    pub fn clear_store(&self) {
        *self.store.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The published version.
    pub fn version(&self) -> Arc<Version> {
        self.facts.version()
    }

    /// A new listener.
    pub fn listen(&self) -> Receiver<News> {
        let (tx, rx) = channel();
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner).push(tx);
        rx
    }

    /// Tells every listener; those that hung up are forgotten.
    pub fn tell(&self, news: &News) {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner).retain(|l| l.send(news.clone()).is_ok());
    }

    /// The book turned read-only, and why.
    pub fn set_trouble(&self, why: Say) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
    }

    /// Why the book is read-only, if it is.
    pub fn trouble(&self) -> Option<Say> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What a session knows of the book.
    pub fn info(&self) -> BookInfo {
        let version = self.version();
        BookInfo {
            id: self.book.id.iter().map(|b| format!("{b:02x}")).collect(),
            name: self.book.dir.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned()),
            zone: self.book.zone,
            currency: self.book.currency.clone(),
            today: self.clock.today(self.book.zone),
            fixed_day: self.clock.fixed(),
            dicts: Arc::clone(&version.dicts),
            refs: Arc::clone(&version.refs),
            customers: version.customers,
            seq: version.seq,
        }
    }
}

/// The names of tags by id, as the search index wants them.
pub fn tag_names<'a>(refs: &'a crate::domain::Refs, tags: &[u64]) -> Vec<&'a str> {
    tags.iter().map(|t| refs.name(Kind::Tag, *t)).filter(|n| !n.is_empty()).collect()
}
