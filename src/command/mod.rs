//! The registry of user-visible verbs: data and names only. Palette, help, keymaps, README tables and completions all
//! read [`all`]; nothing here does anything, and no word of it is shown (words are in `text`).
//! Start with `spec.rs`, then `table.rs`.

pub mod condition;
pub mod line;
pub mod near;
pub mod spec;
pub mod table;

pub use condition::{Condition, Conditions, Here};
pub use line::{Completion, LineError, complete, parse, print};
pub use near::near;
pub use spec::{ArgKind, ArgSpec, ArgValue, Args, Call, CommandId, CommandSpec, Scope};
pub use table::{all, named, spec};
