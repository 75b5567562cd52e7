//! A small Desk in memory: it answers the workbench's questions from the invented people, so that the pure screen state
//! can be driven. It keeps every change, so that undo really takes back.

use super::people;
use guanxi::domain::{
    BookInfo, Card, ChangeSet, CustomerId, Day, Dicts, Kind, Op, Profile, Record, RecordId, Refs, RowSet, Say, Seq, Totals, Value, Zone,
    field, fold::fold, phone,
};
use guanxi::ops::request::{HistoryRow, Hit, Hits, Place, Refusal, RefusalKind, Reply, Request, Saved};
use std::collections::BTreeMap;
use std::sync::Arc;

struct Commit {
    ops: Vec<Op>,
    what: Say,
    customer: Option<CustomerId>,
    undone_by: Option<Seq>,
    undoes: Option<Seq>,
}

pub struct Desk {
    pub records: BTreeMap<(Kind, RecordId), Record>,
    marks: BTreeMap<CustomerId, Vec<RecordId>>,
    commits: Vec<Commit>,
    pub asked: Vec<Request>,
    pub refuse_next: Option<RefusalKind>,
    op_ids: BTreeMap<u128, Seq>,
    next: u64,
}

impl Desk {
    pub fn new() -> Desk {
        let all = people::references().into_iter().chain(people::customers()).chain(people::rows());
        let records = all.map(|r| ((r.kind, r.id), r)).collect();
        let marks = BTreeMap::from([(1, vec![1, 2])]);
        Desk { records, marks, commits: Vec::new(), asked: Vec::new(), refuse_next: None, op_ids: BTreeMap::new(), next: 1_000 }
    }

    pub fn book(&self) -> Arc<BookInfo> {
        let mut refs = Refs::default();
        for r in self.records.values().filter(|r| r.kind.is_reference()) {
            refs.put(r.clone());
        }
        Arc::new(BookInfo {
            id: "b".into(),
            name: "demo".into(),
            zone: Zone::shanghai(),
            currency: "CNY".into(),
            today: Day::from_ymd(2026, 11, 20).unwrap(),
            fixed_day: true,
            dicts: Arc::new(Dicts::default()),
            refs: Arc::new(refs),
            customers: 36,
            seq: self.seq(),
        })
    }

    fn seq(&self) -> Seq {
        self.commits.len() as u64
    }

    fn rows(&self, id: CustomerId) -> Vec<Record> {
        let mut rows: Vec<Record> = self.records.values().filter(|r| r.kind.is_row() && r.customer() == id).cloned().collect();
        rows.sort_by_key(|r| std::cmp::Reverse((r.moment().ms, r.id)));
        rows
    }

    fn card(&self, id: CustomerId) -> Option<Card> {
        let record = self.records.get(&(Kind::Customer, u64::from(id)))?.clone();
        let totals = Totals::of(&self.rows(id));
        Some(Card { id, record, tags: self.marks.get(&id).cloned().unwrap_or_default(), totals })
    }

    pub fn profile(&self, id: CustomerId) -> Option<Profile> {
        let card = self.card(id)?;
        let mine: Vec<String> = card.record.get(field::C_PHONES).map_or(Vec::new(), |v| v.texts().iter().map(|p| phone::key(p)).collect());
        let shares = |r: &&Record| {
            r.kind == Kind::Customer
                && r.id != u64::from(id)
                && r.get(field::C_PHONES).is_some_and(|v| v.texts().iter().any(|p| mine.contains(&phone::key(p))))
        };
        let same_phone = self
            .records
            .values()
            .filter(shares)
            .map(|r| (r.id as u32, r.text(field::C_NUMBER).into(), r.text(field::C_NAME).into()))
            .collect();
        let rows = self.rows(id);
        Some(Profile { card, all_rows: rows.len() as u64, rows, seen: self.seq(), same_phone })
    }

