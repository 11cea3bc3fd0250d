//! Files that others read: whole or not there, whatever stops us.
//!
//! A file is written aside in its own folder, synced, renamed over the old one, and the folder synced. A crash leaves the
//! old file or the new one, and perhaps a leftover named `.*.tmp` that the next start removes.

use crate::ports::Publish;
use futures::future::BoxFuture;
use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Mode of published files: everyone may read them.
const PUBLIC_FILE: u32 = 0o644;
/// Mode of folders made for public files.
const PUBLIC_FOLDER: u32 = 0o755;
/// Mode of folders made for files that only we may read.
const PRIVATE_FOLDER: u32 = 0o700;

/// Publishes under one folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FilePublish {
    root: PathBuf,
}

impl FilePublish {
    /// Opens the folder, made where it is missing, and removes what a crash left half written.
    ///
    /// # Errors
    /// What the file system says.
    pub fn open(root: impl Into<PathBuf>) -> io::Result<Self> {
        let root = root.into();
        make_folders(&root, PUBLIC_FOLDER)?;
        remove_leftovers(&root)?;
        Ok(Self { root })
    }
}

impl Publish for FilePublish {
    fn publish(&self, path: String, bytes: Vec<u8>) -> BoxFuture<'_, io::Result<()>> {
        let target = within(&self.root, &path);
        Box::pin(async move {
            let target = target?;
            tokio::task::spawn_blocking(move || replace(&target, &bytes)).await.map_err(io::Error::other)?
        })
    }
}

/// Writes a file that is whole and on the disk when this returns, with `mode` (0600, 0644, …); missing folders
/// are made, private for a private file. Blocks.
///
/// # Errors
/// What the file system says; the old file, if any, stands then.
pub fn write_durably(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let (folder, aside) = aside(path)?;
    let is_private = mode | 0o700 == 0o700;
    make_folders(folder, if is_private { PRIVATE_FOLDER } else { PUBLIC_FOLDER })?;
    let written = write_new(&aside, bytes, mode).and_then(|()| fs::rename(&aside, path)).and_then(|()| sync_folder(folder));
    if written.is_err() {
        // It may never have been made, or be renamed already.
        let _gone = fs::remove_file(&aside);
    }
    written
}

/// Writes a new file as [`write_durably`] does, and never over one that is there. Blocks.
///
/// # Errors
/// `AlreadyExists` where there is one; else what the file system says.
pub fn create_durably(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let (folder, aside) = aside(path)?;
    make_folders(folder, PUBLIC_FOLDER)?;
    // A rename would replace what somebody else has put there meanwhile; a second name is refused then.
    let written = write_new(&aside, bytes, mode).and_then(|()| fs::hard_link(&aside, path));
    let _gone = fs::remove_file(&aside);
    written.and_then(|()| sync_folder(folder))
}

fn replace(target: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::read(target).is_ok_and(|present| present == bytes) {
        // If an earlier run stopped between rename and sync, the file is there but would not survive a power cut.
        File::open(target)?.sync_all()?;
        return target.parent().map_or(Ok(()), sync_folder);
    }
    write_durably(target, bytes, PUBLIC_FILE)
}

/// `path` under `root`, where it stays there.
fn within(root: &Path, path: &str) -> io::Result<PathBuf> {
    let relative = Path::new(path);
    let stays = relative.components().all(|part| matches!(part, Component::Normal(_)));
    if path.is_empty() || path.ends_with('/') || path.contains(['\\', '\0']) || !stays {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{path:?} is no file name under {}", root.display())));
    }
    Ok(root.join(relative))
}

/// The folder of `path`, and a name in it that no other write has.
fn aside(path: &Path) -> io::Result<(&Path, PathBuf)> {
    static WRITES: AtomicU64 = AtomicU64::new(0);
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{} names no file", path.display())));
    };
    let write = WRITES.fetch_add(1, Ordering::Relaxed);
    let name = format!(".{}.{}-{write}.tmp", name.to_string_lossy(), std::process::id());
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    Ok((folder, folder.join(name)))
}

fn write_new(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    // The mode above is cut by the process's umask.
    file.set_permissions(Permissions::from_mode(mode))?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes `folder` and those above it, each known to its parent on the disk.
fn make_folders(folder: &Path, mode: u32) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let parent = folder.parent().unwrap_or(Path::new(""));
    make_folders(parent, mode)?;
    match fs::DirBuilder::new().mode(mode).create(folder) {
        Ok(()) => fs::set_permissions(folder, Permissions::from_mode(mode))?,
        // Another write made it meanwhile.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
        Err(error) => return Err(error),
    }
    sync_folder(if parent.as_os_str().is_empty() { Path::new(".") } else { parent })
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Links are not followed: only what we wrote is ours to remove.
fn remove_leftovers(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            remove_leftovers(&entry.path())?;
        } else if kind.is_file() && is_leftover(&entry.file_name()) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn is_leftover(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b".") && name.ends_with(b".tmp")
}

#[cfg(test)]
mod tests;
