//! A process that works on a book is killed (SIGKILL) at any moment, and power cuts leave any mixture of old and new sectors
//! in the store's and the columns' folders: what was acknowledged is there once, the rest wholly or not at all.
//!
//! `cargo test --test kills`: 20 kills, 25 images. `GUANXI_FULL=1 cargo test --release --test kills`: 200 kills, 1,000 images.
//! `GUANXI_SEED=n` draws other moments and sectors.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "desk/book.rs"]
#[allow(dead_code)]
mod book;
#[path = "laws/fold.rs"]
mod fold;

mod kills {
    mod chance;
    mod images;
    mod rounds;
    mod worker;
}
