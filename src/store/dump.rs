//! The whole store as one portable file, and back: backup, compaction and the way to another engine in one.
//!
//! A dump is zstd over lines of JSON: a header, one line a record (long ones too, wherever they lay), and a trailer with
//! their number and hash, so that a file that was cut short or altered is refused before anything is touched. Versions are
//! not in it: they belong to the engine. A restore marks the store first and removes the mark last, so one that was cut
//! short is noticed by whoever opens the store next.

mod endings;
pub mod keys;
mod lines;

use super::engine::{Key, prefix_range, readable};
use super::files::Unnamed;
use super::record::{Record, RecordError};
use super::{PAGE_ROWS, Store, StoreError, key, successor};
use chrono::{DateTime, Utc};
use endings::Endings;
use keys::Keys;
use lines::{Line, Reader, Writer};
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Seek, Write};
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

const MARK_KEY: &[u8] = b"restore/unfinished";
/// One commit of a restore ends at this many records, or bytes of them.
const BATCH_ROWS_MAX: usize = 200;
const BATCH_BYTES_MAX: usize = 4 * 1024 * 1024;
/// A dump begins again when somebody writes meanwhile: this often, this long apart.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(250);
/// Where somebody always does, these tries have everybody wait who writes…
const HOLDS: [u32; 2] = [4, 12];
/// …for so long at most.
const HELD_MAX: Duration = Duration::from_secs(45);

/// Why there is no dump, or nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum DumpError {
    /// The store said no.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file could not be read or written.
    #[error("could not {doing} the dump")]
    Io {
        /// What was tried.
        doing: &'static str,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// It does not begin as a dump does.
    #[error("this is no dump of boardwatch")]
    NotADump,
    /// A later program wrote it.
    #[error("this dump was written by a newer boardwatch (format {found}, this one knows {known}): install that one")]
    Newer {
        /// What it says of itself.
        found: u32,
        /// The newest that we know.
        known: u32,
    },
    /// The trailer is missing.
    #[error("this dump was cut short: nothing was restored")]
    CutShort,
    /// Its content is not what the trailer says, or does not read.
    #[error("this dump was altered or damaged: nothing was restored")]
    Altered,
    /// Somebody kept writing.
    #[error("the store kept changing while it was dumped: try again in a quieter minute, or stop boardwatch first")]
    Busy,
    /// There is something to lose.
    #[error("the store holds something already: `--force` replaces all of it")]
    NotEmpty,
}

/// A restore is under way, or was cut short.
#[derive(Default, Serialize, Deserialize)]
struct Mark {
    /// What had ended in the store that it replaces.
    #[serde(default)]
    endings: Endings,
}

/// What a restore has brought.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Restored {
    /// Records.
    pub rows: u64,
    /// As things stood then, where the dump says so.
    pub made: Option<DateTime<Utc>>,
    /// The installation's keys.
    pub keys: Keys,
    /// People whom the store that it replaced leaves alone, and the dump did not.
    pub left_since: u64,
}

impl Record for Mark {
    const KIND: &'static str = "mark of a restore";
    const SCHEMA: u8 = 1;
}

/// Whether a restore was cut short in it.
pub async fn is_half_restored(store: &Store) -> Result<bool, StoreError> {
    Ok(store.read::<Mark>(MARK_KEY).await?.is_some())
}

/// Writes a dump of `store` to `path`, whole or not at all and for our own user alone. The number of its records.
///
/// # Errors
/// `Busy` where the store is never left alone for long enough.
pub async fn dump_to_file(store: &Store, path: &Path, made: DateTime<Utc>, keys: &Keys) -> Result<u64, DumpError> {
    let (file, rows) = dump_unnamed(store, path, made, keys).await?;
    file.named(path).map_err(|source| DumpError::Io { doing: "write", source })?;
    Ok(rows)
}

/// Writes a dump of `store` to `out`, which cannot take back what it was given: so it is whole first, in a file of `folder` that
/// has no name there. The number of its records.
///
/// # Errors
/// `Busy` where the store is never left alone for long enough.
pub async fn dump_through(
    store: &Store,
    folder: &Path,
    out: &mut (impl Write + Send),
    made: DateTime<Utc>,
    keys: &Keys,
) -> Result<u64, DumpError> {
    let io = |source| DumpError::Io { doing: "hand on", source };
    let (mut file, rows) = dump_unnamed(store, &folder.join("dump.spool"), made, keys).await?;
    file.file().rewind().and_then(|()| io::copy(file.file(), out)).and_then(|_| out.flush()).map_err(io)?;
    Ok(rows)
}

async fn dump_unnamed(store: &Store, path: &Path, made: DateTime<Utc>, keys: &Keys) -> Result<(Unnamed, u64), DumpError> {
    let io = |source| DumpError::Io { doing: "write", source };
    for turn in 0..TRIES {
        let mut file = Unnamed::beside(path).map_err(io)?;
        let dumped = if HOLDS.contains(&turn) {
            dump_held(store, file.file(), Some(made), keys).await
        } else {
            dump(store, file.file(), Some(made), keys).await
        };
        match dumped {
            Ok(rows) => return Ok((file, rows)),
            Err(DumpError::Busy) => tokio::time::sleep(PAUSE).await,
            Err(other) => return Err(other),
        }
    }
    Err(DumpError::Busy)
}

