//! Carries effects out. Each lane has a thread of its own, so that a slow profile never holds up a search; in every lane
//! but the writing one a newer question cancels and replaces the older.

use crate::domain::{Say, Who};
use crate::ops::Desk;
use crate::ops::request::{Refusal, RefusalKind, Reply, Request};
use crate::tui::{Lane, Message, Ticket};
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// One person's questions on their way to the Desk.
pub struct Driver {
    desk: Arc<Desk>,
    who: Who,
    out: Sender<Message>,
    lanes: BTreeMap<Lane, Arc<Slot>>,
}

/// What a lane's thread is waiting for.
#[derive(Default)]
struct Slot {
    queue: Mutex<Queue>,
    bell: Condvar,
    /// Questions up to this generation are no longer wanted.
    cancelled: AtomicU64,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<(Ticket, Request)>,
    closed: bool,
}

impl Driver {
    /// A driver for one person; answers go to `out`.
    pub fn new(desk: Arc<Desk>, who: Who, out: Sender<Message>) -> Driver {
        Driver { desk, who, out, lanes: BTreeMap::new() }
    }

    /// Puts a question on its way.
    pub fn ask(&mut self, ticket: Ticket, request: Request) {
        let slot = self.slot(ticket.lane);
        let mut queue = slot.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if ticket.lane != Lane::Write {
            slot.cancelled.store(ticket.generation.saturating_sub(1), Ordering::Relaxed);
            queue.waiting.clear();
        }
        queue.waiting.push_back((ticket, request));
        slot.bell.notify_one();
    }

    /// Nobody wants the lane's answer any more.
    pub fn cancel(&self, lane: Lane) {
        if let Some(slot) = self.lanes.get(&lane).filter(|_| lane != Lane::Write) {
            slot.cancelled.store(u64::MAX, Ordering::Relaxed);
            slot.queue.lock().unwrap_or_else(PoisonError::into_inner).waiting.clear();
        }
    }

    fn slot(&mut self, lane: Lane) -> Arc<Slot> {
        let (desk, who, out) = (&self.desk, &self.who, &self.out);
        let slot = self.lanes.entry(lane).or_insert_with(|| {
            let slot = Arc::new(Slot::default());
            let (theirs, desk, who, out) = (Arc::clone(&slot), Arc::clone(desk), who.clone(), out.clone());
            std::thread::spawn(move || serve(&theirs, &desk, &who, &out));
            slot
        });
        Arc::clone(slot)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        for slot in self.lanes.values() {
            slot.queue.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
            slot.bell.notify_all();
        }
    }
}

fn serve(slot: &Slot, desk: &Desk, who: &Who, out: &Sender<Message>) {
    while let Some((ticket, request)) = next(slot) {
        let cancelled = || slot.cancelled.load(Ordering::Relaxed) >= ticket.generation;
        // A panic in one question is that question's answer; the lane goes on.
        let asked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| answer(desk, who, ticket, request, &cancelled)));
        let message = asked.unwrap_or_else(|_| {
            failed(ticket, Refusal::new(RefusalKind::Fault, Say::new("fault.store").with("why", "it stopped in the middle")))
        });
        if !cancelled() && out.send(message).is_err() {
            return;
        }
    }
}

fn next(slot: &Slot) -> Option<(Ticket, Request)> {
    let mut queue = slot.queue.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        if let Some(next) = queue.waiting.pop_front() {
            return Some(next);
        }
        if queue.closed {
            return None;
        }
        queue = slot.bell.wait(queue).unwrap_or_else(PoisonError::into_inner);
    }
}

/// Asks the Desk and makes the message of its answer.
pub fn answer(desk: &Desk, who: &Who, ticket: Ticket, request: Request, cancelled: &(dyn Fn() -> bool + Sync)) -> Message {
    match desk.ask(who, request, cancelled) {
        Ok(Reply::Book(info)) => Message::Opened(info),
        Ok(reply) => Message::Answer { ticket, reply },
        Err(why) => failed(ticket, why),
    }
}

fn failed(ticket: Ticket, why: Refusal) -> Message {
    Message::Failed { ticket, why }
}
