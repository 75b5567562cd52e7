//! The owner's side of the socket: whoever has a book open takes the commands of others, on a thread of its own.
//!
//! The socket is for the owner's user alone (0600). A client costs at most one of [`MOST_CLIENTS`] places, frames have a
//! limit, and who does not introduce itself within [`HANDSHAKE`] is hung up. A command that panics ends as exit 70; the
//! owner goes on.

use super::files::Files;
use super::served::{Fetch, Guest, Line, Speak, Theirs};
use super::wire::{self, CHUNK, Hello, PROTOCOL, Tag};
use super::{Io, Seat};
use crate::domain::{Say, clean};
use crate::ops::Desk;
use crate::ops::entropy::Entropy;
use crate::ops::open::{SOCKET, SOCKET_FOLDER};
use crate::text::{self, Lang};
use std::io::{self, BufWriter, Read, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

/// Clients at a time; one more is hung up.
pub const MOST_CLIENTS: usize = 32;
/// Within this time a client has said what it wants.
pub const HANDSHAKE: Duration = Duration::from_secs(2);
/// An owner that leaves waits so long for a client that neither takes nor answers.
const GRACE: Duration = Duration::from_secs(2);
/// Between two looks at who is still there, and after a failed accept.
const LOOK: Duration = Duration::from_millis(50);
/// Longest address in bytes: the kernel's `sun_path` is 104 on the strictest system, less the end mark and the suffix of
/// the name under which a socket is made before it is moved into place.
const ADDRESS_LIMIT: usize = 104 - 1 - ".new".len();
/// Most characters of a user's name that are kept.
const USER_LIMIT: usize = 64;

/// Where whoever opens the book in `dir` is to listen: in the book, or in a short folder of its own when that path is too
/// long for a socket. Empty when nothing fits.
pub fn address(dir: &Path) -> PathBuf {
    let fits = |p: &PathBuf| p.as_os_str().len() <= ADDRESS_LIMIT;
    let here = std::path::absolute(dir).unwrap_or_else(|_| dir.to_path_buf()).join(SOCKET);
    if fits(&here) {
        return here;
    }
    let name = format!("{SOCKET_FOLDER}{:x}", Entropy::system().id() >> 64);
    let short = [std::env::temp_dir(), PathBuf::from("/tmp")].map(|root| root.join(&name).join(SOCKET));
    short.into_iter().find(fits).unwrap_or_default()
}

/// Takes the commands of others until it is dropped; then what is under way is finished first.
pub struct Listener {
    path: PathBuf,
    hall: Arc<Hall>,
    accepting: Option<JoinHandle<()>>,
}

struct Hall {
    /// Taken away when the last client has gone: nothing of the book is held from here then.
    desk: Mutex<Option<Arc<Desk>>>,
    leaving: AtomicBool,
    guests: Mutex<Vec<Arc<Guest>>>,
    bell: Condvar,
}

impl Hall {
    fn guests(&self) -> MutexGuard<'_, Vec<Arc<Guest>>> {
        self.guests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Listens at `path` for commands on the Desk. Only the holder of the book's lock may.
///
/// # Errors
/// What the system says: a folder that cannot hold a socket, no thread.
pub fn start(desk: Arc<Desk>, path: &Path) -> io::Result<Listener> {
    let listener = bind(path)?;
    let hall =
        Arc::new(Hall { desk: Mutex::new(Some(desk)), leaving: AtomicBool::new(false), guests: Mutex::default(), bell: Condvar::new() });
    let theirs = Arc::clone(&hall);
    let accepting = Builder::new().name("listen".into()).spawn(move || accept(&listener, &theirs))?;
    Ok(Listener { path: path.to_path_buf(), hall, accepting: Some(accepting) })
}

/// Made under another name and moved into place when only its owner can reach it.
fn bind(path: &Path) -> io::Result<UnixListener> {
    let folder = path.parent().filter(|_| !path.as_os_str().is_empty()).ok_or(io::ErrorKind::InvalidInput)?;
    if !folder.exists() {
        std::fs::DirBuilder::new().mode(0o700).create(folder)?;
    }
    let fresh = path.with_extension("new");
    let _ = std::fs::remove_file(&fresh);
    let listener = UnixListener::bind(&fresh)?;
    std::fs::set_permissions(&fresh, std::fs::Permissions::from_mode(0o600))?;
    std::fs::rename(&fresh, path)?;
    Ok(listener)
}

impl Listener {
    /// Commands that are being carried out.
    pub fn working(&self) -> usize {
        self.hall.guests().iter().filter(|g| g.working()).count()
    }

    /// Where it listens.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn see_them_off(&self) {
        let mut guests = self.hall.guests();
        while !guests.is_empty() {
            guests.iter().filter(|g| !g.working() || g.waited() > GRACE).for_each(|g| g.hang_up());
            guests = self.hall.bell.wait_timeout(guests, LOOK).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.hall.leaving.store(true, Ordering::Release);
        // The accepting thread sleeps in the kernel; a call of our own wakes it.
        let woken = UnixStream::connect(&self.path).is_ok();
        let _ = std::fs::remove_file(&self.path);
        if let Some(folder) = self.path.parent().filter(|f| f.file_name().is_some_and(|n| n.to_string_lossy().starts_with(SOCKET_FOLDER))) {
            let _ = std::fs::remove_dir(folder);
        }
        if let Some(accepting) = self.accepting.take().filter(|_| woken) {
            let _ = accepting.join();
        }
        self.see_them_off();
        self.hall.desk.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

fn accept(listener: &UnixListener, hall: &Arc<Hall>) {
    loop {
        let stream = listener.accept();
        if hall.leaving.load(Ordering::Acquire) {
            return;
        }
        match stream {
            Ok((stream, _)) => receive(stream, hall),
            // Too many open files, most likely: that passes.
            Err(_) => std::thread::sleep(LOOK),
        }
    }
}

/// Gives a client a place and a thread; without either it is hung up and will knock again.
fn receive(stream: UnixStream, hall: &Arc<Hall>) {
    let guest = Arc::new(Guest::new(stream));
    let mut guests = hall.guests();
    if guests.len() >= MOST_CLIENTS {
        return;
    }
    guests.push(Arc::clone(&guest));
    drop(guests);
    let (theirs, leaver) = (Arc::clone(hall), Arc::clone(&guest));
    let spawned = Builder::new().name("client".into()).spawn(move || {
        let _place = Place { hall: &theirs, guest: &leaver };
        serve(&leaver, &theirs);
    });
    if spawned.is_err() {
        drop(Place { hall, guest: &guest });
    }
}

/// A client's place, free again when it is done.
struct Place<'a> {
    hall: &'a Hall,
    guest: &'a Arc<Guest>,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.guest.hang_up();
        self.hall.guests().retain(|g| !Arc::ptr_eq(g, self.guest));
        self.hall.bell.notify_all();
    }
}

fn serve(guest: &Arc<Guest>, hall: &Hall) {
    let Ok(hello) = introduction(guest.stream()) else { return };
    let desk = hall.desk.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let Some(desk) = desk.filter(|_| !hall.leaving.load(Ordering::Acquire)) else { return };
    let Ok((line, threads)) = Line::welcome(guest) else { return };
    let code = guarded(|| carry_out(&hello, &desk, &line)).unwrap_or_else(|| {
        let words = text::say(hello.language(), &Say::new("refused.attached-fault"));
        let _ = line.say(Tag::Err, &[format!("guanxi: {words}\n").as_bytes()]);
        70
    });
    let _ = line.say(Tag::Exit, &[&[code]]);
    drop(line);
    threads.end(guest);
}

/// What a piece of work gives back; `None` when it panicked.
fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// Reads who is there and what is wanted, all of it within [`HANDSHAKE`].
fn introduction(stream: &UnixStream) -> io::Result<Hello> {
    let frame = wire::receive(&mut Timed { stream, until: Instant::now() + HANDSHAKE })?;
    stream.set_read_timeout(None)?;
    let hello: Hello = serde_json::from_slice(&frame.body)?;
    let known = frame.tag == Tag::Hello && hello.protocol == PROTOCOL;
    if known { Ok(hello) } else { Err(io::ErrorKind::InvalidData.into()) }
}

/// A stream that is read until a moment and no longer, however its bytes trickle in.
pub(super) struct Timed<'a> {
    /// The connection.
    pub stream: &'a UnixStream,
    /// The moment.
    pub until: Instant,
}

impl Read for Timed<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(Some(left))?;
        let mut stream = self.stream;
        stream.read(into)
    }
}

