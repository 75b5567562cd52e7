//! Days, moments and spans of time in words.

use super::{Lang, said::say};
use crate::domain::{Day, Moment, Say, Zone, when};
use chrono::Datelike;

/// The day of the week: `Fri`, 周五.
pub fn weekday(lang: Lang, day: Day) -> &'static str {
    let at = day.date().weekday().num_days_from_monday() as usize;
    let names = match lang {
        Lang::En => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
        Lang::Zh => ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
    };
    names.get(at).copied().unwrap_or_default()
}

/// How far a day is: `today`, `3 d ago`, `in 2 d`; 今天, 3天前, 2天后.
pub fn distance(lang: Lang, day: Day, today: Day) -> String {
    let said = match day.since(today) {
        0 => Say::new("when.today"),
        1 => Say::new("when.tomorrow"),
        -1 => Say::new("when.yesterday"),
        n if n > 0 => Say::new("when.in-days").with("n", n),
        n => Say::new("when.days-ago").with("n", -n),
    };
    say(lang, &said)
}

/// A promised moment seen from now: `today 15:00`, `in 3 d`, `2 d overdue`; 今天 15:00, 3天后, 已逾期2天.
pub fn relative(lang: Lang, moment: Moment, now: Moment, zone: Zone) -> String {
    say(lang, &when::describe(moment, now, zone))
}

/// A past moment seen from now: `3 d ago`, 3天前.
pub fn ago(lang: Lang, moment: Moment, now: Moment, zone: Zone) -> String {
    say(lang, &when::elapsed(moment, now, zone))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn days_and_spans_read_as_each_language_writes_them() {
        let zone = Zone::shanghai();
        let at = |t: &str| zone.read(t).unwrap();
        let now = at("2026-11-20 12:00");
        let today = zone.day_of(now.ms);
        let far =
            [(0, "today", "今天"), (1, "tomorrow", "明天"), (-1, "yesterday", "昨天"), (2, "in 2 d", "2天后"), (-3, "3 d ago", "3天前")];
        for (n, en, zh) in far {
            assert_eq!((distance(Lang::En, today.plus(n), today).as_str(), distance(Lang::Zh, today.plus(n), today).as_str()), (en, zh));
        }
        assert_eq!(relative(Lang::En, at("2026-11-23"), now, zone), "in 3 d");
        assert_eq!(relative(Lang::En, at("2026-11-20 15:00"), now, zone), "today 15:00");
        assert_eq!(relative(Lang::En, at("2026-11-18"), now, zone), "2 d overdue");
        assert_eq!(relative(Lang::Zh, at("2026-11-18"), now, zone), "已逾期2天");
        assert_eq!(ago(Lang::En, at("2026-11-17"), now, zone), "3 d ago");
        assert_eq!(ago(Lang::Zh, at("2026-11-17"), now, zone), "3天前");
        assert_eq!(weekday(Lang::Zh, zone.day_of(now.ms)), "周五");
    }
}
