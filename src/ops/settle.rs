//! Settling a book after it was opened: the store is opened or rebuilt, what the journal says beyond it is applied, and
//! the published columns catch up. Everything here may be interrupted at any point and started again.

use super::baseline;
use super::batch;
use super::open::{OnProgress, Options};
use super::publish;
use super::request::{Progress, Refusal, RefusalKind};
use super::scene::Ids;
use super::shared::Shared;
use super::trail::Trail;
use super::writer::{Job, Writer};
use crate::domain::{CustomerId, Op, Say, Seq};
use crate::facts::{BLOCK_BITS, BlockState, Loaded};
use crate::journal::{Body, Journal, Lock, State, Stored};
use crate::store::{Store, StoreError};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};

/// What settling starts from.
pub struct Start {
    /// The journal, open and at its head.
    pub journal: Journal,
    /// How the book was opened.
    pub options: Options,
    /// The held lock.
    pub lock: Lock,
    /// The column blocks found, with the number each is the state of.
    pub blocks: Vec<BlockState>,
    /// Hears how far it is.
    pub progress: OnProgress,
    /// The writer's queue.
    pub jobs: Receiver<Job>,
}

/// Opens or rebuilds the store, catches up, and gives back the writer.
pub fn settle(shared: &Arc<Shared>, start: Start) -> Result<Writer, Refusal> {
    let Start { journal, options, lock, blocks, progress, jobs } = start;
    let dir = options.dir.join("sled");
    // What an interrupted import staged was never in the book.
    let _ = std::fs::remove_dir_all(options.dir.join("staging"));
    let (store, fresh) = open_store(&dir, options.cache)?;
    let mut writer = Writer::new(Arc::clone(shared), journal, store, lock, options, jobs);
    if writer.store.applied() > writer.journal.head() {
        return Err(Refusal::new(
            RefusalKind::Data,
            Say::new("refused.journal-behind").with("store", writer.store.applied()).with("journal", writer.journal.head()),
        ));
    }
    let restarted = !same_boot(&writer);
    let from = match fresh {
        true => Some(baseline::store_from(&writer, &writer.store, &progress)?.unwrap_or(0)),
        false => trusted(&writer)?,
    };
    let replayed = match from {
        Some(from) => {
            let compare = writer.store.applied().max(from);
            contained(|| {
                let batches = replay(&mut writer, from, compare, &progress)?;
                if restarted {
                    looked_through(&writer, &progress)?
                }
                Ok(batches)
            })
        }
        None => Err(Refusal::data(Say::new("refused.store-differs").with("seq", writer.store.applied()))),
    };
    // A batch that is applied again may have been half in view when the columns were last written: they are made anew.
    let mut fresh = fresh || matches!(replayed, Ok(true));
    if let Err(why) = replayed {
        if disk_full(&why) {
            return Err(why);
        }
        // A store that contradicts the journal is moved aside; the journal is the book.
        (progress)(Progress { what: Say::new("progress.rebuilding").with("why", why.say.code), done: 0, of: 0 });
        rebuild(&mut writer, &progress)?;
        fresh = true;
    }
    writer.ids = Ids::from_store(&writer.store);
    let caught_up = contained(|| catch_up(&mut writer, &blocks, fresh, &progress));
    match caught_up {
        Ok(()) => {}
        Err(why) if disk_full(&why) => return Err(why),
        // It applied, but it cannot be read: once more from the journal.
        Err(_) => {
            rebuild(&mut writer, &progress)?;
            writer.ids = Ids::from_store(&writer.store);
            catch_up(&mut writer, &[], true, &progress)?;
        }
    }
    read_trail(&mut writer)?;
    vouch(&mut writer);
    shared.set_store(writer.store.clone());
    warm(shared);
    Ok(writer)
}

/// The engine below panics on some damage: that is damage, and no more.
fn contained<T>(work: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    let panicked = |_| Err(Refusal::data(Say::new("refused.store-differs").with("seq", "?")));
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or_else(panicked)
}

/// From here on this boot's store may be believed: what was applied again is made safe first, then the lock says so.
fn vouch(writer: &mut Writer) {
    if !same_boot(writer) {
        super::upkeep::checkpoint(writer);
    }
    let _ = writer.lock.settle(&writer.options.boot);
}

/// The search box makes what it keeps in memory beside, so that the first typed letter need not wait for it.
fn warm(shared: &Arc<Shared>) {
    let version = shared.version();
    std::thread::spawn(move || crate::search::warm(&version));
}

/// Opens the store; a damaged one is moved aside and an empty one takes its place (true = start from the journal's beginning).
fn open_store(dir: &Path, cache: u64) -> Result<(Store, bool), Refusal> {
    let known = dir.is_dir();
    match Store::open(dir, cache) {
        Ok(store) => {
            let fresh = !known || store.applied() == 0;
            Ok((store, fresh))
        }
        Err(why) => {
            let damaged = matches!(why, StoreError::Damaged { .. });
            let refusal = Refusal::store(why);
            // A full disk is no damage: nothing is moved aside, and room is all it takes.
            if damaged && !disk_full(&refusal) { Ok((fresh_store(dir, cache)?, true)) } else { Err(refusal) }
        }
    }
}

