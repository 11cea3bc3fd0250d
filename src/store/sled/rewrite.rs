//! Writing the store anew: sled goes on holding what was deleted or replaced until it needs the room, and that may be for
//! ever.
//!
//! What can be read is copied into a fresh file beside the old one; the copy is opened once more and compared pair by pair;
//! then it takes the old file's place by one rename. Invariant: a stop between any two steps leaves one whole store where
//! the store is looked for, and at most a leftover that the next opening removes.

use super::super::engine::EngineError;
use super::super::files::{FILE_MODE, create_folder, sync_folder};
use super::file::{PAUSE, fault, make_durable};
use sled::Db;
use std::fs::{self, File, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::thread;

/// The folder of the copy, in that of the store.
const FRESH: &str = "fresh";
/// Pairs that are copied at a time.
const BATCH: usize = 1_000;
/// Memory for the pages of the copy.
const CACHE_BYTES: u64 = 64 * 1024 * 1024;
/// How often it is looked whether sled has let go of a file.
const TRIES: u32 = 400;

fn io(source: io::Error) -> EngineError {
    EngineError::Io { doing: "write its files anew", source }
}

/// Removes what a rewriting that was cut short left.
pub(super) fn clear(folder: &Path) -> Result<(), EngineError> {
    match fs::remove_dir_all(folder.join(FRESH)) {
        Err(why) if why.kind() != io::ErrorKind::NotFound => Err(io(why)),
        _ => Ok(()),
    }
}

/// Copies all that `db` holds to a fresh file beside it, durably, and looks whether it is all there. `db` must not change
/// meanwhile.
pub(super) fn copy(db: &Db, folder: &Path) -> Result<(), EngineError> {
    clear(folder)?;
    let fresh = folder.join(FRESH);
    create_folder(&fresh).map_err(io)?;
    fill(db, &fresh)?;
    wait_until_free(&fresh)?;
    compare(db, &fresh)?;
    wait_until_free(&fresh)?;
    // Only its `db` takes the old one's place: with our limits no page is so large that sled puts it into a file of its own.
    if fs::read_dir(fresh.join("blobs")).map_err(io)?.next().is_some() {
        return Err(io(io::Error::other("a page of the copy lies in a file of its own")));
    }
    let file = File::open(fresh.join("db")).map_err(io)?;
    file.set_permissions(Permissions::from_mode(FILE_MODE)).and_then(|()| file.sync_all()).map_err(io)?;
    sync_folder(&fresh).map_err(io)
}

fn open(fresh: &Path) -> Result<Db, EngineError> {
    sled::Config::new().path(fresh).cache_capacity(CACHE_BYTES).open().map_err(fault("write its files anew"))
}

fn fill(db: &Db, fresh: &Path) -> Result<(), EngineError> {
    let copy = open(fresh)?;
    let mut batch = sled::Batch::default();
    let mut held = 0;
    for pair in db.iter() {
        let (key, value) = pair.map_err(fault("read"))?;
        batch.insert(key, value);
        held += 1;
        if held == BATCH {
            copy.apply_batch(std::mem::take(&mut batch)).map_err(fault("write its files anew"))?;
            held = 0;
        }
    }
    copy.apply_batch(batch).map_err(fault("write its files anew"))?;
    make_durable(&copy, fresh)
}

/// Whether the copy, read from the disk, holds the same pairs.
fn compare(db: &Db, fresh: &Path) -> Result<(), EngineError> {
    let copy = open(fresh)?;
    let mut copied = copy.iter();
    for pair in db.iter() {
        let pair = pair.map_err(fault("read"))?;
        if copied.next().transpose().map_err(fault("read"))?.as_ref() != Some(&pair) {
            return Err(io(io::Error::other("the copy is not like the store")));
        }
    }
    match copied.next() {
        None => Ok(()),
        Some(_) => Err(io(io::Error::other("the copy holds more than the store"))),
    }
}

/// Puts the copy in the place of the store, which has been closed.
pub(super) fn put_in_place(folder: &Path) -> Result<(), EngineError> {
    // As long as sled has the old file it may write a summary of it.
    wait_until_free(folder)?;
    remove_summaries(folder)?;
    // If we stop here: the old store, whole; without a summary it is only read more slowly.
    fs::rename(folder.join(FRESH).join("db"), folder.join("db")).and_then(|()| sync_folder(folder)).map_err(io)?;
    // If we stop here: the new store, whole, and a leftover.
    clear(folder)
}

/// Removes sled's summaries of its file, durably: one of the old file would be believed of the new.
fn remove_summaries(folder: &Path) -> Result<(), EngineError> {
    for entry in fs::read_dir(folder).map_err(io)? {
        let entry = entry.map_err(io)?;
        if entry.file_name().as_encoded_bytes().starts_with(b"snap.") {
            fs::remove_file(entry.path()).map_err(io)?;
        }
    }
    sync_folder(folder).map_err(io)
}

/// Waits until sled, which was closed, has let go of its file: after that it writes nothing any more.
fn wait_until_free(folder: &Path) -> Result<(), EngineError> {
    let file = File::open(folder.join("db")).map_err(io)?;
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            Err(TryLockError::Error(why)) => return Err(io(why)),
        }
    }
    Err(io(io::Error::other("its file is still in use")))
}

