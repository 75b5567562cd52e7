//! Key to frame: from a key to the last byte of the frame that shows its answer, through the real workbench, the real
//! Desk and the real terminal backend over a byte surface. Typing, moving, and keys that change the whole screen.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic)]

mod shared;

use guanxi::keymap::{Key, Keymap};
use guanxi::ops::Desk;
use guanxi::ops::clock::Clock;
use guanxi::ops::entropy::Entropy;
use guanxi::session::Script;
use guanxi::session::keys::{Stroke, strokes};
use guanxi::session::wire::Wire;
use guanxi::text::Lang;
use guanxi::tui::{Depth, Ground, Setup, Theme, Workbench, glyph};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::{Terminal, TerminalOptions, Viewport};
use shared::{Figures, Machine, book, cpu_us, typing};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Counts what is sent.
#[derive(Clone, Default)]
struct Sent(Arc<AtomicU64>);

impl Write for Sent {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a key is pressed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Typing,
    Moving,
    Whole,
}

#[derive(Default)]
struct Cost {
    wall: Figures,
    cells: Figures,
    bytes: Figures,
    /// Bytes of the changed cells' characters alone: no backend sends less without drawing less.
    text: Figures,
    cpu_ms: f64,
    worst: (u64, String),
}

/// A session and the terminal it draws on.
struct Seat {
    script: Script,
    terminal: Terminal<Wire<Sent>>,
    sent: Sent,
    shown: (Buffer, Option<Position>),
    costs: BTreeMap<Way, Cost>,
    /// Frames sent although nothing shown had changed.
    idle_bytes: u64,
}

fn main() {
    let machine = Machine::measure();
    let copy = book::Copy::of(&book::cached(), "key-to-frame");
    let desk = Arc::new(book::open(&copy.0));
    desk.ready().unwrap();
    book::find(&desk, "zsqx");
    for (size, whole_budget) in [((80, 24), 4.0), ((120, 40), 12.0)] {
        println!("key to frame: {}x{}, {} customers", size.0, size.1, book::customers());
        let mut seat = Seat::take(Arc::clone(&desk), size);
        sit(&mut seat);
        report(&machine, &seat, whole_budget);
    }
}

/// Types what people type; every sequence walks down the list, and one in four opens who stands there.
fn sit(seat: &mut Seat) {
    for (i, (_, sequence)) in typing::sequences().into_iter().enumerate() {
        seat.press(Way::Whole, "<ctrl-u>");
        let keys: Vec<Key> = sequence.chars().map(Key::char).collect();
        seat.burst(Way::Typing, &keys);
        seat.press(Way::Moving, "<down><down><up><down>");
        if i % 4 == 0 {
            seat.press(Way::Whole, "<enter>");
            seat.press(Way::Moving, "<down><down><up>");
            seat.press(Way::Whole, "2");
            seat.press(Way::Moving, "<down><down>");
            seat.press(Way::Whole, "1?<esc>");
            seat.press(Way::Whole, "l<esc>");
            seat.press(Way::Whole, "/");
        }
    }
}

impl Seat {
    fn take(desk: Arc<Desk>, size: (u16, u16)) -> Seat {
        let mut entropy = Entropy::seeded(6);
        let setup = Setup {
            lang: Lang::En,
            keymap: Arc::new(Keymap::shipped("default").unwrap()),
            theme: Theme { depth: Depth::True, ground: Ground::Dark },
            glyphs: glyph::UNICODE,
            now: book::clock().now(),
            size,
            who: book::who(),
            op_ids: Box::new(move || entropy.id()),
        };
        let (bench, effects) = Workbench::open(setup);
        let script = Script::start(desk, book::who(), size, bench, effects);
        let sent = Sent::default();
        let options = TerminalOptions { viewport: Viewport::Fixed(Rect::new(0, 0, size.0, size.1)) };
        let terminal = Terminal::with_options(Wire::new(sent.clone()), options).unwrap();
        let shown = (Buffer::empty(Rect::new(0, 0, size.0, size.1)), None);
        let mut seat = Seat { script, terminal, sent, shown, costs: BTreeMap::new(), idle_bytes: 0 };
        seat.paint();
        seat
    }

    /// As a session paints: nothing when nothing has changed. Gives the cells that changed and the bytes of their text.
    fn paint(&mut self) -> (u64, u64) {
        let picture = self.script.picture();
        if picture == self.shown {
            return (0, 0);
        }
        let drawn = self.terminal.draw(|frame| {
            frame.buffer_mut().clone_from(&picture.0);
            if let Some(position) = picture.1 {
                frame.set_cursor_position(position);
            }
        });
        drawn.unwrap();
        let changed = self.shown.0.diff(&picture.0);
        let text: usize = changed.iter().map(|(_, _, cell)| cell.symbol().len()).sum();
        let cells = changed.len() as u64;
        self.shown = picture;
        (cells, text as u64)
    }

    fn press(&mut self, way: Way, keys: &str) {
        let keys: Vec<Key> =
            strokes(keys).unwrap().into_iter().filter_map(|s| if let Stroke::Key(k) = s { Some(k) } else { None }).collect();
        self.burst(way, &keys);
    }

    fn burst(&mut self, way: Way, keys: &[Key]) {
        let cpu = cpu_us();
        for key in keys {
            let before = self.sent.0.load(Ordering::Relaxed);
            let began = Instant::now();
            self.script.key(*key);
            let (cells, text) = self.paint();
            let took = began.elapsed();
            let bytes = self.sent.0.load(Ordering::Relaxed) - before;
            if cells == 0 {
                self.idle_bytes += if way == Way::Moving { bytes } else { 0 };
            }
            let cost = self.costs.entry(way).or_default();
            cost.wall.add(took);
            cost.cells.count(cells);
            cost.bytes.count(bytes);
            cost.text.count(text);
            if bytes > cost.worst.0 {
                cost.worst = (bytes, format!("{key:?}"));
            }
        }
        self.costs.entry(way).or_default().cpu_ms += (cpu_us() - cpu) / 1e3;
    }
}

fn report(machine: &Machine, seat: &Seat, whole_budget: f64) {
    for (way, cost) in &seat.costs {
        cost.wall.print_ms(&format!("{way:?}, wall"));
        cost.cells.print_count(&format!("{way:?}, cells changed"));
        cost.bytes.print_count(&format!("{way:?}, bytes sent"));
        cost.text.print_count(&format!("{way:?}, of these text"));
        let cpu = cost.cpu_ms / cost.wall.len() as f64;
        let kib = |q: f64| cost.bytes.at(q) / 1024.0;
        match way {
            Way::Typing => machine.at_most("typing, CPU a key, mean", cpu, 1.2, "ms"),
            Way::Moving => machine.at_most("moving, CPU a key, mean", cpu, 0.8, "ms"),
            Way::Whole => println!("  whole screen, CPU a key, mean: {cpu:.2} ms"),
        }
        if *way == Way::Whole {
            shared::count_at_most(&format!("whole screen, most sent ({})", cost.worst.1), kib(1.0), whole_budget, "KiB");
        } else {
            shared::count_at_most(&format!("{way:?}, sent, p95"), kib(0.95), 1.0, "KiB");
            shared::count_at_most(&format!("{way:?}, most sent ({})", cost.worst.1), kib(1.0), 4.0, "KiB");
        }
    }
    shared::count_at_most("sent when nothing shown changed", seat.idle_bytes as f64, 0.0, "bytes");
}
