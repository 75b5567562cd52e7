//! Sentences: the words of a code with its arguments filled in.
//!
//! Placeholders: `{name}` is the argument; `{kind:one}` the singular of a kind; `{n?day|days}` the first word when the
//! argument is 1, else the second. The arguments `kind`, `field`, `role`, `what`, `why` and `place` may be codes (a
//! kind's plural, a field's key, any code of the tables): they are shown in the reader's language.

use super::label::{field_by_key, kind_label};
use super::{Lang, words};
use crate::domain::{Kind, Say};
use std::borrow::Cow;

/// The sentence in that language. A code without words shows itself and its arguments rather than nothing.
pub fn say(lang: Lang, said: &Say) -> String {
    match words::find(lang, said.code) {
        // The name of a field is written small; at the head of an English sentence it is not.
        Some(words) if lang == Lang::En && words.starts_with("{field}") => capital(&fill(lang, words, said, 0)),
        // What was probably meant follows the sentence, whatever the sentence is.
        Some(words) if said.code.starts_with("import.") && !said.arg("nearest").is_empty() => {
            let meant = words::find(lang, "import.did-you-mean").unwrap_or("");
            format!("{}; {}", fill(lang, words, said, 0), fill(lang, meant, said, 0))
        }
        Some(words) => fill(lang, words, said, 0),
        None => said.args.iter().fold(said.code.to_string(), |line, (name, value)| format!("{line} {name}={value}")),
    }
}

/// How deep a sentence may stand in a sentence ("undone: logged a follow-up with ...").
const DEPTH: usize = 2;

fn fill(lang: Lang, words: &str, said: &Say, depth: usize) -> String {
    let mut out = String::with_capacity(words.len() + 32);
    let mut rest = words;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let after = &rest[open + 1..];
        let Some(close) = after.find('}') else { break };
        out.push_str(&placeholder(lang, &after[..close], said, depth));
        rest = &after[close + 1..];
    }
    out.push_str(rest);
    out
}

fn placeholder<'s>(lang: Lang, inner: &'s str, said: &'s Say, depth: usize) -> Cow<'s, str> {
    if let Some((name, forms)) = inner.split_once('?') {
        let (one, many) = forms.split_once('|').unwrap_or((forms, forms));
        return Cow::Borrowed(if said.arg(name) == "1" { one } else { many });
    }
    let (name, one) = match inner.split_once(':') {
        Some((name, _)) => (name, true),
        None => (inner, false),
    };
    let value = said.arg(name);
    match name {
        "kind" => Kind::from_plural(value).map_or(Cow::Borrowed(value), |k| Cow::Borrowed(kind_label(lang, k, one))),
        "field" => field_by_key(lang, value),
        "role" => match words::find(lang, &format!("role.{}", value.to_lowercase())) {
            Some(role) => Cow::Borrowed(role),
            None => nested(lang, name, said, depth),
        },
        "what" | "why" | "place" => nested(lang, name, said, depth),
        _ => Cow::Borrowed(value),
    }
}

/// A code as argument: its own sentence with the other arguments at hand, its short form when they do not suffice.
fn nested<'s>(lang: Lang, name: &str, said: &'s Say, depth: usize) -> Cow<'s, str> {
    let value = said.arg(name);
    let Some(words) = words::find(lang, value).filter(|_| depth < DEPTH) else { return Cow::Borrowed(value) };
    let at_hand = |needed: &str| needed != name && said.args.iter().any(|(n, _)| *n == needed);
    let whole = placeholders(words).all(at_hand);
    match words::find(lang, &format!("{value}.short")).filter(|_| !whole) {
        Some(short) => Cow::Borrowed(short),
        None => Cow::Owned(within(&fill(lang, words, said, depth + 1))),
    }
}

/// A sentence inside another begins with a small letter, unless it begins with a name or an abbreviation.
fn within(sentence: &str) -> String {
    let mut chars = sentence.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if first.is_ascii_uppercase() && second.is_ascii_lowercase() => {
            format!("{}{}", first.to_ascii_lowercase(), chars.as_str())
        }
        _ => sentence.to_string(),
    }
}

fn capital(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

/// The names of the placeholders in a table's words.
pub(super) fn placeholders(words: &str) -> impl Iterator<Item = &str> {
    words.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(inner, _)| inner.split([':', '?']).next().unwrap_or(inner))
}