#[cfg(test)]
mod tests {
    use super::super::file::open_db;
    use super::*;

    fn pairs(db: &Db) -> Vec<(Vec<u8>, Vec<u8>)> {
        db.iter().map(|pair| pair.map(|(key, value)| (key.to_vec(), value.to_vec())).unwrap()).collect()
    }

    /// A store in which something was deleted, closed.
    fn store(folder: &Path) -> Vec<(Vec<u8>, Vec<u8>)> {
        let db = open_db(folder).unwrap();
        for n in 0..3_000_u32 {
            db.insert(format!("note/{n:08}"), format!("words of {n}").as_bytes()).unwrap();
        }
        db.insert("person/a", "zebra.quagga@example.org").unwrap();
        db.flush().unwrap();
        db.remove("person/a").unwrap();
        make_durable(&db, folder).unwrap();
        pairs(&db)
    }

    fn holds(folder: &Path, words: &str) -> bool {
        let mut folders = vec![folder.to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if memchr::memmem::find(&fs::read(&path).unwrap(), words.as_bytes()).is_some() {
                    return true;
                }
            }
        }
        false
    }

    fn check(folder: &Path, expect: &[(Vec<u8>, Vec<u8>)]) {
        wait_until_free(folder).unwrap();
        let db = open_db(folder).unwrap();
        assert!(pairs(&db) == expect, "the store is whole");
        drop(db);
        wait_until_free(folder).unwrap();
        assert!(!folder.join(FRESH).exists());
    }

    #[test]
    fn what_was_deleted_is_in_no_file_any_more_and_what_was_not_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let expect = store(folder.path());
        assert!(holds(folder.path(), "zebra.quagga"), "sled keeps what was deleted");
        let db = open_db(folder.path()).unwrap();
        copy(&db, folder.path()).unwrap();
        drop(db);
        put_in_place(folder.path()).unwrap();
        assert!(!holds(folder.path(), "zebra"));
        check(folder.path(), &expect);
        assert!(!holds(folder.path(), "zebra"));
    }

    #[test]
    fn a_stop_between_any_two_steps_leaves_one_whole_store() {
        let steps: [fn(&Path); 5] = [
            // While the copy is being filled.
            |folder| {
                let fresh = folder.join(FRESH);
                create_folder(&fresh).unwrap();
                let half = open(&fresh).unwrap();
                half.insert("note/00000000", "words of 0").unwrap();
                make_durable(&half, &fresh).unwrap();
            },
            // After it was.
            |folder| copy(&open_db(folder).unwrap(), folder).unwrap(),
            // After the summaries went.
            |folder| {
                copy(&open_db(folder).unwrap(), folder).unwrap();
                wait_until_free(folder).unwrap();
                remove_summaries(folder).unwrap();
            },
            // After the rename.
            |folder| {
                copy(&open_db(folder).unwrap(), folder).unwrap();
                wait_until_free(folder).unwrap();
                remove_summaries(folder).unwrap();
                fs::rename(folder.join(FRESH).join("db"), folder.join("db")).unwrap();
            },
            // After all of it.
            |folder| {
                copy(&open_db(folder).unwrap(), folder).unwrap();
                put_in_place(folder).unwrap();
            },
        ];
        for step in steps {
            let folder = tempfile::tempdir().unwrap();
            let expect = store(folder.path());
            wait_until_free(folder.path()).unwrap();
            step(folder.path());
            check(folder.path(), &expect);
            // And it can be done again from there.
            let db = open_db(folder.path()).unwrap();
            copy(&db, folder.path()).unwrap();
            drop(db);
            put_in_place(folder.path()).unwrap();
            check(folder.path(), &expect);
            assert!(!holds(folder.path(), "zebra"));
        }
    }
}
