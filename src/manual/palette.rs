//! Rows of the palette: every command that fits what is typed, by title in either language, id or alias.

use super::overlay::keys_here;
use super::shown::key_list;
use crate::command::{self, Args, CommandId, CommandSpec, Here};
use crate::domain::fold::fold;
use crate::keymap::Keymap;
use crate::text::{Lang, label, say};

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaletteRow {
    /// Which command.
    pub command: CommandId,
    /// Its id, as the line takes it.
    pub id: &'static str,
    /// Its title.
    pub title: String,
    /// Its sentence.
    pub doc: String,
    /// Its keys, once the palette is closed.
    pub keys: String,
    /// Why it does not apply; such rows come last.
    pub why_not: Option<String>,
}

/// The rows for what is typed (everything for ""). `here` is the place the palette was opened from. Best fit first: begins
/// so, then has a word that begins so, then contains it; of equals those that apply here.
pub fn palette(typed: &str, map: &Keymap, here: &Here, lang: Lang) -> Vec<PaletteRow> {
    let typed = fold(typed);
    let mut rows: Vec<(bool, u8, PaletteRow)> = Vec::new();
    for spec in command::all() {
        let Some(rank) = rank(spec, &typed) else { continue };
        let why_not = here.why_not(spec, &Args::default()).map(|why| say(lang, &why));
        let row = PaletteRow {
            command: spec.command,
            id: spec.id,
            title: label(lang, &format!("command.{}", spec.id)).to_string(),
            doc: label(lang, &format!("command.{}.doc", spec.id)).to_string(),
            keys: key_list(&keys_here(map, here, spec.command), 2),
            why_not,
        };
        rows.push((row.why_not.is_some(), rank, row));
    }
    rows.sort_by_key(|(greyed, rank, _)| (*greyed, *rank));
    rows.into_iter().map(|(_, _, row)| row).collect()
}

fn rank(spec: &CommandSpec, typed: &str) -> Option<u8> {
    let code = format!("command.{}", spec.id);
    let titles = [label(Lang::En, &code), label(Lang::Zh, &code)].map(fold);
    let names = titles.iter().map(String::as_str).chain([spec.id]).chain(spec.aliases.iter().copied());
    names
        .filter_map(|name| match name.find(typed) {
            Some(0) => Some(0),
            Some(_) if name.split([' ', '.', '-']).any(|word| word.starts_with(typed)) => Some(1),
            Some(_) => Some(2),
            None => None,
        })
        .min()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::command::{Condition, Conditions, Scope};
    use crate::domain::Role;

    #[test]
    fn a_command_is_found_by_title_in_either_language_by_id_and_by_alias() {
        let map = Keymap::shipped("default").unwrap();
        let here = Here { scopes: vec![Scope::Profile, Scope::Global], held: Conditions::of(Condition::ALL), role: Role::Admin };
        let first = |typed: &str| palette(typed, &map, &here, Lang::En).first().map(|r| (r.id, r.keys.clone()));
        assert_eq!(first("log"), Some(("followup.log", "l".into())));
        assert_eq!(first("跟进"), Some(("followup.log", "l".into())));
        assert_eq!(first("UNDO"), Some(("change.undo", "u, Ctrl-Z".into())));
        assert_eq!(first("copy.e"), Some(("copy.email", "y e".into())));
        assert_eq!(first("xyzzy"), None);
        assert_eq!(palette("", &map, &here, Lang::En).len(), command::all().count());
        let last = palette("page", &map, &here, Lang::En).pop().unwrap();
        assert!(last.why_not.is_some(), "what does not apply comes last");
    }
}
