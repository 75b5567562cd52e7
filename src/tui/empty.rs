//! The search pane without hits: what to type, that the book is being opened, that nobody has what was typed and what
//! to do about it.

use super::{
    canvas::{Canvas, inset},
    label::W,
    status::progress_line,
    theme::Role,
    workbench::Workbench,
};
use crate::{command::CommandId, domain::Say};
use ratatui::layout::Rect;

impl Workbench {
    /// Draws what stands in place of hits.
    pub(super) fn draw_no_hits(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let v = self.view();
        let area = inset(area, 2);
        if area.height == 0 {
            return;
        }
        if let Some(p) = self.opening.as_ref().filter(|_| self.book.is_none()) {
            let line = progress_line(p, &v.say(&p.what), canvas);
            canvas.line(area.x, area.y, area.width, &line);
            if area.height > 1 {
                canvas.put(area.x, area.y + 1, area.width, v.word(W::TypeAlready), Role::Dim);
            }
            return;
        }
        if self.search.words().is_empty() {
            return self.draw_welcome(canvas, area);
        }
        if self.search.is_waiting() || self.search.hits.is_none() {
            canvas.put(area.x, area.y, area.width, v.word(W::Looking), Role::Dim);
            return;
        }
        let words = self.search.words();
        let tail: String = words.chars().rev().take(40).collect::<Vec<_>>().into_iter().rev().collect();
        canvas.put(area.x, area.y, area.width, &v.word(W::NobodyHas).replace("{}", &tail), Role::Strong);
        let partial = self.search.hits.as_ref().is_some_and(|h| h.partial);
        let hint = if partial { W::StillOpening } else { W::NobodyHint };
        if area.height > 1 && (partial || self.search.names_somebody()) {
            canvas.put(area.x, area.y + 1, area.width, v.word(hint), if partial { Role::Warn } else { Role::Dim });
        }
    }

    fn draw_welcome(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let v = self.view();
        if self.book.as_ref().is_some_and(|b| b.customers == 0) {
            let key = v.key(CommandId::CustomerNew, &self.scopes());
            canvas.put(area.x, area.y, area.width, &v.say(&Say::new("empty.book").with("key", key)), Role::Dim);
            return;
        }
        let rows = [
            (W::EmptyName, "zsf   张三   zhang"),
            (W::EmptyPhone, "6812"),
            (W::EmptyOrder, "#10234"),
            (W::EmptyMore, "example.com"),
            (W::EmptyBoth, "lm hz"),
        ];
        canvas.put(area.x, area.y, area.width, v.word(W::EmptyFind), Role::Dim);
        for (i, (w, example)) in (1..).zip(rows) {
            if i >= area.height {
                return;
            }
            let used = canvas.put(area.x + 2, area.y + i, area.width.saturating_sub(2).min(32), v.word(w), Role::Text);
            if used < 30 {
                canvas.put(area.x + 34, area.y + i, area.width.saturating_sub(34), example, Role::Ghost);
            }
        }
        if area.height > 7 {
            canvas.put(area.x, area.y + 7, area.width, v.word(W::EmptyHow), Role::Dim);
        }
    }
}