/// Writes a dump of `store` as it stood at one moment, with the keys beside it. The number of its records.
///
/// # Errors
/// `Busy` where somebody wrote meanwhile; what was written so far is then worthless.
pub async fn dump(
    store: &Store,
    out: &mut (impl Write + Send),
    made: Option<DateTime<Utc>>,
    keys: &Keys,
) -> Result<u64, DumpError> {
    // Every commit takes the next number, also one that does nothing: two of those in a row, and there was none between.
    let before = store.change().commit().await?;
    let written = write_rows(store, out, made, keys).await;
    let after = store.change().commit().await?;
    if after != before + 1 {
        // Also where a record did not read: its body may have gone with it.
        return Err(DumpError::Busy);
    }
    finish(written?)
}

/// The same while everybody who writes waits.
///
/// # Errors
/// `Busy` where they could not be had to wait, or did not wait long enough.
async fn dump_held(
    store: &Store,
    out: &mut (impl Write + Send),
    made: Option<DateTime<Utc>>,
    keys: &Keys,
) -> Result<u64, DumpError> {
    let Some(held) = store.engine().hold(HELD_MAX).await.map_err(StoreError::from)? else { return Err(DumpError::Busy) };
    let written = write_rows(store, out, made, keys).await;
    if !held.let_go().await.map_err(StoreError::from)? {
        return Err(DumpError::Busy);
    }
    finish(written?)
}

/// A dump that lacks only its end: whether it may have one is seen when all is read.
async fn write_rows<W: Write + Send>(
    store: &Store,
    out: W,
    made: Option<DateTime<Utc>>,
    keys: &Keys,
) -> Result<Writer<W>, DumpError> {
    let io = |source| DumpError::Io { doing: "write", source };
    let mut writer = Writer::begin(out, made, keys).map_err(io)?;
    let mut range = prefix_range(b"");
    loop {
        let page = store.engine().scan(range.clone(), PAGE_ROWS).await.map_err(StoreError::from)?;
        for (key, found) in &page {
            if key == MARK_KEY {
                continue;
            }
            let (schema, json) = store.json(key, &found.value).await?;
            let name = || readable(key);
            let record = serde_json::from_slice(&json)
                .map_err(|source| RecordError::Unreadable { key: name(), kind: "record", source })
                .map_err(StoreError::from)?;
            writer.write(&Line { key: name(), schema, record }).map_err(io)?;
        }
        match page.last() {
            Some((key, _)) if page.len() == PAGE_ROWS => range.start = successor(key),
            _ => return Ok(writer),
        }
    }
}

/// Ends it. The number of its records.
fn finish<W: Write>(writer: Writer<W>) -> Result<u64, DumpError> {
    let rows = writer.rows();
    writer.finish().and_then(|mut out| out.flush()).map_err(|source| DumpError::Io { doing: "write", source })?;
    Ok(rows)
}

/// Makes `store` hold what the dump holds and nothing else; reads the dump twice. Whom it leaves alone, if it can be read, it
/// leaves alone afterwards too.
///
/// # Errors
/// `NotEmpty` where the store holds anything and `force` is false; anything wrong with the dump before the store is touched.
pub async fn restore(store: &Store, dump: &mut (impl Read + Seek + Send), force: bool) -> Result<Restored, DumpError> {
    let io = |source| DumpError::Io { doing: "read", source };
    let all = prefix_range(b"");
    // By which keys it signs links is no more than what lies beside it.
    let found = store.engine().scan(all.clone(), 2).await.map_err(StoreError::from)?;
    if !force && found.iter().any(|(key, _)| key != key::SIGNED_BY.as_bytes()) {
        return Err(DumpError::NotEmpty);
    }
    let mut lines = Reader::begin(&mut *dump)?;
    while lines.next()?.is_some() {}
    dump.rewind().map_err(io)?;

    let before = store.read::<Mark>(MARK_KEY).await?.map(|row| row.value).unwrap_or_default();
    let endings = before.endings.and(Endings::of(store).await?);
    let mut mark = store.change();
    mark.put(MARK_KEY, &Mark { endings: endings.clone() });
    mark.commit().await?;
    erase(store, all).await?;

    let mut lines = Reader::begin(&mut *dump)?;
    let mut rows = 0;
    let mut bytes = 0;
    let mut batch = store.change();
    let mut batch_rows = 0;
    while let Some(line) = lines.next()? {
        let json = serde_json::to_vec(&line.record).map_err(|_| DumpError::Altered)?;
        rows += 1;
        batch_rows += 1;
        bytes += json.len();
        batch.put_json(line.key.into_bytes(), line.schema, json);
        if batch_rows == BATCH_ROWS_MAX || bytes > BATCH_BYTES_MAX {
            std::mem::replace(&mut batch, store.change()).commit().await?;
            (batch_rows, bytes) = (0, 0);
        }
    }
    batch.commit().await?;
    let left_since = endings.put(store).await?;
    // The mark goes last: until then the store is not whole.
    let mut whole = store.change();
    whole.erase(MARK_KEY);
    whole.commit().await?;
    Ok(Restored { rows, made: lines.made, keys: lines.keys, left_since })
}

/// The keys that a dump carries; it can be read from its beginning afterwards.
///
/// # Errors
/// Where it does not begin as a dump does.
pub fn keys_in(dump: &mut (impl Read + Seek + Send)) -> Result<Keys, DumpError> {
    let keys = Reader::begin(&mut *dump)?.keys;
    dump.rewind().map_err(|source| DumpError::Io { doing: "read", source })?;
    Ok(keys)
}

/// Removes everything but the mark.
async fn erase(store: &Store, mut range: Range<Key>) -> Result<(), StoreError> {
    loop {
        let page = store.engine().scan(range.clone(), PAGE_ROWS).await?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        range.start = successor(last);
        let mut change = store.change();
        for (key, _) in page.into_iter().filter(|(key, _)| key != MARK_KEY) {
            change.erase(key);
        }
        change.commit().await?;
    }
}
