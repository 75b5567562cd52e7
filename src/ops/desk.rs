//! The Desk: the one door to the business. It answers questions from the published facts and the store, and hands changes
//! to the writer. Rights are checked here, and nowhere else.

use super::request::{News, Refusal, RefusalKind, Reply, Request, Saved};
use super::scene::Scene;
use super::shared::Shared;
use super::trail::Trail;
use super::writer::{Bodies, Job, Make, Writer};
use super::{change, read, undo};
use crate::domain::{Kind, Right, Say, Seq, Who};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;

/// The door. Dropping the last handle finishes the writer.
pub struct Desk {
    shared: Arc<Shared>,
    trail: Arc<Mutex<Trail>>,
    jobs: Sender<Job>,
    ready: Arc<Ready>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

/// Whether the whole book is open (or why it could not be), and a bell for those who wait.
type Ready = (Mutex<Option<Result<(), Refusal>>>, Condvar);

/// Asked between steps of longer work: has the question been withdrawn?
pub type Cancelled<'a> = &'a (dyn Fn() -> bool + Sync);

impl Desk {
    /// Starts the writer's thread: it settles the book, says so, and takes jobs.
    pub(super) fn start<F>(shared: Arc<Shared>, settle: F) -> Desk
    where
        F: FnOnce(&Arc<Shared>, Receiver<Job>) -> Result<Writer, Refusal> + Send + 'static,
    {
        let (jobs, inbox) = channel();
        let ready: Arc<Ready> = Arc::default();
        let trail = Arc::new(Mutex::new(Trail::default()));
        let (their_shared, their_ready, their_trail) = (Arc::clone(&shared), Arc::clone(&ready), Arc::clone(&trail));
        let writer = std::thread::spawn(move || {
            let settled = guarded(|| settle(&their_shared, inbox));
            let outcome = settled.as_ref().map(|_| ()).map_err(Clone::clone);
            let writer = settled.ok().map(|mut writer| {
                let found = std::mem::take(&mut *writer.trail.lock().unwrap_or_else(PoisonError::into_inner));
                *their_trail.lock().unwrap_or_else(PoisonError::into_inner) = found;
                writer.trail = their_trail;
                writer
            });
            *their_ready.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
            their_ready.1.notify_all();
            if let Some(writer) = writer
                && guarded(|| {
                    writer.run();
                    Ok(())
                })
                .is_err()
            {
                // Whoever asks from now on is told, rather than waiting for an answer that never comes.
                their_shared.set_trouble(Say::new("refused.read-only").with("why", "the writer stopped"));
            }
        });
        Desk { shared, trail, jobs, ready, writer: Mutex::new(Some(writer)) }
    }

    /// Waits until the whole book is open; the refusal says why it could not be.
    pub fn ready(&self) -> Result<(), Refusal> {
        let (lock, bell) = &*self.ready;
        let mut state = lock.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(outcome) = state.as_ref() {
                return outcome.clone();
            }
            state = bell.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Is the whole book open already?
    pub fn is_ready(&self) -> bool {
        self.ready.0.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// The number under which the same file was imported already, if it still stands.
    pub fn already_imported(&self, kind: Kind, file_hash: &[u8; 32]) -> Option<Seq> {
        self.trail.lock().unwrap_or_else(PoisonError::into_inner).file(kind.code(), file_hash)
    }

    /// What others hold too.
    pub fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Hears every commit and long work's progress.
    pub fn listen(&self) -> Receiver<News> {
        self.shared.listen()
    }

    /// Answers one request.
    pub fn ask(&self, who: &Who, request: Request, cancelled: Cancelled<'_>) -> Result<Reply, Refusal> {
        allow(who, right(&request), &request)?;
        match request {
            Request::Book => Ok(Reply::Book(Arc::new(self.shared.info()))),
            Request::Find { words, limit } => read::find(&self.shared, who, &words, limit, cancelled, self.is_ready()).map(Reply::Hits),
            Request::Profile { customer } => read::profile(&self.shared, customer).map(|p| Reply::Profile(Box::new(p))),
            Request::Named { words } => read::named(&self.shared, &words).map(|p| Reply::Profile(Box::new(p))),
            Request::History { customer, limit } => self.history(customer, limit).map(Reply::History),
            Request::Log(entry) => {
                let op_id = entry.op_id;
                self.change(who, op_id, Box::new(move |s, _, _| change::log(s, &entry).map(|c| (c, None))))
            }
            Request::Edit { edits } => self.change(who, 0, Box::new(move |s, _, _| change::edit(s, &edits).map(|c| (c, None)))),
            Request::Add { kind, fields } => self.change(who, 0, Box::new(move |s, _, _| change::add(s, kind, &fields).map(|c| (c, None)))),
            Request::Mark { tag, on, rows } => {
                self.change(who, 0, Box::new(move |s, _, _| change::mark(s, &tag, on, &rows).map(|c| (c, None))))
            }
            Request::Undo { seq } => self.undo(who, seq),
            Request::Redo => self.redo(who),
        }
    }

    fn change(&self, who: &Who, op_id: u128, make: Make) -> Result<Reply, Refusal> {
        self.commit(who, op_id, make).map(Reply::Saved)
    }

    /// Hands a change to the writer and waits for its answer.
    pub fn commit(&self, who: &Who, op_id: u128, make: Make) -> Result<Saved, Refusal> {
        let (done, answer) = sync_channel(1);
        let job = Job::Change { who: who.clone(), op_id, make, done };
        self.jobs.send(job).map_err(|_| self.gone())?;
        answer.recv().unwrap_or_else(|_| Err(self.gone()))
    }

    /// Gives the writer work of its own and waits until it is done.
    pub fn own<T: Send + 'static>(&self, work: impl FnOnce(&mut Writer) -> T + Send + 'static) -> Result<T, Refusal> {
        self.own_later(work)?.recv().map_err(|_| self.gone())
    }

    /// As [`Desk::own`], without waiting: the answer is fetched later.
    pub fn own_later<T: Send + 'static>(&self, work: impl FnOnce(&mut Writer) -> T + Send + 'static) -> Result<Receiver<T>, Refusal> {
        let (done, answer) = sync_channel(1);
        let job = Job::Own(Box::new(move |w| {
            let _ = done.send(work(w));
        }));
        self.jobs.send(job).map_err(|_| self.gone())?;
        Ok(answer)
    }

