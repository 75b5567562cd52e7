//! One row of a customer's timeline, put into words: which way it went, what it was, what was said, how much, by whom.

use super::{label::W, theme::Role, view::View};
use crate::domain::{Dict, FieldId, Kind, Line, Money, Record, Value, field, preset::code};

/// A row in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touch {
    /// They came to us (true), we went to them (false), neither.
    pub inbound: Option<bool>,
    /// What it was: the channel, the kind.
    pub what: String,
    /// How it ended, or what state it is in.
    pub how: String,
    /// The role of `how`.
    pub role: Role,
    /// What was said, bought, promised.
    pub text: String,
    /// An amount, written out.
    pub amount: String,
    /// Who did it.
    pub by: String,
}

impl Touch {
    fn new(what: String) -> Touch {
        Touch { inbound: None, what, how: String::new(), role: Role::Dim, text: String::new(), amount: String::new(), by: String::new() }
    }
}

/// Puts a row into words.
pub fn describe(row: &Record, view: View<'_>) -> Touch {
    match row.kind {
        Kind::Interaction => interaction(row, view),
        Kind::Order => order(row, view),
        Kind::Payment => payment(row, view),
        Kind::Task => task(row, view),
        Kind::Deal => deal(row, view),
        Kind::Ticket => ticket(row, view),
        Kind::Event => event(row, view),
        Kind::Ledger => ledger(row, view),
        Kind::Contract => contract(row, view),
        Kind::Response => response(row, view),
        Kind::StageVisit => {
            Touch { text: view.name_of(Kind::Stage, row.get(field::V_STAGE)).into(), ..Touch::new(view.word(W::Stage).into()) }
        }
        Kind::Edge => Touch { how: view.code_of(Dict::EdgeKind, row.get(field::W_KIND)), ..Touch::new(view.word(W::Relation).into()) },
        _ => Touch::new(String::new()),
    }
}

/// An amount written out; "" for none.
fn money(row: &Record, f: FieldId, view: View<'_>) -> String {
    row.get(f).and_then(Value::money).map_or(String::new(), |m| view.money(m))
}

fn order(row: &Record, view: View<'_>) -> Touch {
    Touch {
        inbound: Some(true),
        how: view.code_of(Dict::OrderStatus, row.get(field::O_STATUS)),
        text: join([row.text(field::O_NUMBER), &items(row, view)]),
        amount: money(row, field::O_AMOUNT, view),
        ..Touch::new(view.word(W::Order).into())
    }
}

fn payment(row: &Record, view: View<'_>) -> Touch {
    Touch {
        inbound: Some(true),
        how: view.code_of(Dict::PayMethod, row.get(field::Y_METHOD)),
        role: Role::Good,
        amount: money(row, field::Y_AMOUNT, view),
        ..Touch::new(view.word(W::Payment).into())
    }
}

fn deal(row: &Record, view: View<'_>) -> Touch {
    let stage = view.name_of(Kind::Stage, row.get(field::D_STAGE));
    Touch {
        how: join([stage, &view.code_of(Dict::DealOutcome, row.get(field::D_OUTCOME))]),
        text: row.text(field::D_TITLE).into(),
        amount: money(row, field::D_AMOUNT, view),
        by: view.name_of(Kind::Staff, row.get(field::D_OWNER)).into(),
        ..Touch::new(view.word(W::Deal).into())
    }
}

fn ticket(row: &Record, view: View<'_>) -> Touch {
    let open = row.get(field::Q_CLOSED).is_none();
    Touch {
        inbound: Some(true),
        how: view.word(if open { W::Open } else { W::Closed }).into(),
        role: if open { Role::Bad } else { Role::Dim },
        text: row.text(field::Q_NOTE).into(),
        by: view.name_of(Kind::Staff, row.get(field::Q_OWNER)).into(),
        ..Touch::new(view.code_of(Dict::TicketType, row.get(field::Q_TYPE)))
    }
}

fn event(row: &Record, view: View<'_>) -> Touch {
    Touch { inbound: Some(true), how: view.code_of(Dict::Channel, row.get(field::E_CHANNEL)), ..Touch::new(row.text(field::E_NAME).into()) }
}

