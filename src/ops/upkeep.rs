//! Keeping a book trustworthy: checkpoints, verification, rebuilding, backups, and saying how it is.

use super::backup::{self, BackupInfo, Part};
use super::desk::Desk;
use super::open::OnProgress;
use super::request::{Progress, Refusal, RefusalKind};
use super::settle;
use super::writer::Writer;
use crate::domain::{Say, Seq};
use crate::journal::{self, VerifyReport};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// Makes a checkpoint now, at full speed: the store synced, `STATE` written, the changed columns on disk.
pub fn checkpoint(writer: &mut Writer) {
    writer.checkpoints.finish(&writer.store, &writer.shared, &writer.options);
}

/// What `verify` found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The journal.
    pub journal: VerifyReport,
    /// With `--deep`: the store's number, and whether its state is the journal's.
    pub store: Option<(Seq, bool)>,
    /// What does not agree, one sentence each.
    pub problems: Vec<Say>,
}

/// Checks the journal's every byte; deep: the store's every record too, against the journal folded anew.
pub fn verify(desk: &Desk, deep: bool) -> Result<Verified, Refusal> {
    desk.ready()?;
    desk.own(move |writer| verify_writer(writer, deep))?
}

fn verify_writer(writer: &mut Writer, deep: bool) -> Result<Verified, Refusal> {
    let report = journal::verify(writer.options.vfs.as_ref(), &writer.options.dir.join("journal")).map_err(super::open::refuse_journal)?;
    let mut problems: Vec<Say> = report.problems.iter().map(|p| Say::new("verify.journal").with("why", problem(p))).collect();
    let mut store = None;
    if deep {
        let check = writer.store.check().map_err(Refusal::store)?;
        problems.extend(check.told.iter().map(|p| Say::new("verify.store").with("why", p)));
        let folded = settle::folded_hash(writer)?;
        let same = folded == writer.store.state_hash();
        if !same {
            problems.push(Say::new("verify.differs"));
        }
        store = Some((writer.store.applied(), same && check.problems == 0));
    }
    Ok(Verified { journal: report, store, problems })
}

/// A problem of the journal in one line: where, and what.
pub fn problem(p: &journal::Problem) -> String {
    format!("{}, {}: {}", p.file.display(), p.offset, p.what)
}

/// Makes store and columns anew from the journal; people read the columns meanwhile.
pub fn rebuild(desk: &Desk, progress: OnProgress) -> Result<(), Refusal> {
    desk.ready()?;
    desk.own(move |writer| {
        let made = settle::rebuild(writer, &progress).and_then(|()| settle::after_rebuild(writer, &progress));
        if let Err(why) = &made {
            // The index is half made and nobody may write over it; the next start makes it anew.
            writer.shared.set_trouble(Say::new("refused.read-only").with("why", why.say.arg("why")));
        }
        made
    })?
}

/// Writes a backup while the book is in use.
pub fn backup(desk: &Desk, to: &Path, progress: &dyn Fn(Progress)) -> Result<BackupInfo, Refusal> {
    backup::write(&acknowledged(desk)?, to, progress)
}

/// Writes a backup into a stream, whose keeper checks it when it is whole.
pub fn backup_into(desk: &Desk, out: &mut dyn Write, progress: &dyn Fn(Progress)) -> Result<BackupInfo, Refusal> {
    let failed = |e| Refusal::new(RefusalKind::NotSaved, Say::new("outcome.not-saved").with("why", e));
    backup::pour(&acknowledged(desk)?, out, progress).map_err(|e: std::io::Error| failed(e))
}

/// The list is made by the writer, between two commits; what it lists never changes again.
fn acknowledged(desk: &Desk) -> Result<Vec<Part>, Refusal> {
    desk.ready()?;
    desk.own(parts)?
}

fn parts(writer: &mut Writer) -> Result<Vec<Part>, Refusal> {
    let files = writer.journal.files().map_err(Refusal::journal)?;
    let part = |(path, len): (std::path::PathBuf, u64)| {
        let name = path.file_name().map_or_else(String::new, |n| format!("journal/{}", n.to_string_lossy()));
        Part { path, name, len }
    };
    Ok(files.into_iter().map(part).collect())
}

/// How the book is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Journal's head.
    pub head: Seq,
    /// The store's number.
    pub applied: Seq,
    /// Customers.
    pub customers: u64,
    /// Records in all.
    pub records: u64,
    /// Bytes on disk by part.
    pub disk: Vec<(&'static str, u64)>,
    /// Bytes in memory by part.
    pub memory: Vec<(&'static str, u64)>,
    /// Resident memory of the process, bytes.
    pub resident: u64,
    /// Work counters by name.
    pub counters: Vec<(&'static str, u64)>,
    /// Why the book is read-only, if it is.
    pub trouble: Option<Say>,
}

/// Says how the book is; changes nothing.
pub fn health(desk: &Desk) -> Result<Health, Refusal> {
    desk.ready()?;
    let shared = Arc::clone(desk.shared());
    desk.own(move |writer| {
        let (_, records) = writer.store.state_hash();
        let dir = &writer.options.dir;
        let disk = ["journal", "sled", "facts", "baseline", "staging"].into_iter().map(|p| (p, size_of(&dir.join(p)))).collect();
        let facts = shared.facts.counters();
        let mut counters = vec![("syncs", writer.options.vfs.syncs()), ("bytes_written", writer.options.vfs.bytes_written())];
        counters.push(("blocks_cloned", facts.blocks_cloned));
        counters.push(("bytes_copied", facts.bytes_copied));
        Health {
            head: writer.journal.head(),
            applied: writer.store.applied(),
            customers: shared.version().customers,
            records,
            disk,
            memory: shared.version().memory(),
            resident: resident(),
            counters,
            trouble: shared.trouble(),
        }
    })
}

fn size_of(path: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(path) else { return std::fs::metadata(path).map_or(0, |m| m.len()) };
    entries.flatten().map(|e| if e.path().is_dir() { size_of(&e.path()) } else { e.metadata().map_or(0, |m| m.len()) }).sum()
}

/// Resident memory of this process; 0 where the system does not tell.
pub fn resident() -> u64 {
    memory("VmRSS:")
}

/// The most memory this process ever held; 0 where the system does not tell.
pub fn peak() -> u64 {
    memory("VmHWM:")
}

fn memory(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let found = status.lines().find_map(|l| l.strip_prefix(line));
    found.and_then(|l| l.trim().trim_end_matches("kB").trim().parse::<u64>().ok()).map_or(0, |kb| kb * 1024)
}

/// Writes a baseline now, so that the next rebuild starts there.
pub fn baseline(desk: &Desk) -> Result<(), Refusal> {
    desk.ready()?;
    desk.own(super::baseline::write)?
}