/// Did it fail for want of room?
fn disk_full(why: &Refusal) -> bool {
    why.kind == RefusalKind::NotSaved
}

/// What is moved aside is kept once, for whoever wants to look; older ones go.
fn fresh_store(dir: &Path, cache: u64) -> Result<Store, Refusal> {
    if dir.exists() {
        forget_asides(dir);
        let aside = (1..)
            .map(|n| dir.with_file_name(format!("sled-aside-{n}")))
            .find(|p| !p.exists())
            .unwrap_or_else(|| dir.with_file_name("sled-aside"));
        std::fs::rename(dir, &aside).map_err(Refusal::store)?;
    }
    Store::open(dir, cache).map_err(Refusal::store)
}

fn forget_asides(dir: &Path) {
    let Some(entries) = dir.parent().and_then(|p| std::fs::read_dir(p).ok()) else { return };
    for entry in entries.flatten().filter(|e| e.file_name().to_string_lossy().starts_with("sled-aside")) {
        let _ = std::fs::remove_dir_all(entry.path());
    }
}

/// Has the machine been up since the store was last written?
fn same_boot(writer: &Writer) -> bool {
    writer.lock.before.as_ref().is_some_and(|b| !b.boot.is_empty() && b.boot == writer.options.boot)
}

/// After a restart of the machine every value is read once: what a power cut left may be a mixture of old and new that answers
/// every question, some of them wrongly. People search meanwhile.
fn looked_through(writer: &Writer, progress: &OnProgress) -> Result<(), Refusal> {
    (progress)(Progress { what: Say::new("progress.checking"), done: 0, of: 0 });
    let report = writer.store.check().map_err(Refusal::store)?;
    if report.problems == 0 { Ok(()) } else { Err(Refusal::data(Say::new("refused.store-differs").with("seq", writer.store.applied()))) }
}

/// The number up to which the store may be believed: all it says, unless the machine restarted since it was last synced.
/// `None` = not at all: it is older than what was made safe, or another state than the one that was.
fn trusted(writer: &Writer) -> Result<Option<Seq>, Refusal> {
    let applied = writer.store.applied();
    if same_boot(writer) {
        return Ok(Some(applied));
    }
    // A damaged STATE is none: it only saves time.
    let state = State::read(writer.options.vfs.as_ref(), &writer.options.dir).unwrap_or(None);
    let Some(state) = state else { return Ok(Some(0)) };
    let half_a_batch = writer.store.pending().map_err(Refusal::store)?.is_some();
    let differs = applied == state.synced_seq && !half_a_batch && writer.store.state_hash().0 != state.hash;
    Ok((applied >= state.synced_seq && !differs).then_some(state.synced_seq))
}

/// Applies what the journal says after `from`, comparing the running hash wherever the journal wrote it down; was a batch
/// among it?
///
/// Sums are compared after `compare` only: before it a store that is ahead of what is applied again is of a later state.
fn replay(writer: &mut Writer, from: Seq, compare: Seq, progress: &OnProgress) -> Result<bool, Refusal> {
    let mut batches = false;
    let from = match writer.store.pending().map_err(Refusal::store)? {
        Some(commit) => from.min(commit - 1),
        None => from,
    };
    if from < writer.store.applied() {
        writer.store.rewind(from).map_err(Refusal::store)?;
    }
    let head = writer.journal.head();
    // The frames of an import are read when its commit is met.
    let records = writer.journal.chosen(from + 1, |head| !head.is_frame());
    for stored in records {
        let stored = stored.map_err(super::open::refuse_journal)?;
        if stored.seq % 512 == 0 {
            (progress)(Progress { what: Say::new("progress.opening"), done: stored.seq - from, of: head - from });
        }
        batches |= matches!(stored.body, Body::BatchCommit(_));
        apply_one(writer, &stored, compare, progress)?;
    }
    if head > writer.store.applied() {
        writer.store.apply(head, &[]).map_err(Refusal::store)?;
    }
    Ok(batches)
}

fn apply_one(writer: &mut Writer, stored: &Stored, compare: Seq, progress: &OnProgress) -> Result<(), Refusal> {
    match &stored.body {
        Body::Change { ops, .. } | Body::Undo { ops, .. } => writer.store.apply(stored.seq, ops).map_err(Refusal::store),
        Body::BatchCommit(commit) => {
            let run = batch::Run { commit: stored.seq, batch: commit.batch, frames: commit.frames, skip: commit.skip.clone() };
            batch::apply_quietly(writer, &run, progress)
        }
        Body::StateHash { at, hash, records } if *at > compare && *at == writer.store.applied() && *at == stored.seq - 1 => {
            if writer.store.state_hash() == (*hash, *records) {
                return Ok(());
            }
            Err(Refusal::data(Say::new("refused.store-differs").with("seq", at)))
        }
        _ => Ok(()),
    }
}

