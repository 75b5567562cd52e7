//! The `:` line: `followup.log C00042`, `tag.add "key account"`. Parses, prints and completes; parse∘print is identity.

use super::near::near;
use super::spec::{ArgKind, ArgSpec, ArgValue, Args, Call, CommandSpec};
use super::table::{all, named, spec};
use crate::domain::{Kind, Say, field};
use std::ops::Range;

/// Why a line is no command: where, what, and what would fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineError {
    /// Where, in bytes of the line.
    pub span: Range<usize>,
    /// The sentence, its hint among the arguments.
    pub say: Say,
}

/// One way to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What is replaced, in bytes of the line.
    pub span: Range<usize>,
    /// By what.
    pub text: String,
}

struct Word {
    span: Range<usize>,
    text: String,
}

/// Reads a line. A leading `:` is allowed, in its full-width form too. Missing arguments are no error here: see
/// [`Call::missing`].
pub fn parse(line: &str) -> Result<Call, LineError> {
    let words = split(line)?;
    let Some((first, rest)) = words.split_first() else {
        return Err(LineError { span: 0..line.len(), say: Say::new("line.empty") });
    };
    let Some(command) = named(&first.text) else { return Err(unknown_command(first)) };
    Ok(Call { command: command.command, args: arguments(command, rest)? })
}

fn unknown_command(word: &Word) -> LineError {
    let names = all().flat_map(|s| std::iter::once(s.id).chain(s.aliases.iter().copied()));
    let say = match near(&word.text, names) {
        Some(name) => Say::new("line.unknown-command-near").with("word", &word.text).with("near", name),
        None => Say::new("line.unknown-command").with("word", &word.text),
    };
    LineError { span: word.span.clone(), say }
}

fn arguments(command: &'static CommandSpec, words: &[Word]) -> Result<Args, LineError> {
    let mut args = Vec::new();
    let mut words = words.iter();
    for (i, arg) in command.args.iter().enumerate() {
        let Some(word) = words.next() else { break };
        let last = i + 1 == command.args.len();
        if last && arg.kind.takes_rest() {
            let mut text = word.text.clone();
            for more in words.by_ref() {
                text.push(' ');
                text.push_str(&more.text);
            }
            args.push((arg.name, ArgValue::Text(text)));
            break;
        }
        args.push((arg.name, value(arg, word)?));
    }
    match words.next() {
        Some(extra) => {
            let say = Say::new("line.too-many").with("command", command.id).with("word", &extra.text);
            Err(LineError { span: extra.span.clone(), say })
        }
        None => Ok(Args(args)),
    }
}

fn value(arg: &ArgSpec, word: &Word) -> Result<ArgValue, LineError> {
    let bad = |fits: String| LineError {
        span: word.span.clone(),
        say: Say::new("line.bad-value").with("word", &word.text).with("arg", arg.name).with("fits", fits),
    };
    match arg.kind {
        ArgKind::Number => word.text.parse().map(ArgValue::Number).map_err(|_| bad("1, 2, 3".to_string())),
        ArgKind::Choice(choices) => {
            let lower = word.text.to_lowercase();
            match choices.iter().find(|c| **c == lower) {
                Some(choice) => Ok(ArgValue::Text((*choice).to_string())),
                None => Err(bad(choices.join(", "))),
            }
        }
        ArgKind::Field => match field::by_key(Kind::Customer, &word.text) {
            Some(f) => Ok(ArgValue::Text(f.key.to_string())),
            None => {
                let keys = field::of_kind(Kind::Customer).map(|f| f.key);
                Err(bad(near(&word.text, keys).unwrap_or("name, phone, email").to_string()))
            }
        },
        ArgKind::Text | ArgKind::Customer | ArgKind::Tag => Ok(ArgValue::Text(word.text.clone())),
    }
}

/// Writes a call so that [`parse`] reads it back.
pub fn print(call: &Call) -> String {
    let mut out = spec(call.command).id.to_string();
    for (_, value) in &call.args.0 {
        out.push(' ');
        match value {
            ArgValue::Text(t) => out.push_str(&quote(t)),
            ArgValue::Number(n) => out.push_str(&n.to_string()),
        }
    }
    out
}

