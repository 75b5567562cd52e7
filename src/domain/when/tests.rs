//! What people type, at noon of Friday 2026-11-20 in Shanghai.
#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;

fn read(text: &str, lean: Lean) -> Result<String, WhenError> {
    let zone = Zone::shanghai();
    let now = zone.read("2026-11-20 12:00").unwrap();
    parse(text, now, zone, lean).map(|m| zone.write(m))
}

const AHEAD: &[(&str, &str)] = &[
    ("3d", "2026-11-23"),
    ("3 D", "2026-11-23"),
    ("３ｄ", "2026-11-23"),
    ("+3d", "2026-11-23"),
    ("0d", "2026-11-20"),
    ("2 days", "2026-11-22"),
    ("2w", "2026-12-04"),
    ("in 2w", "2026-12-04"),
    ("IN 2 WEEKS", "2026-12-04"),
    ("1mo", "2026-12-20"),
    ("3 months", "2027-02-20"),
    ("1y", "2027-11-20"),
    ("2h", "2026-11-20 14:00"),
    ("30min", "2026-11-20 12:30"),
    ("2 weeks later", "2026-12-04"),
    ("2 days ago", "2026-11-18"),
    ("today", "2026-11-20"),
    ("tomorrow", "2026-11-21"),
    ("TMR", "2026-11-21"),
    ("tomorrow 3pm", "2026-11-21 15:00"),
    ("tomorrow at 3 pm", "2026-11-21 15:00"),
    ("3pm tomorrow", "2026-11-21 15:00"),
    ("tomorrow at 9", "2026-11-21 09:00"),
    ("tomorrow morning", "2026-11-21 09:00"),
    ("tomorrow 12am", "2026-11-21 00:00"),
    ("tomorrow noon", "2026-11-21 12:00"),
    ("day after tomorrow", "2026-11-22"),
    ("fri", "2026-11-27"),
    ("Friday", "2026-11-27"),
    ("mon", "2026-11-23"),
    ("sat 10:30", "2026-11-21 10:30"),
    ("next fri", "2026-11-27"),
    ("next mon", "2026-11-23"),
    ("this sat", "2026-11-21"),
    ("last wed", "2026-11-18"),
    ("next week", "2026-11-23"),
    ("next week tue 9am", "2026-11-24 09:00"),
    ("end of this week", "2026-11-22"),
    ("next month", "2026-12-01"),
    ("end of month", "2026-11-30"),
    ("end of the month", "2026-11-30"),
    ("end of next month", "2026-12-31"),
    ("eom", "2026-11-30"),
    ("end of year", "2026-12-31"),
    ("eod", "2026-11-20 18:00"),
    ("fri eod", "2026-11-27 18:00"),
    ("9:30", "2026-11-21 09:30"),
    ("15:00", "2026-11-20 15:00"),
    ("12:00", "2026-11-20 12:00"),
    ("3:30pm", "2026-11-20 15:30"),
    ("12-05", "2026-12-05"),
    ("11-19", "2027-11-19"),
    ("11-20", "2026-11-20"),
    ("12-05 14:00", "2026-12-05 14:00"),
    ("12/5", "2026-12-05"),
    ("12.5", "2026-12-05"),
    ("11/28", "2026-11-28"),
    ("28/11", "2026-11-28"),
    ("2026-12-05", "2026-12-05"),
    ("2026/12/5 9:05", "2026-12-05 09:05"),
    ("2026-12-05 14:00:30", "2026-12-05 14:00:30"),
    ("02-29", "2028-02-29"),
    ("28 nov", "2026-11-28"),
    ("Nov 28th", "2026-11-28"),
    ("5 Dec 2027", "2027-12-05"),
    ("dec 5, 2027 8am", "2027-12-05 08:00"),
    ("今天", "2026-11-20"),
    ("明天", "2026-11-21"),
    ("后天", "2026-11-22"),
    ("後天", "2026-11-22"),
    ("大后天", "2026-11-23"),
    ("昨天", "2026-11-19"),
    ("前天", "2026-11-18"),
    ("下周一", "2026-11-23"),
    ("下星期五", "2026-11-27"),
    ("下下周三", "2026-12-02"),
    ("周五", "2026-11-27"),
    ("周日", "2026-11-22"),
    ("星期天", "2026-11-22"),
    ("这周六", "2026-11-21"),
    ("下周", "2026-11-23"),
    ("周末", "2026-11-21"),
    ("上周三", "2026-11-11"),
    ("月底", "2026-11-30"),
    ("本月底", "2026-11-30"),
    ("月初", "2026-12-01"),
    ("下月初", "2026-12-01"),
    ("下月底", "2026-12-31"),
    ("下个月", "2026-12-01"),
    ("下个月15号", "2026-12-15"),
    ("年底", "2026-12-31"),
    ("明年3月5日", "2027-03-05"),
    ("11月28日", "2026-11-28"),
    ("11 月 28 日 14:00", "2026-11-28 14:00"),
    ("下周 3pm", "2026-11-23 15:00"),
    ("3 天后", "2026-11-23"),
    ("11月5日", "2027-11-05"),
    ("１１月２８日", "2026-11-28"),
    ("十一月二十八号", "2026-11-28"),
    ("12月底", "2026-12-31"),
    ("2027年1月2日", "2027-01-02"),
    ("28号", "2026-11-28"),
    ("5号", "2026-12-05"),
    ("31号", "2026-12-31"),
    ("明天下午3点", "2026-11-21 15:00"),
    ("明天下午３：３０", "2026-11-21 15:30"),
    ("明天 下午 三点半", "2026-11-21 15:30"),
    ("下周一上午十点一刻", "2026-11-23 10:15"),
    ("今晚8点", "2026-11-20 20:00"),
    ("今晚", "2026-11-20 19:00"),
    ("明早", "2026-11-21 09:00"),
    ("晚上12点", "2026-11-21 00:00"),
    ("中午12点", "2026-11-20 12:00"),
    ("上午十点", "2026-11-21 10:00"),
    ("15点20分", "2026-11-20 15:20"),
    ("半个月后", "2026-12-05"),
    ("三天后", "2026-11-23"),
    ("十五天后", "2026-12-05"),
    ("3小时后", "2026-11-20 15:00"),
    ("半小时后", "2026-11-20 12:30"),
    ("两周后", "2026-12-04"),
    ("一个月后", "2026-12-20"),
    ("半年后", "2027-05-20"),
    ("一年后", "2027-11-20"),
    ("3天", "2026-11-23"),
    ("now", "2026-11-20 12:00"),
];

