//! From crossterm's key events to the programme's keys, and from key strings (`zsf<tab>lca+spoke<tab>3d<enter>`) to keys.

use crate::keymap::{Code, Key};
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// A key event as a key; `None` for releases and for keys the programme has no name for.
pub fn key(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let shift = event.modifiers.contains(KeyModifiers::SHIFT);
    let (code, shift) = match event.code {
        KeyCode::Char(c) => (Code::Char(c), false),
        KeyCode::Enter => (Code::Enter, shift),
        KeyCode::Esc => (Code::Esc, shift),
        KeyCode::Tab => (Code::Tab, shift),
        KeyCode::BackTab => (Code::Tab, true),
        KeyCode::Backspace => (Code::Backspace, shift),
        KeyCode::Delete => (Code::Delete, shift),
        KeyCode::Insert => (Code::Insert, shift),
        KeyCode::Home => (Code::Home, shift),
        KeyCode::End => (Code::End, shift),
        KeyCode::PageUp => (Code::PageUp, shift),
        KeyCode::PageDown => (Code::PageDown, shift),
        KeyCode::Up => (Code::Up, shift),
        KeyCode::Down => (Code::Down, shift),
        KeyCode::Left => (Code::Left, shift),
        KeyCode::Right => (Code::Right, shift),
        KeyCode::F(n) => (Code::F(n), shift),
        _ => return None,
    };
    Some(Key::new(code, event.modifiers.contains(KeyModifiers::CONTROL), event.modifiers.contains(KeyModifiers::ALT), shift))
}

/// What a key string asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stroke {
    /// A key; counted by the keystroke budgets.
    Key(Key),
    /// Free text typed for its own sake (`+text`), character by character; not counted.
    Text(String),
}

/// Reads a key string: characters are themselves, `<tab>` and `<ctrl-z>` are named keys, `<lt>` is `<`, `+text` up to the
/// next `<` is free text, spaces are keys. The error is the piece that was not understood.
pub fn strokes(text: &str) -> Result<Vec<Stroke>, String> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(named) = rest.strip_prefix('<') {
            let (name, after) = named.split_once('>').ok_or_else(|| rest.to_string())?;
            let key = if name == "lt" { Some(Key::char('<')) } else { Key::parse(name) };
            out.push(Stroke::Key(key.ok_or_else(|| format!("<{name}>"))?));
            rest = after;
        } else if let Some(free) = rest.strip_prefix('+') {
            let end = free.find('<').unwrap_or(free.len());
            let (words, after) = free.split_at(end);
            out.push(Stroke::Text(words.to_string()));
            rest = after;
        } else {
            out.push(Stroke::Key(Key::char(c)));
            rest = rest.get(c.len_utf8()..).unwrap_or("");
        }
    }
    Ok(out)
}

/// How many key presses a budget counts.
pub fn counted(strokes: &[Stroke]) -> usize {
    strokes.iter().filter(|s| matches!(s, Stroke::Key(_))).count()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_key_string_is_read_as_keys_and_free_text() {
        let read = strokes("zs<tab>l+spoke, will call<ctrl-j>3d<enter>").unwrap();
        assert_eq!(counted(&read), 8);
        assert_eq!(read[2], Stroke::Key(Key::plain(Code::Tab)));
        assert_eq!(read[4], Stroke::Text("spoke, will call".into()));
        assert_eq!(strokes("a<nonsense>b"), Err("<nonsense>".into()));
        assert_eq!(strokes("a<tab"), Err("<tab".into()));
    }
}
