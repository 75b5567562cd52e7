//! Dictionaries: the lists of codes a book uses for its enumerations (channels, outcomes, stages of life ...). Shipped
//! entries are presets ([`super::preset`]); a book adds its own. Records hold codes; words are looked up here.

use super::{Record, field, fold::fold, fold::nearest, preset::PRESETS};
use std::collections::HashMap;

/// Which dictionary. Stored by its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // The names are the meaning.
pub enum Dict {
    Channel,
    Direction,
    InteractionKind,
    Outcome,
    OrderStatus,
    PayMethod,
    ContractStatus,
    TicketType,
    Severity,
    Gender,
    CustomerKind,
    CustomerRole,
    CustomerType,
    MemberLevel,
    Industry,
    Occupation,
    Education,
    IncomeBand,
    DealOutcome,
    LossReason,
    CampaignKind,
    ResponseKind,
    ResponseGroup,
    LedgerKind,
    Account,
    TagKind,
    EdgeKind,
    StaffRole,
}

impl Dict {
    /// Every dictionary with its stored key.
    pub const ALL: [(Dict, &'static str); 28] = [
        (Dict::Channel, "channel"),
        (Dict::Direction, "direction"),
        (Dict::InteractionKind, "interaction_kind"),
        (Dict::Outcome, "outcome"),
        (Dict::OrderStatus, "order_status"),
        (Dict::PayMethod, "pay_method"),
        (Dict::ContractStatus, "contract_status"),
        (Dict::TicketType, "ticket_type"),
        (Dict::Severity, "severity"),
        (Dict::Gender, "gender"),
        (Dict::CustomerKind, "customer_kind"),
        (Dict::CustomerRole, "customer_role"),
        (Dict::CustomerType, "customer_type"),
        (Dict::MemberLevel, "member_level"),
        (Dict::Industry, "industry"),
        (Dict::Occupation, "occupation"),
        (Dict::Education, "education"),
        (Dict::IncomeBand, "income_band"),
        (Dict::DealOutcome, "deal_outcome"),
        (Dict::LossReason, "loss_reason"),
        (Dict::CampaignKind, "campaign_kind"),
        (Dict::ResponseKind, "response_kind"),
        (Dict::ResponseGroup, "response_group"),
        (Dict::LedgerKind, "ledger_kind"),
        (Dict::Account, "account"),
        (Dict::TagKind, "tag_kind"),
        (Dict::EdgeKind, "edge_kind"),
        (Dict::StaffRole, "staff_role"),
    ];

    /// Its stored key.
    pub fn key(self) -> &'static str {
        Dict::ALL.iter().find(|(d, _)| *d == self).map_or("", |(_, k)| k)
    }

    /// The dictionary of that key.
    pub fn from_key(key: &str) -> Option<Dict> {
        Dict::ALL.iter().find(|(_, k)| *k == key).map(|(d, _)| *d)
    }

    /// Open dictionaries take new values from an import without asking (trades, jobs); the others refuse with the nearest.
    pub fn is_open(self) -> bool {
        matches!(self, Dict::Industry | Dict::Occupation | Dict::CustomerType | Dict::MemberLevel)
    }
}

/// The code of an entry that the book added: this plus the record's id.
pub const OWN: u32 = 1000;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The code that records hold.
    pub code: u32,
    /// Its word in files and in the segment language.
    pub key: String,
    /// English label.
    pub en: String,
    /// Chinese label.
    pub zh: String,
    /// The key that picks it in a popup, if it has one.
    pub hot: Option<char>,
    /// Taken out of use: still shown where it stands, no longer offered.
    pub retired: bool,
}

/// All dictionaries of a book: presets and its own entries.
#[derive(Debug, Clone)]
pub struct Dicts {
    entries: HashMap<Dict, Vec<Entry>>,
    words: HashMap<(Dict, String), u32>,
}

