//! The power goes at any moment, on a disk in memory: nothing acknowledged is lost, nothing is half there, and every sync in
//! the code is needed. `GUANXI_FULL=1` tries a hundred disks at every moment and cuts twice everywhere.

use guanxi::domain::{FieldId, Kind, Op, Record, Seq, Value};
use guanxi::journal::sim::{Faults, Hits, SimVfs};
use guanxi::journal::*;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const SIZES: Sizes = Sizes { first: 16 * 1024, most: 32 * 1024 };

fn full() -> bool {
    std::env::var_os("GUANXI_FULL").is_some()
}

fn dir() -> PathBuf {
    PathBuf::from("/book/journal")
}

fn salts() -> Box<dyn Salts> {
    let mut n = 0_u8;
    Box::new(move || {
        n = n.wrapping_add(1);
        [n; 16]
    })
}

fn header() -> BookHeader {
    BookHeader { book: [7; 16], zone: "Asia/Shanghai".into(), currency: "CNY".into() }
}

fn rng(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) % below
    }
}

fn disk() -> SimVfs {
    let sim = SimVfs::new();
    sim.make_dir(Path::new("/book")).unwrap();
    sim.sync_dir(Path::new("/")).unwrap();
    sim
}

fn create(sim: &SimVfs) -> Result<Journal, JournalError> {
    Journal::create_with(Arc::new(sim.clone()), &dir(), header(), salts(), SIZES)
}

fn open(sim: &SimVfs) -> Result<Opened, JournalError> {
    Journal::open_with(Arc::new(sim.clone()), &dir(), None, salts(), SIZES)
}

/// The entry that must be at a seq; long ones take several sectors.
fn entry(seq: Seq) -> Entry {
    let note = "云南白药".repeat(if seq % 5 == 0 { 40 + seq as usize % 37 } else { 2 });
    let record = Record::new(Kind::Customer, seq).with(FieldId(2), Value::Text(format!("{seq}{note}")));
    let body = Body::Change { verb: "add".into(), os_user: "shen".into(), ops: vec![Op::New(record)] };
    Entry { wall_ms: 1_000 + seq as i64, staff: 1, session: 2, op_id: u128::from(seq), body: body.into() }
}

fn frame(seq: Seq) -> Entry {
    Entry { body: Body::BatchFrame { batch: 9, index: seq as u32, ops: vec![Op::New(Record::new(Kind::Order, seq))] }.into(), ..entry(seq) }
}

/// What was acknowledged by when: after so many changes of the disk, everything up to this seq.
#[derive(Default)]
struct Acks(Vec<(usize, Seq)>);

impl Acks {
    fn at(&self, changes: usize) -> Option<Seq> {
        self.0.iter().rev().find(|(at, _)| *at <= changes).map(|(_, seq)| *seq)
    }
}

fn saved(outcome: Appended) -> Seq {
    let Appended::Saved(seq) = outcome else { unreachable!("{outcome:?}") };
    seq
}

/// Single saves, groups, and an import now and then.
fn workload(sim: &SimVfs, ops: u64) -> Acks {
    let mut acks = Acks::default();
    let mut journal = create(sim).unwrap();
    acks.0.push((sim.changes(), 0));
    for op in 0..ops {
        let head = journal.written();
        if op % 9 == 8 {
            for i in 1..=3 {
                saved(journal.append_unsynced(head + i - 1, &[frame(head + i)]));
            }
            saved(journal.sync());
        } else {
            let group: Vec<Entry> = (1..=1 + u64::from(op % 4 == 3) * 2).map(|i| entry(head + i)).collect();
            saved(journal.append(head, &group));
        }
        acks.0.push((sim.changes(), journal.head()));
        while !journal.prepare_next().unwrap() {}
    }
    acks
}

/// Opens a disk after a cut and checks it against what was acknowledged.
fn check(image: &SimVfs, acked: Option<Seq>, all: bool) -> Result<Seq, String> {
    let opened = match (open(image), acked) {
        (Err(JournalError::Missing(_)), None) => return Ok(0),
        (opened, _) => opened.map_err(|e| e.to_string())?,
    };
    let (head, acked) = (opened.journal.head(), acked.unwrap_or(0));
    if head < acked {
        return Err(format!("{acked} was acknowledged, {head} is there"));
    }
    let from = if all { 1 } else { acked.saturating_sub(3).max(1) };
    let mut seq = from;
    for stored in opened.journal.read(from) {
        let stored = stored.map_err(|e| e.to_string())?;
        let is_frame = matches!(stored.body, Body::BatchFrame { .. });
        let expected = if is_frame { frame(seq) } else { entry(seq) };
        if stored.seq != seq || Content::Body(stored.body) != expected.body || stored.op_id != expected.op_id {
            return Err(format!("record {seq} is not what was written"));
        }
        seq += 1;
    }
    if seq == head + 1 { Ok(head) } else { Err(format!("reading stops at {seq}, the head is {head}")) }
}

