//! Keys as people read them, and text in columns.

use crate::keymap::{Code, Key};
use unicode_width::UnicodeWidthStr;

/// Keys in a row as people read them: `Ctrl-G S` is `Ctrl-G s`, `page-down` is `PgDn`.
pub fn keys_shown(keys: &[Key]) -> String {
    keys.iter().map(key_shown).collect::<Vec<_>>().join(" ")
}

/// Several ways to type the same, the first `at_most` of them: `j, Down`.
pub fn key_list(ways: &[Vec<Key>], at_most: usize) -> String {
    let mut shown: Vec<String> = ways.iter().map(|keys| keys_shown(keys)).collect();
    let mut seen = std::collections::BTreeSet::new();
    shown.retain(|s| seen.insert(s.clone()));
    shown.truncate(at_most);
    shown.join(", ")
}

fn key_shown(key: &Key) -> String {
    let mut out = String::new();
    for (held, name) in [(key.ctrl, "Ctrl-"), (key.alt, "Alt-"), (key.shift, "Shift-")] {
        if held {
            out.push_str(name);
        }
    }
    let name = match key.code {
        Code::Char(' ') => "Space",
        Code::Char(c) if key.ctrl => return out + &c.to_ascii_uppercase().to_string(),
        Code::Char(c) => return out + &c.to_string(),
        Code::F(n) => return format!("{out}F{n}"),
        Code::Enter => "Enter",
        Code::Esc => "Esc",
        Code::Tab => "Tab",
        Code::Backspace => "Backspace",
        Code::Delete => "Del",
        Code::Insert => "Ins",
        Code::Home => "Home",
        Code::End => "End",
        Code::PageUp => "PgUp",
        Code::PageDown => "PgDn",
        Code::Up => "Up",
        Code::Down => "Down",
        Code::Left => "Left",
        Code::Right => "Right",
    };
    out + name
}

/// Rows of cells as lines: every column as wide as its widest cell, two spaces between, nothing behind the last.
pub(super) fn columns(rows: &[Vec<String>], indent: usize) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> =
        (0..count).map(|c| rows.iter().filter_map(|r| r.get(c)).map(|cell| cell.as_str().width()).max().unwrap_or(0)).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = " ".repeat(indent);
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width.saturating_sub(cell.as_str().width()) + 2));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_as_people_name_them() {
        let keys = |t: &str| t.split(' ').map(|k| Key::parse(k).unwrap()).collect::<Vec<_>>();
        assert_eq!(keys_shown(&keys("ctrl-g s")), "Ctrl-G s");
        assert_eq!(keys_shown(&keys("shift-tab")), "Shift-Tab");
        assert_eq!(key_list(&[keys("j"), keys("down"), keys("j")], 2), "j, Down");
    }

    #[test]
    fn columns_align_by_cells_and_not_by_letters() {
        let rows = [vec!["客户".to_string(), "x".to_string()], vec!["ab".to_string(), "y".to_string()]];
        assert_eq!(columns(&rows, 1), " 客户  x\n ab    y\n");
    }
}
