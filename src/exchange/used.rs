//! Which of the records to be made on the way rows taken in really name: what only refused rows name is not made.

use super::staged::{NewEntry, OnMatch, Placeholder, StagedRef, StagedRow, Target};
use crate::domain::Value;
use std::collections::{HashMap, HashSet};

/// What the rows that come out name, with counts.
#[derive(Debug, Default)]
pub(super) struct Used {
    placeholders: HashMap<u32, u64>,
    codes: HashMap<u32, u64>,
    /// Words that waited for the end of the file.
    pub pendings: HashSet<u32>,
}

impl Used {
    /// A row comes out. One that matches and is left alone names nothing.
    pub fn see(&mut self, row: &StagedRow, on_match: OnMatch) {
        if on_match == OnMatch::Skip && matches!(row.target, Target::Existing { .. }) {
            return;
        }
        for (_, value) in &row.fields {
            match value {
                Value::Ref(raw) => self.reference(*raw),
                Value::Refs(raws) => raws.iter().for_each(|raw| self.reference(*raw)),
                Value::Lines(lines) => lines.iter().for_each(|l| self.reference(l.product)),
                Value::Code(code) => self.code(*code),
                Value::Codes(codes) => codes.iter().for_each(|c| self.code(*c)),
                Value::Consents(list) => list.iter().for_each(|c| self.code(c.channel)),
                _ => {}
            }
        }
    }

    fn reference(&mut self, raw: u64) {
        match StagedRef::of(raw) {
            StagedRef::Placeholder(n) => *self.placeholders.entry(n).or_default() += 1,
            StagedRef::Pending(n) => drop(self.pendings.insert(n)),
            StagedRef::Book(_) | StagedRef::New(_) => {}
        }
    }

    fn code(&mut self, code: u32) {
        if code >= NewEntry::CODES {
            *self.codes.entry(code).or_default() += 1;
        }
    }

    /// Sets the counts to what the rows taken in say; a stage that is made needs its pipeline.
    pub fn count(&mut self, placeholders: &mut [Placeholder], entries: &mut [NewEntry]) {
        for (n, p) in (0u32..).zip(placeholders.iter()) {
            if let (true, StagedRef::Placeholder(of)) = (self.placeholders.contains_key(&n), StagedRef::of(p.pipeline)) {
                self.placeholders.entry(of).or_insert(1);
            }
        }
        for (n, p) in (0u32..).zip(placeholders) {
            p.count = self.placeholders.get(&n).copied().unwrap_or(0);
        }
        for e in entries {
            e.count = self.codes.get(&e.code).copied().unwrap_or(0);
        }
    }
}
