//! What is shown of a customer: the card (one line and the preview), the profile (the 360° view), and what a session
//! knows of the book it looks at. Plain data; made by `facts` and `ops`, drawn by `tui`, printed by `cli`.

use super::{CustomerId, Day, Dicts, Record, RecordId, Refs, Seq, Totals, Zone};
use std::sync::Arc;

/// A customer as lists and the preview show them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The dense id.
    pub id: CustomerId,
    /// The customer's fields (from the published columns; no notes).
    pub record: Record,
    /// The tags carried, ascending by id.
    pub tags: Vec<RecordId>,
    /// What follows from the rows.
    pub totals: Totals,
}

/// The 360° profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The card, with every field of the record.
    pub card: Card,
    /// Rows, newest first, at most [`Profile::ROWS`].
    pub rows: Vec<Record>,
    /// How many rows there are in all.
    pub all_rows: u64,
    /// The journal's number this is the state of; edits say it back.
    pub seen: Seq,
    /// Others who share one of the phones: id, number, name.
    pub same_phone: Vec<(CustomerId, String, String)>,
}

impl Profile {
    /// At most this many rows travel with a profile; older ones are asked for.
    pub const ROWS: usize = 400;
}

/// What a session knows of its book; sent anew when it changes.
#[derive(Debug, Clone)]
pub struct BookInfo {
    /// The book's identity, as text.
    pub id: String,
    /// The folder's name, as people know the book.
    pub name: String,
    /// The book's zone.
    pub zone: Zone,
    /// The book's currency (ISO 4217).
    pub currency: String,
    /// The day it is (the fixed day of a demo).
    pub today: Day,
    /// The day is fixed, not the calendar's.
    pub fixed_day: bool,
    /// Dictionaries.
    pub dicts: Arc<Dicts>,
    /// Staff, products, tags, campaigns, stages, custom fields.
    pub refs: Arc<Refs>,
    /// Customers in the book.
    pub customers: u64,
    /// The journal's number this is the state of.
    pub seq: Seq,
}
