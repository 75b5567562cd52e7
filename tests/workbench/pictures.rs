//! Pictures of the screens: text, caret and a legend of roles.

use super::scenario::{Scenario, Start};
use guanxi::text::Lang;
use guanxi::tui::{Depth, Ground, Theme, glyph};

fn snap(name: &str, s: &Scenario) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, s.picture()));
}

fn both(name: &str, w: u16, h: u16, keys: &str) {
    for (lang, tag) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
        let mut s = Scenario::sized(w, h, lang);
        s.keys(keys);
        snap(&format!("{name}_{w}x{h}_{tag}"), &s);
    }
}

#[test]
fn the_empty_box() {
    both("empty", 80, 24, "");
}

#[test]
fn a_search_with_its_card() {
    both("search", 80, 24, "6812");
    both("search", 120, 40, "6812");
    both("search", 160, 45, "154");
}

#[test]
fn a_search_by_order_number_says_why() {
    both("by_order", 80, 24, "#10234");
}

#[test]
fn the_summary_of_a_customer() {
    both("summary", 80, 24, "zsf<enter>");
    both("summary", 120, 40, "zsf<enter>");
    both("summary", 200, 60, "zsf<enter>");
}

#[test]
fn the_timeline() {
    both("timeline", 80, 24, "zsf<enter>2");
    both("timeline", 120, 40, "zsf<enter>2");
}

#[test]
fn the_orders_with_lines_open() {
    both("orders", 80, 24, "zsf<enter>3<enter>");
}

#[test]
fn the_log_popup() {
    both("log_channel", 80, 24, "zsf<tab>l");
    both("log_date", 80, 24, "zsf<tab>lca+wants a quote<tab>3d");
    both("log_date", 120, 40, "zsf<tab>lca+wants a quote<tab>3d");
}

#[test]
fn a_saved_change_names_the_key_that_takes_it_back() {
    both("saved", 80, 24, "zsf<tab>lca+ok<enter>");
}

#[test]
fn nobody_has_that_number() {
    both("nobody", 80, 24, "99996812");
}

#[test]
fn help_palette_fields_and_history() {
    both("help", 80, 24, "zsf<tab>?");
    both("palette", 80, 24, "zsf<tab>:");
    both("fields", 80, 24, "zsf<tab>e");
    both("history", 80, 24, "zsf<tab>lca+a<enter>lwr+b<enter><ctrl-z>gh");
}

#[test]
fn a_new_customer_who_may_be_there_already() {
    both("new", 80, 24, "<ctrl-n>+林曼<tab>15400002201");
}

#[test]
fn keys_that_go_on_are_hinted() {
    both("prefix", 80, 24, "zsf<tab>y");
}

#[test]
fn plain_faces() {
    let theme = Theme { depth: Depth::Plain, ground: Ground::Dark };
    let mut s = Scenario::start(Start { theme, glyphs: glyph::ASCII, ..Start::default() });
    s.keys("zsf<enter>");
    snap("summary_plain_ascii", &s);
    for (depth, ground, name) in [(Depth::Sixteen, Ground::Dark, "sixteen"), (Depth::Many, Ground::Light, "light")] {
        let mut s = Scenario::start(Start { theme: Theme { depth, ground }, ..Start::default() });
        s.keys("zsf");
        snap(&format!("search_{name}"), &s);
    }
}

#[test]
fn the_book_is_still_being_opened() {
    let mut s = Scenario::start(Start { open: false, ..Start::default() });
    let what = guanxi::domain::Say::new("progress.opening");
    s.send(guanxi::tui::Message::Opening(guanxi::ops::request::Progress { what, done: 620_000, of: 1_000_000 }));
    snap("opening", &s);
}

#[test]
fn editing_a_long_note() {
    both("edit_note", 80, 24, "zsf<tab>e+note<enter>+first line<ctrl-j>+清晨的第二行");
}
