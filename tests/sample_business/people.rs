//! Who the business knows: 1,738 people, 260 organisations and 42 records of somebody who is there already. The cast of
//! the story comes first; every group of people that a planted fact speaks of is a range of places.

use super::book::{Draw, day, sounds_like, start};
use guanxi::ops::synthetic::words;
use std::ops::Range;

pub const PEOPLE: usize = 1738;
pub const ORGANISATIONS: usize = 260;
pub const ALL: usize = 2040;

pub const XU_QINGYUE: usize = 0;
pub const SHAN_YUTONG: usize = 1;
pub const LUO_YIMING: usize = 2;
pub const BAI_LUMING: usize = 3;
pub const ZHOU_SUFEN: usize = 4;
/// One of two on a phone, and wants no contact.
pub const QUIET_HALF: usize = 28;
pub const CAME_BACK: usize = 29;
pub const REFERRED: Range<usize> = 30..93;
pub const BATCH: Range<usize> = 100..150;
pub const OTHER_H1: Range<usize> = 150..250;
pub const COSTLY: Range<usize> = 250..287;
pub const RECRUITED: Range<usize> = 287..405;
pub const NEVER_ACTED: Range<usize> = 287..325;
pub const MARCH: Range<usize> = 405..465;
pub const SHOP: Range<usize> = 465..1218;
pub const CONTACTS: Range<usize> = 1218..1738;
pub const ORGS: Range<usize> = 1738..1998;
pub const NANKE: usize = 1738;
pub const HUANGLIANG: usize = 1739;
pub const TUJIAO: usize = 1740;
/// Three teahouses, the first named in the story.
pub const TEAHOUSES: Range<usize> = 1741..1744;
pub const DUPLICATES: Range<usize> = 1998..2040;
/// Two people on one phone, who must not be merged: the second of each nine pairs, with its partner.
pub const SHARED: [(usize, usize); 9] =
    [(28, 27), (471, 470), (481, 480), (491, 490), (501, 500), (1219, 1218), (1221, 1220), (1223, 1222), (1225, 1224)];
pub const BORN_1900: Range<usize> = 600..607;
pub const BAD_PHONES: Range<usize> = 610..629;

/// name, female, city; abroad when the city is not in the list of cities.
const CAST: &[(&str, bool, &str)] = &[
    ("许清越", true, "杭州"),
    ("单雨桐", true, "上海"),
    ("罗一鸣", false, "成都"),
    ("白鹿鸣", true, "深圳"),
    ("周素芬", true, "杭州"),
    ("李敏", true, "杭州"),
    ("李敏", true, "成都"),
    ("李敏", false, "深圳"),
    ("李敏", true, "沈阳"),
    ("曾可", false, "南京"),
    ("仇一苇", true, "苏州"),
    ("解小满", true, "杭州"),
    ("查无尘", false, "宁波"),
    ("盖平", false, "沈阳"),
    ("区小川", false, "广州"),
    ("乐知行", false, "杭州"),
    ("覃好", true, "长沙"),
    ("欧阳秋溪", true, "武汉"),
    ("尉迟望野", false, "西安"),
    ("令狐听松", false, "厦门"),
    ("Jane Doe", true, "New York"),
    ("Joe Bloggs", false, "London"),
    ("Max Mustermann", false, "Berlin"),
    ("Erika Mustermann", true, "Berlin"),
    ("Fred Nurk", false, "Sydney"),
    ("Zoë Beispiel", true, "Frankfurt"),
    ("Seán Ó Sampla", false, "London"),
    ("林知夏", true, "杭州"),
    ("江望舟", false, "杭州"),
    ("沈疏桐", true, "绍兴"),
];
const FIRMS: &[(&str, u32)] = &[
    ("南柯酒店", 11),
    ("黄粱会展", 16),
    ("兔角科技", 1),
    ("无何有茶馆", 18),
    ("空谷茶馆", 18),
    ("乌有茶馆", 18),
    ("镜花联合办公", 15),
    ("水月酒店", 11),
    ("华胥律师所", 12),
    ("槐安书店", 13),
    ("桃源物业", 14),
    ("北溟创投", 4),
    ("逍遥健身", 17),
    ("烂柯棋院", 19),
    ("Nowhere Hotels", 11),
    ("Quasi Cowork", 15),
    ("Placeholder Studios", 7),
    ("Ipsum Legal", 12),
    ("Boojum & Snark Ltd", 9),
    ("Mock Turtle Books", 13),
];
/// Names that chance would make and somebody well known has.
const STOP: &[&str] =
    &["王安石", "李一桐", "高晓松", "王小川", "李一舟", "张一白", "李小林", "王思宁", "李云霜", "罗一鸣", "白鹿鸣", "许清越"];
