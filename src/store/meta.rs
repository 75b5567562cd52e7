//! What the whole store knows about itself, in one value that goes into every batch: how far it has applied the journal,
//! the state hash, the number of records and the next free ids.

use super::wire::{Reader, put_u64};
use crate::domain::{Kind, RecordId, Seq};
use std::collections::BTreeMap;

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Meta {
    /// The journal record applied last; 0 for none.
    pub(super) applied: Seq,
    /// Sum of all fingerprints (records and pages of marks), modulo 2^128.
    pub(super) hash: u128,
    /// How many records there are.
    pub(super) count: u64,
    /// The next free id by kind code; a kind that had no record has none here.
    pub(super) next: BTreeMap<u8, RecordId>,
}

/// A change of [`Meta`] gathered while a batch is made. Sums wrap, so the order of adding does not matter.
#[derive(Debug, Clone, Default)]
pub(super) struct MetaDelta {
    hash: u128,
    count: u64,
    next: BTreeMap<u8, RecordId>,
}

impl Meta {
    /// Its bytes.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = self.hash.to_be_bytes().to_vec();
        put_u64(&mut out, self.applied);
        put_u64(&mut out, self.count);
        for (kind, next) in &self.next {
            out.push(*kind);
            put_u64(&mut out, *next);
        }
        out
    }

    /// From its bytes; `None` when they are not that.
    pub(super) fn decode(bytes: &[u8]) -> Option<Meta> {
        let mut r = Reader::new(bytes);
        let hash = u128::from_be_bytes(r.fixed()?);
        let (applied, count) = (r.u64()?, r.u64()?);
        let mut next = BTreeMap::new();
        while !r.is_empty() {
            next.insert(r.byte()?, r.u64()?);
        }
        Some(Meta { applied, hash, count, next })
    }

    /// With the change.
    pub(super) fn after(&self, delta: &MetaDelta) -> Meta {
        let mut meta = self.clone();
        meta.hash = meta.hash.wrapping_add(delta.hash);
        meta.count = meta.count.wrapping_add(delta.count);
        for (kind, next) in &delta.next {
            let known = meta.next.entry(*kind).or_default();
            *known = (*known).max(*next);
        }
        meta
    }
}

impl MetaDelta {
    /// A record is there that was not.
    pub(super) fn record_added(&mut self, kind: u8, id: RecordId, fingerprint: u128) {
        self.hash = self.hash.wrapping_add(fingerprint);
        self.count = self.count.wrapping_add(1);
        self.reserve(kind, id.saturating_add(1));
    }

    /// A record is there no more.
    pub(super) fn record_removed(&mut self, fingerprint: u128) {
        self.hash = self.hash.wrapping_sub(fingerprint);
        self.count = self.count.wrapping_sub(1);
    }

    /// A page of marks is another one; 0 stands for an empty one.
    pub(super) fn marks_changed(&mut self, before: u128, after: u128) {
        self.hash = self.hash.wrapping_sub(before).wrapping_add(after);
    }

    /// Ids below `next` are taken.
    pub(super) fn reserve(&mut self, kind: u8, next: RecordId) {
        let known = self.next.entry(kind).or_default();
        *known = (*known).max(next);
    }

    /// The ids taken, as a kind's next free one.
    pub(super) fn next_of(&self, kind: Kind) -> RecordId {
        self.next.get(&kind.code()).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_back_as_written() {
        let mut delta = MetaDelta::default();
        delta.record_added(1, 7, u128::MAX - 3);
        delta.record_added(20, 9, 99);
        delta.record_removed(5);
        let meta = Meta { applied: 12, ..Meta::default() }.after(&delta);
        assert_eq!((meta.hash, meta.count, meta.next.get(&1)), (90, 1, Some(&8)));
        assert_eq!(Meta::decode(&meta.encode()), Some(meta));
        assert_eq!(Meta::decode(&[1, 2, 3]), None);
    }
}
