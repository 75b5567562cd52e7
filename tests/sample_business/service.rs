//! What is said and done between orders: follow-ups, behaviour, tickets, tasks, member accounts.

use super::book::{Draw, Table, at, clock, day, start, today, weekday, ymd};
use super::office::Deal;
use super::people::*;
use guanxi::ops::synthetic::words::PRODUCTS;

const FOLLOW_UPS: usize = 13_200;
const EVENTS: usize = 38_000;
/// Weeks in which the two reps' calls are counted.
pub const CALL_WEEKS: i64 = 26;
/// Contacts who only write to 陆子衿 or 周牧野 and get an answer: 41 each, so that there is a middle one.
const WRITERS: usize = 41;

#[derive(Clone, Default)]
struct Talk {
    who: usize,
    at: i64,
    channel: &'static str,
    inbound: bool,
    outcome: &'static str,
    by: &'static str,
    note: &'static str,
    next: Option<i64>,
}

const NOTES: &[&str] = &[
    "试饮后觉得偏酸，推荐深烘",
    "问月度豆盒几号发",
    "下月搬办公室，之后再谈",
    "想看 H2 实机",
    "豆子还够一周",
    "已指导除垢",
    "发票抬头要改",
    "讲了年度保养的内容",
    "周三上午再打",
    "样品收到，团队喜欢",
    "asked for prices in EUR",
    "liked the decaf",
    "will decide after the budget round",
    "保养费觉得贵",
];

/// Wednesday mornings people pick up.
fn call_outcome(draw: &mut Draw, when: i64) -> &'static str {
    let best = weekday(when / 1440) == 2 && when % 1440 < 720;
    if draw.percent(if best { 64 } else { 36 }) { draw.one(&["answered", "answered", "interested", "later"]) } else { "no_answer" }
}

pub fn interaction_table(people: &[Person], deals: &[Deal]) -> Table {
    let mut draw = Draw::new(8);
    let mut talks = told();
    for deal in deals.iter().filter(|d| d.visited) {
        let when = at(deal.quoted().unwrap() + draw.range(1, 5), draw.range(9, 17), 30);
        talks.push(Talk {
            who: deal.who,
            at: when,
            channel: "visit",
            outcome: "interested",
            by: deal.owner,
            note: "报价后当面讲了一遍",
            ..Talk::default()
        });
    }
    calls(&mut draw, &mut talks);
    answers(&mut draw, &mut talks);
    fill_talks(&mut draw, &mut talks, people);
    talks.sort_by_key(|t| (t.at, t.who));
    let columns = &["number", "customer", "at", "channel", "direction", "kind", "outcome", "by", "campaign", "duration", "note", "next_at"];
    let mut table = Table::new(columns);
    for (k, t) in talks.iter().enumerate() {
        let kind = if t.inbound { "consultation" } else { "follow_up" };
        let minutes = if t.channel == "call" && t.outcome != "no_answer" { draw.range(1, 18).to_string() } else { String::new() };
        let next = t.next.map_or(String::new(), ymd);
        table.push([
            &format!("I{:05}", k + 1),
            &people[t.who].number,
            &clock(t.at),
            &t.channel,
            &if t.inbound { "in" } else { "out" },
            &kind,
            &t.outcome,
            &t.by,
            &"",
            &minutes,
            &t.note,
            &next,
        ]);
    }
    table
}

