//! The Desk on a real folder: what people do, what survives, what is refused.
#![allow(clippy::unwrap_used, clippy::panic)]

mod desk {
    pub mod book;
    mod changes;
    mod imports;
    mod recovery;
    mod withdrawals;
}
