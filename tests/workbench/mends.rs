//! What a first hour with the program asked for: words that go when they are read, popups that follow the language, a
//! list one comes back to.

use super::scenario::Scenario;
use guanxi::domain::{ChangeSet, Say, field};
use guanxi::ops::request::{Progress, Reply, Request, Saved};
use guanxi::text::Lang;
use guanxi::tui::{Effect, Message};
use std::sync::Arc;

fn row_with(s: &Scenario, words: &str) -> String {
    s.text().lines().find(|l| l.contains(words)).unwrap_or_default().to_string()
}

#[test]
fn a_toast_goes_at_the_next_key_that_does_something_and_the_key_hints_are_back() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>lca<enter>");
    assert!(s.text().contains("saved · Logged"), "{}", s.text());
    // A key that means nothing here takes nothing away.
    s.keys("<f9>");
    assert!(s.text().contains("saved · Logged"), "{}", s.text());
    s.keys("j");
    assert!(!s.text().contains("saved"), "{}", s.text());
    assert!(s.text().contains("l log"), "{}", s.text());
}

#[test]
fn a_remark_on_the_input_method_is_made_once_and_goes_within_seconds() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>ｊ");
    assert!(s.text().contains("input method is on"));
    s.keys("ｊ");
    assert!(!s.text().contains("input method is on"), "{}", s.text());
    s.keys("jｊ");
    assert!(s.text().contains("input method is on"));
    let later = super::people::at("2026-11-20 10:00");
    s.send(Message::Tick { now: guanxi::domain::Moment { ms: later.ms + 4_000, ..later } });
    assert!(!s.text().contains("input method is on"), "{}", s.text());
}

#[test]
fn the_progress_of_opening_ends_with_the_opening() {
    let mut s = Scenario::new();
    let book = s.desk.book();
    s.send(Message::Opening(Progress { what: Say::new("progress.opening"), done: 1, of: 4 }));
    assert!(s.text().contains("25%"), "{}", s.text());
    s.send(Message::Opened(book));
    assert!(!s.text().contains('%'), "{}", s.text());
    s.send(Message::Opening(Progress { what: Say::new("progress.opening"), done: 4, of: 4 }));
    assert!(!s.text().contains('%'), "{}", s.text());
}

#[test]
fn taking_a_new_customer_back_leads_to_the_list_and_leaves_no_ghost() {
    let mut s = Scenario::new();
    s.keys("<ctrl-n>+New Caller<enter>");
    assert!(s.text().contains("New Caller"), "{}", s.text());
    s.keys("<ctrl-z>");
    let text = s.text();
    assert!(text.contains("Undone: ") && text.contains("redo"), "{text}");
    assert!(text.contains("Search") && !text.contains("No customer is known"), "{text}");
    // A popup about them goes as well.
    s.keys("<ctrl-n>+Second Caller<enter>lca+half");
    assert!(s.text().contains("Log a follow-up · Second Caller"), "{}", s.text());
    s.keys("<ctrl-z>");
    let text = s.text();
    assert!(!text.contains("Log a follow-up ·") && text.contains("Undone: "), "{text}");
}

#[test]
fn a_ghost_among_the_hits_is_dropped_and_asked_for_only_once() {
    let mut s = Scenario::new();
    s.keys("6812<tab>");
    s.desk.records.remove(&(guanxi::domain::Kind::Customer, 6));
    let before = s.desk.asked.len();
    s.keys("j");
    assert!(s.text().contains("1 of 1"), "{}", s.text());
    assert!(s.desk.asked.len() <= before + 2, "{:?}", &s.desk.asked[before..]);
}

#[test]
fn a_change_of_nothing_says_so_and_offers_no_undo() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>t+VIP");
    s.holding = true;
    s.keys("<enter>");
    let Some(Effect::Ask { ticket, .. }) = s.held.pop_back() else { panic!("a change was ordered") };
    let what = Say::new("done.nothing");
    s.send(Message::Answer { ticket, reply: Reply::Saved(Saved { seq: 0, what, made: None, customer: None }) });
    let last = row_with(&s, "Nothing to change");
    assert!(!last.is_empty() && !last.contains("saved") && !last.contains("undo"), "{}", s.text());
}

#[test]
fn an_undo_says_undone_and_not_saved() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>lca<enter>u");
    let last = row_with(&s, "Undone");
    assert!(last.trim().starts_with("Undone: ") && last.contains("redo"), "{last}");
}

#[test]
fn a_promise_already_made_shows_where_the_next_one_would_be_typed() {
    let mut s = Scenario::new();
    s.keys("lm hz<tab>lca<tab>3d<enter>l");
    assert!(s.text().contains("11-23 Mon stays unless changed"), "{}", s.text());
    s.keys("<ctrl-g>l");
    assert!(s.text().contains("留空则保留 11-23 周一"), "{}", s.text());
}

