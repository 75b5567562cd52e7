//! A page: neighbouring rows of one family, sorted by place, in one value of at most 4 KiB (packed). Rows of one group (a
//! customer, a kind) stand behind their common length, so that a reader passes over other groups without looking in.
//!
//! Why customers share pages: a page of their own costs each of a million customers about 60 bytes of key and envelope and
//! leaves nothing for packing to find; shared pages of up to 8 KiB unpacked take less than half the room and load faster.

use super::envelope::{self, HEAD, MOST};
use super::key::{self, Space};
use super::wire::{CLOCK, Reader, put_bytes, put_i64, put_scaled, put_u64};

/// The most a page may hold unpacked, in bytes: bounds what one look-up has to unpack.
pub(super) const UNPACKED: usize = 8192;
/// A page that shrinks below this looks for a neighbour to join, in unpacked bytes.
pub(super) const SMALL: usize = 1024;
/// The longest body of a row; longer ones live in pieces of their own.
pub(super) const BODY: usize = 1024;

/// Where a row stands: families sort by group, then `sub`, kind, id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    /// Customer of a timeline row, kind of a record or number.
    pub(super) group: u32,
    /// Moment of a timeline row (sortable), hash of a number, 0 for records.
    pub(super) sub: u64,
    /// Kind of the record.
    pub(super) kind: u8,
    /// Its id.
    pub(super) id: u64,
}

impl Place {
    /// The first place of a group.
    pub(super) fn first(group: u32) -> Place {
        Place { group, sub: 0, kind: 0, id: 0 }
    }

    /// The place right after, for "everything from the next one on".
    pub(super) fn next(self) -> Option<Place> {
        if let Some(id) = self.id.checked_add(1) {
            return Some(Place { id, ..self });
        }
        if let Some(kind) = self.kind.checked_add(1) {
            return Some(Place { kind, id: 0, ..self });
        }
        if let Some(sub) = self.sub.checked_add(1) {
            return Some(Place { sub, kind: 0, id: 0, ..self });
        }
        Some(Place::first(self.group.checked_add(1)?))
    }
}

/// A row: its place and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row<B> {
    pub(super) place: Place,
    pub(super) body: B,
}

impl<B: AsRef<[u8]>> Row<B> {
    /// A good guess of its bytes on a page.
    pub(super) fn weight(&self) -> usize {
        self.body.as_ref().len() + 12
    }
}

/// The unpacked bytes of a page of these rows, which are ascending.
pub(super) fn encode<B: AsRef<[u8]>>(space: Space, rows: &[Row<B>]) -> Vec<u8> {
    let mut out = Vec::with_capacity(rows.iter().map(Row::weight).sum());
    let mut last_group = 0;
    let mut inner = Vec::new();
    for group in rows.chunk_by(|a, b| a.place.group == b.place.group) {
        let Some(first) = group.first() else { continue };
        put_u64(&mut out, u64::from(first.place.group.wrapping_sub(last_group)));
        last_group = first.place.group;
        inner.clear();
        let (mut sub, mut id) = (space.origin(), 0_u64);
        for row in group {
            // Wrapping: the distance is taken back the same way, whatever its size.
            put_scaled(&mut inner, row.place.sub.wrapping_sub(sub) as i64, CLOCK);
            inner.push(row.place.kind);
            put_i64(&mut inner, row.place.id.wrapping_sub(id) as i64);
            put_bytes(&mut inner, row.body.as_ref());
            (sub, id) = (row.place.sub, row.place.id);
        }
        put_bytes(&mut out, &inner);
    }
    out
}

/// The groups of an unpacked page: (group, its bytes).
pub(super) struct Groups<'a> {
    reader: Reader<'a>,
    last: u32,
}

/// Walks the groups of an unpacked page.
pub(super) fn groups(bytes: &[u8]) -> Groups<'_> {
    Groups { reader: Reader::new(bytes), last: 0 }
}

impl<'a> Iterator for Groups<'a> {
    type Item = Option<(u32, &'a [u8])>;
    fn next(&mut self) -> Option<Self::Item> {
        if self.reader.is_empty() {
            return None;
        }
        let step = self.reader.u32();
        let bytes = self.reader.bytes();
        let (Some(step), Some(bytes)) = (step, bytes) else {
            self.reader = Reader::new(&[]);
            return Some(None);
        };
        self.last = self.last.wrapping_add(step);
        Some(Some((self.last, bytes)))
    }
}

/// Appends the rows of one group; `None` when the bytes are none.
pub(super) fn rows_of<'a>(space: Space, group: u32, bytes: &'a [u8], out: &mut Vec<Row<&'a [u8]>>) -> Option<()> {
    let mut r = Reader::new(bytes);
    let (mut sub, mut id) = (space.origin(), 0_u64);
    while !r.is_empty() {
        sub = sub.wrapping_add(r.scaled(CLOCK)? as u64);
        let kind = r.byte()?;
        id = id.wrapping_add(r.i64()? as u64);
        let body = r.bytes()?;
        out.push(Row { place: Place { group, sub, kind, id }, body });
    }
    Some(())
}

