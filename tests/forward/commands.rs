//! What a forwarded command does is what it does alone.

use super::owner::{CUSTOMERS, Owner, text};
use std::io::Write;

/// A command gives the same bytes and the same exit code through the socket and alone.
fn same_both_ways(questions: &[&[&str]]) {
    let mut owner = Owner::with_customers();
    let ask = |owner: &Owner| -> Vec<_> { questions.iter().map(|q| owner.run(q)).collect() };
    let there = ask(&owner);
    owner.leave();
    for ((question, there), here) in questions.iter().zip(there).zip(ask(&owner)) {
        assert_eq!(text(&there.stdout), text(&here.stdout), "{question:?}");
        assert_eq!(text(&there.stderr), text(&here.stderr), "{question:?}");
        assert_eq!(there.status.code(), here.status.code(), "{question:?}");
    }
}

#[test]
fn a_question_is_answered_by_the_owner_as_it_would_be_alone_to_the_byte() {
    same_both_ways(&[
        &["find", "xqy", "--json"],
        &["find", "成都", "--jsonl"],
        &["find", "0002"],
        &["find", "nobody"],
        &["--json", "show", "C1"],
        &["history", "--json"],
        &["history", "C2", "--jsonl"],
        &["export", "customers"],
        &["export", "customers", "--format", "jsonl", "--fields", "number,name"],
    ]);
}

#[test]
fn a_refusal_has_the_same_words_in_the_clients_language_and_the_same_exit_code() {
    same_both_ways(&[
        &["show", "nobody"],
        &["--lang", "zh-CN", "show", "nobody"],
        &["log", "C1", "--channel", "pigeon"],
        &["export", "customers", "--format", "clay"],
        &["import", "customers", "missing.csv"],
        &["import", "customers", "-", "--map", "missing.toml"],
        &["export", "customers", "-o", "no/such/folder.csv"],
        &["undo", "4711"],
    ]);
}

#[test]
fn a_logged_call_is_in_the_owners_view_at_once_and_can_be_taken_back_by_whoever_logged_it() {
    let owner = Owner::with_customers();
    let logged = owner.run(&["log", "C1", "--note", "asked for a quote", "--next", "3d"]);
    assert_eq!(logged.status.code(), Some(0), "{logged:?}");
    assert_eq!(owner.find("C1").hits[0].card.totals.interactions, 1);
    assert!(text(&owner.run(&["history", "--limit", "1"]).stdout).contains("mei"));
    assert_eq!(owner.run(&["undo"]).status.code(), Some(0));
    assert_eq!(owner.find("C1").hits[0].card.totals.interactions, 0);
    assert_eq!(owner.run(&["redo"]).status.code(), Some(0));
    assert_eq!(owner.find("C1").hits[0].card.totals.interactions, 1);
}

#[test]
fn the_client_opens_the_files_it_names_from_where_it_stands() {
    let owner = Owner::new();
    let at = |name: &str| owner.root.path().join(name);
    std::fs::write(at("in.csv"), "Nr,Wer\nC1,许清越\n,\nC2,单雨桐\n").unwrap();
    std::fs::write(at("map.toml"), "[columns]\n\"Nr\" = \"number\"\n\"Wer\" = \"name\"\n").unwrap();
    let told = owner.run(&["import", "customers", "in.csv", "--map", "map.toml", "--rejects", "bad.csv", "--json"]);
    assert_eq!(told.status.code(), Some(0), "{told:?}");
    assert_eq!(owner.customers(), 2);
    let report: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    if report["refused"] != 0 {
        assert!(at("bad.csv").exists());
    }
    assert_eq!(owner.run(&["export", "customers", "-o", "out.csv"]).status.code(), Some(0));
    assert_eq!(std::fs::read(at("out.csv")).unwrap(), owner.run(&["export", "customers"]).stdout);
    assert!(text(&owner.run(&["history"]).stdout).contains("in.csv"));
}

#[test]
fn refused_rows_come_back_to_the_client() {
    let owner = Owner::new();
    std::fs::write(owner.root.path().join("in.csv"), "number,customer,at,amount\n1,C1,nonsense,5\n").unwrap();
    let told = owner.run(&["import", "orders", "in.csv", "--rejects", "bad.csv"]);
    assert_eq!(told.status.code(), Some(3), "{told:?}");
    assert!(std::fs::read_to_string(owner.root.path().join("bad.csv")).unwrap().contains("nonsense"));
}

#[test]
fn a_backup_is_written_and_checked_by_the_client_and_a_taken_name_is_left_alone() {
    let owner = Owner::with_customers();
    let told = owner.run(&["backup", "b.gx"]);
    assert_eq!(told.status.code(), Some(0), "{told:?}");
    assert_eq!(owner.run(&["verify", "b.gx"]).status.code(), Some(0));
    assert!(!owner.root.path().join("b.partial").exists());
    let before = std::fs::read(owner.root.path().join("b.gx")).unwrap();
    assert_eq!(owner.run(&["backup", "b.gx"]).status.code(), Some(1));
    assert_eq!(std::fs::read(owner.root.path().join("b.gx")).unwrap(), before);
    assert_eq!(owner.run(&["restore", "b.gx", "--dir", "again"]).status.code(), Some(0), "another folder needs no owner");
}

#[test]
fn a_file_larger_than_many_frames_comes_through_whole() {
    let owner = Owner::new();
    let rows: String = (0..20_000).map(|n| format!("N{n},客户 {n},{}\n", "x".repeat(100))).collect();
    let told = owner.feed(&["import", "customers", "-"], &format!("number,name,note\n{rows}"));
    assert_eq!(told.status.code(), Some(0), "{told:?}");
    assert_eq!(owner.customers(), 20_000);
    let out = owner.run(&["export", "customers", "--fields", "number"]).stdout;
    assert_eq!(text(&out).lines().count(), 20_001);
}

#[test]
fn a_second_client_is_served_while_the_first_has_not_ended() {
    let owner = Owner::new();
    let mut first = owner.begin(&["import", "customers", "-"]);
    owner.working(1);
    let mut second = owner.begin(&["import", "customers", "-"]);
    owner.working(2);
    second.stdin.take().unwrap().write_all(CUSTOMERS.as_bytes()).unwrap();
    assert!(second.wait().unwrap().success());
    assert_eq!(owner.run(&["find", "C1"]).status.code(), Some(0));
    first.stdin.take().unwrap().write_all("number,name\nC9,凌霄\n".as_bytes()).unwrap();
    assert!(first.wait().unwrap().success());
    assert_eq!(owner.customers(), 4);
}

#[test]
fn what_only_the_owner_decides_is_refused_and_what_needs_the_book_alone_says_so() {
    let owner = Owner::with_customers();
    for args in [&["--today", "2026-01-01", "find", "C1"][..], &["--as", "许清越", "find", "C1"]] {
        let told = owner.run(args);
        assert_eq!(told.status.code(), Some(2), "{told:?}");
        assert!(text(&told.stderr).contains(args[0]), "{told:?}");
    }
    let told = owner.run(&["play", "q"]);
    assert_eq!(told.status.code(), Some(5), "{told:?}");
    assert!(text(&told.stderr).contains(&std::process::id().to_string()) && text(&told.stderr).contains("close the book"), "{told:?}");
    assert_eq!(owner.run(&["help", "fields"]).status.code(), Some(0));
    assert_eq!(owner.run(&["verify"]).status.code(), Some(0));
    let deep = owner.run(&["verify", "--deep", "--json"]);
    assert_eq!((deep.status.code(), text(&deep.stdout).contains("\"problems\":[]")), (Some(0), true), "{deep:?}");
}
