//! The folder of a demo: its configuration, and beside it all that the program writes.
//!
//! Invariant: nothing is removed from a folder that does not carry the mark of an earlier demo.

use super::fill::fill;
use crate::config::{self, Config};
use crate::store::StoreError;
use crate::store::engine::EngineError;
use crate::store::open::open_exclusive;
use anyhow::{Context, bail};
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// The file that says whose folder this is.
const MARK: &str = "MADE-BY-BOARDWATCH-DEMO.txt";
const MARK_WORDS: &str = "`boardwatch demo` made this folder, and replaces all of it when it runs again.\n";

/// The files of the configuration, `{{…}}` to be filled in.
const CONFIG: [(&str, &str); 6] = [
    ("boardwatch.toml", include_str!("config/boardwatch.toml")),
    ("sources/bury-improvement.toml", include_str!("config/bury-improvement.toml")),
    ("sources/herefordshire-improvement.toml", include_str!("config/herefordshire-improvement.toml")),
    ("sources/torbay-improvement.toml", include_str!("config/torbay-improvement.toml")),
    ("sources/trafford-improvement.toml", include_str!("config/trafford-improvement.toml")),
    ("subscriptions/residents.toml", include_str!("config/residents.toml")),
];

/// Where everything listens that the configuration names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Addresses {
    /// The council site.
    pub(super) council: SocketAddr,
    /// The mail server.
    pub(super) mail: SocketAddr,
    /// The web side.
    pub(super) web: SocketAddr,
}

/// A demo's folder.
#[derive(Clone, Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Makes the folder, or empties that of an earlier demo.
    ///
    /// # Errors
    /// Where it holds something else, an earlier demo still runs in it, or the file system says no.
    pub(super) async fn make(path: PathBuf) -> anyhow::Result<Self> {
        let shown = path.display();
        fs::create_dir_all(&path).with_context(|| format!("the folder {shown} cannot be made"))?;
        let entries: Vec<PathBuf> = entries(&path).with_context(|| format!("the folder {shown} cannot be read"))?;
        if !entries.is_empty() {
            if !path.join(MARK).is_file() {
                bail!("{shown} holds files that no demo made, and they stay: give another folder with --dir");
            }
            if path.join("store").is_dir()
                && let Err(StoreError::Engine(EngineError::InUse { .. })) = open_exclusive(&path).await
            {
                bail!("another demo runs in {shown}: end it, or give another folder with --dir");
            }
            // The mark goes last: a folder that is half emptied is still known as a demo's.
            for entry in entries.iter().filter(|entry| !entry.ends_with(MARK)) {
                remove(entry).with_context(|| format!("{} of an earlier demo cannot be removed", entry.display()))?;
            }
        }
        fs::write(path.join(MARK), MARK_WORDS).with_context(|| format!("nothing can be written to {shown}"))?;
        Ok(Self(path))
    }

    /// The configuration's folder.
    pub(super) fn config(&self) -> PathBuf {
        self.0.join("config")
    }

    /// Where the mail server keeps what it gets.
    pub(super) fn mail(&self) -> PathBuf {
        self.0.join("mail")
    }

    /// Where the feeds are written.
    pub(super) fn feeds(&self) -> PathBuf {
        self.0.join("feeds")
    }

    /// Its path, as given.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes the configuration and reads it as every command does.
    pub(super) fn configure(&self, addresses: Addresses) -> anyhow::Result<Config> {
        let Addresses { council, mail, web } = addresses;
        let values = [
            ("council", council.to_string()),
            ("mail_host", mail.ip().to_string()),
            ("mail_port", mail.port().to_string()),
            ("web", web.to_string()),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        for (name, template) in CONFIG {
            let file = self.config().join(name);
            file.parent()
                .map_or(Ok(()), fs::create_dir_all)
                .and_then(|()| fs::write(&file, fill(template, &values)))
                .with_context(|| format!("{} cannot be written", file.display()))?;
        }
        let (config, _) = config::read(&self.config(), &|_| None).map_err(|faults| {
            let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
            anyhow::anyhow!("the demo's own configuration has faults:\n{}", faults.join("\n"))
        })?;
        Ok(config)
    }
}

fn entries(path: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect()
}

fn remove(entry: &Path) -> io::Result<()> {
    if fs::symlink_metadata(entry)?.is_dir() { fs::remove_dir_all(entry) } else { fs::remove_file(entry) }
}
