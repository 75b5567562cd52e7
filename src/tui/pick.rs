//! A list to pick from by typing a few of its letters: the palette, a missing argument, a value of a dictionary. Picking
//! always means running a command with what was picked as its argument.

use super::{
    canvas::{Canvas, Line, below, centred, inset, inside, runs},
    cursor::Cursor,
    entry::{Entry, Stroke},
    label::W,
    layer::{Cx, Heard, Layer, Order, Toast},
    theme::Role,
    view::View,
};
use crate::{
    command::{Call, CommandId, Condition, Conditions, Here, Scope},
    domain::fold::fold,
};
use ratatui::layout::{Position, Rect};
use unicode_segmentation::UnicodeSegmentation;

/// One row to pick.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it is called.
    pub label: String,
    /// Said behind it: the key, the present value.
    pub hint: String,
    /// Other words that find it.
    pub also: String,
    /// What picking it runs.
    pub call: Call,
    /// Why it cannot be picked here.
    pub barred: Option<String>,
}

/// What picking makes of words that no row has.
pub type Fresh = fn(&Call, &str) -> Call;

/// Makes the list once more, in the language of the view; `None` when it cannot be made.
pub struct Again(Box<Remake>);

type Remake = dyn Fn(View<'_>, &Here) -> Option<PickLayer> + Send;

impl std::fmt::Debug for Again {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Again")
    }
}

/// A list to pick from.
#[derive(Debug)]
pub struct PickLayer {
    title: String,
    scope: Scope,
    rows: Vec<Row>,
    fresh: Option<(Call, Fresh)>,
    again: Option<Again>,
    entry: Entry,
    shown: Vec<(usize, Vec<usize>)>,
    cursor: Cursor,
}

impl PickLayer {
    /// A list with its title.
    pub fn new(title: String, scope: Scope, rows: Vec<Row>) -> PickLayer {
        let entry = Entry::line("");
        let mut layer = PickLayer { title, scope, rows, fresh: None, again: None, entry, shown: Vec::new(), cursor: Cursor::default() };
        layer.sift();
        layer
    }

    /// With words that no row has made into something new.
    #[must_use]
    pub fn with_fresh(mut self, call: Call, make: Fresh) -> PickLayer {
        self.fresh = Some((call, make));
        self
    }

    /// With the way to make it in another language.
    #[must_use]
    pub fn made_again(mut self, make: impl Fn(View<'_>, &Here) -> Option<PickLayer> + Send + 'static) -> PickLayer {
        self.again = Some(Again(Box::new(make)));
        self
    }

    /// Sorts out the rows that have the typed letters, best first; a barred row comes after those that can be picked.
    fn sift(&mut self) {
        let typed = fold(self.entry.value().trim_start_matches([':', '：']));
        let mut found: Vec<(bool, i32, usize, Vec<usize>)> = Vec::new();
        for (i, row) in self.rows.iter().enumerate() {
            if let Some((rank, marks)) = fit(&typed, &row.label).or_else(|| fold(&row.also).contains(&typed).then(|| (50, Vec::new()))) {
                found.push((row.barred.is_some(), if typed.is_empty() { 0 } else { rank }, i, marks));
            }
        }
        found.sort_by_key(|(barred, rank, i, _)| (*barred, *rank, *i));
        self.shown = found.into_iter().map(|(_, _, i, marks)| (i, marks)).collect();
        self.cursor.go(0, self.shown.len());
    }

    fn accept(&mut self, cx: &mut Cx<'_>) {
        let words = self.entry.value().trim().to_string();
        if self.scope == Scope::Palette
            && let Ok(call) = crate::command::parse(&words)
            && !words.is_empty()
            && self.shown.is_empty()
        {
            cx.close();
            return cx.order(Order::Run(call));
        }
        let picked = self.shown.get(self.cursor.at).and_then(|(i, _)| self.rows.get(*i));
        let say = |text: String| Order::Say(Toast { role: Role::Warn, text, undo: false });
        match (picked, &self.fresh) {
            (Some(Row { barred: Some(why), .. }), _) => cx.order(say(why.clone())),
            (Some(row), _) => {
                let call = row.call.clone();
                cx.close();
                cx.order(Order::Run(call));
            }
            (None, Some((call, make))) if !words.is_empty() => {
                let call = make(call, &words);
                cx.close();
                cx.order(Order::Run(call));
            }
            (None, _) => cx.order(say(cx.view.word(W::NothingFits).to_string())),
        }
    }

    /// The row the cursor is on is completed into the box.
    fn complete(&mut self) {
        if let Some(row) = self.shown.get(self.cursor.at).and_then(|(i, _)| self.rows.get(*i)) {
            self.entry = Entry::line(&row.label);
            self.sift();
        }
    }

    fn inner(room: Rect) -> Rect {
        inset(inside(room), 1)
    }
}

/// How well the typed letters fit a text (smaller is better) and which letters they are: at its start, inside it, or
/// spread over it in order.
pub fn fit(typed: &str, text: &str) -> Option<(i32, Vec<usize>)> {
    if typed.is_empty() {
        return Some((0, Vec::new()));
    }
    let letters: Vec<String> = text.graphemes(true).map(fold).collect();
    let wanted: Vec<&str> = typed.graphemes(true).filter(|g| *g != " ").collect();
    let starts = |at: usize| wanted.iter().enumerate().all(|(i, w)| letters.get(at + i).is_some_and(|l| l == w));
    if let Some(at) = (0..letters.len()).find(|at| starts(*at)) {
        return Some((i32::try_from(at).unwrap_or(40).min(40), (at..at + wanted.len()).collect()));
    }
    let mut marks = Vec::new();
    let mut next = 0;
    for want in &wanted {
        let at = (next..letters.len()).find(|i| letters.get(*i).is_some_and(|l| l == want))?;
        marks.push(at);
        next = at + 1;
    }
    let spread = marks.last().zip(marks.first()).map_or(0, |(l, f)| l - f);
    Some((60 + i32::try_from(spread).unwrap_or(100).min(100), marks))
}

impl Layer for PickLayer {
    fn scope(&self) -> Scope {
        self.scope
    }

