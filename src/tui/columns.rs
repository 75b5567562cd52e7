//! The columns of the list of hits: which ones fit a width, and what stands in them.

use super::{
    canvas::{Line, piece, runs},
    label::W,
    theme::Role,
    view::{View, phone},
};
use crate::{
    domain::{Kind, field, phone::key},
    ops::request::{Hit, Place},
};
use unicode_segmentation::UnicodeSegmentation;

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The name, matched letters marked.
    Name,
    /// The customer number.
    Number,
    /// The main phone, matched digits marked.
    Phone,
    /// Why it matched, where nothing else shows it.
    Why,
    /// The city.
    City,
    /// The company.
    Company,
    /// The owner.
    Owner,
    /// The last contact.
    Last,
    /// The next step.
    Next,
}

/// Columns in the order they stand, with head, width and rank (a lower rank is given room first).
const ALL: [(Column, W, u16, u8); 9] = [
    (Column::Name, W::Name, 14, 0),
    (Column::Number, W::Number, 9, 4),
    (Column::Phone, W::Phone, 13, 1),
    (Column::Why, W::Why, 20, 2),
    (Column::City, W::City, 8, 5),
    (Column::Company, W::Company, 16, 8),
    (Column::Owner, W::Owner, 9, 7),
    (Column::Last, W::Last, 10, 3),
    (Column::Next, W::Next, 9, 6),
];

/// The gap between two columns.
const GAP: u16 = 1;

/// The columns that fit into `room` cells with their heads and widths; what is left over goes to the name and the company.
pub fn fitting(room: u16, why: bool) -> Vec<(Column, W, u16)> {
    let mut by_rank: Vec<_> = ALL.iter().filter(|c| why || c.0 != Column::Why).collect();
    by_rank.sort_by_key(|c| c.3);
    let mut left = room;
    let mut chosen = Vec::new();
    for (column, _, wide, _) in by_rank {
        let need = wide + if chosen.is_empty() { 0 } else { GAP };
        if need <= left {
            left -= need;
            chosen.push(*column);
        } else {
            // The name always stands; and no narrow column of a lower rank slips into the gap a wide one leaves, so that
            // a wider window never shows less.
            if chosen.is_empty() {
                chosen.push(*column);
                left = 0;
            }
            break;
        }
    }
    let wide = chosen.contains(&Column::Company);
    ALL.iter()
        .filter(|c| chosen.contains(&c.0))
        .map(|(column, head, w, _)| {
            let extra = match column {
                Column::Name if !wide => left.min(14),
                Column::Name => (left / 2).min(10),
                Column::Company => left - (left / 2).min(10),
                _ => 0,
            };
            (*column, *head, (w + extra).min(room.max(1)))
        })
        .collect()
}

/// What stands in a column for a hit.
pub fn cell(column: Column, hit: &Hit, words: &str, view: View<'_>) -> Line {
    let record = &hit.card.record;
    let totals = &hit.card.totals;
    let text = |f| vec![piece(record.text(f), Role::Text)];
    match column {
        Column::Name => marked_name(hit, view),
        Column::Number => vec![piece(record.text(field::C_NUMBER), Role::Dim)],
        Column::Phone => marked_phone(&phone(record.first(field::C_PHONES)), words),
        Column::Why => {
            reason(hit).map_or(Vec::new(), |(w, text)| vec![piece(format!("{} ", view.word(w)), Role::Dim), piece(text, Role::Match)])
        }
        Column::City => text(field::C_CITY),
        Column::Company => text(field::C_COMPANY),
        Column::Owner => vec![piece(view.name_of(Kind::Staff, record.get(field::C_OWNER)), Role::Dim)],
        Column::Last => vec![piece(totals.last_contact.map_or(String::new(), |m| view.near(m)), Role::Dim)],
        Column::Next => totals.next_at.map_or(Vec::new(), |m| vec![piece(view.near(m), due(view, m))]),
    }
}

