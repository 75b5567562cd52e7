//! Nearly: one letter wrong, missing, too many, or two exchanged; or letters left out throughout. Looked for only when
//! nothing better fills the list, in names alone, behind a mask of letters that turns most customers away.

use super::grade;
use super::pieces::{MASK, Piece, mask, mask_of};
use super::words::Word;
use crate::domain::CustomerId;
use fuzzy_matcher::{FuzzyMatcher, skim::SkimMatcherV2};

/// At most so many customers are ranked as near.
pub(crate) const CANDIDATES: usize = 5_000;
/// Words and pieces longer than this (in characters) are compared up to here.
const COMPARED: usize = 40;
/// What letters left out cost before the matcher's own score is taken off.
const LEFT_OUT: u32 = 200;
/// The cost of one edit.
const EDIT: u32 = 20;

/// A customer that matches nearly.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate {
    pub(crate) id: CustomerId,
    pub(crate) cost: u32,
}

/// A word made ready for near matching.
pub(crate) struct Wanted<'w> {
    word: &'w Word,
    chars: Vec<char>,
    mask: u32,
    edits: usize,
}

impl<'w> Wanted<'w> {
    pub(crate) fn of(word: &'w Word) -> Wanted<'w> {
        let chars: Vec<char> = word.text.chars().take(COMPARED).collect();
        Wanted { word, mask: mask(&word.text), edits: edits(&chars), chars }
    }

    /// Is the word one that can be nearly right? Two letters at least, and no number: digits are right or wrong.
    fn may_be_near(&self) -> bool {
        self.chars.len() >= 2 && self.chars.iter().any(|c| c.is_alphabetic()) && !self.chars.iter().any(char::is_ascii_digit)
    }
}

/// Can any word of the plan be nearly right?
pub(crate) fn possible(plan: &[Word]) -> bool {
    plan.iter().any(|w| Wanted::of(w).may_be_near())
}

/// Edits allowed: one from four letters (three characters of Chinese) on, two from eight letters on.
fn edits(chars: &[char]) -> usize {
    let han = chars.iter().any(|c| !c.is_ascii());
    match chars.len() {
        3 if han => 1,
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// What it costs to read all words into this haystack; `None` when one cannot be.
pub(crate) fn cost(row: &[u8], wanted: &[Wanted<'_>]) -> Option<u32> {
    let have = mask_of(row);
    let likely = |w: &Wanted<'_>| (w.mask & !have).count_ones() as usize <= w.edits;
    let rest = row.get(MASK..)?;
    let mut sum = 0;
    let mut near = false;
    for w in wanted {
        // Near words first ask the mask, before any text is read.
        if wanted.len() == 1 && !likely(w) {
            return None;
        }
        match grade::best(row, w.word) {
            Some(spot) => sum += u32::from(spot.grade),
            None if w.may_be_near() && likely(w) => {
                sum += nearest(rest, w)?;
                near = true;
            }
            None => return None,
        }
    }
    // Whoever matches without any error was found before.
    near.then_some(sum)
}

fn nearest(row: &[u8], wanted: &Wanted<'_>) -> Option<u32> {
    let mut best: Option<u32> = None;
    let mut rest = row;
    while let Some((head, text)) = rest.split_first() {
        let end = text.iter().position(|b| *b < b' ').unwrap_or(text.len());
        if Piece::of(*head).is_some_and(Piece::is_name) {
            best = word_starts(&text[..end]).filter_map(|piece| piece_cost(piece, wanted)).chain(best).min();
        }
        rest = &text[end..];
    }
    best
}

/// The piece from its beginning and from each of its further words on.
fn word_starts(piece: &[u8]) -> impl Iterator<Item = &[u8]> {
    let further = piece.iter().enumerate().filter(|(_, b)| **b == b' ').map(|(at, _)| &piece[at + 1..]);
    std::iter::once(piece).chain(further)
}

fn piece_cost(piece: &[u8], wanted: &Wanted<'_>) -> Option<u32> {
    let piece = std::str::from_utf8(piece).ok()?;
    let mut have = [' '; COMPARED];
    let mut len = 0;
    for (slot, c) in have.iter_mut().zip(piece.chars()) {
        *slot = c;
        len += 1;
    }
    let have = &have[..len];
    let word = &wanted.chars;
    // The first letter is seldom wrong, at most exchanged with the second or left out.
    let near_start = word.iter().take(2).any(|c| have.first() == Some(c)) || word.first() == have.get(1);
    if !near_start {
        return None;
    }
    if let Some((edits, whole)) = distance(word, have, wanted.edits) {
        return Some(EDIT * edits as u32 + if whole { 0 } else { EDIT / 4 });
    }
    left_out(word, have).then_some(LEFT_OUT)
}

/// Are the letters of the word all there, in order, beginning with the first?
fn left_out(word: &[char], have: &[char]) -> bool {
    let mut rest = have.iter();
    word.first() == have.first() && word.iter().all(|c| rest.any(|h| h == c))
}

/// Edits (insert, delete, replace, exchange of neighbours: optimal string alignment) from the word to the piece or to a
/// beginning of it, and whether to the whole; `None` above `most`.
fn distance(word: &[char], have: &[char], most: usize) -> Option<(usize, bool)> {
    if most == 0 || word.len() > have.len() + most {
        return None;
    }
    let have = &have[..have.len().min(word.len() + most + 1)];
    let n = have.len();
    let mut before = [0usize; COMPARED + 1];
    let mut last = [0usize; COMPARED + 1];
    let mut row = [0usize; COMPARED + 1];
    (0..=n).for_each(|j| last[j] = j);
    for (i, c) in word.iter().enumerate() {
        row[0] = i + 1;
        let mut least = row[0];
        for (j, h) in have.iter().enumerate() {
            let mut d = (last[j] + usize::from(c != h)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *c == have[j - 1] && word[i - 1] == *h {
                d = d.min(before[j - 1] + 1);
            }
            row[j + 1] = d;
            least = least.min(d);
        }
        if least > most {
            return None;
        }
        (before, last) = (last, row);
    }
    let (edits, end) = (0..=n).map(|j| (last[j], j)).min_by_key(|(d, j)| (*d, std::cmp::Reverse(*j)))?;
    (edits <= most).then_some((edits, end == n))
}

/// How well the letters lie in the names of a haystack, for ranking those with letters left out; higher is better.
pub(crate) fn score(matcher: &SkimMatcherV2, row: &[u8], word: &str) -> i64 {
    let names = row.split_inclusive(|b| *b < b' ');
    let mut kind = None;
    let mut best = 0;
    for part in names {
        let (text, next) = match part.split_last() {
            Some((b, text)) if *b < b' ' => (text, Piece::of(*b)),
            _ => (part, None),
        };
        if kind.is_some_and(Piece::is_name) {
            let text = std::str::from_utf8(text).unwrap_or("");
            best = best.max(matcher.fuzzy_match(text, word).unwrap_or(0));
        }
        kind = next;
    }
    best
}

/// The final cost of a candidate: whoever has letters left out is ordered by the matcher's score.
pub(crate) fn final_cost(matcher: &SkimMatcherV2, row: &[u8], plan: &[Word], cost: u32) -> u32 {
    if cost < LEFT_OUT {
        return cost;
    }
    let score: i64 = plan.iter().map(|w| score(matcher, row, &w.text)).sum();
    cost - u32::try_from(score.clamp(0, i64::from(LEFT_OUT / 2))).unwrap_or(0)
}
