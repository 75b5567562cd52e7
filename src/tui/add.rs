//! Adding a customer and adding a task. While a new customer is typed, those already there under that phone or name are
//! looked up and shown: it warns, it does not stand in the way.

use super::{
    canvas::piece,
    dates,
    effect::Ticket,
    fields::{Field, choices},
    form::Form,
    label::W,
    layer::{Cx, Order},
    popup::Popup,
    theme::Role,
    value,
    view::{View, phone},
};
use crate::{
    domain::{
        CustomerId, Dict, FieldId, Kind, Value, field,
        fold::fold,
        phone::{key, valid_shape},
    },
    ops::request::{Hit, Hits, Reply, Request},
};

/// The popup that adds a customer.
#[derive(Debug)]
pub struct AddCustomer {
    form: Form,
    asked_for: (W, String),
    ticket: Option<Ticket>,
    /// Who is there already, and the field that says so.
    twin: Option<(W, Hit)>,
}

impl AddCustomer {
    /// Opens with what is known already: a name or a phone from the search box.
    pub fn open(words: &str, view: View<'_>) -> AddCustomer {
        let (name, number) = if valid_shape(words) { ("", words) } else { (words, "") };
        let fields = vec![
            Field::line(W::Name, name).saying("", view.word(W::NameTray)),
            Field::line(W::Phone, number).saying("", view.word(W::PhonesTray)),
            Field::choice(W::Source, choices(view, Dict::Channel), None),
        ];
        AddCustomer {
            form: Form::new(view.word(W::AddTitle).into(), fields, view),
            asked_for: (W::Name, String::new()),
            ticket: None,
            twin: None,
        }
    }

    /// Looks for people already there, by the field that was just typed in.
    fn look(&mut self, cx: &mut Cx<'_>) {
        for (label, least) in [(W::Phone, 5), (W::Name, 2)] {
            let text = self.form.text(label).to_string();
            let here = self.form.fields.get(self.form.focus).is_some_and(|f| f.label == label);
            if !here || self.asked_for == (label, text.clone()) {
                continue;
            }
            if let Some(field) = self.form.field_mut(label) {
                field.remark.clear();
            }
            self.twin = None;
            let long = if label == W::Phone { key(&text).len() } else { text.chars().count() };
            self.asked_for = (label, text.clone());
            self.ticket = None;
            if long >= least {
                cx.order(Order::Ask(Request::Find { words: text, limit: 5 }));
            }
        }
    }

    /// Says who is there already.
    fn remark(&mut self, view: View<'_>) {
        let Some((label, hit)) = &self.twin else { return };
        let r = &hit.card.record;
        let more = [r.text(field::C_NUMBER), r.text(field::C_CITY)].join(" ");
        let first = phone(r.first(field::C_PHONES));
        let who = if *label == W::Phone { r.text(field::C_NAME).to_string() } else { first };
        let text = format!("{} {who} {more}", view.word(W::AlreadyThere));
        if let Some(field) = self.form.field_mut(*label) {
            field.remark = vec![piece(text, Role::Warn)];
        }
    }

    fn twin<'a>(&self, hits: &'a Hits) -> Option<&'a Hit> {
        let (label, typed) = &self.asked_for;
        hits.hits.iter().find(|h| match label {
            W::Phone => h.card.record.get(field::C_PHONES).is_some_and(|v| v.texts().iter().any(|p| key(p) == key(typed))),
            _ => fold(h.card.record.text(field::C_NAME)) == fold(typed),
        })
    }
}

impl Popup for AddCustomer {
    fn form(&self) -> &Form {
        &self.form
    }

    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }

    fn accept(&mut self, cx: &mut Cx<'_>) {
        let mut fields: Vec<(FieldId, Value)> = Vec::new();
        for (label, id) in [(W::Name, field::C_NAME), (W::Phone, field::C_PHONES)] {
            let Some(spec) = field::spec(id) else { continue };
            match value::read(spec, self.form.text(label), cx.view) {
                Ok(Some(v)) => fields.push((id, v)),
                Ok(None) => {}
                Err(sentence) => return self.form.complain(label, sentence),
            }
        }
        if let Some(code) = self.form.field(W::Source).and_then(Field::code) {
            fields.push((field::C_SOURCE, Value::Code(code)));
        }
        cx.order(Order::Write(Request::Add { kind: Kind::Customer, fields }));
    }

    fn typed(&mut self, cx: &mut Cx<'_>) {
        self.look(cx);
    }

    fn reword(&mut self, view: View<'_>) {
        self.form.reword(AddCustomer::open("", view).form);
        self.remark(view);
    }

    /// Nobody is chosen for somebody new.
    fn is_about_customer(&self) -> bool {
        false
    }

    fn asked(&mut self, ticket: Ticket) {
        self.ticket = Some(ticket);
    }

    fn learn(&mut self, ticket: Ticket, reply: &Reply, view: View<'_>) -> bool {
        let (Some(mine), Reply::Hits(hits)) = (self.ticket, reply) else { return false };
        if mine != ticket {
            return false;
        }
        self.ticket = None;
        let label = self.asked_for.0;
        self.twin = self.twin(hits).map(|h| (label, h.clone()));
        if let Some(field) = self.form.field_mut(label) {
            field.remark.clear();
        }
        self.remark(view);
        true
    }
}

/// The popup that adds a task.
#[derive(Debug)]
pub struct AddTask {
    customer: CustomerId,
    name: String,
    owner: u64,
    form: Form,
}

impl AddTask {
    /// Opens for a customer; the task is the person's own.
    pub fn open(customer: CustomerId, name: &str, about: &str, view: View<'_>) -> AddTask {
        let fields = vec![
            Field::line(W::About, about).saying("", view.word(W::AboutTray)),
            Field::line(W::Due, "").saying(view.word(W::NextGhost), view.word(W::DateTray)),
        ];
        AddTask {
            customer,
            name: name.to_string(),
            owner: view.who.staff,
            form: Form::new(format!("{} · {name}", view.word(W::TaskTitle)), fields, view),
        }
    }

    fn remark(&mut self, view: View<'_>) {
        if let Some(field) = self.form.field_mut(W::Due) {
            field.remark = dates::remark(field.text(), false, view);
        }
    }
}

impl Popup for AddTask {
    fn form(&self) -> &Form {
        &self.form
    }

    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }

    fn accept(&mut self, cx: &mut Cx<'_>) {
        let about = self.form.text(W::About).to_string();
        if about.is_empty() {
            let sentence = cx.view.word(W::NeedAbout).to_string();
            return self.form.complain(W::About, sentence);
        }
        let due = match dates::read(self.form.text(W::Due), false, cx.view) {
            Ok(due) => due.unwrap_or_else(|| cx.view.zone().midnight(cx.view.today())),
            Err(sentence) => return self.form.complain(W::Due, sentence),
        };
        let mut fields = vec![
            (field::T_CUSTOMER, Value::Ref(u64::from(self.customer))),
            (field::T_DUE, Value::Moment(due)),
            (field::T_ABOUT, Value::Text(about)),
        ];
        if self.owner != 0 {
            fields.push((field::T_OWNER, Value::Ref(self.owner)));
        }
        cx.order(Order::Write(Request::Add { kind: Kind::Task, fields }));
    }

    fn typed(&mut self, cx: &mut Cx<'_>) {
        self.remark(cx.view);
    }

    fn reword(&mut self, view: View<'_>) {
        self.form.reword(AddTask::open(self.customer, &self.name, "", view).form);
        self.remark(view);
    }
}
