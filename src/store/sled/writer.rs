//! The one who writes: takes all commits that wait, does them in order, syncs once, answers. Writes the store anew when
//! asked to.

use super::super::engine::{Check, EngineError, Write, conflict};
use super::file::{close, damaged_at, fault, guarded, make_durable, open_db};
use super::room::Room;
use super::{Closed, QUEUE_MAX, Shared, place, rewrite, room, stopped, versioned};
use rustix::io::Errno;
use sled::Db;
use std::fs::File;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use tokio::sync::{mpsc, oneshot};

const COMMITS_KEY: &[u8] = b"meta/commits";

/// What the writer is asked to do.
pub(super) enum Job {
    /// A commit.
    Commit(Commit),
    /// To write the store anew, and who waits for it.
    Rewrite(oneshot::Sender<Result<(), EngineError>>),
    /// To open it anew where that gives back memory, and who wants to know whether it did.
    GiveBack(oneshot::Sender<Result<bool, EngineError>>),
    /// Whether there is room for more than what is in hand, and who wants to know.
    LookForRoom(oneshot::Sender<Result<(), EngineError>>),
}

/// How much has been written since the store was opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Churn {
    rows: usize,
    /// Of those, before it was last asked whether memory is to be given back.
    before: usize,
}

impl Churn {
    /// So many rows leave some megabytes behind.
    const WORTH: usize = 10_000;
    /// So few between two questions are little.
    const LITTLE: usize = 100;

    /// Whether it is worth to open the store anew, and little is written now.
    fn is_to_be_given_back(&mut self) -> bool {
        let lately = self.rows - std::mem::replace(&mut self.before, self.rows);
        self.rows >= Self::WORTH && lately <= Self::LITTLE
    }
}

/// One commit that waits, and who waits for it.
pub(super) struct Commit {
    pub(super) checks: Vec<Check>,
    pub(super) writes: Vec<Write>,
    pub(super) reply: oneshot::Sender<Result<u64, EngineError>>,
}

/// The writer's thread.
pub(super) struct Writer {
    pub(super) shared: Arc<Shared>,
    /// The last commit that somebody was told of: a store that knows less has lost it.
    pub(super) acknowledged: u64,
    pub(super) churn: Churn,
}

impl Writer {
    /// Ends when nobody can send any more.
    pub(super) fn write_until_closed(mut self, mut jobs: mpsc::Receiver<Job>) {
        while let Some(first) = jobs.blocking_recv() {
            let mut group = Vec::new();
            let mut next = Some(first);
            while let Some(Job::Commit(commit)) = next {
                group.push(commit);
                next = if group.len() < QUEUE_MAX { jobs.try_recv().ok() } else { None };
            }
            if !group.is_empty() {
                self.commit_group(group);
            }
            match next {
                Some(Job::Rewrite(reply)) => answer(reply, self.rewrite()),
                Some(Job::GiveBack(reply)) => answer(reply, self.give_back()),
                Some(Job::LookForRoom(reply)) => answer(reply, self.look_for_room()),
                Some(Job::Commit(_)) | None => {}
            }
        }
        let mut held = self.shared.db.write().unwrap_or_else(PoisonError::into_inner);
        close(&mut held, stopped("go on"));
    }

    fn commit_group(&mut self, group: Vec<Commit>) {
        let shared = Arc::clone(&self.shared);
        let mut held = shared.db.write().unwrap_or_else(PoisonError::into_inner);
        if held.as_ref().is_err_and(|closed| !closed.is_resting()) {
            *held = self.reopen();
        }
        let db = match held.as_ref() {
            Ok(db) => db,
            Err(closed) => return group.into_iter().for_each(|job| answer(job.reply, Err(closed.why.repeated()))),
        };
        let octets = group.iter().flat_map(|job| &job.writes).map(Write::octets).sum::<usize>();
        if let Err(why) = room::reserve(&shared.folder, octets as u64) {
            // Nothing was begun: what is known can be read meanwhile.
            return group.into_iter().for_each(|job| answer(job.reply, Err(why.repeated())));
        }
        let mut failed = None;
        let mut waiting = Vec::new();
        let mut written = Vec::new();
        for job in group {
            match failed.is_none().then(|| guarded(|| apply(db, &job.checks, &job.writes))) {
                Some(Err(refused @ EngineError::Conflict { .. })) => answer(job.reply, Err(refused)),
                Some(Ok(version)) => {
                    written.extend(job.writes);
                    waiting.push((job.reply, version));
                }
                Some(Err(why)) => {
                    failed = Some(why);
                    waiting.push((job.reply, 0));
                }
                None => waiting.push((job.reply, 0)),
            }
        }
        if failed.is_none() && !waiting.is_empty() {
            self.shared.syncs.fetch_add(1, Ordering::Relaxed);
            failed = guarded(|| make_durable(db, &shared.folder)).err();
        }
        if let Some(why) = failed {
            // Which of these commits reached the disk is unknown until it is opened again, and so is what we answer.
            close(&mut held, why.repeated());
            *held = self.reopen();
            drop(held);
            shared.bell.ring_all();
            return waiting.into_iter().for_each(|(reply, _)| answer(reply, Err(why.repeated())));
        }
        drop(held);
        self.churn.rows += written.len();
        shared.bell.ring(&written);
        for (reply, version) in waiting {
            self.acknowledged = version;
            answer(reply, Ok(version));
        }
    }

