//! The status line: what just happened, what is on its way, the keys that go on; at its right who, which book, which day.

use super::{
    canvas::{Canvas, Line, line_width, piece},
    label::W,
    measure::width,
    theme::Role,
    workbench::{Pane, Workbench},
};
use crate::{command::CommandId, manual::keys_shown, ops::request::Progress};
use ratatui::layout::Rect;

/// The keys said in each place, with the word for each.
const IN_BOX: &[(CommandId, W)] = &[
    (CommandId::CustomerOpen, W::KeyOpen),
    (CommandId::SearchLeave, W::KeyList),
    (CommandId::CustomerNew, W::KeyNew),
    (CommandId::Help, W::KeyHelp),
];
const IN_LIST: &[(CommandId, W)] = &[
    (CommandId::LogFollowUp, W::KeyLog),
    (CommandId::CustomerOpen, W::KeyOpen),
    (CommandId::CustomerEdit, W::KeyEdit),
    (CommandId::AddTask, W::KeyTask),
    (CommandId::AddTag, W::KeyTag),
    (CommandId::SearchFocus, W::KeyBox),
    (CommandId::Help, W::KeyHelp),
];
const IN_PROFILE: &[(CommandId, W)] = &[
    (CommandId::LogFollowUp, W::KeyLog),
    (CommandId::CustomerEdit, W::KeyEdit),
    (CommandId::AddTask, W::KeyTask),
    (CommandId::AddTag, W::KeyTag),
    (CommandId::CopyPhone, W::KeyCopy),
    (CommandId::ResultNext, W::KeyNextHit),
    (CommandId::Back, W::KeyBack),
    (CommandId::Help, W::KeyHelp),
];

impl Workbench {
    /// Draws the status line.
    pub(super) fn draw_status(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if area.height == 0 {
            return;
        }
        let right = self.whereabouts();
        let day = right.rsplit(" · ").next().unwrap_or("").to_string();
        let cells = |text: &str| u16::try_from(width(text)).unwrap_or(u16::MAX);
        let left = self.news(canvas, area.width.saturating_sub(cells(&day).saturating_add(4)));
        let needed = u16::try_from(line_width(&left)).unwrap_or(u16::MAX);
        // Who and where give way to what just happened, the day last.
        let shown = [right, day].into_iter().find(|r| needed.saturating_add(cells(r)).saturating_add(4) <= area.width);
        let mut room = area.width.saturating_sub(2);
        if let Some(right) = shown {
            canvas.put_right(area.right().saturating_sub(1), area.y, cells(&right), &right, Role::Dim);
            room = room.saturating_sub(cells(&right) + 2);
        }
        canvas.line(area.x + u16::from(area.width > 2), area.y, room.max(1), &left);
    }

    fn whereabouts(&self) -> String {
        let view = self.view();
        let mut parts = vec![self.who.name.clone()];
        if let Some(book) = &self.book {
            parts.push(book.name.clone());
            let day = view.today();
            parts.push(if book.fixed_day { format!("{} {day}", view.word(W::SampleDay)) } else { day.to_string() });
        }
        parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    fn news(&self, canvas: &Canvas<'_>, room: u16) -> Line {
        let view = self.view();
        if !self.hints.is_empty() {
            return self.prefix();
        }
        if !self.waiting_keys.is_empty() {
            return vec![piece(view.word(W::Looking), Role::Warn)];
        }
        if !self.writing.is_empty() && self.writing.values().all(|w| !w.unknown) {
            return vec![piece(view.word(W::Saving), Role::Warn)];
        }
        if let Some((toast, _)) = &self.toast {
            let mut line = vec![piece(toast.text.clone(), toast.role)];
            let (command, w) = if toast.undo { (CommandId::Undo, W::ToUndo) } else { (CommandId::Redo, W::ToRedo) };
            let offer = toast.undo || (toast.role == Role::Good && self.last_was_undo);
            let key = view.key(command, &self.scopes());
            if offer && !key.is_empty() {
                line.extend([piece("   ", Role::Dim), piece(key, Role::Key), piece(format!(" {}", view.word(w)), Role::Dim)]);
            }
            return line;
        }
        if let Some(p) = self.opening.as_ref().filter(|_| self.book.is_some()).or_else(|| self.progress.values().next()) {
            return progress_line(p, &view.say(&p.what), canvas);
        }
        self.keys_here(room)
    }

    /// The keys that go on from what was typed.
    fn prefix(&self) -> Line {
        let view = self.view();
        let mut line = vec![piece(keys_shown(&self.typed), Role::Strong), piece("  ", Role::Dim)];
        for hint in &self.hints {
            let title = hint.call.as_ref().map_or("…".to_string(), |c| view.title(c.command));
            line.extend([piece(keys_shown(&[hint.key]), Role::Key), piece(format!(" {title}  "), Role::Dim)]);
        }
        line
    }

    fn keys_here(&self, room: u16) -> Line {
        let view = self.view();
        if !self.layers.is_empty() {
            return Vec::new();
        }
        let (list, scopes) = match self.focus {
            Pane::Profile => (IN_PROFILE, self.scopes()),
            Pane::Search if self.search.in_box => (IN_BOX, self.scopes()),
            Pane::Search => (IN_LIST, self.scopes()),
        };
        let here = self.here();
        let mut chips: Vec<Line> = Vec::new();
        for (command, w) in list {
            let key = view.key(*command, &scopes);
            if !key.is_empty() && here.why_not(crate::command::spec(*command), &crate::command::Args::default()).is_none() {
                chips.push(vec![piece(key, Role::Key), piece(format!(" {}  ", view.word(*w)), Role::Dim)]);
            }
        }
        // Help stays; the others go from the end while there is no room.
        while chips.len() > 1 && chips.iter().map(|c| line_width(c)).sum::<usize>() > usize::from(room) {
            chips.remove(chips.len() - 2);
        }
        chips.concat()
    }
}

/// A bar with what, how far and how much.
pub fn progress_line(p: &Progress, what: &str, canvas: &Canvas<'_>) -> Line {
    const CELLS: u64 = 16;
    let glyphs = canvas.look.glyphs;
    if p.of == 0 {
        return vec![piece(format!("{what} {}", p.done), Role::Text)];
    }
    let done = p.done.min(p.of);
    let full = usize::try_from(u128::from(done) * u128::from(CELLS) / u128::from(p.of)).unwrap_or(0);
    let percent = u128::from(done) * 100 / u128::from(p.of);
    vec![
        piece(format!("{what}  "), Role::Text),
        piece(glyphs.full.repeat(full), Role::Focus),
        piece(glyphs.open.repeat(CELLS as usize - full), Role::Line),
        piece(format!("  {percent}%"), Role::Dim),
    ]
}
