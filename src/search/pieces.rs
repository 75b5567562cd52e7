//! What a customer can be found by, as one run of folded pieces. A piece is a control byte that says what it is, then its
//! text; a folded word has no control byte, so that it never matches over the end of a piece or of a customer.
//!
//! ```text
//! ┌ letters mask ┐
//! 8 x 0x10..0x1f  \x01 c00042  \x02 张三丰  \x05 zhangsanfeng  \x06 zsf  \x07 15400006812  \x0c 杭州  \x0d hangzhou  \x0d hz
//! ```

use super::latin;
use crate::domain::{FieldId, Record, Value, field, fold::fold, phone};

/// What a piece is: its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Piece {
    Number = 1,
    Name = 2,
    Former = 3,
    Latin = 4,
    Pinyin = 5,
    Initials = 6,
    Phone = 7,
    Email = 8,
    Social = 9,
    Company = 10,
    CompanyLetters = 11,
    City = 12,
    CityLetters = 13,
    Tag = 14,
    TagLetters = 15,
}

impl Piece {
    const ALL: [Piece; 15] = [
        Piece::Number,
        Piece::Name,
        Piece::Former,
        Piece::Latin,
        Piece::Pinyin,
        Piece::Initials,
        Piece::Phone,
        Piece::Email,
        Piece::Social,
        Piece::Company,
        Piece::CompanyLetters,
        Piece::City,
        Piece::CityLetters,
        Piece::Tag,
        Piece::TagLetters,
    ];

    /// The piece a byte begins; `None` for text and for the mask.
    pub(crate) fn of(byte: u8) -> Option<Piece> {
        Piece::ALL.get(usize::from(byte).wrapping_sub(1)).copied()
    }

    /// Names in any script: what typing errors are looked for in.
    pub(crate) fn is_name(self) -> bool {
        matches!(self, Piece::Name | Piece::Former | Piece::Latin | Piece::Pinyin)
    }
}

/// Bytes of the mask at the head of a haystack.
pub(crate) const MASK: usize = 8;

/// What the search box looks in for one customer: number, names (as written, former, Latin), pinyin of every reading and
/// its initials, phones, e-mails, WeChat and device ids, company, city and province, tags.
pub fn haystack(record: &Record, tag_names: &[&str]) -> String {
    let mut out = Haystack { text: String::with_capacity(192), mask: 0 };
    out.text.push_str("\u{10}\u{10}\u{10}\u{10}\u{10}\u{10}\u{10}\u{10}");
    out.put(Piece::Number, &fold(record.text(field::C_NUMBER)));
    out.name(Piece::Name, record.text(field::C_NAME));
    for former in texts(record, field::C_FORMER_NAMES) {
        out.name(Piece::Former, former);
    }
    out.name(Piece::Latin, record.text(field::C_NAME_LATIN));
    for phone in texts(record, field::C_PHONES) {
        out.put(Piece::Phone, &phone::key(phone));
    }
    for email in texts(record, field::C_EMAILS) {
        out.put(Piece::Email, &fold(email));
    }
    for social in texts(record, field::C_WECHAT).iter().chain(texts(record, field::C_DEVICE)) {
        out.put(Piece::Social, &fold(social));
    }
    out.place(Piece::Company, Piece::CompanyLetters, record.text(field::C_COMPANY), false);
    out.place(Piece::City, Piece::CityLetters, record.text(field::C_CITY), true);
    out.put(Piece::City, &fold(record.text(field::C_PROVINCE)));
    for tag in tag_names {
        out.place(Piece::Tag, Piece::TagLetters, tag, false);
    }
    let mask = mask_text(out.mask);
    out.text.replace_range(..MASK, &mask);
    out.text
}

fn texts(record: &Record, field: FieldId) -> &[String] {
    record.get(field).map_or(&[], Value::texts)
}

struct Haystack {
    text: String,
    mask: u32,
}

impl Haystack {
    fn put(&mut self, piece: Piece, text: &str) {
        if text.is_empty() {
            return;
        }
        self.text.push(char::from(piece as u8));
        // Cleaned texts have no control characters; one that came another way must not look like a piece.
        self.text.extend(text.chars().map(|c| if c < ' ' { ' ' } else { c }));
        if piece.is_name() {
            self.mask |= mask(text);
        }
    }

    fn name(&mut self, piece: Piece, text: &str) {
        if text.is_empty() {
            return;
        }
        self.put(piece, &fold(text));
        let units = latin::units(text);
        let readings = latin::readings(&units);
        if latin::has_han(&units) || piece == Piece::Latin {
            self.each(Piece::Pinyin, readings.iter().map(latin::full));
        }
        if units.len() > 1 {
            self.each(Piece::Initials, readings.iter().map(latin::initials));
        }
    }

    fn place(&mut self, piece: Piece, letters: Piece, text: &str, whole: bool) {
        self.put(piece, &fold(text));
        let units = latin::units(text);
        if units.len() < 2 && !latin::has_han(&units) {
            return;
        }
        let readings = latin::readings(&units);
        let usual = readings.iter().take(1);
        if whole {
            self.each(letters, usual.clone().map(latin::full));
        }
        self.each(letters, usual.map(latin::initials));
    }

    fn each(&mut self, piece: Piece, texts: impl Iterator<Item = String>) {
        let mut seen: Vec<String> = Vec::new();
        for text in texts {
            if !seen.contains(&text) {
                self.put(piece, &text);
                seen.push(text);
            }
        }
    }
}

/// Which letters a text has: one bit for each of a-z, six bits for all others by number.
pub(crate) fn mask(text: &str) -> u32 {
    text.chars().fold(0, |mask, c| match c {
        'a'..='z' => mask | 1 << (c as u32 - 'a' as u32),
        c if c.is_alphanumeric() => mask | 1 << (26 + c as u32 % 6),
        _ => mask,
    })
}

fn mask_text(mask: u32) -> String {
    (0..MASK).map(|i| char::from(0x10 | (mask >> (4 * i) & 15) as u8)).collect()
}

/// The mask at the head of a haystack.
pub(crate) fn mask_of(row: &[u8]) -> u32 {
    row.iter().take(MASK).enumerate().fold(0, |mask, (i, b)| mask | u32::from(b & 15) << (4 * i))
}
