//! The front door: arguments in, words and an exit code out. Every command asks the Desk what the workbench asks it.
//!
//! Exit codes: 0 done, 1 asked for something impossible, 2 bad usage, 3 bad data, 4 configuration, 5 the book is in use,
//! 70 our fault.

pub mod args;
mod books;
pub mod files;
mod forward;
mod json;
pub mod listen;
mod looks;
mod manual;
mod person;
pub mod place;
mod served;
mod transfer;
mod trust;
pub mod wire;
mod workbench;

use crate::domain::{Say, Who};
use crate::ops::Desk;
use crate::ops::open::{self, OnProgress, Options};
use crate::ops::request::{Progress, Refusal, RefusalKind};
use crate::text::{self, Lang};
use args::{Cli, Command, Global};
use clap::Parser;
use files::Files;
use listen::Listener;
use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;

/// Where a command reads and writes.
pub struct Io<'a> {
    /// Results.
    pub out: &'a mut dyn Write,
    /// Progress, warnings, refusals.
    pub err: &'a mut dyn Write,
    /// Standard input.
    pub input: &'a mut (dyn Read + Send),
    /// Results go to a terminal.
    pub terminal: bool,
    /// The files it names.
    pub files: &'a mut dyn Files,
    /// Draws the progress line.
    pub bar: Arc<dyn Fn(&str) + Send + Sync>,
    /// Has whoever asked gone away?
    pub cancelled: &'a (dyn Fn() -> bool + Sync),
    /// The book it is carried out on, when it came through the socket.
    pub seat: Option<Seat>,
}

impl<'a> Io<'a> {
    /// A command started on this machine.
    pub fn local(
        out: &'a mut dyn Write,
        err: &'a mut dyn Write,
        input: &'a mut (dyn Read + Send),
        terminal: bool,
        files: &'a mut dyn Files,
    ) -> Io<'a> {
        let bar = Arc::new(|text: &str| {
            let _ = std::io::stderr().write_all(text.as_bytes());
        });
        Io { out, err, input, terminal, files, bar, cancelled: &|| false, seat: None }
    }
}

