//! The planted story, second half: goods, machines, accounts, staff, cohorts, and how well the book is kept.

use super::book::{day, month, sounds_like, today, weekday};
use super::people::SHARED;
use super::service::CALL_WEEKS;
use super::story::{customer, order_days, percent, sheet, worth};
use guanxi::domain::{fold, phone};
use std::collections::{BTreeMap, BTreeSet};

/// Order number -> skus.
fn baskets() -> BTreeMap<String, BTreeSet<String>> {
    let mut baskets: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    sheet("orders.csv").iter().for_each(|r| {
        baskets.entry(r.get("number").into()).or_default().insert(r.get("product").into());
    });
    baskets
}

#[test]
fn fact_11_decaf_rises_for_fourteen_months_and_grinders_bring_filters() {
    let (orders, people) = (sheet("orders.csv"), sheet("customers.csv"));
    let mut months: BTreeMap<String, i64> = BTreeMap::new();
    let mut buyers: BTreeSet<&str> = BTreeSet::new();
    for r in orders.iter().filter(|r| r.get("product") == "B04") {
        *months.entry(month(r.minute("at"))).or_default() += r.int("quantity");
        buyers.insert(r.get("customer"));
    }
    let sold: Vec<i64> = months.values().copied().collect();
    assert_eq!((sold.len(), months.keys().next_back().unwrap().as_str()), (15, "2026-10"));
    assert!(sold.windows(2).all(|w| w[0] < w[1]), "{sold:?}");
    let inside = |r: &super::story::Row<'_>| {
        let birth = r.get("birth_date");
        let age = (!birth.is_empty()).then(|| (today() - day(birth)) * 4 / 1461);
        r.get("gender") == "female" && r.get("city_tier") == "1" && age.is_some_and(|a| (25..=34).contains(&a))
    };
    let originals = people.iter().filter(|r| r.get("kind") == "person" && r.get("number") <= "C01738");
    let (all, group) = originals.fold((0, 0), |(n, k), r| (n + 1, k + usize::from(inside(&r))));
    let bought = people.iter().filter(|r| buyers.contains(r.get("number")) && inside(r)).count();
    let lift = bought as f64 / buyers.len() as f64 / (group as f64 / all as f64);
    assert_eq!((all, (lift * 10.0).round()), (1738, 26.0));
    let baskets = baskets();
    let has = |b: &BTreeSet<String>, skus: &[&str]| skus.iter().any(|s| b.contains(*s));
    let grinders: Vec<_> = baskets.values().filter(|b| has(b, &["G01", "G02"])).collect();
    let both = grinders.iter().filter(|b| has(b, &["G03"])).count();
    let filters = baskets.values().filter(|b| has(b, &["G03"])).count();
    let confidence = both as f64 / grinders.len() as f64;
    let lift = confidence * baskets.len() as f64 / filters as f64;
    assert_eq!(((confidence * 100.0).round(), (lift * 10.0).round()), (62.0, 31.0));
}

#[test]
fn fact_12_a_leaking_batch_keeps_its_buyers_away() {
    let (tickets, people, days) = (sheet("tickets.csv"), sheet("customers.csv"), order_days());
    let leaks: Vec<_> = tickets.iter().filter(|r| r.get("note").contains("L2609")).collect();
    let gap: i64 = leaks.iter().map(|r| r.int("perceived") - r.int("expected")).sum();
    assert_eq!((leaks.len(), (gap as f64 / leaks.len() as f64 * 10.0).round()), (23, -31.0));
    assert_eq!(leaks.iter().filter(|r| r.get("closed_at").is_empty()).count(), 5);
    let opened: Vec<i64> = leaks.iter().map(|r| r.day("opened_at")).collect();
    assert!(opened.iter().max().unwrap() - opened.iter().min().unwrap() <= 21);
    let orders = sheet("orders.csv");
    let again = |batch: bool| {
        let owners: BTreeSet<&str> = people
            .iter()
            .filter(|r| r.get("device").starts_with("ZH1-") && r.get("device").contains("L2609") == batch)
            .map(|r| r.get("number"))
            .collect();
        let first: BTreeMap<&str, i64> =
            orders.iter().filter(|r| r.get("product") == "H1").map(|r| (r.get("customer"), r.day("at"))).collect();
        let came_back = owners.iter().filter(|n| days[**n].iter().any(|d| (first[*n] + 1..=first[*n] + 60).contains(d))).count();
        percent(came_back, owners.len())
    };
    assert_eq!((again(true), again(false)), (32, 50));
}

