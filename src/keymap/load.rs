//! Reads keymap files: follows `extends`, places every binding, reports every mistake at once with file and line.

use super::key::{Key, Reach, key_names};
use super::lint::{Lint, Problem};
use super::map::{Keymap, written};
use crate::command::{self, Call, Scope, near};
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A keymap file: its name (what `extends` says and findings show) and its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source<'a> {
    /// Its name: `default`, or the user's file name.
    pub name: &'a str,
    /// The whole text.
    pub text: &'a str,
}

/// The keymaps that ship with the programme.
pub const SHIPPED: [Source<'static>; 3] = [
    Source { name: "default", text: include_str!("../../keymaps/default.toml") },
    Source { name: "vim", text: include_str!("../../keymaps/vim.toml") },
    Source { name: "emacs", text: include_str!("../../keymaps/emacs.toml") },
];

/// Bindings while files are laid over one another.
pub(super) type Placed = BTreeMap<(Scope, Vec<Key>), Place>;

/// One binding with where it is written.
pub(super) struct Place {
    pub(super) call: Call,
    pub(super) file: usize,
    pub(super) line: usize,
}

impl Keymap {
    /// The shipped keymap of that name; `None` when there is none.
    pub fn shipped(name: &str) -> Option<Keymap> {
        if !SHIPPED.iter().any(|s| s.name == name) {
            return None;
        }
        Keymap::load(&SHIPPED, name).ok()
    }

    /// The user's own file laid over the shipped ones; it extends `default` unless it says otherwise.
    ///
    /// # Errors
    /// Every mistake of the file at once.
    pub fn with_user(user: Source<'_>) -> Result<Keymap, Vec<Lint>> {
        let mut sources = vec![user];
        sources.extend(SHIPPED.into_iter().filter(|s| s.name != user.name));
        Keymap::load(&sources, user.name)
    }

    /// The keymap `chosen` out of `sources`, with what it extends. A file that says nothing extends `default`, except
    /// `default` itself.
    ///
    /// # Errors
    /// Every mistake of the chain of files at once; warnings are no errors, see [`Keymap::warnings`].
    pub fn load(sources: &[Source<'_>], chosen: &str) -> Result<Keymap, Vec<Lint>> {
        let mut reader = Reader { sources, findings: Vec::new() };
        let chain = reader.chain(chosen);
        let mut placed = Placed::new();
        for (file, table) in chain.iter().rev() {
            reader.place_file(*file, table, &mut placed);
        }
        let names: Vec<&str> = sources.iter().map(|s| s.name).collect();
        super::map_lints::check(&placed, &names, &mut reader.findings);
        let (warnings, mut errors): (Vec<Lint>, Vec<Lint>) = reader.findings.into_iter().partition(|l| l.problem.is_warning());
        if !errors.is_empty() {
            errors.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
            return Err(errors);
        }
        let mut map = Keymap { name: chosen.to_string(), warnings, ..Keymap::default() };
        for ((scope, keys), place) in placed {
            map.scopes.entry(scope).or_default().insert(&keys, place.call);
        }
        Ok(map)
    }
}

struct Reader<'a> {
    sources: &'a [Source<'a>],
    findings: Vec<Lint>,
}

impl<'a> Reader<'a> {
    fn find(&mut self, file: usize, at: usize, problem: Problem) {
        let source = self.sources[file];
        let line = source.text.as_bytes().iter().take(at).filter(|b| **b == b'\n').count() + 1;
        self.findings.push(Lint { file: source.name.to_string(), line, problem });
    }