const INDUSTRIES: &[&str] = &[
    "",
    "technology",
    "medical",
    "retail",
    "finance",
    "software",
    "entertainment",
    "marketing",
    "telecom",
    "services",
    "employment",
    "hotel",
    "law",
    "books",
    "property",
    "coworking",
    "events",
    "fitness",
    "teahouse",
    "education",
    "manufacturing",
];

#[derive(Clone, Default)]
pub struct Person {
    pub number: String,
    pub name: String,
    pub female: bool,
    pub birth: Option<i64>,
    pub city: &'static str,
    pub tier: i64,
    pub abroad: bool,
    pub phone: String,
    pub email: String,
    pub source: &'static str,
    /// Day it was recorded.
    pub came: i64,
    pub owner: &'static str,
    pub industry: &'static str,
    pub former: String,
    pub wechat: String,
}

/// Everybody, by place; number `C00001` has place 0.
pub fn everybody() -> Vec<Person> {
    let mut draw = Draw::new(1);
    let mut people: Vec<Person> = (0..ALL).map(|i| somebody(&mut draw, i)).collect();
    industries(&mut draw, &mut people);
    sources(&mut draw, &mut people);
    for (one, other) in SHARED {
        people[one].phone = people[other].phone.clone();
        people[one].city = people[other].city;
        people[one].tier = people[other].tier;
    }
    for (k, i) in BAD_PHONES.enumerate() {
        people[i].phone = if k < 12 { format!("154000{:04}", 1200 + 7 * k) } else { format!("0600-{:07}", 5_550_100 + k) };
    }
    BORN_1900.for_each(|i| people[i].birth = Some(day("1900-01-01")));
    for (k, i) in DUPLICATES.enumerate() {
        people[i] = again(&people, k, i);
    }
    people
}

/// The place of the person whom the k-th duplicate repeats.
pub fn original(k: usize) -> usize {
    SHOP.start + 200 + k * 7
}

fn somebody(draw: &mut Draw, i: usize) -> Person {
    let mut p = Person { number: format!("C{:05}", i + 1), came: start() - draw.range(0, 300), ..Person::default() };
    let foreign = match i {
        20..=26 => true,
        _ if ORGS.contains(&i) => (ORGS.start + 14..ORGS.start + 20).contains(&i),
        _ => i % 33 == 7 && i > 40 && !REFERRED.contains(&i) && !(0..42).any(|k| original(k) == i),
    };
    let wanted = CAST.get(i).map(|c| c.2);
    place(draw, &mut p, i as i64, foreign, wanted);
    p.female = CAST.get(i).map_or_else(|| draw.percent(58), |c| c.1);
    p.name = match CAST.get(i) {
        Some(c) => c.0.to_string(),
        None if ORGS.contains(&i) => firm(draw, i - ORGS.start, p.city),
        None if foreign => format!("{} {}", draw.one(words::FOREIGN_GIVEN), draw.one(words::FOREIGN_FAMILY)),
        None => name(draw),
    };
    p.birth = draw.percent(70).then(|| day("1962-01-01") + draw.range(0, 15_700));
    if i < CAST.len() {
        p.birth = Some(day("1978-01-01") + draw.range(0, 8_000));
    }
    if !foreign {
        // 154-0000-0000 to 154-0009-9999 without the tail 6812, which is one customer's alone.
        let mut n = (i as i64 * 37 + 1_011) % 100_000;
        n += i64::from(n % 10_000 == 6812);
        n = if i == ZHOU_SUFEN { 6812 } else { n };
        p.phone = written(draw, n);
        p.wechat = if draw.percent(45) { format!("wx_demo_{:04}", i + 1) } else { String::new() };
    }
    if foreign || draw.percent(40) {
        p.email = format!("c{:04}@example.com", i + 1);
    }
    p.owner = owner(draw, i, foreign);
    p.came = came(draw, i);
    p
}

