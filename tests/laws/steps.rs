//! The steps of a random day: what people ask, and what happens to the folder in between.

use crate::book::{Book, clock, entry, options, text};
use guanxi::domain::{CustomerId, FieldId, Kind, Moment, Record, RowSet, Value, Who, field};
use guanxi::exchange::Options as ImportOptions;
use guanxi::ops::import::{ImportOrder, import};
use guanxi::ops::open;
use guanxi::ops::request::{Edit, Refusal, Request, Saved};
use guanxi::ops::upkeep;
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// One step. Numbers choose among what is there by then.
#[derive(Debug, Clone)]
pub enum Step {
    Customer(u8),
    Log {
        customer: u8,
        at: u8,
        next: bool,
    },
    City {
        customer: u8,
        value: u8,
    },
    Number {
        customer: u8,
        value: u8,
    },
    Long {
        customer: u8,
        kib: u8,
    },
    /// A row's moment changes.
    Move {
        row: u16,
        at: u8,
    },
    /// A row goes to another customer.
    Give {
        row: u16,
        customer: u8,
    },
    Note {
        row: u16,
        kib: u8,
    },
    Task {
        customer: u8,
        day: u8,
    },
    Tag {
        tag: u8,
        on: bool,
        first: u8,
        count: u8,
    },
    Customers {
        first: u8,
        count: u8,
        city: u8,
        tag: u8,
    },
    Orders {
        first: u8,
        count: u8,
        customer: u8,
        price: u8,
    },
    Payments {
        first: u8,
        count: u8,
        amount: u8,
    },
    Cancelled {
        first: u8,
        count: u8,
        polls: u8,
    },
    Undo,
    Redo,
    UndoOne {
        back: u8,
    },
}

/// What happens between steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    Nothing,
    Reopen,
    AnotherBoot,
    WithoutStore,
    WithoutColumns,
    WithoutState,
    Rebuild,
    Verify,
}

pub fn step() -> impl Strategy<Value = Step> {
    use Step as S;
    let small = 0u8..24;
    let s = || small.clone();
    prop_oneof![
        3 => s().prop_map(S::Customer),
        4 => (s(), any::<u8>(), any::<bool>()).prop_map(|(customer, at, next)| S::Log { customer, at, next }),
        2 => (s(), 0u8..4).prop_map(|(customer, value)| S::City { customer, value }),
        1 => (s(), s()).prop_map(|(customer, value)| S::Number { customer, value }),
        1 => (s(), 0u8..12).prop_map(|(customer, kib)| S::Long { customer, kib }),
        3 => (any::<u16>(), any::<u8>()).prop_map(|(row, at)| S::Move { row, at }),
        2 => (any::<u16>(), s()).prop_map(|(row, customer)| S::Give { row, customer }),
        1 => (any::<u16>(), 0u8..12).prop_map(|(row, kib)| S::Note { row, kib }),
        1 => (s(), any::<u8>()).prop_map(|(customer, day)| S::Task { customer, day }),
        3 => (0u8..4, any::<bool>(), s(), 1u8..9).prop_map(|(tag, on, first, count)| S::Tag { tag, on, first, count }),
        3 => (s(), 1u8..9, 0u8..4, 0u8..5).prop_map(|(first, count, city, tag)| S::Customers { first, count, city, tag }),
        3 => (s(), 1u8..9, s(), 1u8..5).prop_map(|(first, count, customer, price)| S::Orders { first, count, customer, price }),
        1 => (s(), 1u8..5, 1u8..5).prop_map(|(first, count, amount)| S::Payments { first, count, amount }),
        1 => (s(), 1u8..9, 0u8..6).prop_map(|(first, count, polls)| S::Cancelled { first, count, polls }),
        3 => Just(S::Undo),
        2 => Just(S::Redo),
        2 => (1u8..6).prop_map(|back| S::UndoOne { back }),
    ]
}

pub fn event() -> impl Strategy<Value = Event> {
    use Event as E;
    prop_oneof![
        24 => Just(E::Nothing), 2 => Just(E::Reopen), 1 => Just(E::AnotherBoot), 1 => Just(E::WithoutStore),
        1 => Just(E::WithoutColumns), 1 => Just(E::WithoutState), 1 => Just(E::Rebuild), 2 => Just(E::Verify)
    ]
}

