//! Nearly: one letter wrong, missing, too many, or two exchanged; or letters left out throughout. Looked for only when
//! nothing better fills the list, in names alone, behind a mask of letters that turns most customers away.

use super::grade;
use super::pieces::{Letters, first_bit, mask, names};
use super::words::Word;
use crate::domain::CustomerId;
use fuzzy_matcher::{FuzzyMatcher, skim::SkimMatcherV2};

/// At most so many customers of each sort are taken as near by one thread; two threads stay under five thousand.
const TAKEN: usize = 1_200;
/// Words and pieces longer than this (in characters) are compared up to here.
const COMPARED: usize = 40;
/// More edits than are ever allowed, with room to add one.
const FAR: u8 = 100;
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

/// Who matches nearly: with a letter or two wrong, and with letters left out.
#[derive(Debug, Default)]
pub(crate) struct Near {
    pub(crate) edited: Vec<Candidate>,
    pub(crate) left_out: Vec<Candidate>,
}

impl Near {
    /// Nothing better can come.
    pub(crate) fn is_full(&self) -> bool {
        self.edited.len() >= TAKEN
    }

    /// Takes a candidate in where there is room.
    pub(crate) fn add(&mut self, candidate: Candidate) {
        let list = if candidate.cost < LEFT_OUT { &mut self.edited } else { &mut self.left_out };
        if list.len() < TAKEN {
            list.push(candidate);
        }
    }

    /// Both.
    pub(crate) fn with(mut self, other: Near) -> Near {
        self.edited.extend(other.edited);
        self.left_out.extend(other.left_out);
        self
    }
}

/// A word made ready for near matching.
pub(crate) struct Wanted<'w> {
    word: &'w Word,
    chars: Vec<char>,
    mask: u64,
    /// The letters one of which a name must begin with.
    first: u64,
    /// So many of the letters must be there.
    needed: u32,
    edits: usize,
    near: bool,
}

impl<'w> Wanted<'w> {
    pub(crate) fn of(word: &'w Word) -> Wanted<'w> {
        let chars: Vec<char> = word.text.chars().take(COMPARED).collect();
        let (mask, edits) = (mask(&word.text), edits(&chars));
        let letters = mask.count_ones();
        Wanted {
            word,
            mask,
            // The first letter is seldom wrong, at most exchanged with the second or left out.
            first: chars.iter().take(2).fold(0, |m, c| m | first_bit(*c)),
            needed: letters.saturating_sub(edits as u32).max(letters.min(2)),
            edits,
            // Two letters at least, and no number: digits are right or wrong.
            near: chars.len() >= 2 && chars.iter().any(|c| c.is_alphabetic()) && !chars.iter().any(char::is_ascii_digit),
            chars,
        }
    }

    /// Could names with these letters be meant?
    fn likely(&self, have: Letters) -> bool {
        self.near && have.first & self.first != 0 && (have.any & self.mask).count_ones() >= self.needed
    }
}

/// Can any word of the plan be nearly right?
pub(crate) fn possible(plan: &[Word]) -> bool {
    plan.iter().any(|w| Wanted::of(w).near)
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

/// What it costs to read all words into this haystack; `None` when one cannot be, or when all match without any error
/// (whoever does was found before).
pub(crate) fn cost<'r>(row: impl Fn() -> &'r [u8], have: Letters, wanted: &[Wanted<'_>]) -> Option<u32> {
    // Masks first: they turn most customers away before any text is read.
    if !wanted.iter().any(|w| w.likely(have)) {
        return None;
    }
    let row = row();
    let mut sum = 0;
    let mut near = false;
    for w in wanted {
        let miss = if w.likely(have) { nearest(row, w) } else { None };
        if miss.is_none() && wanted.len() == 1 {
            return None;
        }
        match (grade::best_grade(row, w.word), miss) {
            (Some(grade), _) => sum += u32::from(grade),
            (None, Some(cost)) => {
                sum += cost;
                near = true;
            }
            (None, None) => return None,
        }
    }
    near.then_some(sum)
}

fn nearest(row: &[u8], wanted: &Wanted<'_>) -> Option<u32> {
    names(row).flat_map(word_starts).filter_map(|piece| piece_cost(piece, wanted)).min()
}

/// The name a word comes nearest to; "" when none is near.
pub(crate) fn meant<'r>(row: &'r [u8], word: &Word) -> &'r str {
    let wanted = Wanted::of(word);
    let near = names(row).filter_map(|name| Some((word_starts(name).filter_map(|piece| piece_cost(piece, &wanted)).min()?, name)));
    near.min_by_key(|(cost, _)| *cost).and_then(|(_, name)| std::str::from_utf8(name).ok()).unwrap_or("")
}