#[test]
fn from_h1_to_h2_it_takes_fourteen_months() {
    let orders = sheet("orders.csv");
    let bought = |sku: &str| -> BTreeMap<String, i64> {
        orders.iter().filter(|r| r.get("product") == sku).map(|r| (r.get("customer").to_string(), r.day("at"))).collect()
    };
    let (small, large) = (bought("H1"), bought("H2"));
    let mut gaps: Vec<i64> = small.iter().filter_map(|(who, first)| large.get(who).map(|d| d - first)).collect();
    gaps.sort_unstable();
    assert_eq!((gaps.len(), (gaps[gaps.len() / 2] as f64 / 30.44).round()), (20, 14.0));
}

#[test]
fn fact_13_everything_that_should_stop_a_careless_call_to_the_largest_account() {
    let (number, worth) = (customer("南柯酒店"), worth());
    assert!(worth.iter().all(|(n, w)| *n == number || w.0 < worth[&number].0));
    let contracts = sheet("contracts.csv");
    let ends: Vec<i64> = contracts.iter().filter(|r| r.get("customer") == number).map(|r| r.day("end") - today()).collect();
    assert_eq!(ends, vec![24]);
    let tickets = sheet("tickets.csv");
    assert_eq!(tickets.iter().filter(|r| r.get("customer") == number && r.get("closed_at").is_empty()).count(), 1);
    let orders = sheet("orders.csv");
    let unpaid: Vec<_> = orders.iter().filter(|r| r.get("customer") == number && r.get("paid") == "no").collect();
    assert_eq!(unpaid.iter().map(|r| r.money("amount")).sum::<i64>(), 3_800_000);
    assert!(unpaid.iter().all(|r| today() - r.day("at") == 30));
}

#[test]
fn fact_14_activity_is_not_result() {
    let (talks, deals) = (sheet("interactions.csv"), sheet("deals.csv"));
    let view = |name: &str| {
        let since = today() - 4 - 7 * (CALL_WEEKS - 1);
        let calls = talks.iter().filter(|r| r.get("by") == name && r.get("channel") == "call" && r.day("at") >= since).count();
        let mut waits = Vec::new();
        for asked in talks.iter().filter(|r| r.get("by") == name && r.get("direction") == "in") {
            let later = talks.iter().filter(|r| {
                r.get("customer") == asked.get("customer") && r.get("direction") == "out" && r.minute("at") > asked.minute("at")
            });
            waits.push(later.map(|r| r.minute("at")).min().unwrap() - asked.minute("at"));
        }
        waits.sort_unstable();
        let closed = deals.iter().filter(|r| r.get("owner") == name && r.get("pipeline") == "企业咖机" && r.get("outcome") != "open");
        let (won, all) = closed.fold((0, 0), |(w, n), r| (w + usize::from(r.get("outcome") == "won"), n + 1));
        (calls as i64 / CALL_WEEKS, waits[waits.len() / 2] / 60, percent(won, all))
    };
    assert_eq!((view("陆子衿"), view("周牧野")), ((60, 26, 19), (22, 2, 41)));
}

#[test]
fn fact_17_the_cohort_of_march_2026_keeps_best() {
    let mut cohorts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for days in order_days().values() {
        let first = month(*days.first().unwrap() * 1440);
        let after = |k: i64| {
            let (year, m) = (first[..4].parse::<i64>().unwrap(), first[5..].parse::<i64>().unwrap() - 1 + k);
            format!("{}-{:02}", year + m / 12, 1 + m % 12)
        };
        if after(6).as_str() > "2026-10" {
            continue;
        }
        let kept = (1..=6).filter(|k| days.iter().any(|d| month(d * 1440) == after(*k))).count();
        let cell = cohorts.entry(first.clone()).or_default();
        *cell = (cell.0 + kept, cell.1 + 6);
    }
    let rate = |c: &(usize, usize)| c.0 as f64 / c.1 as f64;
    let best = cohorts.iter().filter(|(_, c)| c.1 >= 120).max_by(|a, b| rate(a.1).total_cmp(&rate(b.1))).unwrap();
    assert_eq!(best.0, "2026-03", "{cohorts:?}");
}

