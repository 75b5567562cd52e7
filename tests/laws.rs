//! Laws of the Desk on a real folder: the store is the fold of the journal, the columns are the totals of the rows, undo
//! takes back exactly what was done, a crash between any two frames of an import leaves before or after, failing disks are
//! told truly, and one change costs one sync. More random cases: `PROPTEST_CASES=500 cargo test --test laws`.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "desk/book.rs"]
#[allow(dead_code)]
mod book;

mod laws {
    mod between;
    mod colleagues;
    mod costs;
    mod faults;
    mod fold;
    mod hooked;
    mod sequences;
    mod steps;
}
