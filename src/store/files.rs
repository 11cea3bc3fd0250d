//! Files and folders that only we may read, and that are on the disk when we say so.
//!
//! A file appears whole or not at all: it is written aside, synced, renamed into place, and then its folder is synced,
//! because a rename is durable only with the folder that records it. Modes are set, not asked for: a umask cannot widen or
//! narrow them.

use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, openat};
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Mode of our folders.
pub(super) const FOLDER_MODE: u32 = 0o700;

/// Mode of our files.
pub(super) const FILE_MODE: u32 = 0o600;

/// How the name of a file that is still being written ends.
pub(super) const ASIDE: &str = "part";

/// Makes a folder, and those above it, durable and ours alone. One that is there keeps the mode that its owner gave it.
pub(super) fn create_folder(path: &Path) -> io::Result<()> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    let parent = path.parent().unwrap_or(Path::new(""));
    create_folder(parent)?;
    match DirBuilder::new().mode(FOLDER_MODE).create(path) {
        Ok(()) => fs::set_permissions(path, Permissions::from_mode(FOLDER_MODE))?,
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
        Err(e) => return Err(e),
    }
    sync_folder(parent)
}

/// Makes what happened to the names in a folder durable.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    File::open(path)?.sync_all()
}

/// What a file of keys holds, where it is there.
///
/// # Errors
/// Where something is there and cannot be read: which, why, and what to do.
pub(super) fn read_kept(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(why) => {
            let words = format!(
                "{} cannot be read ({why}): put back the file that belongs there, and let the user who runs boardwatch read it",
                path.display()
            );
            Err(io::Error::new(why.kind(), words))
        }
        Ok(bytes) => Ok(Some(bytes)),
    }
}

/// A name beside `path` that no other write has.
fn name_aside(path: &Path) -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    path.with_extension(format!("{}-{number}.{ASIDE}", std::process::id()))
}

/// A new file beside `path`, to be filled and then [put in its place](put_in_place).
pub(super) fn create_aside(path: &Path) -> io::Result<(PathBuf, File)> {
    let aside = name_aside(path);
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).mode(FILE_MODE).open(&aside)?;
    file.set_permissions(Permissions::from_mode(FILE_MODE))?;
    Ok((aside, file))
}

/// Makes the file written at `aside` the one at `path`, durably.
pub(super) fn put_in_place(aside: &Path, file: &File, path: &Path) -> io::Result<()> {
    file.sync_all()?;
    fs::rename(aside, path)?;
    sync_folder(path.parent().unwrap_or(Path::new("")))
}

/// Writes a whole file in place of whatever is at `path`, durably; nothing is left beside it where that fails.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (aside, mut file) = create_aside(path)?;
    let written = file.write_all(bytes).and_then(|()| put_in_place(&aside, &file, path));
    if written.is_err() {
        // What failed is what we report; that the remains could not be removed, or are in their place, adds nothing.
        fs::remove_file(&aside).ok();
    }
    written
}

/// A file that is being written and that nobody can find: it has no name where the file system lets it have none
/// (`O_TMPFILE`), so that nothing is left of it whatever stops us. Elsewhere it has one aside until it is dropped.
pub(super) struct Unnamed {
    file: File,
    aside: Option<PathBuf>,
}

/// Where the system shows what we have open: by that a file without a name can be given one.
const OPEN_FILES: &str = "/proc/self/fd";

impl Unnamed {
    /// One that can be [named](Self::named) `path`.
    pub(super) fn beside(path: &Path) -> io::Result<Self> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let nameless = || openat(CWD, folder, OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC, Mode::from_raw_mode(FILE_MODE));
        if let Some(file) = Path::new(OPEN_FILES).is_dir().then(nameless).and_then(Result::ok) {
            let file = File::from(file);
            file.set_permissions(Permissions::from_mode(FILE_MODE))?;
            return Ok(Self { file, aside: None });
        }
        let (aside, file) = create_aside(path)?;
        Ok(Self { file, aside: Some(aside) })
    }

    pub(super) fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Makes it the one at `path`, durably.
    pub(super) fn named(mut self, path: &Path) -> io::Result<()> {
        if self.aside.is_none() {
            // A rename replaces what is there, and a link does not: so it has another name for a moment.
            let aside = name_aside(path);
            let open = format!("{OPEN_FILES}/{}", self.file.as_raw_fd());
            self.file.sync_all()?;
            linkat(CWD, open, CWD, &aside, AtFlags::SYMLINK_FOLLOW)?;
            self.aside = Some(aside);
        }
        let aside = self.aside.as_deref().unwrap_or(path);
        put_in_place(aside, &self.file, path)?;
        self.aside = None;
        Ok(())
    }
}

impl Drop for Unnamed {
    fn drop(&mut self) {
        if let Some(aside) = &self.aside {
            // There is nobody to tell; what stopped it is told.
            fs::remove_file(aside).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Seek};

    #[test]
    fn a_file_without_a_name_is_nowhere_until_it_is_whole_and_takes_the_place_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dump.zst");
        let names = || fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>();
        let mut file = Unnamed::beside(&path).unwrap();
        file.file().write_all(b"half").unwrap();
        assert_eq!(names().len(), usize::from(file.aside.is_some()), "{:?}", names());
        drop(file);
        assert!(names().is_empty());
        for words in ["first", "second"] {
            let mut file = Unnamed::beside(&path).unwrap();
            file.file().write_all(words.as_bytes()).unwrap();
            file.named(&path).unwrap();
            assert_eq!((names(), fs::read_to_string(&path).unwrap()), (vec!["dump.zst".into()], words.to_owned()));
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, FILE_MODE);
        }
        let mut file = Unnamed::beside(&path).unwrap();
        file.file().write_all(b"third").unwrap();
        assert!(file.named(&folder.path().join("missing/dump.zst")).is_err());
        assert_eq!((names().len(), fs::read_to_string(&path).unwrap()), (1, "second".to_owned()));
        let mut file = Unnamed::beside(&path).unwrap();
        file.file().write_all(b"read").unwrap();
        file.file().rewind().unwrap();
        let mut text = String::new();
        file.file().read_to_string(&mut text).unwrap();
        assert_eq!(text, "read");
    }
}
