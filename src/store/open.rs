//! Where an installation's store lies under its data folder, and who may open it how.

use super::bodies::FileBodies;
use super::engine::{Engine, EngineError};
use super::files::{create_aside, create_folder, read_kept, sync_folder};
use super::remote::{self, RemoteEngine};
use super::sled::SledEngine;
use super::{Store, StoreError, dump};
use crate::ports::{Awaited, Entropy};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::UnixListener;

/// A command that has the store and answers nobody, as `status` beside `subscriber add`, is waited for so long…
const WAIT: Duration = Duration::from_secs(10);
/// …with a word after this…
const SAID_AFTER: Duration = Duration::from_secs(2);
/// …and looked for again so soon.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// Bytes of the installation's secret key.
const KEY_BYTES: usize = 32;

fn store_folder(data_dir: &Path) -> PathBuf {
    data_dir.join("store")
}

fn socket(data_dir: &Path) -> PathBuf {
    data_dir.join("control.sock")
}

/// Opens the store for this process alone, or makes one: for the daemon, and for `once`. What an earlier program wrote is
/// brought into today's form first.
///
/// # Errors
/// `InUse` where another process has it; `Newer`; `Damaged`, with the way out; where a restore was cut short.
pub async fn open_exclusive(data_dir: &Path) -> Result<Store, StoreError> {
    let store = open_for_restore(data_dir).await?;
    let spool = spool_of_restore(data_dir);
    if dump::is_half_restored(&store).await? {
        if spool.exists() {
            tracing::warn!("the dump that was being restored is still in {0}: `boardwatch restore --force {0}`", spool.display());
        }
        return Err(StoreError::HalfRestored);
    }
    store.migrate().await?;
    // Nobody restores while we have the store: the one that left it was cut short before it began, or after it had ended.
    if fs::remove_file(&spool).is_ok() {
        tracing::warn!("removed {}, a copy of the store's data which a restore that was cut short had left", spool.display());
    }
    Ok(store)
}

/// Where a dump that comes on standard input is kept until it has been restored.
#[must_use]
pub fn spool_of_restore(data_dir: &Path) -> PathBuf {
    data_dir.join("restore.spool")
}

/// Opens the store for this process alone, also where a restore was cut short: for the restore that mends it.
pub async fn open_for_restore(data_dir: &Path) -> Result<Store, StoreError> {
    let folder = store_folder(data_dir);
    let opening = folder.clone();
    let engine = tokio::task::spawn_blocking(move || SledEngine::open(&opening))
        .await
        .map_err(|gone| EngineError::Io { doing: "open", source: io::Error::other(gone) })??;
    Ok(over(Arc::new(engine), &folder))
}

/// The same where another process may have it for a moment: an admin's command is waited for, a daemon is not.
///
/// # Errors
/// As [`open_exclusive`]; `InUse` also where the daemon has it.
pub async fn open_alone(data_dir: &Path) -> Result<Store, StoreError> {
    match open_or_reach(data_dir).await? {
        Opened::Alone(store) => Ok(store),
        Opened::Beside(_) => Err(EngineError::InUse { path: store_folder(data_dir).display().to_string() }.into()),
    }
}

/// How a store was opened.
enum Opened {
    /// Nobody else has it.
    Alone(Store),
    /// Through the process that has it.
    Beside(Store),
}

