//! One column of values: which rows have one, their types, and the numbers and texts in streams of their own, so that like
//! stands beside like and the compressor finds it.
//!
//! Numbers are differences to the number before, as zigzag varints; amounts and moments are first divided by a unit when it
//! divides them (the unit's index goes to the marks). Texts share the beginning of the text before.

use super::bytes::{Take, put_block, put_varint, put_zigzag};
use crate::domain::value::Consent;
use crate::domain::{Day, Line, Moment, Money, Precision, Quantity, Value};

const MONEY: [i64; 3] = [1, 100, 10_000];
const MOMENT: [i64; 3] = [1, 1_000, 60_000];
/// Bytes of text that a frame may hold once expanded.
pub(super) const MAX_TEXT: usize = 8 * 1024 * 1024;

/// A column being written.
#[derive(Debug, Default)]
pub(super) struct Column {
    present: Vec<u8>,
    count: usize,
    /// The type of each value; kept only as long as it is not always the same.
    types: Vec<u8>,
    marks: Vec<u8>,
    nums: Vec<u8>,
    text: Vec<u8>,
    last_text: Vec<u8>,
    last: i64,
}

impl Column {
    /// Bytes so far, without the bitmap of rows.
    pub(super) fn size(&self) -> usize {
        self.types.len() + self.marks.len() + self.nums.len() + self.text.len()
    }

    /// Adds a value at a row; rows ascend.
    pub(super) fn push(&mut self, row: usize, value: &Value) {
        if self.present.len() <= row / 8 {
            self.present.resize(row / 8 + 1, 0);
        }
        if let Some(byte) = self.present.get_mut(row / 8) {
            *byte |= 1 << (row % 8);
        }
        self.count += 1;
        self.value(value);
    }

    fn value(&mut self, value: &Value) {
        self.types.push(type_of(value));
        match value {
            Value::Text(t) => self.put_text(t),
            Value::Int(n) => self.delta(*n),
            Value::Money(m) => self.scaled(m.0, &MONEY, 0),
            Value::Quantity(q) => self.scaled(q.0, &MONEY, 0),
            Value::Day(d) => self.delta(i64::from(d.0)),
            Value::Moment(m) => self.scaled(m.ms, &MOMENT, 4 * precision_code(m.precision)),
            Value::Bool(b) => self.marks.push(u8::from(*b)),
            Value::Code(c) => put_varint(&mut self.nums, u64::from(*c)),
            Value::Ref(r) => self.delta(r.cast_signed()),
            Value::Texts(texts) => self.many(texts, |c, t| c.put_text(t)),
            Value::Codes(codes) => self.many(codes, |c, n| put_varint(&mut c.nums, u64::from(*n))),
            Value::Refs(refs) => self.many(refs, |c, r| c.delta(r.cast_signed())),
            Value::Lines(lines) => self.many(lines, Column::line),
            Value::Props(props) => self.many(props, |c, (k, v)| {
                c.put_text(k);
                c.put_text(v);
            }),
            Value::Consents(consents) => self.many(consents, Column::consent),
        }
    }

    fn many<T>(&mut self, items: &[T], each: impl Fn(&mut Column, &T)) {
        put_varint(&mut self.nums, items.len() as u64);
        items.iter().for_each(|item| each(self, item));
    }

    fn delta(&mut self, n: i64) {
        put_zigzag(&mut self.nums, n.wrapping_sub(self.last));
        self.last = n;
    }

    fn scaled(&mut self, n: i64, units: &[i64; 3], mark: u8) {
        let delta = n.wrapping_sub(self.last);
        self.last = n;
        self.unit(delta, units, mark);
    }

    fn unit(&mut self, n: i64, units: &[i64; 3], mark: u8) {
        let [_, middle, large] = *units;
        let (index, unit) = if n % large == 0 {
            (2, large)
        } else if n % middle == 0 {
            (1, middle)
        } else {
            (0, 1)
        };
        self.marks.push(mark + index);
        put_zigzag(&mut self.nums, n / unit);
    }

