//! The planted story: each fact is worked out again from the files alone, as a screen would, and must be the planted figure.

use super::book::{day, today};
use super::files;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A CSV file by column names.
pub struct Sheet {
    head: HashMap<String, usize>,
    pub rows: Vec<csv::StringRecord>,
}

impl Sheet {
    pub fn of(bytes: &[u8]) -> Sheet {
        let mut reader = csv::Reader::from_reader(bytes);
        let head = reader.headers().unwrap().iter().enumerate().map(|(i, h)| (h.to_string(), i)).collect();
        Sheet { head, rows: reader.records().map(Result::unwrap).collect() }
    }
    pub fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|r| Row(self, r))
    }
}

#[derive(Clone, Copy)]
pub struct Row<'a>(&'a Sheet, &'a csv::StringRecord);

impl<'a> Row<'a> {
    pub fn get(self, column: &str) -> &'a str {
        &self.1[*self.0.head.get(column).unwrap_or_else(|| panic!("no column {column}"))]
    }
    pub fn int(self, column: &str) -> i64 {
        self.get(column).parse().unwrap()
    }
    /// An amount in hundredths.
    pub fn money(self, column: &str) -> i64 {
        (self.get(column).parse::<f64>().unwrap() * 100.0).round() as i64
    }
    pub fn day(self, column: &str) -> i64 {
        day(&self.get(column)[..10])
    }
    /// Minutes since 1970 of a clock reading.
    pub fn minute(self, column: &str) -> i64 {
        let t = &self.get(column)[11..];
        self.day(column) * 1440 + t[..2].parse::<i64>().unwrap() * 60 + t[3..].parse::<i64>().unwrap()
    }
}

pub fn sheet(name: &str) -> Sheet {
    Sheet::of(&files()[name])
}

/// number -> name, and the only number of a name.
pub fn customer(name: &str) -> String {
    let sheet = sheet("customers.csv");
    let found: Vec<String> = sheet.iter().filter(|r| r.get("name") == name).map(|r| r.get("number").to_string()).collect();
    assert_eq!(found.len(), 1, "{name}: {found:?}");
    found[0].clone()
}

/// Days of each customer's orders, by customer, ascending; cancelled ones do not count.
pub fn order_days() -> BTreeMap<String, BTreeSet<i64>> {
    let mut days: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
    let sheet = sheet("orders.csv");
    for r in sheet.iter().filter(|r| r.get("status") != "cancelled") {
        days.entry(r.get("customer").into()).or_default().insert(r.day("at"));
    }
    days
}

/// (ordered, cost) in hundredths by customer.
pub fn worth() -> BTreeMap<String, (i64, i64)> {
    let mut worth: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    let sheet = sheet("orders.csv");
    for r in sheet.iter().filter(|r| r.get("status") != "cancelled") {
        let entry = worth.entry(r.get("customer").into()).or_default();
        entry.0 += r.money("amount");
        entry.1 += r.money("cost");
    }
    worth
}

pub fn percent(part: usize, of: usize) -> i64 {
    (part as f64 * 100.0 / of as f64).round() as i64
}

/// Type-7 quantile (Hyndman & Fan 1996).
fn quantile(values: &mut [i64], p: f64) -> f64 {
    values.sort_unstable();
    let at = p * (values.len() - 1) as f64;
    let (low, high) = (at.floor() as usize, at.ceil() as usize);
    values[low] as f64 + (values[high] - values[low]) as f64 * (at - low as f64)
}

fn gaps(days: &BTreeSet<i64>) -> Vec<i64> {
    days.iter().zip(days.iter().skip(1)).map(|(a, b)| b - a).collect()
}

#[test]
fn fact_1_the_best_customer_has_gone_quiet_after_a_word_about_taste() {
    let (number, worth) = (customer("许清越"), worth());
    let days = order_days().remove(&number).unwrap();
    assert!(gaps(&days).iter().all(|g| *g == 21));
    assert_eq!(today() - days.last().unwrap(), 47);
    let people = sheet("customers.csv");
    let persons: BTreeSet<&str> = people.iter().filter(|r| r.get("kind") == "person").map(|r| r.get("number")).collect();
    let richer = worth.iter().filter(|(n, w)| persons.contains(n.as_str()) && w.0 > worth[&number].0).count();
    assert!(richer < 1738 * 2 / 100, "{richer} people spent more");
    let talks = sheet("interactions.csv");
    let last = talks.iter().filter(|r| r.get("customer") == number).max_by_key(|r| r.minute("at")).unwrap();
    assert!(last.get("note").contains("换了口味") && today() - last.day("at") == 47);
}

