//! Which column fills which field of a row, decided once per file: the map first, then the heads.

use super::convert::{decimal, missing, yes_no};
use super::dates::{Clock, DateStyle, Told, told};
use super::guess::{LinePart, Meaning, by_head, by_name, nearest_head, nearest_name, required, squash};
use super::refuse::OWN_COLUMNS;
use super::staged::{BookView, Custom, OnMatch, Options, Untaken, WantedField, Warning};
use crate::domain::field::{CUSTOM, FieldType};
use crate::domain::{FieldId, Kind, Say, Value, field, fold::fold};
use std::collections::HashMap;

/// What a cell goes to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum To {
    Field(FieldId, FieldType),
    Line(LinePart),
    /// One property of an event.
    Prop(String),
    /// All properties, as one JSON object.
    Props,
}

/// One way from a column to a field.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    /// The column; `None` for a field that only has a default.
    pub cell: Option<usize>,
    /// The head, for reports.
    pub head: String,
    pub to: To,
    /// Our name of it.
    pub name: String,
    pub values: Option<HashMap<String, String>>,
    pub default: Option<String>,
    pub style: DateStyle,
    /// The column fills `stage` too: words that are no outcome are stages.
    pub lenient: bool,
}

/// The plan of a file.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub slots: Vec<Slot>,
    pub wanted: Vec<WantedField>,
    pub untaken: Vec<Untaken>,
    pub warnings: Vec<Warning>,
    /// The column of the row's own number.
    pub number_cell: Option<usize>,
    /// The field customers are matched by.
    pub key: Option<(FieldId, FieldType)>,
    /// Of each group one field must be there in every row.
    pub required: Vec<Vec<(FieldId, &'static str)>>,
    /// Heads planned so far.
    pub planned: usize,
}

/// What planning looks at.
pub(super) struct Planner<'a> {
    pub kind: Kind,
    pub options: &'a Options,
    pub book: &'a dyn BookView,
    /// The first rows, by column.
    pub sample: &'a [Vec<String>],
}

