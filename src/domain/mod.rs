//! The nouns of the trade, as plain data: what a customer, an order, a follow-up *is*, before anybody stores or shows it.
//!
//! Nothing here reads a clock, a file or a random number; the day and the moment come in as arguments. Every record is a
//! [`Record`]: a [`Kind`], an id and a sorted list of (field, value). The fields are listed once, in [`field`]; the typed
//! nouns (`Customer`, `Order`, `Interaction` ...) in [`noun`] are views over a record that read like the trade.
//! Start with `kind.rs`, `field.rs`, `value.rs`, then `op.rs`, which says how records change.

pub mod card;
pub mod clean;
pub mod dict;
pub mod field;
pub mod fold;
pub mod kind;
pub mod money;
pub mod noun;
pub mod op;
pub mod phone;
pub mod preset;
pub mod record;
pub mod refs;
pub mod rows;
pub mod say;
pub mod time;
pub mod totals;
pub mod value;
pub mod when;
pub mod who;

pub use card::{BookInfo, Card, Profile};
pub use dict::{Dict, Dicts, Entry};
pub use field::{FieldId, FieldSpec, FieldType};
pub use kind::Kind;
pub use money::{Money, Quantity};
pub use op::{ChangeSet, Home, Op};
pub use record::Record;
pub use refs::Refs;
pub use rows::RowSet;
pub use say::Say;
pub use time::{Day, Moment, Precision, Zone};
pub use totals::Totals;
pub use value::{Line, Value};
pub use who::{Right, Role, Who};

/// The dense number of a customer inside one book: given by the writer, never reused, 0 means "none".
pub type CustomerId = u32;
/// The number of any record within its kind: given by the writer, never reused, 0 means "none".
pub type RecordId = u64;
/// The journal's own counter, one per record, without gaps.
pub type Seq = u64;
