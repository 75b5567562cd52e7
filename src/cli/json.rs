//! Records and answers as JSON with stable keys: the column names of `cli.md`.

use crate::domain::{BookInfo, Card, FieldId, FieldType, Kind, Moment, Profile, Record, Totals, Value, field};
use crate::ops::request::{Hit, Place};
use serde_json::{Map, Value as Json, json};

/// A value as its column would show it.
pub fn value(info: &BookInfo, f: FieldId, v: &Value) -> Json {
    let spec = field::spec(f);
    let name = |kind: Kind, id: u64| match kind {
        Kind::Customer => json!(id),
        k => json!(info.refs.name(k, id)),
    };
    match (spec.map(|s| s.ty), v) {
        (Some(FieldType::Code(d) | FieldType::Codes(d)), Value::Code(c)) => json!(info.dicts.key(d, *c)),
        (Some(FieldType::Codes(d)), Value::Codes(cs)) => Json::Array(cs.iter().map(|c| json!(info.dicts.key(d, *c))).collect()),
        (Some(FieldType::Ref(k)), Value::Ref(id)) => name(k, *id),
        (Some(FieldType::Refs(k)), Value::Refs(ids)) => Json::Array(ids.iter().map(|id| name(k, *id)).collect()),
        (_, Value::Text(t)) => json!(t),
        (_, Value::Texts(list)) => json!(list),
        (_, Value::Int(n)) => json!(n),
        (_, Value::Bool(b)) => json!(b),
        (_, Value::Money(m)) => number(&m.plain()),
        (_, Value::Quantity(q)) => number(&q.plain()),
        (_, Value::Day(d)) => json!(d.to_string()),
        (_, Value::Moment(m)) => json!(info.zone.write(*m)),
        (_, Value::Code(c)) => json!(c),
        (_, Value::Codes(c)) => json!(c),
        (_, Value::Ref(r)) => json!(r),
        (_, Value::Refs(r)) => json!(r),
        (_, Value::Lines(lines)) => Json::Array(lines.iter().map(|l| line(info, l)).collect()),
        (_, Value::Props(props)) => Json::Object(props.iter().map(|(k, v)| (k.clone(), json!(v))).collect()),
        (_, Value::Consents(list)) => {
            let one = |c: &crate::domain::value::Consent| json!({"channel": info.dicts.key(crate::domain::Dict::Channel, c.channel), "given": c.given, "since": c.since.map(|d| d.to_string())});
            Json::Array(list.iter().map(one).collect())
        }
    }
}

/// A decimal as a JSON number when that keeps it exactly, else as text.
fn number(plain: &str) -> Json {
    plain.parse::<serde_json::Number>().map_or_else(|_| json!(plain), Json::Number)
}

fn line(info: &BookInfo, l: &crate::domain::Line) -> Json {
    json!({
        "product": info.refs.get(Kind::Product, l.product).map_or("", Record::number),
        "name": info.refs.name(Kind::Product, l.product),
        "quantity": number(&l.quantity.plain()),
        "unit_price": number(&l.unit_price.plain()),
        "amount": number(&l.amount.plain()),
        "cost": number(&l.cost.plain()),
    })
}

/// A record with its columns as keys; custom fields under `custom.`.
pub fn record(info: &BookInfo, r: &Record) -> Map<String, Json> {
    let mut map = Map::new();
    for (f, v) in &r.fields {
        let key = match field::spec(*f) {
            Some(spec) => spec.key.to_string(),
            None => {
                let custom = info.refs.get(Kind::CustomField, u64::from(f.0.saturating_sub(field::CUSTOM)));
                custom.map_or_else(|| format!("field.{}", f.0), |c| format!("custom.{}", c.text(field::F_KEY)))
            }
        };
        map.insert(key, value(info, *f, v));
    }
    map
}

/// The derived totals.
pub fn totals(info: &BookInfo, t: &Totals) -> Json {
    let when = |m: Option<Moment>| m.map(|m| info.zone.write(m));
    json!({
        "orders": t.orders, "ordered": number(&t.ordered.plain()), "paid": number(&t.paid.plain()), "owed": number(&t.owed().plain()),
        "first_order": when(t.first_order), "last_order": when(t.last_order), "interactions": t.interactions,
        "last_contact": when(t.last_contact), "next_at": when(t.next_at), "open_deals": t.open_deals,
        "open_deal_amount": number(&t.open_deal_amount.plain()), "open_tickets": t.open_tickets, "open_tasks": t.open_tasks,
        "balance": number(&t.balance.plain()), "points": number(&t.points.plain()),
    })
}

/// A customer: the record, its tags and its totals.
pub fn card(info: &BookInfo, c: &Card) -> Map<String, Json> {
    let mut map = record(info, &c.record);
    let tags: Vec<&str> = c.tags.iter().map(|t| info.refs.name(Kind::Tag, *t)).collect();
    map.insert("tags".into(), json!(tags));
    map.insert("totals".into(), totals(info, &c.totals));
    map
}

/// The whole profile.
pub fn profile(info: &BookInfo, p: &Profile) -> Json {
    let mut map = card(info, &p.card);
    let rows: Vec<Json> = p.rows.iter().map(|r| row(info, r)).collect();
    map.insert("rows".into(), json!(rows));
    map.insert("all_rows".into(), json!(p.all_rows));
    let same: Vec<Json> = p.same_phone.iter().map(|(_, number, name)| json!({"number": number, "name": name})).collect();
    map.insert("same_phone".into(), json!(same));
    Json::Object(map)
}

fn row(info: &BookInfo, r: &Record) -> Json {
    let mut map = Map::new();
    map.insert("record".into(), json!(r.kind.plural()));
    let mut fields = record(info, r);
    fields.remove("customer");
    map.extend(fields);
    Json::Object(map)
}

/// One hit of the search box.
pub fn hit(h: &Hit) -> Json {
    let r = &h.card.record;
    json!({
        "number": r.number(), "name": r.text(field::C_NAME),
        "phone": r.get(field::C_PHONES).and_then(|v| v.texts().first().cloned()),
        "city": r.text(field::C_CITY), "company": r.text(field::C_COMPANY),
        "matched": matched(h.matched), "because": h.because, "score": h.score,
    })
}

/// Where a hit matched, as a word.
pub fn matched(m: Place) -> &'static str {
    match m {
        Place::Number => "number",
        Place::Name => "name",
        Place::Pinyin => "pinyin",
        Place::Phone => "phone",
        Place::Email => "email",
        Place::Company => "company",
        Place::City => "city",
        Place::Tag => "tag",
        Place::Order => "order",
        Place::Social => "social",
        Place::Fuzzy => "fuzzy",
    }
}
