//! Short ways to make a refusal: what kind it is, what it says, what would help.

use super::request::{Refusal, RefusalKind};
use crate::domain::Say;

impl Refusal {
    /// A refusal of a kind.
    pub fn new(kind: RefusalKind, say: Say) -> Refusal {
        Refusal { kind, say, hint: None }
    }
    /// Asked for something that cannot be done.
    pub fn impossible(say: Say) -> Refusal {
        Refusal::new(RefusalKind::Impossible, say)
    }
    /// The data given are bad.
    pub fn data(say: Say) -> Refusal {
        Refusal::new(RefusalKind::Data, say)
    }
    /// The store failed underneath.
    pub fn store(why: impl std::fmt::Display) -> Refusal {
        let why = why.to_string();
        // ENOSPC by its words: the engine below wraps the error it came in.
        if why.contains("os error 28") || why.contains("No space left") || why.contains("StorageFull") {
            return Refusal::new(RefusalKind::NotSaved, Say::new("outcome.disk-full"));
        }
        Refusal::new(RefusalKind::Fault, Say::new("fault.store").with("why", why))
    }
    /// The journal failed underneath.
    pub fn journal(why: impl std::fmt::Display) -> Refusal {
        Refusal::new(RefusalKind::Fault, Say::new("fault.journal").with("why", why))
    }
    /// With a hint.
    #[must_use]
    pub fn hint(mut self, hint: Say) -> Refusal {
        self.hint = Some(hint);
        self
    }
}

impl RefusalKind {
    /// The exit code of the command line for this kind.
    pub fn exit_code(self) -> u8 {
        match self {
            RefusalKind::Impossible | RefusalKind::Conflict | RefusalKind::NotSaved | RefusalKind::Unknown | RefusalKind::Cancelled => 1,
            RefusalKind::Usage => 2,
            RefusalKind::Data => 3,
            RefusalKind::Config => 4,
            RefusalKind::Busy => 5,
            RefusalKind::Fault => 70,
        }
    }
}
