//! What can only be seen once all files are laid over one another: prefixes, hidden and unreachable bindings.

use super::key::{Key, Reach};
use super::lint::{Lint, Problem};
use super::load::{Place, Placed};
use super::map::written;
use crate::command::Scope;

/// Adds a finding for every binding that can never be typed, is typed as text, hides another or is not sent everywhere.
pub(super) fn check(placed: &Placed, names: &[&str], findings: &mut Vec<Lint>) {
    for ((scope, keys), place) in placed {
        let mut find = |problem| {
            let file = names.get(place.file).copied().unwrap_or_default().to_string();
            findings.push(Lint { file, line: place.line, problem });
        };
        if let Some(longer) = longer(placed, *scope, keys) {
            find(Problem::Prefix { keys: written(keys), longer: written(longer), scope: scope.name().into() });
        }
        if scope.takes_text() && keys.first().is_some_and(|k| k.text().is_some()) {
            find(Problem::TypedThere { keys: written(keys), scope: scope.name().into() });
        }
        if let Some(key) = keys.iter().find(|k| k.reach() == Reach::Some)
            && !reachable(placed, *scope, place)
        {
            find(Problem::RareKey { key: key.to_string() });
        }
        if let Some(hidden) = hidden(placed, *scope, keys) {
            find(Problem::Hides { keys: written(keys), scope: scope.name().into(), hidden: written(hidden) });
        }
    }
}

/// The next binding of the scope that begins with these keys. Keys are sorted, so it stands right behind.
fn longer<'p>(placed: &'p Placed, scope: Scope, keys: &[Key]) -> Option<&'p Vec<Key>> {
    let from = (scope, keys.to_vec());
    let ((next_scope, next), _) = placed.range((std::ops::Bound::Excluded(from), std::ops::Bound::Unbounded)).next()?;
    (*next_scope == scope && next.starts_with(keys)).then_some(next)
}

/// The same command has keys, in this scope or everywhere, that every terminal sends.
fn reachable(placed: &Placed, scope: Scope, place: &Place) -> bool {
    placed.iter().any(|((s, keys), other)| {
        (*s == scope || *s == Scope::Global) && other.call == place.call && keys.iter().all(|k| k.reach() == Reach::Plain)
    })
}

/// A binding of `global` that these keys keep from being typed in their scope.
fn hidden<'p>(placed: &'p Placed, scope: Scope, keys: &[Key]) -> Option<&'p Vec<Key>> {
    if scope == Scope::Global {
        return None;
    }
    placed
        .keys()
        .filter(|(s, _)| *s == Scope::Global)
        .map(|(_, global)| global)
        .find(|global| global.len() != keys.len() && (global.starts_with(keys) || keys.starts_with(global)))
}
