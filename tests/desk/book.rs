//! A book in a temporary folder, and short ways to ask it.

use guanxi::domain::{CustomerId, Day, FieldId, Kind, Moment, Profile, Value, Who, Zone, field};
use guanxi::exchange::Options as ImportOptions;
use guanxi::ops::Desk;
use guanxi::ops::clock::FixedClock;
use guanxi::ops::entropy::Entropy;
use guanxi::ops::import::{ImportOrder, ImportReport, import};
use guanxi::ops::open::{self, Options};
use guanxi::ops::request::{HistoryRow, Hits, LogEntry, Refusal, Reply, Request, Saved};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub struct Book {
    pub dir: tempfile::TempDir,
    pub desk: Option<Desk>,
    pub who: Who,
}

pub fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::noon(Day::parse("2026-11-20").unwrap(), Zone::shanghai()))
}

pub fn options(dir: &Path) -> Options {
    Options { entropy: Entropy::seeded(7), cache: 32 << 20, ..Options::real(dir, clock()) }
}

impl Book {
    pub fn new() -> Book {
        let dir = tempfile::tempdir().unwrap();
        let desk = open::create(options(&dir.path().join("book")), Zone::shanghai(), "CNY", Arc::new(|_| {})).unwrap();
        desk.ready().unwrap();
        Book { dir, desk: Some(desk), who: Who::owner("tester") }
    }

    pub fn path(&self) -> PathBuf {
        self.dir.path().join("book")
    }

    pub fn desk(&self) -> &Desk {
        self.desk.as_ref().unwrap()
    }

    pub fn reopen(&mut self) {
        self.desk = None;
        self.desk = Some(self.open().unwrap());
    }

    pub fn open(&self) -> Result<Desk, Refusal> {
        let desk = open::open(options(&self.path()), Arc::new(|_| {}))?;
        desk.ready()?;
        Ok(desk)
    }

    pub fn ask(&self, request: Request) -> Result<Reply, Refusal> {
        self.desk().ask(&self.who, request, &|| false)
    }

    pub fn save(&self, request: Request) -> Result<Saved, Refusal> {
        match self.ask(request)? {
            Reply::Saved(saved) => Ok(saved),
            other => panic!("{other:?}"),
        }
    }

    pub fn customer(&self, name: &str, phone: &str) -> CustomerId {
        let fields = vec![text(field::C_NAME, name), (field::C_PHONES, Value::Texts(vec![phone.into()]))];
        self.save(Request::Add { kind: Kind::Customer, fields }).unwrap().customer.unwrap()
    }

    pub fn profile(&self, customer: CustomerId) -> Profile {
        match self.ask(Request::Profile { customer }).unwrap() {
            Reply::Profile(profile) => *profile,
            other => panic!("{other:?}"),
        }
    }

    pub fn find(&self, words: &str) -> Hits {
        match self.ask(Request::Find { words: words.into(), limit: 20 }).unwrap() {
            Reply::Hits(hits) => hits,
            other => panic!("{other:?}"),
        }
    }

    pub fn history(&self) -> Vec<HistoryRow> {
        match self.ask(Request::History { customer: None, limit: 100 }).unwrap() {
            Reply::History(rows) => rows,
            other => panic!("{other:?}"),
        }
    }

    pub fn log(&self, customer: CustomerId, note: &str, op_id: u128) -> Result<Saved, Refusal> {
        self.save(Request::Log(entry(customer, note, op_id)))
    }

    pub fn import(&self, kind: Kind, csv: &str) -> Result<ImportReport, Refusal> {
        self.import_with(kind, csv, ImportOptions::default())
    }

    pub fn import_with(&self, kind: Kind, csv: &str, options: ImportOptions) -> Result<ImportReport, Refusal> {
        let order = ImportOrder { kind, file: "test.csv".into(), bytes: csv.len() as u64, options, dry_run: false, shift_days: 0 };
        let mut bytes = csv.as_bytes();
        import(self.desk(), &self.who, &order, &mut bytes, &|| false, &|_| {})
    }

    /// Everything a person could take out of the book, as text.
    pub fn everything(&self) -> String {
        let mut out = Vec::new();
        for kind in [
            Kind::Staff,
            Kind::Product,
            Kind::Customer,
            Kind::Order,
            Kind::Payment,
            Kind::Interaction,
            Kind::Deal,
            Kind::Task,
            Kind::Ticket,
        ] {
            guanxi::ops::export::export(self.desk(), &self.who, kind, &[], guanxi::exchange::Format::Csv, &mut out).unwrap();
        }
        String::from_utf8(out).unwrap()
    }
}

pub fn text(field: FieldId, text: &str) -> (FieldId, Value) {
    (field, Value::Text(text.into()))
}

pub fn entry(customer: CustomerId, note: &str, op_id: u128) -> LogEntry {
    LogEntry { customer, channel: 1, direction: None, outcome: Some(1), note: note.into(), at: None, next_at: None, op_id }
}

pub fn moment(text: &str) -> Moment {
    Zone::shanghai().read(text).unwrap()
}

/// Fails with the first line that differs, rather than with both books.
pub fn same(have: &str, want: &str, what: &str) {
    if have == want {
        return;
    }
    let differs = have.lines().zip(want.lines()).find(|(a, b)| a != b);
    panic!("{what}: {differs:?}, {} and {} lines", have.lines().count(), want.lines().count());
}
