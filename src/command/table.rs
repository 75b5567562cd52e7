//! Every command, by area, in the order help shows them.

use super::condition::Condition as N;
use super::spec::{ArgKind, ArgSpec, CommandId as C, CommandSpec, Scope};
use crate::domain::Right;

const ANYWHERE: &[Scope] = &[Scope::Global];
const BOX: &[Scope] = &[Scope::SearchBox];
const IN_LISTS: &[Scope] = &[Scope::List, Scope::SearchBox, Scope::Palette, Scope::History, Scope::Popup, Scope::Ask];
const ON_HITS: &[Scope] = &[Scope::Profile, Scope::List, Scope::SearchBox];
const ON_CUSTOMER: &[Scope] = &[Scope::List, Scope::Profile, Scope::SearchBox];
const IN_PROFILE: &[Scope] = &[Scope::Profile];
const IN_POPUP: &[Scope] = &[Scope::Popup, Scope::Palette, Scope::Ask];
const IN_HELP: &[Scope] = &[Scope::Help];

const WHO: ArgSpec = ArgSpec { name: "customer", kind: ArgKind::Customer, optional: true };
const FIELD: ArgSpec = ArgSpec { name: "field", kind: ArgKind::Field, optional: true };
const VALUE: ArgSpec = ArgSpec { name: "value", kind: ArgKind::Text, optional: true };
const NAME: ArgSpec = ArgSpec { name: "name", kind: ArgKind::Text, optional: true };
const TAG: ArgSpec = ArgSpec { name: "tag", kind: ArgKind::Tag, optional: false };
const ABOUT: ArgSpec = ArgSpec { name: "about", kind: ArgKind::Text, optional: true };
const WORDS: ArgSpec = ArgSpec { name: "words", kind: ArgKind::Text, optional: true };
const SEQ: ArgSpec = ArgSpec { name: "seq", kind: ArgKind::Number, optional: true };
const LANG: ArgSpec = ArgSpec { name: "lang", kind: ArgKind::Choice(&["en", "zh"]), optional: true };

const fn c(command: C, id: &'static str, scopes: &'static [Scope]) -> CommandSpec {
    CommandSpec { command, id, aliases: &[], scopes, args: &[], needs: &[], right: Right::Read }
}

static APP: &[CommandSpec] = &[
    c(C::Help, "app.help", ANYWHERE).also(&["help"]),
    c(C::Palette, "app.palette", ANYWHERE),
    c(C::Back, "app.back", ANYWHERE).also(&["back"]),
    c(C::Redraw, "app.redraw", ANYWHERE).also(&["redraw"]),
    c(C::Language, "app.language", ANYWHERE).takes(&[LANG]).also(&["lang", "language"]),
    c(C::Quit, "app.quit", ANYWHERE).also(&["q", "quit", "exit"]),
    c(C::GoSearch, "go.search", ANYWHERE),
    c(C::GoProfile, "go.profile", ANYWHERE).needs(&[N::CustomerChosen]),
    c(C::GoHistory, "go.history", ANYWHERE).takes(&[WHO]).also(&["history"]),
];

static SEARCH: &[CommandSpec] = &[
    c(C::SearchFocus, "search.focus", ANYWHERE).takes(&[WORDS]).also(&["find"]),
    c(C::SearchLeave, "search.leave", BOX),
    c(C::SearchClear, "search.clear", BOX).needs(&[N::SearchTyped]),
    c(C::ListNext, "list.next", IN_LISTS).needs(&[N::ListNotEmpty]),
    c(C::ListPrev, "list.prev", IN_LISTS).needs(&[N::ListNotEmpty]),
    c(C::ListPageDown, "list.page-down", IN_LISTS).needs(&[N::ListNotEmpty]),
    c(C::ListPageUp, "list.page-up", IN_LISTS).needs(&[N::ListNotEmpty]),
    c(C::ListFirst, "list.first", IN_LISTS).needs(&[N::ListNotEmpty]),
    c(C::ListLast, "list.last", IN_LISTS).needs(&[N::ListNotEmpty]),
    c(C::ResultNext, "result.next", ON_HITS).needs(&[N::ListNotEmpty]),
    c(C::ResultPrev, "result.prev", ON_HITS).needs(&[N::ListNotEmpty]),
];

