//! Opening a book, in an order that lets people read early: the lock, the journal, the published columns (search works
//! from here on), then the store, then what the store has not seen yet. A store that is damaged or missing is rebuilt.

use super::clock::Clock;
use super::desk::Desk;
use super::entropy::Entropy;
use super::request::{Progress, Refusal, RefusalKind};
use super::settle::{self, Start};
use super::shared::{BookId, Shared};
use crate::domain::{Say, Zone};
use crate::facts::Facts;
use crate::journal::{BookHeader, Holder, Journal, JournalError, Lock, LockError, RealVfs, State, Vfs};
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How a book is opened.
pub struct Options {
    /// The folder.
    pub dir: PathBuf,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The disk under the journal.
    pub vfs: Arc<dyn Vfs>,
    /// Chance.
    pub entropy: Entropy,
    /// The machine's boot, so that a restart is noticed.
    pub boot: String,
    /// Memory for the store's cache, in bytes.
    pub cache: u64,
    /// Where whoever opens the book is going to listen, said in the lock file; empty when it will not.
    pub socket: PathBuf,
}

/// The socket's name in the book's folder.
pub const SOCKET: &str = "socket";
/// What the name of a folder made for a socket alone begins with.
pub const SOCKET_FOLDER: &str = "guanxi-socket-";

impl Options {
    /// On this machine's disk with this machine's chance.
    pub fn real(dir: &Path, clock: Arc<dyn Clock>) -> Options {
        let (vfs, entropy, boot) = (Arc::new(RealVfs::new()), Entropy::system(), boot_id());
        Options { dir: dir.to_path_buf(), clock, vfs, entropy, boot, cache: crate::store::CACHE, socket: PathBuf::new() }
    }
}

/// Hears how far opening is.
pub type OnProgress = Arc<dyn Fn(Progress) + Send + Sync>;

/// Is there a book in this folder? One whose making was cut short before its first journal file stood is none.
pub fn is_book(dir: &Path) -> bool {
    has_journal(&RealVfs::new(), dir)
}

fn has_journal(vfs: &dyn Vfs, dir: &Path) -> bool {
    let files = vfs.list(&dir.join("journal")).unwrap_or_default();
    files.iter().any(|path| path.extension().is_some_and(|e| e == "gxj"))
}

/// The zone of the book in a folder, read without opening it.
pub fn zone_of(dir: &Path) -> Option<Zone> {
    Zone::named(&crate::journal::header_of(&RealVfs::new(), &dir.join("journal")).ok()?.zone)
}

/// Makes an empty book: its zone and currency are chosen once and for all.
pub fn create(mut options: Options, zone: Zone, currency: &str, progress: OnProgress) -> Result<Desk, Refusal> {
    if has_journal(options.vfs.as_ref(), &options.dir) {
        return Err(Refusal::impossible(Say::new("refused.book-exists").with("dir", options.dir.display())));
    }
    make_private(options.vfs.as_ref(), &options.dir)?;
    let lock = take_lock(&options)?;
    let header = BookHeader { book: options.entropy.bytes16(), zone: zone.name().to_string(), currency: currency.to_string() };
    let salts = Box::new(Entropy::seeded(fold_seed(options.entropy.id())));
    let journal = Journal::create(Arc::clone(&options.vfs), &options.dir.join("journal"), header, salts).map_err(refuse_journal)?;
    start(options, lock, journal, progress)
}

/// Opens a book. What comes back can answer searches at once; [`Desk::ready`] waits for the rest.
pub fn open(mut options: Options, progress: OnProgress) -> Result<Desk, Refusal> {
    if !has_journal(options.vfs.as_ref(), &options.dir) {
        return Err(Refusal::impossible(Say::new("refused.book-missing").with("dir", options.dir.display())));
    }
    let lock = take_lock(&options)?;
    // A damaged STATE proves nothing, and is no reason to refuse the book.
    let proof = State::read(options.vfs.as_ref(), &options.dir).unwrap_or(None).map(|s| s.synced_seq);
    let salts = Box::new(Entropy::seeded(fold_seed(options.entropy.id())));
    let opened = Journal::open(Arc::clone(&options.vfs), &options.dir.join("journal"), proof, salts).map_err(refuse_journal)?;
    if let Some(cut) = &opened.cut {
        progress(Progress { what: Say::new("opened.torn-tail").with("bytes", cut.bytes), done: 0, of: 0 });
    }
    start(options, lock, opened.journal, progress)
}

