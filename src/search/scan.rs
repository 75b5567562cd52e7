//! One pass over the haystacks of a version, on two threads when there are many.

use super::fuzzy::{self, Candidate, Near};
use super::grade;
use super::pieces::{Letters, names_part};
use super::rank::Top;
use super::words::{Form, Plan};
use crate::domain::{CustomerId, RecordId};
use crate::facts::{PAGE, Page, Version};
use std::sync::atomic::{AtomicBool, Ordering};

/// Above so many customers the pass is shared by two threads.
const SHARE: u64 = 50_000;
/// Pages between two looks at whether the question still stands.
const BREATH: usize = 32;

/// Asked now and then: has a newer question replaced this one?
pub type Cancel<'a> = &'a (dyn Fn() -> bool + Sync);

type Pages<'v> = [(CustomerId, &'v Page)];

/// Every customer all words match, counted, and the best of them; `None` when cancelled.
pub(crate) fn exact(version: &Version, plan: &Plan, limit: usize, mine: Option<RecordId>, cancel: Cancel<'_>) -> Option<(u64, Top)> {
    let pass = |pages: &Pages<'_>, stop: &AtomicBool| {
        let mut top = Top::new(limit, mine);
        let mut total = 0;
        for (i, (first, page)) in pages.iter().enumerate() {
            if i % BREATH == 0 && stopped(stop, cancel) {
                break;
            }
            total += in_page(*first, page, plan, &mut top);
        }
        (total, top)
    };
    let mut parts = shared(version, &pass)?.into_iter();
    let (mut total, mut top) = parts.next()?;
    for (more, part) in parts {
        total += more;
        top.merge(part);
    }
    Some((total, top))
}

/// Customers that all words match, some of them only nearly; `None` when cancelled.
pub(crate) fn near(version: &Version, plan: &Plan, cancel: Cancel<'_>) -> Option<Near> {
    let wanted: Vec<fuzzy::Wanted<'_>> = plan.iter().map(fuzzy::Wanted::of).collect();
    let pass = |pages: &Pages<'_>, stop: &AtomicBool| {
        let mut found = Near::default();
        for (i, (first, page)) in pages.iter().enumerate() {
            if found.is_full() || i % BREATH == 0 && stopped(stop, cancel) {
                break;
            }
            for (row, memo) in (0u8..=255).zip(page.memo(Letters::memo)) {
                if let Some(cost) = fuzzy::cost(|| row_of(page, row), Letters::of(*memo), &wanted) {
                    found.add(Candidate { id: first + CustomerId::from(row), cost });
                }
            }
        }
        found
    };
    shared(version, &pass)?.into_iter().reduce(Near::with)
}

fn stopped(stop: &AtomicBool, cancel: Cancel<'_>) -> bool {
    if cancel() {
        stop.store(true, Ordering::Relaxed);
    }
    stop.load(Ordering::Relaxed)
}

