//! Fourteen campaigns with a result of every kind, 15,800 responses, and what each channel cost day by day.

use super::book::{Draw, Table, at, clock, day, start, today, ymd};
use super::people::*;
use super::sales::Order;

const RESPONSES: usize = 15_800;
/// name, kind, channel, first day, cost
const CAMPAIGNS: [(&str, &str, &str, &str, i64); 14] = [
    ("唤醒老客 2026-06", "single", "service_account", "2026-06-03", 1_354),
    ("双十二预热短信 2025", "single", "sms", "2025-12-08", 900),
    ("新客30天养成", "multi_step", "service_account", "2025-03-01", 2_400),
    ("豆子快喝完了", "recurring", "wecom", "2025-01-06", 600),
    ("除垢提醒", "triggered", "device", "2025-02-03", 200),
    ("签到领红包 2026-03", "incentive", "mini_program", "2026-03-01", 7_500),
    ("咖啡课堂邀请", "prospect", "wecom", "2025-04-10", 5_200),
    ("大单致谢", "triggered", "call", "2025-06-01", 360),
    ("H1 批次召回致歉", "service", "call", "2026-11-02", 4_600),
    ("老带新 2026", "referral", "referral", "2026-01-05", 3_150),
    ("双十一 2026", "single", "sms", "2026-11-11", 1_800),
    ("海外邮件", "single", "email", "2026-05-06", 400),
    ("续约关怀", "multi_step", "call", "2025-09-01", 2_000),
    ("低因新品", "prospect", "mini_program", "2025-08-20", 3_000),
];

pub fn campaign_table() -> Table {
    let mut table = Table::new(&["name", "kind", "channel", "started_at", "cost"]);
    for (name, kind, channel, when, cost) in CAMPAIGNS {
        table.push([&name, &kind, &channel, &when, &cost]);
    }
    table
}

struct Responses<'a> {
    table: Table,
    people: &'a [Person],
}

impl Responses<'_> {
    fn add(&mut self, campaign: usize, who: usize, when: i64, kind: &str, amount: i64, group: &str) {
        let amount = if amount > 0 { amount.to_string() } else { String::new() };
        let when = clock(when.min(at(today(), 11, 0)));
        self.table.push([&CAMPAIGNS[campaign].0, &self.people[who].number, &when, &kind, &amount, &group]);
    }

    /// So many treated and held out, of whom so many bought, for so much; the rest did `other`.
    fn test(&mut self, campaign: usize, pool: &[usize], treated: (usize, usize), held: (usize, usize), other: &str, amount: i64) {
        let first = day(CAMPAIGNS[campaign].3);
        let people = self.people;
        let known = pool.iter().filter(|i| people[**i].came <= first).take(treated.0 + held.0);
        for (k, who) in known.enumerate() {
            let (group, place, bought) = if k < treated.0 { ("treated", k, treated.1) } else { ("holdout", k - treated.0, held.1) };
            let kind = if place < bought {
                "bought"
            } else if group == "treated" {
                other
            } else {
                "none"
            };
            let when = at(first + (k as i64 % 7), 9 + k as i64 % 12, k as i64 % 60);
            self.add(campaign, *who, when, kind, if kind == "bought" { amount } else { 0 }, group);
        }
    }
}

pub fn response_table(people: &[Person]) -> Table {
    let mut draw = Draw::new(13);
    let mut made = Responses { table: Table::new(&["campaign", "customer", "at", "kind", "amount", "group"]), people };
    let home = |p: &usize| !people[*p].abroad;
    let mut shop: Vec<usize> =
        (5..29).chain(REFERRED).chain(OTHER_H1.start..NEVER_ACTED.start).chain(NEVER_ACTED.end..CONTACTS.end).filter(home).collect();
    draw.shuffle(&mut shop);
    made.test(0, &shop, (640, 60), (160, 5), "delivered", 176);
    draw.shuffle(&mut shop);
    // Hardly anybody opens a text message, and those who were left alone bought as much.
    made.test(1, &shop, (1_000, 20), (250, 5), "delivered", 98);
    let by_december: Vec<usize> = shop.iter().copied().filter(|i| people[*i].came < day("2025-12-08")).take(500).collect();
    for (k, who) in by_december.iter().enumerate() {
        made.add(1, *who, at(day("2025-12-09"), 19, 0), if k < 9 { "opened" } else { "delivered" }, 0, "treated");
    }
    newcomers(&mut draw, &mut made, &shop);
    abroad(&mut made, &shop);
    (0..6).for_each(|k| made.add(7, ORGS.start + k, at(day("2025-06-10") + 70 * k as i64, 10, 0), "replied_pos", 0, "treated"));
    BATCH.for_each(|who| {
        made.add(
            8,
            who,
            at(day("2026-11-02") + (who % 5) as i64, 15, 0),
            if who % 3 == 0 { "replied_neg" } else { "replied_pos" },
            0,
            "treated",
        )
    });
    REFERRED.for_each(|who| made.add(9, who, at(day("2026-01-06") + who as i64, 20, 0), "bought", 59, "treated"));
    draw.shuffle(&mut shop);
    made.test(10, &shop, (1_000, 41), (250, 8), "delivered", 118);
    made.test(12, &ORGS.collect::<Vec<_>>(), (60, 47), (51, 31), "opened", 9_600);
    draw.shuffle(&mut shop);
    made.test(13, &shop, (400, 22), (100, 2), "clicked", 78);
    draw.shuffle(&mut shop);
    made.test(6, &shop, (500, 31), (0, 0), "opened", 198);
    let known: Vec<usize> = shop.iter().copied().filter(|i| people[*i].came < day("2026-03-01")).collect();
    // Red packets: all opened, nobody bought.
    for k in 0..1_200 {
        made.add(5, known[k % known.len()], at(day("2026-03-01") + k as i64 % 31, 8, k as i64 % 60), "clicked", 0, "treated");
    }
    recurring(&mut draw, &mut made);
    assert_eq!(made.table.rows.len(), RESPONSES);
    made.table
}

