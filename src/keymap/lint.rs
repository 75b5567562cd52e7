//! What can be wrong with a keymap, each with its file and line and what would fit.

use std::fmt;

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lint {
    /// The file's name as given.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)] // The sentences are the meaning.
pub enum Problem {
    #[error("not a keymap file: {why}")]
    NotToml { why: String },
    #[error("unknown table `{name}`; a keymap has [meta] and [scope.NAME]")]
    UnknownTable { name: String },
    #[error("unknown entry `{name}` in [meta]; it may hold `name` and `extends`")]
    UnknownMeta { name: String },
    #[error("`extends` must name a keymap in quotes, like \"default\"")]
    BadExtends,
    #[error("extends `{name}`, which is none of: {known}")]
    UnknownBase { name: String, known: String },
    #[error("extends itself through `{name}`")]
    Circle { name: String },
    #[error("unknown scope `{name}`{}", did_you_mean(.near))]
    UnknownScope { name: String, near: Option<String> },
    #[error("[scope.{name}] must be a table of keys")]
    BadScope { name: String },
    #[error("unknown key `{key}` in \"{keys}\"{}", did_you_mean(.near))]
    UnknownKey { keys: String, key: String, near: Option<String> },
    #[error("a binding needs at least one key")]
    NoKey,
    #[error("\"{keys}\" must be bound to a command in quotes, or to false to unbind it")]
    BadValue { keys: String },
    #[error("unknown command `{name}` for \"{keys}\"{}", did_you_mean(.near))]
    UnknownCommand { keys: String, name: String, near: Option<String> },
    #[error("`{command}` for \"{keys}\" does not take `{word}`{}", it_takes(.fits))]
    BadArgument { keys: String, command: String, word: String, fits: String },
    #[error("`{command}` does not apply in {scope}; it works in: {works}")]
    Elsewhere { command: String, scope: String, works: String },
    #[error("\"{keys}\" is bound twice in {scope}: the other one is on line {other}")]
    Twice { keys: String, scope: String, other: usize },
    #[error("\"{keys}\" in {scope} is the beginning of \"{longer}\", which could never be typed; unbind one with false")]
    Prefix { keys: String, longer: String, scope: String },
    #[error("\"{keys}\" in {scope} is never reached: text is typed there")]
    TypedThere { keys: String, scope: String },
    #[error("\"{keys}\" unbinds nothing in {scope}")]
    UnbindsNothing { keys: String, scope: String },
    #[error("a plain terminal sends `{key}` as `{arrives}`; choose another key")]
    ArrivesAs { key: String, arrives: String },
    #[error("a plain terminal cannot send `{key}`; choose another key")]
    NeverArrives { key: String },
    #[error("`{key}` does not arrive on every terminal; bind another key to the same command as well")]
    RareKey { key: String },
    #[error("\"{keys}\" in {scope} hides \"{hidden}\" of global there")]
    Hides { keys: String, scope: String, hidden: String },
}

impl Problem {
    /// The map can be used all the same.
    pub fn is_warning(&self) -> bool {
        matches!(self, Problem::RareKey { .. } | Problem::Hides { .. } | Problem::UnbindsNothing { .. })
    }
}

fn did_you_mean(near: &Option<String>) -> String {
    near.as_ref().map_or(String::new(), |n| format!("; did you mean `{n}`?"))
}

fn it_takes(fits: &str) -> String {
    if fits.is_empty() { String::new() } else { format!("; it takes: {fits}") }
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.problem)
    }
}
