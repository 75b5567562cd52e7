//! The workbench: all the state of the screen. [`Workbench::update`] is the only place where it changes; it does no I/O,
//! reads no clock and cannot fail.

use super::{
    canvas::Look,
    effect::{Effect, Lane, Ticket},
    glyph::Glyphs,
    label::W,
    layer::{Cx, Heard, Layer, Order, Toast},
    log::Draft,
    message::Message,
    profile::ProfilePane,
    search::SearchPane,
    theme::{Role, Theme},
    view::View,
};
use crate::{
    command::{Call, CommandId, Condition, Conditions, Here, Scope},
    domain::{BookInfo, CustomerId, Moment, Who},
    keymap::{Hint, Key, Keymap},
    ops::request::{Progress, Request},
    text::Lang,
};
use std::{collections::BTreeMap, fmt, sync::Arc};

/// A toast stays so long, in milliseconds, unless a key that does something takes it away before.
const TOAST_MS: i64 = 8_000;
/// A toast that only remarks on something, in milliseconds.
const REMARK_MS: i64 = 3_000;

/// What a workbench starts from.
pub struct Setup {
    /// The language of the screen.
    pub lang: Lang,
    /// The keys.
    pub keymap: Arc<Keymap>,
    /// Colours.
    pub theme: Theme,
    /// Signs.
    pub glyphs: Glyphs,
    /// The moment it is.
    pub now: Moment,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// Who sits here.
    pub who: Who,
    /// Draws a fresh op id; each is used for one follow-up only.
    pub op_ids: Box<dyn FnMut() -> u128 + Send>,
}

impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setup").field("lang", &self.lang).field("size", &self.size).field("who", &self.who).finish_non_exhaustive()
    }
}

/// Which pane hears the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pane {
    /// The search pane.
    Search,
    /// The profile pane.
    Profile,
}

/// A change on its way to the disk, with the layer it came from, which returns if it is refused.
#[derive(Debug)]
pub(super) struct Writing {
    pub(super) request: Request,
    pub(super) layer: Option<Box<dyn Layer>>,
    pub(super) unknown: bool,
}

/// All the state of the screen.
pub struct Workbench {
    pub(super) lang: Lang,
    pub(super) keymap: Arc<Keymap>,
    pub(super) look: Look,
    pub(super) now: Moment,
    pub(super) size: (u16, u16),
    pub(super) who: Who,
    pub(super) op_ids: Box<dyn FnMut() -> u128 + Send>,
    pub(super) book: Option<Arc<BookInfo>>,
    pub(super) opening: Option<Progress>,
    pub(super) focus: Pane,
    pub(super) search: SearchPane,
    pub(super) profile: ProfilePane,
    pub(super) layers: Vec<Box<dyn Layer>>,
    pub(super) typed: Vec<Key>,
    pub(super) hints: Vec<Hint>,
    /// Keys that wait for the hits of what is typed, so that they never act on a hit of older words.
    pub(super) waiting_keys: Vec<Key>,
    pub(super) toast: Option<(Toast, i64)>,
    pub(super) progress: BTreeMap<Ticket, Progress>,
    pub(super) writing: BTreeMap<Ticket, Writing>,
    pub(super) drafts: BTreeMap<CustomerId, Draft>,
    pub(super) generations: BTreeMap<Lane, u64>,
    /// A command that waits for the customer it names.
    pub(super) named: Option<(Ticket, Call)>,
    pub(super) quitting: bool,
    /// The last command came by a full-width key: an input method is on, and that was said.
    pub(super) full_width: bool,
    pub(super) redo: bool,
    pub(super) undo: bool,
    /// What was saved last took something back: the toast offers to do it again.
    pub(super) last_was_undo: bool,
    pub(super) effects: Vec<Effect>,
}

impl fmt::Debug for Workbench {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workbench").field("focus", &self.focus).field("layers", &self.layers).finish_non_exhaustive()
    }
}

/// The view of a workbench, by fields, so that a pane can be changed while it is held.
macro_rules! view {
    ($w:expr) => {
        $crate::tui::view::View { lang: $w.lang, now: $w.now, book: $w.book.as_deref(), who: &$w.who, keymap: &$w.keymap }
    };
}
pub(super) use view;

