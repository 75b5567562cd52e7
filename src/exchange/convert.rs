//! A cell's text to a value of its field's type. What does not fit says what would.

use super::dates::DateStyle;
use super::look::Look;
use crate::domain::dict::Dict;
use crate::domain::field::FieldType;
use crate::domain::money::SCALE;
use crate::domain::value::Consent;
use crate::domain::{Kind, Money, Value, clean, phone};

/// Why a cell does not fit: the code of the sentence, what would fit, and the nearest right word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    pub code: &'static str,
    pub fits: String,
    pub nearest: String,
}

impl Trouble {
    /// With what would fit.
    pub fn new(code: &'static str, fits: impl Into<String>) -> Trouble {
        Trouble { code, fits: fits.into(), nearest: String::new() }
    }
}

/// Where a cell stands, for look-ups and reports.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub line: u64,
    pub column: &'a str,
    /// The pipeline of a stage; 0 when the row names none.
    pub pipeline: u64,
}

/// The text of a cell without the apostrophe that protects it from spreadsheets (see `export`).
pub(super) fn unguard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\'', '\t', '\r']) => rest,
        _ => cell,
    }
}

/// True for the words that mean "not known".
pub(super) fn missing(cell: &str) -> bool {
    match cell.len() {
        0 => true,
        1 => cell == "-",
        3 => cell == "无" || cell.eq_ignore_ascii_case("n/a"),
        4 => cell.eq_ignore_ascii_case("null"),
        6 => cell == "未知",
        7 => cell.eq_ignore_ascii_case("unknown"),
        _ => false,
    }
}

/// Yes or no.
pub(super) fn yes_no(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "y" | "true" | "t" | "1" | "是" | "有" | "√" | "✓" => Some(true),
        "no" | "n" | "false" | "f" | "0" | "否" | "×" => Some(false),
        _ => None,
    }
}

/// An amount in ten-thousandths. Plain decimals take the short way; everything else goes by [`Money::parse`]. With a stated
/// thousands sign other than the comma, the comma is the decimal point.
pub(super) fn decimal(text: &str, thousands: Option<char>) -> Option<i64> {
    if let Some(sign) = thousands {
        let turned = text.chars().map(|c| match c {
            c if c == sign => ',',
            ',' => '.',
            c => c,
        });
        return Money::parse(&turned.collect::<String>()).map(|m| m.0);
    }
    plain_decimal(text.as_bytes()).or_else(|| Money::parse(text).map(|m| m.0))
}

fn plain_decimal(bytes: &[u8]) -> Option<i64> {
    let (negative, digits) = match bytes.split_first() {
        Some((b'-', rest)) => (true, rest),
        _ => (false, bytes),
    };
    if digits.is_empty() || digits.len() > 14 {
        return None;
    }
    let (mut value, mut decimals, mut point, mut any) = (0i64, 0u32, false, false);
    for b in digits {
        match b {
            b'0'..=b'9' => {
                value = value * 10 + i64::from(b - b'0');
                decimals += u32::from(point);
                any = true;
            }
            b'.' if !point => point = true,
            _ => return None,
        }
    }
    if !any || decimals > 4 {
        return None;
    }
    let value = value.checked_mul(10i64.pow(4 - decimals))?;
    Some(if negative { -value } else { value })
}

/// The items of a `;`-separated list. `\;` is a semicolon inside an item, `\\` a backslash.
pub(super) fn items(text: &str) -> Vec<String> {
    if !text.contains([';', '；', '\\']) {
        return vec![text.trim().to_string()];
    }
    let mut list = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if matches!(chars.peek(), Some(';' | '\\' | '；')) => {
                if let (Some(item), Some(next)) = (list.last_mut(), chars.next()) {
                    item.push(next);
                }
            }
            ';' | '；' => list.push(String::new()),
            _ => {
                if let Some(item) = list.last_mut() {
                    item.push(c);
                }
            }
        }
    }
    list.into_iter().map(|i| i.trim().to_string()).filter(|i| !i.is_empty()).collect()
}

/// An item as [`items`] reads it back.
pub(super) fn escape_item(item: &str) -> String {
    item.replace('\\', "\\\\").replace(';', "\\;").replace('；', "\\；")
}

