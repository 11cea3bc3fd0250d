//! The sled files: opened with our modes, syncs and format check, closed, and opened again; and what their faults mean.

use super::super::engine::EngineError;
use super::super::files::{FILE_MODE, FOLDER_MODE, create_folder, sync_folder};
use super::room::Room;
use super::{Closed, rewrite, room};
use rustix::io::Errno;
use sled::Db;
use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::thread;
use std::time::Duration;

/// The format of what is written here; raised when an earlier program could not read it.
const FORMAT: u32 = 1;
const FORMAT_KEY: &[u8] = b"meta/format";
/// sled lets go of its file when its last background write has ended, which may be after it was closed: so a file in use is
/// tried this often, this long apart.
const TRIES: u32 = 20;
pub(super) const PAUSE: Duration = Duration::from_millis(25);

/// Takes the store for this process alone, for as long as what is answered lives. sled's own lock is off whenever it is opened
/// anew, and comes too late for whoever has to know before whether there is room.
pub(super) fn take(folder: &Path) -> Result<File, EngineError> {
    let io = |doing| move |source| EngineError::Io { doing, source };
    create_folder(folder).map_err(io("make its folder"))?;
    let path = folder.join("lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).mode(FILE_MODE).open(path);
    let file = file.map_err(io("open its lock"))?;
    for _ in 1..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            Err(TryLockError::Error(source)) => return Err(io("lock its folder")(source)),
        }
    }
    Err(EngineError::InUse { path: folder.display().to_string() })
}

/// Opens sled where it is free, or soon will be.
pub(super) fn open_db(folder: &Path) -> Result<Db, EngineError> {
    for _ in 1..TRIES {
        match open_once(folder) {
            Err(EngineError::InUse { .. }) => thread::sleep(PAUSE),
            opened => return opened,
        }
    }
    open_once(folder)
}

/// Opens sled, with modes, syncs and the format check. What it finds is durable when this returns.
fn open_once(folder: &Path) -> Result<Db, EngineError> {
    let io = |doing| move |source| EngineError::Io { doing, source };
    create_folder(folder).map_err(io("make its folder"))?;
    fs::set_permissions(folder, Permissions::from_mode(FOLDER_MODE)).map_err(io("set the mode of its folder"))?;
    // It writes while it opens: to its file, and what it knows of its pages to another.
    if room::reserve(folder, 0)? == Room::Little {
        return Err(room::full(Errno::NOSPC));
    }
    room::free(folder, snapshots(folder).map_err(io("read its folder"))?.saturating_mul(2))?;
    clear_unfinished(folder).map_err(io("clear its folder"))?;
    let db = guarded(|| sled::Config::new().path(folder).open().map_err(|why| fault_at_open(folder, why)))
        .map_err(|why| damaged_at(folder, why))?;
    for (name, mode) in [("db", FILE_MODE), ("conf", FILE_MODE), ("blobs", FOLDER_MODE)] {
        let path = folder.join(name);
        fs::set_permissions(&path, Permissions::from_mode(mode)).map_err(io("set the mode of its files"))?;
        File::open(&path).and_then(|file| file.sync_all()).map_err(io("sync its files"))?;
    }
    guarded(|| check_format(&db, folder))?;
    // It is ours now: nobody else is writing it anew.
    rewrite::clear(folder)?;
    sync_folder(folder).map_err(io("sync its folder"))?;
    Ok(db)
}

/// Removes what sled had begun to write of its pages when it was stopped, or the disk was full. It would take that for what it
/// knows, and the store for damaged; the last whole one and its log have everything.
fn clear_unfinished(folder: &Path) -> std::io::Result<()> {
    let unfinished = |name: &str| name.starts_with("snap.") && name.ends_with(".generating");
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_str().is_some_and(unfinished) {
            found.push(entry.path());
        }
    }
    // One that is still being written is nobody's to remove.
    let is_open = || matches!(File::open(folder.join("db")).map(|db| db.try_lock()), Ok(Err(TryLockError::WouldBlock)));
    if found.is_empty() || is_open() {
        return Ok(());
    }
    found.iter().try_for_each(fs::remove_file)?;
    sync_folder(folder)
}

/// Octets of the files in which sled keeps what it knows of its pages.
fn snapshots(folder: &Path) -> std::io::Result<u64> {
    let mut octets = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with("snap.") {
            octets += entry.metadata()?.len();
        }
    }
    Ok(octets)
}

fn check_format(db: &Db, folder: &Path) -> Result<(), EngineError> {
    match db.get(FORMAT_KEY).map_err(fault("read"))? {
        None if db.is_empty() => {
            db.insert(FORMAT_KEY, FORMAT.to_string().as_bytes()).map_err(fault("begin"))?;
            make_durable(db, folder)
        }
        None => Err(damaged_at(folder, EngineError::Damaged("it has no format".to_owned()))),
        Some(found) => match std::str::from_utf8(&found).ok().and_then(|digits| digits.parse::<u32>().ok()) {
            Some(found) if found > FORMAT => Err(EngineError::Newer { path: folder.display().to_string(), found, known: FORMAT }),
            Some(_) => sync_db_file(folder),
            None => Err(damaged_at(folder, EngineError::Damaged("its format does not read".to_owned()))),
        },
    }
}

/// Lets go of the file; sled writes and syncs the rest, and may panic at that.
pub(super) fn close(held: &mut Result<Db, Closed>, why: EngineError) {
    if let Ok(db) = std::mem::replace(held, Err(Closed::now(why))) {
        catch_unwind(AssertUnwindSafe(|| drop(db))).ok();
    }
}

/// Runs `work`; a panic of sled is damage.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, EngineError>) -> Result<T, EngineError> {
    // Nothing of ours is half-changed by then: sled is dropped and opened again, or only read.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        Err(EngineError::Damaged(words.unwrap_or("it cannot be read").to_owned()))
    })
}

pub(super) fn fault(doing: &'static str) -> impl FnOnce(sled::Error) -> EngineError {
    move |why| match why {
        sled::Error::Io(source) => EngineError::Io { doing, source },
        sled::Error::Corruption { .. } => EngineError::Damaged("a page does not read".to_owned()),
        sled::Error::CollectionNotFound(_) | sled::Error::Unsupported(_) | sled::Error::ReportableBug(_) => {
            EngineError::Damaged(why.to_string())
        }
    }
}

/// sled says "in use" and "cannot be opened" with the same kind of error; only its words differ.
fn fault_at_open(folder: &Path, why: sled::Error) -> EngineError {
    if why.to_string().contains("could not acquire lock") {
        return EngineError::InUse { path: folder.display().to_string() };
    }
    fault("open")(why)
}

/// Adds to damage found at open where it is and what to do.
pub(super) fn damaged_at(folder: &Path, why: EngineError) -> EngineError {
    let EngineError::Damaged(what) = why else { return why };
    let folder = folder.display();
    EngineError::Damaged(format!("{what}; move {folder} away and restore the last dump with `boardwatch restore FILE`"))
}

/// Puts all that was applied on the disk.
pub(super) fn make_durable(db: &Db, folder: &Path) -> Result<(), EngineError> {
    db.flush().map_err(fault("commit"))?;
    sync_db_file(folder)
}

fn sync_db_file(folder: &Path) -> Result<(), EngineError> {
    File::open(folder.join("db")).and_then(|file| file.sync_all()).map_err(|source| EngineError::Io { doing: "sync", source })
}
