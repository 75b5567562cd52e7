//! One client's line at the owner: what is said to it, what is asked of it, and whether it is still there.
//!
//! Three threads share it: the command's own, one that writes (a progress line may come from the writer of the book, which
//! must never wait for a client), and one that reads (so that a client's end is noticed while nothing is asked of it).

use super::files::{Files, Make, Output, Source};
use super::wire::{self, CHUNK, Frame, Tag};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

/// Frames that may wait to be sent.
const WAITING: usize = 16;

/// A connection as the listener sees it: it can be watched and hung up.
pub struct Guest {
    stream: UnixStream,
    gone: AtomicBool,
    welcomed: AtomicBool,
    /// Since when the client is waited for to take what is sent.
    taking: Mutex<Option<Instant>>,
    /// Since when it is waited for to answer.
    answering: Mutex<Option<Instant>>,
}

/// What a client is waited for.
enum Wait {
    Taking,
    Answering,
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Guest {
    /// A connection that has not introduced itself yet.
    pub fn new(stream: UnixStream) -> Guest {
        Guest {
            stream,
            gone: AtomicBool::new(false),
            welcomed: AtomicBool::new(false),
            taking: Mutex::default(),
            answering: Mutex::default(),
        }
    }

    /// The connection.
    pub fn stream(&self) -> &UnixStream {
        &self.stream
    }

    /// Has the client hung up, or been hung up on?
    pub fn gone(&self) -> bool {
        self.gone.load(Ordering::Acquire)
    }

    /// Is a command being carried out?
    pub fn working(&self) -> bool {
        self.welcomed.load(Ordering::Acquire)
    }

    /// How long the client has been waited for.
    pub fn waited(&self) -> Duration {
        [&self.taking, &self.answering].into_iter().filter_map(|w| *held(w)).map(|since| since.elapsed()).max().unwrap_or_default()
    }

    /// Ends the connection; whoever reads or writes it is let go.
    pub fn hang_up(&self) {
        self.gone.store(true, Ordering::Release);
        let _ = self.stream.shutdown(std::net::Shutdown::Both);
    }

    fn waiting<T>(&self, what: Wait, wait: impl FnOnce() -> T) -> T {
        let slot = match what {
            Wait::Taking => &self.taking,
            Wait::Answering => &self.answering,
        };
        *held(slot) = Some(Instant::now());
        let got = wait();
        *held(slot) = None;
        got
    }
}

/// A welcomed client.
pub struct Line {
    guest: Arc<Guest>,
    outbox: SyncSender<Vec<u8>>,
    answers: Mutex<Receiver<Frame>>,
}

/// The two threads of a line.
pub struct Threads {
    speaker: JoinHandle<()>,
    ear: JoinHandle<()>,
}

impl Line {
    /// Welcomes a client.
    ///
    /// # Errors
    /// When the system gives no thread or no second handle.
    pub fn welcome(guest: &Arc<Guest>) -> io::Result<(Arc<Line>, Threads)> {
        let (outbox, post) = sync_channel(WAITING);
        let (heard, answers) = sync_channel(1);
        let (theirs, mut to) = (Arc::clone(guest), guest.stream.try_clone()?);
        let speaker = Builder::new().spawn(move || speak(&theirs, &mut to, &post))?;
        let (theirs, mut from) = (Arc::clone(guest), guest.stream.try_clone()?);
        let ear = Builder::new().spawn(move || listen(&theirs, &mut from, &heard))?;
        guest.welcomed.store(true, Ordering::Release);
        let line = Arc::new(Line { guest: Arc::clone(guest), outbox, answers: Mutex::new(answers) });
        line.say(Tag::Welcome, &[])?;
        Ok((line, Threads { speaker, ear }))
    }

    /// Has the client gone?
    pub fn gone(&self) -> bool {
        self.guest.gone()
    }