    fn holds(&self, under: Conditions) -> Conditions {
        under.with(Condition::ListNotEmpty, !self.shown.is_empty())
    }

    fn act(&mut self, call: &Call, cx: &mut Cx<'_>) -> Heard {
        match call.command {
            CommandId::PopupAccept => self.accept(cx),
            CommandId::PopupCancel => cx.close(),
            CommandId::PopupNextField => self.complete(),
            other if self.cursor.act(other, self.shown.len()) => {}
            _ => return Heard::No,
        }
        Heard::Yes
    }

    fn stroke(&mut self, stroke: Stroke, _cx: &mut Cx<'_>) -> Heard {
        if self.entry.stroke(stroke) {
            self.sift();
        }
        Heard::Yes
    }

    fn paste(&mut self, text: &str, _cx: &mut Cx<'_>) {
        self.entry.insert(text);
        self.sift();
    }

    fn is_about_customer(&self) -> bool {
        self.scope == Scope::Ask
    }

    fn translate(&mut self, view: View<'_>, here: &Here) {
        if let Some(fresh) = self.again.as_ref().and_then(|again| (again.0)(view, here)) {
            let at = self.cursor.at;
            (self.title, self.rows) = (fresh.title, fresh.rows);
            self.sift();
            self.cursor.go(at, self.shown.len());
        }
    }

    fn room(&self, screen: Rect) -> Rect {
        let rows = u16::try_from(self.rows.len()).unwrap_or(u16::MAX).saturating_add(4).max(6);
        let mut room = centred(screen, 72, rows.min(18));
        room.y = screen.y + (screen.height.saturating_sub(room.height)) / 4;
        room
    }

    fn arrange(&mut self, room: Rect) {
        self.cursor.arrange(usize::from(Self::inner(room).height.saturating_sub(2)), self.shown.len());
    }

    fn draw(&self, canvas: &mut Canvas<'_>, room: Rect, view: View<'_>) {
        canvas.clear(room);
        canvas.frame(room, &self.title, Role::Focus);
        let inner = Self::inner(room);
        canvas.put(inner.x, inner.y, 1, canvas.look.glyphs.prompt, Role::Key);
        if inner.width > 2 {
            let at = Rect::new(inner.x + 2, inner.y, inner.width - 2, 1);
            self.entry.draw(canvas, at, Role::Text, view.word(W::TypeToFind));
        }
        let list = below(inner, 2);
        if self.shown.is_empty() {
            let word = if self.fresh.is_some() && !self.entry.is_empty() { W::EnterMakesNew } else { W::NothingFits };
            canvas.put(list.x, list.y, list.width, view.word(word), Role::Dim);
        }
        for (y, (at, (i, marks))) in (list.top()..list.bottom()).zip(self.shown.iter().enumerate().skip(self.cursor.top)) {
            let Some(row) = self.rows.get(*i) else { continue };
            let hint = row.barred.as_ref().unwrap_or(&row.hint);
            let label = marked(&row.label, marks, row.barred.is_some());
            let used = canvas.line(list.x, y, list.width, &label);
            let left = list.width.saturating_sub(used + 2);
            canvas.put_right(list.right(), y, left, hint, if row.barred.is_some() { Role::Ghost } else { Role::Key });
            if at == self.cursor.at {
                canvas.tint(Rect { y, height: 1, ..list }, Role::Selected);
            }
        }
    }

    fn caret(&self, room: Rect, _view: View<'_>) -> Option<Position> {
        let inner = Self::inner(room);
        (inner.width > 2).then(|| self.entry.caret(Rect::new(inner.x + 2, inner.y, inner.width - 2, 1)))
    }
}

fn marked(label: &str, marks: &[usize], barred: bool) -> Line {
    let plain = if barred { Role::Dim } else { Role::Text };
    runs(label.graphemes(true).enumerate().map(|(i, letter)| (letter, if marks.contains(&i) { Role::Match } else { plain })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_beats_an_inside_beats_letters_spread() {
        let rank = |typed: &str, text: &str| fit(typed, text).map(|(r, _)| r);
        assert!(rank("log", "Log a follow-up") < rank("log", "Catalogue"));
        assert!(rank("log", "Catalogue") < rank("log", "list of geese"));
        assert_eq!(rank("xyz", "Log"), None);
        assert_eq!(fit("跟进", "记跟进").map(|(_, m)| m), Some(vec![1, 2]));
    }
}