/// How a next step looks: overdue, due today, to come.
pub fn due(view: View<'_>, at: crate::domain::Moment) -> Role {
    match view.day_of(at).cmp(&view.today()) {
        std::cmp::Ordering::Less => Role::Bad,
        std::cmp::Ordering::Equal => Role::Warn,
        std::cmp::Ordering::Greater => Role::Good,
    }
}

fn marked_name(hit: &Hit, view: View<'_>) -> Line {
    let name = hit.card.record.text(field::C_NAME);
    if name.is_empty() {
        return vec![piece(view.word(W::NoName), Role::Dim)];
    }
    let marks: Vec<usize> = hit.marks.iter().map(|m| *m as usize).collect();
    marked(name, &|at| marks.contains(&at), Role::Strong)
}

/// The letters for which `hit` holds (by position of character) as matched, the others in `role`.
fn marked(text: &str, hit: &dyn Fn(usize) -> bool, role: Role) -> Line {
    let mut at = 0;
    runs(text.graphemes(true).map(|letter| {
        let from = at;
        at += letter.chars().count();
        (letter, if (from..at).any(hit) { Role::Match } else { role })
    }))
}

/// The phone with the digits that were typed marked.
fn marked_phone(shown: &str, words: &str) -> Line {
    let typed = key(words);
    let places: Vec<usize> = shown.chars().enumerate().filter(|(_, c)| c.is_ascii_digit()).map(|(i, _)| i).collect();
    let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
    let only_phone = words.chars().all(|c| c.is_numeric() || " +-()".contains(c));
    let found = (typed.len() >= 3 && only_phone).then(|| digits.rfind(&typed)).flatten();
    let hit: Vec<usize> = found.map_or(Vec::new(), |from| places.iter().skip(from).take(typed.len()).copied().collect());
    marked(shown, &|at| hit.contains(&at), Role::Text)
}

/// Why a hit matched, when its row would not show it.
pub fn reason(hit: &Hit) -> Option<(W, String)> {
    let record = &hit.card.record;
    let because = hit.because.clone();
    if because.is_empty() {
        return (hit.matched == Place::Pinyin && hit.marks.is_empty()).then(|| (W::Pinyin, record.text(field::C_NAME_LATIN).to_string()));
    }
    match hit.matched {
        Place::Order => Some((W::Order, because)),
        Place::Email => Some((W::Email, because)),
        Place::Social => Some((W::Social, because)),
        Place::Tag => Some((W::Tag, because)),
        Place::Phone if key(&because) != key(record.first(field::C_PHONES)) => Some((W::OtherPhone, phone(&because))),
        Place::Company => Some((W::Company, because)),
        Place::Name | Place::Fuzzy if because != record.text(field::C_NAME) && hit.marks.is_empty() => Some((W::AlsoNamed, because)),
        Place::Pinyin if hit.marks.is_empty() => Some((W::Pinyin, because)),
        Place::City if because != record.text(field::C_CITY) => Some((W::City, because)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_width_never_takes_a_column_away_and_columns_never_overflow() {
        for why in [false, true] {
            let mut before = 0;
            for room in 1..220 {
                let columns = fitting(room, why);
                let used: u16 = columns.iter().map(|c| c.2).sum::<u16>() + GAP * (columns.len() as u16 - 1);
                assert!(used <= room, "{room}: {used}");
                assert!(columns.len() >= before, "{room}");
                before = columns.len();
                assert_eq!(columns[0].0, Column::Name);
            }
        }
    }

    #[test]
    fn typed_digits_are_marked_across_the_gaps_of_a_written_phone() {
        let line = marked_phone("154 0000 6812", "06812");
        let hit: String = line.iter().filter(|p| p.role == Role::Match).map(|p| p.text.as_str()).collect();
        assert_eq!(hit, "06812");
        assert!(marked_phone("154 0000 6812", "zsf").iter().all(|p| p.role != Role::Match));
    }
}
