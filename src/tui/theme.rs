//! Colours by role. A screen never names a colour: it says what a thing *is*, and the theme says how that looks in true
//! colour, 256, 16 or none, on a dark or a light ground. Without colour every distinction that matters stays visible
//! through bold, underline and reverse.

use ratatui::style::{Color, Modifier, Style};

/// How many colours the terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// 24-bit.
    True,
    /// The 256-colour cube.
    Many,
    /// The sixteen named colours.
    Sixteen,
    /// None (`NO_COLOR`, a paper terminal).
    Plain,
}

/// What the ground is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// Light letters on dark.
    Dark,
    /// Dark letters on light.
    Light,
}

/// What a piece of the screen is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Ordinary text.
    Text,
    /// Secondary text: labels, units, what is read second.
    Dim,
    /// Lines and frames.
    Line,
    /// The frame of what has the focus.
    Focus,
    /// A name, a number that matters.
    Strong,
    /// The heading of a pane or a layer.
    Title,
    /// A key to press.
    Key,
    /// The row the cursor is on.
    Selected,
    /// The same in a pane without the focus.
    Resting,
    /// Letters that matched.
    Match,
    /// Good: saved, paid, won.
    Good,
    /// Wants care: due, owed.
    Warn,
    /// Bad: refused, overdue.
    Bad,
    /// A banner nobody may overlook.
    Banner,
    /// A tag.
    Tag,
    /// A proposal that is not there yet.
    Ghost,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 16] = [
        Role::Text,
        Role::Dim,
        Role::Line,
        Role::Focus,
        Role::Strong,
        Role::Title,
        Role::Key,
        Role::Selected,
        Role::Resting,
        Role::Match,
        Role::Good,
        Role::Warn,
        Role::Bad,
        Role::Banner,
        Role::Tag,
        Role::Ghost,
    ];

    /// Its name, for legends of screens.
    pub fn name(self) -> &'static str {
        match self {
            Role::Text => "text",
            Role::Dim => "dim",
            Role::Line => "line",
            Role::Focus => "focus",
            Role::Strong => "strong",
            Role::Title => "title",
            Role::Key => "key",
            Role::Selected => "selected",
            Role::Resting => "resting",
            Role::Match => "match",
            Role::Good => "good",
            Role::Warn => "warn",
            Role::Bad => "bad",
            Role::Banner => "banner",
            Role::Tag => "tag",
            Role::Ghost => "ghost",
        }
    }
}

/// One look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// Colours to be had.
    pub depth: Depth,
    /// What they stand on.
    pub ground: Ground,
}

/// One ink in every depth, for dark and for light ground: 24-bit and cube index each, then the named colour.
struct Ink {
    dark: (u32, u8),
    light: (u32, u8),
    named: Color,
}

const DIM: Ink = Ink { dark: (0x8b_93a1, 246), light: (0x66_6d78, 242), named: Color::DarkGray };
const LINE: Ink = Ink { dark: (0x43_4a57, 239), light: (0xc2_c7cf, 251), named: Color::DarkGray };
const ACCENT: Ink = Ink { dark: (0x6f_b3bf, 73), light: (0x0f_6a78, 24), named: Color::Cyan };
const AMBER: Ink = Ink { dark: (0xdd_a95c, 179), light: (0x8f_5b00, 94), named: Color::Yellow };
const GREEN: Ink = Ink { dark: (0x8f_bf7f, 108), light: (0x2f_7d32, 28), named: Color::Green };
const ORANGE: Ink = Ink { dark: (0xe5_9a6a, 173), light: (0xa6_4b00, 130), named: Color::LightYellow };
const RED: Ink = Ink { dark: (0xe0_7078, 167), light: (0xb3_261e, 124), named: Color::LightRed };
const VIOLET: Ink = Ink { dark: (0xab_9ad6, 140), light: (0x63_47a8, 61), named: Color::Magenta };
const ROW: Ink = Ink { dark: (0x2b_3647, 237), light: (0xd9_e6ee, 254), named: Color::Blue };
const REST: Ink = Ink { dark: (0x23_2933, 235), light: (0xec_eff2, 255), named: Color::Reset };
const ALARM: Ink = Ink { dark: (0x8e_2f3a, 88), light: (0xb3_261e, 124), named: Color::Red };
const WHITE: Ink = Ink { dark: (0xff_f4f2, 255), light: (0xff_ffff, 231), named: Color::White };

