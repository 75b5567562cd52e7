//! Answers that come late, reversed, twice or not at all.

use super::scenario::{Scenario, Start};
use guanxi::domain::{ChangeSet, Kind, Op, Record, Say, Value, field};
use guanxi::ops::request::{Progress, Request};
use guanxi::tui::{Effect, Message};
use std::sync::Arc;

fn finds(s: &Scenario) -> Vec<String> {
    let words = |e: &Effect| match e {
        Effect::Ask { request: Request::Find { words, .. }, .. } => Some(words.clone()),
        _ => None,
    };
    s.held.iter().filter_map(words).collect()
}

#[test]
fn answers_in_reverse_leave_the_newest_on_the_screen() {
    let mut s = Scenario::new();
    s.holding = true;
    s.keys("zsf");
    assert_eq!(finds(&s), ["z", "zs", "zsf"]);
    s.holding = false;
    while let Some(effect) = s.held.pop_back() {
        s.answer(effect);
    }
    assert!(s.text().contains("1 of 1"), "{}", s.text());
    assert!(s.text().contains("张三丰") && !s.text().contains("张小样"), "{}", s.text());
}

#[test]
fn the_same_answer_twice_changes_nothing() {
    let mut s = Scenario::new();
    s.holding = true;
    s.keys("6812");
    let last = s.held.back().cloned().unwrap();
    s.holding = false;
    s.answer(last.clone());
    s.keys("<down>");
    s.answer(last);
    assert!(s.text().contains("2 of 2"), "{}", s.text());
}

#[test]
fn keys_typed_ahead_wait_for_the_hits_they_are_about() {
    let mut s = Scenario::new();
    s.keys("lm");
    s.holding = true;
    // The hits on the screen are still those of `lm`; nothing may be logged with them.
    s.keys("<ctrl-u>zsf<tab>lca");
    assert!(!s.text().contains("Log a follow-up"), "{}", s.text());
    s.holding = false;
    while let Some(effect) = s.held.pop_front() {
        s.answer(effect);
    }
    assert!(s.text().contains("Log a follow-up · 张三丰"), "{}", s.text());
    assert!(s.text().contains("outcome   Answered"), "{}", s.text());
}

#[test]
fn escape_gives_up_waiting_keys() {
    let mut s = Scenario::new();
    s.holding = true;
    s.keys("zsf<enter>l<esc>");
    s.holding = false;
    while let Some(effect) = s.held.pop_front() {
        s.answer(effect);
    }
    assert!(!s.text().contains("Log a follow-up"), "{}", s.text());
}

#[test]
fn a_profile_that_comes_late_does_not_replace_the_one_looked_at() {
    let mut s = Scenario::new();
    s.keys("6812<tab>");
    s.holding = true;
    s.keys("jk");
    s.holding = false;
    while let Some(effect) = s.held.pop_back() {
        s.answer(effect);
    }
    s.keys("<enter>");
    assert!(s.text().contains("张三丰  C00001"), "{}", s.text());
    assert!(s.text().contains("Festival blend 40 kg"), "{}", s.text());
}

#[test]
fn the_first_picture_stands_before_the_book_is_open_and_typing_is_not_lost() {
    let mut s = Scenario::start(Start { open: false, ..Start::default() });
    assert!(s.text().contains("Search"), "{}", s.text());
    s.send(Message::Opening(Progress { what: Say::new("progress.opening"), done: 3, of: 4 }));
    assert!(s.text().contains("75%"), "{}", s.text());
    s.keys("zsf");
    s.holding = false;
    s.held.clear();
    let book = s.desk.book();
    s.send(Message::Opened(book));
    assert!(s.text().contains("张三丰"), "{}", s.text());
}

