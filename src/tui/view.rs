//! What every part of the screen may look at, and how values are written for people: amounts, days, how long ago.

use super::{
    canvas::{Line, piece},
    label::{self, W},
    theme::Role,
};
use crate::{
    command::{self, CommandId, Scope},
    domain::{BookInfo, Day, Kind, Moment, Money, Precision, RecordId, Say, Value, Who, Zone, dict::Dict},
    keymap::{Key, Keymap},
    manual::keys_shown,
    ops::request::{Refusal, RefusalKind, Saved},
    text::{self, Lang},
};
use chrono::Datelike;

/// What is known while drawing and deciding.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The language of the screen.
    pub lang: Lang,
    /// The moment, as last told.
    pub now: Moment,
    /// The book, once it is open.
    pub book: Option<&'a BookInfo>,
    /// Who sits here.
    pub who: &'a Who,
    /// The keys, so that hints name those that work.
    pub keymap: &'a Keymap,
}

impl View<'_> {
    /// A word of the screen in its language.
    pub fn word(&self, w: W) -> &'static str {
        label::word(self.lang, w)
    }

    /// The book's zone.
    pub fn zone(&self) -> Zone {
        self.book.map_or_else(Zone::shanghai, |b| b.zone)
    }

    /// The day it is.
    pub fn today(&self) -> Day {
        match self.book {
            Some(b) => b.today,
            None => self.zone().day_of(self.now.ms),
        }
    }

    /// The label of a dictionary code; "" for none.
    pub fn code(&self, dict: Dict, code: u32) -> String {
        let Some(entry) = self.book.and_then(|b| b.dicts.entry(dict, code)) else { return String::new() };
        match self.lang {
            Lang::En => entry.en.clone(),
            Lang::Zh => entry.zh.clone(),
        }
    }

    /// The label of the code a value holds; "" for none.
    pub fn code_of(&self, dict: Dict, value: Option<&Value>) -> String {
        value.and_then(Value::code).map_or_else(String::new, |c| self.code(dict, c))
    }

    /// The name of a reference record; "" for none.
    pub fn name(&self, kind: Kind, id: RecordId) -> &str {
        self.book.map_or("", |b| b.refs.name(kind, id))
    }

    /// The name of the record a value points at; "" for none.
    pub fn name_of(&self, kind: Kind, value: Option<&Value>) -> &str {
        value.and_then(Value::reference).map_or("", |id| self.name(kind, id))
    }

    /// An amount to the last digit, thousands apart: `¥1,234.50`.
    pub fn money(&self, m: Money) -> String {
        text::number::amount_exact(m, self.currency())
    }

    /// An amount where room is scarce: rounded, in Chinese with 万 and 亿.
    pub fn money_short(&self, m: Money) -> String {
        text::amount(self.lang, m, self.currency())
    }

    fn currency(&self) -> &str {
        self.book.map_or("CNY", |b| b.currency.as_str())
    }

    /// A count with thousands apart.
    pub fn count(&self, n: u64) -> String {
        text::number::grouped(n)
    }

    /// A number of customers with its unit.
    pub fn customers(&self, n: u64) -> String {
        text::count(self.lang, n, "customers")
    }

    /// The moment dates are counted from: now, on the day the book says it is.
    pub fn moment(&self) -> Moment {
        let zone = self.zone();
        match self.book {
            Some(b) if b.fixed_day && zone.day_of(self.now.ms) != b.today => {
                let (h, m) = zone.hour_minute(self.now.ms);
                zone.at(b.today, h, m)
            }
            _ => self.now,
        }
    }

    /// A sentence.
    pub fn say(&self, said: &Say) -> String {
        text::say(self.lang, said)
    }

    /// Why the Desk did not do it, with what would help.
    pub fn refusal(&self, why: &Refusal) -> String {
        let sentence = self.say(&why.say);
        let whole = match &why.hint {
            Some(hint) => format!("{sentence} · {}", self.say(hint)),
            None => sentence,
        };
        match why.kind {
            RefusalKind::Unknown => self.word(W::UnknownLook).to_string(),
            RefusalKind::NotSaved if !why.say.code.starts_with("outcome.") => format!("{} {whole}", self.word(W::NotSaved)),
            _ => whole,
        }
    }

    /// What was saved. What was taken back or done again says so itself, and of nothing nothing was saved.
    pub fn saved(&self, saved: &Saved) -> String {
        let sentence = self.say(&saved.what);
        let speaks = ["done.nothing", "done.undone", "done.redone"].iter().any(|c| saved.what.code.starts_with(c));
        if speaks { sentence } else { format!("{} · {sentence}", self.word(W::SavedWord)) }
    }

    /// The title of a command.
    pub fn title(&self, command: CommandId) -> String {
        text::label(self.lang, &format!("command.{}", command::spec(command).id)).to_string()
    }

    /// The first key of a command that works in these scopes; "" when it has none.
    pub fn key(&self, command: CommandId, scopes: &[Scope]) -> String {
        let text = scopes.first().is_some_and(|s| s.takes_text());
        let works = |keys: &&Vec<Key>| !(text && keys.first().is_some_and(|k| k.text().is_some()));
        self.keymap.keys_for(command, scopes).iter().find(works).map_or(String::new(), |keys| keys_shown(keys))
    }

    /// The line of keys at the foot of a layer.
    pub fn keys_line(&self, scope: Scope, commands: &[CommandId]) -> Line {
        let mut line = Line::new();
        for command in commands {
            let key = self.key(*command, &[scope, Scope::Global]);
            if key.is_empty() {
                continue;
            }
            let word = match command {
                CommandId::PopupAccept => self.word(W::KeySave).to_string(),
                CommandId::PopupNextField => self.word(W::KeyField).to_string(),
                CommandId::PopupNewline => self.word(W::KeyLine).to_string(),
                CommandId::PopupCancel => self.word(W::KeyCancel).to_string(),
                CommandId::CustomerOpen => self.word(W::KeyOpen).to_string(),
                CommandId::Back => self.word(W::KeyBack).to_string(),
                CommandId::Undo => self.word(W::ToUndo).to_string(),
                CommandId::Redo => self.word(W::ToRedo).to_string(),
                other => self.title(*other),
            };
            line.extend([piece(key, Role::Key), piece(format!(" {word}   "), Role::Dim)]);
        }
        line
    }

    /// A day: month and day within this year, else all of it.
    pub fn day(&self, day: Day) -> String {
        let d = day.date();
        if d.year() == self.today().date().year() { format!("{:02}-{:02}", d.month(), d.day()) } else { day.to_string() }
    }

    /// A day with its weekday.
    pub fn weekday(&self, day: Day) -> String {
        format!("{} {}", self.day(day), text::weekday(self.lang, day))
    }

    /// The day a moment falls on in the book's zone.
    pub fn day_of(&self, m: Moment) -> Day {
        self.zone().day_of(m.ms)
    }

    /// The clock time of a moment; "" when only the day is known.
    pub fn clock(&self, m: Moment) -> String {
        if m.precision == Precision::Day {
            return String::new();
        }
        let (h, min) = self.zone().hour_minute(m.ms);
        format!("{h:02}:{min:02}")
    }

    /// Day, weekday and clock time as far as known.
    pub fn when(&self, m: Moment) -> String {
        let clock = self.clock(m);
        let day = self.weekday(self.day_of(m));
        if clock.is_empty() { day } else { format!("{day} {clock}") }
    }

    /// A whole date that leaves nothing to guess, with the distance: `Mon 2026-11-23 15:00, in 3 days`.
    pub fn full(&self, m: Moment) -> String {
        let day = self.day_of(m);
        let clock = self.clock(m);
        let name = text::weekday(self.lang, day);
        let gap = if clock.is_empty() { "" } else { " " };
        format!("{day} {name}{gap}{clock} ({})", self.distance(day))
    }

    /// How far a day is: `today`, `3 d ago`, `in 2 d`.
    pub fn distance(&self, day: Day) -> String {
        text::distance(self.lang, day, self.today())
    }

    /// The distance of a moment while it is near, else its day; for columns.
    pub fn near(&self, m: Moment) -> String {
        let day = self.day_of(m);
        if (-99..=99).contains(&day.since(self.today())) { self.distance(day) } else { self.day(day) }
    }
}

