//! A command whose book is open elsewhere: it goes to the owner over the socket and prints what comes back, with the
//! owner's exit code. An owner that does not answer within [`PATIENCE`] is named, and the command ends as exit 5.

use super::args::{Cli, Command};
use super::files::{Disk, Files, Make, Output, Source};
use super::listen::Timed;
use super::wire::{self, CHUNK, Frame, Hello, Tag};
use super::{Ended, Io, Stop, place};
use crate::domain::Say;
use crate::journal::Holder;
use crate::ops::open::SOCKET;
use crate::ops::request::{Refusal, RefusalKind};
use crate::text::Lang;
use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// How long an owner has to answer.
pub const PATIENCE: Duration = Duration::from_secs(2);
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(20);
/// Files a command may have open at once.
const MOST_FILES: usize = 16;

/// May a command be carried out by the owner? The others need a terminal or a folder of their own, or read none.
pub fn forwards(command: Option<&Command>) -> bool {
    match command {
        None | Some(Command::Demo { .. } | Command::Play(_) | Command::Generate(_) | Command::Restore { .. } | Command::Help { .. }) => {
            false
        }
        Some(Command::Verify { backup, .. }) => backup.is_none(),
        Some(
            Command::Import(_)
            | Command::Export(_)
            | Command::Find { .. }
            | Command::Show { .. }
            | Command::Log(_)
            | Command::History { .. }
            | Command::Undo { .. }
            | Command::Redo
            | Command::Doctor { .. }
            | Command::Rebuild
            | Command::Backup { .. },
        ) => true,
    }
}

/// The arguments without `--data`, which is how the client found the owner; and whether it was there.
pub fn without_data(args: &[OsString]) -> (Vec<OsString>, bool) {
    let (mut kept, mut found, mut i) = (Vec::new(), false, 0);
    while let Some(arg) = args.get(i) {
        match arg.as_bytes() {
            b"--" => {
                kept.extend(args.iter().skip(i).cloned());
                break;
            }
            b"--data" => (found, i) = (true, i + 1),
            bytes if bytes.starts_with(b"--data=") => found = true,
            _ => kept.push(arg.clone()),
        }
        i += 1;
    }
    (kept, found)
}

/// The option that says something only the owner may decide, if there is one.
pub fn unfit(cli: &Cli) -> Option<&'static str> {
    cli.global.today.as_ref().map(|_| "--today").or(cli.global.acting.as_ref().map(|_| "--as"))
}

/// The refusal of an option through a socket.
pub fn refuse_option(option: &str) -> Refusal {
    Refusal::new(RefusalKind::Usage, Say::new("refused.attached-option").with("option", option))
}

/// Carries a command out here, or, while somebody else has the book, there.
pub fn here_or_there(args: &[OsString], cli: &Cli, lang: Lang, io: &mut Io<'_>) -> Ended {
    let until = Instant::now() + PATIENCE;
    loop {
        let why = match super::dispatch(cli, lang, io) {
            Err(Stop::Refused(why)) if why.say.code == "refused.in-use" => why,
            ended => return ended,
        };
        if !forwards(cli.command.as_ref()) {
            return Err(why.hint(Say::new("hint.attached-own")).into());
        }
        if let Some(option) = unfit(cli) {
            return Err(refuse_option(option).into());
        }
        let dir = place::book_dir(&cli.global)?;
        if let Some(line) = call(&dir, &introduction(args, lang, io), until) {
            return Client { line, named: Named::of(cli), open: Vec::new() }.follow(io);
        }
        if Instant::now() + PAUSE >= until {
            return Err(why.into());
        }
        std::thread::sleep(PAUSE);
    }
}

fn introduction(args: &[OsString], lang: Lang, io: &Io<'_>) -> Hello {
    let (args, _) = without_data(args.get(1..).unwrap_or_default());
    Hello::new(&args, lang, io.terminal, place::os_user())
}

