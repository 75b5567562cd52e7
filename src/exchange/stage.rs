//! Staging: a file becomes sorted records-to-be on disk, with totals and refusals. No lock is held, nothing of the book is
//! touched, and it may be stopped at any row.

use super::group::{Group, Handover, Keys, TO_BE_MADE};
use super::guess::importable;
use super::look::Look;
use super::plan::{Plan, Planner, get};
use super::refuse::Refusals;
use super::replay::{decode_row, encode_row};
use super::row::RowMaker;
use super::sort::{BlockWriter, RUN_BYTES, Sorted, Sorter};
use super::source::{Next, Rows, Stated};
use super::staged::{BookView, CustomerRef, ImportError, Options, Staged, StagedRow, Target, Warning};
use super::used::Used;
use crate::domain::{Kind, Say, Value, field};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

/// Rows between two looks at the clock of the caller (progress, cancel).
const BREATH: u64 = 4096;
/// Rows the plan looks at.
const SAMPLE: usize = 1000;

/// Stages a file. `staging` is a folder of its own, made by the caller and removed by the caller with everything in it;
/// `progress` hears bytes and rows read so far; `cancel` is asked every few thousand rows.
///
/// Memory stays under 128 MiB whatever the size of the file (see the room's opening words).
///
/// # Errors
/// [`ImportError::Refused`] when the file as a whole does not fit (no key column, a map for another file ...), with every
/// reason; refused *rows* are no error. [`ImportError::Io`], [`ImportError::Cancelled`].
#[allow(clippy::too_many_arguments)] // The seam of the room: each is a different power.
pub fn stage(
    input: &mut dyn Read,
    kind: Kind,
    options: &Options,
    book: &dyn BookView,
    staging: &Path,
    cancel: &dyn Fn() -> bool,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Staged, ImportError> {
    stage_within(RUN_BYTES, input, kind, options, book, staging, cancel, progress)
}

/// [`stage`] with a stated size of runs; tests make them small.
#[allow(clippy::too_many_arguments)]
pub(super) fn stage_within(
    run_bytes: usize,
    input: &mut dyn Read,
    kind: Kind,
    options: &Options,
    book: &dyn BookView,
    staging: &Path,
    cancel: &dyn Fn() -> bool,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Staged, ImportError> {
    if !importable(kind) {
        return Err(ImportError::refused(Say::new("import.no-such-kind").with("kind", kind.plural())));
    }
    let stated = Stated {
        encoding: options.map.encoding,
        delimiter: options.map.delimiter,
        jsonl: options.format.map(|f| f == super::Format::Jsonl),
    };
    let mut rows = Rows::open(input, stated).map_err(read_error)?.map_err(ImportError::refused)?;
    let mut sample: Vec<Vec<String>> = Vec::new();
    rows.sample(SAMPLE, |cells| {
        sample.resize(sample.len().max(cells.len()), Vec::new());
        sample.iter_mut().zip(cells.iter()).for_each(|(column, cell)| column.push(cell.to_string()));
    })
    .map_err(read_error)?;
    let planner = Planner { kind, options, book, sample: &sample };
    let heads = rows.heads().to_vec();
    let plan = planner.plan(&heads).map_err(ImportError::Refused)?;
    let keys = Keys { kind, key: plan.key, on_match: options.on_match };
    let mut stager = Stager {
        maker: RowMaker { kind, create_customers: options.create_customers, csv: !rows.is_jsonl() },
        look: Look::new(book, kind, options),
        refusals: Refusals::new(staging, keys.grouped())?,
        first: keys.grouped().then(|| Sorter::new(staging, "group", run_bytes)),
        handover: Handover::new(keys, Sorter::new(staging, "order", run_bytes)),
        plan,
        key: Vec::new(),
        payload: Vec::new(),
        read: 0,
    };
    stager.look.warnings.append(&mut stager.plan.warnings);
    stager.read_all(&mut rows, &planner, cancel, progress)?;
    if let Some(encoding) = rows.guessed_encoding() {
        let say = Say::new("import.guessed-encoding").with("encoding", encoding);
        stager.look.warnings.push(Warning { say, line: 0, count: 1 });
    }
    stager.group_all(cancel)?;
    stager.finish(&rows, staging, cancel)
}

/// A staging under way.
struct Stager<'a> {
    maker: RowMaker,
    plan: Plan,
    look: Look<'a>,
    refusals: Refusals,
    /// Sorts by number, for kinds whose rows of one number belong together.
    first: Option<Sorter>,
    handover: Handover,
    key: Vec<u8>,
    payload: Vec<u8>,
    read: u64,
}

impl Stager<'_> {
    fn read_all(
        &mut self,
        rows: &mut Rows<'_>,
        planner: &Planner<'_>,
        cancel: &dyn Fn() -> bool,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), ImportError> {
        let csv = !rows.is_jsonl();
        loop {
            match rows.next().map_err(read_error)? {
                Next::End => break,
                Next::Bad(say, cells) => {
                    self.read += 1;
                    let number = self.plan.number_cell.and_then(|i| cells.get(i)).cloned().unwrap_or_default();
                    self.refuse(rows, say, cells.iter().map(String::as_str), &number)?;
                }
                Next::Row => {
                    self.read += 1;
                    if rows.heads().len() > self.plan.planned {
                        planner.extend(&mut self.plan, rows.heads());
                    }
                    self.take(rows, csv)?;
                }
            }
            if self.read.is_multiple_of(BREATH) {
                progress(rows.bytes(), self.read);
                if cancel() {
                    return Err(ImportError::Cancelled);
                }
            }
        }
        progress(rows.bytes(), self.read);
        Ok(())
    }

    /// One row: into the sorter, or refused.
    fn take(&mut self, rows: &Rows<'_>, csv: bool) -> Result<(), ImportError> {
        let cells = rows.cells();
        let made = if csv && cells.len() != rows.heads().len() {
            Err(Say::new("import.wrong-columns").with("found", cells.len()).with("expected", rows.heads().len()))
        } else {
            self.maker.make(&self.plan, &mut self.look, cells, rows.line())
        };
        match made {
            Ok(row) => {
                self.refusals.keep(rows.line(), cells.iter())?;
                self.push(&row)
            }
            Err(say) => {
                let number = self.plan.number_cell.map_or("", |i| cells.get(i));
                self.refuse(rows, say, cells.iter(), number)
            }
        }
    }

    fn push(&mut self, row: &StagedRow) -> Result<(), ImportError> {
        let Some(first) = &mut self.first else { return self.handover.hand_over(row) };
        let keys = &self.handover.keys;
        keys.sort_key(keys.text(&row.fields), row.line, &mut self.key);
        encode_row(row, &mut self.payload)?;
        first.push(&self.key, &self.payload).map_err(write_error)
    }

    /// Refuses a row; a mark takes its place among the lines of its order.
    fn refuse<'c>(&mut self, rows: &Rows<'_>, say: Say, cells: impl Iterator<Item = &'c str>, number: &str) -> Result<(), ImportError> {
        self.refusals.refuse(rows.heads(), rows.line(), say, cells)?;
        let number = crate::domain::clean::line(super::convert::unguard(number)).into_owned();
        if self.maker.kind != Kind::Order || number.is_empty() || number.contains('\u{fffd}') {
            return Ok(());
        }
        let (target, customer) = (Target::New { ordinal: 0 }, CustomerRef::None);
        let fields = vec![(field::O_NUMBER, Value::Text(number))];
        self.push(&StagedRow { line: rows.line(), rows: 0, target, customer, number: String::new(), fields, tags: Vec::new() })
    }

    /// Puts the rows of one number together.
    fn group_all(&mut self, cancel: &dyn Fn() -> bool) -> Result<(), ImportError> {
        let Some(first) = self.first.take() else { return Ok(()) };
        let sorted = first.finish().map_err(write_error)?;
        let mut group = Group::default();
        ahead(sorted, |rows| {
            for (key, row) in rows {
                if !group.holds(&key) {
                    self.handover.close(&self.look, &mut group, &mut self.refusals)?;
                    group.begin(&key);
                }
                group.add(self.maker.kind, row);
            }
            if cancel() { Err(ImportError::Cancelled) } else { Ok(()) }
        })?;
        self.handover.close(&self.look, &mut group, &mut self.refusals)
    }

    /// Writes the staged rows in their order, and the totals.
    fn finish(mut self, rows: &Rows<'_>, staging: &Path, cancel: &dyn Fn() -> bool) -> Result<Staged, ImportError> {
        let refusals = self.refusals.finish(rows.heads())?;
        let mut totals = self.handover.totals;
        let mut sorted = self.handover.sorter.finish().map_err(write_error)?;
        let mut out = BlockWriter::create(&staging.join("staged.rows")).map_err(write_error)?;
        let named = !self.look.pendings.is_empty() || !self.look.placeholders.is_empty() || !self.look.new_entries.is_empty();
        let (mut ordinals, mut used, mut seen) = (Ordinals::default(), Used::default(), 0u64);
        let on_match = self.handover.keys.on_match;
        while let Some((key, payload)) = sorted.next().map_err(write_error)? {
            out.push(ordinals.mark(key), payload).map_err(write_error)?;
            if named {
                let row = decode_row(payload)?;
                used.see(&row, on_match);
                if let Target::New { .. } = row.target {
                    ordinals.records += 1;
                    let name = field::name_of(self.maker.kind).and_then(|f| get(&row.fields, f)).and_then(Value::text).unwrap_or("");
                    self.look.arrived(ordinals.records, &row.number, name);
                }
            }
            seen += 1;
            if seen.is_multiple_of(BREATH) && cancel() {
                return Err(ImportError::Cancelled);
            }
        }
        let path = out.finish().map_err(write_error)?;
        used.count(&mut self.look.placeholders, &mut self.look.new_entries);
        let resolved = self.look.settle(&used.pendings);
        repeated(&mut self.look.warnings, totals.repeated_updated + totals.repeated_unchanged);
        totals.read = self.read;
        totals.refused = self.refusals.count;
        totals.new_customers = ordinals.customers;
        totals.warnings = self.look.warnings.iter().map(|w| w.count).sum();
        Ok(Staged {
            kind: self.maker.kind,
            totals,
            refusals,
            first_refusals: self.refusals.first,
            warnings: self.look.warnings,
            placeholders: self.look.placeholders,
            new_entries: self.look.new_entries,
            unknown_links: self.look.unknown_links,
            wanted_fields: self.plan.wanted,
            untaken: self.plan.untaken,
            file_hash: rows.hash(),
            path,
            resolved: Arc::new(resolved),
        })
    }
}

