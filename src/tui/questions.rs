//! The questions of the workbench: tickets, which of them still count, and what is asked by itself: the profile of the
//! customer the cursor is on, and what another question pushed aside.

use super::{
    effect::{Effect, Lane, Ticket},
    workbench::{Pane, Workbench},
};
use crate::ops::request::Request;

impl Workbench {
    /// Asks the Desk; a newer question in an interactive lane replaces an older one.
    pub(super) fn ask(&mut self, lane: Lane, request: Request) -> Ticket {
        let generation = self.generations.entry(lane).or_insert(0);
        *generation += 1;
        let ticket = Ticket { lane, generation: *generation };
        if lane != Lane::Write {
            self.progress.retain(|t, _| t.lane != lane);
        }
        self.effects.push(Effect::Ask { ticket, request });
        ticket
    }

    /// The newest question of its lane; of the write lane, any that is not answered yet.
    pub(super) fn is_current(&self, ticket: Ticket) -> bool {
        match ticket.lane {
            Lane::Write => self.writing.contains_key(&ticket),
            lane => self.generations.get(&lane) == Some(&ticket.generation),
        }
    }

    /// Asks for the hits of what is typed.
    pub(super) fn find(&mut self, request: Request) {
        let ticket = self.ask(Lane::Search, request);
        self.search.asked(ticket);
    }

    /// A popup that looked for people took the search lane, a customer named in words the profile lane: once that is over,
    /// what it replaced is asked anew.
    pub(super) fn ask_again(&mut self) {
        let lost = self.search.waiting().is_some_and(|t| !self.is_current(t));
        if lost
            && self.layers.is_empty()
            && let Some(request) = self.search.question()
        {
            self.find(request);
        }
        let lost = self.profile.waiting().is_some_and(|t| !self.is_current(t));
        if lost
            && self.named.is_none()
            && let Some(customer) = self.profile.wanted
        {
            let ticket = self.ask(Lane::Profile, Request::Profile { customer });
            self.profile.asked(ticket);
        }
    }

    /// The profile follows the cursor of the list while the list has the focus.
    pub(super) fn follow(&mut self) {
        if self.focus != Pane::Search {
            return;
        }
        match self.search.selected() {
            Some(hit) if self.profile.wanted == Some(hit.card.id) => {}
            Some(hit) => {
                let card = hit.card.clone();
                if self.profile.turn_to(card.id, Some(&card)) {
                    let ticket = self.ask(Lane::Profile, Request::Profile { customer: card.id });
                    self.profile.asked(ticket);
                }
            }
            None if self.profile.wanted.is_some() => {
                self.profile.turn_away();
                self.effects.push(Effect::Cancel(Lane::Profile));
            }
            None => {}
        }
    }
}
