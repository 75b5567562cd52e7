//! The help overlay: the keys that apply here, those that apply anywhere, and why the others do not.

use super::{
    canvas::{Canvas, Line, inset, inside, piece},
    glyph::Glyphs,
    label::W,
    layer::{Cx, Heard, Layer},
    measure::{width, wrap},
    theme::Role,
    timeline::column,
    view::View,
};
use crate::{
    command::{Call, CommandId, Here, Scope},
    manual::{self, HelpRow, HelpSection},
};
use ratatui::layout::Rect;

/// Columns of the keys and of the titles.
const KEYS: usize = 19;
const TITLE: usize = 19;

/// Below this width the sentence goes on a line of its own.
const BESIDE: usize = KEYS + TITLE + 24;

/// The help overlay.
#[derive(Debug)]
pub struct HelpLayer {
    title: String,
    sections: Vec<HelpSection>,
    glyphs: Glyphs,
    /// Made for this width; 0 = to be made.
    wide: u16,
    lines: Vec<Line>,
    top: usize,
    page: usize,
}

impl HelpLayer {
    /// Opens on what applies where the person is.
    pub fn open(here: &Here, view: View<'_>, glyphs: Glyphs) -> HelpLayer {
        let sections = manual::overlay(view.keymap, here, view.lang);
        HelpLayer { title: view.word(W::HelpTitle).into(), sections, glyphs, wide: 0, lines: Vec::new(), top: 0, page: 1 }
    }

    fn go(&mut self, to: usize) {
        self.top = to.min(self.lines.len().saturating_sub(self.page));
    }

    fn body(room: Rect) -> Rect {
        inset(inside(room), 1)
    }
}

fn lines(sections: &[HelpSection], wide: usize, glyphs: Glyphs) -> Vec<Line> {
    let mut lines = Vec::new();
    for section in sections {
        if !lines.is_empty() {
            lines.push(Vec::new());
        }
        lines.push(vec![piece(section.title.clone(), Role::Title)]);
        for row in &section.rows {
            entry(&mut lines, row, wide, glyphs);
        }
    }
    lines
}

/// One command on as many lines as its keys, its title and its sentence need.
fn entry(lines: &mut Vec<Line>, row: &HelpRow, wide: usize, glyphs: Glyphs) {
    let beside = wide >= BESIDE;
    let (keys, title, last) = if row.why_not.is_some() { (Role::Dim, Role::Dim, Role::Ghost) } else { (Role::Key, Role::Text, Role::Dim) };
    let sentence = row.why_not.as_ref().unwrap_or(&row.doc);
    let left = ways(&row.keys, KEYS - 2);
    let middle = wrap(&row.title, if beside { TITLE - 1 } else { wide.saturating_sub(KEYS) });
    let right = if beside { wrap(sentence, wide - KEYS - TITLE) } else { Vec::new() };
    for i in 0..left.len().max(middle.len()).max(right.len()) {
        let at = |list: &[String]| list.get(i).cloned().unwrap_or_default();
        let mut line = vec![piece(column(&at(&left), KEYS, glyphs), keys)];
        match right.is_empty() {
            true => line.push(piece(at(&middle), title)),
            false => line.extend([piece(column(&at(&middle), TITLE, glyphs), title), piece(at(&right), last)]),
        }
        lines.push(line);
    }
    if !beside {
        lines.extend(wrap(sentence, wide.saturating_sub(2)).into_iter().map(|text| vec![piece(format!("  {text}"), last)]));
    }
}

/// The ways to type a command on lines of at most so many cells, broken between two ways only.
fn ways(keys: &str, cells: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for way in keys.split(", ") {
        match lines.last_mut() {
            Some(line) if width(line) + 2 + width(way) <= cells => line.push_str(&format!(", {way}")),
            Some(line) => {
                line.push(',');
                lines.push(way.to_string());
            }
            None => lines.push(way.to_string()),
        }
    }
    lines
}

impl Layer for HelpLayer {
    fn scope(&self) -> Scope {
        Scope::Help
    }

    fn act(&mut self, call: &Call, cx: &mut Cx<'_>) -> Heard {
        match call.command {
            CommandId::Back => cx.close(),
            CommandId::HelpScrollDown => self.go(self.top + 1),
            CommandId::HelpScrollUp => self.go(self.top.saturating_sub(1)),
            CommandId::HelpPageDown => self.go(self.top + self.page),
            CommandId::HelpPageUp => self.go(self.top.saturating_sub(self.page)),
            CommandId::HelpTop => self.go(0),
            CommandId::HelpBottom => self.go(usize::MAX),
            _ => return Heard::No,
        }
        Heard::Yes
    }

    fn room(&self, screen: Rect) -> Rect {
        let w = screen.width.min(110);
        Rect::new(screen.x + (screen.width - w) / 2, screen.y, w, screen.height)
    }

    fn translate(&mut self, view: View<'_>, here: &Here) {
        let top = self.top;
        *self = HelpLayer { top, ..HelpLayer::open(here, view, self.glyphs) };
    }

    fn arrange(&mut self, room: Rect) {
        let body = Self::body(room);
        if self.wide != body.width {
            self.wide = body.width;
            self.lines = lines(&self.sections, usize::from(body.width), self.glyphs);
        }
        self.page = usize::from(body.height.max(1));
        self.go(self.top);
    }

    fn draw(&self, canvas: &mut Canvas<'_>, room: Rect, _view: View<'_>) {
        canvas.clear(room);
        canvas.frame(room, &self.title, Role::Focus);
        let body = Self::body(room);
        for (y, line) in (body.top()..body.bottom()).zip(self.lines.iter().skip(self.top)) {
            canvas.line(body.x, y, body.width, line);
        }
        let last = (self.top + self.page).min(self.lines.len());
        if self.lines.len() > self.page && room.height > 3 {
            let at = format!(" {last}/{} ", self.lines.len());
            canvas.put_right(room.right().saturating_sub(2), room.bottom() - 1, 14, &at, Role::Dim);
        }
    }
}
