//! The front door: arguments in, words and an exit code out. Every command asks the Desk what the workbench asks it.
//!
//! Exit codes: 0 done, 1 asked for something impossible, 2 bad usage, 3 bad data, 4 configuration, 5 the book is in use,
//! 70 our fault.

pub mod args;
mod books;
mod transfer;
mod json;
mod looks;
mod manual;
mod person;
pub mod place;
mod trust;
mod workbench;

use crate::domain::Say;
use crate::ops::Desk;
use crate::ops::open::{self, OnProgress, Options};
use crate::ops::request::{Progress, Refusal};
use crate::text::{self, Lang};
use args::{Cli, Command, Global};
use clap::Parser;
use std::ffi::OsString;
use std::io::{Read, Write};
use std::sync::Arc;

/// Where a command reads and writes.
pub struct Io<'a> {
    /// Results.
    pub out: &'a mut dyn Write,
    /// Progress, warnings, refusals.
    pub err: &'a mut dyn Write,
    /// Standard input.
    pub input: &'a mut dyn Read,
    /// Results go to a terminal.
    pub terminal: bool,
}

/// A command's way of ending early: a refusal, or an output that cannot be written.
#[derive(Debug)]
pub enum Stop {
    /// Refused.
    Refused(Refusal),
    /// The reader of our output went away, or the disk is full.
    Output(std::io::Error),
}

impl From<Refusal> for Stop {
    fn from(why: Refusal) -> Stop {
        Stop::Refused(why)
    }
}

impl From<std::io::Error> for Stop {
    fn from(why: std::io::Error) -> Stop {
        Stop::Output(why)
    }
}

/// What a command ends with: 0 or another exit code.
pub type Ended = Result<u8, Stop>;

/// Runs one command line.
pub fn run(line: impl IntoIterator<Item = OsString>, io: &mut Io<'_>) -> u8 {
    let cli = match Cli::try_parse_from(line) {
        Ok(cli) => cli,
        Err(why) => return usage(&why, io),
    };
    let lang = place::language(&cli.global);
    match dispatch(&cli, lang, io) {
        Ok(code) => code,
        Err(Stop::Output(why)) if why.kind() == std::io::ErrorKind::BrokenPipe => 0,
        Err(Stop::Output(why)) => {
            let _ = writeln!(io.err, "guanxi: {why}");
            1
        }
        Err(Stop::Refused(why)) => {
            refuse(io, lang, &why);
            why.kind.exit_code()
        }
    }
}

fn usage(why: &clap::Error, io: &mut Io<'_>) -> u8 {
    let text = why.render();
    let shown = if io.terminal { text.ansi().to_string() } else { text.to_string() };
    if why.use_stderr() {
        let _ = io.err.write_all(shown.as_bytes());
        return 2;
    }
    let _ = io.out.write_all(shown.as_bytes());
    0
}

/// A refusal in words, with what would help.
fn refuse(io: &mut Io<'_>, lang: Lang, why: &Refusal) {
    let _ = writeln!(io.err, "guanxi: {}", text::say(lang, &why.say));
    if let Some(hint) = &why.hint {
        let _ = writeln!(io.err, "        {}", text::say(lang, hint));
    }
}

fn dispatch(cli: &Cli, lang: Lang, io: &mut Io<'_>) -> Ended {
    let global = &cli.global;
    match &cli.command {
        None => workbench::open(global, lang, io),
        Some(Command::Demo { dir, now }) => workbench::demo(global, lang, dir.as_deref(), *now, io),
        Some(Command::Play(play)) => workbench::play(global, lang, play, io),
        Some(Command::Generate(generate)) => books::generate(global, lang, generate, io),
        Some(Command::Import(import)) => transfer::import(global, lang, import, io),
        Some(Command::Export(export)) => transfer::export(global, lang, export, io),
        Some(Command::Find { words, limit }) => looks::find(global, lang, &words.join(" "), *limit, io),
        Some(Command::Show { customer }) => looks::show(global, lang, customer, io),
        Some(Command::Log(log)) => person::log(global, lang, log, io),
        Some(Command::History { customer, limit }) => person::history(global, lang, customer.as_deref(), *limit, io),
        Some(Command::Undo { seq }) => person::undo(global, lang, *seq, io),
        Some(Command::Redo) => person::redo(global, lang, io),
        Some(Command::Verify { deep, backup }) => trust::verify(global, lang, *deep, backup.as_deref(), io),
        Some(Command::Doctor { counters }) => trust::doctor(global, lang, *counters, io),
        Some(Command::Rebuild) => trust::rebuild(global, lang, io),
        Some(Command::Backup { file }) => trust::backup(global, lang, file, io),
        Some(Command::Restore { file, dir }) => trust::restore(global, lang, file, dir, io),
        Some(Command::Help { topic }) => manual::help(lang, topic.as_deref(), io),
    }
}

/// Opens the book that the options name, whole.
fn desk(global: &Global) -> Result<Desk, Refusal> {
    desk_with(global, Arc::new(|_| {}))
}

fn desk_with(global: &Global, progress: OnProgress) -> Result<Desk, Refusal> {
    let dir = place::book_dir(global)?;
    let zone = open::zone_of(&dir).unwrap_or_else(place::system_zone);
    let desk = open::open(Options::real(&dir, place::clock(global, zone)?), progress)?;
    desk.ready()?;
    Ok(desk)
}

/// As [`desk`], but where no book is yet, one is made: a first import needs no ceremony.
fn desk_or_new(global: &Global, lang: Lang, io: &mut Io<'_>) -> Result<Desk, Refusal> {
    let dir = place::book_dir(global)?;
    if open::is_book(&dir) {
        return desk(global);
    }
    let (zone, currency) = place::zone_and_currency(global)?;
    let desk = open::create(Options::real(&dir, place::clock(global, zone)?), zone, &currency, Arc::new(|_| {}))?;
    let say = Say::new("done.new-book").with("dir", dir.display()).with("zone", zone.name()).with("currency", currency);
    let _ = writeln!(io.err, "{}", text::say(lang, &say));
    desk.ready()?;
    Ok(desk)
}

/// Shows progress on a terminal, at most a few times a second, on one line.
fn bar(lang: Lang, terminal: bool) -> OnProgress {
    let last = std::sync::Mutex::new((std::time::Instant::now(), String::new()));
    Arc::new(move |p: Progress| {
        let mut last = last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let words = text::say(lang, &p.what);
        let due = last.0.elapsed().as_millis() >= 200 || last.1 != words;
        if !terminal || !due {
            return;
        }
        *last = (std::time::Instant::now(), words.clone());
        let share = if p.of == 0 { String::new() } else { format!(" {:>3} %", p.done.min(p.of) * 100 / p.of) };
        let _ = write!(std::io::stderr(), "\r\u{1b}[K{words}{share}");
    })
}

/// Takes the progress line away.
fn bar_done(terminal: bool) {
    if terminal {
        let _ = write!(std::io::stderr(), "\r\u{1b}[K");
    }
}

/// One sentence on standard output.
fn tell(io: &mut Io<'_>, lang: Lang, say: &Say) -> std::io::Result<()> {
    writeln!(io.out, "{}", text::say(lang, say))
}
