//! Files and folders that only we may read, and that are on the disk when we say so.
//!
//! A file appears whole or not at all: it is written aside, synced, renamed into place, and then its folder is synced,
//! because a rename is durable only with the folder that records it. Modes are set, not asked for: a umask cannot widen or
//! narrow them.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write};
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

/// A new file beside `path`, to be filled and then [put in its place](put_in_place).
pub(super) fn create_aside(path: &Path) -> io::Result<(PathBuf, File)> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let aside = path.with_extension(format!("{}-{number}.{ASIDE}", std::process::id()));
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
