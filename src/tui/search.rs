//! The search pane: the box, the hits, the cursor in them. Every change of the words asks anew; the newest answer counts.

use super::{
    cursor::Cursor,
    effect::Ticket,
    entry::{Entry, Stroke},
    layer::Heard,
};
use crate::{
    command::CommandId,
    domain::{CustomerId, phone::valid_shape},
    keymap::key::half_width,
    ops::request::{Hit, Hits, Request},
};

/// So many hits are asked for at first; more when the cursor comes near their end.
pub const FIRST: usize = 100;
/// Never more than so many.
pub const MOST: usize = 2_000;

/// The search pane.
#[derive(Debug)]
pub struct SearchPane {
    /// What is typed.
    pub entry: Entry,
    /// Typing goes into the box (else the list hears the keys).
    pub in_box: bool,
    /// The last answer.
    pub hits: Option<Hits>,
    /// The hit the cursor is on, and what of the list shows.
    pub cursor: Cursor,
    waiting: Option<Ticket>,
    limit: usize,
}

impl SearchPane {
    /// An empty box with the cursor in it.
    pub fn new() -> SearchPane {
        SearchPane { entry: Entry::line(""), in_box: true, hits: None, cursor: Cursor::default(), waiting: None, limit: FIRST }
    }

    /// What is typed, without spaces around.
    pub fn words(&self) -> &str {
        self.entry.value().trim()
    }

    /// The hit the cursor is on.
    pub fn selected(&self) -> Option<&Hit> {
        self.list().get(self.cursor.at)
    }

    /// The hits to be shown; none while nothing is typed.
    pub fn list(&self) -> &[Hit] {
        self.hits.as_ref().map_or(&[], |h| &h.hits)
    }

    /// The question that waits for its answer.
    pub fn waiting(&self) -> Option<Ticket> {
        self.waiting
    }

    /// The answer on the screen is for other words than are typed: a newer one is on its way.
    pub fn is_waiting(&self) -> bool {
        self.waiting.is_some()
    }

    /// A stroke of typing; the question to ask when the words changed.
    pub fn stroke(&mut self, stroke: Stroke) -> (Heard, Option<Request>) {
        if !self.in_box {
            return (Heard::No, None);
        }
        let before = self.words().to_string();
        self.entry.stroke(stroke);
        (Heard::Yes, self.changed(&before))
    }

    /// Pasted text: a phone number out of a mail, a name.
    pub fn paste(&mut self, text: &str) -> Option<Request> {
        let before = self.words().to_string();
        self.in_box = true;
        self.entry.insert(text);
        self.changed(&before)
    }

    /// Other words in the box, as if typed.
    pub fn set_words(&mut self, words: &str) -> Option<Request> {
        let before = self.words().to_string();
        self.entry = Entry::line(words);
        self.changed(&before)
    }

    fn changed(&mut self, before: &str) -> Option<Request> {
        if self.words() == before {
            return None;
        }
        self.limit = FIRST;
        if self.words().is_empty() {
            self.hits = None;
            self.waiting = None;
            self.cursor.go(0, 0);
            return None;
        }
        self.question()
    }

    /// The question for what is typed; `None` when nothing is.
    pub fn question(&self) -> Option<Request> {
        (!self.words().is_empty()).then(|| Request::Find { words: self.words().to_string(), limit: self.limit })
    }

    /// The question was given this ticket.
    pub fn asked(&mut self, ticket: Ticket) {
        self.waiting = Some(ticket);
    }

    /// An answer; true when it was the one waited for. The cursor stays on its customer when the words stayed.
    pub fn learn(&mut self, ticket: Ticket, hits: Hits) -> bool {
        if self.waiting != Some(ticket) {
            return false;
        }
        self.waiting = None;
        let same = self.hits.as_ref().is_some_and(|old| old.words == hits.words);
        let was = self.selected().filter(|_| same).map(|h| h.card.id);
        let stays = if same { self.cursor.at } else { 0 };
        let at = was.and_then(|id| hits.hits.iter().position(|h| h.card.id == id)).unwrap_or(stays);
        let len = hits.hits.len();
        self.hits = Some(hits);
        if !same {
            self.cursor.top = 0;
        }
        self.cursor.go(at, len);
        true
    }

    /// Takes a customer who is no longer there out of the hits.
    pub fn forget(&mut self, customer: CustomerId) {
        if let Some(hits) = &mut self.hits {
            let before = hits.hits.len();
            hits.hits.retain(|h| h.card.id != customer);
            hits.total = hits.total.saturating_sub((before - hits.hits.len()) as u64);
        }
        self.cursor.go(self.cursor.at, self.list().len());
    }

    /// What is typed could be the name or the phone of somebody new: not an order (`#10234`), a search by field (`tag:VIP`),
    /// a mail address, a customer number (`C00012`) or the few digits a phone ends with.
    pub fn names_somebody(&self) -> bool {
        let words = half_width_line(self.words());
        let number = words.strip_prefix(|c: char| c.is_ascii_alphabetic()).unwrap_or(&words);
        let digits = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
        if words.contains(['#', ':', '@']) || (digits && number.len() < words.len()) {
            return false;
        }
        words.chars().any(char::is_alphabetic) || valid_shape(&words)
    }

    /// The question failed or was replaced; nothing is waited for any more.
    pub fn gave_up(&mut self, ticket: Ticket) -> bool {
        let mine = self.waiting == Some(ticket);
        if mine {
            self.waiting = None;
        }
        mine
    }

    /// Moves the cursor; the question for more hits when it comes near the end of those at hand.
    pub fn go(&mut self, command: CommandId) -> Option<Request> {
        self.cursor.act(command, self.list().len());
        self.more()
    }

    fn more(&mut self) -> Option<Request> {
        let have = self.list().len();
        let total = self.hits.as_ref().map_or(0, |h| h.total);
        let near = self.cursor.at + self.cursor.page() >= have;
        if !near || u64::try_from(have).is_ok_and(|n| n >= total) || self.limit >= MOST || self.is_waiting() {
            return None;
        }
        self.limit = (self.limit * 4).min(MOST);
        self.question()
    }

    /// So many rows of the list show.
    pub fn arrange(&mut self, page: usize) {
        self.cursor.arrange(page, self.list().len());
    }

    /// Is this customer among the hits at hand?
    pub fn shows(&self, customer: CustomerId) -> bool {
        self.list().iter().any(|h| h.card.id == customer)
    }
}

/// The words with full-width letters and signs as their half-width ones.
fn half_width_line(words: &str) -> String {
    words.chars().map(half_width).collect()
}

impl Default for SearchPane {
    fn default() -> Self {
        SearchPane::new()
    }
}
