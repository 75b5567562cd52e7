//! What can be asked of the store.

use super::Store;
use super::error::StoreError;
use super::key::{self, Space};
use super::marks;
use super::number;
use super::page::{self, Place};
use super::tree::{Inner, bad_page, opened};
use crate::domain::fold::fold;
use crate::domain::{CustomerId, Home, Kind, Record, RecordId, RowSet, Seq};
use std::ops::ControlFlow;

/// Pages read under one hold of the lock while everything is walked through.
const PAGES_AT_ONCE: usize = 16;

impl Store {
    /// The journal record applied last; 0 for none.
    pub fn applied(&self) -> Seq {
        self.inner.read().applied
    }

    /// The state hash (see `codec::fingerprint`) and how many records there are.
    pub fn state_hash(&self) -> (u128, u64) {
        let state = self.inner.read();
        (state.hash, state.count)
    }

    /// The next free id of a kind; ids of records that are gone are not given again.
    pub fn next_id(&self, kind: Kind) -> RecordId {
        self.inner.read().next.get(&kind.code()).copied().unwrap_or(1).max(1)
    }

    /// A customer, by id.
    ///
    /// # Errors
    /// When the index is damaged or the disk fails; so for every question below.
    pub fn customer(&self, id: CustomerId) -> Result<Option<Record>, StoreError> {
        self.reference(Kind::Customer, RecordId::from(id))
    }

    /// A record that lives by its id.
    ///
    /// # Errors
    /// As [`Store::customer`].
    pub fn reference(&self, kind: Kind, id: RecordId) -> Result<Option<Record>, StoreError> {
        if kind.is_row() {
            return Ok(None);
        }
        let _state = self.inner.read();
        self.inner.record_at(kind, id, Home::default())
    }

    /// All records of the small kinds (staff, products, tags, dictionaries ...), by kind and id.
    ///
    /// # Errors
    /// As [`Store::customer`].
    pub fn references(&self) -> Result<Vec<Record>, StoreError> {
        let mut records = Vec::new();
        for kind in Kind::ALL.into_iter().filter(|k| k.is_reference()) {
            let _state = self.inner.read();
            self.inner.each_row(Space::Records, u32::from(kind.code()), &mut |row| {
                records.push(self.inner.record(Space::Records, row.place, row.body)?);
                Ok(())
            })?;
        }
        Ok(records)
    }

    /// A customer's rows in order of moment, kind and id; customer 0 holds the rows of nobody.
    ///
    /// # Errors
    /// As [`Store::customer`].
    pub fn rows(&self, customer: CustomerId) -> Result<Vec<Record>, StoreError> {
        let _state = self.inner.read();
        let mut records = Vec::new();
        self.inner.each_row(Space::Timeline, customer, &mut |row| {
            records.push(self.inner.record(Space::Timeline, row.place, row.body)?);
            Ok(())
        })?;
        Ok(records)
    }

    /// One row, where its home says.
    ///
    /// # Errors
    /// As [`Store::customer`].
    pub fn row(&self, kind: Kind, id: RecordId, home: Home) -> Result<Option<Record>, StoreError> {
        let _state = self.inner.read();
        self.inner.record_at(kind, id, home)
    }

    /// The rows that bear a number, compared folded, by id: each was read and really bears it.
    ///
    /// # Errors
    /// As [`Store::customer`].
    pub fn numbered(&self, kind: Kind, number: &str) -> Result<Vec<(RecordId, Home)>, StoreError> {
        let wanted = fold(number);
        let _state = self.inner.read();
        let mut found = Vec::new();
        for (id, home) in self.inner.numbers(kind, number::number_hash(kind, number))? {
            if self.inner.record_at(kind, id, home)?.is_some_and(|r| fold(r.number()) == wanted) {
                found.push((id, home));
            }
        }
        Ok(found)
    }

    /// Does any row of that kind bear a number at all?
    ///
    /// # Errors
    /// As [`Store::customer`].
    pub fn has_numbers(&self, kind: Kind) -> Result<bool, StoreError> {
        let _state = self.inner.read();
        let group = u32::from(kind.code());
        let mut any = false;
        let start = Place::first(group);
        let before = self.inner.page_before(Space::Numbers, start)?;
        for (_, bytes) in before.into_iter().chain(self.inner.page_from(Space::Numbers, start)?) {
            for entry in page::groups(&bytes) {
                any |= entry.ok_or_else(bad_page)?.0 == group;
            }
        }
        Ok(any)
    }

