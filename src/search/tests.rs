//! What is typed and who must come first.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::{Kind, Moment, Money, Record, Totals, Value, field};
use crate::facts::{Facts, Row};
use proptest::prelude::*;
use std::sync::Arc;

struct Who {
    name: &'static str,
    phone: &'static str,
    email: &'static str,
    company: &'static str,
    city: &'static str,
    tags: &'static [&'static str],
}

const NOBODY: Who = Who { name: "", phone: "", email: "", company: "", city: "", tags: &[] };

/// Customer `i + 1`, numbered C0000i.
const PEOPLE: [Who; 16] = [
    Who { name: "张三丰", phone: "154-0000-6812", city: "杭州", ..NOBODY },
    Who { name: "单雨桐", phone: "+86 154 0000 1111", city: "成都", ..NOBODY },
    Who { name: "曾可", email: "zengke@sample.example", ..NOBODY },
    Who { name: "欧阳若水", company: "未名湖茶业有限公司", ..NOBODY },
    Who { name: "李敏", city: "杭州", ..NOBODY },
    Who { name: "李敏", city: "成都", ..NOBODY },
    Who { name: "李敏", city: "深圳", ..NOBODY },
    Who { name: "李敏", city: "沈阳", ..NOBODY },
    Who { name: "Zoë Beispiel", email: "zoe.b@example.org", company: "Muster & Sons", ..NOBODY },
    Who { name: "Jane Doe", phone: "+44 7700 900123", tags: &["VIP", "老客户"], ..NOBODY },
    Who { name: "张若尘", city: "杭州", ..NOBODY },
    Who { name: "仇一苇", ..NOBODY },
    Who { name: "解小满", ..NOBODY },
    Who { name: "区小川", phone: "15468120000", ..NOBODY },
    Who { name: "吕绿竹", ..NOBODY },
    Who { name: "沈知微", ..NOBODY },
];

fn record(id: u32, who: &Who) -> Record {
    let mut r = Record::new(Kind::Customer, u64::from(id)).with(field::C_NUMBER, Value::Text(format!("C{id:05}")));
    for (f, text) in [(field::C_NAME, who.name), (field::C_COMPANY, who.company), (field::C_CITY, who.city)] {
        r.set(f, (!text.is_empty()).then(|| Value::Text(text.into())));
    }
    for (f, text) in [(field::C_PHONES, who.phone), (field::C_EMAILS, who.email)] {
        r.set(f, (!text.is_empty()).then(|| Value::Texts(vec![text.into()])));
    }
    r
}

fn row(record: Record, tags: &[&str], totals: Totals) -> Row {
    let haystack = haystack(&record, tags);
    Row { id: record.id as u32, record: Some(record), tags: Vec::new(), totals, haystack }
}

fn book() -> Arc<Version> {
    let rows = (1u32..).zip(&PEOPLE).map(|(id, who)| row(record(id, who), who.tags, Totals::default()));
    Facts::new().publish(1, rows.collect(), None, None)
}

fn search(version: &Version, words: &str) -> Vec<Found> {
    find(version, words, 10, &|| false, None).unwrap().hits
}

#[test]
fn what_is_typed_finds_whom_it_means() {
    let book = book();
    for (typed, first, place) in [
        ("张三丰", 1, Place::Name),
        ("三丰", 1, Place::Name),
        ("zsf", 1, Place::Pinyin),
        ("ZSF", 1, Place::Pinyin),
        ("zhangsanf", 1, Place::Pinyin),
        ("zhang", 1, Place::Pinyin),
        ("张", 1, Place::Name),
        ("shanyutong", 2, Place::Pinyin),
        ("shan", 2, Place::Pinyin),
        ("danyu", 2, Place::Pinyin),
        ("syt", 2, Place::Pinyin),
        ("zengke", 3, Place::Pinyin),
        ("ouyang", 4, Place::Pinyin),
        ("o", 4, Place::Pinyin),
        ("b", 9, Place::Name),
        ("欧阳", 4, Place::Name),
        ("oyrs", 4, Place::Pinyin),
        ("qiu", 12, Place::Pinyin),
        ("xiexiaoman", 13, Place::Pinyin),
        ("ouxiaochuan", 14, Place::Pinyin),
        ("lvlvzhu", 15, Place::Pinyin),
        ("lülü", 15, Place::Pinyin),
        ("6812", 1, Place::Phone),
        ("15400006812", 1, Place::Phone),
        ("+86 154 0000 6812", 1, Place::Phone),
        ("154-0000-6812", 1, Place::Phone),
        ("0000 68", 1, Place::Phone),
        ("6812 154", 1, Place::Phone),
        ("６８１２", 1, Place::Phone),
        ("900123", 10, Place::Phone),
        ("0044 7700 900123", 10, Place::Phone),
        ("c00007", 7, Place::Number),
        ("Ｃ００００７", 7, Place::Number),
        ("zengke@", 3, Place::Email),
        ("example.org", 9, Place::Email),
        ("zoe.b", 9, Place::Email),
        ("wmhcy", 4, Place::Company),
        ("茶业", 4, Place::Company),
        ("sons", 9, Place::Company),
        ("lm hz", 5, Place::Pinyin),
        ("lm cd", 6, Place::Pinyin),
        ("李敏 深圳", 7, Place::Name),
        ("limin shenyang", 8, Place::Pinyin),
        ("vip", 10, Place::Tag),
        ("老客户", 10, Place::Tag),
        ("lkh", 10, Place::Tag),
        ("jane doe", 10, Place::Name),
        ("doe", 10, Place::Name),
        ("jd", 10, Place::Pinyin),
        ("zhangsanfegn", 1, Place::Fuzzy),
        ("zahngsanfeng", 1, Place::Fuzzy),
        ("zhangsnfeng", 1, Place::Fuzzy),
        ("shenzhiwie", 16, Place::Fuzzy),
        ("shenzhiwe", 16, Place::Pinyin),
        ("beispeil", 9, Place::Fuzzy),
        ("zhgsf", 1, Place::Fuzzy),
        ("张三风", 1, Place::Fuzzy),
        ("limn hz", 5, Place::Fuzzy),
    ] {
        let hits = search(&book, typed);
        assert_eq!(hits.first().map(|h| (h.id, h.matched)), Some((first, place)), "{typed}: {hits:?}");
    }
}

