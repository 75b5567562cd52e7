//! What is said of a customer in few words: the facts of the card and of the 360° summary, as labelled lines.

use super::{
    canvas::{Line, piece},
    columns::due,
    label::W,
    theme::Role,
    touch::{describe, items},
    view::{View, phone},
};
use crate::domain::{Card, Dict, Kind, Money, Profile, Record, Totals, Value, field, preset::code};
use chrono::Datelike;

/// A labelled line.
pub type Fact = (W, Line);

fn fact(w: W, text: impl Into<String>) -> Option<Fact> {
    let text = text.into();
    (!text.is_empty()).then(|| (w, vec![piece(text, Role::Text)]))
}

/// Days between orders on average: from the first to the last, over the gaps between them; `None` below two orders.
pub fn frequency(t: &Totals) -> Option<i64> {
    let (first, last) = (t.first_order?, t.last_order?);
    let gaps = i64::from(t.orders).checked_sub(1).filter(|g| *g > 0)?;
    Some((last.ms - first.ms) / 86_400_000 / gaps).filter(|d| *d > 0)
}

/// The phones, grouped for reading.
pub fn phones(record: &Record) -> Vec<String> {
    record.get(field::C_PHONES).map_or(Vec::new(), |v| v.texts().iter().map(|p| phone(p)).collect())
}

/// Who they are: how to reach them, where, what they do, whose they are.
pub fn identity(card: &Card, view: View<'_>) -> Vec<Fact> {
    let r = &card.record;
    let texts = |f| r.get(f).map_or(String::new(), |v| v.texts().join(", "));
    let place = [r.text(field::C_PROVINCE), r.text(field::C_CITY), r.text(field::C_ADDRESS)];
    let place: Vec<&str> = place.into_iter().filter(|p| !p.is_empty()).collect();
    let born = r.get(field::C_BIRTH).and_then(Value::day).map_or(String::new(), |d| format!("{d} ({})", age(d, view)));
    let strong = phones(r).join(", ");
    let mut facts: Vec<Fact> = Vec::new();
    if !strong.is_empty() {
        facts.push((W::Phone, vec![piece(strong, Role::Strong)]));
    }
    facts.extend(
        [
            fact(W::Email, texts(field::C_EMAILS)),
            fact(W::Wechat, texts(field::C_WECHAT)),
            fact(W::Company, r.text(field::C_COMPANY)),
            fact(W::Place, place.join(" ")),
            fact(W::Owner, view.name_of(Kind::Staff, r.get(field::C_OWNER))),
            fact(W::Source, view.code_of(Dict::Channel, r.get(field::C_SOURCE))),
            fact(W::Born, born),
            fact(W::Occupation, view.code_of(Dict::Occupation, r.get(field::C_OCCUPATION))),
            fact(W::Since, r.get(field::C_CREATED).and_then(Value::moment).map_or(String::new(), |m| view.day_of(m).to_string())),
        ]
        .into_iter()
        .flatten(),
    );
    facts
}

fn age(born: crate::domain::Day, view: View<'_>) -> i32 {
    let (b, t) = (born.date(), view.today().date());
    t.year() - b.year() - i32::from((t.month(), t.day()) < (b.month(), b.day()))
}

/// What they are worth: orders, sums, what is owed, first and last order, last contact.
pub fn value(card: &Card, view: View<'_>) -> Vec<Fact> {
    let t = &card.totals;
    let day = |m: Option<crate::domain::Moment>| m.map(|m| format!("{}  {}", view.day_of(m), view.distance(view.day_of(m))));
    let mut facts = vec![(W::Orders, orders_line(t, view)), (W::Ordered, vec![piece(view.money_short(t.ordered), Role::Strong)])];
    facts.push((W::Paid, vec![piece(view.money_short(t.paid), Role::Text)]));
    let owed = t.owed();
    facts.push((W::Owed, vec![piece(view.money_short(owed), if owed > Money(0) { Role::Warn } else { Role::Dim })]));
    if t.balance != Money(0) || t.points != Money(0) {
        let mut line = vec![piece(view.money_short(t.balance), Role::Text)];
        line.push(piece(format!("   {} ", view.word(W::Points)), Role::Dim));
        line.push(piece(t.points.plain(), Role::Text));
        facts.push((W::Balance, line));
    }
    for (w, m) in [(W::FirstOrder, t.first_order), (W::LastOrder, t.last_order)] {
        facts.extend(day(m).and_then(|text| fact(w, text)));
    }
    facts.push((W::LastContact, contact(t, false, view)));
    facts
}

