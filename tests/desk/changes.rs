//! Logging, editing, tagging, undoing, and what is refused.

use super::book::{Book, entry, moment, same, text};
use guanxi::domain::{Kind, RowSet, Value, field};
use guanxi::ops::request::{Edit, RefusalKind, Request};

#[test]
fn a_logged_call_is_found_again_after_a_restart() {
    let mut book = Book::new();
    let id = book.customer("许清越", "154-0000-6812");
    let mut call = entry(id, "asked for a quote", 1);
    call.next_at = Some(moment("2026-11-23"));
    book.save(Request::Log(call)).unwrap();
    book.reopen();
    let profile = book.profile(id);
    assert_eq!(profile.rows[0].text(field::I_NOTE), "asked for a quote");
    assert_eq!(profile.card.totals.next_at, Some(moment("2026-11-23")));
    assert_eq!(profile.card.totals.interactions, 1);
    assert_eq!(book.find("6812").hits[0].card.id, id);
    assert_eq!(book.find("xqy").hits[0].card.id, id);
}

#[test]
fn sending_the_same_follow_up_twice_saves_once() {
    let mut book = Book::new();
    let id = book.customer("许清越", "154-0000-6812");
    let first = book.log(id, "hello", 42).unwrap();
    assert_eq!(book.log(id, "hello", 42).unwrap().seq, first.seq);
    book.reopen();
    assert_eq!(book.log(id, "hello", 42).unwrap().seq, first.seq);
    assert_eq!(book.profile(id).rows.len(), 1);
}

#[test]
fn undo_and_redo_walk_the_whole_way_back_and_forth_across_restarts() {
    let mut book = Book::new();
    let mut states = vec![book.everything()];
    let id = book.customer("许清越", "154-0000-6812");
    states.push(book.everything());
    book.log(id, "first", 1).unwrap();
    states.push(book.everything());
    let edits = vec![Edit {
        kind: Kind::Customer,
        id: id.into(),
        home: Default::default(),
        field: field::C_CITY,
        value: Some(Value::Text("杭州".into())),
        seen: 99,
    }];
    book.save(Request::Edit { edits }).unwrap();
    states.push(book.everything());
    book.save(Request::Mark { tag: "vip".into(), on: true, rows: RowSet::one(id) }).unwrap();
    states.push(book.everything());
    book.reopen();
    for state in states.iter().rev().skip(1) {
        book.save(Request::Undo { seq: None }).unwrap();
        same(&book.everything(), state, "the book");
    }
    assert_eq!(book.ask(Request::Undo { seq: None }).unwrap_err().say.code, "refused.nothing-to-undo");
    book.reopen();
    for state in &states[1..] {
        book.save(Request::Redo).unwrap();
        same(&book.everything(), state, "the book");
    }
    assert_eq!(book.ask(Request::Redo).unwrap_err().say.code, "refused.nothing-to-redo");
}

#[test]
fn an_undo_never_crosses_a_later_change_of_the_same_field() {
    let book = Book::new();
    let id = book.customer("许清越", "154-0000-6812");
    let city = |name: &str, seen| Request::Edit {
        edits: vec![Edit {
            kind: Kind::Customer,
            id: id.into(),
            home: Default::default(),
            field: field::C_CITY,
            value: Some(Value::Text(name.into())),
            seen,
        }],
    };
    let first = book.save(city("杭州", 99)).unwrap().seq;
    book.save(city("成都", 99)).unwrap();
    assert_eq!(book.ask(Request::Undo { seq: Some(first) }).unwrap_err().say.code, "refused.undo-later-change");
}

#[test]
fn a_field_that_somebody_changed_since_it_was_seen_is_a_conflict_and_another_field_is_not() {
    let book = Book::new();
    let id = book.customer("许清越", "154-0000-6812");
    let seen = book.profile(id).seen;
    let edit = |field, value: &str| Request::Edit {
        edits: vec![Edit {
            kind: Kind::Customer,
            id: id.into(),
            home: Default::default(),
            field,
            value: Some(Value::Text(value.into())),
            seen,
        }],
    };
    book.save(edit(field::C_CITY, "杭州")).unwrap();
    book.save(edit(field::C_COMPANY, "黄粱会展")).unwrap();
    assert_eq!(book.ask(edit(field::C_CITY, "成都")).unwrap_err().kind, RefusalKind::Conflict);
}

#[test]
fn hostile_text_is_cleaned_and_impossible_values_are_refused() {
    let book = Book::new();
    let id = book.customer("\u{1b}[31mRed\u{202e} Name", "154-0000-6812");
    assert_eq!(book.profile(id).card.record.text(field::C_NAME), "Red Name");
    let bad = Request::Add {
        kind: Kind::Customer,
        fields: vec![text(field::C_NAME, "X"), (field::C_PHONES, Value::Texts(vec!["call me".into()]))],
    };
    assert_eq!(book.ask(bad).unwrap_err().kind, RefusalKind::Data);
    assert_eq!(book.ask(Request::Add { kind: Kind::Customer, fields: vec![] }).unwrap_err().say.code, "refused.missing");
    assert_eq!(book.log(77, "nobody", 1).unwrap_err().say.code, "refused.unknown-customer");
}

#[test]
fn a_second_process_is_told_who_has_the_book() {
    let book = Book::new();
    let refusal = book.open().err().unwrap();
    assert_eq!((refusal.kind, refusal.say.code), (RefusalKind::Busy, "refused.in-use"));
    assert_eq!(refusal.say.arg("pid"), std::process::id().to_string());
}

#[test]
fn the_history_says_what_happened_and_what_was_taken_back() {
    let book = Book::new();
    let id = book.customer("许清越", "154-0000-6812");
    let logged = book.log(id, "first", 1).unwrap().seq;
    let undone = book.save(Request::Undo { seq: None }).unwrap().seq;
    let history = book.history();
    let codes: Vec<_> = history.iter().map(|r| (r.seq, r.what.code, r.undone_by)).collect();
    assert_eq!(codes, [(undone, "done.undone", None), (logged, "done.logged", Some(undone)), (logged - 1, "done.added", None)]);
}
