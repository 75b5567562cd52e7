//! Days: by name (今天), by weekday (`next fri`, 下周一), by a stretch of the calendar (月底, `end of month`).

use super::super::Day;
use super::calendar::{month_start, plus_months};
use super::clock::Period;
use super::date::{exact, month_day_zh};
use super::scan::Scan;
use super::{Fault, Found, Here, Lean, Part};
use chrono::Datelike;

const NAMED: [(&str, i32); 22] = [
    ("today", 0),
    ("tod", 0),
    ("今天", 0),
    ("今日", 0),
    ("tomorrow", 1),
    ("tmr", 1),
    ("tmrw", 1),
    ("tom", 1),
    ("明天", 1),
    ("明日", 1),
    ("day after tomorrow", 2),
    ("后天", 2),
    ("后日", 2),
    ("大后天", 3),
    ("yesterday", -1),
    ("yday", -1),
    ("昨天", -1),
    ("昨日", -1),
    ("day before yesterday", -2),
    ("前天", -2),
    ("前日", -2),
    ("大前天", -3),
];

const NAMED_PERIOD: [(&str, (i32, Period)); 8] = [
    ("今早", (0, Period::Morning)),
    ("今晚", (0, Period::Evening)),
    ("明早", (1, Period::Morning)),
    ("明晚", (1, Period::Evening)),
    ("昨晚", (-1, Period::Evening)),
    ("昨早", (-1, Period::Morning)),
    ("后晚", (2, Period::Evening)),
    ("last night", (-1, Period::Evening)),
];

/// A day by name.
pub(super) fn named(scan: &mut Scan, here: &Here) -> Found {
    if let Some((days, period)) = scan.eat_of(&NAMED_PERIOD) {
        return Ok(Some(Part::DayPeriod(here.today.plus(days), period)));
    }
    Ok(scan.eat_of(&NAMED).map(|days| Part::Day(here.today.plus(days))))
}

const WEEKDAYS: [(&str, i32); 19] = [
    ("mon", 0),
    ("monday", 0),
    ("tue", 1),
    ("tues", 1),
    ("tuesday", 1),
    ("wed", 2),
    ("weds", 2),
    ("wednesday", 2),
    ("thu", 3),
    ("thur", 3),
    ("thurs", 3),
    ("thursday", 3),
    ("fri", 4),
    ("friday", 4),
    ("sat", 5),
    ("saturday", 5),
    ("weekend", 5),
    ("sun", 6),
    ("sunday", 6),
];

const WEEKDAYS_ZH: [(&str, i32); 15] = [
    ("一", 0),
    ("1", 0),
    ("二", 1),
    ("2", 1),
    ("三", 2),
    ("3", 2),
    ("四", 3),
    ("4", 3),
    ("五", 4),
    ("5", 4),
    ("六", 5),
    ("6", 5),
    ("末", 5),
    ("日", 6),
    ("天", 6),
];

const SHIFTS_ZH: [(&str, i32); 11] = [
    ("下下个", 2),
    ("下下", 2),
    ("下个", 1),
    ("下", 1),
    ("上上个", -2),
    ("上上", -2),
    ("上个", -1),
    ("上", -1),
    ("这个", 0),
    ("这", 0),
    ("本", 0),
];

const SHIFTS: [(&str, i32); 5] = [("next", 1), ("coming", 1), ("this", 0), ("last", -1), ("past", -1)];

/// A day of a week: the nearest in the direction of the lean, or of the week named.
pub(super) fn weekday(scan: &mut Scan, here: &Here) -> Found {
    let mark = scan.at;
    let shift = scan.eat_of(&SHIFTS);
    scan.skip_spaces();
    if let Some(at) = scan.eat_of(&WEEKDAYS) {
        return Ok(Some(Part::Day(match shift {
            None => nearest_weekday(here.today, at, here.lean),
            // "last Wednesday" said on a Friday is two days ago, unlike 上周三.
            Some(-1) => nearest_weekday(here.today, at, Lean::Past),
            Some(weeks) => of_week(here.today, weeks, at),
        })));
    }
    scan.at = mark;
    let shift = scan.eat_of(&SHIFTS_ZH);
    if scan.eat_of(&[("周", ()), ("星期", ()), ("礼拜", ())]).is_none() {
        return Ok(None);
    }
    Ok(match (scan.eat_of(&WEEKDAYS_ZH), shift) {
        (Some(at), None) => Some(Part::Day(nearest_weekday(here.today, at, here.lean))),
        (Some(at), Some(weeks)) => Some(Part::Day(of_week(here.today, weeks, at))),
        (None, Some(weeks)) => Some(Part::Day(of_week(here.today, weeks, 0))),
        (None, None) => None,
    })
}

fn monday_based(day: Day) -> i32 {
    day.date().weekday().num_days_from_monday() as i32
}

fn of_week(today: Day, weeks: i32, at: i32) -> Day {
    today.plus(weeks * 7 + at - monday_based(today))
}

