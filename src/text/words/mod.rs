//! The tables of words: code, English, Chinese, one table per area, each ascending by code.

mod command;
mod desk;
mod kinds;
mod manual;
mod screen;
mod time;
mod trust;

use super::Lang;
use crate::domain::Kind;

/// A code with its words: English, Simplified Chinese.
pub type Word = (&'static str, &'static str, &'static str);

/// Tables ascending by code.
const SORTED: &[&[Word]] = &[command::WORDS, desk::WORDS, kinds::WORDS, manual::WORDS, screen::WORDS, time::WORDS, trust::WORDS];

/// Tables that other rooms keep beside the codes they speak in, in any order.
const OTHERS: &[&[Word]] = &[crate::exchange::WORDS];

/// The words of a code.
pub(super) fn find(lang: Lang, code: &str) -> Option<&'static str> {
    let sorted = SORTED.iter().find_map(|table| table.binary_search_by(|w| w.0.cmp(code)).ok().and_then(|i| table.get(i)));
    let found = sorted.or_else(|| OTHERS.iter().copied().flatten().find(|w| w.0 == code))?;
    Some(match lang {
        Lang::En => found.1,
        Lang::Zh => found.2,
    })
}

/// Every code with its words, for tests and the manual.
pub fn all() -> impl Iterator<Item = &'static Word> {
    SORTED.iter().chain(OTHERS).copied().flatten()
}

/// The code of a kind's name.
pub(super) fn kind_code(kind: Kind, one: bool) -> &'static str {
    kinds::code(kind, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_ascend_by_code() {
        for pair in SORTED.iter().flat_map(|table| table.windows(2)) {
            assert!(pair[0].0 < pair[1].0, "{} stands before {}", pair[0].0, pair[1].0);
        }
    }
}
