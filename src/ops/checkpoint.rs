//! Checkpoints beside the work: the store synced for real, the number up to which it may be believed after a restart
//! written down, the changed columns written at a bounded rate. Losing one costs only time at the next start.

use super::open::Options;
use super::shared::Shared;
use crate::domain::Seq;
use crate::journal::{State, Vfs};
use crate::store::Store;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// A checkpoint is due after so many records ...
const RECORDS: u64 = 20_000;
/// ... or so many milliseconds, if anything changed.
const MS: i64 = 10 * 60 * 1000;
/// While people work, columns are written at so many bytes a second.
const BYTES_A_SECOND: u64 = 8 << 20;

/// When the last checkpoint was, and the one that is running.
#[derive(Default)]
pub struct Checkpoints {
    seq: Seq,
    at_ms: i64,
    running: Option<JoinHandle<()>>,
    hurry: Arc<AtomicBool>,
}

/// What a checkpoint needs, so that it can run beside the writer.
struct Work {
    store: Store,
    shared: Arc<Shared>,
    vfs: Arc<dyn Vfs>,
    dir: PathBuf,
    hurry: Arc<AtomicBool>,
}

impl Checkpoints {
    /// Starts counting from what was opened.
    pub fn from(seq: Seq, at_ms: i64) -> Checkpoints {
        Checkpoints { seq, at_ms, ..Checkpoints::default() }
    }

    /// Begins one beside the work when it is due and none is running.
    pub fn when_due(&mut self, head: Seq, now_ms: i64, store: &Store, shared: &Arc<Shared>, options: &Options) {
        let due = head >= self.seq + RECORDS || (head > self.seq && now_ms >= self.at_ms + MS);
        if due && self.running.as_ref().is_none_or(JoinHandle::is_finished) {
            self.begin(head, now_ms, store, shared, options);
        }
    }

    /// Begins one beside the work, whatever the counts say (after an import).
    pub fn begin(&mut self, head: Seq, now_ms: i64, store: &Store, shared: &Arc<Shared>, options: &Options) {
        if self.running.as_ref().is_some_and(|r| !r.is_finished()) {
            return;
        }
        (self.seq, self.at_ms) = (head, now_ms);
        let work = self.work(store, shared, options);
        self.running = Some(std::thread::spawn(move || work.run()));
    }

    /// Ends the one that is running, then makes the last one at full speed.
    pub fn finish(&mut self, store: &Store, shared: &Arc<Shared>, options: &Options) {
        self.hurry.store(true, Ordering::Relaxed);
        if let Some(running) = self.running.take() {
            let _ = running.join();
        }
        self.work(store, shared, options).run();
        self.hurry.store(false, Ordering::Relaxed);
    }

    fn work(&self, store: &Store, shared: &Arc<Shared>, options: &Options) -> Work {
        Work {
            store: store.clone(),
            shared: Arc::clone(shared),
            vfs: Arc::clone(&options.vfs),
            dir: options.dir.clone(),
            hurry: Arc::clone(&self.hurry),
        }
    }
}

impl Work {
    fn run(&self) {
        let marked = self.mark();
        // Written down only after what it promises is on disk.
        if self.store.checkpoint().is_ok()
            && let Some(state) = marked
        {
            let _ = state.write(self.vfs.as_ref(), &self.dir);
        }
        let folder = self.dir.join("facts");
        loop {
            // Columns that may miss a part of the last record are not kept: the next start makes them from the store.
            if self.shared.trouble().is_some() {
                return;
            }
            let hurry = self.hurry.load(Ordering::Relaxed);
            match self.shared.facts.checkpoint(&folder, if hurry { u64::MAX } else { BYTES_A_SECOND }) {
                Ok(done) if done.left > 0 && done.blocks > 0 => {}
                _ => return,
            }
            for _ in 0..10 {
                if !self.hurry.load(Ordering::Relaxed) {
                    std::thread::sleep(Duration::from_millis(100));
                }
            }
        }
    }

    /// The store's number and hash of one moment; `None` when commits come so fast that there was none.
    fn mark(&self) -> Option<State> {
        (0..100).find_map(|_| {
            let (before, (hash, _), after) = (self.store.applied(), self.store.state_hash(), self.store.applied());
            (before == after).then_some(State { synced_seq: before, hash })
        })
    }
}
