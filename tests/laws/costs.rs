//! What one change costs, by work counters: one sync, few bytes; and how many share a sync when the disk is slow.

use super::hooked::{Call, Hooked};
use crate::book::{Book, entry, options};
use guanxi::domain::{Kind, Who, Zone};
use guanxi::ops::open::{self, Options};
use guanxi::ops::request::Request;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::Duration;

const MOST_COPIED: u64 = 512 << 10;

fn book_over(vfs: Hooked) -> Book {
    let mut book = Book::new();
    book.desk = None;
    std::fs::remove_dir_all(book.path()).unwrap();
    let desk = open::create(Options { vfs: Arc::new(vfs), ..options(&book.path()) }, Zone::shanghai(), "CNY", Arc::new(|_| {})).unwrap();
    desk.ready().unwrap();
    book.desk = Some(desk);
    book
}

fn people(count: u32) -> String {
    let line = |n: u32| format!("N{n},客{n},1540{n:07},city {},company {n},t{}\n", n % 40, n % 9);
    std::iter::once("number,name,phone,city,company,tags\n".to_string()).chain((0..count).map(line)).collect()
}

#[test]
fn a_logged_call_costs_one_sync_and_copies_at_most_half_a_mebibyte() {
    let vfs = Hooked::new(|_| {});
    let syncs = Arc::clone(&vfs.data_syncs);
    let book = book_over(vfs);
    book.import(Kind::Customer, &people(9000)).unwrap();
    let ids: Vec<u32> = book.desk().shared().version().ids().collect();
    // The file made ahead is finished by now, so that none of its own syncs is counted.
    for n in 1..=12 {
        book.log(ids[0], "warming up", n).unwrap();
    }
    let mut most = 0;
    for n in 0..40u32 {
        let (before, copied) = (syncs.load(SeqCst), book.desk().shared().facts.counters());
        book.log(ids[(n as usize * 211) % ids.len()], &"said ".repeat(200), 1000 + u128::from(n)).unwrap();
        let after = book.desk().shared().facts.counters();
        assert_eq!(syncs.load(SeqCst) - before, 1, "syncs of call {n}");
        assert_eq!(after.blocks_cloned - copied.blocks_cloned, 1, "blocks of call {n}");
        most = most.max(after.bytes_copied - copied.bytes_copied);
    }
    assert!(most <= MOST_COPIED, "{most} bytes copied for one call");
}

#[test]
fn twenty_colleagues_on_a_slow_disk_share_their_syncs() {
    let slow = Arc::new(AtomicBool::new(false));
    let pause = Arc::clone(&slow);
    // The wrapped disk takes 3 ms for a sync, as a real one does.
    let vfs = Hooked::new(move |call| {
        if call == Call::Sync && pause.load(SeqCst) {
            std::thread::sleep(Duration::from_millis(3));
        }
    });
    let syncs = Arc::clone(&vfs.data_syncs);
    let book = book_over(vfs);
    let ids: Vec<u32> = (0..20).map(|n| book.customer(&format!("某{n}"), &format!("154-0000-{n:04}"))).collect();
    slow.store(true, SeqCst);
    let before = syncs.load(SeqCst);
    std::thread::scope(|scope| {
        for (n, id) in (0u128..).zip(&ids) {
            let book = &book;
            scope.spawn(move || {
                for call in 1..=10 {
                    let saved =
                        book.desk().ask(&Who::owner(&format!("user {n}")), Request::Log(entry(*id, "x", n * 100 + call)), &|| false);
                    saved.unwrap();
                }
            });
        }
    });
    let spent = syncs.load(SeqCst) - before;
    assert!((1..=40).contains(&spent), "200 calls took {spent} syncs: fewer than 5 share one");
}
