//! Who comes first, and keeping only the first few of a million.

use super::pieces::Piece;
use crate::domain::{CustomerId, RecordId, field};
use crate::facts::{Page, Slot};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The order of hits: smaller comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    pub(crate) grade: u32,
    stranger: bool,
    contact: Reverse<i64>,
    value: Reverse<i64>,
    number: [u8; 12],
    pub(crate) id: CustomerId,
}

/// The best `limit` so far.
pub(crate) struct Top {
    limit: usize,
    mine: Option<RecordId>,
    heap: BinaryHeap<Rank>,
}

impl Top {
    pub(crate) fn new(limit: usize, mine: Option<RecordId>) -> Top {
        Top { limit, mine, heap: BinaryHeap::new() }
    }

    /// Takes a customer in if they belong to the best. Most of a million fail at the grade, most of the others at the
    /// last contact; so nothing is read before it is needed.
    pub(crate) fn offer(&mut self, grade: u32, page: &Page, row: u8, id: CustomerId, haystack: &[u8]) {
        let worst = if self.heap.len() < self.limit { None } else { self.heap.peek() };
        if self.limit == 0 || worst.is_some_and(|w| grade > w.grade) {
            return;
        }
        let owner = |mine: RecordId| page.number(row, field::C_OWNER).is_some_and(|n| n as RecordId == mine);
        let stranger = self.mine.is_some_and(|mine| !owner(mine));
        let contact = Reverse(page.total(row, Slot::LastContact));
        if worst.is_some_and(|w| (grade, stranger, contact) > (w.grade, w.stranger, w.contact)) {
            return;
        }
        let value = Reverse(page.total(row, Slot::Ordered));
        self.add(Rank { grade, stranger, contact, value, number: number(haystack), id });
    }

    fn add(&mut self, rank: Rank) {
        if self.heap.len() < self.limit {
            self.heap.push(rank);
        } else if let Some(mut worst) = self.heap.peek_mut()
            && rank < *worst
        {
            *worst = rank;
        }
    }

    /// The best of both.
    pub(crate) fn merge(&mut self, other: Top) {
        other.heap.into_iter().for_each(|rank| self.add(rank));
    }

    /// Best first.
    pub(crate) fn sorted(self) -> Vec<Rank> {
        self.heap.into_sorted_vec()
    }
}

/// The first bytes of the customer number: the first piece of a haystack.
fn number(haystack: &[u8]) -> [u8; 12] {
    let mut out = [0xff; 12];
    if haystack.first() == Some(&(Piece::Number as u8)) {
        out = [0; 12];
        let text = haystack.get(1..).unwrap_or(&[]).iter().take_while(|b| **b >= b' ');
        out.iter_mut().zip(text).for_each(|(o, b)| *o = *b);
    }
    out
}