fn ledger(row: &Record, view: View<'_>) -> Touch {
    let points = row.get(field::L_ACCOUNT).and_then(Value::code) == Some(code::ACCOUNT_POINTS);
    let plain = || row.get(field::L_AMOUNT).and_then(Value::money).map_or(String::new(), Money::plain);
    Touch {
        how: view.code_of(Dict::Account, row.get(field::L_ACCOUNT)),
        amount: if points { plain() } else { money(row, field::L_AMOUNT, view) },
        text: row.text(field::L_NOTE).into(),
        ..Touch::new(view.code_of(Dict::LedgerKind, row.get(field::L_KIND)))
    }
}

fn contract(row: &Record, view: View<'_>) -> Touch {
    let end = row.get(field::K_END).and_then(Value::day).map_or(String::new(), |d| format!("{} {d}", view.word(W::Until)));
    Touch {
        how: view.code_of(Dict::ContractStatus, row.get(field::K_STATUS)),
        text: join([row.text(field::K_NUMBER), &end]),
        amount: money(row, field::K_VALUE, view),
        ..Touch::new(view.word(W::Contract).into())
    }
}

fn response(row: &Record, view: View<'_>) -> Touch {
    Touch {
        how: view.code_of(Dict::ResponseKind, row.get(field::R_KIND)),
        text: view.name_of(Kind::Campaign, row.get(field::R_CAMPAIGN)).into(),
        amount: money(row, field::R_AMOUNT, view),
        ..Touch::new(view.word(W::Campaign).into())
    }
}

fn interaction(row: &Record, view: View<'_>) -> Touch {
    let mut t = Touch::new(view.code_of(Dict::Channel, row.get(field::I_CHANNEL)));
    if t.what.is_empty() {
        t.what = view.word(W::FollowUp).into();
    }
    t.inbound = Some(row.get(field::I_DIRECTION).and_then(Value::code) == Some(code::DIRECTION_IN));
    t.how = view.code_of(Dict::Outcome, row.get(field::I_OUTCOME));
    t.role = match row.get(field::I_OUTCOME).and_then(Value::code) {
        Some(code::OUTCOME_ORDERED) => Role::Good,
        Some(code::OUTCOME_NO_ANSWER) => Role::Warn,
        _ => Role::Text,
    };
    t.text = row.text(field::I_NOTE).into();
    t.by = view.name_of(Kind::Staff, row.get(field::I_BY)).into();
    t
}

fn task(row: &Record, view: View<'_>) -> Touch {
    let mut t = Touch::new(view.word(W::Task).into());
    let done = row.get(field::T_DONE).is_some();
    let overdue = !done && view.day_of(row.moment()) < view.today();
    t.how = view
        .word(if done {
            W::Done
        } else if overdue {
            W::Overdue
        } else {
            W::Open
        })
        .into();
    t.role = if overdue { Role::Bad } else { Role::Dim };
    t.text = row.text(field::T_ABOUT).into();
    t.by = view.name_of(Kind::Staff, row.get(field::T_OWNER)).into();
    t
}

/// What an order holds, in short: `Yirgacheffe 1 kg ×2, Grinder`.
pub fn items(order: &Record, view: View<'_>) -> String {
    let lines = order.get(field::O_LINES).map_or(&[][..], Value::lines);
    lines.iter().map(|l| item(l, view)).collect::<Vec<_>>().join(", ")
}

fn item(line: &Line, view: View<'_>) -> String {
    let name = view.name(Kind::Product, line.product);
    let name = if name.is_empty() { view.word(W::NoProduct) } else { name };
    format!("{name} ×{}", line.quantity.plain())
}

/// What of an order is received: its payments among `rows`, or all of it when it is marked paid.
pub fn paid(order: &Record, rows: &[Record]) -> Money {
    let amount = order.get(field::O_AMOUNT).and_then(Value::money).unwrap_or_default();
    let of_order = |r: &&Record| r.kind == Kind::Payment && r.get(field::Y_ORDER).and_then(Value::reference) == Some(order.id);
    let sum: i128 =
        rows.iter().filter(of_order).filter_map(|r| r.get(field::Y_AMOUNT).and_then(Value::money)).map(|m| i128::from(m.0)).sum();
    let sum = Money(i64::try_from(sum).unwrap_or(i64::MAX));
    if order.get(field::O_PAID).and_then(Value::bool) == Some(true) { sum.max(amount) } else { sum }
}

/// The parts that are there, with a gap between.
pub fn join<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("  ")
}
