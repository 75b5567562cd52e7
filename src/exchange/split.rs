//! Cutting a row of CSV into cells, without copying where no quote stands in the way.

/// A longer row is refused.
pub(super) const ROW_LIMIT: usize = 1 << 20;

/// Where a cell is: in the row itself, or in the scratch text where its quotes were taken off.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub from: usize,
    pub to: usize,
    pub scratch: bool,
}

/// The cells of one row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cells<'a> {
    row: &'a str,
    scratch: &'a str,
    spans: &'a [Span],
}

impl<'a> Cells<'a> {
    /// The cells of a row.
    pub fn new(row: &'a str, scratch: &'a str, spans: &'a [Span]) -> Cells<'a> {
        Cells { row, scratch, spans }
    }
    /// How many there are.
    pub fn len(&self) -> usize {
        self.spans.len()
    }
    /// One of them; "" when the row has none there.
    pub fn get(&self, i: usize) -> &'a str {
        self.spans.get(i).and_then(|s| if s.scratch { self.scratch } else { self.row }.get(s.from..s.to)).unwrap_or("")
    }
    /// All of them.
    pub fn iter(self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).map(move |i| self.get(i))
    }
}

/// How splitting went.
pub(super) enum Split {
    /// One row: bytes used with its line end, bytes without, physical lines.
    Row { used: usize, to: usize, lines: u64 },
    /// The window ends before the row does.
    More,
    /// A quote is opened and never closed.
    Unclosed,
    /// Longer than the limit.
    TooLong,
}

/// Splits the first row of `bytes` into cells, by the rules of RFC 4180 and, where it is silent, of the `csv` crate: a quote
/// counts only at the start of a cell, text after the closing quote is kept, `\n`, `\r\n` and `\r` end a row.
pub(super) fn split(bytes: &[u8], d: u8, eof: bool, spans: &mut Vec<Span>, scratch: &mut Vec<u8>) -> Split {
    spans.clear();
    scratch.clear();
    let mut at = 0;
    let mut lines = 0;
    let end = |quoted: bool| match (bytes.len() > ROW_LIMIT, eof, quoted) {
        (true, _, true) | (false, true, true) => Split::Unclosed,
        (true, _, false) => Split::TooLong,
        _ => Split::More,
    };
    loop {
        let mut span = Span { from: at, to: at, scratch: false };
        if bytes.get(at) == Some(&b'"') {
            match quoted(bytes, at + 1, scratch, &mut lines) {
                Some((s, next)) => (span, at) = (s, next),
                None => return end(true),
            }
        }
        // The plain part: a whole cell, or what follows a closing quote.
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(n) = rest.iter().position(|b| *b == d || *b == b'\n' || *b == b'\r') else {
            if eof && bytes.len() <= ROW_LIMIT {
                spans.push(close(span, bytes, at, bytes.len(), scratch));
                return Split::Row { used: bytes.len(), to: bytes.len(), lines: lines + 1 };
            }
            return end(false);
        };
        let stop = at + n;
        if stop > ROW_LIMIT {
            return Split::TooLong;
        }
        spans.push(close(span, bytes, at, stop, scratch));
        match bytes.get(stop) {
            Some(b) if *b == d => at = stop + 1,
            Some(b'\n') => return Split::Row { used: stop + 1, to: stop, lines: lines + 1 },
            _ => match bytes.get(stop + 1) {
                None if !eof => return Split::More,
                Some(b'\n') => return Split::Row { used: stop + 2, to: stop, lines: lines + 1 },
                _ => return Split::Row { used: stop + 1, to: stop, lines: lines + 1 },
            },
        }
    }
}

/// A quoted cell from after its opening quote: where its text is, and where the row goes on. `None` when it is not closed.
fn quoted(bytes: &[u8], from: usize, scratch: &mut Vec<u8>, lines: &mut u64) -> Option<(Span, usize)> {
    let mut at = from;
    let mut copied: Option<usize> = None;
    loop {
        let rest = bytes.get(at..)?;
        let n = memchr::memchr(b'"', rest)?;
        let part = rest.get(..n)?;
        *lines += memchr::memchr_iter(b'\n', part).count() as u64;
        let doubled = bytes.get(at + n + 1) == Some(&b'"');
        if doubled || copied.is_some() {
            copied.get_or_insert(scratch.len());
            scratch.extend_from_slice(part);
        }
        if !doubled {
            let span = match copied {
                Some(start) => Span { from: start, to: scratch.len(), scratch: true },
                None => Span { from, to: at + n, scratch: false },
            };
            return Some((span, at + n + 1));
        }
        scratch.push(b'"');
        at += n + 2;
    }
}

/// The cell once its plain part `at..stop` is known.
fn close(span: Span, bytes: &[u8], at: usize, stop: usize, scratch: &mut Vec<u8>) -> Span {
    if at == span.from && !span.scratch {
        return Span { from: at, to: stop, scratch: false };
    }
    if at == stop {
        return span;
    }
    let from = if span.scratch { span.from } else { scratch.len() };
    if !span.scratch {
        scratch.extend_from_slice(bytes.get(span.from..span.to).unwrap_or_default());
    }
    scratch.extend_from_slice(bytes.get(at..stop).unwrap_or_default());
    Span { from, to: scratch.len(), scratch: true }
}
