//! A cursor over a typed text: half-width, lower case, simplified, with the bytes each character came from.

use std::ops::Range;

/// The cursor.
pub(super) struct Scan {
    chars: Vec<(char, Range<usize>)>,
    /// Where it stands, in characters.
    pub(super) at: usize,
}

/// A number as written.
#[derive(Clone, Copy)]
pub(super) struct Number {
    pub(super) value: i32,
    /// How many digits; 0 for Chinese numerals.
    pub(super) digits: usize,
}

impl Scan {
    pub(super) fn new(text: &str) -> Scan {
        let all: Vec<(char, Range<usize>)> = text.char_indices().map(|(i, c)| (plain(c), i..i + c.len_utf8())).collect();
        let mut chars: Vec<(char, Range<usize>)> = Vec::with_capacity(all.len());
        let mut rest = all.into_iter().peekable();
        while let Some((c, place)) = rest.next() {
            let before = chars.last().map_or(' ', |(c, _)| *c);
            let after = rest.peek().map_or(' ', |(c, _)| *c);
            // 11 月 28 日: spaces between a number and its Chinese unit are the input method's, not a pause.
            let inside = (before.is_ascii_digit() && is_han(after)) || (matches!(before, '月' | '年') && after.is_ascii_digit());
            if !(c == ' ' && inside) {
                chars.push((c, place));
            }
        }
        Scan { chars, at: 0 }
    }

    pub(super) fn done(&self) -> bool {
        self.at >= self.chars.len()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).map(|(c, _)| *c)
    }

    /// Steps over spaces.
    pub(super) fn skip_spaces(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    /// Steps over spaces, commas and words that say nothing.
    pub(super) fn skip_filler(&mut self) {
        loop {
            let mark = self.at;
            while self.peek().is_some_and(|c| c.is_whitespace() || matches!(c, ',' | '的')) {
                self.at += 1;
            }
            let _ = self.eat("on") || self.eat("by") || self.eat("the");
            if self.at == mark {
                return;
            }
        }
    }

    /// Takes one of these characters.
    pub(super) fn eat_char(&mut self, wanted: &[char]) -> bool {
        let found = self.peek().is_some_and(|c| wanted.contains(&c));
        self.at += usize::from(found);
        found
    }

    /// Takes the word if it stands here; an English one must end here too. A space in the word stands for any number of
    /// spaces, none included.
    pub(super) fn eat(&mut self, word: &str) -> bool {
        let mark = self.at;
        for c in word.chars() {
            if c == ' ' {
                self.skip_spaces();
            } else if self.peek() == Some(c) {
                self.at += 1;
            } else {
                self.at = mark;
                return false;
            }
        }
        let goes_on = word.ends_with(|c: char| c.is_ascii_alphabetic()) && self.peek().is_some_and(|c| c.is_ascii_alphabetic());
        if goes_on {
            self.at = mark;
        }
        !goes_on
    }

    /// Takes the longest of the words that stands here.
    pub(super) fn eat_of<T: Copy>(&mut self, words: &[(&str, T)]) -> Option<T> {
        let mark = self.at;
        let mut best: Option<(usize, T)> = None;
        for (word, meaning) in words {
            self.at = mark;
            if self.eat(word) && best.is_none_or(|(end, _)| self.at > end) {
                best = Some((self.at, *meaning));
            }
        }
        self.at = best.map_or(mark, |(end, _)| end);
        best.map(|(_, meaning)| meaning)
    }

    /// Takes a number: up to six digits, or a Chinese numeral below a hundred.
    pub(super) fn number(&mut self) -> Option<Number> {
        let mark = self.at;
        let mut value = 0;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)).and_then(|d| i32::try_from(d).ok()) {
            if self.at - mark == 6 {
                self.at = mark;
                return None;
            }
            value = value * 10 + digit;
            self.at += 1;
        }
        if self.at > mark {
            return Some(Number { value, digits: self.at - mark });
        }
        self.numeral().map(|value| Number { value, digits: 0 })
    }

    /// 三, 十, 十五, 二十, 二十三.
    fn numeral(&mut self) -> Option<i32> {
        let ones = self.eat_of(&NUMERALS);
        if !self.eat_char(&['十']) {
            return ones;
        }
        let rest = self.eat_of(&NUMERALS).unwrap_or(0);
        Some(ones.unwrap_or(1) * 10 + rest)
    }

    /// The bytes from a mark to the cursor.
    pub(super) fn span(&self, mark: usize) -> Range<usize> {
        let start = self.chars.get(mark).map_or(0, |(_, r)| r.start);
        let end = self.at.checked_sub(1).and_then(|last| self.chars.get(last)).map_or(start, |(_, r)| r.end);
        start..end.max(start)
    }

    /// The bytes of the word at the cursor: up to the next space or comma, at least one character.
    pub(super) fn word(&self) -> Range<usize> {
        let rest = self.chars.get(self.at..).unwrap_or_default();
        let len = rest.iter().skip(1).take_while(|(c, _)| !c.is_whitespace() && *c != ',').count() + 1;
        let start = rest.first().map_or(0, |(_, r)| r.start);
        start..rest.get(len - 1).map_or(start, |(_, r)| r.end)
    }
}

const NUMERALS: [(&str, i32); 11] =
    [("零", 0), ("一", 1), ("二", 2), ("两", 2), ("三", 3), ("四", 4), ("五", 5), ("六", 6), ("七", 7), ("八", 8), ("九", 9)];

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Half-width, lower case, and the simplified form of the few characters that dates need.
fn plain(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '，' | '、' => ',',
        '！'..='～' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c).to_ascii_lowercase(),
        '後' => '后',
        '點' => '点',
        '週' => '周',
        '號' => '号',
        '個' => '个',
        '兩' => '两',
        '時' => '时',
        '禮' => '礼',
        '鐘' | '鍾' => '钟',
        '—' | '–' | '−' => '-',
        c => c.to_ascii_lowercase(),
    }
}
