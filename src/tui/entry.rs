//! A field that takes text, on one line or several. The caret stands between whole letters (grapheme clusters), pasted
//! text is made harmless, and the caret's place on the screen is known, so that an input method opens there.

use super::{canvas::Canvas, measure::width, theme::Role};
use crate::domain::clean;
use ratatui::layout::{Position, Rect};
use tui_input::{Input, InputRequest};
use unicode_segmentation::UnicodeSegmentation;

/// At most this many characters go into one field; the rest of a paste is left out.
pub const LIMIT: usize = 20_000;

/// One stroke of editing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stroke {
    /// A character.
    Char(char),
    /// A line break, where the field takes several lines.
    Break,
    /// The letter before the caret goes.
    Back,
    /// The letter after the caret goes.
    Delete,
    /// The word before the caret goes.
    BackWord,
    /// Everything before the caret goes.
    BackAll,
    /// Everything after the caret goes.
    DeleteAll,
    /// One letter left.
    Left,
    /// One letter right.
    Right,
    /// One word left.
    WordLeft,
    /// One word right.
    WordRight,
    /// To the start.
    Home,
    /// To the end.
    End,
}

/// A field that takes text.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    input: Input,
    lines: bool,
}

impl Entry {
    /// A field of one line, with a value to start from and the caret at its end.
    pub fn line(value: &str) -> Entry {
        Entry { input: Input::new(clean::line(value).into_owned()), lines: false }
    }

    /// A field of several lines.
    pub fn note(value: &str) -> Entry {
        Entry { input: Input::new(clean::note(value).into_owned()), lines: true }
    }

    /// What stands in it.
    pub fn value(&self) -> &str {
        self.input.value()
    }

    /// Nothing in it but spaces?
    pub fn is_empty(&self) -> bool {
        self.value().trim().is_empty()
    }

    /// Empties it.
    pub fn clear(&mut self) {
        self.input.reset();
    }

    /// Carries out a stroke; true when the text changed.
    pub fn stroke(&mut self, stroke: Stroke) -> bool {
        let before = self.input.value().len();
        match stroke {
            Stroke::Char(c) if !c.is_control() => self.insert(&c.to_string()),
            Stroke::Char(_) => {}
            Stroke::Break if self.lines => self.put("\n"),
            Stroke::Break => {}
            Stroke::Back => self.step(InputRequest::DeletePrevChar),
            Stroke::Delete => self.step(InputRequest::DeleteNextChar),
            Stroke::BackWord => self.step(InputRequest::DeletePrevWord),
            Stroke::BackAll => self.step(InputRequest::DeleteFromStart),
            Stroke::DeleteAll => self.step(InputRequest::DeleteTillEnd),
            Stroke::Left => self.step(InputRequest::GoToPrevChar),
            Stroke::Right => self.step(InputRequest::GoToNextChar),
            Stroke::WordLeft => self.step(InputRequest::GoToPrevWord),
            Stroke::WordRight => self.step(InputRequest::GoToNextWord),
            Stroke::Home => self.step(InputRequest::GoToStart),
            Stroke::End => self.step(InputRequest::GoToEnd),
        }
        self.input.value().len() != before
    }

    /// Puts text in at the caret, made harmless; line breaks stay where the field takes them.
    pub fn insert(&mut self, text: &str) {
        let clean = match text.chars().count() {
            // A single mark or joiner is judged beside the letter it follows, which cleaning it alone could not see.
            1 => text.chars().filter(|c| *c == ' ' || clean::line(&format!("a{c}b")).contains(*c)).collect(),
            _ if self.lines => clean::note(text).into_owned(),
            _ => clean::line(&text.replace("\r\n", "\n")).into_owned(),
        };
        let room = LIMIT.saturating_sub(self.value().chars().count());
        self.put(&clean.chars().take(room).collect::<String>());
    }

    fn put(&mut self, text: &str) {
        let at = self.input.cursor();
        let mut value: String = self.value().chars().take(at).collect();
        value.push_str(text);
        value.extend(self.value().chars().skip(at));
        self.input = Input::new(value).with_cursor(at + text.chars().count());
    }

    fn step(&mut self, request: InputRequest) {
        let _ = self.input.handle(request);
    }

