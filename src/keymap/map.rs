//! The map itself: a trie of keys per scope, resolution from the innermost scope outwards, reverse look-up.

use super::key::Key;
use super::lint::Lint;
use crate::command::{Call, CommandId, Scope};
use std::collections::BTreeMap;

/// A loaded keymap.
#[derive(Debug, Clone, Default)]
pub struct Keymap {
    pub(super) name: String,
    pub(super) scopes: BTreeMap<Scope, Node>,
    pub(super) warnings: Vec<Lint>,
}

/// One binding as listed by [`Keymap::bindings`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The scope it is bound in.
    pub scope: Scope,
    /// The keys, in order.
    pub keys: Vec<Key>,
    /// What they run.
    pub call: Call,
}

/// A key that goes on from a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The next key.
    pub key: Key,
    /// What it runs; `None` when more keys follow.
    pub call: Option<Call>,
}

/// What keys come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// They run this.
    Command(Call),
    /// They begin something: the keys that go on, for the hint box.
    Pending(Vec<Hint>),
    /// They are a character of text, as it was typed (full-width stays full-width).
    Text(char),
    /// They are bound to nothing here.
    None,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    pub(super) call: Option<Call>,
    pub(super) next: BTreeMap<Key, Node>,
}

impl Node {
    fn find(&self, keys: &[Key]) -> Option<&Node> {
        keys.iter().try_fold(self, |node, key| node.next.get(&key.half()))
    }

    pub(super) fn insert(&mut self, keys: &[Key], call: Call) {
        let mut node = self;
        for key in keys {
            node = node.next.entry(*key).or_default();
        }
        node.call = Some(call);
    }

    fn walk(&self, keys: &mut Vec<Key>, found: &mut impl FnMut(&[Key], &Call)) {
        if let Some(call) = &self.call {
            found(keys, call);
        }
        for (key, node) in &self.next {
            keys.push(*key);
            node.walk(keys, found);
            keys.pop();
        }
    }
}

impl Keymap {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is doubtful about it, though it works.
    pub fn warnings(&self) -> &[Lint] {
        &self.warnings
    }

    /// What the keys typed so far come to. `scopes` innermost first; `takes_text`: the innermost layer takes text, so a
    /// plain printable first key is text and is looked up nowhere. A prefix begun with a Ctrl key goes on with any key.
    pub fn resolve(&self, scopes: &[Scope], keys: &[Key], takes_text: bool) -> Resolved {
        let Some(first) = keys.first() else { return Resolved::None };
        if takes_text && let Some(c) = first.text() {
            return if keys.len() == 1 { Resolved::Text(c) } else { Resolved::None };
        }
        let nodes: Vec<&Node> = scopes.iter().filter_map(|s| self.scopes.get(s)?.find(keys)).collect();
        match nodes.first() {
            None => Resolved::None,
            Some(Node { call: Some(call), .. }) => Resolved::Command(call.clone()),
            Some(_) => Resolved::Pending(hints(&nodes)),
        }
    }

    /// The keys that run a command (with whatever arguments) in these scopes: innermost scope first, within a scope the
    /// shortest first and those that arrive on every terminal before the others.
    pub fn keys_for(&self, command: CommandId, scopes: &[Scope]) -> Vec<Vec<Key>> {
        let mut out = Vec::new();
        for scope in scopes {
            let mut here = Vec::new();
            if let Some(root) = self.scopes.get(scope) {
                root.walk(&mut Vec::new(), &mut |keys, call| {
                    if call.command == command {
                        here.push(keys.to_vec());
                    }
                });
            }
            here.sort_by_key(|keys| (keys.len(), keys.iter().any(|k| k.reach() != super::Reach::Plain)));
            out.append(&mut here);
        }
        out
    }

    /// Every binding, by scope, then by key.
    pub fn bindings(&self) -> Vec<Binding> {
        let mut out = Vec::new();
        for (scope, root) in &self.scopes {
            root.walk(&mut Vec::new(), &mut |keys, call| {
                out.push(Binding { scope: *scope, keys: keys.to_vec(), call: call.clone() });
            });
        }
        out
    }
}

/// The continuations of several scopes' prefixes; the innermost scope's meaning of a key wins.
fn hints(nodes: &[&Node]) -> Vec<Hint> {
    let mut seen: BTreeMap<Key, Hint> = BTreeMap::new();
    for node in nodes {
        for (key, next) in &node.next {
            seen.entry(*key).or_insert_with(|| Hint { key: *key, call: next.call.clone() });
        }
    }
    seen.into_values().collect()
}

/// Keys as they are written, with spaces between.
pub fn written(keys: &[Key]) -> String {
    keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
}
