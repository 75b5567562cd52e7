//! The fields of a form: a text of one line or several, or a choice among a few, and how each is drawn.

use super::{
    canvas::{Canvas, Line, line_width, piece},
    entry::Entry,
    label::W,
    measure::width,
    theme::Role,
    view::View,
};
use crate::domain::{Dict, dict::OWN};
use ratatui::layout::Rect;

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The key that chooses it.
    pub hot: Option<char>,
    /// The word.
    pub label: String,
    /// What the record will hold.
    pub code: u32,
}

/// What a field holds.
#[derive(Debug, Clone)]
pub enum Body {
    /// Typed text.
    Text(Entry),
    /// One of several.
    Choice {
        /// Those offered.
        options: Vec<Choice>,
        /// The one chosen.
        chosen: Option<usize>,
    },
}

/// One field.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its label.
    pub label: W,
    /// What it holds.
    pub body: Body,
    /// The rows it takes.
    pub rows: u16,
    /// Said behind the text: how it was understood, what is wrong with it.
    pub remark: Line,
    /// Shown while it is empty.
    pub ghost: String,
    /// Said in the tray while it has the focus.
    pub tray: String,
}

impl Field {
    /// A field of one line.
    pub fn line(label: W, value: &str) -> Field {
        Field { label, body: Body::Text(Entry::line(value)), rows: 1, remark: Vec::new(), ghost: String::new(), tray: String::new() }
    }
    /// A field of several lines.
    pub fn note(label: W, value: &str, rows: u16) -> Field {
        Field { body: Body::Text(Entry::note(value)), rows, ..Field::line(label, "") }
    }
    /// A choice.
    pub fn choice(label: W, options: Vec<Choice>, chosen: Option<usize>) -> Field {
        Field { body: Body::Choice { options, chosen }, ..Field::line(label, "") }
    }
    /// With a ghost and a word for the tray.
    #[must_use]
    pub fn saying(mut self, ghost: impl Into<String>, tray: impl Into<String>) -> Field {
        self.ghost = ghost.into();
        self.tray = tray.into();
        self
    }
    /// A text of several lines?
    pub(super) fn is_note(&self) -> bool {
        self.rows > 1 && matches!(self.body, Body::Text(_))
    }
    /// The text typed; "" for a choice.
    pub fn text(&self) -> &str {
        if let Body::Text(e) = &self.body { e.value().trim() } else { "" }
    }
    /// The code chosen.
    pub fn code(&self) -> Option<u32> {
        let Body::Choice { options, chosen } = &self.body else { return None };
        chosen.and_then(|i| options.get(i)).map(|o| o.code)
    }
}

/// The entries of a dictionary as choices: those in use, the book's own with the first free letter of their key.
pub fn choices(view: View<'_>, dict: Dict) -> Vec<Choice> {
    let entries = view.book.map_or(&[][..], |b| b.dicts.entries(dict));
    let mut taken: Vec<char> = entries.iter().filter_map(|e| e.hot).collect();
    let mut out = Vec::new();
    for e in entries.iter().filter(|e| !e.retired) {
        let mut hot = e.hot;
        if hot.is_none() && e.code >= OWN {
            hot = e.key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).find(|c| !taken.contains(c));
            taken.extend(hot);
        }
        out.push(Choice { hot, label: view.code(dict, e.code), code: e.code });
    }
    out
}

/// Draws what a field holds; `here` when it has the focus.
pub(super) fn draw_body(canvas: &mut Canvas<'_>, body: Rect, field: &Field, here: bool) {
    match &field.body {
        Body::Text(entry) => {
            entry.draw(canvas, body, Role::Text, &field.ghost);
            if field.rows == 1 && !field.remark.is_empty() {
                let used = u16::try_from(width(entry.value())).unwrap_or(u16::MAX).saturating_add(3);
                let x = used.max(10);
                if x < body.width {
                    canvas.line(body.x + x, body.y, body.width - x, &field.remark);
                }
            }
        }
        Body::Choice { options, chosen } => match chosen.and_then(|c| options.get(c)) {
            Some(option) => {
                let used = canvas.put(body.x, body.y, body.width, &option.label, Role::Strong);
                canvas.line(body.x + used, body.y, body.width - used, &field.remark);
            }
            None => {
                let sign = if here { canvas.look.glyphs.ellipsis } else { canvas.look.glyphs.none };
                let used = canvas.put(body.x, body.y, body.width, sign, Role::Ghost);
                if here && !field.ghost.is_empty() {
                    canvas.put(body.x + used + 1, body.y, body.width.saturating_sub(used + 1), &field.ghost, Role::Ghost);
                }
            }
        },
    }
}

/// The choices with the keys that choose them, on as many rows as there are.
pub(super) fn chips(canvas: &mut Canvas<'_>, area: Rect, options: &[Choice], chosen: Option<usize>) {
    let (mut x, mut y) = (area.x, area.y);
    for (i, option) in options.iter().enumerate() {
        if option.hot.is_none() && chosen != Some(i) {
            continue;
        }
        let role = if chosen == Some(i) { Role::Strong } else { Role::Text };
        let hot = option.hot.map_or(String::new(), |h| format!("{h} "));
        let chip = vec![piece(hot, Role::Key), piece(option.label.clone(), role)];
        let wide = u16::try_from(line_width(&chip)).unwrap_or(u16::MAX);
        if x > area.x && x.saturating_add(wide) > area.right() {
            x = area.x;
            y += 1;
        }
        if y >= area.bottom() {
            return;
        }
        x = x.saturating_add(canvas.line(x, y, area.right().saturating_sub(x), &chip) + 2);
    }
}
