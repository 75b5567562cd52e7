//! The loop of one person at one terminal: messages in, effects out, a frame only when something shown has changed. The
//! first frame is painted before the book is open.

use super::driver::Driver;
use super::tty::Tty;
use crate::domain::{Moment, Who};
use crate::ops::Desk;
use crate::ops::request::{News, Progress, Refusal};
use crate::tui::{Effect, Message, Workbench};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// How often time is told, so that a toast goes and "in 5 min" is true.
const TICK: Duration = Duration::from_secs(1);

/// A book on its way: opened beside the screen.
pub type Opening = Box<dyn FnOnce(Arc<dyn Fn(Progress) + Send + Sync>) -> Result<(Arc<Desk>, Who), Refusal> + Send>;

/// What the loop waits for.
enum Incoming {
    Heard(Message),
    Book(Box<Result<(Arc<Desk>, Who), Refusal>>),
    /// The book turned out to be unusable after it was handed over.
    NoBook(Box<Refusal>),
    /// The system asks the program to end.
    Leave,
}

/// How a session ended.
#[derive(Debug)]
pub enum Farewell {
    /// The person left.
    Left,
    /// The book could not be opened.
    NoBook(Box<Refusal>),
    /// The terminal failed.
    Terminal(std::io::Error),
}

/// Runs a workbench on the person's own terminal until they leave. Closing the book is for whoever opened it.
pub fn run(opening: Opening, now: Moment, make: impl FnOnce((u16, u16)) -> (Workbench, Vec<Effect>)) -> Farewell {
    let (incoming, inbox) = channel();
    let heard = messages(&incoming);
    let leave = incoming.clone();
    let mut tty = match Tty::take(heard.clone(), move || leave.send(Incoming::Leave).is_ok()) {
        Ok(tty) => tty,
        Err(why) => return Farewell::Terminal(why),
    };
    let size = tty.size();
    let (bench, effects) = make(size);
    let mut session = Session { bench, driver: None, waiting: effects, heard, incoming: incoming.clone(), shown: None, size };
    let began = Instant::now();
    if let Err(why) = session.paint(&mut tty) {
        return Farewell::Terminal(why);
    }
    open_beside(opening, incoming, session.heard.clone());
    let farewell = session.listen(&mut tty, &inbox, now, began);
    drop(tty);
    farewell
}

/// A sender of plain messages into the loop.
fn messages(incoming: &Sender<Incoming>) -> Sender<Message> {
    let (heard, relay) = channel();
    let incoming = incoming.clone();
    std::thread::spawn(move || {
        for message in relay {
            if incoming.send(Incoming::Heard(message)).is_err() {
                return;
            }
        }
    });
    heard
}

fn open_beside(opening: Opening, incoming: Sender<Incoming>, heard: Sender<Message>) {
    std::thread::spawn(move || {
        let progress: Arc<dyn Fn(Progress) + Send + Sync> = {
            let heard = std::sync::Mutex::new(heard);
            Arc::new(move |p| {
                let _ = heard.lock().unwrap_or_else(std::sync::PoisonError::into_inner).send(Message::Opening(p));
            })
        };
        let _ = incoming.send(Incoming::Book(Box::new(opening(progress))));
    });
}

struct Session {
    bench: Workbench,
    driver: Option<Driver>,
    /// Effects that wait for the book.
    waiting: Vec<Effect>,
    heard: Sender<Message>,
    incoming: Sender<Incoming>,
    shown: Option<(Buffer, Option<Position>)>,
    /// Columns and rows the workbench was last told.
    size: (u16, u16),
}

impl Session {
    fn listen(&mut self, tty: &mut Tty, inbox: &Receiver<Incoming>, start: Moment, began: Instant) -> Farewell {
        let mut told = Duration::ZERO;
        loop {
            let first = match inbox.recv_timeout((told + TICK).saturating_sub(began.elapsed())) {
                Ok(incoming) => Some(incoming),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return Farewell::Left,
            };
            // Time is told however busy the inbox is, before what was heard, so that nothing is counted from an old moment.
            let passed = began.elapsed();
            if passed >= told + TICK {
                told = passed;
                let ms = start.ms.saturating_add(i64::try_from(passed.as_millis()).unwrap_or(0));
                if let Err(farewell) = self.hear(tty, Incoming::Heard(Message::Tick { now: Moment { ms, ..start } })) {
                    return farewell;
                }
            }
            // What waits is heard before a frame is made: typing ahead costs one frame, not one a key.
            let mut next = first;
            while let Some(incoming) = next {
                match self.hear(tty, incoming) {
                    Ok(false) => {}
                    Ok(true) => return Farewell::Left,
                    Err(farewell) => return farewell,
                }
                next = inbox.try_recv().ok();
            }
            if let Err(why) = self.paint(tty) {
                return Farewell::Terminal(why);
            }
        }
    }