/// Runs a command as if it had been started here, with everything it reads and writes at the client.
fn carry_out(hello: &Hello, desk: &Arc<Desk>, line: &Arc<Line>) -> u8 {
    let mut out = BufWriter::with_capacity(CHUNK, Speak(Arc::clone(line), Tag::Out));
    let mut err = Speak(Arc::clone(line), Tag::Err);
    let mut input = Fetch::input(Arc::clone(line));
    let mut files = Theirs(Arc::clone(line));
    let bar = Arc::downgrade(line);
    let user: String = clean::line(&hello.user).chars().take(USER_LIMIT).collect();
    let mut io = Io {
        out: &mut out,
        err: &mut err,
        input: &mut input,
        terminal: hello.terminal,
        files: &mut files as &mut dyn Files,
        // What still works on the book's writer may hold the bar longer than the client stays.
        bar: Arc::new(move |text| {
            if let Some(line) = bar.upgrade() {
                line.bar(text);
            }
        }),
        cancelled: &|| line.gone(),
        seat: Some(Seat { desk: Arc::clone(desk), user }),
    };
    let lang: Lang = hello.language();
    let code = super::run_seated(hello.arguments(), lang, &mut io);
    let _ = out.flush();
    code
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_in_the_work_of_a_client_is_no_panic_of_the_owner() {
        assert_eq!(guarded(|| 3), Some(3));
        assert_eq!(guarded(|| -> u8 { panic!("a command went wrong") }), None);
    }

    #[test]
    fn a_folder_too_deep_for_a_socket_gets_a_short_address_for_itself() {
        let near = Path::new("/srv/book");
        assert_eq!(address(near), near.join("socket"));
        let deep = near.join("d".repeat(120));
        let (one, other) = (address(&deep), address(&deep));
        assert!(one.as_os_str().len() <= ADDRESS_LIMIT && one != other, "{one:?} {other:?}");
    }
}
