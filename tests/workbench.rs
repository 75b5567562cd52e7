//! The workbench driven by key strings on invented people: journeys within their budgets, late answers, tiny terminals,
//! and pictures of the screens.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "workbench/desk.rs"]
mod desk;
#[path = "workbench/people.rs"]
mod people;
#[path = "workbench/scenario.rs"]
mod scenario;

use guanxi::text::Lang;
use scenario::{Scenario, Start};

#[test]
fn show() {
    for (w, h, lang, keys) in [(80, 24, Lang::En, "zsf"), (80, 24, Lang::En, "zsf<enter>"), (80,24,Lang::En, "zsf<tab>lca+note")] {
        let mut s = Scenario::sized(w, h, lang);
        s.keys(keys);
        eprintln!("{}", s.text());
    }
}