/// A word as the line needs it: in double quotes when it is empty or has a space, quote or backslash.
pub fn quote(text: &str) -> String {
    if !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '\\')) {
        return text.to_string();
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

/// The ways to go on from the end of the line: command ids first those that begin so, then those that contain it;
/// choices and field keys for arguments.
pub fn complete(line: &str) -> Vec<Completion> {
    let Ok(mut words) = split(line) else { return Vec::new() };
    if line.is_empty() || line.ends_with(char::is_whitespace) || words.is_empty() {
        words.push(Word { span: line.len()..line.len(), text: String::new() });
    }
    let Some(last) = words.last() else { return Vec::new() };
    let candidates: Vec<&str> = match words.split_first() {
        Some((_, [])) => all().map(|s| s.id).collect(),
        Some((first, rest)) => {
            let kind = named(&first.text).and_then(|s| s.args.get(rest.len() - 1)).map(|a| a.kind);
            match kind {
                Some(ArgKind::Choice(choices)) => choices.to_vec(),
                Some(ArgKind::Field) => field::of_kind(Kind::Customer).map(|f| f.key).collect(),
                _ => Vec::new(),
            }
        }
        None => Vec::new(),
    };
    let typed = last.text.to_lowercase();
    let (begin, rest): (Vec<&str>, Vec<&str>) = candidates.into_iter().partition(|c| c.starts_with(&typed));
    let inside = rest.into_iter().filter(|c| c.contains(&typed));
    begin.into_iter().chain(inside).map(|c| Completion { span: last.span.clone(), text: quote(c) }).collect()
}

/// Cuts the line into words; a quoted part may hold spaces, a backslash takes the next character as it is.
fn split(line: &str) -> Result<Vec<Word>, LineError> {
    let start = line.len() - line.trim_start().trim_start_matches([':', '：']).len();
    let mut words: Vec<Word> = Vec::new();
    let mut current: Option<Word> = None;
    let mut quoted: Option<usize> = None;
    let mut chars = line[start..].char_indices().map(|(i, c)| (start + i, c));
    while let Some((at, c)) = chars.next() {
        if c.is_whitespace() && quoted.is_none() {
            words.extend(current.take());
            continue;
        }
        let word = current.get_or_insert_with(|| Word { span: at..at, text: String::new() });
        word.span.end = at + c.len_utf8();
        match c {
            '"' => quoted = if quoted.is_some() { None } else { Some(at) },
            '\\' => {
                if let Some((at, next)) = chars.next() {
                    word.text.push(next);
                    word.span.end = at + next.len_utf8();
                }
            }
            c => word.text.push(c),
        }
    }
    words.extend(current);
    match quoted {
        Some(at) => Err(LineError { span: at..line.len(), say: Say::new("line.open-quote") }),
        None => Ok(words),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::spec::CommandId;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_becomes_a_command_with_typed_arguments() {
        let call = parse("：tag.add key account").unwrap();
        assert_eq!(call, Call::new(CommandId::AddTag).with("tag", ArgValue::Text("key account".into())));
        assert_eq!(parse(":undo 42").unwrap().args.number("seq"), Some(42));
        assert_eq!(parse("LANG zh").unwrap().args.text("lang"), Some("zh"));
        assert_eq!(parse("edit phone 138 0000").unwrap().args.text("value"), Some("138 0000"));
        assert_eq!(parse("open \"Ann \\\"A\\\" Sample\"").unwrap().args.text("customer"), Some("Ann \"A\" Sample"));
    }

    #[test]
    fn a_mistake_says_where_it_is_and_what_would_fit() {
        let e = parse("followup.lgo C1").unwrap_err();
        assert_eq!((e.span.clone(), e.say.code, e.say.arg("near")), (0..12, "line.unknown-command-near", "followup.log"));
        let e = parse("lang fr").unwrap_err();
        assert_eq!((e.span.clone(), e.say.code, e.say.arg("fits")), (5..7, "line.bad-value", "en, zh"));
        let e = parse("undo x").unwrap_err();
        assert_eq!((e.span.clone(), e.say.code), (5..6, "line.bad-value"));
        let e = parse("edit phoen 1").unwrap_err();
        assert_eq!((e.say.code, e.say.arg("fits")), ("line.bad-value", "phone"));
        assert_eq!(parse("quit now").unwrap_err().say.code, "line.too-many");
        assert_eq!(parse("tag.add \"open").unwrap_err().say.code, "line.open-quote");
        assert_eq!(parse(" : ").unwrap_err().say.code, "line.empty");
        assert_eq!(parse("xyzzyplugh").unwrap_err().say.code, "line.unknown-command");
    }

    #[test]
    fn a_missing_argument_is_named_and_an_optional_one_is_not() {
        assert_eq!(parse("tag.add").unwrap().missing().map(|a| a.name), Some("tag"));
        assert_eq!(parse("undo").unwrap().missing(), None);
    }

    #[test]
    fn completion_puts_what_begins_so_first_and_knows_choices() {
        let texts = |line: &str| complete(line).into_iter().map(|c| c.text).collect::<Vec<_>>();
        assert_eq!(texts("go."), ["go.search", "go.profile", "go.history"]);
        assert_eq!(texts("tag"), ["tag.add", "tag.remove"]);
        assert_eq!(texts("app.language "), ["en", "zh"]);
        assert_eq!(texts("edit birth"), ["birth_date"]);
        assert_eq!(complete(":app.q").first().map(|c| c.span.clone()), Some(1..6));
    }

    proptest! {
        #[test]
        fn parse_after_print_is_identity(text in "\\PC{0,24}", n in any::<i64>()) {
            for call in [
                Call::new(CommandId::AddTag).with("tag", ArgValue::Text(text.clone())),
                Call::new(CommandId::Undo).with("seq", ArgValue::Number(n)),
            ] {
                prop_assert_eq!(parse(&print(&call)).unwrap(), call);
            }
        }

        #[test]
        fn no_line_makes_it_fall_over(line in "\\PC{0,40}") {
            let _ = complete(&line);
            if let Err(e) = parse(&line) {
                prop_assert!(e.span.end <= line.len());
            }
        }
    }
}
