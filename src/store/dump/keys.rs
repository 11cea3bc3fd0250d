//! The installation's keys, as a dump carries them: people are known by keyed hashes, and links in mailboxes are signed, so
//! a store without its keys knows nobody.

use crate::store::files::{create_folder, read_kept, sync_folder, write_whole};
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

    /// Lays them under `data_dir`. What signed the links of another store's people goes aside with its secret key, also where there is
    /// nothing to take its place.
    ///
    /// # Errors
    /// Where they cannot be written; whatever lay there then lies there still, or beside it.
    pub fn put(&self, data_dir: &Path) -> io::Result<Put> {
        let secret = self.secret_key.as_ref().map(|text| STANDARD_NO_PAD.decode(text)).transpose();
        let secret = secret.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        let links = self.link_keys.as_ref().map(|text| text.clone().into_bytes());
        let mut put = Put::None;
        for (name, bytes) in [("secret.key", secret), ("link-keys.json", links)] {
            let Some(bytes) = bytes else { continue };
            let path = data_dir.join(name);
            let before = read_kept(&path)?;
            if before.as_deref() == Some(&*bytes) {
                put = if put == Put::None { Put::There } else { put };
                continue;
            }
            create_folder(data_dir)?;
            if let Some(before) = before {
                write_whole(&data_dir.join(format!("{name}.replaced")), &before)?;
                put = Put::Replaced;
            }
            write_whole(&path, &bytes)?;
            put = if put == Put::None { Put::There } else { put };
        }
        let links = data_dir.join("link-keys.json");
        if put == Put::Replaced && self.link_keys.is_none() && links.exists() {
            fs::rename(&links, data_dir.join("link-keys.json.replaced"))?;
            sync_folder(data_dir)?;
        }
        Ok(put)
    }
}
