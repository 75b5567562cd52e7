//! Taking a whole import back, or doing it again: created records go unless something hangs on them by now, changed fields
//! go back where the import is still the last writer. What stays is counted.

use super::desk::Desk;
use super::import::BatchWriter;
use super::request::{Refusal, Saved};
use super::undo::withdrawal;
use crate::domain::{CustomerId, Home, Kind, Op, Record, Right, RowSet, Say, Seq, Value, Who, op::home_after};
use crate::journal::{BatchCommit, BatchRows, Body, Reader};
use crate::store::Store;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Instant;

/// Takes back (or does again) the batch of that number; `None` when the number is no batch.
pub fn try_batch(desk: &Desk, who: &Who, target: Seq, redo: bool) -> Result<Option<Saved>, Refusal> {
    let Some((commit, reader)) = find(desk, target)? else { return Ok(None) };
    let store = desk.shared().store()?;
    if !who.role.may(Right::Bulk) {
        return Err(Refusal::impossible(Say::new("refused.right").with("role", format!("{:?}", who.role)).with("what", "import")));
    }
    let mut batch = BatchWriter::begin_plain(desk, who)?;
    let tags = marks(desk, &commit)?;
    let mut back = Back {
        store: &store,
        batch: &mut batch,
        skip: commit.skip.iter().copied().collect(),
        tags: &tags,
        customer: None,
        held: Vec::new(),
        references: Vec::new(),
        left: HashMap::new(),
        hung: Vec::new(),
        taken: 0,
        kept: 0,
    };
    back.marks()?;
    for ops in frames(reader, &commit) {
        for op in ops? {
            back.take(op)?;
        }
    }
    back.flush()?;
    back.deferred()?;
    let (mut taken, mut kept) = (back.taken, back.kept);
    let references = std::mem::take(&mut back.references);
    let used = match kept {
        0 if !references.is_empty() => Some(used_since(desk.own(move |w| w.journal.read(target + 1))?, &references)?),
        _ => None,
    };
    for op in references.iter().rev() {
        let goes = used.as_ref().is_some_and(|used| matches!(op, Op::Gone(_)) || record_of(op).is_none_or(|(_, id)| !used.contains(&id)));
        if goes {
            batch.push(op.inverse())?;
        }
        // Small records are counted where they are what was imported, not what it made on its way.
        if record_of(op).is_some_and(|(kind, _)| kind.code() == commit.kind) {
            *(if goes { &mut taken } else { &mut kept }) += 1;
        }
    }
    if taken == 0 && kept > 0 {
        // Nothing of it can be taken back: no step is made, so that the one before it can still be undone by its number.
        return Err(Refusal::impossible(Say::new("refused.undo-all-kept").with("file", commit.file).with("kept", kept)));
    }
    let record = undo_record(&commit, who, target, redo, (taken, kept));
    let done = batch.commit(record, Instant::now(), &|_| {})?;
    let say = Say::new(if redo { "done.redone-import" } else { "done.undone-import" })
        .with("file", commit.file)
        .with("taken", taken)
        .with("kept", kept);
    let seq = done.map_or(target, |d| d.seq);
    Ok(Some(Saved { seq, what: say, made: None, customer: None }))
}

/// The commit record of an undo: what it is of, and how many changes it took back and left.
fn undo_record(of: &BatchCommit, who: &Who, target: Seq, redo: bool, (taken, kept): (u64, u64)) -> BatchCommit {
    BatchCommit {
        verb: "undo".into(),
        os_user: who.os_user.clone(),
        kind: of.kind,
        file: of.file.clone(),
        file_hash: of.file_hash,
        rows: BatchRows { read: taken + kept, updated: taken, unchanged: kept, ..BatchRows::default() },
        undo_of: Some(target),
        redo,
        ..BatchCommit::default()
    }
}

fn find(desk: &Desk, target: Seq) -> Result<Option<(BatchCommit, Reader)>, Refusal> {
    desk.own(move |w| match w.journal.read_one(target).map_err(Refusal::journal)?.body {
        Body::BatchCommit(commit) => {
            let reader = w.journal.read(commit.batch);
            Ok(Some((commit, reader)))
        }
        _ => Ok(None),
    })?
}

