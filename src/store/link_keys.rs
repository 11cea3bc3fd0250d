//! The keys that sign links, in a file that only we may read: `link-keys.json`, made at the first start.
//!
//! A key is changed by adding one: links in mails that were sent go on working for their time, those that unsubscribe for
//! ever. Only who forgets the old keys, because they have become known to others, makes those links void.

mod joined;
mod known;

pub(super) use joined::joined;

use super::files::{create_aside, create_folder, read_kept, sync_folder, write_whole};
use super::{Store, StoreError};
use crate::ports::Entropy;
use crate::rules::token::{Keyring, LinkKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What the file says.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeysFile {
    /// The one that signs last.
    keys: Vec<KeyEntry>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyEntry {
    id: u8,
    made: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retired: Option<DateTime<Utc>>,
    /// Base64.
    key: String,
}

/// Where the keys lie under the data folder.
#[must_use]
pub fn path(data_dir: &Path) -> PathBuf {
    data_dir.join("link-keys.json")
}

/// The installation's keys, made durable before one is first used. `secret` signed the links of the first release.
///
/// # Errors
/// Where the file cannot be read or written, or does not say what it should; it is never replaced.
pub fn link_keys(data_dir: &Path, secret: [u8; 32], entropy: &dyn Entropy, now: DateTime<Utc>) -> io::Result<Keyring> {
    let path = path(data_dir);
    if !path.exists() {
        create_folder(data_dir)?;
        let (aside, mut file) = create_aside(&path)?;
        let made = KeysFile { keys: vec![entry(1, entropy, now)] };
        let linked = file
            .write_all(&serde_json::to_vec_pretty(&made)?)
            .and_then(|()| file.sync_all())
            // Not a rename: of two processes that start together, the second must take the key of the first.
            .and_then(|()| fs::hard_link(&aside, &path));
        fs::remove_file(&aside).ok();
        match linked {
            Err(e) if e.kind() != io::ErrorKind::AlreadyExists => return Err(e),
            _ => sync_folder(data_dir)?,
        }
    }
    kept_link_keys(data_dir, secret)
}

/// The same where there are some: it makes none in the place of those that signed the links sent so far.
///
/// # Errors
/// As [`link_keys`]; where they are missing.
pub fn kept_link_keys(data_dir: &Path, secret: [u8; 32]) -> io::Result<Keyring> {
    let path = path(data_dir);
    let keys = read(&path)?.keys.iter().map(|entry| key(&path, entry)).collect::<io::Result<_>>()?;
    Ok(Keyring::new(keys, secret))
}

/// Says that the file is not there, and what to do.
#[must_use]
pub fn missing(path: &Path) -> io::Error {
    invalid(path, "is missing")
}

/// What the file of keys under `data_dir` says, where it is there.
///
/// # Errors
/// Where something is there and cannot be read.
pub fn kept_text(data_dir: &Path) -> io::Result<Option<Vec<u8>>> {
    read_kept(&path(data_dir))
}

/// Why the links' keys are as they were.
#[derive(Debug, thiserror::Error)]
pub enum RotateError {
    /// The store could not note it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file could not be read or written.
    #[error(transparent)]
    File(#[from] io::Error),
}

/// Adds a key, which signs the links of `store` from now on; with `forget_old`, the others go, and with them every link that was
/// sent. Answers with the number of the new key.
///
/// # Errors
/// Where the file cannot be read or written, or holds as many keys as it can.
pub async fn rotate(
    store: &Store,
    data_dir: &Path,
    forget_old: bool,
    entropy: &dyn Entropy,
    now: DateTime<Utc>,
) -> Result<u8, RotateError> {
    let path = path(data_dir);
    // What is forgotten need not be whole.
    let before = match read(&path) {
        Err(_) if forget_old => None,
        read => Some(read?),
    };
    let (id, file) = with_another(&path, before.as_ref(), forget_old, entropy, now)?;
    store.expect_links_by(&path, before.as_ref(), &file).await?;
    // If we stop before or after this: the store takes either file for its own.
    let text = serde_json::to_vec_pretty(&file).map_err(io::Error::from)?;
    create_folder(data_dir)?;
    write_whole(&path, &text)?;
    store.know_links_by(&path, &text, true).await?;
    Ok(id)
}

/// The file with a key more, and its number.
fn with_another(
    path: &Path,
    before: Option<&KeysFile>,
    forget_old: bool,
    entropy: &dyn Entropy,
    now: DateTime<Utc>,
) -> io::Result<(u8, KeysFile)> {
    let mut file = KeysFile { keys: before.map(|file| file.keys.clone()).unwrap_or_default() };
    let last = file.keys.iter().map(|entry| entry.id).max().unwrap_or(0);
    let id = last.checked_add(1).ok_or_else(|| invalid(path, "holds 255 keys: take the oldest ones out of it"))?;
    for entry in &mut file.keys {
        entry.retired.get_or_insert(now);
    }
    if forget_old {
        file.keys.clear();
    }
    file.keys.push(entry(id, entropy, now));
    Ok((id, file))
}

fn entry(id: u8, entropy: &dyn Entropy, now: DateTime<Utc>) -> KeyEntry {
    KeyEntry { id, made: now, retired: None, key: STANDARD_NO_PAD.encode(entropy.bytes()) }
}

fn read(path: &Path) -> io::Result<KeysFile> {
    let text = read_kept(path)?.ok_or_else(|| missing(path))?;
    parse(path, &text)
}

fn parse(path: &Path, text: &[u8]) -> io::Result<KeysFile> {
    let file: KeysFile = serde_json::from_slice(text).map_err(|e| invalid(path, &e.to_string()))?;
    if file.keys.is_empty() {
        return Err(invalid(path, "holds no key"));
    }
    Ok(file)
}

fn key(path: &Path, entry: &KeyEntry) -> io::Result<LinkKey> {
    let bytes = STANDARD_NO_PAD.decode(&entry.key).map_err(|_| invalid(path, "holds a key that is not base64"))?;
    let secret = bytes.try_into().map_err(|_| invalid(path, "holds a key that is not 32 bytes"))?;
    Ok(LinkKey { id: entry.id, secret, retired: entry.retired })
}

fn invalid(path: &Path, what: &str) -> io::Error {
    let words = format!("{} {what}: put back the one that signed the links sent so far", path.display());
    io::Error::new(io::ErrorKind::InvalidData, words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::subscriber::SubscriberId;
    use crate::rules::token::Purpose;
    use std::os::unix::fs::PermissionsExt;

    struct Bytes(u8);

    impl Entropy for Bytes {
        fn bytes(&self) -> [u8; 32] {
            [self.0; 32]
        }
    }

    #[tokio::test]
    async fn keys_are_made_once_are_ours_alone_and_are_changed_without_breaking_links() {
        let dir = tempfile::tempdir().unwrap();
        let (data, now) = (dir.path().join("var"), "2026-11-22T10:00:00Z".parse().unwrap());
        let store = Store::in_memory();
        let first = link_keys(&data, [9; 32], &Bytes(1), now).unwrap();
        assert_eq!(link_keys(&data, [9; 32], &Bytes(2), now).unwrap(), first);
        assert_eq!(fs::metadata(path(&data)).unwrap().permissions().mode() & 0o777, 0o600);
        let somebody = SubscriberId::from_number(7);
        let sent = first.link(Purpose::Manage, &somebody, now);
        assert_eq!(rotate(&store, &data, false, &Bytes(3), now).await.unwrap(), 2);
        let both = link_keys(&data, [9; 32], &Bytes(4), now).unwrap();
        assert!(both.read(&sent, Purpose::Manage, now).is_ok());
        assert!(first.read(&both.link(Purpose::Manage, &somebody, now), Purpose::Manage, now).is_err());
        assert_eq!(rotate(&store, &data, true, &Bytes(5), now).await.unwrap(), 3);
        assert!(link_keys(&data, [9; 32], &Bytes(4), now).unwrap().read(&sent, Purpose::Manage, now).is_err());
        fs::write(path(&data), "{}").unwrap();
        assert!(link_keys(&data, [9; 32], &Bytes(1), now).unwrap_err().to_string().contains("link-keys.json"));
        assert_eq!(fs::metadata(path(&data)).unwrap().permissions().mode() & 0o777, 0o600);
    }

    /// What is wrong with the file as it lies there.
    async fn doubt(store: &Store, data: &Path) -> Option<String> {
        store.doubt_of_links(&path(data), kept_text(data).unwrap().as_deref()).await.unwrap().map(|why| why.to_string())
    }

    #[tokio::test]
    async fn the_keys_of_another_store_or_of_before_the_last_change_are_not_this_ones() {
        let dir = tempfile::tempdir().unwrap();
        let (data, other, now) = (dir.path().join("var"), dir.path().join("other"), "2026-11-22T10:00:00Z".parse().unwrap());
        let store = Store::in_memory();
        assert_eq!(doubt(&store, &data).await, None, "nobody has a link yet");
        link_keys(&data, [9; 32], &Bytes(1), now).unwrap();
        let first = kept_text(&data).unwrap().unwrap();
        store.know_links_by(&path(&data), &first, true).await.unwrap();
        assert_eq!(doubt(&store, &data).await, None);
        link_keys(&other, [9; 32], &Bytes(2), now).unwrap();
        assert!(doubt(&store, &other).await.unwrap().contains("does not hold the key that signs this store's links"));
        store.know_links_by(&path(&other), &kept_text(&other).unwrap().unwrap(), false).await.unwrap();
        assert!(doubt(&store, &other).await.is_some(), "who only looks does not make them its own");
        rotate(&store, &data, false, &Bytes(3), now).await.unwrap();
        assert_eq!(doubt(&store, &data).await, None);
        fs::write(path(&data), &first).unwrap();
        assert!(doubt(&store, &data).await.is_some(), "no link of since then would work");
        fs::remove_file(path(&data)).unwrap();
        assert!(doubt(&store, &data).await.unwrap().contains("is missing"), "though nobody is known");
        rotate(&store, &data, true, &Bytes(4), now).await.unwrap();
        assert_eq!(doubt(&store, &data).await, None);
    }

    /// Each step of a change, and what lies there if it is the last.
    #[tokio::test]
    async fn a_change_of_keys_may_be_stopped_at_any_step_and_the_store_knows_its_own() {
        let now = "2026-11-22T10:00:00Z".parse().unwrap();
        for (forgets, is_noted) in [(false, false), (false, true), (true, false), (true, true)] {
            let dir = tempfile::tempdir().unwrap();
            let (data, store) = (dir.path().join("var"), Store::in_memory());
            link_keys(&data, [9; 32], &Bytes(1), now).unwrap();
            let path = path(&data);
            let text = kept_text(&data).unwrap().unwrap();
            if is_noted {
                store.know_links_by(&path, &text, true).await.unwrap();
            }
            let before = read(&path).unwrap();
            let (_, file) = with_another(&path, Some(&before), forgets, &Bytes(2), now).unwrap();
            let what = format!("forgets: {forgets}, noted: {is_noted}");
            store.expect_links_by(&path, Some(&before), &file).await.unwrap();
            assert_eq!(doubt(&store, &data).await, None, "{what}: stopped before the file");
            write_whole(&path, &serde_json::to_vec_pretty(&file).unwrap()).unwrap();
            assert_eq!(doubt(&store, &data).await, None, "{what}: stopped after it");
            // The next start settles it.
            store.know_links_by(&path, &kept_text(&data).unwrap().unwrap(), true).await.unwrap();
            assert_eq!(doubt(&store, &data).await, None, "{what}");
            fs::write(&path, &text).unwrap();
            assert!(doubt(&store, &data).await.is_some(), "{what}: the key that signs is not in the old file");
        }
    }
}
