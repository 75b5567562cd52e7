//! Applying one journal record: its operations are gathered in a draft that reads its own changes, then written as one
//! atomic batch with the new `applied`, state hash and next ids.

use super::Store;
use super::body::{self, Stub};
use super::error::StoreError;
use super::key::{self, Space};
use super::marks;
use super::meta::{Meta, MetaDelta};
use super::number;
use super::page::{self, Place, SMALL};
use super::pages::pages_after;
use super::tree::{Inner, Writes, bad_page, record_from};
use crate::domain::op::home_after;
use crate::domain::{FieldId, Home, Kind, Op, Record, RecordId, RowSet, Seq, Value};
use std::collections::BTreeMap;
use std::sync::atomic::Ordering::SeqCst;

impl Store {
    /// Applies the operations of journal record `seq`, in order, all or none. A `seq` applied before is left alone, and an
    /// operation whose outcome is there already changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when an operation changes a record that is not here (nothing is applied then);
    /// [`StoreError::BulkUnderWay`] while a bulk load holds unwritten rows; otherwise when the index cannot be read or
    /// written.
    pub fn apply(&self, seq: Seq, ops: &[Op]) -> Result<(), StoreError> {
        if self.inner.bulk_pending.load(SeqCst) {
            return Err(StoreError::BulkUnderWay);
        }
        let mut state = self.inner.write();
        if seq <= state.applied {
            return Ok(());
        }
        let mut draft = Draft::new(&self.inner, &state);
        ops.iter().try_for_each(|op| draft.apply(op))?;
        let (delta, writes) = draft.into_writes()?;
        let mut after = state.after(&delta);
        after.applied = seq;
        self.inner.commit(&mut state, after, writes)
    }
}

/// A record and where it stands.
type Found = ((Space, Place), Record);

pub(super) struct Draft<'a> {
    inner: &'a Inner,
    state: &'a Meta,
    rows: BTreeMap<(Space, Place), Option<Vec<u8>>>,
    pieces: BTreeMap<[u8; 16], Option<Vec<u8>>>,
    /// Pages of marks: before and after.
    marks: BTreeMap<(RecordId, u32), (Vec<u8>, Vec<u8>)>,
    delta: MetaDelta,
}

