//! One column of a page: 256 cells, each known or not. Numbers are kept as multiples of a common step above the page's
//! smallest, in the narrowest width that holds them; texts as offsets into one run of bytes, through a word list when
//! most of them repeat.

use super::bits::Bits;
use super::cell::{self, Cell, NumType};
use crate::domain::Value;
use std::collections::HashMap;

/// Rows of a page.
pub const PAGE: usize = 256;

/// One column of a page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Col {
    pub(crate) known: Bits,
    pub(crate) data: Data,
}

/// What a column is made of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Data {
    Num(Num),
    Text(Text),
}

/// Numbers: `base + code * step`, each code in `width` bytes (0, 1, 2, 4, 8), little-endian.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Num {
    pub(crate) ty: NumType,
    pub(crate) width: u8,
    pub(crate) base: i64,
    pub(crate) step: u64,
    pub(crate) bytes: Box<[u8]>,
}

/// Texts (or packed values): cell `i` is `bytes[offsets[k]..offsets[k + 1]]` with `k = codes[i]`, or `k = i` without codes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Text {
    pub(crate) packed: bool,
    pub(crate) codes: Box<[u8]>,
    pub(crate) offsets: Box<[u32]>,
    pub(crate) bytes: Box<[u8]>,
}

/// A change of one cell.
pub(crate) type Change<'a> = (u8, Option<&'a Value>);

impl Num {
    /// The narrowest form of the known numbers; what the unknown ones hold does not matter.
    pub(crate) fn encode(ty: NumType, known: &Bits, values: &[i64; PAGE]) -> Num {
        let mut low = i64::MAX;
        let mut high = i64::MIN;
        let mut rows = 0;
        for row in known.iter() {
            let v = values[usize::from(row)];
            low = low.min(v);
            high = high.max(v);
            rows = usize::from(row) + 1;
        }
        if rows == 0 || low == high {
            return Num { ty, width: 0, base: if rows == 0 { 0 } else { low }, step: 1, bytes: Box::default() };
        }
        let above = |row: u8| values[usize::from(row)].wrapping_sub(low) as u64;
        let step = known.iter().map(above).fold(0, gcd).max(1);
        let widest = high.wrapping_sub(low) as u64 / step;
        let width: u8 = match widest {
            0..=0xff => 1,
            0x100..=0xffff => 2,
            0x1_0000..=0xffff_ffff => 4,
            _ => 8,
        };
        let w = usize::from(width);
        let mut bytes = vec![0u8; rows * w];
        for row in known.iter() {
            let code = (above(row) / step).to_le_bytes();
            let at = usize::from(row) * w;
            bytes[at..at + w].copy_from_slice(&code[..w]);
        }
        Num { ty, width, base: low, step, bytes: bytes.into() }
    }

    /// The number of a known row.
    pub(crate) fn at(&self, row: u8) -> i64 {
        let i = usize::from(row);
        let code = match self.width {
            0 => 0,
            1 => u64::from(self.bytes.get(i).copied().unwrap_or(0)),
            2 => u64::from(u16::from_le_bytes(self.fixed(i))),
            4 => u64::from(u32::from_le_bytes(self.fixed(i))),
            _ => u64::from_le_bytes(self.fixed(i)),
        };
        self.base.wrapping_add(code.wrapping_mul(self.step) as i64)
    }

    fn fixed<const N: usize>(&self, i: usize) -> [u8; N] {
        self.bytes.get(i * N..i * N + N).and_then(|b| b.try_into().ok()).unwrap_or([0; N])
    }
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    // Almost always one division: the step found so far divides the next number.
    while b != 0 {
        (a, b) = if a > b {
            (b, a % b)
        } else if a == 0 {
            (b, 0)
        } else {
            (a, b % a)
        };
    }
    a
}

impl Text {
    /// Lays the cells out; `share` looks for repeats worth a word list.
    pub(crate) fn encode(packed: bool, cells: &[&[u8]], share: bool) -> Text {
        if share && let Some(codes) = word_list(cells) {
            let mut words = vec![&[][..]; codes.1];
            for (cell, code) in cells.iter().zip(&codes.0) {
                words[usize::from(*code)] = cell;
            }
            let plain = Text::encode(packed, &words, false);
            return Text { codes: codes.0.into(), ..plain };
        }
        let mut bytes = Vec::with_capacity(cells.iter().map(|c| c.len()).sum());
        let mut offsets = Vec::with_capacity(cells.len() + 1);
        offsets.push(0);
        for cell in cells {
            bytes.extend_from_slice(cell);
            offsets.push(bytes.len() as u32);
        }
        Text { packed, codes: Box::default(), offsets: offsets.into(), bytes: bytes.into() }
    }

