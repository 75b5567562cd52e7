//! What the workbench wants done: plain data, carried out by the driver. Interactive lanes are latest-wins.

use crate::ops::request::Request;

/// A line of work. In each but [`Lane::Write`] a newer question replaces an older one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// The search box, and the look for people already there.
    Search,
    /// The profile.
    Profile,
    /// Changes: queued, each answered.
    Write,
    /// The history.
    History,
    /// What the book is.
    Book,
}

/// Which question an answer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket {
    /// The lane.
    pub lane: Lane,
    /// Counts up per lane, from 1.
    pub generation: u64,
}

/// One thing to be done outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask the Desk; the answer comes back as a message with this ticket.
    Ask {
        /// Comes back with the answer.
        ticket: Ticket,
        /// The question.
        request: Request,
    },
    /// Stop what that lane is at.
    Cancel(Lane),
    /// Put text on the clipboard of the person's own terminal.
    CopyText(String),
    /// Set the terminal's title.
    Title(String),
    /// Ring.
    Bell,
    /// Paint everything anew.
    Redraw,
    /// Leave.
    Quit,
}
