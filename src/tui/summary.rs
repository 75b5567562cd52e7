//! The 360° summary: one customer on one screen of 80x24 without scrolling, and more of them where there is room.

use super::{
    canvas::{Canvas, Line, below, inset, piece},
    facts::{self, Fact},
    label::W,
    measure::width,
    theme::Role,
    timeline,
    view::View,
};
use crate::domain::{Card, Kind, Profile};
use ratatui::layout::Rect;

/// From this width on the facts stand in two columns.
const TWO: u16 = 64;
/// On a low screen already from this width on.
const TWO_LOW: u16 = 50;
/// So many touches at least are shown.
const TOUCHES: u16 = 5;

/// Draws the summary into an area.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, card: &Card, profile: Option<&Profile>, view: View<'_>) {
    let area = banners(canvas, area, card, profile, view);
    let area = inset(area, 1);
    canvas.line(area.x, area.y, area.width, &facts::portrait(card, view));
    let mut area = below(area, 1);
    area = columns(canvas, area, card, view);
    area = steps(canvas, area, card, profile, view);
    if let Some(profile) = profile {
        area = deals(canvas, area, profile, view);
        let others = u16::from(!profile.same_phone.is_empty());
        let used = touches(canvas, Rect { height: area.height.saturating_sub(others), ..area }, profile, view);
        let area = below(area, used);
        same_phone(canvas, area, profile, view);
        bought(canvas, below(area, others + 1), profile, view);
    }
}

fn banners(canvas: &mut Canvas<'_>, area: Rect, card: &Card, profile: Option<&Profile>, view: View<'_>) -> Rect {
    let mut area = area;
    for text in facts::banners(card, profile, view) {
        if area.height == 0 {
            break;
        }
        let row = Rect { height: 1, ..area };
        canvas.put(row.x, row.y, row.width, &format!(" {} {text}", canvas.look.glyphs.alarm), Role::Banner);
        canvas.tint(row, Role::Banner);
        area = below(area, 1);
    }
    area
}

fn columns(canvas: &mut Canvas<'_>, area: Rect, card: &Card, view: View<'_>) -> Rect {
    let (who, worth) = (facts::identity(card, view), facts::value(card, view));
    let two = area.width >= TWO || (area.width >= TWO_LOW && area.height < 26);
    if !two {
        let area = if area.height > 26 { below(area, 1) } else { area };
        let half = if area.height > 26 { 12 } else { (area.height / 3).max(2) };
        let used = block(canvas, Rect { height: half.min(area.height), ..area }, &who, view);
        let rest = below(area, used + u16::from(area.height > 30));
        let used = block(canvas, Rect { height: half.min(rest.height), ..rest }, &worth, view);
        return below(rest, used);
    }
    // A blank row above the facts, given up first when the screen is low.
    let area = if area.height > 18 { below(area, 1) } else { area };
    let left = area.width.div_ceil(2);
    let rows = area.height.min(if area.height > 30 { 12 } else { 8 });
    let a = block(canvas, Rect { width: left - 2, height: rows, ..area }, &who, view);
    let right = Rect { x: area.x + left, width: area.width - left, height: rows, ..area };
    let b = block(canvas, right, &worth, view);
    below(area, a.max(b))
}

/// Labelled lines under each other; gives the rows taken.
pub fn block(canvas: &mut Canvas<'_>, area: Rect, facts: &[Fact], view: View<'_>) -> u16 {
    let label = facts.iter().map(|(w, _)| width(view.word(*w))).max().unwrap_or(0);
    let label = u16::try_from(label).unwrap_or(12).max(8) + 2;
    let mut row = 0;
    for (w, line) in facts.iter().take(usize::from(area.height)) {
        labelled(canvas, Rect { y: area.y + row, height: 1, ..area }, label, view.word(*w), line);
        row += 1;
    }
    row
}

