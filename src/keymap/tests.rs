//! What the shipped keymaps hold, what resolves to what, and what a bad map is told.

#![allow(clippy::unwrap_used, clippy::panic)]
//! Keymap tests.

use super::map::written;
use super::*;
use crate::command::{self, CommandId, Scope};
use std::collections::BTreeSet;

fn keys(text: &str) -> Vec<Key> {
    text.split_whitespace().map(|k| Key::parse(k).unwrap()).collect()
}

fn shipped(name: &str) -> Keymap {
    Keymap::load(&SHIPPED, name).unwrap_or_else(|e| panic!("{name}: {e:#?}"))
}

fn run(map: &Keymap, scopes: &[Scope], typed: &str) -> Option<&'static str> {
    match map.resolve(scopes, &keys(typed), false) {
        Resolved::Command(call) => Some(command::spec(call.command).id),
        _ => None,
    }
}

const LIST: &[Scope] = &[Scope::List, Scope::Global];
const PROFILE: &[Scope] = &[Scope::Profile, Scope::Global];
const BOX: &[Scope] = &[Scope::SearchBox, Scope::Global];
const POPUP: &[Scope] = &[Scope::Popup, Scope::Profile, Scope::Global];

#[test]
fn every_shipped_keymap_loads_without_errors_and_warnings() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/keymaps");
    let mut files: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned()).collect();
    files.sort();
    let mut known: Vec<&str> = SHIPPED.iter().map(|s| s.name).collect();
    known.sort_unstable();
    assert_eq!(files, known);
    for source in SHIPPED {
        assert_eq!(shipped(source.name).warnings(), [], "{}", source.name);
    }
}

#[test]
fn the_default_keys_are_those_of_the_journeys() {
    let map = shipped("default");
    for (scopes, typed, id) in [
        (BOX, "esc", "search.leave"),
        (BOX, "tab", "search.leave"),
        (BOX, "enter", "customer.open"),
        (BOX, "ctrl-n", "customer.new"),
        (BOX, "ctrl-g s", "go.search"),
        (BOX, "ctrl-z", "change.undo"),
        (BOX, "ctrl-l", "app.redraw"),
        (LIST, "enter", "customer.open"),
        (LIST, "esc", "app.back"),
        (LIST, "/", "search.focus"),
        (LIST, "j", "list.next"),
        (LIST, "down", "list.next"),
        (LIST, "k", "list.prev"),
        (LIST, "l", "followup.log"),
        (LIST, "a", "task.add"),
        (LIST, "t", "tag.add"),
        (LIST, "g s", "go.search"),
        (LIST, "g g", "list.first"),
        (LIST, "?", "app.help"),
        (LIST, ":", "app.palette"),
        (LIST, "q", "app.quit"),
        (LIST, "ctrl-q", "app.quit"),
        (LIST, "ctrl-c ctrl-c", "app.quit"),
        (PROFILE, "]", "result.next"),
        (PROFILE, "[", "result.prev"),
        (PROFILE, "1", "profile.tab.1"),
        (PROFILE, "2", "profile.tab.2"),
        (PROFILE, "3", "profile.tab.3"),
        (PROFILE, "y p", "copy.phone"),
        (PROFILE, "u", "change.undo"),
        (PROFILE, "ctrl-r", "change.redo"),
        (PROFILE, "esc", "app.back"),
        (PROFILE, "e", "customer.edit"),
        (POPUP, "enter", "popup.accept"),
        (POPUP, "tab", "popup.next-field"),
        (POPUP, "shift-tab", "popup.prev-field"),
        (POPUP, "ctrl-j", "popup.newline"),
        (POPUP, "esc", "popup.cancel"),
        (POPUP, "ctrl-z", "change.undo"),
    ] {
        assert_eq!(run(&map, scopes, typed), Some(id), "{typed}");
    }
}

#[test]
fn while_text_is_taken_a_printable_key_is_text_and_nothing_else() {
    let map = shipped("default");
    for c in ['q', '?', ':', 'u', '/', ' ', '张', '：', '１'] {
        assert_eq!(map.resolve(BOX, &[Key::char(c)], true), Resolved::Text(c));
    }
    assert!(matches!(map.resolve(BOX, &keys("ctrl-g"), true), Resolved::Pending(_)));
    assert!(matches!(map.resolve(BOX, &keys("ctrl-g s"), true), Resolved::Command(_)));
    assert!(matches!(map.resolve(BOX, &keys("enter"), true), Resolved::Command(_)));
}

