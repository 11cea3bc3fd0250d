//! The embedded engine: sled, with the durability that it does not give by itself. Nothing outside this file and its folder names it.
//!
//! What sled 0.34 does and what we do about it:
//! - `apply_batch` is atomic but in memory; `flush` starts the writing and is no fsync on Linux. So a commit is one batch, a
//!   flush, and our own `sync_all` on its `db` file. Commits that wait together share the flush and the sync.
//! - A read sees a batch before it is durable. So readers and the writer share a lock that the writer holds until the sync
//!   is done: what anybody has read is on the disk, and a scan never sees half a commit.
//! - Pages over 128 KiB go to files that are never synced. So keys and values have limits.
//! - What was deleted or replaced stays in its file until it needs the room. So the file can be written anew (`rewrite`).
//! - It keeps every page that was read or written in memory, and a page that is written again is another piece of memory each
//!   time: what much writing leaves between the pages stays with the process. So it can be opened anew (`give_back`).
//! - After a failed write it refuses everything until it is opened again. So it is, at the next call at the latest.
//! - It may panic at open and on damaged pages. A panic here is an error like the others.

mod file;
mod gate;
mod rewrite;
mod room;
mod writer;

use super::bell::Bell;
use super::engine::{Check, Engine, EngineError, Held, Key, Versioned, Write, readable, within_limits};
use file::{fault, guarded, open_db, take};
use futures::future::{BoxFuture, FutureExt};
use gate::Gate;
use sled::Db;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, TryLockError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};
use writer::{Churn, Commit, Job, Writer, commits};

/// Callers' keys live below this, so that none can be one of ours.
const ROOT: &[u8] = b"r/";
/// Commits that may wait; more callers than that wait for a place.
const QUEUE_MAX: usize = 256;
/// A store that could not be opened again is left alone for this long; until then everybody gets the same answer.
const REST: Duration = Duration::from_millis(500);

/// A store in a folder of this machine, ours alone while it is open.
pub struct SledEngine {
    shared: Arc<Shared>,
    gate: Gate,
    queue: Option<mpsc::Sender<Job>>,
    writer: Option<JoinHandle<()>>,
}

/// What readers and the writer share.
struct Shared {
    folder: PathBuf,
    /// Keeps every other process out.
    _lock: File,
    db: RwLock<Result<Db, Closed>>,
    syncs: AtomicU64,
    bell: Arc<Bell>,
}

/// Why nothing can be read or written at the moment.
struct Closed {
    since: Instant,
    why: EngineError,
}

impl Closed {
    fn now(why: EngineError) -> Self {
        Self { since: Instant::now(), why }
    }

    /// Too early to try again.
    fn is_resting(&self) -> bool {
        self.since.elapsed() < REST
    }
}

impl SledEngine {
    /// Opens the store in `folder`, or makes one there. Waits for the disk: not for an async worker.
    ///
    /// # Errors
    /// `InUse` where another process has it, `Newer`, `Damaged`, `Io`.
    pub fn open(folder: &Path) -> Result<Self, EngineError> {
        let lock = take(folder)?;
        let db = open_db(folder)?;
        let acknowledged = commits(&db)?;
        let (db, syncs, bell) = (RwLock::new(Ok(db)), AtomicU64::new(0), Arc::default());
        let shared = Arc::new(Shared { folder: folder.to_owned(), _lock: lock, db, syncs, bell });
        let (queue, jobs) = mpsc::channel(QUEUE_MAX);
        let writer = Writer { shared: Arc::clone(&shared), acknowledged, churn: Churn::default() };
        let writer = thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || writer.write_until_closed(jobs))
            .map_err(|source| EngineError::Io { doing: "start its writer", source })?;
        Ok(Self { shared, gate: Gate::default(), queue: Some(queue), writer: Some(writer) })
    }

    /// Syncs of the disk since it was opened.
    pub fn syncs(&self) -> u64 {
        self.shared.syncs.load(Ordering::Relaxed)
    }

    /// Has the writer do something else than a commit.
    async fn ask<T>(
        &self,
        job: impl FnOnce(oneshot::Sender<Result<T, EngineError>>) -> Job,
        doing: &'static str,
    ) -> Result<T, EngineError> {
        let (reply, answer) = oneshot::channel();
        let queue = self.queue.as_ref().ok_or_else(|| stopped(doing))?;
        queue.send(job(reply)).await.map_err(|_| stopped(doing))?;
        answer.await.unwrap_or_else(|_| Err(stopped(doing)))
    }

    async fn read<T: Send + 'static>(
        &self,
        read: impl Fn(&Db) -> Result<T, EngineError> + Clone + Send + 'static,
    ) -> Result<T, EngineError> {
        // Mostly nobody is writing and the page is in memory: cheaper here than handed to another thread.
        if let Some(done) = self.shared.read_now(&read) {
            return done;
        }
        if let Some(done) = self.read_waiting(read.clone()).await? {
            return done;
        }
        // It is closed after a failure, and has rested. The next commit opens it again, and it need do nothing else.
        let tried = self.commit(Vec::new(), Vec::new()).await;
        match self.read_waiting(read).await? {
            Some(done) => done,
            None => Err(tried.err().unwrap_or_else(|| stopped("read"))),
        }
    }

    /// Waits, off the async workers, for the commit in hand. `None`: closed, and worth trying to open.
    async fn read_waiting<T: Send + 'static>(
        &self,
        read: impl Fn(&Db) -> Result<T, EngineError> + Send + 'static,
    ) -> Result<Option<Result<T, EngineError>>, EngineError> {
        let shared = Arc::clone(&self.shared);
        let waiting = move || match shared.db.read().unwrap_or_else(PoisonError::into_inner).as_ref() {
            Ok(db) => Some(guarded(|| read(db))),
            Err(closed) => closed.is_resting().then(|| Err(closed.why.repeated())),
        };
        tokio::task::spawn_blocking(waiting)
            .await
            .map_err(|gone| EngineError::Io { doing: "read", source: io::Error::other(gone) })
    }
}