fn moment(at: u8) -> Moment {
    Moment::minute(1_760_000_000_000 + i64::from(at) * 3_600_000)
}

fn customers(book: &Book) -> Vec<CustomerId> {
    book.desk().shared().version().ids().collect()
}

fn customer(book: &Book, n: u8) -> CustomerId {
    let ids = customers(book);
    if ids.is_empty() { 1 } else { ids[usize::from(n) % ids.len()] }
}

fn row(book: &Book, n: u16) -> Option<Record> {
    let store = book.desk().shared().store().unwrap();
    let rows: Vec<Record> = customers(book).into_iter().flat_map(|c| store.rows(c).unwrap()).collect();
    (!rows.is_empty()).then(|| rows[usize::from(n) % rows.len()].clone())
}

fn edit(book: &Book, record: &Record, field: FieldId, value: Option<Value>) -> Request {
    let seen = book.desk().shared().version().seq;
    let home = if record.kind.is_row() { record.home() } else { Default::default() };
    Request::Edit { edits: vec![Edit { kind: record.kind, id: record.id, home, field, value, seen }] }
}

fn of_customer(book: &Book, n: u8, field: FieldId, value: Value) -> Request {
    edit(book, &Record::new(Kind::Customer, u64::from(customer(book, n))), field, Some(value))
}

fn of_row(book: &Book, n: u16, f: impl Fn(Kind) -> Option<FieldId>, value: Value) -> Option<Request> {
    let row = row(book, n)?;
    Some(edit(book, &row, f(row.kind)?, Some(value)))
}

/// The request a step means; `None` for imports and for steps that find nothing to work on.
fn request(book: &Book, step: &Step) -> Option<Request> {
    let long = |kib: u8| Value::Text("长x".repeat(usize::from(kib) * 256 + 1));
    Some(match step {
        Step::Customer(n) => {
            let phones = Value::Texts(vec![format!("154-0000-{:04}", n)]);
            Request::Add { kind: Kind::Customer, fields: vec![text(field::C_NAME, &format!("某{n}")), (field::C_PHONES, phones)] }
        }
        Step::Log { customer: c, at, next } => {
            let mut e = entry(customer(book, *c), &format!("spoke {at}"), 0);
            (e.at, e.next_at) = (Some(moment(*at)), next.then(|| moment(at.saturating_add(at / 2))));
            Request::Log(e)
        }
        Step::City { customer, value } => of_customer(book, *customer, field::C_CITY, Value::Text(format!("city {value}"))),
        Step::Number { customer, value } => of_customer(book, *customer, field::C_NUMBER, Value::Text(format!("M{value}"))),
        Step::Long { customer, kib } => of_customer(book, *customer, field::C_NOTE, long(*kib)),
        Step::Move { row, at } => return of_row(book, *row, moment_field, Value::Moment(moment(*at))),
        Step::Give { row, customer: c } => {
            return of_row(book, *row, field::customer_of, Value::Ref(u64::from(customer(book, *c))));
        }
        Step::Note { row, kib } => return of_row(book, *row, |k| (k == Kind::Interaction).then_some(field::I_NOTE), long(*kib)),
        Step::Task { customer: c, day } => Request::Add {
            kind: Kind::Task,
            fields: vec![
                (field::T_CUSTOMER, Value::Ref(u64::from(customer(book, *c)))),
                (field::T_DUE, Value::Moment(moment(*day))),
                text(field::T_ABOUT, "call back"),
            ],
        },
        Step::Tag { tag, on, first, count } => {
            let ids = customers(book);
            let rows: RowSet = ids.iter().copied().cycle().skip(usize::from(*first)).take(usize::from(*count).min(ids.len())).collect();
            Request::Mark { tag: format!("t{tag}"), on: *on, rows }
        }
        Step::Undo => Request::Undo { seq: None },
        Step::UndoOne { back } => Request::Undo { seq: Some(book.history().get(usize::from(*back))?.seq) },
        Step::Redo => Request::Redo,
        Step::Customers { .. } | Step::Orders { .. } | Step::Payments { .. } | Step::Cancelled { .. } => return None,
    })
}