#[test]
fn fact_18_recruiting_many_is_not_recruiting_well() {
    let people = sheet("customers.csv");
    let recruited: BTreeSet<&str> = people.iter().filter(|r| r.get("recruiter") == "程一帆").map(|r| r.get("number")).collect();
    let mut acted: BTreeSet<String> = BTreeSet::new();
    for file in ["orders.csv", "events.csv", "interactions.csv", "responses.csv", "tickets.csv", "ledger.csv"] {
        acted.extend(sheet(file).iter().map(|r| r.get("customer").to_string()));
    }
    assert_eq!((recruited.len(), recruited.iter().filter(|n| !acted.contains(**n)).count()), (118, 38));
}

#[test]
fn fact_19_six_people_wrote_most_of_the_comments() {
    let mut wrote: BTreeMap<String, usize> = BTreeMap::new();
    sheet("events.csv")
        .iter()
        .filter(|r| r.get("name") == "comment")
        .for_each(|r| *wrote.entry(r.get("customer").into()).or_default() += 1);
    let mut counts: Vec<usize> = wrote.values().copied().collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    assert_eq!(percent(counts[..6].iter().sum(), counts.iter().sum()), 70);
}

#[test]
fn facts_20_and_24_duplicates_share_a_key_and_shared_phones_are_two_people() {
    let people = sheet("customers.csv");
    let by: BTreeMap<&str, super::story::Row<'_>> = people.iter().map(|r| (r.get("number"), r)).collect();
    let mut doubles = 0;
    for (k, double) in (1_999..=2_040).map(|n| format!("C{n:05}")).enumerate() {
        let (a, b) = (by[double.as_str()], by[format!("C{:05}", super::people::original(k) + 1).as_str()]);
        let one_phone = phone::key(a.get("phone")) == phone::key(b.get("phone"));
        let one_name = fold::fold(a.get("name")) == fold::fold(b.get("name")) || a.get("former_names") == b.get("name") || k % 3 == 1;
        doubles += usize::from(one_phone && one_name && a.get("city") == b.get("city"));
    }
    assert_eq!(doubles, 42);
    let mut holders: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    people
        .iter()
        .filter(|r| !r.get("phone").is_empty())
        .for_each(|r| holders.entry(phone::key(r.get("phone"))).or_default().push(r.get("number")));
    let shared: Vec<_> = holders.values().filter(|h| h.len() > 1 && h.iter().all(|n| *n <= "C01738")).collect();
    assert!(shared.iter().all(|h| h.len() == 2 && h.iter().all(|n| by[n].get("shared_phone") == "yes" && !by[n].get("name").is_empty())));
    assert_eq!((shared.len(), SHARED.len()), (9, 9));
    let couple = ["林知夏", "江望舟"].map(|n| by[customer(n).as_str()]);
    assert_eq!(couple[0].get("phone"), couple[1].get("phone"));
    assert_eq!((couple[0].get("do_not_contact"), couple[1].get("do_not_contact")), ("", "yes"));
}

#[test]
fn fact_21_the_book_is_not_perfect() {
    let people = sheet("customers.csv");
    let firms: Vec<_> = people.iter().filter(|r| r.get("kind") == "organisation").collect();
    assert_eq!((firms.len(), percent(firms.iter().filter(|r| !r.get("industry").is_empty()).count(), firms.len())), (260, 61));
    let bad = |p: &str| {
        !p.is_empty() && !p.starts_with("+4") && !p.starts_with("+1") && !p.starts_with("+61") && {
            let digits = phone::key(p);
            digits.len() != 11 || !digits.starts_with('1') || digits.as_bytes()[1] < b'3'
        }
    };
    assert_eq!(people.iter().filter(|r| bad(r.get("phone"))).count(), 19);
    assert_eq!(people.iter().filter(|r| r.get("birth_date").starts_with("1900")).count(), 7);
}

