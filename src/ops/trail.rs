//! The trail of undoable changes, newest last: who did what under which number, and whether it still stands. Kept in
//! memory from the end of the journal, so that undo works across restarts.

use crate::domain::Seq;
use crate::journal::{Body, Stored};
use std::collections::{BTreeMap, HashMap};

/// One undoable change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The person (staff member or operating-system user).
    pub person: String,
    /// It is itself an undo (or redo) of that number.
    pub of: Option<(Seq, bool)>,
    /// Taken back by that number.
    pub undone_by: Option<Seq>,
}

/// The trail.
#[derive(Debug, Default)]
pub struct Trail {
    steps: BTreeMap<Seq, Step>,
    op_ids: HashMap<u128, Seq>,
    files: HashMap<(u8, [u8; 32]), Seq>,
}

impl Trail {
    /// Takes in a change, an undo or a redo.
    pub fn push(&mut self, seq: Seq, person: String, of: Option<(Seq, bool)>, op_id: u128) {
        if let Some((of, redo)) = of {
            let original = self.steps.get_mut(&of).and_then(|step| {
                step.undone_by = Some(seq);
                step.of
            });
            // A redo is of an undo: the change that was undone stands again, under its own number.
            if let (true, Some((original, _))) = (redo, original)
                && let Some(step) = self.steps.get_mut(&original)
            {
                step.undone_by = None;
            }
        }
        self.steps.insert(seq, Step { person, of, undone_by: None });
        if op_id != 0 {
            self.op_ids.insert(op_id, seq);
        }
    }

    /// Takes in a journal record that can be undone.
    pub fn take(&mut self, stored: Stored) {
        let person = |os_user: &str| if stored.staff != 0 { format!("staff:{}", stored.staff) } else { format!("user:{os_user}") };
        match &stored.body {
            Body::Change { os_user, .. } => self.push(stored.seq, person(os_user), None, stored.op_id),
            Body::Undo { of, redo, os_user, .. } => self.push(stored.seq, person(os_user), Some((*of, *redo)), stored.op_id),
            Body::BatchCommit(c) => {
                let of = c.undo_of.map(|seq| (seq, c.redo));
                self.push(stored.seq, person(&c.os_user), of, stored.op_id);
                self.imported(c.kind, c.file_hash, stored.seq, of);
            }
            _ => {}
        }
    }

    /// Remembers an import's file, or forgets it when the import was taken back.
    pub fn imported(&mut self, kind: u8, file_hash: [u8; 32], seq: Seq, of: Option<(Seq, bool)>) {
        match of {
            Some((_, false)) => drop(self.files.remove(&(kind, file_hash))),
            _ => drop(self.files.insert((kind, file_hash), seq)),
        }
    }

    /// The number under which the same file was imported already.
    pub fn file(&self, kind: u8, file_hash: &[u8; 32]) -> Option<Seq> {
        self.files.get(&(kind, *file_hash)).copied()
    }

    /// The number under which an op id was saved.
    pub fn saved_as(&self, op_id: u128) -> Option<Seq> {
        self.op_ids.get(&op_id).copied()
    }

    /// Is there an undoable change of that number?
    pub fn known(&self, seq: Seq) -> bool {
        self.steps.contains_key(&seq)
    }

    /// Does it stand (not taken back, and neither undo nor redo itself)?
    pub fn stands(&self, seq: Seq) -> bool {
        self.steps.get(&seq).is_some_and(|s| s.undone_by.is_none() && s.of.is_none())
    }

    /// Taken back by which number?
    pub fn undone_by(&self, seq: Seq) -> Option<Seq> {
        self.steps.get(&seq).and_then(|s| s.undone_by)
    }

    /// The last change of a person that stands.
    pub fn last_of(&self, person: &str) -> Option<Seq> {
        self.steps.iter().rev().find(|(seq, s)| s.person == person && self.stands(**seq)).map(|(seq, _)| *seq)
    }

    /// The undo that a redo of this person means: their last step, when it is an undo that was not redone, skipping
    /// undos that were.
    pub fn redoable(&self, person: &str) -> Option<Seq> {
        for (seq, step) in self.steps.iter().rev().filter(|(_, s)| s.person == person) {
            match (step.of, step.undone_by) {
                (Some((_, false)), None) => return Some(*seq),
                // An undone undo and the redo that did it: look further back.
                (Some(_), _) => {}
                // A new change ends the line of redos.
                (None, None) => return None,
                (None, Some(_)) => {}
            }
        }
        None
    }

    /// Numbers above `since`, ascending.
    pub fn since(&self, since: Seq) -> Vec<Seq> {
        self.steps.range(since + 1..).map(|(seq, _)| *seq).collect()
    }

    /// Numbers, newest first.
    pub fn newest(&self) -> impl Iterator<Item = (Seq, &Step)> {
        self.steps.iter().rev().map(|(seq, step)| (*seq, step))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trail(steps: &[(Seq, Option<(Seq, bool)>)]) -> Trail {
        let mut t = Trail::default();
        for (seq, of) in steps {
            t.push(*seq, "a".into(), *of, 0);
        }
        t
    }

    #[test]
    fn undo_takes_changes_back_newest_first_and_redo_does_them_again() {
        let mut t = trail(&[(1, None), (2, None)]);
        assert_eq!((t.last_of("a"), t.redoable("a")), (Some(2), None));
        t.push(3, "a".into(), Some((2, false)), 0);
        assert_eq!((t.last_of("a"), t.redoable("a")), (Some(1), Some(3)));
        t.push(4, "a".into(), Some((1, false)), 0);
        assert_eq!((t.last_of("a"), t.redoable("a")), (None, Some(4)));
        t.push(5, "a".into(), Some((4, true)), 0);
        assert_eq!((t.last_of("a"), t.redoable("a")), (Some(1), Some(3)));
        t.push(6, "a".into(), Some((3, true)), 0);
        assert_eq!((t.last_of("a"), t.redoable("a")), (Some(2), None));
        t.push(7, "a".into(), Some((2, false)), 0);
        assert_eq!((t.last_of("a"), t.redoable("a")), (Some(1), Some(7)));
    }

    #[test]
    fn a_new_change_ends_the_line_of_redos_and_others_are_left_alone() {
        let mut t = trail(&[(1, None), (2, Some((1, false))), (3, None)]);
        assert_eq!(t.redoable("a"), None);
        t.push(4, "b".into(), None, 7);
        assert_eq!((t.last_of("a"), t.last_of("b"), t.saved_as(7)), (Some(3), Some(4), Some(4)));
    }
}
