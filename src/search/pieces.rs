//! What a customer can be found by, as one run of folded pieces. A piece is a control byte that says what it is, then its
//! text; a folded word has no control byte, so that it never matches over the end of a piece or of a customer.
//!
//! ```text
//! \x01 c00042  \x02 张三丰  \x05 zhangsanfeng  \x06 zsf  \x07 15400006812  \x0c 杭州  \x0d hangzhou  \x0d hz
//! ```

use super::latin;
use crate::domain::{FieldId, Record, Value, field, fold::fold, phone};
use crate::facts::Memo;

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

/// What the search box looks in for one customer: number, names (as written, former, Latin), pinyin of every reading and
/// its initials, phones, e-mails, WeChat and device ids, company, city and province, tags.
pub fn haystack(record: &Record, tag_names: &[&str]) -> String {
    let mut out = Haystack(String::with_capacity(192));
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
    out.0
}

fn texts(record: &Record, field: FieldId) -> &[String] {
    record.get(field).map_or(&[], Value::texts)
}

struct Haystack(String);

impl Haystack {
    fn put(&mut self, piece: Piece, text: &str) {
        if text.is_empty() {
            return;
        }
        self.0.push(char::from(piece as u8));
        // Cleaned texts have no control characters; one that came another way must not look like a piece.
        self.0.extend(text.chars().map(|c| if c < ' ' { ' ' } else { c }));
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

/// Which letters the names of a customer have (`any`), and which a name, a word of it, a phone or a number begins with
/// (`first`; of phones and numbers only digits). Other letters than a-z share bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Letters {
    pub(crate) any: u64,
    pub(crate) first: u64,
}

impl Letters {
    /// The letters of a haystack, as the page keeps them.
    pub(crate) fn memo(row: &[u8]) -> Memo {
        let mut letters = Letters::default();
        for text in names(row) {
            let text = std::str::from_utf8(text).unwrap_or("");
            letters.any |= mask(text);
            letters.first |= text.split(' ').filter_map(|word| word.chars().next()).fold(0, |m, c| m | first_bit(c));
        }
        let begins = |pair: &&[u8]| matches!(Piece::of(pair[0]), Some(Piece::Number | Piece::Phone)) && pair[1].is_ascii_digit();
        letters.first |= row.windows(2).filter(begins).fold(0, |m, pair| m | first_bit(char::from(pair[1])));
        [letters.any, letters.first]
    }

    /// Back from what the page kept.
    pub(crate) fn of([any, first]: Memo) -> Letters {
        Letters { any, first }
    }
}

/// The head of a haystack: number, names and their letters, all that stands before phones and the rest.
pub(crate) fn names_part(row: &[u8]) -> &[u8] {
    let end = row.iter().position(|b| (Piece::Phone as u8..b' ').contains(b)).unwrap_or(row.len());
    &row[..end]
}

/// The names in a haystack, in any script. They stand before the phones, so that nothing behind is read.
pub(crate) fn names(row: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = row;
    std::iter::from_fn(move || {
        loop {
            let (head, text) = rest.split_first().filter(|(head, _)| **head < Piece::Phone as u8)?;
            let end = text.iter().position(|b| *b < b' ').unwrap_or(text.len());
            let (text, after) = text.split_at(end);
            rest = after;
            if Piece::of(*head).is_some_and(Piece::is_name) {
                return Some(text);
            }
        }
    })
}

/// The bits of the letters of a text: 26 for a-z, 38 for all others.
pub(crate) fn mask(text: &str) -> u64 {
    text.chars().fold(0, |mask, c| match c {
        'a'..='z' => mask | 1 << (c as u32 - 'a' as u32),
        c if c.is_alphanumeric() => mask | 1 << (26 + c as u32 % 38),
        _ => mask,
    })
}

/// The bit of a first letter: 26 for a-z, ten for digits, 28 for all others; none for what is neither.
pub(crate) fn first_bit(c: char) -> u64 {
    match c {
        'a'..='z' => 1 << (c as u32 - 'a' as u32),
        '0'..='9' => 1 << (26 + c as u32 - '0' as u32),
        c if c.is_alphanumeric() => 1 << (36 + c as u32 % 28),
        _ => 0,
    }
}
