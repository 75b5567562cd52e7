//! The help overlay: the keys that apply here, those that apply anywhere, and why the others do not.

use super::{
    canvas::{Canvas, Line, inset, piece},
    glyph::Glyphs,
    label::W,
    layer::{Cx, Heard, Layer},
    theme::Role,
    timeline::column,
    view::View,
};
use crate::{
    command::{Call, CommandId, Here, Scope},
    manual::{self, HelpRow},
};
use ratatui::layout::Rect;

/// Columns of the keys and of the titles.
const KEYS: usize = 19;
const TITLE: usize = 19;

/// The help overlay.
#[derive(Debug)]
pub struct HelpLayer {
    title: String,
    lines: Vec<Line>,
    top: usize,
    page: usize,
}

impl HelpLayer {
    /// Opens on what applies where the person is.
    pub fn open(here: &Here, view: View<'_>, glyphs: Glyphs) -> HelpLayer {
        let mut lines = Vec::new();
        for section in manual::overlay(view.keymap, here, view.lang) {
            if !lines.is_empty() {
                lines.push(Vec::new());
            }
            lines.push(vec![piece(section.title, Role::Title)]);
            lines.extend(section.rows.into_iter().map(|row| entry(row, glyphs)));
        }
        HelpLayer { title: view.word(W::HelpTitle).into(), lines, top: 0, page: 1 }
    }

    fn go(&mut self, to: usize) {
        self.top = to.min(self.lines.len().saturating_sub(self.page));
    }

    fn body(room: Rect) -> Rect {
        if room.width < 6 || room.height < 4 { room } else { inset(Rect::new(room.x + 1, room.y + 1, room.width - 2, room.height - 2), 1) }
    }
}

fn entry(row: HelpRow, glyphs: Glyphs) -> Line {
    let (keys, title, last) = match row.why_not {
        None => (Role::Key, Role::Text, piece(row.doc, Role::Dim)),
        Some(why) => (Role::Dim, Role::Dim, piece(why, Role::Ghost)),
    };
    vec![piece(column(&row.keys, KEYS, glyphs), keys), piece(column(&row.title, TITLE, glyphs), title), last]
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

    fn arrange(&mut self, room: Rect) {
        self.page = usize::from(Self::body(room).height.max(1));
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
