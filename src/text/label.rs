//! Fixed words: titles, heads, labels, names of fields and kinds.

use super::{Lang, words};
use crate::domain::{FieldId, Kind, field};
use std::borrow::Cow;

/// The words of a code that takes no arguments; the code itself when there are none, so that a gap is seen and not hidden.
pub fn label(lang: Lang, code: &str) -> &str {
    words::find(lang, code).unwrap_or(code)
}

/// The name of a field, without the kind it belongs to; "" for numbers this version does not know (custom fields carry
/// their own label in the book).
pub fn field_label(lang: Lang, field: FieldId) -> Cow<'static, str> {
    let Some(spec) = field::spec(field) else { return Cow::Borrowed("") };
    match lang {
        Lang::Zh => Cow::Borrowed(spec.label_zh()),
        Lang::En if spec.key.contains('_') => Cow::Owned(spec.key.replace('_', " ")),
        Lang::En => Cow::Borrowed(spec.key),
    }
}

/// The name of a field by its key, with or without its kind (`phone`, `customers.phone`); of several kinds with that key the
/// first in the registry counts. The key itself when it is no built-in field.
pub(super) fn field_by_key(lang: Lang, key: &str) -> Cow<'_, str> {
    let (kind, bare) = match key.split_once('.') {
        Some((plural, bare)) => (Kind::from_plural(plural), bare),
        None => (None, key),
    };
    let found = field::FIELDS.iter().find(|f| f.key == bare && kind.is_none_or(|k| k == f.kind));
    found.map_or(Cow::Borrowed(key), |f| field_label(lang, f.id))
}

/// The name of a kind: several (`customers`, 客户) or one (`customer`, 客户).
pub fn kind_label(lang: Lang, kind: Kind, one: bool) -> &'static str {
    let code = words::kind_code(kind, one);
    words::find(lang, code).unwrap_or(code)
}
