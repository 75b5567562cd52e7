//! Dates as people type them, in English and Chinese ([`parse`]), and how far a moment is from now, as a code with
//! arguments ([`describe()`]). Pure: now comes in as an argument.
//!
//! A text is a day, a clock or both, in any order; each kind of phrase is a rule in `day`, `date`, `clock` or `span`, tried at the
//! cursor of `scan`. What no rule takes is the error, with its place and what would fit.

mod calendar;
mod clock;
mod date;
mod day;
mod describe;
mod scan;
mod span;

#[cfg(test)]
mod tests;

pub use describe::{describe, elapsed};

use super::{Day, Moment, Say, Zone, fold::nearest};
use chrono::Datelike;
use clock::{Clock, Period};
use scan::Scan;
use std::ops::Range;

/// Which way an open text leans: `fri` is the coming one for a next step, the past one for when something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lean {
    /// The next step: the coming one.
    Future,
    /// When it happened: the one gone by.
    Past,
}

/// Why a text is no moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhenError {
    /// Where, in bytes of the text.
    pub span: Range<usize>,
    /// The sentence; its argument `fits` is what would fit.
    pub hint: Say,
}

/// What the rules know.
struct Here {
    now: Moment,
    today: Day,
    zone: Zone,
    lean: Lean,
}

/// One part of a text.
enum Part {
    Day(Day),
    /// A day and a part of it (今晚, 明早).
    DayPeriod(Day, Period),
    Clock(Clock),
    Period(Period),
    /// An exact instant, UTC milliseconds.
    Instant(i64),
}

/// What a rule refuses once it has begun.
enum Fault {
    NoSuchDay(String),
    NoSuchClock,
    TooFar,
}

type Found = Result<Option<Part>, Fault>;

/// Reads a moment: `3d`, `in 2w`, `next fri`, `tomorrow 3pm`, `eod`, `9:30`, `12-05 14:00`, `end of month`; 明天下午3点,
/// 下周一, 月底, 11月28日, 半个月后, 上午十点. Case, width and spaces do not matter. A day alone gives precision *day*, with a
/// clock *minute*.
///
/// - A weekday is the next one strictly after today (`Future`) or the last one before (`Past`); with *next* or 下周 it is
///   that day of the week after this one, weeks beginning on Monday.
/// - A day without its year is this year's, or the next (last) one's when that has gone by (is still to come).
/// - A clock alone is today's, or tomorrow's (yesterday's) when that has gone by (is still to come).
/// - *Next month* and *next week* are their first day.
///
/// # Errors
/// The first stretch that is no part of a date, or names a day or clock that there is none of.
pub fn parse(text: &str, now: Moment, zone: Zone, lean: Lean) -> Result<Moment, WhenError> {
    let here = Here { now, today: zone.day_of(now.ms), zone, lean };
    let mut scan = Scan::new(text);
    scan.skip_filler();
    if scan.done() {
        return Err(WhenError { span: 0..text.len(), hint: Say::new("when.empty") });
    }
    if let Some(moment) = zone.read(text).filter(|m| calendar::YEARS.contains(&zone.local(m.ms).year())) {
        return Ok(moment);
    }
    let mut slots = Slots::default();
    while !scan.done() {
        let mark = scan.at;
        let part = part(&mut scan, &here).map_err(|f| fault(text, &scan, mark, f))?;
        if !part.is_some_and(|p| slots.put(p)) {
            scan.at = mark;
            return Err(unknown(text, &scan));
        }
        scan.skip_filler();
    }
    slots.moment(&here).ok_or_else(|| fault(text, &scan, 0, Fault::NoSuchClock))
}

fn part(scan: &mut Scan, here: &Here) -> Found {
    for rule in [span::rule, clock::rule, day::named, day::weekday, day::period_of_year, date::date] {
        let mark = scan.at;
        if let Some(part) = rule(scan, here)? {
            return Ok(Some(part));
        }
        scan.at = mark;
    }
    Ok(None)
}

