//! The book the benches work on: the synthetic business, made once and kept outside the repository.

use super::mib;
use guanxi::domain::{CustomerId, Day, Who, Zone};
use guanxi::ops::clock::FixedClock;
use guanxi::ops::open::{self, Options};
use guanxi::ops::request::{Hits, Reply, Request};
use guanxi::ops::synthetic::{Plan, Synthetic};
use guanxi::ops::{Desk, generate};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// Customers of the default book.
const CUSTOMERS: u32 = 100_000;
/// Customers of the full book (`GUANXI_BENCH=full`).
const FULL: u32 = 1_000_000;
const SEED: u64 = 1;

/// How many customers this run is about.
pub fn customers() -> u32 {
    match std::env::var("GUANXI_BENCH").as_deref() {
        Ok("full") => FULL,
        Ok(n) => n.parse().unwrap_or(CUSTOMERS),
        Err(_) => CUSTOMERS,
    }
}

/// Where books and files are kept between runs.
pub fn place() -> PathBuf {
    let own = std::env::var_os("GUANXI_BENCH_DIR").map(PathBuf::from);
    own.unwrap_or_else(|| std::env::temp_dir().join("guanxi-bench"))
}

/// The business: five orders, three follow-ups and two events a customer, and a deal for every twentieth.
pub fn business() -> Synthetic {
    let customers = customers();
    let n = u64::from(customers);
    let end = Day::from_ymd(2025, 12, 31).unwrap();
    let zone = Zone::shanghai();
    Synthetic::new(Plan { customers, orders: n * 5, interactions: n * 3, events: n * 2, deals: n / 20, seed: SEED, end, zone })
}

/// Noon of the history's last day.
pub fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::noon(business().plan().end, Zone::shanghai()))
}

/// Who asks.
pub fn who() -> Who {
    Who::owner("bench")
}

/// The folder of the cached book, made when there is none yet.
pub fn cached() -> PathBuf {
    let dir = place().join(format!("book-{}-{SEED}", customers()));
    let whole = dir.with_extension("whole");
    if whole.exists() && open::is_book(&dir) {
        println!("book: {}", dir.display());
        return dir;
    }
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(place()).unwrap();
    let began = Instant::now();
    let desk = open::create(Options::real(&dir, clock()), Zone::shanghai(), "CNY", Arc::new(|_| {})).unwrap();
    generate::fill(&desk, &who(), &business(), &|_| {}).unwrap();
    drop(desk);
    std::fs::write(&whole, "").unwrap();
    println!("book: {} made in {:.1} s, {:.0} MiB", dir.display(), began.elapsed().as_secs_f64(), mib(size_of(&dir)));
    dir
}

/// A copy of the cached book that may be written to; gone when dropped.
pub struct Copy(pub PathBuf);

impl Copy {
    /// Copies the cached book, and waits until the disk has it, so that its writing is not measured.
    pub fn of(book: &Path, name: &str) -> Copy {
        let to = place().join(format!("copy-{name}-{}", std::process::id()));
        copy(book, &to);
        Copy(to)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else if entry.path().is_file() {
            std::fs::copy(entry.path(), &target).unwrap();
            std::fs::File::open(&target).unwrap().sync_all().unwrap();
        }
    }
}

/// Bytes of all files in a folder.
pub fn size_of(dir: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(dir) else { return 0 };
    entries.flatten().map(|e| if e.path().is_dir() { size_of(&e.path()) } else { e.metadata().map_or(0, |m| m.len()) }).sum()
}

/// Opens a book without waiting for all of it.
pub fn open(dir: &Path) -> Desk {
    open::open(Options::real(dir, clock()), Arc::new(|_| {})).unwrap()
}

/// Asks the search box.
pub fn find(desk: &Desk, words: &str) -> Hits {
    match desk.ask(&who(), Request::Find { words: words.into(), limit: 50 }, &|| false) {
        Ok(Reply::Hits(hits)) => hits,
        other => panic!("{other:?}"),
    }
}

/// Asks for a profile.
pub fn profile(desk: &Desk, customer: CustomerId) -> Box<guanxi::domain::Profile> {
    match desk.ask(&who(), Request::Profile { customer }, &|| false) {
        Ok(Reply::Profile(profile)) => profile,
        other => panic!("{other:?}"),
    }
}
