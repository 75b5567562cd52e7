//! Popups: what they take, what they refuse, what they keep.

use super::scenario::Scenario;
use guanxi::domain::{Kind, Moment, Value, field};
use guanxi::ops::request::{RefusalKind, Request};
use guanxi::tui::Message;

fn asked(s: &Scenario, wanted: impl Fn(&Request) -> bool) -> usize {
    s.desk.asked.iter().filter(|r| wanted(r)).count()
}

#[test]
fn a_draft_is_kept_on_escape_and_goes_on_for_the_same_customer_only() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>lca+half a sentence<esc>");
    assert!(s.text().contains("Draft kept"));
    s.keys("/<ctrl-u>lm hz<tab>l");
    assert!(!s.text().contains("half a sentence"));
    s.keys("<esc>/<ctrl-u>zsf<tab>l");
    assert!(s.text().contains("half a sentence"), "{}", s.text());
    s.keys("<enter>");
    assert_eq!(asked(&s, |r| matches!(r, Request::Log(e) if e.note == "half a sentence")), 1);
    s.keys("l");
    assert!(s.text().contains("note      what was said"), "{}", s.text());
}

#[test]
fn lines_are_broken_by_ctrl_j_and_pasted_breaks_stay() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>lca+one<ctrl-j>+two ");
    s.send(Message::Paste("three\r\nfour\u{1b}[31m".into()));
    s.keys("<enter>");
    assert_eq!(asked(&s, |r| matches!(r, Request::Log(e) if e.note == "one\ntwo three\nfour")), 1, "{:?}", s.desk.asked.last());
}

#[test]
fn a_date_is_shown_in_full_while_it_is_typed_and_refused_when_it_is_none() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>lca<tab>3d");
    assert!(s.text().contains("2026-11-23 Mon (in 3 d)"), "{}", s.text());
    s.keys("zz<enter>");
    assert_eq!(asked(&s, |r| matches!(r, Request::Log(_))), 0);
    assert!(s.text().contains("Log a follow-up"), "{}", s.text());
    s.keys("<backspace><backspace><enter>");
    assert_eq!(asked(&s, |r| matches!(r, Request::Log(_))), 1);
}

#[test]
fn what_happened_earlier_is_logged_with_its_own_time() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>lva+visit<tab><tab>yesterday 3pm<enter>");
    let at: Option<Moment> = s.desk.asked.iter().find_map(|r| if let Request::Log(e) = r { e.at } else { None });
    assert_eq!(at.map(|m| guanxi::domain::Zone::shanghai().write(m)).as_deref(), Some("2026-11-19 15:00"));
}

#[test]
fn without_a_channel_nothing_is_logged_and_the_popup_says_so() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>l<enter>");
    assert!(s.text().contains("Choose a channel first"), "{}", s.text());
    s.keys("<tab><tab>");
    s.keys("<shift-tab><shift-tab>c");
    assert!(s.text().contains("channel   Call"), "{}", s.text());
}

#[test]
fn the_three_outcomes_of_a_save_are_told_apart() {
    let mut s = Scenario::new();
    s.desk.refuse_next = Some(RefusalKind::NotSaved);
    s.keys("zsf<tab>lca+kept<enter>");
    let text = s.text();
    assert!(text.contains("Not saved: ") && text.contains("kept"), "{text}");
    s.desk.refuse_next = Some(RefusalKind::Unknown);
    s.keys("<enter>");
    assert!(s.text().contains("Unknown whether it is saved; checking."), "{}", s.text());
    s.send(Message::Tick { now: super::people::at("2026-11-20 10:01") });
    assert!(s.text().contains("saved · Logged"), "{}", s.text());
    let notes = s.desk.records.values().filter(|r| r.text(field::I_NOTE) == "kept").count();
    assert_eq!(notes, 1, "asked twice, saved once");
}

#[test]
fn a_field_is_edited_from_its_present_value_and_checked_on_save() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>e+phone<enter>");
    assert!(s.text().contains("15400006812, 0571-55500123"), "{}", s.text());
    s.keys("<ctrl-u>+abc<enter>");
    assert!(s.text().contains("“abc” is no phone"), "{}", s.text());
    s.keys("<ctrl-u>+154 0000 9999<enter>");
    let phones = s.desk.records.get(&(Kind::Customer, 1)).and_then(|r| r.get(field::C_PHONES)).map(|v| v.texts().to_vec());
    assert_eq!(phones, Some(vec!["154 0000 9999".to_string()]));
    s.keys("<ctrl-z>");
    let phones = s.desk.records.get(&(Kind::Customer, 1)).and_then(|r| r.get(field::C_PHONES)).map(|v| v.texts().len());
    assert_eq!(phones, Some(2));
}

#[test]
fn a_field_of_few_values_is_picked_from_a_list() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>e+industry<enter>");
    assert!(s.text().contains("Teahouses"), "{}", s.text());
    s.keys("+fina<enter>");
    let industry = s.desk.records.get(&(Kind::Customer, 1)).and_then(|r| r.get(field::C_INDUSTRY)).cloned();
    assert_eq!(industry, Some(Value::Code(4)));
}

