//! `generate`: a new book with a reproducible synthetic business.

use super::args::{Generate, Global};
use super::{Book, Ended, Io, bar, bar_done, listen, place, tell};
use crate::domain::{Day, Say, Who, Zone};
use crate::ops::generate;
use crate::ops::open::{self, Options};
use crate::ops::request::{Refusal, RefusalKind};
use crate::ops::synthetic::{Plan, Synthetic};
use crate::text::Lang;
use std::sync::Arc;
use std::time::Instant;

/// History ends here unless `--today` says otherwise.
const END: (i32, u32, u32) = (2025, 12, 31);

/// `guanxi generate DIR`.
pub fn generate(global: &Global, lang: Lang, g: &Generate, io: &mut Io<'_>) -> Ended {
    let zone = Zone::shanghai();
    let end = match &global.today {
        Some(text) => Day::parse(text).ok_or_else(|| {
            Refusal::new(
                RefusalKind::Usage,
                Say::new("refused.bad-value").with("field", "--today").with("value", text).with("fits", "YYYY-MM-DD"),
            )
        })?,
        None => Day::from_ymd(END.0, END.1, END.2).unwrap_or(Day(0)),
    };
    let n = u64::from(g.customers);
    let plan = Plan {
        customers: g.customers,
        orders: g.orders.unwrap_or(n * 5),
        interactions: g.interactions.unwrap_or(n * 3),
        events: g.events.unwrap_or(n * 2),
        deals: g.deals.unwrap_or(n / 20),
        seed: g.seed,
        end,
        zone,
    };
    let began = Instant::now();
    let show = bar(lang, io);
    let socket = listen::address(&g.dir);
    let options = Options { socket: socket.clone(), ..Options::real(&g.dir, place::clock(global, zone)?) };
    let desk = Book::opened(Arc::new(open::create(options, zone, "CNY", super::trust::quiet())?), &socket);
    let who = Who::owner(&place::os_user());
    generate::fill(&desk, &who, &Synthetic::new(plan), &|p| show(p))?;
    bar_done(io);
    let seconds = format!("{:.1}", began.elapsed().as_secs_f64());
    tell(io, lang, &Say::new("done.generated").with("dir", g.dir.display()).with("customers", g.customers).with("seconds", seconds))?;
    io.out.flush()?;
    Ok(0)
}
