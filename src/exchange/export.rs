//! Records to a file that imports back unchanged: canonical column names, one order line a row, cells that no spreadsheet
//! takes for a formula.

use super::convert::{escape_item, items};
use super::plan::custom_type;
use crate::domain::dict::Dict;
use crate::domain::field::{self, CUSTOM, FieldType};
use crate::domain::value::Consent;
use crate::domain::{CustomerId, Dicts, FieldId, Kind, Line, Money, Record, RecordId, Refs, Value, Zone, money::SCALE};
use serde_json::Value as J;
use std::io::Write;

/// A text format of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values, UTF-8, `\n`.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

/// What an export asks to make words of ids.
pub trait Names {
    /// The zone moments are written in.
    fn zone(&self) -> Zone;
    /// The dictionaries.
    fn dicts(&self) -> &Dicts;
    /// The small kinds.
    fn refs(&self) -> &Refs;
    /// The number of a customer; "" when there is none.
    fn customer_number(&self, id: CustomerId) -> String;
    /// The number of an order, deal, ticket or contract; "" when there is none.
    fn record_number(&self, kind: Kind, id: RecordId) -> String;
    /// The names of a customer's tags.
    fn tags(&self, id: CustomerId) -> Vec<String>;
}

/// Why an export stopped.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A field that this kind does not have.
    #[error("{kind} have no field \"{name}\"; fields: {names}")]
    NoField {
        /// The kind.
        kind: &'static str,
        /// What was asked for.
        name: String,
        /// What there is.
        names: String,
    },
    /// The file could not be written.
    #[error("could not write the export: {0}")]
    Io(#[from] std::io::Error),
}

