//! Keys: what they come to through the keymap, editing where no command is bound, and keys that wait for an answer.

use super::{
    effect::{Effect, Lane},
    entry::Stroke,
    layer::Heard,
    theme::Role,
    workbench::{Pane, Workbench},
};
use crate::{
    command::{Call, CommandId, Condition},
    domain::clean,
    keymap::{Code, Key, Resolved},
};

impl Workbench {
    pub(super) fn key(&mut self, key: Key) {
        if key.code == Code::Esc && !(self.typed.is_empty() && self.waiting_keys.is_empty()) {
            self.waiting_keys.clear();
            return self.forget_prefix();
        }
        if !self.waiting_keys.is_empty() {
            return self.waiting_keys.push(key);
        }
        self.typed.push(key);
        let scopes = self.scopes();
        let takes_text = scopes.first().is_some_and(|s| s.takes_text());
        match self.keymap.resolve(&scopes, &self.typed, takes_text) {
            Resolved::Command(call) if self.must_wait(&call) => self.waiting_keys = std::mem::take(&mut self.typed),
            Resolved::Command(call) => {
                self.forget_prefix();
                self.read_toast();
                let told = std::mem::replace(&mut self.full_width, key != key.half());
                if self.full_width && !told {
                    let text = crate::text::label(self.lang, "hint.full-width").to_string();
                    self.say(Role::Dim, text, false);
                }
                self.command(&call);
            }
            Resolved::Pending(hints) => self.hints = hints,
            Resolved::Text(c) => {
                self.forget_prefix();
                self.read_toast();
                self.stroke(Stroke::Char(c));
            }
            Resolved::None => {
                let prefix = self.typed.len() > 1;
                self.forget_prefix();
                if !prefix {
                    self.unbound(key);
                }
            }
        }
    }

    /// The command is about a hit, and the hits on the screen are still those of older words; or it edits what is not read yet.
    fn must_wait(&self, call: &Call) -> bool {
        let about =
            |c: &Condition| matches!(c, Condition::CustomerChosen | Condition::ListNotEmpty | Condition::HasPhone | Condition::HasEmail);
        let older = self.layers.is_empty() && self.focus == Pane::Search && self.search.is_waiting();
        let unread = self.layers.is_empty() && call.command == CommandId::CustomerEdit && self.profile.is_waiting();
        unread || (older && crate::command::spec(call.command).needs.iter().any(about))
    }

    /// The hits are here, or will not come: the keys that waited for them act now.
    pub(super) fn replay(&mut self) {
        self.hints.clear();
        for key in std::mem::take(&mut self.waiting_keys) {
            self.key(key);
            self.follow();
        }
    }

    fn forget_prefix(&mut self) {
        self.typed.clear();
        self.hints.clear();
    }

    /// A key no command is bound to: editing where text is taken, Enter on a row that opens in place.
    fn unbound(&mut self, key: Key) {
        if let Some(stroke) = stroke_of(key) {
            self.read_toast();
            return self.stroke(stroke);
        }
        if key.code == Code::Enter && self.layers.is_empty() && self.focus == Pane::Profile && self.profile.unfold() {
            self.read_toast();
        }
    }

    fn stroke(&mut self, stroke: Stroke) {
        if !self.layers.is_empty() {
            self.with_top(|layer, cx| layer.stroke(stroke, cx));
            return;
        }
        if self.focus != Pane::Search {
            return;
        }
        let waited = self.search.is_waiting();
        if let (_, Some(request)) = self.search.stroke(stroke) {
            self.find(request);
        } else if waited && !self.search.is_waiting() {
            self.effects.push(Effect::Cancel(Lane::Search));
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.forget_prefix();
        self.read_toast();
        if !self.layers.is_empty() {
            self.with_top(|layer, cx| {
                layer.paste(text, cx);
                Heard::Yes
            });
            return;
        }
        self.focus = Pane::Search;
        if let Some(request) = self.search.paste(&clean::line(text)) {
            self.find(request);
        }
    }
}

/// The editing stroke of a key that is bound to no command.
fn stroke_of(key: Key) -> Option<Stroke> {
    if key.ctrl {
        return match key.code {
            Code::Char('a') => Some(Stroke::Home),
            Code::Char('e') => Some(Stroke::End),
            Code::Char('w') | Code::Backspace => Some(Stroke::BackWord),
            Code::Char('u') => Some(Stroke::BackAll),
            Code::Char('k') => Some(Stroke::DeleteAll),
            Code::Char('b') => Some(Stroke::Left),
            Code::Char('f') => Some(Stroke::Right),
            Code::Char('h') => Some(Stroke::Back),
            Code::Char('d') => Some(Stroke::Delete),
            Code::Left => Some(Stroke::WordLeft),
            Code::Right => Some(Stroke::WordRight),
            _ => None,
        };
    }
    match key.code {
        Code::Backspace => Some(Stroke::Back),
        Code::Delete => Some(Stroke::Delete),
        Code::Left if key.alt => Some(Stroke::WordLeft),
        Code::Right if key.alt => Some(Stroke::WordRight),
        Code::Left => Some(Stroke::Left),
        Code::Right => Some(Stroke::Right),
        Code::Home => Some(Stroke::Home),
        Code::End => Some(Stroke::End),
        _ => None,
    }
}
