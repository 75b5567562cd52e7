//! From a request to the operations it means: validated and with ids given, at commit time, on the writer's thread.

use super::request::{Edit, LogEntry, Refusal, RefusalKind};
use super::scene::Scene;
use super::valid;
use crate::domain::{CustomerId, FieldId, Kind, Op, Record, RecordId, RowSet, Say, Value, clean, field, preset::code};

/// A change ready for the journal.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The command it came from.
    pub verb: &'static str,
    /// What it does.
    pub ops: Vec<Op>,
    /// The record it makes, if one.
    pub made: Option<(Kind, RecordId)>,
}

/// A note may be this long, in bytes.
pub const NOTE_LIMIT: usize = 64 * 1024;

/// A follow-up becomes an interaction.
pub fn log(scene: &mut Scene<'_>, entry: &LogEntry) -> Result<Change, Refusal> {
    scene.must_have(entry.customer)?;
    let note = clean::note(&entry.note);
    if note.len() > NOTE_LIMIT {
        return Err(too_long("note", note.len()));
    }
    let at = entry.at.unwrap_or(crate::domain::Moment::minute(scene.now.ms));
    let id = scene.ids.take(Kind::Interaction);
    let mut record = Record::new(Kind::Interaction, id)
        .with(field::I_CUSTOMER, Value::Ref(u64::from(entry.customer)))
        .with(field::I_AT, Value::Moment(at))
        .with(field::I_CHANNEL, Value::Code(entry.channel))
        .with(field::I_DIRECTION, Value::Code(entry.direction.unwrap_or(code::DIRECTION_OUT)))
        .with(field::I_KIND, Value::Code(code::INTERACTION_KIND_FOLLOW_UP));
    record.set(field::I_OUTCOME, entry.outcome.map(Value::Code));
    record.set(field::I_BY, (scene.who.staff != 0).then_some(Value::Ref(scene.who.staff)));
    record.set(field::I_NOTE, (!note.is_empty()).then(|| Value::Text(note.into_owned())));
    record.set(field::I_NEXT_AT, entry.next_at.map(Value::Moment));
    valid::record(scene, &record)?;
    Ok(Change { verb: "followup.log", made: Some((Kind::Interaction, id)), ops: vec![Op::New(record)] })
}

fn too_long(field: &str, bytes: usize) -> Refusal {
    Refusal::data(
        Say::new("refused.bad-value")
            .with("field", field)
            .with("value", format!("{bytes} B"))
            .with("fits", format!("{} KiB", NOTE_LIMIT / 1024)),
    )
}

/// A new record of any kind that people add by hand.
pub fn add(scene: &mut Scene<'_>, kind: Kind, fields: &[(FieldId, Value)]) -> Result<Change, Refusal> {
    let id = scene.ids.take(kind);
    let mut record = Record::new(kind, id);
    for (f, v) in fields {
        record.set(*f, Some(v.clone()));
    }
    valid::clean_record(&mut record);
    if kind == Kind::Customer {
        complete_customer(scene, &mut record)?;
    } else if let Some(f) = field::customer_of(kind) {
        if record.get(f).is_some() {
            scene.must_have(record.customer())?;
        } else if !matches!(kind, Kind::Deal | Kind::Ticket) {
            return Err(Refusal::data(Say::new("refused.missing").with("field", "customer")));
        }
    }
    if let Some(f) = field::moment_of(kind)
        && record.get(f).is_none()
        && kind != Kind::Task
        && field::spec(f).is_some_and(|s| s.ty == field::FieldType::Moment)
    {
        record.set(f, Some(Value::Moment(scene.now)));
    }
    valid::record(scene, &record)?;
    let verb = match kind {
        Kind::Customer => "customer.new",
        Kind::Task => "task.add",
        Kind::CustomField => "field.add",
        _ => "record.add",
    };
    Ok(Change { verb, made: Some((kind, id)), ops: vec![Op::New(record)] })
}

