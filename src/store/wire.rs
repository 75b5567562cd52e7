//! Small building blocks of the stored bytes: variable-length numbers, numbers with trailing zeros cut off, and a reader
//! that never runs past its end.

/// Appends `v`, seven bits a byte, low bits first.
pub(super) fn put_u64(out: &mut Vec<u8>, mut v: u64) {
    while v >= 0x80 {
        out.push((v as u8) | 0x80);
        v >>= 7;
    }
    out.push(v as u8);
}

/// Appends a signed number with its sign in the lowest bit.
pub(super) fn put_i64(out: &mut Vec<u8>, v: i64) {
    put_u64(out, zigzag(v));
}

/// Appends bytes with their length before them.
pub(super) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_u64(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn zigzag(v: i64) -> u64 {
    ((v << 1) ^ (v >> 63)) as u64
}

fn unzigzag(v: u64) -> i64 {
    ((v >> 1) as i64) ^ -((v & 1) as i64)
}

/// Divisors of amounts and quantities: most are whole units or whole cents of ten-thousandths.
pub(super) const DECIMAL: [i64; 4] = [1, 100, 10_000, 1_000_000];
/// Divisors of milliseconds: most moments are whole seconds, minutes or (midnights of any zone) half hours.
pub(super) const CLOCK: [i64; 4] = [1, 1_000, 60_000, 1_800_000];

/// Appends a signed number divided by the largest of the four divisors that leaves nothing; two bits say which.
pub(super) fn put_scaled(out: &mut Vec<u8>, v: i64, scales: [i64; 4]) {
    let which = if v == 0 { 3 } else { (1..4).rev().find(|i| scales.get(*i).is_some_and(|s| v % s == 0)).unwrap_or(0) };
    let u = zigzag(v / scales.get(which).copied().unwrap_or(1));
    let rest = u >> 5;
    out.push(which as u8 | ((u & 0x1f) as u8) << 2 | if rest == 0 { 0 } else { 0x80 });
    if rest != 0 {
        put_u64(out, rest);
    }
}

/// Reads from a slice; every answer is `None` once the bytes do not hold what was asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { rest: bytes }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn remaining(&self) -> usize {
        self.rest.len()
    }

    #[inline]
    pub(super) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    #[inline]
    pub(super) fn u64(&mut self) -> Option<u64> {
        let first = self.byte()?;
        if first < 0x80 {
            return Some(u64::from(first));
        }
        let mut v = u64::from(first & 0x7f);
        let mut shift = 7;
        loop {
            let b = self.byte()?;
            let bits = u64::from(b & 0x7f);
            if shift == 63 && bits > 1 {
                return None;
            }
            v |= bits << shift;
            if b < 0x80 {
                return Some(v);
            }
            shift += 7;
            if shift > 63 {
                return None;
            }
        }
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        u32::try_from(self.u64()?).ok()
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        u16::try_from(self.u64()?).ok()
    }

    pub(super) fn i64(&mut self) -> Option<i64> {
        self.u64().map(unzigzag)
    }

    #[inline]
    pub(super) fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(n)?;
        self.rest = rest;
        Some(head)
    }

    /// Bytes behind their length.
    pub(super) fn bytes(&mut self) -> Option<&'a [u8]> {
        let n = usize::try_from(self.u64()?).ok()?;
        self.take(n)
    }

    /// Text behind its length.
    pub(super) fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    /// A count of things of at least `least` bytes each; refused when the bytes left cannot hold so many.
    pub(super) fn count(&mut self, least: usize) -> Option<usize> {
        let n = usize::try_from(self.u64()?).ok()?;
        (n.checked_mul(least)? <= self.rest.len()).then_some(n)
    }

    #[inline]
    pub(super) fn scaled(&mut self, scales: [i64; 4]) -> Option<i64> {
        let first = self.byte()?;
        let low = u64::from((first >> 2) & 0x1f);
        let high = if first & 0x80 != 0 { self.u64()? } else { 0 };
        let u = high.checked_mul(32)? | low;
        unzigzag(u).checked_mul(*scales.get(usize::from(first & 3))?)
    }

    /// A fixed-width big-endian number.
    pub(super) fn fixed<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back_as_they_went(u in any::<u64>(), shift in 0_u32..64, i in any::<i64>()) {
            let (u, i) = (u >> shift, i >> shift);
            let mut out = Vec::new();
            put_u64(&mut out, u);
            put_i64(&mut out, i);
            for scales in [DECIMAL, CLOCK] {
                put_scaled(&mut out, i, scales);
                put_scaled(&mut out, (i >> 24) * 60_000, scales);
            }
            let mut r = Reader::new(&out);
            prop_assert_eq!(r.u64(), Some(u));
            prop_assert_eq!(r.i64(), Some(i));
            for scales in [DECIMAL, CLOCK] {
                prop_assert_eq!(r.scaled(scales), Some(i));
                prop_assert_eq!(r.scaled(scales), Some((i >> 24) * 60_000));
            }
            prop_assert!(r.is_empty());
        }

        #[test]
        fn no_bytes_make_the_reader_run_over(bytes in prop::collection::vec(any::<u8>(), 0..24)) {
            let mut r = Reader::new(&bytes);
            while !r.is_empty() {
                let before = r.remaining();
                if r.u64().is_none() && r.scaled(CLOCK).is_none() && r.bytes().is_none() && r.byte().is_none() {
                    break;
                }
                prop_assert!(r.remaining() < before);
            }
        }
    }

    #[test]
    fn edges_of_the_numbers_hold() {
        let mut out = Vec::new();
        for v in [0, 1, -1, i64::MAX, i64::MIN, 60_000, -10_000] {
            put_scaled(&mut out, v, DECIMAL);
            put_i64(&mut out, v);
        }
        put_u64(&mut out, u64::MAX);
        let mut r = Reader::new(&out);
        for v in [0, 1, -1, i64::MAX, i64::MIN, 60_000, -10_000] {
            assert_eq!(r.scaled(DECIMAL), Some(v));
            assert_eq!(r.i64(), Some(v));
        }
        assert_eq!(r.u64(), Some(u64::MAX));
        assert_eq!(Reader::new(&[0xff; 11]).u64(), None);
    }
}
