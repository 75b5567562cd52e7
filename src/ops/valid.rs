//! What a value must be to get in, by the field registry: one check for the log popup, an edit, a form.

use super::request::Refusal;
use super::scene::Scene;
use crate::domain::{FieldId, FieldType, Kind, Record, Say, Value, clean, field, phone};

/// A customer, a note and a name may be this long, in bytes.
const TEXT_LIMIT: usize = 4096;
/// A list may hold this many entries.
const LIST_LIMIT: usize = 64;

/// Cleans every text of a record.
pub fn clean_record(record: &mut Record) {
    let fields = std::mem::take(&mut record.fields);
    for (f, v) in fields {
        if let Some(v) = clean_value(f, Some(v)) {
            record.set(f, Some(v));
        }
    }
}

/// Cleans a value; text that is empty after cleaning is no value.
pub fn clean_value(f: FieldId, value: Option<Value>) -> Option<Value> {
    let long = field::spec(f).is_some_and(|s| s.ty == FieldType::Note);
    match value? {
        Value::Text(t) => {
            let t = if long { clean::note(&t) } else { clean::line(&t) };
            (!t.is_empty()).then(|| Value::Text(t.into_owned()))
        }
        Value::Texts(list) => {
            let list: Vec<String> = list.iter().map(|t| clean::line(t).into_owned()).filter(|t| !t.is_empty()).collect();
            (!list.is_empty()).then_some(Value::Texts(list))
        }
        Value::Codes(mut codes) => {
            codes.sort_unstable();
            codes.dedup();
            (!codes.is_empty()).then_some(Value::Codes(codes))
        }
        other => Some(other),
    }
}

/// Checks every field of a record.
pub fn record(scene: &Scene<'_>, record: &Record) -> Result<(), Refusal> {
    record.fields.iter().try_for_each(|(f, v)| value(scene, record.kind, *f, v))
}

/// Checks one value against its field.
pub fn value(scene: &Scene<'_>, kind: Kind, f: FieldId, v: &Value) -> Result<(), Refusal> {
    let refuse = |value: String, fits: &str| {
        let say = Say::new("refused.bad-value").with("field", scene.field_key(f)).with("value", value).with("fits", fits);
        Err(Refusal::data(say))
    };
    let Some(ty) = scene.field_type(kind, f) else {
        return refuse(format!("{}", f.0), "a field of this kind of record");
    };
    let fits = match (ty, v) {
        (FieldType::Text, Value::Text(t)) => t.len() <= TEXT_LIMIT,
        (FieldType::Note, Value::Text(t)) => t.len() <= super::change::NOTE_LIMIT,
        (FieldType::Int, Value::Int(n)) if f == field::C_CITY_TIER => (1..=6).contains(n),
        (FieldType::Day, Value::Day(d)) if f == field::C_BIRTH => {
            let today = scene.zone.day_of(scene.now.ms);
            if *d > today || today.since(*d) > 130 * 366 {
                return refuse(d.to_string(), "a day up to today, within 130 years");
            }
            true
        }
        (FieldType::Int, Value::Int(_)) | (FieldType::Money, Value::Money(_)) | (FieldType::Bool, Value::Bool(_)) => true,
        (FieldType::Day, Value::Day(d)) => (-36_525..=73_050).contains(&d.0),
        (FieldType::Moment, Value::Moment(m)) => (-3_155_760_000_000..=6_311_520_000_000).contains(&m.ms),
        (FieldType::Code(dict), Value::Code(c)) => scene.version.dicts.entry(dict, *c).is_some(),
        (FieldType::Codes(dict), Value::Codes(cs)) => {
            cs.len() <= LIST_LIMIT && cs.iter().all(|c| scene.version.dicts.entry(dict, *c).is_some())
        }
        (FieldType::Ref(of), Value::Ref(id)) => scene.exists(of, *id),
        (FieldType::Refs(of), Value::Refs(ids)) => ids.len() <= LIST_LIMIT && ids.iter().all(|id| scene.exists(of, *id)),
        (FieldType::Phones, Value::Texts(list)) => {
            if let Some(bad) = list.iter().find(|p| !phone::valid_shape(p)) {
                return refuse(bad.clone(), "5 to 15 digits, as 154-0000-6812 or +44 7700 900123");
            }
            list.len() <= LIST_LIMIT
        }
        (FieldType::Emails, Value::Texts(list)) => {
            if let Some(bad) = list.iter().find(|e| !email_shape(e)) {
                return refuse(bad.clone(), "an address as name@example.com");
            }
            list.len() <= LIST_LIMIT
        }
        (FieldType::Texts, Value::Texts(list)) => list.len() <= LIST_LIMIT && list.iter().all(|t| t.len() <= TEXT_LIMIT),
        (FieldType::Lines, Value::Lines(lines)) => !lines.is_empty() && lines.len() <= 1000 && lines.iter().all(|l| l.quantity.0 != 0),
        (FieldType::Props, Value::Props(_)) | (FieldType::Consents, Value::Consents(_)) => true,
        _ => false,
    };
    if fits { Ok(()) } else { refuse(shown(v), "a value of the field's own type, known to this book") }
}

fn email_shape(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !text.contains(char::is_whitespace))
}

fn shown(v: &Value) -> String {
    match v {
        Value::Text(t) => t.chars().take(40).collect(),
        Value::Texts(t) => t.join("; ").chars().take(40).collect(),
        Value::Money(m) => m.plain(),
        Value::Day(d) => d.to_string(),
        Value::Int(n) => n.to_string(),
        other => format!("{other:?}").chars().take(40).collect(),
    }
}
