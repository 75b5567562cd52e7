//! What the synthetic business promises: the same on every machine, exact counts, customers that do not depend on rows.
#![allow(clippy::unwrap_used)]

use super::*;
use std::collections::{HashMap, HashSet};

fn plan(customers: u32, rows: u64, seed: u64) -> Plan {
    let end = Day::from_ymd(2025, 12, 31).unwrap();
    Plan { customers, orders: rows, interactions: rows / 2, events: rows * 2, deals: rows / 20, seed, end, zone: Zone::shanghai() }
}

fn hash(records: impl Iterator<Item = Record>) -> String {
    let mut hasher = blake3::Hasher::new();
    records.for_each(|r| {
        hasher.update(serde_json::to_string(&r).unwrap().as_bytes());
    });
    hasher.finalize().to_hex()[..16].to_string()
}

#[test]
fn the_same_seed_gives_the_same_business_on_every_machine() {
    let business = Synthetic::new(plan(1_000, 5_000, 42));
    assert_eq!(hash(business.references().into_iter()), "e132aadeb3ac61fd");
    assert_eq!(hash(business.customers().map(|p| p.record)), "51697bbbebaba85f");
    assert_eq!(hash(business.rows().flat_map(|(_, rows)| rows).take(1_000)), "06e56842f37c42d2");
    assert_ne!(hash(Synthetic::new(plan(1_000, 5_000, 43)).customers().map(|p| p.record)), "51697bbbebaba85f");
}

#[test]
fn asking_for_more_rows_or_more_customers_leaves_the_first_customers_as_they_are() {
    let few: Vec<_> = Synthetic::new(plan(300, 10, 7)).customers().collect();
    let many: Vec<_> = Synthetic::new(plan(900, 90_000, 7)).customers().take(300).collect();
    assert_eq!(few, many);
}

#[test]
fn counts_are_exact_and_ids_are_dense() {
    for (customers, rows) in [(1, 40), (7, 0), (500, 3), (2_000, 9_999)] {
        let business = Synthetic::new(plan(customers, rows, 1));
        let mut seen: HashMap<Kind, u64> = HashMap::new();
        for (id, records) in business.rows() {
            for record in records {
                let last = seen.entry(record.kind).or_default();
                assert_eq!(record.id, *last + 1, "{:?}", record.kind);
                *last += 1;
                assert_eq!(record.customer(), id);
            }
        }
        let count = |k| seen.get(&k).copied().unwrap_or(0);
        assert_eq!(
            [count(Kind::Order), count(Kind::Interaction), count(Kind::Event), count(Kind::Deal)],
            [rows, rows / 2, rows * 2, rows / 20]
        );
        assert!(count(Kind::Payment) <= rows && count(Kind::StageVisit) >= rows / 20);
    }
    assert_eq!(Synthetic::new(plan(0, 10, 1)).rows().count(), 0);
}

#[test]
fn every_record_is_well_formed_and_lies_in_the_history() {
    let business = Synthetic::new(plan(800, 4_000, 3));
    let (first, last) = (business.midnight(0), business.midnight(1095) + 86_400_000);
    let people = business.customers().map(|p| p.record);
    for record in people.chain(business.rows().flat_map(|(_, rows)| rows)).chain(business.references()) {
        assert!(record.fields.windows(2).all(|w| w[0].0 < w[1].0), "{record:?}");
        assert!(record.fields.iter().all(|(f, _)| field::spec(*f).is_some_and(|s| s.kind == record.kind)), "{record:?}");
        if record.kind.is_row() {
            assert!((first..last).contains(&record.moment().ms), "{record:?}");
        }
    }
}

#[test]
fn activity_is_skewed_and_phones_are_mostly_distinct() {
    let business = Synthetic::new(plan(5_000, 25_000, 9));
    let mut orders: Vec<usize> = business.rows().map(|(_, rows)| rows.iter().filter(|r| r.kind == Kind::Order).count()).collect();
    orders.sort_unstable_by(|a, b| b.cmp(a));
    let top: usize = orders[..1_000].iter().sum();
    assert!((13_000..20_000).contains(&top), "the first fifth holds {top} of 25,000");
    let phones: Vec<String> =
        business.customers().filter_map(|p| p.record.get(field::C_PHONES).map(|v| crate::domain::phone::key(&v.texts()[0]))).collect();
    let distinct = phones.iter().collect::<HashSet<_>>().len();
    assert!(distinct * 100 > phones.len() * 97 && distinct < phones.len());
    assert!(phones.iter().all(|p| !p.starts_with('1')
        || p.starts_with("154")
        || p.starts_with("1212")
        || p.starts_with("1206")
        || p.starts_with("1416")));
}
