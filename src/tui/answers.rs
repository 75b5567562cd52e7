//! What the workbench makes of answers, refusals and other people's changes. An answer to a question that has been
//! replaced is dropped by its ticket.

use super::{
    effect::{Effect, Lane, Ticket},
    label::W,
    theme::Role,
    workbench::{Pane, Workbench, Writing, view},
};
use crate::{
    domain::{BookInfo, ChangeSet, CustomerId, Kind, Op, Profile, clean},
    ops::request::{Refusal, RefusalKind, Reply, Request, Saved},
};
use std::sync::Arc;

/// Said of a change that changes nothing.
const NOTHING: &str = "done.nothing";
/// Said of a customer that is not there.
const GONE: &str = "refused.unknown-customer";

impl Workbench {
    pub(super) fn answered(&mut self, ticket: Ticket, reply: Reply) {
        self.progress.remove(&ticket);
        if ticket.lane == Lane::Write {
            if let (Some(writing), Reply::Saved(saved)) = (self.writing.remove(&ticket), reply) {
                self.saved(&writing.request, saved);
            }
            return self.quit_when_done();
        }
        if !self.is_current(ticket) {
            return;
        }
        let v = view!(self);
        if self.layers.iter_mut().rev().any(|l| l.learn(ticket, &reply, v)) {
            return;
        }
        match reply {
            Reply::Hits(hits) => {
                if self.search.learn(ticket, hits) {
                    self.follow();
                    self.replay();
                }
            }
            Reply::Profile(profile) => self.learn_profile(ticket, profile),
            Reply::Book(book) => self.opened(book),
            Reply::History(_) | Reply::Saved(_) => {}
        }
    }

    fn learn_profile(&mut self, ticket: Ticket, profile: Box<Profile>) {
        if let Some((_, call)) = self.named.take_if(|(wanted, _)| *wanted == ticket) {
            self.profile.turn_to(profile.card.id, Some(&profile.card));
            self.profile.asked(ticket);
            self.profile.learn(ticket, profile);
            return self.go_on(&call);
        }
        if self.profile.learn(ticket, profile) && !self.search.is_waiting() {
            self.replay();
        }
    }

    /// A change is safe on disk.
    fn saved(&mut self, request: &Request, saved: Saved) {
        let text = self.view().saved(&saved);
        // Nothing was written: there is nothing to take back, nor is anything else of the past different.
        if saved.what.code == NOTHING {
            return self.say(Role::Text, text, false);
        }
        let taken_back = matches!(request, Request::Undo { .. });
        self.undo = true;
        self.last_was_undo = taken_back;
        self.redo = match request {
            Request::Undo { .. } => true,
            Request::Redo => self.redo,
            _ => false,
        };
        if let Request::Log(entry) = request {
            self.drafts.remove(&entry.customer);
        }
        self.say(Role::Good, text, !taken_back);
        if let Some((Kind::Customer, id)) = saved.made
            && let Ok(id) = CustomerId::try_from(id)
        {
            self.show(id);
        }
    }

    pub(super) fn failed(&mut self, ticket: Ticket, why: &Refusal) {
        self.progress.remove(&ticket);
        if ticket.lane == Lane::Write {
            self.refused(ticket, why);
            return self.quit_when_done();
        }
        if !self.is_current(ticket) || why.kind == RefusalKind::Cancelled {
            return;
        }
        let (hits, profile) = (self.search.gave_up(ticket), self.profile.gave_up(ticket));
        if hits || profile {
            // Without hits there is nobody the waiting keys could be about.
            self.waiting_keys.clear();
        }
        if profile && why.say.code == GONE {
            return self.gone();
        }
        let v = view!(self);
        if ticket.lane == Lane::History
            && let Some(layer) = self.layers.last_mut()
        {
            return layer.refused(why, v);
        }
        if self.named.as_ref().is_some_and(|(wanted, _)| *wanted == ticket) {
            self.named = None;
        }
        let text = self.view().refusal(why);
        self.say(Role::Bad, text, false);
    }

    /// The customer looked at is no longer there (their adding was taken back): back to the list, with what was said last
    /// left standing; a popup that was about them goes.
    fn gone(&mut self) {
        if let Some(id) = self.profile.wanted {
            self.search.forget(id);
        }
        self.layers.retain(|l| !l.is_about_customer());
        self.profile.turn_away();
        self.focus = Pane::Search;
        self.search.in_box |= self.search.list().is_empty();
    }

    /// A change was not saved, or nobody can tell yet.
    fn refused(&mut self, ticket: Ticket, why: &Refusal) {
        let Some(mut writing) = self.writing.remove(&ticket) else { return };
        self.quitting = false;
        let can_ask_again = matches!(writing.request, Request::Log(_));
        if why.kind == RefusalKind::Unknown && can_ask_again {
            writing.unknown = true;
            self.writing.insert(ticket, writing);
            let text = self.view().word(W::UnknownChecking).to_string();
            return self.say(Role::Warn, text, false);
        }
        let v = view!(self);
        let role = if why.kind == RefusalKind::Unknown { Role::Warn } else { Role::Bad };
        let text = v.refusal(why);
        self.effects.push(Effect::Bell);
        if let Some(mut layer) = writing.layer {
            layer.refused(why, v);
            self.layers.push(layer);
        }
        self.say(role, text, false);
    }

    /// Asks again about follow-ups nobody could tell of: the op id makes sure that they are saved once.
    pub(super) fn check_unknown(&mut self) {
        let open: Vec<Ticket> = self.writing.iter().filter(|(_, w)| w.unknown).map(|(t, _)| *t).collect();
        for old in open {
            if let Some(Writing { request, layer, .. }) = self.writing.remove(&old) {
                let ticket = self.ask(Lane::Write, request.clone());
                self.writing.insert(ticket, Writing { request, layer, unknown: false });
            }
        }
    }

    /// A commit: whatever on the screen it touches is asked for anew.
    pub(super) fn changed(&mut self, changes: &ChangeSet) {
        let touches = |id: CustomerId| {
            changes.ops.iter().any(|op| match op {
                Op::Mark { rows, .. } => rows.contains(id),
                other => other.customer() == Some(id),
            })
        };
        let kind_of = |op: &Op| match op {
            Op::New(r) | Op::Gone(r) => Some(r.kind),
            Op::Set { kind, .. } => Some(*kind),
            Op::Mark { .. } => None,
        };
        let known = changes.ops.iter().filter_map(kind_of);
        let (mut book, mut customers) = (false, false);
        for kind in known {
            book |= kind.is_reference();
            customers |= kind == Kind::Customer;
        }
        if book {
            self.ask(Lane::Book, Request::Book);
        }
        if let Some(id) = self.profile.wanted.filter(|id| touches(*id)) {
            let ticket = self.ask(Lane::Profile, Request::Profile { customer: id });
            self.profile.asked(ticket);
        }
        let listed = customers || self.search.list().iter().any(|h| touches(h.card.id));
        if listed && let Some(request) = self.search.question() {
            self.find(request);
        }
        self.tell_stale();
    }

    /// The book is open, or what is known of it is new.
    pub(super) fn opened(&mut self, book: Arc<BookInfo>) {
        let first = self.book.is_none();
        self.opening = None;
        if first {
            self.effects.push(Effect::Title(format!("{} · Guanxi", clean::line(&book.name))));
        }
        self.book = Some(book);
        // Hits from a part of the book are completed once the rest is there.
        let partial = self.search.hits.as_ref().is_some_and(|h| h.partial) && !self.search.is_waiting();
        if (first || partial)
            && let Some(request) = self.search.question()
        {
            self.find(request);
        }
    }
}
