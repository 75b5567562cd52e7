//! Guanxi (关系): a customer-relationship workbench in the terminal.
//!
//! ```text
//! ┌ Search ────────────────────┐┌ Profile ─────────────────────────────────┐   Panes, side by side as width allows
//! │ > zsf▏              3 of 9 ││ 张三丰  C00042  杭州         owner 沈知微 │   ◀ SafeText only: outside text is cleaned
//! │ ▸ 张三丰  154…6812  杭州   ││ last contact 3 d   next Fri   owed ¥1,200 │   ◀ totals, from published Facts
//! │   …                        ││ timeline …      ┌ Log a follow-up ───────┐│   ◀ Layer (popup) over the panes
//! │                            ││                 │ call · answered        ││
//! └────────────────────────────┘└─────────────────└────────────────────────┘┘
//!  sample day 2026-11-20 · Ctrl-Z undo · ? help                                  ◀ status line
//! ```
//!
//! Keys become messages, messages change the workbench (`tui`), effects go to the Desk (`ops`), which asks the published
//! facts (`facts`, `search`) or hands a change to the one writer: journal first (`journal`), then the store (`store`).
//! The nouns are in `domain`. `tests/house.rs` says which room may open which door.

pub mod cli;
pub mod command;
pub mod domain;
pub mod exchange;
pub mod facts;
pub mod journal;
pub mod keymap;
pub mod manual;
pub mod ops;
pub mod search;
pub mod session;
pub mod store;
pub mod text;
pub mod tui;
