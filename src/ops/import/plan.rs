//! From staged rows to operations: ids given by range, names and codes put in, only what is new or changed written.

mod ahead;

use self::ahead::ahead;
use super::batch_writer::{BatchWriter, Begun};
use super::compare::{self, Keyless};
use super::view::View;
use super::{ImportOrder, updates};
use crate::domain::{FieldId, Kind, Moment, Op, Record, RowSet, Say, Value, dict, field, preset::code};
use crate::exchange::{CustomerRef, NewEntry, Staged, StagedRef, StagedRow, Target, WantedField};
use crate::journal::BatchRows;
use crate::ops::request::{Progress, Refusal, RefusalKind};
use std::collections::{BTreeMap, HashMap};

/// What the numbers in staged values stand for once ids are given.
pub struct Names {
    /// The imported kind.
    pub kind: Kind,
    begun: Begun,
    placeholders: Vec<u64>,
    shift_ms: i64,
    shift_days: i32,
}

/// Where ids of placeholders begin when none were given (a dry run): nothing of the book is up there.
const UNGIVEN: u64 = 1 << 40;

/// Tags one import can make: as many ids as its batch reserves.
const NEW_TAGS: u64 = 10_000;

impl Names {
    fn new(staged: &Staged, begun: Begun, shift_days: i32) -> Names {
        // Placeholders of one kind take consecutive ids in their order.
        let mut next: HashMap<Kind, u64> = begun.placeholder_ids.clone();
        let placeholders = staged.placeholders.iter().map(|p| {
            let id = next.entry(p.kind).or_insert(UNGIVEN);
            *id += 1;
            *id - 1
        });
        let placeholders = placeholders.collect();
        Names { kind: staged.kind, begun, placeholders, shift_ms: i64::from(shift_days) * 86_400_000, shift_days }
    }

    fn reference(&self, raw: u64) -> u64 {
        match StagedRef::of(raw) {
            StagedRef::Book(id) => id,
            StagedRef::New(n) if self.kind == Kind::Customer || !self.kind.is_row() => self.begun.first_record + u64::from(n) - 1,
            StagedRef::New(n) => self.begun.first_customer + u64::from(n) - 1,
            StagedRef::Placeholder(n) => self.placeholders.get(n as usize).copied().unwrap_or(0),
            StagedRef::Pending(_) => 0,
        }
    }

    fn code(&self, code: u32) -> u32 {
        if code < NewEntry::CODES {
            return code;
        }
        let nth = u64::from(code - NewEntry::CODES);
        dict::OWN.saturating_add(u32::try_from(self.begun.first_entry + nth).unwrap_or(u32::MAX))
    }

    fn field(&self, f: FieldId) -> FieldId {
        if f.0 < WantedField::IDS {
            return f;
        }
        let nth = u64::from(f.0 - WantedField::IDS);
        FieldId(u16::try_from(u64::from(field::CUSTOM) + self.begun.first_field + nth).unwrap_or(u16::MAX))
    }

    fn value(&self, f: FieldId, v: Value) -> Value {
        match v {
            Value::Ref(raw) => Value::Ref(self.reference(raw)),
            Value::Refs(raws) => Value::Refs(raws.into_iter().map(|r| self.reference(r)).collect()),
            Value::Code(c) => Value::Code(self.code(c)),
            Value::Codes(cs) => {
                let mut cs: Vec<u32> = cs.into_iter().map(|c| self.code(c)).collect();
                cs.sort_unstable();
                cs.dedup();
                Value::Codes(cs)
            }
            Value::Lines(mut lines) => {
                lines.iter_mut().for_each(|l| l.product = self.reference(l.product));
                Value::Lines(lines)
            }
            Value::Consents(mut list) => {
                list.iter_mut().for_each(|c| c.channel = self.code(c.channel));
                Value::Consents(list)
            }
            Value::Moment(m) => Value::Moment(Moment { ms: m.ms + self.shift_ms, ..m }),
            Value::Day(d) if f != field::C_BIRTH => Value::Day(d.plus(self.shift_days)),
            other => other,
        }
    }

    /// A staged row's fields with everything put in, ascending, and the customer it hangs on.
    fn fields(&self, row: &mut StagedRow) -> Vec<(FieldId, Value)> {
        let mut fields: Vec<(FieldId, Value)> =
            std::mem::take(&mut row.fields).into_iter().map(|(f, v)| (self.field(f), self.value(f, v))).collect();
        if let Some(f) = field::customer_of(self.kind) {
            let id = match &row.customer {
                CustomerRef::None => 0,
                CustomerRef::Existing(id) => u64::from(*id),
                CustomerRef::New { ordinal, .. } => self.begun.first_customer + u64::from(*ordinal) - 1,
            };
            fields.retain(|(g, _)| *g != f);
            if id != 0 {
                fields.push((f, Value::Ref(id)));
            }
        }
        fields.sort_unstable_by_key(|(f, _)| *f);
        fields
    }
}

/// What a row came to.
enum Came {
    Created,
    Updated,
    Unchanged,
}

