//! The store against a naive model: whatever is applied, in whatever way, the store holds what a map of records holds.
#![allow(clippy::unwrap_used, clippy::panic)]

use guanxi::domain::field::*;
use guanxi::domain::{CustomerId, FieldId, Home, Kind, Line, Moment, Money, Op, Quantity, Record, RecordId, RowSet, Seq, Value};
use guanxi::store::{Store, number_hash, verify_baseline, write_baseline};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;

/// What somebody does; the world makes valid operations of it.
#[derive(Debug, Clone)]
enum Act {
    Person { name: usize },
    Tag,
    Row { kind: usize, customer: u32, at: i64, text: usize },
    Moment { pick: usize, at: i64 },
    Move { pick: usize, customer: u32 },
    Text { pick: usize, text: usize },
    Renumber { pick: usize, number: u32 },
    Gone { pick: usize },
    Again { pick: usize },
    Mark { tag: u64, on: bool, rows: BTreeSet<u32> },
}

fn length() -> impl Strategy<Value = usize> {
    prop_oneof![12 => 0_usize..40, 4 => 200_usize..1100, 1 => 3000_usize..12_000]
}

fn act() -> impl Strategy<Value = Act> {
    let at = || -50_i64..50;
    let pick = || any::<usize>();
    prop_oneof![
        2 => length().prop_map(|name| Act::Person { name }),
        1 => Just(Act::Tag),
        12 => (0_usize..5, 0_u32..6, at(), length()).prop_map(|(kind, customer, at, text)| Act::Row { kind, customer, at, text }),
        3 => (pick(), at()).prop_map(|(pick, at)| Act::Moment { pick, at }),
        2 => (pick(), 0_u32..6).prop_map(|(pick, customer)| Act::Move { pick, customer }),
        3 => (pick(), length()).prop_map(|(pick, text)| Act::Text { pick, text }),
        2 => (pick(), 0_u32..30).prop_map(|(pick, number)| Act::Renumber { pick, number }),
        3 => pick().prop_map(|pick| Act::Gone { pick }),
        2 => pick().prop_map(|pick| Act::Again { pick }),
        2 => (1_u64..4, any::<bool>(), prop::collection::btree_set(prop_oneof![1_u32..20, 16_380_u32..16_390], 0..12))
            .prop_map(|(tag, on, rows)| Act::Mark { tag, on, rows }),
    ]
}

const KINDS: [Kind; 5] = [Kind::Order, Kind::Interaction, Kind::Event, Kind::Contract, Kind::Spend];

/// The fold of everything applied: records, marks, and the ids given.
#[derive(Debug, Clone, Default)]
struct World {
    records: BTreeMap<(Kind, RecordId), Record>,
    gone: Vec<Record>,
    marks: BTreeMap<RecordId, BTreeSet<CustomerId>>,
    next: BTreeMap<Kind, RecordId>,
}

fn noise(seed: usize, len: usize) -> String {
    let mut x = seed as u64 | 1;
    let letter = |_| {
        x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'!' + (x >> 57) as u8 % 90)
    };
    (0..len).map(letter).collect()
}

fn at_value(kind: Kind, at: i64) -> Value {
    match kind {
        Kind::Contract | Kind::Spend => Value::Day(guanxi::domain::Day(at as i32)),
        _ => Value::Moment(Moment::minute(at * 3_600_000)),
    }
}

fn text_of(kind: Kind) -> FieldId {
    match kind {
        Kind::Order => O_NOTE,
        Kind::Interaction => I_NOTE,
        Kind::Event => E_NAME,
        _ => FieldId(CUSTOM),
    }
}

impl World {
    fn id(&mut self, kind: Kind) -> RecordId {
        let next = self.next.entry(kind).or_insert(1);
        *next += 1;
        *next - 1
    }

