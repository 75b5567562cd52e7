//! A batch on its way into the journal: operations are packed into frames beside the writer, each frame is one short visit
//! to it (so that a colleague's save waits for one frame at most), and the commit record makes the whole count.

use crate::domain::{Kind, Op, Say, Seq, Who};
use crate::exchange::Staged;
use crate::journal::{Appended, BatchCommit, Body, Entry, FRAME_BUDGET, FrameBuilder, MAX_FRAME_OPS, Packed};
use crate::ops::batch::{self, Run};
use crate::ops::desk::Desk;
use crate::ops::pending::Pending;
use crate::ops::request::{Progress, Refusal, RefusalKind};
use crate::ops::writer::{Writer, person};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

/// What the writer gave a batch when it began.
#[derive(Debug, Clone)]
pub struct Begun {
    /// The batch's number.
    pub batch: u64,
    /// The journal's head then; changes after it may stand in the way.
    pub head: Seq,
    /// The first id for new records of the imported kind.
    pub first_record: u64,
    /// The first id for customers made on the way.
    pub first_customer: u64,
    /// The first id for dictionary entries.
    pub first_entry: u64,
    /// The first id for custom fields.
    pub first_field: u64,
    /// The first id for tags.
    pub first_tag: u64,
    /// The first id for placeholders, by kind.
    pub placeholder_ids: HashMap<Kind, u64>,
}

impl Begun {
    /// For a dry run: ids that nothing has.
    pub fn imagined() -> Begun {
        let far = 1 << 40;
        Begun {
            batch: 0,
            head: 0,
            first_record: far,
            first_customer: 1 << 31,
            first_entry: 1 << 20,
            first_field: 1 << 14,
            first_tag: far,
            placeholder_ids: HashMap::new(),
        }
    }
}

/// A batch being written. Dropped without a commit, its frames never count.
pub struct BatchWriter<'a> {
    desk: &'a Desk,
    who: Who,
    begun: Begun,
    frame: FrameBuilder,
    frames: u32,
    pending: Pending,
    touches: Touches,
    on_their_way: VecDeque<Receiver<Result<(), Refusal>>>,
    done: bool,
}

/// How a batch ended.
#[derive(Debug, Clone, Copy)]
pub struct Committed {
    /// The commit's number.
    pub seq: Seq,
    /// Seconds from the start until it was safe.
    pub safe_seconds: f64,
    /// Seconds from the start until it was in view.
    pub view_seconds: f64,
}

/// Frames that may wait for the writer while the next is filled.
const AHEAD: usize = 3;

/// Tags that one import can make.
const TAGS: u64 = 10_000;

