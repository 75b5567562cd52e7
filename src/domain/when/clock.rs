//! Clocks and parts of the day: `9:30`, `3pm`, `noon`, 上午十点, 3点半, 下午.

use super::scan::Scan;
use super::{Fault, Found, Here, Part};

/// A clock reading, with the days it carries over (midnight at the end of an evening).
#[derive(Clone, Copy)]
pub(super) struct Clock {
    pub(super) days: i32,
    pub(super) hour: u32,
    pub(super) minute: u32,
}

/// A part of the day.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Period {
    Night,
    Morning,
    Noon,
    Afternoon,
    Evening,
}

impl Period {
    /// The clock meant when only the part of the day is given.
    pub(super) fn usual(self) -> Clock {
        let hour = match self {
            Period::Night => 0,
            Period::Morning => 9,
            Period::Noon => 12,
            Period::Afternoon => 15,
            Period::Evening => 19,
        };
        Clock { days: 0, hour, minute: 0 }
    }
}

impl Clock {
    /// The reading within that part of the day; `None` when they contradict each other (上午15点).
    pub(super) fn within(self, period: Period) -> Option<Clock> {
        let hour = self.hour;
        let (days, hour) = match (period, hour) {
            (Period::Night, 12) => (0, 0),
            (Period::Night, ..=6) | (Period::Morning, ..=12) | (Period::Noon, 10..=14) => (0, hour),
            (Period::Noon, 1..=2) | (Period::Afternoon, 1..=11) | (Period::Evening, 1..=11) => (0, hour + 12),
            (Period::Afternoon, 12..=19) | (Period::Evening, 17..=23) => (0, hour),
            (Period::Evening, 12) => (1, 0),
            _ => return None,
        };
        Some(Clock { days, hour, minute: self.minute })
    }
}

const PERIODS: [(&str, Period); 20] = [
    ("凌晨", Period::Night),
    ("清晨", Period::Morning),
    ("早上", Period::Morning),
    ("早晨", Period::Morning),
    ("上午", Period::Morning),
    ("中午", Period::Noon),
    ("正午", Period::Noon),
    ("午后", Period::Afternoon),
    ("下午", Period::Afternoon),
    ("傍晚", Period::Evening),
    ("晚上", Period::Evening),
    ("夜里", Period::Evening),
    ("morning", Period::Morning),
    ("in the morning", Period::Morning),
    ("noon", Period::Noon),
    ("afternoon", Period::Afternoon),
    ("in the afternoon", Period::Afternoon),
    ("evening", Period::Evening),
    ("in the evening", Period::Evening),
    ("tonight", Period::Evening),
];

const HALVES: [(&str, Period); 6] = [
    ("am", Period::Morning),
    ("a.m.", Period::Morning),
    ("pm", Period::Afternoon),
    ("p.m.", Period::Afternoon),
    ("a", Period::Morning),
    ("p", Period::Afternoon),
];

/// The end of a working day, 18:00.
const END_OF_DAY: [&str; 5] = ["eod", "end of day", "close of business", "cob", "下班前"];

/// A clock or a part of the day.
pub(super) fn rule(scan: &mut Scan, here: &Here) -> Found {
    if END_OF_DAY.iter().any(|w| scan.eat(w)) {
        return Ok(Some(Part::Clock(Clock { days: 0, hour: 18, minute: 0 })));
    }
    if scan.eat("now") || scan.eat("现在") || scan.eat("刚才") || scan.eat("刚刚") {
        return Ok(Some(Part::Instant(here.now.ms)));
    }
    if scan.eat("midnight") {
        return Ok(Some(Part::Period(Period::Night)));
    }
    if let Some(period) = scan.eat_of(&PERIODS) {
        return Ok(Some(Part::Period(period)));
    }
    let at = scan.eat("at") || scan.eat_char(&['@']);
    scan.skip_spaces();
    let Some(hour) = scan.number().filter(|n| n.digits <= 2) else { return Ok(None) };
    let minute = minute(scan);
    let written = scan.at;
    scan.skip_spaces();
    let half = scan.eat_of(&HALVES);
    if half.is_none() {
        scan.at = written;
    }
    match minute.or((at || half.is_some()).then_some(0)) {
        Some(minute) => reading(hour.value, minute, half).map(|clock| Some(Part::Clock(clock))).ok_or(Fault::NoSuchClock),
        None => Ok(None),
    }
}

/// What makes a number an hour: `:30`, 点, 点半, 点一刻, 点二十分.
fn minute(scan: &mut Scan) -> Option<i32> {
    if scan.eat_char(&[':']) {
        return scan.number().filter(|n| (1..=2).contains(&n.digits)).map(|n| n.value);
    }
    if !(scan.eat("点钟") || scan.eat("点整") || scan.eat("点") || scan.eat("时")) {
        return None;
    }
    if let Some(minute) = scan.eat_of(&[("半", 30), ("一刻", 15), ("三刻", 45)]) {
        return Some(minute);
    }
    let minute = scan.number().map_or(0, |n| n.value);
    scan.eat("分");
    Some(minute)
}

fn reading(hour: i32, minute: i32, half: Option<Period>) -> Option<Clock> {
    let hour = match (half, hour) {
        (None, 0..=23) => hour,
        (Some(Period::Morning), 1..=12) => hour % 12,
        (Some(_), 1..=12) => hour % 12 + 12,
        _ => return None,
    };
    let minute = u32::try_from(minute).ok().filter(|m| *m < 60)?;
    Some(Clock { days: 0, hour: u32::try_from(hour).ok()?, minute })
}
