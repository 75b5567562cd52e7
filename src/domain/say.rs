//! What a room has to tell people: a code with arguments. The words, in every language, are made in `text`.

/// A sentence to be: its code (`refused.unknown-customer`) and its arguments by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Say {
    /// The code, listed with its words in `text`.
    pub code: &'static str,
    /// Arguments by name, already written out.
    pub args: Vec<(&'static str, String)>,
}

impl Say {
    /// A sentence without arguments.
    pub fn new(code: &'static str) -> Say {
        Say { code, args: Vec::new() }
    }
    /// With one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Say {
        self.args.push((name, value.to_string()));
        self
    }
    /// An argument by name, or "".
    pub fn arg(&self, name: &str) -> &str {
        self.args.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v)
    }
}
