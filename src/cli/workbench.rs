//! `guanxi`, `demo`, `play`: the workbench on a book, on the sample business, or driven by a key string.

use super::args::{Global, Play};
use super::listen::{self, Listener};
use super::{Book, Ended, Io, place};
use crate::domain::{Kind, Moment, Role, Say, Who, Zone};
use crate::keymap::{Keymap, Source};
use crate::ops::clock::{Clock, FixedClock, SystemClock};
use crate::ops::entropy::Entropy;
use crate::ops::open::{self, OnProgress, Options};
use crate::ops::request::{Refusal, RefusalKind};
use crate::ops::{Desk, demo as sample};
use crate::session::{Farewell, Opening, Script, run};
use crate::text::{self, Lang};
use crate::tui::{Depth, Effect, Glyphs, Ground, Setup, Theme, Workbench};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// `guanxi`: the workbench on the person's book; a first run offers the choices.
pub fn open(global: &Global, lang: Lang, io: &mut Io<'_>) -> Ended {
    let dir = place::book_dir(global)?;
    if !open::is_book(&dir) {
        return first_run(global, lang, &dir, io);
    }
    let zone = open::zone_of(&dir).unwrap_or_else(place::system_zone);
    let clock = place::clock(global, zone)?;
    let options = Options { socket: listen::address(&dir), ..Options::real(&dir, Arc::clone(&clock)) };
    let global_then = global.clone();
    let table = Table::default();
    let theirs = table.clone();
    let opening: Opening = Box::new(move |progress| {
        let socket = options.socket.clone();
        let desk = Arc::new(open::open(options, progress)?);
        theirs.set(&desk, &socket);
        let who = place::who(&global_then, &desk)?;
        Ok((desk, who))
    });
    let owner = Who::owner(&place::os_user());
    let seated = Who { name: global.acting.clone().unwrap_or_else(|| owner.name.clone()), ..owner };
    sit_down(global, lang, opening, clock.now(), seated, table, io)
}

/// What can be done where no book is yet.
fn first_run(global: &Global, lang: Lang, dir: &Path, io: &mut Io<'_>) -> Ended {
    let (zone, currency) = place::zone_and_currency(global)?;
    writeln!(
        io.err,
        "{}",
        text::say(lang, &Say::new("first-run.choices").with("dir", dir.display()).with("zone", zone.name()).with("currency", &currency))
    )?;
    let mut line = String::new();
    if io.terminal {
        std::io::stdin().read_line(&mut line)?;
    }
    match line.trim() {
        "" if io.terminal => {
            let clock = place::clock(global, zone)?;
            open::create(Options::real(dir, clock), zone, &currency, super::trust::quiet())?.close();
            open(global, lang, io)
        }
        "d" | "demo" => demo(global, lang, None, false, io),
        _ => Ok(0),
    }
}

/// `guanxi demo`: the sample business on its own day, in a folder of its own.
pub fn demo(global: &Global, lang: Lang, dir: Option<&Path>, now: bool, io: &mut Io<'_>) -> Ended {
    let place = DemoPlace::new(dir)?;
    let (clock, weeks) = demo_clock(global, now)?;
    let start = clock.now();
    let folder = place.dir.clone();
    // A folder of the demo's own is known to nobody who could come by.
    let socket = if place.ours.is_some() { PathBuf::new() } else { listen::address(&folder) };
    let table = Table::default();
    let theirs = table.clone();
    let opening: Opening = Box::new(move |progress| {
        let options = Options { socket: socket.clone(), ..Options::real(&folder, clock) };
        let desk = demo_desk(options, weeks, progress, &|desk| theirs.set(desk, &socket))?;
        let who = demo_person(&desk);
        Ok((desk, who))
    });
    let seated = Who { name: DEMO_PERSON.to_string(), ..Who::owner(&place::os_user()) };
    sit_down(global, lang, opening, start, seated, table, io)
}

/// Where the open book is laid, so that others are served beside the workbench and it is closed in order.
#[derive(Clone, Default)]
struct Table(Arc<Mutex<Option<Book>>>);