#[test]
fn an_open_popup_follows_the_language_and_keeps_what_was_typed() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>lCa+half a note<ctrl-g>l");
    let text = s.text();
    for seen in ["记跟进 · 张三丰", "电话", "客户发起", "half a note", "可以写多行", "取消"] {
        assert!(text.contains(seen), "{seen}\n{text}");
    }
    s.keys("<ctrl-g>l");
    assert!(s.text().contains("channel   Call   they contacted us"), "{}", s.text());
    s.keys("<esc>e+industry<enter><ctrl-g>l");
    assert!(s.text().contains("茶馆") && s.text().contains("行业 · 张三丰"), "{}", s.text());
    s.keys("<esc>?<ctrl-g>l");
    assert!(s.text().contains("Help") && !s.text().contains("帮助"), "{}", s.text());
    s.keys("<esc>gh<ctrl-g>l");
    assert!(s.text().contains("变更记录") && !s.text().contains("back"), "{}", s.text());
    s.keys("<esc><ctrl-n>+Zoë<ctrl-g>l");
    assert!(s.text().contains("New customer") && s.text().contains("Zoë") && s.text().contains("cancel"), "{}", s.text());
}

#[test]
fn an_edited_value_follows_the_language_until_it_is_typed_over() {
    let mut s = Scenario::new();
    s.desk.records.get_mut(&(guanxi::domain::Kind::Customer, 1)).unwrap().set(field::C_DNC, Some(guanxi::domain::Value::Codes(vec![1])));
    s.keys("zsf<tab>");
    s.send(Message::Changed(Arc::new(ChangeSet { seq: 9, ops: Vec::new() })));
    s.keys("e+do_not<enter>");
    assert!(s.text().contains("Call"), "{}", s.text());
    s.keys("<ctrl-g>l");
    assert!(!s.text().contains("Call"), "{}", s.text());
    s.keys("<ctrl-u>+SMS<ctrl-g>l");
    assert!(row_with(&s, "value").contains("SMS"), "{}", s.text());
}

#[test]
fn escape_in_the_profile_goes_back_to_the_list() {
    let mut s = Scenario::new();
    s.keys("6812<enter><esc>j");
    assert!(s.text().contains("2 of 2"), "{}", s.text());
}

#[test]
fn enter_adds_somebody_new_only_for_what_could_be_a_name_or_a_phone() {
    for (words, offered) in [("Nobody Atall", true), ("15499990000", true), ("无此人", true)] {
        assert_eq!(offers(words), offered, "{words}");
    }
    for words in ["#99999", "＃99999", "tag:none", "C99999", "9999", "nobody@nowhere.example"] {
        assert!(!offers(words), "{words}");
    }
}

/// Does Enter begin a new customer with these words, and does the screen say so?
fn offers(words: &str) -> bool {
    let mut s = Scenario::new();
    s.keys(&format!("+{words}"));
    assert!(s.text().contains("Nobody has “"), "{}", s.text());
    let said = s.text().contains("Enter adds a new customer with it");
    s.keys("<enter>");
    let begun = s.text().contains("New customer");
    assert_eq!(said, begun, "{}", s.text());
    begun
}

#[test]
fn a_key_or_two_alone_is_no_draft() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>lca<esc>");
    assert!(!s.text().contains("Draft kept"), "{}", s.text());
    s.keys("l");
    assert!(!s.text().contains("Answered"), "{}", s.text());
    s.keys("<esc>q");
    assert!(s.quit);
}

#[test]
fn help_shows_every_key_and_the_whole_sentence_at_any_width() {
    let mut s = Scenario::sized(110, 200, Lang::En);
    s.keys("zsf<tab>?");
    let text = s.text();
    assert!(text.contains("Ctrl-C Ctrl-C") && !text.contains('…'), "{text}");
    let mut s = Scenario::sized(40, 300, Lang::En);
    s.keys("zsf<tab>?");
    let text = s.text();
    let lines: Vec<&str> = text.lines().collect();
    let title = lines.iter().position(|l| l.contains("Add task")).expect("the command is there");
    assert!(lines[title + 1].contains("Adds something to do for the"), "{text}");
}

#[test]
fn keys_that_go_on_are_written_as_everywhere() {
    let mut s = Scenario::new();
    s.keys("zsf<tab><ctrl-c>");
    assert!(row_with(&s, "Ctrl-C  Ctrl-C").contains("Quit"), "{}", s.text());
}

#[test]
fn the_bar_reaches_both_edges_and_only_the_order_pointed_at_has_the_sign() {
    let mut s = Scenario::new();
    s.keys("6812<tab>");
    let buffer = s.buffer();
    let y = (0..24).find(|y| buffer.cell((1, *y)).is_some_and(|c| c.symbol() == "▸")).expect("the cursor shows");
    let bar = buffer.cell((1, y)).unwrap().bg;
    assert!((0..80).all(|x| buffer.cell((x, y)).unwrap().bg == bar), "{}", s.text());
    s.keys("<enter>3");
    assert_eq!(s.text().matches('▸').count(), 1, "{}", s.text());
}

#[test]
fn the_cursor_of_the_history_stays_on_its_record_when_the_list_grows() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>lca+one<enter>lca+two<enter>gh");
    assert!(s.text().contains("#2 ") && s.text().contains("#1 "), "{}", s.text());
    s.keys("ju");
    // The cursor is still on #1, which is below the new #3 and #2.
    s.keys("u");
    let undone = s.desk.asked.iter().filter(|r| matches!(r, Request::Undo { seq: Some(1) })).count();
    assert_eq!(undone, 2, "{:?}", s.desk.asked);
}
