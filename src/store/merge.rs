//! Merging a sorted stream of rows into the pages of one family, each page read and written once.
//!
//! Whatever the moment of a crash, the pages on disk hold every old row: a batch that replaces a page writes all that was
//! on it, passed or not, and what is still being filled is written too and replaced by the next batch.

use super::error::StoreError;
use super::key::{self, Space};
use super::page::{self, Place, Row};
use super::tree::{Inner, Writes, bad_page};
use std::collections::VecDeque;

/// Unpacked bytes gathered before a batch is written: about 24 full pages, because sled's memory swells with long batches.
/// Tests gather little, so that small loads cross many batches.
const GATHER: usize = if cfg!(test) { 9_000 } else { 24 * 6_000 };

/// A row that owns its bytes.
pub(super) type OwnRow = Row<Vec<u8>>;

/// See the module. Rows come in ascending order of place.
#[derive(Debug)]
pub(super) struct Merge {
    space: Space,
    /// Rows passed, not yet on a full page.
    out: Vec<OwnRow>,
    weight: usize,
    /// Packed per unpacked byte, in 1/256, as seen so far.
    ratio: usize,
    /// Rows of the page at hand that are still to be passed.
    loaded: VecDeque<OwnRow>,
    /// Pages whose rows are in `out` or `loaded`.
    held: Vec<Place>,
    /// Where the next untouched old page begins.
    next_page: Option<Place>,
}

impl Merge {
    /// A merge from the start of a family.
    pub(super) fn new(inner: &Inner, space: Space) -> Result<Merge, StoreError> {
        let next_page = inner.key_from(space, Place::first(0))?;
        Ok(Merge { space, out: Vec::new(), weight: 0, ratio: 170, loaded: VecDeque::new(), held: Vec::new(), next_page })
    }

    pub(super) fn space(&self) -> Space {
        self.space
    }

    /// True when enough is gathered for a batch.
    pub(super) fn is_full(&self) -> bool {
        self.weight >= GATHER
    }

    /// True when rows are held that the pages on disk do not show yet, or might not.
    pub(super) fn holds(&self) -> bool {
        !self.out.is_empty() || !self.loaded.is_empty() || !self.held.is_empty()
    }

    /// Passes all old rows before `place`; pages that lie wholly before it are not touched. `settle` is asked to write a
    /// batch before pages are skipped.
    pub(super) fn advance(
        &mut self,
        inner: &Inner,
        place: Place,
        settle: &mut dyn FnMut(&mut Merge) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        loop {
            while let Some(row) = self.pop_if(|p| p < place) {
                self.append(row);
            }
            if !self.loaded.is_empty() || self.next_page.is_none_or(|next| next > place) {
                return Ok(());
            }
            let Some((first, bytes)) = inner.page_before(self.space, place)? else { return Err(bad_page()) };
            if Some(first) != self.next_page {
                settle(self)?;
            }
            self.load(inner, first, &bytes)?;
        }
    }

    fn load(&mut self, inner: &Inner, first: Place, bytes: &[u8]) -> Result<(), StoreError> {
        let rows = page::decode(self.space, bytes).ok_or_else(bad_page)?;
        self.loaded.extend(rows.into_iter().map(|r| Row { place: r.place, body: r.body.to_vec() }));
        self.held.push(first);
        self.next_page = match first.next() {
            Some(after) => inner.key_from(self.space, after)?,
            None => None,
        };
        Ok(())
    }

    /// Takes the old row at `place`, once advanced there.
    pub(super) fn take(&mut self, place: Place) -> Option<OwnRow> {
        self.pop_if(|p| p == place)
    }

    /// Takes all old rows of a group, once advanced to its first place.
    pub(super) fn take_group(&mut self, inner: &Inner, group: u32) -> Result<Vec<OwnRow>, StoreError> {
        let mut rows = Vec::new();
        loop {
            while let Some(row) = self.pop_if(|p| p.group == group) {
                rows.push(row);
            }
            match self.next_page {
                Some(next) if self.loaded.is_empty() && next.group == group => {
                    let (first, bytes) = inner.page_from(self.space, next)?.ok_or_else(bad_page)?;
                    self.load(inner, first, &bytes)?;
                }
                _ => return Ok(rows),
            }
        }
    }

    fn pop_if(&mut self, wanted: impl Fn(Place) -> bool) -> Option<OwnRow> {
        if self.loaded.front().is_some_and(|row| wanted(row.place)) { self.loaded.pop_front() } else { None }
    }

    /// Adds the next row; it comes after all rows passed.
    pub(super) fn append(&mut self, row: OwnRow) {
        self.weight += row.weight();
        self.out.push(row);
    }

    /// Puts full pages into `writes`, and what does not fill one (kept here, to be filled further) unless `last`.
    pub(super) fn settle(&mut self, writes: &mut Writes, last: bool) -> Result<(), StoreError> {
        let mut puts = Vec::new();
        let mut done = 0;
        while done < self.out.len() {
            let rest = self.out.get(done..).unwrap_or_default();
            let (n, sealed) = page::seal_front(self.space, rest, &mut self.ratio).ok_or_else(bad_page)?;
            let full = done + n < self.out.len();
            puts.push((full || last, sealed));
            if !full && !last {
                break;
            }
            done += n;
        }
        self.out.drain(..done);
        self.weight = self.out.iter().map(Row::weight).sum();
        let rest = self.loaded.make_contiguous();
        let mut at = 0;
        while let Some(rows) = rest.get(at..).filter(|r| !r.is_empty()) {
            let (n, sealed) = page::seal_front(self.space, rows, &mut self.ratio).ok_or_else(bad_page)?;
            puts.push((last, sealed));
            at += n;
        }
        for place in self.held.drain(..).filter(|p| !puts.iter().any(|(_, s)| s.first == *p)) {
            writes.remove(&key::page(self.space, place));
        }
        for (whole, sealed) in puts {
            if !whole {
                self.held.push(sealed.first);
            }
            writes.put_sealed(&key::page(self.space, sealed.first), sealed.value);
        }
        if last {
            self.loaded.clear();
        }
        Ok(())
    }
}
