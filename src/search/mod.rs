//! The search box: what a customer can be found by, and who comes first.
//!
//! [`haystack`] makes the text a customer is found by, the facts keep it as a column, and [`find`] passes over that column:
//! all words must match, anywhere; exact before prefix before initials before inside, then near misses; then one's own
//! customers, the last contacted, the most valuable.

mod explain;
mod fuzzy;
mod grade;
mod latin;
mod pieces;
mod rank;
mod scan;
mod words;

#[cfg(test)]
mod tests;

pub use pieces::haystack;
pub use scan::{Cancel, warm};

use crate::domain::{CustomerId, RecordId};
use crate::facts::Version;
use fuzzy_matcher::skim::SkimMatcherV2;
use rank::{Rank, Top};
use words::Plan;

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Results {
    /// How many match: exact, and then the near misses that are listed.
    pub total: u64,
    /// The first ones, best first.
    pub hits: Vec<Found>,
}

/// One customer found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Who.
    pub id: CustomerId,
    /// Where the first word matched.
    pub matched: Place,
    /// What matched (or nearly did) where it is not the shown name, one text per word, separated by ` · `.
    pub because: String,
    /// Character positions of the shown name that matched, ascending.
    pub marks: Vec<u32>,
    /// Higher is better; only the order means anything.
    pub score: i64,
}

/// Where a word matched; `Order` is any numbered record of the customer's, found by `#` and its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // The names are the meaning.
pub enum Place {
    Number,
    Name,
    Pinyin,
    Phone,
    Email,
    Company,
    City,
    Tag,
    Order,
    Social,
    Fuzzy,
}

/// Grades above this are of near misses.
const NEAR: u32 = 1_000;

/// The customers that all words match, the best `limit` of them; nothing typed = the last contacted. `mine` is the staff
/// member whose customers come first among equals. `None` when `cancel` said so.
pub fn find(version: &Version, words: &str, limit: usize, cancel: Cancel<'_>, mine: Option<RecordId>) -> Option<Results> {
    let plans = words::plans(words);
    let Some(last) = plans.len().checked_sub(1) else {
        let top = scan::recent(version, limit, cancel)?;
        return Some(Results { total: version.customers, hits: listed(version, &Vec::new(), top.sorted()) });
    };
    for (i, plan) in plans.iter().enumerate() {
        let (total, top) = scan::exact(version, plan, limit, mine, cancel)?;
        if total == 0 && i < last {
            continue;
        }
        let mut ranks = top.sorted();
        let short = limit.saturating_sub(ranks.len());
        if short > 0 && fuzzy::possible(plan) {
            ranks.extend(near(version, plan, short, mine, cancel)?);
        }
        let total = total.max(ranks.len() as u64);
        return Some(Results { total, hits: listed(version, plan, ranks) });
    }
    Some(Results::default())
}

fn near(version: &Version, plan: &Plan, limit: usize, mine: Option<RecordId>, cancel: Cancel<'_>) -> Option<Vec<Rank>> {
    let near = scan::near(version, plan, cancel)?;
    let mut top = Top::new(limit, mine);
    for candidate in &near.edited {
        if let Some((page, row)) = version.page(candidate.id) {
            top.offer(NEAR + candidate.cost, page, row, candidate.id, scan::row_of(page, row));
        }
    }
    // The matcher is slow and its people come after those with a letter wrong, so it is only asked when there is room.
    if near.edited.len() < limit {
        let matcher = SkimMatcherV2::default();
        for candidate in &near.left_out {
            if let Some((page, row)) = version.page(candidate.id) {
                let text = scan::row_of(page, row);
                let cost = fuzzy::final_cost(&matcher, text, plan, candidate.cost);
                top.offer(NEAR + cost, page, row, candidate.id, text);
            }
        }
    }
    Some(top.sorted())
}

fn listed(version: &Version, plan: &Plan, ranks: Vec<Rank>) -> Vec<Found> {
    let score = |at: usize, rank: &Rank| -(i64::from(rank.grade) << 32) - at as i64;
    let hits = ranks.iter().enumerate().filter_map(|(at, rank)| {
        let (page, row) = version.page(rank.id)?;
        Some(explain::found(plan, page, row, rank.id, rank.grade >= NEAR, score(at, rank)))
    });
    hits.collect()
}
