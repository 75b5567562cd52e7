//! Phones: kept as written, compared by digits. Validity is by shape, never by allocation.

/// The digits to compare and search by: full-width made half, `00` and `+` prefixes alike, China's country code taken
/// off a mobile, so that `+86 154 0000 6812`, `0086-154-0000-6812` and `15400006812` are one number.
pub fn key(text: &str) -> String {
    let mut digits = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '0'..='9' => digits.push(c),
            '０'..='９' => digits.push(char::from(b'0' + (c as u32 - '０' as u32) as u8)),
            _ => {}
        }
    }
    let bare = digits.strip_prefix("00").unwrap_or(&digits);
    match bare.strip_prefix("86") {
        Some(rest) if mobile(rest) => rest.to_string(),
        _ => bare.to_string(),
    }
}

/// An eleven-digit mobile of China by shape: 1, then 3 to 9, then nine digits.
fn mobile(digits: &str) -> bool {
    digits.len() == 11 && digits.starts_with('1') && digits.as_bytes()[1] >= b'3'
}

/// Could this be a phone? Five to fifteen digits and nothing but digits and the usual marks.
pub fn valid_shape(text: &str) -> bool {
    let n = key(text).len();
    (5..=15).contains(&n) && text.chars().all(|c| c.is_numeric() || " +-()./#*·转ext（）－＋".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_in_many_formats_has_one_key() {
        for text in ["15400006812", "+86 154 0000 6812", "0086-154-0000-6812", "154-0000-6812", "１５４００００６８１２"] {
            assert_eq!(key(text), "15400006812");
        }
        assert_eq!(key("+44 7700 900123"), "447700900123");
    }
}
