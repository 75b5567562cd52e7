//! Applying a committed batch (an import, or its undo): frames once in order, each customer's pages merged once, numbers in
//! hash order, columns per block. A crash anywhere starts it again from the first frame; everything here converges.
//!
//! Colleagues go on meanwhile: between two frames the writer serves what is queued, except changes that meet a part of the
//! batch that is still to come (see `pending.rs`); those wait for it.

use super::batch_columns::{Columns, Part};
use super::open::OnProgress;
use super::publish;
use super::request::{Progress, Refusal};
use super::shared::Shared;
use super::spill::Spill;
use super::writer::Writer;
use crate::domain::{CustomerId, Kind, Op, Record, RecordId, RowSet, Say, Seq, Totals, field};
use crate::facts::Row;
use crate::journal::{Body, Reader};
use crate::store::{Bulk, number_hash};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// A committed batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The journal's number of the commit.
    pub commit: Seq,
    /// The batch's own number (the journal's number of its first frame).
    pub batch: u64,
    /// How many frames it has.
    pub frames: u32,
    /// Records that somebody else changed between staging and commit: left alone.
    pub skip: Vec<(u8, u64)>,
}

/// Columns are published after so many customers of one batch (one block).
const PUBLISH: usize = 4096;

/// Applies a batch while the book is being opened: nobody waits, columns are made afterwards.
pub fn apply_quietly(writer: &mut Writer, run: &Run, progress: &OnProgress) -> Result<(), Refusal> {
    let mut work = Work::new(writer, run, None)?;
    let mut frames = Frames::new(writer, run);
    let mut done = 0;
    while let Some(ops) = frames.next_frame()? {
        done += 1;
        work.frame(ops)?;
        (progress)(Progress { what: Say::new("progress.rebuilding").with("why", ""), done, of: u64::from(run.frames) });
    }
    work.finish(writer, run)
}

/// Applies a batch while people work: columns are published beside, and the queue is served between frames.
pub fn apply(writer: &mut Writer, run: &Run, progress: &dyn Fn(u64)) -> Result<(), Refusal> {
    let columns = Columns::start(&writer.shared, run.commit);
    let mut work = Work::new(writer, run, Some((Arc::clone(&writer.shared), columns)))?;
    let mut frames = Frames::new(writer, run);
    let mut done = 0;
    while let Some(ops) = frames.next_frame()? {
        work.frame(ops)?;
        work.give(PUBLISH);
        done += 1;
        progress(done);
        if writer.is_wanted() {
            work.bulk.pause().map_err(Refusal::store)?;
            writer.batch_reached(work.reached());
            writer.serve_waiting();
        }
    }
    work.finish(writer, run)
}

/// The frames of one batch, read behind the writer's back.
struct Frames {
    reader: Reader,
    batch: u64,
    left: u32,
}

impl Frames {
    fn new(writer: &Writer, run: &Run) -> Frames {
        Frames { reader: writer.journal.read(run.batch), batch: run.batch, left: run.frames }
    }

    fn next_frame(&mut self) -> Result<Option<Vec<Op>>, Refusal> {
        while self.left > 0 {
            let Some(stored) = self.reader.next() else {
                return Err(Refusal::journal("a frame of a committed import is missing"));
            };
            if let Body::BatchFrame { batch, ops, .. } = stored.map_err(Refusal::journal)?.body
                && batch == self.batch
            {
                self.left -= 1;
                return Ok(Some(ops));
            }
        }
        Ok(None)
    }
}

/// What a batch is at.
struct Work {
    store: crate::store::Store,
    bulk: Bulk,
    numbers: Spill,
    marks: BTreeMap<(RecordId, bool), RowSet>,
    skip: HashSet<(u8, u64)>,
    commit: Seq,
    customer: CustomerId,
    held: Vec<Op>,
    rows: Vec<Row>,
    totals: Vec<(CustomerId, Totals)>,
    /// Where it comes into view; `None` while nobody looks.
    view: Option<(Arc<Shared>, Columns)>,
    /// Customers that a row left or came to: their columns are made when all of the batch is in.
    moved: RowSet,
}