#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_half_there_whenever_the_power_goes() {
    let recorded = disk();
    let start = recorded.changes();
    let acks = workload(&recorded, 200);
    let disks = if full() { 100 } else { 4 };
    let live = disk();
    for (prefix, event) in recorded.events().iter().enumerate().skip(start) {
        live.apply(event);
        let acked = acks.at(prefix + 1);
        for seed in 0..disks {
            let image = live.power_cut(&mut rng(prefix as u64 * 1_000 + seed));
            check(&image, acked, full()).unwrap_or_else(|why| unreachable!("after change {prefix}, disk {seed}: {why}"));
        }
    }
    check(&live, acks.at(usize::MAX), true).unwrap();
    assert_eq!(recorded.metadata_syncs(), 0, "a commit had a length to write");
}

#[test]
fn a_second_cut_during_recovery_loses_nothing_either() {
    let recorded = disk();
    let start = recorded.changes();
    let acks = workload(&recorded, 24);
    let live = disk();
    let mut torn = 0;
    for (prefix, event) in recorded.events().iter().enumerate().skip(start) {
        live.apply(event);
        let Some(acked) = acks.at(prefix + 1) else { continue };
        for seed in 0..if full() { 100 } else { 6 } {
            let image = live.power_cut(&mut rng(prefix as u64 * 77 + seed));
            let recovering = image.copy();
            torn += u64::from(open(&recovering).unwrap().cut.is_some());
            let again = image.copy();
            for (step, event) in recovering.events().iter().enumerate() {
                again.apply(event);
                let twice = again.power_cut(&mut rng(prefix as u64 * 31 + step as u64 + seed));
                check(&twice, Some(acked), false).unwrap_or_else(|why| unreachable!("change {prefix}, step {step}: {why}"));
            }
        }
    }
    assert!(torn > 10, "only {torn} torn tails were tried");
}

#[test]
fn a_batch_without_its_commit_is_readable_and_uncommitted() {
    let sim = disk();
    let mut journal = create(&sim).unwrap();
    saved(journal.append(0, &[entry(1)]));
    saved(journal.append_unsynced(1, &[frame(2)]));
    saved(journal.append_unsynced(2, &[frame(3)]));
    saved(journal.sync());
    let image = sim.power_cut(&mut |_| 0);
    let read: Vec<Stored> = open(&image).unwrap().journal.read(1).map(Result::unwrap).collect();
    assert_eq!(read.len(), 3);
    assert!(!read.iter().any(|r| matches!(r.body, Body::BatchCommit(_))));
}

/// The worst disk first, then some others.
fn cuts(sim: &SimVfs) -> impl Iterator<Item = SimVfs> {
    let worst = sim.power_cut(&mut |_| 0);
    let sim = sim.clone();
    std::iter::once(worst).chain((1..40).map(move |seed| sim.power_cut(&mut rng(seed))))
}

fn all_hold(sim: &SimVfs, acked: Seq) -> Result<(), String> {
    cuts(sim).try_for_each(|image| check(&image, Some(acked), true).map(|_| ()))
}

/// Runs a scenario with each of the syncs ignored in turn; whole it must hold, and without any of them it must not.
fn every_sync_is_needed(syncs: impl IntoIterator<Item = u64>, scenario: impl Fn(Option<u64>) -> Result<(), String>) {
    assert_eq!(scenario(None), Ok(()));
    for n in syncs {
        assert!(scenario(Some(n)).is_err(), "sync {n} can be left out and nothing is lost");
    }
}

fn ignoring(sim: &SimVfs, n: Option<u64>) {
    sim.set_faults(Faults { ignore_sync: n, ..Faults::default() });
}

#[test]
fn creating_needs_the_sync_of_the_file_its_name_and_its_folder() {
    every_sync_is_needed(0..3, |n| {
        let sim = disk();
        ignoring(&sim, n);
        create(&sim).unwrap();
        assert_eq!(sim.syncs(), 3);
        all_hold(&sim, 0)
    });
}

#[test]
fn a_save_needs_its_one_sync() {
    every_sync_is_needed(0..1, |n| {
        let sim = disk();
        let mut journal = create(&sim).unwrap();
        ignoring(&sim, n);
        saved(journal.append(0, &[entry(1), entry(2)]));
        assert_eq!(sim.syncs(), 1);
        all_hold(&sim, 2)
    });
}

#[test]
fn the_file_made_ahead_needs_its_sync_and_its_name() {
    every_sync_is_needed(0..2, |n| {
        let sim = disk();
        let mut journal = create(&sim).unwrap();
        ignoring(&sim, n);
        assert!(journal.prepare_next().unwrap());
        assert_eq!(sim.syncs(), 2);
        for seq in 1..=30 {
            saved(journal.append(seq - 1, &[entry(seq)]));
        }
        assert_eq!(sim.syncs(), 32, "one sync a save, the roll included");
        if sim.metadata_syncs() > 0 {
            return Err("a commit had a length to write".into());
        }
        all_hold(&sim, 30)
    });
}

