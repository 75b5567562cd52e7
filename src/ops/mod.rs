//! The Desk: the one door to the business. It checks rights, validates, and hands changes to the one writer.
//!
//! ```text
//! Desk::ask ─▶ read (facts, store)                                     answers
//!          └─▶ change ─▶ writer: journal ─▶ store ─▶ publish (facts)   saved / not saved / unknown
//! ```
//!
//! Start with `desk.rs` (what can be asked), then `writer.rs` (the only caller of the journal's `append` and the store's
//! `apply`), `settle.rs` (opening and catching up) and `import/`.

pub mod backup;
mod baseline;
mod batch;
mod batch_columns;
mod batch_undo;
mod bodies;
mod change;
mod checkpoint;
pub mod clock;
pub mod demo;
mod desk;
pub mod entropy;
pub mod export;
pub mod generate;
mod history;
pub mod import;
pub mod open;
mod pending;
mod publish;
pub mod read;
mod refuse;
pub mod request;
mod scene;
mod settle;
pub mod shared;
mod spill;
pub mod synthetic;
mod trail;
mod undo;
pub mod upkeep;
mod valid;
mod wording;
mod writer;

pub use desk::{Cancelled, Desk};
