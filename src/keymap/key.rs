//! One key press: how it is written in keymap files, how it is normalised, and which keys a plain terminal can send.

use std::fmt;

/// Which key, without modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)] // The names are the meaning.
pub enum Code {
    Char(char),
    Enter,
    Esc,
    Tab,
    Backspace,
    Delete,
    Insert,
    Home,
    End,
    PageUp,
    PageDown,
    Up,
    Down,
    Left,
    Right,
    F(u8),
}

/// A key press. Made by [`Key::new`], so that equal presses are equal values: shift is folded into printable characters,
/// Ctrl takes lower case. A full-width character is kept as it came, for text; [`Key::half`] is its half-width form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Which key.
    pub code: Code,
    /// With Ctrl.
    pub ctrl: bool,
    /// With Alt.
    pub alt: bool,
    /// With Shift; never set for characters.
    pub shift: bool,
}

/// What a plain terminal does with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Arrives everywhere.
    Plain,
    /// Arrives on many terminals, not on all (Alt, function keys, Ctrl or Shift with arrows).
    Some,
    /// Arrives as that other key.
    As(&'static str),
    /// Does not arrive at all.
    Never,
}

const NAMES: [(&str, Code); 16] = [
    ("enter", Code::Enter),
    ("esc", Code::Esc),
    ("tab", Code::Tab),
    ("backspace", Code::Backspace),
    ("delete", Code::Delete),
    ("insert", Code::Insert),
    ("home", Code::Home),
    ("end", Code::End),
    ("page-up", Code::PageUp),
    ("page-down", Code::PageDown),
    ("up", Code::Up),
    ("down", Code::Down),
    ("left", Code::Left),
    ("right", Code::Right),
    ("space", Code::Char(' ')),
    ("minus", Code::Char('-')),
];

impl Key {
    /// The key press, normalised.
    pub fn new(code: Code, ctrl: bool, alt: bool, shift: bool) -> Key {
        let Code::Char(c) = code else { return Key { code, ctrl, alt, shift } };
        let c = if ctrl { half_width(c).to_ascii_lowercase() } else { upper_when(shift, c) };
        // A space has no shifted form to fold into, so only there the modifier stays.
        Key { code: Code::Char(c), ctrl, alt, shift: shift && c == ' ' && !ctrl }
    }

    /// A key without modifiers.
    pub fn plain(code: Code) -> Key {
        Key::new(code, false, false, false)
    }

    /// A character typed.
    pub fn char(c: char) -> Key {
        Key::plain(Code::Char(c))
    }

    /// As written in keymap files: `ctrl-z`, `shift-tab`, `alt-x`, `enter`, `f5`, `space`, `?`. `None` for anything else.
    pub fn parse(text: &str) -> Option<Key> {
        let (mut ctrl, mut alt, mut shift) = (false, false, false);
        let mut rest = text.trim();
        while rest.chars().count() > 1 {
            let Some((modifier, after)) = rest.split_once('-') else { break };
            let held = match modifier.to_ascii_lowercase().as_str() {
                "ctrl" | "c" => &mut ctrl,
                "alt" | "a" => &mut alt,
                "shift" | "s" => &mut shift,
                _ => break,
            };
            if *held || after.is_empty() {
                return None;
            }
            *held = true;
            rest = after;
        }
        code(rest).map(|code| Key::new(code, ctrl, alt, shift).half())
    }

    /// With the full-width forms that a Chinese input method sends made half-width: `：` acts as `:`, `【` as `[`.
    pub fn half(self) -> Key {
        match self.code {
            Code::Char(c) => Key { code: Code::Char(half_width(c)), ..self },
            _ => self,
        }
    }

    /// The character it types where text is taken; `None` for keys that are never text.
    pub fn text(self) -> Option<char> {
        match self.code {
            Code::Char(c) if !self.ctrl && !self.alt && !c.is_control() => Some(c),
            _ => None,
        }
    }

    /// Whether a plain terminal can send it.
    pub fn reach(self) -> Reach {
        match self.code {
            Code::Char(c) if self.ctrl => ctrl_reach(c, self.alt),
            Code::Char(_) if self.shift => Reach::As("space"),
            Code::Char(_) => some_when(self.alt),
            Code::Enter if self.ctrl || self.shift => Reach::As("enter"),
            Code::Tab if self.ctrl => Reach::As("tab"),
            Code::Backspace if self.ctrl || self.shift => Reach::As("backspace"),
            Code::Esc if self.ctrl || self.shift || self.alt => Reach::As("esc"),
            Code::F(_) => Reach::Some,
            Code::Tab => some_when(self.alt),
            _ => some_when(self.alt || self.ctrl || self.shift),
        }
    }
}

fn some_when(rare: bool) -> Reach {
    if rare { Reach::Some } else { Reach::Plain }
}

fn ctrl_reach(c: char, alt: bool) -> Reach {
    match c {
        'i' => Reach::As("tab"),
        'm' => Reach::As("enter"),
        '[' => Reach::As("esc"),
        // Some terminals send it for Backspace.
        'h' => Reach::Some,
        'a'..='z' | ' ' => some_when(alt),
        '\\' | ']' | '^' | '_' => Reach::Some,
        _ => Reach::Never,
    }
}

