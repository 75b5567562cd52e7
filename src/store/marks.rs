//! Who carries a tag: one value for every 16,384 customers, as a list of 14-bit numbers while they are few and as bits when
//! they are many. (32,768 to a page, as first planned, would be 4,096 bytes of bits: one envelope too long for a value.)

use super::codec::short_hash;
use super::error::StoreError;
use super::key;
use super::meta::MetaDelta;
use super::tree::{Inner, Writes};
use crate::domain::{CustomerId, RecordId, RowSet};
use std::collections::BTreeSet;

/// Customers on one page.
const WIDTH: u32 = 1 << 14;
/// Bytes of a page of bits.
const BITS: usize = WIDTH as usize / 8;
/// Lists are shorter than bits up to this many.
const LISTED: usize = BITS / 2 - 1;

/// The ids of one page, ascending, as offsets.
pub(super) type Offsets = BTreeSet<u16>;

/// The page a customer is on, and the offset there.
pub(super) fn spot(id: CustomerId) -> (u32, u16) {
    (id / WIDTH, (id % WIDTH) as u16)
}

/// The set cut into pages.
pub(super) fn by_page(rows: &RowSet) -> Vec<(u32, Vec<u16>)> {
    let mut pages: Vec<(u32, Vec<u16>)> = Vec::new();
    for id in rows.iter() {
        let (page, offset) = spot(id);
        match pages.last_mut() {
            Some((last, offsets)) if *last == page => offsets.push(offset),
            _ => pages.push((page, vec![offset])),
        }
    }
    pages
}

/// The bytes of a page; the same set always gives the same bytes.
pub(super) fn encode(offsets: &Offsets) -> Vec<u8> {
    if offsets.len() <= LISTED {
        return offsets.iter().flat_map(|o| o.to_be_bytes()).collect();
    }
    let mut bits = vec![0_u8; BITS];
    for offset in offsets {
        if let Some(byte) = bits.get_mut(usize::from(*offset / 8)) {
            *byte |= 1 << (offset % 8);
        }
    }
    bits
}

/// The set of a page; `None` when the bytes are none.
pub(super) fn decode(bytes: &[u8]) -> Option<Offsets> {
    if bytes.len() == BITS {
        return Some((0..WIDTH as u16).filter(|o| bytes.get(usize::from(o / 8)).is_some_and(|b| b & 1 << (o % 8) != 0)).collect());
    }
    let pairs = bytes.chunks_exact(2);
    let offsets: Vec<u16> = pairs.clone().filter_map(|p| p.try_into().ok().map(u16::from_be_bytes)).collect();
    let sound = pairs.remainder().is_empty()
        && offsets.len() <= LISTED
        && offsets.windows(2).all(|w| w.first() < w.last())
        && offsets.last().is_none_or(|o| u32::from(*o) < WIDTH);
    sound.then(|| offsets.into_iter().collect())
}

/// Is this one on the page? Looks at its bit, or for its number; `None` when the bytes are none.
pub(super) fn holds(bytes: &[u8], offset: u16) -> Option<bool> {
    if bytes.len() == BITS {
        return bytes.get(usize::from(offset / 8)).map(|b| b & 1 << (offset % 8) != 0);
    }
    let (listed, rest) = bytes.as_chunks();
    (rest.is_empty() && listed.len() <= LISTED).then(|| listed.binary_search(&offset.to_be_bytes()).is_ok())
}

/// What a page adds to the state hash; an empty one adds nothing.
pub(super) fn fingerprint(key: &[u8], bytes: &[u8]) -> u128 {
    if bytes.is_empty() { 0 } else { short_hash(key, bytes) }
}

/// One page with customers added or taken.
pub(super) fn change(
    inner: &Inner,
    tag: RecordId,
    page: u32,
    ids: &[u16],
    on: bool,
    delta: &mut MetaDelta,
    writes: &mut Writes,
) -> Result<(), StoreError> {
    let key = key::marks(tag, page);
    let before = inner.get(&key)?.unwrap_or_default();
    let after = changed(&before, ids, on)?;
    if after == before {
        return Ok(());
    }
    delta.marks_changed(fingerprint(&key, &before), fingerprint(&key, &after));
    if after.is_empty() {
        writes.remove(&key);
        return Ok(());
    }
    writes.put(&key, &after)
}

/// The bytes of a page after customers were added or taken.
pub(super) fn changed(before: &[u8], ids: &[u16], on: bool) -> Result<Vec<u8>, StoreError> {
    let mut offsets = decode(before).ok_or_else(|| StoreError::damaged("a page of marks is unreadable"))?;
    for id in ids {
        if on {
            offsets.insert(*id);
        } else {
            offsets.remove(id);
        }
    }
    Ok(encode(&offsets))
}

/// The customers of one page.
pub(super) fn customers(page: u32, bytes: &[u8]) -> Option<impl Iterator<Item = CustomerId> + use<>> {
    let base = page.checked_mul(WIDTH)?;
    Some(decode(bytes)?.into_iter().map(move |o| base | u32::from(o)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_page_of_marks_reads_back_as_written(ids in prop::collection::btree_set(0_u16..WIDTH as u16, 0..3000)) {
            let bytes = encode(&ids);
            prop_assert!(bytes.len() <= BITS);
            for id in ids.iter().copied().chain([0, 1, 7, 4095, WIDTH as u16 - 1]) {
                prop_assert_eq!(holds(&bytes, id), Some(ids.contains(&id)));
            }
            prop_assert_eq!(decode(&bytes), Some(ids));
        }

        #[test]
        fn no_bytes_make_marks_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = decode(&bytes);
        }
    }

    #[test]
    fn marks_come_and_go_and_an_empty_page_has_no_bytes() {
        let on = changed(&[], &[3, 9], true).unwrap();
        assert_eq!(customers(1, &on).unwrap().collect::<Vec<_>>(), [WIDTH + 3, WIDTH + 9]);
        assert_eq!(changed(&on, &[3, 9], false).unwrap(), Vec::<u8>::new());
    }
}
