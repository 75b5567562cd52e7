//! Imports that come into view while colleagues tag, move, take back and log: the store stays the fold of the journal.

use super::fold;
use super::steps::{Step, take};
use crate::book::{Book, same};
use guanxi::domain::{Kind, Who};
use guanxi::ops::request::RefusalKind;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

const CUSTOMERS: u32 = 400;

/// So long that an import takes several frames, and colleagues come in between.
fn note(n: u32) -> String {
    format!("note {n} ").repeat(180)
}

fn customers(tags: &str) -> String {
    let line = |n: u32| format!("N{n},客{n},x,{tags},{} {tags}\n", note(n));
    std::iter::once("number,name,city,tags,note\n".to_string()).chain((0..CUSTOMERS).map(line)).collect()
}

/// Orders that belong to somebody else each time, dearer each time.
fn orders(round: u32) -> String {
    let line = |n: u32| {
        format!("A{n},N{},2026-10-{:02},P{},1,{},{}\n", (n * 7 + round * 13) % CUSTOMERS, n % 28 + 1, n % 5, round + 1, note(n + round))
    };
    std::iter::once("number,customer,at,product,quantity,unit_price,note\n".to_string()).chain((0..800).map(line)).collect()
}

/// A step by counting, so that every colleague does something else.
fn deed(n: u32) -> Step {
    let small = (n * 11 % 251) as u8;
    let row = (n * 97 % 800) as u16;
    match n % 8 {
        0 | 3 => Step::Tag { tag: (n / 8 % 3) as u8, on: n % 16 < 8, first: small, count: 200 },
        1 => Step::Log { customer: small, at: small, next: true },
        2 => Step::Give { row, customer: small },
        4 => Step::Move { row, at: small },
        5 => Step::Undo,
        6 => Step::City { customer: small, value: (n % 3) as u8 },
        _ => Step::Redo,
    }
}

fn work(book: &Book, who: &Who, first: u32, stop: &AtomicBool) -> u32 {
    let mut done = 0;
    for n in first.. {
        // What stands is looked at before the import is asked for, or while it runs: both happen.
        if stop.load(SeqCst) && done > 0 {
            break;
        }
        match take(book, who, &deed(n)) {
            Ok(saved) => done += u32::from(saved.is_some()),
            Err(refusal) => assert!(
                matches!(refusal.kind, RefusalKind::Impossible | RefusalKind::Conflict | RefusalKind::Busy),
                "{:?}: {refusal:?}",
                deed(n)
            ),
        }
    }
    done
}

#[test]
fn the_store_is_the_fold_of_the_journal_while_colleagues_change_what_an_import_changes() {
    let mut book = Book::new();
    book.import(Kind::Customer, &customers("t0;t1")).unwrap();
    book.import(Kind::Order, &orders(0)).unwrap();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let deeds: Vec<_> = (0..2u32)
            .map(|n| {
                let (book, stop) = (&book, &stop);
                scope.spawn(move || work(book, &Who::owner(&format!("colleague {n}")), n * 5000, stop))
            })
            .collect();
        for round in 1..4 {
            book.import(Kind::Order, &orders(round)).unwrap();
            book.import(Kind::Customer, &customers(["t2", "t0;t3", "t1;t4"][round as usize % 3])).unwrap();
        }
        stop.store(true, SeqCst);
        deeds.into_iter().for_each(|d| assert!(d.join().unwrap() > 0));
    });
    fold::check(&book.path(), book.desk());
    let before = book.everything();
    book.reopen();
    same(&book.everything(), &before, "after reopening");
    fold::check(&book.path(), book.desk());
}