/// The operations of a batch, frame by frame.
fn frames(reader: Reader, commit: &BatchCommit) -> impl Iterator<Item = Result<Vec<Op>, Refusal>> {
    let batch = commit.batch;
    let ours = reader.filter_map(move |stored| match stored {
        Ok(s) => match s.body {
            Body::BatchFrame { batch: b, ops, .. } if b == batch => Some(Ok(ops)),
            _ => None,
        },
        Err(why) => Some(Err(Refusal::journal(why))),
    });
    ours.take(commit.frames as usize)
}

type Marks = BTreeMap<(u64, bool), RowSet>;

/// All marks of a batch, gathered first: a customer that carries only this batch's tags may still go.
fn marks(desk: &Desk, commit: &BatchCommit) -> Result<Marks, Refusal> {
    let batch = commit.batch;
    let reader = desk.own(move |w| w.journal.read(batch))?;
    let mut all = Marks::new();
    for ops in frames(reader, commit) {
        for op in ops? {
            if let Op::Mark { tag, on, rows } = op {
                let held = all.entry((tag, on)).or_default();
                *held = RowSet::from_bitmap(held.bitmap() | rows.bitmap());
            }
        }
    }
    Ok(all)
}

struct Back<'a, 'b> {
    store: &'a Store,
    batch: &'a mut BatchWriter<'b>,
    skip: HashSet<(u8, u64)>,
    tags: &'a Marks,
    customer: Option<CustomerId>,
    held: Vec<Op>,
    references: Vec<Op>,
    /// Rows that go back to another customer, by the one they leave.
    left: HashMap<CustomerId, usize>,
    /// Customers made by the batch on whom something hung when they were looked at, with how many rows go with it: looked at
    /// again at the end, when it is known what leaves them.
    hung: Vec<(Record, usize)>,
    taken: u64,
    kept: u64,
}

impl Back<'_, '_> {
    fn marks(&mut self) -> Result<(), Refusal> {
        for ((tag, on), rows) in self.tags {
            let carried = self.store.tagged(*tag).map_err(Refusal::store)?;
            let rows: RowSet = rows.iter().filter(|c| carried.contains(*c) == *on).collect();
            if !rows.is_empty() {
                self.batch.push(Op::Mark { tag: *tag, on: !on, rows })?;
            }
        }
        Ok(())
    }