fn orders_line(t: &Totals, view: View<'_>) -> Line {
    let mut line = vec![piece(view.count(u64::from(t.orders)), Role::Strong)];
    if let Some(days) = frequency(t) {
        line.push(piece(format!("  {} {days} {}", view.word(W::Every), view.word(W::Days)), Role::Dim));
    }
    line
}

/// The last contact: how long ago, by what, with what outcome.
pub fn last_contact(t: &Totals, view: View<'_>) -> Line {
    contact(t, true, view)
}

fn contact(t: &Totals, with_day: bool, view: View<'_>) -> Line {
    let Some(at) = t.last_contact else { return vec![piece(view.word(W::Never), Role::Dim)] };
    let day = view.day_of(at);
    let when = if with_day { format!("{}  {}", view.weekday(day), view.distance(day)) } else { view.distance(day) };
    let mut line = vec![piece(when, Role::Text)];
    let how = [view.code(Dict::Channel, t.last_channel), view.code(Dict::Outcome, t.last_outcome)];
    let how: Vec<String> = how.into_iter().filter(|h| !h.is_empty()).collect();
    if !how.is_empty() {
        line.push(piece(format!("  {}", how.join(view.word(W::Comma))), Role::Dim));
    }
    line
}

/// The last contact with the first line of what was said.
pub fn last_words(card: &Card, profile: Option<&Profile>, view: View<'_>) -> Line {
    let mut line = last_contact(&card.totals, view);
    let at = card.totals.last_contact.map_or(0, |m| m.ms);
    let said = profile.and_then(|p| p.rows.iter().find(|r| r.kind == Kind::Interaction && r.moment().ms == at));
    if let Some(first) = said.and_then(|r| r.text(field::I_NOTE).lines().next()) {
        line.push(piece(format!("  {first}"), Role::Text));
    }
    line
}

/// The next step: when, and what was promised or is to be done.
pub fn next_step(card: &Card, profile: Option<&Profile>, view: View<'_>) -> Line {
    let Some(at) = card.totals.next_at else { return vec![piece(view.word(W::NoNext), Role::Dim)] };
    let mut line = vec![piece(format!("{}  {}", view.when(at), view.distance(view.day_of(at))), due(view, at))];
    let task = |r: &&Record| r.kind == Kind::Task && r.get(field::T_DONE).is_none() && r.moment().ms == at.ms;
    let about = profile.and_then(|p| p.rows.iter().find(task)).map(|r| r.text(field::T_ABOUT));
    line.push(piece(format!("  {}", about.unwrap_or(view.word(W::FollowUp))), Role::Text));
    line
}

/// The last order: when, what, how many, how much.
pub fn last_order(card: &Card, profile: Option<&Profile>, view: View<'_>) -> Line {
    let Some(at) = card.totals.last_order else { return vec![piece(view.word(W::NoOrder), Role::Dim)] };
    let mut line = vec![piece(format!("{}  {}", view.when(at), view.distance(view.day_of(at))), Role::Text)];
    let valid = |r: &&Record| r.kind == Kind::Order && r.get(field::O_STATUS).and_then(Value::code) != Some(code::ORDER_STATUS_CANCELLED);
    if let Some(order) = profile.and_then(|p| p.rows.iter().filter(valid).find(|r| r.moment().ms == at.ms)) {
        let amount = order.get(field::O_AMOUNT).and_then(Value::money).unwrap_or_default();
        line.push(piece(format!("  {}", view.money(amount)), Role::Strong));
        line.push(piece(format!("  {}", items(order, view)), Role::Text));
    }
    line
}