    /// The rows the text takes at that width, and the caret's row and column.
    pub fn layout(&self, cells: usize) -> (Vec<String>, (usize, usize)) {
        let cells = cells.max(2);
        let mut rows = vec![String::new()];
        let (mut column, mut chars, mut caret) = (0, 0, None);
        for letter in self.value().graphemes(true) {
            if chars >= self.input.cursor() && caret.is_none() {
                caret = Some((rows.len() - 1, column));
            }
            chars += letter.chars().count();
            let w = width(letter);
            if letter == "\n" || column + w >= cells {
                rows.push(String::new());
                column = 0;
            }
            if letter != "\n" {
                if let Some(row) = rows.last_mut() {
                    row.push_str(letter);
                }
                column += w;
            }
        }
        let caret = caret.unwrap_or((rows.len() - 1, column));
        (rows, caret)
    }

    /// The part of a one-line field that shows in so many cells, and the caret's column in it.
    fn window(&self, cells: usize) -> (String, usize) {
        let cells = cells.max(1);
        let before: String = self.value().chars().take(self.input.cursor()).collect();
        let mut skip = 0;
        let mut column = width(&before);
        for letter in before.graphemes(true) {
            if column < cells {
                break;
            }
            skip += letter.len();
            column -= width(letter);
        }
        (self.value().get(skip..).unwrap_or("").to_string(), column)
    }

    /// Draws the field; `ghost` shows while it is empty.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, role: Role, ghost: &str) {
        if self.value().is_empty() {
            canvas.put(area.x, area.y, area.width, ghost, Role::Ghost);
            return;
        }
        if !self.lines {
            let (text, _) = self.window(usize::from(area.width));
            canvas.put(area.x, area.y, area.width, &text, role);
            return;
        }
        let (rows, top) = self.scrolled(area);
        for (y, row) in (area.y..area.bottom()).zip(rows.iter().skip(top)) {
            canvas.put(area.x, y, area.width, row, role);
        }
    }

    fn scrolled(&self, area: Rect) -> (Vec<String>, usize) {
        let (rows, (row, _)) = self.layout(usize::from(area.width));
        (rows, (row + 1).saturating_sub(usize::from(area.height.max(1))))
    }

    /// Where the caret stands on the screen; inside `area` always.
    pub fn caret(&self, area: Rect) -> Position {
        let clamp = |n: usize, size: u16| u16::try_from(n).unwrap_or(u16::MAX).min(size.saturating_sub(1));
        if !self.lines {
            let (_, column) = self.window(usize::from(area.width));
            return Position::new(area.x + clamp(column, area.width), area.y);
        }
        let (_, top) = self.scrolled(area);
        let (_, (row, column)) = self.layout(usize::from(area.width));
        Position::new(area.x + clamp(column, area.width), area.y + clamp(row.saturating_sub(top), area.height))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_stroke_takes_one_whole_letter() {
        let mut e = Entry::line("a👨\u{200d}👩\u{200d}👧");
        assert!(e.stroke(Stroke::Back));
        assert_eq!(e.value(), "a");
        let mut e = Entry::line("e\u{301}x");
        e.stroke(Stroke::Home);
        e.stroke(Stroke::Delete);
        assert_eq!(e.value(), "x");
    }

    #[test]
    fn pasted_text_is_harmless_and_keeps_its_lines_only_in_a_note() {
        let hostile = "one\r\ntwo\u{1b}[31m three\u{202e}";
        let mut note = Entry::note("");
        note.insert(hostile);
        assert_eq!(note.value(), "one\ntwo three");
        let mut line = Entry::line("");
        line.insert(hostile);
        assert_eq!(line.value(), "one two three");
    }

    #[test]
    fn the_caret_counts_cells_and_stays_inside() {
        let e = Entry::line("许清");
        assert_eq!(e.caret(Rect::new(5, 1, 10, 1)), Position::new(9, 1));
        assert_eq!(e.caret(Rect::new(5, 1, 3, 1)).x, 7);
        let n = Entry::note("one\ntwo");
        assert_eq!(n.caret(Rect::new(0, 0, 10, 4)), Position::new(3, 1));
        assert_eq!(n.caret(Rect::new(0, 0, 10, 1)), Position::new(3, 0));
    }

    #[test]
    fn a_flood_is_cut_at_the_limit() {
        let mut e = Entry::line("");
        e.insert(&"x".repeat(LIMIT + 500));
        assert_eq!(e.value().len(), LIMIT);
    }
}
