//! The history: what changed, newest first, by whom; any of one's own changes can be taken back from here.

use super::{
    canvas::{Canvas, Line, below, inset, inside, piece},
    cursor::Cursor,
    effect::Ticket,
    label::W,
    layer::{Cx, Heard, Layer, Order},
    measure::width,
    theme::Role,
    timeline::column,
    view::View,
};
use crate::{
    command::{ArgValue, Call, CommandId, Condition, Conditions, Here, Scope},
    domain::CustomerId,
    ops::request::{HistoryRow, Refusal, Reply, Request},
};
use ratatui::layout::Rect;

/// So many changes are asked for.
const LIMIT: usize = 200;

/// The history of the book, or of one customer.
#[derive(Debug)]
pub struct HistoryLayer {
    customer: Option<CustomerId>,
    /// The customer's name; "" for the whole book.
    name: String,
    title: String,
    rows: Option<Vec<HistoryRow>>,
    error: Option<String>,
    ticket: Option<Ticket>,
    cursor: Cursor,
    keys: Line,
}

impl HistoryLayer {
    /// Opens and asks.
    pub fn open(customer: Option<(CustomerId, &str)>, view: View<'_>) -> (HistoryLayer, Request) {
        let name = customer.map_or(String::new(), |(_, name)| name.to_string());
        let customer = customer.map(|(id, _)| id);
        let (title, keys) = HistoryLayer::words(&name, view);
        let layer = HistoryLayer { customer, name, title, rows: None, error: None, ticket: None, cursor: Cursor::default(), keys };
        (layer, Request::History { customer, limit: LIMIT })
    }

    /// The title and the line of keys.
    fn words(name: &str, view: View<'_>) -> (String, Line) {
        let title = view.word(W::HistoryTitle);
        let title = if name.is_empty() { title.to_string() } else { format!("{title} · {name}") };
        let keys = view.keys_line(Scope::History, &[CommandId::Undo, CommandId::Redo, CommandId::CustomerOpen, CommandId::Back]);
        (title, keys)
    }

    fn row(&self) -> Option<&HistoryRow> {
        self.rows.as_ref()?.get(self.cursor.at)
    }

    fn len(&self) -> usize {
        self.rows.as_ref().map_or(0, Vec::len)
    }

    fn body(room: Rect) -> Rect {
        let inner = inset(inside(room), 1);
        Rect { height: inner.height.saturating_sub(2).max(1).min(inner.height), ..inner }
    }
}

impl Layer for HistoryLayer {
    fn scope(&self) -> Scope {
        Scope::History
    }

    fn holds(&self, under: Conditions) -> Conditions {
        let any = self.rows.as_ref().is_some_and(|r| !r.is_empty());
        let customer = self.row().is_some_and(|r| r.customer.is_some());
        under.with(Condition::ListNotEmpty, any).with(Condition::CustomerChosen, customer)
    }

    fn act(&mut self, call: &Call, cx: &mut Cx<'_>) -> Heard {
        match call.command {
            CommandId::Back => cx.close(),
            CommandId::Undo if call.args.number("seq").is_none() => {
                let Some(seq) = self.row().map(|r| r.seq).and_then(|s| i64::try_from(s).ok()) else { return Heard::No };
                cx.order(Order::Run(Call::new(CommandId::Undo).with("seq", ArgValue::Number(seq))));
            }
            CommandId::CustomerOpen => {
                let Some((id, _, _)) = self.row().and_then(|r| r.customer.clone()) else { return Heard::No };
                cx.close();
                cx.order(Order::Show(id));
            }
            other if self.cursor.act(other, self.len()) => {}
            _ => return Heard::No,
        }
        Heard::Yes
    }

    fn asked(&mut self, ticket: Ticket) {
        self.ticket = Some(ticket);
    }