    /// The tags a customer carries, by id.
    ///
    /// # Errors
    /// As [`Store::customer`].
    pub fn tags(&self, id: CustomerId) -> Result<Vec<RecordId>, StoreError> {
        let (page, offset) = marks::spot(id);
        let _state = self.inner.read();
        let mut tags = Vec::new();
        self.inner.each_row(Space::Records, u32::from(Kind::Tag.code()), &mut |row| {
            tags.push(row.place.id);
            Ok(())
        })?;
        let mut carried = Vec::new();
        for tag in tags {
            let Some(bytes) = self.inner.get(&key::marks(tag, page))? else { continue };
            if marks::holds(&bytes, offset).ok_or_else(bad_page)? {
                carried.push(tag);
            }
        }
        Ok(carried)
    }

    /// The customers that carry a tag.
    ///
    /// # Errors
    /// As [`Store::customer`].
    pub fn tagged(&self, tag: RecordId) -> Result<RowSet, StoreError> {
        let _state = self.inner.read();
        let mut rows = RowSet::new();
        for entry in self.inner.db.range(key::marks(tag, 0).as_slice()..=key::marks(tag, u32::MAX).as_slice()) {
            let (k, v) = entry?;
            let (_, page) = key::marks_of(&k).ok_or_else(bad_page)?;
            marks::customers(page, &opened(&k, &v)?).ok_or_else(bad_page)?.for_each(|id| {
                rows.insert(id);
            });
        }
        Ok(rows)
    }

    /// Walks the customers from `from` on, ascending, until told to stop. The lock is not held while `f` runs.
    ///
    /// # Errors
    /// As [`Store::customer`].
    pub fn each_customer(&self, from: CustomerId, f: &mut dyn FnMut(Record) -> ControlFlow<()>) -> Result<(), StoreError> {
        self.each_record(Kind::Customer, RecordId::from(from), f)
    }

    pub(super) fn each_record(&self, kind: Kind, from: RecordId, f: &mut dyn FnMut(Record) -> ControlFlow<()>) -> Result<(), StoreError> {
        let group = u32::from(kind.code());
        let mut at = Some(Place { group, sub: 0, kind: kind.code(), id: from });
        while let Some(start) = at {
            let records = self.inner.some_rows(Space::Records, start, group)?;
            at = records.last().and_then(|r| Place { id: r.id, ..start }.next());
            for record in records {
                if f(record).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Walks the customers that have rows, from `from` on, ascending, each with all its rows, until told to stop. The lock
    /// is not held while `f` runs; each customer's rows are of one moment.
    ///
    /// # Errors
    /// As [`Store::customer`].
    pub fn each_customers_rows(
        &self,
        from: CustomerId,
        f: &mut dyn FnMut(CustomerId, Vec<Record>) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let mut at = Some(from);
        while let Some(start) = at {
            let mut records = self.inner.some_rows(Space::Timeline, Place::first(start), u32::MAX)?;
            let (Some(first), Some(last)) = (records.first().map(Record::customer), records.last().map(Record::customer)) else {
                return Ok(());
            };
            // The last customer's rows may go on behind the pages read.
            if first == last {
                records = self.rows(first)?;
                at = first.checked_add(1);
            } else {
                records.truncate(records.partition_point(|r| r.customer() < last));
                at = Some(last);
            }
            let mut rest = records.into_iter().peekable();
            while let Some(record) = rest.next() {
                let customer = record.customer();
                let mut rows = vec![record];
                while let Some(next) = rest.next_if(|r| r.customer() == customer) {
                    rows.push(next);
                }
                if f(customer, rows).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

impl Inner {
    /// The records on the next pages, from `start` to the end of group `last`.
    fn some_rows(&self, space: Space, start: Place, last: u32) -> Result<Vec<Record>, StoreError> {
        let _state = self.read();
        let before = self.page_before(space, start)?.filter(|(first, _)| *first < start);
        let mut records = Vec::new();
        for page in before.map(Ok).into_iter().chain(self.pages_from(space, start)).take(PAGES_AT_ONCE) {
            let (_, bytes) = page?;
            for row in page::decode(space, &bytes).ok_or_else(bad_page)? {
                if row.place >= start && row.place.group <= last {
                    records.push(self.record(space, row.place, row.body)?);
                }
            }
        }
        Ok(records)
    }

    /// Ids and homes behind a number's stored hash, not yet verified.
    fn numbers(&self, kind: Kind, hash: u64) -> Result<Vec<(RecordId, Home)>, StoreError> {
        let start = number::place(kind, hash, 0);
        let end = number::place(kind, hash, RecordId::MAX);
        let before = self.page_before(Space::Numbers, start)?.filter(|(first, _)| *first < start);
        let mut found = Vec::new();
        for page in before.map(Ok).into_iter().chain(self.pages_from(Space::Numbers, start)) {
            let (first, bytes) = page?;
            if first > end {
                break;
            }
            for row in page::decode(Space::Numbers, &bytes).ok_or_else(bad_page)? {
                if row.place >= start && row.place <= end {
                    found.push((row.place.id, number::home(row.body).ok_or_else(bad_page)?));
                }
            }
        }
        Ok(found)
    }
}
