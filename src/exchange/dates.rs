//! Days and moments as files write them: ISO first, then slashes, dots, month names and Chinese; numbers of a spreadsheet
//! (serials) are not guessed at.

use crate::domain::{Day, Moment, Precision, Zone};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// How a column writes its dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DateStyle {
    /// Stated by the map (strftime).
    pub format: Option<String>,
    /// `3/4/2026` is the third of April.
    pub day_first: bool,
}

impl Default for DateStyle {
    fn default() -> Self {
        DateStyle { format: None, day_first: true }
    }
}

/// What a sample says about `3/4/2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// No such dates.
    Nothing,
    /// Some value proves it.
    DayFirst,
    /// Some value proves it.
    MonthFirst,
    /// All values fit both ways, or prove both.
    Ambiguous,
}

/// Looks at a column's cells.
pub(super) fn told<'a>(cells: impl Iterator<Item = &'a str>) -> Told {
    let (mut any, mut day, mut month) = (false, false, false);
    for (a, b) in cells.filter_map(pair) {
        any = true;
        day |= a > 12;
        month |= b > 12;
    }
    match (any, day, month) {
        (false, ..) => Told::Nothing,
        (_, true, false) => Told::DayFirst,
        (_, false, true) => Told::MonthFirst,
        _ => Told::Ambiguous,
    }
}

/// The first two numbers of `a/b/year` or `a-b-year`.
fn pair(cell: &str) -> Option<(u32, u32)> {
    let t = cell.trim();
    let (a, rest) = number(t, 2)?;
    let rest = rest.strip_prefix(['/', '-'])?;
    let (b, rest) = number(rest, 2)?;
    let (_, _) = number(rest.strip_prefix(['/', '-'])?, 4)?;
    Some((a, b))
}

/// Leading digits, at most `most`, and what follows.
fn number(t: &str, most: usize) -> Option<(u32, &str)> {
    let n = t.bytes().take_while(u8::is_ascii_digit).count();
    if n == 0 || n > most {
        return None;
    }
    Some((t.get(..n)?.parse().ok()?, t.get(n..)?))
}

/// Reads dates in one zone; remembers where the days of the file begin.
pub(super) struct Clock {
    zone: Zone,
    days: Vec<(i32, i64, bool)>,
}

const REMEMBERED: usize = 4096;
const DAY_MS: i64 = 86_400_000;

impl Clock {
    /// A reader for a zone.
    pub fn new(zone: Zone) -> Clock {
        Clock { zone, days: vec![(i32::MIN, 0, false); REMEMBERED] }
    }

    /// A day; a clock time behind it is allowed and left out.
    pub fn day(&self, text: &str, style: &DateStyle) -> Option<Day> {
        if let Some(format) = &style.format {
            let stated = NaiveDate::parse_from_str(text, format).ok();
            let stated = stated.or_else(|| NaiveDateTime::parse_from_str(text, format).ok().map(|t| t.date()));
            if let Some(date) = stated {
                return Some(Day::from_date(date));
            }
        }
        let (day, rest) = date(text, style.day_first)?;
        (rest.is_empty() || time(rest).is_some()).then_some(day)
    }

    /// A moment, with the precision it is written in.
    pub fn moment(&mut self, text: &str, style: &DateStyle) -> Option<Moment> {
        if let Some(format) = &style.format {
            if let Ok(local) = NaiveDateTime::parse_from_str(text, format) {
                return Some(Moment { ms: self.zone.instant(local), precision: Precision::Second });
            }
            if let Ok(date) = NaiveDate::parse_from_str(text, format) {
                return Some(self.zone.midnight(Day::from_date(date)));
            }
        }
        let (day, rest) = date(text, style.day_first)?;
        if rest.is_empty() {
            return Some(Moment { ms: self.midnight(day).0, precision: Precision::Day });
        }
        let time = time(rest)?;
        if let Some(minutes) = time.offset {
            let ms = i64::from(day.0) * DAY_MS + time.ms - i64::from(minutes) * 60_000;
            return Some(Moment { ms, precision: time.precision });
        }
        let (midnight, regular) = self.midnight(day);
        if regular {
            return Some(Moment { ms: midnight + time.ms, precision: time.precision });
        }
        let clock = NaiveTime::from_num_seconds_from_midnight_opt(u32::try_from(time.ms / 1000).ok()?, 0)?;
        let ms = self.zone.instant(day.date().and_time(clock)) + time.ms % 1000;
        Some(Moment { ms, precision: time.precision })
    }

