//! The small files: goods, staff, city tiers, saved sentences, the day, the README, and what a new user imports first.

use super::book::{Draw, Table, day, today, ymd};
use super::people::*;
use super::sales::Order;
use guanxi::ops::synthetic::words::{CITIES, PRODUCTS};

pub fn products() -> Table {
    let mut table = Table::new(&["sku", "name", "category", "price", "cost"]);
    for (sku, name, category, price, cost) in PRODUCTS {
        table.push([sku, name, category, price, cost]);
    }
    table
}

const STAFF: [(&str, &str, &str, &str); 14] = [
    ("沈知微", "leader", "企业部", "shen"),
    ("陆子衿", "rep", "企业部", "lu"),
    ("周牧野", "rep", "企业部", "zhou"),
    ("林见鹿", "rep", "企业部", "lin"),
    ("江晚舟", "leader", "会员部", "jiang"),
    ("白小楼", "rep", "会员部", "bai"),
    ("程一帆", "rep", "会员部", "cheng"),
    ("唐小满", "support", "客服", "tang"),
    ("何一苇", "support", "客服", "he"),
    ("段青", "support", "客服", "duan"),
    ("Maya Placeholder", "rep", "海外", "maya"),
    ("Tom Sample", "rep", "海外", "tom"),
    ("顾行之", "analyst", "分析", "gu"),
    ("苏打", "admin", "管理", "su"),
];

pub fn staff() -> Table {
    let mut table = Table::new(&["name", "role", "team", "email"]);
    for (name, role, team, mail) in STAFF {
        table.push([&name, &role, &team, &format!("{mail}@zixu-hill.example")]);
    }
    table
}

pub fn city_tiers() -> Table {
    let mut table = Table::new(&["city", "province", "city_tier"]);
    for (city, province, tier, _) in CITIES {
        table.push([city, province, tier]);
    }
    table
}

/// name, sentence
const SEGMENTS: [(&str, &str); 24] = [
    ("lapsed big spenders", "sum(order.amount) >= 5000 and no order in last 60d"),
    ("open complaints", "has ticket where closed_at is unknown"),
    ("bought once", "count(order) = 1"),
    ("second order within 90 days", "order then order within 90d"),
    ("H1 owners without descaler", "has order where product = H1 and no order where product = G04"),
    ("leaking batch", "device starts with \"ZH1-L2609\""),
    ("decaf drinkers in tier 1", "has order where product = B04 and city_tier = 1"),
    ("abroad, mail only", "email is known and province in (\"United Kingdom\", Germany, USA, Canada, Australia)"),
    ("industry not known", "kind = organisation and industry is unknown"),
    ("top 2 % by money", "top 2 % by sum(order.amount)"),
    ("do not disturb", "do_not_contact is known"),
    ("contract ends soon", "has contract where end between today and +30d"),
    ("久未联系的黑豆会员", "会员等级 = black 且 最近30天 无 跟进"),
    ("杭州的李敏", "姓名 = 李敏 且 城市 = 杭州"),
    ("双十一新客", "有 订单 介于 2026-11-11 到 2026-11-12 且 count(订单) = 1"),
    ("短视频来源未下单", "来源 = short_video 且 无 订单"),
    ("白鹿鸣推荐的人", "推荐人 = C00004"),
    ("有欠款的企业", "类别 = organisation 且 有 订单 其中 (paid = no)"),
    ("磨豆机用户没买滤纸", "有 订单 其中 (product in (G01, G02)) 且 无 订单 其中 (product = G03)"),
    ("报价停留过久", "有 商机 其中 (stage = 报价 且 stage_since 早于 -26d)"),
    ("三月同期群", "first(订单) 介于 2026-03-01 到 2026-03-31"),
    ("从未行动的会员", "招募人 = 程一帆 且 无 订单 且 无 事件"),
    ("浅烘爱好者", "标签:浅烘 且 最近180天 有 订单"),
    ("一线城市年轻女性", "性别 = female 且 城市等级 = 1 且 出生日期 介于 1991-11-21 到 2001-11-20"),
];

/// Everything that is no table.
pub fn files(people: &[Person], orders: &[Order]) -> Vec<(&'static str, Vec<u8>)> {
    let segments: String = SEGMENTS.iter().map(|(name, text)| format!("-- {name}\n{text}\n\n")).collect();
    let expo = expo(people);
    let (gbk, _, lossy) = encoding_rs::GBK.encode(&expo);
    assert!(!lossy);
    vec![
        ("TODAY", format!("{}\n", ymd(today())).into_bytes()),
        ("README.md", README.as_bytes().to_vec()),
        ("segments.txt", format!("{}\n", segments.trim_end()).into_bytes()),
        ("try-import/展会名单-GBK.csv", gbk.into_owned()),
        ("try-import/marketplace-orders.tsv", marketplace(people, orders).into_bytes()),
        ("try-import/phones-from-mail.txt", mail(people).into_bytes()),
    ]
}