    fn op(&mut self, act: &Act) -> Option<Op> {
        match act {
            Act::Person { name } => Some(Op::New(self.named(Kind::Customer, C_NAME, noise(*name, *name)))),
            Act::Tag => Some(Op::New(self.named(Kind::Tag, G_NAME, "VIP".into()))),
            Act::Row { kind, customer, at, text } => Some(Op::New(self.new_row(KINDS[*kind], *customer, *at, *text))),
            Act::Moment { pick, at } => self.set(*pick, |r| Some((moment_of(r.kind)?, Some(at_value(r.kind, *at))))),
            Act::Move { pick, customer } => {
                self.set(*pick, |r| Some((customer_of(r.kind)?, (*customer != 0).then_some(Value::Ref(u64::from(*customer))))))
            }
            Act::Text { pick, text } => self.set(*pick, |r| Some((text_of(r.kind), Some(Value::Text(noise(*pick, *text)))))),
            Act::Renumber { pick, number } => {
                self.set(*pick, |r| Some((number_of(r.kind)?, (*number > 3).then(|| Value::Text(format!("N-{number}"))))))
            }
            Act::Gone { pick } => {
                let all: Vec<&Record> = self.records.values().filter(|r| r.kind != Kind::Tag).collect();
                Some(Op::Gone((*all.get(pick.checked_rem(all.len())?)?).clone()))
            }
            Act::Again { pick } => {
                let n = pick.checked_rem(self.gone.len())?;
                Some(Op::New(self.gone.remove(n)))
            }
            Act::Mark { tag, on, rows } => Some(Op::Mark { tag: *tag, on: *on, rows: rows.iter().copied().collect() }),
        }
    }

    fn named(&mut self, kind: Kind, field: FieldId, name: String) -> Record {
        Record::new(kind, self.id(kind)).with(field, Value::Text(name))
    }

    fn new_row(&mut self, kind: Kind, customer: u32, at: i64, text: usize) -> Record {
        let id = self.id(kind);
        let mut r = Record::new(kind, id).with(moment_of(kind).unwrap(), at_value(kind, at));
        r.set(text_of(kind), Some(Value::Text(noise(id as usize, text))));
        if let Some(field) = customer_of(kind).filter(|_| customer != 0) {
            r.set(field, Some(Value::Ref(u64::from(customer))));
        }
        if let Some(field) = number_of(kind) {
            // Some share a number: look-ups must give all.
            r.set(field, Some(Value::Text(format!("N-{}", id % 20))));
        }
        if kind == Kind::Order {
            let line =
                Line { product: 3, quantity: Quantity::pieces(2), unit_price: Money(99_900), amount: Money(199_800), cost: Money(5) };
            r.set(O_LINES, Some(Value::Lines(vec![line])));
        }
        r
    }

    fn set(&self, pick: usize, change: impl Fn(&Record) -> Option<(FieldId, Option<Value>)>) -> Option<Op> {
        let rows: Vec<&Record> = self.records.values().filter(|r| r.kind.is_row()).collect();
        let row = rows.get(pick.checked_rem(rows.len())?)?;
        let (field, after) = change(row)?;
        Some(Op::Set { kind: row.kind, id: row.id, home: row.home(), field, before: row.get(field).cloned(), after })
    }

    fn fold(&mut self, op: &Op) {
        match op {
            Op::New(r) => drop(self.records.insert((r.kind, r.id), r.clone())),
            Op::Gone(r) => self.gone.extend(self.records.remove(&(r.kind, r.id))),
            Op::Set { kind, id, field, after, .. } => drop(self.records.get_mut(&(*kind, *id)).unwrap().set(*field, after.clone())),
            Op::Mark { tag, on, rows } => {
                let marks = self.marks.entry(*tag).or_default();
                rows.iter().for_each(|id| {
                    if *on {
                        marks.insert(id)
                    } else {
                        marks.remove(&id)
                    };
                });
            }
        }
    }

    /// One journal record out of some acts.
    fn play(&mut self, acts: &[Act]) -> Vec<Op> {
        let mut ops = Vec::new();
        for act in acts {
            if let Some(op) = self.op(act) {
                self.fold(&op);
                ops.push(op);
            }
        }
        ops
    }

    fn rows(&self, customer: CustomerId) -> Vec<Record> {
        let mut rows: Vec<Record> = self.records.values().filter(|r| r.kind.is_row() && r.customer() == customer).cloned().collect();
        rows.sort_by_key(|r| (r.moment().ms, r.kind, r.id));
        rows
    }

    fn of(&self, want: impl Fn(&Record) -> bool) -> Vec<Record> {
        self.records.values().filter(|r| want(r)).cloned().collect()
    }

    fn numbers(&self) -> Vec<(Kind, u64, RecordId, Home)> {
        let rows = self.records.values().filter(|r| r.kind.is_row() && !r.number().is_empty());
        let mut all: Vec<_> = rows.map(|r| (r.kind, number_hash(r.kind, r.number()), r.id, r.home())).collect();
        all.sort_unstable();
        all
    }
}