    /// When a day begins, and whether its clock runs straight for 24 hours.
    fn midnight(&mut self, day: Day) -> (i64, bool) {
        let slot = day.0.rem_euclid(REMEMBERED as i32) as usize;
        if let Some((d, ms, regular)) = self.days.get(slot)
            && *d == day.0
        {
            return (*ms, *regular);
        }
        let ms = self.zone.midnight(day).ms;
        let regular = self.zone.midnight(day.plus(1)).ms - ms == DAY_MS;
        if let Some(entry) = self.days.get_mut(slot) {
            *entry = (day.0, ms, regular);
        }
        (ms, regular)
    }
}

/// A date and what follows it (without the space or `T` between).
fn date(text: &str, day_first: bool) -> Option<(Day, &str)> {
    let t = text.trim();
    let (day, rest) = iso(t).or_else(|| year_first(t)).or_else(|| year_last(t, day_first)).or_else(|| compact(t)).or_else(|| named(t))?;
    let rest = rest.strip_prefix('T').unwrap_or(rest).trim_start_matches([' ', ',']);
    // Years beyond these are typing mistakes, not history.
    (Day::from_ymd(1800, 1, 1)? <= day && day <= Day::from_ymd(2200, 12, 31)?).then_some((day, rest))
}

fn iso(t: &str) -> Option<(Day, &str)> {
    let b = t.as_bytes().get(..10)?;
    let digit = |i: usize| b.get(i).filter(|c| c.is_ascii_digit()).map(|c| u32::from(c - b'0'));
    if b.get(4) != Some(&b'-') || b.get(7) != Some(&b'-') {
        return None;
    }
    let year = digit(0)? * 1000 + digit(1)? * 100 + digit(2)? * 10 + digit(3)?;
    let day = Day::from_ymd(year as i32, digit(5)? * 10 + digit(6)?, digit(8)? * 10 + digit(9)?)?;
    let rest = t.get(10..)?;
    (!rest.starts_with(|c: char| c.is_ascii_digit())).then_some((day, rest))
}

/// `2026/11/20`, `2026.1.5`, `2026-1-5`, `2026年11月20日`.
fn year_first(t: &str) -> Option<(Day, &str)> {
    let digits = t.bytes().take_while(u8::is_ascii_digit).count();
    if digits != 4 {
        return None;
    }
    let (y, rest) = number(t, 4)?;
    let (m, rest) = number(rest.strip_prefix(['/', '-', '.', '年'])?.trim_start(), 2)?;
    let (d, rest) = number(rest.strip_prefix(['/', '-', '.', '月'])?.trim_start(), 2)?;
    Some((Day::from_ymd(y as i32, m, d)?, rest.strip_prefix(['日', '号']).unwrap_or(rest)))
}

/// `20/11/2026`, `11/20/2026`, `20.11.2026` (dots: the day comes first), with years of two digits too.
fn year_last(t: &str, day_first: bool) -> Option<(Day, &str)> {
    let (a, rest) = number(t, 2)?;
    let sign = rest.chars().next().filter(|c| matches!(c, '/' | '-' | '.'))?;
    let (b, rest) = number(rest.strip_prefix(sign)?, 2)?;
    let rest = rest.strip_prefix(sign)?;
    let (y, after) = number(rest, 4)?;
    let y = full_year(y, rest.len() - after.len())?;
    let (d, m) = if day_first || sign == '.' { (a, b) } else { (b, a) };
    Some((Day::from_ymd(y, m, d)?, after))
}

fn full_year(y: u32, digits: usize) -> Option<i32> {
    match digits {
        4 => i32::try_from(y).ok(),
        2 => i32::try_from(if y < 70 { 2000 + y } else { 1900 + y }).ok(),
        _ => None,
    }
}