#[test]
fn full_width_keys_act_as_half_width_where_no_text_is_taken() {
    let map = shipped("default");
    for (c, id) in [
        ('：', "app.palette"),
        ('／', "search.focus"),
        ('、', "search.focus"),
        ('？', "app.help"),
        ('】', "result.next"),
        ('【', "result.prev"),
        ('ｌ', "followup.log"),
        ('１', "profile.tab.1"),
        ('　', "profile.scroll.page-down"),
    ] {
        let Resolved::Command(call) = map.resolve(PROFILE, &[Key::char(c)], false) else { panic!("{c}") };
        assert_eq!(command::spec(call.command).id, id, "{c}");
    }
}

#[test]
fn a_prefix_offers_what_goes_on_from_every_scope_and_the_inner_meaning_wins() {
    let map = shipped("default");
    let Resolved::Pending(hints) = map.resolve(LIST, &keys("g"), false) else { panic!("g begins something") };
    let offered: Vec<String> = hints.iter().map(|h| h.key.to_string()).collect();
    for key in ["g", "s", "p", "h"] {
        assert!(offered.contains(&key.to_string()), "{offered:?}");
    }
    assert_eq!(map.resolve(LIST, &keys("g z"), false), Resolved::None);
    assert_eq!(run(&map, &[Scope::Help, Scope::Global], "q"), Some("app.back"));
}

#[test]
fn every_command_has_a_key_that_any_terminal_sends() {
    for name in ["default", "vim", "emacs"] {
        let map = shipped(name);
        for spec in command::all() {
            let mut scopes = spec.scopes.to_vec();
            scopes.push(Scope::Global);
            scopes.dedup();
            let plain = map.keys_for(spec.command, &scopes).into_iter().any(|k| k.iter().all(|k| k.reach() == Reach::Plain));
            assert!(plain, "{name}: {}", spec.id);
        }
    }
}

/// On a phone's keyboard there may be no Ctrl: what is done outside of text fields needs none.
#[test]
fn outside_of_text_every_command_but_redraw_and_redo_needs_no_ctrl() {
    let map = shipped("default");
    let needs_ctrl: Vec<&str> = command::all()
        .filter(|s| s.scopes.iter().any(|sc| !sc.takes_text()))
        .filter(|s| {
            let scopes: Vec<Scope> = s.scopes.iter().copied().chain([Scope::Global, Scope::List]).filter(|s| !s.takes_text()).collect();
            !map.keys_for(s.command, &scopes).iter().any(|k| k.iter().all(|k| !k.ctrl))
        })
        .map(|s| s.id)
        .collect();
    // Both are in the palette, which `:` opens.
    assert_eq!(needs_ctrl, ["app.redraw", "change.redo"]);
}

#[test]
fn the_reverse_look_up_lists_inner_scopes_and_short_keys_first() {
    let map = shipped("default");
    let shown = |id: CommandId, scopes: &[Scope]| map.keys_for(id, scopes).iter().map(|k| written(k)).collect::<Vec<_>>();
    assert_eq!(shown(CommandId::CustomerNew, LIST), ["ctrl-n", "g n", "ctrl-g n"]);
    assert_eq!(shown(CommandId::Back, &[Scope::Help, Scope::Global]), ["?", "q", "esc"]);
    assert_eq!(shown(CommandId::CopyPhone, PROFILE), ["y p"]);
    assert_eq!(shown(CommandId::PopupNewline, LIST), Vec::<String>::new());
}

#[test]
fn a_users_file_changes_and_unbinds_and_keeps_the_rest() {
    let text = "[scope.list]\n\"x\" = \"followup.log\"\n\"l\" = false\n\"f1\" = \"list.next\"\n";
    let map = Keymap::with_user(Source { name: "my.toml", text }).unwrap();
    assert_eq!(run(&map, LIST, "x"), Some("followup.log"));
    assert_eq!(run(&map, LIST, "l"), None);
    assert_eq!(run(&map, LIST, "j"), Some("list.next"));
    assert_eq!(map.warnings(), [], "the same command has a plain key as well");
}

#[test]
fn a_binding_may_carry_arguments() {
    let text = "[scope.list]\n\"V\" = \"tag.add key account\"\n";
    let map = Keymap::with_user(Source { name: "my.toml", text }).unwrap();
    let Resolved::Command(call) = map.resolve(LIST, &keys("V"), false) else { panic!() };
    assert_eq!(call.args.text("tag"), Some("key account"));
}

