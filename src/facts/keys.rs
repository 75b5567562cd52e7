//! Exact look-ups: customer number, phone, e-mail and name. A page keeps one sorted list of `hash << 8 | row`; a hash
//! found is checked against the column, so a clash costs a look and never a wrong answer.

use super::page::Page;
use super::version::Version;
use crate::domain::{CustomerId, FieldId, Value, field, fold::fold, phone};
use std::hash::Hasher;

/// What a customer can be looked up by, exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // The names are the meaning.
pub enum Key {
    Number,
    Name,
    Phone,
    Email,
}

/// The fields that make keys, with the kind of key.
pub(crate) const KEYED: [(FieldId, Key); 4] =
    [(field::C_NUMBER, Key::Number), (field::C_NAME, Key::Name), (field::C_PHONES, Key::Phone), (field::C_EMAILS, Key::Email)];

/// At most so many keys of one field of one customer are kept.
const KEYS_MAX: usize = 8;

impl Key {
    /// The form that is compared; "" never matches.
    pub fn form(self, text: &str) -> String {
        match self {
            Key::Phone => phone::key(text),
            _ => fold(text),
        }
    }

    fn hash(self, form: &str) -> u32 {
        let mut h = Fnv::default();
        h.write(&[self as u8]);
        h.write(form.as_bytes());
        let wide = h.finish();
        // 24 bits: the row has the other eight.
        ((wide >> 40) ^ wide) as u32 & 0xff_ffff
    }
}

/// FNV-1a, 64 bit (Fowler, Noll, Vo): quick on short keys; nobody outside chooses what meets here.
pub(crate) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for b in bytes {
            self.0 = (self.0 ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3);
        }
    }
}

/// Adds the keys of one value of one row.
pub(crate) fn add(key: Key, row: u8, value: &Value, out: &mut Vec<u32>) {
    for text in value.texts().iter().take(KEYS_MAX) {
        let form = key.form(super::cell::cut(text, super::cell::CELL_MAX / 2));
        if !form.is_empty() {
            out.push(key.hash(&form) << 8 | u32::from(row));
        }
    }
}

/// Rows of a page under that key, ascending, checked.
fn in_page<'a>(page: &'a Page, key: Key, form: &'a str, hash: u32) -> impl Iterator<Item = u8> + 'a {
    let from = page.keys.partition_point(|k| k >> 8 < hash);
    let run = page.keys.get(from..).unwrap_or(&[]).iter().take_while(move |k| **k >> 8 == hash);
    run.map(|k| *k as u8).filter(move |row| really(page, *row, key, form))
}

fn really(page: &Page, row: u8, key: Key, form: &str) -> bool {
    let field = KEYED.iter().find(|(_, k)| *k == key).map(|(f, _)| *f);
    let value = field.and_then(|f| page.value(row, f));
    page.alive.get(row) && value.is_some_and(|v| v.texts().iter().take(KEYS_MAX).any(|t| key.form(t) == form))
}

/// The usual case, without making texts: the one value of the field is written just so.
fn as_written(page: &Page, row: u8, key: Key, text: &str) -> bool {
    let field = KEYED.iter().find(|(_, k)| *k == key && matches!(k, Key::Number | Key::Name)).map(|(f, _)| *f);
    page.alive.get(row) && field.is_some_and(|f| !text.is_empty() && page.text(row, f) == text)
}

impl Version {
    /// The customers under an exact key, ascending: a number or name (folded), a phone in any format, an e-mail address.
    pub fn by(&self, key: Key, text: &str) -> Vec<CustomerId> {
        let form = key.form(text);
        if form.is_empty() {
            return Vec::new();
        }
        let hash = key.hash(&form);
        self.pages().flat_map(|(first, page)| in_page(page, key, &form, hash).map(move |row| first + CustomerId::from(row))).collect()
    }

    /// The customers of that number.
    pub fn by_number(&self, text: &str) -> Vec<CustomerId> {
        self.by(Key::Number, text)
    }
    /// The customers with that phone, in whatever format.
    pub fn by_phone(&self, text: &str) -> Vec<CustomerId> {
        self.by(Key::Phone, text)
    }
    /// The customers with that e-mail address.
    pub fn by_email(&self, text: &str) -> Vec<CustomerId> {
        self.by(Key::Email, text)
    }
    /// The customers of exactly that name, folded.
    pub fn by_name(&self, text: &str) -> Vec<CustomerId> {
        self.by(Key::Name, text)
    }

    /// All keys of this version in one sorted table, for asking thousands of them (an import): microseconds a question
    /// instead of a fraction of a millisecond.
    pub fn key_table(&self) -> KeyTable<'_> {
        let mut entries: Vec<u64> = self
            .pages()
            .flat_map(|(first, page)| page.keys.iter().map(move |k| u64::from(k >> 8) << 32 | u64::from(first + (k & 0xff))))
            .collect();
        entries.sort_unstable();
        let mut starts = vec![0u32; (1 << BUCKET_BITS) + 1];
        for entry in &entries {
            starts[bucket(*entry >> 32) + 1] += 1;
        }
        (1..starts.len()).for_each(|i| starts[i] += starts[i - 1]);
        KeyTable { version: self, entries, starts }
    }
}

/// All exact keys of a version.
pub struct KeyTable<'v> {
    version: &'v Version,
    entries: Vec<u64>,
    /// Where the entries of each bucket begin, and at the end how many there are: a look-up touches one place here and one
    /// there, where halving would touch twenty.
    starts: Vec<u32>,
}

/// Hashes have 24 bits; buckets are told by the upper ones.
const BUCKET_BITS: u32 = 20;

fn bucket(hash: u64) -> usize {
    (hash >> (24 - BUCKET_BITS)) as usize & ((1 << BUCKET_BITS) - 1)
}

impl KeyTable<'_> {
    /// As [`Version::by`].
    pub fn by(&self, key: Key, text: &str) -> Vec<CustomerId> {
        let form = key.form(text);
        let hash = u64::from(key.hash(&form));
        if form.is_empty() {
            return Vec::new();
        }
        let at = bucket(hash);
        let bounds = self.starts.get(at).zip(self.starts.get(at + 1));
        let run = bounds.and_then(|(from, to)| self.entries.get(*from as usize..*to as usize)).unwrap_or(&[]);
        let ids = run.iter().filter(|e| **e >> 32 == hash).map(|e| *e as CustomerId);
        let is_it = |id: &CustomerId| {
            self.version.page(*id).is_some_and(|(page, row)| as_written(page, row, key, text) || really(page, row, key, &form))
        };
        let mut ids: Vec<CustomerId> = ids.filter(is_it).collect();
        ids.dedup();
        ids
    }
}
