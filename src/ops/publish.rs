//! From the store to the published columns: one customer's row, made anew from the record, its rows and its tags.

use super::change::touched;
use super::open::OnProgress;
use super::request::{Progress, Refusal};
use super::shared::{Shared, tag_names};
use crate::domain::{CustomerId, Dicts, Kind, Op, Record, Refs, RowSet, Say, Seq, Totals};
use crate::facts::{BLOCK_BITS, Row, Version};
use crate::search;
use crate::store::{Store, StoreError};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::Arc;

/// The published row of a customer as the store has it now.
pub fn row(store: &Store, refs: &Refs, id: CustomerId) -> Result<Row, StoreError> {
    let totals = Totals::of(&store.rows(id)?);
    row_with(store, refs, id, totals)
}

/// As [`row`], with totals that are known.
fn row_with(store: &Store, refs: &Refs, id: CustomerId, totals: Totals) -> Result<Row, StoreError> {
    let record = store.customer(id)?;
    let tags = store.tags(id)?;
    let haystack = record.as_ref().map_or_else(String::new, |r| search::haystack(r, &tag_names(refs, &tags)));
    Ok(Row { id, record, tags, totals, haystack })
}

/// Publishes what a commit changed: reference records first, then every touched customer.
pub fn publish(shared: &Shared, store: &Store, seq: Seq, ops: &[Op]) -> Result<(), StoreError> {
    let version = shared.version();
    let (refs, dicts) = references(store, &version.refs, &version.dicts, ops)?;
    let r = refs.clone().unwrap_or_else(|| Arc::clone(&version.refs));
    // Marks leave the rows of their customers, who may be many, as they were.
    let marks = ops.iter().all(|op| match op {
        Op::Mark { .. } => true,
        Op::New(record) | Op::Gone(record) => record.kind.is_reference(),
        Op::Set { kind, .. } => kind.is_reference(),
    });
    let made = |id| if marks && version.contains(id) { row_with(store, &r, id, version.totals(id)) } else { row(store, &r, id) };
    let rows = touched(ops).into_iter().map(made).collect::<Result<Vec<_>, _>>()?;
    shared.facts.publish(seq, rows, refs, dicts);
    Ok(())
}

type NewReferences = (Option<Arc<Refs>>, Option<Arc<Dicts>>);

/// New reference tables, when the operations touch any.
pub fn references(store: &Store, refs: &Arc<Refs>, dicts: &Arc<Dicts>, ops: &[Op]) -> Result<NewReferences, StoreError> {
    let mut new_refs: Option<Refs> = None;
    let mut new_dicts: Option<Dicts> = None;
    for op in ops {
        let (kind, id) = match op {
            Op::New(r) | Op::Gone(r) => (r.kind, r.id),
            Op::Set { kind, id, .. } => (*kind, *id),
            Op::Mark { .. } => continue,
        };
        if !kind.is_reference() {
            continue;
        }
        let refs = new_refs.get_or_insert_with(|| Refs::clone(refs));
        match store.reference(kind, id)? {
            Some(record) => {
                if kind == Kind::DictEntry {
                    new_dicts.get_or_insert_with(|| Dicts::clone(dicts)).take(&record);
                }
                refs.put(record);
            }
            None => {
                if let (Kind::DictEntry, Op::Gone(record)) = (kind, op) {
                    new_dicts.get_or_insert_with(|| Dicts::clone(dicts)).forget(record);
                }
                refs.forget(kind, id);
            }
        }
    }
    Ok((new_refs.map(Arc::new), new_dicts.map(Arc::new)))
}

/// All reference tables, from the store.
pub fn all_references(store: &Store) -> Result<(Refs, Dicts), StoreError> {
    let (mut refs, mut dicts) = (Refs::default(), Dicts::default());
    for record in store.references()? {
        if record.kind == Kind::DictEntry {
            dicts.take(&record);
        }
        refs.put(record);
    }
    Ok((refs, dicts))
}

