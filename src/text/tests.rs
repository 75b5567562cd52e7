//! Laws of the tables, and sentences as they come out.
#![allow(clippy::unwrap_used)]

use super::said::placeholders;
use super::*;
use crate::command::{self, Condition, Scope, condition};
use crate::domain::{Kind, Right, Role, field};
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use unicode_width::UnicodeWidthStr;

#[test]
fn every_code_has_both_languages_and_the_same_placeholders() {
    let mut codes = HashMap::new();
    for (code, en, zh) in words::all() {
        assert!(!en.is_empty() && !zh.is_empty(), "{code}");
        assert_eq!(codes.insert(*code, ()), None, "{code} twice");
        let names = |w: &'static str| placeholders(w).collect::<BTreeSet<_>>();
        assert_eq!(names(en), names(zh), "{code}");
        assert_eq!(en.matches('{').count(), en.matches('}').count(), "{code}");
    }
}

#[test]
fn every_code_of_the_tables_is_found() {
    // Binary search finds every row only when the tables ascend.
    for (code, en, zh) in words::all() {
        assert_eq!((label(Lang::En, code), label(Lang::Zh, code)), (*en, *zh));
    }
    assert_eq!(label(Lang::En, "no.such-code"), "no.such-code");
}

#[test]
fn every_command_condition_scope_role_right_and_kind_has_words() {
    let has = |code: &str| assert!(words::find(Lang::En, code).is_some(), "{code}");
    for spec in command::all() {
        has(&format!("command.{}", spec.id));
        has(&format!("command.{}.doc", spec.id));
        has(&format!("area.{}", spec.area()));
        spec.args.iter().for_each(|a| has(&format!("arg.{}", a.name)));
    }
    Condition::ALL.iter().for_each(|c| has(c.absent()));
    Scope::ALL.iter().for_each(|s| has(condition::scope_code(*s)));
    for role in [Role::Rep, Role::Support, Role::Analyst, Role::Leader, Role::Admin, Role::Auditor] {
        has(condition::role_code(role));
    }
    for right in [Right::Read, Right::Write, Right::Bulk, Right::Export, Right::Admin] {
        has(condition::right_code(right));
    }
    for kind in Kind::ALL {
        assert_ne!(kind_label(Lang::Zh, kind, true), "");
        assert!(!kind_label(Lang::En, kind, false).starts_with("kind."));
    }
}

#[test]
fn a_command_is_told_in_one_sentence() {
    for spec in command::all() {
        let doc = label(Lang::En, &format!("command.{}.doc", spec.id)).to_string();
        assert!(doc.ends_with('.') && doc.matches(". ").count() == 0, "{doc}");
        assert!(label(Lang::Zh, &format!("command.{}.doc", spec.id)).ends_with('。'), "{}", spec.id);
        assert!(label(Lang::En, &format!("command.{}", spec.id)).width() <= 14, "{}", spec.id);
    }
}

#[test]
fn column_heads_take_at_most_eight_cells() {
    for (code, en, zh) in words::all().filter(|w| w.0.starts_with("col.")) {
        assert!(en.width() <= 8 && zh.width() <= 8, "{code}");
    }
}

/// Says `refused.right` and the like as one string, for reading in the assertion.
fn both(said: &Say) -> (String, String) {
    (say(Lang::En, said), say(Lang::Zh, said))
}

#[test]
fn arguments_that_are_codes_are_shown_in_the_readers_language() {
    let said = Say::new("refused.right").with("role", "role.auditor").with("what", "right.write");
    assert_eq!(both(&said), ("As auditor you may not log or change anything".into(), "审计无权记录或修改".into()));
    let said = Say::new("refused.right").with("role", "Rep").with("what", "right.admin");
    assert_eq!(both(&said), ("As salesperson you may not administer the book".into(), "销售无权管理客户簿".into()));
    let said = Say::new("refused.missing").with("field", "customers.name");
    assert_eq!(both(&said), ("Name is needed".into(), "请填写姓名".into()));
    let said = Say::new("done.added").with("kind", "tasks").with("name", "T1");
    assert_eq!(both(&said), ("Added task T1".into(), "已新建待办 T1".into()));
    let said = Say::new("done.edited").with("field", "birth_date").with("name", "Ann Sample");
    assert_eq!(both(&said), ("Changed birth date of Ann Sample".into(), "已修改 Ann Sample 的生日".into()));
    let said = Say::new("done.imported").with("kind", "customers").with("file", "a.csv").with("created", 3).with("updated", 0);
    assert_eq!(both(&said), ("Imported customers from a.csv: 3 created, 0 updated".into(), "已从 a.csv 导入客户：新建 3，更新 0".into()));
}