/// Where operations go: into frames, or (a dry run) nowhere.
trait Sink {
    fn op(&mut self, op: Op) -> Result<(), Refusal>;
    /// Is it time to write what belongs to the customers of this frame?
    fn frame_ends(&self) -> bool {
        false
    }
}

struct Nowhere;

impl Sink for Nowhere {
    fn op(&mut self, _: Op) -> Result<(), Refusal> {
        Ok(())
    }
}

impl Sink for BatchWriter<'_> {
    fn op(&mut self, op: Op) -> Result<(), Refusal> {
        self.push(op)
    }
    fn frame_ends(&self) -> bool {
        self.nearly_full()
    }
}

/// Counts what an import would do.
pub fn dry(view: &View<'_>, staged: &Staged, order: &ImportOrder) -> Result<BatchRows, Refusal> {
    let names = Names::new(staged, Begun::imagined(), order.shift_days);
    let mut walk = Walk::new(view, &names, order);
    walk.rows(staged, &mut Nowhere, &|| false, &|_| {})
}

/// Writes an import's operations into frames.
pub fn write(
    view: &View<'_>,
    staged: &Staged,
    order: &ImportOrder,
    batch: &mut BatchWriter<'_>,
    cancelled: &dyn Fn() -> bool,
    progress: &dyn Fn(Progress),
) -> Result<BatchRows, Refusal> {
    let names = Names::new(staged, batch.begun().clone(), order.shift_days);
    if taken(staged, order) > 0 {
        references(&names, staged, batch)?;
    }
    let mut walk = Walk::new(view, &names, order);
    let all = staged.totals.records;
    let report =
        |done: u64| progress(Progress { what: Say::new("progress.importing-safe").with("kind", order.kind.plural()), done, of: all });
    walk.rows(staged, batch, cancelled, &report)
}

/// Records handed over that are taken in.
fn taken(staged: &Staged, order: &ImportOrder) -> u64 {
    if updates(order) { staged.totals.records } else { u64::from(staged.totals.new_records) }
}

/// The records an import makes on the way: placeholders, dictionary entries, custom fields. What only refused rows name
/// (a count of 0) is not made.
fn references(names: &Names, staged: &Staged, batch: &mut BatchWriter<'_>) -> Result<(), Refusal> {
    let text = |t: &str| Value::Text(t.to_string());
    for (p, id) in staged.placeholders.iter().zip(&names.placeholders).filter(|(p, _)| p.count > 0) {
        let mut record = Record::new(p.kind, *id);
        if let Some(f) = field::name_of(p.kind) {
            record.set(f, Some(text(&p.name)));
        }
        match p.kind {
            Kind::Product => drop(record.set(field::P_SKU, Some(text(&p.name)))),
            Kind::Stage => {
                let pipeline = names.reference(p.pipeline);
                record.set(field::H_PIPELINE, (pipeline != 0).then_some(Value::Ref(pipeline)));
                record.set(field::H_ORDER, Some(Value::Int(i64::try_from(*id).unwrap_or(0))));
            }
            _ => {}
        }
        batch.push(Op::New(record))?;
    }
    for (id, e) in (names.begun.first_entry..).zip(&staged.new_entries).filter(|(_, e)| e.count > 0) {
        let record = Record::new(Kind::DictEntry, id)
            .with(field::A_DICT, text(e.dict.key()))
            .with(field::A_KEY, text(&e.word))
            .with(field::A_EN, text(&e.word))
            .with(field::A_ZH, text(&e.word));
        batch.push(Op::New(record))?;
    }
    for (id, w) in (names.begun.first_field..).zip(&staged.wanted_fields) {
        let record = Record::new(Kind::CustomField, id)
            .with(field::F_KIND, text(staged.kind.plural()))
            .with(field::F_KEY, text(&w.key))
            .with(field::F_LABEL, text(&w.label))
            .with(field::F_TYPE, text(w.ty));
        batch.push(Op::New(record))?;
    }
    Ok(())
}

struct Walk<'a> {
    view: &'a View<'a>,
    names: &'a Names,
    order: &'a ImportOrder,
    keyless: Keyless,
    /// Customers made on the way so far.
    made: u32,
    tags: HashMap<String, u64>,
    new_tags: u64,
    marks: BTreeMap<u64, Vec<u32>>,
}