impl Planner<'_> {
    /// Plans a whole file. Every reason why it does not fit comes at once.
    pub fn plan(&self, heads: &[String]) -> Result<Plan, Vec<Say>> {
        let mut plan = Plan::default();
        self.extend(&mut plan, heads);
        let mut wrong = self.check_map(heads);
        wrong.extend(self.check_custom(heads));
        self.take_key(&mut plan, heads, &mut wrong);
        for group in required(self.kind) {
            if !plan.slots.iter().any(|s| group.contains(&s.name.as_str())) {
                wrong.push(self.lacking(group.first().copied().unwrap_or(""), heads));
            }
        }
        if wrong.is_empty() { Ok(plan) } else { Err(wrong) }
    }

    /// Plans the heads that came since (JSON Lines may bring new ones at any line).
    pub fn extend(&self, plan: &mut Plan, heads: &[String]) {
        let fresh: Vec<usize> = (plan.planned..heads.len()).collect();
        let mut left = Vec::new();
        for i in fresh {
            let Some(head) = heads.get(i) else { continue };
            match self.options.map.columns.get(&squash(head)) {
                Some((_, names)) => names.iter().for_each(|n| self.add(plan, i, head, n)),
                None => left.push((i, head)),
            }
        }
        for synonyms in [false, true] {
            left.retain(|(i, head)| !self.guess(plan, *i, head, synonyms));
        }
        left.into_iter().for_each(|(i, head)| self.leave(plan, i, head));
        if plan.planned == 0 {
            self.take_defaults(plan);
            plan.required = required(self.kind).iter().map(|g| g.iter().filter_map(|n| self.field_named(n)).collect()).collect();
        }
        plan.planned = heads.len();
        plan.slots.sort_by_key(|s| s.name != "pipeline");
        let own = field::number_of(self.kind);
        plan.number_cell = plan.slots.iter().find(|s| matches!(s.to, To::Field(f, _) if Some(f) == own)).and_then(|s| s.cell);
        let staged: Vec<usize> = plan.slots.iter().filter(|s| s.name == "stage").filter_map(|s| s.cell).collect();
        plan.slots.iter_mut().for_each(|s| s.lenient = s.name == "outcome" && s.cell.is_some_and(|c| staged.contains(&c)));
    }

    fn field_named(&self, name: &'static str) -> Option<(FieldId, &'static str)> {
        match by_name(self.kind, name)?.1 {
            Meaning::Field(id, _) => Some((id, name)),
            _ => None,
        }
    }

    /// One head by its words; false when they say nothing.
    fn guess(&self, plan: &mut Plan, i: usize, head: &str, synonyms: bool) -> bool {
        if !synonyms {
            if OWN_COLUMNS.contains(&head) {
                return true;
            }
            if let Some(prop) = head.strip_prefix("props.").filter(|p| self.kind == Kind::Event && !p.is_empty()) {
                self.push(plan, i, head, &format!("props.{prop}"), To::Prop(prop.to_string()));
                return true;
            }
            if let Some(to) = self.custom_field(head) {
                self.push(plan, i, head, head, to);
                return true;
            }
        }
        let taken = |key: &str| plan.slots.iter().any(|s| s.name == key);
        let Some((name, meaning)) = by_head(self.kind, head, synonyms, &taken) else { return false };
        self.push(plan, i, head, name, to_of(meaning));
        true
    }

    /// One name stated by the map (already checked).
    fn add(&self, plan: &mut Plan, i: usize, head: &str, name: &str) {
        if let Some(prop) = name.strip_prefix("props.") {
            return self.push(plan, i, head, name, To::Prop(prop.to_string()));
        }
        if let Some((key, meaning)) = by_name(self.kind, name) {
            return self.push(plan, i, head, key, to_of(meaning));
        }
        match self.custom_field(name) {
            Some(to) => self.push(plan, i, head, name, to),
            None => self.want(plan, i, head, bare(name)),
        }
    }

    fn push(&self, plan: &mut Plan, i: usize, head: &str, name: &str, to: To) {
        let style = self.style(plan, i, head, &to);
        let map = &self.options.map;
        plan.slots.push(Slot {
            cell: Some(i),
            head: head.to_string(),
            to,
            name: name.to_string(),
            values: map.values.get(name).cloned(),
            default: map.defaults.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()),
            style,
            lenient: false,
        });
    }

    fn take_defaults(&self, plan: &mut Plan) {
        for (name, value) in &self.options.map.defaults {
            if plan.slots.iter().any(|s| s.name == *name) {
                continue;
            }
            let to = by_name(self.kind, name).map(|(_, m)| to_of(m)).or_else(|| self.custom_field(name));
            let Some(to) = to else { continue };
            let (head, name, default) = (name.clone(), name.clone(), Some(value.clone()));
            plan.slots.push(Slot { cell: None, head, to, name, values: None, default, style: DateStyle::default(), lenient: false });
        }
    }

    /// How a column writes its dates.
    fn style(&self, plan: &mut Plan, i: usize, head: &str, to: &To) -> DateStyle {
        let mut style = DateStyle { format: self.options.map.date_format.clone(), ..DateStyle::default() };
        if !matches!(to, To::Field(_, FieldType::Day | FieldType::Moment)) || style.format.is_some() {
            return style;
        }
        match told(self.cells(i)) {
            Told::MonthFirst => style.day_first = false,
            Told::Ambiguous => {
                let example = self.cells(i).find(|c| c.contains(['/', '-'])).unwrap_or("").to_string();
                let say = Say::new("import.ambiguous-dates").with("column", head).with("value", example);
                plan.warnings.push(Warning { say, line: 0, count: 1 });
            }
            Told::DayFirst | Told::Nothing => {}
        }
        style
    }

    fn cells(&self, i: usize) -> impl Iterator<Item = &str> {
        self.sample.get(i).into_iter().flatten().map(|c| c.trim()).filter(|c| !missing(c))
    }

    /// A custom field the book has: by `custom.key`, or its bare key or label.
    fn custom_field(&self, head: &str) -> Option<To> {
        let word = squash(bare(head));
        let own = |r: &&crate::domain::Record| {
            let kind = r.text(field::F_KIND);
            (kind == self.kind.plural() || kind.is_empty() && self.kind == Kind::Customer)
                && (squash(r.text(field::F_KEY)) == word || squash(r.text(field::F_LABEL)) == word)
        };
        let record = self.book.refs().of(Kind::CustomField).find(own)?;
        let id = u16::try_from(record.id).ok()?.checked_add(CUSTOM)?;
        Some(To::Field(FieldId(id), custom_type(record.text(field::F_TYPE))))
    }

    /// A column nobody took: kept as a custom field when asked for, else listed.
    fn leave(&self, plan: &mut Plan, i: usize, head: &str) {
        let keep = match &self.options.custom {
            Custom::No => false,
            Custom::All => !head.is_empty(),
            Custom::Some(list) => list.iter().any(|h| same_custom(h, head)),
        };
        if keep {
            return self.want(plan, i, head, bare(head));
        }
        let head = if head.is_empty() { format!("#{}", i + 1) } else { head.to_string() };
        // A field that another column fills already is not what this one was meant for.
        let nearest = nearest_name(self.kind, &head).filter(|name| !plan.slots.iter().any(|s| s.name == *name));
        let keep = match self.kind {
            Kind::Event => format!("\"{head}\" = \"props.{}\"", key_of(&head)),
            _ => format!("--custom={}", bare(&head)),
        };
        plan.untaken.push(Untaken { head, keep, nearest });
    }

    fn want(&self, plan: &mut Plan, i: usize, head: &str, name: &str) {
        let key = key_of(name);
        let ty = self.options.map.types.get(&key).and_then(|t| super::map::TYPES.iter().find(|n| *n == t)).copied();
        let ty = ty.unwrap_or_else(|| self.type_of(i));
        let id = FieldId(WantedField::IDS.saturating_add(u16::try_from(plan.wanted.len()).unwrap_or(u16::MAX)));
        plan.wanted.push(WantedField { key: key.clone(), label: head.to_string(), ty, field: id });
        self.push(plan, i, head, &format!("custom.{key}"), To::Field(id, custom_type(ty)));
    }

    /// The narrowest type every sampled value has; text when there is none, or when digits are a code and no number.
    fn type_of(&self, i: usize) -> &'static str {
        let all = |fits: &dyn Fn(&str) -> bool| self.cells(i).next().is_some() && self.cells(i).all(fits);
        let code = |c: &str| (c.starts_with('0') && c.len() > 1 && !c.starts_with("0.")) || c.starts_with('+') || c.len() > 12;
        let number =
            |c: &str| !code(c) && c.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.' | b',')) && decimal(c, None).is_some();
        let clock = Clock::new(self.book.zone());
        if all(&|c| number(c) && c.parse::<i64>().is_ok()) {
            "int"
        } else if all(&number) {
            "money"
        } else if all(&|c| clock.day(c, &DateStyle::default()).is_some()) {
            "date"
        } else if all(&|c| yes_no(c).is_some()) {
            "bool"
        } else {
            "text"
        }
    }

    fn take_key(&self, plan: &mut Plan, heads: &[String], wrong: &mut Vec<Say>) {
        if self.kind != Kind::Customer {
            return;
        }
        let name = self.options.key.as_deref().unwrap_or("number");
        let slot = plan.slots.iter().find(|s| s.name == name);
        match slot.map(|s| &s.to) {
            Some(To::Field(id, ty)) => plan.key = Some((*id, *ty)),
            _ if by_name(self.kind, name).is_none() && !name.starts_with("custom.") => {
                let nearest = nearest_name(self.kind, name).unwrap_or("");
                wrong.push(Say::new("import.no-such-key").with("key", name).with("nearest", nearest));
            }
            _ => wrong.push(self.no_key(plan, name, heads)),
        }
        if self.options.on_match == OnMatch::Add && plan.number_cell.is_some() {
            let column = plan.slots.iter().find(|s| s.name == "number").map_or("number", |s| &s.head);
            wrong.push(Say::new("import.add-numbers").with("column", column));
        }
    }

    /// No column holds the key; another is advised where the file has one that tells people apart.
    fn no_key(&self, plan: &Plan, name: &str, heads: &[String]) -> Say {
        let say = self.lacking(name, heads);
        let other = ["phone", "email", "name"].into_iter().find(|n| plan.slots.iter().any(|s| s.name == *n));
        match other.filter(|_| self.options.key.is_none()) {
            Some(other) => Say { code: "import.no-key", ..say }.with("other", other),
            None => say,
        }
    }

    fn lacking(&self, name: &str, heads: &[String]) -> Say {
        let nearest = nearest_head(self.kind, name, heads).unwrap_or_default();
        let found: Vec<&str> = heads.iter().map(String::as_str).take(40).collect();
        Say::new("import.no-column")
            .with("name", name)
            .with("kind", self.kind.plural())
            .with("found", found.join(", "))
            .with("nearest", nearest)
    }

    /// Columns the map names and the file does not have.
    fn check_map(&self, heads: &[String]) -> Vec<Say> {
        let have: Vec<String> = heads.iter().map(|h| squash(h)).collect();
        let lost = self.options.map.columns.iter().filter(|(key, _)| !have.contains(key));
        let mut lost: Vec<&String> = lost.map(|(_, (theirs, _))| theirs).collect();
        lost.sort();
        lost.into_iter().map(|theirs| self.no_head(theirs, heads)).collect()
    }

    fn check_custom(&self, heads: &[String]) -> Vec<Say> {
        let Custom::Some(list) = &self.options.custom else { return Vec::new() };
        list.iter().filter(|h| !heads.iter().any(|x| same_custom(h, x))).map(|h| self.no_head(h, heads)).collect()
    }

    fn no_head(&self, theirs: &str, heads: &[String]) -> Say {
        let nearest = crate::domain::fold::nearest(theirs, heads.iter().map(String::as_str)).unwrap_or("");
        let found: Vec<&str> = heads.iter().map(String::as_str).take(40).collect();
        Say::new("import.no-head").with("head", theirs).with("found", found.join(", ")).with("nearest", nearest)
    }
}

fn to_of(meaning: Meaning) -> To {
    match meaning {
        Meaning::Field(id, ty) => To::Field(id, ty),
        Meaning::Line(part) => To::Line(part),
        Meaning::Props => To::Props,
    }
}

/// The type of a custom field's values.
pub(super) fn custom_type(ty: &str) -> FieldType {
    match ty {
        "int" => FieldType::Int,
        "money" => FieldType::Money,
        "date" => FieldType::Day,
        "moment" => FieldType::Moment,
        "bool" => FieldType::Bool,
        "multi" => FieldType::Texts,
        _ => FieldType::Text,
    }
}

/// The name of a custom field without what marks it as one.
fn bare(name: &str) -> &str {
    name.strip_prefix("custom.").unwrap_or(name)
}

fn same_custom(wish: &str, head: &str) -> bool {
    squash(bare(wish)) == squash(bare(head))
}

/// A head as the key of a custom field or property.
fn key_of(head: &str) -> String {
    fold(head).chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect::<String>().trim_matches('_').to_string()
}

/// The value of a field in a list, if it is there.
pub(super) fn get(fields: &[(FieldId, Value)], id: FieldId) -> Option<&Value> {
    fields.iter().find(|(f, _)| *f == id).map(|(_, v)| v)
}
