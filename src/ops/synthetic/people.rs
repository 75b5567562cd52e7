//! One synthetic customer: who they are, where they live, how they can be reached.

use super::{HISTORY, Person, Synthetic, draw::Draw, words};
use crate::domain::preset::code;
use crate::domain::{CustomerId, Day, FieldId, Kind, Record, Value, field, value::Consent};

/// Purpose of the stream that makes customers.
const PEOPLE: u64 = 1;
/// Numbers of the invented mobile range 154 0000 0000 to 154 0999 9999.
const MOBILES: u64 = 10_000_000;
/// Steps through the range without meeting a number twice: it shares no divisor with the range.
const STRIDE: u64 = 7_654_321;

/// An entry of [`words::ABROAD`].
type Abroad = (&'static str, &'static str, &'static str, usize, u32, u32);

/// The day of the history, 0 for the first, on which a customer came.
pub(super) fn came(business: &Synthetic, id: CustomerId) -> u32 {
    first_day(&mut Draw::new(business.plan.seed, PEOPLE, u64::from(id)))
}

fn first_day(draw: &mut Draw) -> u32 {
    draw.below(HISTORY.unsigned_abs())
}

pub(super) fn customer(business: &Synthetic, id: CustomerId) -> Person {
    let mut draw = Draw::new(business.plan.seed, PEOPLE, u64::from(id));
    let came = first_day(&mut draw);
    let abroad = draw.percent(4).then(|| draw.one(words::ABROAD));
    let organisation = draw.percent(8);
    let mut fields: Vec<(FieldId, Value)> = Vec::with_capacity(18);
    fields.push((field::C_NUMBER, Value::Text(format!("C{id:07}"))));
    who(&mut fields, &mut draw, abroad, organisation);
    reach(&mut fields, &mut draw, id, abroad);
    place(&mut fields, &mut draw, abroad);
    if organisation {
        let (_, industry) = draw.one(words::TRADES);
        if draw.percent(61) {
            fields.push((field::C_INDUSTRY, Value::Code(industry)));
        }
    } else if draw.percent(40) {
        fields.push((field::C_OCCUPATION, Value::Code(1 + draw.below(10))));
    }
    standing(&mut fields, &mut draw, organisation);
    fields.push((field::C_CREATED, Value::Moment(business.moment(came, 8 + draw.below(14), draw.below(60)))));
    let tags = tags(&mut draw);
    Person { record: Record { kind: Kind::Customer, id: u64::from(id), fields }, tags }
}

fn who(fields: &mut Vec<(FieldId, Value)>, draw: &mut Draw, abroad: Option<Abroad>, organisation: bool) {
    let name = match (organisation, abroad.is_some()) {
        (true, false) => format!("{}{}{}", draw.one(words::CITIES).0, draw.one(words::FIRMS), draw.one(words::TRADES).0),
        (true, true) => format!("{} {} Ltd", draw.one(words::FOREIGN_FAMILY), draw.one(words::FOREIGN_FAMILY)),
        (false, true) => format!("{} {}", draw.one(words::FOREIGN_GIVEN), draw.one(words::FOREIGN_FAMILY)),
        (false, false) => [draw.one(words::SURNAMES), draw.one(words::GIVEN_FIRST), draw.one(words::GIVEN_SECOND)].concat(),
    };
    fields.push((field::C_NAME, Value::Text(name)));
    let kind = if organisation { code::CUSTOMER_KIND_ORGANISATION } else { code::CUSTOMER_KIND_PERSON };
    fields.push((field::C_KIND, Value::Code(kind)));
    if organisation {
        return;
    }
    if draw.percent(88) {
        fields.push((field::C_GENDER, Value::Code(1 + draw.below(2))));
    }
    if draw.percent(55) {
        // 1955-01-01 to 2006: most between 20 and 45.
        let first = Day::from_ymd(1955, 1, 1).unwrap_or(Day(0));
        let days = 18_600 - draw.low(18_600);
        fields.push((field::C_BIRTH, Value::Day(first.plus(i32::try_from(days).unwrap_or(0)))));
    }
}

fn reach(fields: &mut Vec<(FieldId, Value)>, draw: &mut Draw, id: CustomerId, abroad: Option<Abroad>) {
    if draw.percent(96) {
        fields.push((field::C_PHONES, Value::Texts(vec![phone(draw, id, abroad)])));
    }
    if draw.percent(45) {
        fields.push((field::C_EMAILS, Value::Texts(vec![format!("c{id}@example.com")])));
    }
    if abroad.is_none() && draw.percent(40) {
        fields.push((field::C_WECHAT, Value::Texts(vec![format!("wx_demo_{id:07}")])));
    }
}

fn phone(draw: &mut Draw, id: CustomerId, abroad: Option<Abroad>) -> String {
    if let Some((_, _, head, digits, first, numbers)) = abroad {
        return format!("{head}{:0digits$}", first + draw.below(numbers));
    }
    // One in a hundred shares the number of the customer before: families and front desks do.
    let owner = u64::from(id) - u64::from(id > 1 && draw.percent(1));
    let n = owner * STRIDE % MOBILES;
    match draw.below(20) {
        0 => format!("+86 154 {:04} {:04}", n / 10_000, n % 10_000),
        1 => format!("154-{:04}-{:04}", n / 10_000, n % 10_000),
        _ => format!("154{n:08}"),
    }
}

fn place(fields: &mut Vec<(FieldId, Value)>, draw: &mut Draw, abroad: Option<Abroad>) {
    if let Some((city, country, ..)) = abroad {
        fields.push((field::C_PROVINCE, Value::Text(country.to_string())));
        fields.push((field::C_CITY, Value::Text(city.to_string())));
        return;
    }
    let total: u32 = words::CITIES.iter().map(|c| c.3).sum();
    let mut left = draw.below(total);
    let found = words::CITIES.iter().find(|c| {
        let here = left < c.3;
        left = left.saturating_sub(c.3);
        here
    });
    if let (Some((city, province, tier, _)), true) = (found, draw.percent(92)) {
        fields.push((field::C_PROVINCE, Value::Text((*province).to_string())));
        fields.push((field::C_CITY, Value::Text((*city).to_string())));
        fields.push((field::C_CITY_TIER, Value::Int(*tier)));
    }
}

fn standing(fields: &mut Vec<(FieldId, Value)>, draw: &mut Draw, organisation: bool) {
    fields.push((field::C_TYPE, Value::Code(if organisation { 2 } else { 1 })));
    fields.push((field::C_SOURCE, Value::Code(7 + draw.below(12))));
    if !organisation {
        fields.push((field::C_LEVEL, Value::Code(1 + draw.low(4))));
    }
    if draw.percent(70) {
        fields.push((field::C_OWNER, Value::Ref(u64::from(1 + draw.below(12)))));
    }
    fields.push((field::C_ROLES, Value::Codes(vec![if draw.percent(20) { 1 } else { 2 }])));
    if draw.percent(30) {
        let consent = Consent { channel: code::CHANNEL_WECHAT, given: draw.percent(90), since: None };
        fields.push((field::C_CONSENT, Value::Consents(vec![consent])));
    }
}

fn tags(draw: &mut Draw) -> Vec<u64> {
    let mut tags = Vec::new();
    while tags.len() < 3 && draw.percent(30) {
        tags.push(1 + u64::from(draw.low(u32::try_from(words::TAGS.len()).unwrap_or(1))));
    }
    tags.sort_unstable();
    tags.dedup();
    tags
}