impl Work {
    fn new(writer: &mut Writer, run: &Run, view: Option<(Arc<Shared>, Columns)>) -> Result<Work, Refusal> {
        writer.store.set_pending(Some(run.commit)).map_err(Refusal::store)?;
        Ok(Work {
            store: writer.store.clone(),
            bulk: writer.store.bulk(),
            numbers: Spill::new(&writer.options.dir.join("staging")),
            marks: BTreeMap::new(),
            skip: run.skip.iter().copied().collect(),
            commit: run.commit,
            customer: 0,
            held: Vec::new(),
            rows: Vec::new(),
            totals: Vec::new(),
            view,
            moved: RowSet::new(),
        })
    }

    /// One frame: reference records at once, marks gathered, the rest customer by customer.
    fn frame(&mut self, ops: Vec<Op>) -> Result<(), Refusal> {
        let mut tags: HashMap<CustomerId, Vec<RecordId>> = HashMap::new();
        for op in &ops {
            if let Op::Mark { tag, on, rows } = op {
                let all = self.marks.entry((*tag, *on)).or_default();
                for id in rows.iter() {
                    all.insert(id);
                    if *on {
                        tags.entry(id).or_default().push(*tag);
                    }
                }
            }
        }
        let mut references = Vec::new();
        let mut fresh = Vec::new();
        for op in ops {
            if self.skipped(&op) {
                continue;
            }
            match &op {
                Op::Mark { .. } => {}
                Op::New(r) if r.kind == Kind::Customer => fresh.push(op),
                Op::New(r) | Op::Gone(r) if r.kind.is_reference() => references.push(op),
                Op::Set { kind, .. } if kind.is_reference() => references.push(op),
                _ => {
                    self.references(&mut references)?;
                    self.hold(op)?;
                }
            }
        }
        self.references(&mut references)?;
        self.fresh_customers(fresh, &mut tags)
    }

    fn skipped(&self, op: &Op) -> bool {
        match op {
            _ if self.skip.is_empty() => false,
            Op::Set { kind, id, .. } => self.skip.contains(&(kind.code(), *id)),
            Op::New(r) | Op::Gone(r) => self.skip.contains(&(r.kind.code(), r.id)),
            Op::Mark { .. } => false,
        }
    }

    fn references(&mut self, ops: &mut Vec<Op>) -> Result<(), Refusal> {
        if ops.is_empty() {
            return Ok(());
        }
        self.bulk.pause().map_err(Refusal::store)?;
        for part in ops.chunks(64) {
            self.store.apply_part(part).map_err(Refusal::store)?;
        }
        // At once, and on top of what colleagues made meanwhile.
        if let Some((shared, _)) = &self.view {
            let version = shared.version();
            let (refs, dicts) = publish::references(&self.store, &version.refs, &version.dicts, ops).map_err(Refusal::store)?;
            shared.facts.publish(self.commit, Vec::new(), refs, dicts);
        }
        ops.clear();
        Ok(())
    }

    /// New customers go in page by page; their columns follow from the record alone.
    fn fresh_customers(&mut self, ops: Vec<Op>, tags: &mut HashMap<CustomerId, Vec<RecordId>>) -> Result<(), Refusal> {
        let records: Vec<Record> = ops.into_iter().filter_map(|op| if let Op::New(r) = op { Some(r) } else { None }).collect();
        if records.is_empty() {
            return Ok(());
        }
        if let Some((shared, columns)) = &self.view {
            let fresh = records.iter().map(|record| {
                let id = CustomerId::try_from(record.id).unwrap_or(0);
                (record.clone(), tags.remove(&id).unwrap_or_default())
            });
            columns.give(Part::Fresh(fresh.collect(), Arc::clone(&shared.version().refs)));
        }
        self.bulk.records(records).map_err(Refusal::store)
    }

