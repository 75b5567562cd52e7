//! The calendar: the years typed dates may fall in, months and their ends.

use super::super::Day;
use chrono::{Datelike, Months};
use std::ops::RangeInclusive;

/// The years a typed date may fall in.
pub(super) const YEARS: RangeInclusive<i32> = 1900..=2200;

pub(super) fn within_calendar(day: Day) -> bool {
    // Four hundred years around 1970 keep far enough from the ends of `Day`, which `date()` would clamp.
    (-150_000..150_000).contains(&day.0) && YEARS.contains(&day.date().year())
}

/// So many months later; the day of the month gives way when the month is shorter. `None` outside of the calendar.
pub(super) fn plus_months(day: Day, months: i32) -> Option<Day> {
    let by = Months::new(months.unsigned_abs());
    let date = if months < 0 { day.date().checked_sub_months(by) } else { day.date().checked_add_months(by) };
    date.filter(|d| YEARS.contains(&d.year())).map(Day::from_date)
}

/// The first day of the month so many months from the day's own.
pub(super) fn month_start(today: Day, months: i32) -> Option<Day> {
    plus_months(today.plus(1 - today.date().day() as i32), months)
}

/// The last day of a month; 0 when there is no such month.
pub(super) fn last_day(year: i32, month: i32) -> i32 {
    let month = u32::try_from(month).unwrap_or(0);
    (28..=31).rev().find(|d| Day::from_ymd(year, month, *d).is_some()).map_or(0, |d| d as i32)
}