    /// Answers, and says what changed.
    pub fn answer(&mut self, request: Request) -> (Result<Reply, Refusal>, Option<Arc<ChangeSet>>) {
        self.asked.push(request.clone());
        let writes = !matches!(
            request,
            Request::Book | Request::Find { .. } | Request::Profile { .. } | Request::Named { .. } | Request::History { .. }
        );
        if writes && let Some(kind) = self.refuse_next.take() {
            if kind == RefusalKind::Unknown {
                // It is saved, only nobody heard: asking again must not save twice.
                let _ = self.write(&request);
            }
            let say = Say::new("refused.read-only").with("why", "the disk is full");
            return (Err(Refusal { kind, say, hint: None }), None);
        }
        match &request {
            Request::Book => (Ok(Reply::Book(self.book())), None),
            Request::Find { words, limit } => (Ok(Reply::Hits(self.find(words, *limit))), None),
            Request::Profile { customer } => (self.profile(*customer).map(|p| Reply::Profile(Box::new(p))).ok_or_else(nobody), None),
            Request::Named { words } => {
                let hit = self.find(words, 1).hits.first().map(|h| h.card.id);
                (hit.and_then(|id| self.profile(id)).map(|p| Reply::Profile(Box::new(p))).ok_or_else(nobody), None)
            }
            Request::History { customer, limit } => (Ok(Reply::History(self.history(*customer, *limit))), None),
            _ => match self.write(&request) {
                Ok(saved) => {
                    let ops = self.commits.last().map_or(Vec::new(), |c| c.ops.clone());
                    (Ok(Reply::Saved(saved.clone())), Some(Arc::new(ChangeSet { seq: saved.seq, ops })))
                }
                Err(why) => (Err(why), None),
            },
        }
    }

    fn find(&self, words: &str, limit: usize) -> Hits {
        let mut hits = Vec::new();
        for r in self.records.values().filter(|r| r.kind == Kind::Customer) {
            let found: Option<Vec<_>> = words.split_whitespace().map(|w| self.fits(r, w)).collect();
            let Some(found) = found.filter(|f| !f.is_empty()) else { continue };
            let Some(card) = self.card(r.id as u32) else { continue };
            let (matched, because, marks) = found.into_iter().next().unwrap();
            hits.push(Hit { card, matched, because, marks, score: -(r.id as i64) });
        }
        let total = hits.len() as u64;
        hits.truncate(limit);
        Hits { words: words.to_string(), total, hits, partial: false }
    }

    fn fits(&self, r: &Record, word: &str) -> Option<(Place, String, Vec<u32>)> {
        let folded = fold(word);
        let name = r.text(field::C_NAME);
        if let Some(at) = fold(name).find(&folded) {
            let from = fold(name)[..at].chars().count() as u32;
            return Some((Place::Name, String::new(), (from..from + folded.chars().count() as u32).collect()));
        }
        if let Some(number) = word.strip_prefix('#') {
            let order = self
                .records
                .values()
                .find(|o| o.kind == Kind::Order && o.text(field::O_NUMBER) == number && o.customer() == r.id as u32)?;
            return Some((Place::Order, order.text(field::O_NUMBER).into(), Vec::new()));
        }
        let texts = |f| r.get(f).map_or(Vec::new(), |v: &Value| v.texts().to_vec());
        let digits = phone::key(word);
        if digits.len() >= 3
            && let Some(p) = texts(field::C_PHONES).into_iter().find(|p| phone::key(p).contains(&digits))
        {
            return Some((Place::Phone, p, Vec::new()));
        }
        let latin = fold(r.text(field::C_NAME_LATIN));
        let (family, given) = latin.split_once(' ').unwrap_or(("", ""));
        let syllables: &[&str] = match given {
            "sanfeng" => &["san", "feng"],
            "xiaoyang" => &["xiao", "yang"],
            _ => &[],
        };
        let initials: String = std::iter::once(family)
            .chain(syllables.iter().copied().chain((syllables.is_empty()).then_some(given)))
            .filter_map(|s| s.chars().next())
            .collect();
        if !latin.is_empty() && (initials.starts_with(&folded) || latin.replace(' ', "").starts_with(&folded)) {
            return Some((Place::Pinyin, String::new(), (0..folded.len().min(initials.len()) as u32).collect()));
        }
        if let Some(e) = texts(field::C_EMAILS).into_iter().find(|e| e.contains(&folded)) {
            return Some((Place::Email, e, Vec::new()));
        }
        let city = match r.text(field::C_CITY) {
            "杭州" => "hz",
            "苏州" => "sz",
            _ => "",
        };
        if !city.is_empty() && city == folded {
            return Some((Place::City, r.text(field::C_CITY).into(), Vec::new()));
        }
        fold(r.text(field::C_COMPANY)).contains(&folded).then(|| (Place::Company, r.text(field::C_COMPANY).into(), Vec::new()))
    }

