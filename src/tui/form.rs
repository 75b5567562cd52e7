//! A popup with fields: texts and choices, one under the other, a tray below that says what the field takes. Its size
//! does not change while it is filled in.

use super::{
    canvas::{Canvas, Line, centred, inside},
    entry::Stroke,
    fields::{Body, Field, chips, draw_body},
    label::{self, W},
    layer::Heard,
    measure::width,
    theme::Role,
    view::View,
};
use crate::{
    command::{CommandId, Scope},
    keymap::key::half_width,
    text::Lang,
};
use ratatui::layout::{Position, Rect};

/// A popup with fields.
#[derive(Debug, Clone)]
pub struct Form {
    /// What it is for.
    pub title: String,
    /// The fields.
    pub fields: Vec<Field>,
    /// The field that is typed in.
    pub focus: usize,
    /// What is wrong, or why it was not saved.
    pub error: Option<String>,
    /// The keys that apply in it.
    keys: Line,
}

/// The width of a popup with fields.
const WIDE: u16 = 68;
/// Rows of the tray: what the field takes, and the keys.
const TRAY: u16 = 3;

impl Form {
    /// A form with the caret in its first field.
    pub fn new(title: String, fields: Vec<Field>, view: View<'_>) -> Form {
        let several = fields.len() > 1;
        let note = fields.iter().any(Field::is_note);
        let keys = [
            Some(CommandId::PopupAccept),
            several.then_some(CommandId::PopupNextField),
            note.then_some(CommandId::PopupNewline),
            Some(CommandId::PopupCancel),
        ];
        let keys: Vec<CommandId> = keys.into_iter().flatten().collect();
        Form { title, fields, focus: 0, error: None, keys: view.keys_line(Scope::Popup, &keys) }
    }

    /// The field with that label.
    pub fn field(&self, label: W) -> Option<&Field> {
        self.fields.iter().find(|f| f.label == label)
    }

    /// The field with that label, to change.
    pub fn field_mut(&mut self, label: W) -> Option<&mut Field> {
        self.fields.iter_mut().find(|f| f.label == label)
    }

    /// The text of a field; "" when there is none.
    pub fn text(&self, label: W) -> &str {
        self.field(label).map_or("", Field::text)
    }

    /// Nothing typed? What is chosen by one key is not worth keeping.
    pub fn is_empty(&self) -> bool {
        self.fields.iter().all(|f| f.text().is_empty())
    }

    /// Takes every word from a form made anew; what was typed and chosen stays, and where the caret is.
    pub fn reword(&mut self, fresh: Form) {
        self.title = fresh.title;
        self.keys = fresh.keys;
        self.error = None;
        for (field, new) in self.fields.iter_mut().zip(fresh.fields) {
            let code = field.code();
            field.ghost = new.ghost;
            field.tray = new.tray;
            field.remark = new.remark;
            if let Body::Choice { options, .. } = new.body {
                let chosen = options.iter().position(|o| Some(o.code) == code);
                field.body = Body::Choice { options, chosen };
            }
        }
    }

    /// Says what is wrong and goes to the field it is about.
    pub fn complain(&mut self, label: W, sentence: String) {
        if let Some(at) = self.fields.iter().position(|f| f.label == label) {
            self.focus = at;
        }
        self.error = Some(sentence);
    }

    /// The caret is in a text of several lines.
    pub fn in_note(&self) -> bool {
        self.fields.get(self.focus).is_some_and(Field::is_note)
    }

    /// The caret is in a choice.
    pub fn in_choice(&self) -> bool {
        matches!(self.fields.get(self.focus).map(|f| &f.body), Some(Body::Choice { .. }))
    }

    /// Moves between fields, breaks a line, goes through choices.
    pub fn act(&mut self, command: CommandId) -> Heard {
        let count = self.fields.len().max(1);
        match command {
            CommandId::PopupNextField => self.focus = (self.focus + 1) % count,
            CommandId::PopupPrevField => self.focus = (self.focus + count - 1) % count,
            CommandId::PopupNewline => return self.stroke(Stroke::Break),
            CommandId::ListNext if self.in_choice() => self.cycle(1),
            CommandId::ListPrev if self.in_choice() => self.cycle(-1),
            CommandId::ListNext => self.focus = (self.focus + 1).min(count - 1),
            CommandId::ListPrev => self.focus = self.focus.saturating_sub(1),
            _ => return Heard::No,
        }
        Heard::Yes
    }

    fn cycle(&mut self, by: isize) {
        if let Some(Field { body: Body::Choice { options, chosen }, .. }) = self.fields.get_mut(self.focus) {
            let count = isize::try_from(options.len().max(1)).unwrap_or(1);
            let now = chosen.and_then(|c| isize::try_from(c).ok());
            let next = now.map_or(if by > 0 { 0 } else { count - 1 }, |c| (c + by).rem_euclid(count));
            *chosen = usize::try_from(next).ok();
        }
    }

