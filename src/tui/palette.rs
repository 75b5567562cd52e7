//! Lists made from the command registry: the palette, and the question for a missing argument.

use super::{
    label::W,
    pick::{PickLayer, Row},
    value,
    view::View,
};
use crate::{
    command::{ArgKind, ArgSpec, ArgValue, Call, CommandId, Here, Scope},
    domain::{Card, Kind, field},
    manual,
};

/// The palette: every command a person may want by name, with its keys, and why it does not apply here.
pub fn commands(here: &Here, view: View<'_>) -> PickLayer {
    let rows = manual::palette("", view.keymap, here, view.lang).into_iter().filter(|r| !is_motion(r.command)).map(|row| Row {
        also: format!("{} {} {}", row.id, crate::command::spec(row.command).aliases.join(" "), row.doc),
        hint: if row.keys.is_empty() { row.id.to_string() } else { row.keys },
        label: row.title,
        call: Call::new(row.command),
        barred: row.why_not,
    });
    let layer = PickLayer::new(view.word(W::PaletteTitle).into(), Scope::Palette, rows.collect());
    layer.made_again(|view, here| Some(commands(here, view)))
}

/// Moving a cursor or a popup's own keys: nobody looks for these by name.
fn is_motion(command: CommandId) -> bool {
    let id = crate::command::spec(command).id;
    ["list.", "popup.", "help.", "profile.scroll."].iter().any(|p| id.starts_with(p)) || command == CommandId::Palette
}

/// The question for a missing argument.
pub fn ask(call: &Call, arg: &'static ArgSpec, card: Option<&Card>, view: View<'_>) -> PickLayer {
    let name = card.map_or("", |c| c.record.text(field::C_NAME));
    let title = format!("{} · {name}", view.title(call.command));
    let with = |text: &str| call.clone().with(arg.name, ArgValue::Text(text.to_string()));
    let row = |label: String, key: &str, hint: String| Row { label, hint, also: key.to_string(), call: with(key), barred: None };
    let rows: Vec<Row> = match arg.kind {
        ArgKind::Tag => tags(call, card, view).into_iter().map(|(tag, hint)| row(tag.clone(), &tag, hint)).collect(),
        ArgKind::Field => value::EDITABLE
            .iter()
            .filter_map(|id| field::spec(*id))
            .map(|spec| row(value::field_label(spec, view), spec.key, String::new()))
            .collect(),
        ArgKind::Choice(words) => words.iter().map(|w| row((*w).to_string(), w, String::new())).collect(),
        ArgKind::Text | ArgKind::Number | ArgKind::Customer => Vec::new(),
    };
    let (again, person) = (call.clone(), card.cloned());
    let layer = PickLayer::new(title, Scope::Ask, rows).made_again(move |view, _| Some(ask(&again, arg, person.as_ref(), view)));
    if matches!(arg.kind, ArgKind::Choice(_) | ArgKind::Field) || call.command == CommandId::RemoveTag {
        return layer;
    }
    layer.with_fresh(call.clone(), fresh)
}

/// Words no row has become the argument that is missing.
fn fresh(call: &Call, words: &str) -> Call {
    let Some(arg) = call.missing() else { return call.clone() };
    let value = match arg.kind {
        ArgKind::Number => words.parse().map(ArgValue::Number).unwrap_or(ArgValue::Text(words.to_string())),
        _ => ArgValue::Text(words.to_string()),
    };
    call.clone().with(arg.name, value)
}

/// The tags to give (those not carried yet) or to take (those carried).
fn tags(call: &Call, card: Option<&Card>, view: View<'_>) -> Vec<(String, String)> {
    let carried = card.map_or(&[][..], |c| c.tags.as_slice());
    let take = call.command == CommandId::RemoveTag;
    let Some(book) = view.book else { return Vec::new() };
    let tag = |r: &crate::domain::Record| (r.text(field::G_NAME).to_string(), r.text(field::G_GROUP).to_string());
    book.refs.of(Kind::Tag).filter(|r| carried.contains(&r.id) == take).map(tag).collect()
}
