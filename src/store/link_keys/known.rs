//! By what a store knows the keys of the links in its people's mails: the file of them lies beside it, and another
//! installation's, or one of before the last `rotate`, would void every link that was sent and sign others' over them.
//!
//! The store keeps a mark of the key that signs; a file that does not hold that key is not this store's. A key is changed in three
//! steps, each harmless to stop after: both marks are good, the file is written, the old mark goes.

use super::{KeysFile, invalid, key as read_key, missing, parse};
use crate::store::engine::prefix_range;
use crate::store::records::{Request, SignedBy};
use crate::store::{Row, Store, StoreError, key};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::collections::BTreeSet;
use std::io;
use std::path::Path;

/// Octets of a mark.
const MARK_BYTES: usize = 12;

impl Store {
    /// What is wrong with the `text` of the file of keys at `path`, or with its not being there: whether it can be read, and whether it
    /// is this store's. Where nobody was written to, there need be none.
    pub async fn doubt_of_links(&self, path: &Path, text: Option<&[u8]>) -> Result<Option<io::Error>, StoreError> {
        let known = self.read::<SignedBy>(key::SIGNED_BY).await?.map(|row| row.value);
        let Some(text) = text else {
            let is_needed = known.is_some() || self.has_written_to_somebody().await?;
            return Ok(is_needed.then(|| missing(path)));
        };
        let marks = match parse(path, text).and_then(|file| marks(path, &file)) {
            Ok(marks) => marks,
            Err(why) => return Ok(Some(why)),
        };
        let is_ours = known.is_none_or(|known| marks.iter().any(|mark| known.one_of.contains(mark)));
        Ok((!is_ours).then(|| invalid(path, "does not hold the key that signs this store's links")))
    }

    /// Whether the `text` of a file of keys at `path` is known to be this store's.
    pub async fn signs_links_by(&self, path: &Path, text: &[u8]) -> Result<bool, StoreError> {
        let known = self.read::<SignedBy>(key::SIGNED_BY).await?.map(|row| row.value);
        let marks = parse(path, text).and_then(|file| marks(path, &file)).unwrap_or_default();
        Ok(known.is_some_and(|known| marks.iter().any(|mark| known.one_of.contains(mark))))
    }

    /// Knows from now on the links of this store by the key that signs in the `text` of the file at `path`. `is_settled`: nobody is
    /// changing it.
    ///
    /// # Errors
    /// Where the store cannot be written. A file that cannot be read changes nothing.
    pub async fn know_links_by(&self, path: &Path, text: &[u8], is_settled: bool) -> Result<(), StoreError> {
        let signs = parse(path, text).and_then(|file| marks(path, &file)).ok().and_then(|mut marks| marks.pop());
        let (Some(signs), before) = (signs, self.read::<SignedBy>(key::SIGNED_BY).await?) else { return Ok(()) };
        let after = SignedBy { one_of: BTreeSet::from([signs]) };
        let mut change = self.change();
        match &before {
            Some(row) if row.value == after || !is_settled => return Ok(()),
            Some(row) => change.update(row, &after),
            None => change.insert(key::SIGNED_BY, &after),
        };
        match change.commit().await {
            // Whoever was quicker has looked at the same file.
            Err(error) if !error.is_conflict() => Err(error),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Takes the key that signs in `next` for this store's too, before it is in the file that is `now` at `path`.
    pub(super) async fn expect_links_by(&self, path: &Path, now: Option<&KeysFile>, next: &KeysFile) -> Result<(), StoreError> {
        let known = self.read::<SignedBy>(key::SIGNED_BY).await?.map(|row| row.value.one_of);
        let of = |file: &KeysFile| marks(path, file).unwrap_or_default();
        // What no release before this one has noted is what the file says.
        let mut one_of = known.unwrap_or_else(|| now.map(of).unwrap_or_default().into_iter().collect());
        one_of.extend(of(next).pop());
        let mut change = self.change();
        change.put(key::SIGNED_BY, &SignedBy { one_of });
        change.commit().await.map(drop)
    }

    /// Whether there is somebody who may have been sent a link.
    async fn has_written_to_somebody(&self) -> Result<bool, StoreError> {
        Ok(!self.people_after(None, 1).await?.is_empty() || !self.asked_by(1).await?.is_empty())
    }

    /// Some of those who have asked for updates.
    pub(in crate::store) async fn asked_by(&self, limit: usize) -> Result<Vec<Row<Request>>, StoreError> {
        self.scan(prefix_range(key::REQUESTS.as_bytes()), limit).await
    }
}

/// The marks of the file's keys; the one that signs is the last.
fn marks(path: &Path, file: &KeysFile) -> io::Result<Vec<String>> {
    file.keys.iter().map(|entry| Ok(mark(&read_key(path, entry)?.secret))).collect()
}

/// Enough of a hash to tell keys from one another, and nothing to sign with.
fn mark(secret: &[u8; 32]) -> String {
    let hash = blake3::derive_key("boardwatch mark of a key that signs links", secret);
    URL_SAFE_NO_PAD.encode(hash.get(..MARK_BYTES).unwrap_or_default())
}
