//! One value as a column keeps it: a number, a text, or packed bytes for everything many-valued.

use crate::domain::value::Consent;
use crate::domain::{Day, Line, Moment, Money, Precision, Quantity, Value};

/// A text or a packed value longer than this many bytes is cut in the column; the store has the whole.
pub const CELL_MAX: usize = 4096;

/// Which kind of value a number column holds. Stored by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum NumType {
    Int = 1,
    Money = 2,
    Quantity = 3,
    Day = 4,
    Moment = 5,
    Bool = 6,
    Code = 7,
    Ref = 8,
}

impl NumType {
    const ALL: [NumType; 8] =
        [NumType::Int, NumType::Money, NumType::Quantity, NumType::Day, NumType::Moment, NumType::Bool, NumType::Code, NumType::Ref];

    pub(crate) fn from_code(code: u8) -> Option<NumType> {
        NumType::ALL.into_iter().find(|t| *t as u8 == code)
    }

    /// The value behind a number.
    pub(crate) fn value(self, n: i64) -> Value {
        match self {
            NumType::Int => Value::Int(n),
            NumType::Money => Value::Money(Money(n)),
            NumType::Quantity => Value::Quantity(Quantity(n)),
            NumType::Day => Value::Day(Day(n as i32)),
            NumType::Moment => Value::Moment(moment(n)),
            NumType::Bool => Value::Bool(n != 0),
            NumType::Code => Value::Code(n as u32),
            NumType::Ref => Value::Ref(n as u64),
        }
    }
}

/// A value on its way into a column.
pub(crate) enum Cell<'a> {
    Num(NumType, i64),
    Text(&'a str),
    Packed(&'a Value),
}

/// How a value is kept.
pub(crate) fn cell(value: &Value) -> Cell<'_> {
    match value {
        Value::Text(t) => Cell::Text(cut(t, CELL_MAX)),
        Value::Int(n) => Cell::Num(NumType::Int, *n),
        Value::Money(m) => Cell::Num(NumType::Money, m.0),
        Value::Quantity(q) => Cell::Num(NumType::Quantity, q.0),
        Value::Day(d) => Cell::Num(NumType::Day, i64::from(d.0)),
        Value::Moment(m) => number_of(*m).map_or(Cell::Packed(value), |n| Cell::Num(NumType::Moment, n)),
        Value::Bool(b) => Cell::Num(NumType::Bool, i64::from(*b)),
        Value::Code(c) => Cell::Num(NumType::Code, i64::from(*c)),
        Value::Ref(r) => Cell::Num(NumType::Ref, *r as i64),
        _ => Cell::Packed(value),
    }
}

