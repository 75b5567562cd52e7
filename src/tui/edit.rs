//! Editing one field of a customer: its present value to start from, checked when it is saved.

use super::{
    fields::Field,
    form::Form,
    label::W,
    layer::{Cx, Order},
    pick::{PickLayer, Row},
    popup::Popup,
    value,
    view::View,
};
use crate::{
    command::{ArgValue, Call, CommandId, Scope},
    domain::{CustomerId, Dict, FieldSpec, FieldType, Home, Kind, Profile, Record, Seq, Value, field},
    ops::request::{Edit, Request},
};

/// The popup that edits one field.
#[derive(Debug)]
pub struct EditLayer {
    customer: CustomerId,
    spec: &'static FieldSpec,
    seen: Seq,
    name: String,
    /// The value it started from, and as it was written.
    present: Option<Value>,
    written: String,
    form: Form,
}

impl EditLayer {
    /// Opens with the present value.
    pub fn open(profile: &Profile, spec: &'static FieldSpec, view: View<'_>) -> EditLayer {
        let record = &profile.card.record;
        EditLayer::made(profile.card.id, spec, profile.seen, record.get(spec.id).cloned(), record.text(field::C_NAME), view)
    }

    fn made(customer: CustomerId, spec: &'static FieldSpec, seen: Seq, present: Option<Value>, name: &str, view: View<'_>) -> EditLayer {
        let written = value::write(spec, present.as_ref(), view);
        let tray = view.word(match spec.ty {
            FieldType::Phones => W::PhonesTray,
            FieldType::Emails | FieldType::Texts | FieldType::Codes(_) | FieldType::Refs(_) => W::SeveralTray,
            FieldType::Day => W::DayTray,
            _ => W::EmptyTray,
        });
        let field = match spec.ty {
            FieldType::Note => Field::note(W::Value, &written, 6),
            _ => Field::line(W::Value, &written),
        };
        let title = format!("{} · {name}", value::field_label(spec, view));
        EditLayer {
            customer,
            spec,
            seen,
            name: name.to_string(),
            present,
            written,
            form: Form::new(title, vec![field.saying("", tray)], view),
        }
    }
}

/// The request that sets a field of a customer.
pub fn set(customer: CustomerId, spec: &FieldSpec, text: &str, seen: Seq, view: View<'_>) -> Result<Request, String> {
    let value = value::read(spec, text, view)?;
    let edit = Edit { kind: Kind::Customer, id: u64::from(customer), home: Home::default(), field: spec.id, value, seen };
    Ok(Request::Edit { edits: vec![edit] })
}

/// The list of fields to edit, with their present values.
pub fn fields(profile: &Profile, view: View<'_>) -> PickLayer {
    listed(&profile.card.record, view)
}

fn listed(record: &Record, view: View<'_>) -> PickLayer {
    let rows = value::EDITABLE.iter().filter_map(|id| field::spec(*id)).map(|spec| Row {
        label: value::field_label(spec, view),
        hint: value::present(record, spec, view).replace('\n', " "),
        also: format!("{} {}", spec.key, spec.synonyms.replace('|', " ")),
        call: Call::new(CommandId::CustomerEdit).with("field", ArgValue::Text(spec.key.into())),
        barred: None,
    });
    let title = format!("{} · {}", view.word(W::EditTitle), record.text(field::C_NAME));
    let record = record.clone();
    PickLayer::new(title, Scope::Ask, rows.collect()).made_again(move |view, _| Some(listed(&record, view)))
}

/// The list of values to choose from, for fields that hold one of few; `None` for fields that are typed.
pub fn values(profile: &Profile, spec: &'static FieldSpec, view: View<'_>) -> Option<PickLayer> {
    values_of(&profile.card.record, spec, view)
}

fn values_of(record: &Record, spec: &'static FieldSpec, view: View<'_>) -> Option<PickLayer> {
    let book = view.book?;
    let words: Vec<(String, String)> = match spec.ty {
        FieldType::Code(dict) => entries(dict, view),
        FieldType::Ref(Kind::Staff) => {
            book.refs.of(Kind::Staff).map(|r| r.text(field::S_NAME)).map(|n| (n.to_string(), n.to_string())).collect()
        }
        FieldType::Bool => [W::Yes, W::No].iter().map(|w| (view.word(*w).to_string(), view.word(*w).to_string())).collect(),
        _ => return None,
    };
    let call = |text: String| {
        Call::new(CommandId::CustomerEdit).with("field", ArgValue::Text(spec.key.into())).with("value", ArgValue::Text(text))
    };
    let now = value::present(record, spec, view);
    let row = |(label, key): (String, String)| Row {
        hint: if label == now { view.word(W::Present).to_string() } else { String::new() },
        call: call(key.clone()),
        also: key,
        label,
        barred: None,
    };
    let mut rows: Vec<Row> = words.into_iter().map(row).collect();
    rows.push(Row {
        label: view.word(W::Unknown).into(),
        hint: String::new(),
        also: "none unknown".into(),
        call: call(String::new()),
        barred: None,
    });
    let title = format!("{} · {}", value::field_label(spec, view), record.text(field::C_NAME));
    let record = record.clone();
    Some(PickLayer::new(title, Scope::Ask, rows).made_again(move |view, _| values_of(&record, spec, view)))
}

fn entries(dict: Dict, view: View<'_>) -> Vec<(String, String)> {
    let entries = view.book.map_or(&[][..], |b| b.dicts.entries(dict));
    entries.iter().filter(|e| !e.retired).map(|e| (view.code(dict, e.code), e.key.clone())).collect()
}

impl Popup for EditLayer {
    fn form(&self) -> &Form {
        &self.form
    }

    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }

    fn accept(&mut self, cx: &mut Cx<'_>) {
        match set(self.customer, self.spec, self.form.text(W::Value), self.seen, cx.view) {
            Ok(request) => cx.order(Order::Write(request)),
            Err(sentence) => self.form.complain(W::Value, sentence),
        }
    }

    fn reword(&mut self, view: View<'_>) {
        let fresh = EditLayer::made(self.customer, self.spec, self.seen, self.present.take(), &self.name, view);
        let untouched = self.form.text(W::Value) == self.written.trim();
        let typed = std::mem::replace(self, fresh).form;
        if !untouched {
            let fresh = std::mem::replace(&mut self.form, typed);
            self.form.reword(fresh);
        }
    }
}
