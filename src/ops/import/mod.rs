//! Imports: a file is staged without any lock (that is the dry run), compared with the book, written as frames beside the
//! writer, and acknowledged by one commit record with one sync: all of it, or nothing. Then it comes into view.

mod batch_writer;
mod compare;
mod plan;
mod view;

pub use batch_writer::{BatchWriter, Begun, Committed};

use super::desk::Desk;
use super::request::{Progress, Refusal, RefusalKind};
use crate::domain::{Kind, Right, Say, Seq, Who};
use crate::exchange::{self, ImportError, OnMatch, Options, Staged};
use crate::journal::{BatchCommit, BatchRows};
use std::io::Read;
use std::time::Instant;

/// What is to be imported, and how.
#[derive(Debug, Clone)]
pub struct ImportOrder {
    /// What the rows are.
    pub kind: Kind,
    /// The file's name, for the history.
    pub file: String,
    /// The file's size in bytes, for the progress; 0 = not known.
    pub bytes: u64,
    /// Map, key, matches, new values.
    pub options: Options,
    /// Check everything, write nothing.
    pub dry_run: bool,
    /// Days added to every date but birthdays (the demo moved to the present).
    pub shift_days: i32,
}

/// How an import ended.
#[derive(Debug)]
pub struct ImportReport {
    /// read = created + updated + unchanged + refused, in rows of the file.
    pub rows: BatchRows,
    /// The commit's number; `None` for a dry run, and when nothing was to be written.
    pub batch: Option<Seq>,
    /// What staging found: refusals, warnings, placeholders, columns not taken.
    pub staged: Staged,
    /// The same file was imported already, under that number.
    pub already: Option<Seq>,
    /// Seconds until all of it was safe on disk.
    pub safe_seconds: f64,
    /// Seconds until all of it was in view.
    pub view_seconds: f64,
    /// Where the staged files are, as long as the report is held.
    pub folder: Folder,
}

/// Runs an import to the end.
///
/// # Errors
/// A refusal when the person may not, the file does not fit, the disk fails, or it was cancelled: nothing is imported then.
pub fn import(
    desk: &Desk,
    who: &Who,
    order: &ImportOrder,
    reader: &mut (dyn Read + Send),
    cancelled: &(dyn Fn() -> bool + Sync),
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<ImportReport, Refusal> {
    if !who.role.may(Right::Bulk) {
        return Err(Refusal::impossible(Say::new("refused.right").with("role", format!("{:?}", who.role)).with("what", "import")));
    }
    desk.ready()?;
    let began = Instant::now();
    let version = desk.shared().version();
    let view = view::View::new(desk, &version)?;
    let folder = Folder::new(desk)?;
    let mut staging_progress = |bytes: u64, _rows: u64| {
        progress(Progress { what: Say::new("progress.staging").with("kind", order.kind.plural()), done: bytes, of: order.bytes });
    };
    let staged =
        exchange::stage(reader, order.kind, &order.options, &view, &folder.0, cancelled, &mut staging_progress).map_err(|e| refuse(&e))?;
    let already = desk.already_imported(order.kind, &staged.file_hash);
    if order.dry_run {
        let rows = plan::dry(&view, &staged, order)?;
        return Ok(ImportReport { rows, batch: None, staged, already, safe_seconds: 0.0, view_seconds: 0.0, folder });
    }
    let mut batch = BatchWriter::begin(desk, who, &staged)?;
    let rows = plan::write(&view, &staged, order, &mut batch, cancelled, progress)?;
    let commit = BatchCommit {
        verb: "data.import".into(),
        os_user: who.os_user.clone(),
        kind: order.kind.code(),
        file: order.file.clone(),
        file_hash: staged.file_hash,
        rows,
        ..BatchCommit::default()
    };
    let committed = batch.commit(commit, began, progress)?;
    let batch = committed.as_ref().map(|c| c.seq);
    let (safe_seconds, view_seconds) = committed.map_or((0.0, 0.0), |c| (c.safe_seconds, c.view_seconds));
    Ok(ImportReport { rows, batch, staged, already, safe_seconds, view_seconds, folder })
}

/// A staging folder of its own, gone when the report is dropped.
#[derive(Debug)]
pub struct Folder(std::path::PathBuf);

impl Folder {
    fn new(desk: &Desk) -> Result<Folder, Refusal> {
        let dir = desk.shared().book.dir.join("staging");
        let free = (1..).map(|n| dir.join(format!("import-{}-{n}", std::process::id()))).find(|p| !p.exists()).unwrap_or(dir);
        std::fs::create_dir_all(&free).map_err(|e| Refusal::new(RefusalKind::NotSaved, Say::new("outcome.not-saved").with("why", e)))?;
        Ok(Folder(free))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A staging error as a refusal.
pub fn refuse(why: &ImportError) -> Refusal {
    match why {
        ImportError::Refused(says) => {
            let mut says = says.iter();
            let first = says.next().cloned().unwrap_or_else(|| Say::new("refused.import"));
            let refusal = Refusal::data(first);
            match says.next() {
                Some(second) => refusal.hint(second.clone()),
                None => refusal,
            }
        }
        ImportError::Io { .. } => Refusal::new(RefusalKind::NotSaved, Say::new("outcome.not-saved").with("why", why)),
        ImportError::Cancelled => Refusal::new(RefusalKind::Cancelled, Say::new("refused.cancelled")),
    }
}

/// Do matching records take the file's fields?
fn updates(order: &ImportOrder) -> bool {
    order.options.on_match != OnMatch::Skip
}