/// A line to the owner that has said welcome; `None` when nobody answers now.
fn call(dir: &Path, hello: &Hello, until: Instant) -> Option<UnixStream> {
    let holder = Holder::read(&dir.join("LOCK"))?;
    if holder.socket.is_empty() {
        return None;
    }
    // The folder may be mounted under another name than its owner knows it by.
    [PathBuf::from(&holder.socket), dir.join(SOCKET)].iter().find_map(|path| {
        let mut line = connect(path, until)?;
        line.set_write_timeout(Some(left(until)?)).ok()?;
        wire::send(&mut line, Tag::Hello, &[&serde_json::to_vec(hello).ok()?]).ok()?;
        let answer = wire::receive(&mut Timed { stream: &line, until }).ok()?;
        line.set_read_timeout(None).and_then(|()| line.set_write_timeout(None)).ok()?;
        (answer.tag == Tag::Welcome).then_some(line)
    })
}

fn left(until: Instant) -> Option<Duration> {
    Some(until.saturating_duration_since(Instant::now())).filter(|d| !d.is_zero())
}

/// Connects, but not longer than until then: at an owner that has stopped, the kernel's queue can be full.
fn connect(path: &Path, until: Instant) -> Option<UnixStream> {
    let (done, connected) = channel();
    let path = path.to_path_buf();
    std::thread::Builder::new().spawn(move || done.send(UnixStream::connect(path))).ok()?;
    connected.recv_timeout(left(until)?).ok()?.ok()
}

/// The files that the command line names: no other is opened, whatever the owner asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Named {
    read: Vec<PathBuf>,
    write: Vec<(PathBuf, Make)>,
}

impl Named {
    fn of(cli: &Cli) -> Named {
        let mut named = Named::default();
        match &cli.command {
            Some(Command::Import(import)) => {
                named.read.push(import.file.clone());
                named.read.extend(import.map.clone());
                named.write.extend(import.rejects.clone().map(|p| (p, Make::Anew)));
            }
            Some(Command::Export(export)) => named.write.extend(export.output.clone().map(|p| (p, Make::Anew))),
            Some(Command::Backup { file }) => named.write.push((file.clone(), Make::Backup)),
            _ => {}
        }
        named
    }
}

enum Open {
    Reading(Box<dyn Read + Send>),
    Writing(Box<dyn Output>),
    Closed,
}

struct Client {
    line: UnixStream,
    named: Named,
    open: Vec<Open>,
}

impl Client {
    /// Does what the owner asks until the command has ended.
    fn follow(mut self, io: &mut Io<'_>) -> Ended {
        loop {
            let Ok(Frame { tag, body }) = wire::receive(&mut self.line) else { return Err(gone().into()) };
            match tag {
                Tag::Out => io.out.write_all(&body)?,
                Tag::Err => io.err.write_all(&body)?,
                Tag::Bar => (io.bar)(&String::from_utf8_lossy(&body)),
                Tag::Exit => {
                    io.out.flush()?;
                    return Ok(body.first().copied().unwrap_or(70));
                }
                Tag::Input | Tag::Read | Tag::More | Tag::Write | Tag::Put | Tag::Close => {
                    let answered = match self.answer(tag, &body, io) {
                        Ok((tag, body)) => wire::send(&mut self.line, tag, &[&body]),
                        Err(why) => wire::send(&mut self.line, Tag::Failed, &[&wire::failure(&why)]),
                    };
                    answered.map_err(|_| gone())?;
                }
                _ => return Err(gone().into()),
            }
        }
    }

    fn answer(&mut self, tag: Tag, body: &[u8], io: &mut Io<'_>) -> io::Result<(Tag, Vec<u8>)> {
        match tag {
            Tag::Input => Ok((Tag::Content, chunk(io.input)?)),
            Tag::Read => {
                let path = self.named.read.iter().find(|p| p.as_os_str().as_bytes() == body).ok_or(io::ErrorKind::PermissionDenied)?;
                let Source { content, bytes } = Disk.read(path)?;
                self.opened(Open::Reading(content), bytes)
            }
            Tag::Write => {
                let (how, path) = body.split_first().ok_or(io::ErrorKind::InvalidData)?;
                let make = if *how == 0 { Make::Anew } else { Make::Backup };
                let meant = (PathBuf::from(OsStr::from_bytes(path)), make);
                let (path, make) = self.named.write.iter().find(|named| **named == meant).ok_or(io::ErrorKind::PermissionDenied)?;
                let output = Disk.write(path, *make)?;
                self.opened(Open::Writing(output), 0)
            }
            _ => {
                let (number, rest) = wire::numbered(body).ok_or(io::ErrorKind::InvalidData)?;
                let file = self.open.get_mut(number as usize).ok_or(io::ErrorKind::NotFound)?;
                go_on(tag, file, rest)
            }
        }
    }

