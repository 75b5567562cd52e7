//! Where "now" comes from: the machine, or a day that was fixed (`--today`, the demo). Everything below is told the time.

use crate::domain::{Day, Moment, Zone};

/// A source of the present moment.
pub trait Clock: Send + Sync {
    /// The present, UTC milliseconds, to the second.
    fn now(&self) -> Moment;
    /// True when the day does not move by itself.
    fn fixed(&self) -> bool {
        false
    }
    /// The present day in a zone.
    fn today(&self, zone: Zone) -> Day {
        zone.day_of(self.now().ms)
    }
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        let ms = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_millis());
        Moment::second(i64::try_from(ms).unwrap_or(i64::MAX))
    }
}

/// A clock that stands still.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub Moment);

impl FixedClock {
    /// Noon of a day in a zone.
    pub fn noon(day: Day, zone: Zone) -> FixedClock {
        FixedClock(zone.at(day, 12, 0))
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Moment {
        self.0
    }
    fn fixed(&self) -> bool {
        true
    }
}
