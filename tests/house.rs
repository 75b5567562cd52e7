//! The house rules, enforced: which room may open which door, which crate lives where, and what a file may look like.
//!
//! The doors are the table "The house" of the design, with these amendments and their reasons: `ops` opens `search` and
//! `exchange` because the Desk answers the search box and runs imports; `session`, `manual` and `text` open only what they
//! draw with or put into words; `bincode` lives in `journal` and `store` because frames and pages share one envelope;
//! `roaring` is a tenant of `domain` (`RowSet`) and `facts` because a bulk mark is a set of rows in the journal;
//! `ratatui` is named in `session` for its backend; `fuzzy-matcher` serves the search box and the command palette alike.
//! Product code is held to the doors; a test module may bring what it needs to build its case.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const EVERYTHING: &str = "*";

/// room, the rooms it may open. A room that has code must have a line here.
const DOORS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("query", &["domain"]),
    ("journal", &["domain"]),
    ("store", &["domain", "journal"]),
    ("facts", &["domain", "store"]),
    ("metrics", &["domain", "query", "facts"]),
    ("search", &["domain", "facts"]),
    ("segment", &["domain", "query", "facts"]),
    ("portrait", &["domain", "query", "facts", "segment", "metrics"]),
    ("funnel", &["domain", "query", "facts", "segment", "metrics"]),
    ("exchange", &["domain"]),
    ("campaign", &["domain", "query", "facts", "segment", "portrait"]),
    ("ops", &["domain", "journal", "store", "facts", "search", "exchange"]),
    ("command", &["domain"]),
    ("keymap", &["command", "domain"]),
    ("text", &["domain", "exchange"]),
    ("manual", &["command", "keymap", "text", "domain", "exchange"]),
    ("tui", &["domain", "command", "keymap", "text", "manual", "ops::request"]),
    ("session", &["domain", "ops", "tui", "command", "keymap", "text"]),
    ("cli", &[EVERYTHING]),
];

/// crate, the rooms that may name it.
const TENANTS: &[(&str, &[&str])] = &[
    ("sled", &["store"]),
    // Staged rows of an import are bincode in files that no other run reads.
    ("bincode", &["journal", "store", "exchange"]),
    ("roaring", &["domain", "facts"]),
    ("fuzzy_matcher", &["search", "tui"]),
    ("csv", &["exchange"]),
    ("encoding_rs", &["exchange"]),
    ("ratatui", &["tui", "session"]),
    ("crossterm", &["session"]),
    ("signal_hook", &["session"]),
    ("clap", &["cli"]),
    ("toml", &["keymap", "exchange", "cli"]),
];

/// Names that say nothing.
const HOLLOW: &[&str] = &["manager", "helper", "helpers", "util", "utils", "common", "data", "info", "handler"];
/// Macros that write past the screen, or leave work undone.
const BANNED_MACROS: &[&str] = &["println!", "eprintln!", "print!", "eprint!", "dbg!", "todo!", "unimplemented!"];
/// Types that make a `static` into hidden state.
const CELLS: &[&str] = &["OnceLock", "LazyLock", "OnceCell", "Lazy<", "Mutex", "RwLock", "Atomic", "RefCell", "Cell<"];

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 60;

