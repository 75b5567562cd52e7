//! A line of JSON as cells, or why it is none.

use crate::domain::Say;

/// Why a line is no JSON object, as a sentence.
pub(super) fn bad_json(why: &serde_json::Error) -> Say {
    use serde_json::error::Category;
    let code = match why.classify() {
        Category::Syntax => "import.json-broken",
        Category::Eof => "import.json-cut",
        Category::Data | Category::Io => "import.json-other",
    };
    Say::new("import.bad-json").with("why", code).with("at", why.column())
}

/// Objects become `outer.inner`, arrays lists with `;`.
pub(super) fn flatten(prefix: &str, map: serde_json::Map<String, serde_json::Value>, out: &mut Vec<(String, String)>, depth: usize) {
    use serde_json::Value as J;
    for (key, value) in map {
        let key = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
        match value {
            J::Null => out.push((key, String::new())),
            J::Object(inner) if depth < 4 => flatten(&key, inner, out, depth + 1),
            J::Array(items) => {
                let texts: Vec<String> = items.iter().map(|v| super::convert::escape_item(&scalar(v))).collect();
                out.push((key, texts.join(";")));
            }
            other => out.push((key, scalar(&other))),
        }
    }
}

fn scalar(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(s) => s.clone(),
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    }
}
