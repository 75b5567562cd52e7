//! The journeys of the three people, replayed key by key on the sample business with the real Desk behind, each within its
//! budget. Every test plays on a copy of one loaded book.
#![allow(clippy::unwrap_used, clippy::panic)]

use guanxi::domain::{Who, Zone, field};
use guanxi::keymap::Keymap;
use guanxi::ops::clock::FixedClock;
use guanxi::ops::entropy::Entropy;
use guanxi::ops::open::{self, Options};
use guanxi::ops::request::{Reply, Request};
use guanxi::ops::{Desk, demo};
use guanxi::session::{Script, keys};
use guanxi::text::Lang;
use guanxi::tui::{Depth, Ground, Setup, Theme, Workbench, glyph};
use std::path::Path;
use std::sync::{Arc, OnceLock};

static LOADED: OnceLock<tempfile::TempDir> = OnceLock::new();

fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::noon(demo::today(), Zone::shanghai()))
}

fn options(dir: &Path) -> Options {
    Options { entropy: Entropy::seeded(3), cache: 32 << 20, ..Options::real(dir, clock()) }
}

/// The sample business, taken in once.
fn loaded() -> &'static Path {
    LOADED
        .get_or_init(|| {
            let dir = tempfile::tempdir().unwrap();
            let desk = open::create(options(&dir.path().join("book")), Zone::shanghai(), "CNY", Arc::new(|_| {})).unwrap();
            demo::load(&desk, &Who::owner("tester"), 0, &|_| {}).unwrap();
            desk.close();
            dir
        })
        .path()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

struct Seat {
    script: Script,
    desk: Arc<Desk>,
    _dir: tempfile::TempDir,
}

impl Seat {
    fn take(size: (u16, u16), lang: Lang) -> Seat {
        let dir = tempfile::tempdir().unwrap();
        copy(&loaded().join("book"), &dir.path().join("book"));
        let desk = Arc::new(open::open(options(&dir.path().join("book")), Arc::new(|_| {})).unwrap());
        desk.ready().unwrap();
        let who = Who::owner("tester");
        let mut next = 0u128;
        let op_ids = Box::new(move || {
            next += 1;
            next
        });
        let theme = Theme { depth: Depth::Plain, ground: Ground::Dark };
        let now = desk.shared().clock.now();
        let keymap = Arc::new(Keymap::shipped("default").unwrap());
        let setup = Setup { lang, keymap, theme, glyphs: glyph::UNICODE, now, size, who: who.clone(), op_ids };
        let (bench, effects) = Workbench::open(setup);
        let script = Script::start(Arc::clone(&desk), who, size, bench, effects);
        Seat { script, desk, _dir: dir }
    }

    /// Plays a journey and holds it to its budget.
    fn play(&mut self, text: &str, budget: usize) -> &mut Seat {
        let counted = keys::counted(&keys::strokes(text).unwrap());
        assert!(counted <= budget, "{text} takes {counted} keys, the budget is {budget}");
        self.script.play(text).unwrap();
        self
    }

    fn shows(&self, what: &str) {
        let screen = self.script.screen();
        assert!(screen.contains(what), "{what:?} is not on the screen:\n{screen}");
    }

    fn hides(&self, what: &str) {
        let screen = self.script.screen();
        assert!(!screen.contains(what), "{what:?} is on the screen:\n{screen}");
    }

    fn notes_of(&self, number: &str) -> Vec<String> {
        let who = Who::owner("tester");
        match self.desk.ask(&who, Request::Named { words: number.into() }, &|| false).unwrap() {
            Reply::Profile(p) => p.rows.iter().map(|r| r.text(field::I_NOTE).to_string()).collect(),
            other => panic!("{other:?}"),
        }
    }
}

const EVERY: [((u16, u16), Lang); 4] = [((80, 24), Lang::En), ((160, 45), Lang::En), ((80, 24), Lang::Zh), ((160, 45), Lang::Zh)];

#[test]
fn r1_find_by_pinyin_log_a_call_and_the_next_date() {
    for (size, lang) in EVERY {
        let mut seat = Seat::take(size, lang);
        seat.play("zsf<tab>lca+asked for two boxes<tab>3d<enter>", 12);
        assert_eq!(seat.notes_of("C00005")[0], "asked for two boxes");
        seat.shows("周素芬");
    }
}

#[test]
fn r2_find_by_phone_tail_and_log_no_answer() {
    let mut seat = Seat::take((80, 24), Lang::En);
    seat.play("6812<tab>lcn<tab>1d<enter>", 12);
    let profile = match seat.desk.ask(&Who::owner("tester"), Request::Named { words: "C00005".into() }, &|| false).unwrap() {
        Reply::Profile(p) => p,
        other => panic!("{other:?}"),
    };
    assert_eq!(Zone::shanghai().write(profile.card.totals.next_at.unwrap()), "2026-11-21");
}

#[test]
fn r9_one_key_takes_a_wrong_log_back_from_anywhere() {
    let mut seat = Seat::take((80, 24), Lang::En);
    let before = seat.notes_of("C00005");
    seat.play("zsf<tab>lca+wrong person<enter>", 12);
    assert_eq!(seat.notes_of("C00005")[0], "wrong person");
    seat.play("<ctrl-z>", 1);
    assert_eq!(seat.notes_of("C00005"), before);
    seat.play("lca+wrong again<enter><enter>", 12);
    seat.play("u", 1);
    assert_eq!(seat.notes_of("C00005"), before);
}

#[test]
fn u1_four_digits_of_a_phone_show_the_card_without_enter() {
    for (size, lang) in EVERY {
        let mut seat = Seat::take(size, lang);
        seat.play("6812", 5);
        seat.shows("周素芬");
        seat.shows("云谷单品 Cloud Valley");
        seat.shows("3,731");
    }
}

#[test]
fn u2_an_order_number_finds_its_customer() {
    let mut seat = Seat::take((80, 24), Lang::En);
    seat.play("#10234", 7);
    seat.shows("周素芬");
}

#[test]
fn u4_two_keys_from_a_hit_to_the_orders_and_what_is_owed() {
    let mut seat = Seat::take((80, 24), Lang::En);
    seat.play("6812", 5).play("<enter>3", 2);
    seat.shows("09-21");
    seat.shows("176");
}

#[test]
fn u3_initials_and_city_tell_four_of_one_name_apart() {
    let mut seat = Seat::take((80, 24), Lang::En);
    seat.play("lm hz", 6);
    seat.shows("李敏");
    seat.shows("杭州");
    seat.hides("沈阳");
}

#[test]
fn the_story_of_the_best_customer_gone_quiet_is_on_one_screen() {
    let mut seat = Seat::take((80, 24), Lang::En);
    seat.play("xqy<enter>", 4);
    seat.shows("许清越");
    seat.shows("换了口味");
}

#[test]
fn everything_that_should_stop_a_careless_call_is_on_the_card() {
    let mut seat = Seat::take((80, 24), Lang::En);
    seat.play("南柯酒店<enter>", 5);
    seat.shows("Open tickets: 1");
    seat.shows("38,000");
}

#[test]
fn an_added_customer_is_found_by_the_next_search() {
    let mut seat = Seat::take((80, 24), Lang::En);
    seat.play("<ctrl-n>+无忧子<tab>+154 0009 8877<tab><enter>", 6);
    seat.play("<ctrl-g>s<ctrl-u>8877", 7);
    seat.shows("无忧子");
}
