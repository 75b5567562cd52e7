//! Baselines: after every gibibyte of journal, all that lives is written once, sorted and checked, so that a rebuild starts
//! there rather than at the beginning. A baseline counts only once the journal says so.

use super::open::{OnProgress, refuse_journal};
use super::request::{Progress, Refusal};
use super::writer::Writer;
use crate::domain::{Say, Seq};
use crate::journal::{Appended, Body, Entry, RecordHead};
use crate::store::{Store, verify_baseline, write_baseline};
use std::path::{Path, PathBuf};

/// A baseline is due after so much journal, in bytes.
pub const EVERY: u64 = 1 << 30;

/// The newest baseline that the journal names, is still there and is whole: its file, and the number it is the state of.
pub fn newest(writer: &Writer) -> Result<Option<(PathBuf, Seq)>, Refusal> {
    let mut named = Vec::new();
    for stored in writer.journal.chosen(1, RecordHead::is_baseline) {
        if let Body::Baseline { at, file, .. } = stored.map_err(refuse_journal)?.body {
            named.push((folder(writer).join(file), at));
        }
    }
    let whole = |(path, at): (PathBuf, Seq)| verify_baseline(&path).is_ok_and(|info| info.seq == at).then_some((path, at));
    Ok(named.into_iter().rev().find_map(whole))
}

/// A store made from a baseline; `None` when there is none to start from.
pub fn store_from(writer: &Writer, store: &Store, progress: &OnProgress) -> Result<Option<Seq>, Refusal> {
    let Some((path, at)) = newest(writer)? else { return Ok(None) };
    let tell = |done: u64| (progress)(Progress { what: Say::new("progress.rebuilding").with("why", ""), done, of: 0 });
    let seq = store.rebuild(&path, &mut |n| tell(n)).map_err(Refusal::store)?;
    debug_assert_eq!(seq, at);
    Ok(Some(seq))
}

/// Writes a baseline when the journal has grown by [`EVERY`] since the last one.
pub fn when_due(writer: &mut Writer) -> Result<(), Refusal> {
    let size: u64 = writer.journal.files().map_err(Refusal::journal)?.iter().map(|(_, len)| len).sum();
    if size < writer.baseline_due {
        return Ok(());
    }
    writer.baseline_due = size + EVERY;
    write(writer)
}

/// Writes a baseline of what stands now, and says so in the journal.
pub fn write(writer: &mut Writer) -> Result<(), Refusal> {
    let at = writer.store.applied();
    let folder = folder(writer);
    std::fs::create_dir_all(&folder).map_err(Refusal::store)?;
    let file = format!("{at:020}.gxb");
    let info = write_baseline(&writer.store, &folder.join(&file)).map_err(Refusal::store)?;
    let body = Body::Baseline { at: info.seq, file: file.clone(), hash: info.sum };
    let entry = Entry { wall_ms: writer.shared.clock.now().ms, staff: 0, session: writer.session, op_id: 0, body: body.into() };
    match writer.journal.append(writer.journal.written(), &[entry]) {
        Appended::Saved(_) => {
            forget_older(&folder, &file);
            Ok(())
        }
        other => Err(writer.failed(other)),
    }
}

/// Two baselines are kept: the new one, and the one before in case the new one goes bad.
fn forget_older(folder: &Path, newest: &str) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut names: Vec<String> =
        entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).filter(|n| n.ends_with(".gxb")).collect();
    names.sort_unstable();
    names.retain(|n| n != newest);
    names.pop();
    for name in names {
        let _ = std::fs::remove_file(folder.join(name));
    }
}

fn folder(writer: &Writer) -> PathBuf {
    writer.options.dir.join("baseline")
}
