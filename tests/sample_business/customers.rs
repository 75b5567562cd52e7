//! customers.csv: what is written down about everybody.

use super::book::{Draw, Table, at, clock, today, ymd};
use super::people::*;
use guanxi::ops::synthetic::words;

const COLUMNS: &[&str] = &[
    "number",
    "name",
    "former_names",
    "kind",
    "gender",
    "birth_date",
    "phone",
    "email",
    "wechat",
    "device",
    "province",
    "city",
    "city_tier",
    "works_at",
    "industry",
    "type",
    "source",
    "member_level",
    "owner",
    "fans",
    "roles",
    "tags",
    "consent",
    "do_not_contact",
    "referred_by",
    "recruiter",
    "shared_phone",
    "created_at",
    "note",
];

/// customers.csv. Organisations come first, so that the people who work there find them.
pub fn table(people: &[Person]) -> Table {
    let mut draw = Draw::new(2);
    let mut table = Table::new(COLUMNS);
    let order = ORGS.chain(0..PEOPLE).chain(DUPLICATES);
    for i in order {
        let row = row(&mut draw, people, i);
        assert_eq!(row.len(), COLUMNS.len());
        table.rows.push(row);
    }
    table
}

fn row(draw: &mut Draw, people: &[Person], i: usize) -> Vec<String> {
    let (p, org) = (&people[i], ORGS.contains(&i));
    let text = |s: &str| s.to_string();
    let when = |yes: bool, s: &str| if yes { s.to_string() } else { String::new() };
    let device = match i {
        _ if BATCH.contains(&i) => format!("ZH1-L2609-{:06}", i),
        _ if OTHER_H1.contains(&i) => format!("ZH1-DEMO-{:06}", i),
        _ => String::new(),
    };
    let fans = [(LUO_YIMING, "300"), (BAI_LUMING, "300000")].iter().find(|f| f.0 == i).map_or(String::new(), |f| text(f.1));
    let province = words::CITIES.iter().map(|c| (c.0, c.1)).chain(words::ABROAD.iter().map(|a| (a.0, a.1)));
    let contact = CONTACTS.contains(&i);
    let employer = &people[ORGS.start + (i.saturating_sub(CONTACTS.start)) / 2 % ORGANISATIONS].number;
    let shared = SHARED.iter().any(|(a, b)| *a == i || *b == i);
    vec![
        p.number.clone(),
        p.name.clone(),
        p.former.clone(),
        text(if org { "organisation" } else { "person" }),
        if org { String::new() } else { text(if p.female { "female" } else { "male" }) },
        p.birth.filter(|_| !org).map_or(String::new(), ymd),
        p.phone.clone(),
        p.email.clone(),
        if org { String::new() } else { p.wechat.clone() },
        device,
        province.into_iter().find(|c| c.0 == p.city).map_or(String::new(), |c| text(c.1)),
        text(p.city),
        if p.tier > 0 { p.tier.to_string() } else { String::new() },
        when(contact, employer),
        text(p.industry),
        text(if org { "business" } else { "retail" }),
        text(p.source),
        if org || contact { String::new() } else { text(level(draw, i)) },
        text(p.owner),
        fans,
        text(roles(i)),
        tags(draw, i, org),
        when(!org && draw.percent(60), "wechat:2025-03-01"),
        when(i == QUIET_HALF, "yes"),
        when(REFERRED.contains(&i), &people[BAI_LUMING].number),
        when(RECRUITED.contains(&i), "程一帆"),
        when(shared, "yes"),
        clock(at(p.came.min(today()), draw.range(9, 20), draw.range(0, 59))),
        text(note(i)),
    ]
}

fn level(draw: &mut Draw, i: usize) -> &'static str {
    match i {
        XU_QINGYUE | SHAN_YUTONG => "black",
        ZHOU_SUFEN => "gold",
        _ => draw.one(&["green", "green", "green", "silver", "silver", "gold", "black"]),
    }
}

fn roles(i: usize) -> &'static str {
    match i {
        BAI_LUMING => "customer;referrer;opinion_leader",
        LUO_YIMING => "customer;fan",
        _ if RECRUITED.contains(&i) => "member",
        _ if CONTACTS.contains(&i) => "lead",
        _ => "customer",
    }
}

fn tags(draw: &mut Draw, i: usize, org: bool) -> String {
    let taste = draw.one(&["浅烘", "深烘", "奶咖", "", "", ""]);
    let place = if org { draw.one(&["办公", "门店", ""]) } else { draw.one(&["家用", "礼品", "", ""]) };
    let own = match i {
        XU_QINGYUE => "vip",
        ZHOU_SUFEN => "只收微信语音",
        BAI_LUMING => "意见领袖",
        QUIET_HALF => "勿扰",
        _ => "",
    };
    let all: Vec<&str> = [own, taste, place].into_iter().filter(|t| !t.is_empty()).collect();
    all.join(";")
}

fn note(i: usize) -> &'static str {
    match i {
        NANKE => "最大的客户；对账找财务，不要直接催经理",
        27 => "与江望舟同住，共用电话",
        QUIET_HALF => "与林知夏同住，共用电话；请勿打扰",
        _ => "",
    }
}
