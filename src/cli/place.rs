//! Where a book is, what day it is, who acts: the global options turned into what the rest needs.

use super::args::Global;
use crate::domain::{Day, Kind, Role, Say, Value, Who, Zone, field, preset};
use crate::ops::clock::{Clock, FixedClock, SystemClock};
use crate::ops::request::{Refusal, RefusalKind};
use crate::ops::{Desk, shared::Shared};
use crate::text::Lang;
use etcetera::{AppStrategy, AppStrategyArgs, choose_app_strategy};
use std::path::PathBuf;
use std::sync::Arc;

/// The book's folder: `--data`, or the platform's data folder.
pub fn book_dir(global: &Global) -> Result<PathBuf, Refusal> {
    if let Some(dir) = &global.data {
        return Ok(dir.clone());
    }
    let app = AppStrategyArgs { top_level_domain: String::new(), author: String::new(), app_name: "guanxi".into() };
    let strategy = choose_app_strategy(app).map_err(|e| Refusal::new(RefusalKind::Config, Say::new("refused.home").with("why", e)))?;
    Ok(strategy.in_data_dir("book"))
}

/// The person's configuration folder.
pub fn config_dir() -> Option<PathBuf> {
    let app = AppStrategyArgs { top_level_domain: String::new(), author: String::new(), app_name: "guanxi".into() };
    choose_app_strategy(app).ok().map(|s| s.config_dir())
}

/// The language: `--lang`, or what the system speaks.
pub fn language(global: &Global) -> Lang {
    match global.lang {
        Some(super::args::LangArg::En) => Lang::En,
        Some(super::args::LangArg::Zh) => Lang::Zh,
        None => {
            let spoken = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|v| std::env::var(v).ok().filter(|t| !t.is_empty()));
            if spoken.is_some_and(|t| t.starts_with("zh")) { Lang::Zh } else { Lang::En }
        }
    }
}

/// The clock: noon of `--today`, or the machine's.
pub fn clock(global: &Global, zone: Zone) -> Result<Arc<dyn Clock>, Refusal> {
    match &global.today {
        None => Ok(Arc::new(SystemClock)),
        Some(text) => {
            let day = Day::parse(text).ok_or_else(|| {
                let say = Say::new("refused.bad-value").with("field", "--today").with("value", text).with("fits", "YYYY-MM-DD");
                Refusal::new(RefusalKind::Usage, say)
            })?;
            Ok(Arc::new(FixedClock::noon(day, zone)))
        }
    }
}

/// The system's zone, when it can be told; China's otherwise.
pub fn system_zone() -> Zone {
    let named = std::env::var("TZ").ok().and_then(|t| Zone::named(t.trim_start_matches(':')));
    let linked = || {
        let target = std::fs::read_link("/etc/localtime").ok()?;
        let text = target.to_string_lossy().into_owned();
        text.split_once("zoneinfo/").and_then(|(_, name)| Zone::named(name))
    };
    named.or_else(linked).unwrap_or_else(Zone::shanghai)
}

/// Zone and currency of a book that is made now: as stated, else the system's zone and the currency that goes with it.
pub fn zone_and_currency(global: &Global) -> Result<(Zone, String), Refusal> {
    let bad = |field: &str, value: &str, fits: &str| {
        let say = Say::new("refused.bad-value").with("field", field).with("value", value).with("fits", fits);
        Refusal::new(RefusalKind::Usage, say)
    };
    let zone = match &global.zone {
        Some(name) => Zone::named(name).ok_or_else(|| bad("--zone", name, "Asia/Shanghai, Europe/Berlin ..."))?,
        None => system_zone(),
    };
    let currency = match &global.currency {
        Some(code) if code.len() == 3 && code.chars().all(|c| c.is_ascii_alphabetic()) => code.to_ascii_uppercase(),
        Some(code) => return Err(bad("--currency", code, "CNY, EUR, USD ...")),
        None => usual_currency(zone).to_string(),
    };
    Ok((zone, currency))
}

/// The currency that usually goes with a zone.
fn usual_currency(zone: Zone) -> &'static str {
    match zone.name() {
        "Europe/London" => "GBP",
        "Asia/Tokyo" => "JPY",
        "Asia/Hong_Kong" => "HKD",
        "Asia/Singapore" => "SGD",
        "Europe/Zurich" => "CHF",
        name if name.starts_with("Europe/") => "EUR",
        name if name.starts_with("Australia/") => "AUD",
        name if name.starts_with("America/") || name.starts_with("US/") => "USD",
        _ => "CNY",
    }
}

/// The operating-system user behind.
pub fn os_user() -> String {
    ["USER", "LOGNAME", "USERNAME"].iter().find_map(|v| std::env::var(v).ok().filter(|t| !t.is_empty())).unwrap_or_else(|| "user".into())
}

/// Who acts: `--as NAME`, or the owner of the book.
pub fn who(global: &Global, desk: &Desk) -> Result<Who, Refusal> {
    let os_user = os_user();
    let Some(name) = &global.acting else { return Ok(Who::owner(&os_user)) };
    desk.ready()?;
    staff_member(desk.shared(), name, &os_user)
}

fn staff_member(shared: &Shared, name: &str, os_user: &str) -> Result<Who, Refusal> {
    let version = shared.version();
    let refs = &version.refs;
    let [id] = refs.find(Kind::Staff, name) else {
        let near = refs.nearest(Kind::Staff, name).unwrap_or("").to_string();
        return Err(Refusal::new(RefusalKind::Usage, Say::new("refused.unknown-staff").with("name", name).with("near", near)));
    };
    let record = refs.get(Kind::Staff, *id);
    let code = record.and_then(|r| r.get(field::S_ROLE)).and_then(Value::code);
    Ok(Who { staff: *id, name: refs.name(Kind::Staff, *id).to_string(), os_user: os_user.to_string(), role: role(code) })
}

/// The role a staff record's code means; sales when it says none.
fn role(code: Option<u32>) -> Role {
    let key = preset::PRESETS.iter().find(|p| p.dict == crate::domain::Dict::StaffRole && Some(p.code) == code).map_or("", |p| p.key);
    match key {
        "support" => Role::Support,
        "analyst" => Role::Analyst,
        "leader" => Role::Leader,
        "admin" => Role::Admin,
        "auditor" => Role::Auditor,
        _ => Role::Rep,
    }
}
