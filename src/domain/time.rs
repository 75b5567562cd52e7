//! Days and moments. A moment is UTC milliseconds with the precision it was given in; a day is a day of the book's zone.
//! Nothing here knows what "now" is.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Offset, TimeZone, Timelike, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A calendar day, as days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Day(pub i32);

/// How exactly a moment was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Precision {
    /// Only the day: the moment is local midnight.
    Day,
    /// To the minute.
    Minute,
    /// To the second or finer.
    Second,
}

/// A moment: UTC milliseconds since 1970 and the precision it was given in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Moment {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub ms: i64,
    /// How exactly it was given.
    pub precision: Precision,
}

/// The zone a book lives in (IANA name).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone(chrono_tz::Tz);

impl Day {
    /// The day of that year, month and day of month; `None` when there is none.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Day> {
        NaiveDate::from_ymd_opt(year, month, day).map(Day::from_date)
    }
    /// From chrono's date.
    pub fn from_date(date: NaiveDate) -> Day {
        Day(date.num_days_from_ce() - EPOCH_CE)
    }
    /// As chrono's date.
    pub fn date(self) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(self.0.saturating_add(EPOCH_CE)).unwrap_or_default()
    }
    /// `YYYY-MM-DD`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Day> {
        NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok().map(Day::from_date)
    }
    /// So many days later (earlier when negative).
    pub fn plus(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }
    /// Whole days from `earlier` to here.
    pub fn since(self, earlier: Day) -> i32 {
        self.0 - earlier.0
    }
}

/// Days from the common era to 1970-01-01, as chrono counts.
const EPOCH_CE: i32 = 719_163;

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let d = self.date();
        write!(f, "{:04}-{:02}-{:02}", d.year(), d.month(), d.day())
    }
}

impl Moment {
    /// A moment to the second.
    pub fn second(ms: i64) -> Moment {
        Moment { ms, precision: Precision::Second }
    }
    /// A moment to the minute.
    pub fn minute(ms: i64) -> Moment {
        Moment { ms, precision: Precision::Minute }
    }
}

impl Zone {
    /// The zone of that IANA name; `None` when there is none.
    pub fn named(name: &str) -> Option<Zone> {
        name.parse().ok().map(Zone)
    }
    /// China Standard Time, the zone of the sample business.
    pub fn shanghai() -> Zone {
        Zone(chrono_tz::Asia::Shanghai)
    }
    /// Coordinated universal time.
    pub fn utc() -> Zone {
        Zone(chrono_tz::UTC)
    }
    /// Its IANA name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }
    /// The day a UTC instant falls on here.
    pub fn day_of(self, ms: i64) -> Day {
        Day::from_date(self.local(ms).date())
    }
    /// The local clock of a UTC instant.
    pub fn local(self, ms: i64) -> NaiveDateTime {
        let utc = DateTime::<Utc>::from_timestamp_millis(ms).unwrap_or_default();
        utc.with_timezone(&self.0).naive_local()
    }
    /// Hour and minute of a UTC instant here.
    pub fn hour_minute(self, ms: i64) -> (u32, u32) {
        let t = self.local(ms);
        (t.hour(), t.minute())
    }
    /// The UTC milliseconds of a local clock reading; a reading that daylight saving skips moves forward an hour, an
    /// ambiguous one takes the first.
    pub fn instant(self, local: NaiveDateTime) -> i64 {
        match self.0.from_local_datetime(&local) {
            chrono::LocalResult::Single(t) | chrono::LocalResult::Ambiguous(t, _) => t.timestamp_millis(),
            chrono::LocalResult::None => {
                let later = local + chrono::Duration::hours(1);
                let offset = self.0.offset_from_utc_datetime(&later).fix().local_minus_utc();
                later.and_utc().timestamp_millis() - i64::from(offset) * 1000
            }
        }
    }
    /// Local midnight of a day, with precision *day*.
    pub fn midnight(self, day: Day) -> Moment {
        Moment { ms: self.instant(day.date().and_time(chrono::NaiveTime::MIN)), precision: Precision::Day }
    }
    /// That clock time on that day, to the minute; hours and minutes out of range are clamped.
    pub fn at(self, day: Day, hour: u32, minute: u32) -> Moment {
        let time = chrono::NaiveTime::from_hms_opt(hour.min(23), minute.min(59), 0).unwrap_or_default();
        Moment::minute(self.instant(day.date().and_time(time)))
    }
    /// `YYYY-MM-DD`, `YYYY-MM-DD HH:MM` or `... HH:MM:SS` as given, by precision.
    pub fn write(self, m: Moment) -> String {
        let t = self.local(m.ms);
        match m.precision {
            Precision::Day => t.format("%Y-%m-%d").to_string(),
            Precision::Minute => t.format("%Y-%m-%d %H:%M").to_string(),
            Precision::Second => t.format("%Y-%m-%d %H:%M:%S").to_string(),
        }
    }
    /// Reads what [`Zone::write`] writes, also with `T` between date and time, and RFC 3339 with an offset.
    pub fn read(self, text: &str) -> Option<Moment> {
        let t = text.trim();
        if let Ok(with_offset) = DateTime::parse_from_rfc3339(t) {
            return Some(Moment::second(with_offset.timestamp_millis()));
        }
        if let Some(day) = Day::parse(t) {
            return Some(self.midnight(day));
        }
        for (format, precision) in FORMATS {
            if let Ok(local) = NaiveDateTime::parse_from_str(t, format) {
                return Some(Moment { ms: self.instant(local), precision });
            }
        }
        None
    }
}

const FORMATS: [(&str, Precision); 4] = [
    ("%Y-%m-%d %H:%M", Precision::Minute),
    ("%Y-%m-%dT%H:%M", Precision::Minute),
    ("%Y-%m-%d %H:%M:%S%.f", Precision::Second),
    ("%Y-%m-%dT%H:%M:%S%.f", Precision::Second),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_prints_and_reads_back() {
        for text in ["1970-01-01", "2026-11-20", "1900-02-28", "2024-02-29"] {
            assert_eq!(Day::parse(text).map(|d| d.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Day::parse("2026-02-30"), None);
        assert_eq!(Day::from_ymd(1970, 1, 1), Some(Day(0)));
    }

    #[test]
    fn a_moment_keeps_the_precision_it_was_given_in() {
        let z = Zone::shanghai();
        for text in ["2026-11-20", "2026-11-20 09:30", "2026-11-20 09:30:15"] {
            assert_eq!(z.read(text).map(|m| z.write(m)).as_deref(), Some(text));
        }
        assert_eq!(z.read("2026-11-20T01:00:00Z").map(|m| z.write(m)).as_deref(), Some("2026-11-20 09:00:00"));
        assert_eq!(z.read("yesterday"), None);
    }

    #[test]
    fn a_clock_reading_that_daylight_saving_skips_moves_forward() {
        let z = Zone::named("Europe/Berlin").expect("the zone is in the database");
        let skipped = NaiveDate::from_ymd_opt(2026, 3, 29).and_then(|d| d.and_hms_opt(2, 30, 0)).expect("a reading");
        assert_eq!(z.write(Moment::minute(z.instant(skipped))), "2026-03-29 03:30");
    }
}
