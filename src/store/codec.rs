//! One record as bytes, schema 1: fields ascending, one head byte each (tag in the low five bits, distance from the field
//! before in the high three), numbers without their trailing zeros. What the place of a row says already (its customer,
//! its moment) is not said again. Golden bytes are in `golden/`.

use super::wire::{CLOCK, DECIMAL, Reader, put_bytes, put_i64, put_scaled, put_u64};
use crate::domain::value::Consent;
use crate::domain::{Day, FieldId, Home, Kind, Line, Moment, Money, Precision, Quantity, Record, RecordId, Value, field};
use std::borrow::Cow;

/// Written into every envelope; a reader refuses a higher one.
pub(super) const SCHEMA: u16 = 1;
/// The tag of a body kept elsewhere; no field has it.
pub(super) const STUB: u8 = 23;

const TEXT: u8 = 0;
const INT: u8 = 1;
const MONEY: u8 = 2;
const QUANTITY: u8 = 3;
const DAY: u8 = 4;
const MOMENT: u8 = 5; // 5, 6, 7 by precision
const FALSE: u8 = 8;
const TRUE: u8 = 9;
const CODE: u8 = 10;
const REF: u8 = 11;
const TEXTS: u8 = 12;
const CODES: u8 = 13;
const REFS: u8 = 14;
const LINES: u8 = 15;
const PROPS: u8 = 16;
const CONSENTS: u8 = 17;
const CUSTOMER_HERE: u8 = 18;
const MOMENT_HERE: u8 = 19; // 19, 20, 21 by precision
const DAY_HERE: u8 = 22;
const SMALL_CODE: u8 = 24; // 24..=31 are the codes 0..=7

const DAY_MS: i64 = 86_400_000;

/// The number before the first built-in field of a kind: the first distance counts from here. Stored, so never change one.
fn base(kind: Kind) -> u16 {
    match kind {
        Kind::Customer => 0,
        Kind::Staff => 99,
        Kind::Product => 119,
        Kind::Order => 139,
        Kind::Payment => 179,
        Kind::Contract => 199,
        Kind::Interaction => 219,
        Kind::Event => 249,
        Kind::Task => 269,
        Kind::Deal => 289,
        Kind::StageVisit => 329,
        Kind::Ticket => 349,
        Kind::Campaign => 379,
        Kind::Response => 399,
        Kind::Spend => 419,
        Kind::Ledger => 439,
        Kind::Tag => 459,
        Kind::DictEntry => 479,
        Kind::CustomField => 499,
        Kind::Edge => 519,
        Kind::Pipeline => 539,
        Kind::Stage => 559,
    }
}

/// The bytes of a record's fields; `home` is where a row lives (default for records that are no rows).
pub(super) fn encode(record: &Record, home: Home) -> Vec<u8> {
    let record = ascending(record);
    let mut out = Vec::with_capacity(64);
    let mut last = base(record.kind);
    for (id, value) in &record.fields {
        let tag = tag_of(record.kind, *id, value, home);
        match id.0.checked_sub(last) {
            Some(step @ 1..=7) => out.push(tag | (step as u8) << 5),
            _ => {
                out.push(tag);
                put_u64(&mut out, u64::from(id.0));
            }
        }
        last = id.0;
        put_value(&mut out, tag, value);
    }
    out
}

/// A record's fields are ascending by contract; one built otherwise is put in order rather than stored unreadable.
fn ascending(record: &Record) -> Cow<'_, Record> {
    if record.fields.windows(2).all(|w| matches!(w, [a, b] if a.0 < b.0)) {
        return Cow::Borrowed(record);
    }
    let mut ordered = Record::new(record.kind, record.id);
    for (id, value) in &record.fields {
        ordered.set(*id, Some(value.clone()));
    }
    Cow::Owned(ordered)
}

