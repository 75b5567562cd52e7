//! The power goes at any moment, on a disk in memory: nothing acknowledged is lost, nothing is half there, and every sync in
//! the code is needed. `GUANXI_FULL=1` tries a hundred disks at every moment and cuts twice everywhere.

#![allow(clippy::unwrap_used)]

#[path = "power_cut/faults.rs"]
mod faults;
#[path = "power_cut/syncs.rs"]
mod syncs;

use guanxi::domain::{FieldId, Kind, Op, Record, Seq, Value};
use guanxi::journal::sim::SimVfs;
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

fn open(sim: &SimVfs, proof: Option<Seq>) -> Result<Opened, JournalError> {
    Journal::open_with(Arc::new(sim.clone()), &dir(), proof, salts(), SIZES)
}

/// The entry that must be at a seq; long ones take several sectors.
fn entry(seq: Seq) -> Entry {
    let note = "云南白药".repeat(if seq.is_multiple_of(5) { 40 + seq as usize % 37 } else { 2 });
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
    let opened = match (open(image, acked), acked) {
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
            torn += u64::from(open(&recovering, None).unwrap().cut.is_some());
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
    let read: Vec<Stored> = open(&image, None).unwrap().journal.read(1).map(Result::unwrap).collect();
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

/// Every disk that the power cut may leave; `None` when there are more than `most`.
fn every_cut(sim: &SimVfs, most: u64) -> Option<Vec<SimVfs>> {
    let mut bounds = Vec::new();
    let first = sim.power_cut(&mut |below| {
        bounds.push(below);
        0
    });
    let total = bounds.iter().try_fold(1_u64, |product, below| product.checked_mul(*below).filter(|p| *p <= most))?;
    let mut images = vec![first];
    for count in 1..total {
        let mut rest = count;
        images.push(sim.power_cut(&mut |below| {
            let digit = rest % below;
            rest /= below;
            digit
        }));
    }
    Some(images)
}

#[test]
fn of_small_commits_every_disk_that_can_be_left_holds_what_was_acknowledged() {
    let recorded = disk();
    let start = recorded.changes();
    let acks = workload(&recorded, 60);
    let live = disk();
    let (mut all, mut some) = (0, 0);
    for (prefix, event) in recorded.events().iter().enumerate().skip(start) {
        live.apply(event);
        match every_cut(&live, if full() { 20_000 } else { 700 }) {
            Some(images) => {
                all += images.len();
                for image in images {
                    check(&image, acks.at(prefix + 1), false).unwrap_or_else(|why| unreachable!("after change {prefix}: {why}"));
                }
            }
            None => some += 1,
        }
    }
    assert!(all > 500 && some * 2 < recorded.changes(), "{all} disks, {some} moments with too many");
}