impl Look<'_> {
    /// The value of a cell that says something; `None` when nothing is left of it.
    pub fn value(&mut self, ty: FieldType, text: &str, style: &DateStyle, place: Place<'_>) -> Result<Option<Value>, Trouble> {
        Ok(Some(match ty {
            FieldType::Text => return Ok(cleaned(&clean::line(text))),
            FieldType::Note => return Ok(cleaned(&clean::note(text))),
            FieldType::Int => Value::Int(self.int(text)?),
            FieldType::Money => Value::Money(Money(decimal(text, self.thousands).ok_or_else(|| no_amount(text))?)),
            FieldType::Day => Value::Day(self.clock.day(text, style).ok_or_else(|| no_date(text))?),
            FieldType::Moment => Value::Moment(self.clock.moment(text, style).ok_or_else(|| no_date(text))?),
            FieldType::Bool => {
                Value::Bool(yes_no(text).ok_or_else(|| Trouble::new("import.no-bool", "yes, no, true, false, 1, 0, 是, 否"))?)
            }
            FieldType::Code(dict) => Value::Code(self.code(dict, text)?),
            FieldType::Codes(dict) => return self.codes(dict, text),
            FieldType::Ref(kind) => return self.reference(kind, text, place).map(|r| r.map(Value::Ref)),
            FieldType::Refs(kind) => return self.references(kind, text, place),
            FieldType::Texts => return Ok(list(items(text))),
            FieldType::Phones => return self.phones(text, place),
            FieldType::Emails => return Ok(self.emails(text, place)),
            FieldType::Consents => return self.consents(text, style),
            // Tags, order lines and properties are put together by the row (see `stage`).
            FieldType::Tags | FieldType::Lines | FieldType::Props => return Ok(None),
        }))
    }

    fn int(&self, text: &str) -> Result<i64, Trouble> {
        if let Ok(n) = text.parse() {
            return Ok(n);
        }
        let whole = decimal(text, self.thousands).filter(|v| v % SCALE == 0).map(|v| v / SCALE);
        whole.ok_or_else(|| Trouble::new("import.no-int", "12, 1,200, 3万"))
    }

    fn codes(&mut self, dict: Dict, text: &str) -> Result<Option<Value>, Trouble> {
        if dict == Dict::Channel && text.len() <= 5 {
            match yes_no(text) {
                Some(true) => {
                    let mut all: Vec<u32> = self.book.dicts().entries(dict).iter().filter(|e| !e.retired).map(|e| e.code).collect();
                    all.sort_unstable();
                    return Ok(Some(Value::Codes(all)));
                }
                Some(false) => return Ok(None),
                None => {}
            }
        }
        let mut codes = items(text).iter().map(|w| self.code(dict, w)).collect::<Result<Vec<u32>, Trouble>>()?;
        codes.sort_unstable();
        codes.dedup();
        Ok((!codes.is_empty()).then_some(Value::Codes(codes)))
    }

    fn references(&mut self, kind: Kind, text: &str, place: Place<'_>) -> Result<Option<Value>, Trouble> {
        let mut ids = Vec::new();
        for word in items(text) {
            if let Some(id) = self.reference(kind, &word, place)?
                && !ids.contains(&id)
            {
                ids.push(id);
            }
        }
        Ok((!ids.is_empty()).then_some(Value::Refs(ids)))
    }

    fn phones(&mut self, text: &str, place: Place<'_>) -> Result<Option<Value>, Trouble> {
        let bytes = text.as_bytes();
        if bytes.first().is_some_and(u8::is_ascii_digit) && bytes.windows(2).any(|w| matches!(w, b"E+" | b"e+")) {
            return Err(Trouble::new("import.spoiled-phone", "15400006812"));
        }
        let parts: Vec<String> = items(text).iter().flat_map(|i| i.split([',', '，', '、'])).map(|p| p.trim().to_string()).collect();
        if parts.iter().any(|p| !p.is_empty() && !phone::valid_shape(p)) {
            self.warn("import.odd-phone", place, text);
        }
        Ok(list(parts))
    }

    fn emails(&mut self, text: &str, place: Place<'_>) -> Option<Value> {
        let parts = items(text);
        let odd = |e: &String| e.split_once('@').is_none_or(|(a, b)| a.is_empty() || b.is_empty() || e.contains(' '));
        if parts.iter().any(odd) {
            self.warn("import.odd-email", place, text);
        }
        list(parts)
    }

    /// `channel`, `channel:2026-01-31`, and for a withdrawn one `channel:2026-01-31:withdrawn`.
    fn consents(&mut self, text: &str, style: &DateStyle) -> Result<Option<Value>, Trouble> {
        let mut list: Vec<Consent> = Vec::new();
        for item in items(text) {
            let mut parts = item.splitn(3, [':', '：']);
            let channel = self.code(Dict::Channel, parts.next().unwrap_or("").trim())?;
            let since = match parts.next().map(str::trim) {
                None | Some("") => None,
                Some(date) => Some(self.clock.day(date, style).ok_or_else(|| no_date(date))?),
            };
            let given = match parts.next().map(str::trim) {
                None | Some("" | "given" | "已授权") => true,
                Some("withdrawn" | "已撤回") => false,
                Some(_) => return Err(Trouble::new("import.no-consent", "email, email:2026-01-31, email:2026-01-31:withdrawn")),
            };
            list.retain(|c| c.channel != channel);
            list.push(Consent { channel, given, since });
        }
        list.sort_by_key(|c| c.channel);
        Ok((!list.is_empty()).then_some(Value::Consents(list)))
    }
}

