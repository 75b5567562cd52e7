//! The map file: which column is which field, which word means which value, and how the file is written. All mistakes are
//! found at once, each with its line and the nearest right word.

use super::guess::{field_names, squash};
use crate::domain::{Kind, Say, fold::fold, fold::nearest};
use encoding_rs::Encoding;
use std::collections::HashMap;

/// A parsed map file; the default maps nothing.
#[derive(Debug, Clone, Default)]
pub struct Map {
    /// Their head, squashed, to our names; an empty list drops the column.
    pub(super) columns: HashMap<String, (String, Vec<String>)>,
    /// Field, then their word (folded), to our word.
    pub(super) values: HashMap<String, HashMap<String, String>>,
    /// Field to the word that stands where the file says nothing.
    pub(super) defaults: Vec<(String, String)>,
    /// The stated type of a custom field.
    pub(super) types: HashMap<String, String>,
    pub(super) date_format: Option<String>,
    pub(super) encoding: Option<&'static Encoding>,
    pub(super) delimiter: Option<u8>,
    /// The sign between thousands; when it is `.`, the decimal sign is `,`.
    pub(super) thousands: Option<char>,
}

/// One mistake in a map file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapMistake {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what would fit.
    pub say: Say,
}

/// Types a custom field may be stated to have.
pub(super) const TYPES: [&str; 5] = ["text", "int", "money", "date", "bool"];
const TABLES: [&str; 5] = ["columns", "values", "options", "defaults", "types"];
const OPTIONS: [&str; 4] = ["date_format", "encoding", "delimiter", "thousands"];

/// Collects mistakes with the line of the offending key.
struct Finder<'a> {
    text: &'a str,
    mistakes: Vec<MapMistake>,
}

impl Finder<'_> {
    /// The line a key stands on, after its table's head.
    fn line(&self, table: &str, key: &str) -> usize {
        let (mut inside, mut of_table) = (false, 0);
        for (i, line) in self.text.lines().enumerate() {
            let t = line.trim();
            if let Some(head) = t.strip_prefix('[') {
                let head = head.trim_end_matches(']').trim();
                inside = head == table;
                if table.is_empty() && head.split('.').next() == Some(key) {
                    return i + 1;
                }
                of_table = if inside { i + 1 } else { of_table };
            }
            let left = t.split('=').next().unwrap_or("").trim().trim_matches(['"', '\'']);
            if (inside || table.is_empty()) && left == key {
                return i + 1;
            }
        }
        of_table.max(1)
    }

    fn push(&mut self, table: &str, key: &str, say: Say) {
        let line = self.line(table, key);
        self.mistakes.push(MapMistake { line, say });
    }

    fn unknown(&mut self, table: &str, key: &str, code: &'static str, word: &str, names: &[&str]) {
        let near = nearest(word, names.iter().copied()).unwrap_or("").to_string();
        let names = names.join(", ");
        self.push(table, key, Say::new(code).with("word", word).with("nearest", near).with("names", names));
    }
}

impl Map {
    /// Reads a map file for one kind.
    ///
    /// # Errors
    /// Every mistake of the file, by line.
    pub fn parse(text: &str, kind: Kind) -> Result<Map, Vec<MapMistake>> {
        let table: toml::Table = match text.parse() {
            Ok(t) => t,
            Err(e) => {
                let e: toml::de::Error = e;
                let at = e.span().map_or(0, |s| s.start);
                let line = text.get(..at).map_or(1, |t| t.matches('\n').count() + 1);
                let why = crate::domain::clean::line(e.message()).into_owned();
                return Err(vec![MapMistake { line, say: Say::new("import.map-syntax").with("why", why) }]);
            }
        };
        let mut finder = Finder { text, mistakes: Vec::new() };
        let mut map = Map::default();
        for (name, value) in &table {
            match (name.as_str(), value) {
                ("columns", toml::Value::Table(t)) => map.take_columns(t, kind, &mut finder),
                ("values", toml::Value::Table(t)) => map.take_values(t, kind, &mut finder),
                ("options", toml::Value::Table(t)) => map.take_options(t, &mut finder),
                ("defaults", toml::Value::Table(t)) => map.take_defaults(t, kind, &mut finder),
                ("types", toml::Value::Table(t)) => map.take_types(t, &mut finder),
                _ => finder.unknown("", name, "import.map-table", name, &TABLES),
            }
        }
        finder.mistakes.sort_by_key(|m| m.line);
        if finder.mistakes.is_empty() { Ok(map) } else { Err(finder.mistakes) }
    }

    fn take_columns(&mut self, table: &toml::Table, kind: Kind, finder: &mut Finder<'_>) {
        let names = field_names(kind);
        for (theirs, ours) in table {
            let Some(list) = texts(ours) else {
                finder.push("columns", theirs, Say::new("import.map-text").with("word", theirs));
                continue;
            };
            for name in list.iter().filter(|n| !n.is_empty()) {
                if !known(name, &names) {
                    finder.unknown("columns", theirs, "import.map-field", name, &names);
                }
            }
            let list = list.into_iter().filter(|n| !n.is_empty()).collect();
            self.columns.insert(squash(theirs), (theirs.clone(), list));
        }
    }

