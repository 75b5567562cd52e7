//! A block as bytes: raw little-endian, so that reading is copying. Format 1.

use super::bits::Bits;
use super::cell::NumType;
use super::column::{Col, Data, Num, PAGE, Text};
use super::page::Page;
use super::version::{Block, PAGES};
use crate::domain::FieldId;
use std::sync::Arc;

/// The block as bytes.
pub(crate) fn encode(block: &Block, out: &mut Vec<u8>) {
    out.extend(block.seq.to_le_bytes());
    for page in &block.pages {
        match page {
            None => out.push(0),
            Some(page) => {
                out.push(1);
                put_page(page, out);
            }
        }
    }
}

/// The block behind bytes; `None` when they are no block.
pub(crate) fn decode(bytes: &[u8]) -> Option<Block> {
    let mut r = Reader(bytes);
    let mut block = Block { seq: r.u64()?, ..Block::default() };
    for page in block.pages.iter_mut().take(PAGES) {
        if r.u8()? == 1 {
            *page = Some(Arc::new(r.page()?));
        }
    }
    r.0.is_empty().then_some(block)
}

fn put_page(page: &Page, out: &mut Vec<u8>) {
    put_bits(&page.alive, out);
    put_len(page.cols.len(), out);
    for (field, col) in &page.cols {
        out.extend(field.0.to_le_bytes());
        put_col(col, out);
    }
    for col in page.totals.iter().chain([&page.haystack]) {
        out.push(u8::from(col.is_some()));
        if let Some(col) = col {
            put_col(col, out);
        }
    }
    put_len(page.tags.len(), out);
    for (tag, rows) in page.tags.iter() {
        out.extend(tag.to_le_bytes());
        put_bits(rows, out);
    }
    put_u32s(&page.keys, out);
}

fn put_col(col: &Col, out: &mut Vec<u8>) {
    put_bits(&col.known, out);
    match &col.data {
        Data::Num(n) => {
            out.extend([n.ty as u8, n.width]);
            out.extend(n.base.to_le_bytes());
            out.extend(n.step.to_le_bytes());
            put_bytes(&n.bytes, out);
        }
        Data::Text(t) => {
            out.extend([if t.packed { PACKED } else { PLAIN }]);
            put_bytes(&t.codes, out);
            put_u32s(&t.offsets, out);
            put_bytes(&t.bytes, out);
        }
    }
}

const PLAIN: u8 = 100;
const PACKED: u8 = 101;

fn put_bits(bits: &Bits, out: &mut Vec<u8>) {
    bits.0.iter().for_each(|w| out.extend(w.to_le_bytes()));
}
fn put_len(n: usize, out: &mut Vec<u8>) {
    out.extend((n as u32).to_le_bytes());
}
fn put_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    put_len(bytes.len(), out);
    out.extend_from_slice(bytes);
}
fn put_u32s(list: &[u32], out: &mut Vec<u8>) {
    put_len(list.len(), out);
    list.iter().for_each(|n| out.extend(n.to_le_bytes()));
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(head)
    }
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }
    fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[b]| b)
    }
    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }
    fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }
    fn len(&mut self) -> Option<usize> {
        self.u32().map(|n| n as usize)
    }
    fn bits(&mut self) -> Option<Bits> {
        Some(Bits([self.u64()?, self.u64()?, self.u64()?, self.u64()?]))
    }
    fn bytes(&mut self) -> Option<Box<[u8]>> {
        let n = self.len()?;
        self.take(n).map(Box::from)
    }
    fn u32s(&mut self) -> Option<Vec<u32>> {
        let n = self.len()?;
        let bytes = self.take(n.checked_mul(4)?)?;
        Some(bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
    }

    fn page(&mut self) -> Option<Page> {
        let mut page = Page { alive: self.bits()?, ..Page::default() };
        let columns = self.len()?;
        page.cols.reserve_exact(columns.min(super::COLUMNS_MAX));
        for _ in 0..columns {
            let field = FieldId(u16::from_le_bytes(self.array()?));
            page.cols.push((field, Arc::new(self.col()?)));
        }
        for held in page.totals.iter_mut().chain([&mut page.haystack]) {
            if self.u8()? == 1 {
                *held = Some(Arc::new(self.col()?));
            }
        }
        let tags = self.len()?;
        let mut list = Vec::with_capacity(tags.min(PAGE));
        for _ in 0..tags {
            list.push((self.u64()?, self.bits()?));
        }
        page.tags = Arc::new(list);
        page.keys = self.u32s()?.into();
        Some(page)
    }

    fn col(&mut self) -> Option<Col> {
        let known = self.bits()?;
        let kind = self.u8()?;
        let data = if kind == PLAIN || kind == PACKED {
            let (codes, offsets, bytes) = (self.bytes()?, self.u32s()?.into(), self.bytes()?);
            Data::Text(Text { packed: kind == PACKED, codes, offsets, bytes })
        } else {
            let ty = NumType::from_code(kind)?;
            let (width, base, step) = (self.u8()?, i64::from_le_bytes(self.array()?), self.u64()?);
            Data::Num(Num { ty, width, base, step, bytes: self.bytes()? })
        };
        Some(Col { known, data })
    }
}