/// A text cut to at most `max` bytes at a character boundary.
pub(crate) fn cut(text: &str, max: usize) -> &str {
    if text.len() <= max {
        return text;
    }
    let mut end = max;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// A moment as one number that orders like it: milliseconds times four plus the precision. `None` beyond 2^60 ms.
pub(crate) fn number_of(m: Moment) -> Option<i64> {
    let p = match m.precision {
        Precision::Day => 0,
        Precision::Minute => 1,
        Precision::Second => 2,
    };
    (m.ms.unsigned_abs() < 1 << 60).then(|| m.ms * 4 + p)
}

/// The moment behind [`number_of`].
pub(crate) fn moment(n: i64) -> Moment {
    let precision = match n & 3 {
        0 => Precision::Day,
        1 => Precision::Minute,
        _ => Precision::Second,
    };
    Moment { ms: n >> 2, precision }
}

const TEXTS: u8 = 1;
const CODES: u8 = 2;
const REFS: u8 = 3;
const LINES: u8 = 4;
const PROPS: u8 = 5;
const CONSENTS: u8 = 6;
const NUMBER: u8 = 7;
const TEXT: u8 = 8;
const MOMENT: u8 = 9;

/// Packs any value behind `out`; elements that would go over [`CELL_MAX`] are left out.
pub(crate) fn pack(value: &Value, out: &mut Vec<u8>) {
    let start = out.len();
    match value {
        Value::Texts(list) => {
            out.push(TEXTS);
            each(list, out, start, |t, out| text(cut(t, CELL_MAX / 2), out));
        }
        Value::Codes(list) => {
            out.push(CODES);
            each(list, out, start, |c, out| varint(u64::from(*c), out));
        }
        Value::Refs(list) => {
            out.push(REFS);
            each(list, out, start, |r, out| varint(*r, out));
        }
        Value::Lines(list) => {
            out.push(LINES);
            each(list, out, start, line);
        }
        Value::Props(list) => {
            out.push(PROPS);
            each(list, out, start, |(k, v), out| {
                text(cut(k, CELL_MAX / 4), out);
                text(cut(v, CELL_MAX / 4), out);
            });
        }
        Value::Consents(list) => {
            out.push(CONSENTS);
            each(list, out, start, consent);
        }
        one => single(one, out),
    }
}

fn single(value: &Value, out: &mut Vec<u8>) {
    match cell(value) {
        Cell::Num(ty, n) => {
            out.extend([NUMBER, ty as u8]);
            signed(n, out);
        }
        Cell::Text(t) => {
            out.push(TEXT);
            out.extend_from_slice(cut(t, CELL_MAX - 1).as_bytes());
        }
        Cell::Packed(Value::Moment(m)) => {
            out.push(MOMENT);
            out.push(match m.precision {
                Precision::Day => 0,
                Precision::Minute => 1,
                Precision::Second => 2,
            });
            signed(m.ms, out);
        }
        Cell::Packed(_) => {}
    }
}

fn each<T>(list: &[T], out: &mut Vec<u8>, start: usize, put: impl Fn(&T, &mut Vec<u8>)) {
    for item in list {
        let before = out.len();
        put(item, out);
        if out.len() - start > CELL_MAX {
            out.truncate(before);
            return;
        }
    }
}

fn line(l: &Line, out: &mut Vec<u8>) {
    varint(l.product, out);
    for n in [l.quantity.0, l.unit_price.0, l.amount.0, l.cost.0] {
        signed(n, out);
    }
}

fn consent(c: &Consent, out: &mut Vec<u8>) {
    varint(u64::from(c.channel), out);
    out.push(u8::from(c.given) | u8::from(c.since.is_some()) << 1);
    if let Some(day) = c.since {
        signed(i64::from(day.0), out);
    }
}

fn text(t: &str, out: &mut Vec<u8>) {
    varint(t.len() as u64, out);
    out.extend_from_slice(t.as_bytes());
}

fn varint(mut n: u64, out: &mut Vec<u8>) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

fn signed(n: i64, out: &mut Vec<u8>) {
    varint(((n << 1) ^ (n >> 63)) as u64, out);
}

/// The text behind packed bytes, when it is one.
pub(crate) fn packed_text(bytes: &[u8]) -> &str {
    match bytes {
        [TEXT, rest @ ..] => std::str::from_utf8(rest).unwrap_or(""),
        _ => "",
    }
}

/// The value behind packed bytes; `None` when they are no value.
pub(crate) fn unpack(bytes: &[u8]) -> Option<Value> {
    let (tag, rest) = bytes.split_first()?;
    let mut r = Unpack(rest);
    Some(match *tag {
        TEXTS => Value::Texts(r.all(Unpack::text)?),
        CODES => Value::Codes(r.all(|r| Some(r.varint()? as u32))?),
        REFS => Value::Refs(r.all(Unpack::varint)?),
        LINES => Value::Lines(r.all(Unpack::line)?),
        PROPS => Value::Props(r.all(|r| Some((r.text()?, r.text()?)))?),
        CONSENTS => Value::Consents(r.all(Unpack::consent)?),
        NUMBER => {
            let ty = NumType::from_code(r.byte()?)?;
            ty.value(r.signed()?)
        }
        TEXT => Value::Text(std::str::from_utf8(rest).ok()?.to_string()),
        MOMENT => {
            let precision = moment(i64::from(r.byte()?)).precision;
            Value::Moment(Moment { ms: r.signed()?, precision })
        }
        _ => return None,
    })
}

struct Unpack<'a>(&'a [u8]);

impl Unpack<'_> {
    fn all<T>(&mut self, mut one: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut out = Vec::new();
        while !self.0.is_empty() {
            out.push(one(self)?);
        }
        Some(out)
    }
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }
    fn varint(&mut self) -> Option<u64> {
        let mut n = 0u64;
        for shift in (0..64).step_by(7) {
            let b = self.byte()?;
            n |= u64::from(b & 0x7f) << shift;
            if b < 0x80 {
                return Some(n);
            }
        }
        None
    }
    fn signed(&mut self) -> Option<i64> {
        let n = self.varint()?;
        Some((n >> 1) as i64 ^ -((n & 1) as i64))
    }
    fn text(&mut self) -> Option<String> {
        let len = usize::try_from(self.varint()?).ok()?;
        let (head, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        std::str::from_utf8(head).ok().map(str::to_string)
    }
    fn line(&mut self) -> Option<Line> {
        Some(Line {
            product: self.varint()?,
            quantity: Quantity(self.signed()?),
            unit_price: Money(self.signed()?),
            amount: Money(self.signed()?),
            cost: Money(self.signed()?),
        })
    }
    fn consent(&mut self) -> Option<Consent> {
        let channel = self.varint()? as u32;
        let flags = self.byte()?;
        let since = if flags & 2 != 0 { Some(Day(self.signed()? as i32)) } else { None };
        Some(Consent { channel, given: flags & 1 != 0, since })
    }
}