static CUSTOMER: &[CommandSpec] = &[
    c(C::CustomerOpen, "customer.open", &[Scope::List, Scope::SearchBox, Scope::History])
        .takes(&[WHO])
        .needs(&[N::CustomerChosen])
        .also(&["open"]),
    c(C::CustomerEdit, "customer.edit", ON_CUSTOMER).takes(&[FIELD, VALUE]).needs(&[N::CustomerChosen]).writes().also(&["edit", "set"]),
    c(C::CustomerNew, "customer.new", ANYWHERE).takes(&[NAME]).writes().also(&["new"]),
    c(C::LogFollowUp, "followup.log", ON_CUSTOMER).takes(&[WHO]).needs(&[N::CustomerChosen]).writes().also(&["log"]),
    c(C::AddTask, "task.add", ON_CUSTOMER).takes(&[ABOUT]).needs(&[N::CustomerChosen]).writes().also(&["task"]),
    c(C::AddTag, "tag.add", ON_CUSTOMER).takes(&[TAG]).needs(&[N::CustomerChosen]).writes().also(&["tag"]),
    c(C::RemoveTag, "tag.remove", ON_CUSTOMER).takes(&[TAG]).needs(&[N::CustomerChosen]).writes().also(&["untag"]),
    c(C::CopyPhone, "copy.phone", ON_CUSTOMER).needs(&[N::CustomerChosen, N::HasPhone]),
    c(C::CopyEmail, "copy.email", ON_CUSTOMER).needs(&[N::CustomerChosen, N::HasEmail]),
    c(C::CopyCard, "copy.card", ON_CUSTOMER).needs(&[N::CustomerChosen]),
    c(C::Undo, "change.undo", ANYWHERE).takes(&[SEQ]).needs(&[N::HasUndo]).writes().also(&["undo"]),
    c(C::Redo, "change.redo", ANYWHERE).needs(&[N::HasRedo]).writes().also(&["redo"]),
];

static PROFILE: &[CommandSpec] = &[
    c(C::ProfileTab1, "profile.tab.1", IN_PROFILE).also(&["summary"]),
    c(C::ProfileTab2, "profile.tab.2", IN_PROFILE).also(&["timeline"]),
    c(C::ProfileTab3, "profile.tab.3", IN_PROFILE).also(&["orders"]),
    c(C::ProfileTabNext, "profile.tab.next", IN_PROFILE),
    c(C::ProfileTabPrev, "profile.tab.prev", IN_PROFILE),
    c(C::ProfileScrollDown, "profile.scroll.down", IN_PROFILE),
    c(C::ProfileScrollUp, "profile.scroll.up", IN_PROFILE),
    c(C::ProfilePageDown, "profile.scroll.page-down", IN_PROFILE),
    c(C::ProfilePageUp, "profile.scroll.page-up", IN_PROFILE),
    c(C::ProfileTop, "profile.scroll.top", IN_PROFILE),
    c(C::ProfileBottom, "profile.scroll.bottom", IN_PROFILE),
];

static LAYERS: &[CommandSpec] = &[
    c(C::PopupAccept, "popup.accept", IN_POPUP),
    c(C::PopupNextField, "popup.next-field", IN_POPUP),
    c(C::PopupPrevField, "popup.prev-field", IN_POPUP),
    c(C::PopupNewline, "popup.newline", &[Scope::Popup]).needs(&[N::TextField]),
    c(C::PopupCancel, "popup.cancel", IN_POPUP),
    c(C::HelpScrollDown, "help.scroll.down", IN_HELP),
    c(C::HelpScrollUp, "help.scroll.up", IN_HELP),
    c(C::HelpPageDown, "help.scroll.page-down", IN_HELP),
    c(C::HelpPageUp, "help.scroll.page-up", IN_HELP),
    c(C::HelpTop, "help.scroll.top", IN_HELP),
    c(C::HelpBottom, "help.scroll.bottom", IN_HELP),
];

/// Every command in the order help shows them.
pub fn all() -> impl Iterator<Item = &'static CommandSpec> {
    [APP, SEARCH, CUSTOMER, PROFILE, LAYERS].into_iter().flatten()
}

/// The row of a command.
pub fn spec(command: C) -> &'static CommandSpec {
    // A test holds that every command has its row, so the fallback is never taken.
    all().find(|s| s.command == command).unwrap_or(&APP[0])
}

/// The command of that id or alias, case and surrounding spaces apart.
pub fn named(word: &str) -> Option<&'static CommandSpec> {
    let word = word.trim().to_lowercase();
    all().find(|s| s.id == word).or_else(|| all().find(|s| s.aliases.contains(&word.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_command_has_exactly_one_row() {
        // `HelpBottom` is the last variant: as many rows as variants, and no variant twice.
        let seen: BTreeSet<C> = all().map(|s| s.command).collect();
        assert_eq!(seen.len(), all().count());
        assert_eq!(seen.len(), C::HelpBottom as usize + 1);
    }

    #[test]
    fn ids_are_area_and_verb_and_collide_with_no_alias() {
        let mut words = BTreeSet::new();
        for s in all() {
            assert!(s.id.contains('.'), "{}", s.id);
            assert!(s.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-')), "{}", s.id);
            assert!(!s.scopes.is_empty(), "{}", s.id);
            for word in std::iter::once(&s.id).chain(s.aliases) {
                assert!(words.insert(*word), "{word} twice");
            }
        }
    }

    #[test]
    fn only_the_last_argument_may_take_the_rest_and_none_must_follow_an_optional_one() {
        for s in all() {
            for pair in s.args.windows(2) {
                assert!(!pair[0].kind.takes_rest(), "{}", s.id);
                assert!(!pair[0].optional || pair[1].optional, "{}", s.id);
            }
        }
    }

    #[test]
    fn what_writes_takes_the_right_to_write() {
        for id in ["followup.log", "task.add", "tag.add", "tag.remove", "customer.edit", "customer.new", "undo", "redo"] {
            assert_eq!(named(id).map(|s| s.right), Some(Right::Write), "{id}");
        }
    }
}
