//! So much later or earlier: `3d`, `in 2w`, `1mo`, `2 days ago`, 三天后, 半个月后, 3小时后.

use super::calendar::{plus_months, within_calendar};
use super::scan::Scan;
use super::{Fault, Found, Here, Lean, Part};

#[derive(Clone, Copy)]
enum Unit {
    Minutes(i64),
    Days(i32),
    Months(i32),
}

const UNITS: [(&str, Unit); 35] = [
    ("min", Unit::Minutes(1)),
    ("mins", Unit::Minutes(1)),
    ("minute", Unit::Minutes(1)),
    ("minutes", Unit::Minutes(1)),
    ("分钟", Unit::Minutes(1)),
    ("h", Unit::Minutes(60)),
    ("hr", Unit::Minutes(60)),
    ("hrs", Unit::Minutes(60)),
    ("hour", Unit::Minutes(60)),
    ("hours", Unit::Minutes(60)),
    ("小时", Unit::Minutes(60)),
    ("个小时", Unit::Minutes(60)),
    ("个钟头", Unit::Minutes(60)),
    ("d", Unit::Days(1)),
    ("day", Unit::Days(1)),
    ("days", Unit::Days(1)),
    ("天", Unit::Days(1)),
    ("w", Unit::Days(7)),
    ("wk", Unit::Days(7)),
    ("week", Unit::Days(7)),
    ("weeks", Unit::Days(7)),
    ("周", Unit::Days(7)),
    ("星期", Unit::Days(7)),
    ("个星期", Unit::Days(7)),
    ("礼拜", Unit::Days(7)),
    ("个礼拜", Unit::Days(7)),
    ("mo", Unit::Months(1)),
    ("mon", Unit::Months(1)),
    ("month", Unit::Months(1)),
    ("months", Unit::Months(1)),
    ("个月", Unit::Months(1)),
    ("y", Unit::Months(12)),
    ("year", Unit::Months(12)),
    ("years", Unit::Months(12)),
    ("年", Unit::Months(12)),
];

/// Half a month is fifteen days.
const HALVES: [(&str, Unit); 5] = [
    ("半个月", Unit::Days(15)),
    ("半年", Unit::Months(6)),
    ("半小时", Unit::Minutes(30)),
    ("半个小时", Unit::Minutes(30)),
    ("半个钟头", Unit::Minutes(30)),
];

const WAYS: [(&str, i32); 11] = [
    ("ago", -1),
    ("前", -1),
    ("以前", -1),
    ("之前", -1),
    ("back", -1),
    ("后", 1),
    ("以后", 1),
    ("之后", 1),
    ("later", 1),
    ("from now", 1),
    ("ahead", 1),
];

/// A span from now. Without *ago* or *later* it leans as the caller says.
pub(super) fn rule(scan: &mut Scan, here: &Here) -> Found {
    let sign = scan.eat_of(&[("+", 1), ("-", -1), ("in", 1), ("再过", 1), ("过", 1)]);
    scan.skip_spaces();
    let (times, unit) = match scan.eat_of(&HALVES) {
        Some(unit) => (1, unit),
        None => {
            let Some(number) = scan.number() else { return Ok(None) };
            scan.skip_spaces();
            let Some(unit) = scan.eat_of(&UNITS) else { return Ok(None) };
            // 2026年 is a year, not two thousand years.
            if number.digits == 4 && matches!(unit, Unit::Months(12)) {
                return Ok(None);
            }
            (number.value, unit)
        }
    };
    let written = scan.at;
    scan.skip_spaces();
    let way = scan.eat_of(&WAYS);
    if way.is_none() {
        scan.at = written;
    }
    let lean = if here.lean == Lean::Future { 1 } else { -1 };
    shift(here, times * way.or(sign).unwrap_or(lean), unit).map(Some).ok_or(Fault::TooFar)
}

fn shift(here: &Here, times: i32, unit: Unit) -> Option<Part> {
    match unit {
        Unit::Minutes(n) => {
            let ms = here.now.ms.checked_add(n.checked_mul(i64::from(times))?.checked_mul(60_000)?)?;
            within_calendar(here.zone.day_of(ms)).then_some(Part::Instant(ms))
        }
        Unit::Days(n) => Some(here.today.plus(times.checked_mul(n)?)).filter(|d| within_calendar(*d)).map(Part::Day),
        Unit::Months(n) => plus_months(here.today, times.checked_mul(n)?).map(Part::Day),
    }
}
