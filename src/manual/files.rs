//! What import and export files hold: kinds and columns, read off the field registry.

use crate::domain::field::{FieldSpec, FieldType, number_of, of_kind};
use crate::domain::{Dicts, Kind};
use crate::text::{Lang, kind_label, label};

/// The kinds of file, in the order the manual shows them.
pub const KINDS: [Kind; 17] = [
    Kind::Customer,
    Kind::Product,
    Kind::Staff,
    Kind::Order,
    Kind::Payment,
    Kind::Contract,
    Kind::Interaction,
    Kind::Event,
    Kind::Task,
    Kind::Deal,
    Kind::StageVisit,
    Kind::Ticket,
    Kind::Campaign,
    Kind::Response,
    Kind::Spend,
    Kind::Ledger,
    Kind::Edge,
];

/// The columns of one order line; rows with one number are one order.
const LINE_COLUMNS: [&str; 6] = ["product", "quantity", "unit_price", "discount", "amount", "cost"];

/// A field that files have no column for: kept by the programme itself.
fn hidden(field: &FieldSpec) -> bool {
    field.synonyms.is_empty() && !matches!(field.ty, FieldType::Lines | FieldType::Props)
}

/// The fields of a kind that files may hold, its own number first.
pub fn file_fields(kind: Kind) -> Vec<&'static FieldSpec> {
    let mut fields: Vec<&FieldSpec> = of_kind(kind).filter(|f| !hidden(f)).collect();
    fields.sort_by_key(|f| Some(f.id) != number_of(kind));
    fields
}

/// The columns of a kind of file, the key first.
pub fn columns(kind: Kind) -> Vec<String> {
    let mut out = Vec::new();
    for field in file_fields(kind) {
        match field.ty {
            FieldType::Lines => out.extend(LINE_COLUMNS.map(str::to_string)),
            FieldType::Props => out.push("props.*".to_string()),
            _ => out.push(field.key.to_string()),
        }
    }
    out
}

/// What a field holds, in words.
pub fn holds(field: &FieldSpec, dicts: &Dicts, lang: Lang) -> String {
    let one_of = |code: &str, dict| {
        let keys: Vec<&str> = dicts.entries(dict).iter().filter(|e| !e.retired).map(|e| e.key.as_str()).collect();
        label(lang, code).replace("{fits}", &keys.join(", "))
    };
    let record = |code: &str, kind| label(lang, code).replace("{kind}", kind_label(lang, kind, false));
    let code = match field.ty {
        FieldType::Code(dict) => return one_of("holds.code", dict),
        FieldType::Codes(dict) => return one_of("holds.codes", dict),
        FieldType::Ref(kind) => return record("holds.ref", kind),
        FieldType::Refs(kind) => return record("holds.refs", kind),
        FieldType::Text => "holds.text",
        FieldType::Note => "holds.note",
        FieldType::Int => "holds.int",
        FieldType::Money => "holds.money",
        FieldType::Day => "holds.day",
        FieldType::Moment => "holds.moment",
        FieldType::Bool => "holds.bool",
        FieldType::Texts => "holds.texts",
        FieldType::Phones => "holds.phones",
        FieldType::Emails => "holds.emails",
        FieldType::Lines => "holds.lines",
        FieldType::Props => "holds.props",
        FieldType::Consents => "holds.consents",
        FieldType::Tags => "holds.tags",
    };
    label(lang, code).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_have_the_columns_of_their_lines_and_every_kind_has_its_key_first() {
        let orders = columns(Kind::Order);
        assert_eq!(orders.first().map(String::as_str), Some("number"));
        assert!(LINE_COLUMNS.iter().all(|c| orders.iter().filter(|o| o == c).count() == 1), "{orders:?}");
        assert!(columns(Kind::Event).contains(&"props.*".to_string()));
        for kind in KINDS {
            let columns = columns(kind);
            assert!(columns.len() >= 3, "{kind:?}");
            assert_eq!(columns.iter().collect::<std::collections::BTreeSet<_>>().len(), columns.len(), "{kind:?}");
        }
    }

    #[test]
    fn a_field_says_what_it_may_hold() {
        let gender = crate::domain::field::by_key(Kind::Customer, "gender").map(|f| holds(f, &Dicts::default(), Lang::En));
        assert!(gender.is_some_and(|g| g.starts_with("one of: ") && g.contains("female")));
        let owner = crate::domain::field::by_key(Kind::Customer, "owner").map(|f| holds(f, &Dicts::default(), Lang::Zh));
        assert_eq!(owner.as_deref(), Some("员工之一"));
    }
}