    fn look_for_room(&self) -> Result<(), EngineError> {
        match room::reserve(&self.shared.folder, 0)? {
            Room::Enough => Ok(()),
            Room::Little => Err(room::full(Errno::NOSPC)),
        }
    }

    /// Writes the store anew. Reading goes on while the copy is made, and waits while it is put in place.
    fn rewrite(&self) -> Result<(), EngineError> {
        let shared = Arc::clone(&self.shared);
        {
            let held = shared.db.read().unwrap_or_else(PoisonError::into_inner);
            let db = held.as_ref().map_err(|closed| closed.why.repeated())?;
            let size = std::fs::metadata(shared.folder.join("db")).map_or(0, |file| file.len());
            room::free(&shared.folder, 2 * size)?;
            // Nobody else writes, so it does not change under the copy.
            guarded(|| rewrite::copy(db, &shared.folder))?;
        }
        let mut held = shared.db.write().unwrap_or_else(PoisonError::into_inner);
        close(&mut held, stopped("go on"));
        let placed = rewrite::put_in_place(&shared.folder);
        *held = self.reopen();
        placed.and_then(|()| held.as_ref().map(|_| ()).map_err(|closed| closed.why.repeated()))
    }

    /// Opens the store anew where that is worth it: what is read from then on lies close together in memory, and the rest of it is
    /// given back. Answers whether it was.
    fn give_back(&mut self) -> Result<bool, EngineError> {
        // It cannot be opened on a full disk.
        if !self.churn.is_to_be_given_back() || self.look_for_room().is_err() {
            return Ok(false);
        }
        self.churn = Churn::default();
        let shared = Arc::clone(&self.shared);
        let mut held = shared.db.write().unwrap_or_else(PoisonError::into_inner);
        close(&mut held, stopped("go on"));
        *held = self.reopen();
        held.as_ref().map(|_| true).map_err(|closed| closed.why.repeated())
    }

    /// Opens after a failure, and makes sure that nothing is missing that somebody was told of.
    fn reopen(&self) -> Result<Db, Closed> {
        let folder = &self.shared.folder;
        let whole = || {
            // Without its file sled would begin anew, as if nothing had ever been known.
            File::open(folder.join("db")).map_err(|source| EngineError::Io { doing: "find its file", source })?;
            let db = open_db(folder)?;
            let known = guarded(|| commits(&db))?;
            if known < self.acknowledged {
                let what = format!("its last commit is {known}, but {} was done", self.acknowledged);
                return Err(damaged_at(folder, EngineError::Damaged(what)));
            }
            Ok(db)
        };
        whole().map_err(Closed::now)
    }
}

fn answer<T>(reply: oneshot::Sender<Result<T, EngineError>>, result: Result<T, EngineError>) {
    // A caller that has gone away does not want to know.
    reply.send(result).ok();
}

/// Checks and applies one commit, in memory; later ones of the group see it.
fn apply(db: &Db, checks: &[Check], writes: &[Write]) -> Result<u64, EngineError> {
    for check in checks {
        let (key, wanted) = check.wants();
        let place = place(key);
        let found = db.get(&place).map_err(fault("read"))?.map(|value| versioned(&place, &value)).transpose()?;
        if found.map(|found| found.version) != wanted {
            return Err(conflict(key));
        }
    }
    let version = commits(db)? + 1;
    let mut batch = sled::Batch::default();
    batch.insert(COMMITS_KEY, &version.to_be_bytes());
    for write in writes {
        match write {
            Write::Put(key, value) => batch.insert(place(key), [&version.to_be_bytes(), value.as_slice()].concat()),
            Write::Delete(key) => batch.remove(place(key)),
        }
    }
    db.apply_batch(batch).map_err(fault("commit"))?;
    Ok(version)
}

/// The number of the last commit.
pub(super) fn commits(db: &Db) -> Result<u64, EngineError> {
    let Some(found) = db.get(COMMITS_KEY).map_err(fault("read"))? else { return Ok(0) };
    let bytes: [u8; 8] = found.as_ref().try_into().map_err(|_| EngineError::Damaged("its counter does not read".to_owned()))?;
    Ok(u64::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_given_back_after_much_was_written_and_while_little_is() {
        let mut churn = Churn { rows: Churn::WORTH, before: 0 };
        assert!(!churn.is_to_be_given_back(), "all of it lately");
        churn.rows += Churn::LITTLE;
        assert!(churn.is_to_be_given_back());
        let mut little = Churn { rows: Churn::WORTH - 1, before: Churn::WORTH - 1 };
        assert!(!little.is_to_be_given_back(), "it is not worth it yet");
    }
}
