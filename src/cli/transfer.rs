//! `import` and `export`: files in and out.

use super::args::{Export, Global, Import, OnMatchArg};
use super::files::{self, Files, Make, Output};
use super::{Book, Ended, Io, bar, bar_done, place, tell};
use crate::domain::{Kind, Say, fold};
use crate::exchange::{Custom, Format, Map, OnMatch, Options as ImportOptions};
use crate::manual::files::KINDS;
use crate::ops::import::{self, ImportOrder, ImportReport};
use crate::ops::open::{self, Options};
use crate::ops::request::{Refusal, RefusalKind};
use crate::text::{self, Lang};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn kind(word: &str) -> Result<Kind, Refusal> {
    KINDS.into_iter().find(|k| k.plural() == word).ok_or_else(|| {
        let near = fold::nearest(word, KINDS.iter().map(|k| k.plural()));
        let fits = near.map_or_else(|| KINDS.map(Kind::plural).join(", "), str::to_string);
        Refusal::new(RefusalKind::Usage, Say::new("refused.bad-value").with("field", "KIND").with("value", word).with("fits", fits))
    })
}

/// `guanxi import KIND FILE`.
pub fn import(global: &Global, lang: Lang, args: &Import, io: &mut Io<'_>) -> Ended {
    let mut order = order(args, lang, io.files)?;
    let show = bar(lang, io);
    // The book is closed before its folder goes: what is named last is dropped first.
    let (_passing, desk) = desk_for(global, lang, args.dry_run, io)?;
    let who = super::who(global, &desk, io)?;
    let report = if args.file.as_os_str() == "-" {
        import::import(&desk, &who, &order, io.input, io.cancelled, &|p| show(p))?
    } else {
        let mut source = io.files.read(&args.file).map_err(|e| files::refusal(&args.file, &e))?;
        order.bytes = source.bytes;
        import::import(&desk, &who, &order, &mut source.content, io.cancelled, &|p| show(p))?
    };
    bar_done(io);
    let kept = keep_refusals(&report, args.rejects.as_deref(), io.files)?;
    if global.json || global.jsonl {
        writeln!(io.out, "{}", json(&report))?;
    } else {
        print(io, lang, &order, &report)?;
    }
    warn(io, lang, &report, kept.as_deref())?;
    io.out.flush()?;
    Ok(if report.rows.refused > 0 && report.rows.read == report.rows.refused { 3 } else { 0 })
}

/// The book an import goes to. A dry run where no book is yet is tried on an empty one that goes away again.
fn desk_for(global: &Global, lang: Lang, dry: bool, io: &mut Io<'_>) -> Result<(Option<Passing>, Book), Refusal> {
    if !dry || io.seat.is_some() || open::is_book(&place::book_dir(global)?) {
        return Ok((None, super::desk_or_new(global, lang, io)?));
    }
    let (zone, currency) = place::zone_and_currency(global)?;
    let folder = Passing::new().map_err(|e| files::refusal(&std::env::temp_dir(), &e))?;
    let options = Options { socket: PathBuf::new(), ..Options::real(&folder.0, place::clock(global, zone)?) };
    let book = Book::opened(Arc::new(open::create(options, zone, &currency, Arc::new(|_| {}))?), Path::new(""));
    book.ready()?;
    Ok((Some(folder), book))
}

/// A folder that goes away.
struct Passing(PathBuf);

