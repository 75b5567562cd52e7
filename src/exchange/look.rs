//! Words to records and codes. Every distinct word is asked of the book once, as far as a bounded cache remembers; what the
//! book does not have is collected once, with a count and the nearest name, to be made or told.

use super::convert::{Place, Trouble};
use super::dates::Clock;
use super::staged::{BookView, NewEntry, Options, Placeholder, StagedRef, UnknownLink, Warning};
use crate::domain::dict::Dict;
use crate::domain::{CustomerId, Kind, RecordId, Say, clean, fold::fold};
use std::collections::{HashMap, HashSet};

/// Unknown words of one kind and dictionary beyond this are refused: such a column is no list of names.
const UNKNOWN: usize = 50_000;
/// Words a cache remembers.
const REMEMBERED: usize = 65_536;
/// Slots of the customer cache.
const SLOTS: usize = 16_384;
/// Examples kept of links left out.
const LINKS: usize = 1000;
/// Unknown customers whose nearest name is looked for.
const NEAREST: usize = 100;

/// Whom a word means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    One(CustomerId),
    Nobody,
    Several(usize),
}

/// A word of the imported kind that may come later in the file.
#[derive(Debug)]
pub(super) struct Pending {
    pub word: String,
    column: String,
    line: u64,
    count: u64,
    by_number: u32,
    by_name: u32,
    names: u32,
}

/// All look-ups of one import.
pub(super) struct Look<'a> {
    pub book: &'a dyn BookView,
    pub clock: Clock,
    pub thousands: Option<char>,
    kind: Kind,
    new_values: bool,
    customers: Vec<(String, Found)>,
    records: HashMap<(Kind, u64), HashMap<Box<str>, u64>>,
    codes: HashMap<Dict, HashMap<Box<str>, u32>>,
    waiting: HashMap<String, u32>,
    pub pendings: Vec<Pending>,
    made: HashMap<(Kind, u64, String), u32>,
    pub placeholders: Vec<Placeholder>,
    pub new_entries: Vec<NewEntry>,
    pub unknown_links: Vec<UnknownLink>,
    links: HashMap<(String, String), usize>,
    nearest_asked: usize,
    pub warnings: Vec<Warning>,
}

