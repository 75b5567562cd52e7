//! A backup is one file: the journal's files, each with its length and hash, under fixed names; everything else is made anew
//! from them. It is written while the book is in use: what the journal has acknowledged never changes again.

use super::request::{Progress, Refusal, RefusalKind};
use crate::domain::Say;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Component, Path, PathBuf};

const MAGIC: &[u8; 8] = b"GXBACKUP";
const FORMAT: u32 = 1;
/// A name inside a backup may be this long.
const NAME_LIMIT: u32 = 200;

/// One file that goes into a backup: where it is, its name inside, and how many of its bytes are acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// On disk.
    pub path: PathBuf,
    /// Inside the backup, relative to the book's folder.
    pub name: String,
    /// Bytes that belong to the backup.
    pub len: u64,
}

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupInfo {
    /// Files inside.
    pub files: u64,
    /// Bytes of content.
    pub bytes: u64,
}

/// Writes a backup: to a temporary name first, synced, read again and checked, then renamed.
pub fn write(parts: &[Part], to: &Path, progress: &dyn Fn(Progress)) -> Result<BackupInfo, Refusal> {
    let mut out = Partial::begin(to).map_err(|e| match e.kind() {
        std::io::ErrorKind::AlreadyExists => Refusal::impossible(Say::new("refused.file-exists").with("file", to.display())),
        _ => io(to, &e),
    })?;
    pour(parts, &mut out, progress).map_err(|e| io(to, &e))?;
    out.finish()
}

/// A backup on its way: under a temporary name until it is whole; dropped before that, it leaves nothing.
pub struct Partial {
    out: BufWriter<File>,
    tmp: PathBuf,
    to: PathBuf,
}

impl Partial {
    /// Begins a file that becomes `to`.
    ///
    /// # Errors
    /// `AlreadyExists` when `to` is there; what the disk says.
    pub fn begin(to: &Path) -> std::io::Result<Partial> {
        if to.exists() {
            return Err(std::io::ErrorKind::AlreadyExists.into());
        }
        let tmp = to.with_extension("partial");
        Ok(Partial { out: BufWriter::with_capacity(1 << 20, File::create(&tmp)?), tmp, to: to.to_path_buf() })
    }

    /// Synced, read again and checked, then renamed.
    ///
    /// # Errors
    /// A refusal when the disk fails or what was read is not what was written.
    pub fn finish(mut self) -> Result<BackupInfo, Refusal> {
        self.out.flush().and_then(|()| self.out.get_ref().sync_all()).map_err(|e| io(&self.tmp, &e))?;
        let info = check(&self.tmp)?;
        std::fs::rename(&self.tmp, &self.to).map_err(|e| io(&self.to, &e))?;
        let folder = self.to.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|d| d.sync_all()).map_err(|e| io(folder, &e))?;
        Ok(info)
    }
}

impl Write for Partial {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.out.write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

impl Drop for Partial {
    /// Renamed, there is nothing of that name to take away.
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.tmp);
    }
}

/// Writes the parts as one stream; gives back what it holds.
///
/// # Errors
/// What the disk or the stream says; `UnexpectedEof` when a part is shorter than it was.
pub fn pour(parts: &[Part], out: &mut dyn Write, progress: &dyn Fn(Progress)) -> std::io::Result<BackupInfo> {
    let all: u64 = parts.iter().map(|p| p.len).sum();
    out.write_all(MAGIC)?;
    out.write_all(&FORMAT.to_le_bytes())?;
    out.write_all(&u32::try_from(parts.len()).unwrap_or(u32::MAX).to_le_bytes())?;
    let mut poured = 0;
    for part in parts {
        let name = part.name.as_bytes();
        out.write_all(&u32::try_from(name.len()).unwrap_or(u32::MAX).to_le_bytes())?;
        out.write_all(name)?;
        out.write_all(&part.len.to_le_bytes())?;
        let mut hash = blake3::Hasher::new();
        hash.update(name);
        let mut from = BufReader::with_capacity(1 << 20, File::open(&part.path)?).take(part.len);
        let copied = copy(&mut from, &mut |bytes| {
            hash.update(bytes);
            poured += bytes.len() as u64;
            progress(Progress { what: Say::new("progress.backup"), done: poured, of: all });
            out.write_all(bytes)
        })?;
        if copied != part.len {
            return Err(std::io::Error::new(std::io::ErrorKind::UnexpectedEof, format!("{} is shorter than it was", part.path.display())));
        }
        out.write_all(hash.finalize().as_bytes())?;
    }
    out.flush()?;
    Ok(BackupInfo { files: parts.len() as u64, bytes: all })
}

fn copy(from: &mut dyn Read, each: &mut dyn FnMut(&[u8]) -> std::io::Result<()>) -> std::io::Result<u64> {
    let mut buffer = vec![0u8; 1 << 18];
    let mut all = 0;
    loop {
        let n = from.read(&mut buffer)?;
        if n == 0 {
            return Ok(all);
        }
        each(&buffer[..n])?;
        all += n as u64;
    }
}

/// Reads a backup whole and checks every hash.
pub fn check(file: &Path) -> Result<BackupInfo, Refusal> {
    read(file, &mut |_, _| Ok(Box::new(std::io::sink())))
}

/// Takes a backup apart into a new folder.
pub fn unpack(file: &Path, dir: &Path) -> Result<BackupInfo, Refusal> {
    if dir.exists() && std::fs::read_dir(dir).map_err(|e| io(dir, &e))?.next().is_some() {
        return Err(Refusal::impossible(Say::new("refused.not-empty").with("dir", dir.display())));
    }
    // Checked whole before anything is written: a damaged backup leaves no half book.
    check(file)?;
    let info = read(file, &mut |name, _| {
        let path = inside(dir, name)?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|e| io(folder, &e))?;
        }
        Ok(Box::new(SyncedFile(File::create(&path).map_err(|e| io(&path, &e))?)))
    })?;
    Ok(info)
}

