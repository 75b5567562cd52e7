//! What the commands do to the workbench.

use super::{
    add::{AddCustomer, AddTask},
    edit,
    effect::{Effect, Lane},
    help::HelpLayer,
    history::HistoryLayer,
    label::W,
    layer::{Heard, Layer},
    log::LogLayer,
    palette,
    theme::Role,
    workbench::{Pane, Workbench, view},
};
use crate::{
    command::{Call, CommandId},
    domain::{CustomerId, Kind, Profile, RowSet, field},
    ops::request::Request,
    text::Lang,
};

impl Workbench {
    /// Runs a command that applies here and that no layer took.
    pub(super) fn run(&mut self, call: &Call) {
        if let Some(arg) = call.missing() {
            let layer = palette::ask(call, arg, self.profile.card(), self.view());
            return self.layers.push(Box::new(layer));
        }
        match call.command {
            CommandId::Quit => self.quit(),
            CommandId::Redraw => self.effects.push(Effect::Redraw),
            CommandId::Language => self.language(call),
            CommandId::Help => self.open_layer(|w| Box::new(HelpLayer::open(&w.here(), w.view(), w.look.glyphs))),
            CommandId::Palette => self.open_layer(|w| Box::new(palette::commands(&w.here(), w.view()))),
            CommandId::Back => self.back(),
            CommandId::GoSearch | CommandId::SearchFocus => self.go_search(call),
            CommandId::GoProfile => self.go_profile(),
            CommandId::GoHistory => self.go_history(call),
            CommandId::SearchLeave => self.search.in_box = false,
            CommandId::SearchClear => {
                self.search.in_box = true;
                self.search.set_words("");
            }
            CommandId::CustomerOpen => self.open_customer(call),
            CommandId::CustomerNew => self.new_customer(call),
            CommandId::CustomerEdit => self.edit(call),
            CommandId::LogFollowUp => self.log(call),
            CommandId::AddTask => self.task(call),
            CommandId::AddTag => self.mark(call, true),
            CommandId::RemoveTag => self.mark(call, false),
            CommandId::CopyPhone => self.copy_field(field::C_PHONES),
            CommandId::CopyEmail => self.copy_field(field::C_EMAILS),
            CommandId::CopyCard => self.copy_card(),
            CommandId::Undo => {
                let seq = call.args.number("seq").and_then(|n| u64::try_from(n).ok());
                self.write(Request::Undo { seq }, None);
            }
            CommandId::Redo => self.write(Request::Redo, None),
            other => self.move_about(other),
        }
    }

    /// Moves in the list or in the profile.
    fn move_about(&mut self, command: CommandId) {
        if self.focus == Pane::Profile && self.profile.act(command) {
            return;
        }
        if let Some(request) = self.search.go(command) {
            self.find(request);
        }
        let turned = self.search.selected().map(|h| h.card.clone());
        if self.focus == Pane::Profile
            && matches!(command, CommandId::ResultNext | CommandId::ResultPrev)
            && let Some(card) = turned
            && self.profile.turn_to(card.id, Some(&card))
        {
            let ticket = self.ask(Lane::Profile, Request::Profile { customer: card.id });
            self.profile.asked(ticket);
        }
    }

    fn open_layer(&mut self, make: impl FnOnce(&Workbench) -> Box<dyn Layer>) {
        let layer = make(self);
        self.layers.push(layer);
    }

    /// Leaves; not while a change is on its way to the disk, and not without a word when a draft would be lost.
    fn quit(&mut self) {
        if !self.writing.is_empty() {
            self.quitting = true;
            let text = self.view().word(W::Saving).to_string();
            return self.say(Role::Warn, text, false);
        }
        if !self.drafts.is_empty() && !self.quitting {
            self.quitting = true;
            let text = self.view().word(W::DraftsLeft).replace("{}", &self.drafts.len().to_string());
            return self.say(Role::Warn, text, false);
        }
        self.effects.push(Effect::Quit);
    }

    fn language(&mut self, call: &Call) {
        self.lang = match (call.args.text("lang"), self.lang) {
            (Some("en"), _) | (None, Lang::Zh) => Lang::En,
            _ => Lang::Zh,
        };
        // What was said stands in the other language.
        self.toast = None;
        let mut layers = std::mem::take(&mut self.layers);
        let here = self.here();
        for layer in &mut layers {
            layer.translate(view!(self), &here);
        }
        self.layers = layers;
    }

    /// Closes every layer the way its own key does, so that what was begun is kept.
    fn close_layers(&mut self) {
        for _ in 0..self.layers.len() {
            let depth = self.layers.len();
            for command in [CommandId::PopupCancel, CommandId::Back] {
                if self.layers.len() == depth {
                    self.with_top(|layer, cx| layer.act(&Call::new(command), cx));
                }
            }
            self.layers.truncate(depth.saturating_sub(1));
        }
    }

    fn back(&mut self) {
        if !self.layers.is_empty() {
            self.layers.pop();
        } else if self.focus == Pane::Profile {
            self.focus = Pane::Search;
            self.search.in_box = self.search.list().is_empty();
        } else {
            self.search.in_box = true;
        }
    }

    fn go_search(&mut self, call: &Call) {
        self.close_layers();
        self.focus = Pane::Search;
        self.search.in_box = true;
        if let Some(words) = call.args.text("words")
            && let Some(request) = self.search.set_words(words)
        {
            self.find(request);
        }
    }

    fn go_profile(&mut self) {
        self.close_layers();
        self.focus = Pane::Profile;
    }

