//! The help overlay: the keys that apply here, those that apply anywhere, and why the others do not.

use super::{
    canvas::{Canvas, Line, inset, piece},
    label::W,
    layer::{Cx, Heard, Layer},
    theme::Role,
    timeline::column,
    view::View,
};
use crate::{
    command::{Args, Call, CommandId, CommandSpec, Here, Scope, all},
    text::Lang,
};
use ratatui::layout::Rect;

/// Columns of the keys and of the titles.
const KEYS: usize = 17;
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
    pub fn open(here: &Here, view: View<'_>) -> HelpLayer {
        let inner = here.scopes.first().copied().unwrap_or(Scope::Global);
        let place = crate::text::label(view.lang, crate::command::condition::scope_code(inner));
        let mut lines = Vec::new();
        let applies = |s: &CommandSpec| here.why_not(s, &Args::default());
        let (mut local, mut anywhere, mut barred) = (Vec::new(), Vec::new(), Vec::new());
        for spec in all() {
            match applies(spec) {
                None if spec.scopes.contains(&Scope::Global) => anywhere.push(entry(spec, here, None, view)),
                None => local.push(entry(spec, here, None, view)),
                Some(why) => barred.push(entry(spec, here, Some(view.say(&why)), view)),
            }
        }
        for (w, group) in [(W::HelpHere, local), (W::HelpAnywhere, anywhere), (W::HelpNotHere, barred)] {
            if group.is_empty() {
                continue;
            }
            if !lines.is_empty() {
                lines.push(Vec::new());
            }
            let about = if w == W::HelpHere { format!("  {place}") } else { String::new() };
            lines.push(vec![piece(view.word(w), Role::Title), piece(about, Role::Dim)]);
            lines.extend(group);
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

fn entry(spec: &CommandSpec, here: &Here, why: Option<String>, view: View<'_>) -> Line {
    // A key is shown where it works; for what does not apply here, where it would.
    let scopes: Vec<Scope> = if why.is_some() { spec.scopes.to_vec() } else { here.scopes.clone() };
    let keys = view.keys(spec.command, &scopes);
    let glyphs = super::glyph::UNICODE;
    let title = view.title(spec.command);
    match why {
        None => vec![
            piece(column(&keys, KEYS, glyphs), Role::Key),
            piece(column(&title, TITLE, glyphs), Role::Text),
            piece(doc(spec, view.lang), Role::Dim),
        ],
        Some(why) => vec![
            piece(column(&keys, KEYS, glyphs), Role::Dim),
            piece(column(&title, TITLE, glyphs), Role::Dim),
            piece(why, Role::Ghost),
        ],
    }
}

fn doc(spec: &CommandSpec, lang: Lang) -> String {
    crate::text::label(lang, &format!("command.{}.doc", spec.id)).to_string()
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