#[test]
fn a_sentence_may_stand_in_a_sentence() {
    let said = Say::new("done.undone").with("what", "done.logged").with("name", "王小明");
    assert_eq!(both(&said), ("Undone: logged a follow-up with 王小明".into(), "已撤销：已记录对 王小明 的跟进".into()));
    let said = Say::new("done.undone").with("what", "done.logged");
    assert_eq!(both(&said), ("Undone: the follow-up".into(), "已撤销：这次跟进".into()));
    let said = Say::new("done.undone").with("what", "done.undone");
    assert_eq!(say(Lang::En, &said), "Undone: the undo");
}

#[test]
fn one_is_told_from_many_and_a_missing_word_shows_its_code() {
    let said = Say::new("done.tagged").with("tag", "vip").with("count", 1);
    assert_eq!(both(&said), ("Tagged 1 customer “vip”".into(), "已给 1 位客户加上标签“vip”".into()));
    let said = Say::new("done.tagged").with("tag", "{name}").with("count", 2);
    assert_eq!(say(Lang::En, &said), "Tagged 2 customers “{name}”", "an argument is never read as a placeholder");
    assert_eq!(say(Lang::En, &Say::new("no.such").with("a", 1)), "no.such a=1");
}

#[test]
fn fields_are_named_from_the_registry() {
    assert_eq!(field_label(Lang::En, field::C_BIRTH), "birth date");
    assert_eq!(field_label(Lang::Zh, field::C_BIRTH), "生日");
    assert_eq!(field_label(Lang::Zh, field::C_PHONES), "手机");
}

#[test]
fn the_scan_reads_codes_and_the_arguments_of_a_chain() {
    let source = r#"Say::new("a.b").with("x", f(1)).with("y", "z"); Say::new( "c.d" ); #[cfg(test)] Say::new("e.f")"#;
    assert_eq!(spoken(source), [("a.b", vec!["x", "y"]), ("c.d", vec![])]);
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// The codes that a source text speaks in, outside of its tests, each with the arguments given in the same breath.
fn spoken(source: &str) -> Vec<(&str, Vec<&str>)> {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    source
        .split("Say::new(")
        .skip(1)
        .filter_map(|rest| {
            let (code, rest) = rest.trim_start().strip_prefix('"')?.split_once('"')?;
            Some((code, given(rest.trim_start().strip_prefix(')').unwrap_or_default())))
        })
        .collect()
}

/// The names in a chain of `.with("name", value)`.
fn given(mut chain: &str) -> Vec<&str> {
    let mut names = Vec::new();
    while let Some(rest) = chain.trim_start().strip_prefix(".with(") {
        let Some((name, rest)) = rest.trim_start().strip_prefix('"').and_then(|r| r.split_once('"')) else { break };
        names.push(name);
        let mut depth = 1;
        let end = rest.find(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth == 0
        });
        let Some(end) = end else { break };
        chain = &rest[end + 1..];
    }
    names
}

#[test]
fn every_code_that_a_room_speaks_in_has_words_and_every_argument_given_is_used() {
    let mut files = Vec::new();
    rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut missing = BTreeSet::new();
    let mut seen = 0;
    for file in files.iter().filter(|f| !f.file_stem().is_some_and(|s| s.to_string_lossy().contains("test"))) {
        let source = std::fs::read_to_string(file).unwrap();
        for (code, args) in spoken(&source) {
            seen += 1;
            let Some(words) = words::find(Lang::En, code) else {
                missing.insert(format!("{code} in {}: no words", file.display()));
                continue;
            };
            let used: Vec<&str> = placeholders(words).collect();
            // Where a sentence stands in a sentence, the inner one uses the rest.
            if !used.iter().any(|u| matches!(*u, "what" | "why")) {
                // What was probably meant follows an import's sentence by itself.
                let own = args.iter().filter(|a| !(**a == "nearest" && code.starts_with("import.")));
                missing.extend(own.filter(|a| !used.contains(a)).map(|a| format!("{code} in {}: {a} unused", file.display())));
            }
        }
    }
    assert!(seen > 10, "the scan must see the rooms speak");
    assert!(missing.is_empty(), "{missing:#?}");
}

mod laws {
    use super::super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_the_arguments_a_sentence_comes_out_and_holds_them(code in prop::sample::select(words::all().map(|w| w.0).collect::<Vec<_>>()), value in "\\PC{0,16}", nested: bool) {
            let what = if nested { code.to_string() } else { value.clone() };
            let mut said = Say::new(code).with("what", &what).with("why", &what).with("name", &value).with("kind", &value);
            said = said.with("field", &value).with("role", &value).with("n", &value);
            for lang in [Lang::En, Lang::Zh] {
                let out = say(lang, &said);
                prop_assert!(!out.is_empty());
                if words::find(lang, code).is_some_and(|w| w.contains("{name}")) {
                    prop_assert!(out.contains(&value));
                }
            }
        }
    }
}