#[test]
fn frames_need_a_sync_before_the_next_file_begins() {
    every_sync_is_needed(0..2, |n| {
        let sim = disk();
        let mut journal = create(&sim).unwrap();
        assert!(journal.prepare_next().unwrap());
        ignoring(&sim, n);
        for seq in 1..=30 {
            saved(journal.append_unsynced(seq - 1, &[frame(seq)]));
        }
        saved(journal.sync());
        assert_eq!(sim.syncs(), 2);
        all_hold(&sim, 30)
    });
}

#[test]
fn what_is_shown_after_a_kill_survives_a_power_cut() {
    every_sync_is_needed([2], |n| {
        let sim = disk();
        let mut journal = create(&sim).unwrap();
        saved(journal.append_unsynced(0, &[entry(1)]));
        let next_process = sim.copy();
        ignoring(&next_process, n);
        let shown = open(&next_process).unwrap().journal.head();
        assert_eq!((shown, next_process.syncs()), (1, 3));
        all_hold(&next_process, shown)
    });
}

#[test]
fn names_not_yet_safe_when_a_process_dies_are_made_safe_by_the_next() {
    every_sync_is_needed([0], |n| {
        let sim = disk();
        let mut journal = create(&sim).unwrap();
        ignoring(&sim, Some(1));
        assert!(journal.prepare_next().unwrap());
        let next_process = sim.copy();
        ignoring(&next_process, n);
        let mut journal = open(&next_process).unwrap().journal;
        for seq in 1..=30 {
            saved(journal.append(seq - 1, &[entry(seq)]));
        }
        all_hold(&next_process, 30)
    });
    every_sync_is_needed([1], |n| {
        let sim = disk();
        ignoring(&sim, Some(2));
        create(&sim).unwrap();
        let next_process = sim.copy();
        ignoring(&next_process, n);
        open(&next_process).unwrap();
        all_hold(&next_process, 0)
    });
}

#[test]
fn torn_bytes_are_kept_safely_before_they_are_cut() {
    let sim = disk();
    let mut journal = create(&sim).unwrap();
    saved(journal.append(0, &[entry(1)]));
    saved(journal.append_unsynced(1, &[entry(5)]));
    let torn = sim.power_cut(&mut |_| 2);
    let file = torn.open(&dir().join("00000001.gxj")).unwrap();
    file.write_all_at(b"torn", 4096 + 512 + 200).unwrap();
    file.sync_all().unwrap();
    let before = torn.bytes(&dir().join("00000001.gxj"));
    every_sync_is_needed(0..3, |n| {
        let recovering = torn.copy();
        ignoring(&recovering, n);
        let tail = open(&recovering).unwrap().cut.unwrap();
        let again = torn.copy();
        for event in recovering.events() {
            again.apply(&event);
            for image in cuts(&again) {
                let whole = image.bytes(&dir().join("00000001.gxj")) == before;
                if !whole && image.bytes(&tail.kept_at).len() as u64 != tail.bytes {
                    return Err("the torn bytes are gone".into());
                }
                if !whole && !before[4096 + 512..].starts_with(&image.bytes(&tail.kept_at)) {
                    return Err("the torn bytes are not what they were".into());
                }
            }
        }
        all_hold(&again, 1)
    });
}

#[test]
fn what_was_answered_with_not_saved_never_comes_back() {
    every_sync_is_needed([0], |n| {
        let sim = disk();
        let mut journal = create(&sim).unwrap();
        let fail = Some((Hits::Writes, 1, false));
        sim.set_faults(Faults { fail, short_writes: Some(512), ignore_sync: n, ..Faults::default() });
        let outcome = journal.append(0, &[entry(1), entry(2), entry(3), entry(4)]);
        assert!(matches!(outcome, Appended::NotSaved(_)), "{outcome:?}");
        let shown = cuts(&sim).map(|image| check(&image, Some(0), true).unwrap()).max();
        if shown == Some(0) { Ok(()) } else { Err("a record that was not saved is there".into()) }
    });
}

#[test]
fn state_needs_the_sync_of_the_file_and_of_its_name() {
    let (old, new) = (State { synced_seq: 1, hash: 2 }, State { synced_seq: 3, hash: 4 });
    every_sync_is_needed(0..2, |n| {
        let sim = disk();
        old.write(&sim, Path::new("/book")).unwrap();
        ignoring(&sim, n);
        new.write(&sim, Path::new("/book")).unwrap();
        assert_eq!(sim.syncs(), 2);
        cuts(&sim).try_for_each(|image| match State::read(&image, Path::new("/book")) {
            Ok(Some(state)) if state == new => Ok(()),
            other => Err(format!("{other:?}")),
        })
    });
}

