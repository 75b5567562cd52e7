//! What one row says about a line of an order, by the rules of the model: the amount against quantity times price less
//! discount, rates and amounts of discount, returns.

use super::convert::{Trouble, decimal, no_amount};
use crate::domain::money::{SCALE, half_even};
use crate::domain::{Line, Money, Quantity};

/// The texts of one row; `None` where the row says nothing.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Parts<'a> {
    pub product: u64,
    pub quantity: Option<&'a str>,
    pub unit_price: Option<&'a str>,
    pub discount: Option<&'a str>,
    pub amount: Option<&'a str>,
    pub cost: Option<&'a str>,
}

/// How far the stated amount may be from the computed one.
const NEAR: i64 = SCALE / 100;

/// The line, and true when its stated amount is not what quantity, price and discount come to. An error names the column.
pub(super) fn line(parts: Parts<'_>, thousands: Option<char>) -> Result<(Line, bool), (&'static str, Trouble)> {
    let read = |column: &'static str, text: Option<&str>| match text {
        None => Ok(None),
        Some(t) => decimal(t, thousands).map(Some).ok_or_else(|| (column, no_amount(t))),
    };
    let amount = read("amount", parts.amount)?;
    let price = read("unit_price", parts.unit_price)?;
    let cost = read("cost", parts.cost)?.unwrap_or(0);
    let quantity = match read("quantity", parts.quantity)? {
        Some(0) => return Err(("quantity", Trouble::new("import.zero-quantity", "1, 2.5, -1"))),
        Some(q) => q,
        // One piece, taken back when the amount is negative and a price is not.
        None if amount.is_some_and(|a| a < 0) && price.is_none_or(|p| p >= 0) => -SCALE,
        None => SCALE,
    };
    let quantity = Quantity(quantity);
    let too_large = ("amount", Trouble::new("import.too-large", "922,337,203,685,477"));
    let (Some(price), gross) = (price, price.map(|p| quantity.times(Money(p)))) else {
        let Some(amount) = amount else { return Err(("amount", Trouble::new("import.no-line-amount", "amount, quantity + unit_price"))) };
        let each = half_even(i128::from(amount) * i128::from(SCALE), i128::from(quantity.0).abs()) * i128::from(quantity.0.signum());
        let unit_price = Money(i64::try_from(each).map_err(|_| too_large)?);
        return Ok((Line { product: parts.product, quantity, unit_price, amount: Money(amount), cost: Money(cost) }, false));
    };
    let gross = gross.flatten().ok_or_else(|| too_large.clone())?.0;
    let computed = less(gross, parts.discount, thousands).map_err(|t| ("discount", t))?;
    let apart = amount.is_some_and(|a| (i128::from(a) - i128::from(computed)).abs() > i128::from(NEAR));
    let amount = Money(amount.unwrap_or(computed));
    Ok((Line { product: parts.product, quantity, unit_price: Money(price), amount, cost: Money(cost) }, apart))
}

/// The gross amount less its discount: a rate when 0..1 without currency or with `%`, else an amount off.
fn less(gross: i64, discount: Option<&str>, thousands: Option<char>) -> Result<i64, Trouble> {
    let Some(text) = discount else { return Ok(gross) };
    let wrong = || Trouble::new("import.no-discount", "0.1, 10%, 25.00");
    let percent = text.strip_suffix(['%', '％']);
    let value = decimal(percent.unwrap_or(text).trim(), thousands).filter(|v| *v >= 0).ok_or_else(wrong)?;
    let currency = text.contains(['¥', '￥', '$', '€', '£', '元']) || text.contains("CNY") || text.contains("RMB");
    let rate = match percent {
        Some(_) if value > 100 * SCALE => return Err(wrong()),
        // Rates are kept in millionths, so that 12.3456 % stays exact.
        Some(_) => Some(i128::from(value)),
        None if value <= SCALE && !currency => Some(i128::from(value) * 100),
        None => None,
    };
    let whole = i128::from(SCALE) * 100;
    let left = match rate {
        Some(rate) => half_even(i128::from(gross) * (whole - rate), whole),
        None => i128::from(gross) - i128::from(value) * i128::from(gross.signum()),
    };
    i64::try_from(left).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(q: &str, p: &str, d: &str, a: &str) -> Result<(i64, bool), (&'static str, &'static str)> {
        let some = |t: &'static str| (!t.is_empty()).then_some(t);
        let leak = |t: &str| -> &'static str { Box::leak(t.to_string().into_boxed_str()) };
        let parts = Parts {
            product: 1,
            quantity: some(leak(q)),
            unit_price: some(leak(p)),
            discount: some(leak(d)),
            amount: some(leak(a)),
            cost: None,
        };
        line(parts, None).map(|(l, apart)| (l.amount.0, apart)).map_err(|(c, t)| (c, t.code))
    }

    #[test]
    fn the_amount_is_quantity_times_price_less_discount() {
        for (q, p, d, a, expected) in [
            ("2", "10", "", "", Ok((200_000, false))),
            ("2", "10", "0.1", "", Ok((180_000, false))),
            ("2", "10", "10%", "", Ok((180_000, false))),
            ("2", "10", "12.5%", "", Ok((175_000, false))),
            ("2", "10", "5", "", Ok((150_000, false))),
            ("2", "10", "¥1", "", Ok((190_000, false))),
            ("2", "10", "1", "", Ok((0, false))),
            ("-2", "10", "5", "", Ok((-150_000, false))),
            ("-1", "10", "0.1", "", Ok((-90_000, false))),
            ("3", "0.0001", "0.5", "", Ok((2, false))),
            ("2", "10", "", "20.01", Ok((200_100, false))),
            ("2", "10", "", "20.02", Ok((200_200, true))),
            ("2", "", "", "30", Ok((300_000, false))),
            ("", "", "", "-30", Ok((-300_000, false))),
            ("1", "1,234.50", "", "", Ok((12_345_000, false))),
            ("1", "1.2万", "", "", Ok((120_000_000, false))),
            ("0", "10", "", "", Err(("quantity", "import.zero-quantity"))),
            ("2", "", "", "", Err(("amount", "import.no-line-amount"))),
            ("2", "x", "", "", Err(("unit_price", "import.no-amount"))),
            ("2", "10", "-1", "", Err(("discount", "import.no-discount"))),
            ("2", "10", "120%", "", Err(("discount", "import.no-discount"))),
        ] {
            assert_eq!(read(q, p, d, a), expected, "{q} {p} {d} {a}");
        }
    }

    #[test]
    fn a_return_without_a_quantity_is_one_piece_back() {
        let parts = Parts { amount: Some("-30"), ..Parts::default() };
        let (line, _) = line(parts, None).expect("a return is a line");
        assert_eq!((line.quantity, line.unit_price), (Quantity::pieces(-1), Money::units(30)));
    }
}
