//! How wide text is, in terminal cells, and how it is cut and wrapped. Everything here works on whole letters (grapheme
//! clusters): a Chinese character is two cells, a combining mark none, an emoji family one letter of two cells.

use crate::domain::clean;
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The cells a text takes.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// The text made harmless for a terminal, spaces at its ends kept. Only as much as `cells` could ever show is looked at,
/// so that a name of ten kilobytes costs no more than a short one.
pub fn safe(text: &str, cells: usize) -> Cow<'_, str> {
    let limit = cells.saturating_mul(16).saturating_add(256);
    let text = match text.char_indices().nth(limit) {
        Some((end, _)) => text.get(..end).unwrap_or(text),
        None => text,
    };
    let core = text.trim_matches(' ');
    match clean::line(core) {
        Cow::Borrowed(same) if same.len() == core.len() => Cow::Borrowed(text),
        cleaned => {
            let before = text.len() - text.trim_start_matches(' ').len();
            let after = text.len() - text.trim_end_matches(' ').len();
            Cow::Owned(format!("{}{cleaned}{}", " ".repeat(before), " ".repeat(after)))
        }
    }
}

/// The text in at most `cells` cells; what does not fit is cut at a letter and `ellipsis` says so.
pub fn cut<'a>(text: &'a str, cells: usize, ellipsis: &str) -> Cow<'a, str> {
    if width(text) <= cells {
        return Cow::Borrowed(text);
    }
    let mark = width(ellipsis);
    if mark > cells {
        return Cow::Borrowed("");
    }
    let room = cells - mark;
    let mut used = 0;
    let mut end = 0;
    for (at, letter) in text.grapheme_indices(true) {
        used += letter.width();
        if used > room {
            break;
        }
        end = at + letter.len();
    }
    Cow::Owned(format!("{}{ellipsis}", text.get(..end).unwrap_or("")))
}

/// Lines of at most `cells` cells: broken at spaces where there are some, between letters where there are none; line
/// breaks of the text stay. Never empty.
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let cells = cells.max(1);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut used = 0;
        for word in paragraph.split_word_bounds() {
            let w = width(word);
            if used + w <= cells {
                line.push_str(word);
                used += w;
                continue;
            }
            if word.trim().is_empty() {
                continue;
            }
            if w <= cells {
                lines.push(std::mem::take(&mut line).trim_end().to_string());
                line.push_str(word);
                used = w;
                continue;
            }
            for letter in word.graphemes(true) {
                if used + letter.width() > cells && used > 0 {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push_str(letter);
                used += letter.width();
            }
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cut_text_never_splits_a_wide_letter() {
        assert_eq!(cut("许清越女士", 7, "…"), "许清越…");
        assert_eq!(cut("许清越女士", 6, "…"), "许清…");
        assert_eq!(cut("abc", 3, "…"), "abc");
        assert_eq!(cut("abcd", 0, "…"), "");
    }

    #[test]
    fn a_line_break_stays_and_long_words_are_broken() {
        assert_eq!(wrap("one two\nthree", 7), ["one two", "three"]);
        assert_eq!(wrap("清晨的咖啡", 4), ["清晨", "的咖", "啡"]);
        assert_eq!(wrap("", 4), [""]);
    }

    #[test]
    fn spaces_at_the_ends_survive_cleaning() {
        assert_eq!(safe(" · ", 10), " · ");
        assert_eq!(safe(" a\u{1b}[31mb ", 10), " ab ");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_cut_or_wrapped_fits(text in "\\PC{0,40}", cells in 1usize..30) {
            prop_assert!(width(&cut(&text, cells, "…")) <= cells);
            // A letter that alone is wider than the room (some signs of India on an emoji take three cells) stands whole.
            let widest = text.graphemes(true).map(width).max().unwrap_or(0);
            for line in wrap(&text, cells) {
                prop_assert!(width(&line) <= cells.max(widest), "{line:?}");
            }
        }

        #[test]
        fn wrapping_loses_nothing_but_spaces(text in "\\PC{0,40}", cells in 2usize..30) {
            let bare = |t: &str| t.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(bare(&wrap(&text, cells).concat()), bare(&text));
        }
    }
}
