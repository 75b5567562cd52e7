//! `log`, `history`, `undo`, `redo`: what a person does and takes back.

use super::args::{Global, Log};
use super::{Ended, Io};
use crate::domain::{Dict, Dicts, Moment, Say, Zone, when};
use crate::ops::entropy::Entropy;
use crate::ops::request::{HistoryRow, LogEntry, Refusal, RefusalKind, Reply, Request, Saved};
use crate::text::{self, Lang};

/// `guanxi log CUSTOMER`.
pub fn log(global: &Global, lang: Lang, log: &Log, io: &mut Io<'_>) -> Ended {
    let desk = super::desk(global, io)?;
    let who = super::who(global, &desk, io)?;
    let info = desk.shared().info();
    let now = desk.shared().clock.now();
    let customer = crate::ops::read::customer_named(&desk.shared().version(), &log.customer)?;
    let typed = |text: &Option<String>, lean| text.as_deref().map(|t| date(t, now, info.zone, lean)).transpose();
    let entry = LogEntry {
        customer,
        channel: code(&info.dicts, Dict::Channel, "channel", &log.channel)?,
        direction: Some(code(&info.dicts, Dict::Direction, "direction", &log.direction)?),
        outcome: log.outcome.as_deref().map(|w| code(&info.dicts, Dict::Outcome, "outcome", w)).transpose()?,
        note: log.note.clone(),
        at: typed(&log.at, when::Lean::Past)?,
        next_at: typed(&log.next, when::Lean::Future)?,
        op_id: Entropy::system().id(),
    };
    let Reply::Saved(saved) = desk.ask(&who, Request::Log(entry), &|| false)? else { return Ok(70) };
    said(global, lang, &saved, io)
}

fn code(dicts: &Dicts, dict: Dict, field: &str, word: &str) -> Result<u32, Refusal> {
    dicts.code(dict, word).ok_or_else(|| {
        let fits: Vec<&str> = dicts.entries(dict).iter().filter(|e| !e.retired).map(|e| e.key.as_str()).collect();
        let near = dicts.nearest(dict, word).map_or_else(|| fits.join(", "), str::to_string);
        Refusal::new(RefusalKind::Usage, Say::new("refused.bad-value").with("field", field).with("value", word).with("fits", near))
    })
}

fn date(text: &str, now: Moment, zone: Zone, lean: when::Lean) -> Result<Moment, Refusal> {
    when::parse(text, now, zone, lean).map_err(|_| {
        Refusal::new(
            RefusalKind::Usage,
            Say::new("refused.bad-value").with("field", "date").with("value", text).with("fits", "3d, fri, tomorrow 3pm, 12-05, 下周一"),
        )
    })
}

/// `guanxi undo [SEQ]`.
pub fn undo(global: &Global, lang: Lang, seq: Option<u64>, io: &mut Io<'_>) -> Ended {
    change(global, lang, Request::Undo { seq }, io)
}

/// `guanxi redo`.
pub fn redo(global: &Global, lang: Lang, io: &mut Io<'_>) -> Ended {
    change(global, lang, Request::Redo, io)
}

fn change(global: &Global, lang: Lang, request: Request, io: &mut Io<'_>) -> Ended {
    let desk = super::desk(global, io)?;
    let who = super::who(global, &desk, io)?;
    let Reply::Saved(saved) = desk.ask(&who, request, &|| false)? else { return Ok(70) };
    said(global, lang, &saved, io)
}

/// "saved" is said after the journal is on disk, never before.
fn said(global: &Global, lang: Lang, saved: &Saved, io: &mut Io<'_>) -> Ended {
    if global.json || global.jsonl {
        writeln!(io.out, "{}", serde_json::json!({"seq": saved.seq, "what": text::say(lang, &saved.what)}))?;
    } else {
        writeln!(io.out, "{}  #{}", text::say(lang, &saved.what), saved.seq)?;
    }
    io.out.flush()?;
    Ok(0)
}

/// `guanxi history [CUSTOMER]`.
pub fn history(global: &Global, lang: Lang, customer: Option<&str>, limit: usize, io: &mut Io<'_>) -> Ended {
    let desk = super::desk(global, io)?;
    let who = super::who(global, &desk, io)?;
    let customer = customer.map(|c| crate::ops::read::customer_named(&desk.shared().version(), c)).transpose()?;
    let Reply::History(rows) = desk.ask(&who, Request::History { customer, limit }, &|| false)? else { return Ok(70) };
    let zone = desk.shared().book.zone;
    if global.json {
        let list: Vec<_> = rows.iter().map(|r| json(lang, zone, r)).collect();
        writeln!(io.out, "{}", serde_json::Value::Array(list))?;
        return Ok(0);
    }
    for row in &rows {
        if global.jsonl {
            writeln!(io.out, "{}", json(lang, zone, row))?;
        } else {
            let undone = row.undone_by.map_or_else(String::new, |by| format!("  ({} #{by})", text::label(lang, "label.undone-by")));
            writeln!(io.out, "#{:<8} {}  {}  {}{undone}", row.seq, zone.write(row.at), row.who, text::say(lang, &row.what))?;
        }
    }
    Ok(0)
}

fn json(lang: Lang, zone: Zone, row: &HistoryRow) -> serde_json::Value {
    serde_json::json!({
        "seq": row.seq, "at": zone.write(row.at), "who": row.who, "what": text::say(lang, &row.what),
        "customer": row.customer.as_ref().map(|(_, number, _)| number), "undone_by": row.undone_by,
    })
}
