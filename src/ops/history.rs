//! The journal for people: what changed, newest first, and what was taken back by what.

use super::request::{HistoryRow, Refusal};
use super::trail::Trail;
use super::wording;
use super::writer::Writer;
use crate::domain::{CustomerId, Kind, Moment, Op, Say, Seq, field};
use crate::facts::Version;
use crate::journal::{BatchCommit, Body, Stored};
use std::collections::BTreeMap;

/// So many records are read in one pass, from the newest on.
const AT_ONCE: usize = 256;

/// The newest rows, of one customer or of the whole book.
pub fn rows(writer: &Writer, trail: &Trail, customer: Option<CustomerId>, limit: usize) -> Result<Vec<HistoryRow>, Refusal> {
    let version = writer.shared.version();
    let mut rows = Vec::new();
    let mut newest = trail.newest();
    while rows.len() < limit {
        let some: BTreeMap<Seq, Option<Seq>> = newest.by_ref().take(AT_ONCE).map(|(seq, step)| (seq, step.undone_by)).collect();
        if some.is_empty() {
            break;
        }
        let seqs: Vec<Seq> = some.keys().copied().collect();
        let records = writer.journal.read_these(&seqs).map_err(Refusal::journal)?;
        let made = records.into_iter().rev().filter_map(|stored| {
            let undone_by = some.get(&stored.seq).copied().flatten();
            row(writer, &version, stored, undone_by, customer)
        });
        rows.extend(made.take(limit - rows.len()));
    }
    Ok(rows)
}

fn row(writer: &Writer, version: &Version, stored: Stored, undone_by: Option<u64>, only: Option<CustomerId>) -> Option<HistoryRow> {
    let (os_user, what, about) = match stored.body {
        Body::Change { verb, os_user, ops } => {
            let about = about(&ops, only)?;
            (os_user, wording::what(&verb, &ops, version), about)
        }
        Body::Undo { of, redo, os_user, ops } => {
            let about = about(&ops, only)?;
            (os_user, wording::back(redo, &original(writer, version, of)), about)
        }
        Body::BatchCommit(BatchCommit { kind, file, os_user, rows, undo_of, redo, .. }) if only.is_none() => {
            let kind = Kind::from_code(kind).map_or("", Kind::plural);
            let say = match undo_of {
                Some(_) => Say::new(if redo { "done.redone-import" } else { "done.undone-import" })
                    .with("file", file)
                    .with("taken", rows.updated)
                    .with("kept", rows.unchanged),
                None => Say::new("done.imported")
                    .with("kind", kind)
                    .with("file", file)
                    .with("created", rows.created)
                    .with("updated", rows.updated),
            };
            (os_user, say, None)
        }
        _ => return None,
    };
    let customer = about.map(|id| match version.card(id) {
        Some(card) => (id, card.record.number().to_string(), card.record.text(field::C_NAME).to_string()),
        None => (id, String::new(), String::new()),
    });
    let staff = version.refs.name(Kind::Staff, stored.staff).to_string();
    let who = if staff.is_empty() { os_user } else { staff };
    Some(HistoryRow { seq: stored.seq, at: Moment::second(stored.wall_ms), who, what, customer, undone_by })
}

/// The sentence of the change that an undo or a redo is of.
fn original(writer: &Writer, version: &Version, of: u64) -> Say {
    match writer.journal.read_one(of).map(|s| s.body) {
        Ok(Body::Change { verb, ops, .. }) => wording::what(&verb, &ops, version),
        Ok(Body::Undo { of, .. }) => original(writer, version, of),
        _ => Say::new("done.nothing"),
    }
}

/// The customer the operations are about; `None` (outer) when they are not about the one asked for.
#[allow(clippy::option_option)]
fn about(ops: &[Op], only: Option<CustomerId>) -> Option<Option<CustomerId>> {
    let touched = super::change::touched(ops);
    match only {
        Some(one) => touched.contains(&one).then_some(Some(one)),
        None if touched.len() == 1 => Some(touched.first().copied()),
        None => Some(None),
    }
}
