//! Dates while they are typed: understood at once, shown in full, or said to be not understood.

use super::{
    canvas::{Line, piece},
    columns::due,
    theme::Role,
    view::View,
};
use crate::domain::{
    Moment,
    when::{self, Lean},
};

/// The moment that was typed; `None` for nothing typed. `past` says which way a word that fits both is meant. Errors: the
/// sentence that says what would fit.
pub fn read(text: &str, past: bool, view: View<'_>) -> Result<Option<Moment>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let lean = if past { Lean::Past } else { Lean::Future };
    when::parse(text, view.moment(), view.zone(), lean).map(Some).map_err(|e| view.say(&e.hint))
}

/// What stands behind a date that is being typed.
pub fn remark(text: &str, past: bool, view: View<'_>) -> Line {
    match read(text, past, view) {
        Ok(None) => Vec::new(),
        Ok(Some(m)) => {
            let role = if past { Role::Good } else { due(view, m) };
            vec![piece(view.full(m), role)]
        }
        Err(_) => vec![piece("?", Role::Bad)],
    }
}