#[test]
fn the_letters_that_matched_are_marked_and_what_is_not_visible_is_said() {
    let book = book();
    let first = |typed: &str| {
        let hit = search(&book, typed).remove(0);
        (hit.marks, hit.because)
    };
    assert_eq!(first("zsf"), (vec![0, 1, 2], "zsf".into()));
    assert_eq!(first("zhangsan"), (vec![0, 1], "zhangsanfeng".into()));
    assert_eq!(first("shany"), (vec![0, 1], "shanyutong".into()));
    assert_eq!(first("三丰"), (vec![1, 2], String::new()));
    assert_eq!(first("doe"), (vec![5, 6, 7], String::new()));
    assert_eq!(first("jd"), (vec![0, 5], "jd".into()));
    assert_eq!(first("6812"), (vec![], "15400006812".into()));
    assert_eq!(first("lm hz"), (vec![0, 1], "lm · 杭州".into()));
    assert_eq!(first("wmhcy"), (vec![], "未名湖茶业有限公司".into()));
    assert_eq!(first("lkh"), (vec![], "老客户".into()));
    assert_eq!(first("zhangsanfegn"), (vec![], "zhangsanfeng".into()));
    assert_eq!(first("limn hz"), (vec![], "limin · 杭州".into()));
    assert_eq!(first("beispeil"), (vec![], String::new()));
}

#[test]
fn a_tail_comes_before_the_same_digits_elsewhere_and_all_are_counted() {
    let book = book();
    let hits = find(&book, "6812", 1, &|| false, None).unwrap();
    assert_eq!((hits.total, hits.hits.len(), hits.hits[0].id), (2, 1, 1));
    let both: Vec<_> = search(&book, "6812").iter().map(|h| h.id).collect();
    assert_eq!(both, [1, 14]);
}

#[test]
fn among_equals_mine_come_first_then_the_last_contacted_then_the_most_valuable_then_the_number() {
    let facts = Facts::new();
    let same = |id: u32, owner: u64, contact: i64, value: i64| {
        let who = Who { name: "李敏", ..NOBODY };
        let totals = Totals {
            last_contact: (contact > 0).then(|| Moment::minute(contact * 60_000)),
            ordered: Money::units(value),
            ..Totals::default()
        };
        row(record(id, &who).with(field::C_OWNER, Value::Ref(owner)), &[], totals)
    };
    let rows = vec![same(1, 8, 0, 0), same(2, 8, 0, 0), same(3, 8, 0, 50), same(4, 8, 9, 0), same(5, 7, 0, 0)];
    let v = facts.publish(1, rows, None, None);
    let order = |mine| find(&v, "limin", 10, &|| false, mine).unwrap().hits.iter().map(|h| h.id).collect::<Vec<_>>();
    assert_eq!(order(Some(7)), [5, 4, 3, 1, 2]);
    assert_eq!(order(None), [4, 3, 1, 2, 5]);
    assert_eq!(find(&v, "  ", 2, &|| false, None).unwrap().hits.iter().map(|h| h.id).collect::<Vec<_>>(), [4, 3]);
}