    fn put_text(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let shared = bytes.iter().zip(&self.last_text).take_while(|(a, b)| a == b).count();
        let rest = bytes.get(shared..).unwrap_or_default();
        put_varint(&mut self.nums, shared as u64);
        put_varint(&mut self.nums, rest.len() as u64);
        self.text.extend_from_slice(rest);
        self.last_text.truncate(shared);
        self.last_text.extend_from_slice(rest);
    }

    fn line(&mut self, line: &Line) {
        self.delta(line.product.cast_signed());
        self.unit(line.quantity.0, &MONEY, 0);
        self.unit(line.unit_price.0, &MONEY, 0);
        self.unit(line.amount.0.wrapping_sub(expected(line)), &MONEY, 0);
        self.unit(line.cost.0, &MONEY, 0);
    }

    fn consent(&mut self, consent: &Consent) {
        self.marks.push(u8::from(consent.given) + 2 * u8::from(consent.since.is_some()));
        put_varint(&mut self.nums, u64::from(consent.channel));
        if let Some(day) = consent.since {
            self.delta(i64::from(day.0));
        }
    }

    /// Writes the column of a group of `rows` rows.
    pub(super) fn finish(&self, out: &mut Vec<u8>, rows: usize) {
        let all = self.count == rows;
        let one = self.types.first().copied().filter(|first| self.types.iter().all(|t| t == first));
        out.push(u8::from(!all) + 2 * u8::from(one.is_none()));
        if !all {
            put_block(out, &self.present);
        }
        match one {
            Some(ty) => out.push(ty),
            None => put_block(out, &self.types),
        }
        put_block(out, &self.marks);
        put_block(out, &self.nums);
        put_block(out, &self.text);
    }
}

/// What a line's total is without discount: quantity times price; zero when that does not fit.
fn expected(line: &Line) -> i64 {
    line.quantity.times(line.unit_price).unwrap_or_default().0
}

fn type_of(value: &Value) -> u8 {
    match value {
        Value::Text(_) => 0,
        Value::Int(_) => 1,
        Value::Money(_) => 2,
        Value::Quantity(_) => 3,
        Value::Day(_) => 4,
        Value::Moment(_) => 5,
        Value::Bool(_) => 6,
        Value::Code(_) => 7,
        Value::Ref(_) => 8,
        Value::Texts(_) => 9,
        Value::Codes(_) => 10,
        Value::Refs(_) => 11,
        Value::Lines(_) => 12,
        Value::Props(_) => 13,
        Value::Consents(_) => 14,
    }
}

fn precision_code(precision: Precision) -> u8 {
    match precision {
        Precision::Day => 0,
        Precision::Minute => 1,
        Precision::Second => 2,
    }
}

/// A column being read.
pub(super) struct Columned<'a> {
    present: Option<&'a [u8]>,
    types: Result<u8, Take<'a>>,
    marks: Take<'a>,
    nums: Take<'a>,
    text: Take<'a>,
    last_text: Vec<u8>,
    last: i64,
}