#[test]
fn facts_22_and_23_one_came_back_and_the_year_has_its_peaks() {
    let days = order_days().remove(&customer("沈疏桐")).unwrap();
    assert!(today() - days.last().unwrap() < 7 && gap(&days) > 365);
    let mut per_day: BTreeMap<i64, usize> = BTreeMap::new();
    let numbers: BTreeMap<String, i64> = sheet("orders.csv").iter().map(|r| (r.get("number").to_string(), r.day("at"))).collect();
    numbers.values().for_each(|d| *per_day.entry(*d).or_default() += 1);
    let mut top: Vec<(usize, i64)> = per_day.iter().map(|(d, n)| (*n, *d)).collect();
    top.sort_unstable_by(|a, b| b.cmp(a));
    let peaks: BTreeSet<i64> = top[..3].iter().map(|t| t.1).collect();
    assert_eq!(peaks, ["2024-11-11", "2025-11-11", "2026-11-11"].map(day).into());
    let gifts = sheet("orders.csv");
    let before =
        |festival: &str| gifts.iter().filter(|r| r.get("product") == "B06" && (2..=14).contains(&(day(festival) - r.day("at")))).count();
    assert!(before("2025-10-06") >= 120 && before("2026-09-25") >= 120);
    let talks = sheet("interactions.csv");
    let mut picked_up: BTreeMap<(i64, bool), (usize, usize)> = BTreeMap::new();
    for r in talks.iter().filter(|r| r.get("channel") == "call") {
        let cell = picked_up.entry((weekday(r.day("at")), r.minute("at") % 1440 < 720)).or_default();
        *cell = (cell.0 + usize::from(r.get("outcome") != "no_answer"), cell.1 + 1);
    }
    let best = picked_up.iter().max_by_key(|(_, c)| c.0 * 1000 / c.1).unwrap();
    assert_eq!(*best.0, (2, true));
}

fn gap(days: &BTreeSet<i64>) -> i64 {
    days.iter().zip(days.iter().skip(1)).map(|(a, b)| b - a).max().unwrap()
}

#[test]
fn the_journeys_find_whom_they_look_for() {
    let people = sheet("customers.csv");
    let tail: Vec<_> = people.iter().filter(|r| phone::key(r.get("phone")).ends_with("6812")).map(|r| r.get("name")).collect();
    assert_eq!(tail, vec!["周素芬"]);
    let cities: BTreeSet<_> = people.iter().filter(|r| r.get("name") == "李敏").map(|r| r.get("city")).collect();
    assert_eq!(cities, ["杭州", "成都", "深圳", "沈阳"].into());
    let orders = sheet("orders.csv");
    let lines: Vec<_> = orders.iter().filter(|r| r.get("number") == "10234").collect();
    assert!(lines.len() == 3 && lines.iter().all(|r| r.get("customer") == customer("周素芬")));
    let numbers: BTreeSet<_> = orders.iter().map(|r| r.get("number")).collect();
    assert_eq!(numbers.len(), super::sales::ORDERS);
}

#[test]
fn every_row_names_somebody_and_nothing_happens_after_today() {
    let known: BTreeMap<String, i64> = sheet("customers.csv").iter().map(|r| (r.get("number").to_string(), r.day("created_at"))).collect();
    assert_eq!(known.len(), 2_040);
    for file in [
        "orders.csv",
        "interactions.csv",
        "events.csv",
        "tickets.csv",
        "responses.csv",
        "ledger.csv",
        "payments.csv",
        "deals.csv",
        "contracts.csv",
    ] {
        let rows = sheet(file);
        let when = [("tickets.csv", "opened_at"), ("deals.csv", "created_at"), ("contracts.csv", "start")]
            .iter()
            .find(|w| w.0 == file)
            .map_or("at", |w| w.1);
        for r in rows.iter() {
            // A contract may be older than the book.
            let since = if ["payments.csv", "contracts.csv"].contains(&file) { 0 } else { known[r.get("customer")] };
            assert!(since <= r.day(when), "{file}: {} on {} before {since}", r.get("customer"), r.get(when));
            assert!(r.day(when) <= today() && (r.day(when) > day("2024-10-01") || file == "contracts.csv"), "{file}: {}", r.get(when));
        }
    }
}

#[test]
fn stages_appear_first_in_the_order_of_their_pipeline() {
    for file in ["deals.csv", "stages.csv"] {
        let mut seen: Vec<String> = Vec::new();
        for r in sheet(file).iter().map(|r| r.get("stage").to_string()).collect::<Vec<_>>() {
            if !seen.contains(&r) {
                seen.push(r);
            }
        }
        let order = "线索确认 需求沟通 试饮 报价 合同 到期提醒 复盘回访 续约报价 续约 咨询 考察 谈判 签约";
        assert_eq!(seen.join(" "), order, "{file}");
    }
    let stages = sheet("stages.csv");
    assert!(stages.iter().all(|r| r.get("stage") != "谈判" || r.day("at") < day("2026-10-01")));
}

