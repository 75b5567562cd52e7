//! What is bought: 9,400 orders with 13,600 lines, and 8,900 payments. Orders of the cast are fixed to the piece; the rest
//! fills up to the totals with a power law over the shop's customers.

use super::book::{Draw, Table, at, clock, day, start, today};
use super::office::Deal;
use super::people::*;
use guanxi::ops::synthetic::words::PRODUCTS;

pub const ORDERS: usize = 9_400;
pub const LINES: usize = 13_600;
const PAYMENTS: usize = 8_900;
/// Orders with filters, of all: with 186 of 300 grinder orders the rule has confidence 0.62 and lift 3.1.
const WITH_FILTERS: usize = 1_880;
/// The order that is shown to everybody, and its place.
const SHOWN: usize = 233;

#[derive(Clone, Default)]
pub struct Order {
    pub who: usize,
    pub at: i64,
    /// Product by place, pieces.
    pub lines: Vec<(usize, i64)>,
    pub discount: &'static str,
    pub channel: &'static str,
    pub status: &'static str,
    pub paid: bool,
    /// Nothing may be added.
    fixed: bool,
}

pub fn sku(code: &str) -> usize {
    PRODUCTS.iter().position(|p| p.0 == code).unwrap()
}

/// Goods worth exactly so much: dear ones while there is much left, then change-making over the beans and small things.
fn basket(draw: &mut Draw, total: i64) -> Vec<(usize, i64)> {
    let price = |code: &str| (sku(code), PRODUCTS[sku(code)].3);
    let dear: Vec<_> = ["O9", "O5", "S01", "B03", "B02"].iter().map(|c| price(c)).collect();
    let coins: Vec<_> = ["B02", "B08", "B05", "B01", "B07", "G04", "M04"].iter().map(|c| price(c)).collect();
    let (mut left, mut lines) = (total, Vec::new());
    for (product, price) in dear {
        let most = (left - 300).max(0) / price;
        let pieces = if price < 1_000 { most.min(draw.range(0, 3)).max(most - 20).max(0) } else { most };
        left -= pieces * price;
        lines.push((product, pieces));
    }
    // best[v] = the coin that reaches v last.
    let mut best: Vec<Option<usize>> = vec![None; left as usize + 1];
    for value in 1..=left {
        best[value as usize] =
            (0..coins.len()).find(|c| coins[*c].1 == value || (coins[*c].1 < value && best[(value - coins[*c].1) as usize].is_some()));
    }
    while left > 0 {
        let coin = coins[best[left as usize].expect("the amount can be made from what is sold")];
        left -= coin.1;
        lines.push((coin.0, 1));
    }
    let mut merged: Vec<(usize, i64)> = Vec::new();
    for (product, pieces) in lines.into_iter().filter(|l| l.1 > 0) {
        match merged.iter_mut().find(|l| l.0 == product) {
            Some(line) => line.1 += pieces,
            None => merged.push((product, pieces)),
        }
    }
    merged
}

fn fixed(who: usize, day: i64, hour: i64, lines: Vec<(usize, i64)>) -> Order {
    let channel = if ORGS.contains(&who) { "website" } else { "mini_program" };
    Order { who, at: at(day, hour, 15), lines, discount: "", channel, status: "done", paid: true, fixed: true }
}

pub fn orders(people: &[Person], deals: &[Deal]) -> Vec<Order> {
    let mut draw = Draw::new(6);
    let mut orders = cast(&mut draw);
    accounts(&mut draw, &mut orders, deals);
    machines(&mut draw, &mut orders);
    shop_groups(&mut draw, &mut orders);
    decaf(&mut draw, &mut orders, people);
    grinders(&mut draw, &mut orders, people);
    seasons(&mut draw, &mut orders, people);
    fill(&mut draw, &mut orders, people);
    more_lines(&mut draw, &mut orders);
    orders.sort_by_key(|o| (o.at, o.who));
    let shown = orders.iter().position(|o| o.who == ZHOU_SUFEN && o.lines.len() == 3).unwrap();
    let mut order = orders.remove(shown);
    order.at = orders[SHOWN - 1].at + 1;
    orders.insert(SHOWN, order);
    settle(&mut draw, &mut orders);
    assert_eq!(orders.len(), ORDERS);
    orders
}