#[test]
fn a_near_miss_never_comes_before_an_exact_or_prefix_match() {
    let facts = Facts::new();
    let named = |id, name| row(record(id, &Who { name, ..NOBODY }), &[], Totals::default());
    let v = facts.publish(1, vec![named(1, "Marten"), named(2, "Martin"), named(3, "Martinez"), named(4, "Mratin")], None, None);
    let hits = search(&v, "martin");
    assert_eq!(hits.iter().map(|h| h.id).take(2).collect::<Vec<_>>(), [2, 3]);
    assert!(hits[2..].iter().all(|h| h.matched == Place::Fuzzy) && hits.len() == 4);
    assert!(hits.windows(2).all(|w| w[0].score > w[1].score));
}

#[test]
fn a_word_never_matches_over_the_end_of_a_piece_or_of_a_customer() {
    let book = book();
    for over in ["丰zhang", "hangzhouhz", "cdc00003", "杭州hang", "可zengke"] {
        assert_eq!(find(&book, over, 0, &|| false, None).unwrap().total, 0, "{over}");
    }
}

#[test]
fn a_single_letter_finds_names_that_begin_with_it_and_not_every_number() {
    let book = book();
    let names: Vec<u32> = search(&book, "c").iter().map(|h| h.id).collect();
    // 单 also reads chan, 曾 ceng, 仇 chou, 沈 chen; all numbers begin with C.
    assert_eq!(names, [2, 3, 12, 16]);
    assert_eq!(find(&book, "1", 0, &|| false, None).unwrap().total, 3);
}

#[test]
fn near_misses_come_by_the_number_of_errors_and_letters_left_out_come_last() {
    let facts = Facts::new();
    let named = |id, name| row(record(id, &Who { name, ..NOBODY }), &[], Totals::default());
    let rows = vec![named(1, "Martha Innes"), named(2, "Mxrtinxx Stein"), named(3, "Martinex Stein"), named(4, "Otto")];
    let v = facts.publish(1, rows, None, None);
    assert_eq!(search(&v, "martinez").iter().map(|h| h.id).collect::<Vec<_>>(), [3]);
    assert_eq!(search(&v, "martinxx").iter().map(|h| h.id).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(search(&v, "mthinns").iter().map(|h| h.id).collect::<Vec<_>>(), [1]);
}

#[test]
fn a_cancelled_search_answers_nothing() {
    assert_eq!(find(&book(), "zsf", 10, &|| true, None), None);
    assert_eq!(find(&book(), "", 10, &|| true, None), None);
}

#[test]
fn a_new_and_an_edited_customer_are_found_at_once_and_a_gone_one_no_more() {
    let facts = Facts::new();
    let named = |name| row(record(1, &Who { name, ..NOBODY }), &[], Totals::default());
    let first = facts.publish(1, vec![named("查无尘")], None, None);
    assert_eq!(search(&first, "zha").len(), 1);
    assert_eq!((search(&first, "z").len(), search(&first, "g").len()), (1, 0));
    let second = facts.publish(2, vec![named("盖平")], None, None);
    assert_eq!((search(&second, "z").len(), search(&second, "g").len()), (0, 1));
    assert!(search(&second, "zwc").is_empty());
    assert_eq!(search(&second, "gp").len(), 1);
    let third = facts.publish(3, vec![Row { record: None, ..named("盖平") }], None, None);
    assert!(search(&third, "gp").is_empty());
}

#[test]
fn many_customers_are_searched_on_two_threads_with_the_same_answer() {
    let facts = Facts::new();
    let who = |id: u32| Who { name: if id.is_multiple_of(7) { "覃好" } else { "乐知行" }, ..NOBODY };
    let v = facts.publish(1, (1..=60_000).map(|id| row(record(id, &who(id)), &[], Totals::default())).collect(), None, None);
    let hits = find(&v, "qinhao", 3, &|| false, None).unwrap();
    assert_eq!((hits.total, hits.hits.iter().map(|h| h.id).collect::<Vec<_>>()), (60_000 / 7, vec![7, 14, 21]));
    assert_eq!(find(&v, "c59999", 3, &|| false, None).unwrap().hits[0].id, 59_999);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_typed_makes_it_panic_or_list_somebody_twice(typed in prop_oneof![".{0,40}", "[a-z0-9 李敏+.-]{0,12}", "[a-zA-Z]{9000}"]) {
        let hits = search(&book(), &typed);
        let ids: std::collections::BTreeSet<_> = hits.iter().map(|h| h.id).collect();
        prop_assert_eq!(ids.len(), hits.len());
        for hit in hits {
            let chars = PEOPLE[hit.id as usize - 1].name.chars().count() as u32;
            prop_assert!(hit.marks.iter().all(|m| *m < chars));
        }
    }

    #[test]
    fn the_total_is_what_a_plain_look_at_every_haystack_counts(word in "[a-z]{2,3}|[0-9]{2,4}|李敏|杭") {
        let book = book();
        let plain = (1u32..).zip(&PEOPLE).filter(|(id, who)| haystack(&record(*id, who), who.tags).contains(&word)).count();
        let results = find(&book, &word, 0, &|| false, None).unwrap();
        prop_assert_eq!(results.total, plain as u64);
    }
}
