//! A disk that fails or is full under the journal of the real Desk: the person hears the truth, and the op id tells the rest.

use super::fold;
use crate::book::{Book, entry, options};
use guanxi::domain::{CustomerId, Kind, Zone};
use guanxi::journal::Vfs;
use guanxi::journal::sim::{Faults, Hits, SimVfs};
use guanxi::ops::open::{self, Options};
use guanxi::ops::request::{Refusal, RefusalKind, Request, Saved};
use std::sync::Arc;

fn book_on(sim: &SimVfs) -> (Book, CustomerId) {
    let mut book = Book::new();
    book.desk = None;
    std::fs::remove_dir_all(book.path()).unwrap();
    let desk = open::create(on(&book, sim), Zone::shanghai(), "CNY", Arc::new(|_| {})).unwrap();
    desk.ready().unwrap();
    book.desk = Some(desk);
    let id = book.customer("某", "154-0000-0001");
    (book, id)
}

fn on(book: &Book, sim: &SimVfs) -> Options {
    Options { vfs: Arc::new(sim.clone()), ..options(&book.path()) }
}

/// The same folder with another disk under it, on a machine that restarted.
fn reopened(book: &mut Book, sim: &SimVfs) {
    book.desk = None;
    let desk = open::open(Options { boot: "another".into(), ..on(book, sim) }, Arc::new(|_| {})).unwrap();
    desk.ready().unwrap();
    book.desk = Some(desk);
}

fn log(book: &Book, id: CustomerId, op: u128) -> Result<Saved, Refusal> {
    book.save(Request::Log(entry(id, &format!("call {op}"), op)))
}

fn people() -> String {
    std::iter::once("number,name\n".to_string()).chain((0..200).map(|n| format!("N{n},客{n}\n"))).collect()
}

/// What was answered to each follow-up, and to the import (`None` = saved).
struct Told {
    calls: Vec<(u128, Option<RefusalKind>)>,
    import: Option<RefusalKind>,
}

fn work(book: &Book, id: CustomerId) -> Told {
    let calls = |ops: std::ops::Range<u128>| ops.map(|op| (op, log(book, id, op).err().map(|r| r.kind))).collect::<Vec<_>>();
    let mut told = calls(1..5);
    let import = book.import(Kind::Customer, &people()).err().map(|r| r.kind);
    told.extend(calls(5..8));
    Told { calls: told, import }
}

fn look(book: &mut Book, sim: &SimVfs, id: CustomerId, told: &Told, what: &str) {
    reopened(book, sim);
    let vfs: Arc<dyn Vfs> = Arc::new(sim.clone());
    fold::check_on(&vfs, &book.path(), book.desk());
    let saved = fold::op_ids(&vfs, &book.path());
    for (op, refusal) in &told.calls {
        let count = saved.get(op).copied().unwrap_or(0);
        match refusal {
            None => assert_eq!(count, 1, "{what}: {op} was saved"),
            Some(RefusalKind::NotSaved) => assert_eq!(count, 0, "{what}: {op} was not saved"),
            Some(RefusalKind::Unknown) => assert!(count <= 1, "{what}: {op} twice"),
            Some(other) => panic!("{what}: {op} was answered with {other:?}"),
        }
    }
    let taken_in = book.desk().shared().version().customers - 1;
    match told.import {
        None => assert_eq!(taken_in, 200, "{what}: the import"),
        Some(RefusalKind::NotSaved) => assert_eq!(taken_in, 0, "{what}: the import was not saved"),
        Some(_) => assert!(taken_in == 0 || taken_in == 200, "{what}: {taken_in} customers of the import"),
    }
    // Sent again with their own op ids, all are there once.
    told.calls.iter().for_each(|(op, _)| drop(log(book, id, *op).unwrap()));
    let saved = fold::op_ids(&vfs, &book.path());
    told.calls.iter().for_each(|(op, _)| assert_eq!(saved.get(op), Some(&1), "{what}: {op} sent again"));
}

fn try_fault(hits: Hits, nth: u64, for_ever: bool, seen: &mut Vec<RefusalKind>) {
    let what = format!("{hits:?} {nth}, for ever: {for_ever}");
    let sim = SimVfs::new();
    let (mut book, id) = book_on(&sim);
    sim.set_faults(Faults { fail: Some((hits, nth, for_ever)), ..Faults::default() });
    let told = work(&book, id);
    let unknown = told.calls.iter().position(|(_, r)| *r == Some(RefusalKind::Unknown));
    if let Some(at) = unknown {
        // After an unknown outcome nothing more is written, and that is said.
        assert!(told.calls[at + 1..].iter().all(|(_, r)| *r == Some(RefusalKind::NotSaved)), "{what}: {:?}", told.calls);
        assert!(book.desk().shared().trouble().is_some(), "{what}");
    }
    seen.extend(told.calls.iter().filter_map(|(_, r)| *r).chain(told.import));
    sim.set_faults(Faults::default());
    // What the failed disk may have kept: all of it, or none of what was not synced.
    let cut = if nth.is_multiple_of(2) { sim.copy() } else { sim.power_cut(&mut |_| 0) };
    look(&mut book, &cut, id, &told, &what);
}

#[test]
fn a_failing_disk_is_told_truly_and_the_op_id_settles_what_was_unknown() {
    let mut seen = Vec::new();
    for nth in 0..10 {
        try_fault(Hits::Syncs, nth, nth % 2 == 1, &mut seen);
        try_fault(Hits::Writes, nth, nth % 3 == 1, &mut seen);
    }
    assert!(seen.contains(&RefusalKind::Unknown) && seen.contains(&RefusalKind::NotSaved), "{seen:?}");
}

#[test]
fn a_full_disk_keeps_what_was_saved_and_goes_on_when_there_is_room_again() {
    let sim = SimVfs::new();
    let (mut book, id) = book_on(&sim);
    let held: usize = sim.list(&book.path().join("journal")).unwrap().iter().map(|p| sim.bytes(p).len()).sum();
    sim.set_faults(Faults { capacity: Some(held as u64 + 4096), ..Faults::default() });
    let noise = |n: u128| (0..1500u128).map(|k| noise_word(n * 10_000 + k)).collect::<String>();
    let mut told = Vec::new();
    for op in 1..400 {
        let answer = book.save(Request::Log(entry(id, &noise(op), op)));
        told.push((op, answer.as_ref().err().map(|r| r.kind)));
        if answer.is_err() {
            break;
        }
    }
    assert_eq!(told.last().unwrap().1, Some(RefusalKind::NotSaved), "the disk is full");
    assert!(told.len() > 3, "what had room was saved");
    sim.set_faults(Faults::default());
    let (last, _) = told.pop().unwrap();
    book.save(Request::Log(entry(id, &noise(last), last))).unwrap();
    told.push((last, None));
    look(&mut book, &sim.copy(), id, &Told { calls: told, import: Some(RefusalKind::NotSaved) }, "full disk");
}

/// Text that does not compress.
fn noise_word(n: u128) -> String {
    let mixed =
        n.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835).rotate_left(41).wrapping_mul(0xbf58_476d_1ce4_e5b9_94d0_49bb_1331_11eb);
    format!("{mixed:032x}")
}