#[test]
fn state_is_the_old_or_the_new_one_whenever_the_power_goes() {
    let (old, new) = (State { synced_seq: 1, hash: 2 }, State { synced_seq: 3, hash: 4 });
    let sim = disk();
    old.write(&sim, Path::new("/book")).unwrap();
    let live = sim.copy();
    let before = sim.changes();
    new.write(&sim, Path::new("/book")).unwrap();
    for event in sim.events().iter().skip(before) {
        live.apply(event);
        for image in cuts(&live) {
            let state = State::read(&image, Path::new("/book")).unwrap();
            assert!(state == Some(old) || state == Some(new), "{state:?}");
        }
    }
}

/// Writes until something fails; gives what was acknowledged, and the outcomes that were no `Saved`.
fn until_it_fails(sim: &SimVfs, ops: u64) -> (Option<Seq>, Vec<Appended>) {
    let Ok(mut journal) = create(sim) else { return (None, Vec::new()) };
    let mut failures = Vec::new();
    for _ in 0..ops {
        let head = journal.written();
        match journal.append(head, &[entry(head + 1), entry(head + 2)]) {
            Appended::Saved(_) => {}
            other => failures.push(other),
        }
        let _ = journal.prepare_next();
    }
    (Some(journal.head()), failures)
}

#[test]
fn a_disk_that_fills_up_anywhere_costs_no_save_and_writing_goes_on_once_there_is_room() {
    for step in 0..40 {
        let sim = disk();
        sim.set_faults(Faults { capacity: Some(step * 4096), ..Faults::default() });
        let (acked, failures) = until_it_fails(&sim, 40);
        assert!(failures.iter().all(|f| matches!(f, Appended::NotSaved(_))), "{step}: {failures:?}");
        sim.set_faults(Faults::default());
        let image = sim.power_cut(&mut |_| 0);
        check(&image, acked, true).unwrap_or_else(|why| unreachable!("{step} pages: {why}"));
        if acked.is_some() {
            let mut journal = open(&image).unwrap().journal;
            let head = journal.head();
            assert_eq!(saved(journal.append(head, &[entry(head + 1)])), head + 1);
        }
    }
}

#[test]
fn the_same_journal_writes_on_once_there_is_room() {
    let sim = disk();
    sim.set_faults(Faults { capacity: Some(16 * 1024), ..Faults::default() });
    let mut journal = create(&sim).unwrap();
    let mut refused = 0;
    while refused == 0 {
        let head = journal.written();
        refused += u64::from(matches!(journal.append(head, &[entry(head + 1)]), Appended::NotSaved(_)));
    }
    sim.set_faults(Faults::default());
    let head = journal.written();
    assert_eq!(saved(journal.append(head, &[entry(head + 1)])), head + 1);
    all_hold(&sim, head + 1).unwrap();
}

#[test]
fn an_error_of_the_disk_at_any_call_costs_no_save() {
    for (hits, for_ever) in [(Hits::Changes, false), (Hits::Changes, true), (Hits::All, false), (Hits::Syncs, true)] {
        let mut n = 0;
        loop {
            let sim = disk();
            let short_writes = (n % 2 == 1).then_some(700);
            sim.set_faults(Faults { fail: Some((hits, n, for_ever)), short_writes, ..Faults::default() });
            let (acked, failures) = until_it_fails(&sim, 30);
            sim.set_faults(Faults::default());
            for image in [sim.power_cut(&mut |_| 0), sim.power_cut(&mut rng(n)), sim.copy()] {
                check(&image, acked, true).unwrap_or_else(|why| unreachable!("{hits:?} {n} {for_ever}: {why}"));
            }
            if acked == Some(60) && failures.is_empty() && n > 100 {
                break;
            }
            n += 1;
        }
    }
}

#[test]
fn after_a_failed_sync_nothing_is_written_again() {
    let sim = disk();
    let mut journal = create(&sim).unwrap();
    saved(journal.append(0, &[entry(1)]));
    sim.set_faults(Faults { fail: Some((Hits::Syncs, 0, false)), ..Faults::default() });
    assert!(matches!(journal.append(1, &[entry(2)]), Appended::Unknown(_)));
    assert!(journal.dead());
    let (changes, syncs) = (sim.changes(), sim.syncs());
    assert!(matches!(journal.append(2, &[entry(3)]), Appended::NotSaved(_)));
    assert!(matches!(journal.sync(), Appended::NotSaved(_)));
    assert!(journal.prepare_next().is_err());
    assert_eq!((sim.changes(), sim.syncs()), (changes, syncs));
    assert_eq!(journal.read(1).count(), 1, "what was safe is still read");
}