/// The portrait in one line: kind, sex, trade, level and what else is filled in; then the tags.
pub fn portrait(card: &Card, view: View<'_>) -> Line {
    let r = &card.record;
    let coded = [
        (Dict::CustomerKind, field::C_KIND),
        (Dict::Gender, field::C_GENDER),
        (Dict::CustomerType, field::C_TYPE),
        (Dict::Industry, field::C_INDUSTRY),
        (Dict::MemberLevel, field::C_LEVEL),
        (Dict::IncomeBand, field::C_INCOME),
    ];
    let mut parts: Vec<String> = coded.iter().map(|(d, f)| view.code_of(*d, r.get(*f))).filter(|p| !p.is_empty()).collect();
    let roles = r.get(field::C_ROLES).map_or(&[][..], Value::codes);
    parts.extend(roles.iter().map(|c| view.code(Dict::CustomerRole, *c)).filter(|p| !p.is_empty()));
    let mut line = vec![piece(parts.join(" · "), Role::Dim)];
    if r.get(field::C_ARCHIVED).and_then(Value::bool) == Some(true) {
        line.push(piece(format!("  {}", view.word(W::Archived)), Role::Warn));
    }
    for tag in &card.tags {
        line.push(piece(format!("  #{}", view.name(Kind::Tag, *tag)), Role::Tag));
    }
    line
}

/// What nobody may overlook: open tickets, do not contact.
pub fn banners(card: &Card, profile: Option<&Profile>, view: View<'_>) -> Vec<String> {
    let mut out = Vec::new();
    if card.totals.open_tickets > 0 {
        let mut text = format!("{}{}{}", view.word(W::OpenTickets), view.word(W::Colon), card.totals.open_tickets);
        let open = |r: &&Record| r.kind == Kind::Ticket && r.get(field::Q_CLOSED).is_none();
        if let Some(ticket) = profile.and_then(|p| p.rows.iter().find(open)) {
            let t = describe(ticket, view);
            let severity = view.code_of(Dict::Severity, ticket.get(field::Q_SEVERITY));
            let since = view.distance(view.day_of(ticket.moment()));
            let parts = [t.what, severity, since, t.text];
            let parts: Vec<String> = parts.into_iter().filter(|p| !p.is_empty()).collect();
            text = format!("{text}  {}", parts.join(" · "));
        }
        out.push(text);
    }
    let barred = card.record.get(field::C_DNC).map_or(&[][..], Value::codes);
    if !barred.is_empty() {
        let names: Vec<String> = barred.iter().map(|c| view.code(Dict::Channel, *c)).collect();
        out.push(format!("{}{}{}", view.word(W::DoNotContact), view.word(W::Colon), names.join(view.word(W::Comma))));
    }
    out
}

/// Open deals: title, stage, amount, expected close.
pub fn open_deals(profile: &Profile, view: View<'_>) -> Vec<Line> {
    let open =
        |r: &&Record| r.kind == Kind::Deal && matches!(r.get(field::D_OUTCOME).and_then(Value::code), None | Some(code::DEAL_OUTCOME_OPEN));
    let line = |r: &Record| {
        let amount = r.get(field::D_AMOUNT).and_then(Value::money).map_or(String::new(), |m| view.money(m));
        let close =
            r.get(field::D_EXPECTED).and_then(Value::day).map_or(String::new(), |d| format!("  {} {}", view.word(W::Closes), view.day(d)));
        vec![
            piece(r.text(field::D_TITLE), Role::Text),
            piece(format!("  {}", view.name_of(Kind::Stage, r.get(field::D_STAGE))), Role::Dim),
            piece(format!("  {amount}"), Role::Strong),
            piece(close, Role::Dim),
        ]
    };
    profile.rows.iter().filter(open).map(line).collect()
}