/// Makes the store anew from the journal.
pub fn rebuild(writer: &mut Writer, progress: &OnProgress) -> Result<(), Refusal> {
    let dir = writer.options.dir.join("sled");
    let held = std::mem::replace(&mut writer.store, Store::temporary().map_err(Refusal::store)?);
    writer.shared.clear_store();
    drop(held);
    writer.store = fresh_store(&dir, writer.options.cache)?;
    let from = baseline::store_from(writer, &writer.store, progress)?.unwrap_or(0);
    // What the journal folds to is the book, whatever sums were written down on the way.
    replay(writer, from, Seq::MAX, progress).map(drop)
}

/// After a rebuild: the columns are made anew as well, and the store is given out.
pub fn after_rebuild(writer: &mut Writer, progress: &OnProgress) -> Result<(), Refusal> {
    writer.ids = Ids::from_store(&writer.store);
    catch_up(writer, &[], true, progress)?;
    writer.shared.set_store(writer.store.clone());
    Ok(())
}

/// The state that the journal folds to, in a store of its own: for comparing.
pub fn folded_hash(writer: &mut Writer) -> Result<(u128, u64), Refusal> {
    let held = std::mem::replace(&mut writer.store, Store::temporary().map_err(Refusal::store)?);
    let quiet: OnProgress = Arc::new(|_| {});
    let folded = replay(writer, 0, Seq::MAX, &quiet).map(|_| writer.store.state_hash());
    writer.store = held;
    folded
}

/// Brings the published columns up to the store: customers touched since their block was written, and blocks that are
/// missing.
fn catch_up(writer: &mut Writer, blocks: &[BlockState], fresh: bool, progress: &OnProgress) -> Result<(), Refusal> {
    let (refs, dicts) = publish::all_references(&writer.store).map_err(Refusal::store)?;
    let (refs, dicts) = (Arc::new(refs), Arc::new(dicts));
    let shared = Arc::clone(&writer.shared);
    shared.facts.publish(shared.version().seq, Vec::new(), Some(Arc::clone(&refs)), Some(Arc::clone(&dicts)));
    let oldest = blocks.iter().filter_map(at).min().unwrap_or(0);
    let top = writer.store.next_id(crate::domain::Kind::Customer);
    let whole = fresh || blocks.is_empty() || writer.journal.head().saturating_sub(oldest) > 200_000;
    let head = writer.journal.head();
    if whole {
        return publish::everything(&shared, &writer.store, &refs, &dicts, head, progress);
    }
    let mut behind: BTreeSet<CustomerId> = BTreeSet::new();
    let mut stale_blocks: BTreeSet<u32> =
        (0..=u32::try_from(top >> BLOCK_BITS).unwrap_or(0)).filter(|b| !blocks.iter().any(|s| s.block == *b && at(s).is_some())).collect();
    for stored in writer.journal.chosen(oldest + 1, |head| head.is_change() || head.is_commit()) {
        let stored = stored.map_err(super::open::refuse_journal)?;
        match &stored.body {
            Body::Change { ops, .. } | Body::Undo { ops, .. } => behind.extend(newer(ops, stored.seq, blocks)),
            // A batch is coarse: every block older than its commit is made anew.
            Body::BatchCommit(_) => {
                stale_blocks.extend(blocks.iter().filter(|b| at(b).is_some_and(|seq| seq < stored.seq)).map(|b| b.block))
            }
            _ => {}
        }
    }
    behind.retain(|id| !stale_blocks.contains(&(id >> BLOCK_BITS)));
    let mut rows = Vec::with_capacity(behind.len());
    for id in behind {
        rows.push(publish::row(&writer.store, &refs, id).map_err(Refusal::store)?);
    }
    shared.facts.publish(head, rows, None, None);
    publish::blocks(&shared, &writer.store, &refs, head, stale_blocks)
}

fn newer<'a>(ops: &'a [Op], seq: Seq, blocks: &'a [BlockState]) -> impl Iterator<Item = CustomerId> + 'a {
    super::change::touched(ops)
        .into_iter()
        .filter(move |id| blocks.iter().find(|b| b.block == id >> BLOCK_BITS).and_then(at).is_none_or(|held| held < seq))
}

/// The number a good block is the state of.
fn at(block: &BlockState) -> Option<Seq> {
    match block.loaded {
        Loaded::At(seq) => Some(seq),
        Loaded::Missing | Loaded::Bad(_) => None,
    }
}

/// So many of the newest records are looked through for undoable changes.
const TRAIL: u64 = 20_000;

/// The undoable changes, in one pass over the end of the journal.
fn read_trail(writer: &mut Writer) -> Result<(), Refusal> {
    let mut trail = Trail::default();
    let from = writer.journal.head().saturating_sub(TRAIL);
    for stored in writer.journal.chosen(from + 1, |head| head.is_change() || head.is_commit()) {
        trail.take(stored.map_err(super::open::refuse_journal)?);
    }
    writer.trail = Arc::new(Mutex::new(trail));
    Ok(())
}
