//! The timeline: every row of a customer in words, grouped by day, newest first, arrows for who went to whom.

use super::{
    canvas::{Canvas, Line, piece},
    label::W,
    measure::{cut, width, wrap},
    theme::Role,
    touch::{Touch, describe},
    view::View,
};
use crate::domain::{Profile, Record};
use ratatui::layout::Rect;

/// Columns of a row: the way, the clock, what, how.
const WAY: usize = 2;
const CLOCK: usize = 6;
const WHAT: usize = 11;
const HOW: usize = 14;
/// A note beside its head takes at least so many cells.
const LEAST: usize = 30;
/// So many lines of a long note are shown.
const NOTE: usize = 4;

/// The lines of the timeline at a width.
pub fn lines(profile: &Profile, view: View<'_>, room: u16, glyphs: super::glyph::Glyphs) -> Vec<Line> {
    let room = usize::from(room);
    let mut out = Vec::new();
    let mut last = None;
    for row in &profile.rows {
        let day = view.day_of(row.moment());
        if last != Some(day) {
            if last.is_some() {
                out.push(Vec::new());
            }
            out.push(vec![piece(view.weekday(day), Role::Title), piece(format!("  {}", view.distance(day)), Role::Dim)]);
            last = Some(day);
        }
        entry(&mut out, row, view, room, glyphs);
    }
    let more = profile.all_rows.saturating_sub(profile.rows.len() as u64);
    if more > 0 {
        out.push(Vec::new());
        out.push(vec![piece(format!("{} {}", view.count(more), view.word(W::OlderRows)), Role::Dim)]);
    }
    out
}

fn entry(out: &mut Vec<Line>, row: &Record, view: View<'_>, room: usize, glyphs: super::glyph::Glyphs) {
    let t = describe(row, view);
    let mut line = head(&t, &view.clock(row.moment()), glyphs);
    let tail = tail(&t);
    let used = super::canvas::line_width(&line);
    let text = room.saturating_sub(used + super::canvas::line_width(&tail) + 1);
    if text < LEAST && width(&t.text) > text {
        return narrow(out, line, tail, &t.text, room, glyphs);
    }
    let mut notes = wrap(&t.text, text.max(8)).into_iter();
    let first = notes.next().unwrap_or_default();
    let gap = text.saturating_sub(width(&first));
    line.push(piece(first, Role::Text));
    if !tail.is_empty() && text > 0 {
        line.push(piece(" ".repeat(gap + 1), Role::Text));
        line.extend(tail);
    }
    out.push(line);
    let rest: Vec<String> = notes.collect();
    for (i, note) in rest.iter().take(NOTE).enumerate() {
        let more = if i + 1 == NOTE && rest.len() > NOTE { glyphs.ellipsis } else { "" };
        out.push(vec![piece(" ".repeat(used), Role::Text), piece(format!("{note}{more}"), Role::Text)]);
    }
}

/// Where a note has no room beside its head it stands under it.
fn narrow(out: &mut Vec<Line>, head: Line, tail: Line, note: &str, room: usize, glyphs: super::glyph::Glyphs) {
    let used = super::canvas::line_width(&head) + super::canvas::line_width(&tail);
    let mut line = head;
    line.push(piece(" ".repeat(room.saturating_sub(used)), Role::Text));
    line.extend(tail);
    out.push(line);
    let lines = wrap(note, room.saturating_sub(WAY + CLOCK).max(8));
    for (i, text) in lines.iter().take(NOTE).enumerate() {
        let more = if i + 1 == NOTE && lines.len() > NOTE { glyphs.ellipsis } else { "" };
        out.push(vec![piece(" ".repeat(WAY + CLOCK), Role::Text), piece(format!("{text}{more}"), Role::Text)]);
    }
}

fn head(t: &Touch, clock: &str, glyphs: super::glyph::Glyphs) -> Line {
    vec![
        arrow(t, glyphs),
        piece(column(clock, CLOCK, glyphs), Role::Dim),
        piece(column(&t.what, WHAT, glyphs), Role::Strong),
        piece(column(&t.how, HOW, glyphs), t.role),
    ]
}

fn tail(t: &Touch) -> Line {
    let mut line = Vec::new();
    if !t.amount.is_empty() {
        line.push(piece(t.amount.clone(), Role::Strong));
    }
    if !t.by.is_empty() {
        line.push(piece(if line.is_empty() { t.by.clone() } else { format!("  {}", t.by) }, Role::Dim));
    }
    line
}

fn arrow(t: &Touch, glyphs: super::glyph::Glyphs) -> super::canvas::Piece {
    let (sign, role) = match t.inbound {
        Some(true) => (glyphs.inbound, Role::Good),
        Some(false) => (glyphs.outbound, Role::Focus),
        None => (glyphs.dot, Role::Dim),
    };
    piece(column(sign, WAY, glyphs), role)
}

/// Text in a column of that width, cut or filled up.
pub fn column(text: &str, cells: usize, glyphs: super::glyph::Glyphs) -> String {
    let shown = cut(text, cells.saturating_sub(1), glyphs.ellipsis);
    let fill = cells.saturating_sub(width(&shown));
    format!("{shown}{}", " ".repeat(fill))
}

/// One row on one line with its day, for the summary.
pub fn short(canvas: &mut Canvas<'_>, area: Rect, row: &Record, view: View<'_>) {
    let glyphs = canvas.look.glyphs;
    let t = describe(row, view);
    let day = view.day(view.day_of(row.moment()));
    let narrow = area.width < 56;
    let mut line = vec![arrow(&t, glyphs), piece(column(&day, 11, glyphs), Role::Dim), piece(column(&t.what, WHAT, glyphs), Role::Strong)];
    if !narrow || t.text.is_empty() {
        line.push(piece(column(&t.how, HOW, glyphs), t.role));
    }
    let tail = tail(&t);
    let wide = u16::try_from(super::canvas::line_width(&tail)).unwrap_or(0);
    let text = t.text.replace('\n', " ");
    line.push(piece(text, Role::Text));
    let room = area.width.saturating_sub(wide + u16::from(wide > 0));
    canvas.line(area.x, area.y, room, &line);
    canvas.line(area.right().saturating_sub(wide), area.y, wide, &tail);
}

/// Draws the lines from `scroll` on.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, all: &[Line], view: View<'_>, scroll: usize) {
    if all.is_empty() {
        canvas.put(area.x, area.y, area.width, view.word(W::NoTouch), Role::Dim);
        return;
    }
    for (y, line) in (area.top()..area.bottom()).zip(all.iter().skip(scroll)) {
        canvas.line(area.x, y, area.width, line);
    }
}