impl Passing {
    fn new() -> io::Result<Passing> {
        let id = std::process::id();
        let mut n = 0;
        loop {
            let path = std::env::temp_dir().join(format!("guanxi-dry-run-{id}-{n}"));
            match std::fs::create_dir(&path) {
                Ok(()) => return Ok(Passing(path)),
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => n += 1,
                Err(e) => return Err(e),
            }
        }
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn order(args: &Import, lang: Lang, files: &mut dyn Files) -> Result<ImportOrder, Refusal> {
    let map = match &args.map {
        Some(path) => {
            let toml = read_map(path, files).map_err(|e| files::refusal(path, &e))?;
            Map::parse(&toml, kind(&args.kind)?).map_err(|mistakes| {
                let all: Vec<String> =
                    mistakes.iter().map(|m| format!("{}:{}: {}", path.display(), m.line, text::say(lang, &m.say))).collect();
                Refusal::new(RefusalKind::Config, Say::new("refused.map").with("file", path.display()).with("why", all.join("; ")))
            })?
        }
        None => Map::default(),
    };
    let custom = match args.custom.as_deref() {
        None => Custom::No,
        Some("*") => Custom::All,
        Some(list) => Custom::Some(list.split(',').map(|s| s.trim().to_string()).collect()),
    };
    let on_match = match args.on_match {
        OnMatchArg::Update => OnMatch::Update,
        OnMatchArg::Skip => OnMatch::Skip,
        OnMatchArg::Add => OnMatch::Add,
    };
    let jsonl = args.file.extension().is_some_and(|e| e.eq_ignore_ascii_case("jsonl") || e.eq_ignore_ascii_case("ndjson"));
    Ok(ImportOrder {
        kind: kind(&args.kind)?,
        file: args.file.file_name().map_or_else(|| "-".to_string(), |n| n.to_string_lossy().into_owned()),
        bytes: 0,
        options: ImportOptions {
            map,
            key: args.key.clone(),
            on_match,
            create_customers: args.create.as_deref() == Some("customers"),
            new_values: args.new_values,
            custom,
            format: jsonl.then_some(Format::Jsonl),
        },
        dry_run: args.dry_run,
        shift_days: 0,
    })
}

/// A map file may be this long.
const MAP_LIMIT: u64 = 4 << 20;

fn read_map(path: &Path, files: &mut dyn Files) -> io::Result<String> {
    let mut text = String::new();
    files.read(path)?.content.take(MAP_LIMIT).read_to_string(&mut text)?;
    Ok(text)
}

/// Puts the refused rows where the person wants them; without a wish, nowhere but in the first lines shown.
fn keep_refusals(report: &ImportReport, to: Option<&Path>, files: &mut dyn Files) -> Result<Option<String>, Refusal> {
    let Some(from) = &report.staged.refusals else { return Ok(None) };
    let kept = match to {
        Some(to) => {
            pour(from, to, files).map_err(|e| files::refusal(to, &e))?;
            Some(to.display().to_string())
        }
        None => None,
    };
    let _ = std::fs::remove_file(from);
    Ok(kept)
}

fn pour(from: &Path, to: &Path, files: &mut dyn Files) -> io::Result<()> {
    let mut out = files.write(to, Make::Anew)?;
    io::copy(&mut File::open(from)?, &mut out)?;
    out.finish()
}

fn json(r: &ImportReport) -> serde_json::Value {
    serde_json::json!({
        "read": r.rows.read, "created": r.rows.created, "updated": r.rows.updated, "unchanged": r.rows.unchanged, "refused": r.rows.refused,
        "warnings": r.staged.totals.warnings, "seconds": r.view_seconds.max(r.safe_seconds), "safe_seconds": r.safe_seconds, "batch": r.batch,
    })
}

fn print(io: &mut Io<'_>, lang: Lang, order: &ImportOrder, r: &ImportReport) -> io::Result<()> {
    let code = if order.dry_run { "import.totals-dry" } else { "import.totals" };
    let say = Say::new(code)
        .with("read", r.rows.read)
        .with("created", r.rows.created)
        .with("updated", r.rows.updated)
        .with("unchanged", r.rows.unchanged)
        .with("refused", r.rows.refused);
    tell(io, lang, &say)?;
    if let Some(seq) = r.batch {
        let say = Say::new("import.saved")
            .with("seq", seq)
            .with("safe", format!("{:.1}", r.safe_seconds))
            .with("view", format!("{:.1}", r.view_seconds));
        tell(io, lang, &say)?;
    }
    Ok(())
}

/// What deserves a look: refusals, warnings, placeholders, columns nobody took.
fn warn(io: &mut Io<'_>, lang: Lang, r: &ImportReport, kept: Option<&str>) -> io::Result<()> {
    let mut line = |say: &Say| writeln!(io.err, "{}", text::say(lang, say));
    if let Some(seq) = r.already {
        line(&Say::new("import.already").with("seq", seq))?;
    }
    for (at, why) in r.staged.first_refusals.iter().take(5) {
        line(&Say::new("import.line").with("line", at).with("why", text::say(lang, why)))?;
    }
    if r.rows.refused > 5 || kept.is_some() {
        line(&Say::new("import.refused-file").with("count", r.rows.refused).with("file", kept.unwrap_or("--rejects FILE")))?;
    }
    for w in &r.staged.warnings {
        line(&Say::new("import.warning").with("why", text::say(lang, &w.say)).with("count", w.count))?;
    }
    for p in r.staged.placeholders.iter().filter(|p| p.count > 0) {
        let near = p.nearest.clone().unwrap_or_default();
        let code = if near.is_empty() { "import.placeholder" } else { "import.placeholder-near" };
        line(&Say::new(code).with("kind", p.kind.plural()).with("name", &p.name).with("count", p.count).with("near", near))?;
    }
    for u in &r.staged.unknown_links {
        line(&Say::new("import.unknown-link").with("column", &u.column).with("word", &u.word).with("count", u.count))?;
    }
    for c in &r.staged.untaken {
        let say = Say::new(if c.nearest.is_some() { "import.untaken-near" } else { "import.untaken" });
        line(&say.with("column", &c.head).with("keep", &c.keep).with("near", c.nearest.unwrap_or("")))?;
    }
    Ok(())
}

/// `guanxi export KIND`.
pub fn export(global: &Global, lang: Lang, args: &Export, io: &mut Io<'_>) -> Ended {
    let format = match args.format.as_str() {
        "csv" => Format::Csv,
        "jsonl" => Format::Jsonl,
        other => {
            let say = Say::new("refused.bad-value").with("field", "--format").with("value", other).with("fits", "csv, jsonl");
            return Err(Refusal::new(RefusalKind::Usage, say).into());
        }
    };
    let kind = kind(&args.kind)?;
    let desk = super::served_desk(global, io)?;
    let who = super::who(global, &desk, io)?;
    let written = match &args.output {
        None => crate::ops::export::export(&desk, &who, kind, &args.fields, format, io.out)?,
        Some(path) => {
            let mut out = Late { files: &mut *io.files, path, out: None };
            let n = crate::ops::export::export(&desk, &who, kind, &args.fields, format, &mut out)?;
            out.finish().map_err(|e| files::refusal(path, &e))?;
            n
        }
    };
    io.out.flush()?;
    let code = if written == 1 { "done.exported-one" } else { "done.exported" };
    writeln!(io.err, "{}", text::say(lang, &Say::new(code).with("kind", kind.plural()).with("count", written)))?;
    Ok(0)
}

/// A file that is made when its first bytes come: an export refused for its rights or its fields leaves what has the name.
struct Late<'f> {
    files: &'f mut dyn Files,
    path: &'f Path,
    out: Option<Box<dyn Output>>,
}

impl Late<'_> {
    fn open(&mut self) -> io::Result<&mut Box<dyn Output>> {
        let out = match self.out.take() {
            Some(out) => out,
            None => self.files.write(self.path, Make::Anew)?,
        };
        Ok(self.out.insert(out))
    }

    fn finish(mut self) -> io::Result<()> {
        self.open()?;
        self.out.map_or(Ok(()), Output::finish)
    }
}

impl Write for Late<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.open()?.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.out.as_mut().map_or(Ok(()), |out| out.flush())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::cli::files::Disk;

    #[test]
    fn a_file_is_replaced_only_when_its_first_bytes_come() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out.csv");
        std::fs::write(&path, "old").unwrap();
        let mut disk = Disk;
        let mut late = Late { files: &mut disk, path: &path, out: None };
        late.flush().unwrap();
        drop(late);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
        let mut late = Late { files: &mut disk, path: &path, out: None };
        late.write_all(b"new").unwrap();
        late.finish().unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
    }

    #[test]
    fn a_passing_folder_is_new_and_goes_away() {
        let (a, b) = (Passing::new().unwrap(), Passing::new().unwrap());
        assert_ne!(a.0, b.0);
        let path = a.0.clone();
        drop(a);
        assert!(!path.exists() && b.0.exists());
    }
}
