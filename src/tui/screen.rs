//! Where things stand on the screen, and drawing them: two panes side by side from 120 columns on, one with a preview
//! strip below that; layers over them, the status line under them.

use super::{
    canvas::{Canvas, below, inset, line_width, piece},
    columns::{self, Column},
    facts,
    label::W,
    orders,
    profile::Tab,
    summary,
    theme::Role,
    timeline,
    workbench::{Pane, Workbench, view},
};
use crate::{command::CommandId, domain::field};
use ratatui::{
    Frame,
    buffer::Buffer,
    layout::{Position, Rect},
};

/// From this width on both panes show.
const BOTH: u16 = 120;
/// From this width on a profile shows its timeline beside the summary.
const THREE: u16 = 116;
/// Rows of the preview strip, its heading included.
const STRIP: u16 = 8;

/// Where the panes stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Places {
    search: Option<Rect>,
    profile: Option<Rect>,
    status: Rect,
}

/// Where the parts of the search pane stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct SearchPlaces {
    title: Rect,
    entry: Rect,
    head: Rect,
    list: Rect,
    strip: Rect,
}

fn row(area: Rect, at: u16, rows: u16) -> Rect {
    let at = at.min(area.height);
    Rect::new(area.x, area.y + at, area.width, rows.min(area.height - at))
}

impl Workbench {
    fn screen(&self) -> Rect {
        Rect::new(0, 0, self.size.0, self.size.1)
    }

    fn places(&self) -> Places {
        let screen = self.screen();
        let status = row(screen, screen.height.saturating_sub(1), 1);
        let body = Rect { height: screen.height.saturating_sub(1), ..screen };
        if screen.height < 2 {
            let status = Rect { height: 0, ..status };
            return match self.focus {
                Pane::Search => Places { search: Some(screen), profile: None, status },
                Pane::Profile => Places { search: None, profile: Some(screen), status },
            };
        }
        if screen.width >= BOTH {
            let left = if screen.width >= 190 { screen.width * 2 / 5 } else { screen.width * 9 / 20 };
            let profile = Rect { x: body.x + left + 1, width: body.width - left - 1, ..body };
            return Places { search: Some(Rect { width: left, ..body }), profile: Some(profile), status };
        }
        match self.focus {
            Pane::Search => Places { search: Some(body), profile: None, status },
            Pane::Profile => Places { search: None, profile: Some(body), status },
        }
    }

    fn search_places(&self, area: Rect) -> SearchPlaces {
        // On a screen of few rows the box comes first, then hits, then everything else.
        let high = area.height;
        let title = row(area, 0, u16::from(high >= 4));
        let entry = row(below(area, title.height), 0, 1);
        let rest = below(area, title.height + entry.height);
        let gap = u16::from(high >= 12);
        let head = row(below(rest, gap), 0, u16::from(high >= 6));
        let rest = below(rest, gap + head.height);
        let strip = if self.places().profile.is_none() && high >= 18 { STRIP } else { 0 };
        let list = Rect { height: rest.height.saturating_sub(strip), ..rest };
        SearchPlaces { title, entry: inset(entry, 1), head: inset(head, 1), list: inset(list, 1), strip: below(rest, list.height) }
    }

    fn profile_body(area: Rect) -> Rect {
        inset(below(area, if area.height >= 3 { 1 } else { 0 }), 1)
    }

    /// The room of the timeline beside the summary, on a wide screen.
    fn beside(area: Rect) -> Rect {
        let left = area.width / 2;
        Rect { x: area.x + left + 2, width: area.width.saturating_sub(left + 3), ..below(area, 1) }
    }

    /// Takes in the size of the screen; what scrolling depends on follows.
    pub fn arrange(&mut self, area: Rect) {
        self.size = (area.width, area.height);
        self.rearrange();
    }

