//! The one writer: the only caller of the journal's `append` and the store's `apply`. A thread of its own takes changes
//! in order: check against what stands -> append -> one sync -> one store transaction -> publish -> acknowledge -> notify.
//! What queued during a sync goes with the next one; the writer never waits on purpose.

use super::baseline;
use super::bodies::JournalBodies;
use super::change::{self, Change};
use super::checkpoint::Checkpoints;
use super::open::Options;
use super::pending::Pending;
use super::publish;
use super::request::{Edit, News, Refusal, RefusalKind, Saved};
use super::scene::{Ids, Scene};
use super::shared::Shared;
use super::trail::Trail;
use super::undo::Back;
use super::wording;
use crate::domain::{ChangeSet, CustomerId, Moment, Op, Say, Seq, Who};
use crate::journal::{Appended, Body, Entry, Journal, Lock};
use crate::store::Store;
use std::collections::{HashSet, VecDeque};
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};

/// At most this many changes share one sync.
const GROUP: usize = 256;
/// Long work tries what it has put off again after so many of its steps: each try makes it pause.
const AGAIN: u32 = 16;
/// After this many records the running hash is written to the journal.
const HASH_EVERY: u64 = 1000;

/// Makes a change at commit time; may be asked again when the first attempt met a change of the same record.
pub type Make = Box<dyn FnMut(&mut Scene<'_>, &Trail, &dyn Bodies) -> Result<(Change, Option<Back>), Refusal> + Send>;

/// What the writer is asked.
pub enum Job {
    /// One change.
    Change {
        /// Who asks.
        who: Who,
        /// Sending the same id twice saves once; 0 = none given.
        op_id: u128,
        /// How it is made.
        make: Make,
        /// Where the answer goes.
        done: SyncSender<Result<Saved, Refusal>>,
    },
    /// Work that needs the writer for itself: an import's frames, a checkpoint, a baseline.
    Own(Box<dyn FnOnce(&mut Writer) + Send>),
    /// Finish.
    Stop,
}

/// Reading back what a change did.
pub trait Bodies {
    /// The operations and the command of a journal record.
    fn ops(&self, seq: Seq) -> Result<(String, Vec<Op>), Refusal>;
    /// The change that an undo took back; `None` when the record is no undo.
    fn undone(&self, seq: Seq) -> Result<Option<Seq>, Refusal>;
    /// Did anybody else change this field since?
    fn since(&self, edit: &Edit) -> Result<Option<String>, Refusal>;
}

/// The writer's state.
pub struct Writer {
    pub(super) shared: Arc<Shared>,
    pub(super) journal: Journal,
    pub(super) store: Store,
    pub(super) ids: Ids,
    pub(super) trail: Arc<Mutex<Trail>>,
    pub(super) session: u64,
    pub(super) lock: Lock,
    pub(super) options: Options,
    pub(super) hashed_at: Seq,
    waiting: VecDeque<Job>,
    /// Jobs that must wait for the long work under way.
    parked: VecDeque<Job>,
    /// How often the long work has asked since parked jobs were tried.
    asked: u32,
    jobs: Receiver<Job>,
    /// What a committed batch has still to do.
    pending: Option<Pending>,
    /// An import is writing its frames.
    pub(super) in_batch: bool,
    /// Checkpoints beside the work.
    pub(super) checkpoints: Checkpoints,
    /// The next baseline is due when the journal has this size, in bytes.
    pub(super) baseline_due: u64,
    /// Something was committed since the running hash was last written down.
    pub(super) unhashed: bool,
    /// Operations of which nobody can tell whether they are saved.
    unknown: HashSet<u128>,
}

struct Ready {
    who: Who,
    op_id: u128,
    change: Change,
    back: Option<Back>,
    done: SyncSender<Result<Saved, Refusal>>,
}

impl Writer {
    /// A writer over an open journal and store.
    pub fn new(shared: Arc<Shared>, journal: Journal, store: Store, lock: Lock, mut options: Options, jobs: Receiver<Job>) -> Writer {
        let ids = Ids::from_store(&store);
        let session = options.entropy.id() as u64;
        let hashed_at = journal.head();
        let trail = Arc::default();
        let checkpoints = Checkpoints::from(journal.head(), shared.clock.now().ms);
        // The next full step above what there is.
        let size: u64 = journal.files().map_or(0, |files| files.iter().map(|(_, len)| len).sum());
        let baseline_due = (size / baseline::EVERY + 1) * baseline::EVERY;
        Writer {
            shared,
            journal,
            store,
            ids,
            trail,
            session,
            lock,
            options,
            hashed_at,
            waiting: VecDeque::new(),
            jobs,
            parked: VecDeque::new(),
            asked: 0,
            pending: None,
            in_batch: false,
            checkpoints,
            baseline_due,
            unhashed: false,
            unknown: HashSet::new(),
        }
    }

    /// Takes jobs until told to stop or until every Desk is gone.
    pub fn run(mut self) {
        loop {
            self.unpark();
            let job = match self.waiting.pop_front() {
                Some(job) => job,
                None => match self.jobs.recv() {
                    Ok(job) => job,
                    Err(_) => break,
                },
            };
            match job {
                Job::Stop => break,
                Job::Own(work) => work(&mut self),
                change @ Job::Change { .. } => self.group(change),
            }
        }
        self.close();
    }

    /// Does anybody wait? (Long work pauses its own writing only then.) What it has put off is tried again now and then.
    pub fn is_wanted(&mut self) -> bool {
        self.waiting.extend(self.jobs.try_recv());
        self.asked += 1;
        if self.asked >= AGAIN && self.parked.iter().any(|job| matches!(job, Job::Change { .. })) {
            self.unpark();
        }
        !self.waiting.is_empty()
    }

    /// What was put off comes before what came later.
    fn unpark(&mut self) {
        self.asked = 0;
        self.parked.append(&mut self.waiting);
        std::mem::swap(&mut self.parked, &mut self.waiting);
    }

    /// Serves the changes that are queued, without waiting; long work calls this between its own steps. Other long work and
    /// changes that must wait for this one keep their turn.
    pub fn serve_waiting(&mut self) {
        loop {
            let job = match self.waiting.pop_front() {
                Some(job) => job,
                None => match self.jobs.try_recv() {
                    Ok(job) => job,
                    Err(_) => break,
                },
            };
            match job {
                Job::Own(_) | Job::Stop => self.parked.push_back(job),
                change @ Job::Change { .. } => {
                    let before = self.waiting.len();
                    self.group(change);
                    // What the group put back waits as well, rather than being tried at once again.
                    while self.waiting.len() > before {
                        self.parked.extend(self.waiting.pop_front());
                    }
                }
            }
        }
    }

    /// A committed batch has all this still to do; `None` = it is done.
    pub fn batch_pending(&mut self, pending: Option<Pending>) {
        self.pending = pending;
    }

    /// The batch has been applied up to and including this customer.
    pub fn batch_reached(&mut self, customer: CustomerId) {
        if let Some(pending) = &mut self.pending {
            pending.reached(customer);
        }
    }

    /// Gathers what is queued, without waiting, and commits it together.
    fn group(&mut self, first: Job) {
        let mut group = Vec::new();
        let mut touched = HashSet::new();
        let mut next = Some(first);
        while let Some(job) = next.take() {
            match job {
                Job::Change { who, op_id, mut make, done } => match self.prepare(&who, op_id, &mut make) {
                    Err(answer) => {
                        let _ = done.send(*answer);
                    }
                    Ok((change, back)) => {
                        let keys = change::keys(&change.ops);
                        let alone = back.is_some() || group.iter().any(|r: &Ready| r.back.is_some() || (op_id != 0 && r.op_id == op_id));
                        let waits = self.pending.as_ref().is_some_and(|p| p.meets(&change.ops));
                        if (alone && !group.is_empty()) || waits || keys.iter().any(|k| touched.contains(k)) {
                            // It looked at what this group changes (an undo looks at the whole trail): it is made again after the group.
                            self.waiting.push_front(Job::Change { who, op_id, make, done });
                            break;
                        }
                        touched.extend(keys);
                        group.push(Ready { who, op_id, change, back, done });
                    }
                },
                other => {
                    self.waiting.push_back(other);
                    break;
                }
            }
            if group.len() < GROUP {
                next = match self.waiting.pop_front() {
                    Some(job) => Some(job),
                    None => self.jobs.try_recv().ok(),
                };
            }
        }
        self.commit(group);
    }

    /// Makes a change against what stands now. An error is the whole answer (also "saved already").
    #[allow(clippy::type_complexity)]
    fn prepare(&mut self, who: &Who, op_id: u128, make: &mut Make) -> Result<(Change, Option<Back>), Box<Result<Saved, Refusal>>> {
        let trail = self.trail.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(seq) = (op_id != 0).then(|| trail.saved_as(op_id)).flatten() {
            return Err(Box::new(Ok(Saved { seq, what: Say::new("done.saved-already"), made: None, customer: None })));
        }
        if self.unknown.contains(&op_id) {
            // Nobody can tell before the book is opened again: it is not "not saved".
            return Err(Box::new(Err(Refusal::new(RefusalKind::Unknown, Say::new("outcome.unknown").with("why", "")))));
        }
        if let Some(why) = self.shared.trouble() {
            return Err(Box::new(Err(Refusal::new(RefusalKind::NotSaved, why))));
        }
        let bodies = JournalBodies { journal: &self.journal };
        let since = |e: &Edit| bodies.since(e);
        let mut scene = Scene {
            store: &self.store,
            version: self.shared.version(),
            zone: self.shared.book.zone,
            now: self.shared.clock.now(),
            who,
            ids: &mut self.ids,
            since: &since,
        };
        let made = make(&mut scene, &trail, &bodies).map_err(|r| Box::new(Err(r)))?;
        if made.0.ops.is_empty() {
            let what = Say::new("done.nothing");
            return Err(Box::new(Ok(Saved { seq: self.journal.head(), what, made: None, customer: None })));
        }
        Ok(made)
    }

    fn commit(&mut self, group: Vec<Ready>) {
        if group.is_empty() {
            return;
        }
        let now = self.shared.clock.now();
        let entries: Vec<Entry> = group.iter().map(|r| self.entry(r, now)).collect();
        let head = self.journal.written();
        match self.journal.append(head, &entries) {
            Appended::Saved(_) => self.acknowledge(head, group),
            Appended::Stale(seq) => {
                self.fail(group, RefusalKind::NotSaved, &Say::new("outcome.not-saved").with("why", format!("seq {seq}")))
            }
            Appended::NotSaved(why) => self.fail(group, RefusalKind::NotSaved, &Say::new("outcome.not-saved").with("why", why)),
            Appended::Unknown(why) => {
                self.shared.set_trouble(Say::new("refused.read-only").with("why", &why));
                self.unknown.extend(group.iter().map(|r| r.op_id).filter(|id| *id != 0));
                self.fail(group, RefusalKind::Unknown, &Say::new("outcome.unknown").with("why", why));
            }
        }
    }

    fn fail(&self, group: Vec<Ready>, kind: RefusalKind, say: &Say) {
        for ready in group {
            let _ = ready.done.send(Err(Refusal::new(kind, say.clone())));
        }
    }

    fn entry(&self, ready: &Ready, now: Moment) -> Entry {
        let ops = ready.change.ops.clone();
        let os_user = ready.who.os_user.clone();
        let body = match ready.back {
            Some(back) => Body::Undo { of: back.of, redo: back.redo, os_user, ops },
            None => Body::Change { verb: ready.change.verb.to_string(), os_user, ops },
        };
        Entry { wall_ms: now.ms, staff: ready.who.staff, session: self.session, op_id: ready.op_id, body: body.into() }
    }

    /// Safe on disk by now: apply, publish, answer, tell. A store that fails here loses nothing: it is rebuilt at the next open.
    fn acknowledge(&mut self, head: Seq, group: Vec<Ready>) {
        for (seq, ready) in (head + 1..).zip(group) {
            // Once the store has missed a record it takes no later one: the next start goes on where it stopped.
            if self.shared.trouble().is_none() {
                let applied = self.store.apply(seq, &ready.change.ops);
                if let Err(why) = applied.and_then(|()| publish::publish(&self.shared, &self.store, seq, &ready.change.ops)) {
                    self.shared.set_trouble(Say::new("refused.read-only").with("why", why));
                }
            }
            let version = self.shared.version();
            let verb = ready.change.verb;
            let what = match (ready.back, &ready.change.what) {
                (Some(back), Some(what)) => wording::back(back.redo, what),
                _ => wording::what(verb, &ready.change.ops, &version),
            };
            self.unhashed = true;
            let person = person(&ready.who);
            let of = ready.back.map(|b| (b.of, b.redo));
            self.trail.lock().unwrap_or_else(PoisonError::into_inner).push(seq, person, of, ready.op_id);
            let customer = ready.change.ops.iter().find_map(Op::customer);
            let saved = Saved { seq, what, made: ready.change.made, customer };
            let _ = ready.done.send(Ok(saved));
            self.shared.tell(&News::Changed(Arc::new(ChangeSet { seq, ops: ready.change.ops })));
        }
        self.after_commit();
    }

    /// Tells every session that much changed at once: whatever they show, they ask for again.
    pub(super) fn announce(&self, seq: Seq) {
        self.shared.tell(&News::Changed(Arc::new(ChangeSet { seq, ops: Vec::new() })));
    }

    /// Off the acknowledgement: the next file is prepared, and now and then the running hash is written down.
    fn after_commit(&mut self) {
        // A disk too full for the next file is no reason to stop: the commit that needs it says so, and nothing is lost.
        let _ = self.journal.prepare_next();
        if self.journal.written() >= self.hashed_at + HASH_EVERY {
            self.write_hash();
        }
        let (head, now) = (self.journal.head(), self.shared.clock.now().ms);
        self.checkpoints.when_due(head, now, &self.store, &self.shared, &self.options);
    }

    /// The running hash of all records, into the journal; not synced on its own.
    pub(super) fn write_hash(&mut self) {
        let at = self.store.applied();
        // While a batch is half applied the sum is of no state that the journal folds to.
        if !self.unhashed || self.pending.is_some() || self.shared.trouble().is_some() || at != self.journal.written() {
            return;
        }
        let (hash, records) = self.store.state_hash();
        let body = Body::StateHash { at, hash, records };
        let entry = Entry { wall_ms: self.shared.clock.now().ms, staff: 0, session: self.session, op_id: 0, body: body.into() };
        self.hashed_at = at;
        self.unhashed = false;
        let outcome = self.journal.append_unsynced(at, &[entry]);
        if !matches!(outcome, Appended::Saved(_)) {
            self.failed(outcome);
        }
    }

    fn close(mut self) {
        self.write_hash();
        // Neither is needed for what was acknowledged; both save time at the next start.
        if self.shared.trouble().is_none() {
            let _ = baseline::when_due(&mut self);
        }
        super::upkeep::checkpoint(&mut self);
        drop(self.lock);
    }
}

/// The person a change is undone by: the staff member, else the operating-system user.
pub fn person(who: &Who) -> String {
    if who.staff != 0 { format!("staff:{}", who.staff) } else { format!("user:{}", who.os_user) }
}
