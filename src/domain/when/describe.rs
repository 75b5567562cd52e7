//! How far a moment is from now, in codes whose words are in `text`.

use super::super::{Moment, Precision, Say, Zone};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// A promised moment seen from now: today, tomorrow, in so many days, overdue. Days are days of the zone; a moment given
/// to the minute is overdue from that minute on, one given as a day only when the day is over.
pub fn describe(moment: Moment, now: Moment, zone: Zone) -> Say {
    let days = zone.day_of(moment.ms).since(zone.day_of(now.ms));
    let clocked = moment.precision != Precision::Day;
    if clocked && moment.ms < now.ms && days >= -1 && now.ms - moment.ms < 24 * HOUR {
        let late = now.ms - moment.ms;
        return match late {
            ..HOUR => Say::new("when.overdue-minutes").with("n", (late / MINUTE).max(1)),
            _ => Say::new("when.overdue-hours").with("n", late / HOUR),
        };
    }
    let clock = || {
        let (hour, minute) = zone.hour_minute(moment.ms);
        format!("{hour:02}:{minute:02}")
    };
    match (days, clocked) {
        (..0, _) => Say::new("when.overdue-days").with("n", -days),
        (0, false) => Say::new("when.today"),
        (0, true) => Say::new("when.today-at").with("clock", clock()),
        (1, false) => Say::new("when.tomorrow"),
        (1, true) => Say::new("when.tomorrow-at").with("clock", clock()),
        (n, _) => Say::new("when.in-days").with("n", n),
    }
}

/// A moment in the past seen from now: just now, minutes, hours, days, months (of 30 days, from 60 days on), years (of 365
/// days, from two years on). What lies ahead is told by [`describe`].
pub fn elapsed(moment: Moment, now: Moment, zone: Zone) -> Say {
    let days = zone.day_of(now.ms).since(zone.day_of(moment.ms));
    if days < 0 || (moment.precision != Precision::Day && moment.ms > now.ms) {
        return describe(moment, now, zone);
    }
    let passed = now.ms - moment.ms;
    match days {
        0 if moment.precision == Precision::Day => Say::new("when.today"),
        0 if passed < MINUTE => Say::new("when.just-now"),
        0 if passed < HOUR => Say::new("when.minutes-ago").with("n", passed / MINUTE),
        0 => Say::new("when.hours-ago").with("n", passed / HOUR),
        1..60 => Say::new("when.days-ago").with("n", days),
        60..730 => Say::new("when.months-ago").with("n", days / 30),
        _ => Say::new("when.years-ago").with("n", days / 365),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn seen(text: &str, how: fn(Moment, Moment, Zone) -> Say) -> String {
        let zone = Zone::shanghai();
        let said = how(zone.read(text).unwrap(), zone.read("2026-11-20 12:00").unwrap(), zone);
        said.args.iter().fold(said.code.to_string(), |line, (_, v)| format!("{line} {v}"))
    }

    #[test]
    fn a_promise_is_ahead_today_or_overdue() {
        for (at, expected) in [
            ("2026-11-20", "when.today"),
            ("2026-11-20 15:00", "when.today-at 15:00"),
            ("2026-11-20 12:00", "when.today-at 12:00"),
            ("2026-11-21", "when.tomorrow"),
            ("2026-11-21 09:05", "when.tomorrow-at 09:05"),
            ("2026-11-23", "when.in-days 3"),
            ("2026-11-20 11:59", "when.overdue-minutes 1"),
            ("2026-11-20 09:00", "when.overdue-hours 3"),
            ("2026-11-19 13:00", "when.overdue-hours 23"),
            ("2026-11-19 11:00", "when.overdue-days 1"),
            ("2026-11-19", "when.overdue-days 1"),
            ("2026-11-18", "when.overdue-days 2"),
        ] {
            assert_eq!(seen(at, describe), expected, "{at}");
        }
    }

    #[test]
    fn the_past_is_told_in_its_nearest_unit() {
        for (at, expected) in [
            ("2026-11-20 12:00", "when.just-now"),
            ("2026-11-20 11:15", "when.minutes-ago 45"),
            ("2026-11-20 09:00", "when.hours-ago 3"),
            ("2026-11-20", "when.today"),
            ("2026-11-19 23:00", "when.days-ago 1"),
            ("2026-09-22", "when.days-ago 59"),
            ("2026-08-20", "when.months-ago 3"),
            ("2024-01-01", "when.years-ago 2"),
            ("2026-11-23", "when.in-days 3"),
        ] {
            assert_eq!(seen(at, elapsed), expected, "{at}");
        }
    }
}
