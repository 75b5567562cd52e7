//! The sorter keeps order, gives everything back, and stays within its bytes.

use super::*;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn what_goes_in_comes_out_in_order_and_within_the_budget(keys in prop::collection::vec(prop::collection::vec(0u8..4, 0..40), 0..400)) {
        let dir = tempfile::tempdir().unwrap();
        let limit = 1500;
        let mut sorter = Sorter::new(dir.path(), "t", limit);
        let mut expected = Vec::new();
        for (i, key) in keys.iter().enumerate() {
            let mut key = key.clone();
            key.extend_from_slice(&(i as u64).to_be_bytes());
            sorter.push(&key, &[i as u8; 10]).unwrap();
            prop_assert!(sorter.peak <= limit);
            expected.push((key, vec![i as u8; 10]));
        }
        expected.sort();
        let mut sorted = sorter.finish().unwrap();
        let mut got = Vec::new();
        while let Some((k, p)) = sorted.next().unwrap() {
            got.push((k.to_vec(), p.to_vec()));
        }
        prop_assert_eq!(got, expected);
        drop(sorted);
        prop_assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}

#[test]
fn more_runs_than_may_be_open_at_once_are_merged_on_the_way() {
    let dir = tempfile::tempdir().unwrap();
    let mut sorter = Sorter::new(dir.path(), "t", 64);
    for i in (0..500u32).rev() {
        sorter.push(&i.to_be_bytes(), b"x").unwrap();
        assert!(sorter.runs.len() < FAN_IN);
    }
    let mut sorted = sorter.finish().unwrap();
    for i in 0..500u32 {
        assert_eq!(sorted.next().unwrap().map(|(k, _)| k.to_vec()), Some(i.to_be_bytes().to_vec()));
    }
    assert!(sorted.next().unwrap().is_none());
}
