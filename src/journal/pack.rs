//! A part of an import, packed: operations grouped by what they do and to which kind or field, every group by column.
//!
//! ```text
//! batch, index, number of operations
//! runs        (group, how many): the order of the operations
//! groups      New of a kind        ids, then per field one column
//!             Set of a kind.field  ids, customers and moments of the homes, before, after
//!             anything else        bincode
//! ```

use super::body::{BodyError, FRAME, MAX_RAW, Packed, compress, parse, raw};
use super::bytes::{Take, put_block, put_varint, put_zigzag};
use super::columns::{Column, Columned, MAX_TEXT};
use crate::domain::{CustomerId, FieldId, Home, Kind, Op, Record, RecordId, Value};
use std::vec::IntoIter;

/// Raw bytes after which a frame is full: what then is left of a record covers the worst a compressor can do.
pub const FRAME_BUDGET: usize = 480 * 1024;
/// Operations after which a frame is full.
pub const MAX_FRAME_OPS: usize = 65_536;

/// Collects operations until one record's worth is there, then packs them.
#[derive(Debug, Default)]
pub struct FrameBuilder {
    groups: Vec<Group>,
    runs: Vec<(usize, u64)>,
    ops: usize,
    size: usize,
    text: usize,
}

#[derive(Debug)]
struct Group {
    what: What,
    rows: usize,
    last_id: u64,
    ids: Vec<u8>,
    homes: Vec<u8>,
    last_home: Home,
    columns: Vec<(FieldId, Column)>,
    others: Vec<Op>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    New(Kind),
    Set(Kind, FieldId),
    Other,
}

impl What {
    fn of(op: &Op) -> What {
        match op {
            Op::New(record) if ascending(&record.fields) => What::New(record.kind),
            Op::Set { kind, field, .. } => What::Set(*kind, *field),
            _ => What::Other,
        }
    }
}

fn ascending(fields: &[(FieldId, Value)]) -> bool {
    fields.iter().zip(fields.iter().skip(1)).all(|(a, b)| a.0 < b.0)
}

impl FrameBuilder {
    /// An empty frame.
    pub fn new() -> FrameBuilder {
        FrameBuilder::default()
    }

    /// Adds an operation; false, and nothing added, when the frame is full: finish it and push again. An empty frame takes
    /// any operation; one too large for a record is refused by [`FrameBuilder::finish`].
    #[must_use]
    pub fn push(&mut self, op: &Op) -> bool {
        let Cost { bytes, text } = cost(op);
        let full = self.ops >= MAX_FRAME_OPS || self.size + bytes > FRAME_BUDGET || self.text + text > MAX_TEXT;
        if full && self.ops > 0 {
            return false;
        }
        let what = What::of(op);
        let index = match self.groups.iter().position(|g| g.what == what) {
            Some(index) => index,
            None => {
                self.groups.push(Group::new(what));
                self.size += 32;
                self.groups.len() - 1
            }
        };
        match self.runs.last_mut() {
            Some((group, count)) if *group == index => *count += 1,
            _ => {
                self.runs.push((index, 1));
                self.size += 6;
            }
        }
        if let Some(group) = self.groups.get_mut(index) {
            self.size += group.push(op, bytes);
        }
        self.ops += 1;
        self.text += text;
        true
    }

    /// How many operations it holds.
    pub fn len(&self) -> usize {
        self.ops
    }

    /// True when it holds none.
    pub fn is_empty(&self) -> bool {
        self.ops == 0
    }

    /// An upper bound of its bytes before compression.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Packs what was collected and starts anew.
    ///
    /// # Errors
    /// [`BodyError::TooLarge`] when a single operation does not fit one record.
    pub fn finish(&mut self, batch: u64, index: u32) -> Result<Packed, BodyError> {
        let whole = std::mem::take(self);
        if whole.text > MAX_TEXT {
            return Err(BodyError::TooLarge { bytes: whole.text });
        }
        let mut out = Vec::with_capacity(whole.size);
        put_varint(&mut out, batch);
        put_varint(&mut out, u64::from(index));
        put_varint(&mut out, whole.ops as u64);
        put_varint(&mut out, whole.groups.len() as u64);
        put_varint(&mut out, whole.runs.len() as u64);
        for (group, count) in &whole.runs {
            put_varint(&mut out, *group as u64);
            put_varint(&mut out, *count);
        }
        for group in &whole.groups {
            group.finish(&mut out)?;
        }
        compress(FRAME, out, 0)
    }
}

impl Group {
    fn new(what: What) -> Group {
        let last_home = Home::default();
        Group { what, rows: 0, last_id: 0, ids: Vec::new(), homes: Vec::new(), last_home, columns: Vec::new(), others: Vec::new() }
    }