#[test]
fn somebody_elses_change_brings_the_edit_back_with_the_reason() {
    let mut s = Scenario::new();
    s.desk.refuse_next = Some(RefusalKind::Conflict);
    s.keys("zsf<tab>e+city<enter><ctrl-u>+苏州<enter>");
    let text = s.text();
    assert!(text.contains("苏州") && text.contains("the disk is full"), "{text}");
}

#[test]
fn tags_are_given_new_or_known_and_taken_again() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>t+whole<enter>");
    assert!(s.text().contains("#wholesale"), "{}", s.text());
    s.keys("t+brand new<enter>");
    assert!(s.text().contains("#brand new"), "{}", s.text());
    s.keys("T+VIP<enter>");
    assert!(!s.text().contains("#VIP"), "{}", s.text());
    s.keys("u");
    assert!(s.text().contains("#VIP"), "{}", s.text());
}

#[test]
fn a_task_takes_what_and_when() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>a<enter>");
    assert!(s.text().contains("Say what is to be done."), "{}", s.text());
    s.keys("+call the roaster<tab>fri<enter>");
    let task = s.desk.records.values().find(|r| r.text(field::T_ABOUT) == "call the roaster").expect("a task was added");
    assert_eq!(task.get(field::T_OWNER), Some(&Value::Ref(1)));
}

#[test]
fn the_history_takes_back_the_change_the_cursor_is_on() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>lca+one<enter>lca+two<enter>gh");
    s.keys("ju");
    assert!(!s.desk.records.values().any(|r| r.text(field::I_NOTE) == "one"));
    assert!(s.desk.records.values().any(|r| r.text(field::I_NOTE) == "two"));
    assert!(s.text().contains("taken back by #3"), "{}", s.text());
    s.keys("<esc>");
    assert!(s.text().contains("Search"));
}

#[test]
fn help_says_what_applies_here_and_why_the_rest_does_not() {
    let mut s = Scenario::sized(110, 70, guanxi::text::Lang::En);
    s.keys("<tab>?");
    let text = s.text();
    assert!(text.contains("no customer is chosen"), "{text}");
    s.keys("<esc>/zsf<tab>?");
    assert!(!s.text().contains("no customer is chosen"), "{}", s.text());
}

#[test]
fn the_palette_runs_commands_by_name_and_says_why_one_does_not_apply() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>:+log fol<enter>");
    assert!(s.text().contains("Log a follow-up · 张三丰"), "{}", s.text());
    s.keys("<esc>:+open Zoë<enter>");
    assert!(s.text().contains("Zoë Beispiel"), "{}", s.text());
    s.keys("<esc>/<ctrl-u><tab>:+log fol<enter>");
    assert!(s.text().contains("no customer is chosen"), "{}", s.text());
}

#[test]
fn who_may_only_read_is_told_so_and_nothing_is_asked() {
    let start = super::scenario::Start { role: guanxi::domain::Role::Auditor, ..Default::default() };
    let mut s = Scenario::start(start);
    s.keys("zsf<tab>l");
    assert!(s.text().contains("may not"), "{}", s.text());
}

#[test]
fn a_new_record_nobody_can_tell_of_is_not_sent_twice_unasked() {
    let mut s = Scenario::new();
    s.desk.refuse_next = Some(RefusalKind::Unknown);
    s.keys("zsf<tab>a+call back<enter>");
    let text = s.text();
    assert!(text.contains("look at the history before saving again") && text.contains("call back"), "{text}");
    s.send(Message::Tick { now: super::people::at("2026-11-20 10:01") });
    assert_eq!(asked(&s, |r| matches!(r, Request::Add { .. })), 1);
}

#[test]
fn a_workbench_can_be_handed_to_another_thread() {
    fn is_send<T: Send>(_: &T) {}
    is_send(&Scenario::new().bench);
}

#[test]
fn a_capital_channel_key_logs_that_they_came_to_us() {
    let direction =
        |s: &Scenario| s.desk.asked.iter().rev().find_map(|r| if let Request::Log(e) = r { Some(e.direction) } else { None }).flatten();
    let mut s = Scenario::new();
    s.keys("zsf<tab>lCa<enter>");
    assert_eq!(direction(&s), Some(2));
    s.keys("lca<enter>");
    assert_eq!(direction(&s), None);
    let mut s = Scenario::start(super::scenario::Start { role: guanxi::domain::Role::Support, ..Default::default() });
    s.keys("zsf<tab>lca<enter>");
    assert_eq!(direction(&s), Some(2));
}

#[test]
fn a_command_may_name_its_customer_in_words() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>:+log lm hz<enter>");
    assert!(s.text().contains("Log a follow-up · 林曼"), "{}", s.text());
    s.keys("wr<enter>");
    assert_eq!(asked(&s, |r| matches!(r, Request::Log(e) if e.customer == 2)), 1);
    s.keys("<esc>:+history zsf<enter>");
    assert!(s.text().contains("History · 张三丰"), "{}", s.text());
    s.keys("<esc>:+open nobody at all<enter>");
    assert!(s.text().contains("No customer is known as"), "{}", s.text());
}