    fn history(&self, customer: Option<CustomerId>, limit: usize) -> Vec<HistoryRow> {
        let name = |id: CustomerId| self.records.get(&(Kind::Customer, u64::from(id))).map_or("", |r| r.text(field::C_NAME)).to_string();
        let rows = self.commits.iter().enumerate().filter(|(_, c)| customer.is_none() || c.customer == customer).map(|(i, c)| HistoryRow {
            seq: i as u64 + 1,
            at: people::at("2026-11-20 10:00"),
            who: "沈知微".into(),
            what: c.what.clone(),
            customer: c.customer.map(|id| (id, format!("C{id:05}"), name(id))),
            undone_by: c.undone_by,
        });
        let mut rows: Vec<HistoryRow> = rows.collect();
        rows.reverse();
        rows.truncate(limit);
        rows
    }

    fn name(&self, id: CustomerId) -> String {
        self.records.get(&(Kind::Customer, u64::from(id))).map_or(String::new(), |r| r.text(field::C_NAME).to_string())
    }

    fn write(&mut self, request: &Request) -> Result<Saved, Refusal> {
        let id = self.next;
        self.next += 1;
        let (ops, what, customer, made, undoes) = match request {
            Request::Log(e) => {
                if let Some(seq) = self.op_ids.get(&e.op_id) {
                    let what = Say::new("done.logged").with("name", self.name(e.customer));
                    return Ok(Saved { seq: *seq, what, made: None, customer: Some(e.customer) });
                }
                self.op_ids.insert(e.op_id, self.seq() + 1);
                let mut r = Record::new(Kind::Interaction, id)
                    .with(field::I_CUSTOMER, Value::Ref(u64::from(e.customer)))
                    .with(field::I_AT, Value::Moment(e.at.unwrap_or_else(|| people::at("2026-11-20 10:00"))))
                    .with(field::I_CHANNEL, Value::Code(e.channel))
                    .with(field::I_BY, Value::Ref(1))
                    .with(field::I_NOTE, Value::Text(e.note.clone()));
                r.set(field::I_OUTCOME, e.outcome.map(Value::Code));
                r.set(field::I_NEXT_AT, e.next_at.map(Value::Moment));
                (
                    vec![Op::New(r)],
                    Say::new("done.logged").with("name", self.name(e.customer)),
                    Some(e.customer),
                    Some((Kind::Interaction, id)),
                    None,
                )
            }
            Request::Edit { edits } => {
                let mut ops = Vec::new();
                for e in edits {
                    let before = self.records.get(&(e.kind, e.id)).and_then(|r| r.get(e.field)).cloned();
                    ops.push(Op::Set { kind: e.kind, id: e.id, home: e.home, field: e.field, before, after: e.value.clone() });
                }
                let first = edits.first().ok_or_else(nobody)?;
                let key = field::spec(first.field).map_or("", |s| s.key);
                let what = Say::new("done.edited").with("field", key).with("name", self.name(first.id as u32));
                (ops, what, Some(first.id as u32), None, None)
            }
            Request::Add { kind, fields } => {
                let mut r = Record::new(*kind, id);
                for (f, v) in fields {
                    r.set(*f, Some(v.clone()));
                }
                let customer = if *kind == Kind::Customer { id as u32 } else { r.customer() };
                let name = if *kind == Kind::Customer { r.text(field::C_NAME).to_string() } else { self.name(customer) };
                let what = Say::new("done.added").with("kind", kind.plural()).with("name", name);
                (vec![Op::New(r)], what, Some(customer), Some((*kind, id)), None)
            }
            Request::Mark { tag, on, rows } => {
                let known = self.records.values().find(|r| r.kind == Kind::Tag && r.text(field::G_NAME) == tag).map(|r| r.id);
                let mut ops = Vec::new();
                let tag_id = known.unwrap_or(id);
                if known.is_none() {
                    ops.push(Op::New(Record::new(Kind::Tag, id).with(field::G_NAME, Value::Text(tag.clone()))));
                }
                ops.push(Op::Mark { tag: tag_id, on: *on, rows: rows.clone() });
                let code = if *on { "done.tagged" } else { "done.untagged" };
                (ops, Say::new(code).with("count", rows.len()).with("tag", tag), rows.iter().next(), None, None)
            }
            Request::Undo { seq } => self.inverse(*seq, false)?,
            Request::Redo => self.inverse(None, true)?,
            _ => return Err(nobody()),
        };
        for op in &ops {
            self.apply(op);
        }
        let seq = self.seq() + 1;
        if let Some(old) = undoes {
            let first = self.commits.get_mut(old as usize - 1).and_then(|c| {
                c.undone_by = Some(seq);
                c.undoes
            });
            // What took back a taking-back leaves the first change standing.
            if let Some(c) = first.and_then(|first| self.commits.get_mut(first as usize - 1)) {
                c.undone_by = None;
            }
        }
        self.commits.push(Commit { ops, what: what.clone(), customer, undone_by: None, undoes });
        Ok(Saved { seq, what, made, customer })
    }