const BEFORE: &[(&str, &str)] = &[
    ("now", "2026-11-20 12:00"),
    ("9:30", "2026-11-20 09:30"),
    ("15:00", "2026-11-19 15:00"),
    ("yesterday 3pm", "2026-11-19 15:00"),
    ("上午十点", "2026-11-20 10:00"),
    ("下午3点", "2026-11-19 15:00"),
    ("fri", "2026-11-13"),
    ("mon", "2026-11-16"),
    ("周五", "2026-11-13"),
    ("周一", "2026-11-16"),
    ("上周三", "2026-11-11"),
    ("last week", "2026-11-09"),
    ("last month", "2026-10-01"),
    ("12-05", "2025-12-05"),
    ("11-19", "2026-11-19"),
    ("11月28日", "2025-11-28"),
    ("02-29", "2024-02-29"),
    ("28号", "2026-10-28"),
    ("3d", "2026-11-17"),
    ("2h", "2026-11-20 10:00"),
    ("三天前", "2026-11-17"),
    ("半小时前", "2026-11-20 11:30"),
    ("昨晚8点", "2026-11-19 20:00"),
    ("月底", "2026-10-31"),
    ("in 2d", "2026-11-22"),
    ("刚才", "2026-11-20 12:00"),
];

#[test]
fn dates_are_read_as_people_type_them() {
    for (table, lean) in [(AHEAD, Lean::Future), (BEFORE, Lean::Past)] {
        for (text, expected) in table {
            let got = read(text, lean);
            assert_eq!(got.as_deref().map_err(Clone::clone), Ok(*expected), "{text} {lean:?}");
        }
    }
}

