//! What the workbench hears: keys, pasted text, the size of the terminal, answers, news and the time. Nothing else
//! changes it.

use super::effect::Ticket;
use crate::{
    domain::{BookInfo, ChangeSet, Moment},
    keymap::Key,
    ops::request::{Progress, Refusal, Reply},
};
use std::sync::Arc;

/// One thing heard.
#[derive(Debug, Clone)]
pub enum Message {
    /// A key.
    Key(Key),
    /// Text pasted into the terminal.
    Paste(String),
    /// The terminal has another size, in cells.
    Resize {
        /// Columns.
        w: u16,
        /// Rows.
        h: u16,
    },
    /// An answer of the Desk.
    Answer {
        /// To which question.
        ticket: Ticket,
        /// The answer.
        reply: Reply,
    },
    /// The Desk did not do it, or cannot tell.
    Failed {
        /// Which question.
        ticket: Ticket,
        /// Why.
        why: Refusal,
    },
    /// How far a question is.
    Progress {
        /// Which question.
        ticket: Ticket,
        /// How far.
        progress: Progress,
    },
    /// A commit, this session's own or somebody else's.
    Changed(Arc<ChangeSet>),
    /// Time has passed.
    Tick {
        /// The moment it is now.
        now: Moment,
    },
    /// The book is still being opened.
    Opening(Progress),
    /// The book is open, or what is known of it changed.
    Opened(Arc<BookInfo>),
}
