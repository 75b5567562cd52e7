//! `find` and `show`: looking at customers.

use super::args::Global;
use super::{Ended, Io, json};
use crate::domain::{BookInfo, FieldId, FieldType, Kind, Profile, Record, Value, clean, field};
use crate::keymap::Keymap;
use crate::ops::request::{Hit, Reply, Request};
use crate::text::{self, Lang};
use crate::tui::{measure, touch, view::View};
use std::borrow::Cow;
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
    let phone = r.first(field::C_PHONES);
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
    let keymap = Keymap::default();
    let view = View { lang, now, book: Some(&info), who: &who, keymap: &keymap };
    print(io.out, &info, &profile, view)?;
    Ok(0)
}

fn print(out: &mut dyn Write, info: &BookInfo, p: &Profile, view: View<'_>) -> std::io::Result<()> {
    let (lang, now) = (view.lang, view.now);
    let r = &p.card.record;
    writeln!(out, "{}  {}", clean::line(r.text(field::C_NAME)), r.number())?;
    for (f, v) in r.fields.iter().filter(|(f, _)| *f != field::C_NAME && *f != field::C_NUMBER) {
        let label = field_name(lang, info, *f);
        writeln!(out, "  {}{}", pad(&label, 16), shown(info, *f, v, view))?;
    }
    let tags: Vec<&str> = p.card.tags.iter().map(|t| info.refs.name(Kind::Tag, *t)).collect();
    if !tags.is_empty() {
        writeln!(out, "  {}{}", pad(&text::field_label(lang, field::C_TAGS), 16), tags.join("; "))?;
    }
    let t = &p.card.totals;
    let money = |m| text::amount_exact(m, &info.currency);
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
        writeln!(out, "  {}", row_line(row, view))?;
    }
    if p.all_rows > 12 {
        writeln!(out, "  … {}", text::count(lang, p.all_rows - 12, "records"))?;
    }
    Ok(())
}

/// A field's name; a custom field bears the one the business gave it.
fn field_name(lang: Lang, info: &BookInfo, f: FieldId) -> String {
    match f.0.checked_sub(field::CUSTOM) {
        Some(id) => {
            info.refs.get(Kind::CustomField, u64::from(id)).map_or_else(String::new, |r| clean::line(r.text(field::F_LABEL)).into_owned())
        }
        None => text::field_label(lang, f).into_owned(),
    }
}

/// Cells of a row's line, without its indent.
const ROW: usize = 98;

/// One row in words: when, what, how it stands, who, how much, and what was said as far as there is room.
fn row_line(row: &Record, view: View<'_>) -> String {
    let t = touch::describe(row, view);
    let what = if t.what.is_empty() { text::kind_label(view.lang, row.kind, true).to_string() } else { t.what };
    let way = match t.inbound {
        Some(true) => "<",
        Some(false) => ">",
        None => " ",
    };
    let head = format!("{}{way} {}", pad(&view.zone().write(row.moment()), 18), pad(&cut(&clean::line(&what), 15), 16));
    let facts = [t.how, t.amount, t.by, t.text].map(|part| clean::line(&part).into_owned());
    let rest = facts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    cut(format!("{head}{rest}").trim_end(), ROW).into_owned()
}

fn cut(text: &str, cells: usize) -> Cow<'_, str> {
    measure::cut(text, cells, "…")
}

fn shown(info: &BookInfo, f: FieldId, v: &Value, view: View<'_>) -> String {
    let text = match (field::spec(f).map(|s| s.ty), v) {
        (Some(FieldType::Code(d) | FieldType::Codes(d)), Value::Code(_) | Value::Codes(_)) => {
            v.codes().iter().map(|c| view.code(d, *c)).collect::<Vec<_>>().join("; ")
        }
        (_, Value::Money(m)) => text::amount_exact(*m, &info.currency),
        _ => match json::value(info, f, v) {
            serde_json::Value::String(s) => s,
            serde_json::Value::Array(list) => list.iter().map(flat).collect::<Vec<_>>().join("; "),
            other => other.to_string(),
        },
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::value::Line;
    use crate::domain::{Dicts, Moment, Money, Quantity, Refs, Who, Zone, preset::code};
    use unicode_width::UnicodeWidthStr;

    fn said(row: &Record, lang: Lang) -> String {
        let mut refs = Refs::default();
        refs.put(
            Record::new(Kind::Product, 1).with(field::P_SKU, Value::Text("P1".into())).with(field::P_NAME, Value::Text("Bean".into())),
        );
        let (zone, now) = (Zone::shanghai(), Moment::minute(1_790_000_040_000));
        let info = BookInfo {
            id: String::new(),
            name: String::new(),
            zone,
            currency: "CNY".into(),
            today: zone.day_of(now.ms),
            fixed_day: true,
            dicts: Dicts::default().into(),
            refs: refs.into(),
            customers: 0,
            seq: 0,
        };
        let (who, keymap) = (Who::owner("tester"), Keymap::default());
        row_line(row, View { lang, now, book: Some(&info), who: &who, keymap: &keymap })
    }

    #[test]
    fn an_order_is_said_in_words_with_its_exact_amount() {
        let line = Line {
            product: 1,
            quantity: Quantity::pieces(1),
            unit_price: Money::units(300_000_000),
            amount: Money::units(300_000_000),
            cost: Money(0),
        };
        let order = Record::new(Kind::Order, 1)
            .with(field::O_NUMBER, Value::Text("O5".into()))
            .with(field::O_AT, Value::Moment(Moment::minute(1_790_000_040_000)))
            .with(field::O_LINES, Value::Lines(vec![line]))
            .with(field::O_AMOUNT, Value::Money(Money::units(300_000_000)))
            .with(field::O_STATUS, Value::Code(code::ORDER_STATUS_DONE));
        let (en, zh) = (said(&order, Lang::En), said(&order, Lang::Zh));
        for part in ["O5", "Bean ×1", "¥300,000,000"] {
            assert!(en.contains(part) && zh.contains(part), "{part}: {en} {zh}");
        }
        assert!(zh.contains("订单") && !zh.contains("done") && !zh.contains("亿"), "{zh}");
    }

    #[test]
    fn a_long_note_is_cut_to_a_hundred_cells() {
        let note = Value::Text("跟进".repeat(200));
        let row = Record::new(Kind::Interaction, 1).with(field::I_CHANNEL, Value::Code(1)).with(field::I_NOTE, note);
        for lang in [Lang::En, Lang::Zh] {
            let line = said(&row, lang);
            assert!(line.width() + 2 <= 100 && line.ends_with('…'), "{line}");
        }
    }
}