    fn learn(&mut self, ticket: Ticket, reply: &Reply, _view: View<'_>) -> bool {
        let Reply::History(rows) = reply else { return false };
        if self.ticket != Some(ticket) {
            return false;
        }
        self.ticket = None;
        // The list grows at its top: the cursor stays on its record, and that where it was on the screen.
        let was = self.row().map(|r| r.seq);
        let at = was.and_then(|seq| rows.iter().position(|r| r.seq == seq)).unwrap_or(self.cursor.at);
        self.cursor.top = (self.cursor.top + at).saturating_sub(self.cursor.at);
        self.rows = Some(rows.clone());
        self.cursor.go(at, self.len());
        true
    }

    fn translate(&mut self, view: View<'_>, _here: &Here) {
        (self.title, self.keys) = HistoryLayer::words(&self.name, view);
    }

    fn refused(&mut self, why: &Refusal, view: View<'_>) {
        self.error = Some(view.refusal(why));
    }

    fn stale(&mut self, cx: &mut Cx<'_>) {
        cx.order(Order::Ask(Request::History { customer: self.customer, limit: LIMIT }));
    }

    fn room(&self, screen: Rect) -> Rect {
        let (w, h) = (screen.width.min(140), screen.height);
        Rect::new(screen.x + (screen.width - w) / 2, screen.y, w, h)
    }

    fn arrange(&mut self, room: Rect) {
        self.cursor.arrange(usize::from(Self::body(room).height), self.len());
    }

    fn draw(&self, canvas: &mut Canvas<'_>, room: Rect, view: View<'_>) {
        canvas.clear(room);
        let inner = canvas.frame(room, &self.title, Role::Focus);
        let body = Self::body(room);
        match (&self.rows, &self.error) {
            (_, Some(error)) => {
                canvas.put(body.x, body.y, body.width, error, Role::Bad);
            }
            (None, None) => {
                canvas.put(body.x, body.y, body.width, view.word(W::Looking), Role::Dim);
            }
            (Some(rows), None) if rows.is_empty() => {
                canvas.put(body.x, body.y, body.width, view.word(W::NoHistory), Role::Dim);
            }
            (Some(rows), None) => self.draw_rows(canvas, body, rows, view),
        }
        let foot = below(inner, inner.height.saturating_sub(1));
        canvas.line(foot.x + 1, foot.y, foot.width.saturating_sub(2), &self.keys);
    }
}

impl HistoryLayer {
    fn draw_rows(&self, canvas: &mut Canvas<'_>, body: Rect, rows: &[HistoryRow], view: View<'_>) {
        let glyphs = canvas.look.glyphs;
        let widest = rows.iter().map(|r| r.seq).max().map_or(0, |seq| seq.to_string().len());
        for (y, (at, row)) in (body.top()..body.bottom()).zip(rows.iter().enumerate().skip(self.cursor.top)) {
            let undone = row.undone_by.is_some();
            let who = row.customer.as_ref().map_or(String::new(), |(_, _, name)| name.clone());
            let line = vec![
                piece(column(&format!("#{}", row.seq), widest + 3, glyphs), Role::Dim),
                piece(column(&view.when(row.at), 17, glyphs), Role::Dim),
                piece(column(&row.who, 11, glyphs), Role::Text),
                piece(column(&who, 15, glyphs), Role::Strong),
                piece(view.say(&row.what), if undone { Role::Dim } else { Role::Text }),
            ];
            let mark = row.undone_by.map_or(String::new(), |by| format!("{} #{by}", view.word(W::TakenBackBy)));
            let room = if mark.is_empty() { 0 } else { u16::try_from(width(&mark)).unwrap_or(0) + 2 };
            canvas.line(body.x, y, body.width.saturating_sub(room), &line);
            canvas.put_right(body.right(), y, room.min(body.width), &mark, Role::Warn);
            if at == self.cursor.at {
                canvas.tint(Rect { y, height: 1, ..body }, Role::Selected);
            }
        }
    }
}
