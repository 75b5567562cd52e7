//! Reading and writing small numbers: LEB128 varints, zigzag for signed ones. Reading never goes past the end.

/// A slice that is consumed from the front.
pub(super) struct Take<'a>(&'a [u8]);

impl<'a> Take<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Take<'a> {
        Take(bytes)
    }
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
    pub(super) fn bytes(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(head)
    }
    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*head)
    }
    pub(super) fn byte(&mut self) -> Option<u8> {
        let (head, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*head)
    }
    pub(super) fn varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let part = u64::from(byte & 0x7F);
            if shift == 63 && part > 1 {
                return None;
            }
            value |= part << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }
    pub(super) fn zigzag(&mut self) -> Option<i64> {
        let coded = self.varint()?;
        Some((coded >> 1).cast_signed() ^ -((coded & 1).cast_signed()))
    }
    /// A length or count that must be small enough to index with.
    pub(super) fn count(&mut self, most: usize) -> Option<usize> {
        usize::try_from(self.varint()?).ok().filter(|n| *n <= most)
    }
    /// A block with its length before it.
    pub(super) fn block(&mut self) -> Option<&'a [u8]> {
        let len = self.count(self.0.len())?;
        self.bytes(len)
    }
}

pub(super) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7F) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

pub(super) fn put_zigzag(out: &mut Vec<u8>, value: i64) {
    put_varint(out, ((value << 1) ^ (value >> 63)).cast_unsigned());
}

pub(super) fn put_block(out: &mut Vec<u8>, block: &[u8]) {
    put_varint(out, block.len() as u64);
    out.extend_from_slice(block);
}
