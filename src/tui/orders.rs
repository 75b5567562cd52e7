//! The orders of a customer as a table: what was bought, what is received, what is owed; lines open under their order.

use super::{
    canvas::{Canvas, Line, piece},
    glyph::Glyphs,
    label::W,
    measure::width,
    theme::Role,
    timeline::column,
    touch::{items, paid},
    view::View,
};
use crate::domain::{self, Dict, Kind, Money, Profile, Record, RecordId, Value, field, preset::code};
use ratatui::layout::Rect;
use std::collections::BTreeSet;

/// The orders among the rows, newest first.
pub fn of(profile: &Profile) -> impl Iterator<Item = &Record> {
    profile.rows.iter().filter(|r| r.kind == Kind::Order)
}

/// The widths of the columns: date, number, items, amount, paid, owed, status; a zero column is left out.
struct Widths([usize; 7]);

impl Widths {
    fn fitting(room: usize) -> Widths {
        let mut w = [11, 11, 0, 11, 11, 11, 10];
        // Columns go from the least telling on while the items have no room.
        for drop in [1, 4, 6, 3] {
            if w.iter().sum::<usize>() + 2 + 16 > room {
                w[drop] = 0;
            }
        }
        w[2] = room.saturating_sub(w.iter().sum::<usize>() + 2);
        Widths(w)
    }
}

/// Draws the table, with the order `cursor` is on in sight and the lines of the `open` ones under them.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, profile: &Profile, view: View<'_>, cursor: usize, open: &BTreeSet<RecordId>) {
    if area.height == 0 {
        return;
    }
    let glyphs = canvas.look.glyphs;
    if of(profile).next().is_none() {
        canvas.put(area.x, area.y, area.width, view.word(W::NoOrder), Role::Dim);
        return;
    }
    let widths = Widths::fitting(usize::from(area.width));
    canvas.line(area.x, area.y, area.width, &head(&widths, view, glyphs));
    let body = super::canvas::below(area, 1);
    let rows = rows(profile, open);
    let here = of(profile).nth(cursor).map(|order| order.id);
    let is_here = |row: &Row<'_>| matches!(row, Row::Order { order, .. } if Some(order.id) == here);
    let at = rows.iter().position(is_here).unwrap_or(0);
    let top = (at + 2).saturating_sub(usize::from(body.height.max(1)));
    // Only what shows is put into words: there may be hundreds of orders.
    for (y, row) in (body.top()..body.bottom()).zip(rows.iter().skip(top)) {
        canvas.line(body.x, y, body.width, &line(row, is_here(row), profile, view, &widths, glyphs));
        if is_here(row) {
            canvas.tint(Rect { y, height: 1, ..body }, Role::Selected);
        }
    }
}

fn head(widths: &Widths, view: View<'_>, glyphs: Glyphs) -> Line {
    let heads = [W::Date, W::Number, W::Items, W::Amount, W::Paid, W::Owed, W::Status];
    let mut line = vec![piece("  ", Role::Dim)];
    for (i, (w, head)) in widths.0.iter().zip(heads).enumerate() {
        let text = if (3..=5).contains(&i) { right(view.word(head), *w) } else { column(view.word(head), *w, glyphs) };
        line.push(piece(text, Role::Dim));
    }
    line
}

/// One row of the table.
enum Row<'p> {
    Order { order: &'p Record, unfolded: bool },
    Item(&'p domain::Line),
    Note(&'p str),
}

fn rows<'p>(profile: &'p Profile, open: &BTreeSet<RecordId>) -> Vec<Row<'p>> {
    let mut out = Vec::new();
    for order in of(profile) {
        let unfolded = open.contains(&order.id);
        out.push(Row::Order { order, unfolded });
        if unfolded {
            out.extend(order.get(field::O_LINES).map_or(&[][..], Value::lines).iter().map(Row::Item));
            out.extend(Some(order.text(field::O_NOTE)).filter(|note| !note.is_empty()).map(Row::Note));
        }
    }
    out
}

fn line(row: &Row<'_>, here: bool, profile: &Profile, view: View<'_>, widths: &Widths, glyphs: Glyphs) -> Line {
    match row {
        Row::Order { order, unfolded } => summed(order, profile, view, fold_sign(here, *unfolded, glyphs), widths, glyphs),
        Row::Item(item) => {
            let name = view.name(Kind::Product, item.product);
            let name = if name.is_empty() { view.word(W::NoProduct) } else { name };
            vec![
                piece("      ", Role::Dim),
                piece(column(name, 32, glyphs), Role::Text),
                piece(format!("{:>6} × {:<10}", item.quantity.plain(), view.money(item.unit_price)), Role::Dim),
                piece(right(&view.money(item.amount), 12), Role::Text),
            ]
        }
        Row::Note(note) => vec![piece(format!("      {}", note.replace('\n', " ")), Role::Dim)],
    }
}

/// The folded sign points at the order the cursor is on; open ones say so wherever they are.
fn fold_sign(here: bool, unfolded: bool, glyphs: Glyphs) -> &'static str {
    match (here, unfolded) {
        (_, true) => glyphs.fold[1],
        (true, false) => glyphs.fold[0],
        (false, false) => " ",
    }
}

/// An order on its line.
fn summed(order: &Record, profile: &Profile, view: View<'_>, fold: &str, widths: &Widths, glyphs: Glyphs) -> Line {
    let amount = order.get(field::O_AMOUNT).and_then(Value::money).unwrap_or_default();
    let cancelled = order.get(field::O_STATUS).and_then(Value::code) == Some(code::ORDER_STATUS_CANCELLED);
    let received = paid(order, &profile.rows);
    let owed = if cancelled { Money(0) } else { Money((amount.0 - received.0).max(0)) };
    let cells = [
        (view.day(view.day_of(order.moment())), Role::Text),
        (order.text(field::O_NUMBER).to_string(), Role::Dim),
        (items(order, view), if cancelled { Role::Dim } else { Role::Text }),
        (view.money(amount), if cancelled { Role::Dim } else { Role::Strong }),
        (view.money(received), Role::Dim),
        (if owed > Money(0) { view.money(owed) } else { glyphs.none.to_string() }, if owed > Money(0) { Role::Warn } else { Role::Dim }),
        (view.code_of(Dict::OrderStatus, order.get(field::O_STATUS)), Role::Dim),
    ];
    let mut line = vec![piece(format!("{fold} "), Role::Dim)];
    for (i, (w, (text, role))) in widths.0.iter().zip(cells).enumerate() {
        let text = if (3..=5).contains(&i) { right(&text, *w) } else { column(&text, *w, glyphs) };
        line.push(piece(text, role));
    }
    line
}

/// Text at the right of a column, a gap after it; too long a number is shown whole rather than cut to a wrong one.
fn right(text: &str, cells: usize) -> String {
    if cells == 0 {
        return String::new();
    }
    format!("{}{text}  ", " ".repeat(cells.saturating_sub(width(text) + 2)))
}