/// `20261120`.
fn compact(t: &str) -> Option<(Day, &str)> {
    if t.bytes().take_while(u8::is_ascii_digit).count() != 8 {
        return None;
    }
    let part = |from: usize, to: usize| t.get(from..to)?.parse::<u32>().ok();
    let year = part(0, 4).filter(|y| (1900..2100).contains(y))?;
    Some((Day::from_ymd(year as i32, part(4, 6)?, part(6, 8)?)?, t.get(8..)?))
}

/// `20-Nov-2026`, `20 November 2026`, `Nov 20, 2026`.
fn named(t: &str) -> Option<(Day, &str)> {
    let gap = |s: &'_ str| -> usize { s.len() - s.trim_start_matches([' ', '-', ',', '/', '.']).len() };
    let skip = |s| -> Option<&str> { str::get(s, gap(s)..) };
    if let Some((d, rest)) = number(t, 2) {
        let (m, rest) = month(skip(rest)?)?;
        let rest = skip(rest)?;
        let (y, after) = number(rest, 4)?;
        return Some((Day::from_ymd(full_year(y, rest.len() - after.len())?, m, d)?, after));
    }
    let (m, rest) = month(t)?;
    let (d, rest) = number(skip(rest)?, 2)?;
    let (y, rest) = number(skip(rest)?, 4)?;
    Some((Day::from_ymd(i32::try_from(y).ok()?, m, d)?, rest))
}

fn month(t: &str) -> Option<(u32, &str)> {
    const NAMES: [&str; 12] =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    let n = t.bytes().take_while(u8::is_ascii_alphabetic).count();
    let word = t.get(..n)?.to_ascii_lowercase();
    if n < 3 {
        return None;
    }
    let at = NAMES.iter().position(|name| name.starts_with(&word) || (word == "sept" && *name == "september"))?;
    Some((at as u32 + 1, t.get(n..)?))
}

/// A clock time: milliseconds from midnight, precision, offset in minutes.
struct Time {
    ms: i64,
    precision: Precision,
    offset: Option<i32>,
}

/// `9:30`, `09:30:15.250`, `9:30 PM`, `下午3:30`, `09:30Z`, `09:30:00+08:00`.
fn time(text: &str) -> Option<Time> {
    let t = text.trim();
    let (t, chinese) = match (t.strip_prefix("上午"), t.strip_prefix("下午")) {
        (Some(rest), _) => (rest.trim_start(), Some(false)),
        (_, Some(rest)) => (rest.trim_start(), Some(true)),
        _ => (t, None),
    };
    let (hour, rest) = number(t, 2)?;
    let (minute, rest) = number(rest.strip_prefix([':', '：'])?, 2)?;
    let (second, rest) = match rest.strip_prefix([':', '：']) {
        Some(rest) => number(rest, 2).map(|(s, r)| (Some(s), r))?,
        None => (None, rest),
    };
    let (milli, rest) = fraction(rest)?;
    let rest = rest.trim_start();
    let (half, rest) = halves(rest);
    let offset = if rest.is_empty() { None } else { Some(offset(rest)?) };
    let hour = match chinese.or(half) {
        Some(afternoon) if (1..=12).contains(&hour) => hour % 12 + if afternoon { 12 } else { 0 },
        Some(_) => return None,
        None => hour,
    };
    if hour > 23 || minute > 59 || second.unwrap_or(0) > 59 {
        return None;
    }
    let ms = (i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second.unwrap_or(0))) * 1000 + milli;
    Some(Time { ms, precision: if second.is_some() { Precision::Second } else { Precision::Minute }, offset })
}

fn fraction(rest: &str) -> Option<(i64, &str)> {
    let Some(digits) = rest.strip_prefix('.') else { return Some((0, rest)) };
    let n = digits.bytes().take_while(u8::is_ascii_digit).count();
    let three: String = digits.chars().take(n.min(3)).chain("000".chars()).take(3).collect();
    Some((three.parse().ok().filter(|_| n > 0)?, digits.get(n..)?))
}

fn halves(rest: &str) -> (Option<bool>, &str) {
    for (word, afternoon) in [("AM", false), ("am", false), ("PM", true), ("pm", true)] {
        if let Some(after) = rest.strip_prefix(word) {
            return (Some(afternoon), after.trim_start());
        }
    }
    (None, rest)
}