impl Theme {
    /// How a role looks.
    pub fn style(self, role: Role) -> Style {
        if self.depth == Depth::Plain {
            return plain(role);
        }
        let s = Style::new();
        let sixteen = self.depth == Depth::Sixteen;
        match role {
            Role::Text => s,
            Role::Dim => s.fg(self.ink(&DIM)),
            Role::Line => s.fg(self.ink(&LINE)),
            Role::Focus => s.fg(self.ink(&ACCENT)),
            Role::Strong => s.add_modifier(Modifier::BOLD),
            Role::Title => s.fg(self.ink(&ACCENT)).add_modifier(Modifier::BOLD),
            Role::Key => s.fg(self.ink(&AMBER)),
            Role::Selected if sixteen => s.add_modifier(Modifier::REVERSED),
            Role::Selected => s.bg(self.ink(&ROW)),
            Role::Resting if sixteen => s.add_modifier(Modifier::UNDERLINED),
            Role::Resting => s.bg(self.ink(&REST)),
            Role::Match => s.fg(self.ink(&AMBER)).add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            Role::Good => s.fg(self.ink(&GREEN)),
            Role::Warn => s.fg(self.ink(&ORANGE)),
            Role::Bad => s.fg(self.ink(&RED)).add_modifier(Modifier::BOLD),
            Role::Banner => s.fg(self.ink(&WHITE)).bg(self.ink(&ALARM)).add_modifier(Modifier::BOLD),
            Role::Tag => s.fg(self.ink(&VIOLET)),
            Role::Ghost => s.fg(self.ink(&DIM)).add_modifier(Modifier::ITALIC),
        }
    }

    fn ink(self, ink: &Ink) -> Color {
        let (rgb, index) = match self.ground {
            Ground::Dark => ink.dark,
            Ground::Light => ink.light,
        };
        match self.depth {
            Depth::True => Color::from_u32(rgb),
            Depth::Many => Color::Indexed(index),
            Depth::Sixteen => ink.named,
            Depth::Plain => Color::Reset,
        }
    }
}

fn plain(role: Role) -> Style {
    let m = match role {
        Role::Strong | Role::Title | Role::Key | Role::Good | Role::Focus => Modifier::BOLD,
        Role::Selected => Modifier::REVERSED,
        Role::Resting | Role::Match | Role::Warn => Modifier::UNDERLINED,
        Role::Bad => Modifier::BOLD.union(Modifier::UNDERLINED),
        Role::Banner => Modifier::REVERSED.union(Modifier::BOLD),
        Role::Dim | Role::Ghost => Modifier::DIM,
        Role::Text | Role::Line | Role::Tag => Modifier::empty(),
    };
    Style::new().add_modifier(m)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colour_no_colour_is_sent_and_the_cursor_row_still_shows() {
        let theme = Theme { depth: Depth::Plain, ground: Ground::Dark };
        for role in Role::ALL {
            let s = theme.style(role);
            assert!(s.fg.is_none() && s.bg.is_none(), "{role:?}");
        }
        assert_ne!(theme.style(Role::Selected), theme.style(Role::Text));
        assert_ne!(theme.style(Role::Banner), theme.style(Role::Selected));
        assert_ne!(theme.style(Role::Match), theme.style(Role::Text));
    }

    #[test]
    fn what_must_be_told_apart_looks_different_in_every_depth_and_ground() {
        for depth in [Depth::True, Depth::Many, Depth::Sixteen] {
            for ground in [Ground::Dark, Ground::Light] {
                let theme = Theme { depth, ground };
                let looks: std::collections::BTreeSet<String> = Role::ALL.iter().map(|r| format!("{:?}", theme.style(*r))).collect();
                assert!(looks.len() >= Role::ALL.len() - 1, "{depth:?} {ground:?}: {}", looks.len());
            }
        }
    }
}
