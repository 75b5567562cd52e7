//! The `?` overlay: what applies here, by area, with its keys; then what does not, and why.

use super::shown::key_list;
use crate::command::{self, Args, CommandId, CommandSpec, Here};
use crate::keymap::{Key, Keymap};
use crate::text::{Lang, label, say};

/// One section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpSection {
    /// Its title.
    pub title: String,
    /// Its rows.
    pub rows: Vec<HelpRow>,
}

/// One command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpRow {
    /// Which.
    pub command: CommandId,
    /// Its keys here, `j, Down`; "" when only the palette has it.
    pub keys: String,
    /// Its title.
    pub title: String,
    /// Its sentence.
    pub doc: String,
    /// Why it does not apply here.
    pub why_not: Option<String>,
}

/// The sections of the overlay in this place. Commands without keys here are left to the palette.
pub fn overlay(map: &Keymap, here: &Here, lang: Lang) -> Vec<HelpSection> {
    let mut sections: Vec<(&str, HelpSection)> = Vec::new();
    let mut rest = Vec::new();
    for spec in command::all() {
        let row = row(map, here, spec, lang);
        if row.why_not.is_some() {
            rest.push(elsewhere(map, spec, row));
            continue;
        }
        if row.keys.is_empty() {
            continue;
        }
        let area = spec.area();
        match sections.iter_mut().find(|(a, _)| *a == area) {
            Some((_, section)) => section.rows.push(row),
            None => {
                let title = label(lang, &format!("area.{area}")).to_string();
                sections.push((area, HelpSection { title, rows: vec![row] }));
            }
        }
    }
    // What belongs to the innermost scope is what a person looks for first.
    let inner = here.scopes.first().copied();
    sections.sort_by_key(|(_, s)| !s.rows.iter().any(|r| inner.is_some_and(|i| command::spec(r.command).lives_in(i))));
    let mut out: Vec<HelpSection> = sections.into_iter().map(|(_, s)| s).collect();
    rest.retain(|r| !r.keys.is_empty());
    if !rest.is_empty() {
        out.push(HelpSection { title: label(lang, "manual.not-here").to_string(), rows: rest });
    }
    out
}

fn row(map: &Keymap, here: &Here, spec: &CommandSpec, lang: Lang) -> HelpRow {
    HelpRow {
        command: spec.command,
        keys: key_list(&keys_here(map, here, spec.command), 3),
        title: label(lang, &format!("command.{}", spec.id)).to_string(),
        doc: label(lang, &format!("command.{}.doc", spec.id)).to_string(),
        why_not: here.why_not(spec, &Args::default()).map(|why| say(lang, &why)),
    }
}

/// For a command of another place: the keys it has there.
fn elsewhere(map: &Keymap, spec: &CommandSpec, row: HelpRow) -> HelpRow {
    let keys = if row.keys.is_empty() { key_list(&map.keys_for(spec.command, spec.scopes), 3) } else { row.keys };
    HelpRow { keys, ..row }
}

/// The keys of a command that can be typed here: where text is taken, none that begins with a printable key.
pub(super) fn keys_here(map: &Keymap, here: &Here, command: CommandId) -> Vec<Vec<Key>> {
    let text = here.scopes.first().is_some_and(|s| s.takes_text());
    let mut keys = map.keys_for(command, &here.scopes);
    keys.retain(|k| !(text && k.first().is_some_and(|k| k.text().is_some())) && runs(map, here, k, command, text));
    keys
}

/// An inner scope may give the same keys another meaning.
fn runs(map: &Keymap, here: &Here, keys: &[Key], command: CommandId, text: bool) -> bool {
    matches!(map.resolve(&here.scopes, keys, text), crate::keymap::Resolved::Command(call) if call.command == command)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::command::{Condition, Conditions, Scope};
    use crate::domain::Role;

    fn here(scope: Scope, held: &[Condition], role: Role) -> Here {
        Here { scopes: vec![scope, Scope::Global], held: Conditions::of(held.iter().copied()), role }
    }

    fn find(sections: &[HelpSection], command: CommandId) -> HelpRow {
        sections.iter().flat_map(|s| &s.rows).find(|r| r.command == command).unwrap().clone()
    }

    #[test]
    fn help_shows_what_applies_here_and_why_the_rest_does_not() {
        let map = Keymap::shipped("default").unwrap();
        let on_customer = [Condition::CustomerChosen, Condition::ListNotEmpty];
        let sections = overlay(&map, &here(Scope::Profile, &on_customer, Role::Rep), Lang::En);
        let log = find(&sections, CommandId::LogFollowUp);
        assert_eq!((log.keys.as_str(), log.why_not), ("l", None));
        let phone = find(&sections, CommandId::CopyPhone);
        assert_eq!((phone.keys.as_str(), phone.why_not.as_deref()), ("y p", Some("the customer has no phone")));
        let down = find(&sections, CommandId::ListNext);
        assert_eq!((down.keys.as_str(), down.why_not.as_deref()), ("j, Down", Some("works in the list")));
        let undo = find(&overlay(&map, &here(Scope::List, &[], Role::Auditor), Lang::Zh), CommandId::Undo);
        assert_eq!(undo.why_not.as_deref(), Some("审计无权记录或修改"));
    }

    #[test]
    fn where_text_is_taken_no_printable_key_is_promised() {
        let map = Keymap::shipped("default").unwrap();
        let sections = overlay(&map, &here(Scope::SearchBox, &[Condition::HasUndo], Role::Rep), Lang::En);
        assert_eq!(find(&sections, CommandId::Undo).keys, "Ctrl-Z");
        assert_eq!(find(&sections, CommandId::Quit).keys, "Ctrl-Q, Ctrl-C Ctrl-C");
    }

    #[test]
    fn a_key_that_an_inner_scope_takes_for_itself_is_not_shown() {
        let map = Keymap::shipped("default").unwrap();
        let sections = overlay(&map, &here(Scope::Help, &[], Role::Rep), Lang::En);
        assert_eq!(find(&sections, CommandId::Quit).keys, "Ctrl-Q, Ctrl-C Ctrl-C");
        assert_eq!(find(&sections, CommandId::Back).keys, "?, q, Esc");
    }
}