#[test]
fn a_daylight_saving_zone_keeps_days_as_days() {
    let zone = Zone::named("Europe/Berlin").unwrap();
    let now = zone.read("2026-10-24 12:00").unwrap();
    let at = |t| zone.write(parse(t, now, zone, Lean::Future).unwrap());
    assert_eq!((at("2d"), at("tomorrow 9:00"), at("24h")), ("2026-10-26".into(), "2026-10-25 09:00".into(), "2026-10-25 11:00".into()));
}

#[test]
fn what_is_no_date_is_refused_with_its_place_and_what_fits() {
    for (text, span, code, fits) in [
        ("", 0..0, "when.empty", ""),
        ("  ", 0..2, "when.empty", ""),
        ("tomorow", 0..7, "when.unknown", "tomorrow"),
        ("firday", 0..6, "when.unknown", "friday"),
        ("fri banana", 4..10, "when.unknown", "3d, fri, 12-05, tomorrow 3pm"),
        ("3m", 0..2, "when.unknown", "3min, 3mo"),
        ("5", 0..1, "when.unknown", "3d, fri, 12-05, tomorrow 3pm"),
        ("fri sat", 4..7, "when.unknown", "3d, fri, 12-05, tomorrow 3pm"),
        ("2h 3pm", 3..6, "when.unknown", "3d, fri, 12-05, tomorrow 3pm"),
        ("02-30", 0..5, "when.no-such-day", "02-28"),
        ("2028-02-30", 0..10, "when.no-such-day", "02-29"),
        ("13-45", 0..5, "when.no-such-day", "3d, fri, 12-05, tomorrow 3pm"),
        ("32号", 0..5, "when.no-such-day", "1 - 31"),
        ("明天25:00", 6..11, "when.no-such-clock", "0:00 - 23:59, 3pm"),
        ("9:75", 0..4, "when.no-such-clock", "0:00 - 23:59, 3pm"),
        ("15pm", 0..4, "when.no-such-clock", "0:00 - 23:59, 3pm"),
        ("上午15点", 0..11, "when.no-such-clock", "0:00 - 23:59, 3pm"),
        ("999999d", 0..7, "when.too-far", "3d, fri, 12-05, tomorrow 3pm"),
        ("9999-01-01", 0..10, "when.too-far", "3d, fri, 12-05, tomorrow 3pm"),
        ("改天", 0..6, "when.unknown", "3d, fri, 12-05, tomorrow 3pm"),
    ] {
        let e = read(text, Lean::Future).unwrap_err();
        assert_eq!((e.span, e.hint.code, e.hint.arg("fits")), (span, code, fits), "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_fall_over(text in "\\PC{0,24}", past: bool) {
        let lean = if past { Lean::Past } else { Lean::Future };
        if let Err(e) = read(&text, lean) {
            prop_assert!(text.get(e.span).is_some());
        }
    }

    #[test]
    fn no_string_of_date_words_makes_it_fall_over(
        words in prop::collection::vec(prop::sample::select(vec![
            "3", "99", "2026", "-", "/", ":", ".", "d", "mo", "月", "日", "号", "年", "点", "半", "下", "上", "周", "五", "十", "后", "前",
            "in", "next", "last", "end of", "month", "fri", "pm", "下午", "nov", "at", "999999", "个", "底", "初", " ",
        ]), 0..8),
        now in -5_000_000_000_000_i64..8_000_000_000_000,
        past: bool,
    ) {
        let text = words.concat();
        let lean = if past { Lean::Past } else { Lean::Future };
        if let Err(e) = parse(&text, Moment::second(now), Zone::shanghai(), lean) {
            prop_assert!(text.get(e.span).is_some());
        }
    }

    #[test]
    fn what_the_zone_writes_reads_back(days in -25_000_i32..80_000, hour in 0_u32..24, minute in 0_u32..60) {
        let zone = Zone::shanghai();
        let moment = zone.at(Day(days), hour, minute);
        let now = zone.read("2026-11-20 12:00").unwrap();
        prop_assert_eq!(parse(&zone.write(moment), now, zone, Lean::Future).map(|m| zone.write(m)), Ok(zone.write(moment)));
    }
}
