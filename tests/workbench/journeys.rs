//! The journeys of a first workbench, replayed with the default keys, each within its budget.

use super::scenario::Scenario;
use guanxi::domain::{Kind, Value, field};
use guanxi::ops::request::{LogEntry, Request};
use guanxi::tui::Pane;

fn logged(s: &Scenario) -> LogEntry {
    let entry = s.desk.asked.iter().rev().find_map(|r| if let Request::Log(e) = r { Some(e.clone()) } else { None });
    entry.expect("a follow-up was logged")
}

#[test]
fn r1_finding_by_pinyin_and_logging_a_call_with_the_next_date_takes_eleven_keys() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>lca+wants a quote<tab>3d<enter>");
    assert_eq!(s.keys, 11);
    let e = logged(&s);
    assert_eq!((e.customer, e.channel, e.outcome, e.note.as_str()), (1, 1, Some(1), "wants a quote"));
    assert_eq!(e.next_at.map(|m| super::people::at("2026-11-23").ms == m.ms), Some(true));
    assert!(s.text().contains("saved · Logged a follow-up with 张三丰"), "{}", s.text());
    assert!(s.text().contains("undo"));
}

#[test]
fn r2_the_same_by_the_tail_of_a_phone_takes_twelve_keys() {
    let mut s = Scenario::new();
    s.keys("6812<tab>lcn<tab>1d<enter>");
    assert!(s.keys <= 12, "{}", s.keys);
    let e = logged(&s);
    assert_eq!((e.customer, e.outcome, e.note.as_str()), (1, Some(2), ""));
}

#[test]
fn r3_an_open_profile_logs_without_a_date_in_five_keys() {
    let mut s = Scenario::new();
    s.keys("zsf<enter>");
    s.keys = 0;
    s.keys("lca<tab><enter>");
    assert_eq!(s.keys, 5);
    assert_eq!(logged(&s).next_at, None);
}

#[test]
fn r7_a_new_lead_is_added_and_twins_are_shown_while_typing() {
    let mut s = Scenario::new();
    s.keys("<ctrl-n>+林曼<tab>+15400002201");
    let text = s.text();
    assert!(text.contains("already there: 林曼 C00002"), "{text}");
    s.keys("<tab>x<enter>");
    assert!(s.keys <= 6, "{}", s.keys);
    let Some(Request::Add { kind: Kind::Customer, fields }) = s.desk.asked.iter().rev().find(|r| matches!(r, Request::Add { .. })) else {
        panic!("nobody was added")
    };
    assert!(fields.contains(&(field::C_SOURCE, Value::Code(14))));
    assert!(s.text().contains("saved · Added customer 林曼"), "{}", s.text());
}

#[test]
fn r9_a_wrong_log_is_taken_back_by_one_key_anywhere() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>lca+wrong<enter>");
    assert!(s.desk.records.values().any(|r| r.text(field::I_NOTE) == "wrong"));
    s.keys("<ctrl-z>");
    assert!(!s.desk.records.values().any(|r| r.text(field::I_NOTE) == "wrong"));
    assert!(s.text().contains("Undone"), "{}", s.text());
    s.keys("<ctrl-r>");
    assert!(s.desk.records.values().any(|r| r.text(field::I_NOTE) == "wrong"));
    // In a profile, where no text is typed, a plain u does the same.
    s.keys("<enter>u");
    assert!(!s.desk.records.values().any(|r| r.text(field::I_NOTE) == "wrong"));
}

#[test]
fn undo_works_inside_a_popup_while_u_is_text() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>lca+first<enter>lca+u");
    s.keys("<ctrl-z>");
    assert!(!s.desk.records.values().any(|r| r.text(field::I_NOTE) == "first"));
    assert!(s.text().contains("note      u"), "{}", s.text());
}