#[derive(Default)]
struct Slots {
    day: Option<Day>,
    clock: Option<Clock>,
    period: Option<Period>,
    instant: Option<i64>,
}

impl Slots {
    /// Fills a slot; false when it is taken already.
    fn put(&mut self, part: Part) -> bool {
        let free = match part {
            Part::Day(_) => self.day.is_none() && self.instant.is_none(),
            Part::DayPeriod(..) => self.day.is_none() && self.period.is_none() && self.instant.is_none(),
            Part::Clock(_) => self.clock.is_none() && self.instant.is_none(),
            Part::Period(_) => self.period.is_none() && self.instant.is_none(),
            Part::Instant(_) => self.day.is_none() && self.clock.is_none() && self.period.is_none() && self.instant.is_none(),
        };
        match part {
            Part::Day(d) => self.day = Some(d),
            Part::DayPeriod(d, p) => (self.day, self.period) = (Some(d), Some(p)),
            Part::Clock(c) => self.clock = Some(c),
            Part::Period(p) => self.period = Some(p),
            Part::Instant(ms) => self.instant = Some(ms),
        }
        free
    }

    /// The moment; `None` when clock and part of day contradict each other.
    fn moment(self, here: &Here) -> Option<Moment> {
        const MINUTE: i64 = 60_000;
        if let Some(ms) = self.instant {
            return Some(Moment::minute(ms.div_euclid(MINUTE) * MINUTE));
        }
        let clock = match (self.clock, self.period) {
            (Some(clock), Some(period)) => Some(clock.within(period)?),
            (Some(clock), None) => Some(clock),
            (None, Some(period)) => Some(period.usual()),
            (None, None) => None,
        };
        let at = |day: Day, c: Clock| here.zone.at(day.plus(c.days), c.hour, c.minute);
        match (self.day, clock) {
            (Some(day), None) => Some(here.zone.midnight(day)),
            (Some(day), Some(clock)) => Some(at(day, clock)),
            (None, Some(clock)) => {
                let today = at(here.today, clock);
                Some(match here.lean {
                    Lean::Future if today.ms < here.now.ms => at(here.today.plus(1), clock),
                    Lean::Past if today.ms > here.now.ms => at(here.today.plus(-1), clock),
                    _ => today,
                })
            }
            (None, None) => None,
        }
    }
}

const EXAMPLES: &str = "3d, fri, 12-05, tomorrow 3pm";

/// English words a misspelt one may mean; Chinese ones are too short to be told apart by letters.
const WORDS: [&str; 26] = [
    "today",
    "tomorrow",
    "yesterday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "next week",
    "next month",
    "end of month",
    "end of day",
    "january",
    "february",
    "march",
    "april",
    "august",
    "september",
    "october",
    "november",
    "december",
    "noon",
    "morning",
    "evening",
];

fn unknown(text: &str, scan: &Scan) -> WhenError {
    let span = scan.word();
    let word = text.get(span.clone()).unwrap_or_default();
    let fits = match word.strip_suffix(['m', 'M']) {
        // `3m` may be minutes or months; guessing would be wrong for half of the people.
        Some(n) if !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()) => format!("{n}min, {n}mo"),
        _ => nearest(word, WORDS).unwrap_or(EXAMPLES).to_string(),
    };
    WhenError { span, hint: Say::new("when.unknown").with("word", word).with("fits", fits) }
}

fn fault(text: &str, scan: &Scan, mark: usize, fault: Fault) -> WhenError {
    let span = scan.span(mark);
    let word = text.get(span.clone()).unwrap_or_default().trim();
    let hint = match fault {
        Fault::NoSuchDay(fits) => Say::new("when.no-such-day").with("word", word).with("fits", fits),
        Fault::NoSuchClock => Say::new("when.no-such-clock").with("word", word).with("fits", "0:00 - 23:59, 3pm"),
        Fault::TooFar => Say::new("when.too-far").with("word", word).with("fits", EXAMPLES),
    };
    WhenError { span, hint }
}