fn moment_field(kind: Kind) -> Option<FieldId> {
    matches!(kind, Kind::Interaction | Kind::Order | Kind::Payment).then(|| field::moment_of(kind)).flatten()
}

fn lines(head: &str, first: u8, count: u8, line: &dyn Fn(u8) -> String) -> String {
    std::iter::once(head.to_string()).chain((first..first + count).map(line)).collect()
}

/// The file that a step imports.
fn file(step: &Step) -> Option<(Kind, String)> {
    Some(match step {
        Step::Customers { first, count, city, tag } => {
            let line = |n: u8| format!("N{n},客{n},city {city},t{tag};t{}\n", n % 3);
            (Kind::Customer, lines("number,name,city,tags\n", *first, *count, &line))
        }
        Step::Cancelled { first, count, .. } => {
            (Kind::Customer, lines("number,name,city\n", *first, *count, &|n| format!("N{n},另{n},never\n")))
        }
        Step::Orders { first, count, customer, price } => {
            let line = |n: u8| format!("A{n},N{},2026-10-{:02},P{},1,{price}\n", (n + customer) % 24, n % 28 + 1, n % 3);
            (Kind::Order, lines("number,customer,at,product,quantity,unit_price\n", *first, *count, &line))
        }
        Step::Payments { first, count, amount } => (
            Kind::Payment,
            lines("order,at,amount,method\n", *first, *count, &|n| format!("A{n},2026-11-{:02},{amount},cash\n", n % 28 + 1)),
        ),
        _ => return None,
    })
}

/// Asks what the step means. `Ok(None)` = nothing changed.
pub fn take(book: &Book, who: &Who, step: &Step) -> Result<Option<u64>, Refusal> {
    if let Some((kind, csv)) = file(step) {
        let options = ImportOptions { create_customers: kind == Kind::Order, ..ImportOptions::default() };
        let order = ImportOrder { kind, file: "day.csv".into(), bytes: csv.len() as u64, options, dry_run: false, shift_days: 0 };
        let polls = AtomicU64::new(if let Step::Cancelled { polls, .. } = step { u64::from(*polls) } else { u64::MAX });
        let cancelled = || polls.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_err();
        return import(book.desk(), who, &order, &mut csv.as_bytes(), &cancelled, &|_| {}).map(|report| report.batch);
    }
    let Some(request) = request(book, step) else { return Ok(None) };
    let before = book.desk().shared().version().seq;
    match book.desk().ask(who, request, &|| false)? {
        guanxi::ops::request::Reply::Saved(Saved { seq, what, .. }) => Ok((what.code != "done.nothing" && seq > before).then_some(seq)),
        other => panic!("{other:?}"),
    }
}

/// Lets the event happen; the book is open again after.
pub fn happen(book: &mut Book, event: Event) {
    let gone = |book: &mut Book, name: &str| {
        book.desk = None;
        let path = book.path().join(name);
        let _ = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        book.desk = Some(book.open().unwrap());
    };
    match event {
        Event::Nothing => {}
        Event::Reopen => book.reopen(),
        Event::AnotherBoot => {
            book.desk = None;
            book.desk = Some(open_with_boot(book, "another"));
        }
        Event::WithoutStore => gone(book, "sled"),
        Event::WithoutColumns => gone(book, "facts"),
        Event::WithoutState => gone(book, "STATE"),
        Event::Rebuild => upkeep::rebuild(book.desk(), Arc::new(|_| {})).unwrap(),
        Event::Verify => {
            let found = upkeep::verify(book.desk(), true).unwrap();
            assert_eq!((found.problems, found.store.map(|s| s.1)), (vec![], Some(true)));
        }
    }
}

fn open_with_boot(book: &Book, boot: &str) -> guanxi::ops::Desk {
    let options = open::Options { boot: boot.into(), clock: clock(), ..options(&book.path()) };
    let desk = open::open(options, Arc::new(|_| {})).unwrap();
    desk.ready().unwrap();
    desk
}
