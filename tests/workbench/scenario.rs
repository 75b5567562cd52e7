//! Drives the workbench with key strings against the small Desk: no threads, no clock, no terminal.

use super::{desk::Desk, people};
use guanxi::domain::{Role as StaffRole, Who};
use guanxi::keymap::{Code, Key, Keymap};
use guanxi::text::Lang;
use guanxi::tui::{Depth, Effect, Glyphs, Ground, Message, Role, Setup, Theme, Workbench, glyph};
use ratatui::{buffer::Buffer, layout::Rect};
use std::collections::VecDeque;
use std::sync::Arc;

pub struct Scenario {
    pub bench: Workbench,
    pub desk: Desk,
    /// Keys pressed that count.
    pub keys: usize,
    /// Questions kept back, to be answered late.
    pub held: VecDeque<Effect>,
    pub holding: bool,
    pub copied: Vec<String>,
    pub quit: bool,
    theme: Theme,
    size: (u16, u16),
}

pub struct Start {
    pub lang: Lang,
    pub theme: Theme,
    pub glyphs: Glyphs,
    pub size: (u16, u16),
    pub role: StaffRole,
    pub open: bool,
}

impl Default for Start {
    fn default() -> Self {
        let theme = Theme { depth: Depth::True, ground: Ground::Dark };
        Start { lang: Lang::En, theme, glyphs: glyph::UNICODE, size: (80, 24), role: StaffRole::Rep, open: true }
    }
}

impl Scenario {
    pub fn new() -> Scenario {
        Scenario::start(Start::default())
    }

    pub fn sized(w: u16, h: u16, lang: Lang) -> Scenario {
        Scenario::start(Start { lang, size: (w, h), ..Start::default() })
    }

    pub fn start(start: Start) -> Scenario {
        let keymap = Keymap::shipped("default").expect("the default keymap ships");
        let mut next = 0;
        let setup = Setup {
            lang: start.lang,
            keymap: Arc::new(keymap),
            theme: start.theme,
            glyphs: start.glyphs,
            now: people::at("2026-11-20 10:00"),
            size: start.size,
            who: Who { staff: 1, name: "沈知微".into(), os_user: "shen".into(), role: start.role },
            op_ids: Box::new(move || {
                next += 1;
                next
            }),
        };
        let (bench, effects) = Workbench::open(setup);
        let mut s = Scenario {
            bench,
            desk: Desk::new(),
            keys: 0,
            held: VecDeque::new(),
            holding: !start.open,
            copied: Vec::new(),
            quit: false,
            theme: start.theme,
            size: start.size,
        };
        s.carry_out(effects);
        s
    }

    pub fn send(&mut self, message: Message) -> &mut Self {
        let effects = self.bench.update(message);
        self.carry_out(effects);
        self
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Ask { .. } if self.holding => self.held.push_back(effect),
                Effect::Ask { .. } => self.answer(effect),
                Effect::CopyText(text) => self.copied.push(text),
                Effect::Quit => self.quit = true,
                _ => {}
            }
        }
    }

    /// Answers one question.
    pub fn answer(&mut self, effect: Effect) {
        let Effect::Ask { ticket, request } = effect else { return };
        let (result, changes) = self.desk.answer(request);
        match result {
            Ok(reply) => self.send(Message::Answer { ticket, reply }),
            Err(why) => self.send(Message::Failed { ticket, why }),
        };
        if let Some(changes) = changes {
            self.send(Message::Changed(changes));
        }
    }

    /// Presses keys: `zsf<tab>lca+note<tab>3d<enter>`; what follows `+` up to the next `<` is free text and not counted.
    pub fn keys(&mut self, line: &str) -> &mut Self {
        let mut chars = line.chars();
        let mut free = false;
        while let Some(c) = chars.next() {
            let key = match c {
                '<' => {
                    free = false;
                    let name: String = chars.by_ref().take_while(|c| *c != '>').collect();
                    Key::parse(&name).unwrap_or_else(|| panic!("no key is called {name}"))
                }
                '+' if !free => {
                    free = true;
                    continue;
                }
                c => Key::new(Code::Char(c), false, false, false),
            };
            self.keys += usize::from(!free);
            self.send(Message::Key(key));
        }
        self
    }

    pub fn buffer(&self) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, self.size.0, self.size.1));
        self.bench.paint(&mut buffer);
        buffer
    }

    pub fn resize(&mut self, w: u16, h: u16) -> &mut Self {
        self.size = (w, h);
        self.send(Message::Resize { w, h })
    }

    /// The screen as text, one line per row.
    pub fn text(&self) -> String {
        let buffer = self.buffer();
        let mut out = String::new();
        for y in 0..buffer.area.height {
            let mut line = String::new();
            let mut skip = 0;
            for x in 0..buffer.area.width {
                let symbol = buffer.cell((x, y)).map_or(" ", |c| c.symbol());
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                skip = guanxi::tui::measure::width(symbol).saturating_sub(1);
                line.push_str(symbol);
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }

    /// The screen and a legend of its styled runs: row, columns, role.
    pub fn picture(&self) -> String {
        let mut out = self.text();
        let cursor = self.bench.cursor().map_or("none".to_string(), |p| format!("{},{}", p.x, p.y));
        out.push_str(&format!("--- cursor {cursor}\n"));
        let buffer = self.buffer();
        for y in 0..buffer.area.height {
            let mut runs: Vec<(u16, u16, String)> = Vec::new();
            for x in 0..buffer.area.width {
                let Some(cell) = buffer.cell((x, y)) else { continue };
                // The second cell of a wide letter belongs to the letter.
                if x > 0 && buffer.cell((x - 1, y)).is_some_and(|c| guanxi::tui::measure::width(c.symbol()) > 1) {
                    if let Some((_, end, _)) = runs.last_mut() {
                        *end = x;
                    }
                    continue;
                }
                let name = self.role_of(cell.style());
                match runs.last_mut() {
                    Some((_, end, last)) if *last == name && *end + 1 == x => *end = x,
                    _ => runs.push((x, x, name)),
                }
            }
            let shown: Vec<String> = runs.into_iter().filter(|(_, _, n)| n != "text").map(|(a, b, n)| format!("{a}-{b} {n}")).collect();
            if !shown.is_empty() {
                out.push_str(&format!("{y}: {}\n", shown.join(", ")));
            }
        }
        out
    }

    fn role_of(&self, style: ratatui::style::Style) -> String {
        let seen = |s: ratatui::style::Style| {
            let mut b = Buffer::empty(Rect::new(0, 0, 1, 1));
            b.set_style(Rect::new(0, 0, 1, 1), s);
            b.cell((0, 0)).map(|c| (c.fg, c.bg, c.modifier))
        };
        let wanted = seen(style);
        for base in Role::ALL {
            if seen(self.theme.style(base)) == wanted {
                return base.name().into();
            }
        }
        for over in [Role::Selected, Role::Resting, Role::Banner] {
            for base in Role::ALL {
                if seen(self.theme.style(base).patch(self.theme.style(over))) == wanted {
                    return format!("{}+{}", over.name(), base.name());
                }
            }
        }
        "?".into()
    }
}