async fn open_or_reach(data_dir: &Path) -> Result<Opened, StoreError> {
    let begun = Instant::now();
    let mut is_said = false;
    loop {
        let path = match open_exclusive(data_dir).await {
            Err(StoreError::Engine(EngineError::InUse { path })) => path,
            other => return other.map(Opened::Alone),
        };
        let why = match RemoteEngine::connect(&socket(data_dir)).await {
            Ok(engine) => return Ok(Opened::Beside(over(Arc::new(engine), &store_folder(data_dir)))),
            Err(why) => why,
        };
        if begun.elapsed() >= WAIT {
            tracing::debug!(error = %why, "the process that has the store does not answer");
            return Err(EngineError::InUse { path }.into());
        }
        if !is_said && begun.elapsed() >= SAID_AFTER {
            tracing::warn!(
                "another boardwatch is using the store in {path}: waiting for it to end, {} s at most",
                WAIT.as_secs()
            );
            is_said = true;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// Opens the store to look at it: what is not there is empty, and looking makes nothing.
///
/// # Errors
/// As [`open_any`].
pub async fn open_to_look(data_dir: &Path) -> Result<Store, StoreError> {
    if store_folder(data_dir).join("db").exists() { open_any(data_dir).await } else { Ok(Store::in_memory()) }
}

/// What the daemon waits for at mail servers at this moment; nothing where none runs, or one of an earlier release.
pub async fn awaited(data_dir: &Path) -> Vec<Awaited> {
    remote::awaited(&socket(data_dir)).await.unwrap_or_default()
}

/// Opens the store for an admin's command: alone where it is free, else through the process that has it.
///
/// # Errors
/// As [`open_exclusive`]; `InUse` where the process that has it does not answer, and does not end soon.
pub async fn open_any(data_dir: &Path) -> Result<Store, StoreError> {
    let (Opened::Alone(store) | Opened::Beside(store)) = open_or_reach(data_dir).await?;
    Ok(store)
}

/// Bodies go straight to their files from every process: they have their own names and appear whole or not at all.
fn over(engine: Arc<dyn Engine>, folder: &Path) -> Store {
    Store::new(engine, Arc::new(FileBodies::new(folder.join("bodies"))))
}

/// The control socket of the process that has opened the store alone; hand it to [`remote::serve`].
pub fn listen(data_dir: &Path) -> io::Result<UnixListener> {
    remote::listen(&socket(data_dir), &store_folder(data_dir))
}

/// The installation's secret key, made durable before it is first used: links signed with it are in people's mailboxes.
///
/// # Errors
/// Where it cannot be read or written, or is not 32 bytes; it is never replaced.
pub fn secret_key(data_dir: &Path, entropy: &dyn Entropy) -> io::Result<[u8; KEY_BYTES]> {
    if let Some(kept) = kept_key(data_dir)? {
        return Ok(kept);
    }
    let path = data_dir.join("secret.key");
    create_folder(data_dir)?;
    let (aside, mut file) = create_aside(&path)?;
    let linked = file
        .write_all(&entropy.bytes())
        .and_then(|()| file.sync_all())
        // Not a rename: of two processes that start together, the second must take the key of the first.
        .and_then(|()| fs::hard_link(&aside, &path));
    fs::remove_file(&aside).ok();
    match linked {
        Err(e) if e.kind() != io::ErrorKind::AlreadyExists => return Err(e),
        _ => sync_folder(data_dir)?,
    }
    kept_key(data_dir)?.ok_or_else(|| io::ErrorKind::NotFound.into())
}

/// The same where there is one: looking makes none.
///
/// # Errors
/// As [`secret_key`].
pub fn kept_key(data_dir: &Path) -> io::Result<Option<[u8; KEY_BYTES]>> {
    let path = data_dir.join("secret.key");
    read_kept(&path)?.map(|bytes| read_key(&path, &bytes)).transpose()
}

/// A new file that only we may read.
pub fn private_file(path: &Path) -> io::Result<File> {
    let (aside, file) = create_aside(path)?;
    fs::rename(&aside, path)?;
    Ok(file)
}

fn read_key(path: &Path, bytes: &[u8]) -> io::Result<[u8; KEY_BYTES]> {
    bytes.try_into().map_err(|_| {
        let words =
            format!("{} does not hold {KEY_BYTES} bytes: put back the one that signed the links sent so far", path.display());
        io::Error::new(io::ErrorKind::InvalidData, words)
    })
}