impl Engine for SledEngine {
    fn get(&self, key: Key) -> BoxFuture<'_, Result<Option<Versioned>, EngineError>> {
        let place = place(&key);
        self.read(move |db| db.get(&place).map_err(fault("read"))?.map(|value| versioned(&place, &value)).transpose()).boxed()
    }

    fn scan(&self, range: Range<Key>, limit: usize) -> BoxFuture<'_, Result<Vec<(Key, Versioned)>, EngineError>> {
        if range.is_empty() {
            return futures::future::ready(Ok(Vec::new())).boxed();
        }
        let places = place(&range.start)..place(&range.end);
        let page = move |db: &Db| {
            let mut page = Vec::new();
            for pair in db.range(places.clone()).take(limit) {
                let (place, value) = pair.map_err(fault("read"))?;
                let key = place.strip_prefix(ROOT).unwrap_or_default().to_vec();
                page.push((key, versioned(&place, &value)?));
            }
            Ok(page)
        };
        self.read(page).boxed()
    }

    fn commit(&self, checks: Vec<Check>, writes: Vec<Write>) -> BoxFuture<'_, Result<u64, EngineError>> {
        async move {
            within_limits(&writes)?;
            let _through = self.gate.pass().await;
            let (reply, answer) = oneshot::channel();
            let queue = self.queue.as_ref().ok_or_else(|| stopped("commit"))?;
            queue.send(Job::Commit(Commit { checks, writes, reply })).await.map_err(|_| stopped("commit"))?;
            answer.await.unwrap_or_else(|_| Err(stopped("commit")))
        }
        .boxed()
    }

    fn rewrite(&self) -> BoxFuture<'_, Result<(), EngineError>> {
        self.ask(Job::Rewrite, "write its files anew").boxed()
    }

    fn look_for_room(&self) -> BoxFuture<'_, Result<(), EngineError>> {
        self.ask(Job::LookForRoom, "look for room").boxed()
    }

    fn give_back(&self) -> BoxFuture<'_, Result<bool, EngineError>> {
        self.ask(Job::GiveBack, "give back memory").boxed()
    }

    fn hold(&self, at_most: Duration) -> BoxFuture<'_, Result<Option<Held>, EngineError>> {
        async move {
            let held = self.gate.shut(at_most).await;
            // What nobody waits for any more may still be in the queue. That the disk is full is no matter.
            self.look_for_room().await.ok();
            Ok(Some(held))
        }
        .boxed()
    }

    fn is_exclusive(&self) -> bool {
        true
    }

    fn bell(&self) -> Option<Arc<Bell>> {
        Some(Arc::clone(&self.shared.bell))
    }
}

impl Drop for SledEngine {
    /// Waits until the file is closed, so that whoever comes next finds it free.
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(writer) = self.writer.take() {
            // It catches what it can; a panic beyond that has been printed.
            writer.join().ok();
        }
    }
}

impl Shared {
    /// `None` where that would mean waiting, or the store is closed.
    fn read_now<T>(&self, read: &impl Fn(&Db) -> Result<T, EngineError>) -> Option<Result<T, EngineError>> {
        let db = match self.db.try_read() {
            Ok(db) => db,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return None,
        };
        db.as_ref().ok().map(|db| guarded(|| read(db)))
    }
}

fn place(key: &[u8]) -> Vec<u8> {
    [ROOT, key].concat()
}

fn versioned(place: &[u8], stored: &[u8]) -> Result<Versioned, EngineError> {
    let (version, value) = stored
        .split_first_chunk::<8>()
        .ok_or_else(|| EngineError::Damaged(format!("the value of {:?} does not read", readable(place))))?;
    Ok(Versioned { version: u64::from_be_bytes(*version), value: value.to_vec() })
}

fn stopped(doing: &'static str) -> EngineError {
    EngineError::Io { doing, source: io::Error::other("its writer has stopped") }
}
