//! Values as people type them in a field, and back: one place that says what fits a field and what does not.

use super::{dates, label::W, view::View};
use crate::domain::{FieldId, FieldSpec, FieldType, Kind, Money, Record, Value, clean, field, phone};

/// The customer fields that can be edited by hand, in the order they are offered.
pub const EDITABLE: &[FieldId] = &[
    field::C_NAME,
    field::C_PHONES,
    field::C_COMPANY,
    field::C_CITY,
    field::C_OWNER,
    field::C_NOTE,
    field::C_EMAILS,
    field::C_WECHAT,
    field::C_ADDRESS,
    field::C_PROVINCE,
    field::C_CITY_TIER,
    field::C_INDUSTRY,
    field::C_OCCUPATION,
    field::C_TYPE,
    field::C_SOURCE,
    field::C_LEVEL,
    field::C_ROLES,
    field::C_DNC,
    field::C_KIND,
    field::C_GENDER,
    field::C_BIRTH,
    field::C_EDUCATION,
    field::C_INCOME,
    field::C_NAME_LATIN,
    field::C_FORMER_NAMES,
    field::C_FANS,
    field::C_SHARED,
    field::C_ARCHIVED,
];

/// A field's label in the language of the screen.
pub fn field_label(spec: &FieldSpec, view: View<'_>) -> String {
    match view.lang {
        crate::text::Lang::Zh => spec.label_zh().to_string(),
        crate::text::Lang::En => spec.key.replace('_', " "),
    }
}

/// A value as it is typed.
pub fn write(spec: &FieldSpec, value: Option<&Value>, view: View<'_>) -> String {
    let Some(value) = value else { return String::new() };
    let codes = |dict| value.codes().iter().map(|c| view.code(dict, *c)).collect::<Vec<_>>().join(", ");
    match (spec.ty, value) {
        (FieldType::Code(dict) | FieldType::Codes(dict), _) => codes(dict),
        (FieldType::Ref(kind) | FieldType::Refs(kind), _) => {
            value.refs().iter().map(|r| view.name(kind, *r).to_string()).collect::<Vec<_>>().join(", ")
        }
        (_, Value::Text(t)) => t.clone(),
        (_, Value::Int(n)) => n.to_string(),
        (_, Value::Money(m)) => m.plain(),
        (_, Value::Day(d)) => d.to_string(),
        (_, Value::Moment(m)) => view.zone().write(*m),
        (_, Value::Bool(b)) => view.word(if *b { W::Yes } else { W::No }).to_string(),
        (_, Value::Texts(list)) => list.join(", "),
        _ => String::new(),
    }
}

/// What was typed as the field's value; `None` for nothing typed. Errors: the sentence that says what would fit.
pub fn read(spec: &FieldSpec, text: &str, view: View<'_>) -> Result<Option<Value>, String> {
    let text = text.trim();
    if text.is_empty() {
        return if spec.id == field::C_NAME { Err(view.word(W::NeedName).into()) } else { Ok(None) };
    }
    let bad = |w: W| view.word(w).replace("{}", text);
    let value = match spec.ty {
        FieldType::Text => Value::Text(clean::line(text).into_owned()),
        FieldType::Note => Value::Text(clean::note(text).into_owned()),
        FieldType::Int => Value::Int(text.parse().map_err(|_| bad(W::NotWhole))?),
        FieldType::Money => Value::Money(Money::parse(text).ok_or_else(|| bad(W::NotAmount))?),
        FieldType::Day => Value::Day(day(text, view)?),
        FieldType::Moment => Value::Moment(dates::read(text, true, view)?.ok_or_else(|| bad(W::NotDate))?),
        FieldType::Bool => Value::Bool(yes_no(text).ok_or_else(|| bad(W::NotYesNo))?),
        FieldType::Code(_) => Value::Code(one_code(spec, text, view)?),
        FieldType::Codes(_) => {
            let mut codes = split(text).map(|word| one_code(spec, word, view)).collect::<Result<Vec<_>, _>>()?;
            codes.sort_unstable();
            codes.dedup();
            Value::Codes(codes)
        }
        FieldType::Ref(kind) => Value::Ref(one_ref(kind, text, view)?),
        FieldType::Refs(kind) => Value::Refs(split(text).map(|word| one_ref(kind, word, view)).collect::<Result<Vec<_>, _>>()?),
        FieldType::Texts => Value::Texts(texts(text)),
        FieldType::Phones => {
            let list = texts(text);
            if let Some(wrong) = list.iter().find(|p| !phone::valid_shape(p)) {
                return Err(view.word(W::NotPhone).replace("{}", wrong));
            }
            Value::Texts(list)
        }
        FieldType::Emails => {
            let list = texts(text);
            if let Some(wrong) = list.iter().find(|e| !mail_shape(e)) {
                return Err(view.word(W::NotEmail).replace("{}", wrong));
            }
            Value::Texts(list)
        }
        FieldType::Lines | FieldType::Props | FieldType::Consents | FieldType::Tags => return Err(bad(W::NotHere)),
    };
    Ok(Some(value))
}

fn day(text: &str, view: View<'_>) -> Result<crate::domain::Day, String> {
    if let Some(day) = crate::domain::Day::parse(text) {
        return Ok(day);
    }
    let moment = dates::read(text, true, view)?;
    moment.map(|m| view.day_of(m)).ok_or_else(|| view.word(W::NotDate).replace("{}", text))
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '，', '、', ';', '；', '\n']).map(str::trim).filter(|w| !w.is_empty())
}

fn texts(text: &str) -> Vec<String> {
    split(text).map(|w| clean::line(w).into_owned()).collect()
}

fn yes_no(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "是" => Some(true),
        "no" | "n" | "false" | "0" | "否" => Some(false),
        _ => None,
    }
}

/// Something, one `@`, something with a dot in it.
fn mail_shape(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    !name.is_empty()
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && !text.contains(char::is_whitespace)
        && !host.contains('@')
}

fn one_code(spec: &FieldSpec, word: &str, view: View<'_>) -> Result<u32, String> {
    let (FieldType::Code(dict) | FieldType::Codes(dict)) = spec.ty else { return Err(String::new()) };
    let Some(book) = view.book else { return Err(view.word(W::NotYetOpen).into()) };
    book.dicts.code(dict, word).ok_or_else(|| near(W::NoSuchWord, word, book.dicts.nearest(dict, word), view))
}

fn one_ref(kind: Kind, word: &str, view: View<'_>) -> Result<u64, String> {
    let Some(book) = view.book else { return Err(view.word(W::NotYetOpen).into()) };
    let found = book.refs.find(kind, word).first().copied();
    found.ok_or_else(|| near(W::NoSuchName, word, book.refs.nearest(kind, word), view))
}

fn near(w: W, word: &str, nearest: Option<&str>, view: View<'_>) -> String {
    let sentence = view.word(w).replace("{}", word);
    nearest.map_or(sentence.clone(), |n| format!("{sentence} {}", view.word(W::DidYouMean).replace("{}", n)))
}

/// The present value of a customer's field, as typed.
pub fn present(record: &Record, spec: &FieldSpec, view: View<'_>) -> String {
    write(spec, record.get(spec.id), view)
}
