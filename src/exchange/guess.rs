//! Which column is which field, told by its head: the canonical name first, then the synonyms of both languages.

use crate::domain::field::{self, FieldSpec, FieldType};
use crate::domain::{FieldId, Kind, fold::fold, fold::nearest};

/// What a column of kind `orders` may say about one line of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum LinePart {
    Product,
    Quantity,
    UnitPrice,
    Discount,
    Amount,
    Cost,
}

/// The columns of an order line: name, and the heads that mean it.
pub(super) static LINE_PARTS: &[(LinePart, &str, &str)] = &[
    (
        LinePart::Product,
        "product",
        "sku|item|product name|product code|product id|goods|商品|产品|货号|商品编号|产品编号|商品名称|产品名称|品名",
    ),
    (LinePart::Quantity, "quantity", "qty|count|pieces|units|number of items|数量|件数|购买数量"),
    (LinePart::UnitPrice, "unit_price", "price|unit cost price|item price|单价|价格|售价"),
    (LinePart::Discount, "discount", "rebate|discount rate|discount amount|折扣|优惠|优惠金额|折扣率"),
    (LinePart::Amount, "amount", "total|line total|line amount|sum|order amount|total amount|金额|小计|总价|合计|实付|实付金额|订单金额"),
    (LinePart::Cost, "cost", "cost amount|total cost|line cost|成本|总成本"),
];

/// What a head may stand for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Meaning {
    /// A field of the kind.
    Field(FieldId, FieldType),
    /// A part of an order line.
    Line(LinePart),
    /// All properties of an event, as one JSON object.
    Props,
}

/// A head made comparable: folded, without `_`, `-`, spaces and what stands in brackets at its end.
pub(super) fn squash(head: &str) -> String {
    let folded = fold(head);
    let bare = match folded.rfind('(') {
        Some(at) if folded.ends_with(')') && at > 0 => folded.get(..at).unwrap_or(&folded),
        _ => &folded,
    };
    bare.chars().filter(|c| !matches!(c, ' ' | '_' | '-' | '*' | ':' | '"')).collect()
}

/// The names of a kind that a file may use, each with its meaning and its synonyms.
fn entries(kind: Kind) -> impl Iterator<Item = (&'static str, &'static str, Meaning)> {
    let fields =
        field::of_kind(kind).filter(|f| !(f.id == field::O_LINES || f.id == field::O_AMOUNT || f.id == field::V_CUSTOMER)).map(entry);
    let lines = LINE_PARTS.iter().filter(move |_| kind == Kind::Order).map(|(part, key, syn)| (*key, *syn, Meaning::Line(*part)));
    fields.chain(lines)
}

fn entry(f: &'static FieldSpec) -> (&'static str, &'static str, Meaning) {
    (f.key, f.synonyms, if f.ty == FieldType::Props { Meaning::Props } else { Meaning::Field(f.id, f.ty) })
}

/// The canonical column names of a kind.
pub(super) fn field_names(kind: Kind) -> Vec<&'static str> {
    entries(kind).map(|(key, _, _)| key).collect()
}

/// The meaning of a canonical name.
pub(super) fn by_name(kind: Kind, name: &str) -> Option<(&'static str, Meaning)> {
    entries(kind).find(|(key, _, _)| *key == name).map(|(key, _, m)| (key, m))
}

/// The meaning of a head, given the names other columns have taken: exact names only, or synonyms too.
pub(super) fn by_head(kind: Kind, head: &str, synonyms: bool, taken: &dyn Fn(&str) -> bool) -> Option<(&'static str, Meaning)> {
    let head = squash(head);
    let free = |key: &str| !taken(key);
    if !synonyms {
        return entries(kind).find(|(key, _, _)| squash(key) == head && free(key)).map(|(key, _, m)| (key, m));
    }
    entries(kind).find(|(key, syn, _)| free(key) && syn.split('|').any(|s| !s.is_empty() && squash(s) == head)).map(|(key, _, m)| (key, m))
}