    /// The bytes of a row.
    pub(crate) fn at(&self, row: u8) -> &[u8] {
        let i = if self.codes.is_empty() { usize::from(row) } else { usize::from(self.codes.get(usize::from(row)).copied().unwrap_or(0)) };
        let from = self.offsets.get(i).copied().unwrap_or(0) as usize;
        let to = self.offsets.get(i + 1).copied().unwrap_or(0) as usize;
        self.bytes.get(from..to).unwrap_or(&[])
    }
}

/// Codes for cells of which at most half differ; `None` when a word list would not pay.
fn word_list(cells: &[&[u8]]) -> Option<(Vec<u8>, usize)> {
    let most = cells.len() / 2;
    let mut seen: HashMap<&[u8], u8, std::hash::BuildHasherDefault<super::keys::Fnv>> = HashMap::default();
    let mut codes = Vec::with_capacity(cells.len());
    for (i, cell) in cells.iter().enumerate() {
        let next = seen.len();
        if next > most || (i == 48 && next > 40) {
            return None;
        }
        codes.push(*seen.entry(cell).or_insert(next as u8));
    }
    (seen.len() <= most).then_some((codes, seen.len()))
}

impl Col {
    /// A column of the values given, rows ascending; `None` when there are none.
    pub(crate) fn build(entries: &[(u8, &Value)]) -> Option<Col> {
        let mut known = Bits::default();
        entries.iter().for_each(|(row, _)| known.set(*row, true));
        let first = cell::cell(entries.first()?.1);
        if let Cell::Num(ty, _) = first
            && let Some(values) = numbers(ty, entries)
        {
            return Some(Col { known, data: Data::Num(Num::encode(ty, &known, &values)) });
        }
        let rows = usize::from(entries.last()?.0) + 1;
        if let Cell::Text(_) = first
            && let Some(cells) = texts(rows, entries)
        {
            return Some(Col { known, data: Data::Text(Text::encode(false, &cells, true)) });
        }
        let mut arena = Vec::new();
        let mut ranges = vec![0..0; rows];
        for (row, value) in entries {
            let from = arena.len();
            cell::pack(value, &mut arena);
            ranges[usize::from(*row)] = from..arena.len();
        }
        let cells: Vec<&[u8]> = ranges.into_iter().map(|r| &arena[r]).collect();
        Some(Col { known, data: Data::Text(Text::encode(true, &cells, true)) })
    }

    /// A column of numbers; `None` when none is known.
    pub(crate) fn numbers(ty: NumType, known: Bits, values: &[i64; PAGE]) -> Option<Col> {
        (!known.is_empty()).then(|| Col { known, data: Data::Num(Num::encode(ty, &known, values)) })
    }

    /// A column of plain texts without a word list; `None` when none is known.
    pub(crate) fn plain(known: Bits, cells: &[&[u8]]) -> Option<Col> {
        (!known.is_empty()).then(|| Col { known, data: Data::Text(Text::encode(false, cells, false)) })
    }

    /// The value of a row, if known.
    pub(crate) fn value(&self, row: u8) -> Option<Value> {
        if !self.known.get(row) {
            return None;
        }
        match &self.data {
            Data::Num(n) => Some(n.ty.value(n.at(row))),
            Data::Text(t) if t.packed => cell::unpack(t.at(row)),
            Data::Text(t) => std::str::from_utf8(t.at(row)).ok().map(|s| Value::Text(s.to_string())),
        }
    }

    /// The number of a row, if it is known and a number.
    pub(crate) fn number(&self, row: u8) -> Option<i64> {
        match &self.data {
            Data::Num(n) if self.known.get(row) => Some(n.at(row)),
            _ => None,
        }
    }

    /// The text of a row; "" when unknown or no text.
    pub(crate) fn text(&self, row: u8) -> &str {
        if !self.known.get(row) {
            return "";
        }
        match &self.data {
            Data::Text(t) if t.packed => cell::packed_text(t.at(row)),
            Data::Text(t) => std::str::from_utf8(t.at(row)).unwrap_or(""),
            _ => "",
        }
    }

    /// Does the row hold just this?
    pub(crate) fn holds(&self, row: u8, value: Option<&Value>) -> bool {
        let Some(value) = value else { return !self.known.get(row) };
        if !self.known.get(row) {
            return false;
        }
        match (&self.data, cell::cell(value)) {
            (Data::Num(n), Cell::Num(ty, v)) => n.ty == ty && n.at(row) == v,
            (Data::Text(t), Cell::Text(v)) if !t.packed => t.at(row) == v.as_bytes(),
            (Data::Text(t), _) if t.packed => {
                let mut packed = Vec::new();
                cell::pack(value, &mut packed);
                t.at(row) == packed
            }
            _ => false,
        }
    }

