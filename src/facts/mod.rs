//! Immutable column blocks over customers, published as versions; derived columns' slots; checkpoint and reopen.
//!
//! A block is 4,096 customers, a page 256 of them. A change copies the columns it changes of one page, at most half a
//! mebibyte by construction (`page.rs`), and swaps one `Arc`; readers keep the version they hold. `checkpoint` puts dirty
//! blocks on disk and `open` brings them back; a block that is missing or bad is named, so that it alone is built again.

mod bits;
mod cell;
mod checkpoint;
mod codec;
mod column;
mod keys;
mod page;
mod slots;
mod version;

#[cfg(test)]
mod tests;

pub use bits::Bits;
pub use cell::CELL_MAX;
pub use checkpoint::{BlockState, CheckpointReport, FactsError, Loaded};
pub use column::PAGE;
pub use keys::{Key, KeyTable};
pub use page::{COLUMNS_MAX, Memo, Page, TEXT_MAX, has_column};
pub use slots::Slot;
pub use version::{BLOCK_BITS, Block, Version};

use crate::domain::{CustomerId, Dicts, Record, RecordId, Refs, Seq, Totals};
use page::Put;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use version::place;

/// A customer as the writer hands it over: the whole row, every time.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Who.
    pub id: CustomerId,
    /// The record; `None` = the customer is gone.
    pub record: Option<Record>,
    /// The tags carried, in any order.
    pub tags: Vec<RecordId>,
    /// What follows from the rows.
    pub totals: Totals,
    /// What the search box looks in (made by `search`).
    pub haystack: String,
}

/// Work done since the facts were opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// Blocks cloned (shallowly) to be changed.
    pub blocks_cloned: u64,
    /// Bytes copied: new columns, and the frames of pages, blocks and versions.
    pub bytes_copied: u64,
}

/// The published facts of one book and the one place where they change.
#[derive(Debug)]
pub struct Facts {
    current: RwLock<Arc<Version>>,
    writer: Mutex<Writer>,
    /// Held while a checkpoint writes: two at once would write the same files.
    saving: Mutex<()>,
}

#[derive(Debug, Default)]
struct Writer {
    counters: Counters,
    /// Blocks not on disk as they are, with the number of the first change that is not.
    dirty: BTreeMap<usize, Seq>,
}

impl Default for Facts {
    fn default() -> Self {
        Facts::new()
    }
}

impl Facts {
    /// No customers.
    pub fn new() -> Facts {
        Facts::holding(Version::empty())
    }

    fn holding(version: Version) -> Facts {
        Facts { current: RwLock::new(Arc::new(version)), writer: Mutex::default(), saving: Mutex::default() }
    }

    /// The newest version.
    pub fn version(&self) -> Arc<Version> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Work done so far.
    pub fn counters(&self) -> Counters {
        self.writing().counters
    }

    fn writing(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Publishes the state at `seq`: the rows that changed (of several for one customer the last counts) and the small
    /// records when they did.
    pub fn publish(&self, seq: Seq, changes: Vec<Row>, refs: Option<Arc<Refs>>, dicts: Option<Arc<Dicts>>) -> Arc<Version> {
        let mut writer = self.writing();
        let old = self.version();
        let mut built = Building::over(&old, seq);
        for (block, rows) in by_block(changes) {
            let made = block_with(built.block(block), seq, rows, &mut writer.counters);
            built.put(block, made, &mut writer);
        }
        self.swap(built, &old, refs, dicts, &mut writer)
    }

    /// Publishes other totals for customers that exist, ascending: what an import of rows changes.
    pub fn publish_totals(&self, seq: Seq, totals: &[(CustomerId, Totals)]) -> Arc<Version> {
        let mut writer = self.writing();
        let old = self.version();
        let mut built = Building::over(&old, seq);
        for part in totals.chunk_by(|a, b| a.0 >> BLOCK_BITS == b.0 >> BLOCK_BITS) {
            let Some((first, _)) = part.first() else { continue };
            let number = place(*first).0;
            if let Some(block) = built.block(number) {
                let made = block_with_totals(block, seq, part, &mut writer.counters);
                built.put(number, (made, 0), &mut writer);
            }
        }
        self.swap(built, &old, None, None, &mut writer)
    }

    fn swap(
        &self,
        built: Building,
        old: &Version,
        refs: Option<Arc<Refs>>,
        dicts: Option<Arc<Dicts>>,
        writer: &mut Writer,
    ) -> Arc<Version> {
        let version = Arc::new(Version {
            seq: built.seq.max(old.seq),
            refs: refs.unwrap_or_else(|| old.refs.clone()),
            dicts: dicts.unwrap_or_else(|| old.dicts.clone()),
            customers: old.customers.saturating_add_signed(built.gained),
            blocks: built.blocks.into(),
        });
        writer.counters.bytes_copied += version.blocks.len() as u64 * 8;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = version.clone();
        version
    }
}

/// A version in the making.
struct Building {
    seq: Seq,
    blocks: Vec<Option<Arc<Block>>>,
    gained: i64,
}

impl Building {
    fn over(old: &Version, seq: Seq) -> Building {
        Building { seq, blocks: old.blocks.to_vec(), gained: 0 }
    }

