//! Kills: start, wait a while, SIGKILL, open, look at everything.

use super::chance::{Chance, full};
use super::worker::{DIR, ROUND, ROWS, answers_in};
use crate::book::options;
use crate::fold::{self, Folded};
use guanxi::domain::{Kind, Record, field};
use guanxi::ops::open;
use guanxi::ops::upkeep;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Rounds on one book; then a new one begins, so that the looks stay short.
const ON_ONE_BOOK: u32 = 5;

fn start(dir: &Path, round: u32) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kills::worker::works_until_it_is_killed", "--ignored"])
        .env(DIR, dir)
        .env(ROUND, round.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn answers(dir: &Path) -> Vec<String> {
    std::fs::read_to_string(answers_in(dir)).unwrap_or_default().lines().map(str::to_string).collect()
}

/// How long an undisturbed run takes: until it is ready, and in all.
fn measured() -> (Duration, Duration) {
    let dir = tempfile::tempdir().unwrap();
    start(dir.path(), 0).wait().unwrap();
    let began = Instant::now();
    let mut child = start(dir.path(), 1);
    while answers(dir.path()).iter().filter(|l| *l == "ready").count() < 2 && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let ready = began.elapsed();
    assert!(child.wait().unwrap().success());
    assert_eq!(answers(dir.path()).last().map(String::as_str), Some("closed"));
    (ready, began.elapsed())
}

/// Of ten kills five come within twice the run, two during start-up, three within the run.
fn delay(n: u32, (ready, all): (Duration, Duration), chance: &mut Chance) -> Duration {
    match n % 10 {
        0 | 2 | 4 | 6 | 8 => all.mul_f64(2.0 * chance.share()),
        1 | 5 => ready.mul_f64(chance.share()),
        _ => ready + (all - ready).mul_f64(chance.share()),
    }
}

fn plant_half_snapshot(dir: &Path, n: u32) {
    let sled = dir.join("book").join("sled");
    if sled.is_dir() {
        let bytes: &[u8] = if n.is_multiple_of(2) { b"" } else { b"half a snapshot" };
        std::fs::write(sled.join("snap.00000000000FFFFF.generating"), bytes).unwrap();
    }
}

#[derive(Default)]
struct Seen {
    died_at_work: u32,
    during_start: u32,
    after_the_end: u32,
    acknowledged: u64,
    unacknowledged: u64,
}

fn look(dir: &Path, rounds: std::ops::RangeInclusive<u32>, seen: &mut Seen) {
    let book = dir.join("book");
    if !open::is_book(&book) {
        assert!(answers(dir).is_empty(), "the book is gone");
        return;
    }
    let desk = open::open(options(&book), Arc::new(|_| {})).unwrap();
    desk.ready().unwrap();
    fold::check(&book, &desk);
    let folded = Folded::journal(&fold::real(), &book);
    let saved = fold::op_ids(&fold::real(), &book);
    let head = saved.values().map(|n| u64::from(*n)).sum::<u64>();
    let told = answers(dir);
    let mut acknowledged = 0;
    for line in &told {
        match line.split_once(' ') {
            Some(("op", op)) => {
                acknowledged += 1;
                assert_eq!(saved.get(&op.parse().unwrap()), Some(&1), "an acknowledged follow-up");
            }
            Some(("seq", seq)) => assert!(seq.parse::<u64>().unwrap() <= head, "record {seq} of {head}"),
            _ => {}
        }
    }
    let ops = saved.iter().filter(|(op, _)| **op != 0);
    assert!(ops.clone().all(|(_, n)| *n == 1), "an op id twice");
    seen.acknowledged += acknowledged;
    seen.unacknowledged += ops.count() as u64 - acknowledged;
    for round in rounds {
        look_at_imports(&folded, round, &told);
    }
    let found = upkeep::verify(&desk, true).unwrap();
    assert_eq!((found.problems, found.store.map(|s| s.1)), (vec![], Some(true)));
}

fn look_at_imports(folded: &Folded, round: u32, told: &[String]) {
    let numbered = |kind: Kind| {
        let ours = |r: &&Record| r.kind == kind && r.number().starts_with(&format!("R{round}-"));
        folded.records.values().filter(ours).count() as u32
    };
    for (kind, word) in [(Kind::Customer, "customers"), (Kind::Order, "orders")] {
        let count = numbered(kind);
        assert!(count == 0 || count == ROWS, "{count} {word} of round {round}: neither none nor all {ROWS}");
        assert!(count == ROWS || !told.contains(&format!("{word} {round}")), "the {word} of round {round} were acknowledged");
    }
    let tag = folded.records.values().find(|r| r.kind == Kind::Tag && r.text(field::G_NAME) == format!("round {round}"));
    let carried = tag.is_some_and(|t| folded.tags.contains_key(&t.id));
    assert!(carried || !told.contains(&format!("tag {round}")), "the tag of round {round} was acknowledged");
}

#[test]
fn whenever_the_process_is_killed_what_was_acknowledged_is_there() {
    let times = measured();
    let kills = if full() { 200 } else { 20 };
    let mut chance = Chance::new();
    let mut seen = Seen::default();
    let mut dir = tempfile::tempdir().unwrap();
    for n in 0..kills {
        if n % ON_ONE_BOOK == 0 {
            dir = tempfile::tempdir().unwrap();
        }
        if n % 3 == 2 {
            plant_half_snapshot(dir.path(), n);
        }
        let before = answers(dir.path()).len();
        let mut child = start(dir.path(), n);
        std::thread::sleep(delay(n, times, &mut chance));
        let _ = child.kill();
        child.wait().unwrap();
        let told = answers(dir.path());
        match told.get(before..).unwrap_or_default() {
            [] => seen.during_start += 1,
            [.., last] if last == "closed" => seen.after_the_end += 1,
            _ => seen.died_at_work += 1,
        }
        look(dir.path(), n - n % ON_ONE_BOOK..=n, &mut seen);
    }
    let Seen { died_at_work, during_start, after_the_end, acknowledged, unacknowledged } = seen;
    let figures = format!(
        "{kills} kills (run {times:?}): {during_start} during start-up, {died_at_work} at work, {after_the_end} after the end; \
         {acknowledged} acknowledged follow-ups looked for, {unacknowledged} saved without an answer\n"
    );
    std::io::Write::write_all(&mut std::io::stderr(), figures.as_bytes()).unwrap();
    assert!(died_at_work * 10 >= kills, "most kills missed the work: {figures}");
}