    /// One customer's operations are taken back together, last first.
    fn take(&mut self, op: Op) -> Result<(), Refusal> {
        match &op {
            Op::Mark { .. } => return Ok(()),
            Op::New(r) | Op::Gone(r) if r.kind.is_reference() => {
                self.references.push(op);
                return Ok(());
            }
            Op::Set { kind, id, .. } if self.skip.contains(&(kind.code(), *id)) => return Ok(()),
            _ => {}
        }
        // A row that moves is one record under two customers: its operations stay together.
        let customer = op.customer();
        if customer != self.customer && self.held.last().and_then(record_of) != record_of(&op) {
            self.flush()?;
        }
        self.customer = customer;
        self.held.push(op);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Refusal> {
        let mut gone_rows = 0;
        let held = std::mem::take(&mut self.held);
        let homes = homes_after(&held);
        for op in held.iter().rev() {
            match op {
                op if !self.stands(op, &homes)? => self.kept += 1,
                Op::Set { field, before, after, .. } if withdrawal(*field, before.as_ref(), after.as_ref()) => self.kept += 1,
                Op::New(r) if r.kind == Kind::Customer && !self.alone(r, gone_rows)? => self.hung.push((r.clone(), gone_rows)),
                op => {
                    match op {
                        Op::New(r) if r.kind.is_row() => gone_rows += 1,
                        Op::Set { home, kind, field, after, .. } => self.leaves(*home, home_after(*kind, *home, *field, after.as_ref())),
                        _ => {}
                    }
                    self.batch.push(op.inverse())?;
                    self.taken += 1;
                }
            }
        }
        Ok(())
    }

    fn leaves(&mut self, before: Home, after: Home) {
        if before.customer != after.customer {
            *self.left.entry(after.customer).or_default() += 1;
        }
    }

    fn deferred(&mut self) -> Result<(), Refusal> {
        for (record, gone_rows) in std::mem::take(&mut self.hung) {
            let left = CustomerId::try_from(record.id).ok().and_then(|id| self.left.get(&id)).copied().unwrap_or(0);
            if self.alone(&record, gone_rows + left)? {
                self.batch.push(Op::Gone(record))?;
                self.taken += 1;
            } else {
                self.kept += 1;
            }
        }
        Ok(())
    }

    /// Is this operation still the last word on what it touched?
    fn stands(&self, op: &Op, homes: &Homes) -> Result<bool, Refusal> {
        Ok(match op {
            Op::New(r) => self.now(r.kind, r.id, r.home())?.as_ref() == Some(r),
            Op::Gone(r) => self.now(r.kind, r.id, r.home())?.is_none(),
            Op::Set { kind, id, home, field, after, .. } => {
                let home = homes.get(&(*kind, *id)).copied().unwrap_or(*home);
                self.now(*kind, *id, home)?.is_some_and(|r| r.get(*field) == after.as_ref())
            }
            Op::Mark { .. } => true,
        })
    }

    fn now(&self, kind: Kind, id: u64, home: Home) -> Result<Option<Record>, Refusal> {
        match kind {
            Kind::Customer => self.store.customer(CustomerId::try_from(id).unwrap_or(0)),
            k if k.is_row() => self.store.row(k, id, home),
            k => self.store.reference(k, id),
        }
        .map_err(Refusal::store)
    }

    /// Does nothing hang on the customer but what goes with this batch (so many rows, and its marks)?
    fn alone(&self, r: &Record, gone_rows: usize) -> Result<bool, Refusal> {
        let id = CustomerId::try_from(r.id).unwrap_or(0);
        let rows = self.store.rows(id).map_err(Refusal::store)?.len();
        let tags = self.store.tags(id).map_err(Refusal::store)?;
        Ok(rows <= gone_rows && tags.iter().all(|t| self.tags.get(&(*t, true)).is_some_and(|rows| rows.contains(id))))
    }
}

type Homes = HashMap<(Kind, u64), Home>;

/// Where the records live once all the operations are done.
fn homes_after(ops: &[Op]) -> Homes {
    let mut homes = Homes::new();
    for op in ops {
        if let Op::Set { kind, id, home, field, after, .. } = op {
            homes.insert((*kind, *id), home_after(*kind, *home, *field, after.as_ref()));
        }
    }
    homes
}

fn record_of(op: &Op) -> Option<(Kind, u64)> {
    match op {
        Op::New(r) | Op::Gone(r) => Some((r.kind, r.id)),
        Op::Set { kind, id, .. } => Some((*kind, *id)),
        Op::Mark { .. } => None,
    }
}

/// Ids of records made on the way that something written since names, by a person or by an import: they stay. (Of whatever
/// kind: keeping one too many does no harm.)
fn used_since(later: Reader, references: &[Op]) -> Result<HashSet<u64>, Refusal> {
    let made: HashSet<u64> = references.iter().filter_map(record_of).map(|(_, id)| id).collect();
    let mut used = HashSet::new();
    for stored in later {
        let (Body::Change { ops, .. } | Body::Undo { ops, .. } | Body::BatchFrame { ops, .. }) = stored.map_err(Refusal::journal)?.body
        else {
            continue;
        };
        let mut hear = |id| {
            if made.contains(&id) {
                used.insert(id);
            }
        };
        for op in &ops {
            match op {
                Op::New(r) => r.fields.iter().for_each(|(_, v)| named(v, &mut hear)),
                Op::Set { after: Some(v), .. } => named(v, &mut hear),
                Op::Mark { tag, .. } => hear(*tag),
                _ => {}
            }
        }
    }
    Ok(used)
}

/// The ids a value may name.
fn named(v: &Value, hear: &mut dyn FnMut(u64)) {
    v.refs().iter().copied().for_each(&mut *hear);
    v.codes().iter().filter_map(|c| c.checked_sub(crate::domain::dict::OWN)).map(u64::from).for_each(&mut *hear);
    v.lines().iter().map(|l| l.product).for_each(hear);
}
