//! Export, then import: nothing changes, for every kind and both formats.

use super::book::{Book, customer, text as txt};
use super::*;
use crate::domain::value::Consent;
use crate::domain::{Day, FieldType, Line, Moment, Money, Quantity, Record, field};

const KINDS: [Kind; 16] = [
    Kind::Customer,
    Kind::Staff,
    Kind::Product,
    Kind::Campaign,
    Kind::Order,
    Kind::Payment,
    Kind::Contract,
    Kind::Interaction,
    Kind::Event,
    Kind::Task,
    Kind::Deal,
    Kind::StageVisit,
    Kind::Ticket,
    Kind::Response,
    Kind::Ledger,
    Kind::Spend,
];

/// A value of every type that is hard to carry.
fn value(id: FieldId, ty: FieldType, n: u64) -> Option<Value> {
    Some(match ty {
        FieldType::Text if Some(id) == field::number_of(Kind::Customer) => txt(&format!("C{n}")),
        FieldType::Text => txt(["=1+1", "-x, \"q\"", "'=y", "+a|b", "plain;semi\\"][(n as usize + id.0 as usize) % 5]),
        FieldType::Note => txt("two\nlines, \"quoted\"\n@end"),
        FieldType::Int => Value::Int(-3),
        FieldType::Money => Value::Money(Money(-12_345)),
        FieldType::Day => Value::Day(Day::from_ymd(2026, 2, 28)?),
        FieldType::Moment => {
            Value::Moment(if n.is_multiple_of(2) { Moment::minute(1_790_000_040_000) } else { Moment::second(1_790_000_041_250) })
        }
        FieldType::Bool => Value::Bool(n.is_multiple_of(2)),
        FieldType::Code(_) => Value::Code(2),
        FieldType::Codes(_) => Value::Codes(vec![1, 3]),
        FieldType::Ref(_) => Value::Ref(1),
        FieldType::Refs(_) => Value::Refs(vec![1, 2]),
        FieldType::Texts => Value::Texts(vec!["a;b".into(), "c\\d".into()]),
        FieldType::Phones => Value::Texts(vec!["+86 154 0000 6812".into(), "021-5550000".into()]),
        FieldType::Emails => Value::Texts(vec!["ann@sample.example".into()]),
        FieldType::Lines => Value::Lines(vec![line(2, 100_000, 200_000), line(1, 55_000, 50_000), line(-1, 100_000, -90_000)]),
        FieldType::Props => Value::Props(vec![("page".into(), "=home".into()), ("n.x".into(), "3".into())]),
        FieldType::Consents => Value::Consents(vec![
            Consent { channel: 2, given: false, since: None },
            Consent { channel: 4, given: true, since: Day::from_ymd(2026, 1, 31) },
        ]),
        FieldType::Tags => return None,
    })
}

fn line(pieces: i64, price: i64, amount: i64) -> Line {
    Line { product: 1, quantity: Quantity::pieces(pieces), unit_price: Money(price), amount: Money(amount), cost: Money(100) }
}

/// A full record of a kind; its number and names are its own.
fn full(kind: Kind, id: u64) -> Record {
    let mut record = Record::new(kind, id);
    for f in field::of_kind(kind) {
        record.set(f.id, value(f.id, f.ty, id));
    }
    let own = [field::number_of(kind), field::name_of(kind)];
    own.into_iter().flatten().for_each(|f| drop(record.set(f, Some(txt(&format!("{kind:?}-{id}"))))));
    match kind {
        Kind::Order => drop(record.set(field::O_AMOUNT, Some(Value::Money(Money(160_000))))),
        Kind::Deal => drop(record.set(field::D_OUTCOME, Some(Value::Code(1)))),
        _ => {}
    }
    record
}

fn book() -> Book {
    let mut all: Vec<Record> = KINDS.iter().flat_map(|k| [full(*k, 1), full(*k, 2)]).collect();
    all.push(Record::new(Kind::Pipeline, 1).with(field::N_NAME, txt("Sales")));
    all.push(Record::new(Kind::Stage, 1).with(field::H_NAME, txt("Quote")).with(field::H_PIPELINE, Value::Ref(1)));
    let size = [(field::F_KIND, "customers"), (field::F_KEY, "size"), (field::F_LABEL, "Shoe size"), (field::F_TYPE, "int")];
    all.push(size.into_iter().fold(Record::new(Kind::CustomField, 1), |r, (f, t)| r.with(f, txt(t))));
    all[0].set(FieldId(field::CUSTOM + 1), Some(Value::Int(42)));
    let mut book = Book::with(all);
    book.tags = vec![(1, "coffee;tea".into()), (1, "=old".into())];
    book
}

