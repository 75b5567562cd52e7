//! One row of a file to one staged row, or to the sentence that refuses it.

use super::convert::{Place, Trouble, items, missing, unguard};
use super::guess::LinePart;
use super::look::{Found, Look};
use super::orders::{self, Parts};
use super::plan::{Plan, Slot, To, get};
use super::split::Cells;
use super::staged::{CustomerRef, StagedRow, Target};
use crate::domain::dict::Dict;
use crate::domain::field::{self, FieldType};
use crate::domain::{FieldId, Kind, Say, Value, clean, fold::fold};

/// A number of more bytes is no number.
const NUMBER: usize = 200;

/// Makes rows of one kind.
pub(super) struct RowMaker {
    pub kind: Kind,
    pub create_customers: bool,
    pub csv: bool,
}

/// What a row has said so far.
struct Draft<'a> {
    row: StagedRow,
    parts: Parts<'a>,
    any_part: bool,
    props: Vec<(String, String)>,
    pipeline: u64,
}

impl RowMaker {
    /// The row, or why not.
    pub fn make(&self, plan: &Plan, look: &mut Look<'_>, cells: Cells<'_>, line: u64) -> Result<StagedRow, Say> {
        let row = StagedRow {
            line,
            rows: 1,
            target: Target::New { ordinal: 0 },
            customer: CustomerRef::None,
            number: String::new(),
            fields: Vec::with_capacity(plan.slots.len() + 2),
            tags: Vec::new(),
        };
        let mut draft = Draft { row, parts: Parts::default(), any_part: false, props: Vec::new(), pipeline: 0 };
        for slot in &plan.slots {
            let raw = self.raw(slot, cells);
            let mapped = slot.values.as_ref().and_then(|m| m.get(&fold(raw))).map_or(raw, String::as_str);
            let text = match (missing(mapped), &slot.default) {
                (false, _) => mapped,
                (true, Some(default)) => default.as_str(),
                (true, None) => continue,
            };
            let place = Place { line, column: &slot.head, pipeline: draft.pipeline };
            self.fill(slot, text, place, look, &mut draft).map_err(|t| said(t, &slot.head, text))?;
        }
        self.finish(plan, look, draft)
    }