fn tag_of(kind: Kind, id: FieldId, value: &Value, home: Home) -> u8 {
    match value {
        Value::Text(_) => TEXT,
        Value::Int(_) => INT,
        Value::Money(_) => MONEY,
        Value::Quantity(_) => QUANTITY,
        Value::Day(d) if field::moment_of(kind) == Some(id) && i64::from(d.0) * DAY_MS == home.at => DAY_HERE,
        Value::Day(_) => DAY,
        Value::Moment(m) if field::moment_of(kind) == Some(id) && m.ms == home.at => MOMENT_HERE + precision(m.precision),
        Value::Moment(m) => MOMENT + precision(m.precision),
        Value::Bool(b) => FALSE + u8::from(*b),
        Value::Code(c @ 0..=7) => SMALL_CODE + *c as u8,
        Value::Code(_) => CODE,
        Value::Ref(r) if field::customer_of(kind) == Some(id) && *r == u64::from(home.customer) => CUSTOMER_HERE,
        Value::Ref(_) => REF,
        Value::Texts(_) => TEXTS,
        Value::Codes(_) => CODES,
        Value::Refs(_) => REFS,
        Value::Lines(_) => LINES,
        Value::Props(_) => PROPS,
        Value::Consents(_) => CONSENTS,
    }
}

fn precision(p: Precision) -> u8 {
    match p {
        Precision::Day => 0,
        Precision::Minute => 1,
        Precision::Second => 2,
    }
}

fn precision_of(step: u8) -> Precision {
    match step {
        0 => Precision::Day,
        1 => Precision::Minute,
        _ => Precision::Second,
    }
}

fn put_value(out: &mut Vec<u8>, tag: u8, value: &Value) {
    match value {
        Value::Text(t) => put_bytes(out, t.as_bytes()),
        Value::Int(n) => put_i64(out, *n),
        Value::Money(Money(n)) | Value::Quantity(Quantity(n)) => put_scaled(out, *n, DECIMAL),
        Value::Day(d) if tag == DAY => put_i64(out, i64::from(d.0)),
        Value::Moment(m) if tag < FALSE => put_scaled(out, m.ms, CLOCK),
        Value::Code(c) if tag == CODE => put_u64(out, u64::from(*c)),
        Value::Ref(r) if tag == REF => put_u64(out, *r),
        Value::Texts(texts) => put_all(out, texts, |out, t| put_bytes(out, t.as_bytes())),
        Value::Codes(codes) => put_all(out, codes, |out, c| put_u64(out, u64::from(*c))),
        Value::Refs(refs) => put_all(out, refs, |out, r| put_u64(out, *r)),
        Value::Lines(lines) => put_all(out, lines, put_line),
        Value::Props(props) => put_all(out, props, |out, (name, text)| {
            put_bytes(out, name.as_bytes());
            put_bytes(out, text.as_bytes());
        }),
        Value::Consents(consents) => put_all(out, consents, |out, c| {
            put_u64(out, u64::from(c.channel));
            out.push(u8::from(c.given) | u8::from(c.since.is_some()) << 1);
            if let Some(day) = c.since {
                put_i64(out, i64::from(day.0));
            }
        }),
        Value::Day(_) | Value::Moment(_) | Value::Bool(_) | Value::Code(_) | Value::Ref(_) => {}
    }
}

fn put_all<T>(out: &mut Vec<u8>, items: &[T], mut put: impl FnMut(&mut Vec<u8>, &T)) {
    put_u64(out, items.len() as u64);
    for item in items {
        put(out, item);
    }
}

/// Bits of a line's first byte: what need not be written.
const NO_PRODUCT: u8 = 1;
const NO_COST: u8 = 2;
const AMOUNT_IS_PRODUCT: u8 = 4;

fn put_line(out: &mut Vec<u8>, line: &Line) {
    let plain = line.quantity.times(line.unit_price) == Some(line.amount);
    let bits = [(NO_PRODUCT, line.product == 0), (NO_COST, line.cost.0 == 0), (AMOUNT_IS_PRODUCT, plain)];
    out.push(bits.iter().filter(|(_, on)| *on).map(|(bit, _)| bit).sum());
    if line.product != 0 {
        put_u64(out, line.product);
    }
    put_scaled(out, line.quantity.0, DECIMAL);
    put_scaled(out, line.unit_price.0, DECIMAL);
    if !plain {
        put_scaled(out, line.amount.0, DECIMAL);
    }
    if line.cost.0 != 0 {
        put_scaled(out, line.cost.0, DECIMAL);
    }
}

fn line(r: &mut Reader<'_>) -> Option<Line> {
    let bits = r.byte()?;
    let product = if bits & NO_PRODUCT != 0 { 0 } else { r.u64()? };
    let quantity = Quantity(r.scaled(DECIMAL)?);
    let unit_price = Money(r.scaled(DECIMAL)?);
    let amount = if bits & AMOUNT_IS_PRODUCT != 0 { quantity.times(unit_price)? } else { Money(r.scaled(DECIMAL)?) };
    let cost = if bits & NO_COST != 0 { Money(0) } else { Money(r.scaled(DECIMAL)?) };
    Some(Line { product, quantity, unit_price, amount, cost })
}