/// A file that is synced when it is flushed.
struct SyncedFile(File);

impl Write for SyncedFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        self.0.sync_all()
    }
}

/// A name from a backup, kept inside the folder: plain names only, no `..`, no root.
fn inside(dir: &Path, name: &str) -> Result<PathBuf, Refusal> {
    let path = Path::new(name);
    let plain = path.components().all(|c| matches!(c, Component::Normal(_))) && !name.is_empty();
    if plain { Ok(dir.join(path)) } else { Err(Refusal::data(Say::new("refused.backup").with("why", format!("the name {name:?}")))) }
}

type Sink<'a> = &'a mut dyn FnMut(&str, u64) -> Result<Box<dyn Write>, Refusal>;

fn read(file: &Path, sink: Sink<'_>) -> Result<BackupInfo, Refusal> {
    let mut from = BufReader::with_capacity(1 << 20, File::open(file).map_err(|e| io(file, &e))?);
    let broken = |why: &str| Refusal::data(Say::new("refused.backup").with("why", format!("{}: {why}", file.display())));
    let mut magic = [0u8; 8];
    from.read_exact(&mut magic).map_err(|_| broken("it ends early"))?;
    if &magic != MAGIC {
        return Err(broken("it is no backup of this programme"));
    }
    let format = word(&mut from).map_err(|_| broken("it ends early"))?;
    if format != FORMAT {
        return Err(Refusal::new(RefusalKind::Data, Say::new("refused.newer-format").with("found", format).with("known", FORMAT)));
    }
    let files = word(&mut from).map_err(|_| broken("it ends early"))?;
    let mut bytes = 0;
    for _ in 0..files {
        bytes += one(&mut from, sink, &broken)?;
    }
    let mut rest = [0u8; 1];
    if from.read(&mut rest).map_err(|e| io(file, &e))? != 0 {
        return Err(broken("something follows its end"));
    }
    Ok(BackupInfo { files: u64::from(files), bytes })
}

fn one(from: &mut BufReader<File>, sink: Sink<'_>, broken: &dyn Fn(&str) -> Refusal) -> Result<u64, Refusal> {
    let early = || broken("it ends early");
    let len = word(from).map_err(|_| early())?;
    if len > NAME_LIMIT {
        return Err(broken("a name in it is too long"));
    }
    let mut name = vec![0u8; len as usize];
    from.read_exact(&mut name).map_err(|_| early())?;
    let name = String::from_utf8(name).map_err(|_| broken("a name in it is no text"))?;
    let mut hash = blake3::Hasher::new();
    hash.update(name.as_bytes());
    let mut size = [0u8; 8];
    from.read_exact(&mut size).map_err(|_| early())?;
    let size = u64::from_le_bytes(size);
    let mut out = sink(&name, size)?;
    let copied = copy(&mut from.by_ref().take(size), &mut |bytes| {
        hash.update(bytes);
        out.write_all(bytes)
    })
    .map_err(|e| broken(&e.to_string()))?;
    out.flush().map_err(|e| broken(&e.to_string()))?;
    let mut expected = [0u8; 32];
    from.read_exact(&mut expected).map_err(|_| early())?;
    if copied != size || hash.finalize().as_bytes() != &expected {
        return Err(broken(&format!("{name} is damaged")));
    }
    Ok(size)
}

fn word(from: &mut impl Read) -> std::io::Result<u32> {
    let mut bytes = [0u8; 4];
    from.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

fn io(path: &Path, why: &std::io::Error) -> Refusal {
    Refusal::impossible(Say::new("refused.file").with("file", path.display()).with("why", why))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn sample() -> (tempfile::TempDir, Vec<Part>) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("one.log");
        std::fs::write(&path, vec![7u8; 5000]).unwrap();
        (dir, vec![Part { path, name: "journal/one.log".into(), len: 4000 }])
    }

    #[test]
    fn a_backup_comes_apart_as_it_was_put_together() {
        let (dir, parts) = sample();
        let file = dir.path().join("b.gx");
        let info = write(&parts, &file, &|_| {}).unwrap();
        assert_eq!(info, BackupInfo { files: 1, bytes: 4000 });
        let to = dir.path().join("restored");
        unpack(&file, &to).unwrap();
        assert_eq!(std::fs::read(to.join("journal/one.log")).unwrap(), vec![7u8; 4000]);
        assert!(unpack(&file, &to).is_err(), "a folder in use is left alone");
    }

    #[test]
    fn a_flipped_byte_anywhere_is_noticed_and_nothing_is_written() {
        let (dir, parts) = sample();
        let file = dir.path().join("b.gx");
        write(&parts, &file, &|_| {}).unwrap();
        let whole = std::fs::read(&file).unwrap();
        for at in (0..whole.len()).step_by(37).chain([whole.len() - 1]) {
            let mut bad = whole.clone();
            bad[at] ^= 4;
            std::fs::write(&file, &bad).unwrap();
            let to = dir.path().join("restored");
            assert!(unpack(&file, &to).is_err() && !to.exists(), "byte {at}");
        }
    }

    #[test]
    fn a_name_that_leads_outside_the_folder_is_refused() {
        for name in ["../x", "/etc/x", "a/../../x", ""] {
            assert!(inside(Path::new("book"), name).is_err(), "{name}");
        }
    }
}
