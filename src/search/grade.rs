//! How well a word matches one customer: the best place among all where it occurs. Lower is better.

use super::pieces::Piece;
use super::words::{Form, Word};

/// Where a word matched best, as byte positions in the customer's haystack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) grade: u8,
    pub(crate) piece: Piece,
    /// First byte of the piece's text.
    pub(crate) start: usize,
    /// One past the last byte of the piece's text.
    pub(crate) end: usize,
    pub(crate) from: usize,
    pub(crate) to: usize,
}

/// The best spot of a word in a haystack.
pub(crate) fn best(row: &[u8], word: &Word) -> Option<Spot> {
    let mut best: Option<Spot> = None;
    for form in &word.forms {
        if let Some(spot) = best_of(row, 0, form)
            && best.is_none_or(|b| spot.grade < b.grade)
        {
            best = Some(spot);
        }
    }
    best
}

/// The best spot of one form from a position on.
pub(crate) fn best_of(row: &[u8], from: usize, form: &Form) -> Option<Spot> {
    let mut best: Option<Spot> = None;
    let mut at = from;
    while let Some(found) = row.get(at..).and_then(|rest| form.finder.find(rest)) {
        let hit = at + found;
        let Some(spot) = spot(row, hit, form) else { break };
        let counts = !form.at_start || spot.from == spot.start;
        if counts && best.is_none_or(|b| spot.grade < b.grade) {
            if spot.grade == 0 {
                return Some(spot);
            }
            best = Some(spot);
        }
        // A form may occur again within its own length (1212 in 121212), so one byte on.
        at = hit + 1;
    }
    best
}

fn spot(row: &[u8], from: usize, form: &Form) -> Option<Spot> {
    let to = from + form.finder.needle().len();
    let head = row.get(..from)?.iter().rposition(|b| *b < b' ')?;
    let piece = Piece::of(row[head])?;
    let end = row.get(to..)?.iter().position(|b| *b < b' ').map_or(row.len(), |n| to + n);
    let start = head + 1;
    let word_start = row.get(from - 1).is_some_and(|b| b.is_ascii() && !b.is_ascii_alphanumeric());
    let grade = grade(piece, from == start, to == end, word_start, form.digits);
    Some(Spot { grade, piece, start, end, from, to })
}

/// The worst grade there is.
pub(crate) const WORST: u8 = 12;

/// Exact before prefix before initials before anything inside; within that what names a person before what many share.
fn grade(piece: Piece, first: bool, last: bool, word_start: bool, digits: bool) -> u8 {
    use Piece::*;
    match (piece, first, last) {
        (Number | Name | Phone | Email | Social, true, true) => 0,
        (Former | Latin | Pinyin, true, true) => 1,
        // The last digits of a phone are how people name one.
        (Phone, false, true) if digits => 2,
        (Number | Name, true, false) => 2,
        (Former | Latin | Pinyin, true, false) => 3,
        (Initials, true, true) => 4,
        (Company | City | Tag, true, true) => 4,
        (Email | Social | Phone, true, false) => 5,
        (CompanyLetters | CityLetters | TagLetters, true, true) => 5,
        (Company | Tag | City, true, false) => 6,
        (Initials, true, false) => 7,
        (CompanyLetters | CityLetters | TagLetters, true, false) => 8,
        (Name | Latin | Former | Company | Email, _, _) if word_start => 8,
        (Name | Number | Phone | Former, _, _) => 9,
        (Email | Social | Company | City | Tag | Latin, _, _) => 10,
        (Initials, _, _) => 11,
        (Pinyin | CompanyLetters | CityLetters | TagLetters, _, _) => WORST,
    }
}
