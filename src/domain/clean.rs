//! Text from outside is hostile until cleaned here: no control characters, escape sequences, bidi overrides or stray
//! zero-width characters get in, and no letter carries more than a few combining marks.

use std::borrow::Cow;
use unicode_normalization::char::is_combining_mark;

/// At most this many combining marks stay on one letter.
pub const MARKS: usize = 4;

/// One line of text: everything dangerous gone, line breaks and tabs turned into spaces, ends trimmed.
pub fn line(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| plain(c) && c != '\n') && text.trim().len() == text.len() {
        return Cow::Borrowed(text);
    }
    let spaced: String = text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect();
    Cow::Owned(strip(&spaced).trim().to_string())
}

/// Text of several lines (a note): as [`line()`], but line breaks stay.
pub fn note(text: &str) -> Cow<'_, str> {
    if text.chars().all(plain) && text.trim().len() == text.len() {
        return Cow::Borrowed(text);
    }
    let unified = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n").replace('\t', " ");
    Cow::Owned(strip(&unified).trim().to_string())
}

/// True for characters that need no look at their neighbours.
fn plain(c: char) -> bool {
    c == '\n' || (c >= ' ' && c != '\u{7f}' && (c < '\u{80}' || (!hostile(c) && !joiner(c) && !is_combining_mark(c))))
}

fn joiner(c: char) -> bool {
    matches!(c, '\u{200d}' | '\u{fe0e}' | '\u{fe0f}')
}

/// Control, bidi, zero-width, interlinear, tag and private-use characters, and the byte-order mark.
fn hostile(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{9}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{180e}'
        | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{e007f}' | '\u{f0000}'..='\u{10ffff}')
}

fn strip(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut marks = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            skip_escape(&mut chars);
            continue;
        }
        if hostile(c) {
            continue;
        }
        if joiner(c) || is_combining_mark(c) {
            marks += 1;
            // A mark or joiner needs a letter before it, and only a few may pile up.
            if marks > MARKS || out.is_empty() || out.ends_with([' ', '\n']) {
                continue;
            }
        } else {
            marks = 0;
        }
        out.push(c);
    }
    out
}

/// Drops the rest of an escape sequence (CSI up to its final letter, OSC and kin up to their end, else one character).
fn skip_escape(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    match chars.peek() {
        Some('[') => {
            chars.next();
            while let Some(c) = chars.peek().copied() {
                if !c.is_ascii() || c == '\n' {
                    return;
                }
                chars.next();
                if ('\u{40}'..='\u{7e}').contains(&c) {
                    return;
                }
            }
        }
        Some(']' | 'P' | '_' | '^' | 'X') => {
            for c in chars.by_ref().take(4096) {
                if matches!(c, '\u{7}' | '\u{9c}' | '\\' | '\n') {
                    return;
                }
            }
        }
        Some(c) if c.is_ascii_graphic() => {
            chars.next();
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_bidi_overrides_do_not_get_in() {
        assert_eq!(line("\u{1b}[31mred\u{1b}[0m"), "red");
        assert_eq!(line("\u{1b}]0;title\u{7}name"), "name");
        assert_eq!(line("abc\u{202e}def\u{200b}"), "abcdef");
        assert_eq!(line("a\u{0}b\u{9b}31mc"), "ab31mc");
        assert_eq!(line("two\nlines\tand a tab "), "two lines and a tab");
        assert_eq!(note("two\r\nlines\u{7}"), "two\nlines");
    }

    #[test]
    fn ordinary_names_are_left_alone() {
        for name in ["许清越", "Seán Ó Sampla", "Zoë Beispiel", "👨\u{200d}👩\u{200d}👧", "O'Neil-Smith"] {
            assert_eq!(line(name), name);
        }
    }

    #[test]
    fn ten_kilobytes_of_combining_marks_become_a_few() {
        let bomb = format!("a{}b", "\u{301}".repeat(5000));
        assert_eq!(line(&bomb).chars().count(), 2 + MARKS);
    }
}
