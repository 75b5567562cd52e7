//! A workbench driven by a key string, with the real Desk behind it: for `guanxi play`, pictures and the journeys' tests.
//! Every effect is answered before the next key, so that the same string gives the same screen.

use super::driver::answer;
use super::keys::{Stroke, strokes};
use super::run::picture;
use crate::domain::Who;
use crate::keymap::Key;
use crate::ops::Desk;
use crate::tui::{Effect, Message, Workbench};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::collections::VecDeque;
use std::sync::Arc;

/// A scripted session.
pub struct Script {
    bench: Workbench,
    desk: Arc<Desk>,
    who: Who,
    size: (u16, u16),
    /// Text that was copied, oldest first.
    pub copied: Vec<String>,
    /// The person left.
    pub left: bool,
}

impl Script {
    /// Starts: the workbench's first effects are carried out.
    pub fn start(desk: Arc<Desk>, who: Who, size: (u16, u16), bench: Workbench, effects: Vec<Effect>) -> Script {
        let mut script = Script { bench, desk, who, size, copied: Vec::new(), left: false };
        script.carry_out(effects);
        script
    }

    /// Plays a key string. The error is the piece that was not understood.
    pub fn play(&mut self, text: &str) -> Result<(), String> {
        for stroke in strokes(text)? {
            match stroke {
                Stroke::Key(key) => self.key(key),
                Stroke::Text(words) => words.chars().for_each(|c| self.key(Key::char(c))),
            }
        }
        Ok(())
    }

    /// Presses one key.
    pub fn key(&mut self, key: Key) {
        self.hear(Message::Key(key));
    }

    /// Hears one message.
    pub fn hear(&mut self, message: Message) {
        if !self.left {
            let effects = self.bench.update(message);
            self.carry_out(effects);
        }
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        let mut queue: VecDeque<Effect> = effects.into();
        while let Some(effect) = queue.pop_front() {
            match effect {
                Effect::Ask { ticket, request } => {
                    let news = self.desk.listen();
                    let message = answer(&self.desk, &self.who, ticket, request, &|| false);
                    queue.extend(self.bench.update(message));
                    for changed in news.try_iter() {
                        if let crate::ops::request::News::Changed(changes) = changed {
                            queue.extend(self.bench.update(Message::Changed(changes)));
                        }
                    }
                }
                Effect::CopyText(text) => self.copied.push(text),
                Effect::Quit => self.left = true,
                Effect::Cancel(_) | Effect::Title(_) | Effect::Bell | Effect::Redraw => {}
            }
        }
    }

    /// The screen now, and the caret.
    pub fn picture(&self) -> (Buffer, Option<Position>) {
        picture(&self.bench, Rect::new(0, 0, self.size.0, self.size.1))
    }

    /// The screen as text, one line a row, without spaces at the ends.
    pub fn screen(&self) -> String {
        let (buffer, _) = self.picture();
        let mut out = String::new();
        for y in 0..self.size.1 {
            let mut line = String::new();
            let mut covered = 0;
            for x in 0..self.size.0 {
                if covered > 0 {
                    covered -= 1;
                    continue;
                }
                let symbol = buffer.cell((x, y)).map_or(" ", |c| c.symbol());
                line.push_str(symbol);
                covered = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }
}
