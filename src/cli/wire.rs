//! What goes over the socket between a command and the owner of the book: frames of a tag, a length and a body.
//!
//! ```text
//! client                                   owner
//!   Hello {args, lang, terminal, user} ──▶
//!                                      ◀── Welcome, or hangs up
//!                                      ◀── Out, Err, Bar                     any number, not answered
//!                                      ◀── Input | Read path | More file     ──▶ Content | Opened | Failed
//!                                      ◀── Write path | Put file | Close file ──▶ Opened | Done | Failed
//!                                      ◀── Exit code
//! ```
//!
//! The owner never opens a path that a client names: it asks for content, and the client opens what its own command line
//! names and nothing else.

use crate::text::Lang;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// The protocol's number; both sides must speak the same.
pub const PROTOCOL: u32 = 1;
/// Most bytes of a frame's body.
pub const FRAME_LIMIT: usize = 1 << 20;
/// Bytes of content sent at a time.
pub const CHUNK: usize = 128 << 10;
/// Tag and length before a body.
const HEAD: usize = 5;

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Tag {
    /// Client: a [`Hello`] as JSON.
    Hello = 1,
    /// Client: bytes of standard input or of a file; none = its end.
    Content = 2,
    /// Client: the file is open: its number, and its size in bytes (0 = not known).
    Opened = 3,
    /// Client: done as asked.
    Done = 4,
    /// Client: it failed: see [`failure`].
    Failed = 5,
    /// Owner: the command is taken.
    Welcome = 65,
    /// Owner: for standard output.
    Out = 66,
    /// Owner: for standard error.
    Err = 67,
    /// Owner: a progress line for the terminal.
    Bar = 68,
    /// Owner: wants more of standard input.
    Input = 69,
    /// Owner: wants a file opened for reading: its path.
    Read = 70,
    /// Owner: wants more of a file: its number.
    More = 71,
    /// Owner: wants a file opened for writing: how (one byte), and its path.
    Write = 72,
    /// Owner: content for a file: its number, and the bytes.
    Put = 73,
    /// Owner: the file is whole: its number.
    Close = 74,
    /// Owner: the command has ended: its exit code.
    Exit = 75,
}

impl Tag {
    const ALL: [Tag; 16] = [
        Tag::Hello,
        Tag::Content,
        Tag::Opened,
        Tag::Done,
        Tag::Failed,
        Tag::Welcome,
        Tag::Out,
        Tag::Err,
        Tag::Bar,
        Tag::Input,
        Tag::Read,
        Tag::More,
        Tag::Write,
        Tag::Put,
        Tag::Close,
        Tag::Exit,
    ];

    fn of(byte: u8) -> Option<Tag> {
        Tag::ALL.into_iter().find(|t| *t as u8 == byte)
    }
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// What it is.
    pub tag: Tag,
    /// What it carries.
    pub body: Vec<u8>,
}

/// How a command introduces itself: its arguments, and what only the client's side can know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// [`PROTOCOL`].
    pub protocol: u32,
    /// The arguments after the program's name, as bytes: a path need not be text.
    pub args: Vec<Vec<u8>>,
    /// The language of the words: `en` or `zh`.
    pub lang: String,
    /// Results go to a terminal.
    pub terminal: bool,
    /// The operating-system user.
    pub user: String,
}

impl Hello {
    /// An introduction.
    pub fn new(args: &[OsString], lang: Lang, terminal: bool, user: String) -> Hello {
        let lang = if lang == Lang::Zh { "zh" } else { "en" };
        let args = args.iter().map(|a| a.as_bytes().to_vec()).collect();
        Hello { protocol: PROTOCOL, args, lang: lang.into(), terminal, user }
    }

    /// The arguments as the command line's grammar reads them.
    pub fn arguments(&self) -> Vec<OsString> {
        self.args.iter().map(|a| OsString::from_vec(a.clone())).collect()
    }

    /// The language; English when it names none of ours.
    pub fn language(&self) -> Lang {
        Lang::from_tag(&self.lang).unwrap_or_default()
    }
}

/// A frame as bytes.
///
/// # Errors
/// `InvalidInput` when the body is longer than [`FRAME_LIMIT`].
pub fn frame(tag: Tag, body: &[&[u8]]) -> io::Result<Vec<u8>> {
    let len: usize = body.iter().map(|b| b.len()).sum();
    let short = u32::try_from(len).ok().filter(|_| len <= FRAME_LIMIT);
    let short = short.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "more than one message may hold"))?;
    let mut bytes = Vec::with_capacity(HEAD + len);
    bytes.push(tag as u8);
    bytes.extend_from_slice(&short.to_le_bytes());
    body.iter().for_each(|b| bytes.extend_from_slice(b));
    Ok(bytes)
}

