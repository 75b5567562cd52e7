//! Pure screen state: the workbench hears messages and says what is to be done outside; drawing only looks.
//!
//! Nothing here does I/O, reads a clock or fails. Text from outside reaches the screen through [`canvas::Canvas::put`]
//! alone, which makes it harmless and measures it. Start with `message.rs` and `effect.rs`, then `workbench.rs` (state),
//! `run.rs` (commands), `answers.rs` (what comes back) and `screen.rs` (where things stand). Layers are one file each;
//! those that are a form are a `popup.rs`.

pub mod add;
mod answers;
pub mod canvas;
pub mod columns;
pub mod cursor;
pub mod dates;
pub mod edit;
pub mod effect;
mod empty;
pub mod entry;
pub mod facts;
pub mod fields;
pub mod form;
pub mod glyph;
pub mod help;
pub mod history;
mod keys;
pub mod label;
pub mod layer;
pub mod log;
pub mod measure;
pub mod message;
pub mod orders;
pub mod palette;
pub mod pick;
pub mod popup;
pub mod profile;
mod questions;
mod run;
mod screen;
pub mod search;
mod status;
pub mod summary;
pub mod theme;
pub mod timeline;
pub mod touch;
pub mod value;
pub mod view;
pub mod workbench;

pub use effect::{Effect, Lane, Ticket};
pub use glyph::Glyphs;
pub use message::Message;
pub use theme::{Depth, Ground, Role, Theme};
pub use workbench::{Pane, Setup, Workbench};
