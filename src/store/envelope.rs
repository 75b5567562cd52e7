//! What surrounds every stored value: format, flags, schema and a sum over key and bytes, so that a value found under
//! another key, half written or of a newer version is told from a good one. Values stay within [`MOST`] bytes.

use super::codec::SCHEMA;
use std::borrow::Cow;

/// The longest value in the store, in bytes. Longer ones would spill into files that sled never syncs.
pub(super) const MOST: usize = 4096;
/// Bytes of the envelope itself.
pub(super) const HEAD: usize = 8;
/// The most a value may unpack to.
const UNPACKED_MOST: usize = 1 << 16;

const FORMAT: u8 = 1;
const LZ4: u8 = 1;
/// Below this many bytes packing costs more than it saves.
const WORTH: usize = 96;

/// Why a value cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// Its sum does not fit, or it is too short.
    Damaged,
    /// Written by a newer version: its schema.
    Newer(u16),
}

/// The payload in its envelope, packed when that helps; `None` when it is longer than [`MOST`] all the same.
pub(super) fn seal(key: &[u8], payload: &[u8]) -> Option<Vec<u8>> {
    if payload.len() >= WORTH {
        let packed = lz4_flex::block::compress(payload);
        if packed.len() + 2 < payload.len() && payload.len() < UNPACKED_MOST {
            let mut out = head(LZ4, HEAD + 2 + packed.len())?;
            out.extend_from_slice(&(payload.len() as u16).to_be_bytes());
            out.extend_from_slice(&packed);
            return Some(summed(key, out));
        }
    }
    let mut out = head(0, HEAD + payload.len())?;
    out.extend_from_slice(payload);
    Some(summed(key, out))
}

fn head(flags: u8, len: usize) -> Option<Vec<u8>> {
    if len > MOST {
        return None;
    }
    let mut out = Vec::with_capacity(len);
    out.extend_from_slice(&[FORMAT, flags]);
    out.extend_from_slice(&SCHEMA.to_be_bytes());
    out.extend_from_slice(&[0; 4]);
    Some(out)
}

fn summed(key: &[u8], mut out: Vec<u8>) -> Vec<u8> {
    let sum = sum(key, &out);
    out[4..HEAD].copy_from_slice(&sum.to_be_bytes());
    out
}

fn sum(key: &[u8], value: &[u8]) -> u32 {
    let crc = crc32c::crc32c(key);
    let crc = crc32c::crc32c_append(crc, value.get(..4).unwrap_or_default());
    crc32c::crc32c_append(crc, value.get(HEAD..).unwrap_or_default())
}

/// The payload of a value read under `key`.
pub(super) fn open<'a>(key: &[u8], value: &'a [u8]) -> Result<Cow<'a, [u8]>, Unreadable> {
    let (Some([format, flags, s1, s2, c1, c2, c3, c4]), Some(rest)) = (value.get(..HEAD), value.get(HEAD..)) else {
        return Err(Unreadable::Damaged);
    };
    if sum(key, value) != u32::from_be_bytes([*c1, *c2, *c3, *c4]) {
        return Err(Unreadable::Damaged);
    }
    let schema = u16::from_be_bytes([*s1, *s2]);
    if *format != FORMAT || schema > SCHEMA || flags & !LZ4 != 0 {
        return Err(Unreadable::Newer(schema));
    }
    if flags & LZ4 == 0 {
        return Ok(Cow::Borrowed(rest));
    }
    let (Some([l1, l2]), Some(packed)) = (rest.get(..2), rest.get(2..)) else { return Err(Unreadable::Damaged) };
    let len = usize::from(u16::from_be_bytes([*l1, *l2]));
    let plain = lz4_flex::block::decompress(packed, len).map_err(|_| Unreadable::Damaged)?;
    if plain.len() == len { Ok(Cow::Owned(plain)) } else { Err(Unreadable::Damaged) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_value_opens_only_under_its_own_key_and_whole() {
        for payload in [vec![], vec![7; 50], vec![9; 9000], (0..=255_u8).cycle().take(3000).collect::<Vec<_>>()] {
            let sealed = seal(b"key", &payload).unwrap();
            assert!(sealed.len() <= MOST);
            assert_eq!(open(b"key", &sealed).unwrap().as_ref(), payload);
            assert_eq!(open(b"kez", &sealed), Err(Unreadable::Damaged));
            for at in 0..sealed.len() {
                let mut bad = sealed.clone();
                bad[at] ^= 0x10;
                assert!(open(b"key", &bad).is_err(), "byte {at}");
                assert!(open(b"key", &sealed[..at]).is_err(), "cut at {at}");
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let mut noise = vec![0_u8; 5000];
        let mut x = 1_u32;
        for b in &mut noise {
            x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *b = (x >> 24) as u8;
        }
        assert_eq!(seal(b"k", &noise), None);
        assert!(seal(b"k", &noise[..MOST - HEAD]).is_some());
    }
}
