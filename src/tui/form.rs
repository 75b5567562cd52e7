//! A popup with fields: texts and choices, one under the other, a tray below that says what the field takes. Its size
//! does not change while it is filled in.

use super::{
    canvas::{Canvas, Line, centred, line_width, piece},
    entry::{Entry, Stroke},
    label::{self, W},
    layer::Heard,
    measure::width,
    theme::Role,
    view::View,
};
use crate::{
    command::CommandId,
    domain::{Dict, dict::OWN},
    keymap::key::half_width,
    text::Lang,
};
use ratatui::layout::{Position, Rect};

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
}

/// The width of a popup with fields.
const WIDE: u16 = 68;
/// Rows of the tray: what the field takes, and the keys.
const TRAY: u16 = 3;

impl Form {
    /// A form with the caret in its first field.
    pub fn new(title: String, fields: Vec<Field>) -> Form {
        Form { title, fields, focus: 0, error: None }
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
        self.fields.get(self.focus).is_some_and(|f| f.rows > 1 && matches!(f.body, Body::Text(_)))
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
        let framed = room.width >= 4 && room.height >= 3;
        let inner = if framed { Rect::new(room.x + 1, room.y + 1, room.width - 2, room.height - 2) } else { room };
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

    /// Draws it; `keys` is the line of keys at the bottom.
    pub fn draw(&self, canvas: &mut Canvas<'_>, room: Rect, view: View<'_>, keys: &Line) {
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
        self.draw_tray(canvas, inner, keys);
    }

    fn draw_tray(&self, canvas: &mut Canvas<'_>, inner: Rect, keys: &Line) {
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
        canvas.line(x, inner.bottom() - 1, room, keys);
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

fn draw_body(canvas: &mut Canvas<'_>, body: Rect, field: &Field, here: bool) {
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

fn chips(canvas: &mut Canvas<'_>, area: Rect, options: &[Choice], chosen: Option<usize>) {
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