impl Workbench {
    /// A workbench before its book is open; the first picture can be drawn at once.
    pub fn open(setup: Setup) -> (Workbench, Vec<Effect>) {
        let Setup { lang, keymap, theme, glyphs, now, size, who, op_ids } = setup;
        let mut bench = Workbench {
            lang,
            keymap,
            look: Look { theme, glyphs },
            now,
            size,
            who,
            op_ids,
            book: None,
            opening: None,
            focus: Pane::Search,
            search: SearchPane::new(),
            profile: ProfilePane::new(),
            layers: Vec::new(),
            typed: Vec::new(),
            hints: Vec::new(),
            waiting_keys: Vec::new(),
            toast: None,
            progress: BTreeMap::new(),
            writing: BTreeMap::new(),
            drafts: BTreeMap::new(),
            generations: BTreeMap::new(),
            named: None,
            quitting: false,
            full_width: false,
            redo: true,
            undo: true,
            last_was_undo: false,
            effects: Vec::new(),
        };
        bench.rearrange();
        bench.effects.push(Effect::Title("Guanxi".into()));
        bench.ask(Lane::Book, Request::Book);
        let effects = std::mem::take(&mut bench.effects);
        (bench, effects)
    }

    /// Hears one message and says what is to be done outside.
    pub fn update(&mut self, message: Message) -> Vec<Effect> {
        match message {
            Message::Key(key) => self.key(key),
            Message::Paste(text) => self.paste(&text),
            Message::Resize { w, h } => self.size = (w, h),
            Message::Answer { ticket, reply } => self.answered(ticket, reply),
            Message::Failed { ticket, why } => self.failed(ticket, &why),
            Message::Progress { ticket, progress } => {
                if self.is_current(ticket) {
                    self.progress.insert(ticket, progress);
                }
            }
            Message::Changed(changes) => self.changed(&changes),
            Message::Tick { now } => self.tick(now),
            // What is through, and what an open book tells without a size, leaves nothing to wait for.
            Message::Opening(p) => self.opening = (p.done < p.of || (p.of == 0 && self.book.is_none())).then_some(p),
            Message::Opened(book) => self.opened(book),
        }
        self.follow();
        self.ask_again();
        self.rearrange();
        std::mem::take(&mut self.effects)
    }

