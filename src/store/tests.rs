//! What the store promises beyond the model: bounds, order, files that are damaged or held.
#![allow(clippy::unwrap_used, clippy::panic)]

use super::{Store, StoreError, number_hash, read_baseline, write_baseline};
use crate::domain::field::*;
use crate::domain::{Home, Kind, Moment, Op, Record, RecordId, RowSet, Value};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

fn noise(seed: usize, len: usize) -> String {
    let mut x = seed as u64 | 1;
    let letter = |_| {
        x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'!' + (x >> 57) as u8 % 90)
    };
    (0..len).map(letter).collect()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(path, target).unwrap();
        }
    }
}

fn note(id: RecordId, customer: u64, at: i64, text: String) -> Record {
    let r = Record::new(Kind::Interaction, id).with(I_CUSTOMER, Value::Ref(customer));
    r.with(I_AT, Value::Moment(Moment::second(at))).with(I_NOTE, Value::Text(text))
}

#[test]
fn every_value_stays_within_4_kib_under_a_heavy_load_with_notes_of_100_kb() {
    let store = Store::temporary().unwrap();
    let mut seq = 0;
    for id in 1..400_u64 {
        seq += 1;
        let len = if id % 40 == 0 { 100_000 } else { (id as usize * 37) % 1400 };
        store.apply(seq, &[Op::New(note(id, id % 9, (id as i64 * 7919) % 1000, noise(id as usize, len)))]).unwrap();
    }
    let report = store.check().unwrap();
    assert_eq!((report.problems, report.rows), (0, 399), "{:?}", report.told);
    assert_eq!(store.rows(4).unwrap().iter().find(|r| r.id == 40).unwrap().text(I_NOTE), noise(40, 100_000));
    let all: Vec<Op> = (0..9).flat_map(|c| store.rows(c).unwrap()).map(Op::Gone).collect();
    store.apply(seq + 1, &all).unwrap();
    let report = store.check().unwrap();
    assert_eq!((report.problems, report.values), (0, 1), "only what the store knows about itself is left: {:?}", report.told);
    assert_eq!(store.state_hash(), (0, 0));
}

#[test]
fn a_change_of_a_record_that_is_not_there_is_refused_and_nothing_of_its_journal_record_is_applied() {
    let store = Store::temporary().unwrap();
    let lost = Op::Set { kind: Kind::Order, id: 9, home: Home::default(), field: O_PAID, before: None, after: Some(Value::Bool(true)) };
    let refused = store.apply(1, &[Op::New(note(1, 1, 5, "x".into())), lost]);
    assert!(matches!(refused, Err(StoreError::Missing { kind: Kind::Order, id: 9 })));
    assert_eq!((store.applied(), store.state_hash(), store.rows(1).unwrap().len()), (0, (0, 0), 0));
}

#[test]
fn changes_wait_for_a_bulk_load_to_pause() {
    let store = Store::temporary().unwrap();
    let mut bulk = store.bulk();
    bulk.customer_rows(5, vec![note(1, 5, 5, "x".into())], Vec::new()).unwrap();
    assert!(matches!(store.apply(1, &[]), Err(StoreError::BulkUnderWay)));
    bulk.pause().unwrap();
    store.apply(1, &[Op::New(note(2, 5, 4, "y".into()))]).unwrap();
    assert_eq!(bulk.customer_rows(5, vec![note(3, 5, 3, "z".into())], Vec::new()).unwrap().len(), 3);
    bulk.finish(2).unwrap();
    assert_eq!(store.rows(5).unwrap().iter().map(|r| r.id).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!(store.check().unwrap().problems, 0);
}

#[test]
fn an_id_is_not_given_again_after_its_record_went_not_even_by_a_baseline() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::temporary().unwrap();
    store.apply(1, &[Op::New(note(7, 1, 5, "x".into())), Op::Gone(note(7, 1, 5, "x".into()))]).unwrap();
    write_baseline(&store, &folder.path().join("b")).unwrap();
    assert_eq!(read_baseline(&folder.path().join("b")).unwrap().count(), 0);
    let back = Store::temporary().unwrap();
    back.rebuild(&folder.path().join("b"), &mut |_| {}).unwrap();
    assert_eq!((store.next_id(Kind::Interaction), back.next_id(Kind::Interaction), back.applied()), (8, 8, 1));
}

fn small(folder: &Path) -> (u128, u64) {
    let store = Store::open(folder, super::CACHE).unwrap();
    for id in 1..60 {
        store.apply(id, &[Op::New(note(id, id % 5, id as i64, noise(id as usize, 300)))]).unwrap();
    }
    assert_eq!(store.checkpoint().unwrap(), 59);
    store.state_hash()
}