fn nearest_weekday(today: Day, at: i32, lean: Lean) -> Day {
    let ahead = (at - monday_based(today)).rem_euclid(7);
    match lean {
        Lean::Future => today.plus(if ahead == 0 { 7 } else { ahead }),
        Lean::Past => today.plus(ahead - 7),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    Start,
    Middle,
    End,
}

const EDGES: [(&str, Edge); 7] = [
    ("end of", Edge::End),
    ("end", Edge::End),
    ("start of", Edge::Start),
    ("beginning of", Edge::Start),
    ("middle of", Edge::Middle),
    ("mid", Edge::Middle),
    ("begin of", Edge::Start),
];
pub(super) const EDGES_ZH: [(&str, Edge); 4] = [("底", Edge::End), ("末", Edge::End), ("初", Edge::Start), ("中", Edge::Middle)];
const YEARS_ZH: [(&str, i32); 6] = [("年", 0), ("今年", 0), ("明年", 1), ("后年", 2), ("去年", -1), ("前年", -2)];

/// A stretch of the calendar or an edge of it: `next month`, `end of month`, 月底, 下月初, 年底, 下个月15号.
pub(super) fn period_of_year(scan: &mut Scan, here: &Here) -> Found {
    if scan.eat("eom") {
        return Ok(edge(here, 0, Edge::End));
    }
    if scan.eat("eoy") {
        return Ok(year_edge(here, 0, Edge::End));
    }
    let mark = scan.at;
    let at = scan.eat_of(&EDGES);
    scan.skip_filler();
    let shift = scan.eat_of(&SHIFTS);
    scan.skip_spaces();
    if let (true, Some(unit)) = (at.is_some() || shift.is_some(), scan.eat_of(&[("month", 'm'), ("year", 'y'), ("week", 'w')])) {
        let (at, shift) = (at.unwrap_or(Edge::Start), shift.unwrap_or(0));
        return Ok(match unit {
            'm' => edge(here, shift, at),
            'y' => year_edge(here, shift, at),
            _ => {
                scan.skip_spaces();
                let named = scan.eat_of(&WEEKDAYS);
                Some(Part::Day(of_week(here.today, shift, named.unwrap_or(if at == Edge::End { 6 } else { 0 }))))
            }
        });
    }
    scan.at = mark;
    month_zh(scan, here)
}

fn month_zh(scan: &mut Scan, here: &Here) -> Found {
    let shift = scan.eat_of(&SHIFTS_ZH);
    if scan.eat("月") {
        return match (scan.eat_of(&EDGES_ZH), shift) {
            (Some(at), Some(months)) => Ok(edge(here, months, at)),
            (Some(at), None) => Ok(open_edge(here, at)),
            (None, Some(months)) => day_of_shifted_month(scan, here, months),
            (None, None) => Ok(None),
        };
    }
    if shift.is_some() {
        return Ok(None);
    }
    let mark = scan.at;
    let Some(years) = scan.eat_of(&YEARS_ZH) else { return Ok(None) };
    let word = scan.at;
    if let Some(at) = scan.eat_of(&EDGES_ZH) {
        return Ok(year_edge(here, years, at));
    }
    if word - mark == 1 {
        return Ok(None);
    }
    match scan.number() {
        Some(month) if scan.eat("月") => month_day_zh(scan, here, month.value, Some(here.today.date().year() + years)),
        _ => {
            scan.at = word;
            Ok(year_edge(here, years, Edge::Start))
        }
    }
}

fn day_of_shifted_month(scan: &mut Scan, here: &Here, months: i32) -> Found {
    let written = scan.at;
    let number = scan.number();
    let Some(first) = month_start(here.today, months) else { return Err(Fault::TooFar) };
    match number {
        Some(day) if scan.eat_char(&['号', '日']) => {
            let date = first.date();
            exact(Some(date.year()), date.month() as i32, day.value, here)
        }
        _ => {
            scan.at = written;
            Ok(Some(Part::Day(first)))
        }
    }
}

fn edge(here: &Here, months: i32, at: Edge) -> Option<Part> {
    let first = month_start(here.today, months)?;
    Some(Part::Day(match at {
        Edge::Start => first,
        Edge::Middle => first.plus(14),
        Edge::End => plus_months(first, 1)?.plus(-1),
    }))
}

/// An edge of no month in particular: of this one, or of the next (last) one when it has gone by (is still to come).
fn open_edge(here: &Here, at: Edge) -> Option<Part> {
    let this = edge(here, 0, at)?;
    let Part::Day(day) = this else { return None };
    match here.lean {
        Lean::Future if day < here.today => edge(here, 1, at),
        Lean::Past if day > here.today => edge(here, -1, at),
        _ => Some(this),
    }
}

fn year_edge(here: &Here, years: i32, at: Edge) -> Option<Part> {
    let year = here.today.date().year() + years;
    Some(Part::Day(match at {
        Edge::Start => Day::from_ymd(year, 1, 1)?,
        Edge::Middle => Day::from_ymd(year, 7, 1)?,
        Edge::End => Day::from_ymd(year, 12, 31)?,
    }))
}