    /// Adds an operation of this group; gives by how many bytes the group grew. `bound` is what another operation costs.
    fn push(&mut self, op: &Op, bound: usize) -> usize {
        let before = self.ids.len() + self.homes.len();
        let grown = match op {
            Op::New(record) if self.what != What::Other => self.push_new(record),
            Op::Set { id, home, before, after, .. } => self.push_set(*id, *home, before.as_ref(), after.as_ref()),
            other => {
                self.others.push(other.clone());
                bound
            }
        };
        self.rows += 1;
        // An eighth of a byte per column and row for the bitmap of rows, rounded up.
        grown + self.ids.len() + self.homes.len() - before + if self.rows % 8 == 1 { self.columns.len() } else { 0 }
    }

    fn push_new(&mut self, record: &Record) -> usize {
        self.id(record.id);
        let mut grown = 0;
        let mut at = 0;
        for (field, value) in &record.fields {
            while self.columns.get(at).is_some_and(|(f, _)| f < field) {
                at += 1;
            }
            if self.columns.get(at).is_none_or(|(f, _)| f != field) {
                self.columns.insert(at, (*field, Column::default()));
                grown += 48 + self.rows / 8;
            }
            grown += self.put(at, value);
        }
        grown
    }

    fn push_set(&mut self, id: RecordId, home: Home, before: Option<&Value>, after: Option<&Value>) -> usize {
        self.id(id);
        put_zigzag(&mut self.homes, i64::from(home.customer).wrapping_sub(i64::from(self.last_home.customer)));
        put_zigzag(&mut self.homes, home.at.wrapping_sub(self.last_home.at));
        self.last_home = home;
        let mut grown = 0;
        if self.columns.is_empty() {
            self.columns = vec![(FieldId(0), Column::default()), (FieldId(1), Column::default())];
            grown = 96;
        }
        for (at, value) in [before, after].into_iter().enumerate() {
            grown += value.map_or(0, |value| self.put(at, value));
        }
        grown
    }

    fn id(&mut self, id: RecordId) {
        put_zigzag(&mut self.ids, id.wrapping_sub(self.last_id).cast_signed());
        self.last_id = id;
    }

    fn put(&mut self, at: usize, value: &Value) -> usize {
        let Some((_, column)) = self.columns.get_mut(at) else { return 0 };
        let size = column.size();
        column.push(self.rows, value);
        column.size() - size
    }

    fn finish(&self, out: &mut Vec<u8>) -> Result<(), BodyError> {
        match self.what {
            What::New(kind) => {
                out.extend_from_slice(&[0, kind.code()]);
                put_block(out, &self.ids);
                put_varint(out, self.columns.len() as u64);
                for (field, column) in &self.columns {
                    put_varint(out, u64::from(field.0));
                    column.finish(out, self.rows);
                }
            }
            What::Set(kind, field) => {
                out.extend_from_slice(&[1, kind.code()]);
                put_varint(out, u64::from(field.0));
                put_block(out, &self.ids);
                put_block(out, &self.homes);
                self.columns.iter().for_each(|(_, column)| column.finish(out, self.rows));
            }
            What::Other => {
                out.push(2);
                put_block(out, &raw(&self.others)?);
            }
        }
        Ok(())
    }
}

struct Cost {
    bytes: usize,
    text: usize,
}

/// The most an operation can add to a frame, and the text in it.
fn cost(op: &Op) -> Cost {
    let values = |values: &mut dyn Iterator<Item = &Value>| values.map(value_cost).fold((0, 0), |sum, v| (sum.0 + v.0 + 16, sum.1 + v.1));
    let (bytes, text) = match op {
        Op::New(record) | Op::Gone(record) => values(&mut record.fields.iter().map(|(_, value)| value)),
        Op::Set { before, after, .. } => values(&mut before.iter().chain(after)),
        Op::Mark { rows, .. } => (rows.bitmap().serialized_size(), 0),
    };
    Cost { bytes: bytes + 48, text }
}

fn value_cost(value: &Value) -> (usize, usize) {
    let text = match value {
        Value::Text(t) => t.len(),
        Value::Texts(texts) => texts.iter().map(String::len).sum(),
        Value::Props(props) => props.iter().map(|(k, v)| k.len() + v.len()).sum(),
        _ => 0,
    };
    let items = match value {
        Value::Texts(texts) => texts.len() * 10,
        Value::Codes(codes) => codes.len() * 5,
        Value::Refs(refs) => refs.len() * 10,
        Value::Lines(lines) => lines.len() * 54,
        Value::Props(props) => props.len() * 20,
        Value::Consents(consents) => consents.len() * 12,
        _ => 0,
    };
    (text + items + 12, text)
}

