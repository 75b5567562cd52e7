//! One pure function: what becomes of neighbouring pages when rows change. It splits what is too long in half and joins
//! what is handed to it together; who calls it decides which neighbours to hand over.

use super::key::Space;
use super::page::{self, Place, Row, Sealed, UNPACKED};

/// What to write.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct PageChanges {
    /// Pages to put, ascending.
    pub(super) puts: Vec<Sealed>,
    /// Keys of pages that are no more.
    pub(super) removes: Vec<Place>,
    /// Unpacked bytes of all rows left, as guessed by their weights.
    pub(super) weight: usize,
}

/// The pages after `changes` (ascending; a body upserts the row at that place, `None` removes it). `pages` are neighbours,
/// ascending, each its key and its rows, and together cover every changed place. `None` only when a body is longer than
/// any page holds.
pub(super) fn pages_after(space: Space, pages: &[(Place, Vec<Row<&[u8]>>)], changes: &[(Place, Option<&[u8]>)]) -> Option<PageChanges> {
    let rows = merged(pages, changes);
    let mut after = PageChanges { weight: rows.iter().map(Row::weight).sum(), ..PageChanges::default() };
    split(space, &rows, &mut after.puts)?;
    after.removes = pages.iter().map(|(key, _)| *key).filter(|key| !after.puts.iter().any(|p| p.first == *key)).collect();
    Some(after)
}

fn merged<'a>(pages: &[(Place, Vec<Row<&'a [u8]>>)], changes: &[(Place, Option<&'a [u8]>)]) -> Vec<Row<&'a [u8]>> {
    let mut rows = Vec::with_capacity(pages.iter().map(|(_, r)| r.len()).sum::<usize>() + changes.len());
    let mut old = pages.iter().flat_map(|(_, rows)| rows).peekable();
    for (place, body) in changes {
        while let Some(row) = old.next_if(|row| row.place < *place) {
            rows.push(row.clone());
        }
        let _ = old.next_if(|row| row.place == *place);
        if let Some(body) = body {
            rows.push(Row { place: *place, body });
        }
    }
    rows.extend(old.cloned());
    rows
}

fn split(space: Space, rows: &[Row<&[u8]>], out: &mut Vec<Sealed>) -> Option<()> {
    if rows.is_empty() {
        return Some(());
    }
    let weight: usize = rows.iter().map(Row::weight).sum();
    if weight <= UNPACKED + UNPACKED / 4
        && let Some(sealed) = page::seal(space, rows)
    {
        out.push(sealed);
        return Some(());
    }
    if rows.len() == 1 {
        return None;
    }
    let mut half = 0;
    let middle = rows
        .iter()
        .position(|row| {
            half += row.weight();
            half * 2 >= weight
        })
        .unwrap_or(0);
    let (left, right) = rows.split_at((middle + 1).clamp(1, rows.len() - 1));
    split(space, left, out)?;
    split(space, right, out)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::envelope::{self, MOST};
    use super::super::key;
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    type Model = BTreeMap<Place, Vec<u8>>;

    fn place() -> impl Strategy<Value = Place> {
        (0_u32..4, 0_u64..40, 20_u8..22, 0_u64..6).prop_map(|(group, sub, kind, id)| Place { group, sub, kind, id })
    }

    fn change() -> impl Strategy<Value = (Place, Option<Vec<u8>>)> {
        let body = prop_oneof![
            3 => prop::collection::vec(any::<u8>(), 0..80),
            1 => prop::collection::vec(any::<u8>(), 900..1024),
        ];
        (place(), prop::option::weighted(0.7, body))
    }

    /// The whole store of one family as a map of sealed pages, changed through `pages_after` page by page.
    fn write(pages: &mut BTreeMap<Place, Vec<u8>>, changes: &[(Place, Option<&[u8]>)]) {
        let plain: Vec<(Place, Vec<u8>)> =
            pages.iter().map(|(p, v)| (*p, envelope::open(&key::page(Space::Timeline, *p), v).unwrap().into_owned())).collect();
        let old: Vec<_> = plain.iter().map(|(p, v)| (*p, page::decode(Space::Timeline, v).unwrap())).collect();
        let after = pages_after(Space::Timeline, &old, changes).unwrap();
        after.removes.iter().for_each(|p| assert!(pages.remove(p).is_some()));
        pages.extend(after.puts.into_iter().map(|s| (s.first, s.value)));
    }

    proptest! {
        #[test]
        fn pages_hold_what_a_sorted_map_holds(rounds in prop::collection::vec(prop::collection::vec(change(), 1..40), 1..8)) {
            let (mut pages, mut model) = (BTreeMap::new(), Model::new());
            for round in rounds {
                let round: BTreeMap<_, _> = round.into_iter().collect();
                let changes: Vec<_> = round.iter().map(|(p, b)| (*p, b.as_deref())).collect();
                write(&mut pages, &changes);
                for (p, b) in &round {
                    match b {
                        Some(b) => drop(model.insert(*p, b.clone())),
                        None => drop(model.remove(p)),
                    }
                }
                let mut seen = Vec::new();
                for (first, value) in &pages {
                    prop_assert!(value.len() <= MOST);
                    let plain = envelope::open(&key::page(Space::Timeline, *first), value).unwrap().into_owned();
                    let rows = page::decode(Space::Timeline, &plain).unwrap();
                    prop_assert_eq!(rows.first().map(|r| r.place), Some(*first));
                    seen.extend(rows.into_iter().map(|r| (r.place, r.body.to_vec())));
                }
                prop_assert_eq!(seen, model.clone().into_iter().collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn a_page_emptied_is_removed_and_not_put() {
        let p = Place { group: 1, sub: 1, kind: 20, id: 1 };
        let after = pages_after(Space::Timeline, &[(p, vec![Row { place: p, body: b"x".as_slice() }])], &[(p, None)]).unwrap();
        assert_eq!(after, PageChanges { removes: vec![p], ..PageChanges::default() });
    }
}