    #[allow(clippy::type_complexity)]
    fn inverse(
        &self,
        seq: Option<Seq>,
        redo: bool,
    ) -> Result<(Vec<Op>, Say, Option<CustomerId>, Option<(Kind, RecordId)>, Option<Seq>), Refusal> {
        let open = |c: &&(usize, &Commit)| c.1.undone_by.is_none() && c.1.undoes.is_some() == redo;
        let all: Vec<(usize, &Commit)> = self.commits.iter().enumerate().collect();
        let found = match seq {
            Some(seq) => all.get(seq as usize - 1),
            None => all.iter().rev().find(open),
        };
        let code = if redo { "refused.nothing-to-redo" } else { "refused.nothing-to-undo" };
        let (at, commit) = found.ok_or_else(|| Refusal { kind: RefusalKind::Impossible, say: Say::new(code), hint: None })?;
        let ops = commit.ops.iter().rev().map(Op::inverse).collect();
        let mut what = Say::new(if redo { "done.redone" } else { "done.undone" }).with("what", commit.what.code);
        what.args.extend(commit.what.args.iter().filter(|(n, _)| *n != "what").cloned());
        Ok((ops, what, commit.customer, None, Some(*at as u64 + 1)))
    }

    fn apply(&mut self, op: &Op) {
        match op {
            Op::New(r) => {
                self.records.insert((r.kind, r.id), r.clone());
            }
            Op::Gone(r) => {
                self.records.remove(&(r.kind, r.id));
            }
            Op::Set { kind, id, field, after, .. } => {
                if let Some(r) = self.records.get_mut(&(*kind, *id)) {
                    r.set(*field, after.clone());
                }
            }
            Op::Mark { tag, on, rows } => self.mark(*tag, *on, rows),
        }
    }

    fn mark(&mut self, tag: RecordId, on: bool, rows: &RowSet) {
        for id in rows.iter() {
            let tags = self.marks.entry(id).or_default();
            tags.retain(|t| *t != tag);
            if on {
                tags.push(tag);
                tags.sort_unstable();
            }
        }
    }
}

fn nobody() -> Refusal {
    Refusal { kind: RefusalKind::Impossible, say: Say::new("refused.unknown-customer").with("words", "?"), hint: None }
}