/// Each bad map with its findings, as they are printed.
#[test]
fn every_mistake_is_reported_at_once_with_line_and_nearest_match() {
    let text = r#"
[meta]
extends = "default"
colour = "red"

[scope.list]
"x" = "followup.lgo"
"entre" = "customer.open"
"ctrl-i" = "list.next"
"ctrl-enter" = "list.next"
"ctrl-1" = "list.next"
"X" = 7
"?" = "app.help"
"？" = "app.palette"
"y" = "copy.phone"
"z" = "app.language fr"
"w" = "profile.tab.1"
"" = "app.help"

[scope.lsit]
"a" = "task.add"

[scope.search-box]
"w" = "search.clear"

[keys]
"#;
    let found: Vec<String> = Keymap::with_user(Source { name: "my.toml", text }).unwrap_err().iter().map(Lint::to_string).collect();
    let expected = [
        "my.toml:4: unknown entry `colour` in [meta]; it may hold `name` and `extends`",
        "my.toml:7: unknown command `followup.lgo` for \"x\"; did you mean `followup.log`?",
        "my.toml:8: unknown key `entre` in \"entre\"; did you mean `enter`?",
        "my.toml:9: a plain terminal sends `ctrl-i` as `tab`; choose another key",
        "my.toml:10: a plain terminal sends `ctrl-enter` as `enter`; choose another key",
        "my.toml:11: a plain terminal cannot send `ctrl-1`; choose another key",
        "my.toml:12: \"X\" must be bound to a command in quotes, or to false to unbind it",
        "my.toml:14: \"?\" is bound twice in list: the other one is on line 13",
        "my.toml:15: \"y\" in list is the beginning of \"y c\", which could never be typed; unbind one with false",
        "my.toml:16: `app.language` for \"z\" does not take `fr`; it takes: en, zh",
        "my.toml:17: `profile.tab.1` does not apply in list; it works in: profile",
        "my.toml:18: a binding needs at least one key",
        "my.toml:20: unknown scope `lsit`; did you mean `list`?",
        "my.toml:24: \"w\" in search-box is never reached: text is typed there",
        "my.toml:26: unknown table `keys`; a keymap has [meta] and [scope.NAME]",
    ];
    let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(found, expected.into_iter().collect());
}

#[test]
fn what_is_doubtful_is_a_warning_and_works() {
    let text = "[scope.list]\n\"alt-x\" = \"search.focus\"\n\"g\" = false\n[scope.profile]\n\"f2\" = \"app.language en\"\n\"ctrl-g\" = \"app.help\"\n";
    let map = Keymap::with_user(Source { name: "my.toml", text }).unwrap();
    let warnings: Vec<String> = map.warnings().iter().map(Lint::to_string).collect();
    assert_eq!(
        warnings,
        [
            "my.toml:3: \"g\" unbinds nothing in list",
            "my.toml:6: \"ctrl-g\" in profile hides \"ctrl-g :\" of global there",
            "my.toml:5: `f2` does not arrive on every terminal; bind another key to the same command as well",
        ]
    );
    assert!(matches!(map.resolve(PROFILE, &keys("f2"), false), Resolved::Command(_)));
}

#[test]
fn a_chain_of_files_that_breaks_or_bites_its_tail_is_said() {
    let circle = [
        Source { name: "default", text: "" },
        Source { name: "a", text: "[meta]\nextends = \"b\"" },
        Source { name: "b", text: "[meta]\nextends = \"a\"" },
    ];
    assert_eq!(Keymap::load(&circle, "a").unwrap_err()[0].to_string(), "b:2: extends itself through `a`");
    let lost = Keymap::with_user(Source { name: "my.toml", text: "[meta]\nextends = \"vmi\"" }).unwrap_err();
    assert_eq!(lost[0].to_string(), "my.toml:2: extends `vmi`, which is none of: my.toml, default, vim, emacs");
    let torn = Keymap::with_user(Source { name: "my.toml", text: "[scope.list\n\"x\" = " }).unwrap_err();
    assert!(torn.iter().any(|l| l.line == 1 && l.to_string().contains("not a keymap file")), "{torn:?}");
}

mod laws {
    use super::super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_file_makes_it_fall_over(text in "(\\[scope\\.(list|global)\\]\n)?(\"\\PC{0,6}\" = (\"\\PC{0,12}\"|false|7)\n){0,4}\\PC{0,10}") {
            let _ = Keymap::with_user(Source { name: "my.toml", text: &text });
        }
    }
}