fn labelled(canvas: &mut Canvas<'_>, area: Rect, label: u16, word: &str, line: &Line) {
    canvas.put(area.x, area.y, label.min(area.width), word, Role::Dim);
    if area.width > label {
        canvas.line(area.x + label, area.y, area.width - label, line);
    }
}

/// The width of the labels of the full-width lines.
const LABEL: u16 = 12;

fn steps(canvas: &mut Canvas<'_>, area: Rect, card: &Card, profile: Option<&Profile>, view: View<'_>) -> Rect {
    if area.height == 0 {
        return area;
    }
    let area = if area.height > TOUCHES + 4 { below(area, 1) } else { area };
    labelled(canvas, area, LABEL, view.word(W::NextStep), &facts::next_step(card, profile, view));
    below(area, 1)
}

fn deals(canvas: &mut Canvas<'_>, area: Rect, profile: &Profile, view: View<'_>) -> Rect {
    let deals = facts::open_deals(profile, view);
    let room = area.height.saturating_sub(TOUCHES + 1).min(if area.height > 20 { 6 } else { 2 });
    let mut row = 0;
    for line in deals.iter().take(usize::from(room)) {
        let at = Rect { y: area.y + row, height: 1, ..area };
        labelled(canvas, at, LABEL, if row == 0 { view.word(W::OpenDeals) } else { "" }, line);
        row += 1;
    }
    let hidden = deals.len().saturating_sub(usize::from(row));
    if hidden > 0 && row > 0 {
        canvas.put_right(area.right(), area.y + row - 1, 8, &format!("+{hidden}"), Role::Dim);
    }
    below(area, row)
}

fn touches(canvas: &mut Canvas<'_>, area: Rect, profile: &Profile, view: View<'_>) -> u16 {
    if area.height < 2 {
        return 0;
    }
    heading(canvas, area, view.word(W::LastTouches));
    let rows = profile.rows.iter().filter(|r| touched(r, view));
    let mut used = 1;
    for row in rows.take(usize::from(area.height - 1).min(if area.height > 16 { 10 } else { usize::from(TOUCHES) })) {
        timeline::short(canvas, Rect { y: area.y + used, height: 1, ..area }, row, view);
        used += 1;
    }
    if used == 1 {
        canvas.put(area.x, area.y + 1, area.width, view.word(W::NoTouch), Role::Dim);
        used = 2;
    }
    used
}

/// The orders, where a tall screen has room for them.
fn bought(canvas: &mut Canvas<'_>, area: Rect, profile: &Profile, view: View<'_>) {
    if area.height < 3 || super::orders::of(profile).next().is_none() {
        return;
    }
    heading(canvas, area, view.word(W::OrdersTab));
    for (y, row) in (area.top() + 1..area.bottom()).zip(super::orders::of(profile)) {
        timeline::short(canvas, Rect { y, height: 1, ..area }, row, view);
    }
}

/// What has happened, as against what is planned or only recorded.
fn touched(row: &crate::domain::Record, view: View<'_>) -> bool {
    let planned = row.kind == Kind::Task || view.day_of(row.moment()) > view.today();
    !planned && !matches!(row.kind, Kind::StageVisit | Kind::Edge | Kind::Deal)
}

fn heading(canvas: &mut Canvas<'_>, area: Rect, word: &str) {
    canvas.rule(area.x, area.y, area.width, Role::Line);
    let used = canvas.put(area.x, area.y, area.width, word, Role::Dim);
    canvas.put(area.x + used, area.y, 1, " ", Role::Line);
}

fn same_phone(canvas: &mut Canvas<'_>, area: Rect, profile: &Profile, view: View<'_>) {
    if area.height == 0 || profile.same_phone.is_empty() {
        return;
    }
    let names: Vec<String> = profile.same_phone.iter().map(|(_, number, name)| format!("{name} {number}")).collect();
    let line = vec![piece(names.join(", "), Role::Warn)];
    labelled(canvas, area, LABEL, view.word(W::SamePhone), &line);
}