    fn block(&self, number: usize) -> Option<&Block> {
        self.blocks.get(number).and_then(Option::as_deref)
    }

    fn put(&mut self, number: usize, (block, gained): (Block, i64), writer: &mut Writer) {
        if self.blocks.len() <= number {
            self.blocks.resize(number + 1, None);
        }
        self.blocks[number] = Some(Arc::new(block));
        self.gained += gained;
        writer.dirty.entry(number).or_insert(self.seq);
    }
}

/// Rows by block, ascending and each id once; ids of nobody (0) are left out.
fn by_block(mut rows: Vec<Row>) -> Vec<(usize, Vec<Row>)> {
    rows.retain(|row| row.id != 0);
    if !rows.is_sorted_by(|a, b| a.id < b.id) {
        // Stable, and the last of several is kept.
        rows.reverse();
        rows.sort_by_key(|row| row.id);
        rows.dedup_by_key(|row| row.id);
    }
    let mut out: Vec<(usize, Vec<Row>)> = Vec::new();
    for row in rows {
        let block = place(row.id).0;
        match out.last_mut() {
            Some((b, list)) if *b == block => list.push(row),
            _ => out.push((block, vec![row])),
        }
    }
    out
}

/// A block with other totals.
fn block_with_totals(old: &Block, seq: Seq, totals: &[(CustomerId, Totals)], counters: &mut Counters) -> Block {
    let mut block = old.clone();
    block.seq = block.seq.max(seq);
    for part in totals.chunk_by(|a, b| a.0 >> 8 == b.0 >> 8) {
        let Some((first, _)) = part.first() else { continue };
        let Some(Some(held)) = block.pages.get_mut(place(*first).1) else { continue };
        let rows: Vec<(u8, Totals)> = part.iter().map(|(id, t)| (place(*id).2, *t)).collect();
        let (page, copied) = held.with_totals(&rows);
        counters.bytes_copied += copied;
        *held = Arc::new(page);
    }
    counters.blocks_cloned += 1;
    counters.bytes_copied += size_of::<Block>() as u64;
    block
}

/// A block with rows put, and how many customers it gained.
fn block_with(old: Option<&Block>, seq: Seq, rows: Vec<Row>, counters: &mut Counters) -> (Block, i64) {
    let mut block = old.cloned().unwrap_or_default();
    block.seq = block.seq.max(seq);
    let mut gained = 0;
    let mut by_page: Vec<(usize, Vec<Put>)> = Vec::new();
    for row in rows {
        let (_, page, at) = place(row.id);
        match by_page.last_mut() {
            Some((p, list)) if *p == page => list.push((at, row)),
            _ => by_page.push((page, vec![(at, row)])),
        }
    }
    let nothing = Page::default();
    for (number, mut puts) in by_page {
        let Some(held) = block.pages.get_mut(number) else { continue };
        let old = held.as_deref().unwrap_or(&nothing);
        let (page, copied) = old.with(&mut puts);
        gained += i64::from(page.alive().count()) - i64::from(old.alive().count());
        counters.bytes_copied += copied;
        *held = Some(Arc::new(page));
    }
    counters.blocks_cloned += 1;
    counters.bytes_copied += size_of::<Block>() as u64;
    (block, gained)
}