/// Five steps in thirty days; the third is where they drop.
fn newcomers(draw: &mut Draw, made: &mut Responses<'_>, shop: &[usize]) {
    for who in &shop[..600] {
        let first = made.people[*who].came.max(day("2025-03-01")) + draw.range(0, 100);
        for (days, opened) in [(1, 62), (5, 55), (12, 21), (20, 19), (30, 17)] {
            let kind = if draw.percent(opened) { "opened" } else { "delivered" };
            made.add(2, *who, at(first + days, 9, 0), kind, 0, "treated");
        }
    }
}

/// Opened by 16 of 51 abroad, and by 1 of 640 at home.
fn abroad(made: &mut Responses<'_>, shop: &[usize]) {
    let away: Vec<usize> = (0..PEOPLE)
        .filter(|i| made.people[*i].abroad && made.people[*i].came < day("2026-05-06") && !NEVER_ACTED.contains(i))
        .take(51)
        .collect();
    assert_eq!(away.len(), 51, "enough people abroad");
    for (k, who) in away.iter().enumerate() {
        made.add(11, *who, at(day("2026-05-06"), 17, k as i64), if k < 16 { "opened" } else { "delivered" }, 0, "treated");
    }
    let home = shop.iter().filter(|i| made.people[**i].came < day("2026-05-06")).take(640).copied().collect::<Vec<_>>();
    for (k, who) in home.iter().enumerate() {
        made.add(11, *who, at(day("2026-05-06"), 9, k as i64 % 60), if k == 0 { "opened" } else { "delivered" }, 0, "treated");
    }
}

/// Machine owners hear about descaler, regular drinkers about beans: the best earner, never noticed.
fn recurring(draw: &mut Draw, made: &mut Responses<'_>) {
    for k in 0..300 {
        let who = OTHER_H1.start + k % 100;
        let when = at(day("2025-07-01") + draw.range(0, 500), 8, 30);
        let kind = if draw.percent(38) { "bought" } else { "delivered" };
        made.add(4, who, when, kind, if kind == "bought" { 39 } else { 0 }, "treated");
    }
    while made.table.rows.len() < RESPONSES {
        let who = SHOP.start + draw.below(753) as usize;
        let when = at(draw.range(made.people[who].came.max(day("2025-01-06")), today() - 1), 9, draw.range(0, 59));
        let kind = draw.one(&["bought", "bought", "bought", "opened", "delivered", "delivered", "delivered"]);
        made.add(3, who, when, kind, if kind == "bought" { draw.one(&[48, 96, 88, 116]) } else { 0 }, "treated");
    }
}

/// Six channels on 750 days. A buyer from short video cost ¥412, one from referral ¥36.
pub fn spend_table(people: &[Person], orders: &[Order]) -> Table {
    let mut draw = Draw::new(14);
    let mut table = Table::new(&["day", "channel", "campaign", "impressions", "clicks", "cost"]);
    let bought: std::collections::BTreeSet<usize> = orders.iter().filter(|o| o.status != "cancelled").map(|o| o.who).collect();
    let buyers = |source: &str| bought.iter().filter(|i| people[**i].source == source).count() as i64;
    let days = today() - start() + 1;
    let plans = [("short_video", 412), ("referral", 36), ("marketplace", 120), ("website", 85), ("service_account", 60), ("expo", 210)];
    let mut rows = Vec::new();
    for (channel, each) in plans {
        let total = each * buyers(channel);
        let weights: Vec<i64> =
            (0..days).map(|d| 60 + draw.below(80) + if (start() + d - day("2026-11-11")).rem_euclid(365) < 3 { 200 } else { 0 }).collect();
        let (sum, mut passed): (i64, i64) = (weights.iter().sum(), 0);
        for (d, weight) in weights.iter().enumerate() {
            let cost = total * (passed + weight) / sum - total * passed / sum;
            passed += weight;
            let seen = cost * 9 + draw.below(400);
            rows.push((start() + d as i64, channel, seen, seen / 40, cost));
        }
    }
    rows.sort_unstable();
    rows.iter().for_each(|(d, channel, seen, clicks, cost)| table.push([&ymd(*d), channel, &"", seen, clicks, cost]));
    table
}
