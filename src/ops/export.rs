//! Records on their way out: read from the store page by page, so that an export of millions holds a few at a time.

use super::desk::Desk;
use super::request::Refusal;
use crate::domain::{CustomerId, Dicts, Kind, Record, RecordId, Refs, Right, Say, Who, Zone, field};
use crate::exchange::{self, Format, Names};
use crate::facts::Version;
use crate::store::Store;
use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::io::Write;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Customers read at a time.
const AT_ONCE: usize = 512;

/// Writes all records of a kind; gives back how many.
pub fn export(desk: &Desk, who: &Who, kind: Kind, fields: &[String], format: Format, out: &mut dyn Write) -> Result<u64, Refusal> {
    if !who.role.may(Right::Export) {
        return Err(Refusal::impossible(Say::new("refused.right").with("role", format!("{:?}", who.role)).with("what", "export")));
    }
    desk.ready()?;
    let store = desk.shared().store()?;
    let version = desk.shared().version();
    let numbers = RefCell::default();
    let names = Shown { version: Arc::clone(&version), zone: desk.shared().book.zone, numbers: &numbers };
    let mut records = Records { store, kind, next: 0, held: VecDeque::new(), ended: false, failed: None, numbers: &numbers };
    if kind.is_reference() {
        records.held = version.refs.of(kind).cloned().collect();
        records.ended = true;
    }
    let written = exchange::export(kind, fields, &mut records, &names, format, out);
    if let Some(why) = records.failed {
        return Err(Refusal::store(why));
    }
    written.map_err(|e| Refusal::data(Say::new("refused.export").with("why", e)))
}

/// Numbers of the orders and deals of the customers being written, which their payments and stages name.
type Numbers = RefCell<HashMap<(Kind, RecordId), String>>;

struct Records<'a> {
    numbers: &'a Numbers,
    store: Store,
    kind: Kind,
    next: CustomerId,
    held: VecDeque<Record>,
    ended: bool,
    failed: Option<crate::store::StoreError>,
}

impl Records<'_> {
    fn fill(&mut self) -> Result<(), crate::store::StoreError> {
        let (kind, mut seen, mut last) = (self.kind, 0, None);
        let held = &mut self.held;
        let mut numbers = self.numbers.borrow_mut();
        numbers.clear();
        if kind == Kind::Customer {
            self.store.each_customer(self.next, &mut |record| {
                last = CustomerId::try_from(record.id).ok();
                held.push_back(record);
                seen += 1;
                if seen < AT_ONCE { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })?;
        } else {
            self.store.each_customers_rows(self.next, &mut |customer, rows| {
                last = Some(customer);
                let named = rows.iter().filter(|r| matches!(r.kind, Kind::Order | Kind::Deal) && r.kind != kind);
                numbers.extend(named.map(|r| ((r.kind, r.id), r.number().to_string())));
                held.extend(rows.into_iter().filter(|r| r.kind == kind));
                seen += 1;
                if seen < AT_ONCE { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })?;
        }
        match last {
            Some(id) if seen >= AT_ONCE => self.next = id + 1,
            _ => self.ended = true,
        }
        Ok(())
    }
}

impl Iterator for Records<'_> {
    type Item = Record;
    fn next(&mut self) -> Option<Record> {
        while self.held.is_empty() && !self.ended {
            if let Err(why) = self.fill() {
                self.failed = Some(why);
                return None;
            }
        }
        self.held.pop_front()
    }
}

/// What records name, for their columns.
struct Shown<'a> {
    version: Arc<Version>,
    zone: Zone,
    numbers: &'a Numbers,
}

impl Names for Shown<'_> {
    fn zone(&self) -> Zone {
        self.zone
    }
    fn refs(&self) -> &Refs {
        &self.version.refs
    }
    fn dicts(&self) -> &Dicts {
        &self.version.dicts
    }
    fn customer_number(&self, id: CustomerId) -> String {
        self.version.text(id, field::C_NUMBER).to_string()
    }
    fn tags(&self, id: CustomerId) -> Vec<String> {
        super::shared::tag_names(&self.version.refs, &self.version.tags(id)).into_iter().map(str::to_string).collect()
    }
    fn record_number(&self, kind: Kind, id: RecordId) -> String {
        self.numbers.borrow().get(&(kind, id)).cloned().unwrap_or_default()
    }
}
