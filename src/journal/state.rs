//! The `STATE` file: up to which record the store is safe, and the sum of all records' hashes there. Replaced whole, never in part.

use super::bytes::Take;
use super::error::JournalError;
use super::vfs::Vfs;
use crate::domain::Seq;
use std::io;
use std::path::Path;

/// Its name in the book's folder.
pub const STATE_FILE: &str = "STATE";
const MAGIC: &[u8; 8] = b"GXSTATE\x01";
const LEN: usize = 36;

/// What `STATE` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// The store holds everything up to this record, synced.
    pub synced_seq: Seq,
    /// Sum of all records' hashes modulo 2^128 at that record.
    pub hash: u128,
}

impl State {
    /// Puts it in place of the one before: after a crash there is either.
    ///
    /// # Errors
    /// What the disk says; the one before then still stands.
    pub fn write(&self, vfs: &dyn Vfs, dir: &Path) -> Result<(), JournalError> {
        let (path, tmp) = (dir.join(STATE_FILE), dir.join("STATE.tmp"));
        let file = vfs.create(&tmp).map_err(JournalError::io("create", &tmp))?;
        file.write_all_at(&self.encode(), 0).map_err(JournalError::io("write", &tmp))?;
        file.sync_all().map_err(JournalError::io("sync", &tmp))?;
        vfs.rename(&tmp, &path).map_err(JournalError::io("rename", &tmp))?;
        vfs.sync_dir(dir).map_err(JournalError::io("sync", dir))
    }

    /// Reads it; `None` when there is none.
    ///
    /// # Errors
    /// [`JournalError::Corrupt`] when it is damaged; what the disk says.
    pub fn read(vfs: &dyn Vfs, dir: &Path) -> Result<Option<State>, JournalError> {
        let path = dir.join(STATE_FILE);
        let file = match vfs.open(&path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(JournalError::io("open", &path))?,
        };
        let mut bytes = [0; LEN + 1];
        let got = file.read_full_at(&mut bytes, 0).map_err(JournalError::io("read", &path))?;
        let state = State::decode(bytes.get(..got).unwrap_or_default());
        state.map(Some).ok_or_else(|| JournalError::corrupt(&path, 0, 0, "it is not what was written"))
    }

    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(LEN);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&self.synced_seq.to_le_bytes());
        out.extend_from_slice(&self.hash.to_le_bytes());
        out.extend_from_slice(&crc32c::crc32c(&out).to_le_bytes());
        out
    }

    fn decode(bytes: &[u8]) -> Option<State> {
        let mut take = Take::new(bytes);
        let magic: [u8; 8] = take.array()?;
        let state = State { synced_seq: u64::from_le_bytes(take.array()?), hash: u128::from_le_bytes(take.array()?) };
        let sum = u32::from_le_bytes(take.array()?);
        let whole = take.is_empty() && magic == *MAGIC && bytes.get(..LEN - 4).map(crc32c::crc32c) == Some(sum);
        whole.then_some(state)
    }
}