fn complete_customer(scene: &Scene<'_>, record: &mut Record) -> Result<(), Refusal> {
    if record.text(field::C_NAME).is_empty() && record.get(field::C_PHONES).is_none() {
        return Err(Refusal::data(Say::new("refused.missing").with("field", "name")));
    }
    if record.number().is_empty() {
        let number = scene.free_number(record.id);
        record.set(field::C_NUMBER, Some(Value::Text(number)));
    }
    if record.get(field::C_CREATED).is_none() {
        record.set(field::C_CREATED, Some(Value::Moment(scene.now)));
    }
    if record.get(field::C_KIND).is_none() {
        record.set(field::C_KIND, Some(Value::Code(code::CUSTOMER_KIND_PERSON)));
    }
    Ok(())
}

/// Edits of fields: all or none; a field that somebody else changed since it was seen is a conflict.
pub fn edit(scene: &mut Scene<'_>, edits: &[Edit]) -> Result<Change, Refusal> {
    let mut ops = Vec::new();
    for e in edits {
        let record = scene.record(e.kind, e.id, e.home)?;
        let value = valid::clean_value(e.field, e.value.clone());
        if let Some(v) = &value {
            valid::value(scene, e.kind, e.field, v)?;
        } else if required(e.kind) == Some(e.field) {
            return Err(Refusal::data(Say::new("refused.missing").with("field", scene.field_key(e.field))));
        }
        let before = record.get(e.field).cloned();
        if before == value {
            continue;
        }
        if let Some(who) = scene.changed_since(e)? {
            let say =
                Say::new("refused.conflict").with("field", scene.field_key(e.field)).with("name", scene.title(&record)).with("who", who);
            return Err(Refusal::new(RefusalKind::Conflict, say));
        }
        ops.push(Op::Set { kind: e.kind, id: e.id, home: record.home(), field: e.field, before, after: value });
    }
    Ok(Change { verb: "customer.edit", made: None, ops })
}

/// The field without which a record of this kind cannot be found again.
fn required(kind: Kind) -> Option<FieldId> {
    match kind {
        Kind::Customer => Some(field::C_NUMBER),
        _ => field::customer_of(kind),
    }
}

/// Customers gain or lose a tag; only those that really change are in the operation.
pub fn mark(scene: &mut Scene<'_>, tag: &str, on: bool, rows: &RowSet) -> Result<Change, Refusal> {
    let name = clean::line(tag).into_owned();
    if name.is_empty() {
        return Err(Refusal::data(Say::new("refused.missing").with("field", "tag")));
    }
    let mut ops = Vec::new();
    let known = scene.version.refs.find(Kind::Tag, &name).first().copied();
    let id = match known {
        Some(id) => id,
        None if !on => {
            return Err(Refusal::impossible(Say::new("refused.unknown-tag").with("tag", &name)));
        }
        None => {
            let id = scene.ids.take(Kind::Tag);
            let record =
                Record::new(Kind::Tag, id).with(field::G_NAME, Value::Text(name)).with(field::G_KIND, Value::Code(code::TAG_KIND_MANUAL));
            ops.push(Op::New(record));
            id
        }
    };
    let carried = scene.store.tagged(id).map_err(Refusal::store)?;
    let changing: RowSet = rows.iter().filter(|c| carried.contains(*c) != on).collect();
    for customer in changing.iter() {
        scene.must_have(customer)?;
    }
    if !changing.is_empty() {
        ops.push(Op::Mark { tag: id, on, rows: changing });
    }
    Ok(Change { verb: if on { "tag.add" } else { "tag.remove" }, made: None, ops })
}

/// The customers whose cards a list of operations touches, ascending, without repeats.
pub fn touched(ops: &[Op]) -> Vec<CustomerId> {
    let mut ids: Vec<CustomerId> = Vec::new();
    for op in ops {
        ids.extend(op.customer());
        match op {
            Op::Mark { rows, .. } => ids.extend(rows.iter()),
            // A row that moves to another customer touches both.
            Op::Set { kind, field: f, after: Some(Value::Ref(to)), .. } if field::customer_of(*kind) == Some(*f) => {
                ids.extend(CustomerId::try_from(*to).ok().filter(|c| *c != 0));
            }
            _ => {}
        }
    }
    ids.sort_unstable();
    ids.dedup();
    ids
}

