//! From a byte stream to rows of cells, CSV or JSON Lines. Nothing is ever held beyond the limits below: a row or a cell
//! that is longer is refused with its line, and reading goes on after it.

use super::decode::delimiter;
use super::json::{bad_json, flatten};
use super::split::{Cells, Span, Split, split};
use super::window::Window;
use crate::domain::Say;
use encoding_rs::Encoding;
use std::collections::HashMap;
use std::io::{self, Read};

pub(super) use super::split::ROW_LIMIT;
/// A longer cell is refused.
pub(super) const FIELD_LIMIT: usize = 64 << 10;
/// A file has at most so many columns.
pub(super) const COLUMN_LIMIT: usize = 4096;
/// What comes next.
pub(super) enum Next {
    /// A row; its cells are in [`Rows::cells`].
    Row,
    /// Something that is no row: why, and how it begins.
    Bad(Say, Vec<String>),
    /// The end.
    End,
}

/// The two formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Csv(u8),
    Jsonl,
}

/// What is stated about a file; the rest is found out.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stated {
    /// Its encoding.
    pub encoding: Option<&'static Encoding>,
    /// Its delimiter.
    pub delimiter: Option<u8>,
    /// True for JSON Lines, false for CSV.
    pub jsonl: Option<bool>,
}

/// The rows of a file.
pub(super) struct Rows<'r> {
    text: Window<'r>,
    shape: Shape,
    heads: Vec<String>,
    known: HashMap<String, usize>,
    spans: Vec<Span>,
    scratch: Vec<u8>,
    scratch_text: String,
    row: (usize, usize),
    line: u64,
    next_line: u64,
}

impl<'r> Rows<'r> {
    /// Opens a stream: finds out encoding, format and delimiter, and reads the heads.
    pub fn open(input: &'r mut dyn Read, stated: Stated) -> io::Result<Result<Rows<'r>, Say>> {
        let mut text = Window::new(input, stated.encoding);
        text.more()?;
        let first = text.window().iter().find(|b| !b.is_ascii_whitespace()).copied();
        let jsonl = stated.jsonl.unwrap_or(first == Some(b'{'));
        let shape = if jsonl { Shape::Jsonl } else { Shape::Csv(stated.delimiter.unwrap_or_else(|| delimiter(text.window()))) };
        let mut rows = Rows {
            text,
            shape,
            heads: Vec::new(),
            known: HashMap::new(),
            spans: Vec::new(),
            scratch: Vec::new(),
            scratch_text: String::new(),
            row: (0, 0),
            line: 1,
            next_line: 1,
        };
        if let Some(code) = rows.text.foreign() {
            return Ok(Err(Say::new(code)));
        }
        if first.is_none() {
            return Ok(Err(Say::new("import.empty-file")));
        }
        if !jsonl && let Err(say) = rows.read_heads()? {
            return Ok(Err(say));
        }
        Ok(Ok(rows))
    }

    fn read_heads(&mut self) -> io::Result<Result<(), Say>> {
        match self.next()? {
            Next::Row => {}
            Next::Bad(say, _) => {
                let whole = Say::new("import.bad-head").with("why", say.code);
                return Ok(Err(say.args.iter().fold(whole, |whole, (name, value)| whole.with(name, value))));
            }
            Next::End => return Ok(Err(Say::new("import.empty-file"))),
        }
        if self.spans.len() > COLUMN_LIMIT {
            return Ok(Err(Say::new("import.too-many-columns").with("limit", COLUMN_LIMIT)));
        }
        self.heads = self.cells().iter().map(|c| crate::domain::clean::line(c).into_owned()).collect();
        Ok(Ok(()))
    }

    /// The column heads; for JSON Lines those seen so far.
    pub fn heads(&self) -> &[String] {
        &self.heads
    }
    /// The line the current row begins on.
    pub fn line(&self) -> u64 {
        self.line
    }
    /// Bytes read so far.
    pub fn bytes(&self) -> u64 {
        self.text.bytes
    }
    /// True for JSON Lines.
    pub fn is_jsonl(&self) -> bool {
        self.shape == Shape::Jsonl
    }
    /// The encoding it is read as, when nothing in the file proves it.
    pub fn guessed_encoding(&self) -> Option<&'static str> {
        self.text.guessed()
    }
    /// The hash of all bytes; complete once the end was reached.
    pub fn hash(&self) -> [u8; 32] {
        self.text.hash()
    }

