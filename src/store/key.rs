//! The keys of the one tree, all built here, all big-endian, so that order of bytes is order of meaning.
//!
//! ```text
//! m                                   what the whole store knows: applied seq, state hash, next ids
//! r  kind·4 0·8 kind id·8             page of records by id (customers, staff, products, tags ...)
//! t  customer·4 moment·8 kind id·8    page of timeline rows; the moment's sign bit is flipped; customer 0 = nobody's
//! n  kind·4 hash·8 kind id·8          page of record numbers
//! x  kind id·8 group·4 part·2         a piece of a record too long for a page; group as on the page, so that a row on its
//!                                     way to another customer keeps its pieces apart from the ones it leaves
//! g  tag·8 page·4                     16,384 customers' marks of one tag
//! p                                   the number of a batch that is half applied
//! ```

use super::page::Place;
use crate::domain::RecordId;

/// The key of the one value about the whole store.
pub(super) const META: &[u8] = b"m";
/// The key of the number of a half applied batch.
pub(super) const PENDING: &[u8] = b"p";

/// A family of pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Space {
    /// Record numbers.
    Numbers,
    /// Records by id.
    Records,
    /// Rows by customer and moment.
    Timeline,
}

impl Space {
    /// Every family.
    pub(super) const ALL: [Space; 3] = [Space::Numbers, Space::Records, Space::Timeline];

    /// The first byte of its keys.
    pub(super) fn prefix(self) -> u8 {
        match self {
            Space::Numbers => b'n',
            Space::Records => b'r',
            Space::Timeline => b't',
        }
    }

    /// Where `sub` counts from, so that the first of a group is a short number.
    pub(super) fn origin(self) -> u64 {
        if self == Space::Timeline { SIGN } else { 0 }
    }
}

const SIGN: u64 = 1 << 63;

/// Milliseconds as a number that sorts as they do.
pub(super) fn sortable(ms: i64) -> u64 {
    (ms as u64) ^ SIGN
}

/// Back from [`sortable`].
pub(super) fn milliseconds(sub: u64) -> i64 {
    (sub ^ SIGN) as i64
}

/// The key of a page that begins with `place`.
pub(super) fn page(space: Space, place: Place) -> [u8; 22] {
    let mut key = [0; 22];
    key[0] = space.prefix();
    key[1..5].copy_from_slice(&place.group.to_be_bytes());
    key[5..13].copy_from_slice(&place.sub.to_be_bytes());
    key[13] = place.kind;
    key[14..].copy_from_slice(&place.id.to_be_bytes());
    key
}

/// The place a page key names; `None` when it is no key of that family.
pub(super) fn place(space: Space, key: &[u8]) -> Option<Place> {
    if key.len() != 22 || key.first() != Some(&space.prefix()) {
        return None;
    }
    Some(Place {
        group: u32::from_be_bytes(key.get(1..5)?.try_into().ok()?),
        sub: u64::from_be_bytes(key.get(5..13)?.try_into().ok()?),
        kind: *key.get(13)?,
        id: u64::from_be_bytes(key.get(14..)?.try_into().ok()?),
    })
}

/// The key of one piece of the long record that stands at `place`.
pub(super) fn piece(place: Place, part: u16) -> [u8; 16] {
    let mut key = [0; 16];
    key[0] = b'x';
    key[1] = place.kind;
    key[2..10].copy_from_slice(&place.id.to_be_bytes());
    key[10..14].copy_from_slice(&place.group.to_be_bytes());
    key[14..].copy_from_slice(&part.to_be_bytes());
    key
}

/// The key of one page of a tag's marks.
pub(super) fn marks(tag: RecordId, page: u32) -> [u8; 13] {
    let mut key = [0; 13];
    key[0] = b'g';
    key[1..9].copy_from_slice(&tag.to_be_bytes());
    key[9..].copy_from_slice(&page.to_be_bytes());
    key
}

/// Tag and page of a key of marks.
pub(super) fn marks_of(key: &[u8]) -> Option<(RecordId, u32)> {
    if key.len() != 13 || key.first() != Some(&b'g') {
        return None;
    }
    Some((u64::from_be_bytes(key.get(1..9)?.try_into().ok()?), u32::from_be_bytes(key.get(9..)?.try_into().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn keys_sort_as_places_do_and_come_back(a in any::<(u32, i64, u8, u64)>(), b in any::<(u32, i64, u8, u64)>()) {
            let of = |(group, at, kind, id): (u32, i64, u8, u64)| Place { group, sub: sortable(at), kind, id };
            for space in Space::ALL {
                prop_assert_eq!(page(space, of(a)).cmp(&page(space, of(b))), a.cmp(&b));
                prop_assert_eq!(place(space, &page(space, of(a))), Some(of(a)));
            }
            prop_assert_eq!(milliseconds(sortable(a.1)), a.1);
            prop_assert_eq!(marks_of(&marks(a.3, a.0)), Some((a.3, a.0)));
        }
    }
}