    /// The column with some cells changed; `None` when nothing is known any more.
    pub(crate) fn with(&self, changes: &[Change<'_>]) -> Option<Col> {
        let mut known = self.known;
        changes.iter().for_each(|(row, v)| known.set(*row, v.is_some()));
        if known.is_empty() {
            return None;
        }
        let kept = match &self.data {
            Data::Num(n) => self.with_numbers(n, known, changes),
            Data::Text(t) => self.with_texts(t, known, changes),
        };
        kept.or_else(|| {
            let values: Vec<(u8, Value)> = self.known.iter().filter_map(|r| Some((r, self.value(r)?))).collect();
            let mut entries: Vec<(u8, &Value)> =
                values.iter().filter(|(r, _)| changes.iter().all(|(c, _)| c != r)).map(|(r, v)| (*r, v)).collect();
            entries.extend(changes.iter().filter_map(|(r, v)| Some((*r, (*v)?))));
            entries.sort_by_key(|(r, _)| *r);
            Col::build(&entries)
        })
    }

    fn with_numbers(&self, n: &Num, known: Bits, changes: &[Change<'_>]) -> Option<Col> {
        let mut values = [0i64; PAGE];
        self.known.iter().for_each(|row| values[usize::from(row)] = n.at(row));
        for (row, value) in changes {
            match value.map(cell::cell) {
                Some(Cell::Num(ty, v)) if ty == n.ty => values[usize::from(*row)] = v,
                None => {}
                Some(_) => return None,
            }
        }
        Col::numbers(n.ty, known, &values)
    }

    fn with_texts(&self, t: &Text, known: Bits, changes: &[Change<'_>]) -> Option<Col> {
        let mut arena = Vec::new();
        let mut packed = vec![0..0; changes.len()];
        for (range, (_, value)) in packed.iter_mut().zip(changes) {
            match value.map(|v| (v, cell::cell(v))) {
                Some((v, _)) if t.packed => {
                    let from = arena.len();
                    cell::pack(v, &mut arena);
                    *range = from..arena.len();
                }
                Some((_, Cell::Text(text))) => {
                    let from = arena.len();
                    arena.extend_from_slice(text.as_bytes());
                    *range = from..arena.len();
                }
                None => {}
                Some(_) => return None,
            }
        }
        let rows = known.iter().last().map_or(0, |r| usize::from(r) + 1);
        let mut cells: Vec<&[u8]> = (0..rows).map(|r| if self.known.get(r as u8) { t.at(r as u8) } else { &[] }).collect();
        for (range, (row, _)) in packed.into_iter().zip(changes) {
            if let Some(cell) = cells.get_mut(usize::from(*row)) {
                *cell = &arena[range];
            }
        }
        Some(Col { known, data: Data::Text(Text::encode(t.packed, &cells, true)) })
    }

    /// Bytes on the heap and in the struct itself.
    pub(crate) fn size(&self) -> u64 {
        let heap = match &self.data {
            Data::Num(n) => n.bytes.len(),
            Data::Text(t) => t.bytes.len() + t.codes.len() + t.offsets.len() * 4,
        };
        (heap + size_of::<Col>()) as u64
    }

    /// Bytes of text its rows have, repeats counted: what the column would hold without a word list.
    pub(crate) fn text_size(&self) -> usize {
        match &self.data {
            Data::Text(t) if t.codes.is_empty() => t.bytes.len(),
            Data::Text(t) => (0..t.codes.len()).map(|row| t.at(row as u8).len()).sum(),
            Data::Num(_) => 0,
        }
    }
}

fn numbers(ty: NumType, entries: &[(u8, &Value)]) -> Option<[i64; PAGE]> {
    let mut values = [0i64; PAGE];
    for (row, value) in entries {
        match cell::cell(value) {
            Cell::Num(t, v) if t == ty => values[usize::from(*row)] = v,
            _ => return None,
        }
    }
    Some(values)
}

fn texts<'a>(rows: usize, entries: &[(u8, &'a Value)]) -> Option<Vec<&'a [u8]>> {
    let mut cells = vec![&[][..]; rows];
    for (row, value) in entries {
        match cell::cell(value) {
            Cell::Text(t) => *cells.get_mut(usize::from(*row))? = t.as_bytes(),
            _ => return None,
        }
    }
    Some(cells)
}
