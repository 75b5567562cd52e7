//! Dates as people type them, in English and Chinese ([`parse`]), and how far a moment is from now, as a code with
//! arguments ([`describe`]). Pure: now comes in as an argument.

mod describe;

pub use describe::{describe, elapsed};