fn told() -> Vec<Talk> {
    let mut talks = Vec::new();
    let last = today() - 47;
    for k in 0..10 {
        let note = if k == 0 { "说最近换了口味，想试试浅一点的" } else { "豆子合适，下次照旧" };
        let when = at(last - 70 * k, 20, 40);
        talks.push(Talk { who: XU_QINGYUE, at: when, channel: "wechat", outcome: "answered", by: "江晚舟", note, ..Talk::default() });
    }
    let said = [("2026-11-03", "问挂耳礼盒能不能写贺卡"), ("2026-09-12", "手冲壶收到，很喜欢"), ("2026-06-20", "豆子要再粗一点")];
    for (when, note) in said {
        let talk = Talk {
            who: ZHOU_SUFEN,
            at: at(day(when), 10, 5),
            channel: "wechat",
            outcome: "answered",
            by: "白小楼",
            note,
            ..Talk::default()
        };
        talks.push(Talk { next: (when == "2026-11-03").then(|| today() + 1), ..talk });
    }
    let note = "退了一台，等维修结论；账期内不谈续约价";
    talks
        .push(Talk { who: NANKE, at: at(today() - 6, 15, 0), channel: "call", outcome: "later", by: "沈知微", note, ..Talk::default() });
    let note = "老板在比两家，报价放了一个月";
    talks.push(Talk {
        who: TUJIAO,
        at: at(today() - 24, 11, 0),
        channel: "wechat",
        outcome: "later",
        by: "周牧野",
        note,
        ..Talk::default()
    });
    talks
}

/// 60 calls a week against 22.
fn calls(draw: &mut Draw, talks: &mut Vec<Talk>) {
    let pool: Vec<usize> = (CONTACTS.start + 2 * WRITERS..CONTACTS.end).chain(TEAHOUSES.end..ORGS.end).collect();
    for (by, count) in [("陆子衿", 60), ("周牧野", 22)] {
        for (week, k) in (0..CALL_WEEKS).flat_map(|w| (0..count).map(move |k| (w, k))) {
            let when = at(today() - 4 - 7 * week + k % 5, draw.range(9, 17), draw.range(0, 59));
            let outcome = call_outcome(draw, when);
            let note = if draw.percent(30) && outcome != "no_answer" { draw.one(NOTES) } else { "" };
            let next = (outcome != "no_answer" && draw.percent(25)).then(|| when / 1440 + draw.range(3, 14));
            talks.push(Talk { who: draw.one(&pool), at: when, channel: "call", outcome, by, note, next, inbound: false });
        }
    }
}

/// Questions and their answers: 26 hours in the middle for one, 2 for the other.
fn answers(draw: &mut Draw, talks: &mut Vec<Talk>) {
    for (by, first, middle, step) in [("陆子衿", 0, 26 * 60, 45), ("周牧野", WRITERS, 120, 5)] {
        for k in 0..WRITERS {
            let (who, asked) = (CONTACTS.start + first + k, at(start() + draw.range(40, 730), draw.range(9, 17), draw.range(0, 59)));
            let talk =
                Talk {
                    who, at: asked, channel: "wechat", inbound: true, outcome: "replied", by, note: "问报价里含不含保养", next: None
                };
            let answer =
                Talk { at: asked + middle + step * (k as i64 - 20), inbound: false, outcome: "answered", note: "", ..talk.clone() };
            talks.extend([talk, answer]);
        }
    }
}

fn fill_talks(draw: &mut Draw, talks: &mut Vec<Talk>, people: &[Person]) {
    let shop: Vec<usize> = (5..28).chain(REFERRED).chain(BATCH.start..COSTLY.end).chain(NEVER_ACTED.end..SHOP.end).collect();
    let firms: Vec<usize> = (CONTACTS.start + 2 * WRITERS..CONTACTS.end).chain(TEAHOUSES.start..ORGS.end).collect();
    while talks.len() < FOLLOW_UPS {
        let company = draw.percent(35);
        let who = draw.one(if company { &firms } else { &shop });
        let from = people[who].came.max(start());
        let when = at(draw.range(from, today() - 1), draw.range(9, 19), draw.range(0, 59));
        let by = match (people[who].abroad, company) {
            (true, _) => draw.one(&["Maya Placeholder", "Tom Sample"]),
            (_, true) => draw.one(&["沈知微", "唐小满"]),
            _ => draw.one(&["江晚舟", "白小楼", "白小楼", "程一帆", "唐小满", "何一苇", "段青"]),
        };
        let channel = if people[who].abroad { "email" } else { draw.one(&["wechat", "wechat", "wecom", "call", "call", "live_chat"]) };
        let inbound = channel != "call" && draw.percent(40);
        let outcome = if channel == "call" {
            call_outcome(draw, when)
        } else {
            draw.one(&["answered", "answered", "replied", "solved", "interested"])
        };
        let note = if draw.percent(35) && outcome != "no_answer" { draw.one(NOTES) } else { "" };
        let next = draw.percent(12).then(|| when / 1440 + draw.range(2, 14));
        talks.push(Talk { who, at: when, channel, inbound, outcome, by, note, next });
    }
}