#[test]
fn the_campaigns_have_a_result_of_every_kind() {
    let (rows, people) = (sheet("responses.csv"), sheet("customers.csv"));
    let away: BTreeSet<&str> = people.iter().filter(|r| r.get("city_tier").is_empty()).map(|r| r.get("number")).collect();
    let count = |campaign: &str, group: &str, kind: &str| {
        let of = rows.iter().filter(|r| r.get("campaign") == campaign && r.get("group") == group);
        of.fold((0, 0), |(k, n), r| (k + usize::from(r.get("kind") == kind), n + 1))
    };
    assert_eq!((count("唤醒老客 2026-06", "treated", "bought"), count("唤醒老客 2026-06", "holdout", "bought")), ((60, 640), (5, 160)));
    // Return on the woken: what the treated bought beyond what the held-out rate promises, against the cost.
    let cost = sheet("campaigns.csv").iter().find(|r| r.get("name") == "唤醒老客 2026-06").unwrap().int("cost") as f64;
    let spent: i64 = rows
        .iter()
        .filter(|r| r.get("campaign") == "唤醒老客 2026-06" && r.get("group") == "treated" && !r.get("amount").is_empty())
        .map(|r| r.int("amount"))
        .sum();
    let beyond = spent as f64 * (60.0 - 640.0 * 5.0 / 160.0) / 60.0;
    assert_eq!(((beyond - cost) / cost * 10.0).round(), 42.0);
    assert_eq!(count("双十二预热短信 2025", "treated", "opened"), (9, 1_500));
    assert_eq!(count("大单致谢", "treated", "replied_pos"), (6, 6));
    let mail = |abroad: bool| {
        let of = rows.iter().filter(|r| r.get("campaign") == "海外邮件" && away.contains(r.get("customer")) == abroad);
        of.fold((0, 0), |(k, n), r| (k + usize::from(r.get("kind") == "opened"), n + 1))
    };
    assert_eq!((percent(mail(true).0, mail(true).1), mail(false)), (31, (1, 640)));
    assert_eq!((percent(47, 60), percent(31, 51)), (78, 61));
    assert_eq!((count("续约关怀", "treated", "bought"), count("续约关怀", "holdout", "bought")), ((47, 60), (31, 51)));
}

#[test]
fn initials_of_the_journeys_and_the_tour_mean_one_person() {
    let people = sheet("customers.csv");
    for (initials, name) in [("zsf", "周素芬"), ("xqy", "许清越"), ("syt", "单雨桐")] {
        let meant: Vec<_> = people.iter().map(|r| r.get("name")).filter(|n| sounds_like(n, initials)).collect();
        assert_eq!(meant, vec![name], "{initials}");
    }
    assert_eq!(people.iter().filter(|r| sounds_like(r.get("name"), "lm") && r.get("name") == "李敏").count(), 4);
}

#[test]
fn the_list_from_the_fair_has_five_who_are_known_and_seven_rows_that_cannot_be() {
    let bytes = &super::files()["try-import/展会名单-GBK.csv"];
    assert!(std::str::from_utf8(bytes).is_err(), "it is GBK, not UTF-8");
    let (text, _, broken) = encoding_rs::GBK.decode(bytes);
    assert!(!broken);
    let (list, people) = (super::story::Sheet::of(text.as_bytes()), sheet("customers.csv"));
    let known: BTreeSet<String> = people.iter().map(|r| phone::key(r.get("phone"))).collect();
    assert_eq!((list.rows.len(), list.iter().filter(|r| known.contains(&phone::key(r.get("手机")))).count()), (60, 5));
    let wrong = |r: &super::story::Row<'_>| {
        let birth = r.get("生日");
        !["男", "女"].contains(&r.get("性别"))
            || r.get("来源") != "展会"
            || (!birth.is_empty() && guanxi::domain::Day::parse(birth).is_none())
    };
    assert_eq!(list.iter().filter(wrong).count(), 7);
    for head in ["摊位号", "现用设备", "接待时段"] {
        let fields = guanxi::domain::field::of_kind(guanxi::domain::Kind::Customer);
        assert!(fields.into_iter().all(|f| f.key != head && f.heads().all(|h| h != head)), "{head} is a column nobody takes");
    }
}
