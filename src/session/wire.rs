//! Frames on the wire, in fewer bytes: over SSH a key is felt in what is sent. The terminal is crossterm's; only the drawing
//! of changed cells is our own. It sends one style sequence with what differs instead of all of it, does not move the
//! cursor after a character that is two columns wide everywhere, steps forward rather than jumps, and clears runs of blanks.

use crossterm::cursor::MoveTo;
use crossterm::queue;
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};
use std::fmt::Write as _;
use std::io::{self, Write};

/// Fewer blanks than this are cheaper sent as they are than cleared.
const BLANKS: usize = 9;
/// What makes a blank visible.
const SEEN_ON_BLANKS: Modifier = Modifier::REVERSED.union(Modifier::UNDERLINED).union(Modifier::CROSSED_OUT);

/// The terminal backend of a session.
#[derive(Debug)]
pub struct Wire<W: Write> {
    inner: CrosstermBackend<W>,
}

impl<W: Write> Wire<W> {
    /// Draws on what takes the bytes.
    pub fn new(out: W) -> Wire<W> {
        Wire { inner: CrosstermBackend::new(out) }
    }
}

impl<W: Write> Write for Wire<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut self.inner)
    }
}

impl<W: Write> Backend for Wire<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut pen = Pen::default();
        for (x, y, cell) in content {
            pen.put(&mut self.inner, x, y, cell)?;
        }
        pen.lift(&mut self.inner)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.inner.hide_cursor()
    }
    fn show_cursor(&mut self) -> io::Result<()> {
        self.inner.show_cursor()
    }
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.inner.get_cursor_position()
    }
    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.inner.set_cursor_position(position)
    }
    fn clear(&mut self) -> io::Result<()> {
        self.inner.clear()
    }
    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.inner.clear_region(region)
    }
    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }
    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }
    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.inner)
    }
}

