//! What was typed, taken apart: words that must all match, each in one or two forms.

use super::{latin, pieces};
use crate::domain::{clean, fold::fold, phone};
use memchr::memmem::Finder;

/// No more of a query than this many characters counts.
const QUERY_MAX: usize = 200;
/// No more words than this count.
const WORDS_MAX: usize = 8;

/// One word of a query.
pub(crate) struct Word {
    /// Folded.
    pub(crate) text: String,
    /// What is looked for: the word itself, and its digits when it is a number in another format.
    pub(crate) forms: Vec<Form>,
}

/// One form of a word.
pub(crate) struct Form {
    pub(crate) finder: Finder<'static>,
    /// A single Latin letter or digit only counts where a name (a digit also: a phone or a number) begins; this is its bit
    /// (see `pieces::first_bit`). 0 = counts anywhere.
    pub(crate) start: u64,
    /// Nothing but digits: the tail of a phone is what was meant.
    pub(crate) digits: bool,
}

/// One way to understand a query: words that must all match.
pub(crate) type Plan = Vec<Word>;

/// The ways to understand what was typed, to be tried in order until one finds somebody; none for nothing typed.
pub(crate) fn plans(typed: &str) -> Vec<Plan> {
    let short: String = typed.chars().take(QUERY_MAX).collect();
    let folded = fold(&clean::line(&short));
    let mut list: Vec<&str> = folded.split(' ').filter(|w| !w.is_empty()).take(WORDS_MAX).collect();
    // A word said twice is one condition.
    let mut seen = Vec::new();
    list.retain(|w| !seen.contains(w) && (seen.push(*w), true).1);
    if list.is_empty() {
        return Vec::new();
    }
    let mut plans = Vec::new();
    let digits = phone::key(&folded);
    if list.len() > 1 && digits.len() > 1 && folded.chars().all(phone_like) {
        plans.push(vec![word(&digits)]);
    }
    plans.push(list.into_iter().map(word).collect());
    plans
}

fn phone_like(c: char) -> bool {
    c.is_ascii_digit() || " +-()./".contains(c)
}

fn word(text: &str) -> Word {
    let mut forms = vec![form(&latin::letters(text))];
    let digits = phone::key(text);
    if !digits.is_empty() && digits != text && text.chars().all(phone_like) {
        forms.push(form(&digits));
    }
    Word { text: text.to_string(), forms }
}

fn form(text: &str) -> Form {
    let start = match text.as_bytes() {
        [c] if c.is_ascii_alphanumeric() => pieces::first_bit(char::from(*c)),
        _ => 0,
    };
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    Form { finder: Finder::new(text.as_bytes()).into_owned(), start, digits }
}
