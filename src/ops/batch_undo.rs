//! Taking a whole import back, or doing it again: created records go unless something hangs on them by now, changed fields
//! go back where the import is still the last writer. What stays is counted.

use super::desk::Desk;
use super::import::BatchWriter;
use super::request::{Refusal, Saved};
use crate::domain::{CustomerId, Kind, Op, Record, RowSet, Say, Seq, Value, Who, op::home_after};
use crate::journal::{BatchCommit, BatchRows, Body, Reader};
use crate::store::Store;
use std::collections::{BTreeMap, HashSet};
use std::time::Instant;

/// Takes back (or does again) the batch of that number; `None` when the number is no batch.
pub fn try_batch(desk: &Desk, who: &Who, target: Seq, redo: bool) -> Result<Option<Saved>, Refusal> {
    let Some((commit, reader)) = find(desk, target)? else { return Ok(None) };
    let store = desk.shared().store()?;
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
    let (taken, kept) = (back.taken, back.kept);
    let references = std::mem::take(&mut back.references);
    if kept == 0 {
        for op in references.iter().rev().filter(|op| unused(desk, op, target)) {
            batch.push(op.inverse())?;
        }
    }
    let rows = BatchRows { read: taken + kept, updated: taken, unchanged: kept, ..BatchRows::default() };
    let record = BatchCommit {
        verb: "undo".into(),
        os_user: who.os_user.clone(),
        kind: commit.kind,
        file: commit.file.clone(),
        file_hash: commit.file_hash,
        rows,
        undo_of: Some(target),
        redo,
        ..BatchCommit::default()
    };
    let done = batch.commit(record, Instant::now(), &|_| {})?;
    let say = Say::new(if redo { "done.redone-import" } else { "done.undone-import" })
        .with("file", commit.file)
        .with("taken", taken)
        .with("kept", kept);
    let seq = done.map_or(target, |d| d.seq);
    Ok(Some(Saved { seq, what: say, made: None, customer: None }))
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
        let customer = op.customer();
        if customer != self.customer {
            self.flush()?;
            self.customer = customer;
        }
        self.held.push(op);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Refusal> {
        let mut gone_rows = 0;
        for op in std::mem::take(&mut self.held).iter().rev() {
            if self.stands(op, gone_rows)? {
                if matches!(op, Op::New(r) if r.kind.is_row()) {
                    gone_rows += 1;
                }
                self.batch.push(op.inverse())?;
                self.taken += 1;
            } else {
                self.kept += 1;
            }
        }
        Ok(())
    }

    /// Is this operation still the last word on what it touched? `gone_rows` of the customer go with this batch.
    fn stands(&self, op: &Op, gone_rows: usize) -> Result<bool, Refusal> {
        Ok(match op {
            Op::New(r) => {
                self.now(r.kind, r.id, r.home())?.as_ref() == Some(r) && (r.kind != Kind::Customer || self.alone(r, gone_rows)?)
            }
            Op::Gone(r) => self.now(r.kind, r.id, r.home())?.is_none(),
            Op::Set { kind, id, home, field, after, .. } => {
                let home = home_after(*kind, *home, *field, after.as_ref());
                self.now(*kind, *id, home)?.is_some_and(|r| r.get(*field) == after.as_ref())
            }
            Op::Mark { .. } => true,
        })
    }

    fn now(&self, kind: Kind, id: u64, home: crate::domain::Home) -> Result<Option<Record>, Refusal> {
        match kind {
            Kind::Customer => self.store.customer(CustomerId::try_from(id).unwrap_or(0)),
            k if k.is_row() => self.store.row(k, id, home),
            k => self.store.reference(k, id),
        }
        .map_err(Refusal::store)
    }

    fn alone(&self, r: &Record, gone_rows: usize) -> Result<bool, Refusal> {
        let id = CustomerId::try_from(r.id).unwrap_or(0);
        let rows = self.store.rows(id).map_err(Refusal::store)?.len();
        let tags = self.store.tags(id).map_err(Refusal::store)?;
        Ok(rows <= gone_rows && tags.iter().all(|t| self.tags.get(&(*t, true)).is_some_and(|rows| rows.contains(id))))
    }
}

/// A record made on the way goes only when nothing written since names it.
fn unused(desk: &Desk, op: &Op, since: Seq) -> bool {
    let (Op::New(r) | Op::Gone(r)) = op else { return true };
    if matches!(op, Op::Gone(_)) {
        return true;
    }
    let (kind, id) = (r.kind, r.id);
    desk.own(move |w| {
        let named = |op: &Op| match op {
            Op::New(r) => r.fields.iter().any(|(_, v)| names(v, id)),
            Op::Set { after: Some(v), .. } => names(v, id),
            Op::Mark { tag, .. } => kind == Kind::Tag && *tag == id,
            _ => false,
        };
        !w.journal.heads(since + 1).flatten().filter(crate::journal::RecordHead::is_change).any(|head| {
            match w.journal.read_one(head.seq).map(|s| s.body) {
                Ok(Body::Change { ops, .. } | Body::Undo { ops, .. }) => ops.iter().any(named),
                _ => false,
            }
        })
    })
    .unwrap_or(false)
}

/// Does a value name the record of that id? (Of whatever kind: keeping one too many does no harm.)
fn names(v: &Value, id: u64) -> bool {
    v.refs().contains(&id)
        || v.codes().iter().any(|c| u64::from(*c) == id + u64::from(crate::domain::dict::OWN))
        || v.lines().iter().any(|l| l.product == id)
}