/// Sends a frame.
///
/// # Errors
/// As [`frame`]; what the stream says.
pub fn send(to: &mut dyn Write, tag: Tag, body: &[&[u8]]) -> io::Result<()> {
    to.write_all(&frame(tag, body)?)
}

/// Reads a frame; memory is taken only for bytes that have come.
///
/// # Errors
/// `InvalidData` for a tag that is none and a length over the limit; `UnexpectedEof` when the other side is gone.
pub fn receive(from: &mut dyn Read) -> io::Result<Frame> {
    let mut head = [0u8; HEAD];
    from.read_exact(&mut head)?;
    let [tag, len @ ..] = head;
    let len = u32::from_le_bytes(len) as usize;
    let tag = Tag::of(tag).filter(|_| len <= FRAME_LIMIT).ok_or(io::ErrorKind::InvalidData)?;
    let mut body = Vec::new();
    from.take(len as u64).read_to_end(&mut body)?;
    if body.len() < len { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(Frame { tag, body }) }
}

/// A number in front of a body, and the rest.
pub fn numbered(body: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = body.split_first_chunk::<4>()?;
    Some((u32::from_le_bytes(*number), rest))
}

/// What the body of [`Tag::Failed`] says: the system's number for an error, or 0 and words.
pub fn failure(why: &io::Error) -> Vec<u8> {
    let words = match why.kind() {
        io::ErrorKind::AlreadyExists => EXISTS.to_string(),
        _ => why.to_string(),
    };
    let mut body = why.raw_os_error().unwrap_or(0).to_le_bytes().to_vec();
    body.extend_from_slice(words.as_bytes());
    body
}

/// The words of a failure that must be told from others on the far side.
const EXISTS: &str = "exists";

/// The error that the body of [`Tag::Failed`] tells.
pub fn failed(body: &[u8]) -> io::Error {
    let Some((number, words)) = numbered(body) else { return io::ErrorKind::InvalidData.into() };
    let words = String::from_utf8_lossy(words);
    match i32::from_le_bytes(number.to_le_bytes()) {
        0 if words == EXISTS => io::ErrorKind::AlreadyExists.into(),
        0 => io::Error::other(crate::domain::clean::line(&words).into_owned()),
        number => io::Error::from_raw_os_error(number),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_failure_sounds_the_same_on_the_far_side() {
        for why in [io::Error::from_raw_os_error(2), io::ErrorKind::AlreadyExists.into(), io::Error::other("the disk is full")] {
            let told = failed(&failure(&why));
            assert_eq!((told.kind(), told.to_string()), (why.kind(), why.to_string()));
        }
    }

    #[test]
    fn a_frame_that_claims_too_much_is_refused_before_memory_is_taken() {
        let mut bytes = vec![Tag::Out as u8];
        bytes.extend_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(receive(&mut bytes.as_slice()).unwrap_err().kind(), io::ErrorKind::InvalidData);
        assert!(frame(Tag::Out, &[&vec![0; FRAME_LIMIT + 1]]).is_err());
    }

    proptest! {
        #[test]
        fn what_is_sent_is_received(tag in 0usize..Tag::ALL.len(), body in proptest::collection::vec(any::<u8>(), 0..2000)) {
            let sent = frame(Tag::ALL[tag], &[&body]).unwrap();
            prop_assert_eq!(receive(&mut sent.as_slice()).unwrap(), Frame { tag: Tag::ALL[tag], body });
            for cut in [0, 1, HEAD, sent.len() - 1] {
                prop_assert!(cut == sent.len() || receive(&mut &sent[..cut.min(sent.len() - 1)]).is_err());
            }
        }

        #[test]
        fn garbage_is_an_error_or_a_frame_within_the_limit(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(frame) = receive(&mut bytes.as_slice()) {
                prop_assert!(frame.body.len() < bytes.len());
            }
        }

        #[test]
        fn arguments_keep_every_byte(args in proptest::collection::vec(proptest::collection::vec(1u8..=255, 0..20), 0..5)) {
            let list: Vec<OsString> = args.iter().map(|a| OsString::from_vec(a.clone())).collect();
            let hello = Hello::new(&list, Lang::Zh, true, "u".into());
            let read: Hello = serde_json::from_slice(&serde_json::to_vec(&hello).unwrap()).unwrap();
            prop_assert_eq!((read.arguments(), read.language()), (list, Lang::Zh));
        }
    }
}
