//! Waiting for the head of the log to move, from another thread.

use crate::domain::Seq;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// The head of a log as other threads see it. Cloning gives another handle on the same head.
#[derive(Debug, Clone, Default)]
pub struct Watch(Arc<(Mutex<Seq>, Condvar)>);

impl Watch {
    /// The last record that is safe.
    pub fn head(&self) -> Seq {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the head is past `seen`, at most `patience`; gives the head, moved or not.
    pub fn past(&self, seen: Seq, patience: Duration) -> Seq {
        let head = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.0.1.wait_timeout_while(head, patience, |head| *head <= seen);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    pub(super) fn moved(&self, head: Seq) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = head;
        self.0.1.notify_all();
    }
}
