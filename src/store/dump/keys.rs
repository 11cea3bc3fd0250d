//! The installation's keys, as a dump carries them: people are known by keyed hashes, and links in mailboxes are signed, so
//! a store without its keys knows nobody.

use crate::store::files::{create_folder, read_kept, sync_folder, write_whole};
use crate::store::link_keys::joined;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::path::Path;

/// What lies beside the store, each where it is there.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Keys {
    /// `secret.key`, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret_key: Option<String>,
    /// `link-keys.json`, as it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    link_keys: Option<String>,
}

/// What became of the keys that lay there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Put {
    /// The dump carries none.
    None,
    /// They lie there, and nothing else did.
    There,
    /// Others of the same installation did; all of them lie there now.
    Joined,
    /// Others did; they lie beside them, with `.replaced` behind their names.
    Replaced,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}

impl Keys {
    /// Those under `data_dir`.
    ///
    /// # Errors
    /// Where one is there and cannot be read.
    pub fn under(data_dir: &Path) -> io::Result<Self> {
        let secret_key = read_kept(&data_dir.join("secret.key"))?.map(|bytes| STANDARD_NO_PAD.encode(bytes));
        let link_keys = read_kept(&data_dir.join("link-keys.json"))?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok(Self { secret_key, link_keys })
    }

    /// The secret key, where there is a whole one.
    #[must_use]
    pub fn secret(&self) -> Option<[u8; 32]> {
        STANDARD_NO_PAD.decode(self.secret_key.as_ref()?).ok()?.try_into().ok()
    }

    /// The keys of links, as the file says them.
    #[must_use]
    pub fn links(&self) -> Option<&[u8]> {
        self.link_keys.as_deref().map(str::as_bytes)
    }

    /// The same without the keys of links.
    #[must_use]
    pub fn without_links(self) -> Self {
        Self { link_keys: None, ..self }
    }

    /// Lays them under `data_dir`. The keys of links are added to those of the same installation; what signed the links of another
    /// store's people goes aside with its secret key, also where there is nothing to take its place. `links_are_ours`: what lies there is
    /// known to have signed the links of the store that is replaced.
    ///
    /// # Errors
    /// Where they cannot be written; whatever lay there then lies there still, or beside it.
    pub fn put(&self, data_dir: &Path, links_are_ours: bool) -> io::Result<Put> {
        let secret = self.secret_key.as_ref().map(|text| STANDARD_NO_PAD.decode(text)).transpose();
        let secret = secret.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        let (secret_path, links_path) = (data_dir.join("secret.key"), data_dir.join("link-keys.json"));
        let (secret_before, links_before) = (read_kept(&secret_path)?, read_kept(&links_path)?);
        let is_same = secret_before.is_some() && secret.as_ref().is_none_or(|secret| secret_before.as_ref() == Some(secret));
        let mut put = Put::None;
        // First: a secret key that is another's says until the end that what lies beside it is, too.
        match (self.links(), &links_before) {
            (Some(links), None) => {
                create_folder(data_dir)?;
                write_whole(&links_path, links)?;
                put = Put::There;
            }
            (Some(links), Some(before)) if links == &**before => put = Put::There,
            // What cannot be read has nothing to add.
            (Some(links), Some(before)) => match joined(&links_path, before, links, links_are_ours) {
                Ok(None) if is_same => put = Put::There,
                Ok(Some(all)) if is_same => {
                    write_whole(&links_path, &all)?;
                    put = Put::Joined;
                }
                Ok(_) | Err(_) => {
                    set_aside(&links_path, before)?;
                    write_whole(&links_path, links)?;
                    put = Put::Replaced;
                }
            },
            (None, Some(before)) if secret.is_some() && secret_before.is_some() && !is_same => {
                set_aside(&links_path, before)?;
                fs::remove_file(&links_path)?;
                sync_folder(data_dir)?;
                put = Put::Replaced;
            }
            (None, _) => {}
        }
        if let Some(secret) = secret {
            match secret_before {
                Some(before) if before == secret => {}
                Some(before) => {
                    set_aside(&secret_path, &before)?;
                    write_whole(&secret_path, &secret)?;
                    put = Put::Replaced;
                }
                None => {
                    create_folder(data_dir)?;
                    write_whole(&secret_path, &secret)?;
                }
            }
            put = if put == Put::None { Put::There } else { put };
        }
        Ok(put)
    }
}

/// Keeps what lies at `path` beside it, under the first such name that is free or holds the same.
fn set_aside(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    for n in 1_u32.. {
        let more = if n == 1 { String::new() } else { format!(".{n}") };
        let aside = path.with_file_name(format!("{name}.replaced{more}"));
        match read_kept(&aside)? {
            None => return write_whole(&aside, bytes),
            Some(kept) if kept == bytes => return Ok(()),
            Some(_) => {}
        }
    }
    Ok(())
}