    /// The cells of the current row.
    pub fn cells(&self) -> Cells<'_> {
        let row = self.text.buf.get(self.row.0..self.row.1).unwrap_or_default();
        Cells::new(std::str::from_utf8(row).unwrap_or(""), &self.scratch_text, &self.spans)
    }

    /// Shows the rows that are in memory already, up to `most`, without taking them.
    pub fn sample(&mut self, most: usize, mut see: impl FnMut(Cells<'_>)) -> io::Result<()> {
        let (start, line, next_line) = (self.text.start, self.line, self.next_line);
        for _ in 0..most {
            if !self.whole_row_ahead() {
                break;
            }
            match self.next()? {
                Next::Row => see(self.cells()),
                Next::Bad(..) => {}
                Next::End => break,
            }
        }
        (self.text.start, self.line, self.next_line) = (start, line, next_line);
        Ok(())
    }

    /// True when the next row ends inside the window, so that reading it moves nothing.
    fn whole_row_ahead(&mut self) -> bool {
        if self.text.eof {
            return true;
        }
        let window = self.text.buf.get(self.text.start..).unwrap_or_default();
        let blank = window.iter().take_while(|b| matches!(b, b'\n' | b'\r')).count();
        let rest = window.get(blank..).unwrap_or_default();
        match self.shape {
            Shape::Jsonl => memchr::memchr(b'\n', rest).is_some(),
            Shape::Csv(d) => matches!(split(rest, d, false, &mut self.spans, &mut self.scratch), Split::Row { .. }),
        }
    }

    /// Takes the next row. Blank lines are passed over.
    pub fn next(&mut self) -> io::Result<Next> {
        match self.shape {
            Shape::Csv(d) => self.next_csv(d),
            Shape::Jsonl => self.next_json(),
        }
    }

    fn next_csv(&mut self, d: u8) -> io::Result<Next> {
        loop {
            self.skip_blank()?;
            self.line = self.next_line;
            let window = self.text.buf.get(self.text.start..).unwrap_or_default();
            if window.is_empty() && self.text.eof {
                return Ok(Next::End);
            }
            match split(window, d, self.text.eof, &mut self.spans, &mut self.scratch) {
                Split::Row { used, to, lines } => {
                    self.row = (self.text.start, self.text.start + to);
                    self.text.take(used);
                    self.next_line += lines;
                    return Ok(self.finish_row());
                }
                Split::More => {
                    self.text.more()?;
                }
                Split::Unclosed => return self.past_line("import.open-quote"),
                Split::TooLong => return self.past_line("import.row-too-long"),
            }
        }
    }

    fn skip_blank(&mut self) -> io::Result<()> {
        loop {
            let window = self.text.window();
            let blank = window.iter().take_while(|b| matches!(b, b'\n' | b'\r')).count();
            let all = blank == window.len();
            self.next_line += window.get(..blank).unwrap_or_default().iter().filter(|b| **b == b'\n').count() as u64;
            self.text.take(blank);
            if !all || !self.text.more()? {
                return Ok(());
            }
        }
    }

    /// Passes over one physical line, however long, and says why.
    fn past_line(&mut self, code: &'static str) -> io::Result<Next> {
        let begins: Vec<u8> = self.text.window().iter().copied().take(200).take_while(|b| *b != b'\n').collect();
        loop {
            let window = self.text.window();
            if let Some(at) = memchr::memchr(b'\n', window) {
                self.text.take(at + 1);
                self.next_line += 1;
                break;
            }
            let all = window.len();
            self.text.take(all);
            if !self.text.more()? {
                break;
            }
        }
        let say = Say::new(code).with("limit", ROW_LIMIT >> 10);
        Ok(Next::Bad(say, vec![crate::domain::clean::line(&String::from_utf8_lossy(&begins)).into_owned()]))
    }

    /// Checks encoding and lengths of the row just split.
    fn finish_row(&mut self) -> Next {
        let row = self.text.buf.get(self.row.0..self.row.1).unwrap_or_default();
        let long = self.spans.iter().position(|s| s.to - s.from > FIELD_LIMIT);
        let sound =
            std::str::from_utf8(row).is_ok() && (!self.text.transcoded() || memchr::memmem::find(row, "\u{fffd}".as_bytes()).is_none());
        if let (None, true) = (long, sound) {
            self.scratch_text.clear();
            if !self.scratch.is_empty() {
                self.scratch_text.push_str(std::str::from_utf8(&self.scratch).unwrap_or(""));
            }
            return Next::Row;
        }
        let lossy: Vec<String> =
            self.spans.iter().map(|s| String::from_utf8_lossy(self.bytes_of(*s)).chars().take(200).collect()).collect();
        let head = |i: usize| self.heads.get(i).cloned().unwrap_or_else(|| (i + 1).to_string());
        if let Some(i) = long {
            return Next::Bad(Say::new("import.cell-too-long").with("column", head(i)).with("limit", FIELD_LIMIT >> 10), lossy);
        }
        let at =
            self.spans.iter().position(|s| std::str::from_utf8(self.bytes_of(*s)).map_or(true, |t| t.contains('\u{fffd}'))).unwrap_or(0);
        let encoding = self.text.encoding();
        Next::Bad(Say::new("import.mis-encoded").with("column", head(at)).with("encoding", encoding), lossy)
    }

    fn bytes_of(&self, s: Span) -> &[u8] {
        let row = self.text.buf.get(self.row.0..self.row.1).unwrap_or_default();
        if s.scratch { &self.scratch } else { row }.get(s.from..s.to).unwrap_or_default()
    }

    fn next_json(&mut self) -> io::Result<Next> {
        let used = loop {
            self.skip_blank()?;
            self.line = self.next_line;
            let window = self.text.window();
            match memchr::memchr(b'\n', window) {
                Some(at) if at <= ROW_LIMIT => break at,
                None if self.text.eof && window.is_empty() => return Ok(Next::End),
                None if self.text.eof && window.len() <= ROW_LIMIT => break window.len(),
                None if window.len() <= ROW_LIMIT => {
                    self.text.more()?;
                }
                _ => return self.past_line("import.row-too-long"),
            }
        };
        self.row = (self.text.start, self.text.start + used);
        self.text.take(used + 1);
        self.next_line += 1;
        let row = self.text.buf.get(self.row.0..self.row.1).unwrap_or_default();
        let parsed: Result<serde_json::Map<String, serde_json::Value>, _> = serde_json::from_slice(row);
        match parsed {
            Ok(map) => Ok(self.lay_out(map)),
            Err(e) => {
                let begins = crate::domain::clean::line(&String::from_utf8_lossy(row)).chars().take(200).collect();
                Ok(Next::Bad(bad_json(&e), vec![begins]))
            }
        }
    }

    fn lay_out(&mut self, map: serde_json::Map<String, serde_json::Value>) -> Next {
        let mut flat = Vec::with_capacity(map.len());
        flatten("", map, &mut flat, 0);
        self.scratch_text.clear();
        self.spans.clear();
        self.spans.resize(self.heads.len(), Span { from: 0, to: 0, scratch: true });
        for (key, text) in flat {
            let i = match self.known.get(&key) {
                Some(i) => *i,
                None if self.heads.len() >= COLUMN_LIMIT => {
                    return Next::Bad(Say::new("import.too-many-columns").with("limit", COLUMN_LIMIT), vec![key]);
                }
                None => {
                    self.heads.push(crate::domain::clean::line(&key).into_owned());
                    self.spans.push(Span { from: 0, to: 0, scratch: true });
                    self.known.insert(key.clone(), self.heads.len() - 1);
                    self.heads.len() - 1
                }
            };
            if text.len() > FIELD_LIMIT {
                return Next::Bad(Say::new("import.cell-too-long").with("column", key).with("limit", FIELD_LIMIT >> 10), Vec::new());
            }
            let from = self.scratch_text.len();
            self.scratch_text.push_str(&text);
            if let Some(span) = self.spans.get_mut(i) {
                *span = Span { from, to: self.scratch_text.len(), scratch: true };
            }
        }
        self.row = (0, 0);
        Next::Row
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    /// Rows read, bad ones, and the most the window ever held.
    fn read(input: &mut dyn Read, jsonl: Option<bool>) -> (usize, usize, usize) {
        let mut rows = Rows::open(input, Stated { jsonl, ..Stated::default() }).unwrap().unwrap_or_else(|say| panic!("{say:?}"));
        let (mut good, mut bad, mut most) = (0, 0, 0);
        loop {
            match rows.next().unwrap() {
                Next::Row => good += 1,
                Next::Bad(..) => bad += 1,
                Next::End => return (good, bad, most),
            }
            most = most.max(rows.text.buf.capacity());
        }
    }

    #[test]
    fn an_endless_line_is_never_held() {
        for opening in ["number,name\nC1,", "number,name\nC1,\""] {
            let endless = io::repeat(b'x').take(32 << 20);
            let mut input = opening.as_bytes().chain(endless).chain(&b"\nC2,B\n"[..]);
            let (good, bad, most) = read(&mut input, None);
            assert_eq!((good, bad), (1, 1));
            assert!(most <= 4 << 20, "{most}");
        }
        let endless = io::repeat(b'x').take(32 << 20);
        let mut input = (&b"{\"a\":1}\n{\""[..]).chain(endless).chain(&b"\n{\"a\":2}\n"[..]);
        let (good, bad, most) = read(&mut input, None);
        assert_eq!((good, bad), (2, 1));
        assert!(most <= 4 << 20, "{most}");
    }

    #[test]
    fn looking_at_a_sample_takes_nothing() {
        let csv = format!("a,b\n{}", "1,\"x\ny\"\n\n".repeat(50_000));
        let mut bytes = csv.as_bytes();
        let mut rows = Rows::open(&mut bytes, Stated::default()).unwrap().unwrap_or_else(|say| panic!("{say:?}"));
        let mut seen = 0;
        rows.sample(10, |cells| seen += cells.len()).unwrap();
        assert_eq!(seen, 20);
        let mut lines = Vec::new();
        while let Next::Row = rows.next().unwrap() {
            lines.push(rows.line());
        }
        assert_eq!((lines.len(), lines[0], lines[1], lines[49_999]), (50_000, 2, 5, 2 + 3 * 49_999));
    }
}