    /// A stroke of typing in the field that has the focus. A key of a choice chooses and goes on to the next field.
    pub fn stroke(&mut self, stroke: Stroke) -> Heard {
        self.error = None;
        let last = self.focus + 1 >= self.fields.len();
        let Some(field) = self.fields.get_mut(self.focus) else { return Heard::No };
        match (&mut field.body, stroke) {
            (Body::Text(entry), _) => {
                entry.stroke(stroke);
            }
            (Body::Choice { options, chosen }, Stroke::Char(c)) => {
                let c = half_width(c).to_ascii_lowercase();
                let Some(at) = options.iter().position(|o| o.hot == Some(c)) else { return Heard::Yes };
                *chosen = Some(at);
                if !last {
                    self.focus += 1;
                }
            }
            (Body::Choice { .. }, Stroke::Left) => self.cycle(-1),
            (Body::Choice { .. }, Stroke::Right) => self.cycle(1),
            (Body::Choice { chosen, .. }, Stroke::Back | Stroke::Delete | Stroke::BackAll) => *chosen = None,
            (Body::Choice { .. }, _) => return Heard::No,
        }
        Heard::Yes
    }

    /// Pasted text; in a choice it goes to the next text.
    pub fn paste(&mut self, text: &str) {
        let from = self.focus;
        let at = (from..self.fields.len()).find(|i| matches!(self.fields.get(*i).map(|f| &f.body), Some(Body::Text(_))));
        if let Some(at) = at
            && let Some(Field { body: Body::Text(entry), .. }) = self.fields.get_mut(at)
        {
            self.focus = at;
            entry.insert(text);
        }
    }

    fn high(&self) -> u16 {
        self.fields.iter().map(|f| f.rows).sum::<u16>() + TRAY + 3
    }

    /// Where it stands: in the middle, a little above.
    pub fn room(&self, screen: Rect) -> Rect {
        let mut room = centred(screen, WIDE, self.high());
        room.y = room.y.saturating_sub(screen.height / 12).max(screen.y);
        room
    }

    fn label_width(&self, lang: Lang) -> u16 {
        let wide = self.fields.iter().map(|f| width(label::word(lang, f.label))).max().unwrap_or(0);
        u16::try_from(wide).unwrap_or(10).max(8) + 2
    }

    /// The rooms of the fields' bodies, from the top; `None` for those the screen is too low for.
    fn bodies(&self, room: Rect, label: u16) -> Vec<Option<Rect>> {
        let inner = inside(room);
        let low = self.high() > room.height;
        // On a low screen only the field that has the focus shows, on the first row.
        let mut y = inner.y;
        self.fields
            .iter()
            .enumerate()
            .map(|(i, f)| {
                if low && i != self.focus {
                    return None;
                }
                let rows = f.rows.min(inner.bottom().saturating_sub(y));
                let at = Rect::new(inner.x + 1 + label, y, inner.width.saturating_sub(label + 2), rows);
                y += f.rows;
                (rows > 0).then_some(at)
            })
            .collect()
    }

    /// Draws it.
    pub fn draw(&self, canvas: &mut Canvas<'_>, room: Rect, view: View<'_>) {
        canvas.clear(room);
        let inner = canvas.frame(room, &self.title, Role::Focus);
        let label = self.label_width(view.lang);
        for (i, (field, body)) in self.fields.iter().zip(self.bodies(room, label)).enumerate() {
            if let Some(body) = body {
                let here = i == self.focus;
                let x = body.x.saturating_sub(label);
                canvas.put(x, body.y, label, view.word(field.label), if here { Role::Title } else { Role::Dim });
                draw_body(canvas, body, field, here);
            }
        }
        self.draw_tray(canvas, inner);
    }

    fn draw_tray(&self, canvas: &mut Canvas<'_>, inner: Rect) {
        if inner.height < TRAY + 2 {
            if let Some(error) = &self.error {
                canvas.put(inner.x, inner.bottom().saturating_sub(1), inner.width, error, Role::Bad);
            }
            return;
        }
        let y = inner.bottom() - TRAY;
        canvas.rule(inner.x, y - 1, inner.width, Role::Line);
        let (x, room) = (inner.x + 1, inner.width.saturating_sub(2));
        if let Some(error) = &self.error {
            for (row, line) in super::measure::wrap(error, usize::from(room)).iter().take(2).enumerate() {
                canvas.put(x, y + row as u16, room, line, Role::Bad);
            }
        } else if let Some(field) = self.fields.get(self.focus) {
            match &field.body {
                Body::Choice { options, chosen } => chips(canvas, Rect::new(x, y, room, 2), options, *chosen),
                Body::Text(_) => {
                    canvas.put(x, y, room, &field.tray, Role::Dim);
                }
            }
        }
        canvas.line(x, inner.bottom() - 1, room, &self.keys);
    }

    /// Where the caret stands.
    pub fn caret(&self, room: Rect, lang: Lang) -> Option<Position> {
        let body = self.bodies(room, self.label_width(lang)).get(self.focus).copied().flatten()?;
        match self.fields.get(self.focus).map(|f| &f.body)? {
            Body::Text(entry) if body.width > 0 => Some(entry.caret(body)),
            _ => Some(Position::new(body.x, body.y)),
        }
    }
}