    /// The chosen file and what it extends, in that order, parsed.
    fn chain(&mut self, chosen: &str) -> Vec<(usize, DeTable<'a>)> {
        let mut chain: Vec<(usize, DeTable<'a>)> = Vec::new();
        let Some(mut file) = self.index(chosen) else {
            let problem = Problem::UnknownBase { name: chosen.to_string(), known: self.known() };
            self.findings.push(Lint { file: chosen.to_string(), line: 1, problem });
            return chain;
        };
        loop {
            let source = self.sources[file];
            let (table, errors) = DeTable::parse_recoverable(source.text);
            for e in errors {
                self.find(file, e.span().map_or(0, |s| s.start), Problem::NotToml { why: e.message().replace('\n', ", ") });
            }
            let table = table.into_inner();
            let base = self.base(file, &table);
            chain.push((file, table));
            let Some((name, at)) = base else { return chain };
            match self.index(&name) {
                None => {
                    let known = self.known();
                    self.find(file, at, Problem::UnknownBase { name, known });
                    return chain;
                }
                Some(next) if chain.iter().any(|(f, _)| *f == next) => {
                    self.find(file, at, Problem::Circle { name });
                    return chain;
                }
                Some(next) => file = next,
            }
        }
    }

    fn index(&self, name: &str) -> Option<usize> {
        self.sources.iter().position(|s| s.name == name)
    }

    fn known(&self) -> String {
        self.sources.iter().map(|s| s.name).collect::<Vec<_>>().join(", ")
    }

    /// What the file extends and where it says so.
    fn base(&mut self, file: usize, table: &DeTable<'_>) -> Option<(String, usize)> {
        let implied = (self.sources[file].name != "default").then(|| ("default".to_string(), 0));
        let Some(meta) = table.get("meta").and_then(|m| m.get_ref().as_table()) else { return implied };
        let mut base = implied;
        for (key, value) in meta {
            match (key.get_ref().as_ref(), value.get_ref().as_str()) {
                ("name", _) => {}
                ("extends", Some(name)) => base = Some((name.to_string(), value.span().start)),
                ("extends", None) => self.find(file, value.span().start, Problem::BadExtends),
                (other, _) => self.find(file, key.span().start, Problem::UnknownMeta { name: other.to_string() }),
            }
        }
        base
    }

    fn place_file(&mut self, file: usize, table: &DeTable<'_>, placed: &mut Placed) {
        for (name, value) in table {
            match (name.get_ref().as_ref(), value.get_ref().as_table()) {
                ("meta", _) => {}
                ("scope", Some(scopes)) => {
                    for (name, keys) in scopes {
                        self.place_scope(file, name, keys, placed);
                    }
                }
                (other, _) => self.find(file, name.span().start, Problem::UnknownTable { name: other.to_string() }),
            }
        }
    }

    fn place_scope(&mut self, file: usize, name: &Spanned<std::borrow::Cow<'_, str>>, keys: &Spanned<DeValue<'_>>, placed: &mut Placed) {
        let word = name.get_ref().as_ref();
        let Some(scope) = Scope::named(word) else {
            let near = near(word, Scope::ALL.into_iter().map(Scope::name)).map(str::to_string);
            return self.find(file, name.span().start, Problem::UnknownScope { name: word.to_string(), near });
        };
        let Some(bindings) = keys.get_ref().as_table() else {
            return self.find(file, name.span().start, Problem::BadScope { name: word.to_string() });
        };
        // Lines of this file's own bindings in this scope, to tell a repeat from an override.
        let mut own: BTreeMap<Vec<Key>, usize> = BTreeMap::new();
        for (key, value) in bindings {
            self.place(file, scope, key, value, placed, &mut own);
        }
    }

    fn place(
        &mut self,
        file: usize,
        scope: Scope,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
        placed: &mut Placed,
        own: &mut BTreeMap<Vec<Key>, usize>,
    ) {
        let at = key.span().start;
        let text = key.get_ref().as_ref();
        let Some(keys) = self.keys(file, at, text) else { return };
        let line = self.sources[file].text.as_bytes().iter().take(at).filter(|b| **b == b'\n').count() + 1;
        if let Some(other) = own.insert(keys.clone(), line) {
            let scope = scope.name().to_string();
            return self.find(file, at.max(key.span().start), Problem::Twice { keys: written(&keys), scope, other });
        }
        match value.get_ref() {
            DeValue::Boolean(false) => {
                if placed.remove(&(scope, keys.clone())).is_none() {
                    self.find(file, at, Problem::UnbindsNothing { keys: written(&keys), scope: scope.name().to_string() });
                }
            }
            DeValue::String(run) => {
                if let Some(call) = self.call(file, scope, text, run, value.span()) {
                    placed.insert((scope, keys), Place { call, file, line });
                }
            }
            _ => self.find(file, value.span().start, Problem::BadValue { keys: text.to_string() }),
        }
    }

    fn keys(&mut self, file: usize, at: usize, text: &str) -> Option<Vec<Key>> {
        let mut keys = Vec::new();
        let mut good = true;
        for word in text.split_whitespace() {
            let Some(key) = Key::parse(word) else {
                let near = near_key(word);
                self.find(file, at, Problem::UnknownKey { keys: text.to_string(), key: word.to_string(), near });
                good = false;
                continue;
            };
            match key.reach() {
                Reach::As(arrives) => {
                    self.find(file, at, Problem::ArrivesAs { key: key.to_string(), arrives: arrives.to_string() });
                    good = false;
                }
                Reach::Never => {
                    self.find(file, at, Problem::NeverArrives { key: key.to_string() });
                    good = false;
                }
                Reach::Plain | Reach::Some => keys.push(key),
            }
        }
        if good && keys.is_empty() {
            self.find(file, at, Problem::NoKey);
        }
        (good && !keys.is_empty()).then_some(keys)
    }

    fn call(&mut self, file: usize, scope: Scope, keys: &str, run: &str, span: Range<usize>) -> Option<Call> {
        let call = match command::parse(run) {
            Ok(call) => call,
            Err(e) => {
                let problem = match e.say.code {
                    "line.bad-value" | "line.too-many" => Problem::BadArgument {
                        keys: keys.to_string(),
                        command: run.split_whitespace().next().unwrap_or(run).to_string(),
                        word: e.say.arg("word").to_string(),
                        fits: e.say.arg("fits").to_string(),
                    },
                    _ => {
                        let near = Some(e.say.arg("near")).filter(|n| !n.is_empty()).map(str::to_string);
                        Problem::UnknownCommand { keys: keys.to_string(), name: run.to_string(), near }
                    }
                };
                self.find(file, span.start, problem);
                return None;
            }
        };
        let spec = command::spec(call.command);
        if !spec.lives_in(scope) && !spec.lives_in(Scope::Global) {
            let works = spec.scopes.iter().map(|s| s.name()).collect::<Vec<_>>().join(", ");
            let problem = Problem::Elsewhere { command: spec.id.to_string(), scope: scope.name().to_string(), works };
            self.find(file, span.start, problem);
            return None;
        }
        Some(call)
    }
}

/// The key a misspelt one may mean: its modifiers kept, its name the nearest.
fn near_key(word: &str) -> Option<String> {
    let (modifiers, name) = word.rsplit_once('-').map_or(("", word), |(m, n)| (m, n));
    let meant = near(name, key_names()).or_else(|| near(word, key_names()))?;
    let candidate = if modifiers.is_empty() { meant.to_string() } else { format!("{modifiers}-{meant}") };
    Key::parse(&candidate).map(|k| k.to_string())
}