impl<'a> Walk<'a> {
    fn new(view: &'a View, names: &'a Names, order: &'a ImportOrder) -> Walk<'a> {
        let keyless = Keyless::new(view, names.kind);
        Walk { view, names, order, keyless, made: 0, tags: HashMap::new(), new_tags: 0, marks: BTreeMap::new() }
    }

    fn rows(
        &mut self,
        staged: &Staged,
        sink: &mut dyn Sink,
        cancelled: &dyn Fn() -> bool,
        progress: &dyn Fn(u64),
    ) -> Result<BatchRows, Refusal> {
        let t = &staged.totals;
        let mut sums =
            BatchRows { read: t.read, created: 0, updated: t.repeated_updated, unchanged: t.repeated_unchanged, refused: t.refused };
        let rows = staged.rows().map_err(|e| super::refuse(&e))?;
        let mut done = 0u64;
        ahead(rows, |row| {
            let n = done;
            done += 1;
            if n.is_multiple_of(4096) {
                progress(n);
                if cancelled() {
                    return Err(Refusal::new(RefusalKind::Cancelled, Say::new("refused.cancelled")));
                }
            }
            let row = row.map_err(|e| super::refuse(&e))?;
            let rows = u64::from(row.rows);
            // Marks go into the frame of their customers, so that these come into view with their tags.
            if sink.frame_ends() {
                self.write_marks(sink)?;
            }
            match self.row(row, sink)? {
                Came::Created => sums.created += rows,
                Came::Updated => sums.updated += rows,
                Came::Unchanged => sums.unchanged += rows,
            }
            Ok(())
        })?;
        self.write_marks(sink)?;
        Ok(sums)
    }

    fn row(&mut self, mut row: StagedRow, sink: &mut dyn Sink) -> Result<Came, Refusal> {
        self.make_customer(&row, sink)?;
        let fields = self.names.fields(&mut row);
        let tags = std::mem::take(&mut row.tags);
        match row.target {
            Target::New { ordinal } => {
                let id = self.names.begun.first_record + u64::from(ordinal) - 1;
                let mut record = Record { kind: self.names.kind, id, fields };
                if self.keyless.has(self.view, &record)? {
                    return Ok(Came::Unchanged);
                }
                complete(&mut record, self.view.now);
                sink.op(Op::New(record))?;
                self.tag(id, tags, sink)?;
                Ok(Came::Created)
            }
            Target::Existing { .. } if !updates(self.order) => Ok(Came::Unchanged),
            Target::Existing { id, home } => {
                let Some(record) = compare::existing(self.view, self.names, id, home)? else { return Ok(Came::Unchanged) };
                let ops = compare::changes(&record, fields);
                let changed = !ops.is_empty();
                for op in ops {
                    sink.op(op)?;
                }
                let tagged = self.tag(id, tags, sink)?;
                Ok(if changed || tagged { Came::Updated } else { Came::Unchanged })
            }
        }
    }

    /// A customer that a row names and nobody has, made before the first of their rows.
    fn make_customer(&mut self, row: &StagedRow, sink: &mut dyn Sink) -> Result<(), Refusal> {
        let CustomerRef::New { ordinal, word } = &row.customer else { return Ok(()) };
        if *ordinal <= self.made {
            return Ok(());
        }
        self.made = *ordinal;
        let id = self.names.begun.first_customer + u64::from(*ordinal) - 1;
        let mut record =
            Record::new(Kind::Customer, id).with(field::C_NUMBER, Value::Text(word.clone())).with(field::C_NAME, Value::Text(word.clone()));
        complete(&mut record, self.view.now);
        sink.op(Op::New(record))
    }

    /// Notes the tags a customer is to carry; true when any is new to them.
    fn tag(&mut self, id: u64, tags: Vec<String>, sink: &mut dyn Sink) -> Result<bool, Refusal> {
        let Ok(customer) = u32::try_from(id) else { return Ok(false) };
        let mut gained = false;
        for name in tags {
            let tag = self.tag_id(&name, sink)?;
            let carried = self.view.version.tags(customer).contains(&tag);
            if !carried {
                self.marks.entry(tag).or_default().push(customer);
                gained = true;
            }
        }
        Ok(gained)
    }

    fn tag_id(&mut self, name: &str, sink: &mut dyn Sink) -> Result<u64, Refusal> {
        let folded = crate::domain::fold::fold(name);
        if let Some(id) = self.tags.get(&folded) {
            return Ok(*id);
        }
        let known = self.view.version.refs.find(Kind::Tag, name).first().copied();
        let id = match known {
            Some(id) => id,
            None => {
                if self.new_tags == NEW_TAGS {
                    return Err(Refusal::data(Say::new("import.too-many-tags").with("limit", NEW_TAGS).with("name", name)));
                }
                let id = self.names.begun.first_tag + self.new_tags;
                self.new_tags += 1;
                let record = Record::new(Kind::Tag, id)
                    .with(field::G_NAME, Value::Text(name.to_string()))
                    .with(field::G_KIND, Value::Code(code::TAG_KIND_MANUAL));
                sink.op(Op::New(record))?;
                id
            }
        };
        self.tags.insert(folded, id);
        Ok(id)
    }

    fn write_marks(&mut self, sink: &mut dyn Sink) -> Result<(), Refusal> {
        for (tag, rows) in std::mem::take(&mut self.marks) {
            sink.op(Op::Mark { tag, on: true, rows: rows.into_iter().collect::<RowSet>() })?;
        }
        Ok(())
    }
}

/// What every customer has, given when the file does not say it.
fn complete(record: &mut Record, now: Moment) {
    if record.kind != Kind::Customer {
        return;
    }
    if record.number().is_empty() {
        record.set(field::C_NUMBER, Some(Value::Text(record.id.to_string())));
    }
    if record.get(field::C_KIND).is_none() {
        record.set(field::C_KIND, Some(Value::Code(code::CUSTOMER_KIND_PERSON)));
    }
    if record.get(field::C_CREATED).is_none() {
        record.set(field::C_CREATED, Some(Value::Moment(now)));
    }
}