impl<'a> Draft<'a> {
    pub(super) fn new(inner: &'a Inner, state: &'a Meta) -> Draft<'a> {
        let (rows, pieces, marks, delta) = Default::default();
        Draft { inner, state, rows, pieces, marks, delta }
    }

    pub(super) fn apply(&mut self, op: &Op) -> Result<(), StoreError> {
        match op {
            Op::New(record) => self.new_record(record),
            Op::Gone(record) => match self.find(record.kind, record.id, &[body::home_of(record)])? {
                Some((place, old)) => self.replace(Some((place, old)), None),
                None => Ok(()),
            },
            Op::Set { kind, id, home, field, after, .. } => self.set(*kind, *id, *home, *field, after.as_ref()),
            Op::Mark { tag, on, rows } => self.mark(*tag, *on, rows),
        }
    }

    fn new_record(&mut self, record: &Record) -> Result<(), StoreError> {
        let known = self.state.next.get(&record.kind.code()).copied().unwrap_or(0).max(self.delta.next_of(record.kind));
        // An id never given before cannot be here: nothing to look for.
        let old = if record.id < known { self.find(record.kind, record.id, &[body::home_of(record)])? } else { None };
        self.replace(old, Some(record))
    }

    fn set(&mut self, kind: Kind, id: RecordId, home: Home, field: FieldId, after: Option<&Value>) -> Result<(), StoreError> {
        let homes = [home, home_after(kind, home, field, after)];
        let Some((place, old)) = self.find(kind, id, &homes)? else { return Err(StoreError::Missing { kind, id }) };
        let mut new = old.clone();
        new.set(field, after.cloned());
        self.replace(Some((place, old)), Some(&new))
    }

    fn mark(&mut self, tag: RecordId, on: bool, rows: &RowSet) -> Result<(), StoreError> {
        for (page, ids) in marks::by_page(rows) {
            let entry = match self.marks.entry((tag, page)) {
                std::collections::btree_map::Entry::Occupied(e) => e.into_mut(),
                std::collections::btree_map::Entry::Vacant(e) => {
                    let before = self.inner.get(&key::marks(tag, page))?.unwrap_or_default();
                    e.insert((before.clone(), before))
                }
            };
            entry.1 = marks::changed(&entry.1, &ids, on)?;
        }
        Ok(())
    }

    /// The record, at one of the homes it may have; failing these, anywhere among the rows of their customers (an operation
    /// applied again finds it where a later one has put it).
    fn find(&self, kind: Kind, id: RecordId, homes: &[Home]) -> Result<Option<Found>, StoreError> {
        for home in homes {
            let (space, place) = body::place(kind, id, *home);
            if let Some(body) = self.body(space, place)? {
                return Ok(Some(((space, place), self.record(space, place, &body)?)));
            }
        }
        for home in homes.iter().filter(|_| kind.is_row()) {
            if let Some((place, body)) = self.search(home.customer, kind, id)? {
                return Ok(Some(((Space::Timeline, place), self.record(Space::Timeline, place, &body)?)));
            }
        }
        Ok(None)
    }

    fn search(&self, customer: u32, kind: Kind, id: RecordId) -> Result<Option<(Place, Vec<u8>)>, StoreError> {
        let is_it = |place: Place| place.group == customer && place.kind == kind.code() && place.id == id;
        let from = (Space::Timeline, Place::first(customer));
        let drafted = self.rows.range(from..).take_while(|((_, p), _)| p.group == customer).find(|((_, p), b)| is_it(*p) && b.is_some());
        if let Some(((_, place), Some(body))) = drafted {
            return Ok(Some((*place, body.clone())));
        }
        let mut found = None;
        self.inner.each_row(Space::Timeline, customer, &mut |row| {
            if is_it(row.place) && !self.rows.contains_key(&(Space::Timeline, row.place)) {
                found = Some((row.place, row.body.to_vec()));
            }
            Ok(())
        })?;
        Ok(found)
    }

    fn body(&self, space: Space, place: Place) -> Result<Option<Vec<u8>>, StoreError> {
        match self.rows.get(&(space, place)) {
            Some(drafted) => Ok(drafted.clone()),
            None => self.inner.row(space, place),
        }
    }

    fn record(&self, space: Space, place: Place, body: &[u8]) -> Result<Record, StoreError> {
        record_from(space, place, body, &mut |key| match self.pieces.get(key) {
            Some(drafted) => Ok(drafted.clone()),
            None => self.inner.get(key),
        })
    }

    /// The old record goes, the new one comes; equal ones cancel out.
    fn replace(&mut self, old: Option<Found>, new: Option<&Record>) -> Result<(), StoreError> {
        if old.as_ref().map(|(_, r)| r) == new {
            return Ok(());
        }
        if let Some(((space, place), record)) = old {
            let body = self.body(space, place)?.unwrap_or_default();
            self.take_out(space, place, &body)?;
            if let Some(hash) = number::of(&record) {
                self.rows.insert((Space::Numbers, number::place(record.kind, hash, record.id)), None);
            }
        }
        let Some(record) = new else { return Ok(()) };
        let stored = body::store(record)?;
        // The other place of a record applied again: it is taken off the books before it is written over.
        if let Some(body) = self.body(stored.space, stored.place)? {
            self.take_out(stored.space, stored.place, &body)?;
        }
        self.delta.record_added(record.kind.code(), record.id, stored.fingerprint);
        self.rows.insert((stored.space, stored.place), Some(stored.body));
        self.pieces.extend(stored.pieces.into_iter().map(|(key, piece)| (key, Some(piece))));
        if let Some(hash) = number::of(record) {
            let entry = number::row(record.kind, hash, record.id, record.home());
            self.rows.insert((Space::Numbers, entry.place), Some(entry.body));
        }
        Ok(())
    }

    fn take_out(&mut self, space: Space, place: Place, body: &[u8]) -> Result<(), StoreError> {
        self.delta.record_removed(body::fingerprint(space, place, body)?);
        self.rows.insert((space, place), None);
        if let Some(stub) = Stub::of(body) {
            self.pieces.extend((0..stub.pieces()).map(|part| (key::piece(place, part), None)));
        }
        Ok(())
    }

    pub(super) fn into_writes(mut self) -> Result<(MetaDelta, Writes), StoreError> {
        let mut writes = Writes::default();
        for space in Space::ALL {
            let changes: Vec<(Place, Option<&[u8]>)> =
                self.rows.iter().filter(|((s, _), _)| *s == space).map(|((_, place), body)| (*place, body.as_deref())).collect();
            write_rows(self.inner, space, &changes, &mut writes)?;
        }
        for (key, piece) in &self.pieces {
            match piece {
                Some(payload) => writes.put(key, payload)?,
                None => writes.remove(key),
            }
        }
        for ((tag, page), (before, after)) in &self.marks {
            let key = key::marks(*tag, *page);
            self.delta.marks_changed(marks::fingerprint(&key, before), marks::fingerprint(&key, after));
            if after.is_empty() {
                writes.remove(&key);
            } else if after != before {
                writes.put(&key, after)?;
            }
        }
        Ok((self.delta, writes))
    }
}

/// Writes changed rows into the pages they belong on, page by page.
fn write_rows(inner: &Inner, space: Space, changes: &[(Place, Option<&[u8]>)], writes: &mut Writes) -> Result<(), StoreError> {
    let mut rest = changes;
    while let Some((first, _)) = rest.first() {
        let mut held = match inner.page_before(space, *first)? {
            Some(page) => vec![page],
            None => inner.page_from(space, *first)?.into_iter().collect(),
        };
        let mut end = end_of(inner, space, &held)?;
        let mut n = rest.partition_point(|(place, _)| end.is_none_or(|end| *place < end));
        let mut after = changed(space, &held, rest.get(..n).unwrap_or_default())?;
        if let Some(next) = end.filter(|_| after.weight < SMALL) {
            held.extend(inner.page_from(space, next)?);
            end = end_of(inner, space, &held)?;
            n = rest.partition_point(|(place, _)| end.is_none_or(|end| *place < end));
            after = changed(space, &held, rest.get(..n).unwrap_or_default())?;
        }
        after.removes.iter().for_each(|place| writes.remove(&key::page(space, *place)));
        after.puts.into_iter().for_each(|sealed| writes.put_sealed(&key::page(space, sealed.first), sealed.value));
        rest = rest.get(n.max(1)..).unwrap_or_default();
    }
    Ok(())
}

fn end_of(inner: &Inner, space: Space, held: &[(Place, Vec<u8>)]) -> Result<Option<Place>, StoreError> {
    match held.last().and_then(|(first, _)| first.next()) {
        Some(next) => inner.key_from(space, next),
        None => Ok(None),
    }
}

fn changed(space: Space, held: &[(Place, Vec<u8>)], changes: &[(Place, Option<&[u8]>)]) -> Result<super::pages::PageChanges, StoreError> {
    let mut pages = Vec::with_capacity(held.len());
    for (place, bytes) in held {
        pages.push((*place, page::decode(space, bytes).ok_or_else(bad_page)?));
    }
    pages_after(space, &pages, changes).ok_or_else(bad_page)
}
