//! What the Desk can be asked, as plain data: the workbench, the command line and (later) SSH all ask these same things.

use crate::domain::{BookInfo, Card, ChangeSet, CustomerId, FieldId, Home, Kind, Moment, Profile, RecordId, RowSet, Say, Seq, Value};
use std::sync::Arc;

pub use crate::search::Place;

/// A question or an order to the Desk.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// What book is this? Answer: [`Reply::Book`].
    Book,
    /// The search box. Answer: [`Reply::Hits`].
    Find {
        /// What was typed.
        words: String,
        /// At most this many hits come back; the total is exact all the same.
        limit: usize,
    },
    /// The 360° profile. Answer: [`Reply::Profile`].
    Profile {
        /// Whose.
        customer: CustomerId,
    },
    /// Which customer is meant by a number, phone, e-mail or unique name? Answer: [`Reply::Profile`].
    Named {
        /// As written.
        words: String,
    },
    /// Log a follow-up. Answer: [`Reply::Saved`].
    Log(LogEntry),
    /// Change fields. Answer: [`Reply::Saved`], or a refusal when somebody changed the same field since it was seen.
    Edit {
        /// The edits; all or none.
        edits: Vec<Edit>,
    },
    /// Add a record (customer, task, order, payment ...). Answer: [`Reply::Saved`].
    Add {
        /// The kind.
        kind: Kind,
        /// Its fields.
        fields: Vec<(FieldId, Value)>,
    },
    /// Give customers a tag or take it; the tag is made when there is none of that name. Answer: [`Reply::Saved`].
    Mark {
        /// The tag's name.
        tag: String,
        /// Give (true) or take (false).
        on: bool,
        /// Whom.
        rows: RowSet,
    },
    /// Take back the last change of this person, or the change of that number. Answer: [`Reply::Saved`].
    Undo {
        /// The journal's number; `None` = the last one.
        seq: Option<Seq>,
    },
    /// Do again what was last taken back. Answer: [`Reply::Saved`].
    Redo,
    /// What changed, newest first. Answer: [`Reply::History`].
    History {
        /// Only this customer's.
        customer: Option<CustomerId>,
        /// At most so many.
        limit: usize,
    },
}

/// A follow-up to log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// With whom.
    pub customer: CustomerId,
    /// Channel code.
    pub channel: u32,
    /// Direction code; `None` = outbound.
    pub direction: Option<u32>,
    /// Outcome code.
    pub outcome: Option<u32>,
    /// What was said; several lines allowed.
    pub note: String,
    /// When it happened; `None` = now.
    pub at: Option<Moment>,
    /// The promised next contact.
    pub next_at: Option<Moment>,
    /// Drawn by the session once per popup: sending twice saves once.
    pub op_id: u128,
}

/// One field to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Kind of the record.
    pub kind: Kind,
    /// Its id.
    pub id: RecordId,
    /// Where the row lives; zero for records that are no rows.
    pub home: Home,
    /// The field.
    pub field: FieldId,
    /// Its new value; `None` = unknown.
    pub value: Option<Value>,
    /// The journal's number of the state that was looked at.
    pub seen: Seq,
}

/// An answer.
#[derive(Debug, Clone)]
pub enum Reply {
    /// The book.
    Book(Arc<BookInfo>),
    /// The hits of a search.
    Hits(Hits),
    /// A profile.
    Profile(Box<Profile>),
    /// Safe on disk.
    Saved(Saved),
    /// Changes, newest first.
    History(Vec<HistoryRow>),
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hits {
    /// What was asked.
    pub words: String,
    /// How many match in all.
    pub total: u64,
    /// The first ones, best first.
    pub hits: Vec<Hit>,
    /// True while part of the book is not searchable yet (it is still being opened).
    pub partial: bool,
}

/// One hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The customer.
    pub card: Card,
    /// Where it matched.
    pub matched: Place,
    /// The matched text when it is not the shown name (the order number, the e-mail ...).
    pub because: String,
    /// Character positions of the shown name that matched.
    pub marks: Vec<u32>,
    /// Higher is better; only the order means anything.
    pub score: i64,
}

/// A change that is safe on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// The journal's number.
    pub seq: Seq,
    /// What was done, for the toast.
    pub what: Say,
    /// The record made, if one was.
    pub made: Option<(Kind, RecordId)>,
    /// The customer to show, if the change is about one.
    pub customer: Option<CustomerId>,
}

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRow {
    /// The journal's number.
    pub seq: Seq,
    /// When.
    pub at: Moment,
    /// Who, as shown.
    pub who: String,
    /// What.
    pub what: Say,
    /// The customer it was about, if one: id, number, name.
    pub customer: Option<(CustomerId, String, String)>,
    /// It was taken back by that number.
    pub undone_by: Option<Seq>,
}

/// Why the Desk did not do it, or cannot tell whether it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of refusal: decides the exit code and the colour.
    pub kind: RefusalKind,
    /// The sentence.
    pub say: Say,
    /// What would help.
    pub hint: Option<Say>,
}

/// Kinds of refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// Asked for something impossible (exit 1).
    Impossible,
    /// Not understood (exit 2).
    Usage,
    /// Bad data (exit 3).
    Data,
    /// Configuration (exit 4).
    Config,
    /// The book is in use (exit 5).
    Busy,
    /// Somebody changed the same thing since.
    Conflict,
    /// Not saved: nothing was written.
    NotSaved,
    /// Unknown whether it is saved; the op id will tell.
    Unknown,
    /// A newer question replaced this one.
    Cancelled,
    /// Our fault (exit 70).
    Fault,
}

/// What a session hears unasked.
#[derive(Debug, Clone)]
pub enum News {
    /// A commit, its own or somebody else's.
    Changed(Arc<ChangeSet>),
    /// Long work goes on.
    Progress(Progress),
}

/// How far long work is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub what: Say,
    /// Units done.
    pub done: u64,
    /// Units in all; 0 when not known yet.
    pub of: u64,
}