#[test]
fn a_half_written_snapshot_does_not_keep_the_store_from_opening() {
    let folder = tempfile::tempdir().unwrap();
    let hash = small(folder.path());
    for (name, bytes) in [("snap.7FFFFFFFFFFFFFFF.generating", b"half".as_slice()), ("snap.0000000000FFFFFF.generating", b"")] {
        std::fs::write(folder.path().join(name), bytes).unwrap();
        let store = Store::open(folder.path(), super::CACHE).unwrap();
        assert_eq!((store.state_hash(), store.applied()), (hash, 59));
        assert!(!folder.path().join(name).exists());
    }
}

#[test]
fn damaged_files_are_told_or_harmless_and_never_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let sound = folder.path().join("sound");
    let hash = small(&sound);
    let mut told = 0;
    for trial in 0..24_usize {
        let bad = folder.path().join(format!("bad{trial}"));
        copy(&sound, &bad);
        let file = bad.join(if trial % 6 == 5 { "conf" } else { "db" });
        let mut bytes = std::fs::read(&file).unwrap();
        let used = bytes.iter().rposition(|b| *b != 0).unwrap_or(0).max(1);
        let at = trial * 7919 * 13 % used;
        match trial % 4 {
            0 => bytes[at] ^= 0x40,
            1 => bytes.truncate(at),
            2 => bytes[at..(at + 4096).min(used)].fill(0),
            _ => bytes[at..(at + 200).min(used)].fill(0xa5),
        }
        std::fs::write(&file, bytes).unwrap();
        let looked = Store::open(&bad, super::CACHE).and_then(|store| Ok((store.check()?, store.state_hash())));
        match looked {
            Err(StoreError::Damaged { .. }) => told += 1,
            Err(other) => panic!("trial {trial}: {other}"),
            Ok((report, _)) if report.problems > 0 => told += 1,
            // sled goes back to an earlier moment when its log ends early; `applied` says so and the journal fills the rest.
            Ok((_, found)) => assert!(found == hash || found.1 < hash.1, "trial {trial}"),
        }
    }
    assert!(told > 0);
}

#[test]
fn a_store_in_use_is_told_from_a_damaged_one() {
    let folder = tempfile::tempdir().unwrap();
    let _store = Store::open(folder.path(), super::CACHE).unwrap();
    assert!(matches!(Store::open(folder.path(), super::CACHE), Err(StoreError::Busy { .. })));
}

/// A round of an import: rows of many customers, some replacing those of the round before at another moment.
fn round(seed: u64, customers: u64, rows: u64) -> BTreeMap<u32, Vec<Record>> {
    let mut by_customer: BTreeMap<u32, Vec<Record>> = BTreeMap::new();
    for n in 0..rows {
        // Ids belong to one customer whatever the round; the moment and the text are the round's.
        let id = n * (1 + seed % 3) + 1;
        let hash = (id.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20) % customers;
        let at = (id.wrapping_mul(seed.wrapping_mul(2) + 0x51_7C_C1_B7) >> 5) % 5_000;
        let text = noise((id ^ seed) as usize, if id.is_multiple_of(97) { 5_000 } else { (id % 60) as usize });
        let row = note(id, hash + 1, at as i64, text).with(I_NUMBER, Value::Text(format!("F{id}")));
        by_customer.entry(hash as u32 + 1).or_default().push(row);
    }
    by_customer
}

fn load(store: &Store, round: &BTreeMap<u32, Vec<Record>>, seq: u64, stop: Option<usize>) {
    let mut bulk = store.bulk();
    for (customer, rows) in round.iter().take(stop.unwrap_or(usize::MAX)) {
        bulk.customer_rows(*customer, rows.clone(), Vec::new()).unwrap();
    }
    if stop.is_some() {
        return;
    }
    let mut numbers: Vec<_> = round.values().flatten().map(|r| (r.kind, number_hash(r.kind, r.number()), r.id, r.home())).collect();
    numbers.sort_unstable();
    bulk.numbers(numbers).unwrap();
    bulk.finish(seq).unwrap();
}