fn fold_seed(id: u128) -> u64 {
    let [low, high] = [id as u64, (id >> 64) as u64];
    low ^ high
}

fn start(options: Options, lock: Lock, journal: Journal, progress: OnProgress) -> Result<Desk, Refusal> {
    let header = journal.header().clone();
    let zone = Zone::named(&header.zone).ok_or_else(|| Refusal::data(Say::new("refused.zone").with("zone", &header.zone)))?;
    let book = BookId { dir: options.dir.clone(), id: header.book, zone, currency: header.currency };
    let (facts, blocks) = Facts::open(&options.dir.join("facts")).unwrap_or_else(|_| (Facts::new(), Vec::new()));
    let shared = Arc::new(Shared::new(book, facts, Arc::clone(&options.clock)));
    Ok(Desk::start(shared, move |shared, jobs| settle::settle(shared, Start { journal, options, lock, blocks, progress, jobs })))
}

fn take_lock(options: &Options) -> Result<Lock, Refusal> {
    let now = options.clock.now();
    let holder = Holder {
        pid: std::process::id(),
        host: std::fs::read_to_string("/proc/sys/kernel/hostname").map(|t| t.trim().to_string()).unwrap_or_default(),
        boot: options.boot.clone(),
        since: Zone::utc().write(crate::domain::Moment::minute(now.ms)),
        version: env!("CARGO_PKG_VERSION").to_string(),
        socket: options.socket.to_string_lossy().into_owned(),
    };
    match Lock::take(&options.dir.join("LOCK"), &holder) {
        Ok(lock) => {
            sweep_sockets(&options.dir, lock.before.as_ref());
            Ok(lock)
        }
        Err(LockError::Held(holder)) => Err(Refusal::new(
            RefusalKind::Busy,
            Say::new("refused.in-use").with("pid", holder.pid).with("host", &holder.host).with("since", &holder.since),
        )),
        Err(LockError::Io { path, source }) => {
            Err(Refusal::impossible(Say::new("refused.file").with("file", path.display()).with("why", source)))
        }
    }
}

/// Takes away what the last holder left behind when it died: nobody listens there any more.
fn sweep_sockets(dir: &Path, before: Option<&Holder>) {
    let is_socket = |p: &Path| std::fs::symlink_metadata(p).is_ok_and(|m| m.file_type().is_socket());
    let here = dir.join(SOCKET);
    if is_socket(&here) {
        let _ = std::fs::remove_file(&here);
    }
    // A file's text is no proof: outside the book only a socket in a folder of our naming is touched.
    let Some(there) = before.map(|h| PathBuf::from(&h.socket)) else { return };
    let folder = there.parent().filter(|f| f.file_name().is_some_and(|n| n.to_string_lossy().starts_with(SOCKET_FOLDER)));
    if let Some(folder) = folder.filter(|_| there.file_name().is_some_and(|n| n == SOCKET) && is_socket(&there)) {
        let _ = std::fs::remove_file(&there);
        let _ = std::fs::remove_dir(folder);
    }
}

/// Makes the folder, for its owner alone. A name is on the disk only when the folder that holds it is synced: that of the book
/// and of every folder made on the way to it.
fn make_private(vfs: &dyn Vfs, dir: &Path) -> Result<(), Refusal> {
    let made: Vec<&Path> = dir.ancestors().take_while(|path| !path.as_os_str().is_empty() && !path.exists()).collect();
    std::fs::create_dir_all(dir).map_err(|e| Refusal::journal(format!("{}: {e}", dir.display())))?;
    for holder in made.iter().filter_map(|path| path.parent()) {
        // A folder that may be entered but not read cannot be synced; the book is made all the same.
        let _ = vfs.sync_dir(holder);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let _ = std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700));
    }
    Ok(())
}

/// The kernel's name for this boot; without one every start counts as a restart.
pub fn boot_id() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id").map(|t| t.trim().to_string()).unwrap_or_default()
}

/// A journal's refusal, by kind.
pub fn refuse_journal(why: JournalError) -> Refusal {
    match why {
        JournalError::Newer { min_reader, .. } => Refusal::new(
            RefusalKind::Data,
            Say::new("refused.newer-format").with("found", min_reader).with("known", crate::journal::FORMAT),
        ),
        JournalError::Corrupt { .. } => {
            Refusal::new(RefusalKind::Data, Say::new("refused.corrupt").with("why", why)).hint(Say::new("hint.corrupt"))
        }
        other => Refusal::journal(other),
    }
}