fn same(store: &Store, world: &World) {
    same_rows(store, world);
    same_numbers(store, world);
    same_people(store, world);
    assert_eq!(store.references().unwrap(), world.of(|r| r.kind.is_reference()));
    for tag in 1..4 {
        let marked = world.marks.get(&tag).cloned().unwrap_or_default();
        assert_eq!(store.tagged(tag).unwrap(), marked.iter().copied().collect::<RowSet>());
        if world.records.contains_key(&(Kind::Tag, tag)) {
            assert_eq!(store.tags(16_384).unwrap().contains(&tag), marked.contains(&16_384));
        }
    }
    assert_eq!(store.state_hash().1, world.records.len() as u64);
    let report = store.check().unwrap();
    assert_eq!((report.problems, report.stale_numbers), (0, 0), "{:?}", report.told);
    for (kind, next) in &world.next {
        assert_eq!(store.next_id(*kind), *next);
    }
}

fn same_people(store: &Store, world: &World) {
    let mut people = Vec::new();
    let mut visit = |r| {
        people.push(r);
        ControlFlow::Continue(())
    };
    store.each_customer(0, &mut visit).unwrap();
    assert_eq!(people, world.of(|r| r.kind == Kind::Customer));
}

fn same_rows(store: &Store, world: &World) {
    let mut walked = BTreeMap::new();
    let mut visit = |customer, rows| {
        assert!(walked.insert(customer, rows).is_none());
        ControlFlow::Continue(())
    };
    store.each_customers_rows(0, &mut visit).unwrap();
    for customer in 0..7 {
        let rows = world.rows(customer);
        assert_eq!(store.rows(customer).unwrap(), rows, "customer {customer}");
        assert_eq!(walked.get(&customer).cloned().unwrap_or_default(), rows);
        for r in rows {
            assert_eq!(store.row(r.kind, r.id, r.home()).unwrap(), Some(r));
        }
    }
}

fn same_numbers(store: &Store, world: &World) {
    for kind in [Kind::Order, Kind::Interaction, Kind::Contract] {
        let mut any = false;
        for number in 0..32 {
            let number = format!("n-{number}");
            let bears = |r: &&Record| r.kind == kind && r.number().to_lowercase() == number;
            let wanted: Vec<_> = world.records.values().filter(bears).map(|r| (r.id, r.home())).collect();
            any |= !wanted.is_empty();
            assert_eq!(store.numbered(kind, &number).unwrap(), wanted, "{kind:?} {number}");
        }
        assert_eq!(store.has_numbers(kind).unwrap(), any);
    }
}

