//! `find` and `show`: looking at customers.

use super::args::Global;
use super::{Ended, Io, json};
use crate::domain::{BookInfo, FieldId, Kind, Moment, Profile, Record, Value, Who, clean, field};
use crate::ops::request::{Hit, Reply, Request};
use crate::text::{self, Lang};
use std::io::Write;
use unicode_width::UnicodeWidthStr;

/// `guanxi find WORDS`.
pub fn find(global: &Global, lang: Lang, words: &str, limit: usize, io: &mut Io<'_>) -> Ended {
    let desk = super::desk(global, io)?;
    let who = super::who(global, &desk, io)?;
    let Reply::Hits(hits) = desk.ask(&who, Request::Find { words: words.to_string(), limit }, &|| false)? else { return Ok(70) };
    if global.jsonl {
        for hit in &hits.hits {
            writeln!(io.out, "{}", json::hit(hit))?;
        }
    } else if global.json {
        let list: Vec<_> = hits.hits.iter().map(json::hit).collect();
        writeln!(io.out, "{}", serde_json::json!({"query": words, "total": hits.total, "hits": list}))?;
    } else {
        for hit in &hits.hits {
            writeln!(io.out, "{}", hit_line(hit))?;
        }
        if hits.total > hits.hits.len() as u64 {
            writeln!(io.err, "{} / {}", hits.hits.len(), text::count(lang, hits.total, "customers"))?;
        }
    }
    Ok(u8::from(hits.total == 0))
}

fn hit_line(hit: &Hit) -> String {
    let r = &hit.card.record;
    let phone = r.get(field::C_PHONES).and_then(|v| v.texts().first()).map_or("", String::as_str);
    let cells = [(r.number(), 10), (r.text(field::C_NAME), 20), (phone, 18), (r.text(field::C_CITY), 10), (r.text(field::C_COMPANY), 20)];
    let mut line: String = cells.iter().map(|(text, cells)| pad(text, *cells)).collect();
    if !hit.because.is_empty() {
        line.push_str(&clean::line(&hit.because));
    }
    line.trim_end().to_string()
}

/// Text filled with spaces to a number of cells; a longer one keeps one space after it.
fn pad(text: &str, cells: usize) -> String {
    let clean = clean::line(text);
    let room = cells.saturating_sub(clean.width()).max(1);
    format!("{clean}{}", " ".repeat(room))
}

/// `guanxi show CUSTOMER`.
pub fn show(global: &Global, lang: Lang, customer: &str, io: &mut Io<'_>) -> Ended {
    let desk = super::desk(global, io)?;
    let who = super::who(global, &desk, io)?;
    let Reply::Profile(profile) = desk.ask(&who, Request::Named { words: customer.to_string() }, &|| false)? else { return Ok(70) };
    let info = desk.shared().info();
    if global.json || global.jsonl {
        writeln!(io.out, "{}", json::profile(&info, &profile))?;
        return Ok(0);
    }
    let now = desk.shared().clock.now();
    print(io.out, lang, &info, &profile, now, &who)?;
    Ok(0)
}

fn print(out: &mut dyn Write, lang: Lang, info: &BookInfo, p: &Profile, now: Moment, _who: &Who) -> std::io::Result<()> {
    let r = &p.card.record;
    writeln!(out, "{}  {}", clean::line(r.text(field::C_NAME)), r.number())?;
    for (f, v) in r.fields.iter().filter(|(f, _)| *f != field::C_NAME && *f != field::C_NUMBER) {
        let label = field_name(lang, info, *f);
        writeln!(out, "  {}{}", pad(&label, 16), shown(info, *f, v))?;
    }
    let tags: Vec<&str> = p.card.tags.iter().map(|t| info.refs.name(Kind::Tag, *t)).collect();
    if !tags.is_empty() {
        writeln!(out, "  {}{}", pad(&text::field_label(lang, field::C_TAGS), 16), tags.join("; "))?;
    }
    let t = &p.card.totals;
    let money = |m| text::amount(lang, m, &info.currency);
    let fact = |code: &str, value: String| format!("  {}{value}", pad(text::label(lang, code), 16));
    writeln!(out, "{}", fact("label.orders", format!("{}  {}", t.orders, money(t.ordered))))?;
    writeln!(out, "{}", fact("label.owed", money(t.owed())))?;
    if let Some(at) = t.last_contact {
        writeln!(out, "{}", fact("label.last-contact", text::ago(lang, at, now, info.zone)))?;
    }
    if let Some(at) = t.next_at {
        writeln!(out, "{}", fact("label.next-step", text::relative(lang, at, now, info.zone)))?;
    }
    for row in p.rows.iter().take(12) {
        writeln!(out, "  {}", row_line(lang, info, row))?;
    }
    if p.all_rows > 12 {
        writeln!(out, "  … {}", text::count(lang, p.all_rows - 12, "records"))?;
    }
    Ok(())
}

/// A field's name; a custom field bears the one the business gave it.
fn field_name(lang: Lang, info: &BookInfo, f: FieldId) -> String {
    match f.0.checked_sub(field::CUSTOM) {
        Some(id) => info.refs.get(Kind::CustomField, u64::from(id)).map_or_else(String::new, |r| clean::line(r.text(field::F_LABEL)).into_owned()),
        None => text::field_label(lang, f).into_owned(),
    }
}

fn row_line(lang: Lang, info: &BookInfo, row: &Record) -> String {
    let mut line = format!("{}{}", pad(&info.zone.write(row.moment()), 18), pad(text::kind_label(lang, row.kind, true), 12));
    let place = [field::moment_of(row.kind), field::customer_of(row.kind)];
    let rest = row.fields.iter().filter(|(f, _)| !place.contains(&Some(*f)));
    let words: Vec<String> = rest.map(|(f, v)| shown(info, *f, v)).filter(|w| !w.is_empty()).collect();
    line.push_str(&words.join(" · ").chars().take(100).collect::<String>());
    line
}

fn shown(info: &BookInfo, f: FieldId, v: &Value) -> String {
    let text = match json::value(info, f, v) {
        serde_json::Value::String(s) => s,
        serde_json::Value::Array(list) => list.iter().map(flat).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    };
    clean::line(&text).into_owned()
}

fn flat(v: &serde_json::Value) -> String {
    match v {
        serde_json::Value::String(s) => s.clone(),
        serde_json::Value::Object(map) => {
            let words: Vec<String> = ["name", "product", "channel", "quantity", "amount"]
                .iter()
                .filter_map(|k| map.get(*k))
                .map(flat)
                .filter(|t| !t.is_empty())
                .collect();
            words.join(" ")
        }
        other => other.to_string(),
    }
}