impl Table {
    fn set(&self, desk: &Arc<Desk>, socket: &Path) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Book::opened(Arc::clone(desk), socket));
    }

    /// Closes the book; whoever waits is told for what.
    fn clear(&self, lang: Lang, io: &mut Io<'_>) -> std::io::Result<()> {
        let book = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let others = book.as_ref().and_then(|b| b.listener.as_ref()).map_or(0, Listener::working);
        if others > 0 {
            writeln!(io.err, "{}", text::say(lang, &Say::new("forward.finishing").with("count", others)))?;
        }
        drop(book);
        Ok(())
    }
}

/// The sample business's name.
const DEMO_NAME: &str = "子虚山咖啡";

/// The demo's folder; one of its own is gone afterwards.
struct DemoPlace {
    /// The book's folder; its name is what people read.
    dir: PathBuf,
    /// A folder of ours to be taken away.
    ours: Option<PathBuf>,
}

impl DemoPlace {
    fn new(dir: Option<&Path>) -> Result<DemoPlace, Refusal> {
        if let Some(dir) = dir {
            return Ok(DemoPlace { dir: dir.to_path_buf(), ours: None });
        }
        let name = format!("guanxi-demo-{}-{:x}", std::process::id(), Entropy::system().id() >> 96);
        let ours = std::env::temp_dir().join(name);
        Ok(DemoPlace { dir: ours.join(DEMO_NAME), ours: Some(ours) })
    }
}

impl Drop for DemoPlace {
    fn drop(&mut self) {
        if let Some(ours) = &self.ours {
            let _ = std::fs::remove_dir_all(ours);
        }
    }
}

/// The sample's day, or the present with the sample moved by whole weeks.
fn demo_clock(global: &Global, now: bool) -> Result<(Arc<dyn Clock>, i32), Refusal> {
    let zone = Zone::shanghai();
    let day = sample::today();
    if !now {
        let clock: Arc<dyn Clock> = match &global.today {
            Some(_) => place::clock(global, zone)?,
            None => Arc::new(FixedClock::noon(day, zone)),
        };
        return Ok((clock, 0));
    }
    let weeks = SystemClock.today(zone).since(day).div_euclid(7);
    Ok((Arc::new(SystemClock), weeks))
}

/// Opens the demo's book, making it first when the folder has none; `opened` hears of the Desk as soon as there is one.
fn demo_desk(options: Options, weeks: i32, progress: OnProgress, opened: &dyn Fn(&Arc<Desk>)) -> Result<Arc<Desk>, Refusal> {
    if open::is_book(&options.dir) {
        let desk = Arc::new(open::open(options, progress)?);
        opened(&desk);
        desk.ready()?;
        return Ok(desk);
    }
    let desk = Arc::new(open::create(options, Zone::shanghai(), "CNY", Arc::clone(&progress))?);
    opened(&desk);
    desk.ready()?;
    sample::load(&desk, &Who::owner(&place::os_user()), weeks, &|p| progress(p))?;
    Ok(desk)
}

/// The salesperson who sits at the demo.
const DEMO_PERSON: &str = "周牧野";

/// Who sits at the demo: the salesperson whose week the story tells, or the owner when the sample has no staff.
pub fn demo_person(desk: &Desk) -> Who {
    let version = desk.shared().version();
    let os_user = place::os_user();
    match version.refs.find(Kind::Staff, DEMO_PERSON).first() {
        Some(id) => Who { staff: *id, name: DEMO_PERSON.to_string(), os_user, role: Role::Admin },
        None => Who::owner(&os_user),
    }
}

/// `seated` is who the screen says sits here; who acts is decided when the book is open.
fn sit_down(global: &Global, lang: Lang, opening: Opening, now: Moment, seated: Who, table: Table, io: &mut Io<'_>) -> Ended {
    if !io.terminal {
        return Err(Refusal::new(RefusalKind::Usage, Say::new("refused.no-terminal")).into());
    }
    let keymap = keymap()?;
    let theme = theme(global);
    let farewell = run(opening, now, move |size| bench(lang, keymap, theme, now, size, seated));
    table.clear(lang, io)?;
    match farewell {
        Farewell::Left => Ok(0),
        Farewell::NoBook(why) => Err((*why).into()),
        Farewell::Terminal(why) => Err(why.into()),
    }
}

