//! A file of entries compressed and written on a thread of its own: whoever fills it only copies bytes.

use super::sort::{BLOCK, BlockWriter, put};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

/// Blocks that may wait.
const AHEAD: usize = 8;

/// Writes beside.
pub(super) struct BesideWriter {
    block: Vec<u8>,
    send: Option<SyncSender<Vec<u8>>>,
    thread: Option<JoinHandle<io::Result<PathBuf>>>,
}

impl BesideWriter {
    /// Makes (or empties) the file.
    pub fn create(path: &Path) -> io::Result<BesideWriter> {
        let mut out = BlockWriter::create(path)?;
        let (send, receive) = sync_channel::<Vec<u8>>(AHEAD);
        let thread = std::thread::spawn(move || {
            for block in receive {
                out.push_block(block)?;
            }
            out.finish()
        });
        Ok(BesideWriter { block: Vec::with_capacity(BLOCK), send: Some(send), thread: Some(thread) })
    }

    /// Takes one entry behind the others.
    pub fn push(&mut self, key: &[u8], payload: &[u8]) -> io::Result<()> {
        put(&mut self.block, key, payload);
        if self.block.len() >= BLOCK { self.pass_on() } else { Ok(()) }
    }

    fn pass_on(&mut self) -> io::Result<()> {
        let block = std::mem::replace(&mut self.block, Vec::with_capacity(BLOCK + 1024));
        match &self.send {
            Some(send) if send.send(block).is_ok() => Ok(()),
            // The thread has ended early: its reason is what is to be told.
            _ => self.end().map(drop),
        }
    }

    fn end(&mut self) -> io::Result<PathBuf> {
        self.send = None;
        let stopped = || io::Error::other("the writing beside stopped");
        self.thread.take().ok_or_else(stopped)?.join().map_err(|_| stopped())?
    }

    /// Writes the rest; gives back where it all is.
    pub fn finish(mut self) -> io::Result<PathBuf> {
        if !self.block.is_empty() {
            self.pass_on()?;
        }
        self.end()
    }
}