/// All rows of an unpacked page; `None` when the bytes are no page or not in order.
pub(super) fn decode(space: Space, bytes: &[u8]) -> Option<Vec<Row<&[u8]>>> {
    let mut rows = Vec::with_capacity(bytes.len() / 24);
    for group in groups(bytes) {
        let (group, bytes) = group?;
        rows_of(space, group, bytes, &mut rows)?;
    }
    rows.windows(2).all(|w| matches!(w, [a, b] if a.place < b.place)).then_some(rows)
}

/// A page ready to be put: its first place and its sealed value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sealed {
    pub(super) first: Place,
    pub(super) value: Vec<u8>,
}

/// The rows as one page; `None` when they do not fit one.
pub(super) fn seal<B: AsRef<[u8]>>(space: Space, rows: &[Row<B>]) -> Option<Sealed> {
    let first = rows.first()?.place;
    let plain = encode(space, rows);
    if plain.len() > UNPACKED {
        return None;
    }
    let value = envelope::seal(&key::page(space, first), &plain)?;
    Some(Sealed { first, value })
}

/// The longest run from the front that fits one page, by the guess `ratio` (packed per unpacked byte, in 1/256), which is
/// kept up to date: full pages without trying every length.
pub(super) fn seal_front<B: AsRef<[u8]>>(space: Space, rows: &[Row<B>], ratio: &mut usize) -> Option<(usize, Sealed)> {
    let room = ((MOST - HEAD) * 256 / (*ratio).max(1)).min(UNPACKED);
    let mut used = 0;
    let mut n = rows
        .iter()
        .take_while(|row| {
            used += row.weight();
            used <= room
        })
        .count()
        .max(1);
    loop {
        if let Some(sealed) = rows.get(..n).and_then(|front| seal(space, front)) {
            let plain: usize = rows.iter().take(n).map(Row::weight).sum();
            // A little dearer than seen, so that most guesses fit at once.
            let seen = sealed.value.len() * 264 / plain.max(1) + 1;
            *ratio = if seen > *ratio { seen } else { (*ratio * 7 + seen) / 8 };
            return Some((n, sealed));
        }
        if n <= 1 {
            return None;
        }
        *ratio = (*ratio * 17 / 16).max(1);
        n = (n * 15 / 16).clamp(1, n - 1);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_rows() -> impl Strategy<Value = Vec<Row<Vec<u8>>>> {
        let row = (0_u32..5, any::<u64>(), 1_u8..40, any::<u64>(), prop::collection::vec(any::<u8>(), 0..60));
        prop::collection::vec(row, 1..80).prop_map(|mut rows| {
            rows.sort();
            rows.dedup_by_key(|r| (r.0, r.1, r.2, r.3));
            rows.into_iter().map(|(group, sub, kind, id, body)| Row { place: Place { group, sub, kind, id }, body }).collect()
        })
    }

    proptest! {
        #[test]
        fn a_page_reads_back_as_it_was_written(rows in any_rows()) {
            for space in Space::ALL {
                let bytes = encode(space, &rows);
                let back = decode(space, &bytes).unwrap();
                prop_assert_eq!(back.len(), rows.len());
                prop_assert!(back.iter().zip(&rows).all(|(a, b)| a.place == b.place && a.body == b.body));
            }
        }

        #[test]
        fn no_bytes_make_a_page_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            for space in Space::ALL {
                let _ = decode(space, &bytes);
            }
        }

        #[test]
        fn a_front_always_fits_and_leaves_no_row_out(rows in any_rows(), start in 1_usize..600) {
            let mut ratio = start;
            let (mut at, mut seen) = (0, Vec::new());
            while at < rows.len() {
                let (n, sealed) = seal_front(Space::Timeline, &rows[at..], &mut ratio).unwrap();
                prop_assert!(sealed.value.len() <= MOST);
                let plain = envelope::open(&key::page(Space::Timeline, sealed.first), &sealed.value).unwrap().into_owned();
                seen.extend(decode(Space::Timeline, &plain).unwrap().into_iter().map(|r| r.place));
                at += n;
            }
            prop_assert_eq!(seen, rows.iter().map(|r| r.place).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_next_place_follows_at_once() {
        let p = Place { group: 1, sub: 2, kind: 3, id: 4 };
        assert_eq!(p.next(), Some(Place { id: 5, ..p }));
        assert_eq!(Place { id: u64::MAX, ..p }.next(), Some(Place { kind: 4, id: 0, ..p }));
        assert_eq!(Place { group: u32::MAX, sub: u64::MAX, kind: u8::MAX, id: u64::MAX }.next(), None);
    }
}
