//! The journal is the book: everything else may be damaged or gone.

use super::book::{Book, same};
use guanxi::domain::Kind;

fn filled() -> (Book, String) {
    let mut book = Book::new();
    let customers: String = std::iter::once("number,name,phone,tags\n".to_string())
        .chain((0..300).map(|n| format!("N{n},客{n},1540001{n:04},t{}\n", n % 7)))
        .collect();
    book.import(Kind::Customer, &customers).unwrap();
    let orders: String = std::iter::once("number,customer,at,product,quantity,unit_price\n".to_string())
        .chain((0..600).map(|n| format!("A{n},N{},2026-10-{:02},P{},1,10\n", n % 300, n % 28 + 1, n % 5)))
        .collect();
    book.import(Kind::Order, &orders).unwrap();
    let id = book.customer("许清越", "154-0000-6812");
    book.log(id, "spoke", 9).unwrap();
    let all = book.everything();
    book.desk = None;
    (book, all)
}

#[test]
fn a_lost_store_and_lost_columns_are_made_anew_from_the_journal() {
    let (mut book, all) = filled();
    for gone in ["sled", "facts", "STATE"] {
        let path = book.path().join(gone);
        if path.is_dir() {
            std::fs::remove_dir_all(&path).unwrap();
        } else {
            std::fs::remove_file(&path).unwrap();
        }
        book.desk = Some(book.open().unwrap());
        same(&book.everything(), &all, &format!("without {gone}"));
        assert_eq!(book.find("t3").total, 43);
        book.desk = None;
    }
}

#[test]
fn damaged_stores_and_planted_snapshots_are_no_reason_to_refuse() {
    let (mut book, all) = filled();
    std::fs::write(book.path().join("sled").join("snap.00000000000FFFFF.generating"), b"half").unwrap();
    book.desk = Some(book.open().unwrap());
    same(&book.everything(), &all, "the book");
    book.desk = None;
    let db = book.path().join("sled").join("db");
    let mut bytes = std::fs::read(&db).unwrap();
    for at in (100..bytes.len()).step_by(997) {
        bytes[at] ^= 0x55;
    }
    std::fs::write(&db, bytes).unwrap();
    book.desk = Some(book.open().unwrap());
    same(&book.everything(), &all, "the book");
}

#[test]
fn a_rebuild_gives_the_same_book_and_deep_verification_agrees() {
    let (mut book, all) = filled();
    book.desk = Some(book.open().unwrap());
    guanxi::ops::upkeep::rebuild(book.desk(), std::sync::Arc::new(|_| {})).unwrap();
    same(&book.everything(), &all, "the book");
    let verified = guanxi::ops::upkeep::verify(book.desk(), true).unwrap();
    assert_eq!((verified.problems, verified.store.map(|s| s.1)), (vec![], Some(true)));
}

#[test]
fn a_backup_made_while_in_use_restores_to_the_same_book() {
    let (mut book, all) = filled();
    book.desk = Some(book.open().unwrap());
    let file = book.dir.path().join("backup.gx");
    guanxi::ops::upkeep::backup(book.desk(), &file, &|_| {}).unwrap();
    book.log(1, "after the backup", 77).unwrap();
    book.desk = None;
    std::fs::rename(book.path(), book.dir.path().join("old")).unwrap();
    guanxi::ops::backup::unpack(&file, &book.path()).unwrap();
    book.desk = Some(book.open().unwrap());
    same(&book.everything(), &all, "the book");
}

#[test]
fn a_rebuild_starts_from_the_newest_whole_baseline_and_survives_a_damaged_one() {
    let (mut book, _) = filled();
    book.desk = Some(book.open().unwrap());
    guanxi::ops::upkeep::baseline(book.desk()).unwrap();
    book.log(2, "after the baseline", 11).unwrap();
    let all = book.everything();
    guanxi::ops::upkeep::rebuild(book.desk(), std::sync::Arc::new(|_| {})).unwrap();
    same(&book.everything(), &all, "from the baseline");
    assert_eq!(guanxi::ops::upkeep::verify(book.desk(), true).unwrap().problems, vec![]);
    book.desk = None;
    let folder = book.path().join("baseline");
    let file = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    std::fs::remove_dir_all(book.path().join("sled")).unwrap();
    book.desk = Some(book.open().unwrap());
    same(&book.everything(), &all, "from the journal alone");
}
