//! Amounts and counts. English groups thousands; Chinese writes 万 and 亿 from 10,000 on, to three significant digits.

use super::{Lang, words};
use crate::domain::Money;
use crate::domain::money::{SCALE, half_even};

/// An amount as screens show it: `¥1,234.50`, in Chinese from ten thousand on `¥12.3万`, `¥1.05亿`. Rounded half to even
/// (at two decimals, or at three significant digits before 万 and 亿).
pub fn amount(lang: Lang, money: Money, currency: &str) -> String {
    let digits = match lang {
        Lang::Zh if money.0.unsigned_abs() >= 10_000 * SCALE.unsigned_abs() => short(i128::from(money.0.unsigned_abs()), i128::from(SCALE)),
        _ => cents(money),
    };
    format!("{}{}{digits}", sign(money), symbol(currency))
}

/// The same amount to the last digit, grouped, in either language: `¥123,456.7890`.
pub fn amount_exact(money: Money, currency: &str) -> String {
    let plain = money.plain();
    let plain = plain.trim_start_matches('-');
    let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
    let dot = if part.is_empty() { "" } else { "." };
    format!("{}{}{}{dot}{part}", sign(money), symbol(currency), group(whole))
}

/// A number with its unit, a code of `unit.*`: `1 customer`, `1,234 customers`; `1,234人`, `12.3万人`.
pub fn count(lang: Lang, n: u64, unit: &str) -> String {
    let code = format!("unit.{unit}");
    let words = words::find(lang, &code).unwrap_or(unit);
    match lang {
        Lang::En => {
            let (one, many) = words.split_once('|').unwrap_or((words, words));
            format!("{} {}", number(lang, n), if n == 1 { one } else { many })
        }
        Lang::Zh => format!("{}{words}", number(lang, n)),
    }
}

/// A whole number as screens show it: `12,345`, in Chinese from ten thousand on `1.23万`.
pub fn number(lang: Lang, n: u64) -> String {
    match lang {
        Lang::Zh if n >= 10_000 => short(i128::from(n), 1),
        _ => grouped(n),
    }
}

/// A whole number with its thousands grouped, in either language.
pub fn grouped(n: u64) -> String {
    group(&n.to_string())
}

fn sign(money: Money) -> &'static str {
    if money.0 < 0 { "-" } else { "" }
}

/// What stands before an amount; a currency without a sign of its own is named.
fn symbol(currency: &str) -> String {
    match currency {
        "CNY" | "JPY" => "¥".into(),
        "USD" => "$".into(),
        "EUR" => "€".into(),
        "GBP" => "£".into(),
        "" => String::new(),
        other => format!("{other} "),
    }
}

fn cents(money: Money) -> String {
    let cents = half_even(i128::from(money.0.unsigned_abs()), i128::from(SCALE) / 100);
    let whole = group(&(cents / 100).to_string());
    if cents % 100 == 0 { whole } else { format!("{whole}.{:02}", cents % 100) }
}

/// Three significant digits (or the whole number when it has more) with 万 or 亿. `value` counts `scale`ths.
fn short(value: i128, scale: i128) -> String {
    for (unit, word) in [(10_000, "万"), (100_000_000, "亿")] {
        let times = unit * scale;
        let decimals: u32 = match value / times {
            ..10 => 2,
            10..100 => 1,
            _ => 0,
        };
        let tens = 10_i128.pow(decimals);
        let scaled = half_even(value * tens, times);
        // 99,999,999 rounds to a number of 万 that is better told in 亿.
        if word == "万" && scaled / tens >= 10_000 {
            continue;
        }
        let part = format!("{:0width$}", scaled % tens, width = decimals as usize);
        let part = if decimals == 0 { "" } else { part.trim_end_matches('0') };
        let dot = if part.is_empty() { "" } else { "." };
        return format!("{}{dot}{part}{word}", group(&(scaled / tens).to_string()));
    }
    group(&(value / scale).to_string())
}

fn group(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_each_language_writes_them() {
        for (ten_thousandths, en, zh) in [
            (0, "¥0", "¥0"),
            (12_345_000, "¥1,234.50", "¥1,234.50"),
            (12_000_000, "¥1,200", "¥1,200"),
            (-350_000, "-¥35", "-¥35"),
            (1_230_000_000, "¥123,000", "¥12.3万"),
            (1_050_000_000_000, "¥105,000,000", "¥1.05亿"),
            (100_000_000, "¥10,000", "¥1万"),
            (99_999_900, "¥9,999.99", "¥9,999.99"),
            (12_345_670_000, "¥1,234,567", "¥123万"),
            (999_999_990_000, "¥99,999,999", "¥1亿"),
            (123_456_780_000_000, "¥12,345,678,000", "¥123亿"),
            (-1_230_000_000, "-¥123,000", "-¥12.3万"),
            (12_345_678, "¥1,234.57", "¥1,234.57"),
        ] {
            assert_eq!(amount(Lang::En, Money(ten_thousandths), "CNY"), en);
            assert_eq!(amount(Lang::Zh, Money(ten_thousandths), "CNY"), zh);
        }
        assert_eq!(amount(Lang::En, Money::units(5), "CHF"), "CHF 5");
        assert_eq!(amount_exact(Money(1_234_567_890), "USD"), "$123,456.789");
        assert_eq!(amount_exact(Money(i64::MIN), "CNY"), "-¥922,337,203,685,477.5808");
        assert_eq!(amount(Lang::Zh, Money(i64::MIN), "CNY"), "-¥9,223,372亿");
    }

    #[test]
    fn counts_take_their_unit() {
        assert_eq!(count(Lang::En, 1, "customers"), "1 customer");
        assert_eq!(count(Lang::En, 1234, "customers"), "1,234 customers");
        assert_eq!(count(Lang::Zh, 1234, "customers"), "1,234人");
        assert_eq!(count(Lang::Zh, 123_456, "customers"), "12.3万人");
        assert_eq!(count(Lang::Zh, 3, "orders"), "3单");
        assert_eq!(number(Lang::Zh, u64::MAX), "184,467,440,737亿");
        assert_eq!(grouped(1_000_000), "1,000,000");
    }
}