fn came(draw: &mut Draw, i: usize) -> i64 {
    match i {
        0..30 => start() - 20 - draw.range(0, 200),
        _ if BATCH.contains(&i) => day("2026-08-01") + draw.range(0, 25),
        _ if MARCH.contains(&i) => day("2026-02-10") + draw.range(0, 17),
        _ if NEVER_ACTED.contains(&i) => day("2026-01-05") + draw.range(0, 250),
        _ if SHOP.contains(&i) => start() + draw.range(0, 640) - 60,
        _ if REFERRED.contains(&i) => day("2025-05-25") + 5 * (i - REFERRED.start) as i64,
        _ if RECRUITED.contains(&i) => start() - 60 + draw.range(0, 300),
        _ => start() - 5 - draw.range(0, 300),
    }
}

fn owner(draw: &mut Draw, i: usize, foreign: bool) -> &'static str {
    match i {
        _ if i == NANKE || i == TUJIAO => "周牧野",
        _ if foreign => draw.one(&["Maya Placeholder", "Tom Sample"]),
        _ if i >= CONTACTS.start => draw.one(&["沈知微", "陆子衿", "周牧野", "林见鹿"]),
        _ => draw.one(&["江晚舟", "白小楼", "程一帆", "白小楼", "程一帆", ""]),
    }
}

fn place(draw: &mut Draw, p: &mut Person, i: i64, foreign: bool, wanted: Option<&str>) {
    if foreign {
        let entry = match wanted {
            Some(city) => words::ABROAD.iter().find(|a| a.0 == city).copied(),
            None => None,
        };
        let (city, _, head, digits, first, numbers) = entry.unwrap_or_else(|| draw.one(words::ABROAD));
        // By place, not by lot: the reserved blocks are small, and nobody may share a number by chance.
        let n = i64::from(first) + i * 13 % i64::from(numbers);
        (p.city, p.abroad, p.phone) = (city, true, format!("{head}{n:0digits$}"));
        return;
    }
    let total: i64 = words::CITIES.iter().map(|c| i64::from(c.3)).sum();
    let mut left = draw.below(total);
    let chance = words::CITIES.iter().find(|c| {
        left -= i64::from(c.3);
        left < 0
    });
    let found = words::CITIES.iter().find(|c| wanted == Some(c.0)).or(chance).unwrap();
    (p.city, p.tier) = (found.0, found.2);
}

/// `zsf`, `xqy` and `syt` are typed in the journeys and the tour: chance may not put anybody beside whom they mean.
fn taken(name: &str) -> bool {
    ["zsf", "xqy", "syt"].iter().any(|i| sounds_like(name, i))
}

fn name(draw: &mut Draw) -> String {
    loop {
        let (family, first, second) = (draw.one(words::SURNAMES), draw.one(words::GIVEN_FIRST), draw.one(words::GIVEN_SECOND));
        let made = [family, first, second].concat();
        if !second.is_empty() && first != second && !STOP.contains(&made.as_str()) && !taken(&made) {
            return made;
        }
    }
}

fn firm(draw: &mut Draw, k: usize, city: &str) -> String {
    match FIRMS.get(k) {
        Some((name, _)) => (*name).to_string(),
        None => loop {
            let (trade, made) = (draw.one(words::TRADES).0, format!("{city}{}", draw.one(&words::FIRMS[8..])));
            if trade != "茶馆" && !taken(&made) {
                return made + trade;
            }
        },
    }
}