fn cast(draw: &mut Draw) -> Vec<Order> {
    let mut orders = Vec::new();
    let last = today() - 47;
    (0..34).for_each(|k| orders.push(fixed(XU_QINGYUE, last - 21 * k, 20, vec![(sku("B03"), 4), (sku("B02"), 3)])));
    (0..26).for_each(|k| orders.push(fixed(SHAN_YUTONG, today() + 2 - 28 * (k + 1), 8, vec![(sku("M01"), 1)])));
    (0..20).for_each(|k| orders.push(fixed(LUO_YIMING, start() + 20 + 35 * k, 21, basket(draw, 510))));
    (0..3).for_each(|k| orders.push(fixed(BAI_LUMING, start() + 100 + 200 * k, 22, basket(draw, 340))));
    orders.push(fixed(ZHOU_SUFEN, start() + 15, 19, vec![(sku("B02"), 2), (sku("G05"), 1), (sku("B06"), 1)]));
    (0..18).for_each(|k| orders.push(fixed(ZHOU_SUFEN, start() + 60 + 37 * k, 19, vec![(sku("B02"), 2)])));
    for who in 5..9 {
        (0..4 + who as i64).for_each(|k| orders.push(fixed(who, start() + 10 * who as i64 + 55 * k, 12, vec![(sku("B01"), 2)])));
    }
    for when in ["2024-12-02", "2025-01-06", "2025-02-10", "2025-03-17", "2026-11-17"] {
        orders.push(fixed(CAME_BACK, day(when), 18, vec![(sku("B07"), 2)]));
    }
    for (k, who) in REFERRED.enumerate() {
        let (total, first) = (if k == 62 { 690 } else { 655 }, day("2025-06-01") + 5 * k as i64);
        orders.push(fixed(who, first, 20, basket(draw, 327)));
        orders.push(fixed(who, first + draw.range(30, 200), 21, basket(draw, total - 327)));
    }
    orders
}

/// Organisations: the largest account with its open bill, the one big order, and the machine of every deal won.
fn accounts(draw: &mut Draw, orders: &mut Vec<Order>, deals: &[Deal]) {
    orders.push(fixed(HUANGLIANG, day("2025-09-10"), 15, basket(draw, 186_000)));
    orders.push(fixed(NANKE, day("2024-12-16"), 10, vec![(sku("O9"), 2), (sku("O5"), 6)]));
    (0..20).for_each(|k| orders.push(fixed(NANKE, day("2025-01-15") + 30 * k, 10, vec![(sku("S02"), 1), (sku("B08"), 12)])));
    let mut bill = fixed(NANKE, today() - 30, 10, basket(draw, 38_000));
    (bill.paid, bill.status) = (false, "open");
    orders.push(bill);
    for deal in deals.iter().filter(|d| d.outcome == "won" && !["S02", ""].contains(&d.product)) {
        orders.push(fixed(deal.who, deal.closed.unwrap(), 18, vec![(sku(deal.product), deal.pieces)]));
    }
}

/// H1 buyers: 16 of 50 of the leaking batch bought again within sixty days, 50 of 100 of the others; 20 moved up to H2.
fn machines(draw: &mut Draw, orders: &mut Vec<Order>) {
    for (k, who) in BATCH.enumerate() {
        let when = day("2026-09-01") + draw.range(0, 18);
        orders.push(fixed(who, when, 14, vec![(sku("H1"), 1)]));
        if k < 16 {
            orders.push(fixed(who, when + draw.range(10, 55), 20, vec![(sku("B08"), 2)]));
        }
    }
    for (k, who) in OTHER_H1.enumerate() {
        let when = if k < 20 { day("2024-12-01") + draw.range(0, 200) } else { day("2025-01-05") + draw.range(0, 540) };
        orders.push(fixed(who, when, 14, vec![(sku("H1"), 1)]));
        if k % 2 == 0 {
            orders.push(fixed(who, when + draw.range(10, 55), 20, vec![(sku("B08"), 2)]));
        }
        if k < 20 {
            orders.push(fixed(who, when + 427 + 6 * (k as i64 - 10), 15, vec![(sku("H2"), 1)]));
        }
    }
}

/// Those who cost more than they bring, and the cohort of March 2026, which stays.
fn shop_groups(draw: &mut Draw, orders: &mut Vec<Order>) {
    for who in COSTLY {
        let mut order = fixed(who, start() + draw.range(30, 700), 23, vec![(sku("B03"), draw.range(1, 4))]);
        (order.discount, order.channel) = ("0.6", "marketplace");
        orders.push(order);
    }
    for who in MARCH {
        orders.push(fixed(who, day("2026-03-01") + draw.range(0, 30), 20, vec![(sku("B01"), 2)]));
        for month in 1..8 {
            if draw.percent(78) {
                let first = day(&format!("2026-{:02}-02", 3 + month));
                orders.push(fixed(who, first + draw.range(0, 25), 20, vec![(sku("B01"), draw.range(1, 3))]));
            }
        }
    }
}