impl<'a> Columned<'a> {
    /// Takes a column's streams apart.
    pub(super) fn open(take: &mut Take<'a>) -> Option<Columned<'a>> {
        let how = take.byte().filter(|how| *how < 4)?;
        let present = if how & 1 == 1 { Some(take.block()?) } else { None };
        let types = if how & 2 == 0 { Ok(take.byte()?) } else { Err(Take::new(take.block()?)) };
        let (marks, nums, text) = (Take::new(take.block()?), Take::new(take.block()?), Take::new(take.block()?));
        Some(Columned { present, types, marks, nums, text, last_text: Vec::new(), last: 0 })
    }

    /// The value of a row: `Some(None)` when it has none, `None` when the bytes make no sense. `room` is the text that may
    /// still be expanded.
    pub(super) fn next(&mut self, row: usize, room: &mut usize) -> Option<Option<Value>> {
        let there = self.present.is_none_or(|bits| bits.get(row / 8).is_some_and(|byte| byte >> (row % 8) & 1 == 1));
        if there { self.value(room).map(Some) } else { Some(None) }
    }

    /// True when every stream is used up.
    pub(super) fn done(&self) -> bool {
        self.marks.is_empty() && self.nums.is_empty() && self.text.is_empty() && self.types.as_ref().err().is_none_or(Take::is_empty)
    }

    fn value(&mut self, room: &mut usize) -> Option<Value> {
        let ty = match &mut self.types {
            Ok(ty) => *ty,
            Err(types) => types.byte()?,
        };
        Some(match ty {
            0 => Value::Text(self.get_text(room)?),
            1 => Value::Int(self.delta()?),
            2 => Value::Money(Money(self.scaled(&MONEY)?.0)),
            3 => Value::Quantity(Quantity(self.scaled(&MONEY)?.0)),
            4 => Value::Day(self.day()?),
            5 => self.moment()?,
            6 => Value::Bool(self.flag()?),
            7 => Value::Code(self.code()?),
            8 => Value::Ref(self.delta()?.cast_unsigned()),
            9 => Value::Texts(self.many(|c| c.get_text(room))?),
            10 => Value::Codes(self.many(Columned::code)?),
            11 => Value::Refs(self.many(|c| c.delta().map(i64::cast_unsigned))?),
            12 => Value::Lines(self.many(Columned::line)?),
            13 => Value::Props(self.many(|c| Some((c.get_text(room)?, c.get_text(room)?)))?),
            14 => Value::Consents(self.many(Columned::consent)?),
            _ => return None,
        })
    }

    fn many<T>(&mut self, mut each: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        // Every item takes at least one byte of the numbers, so a count beyond them is a lie.
        let count = self.nums.varint()?;
        let count = usize::try_from(count).ok().filter(|n| *n <= self.nums.len())?;
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            items.push(each(self)?);
        }
        Some(items)
    }

    fn delta(&mut self) -> Option<i64> {
        self.last = self.last.wrapping_add(self.nums.zigzag()?);
        Some(self.last)
    }

    fn scaled(&mut self, units: &[i64; 3]) -> Option<(i64, u8)> {
        let (delta, mark) = self.unit(units)?;
        self.last = self.last.wrapping_add(delta);
        Some((self.last, mark))
    }

    fn unit(&mut self, units: &[i64; 3]) -> Option<(i64, u8)> {
        let mark = self.marks.byte()?;
        let unit = units.get(usize::from(mark & 3))?;
        Some((self.nums.zigzag()?.checked_mul(*unit)?, mark >> 2))
    }

    fn moment(&mut self) -> Option<Value> {
        let (ms, mark) = self.scaled(&MOMENT)?;
        let precision = match mark {
            0 => Precision::Day,
            1 => Precision::Minute,
            2 => Precision::Second,
            _ => return None,
        };
        Some(Value::Moment(Moment { ms, precision }))
    }

    fn flag(&mut self) -> Option<bool> {
        match self.marks.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    fn code(&mut self) -> Option<u32> {
        u32::try_from(self.nums.varint()?).ok()
    }

    fn day(&mut self) -> Option<Day> {
        i32::try_from(self.delta()?).ok().map(Day)
    }

    fn get_text(&mut self, room: &mut usize) -> Option<String> {
        let shared = self.nums.count(self.last_text.len())?;
        let rest = self.nums.count(self.text.len())?;
        *room = room.checked_sub(shared + rest)?;
        self.last_text.truncate(shared);
        self.last_text.extend_from_slice(self.text.bytes(rest)?);
        std::str::from_utf8(&self.last_text).ok().map(str::to_string)
    }

    fn line(&mut self) -> Option<Line> {
        let product = self.delta()?.cast_unsigned();
        let quantity = Quantity(self.unit(&MONEY)?.0);
        let unit_price = Money(self.unit(&MONEY)?.0);
        let mut line = Line { product, quantity, unit_price, ..Line::default() };
        line.amount = Money(expected(&line).wrapping_add(self.unit(&MONEY)?.0));
        line.cost = Money(self.unit(&MONEY)?.0);
        Some(line)
    }

    fn consent(&mut self) -> Option<Consent> {
        let mark = self.marks.byte().filter(|mark| *mark < 4)?;
        let channel = self.code()?;
        let since = if mark & 2 == 2 { Some(self.day()?) } else { None };
        Some(Consent { channel, given: mark & 1 == 1, since })
    }
}
