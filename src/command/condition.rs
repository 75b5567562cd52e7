//! What must hold for a command to apply, and why it does not: one closed list, checked in one place.

use super::spec::{ArgKind, Args, CommandSpec, Scope};
use crate::domain::{Right, Role, Say};

/// Something a command needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Condition {
    /// A customer is chosen in the list or open in the profile.
    CustomerChosen,
    /// The list has rows.
    ListNotEmpty,
    /// Something is typed in the search box.
    SearchTyped,
    /// The cursor is in a field of text that may have several lines.
    TextField,
    /// There is a change of this person to take back.
    HasUndo,
    /// There is a change taken back to do again.
    HasRedo,
    /// The chosen customer has a phone.
    HasPhone,
    /// The chosen customer has an e-mail address.
    HasEmail,
}

impl Condition {
    /// Every condition.
    pub const ALL: [Condition; 8] = [
        Condition::CustomerChosen,
        Condition::ListNotEmpty,
        Condition::SearchTyped,
        Condition::TextField,
        Condition::HasUndo,
        Condition::HasRedo,
        Condition::HasPhone,
        Condition::HasEmail,
    ];

    /// The code of the words for its absence.
    pub fn absent(self) -> &'static str {
        match self {
            Condition::CustomerChosen => "absent.customer-chosen",
            Condition::ListNotEmpty => "absent.list-not-empty",
            Condition::SearchTyped => "absent.search-typed",
            Condition::TextField => "absent.text-field",
            Condition::HasUndo => "absent.has-undo",
            Condition::HasRedo => "absent.has-redo",
            Condition::HasPhone => "absent.has-phone",
            Condition::HasEmail => "absent.has-email",
        }
    }
}

/// The conditions that hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Conditions(u32);

impl Conditions {
    /// These hold.
    pub fn of(held: impl IntoIterator<Item = Condition>) -> Conditions {
        held.into_iter().fold(Conditions::default(), |set, c| set.with(c, true))
    }
    /// With one more that holds or not.
    #[must_use]
    pub fn with(self, condition: Condition, holds: bool) -> Conditions {
        let bit = 1 << condition as u32;
        Conditions(if holds { self.0 | bit } else { self.0 & !bit })
    }
    /// It holds.
    pub fn hold(self, condition: Condition) -> bool {
        self.0 & (1 << condition as u32) != 0
    }
}

/// Where a person is and what holds there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Here {
    /// Scopes, innermost first, `Global` last.
    pub scopes: Vec<Scope>,
    /// What holds.
    pub held: Conditions,
    /// Their role.
    pub role: Role,
}

impl Here {
    /// Why the command does not apply here, or `None` when it does. A customer given as an argument needs none chosen.
    pub fn why_not(&self, spec: &CommandSpec, args: &Args) -> Option<Say> {
        if !self.role.may(spec.right) {
            return Some(Say::new("refused.right").with("role", role_code(self.role)).with("what", right_code(spec.right)));
        }
        if !spec.scopes.iter().any(|s| *s == Scope::Global || self.scopes.contains(s)) {
            let place = spec.scopes.first().map_or("", |s| scope_code(*s));
            return Some(Say::new("absent.elsewhere").with("place", place));
        }
        let given = spec.args.iter().any(|a| a.kind == ArgKind::Customer && args.text(a.name).is_some());
        let lifted = |c: Condition| given && matches!(c, Condition::CustomerChosen | Condition::HasPhone | Condition::HasEmail);
        spec.needs.iter().find(|c| !self.held.hold(**c) && !lifted(**c)).map(|c| Say::new(c.absent()))
    }
}

/// The code of a role's name.
pub fn role_code(role: Role) -> &'static str {
    match role {
        Role::Rep => "role.rep",
        Role::Support => "role.support",
        Role::Analyst => "role.analyst",
        Role::Leader => "role.leader",
        Role::Admin => "role.admin",
        Role::Auditor => "role.auditor",
    }
}

/// The code of what a right allows.
pub fn right_code(right: Right) -> &'static str {
    match right {
        Right::Read => "right.read",
        Right::Write => "right.write",
        Right::Bulk => "right.bulk",
        Right::Export => "right.export",
        Right::Admin => "right.admin",
    }
}

/// The code of a scope's name on the screen.
pub fn scope_code(scope: Scope) -> &'static str {
    match scope {
        Scope::Global => "scope.global",
        Scope::SearchBox => "scope.search-box",
        Scope::List => "scope.list",
        Scope::Profile => "scope.profile",
        Scope::Popup => "scope.popup",
        Scope::Help => "scope.help",
        Scope::Palette => "scope.palette",
        Scope::History => "scope.history",
        Scope::Ask => "scope.ask",
    }
}