    /// Sends a frame, waiting for room.
    ///
    /// # Errors
    /// `BrokenPipe` when the client is gone.
    pub fn say(&self, tag: Tag, body: &[&[u8]]) -> io::Result<()> {
        let sent = if self.gone() { Err(io::ErrorKind::BrokenPipe.into()) } else { wire::frame(tag, body) };
        self.outbox.send(sent?).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    /// Shows a progress line if there is room for it; nobody waits for that.
    pub fn bar(&self, text: &str) {
        if let Ok(frame) = wire::frame(Tag::Bar, &[text.as_bytes()]) {
            let _ = self.outbox.try_send(frame);
        }
    }

    /// Asks the client for something and waits for the answer.
    fn ask(&self, tag: Tag, body: &[&[u8]], expected: Tag) -> io::Result<Vec<u8>> {
        let answers = held(&self.answers);
        self.say(tag, body)?;
        let gone = || io::Error::new(io::ErrorKind::ConnectionAborted, "the client is gone");
        let answer = self.guest.waiting(Wait::Answering, || answers.recv()).map_err(|_| gone())?;
        match answer.tag {
            Tag::Failed => Err(wire::failed(&answer.body)),
            tag if tag == expected => Ok(answer.body),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    fn open(&self, tag: Tag, body: &[&[u8]]) -> io::Result<(u32, u64)> {
        let answer = self.ask(tag, body, Tag::Opened)?;
        let (file, size) = wire::numbered(&answer).ok_or(io::ErrorKind::InvalidData)?;
        let size = <[u8; 8]>::try_from(size).map_err(|_| io::ErrorKind::InvalidData)?;
        Ok((file, u64::from_le_bytes(size)))
    }
}

impl Threads {
    /// Waits until everything said is sent, then hangs up. The last [`Line`] must be gone by now.
    pub fn end(self, guest: &Guest) {
        let _ = self.speaker.join();
        guest.hang_up();
        let _ = self.ear.join();
    }
}

fn speak(guest: &Guest, to: &mut UnixStream, post: &Receiver<Vec<u8>>) {
    for frame in post {
        if guest.waiting(Wait::Taking, || to.write_all(&frame)).is_err() {
            guest.hang_up();
            return;
        }
    }
}

fn listen(guest: &Guest, from: &mut UnixStream, heard: &SyncSender<Frame>) {
    while let Ok(frame) = wire::receive(from) {
        if heard.send(frame).is_err() {
            break;
        }
    }
    guest.hang_up();
}

/// Standard output or standard error of the client.
pub struct Speak(pub Arc<Line>, pub Tag);

impl Write for Speak {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let part = bytes.get(..CHUNK).unwrap_or(bytes);
        self.0.say(self.1, &[part]).map(|()| part.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Standard input of the client, or a file that it opened.
pub struct Fetch {
    line: Arc<Line>,
    /// `None` = standard input.
    file: Option<u32>,
    held: io::Cursor<Vec<u8>>,
    ended: bool,
}

impl Fetch {
    /// The client's standard input.
    pub fn input(line: Arc<Line>) -> Fetch {
        Fetch { line, file: None, held: io::Cursor::default(), ended: false }
    }
}

impl Read for Fetch {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.held.read(into)?;
        if n > 0 || self.ended || into.is_empty() {
            return Ok(n);
        }
        let body = match self.file {
            None => self.line.ask(Tag::Input, &[], Tag::Content)?,
            Some(file) => self.line.ask(Tag::More, &[&file.to_le_bytes()], Tag::Content)?,
        };
        self.ended = body.is_empty();
        self.held = io::Cursor::new(body);
        self.held.read(into)
    }
}

/// The client's files.
pub struct Theirs(pub Arc<Line>);

impl Files for Theirs {
    fn read(&mut self, path: &Path) -> io::Result<Source> {
        let (file, bytes) = self.0.open(Tag::Read, &[path.as_os_str().as_bytes()])?;
        let fetch = Fetch { line: Arc::clone(&self.0), file: Some(file), held: io::Cursor::default(), ended: false };
        Ok(Source { content: Box::new(fetch), bytes })
    }

    fn write(&mut self, path: &Path, make: Make) -> io::Result<Box<dyn Output>> {
        let how = [u8::from(make == Make::Backup)];
        let (file, _) = self.0.open(Tag::Write, &[&how, path.as_os_str().as_bytes()])?;
        let put = Put { line: Arc::clone(&self.0), file };
        Ok(Box::new(Gathered(io::BufWriter::with_capacity(CHUNK, put))))
    }
}

struct Put {
    line: Arc<Line>,
    file: u32,
}

impl Write for Put {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let part = bytes.get(..CHUNK).unwrap_or(bytes);
        self.line.ask(Tag::Put, &[&self.file.to_le_bytes(), part], Tag::Done).map(|_| part.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A client's file, written in large pieces.
struct Gathered(io::BufWriter<Put>);

impl Write for Gathered {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Output for Gathered {
    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.0.flush()?;
        let put = self.0.get_ref();
        put.line.ask(Tag::Close, &[&put.file.to_le_bytes()], Tag::Done).map(|_| ())
    }
}