/// Packs one frame; [`FrameBuilder`] is the way to cut a stream into frames.
pub(super) fn frame(batch: u64, index: u32, ops: &[Op]) -> Result<Packed, BodyError> {
    let mut builder = FrameBuilder::new();
    for op in ops {
        if !builder.push(op) {
            return Err(BodyError::TooLarge { bytes: builder.size() + cost(op).bytes });
        }
    }
    builder.finish(batch, index)
}

/// Reads a frame.
pub(super) fn unpack(bytes: &[u8]) -> Result<(u64, u32, Vec<Op>), BodyError> {
    let mut take = Take::new(bytes);
    let parts = read(&mut take).filter(|_| take.is_empty());
    parts.ok_or(BodyError::Malformed("the columns of the frame make no sense"))
}

fn read(take: &mut Take<'_>) -> Option<(u64, u32, Vec<Op>)> {
    let batch = take.varint()?;
    let index = u32::try_from(take.varint()?).ok()?;
    let count = take.count(MAX_FRAME_OPS)?;
    let groups = take.count(count)?;
    let mut runs = Vec::new();
    let mut rows = vec![0_usize; groups];
    for _ in 0..take.count(count)? {
        let (group, n) = (take.count(usize::MAX)?, take.count(count)?);
        *rows.get_mut(group)? += n;
        runs.push((group, n));
    }
    if rows.iter().sum::<usize>() != count {
        return None;
    }
    let mut room = MAX_TEXT;
    let mut ops: Vec<IntoIter<Op>> = Vec::with_capacity(groups);
    for rows in rows {
        ops.push(read_group(take, rows, &mut room)?.into_iter());
    }
    let mut all = Vec::with_capacity(count);
    for (group, n) in runs {
        all.extend(ops.get_mut(group)?.by_ref().take(n));
    }
    (all.len() == count).then_some((batch, index, all))
}

fn read_group(take: &mut Take<'_>, rows: usize, room: &mut usize) -> Option<Vec<Op>> {
    match take.byte()? {
        0 => read_new(take, rows, room),
        1 => read_set(take, rows, room),
        2 => {
            let block = take.block().filter(|block| block.len() <= MAX_RAW)?;
            parse::<Vec<Op>>(block).ok().filter(|ops| ops.len() == rows)
        }
        _ => None,
    }
}

fn read_ids(take: &mut Take<'_>, rows: usize) -> Option<Vec<RecordId>> {
    let mut block = Take::new(take.block()?);
    let mut last = 0_u64;
    let mut ids = Vec::with_capacity(rows.min(block.len()));
    for _ in 0..rows {
        last = last.wrapping_add(block.zigzag()?.cast_unsigned());
        ids.push(last);
    }
    block.is_empty().then_some(ids)
}

fn read_new(take: &mut Take<'_>, rows: usize, room: &mut usize) -> Option<Vec<Op>> {
    let kind = Kind::from_code(take.byte()?)?;
    let ids = read_ids(take, rows)?;
    let width = take.count(usize::from(u16::MAX))?;
    let mut columns: Vec<(FieldId, Columned<'_>)> = Vec::new();
    for _ in 0..width {
        let field = FieldId(u16::try_from(take.varint()?).ok()?);
        if columns.last().is_some_and(|(before, _)| *before >= field) {
            return None;
        }
        columns.push((field, Columned::open(take)?));
    }
    let mut ops = Vec::with_capacity(rows);
    for (row, id) in ids.into_iter().enumerate() {
        let mut record = Record { kind, id, fields: Vec::with_capacity(width.min(32)) };
        for (field, column) in &mut columns {
            if let Some(value) = column.next(row, room)? {
                record.fields.push((*field, value));
            }
        }
        ops.push(Op::New(record));
    }
    columns.iter().all(|(_, column)| column.done()).then_some(ops)
}

fn read_set(take: &mut Take<'_>, rows: usize, room: &mut usize) -> Option<Vec<Op>> {
    let kind = Kind::from_code(take.byte()?)?;
    let field = FieldId(u16::try_from(take.varint()?).ok()?);
    let ids = read_ids(take, rows)?;
    let mut homes = Take::new(take.block()?);
    let (mut befores, mut afters) = (Columned::open(take)?, Columned::open(take)?);
    let mut last = Home::default();
    let mut ops = Vec::with_capacity(rows);
    for (row, id) in ids.into_iter().enumerate() {
        let customer = i64::from(last.customer).checked_add(homes.zigzag()?)?;
        last = Home { customer: CustomerId::try_from(customer).ok()?, at: last.at.wrapping_add(homes.zigzag()?) };
        let (before, after) = (befores.next(row, room)?, afters.next(row, room)?);
        ops.push(Op::Set { kind, id, home: last, field, before, after });
    }
    (homes.is_empty() && befores.done() && afters.done()).then_some(ops)
}