/// The field a head may be meant for.
pub(super) fn nearest_name(kind: Kind, head: &str) -> Option<&'static str> {
    let near = nearest(head, entries(kind).flat_map(|(key, syn, _)| std::iter::once(key).chain(syn.split('|').filter(|s| !s.is_empty()))))?;
    entries(kind).find(|(key, syn, _)| *key == near || syn.split('|').any(|s| s == near)).map(|(key, _, _)| key)
}

/// The head among `heads` that may be meant for a name.
pub(super) fn nearest_head(kind: Kind, name: &str, heads: &[String]) -> Option<String> {
    let words: Vec<&str> =
        entries(kind).filter(|(key, _, _)| *key == name).flat_map(|(key, syn, _)| std::iter::once(key).chain(syn.split('|'))).collect();
    let list = || heads.iter().map(String::as_str);
    words.iter().filter(|w| !w.is_empty()).find_map(|w| nearest(w, list())).map(str::to_string)
}

/// The columns a kind cannot do without: of each inner list one must be there.
pub(super) fn required(kind: Kind) -> &'static [&'static [&'static str]] {
    match kind {
        Kind::Customer => &[],
        Kind::Product => &[&["sku", "name"]],
        Kind::Staff | Kind::Campaign => &[&["name"]],
        Kind::Order => &[&["number"], &["customer"], &["at"]],
        Kind::Payment => &[&["order", "customer"], &["at"], &["amount"]],
        Kind::Contract => &[&["number"], &["customer"]],
        Kind::Interaction => &[&["customer"], &["at"]],
        Kind::Event => &[&["customer"], &["at"], &["name"]],
        Kind::Task => &[&["about", "due"]],
        // Logged by hand they have no number.
        Kind::Deal | Kind::Ticket => &[&["number", "customer"]],
        Kind::StageVisit => &[&["deal"], &["stage"], &["at"]],
        Kind::Response => &[&["campaign"], &["customer"]],
        Kind::Spend => &[&["day"]],
        Kind::Ledger => &[&["customer"], &["at"], &["kind"], &["amount"]],
        Kind::Edge => &[&["customer"], &["to"], &["kind"]],
        _ => &[],
    }
}

/// The kinds a file can bring.
pub(super) fn importable(kind: Kind) -> bool {
    kind.is_row() || matches!(kind, Kind::Customer | Kind::Product | Kind::Staff | Kind::Campaign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_in_either_language_and_any_spelling_find_their_field() {
        for (kind, head, name) in [
            (Kind::Customer, "客户编号", "number"),
            (Kind::Customer, "Customer_ID", "number"),
            (Kind::Customer, "手机", "phone"),
            (Kind::Customer, "E-Mail", "email"),
            (Kind::Customer, "followers", "fans"),
            (Kind::Order, "下单时间", "at"),
            (Kind::Order, "数量", "quantity"),
            (Kind::Order, "金额(元)", "amount"),
            (Kind::Order, "Unit Price", "unit_price"),
            (Kind::Deal, "opportunity_id", "number"),
            (Kind::Deal, "close_value", "amount"),
            (Kind::Event, "props", "props"),
            (Kind::Ledger, "积分", "amount"),
        ] {
            let found = by_head(kind, head, false, &|_| false).or_else(|| by_head(kind, head, true, &|_| false));
            assert_eq!(found.map(|(n, _)| n), Some(name), "{head}");
        }
    }

    #[test]
    fn every_name_of_every_kind_means_itself() {
        for kind in Kind::ALL.into_iter().filter(|k| importable(*k)) {
            for name in field_names(kind) {
                assert_eq!(by_head(kind, name, false, &|_| false).map(|(n, _)| n), Some(name), "{kind:?}");
            }
            for group in required(kind) {
                assert!(group.iter().all(|n| by_name(kind, n).is_some()), "{kind:?} {group:?}");
            }
        }
    }

    #[test]
    fn a_misspelt_head_has_a_nearest_field() {
        assert_eq!(nearest_name(Kind::Customer, "custmer number"), Some("number"));
        assert_eq!(nearest_head(Kind::Order, "number", &["ordr number".into(), "x".into()]).as_deref(), Some("ordr number"));
    }
}
