//! A view of the store as it was at one moment, while changes go on: whoever changes a value first puts the old one aside.
//! Baselines are written from it, so that nobody's save waits for a backup.

use super::error::StoreError;
use super::meta::Meta;
use super::tree::{Inner, opened};
use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Included};

/// Values read under one hold of the lock.
const AT_ONCE: usize = 64;

/// Hears keys and payloads one by one.
pub(super) type Visitor<'v> = &'v mut dyn FnMut(&[u8], &[u8]) -> Result<(), StoreError>;
type Values = BTreeMap<Vec<u8>, sled::IVec>;

/// What was changed since the moment: the values of then, `None` where there was none.
#[derive(Debug, Default)]
pub(super) struct Aside(BTreeMap<Vec<u8>, Option<sled::IVec>>);

impl Aside {
    /// Keeps what stands under these keys, before it is changed.
    pub(super) fn keep(&mut self, db: &sled::Db, keys: &[Vec<u8>]) -> Result<(), StoreError> {
        for key in keys {
            if !self.0.contains_key(key) {
                self.0.insert(key.clone(), db.get(key)?);
            }
        }
        Ok(())
    }
}

/// The view; one at a time. Dropping it ends the keeping.
pub(super) struct Frozen<'a> {
    inner: &'a Inner,
    /// What the store knew about itself at that moment.
    pub(super) meta: Meta,
}

impl<'a> Frozen<'a> {
    /// Freezes the moment.
    pub(super) fn new(inner: &'a Inner) -> Result<Frozen<'a>, StoreError> {
        let state = inner.read();
        let mut aside = inner.aside();
        if aside.is_some() {
            return Err(StoreError::BaselineUnderWay);
        }
        *aside = Some(Aside::default());
        Ok(Frozen { inner, meta: state.clone() })
    }

    /// Walks the keys that begin with `prefix` and their payloads, as they were.
    pub(super) fn each(&self, prefix: u8, f: Visitor<'_>) -> Result<(), StoreError> {
        let mut after = vec![prefix];
        let end = vec![prefix + 1];
        while after < end {
            let (some, upto) = self.some(&after, &end)?;
            for (key, value) in some {
                f(&key, &opened(&key, &value)?)?;
            }
            after = upto;
        }
        Ok(())
    }

    /// The next values behind `after`, and how far they go.
    fn some(&self, after: &Vec<u8>, end: &Vec<u8>) -> Result<(Values, Vec<u8>), StoreError> {
        let _state = self.inner.read();
        let mut values = Values::new();
        for entry in self.inner.db.range::<&Vec<u8>, _>((Excluded(after), Excluded(end))).take(AT_ONCE) {
            let (key, value) = entry?;
            values.insert(key.to_vec(), value);
        }
        let upto = if values.len() < AT_ONCE { end.clone() } else { values.keys().next_back().unwrap_or(end).clone() };
        if let Some(Aside(aside)) = self.inner.aside().as_ref() {
            for (key, then) in aside.range::<Vec<u8>, _>((Excluded(after), Included(&upto))).filter(|(key, _)| *key < end) {
                match then {
                    Some(value) => drop(values.insert(key.clone(), value.clone())),
                    None => drop(values.remove(key)),
                }
            }
        }
        Ok((values, upto))
    }

    /// The payload under a key, as it was.
    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let _state = self.inner.read();
        let kept = self.inner.aside().as_ref().and_then(|Aside(aside)| aside.get(key).cloned());
        let value = match kept {
            Some(then) => then,
            None => self.inner.db.get(key)?,
        };
        value.map(|value| opened(key, &value)).transpose()
    }
}

impl Drop for Frozen<'_> {
    fn drop(&mut self) {
        *self.inner.aside() = None;
    }
}
