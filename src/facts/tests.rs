//! Laws of the facts: what was published is what is read, in every version, on disk and back, within the copying bound.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::value::Consent;
use crate::domain::{Day, FieldId, Kind, Moment, Money, Precision, Quantity, Value, field};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn row(id: CustomerId, fields: &[(FieldId, Value)]) -> Row {
    let mut record = Record::new(Kind::Customer, RecordId::from(id));
    fields.iter().for_each(|(f, v)| {
        record.set(*f, Some(v.clone()));
    });
    Row { id, record: Some(record), tags: Vec::new(), totals: Totals::default(), haystack: String::new() }
}

fn named(id: CustomerId, name: &str) -> Row {
    row(id, &[(field::C_NAME, Value::Text(name.into()))])
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-c]{0,3}", "[张三丰沈微]{1,4}", "[ -~]{0,40}", Just("杭州".to_string())]
}

fn moment() -> impl Strategy<Value = Moment> {
    let precision = prop_oneof![Just(Precision::Day), Just(Precision::Minute), Just(Precision::Second)];
    let ms = prop_oneof![-2i64..3, 1_600_000_000_000i64..1_800_000_000_000];
    (ms, precision).prop_map(|(ms, precision)| Moment { ms, precision })
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => text().prop_map(Value::Text),
        2 => prop_oneof![-5i64..300, any::<i64>()].prop_map(Value::Int),
        1 => any::<i64>().prop_map(|n| Value::Money(Money(n))),
        1 => (0i64..9).prop_map(|n| Value::Quantity(Quantity(n * 10_000))),
        1 => any::<i32>().prop_map(|n| Value::Day(Day(n))),
        2 => moment().prop_map(Value::Moment),
        1 => any::<i64>().prop_map(|ms| Value::Moment(Moment { ms, precision: Precision::Second })),
        1 => any::<bool>().prop_map(Value::Bool),
        1 => any::<u32>().prop_map(Value::Code),
        1 => any::<u64>().prop_map(Value::Ref),
        2 => proptest::collection::vec(text(), 0..4).prop_map(Value::Texts),
        1 => proptest::collection::vec(any::<u32>(), 0..4).prop_map(Value::Codes),
        1 => proptest::collection::vec(any::<u64>(), 0..4).prop_map(Value::Refs),
        1 => (any::<u32>(), any::<bool>(), proptest::option::of(any::<i32>()))
            .prop_map(|(channel, given, day)| Value::Consents(vec![Consent { channel, given, since: day.map(Day) }])),
        1 => proptest::collection::vec((text(), text()), 0..3).prop_map(Value::Props),
    ]
}

fn totals() -> impl Strategy<Value = Totals> {
    (0u32..4, any::<i64>(), proptest::option::of(moment()), proptest::option::of(moment()), 0u32..3).prop_map(|(n, money, a, b, code)| {
        Totals {
            orders: n,
            ordered: Money(money),
            last_contact: a,
            next_at: b,
            last_channel: code,
            points: Money(i64::from(n) * 10_000),
            ..Totals::default()
        }
    })
}

fn any_row() -> impl Strategy<Value = Row> {
    let id = prop_oneof![1u32..6, 250u32..262, 4090u32..4100, Just(70_000u32)];
    let fields = proptest::collection::vec((prop_oneof![1u16..40, 1000u16..1004], value()), 0..8);
    (id, proptest::option::weighted(0.85, fields), proptest::collection::vec(1u64..5, 0..3), totals(), text()).prop_map(
        |(id, fields, tags, totals, haystack)| {
            let record =
                fields.map(|fields| row(id, &fields.into_iter().map(|(f, v)| (FieldId(f), v)).collect::<Vec<_>>()).record.unwrap());
            Row { id, record, tags, totals, haystack }
        },
    )
}

/// The card a row is expected to give.
fn expected(row: &Row) -> Option<Card> {
    let mut record = row.record.clone()?;
    record.fields.retain(|(f, _)| has_column(*f));
    let mut tags = row.tags.clone();
    tags.sort_unstable();
    tags.dedup();
    Some(Card { id: row.id, record, tags, totals: row.totals })
}

use crate::domain::Card;