fn shared<T: Send>(version: &Version, pass: &(dyn Fn(&Pages<'_>, &AtomicBool) -> T + Sync)) -> Option<Vec<T>> {
    let pages: Vec<(CustomerId, &Page)> = version.pages().collect();
    let stop = AtomicBool::new(false);
    let parts = if version.customers > SHARE {
        let (a, b) = pages.split_at(pages.len() / 2);
        std::thread::scope(|scope| {
            let other = scope.spawn(|| pass(b, &stop));
            let first = pass(a, &stop);
            // A thread that broke down answers nothing rather than half.
            other.join().ok().map(|second| vec![first, second])
        })?
    } else {
        vec![pass(&pages, &stop)]
    };
    (!stop.load(Ordering::Relaxed)).then_some(parts)
}

/// The haystacks of a page by row.
fn rows(page: &Page) -> impl Iterator<Item = (u8, &[u8])> {
    let (offsets, bytes) = page.haystack().unwrap_or((&[], &[]));
    let ranges = offsets.windows(2).map(|w| bytes.get(w[0] as usize..w[1] as usize).unwrap_or(&[]));
    (0u8..=255).zip(ranges).filter(|(_, text)| !text.is_empty())
}

fn in_page(first: CustomerId, page: &Page, plan: &Plan, top: &mut Top) -> u64 {
    let Some((offsets, bytes)) = page.haystack() else { return 0 };
    // The longest word is the rarest: it alone reads the whole page.
    let Some((lead, word)) = plan.iter().enumerate().max_by_key(|(_, w)| w.text.len()) else { return 0 };
    let mut grades = [u8::MAX; PAGE];
    for form in &word.forms {
        if form.start != 0 {
            by_letter(page, form, &mut grades);
        } else {
            by_text(offsets, bytes, form, &mut grades);
        }
    }
    let mut total = 0;
    for (row, lead_grade) in (0u8..=255).zip(grades).filter(|(_, g)| *g != u8::MAX) {
        let range = offsets.get(usize::from(row)..usize::from(row) + 2).map_or(0..0, |o| o[0] as usize..o[1] as usize);
        let text = bytes.get(range).unwrap_or(&[]);
        let others = plan.iter().enumerate().filter(|(i, _)| *i != lead);
        let sum = others.map(|(_, word)| grade::best_grade(text, word).map(u32::from)).sum::<Option<u32>>();
        if let Some(sum) = sum {
            total += 1;
            top.offer(u32::from(lead_grade) + sum, page, row, first + CustomerId::from(row), text);
        }
    }
    total
}

/// Grades the rows of which something begins with a single letter or digit: the page's masks know them.
fn by_letter(page: &Page, form: &Form, grades: &mut [u8; PAGE]) {
    for (row, (memo, best)) in (0u8..=255).zip(page.memo(Letters::memo).iter().zip(grades)) {
        if Letters::of(*memo).first & form.start == 0 {
            continue;
        }
        let text = row_of(page, row);
        if let Some((grade, _)) = grade::best_of(if form.digits { text } else { names_part(text) }, 0, form) {
            *best = grade;
        }
    }
}

/// Grades the rows a form occurs in: one pass over the page's text.
fn by_text(offsets: &[u32], bytes: &[u8], form: &Form, grades: &mut [u8; PAGE]) {
    let (mut at, mut row) = (0, 0);
    while let Some(found) = bytes.get(at..).and_then(|rest| form.finder.find(rest)) {
        let hit = at + found;
        row += offsets.get(row + 1..).map_or(0, |rest| rest.iter().take_while(|o| **o as usize <= hit).count());
        let (Some(from), Some(to)) = (offsets.get(row), offsets.get(row + 1)) else { break };
        let (from, to) = (*from as usize, *to as usize);
        if let Some((grade, _)) = bytes.get(from..to).and_then(|text| grade::best_of(text, hit - from, form))
            && let Some(best) = grades.get_mut(row)
        {
            *best = grade.min(*best);
        }
        at = to;
    }
}

/// Makes what the pages remember for searching, so that the first near miss or single letter need not: for a background
/// thread after opening.
pub fn warm(version: &Version) {
    version.pages().for_each(|(_, page)| {
        page.memo(Letters::memo);
    });
}

/// The most recently contacted.
pub(crate) fn recent(version: &Version, limit: usize, cancel: Cancel<'_>) -> Option<Top> {
    let mut top = Top::new(limit, None);
    for (i, (first, page)) in version.pages().enumerate() {
        if i % BREATH == 0 && cancel() {
            return None;
        }
        rows(page).for_each(|(row, text)| top.offer(0, page, row, first + CustomerId::from(row), text));
    }
    Some(top)
}

/// The haystack of one customer.
pub(crate) fn row_of(page: &Page, row: u8) -> &[u8] {
    let Some((offsets, bytes)) = page.haystack() else { return &[] };
    let at = usize::from(row);
    offsets.get(at..at + 2).and_then(|o| bytes.get(o[0] as usize..o[1] as usize)).unwrap_or(&[])
}
