//! Money and quantities: whole ten-thousandths, never floating point. Sums are made in `i128`.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Ten-thousandths in one unit.
pub const SCALE: i64 = 10_000;

/// An amount in the book's currency, in ten-thousandths of its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Money(pub i64);

/// A quantity in ten-thousandths of one piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Quantity(pub i64);

impl Money {
    /// So many whole units.
    pub const fn units(n: i64) -> Money {
        Money(n * SCALE)
    }

    /// A decimal number as people type it: `1,234.5`, `-3`, `¥88`, `5万`, `1.2亿`, `(12.00)` for minus twelve.
    /// `None` when it is no number, is grouped otherwise than by threes (`12,5`, `1.234,50`), or does not fit.
    pub fn parse(text: &str) -> Option<Money> {
        parse_decimal(text).map(Money)
    }

    /// Plain decimal without grouping, with at least two decimals when any are needed: `1234.50`, `88`.
    pub fn plain(self) -> String {
        plain(self.0, 2)
    }
}

impl Quantity {
    /// So many whole pieces.
    pub const fn pieces(n: i64) -> Quantity {
        Quantity(n * SCALE)
    }

    /// As [`Money::parse`].
    pub fn parse(text: &str) -> Option<Quantity> {
        parse_decimal(text).map(Quantity)
    }

    /// Plain decimal without trailing zeros: `2`, `0.5`.
    pub fn plain(self) -> String {
        plain(self.0, 0)
    }

    /// Quantity times unit price, rounded half to even at the last ten-thousandth; `None` when it does not fit.
    pub fn times(self, price: Money) -> Option<Money> {
        let product = i128::from(self.0) * i128::from(price.0);
        i64::try_from(half_even(product, i128::from(SCALE))).ok().map(Money)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.plain())
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.plain())
    }
}

/// `value / by`, rounded half to even; `by` must be positive.
pub fn half_even(value: i128, by: i128) -> i128 {
    let floor = value.div_euclid(by);
    let rest = value.rem_euclid(by) * 2;
    match rest.cmp(&by) {
        std::cmp::Ordering::Less => floor,
        std::cmp::Ordering::Greater => floor + 1,
        std::cmp::Ordering::Equal => floor + (floor & 1),
    }
}

fn plain(value: i64, least: usize) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let abs = value.unsigned_abs();
    let scale = SCALE.unsigned_abs();
    let (whole, part) = (abs / scale, abs % scale);
    if part == 0 {
        return format!("{sign}{whole}");
    }
    let mut digits = format!("{part:04}");
    while digits.ends_with('0') && digits.len() > least {
        digits.pop();
    }
    format!("{sign}{whole}.{digits}")
}

fn parse_decimal(text: &str) -> Option<i64> {
    let t: String = text.trim().chars().map(half_width).collect();
    let inner = t.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
    let negative_by_parens = inner.is_some();
    let t = inner.unwrap_or(&t).trim();
    let t = t.trim_start_matches("CNY").trim_start_matches("RMB");
    let t = t.trim_end_matches('元').trim_end_matches("CNY").trim();
    let (sign, t) = match t.strip_prefix(['-', '−']) {
        Some(rest) => (-1, rest),
        None => (1, t.strip_prefix('+').unwrap_or(t)),
    };
    let t = t.trim_start().trim_start_matches(['¥', '$', '€', '£']).trim_start();
    let (t, times) = unit(t);
    let t = t.trim_end();
    let (whole, part) = t.split_once('.').unwrap_or((t, ""));
    let whole = ungrouped(whole)?;
    if (whole.is_empty() && part.is_empty()) || !part.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    if whole.len() > 20 || part.len() > 20 {
        return None;
    }
    let digits: i128 = format!("0{whole}{part}").parse().ok()?;
    let down = 10_i128.checked_pow(u32::try_from(part.len()).ok()?)?;
    let scaled = digits.checked_mul(i128::from(SCALE))?.checked_mul(times)?;
    let value = half_even(scaled, down);
    let sign = if negative_by_parens { -sign } else { sign };
    i64::try_from(value * sign).ok()
}

