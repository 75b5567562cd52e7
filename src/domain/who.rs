//! Who asks: the acting staff member, the operating-system user behind, and what their role allows.

use serde::{Deserialize, Serialize};

/// What a person may be in the programme (roles of `terms`: sales, support, analyst, leader, administrator, auditor).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Role {
    /// Sales.
    Rep,
    /// Support.
    Support,
    /// Analysis.
    Analyst,
    /// Leader of a team.
    Leader,
    /// Administrator: everything.
    Admin,
    /// Auditor: reads everything, changes nothing.
    Auditor,
}

/// What a request takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Right {
    /// Look at customers.
    Read,
    /// Log, edit, add.
    Write,
    /// Import, bulk change.
    Bulk,
    /// Take data out.
    Export,
    /// Backup, rebuild, settings.
    Admin,
}

impl Role {
    /// The only rule of who may do what.
    pub fn may(self, right: Right) -> bool {
        match self {
            Role::Admin => true,
            Role::Leader => right != Right::Admin,
            Role::Rep | Role::Support => matches!(right, Right::Read | Right::Write),
            Role::Analyst => matches!(right, Right::Read | Right::Bulk | Right::Export),
            Role::Auditor => right == Right::Read,
        }
    }
}

/// Who carries a request: deny by default, told apart in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// The staff record acted as; 0 when the book has none for this person (the owner of a private book).
    pub staff: u64,
    /// The name shown.
    pub name: String,
    /// The operating-system user behind.
    pub os_user: String,
    /// What they may.
    pub role: Role,
}

impl Who {
    /// The owner of a private book, before it has any staff: may do everything.
    pub fn owner(os_user: &str) -> Who {
        Who { staff: 0, name: os_user.to_string(), os_user: os_user.to_string(), role: Role::Admin }
    }
}