/// The piece from its beginning and from each of its further words on.
fn word_starts(piece: &[u8]) -> impl Iterator<Item = &[u8]> {
    let further = piece.iter().enumerate().filter(|(_, b)| **b == b' ').map(|(at, _)| &piece[at + 1..]);
    std::iter::once(piece).chain(further)
}

fn piece_cost(piece: &[u8], wanted: &Wanted<'_>) -> Option<u32> {
    let piece = std::str::from_utf8(piece).ok()?;
    let word = &wanted.chars;
    let mut start = piece.chars();
    let (first, second) = (start.next(), start.next());
    if !word.iter().take(2).any(|c| first == Some(*c)) && word.first().copied() != second {
        return None;
    }
    let mut have = [' '; COMPARED];
    let mut len = 0;
    for (slot, c) in have.iter_mut().zip(piece.chars()) {
        *slot = c;
        len += 1;
    }
    let have = &have[..len];
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
    // Far from the diagonal nothing is near enough; those cells stay at `FAR`.
    let mut before = [FAR; COMPARED + 1];
    let mut last = [FAR; COMPARED + 1];
    (0..=n.min(most)).for_each(|j| last[j] = j as u8);
    for (i, c) in word.iter().enumerate() {
        let mut row = [FAR; COMPARED + 1];
        if i < most {
            row[0] = i as u8 + 1;
        }
        let mut least = row[0];
        for j in i.saturating_sub(most)..n.min(i + most + 1) {
            let h = have[j];
            let mut d = (last[j] + u8::from(*c != h)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *c == have[j - 1] && word[i - 1] == h {
                d = d.min(before[j - 1] + 1);
            }
            row[j + 1] = d;
            least = least.min(d);
        }
        if usize::from(least) > most {
            return None;
        }
        (before, last) = (last, row);
    }
    let (edits, end) = (0..=n).map(|j| (usize::from(last[j]), j)).min_by_key(|(d, j)| (*d, std::cmp::Reverse(*j)))?;
    (edits <= most).then_some((edits, end == n))
}

/// How well the letters lie in the names of a haystack, for ranking those with letters left out; higher is better.
fn score(matcher: &SkimMatcherV2, row: &[u8], word: &str) -> i64 {
    let texts = names(row).map(|text| std::str::from_utf8(text).unwrap_or(""));
    texts.filter_map(|text| matcher.fuzzy_match(text, word)).max().unwrap_or(0)
}

/// The final cost of one with letters left out: ordered by the matcher's score, never below one with a letter wrong.
pub(crate) fn final_cost(matcher: &SkimMatcherV2, row: &[u8], plan: &[Word], cost: u32) -> u32 {
    let score: i64 = plan.iter().map(|w| score(matcher, row, &w.text)).sum();
    cost - u32::try_from(score.clamp(0, i64::from(LEFT_OUT / 2))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The whole table, by the book.
    fn plain(a: &[char], b: &[char]) -> Vec<usize> {
        let mut d = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                d[i][j] = if i == 0 || j == 0 {
                    i + j
                } else {
                    let mut n = (d[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1])).min(d[i - 1][j] + 1).min(d[i][j - 1] + 1);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        n = n.min(d[i - 2][j - 2] + 1);
                    }
                    n
                };
            }
        }
        d.swap_remove(a.len())
    }

    proptest! {
        #[test]
        fn the_distance_is_that_of_the_whole_table(a in "[abc]{2,10}", b in "[abc]{1,12}", most in 1usize..3) {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            let least = plain(&a, &b).into_iter().min().filter(|d| *d <= most);
            prop_assert_eq!(distance(&a, &b, most).map(|(d, _)| d), least);
        }
    }
}