/// A place at somebody else's open book.
#[derive(Clone)]
pub struct Seat {
    /// The owner's Desk.
    pub desk: Arc<Desk>,
    /// The operating-system user who asks.
    pub user: String,
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

/// Runs one command line; when the book is open elsewhere, there.
pub fn run(line: impl IntoIterator<Item = OsString>, io: &mut Io<'_>) -> u8 {
    let args: Vec<OsString> = line.into_iter().collect();
    let cli = match Cli::try_parse_from(&args) {
        Ok(cli) => cli,
        Err(why) => return usage(&why, io),
    };
    let lang = place::language(&cli.global);
    let ended = forward::here_or_there(&args, &cli, lang, io);
    farewell(ended, lang, io)
}

/// Runs a command that came through the socket, given without the program's name.
fn run_seated(args: Vec<OsString>, lang: Lang, io: &mut Io<'_>) -> u8 {
    let named = forward::without_data(&args).1.then_some("--data");
    let cli = match Cli::try_parse_from(std::iter::once(OsString::from("guanxi")).chain(args)) {
        Ok(cli) => cli,
        Err(why) => return usage(&why, io),
    };
    let ended = match named.or(forward::unfit(&cli)) {
        Some(option) => Err(forward::refuse_option(option).into()),
        None if !forward::forwards(cli.command.as_ref()) => {
            Err(Refusal::new(RefusalKind::Usage, Say::new("refused.attached-command")).into())
        }
        None => dispatch(&cli, lang, io),
    };
    farewell(ended, lang, io)
}

fn farewell(ended: Ended, lang: Lang, io: &mut Io<'_>) -> u8 {
    match ended {
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

/// The book a command works on: opened by itself, or the owner's.
struct Book {
    desk: Arc<Desk>,
    listener: Option<Listener>,
    seated: bool,
}

impl std::ops::Deref for Book {
    type Target = Desk;
    fn deref(&self) -> &Desk {
        &self.desk
    }
}

impl Drop for Book {
    /// Those who are served are done first: they need the Desk, and the socket goes before the lock.
    fn drop(&mut self) {
        self.listener = None;
        if !self.seated {
            self.desk.close();
        }
    }
}

impl Book {
    /// A book opened here; with a path, others are served there meanwhile. Without a socket it works alone.
    fn opened(desk: Arc<Desk>, socket: &Path) -> Book {
        let listener = if socket.as_os_str().is_empty() { None } else { listen::start(Arc::clone(&desk), socket).ok() };
        Book { desk, listener, seated: false }
    }
}

/// Opens the book that the options name, whole, for a command that is soon done.
fn desk(global: &Global, io: &Io<'_>) -> Result<Book, Refusal> {
    desk_with(global, io, false, Arc::new(|_| {}))
}

/// Opens the book for a command that may take long: others are served beside it.
fn served_desk(global: &Global, io: &Io<'_>) -> Result<Book, Refusal> {
    desk_with(global, io, true, Arc::new(|_| {}))
}

fn desk_with(global: &Global, io: &Io<'_>, serve: bool, progress: OnProgress) -> Result<Book, Refusal> {
    if let Some(seat) = &io.seat {
        seat.desk.ready()?;
        return Ok(Book { desk: Arc::clone(&seat.desk), listener: None, seated: true });
    }
    let dir = place::book_dir(global)?;
    let zone = open::zone_of(&dir).unwrap_or_else(place::system_zone);
    let mut options = Options::real(&dir, place::clock(global, zone)?);
    if serve {
        options.socket = listen::address(&dir);
    }
    let socket = options.socket.clone();
    let book = Book::opened(Arc::new(open::open(options, progress)?), &socket);
    book.ready()?;
    Ok(book)
}

/// Who acts: the person at the client, or the one the options name.
fn who(global: &Global, desk: &Desk, io: &Io<'_>) -> Result<Who, Refusal> {
    match &io.seat {
        Some(seat) => Ok(Who::owner(&seat.user)),
        None => place::who(global, desk),
    }
}

/// As [`served_desk`], but where no book is yet, one is made: a first import needs no ceremony.
fn desk_or_new(global: &Global, lang: Lang, io: &mut Io<'_>) -> Result<Book, Refusal> {
    let dir = place::book_dir(global)?;
    if io.seat.is_some() || open::is_book(&dir) {
        return served_desk(global, io);
    }
    let (zone, currency) = place::zone_and_currency(global)?;
    let socket = listen::address(&dir);
    let options = Options { socket: socket.clone(), ..Options::real(&dir, place::clock(global, zone)?) };
    let book = Book::opened(Arc::new(open::create(options, zone, &currency, Arc::new(|_| {}))?), &socket);
    let say = Say::new("done.new-book").with("dir", dir.display()).with("zone", zone.name()).with("currency", currency);
    let _ = writeln!(io.err, "{}", text::say(lang, &say));
    book.ready()?;
    Ok(book)
}

/// Shows progress on a terminal, at most a few times a second, on one line.
fn bar(lang: Lang, io: &Io<'_>) -> OnProgress {
    let (terminal, draw) = (io.terminal, Arc::clone(&io.bar));
    let last = std::sync::Mutex::new((std::time::Instant::now(), String::new()));
    Arc::new(move |p: Progress| {
        let mut last = last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let words = text::say(lang, &p.what);
        let due = last.0.elapsed().as_millis() >= 200 || last.1 != words;
        if !terminal || !due {
            return;
        }
        *last = (std::time::Instant::now(), words.clone());
        let share = (p.done.min(p.of) * 100).checked_div(p.of).map_or_else(String::new, |n| format!(" {n:>3} %"));
        draw(&format!("\r\u{1b}[K{words}{share}"));
    })
}

/// Takes the progress line away.
fn bar_done(io: &mut Io<'_>) {
    if io.terminal {
        let _ = io.err.write_all(b"\r\x1b[K");
    }
}

/// One sentence on standard output.
fn tell(io: &mut Io<'_>, lang: Lang, say: &Say) -> std::io::Result<()> {
    writeln!(io.out, "{}", text::say(lang, say))
}
