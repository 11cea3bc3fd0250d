//! A Maildir as a postbox: what a mail server delivered into `new/` is read, and moved to `cur/` once that is recorded.
//!
//! What was taken is marked seen; what is left for people is marked flagged, so that it stands out in a mail program.

use crate::ports::{Arrived, Fate, Postbox};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A Maildir.
#[derive(Clone, Debug)]
pub struct Maildir {
    folder: PathBuf,
    message_bytes_max: u64,
}

impl Maildir {
    /// That in `folder`. Of a mail longer than `message_bytes_max`, the beginning is read: a bounce says its piece there.
    #[must_use]
    pub fn new(folder: PathBuf, message_bytes_max: u64) -> Self {
        Self { folder, message_bytes_max }
    }

    /// Delivers a mail, as a mail server would: into `tmp/`, synced, then into `new/` (its name decides, so that a repeat is
    /// one mail).
    ///
    /// # Errors
    /// Where the folders cannot be made or written.
    pub fn deliver(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        for sub in ["tmp", "new", "cur"] {
            fs::create_dir_all(self.folder.join(sub))?;
        }
        let aside = self.folder.join("tmp").join(name);
        let file = fs::File::create(&aside)?;
        io::Write::write_all(&mut &file, bytes)?;
        file.sync_all()?;
        fs::rename(&aside, self.folder.join("new").join(name))?;
        sync_folder(&self.folder.join("new"))
    }

    fn list(&self, limit: usize) -> io::Result<Vec<Arrived>> {
        let entries = match fs::read_dir(self.folder.join("new")) {
            Ok(entries) => entries,
            // Nothing was ever delivered.
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.folder.parent().is_some_and(Path::is_dir) => {
                return Ok(Vec::new());
            }
            Err(error) => return Err(error),
        };
        let mut names: Vec<String> = Vec::new();
        for entry in entries {
            // A name that is no UTF-8, or hidden, is no mail server's.
            names.extend(entry?.file_name().into_string().ok().filter(|name| !name.starts_with('.')));
        }
        names.sort();
        let (mut arrived, mut unreadable) = (Vec::new(), None);
        for name in names {
            if arrived.len() == limit {
                break;
            }
            match self.open(&name) {
                Ok(Some(bytes)) => arrived.push(Arrived { id: name, envelope_to: None, bytes }),
                Ok(None) => {}
                Err(error) => unreadable = Some(error),
            }
        }
        // One that cannot be read keeps nobody from the others; it is told of when they are done.
        unreadable.filter(|_| arrived.is_empty()).map_or(Ok(arrived), Err)
    }

    /// The beginning of a mail; `None` where it is none, or somebody else took it.
    fn open(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let path = self.folder.join("new").join(name);
        let found = fs::metadata(&path).and_then(|data| if data.is_file() { fs::File::open(&path).map(Some) } else { Ok(None) });
        let file = match found {
            Ok(Some(file)) => file,
            Ok(None) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        file.take(self.message_bytes_max).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    fn put_away(&self, name: &str, fate: Fate) -> io::Result<()> {
        let flag = match fate {
            Fate::Taken => 'S',
            Fate::LeftToPeople => 'F',
        };
        fs::create_dir_all(self.folder.join("cur"))?;
        let base = name.split(":2,").next().unwrap_or(name);
        match fs::rename(self.folder.join("new").join(name), self.folder.join("cur").join(format!("{base}:2,{flag}"))) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

impl Postbox for Maildir {
    fn name(&self) -> String {
        self.folder.display().to_string()
    }

    fn waiting(&self, limit: usize) -> BoxFuture<'_, io::Result<Vec<Arrived>>> {
        let this = self.clone();
        async move { tokio::task::spawn_blocking(move || this.list(limit)).await.map_err(io::Error::other)? }.boxed()
    }

    fn put_away(&self, id: String, fate: Fate) -> BoxFuture<'_, io::Result<()>> {
        let this = self.clone();
        async move { tokio::task::spawn_blocking(move || this.put_away(&id, fate)).await.map_err(io::Error::other)? }.boxed()
    }
}