/// Is this a woman of 25 to 34 in a city of the first tier?
fn in_group(p: &Person) -> bool {
    let age = p.birth.map(|b| (today() - b) * 4 / 1461);
    p.female && p.tier == 1 && age.is_some_and(|a| (25..=34).contains(&a))
}

/// Half-Light Decaf: two more a month for fifteen months; its buyers are 2.6 times as often women of 25-34 in tier 1.
fn decaf(draw: &mut Draw, orders: &mut Vec<Order>, people: &[Person]) {
    let (mut inside, mut outside): (Vec<usize>, Vec<usize>) = (SHOP.start + 40..SHOP.end).partition(|i| in_group(&people[*i]));
    draw.shuffle(&mut inside);
    draw.shuffle(&mut outside);
    let share = (0..PEOPLE).filter(|i| in_group(&people[*i])).count() as f64 / PEOPLE as f64;
    let off = |n: usize, k: usize| (k as f64 / n as f64 / share - 2.6).abs();
    let (n, k) = (100..140).flat_map(|n| (5..n / 3).map(move |k| (n, k))).min_by(|a, b| off(a.0, a.1).total_cmp(&off(b.0, b.1))).unwrap();
    let buyers: Vec<usize> = inside[..k].iter().chain(&outside[..n - k]).copied().collect();
    let mut turn = buyers.iter().cycle();
    for month in 0..15 {
        let first = day(&format!("{}-{:02}-01", 2025 + (7 + month) / 12, 1 + (7 + month) % 12));
        for _ in 0..8 + 2 * month {
            let who = *turn.by_ref().find(|i| people[**i].came <= first).unwrap();
            let mut order = fixed(who, first + draw.range(0, 27), 9, vec![(sku("B04"), 1)]);
            order.at += draw.range(0, 700);
            orders.push(order);
        }
    }
}

/// A shop customer who was known by that day.
fn known(draw: &mut Draw, people: &[Person], day: i64) -> usize {
    loop {
        let who = SHOP.start + draw.below(753) as usize;
        if people[who].came <= day {
            return who;
        }
    }
}

fn grinders(draw: &mut Draw, orders: &mut Vec<Order>, people: &[Person]) {
    for k in 0..300 {
        let grinder = if k % 5 == 0 { sku("G02") } else { sku("G01") };
        let lines = if k < 186 { vec![(grinder, 1), (sku("G03"), 2)] } else { vec![(grinder, 1)] };
        let when = start() + draw.range(0, 740);
        orders.push(fixed(known(draw, people, when), when, draw.range(9, 22), lines));
    }
}

/// 11-11 and the gifts before Mid-Autumn (2025-10-06 and 2026-09-25).
fn seasons(draw: &mut Draw, orders: &mut Vec<Order>, people: &[Person]) {
    for (when, count) in [("2024-11-11", 110), ("2025-11-11", 150), ("2026-11-11", 170)] {
        for _ in 0..count {
            let who = known(draw, people, day(when));
            let mut order = fixed(who, day(when), draw.range(0, 23), vec![(sku("B01"), draw.range(2, 5))]);
            (order.channel, order.fixed) = ("marketplace", false);
            orders.push(order);
        }
    }
    for festival in ["2025-10-06", "2026-09-25"] {
        for _ in 0..120 {
            let when = day(festival) - draw.range(2, 14);
            let firm = TEAHOUSES.end + draw.below(250) as usize;
            let who = if draw.percent(40) { firm } else { known(draw, people, when) };
            orders.push(fixed(who, when, draw.range(9, 21), vec![(sku("B06"), draw.range(1, 4))]));
        }
    }
}

/// The rest: power law over shop customers, contracts' beans for organisations.
fn fill(draw: &mut Draw, orders: &mut Vec<Order>, people: &[Person]) {
    let pool: Vec<usize> = (9..29).chain(NEVER_ACTED.end..RECRUITED.end).chain(SHOP).collect();
    let weights: Vec<i64> = pool.iter().map(|_| 1_000 / (44 + draw.below(150))).collect();
    let sum: i64 = weights.iter().sum();
    let goods = ["B01", "B01", "B01", "B02", "B02", "B05", "B07", "B07", "B08", "B08", "B03", "G04", "M01", "S03", "G06"].map(sku);
    while orders.len() < ORDERS {
        let organisation = draw.percent(14);
        let who = if organisation {
            ORGS.start + 6 + draw.below(254).min(draw.below(254)) as usize
        } else {
            let mut left = draw.below(sum);
            let found = weights.iter().position(|w| {
                left -= w;
                left < 0
            });
            pool[found.unwrap()]
        };
        if TEAHOUSES.contains(&who) {
            continue;
        }
        let from = people[who].came.max(start());
        let lines = if organisation {
            vec![(sku("B08"), draw.range(4, 12))]
        } else {
            vec![(draw.one(&goods), 1 + draw.below(3).min(draw.below(3)))]
        };
        let mut order = fixed(who, draw.range(from, today() - 1), 8, lines);
        order.at += draw.range(0, 839);
        order.channel =
            if organisation { "website" } else { draw.one(&["mini_program", "mini_program", "marketplace", "store", "website"]) };
        order.fixed = false;
        orders.push(order);
    }
}

