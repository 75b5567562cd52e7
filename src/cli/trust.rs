//! `verify`, `doctor`, `rebuild`, `backup`, `restore`: why a book can be trusted.

use super::args::Global;
use super::files::{self, Make};
use super::{Ended, Io, bar, bar_done, place, tell};
use crate::domain::Say;
use crate::journal::{self, RealVfs, VerifyReport};
use crate::ops::request::Refusal;
use crate::ops::{backup as container, upkeep};
use crate::text::{self, Lang};
use std::path::Path;
use std::sync::Arc;

/// `guanxi verify`: a backup, or the book.
pub fn verify(global: &Global, lang: Lang, deep: bool, backup: Option<&Path>, io: &mut Io<'_>) -> Ended {
    if let Some(file) = backup {
        let info = container::check(file)?;
        tell(io, lang, &Say::new("verify.backup-good").with("files", info.files).with("bytes", info.bytes))?;
        return Ok(0);
    }
    let (report, problems) = examine(global, deep, io)?;
    if global.json {
        let list: Vec<String> = problems.iter().map(|p| text::say(lang, p)).collect();
        writeln!(
            io.out,
            "{}",
            serde_json::json!({"files": report.files, "records": report.records, "bytes": report.bytes, "last": report.last, "deep": deep, "problems": list})
        )?;
    } else {
        for problem in &problems {
            tell(io, lang, problem)?;
        }
        let code = if problems.is_empty() { "verify.good" } else { "verify.bad" };
        tell(io, lang, &Say::new(code).with("files", report.files).with("records", report.records).with("problems", problems.len()))?;
    }
    Ok(if problems.is_empty() { 0 } else { 3 })
}

fn examine(global: &Global, deep: bool, io: &Io<'_>) -> Result<(VerifyReport, Vec<Say>), Refusal> {
    if io.seat.is_some() {
        let found = upkeep::verify(&*super::desk(global, io)?, deep)?;
        return Ok((found.journal, found.problems));
    }
    // The journal can be read without opening the book: also when it is too damaged to be opened.
    let dir = place::book_dir(global)?;
    let report = journal::verify(&RealVfs::new(), &dir.join("journal")).map_err(crate::ops::open::refuse_journal)?;
    let mut problems: Vec<Say> = report.problems.iter().map(|p| Say::new("verify.journal").with("why", upkeep::problem(p))).collect();
    if deep && problems.is_empty() {
        problems = upkeep::verify(&*super::served_desk(global, io)?, true)?.problems;
    }
    Ok((report, problems))
}

/// `guanxi doctor`.
pub fn doctor(global: &Global, lang: Lang, counters: bool, io: &mut Io<'_>) -> Ended {
    let desk = super::desk(global, io)?;
    let h = upkeep::health(&desk)?;
    if global.json {
        let map = |list: &[(&'static str, u64)]| {
            list.iter().map(|(k, v)| ((*k).to_string(), serde_json::json!(v))).collect::<serde_json::Map<_, _>>()
        };
        writeln!(
            io.out,
            "{}",
            serde_json::json!({
                "head": h.head, "applied": h.applied, "customers": h.customers, "records": h.records, "resident": h.resident,
                "disk": map(&h.disk), "memory": map(&h.memory), "counters": map(&h.counters), "trouble": h.trouble.as_ref().map(|t| text::say(lang, t)),
            })
        )?;
        return Ok(u8::from(h.trouble.is_some()));
    }
    let mib = |bytes: u64| {
        let tenths = bytes * 10 / (1 << 20);
        format!("{}.{} MiB", tenths / 10, tenths % 10)
    };
    tell(
        io,
        lang,
        &Say::new("doctor.book").with("customers", h.customers).with("records", h.records).with("head", h.head).with("applied", h.applied),
    )?;
    tell(io, lang, &Say::new("doctor.resident").with("size", mib(h.resident)))?;
    for (part, bytes) in &h.memory {
        writeln!(io.out, "  {part:<24} {:>12}", mib(*bytes))?;
    }
    tell(io, lang, &Say::new("doctor.disk"))?;
    for (part, bytes) in &h.disk {
        writeln!(io.out, "  {part:<24} {:>12}", mib(*bytes))?;
    }
    if counters {
        tell(io, lang, &Say::new("doctor.counters"))?;
        for (name, n) in &h.counters {
            writeln!(io.out, "  {name:<24} {n:>12}")?;
        }
    }
    match &h.trouble {
        Some(trouble) => {
            tell(io, lang, trouble)?;
            Ok(1)
        }
        None => {
            tell(io, lang, &Say::new("doctor.well"))?;
            Ok(0)
        }
    }
}

/// `guanxi rebuild`.
pub fn rebuild(global: &Global, lang: Lang, io: &mut Io<'_>) -> Ended {
    let desk = super::served_desk(global, io)?;
    let began = std::time::Instant::now();
    upkeep::rebuild(&desk, bar(lang, io))?;
    bar_done(io);
    let seconds = format!("{:.1}", began.elapsed().as_secs_f64());
    tell(io, lang, &Say::new("done.rebuilt").with("customers", desk.shared().version().customers).with("seconds", seconds))?;
    io.out.flush()?;
    Ok(0)
}

/// `guanxi backup FILE`.
pub fn backup(global: &Global, lang: Lang, file: &Path, io: &mut Io<'_>) -> Ended {
    let desk = super::served_desk(global, io)?;
    let show = bar(lang, io);
    let failed = |e: std::io::Error| files::refusal(file, &e);
    let mut out = io.files.write(file, Make::Backup).map_err(failed)?;
    let info = upkeep::backup_into(&desk, &mut out, &|p| show(p))?;
    out.finish().map_err(failed)?;
    bar_done(io);
    tell(io, lang, &Say::new("done.backup").with("file", file.display()).with("files", info.files).with("bytes", info.bytes))?;
    io.out.flush()?;
    Ok(0)
}

/// `guanxi restore FILE --dir DIR`: the journal is unpacked and checked, then the rest is made from it.
pub fn restore(global: &Global, lang: Lang, file: &Path, dir: &Path, io: &mut Io<'_>) -> Ended {
    container::unpack(file, dir)?;
    let there = Global { data: Some(dir.to_path_buf()), ..global.clone() };
    let desk = super::desk_with(&there, io, true, bar(lang, io))?;
    bar_done(io);
    let customers = desk.shared().version().customers;
    tell(io, lang, &Say::new("done.restored").with("dir", dir.display()).with("customers", customers))?;
    Ok(0)
}

/// Silences progress where none is wanted.
pub fn quiet() -> crate::ops::open::OnProgress {
    Arc::new(|_| {})
}