    fn go_history(&mut self, call: &Call) {
        if self.needs_customer(call) {
            return;
        }
        // From a profile the history is the customer's, from the list the book's.
        let of_customer = self.focus == Pane::Profile;
        let card = self.profile.card().filter(|_| of_customer);
        let about = card.map(|c| (c.id, c.record.text(field::C_NAME).to_string()));
        let (mut layer, request) = HistoryLayer::open(about.as_ref().map(|(id, name)| (*id, name.as_str())), self.view());
        let ticket = self.ask(Lane::History, request);
        layer.asked(ticket);
        self.close_layers();
        self.layers.push(Box::new(layer));
    }

    /// A customer named in words is looked up first; the command goes on when the answer is here.
    fn needs_customer(&mut self, call: &Call) -> bool {
        let Some(words) = call.args.text("customer") else { return false };
        let request = Request::Named { words: words.to_string() };
        let ticket = self.ask(Lane::Profile, request);
        self.named = Some((ticket, Call::new(call.command)));
        true
    }

    fn open_customer(&mut self, call: &Call) {
        if !self.needs_customer(call) {
            self.focus = Pane::Profile;
        }
    }

    fn new_customer(&mut self, call: &Call) {
        let words = call.args.text("name").map(str::to_string);
        // What was typed and nobody has is where the new record begins.
        let words =
            words.or_else(|| (self.no_hit() && self.search.names_somebody()).then(|| self.search.words().to_string())).unwrap_or_default();
        self.open_layer(|w| Box::new(AddCustomer::open(&words, w.view())));
    }

    /// The profile of the chosen customer, or a word that it is still on its way.
    fn profile_here(&mut self) -> Option<Profile> {
        let id = self.chosen();
        let profile = self.profile.profile().filter(|p| Some(p.card.id) == id).cloned();
        if profile.is_none() {
            let text = self.view().word(W::StillLoading).to_string();
            self.say(Role::Warn, text, false);
        }
        profile
    }

    fn edit(&mut self, call: &Call) {
        let Some(profile) = self.profile_here() else { return };
        let Some(key) = call.args.text("field") else {
            return self.open_layer(|w| Box::new(edit::fields(&profile, w.view())));
        };
        let Some(spec) = field::by_key(Kind::Customer, key) else {
            let text = self.view().word(W::NoSuchWord).replace("{}", key);
            return self.say(Role::Warn, text, false);
        };
        if let Some(text) = call.args.text("value") {
            match edit::set(profile.card.id, spec, text, profile.seen, self.view()) {
                Ok(request) => self.write(request, None),
                Err(sentence) => self.say(Role::Bad, sentence, false),
            }
            return;
        }
        match edit::values(&profile, spec, self.view()) {
            Some(pick) => self.layers.push(Box::new(pick)),
            None => self.open_layer(|w| Box::new(edit::EditLayer::open(&profile, spec, w.view()))),
        }
    }

    fn chosen_name(&self) -> (Option<CustomerId>, String) {
        let id = self.chosen();
        let card = self.profile.card().filter(|c| Some(c.id) == id);
        (id, card.map_or(String::new(), |c| c.record.text(field::C_NAME).to_string()))
    }

    fn log(&mut self, call: &Call) {
        if self.needs_customer(call) {
            return;
        }
        let (Some(id), name) = self.chosen_name() else { return };
        let draft = self.drafts.get(&id).cloned();
        let next_at = self.profile.card().filter(|c| c.id == id).and_then(|c| c.totals.next_at);
        let op_id = (self.op_ids)();
        self.open_layer(|w| Box::new(LogLayer::open(id, &name, next_at, draft, op_id, w.view())));
    }

    fn task(&mut self, call: &Call) {
        let (Some(id), name) = self.chosen_name() else { return };
        let about = call.args.text("about").unwrap_or_default().to_string();
        self.open_layer(|w| Box::new(AddTask::open(id, &name, &about, w.view())));
    }

    fn mark(&mut self, call: &Call, on: bool) {
        let (Some(id), Some(tag)) = (self.chosen(), call.args.text("tag")) else { return };
        self.write(Request::Mark { tag: tag.trim_start_matches('#').to_string(), on, rows: RowSet::one(id) }, None);
    }

    fn copy_field(&mut self, id: crate::domain::FieldId) {
        let text = self.profile.card().map_or("", |c| c.record.first(id)).to_string();
        if !text.is_empty() {
            self.copy(text);
        }
    }

    fn copy_card(&mut self) {
        let Some(card) = self.profile.card() else { return };
        let r = &card.record;
        let parts =
            [r.text(field::C_NAME), r.first(field::C_PHONES), r.first(field::C_EMAILS), r.text(field::C_COMPANY), r.text(field::C_ADDRESS)];
        let text = parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("\n");
        self.copy(text);
    }

    /// Leaves at last, when what was on its way is answered.
    pub(super) fn quit_when_done(&mut self) {
        if self.quitting && self.writing.is_empty() {
            self.effects.push(Effect::Quit);
        }
    }

    /// The customer a command named in words is found and shown: the command goes on about them.
    pub(super) fn go_on(&mut self, call: &Call) {
        self.close_layers();
        self.focus = Pane::Profile;
        if call.command != CommandId::CustomerOpen {
            self.command(call);
        }
    }

    /// Tells the layer on top that a change was saved.
    pub(super) fn tell_stale(&mut self) {
        self.with_top(|layer, cx| {
            layer.stale(cx);
            Heard::Yes
        });
    }
}