fn written(draw: &mut Draw, n: i64) -> String {
    let (middle, tail) = (n / 10_000, n % 10_000);
    match draw.below(8) {
        0 => format!("+86 154 {middle:04} {tail:04}"),
        1 => format!("154-{middle:04}-{tail:04}"),
        _ => format!("154{middle:04}{tail:04}"),
    }
}

/// Industry is known for 159 of the 260 organisations: the named ones, and others by lot.
fn industries(draw: &mut Draw, people: &mut [Person]) {
    for (k, (_, code)) in FIRMS.iter().enumerate() {
        people[ORGS.start + k].industry = INDUSTRIES[*code as usize];
    }
    let mut rest: Vec<usize> = (ORGS.start + FIRMS.len()..ORGS.end).collect();
    draw.shuffle(&mut rest);
    for i in rest.into_iter().take(159 - FIRMS.len()) {
        let (trade, code) = *words::TRADES.iter().find(|t| people[i].name.ends_with(t.0)).unwrap();
        people[i].industry = if trade == "茶馆" { "" } else { INDUSTRIES[code as usize] };
    }
}

/// Where they came from: 632 short video (31 %), 184 referral (9 %), the rest by lot.
fn sources(draw: &mut Draw, people: &mut [Person]) {
    let mut order: Vec<usize> = (0..ALL).filter(|i| !REFERRED.contains(i)).collect();
    draw.shuffle(&mut order);
    let others =
        ["mini_program", "marketplace", "store", "expo", "seminar", "partner", "website", "service_account", "social_dm", "live_chat"];
    for (k, i) in order.into_iter().enumerate() {
        people[i].source = match k {
            0..632 => "short_video",
            632..753 => "referral",
            _ => draw.one(&others),
        };
    }
    REFERRED.for_each(|i| people[i].source = "referral");
}

/// A second record of somebody who is there: another way to write the phone, the name or the address.
fn again(people: &[Person], k: usize, i: usize) -> Person {
    let first = &people[original(k)];
    let mut p = Person {
        number: format!("C{:05}", i + 1),
        source: people[i].source,
        came: first.came + 90,
        wechat: String::new(),
        ..first.clone()
    };
    let digits = guanxi::domain::phone::key(&first.phone);
    match k % 3 {
        0 => p.phone = format!("0086-{}-{}-{}", &digits[..3], &digits[3..7], &digits[7..]),
        1 => {
            p.name = traditional(&first.name);
            p.phone = format!("+86 {digits}");
        }
        _ => {
            p.former = first.name.clone();
            let given: String = first.name.chars().skip(1).collect();
            p.name = format!("{}{given}", if first.name.starts_with('顾') { '陆' } else { '顾' });
            p.email = format!("second{:04}@example.org", i + 1);
        }
    }
    p
}

fn traditional(name: &str) -> String {
    const PAIRS: &[(char, char)] = &[
        ('张', '張'),
        ('刘', '劉'),
        ('陈', '陳'),
        ('杨', '楊'),
        ('黄', '黃'),
        ('赵', '趙'),
        ('吴', '吳'),
        ('孙', '孫'),
        ('马', '馬'),
        ('许', '許'),
        ('邓', '鄧'),
        ('冯', '馮'),
        ('韩', '韓'),
        ('罗', '羅'),
        ('郑', '鄭'),
        ('谢', '謝'),
        ('萧', '蕭'),
        ('叶', '葉'),
        ('蒋', '蔣'),
        ('苏', '蘇'),
        ('吕', '呂'),
        ('晓', '曉'),
        ('云', '雲'),
        ('书', '書'),
        ('梦', '夢'),
        ('远', '遠'),
        ('观', '觀'),
        ('听', '聽'),
        ('楼', '樓'),
        ('满', '滿'),
        ('苇', '葦'),
        ('宁', '寧'),
        ('尘', '塵'),
        ('兰', '蘭'),
        ('岚', '嵐'),
        ('阳', '陽'),
        ('萱', '萱'),
        ('蓝', '藍'),
    ];
    name.chars().map(|c| PAIRS.iter().find(|p| p.0 == c).map_or(c, |p| p.1)).collect()
}