/// A phone as it is read aloud: eleven digits as 3-4-4, everything else as written.
pub fn phone(text: &str) -> String {
    if text.len() == 11 && text.bytes().all(|b| b.is_ascii_digit()) {
        return format!("{} {} {}", &text[..3], &text[3..7], &text[7..]);
    }
    text.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    static KEYS: std::sync::LazyLock<Keymap> = std::sync::LazyLock::new(Keymap::default);

    fn view(who: &Who, lang: Lang) -> View<'_> {
        View { lang, now: Moment::minute(1_795_132_800_000), book: None, who, keymap: &KEYS }
    }

    #[test]
    fn amounts_are_grouped_and_short_ones_use_the_words_of_the_language() {
        let who = Who::owner("someone");
        let (en, zh) = (view(&who, Lang::En), view(&who, Lang::Zh));
        assert_eq!(en.money(Money::units(1_234_567)), "¥1,234,567");
        assert_eq!(en.money(Money(-12_345_000)), "-¥1,234.50");
        assert_eq!(zh.money_short(Money::units(123_000)), "¥12.3万");
        assert_eq!(zh.money_short(Money::units(105_000_000)), "¥1.05亿");
        assert_eq!(zh.money_short(Money::units(9_999)), "¥9,999");
    }

    #[test]
    fn a_day_says_how_far_it_is() {
        let who = Who::owner("someone");
        let v = view(&who, Lang::En);
        let today = v.today();
        assert_eq!(v.distance(today), "today");
        assert_eq!(v.distance(today.plus(3)), "in 3 d");
        assert_eq!(v.distance(today.plus(-3)), "3 d ago");
        assert_eq!(view(&who, Lang::Zh).distance(today.plus(-3)), "3天前");
        assert_eq!(v.distance(v.day_of(v.now)), "today");
    }

    #[test]
    fn a_mobile_is_grouped_and_anything_else_is_left_as_written() {
        assert_eq!(phone("15400006812"), "154 0000 6812");
        assert_eq!(phone("+44 7700 900123"), "+44 7700 900123");
    }
}
