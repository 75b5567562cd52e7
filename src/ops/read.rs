//! Questions that only read: the search box, the profile, "who is meant by this".

use super::request::{Hit, Hits, Place, Refusal, RefusalKind};
use super::shared::Shared;
use crate::domain::{Card, CustomerId, Kind, Profile, Record, Say, Value, Who, field, fold::fold, phone};
use crate::facts::Version;
use crate::search;

/// The search box: words, or `#` and the number of an order, deal, ticket or contract.
pub fn find(
    shared: &Shared,
    who: &Who,
    words: &str,
    limit: usize,
    cancelled: &(dyn Fn() -> bool + Sync),
    whole: bool,
) -> Result<Hits, Refusal> {
    let version = shared.version();
    if let Some(number) = words.trim().strip_prefix(['#', '＃']) {
        return by_record_number(shared, &version, words, number.trim(), limit);
    }
    let mine = (who.staff != 0).then_some(who.staff);
    let cancelled_say = || Refusal::new(RefusalKind::Cancelled, Say::new("refused.cancelled"));
    let found = search::find(&version, words, limit, cancelled, mine).ok_or_else(cancelled_say)?;
    let hits = found.hits.into_iter().filter_map(|f| {
        let card = version.card(f.id)?;
        Some(Hit { card, matched: f.matched, because: f.because, marks: f.marks, score: f.score })
    });
    Ok(Hits { words: words.to_string(), total: found.total, hits: hits.collect(), partial: !whole })
}

/// Kinds whose numbers `#` looks up, in the order shown.
const NUMBERED: [Kind; 4] = [Kind::Order, Kind::Ticket, Kind::Deal, Kind::Contract];

fn by_record_number(shared: &Shared, version: &Version, words: &str, number: &str, limit: usize) -> Result<Hits, Refusal> {
    let mut hits = Vec::new();
    if !number.is_empty() {
        let store = shared.store()?;
        for kind in NUMBERED {
            for (_, home) in store.numbered(kind, number).map_err(Refusal::store)? {
                let Some(card) = version.card(home.customer) else { continue };
                let because = format!("#{number}");
                hits.push(Hit { card, matched: Place::Order, because, marks: Vec::new(), score: 0 });
            }
        }
    }
    let total = hits.len() as u64;
    hits.truncate(limit);
    Ok(Hits { words: words.to_string(), total, hits, partial: false })
}

/// The 360° profile: the whole record, its newest rows, and who shares a phone.
pub fn profile(shared: &Shared, id: CustomerId) -> Result<Profile, Refusal> {
    let version = shared.version();
    let unknown = || Refusal::impossible(Say::new("refused.unknown-customer").with("words", format!("#{id}")));
    let mut card = version.card(id).ok_or_else(unknown)?;
    let seen = version.seq;
    let (mut rows, all_rows) = match shared.store() {
        Ok(store) => {
            if let Some(record) = store.customer(id).map_err(Refusal::store)? {
                card.record = record;
            }
            let rows = store.rows(id).map_err(Refusal::store)?;
            let all = rows.len() as u64;
            (rows, all)
        }
        // The store is still being opened or rebuilt: the card is what can be seen meanwhile.
        Err(_) => (Vec::new(), 0),
    };
    rows.reverse();
    rows.truncate(Profile::ROWS);
    let same_phone = same_phone(&version, &card);
    Ok(Profile { card, rows, all_rows, seen, same_phone })
}

fn same_phone(version: &Version, card: &Card) -> Vec<(CustomerId, String, String)> {
    let phones = card.record.get(field::C_PHONES).map_or(&[][..], Value::texts);
    let mut ids: Vec<CustomerId> = phones.iter().flat_map(|p| version.by_phone(&phone::key(p))).filter(|id| *id != card.id).collect();
    ids.sort_unstable();
    ids.dedup();
    let named = ids.into_iter().filter_map(|id| version.card(id));
    named.map(|c| (c.id, c.record.number().to_string(), c.record.text(field::C_NAME).to_string())).collect()
}

/// The customer meant by a number, a phone, an e-mail or a unique name.
pub fn named(shared: &Shared, words: &str) -> Result<Profile, Refusal> {
    profile(shared, customer_named(&shared.version(), words)?)
}

/// As [`named`], only the id.
pub fn customer_named(version: &Version, words: &str) -> Result<CustomerId, Refusal> {
    let word = words.trim();
    let digits = phone::key(word);
    let ways = [
        version.by_number(word),
        if digits.len() >= 7 { version.by_phone(&digits) } else { Vec::new() },
        version.by_email(&fold(word)),
        version.by_name(&fold(word)),
    ];
    let found = ways.into_iter().find(|ids| !ids.is_empty()).unwrap_or_default();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => {
            Err(Refusal::impossible(Say::new("refused.unknown-customer").with("words", word))
                .hint(Say::new("hint.find").with("words", word)))
        }
        many => {
            let names: Vec<String> = many.iter().take(5).filter_map(|id| version.card(*id)).map(|c| label(&c.record)).collect();
            let say = Say::new("refused.ambiguous").with("words", word).with("count", many.len()).with("names", names.join(", "));
            Err(Refusal::impossible(say))
        }
    }
}

fn label(record: &Record) -> String {
    format!("{} {}", record.number(), record.text(field::C_NAME))
}