/// The columns of the whole book, from the store.
pub fn everything(
    shared: &Shared,
    store: &Store,
    refs: &Arc<Refs>,
    dicts: &Arc<Dicts>,
    seq: Seq,
    progress: &OnProgress,
) -> Result<(), Refusal> {
    let all = store.next_id(Kind::Customer);
    let tags = tags_by_customer(store, refs).map_err(Refusal::store)?;
    let mut from: CustomerId = 0;
    // Block by block, so that people can search what is there already, and memory holds one block of records at a time.
    while u64::from(from) < all {
        let to = from.saturating_add(BLOCK);
        let rows = range(store, refs, &tags, from, to).map_err(Refusal::store)?;
        shared.facts.publish(seq, with_gone(rows, &shared.version(), from, to), None, None);
        progress(Progress { what: Say::new("progress.columns"), done: u64::from(to).min(all), of: all });
        from = to;
    }
    shared.facts.publish(seq, Vec::new(), Some(Arc::clone(refs)), Some(Arc::clone(dicts)));
    Ok(())
}

/// Customers read for one publish: those of a block.
const BLOCK: u32 = 1 << BLOCK_BITS;

/// The columns of some blocks, from the store.
pub fn blocks(shared: &Shared, store: &Store, refs: &Refs, seq: Seq, blocks: BTreeSet<u32>) -> Result<(), Refusal> {
    if blocks.is_empty() {
        return Ok(());
    }
    let tags = tags_by_customer(store, refs).map_err(Refusal::store)?;
    for from in blocks.into_iter().map(|block| block << BLOCK_BITS) {
        let to = from.saturating_add(BLOCK);
        let rows = range(store, refs, &tags, from, to).map_err(Refusal::store)?;
        shared.facts.publish(seq, with_gone(rows, &shared.version(), from, to), None, None);
    }
    Ok(())
}

/// Customers that the columns still show and the store has no more go, too.
fn with_gone(mut rows: Vec<Row>, shown: &Version, from: CustomerId, to: CustomerId) -> Vec<Row> {
    let there: HashSet<CustomerId> = rows.iter().map(|r| r.id).collect();
    let gone = (from..to).filter(|id| shown.contains(*id) && !there.contains(id));
    rows.extend(gone.map(|id| Row { id, record: None, tags: Vec::new(), totals: Totals::default(), haystack: String::new() }));
    rows.sort_unstable_by_key(|r| r.id);
    rows
}

type Tagged = Vec<(u64, RowSet)>;

fn tags_by_customer(store: &Store, refs: &Refs) -> Result<Tagged, StoreError> {
    refs.of(Kind::Tag).map(|t| Ok((t.id, store.tagged(t.id)?))).collect()
}

/// The rows of the customers `from..to`.
fn range(store: &Store, refs: &Refs, tags: &Tagged, from: CustomerId, to: CustomerId) -> Result<Vec<Row>, StoreError> {
    let mut records = Vec::new();
    store.each_customer(from, &mut |record| {
        if record.id >= u64::from(to) {
            return ControlFlow::Break(());
        }
        records.push(record);
        ControlFlow::Continue(())
    })?;
    let mut totals = HashMap::new();
    store.each_customers_rows(from.max(1), &mut |customer, rows| {
        if customer >= to {
            return ControlFlow::Break(());
        }
        totals.insert(customer, Totals::of(&rows));
        ControlFlow::Continue(())
    })?;
    let row = |record: Record| {
        let id = CustomerId::try_from(record.id).unwrap_or(0);
        let tags: Vec<u64> = tags.iter().filter(|(_, rows)| rows.contains(id)).map(|(t, _)| *t).collect();
        let haystack = search::haystack(&record, &tag_names(refs, &tags));
        Row { id, record: Some(record), tags, totals: totals.remove(&id).unwrap_or_default(), haystack }
    };
    Ok(records.into_iter().map(row).collect())
}

/// Publishes customers whose marks the columns do not show yet.
pub fn marked(shared: &Shared, store: &Store, seq: Seq, marks: &BTreeMap<(u64, bool), RowSet>) -> Result<(), Refusal> {
    let version = shared.version();
    let mut behind = RowSet::new();
    for ((tag, on), rows) in marks {
        let shown = version.tagged(*tag);
        for id in rows.iter().filter(|id| shown.contains(*id) != *on) {
            behind.insert(id);
        }
    }
    let refs = &version.refs;
    let rows = behind.iter().map(|id| row(store, refs, id)).collect::<Result<Vec<_>, _>>().map_err(Refusal::store)?;
    shared.facts.publish(seq, rows, None, None);
    Ok(())
}
