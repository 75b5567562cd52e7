//! Chance: whatever is pressed, pasted, resized and answered in whatever order, the workbench stands and its caret stays
//! on the screen.

use super::scenario::Scenario;
use guanxi::tui::Message;
use proptest::prelude::*;

/// Keys that do something somewhere, and a few that do nothing anywhere.
const KEYS: &[&str] = &[
    "z",
    "s",
    "f",
    "6",
    "8",
    "1",
    "2",
    "3",
    "l",
    "c",
    "a",
    "e",
    "t",
    "T",
    "u",
    "j",
    "k",
    "g",
    "G",
    "h",
    "y",
    "p",
    "n",
    "q",
    "?",
    ":",
    "/",
    "[",
    "]",
    "#",
    "张",
    "ｌ",
    "。",
    "<enter>",
    "<esc>",
    "<tab>",
    "<shift-tab>",
    "<up>",
    "<down>",
    "<left>",
    "<right>",
    "<home>",
    "<end>",
    "<page-up>",
    "<page-down>",
    "<backspace>",
    "<delete>",
    "<space>",
    "<ctrl-z>",
    "<ctrl-r>",
    "<ctrl-n>",
    "<ctrl-g>",
    "<ctrl-j>",
    "<ctrl-u>",
    "<ctrl-w>",
    "<ctrl-l>",
    "<f5>",
];

#[derive(Debug, Clone)]
enum Step {
    Key(&'static str),
    Paste(String),
    Size(u16, u16),
    Hold,
    /// Answers what is held: from the back when true.
    Release(bool),
    Minute,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => prop::sample::select(KEYS).prop_map(Step::Key),
        1 => "\\PC{0,12}".prop_map(Step::Paste),
        1 => (1u16..140, 1u16..50).prop_map(|(w, h)| Step::Size(w, h)),
        1 => Just(Step::Hold),
        1 => any::<bool>().prop_map(Step::Release),
        1 => Just(Step::Minute),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_order_of_events_breaks_the_workbench(steps in prop::collection::vec(step(), 1..60)) {
        let mut s = Scenario::new();
        let (mut w, mut h, mut minute) = (80, 24, 0);
        for step in steps {
            match step {
                Step::Key(key) => { s.keys(key); }
                Step::Paste(text) => { s.send(Message::Paste(text)); }
                Step::Size(x, y) => {
                    (w, h) = (x, y);
                    s.resize(w, h);
                }
                Step::Hold => s.holding = true,
                Step::Release(back) => {
                    s.holding = false;
                    while let Some(effect) = if back { s.held.pop_back() } else { s.held.pop_front() } {
                        s.answer(effect);
                    }
                }
                Step::Minute => {
                    minute += 1;
                    s.send(Message::Tick { now: guanxi::domain::Moment::minute(super::people::at("2026-11-20 10:00").ms + minute * 60_000) });
                }
            }
            let text = s.text();
            let hostile = text.contains(['\u{1b}', '\u{7}', '\u{202e}']);
            prop_assert!(!hostile);
            if let Some(p) = s.bench.cursor() {
                prop_assert!(p.x < w && p.y < h);
            }
        }
        // Once all is answered the workbench listens again: leaving works from anywhere.
        s.holding = false;
        while let Some(effect) = s.held.pop_front() {
            s.answer(effect);
        }
        s.keys("<esc><esc><esc><esc><ctrl-q><ctrl-q>");
        prop_assert!(s.quit, "{}", s.text());
    }
}
