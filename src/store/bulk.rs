//! Many rows at once: imports, rebuilds, restores. Not one transaction, but every batch leaves the pages whole and the
//! state hash true, so running the same load again after a crash ends in the same state.

use super::Store;
use super::body::{self, Stub};
use super::error::StoreError;
use super::key::{self, Space};
use super::marks;
use super::merge::{Merge, OwnRow};
use super::meta::MetaDelta;
use super::number;
use super::page::{Place, Row};
use super::tree::Writes;
use crate::domain::{CustomerId, Home, Kind, Record, RecordId, RowSet, Seq};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::Ordering::SeqCst;

/// Pages of marks in one batch.
const MARKS_AT_ONCE: usize = 48;

/// A bulk load; [`Store::bulk`] begins one. What is not written when it is dropped is forgotten (the pages stay whole).
pub struct Bulk {
    store: Store,
    merge: Option<Merge>,
    /// Where the merge stands: going back begins a new pass.
    at: Option<Place>,
    delta: MetaDelta,
    pieces: Writes,
    /// Numbers whose row went or changed; looked at again at the end.
    stale: Vec<(Kind, u64, RecordId)>,
}

impl std::fmt::Debug for Bulk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bulk").field("at", &self.at).finish_non_exhaustive()
    }
}

impl Bulk {
    pub(super) fn new(store: Store) -> Bulk {
        Bulk { store, merge: None, at: None, delta: MetaDelta::default(), pieces: Writes::default(), stale: Vec::new() }
    }

    /// Customers and records of the small kinds, whole, ascending by (kind, id): each replaces what was there.
    ///
    /// # Errors
    /// When the index cannot be read or written.
    pub fn records(&mut self, records: impl IntoIterator<Item = Record>) -> Result<(), StoreError> {
        for record in records {
            if record.kind.is_row() {
                let home = record.home();
                self.customer_rows(home.customer, vec![record], Vec::new())?;
                continue;
            }
            let (space, place) = body::place(record.kind, record.id, Home::default());
            self.advance(space, place)?;
            let old = self.merge.as_mut().and_then(|m| m.take(place));
            let row = self.ready(&record)?;
            if let Some(old) = old {
                self.forget(space, &old, Some(&row.body))?;
            }
            self.append(row)?;
            self.settle_when_full()?;
        }
        Ok(())
    }

    /// One customer's rows changed: `upserts` come, or replace this customer's row of the same kind and id at whatever
    /// moment it stood; `removes` go, and so must a row that moved to another customer. Customers come ascending; 0 holds
    /// the rows of nobody. Gives back all rows of the customer after, in order.
    ///
    /// # Errors
    /// [`StoreError::Misplaced`] when an upsert hangs on another customer (nothing of this call is taken in); otherwise when
    /// the index cannot be read or written.
    pub fn customer_rows(
        &mut self,
        customer: CustomerId,
        upserts: Vec<Record>,
        removes: Vec<(Kind, RecordId, Home)>,
    ) -> Result<Vec<Record>, StoreError> {
        let upserts = latest(upserts, customer)?;
        self.advance(Space::Timeline, Place::first(customer))?;
        let inner = self.store.inner.clone();
        let old = match self.merge.as_mut() {
            Some(merge) => merge.take_group(&inner, customer)?,
            None => Vec::new(),
        };
        let mut all = self.kept(old, &upserts, &removes)?;
        for record in upserts {
            all.push((self.ready(&record)?, record));
        }
        all.sort_by_key(|(row, _)| row.place);
        let mut records: Vec<Record> = Vec::with_capacity(all.len());
        // No batch in between: what is taken off the old pages must be back on new ones before anything is written.
        for (row, record) in all {
            self.append(row)?;
            records.push(record);
        }
        self.settle_when_full()?;
        Ok(records)
    }

