//! The cursor of a list: the row it is on, the first row that shows, and the commands that move it.

use crate::command::CommandId;

/// A place in a list of which a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The row it is on.
    pub at: usize,
    /// The first row that shows.
    pub top: usize,
    /// So many rows show; at least one.
    page: usize,
}

impl Default for Cursor {
    fn default() -> Cursor {
        Cursor { at: 0, top: 0, page: 1 }
    }
}

impl Cursor {
    /// The rows that show.
    pub fn page(&self) -> usize {
        self.page
    }

    /// Goes to a row of a list of `len`, or to its last, and keeps that on the screen.
    pub fn go(&mut self, to: usize, len: usize) {
        let last = len.saturating_sub(1);
        self.at = to.min(last);
        if self.at < self.top {
            self.top = self.at;
        } else if self.at >= self.top + self.page {
            self.top = self.at + 1 - self.page;
        }
        self.top = self.top.min(last);
    }

    /// Carries out a command that moves in lists; false for any other.
    pub fn act(&mut self, command: CommandId, len: usize) -> bool {
        let to = match command {
            CommandId::ListNext | CommandId::ResultNext => self.at.saturating_add(1),
            CommandId::ListPrev | CommandId::ResultPrev => self.at.saturating_sub(1),
            CommandId::ListPageDown => self.at.saturating_add(self.page),
            CommandId::ListPageUp => self.at.saturating_sub(self.page),
            CommandId::ListFirst => 0,
            CommandId::ListLast => usize::MAX,
            _ => return false,
        };
        self.go(to, len);
        true
    }

    /// So many rows show now.
    pub fn arrange(&mut self, page: usize, len: usize) {
        self.page = page.max(1);
        self.go(self.at, len);
    }
}