pub fn event_table(people: &[Person]) -> Table {
    let mut draw = Draw::new(9);
    let mut events: Vec<(i64, usize, &str, &str, &str, &str)> = Vec::new();
    let any =
        |draw: &mut Draw, who: usize| at(draw.range(people[who].came.max(start()), today() - 1), draw.range(7, 22), draw.range(0, 59));
    // 700 of 1,000 comments come from six people.
    for k in 0..1_000 {
        let who = if k < 700 { SHOP.start + 10 + k % 6 } else { SHOP.start + 20 + k - 700 };
        events.push((any(&mut draw, who), who, "comment", "social_dm", "", ""));
    }
    let pool: Vec<usize> = (0..BATCH.end).chain(OTHER_H1).chain(COSTLY).chain(NEVER_ACTED.end..SHOP.end).collect();
    let known: Vec<usize> = pool.iter().copied().filter(|i| people[*i].came < day("2026-03-01")).collect();
    // Signing in for a red packet: March 2026, four times the usual.
    for _ in 0..1_500 {
        let when = at(day("2026-03-01") + draw.below(31), draw.range(7, 22), draw.range(0, 59));
        events.push((when, draw.one(&known), "sign_in", "mini_program", "yes", ""));
    }
    let mut machines: Vec<usize> = BATCH.chain(OTHER_H1).collect();
    draw.shuffle(&mut machines);
    let kinds = [
        ("browse", "mini_program"),
        ("browse", "mini_program"),
        ("browse", "website"),
        ("browse", "marketplace"),
        ("add_to_cart", "mini_program"),
        ("brew", "device"),
        ("brew", "device"),
        ("descale_alert", "device"),
        ("follow", "service_account"),
        ("register", "mini_program"),
        ("add_wecom", "wecom"),
        ("share", "short_video"),
        ("like", "short_video"),
        ("attend", "seminar"),
        ("sign_in", "mini_program"),
    ];
    while events.len() < EVENTS {
        let (name, channel) = draw.one(&kinds);
        let who = if channel == "device" { draw.one(&machines) } else { draw.one(&pool) };
        let sku = if ["browse", "add_to_cart"].contains(&name) { draw.one(PRODUCTS).0 } else { "" };
        events.push((any(&mut draw, who), who, name, channel, "", sku));
    }
    events.sort_unstable();
    let mut table = Table::new(&["customer", "at", "name", "channel", "incentivised", "props.sku"]);
    for (when, who, name, channel, incentivised, sku) in events {
        table.push([&people[who].number, &clock(when), &name, &channel, &incentivised, &sku]);
    }
    table
}

