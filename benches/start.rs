//! From nothing to working: each start is a process of its own. First paint, first search answered, the whole book open,
//! and what is held in memory then.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic)]

mod shared;

use guanxi::keymap::Keymap;
use guanxi::ops::entropy::Entropy;
use guanxi::ops::upkeep;
use guanxi::session::run::picture;
use guanxi::text::Lang;
use guanxi::tui::{Depth, Ground, Setup, Theme, Workbench, glyph};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use shared::{Figures, Machine, book, in_a_fresh_process, mib, since_start_us};
use std::sync::Arc;

const STARTS: usize = 10;

fn main() {
    if shared::errand().is_some() {
        return start();
    }
    let machine = Machine::measure();
    let dir = book::cached();
    let dir = dir.to_string_lossy();
    println!("start: {STARTS} fresh processes, {} customers", book::customers());
    let [mut paint, mut find, mut ready, mut cpu] = [(); 4].map(|()| Figures::default());
    let mut last = Default::default();
    for _ in 0..STARTS {
        let told = in_a_fresh_process("start", &[("GUANXI_BENCH_BOOK", &dir)]);
        let us = |name: &str| told[name] as u64;
        paint.count(us("paint"));
        find.count(us("find"));
        ready.count(us("ready"));
        cpu.count(us("cpu"));
        last = told;
    }
    paint.print_ms("first paint");
    find.print_ms("first search answered");
    ready.print_ms("the whole book open");
    cpu.print_ms("CPU until then");
    println!("  {} hits of {} when first answered", last["hits"], last["total"]);
    for (name, bytes) in last.iter().filter(|(n, _)| n.starts_with("memory ")) {
        println!("  {name:<28} {:>10.1} MiB", mib(*bytes as u64));
    }
    println!(
        "  {:<28} {:>10.1} MiB, {:.0} bytes a customer",
        "resident",
        mib(last["resident"] as u64),
        last["resident"] / last["customers"]
    );
    machine.at_most("first paint, p95", paint.at(0.95) / 1e3, 150.0, "ms");
    machine.at_most("a search answered, p95", find.at(0.95) / 1e3, 2000.0, "ms");
    shared::count_at_most("resident", mib(last["resident"] as u64), 3072.0, "MiB");
}

/// One start: what a session does, without the terminal.
fn start() {
    let dir = std::path::PathBuf::from(std::env::var_os("GUANXI_BENCH_BOOK").unwrap());
    first_paint();
    println!("paint {}", since_start_us());
    let desk = book::open(&dir);
    let hits = loop {
        let hits = book::find(&desk, "李");
        if !hits.hits.is_empty() {
            break hits;
        }
        std::thread::yield_now();
    };
    println!("find {}", since_start_us());
    println!("hits {}", hits.hits.len());
    println!("total {}", hits.total);
    desk.ready().unwrap();
    println!("ready {}", since_start_us());
    println!("cpu {}", shared::cpu_us());
    let health = upkeep::health(&desk).unwrap();
    for (part, bytes) in &health.memory {
        println!("memory {part} {bytes}");
    }
    println!("resident {}", health.resident);
    println!("customers {}", health.customers);
}

fn first_paint() {
    let keymap = Arc::new(Keymap::shipped("default").unwrap());
    let mut entropy = Entropy::system();
    let setup = Setup {
        lang: Lang::En,
        keymap,
        theme: Theme { depth: Depth::True, ground: Ground::Dark },
        glyphs: glyph::UNICODE,
        now: guanxi::ops::clock::Clock::now(book::clock().as_ref()),
        size: (120, 40),
        who: book::who(),
        op_ids: Box::new(move || entropy.id()),
    };
    let (bench, _) = Workbench::open(setup);
    let (frame, _) = picture(&bench, Rect::new(0, 0, 120, 40));
    assert!(frame != Buffer::empty(frame.area), "the first picture is blank");
}
