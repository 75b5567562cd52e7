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
    for (w, h, lang, keys) in [
        (80, 24, Lang::En, ""), (80, 24, Lang::Zh, "zsf<enter>2"), (80, 24, Lang::En, "zsf<enter>3<enter>jj<enter>"), (120, 40, Lang::Zh, "zsf"), (160, 45, Lang::En, "sample<tab>jjj"),
        (80, 24, Lang::En, "99996812"), (80, 24, Lang::En, "zsf<tab>?"), (80, 24, Lang::Zh, "zsf<tab>:log"), (80, 24, Lang::En, "zsf<tab>lca<enter><ctrl-z>gh"), (80, 24, Lang::En, "zsf<tab>e"), (80, 24, Lang::En, "zsf<tab>t"), (80, 24, Lang::Zh, "<ctrl-n>+林曼<tab>15400002201"), (80,24,Lang::En, "zsf<tab>y"), (200, 60, Lang::En, "6812"), (80,24,Lang::En,"5005"), (80,24,Lang::En,"zsf<tab>lcaok<tab>3d<enter>")
    ] {
        let mut s = Scenario::sized(w, h, lang);
        s.keys(keys);
        eprintln!("{}", s.text());
    }
}
