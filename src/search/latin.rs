//! Chinese names in Latin letters: full pinyin and initials, with the readings that a character has.

use crate::domain::fold::fold;
use ::pinyin::{ToPinyin, ToPinyinMulti};

/// At most so many ways to read one name are kept.
const READINGS: usize = 4;
/// Names of more units than this (companies, mostly) are read one way only.
const SHORT: usize = 4;

/// What one syllable or one word of a name stands for, by character positions of the name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Unit {
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) text: Text,
}

/// How a unit reads.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Text {
    /// A Chinese character.
    Han(char),
    /// A run of other letters or digits, folded.
    Word(String),
}

/// One way to read a name: a text per unit.
pub(crate) type Reading<'a> = Vec<&'a str>;

/// The units of a name as written.
pub(crate) fn units(name: &str) -> Vec<Unit> {
    let mut out: Vec<Unit> = Vec::new();
    for (at, c) in (0u32..).zip(name.chars()) {
        if !c.is_ascii() && c.to_pinyin().is_some() {
            out.push(Unit { from: at, to: at + 1, text: Text::Han(c) });
            continue;
        }
        if !c.is_alphanumeric() {
            continue;
        }
        match out.last_mut() {
            Some(Unit { to, text: Text::Word(word), .. }) if *to == at => {
                word.push(c);
                *to += 1;
            }
            _ => out.push(Unit { from: at, to: at + 1, text: Text::Word(c.to_string()) }),
        }
    }
    for unit in &mut out {
        if let Text::Word(word) = &mut unit.text {
            *word = fold(word);
        }
    }
    out
}

/// Is there a Chinese character among the units?
pub(crate) fn has_han(units: &[Unit]) -> bool {
    units.iter().any(|u| matches!(u.text, Text::Han(_)))
}

/// The ways to read the units, the usual one first: then every other reading of the first character (the surname), then
/// those of the following ones, one at a time.
pub(crate) fn readings(units: &[Unit]) -> Vec<Reading<'_>> {
    let usual: Reading<'_> = units.iter().map(|u| usual(&u.text)).collect();
    let mut out = vec![usual];
    if units.len() > SHORT {
        return out;
    }
    for (i, unit) in units.iter().enumerate() {
        let Text::Han(c) = unit.text else { continue };
        for other in c.to_pinyin_multi().into_iter().flatten().map(|p| p.plain()) {
            if out.len() >= READINGS {
                return out;
            }
            if out.iter().all(|r| r[i] != other) {
                let mut reading = out[0].clone();
                reading[i] = other;
                out.push(reading);
            }
        }
    }
    out
}

fn usual(text: &Text) -> &str {
    match text {
        Text::Han(c) => c.to_pinyin().map_or("", |p| p.plain()),
        Text::Word(word) => word,
    }
}

/// The letters of a reading without spaces.
pub(crate) fn full(reading: &Reading<'_>) -> String {
    letters(&reading.concat())
}

/// The first letter of every unit.
pub(crate) fn initials(reading: &Reading<'_>) -> String {
    letters(&reading.iter().filter_map(|t| t.chars().next()).collect::<String>())
}

/// As people type pinyin: `v` for `ü`.
pub(crate) fn letters(text: &str) -> String {
    if text.contains('ü') { text.replace('ü', "v") } else { text.to_string() }
}