/// The code alone: comments, strings and characters blanked, every line break kept, so that a line number stays true.
fn code_of(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut out = String::with_capacity(source.len());
    let mut i = 0;
    while i < chars.len() {
        let end = match blank_end(&chars, i) {
            Some(end) => end,
            None => {
                out.push(chars[i]);
                i += 1;
                continue;
            }
        };
        out.extend(chars[i..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
        i = end;
    }
    out
}

/// Where the comment, string or character that starts at `i` ends; `None` when none starts there.
fn blank_end(chars: &[char], i: usize) -> Option<usize> {
    let at = |k: usize| chars.get(k).copied().unwrap_or('\0');
    match at(i) {
        '/' if at(i + 1) == '/' => Some((i..chars.len()).find(|k| chars[*k] == '\n').unwrap_or(chars.len())),
        '/' if at(i + 1) == '*' => Some((i + 2..chars.len()).find(|k| at(*k) == '*' && at(*k + 1) == '/').map_or(chars.len(), |k| k + 2)),
        'r' if !(i > 0 && is_word(at(i - 1)) && at(i - 1) != 'b') => raw_end(chars, i),
        '"' => quoted_end(chars, i, '"'),
        '\'' if at(i + 1) == '\\' || at(i + 2) == '\'' => quoted_end(chars, i, '\''),
        _ => None,
    }
}

fn quoted_end(chars: &[char], start: usize, quote: char) -> Option<usize> {
    let mut k = start + 1;
    while k < chars.len() {
        match chars[k] {
            '\\' => k += 2,
            c if c == quote => return Some(k + 1),
            _ => k += 1,
        }
    }
    Some(chars.len())
}

fn raw_end(chars: &[char], start: usize) -> Option<usize> {
    let hashes = chars[start + 1..].iter().take_while(|c| **c == '#').count();
    let open = start + 1 + hashes;
    (chars.get(open) == Some(&'"')).then_some(())?;
    let closes = |k: usize| chars[k] == '"' && chars.len() > k + hashes && chars[k + 1..=k + hashes].iter().all(|c| *c == '#');
    Some((open + 1..chars.len()).find(|k| closes(*k)).map_or(chars.len(), |k| k + 1 + hashes))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The code before the first test module.
fn product(code: &str) -> &str {
    code.match_indices("#[cfg(test)]")
        .find(|(at, mark)| {
            code[at + mark.len()..]
                .lines()
                .find(|l| !l.trim().is_empty() && !l.trim().starts_with("#["))
                .is_some_and(|l| l.trim_start().starts_with("mod "))
        })
        .map_or(code, |(at, _)| &code[..at])
}

fn line_of(code: &str, at: usize) -> usize {
    code[..at].matches('\n').count() + 1
}

/// Every path opened from the crate's root, as (`room`, `room::next`, line): `crate::a::b`, `crate::{a, b::c}`, and as
/// many `super::` as the module is deep.
fn doors_opened(depth: usize, code: &str) -> Vec<(String, String, usize)> {
    let mut opened = Vec::new();
    let up = "super::".repeat(depth);
    let ways_up = code.match_indices(&up).filter(|(at, _)| !code[..*at].ends_with("super::"));
    for (at, mark) in code.match_indices("crate::").chain(ways_up) {
        let after = &code[at + mark.len()..];
        let paths: Vec<&str> = match after.strip_prefix('{') {
            Some(group) => split_group(group),
            None => vec![after],
        };
        for path in paths {
            let mut words = path.trim().split("::").map(|w| w.trim_start().chars().take_while(|c| is_word(*c)).collect::<String>());
            let room = words.next().unwrap_or_default();
            let next = words.next().unwrap_or_default();
            opened.push((room.clone(), format!("{room}::{next}"), line_of(code, at)));
        }
    }
    opened
}

/// The members of a `{a, b::{c, d}}` group, cut at the commas of its own level.
fn split_group(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (i, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(&group[start..i]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&group[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    parts
}

fn wrong_doors(room: &str, depth: usize, rooms: &[String], code: &str) -> Vec<(String, usize)> {
    let allowed = DOORS.iter().find(|(r, _)| *r == room).map_or(&[][..], |(_, a)| *a);
    let may = |to: &str, deep: &str| to == room || allowed.iter().any(|a| *a == EVERYTHING || *a == to || *a == deep);
    doors_opened(depth, code)
        .into_iter()
        .filter(|(to, deep, _)| rooms.contains(to) && !may(to, deep))
        .map(|(to, deep, line)| (format!("{room} opens {to} ({deep})"), line))
        .collect()
}

fn wrong_tenants(room: &str, code: &str) -> Vec<(String, usize)> {
    let mut wrong = Vec::new();
    for (tenant, homes) in TENANTS.iter().filter(|(_, homes)| !homes.contains(&room)) {
        let path = format!("{tenant}::");
        for (at, _) in code.match_indices(&path) {
            let before = code[..at].chars().next_back().unwrap_or(' ');
            let statement = code[..at].rsplit([';', '\n']).next().unwrap_or("");
            if !is_word(before) && before != ':' && !statement.contains("crate::") {
                wrong.push((format!("{room} names the crate {tenant}, which lives in {}", homes.join(", ")), line_of(code, at)));
            }
        }
    }
    wrong
}

/// Functions as (name, first line, lines), by matching braces.
fn functions(code: &str) -> Vec<(String, usize, usize)> {
    let mut found = Vec::new();
    for (at, mark) in code.match_indices("fn ") {
        if code[..at].chars().next_back().is_some_and(is_word) {
            continue;
        }
        let name: String = code[at + mark.len()..].chars().take_while(|c| is_word(*c)).collect();
        let rest = &code[at..];
        let (Some(open), first) = (rest.find('{'), line_of(code, at)) else { continue };
        if name.is_empty() || rest.find(';').is_some_and(|s| s < open && !rest[..s].contains('[')) {
            continue;
        }
        let mut depth = 0;
        let close = rest[open..].char_indices().find(|(_, c)| {
            depth += i32::from(*c == '{') - i32::from(*c == '}');
            depth == 0
        });
        if let Some((end, _)) = close {
            found.push((name, first, rest[..open + end].matches('\n').count() + 1));
        }
    }
    found
}

fn hidden_state(code: &str) -> Vec<usize> {
    let is_static = |l: &str| l.contains("static ") && !l.contains("&'static ") && !l.contains("'static ");
    let bad = |l: &str| {
        l.contains("static mut ")
            || l.contains("thread_local!")
            || l.contains("lazy_static!")
            || (is_static(l) && CELLS.iter().any(|c| l.contains(c)))
    };
    code.lines().enumerate().filter(|(_, l)| bad(l)).map(|(i, _)| i + 1).collect()
}

fn files(dir: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    let mut paths: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// (path relative to the package, its text) of every Rust file under these folders.
fn sources(dirs: &[&str]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    dirs.iter().for_each(|d| files(&root().join(d), &mut found));
    assert!(!found.is_empty(), "no sources under {dirs:?}");
    found.into_iter().map(|p| (p.strip_prefix(root()).unwrap().to_path_buf(), std::fs::read_to_string(&p).unwrap())).collect()
}

/// The room a file of `src` belongs to; "" for `lib.rs`, `main.rs` and what stands beside the rooms.
fn room_of(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|c| c.as_os_str().to_string_lossy().into_owned()).collect();
    if parts.len() > 2 { parts[1].clone() } else { String::new() }
}

/// How many modules down from the crate's root a file of `src` is.
fn depth_of(path: &Path) -> usize {
    path.components().count() - 1 - usize::from(path.ends_with("mod.rs"))
}

fn is_test_file(path: &Path) -> bool {
    path.components().any(|c| c.as_os_str() == "tests") || path.file_stem().is_some_and(|s| s.to_string_lossy().ends_with("tests"))
}

/// Fails with every finding at once, one a line.
fn none_of(rule: &str, findings: Vec<String>) {
    let mut text = String::new();
    findings.iter().for_each(|f| writeln!(text, "  {f}").unwrap());
    assert!(findings.is_empty(), "{rule}:\n{text}");
}

#[test]
fn every_room_opens_only_its_own_doors_and_names_only_its_own_tenants() {
    let all = sources(&["src"]);
    let mut rooms: Vec<String> = all.iter().map(|(p, _)| room_of(p)).filter(|r| !r.is_empty()).collect();
    rooms.dedup();
    let mut findings: Vec<String> = Vec::new();
    for (path, source) in all.iter().filter(|(p, _)| !is_test_file(p)) {
        let (room, code) = (room_of(path), code_of(source));
        if room.is_empty() {
            continue;
        }
        let mut wrong = wrong_doors(&room, depth_of(path), &rooms, product(&code));
        wrong.extend(wrong_tenants(&room, product(&code)));
        findings.extend(wrong.into_iter().map(|(what, line)| format!("{}:{line}: {what}", path.display())));
    }
    let unlisted = rooms.iter().filter(|r| !DOORS.iter().any(|(d, _)| d == r));
    findings.extend(unlisted.map(|r| format!("src/{r}: a room without a line in the doors table")));
    none_of("a door that is not in the plan", findings);
}

#[test]
fn every_file_says_what_it_is_for_and_can_be_read_in_one_sitting() {
    let mut findings = Vec::new();
    for (path, source) in sources(&["src", "tests", "benches"]) {
        let heading: String = source.lines().take_while(|l| l.starts_with("//!")).collect();
        let lines = source.lines().count();
        if heading.is_empty() {
            findings.push(format!("{}: does not open with //!", path.display()));
        }
        if lines > FILE_LINES && !heading.contains("table") {
            findings.push(format!("{}: {lines} lines, more than {FILE_LINES}, and its //! does not call it a table", path.display()));
        }
        // A test's list of cases is a table; a decision is product code.
        let code = if is_test_file(&path) { String::new() } else { code_of(&source) };
        let long = functions(product(&code)).into_iter().filter(|(_, _, n)| *n > FUNCTION_LINES);
        findings
            .extend(long.map(|(name, line, n)| format!("{}:{line}: fn {name} has {n} lines, more than {FUNCTION_LINES}", path.display())));
    }
    none_of("too much for one sitting", findings);
}

#[test]
fn no_hollow_name_no_stray_output_no_hidden_state() {
    let mut findings = Vec::new();
    for (path, source) in sources(&["src"]) {
        let code = code_of(&source);
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let folder = path.parent().and_then(Path::file_name).map(|f| f.to_string_lossy().into_owned()).unwrap_or_default();
        let inline = code.lines().filter_map(|l| l.trim().trim_start_matches("pub ").strip_prefix("mod "));
        let modules = inline.map(|m| m.chars().take_while(|c| is_word(*c)).collect::<String>());
        let hollow = [stem, folder].into_iter().chain(modules).filter(|n| HOLLOW.contains(&n.as_str()));
        findings.extend(hollow.map(|n| format!("{}: the name `{n}` says nothing", path.display())));
        for banned in BANNED_MACROS {
            let hits = code.match_indices(banned).filter(|(at, _)| !code[..*at].chars().next_back().is_some_and(is_word));
            findings.extend(hits.map(|(at, _)| format!("{}:{}: {banned}", path.display(), line_of(&code, at))));
        }
        let state = if is_test_file(&path) { "" } else { product(&code) };
        findings.extend(hidden_state(state).into_iter().map(|l| format!("{}:{l}: a global that holds state", path.display())));
    }
    none_of("not in this house", findings);
}

#[test]
fn the_scanner_sees_doors_in_paths_and_groups_but_not_in_comments_or_strings() {
    let code = code_of(
        "use crate::{domain::{Day, Kind}, store};\n// crate::tui\nlet s = \"crate::tui\"; let r = r#\"crate::tui\"#;\nfn f<'a>() { crate::ops::request::x('\"'); crate::ops::writer::y() }\n",
    );
    let seen: Vec<(String, usize)> = doors_opened(2, &code).into_iter().map(|(_, deep, line)| (deep, line)).collect();
    let expected = [("domain::", 1), ("store::", 1), ("ops::request", 4), ("ops::writer", 4)];
    assert_eq!(seen, expected.map(|(d, l)| (d.to_string(), l)));
}

#[test]
fn a_wrong_door_and_a_stray_tenant_are_named_with_their_line() {
    let rooms: Vec<String> = ["domain", "ops", "store", "tui"].map(String::from).to_vec();
    let wrong =
        wrong_doors("tui", 2, &rooms, "use crate::domain::Day;\nuse crate::ops::request::Request;\nuse crate::ops::writer::Writer;\n");
    assert_eq!(wrong, vec![("tui opens ops (ops::writer)".to_string(), 3)]);
    assert_eq!(wrong_doors("tui", 2, &rooms, "use super::store;\nuse super::super::store::Store;").first().map(|w| w.1), Some(2));
    assert_eq!((depth_of(Path::new("src/tui/mod.rs")), depth_of(Path::new("src/tui/pane/list.rs"))), (1, 3));
    assert!(wrong_doors("cli", 2, &rooms, "crate::store::open()").is_empty());
    assert_eq!(wrong_tenants("ops", "\nlet db = sled::open(p);").first().map(|w| w.1), Some(2));
    assert!(wrong_tenants("ops", "use crate::exchange::{csv::Reader}; my_sled::x()").is_empty());
    assert!(wrong_tenants("store", "sled::open(p)").is_empty());
}

#[test]
fn test_modules_are_not_product_and_statics_with_cells_are_state() {
    assert_eq!(product("a\n#[cfg(test)]\n#[allow(x)]\nmod tests { b }").trim(), "a");
    assert_eq!(product("#[cfg(test)]\nfn probe() {}\nrest"), "#[cfg(test)]\nfn probe() {}\nrest");
    assert_eq!(
        hidden_state("static A: &[u8] = &[];\nstatic B: Mutex<u8> = x;\nfn f(s: &'static Mutex<u8>) {}\nstatic mut C: u8 = 0;"),
        vec![2, 4]
    );
}

#[test]
fn functions_are_measured_from_their_first_line_to_their_brace() {
    let code = "trait T { fn none(&self) -> [u8; 2]; }\nfn one() { if x { y } }\nfn three(a: [u8; 3])\n{\n}\n";
    let seen: Vec<(String, usize)> = functions(&code_of(code)).into_iter().filter(|(n, ..)| n != "none").map(|(n, _, l)| (n, l)).collect();
    assert_eq!(seen, vec![("one".to_string(), 1), ("three".to_string(), 3)]);
}