/// One column.
#[derive(Debug, Clone)]
enum Column {
    Field(FieldId, FieldType, String),
    Part(&'static str),
}

impl Column {
    fn head(&self) -> &str {
        match self {
            Column::Field(_, _, name) => name,
            Column::Part(name) => name,
        }
    }
}

const PARTS: [&str; 6] = ["product", "quantity", "unit_price", "discount", "amount", "cost"];

/// Writes records of one kind; `fields` are column names, none for all of them. Gives back how many rows were written.
///
/// # Errors
/// A field that is none, or a file that cannot be written.
pub fn export(
    kind: Kind,
    fields: &[String],
    records: &mut dyn Iterator<Item = Record>,
    names: &dyn Names,
    format: Format,
    out: &mut dyn Write,
) -> Result<u64, ExportError> {
    let columns = columns(kind, fields, names.refs())?;
    let mut sheet = match format {
        Format::Csv => Sheet::Csv(Box::new(csv::Writer::from_writer(out))),
        Format::Jsonl => Sheet::Jsonl(out),
    };
    if let Sheet::Csv(w) = &mut sheet {
        w.write_record(columns.iter().map(Column::head)).map_err(std::io::Error::other)?;
    }
    let mut written = 0;
    for record in records {
        let lines: Vec<Option<&Line>> = match record.get(field::O_LINES).map(Value::lines) {
            Some(lines) if !lines.is_empty() => lines.iter().map(Some).collect(),
            _ => vec![None],
        };
        for line in lines {
            sheet.row(&columns, &record, line, names)?;
            written += 1;
        }
    }
    sheet.finish()?;
    Ok(written)
}

/// The columns of a kind, in the order of its fields; those of an order line follow the order's moment.
fn columns(kind: Kind, wanted: &[String], refs: &Refs) -> Result<Vec<Column>, ExportError> {
    let mut all = Vec::new();
    for f in field::of_kind(kind) {
        match f.id {
            field::O_LINES => all.extend(PARTS.map(Column::Part)),
            field::O_AMOUNT | field::V_CUSTOMER => {}
            _ => all.push(Column::Field(f.id, f.ty, f.key.to_string())),
        }
    }
    let own = |r: &&Record| r.text(field::F_KIND) == kind.plural() || (r.text(field::F_KIND).is_empty() && kind == Kind::Customer);
    for r in refs.of(Kind::CustomField).filter(own) {
        if let Some(id) = u16::try_from(r.id).ok().and_then(|id| id.checked_add(CUSTOM)) {
            all.push(Column::Field(FieldId(id), custom_type(r.text(field::F_TYPE)), format!("custom.{}", r.text(field::F_KEY))));
        }
    }
    if wanted.is_empty() {
        return Ok(all);
    }
    let find = |name: &String| {
        all.iter().find(|c| c.head() == name || c.head().strip_prefix("custom.") == Some(name)).cloned().ok_or_else(|| {
            ExportError::NoField {
                kind: kind.plural(),
                name: name.clone(),
                names: all.iter().map(Column::head).collect::<Vec<_>>().join(", "),
            }
        })
    };
    wanted.iter().map(find).collect()
}

enum Sheet<'w> {
    Csv(Box<csv::Writer<&'w mut dyn Write>>),
    Jsonl(&'w mut dyn Write),
}

impl Sheet<'_> {
    fn row(&mut self, columns: &[Column], record: &Record, line: Option<&Line>, names: &dyn Names) -> Result<(), ExportError> {
        let cells = columns.iter().map(|c| cell(c, record, line, names));
        match self {
            Sheet::Csv(w) => {
                for text in cells {
                    w.write_field(guard(text)).map_err(std::io::Error::other)?;
                }
                w.write_record(None::<&[u8]>).map_err(std::io::Error::other)?;
            }
            Sheet::Jsonl(out) => {
                let mut map = serde_json::Map::new();
                for (column, text) in columns.iter().zip(cells) {
                    if !text.is_empty() {
                        map.insert(column.head().to_string(), json(column, text));
                    }
                }
                serde_json::to_writer(&mut *out, &J::Object(map)).map_err(std::io::Error::other)?;
                out.write_all(b"\n")?;
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), ExportError> {
        match self {
            Sheet::Csv(w) => w.flush()?,
            Sheet::Jsonl(out) => out.flush()?,
        }
        Ok(())
    }
}

/// Whole numbers and yes/no as JSON has them, lists as arrays, properties as an object, everything else (amounts too: exact)
/// as text.
fn json(column: &Column, text: String) -> J {
    match column {
        Column::Field(_, FieldType::Int, _) => text.parse::<i64>().map_or(J::String(text), J::from),
        Column::Field(_, FieldType::Bool, _) => J::Bool(text == "yes"),
        Column::Field(_, FieldType::Props, _) => serde_json::from_str(&text).unwrap_or(J::String(text)),
        // "Every channel" is a word of its own and no list.
        Column::Field(_, FieldType::Codes(_), _) if text == "yes" => J::String(text),
        Column::Field(_, ty, _) if listed(*ty) => J::Array(items(&text).into_iter().map(J::String).collect()),
        _ => J::String(text),
    }
}

fn listed(ty: FieldType) -> bool {
    matches!(
        ty,
        FieldType::Texts
            | FieldType::Phones
            | FieldType::Emails
            | FieldType::Tags
            | FieldType::Codes(_)
            | FieldType::Refs(_)
            | FieldType::Consents
    )
}

/// A cell no spreadsheet runs: what begins like a formula gets an apostrophe, which the import takes off again. Plain
/// numbers and phones stay as they are.
pub(super) fn guard(text: String) -> String {
    let mut chars = text.chars();
    let (first, second) = (chars.next(), chars.next());
    let formula = |c: Option<char>| matches!(c, Some('=' | '+' | '-' | '@' | '\t' | '\r'));
    let number = !text.starts_with(['=', '@'])
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | ',' | ' ' | '(' | ')' | ';'));
    let protects = first == Some('\'') && (formula(second) || second == Some('\''));
    if (formula(first) && !number) || protects { format!("'{text}") } else { text }
}

fn cell(column: &Column, record: &Record, line: Option<&Line>, names: &dyn Names) -> String {
    match column {
        Column::Part(name) => line.map_or_else(String::new, |l| part(name, l, names)),
        Column::Field(_, FieldType::Tags, _) => {
            let tags = CustomerId::try_from(record.id).map(|id| names.tags(id)).unwrap_or_default();
            list(tags.iter().map(String::as_str))
        }
        Column::Field(id, ty, _) => record.get(*id).map_or_else(String::new, |v| word(*ty, v, names)),
    }
}

fn part(name: &str, line: &Line, names: &dyn Names) -> String {
    match name {
        "product" => reference(Kind::Product, line.product, names),
        "quantity" => line.quantity.plain(),
        "unit_price" => line.unit_price.plain(),
        "discount" => discount(line),
        "amount" => line.amount.plain(),
        _ if line.cost.0 == 0 => String::new(),
        _ => line.cost.plain(),
    }
}

/// What quantity times price is above the amount; up to one unit with a currency sign, so that it is not read as a rate.
fn discount(line: &Line) -> String {
    let Some(gross) = line.quantity.times(line.unit_price) else { return String::new() };
    let Some(off) = gross.0.checked_sub(line.amount.0).and_then(|d| d.checked_mul(gross.0.signum())) else { return String::new() };
    match off {
        off if off <= 0 => String::new(),
        off if off <= SCALE => format!("¥{}", Money(off).plain()),
        off => Money(off).plain(),
    }
}

fn word(ty: FieldType, value: &Value, names: &dyn Names) -> String {
    match (ty, value) {
        (_, Value::Text(t)) => t.clone(),
        (_, Value::Int(n)) => n.to_string(),
        (_, Value::Money(m)) => m.plain(),
        (_, Value::Quantity(q)) => q.plain(),
        (_, Value::Day(d)) => d.to_string(),
        (_, Value::Moment(m)) => moment(*m, names.zone()),
        (_, Value::Bool(b)) => if *b { "yes" } else { "no" }.to_string(),
        (FieldType::Code(dict), v @ Value::Code(_)) => v.codes().iter().map(|c| names.dicts().key(dict, *c)).collect(),
        (FieldType::Codes(dict), v) => codes(dict, v.codes(), names),
        (FieldType::Ref(kind), Value::Ref(id)) => reference(kind, *id, names),
        (FieldType::Refs(kind), v) => {
            let words: Vec<String> = v.refs().iter().map(|id| reference(kind, *id, names)).collect();
            list(words.iter().map(String::as_str))
        }
        (_, Value::Texts(t)) => list(t.iter().map(String::as_str)),
        (_, Value::Props(props)) => {
            let map: serde_json::Map<String, J> = props.iter().map(|(k, v)| (k.clone(), J::String(v.clone()))).collect();
            J::Object(map).to_string()
        }
        (_, Value::Consents(consents)) => list(consents.iter().map(|c| consent(c, names)).collect::<Vec<_>>().iter().map(String::as_str)),
        _ => String::new(),
    }
}

/// As [`Zone::write`], with milliseconds where there are some.
fn moment(m: crate::domain::Moment, zone: Zone) -> String {
    match m.ms.rem_euclid(1000) {
        0 => zone.write(m),
        ms if m.precision == crate::domain::Precision::Second => format!("{}.{ms:03}", zone.write(m)),
        _ => zone.write(m),
    }
}

fn codes(dict: Dict, codes: &[u32], names: &dyn Names) -> String {
    let all = names.dicts().entries(dict).iter().filter(|e| !e.retired);
    if dict == Dict::Channel && all.clone().all(|e| codes.contains(&e.code)) {
        return "yes".to_string();
    }
    list(codes.iter().map(|c| names.dicts().key(dict, *c)))
}

fn consent(c: &Consent, names: &dyn Names) -> String {
    let channel = names.dicts().key(Dict::Channel, c.channel);
    let since = c.since.map(|d| d.to_string()).unwrap_or_default();
    match (c.given, since.is_empty()) {
        (true, true) => channel.to_string(),
        (true, false) => format!("{channel}:{since}"),
        (false, _) => format!("{channel}:{since}:withdrawn"),
    }
}

/// A record as files name it: by number where it has one, else by name.
fn reference(kind: Kind, id: RecordId, names: &dyn Names) -> String {
    if id == 0 {
        return String::new();
    }
    if kind == Kind::Customer {
        return CustomerId::try_from(id).map(|id| names.customer_number(id)).unwrap_or_default();
    }
    if kind.is_row() {
        return names.record_number(kind, id);
    }
    let number = names.refs().get(kind, id).map_or("", Record::number);
    if number.is_empty() { names.refs().name(kind, id) } else { number }.to_string()
}

fn list<'a>(items: impl Iterator<Item = &'a str>) -> String {
    items.map(escape_item).collect::<Vec<_>>().join(";")
}
