//! The deep look: every value read, the state hash summed again, every number held against its record and back.

use super::Store;
use super::body::{self, Stub};
use super::codec::short_hash;
use super::envelope::MOST;
use super::error::StoreError;
use super::key::{self, META, PENDING, Space};
use super::marks;
use super::number;
use super::open::guarded;
use super::page::{self, Place, Row};
use super::tree::{Inner, opened};
use crate::domain::Record;

/// At most so many problems are told one by one.
const TOLD: usize = 100;

/// What the deep look found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CheckReport {
    /// Records by id.
    pub records: u64,
    /// Timeline rows.
    pub rows: u64,
    /// Entries of record numbers.
    pub numbers: u64,
    /// Entries whose row is elsewhere or bears another number now: look-ups pass over them, a rebuild drops them.
    pub stale_numbers: u64,
    /// Values read.
    pub values: u64,
    /// Bytes of all values.
    pub bytes: u64,
    /// How many problems there are; zero when all is well.
    pub problems: u64,
    /// The first of them, in sentences.
    pub told: Vec<String>,
}

impl CheckReport {
    fn problem(&mut self, sentence: String) {
        self.problems += 1;
        if self.told.len() < TOLD {
            self.told.push(sentence);
        }
    }
}

impl Store {
    /// Reads everything and holds it against everything else. Changes wait until it is done.
    ///
    /// # Errors
    /// When the files are damaged so far that the engine cannot go on.
    pub fn check(&self) -> Result<CheckReport, StoreError> {
        let inner = self.inner.clone();
        guarded(move || {
            let state = inner.read();
            let mut look = Look { inner: &inner, report: CheckReport::default(), hash: 0, numbers: (0, 0), pieces: (0, 0), last: None };
            for entry in inner.db.iter() {
                let (key, value) = entry?;
                look.value(&key, &value);
            }
            look.sums(state.hash, state.count)?;
            Ok(look.report)
        })
    }
}

struct Look<'a> {
    inner: &'a Inner,
    report: CheckReport,
    hash: u128,
    /// Sums over the numbers that should be and that are.
    numbers: (u128, u128),
    /// Pieces that should be and that are.
    pieces: (u64, u64),
    last: Option<(Space, Place)>,
}

impl Look<'_> {
    fn value(&mut self, key: &[u8], value: &[u8]) {
        self.report.values += 1;
        self.report.bytes += value.len() as u64;
        if value.len() > MOST {
            self.report.problem(format!("a value of {} bytes, where {MOST} is the most", value.len()));
        }
        let payload = match opened(key, value) {
            Ok(payload) => payload,
            Err(error) => return self.report.problem(error.to_string()),
        };
        if let Some(space) = Space::ALL.into_iter().find(|s| key.first() == Some(&s.prefix())) {
            return self.page(space, key, &payload);
        }
        match key.first() {
            Some(b'x') => self.pieces.1 += 1,
            Some(b'g') if key::marks_of(key).is_some() && marks::decode(&payload).is_some_and(|m| !m.is_empty()) => {
                self.hash = self.hash.wrapping_add(marks::fingerprint(key, &payload));
            }
            _ if key == META || key == PENDING => {}
            _ => self.report.problem("a value under a key this version does not know".into()),
        }
    }

    fn page(&mut self, space: Space, key: &[u8], payload: &[u8]) {
        let Some(rows) = page::decode(space, payload) else { return self.report.problem("a page is unreadable".into()) };
        if rows.is_empty() || rows.first().map(|r| r.place) != key::place(space, key) {
            self.report.problem("a page does not begin where its key says".into());
        }
        for row in rows {
            if self.last.is_some_and(|last| last >= (space, row.place)) {
                self.report.problem("two pages overlap".into());
            }
            self.last = Some((space, row.place));
            self.row(space, &row);
        }
    }

    fn row(&mut self, space: Space, row: &Row<&[u8]>) {
        if space == Space::Numbers {
            self.report.numbers += 1;
            self.numbers.1 = self.numbers.1.wrapping_add(number_sum(row.place, row.body));
            return;
        }
        *(if space == Space::Records { &mut self.report.records } else { &mut self.report.rows }) += 1;
        self.pieces.0 += Stub::of(row.body).map_or(0, |s| u64::from(s.pieces()));
        match (body::fingerprint(space, row.place, row.body), self.inner.record(space, row.place, row.body)) {
            (Ok(fingerprint), Ok(record)) => {
                self.hash = self.hash.wrapping_add(fingerprint);
                self.record(space, row.place, &record);
            }
            (Err(error), _) | (_, Err(error)) => self.report.problem(error.to_string()),
        }
    }

    fn record(&mut self, space: Space, place: Place, record: &Record) {
        if body::place(record.kind, record.id, body::home_of(record)) != (space, place) {
            self.report.problem(format!("{} {} stands where it does not belong", record.kind.plural(), record.id));
        }
        if let Some(hash) = number::of(record) {
            let entry = number::row(record.kind, hash, record.id, record.home());
            self.numbers.0 = self.numbers.0.wrapping_add(number_sum(entry.place, &entry.body));
        }
    }

    fn sums(&mut self, hash: u128, count: u64) -> Result<(), StoreError> {
        if self.report.records + self.report.rows != count {
            self.report.problem(format!("{} records where {count} are on the books", self.report.records + self.report.rows));
        }
        if self.hash != hash {
            self.report.problem("the state hash does not match the records".into());
        }
        if self.pieces.0 != self.pieces.1 {
            self.report.problem(format!("{} pieces of long records where {} are on the books", self.pieces.1, self.pieces.0));
        }
        if self.numbers.0 != self.numbers.1 { self.every_number() } else { Ok(()) }
    }

    /// The sums differ: which number is it?
    fn every_number(&mut self) -> Result<(), StoreError> {
        for page in self.inner.pages_from(Space::Numbers, Place::first(0)) {
            let (_, bytes) = page?;
            for row in page::decode(Space::Numbers, &bytes).unwrap_or_default() {
                let kind = body::kind(row.place)?;
                let home = number::home(row.body).unwrap_or_default();
                let found = self.inner.record_at(kind, row.place.id, home)?.and_then(|r| number::of(&r));
                if found.is_none_or(|hash| number::place(kind, hash, row.place.id) != row.place) {
                    self.report.stale_numbers += 1;
                }
            }
        }
        for page in self.inner.pages_from(Space::Timeline, Place::first(0)) {
            let (_, bytes) = page?;
            for row in page::decode(Space::Timeline, &bytes).unwrap_or_default() {
                let record = self.inner.record(Space::Timeline, row.place, row.body)?;
                let Some(hash) = number::of(&record) else { continue };
                let entry = number::row(record.kind, hash, record.id, record.home());
                if self.inner.row(Space::Numbers, entry.place)?.as_ref() != Some(&entry.body) {
                    self.report.problem(format!("the number of {} {} is not in the index", record.kind.plural(), record.id));
                }
            }
        }
        Ok(())
    }
}

fn number_sum(place: Place, body: &[u8]) -> u128 {
    short_hash(&key::page(Space::Numbers, place), body)
}