#[test]
fn somebody_elses_commit_refreshes_what_it_touches_and_nothing_else() {
    let mut s = Scenario::new();
    s.keys("zsf<enter>");
    let op = Op::Set {
        kind: Kind::Customer,
        id: 1,
        home: Default::default(),
        field: field::C_CITY,
        before: None,
        after: Some(Value::Text("宁波".into())),
    };
    s.desk.records.get_mut(&(Kind::Customer, 1)).unwrap().set(field::C_CITY, Some(Value::Text("宁波".into())));
    s.send(Message::Changed(Arc::new(ChangeSet { seq: 9, ops: vec![op] })));
    assert!(s.text().contains("宁波"), "{}", s.text());
    let before = s.desk.asked.len();
    let other = Op::New(Record::new(Kind::Task, 999).with(field::T_CUSTOMER, Value::Ref(4)));
    s.send(Message::Changed(Arc::new(ChangeSet { seq: 10, ops: vec![other] })));
    assert_eq!(s.desk.asked.len(), before);
}

#[test]
fn a_toast_leaves_after_a_while_and_time_comes_only_from_ticks() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>lca<enter>");
    assert!(s.text().contains("saved"));
    s.send(Message::Tick { now: super::people::at("2026-11-20 10:05") });
    assert!(!s.text().contains("saved ·"), "{}", s.text());
}

#[test]
fn the_cursor_of_the_list_stays_on_its_customer_when_the_list_is_asked_anew() {
    let mut s = Scenario::new();
    s.keys("6812<tab>j");
    let op = Op::Set { kind: Kind::Customer, id: 6, home: Default::default(), field: field::C_CITY, before: None, after: None };
    s.send(Message::Changed(Arc::new(ChangeSet { seq: 9, ops: vec![op] })));
    assert!(s.text().contains("2 of 2"), "{}", s.text());
}

#[test]
fn a_popup_that_looks_for_people_does_not_leave_the_box_waiting_for_ever() {
    let mut s = Scenario::new();
    s.holding = true;
    s.keys("zsf<ctrl-n>+林曼<esc>");
    s.holding = false;
    while let Some(effect) = s.held.pop_front() {
        s.answer(effect);
    }
    s.keys("<tab>l");
    assert!(s.text().contains("Log a follow-up · 张三丰"), "{}", s.text());
}

#[test]
fn editing_waits_for_the_profile_it_edits() {
    let mut s = Scenario::new();
    s.keys("6812<tab>");
    s.holding = true;
    s.keys("je+city<enter>");
    assert!(!s.text().contains("Edit ·"), "{}", s.text());
    s.holding = false;
    while let Some(effect) = s.held.pop_front() {
        s.answer(effect);
    }
    assert!(s.text().contains("city · 张小样"), "{}", s.text());
}

#[test]
fn more_hits_are_asked_for_when_the_cursor_nears_the_end_of_those_at_hand() {
    let mut s = Scenario::new();
    for n in 200..400 {
        let r = Record::new(Kind::Customer, n).with(field::C_NAME, Value::Text(format!("Crowd {n}")));
        s.desk.records.insert((Kind::Customer, n), r);
    }
    s.keys("crowd<tab>");
    assert!(s.text().contains("1 of 200"), "{}", s.text());
    s.keys("G");
    s.keys("G");
    assert!(s.text().contains("200 of 200"), "{}", s.text());
}

#[test]
fn an_input_method_that_is_on_is_told_of() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>ｊ");
    assert!(s.text().contains("A Chinese input method is on"), "{}", s.text());
}

#[test]
fn leaving_waits_until_what_was_ordered_is_answered() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>lca+last words");
    s.holding = true;
    s.keys("<enter>q");
    assert!(!s.quit, "a change is on its way");
    s.holding = false;
    while let Some(effect) = s.held.pop_front() {
        s.answer(effect);
    }
    assert!(s.quit);
    assert!(s.desk.records.values().any(|r| r.text(field::I_NOTE) == "last words"));
}

#[test]
fn a_customer_nobody_knows_by_that_name_does_not_leave_the_profile_waiting() {
    let mut s = Scenario::new();
    s.holding = true;
    s.keys("zsf");
    let hits = s.held.pop_back().unwrap();
    s.answer(hits);
    s.keys("<tab>:+open nobody at all<enter>");
    s.holding = false;
    while let Some(effect) = s.held.pop_front() {
        s.answer(effect);
    }
    s.keys("e");
    assert!(s.text().contains("Edit · 张三丰"), "{}", s.text());
}