fn offset(t: &str) -> Option<i32> {
    if matches!(t, "Z" | "z" | "UTC") {
        return Some(0);
    }
    let sign = if t.starts_with('-') { -1 } else { 1 };
    let (hours, rest) = number(t.strip_prefix(['+', '-'])?, 4)?;
    let minutes = match rest.strip_prefix(':') {
        Some(rest) => hours * 60 + number(rest, 2).filter(|(m, r)| *m < 60 && r.is_empty())?.0,
        None if rest.is_empty() && hours >= 100 => hours / 100 * 60 + hours % 100,
        None if rest.is_empty() => hours * 60,
        None => return None,
    };
    (minutes <= 14 * 60).then(|| sign * i32::try_from(minutes).unwrap_or(0))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_files_write_them() {
        let zone = Zone::shanghai();
        let mut clock = Clock::new(zone);
        let style = DateStyle::default();
        for (text, expected) in [
            ("2026-11-20", "2026-11-20"),
            ("2026-11-20 09:30", "2026-11-20 09:30"),
            ("2026-11-20T09:30:15", "2026-11-20 09:30:15"),
            ("2026-11-20T01:00:00Z", "2026-11-20 09:00:00"),
            ("2026-11-20 09:30:00+09:00", "2026-11-20 08:30:00"),
            ("2026/11/20 9:05", "2026-11-20 09:05"),
            ("2026.1.5", "2026-01-05"),
            ("20-Nov-2026", "2026-11-20"),
            ("20 November 2026 3:15 PM", "2026-11-20 15:15"),
            ("Nov 20, 2026", "2026-11-20"),
            ("2026年11月20日", "2026-11-20"),
            ("2026年1月5日 下午3:30", "2026-01-05 15:30"),
            ("20/11/2026", "2026-11-20"),
            ("20.11.26", "2026-11-20"),
            ("20261120", "2026-11-20"),
            ("2016-02-29", "2016-02-29"),
        ] {
            assert_eq!(clock.moment(text, &style).map(|m| zone.write(m)).as_deref(), Some(expected), "{text}");
            assert!(clock.day(text, &style).is_some(), "{text}");
        }
    }

    #[test]
    fn impossible_dates_and_serials_are_no_dates() {
        let mut clock = Clock::new(Zone::shanghai());
        for text in [
            "2026-02-30",
            "2026-13-01",
            "45980",
            "yesterday",
            "2026-11-20 25:00",
            "31/04/2026",
            "0000-00-00",
            "20-Foo-2026",
            "2026-11-200",
            "9999-01-01",
            "2026-11-20 x",
        ] {
            assert_eq!(clock.moment(text, &DateStyle::default()), None, "{text}");
        }
    }

    #[test]
    fn the_order_of_day_and_month_is_told_by_values_over_twelve() {
        assert_eq!(told(["03/04/2026", "25/04/2026"].into_iter()), Told::DayFirst);
        assert_eq!(told(["03/04/2026", "04/25/2026"].into_iter()), Told::MonthFirst);
        assert_eq!(told(["03/04/2026"].into_iter()), Told::Ambiguous);
        assert_eq!(told(["2026-03-04", "x"].into_iter()), Told::Nothing);
        let month_first = DateStyle { format: None, day_first: false };
        assert_eq!(Clock::new(Zone::shanghai()).day("04/25/2026", &month_first).map(|d| d.to_string()).as_deref(), Some("2026-04-25"));
    }

    #[test]
    fn a_stated_format_comes_first() {
        let style = DateStyle { format: Some("%d|%m|%Y".into()), day_first: false };
        assert_eq!(Clock::new(Zone::shanghai()).day("05|11|2026", &style).map(|d| d.to_string()).as_deref(), Some("2026-11-05"));
    }

    #[test]
    fn clock_changes_are_minded() {
        let zone = Zone::named("Europe/Berlin").unwrap();
        let mut clock = Clock::new(zone);
        for text in ["2026-03-29 01:30", "2026-03-29 12:00", "2026-10-25 12:00", "2026-07-01 08:00"] {
            assert_eq!(clock.moment(text, &DateStyle::default()).map(|m| zone.write(m)).as_deref(), Some(text));
        }
    }
}
