//! The sheet everything is drawn on. There is one way for text to reach the screen, [`Canvas::put`]: it makes the text
//! harmless, measures it in cells, cuts it with an ellipsis and never writes outside its room.

use super::{
    glyph::Glyphs,
    measure::{cut, safe, width},
    theme::{Role, Theme},
};
use ratatui::{buffer::Buffer, layout::Rect, style::Style};

/// How things look: colours and signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Colours.
    pub theme: Theme,
    /// Signs.
    pub glyphs: Glyphs,
}

/// A piece of a line with its role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The words.
    pub text: String,
    /// What they are.
    pub role: Role,
}

/// Makes a piece.
pub fn piece(text: impl Into<String>, role: Role) -> Piece {
    Piece { text: text.into(), role }
}

/// A line made of pieces.
pub type Line = Vec<Piece>;

/// The letters of a text in the role each has; letters of one role beside each other are one piece.
pub fn runs<'a>(letters: impl IntoIterator<Item = (&'a str, Role)>) -> Line {
    let mut line: Line = Vec::new();
    for (letter, role) in letters {
        match line.last_mut() {
            Some(last) if last.role == role => last.text.push_str(letter),
            _ => line.push(piece(letter, role)),
        }
    }
    line
}

/// The cells a line takes.
pub fn line_width(line: &[Piece]) -> usize {
    line.iter().map(|p| width(&p.text)).sum()
}

/// The sheet.
#[derive(Debug)]
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    /// How things look.
    pub look: Look,
}

impl<'a> Canvas<'a> {
    /// A sheet over a buffer.
    pub fn new(buffer: &'a mut Buffer, look: Look) -> Canvas<'a> {
        Canvas { buffer, look }
    }

    /// The whole sheet.
    pub fn area(&self) -> Rect {
        self.buffer.area
    }

    /// Writes text at (x, y) in at most `room` cells and says how many it took.
    pub fn put(&mut self, x: u16, y: u16, room: u16, text: &str, role: Role) -> u16 {
        let area = self.buffer.area;
        if x >= area.right() || y >= area.bottom() || x < area.x || y < area.y {
            return 0;
        }
        let room = room.min(area.right() - x);
        let clean = safe(text, usize::from(room));
        let clean = self.look.glyphs.plain(&clean);
        let shown = cut(&clean, usize::from(room), self.look.glyphs.ellipsis);
        // Whatever stood there before (a line under a heading) lends the text nothing of its look.
        let style = Style::reset().patch(self.look.theme.style(role));
        let (end, _) = self.buffer.set_stringn(x, y, &shown, usize::from(room), style);
        end - x
    }

    /// Writes text so that it ends before `right`.
    pub fn put_right(&mut self, right: u16, y: u16, room: u16, text: &str, role: Role) -> u16 {
        let clean = safe(text, usize::from(room));
        let shown = cut(&clean, usize::from(room), self.look.glyphs.ellipsis).into_owned();
        let w = u16::try_from(width(&shown)).unwrap_or(room).min(right);
        self.put(right - w, y, w, &shown, role)
    }

    /// Writes a line of pieces; the piece that does not fit is cut, the rest left out.
    pub fn line(&mut self, x: u16, y: u16, room: u16, line: &[Piece]) -> u16 {
        let mut used = 0;
        for p in line {
            if used >= room {
                break;
            }
            used += self.put(x + used, y, room - used, &p.text, p.role);
        }
        used
    }

    /// Gives cells a role's look without touching their text (the cursor row, a banner).
    pub fn tint(&mut self, area: Rect, role: Role) {
        let area = area.intersection(self.buffer.area);
        self.buffer.set_style(area, self.look.theme.style(role));
    }

    /// Empties an area.
    pub fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        for y in area.top()..area.bottom() {
            // A wide letter that began left of the area would leave half of itself behind.
            if area.x > self.buffer.area.x
                && let Some(left) = self.buffer.cell_mut((area.x - 1, y))
                && width(left.symbol()) > 1
            {
                left.set_symbol(" ");
            }
            for x in area.left()..area.right() {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                }
            }
        }
    }

    /// A horizontal line.
    pub fn rule(&mut self, x: u16, y: u16, room: u16, role: Role) {
        let glyph = self.look.glyphs.rule.repeat(usize::from(room));
        self.put(x, y, room, &glyph, role);
    }

    /// A vertical line.
    pub fn upright(&mut self, x: u16, y: u16, rows: u16, role: Role) {
        for row in 0..rows {
            self.put(x, y.saturating_add(row), 1, self.look.glyphs.bar, role);
        }
    }

    /// A frame with its title in the upper edge; gives the room inside.
    pub fn frame(&mut self, area: Rect, title: &str, role: Role) -> Rect {
        let area = area.intersection(self.buffer.area);
        let room = inside(area);
        if room == area {
            return area;
        }
        let [tl, tr, bl, br] = self.look.glyphs.corners;
        let (right, bottom) = (area.right() - 1, area.bottom() - 1);
        self.rule(area.x + 1, area.y, area.width - 2, role);
        self.rule(area.x + 1, bottom, area.width - 2, role);
        self.upright(area.x, area.y + 1, area.height - 2, role);
        self.upright(right, area.y + 1, area.height - 2, role);
        for (x, y, glyph) in [(area.x, area.y, tl), (right, area.y, tr), (area.x, bottom, bl), (right, bottom, br)] {
            self.put(x, y, 1, glyph, role);
        }
        if !title.is_empty() && area.width > 8 {
            let used = self.put(area.x + 3, area.y, area.width - 6, title, Role::Title);
            self.put(area.x + 2, area.y, 1, " ", role);
            self.put(area.x + 3 + used, area.y, 1, " ", role);
        }
        room
    }
}

/// The room inside the frame of an area; all of it where there is no room for a frame.
pub fn inside(area: Rect) -> Rect {
    if area.width < 4 || area.height < 3 { area } else { Rect::new(area.x + 1, area.y + 1, area.width - 2, area.height - 2) }
}

/// A rectangle of that size in the middle of an area, never larger than it.
pub fn centred(area: Rect, wide: u16, high: u16) -> Rect {
    let (w, h) = (wide.min(area.width), high.min(area.height));
    Rect::new(area.x + (area.width - w) / 2, area.y + (area.height - h) / 2, w, h)
}

/// The area without so many rows at its top.
pub fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect::new(area.x, area.y + rows, area.width, area.height - rows)
}

/// The area made smaller by a margin at its sides.
pub fn inset(area: Rect, sides: u16) -> Rect {
    if area.width <= sides * 2 {
        return area;
    }
    Rect::new(area.x + sides, area.y, area.width - sides * 2, area.height)
}
