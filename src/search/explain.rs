//! Why somebody was found, and which characters of the shown name to mark.

use super::fuzzy;
use super::grade::{self, Spot};
use super::latin;
use super::pieces::Piece;
use super::words::Plan;
use super::{Found, Place};
use crate::domain::{CustomerId, field, fold::fold};
use crate::facts::Page;
use std::collections::BTreeSet;

/// The hit as shown.
pub(crate) fn found(plan: &Plan, page: &Page, row: u8, id: CustomerId, near: bool, score: i64) -> Found {
    let haystack = super::scan::row_of(page, row);
    let name = page.text(row, field::C_NAME);
    let mut hit = Found { id, matched: Place::Name, because: String::new(), marks: Vec::new(), score };
    let mut marks = BTreeSet::new();
    let mut because: Vec<String> = Vec::new();
    for (i, word) in plan.iter().enumerate() {
        let Some(spot) = grade::best(haystack, word) else {
            let meant = fuzzy::meant(haystack, word);
            if meant != fold(name) {
                because.push(meant.to_string());
            }
            continue;
        };
        if i == 0 {
            hit.matched = place(spot.piece);
        }
        marks.extend(marked(name, haystack, &spot));
        let text = said(haystack, &spot);
        if spot.piece != Piece::Name && !because.contains(&text) {
            because.push(text);
        }
    }
    if near {
        hit.matched = Place::Fuzzy;
    }
    hit.because = because.join(" · ");
    hit.marks = marks.into_iter().collect();
    hit
}

fn place(piece: Piece) -> Place {
    match piece {
        Piece::Number => Place::Number,
        Piece::Name | Piece::Former | Piece::Latin => Place::Name,
        Piece::Pinyin | Piece::Initials => Place::Pinyin,
        Piece::Phone => Place::Phone,
        Piece::Email => Place::Email,
        Piece::Social => Place::Social,
        Piece::Company | Piece::CompanyLetters => Place::Company,
        Piece::City | Piece::CityLetters => Place::City,
        Piece::Tag | Piece::TagLetters => Place::Tag,
    }
}

/// The text that matched; of letters that stand for a word, the word.
fn said(haystack: &[u8], spot: &Spot) -> String {
    let text = |from: usize, to: usize| haystack.get(from..to).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("").to_string();
    let stands_for = match spot.piece {
        Piece::CompanyLetters => Piece::Company,
        Piece::CityLetters => Piece::City,
        Piece::TagLetters => Piece::Tag,
        _ => return text(spot.start, spot.end),
    };
    let before = haystack.get(..spot.start).unwrap_or(&[]);
    let Some(head) = before.iter().rposition(|b| *b == stands_for as u8) else { return text(spot.start, spot.end) };
    let end = before[head + 1..].iter().position(|b| *b < b' ').map_or(before.len(), |n| head + 1 + n);
    text(head + 1, end)
}

/// Character positions of the shown name that a spot covers.
fn marked(name: &str, haystack: &[u8], spot: &Spot) -> Vec<u32> {
    let part = |from, to| haystack.get(from..to).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("");
    match spot.piece {
        Piece::Name => written(name, part(spot.start, spot.from).chars().count(), part(spot.from, spot.to).chars().count()),
        Piece::Pinyin | Piece::Initials => read(name, part(spot.start, spot.end), spot),
        _ => Vec::new(),
    }
}

/// Positions in the name as written behind `count` characters of its folded form from `skip` on.
fn written(name: &str, skip: usize, count: usize) -> Vec<u32> {
    let mut behind = Vec::new();
    let mut space = false;
    for (at, c) in (0u32..).zip(name.chars()) {
        if c.is_whitespace() {
            space = !behind.is_empty();
            continue;
        }
        if std::mem::take(&mut space) {
            behind.push(at - 1);
        }
        let folded = fold(c.encode_utf8(&mut [0; 4])).chars().count();
        behind.extend(std::iter::repeat_n(at, folded));
    }
    let mut marks: Vec<u32> = behind.into_iter().skip(skip).take(count).collect();
    marks.dedup();
    marks
}

/// Positions of the characters whose syllables (or first letters) a spot covers.
fn read(name: &str, piece: &str, spot: &Spot) -> Vec<u32> {
    let units = latin::units(name);
    let first_letters = spot.piece == Piece::Initials;
    let form = if first_letters { latin::initials } else { latin::full };
    let Some(reading) = latin::readings(&units).into_iter().find(|r| form(r) == piece) else { return Vec::new() };
    let (from, to) = (spot.from - spot.start, spot.to - spot.start);
    let mut at = 0;
    let mut marks = Vec::new();
    for (unit, text) in units.iter().zip(&reading) {
        let letters = latin::letters(text);
        let len = if first_letters { letters.chars().next().map_or(0, char::len_utf8) } else { letters.len() };
        if at < to && at + len > from {
            marks.extend(unit.from..if first_letters { unit.from + 1 } else { unit.to });
        }
        at += len;
    }
    marks
}
