//! The few drawn signs, in two faces: Unicode, and ASCII for terminals and fonts that know no more.

use std::borrow::Cow;

/// One face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyphs {
    /// What was cut off.
    pub ellipsis: &'static str,
    /// A horizontal line.
    pub rule: &'static str,
    /// A vertical line.
    pub bar: &'static str,
    /// Corners: top left, top right, bottom left, bottom right.
    pub corners: [&'static str; 4],
    /// The row the cursor is on.
    pub pointer: &'static str,
    /// The prompt of a box that takes text.
    pub prompt: &'static str,
    /// They came to us.
    pub inbound: &'static str,
    /// We went to them.
    pub outbound: &'static str,
    /// Between two facts on one line.
    pub dot: &'static str,
    /// Nothing known.
    pub none: &'static str,
    /// Wants attention.
    pub alarm: &'static str,
    /// A filled step of a progress bar.
    pub full: &'static str,
    /// An open step of a progress bar.
    pub open: &'static str,
    /// A folded and an unfolded row.
    pub fold: [&'static str; 2],
}

/// The Unicode face.
pub const UNICODE: Glyphs = Glyphs {
    ellipsis: "…",
    rule: "─",
    bar: "│",
    corners: ["╭", "╮", "╰", "╯"],
    pointer: "▸",
    prompt: "❯",
    inbound: "←",
    outbound: "→",
    dot: "·",
    none: "–",
    alarm: "!",
    full: "━",
    open: "─",
    fold: ["▸", "▾"],
};

/// The ASCII face.
pub const ASCII: Glyphs = Glyphs {
    ellipsis: "~",
    rule: "-",
    bar: "|",
    corners: ["+", "+", "+", "+"],
    pointer: ">",
    prompt: ">",
    inbound: "<",
    outbound: ">",
    dot: "-",
    none: "-",
    alarm: "!",
    full: "=",
    open: "-",
    fold: ["+", "-"],
};

impl Glyphs {
    /// The text in this face: in ASCII our own marks between words become plain ones of the same width.
    pub fn plain<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if *self != ASCII || text.is_ascii() {
            return Cow::Borrowed(text);
        }
        let plain = |c| match c {
            '·' | '–' | '—' => '-',
            '×' => 'x',
            '…' => '~',
            '“' | '”' => '"',
            '‘' | '’' => '\'',
            other => other,
        };
        Cow::Owned(text.chars().map(plain).collect())
    }
}