    /// The old rows that stay, decoded; the others are taken off the books.
    fn kept(
        &mut self,
        old: Vec<OwnRow>,
        upserts: &[Record],
        removes: &[(Kind, RecordId, Home)],
    ) -> Result<Vec<(OwnRow, Record)>, StoreError> {
        if old.is_empty() {
            return Ok(Vec::with_capacity(upserts.len()));
        }
        let mut going: HashMap<(Kind, RecordId), Option<u64>> = removes.iter().map(|(kind, id, _)| ((*kind, *id), None)).collect();
        going.extend(upserts.iter().map(|r| ((r.kind, r.id), number::of(r))));
        let mut kept = Vec::with_capacity(old.len() + upserts.len());
        for row in old {
            let record = self.store.inner.record(Space::Timeline, row.place, &row.body)?;
            let Some(new_number) = going.get(&(record.kind, record.id)) else {
                kept.push((row, record));
                continue;
            };
            if let Some(hash) = number::of(&record).filter(|hash| Some(*hash) != *new_number) {
                self.stale.push((record.kind, hash, record.id));
            }
            self.forget(Space::Timeline, &row, None)?;
        }
        Ok(kept)
    }

    /// Record numbers, sorted by (kind, hash); [`super::number_hash`] makes the hash.
    ///
    /// # Errors
    /// When the index cannot be read or written.
    pub fn numbers(&mut self, sorted: impl IntoIterator<Item = (Kind, u64, RecordId, Home)>) -> Result<(), StoreError> {
        // Ids behind one stored hash may come in any order.
        let mut same: Vec<OwnRow> = Vec::new();
        for (kind, hash, id, home) in sorted {
            let row = number::row(kind, hash, id, home);
            if same.first().is_some_and(|s| (s.place.group, s.place.sub) != (row.place.group, row.place.sub)) {
                self.number_run(&mut same)?;
            }
            same.push(row);
        }
        self.number_run(&mut same)
    }

    fn number_run(&mut self, same: &mut Vec<OwnRow>) -> Result<(), StoreError> {
        same.sort_by_key(|r| r.place);
        same.dedup_by_key(|r| r.place);
        for row in same.drain(..) {
            self.advance(Space::Numbers, row.place)?;
            if let Some(merge) = self.merge.as_mut() {
                let _ = merge.take(row.place);
            }
            self.append(row)?;
            self.settle_when_full()?;
        }
        Ok(())
    }

    /// Customers gain or lose a tag.
    ///
    /// # Errors
    /// When the index cannot be read or written.
    pub fn marks(&mut self, tag: RecordId, on: bool, rows: &RowSet) -> Result<(), StoreError> {
        self.pause()?;
        let pages = marks::by_page(rows);
        for some in pages.chunks(MARKS_AT_ONCE) {
            let mut state = self.store.inner.write();
            let (mut delta, mut writes) = (MetaDelta::default(), Writes::default());
            for (page, ids) in some {
                marks::change(&self.store.inner, tag, *page, ids, on, &mut delta, &mut writes)?;
            }
            let after = state.after(&delta);
            self.store.inner.commit(&mut state, after, writes)?;
        }
        Ok(())
    }

    /// Ids of a kind below `next` are taken, though their records may be gone.
    pub fn reserve(&mut self, kind: Kind, next: RecordId) {
        self.delta.reserve(kind.code(), next);
    }

