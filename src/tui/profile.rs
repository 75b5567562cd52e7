//! The profile pane: whose profile is looked at, which tab, how far it is scrolled. It follows the cursor of the list.

use super::{canvas::Line, effect::Ticket, glyph::Glyphs, orders, timeline, view::View};
use crate::{
    command::CommandId,
    domain::{Card, CustomerId, Day, Profile, RecordId, Seq},
    text::Lang,
};
use std::collections::BTreeSet;

/// The tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// The 360° summary.
    Summary,
    /// The timeline.
    Timeline,
    /// The orders.
    Orders,
}

impl Tab {
    /// Every tab in order.
    pub const ALL: [Tab; 3] = [Tab::Summary, Tab::Timeline, Tab::Orders];
}

/// The profile pane.
#[derive(Debug)]
pub struct ProfilePane {
    /// Whose profile is wanted.
    pub wanted: Option<CustomerId>,
    /// The tab shown.
    pub tab: Tab,
    /// The first line of the timeline shown.
    pub scroll: usize,
    /// The order the cursor is on.
    pub order: usize,
    /// The orders whose lines show.
    pub open: BTreeSet<RecordId>,
    card: Option<Card>,
    profile: Option<Box<Profile>>,
    waiting: Option<Ticket>,
    page: usize,
    /// Counts the profiles learned, so that the lines are made anew only for another one.
    learned: u64,
    lines: Vec<Line>,
    made_for: Option<MadeFor>,
}

/// What the lines of the timeline were made for: profile, width, language, day, state of the book.
type MadeFor = (u64, u16, Lang, Day, Option<Seq>);

impl ProfilePane {
    /// Nobody yet.
    pub fn new() -> ProfilePane {
        ProfilePane {
            wanted: None,
            tab: Tab::Summary,
            scroll: 0,
            order: 0,
            open: BTreeSet::new(),
            card: None,
            profile: None,
            waiting: None,
            page: 1,
            learned: 0,
            lines: Vec::new(),
            made_for: None,
        }
    }

    /// Turns to a customer, with the card at hand if there is one; true when the profile has to be asked for.
    pub fn turn_to(&mut self, id: CustomerId, card: Option<&Card>) -> bool {
        if self.wanted == Some(id) {
            return false;
        }
        self.wanted = Some(id);
        self.card = card.cloned();
        self.profile = None;
        self.scroll = 0;
        self.order = 0;
        self.open.clear();
        true
    }

    /// Turns away from everybody.
    pub fn turn_away(&mut self) {
        *self = ProfilePane { page: self.page, learned: self.learned + 1, ..ProfilePane::new() };
    }

    /// The question was given this ticket.
    pub fn asked(&mut self, ticket: Ticket) {
        self.waiting = Some(ticket);
    }

    /// The question that waits for its answer.
    pub fn waiting(&self) -> Option<Ticket> {
        self.waiting
    }

    /// The profile is still on its way.
    pub fn is_waiting(&self) -> bool {
        self.waiting.is_some()
    }

    /// An answer; true when it was the one waited for.
    pub fn learn(&mut self, ticket: Ticket, profile: Box<Profile>) -> bool {
        if self.waiting != Some(ticket) || self.wanted != Some(profile.card.id) {
            return false;
        }
        self.waiting = None;
        self.card = Some(profile.card.clone());
        self.profile = Some(profile);
        self.learned += 1;
        true
    }

    /// The question failed or was replaced.
    pub fn gave_up(&mut self, ticket: Ticket) -> bool {
        let mine = self.waiting == Some(ticket);
        if mine {
            self.waiting = None;
        }
        mine
    }

    /// The profile, once it is here.
    pub fn profile(&self) -> Option<&Profile> {
        self.profile.as_deref()
    }

    /// The card: from the profile, or from the list until that is here.
    pub fn card(&self) -> Option<&Card> {
        self.card.as_ref()
    }

    /// How much shows, for pages and the end of scrolling; `timeline` is the width of the timeline, if one shows.
    pub fn arrange(&mut self, timeline: Option<u16>, high: u16, view: View<'_>, glyphs: Glyphs) {
        self.page = usize::from(high.max(1));
        if let (Some(wide), Some(profile)) = (timeline, &self.profile) {
            let wanted = (self.learned, wide, view.lang, view.today(), view.book.map(|b| b.seq));
            if self.made_for != Some(wanted) {
                self.lines = timeline::lines(profile, view, wide, glyphs);
                self.made_for = Some(wanted);
            }
        }
        self.clamp();
    }

    /// The lines of the timeline as last arranged.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    fn clamp(&mut self) {
        self.scroll = self.scroll.min(self.lines.len().saturating_sub(self.page));
        let orders = self.profile.as_ref().map_or(0, |p| orders::of(p).count());
        self.order = self.order.min(orders.saturating_sub(1));
    }

    /// Changes the tab or scrolls; false for a command that is none of these.
    pub fn act(&mut self, command: CommandId) -> bool {
        let at = Tab::ALL.iter().position(|t| *t == self.tab).unwrap_or(0);
        let count = Tab::ALL.len();
        match command {
            CommandId::ProfileTab1 => self.tab = Tab::Summary,
            CommandId::ProfileTab2 => self.tab = Tab::Timeline,
            CommandId::ProfileTab3 => self.tab = Tab::Orders,
            CommandId::ProfileTabNext => self.tab = Tab::ALL[(at + 1) % count],
            CommandId::ProfileTabPrev => self.tab = Tab::ALL[(at + count - 1) % count],
            _ => return self.scroll(command),
        }
        true
    }

    fn scroll(&mut self, command: CommandId) -> bool {
        // The summary shows whole; scrolling it would only lose the place in the timeline.
        if self.tab == Tab::Summary {
            return crate::command::spec(command).id.starts_with("profile.scroll.");
        }
        let page = self.page.saturating_sub(1).max(1);
        let place = if self.tab == Tab::Orders { &mut self.order } else { &mut self.scroll };
        *place = match command {
            CommandId::ProfileScrollDown => place.saturating_add(1),
            CommandId::ProfileScrollUp => place.saturating_sub(1),
            CommandId::ProfilePageDown => place.saturating_add(page),
            CommandId::ProfilePageUp => place.saturating_sub(page),
            CommandId::ProfileTop => 0,
            CommandId::ProfileBottom => usize::MAX,
            _ => return false,
        };
        self.clamp();
        true
    }

    /// Opens or closes the lines of the order the cursor is on; false where there is none.
    pub fn unfold(&mut self) -> bool {
        if self.tab != Tab::Orders {
            return false;
        }
        let Some(id) = self.profile.as_ref().and_then(|p| orders::of(p).nth(self.order)).map(|o| o.id) else { return false };
        if !self.open.remove(&id) {
            self.open.insert(id);
        }
        true
    }
}

impl Default for ProfilePane {
    fn default() -> Self {
        ProfilePane::new()
    }
}