#[test]
fn a_bulk_load_cut_anywhere_loses_no_row_and_ends_the_same_when_run_again() {
    let (first, second) = (round(3, 400, 2_500), round(7, 400, 1_500));
    let whole = Store::temporary().unwrap();
    load(&whole, &first, 1, None);
    load(&whole, &second, 2, None);
    let mut model: BTreeMap<(u32, u64), Record> = BTreeMap::new();
    for row in first.values().chain(second.values()).flatten() {
        model.insert((row.customer(), row.id), row.clone());
    }
    for stop in [1, 5, 60, 133, 250, 399] {
        let store = Store::temporary().unwrap();
        load(&store, &first, 1, None);
        load(&store, &second, 2, Some(stop));
        let report = store.check().unwrap();
        assert!(report.told.iter().all(|p| p.starts_with("the number of")), "cut at {stop}: {:?}", report.told);
        for (customer, old) in &first {
            let now = store.rows(*customer).unwrap();
            assert!(old.iter().all(|r| now.iter().any(|n| n.id == r.id)), "cut at {stop}: customer {customer} lost a row");
        }
        load(&store, &second, 2, None);
        assert_eq!(store.state_hash(), whole.state_hash(), "cut at {stop}");
        let mut all = Vec::new();
        let mut visit = |_, rows| {
            all.extend(rows);
            ControlFlow::Continue(())
        };
        store.each_customers_rows(0, &mut visit).unwrap();
        assert_eq!(all.into_iter().map(|r| ((r.customer(), r.id), r)).collect::<BTreeMap<_, _>>(), model, "cut at {stop}");
        let report = store.check().unwrap();
        assert_eq!((report.problems, report.stale_numbers), (0, 0), "cut at {stop}: {:?}", report.told);
    }
}

#[test]
fn a_reader_never_sees_half_of_a_change() {
    let store = Store::temporary().unwrap();
    for id in 1..400 {
        store.apply(id, &[Op::New(note(id, 1, id as i64 * 10, noise(id as usize, 60)))]).unwrap();
    }
    let reader = store.clone();
    let done = Arc::new(AtomicBool::new(false));
    let stop = done.clone();
    let reading = std::thread::spawn(move || {
        let mut looks = 0;
        while !stop.load(SeqCst) || looks == 0 {
            assert_eq!(reader.rows(1).unwrap().len(), 399);
            looks += 1;
        }
    });
    for n in 0..300_u64 {
        let row = store.rows(1).unwrap().swap_remove((n * 131 % 399) as usize);
        let after = Some(Value::Moment(Moment::second(((n * 7_919) % 4_000) as i64)));
        let before = row.get(I_AT).cloned();
        store.apply(1_000 + n, &[Op::Set { kind: row.kind, id: row.id, home: row.home(), field: I_AT, before, after }]).unwrap();
    }
    done.store(true, SeqCst);
    reading.join().unwrap();
}

#[test]
fn a_baseline_written_while_people_save_holds_one_moment_whole() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::temporary().unwrap();
    load(&store, &round(3, 300, 3_000), 1, None);
    let done = Arc::new(AtomicBool::new(false));
    let (writer, stop) = (store.clone(), done.clone());
    let saving = std::thread::spawn(move || {
        let mut seq = 1;
        while !stop.load(SeqCst) || seq < 50 {
            seq += 1;
            let customer = (seq * 131 % 300 + 1) as u32;
            let came = note(10_000 + seq, u64::from(customer), seq as i64, noise(seq as usize, if seq % 9 == 0 { 6_000 } else { 30 }));
            let rows = RowSet::one(customer);
            let mark = Op::Mark { tag: seq % 3, on: seq % 2 == 0, rows };
            let gone = writer.rows(customer).unwrap().pop().map(Op::Gone);
            writer.apply(seq, &[Op::New(came), mark].into_iter().chain(gone).collect::<Vec<_>>()).unwrap();
        }
    });
    for n in 0..6 {
        let path = folder.path().join(format!("baseline-{n}"));
        let info = write_baseline(&store, &path).unwrap();
        let back = Store::temporary().unwrap();
        assert_eq!(back.rebuild(&path, &mut |_| {}).unwrap(), info.seq);
        assert_eq!(back.state_hash(), (info.hash, info.records));
        assert_eq!(back.check().unwrap().problems, 0);
    }
    done.store(true, SeqCst);
    saving.join().unwrap();
    assert_eq!(store.check().unwrap().problems, 0);
}

#[test]
fn a_bulk_load_refuses_a_row_under_the_wrong_customer_and_takes_the_last_of_two_equal_ids() {
    let store = Store::temporary().unwrap();
    let mut bulk = store.bulk();
    let wrong = bulk.customer_rows(3, vec![note(1, 3, 5, "x".into()), note(2, 4, 5, "y".into())], Vec::new());
    assert!(matches!(wrong, Err(StoreError::Misplaced { id: 2, whose: 4, customer: 3, .. })));
    let rows = bulk.customer_rows(3, vec![note(1, 3, 5, noise(1, 4_000)), note(1, 3, 9, noise(2, 5_000))], Vec::new()).unwrap();
    assert_eq!(rows, [note(1, 3, 9, noise(2, 5_000))]);
    bulk.finish(1).unwrap();
    assert_eq!((store.rows(3).unwrap(), store.check().unwrap().problems), (rows, 0));
}