/// Reads what [`encode`] wrote; `None` when the bytes are not that.
pub(super) fn decode(kind: Kind, id: RecordId, home: Home, bytes: &[u8]) -> Option<Record> {
    let mut r = Reader::new(bytes);
    let mut fields = Vec::with_capacity(12.min(bytes.len()));
    let mut last = base(kind);
    while !r.is_empty() {
        let head = r.byte()?;
        let this = match head >> 5 {
            0 => r.u16()?,
            step => last.checked_add(u16::from(step))?,
        };
        if !fields.is_empty() && this <= last {
            return None;
        }
        last = this;
        fields.push((FieldId(this), value(&mut r, head & 0x1f, home)?));
    }
    Some(Record { kind, id, fields })
}

fn value(r: &mut Reader<'_>, tag: u8, home: Home) -> Option<Value> {
    Some(match tag {
        TEXT => Value::Text(r.text()?.to_string()),
        INT => Value::Int(r.i64()?),
        MONEY => Value::Money(Money(r.scaled(DECIMAL)?)),
        QUANTITY => Value::Quantity(Quantity(r.scaled(DECIMAL)?)),
        DAY => Value::Day(day(r)?),
        MOMENT..FALSE => Value::Moment(Moment { ms: r.scaled(CLOCK)?, precision: precision_of(tag - MOMENT) }),
        FALSE | TRUE => Value::Bool(tag == TRUE),
        CODE => Value::Code(r.u32()?),
        REF => Value::Ref(r.u64()?),
        TEXTS => Value::Texts(all(r, 1, |r| r.text().map(str::to_string))?),
        CODES => Value::Codes(all(r, 1, |r| r.u32())?),
        REFS => Value::Refs(all(r, 1, |r| r.u64())?),
        LINES => Value::Lines(all(r, 3, line)?),
        PROPS => Value::Props(all(r, 2, |r| Some((r.text()?.to_string(), r.text()?.to_string())))?),
        CONSENTS => Value::Consents(all(r, 2, consent)?),
        CUSTOMER_HERE => Value::Ref(u64::from(home.customer)),
        MOMENT_HERE..DAY_HERE => Value::Moment(Moment { ms: home.at, precision: precision_of(tag - MOMENT_HERE) }),
        DAY_HERE => Value::Day(Day(i32::try_from(home.at.div_euclid(DAY_MS)).ok()?)),
        SMALL_CODE.. => Value::Code(u32::from(tag - SMALL_CODE)),
        _ => return None,
    })
}

fn day(r: &mut Reader<'_>) -> Option<Day> {
    i32::try_from(r.i64()?).ok().map(Day)
}

fn consent(r: &mut Reader<'_>) -> Option<Consent> {
    let channel = r.u32()?;
    let bits = r.byte()?;
    let since = if bits & 2 != 0 { Some(day(r)?) } else { None };
    Some(Consent { channel, given: bits & 1 != 0, since })
}

fn all<T>(r: &mut Reader<'_>, least: usize, mut one: impl FnMut(&mut Reader<'_>) -> Option<T>) -> Option<Vec<T>> {
    let n = r.count(least)?;
    let mut items = Vec::with_capacity(n);
    for _ in 0..n {
        items.push(one(r)?);
    }
    Some(items)
}

/// What a record adds to the state hash: 128 bits of BLAKE3 over what it is, where it lives and its bytes.
pub(super) fn fingerprint(kind: Kind, id: RecordId, home: Home, body: &[u8]) -> u128 {
    let mut head = [0_u8; 21];
    head[0] = kind.code();
    head[1..9].copy_from_slice(&id.to_be_bytes());
    head[9..13].copy_from_slice(&home.customer.to_be_bytes());
    head[13..21].copy_from_slice(&home.at.to_be_bytes());
    short_hash(&head, body)
}

/// The first 128 bits of BLAKE3 over two slices, one after the other.
pub(super) fn short_hash(head: &[u8], body: &[u8]) -> u128 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(head).update(body);
    let mut first = [0_u8; 16];
    first.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    u128::from_be_bytes(first)
}

#[cfg(test)]
#[path = "codec_tests.rs"]
mod tests;
