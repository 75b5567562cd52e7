//! The power goes, or the process dies, between any two steps of an import: the folder is copied at every write and sync of
//! the journal, and every copy opens to the book before or after, with all that colleagues were told is saved.

use super::fold;
use super::hooked::Hooked;
use crate::book::{Book, options, same};
use guanxi::domain::{Kind, Zone};
use guanxi::ops::open::{self, Options};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

/// Copies a folder; files that go meanwhile (sled's, `staging`) are passed over, as a crash would find them gone.
pub fn copy(from: &Path, to: &Path) {
    let _ = std::fs::create_dir_all(to);
    for entry in std::fs::read_dir(from).into_iter().flatten().flatten() {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            let _ = std::fs::copy(&path, &target);
        }
    }
}

type Copies = Arc<Mutex<Vec<(PathBuf, Vec<u128>)>>>;

struct Camera {
    on: AtomicBool,
    copies: Copies,
    /// Op ids that somebody was told are saved.
    told: Mutex<Vec<u128>>,
}

fn photographed(book: PathBuf, to: PathBuf) -> (Arc<Camera>, Hooked) {
    let camera = Arc::new(Camera { on: AtomicBool::new(false), copies: Arc::default(), told: Mutex::default() });
    let held = Arc::clone(&camera);
    let vfs = Hooked::new(move |_| {
        if held.on.load(SeqCst) {
            let told = held.told.lock().unwrap().clone();
            let mut copies = held.copies.lock().unwrap();
            let folder = to.join(copies.len().to_string());
            copy(&book, &folder.join("book"));
            copies.push((folder, told));
        }
    });
    (camera, vfs)
}

fn people(first: u32, city: &str) -> String {
    let line = |n: u32| format!("N{n},客{n},{city},t{},{}\n", n % 3, format!("{city} {n} ").repeat(300));
    std::iter::once("number,name,city,tags,note\n".to_string()).chain((first..first + 600).map(line)).collect()
}

#[test]
fn an_import_is_there_wholly_or_not_at_all_wherever_it_is_cut() {
    let mut book = Book::new();
    let (camera, vfs) = photographed(book.path(), book.dir.path().join("copies"));
    book.import(Kind::Customer, &people(0, "old")).unwrap();
    let held = book.customer("某", "154-0000-0001");
    book.desk = None;
    let opened = open::open(Options { vfs: Arc::new(vfs), ..options(&book.path()) }, Arc::new(|_| {})).unwrap();
    opened.ready().unwrap();
    book.desk = Some(opened);
    camera.on.store(true, SeqCst);
    book.log(held, "before", 1 << 64).unwrap();
    std::thread::scope(|scope| {
        let import = scope.spawn(|| book.import(Kind::Customer, &people(300, "new")).unwrap());
        let taken = || camera.copies.lock().unwrap().len();
        let (mut op, mut seen) = (1, 0);
        while !import.is_finished() {
            // A follow-up comes after every step of the import's own.
            if taken() > seen {
                book.log(held, "meanwhile", op).unwrap();
                camera.told.lock().unwrap().push(op);
                op += 1;
                seen = taken();
            }
            std::thread::yield_now();
        }
    });
    camera.on.store(false, SeqCst);
    let copies = std::mem::take(&mut *camera.copies.lock().unwrap());
    let (mut before, mut after) = (0, 0);
    for (n, (folder, told)) in copies.iter().enumerate() {
        let boot = if n % 2 == 0 { "another".to_string() } else { open::boot_id() };
        let found = settle(&folder.join("book"), boot, told);
        assert!(found == (600, 0) || found == (900, 600), "copy {n}: {found:?} customers in all and from the file");
        if found.1 == 0 {
            before += 1
        } else {
            after += 1
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
    assert!(before >= 3 && after >= 1, "copies before {before}, after {after}");
}

/// Opens a copy and checks all of it; gives the file's customers, and those with what the file says.
fn settle(dir: &Path, boot: String, told: &[u128]) -> (u64, u64) {
    let desk = open::open(Options { boot, ..options(dir) }, Arc::new(|_| {})).unwrap();
    desk.ready().unwrap();
    fold::check(dir, &desk);
    let found = guanxi::ops::upkeep::verify(&desk, true).unwrap();
    assert_eq!((found.problems, found.store.map(|s| s.1)), (vec![], Some(true)));
    let saved = fold::op_ids(&fold::real(), dir);
    told.iter().for_each(|op| assert_eq!(saved.get(op), Some(&1), "the follow-up {op} that was saved"));
    let version = desk.shared().version();
    let city = |id| version.text(id, guanxi::domain::field::C_CITY).to_string();
    let new = version.ids().filter(|id| city(*id) == "new").count() as u64;
    (version.customers - 1, new)
}

#[test]
fn a_book_whose_making_was_cut_short_is_made_again_or_opens() {
    let dir = tempfile::tempdir().unwrap();
    let book = dir.path().join("book");
    let (camera, vfs) = photographed(book.clone(), dir.path().join("copies"));
    camera.on.store(true, SeqCst);
    let make = |options: Options| open::create(options, Zone::shanghai(), "CNY", Arc::new(|_| {}));
    let desk = make(Options { vfs: Arc::new(vfs), ..options(&book) }).unwrap();
    desk.ready().unwrap();
    drop(desk);
    let copies = std::mem::take(&mut *camera.copies.lock().unwrap());
    assert!(copies.len() >= 4);
    for (n, (folder, _)) in copies.iter().enumerate() {
        let path = folder.join("book");
        let desk = if open::is_book(&path) { open::open(options(&path), Arc::new(|_| {})) } else { make(options(&path)) };
        let desk = desk.unwrap_or_else(|why| panic!("copy {n}: {why:?}"));
        desk.ready().unwrap();
        same(&desk.shared().book.currency, "CNY", "the currency");
    }
}