/// Sixty people from a fair: five whose phone is in the book already, seven rows with something that cannot be.
fn expo(people: &[Person]) -> String {
    let mut draw = Draw::new(15);
    let mut text = String::from("姓名,性别,手机,公司,城市,生日,来源,备注,摊位号,现用设备,接待时段\n");
    let known = [SHOP.start + 50, SHOP.start + 51, SHOP.start + 52, CONTACTS.start + 90, CONTACTS.start + 91];
    let home: Vec<&Person> = people[CONTACTS.start + 200..CONTACTS.end].iter().filter(|p| !p.abroad).take(60).collect();
    for (k, person) in home.into_iter().enumerate() {
        let mut p = person.clone();
        p.phone = format!("1540009{:04}", 5_000 + k * 3);
        if k % 12 == 5 {
            p = people[known[k / 12]].clone();
        }
        let (mut source, mut sex, mut birth) = ("展会", if p.female { "女" } else { "男" }, p.birth.map_or(String::new(), ymd));
        match k {
            3 | 27 => source = "火星",
            8 => birth = "1991-02-30".into(),
            19 => birth = "1988-13-01".into(),
            33 | 45 => sex = "甲",
            51 => birth = "去年".into(),
            _ => {}
        }
        let firm = ["镜花联合办公", "水月酒店", "槐安书店", "逍遥健身", ""][k % 5];
        let note = ["想看 O5 实机", "要报价", "拿了样品", "", "下月联系"][k % 5];
        let city = p.city;
        let device = ["海市咖机", "蜃楼供豆", "无", "H1"][draw.below(4) as usize];
        text += &format!(
            "{},{sex},{},{firm},{city},{birth},{source},{note},B{:02},{device},{}\n",
            p.name,
            p.phone,
            k + 1,
            ["上午", "下午"][k % 2]
        );
    }
    text
}

/// Orders as a marketplace hands them out: tabs, day/month/year, thousands with commas.
fn marketplace(people: &[Person], orders: &[Order]) -> String {
    let mut text = String::from("Order No\tCustomer ID\tOrder Date\tProduct\tQuantity\tUnit Price\tAmount\tStatus\n");
    let regulars = orders.iter().filter(|o| SHOP.contains(&o.who)).map(|o| o.who);
    for (k, who) in regulars.take(40).enumerate() {
        let product = PRODUCTS[[10, 13, 18, 1, 16][k % 5]];
        let pieces = 1 + (k as i64 % 3);
        let total = product.3 * pieces;
        let grouped = if total >= 1_000 { format!("{},{:03}.00", total / 1_000, total % 1_000) } else { format!("{total}.00") };
        let when = ymd(day("2026-10-28") + k as i64 % 20);
        let price =
            if product.3 >= 1_000 { format!("{},{:03}.00", product.3 / 1_000, product.3 % 1_000) } else { format!("{}.00", product.3) };
        let date = format!("{}/{}/{}", &when[8..], &when[5..7], &when[..4]);
        text += &format!("MP-{:04}\t{}\t{date}\t{}\t{pieces}\t{price}\t{grouped}\tcompleted\n", k + 1, people[who].number, product.0);
    }
    text
}

/// A list as it comes in a mail: names and phones in every way people write them.
fn mail(people: &[Person]) -> String {
    let mut text = String::from("大家好，这是上周到店登记的客人，麻烦看看谁已经在册：\n\n");
    for k in 0..20 {
        let p = &people[SHOP.start + 55 + k * 9];
        let digits = guanxi::domain::phone::key(&p.phone);
        let spaced =
            digits.get(..3).zip(digits.get(3..7)).zip(digits.get(7..)).map_or(digits.clone(), |((a, b), c)| format!("{a} {b} {c}"));
        text += &match k % 4 {
            0 => format!("{} {digits}\n", p.name),
            1 => format!("{}：+86 {spaced}\n", p.name),
            2 => format!("- {spaced}（{}）\n", p.name),
            _ => format!("{digits}\n"),
        };
    }
    text + "\n谢谢！ 程一帆\n"
}

const README: &str = "# 子虚山咖啡 · Zixu Hill Coffee

A company that does not exist, on a hill that does not exist. **Every person, firm, number and amount in this folder is
invented.** Phones lie in ranges that nobody has (154 in China; the reserved drama numbers abroad), mail goes to
`example` domains, firms are named after what is not. Any likeness is chance: tell us and the name goes.

本文件夹中的**人物、企业、号码与金额全部虚构**。手机号在无人使用的 154 号段，境外号码取自各国为影视保留的号段，邮箱与网址均为
`example` 域名，企业名都出自“子虚乌有”之物。如有雷同，纯属巧合；告诉我们，我们就换掉。

The data run from 2024-11-01 to the day in `TODAY`, which the demo takes for its own (`guanxi demo`). Each file has the
canonical columns of its kind and is read by the ordinary import, in this order:

    staff products campaigns customers orders payments contracts deals stages interactions events tasks tickets responses spend ledger

`stages.csv` shows every pipeline's stages in their order. `segments.txt` holds 24 saved sentences (`--` gives the name).
`try-import/` is for a first import of your own: a fair's list in GBK with duplicates and refusals, a marketplace's orders
with commas in the amounts and the day before the month, a list of phones out of a mail.

    guanxi import customers \"sample-data/try-import/展会名单-GBK.csv\" --key phone --dry-run
    guanxi import orders sample-data/try-import/marketplace-orders.tsv --dry-run

`try-import/` 供第一次导入练手：GBK 编码的展会名单（含重复与会被拒绝的行）、金额带逗号且日在月前的电商订单、一封邮件里的电话清单。

The files are made by the generator in `tests/sample_business/`: do not edit them by hand, the test compares every byte.
文件由 `tests/sample_business/` 中的生成器产生，请勿手改：测试会逐字节比较。
";
