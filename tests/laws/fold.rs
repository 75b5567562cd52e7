//! The journal folded naively into maps, and the store and the columns held against it.

use guanxi::domain::{Kind, Op, Record, RecordId, Totals};
use guanxi::facts::has_column;
use guanxi::journal::{Body, Reader, RealVfs, Vfs};
use guanxi::ops::Desk;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

/// Records and tags, without pages, blocks or keys.
#[derive(Debug, Default, PartialEq)]
pub struct Folded {
    pub records: BTreeMap<(Kind, RecordId), Record>,
    pub tags: BTreeMap<RecordId, BTreeSet<u32>>,
}

impl Folded {
    fn apply(&mut self, op: Op) {
        match op {
            Op::New(r) => drop(self.records.insert((r.kind, r.id), r)),
            Op::Gone(r) => drop(self.records.remove(&(r.kind, r.id))),
            Op::Set { kind, id, field, after, .. } => {
                let record = self.records.get_mut(&(kind, id)).unwrap_or_else(|| panic!("a field of {kind:?} {id}, which is not there"));
                record.set(field, after);
            }
            Op::Mark { tag, on, rows } => {
                let held = self.tags.entry(tag).or_default();
                for id in rows.iter() {
                    if on {
                        held.insert(id)
                    } else {
                        held.remove(&id)
                    };
                }
            }
        }
    }

    /// What the journal of the book in this folder says.
    pub fn journal(vfs: &Arc<dyn Vfs>, book: &Path) -> Folded {
        let mut folded = Folded::default();
        let mut frames: HashMap<u64, Vec<Vec<Op>>> = HashMap::new();
        for stored in Reader::open(Arc::clone(vfs), &book.join("journal"), 1).unwrap() {
            match stored.unwrap().body {
                Body::Change { ops, .. } | Body::Undo { ops, .. } => ops.into_iter().for_each(|op| folded.apply(op)),
                Body::BatchFrame { batch, ops, .. } => frames.entry(batch).or_default().push(ops),
                Body::BatchCommit(commit) => {
                    let ours = frames.remove(&commit.batch).unwrap_or_default();
                    assert_eq!(ours.len(), commit.frames as usize, "frames of the batch {}", commit.batch);
                    let skip: HashSet<(u8, u64)> = commit.skip.into_iter().collect();
                    for op in ours.into_iter().flatten().filter(|op| !skip.contains(&key(op))) {
                        folded.apply(op);
                    }
                }
                _ => {}
            }
        }
        folded.tags.retain(|_, rows| !rows.is_empty());
        folded
    }

    /// What the store of an open book holds.
    pub fn store(desk: &Desk) -> Folded {
        let store = desk.shared().store().unwrap();
        let mut held = Folded::default();
        let mut take = |r: Record| assert!(held.records.insert((r.kind, r.id), r.clone()).is_none(), "{:?} {} twice", r.kind, r.id);
        store.references().unwrap().into_iter().for_each(&mut take);
        let each_customer = store.each_customer(0, &mut |record| {
            take(record);
            ControlFlow::Continue(())
        });
        let each_row = store.each_customers_rows(0, &mut |_, rows| {
            rows.into_iter().for_each(&mut take);
            ControlFlow::Continue(())
        });
        each_customer.and(each_row).unwrap();
        for tag in 1..store.next_id(Kind::Tag) {
            let rows: BTreeSet<u32> = store.tagged(tag).unwrap().iter().collect();
            if !rows.is_empty() {
                held.tags.insert(tag, rows);
            }
        }
        held
    }
}

/// How often each op id is in the journal of a book.
pub fn op_ids(vfs: &Arc<dyn Vfs>, book: &Path) -> HashMap<u128, u32> {
    let mut found = HashMap::new();
    for stored in Reader::open(Arc::clone(vfs), &book.join("journal"), 1).unwrap() {
        *found.entry(stored.unwrap().op_id).or_default() += 1;
    }
    found
}

fn key(op: &Op) -> (u8, u64) {
    match op {
        Op::New(r) | Op::Gone(r) => (r.kind.code(), r.id),
        Op::Set { kind, id, .. } => (kind.code(), *id),
        Op::Mark { .. } => (0, 0),
    }
}

/// The store is the fold of the journal, and every published card follows from it.
pub fn check(book: &Path, desk: &Desk) {
    check_on(&real(), book, desk);
}

/// The real disk.
pub fn real() -> Arc<dyn Vfs> {
    Arc::new(RealVfs::new())
}

/// As [`check`], the journal on another disk.
pub fn check_on(vfs: &Arc<dyn Vfs>, book: &Path, desk: &Desk) {
    let folded = Folded::journal(vfs, book);
    let held = Folded::store(desk);
    for key in folded.records.keys().chain(held.records.keys()) {
        let (want, have) = (folded.records.get(key), held.records.get(key));
        assert_eq!(have, want, "the store's {key:?} against the journal's");
    }
    assert_eq!(held.tags, folded.tags, "the store's tags against the journal's");
    check_cards(desk, &folded);
}

fn check_cards(desk: &Desk, folded: &Folded) {
    let version = desk.shared().version();
    let mut rows: BTreeMap<u32, Vec<&Record>> = BTreeMap::new();
    for record in folded.records.values().filter(|r| r.kind.is_row()) {
        rows.entry(record.customer()).or_default().push(record);
    }
    let customers: Vec<&Record> = folded.records.values().filter(|r| r.kind == Kind::Customer).collect();
    assert_eq!(version.customers, customers.len() as u64, "customers in the columns");
    for record in customers {
        let id = u32::try_from(record.id).unwrap();
        let card = version.card(id).unwrap_or_else(|| panic!("customer {id} is not in the columns"));
        let mut shown = record.clone();
        shown.fields.retain(|(f, _)| has_column(*f));
        assert_eq!(card.record, shown, "the columns of customer {id}");
        let tags: Vec<u64> = folded.tags.iter().filter(|(_, rows)| rows.contains(&id)).map(|(t, _)| *t).collect();
        assert_eq!(card.tags, tags, "the tags of customer {id} in the columns");
        let totals = Totals::of(rows.get(&id).into_iter().flatten().copied());
        assert_eq!(card.totals, totals, "the totals of customer {id}");
    }
    for kind in [Kind::Staff, Kind::Product, Kind::Tag, Kind::DictEntry] {
        let shown: Vec<Record> = version.refs.of(kind).cloned().collect();
        let want: Vec<Record> = folded.records.values().filter(|r| r.kind == kind).cloned().collect();
        assert_eq!(shown.len(), want.len(), "{kind:?} in the published tables");
        want.iter().for_each(|r| assert_eq!(version.refs.get(kind, r.id), Some(r)));
    }
}
