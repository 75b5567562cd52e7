//! What the generator writes with: seeded draws, local clock readings, tables that become CSV.

use guanxi::domain::Day;
use pinyin::ToPinyinMulti;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::fmt::Write as _;

/// The demo's day, 2026-11-20, a Friday.
pub fn today() -> i64 {
    day("2026-11-20")
}

/// The first day of the data.
pub fn start() -> i64 {
    day("2024-11-01")
}

/// A day as days since 1970.
pub fn day(text: &str) -> i64 {
    i64::from(Day::parse(text).unwrap().0)
}

/// `YYYY-MM-DD` of a day.
pub fn ymd(day: i64) -> String {
    Day(i32::try_from(day).unwrap()).to_string()
}

/// A clock reading of a day, in minutes since 1970 on the wall clock of the business.
pub fn at(day: i64, hour: i64, minute: i64) -> i64 {
    day * 1440 + hour * 60 + minute
}

/// `YYYY-MM-DD HH:MM` of a clock reading.
pub fn clock(minutes: i64) -> String {
    let rest = minutes.rem_euclid(1440);
    format!("{} {:02}:{:02}", ymd(minutes.div_euclid(1440)), rest / 60, rest % 60)
}

/// `YYYY-MM` of a clock reading.
pub fn month(minutes: i64) -> String {
    clock(minutes)[..7].to_string()
}

/// 0 = Monday.
pub fn weekday(day: i64) -> i64 {
    (day + 3).rem_euclid(7)
}

/// Seeded draws in whole numbers.
pub struct Draw(ChaCha8Rng);

impl Draw {
    pub fn new(purpose: u8) -> Draw {
        let mut seed = *b"zixu-hill coffee, not a company.";
        seed[31] = purpose;
        Draw(ChaCha8Rng::from_seed(seed))
    }
    /// 0 .. n, evenly.
    pub fn below(&mut self, n: i64) -> i64 {
        ((u128::from(self.0.next_u64()) * u128::from(n.unsigned_abs())) >> 64) as i64
    }
    /// from ..= to, evenly.
    pub fn range(&mut self, from: i64, to: i64) -> i64 {
        from + self.below(to - from + 1)
    }
    pub fn percent(&mut self, chance: i64) -> bool {
        self.below(100) < chance
    }
    pub fn one<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len() as i64) as usize]
    }
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i as i64 + 1) as usize);
        }
    }
}

/// Could these initials be the start of this name, with any reading of its characters?
pub fn sounds_like(name: &str, initials: &str) -> bool {
    let mut characters = name.chars();
    initials.chars().all(|initial| {
        let readings = characters.next().and_then(|c| c.to_pinyin_multi());
        readings.is_some_and(|r| r.into_iter().any(|p| p.first_letter().starts_with(initial)))
    })
}

/// A file of rows.
pub struct Table {
    pub columns: &'static [&'static str],
    pub rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new(columns: &'static [&'static str]) -> Table {
        Table { columns, rows: Vec::new() }
    }
    pub fn push<const N: usize>(&mut self, row: [&dyn std::fmt::Display; N]) {
        assert_eq!(N, self.columns.len());
        self.rows.push(row.iter().map(ToString::to_string).collect());
    }
    /// CSV with LF, quoted only where it must be.
    pub fn csv(&self) -> String {
        let mut text = self.columns.join(",");
        text.push('\n');
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(|c| quoted(c)).collect();
            writeln!(text, "{}", cells.join(",")).unwrap();
        }
        text
    }
}

fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_string() }
}
