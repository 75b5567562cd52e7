//! The bytes of a file as UTF-8, a window at a time: hashed and counted as they come, decoded where they are written in
//! another encoding.

use super::decode::{Detected, decode_into, detect};
use encoding_rs::{Decoder, Encoding, UTF_8};
use std::io::{self, Read};

const CHUNK: usize = 256 << 10;

/// The bytes of a file as UTF-8 (or what should be), a window at a time.
pub(super) struct Window<'r> {
    input: &'r mut dyn Read,
    hasher: blake3::Hasher,
    pub bytes: u64,
    foreign: Option<&'static str>,
    raw: Vec<u8>,
    stated: Option<&'static Encoding>,
    decided: Option<Detected>,
    decoder: Option<Decoder>,
    pub buf: Vec<u8>,
    pub start: usize,
    pub eof: bool,
}

impl<'r> Window<'r> {
    /// Nothing read yet.
    pub fn new(input: &'r mut dyn Read, stated: Option<&'static Encoding>) -> Window<'r> {
        Window {
            input,
            hasher: blake3::Hasher::new(),
            bytes: 0,
            foreign: None,
            raw: Vec::new(),
            stated,
            decided: None,
            decoder: None,
            buf: Vec::new(),
            start: 0,
            eof: false,
        }
    }

    /// The name of the encoding it is read as.
    pub fn encoding(&self) -> &'static str {
        self.decided.map_or("UTF-8", |d| d.encoding.name())
    }

    /// The same, when nothing in the file proves it.
    pub fn guessed(&self) -> Option<&'static str> {
        self.decided.filter(|d| d.guessed).map(|d| d.encoding.name())
    }

    /// True when the bytes are turned into UTF-8 on the way, broken ones into U+FFFD.
    pub fn transcoded(&self) -> bool {
        self.decoder.is_some()
    }

    /// The hash of all bytes read so far.
    pub fn hash(&self) -> [u8; 32] {
        *self.hasher.finalize().as_bytes()
    }

    /// The code of what the file is when its first bytes say that it is no text at all.
    pub fn foreign(&self) -> Option<&'static str> {
        self.foreign
    }

    /// What is read and not taken.
    pub fn window(&self) -> &[u8] {
        self.buf.get(self.start..).unwrap_or_default()
    }

    /// Takes bytes off its front.
    pub fn take(&mut self, n: usize) {
        self.start = self.start.saturating_add(n).min(self.buf.len());
    }

    /// Reads one more chunk behind the window; false at the end of the file.
    pub fn more(&mut self) -> io::Result<bool> {
        if self.eof {
            return Ok(false);
        }
        self.buf.drain(..self.start);
        self.start = 0;
        self.raw.resize(CHUNK, 0);
        let mut n = 0;
        while n < CHUNK {
            match self.input.read(self.raw.get_mut(n..).unwrap_or_default()) {
                Ok(0) => {
                    self.eof = true;
                    break;
                }
                Ok(k) => n += k,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        self.raw.truncate(n);
        if self.bytes == 0 {
            self.foreign = foreign(&self.raw);
        }
        self.hasher.update(&self.raw);
        self.bytes += n as u64;
        self.decide();
        let skip = if self.bytes == n as u64 { self.decided.map_or(0, |d| d.skip) } else { 0 };
        let fresh = self.raw.get(skip..).unwrap_or_default();
        match &mut self.decoder {
            Some(decoder) => decode_into(decoder, fresh, self.eof, &mut self.buf),
            None => self.buf.extend_from_slice(fresh),
        }
        Ok(true)
    }

    fn decide(&mut self) {
        if self.decided.is_some_and(|d| d.sure) {
            return;
        }
        let mut found = detect(&self.raw, self.eof);
        if let Some(encoding) = self.stated {
            found = Detected { encoding, skip: Encoding::for_bom(&self.raw).map_or(0, |(_, n)| n), sure: true, guessed: false };
        }
        if self.decided.is_some() {
            // Later chunks carry no mark of their own.
            found.skip = 0;
        }
        self.decoder = (found.encoding != UTF_8).then(|| found.encoding.new_decoder_without_bom_handling());
        self.decided = Some(found);
    }
}

/// Files people give by mistake, told by their first bytes: zip containers (xlsx, ods), old Excel, and programs.
fn foreign(head: &[u8]) -> Option<&'static str> {
    const SHEETS: [&[u8]; 2] = [b"PK\x03\x04", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"];
    const BINARY: [&[u8]; 6] = [b"\x7FELF", b"MZ\x90\x00", b"%PDF-", b"\x89PNG", b"\x1F\x8B", b"SQLite format 3\0"];
    let is = |list: &[&[u8]]| list.iter().any(|magic| head.starts_with(magic));
    match () {
        () if is(&SHEETS) => Some("import.is-sheet"),
        () if is(&BINARY) => Some("import.is-binary"),
        () => None,
    }
}
