//! What a change was, as a sentence with arguments: one function for the toast, the history and the undo.

use crate::domain::{Kind, Op, Record, Say, field};
use crate::facts::Version;

/// The sentence for a command's operations.
pub fn what(verb: &str, ops: &[Op], version: &Version) -> Say {
    match (verb, ops.first()) {
        ("followup.log", Some(op)) => Say::new("done.logged").with("name", name_of(op, version)),
        ("tag.add" | "tag.remove", _) => tagged(verb, ops, version),
        (_, Some(Op::New(record))) => Say::new("done.added").with("kind", record.kind.plural()).with("name", title(record, version)),
        (_, Some(Op::Gone(record))) => Say::new("done.removed").with("kind", record.kind.plural()).with("name", title(record, version)),
        (_, Some(op @ Op::Set { field: f, .. })) => {
            let key = field::spec(*f).map_or_else(|| "custom".to_string(), |s| s.key.to_string());
            Say::new("done.edited").with("name", name_of(op, version)).with("field", key)
        }
        (_, Some(Op::Mark { .. })) => tagged("tag.add", ops, version),
        (_, None) => Say::new("done.nothing"),
    }
}

/// The sentence for taking a change back, or doing it again: around the change's own.
pub fn back(redo: bool, what: &Say) -> Say {
    let mut say = Say::new(if redo { "done.redone" } else { "done.undone" }).with("what", what.code);
    say.args.extend(what.args.iter().cloned());
    say
}

fn tagged(verb: &str, ops: &[Op], version: &Version) -> Say {
    let mark = ops.iter().find_map(|op| if let Op::Mark { tag, on, rows } = op { Some((*tag, *on, rows.len())) } else { None });
    let made = ops.iter().find_map(|op| match op {
        Op::New(r) if r.kind == Kind::Tag => Some(r.text(field::G_NAME).to_string()),
        _ => None,
    });
    let (tag, on, count) = mark.unwrap_or((0, verb == "tag.add", 0));
    let name = made.unwrap_or_else(|| version.refs.name(Kind::Tag, tag).to_string());
    Say::new(if on { "done.tagged" } else { "done.untagged" }).with("tag", name).with("count", count)
}

fn name_of(op: &Op, version: &Version) -> String {
    let own = match op {
        Op::New(r) | Op::Gone(r) if r.kind == Kind::Customer => Some(r.text(field::C_NAME).to_string()),
        _ => None,
    };
    own.or_else(|| op.customer().and_then(|c| version.card(c)).map(|c| c.record.text(field::C_NAME).to_string())).unwrap_or_default()
}

fn title(record: &Record, version: &Version) -> String {
    let own = field::name_of(record.kind).map_or("", |f| record.text(f));
    if !own.is_empty() {
        return own.to_string();
    }
    match version.card(record.customer()) {
        Some(card) => card.record.text(field::C_NAME).to_string(),
        None => record.number().to_string(),
    }
}
