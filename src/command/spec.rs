//! What a command is: its id, where it applies, its arguments, what must hold, the right it takes.

use super::condition::Condition;
use crate::domain::Right;

/// Every command, as the workbench matches on it. Its written id is in [`CommandSpec::id`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)] // Each is described by its row in `table` and its words in `text`.
pub enum CommandId {
    Quit,
    Help,
    Redraw,
    Palette,
    Language,
    Back,
    GoSearch,
    GoProfile,
    GoHistory,
    SearchFocus,
    SearchLeave,
    SearchClear,
    ListNext,
    ListPrev,
    ListPageDown,
    ListPageUp,
    ListFirst,
    ListLast,
    ResultNext,
    ResultPrev,
    CustomerOpen,
    CustomerEdit,
    CustomerNew,
    ProfileTab1,
    ProfileTab2,
    ProfileTab3,
    ProfileTabNext,
    ProfileTabPrev,
    ProfileScrollDown,
    ProfileScrollUp,
    ProfilePageDown,
    ProfilePageUp,
    ProfileTop,
    ProfileBottom,
    LogFollowUp,
    AddTask,
    AddTag,
    RemoveTag,
    CopyPhone,
    CopyEmail,
    CopyCard,
    Undo,
    Redo,
    PopupAccept,
    PopupNextField,
    PopupPrevField,
    PopupCancel,
    PopupNewline,
    HelpScrollDown,
    HelpScrollUp,
    HelpPageDown,
    HelpPageUp,
    HelpTop,
    HelpBottom,
}

/// Where keys are looked up and where a command applies. The workbench passes its scopes innermost first, `Global` last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Anywhere.
    Global,
    /// The search box, while it is typed in.
    SearchBox,
    /// The list of hits.
    List,
    /// The 360° profile.
    Profile,
    /// A popup with fields (log, edit, task, tag ...).
    Popup,
    /// The help overlay.
    Help,
    /// The command palette.
    Palette,
    /// The history of changes.
    History,
    /// The question for a missing argument.
    Ask,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Scope; 9] = [
        Scope::Global,
        Scope::SearchBox,
        Scope::List,
        Scope::Profile,
        Scope::Popup,
        Scope::Help,
        Scope::Palette,
        Scope::History,
        Scope::Ask,
    ];

    /// Its name in keymap files.
    pub fn name(self) -> &'static str {
        match self {
            Scope::Global => "global",
            Scope::SearchBox => "search-box",
            Scope::List => "list",
            Scope::Profile => "profile",
            Scope::Popup => "popup",
            Scope::Help => "help",
            Scope::Palette => "palette",
            Scope::History => "history",
            Scope::Ask => "ask",
        }
    }

    /// The scope of that name.
    pub fn named(name: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|s| s.name() == name)
    }

    /// Text is typed here: plain printable keys are text and never commands.
    pub fn takes_text(self) -> bool {
        matches!(self, Scope::SearchBox | Scope::Popup | Scope::Palette | Scope::Ask)
    }
}

/// What an argument may be: decides completion, validation and what the generic question asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArgKind {
    /// Free text; as the last argument it takes the rest of the line.
    Text,
    /// A whole number.
    Number,
    /// A customer by number, phone, e-mail or unique name; takes the rest of the line when last.
    Customer,
    /// The key of a customer field.
    Field,
    /// The name of a tag; takes the rest of the line when last.
    Tag,
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// One argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArgSpec {
    /// Its name.
    pub name: &'static str,
    /// What it may be.
    pub kind: ArgKind,
    /// It may be left out.
    pub optional: bool,
}

/// One command.
#[derive(Debug, Clone, Copy)]
pub struct CommandSpec {
    /// What the workbench matches on.
    pub command: CommandId,
    /// `area.verb`, as keymaps and the `:` line write it; never changes.
    pub id: &'static str,
    /// Other names the `:` line understands.
    pub aliases: &'static [&'static str],
    /// Where it applies; `Global` is everywhere.
    pub scopes: &'static [Scope],
    /// Its arguments in order.
    pub args: &'static [ArgSpec],
    /// What must hold.
    pub needs: &'static [Condition],
    /// What it takes. Only greys out: the Desk decides.
    pub right: Right,
}

/// A value given for an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArgValue {
    /// Text, a customer's words, a field key, a tag, or one of the choices.
    Text(String),
    /// A whole number.
    Number(i64),
}

/// The arguments given, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Args(pub Vec<(&'static str, ArgValue)>);

/// A command with its arguments: what a key or a `:` line comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Which command.
    pub command: CommandId,
    /// Its arguments.
    pub args: Args,
}

impl Args {
    /// The text given for that argument.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            ArgValue::Text(t) => Some(t),
            ArgValue::Number(_) => None,
        }
    }
    /// The number given for that argument.
    pub fn number(&self, name: &str) -> Option<i64> {
        match self.get(name)? {
            ArgValue::Number(n) => Some(*n),
            ArgValue::Text(_) => None,
        }
    }
    fn get(&self, name: &str) -> Option<&ArgValue> {
        self.0.iter().find(|(n, _)| *n == name).map(|(_, v)| v)
    }
}

impl Call {
    /// A command without arguments.
    pub fn new(command: CommandId) -> Call {
        Call { command, args: Args::default() }
    }
    /// With one more argument; for building.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: ArgValue) -> Call {
        self.args.0.push((name, value));
        self
    }
    /// The first argument that must be given and is not: what the generic question asks for.
    pub fn missing(&self) -> Option<&'static ArgSpec> {
        super::table::spec(self.command).args.iter().find(|a| !a.optional && self.args.get(a.name).is_none())
    }
}

impl ArgKind {
    /// As the last argument it takes the rest of the line, spaces and all.
    pub fn takes_rest(self) -> bool {
        matches!(self, ArgKind::Text | ArgKind::Customer | ArgKind::Tag)
    }
}

impl CommandSpec {
    /// It applies in that scope.
    pub fn lives_in(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }
    /// The part of the id before the first dot: the group it is shown in.
    pub fn area(&self) -> &'static str {
        self.id.split('.').next().unwrap_or(self.id)
    }
    pub(super) const fn also(mut self, aliases: &'static [&'static str]) -> CommandSpec {
        self.aliases = aliases;
        self
    }
    pub(super) const fn takes(mut self, args: &'static [ArgSpec]) -> CommandSpec {
        self.args = args;
        self
    }
    pub(super) const fn needs(mut self, needs: &'static [Condition]) -> CommandSpec {
        self.needs = needs;
        self
    }
    pub(super) const fn writes(mut self) -> CommandSpec {
        self.right = Right::Write;
        self
    }
}