    /// Writes what is gathered and lets go of all pages: after it the writer may apply other changes before going on.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn pause(&mut self) -> Result<(), StoreError> {
        if let Some(mut merge) = self.merge.take() {
            self.at = None;
            self.settle(&mut merge, true)?;
        }
        self.store.inner.bulk_pending.store(false, SeqCst);
        Ok(())
    }

    /// Ends the load: everything up to `seq` is applied now.
    ///
    /// # Errors
    /// When the index cannot be read or written.
    pub fn finish(mut self, seq: Seq) -> Result<(), StoreError> {
        self.pause()?;
        self.drop_stale_numbers()?;
        let mut state = self.store.inner.write();
        let mut after = state.after(&std::mem::take(&mut self.delta));
        after.applied = after.applied.max(seq);
        self.store.inner.commit(&mut state, after, Writes::default())
    }

    /// A number goes unless a row stands where the index says and bears it (it may have moved, or come again).
    fn drop_stale_numbers(&mut self) -> Result<(), StoreError> {
        let mut stale = std::mem::take(&mut self.stale);
        stale.sort_unstable_by_key(|(kind, hash, id)| number::place(*kind, *hash, *id));
        stale.dedup();
        for (kind, hash, id) in stale {
            self.settle_when_full()?;
            let place = number::place(kind, hash, id);
            self.advance(Space::Numbers, place)?;
            let Some(old) = self.merge.as_mut().and_then(|m| m.take(place)) else { continue };
            let home = number::home(&old.body).unwrap_or_default();
            let record = self.store.inner.record_at(kind, id, home)?;
            if record.as_ref().and_then(number::of) == Some(hash) {
                self.append(old)?;
            }
        }
        self.pause()
    }

    fn ready(&mut self, record: &Record) -> Result<OwnRow, StoreError> {
        let stored = body::store(record)?;
        self.delta.record_added(record.kind.code(), record.id, stored.fingerprint);
        for (key, payload) in &stored.pieces {
            self.pieces.put(key, payload)?;
        }
        Ok(Row { place: stored.place, body: stored.body })
    }

    /// Takes a row off the books; its pieces go unless the new body has as many.
    fn forget(&mut self, space: Space, row: &OwnRow, new: Option<&[u8]>) -> Result<(), StoreError> {
        self.delta.record_removed(body::fingerprint(space, row.place, &row.body)?);
        if let Some(stub) = Stub::of(&row.body) {
            let kept = new.and_then(Stub::of).map_or(0, Stub::pieces);
            for part in kept..stub.pieces() {
                self.pieces.remove(&key::piece(row.place, part));
            }
        }
        Ok(())
    }

    fn advance(&mut self, space: Space, place: Place) -> Result<(), StoreError> {
        if self.merge.as_ref().is_some_and(|m| m.space() != space) || self.at.is_some_and(|at| place < at) {
            self.pause()?;
        }
        let inner = self.store.inner.clone();
        let mut merge = match self.merge.take() {
            Some(merge) => merge,
            None => Merge::new(&inner, space)?,
        };
        inner.bulk_pending.store(true, SeqCst);
        self.at = Some(place);
        let moved = merge.advance(&inner, place, &mut |m| self.settle(m, true));
        self.merge = Some(merge);
        moved
    }

    fn append(&mut self, row: OwnRow) -> Result<(), StoreError> {
        let Some(merge) = self.merge.as_mut() else { return Err(StoreError::BulkUnderWay) };
        self.at = Some(row.place);
        merge.append(row);
        Ok(())
    }

    fn settle_when_full(&mut self) -> Result<(), StoreError> {
        let Some(mut merge) = self.merge.take() else { return Ok(()) };
        let settled = if merge.is_full() || self.pieces.len() > 64 { self.settle(&mut merge, false) } else { Ok(()) };
        self.merge = Some(merge);
        settled
    }

    fn settle(&mut self, merge: &mut Merge, last: bool) -> Result<(), StoreError> {
        let mut writes = std::mem::take(&mut self.pieces);
        if !merge.holds() && writes.len() == 0 {
            return Ok(());
        }
        merge.settle(&mut writes, last)?;
        let mut state = self.store.inner.write();
        let after = state.after(&self.delta);
        self.store.inner.commit(&mut state, after, writes)?;
        self.delta = MetaDelta::default();
        Ok(())
    }
}

/// Each (kind, id) once, the last one counting; all must be rows of that customer.
fn latest(mut rows: Vec<Record>, customer: CustomerId) -> Result<Vec<Record>, StoreError> {
    if let Some(r) = rows.iter().find(|r| !r.kind.is_row() || r.customer() != customer) {
        return Err(StoreError::Misplaced { kind: r.kind, id: r.id, whose: r.customer(), customer });
    }
    if rows.len() > 1 {
        let mut seen = HashSet::with_capacity(rows.len());
        rows.reverse();
        rows.retain(|r| seen.insert((r.kind, r.id)));
    }
    Ok(rows)
}

impl Drop for Bulk {
    fn drop(&mut self) {
        self.store.inner.bulk_pending.store(false, SeqCst);
    }
}