    fn raw<'a>(&self, slot: &Slot, cells: Cells<'a>) -> &'a str {
        let cell = slot.cell.map_or("", |i| cells.get(i));
        if self.csv { unguard(cell).trim() } else { cell.trim() }
    }

    fn fill<'a>(&self, slot: &'a Slot, text: &'a str, place: Place<'_>, look: &mut Look<'_>, draft: &mut Draft<'a>) -> Result<(), Trouble> {
        match &slot.to {
            To::Field(id, ty) => self.field(*id, *ty, slot, text, place, look, draft),
            To::Line(part) => {
                draft.any_part = true;
                match part {
                    LinePart::Product => draft.parts.product = look.reference(Kind::Product, text, place)?.unwrap_or(0),
                    LinePart::Quantity => draft.parts.quantity = Some(text),
                    LinePart::UnitPrice => draft.parts.unit_price = Some(text),
                    LinePart::Discount => draft.parts.discount = Some(text),
                    LinePart::Amount => draft.parts.amount = Some(text),
                    LinePart::Cost => draft.parts.cost = Some(text),
                }
                Ok(())
            }
            To::Prop(name) => {
                draft.props.push((name.clone(), clean::note(text).into_owned()));
                Ok(())
            }
            To::Props => props(text, &mut draft.props),
        }
    }

    #[allow(clippy::too_many_arguments)] // One decision by field; a bundle of these would have no meaning of its own.
    fn field(
        &self,
        id: FieldId,
        ty: FieldType,
        slot: &Slot,
        text: &str,
        place: Place<'_>,
        look: &mut Look<'_>,
        draft: &mut Draft<'_>,
    ) -> Result<(), Trouble> {
        if self.kind.is_row() && field::customer_of(self.kind) == Some(id) {
            return self.customer(text, look, draft);
        }
        match (id, ty) {
            (field::Y_ORDER, _) => self.parent(id, Kind::Order, text, look, draft),
            (field::V_DEAL, _) => self.parent(id, Kind::Deal, text, look, draft),
            (field::D_STAGE, _) => stage(text, place, look, draft),
            (field::D_OUTCOME, _) if slot.lenient && look.book.dicts().code(Dict::DealOutcome, text).is_none() => Ok(()),
            (_, FieldType::Tags) => {
                draft.row.tags = items(text).iter().map(|t| clean::line(t).into_owned()).filter(|t| !t.is_empty()).collect();
                Ok(())
            }
            _ => {
                if let Some(value) = look.value(ty, text, &slot.style, place)? {
                    if let (field::D_PIPELINE, Value::Ref(raw)) = (id, &value) {
                        draft.pipeline = *raw;
                    }
                    draft.row.fields.push((id, value));
                }
                Ok(())
            }
        }
    }

    fn customer(&self, text: &str, look: &mut Look<'_>, draft: &mut Draft<'_>) -> Result<(), Trouble> {
        draft.row.customer = match look.customer(text) {
            Found::One(id) => CustomerRef::Existing(id),
            Found::Several(n) => return Err(Trouble::new("import.several-customers", n.to_string())),
            Found::Nobody if self.create_customers => {
                let word = clean::line(text).into_owned();
                if word.is_empty() || word.len() > NUMBER {
                    return Err(Trouble::new("import.long-number", NUMBER.to_string()));
                }
                CustomerRef::New { ordinal: 0, word }
            }
            Found::Nobody => return Err(look.unknown_customer(text)),
        };
        Ok(())
    }

    /// The order of a payment, the deal of a stage: their customer is the row's.
    fn parent(&self, id: FieldId, kind: Kind, text: &str, look: &mut Look<'_>, draft: &mut Draft<'_>) -> Result<(), Trouble> {
        let Some((record, home)) = look.numbered(kind, text)? else {
            return Err(Trouble::new(if kind == Kind::Order { "import.unknown-order" } else { "import.unknown-deal" }, ""));
        };
        draft.row.fields.push((id, Value::Ref(record)));
        draft.row.customer = if home.customer == 0 { CustomerRef::None } else { CustomerRef::Existing(home.customer) };
        Ok(())
    }

    fn finish(&self, plan: &Plan, look: &mut Look<'_>, mut draft: Draft<'_>) -> Result<StagedRow, Say> {
        if draft.any_part {
            let head = |name: &str| plan.slots.iter().find(|s| s.name == name).map_or(name.to_string(), |s| s.head.clone());
            let (line, apart) = orders::line(draft.parts, look.thousands).map_err(|(column, trouble)| {
                let value = match column {
                    "quantity" => draft.parts.quantity,
                    "unit_price" => draft.parts.unit_price,
                    "discount" => draft.parts.discount,
                    "cost" => draft.parts.cost,
                    _ => draft.parts.amount,
                };
                said(trouble, &head(column), value.unwrap_or(""))
            })?;
            if apart {
                let head = head("amount");
                look.warn(
                    "import.amount-apart",
                    Place { line: draft.row.line, column: &head, pipeline: 0 },
                    draft.parts.amount.unwrap_or(""),
                );
            }
            draft.row.fields.push((field::O_LINES, Value::Lines(vec![line])));
        }
        if !draft.props.is_empty() {
            draft.props.sort();
            draft.props.dedup_by(|a, b| a.0 == b.0);
            draft.row.fields.push((field::E_PROPS, Value::Props(draft.props)));
        }
        let mut row = draft.row;
        if let (Some(id), CustomerRef::Existing(customer)) = (field::customer_of(self.kind), &row.customer) {
            row.fields.push((id, Value::Ref(u64::from(*customer))));
        }
        row.fields.sort_by_key(|(f, _)| *f);
        row.fields.dedup_by_key(|(f, _)| *f);
        if let Some(Value::Text(number)) = field::number_of(self.kind).and_then(|f| get(&row.fields, f)) {
            row.number.clone_from(number);
        }
        self.check(plan, &row).map_or(Ok(row), Err)
    }

    /// What every row must say.
    fn check(&self, plan: &Plan, row: &StagedRow) -> Option<Say> {
        if row.number.len() > NUMBER {
            return Some(Say::new("import.long-number").with("column", "number").with("fits", NUMBER).with("value", cut(&row.number)));
        }
        let has = |id: FieldId| {
            get(&row.fields, id).is_some() || (field::customer_of(self.kind) == Some(id) && row.customer != CustomerRef::None)
        };
        if self.kind == Kind::Customer && !has(field::C_NUMBER) && !has(field::C_NAME) && !plan.key.is_some_and(|(id, _)| has(id)) {
            return Some(Say::new("import.no-name"));
        }
        // A payment of an order, a stage of a deal: the parent speaks for the customer.
        let lacking = plan.required.iter().find(|group| !group.is_empty() && !group.iter().any(|(id, _)| has(*id)))?;
        let name = lacking.first().map_or("", |(_, name)| *name);
        let head = plan.slots.iter().find(|s| s.name == name).map_or(name, |s| &s.head);
        Some(Say::new("import.missing-value").with("column", head))
    }
}

/// A deal's stage; `won` and `lost` set the outcome instead, unless the pipeline has stages of that name.
fn stage(text: &str, place: Place<'_>, look: &mut Look<'_>, draft: &mut Draft<'_>) -> Result<(), Trouble> {
    let known = look.in_book(Kind::Stage, text, draft.pipeline)?;
    let outcome = look.book.dicts().code(Dict::DealOutcome, text);
    if let Some(code) = outcome {
        draft.row.fields.push((field::D_OUTCOME, Value::Code(code)));
    }
    let stage = match (known, outcome) {
        (Some(id), _) => Some(id),
        (None, Some(_)) => None,
        (None, None) => look.reference(Kind::Stage, text, place)?,
    };
    if let Some(raw) = stage {
        draft.row.fields.push((field::D_STAGE, Value::Ref(raw)));
    }
    Ok(())
}

/// Properties as one JSON object.
fn props(text: &str, out: &mut Vec<(String, String)>) -> Result<(), Trouble> {
    let map: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(text).map_err(|_| Trouble::new("import.no-props", "{\"page\": \"home\"}"))?;
    for (name, value) in map {
        let value = match value {
            serde_json::Value::Null => continue,
            serde_json::Value::String(s) => s,
            other => other.to_string(),
        };
        out.push((clean::line(&name).into_owned(), clean::note(&value).into_owned()));
    }
    Ok(())
}

/// The sentence of a cell that does not fit.
fn said(trouble: Trouble, column: &str, value: &str) -> Say {
    Say::new(trouble.code).with("column", column).with("value", cut(value)).with("fits", trouble.fits).with("nearest", trouble.nearest)
}

fn cut(value: &str) -> String {
    clean::line(value).chars().take(60).collect()
}