/// The terminal's cursor and style while one frame is drawn. A frame begins and ends in the plain style.
#[derive(Default)]
struct Pen {
    /// Where the terminal's cursor is, when that is certain.
    at: Option<(u16, u16)>,
    style: Style,
    /// Plain blanks not sent yet: where they begin, and how many.
    blanks: Option<((u16, u16), usize)>,
    text: String,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Style {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Pen {
    fn put(&mut self, out: &mut impl Write, x: u16, y: u16, cell: &Cell) -> io::Result<()> {
        let blank = cell.symbol() == " " && !cell.modifier.intersects(SEEN_ON_BLANKS);
        if blank && cell.bg == Color::Reset {
            match &mut self.blanks {
                Some(((bx, by), n)) if *by == y && usize::from(*bx) + *n == usize::from(x) => *n += 1,
                _ => {
                    self.send_blanks(out)?;
                    self.blanks = Some(((x, y), 1));
                }
            }
            return Ok(());
        }
        self.send_blanks(out)?;
        self.go(out, x, y)?;
        // Letters have no colour on a blank: only its ground is set.
        let wanted =
            if blank { Style { bg: cell.bg, ..self.unseen() } } else { Style { fg: cell.fg, bg: cell.bg, modifier: cell.modifier } };
        self.dress(out, wanted)?;
        out.write_all(cell.symbol().as_bytes())?;
        self.at = columns(cell.symbol()).map(|n| (x.saturating_add(n), y));
        Ok(())
    }

    /// The present style without what would be seen on a blank.
    fn unseen(&self) -> Style {
        Style { modifier: self.style.modifier.difference(SEEN_ON_BLANKS), ..self.style }
    }

    fn send_blanks(&mut self, out: &mut impl Write) -> io::Result<()> {
        let Some(((x, y), n)) = self.blanks.take() else { return Ok(()) };
        self.go(out, x, y)?;
        self.dress(out, Style { bg: Color::Reset, ..self.unseen() })?;
        if n >= BLANKS {
            return write!(out, "\x1b[{n}X");
        }
        self.at = u16::try_from(n).ok().map(|n| (x.saturating_add(n), y));
        write!(out, "{:n$}", "")
    }

    fn go(&mut self, out: &mut impl Write, x: u16, y: u16) -> io::Result<()> {
        match self.at {
            Some(at) if at == (x, y) => {}
            Some((from, row)) if row == y && from < x => match x - from {
                1 => out.write_all(b"\x1b[C")?,
                n => write!(out, "\x1b[{n}C")?,
            },
            _ => queue!(out, MoveTo(x, y))?,
        }
        self.at = Some((x, y));
        Ok(())
    }

    /// One sequence with what differs from the present style.
    fn dress(&mut self, out: &mut impl Write, wanted: Style) -> io::Result<()> {
        let text = &mut self.text;
        text.clear();
        modifiers(text, self.style.modifier, wanted.modifier);
        if wanted.fg != self.style.fg {
            colour(text, wanted.fg, 30);
        }
        if wanted.bg != self.style.bg {
            colour(text, wanted.bg, 40);
        }
        self.style = wanted;
        if text.is_empty() {
            return Ok(());
        }
        text.pop();
        write!(out, "\x1b[{text}m")
    }

    /// Sends what waits and leaves the plain style.
    fn lift(&mut self, out: &mut impl Write) -> io::Result<()> {
        self.send_blanks(out)?;
        if self.style != Style::default() { out.write_all(b"\x1b[0m") } else { Ok(()) }
    }
}

/// Parts of the style sequence that turn one set of modifiers into another, each with its semicolon.
fn modifiers(text: &mut String, from: Modifier, to: Modifier) {
    const OFF: [(Modifier, &str); 6] = [
        (Modifier::REVERSED, "27;"),
        (Modifier::ITALIC, "23;"),
        (Modifier::UNDERLINED, "24;"),
        (Modifier::CROSSED_OUT, "29;"),
        (Modifier::HIDDEN, "28;"),
        (Modifier::SLOW_BLINK.union(Modifier::RAPID_BLINK), "25;"),
    ];
    const ON: [(Modifier, &str); 9] = [
        (Modifier::BOLD, "1;"),
        (Modifier::DIM, "2;"),
        (Modifier::ITALIC, "3;"),
        (Modifier::UNDERLINED, "4;"),
        (Modifier::SLOW_BLINK, "5;"),
        (Modifier::RAPID_BLINK, "6;"),
        (Modifier::REVERSED, "7;"),
        (Modifier::HIDDEN, "8;"),
        (Modifier::CROSSED_OUT, "9;"),
    ];
    let mut kept = from.intersection(to);
    // Terminals disagree on what bold and faint make together: weight, like blinking, is taken off and put on as one.
    for (group, off) in OFF.into_iter().chain([(Modifier::BOLD.union(Modifier::DIM), "22;")]) {
        let was = from.intersection(group);
        if !was.is_empty() && was != to.intersection(group) {
            text.push_str(off);
            kept = kept.difference(group);
        }
    }
    for (one, on) in ON {
        if to.difference(kept).contains(one) {
            text.push_str(on);
        }
    }
}

/// A colour of the letters (`base` 30) or the ground (`base` 40), with its semicolon; ECMA-48 and its usual extensions.
fn colour(text: &mut String, colour: Color, base: u8) {
    let named = |n: u8| if n < 8 { base + n } else { base + 52 + n };
    let n = match colour {
        Color::Reset => base + 9,
        Color::Black => named(0),
        Color::Red => named(1),
        Color::Green => named(2),
        Color::Yellow => named(3),
        Color::Blue => named(4),
        Color::Magenta => named(5),
        Color::Cyan => named(6),
        Color::Gray => named(7),
        Color::DarkGray => named(8),
        Color::LightRed => named(9),
        Color::LightGreen => named(10),
        Color::LightYellow => named(11),
        Color::LightBlue => named(12),
        Color::LightMagenta => named(13),
        Color::LightCyan => named(14),
        Color::White => named(15),
        // Writing to a string does not fail.
        Color::Indexed(i) => return write!(text, "{};5;{i};", base + 8).unwrap_or(()),
        Color::Rgb(r, g, b) => return write!(text, "{};2;{r};{g};{b};", base + 8).unwrap_or(()),
    };
    let _ = write!(text, "{n};");
}

/// Columns a symbol takes on every terminal; `None` where terminals disagree, so that the cursor is put anew.
fn columns(symbol: &str) -> Option<u16> {
    let mut chars = symbol.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => match c {
            ' '..='~' | '\u{2500}'..='\u{257f}' => Some(1),
            // Ideographs, kana, their punctuation and full-width forms.
            '\u{3001}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' => Some(2),
            '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff60}' => Some(2),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;
