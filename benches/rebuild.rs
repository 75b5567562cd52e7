//! The store is gone: the journal makes it anew while somebody goes on reading.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic)]

mod shared;

use guanxi::ops::upkeep;
use shared::{Chance, Figures, Machine, Stretch, book, mib, typing};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A million customers and ten million rows are made anew in this many seconds, and fewer in proportion.
const SECONDS_A_MILLION: f64 = 90.0;
/// Somebody who reads asks this often.
const PAUSE: Duration = Duration::from_millis(50);

/// What a reader met.
#[derive(Default)]
struct Read {
    finds: Figures,
    cards: Figures,
    empty: usize,
}

fn main() {
    let machine = Machine::measure();
    let copy = book::Copy::of(&book::cached(), "rebuild");
    std::fs::remove_dir_all(copy.0.join("sled")).unwrap();
    let done = AtomicBool::new(false);
    let stretch = Stretch::start();
    let desk = book::open(&copy.0);
    let (read, took, cpu) = std::thread::scope(|scope| {
        let reader = scope.spawn(|| read(&desk, &done));
        desk.ready().unwrap();
        let (took, cpu) = (stretch.seconds(), stretch.cpu_seconds());
        done.store(true, Ordering::Relaxed);
        (reader.join().unwrap(), took, cpu)
    });
    let plan = *book::business().plan();
    let rows = plan.orders + plan.interactions + plan.events;
    println!("rebuild: {} customers, {rows} rows and their payments, deals and stages; somebody reads every {PAUSE:?}", plan.customers);
    println!("  {took:.2} s, CPU {cpu:.2} s, {:.0} rows/s, peak {:.0} MiB", rows as f64 / took, mib(upkeep::peak()));
    read.finds.print_ms("searches meanwhile");
    read.cards.print_ms("cards meanwhile");
    shared::count_at_most("searches without an answer", read.empty as f64, 0.0, "");
    let budget = SECONDS_A_MILLION * f64::from(plan.customers) / 1e6;
    machine.at_most("rebuilt", took, budget, "s");
}

/// Asks for names and opens who is found, until told to stop.
fn read(desk: &guanxi::ops::Desk, done: &AtomicBool) -> Read {
    let names: Vec<String> = typing::sequences().into_iter().filter(|(h, _)| *h == typing::Habit::Name).map(|(_, s)| s).collect();
    let (mut met, mut chance) = (Read::default(), Chance(5));
    while !done.load(Ordering::Relaxed) {
        let name = &names[chance.below(names.len() as u64) as usize];
        let began = Instant::now();
        let hits = book::find(desk, name);
        met.finds.add(began.elapsed());
        match hits.hits.first() {
            None => met.empty += 1,
            Some(hit) => {
                let began = Instant::now();
                let profile = book::profile(desk, hit.card.id);
                met.cards.add(began.elapsed());
                assert_eq!(profile.card.record.number(), hit.card.record.number());
            }
        }
        std::thread::sleep(PAUSE);
    }
    met
}
