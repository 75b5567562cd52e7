//! The files a command reads and writes: on this machine's disk, or, for a forwarded command, through the client that named
//! them.

use crate::domain::Say;
use crate::ops::backup::Partial;
use crate::ops::request::Refusal;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

/// A file open for reading.
pub struct Source {
    /// What it holds.
    pub content: Box<dyn Read + Send>,
    /// Its size in bytes; 0 = not known.
    pub bytes: u64,
}

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Make {
    /// In place of what has the name.
    Anew,
    /// A backup: the name must be free, and it is taken only when all is written and checked.
    Backup,
}

/// A file open for writing.
pub trait Output: Write + Send {
    /// All is written.
    ///
    /// # Errors
    /// What the disk says, and for a backup what the check says.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// Where a command's files are.
pub trait Files {
    /// Opens a file for reading.
    ///
    /// # Errors
    /// What the disk says.
    fn read(&mut self, path: &Path) -> io::Result<Source>;

    /// Opens a file for writing.
    ///
    /// # Errors
    /// What the disk says; `AlreadyExists` for a backup whose name is taken.
    fn write(&mut self, path: &Path, make: Make) -> io::Result<Box<dyn Output>>;
}

/// This machine's disk.
pub struct Disk;

impl Files for Disk {
    fn read(&mut self, path: &Path) -> io::Result<Source> {
        let file = File::open(path)?;
        let bytes = file.metadata().map_or(0, |m| m.len());
        Ok(Source { content: Box::new(file), bytes })
    }

    fn write(&mut self, path: &Path, make: Make) -> io::Result<Box<dyn Output>> {
        Ok(match make {
            Make::Anew => Box::new(BufWriter::with_capacity(1 << 18, File::create(path)?)),
            Make::Backup => Box::new(Partial::begin(path)?),
        })
    }
}

impl Output for BufWriter<File> {
    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.flush()
    }
}

impl Output for Partial {
    fn finish(self: Box<Self>) -> io::Result<()> {
        let checked = Partial::finish(*self);
        checked.map(|_| ()).map_err(|why| io::Error::other(why.say.arg("why").to_string()))
    }
}

/// A file's error as a refusal.
pub fn refusal(path: &Path, why: &io::Error) -> Refusal {
    let say = match why.kind() {
        io::ErrorKind::AlreadyExists => Say::new("refused.file-exists").with("file", path.display()),
        _ => Say::new("refused.file").with("file", path.display()).with("why", why),
    };
    Refusal::impossible(say)
}