#[test]
fn fact_2_the_next_box_is_due_in_two_days() {
    let days = order_days().remove(&customer("单雨桐")).unwrap();
    assert_eq!(days.len(), 26);
    assert!(gaps(&days).iter().all(|g| *g == 28));
    assert_eq!(days.last().unwrap() + 28 - today(), 2);
}

#[test]
fn fact_3_money_and_reach_sit_in_opposite_corners() {
    let (rich, loud, worth) = (customer("罗一鸣"), customer("白鹿鸣"), worth());
    assert_eq!((worth[&rich].0, worth[&loud].0), (1_020_000, 102_000));
    let people = sheet("customers.csv");
    let fans = |n: &str| people.iter().find(|r| r.get("number") == n).unwrap().int("fans");
    assert_eq!((fans(&rich), fans(&loud)), (300, 300_000));
    let sent: Vec<&str> = people.iter().filter(|r| r.get("referred_by") == loud).map(|r| r.get("number")).collect();
    assert_eq!(sent.len(), 63);
    assert_eq!(sent.iter().map(|n| worth[*n].0).sum::<i64>(), 4_130_000);
}

#[test]
fn fact_4_one_big_order_and_never_again() {
    let number = customer("黄粱会展");
    assert_eq!((worth()[&number].0, order_days()[&number].len()), (18_600_000, 1));
}

#[test]
fn fact_5_a_fifth_of_the_buyers_brings_most_of_the_profit_and_37_cost_more_than_they_bring() {
    let mut profit: Vec<i64> = worth().values().map(|(amount, cost)| amount - cost).collect();
    assert_eq!(profit.iter().filter(|p| **p < 0).count(), 37);
    profit.sort_unstable_by(|a, b| b.cmp(a));
    let top: i64 = profit[..profit.len() / 5].iter().sum();
    assert_eq!(percent(top as usize, profit.iter().sum::<i64>() as usize), 71);
}