    fn gone(&self) -> Refusal {
        if let Some(why) = self.shared.trouble() {
            return Refusal::new(RefusalKind::NotSaved, why);
        }
        match self.ready.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            Some(Err(why)) => why.clone(),
            _ => Refusal::new(RefusalKind::Unknown, Say::new("outcome.unknown").with("why", "")),
        }
    }

    fn undo(&self, who: &Who, seq: Option<u64>) -> Result<Reply, Refusal> {
        let person = super::writer::person(who);
        let target = undo::target(&self.trail.lock().unwrap_or_else(PoisonError::into_inner), &person, seq)?;
        if let Some(saved) = super::batch_undo::try_batch(self, who, target, false)? {
            return Ok(Reply::Saved(saved));
        }
        self.change(
            who,
            0,
            Box::new(move |scene, trail, bodies| {
                let of = undo::target(trail, &person, seq)?;
                back(scene, bodies, of, false)
            }),
        )
    }

    fn redo(&self, who: &Who) -> Result<Reply, Refusal> {
        let person = super::writer::person(who);
        let nothing = || Refusal::impossible(Say::new("refused.nothing-to-redo"));
        let target = self.trail.lock().unwrap_or_else(PoisonError::into_inner).redoable(&person).ok_or_else(nothing)?;
        if let Some(saved) = super::batch_undo::try_batch(self, who, target, true)? {
            return Ok(Reply::Saved(saved));
        }
        self.change(
            who,
            0,
            Box::new(move |scene, trail, bodies| {
                let of = trail.redoable(&person).ok_or_else(|| Refusal::impossible(Say::new("refused.nothing-to-redo")))?;
                back(scene, bodies, of, true)
            }),
        )
    }

    fn history(&self, customer: Option<u32>, limit: usize) -> Result<Vec<super::request::HistoryRow>, Refusal> {
        self.ready()?;
        let trail = Arc::clone(&self.trail);
        self.own(move |w| super::history::rows(w, &trail.lock().unwrap_or_else(PoisonError::into_inner), customer, limit))?
    }

    /// Finishes what is queued, checkpoints and lets go of the folder.
    pub fn close(&self) {
        let _ = self.jobs.send(Job::Stop);
        if let Some(writer) = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = writer.join();
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.close();
    }
}

/// Runs what must not take the whole programme down: a panic becomes a refusal.
fn guarded<T>(work: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Refusal::new(RefusalKind::Fault, Say::new("fault.store").with("why", "it stopped in the middle"))))
}

fn back(scene: &mut Scene<'_>, bodies: &dyn Bodies, of: u64, redo: bool) -> Result<(change::Change, Option<undo::Back>), Refusal> {
    let (verb, ops) = bodies.ops(of)?;
    // A redo is of an undo: its words are those of the change that was undone.
    let what = match bodies.undone(of)? {
        Some(original) => {
            let (verb, ops) = bodies.ops(original)?;
            super::wording::what(&verb, &ops, &scene.version)
        }
        None => super::wording::what(&verb, &ops, &scene.version),
    };
    let change = undo::take_back(scene, &ops, &what)?;
    Ok((change, Some(undo::Back { of, redo })))
}

fn right(request: &Request) -> Right {
    match request {
        Request::Book | Request::Find { .. } | Request::Profile { .. } | Request::Named { .. } | Request::History { .. } => Right::Read,
        Request::Mark { rows, .. } if rows.len() > 50 => Right::Bulk,
        _ => Right::Write,
    }
}

fn allow(who: &Who, right: Right, request: &Request) -> Result<(), Refusal> {
    if who.role.may(right) {
        return Ok(());
    }
    let what = format!("{request:?}").chars().take_while(|c| c.is_alphanumeric()).collect::<String>();
    Err(Refusal::impossible(Say::new("refused.right").with("role", format!("{:?}", who.role)).with("what", what)))
}