    /// What every part may look at.
    pub fn view(&self) -> View<'_> {
        view!(self)
    }

    /// Says something in the status line.
    pub(super) fn say(&mut self, role: Role, text: String, undo: bool) {
        self.toast = Some((Toast { role, text, undo }, self.now.ms));
    }

    fn tick(&mut self, now: Moment) {
        self.now = now;
        let stays = |toast: &Toast| if toast.role == Role::Dim { REMARK_MS } else { TOAST_MS };
        if self.toast.as_ref().is_some_and(|(toast, since)| now.ms.saturating_sub(*since) >= stays(toast)) {
            self.toast = None;
        }
        self.check_unknown();
    }

    /// The person went on: what was said has been read. That nobody can tell whether a change is saved stays said.
    pub(super) fn read_toast(&mut self) {
        if !self.writing.values().any(|w| w.unknown) {
            self.toast = None;
        }
    }

    /// Where keys are looked up, innermost first.
    pub(super) fn scopes(&self) -> Vec<Scope> {
        let inner = match (self.layers.last(), self.focus) {
            (Some(layer), _) => layer.scope(),
            (None, Pane::Profile) => Scope::Profile,
            (None, Pane::Search) if self.search.in_box => Scope::SearchBox,
            (None, Pane::Search) => Scope::List,
        };
        vec![inner, Scope::Global]
    }

    /// The customer that commands are about.
    pub(super) fn chosen(&self) -> Option<CustomerId> {
        match self.focus {
            Pane::Profile => self.profile.wanted,
            Pane::Search => self.search.selected().map(|h| h.card.id),
        }
    }

    /// Where the person is and what holds there.
    pub fn here(&self) -> Here {
        let card = self.profile.card().filter(|c| Some(c.id) == self.chosen());
        let some = |f| card.is_some_and(|c| c.record.get(f).is_some_and(|v| !v.texts().is_empty()));
        let under = Conditions::default()
            .with(Condition::CustomerChosen, self.chosen().is_some())
            .with(Condition::ListNotEmpty, !self.search.list().is_empty())
            .with(Condition::SearchTyped, !self.search.words().is_empty())
            .with(Condition::HasPhone, some(crate::domain::field::C_PHONES))
            .with(Condition::HasEmail, some(crate::domain::field::C_EMAILS))
            .with(Condition::HasUndo, self.undo)
            .with(Condition::HasRedo, self.redo);
        let held = self.layers.last().map_or(under, |l| l.holds(under));
        Here { scopes: self.scopes(), held, role: self.who.role }
    }

    /// Runs a command if it applies here, or says why not.
    pub(super) fn command(&mut self, call: &Call) {
        let spec = crate::command::spec(call.command);
        // A number nobody has: Enter in the box begins a new customer with it.
        let nobody = call.command == CommandId::CustomerOpen && self.layers.is_empty() && self.no_hit() && self.search.names_somebody();
        if nobody {
            return self.run(&Call::new(CommandId::CustomerNew));
        }
        // A customer given by name can be opened from anywhere.
        if call.command == CommandId::CustomerOpen && call.args.text("customer").is_some() {
            return self.run(call);
        }
        if let Some(why) = self.here().why_not(spec, &call.args) {
            let text = self.view().say(&why);
            return self.say(Role::Warn, text, false);
        }
        if !self.layers.is_empty() && self.with_top(|layer, cx| layer.act(call, cx)) == Heard::Yes {
            return;
        }
        self.run(call);
    }

    /// Something is typed and nobody has it.
    pub(super) fn no_hit(&self) -> bool {
        self.focus == Pane::Search
            && self.search.hits.as_ref().is_some_and(|h| h.hits.is_empty() && !h.partial)
            && !self.search.is_waiting()
    }

    /// Lets the top layer speak and carries out what it orders.
    pub(super) fn with_top(&mut self, speak: impl FnOnce(&mut dyn Layer, &mut Cx<'_>) -> Heard) -> Heard {
        let Some(mut layer) = self.layers.pop() else { return Heard::No };
        let mut cx = Cx::new(view!(self));
        let heard = speak(layer.as_mut(), &mut cx);
        let orders = std::mem::take(&mut cx.orders);
        self.carry_out(orders, Some(layer));
        heard
    }

    /// Carries out orders; `speaker` goes back on top unless it closed or ordered a change.
    pub(super) fn carry_out(&mut self, orders: Vec<Order>, speaker: Option<Box<dyn Layer>>) {
        let mut speaker = speaker;
        let mut after = Vec::new();
        for order in orders {
            match order {
                Order::Close => speaker = None,
                Order::Ask(request) => {
                    let lane = if matches!(request, Request::History { .. }) { Lane::History } else { Lane::Search };
                    let ticket = self.ask(lane, request);
                    if let Some(layer) = &mut speaker {
                        layer.asked(ticket);
                    }
                }
                Order::Write(request) => self.write(request, speaker.take()),
                other => after.push(other),
            }
        }
        self.layers.extend(speaker);
        for order in after {
            self.carry(order);
        }
    }

    fn carry(&mut self, order: Order) {
        match order {
            Order::Say(toast) => self.toast = Some((toast, self.now.ms)),
            Order::Run(call) => self.command(&call),
            Order::Show(id) => self.show(id),
            Order::Keep(id, draft) => {
                match draft {
                    Some(draft) => self.drafts.insert(id, *draft),
                    None => self.drafts.remove(&id),
                };
            }
            Order::Close | Order::Ask(_) | Order::Write(_) => {}
        }
    }

    /// Orders a change.
    pub(super) fn write(&mut self, request: Request, layer: Option<Box<dyn Layer>>) {
        let ticket = self.ask(Lane::Write, request.clone());
        self.toast = None;
        self.writing.insert(ticket, Writing { request, layer, unknown: false });
    }

    pub(super) fn copy(&mut self, text: String) {
        let said = self.view().word(W::Copied).replace("{}", &text.replace('\n', " "));
        self.effects.push(Effect::CopyText(text));
        // What is said now is no longer about the undo: the key that does it again would be a riddle.
        self.last_was_undo = false;
        self.say(Role::Good, said, false);
    }

    /// Opens a customer's profile.
    pub(super) fn show(&mut self, id: CustomerId) {
        self.focus = Pane::Profile;
        if self.profile.turn_to(id, None) {
            let ticket = self.ask(Lane::Profile, Request::Profile { customer: id });
            self.profile.asked(ticket);
        }
    }
}
