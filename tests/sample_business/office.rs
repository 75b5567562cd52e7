//! What is sold to organisations: 430 deals in three pipelines with the 1,560 stages they entered, and 74 contracts.

use super::book::{Draw, Table, at, clock, day, today, ymd};
use super::people::{CONTACTS, NANKE, ORGS, Person, TEAHOUSES, TUJIAO};

pub const OFFICE: &str = "企业咖机";
const RENEWAL: (&str, [&str; 4]) = ("供豆续约", ["到期提醒", "复盘回访", "续约报价", "续约"]);
const DISTRIBUTORS: (&str, [&str; 4]) = ("经销合作", ["咨询", "考察", "谈判", "签约"]);
const STAGES: [&str; 5] = ["线索确认", "需求沟通", "试饮", "报价", "合同"];
const QUOTE: usize = 3;
/// Stages entered in all.
const VISITS: usize = 1_560;

#[derive(Clone, Default)]
pub struct Deal {
    pub number: String,
    pub who: usize,
    pub pipeline: &'static str,
    /// Stages entered, with the day.
    pub path: Vec<(&'static str, i64)>,
    pub product: &'static str,
    pub pieces: i64,
    pub amount: i64,
    pub owner: &'static str,
    pub source: &'static str,
    pub closed: Option<i64>,
    pub outcome: &'static str,
    pub reason: &'static str,
    /// The customer was visited within five days of the quote.
    pub visited: bool,
}

impl Deal {
    pub fn quoted(&self) -> Option<i64> {
        self.path.iter().find(|s| s.0 == STAGES[QUOTE]).map(|s| s.1)
    }
}

/// How a group of office deals went: how many, and which stages they entered.
struct Group {
    count: usize,
    outcome: &'static str,
    last: usize,
    tasted: usize,
}

/// 59 won, 201 lost, 50 open; 200 quoted, 82 of them went on; 128 of the closed had a tasting, 55 of those won.
const GROUPS: [Group; 9] = [
    Group { count: 59, outcome: "won", last: 4, tasted: 55 },
    Group { count: 16, outcome: "lost", last: 4, tasted: 10 },
    Group { count: 100, outcome: "lost", last: QUOTE, tasted: 50 },
    Group { count: 13, outcome: "lost", last: 2, tasted: 13 },
    Group { count: 71, outcome: "lost", last: 1, tasted: 0 },
    Group { count: 1, outcome: "lost", last: 0, tasted: 0 },
    Group { count: 18, outcome: "open", last: QUOTE, tasted: 18 },
    Group { count: 7, outcome: "open", last: 4, tasted: 7 },
    Group { count: 25, outcome: "open", last: 2, tasted: 25 },
];
/// Days in the quote so far, of the deals that are there now: eleven beyond what four of five took.
const WAITING: [i64; 18] = [31, 28, 29, 30, 33, 34, 35, 38, 41, 44, 52, 3, 5, 8, 11, 14, 17, 20];

pub fn deals(people: &[Person]) -> Vec<Deal> {
    let mut draw = Draw::new(3);
    let mut deals = office(&mut draw);
    for (pipeline, stages, count, won) in [(RENEWAL.0, RENEWAL.1, 70, 50), (DISTRIBUTORS.0, DISTRIBUTORS.1, 50, 14)] {
        (0..count).for_each(|k| deals.push(other(&mut draw, pipeline, stages, k, won)));
    }
    assert_eq!(deals[deals.len() - 120].pipeline, RENEWAL.0);
    let first = deals.len() - 120;
    // Some are talked over twice or three times.
    let mut missing = VISITS - deals.iter().map(|d| d.path.len()).sum::<usize>();
    while missing > 0 {
        for deal in deals[first..].iter_mut().filter(|d| d.outcome != "open").take(missing) {
            let (stage, day) = deal.path[1];
            deal.path.insert(2, (stage, day + 1));
            missing -= 1;
        }
    }
    deals.sort_by_key(|d| d.path[0].1);
    for (k, deal) in deals.iter_mut().enumerate() {
        deal.number = format!("D{:04}", k + 1);
        assert!(deal.who < people.len());
    }
    deals
}

fn office(draw: &mut Draw) -> Vec<Deal> {
    let mut deals: Vec<Deal> = Vec::new();
    let mut dwell = dwells();
    draw.shuffle(&mut dwell);
    let mut waiting = WAITING.iter();
    for group in &GROUPS {
        for k in 0..group.count {
            let mut deal = Deal { pipeline: OFFICE, outcome: group.outcome, ..Deal::default() };
            let stay = if group.last < QUOTE {
                0
            } else if group.outcome == "open" && group.last == QUOTE {
                *waiting.next().unwrap()
            } else {
                dwell.pop().unwrap()
            };
            let before = group.outcome == "lost" && k % 2 == 0;
            deal.closed = (group.outcome != "open").then_some(i64::from(!before));
            path(draw, &mut deal, group, k < group.tasted, stay);
            deals.push(deal);
        }
    }
    assert!(dwell.is_empty() && waiting.next().is_none());
    traits(draw, &mut deals);
    customers(draw, &mut deals);
    deals
}

/// Days from quote to the next step of the 182 deals that left it: half within 19, four fifths within 26.
fn dwells() -> Vec<i64> {
    let at = |k: i64| match k {
        0..91 => 6 + 13 * k / 90,
        91..146 => 19 + 7 * (k - 91) / 54,
        _ => 26 + 20 * (k - 146) / 36,
    };
    (0..182).map(at).collect()
}

/// Works the stages out backwards from the day the deal closed (or from today).
fn path(draw: &mut Draw, deal: &mut Deal, group: &Group, tasted: bool, stay: i64) {
    let end = match deal.closed {
        None => today() - if group.last == QUOTE { 0 } else { draw.range(1, 5) },
        Some(0) => draw.range(day("2025-01-20"), day("2026-02-28")),
        _ if group.outcome == "lost" => draw.range(day("2026-03-01"), day("2026-11-13")),
        _ => draw.range(day("2025-01-20"), day("2026-11-13")),
    };
    deal.closed = deal.closed.map(|_| end);
    let mut now = end;
    for (k, stage) in STAGES.iter().enumerate().take(group.last + 1).rev() {
        if k == 2 && !tasted {
            continue;
        }
        now -= if k == QUOTE { stay } else { [draw.range(2, 8), draw.range(3, 9), draw.range(3, 8), 0, draw.range(3, 9)][k] };
        deal.path.insert(0, (stage, now));
    }
}

/// Hands out sources, owners, visits and reasons so that every planted share comes out whole.
fn traits(draw: &mut Draw, deals: &mut [Deal]) {
    let picked = |draw: &mut Draw, deals: &[Deal], test: &dyn Fn(&Deal) -> bool| {
        let mut found: Vec<usize> = (0..deals.len()).filter(|i| test(&deals[*i])).collect();
        draw.shuffle(&mut found);
        found
    };
    let hand = |list: &[usize], parts: &[(&'static str, usize)], set: &mut dyn FnMut(usize, &'static str)| {
        let values = parts.iter().flat_map(|(v, n)| std::iter::repeat_n(*v, *n));
        list.iter().zip(values).for_each(|(i, v)| set(*i, v));
    };
    let won = picked(draw, deals, &|d| d.outcome == "won");
    hand(&won, &[("referral", 20), ("seminar", 17), ("short_video", 1), ("expo", 12), ("website", 9)], &mut |i, v| deals[i].source = v);
    let won = picked(draw, deals, &|d| d.outcome == "won");
    hand(&won, &[("陆子衿", 12), ("周牧野", 24), ("沈知微", 15), ("Maya Placeholder", 5), ("Tom Sample", 3)], &mut |i, v| {
        deals[i].owner = v
    });
    let lost = picked(draw, deals, &|d| d.outcome == "lost");
    hand(&lost, &[("seminar", 27), ("referral", 24), ("short_video", 62), ("expo", 44), ("website", 44)], &mut |i, v| deals[i].source = v);
    let lost = picked(draw, deals, &|d| d.outcome == "lost");
    let owners = [("陆子衿", 51), ("周牧野", 34), ("沈知微", 66), ("Maya Placeholder", 25), ("Tom Sample", 25)];
    hand(&lost, &owners, &mut |i, v| deals[i].owner = v);
    let rise = day("2026-03-01");
    let before = picked(draw, deals, &|d| d.outcome == "lost" && d.closed.unwrap() < rise);
    let after = picked(draw, deals, &|d| d.outcome == "lost" && d.closed.unwrap() >= rise);
    let fee = |n: usize, of: usize, hundredths: usize| (n, of, (of * hundredths + 50) / 100);
    for (list, (_, of, fees)) in [(&before, fee(0, before.len(), 11)), (&after, fee(1, after.len(), 38))] {
        let rest = of - fees;
        let parts = [("care_fee", fees), ("price", rest / 3), ("competitor", rest / 4), ("no_value", rest / 4), ("other", rest)];
        hand(list, &parts, &mut |i, v| deals[i].reason = v);
    }
    let won = picked(draw, deals, &|d| d.outcome == "won");
    won[..29].iter().for_each(|i| deals[*i].visited = true);
    let quoted_lost = picked(draw, deals, &|d| d.outcome == "lost" && d.quoted().is_some());
    quoted_lost[..21].iter().for_each(|i| deals[*i].visited = true);
    let machines = [("H2", 4_680), ("O5", 18_800), ("O5", 18_800), ("O9", 46_800)];
    for deal in deals.iter_mut() {
        let (product, price) = draw.one(&machines);
        (deal.product, deal.pieces) = (product, draw.range(1, if price > 20_000 { 2 } else { 3 }));
        deal.amount = price * deal.pieces;
        if deal.owner.is_empty() {
            deal.owner = draw.one(&["陆子衿", "周牧野", "沈知微", "林见鹿"]);
            deal.source = draw.one(&["seminar", "expo", "website", "short_video", "short_video"]);
        }
    }
}

/// Every quoted deal has an organisation of its own; the teahouses have one deal each, and won it.
fn customers(draw: &mut Draw, deals: &mut [Deal]) {
    let mut own: Vec<usize> = ORGS.filter(|i| ![NANKE, NANKE + 1, TUJIAO].contains(i) && !TEAHOUSES.contains(i)).collect();
    draw.shuffle(&mut own);
    let (mut teahouses, mut tujiao) = (TEAHOUSES, Some(TUJIAO));
    for deal in deals.iter_mut() {
        let next = match (deal.outcome, deal.quoted()) {
            ("won", _) => teahouses.next(),
            ("open", Some(quoted)) if today() - quoted == 31 => tujiao.take(),
            _ => None,
        };
        if next == Some(TUJIAO) {
            (deal.amount, deal.product, deal.pieces, deal.owner) = (92_000, "O9", 2, "周牧野");
        }
        let quoted = deal.quoted().is_some();
        deal.who = next.unwrap_or_else(|| if quoted { own.pop().unwrap() } else { draw.one(&own[..40]) });
    }
}

fn other(draw: &mut Draw, pipeline: &'static str, stages: [&'static str; 4], k: i64, won: i64) -> Deal {
    let renewal = pipeline == RENEWAL.0;
    let open = k >= if renewal { 60 } else { 32 };
    let end = if open { today() - draw.range(2, 20) } else { draw.range(day("2025-02-01"), day("2026-09-20")) };
    let mut deal = Deal { pipeline, product: "S02", pieces: 1, amount: 9_600 * draw.range(1, 5), source: "partner", ..Deal::default() };
    deal.outcome = if open {
        "open"
    } else if k < won {
        "won"
    } else {
        "lost"
    };
    // Nobody has been in the distributors' negotiation this quarter: those who are past it went long before.
    let last = match (deal.outcome, renewal) {
        ("won", _) => 3,
        ("lost", _) => 2,
        (_, true) => k as usize % 4,
        _ => [0, 1, 3][k as usize % 3],
    };
    let mut now = end;
    for stage in stages.into_iter().take(last + 1).rev() {
        now -= if stage == "签约" && open { 60 } else { draw.range(3, 9) };
        deal.path.insert(0, (stage, now));
    }
    deal.owner = draw.one(&["沈知微", "林见鹿", "Maya Placeholder"]);
    deal.who = if renewal { ORGS.start + 6 + k as usize } else { CONTACTS.start + 100 + k as usize };
    deal.closed = (!open).then_some(end);
    deal.reason = if deal.outcome == "lost" { draw.one(&["price", "competitor", "closed"]) } else { "" };
    deal
}

/// First one deal in every stage, pipeline by pipeline: a stage's first appearance is its place in the pipeline.
fn in_stage_order(deals: &[Deal]) -> Vec<&Deal> {
    let stages = STAGES.into_iter().map(|s| (OFFICE, s));
    let stages = stages.chain([RENEWAL, DISTRIBUTORS].into_iter().flat_map(|(p, stages)| stages.map(|s| (p, s))));
    let at = |d: &&Deal| (d.pipeline, d.path.last().unwrap().0);
    let first: Vec<&Deal> = stages.map(|s| deals.iter().find(|d| at(d) == s).expect("a deal in every stage")).collect();
    let rest = deals.iter().filter(|d| first.iter().all(|f| f.number != d.number));
    first.iter().copied().chain(rest).collect()
}

const DEALS: &[&str] = &[
    "number",
    "customer",
    "pipeline",
    "stage",
    "stage_since",
    "title",
    "product",
    "amount",
    "owner",
    "source",
    "created_at",
    "expected_close",
    "closed_at",
    "outcome",
    "reason",
    "competitor",
];

pub fn deal_table(deals: &[Deal], people: &[Person]) -> Table {
    let mut draw = Draw::new(4);
    let mut table = Table::new(DEALS);
    for d in in_stage_order(deals) {
        let (stage, since) = d.path.last().unwrap();
        let title = format!("{} {}", people[d.who].name, if d.pipeline == OFFICE { d.product } else { d.pipeline });
        let closed = d.closed.map_or(String::new(), |c| clock(at(c, 17, 30)));
        let expected = ymd(d.closed.unwrap_or(today() + draw.range(5, 40)));
        let rival = if d.reason == "competitor" { draw.one(&["海市咖机", "蜃楼供豆"]) } else { "" };
        table.push([
            &d.number,
            &people[d.who].number,
            &d.pipeline,
            stage,
            &clock(at(*since, 10, 0)),
            &title,
            &d.product,
            &d.amount,
            &d.owner,
            &d.source,
            &clock(at(d.path[0].1, 10, 0)),
            &expected,
            &closed,
            &d.outcome,
            &d.reason,
            &rival,
        ]);
    }
    table
}

/// stages.csv, one pipeline after the other, so that a stage's first appearance is its place in the pipeline.
pub fn stage_table(deals: &[Deal]) -> Table {
    let mut table = Table::new(&["deal", "stage", "at"]);
    let longest = |pipeline: &str| deals.iter().filter(|d| d.pipeline == pipeline).max_by_key(|d| d.path.len().min(5)).unwrap();
    for pipeline in [OFFICE, RENEWAL.0, DISTRIBUTORS.0] {
        let first = longest(pipeline);
        let rest = deals.iter().filter(|d| d.pipeline == pipeline && d.number != first.number);
        for deal in std::iter::once(first).chain(rest) {
            deal.path.iter().for_each(|(stage, when)| table.push([&deal.number, stage, &clock(at(*when, 10, 0))]));
        }
    }
    table
}

pub fn contract_table(people: &[Person]) -> Table {
    let mut draw = Draw::new(5);
    let mut table = Table::new(&["number", "customer", "start", "end", "value", "renewal", "status"]);
    for k in 0..74 {
        let who = if k == 0 { NANKE } else { ORGS.start + 6 + k };
        let end = if k == 0 { today() + 24 } else { draw.range(day("2025-11-01"), day("2027-10-01")) };
        let end = if k > 0 && (today()..today() + 40).contains(&end) { end + 60 } else { end };
        let begin = end - if k % 3 == 1 { 729 } else { 364 };
        let value = if k == 0 { 268_000 } else { 9_600 * draw.range(1, 6) };
        let over = end < today();
        let status = if !over {
            "active"
        } else if k % 4 == 0 {
            "ended"
        } else {
            "renewed"
        };
        table.push([
            &format!("K{:04}", k + 1),
            &people[who].number,
            &ymd(begin),
            &ymd(end),
            &value,
            &if k % 2 == 0 { "no" } else { "yes" },
            &status,
        ]);
    }
    table
}
