//! One process per book: `LOCK`, a lock the kernel gives back when the holder dies. What is written in the file is only for the
//! message; it never decides.

use crate::domain::clean;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// Most bytes of a lock file that are read.
const MOST: u64 = 4096;

/// Who holds a book.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Holder {
    /// Process id.
    pub pid: u32,
    /// Host name.
    pub host: String,
    /// The machine's boot: another one means the machine has restarted since.
    pub boot: String,
    /// Since when, as people read it.
    pub since: String,
    /// The program's version.
    pub version: String,
    /// Where it listens; "" when it does not.
    pub socket: String,
}

/// A lock that is held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
    holder: Holder,
    /// Who held the book before, if the file says; its boot tells whether the machine has restarted since.
    pub before: Option<Holder>,
}

/// Why a book could not be locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process has it.
    #[error("the book is in use by process {} on {} since {} (version {})", .0.pid, .0.host, .0.since, .0.version)]
    Held(Box<Holder>),
    /// The disk refused.
    #[error("could not lock {}: {source}", path.display())]
    Io {
        /// The lock file.
        path: PathBuf,
        /// What the disk said.
        source: io::Error,
    },
}

impl Lock {
    /// Takes the lock at `path`, without waiting, and writes `holder` into it.
    ///
    /// # Errors
    /// [`LockError::Held`] with what the other process wrote; [`LockError::Io`].
    pub fn take(path: &Path, holder: &Holder) -> Result<Lock, LockError> {
        let io = |source| LockError::Io { path: path.to_path_buf(), source };
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(io)?;
        let locked = file.try_lock();
        let before = read(&mut file).map_err(io)?;
        match locked {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LockError::Held(Box::new(before.unwrap_or_default()))),
            Err(TryLockError::Error(e)) => return Err(io(e)),
        }
        let mut holder = holder.clone();
        // The boot of the one before, or none, stays written until what stands on it has been made good (see [`Lock::settle`]): a
        // process that dies in between must not vouch for a store it never looked at.
        holder.boot = before.as_ref().map(|b| b.boot.clone()).unwrap_or_default();
        let mut lock = Lock { file, holder, before };
        lock.write().map_err(io)?;
        Ok(lock)
    }

    /// Writes this boot into the file: from now on the store of this boot may be believed.
    ///
    /// # Errors
    /// What the disk says; the next start then looks more closely than it had to.
    pub fn settle(&mut self, boot: &str) -> io::Result<()> {
        if self.holder.boot == boot {
            return Ok(());
        }
        self.holder.boot = boot.to_string();
        self.write()
    }

    fn write(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()?;
        self.file.write_all(self.holder.text().as_bytes())
    }
}

impl Holder {
    /// What the lock file at `path` says, without touching the lock; `None` when there is none, or it names no process.
    pub fn read(path: &Path) -> Option<Holder> {
        read(&mut File::open(path).ok()?).ok()?
    }

    fn text(&self) -> String {
        let line = |key: &str, value: &str| format!("{key} {}\n", value.replace(char::is_control, " "));
        let Holder { pid, host, boot, since, version, socket } = self;
        [("pid", &pid.to_string()), ("host", host), ("boot", boot), ("since", since), ("version", version), ("socket", socket)]
            .map(|(key, value)| line(key, value))
            .concat()
    }

    /// Reads the text of a lock file; `None` when it names no process.
    fn parse(text: &str) -> Option<Holder> {
        let value = |key: &str| {
            let found = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(' '));
            found.map(|v| clean::line(v).into_owned())
        };
        let text = |key| value(key).unwrap_or_default();
        let pid = value("pid")?.parse().ok()?;
        Some(Holder { pid, host: text("host"), boot: text("boot"), since: text("since"), version: text("version"), socket: text("socket") })
    }
}

fn read(file: &mut File) -> io::Result<Option<Holder>> {
    let mut bytes = Vec::new();
    Read::by_ref(file).take(MOST).read_to_end(&mut bytes)?;
    Ok(Holder::parse(&String::from_utf8_lossy(&bytes)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn holder(pid: u32) -> Holder {
        let text = |s: &str| s.to_string();
        Holder {
            pid,
            host: text("desk-1"),
            boot: text("b1"),
            since: text("2026-11-20 09:12"),
            version: text("0.1.0"),
            socket: text("/run/x y"),
        }
    }

    #[test]
    fn a_second_process_is_told_who_holds_the_book() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("LOCK");
        let mut first = Lock::take(&path, &holder(1)).unwrap();
        assert_eq!(first.before, None);
        first.settle("b1").unwrap();
        let Err(LockError::Held(who)) = Lock::take(&path, &holder(2)) else { unreachable!("two holders") };
        assert_eq!(*who, holder(1));
        drop(first);
        assert_eq!(Lock::take(&path, &holder(2)).unwrap().before, Some(holder(1)));
    }

    #[test]
    fn a_process_that_dies_before_it_looked_at_the_store_leaves_no_boot_to_trust() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("LOCK");
        drop(Lock::take(&path, &holder(1)).unwrap());
        assert_eq!(Holder::read(&path).unwrap().boot, "", "nobody was there before");
        Lock::take(&path, &holder(2)).unwrap().settle("b1").unwrap();
        drop(Lock::take(&path, &Holder { boot: "b2".into(), ..holder(3) }).unwrap());
        assert_eq!(Holder::read(&path).unwrap().boot, "b1");
    }

    #[test]
    fn a_lock_file_of_nonsense_does_not_keep_anybody_out() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("LOCK");
        std::fs::write(&path, b"\xff\x00pid x\n\x1b[2J").unwrap();
        assert_eq!(Lock::take(&path, &holder(3)).unwrap().before, None);
    }
}