    /// Rows of one customer are gathered until the next customer begins.
    fn hold(&mut self, op: Op) -> Result<(), Refusal> {
        let customer = op.customer().unwrap_or(0);
        if customer != self.customer && !self.held.is_empty() {
            self.flush_customer()?;
        }
        self.customer = customer;
        self.held.push(op);
        Ok(())
    }

    fn flush_customer(&mut self) -> Result<(), Refusal> {
        let ops = std::mem::take(&mut self.held);
        if ops.is_empty() {
            return Ok(());
        }
        let customer = self.customer;
        let all_new_rows = ops.iter().all(|op| matches!(op, Op::New(r) if r.kind.is_row()));
        if all_new_rows {
            let rows: Vec<Record> = ops.into_iter().filter_map(|op| if let Op::New(r) = op { Some(r) } else { None }).collect();
            for row in &rows {
                self.number(row)?;
            }
            let after = self.bulk.customer_rows(customer, rows, Vec::new()).map_err(Refusal::store)?;
            if customer != 0 && self.view.is_some() {
                self.totals.push((customer, Totals::of(&after)));
            }
        } else {
            self.bulk.pause().map_err(Refusal::store)?;
            for part in ops.chunks(64) {
                self.store.apply_part(part).map_err(Refusal::store)?;
            }
            let touched = super::change::touched(&ops);
            if touched.iter().any(|c| *c != customer) {
                for c in touched {
                    self.moved.insert(c);
                }
            }
            if let (Some((shared, _)), true) = (&self.view, customer != 0) {
                self.rows.push(publish::row(&self.store, &shared.version().refs, customer).map_err(Refusal::store)?);
            }
        }
        Ok(())
    }

    fn number(&mut self, row: &Record) -> Result<(), Refusal> {
        let number = row.number();
        if field::number_of(row.kind).is_none() || number.is_empty() {
            return Ok(());
        }
        let home = row.home();
        self.numbers.push((row.kind.code(), number_hash(row.kind, number), row.id, home.customer, home.at)).map_err(Refusal::store)
    }

    fn reached(&self) -> CustomerId {
        self.view.as_ref().map_or(0, |(_, columns)| columns.reached())
    }

    /// Hands what is ready to the columns, when it is enough to be worth a publish.
    fn give(&mut self, at_least: usize) {
        let Some((_, columns)) = &self.view else { return };
        if self.rows.len() + self.totals.len() >= at_least.max(1) {
            columns.give(Part::Changed(std::mem::take(&mut self.rows), std::mem::take(&mut self.totals)));
        }
    }

    fn finish(mut self, writer: &mut Writer, run: &Run) -> Result<(), Refusal> {
        self.flush_customer()?;
        self.give(1);
        let marks = std::mem::take(&mut self.marks);
        for ((tag, on), rows) in &marks {
            self.bulk.marks(*tag, *on, rows).map_err(Refusal::store)?;
        }
        let mut sorted = self.numbers.sorted().map_err(Refusal::store)?;
        let entries = sorted
            .by_ref()
            .filter_map(|(kind, hash, id, customer, at)| Some((Kind::from_code(kind)?, hash, id, crate::domain::Home { customer, at })));
        self.bulk.numbers(entries).map_err(Refusal::store)?;
        if let Some(why) = sorted.failure() {
            return Err(Refusal::store(why));
        }
        let applied = writer.store.applied().max(run.commit);
        self.bulk.finish(applied).map_err(Refusal::store)?;
        writer.store.set_pending(None).map_err(Refusal::store)?;
        let Some((shared, columns)) = self.view else { return Ok(()) };
        if !columns.finish() {
            return Err(Refusal::store("the columns of the batch could not be made"));
        }
        let refs = Arc::clone(&shared.version().refs);
        let rows = self.moved.iter().map(|c| publish::row(&self.store, &refs, c)).collect::<Result<Vec<_>, _>>().map_err(Refusal::store)?;
        shared.facts.publish(run.commit, rows, None, None);
        publish::marked(&shared, &self.store, run.commit, &marks)
    }
}