impl Default for Dicts {
    fn default() -> Self {
        let mut dicts = Dicts { entries: HashMap::new(), words: HashMap::new() };
        for p in PRESETS {
            let entry = Entry { code: p.code, key: p.key.into(), en: p.en.into(), zh: p.zh.into(), hot: p.hot, retired: false };
            for also in p.also.split('|').filter(|a| !a.is_empty()) {
                dicts.words.entry((p.dict, fold(also))).or_insert(p.code);
            }
            dicts.put(p.dict, entry);
        }
        dicts
    }
}

impl Dicts {
    /// Adds or replaces an entry.
    pub fn put(&mut self, dict: Dict, entry: Entry) {
        for word in [&entry.key, &entry.en, &entry.zh] {
            if !word.is_empty() {
                self.words.insert((dict, fold(word)), entry.code);
            }
        }
        let list = self.entries.entry(dict).or_default();
        match list.iter_mut().find(|e| e.code == entry.code) {
            Some(old) => *old = entry,
            None => list.push(entry),
        }
    }

    /// Takes in a book's own entry from its record; false when the record is no valid entry.
    pub fn take(&mut self, record: &Record) -> bool {
        let Some(dict) = Dict::from_key(record.text(field::A_DICT)) else { return false };
        let Ok(id) = u32::try_from(record.id) else { return false };
        let retired = record.get(field::A_RETIRED).and_then(super::Value::bool).unwrap_or(false);
        self.put(
            dict,
            Entry {
                code: OWN.saturating_add(id),
                key: record.text(field::A_KEY).to_string(),
                en: record.text(field::A_EN).to_string(),
                zh: record.text(field::A_ZH).to_string(),
                hot: None,
                retired,
            },
        );
        true
    }

    /// Forgets a book's own entry (an undone addition).
    pub fn forget(&mut self, record: &Record) {
        let Some(dict) = Dict::from_key(record.text(field::A_DICT)) else { return };
        let code = OWN.saturating_add(u32::try_from(record.id).unwrap_or(u32::MAX));
        if let Some(list) = self.entries.get_mut(&dict) {
            list.retain(|e| e.code != code);
        }
        self.words.retain(|(d, _), c| !(*d == dict && *c == code));
    }

    /// The entries of a dictionary in order.
    pub fn entries(&self, dict: Dict) -> &[Entry] {
        self.entries.get(&dict).map_or(&[], Vec::as_slice)
    }

    /// The entry of a code.
    pub fn entry(&self, dict: Dict, code: u32) -> Option<&Entry> {
        self.entries(dict).iter().find(|e| e.code == code)
    }

    /// The word of a code in files; "" for a code this book does not have.
    pub fn key(&self, dict: Dict, code: u32) -> &str {
        self.entry(dict, code).map_or("", |e| &e.key)
    }

    /// The code a person means: by key, label in either language or a known other word.
    pub fn code(&self, dict: Dict, word: &str) -> Option<u32> {
        self.words.get(&(dict, fold(word))).copied()
    }

    /// The word nearest to what was written, for "did you mean".
    pub fn nearest(&self, dict: Dict, word: &str) -> Option<&str> {
        let list = self.entries(dict);
        nearest(word, list.iter().flat_map(|e| [e.key.as_str(), e.en.as_str(), e.zh.as_str()]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_in_either_language_finds_its_code() {
        let d = Dicts::default();
        let answered = d.code(Dict::Outcome, "answered");
        assert!(answered.is_some());
        assert_eq!(d.code(Dict::Outcome, "已接通"), answered);
        assert_eq!(d.code(Dict::Outcome, " ANSWERED "), answered);
        assert_eq!(d.nearest(Dict::Outcome, "anwsered"), Some("answered"));
    }

    #[test]
    fn presets_have_no_code_or_hot_key_twice_within_a_dictionary() {
        for (dict, name) in Dict::ALL {
            let mut codes = std::collections::BTreeSet::new();
            let mut hot = std::collections::BTreeSet::new();
            for p in PRESETS.iter().filter(|p| p.dict == dict) {
                assert!(codes.insert(p.code), "{name} {}", p.key);
                assert!(p.hot.is_none_or(|h| hot.insert(h)), "{name} {}", p.key);
                assert!(p.code < OWN);
            }
        }
    }
}
