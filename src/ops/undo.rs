//! Undo and redo: what a change's operations become when they are taken back, and what stands in the way.

use super::change::Change;
use super::request::Refusal;
use super::scene::Scene;
use super::trail::Trail;
use crate::domain::{CustomerId, FieldId, Kind, Op, RowSet, Say, Seq, Value, field};
use std::collections::BTreeSet;

/// What an undo or a redo is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Back {
    /// The journal's number of what is taken back (for a redo: of the undo).
    pub of: Seq,
    /// Doing it again rather than taking it back.
    pub redo: bool,
}

/// The operations that take `ops` back, checked against what stands now: a field that was changed again since is a refusal.
pub fn take_back(scene: &Scene<'_>, ops: &[Op], what: &Say) -> Result<Change, Refusal> {
    let mut back = Vec::new();
    for op in ops.iter().rev() {
        match op {
            Op::New(record) => {
                let now = scene.record(record.kind, record.id, record.home()).ok();
                if now.as_ref() != Some(record) || hangs_on(scene, record.kind, record.id, ops)? {
                    return Err(later(what));
                }
                back.push(op.inverse());
            }
            Op::Gone(_) => back.push(op.inverse()),
            Op::Set { kind, id, home, field: f, after, before } => {
                if withdrawal(*f, before.as_ref(), after.as_ref()) {
                    continue;
                }
                let home = crate::domain::op::home_after(*kind, *home, *f, after.as_ref());
                let now = scene.record(*kind, *id, home).map_err(|_| later(what))?;
                if now.get(*f) != after.as_ref() {
                    return Err(later(what));
                }
                back.push(op.inverse());
            }
            Op::Mark { tag, on, rows } => {
                let carried = scene.store.tagged(*tag).map_err(Refusal::store)?;
                let rows: RowSet = rows.iter().filter(|c| carried.contains(*c) == *on).collect();
                if !rows.is_empty() {
                    back.push(Op::Mark { tag: *tag, on: !on, rows });
                }
            }
        }
    }
    Ok(Change { verb: "undo", ops: back, made: None, what: Some(what.clone()) })
}

/// Does the change bar a way to somebody: a consent withdrawn or no longer given, a channel not to be used any more? Such a
/// change is never taken back by undo, also when it gave something else in the same breath: only a new opt-in does that.
pub fn withdrawal(f: FieldId, before: Option<&Value>, after: Option<&Value>) -> bool {
    let codes = |v: Option<&Value>| v.map_or(BTreeSet::new(), |v| v.codes().iter().copied().collect());
    let consents = |v: Option<&Value>, given: bool| {
        v.map_or(BTreeSet::new(), |v| v.consents().iter().filter(|c| c.given == given).map(|c| c.channel).collect())
    };
    match f {
        field::C_DNC => !codes(after).is_subset(&codes(before)),
        field::C_CONSENT => {
            !consents(before, true).is_subset(&consents(after, true)) || !consents(after, false).is_subset(&consents(before, false))
        }
        _ => false,
    }
}

/// A customer that has rows or marks by now, or a tag that others carry, cannot be un-made.
fn hangs_on(scene: &Scene<'_>, kind: Kind, id: u64, ops: &[Op]) -> Result<bool, Refusal> {
    match kind {
        Kind::Customer => {
            let id = CustomerId::try_from(id).unwrap_or(0);
            let rows = scene.store.rows(id).map_err(Refusal::store)?;
            Ok(!rows.is_empty() || !scene.store.tags(id).map_err(Refusal::store)?.is_empty())
        }
        Kind::Tag => {
            let own = |c: u32| ops.iter().any(|op| matches!(op, Op::Mark { tag, on: true, rows } if *tag == id && rows.contains(c)));
            let others = scene.store.tagged(id).map_err(Refusal::store)?.iter().any(|c| !own(c));
            Ok(others)
        }
        _ => Ok(false),
    }
}

fn later(what: &Say) -> Refusal {
    Refusal::impossible(Say::new("refused.undo-later-change").with("what", what.arg("name")))
}

/// Which change an undo means: the one of that number, or the last one of this person that still stands.
pub fn target(trail: &Trail, person: &str, seq: Option<Seq>) -> Result<Seq, Refusal> {
    match seq {
        Some(seq) if trail.stands(seq) => Ok(seq),
        Some(seq) if trail.known(seq) => Err(Refusal::impossible(Say::new("refused.undone-already").with("seq", seq))),
        Some(seq) => Err(Refusal::impossible(Say::new("refused.not-undoable").with("seq", seq))),
        None => trail.last_of(person).ok_or_else(|| Refusal::impossible(Say::new("refused.nothing-to-undo"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::value::Consent;

    #[test]
    fn whatever_bars_a_way_to_somebody_is_a_withdrawal_whatever_it_gives_beside() {
        let barred = |codes: &[u32]| (!codes.is_empty()).then(|| Value::Codes(codes.to_vec()));
        let lifts = |before: &[u32], after: &[u32]| withdrawal(field::C_DNC, barred(before).as_ref(), barred(after).as_ref());
        assert!(lifts(&[], &[1]) && lifts(&[1], &[1, 2]) && lifts(&[1], &[2]), "2 is barred now");
        assert!(!lifts(&[1, 2], &[1]) && !lifts(&[1], &[1]));
        let consents = |list: &[(u32, bool)]| {
            (!list.is_empty()).then(|| {
                Value::Consents(list.iter().map(|(channel, given)| Consent { channel: *channel, given: *given, since: None }).collect())
            })
        };
        let lifts = |before: &[(u32, bool)], after: &[(u32, bool)]| {
            withdrawal(field::C_CONSENT, consents(before).as_ref(), consents(after).as_ref())
        };
        assert!(lifts(&[(1, true)], &[(1, false)]) && lifts(&[(1, true)], &[]) && lifts(&[], &[(1, false)]));
        assert!(lifts(&[(1, true)], &[(1, false), (2, true)]), "one withdrawn while another is given");
        assert!(!lifts(&[(1, false)], &[(1, true)]) && !lifts(&[], &[(1, true)]));
    }
}