#[test]
fn u1_the_card_is_on_the_screen_after_four_digits_without_enter() {
    let mut s = Scenario::new();
    s.keys("6812");
    assert_eq!(s.keys, 4);
    let text = s.text();
    for seen in [
        "张三丰",
        "154 0000 6812",
        "10-02",
        "Morning Blend 1 kg ×24",
        "¥2,888",
        "every 116 d",
        "owed ¥1,200",
        "last contact",
        "next step",
        "Open tickets: 1",
    ] {
        assert!(text.contains(seen), "{seen}\n{text}");
    }
}

#[test]
fn u2_an_order_number_finds_its_customer_and_says_why() {
    let mut s = Scenario::new();
    s.keys("#10234");
    assert!(s.keys <= 7);
    let text = s.text();
    assert!(text.contains("张三丰") && text.contains("Order 10234"), "{text}");
}

#[test]
fn u3_pinyin_and_city_together_narrow_the_list() {
    let mut s = Scenario::new();
    s.keys("lm");
    assert!(s.text().contains("1 of 2"));
    s.keys(" hz");
    assert!(s.keys <= 6);
    assert!(s.text().contains("1 of 1") && s.text().contains("林曼"));
}

#[test]
fn u4_last_orders_and_what_is_owed_take_two_keys() {
    let mut s = Scenario::new();
    s.keys("zsf");
    s.keys = 0;
    s.keys("<enter>3");
    assert_eq!(s.keys, 2);
    let text = s.text();
    assert!(text.contains("¥1,688") && text.contains("¥1,200"), "{text}");
    s.keys("<enter>");
    assert!(s.text().contains("24 × ¥98"), "{}", s.text());
}

#[test]
fn u5_a_phone_is_copied_by_two_keys() {
    let mut s = Scenario::new();
    s.keys("zsf<enter>");
    s.keys = 0;
    s.keys("yp");
    assert_eq!(s.keys, 2);
    assert_eq!(s.copied, ["15400006812"]);
    s.keys("yc");
    assert_eq!(s.copied[1], "张三丰\n15400006812\nzsf@example.com\n云上茶馆(示例)\n示例路 18 号", "what the card says it copies");
}

#[test]
fn u9_the_next_match_is_one_key_from_the_profile_and_from_the_box() {
    let mut s = Scenario::new();
    s.keys("6812<enter>");
    assert!(s.text().contains("张三丰  C00001"));
    s.keys("]");
    assert!(s.text().contains("张小样  C00006"), "{}", s.text());
    s.keys("[");
    assert!(s.text().contains("张三丰  C00001"));
    s.keys("<esc>/<down>");
    assert!(s.text().contains("2 of 2"), "{}", s.text());
}

#[test]
fn full_width_command_keys_act_as_their_half_width() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>ｌｃａ+好<enter>");
    assert_eq!(logged(&s).note, "好");
    s.keys("？");
    assert!(s.text().contains("Help"), "{}", s.text());
}

#[test]
fn a_number_nobody_has_begins_a_new_customer_by_enter() {
    let mut s = Scenario::new();
    s.keys("15499990000");
    assert!(s.text().contains("Nobody has “15499990000”."), "{}", s.text());
    s.keys("<enter>+New Caller<enter>");
    assert_eq!(s.bench.view().book.map(|b| b.customers), Some(36));
    let added = s.desk.records.values().find(|r| r.text(field::C_NAME) == "New Caller").expect("the caller was added");
    assert_eq!(added.get(field::C_PHONES).map(|v| v.texts().to_vec()), Some(vec!["15499990000".to_string()]));
    assert!(s.text().contains("New Caller"), "{}", s.text());
}

#[test]
fn language_is_switched_by_keys_and_everything_follows() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>gl");
    assert!(s.text().contains("搜索") && s.text().contains("演示日期 2026-11-20"), "{}", s.text());
}

#[test]
fn leaving_asks_first_when_a_draft_would_be_lost() {
    let mut s = Scenario::new();
    s.keys("zsf<tab>lca+half a note<esc>q");
    assert!(!s.quit);
    assert!(s.text().contains("unsaved draft"), "{}", s.text());
    s.keys("q");
    assert!(s.quit);
    let _ = Pane::Search;
}