    pub(super) fn rearrange(&mut self) {
        let places = self.places();
        if let Some(area) = places.search {
            let rows = self.search_places(area).list.height;
            self.search.arrange(usize::from(rows));
        }
        if let Some(area) = places.profile {
            let body = Self::profile_body(area);
            let timeline = match self.profile.tab {
                Tab::Timeline => Some(body.width),
                Tab::Summary if area.width >= THREE => Some(Self::beside(area).width),
                _ => None,
            };
            let v = view!(self);
            // The last row of the timeline says how much follows.
            let page = body.height.saturating_sub(u16::from(self.profile.tab == Tab::Timeline));
            self.profile.arrange(timeline, page, v, self.look.glyphs);
        }
        let screen = self.screen();
        for layer in &mut self.layers {
            let room = layer.room(screen);
            layer.arrange(room);
        }
    }

    /// Draws into a frame and sets its cursor.
    pub fn draw(&self, frame: &mut Frame<'_>) {
        self.paint(frame.buffer_mut());
        if let Some(at) = self.cursor() {
            frame.set_cursor_position(at);
        }
    }

    /// Draws into a buffer of the size last told.
    pub fn paint(&self, buffer: &mut Buffer) {
        let mut canvas = Canvas::new(buffer, self.look);
        let places = self.places();
        if let Some(area) = places.search {
            self.draw_search(&mut canvas, area);
        }
        if let Some(area) = places.profile {
            if let Some(left) = places.search {
                canvas.upright(left.right(), area.y, area.height, Role::Line);
            }
            self.draw_profile(&mut canvas, area);
        }
        self.draw_status(&mut canvas, places.status);
        let screen = self.screen();
        for layer in &self.layers {
            layer.draw(&mut canvas, layer.room(screen), self.view());
        }
        if !self.layers.is_empty() && places.status.height > 0 && (self.toast.is_some() || !self.hints.is_empty()) {
            canvas.clear(places.status);
            self.draw_status(&mut canvas, places.status);
        }
    }

    /// Where the caret stands; an input method opens there.
    pub fn cursor(&self) -> Option<Position> {
        let screen = self.screen();
        let at = match (self.layers.last(), self.places().search) {
            (Some(layer), _) => layer.caret(layer.room(screen), self.view()),
            (None, Some(area)) if self.focus == Pane::Search && self.search.in_box => {
                let entry = self.search_places(area).entry;
                Some(self.search.entry.caret(box_room(entry)))
            }
            _ => None,
        };
        at.filter(|p| p.x < screen.width && p.y < screen.height)
    }

    /// The heading of a pane: its name, a line, something at its right.
    fn heading(&self, canvas: &mut Canvas<'_>, area: Rect, title: &str, right: &super::canvas::Line, focused: bool) {
        if area.height == 0 {
            return;
        }
        canvas.rule(area.x, area.y, area.width, if focused { Role::Focus } else { Role::Line });
        let wide = u16::try_from(line_width(right)).unwrap_or(u16::MAX);
        let role = if focused { Role::Title } else { Role::Dim };
        let room = area.width.saturating_sub(if wide > 0 && wide + 8 < area.width { wide + 5 } else { 3 });
        let used = canvas.line(area.x + 1, area.y, room, &[piece(" ", role), piece(title, role), piece(" ", role)]);
        if wide > 0 && used + wide + 4 <= area.width {
            let mut line = vec![piece(" ", Role::Dim)];
            line.extend(right.iter().cloned());
            line.push(piece(" ", Role::Dim));
            canvas.line(area.right() - wide - 3, area.y, wide + 2, &line);
        }
    }

    fn draw_search(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let v = self.view();
        let p = self.search_places(area);
        let focused = self.focus == Pane::Search && self.layers.is_empty();
        self.heading(canvas, p.title, v.word(W::Search), &self.totals(), focused);
        let prompt = if focused && self.search.in_box { Role::Key } else { Role::Dim };
        if p.entry.width > 2 {
            canvas.put(p.entry.x, p.entry.y, 1, canvas.look.glyphs.prompt, prompt);
        }
        self.search.entry.draw(canvas, box_room(p.entry), Role::Strong, "");
        if self.search.list().is_empty() {
            return self.draw_no_hits(canvas, Rect { height: p.list.bottom().saturating_sub(p.head.y), ..p.head });
        }
        self.draw_hits(canvas, area, p.head, p.list, focused);
        if p.strip.height > 0 {
            self.draw_strip(canvas, p.strip);
        }
    }

