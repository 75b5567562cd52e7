//! Keys to commands: TOML files that extend one another, a trie per scope, lint at load, reverse look-up. Nothing here
//! runs a command, and a prefix has no timeout: `esc` gives it up. Start with `map.rs`; `load.rs` reads the files,
//! `lint.rs` is what can be wrong with them.

pub mod key;
pub mod lint;
pub mod load;
pub mod map;
mod map_lints;

#[cfg(test)]
mod tests;

pub use key::{Code, Key, Reach};
pub use lint::{Lint, Problem};
pub use load::{SHIPPED, Source};
pub use map::{Binding, Hint, Keymap, Resolved};