fn upper_when(shift: bool, c: char) -> char {
    if shift && c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c }
}

fn code(name: &str) -> Option<Code> {
    let mut chars = name.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return (!c.is_control() && !c.is_whitespace()).then_some(Code::Char(c));
    }
    let name = name.to_ascii_lowercase();
    let other = match name.as_str() {
        "return" => "enter",
        "escape" => "esc",
        "pageup" | "pgup" => "page-up",
        "pagedown" | "pgdn" => "page-down",
        "del" => "delete",
        "ins" => "insert",
        "bs" => "backspace",
        other => other,
    };
    if let Some((_, code)) = NAMES.iter().find(|(n, _)| *n == other) {
        return Some(*code);
    }
    let number: u8 = name.strip_prefix('f')?.parse().ok()?;
    (1..=24).contains(&number).then_some(Code::F(number))
}

/// The words a key may be written with, for "did you mean".
pub(super) fn key_names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|(n, _)| *n)
}

/// The half-width form of what an input method makes of a command key.
pub fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '！'..='～' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '【' | '〔' => '[',
        '】' | '〕' => ']',
        '「' | '『' => '{',
        '」' | '』' => '}',
        '《' | '〈' => '<',
        '》' | '〉' => '>',
        '、' => '/',
        '。' => '.',
        '‘' | '’' => '\'',
        '“' | '”' => '"',
        '￥' => '$',
        '·' => '`',
        '…' => '^',
        '—' => '_',
        other => other,
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, name) in [(self.ctrl, "ctrl-"), (self.alt, "alt-"), (self.shift, "shift-")] {
            if held {
                f.write_str(name)?;
            }
        }
        match self.code {
            Code::F(n) => write!(f, "f{n}"),
            code => match (NAMES.iter().find(|(_, c)| *c == code), code) {
                (Some((name, _)), _) => f.write_str(name),
                (None, Code::Char(c)) => write!(f, "{c}"),
                (None, _) => Ok(()),
            },
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_are_read_normalised_and_printed() {
        for (written, printed) in [
            ("ctrl-z", "ctrl-z"),
            ("Ctrl-Z", "ctrl-z"),
            ("C-z", "ctrl-z"),
            ("shift-a", "A"),
            ("A", "A"),
            ("shift-tab", "shift-tab"),
            ("pgdn", "page-down"),
            ("return", "enter"),
            ("-", "minus"),
            ("ctrl--", "ctrl-minus"),
            ("space", "space"),
            ("shift-space", "shift-space"),
            ("f12", "f12"),
            ("alt-ctrl-x", "ctrl-alt-x"),
            ("？", "?"),
            ("【", "["),
            ("ｌ", "l"),
            ("１", "1"),
            ("a", "a"),
            ("c", "c"),
        ] {
            assert_eq!(Key::parse(written).unwrap().to_string(), printed, "{written}");
        }
        for wrong in ["", "ctrl-", "hyper-x", "f0", "f99", "ctrl-ctrl-x", "entr", "ab"] {
            assert_eq!(Key::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_full_width_key_stays_text_as_it_came_and_acts_as_half_width() {
        for (full, half) in [('：', ':'), ('／', '/'), ('？', '?'), ('【', '['), ('】', ']'), ('ｌ', 'l'), ('１', '1'), ('\u{3000}', ' ')]
        {
            let key = Key::char(full);
            assert_eq!(key.text(), Some(full));
            assert_eq!(key.half(), Key::char(half));
        }
        assert_eq!(Key::char('张').half(), Key::char('张'));
    }

    #[test]
    fn what_a_plain_terminal_cannot_send_is_known() {
        for (key, reach) in [
            ("ctrl-i", Reach::As("tab")),
            ("ctrl-m", Reach::As("enter")),
            ("ctrl-[", Reach::As("esc")),
            ("ctrl-enter", Reach::As("enter")),
            ("shift-enter", Reach::As("enter")),
            ("shift-space", Reach::As("space")),
            ("ctrl-tab", Reach::As("tab")),
            ("ctrl-1", Reach::Never),
            ("ctrl-;", Reach::Never),
            ("alt-x", Reach::Some),
            ("f5", Reach::Some),
            ("ctrl-left", Reach::Some),
            ("ctrl-h", Reach::Some),
            ("ctrl-j", Reach::Plain),
            ("shift-tab", Reach::Plain),
            ("page-down", Reach::Plain),
            ("?", Reach::Plain),
        ] {
            assert_eq!(Key::parse(key).unwrap().reach(), reach, "{key}");
        }
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(c in "[!-~]", ctrl: bool, alt: bool, n in 1u8..=24) {
            let c = c.chars().next().unwrap();
            for key in [Key::new(Code::Char(c), ctrl, alt, false), Key::new(Code::F(n), ctrl, alt, true)] {
                prop_assert_eq!(Key::parse(&key.to_string()), Some(key));
            }
        }

        #[test]
        fn no_text_makes_it_fall_over(text in "\\PC{0,12}") {
            let _ = Key::parse(&text);
        }
    }
}
