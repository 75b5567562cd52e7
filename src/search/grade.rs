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
    let each = word.forms.iter().filter_map(|form| best_of(row, 0, form).map(|hit| (hit, form)));
    let ((grade, from), form) = each.min_by_key(|((grade, _), _)| *grade)?;
    let to = from + form.finder.needle().len();
    let start = row.get(..from)?.iter().rposition(|b| *b < b' ')? + 1;
    let end = row.get(to..)?.iter().position(|b| *b < b' ').map_or(row.len(), |n| to + n);
    Some(Spot { grade, piece: Piece::of(*row.get(start - 1)?)?, start, end, from, to })
}

/// The best grade of a word in a haystack.
pub(crate) fn best_grade(row: &[u8], word: &Word) -> Option<u8> {
    word.forms.iter().filter_map(|form| best_of(row, 0, form)).map(|(grade, _)| grade).min()
}

/// The best grade of one form from a position on, and where it is.
pub(crate) fn best_of(row: &[u8], from: usize, form: &Form) -> Option<(u8, usize)> {
    let mut best: Option<(u8, usize)> = None;
    let mut at = from;
    while let Some(found) = row.get(at..).and_then(|rest| form.finder.find(rest)) {
        let hit = at + found;
        if let Some(grade) = grade_at(row, hit, form, best.map_or(u8::MAX, |(g, _)| g)) {
            best = Some((grade, hit));
            if grade == 0 {
                break;
            }
        }
        // A form may occur again within its own length (1212 in 121212), so one byte on.
        at = hit + 1;
    }
    best
}

/// The grade at one place, if it is better than `than`. Looks back for the piece only when it can matter: most places
/// are inside a piece and no better than what is known.
fn grade_at(row: &[u8], from: usize, form: &Form, than: u8) -> Option<u8> {
    let before = *row.get(from.checked_sub(1)?)?;
    let last = row.get(from + form.finder.needle().len()).is_none_or(|b| *b < b' ');
    let first = before < b' ';
    let starts = first || before == b' ' && !form.digits;
    if form.start != 0 && !starts || !first && than <= if last && form.digits { TAIL } else { INSIDE } {
        return None;
    }
    let head = if first { before } else { *row.get(..from)?.iter().rev().find(|b| **b < b' ')? };
    let piece = Piece::of(head)?;
    let called = piece.is_name() || piece == Piece::Initials || form.digits && matches!(piece, Piece::Number | Piece::Phone);
    if form.start != 0 && !called {
        return None;
    }
    let word_start = before.is_ascii() && !before.is_ascii_alphanumeric();
    let grade = grade(piece, first, last, word_start, form.digits);
    (grade < than).then_some(grade)
}

/// The best grade of the last digits of a phone.
const TAIL: u8 = 2;
/// The best grade of any other place inside a piece.
const INSIDE: u8 = 8;

/// The worst grade there is.
pub(crate) const WORST: u8 = 12;

/// Exact before prefix before initials before anything inside; within that what names a person before what many share.
fn grade(piece: Piece, first: bool, last: bool, word_start: bool, digits: bool) -> u8 {
    use Piece::*;
    match (piece, first, last) {
        (Number | Name | Phone | Email | Social, true, true) => 0,
        (Former | Latin | Pinyin, true, true) => 1,
        // The last digits of a phone are how people name one.
        (Phone, false, true) if digits => TAIL,
        (Number | Name, true, false) => 2,
        (Former | Latin | Pinyin, true, false) => 3,
        (Initials, true, true) => 4,
        (Company | City | Tag, true, true) => 4,
        (Email | Social | Phone, true, false) => 5,
        (CompanyLetters | CityLetters | TagLetters, true, true) => 5,
        (Company | Tag | City, true, false) => 6,
        (Initials, true, false) => 7,
        (CompanyLetters | CityLetters | TagLetters, true, false) => 8,
        (Name | Latin | Former | Company | Email, _, _) if word_start => INSIDE,
        (Name | Number | Phone | Former, _, _) => 9,
        (Email | Social | Company | City | Tag | Latin, _, _) => 10,
        (Initials, _, _) => 11,
        (Pinyin | CompanyLetters | CityLetters | TagLetters, _, _) => WORST,
    }
}