/// Rows handed over at a time.
const AHEAD: usize = 512;

/// Rows merged and decoded on a thread of their own, while the ones before are put together.
fn ahead(mut sorted: Sorted, mut take: impl FnMut(Vec<(Vec<u8>, StagedRow)>) -> Result<(), ImportError>) -> Result<(), ImportError> {
    std::thread::scope(|scope| {
        let (send, receive) = sync_channel::<Vec<(Vec<u8>, StagedRow)>>(4);
        let reading = scope.spawn(move || -> Result<(), ImportError> {
            let mut held = Vec::with_capacity(AHEAD);
            while let Some((key, payload)) = sorted.next().map_err(write_error)? {
                held.push((key.to_vec(), decode_row(payload)?));
                if held.len() == AHEAD && send.send(std::mem::replace(&mut held, Vec::with_capacity(AHEAD))).is_err() {
                    return Ok(());
                }
            }
            let _ = send.send(held);
            Ok(())
        });
        for rows in receive {
            take(rows)?;
        }
        reading.join().unwrap_or_else(|_| Err(write_error(std::io::Error::other("reading the sorted rows stopped"))))
    })
}

/// Counts new records and customers to be made while rows come out in order.
#[derive(Default)]
struct Ordinals {
    records: u32,
    customers: u32,
    last: Vec<u8>,
}

impl Ordinals {
    /// The mark a staged row carries: 1 when it is the first row of a customer to be made, 0 for the next ones and all others.
    fn mark(&mut self, key: &[u8]) -> &'static [u8] {
        if key.first() != Some(&TO_BE_MADE) {
            return &[0];
        }
        let word = key.iter().position(|b| *b == 0).and_then(|end| key.get(..end)).unwrap_or(key);
        if self.customers > 0 && word == self.last {
            return &[0];
        }
        self.customers += 1;
        self.last.clear();
        self.last.extend_from_slice(word);
        &[1]
    }
}

fn repeated(warnings: &mut Vec<Warning>, count: u64) {
    if count > 0 {
        warnings.push(Warning { say: Say::new("import.repeated").with("count", count), line: 0, count });
    }
}

fn read_error(e: std::io::Error) -> ImportError {
    ImportError::io("read the file", e)
}

fn write_error(e: std::io::Error) -> ImportError {
    ImportError::io("write to the staging folder", e)
}
