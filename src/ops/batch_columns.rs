//! The columns of a batch, made on a thread of their own beside the one that writes the store. How far they are published
//! decides how far the batch has been reached: a colleague's change of a customer waits until that customer's columns are
//! out, so that an older row never replaces a newer one.

use super::shared::{Shared, tag_names};
use crate::domain::{CustomerId, Record, RecordId, Refs, Seq, Totals};
use crate::facts::Row;
use crate::search;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// A customer made by a batch, with the tags it brings.
pub type Fresh = (Record, Vec<RecordId>);

/// What is to be published, by customer ascending.
pub enum Part {
    /// New customers: their columns follow from the record and its tags alone.
    Fresh(Vec<Fresh>, Arc<Refs>),
    /// Whole rows, and totals of customers that are there already: together, for how far the batch is counts for both.
    Changed(Vec<Row>, Vec<(CustomerId, Totals)>),
}

/// Publishes beside.
pub struct Columns {
    send: Option<SyncSender<Part>>,
    reached: Arc<AtomicU32>,
    thread: Option<JoinHandle<()>>,
}

/// Parts that may wait.
const AHEAD: usize = 4;

impl Columns {
    /// Publishes under the batch's number.
    pub fn start(shared: &Arc<Shared>, seq: Seq) -> Columns {
        let (send, receive) = sync_channel(AHEAD);
        let reached = Arc::new(AtomicU32::new(0));
        let (shared, theirs) = (Arc::clone(shared), Arc::clone(&reached));
        let thread = std::thread::spawn(move || publish(&shared, seq, &receive, &theirs));
        Columns { send: Some(send), reached, thread: Some(thread) }
    }

    /// Hands a part over; waits when the columns are far behind.
    pub fn give(&self, part: Part) {
        if let Some(send) = &self.send {
            let _ = send.send(part);
        }
    }

    /// The last customer whose columns are out.
    pub fn reached(&self) -> CustomerId {
        self.reached.load(Ordering::Acquire)
    }

    /// Waits until everything given is out; false when the thread failed (the columns are then made anew at the next start).
    pub fn finish(mut self) -> bool {
        self.end()
    }

    fn end(&mut self) -> bool {
        self.send = None;
        self.thread.take().is_none_or(|t| t.join().is_ok())
    }
}

impl Drop for Columns {
    fn drop(&mut self) {
        self.end();
    }
}

fn publish(shared: &Shared, seq: Seq, parts: &Receiver<Part>, reached: &AtomicU32) {
    for part in parts {
        let last = match part {
            Part::Fresh(made, refs) => {
                let rows: Vec<Row> = made.into_iter().map(|fresh| row(fresh, &refs)).collect();
                shared.facts.publish(seq, rows, None, None);
                // Customers before them may still be to come: these say nothing of how far the batch is.
                None
            }
            Part::Changed(rows, totals) => {
                let last = rows.last().map(|r| r.id).max(totals.last().map(|(id, _)| *id));
                shared.facts.publish(seq, rows, None, None);
                shared.facts.publish_totals(seq, &totals);
                last
            }
        };
        if let Some(last) = last {
            reached.fetch_max(last, Ordering::AcqRel);
        }
    }
}

fn row((record, mut tags): Fresh, refs: &Refs) -> Row {
    tags.sort_unstable();
    let haystack = search::haystack(&record, &tag_names(refs, &tags));
    let id = CustomerId::try_from(record.id).unwrap_or(0);
    Row { id, record: Some(record), tags, totals: Totals::default(), haystack }
}