    /// True when the person leaves.
    fn hear(&mut self, tty: &mut Tty, incoming: Incoming) -> Result<bool, Farewell> {
        let effects = match incoming {
            Incoming::Heard(message) => {
                if let Message::Resize { w, h } = message {
                    self.size = (w, h);
                }
                self.bench.update(message)
            }
            Incoming::Leave => return Ok(true),
            Incoming::NoBook(why) => return Err(Farewell::NoBook(why)),
            Incoming::Book(opened) => match *opened {
                Ok((desk, who)) => self.opened(desk, who),
                Err(why) => return Err(Farewell::NoBook(Box::new(why))),
            },
        };
        for effect in effects {
            if self.carry_out(tty, effect).map_err(Farewell::Terminal)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The book can be asked from now on; what was asked before goes on its way.
    fn opened(&mut self, desk: Arc<Desk>, who: Who) -> Vec<Effect> {
        let news = desk.listen();
        let heard = self.heard.clone();
        std::thread::spawn(move || {
            for news in news {
                let message = match news {
                    News::Changed(changes) => Message::Changed(changes),
                    News::Progress(progress) => Message::Opening(progress),
                };
                if heard.send(message).is_err() {
                    return;
                }
            }
        });
        self.tell_when_ready(Arc::clone(&desk));
        self.driver = Some(Driver::new(desk, who, self.heard.clone()));
        std::mem::take(&mut self.waiting)
    }

    /// A book is handed over before its columns and its index are there: once they are, what is known of it is told anew,
    /// which also ends the progress of opening.
    fn tell_when_ready(&self, desk: Arc<Desk>) {
        let (heard, incoming) = (self.heard.clone(), self.incoming.clone());
        std::thread::spawn(move || match desk.ready() {
            Ok(()) => drop(heard.send(Message::Opened(Arc::new(desk.shared().info())))),
            Err(why) => drop(incoming.send(Incoming::NoBook(Box::new(why)))),
        });
    }

    fn carry_out(&mut self, tty: &mut Tty, effect: Effect) -> std::io::Result<bool> {
        match effect {
            Effect::Ask { ticket, request } => match &mut self.driver {
                Some(driver) => driver.ask(ticket, request),
                None => self.waiting.push(Effect::Ask { ticket, request }),
            },
            Effect::Cancel(lane) => {
                if let Some(driver) = &self.driver {
                    driver.cancel(lane);
                }
            }
            Effect::CopyText(text) => tty.copy(&text)?,
            Effect::Title(text) => tty.title(&text)?,
            Effect::Bell => tty.bell()?,
            Effect::Redraw => {
                self.shown = None;
                tty.terminal.clear()?;
            }
            Effect::Quit => return Ok(true),
        }
        Ok(false)
    }

    /// Draws, and sends only when the picture or the caret differs from the last one sent.
    fn paint(&mut self, tty: &mut Tty) -> std::io::Result<()> {
        let area = Rect::new(0, 0, self.size.0, self.size.1);
        let picture = picture(&self.bench, area);
        if self.shown.as_ref() == Some(&picture) {
            return Ok(());
        }
        tty.terminal.draw(|frame| {
            // The terminal may have changed its size since it was asked.
            let common = frame.area().intersection(area);
            for position in common.positions() {
                if let (Some(to), Some(from)) = (frame.buffer_mut().cell_mut(position), picture.0.cell(position)) {
                    *to = from.clone();
                }
            }
            if let Some(position) = picture.1.filter(|p| common.contains(*p)) {
                frame.set_cursor_position(position);
            }
        })?;
        self.shown = Some(picture);
        Ok(())
    }
}

/// The screen as it is now, and where the caret stands.
pub fn picture(bench: &Workbench, area: Rect) -> (Buffer, Option<Position>) {
    let mut buffer = Buffer::empty(area);
    bench.paint(&mut buffer);
    (buffer, bench.cursor())
}