/// What refuses an amount; one with a comma is told how to state its thousands sign.
pub(super) fn no_amount(text: &str) -> Trouble {
    let grouped = text.contains([',', '，', '\'', ' ']) && text.chars().any(|c| c.is_ascii_digit());
    Trouble::new(if grouped { "import.grouped-amount" } else { "import.no-amount" }, "1234.50, 1,234.50, -3, 5万")
}

fn no_date(text: &str) -> Trouble {
    let digits = text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit());
    Trouble::new(
        if digits { "import.serial-date" } else { "import.no-date" },
        "2026-11-20, 2026-11-20 09:30, 2026/11/20, 20-Nov-2026, 2026年11月20日",
    )
}

fn cleaned(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| Value::Text(text.to_string()))
}

fn list(items: Vec<String>) -> Option<Value> {
    let mut kept: Vec<String> = Vec::with_capacity(items.len());
    for item in items {
        let item = clean::line(&item).into_owned();
        if !missing(&item) && !kept.contains(&item) {
            kept.push(item);
        }
    }
    (!kept.is_empty()).then_some(Value::Texts(kept))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_take_the_short_way_only_when_it_gives_the_same() {
        for text in [
            "0",
            "12",
            "-3",
            "1234.5",
            "0.0001",
            ".5",
            "5.",
            "99999999999999",
            "1,234.50",
            "5万",
            "(12.00)",
            "abc",
            "-",
            "",
            ".",
            "1.00005",
        ] {
            assert_eq!(decimal(text, None), Money::parse(text).map(|m| m.0), "{text}");
        }
    }

    #[test]
    fn a_stated_thousands_sign_says_what_point_and_comma_mean() {
        for (text, sign, expected) in [
            ("1.234,50", '.', Some(12_345_000)),
            ("12,5", '.', Some(125_000)),
            ("1234", '.', Some(12_340_000)),
            ("12.5", '.', None),
            ("1 234,50", ' ', Some(12_345_000)),
            ("1'234.50", '\'', Some(12_345_000)),
            ("1,234.50", ',', Some(12_345_000)),
            ("12,5", ',', None),
        ] {
            assert_eq!(decimal(text, Some(sign)), expected, "{text} {sign}");
        }
    }

    #[test]
    fn words_for_not_known_are_missing_and_others_are_not() {
        for word in ["", "-", "无", "N/A", "n/a", "NULL", "unknown", "Unknown", "未知"] {
            assert!(missing(word), "{word}");
        }
        for word in ["no", "0", "none", "无锡", "--", "nu"] {
            assert!(!missing(word), "{word}");
        }
    }

    #[test]
    fn an_apostrophe_is_taken_off_only_where_it_protects() {
        assert_eq!(unguard("'=1+1"), "=1+1");
        assert_eq!(unguard("'tis"), "'tis");
        assert_eq!(unguard("''=x"), "'=x");
    }

    proptest! {
        #[test]
        fn a_list_reads_back(list in prop::collection::vec("[a-z\\\\;；]{1,6}", 1..5)) {
            let text: Vec<String> = list.iter().map(|i| escape_item(i)).collect();
            prop_assert_eq!(items(&text.join(";")), list);
        }
    }
}
