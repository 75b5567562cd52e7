//! Filling a book with the synthetic business, through the normal write path: one batch for the people and what the
//! business itself is, one for their rows.

use super::desk::Desk;
use super::import::BatchWriter;
use super::request::{Progress, Refusal};
use super::synthetic::Synthetic;
use crate::domain::{Kind, Op, RowSet, Say, Who};
use crate::journal::{BatchCommit, BatchRows};
use std::collections::BTreeMap;
use std::time::Instant;

/// Marks are written after so many customers, so that a frame holds a customer and their tags together.
const MARK_EVERY: u32 = 2048;

/// Fills an empty book.
///
/// # Errors
/// A refusal when the book has customers already, or the journal does not take it.
pub fn fill(desk: &Desk, who: &Who, business: &Synthetic, progress: &(dyn Fn(Progress) + Sync)) -> Result<(), Refusal> {
    desk.ready()?;
    if desk.shared().version().customers > 0 {
        return Err(Refusal::impossible(Say::new("refused.not-empty").with("dir", desk.shared().book.dir.display())));
    }
    people(desk, who, business, progress)?;
    rows(desk, who, business, progress)
}

fn people(desk: &Desk, who: &Who, business: &Synthetic, progress: &(dyn Fn(Progress) + Sync)) -> Result<(), Refusal> {
    let began = Instant::now();
    let mut batch = BatchWriter::begin_plain(desk, who)?;
    for record in business.references() {
        batch.push(Op::New(record))?;
    }
    let all = u64::from(business.plan().customers);
    let mut marks: BTreeMap<u64, RowSet> = BTreeMap::new();
    let mut made = 0;
    for person in business.customers() {
        let id = u32::try_from(person.record.id).unwrap_or(0);
        for tag in person.tags {
            marks.entry(tag).or_default().insert(id);
        }
        batch.push(Op::New(person.record))?;
        made += 1;
        if made % MARK_EVERY == 0 {
            mark(&mut batch, &mut marks)?;
            progress(Progress { what: Say::new("progress.generating").with("kind", "customers"), done: u64::from(made), of: all });
        }
    }
    mark(&mut batch, &mut marks)?;
    batch.commit(commit(Kind::Customer, all), began, progress)?;
    Ok(())
}

fn mark(batch: &mut BatchWriter<'_>, marks: &mut BTreeMap<u64, RowSet>) -> Result<(), Refusal> {
    for (tag, rows) in std::mem::take(marks) {
        batch.push(Op::Mark { tag, on: true, rows })?;
    }
    Ok(())
}

fn rows(desk: &Desk, who: &Who, business: &Synthetic, progress: &(dyn Fn(Progress) + Sync)) -> Result<(), Refusal> {
    let began = Instant::now();
    let mut batch = BatchWriter::begin_plain(desk, who)?;
    let (mut made, all) = (0u64, u64::from(business.plan().customers));
    for (customer, rows) in business.rows() {
        if customer % MARK_EVERY == 0 {
            progress(Progress { what: Say::new("progress.generating").with("kind", "orders"), done: u64::from(customer), of: all });
        }
        for row in rows {
            batch.push(Op::New(row))?;
            made += 1;
        }
    }
    batch.commit(commit(Kind::Order, made), began, progress)?;
    Ok(())
}

fn commit(kind: Kind, created: u64) -> BatchCommit {
    let rows = BatchRows { read: created, created, ..BatchRows::default() };
    BatchCommit { verb: "data.generate".into(), kind: kind.code(), file: "synthetic".into(), rows, ..BatchCommit::default() }
}
