//! Bodies as files, `<folder>/ab/abcdef….zst`: zstd, ours alone, whole or absent.

use super::super::files::{ASIDE, create_folder, write_whole};
use super::{BODY_BYTES_MAX, Bodies, Body, BodyError, BodyHash, Swept};
use futures::future::{BoxFuture, FutureExt};
use std::collections::HashSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

const ZSTD_LEVEL: i32 = 3;

/// Bodies in a folder.
#[derive(Clone, Debug)]
pub struct FileBodies {
    folder: PathBuf,
}

impl FileBodies {
    /// Bodies in this folder, which is made when the first one comes.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    fn path(&self, hash: BodyHash) -> PathBuf {
        let name = hash.to_string();
        self.folder.join(name.get(..2).unwrap_or_default()).join(format!("{name}.zst"))
    }
}

impl Bodies for FileBodies {
    fn put(&self, body: Body) -> BoxFuture<'_, Result<(), BodyError>> {
        let path = self.path(body.hash);
        off_the_workers(move || write_body(&path, &body))
    }

    fn get(&self, hash: BodyHash) -> BoxFuture<'_, Result<Vec<u8>, BodyError>> {
        let path = self.path(hash);
        off_the_workers(move || read_body(&path, hash))
    }

    fn sweep(&self, live: HashSet<BodyHash>, age_min: Duration) -> BoxFuture<'_, Result<Swept, BodyError>> {
        let folder = self.folder.clone();
        off_the_workers(move || sweep_folder(&folder, &live, age_min))
    }
}

/// Runs `work`, which waits for the disk, where waiting stops nobody.
fn off_the_workers<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BodyError> + Send + 'static,
) -> BoxFuture<'static, Result<T, BodyError>> {
    async move {
        match tokio::task::spawn_blocking(work).await {
            Ok(done) => done,
            Err(stopped) => Err(failed("work on", Path::new("bodies"))(io::Error::other(stopped))),
        }
    }
    .boxed()
}

fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> BodyError {
    let path = path.display().to_string();
    move |source| BodyError::Io { doing, path, source }
}

/// Writes also over a body that is there: that mends a damaged one, and makes it young again for a sweep now under way.
fn write_body(path: &Path, body: &Body) -> Result<(), BodyError> {
    if body.content.len() > BODY_BYTES_MAX {
        return Err(BodyError::TooLarge { bytes: body.content.len() });
    }
    if let Some(parent) = path.parent() {
        create_folder(parent).map_err(failed("create", parent))?;
    }
    // In one piece: tables as large as the body needs, and not as any body could.
    let packed = zstd::bulk::compress(&body.content, ZSTD_LEVEL).map_err(failed("compress", path))?;
    write_whole(path, &packed).map_err(failed("write", path))
}

fn read_body(path: &Path, hash: BodyHash) -> Result<Vec<u8>, BodyError> {
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Err(BodyError::Missing { hash }),
        Err(e) => return Err(failed("open", path)(e)),
    };
    let mut content = Vec::new();
    let unpacked = zstd::Decoder::new(file).and_then(|packed| packed.take(BODY_BYTES_MAX as u64 + 1).read_to_end(&mut content));
    if unpacked.is_err() || BodyHash::of(&content) != hash {
        return Err(BodyError::Damaged { hash });
    }
    Ok(content)
}

fn sweep_folder(folder: &Path, live: &HashSet<BodyHash>, age_min: Duration) -> Result<Swept, BodyError> {
    let mut swept = Swept::default();
    for shelf in entries(folder)? {
        for path in entries(&shelf)? {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let hash = name.strip_suffix(".zst").and_then(BodyHash::from_hex);
            let is_ours = hash.is_some() || name.ends_with(ASIDE);
            if !is_ours {
                continue;
            }
            if hash.is_some_and(|hash| live.contains(&hash)) || !is_older(&path, age_min) {
                swept.kept += 1;
            } else {
                fs::remove_file(&path).map_err(failed("remove", &path))?;
                swept.removed += 1;
            }
        }
    }
    Ok(swept)
}

/// The paths in a folder; none where it is no folder (yet).
fn entries(folder: &Path) -> Result<Vec<PathBuf>, BodyError> {
    let listing = match fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(Vec::new()),
        Err(e) => return Err(failed("list", folder)(e)),
    };
    listing.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>().map_err(failed("list", folder))
}

/// A file whose age we cannot tell counts as young: keeping it costs only space.
fn is_older(path: &Path, age: Duration) -> bool {
    let modified = fs::metadata(path).and_then(|meta| meta.modified());
    modified.is_ok_and(|at| SystemTime::now().duration_since(at).is_ok_and(|found| found >= age))
}