    fn totals(&self) -> super::canvas::Line {
        let v = self.view();
        let Some(hits) = self.search.hits.as_ref().filter(|h| !h.hits.is_empty()) else {
            let all = self.book.as_ref().map_or(String::new(), |b| v.customers(b.customers));
            return vec![piece(all, Role::Dim)];
        };
        let here = self.search.cursor.at as u64 + 1;
        let mut line = vec![piece(v.count(here), Role::Text), piece(format!(" {} {}", v.word(W::Of), v.count(hits.total)), Role::Dim)];
        if hits.partial {
            line.push(piece(" +", Role::Warn));
        }
        line
    }

    fn draw_hits(&self, canvas: &mut Canvas<'_>, pane: Rect, head: Rect, list: Rect, focused: bool) {
        let v = self.view();
        let hits = self.search.list();
        let shown = hits.iter().enumerate().skip(self.search.cursor.top).take(usize::from(list.height));
        let why = shown.clone().any(|(_, h)| columns::reason(h).is_some());
        let room = list.width.saturating_sub(2);
        let columns = columns::fitting(room, why);
        if head.height > 0 {
            let mut x = head.x + 2;
            for (_, w, wide) in &columns {
                canvas.put(x, head.y, *wide, v.word(*w), Role::Dim);
                x += wide + 1;
            }
        }
        for (y, (at, hit)) in (list.top()..list.bottom()).zip(shown) {
            let mut x = list.x + 2;
            for (column, _, wide) in &columns {
                let line = columns::cell(*column, hit, self.search.words(), v);
                // On a list too narrow for two columns the name takes it all.
                let wide = if columns.len() == 1 && *column == Column::Name { room } else { *wide };
                canvas.line(x, y, wide, &line);
                x += wide + 1;
            }
            if at == self.search.cursor.at {
                canvas.put(list.x, y, 1, canvas.look.glyphs.pointer, Role::Key);
                // The bar goes from edge to edge of the pane; the text keeps its margins.
                let bar = Rect { x: list.x.saturating_sub(1), y, width: list.width + 2, height: 1 };
                canvas.tint(bar.intersection(pane), if focused { Role::Selected } else { Role::Resting });
            }
        }
    }

    /// The card of the customer the cursor is on: everything support needs without pressing Enter.
    fn draw_strip(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let v = self.view();
        let Some(card) = self.profile.card() else { return };
        let profile = self.profile.profile();
        let r = &card.record;
        let title = format!("{}  {}", r.text(field::C_NAME), r.text(field::C_NUMBER));
        self.heading(canvas, row(area, 0, 1), &title, &vec![], false);
        let body = inset(below(area, 1), 1);
        // The short warning first: the long one may be cut.
        let mut warnings = facts::banners(card, profile, v);
        warnings.reverse();
        let at = u16::from(!warnings.is_empty());
        if at > 0 {
            let sign = canvas.look.glyphs.alarm;
            let text = warnings.iter().map(|w| format!("{sign} {w}")).collect::<Vec<_>>().join("   ");
            canvas.put(body.x, body.y, body.width, &text, Role::Banner);
        }
        let contact = [facts::phones(r).join(", "), r.text(field::C_CITY).to_string(), r.text(field::C_COMPANY).to_string()];
        let contact: Vec<String> = contact.into_iter().filter(|p| !p.is_empty()).collect();
        let mut value = Vec::new();
        for (w, line) in facts::value(card, v).into_iter().filter(|(w, _)| matches!(w, W::Orders | W::Ordered | W::Owed)) {
            if w != W::Orders {
                value.push(piece(format!("   {} ", v.word(w)), Role::Dim));
            }
            value.extend(line);
        }
        let lines = vec![
            (W::Phone, vec![piece(contact.join("   "), Role::Strong)]),
            (W::LastOrder, facts::last_order(card, profile, v)),
            (W::Orders, value),
            (W::LastContact, facts::last_words(card, profile, v)),
            (W::NextStep, facts::next_step(card, profile, v)),
        ];
        let used = summary::block(canvas, below(body, at), &lines, v);
        if at + used < body.height {
            canvas.line(body.x, body.y + at + used, body.width, &facts::portrait(card, v));
        }
    }

