//! A handful of invented customers with what happened to them, on the day 2026-11-20.

use guanxi::domain::{Kind, Line, Moment, Money, Quantity, Record, Value, Zone, field};

pub fn at(text: &str) -> Moment {
    Zone::shanghai().read(text).unwrap()
}

fn text(t: &str) -> Value {
    Value::Text(t.into())
}

fn when(t: &str) -> Value {
    Value::Moment(at(t))
}

fn person(id: u64, name: &str, latin: &str, phones: &[&str], city: &str, company: &str) -> Record {
    let mut r = Record::new(Kind::Customer, id)
        .with(field::C_NUMBER, text(&format!("C{id:05}")))
        .with(field::C_NAME, text(name))
        .with(field::C_KIND, Value::Code(1))
        .with(field::C_OWNER, Value::Ref(1))
        .with(field::C_CREATED, when("2024-03-02"));
    if !latin.is_empty() {
        r.set(field::C_NAME_LATIN, Some(text(latin)));
    }
    if !phones.is_empty() {
        r.set(field::C_PHONES, Some(Value::Texts(phones.iter().map(|p| (*p).to_string()).collect())));
    }
    for (f, v) in [(field::C_CITY, city), (field::C_COMPANY, company)] {
        if !v.is_empty() {
            r.set(f, Some(text(v)));
        }
    }
    r
}

fn row(kind: Kind, id: u64, customer: u64) -> Record {
    let f = field::customer_of(kind).unwrap();
    Record::new(kind, id).with(f, Value::Ref(customer))
}

fn order(id: u64, customer: u64, day: &str, number: &str, lines: &[(u64, i64, i64)], status: u32, paid: bool) -> Record {
    let lines: Vec<Line> = lines
        .iter()
        .map(|(product, n, price)| Line {
            product: *product,
            quantity: Quantity::pieces(*n),
            unit_price: Money::units(*price),
            amount: Money::units(n * price),
            cost: Money(0),
        })
        .collect();
    let amount = Money(lines.iter().map(|l| l.amount.0).sum());
    row(Kind::Order, id, customer)
        .with(field::O_NUMBER, text(number))
        .with(field::O_AT, when(day))
        .with(field::O_LINES, Value::Lines(lines))
        .with(field::O_AMOUNT, Value::Money(amount))
        .with(field::O_STATUS, Value::Code(status))
        .with(field::O_PAID, Value::Bool(paid))
}

fn call(id: u64, customer: u64, when_: &str, channel: u32, inbound: bool, outcome: u32, note: &str) -> Record {
    row(Kind::Interaction, id, customer)
        .with(field::I_AT, when(when_))
        .with(field::I_CHANNEL, Value::Code(channel))
        .with(field::I_DIRECTION, Value::Code(if inbound { 2 } else { 1 }))
        .with(field::I_OUTCOME, Value::Code(outcome))
        .with(field::I_BY, Value::Ref(1))
        .with(field::I_NOTE, text(note))
}

/// Staff, products, tags, stages.
pub fn references() -> Vec<Record> {
    let named = |kind, id, f, name: &str| Record::new(kind, id).with(f, text(name));
    vec![
        named(Kind::Staff, 1, field::S_NAME, "沈知微"),
        named(Kind::Staff, 2, field::S_NAME, "Robin Example"),
        named(Kind::Product, 1, field::P_NAME, "Morning Blend 1 kg"),
        named(Kind::Product, 2, field::P_NAME, "手冲壶"),
        named(Kind::Product, 3, field::P_NAME, "Grinder G2"),
        named(Kind::Tag, 1, field::G_NAME, "VIP"),
        named(Kind::Tag, 2, field::G_NAME, "咖啡课堂"),
        named(Kind::Tag, 3, field::G_NAME, "wholesale"),
        named(Kind::Stage, 1, field::H_NAME, "Quote"),
    ]
}