fn bench(lang: Lang, keymap: Arc<Keymap>, theme: Theme, now: Moment, size: (u16, u16), who: Who) -> (Workbench, Vec<Effect>) {
    let mut entropy = Entropy::system();
    let op_ids = Box::new(move || entropy.id());
    Workbench::open(Setup { lang, keymap, theme, glyphs: glyphs(), now, size, who, op_ids })
}

/// The person's own keymap on top of the shipped one; every mistake in it is told at once.
pub(super) fn keymap() -> Result<Arc<Keymap>, Refusal> {
    let path = place::config_dir().map(|d| d.join("keymap.toml"));
    let Some((path, own)) = path.and_then(|p| std::fs::read_to_string(&p).ok().map(|t| (p, t))) else {
        let shipped = Keymap::shipped("default");
        return shipped
            .map(Arc::new)
            .ok_or_else(|| Refusal::new(RefusalKind::Config, Say::new("refused.keymap").with("file", "default").with("why", "")));
    };
    let name = path.display().to_string();
    Keymap::with_user(Source { name: &name, text: &own }).map(Arc::new).map_err(|lints| {
        let all: Vec<String> = lints.iter().map(ToString::to_string).collect();
        Refusal::new(RefusalKind::Config, Say::new("refused.keymap").with("file", name).with("why", all.join("; ")))
    })
}

/// Colours by what the terminal says of itself.
fn theme(global: &Global) -> Theme {
    let set = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
    let term = set("TERM").unwrap_or_default();
    let depth = if global.no_color || set("NO_COLOR").is_some() || term == "dumb" {
        Depth::Plain
    } else if set("COLORTERM").is_some_and(|c| c.contains("truecolor") || c.contains("24bit")) {
        Depth::True
    } else if term.contains("256") {
        Depth::Many
    } else {
        Depth::Sixteen
    };
    // COLORFGBG is "letters;ground"; grounds 7 and 15 are light.
    let light = set("COLORFGBG").is_some_and(|c| c.ends_with(";7") || c.ends_with(";15"));
    Theme { depth, ground: if light { Ground::Light } else { Ground::Dark } }
}

/// Drawn signs in Unicode where the locale speaks it.
fn glyphs() -> Glyphs {
    let spoken = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|v| std::env::var(v).ok().filter(|t| !t.is_empty()));
    let ascii = spoken.is_some_and(|t| t == "C" || t == "POSIX");
    if ascii { crate::tui::glyph::ASCII } else { crate::tui::glyph::UNICODE }
}

/// `guanxi play "KEYS"`.
pub fn play(global: &Global, lang: Lang, args: &Play, io: &mut Io<'_>) -> Ended {
    let usage = |field: &str, value: &str, fits: &str| {
        Refusal::new(RefusalKind::Usage, Say::new("refused.bad-value").with("field", field).with("value", value).with("fits", fits))
    };
    let size = size(&args.size).ok_or_else(|| usage("--size", &args.size, "80x24"))?;
    let place = if args.demo { Some(DemoPlace::new(None)?) } else { None };
    let (book, who) = match &place {
        Some(p) => {
            let options = Options::real(&p.dir, demo_clock(global, false)?.0);
            let desk = demo_desk(options, 0, super::trust::quiet(), &|_| {})?;
            let who = demo_person(&desk);
            (Book::opened(desk, Path::new("")), who)
        }
        None => {
            let book = super::desk(global, io)?;
            let who = place::who(global, &book)?;
            (book, who)
        }
    };
    let desk = Arc::clone(&book.desk);
    let now = desk.shared().clock.now();
    let (bench, effects) = bench(lang, keymap()?, theme(global), now, size, who.clone());
    let mut script = Script::start(Arc::clone(&desk), who, size, bench, effects);
    script.play(&args.keys).map_err(|piece| usage("KEYS", &piece, "<tab>, <enter>, <ctrl-z>, +text"))?;
    if args.print {
        io.out.write_all(script.screen().as_bytes())?;
    }
    drop(script);
    drop(book);
    Ok(0)
}

/// `80x24` as columns and rows.
fn size(text: &str) -> Option<(u16, u16)> {
    let (w, h) = text.split_once(['x', 'X', '×'])?;
    let (w, h) = (w.parse().ok()?, h.parse().ok()?);
    ((1..=1000).contains(&w) && (1..=500).contains(&h)).then_some((w, h))
}