impl<'a> Look<'a> {
    /// Nothing looked up yet.
    pub fn new(book: &'a dyn BookView, kind: Kind, options: &Options) -> Look<'a> {
        Look {
            book,
            clock: Clock::new(book.zone()),
            thousands: options.map.thousands,
            kind,
            new_values: options.new_values,
            customers: vec![(String::new(), Found::Nobody); SLOTS],
            records: HashMap::new(),
            codes: HashMap::new(),
            waiting: HashMap::new(),
            pendings: Vec::new(),
            made: HashMap::new(),
            placeholders: Vec::new(),
            new_entries: Vec::new(),
            unknown_links: Vec::new(),
            links: HashMap::new(),
            nearest_asked: 0,
            warnings: Vec::new(),
        }
    }

    /// Notes something that refuses nothing.
    pub fn warn(&mut self, code: &'static str, place: Place<'_>, value: &str) {
        if let Some(w) = self.warnings.iter_mut().find(|w| w.say.code == code && w.say.arg("column") == place.column) {
            w.count += 1;
            return;
        }
        let value: String = clean::line(value).chars().take(60).collect();
        let say = Say::new(code).with("column", place.column).with("value", value);
        self.warnings.push(Warning { say, line: place.line, count: 1 });
    }

    /// The customer of a number, else of a name that only one has.
    pub fn customer(&mut self, word: &str) -> Found {
        let slot = slot_of(word);
        if let Some((w, found)) = self.customers.get(slot)
            && w == word
        {
            return *found;
        }
        let by_number = self.book.customers_by_number(word);
        let found = match by_number.as_slice() {
            [] => match self.book.customers_by_name(&fold(word)).as_slice() {
                [] => Found::Nobody,
                [one] => Found::One(*one),
                several => Found::Several(several.len()),
            },
            [one] => Found::One(*one),
            several => Found::Several(several.len()),
        };
        if let Some((w, f)) = self.customers.get_mut(slot) {
            w.clear();
            w.push_str(word);
            *f = found;
        }
        found
    }

    /// No such customer; the nearest one is asked for only as often as somebody reads it.
    pub fn unknown_customer(&mut self, word: &str) -> Trouble {
        let mut trouble = Trouble::new("import.unknown-customer", "--create customers");
        if self.nearest_asked < NEAREST {
            self.nearest_asked += 1;
            trouble.nearest = self.book.customer_near(word).unwrap_or_default();
        }
        trouble
    }

    /// The code of a word; a word the dictionary does not have is a new entry where that is allowed.
    pub fn code(&mut self, dict: Dict, word: &str) -> Result<u32, Trouble> {
        if let Some(code) = self.codes.get(&dict).and_then(|m| m.get(word)) {
            if *code >= NewEntry::CODES
                && let Some(entry) = self.new_entries.get_mut((*code - NewEntry::CODES) as usize)
            {
                entry.count += 1;
            }
            return Ok(*code);
        }
        let code = match self.book.dicts().code(dict, word) {
            Some(code) => code,
            None => self.new_code(dict, word)?,
        };
        let cache = self.codes.entry(dict).or_default();
        if cache.len() >= REMEMBERED {
            cache.clear();
        }
        cache.insert(word.into(), code);
        Ok(code)
    }

    fn new_code(&mut self, dict: Dict, word: &str) -> Result<u32, Trouble> {
        let book = self.book;
        let nearest = book.dicts().nearest(dict, word);
        let word = clean::line(word).into_owned();
        if !(self.new_values || dict.is_open()) || word.is_empty() {
            let words: Vec<&str> = book.dicts().entries(dict).iter().filter(|e| !e.retired).map(|e| e.key.as_str()).take(12).collect();
            let mut trouble = Trouble::new("import.unknown-word", words.join(", "));
            trouble.nearest = nearest.unwrap_or("").to_string();
            return Err(trouble);
        }
        let folded = fold(&word);
        if let Some(entry) = self.new_entries.iter_mut().find(|e| e.dict == dict && fold(&e.word) == folded) {
            entry.count += 1;
            return Ok(entry.code);
        }
        // A dictionary of thousands of words is no dictionary: the column is text.
        if self.new_entries.len() >= 1000 {
            return Err(Trouble::new("import.too-many-words", "custom.…"));
        }
        let code = NewEntry::CODES + u32::try_from(self.new_entries.len()).unwrap_or(0);
        self.new_entries.push(NewEntry { dict, word, code, count: 1, nearest: nearest.map(str::to_string) });
        Ok(code)
    }

    /// The record a word means, as [`StagedRef::raw`]; `None` for a link that is left out with a warning.
    pub fn reference(&mut self, kind: Kind, word: &str, place: Place<'_>) -> Result<Option<u64>, Trouble> {
        match kind {
            Kind::Customer => self.customer_link(word, place),
            Kind::Order | Kind::Deal | Kind::Ticket | Kind::Contract => match self.numbered(kind, word)? {
                Some((id, _)) => Ok(Some(id)),
                None => {
                    self.left_out(word, place);
                    Ok(None)
                }
            },
            _ => self.small(kind, word, place).map(Some),
        }
    }

    /// The record of a number and its home.
    pub fn numbered(&self, kind: Kind, word: &str) -> Result<Option<(RecordId, crate::domain::Home)>, Trouble> {
        match self.book.numbered(kind, word).as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(*one)),
            several => Err(Trouble::new("import.several-records", several.len().to_string())),
        }
    }

    fn customer_link(&mut self, word: &str, place: Place<'_>) -> Result<Option<u64>, Trouble> {
        match self.customer(word) {
            Found::One(id) => Ok(Some(u64::from(id))),
            Found::Several(n) => Err(Trouble::new("import.several-customers", n.to_string())),
            Found::Nobody if self.kind == Kind::Customer => self.pending(word, place).map(Some),
            Found::Nobody => {
                self.left_out(word, place);
                Ok(None)
            }
        }
    }

    fn left_out(&mut self, word: &str, place: Place<'_>) {
        self.warn("import.link-left-out", place, word);
        let word = clean::line(word).into_owned();
        let key = (place.column.to_string(), word.clone());
        if let Some(link) = self.links.get(&key).and_then(|at| self.unknown_links.get_mut(*at)) {
            link.count += 1;
        } else if self.unknown_links.len() < LINKS {
            self.links.insert(key, self.unknown_links.len());
            self.unknown_links.push(UnknownLink { column: place.column.to_string(), word, count: 1 });
        }
    }

    fn pending(&mut self, word: &str, place: Place<'_>) -> Result<u64, Trouble> {
        let key = fold(word);
        let at = match self.waiting.get(&key) {
            Some(at) => *at,
            None if self.pendings.len() >= UNKNOWN => return Err(Trouble::new("import.too-many-unknown", UNKNOWN.to_string())),
            None => {
                let at = u32::try_from(self.pendings.len()).unwrap_or(0);
                let (word, column) = (clean::line(word).into_owned(), place.column.to_string());
                self.pendings.push(Pending { word, column, line: place.line, count: 0, by_number: 0, by_name: 0, names: 0 });
                self.waiting.insert(key, at);
                at
            }
        };
        if let Some(p) = self.pendings.get_mut(at as usize) {
            p.count += 1;
        }
        Ok(StagedRef::Pending(at).raw())
    }

    /// A record of a small kind: by sku or name, else of this file, else a placeholder.
    fn small(&mut self, kind: Kind, word: &str, place: Place<'_>) -> Result<u64, Trouble> {
        let within = if kind == Kind::Stage { place.pipeline } else { 0 };
        let known = self.records.get(&(kind, within)).and_then(|m| m.get(word)).copied();
        if let Some(raw) = known {
            if let StagedRef::Placeholder(i) = StagedRef::of(raw)
                && let Some(p) = self.placeholders.get_mut(i as usize)
            {
                p.count += 1;
            }
            return Ok(raw);
        }
        let raw = match self.in_book(kind, word, within)? {
            Some(id) => id,
            None if kind == self.kind => return self.pending(word, place),
            None => self.placeholder(kind, word, within, place.line, 1)?,
        };
        let cache = self.records.entry((kind, within)).or_default();
        if cache.len() >= REMEMBERED {
            cache.clear();
        }
        cache.insert(word.into(), raw);
        Ok(raw)
    }

    /// The record of the book a word means, if it means one.
    pub fn in_book(&self, kind: Kind, word: &str, pipeline: u64) -> Result<Option<u64>, Trouble> {
        use crate::domain::{Value, field};
        let refs = self.book.refs();
        let inside = |id: &RecordId| {
            let of = refs.get(kind, *id).and_then(|r| r.get(field::H_PIPELINE)).and_then(Value::reference);
            pipeline == 0 || of == Some(pipeline)
        };
        let ids: Vec<RecordId> = refs.find(kind, word).iter().copied().filter(|id| kind != Kind::Stage || inside(id)).collect();
        match ids.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(*one)),
            several => {
                let by_number = |id: &&RecordId| refs.get(kind, **id).is_some_and(|r| fold(r.number()) == fold(word));
                match several.iter().find(by_number) {
                    Some(id) => Ok(Some(*id)),
                    None => Err(Trouble::new("import.several-records", several.len().to_string())),
                }
            }
        }
    }

    fn placeholder(&mut self, kind: Kind, word: &str, pipeline: u64, line: u64, count: u64) -> Result<u64, Trouble> {
        let key = (kind, pipeline, fold(word));
        if let Some(at) = self.made.get(&key) {
            if let Some(p) = self.placeholders.get_mut(*at as usize) {
                p.count += count;
            }
            return Ok(StagedRef::Placeholder(*at).raw());
        }
        let name = clean::line(word).into_owned();
        if self.placeholders.len() >= UNKNOWN || name.is_empty() {
            return Err(Trouble::new("import.too-many-unknown", UNKNOWN.to_string()));
        }
        let at = u32::try_from(self.placeholders.len()).unwrap_or(0);
        // The nearest name is worth a walk through the book for the first ones only; nobody reads further.
        let nearest = (at < 1000).then(|| self.book.refs().nearest(kind, word)).flatten().map(str::to_string);
        self.placeholders.push(Placeholder { kind, name, pipeline, count, line, nearest });
        self.made.insert(key, at);
        Ok(StagedRef::Placeholder(at).raw())
    }

    /// A new record of the imported kind comes out: words that waited for it are told.
    pub fn arrived(&mut self, ordinal: u32, number: &str, name: &str) {
        if let Some(p) = self.waiting.get(&fold(number)).and_then(|at| self.pendings.get_mut(*at as usize)) {
            p.by_number = ordinal;
        }
        if let Some(p) = self.waiting.get(&fold(name)).and_then(|at| self.pendings.get_mut(*at as usize)) {
            p.by_name = ordinal;
            p.names += 1;
        }
    }

    /// What became of the waiting words, at the end of the file; `used` are those that rows taken in say.
    pub fn settle(&mut self, used: &HashSet<u32>) -> Vec<u64> {
        let mut resolved = Vec::with_capacity(self.pendings.len());
        for (n, p) in (0u32..).zip(std::mem::take(&mut self.pendings)) {
            let by = if p.by_number != 0 { p.by_number } else { p.by_name };
            let raw = if by != 0 && (p.by_number != 0 || p.names == 1) {
                StagedRef::New(by).raw()
            } else if self.kind == Kind::Customer {
                let place = Place { line: p.line, column: &p.column, pipeline: 0 };
                (0..p.count).for_each(|_| self.left_out(&p.word, place));
                0
            } else if !used.contains(&n) {
                0
            } else {
                self.placeholder(self.kind, &p.word, 0, p.line, p.count).unwrap_or(0)
            };
            resolved.push(raw);
        }
        resolved
    }
}

fn slot_of(word: &str) -> usize {
    // FNV-1a: short words, no adversary worth more than a cache miss.
    let hash = word.bytes().fold(0xcbf2_9ce4_8422_2325u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    (hash ^ (hash >> 32)) as usize % SLOTS
}