    fn draw_profile(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let v = self.view();
        let focused = self.focus == Pane::Profile && self.layers.is_empty();
        let Some(card) = self.profile.card() else {
            self.heading(canvas, row(area, 0, 1), v.word(W::Profile), &vec![], focused);
            let word = if self.profile.wanted.is_some() { W::Looking } else { W::NobodyChosen };
            let body = below(inset(area, 3), 3);
            if body.height > 0 {
                canvas.put(body.x, body.y, body.width, v.word(word), Role::Dim);
            }
            return;
        };
        if area.height >= 3 {
            let title = format!("{}  {}", card.record.text(field::C_NAME), card.record.text(field::C_NUMBER));
            self.heading(canvas, row(area, 0, 1), &title, &self.tabs(focused), focused);
        }
        let body = Self::profile_body(area);
        match (self.profile.tab, self.profile.profile()) {
            (Tab::Timeline, Some(_)) => {
                let (lines, scroll) = (self.profile.lines(), self.profile.scroll);
                let page = Rect { height: body.height.saturating_sub(1), ..body };
                timeline::draw(canvas, page, lines, v, scroll);
                let last = scroll + usize::from(page.height);
                if last < lines.len() {
                    let more = format!("+{}", lines.len() - last);
                    canvas.put_right(body.right(), body.bottom().saturating_sub(1), 8, &more, Role::Dim);
                }
            }
            (Tab::Orders, Some(p)) => orders::draw(canvas, body, p, v, self.profile.order, &self.profile.open),
            (Tab::Summary, Some(p)) if area.width >= THREE => {
                let left = area.width / 2;
                summary::draw(canvas, Rect { width: left, ..below(area, 1) }, card, Some(p), v);
                canvas.upright(area.x + left, area.y + 1, area.height.saturating_sub(1), Role::Line);
                timeline::draw(canvas, Self::beside(area), self.profile.lines(), v, 0);
            }
            (Tab::Summary, p) => summary::draw(canvas, below(area, u16::from(area.height >= 3)), card, p, v),
            (_, None) => {
                canvas.put(body.x, body.y, body.width, v.word(W::Looking), Role::Dim);
            }
        }
    }

    fn tabs(&self, focused: bool) -> super::canvas::Line {
        let v = self.view();
        let all = [
            (Tab::Summary, W::Summary, CommandId::ProfileTab1),
            (Tab::Timeline, W::Timeline, CommandId::ProfileTab2),
            (Tab::Orders, W::OrdersTab, CommandId::ProfileTab3),
        ];
        let mut line = Vec::new();
        for (i, (tab, w, command)) in all.into_iter().enumerate() {
            let here = tab == self.profile.tab;
            let key = v.key(command, &[crate::command::Scope::Profile]);
            let gap = if i > 0 { "  " } else { "" };
            line.push(piece(format!("{gap}{key} "), if focused { Role::Key } else { Role::Dim }));
            line.push(piece(v.word(w), if here { Role::Strong } else { Role::Dim }));
        }
        line
    }
}

/// The room of the text in the search box, after the prompt.
fn box_room(entry: Rect) -> Rect {
    if entry.width > 2 { Rect { x: entry.x + 2, width: entry.width - 2, ..entry } } else { entry }
}