/// Brings a store from one world to another through the bulk load; records that live by id and are gone go through `apply`.
fn bulk_over(store: &Store, from: &World, to: &World, seq: Seq, stop_after: Option<u32>) {
    let mut bulk = store.bulk();
    bulk.records(to.of(|r| !r.kind.is_row())).unwrap();
    for customer in 0..7 {
        if stop_after.is_some_and(|n| customer > n) {
            if stop_after.is_some_and(|n| n % 2 == 0) {
                bulk.pause().unwrap();
            }
            return;
        }
        let mut upserts = to.rows(customer);
        upserts.retain(|r| from.records.get(&(r.kind, r.id)) != Some(r));
        let stays = |r: &Record| to.records.get(&(r.kind, r.id)).is_some_and(|n| n.customer() == customer);
        let removes = from.rows(customer).into_iter().filter(|r| !stays(r)).map(|r| (r.kind, r.id, r.home())).collect();
        assert_eq!(bulk.customer_rows(customer, upserts, removes).unwrap(), to.rows(customer));
    }
    bulk.numbers(to.numbers()).unwrap();
    for tag in 1..4 {
        let (a, b) = (from.marks.get(&tag).cloned().unwrap_or_default(), to.marks.get(&tag).cloned().unwrap_or_default());
        bulk.marks(tag, true, &b.difference(&a).copied().collect()).unwrap();
        bulk.marks(tag, false, &a.difference(&b).copied().collect()).unwrap();
    }
    to.next.iter().for_each(|(kind, next)| bulk.reserve(*kind, *next));
    bulk.finish(seq).unwrap();
    let gone = from.of(|r| !r.kind.is_row() && !to.records.contains_key(&(r.kind, r.id)));
    store.apply(seq + 1, &gone.into_iter().map(Op::Gone).collect::<Vec<_>>()).unwrap();
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for path in std::fs::read_dir(from).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_file()) {
        std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

fn acts() -> impl Strategy<Value = Vec<Vec<Act>>> {
    prop::collection::vec(prop::collection::vec(act(), 1..6), 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 300, ..ProptestConfig::default() })]

    #[test]
    fn the_store_is_the_fold_of_what_was_applied_wherever_it_crashed(journal in acts(), crash in any::<prop::sample::Index>()) {
        let folder = tempfile::tempdir().unwrap();
        let crash = crash.index(journal.len());
        let store = Store::open(&folder.path().join("a"), 8 << 20).unwrap();
        let mut world = World::default();
        let mut log = Vec::new();
        for (n, acts) in journal.iter().enumerate() {
            let ops = world.play(acts);
            let seq = n as Seq + 1;
            store.apply(seq, &ops).unwrap();
            let hash = store.state_hash();
            store.apply(seq, &ops).unwrap();
            prop_assert_eq!(store.state_hash(), hash);
            log.push(ops);
            if n == crash {
                store.checkpoint().unwrap();
                copy(&folder.path().join("a"), &folder.path().join("b"));
            }
        }
        same(&store, &world);
        let again = Store::open(&folder.path().join("b"), 8 << 20).unwrap();
        prop_assert_eq!(again.applied(), crash as Seq + 1);
        for (n, ops) in log.iter().enumerate() {
            again.apply(n as Seq + 1, ops).unwrap();
        }
        same(&again, &world);
        prop_assert_eq!(again.state_hash(), store.state_hash());
    }

    #[test]
    fn one_operation_applied_twice_changes_nothing_more(journal in acts()) {
        let store = Store::temporary().unwrap();
        let mut world = World::default();
        let mut seq = 0;
        for act in journal.iter().flatten() {
            let ops = world.play(std::slice::from_ref(act));
            for _ in 0..2 {
                seq += 1;
                store.apply(seq, &ops).unwrap();
            }
        }
        same(&store, &world);
    }

    #[test]
    fn a_bulk_load_ends_where_applying_ends_also_when_it_was_cut_short(first in acts(), second in acts(), stop in 0_u32..7) {
        let (applied, loaded) = (Store::temporary().unwrap(), Store::temporary().unwrap());
        let mut world = World::default();
        let mut seq = 0;
        let mut run = |world: &mut World, journal: &[Vec<Act>]| {
            for acts in journal {
                seq += 1;
                applied.apply(seq, &world.play(acts)).unwrap();
            }
        };
        run(&mut world, &first);
        bulk_over(&loaded, &World::default(), &world, 1000, None);
        prop_assert_eq!(loaded.state_hash(), applied.state_hash());
        same(&loaded, &world);
        let before = world.clone();
        run(&mut world, &second);
        bulk_over(&loaded, &before, &world, 2000, Some(stop));
        bulk_over(&loaded, &before, &world, 2000, None);
        prop_assert_eq!(loaded.state_hash(), applied.state_hash());
        // Numbers of rows that went before the cut are left stale, never wrong.
        let report = loaded.check().unwrap();
        prop_assert_eq!(report.problems, 0, "{:?}", report.told);
        same_rows(&loaded, &world);
        let untouched = Store::temporary().unwrap();
        bulk_over(&untouched, &World::default(), &before, 1000, None);
        bulk_over(&untouched, &before, &world, 2000, None);
        same(&untouched, &world);
    }

    #[test]
    fn a_baseline_brings_back_the_same_store(journal in acts(), flips in prop::collection::vec(any::<(prop::sample::Index, u8)>(), 12)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("baseline");
        let store = Store::temporary().unwrap();
        let mut world = World::default();
        for (n, acts) in journal.iter().enumerate() {
            store.apply(n as Seq + 1, &world.play(acts)).unwrap();
        }
        let info = write_baseline(&store, &path).unwrap();
        prop_assert_eq!((info.hash, info.records), store.state_hash());
        let back = Store::temporary().unwrap();
        prop_assert_eq!(back.rebuild(&path, &mut |_| {}).unwrap(), store.applied());
        prop_assert_eq!(back.state_hash(), store.state_hash());
        same(&back, &world);
        let whole = std::fs::read(&path).unwrap();
        for (at, bit) in flips {
            let mut bad = whole.clone();
            bad[at.index(whole.len())] ^= 1 << (bit % 8);
            std::fs::write(&path, &bad).unwrap();
            prop_assert!(verify_baseline(&path).is_err());
            std::fs::write(&path, &whole[..at.index(whole.len())]).unwrap();
            prop_assert!(verify_baseline(&path).is_err());
        }
    }
}