    fn take_values(&mut self, table: &toml::Table, kind: Kind, finder: &mut Finder<'_>) {
        let names = field_names(kind);
        for (field, words) in table {
            let head = format!("values.{field}");
            if !known(field, &names) {
                finder.unknown(&head, "", "import.map-field", field, &names);
                continue;
            }
            let Some(words) = words.as_table() else {
                finder.push("values", field, Say::new("import.map-text").with("word", field));
                continue;
            };
            let into = self.values.entry(field.clone()).or_default();
            for (theirs, ours) in words {
                match texts(ours).and_then(|t| t.into_iter().next()) {
                    Some(ours) => drop(into.insert(fold(theirs), ours)),
                    None => finder.push(&head, theirs, Say::new("import.map-text").with("word", theirs)),
                }
            }
        }
    }

    fn take_defaults(&mut self, table: &toml::Table, kind: Kind, finder: &mut Finder<'_>) {
        let names = field_names(kind);
        for (field, value) in table {
            match texts(value).map(|t| t.join(";")) {
                _ if !known(field, &names) => finder.unknown("defaults", field, "import.map-field", field, &names),
                Some(value) => self.defaults.push((field.clone(), value)),
                None => finder.push("defaults", field, Say::new("import.map-text").with("word", field)),
            }
        }
    }

    fn take_types(&mut self, table: &toml::Table, finder: &mut Finder<'_>) {
        for (field, value) in table {
            let ty = value.as_str().unwrap_or("");
            if !TYPES.contains(&ty) {
                finder.unknown("types", field, "import.map-type", ty, &TYPES);
                continue;
            }
            self.types.insert(field.trim_start_matches("custom.").to_string(), ty.to_string());
        }
    }

    fn take_options(&mut self, table: &toml::Table, finder: &mut Finder<'_>) {
        for (name, value) in table {
            let Some(text) = value.as_str() else {
                finder.push("options", name, Say::new("import.map-text").with("word", name));
                continue;
            };
            match name.as_str() {
                "date_format" if bad_format(text) => finder.push("options", name, Say::new("import.map-date").with("word", text)),
                "date_format" => self.date_format = Some(text.to_string()),
                "encoding" => match Encoding::for_label(text.as_bytes()) {
                    Some(encoding) => self.encoding = Some(encoding),
                    None => {
                        finder.unknown("options", name, "import.map-encoding", text, &["utf-8", "gbk", "gb18030", "utf-16le", "utf-16be"])
                    }
                },
                "delimiter" => match text.as_bytes() {
                    [one] if one.is_ascii() && !matches!(one, b'"' | b'\n' | b'\r') => self.delimiter = Some(*one),
                    _ => finder.push("options", name, Say::new("import.map-delimiter").with("word", text)),
                },
                "thousands" => match text.chars().next() {
                    Some(c) if text.chars().count() == 1 && !c.is_ascii_digit() => self.thousands = Some(c),
                    _ => finder.push("options", name, Say::new("import.map-thousands").with("word", text)),
                },
                _ => finder.unknown("options", name, "import.map-option", name, &OPTIONS),
            }
        }
    }
}

fn known(name: &str, names: &[&str]) -> bool {
    let custom = name.strip_prefix("custom.").or_else(|| name.strip_prefix("props."));
    custom.map_or_else(|| names.contains(&name), |rest| !rest.trim().is_empty())
}

fn bad_format(text: &str) -> bool {
    text.is_empty() || chrono::format::StrftimeItems::new(text).any(|i| matches!(i, chrono::format::Item::Error))
}

/// A text, a number, a yes or no, or a list of texts.
fn texts(value: &toml::Value) -> Option<Vec<String>> {
    match value {
        toml::Value::String(s) => Some(vec![s.clone()]),
        toml::Value::Integer(n) => Some(vec![n.to_string()]),
        toml::Value::Boolean(b) => Some(vec![b.to_string()]),
        toml::Value::Array(list) => list.iter().map(|v| v.as_str().map(str::to_string)).collect(),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn all_mistakes_of_a_map_come_at_once_with_line_and_nearest() {
        let text = "[columns]\n\"Deal Stage\" = \"stge\"\n\"ID\" = \"number\"\n[options]\nencodng = \"gbk\"\ndelimiter = \"ab\"\n[valuse]\nx = \"y\"\n";
        let mistakes = Map::parse(text, Kind::Deal).unwrap_err();
        let found: Vec<(usize, &str, &str)> = mistakes.iter().map(|m| (m.line, m.say.code, m.say.arg("nearest"))).collect();
        assert!(found.contains(&(2, "import.map-field", "stage")), "{found:?}");
        assert!(found.contains(&(5, "import.map-option", "encoding")), "{found:?}");
        assert!(found.contains(&(6, "import.map-delimiter", "")), "{found:?}");
        assert!(found.contains(&(7, "import.map-table", "values")), "{found:?}");
        assert_eq!(found.len(), 4);
    }

    #[test]
    fn a_map_that_is_no_toml_says_where() {
        let mistakes = Map::parse("[columns]\na = \n", Kind::Customer).unwrap_err();
        assert_eq!((mistakes.len(), mistakes[0].line, mistakes[0].say.code), (1, 2, "import.map-syntax"));
    }

    #[test]
    fn a_column_may_fill_several_fields_or_none() {
        let text = "[columns]\nAccount = [\"number\", \"name\"]\nJunk = \"\"\nSize = \"custom.size\"\n[options]\ndelimiter = \"\\t\"\n";
        let map = Map::parse(text, Kind::Customer).unwrap();
        assert_eq!(map.columns["account"].1, ["number", "name"]);
        assert!(map.columns["junk"].1.is_empty());
        assert_eq!(map.columns["size"].1, ["custom.size"]);
        assert_eq!(map.delimiter, Some(b'\t'));
    }
}
