//! Files in: customers and orders in no particular order, into a new book. How fast they are safe, how soon in view, what
//! it takes in memory, and what it leaves on the disk.
//!
//! `GUANXI_BENCH_IDLE` says how many seconds the reopened book idles before its folder is weighed (60).
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic)]

mod shared;

use guanxi::domain::{Kind, Zone};
use guanxi::exchange::{Format, Options as Reading};
use guanxi::ops::import::{ImportOrder, import};
use guanxi::ops::open::{self, Options};
use guanxi::ops::{Desk, export, upkeep};
use shared::{Chance, Machine, Stretch, book, in_a_fresh_process, mib};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// In the order in which they refer to one another.
const KINDS: [Kind; 4] = [Kind::Staff, Kind::Product, Kind::Customer, Kind::Order];

fn main() {
    let path = |name: &str| PathBuf::from(std::env::var_os(name).unwrap());
    match shared::errand().as_deref() {
        Some("import") => return take_in(&path("GUANXI_BENCH_FILES"), &path("GUANXI_BENCH_BOOK")),
        Some("reopen") => return reopen(&path("GUANXI_BENCH_BOOK")),
        _ => {}
    }
    let machine = Machine::measure();
    let files = files();
    let to = book::place().join(format!("import-{}", std::process::id()));
    let args = [("GUANXI_BENCH_FILES", files.to_str().unwrap()), ("GUANXI_BENCH_BOOK", to.to_str().unwrap())];
    let told = in_a_fresh_process("import", &args);
    let after = in_a_fresh_process("reopen", &args);
    let _ = std::fs::remove_dir_all(&to);
    println!(
        "import: {} customers, {} orders in {} lines, shuffled",
        told["customers rows"],
        book::business().plan().orders,
        told["orders rows"]
    );
    speed(&machine, &told);
    memory(&told, &after);
    disk(&files, &after);
}

fn speed(machine: &Machine, told: &std::collections::BTreeMap<String, f64>) {
    let orders = book::business().plan().orders as f64;
    for (kind, units, budget) in [("customers", told["customers rows"], 50_000.0), ("orders", orders, 100_000.0)] {
        let get = |name: &str| told[&format!("{kind} {name}")];
        let (safe, view, cpu) = (get("safe"), get("view"), get("cpu"));
        println!("  {kind}: safe {safe:.2} s, in view {view:.2} s, CPU {cpu:.2} s; {:.0} lines/s to safe", get("rows") / safe);
        machine.at_least(&format!("{kind} to safe"), units / safe, budget, "a second");
        machine.at_most(&format!("{kind} in view / safe"), view / safe, 1.6, "");
    }
}

fn memory(told: &std::collections::BTreeMap<String, f64>, after: &std::collections::BTreeMap<String, f64>) {
    let resident = mib(after["resident"] as u64);
    println!("  resident after reopening: {resident:.0} MiB");
    for kind in ["customers", "orders"] {
        let peak = mib(told[&format!("{kind} peak")] as u64);
        shared::count_at_most(&format!("{kind}: peak {peak:.0} MiB less that"), peak - resident, 300.0, "MiB");
    }
}

fn disk(files: &Path, after: &std::collections::BTreeMap<String, f64>) {
    let csv = book::size_of(files) as f64;
    for (part, bytes) in after.iter().filter(|(n, _)| n.starts_with("disk ")) {
        println!("  {part:<28} {:>10.1} MiB", mib(*bytes as u64));
    }
    println!(
        "  files {:.1} MiB; book {:.1} MiB after reopening, {:.1} MiB after {} s",
        csv / 1048576.0,
        after["at once"] / 1048576.0,
        after["idled"] / 1048576.0,
        after["idle"]
    );
    shared::count_at_most("disk / files", after["idled"] / csv, 3.0, "");
}

/// The files, exported from the cached book and shuffled; kept beside it.
fn files() -> PathBuf {
    let dir = book::place().join(format!("files-{}", book::customers()));
    let whole = dir.with_extension("whole");
    if whole.exists() {
        return dir;
    }
    std::fs::create_dir_all(&dir).unwrap();
    let copy = book::Copy::of(&book::cached(), "export");
    let desk = book::open(&copy.0);
    for kind in KINDS {
        let mut csv = Vec::new();
        export::export(&desk, &book::who(), kind, &[], Format::Csv, &mut csv).unwrap();
        let text = String::from_utf8(csv).unwrap();
        let mut lines = text.lines();
        let head = lines.next().unwrap();
        let mut rows: Vec<&str> = lines.collect();
        Chance(4).shuffle(&mut rows);
        let mut out = BufWriter::new(File::create(dir.join(format!("{}.csv", kind.plural()))).unwrap());
        for line in std::iter::once(head).chain(rows) {
            writeln!(out, "{line}").unwrap();
        }
        out.flush().unwrap();
    }
    std::fs::write(whole, "").unwrap();
    dir
}

fn take_in(files: &Path, to: &Path) {
    let desk = open::create(Options::real(to, book::clock()), Zone::shanghai(), "CNY", Arc::new(|_| {})).unwrap();
    desk.ready().unwrap();
    for kind in KINDS {
        // "5" lets the kernel count the peak anew (proc(5), clear_refs).
        let _ = std::fs::write("/proc/self/clear_refs", "5");
        one(&desk, kind, &files.join(format!("{}.csv", kind.plural())));
    }
    assert_eq!(desk.shared().version().customers, u64::from(book::customers()));
}

fn one(desk: &Desk, kind: Kind, file: &Path) {
    let options = Reading { new_values: true, ..Reading::default() };
    let bytes = std::fs::metadata(file).unwrap().len();
    let order = ImportOrder { kind, file: kind.plural().into(), bytes, options, dry_run: false, shift_days: 0 };
    let stretch = Stretch::start();
    let report = import(desk, &book::who(), &order, &mut File::open(file).unwrap(), &|| false, &|_| {}).unwrap();
    let name = kind.plural();
    assert_eq!((report.rows.refused, report.rows.created), (0, report.rows.read), "{name}: {:?}", report.staged.first_refusals);
    println!("{name} rows {}", report.rows.read);
    println!("{name} safe {}", report.safe_seconds);
    println!("{name} view {}", report.view_seconds);
    println!("{name} cpu {}", stretch.cpu_seconds());
    println!("{name} peak {}", upkeep::peak());
}

fn reopen(dir: &Path) {
    let idle: u64 = std::env::var("GUANXI_BENCH_IDLE").ok().and_then(|t| t.parse().ok()).unwrap_or(60);
    let desk = book::open(dir);
    desk.ready().unwrap();
    assert!(book::find(&desk, "李").total > 0);
    println!("resident {}", upkeep::resident());
    println!("at once {}", book::size_of(dir));
    std::thread::sleep(Duration::from_secs(idle));
    for (part, bytes) in upkeep::health(&desk).unwrap().disk {
        println!("disk {part} {bytes}");
    }
    println!("idled {}", book::size_of(dir));
    println!("idle {idle}");
}