/// Second and third things in the basket, until the lines are all there.
fn more_lines(draw: &mut Draw, orders: &mut [Order]) {
    let mut open: Vec<usize> = (0..orders.len()).filter(|i| !orders[*i].fixed).collect();
    draw.shuffle(&mut open);
    let mut lines: usize = orders.iter().map(|o| o.lines.len()).sum();
    let filters = orders.iter().filter(|o| o.lines.iter().any(|l| l.0 == sku("G03"))).count();
    for i in &open[..WITH_FILTERS - filters] {
        orders[*i].lines.push((sku("G03"), 1));
        lines += 1;
    }
    let small = ["B01", "B02", "B05", "B07", "B08", "G04", "G06"].map(sku);
    while lines < LINES {
        let (order, product) = (&mut orders[draw.one(&open)], draw.one(&small));
        if order.lines.iter().all(|l| l.0 != product) && order.lines.len() < 4 {
            order.lines.push((product, 1));
            lines += 1;
        }
    }
}

/// 150 cancelled and 49 not paid yet beside the one open bill.
fn settle(draw: &mut Draw, orders: &mut [Order]) {
    let mut open: Vec<usize> = (0..orders.len()).filter(|i| !orders[*i].fixed && !ORGS.contains(&orders[*i].who)).collect();
    draw.shuffle(&mut open);
    for i in &open[..150] {
        (orders[*i].status, orders[*i].paid) = ("cancelled", false);
    }
    let recent: Vec<usize> = open[150..].iter().copied().filter(|i| orders[*i].at > at(today() - 60, 0, 0)).take(49).collect();
    recent.iter().for_each(|i| (orders[*i].status, orders[*i].paid) = ("open", false));
}

const COLUMNS: &[&str] =
    &["number", "customer", "at", "product", "quantity", "unit_price", "discount", "amount", "cost", "status", "channel", "paid"];

/// Ten-thousandths as people write them.
fn plain(hundredths: i64) -> String {
    if hundredths % 100 == 0 { (hundredths / 100).to_string() } else { format!("{}.{:02}", hundredths / 100, hundredths % 100) }
}

pub fn number(place: usize) -> String {
    (10_001 + place).to_string()
}

fn amount(order: &Order) -> i64 {
    let full: i64 = order.lines.iter().map(|(p, n)| PRODUCTS[*p].3 * n * 100).sum();
    if order.discount == "0.6" { full * 4 / 10 } else { full }
}

pub fn table(orders: &[Order], people: &[Person]) -> Table {
    let mut table = Table::new(COLUMNS);
    for (place, order) in orders.iter().enumerate() {
        for (product, pieces) in &order.lines {
            let (sku, _, _, price, cost) = PRODUCTS[*product];
            let one = Order { lines: vec![(*product, *pieces)], ..order.clone() };
            let paid = if order.paid { "yes" } else { "no" };
            table.push([
                &number(place),
                &people[order.who].number,
                &clock(order.at),
                &sku,
                pieces,
                &price,
                &order.discount,
                &plain(amount(&one)),
                &(cost * pieces),
                &order.status,
                &order.channel,
                &paid,
            ]);
        }
    }
    table
}

pub fn payment_table(orders: &[Order]) -> Table {
    let mut draw = Draw::new(7);
    let mut table = Table::new(&["order", "at", "amount", "method"]);
    let paid = orders.iter().filter(|o| o.paid).count();
    let mut cash = paid - PAYMENTS;
    for (place, order) in orders.iter().enumerate().filter(|(_, o)| o.paid) {
        // Small shop sales are marked as paid in the till and have no payment of their own.
        if cash > 0 && order.channel == "store" {
            cash -= 1;
            continue;
        }
        let company = ORGS.contains(&order.who);
        let method = if company { "transfer" } else { draw.one(&["wechat_pay", "wechat_pay", "alipay", "card", "balance"]) };
        let when = order.at + if company { draw.range(1, 12) * 1440 } else { draw.range(0, 3) };
        table.push([&number(place), &clock(when.min(at(today(), 12, 0))), &plain(amount(order)), &method]);
    }
    assert_eq!(table.rows.len(), PAYMENTS);
    table
}
