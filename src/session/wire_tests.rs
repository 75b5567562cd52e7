//! What our drawing shows is what ratatui's own shows, in fewer bytes.
#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style as Look;

const W: u16 = 30;
const H: u16 = 6;

fn colours() -> impl Strategy<Value = Color> {
    prop_oneof![
        4 => Just(Color::Reset),
        1 => Just(Color::Red),
        1 => Just(Color::White),
        1 => Just(Color::DarkGray),
        1 => any::<u8>().prop_map(Color::Indexed),
        1 => any::<(u8, u8, u8)>().prop_map(|(r, g, b)| Color::Rgb(r, g, b)),
    ]
}

/// Bold or faint, not both: terminals disagree on what they make together.
fn looks() -> impl Strategy<Value = Look> {
    let weight = prop_oneof![2 => Just(Modifier::empty()), 1 => Just(Modifier::BOLD), 1 => Just(Modifier::DIM)];
    let others = vec![Modifier::ITALIC, Modifier::UNDERLINED, Modifier::REVERSED];
    (colours(), colours(), weight, proptest::sample::subsequence(others, 0..2)).prop_map(|(fg, bg, weight, others)| {
        others.into_iter().fold(Look::reset().fg(fg).bg(bg).add_modifier(weight), |look, m| look.add_modifier(m))
    })
}

/// Strokes of text on an empty screen: x, y, text, look.
fn screens() -> impl Strategy<Value = Buffer> {
    let words = prop_oneof![Just("张三丰 ok"), Just("──────"), Just("   "), Just("é…¥"), Just("               "), Just("a、b（客）")];
    proptest::collection::vec((0..W - 1, 0..H, words, looks()), 0..14).prop_map(|strokes| {
        let mut buffer = Buffer::empty(Rect::new(0, 0, W, H));
        for (x, y, text, look) in strokes {
            buffer.set_string(x, y, text, look);
        }
        buffer
    })
}

fn sent<B: Backend<Error = io::Error>>(backend: &mut B, from: &Buffer, to: &Buffer) {
    backend.draw(from.diff(to).into_iter()).unwrap();
}

/// What a terminal shows after the bytes: text and style of every cell.
fn shown(bytes: &[u8]) -> Vec<String> {
    let mut terminal = vt100::Parser::new(H, W, 0);
    terminal.process(bytes);
    let places = (0..H).flat_map(|y| (0..W).map(move |x| (x, y)));
    let cells = places.map(|(x, y)| {
        let cell = terminal.screen().cell(y, x).unwrap();
        let text = if cell.has_contents() { cell.contents() } else { " " };
        // Nothing is seen of a blank but its ground and what is drawn through it.
        let blank = text == " " && !cell.inverse() && !cell.underline();
        let letters = if blank { String::new() } else { format!("{:?} {} {} {}", cell.fgcolor(), cell.bold(), cell.dim(), cell.italic()) };
        format!("{x},{y} {text} {:?} {} {} {letters}", cell.bgcolor(), cell.inverse(), cell.underline())
    });
    cells.collect()
}

proptest! {
    #[test]
    fn two_frames_show_what_ratatui_would_show(first in screens(), second in screens()) {
        let empty = Buffer::empty(first.area);
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for (from, to) in [(&empty, &first), (&first, &second)] {
            sent(&mut Wire::new(&mut ours), from, to);
            sent(&mut CrosstermBackend::new(&mut theirs), from, to);
        }
        let (have, want) = (shown(&ours), shown(&theirs));
        let differs = have.iter().zip(&want).find(|(a, b)| a != b);
        prop_assert!(differs.is_none(), "ours and ratatui's: {:?}", differs);
        prop_assert!(ours.len() <= theirs.len(), "{} bytes, {} by ratatui", ours.len(), theirs.len());
    }
}

#[test]
fn a_chinese_name_is_sent_without_moving_between_its_characters() {
    let (from, mut to) = (Buffer::empty(Rect::new(0, 0, W, 1)), Buffer::empty(Rect::new(0, 0, W, 1)));
    to.set_string(0, 0, "张三丰", Look::new());
    let mut bytes = Vec::new();
    sent(&mut Wire::new(&mut bytes), &from, &to);
    assert_eq!(String::from_utf8(bytes).unwrap(), "\x1b[1;1H张三丰");
}

#[test]
fn a_frame_in_which_nothing_changed_sends_nothing() {
    let screen = Buffer::empty(Rect::new(0, 0, W, H));
    let mut bytes = Vec::new();
    sent(&mut Wire::new(&mut bytes), &screen, &screen);
    assert!(bytes.is_empty());
}
