//! `guanxi help keys|commands|fields|formats`: pages of plain text.

use super::files::{KINDS, columns as file_columns, file_fields, holds};
use super::shown::{columns, key_list};
use crate::command::{self, ArgKind, ArgSpec, CommandSpec, Scope, condition::scope_code};
use crate::domain::{Dicts, Say};
use crate::keymap::Keymap;
use crate::text::{Lang, field_label, kind_label, label, say};

/// Every key of a map, by place.
pub fn help_keys(lang: Lang, map: &Keymap) -> String {
    let mut out = say(lang, &Say::new("manual.keys-intro").with("name", map.name()));
    out.push('\n');
    for scope in Scope::ALL {
        let rows = key_rows(map, scope, lang);
        if !rows.is_empty() {
            out.push_str(&format!("\n{}\n{}", label(lang, scope_code(scope)), columns(&rows, 2)));
        }
    }
    out
}

/// The commands bound in a scope: keys, title, sentence.
pub(super) fn key_rows(map: &Keymap, scope: Scope, lang: Lang) -> Vec<Vec<String>> {
    command::all()
        .filter_map(|spec| {
            let keys = key_list(&map.keys_for(spec.command, &[scope]), 9);
            (!keys.is_empty()).then(|| vec![keys, title(lang, spec), doc(lang, spec)])
        })
        .collect()
}

/// Every command with its arguments.
pub fn help_commands(lang: Lang) -> String {
    let mut out = format!("{}\n", label(lang, "manual.commands-intro"));
    let mut area = "";
    let mut rows = Vec::new();
    for spec in command::all() {
        if spec.area() != area {
            out.push_str(&columns(&rows, 2));
            rows.clear();
            area = spec.area();
            out.push_str(&format!("\n{}\n", label(lang, &format!("area.{area}"))));
        }
        rows.push(vec![usage(spec), doc(lang, spec)]);
    }
    out.push_str(&columns(&rows, 2));
    out
}

/// A command as it is written: `customer.edit [field] [value]`.
pub(super) fn usage(spec: &CommandSpec) -> String {
    let arg = |a: &ArgSpec| {
        let name = match a.kind {
            ArgKind::Choice(choices) => choices.join("|"),
            _ => a.name.to_string(),
        };
        if a.optional { format!(" [{name}]") } else { format!(" {}", name.to_uppercase()) }
    };
    let mut out = spec.id.to_string();
    out.extend(spec.args.iter().map(arg));
    out
}

/// Every field of every kind that files may hold.
pub fn help_fields(lang: Lang) -> String {
    let dicts = Dicts::default();
    let mut out = format!("{}\n", label(lang, "manual.fields-intro"));
    for kind in KINDS {
        out.push_str(&format!("\n{} ({})\n", kind_label(lang, kind, false), kind.plural()));
        let rows: Vec<Vec<String>> = file_fields(kind)
            .into_iter()
            .map(|f| {
                let heads: Vec<&str> = f.heads().collect();
                let mut row = vec![f.key.to_string(), field_label(lang, f.id).into_owned(), holds(f, &dicts, lang)];
                if !heads.is_empty() {
                    row.push(format!("{}: {}", label(lang, "manual.heads"), heads.join(", ")));
                }
                row
            })
            .collect();
        for row in rows {
            out.push_str(&field_lines(&row));
        }
    }
    out
}

/// One field: key and label on a line, then what it holds and its other heads, indented, for lists may be long.
fn field_lines(row: &[String]) -> String {
    let mut cells = row.iter();
    let (key, name) = (cells.next().map_or("", String::as_str), cells.next().map_or("", String::as_str));
    let mut out = if key == name { format!("  {key}") } else { format!("  {key}  {name}") };
    for cell in cells {
        out.push_str(&format!("\n      {cell}"));
    }
    out.push('\n');
    out
}

/// Every kind of file with its columns.
pub fn help_formats(lang: Lang) -> String {
    let rows: Vec<Vec<String>> = KINDS.iter().map(|k| vec![k.plural().to_string(), file_columns(*k).join(", ")]).collect();
    format!("{}\n\n{}", label(lang, "manual.formats-intro"), columns(&rows, 2))
}

pub(super) fn title(lang: Lang, spec: &CommandSpec) -> String {
    label(lang, &format!("command.{}", spec.id)).to_string()
}

pub(super) fn doc(lang: Lang, spec: &CommandSpec) -> String {
    label(lang, &format!("command.{}.doc", spec.id)).to_string()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_keys_lists_every_binding_of_the_map() {
        let map = Keymap::shipped("default").unwrap();
        for lang in [Lang::En, Lang::Zh] {
            let page = help_keys(lang, &map);
            for binding in map.bindings() {
                assert!(page.contains(&super::super::keys_shown(&binding.keys)), "{binding:?}");
            }
        }
        assert!(help_keys(Lang::Zh, &map).contains("记跟进"));
    }

    #[test]
    fn the_page_of_commands_lists_every_command_with_its_arguments() {
        let page = help_commands(Lang::En);
        for spec in command::all() {
            assert!(page.contains(spec.id), "{}", spec.id);
        }
        assert!(page.contains("  tag.add TAG"));
        assert!(page.contains("customer.edit [field] [value]"));
        assert!(page.contains("app.language [en|zh]"));
    }

    #[test]
    fn the_pages_of_fields_and_formats_list_every_column() {
        for kind in KINDS {
            for field in file_fields(kind) {
                assert!(help_fields(Lang::En).contains(&format!("  {}", field.key)), "{}", field.key);
            }
            assert!(help_formats(Lang::Zh).contains(&file_columns(kind).join(", ")), "{kind:?}");
        }
        assert!(help_fields(Lang::Zh).contains("  birth_date  生日"));
    }

    #[test]
    fn no_page_leaves_a_code_or_placeholder_unfilled() {
        let map = Keymap::shipped("default").unwrap();
        for lang in [Lang::En, Lang::Zh] {
            for page in [help_keys(lang, &map), help_commands(lang), help_fields(lang), help_formats(lang)] {
                for gap in ["{", "command.", "area.", "manual.", "holds.", "scope."] {
                    assert!(!page.contains(gap), "{gap} in {page}");
                }
            }
        }
    }
}