fn haystack_of(version: &Version, id: CustomerId) -> String {
    let Some((page, row)) = version.page(id) else { return String::new() };
    let Some((offsets, bytes)) = page.haystack() else { return String::new() };
    let range = offsets.get(usize::from(row)..usize::from(row) + 2).map_or(0..0, |o| o[0] as usize..o[1] as usize);
    String::from_utf8(bytes[range].to_vec()).unwrap()
}

fn check(version: &Version, model: &BTreeMap<CustomerId, Row>) {
    let alive: Vec<CustomerId> = model.values().filter(|r| r.record.is_some()).map(|r| r.id).collect();
    assert_eq!(version.ids().collect::<Vec<_>>(), alive);
    assert_eq!(version.customers, alive.len() as u64);
    assert_eq!(version.last_id(), alive.last().copied().unwrap_or(0));
    for row in model.values() {
        assert_eq!(version.card(row.id), expected(row));
        assert_eq!(haystack_of(version, row.id), if row.record.is_some() { row.haystack.clone() } else { String::new() });
        let Some(record) = &row.record else { continue };
        for (field, key) in keys::KEYED {
            for text in record.get(field).map_or(&[][..], Value::texts).iter().filter(|t| !key.form(t).is_empty()) {
                assert!(version.by(key, text).contains(&row.id));
                assert_eq!(version.by(key, text), version.key_table().by(key, text));
            }
        }
    }
    for tag in 1..5 {
        let carrying = |r: &&Row| r.record.is_some() && r.tags.contains(&tag);
        assert_eq!(version.tagged(tag), model.values().filter(carrying).map(|r| r.id).collect());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn facts_are_the_naive_map_after_any_publishes_and_after_reopening(
        batches in proptest::collection::vec(proptest::collection::vec(any_row(), 1..12), 1..8)
    ) {
        let facts = Facts::new();
        let mut model = BTreeMap::new();
        let dir = tempfile::tempdir().unwrap();
        for (i, rows) in batches.into_iter().enumerate() {
            let seq = i as Seq + 1;
            model.extend(rows.iter().map(|r| (r.id, r.clone())));
            let before = facts.version();
            let cards: Vec<_> = before.ids().map(|id| before.card(id)).collect();
            let after = facts.publish(seq, rows, None, None);
            check(&after, &model);
            prop_assert_eq!(before.ids().map(|id| before.card(id)).collect::<Vec<_>>(), cards);
            if i % 2 == 0 {
                facts.checkpoint(dir.path(), 1).unwrap();
            }
        }
        let report = facts.checkpoint(dir.path(), u64::MAX).unwrap();
        prop_assert_eq!((report.left, report.clean), (0, facts.version().seq));
        let (again, states) = Facts::open(dir.path()).unwrap();
        check(&again.version(), &model);
        prop_assert!(states.iter().all(|s| s.loaded == Loaded::At(report.clean) || facts.version().blocks[s.block as usize].is_none()));
    }
}

/// A customer with every field full: texts longer than a column takes, numbers that need eight bytes.
fn fat(id: CustomerId, salt: u64) -> Row {
    let mut fields = Vec::new();
    for (i, spec) in field::of_kind(Kind::Customer).enumerate() {
        let n = (salt + i as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) as i64;
        let long = format!("{n}{}", "长".repeat(3000));
        let value = match i % 3 {
            0 => Value::Text(long),
            1 => Value::Texts(vec![long; 9]),
            _ => Value::Int(n),
        };
        fields.push((spec.id, value));
    }
    fields.extend(
        (0..200u16).map(|c| (FieldId(field::CUSTOM + c), Value::Int((salt + 7 * u64::from(c)).wrapping_mul(0x9e37_79b9_7f4a_7c15) as i64))),
    );
    let wide = |k: u64| Money((salt + k).wrapping_mul(0x9e37_79b9_7f4a_7c15) as i64);
    let at = |k: u64| Some(Moment::second(((salt + k).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 8) as i64));
    let totals = Totals {
        orders: salt as u32,
        ordered: wide(1),
        first_order: at(2),
        last_order: at(3),
        paid: wide(4),
        interactions: 5,
        last_contact: at(6),
        last_channel: 7,
        last_outcome: 8,
        next_at: at(9),
        open_deals: 10,
        open_deal_amount: wide(11),
        open_tickets: 12,
        open_tasks: 13,
        balance: wide(14),
        points: wide(15),
    };
    Row { totals, tags: (0..40).map(|t| t + salt % 100).collect(), haystack: "草".repeat(9000), ..row(id, &fields) }
}

#[test]
fn a_change_of_one_customer_copies_at_most_half_a_mebibyte_whatever_is_in_it() {
    let facts = Facts::new();
    facts.publish(1, (256..512).map(|id| fat(id, u64::from(id) * 1000)).collect(), None, None);
    for (seq, id) in [(2, 256), (3, 300), (4, 511), (5, 300)] {
        let before = facts.counters();
        facts.publish(seq, vec![fat(id, seq * 77_777)], None, None);
        let after = facts.counters();
        let copied = after.bytes_copied - before.bytes_copied;
        assert!(copied <= 512 * 1024, "{copied}");
        assert_eq!(after.blocks_cloned - before.blocks_cloned, 1);
    }
    // Thinner ones leave room again, and an ordinary change copies little.
    facts.publish(6, (256..512).map(|id| named(id, "沈知微")).collect(), None, None);
    let before = facts.counters().bytes_copied;
    facts.publish(7, vec![named(300, "许清越")], None, None);
    assert!(facts.counters().bytes_copied - before < 8 * 1024);
    assert_eq!(facts.version().text(300, field::C_NAME), "许清越");
}

#[test]
fn a_change_replaces_only_the_columns_whose_value_changed() {
    let facts = Facts::new();
    let full = |id, city: &str| row(id, &[(field::C_NAME, Value::Text("沈知微".into())), (field::C_CITY, Value::Text(city.into()))]);
    facts.publish(1, vec![full(1, "杭州"), full(2, "成都")], None, None);
    let old = facts.version();
    let new = facts.publish(2, vec![full(1, "深圳")], None, None);
    let (a, b) = (old.page(1).unwrap().0, new.page(1).unwrap().0);
    assert!(Arc::ptr_eq(&a.cols[0].1, &b.cols[0].1));
    assert!(!Arc::ptr_eq(&a.cols[1].1, &b.cols[1].1));
    assert!(Arc::ptr_eq(&a.keys, &b.keys));
    assert_eq!((old.text(1, field::C_CITY), new.text(1, field::C_CITY)), ("杭州", "深圳"));
}

#[test]
fn an_over_long_text_is_cut_at_a_character() {
    let facts = Facts::new();
    let v = facts.publish(1, vec![named(1, &"长".repeat(2000))], None, None);
    assert_eq!(v.text(1, field::C_NAME).chars().count(), CELL_MAX / 3);
}

#[test]
fn an_exact_key_is_found_in_any_format_and_no_longer_after_it_changed() {
    let facts = Facts::new();
    let of = |phone: &str| {
        let fields = [
            (field::C_NUMBER, Value::Text("C00042".into())),
            (field::C_NAME, Value::Text("Zoë  Beispiel".into())),
            (field::C_PHONES, Value::Texts(vec![phone.into(), "+44 7700 900123".into()])),
            (field::C_EMAILS, Value::Texts(vec!["Zoe@Example.com".into()])),
        ];
        row(7, &fields)
    };
    let v = facts.publish(1, vec![of("154-0000-6812")], None, None);
    assert_eq!(v.by_phone("+86 154 0000 6812"), [7]);
    assert_eq!(v.by_phone("00447700900123"), [7]);
    assert_eq!(v.by_number("c00042"), [7]);
    assert_eq!(v.by_email("zoe@example.COM"), [7]);
    assert_eq!(v.by_name("zoë beispiel"), [7]);
    assert!(v.by_name("").is_empty() && v.by_phone("6812").is_empty());
    let w = facts.publish(2, vec![of("15400000001")], None, None);
    assert!(w.by_phone("15400006812").is_empty());
    assert_eq!(v.by_phone("15400006812"), [7]);
    let gone = facts.publish(3, vec![Row { record: None, ..of("1") }], None, None);
    assert!(gone.by_number("C00042").is_empty() && gone.customers == 0);
}

fn three_blocks(dir: &std::path::Path) -> Facts {
    let facts = Facts::new();
    facts.publish(5, [1, 5000, 9000].into_iter().map(|id| named(id, "单雨桐")).collect(), None, None);
    facts.checkpoint(dir, u64::MAX).unwrap();
    facts
}

#[test]
fn a_flipped_bit_anywhere_in_a_block_is_detected_and_the_others_still_load() {
    let dir = tempfile::tempdir().unwrap();
    three_blocks(dir.path());
    let path = dir.path().join("000001.blk");
    let good = std::fs::read(&path).unwrap();
    for at in (0..good.len()).step_by(if good.len() > 600 { 5 } else { 1 }) {
        let mut bad = good.clone();
        bad[at] ^= 1 << (at % 8);
        std::fs::write(&path, &bad).unwrap();
        let (facts, states) = Facts::open(dir.path()).unwrap();
        assert!(matches!(states[1].loaded, Loaded::Bad(_)), "byte {at}");
        assert_eq!(facts.version().ids().collect::<Vec<_>>(), [1, 9000]);
    }
    std::fs::copy(dir.path().join("000000.blk"), &path).unwrap();
    assert!(matches!(Facts::open(dir.path()).unwrap().1[1].loaded, Loaded::Bad(_)), "another block's file");
    std::fs::remove_file(&path).unwrap();
    assert_eq!(Facts::open(dir.path()).unwrap().1[1].loaded, Loaded::Missing);
    for cut in [0, 3, 11, good.len() - 1] {
        std::fs::write(&path, &good[..cut]).unwrap();
        assert!(matches!(Facts::open(dir.path()).unwrap().1[1].loaded, Loaded::Bad(_)));
    }
}

#[test]
fn a_checkpoint_writes_only_dirty_blocks_and_says_what_is_left() {
    let dir = tempfile::tempdir().unwrap();
    let facts = three_blocks(dir.path());
    facts.publish(6, vec![named(5000, "曾可")], None, None);
    facts.publish(7, vec![named(9000, "仇一苇")], None, None);
    let first = facts.checkpoint(dir.path(), 1).unwrap();
    assert_eq!((first.blocks, first.left, first.clean), (1, 1, 6));
    let (again, states) = Facts::open(dir.path()).unwrap();
    assert_eq!(again.version().text(5000, field::C_NAME), "曾可");
    assert_eq!(again.version().seq, 6);
    assert_eq!(states.iter().map(|s| s.loaded.clone()).collect::<Vec<_>>(), [Loaded::At(6), Loaded::At(6), Loaded::At(6)]);
    let second = facts.checkpoint(dir.path(), 1).unwrap();
    assert_eq!((second.blocks, second.left, second.clean), (1, 0, 7));
    assert_eq!(facts.checkpoint(dir.path(), 1).unwrap().blocks, 0);
}

#[test]
fn memory_is_said_by_part_and_a_missing_column_takes_none() {
    let facts = Facts::new();
    let part = |v: &Version, name: &str| v.memory().iter().find(|(n, _)| *n == name).unwrap().1;
    let v = facts.publish(1, (1..600).map(|id| named(id, &format!("Zoë Beispiel {id}"))).collect(), None, None);
    assert!(part(&v, "texts") > 600 * 15 && part(&v, "keys") >= 599 * 4);
    for name in ["numbers", "many-valued", "totals", "haystack", "tags", "search memo"] {
        assert_eq!(part(&v, name), 0, "{name}");
    }
    let custom = FieldId(field::CUSTOM + 7);
    let w = facts.publish(2, vec![row(300, &[(custom, Value::Int(5))])], None, None);
    assert_eq!((w.value(300, custom), v.value(300, custom)), (Some(Value::Int(5)), None));
    assert!((1..200).contains(&part(&w, "numbers")));
}

#[test]
fn a_folder_that_is_not_there_is_an_empty_book_and_rubbish_in_it_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(Facts::open(&dir.path().join("none")).unwrap().0.version().customers, 0);
    std::fs::write(dir.path().join("x.blk"), b"?").unwrap();
    std::fs::write(dir.path().join("000000.blk.tmp"), b"?").unwrap();
    assert!(Facts::open(dir.path()).unwrap().1.is_empty());
}
