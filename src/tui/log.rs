//! The log popup: channel, outcome, note, next step, when. Enter saves from any field; what was begun is kept when the
//! popup is left, and goes on where it was.

use super::{
    canvas::piece,
    dates,
    entry::Stroke,
    fields::{Field, choices},
    form::Form,
    label::W,
    layer::{Cx, Order, Toast},
    popup::Popup,
    theme::Role,
    view::View,
};
use crate::{
    domain::{CustomerId, Dict, Moment, Role as StaffRole, clean, preset::code},
    keymap::key::half_width,
    ops::request::{LogEntry, Request},
};

/// What was begun and not saved.
#[derive(Debug, Clone)]
pub struct Draft {
    form: Form,
    op_id: u128,
    /// They came to us.
    inbound: bool,
}

/// The log popup.
#[derive(Debug)]
pub struct LogLayer {
    customer: CustomerId,
    name: String,
    /// What is promised already.
    next_at: Option<Moment>,
    draft: Draft,
}

impl LogLayer {
    /// Opens for a customer, going on with a draft when there is one; `next_at` is the step already promised.
    pub fn open(customer: CustomerId, name: &str, next_at: Option<Moment>, draft: Option<Draft>, op_id: u128, view: View<'_>) -> LogLayer {
        let draft = draft.unwrap_or_else(|| Draft { form: blank(name, next_at, view), op_id, inbound: inbound_first(view) });
        let mut layer = LogLayer { customer, name: name.to_string(), next_at, draft };
        layer.reword(view);
        layer
    }

    fn remark(&mut self, view: View<'_>) {
        let way = if self.draft.inbound { W::TheyCame } else { W::WeWent };
        if let Some(field) = self.draft.form.field_mut(W::Channel) {
            field.remark = vec![piece(format!("   {}", view.word(way)), Role::Dim)];
        }
        for label in [W::NextDate, W::When] {
            if let Some(field) = self.draft.form.field_mut(label) {
                field.remark = dates::remark(field.text(), label == W::When, view);
            }
        }
    }
}

/// Support is called, sales calls: what the channel's plain key means. Its capital means the other way.
fn inbound_first(view: View<'_>) -> bool {
    view.who.role == StaffRole::Support
}

/// What an empty `next` means: a promise for a day to come stays; without one, what could be typed.
fn next_ghost(next_at: Option<Moment>, view: View<'_>) -> String {
    match next_at.filter(|m| view.day_of(*m) > view.today()) {
        Some(m) => view.word(W::Stays).replace("{}", &view.when(m)),
        None => view.word(W::NextGhost).into(),
    }
}

fn blank(name: &str, next_at: Option<Moment>, view: View<'_>) -> Form {
    let fields = vec![
        Field::choice(W::Channel, choices(view, Dict::Channel), None)
            .saying(view.word(if inbound_first(view) { W::CapitalOut } else { W::CapitalIn }), ""),
        Field::choice(W::Outcome, choices(view, Dict::Outcome), None),
        Field::note(W::Note, "", 3).saying(view.word(W::NoteGhost), view.word(W::NoteTray)),
        Field::line(W::NextDate, "").saying(next_ghost(next_at, view), view.word(W::DateTray)),
        Field::line(W::When, "").saying(view.word(W::Now), view.word(W::WhenTray)),
    ];
    Form::new(format!("{} · {name}", view.word(W::LogTitle)), fields, view)
}

impl Popup for LogLayer {
    fn form(&self) -> &Form {
        &self.draft.form
    }

    fn form_mut(&mut self) -> &mut Form {
        &mut self.draft.form
    }

    fn accept(&mut self, cx: &mut Cx<'_>) {
        let form = &mut self.draft.form;
        let Some(channel) = form.field(W::Channel).and_then(Field::code) else {
            let sentence = cx.view.word(W::NeedChannel).to_string();
            return form.complain(W::Channel, sentence);
        };
        let outcome = form.field(W::Outcome).and_then(Field::code);
        let note = clean::note(form.text(W::Note)).into_owned();
        let next_at = match dates::read(form.text(W::NextDate), false, cx.view) {
            Ok(m) => m,
            Err(sentence) => return form.complain(W::NextDate, sentence),
        };
        let at = match dates::read(form.text(W::When), true, cx.view) {
            Ok(m) => m,
            Err(sentence) => return form.complain(W::When, sentence),
        };
        let direction = self.draft.inbound.then_some(code::DIRECTION_IN);
        let entry = LogEntry { customer: self.customer, channel, direction, outcome, note, at, next_at, op_id: self.draft.op_id };
        cx.order(Order::Write(Request::Log(entry)));
    }

    /// What was begun is kept.
    fn cancel(&mut self, cx: &mut Cx<'_>) {
        let begun = !self.draft.form.is_empty();
        cx.order(Order::Keep(self.customer, begun.then(|| Box::new(self.draft.clone()))));
        if begun {
            cx.order(Order::Say(Toast { role: Role::Dim, text: cx.view.word(W::DraftKept).into(), undo: false }));
        }
        cx.close();
    }

    /// The key of a channel also says who came to whom.
    fn before(&mut self, stroke: Stroke, view: View<'_>) {
        let in_channel = self.draft.form.fields.get(self.draft.form.focus).is_some_and(|f| f.label == W::Channel);
        if let (true, Stroke::Char(c)) = (in_channel, stroke) {
            self.draft.inbound = inbound_first(view) != half_width(c).is_ascii_uppercase();
        }
    }

    fn typed(&mut self, cx: &mut Cx<'_>) {
        self.remark(cx.view);
    }

    fn reword(&mut self, view: View<'_>) {
        self.draft.form.reword(blank(&self.name, self.next_at, view));
        self.remark(view);
    }
}
