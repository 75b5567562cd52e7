//! Power cuts: of the store's and the columns' folders any mixture of what a checkpoint had made safe and of what was
//! written since may be left, sector by sector; the journal holds what was acknowledged.

use super::chance::{Chance, full};
use crate::book::{Book, entry, options};
use crate::fold;
use guanxi::domain::{Kind, Moment, Op, RowSet, Value, field};
use guanxi::ops::open::{self, Options};
use guanxi::ops::request::{Edit, Request};
use guanxi::ops::upkeep;
use guanxi::store::Store;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const SECTOR: usize = 512;

/// The files of a folder by path below it.
type Files = BTreeMap<PathBuf, Vec<u8>>;

fn read(root: &Path) -> Files {
    let mut files = Files::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(bytes) = std::fs::read(&path) {
                files.insert(path.strip_prefix(root).unwrap().to_path_buf(), bytes);
            }
        }
    }
    files
}

fn write(root: &Path, files: &Files) {
    for (path, bytes) in files {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

fn sector(bytes: &[u8], n: usize) -> &[u8] {
    let end = bytes.len().min((n + 1) * SECTOR);
    bytes.get(n * SECTOR..end).unwrap_or_default()
}

/// How a sector that differs comes out: as it was, as it is, or zero.
#[derive(Clone, Copy)]
struct Odds {
    old: u64,
    zero: u64,
}

/// One file of the image.
fn mixed(old: &[u8], new: &[u8], odds: Odds, chance: &mut Chance) -> Vec<u8> {
    let len = if chance.below(4) == 0 { old.len() } else { new.len() };
    let mut out = vec![0; len];
    for n in 0..len.div_ceil(SECTOR) {
        let (a, b) = (sector(old, n), sector(new, n));
        let from = match chance.below(100) {
            _ if a == b => b,
            c if c < odds.old => a,
            c if c < odds.old + odds.zero => &[],
            _ => b,
        };
        let to = &mut out[n * SECTOR..len.min((n + 1) * SECTOR)];
        let n = from.len().min(to.len());
        to[..n].copy_from_slice(&from[..n]);
    }
    out
}

fn image(old: &Files, new: &Files, chance: &mut Chance) -> Files {
    let odds = [Odds { old: 45, zero: 10 }, Odds { old: 90, zero: 5 }, Odds { old: 5, zero: 5 }, Odds { old: 0, zero: 50 }];
    let odds = odds[chance.below(4) as usize];
    let names: BTreeSet<&PathBuf> = old.keys().chain(new.keys()).collect();
    let mut out = Files::new();
    for name in names {
        let bytes = match (old.get(name), new.get(name)) {
            (Some(a), Some(b)) => mixed(a, b, odds, chance),
            // Its name came, or went, since the checkpoint: either may be what is left.
            (Some(only), None) | (None, Some(only)) if chance.below(2) == 0 => only.clone(),
            _ => continue,
        };
        out.insert(name.clone(), bytes);
    }
    out
}

/// Changes of every sort, so many of each.
fn work(book: &Book, first: u32, count: u32) {
    let ids: Vec<u32> = book.desk().shared().version().ids().collect();
    for n in first..first + count {
        let id = ids[(n as usize * 37) % ids.len()];
        let mut call = entry(id, &format!("call {n} {}", "said ".repeat(n as usize % 300)), u128::from(n) + 1);
        call.at = Some(Moment::minute(1_760_000_000_000 + i64::from(n % 50) * 3_600_000));
        book.save(Request::Log(call)).unwrap();
        let seen = book.desk().shared().version().seq;
        let value = Some(Value::Text(format!("城{n}")));
        let edit = Edit { kind: Kind::Customer, id: id.into(), home: Default::default(), field: field::C_CITY, value, seen };
        book.save(Request::Edit { edits: vec![edit] }).unwrap();
        book.save(Request::Mark { tag: format!("t{}", n % 3), on: n % 2 == 0, rows: RowSet::one(id) }).unwrap();
        if n % 5 == 0 {
            book.save(Request::Undo { seq: None }).unwrap();
        }
    }
}

fn people(from: u32, to: u32, version: u32) -> String {
    let line = |n: u32| format!("N{n},客{n},t{},note {n} {}\n", n % 3, format!("{version} ").repeat(n as usize % 400));
    std::iter::once("number,name,tags,note\n".to_string()).chain((from..to).map(line)).collect()
}

struct Cut {
    /// The folder as it was right after a checkpoint made it safe.
    safe: Files,
    /// The folder later; of this only the journal counts as synced.
    later: Vec<Files>,
}

fn photograph(book: &mut Book) -> Cut {
    book.import(Kind::Customer, &people(0, 200, 0)).unwrap();
    work(book, 0, 30);
    // Closing makes everything safe.
    book.desk = None;
    let safe = read(&book.path());
    book.desk = Some(book.open().unwrap());
    let mut later = Vec::new();
    for n in 1..5 {
        work(book, n * 40, 15);
        // Enough is written over for the store to use its segments again: what was safe is then no longer all there.
        for again in 0..3 {
            book.import(Kind::Customer, &people(150, 300, n * 10 + again)).unwrap();
        }
        // What the store does by itself every half second; `STATE` stays as it was.
        book.desk().shared().store().unwrap().checkpoint().unwrap();
        later.push(read(&book.path()));
        if n == 2 {
            die_and_start_again(book, &later[1]);
        }
    }
    Cut { safe, later }
}

/// The process dies without closing anything, and the next one opens what it left, on a machine that did not restart.
fn die_and_start_again(book: &mut Book, left: &Files) {
    book.desk = None;
    std::fs::remove_dir_all(book.path()).unwrap();
    write(&book.path(), left);
    book.desk = Some(book.open().unwrap());
}

fn part(files: &Files, folder: &str) -> Files {
    files.iter().filter(|(path, _)| path.starts_with(folder)).map(|(p, b)| (p.clone(), b.clone())).collect()
}

fn without(files: &Files, folders: &[&str]) -> Files {
    files.iter().filter(|(path, _)| !folders.iter().any(|f| path.starts_with(f))).map(|(p, b)| (p.clone(), b.clone())).collect()
}

/// Sectors with something in them that hold something else by now.
fn overwritten(old: &Files, new: &Files) -> usize {
    let over = |(path, old): (&PathBuf, &Vec<u8>)| {
        let new = new.get(path).map_or(&[][..], Vec::as_slice);
        (0..old.len().div_ceil(SECTOR)).filter(|n| sector(old, *n).iter().any(|b| *b != 0) && sector(old, *n) != sector(new, *n)).count()
    };
    old.iter().map(over).sum()
}

/// Opens an image and holds it against its journal; was the store made anew?
fn look(dir: &Path, deep: bool) -> bool {
    let desk = open::open(Options { boot: "after the power came back".into(), ..options(dir) }, Arc::new(|_| {})).unwrap();
    desk.ready().unwrap();
    fold::check(dir, &desk);
    if deep {
        let found = upkeep::verify(&desk, true).unwrap();
        assert_eq!((found.problems, found.store.map(|s| s.1)), (vec![], Some(true)));
    }
    dir.join("sled-aside-1").exists()
}

#[test]
fn whatever_a_power_cut_leaves_of_store_and_columns_the_book_is_the_journal() {
    let mut book = Book::new();
    let cut = photograph(&mut book);
    book.desk = None;
    let over: Vec<usize> = cut.later.iter().map(|later| overwritten(&part(&cut.safe, "sled"), &part(later, "sled"))).collect();
    let mut chance = Chance::new();
    let images = if full() { 1000 } else { 25 };
    let mut anew = 0;
    for n in 0..images {
        let later = &cut.later[chance.below(cut.later.len() as u64) as usize];
        let mut files = without(later, &["sled", "facts", "STATE"]);
        files.insert("STATE".into(), cut.safe[Path::new("STATE")].clone());
        files.extend(image(&part(&cut.safe, "sled"), &part(later, "sled"), &mut chance));
        files.extend(image(&part(&cut.safe, "facts"), &part(later, "facts"), &mut chance));
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &files);
        anew += u32::from(look(dir.path(), n % 10 == 0));
    }
    let figures = format!("{images} images: {anew} stores were made anew, the others went on; {over:?} sectors were written over\n");
    std::io::Write::write_all(&mut std::io::stderr(), figures.as_bytes()).unwrap();
    assert!(anew < images, "no store went on: {figures}");
}

/// What is left when the store's own words outlived its pages, or its pages outlived its words.
fn lying(cut: &Cut, tell: impl Fn(&Store)) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let latest = cut.later.last().unwrap();
    write(dir.path(), &without(latest, &["sled", "STATE"]));
    write(dir.path(), &part(&cut.safe, "sled"));
    write(dir.path(), &part(&cut.safe, "STATE"));
    tell(&Store::open(&dir.path().join("sled"), 32 << 20).unwrap());
    dir
}

#[test]
fn a_store_that_claims_what_it_lost_is_not_believed_after_a_restart() {
    let mut book = Book::new();
    let cut = photograph(&mut book);
    let head = book.history()[0].seq;
    book.desk = None;
    // It says that it has applied all, and has not: it is brought up from where it was safe.
    assert!(!look(lying(&cut, |store| store.apply(head, &[]).unwrap()).path(), false), "it could have gone on");
    // It has lost what a checkpoint had made safe, or holds something else: it is made anew.
    let safe = |store: &Store| store.applied();
    assert!(look(lying(&cut, |store| store.rewind(safe(store) - 3).unwrap()).path(), false), "it had lost what was safe");
    let other = |store: &Store| {
        let record = store.customer(3).unwrap().unwrap();
        store.apply_part(&[Op::Gone(record)]).unwrap();
    };
    assert!(look(lying(&cut, other).path(), false), "it was another state");
}
