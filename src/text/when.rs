//! Days, moments and spans of time in words.

use super::{Lang, said::say};
use crate::domain::{Day, Moment, Precision, Zone, when};
use chrono::Datelike;

/// A day: `Nov 20`, 11月20日; with its year when that is not this year's: `2025-11-20`.
pub fn day(lang: Lang, day: Day, today: Day) -> String {
    let date = day.date();
    if date.year() != today.date().year() {
        return day.to_string();
    }
    match lang {
        Lang::En => format!("{} {}", MONTHS.get(date.month0() as usize).unwrap_or(&""), date.day()),
        Lang::Zh => format!("{}月{}日", date.month(), date.day()),
    }
}

/// The day of the week: `Fri`, 周五.
pub fn weekday(lang: Lang, day: Day) -> &'static str {
    let at = day.date().weekday().num_days_from_monday() as usize;
    let names = match lang {
        Lang::En => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
        Lang::Zh => ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
    };
    names.get(at).copied().unwrap_or_default()
}

/// A moment: its day, and its clock when it was given with one: `Nov 20 15:00`, 11月20日 15:00.
pub fn moment(lang: Lang, moment: Moment, now: Moment, zone: Zone) -> String {
    let written = day(lang, zone.day_of(moment.ms), zone.day_of(now.ms));
    if moment.precision == Precision::Day {
        return written;
    }
    let (hour, minute) = zone.hour_minute(moment.ms);
    format!("{written} {hour:02}:{minute:02}")
}

/// A promised moment seen from now: `today 15:00`, `in 3 d`, `2 d overdue`; 今天 15:00, 3天后, 已逾期2天.
pub fn relative(lang: Lang, moment: Moment, now: Moment, zone: Zone) -> String {
    say(lang, &when::describe(moment, now, zone))
}

/// A past moment seen from now: `3 d ago`, 3天前.
pub fn ago(lang: Lang, moment: Moment, now: Moment, zone: Zone) -> String {
    say(lang, &when::elapsed(moment, now, zone))
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn days_and_spans_read_as_each_language_writes_them() {
        let zone = Zone::shanghai();
        let at = |t: &str| zone.read(t).unwrap();
        let now = at("2026-11-20 12:00");
        assert_eq!(moment(Lang::En, at("2026-11-20 15:00"), now, zone), "Nov 20 15:00");
        assert_eq!(moment(Lang::Zh, at("2026-11-20 15:00"), now, zone), "11月20日 15:00");
        assert_eq!(moment(Lang::Zh, at("2025-11-20"), now, zone), "2025-11-20");
        assert_eq!(relative(Lang::En, at("2026-11-23"), now, zone), "in 3 d");
        assert_eq!(relative(Lang::En, at("2026-11-20 15:00"), now, zone), "today 15:00");
        assert_eq!(relative(Lang::En, at("2026-11-18"), now, zone), "2 d overdue");
        assert_eq!(relative(Lang::Zh, at("2026-11-18"), now, zone), "已逾期2天");
        assert_eq!(ago(Lang::En, at("2026-11-17"), now, zone), "3 d ago");
        assert_eq!(ago(Lang::Zh, at("2026-11-17"), now, zone), "3天前");
        assert_eq!(weekday(Lang::Zh, zone.day_of(now.ms)), "周五");
    }
}
