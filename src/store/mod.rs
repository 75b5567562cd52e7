//! sled: everything the journal says, ready to read. Nothing here is the only copy of anything: a damaged store is moved
//! aside and built again from the journal.
//!
//! ```text
//!  apply(seq, ops) ─▶ draft ─▶ pages_after ─┐                    ┌─ read: customer, rows, numbered, tags ...
//!                                           ├─▶ tree (one sled) ─┤
//!  Bulk (import, rebuild) ─────▶ merge ─────┘    envelope, key   └─ check, baseline
//! ```
//!
//! Records by id, timeline rows and record numbers are all rows of sorted pages (`page.rs`); only the key's first byte and
//! what a place means differ. `codec.rs` holds the stored form of a record, `meta.rs` what the store knows about itself.

mod baseline;
mod body;
mod bulk;
mod check;
mod codec;
mod draft;
mod envelope;
mod error;
mod frozen;
mod key;
mod marks;
mod merge;
mod meta;
mod number;
mod open;
mod page;
mod pages;
mod part;
mod read;
mod rebuild;
mod tree;
mod wire;

pub use baseline::{Baseline, BaselineInfo, BaselineItem, read_baseline, verify_baseline, write_baseline};
pub use bulk::Bulk;
pub use check::CheckReport;
pub use error::StoreError;
pub use number::number_hash;
pub use open::CACHE;

use std::sync::Arc;

/// The store; clones share it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<tree::Inner>,
}

impl std::fmt::Debug for Store {
    // sled's own Debug prints every value it holds.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("folder", &self.inner.folder).finish_non_exhaustive()
    }
}

impl Store {
    /// Begins a bulk load.
    pub fn bulk(&self) -> Bulk {
        Bulk::new(self.clone())
    }
}

#[cfg(test)]
mod tests;