/// A deal's columns, and its entries.
type Path = (BTreeMap<&'static str, String>, Vec<(String, i64)>);

/// Office deals with their stages: number, entries in order.
fn paths() -> Vec<Path> {
    let (deals, stages) = (sheet("deals.csv"), sheet("stages.csv"));
    let mut entered: BTreeMap<String, Vec<(String, i64)>> = BTreeMap::new();
    for r in stages.iter() {
        entered.entry(r.get("deal").into()).or_default().push((r.get("stage").into(), r.day("at")));
    }
    let keys = ["number", "customer", "amount", "owner", "source", "closed_at", "outcome", "reason", "stage"];
    let office = deals.iter().filter(|r| r.get("pipeline") == super::office::OFFICE);
    office.map(|r| (keys.map(|k| (k, r.get(k).to_string())).into(), entered[r.get("number")].clone())).collect()
}

#[test]
fn fact_6_the_funnel_leaks_at_the_quote_and_eleven_deals_are_stuck_there() {
    let (mut dwell, mut waiting) = (Vec::new(), Vec::new());
    let mut others: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    let (mut quoted, mut through) = (0, 0);
    for (deal, path) in paths() {
        for (k, (stage, since)) in path.iter().enumerate() {
            let left = path.get(k + 1).map(|n| n.1).or_else(|| (!deal["closed_at"].is_empty()).then(|| day(&deal["closed_at"][..10])));
            match (stage == "报价", left) {
                (true, Some(left)) => dwell.push(left - since),
                (true, None) => waiting.push((today() - since, deal["customer"].clone(), deal["amount"].clone())),
                (false, Some(left)) => others.entry(stage.clone()).or_default().push(left - since),
                (false, None) => {}
            }
            quoted += usize::from(stage == "报价");
            through += usize::from(stage == "合同");
        }
    }
    assert_eq!((quoted, percent(through, quoted)), (200, 41));
    assert_eq!(quantile(&mut dwell, 0.5), 19.0);
    others.iter_mut().for_each(|(stage, days)| assert!(quantile(days, 0.5) <= 8.0, "{stage}"));
    let p80 = quantile(&mut dwell, 0.8);
    let stuck: Vec<_> = waiting.iter().filter(|w| w.0 as f64 > p80).collect();
    assert_eq!(stuck.len(), 11, "P80 is {p80}");
    let (tujiao, amount) = (customer("兔角科技"), "92000".to_string());
    assert!(stuck.contains(&&(31, tujiao, amount)));
}

#[test]
fn facts_7_and_8_a_visit_after_the_quote_wins_and_so_does_a_tasting() {
    let talks = sheet("interactions.csv");
    let visits: BTreeSet<(String, i64)> =
        talks.iter().filter(|r| r.get("channel") == "visit").map(|r| (r.get("customer").to_string(), r.day("at"))).collect();
    let people = sheet("customers.csv");
    let tea: BTreeSet<&str> = people.iter().filter(|r| r.get("industry") == "teahouse").map(|r| r.get("number")).collect();
    // won, of
    let (mut visited, mut not, mut tasted, mut seminar, mut teahouse, mut all) = ([0; 2], [0; 2], [0; 2], [0; 2], [0; 2], [0; 2]);
    for (deal, path) in paths().into_iter().filter(|(d, _)| d["outcome"] != "open") {
        let won = usize::from(deal["outcome"] == "won");
        let count = |cell: &mut [usize; 2]| {
            cell[0] += won;
            cell[1] += 1;
        };
        count(&mut all);
        if let Some((_, quote)) = path.iter().find(|s| s.0 == "报价") {
            let seen = (*quote..=quote + 5).any(|d| visits.contains(&(deal["customer"].clone(), d)));
            count(if seen { &mut visited } else { &mut not });
        }
        if path.iter().any(|s| s.0 == "试饮") {
            count(&mut tasted);
        }
        if deal["source"] == "seminar" {
            count(&mut seminar);
        }
        if tea.contains(deal["customer"].as_str()) {
            count(&mut teahouse);
        }
    }
    let lift = |c: [usize; 2]| (c[0] as f64 / c[1] as f64 / (all[0] as f64 / all[1] as f64) * 10.0).round() / 10.0;
    assert_eq!((percent(visited[0], visited[1]), percent(not[0], not[1])), (58, 24));
    assert_eq!((lift(tasted), lift(seminar), teahouse), (1.9, 1.7, [3, 3]));
}

#[test]
fn fact_9_the_care_fee_became_an_objection_when_prices_rose() {
    let rise = day("2026-03-01");
    let share = |after: bool| {
        let lost: Vec<_> =
            paths().into_iter().filter(|(d, _)| d["outcome"] == "lost" && (day(&d["closed_at"][..10]) >= rise) == after).collect();
        percent(lost.iter().filter(|(d, _)| d["reason"] == "care_fee").count(), lost.len())
    };
    assert_eq!((share(false), share(true)), (11, 38));
}

#[test]
fn fact_10_short_video_brings_leads_and_referral_brings_wins() {
    let (people, spend, days) = (sheet("customers.csv"), sheet("spend.csv"), order_days());
    let won: Vec<_> = paths().into_iter().filter(|(d, _)| d["outcome"] == "won").collect();
    let view = |channel: &str| {
        let leads: Vec<&str> = people.iter().filter(|r| r.get("source") == channel).map(|r| r.get("number")).collect();
        let buyers = leads.iter().filter(|n| days.contains_key(**n)).count() as i64;
        let cost: i64 = spend.iter().filter(|r| r.get("channel") == channel).map(|r| r.int("cost")).sum();
        assert_eq!(cost % buyers, 0);
        (
            percent(leads.len(), people.rows.len()),
            percent(won.iter().filter(|(d, _)| d["source"] == channel).count(), won.len()),
            cost / buyers,
        )
    };
    assert_eq!((view("short_video"), view("referral")), ((31, 2, 412), (9, 34, 36)));
}