/// Customers.
pub fn customers() -> Vec<Record> {
    let mut all = vec![
        person(1, "张三丰", "Zhang Sanfeng", &["15400006812", "0571-55500123"], "杭州", "云上茶馆(示例)")
            .with(field::C_EMAILS, Value::Texts(vec!["zsf@example.com".into()]))
            .with(field::C_WECHAT, Value::Texts(vec!["zsf_tea".into()]))
            .with(field::C_ADDRESS, text("示例路 18 号"))
            .with(field::C_GENDER, Value::Code(2))
            .with(field::C_INDUSTRY, Value::Code(18))
            .with(field::C_LEVEL, Value::Code(3))
            .with(field::C_OCCUPATION, Value::Code(9))
            .with(field::C_SOURCE, Value::Code(14))
            .with(field::C_BIRTH, Value::Day(guanxi::domain::Day::from_ymd(1984, 5, 17).unwrap()))
            .with(field::C_DNC, Value::Codes(vec![5])),
        person(2, "林曼", "Lin Man", &["15400002201"], "杭州", "曼谷小馆(示例)"),
        person(3, "林牧", "Lin Mu", &["15400002202"], "苏州", ""),
        person(4, "Zoë Beispiel", "", &["+44 7700 900123"], "London", "Beispiel & Co")
            .with(field::C_EMAILS, Value::Texts(vec!["zoe@beispiel.example".into()])),
        person(
            5,
            "\u{1b}[31mRed\u{202e}Alert\u{1b}]0;owned\u{7}",
            "",
            &["15400005005"],
            "a\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}",
            "👨\u{200d}👩\u{200d}👧 & 有限公司",
        ),
        person(6, "张小样", "Zhang Xiaoyang", &["15400006812"], "杭州", "云上茶馆(示例)"),
    ];
    for n in 0..30 {
        let phone = format!("154777{n:05}");
        all.push(person(
            100 + n,
            &format!("Sample Person {n:02}"),
            "",
            &[&phone],
            if n % 3 == 0 { "Leeds" } else { "成都" },
            "Sampleworks",
        ));
    }
    all
}

/// Rows of the customers.
pub fn rows() -> Vec<Record> {
    vec![
        order(10, 1, "2026-02-11 09:12", "10021", &[(1, 10, 98)], 2, true),
        order(11, 1, "2026-05-30 16:40", "10112", &[(1, 20, 98), (2, 1, 268)], 2, true),
        order(12, 1, "2026-07-04", "10150", &[(3, 1, 1_880)], 3, false),
        order(13, 1, "2026-10-02 11:05", "10234", &[(1, 24, 98), (2, 2, 268)], 2, false),
        row(Kind::Payment, 20, 1)
            .with(field::Y_ORDER, Value::Ref(13))
            .with(field::Y_AT, when("2026-10-09"))
            .with(field::Y_AMOUNT, Value::Money(Money::units(1_688)))
            .with(field::Y_METHOD, Value::Code(1)),
        call(30, 1, "2026-11-17 14:30", 1, false, 6, "Wants a quote for 40 kg of the morning blend before the festival; asked whether the grinder can be lent for two weeks.\n第二行：样品先寄两包。")
            .with(field::I_NEXT_AT, when("2026-11-24 15:00")),
        call(31, 1, "2026-11-12 10:05", 2, true, 11, "发来了门店照片"),
        call(32, 1, "2026-10-28 09:40", 1, false, 2, ""),
        call(33, 1, "2026-10-02 10:50", 3, false, 5, "Tasting at their place"),
        row(Kind::Task, 40, 1).with(field::T_DUE, when("2026-11-18")).with(field::T_ABOUT, text("send the samples")).with(field::T_OWNER, Value::Ref(1)),
        row(Kind::Deal, 50, 1)
            .with(field::D_TITLE, text("Festival blend 40 kg"))
            .with(field::D_STAGE, Value::Ref(1))
            .with(field::D_AMOUNT, Value::Money(Money::units(3_920)))
            .with(field::D_CREATED, when("2026-11-10"))
            .with(field::D_EXPECTED, Value::Day(guanxi::domain::Day::from_ymd(2026, 12, 5).unwrap()))
            .with(field::D_OUTCOME, Value::Code(1)),
        row(Kind::Ticket, 60, 1)
            .with(field::Q_TYPE, Value::Code(1))
            .with(field::Q_SEVERITY, Value::Code(1))
            .with(field::Q_OPENED, when("2026-11-18 17:20"))
            .with(field::Q_NOTE, text("Grinder jams after ten minutes")),
        row(Kind::Ledger, 70, 1)
            .with(field::L_AT, when("2026-09-01"))
            .with(field::L_KIND, Value::Code(1))
            .with(field::L_ACCOUNT, Value::Code(1))
            .with(field::L_AMOUNT, Value::Money(Money::units(500))),
        call(34, 2, "2026-11-19 09:00", 1, false, 1, "ok"),
        call(35, 4, "2026-08-01", 4, true, 3, "asked for a price list"),
        order(14, 4, "2026-08-20", "10301", &[(3, 2, 1_880)], 2, true),
    ]
}
