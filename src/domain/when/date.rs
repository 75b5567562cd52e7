//! Dates: `12-05`, `2026-12-05`, 11月28日, 28号, `28 nov`.

use super::super::Day;
use super::calendar::{YEARS, last_day, month_start};
use super::day::{EDGES_ZH, Edge};
use super::scan::{Number, Scan};
use super::{EXAMPLES, Fault, Found, Here, Lean, Part};
use chrono::Datelike;

const MONTHS: [(&str, i32); 24] = [
    ("jan", 1),
    ("january", 1),
    ("feb", 2),
    ("february", 2),
    ("mar", 3),
    ("march", 3),
    ("apr", 4),
    ("april", 4),
    ("may", 5),
    ("jun", 6),
    ("june", 6),
    ("jul", 7),
    ("july", 7),
    ("aug", 8),
    ("august", 8),
    ("sep", 9),
    ("sept", 9),
    ("september", 9),
    ("oct", 10),
    ("october", 10),
    ("nov", 11),
    ("november", 11),
    ("dec", 12),
    ("december", 12),
];

/// A date: year-month-day, month-day, day of the month, or with the month's name.
pub(super) fn date(scan: &mut Scan, here: &Here) -> Found {
    if let Some(month) = scan.eat_of(&MONTHS) {
        scan.skip_spaces();
        let day = scan.number().filter(|n| n.digits <= 2).map_or(1, |n| n.value);
        ordinal(scan);
        let year = year(scan);
        return exact(year, month, day, here);
    }
    let Some(first) = scan.number() else { return Ok(None) };
    if first.digits == 4 {
        return from_year(scan, here, first.value);
    }
    if scan.eat("月份") || scan.eat("月") {
        return month_day_zh(scan, here, first.value, None);
    }
    if scan.eat_char(&['号', '日']) {
        return day_of_month(here, first);
    }
    if scan.eat_char(&['-', '/', '.']) {
        let Some(second) = scan.number() else { return Ok(None) };
        let year = if scan.eat_char(&['-', '/', '.']) { scan.number().filter(|n| n.digits == 4).map(|n| n.value) } else { None };
        // 28/11 can only be the 28th of November.
        let swap = first.value > 12 && second.value <= 12;
        let (month, day) = if swap { (second.value, first.value) } else { (first.value, second.value) };
        return exact(year, month, day, here);
    }
    ordinal(scan);
    scan.skip_spaces();
    let Some(month) = scan.eat_of(&MONTHS) else { return Ok(None) };
    let year = year(scan);
    exact(year, month, first.value, here)
}

fn ordinal(scan: &mut Scan) {
    scan.eat_of(&[("st", ()), ("nd", ()), ("rd", ()), ("th", ())]);
}

/// A year behind a month's name, if there is one.
fn year(scan: &mut Scan) -> Option<i32> {
    let mark = scan.at;
    scan.skip_filler();
    let year = scan.number().filter(|n| n.digits == 4 && scan.peek() != Some(':'));
    if year.is_none() {
        scan.at = mark;
    }
    year.map(|n| n.value)
}

fn from_year(scan: &mut Scan, here: &Here, year: i32) -> Found {
    if scan.eat("年") {
        let Some(month) = scan.number() else { return exact(Some(year), 1, 1, here) };
        return if scan.eat("月") { month_day_zh(scan, here, month.value, Some(year)) } else { Ok(None) };
    }
    if !scan.eat_char(&['-', '/', '.']) {
        return Ok(None);
    }
    let Some(month) = scan.number() else { return Ok(None) };
    if !scan.eat_char(&['-', '/', '.']) {
        return Ok(None);
    }
    let Some(day) = scan.number() else { return Ok(None) };
    exact(Some(year), month.value, day.value, here)
}

/// What follows 11月: 28日, 28号, 28, 底, 初, 中, or nothing for its first day.
pub(super) fn month_day_zh(scan: &mut Scan, here: &Here, month: i32, year: Option<i32>) -> Found {
    match scan.eat_of(&EDGES_ZH) {
        Some(Edge::Start) => return exact(year, month, 1, here),
        Some(Edge::Middle) => return exact(year, month, 15, here),
        Some(Edge::End) => return exact(year, month, last_day(year.unwrap_or_else(|| here.today.date().year()), month), here),
        None => {}
    }
    let Some(day) = scan.number() else { return exact(year, month, 1, here) };
    scan.eat_char(&['日', '号']);
    exact(year, month, day.value, here)
}

fn day_of_month(here: &Here, day: Number) -> Found {
    let step = if here.lean == Lean::Future { 1 } else { -1 };
    for months in 0..12 {
        let Some(first) = month_start(here.today, months * step) else { break };
        let found = u32::try_from(day.value).ok().and_then(|d| first.date().with_day(d)).map(Day::from_date);
        if let Some(found) = found.filter(|d| if step > 0 { *d >= here.today } else { *d <= here.today }) {
            return Ok(Some(Part::Day(found)));
        }
    }
    Err(Fault::NoSuchDay("1 - 31".to_string()))
}

/// The date, in its year or in the nearest one that the lean asks for.
pub(super) fn exact(year: Option<i32>, month: i32, day: i32, here: &Here) -> Found {
    let (m, d) = (u32::try_from(month).unwrap_or(0), u32::try_from(day).unwrap_or(0));
    let found = match year {
        Some(year) if !YEARS.contains(&year) => return Err(Fault::TooFar),
        Some(year) => Day::from_ymd(year, m, d),
        None => {
            let this = here.today.date().year();
            // A 29th of February may be eight years away.
            (0..=8).find_map(|n| match here.lean {
                Lean::Future => Day::from_ymd(this + n, m, d).filter(|x| *x >= here.today),
                Lean::Past => Day::from_ymd(this - n, m, d).filter(|x| *x <= here.today),
            })
        }
    };
    match found {
        Some(day) => Ok(Some(Part::Day(day))),
        None if (1..=12).contains(&month) => {
            let year = year.unwrap_or_else(|| here.today.date().year());
            Err(Fault::NoSuchDay(format!("{month:02}-{:02}", last_day(year, month))))
        }
        None => Err(Fault::NoSuchDay(EXAMPLES.to_string())),
    }
}
