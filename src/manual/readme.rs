//! The README's tables, between `<!-- generated:NAME -->` and `<!-- /generated -->`.

use super::files::{KINDS, columns};
use super::pages::{doc, key_rows, usage};
use crate::command::{self, Scope, condition::scope_code};
use crate::keymap::Keymap;
use crate::text::{Lang, label};

/// The names of the regions the manual can fill: keys of the default map, commands, kinds of file.
pub const REGIONS: [&str; 3] = ["keys", "commands", "formats"];

const OPEN: &str = "<!-- generated:";
const CLOSE: &str = "<!-- /generated -->";

/// The names of the regions that a text has, in order; unclosed ones are left out.
pub fn regions(readme: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = readme;
    while let Some((name, _, after)) = next(rest) {
        out.push(name);
        rest = after;
    }
    out
}

/// The text with every region that the manual knows filled anew; everything else, unknown regions too, stays as it is.
pub fn regenerate(readme: &str) -> String {
    let mut out = String::with_capacity(readme.len());
    let mut rest = readme;
    while let Some((name, body, after)) = next(rest) {
        let kept = rest.len() - after.len() - CLOSE.len() - body.len();
        out.push_str(&rest[..kept]);
        match table(name) {
            Some(table) => out.push_str(&format!("\n{table}")),
            None => out.push_str(body),
        }
        out.push_str(CLOSE);
        rest = after;
    }
    out + rest
}

/// The next region: its name, its body, and what follows it.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let (_, opened) = text.split_once(OPEN)?;
    let (name, inside) = opened.split_once(" -->")?;
    let (body, after) = inside.split_once(CLOSE)?;
    Some((name, body, after))
}

fn table(region: &str) -> Option<String> {
    match region {
        "keys" => Some(keys()),
        "commands" => Some(commands()),
        "formats" => Some(formats()),
        _ => None,
    }
}

fn keys() -> String {
    let Some(map) = Keymap::shipped("default") else { return String::new() };
    let mut rows = Vec::new();
    for scope in Scope::ALL {
        for row in key_rows(&map, scope, Lang::En) {
            let mut cells = vec![label(Lang::En, scope_code(scope)).to_string()];
            let mut row = row.into_iter();
            cells.extend(row.next().map(|keys| code(&keys)));
            cells.extend(row);
            rows.push(cells);
        }
    }
    markdown(&["Where", "Keys", "Action", "Does"], &rows)
}

fn commands() -> String {
    let rows: Vec<Vec<String>> = command::all().map(|s| vec![code(&usage(s)), doc(Lang::En, s)]).collect();
    markdown(&["Command", "Does"], &rows)
}

fn formats() -> String {
    let rows: Vec<Vec<String>> = KINDS.iter().map(|k| vec![code(k.plural()), columns(*k).join(", ")]).collect();
    markdown(&["Kind", "Columns, the key first"], &rows)
}

/// Inline code; each key of a list by itself. No key of a shipped map is a backtick.
fn code(text: &str) -> String {
    text.split(", ").map(|t| format!("`{t}`")).collect::<Vec<_>>().join(" ")
}

fn markdown(heads: &[&str], rows: &[Vec<String>]) -> String {
    let mut out = format!("| {} |\n|{}\n", heads.join(" | "), "---|".repeat(heads.len()));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|c| c.replace('|', "\\|")).collect();
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_known_markers_changes() {
        let readme = "a\n<!-- generated:keys -->old<!-- /generated -->\nb\n<!-- generated:other -->kept<!-- /generated -->\nc\n";
        let new = regenerate(readme);
        assert!(new.starts_with("a\n<!-- generated:keys -->\n| Where | Keys | Action | Does |\n"));
        assert!(new.ends_with("<!-- /generated -->\nb\n<!-- generated:other -->kept<!-- /generated -->\nc\n"));
        assert!(new.contains("| the profile | `l` | Log follow-up | Records a follow-up and the next step. |"));
        assert!(!new.contains("old"));
        assert_eq!(regions(&new), ["keys", "other"]);
    }

    #[test]
    fn filling_twice_changes_nothing_and_an_unclosed_marker_is_left_alone() {
        let readme: String = REGIONS.map(|r| format!("<!-- generated:{r} -->\n<!-- /generated -->\n")).concat();
        let once = regenerate(&readme);
        assert_eq!(regenerate(&once), once);
        assert_eq!(regions(&once), REGIONS);
        assert_eq!(regenerate("x <!-- generated:keys --> y"), "x <!-- generated:keys --> y");
    }
}
