//! The search box: 200 recorded typing sequences, every key a question.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic)]

mod shared;

use shared::typing::{HABITS, Habit, keys, sequences};
use shared::{Figures, Machine, Stretch, book};
use std::time::Instant;

/// What one kind of typing cost.
#[derive(Default)]
struct Cost {
    wall: Figures,
    cpu_ms: f64,
    last_found: usize,
    sequences: usize,
}

fn main() {
    let machine = Machine::measure();
    let copy = book::Copy::of(&book::cached(), "search");
    let desk = book::open(&copy.0);
    desk.ready().unwrap();
    let sequences = sequences();
    let presses: usize = sequences.iter().map(|(_, s)| s.chars().count()).sum();
    println!("search: {} sequences, {presses} keys, {} customers", sequences.len(), book::customers());
    let first = Instant::now();
    book::find(&desk, "zs");
    book::find(&desk, "zsqx");
    println!("  the first two questions after opening: {:.2} ms", first.elapsed().as_secs_f64() * 1e3);
    let mut all = Figures::default();
    let mut cpu_ms = 0.0;
    let mut slow: Vec<(f64, String, u64)> = Vec::new();
    for habit in HABITS {
        let mut cost = Cost::default();
        let stretch = Stretch::start();
        for (_, sequence) in sequences.iter().filter(|(h, _)| *h == habit) {
            type_one(&desk, sequence, &mut cost, &mut slow);
        }
        cost.cpu_ms = stretch.cpu_seconds() * 1e3;
        print(habit, &cost);
        cpu_ms += cost.cpu_ms;
        all.join(&cost.wall);
    }
    all.print_ms("all keys, wall");
    slow.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (us, words, total) in slow.iter().take(8) {
        println!("  slow: {:>8.3} ms  {words}  ({total} match)", us / 1e3);
    }
    machine.at_most("CPU a key, mean", cpu_ms / all.len() as f64, 1.2, "ms");
}

fn type_one(desk: &guanxi::ops::Desk, sequence: &str, cost: &mut Cost, slow: &mut Vec<(f64, String, u64)>) {
    let mut found = false;
    for words in keys(sequence) {
        let began = Instant::now();
        let hits = book::find(desk, words);
        let took = began.elapsed();
        cost.wall.add(took);
        slow.push((took.as_secs_f64() * 1e6, words.to_string(), hits.total));
        found = !hits.hits.is_empty();
    }
    cost.last_found += usize::from(found);
    cost.sequences += 1;
}

fn print(habit: Habit, cost: &Cost) {
    cost.wall.print_ms(&format!("{habit:?}, wall"));
    let (keys, found, all) = (cost.wall.len() as f64, cost.last_found, cost.sequences);
    println!("  {:<28} mean {:>7.3} ms a key; found something at the end: {found} of {all}", format!("{habit:?}, CPU"), cost.cpu_ms / keys);
}
