//! Random days: whatever people ask in whatever order, and whatever happens to the folder, nothing is lost or invented.

use super::fold;
use super::steps::{Event, Step, event, happen, step, take};
use crate::book::{Book, same};
use guanxi::domain::Who;
use guanxi::ops::request::{RefusalKind, Request};
use proptest::prelude::*;

/// Cases unless `PROPTEST_CASES` says otherwise.
fn cases() -> ProptestConfig {
    let said = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok());
    ProptestConfig { cases: said.unwrap_or(12), failure_persistence: None, max_shrink_iters: 300, ..ProptestConfig::default() }
}

/// Refusals that a person may meet; anything else is a fault of ours.
fn allowed(kind: RefusalKind) -> bool {
    matches!(kind, RefusalKind::Impossible | RefusalKind::Data | RefusalKind::Conflict | RefusalKind::Cancelled)
}

fn live_through(day: &[(Step, bool, Event)]) {
    let mut book = Book::new();
    let people = [Who::owner("tester"), Who::owner("colleague")];
    for (n, (step, second, event)) in day.iter().enumerate() {
        if let Err(refusal) = take(&book, &people[usize::from(*second)], step) {
            assert!(allowed(refusal.kind), "{step:?}: {refusal:?}");
        }
        if n % 4 == 3 || *event != Event::Nothing {
            fold::check(&book.path(), book.desk());
        }
        let before = book.everything();
        happen(&mut book, *event);
        same(&book.everything(), &before, &format!("after {event:?}"));
        if *event != Event::Nothing {
            fold::check(&book.path(), book.desk());
        }
    }
    fold::check(&book.path(), book.desk());
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn the_store_is_the_fold_of_the_journal_through_every_day(
        day in prop::collection::vec((step(), prop::bool::weighted(0.2), event()), 1..40)
    ) {
        live_through(&day);
    }

    #[test]
    fn undo_takes_back_exactly_what_was_done_and_redo_does_it_again(day in prop::collection::vec(step(), 1..24)) {
        let book = Book::new();
        for step in day.iter().filter(|s| !matches!(s, Step::Undo | Step::Redo | Step::UndoOne { .. })) {
            let before = book.everything();
            let done = take(&book, &book.who, step);
            let after = book.everything();
            if !matches!(done, Ok(Some(_))) {
                same(&after, &before, &format!("refused or nothing: {step:?}"));
                continue;
            }
            book.save(Request::Undo { seq: None }).unwrap();
            same(&book.everything(), &before, &format!("undo of {step:?}"));
            book.save(Request::Redo).unwrap();
            same(&book.everything(), &after, &format!("redo of {step:?}"));
        }
        fold::check(&book.path(), book.desk());
    }
}