/// opened, who, type, severity, closed, expected, perceived, about
type Case = (i64, usize, &'static str, &'static str, Option<i64>, i64, i64, &'static str);

/// 23 tickets of the leaking batch in three weeks, one of the largest account, 162 others that are closed.
pub fn ticket_table(people: &[Person]) -> Table {
    let mut draw = Draw::new(10);
    let mut rows: Vec<Case> = Vec::new();
    for k in 0..23 {
        let opened = at(day("2026-10-20") + k as i64 * 20 / 22, draw.range(9, 20), 10);
        let closed = (k < 18).then(|| opened + draw.range(2, 9) * 1440);
        rows.push((opened, BATCH.start + 16 + k, "repair", "high", closed, 8, if k < 2 { 4 } else { 5 }, "H1 批次 L2609 漏水"));
    }
    rows.push((at(today() - 9, 11, 20), NANKE, "complaint", "high", None, 9, 6, "大堂 O9 出水不稳，客人投诉"));
    let about = ["磨豆粗细不对", "发货晚了两天", "除垢灯不灭", "问发票", "豆盒漏发一袋", "想换深烘"];
    for _ in 0..162 {
        let one =
            [OTHER_H1.start + draw.below(100) as usize, SHOP.start + draw.below(750) as usize, ORGS.start + 6 + draw.below(250) as usize];
        let who = draw.one(&one);
        let opened = at(draw.range(people[who].came.max(start() + 5), today() - 30), draw.range(9, 20), draw.range(0, 59));
        let kind = draw.one(&["question", "complaint", "repair", "return", "other"]);
        let expected = draw.range(6, 9);
        let perceived = (expected - draw.range(-1, 2)).min(10);
        rows.push((
            opened,
            who,
            kind,
            draw.one(&["low", "medium", "medium", "high"]),
            Some(opened + draw.range(1, 20) * 720),
            expected,
            perceived,
            draw.one(&about),
        ));
    }
    rows.sort_unstable();
    let mut table =
        Table::new(&["number", "customer", "type", "severity", "opened_at", "closed_at", "resolution", "expected", "perceived", "note"]);
    for (k, (opened, who, kind, severity, closed, expected, perceived, about)) in rows.into_iter().enumerate() {
        let how = if closed.is_some() { draw.one(&["换新", "上门修好", "解释清楚", "补发", "退款"]) } else { "" };
        let closed = closed.map_or(String::new(), |c| clock(c.min(at(today(), 11, 0))));
        table.push([
            &format!("T{:04}", k + 1),
            &people[who].number,
            &kind,
            &severity,
            &clock(opened),
            &closed,
            &how,
            &expected,
            &perceived,
            &about,
        ]);
    }
    table
}

pub fn task_table(people: &[Person]) -> Table {
    let mut draw = Draw::new(11);
    let mut table = Table::new(&["customer", "due", "about", "owner", "done_at"]);
    let first = [
        (XU_QINGYUE, 0, "问问换了什么口味，寄两包浅烘小样", "江晚舟"),
        (NANKE, 1, "先解决 O9 的投诉，再谈续约", "沈知微"),
        (TUJIAO, 0, "报价放了一个月：约一次当面讲", "周牧野"),
    ];
    for (who, days, about, owner) in first {
        table.push([&people[who].number, &ymd(today() + days), &about, &owner, &""]);
    }
    let about = ["回电", "寄样品", "发报价单", "确认到货", "约试饮", "问保养时间", "生日问候"];
    for k in 0..117 {
        let one = [
            SHOP.start + draw.below(700) as usize,
            CONTACTS.start + 90 + draw.below(400) as usize,
            ORGS.start + 6 + draw.below(250) as usize,
        ];
        let who = draw.one(&one);
        let due = if k < 60 { today() - draw.range(2, 200) } else { today() + draw.range(-3, 14) };
        let done = if k < 57 { clock(at(due - draw.range(0, 1), 16, 20)) } else { String::new() };
        let owner = draw.one(&["沈知微", "陆子衿", "周牧野", "林见鹿", "白小楼", "程一帆", "唐小满"]);
        table.push([&people[who].number, &ymd(due), &draw.one(&about), &owner, &done]);
    }
    table
}

/// Ten rows for each of 310 members: topped up, spent, earned points.
pub fn ledger_table(people: &[Person]) -> Table {
    let mut draw = Draw::new(12);
    let mut table = Table::new(&["customer", "at", "kind", "account", "amount", "by", "note"]);
    for member in &people[SHOP.start + 100..SHOP.start + 410] {
        let (card, bonus) = draw.one(&[(500, 25), (1_000, 80), (2_000, 240)]);
        let first = draw.range(member.came.max(start()), today() - 120);
        let spent = card / 8;
        let rows = [
            (0, "top_up", "balance", card),
            (0, "bonus", "balance", bonus),
            (9, "spend", "balance", -spent),
            (24, "spend", "balance", -spent),
            (24, "bonus", "points", spent),
            (51, "spend", "balance", -spent),
            (51, "bonus", "points", spent),
            (80, "spend", "balance", -spent),
            (80, "bonus", "points", spent),
            (100, "spend", "points", -spent),
        ];
        for (days, kind, account, amount) in rows {
            table.push([&member.number, &clock(at(first + days, 18, 5)), &kind, &account, &amount, &"程一帆", &""]);
        }
    }
    table
}
