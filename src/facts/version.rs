//! A published version: blocks of 4,096 customers, each of sixteen pages, shared with the versions before and after.
//! Whoever holds a version sees it unchanged for as long as they hold it.

use super::column::Data;
use super::page::Page;
use crate::domain::{Card, CustomerId, Dicts, FieldId, RecordId, Refs, RowSet, Seq, Totals, Value};
use std::sync::Arc;

/// Customers of a block, as a power of two.
pub const BLOCK_BITS: u32 = 12;
/// Pages of a block.
pub(crate) const PAGES: usize = 16;

/// 4,096 customers that follow each other: the unit of the checkpoint.
#[derive(Debug, Clone, Default)]
pub struct Block {
    /// The journal's number of the last change in here.
    pub seq: Seq,
    pub(crate) pages: [Option<Arc<Page>>; PAGES],
}

/// The state of the book at one journal number.
#[derive(Debug, Clone)]
pub struct Version {
    /// The journal's number this is the state of.
    pub seq: Seq,
    /// Staff, products, tags and other small records.
    pub refs: Arc<Refs>,
    /// Dictionaries.
    pub dicts: Arc<Dicts>,
    /// Customers that exist.
    pub customers: u64,
    pub(crate) blocks: Arc<[Option<Arc<Block>>]>,
}

/// Where a customer is: block, page within, row within.
pub(crate) fn place(id: CustomerId) -> (usize, usize, u8) {
    ((id >> BLOCK_BITS) as usize, (id >> 8 & 15) as usize, id as u8)
}

impl Version {
    pub(crate) fn empty() -> Version {
        Version { seq: 0, refs: Arc::default(), dicts: Arc::default(), customers: 0, blocks: Arc::from([]) }
    }

    /// The page of a customer and the row in it; `None` where nobody was ever put.
    pub fn page(&self, id: CustomerId) -> Option<(&Page, u8)> {
        let (block, page, row) = place(id);
        let block = self.blocks.get(block)?.as_ref()?;
        Some((block.pages.get(page)?.as_deref()?, row))
    }

    fn live(&self, id: CustomerId) -> Option<(&Page, u8)> {
        self.page(id).filter(|(page, row)| page.alive.get(*row))
    }

    /// Does the customer exist?
    pub fn contains(&self, id: CustomerId) -> bool {
        self.live(id).is_some()
    }

    /// The customer as lists and the preview show them; `None` when there is none of that id.
    pub fn card(&self, id: CustomerId) -> Option<Card> {
        let (page, row) = self.live(id)?;
        Some(Card { id, record: page.record(row, RecordId::from(id)), tags: page.tags(row), totals: page.totals(row) })
    }

    /// One field of a customer, if known.
    pub fn value(&self, id: CustomerId, field: FieldId) -> Option<Value> {
        self.live(id).and_then(|(page, row)| page.value(row, field))
    }

    /// One text of a customer; "" when unknown.
    pub fn text(&self, id: CustomerId, field: FieldId) -> &str {
        self.live(id).map_or("", |(page, row)| page.text(row, field))
    }

    /// The totals of a customer; all zero when there is none.
    pub fn totals(&self, id: CustomerId) -> Totals {
        self.live(id).map_or_else(Totals::default, |(page, row)| page.totals(row))
    }

    /// The tags of a customer, ascending.
    pub fn tags(&self, id: CustomerId) -> Vec<RecordId> {
        self.live(id).map_or_else(Vec::new, |(page, row)| page.tags(row))
    }

    /// Who carries a tag.
    pub fn tagged(&self, tag: RecordId) -> RowSet {
        self.pages().flat_map(|(first, page)| page.tagged(tag).iter().map(move |row| first + CustomerId::from(row))).collect()
    }

    /// Every customer, ascending.
    pub fn ids(&self) -> impl Iterator<Item = CustomerId> + '_ {
        self.pages().flat_map(|(first, page)| page.alive.iter().map(move |row| first + CustomerId::from(row)))
    }

    /// The highest customer id that exists; 0 when there is none.
    pub fn last_id(&self) -> CustomerId {
        self.pages().filter_map(|(first, page)| page.alive.iter().last().map(|row| first + CustomerId::from(row))).last().unwrap_or(0)
    }

    /// The pages with the id of their row 0, ascending.
    pub fn pages(&self) -> impl Iterator<Item = (CustomerId, &Page)> {
        self.blocks.iter().enumerate().flat_map(|(b, block)| {
            let pages = block.iter().flat_map(|block| block.pages.iter().enumerate());
            pages.filter_map(move |(p, page)| page.as_deref().map(|page| ((b as CustomerId) << BLOCK_BITS | (p as CustomerId) << 8, page)))
        })
    }

    /// Bytes held, by part, each once.
    pub fn memory(&self) -> Vec<(&'static str, u64)> {
        let mut parts = [
            ("numbers", 0u64),
            ("texts", 0),
            ("many-valued", 0),
            ("totals", 0),
            ("haystack", 0),
            ("keys", 0),
            ("tags", 0),
            ("search memo", 0),
            ("structure", self.blocks.len() as u64 * 8),
        ];
        for (_, page) in self.pages() {
            for (_, col) in &page.cols {
                let part = match &col.data {
                    Data::Num(_) => 0,
                    Data::Text(t) if t.packed => 2,
                    Data::Text(_) => 1,
                };
                parts[part].1 += col.size();
            }
            parts[3].1 += page.totals.iter().flatten().map(|c| c.size()).sum::<u64>();
            parts[4].1 += page.haystack.iter().map(|c| c.size()).sum::<u64>();
            parts[5].1 += page.keys.len() as u64 * 4;
            parts[6].1 += page.tags.len() as u64 * 40;
            parts[7].1 += page.memo.get().map_or(0, |m| m.len() as u64 * 16);
            parts[8].1 += page.frame_size();
        }
        parts.to_vec()
    }
}
