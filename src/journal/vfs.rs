//! The disk as the journal sees it: a handful of calls, so that tests can put a disk in memory in its place and cut the power.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// An open file. Offsets and lengths are in bytes.
pub trait VfsFile: Send + Sync {
    /// Reads up to `buf.len()` bytes; fewer only at the end of the file.
    ///
    /// # Errors
    /// What the disk says.
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize>;
    /// Writes some of `bytes`; gives how many.
    ///
    /// # Errors
    /// What the disk says.
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<usize>;
    /// The length.
    ///
    /// # Errors
    /// What the disk says.
    fn len(&self) -> io::Result<u64>;
    /// True when there is nothing in it.
    ///
    /// # Errors
    /// What the disk says.
    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }
    /// Cuts, or lengthens with zeros.
    ///
    /// # Errors
    /// What the disk says.
    fn set_len(&self, len: u64) -> io::Result<()>;
    /// Makes the bytes safe (`fdatasync`).
    ///
    /// # Errors
    /// What the disk says. After an error the bytes may be lost although a second call would succeed: never call it again.
    fn sync_data(&self) -> io::Result<()>;
    /// Makes bytes and metadata safe (`fsync`).
    ///
    /// # Errors
    /// As [`VfsFile::sync_data`].
    fn sync_all(&self) -> io::Result<()>;

    /// Writes all of `bytes`.
    ///
    /// # Errors
    /// What the disk says; a prefix may have been written.
    fn write_all_at(&self, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.write_at(bytes, offset) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(n) => {
                    bytes = bytes.get(n..).unwrap_or_default();
                    offset += n as u64;
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    /// Reads until `buf` is full or the file ends; gives how many bytes.
    ///
    /// # Errors
    /// What the disk says.
    fn read_full_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut got = 0;
        while let Some(rest) = buf.get_mut(got..).filter(|r| !r.is_empty()) {
            match self.read_at(rest, offset + got as u64) {
                Ok(0) => break,
                Ok(n) => got += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(got)
    }
}

/// The calls on names. A name is safe only after [`Vfs::sync_dir`] of its folder.
pub trait Vfs: Send + Sync {
    /// Creates a file, emptying one that exists.
    ///
    /// # Errors
    /// What the disk says.
    fn create(&self, path: &Path) -> io::Result<Box<dyn VfsFile>>;
    /// Opens a file that exists, for reading and writing (for reading alone where writing is not allowed).
    ///
    /// # Errors
    /// What the disk says; `NotFound` when there is none.
    fn open(&self, path: &Path) -> io::Result<Box<dyn VfsFile>>;
    /// Makes the names in a folder safe.
    ///
    /// # Errors
    /// What the disk says.
    fn sync_dir(&self, path: &Path) -> io::Result<()>;
    /// Renames, replacing.
    ///
    /// # Errors
    /// What the disk says.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    ///
    /// # Errors
    /// What the disk says.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// The files in a folder, sorted by name; folders are left out.
    ///
    /// # Errors
    /// What the disk says; `NotFound` when there is no such folder.
    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>>;
    /// Is there a file or folder of that name?
    fn exists(&self, path: &Path) -> bool;
    /// Makes a folder and those above it; none is made when it exists.
    ///
    /// # Errors
    /// What the disk says.
    fn make_dir(&self, path: &Path) -> io::Result<()>;
    /// Syncs of files and folders so far.
    fn syncs(&self) -> u64;
    /// Bytes written so far.
    fn bytes_written(&self) -> u64;
}

/// The real disk.
#[derive(Debug, Clone, Default)]
pub struct RealVfs(Arc<Work>);

#[derive(Debug, Default)]
struct Work {
    syncs: AtomicU64,
    bytes: AtomicU64,
}

impl RealVfs {
    /// The real disk, with its work counters at zero.
    pub fn new() -> RealVfs {
        RealVfs::default()
    }
}

struct RealFile {
    file: File,
    work: Arc<Work>,
}

impl VfsFile for RealFile {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.file.read_at(buf, offset)
    }
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        let n = self.file.write_at(bytes, offset)?;
        self.work.bytes.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
    fn len(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }
    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }
    fn sync_data(&self) -> io::Result<()> {
        self.work.syncs.fetch_add(1, Ordering::Relaxed);
        self.file.sync_data()
    }
    fn sync_all(&self) -> io::Result<()> {
        self.work.syncs.fetch_add(1, Ordering::Relaxed);
        self.file.sync_all()
    }
}

impl RealVfs {
    fn wrap(&self, file: File) -> Box<dyn VfsFile> {
        Box::new(RealFile { file, work: Arc::clone(&self.0) })
    }
}

impl Vfs for RealVfs {
    fn create(&self, path: &Path) -> io::Result<Box<dyn VfsFile>> {
        OpenOptions::new().read(true).write(true).create(true).truncate(true).open(path).map(|f| self.wrap(f))
    }
    fn open(&self, path: &Path) -> io::Result<Box<dyn VfsFile>> {
        let both = OpenOptions::new().read(true).write(true).open(path);
        let file = match both {
            Err(e) if matches!(e.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem) => File::open(path)?,
            other => other?,
        };
        Ok(self.wrap(file))
    }
    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.0.syncs.fetch_add(1, Ordering::Relaxed);
        // A relative folder of one name has the parent "", which means "here".
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        File::open(path)?.sync_all()
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }
    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(dir)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                names.push(entry.path());
            }
        }
        names.sort();
        Ok(names)
    }
    fn exists(&self, path: &Path) -> bool {
        path.exists()
    }
    fn make_dir(&self, path: &Path) -> io::Result<()> {
        std::fs::create_dir_all(path)
    }
    fn syncs(&self) -> u64 {
        self.0.syncs.load(Ordering::Relaxed)
    }
    fn bytes_written(&self) -> u64 {
        self.0.bytes.load(Ordering::Relaxed)
    }
}
