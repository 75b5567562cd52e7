//! What an import and a replay need beside [`Store::apply`]: operations of a batch without a number of their own, a note that
//! a batch is half applied, and going back to an earlier number so that the journal is applied again from there.

use super::Store;
use super::draft::Draft;
use super::error::StoreError;
use super::key::PENDING;
use super::tree::Writes;
use crate::domain::{Op, Seq};
use std::sync::atomic::Ordering::SeqCst;

impl Store {
    /// Applies operations that belong to a batch: all or none, without a number; the batch's own ends it.
    ///
    /// # Errors
    /// As [`Store::apply`].
    pub fn apply_part(&self, ops: &[Op]) -> Result<(), StoreError> {
        if self.inner.bulk_pending.load(SeqCst) {
            return Err(StoreError::BulkUnderWay);
        }
        let mut state = self.inner.write();
        let mut draft = Draft::new(&self.inner, &state);
        ops.iter().try_for_each(|op| draft.apply(op))?;
        let (delta, writes) = draft.into_writes()?;
        let after = state.after(&delta);
        self.inner.commit(&mut state, after, writes)
    }

    /// Takes the number back to `seq`, so that what the journal says after it is applied again (which is harmless).
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn rewind(&self, seq: Seq) -> Result<(), StoreError> {
        let mut state = self.inner.write();
        let mut after = state.clone();
        after.applied = after.applied.min(seq);
        self.inner.commit(&mut state, after, Writes::default())
    }

    /// The number of the batch commit that was being applied when the store was last written, if one was.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn pending(&self) -> Result<Option<Seq>, StoreError> {
        let bytes = self.inner.get(PENDING)?;
        Ok(bytes.and_then(|b| <[u8; 8]>::try_from(b.as_slice()).ok()).map(u64::from_be_bytes))
    }

    /// Notes that a batch is being applied, or that none is any more.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn set_pending(&self, commit: Option<Seq>) -> Result<(), StoreError> {
        let mut state = self.inner.write();
        let mut writes = Writes::default();
        match commit {
            Some(seq) => writes.put(PENDING, &seq.to_be_bytes())?,
            None => writes.remove(PENDING),
        }
        let after = state.clone();
        self.inner.commit(&mut state, after, writes)
    }
}
