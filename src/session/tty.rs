//! The person's own terminal: raw mode while the workbench runs, everything put back when it ends, also by a panic or a
//! signal. A thread of its own turns what the terminal sends into messages.

use super::keys;
use super::wire::Wire;
use crate::domain::clean;
use crate::tui::Message;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste, Event, read};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, SetTitle, disable_raw_mode, enable_raw_mode};
use crossterm::{cursor, execute, queue};
use ratatui::Terminal;
use std::io::{self, BufWriter, Stdout, Write, stdout};
use std::sync::mpsc::Sender;

/// At most so much pasted text is taken in one piece, in bytes.
const PASTE_LIMIT: usize = 64 * 1024;

/// The terminal while the workbench has it.
pub struct Tty {
    /// Where frames go.
    pub terminal: Terminal<Wire<BufWriter<Stdout>>>,
}

impl Tty {
    /// Takes the terminal over and starts listening to it. `leave` is called when the system asks the program to end
    /// (SIGTERM, SIGHUP), until it says that nobody listens any more.
    pub fn take(heard: Sender<Message>, leave: impl Fn() -> bool + Send + 'static) -> io::Result<Tty> {
        on_signals(leave)?;
        enable_raw_mode()?;
        execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste)?;
        let terminal = Terminal::new(Wire::new(BufWriter::with_capacity(1 << 16, stdout())))?;
        std::thread::spawn(move || listen(&heard));
        Ok(Tty { terminal })
    }

    /// Its size in cells; never nothing.
    pub fn size(&self) -> (u16, u16) {
        let size = self.terminal.size().unwrap_or_default();
        (size.width.max(1), size.height.max(1))
    }

    /// Puts text on the clipboard of the terminal's owner (OSC 52); works through SSH where the terminal allows it.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        let encoded = base64(text.as_bytes());
        let out = self.terminal.backend_mut();
        write!(out, "\u{1b}]52;c;{encoded}\u{7}")?;
        Write::flush(out)
    }

    /// Sets the window's title.
    pub fn title(&mut self, text: &str) -> io::Result<()> {
        let out = self.terminal.backend_mut();
        queue!(out, SetTitle(clean::line(text)))?;
        Write::flush(out)
    }

    /// Rings.
    pub fn bell(&mut self) -> io::Result<()> {
        let out = self.terminal.backend_mut();
        out.write_all(b"\x07")?;
        Write::flush(out)
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        give_back();
    }
}

/// Puts the terminal back as it was.
pub fn give_back() {
    let _ = execute!(stdout(), DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    let _ = disable_raw_mode();
}

/// A panic on any thread is contained where it happens; its words must not land in the middle of the screen, nor may the
/// engine's complaints about a damaged index, which is simply made anew.
pub fn quiet_panics() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |why| {
        let taken = crossterm::terminal::is_raw_mode_enabled().unwrap_or(false);
        if !taken && std::thread::current().name() != Some("index") {
            before(why);
        }
    }));
}

/// Turns the signals that end a program into an orderly end: by themselves they would leave the terminal raw.
#[cfg(unix)]
fn on_signals(leave: impl Fn() -> bool + Send + 'static) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGTERM, SIGHUP])?;
    std::thread::spawn(move || {
        for _ in &mut signals {
            if !leave() {
                return;
            }
        }
    });
    Ok(())
}

/// Elsewhere the console sends no such signals.
#[cfg(not(unix))]
fn on_signals(_leave: impl Fn() -> bool + Send + 'static) -> io::Result<()> {
    Ok(())
}

/// From the terminal's events to messages, until nobody listens.
fn listen(heard: &Sender<Message>) {
    while let Ok(event) = read() {
        let message = match event {
            Event::Key(key) => keys::key(key).map(Message::Key),
            Event::Paste(text) => Some(Message::Paste(clean::note(clip(&text)).into_owned())),
            Event::Resize(w, h) => Some(Message::Resize { w: w.clamp(1, 1000), h: h.clamp(1, 500) }),
            _ => None,
        };
        if message.is_some_and(|m| heard.send(m).is_err()) {
            return;
        }
    }
}

/// A pasted text cut at its limit, between two characters.
fn clip(text: &str) -> &str {
    let mut end = text.len().min(PASTE_LIMIT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or("")
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// RFC 4648, with padding; a dozen lines do not earn a dependency.
fn base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().enumerate().fold(0u32, |w, (i, b)| w | u32::from(*b) << (16 - 8 * i));
        for i in 0..4 {
            let letter = ALPHABET[(word >> (18 - 6 * i)) as usize & 63];
            out.push(if i <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_agrees_with_the_published_vectors() {
        // RFC 4648, section 10.
        for (plain, encoded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
    }

    #[test]
    fn a_paste_is_cut_between_characters() {
        let long = "单".repeat(PASTE_LIMIT);
        assert!(clip(&long).len() <= PASTE_LIMIT && clip(&long).chars().all(|c| c == '单'));
    }
}