impl<'a> BatchWriter<'a> {
    /// Begins an import's batch: ids are given by range.
    pub fn begin(desk: &'a Desk, who: &Who, staged: &Staged) -> Result<BatchWriter<'a>, Refusal> {
        let mut wanted: Vec<(Kind, u64)> = Vec::new();
        for p in &staged.placeholders {
            match wanted.iter_mut().find(|(k, _)| *k == p.kind) {
                Some((_, n)) => *n += 1,
                None => wanted.push((p.kind, 1)),
            }
        }
        let (kind, records, customers) = (staged.kind, u64::from(staged.totals.new_records), u64::from(staged.totals.new_customers));
        let (entries, fields) = (staged.new_entries.len() as u64, staged.wanted_fields.len() as u64);
        let begun = desk.own(move |w| {
            w.begin_batch(|ids, batch, head| Begun {
                batch,
                head,
                placeholder_ids: wanted.iter().map(|(k, n)| (*k, ids.take_range(*k, *n))).collect(),
                first_record: ids.take_range(kind, records),
                first_customer: ids.take_range(Kind::Customer, customers),
                first_entry: ids.take_range(Kind::DictEntry, entries),
                first_field: ids.take_range(Kind::CustomField, fields),
                first_tag: ids.take_range(Kind::Tag, if kind == Kind::Customer { TAGS } else { 0 }),
            })
        })??;
        Ok(BatchWriter::new(desk, who, begun))
    }

    /// Begins a batch that makes nothing new (an undo).
    pub fn begin_plain(desk: &'a Desk, who: &Who) -> Result<BatchWriter<'a>, Refusal> {
        let begun = desk.own(|w| w.begin_batch(|_, batch, head| Begun { batch, head, ..Begun::imagined() }))??;
        Ok(BatchWriter::new(desk, who, begun))
    }

    fn new(desk: &'a Desk, who: &Who, begun: Begun) -> BatchWriter<'a> {
        let (pending, touches, on_their_way) = (Pending::default(), Touches::default(), VecDeque::new());
        BatchWriter { desk, who: who.clone(), begun, frame: FrameBuilder::new(), frames: 0, pending, touches, on_their_way, done: false }
    }

    /// What the writer gave.
    pub fn begun(&self) -> &Begun {
        &self.begun
    }

    /// One more operation.
    pub fn push(&mut self, op: Op) -> Result<(), Refusal> {
        match &op {
            Op::Set { kind, id, .. } => drop(self.touches.changed.insert((kind.code(), *id))),
            Op::Gone(r) => drop(self.touches.going.insert((r.kind.code(), r.id))),
            Op::New(_) | Op::Mark { .. } => {}
        }
        self.pending.take(&op);
        if !self.frame.push(&op) {
            self.flush()?;
            if !self.frame.push(&op) {
                return Err(Refusal::data(Say::new("refused.too-large").with("what", "record")));
            }
        }
        Ok(())
    }

    /// Little room is left in the frame being filled.
    pub fn nearly_full(&self) -> bool {
        self.frame.size() >= FRAME_BUDGET / 10 * 9 || self.frame.len() >= MAX_FRAME_OPS / 10 * 9
    }

    /// Hands the frame to the writer, and goes on filling the next while a few are on their way.
    fn flush(&mut self) -> Result<(), Refusal> {
        if self.frame.is_empty() {
            return Ok(());
        }
        let packed = self.frame.finish(self.begun.batch, self.frames).map_err(Refusal::journal)?;
        self.frames += 1;
        let staff = self.who.staff;
        self.on_their_way.push_back(self.desk.own_later(move |w| w.append_frame(packed, staff))?);
        self.arrived(AHEAD)
    }

    /// Waits until at most so many frames are on their way.
    fn arrived(&mut self, most: usize) -> Result<(), Refusal> {
        while self.on_their_way.len() > most {
            if let Some(answer) = self.on_their_way.pop_front() {
                answer.recv().map_err(|_| Refusal::journal("the writer stopped"))??;
            }
        }
        Ok(())
    }

    /// The acknowledgement: one record, one sync. Nothing is written when there was nothing to write. Returns when all of
    /// it is in view.
    pub fn commit(
        mut self,
        mut commit: BatchCommit,
        began: Instant,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<Option<Committed>, Refusal> {
        self.flush()?;
        self.arrived(0)?;
        if self.frames == 0 {
            return Ok(None);
        }
        commit.batch = self.begun.batch;
        commit.frames = self.frames;
        self.done = true;
        let (kind, frames, who, head) = (commit.kind, self.frames, self.who.clone(), self.begun.head);
        let (pending, touches) = (std::mem::take(&mut self.pending), std::mem::take(&mut self.touches));
        let (steps, seen) = channel();
        std::thread::scope(|scope| {
            let work = scope.spawn(move || {
                self.desk.own(move |w| {
                    w.commit_batch(commit, &who, head, pending, &touches, began, &|n| {
                        let _ = steps.send(n);
                    })
                })?
            });
            let what = Say::new("progress.importing-view").with("kind", Kind::from_code(kind).map_or("", Kind::plural));
            while let Ok(done) = seen.recv() {
                progress(Progress { what: what.clone(), done, of: u64::from(frames) });
            }
            work.join().unwrap_or_else(|_| Err(Refusal::new(RefusalKind::Fault, Say::new("fault.store").with("why", "the writer stopped"))))
        })
        .map(Some)
    }
}

impl Drop for BatchWriter<'_> {
    fn drop(&mut self) {
        if !self.done {
            let _ = self.desk.own(Writer::drop_batch);
        }
    }
}

impl Writer {
    /// One batch at a time: gives it a number and its ids.
    fn begin_batch<T>(&mut self, give: impl FnOnce(&mut crate::ops::scene::Ids, u64, Seq) -> T) -> Result<T, Refusal> {
        if let Some(why) = self.shared.trouble() {
            return Err(Refusal::new(RefusalKind::NotSaved, why));
        }
        if std::mem::replace(&mut self.in_batch, true) {
            return Err(Refusal::new(RefusalKind::Busy, Say::new("refused.import-running")));
        }
        let written = self.journal.written();
        Ok(give(&mut self.ids, written + 1, written))
    }

    fn drop_batch(&mut self) {
        self.in_batch = false;
    }

    fn append_frame(&mut self, packed: Packed, staff: u64) -> Result<(), Refusal> {
        let entry = Entry { wall_ms: self.shared.clock.now().ms, staff, session: self.session, op_id: 0, body: packed.into() };
        match self.journal.append_unsynced(self.journal.written(), &[entry]) {
            Appended::Saved(_) => Ok(()),
            other => Err(self.failed(other)),
        }
    }

    /// An append that did not work, as a refusal; an unknown outcome turns the book read-only.
    pub(in crate::ops) fn failed(&mut self, outcome: Appended) -> Refusal {
        match outcome {
            Appended::Unknown(why) => {
                self.shared.set_trouble(Say::new("refused.read-only").with("why", &why));
                Refusal::new(RefusalKind::Unknown, Say::new("outcome.unknown").with("why", why))
            }
            Appended::NotSaved(why) => Refusal::new(RefusalKind::NotSaved, Say::new("outcome.not-saved").with("why", why)),
            Appended::Stale(seq) | Appended::Saved(seq) => {
                Refusal::new(RefusalKind::NotSaved, Say::new("outcome.not-saved").with("why", format!("seq {seq}")))
            }
        }
    }

    #[allow(clippy::too_many_arguments)] // One call, from one place; a struct would only name them twice.
    fn commit_batch(
        &mut self,
        mut commit: BatchCommit,
        who: &Who,
        since: Seq,
        pending: Pending,
        touches: &Touches,
        began: Instant,
        progress: &dyn Fn(u64),
    ) -> Result<Committed, Refusal> {
        self.in_batch = false;
        commit.skip = self.taken_since(since, touches)?;
        let run = Run { commit: self.journal.written() + 1, batch: commit.batch, frames: commit.frames, skip: commit.skip.clone() };
        let (of, file_hash, kind) = (commit.undo_of.map(|seq| (seq, commit.redo)), commit.file_hash, commit.kind);
        let entry = Entry {
            wall_ms: self.shared.clock.now().ms,
            staff: who.staff,
            session: self.session,
            op_id: 0,
            body: Body::BatchCommit(commit).into(),
        };
        let seq = match self.journal.append(self.journal.written(), &[entry]) {
            Appended::Saved(seq) => seq,
            other => return Err(self.failed(other)),
        };
        let safe_seconds = began.elapsed().as_secs_f64();
        {
            let mut trail = self.trail.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            trail.push(seq, person(who), of, 0);
            trail.imported(kind, file_hash, seq, of);
        }
        self.unhashed = true;
        progress(0);
        self.batch_pending(Some(pending));
        let applied = batch::apply(self, &run, progress);
        self.batch_pending(None);
        if let Err(why) = applied {
            // Safe in the journal; the next start brings it into view.
            self.shared.set_trouble(Say::new("refused.read-only").with("why", why.say.arg("why")));
            return Err(why);
        }
        self.announce(seq);
        let now = self.shared.clock.now().ms;
        self.checkpoints.begin(seq, now, &self.store, &self.shared, &self.options);
        Ok(Committed { seq, safe_seconds, view_seconds: began.elapsed().as_secs_f64() })
    }

    /// Records that a colleague changed or took back since the batch began, and customers that are to go but were worked on:
    /// the batch leaves them alone.
    fn taken_since(&self, since: Seq, touches: &Touches) -> Result<Vec<(u8, u64)>, Refusal> {
        let mut skip = Vec::new();
        let later = self.trail.lock().unwrap_or_else(std::sync::PoisonError::into_inner).since(since);
        for stored in self.journal.read_these(&later).map_err(Refusal::journal)? {
            let ops = match stored.body {
                Body::Change { ops, .. } | Body::Undo { ops, .. } => ops,
                _ => continue,
            };
            for op in &ops {
                let own = match op {
                    Op::Set { kind, id, .. } => Some((kind.code(), *id)),
                    Op::Gone(r) => Some((r.kind.code(), r.id)),
                    Op::New(_) | Op::Mark { .. } => None,
                };
                skip.extend(own.filter(|key| touches.changed.contains(key) || touches.going.contains(key)));
                if !touches.going.is_empty() {
                    let customers =
                        crate::ops::change::touched(std::slice::from_ref(op)).into_iter().map(|c| (Kind::Customer.code(), u64::from(c)));
                    skip.extend(customers.filter(|key| touches.going.contains(key)));
                }
            }
        }
        skip.sort_unstable();
        skip.dedup();
        Ok(skip)
    }
}

/// The records that a batch changes and those that it takes away.
#[derive(Default)]
struct Touches {
    changed: HashSet<(u8, u64)>,
    going: HashSet<(u8, u64)>,
}
