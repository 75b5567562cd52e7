//! What people type into the search box, by a seeded rule over the synthetic customers: 200 sequences of six kinds.

use super::{Chance, book};
use guanxi::domain::{Record, Value, field};
use guanxi::ops::synthetic::Synthetic;
use pinyin::ToPinyin;

/// A kind of typing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Habit {
    /// The name, character by character.
    Name,
    /// The name's pinyin: the initials, or all of it.
    Pinyin,
    /// The last four to seven digits of the phone.
    Tail,
    /// The middle of an organisation's name.
    Company,
    /// The pinyin with two letters exchanged.
    Typo,
    /// An order's number after `#`.
    Order,
}

/// All kinds, in the order printed.
pub const HABITS: [Habit; 6] = [Habit::Name, Habit::Pinyin, Habit::Tail, Habit::Company, Habit::Typo, Habit::Order];

/// 200 sequences: each is typed from its first character to its last.
pub fn sequences() -> Vec<(Habit, String)> {
    let business = book::business();
    let mut chance = Chance(2);
    let mut made = Vec::new();
    while made.len() < 200 {
        let habit = HABITS[made.len() % HABITS.len()];
        let id = 1 + chance.below(u64::from(business.plan().customers));
        let customer = business.customer(id as u32).record;
        if let Some(text) = typed(habit, &customer, &business, &mut chance) {
            made.push((habit, text));
        }
    }
    made
}

fn typed(habit: Habit, customer: &Record, business: &Synthetic, chance: &mut Chance) -> Option<String> {
    let name = customer.text(field::C_NAME);
    let chinese = name.chars().all(|c| c.to_pinyin().is_some());
    let firm = name.chars().count() > 4;
    let person = chinese && !firm;
    match habit {
        Habit::Name => person.then(|| name.to_string()),
        Habit::Pinyin if person && chance.below(2) == 0 => Some(initials(name)),
        Habit::Pinyin => person.then(|| full(name)),
        Habit::Tail => {
            let phones = customer.get(field::C_PHONES).map_or(&[][..], Value::texts);
            let digits: Vec<char> = phones.first()?.chars().filter(char::is_ascii_digit).collect();
            let tail = 4 + chance.below(4) as usize;
            Some(digits[digits.len().saturating_sub(tail)..].iter().collect())
        }
        Habit::Company => (chinese && firm).then(|| name.chars().skip(2).take(4).collect()),
        Habit::Typo => {
            let mut letters: Vec<char> = full(name).chars().collect();
            let at = 1 + chance.below(letters.len().saturating_sub(2) as u64) as usize;
            if !person || letters.len() < 6 || letters[at] == letters[at + 1] {
                return None;
            }
            letters.swap(at, at + 1);
            Some(letters.into_iter().collect())
        }
        Habit::Order => Some(format!("#{}", 10_001 + chance.below(business.plan().orders))),
    }
}

fn full(name: &str) -> String {
    name.chars().filter_map(|c| c.to_pinyin()).map(|p| p.plain()).collect()
}

fn initials(name: &str) -> String {
    name.chars().filter_map(|c| c.to_pinyin()).map(|p| p.first_letter()).collect()
}

/// What stands in the box after each key of a sequence.
pub fn keys(sequence: &str) -> impl Iterator<Item = &str> {
    sequence.char_indices().map(move |(at, c)| &sequence[..at + c.len_utf8()])
}