#[test]
fn an_export_imports_back_unchanged_for_every_kind_in_both_formats() {
    let book = book();
    for kind in KINDS {
        for format in [Format::Csv, Format::Jsonl] {
            let records: Vec<Record> = book.records.iter().filter(|r| r.kind == kind).cloned().collect();
            let mut out = Vec::new();
            let written = export(kind, &[], &mut records.iter().cloned(), &book, format, &mut out).unwrap();
            let (s, rows) = take_with(&out, kind, &Options::default(), &book);
            let shown = String::from_utf8_lossy(&out).into_owned();
            assert_eq!((s.totals.refused, s.totals.read, s.untaken.len()), (0, written, 0), "{kind:?} {:?}\n{shown}", s.first_refusals);
            assert!(s.placeholders.is_empty() && s.new_entries.is_empty() && s.unknown_links.is_empty(), "{kind:?} {:?}", s.placeholders);
            for record in &records {
                let same = rows.iter().any(|r| fields(r, kind) == record_fields(record));
                assert!(same, "{kind:?} {format:?}\n{:?}\n{rows:?}\n{shown}", record_fields(record));
            }
            if field::number_of(kind).is_some() || kind.is_reference() {
                assert!(rows.iter().all(|r| matches!(r.target, Target::Existing { .. })), "{kind:?}");
            }
            if kind == Kind::Customer {
                assert_eq!(rows[0].tags, ["coffee;tea", "=old"]);
            }
            assert!(
                s.warnings.iter().all(|w| !matches!(w.say.code, "import.amount-apart" | "import.ambiguous-dates")),
                "{kind:?} {:?}",
                s.warnings
            );
        }
    }
}

fn fields(row: &StagedRow, kind: Kind) -> Vec<(FieldId, Value)> {
    record_fields(&Record { kind, id: 0, fields: row.fields.clone() })
}

/// The fields that a file carries: the customer of a stage visit comes from its deal.
fn record_fields(record: &Record) -> Vec<(FieldId, Value)> {
    let mut fields = record.fields.clone();
    fields.retain(|(f, _)| *f != field::V_CUSTOMER);
    for (_, v) in &mut fields {
        if let Value::Props(p) = v {
            p.sort();
        }
    }
    fields
}

#[test]
fn edges_come_back_too() {
    let edge =
        Record::new(Kind::Edge, 1).with(field::W_FROM, Value::Ref(1)).with(field::W_TO, Value::Ref(2)).with(field::W_KIND, Value::Code(1));
    let book = Book::with([customer(1, "C1", "A"), customer(2, "C2", "B")]);
    let mut out = Vec::new();
    export(Kind::Edge, &[], &mut [edge.clone()].into_iter(), &book, Format::Csv, &mut out).unwrap();
    let (_, rows) = take_with(&out, Kind::Edge, &Options::default(), &book);
    assert_eq!(rows[0].fields, edge.fields);
}

#[test]
fn no_cell_of_an_export_is_a_formula_and_phones_stay_as_they_are() {
    let book = book();
    let mut out = Vec::new();
    let records: Vec<Record> = book.records.iter().filter(|r| r.kind == Kind::Customer).cloned().collect();
    export(Kind::Customer, &[], &mut records.into_iter(), &book, Format::Csv, &mut out).unwrap();
    let mut reader = csv::Reader::from_reader(out.as_slice());
    for record in reader.records() {
        for cell in &record.unwrap() {
            let number = cell.starts_with(['+', '-']) && cell.chars().all(|c| c.is_ascii_digit() || "+-., ();".contains(c));
            assert!(number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        }
    }
    assert!(String::from_utf8_lossy(&out).contains(",+86 154 0000 6812;021-5550000,"));
}

#[test]
fn a_field_that_is_none_is_said() {
    let e = export(Kind::Customer, &["nmae".into()], &mut std::iter::empty(), &book(), Format::Csv, &mut Vec::new());
    assert!(matches!(e, Err(ExportError::NoField { .. })));
    let mut out = Vec::new();
    export(Kind::Customer, &["number".into(), "size".into()], &mut [full(Kind::Customer, 1)].into_iter(), &book(), Format::Csv, &mut out)
        .unwrap();
    assert!(out.starts_with(b"number,custom.size\n"));
}

#[test]
fn lists_are_json_arrays() {
    let book = book();
    let mut out = Vec::new();
    let records: Vec<Record> = book.records.iter().filter(|r| r.kind == Kind::Customer).cloned().collect();
    export(Kind::Customer, &[], &mut records.into_iter(), &book, Format::Jsonl, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let first: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(first["phone"], serde_json::json!(["+86 154 0000 6812", "021-5550000"]));
    assert_eq!(first["tags"], serde_json::json!(["coffee;tea", "=old"]));
    assert!(first["email"].is_array() && first["roles"].is_array(), "{first}");
}
