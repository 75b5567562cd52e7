//! English and Simplified Chinese words for every code. Rooms speak in codes with arguments ([`Say`]); words are made here
//! and nowhere else. The words stand in `words/`, one table per area; `say` fills them in, `number` and `when` write
//! amounts, counts, days and spans of time.

mod label;
mod lang;
pub mod number;
mod said;
pub mod when;
pub mod words;

#[cfg(test)]
mod tests;

pub use crate::domain::Say;
pub use label::{field_label, kind_label, label};
pub use lang::Lang;
pub use number::{amount, amount_exact, count, grouped, number};
pub use said::say;
pub use when::{ago, distance, relative, weekday};