    fn opened(&mut self, file: Open, bytes: u64) -> io::Result<(Tag, Vec<u8>)> {
        let number = u32::try_from(self.open.len()).ok().filter(|_| self.open.len() < MOST_FILES).ok_or(io::ErrorKind::QuotaExceeded)?;
        self.open.push(file);
        Ok((Tag::Opened, [&number.to_le_bytes()[..], &bytes.to_le_bytes()[..]].concat()))
    }
}

/// More of a file, more for it, or its end.
fn go_on(tag: Tag, file: &mut Open, rest: &[u8]) -> io::Result<(Tag, Vec<u8>)> {
    match (tag, &mut *file) {
        (Tag::More, Open::Reading(content)) => Ok((Tag::Content, chunk(content)?)),
        (Tag::Put, Open::Writing(output)) => output.write_all(rest).map(|()| (Tag::Done, Vec::new())),
        (Tag::Close, Open::Writing(_)) => match std::mem::replace(file, Open::Closed) {
            Open::Writing(output) => output.finish().map(|()| (Tag::Done, Vec::new())),
            _ => Err(io::ErrorKind::InvalidData.into()),
        },
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// What comes next of a stream: as much as is there, at most [`CHUNK`]; nothing = its end.
fn chunk(from: &mut (impl Read + ?Sized)) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; CHUNK];
    loop {
        match from.read(&mut bytes) {
            Ok(n) => {
                bytes.truncate(n);
                return Ok(bytes);
            }
            Err(why) if why.kind() == io::ErrorKind::Interrupted => {}
            Err(why) => return Err(why),
        }
    }
}

fn gone() -> Refusal {
    Refusal::new(RefusalKind::Unknown, Say::new("refused.attached-gone"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use clap::Parser;

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn the_folder_is_left_out_of_what_is_sent_and_words_that_look_like_it_are_not() {
        for (line, kept, found) in [
            ("--data d find x", "find x", true),
            ("find --data=d x", "find x", true),
            ("find -- --data d", "find -- --data d", false),
            ("log C1 --note=--data", "log C1 --note=--data", false),
        ] {
            assert_eq!(without_data(&words(line)), (words(kept), found), "{line}");
        }
    }

    #[test]
    fn an_owner_gets_no_file_that_the_command_line_does_not_name() {
        let cli = Cli::try_parse_from(words("guanxi import customers in.csv --map m.toml --rejects r.csv")).unwrap();
        let named = Named::of(&cli);
        assert_eq!(named.read, ["in.csv", "m.toml"].map(PathBuf::from));
        let (line, _other) = UnixStream::pair().unwrap();
        let mut client = Client { line, named, open: Vec::new() };
        let (mut out, mut err, mut input) = (Vec::new(), Vec::new(), io::empty());
        let mut disk = Disk;
        let mut io = Io::local(&mut out, &mut err, &mut input, false, &mut disk);
        let mut refused = |tag, body: &[u8]| client.answer(tag, body, &mut io).unwrap_err().kind();
        assert_eq!(refused(Tag::Read, b"/etc/hostname"), io::ErrorKind::PermissionDenied);
        assert_eq!(refused(Tag::Write, b"\0in.csv"), io::ErrorKind::PermissionDenied);
        assert_eq!(refused(Tag::Write, b"\x01r.csv"), io::ErrorKind::PermissionDenied);
        assert_eq!(refused(Tag::More, &7u32.to_le_bytes()), io::ErrorKind::NotFound);
        assert_eq!(refused(Tag::Put, b"x"), io::ErrorKind::InvalidData);
    }
}