/// Whole digits without their grouping signs; `None` when they are grouped otherwise than by threes with one sign. A first
/// group that begins with 0 is none: `0,500` is somebody's half.
fn ungrouped(whole: &str) -> Option<String> {
    let digits = |t: &str| t.chars().all(|c| c.is_ascii_digit());
    let Some(sign) = whole.chars().find(|c| matches!(c, ',' | ' ' | '_' | '\'' | '\u{a0}' | '\u{2009}' | '\u{202f}')) else {
        return digits(whole).then(|| whole.to_string());
    };
    let mut groups = whole.split(sign);
    let first = groups.next()?;
    let fits = (1..=3).contains(&first.len()) && digits(first) && !first.starts_with('0') && groups.all(|g| g.len() == 3 && digits(g));
    fits.then(|| whole.split(sign).collect())
}

fn unit(t: &str) -> (&str, i128) {
    for (suffix, times) in
        [("千", 1_000), ("万", 10_000), ("萬", 10_000), ("亿", 100_000_000), ("k", 1_000), ("K", 1_000), ("m", 1_000_000), ("M", 1_000_000)]
    {
        if let Some(rest) = t.strip_suffix(suffix) {
            return (rest, times);
        }
    }
    (t, 1)
}

fn half_width(c: char) -> char {
    match c {
        '０'..='９' | '．' | '，' | '－' | '＋' | '（' | '）' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '￥' => '¥',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_type_them() {
        for (text, expected) in [
            ("1,234.5", Some(12_345_000)),
            ("-3", Some(-30_000)),
            ("¥88", Some(880_000)),
            ("5万", Some(500_000_000)),
            ("1.2亿", Some(1_200_000_000_000)),
            ("(12.00)", Some(-120_000)),
            ("￥１２．５", Some(125_000)),
            ("0.00005", Some(0)),
            ("0.00015", Some(2)),
            ("", None),
            ("abc", None),
            ("1.2.3", None),
            ("99999999999999999", None),
        ] {
            assert_eq!(Money::parse(text).map(|m| m.0), expected, "{text}");
        }
    }

    #[test]
    fn digits_are_grouped_by_threes_or_not_at_all() {
        for (text, expected) in [
            ("1,388.00", Some(13_880_000)),
            ("¥1,388.00", Some(13_880_000)),
            ("¥ 88", Some(880_000)),
            ("1 234.50", Some(12_345_000)),
            ("1\u{a0}234.50", Some(12_345_000)),
            ("-1,234,567", Some(-12_345_670_000)),
            ("(1,234.50)", Some(-12_345_000)),
            ("１，２３４", Some(12_340_000)),
            ("1,200万", Some(120_000_000_000)),
            ("CNY 1,200 元", Some(12_000_000)),
            ("5 万", Some(500_000_000)),
        ] {
            assert_eq!(Quantity::parse(text).map(|m| m.0), expected, "{text}");
        }
        for text in [
            "12,5",
            "12,34",
            "1.234,50",
            "1,2,3",
            "1,2万",
            "1234,567",
            "1,23,456",
            "1,2345",
            ",500",
            "1,",
            "1,234,",
            "1,,234",
            "1,234 567",
            "0,500",
            "1.234 567",
            "1 2",
            "1.5,000",
            "()",
            "( )",
            "-",
        ] {
            assert_eq!(Money::parse(text), None, "{text}");
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_amount_prints_back_to_itself() {
        for v in [0, 1, 10, 100, 12_345, -50, i64::MAX, -i64::MAX] {
            assert_eq!(Money::parse(&Money(v).plain()), Some(Money(v)), "{v}");
        }
    }

    #[test]
    fn quantity_times_price_rounds_half_to_even() {
        assert_eq!(Quantity(5_000).times(Money(1)), Some(Money(0)));
        assert_eq!(Quantity(15_000).times(Money(1)), Some(Money(2)));
        assert_eq!(Quantity::pieces(3).times(Money::units(2)), Some(Money::units(6)));
    }
}
