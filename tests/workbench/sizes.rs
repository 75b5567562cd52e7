//! Every size of terminal, every state: nothing panics, nothing is drawn outside, the caret is on the screen.

use super::scenario::{Scenario, Start};
use guanxi::text::Lang;
use guanxi::tui::{Depth, Ground, Message, Theme, glyph};

/// Keys that lead to each state worth drawing.
const STATES: &[&str] = &[
    "",
    "zsf",
    "5005",
    "nobody at all",
    "sample<tab>jjj",
    "zsf<enter>",
    "zsf<enter>2jj",
    "zsf<enter>3<enter>",
    "zsf<tab>lca+note<tab>3d",
    "zsf<tab>l",
    "zsf<tab>?",
    "zsf<tab>:",
    "zsf<tab>e",
    "zsf<tab>e+note<enter>",
    "zsf<tab>t",
    "zsf<tab>a",
    "<ctrl-n>+abc",
    "zsf<tab>y",
    "zsf<tab>lca<enter>gh",
];

#[test]
fn no_size_and_no_state_panics_and_the_caret_stays_inside() {
    for state in STATES {
        let mut s = Scenario::new();
        s.keys(state);
        for w in 1..=30 {
            for h in 1..=10 {
                s.resize(w, h);
                let _ = s.buffer();
                if let Some(p) = s.bench.cursor() {
                    assert!(p.x < w && p.y < h, "{state} at {w}x{h}: {p:?}");
                }
            }
        }
        for (w, h) in [(80, 24), (119, 24), (120, 40), (121, 10), (160, 45), (200, 60), (300, 100), (500, 3)] {
            s.resize(w, h);
            let _ = s.buffer();
        }
    }
}

#[test]
fn keys_in_a_terminal_of_one_cell_still_do_their_work() {
    let mut s = Scenario::new();
    s.resize(1, 1);
    s.keys("zsf<tab>lca+blind<tab>3d<enter>");
    assert!(s.desk.records.values().any(|r| r.text(guanxi::domain::field::I_NOTE) == "blind"));
}

#[test]
fn hostile_text_reaches_the_screen_harmless() {
    let mut s = Scenario::new();
    s.keys("5005<enter>");
    s.send(Message::Paste("\u{1b}]0;owned\u{7}5005\u{202e}".into()));
    let text = s.text();
    assert!(text.contains("RedAlert") || text.contains("5005"), "{text}");
    assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}', '\u{200b}']));
}

#[test]
fn ascii_faces_draw_no_sign_a_plain_terminal_lacks() {
    let start = Start { glyphs: glyph::ASCII, ..Start::default() };
    let mut s = Scenario::start(start);
    // What the business itself wrote may be in any script; signs of ours may not.
    for state in ["zoë", "<enter>", "2", "3<enter>", "lca", "<esc>:", "<esc>?", "<esc>gh", "<esc>/<ctrl-u>nobody"] {
        s.keys(state);
        for sign in "╭╮╰╯│─▸▾❯←→–✓━…·×“”".chars() {
            assert!(!s.text().contains(sign), "{sign}\n{}", s.text());
        }
    }
}

#[test]
fn without_colour_nothing_but_bold_underline_and_reverse_is_sent() {
    let theme = Theme { depth: Depth::Plain, ground: Ground::Dark };
    let mut s = Scenario::start(Start { theme, ..Start::default() });
    for state in ["zsf", "<enter>", "lca"] {
        s.keys(state);
        let buffer = s.buffer();
        assert!(buffer.content().iter().all(|c| c.fg == ratatui::style::Color::Reset && c.bg == ratatui::style::Color::Reset));
    }
}

#[test]
fn columns_stay_aligned_whatever_script_a_name_is_in() {
    let mut s = Scenario::sized(160, 45, Lang::En);
    s.keys("154<tab>");
    let buffer = s.buffer();
    // The phone column begins at the same cell in every row of the list.
    let mut starts = std::collections::BTreeSet::new();
    for y in 4..30 {
        let row: Vec<&str> = (0..72).filter_map(|x| buffer.cell((x, y)).map(|c| c.symbol())).collect();
        if let Some(at) = row.windows(3).position(|w| w.concat() == "154") {
            starts.insert(at);
        }
    }
    assert_eq!(starts.len(), 1, "{}", s.text());
}

#[test]
fn every_state_that_takes_text_shows_its_caret() {
    for (state, text) in [
        ("", true),
        ("zsf", true),
        ("zsf<tab>", false),
        ("zsf<enter>", false),
        ("zsf<tab>lca", true),
        ("zsf<tab>:", true),
        ("zsf<tab>?", false),
        ("<ctrl-n>", true),
    ] {
        let mut s = Scenario::new();
        s.keys(state);
        assert_eq!(s.bench.cursor().is_some(), text, "{state}");
    }
    // The caret of the search box stands after what is typed, counted in cells.
    let mut s = Scenario::new();
    s.keys("张三");
    assert_eq!(s.bench.cursor().map(|p| (p.x, p.y)), Some((7, 1)));
}
