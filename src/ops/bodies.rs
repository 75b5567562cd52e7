//! What earlier changes did, read back from the journal for the change that is being made.

use super::request::{Edit, Refusal};
use super::writer::Bodies;
use crate::domain::{Op, Say, Seq};
use crate::journal::{Body, Journal};

/// The journal behind the writer.
pub struct JournalBodies<'a> {
    /// It.
    pub journal: &'a Journal,
}

impl Bodies for JournalBodies<'_> {
    fn ops(&self, seq: Seq) -> Result<(String, Vec<Op>), Refusal> {
        match self.journal.read_one(seq).map_err(Refusal::journal)?.body {
            Body::Change { verb, ops, .. } => Ok((verb, ops)),
            Body::Undo { ops, .. } => Ok(("undo".to_string(), ops)),
            _ => Err(Refusal::impossible(Say::new("refused.not-undoable").with("seq", seq))),
        }
    }

    fn undone(&self, seq: Seq) -> Result<Option<Seq>, Refusal> {
        match self.journal.read_one(seq).map_err(Refusal::journal)?.body {
            Body::Undo { of, .. } => Ok(Some(of)),
            _ => Ok(None),
        }
    }

    fn since(&self, edit: &Edit) -> Result<Option<String>, Refusal> {
        for stored in self.journal.read(edit.seen + 1) {
            let stored = stored.map_err(Refusal::journal)?;
            let (ops, os_user) = match stored.body {
                Body::Change { ops, os_user, .. } | Body::Undo { ops, os_user, .. } => (ops, os_user),
                // An import's frames count too, also of one whose commit is still to come.
                Body::BatchFrame { ops, .. } => (ops, "import".to_string()),
                _ => continue,
            };
            let same = |op: &Op| matches!(op, Op::Set { kind, id, field, .. } if (*kind, *id, *field) == (edit.kind, edit.id, edit.field));
            if ops.iter().any(same) {
                return Ok(Some(os_user));
            }
        }
        Ok(None)
    }
}
