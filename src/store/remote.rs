//! The engine of another process: what the daemon holds, over the Unix socket `control.sock`, so that an admin's commands
//! work while it runs.
//!
//! One connection is one question and its answer, each a frame: four bytes of length (big-endian) and that much JSON. (One that has
//! commits wait is another: they wait until it says otherwise, or ends.)
//! Whoever may open the socket may change everything, so only its owner can: it is made with mode 0600 in a folder that is
//! closed to others, and only then moved to its place.

mod wire;

use super::engine::{Check, Engine, EngineError, Held, Key, Versioned, Write};
use super::files::{FILE_MODE, create_folder};
use crate::ports::Awaited;
use futures::future::{BoxFuture, FutureExt};
use std::fs::{self, Permissions};
use std::io;
use std::ops::Range;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wire::{Answer, Call, Question, read_frame, write_frame};

/// Connections at a time; more wait to be accepted.
const CONNECTIONS_MAX: usize = 32;
/// Rows of one answer; a longer scan is several questions.
const ROWS_MAX: usize = 512;
/// A commit may have to wait for a slow disk.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(60);
/// Commits wait no longer for who reads meanwhile: less than any other answer may take.
const HOLD_TIME_MAX: Duration = Duration::from_secs(45);
/// Who connects has a question ready.
const QUESTION_TIME_MAX: Duration = Duration::from_secs(5);

/// Makes the socket at `path`, for our own user alone. `private` is a folder closed to others, on the same file system.
///
/// What was at `path` is replaced: only who holds the store may call this, and then no other can be listening.
pub fn listen(path: &Path, private: &Path) -> io::Result<UnixListener> {
    create_folder(private)?;
    let aside = private.join("sock");
    match fs::remove_file(&aside) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let listener = UnixListener::bind(&aside)?;
    fs::set_permissions(&aside, Permissions::from_mode(FILE_MODE))?;
    fs::rename(&aside, path)?;
    Ok(listener)
}

/// What the process that has the store waits for at mail servers: it alone knows.
pub type SaysAwaited = Arc<dyn Fn() -> Vec<Awaited> + Send + Sync>;

/// Answers questions from `engine`, and from `awaited`, until `cancel`; then finishes those in hand.
pub async fn serve(listener: UnixListener, engine: Arc<dyn Engine>, awaited: SaysAwaited, cancel: CancellationToken) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let open = TaskTracker::new();
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, connection) = tokio::select! {
            () = cancel.cancelled() => break,
            accepted = accepted => accepted,
        };
        let Ok((stream, _)) = connection else {
            // Out of file handles, most likely: some will be free in a moment.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let (engine, awaited) = (Arc::clone(&engine), Arc::clone(&awaited));
        open.spawn(async move {
            let _place = place;
            if let Err(why) = reply(stream, engine.as_ref(), &awaited).await {
                tracing::debug!(error = %why, "a question on the control socket broke off");
            }
        });
    }
    open.close();
    open.wait().await;
}

async fn reply(mut stream: UnixStream, engine: &dyn Engine, awaited: &SaysAwaited) -> io::Result<()> {
    let question = timeout(QUESTION_TIME_MAX, read_frame::<Question>(&mut stream)).await??;
    let answer = if question.protocol != wire::PROTOCOL {
        Answer::OtherProtocol { known: wire::PROTOCOL }
    } else if let Call::Hold { at_most } = question.call {
        return hold(stream, engine, at_most.min(HOLD_TIME_MAX)).await;
    } else if let Call::Awaited = question.call {
        Answer::Awaited { awaited: awaited() }
    } else {
        answer(engine, question.call).await
    };
    timeout(ANSWER_TIME_MAX, write_frame(&mut stream, &answer)).await?
}

/// Has commits wait until the line says otherwise, or ends.
async fn hold(mut stream: UnixStream, engine: &dyn Engine, at_most: Duration) -> io::Result<()> {
    let held = match engine.hold(at_most).await {
        Ok(held) => held,
        Err(why) => return write_frame(&mut stream, &Answer::Failed { why: why.into() }).await,
    };
    write_frame(&mut stream, &Answer::Held { holds: held.is_some() }).await?;
    if let Some(held) = held {
        // Where nothing comes, what is held is let go with this.
        timeout(at_most, read_frame::<Question>(&mut stream)).await??;
        let answer = held.let_go().await.map_or_else(|why| Answer::Failed { why: why.into() }, |held| Answer::LetGo { held });
        write_frame(&mut stream, &answer).await?;
    }
    Ok(())
}

async fn answer(engine: &dyn Engine, call: Call) -> Answer {
    let answered = match call {
        Call::Get { key } => engine.get(key.into()).await.map(|found| Answer::Got { found: found.map(Into::into) }),
        Call::Scan { start, end, limit } => {
            let page = engine.scan(start.into()..end.into(), limit.min(ROWS_MAX)).await;
            page.map(|page| Answer::Page { rows: page.into_iter().map(|(key, found)| (key.into(), found.into())).collect() })
        }
        Call::Commit { checks, writes } => {
            let checks = checks.into_iter().map(Into::into).collect();
            let writes = writes.into_iter().map(Into::into).collect();
            engine.commit(checks, writes).await.map(|version| Answer::Committed { version })
        }
        Call::Hold { .. } | Call::LetGo | Call::Awaited => Err(out_of_turn()),
    };
    answered.unwrap_or_else(|why| Answer::Failed { why: why.into() })
}

/// The daemon's engine, from another process.
#[derive(Clone, Debug)]
pub struct RemoteEngine {
    socket: PathBuf,
}

impl RemoteEngine {
    /// The engine behind this socket, after asking it something.
    ///
    /// # Errors
    /// `Io` where nobody answers, or one of another make.
    pub async fn connect(socket: &Path) -> Result<Self, EngineError> {
        let engine = Self { socket: socket.to_owned() };
        engine.get(Vec::new()).await?;
        Ok(engine)
    }

    async fn ask(&self, call: Call) -> Result<Answer, EngineError> {
        let mut stream = UnixStream::connect(&self.socket).await.map_err(failed)?;
        Self::ask_on(&mut stream, call).await
    }

    async fn ask_on(stream: &mut UnixStream, call: Call) -> Result<Answer, EngineError> {
        let asked = async {
            write_frame(stream, &Question { protocol: wire::PROTOCOL, call }).await?;
            read_frame::<Answer>(stream).await
        };
        let answer = timeout(ANSWER_TIME_MAX, asked).await.map_err(io::Error::from).and_then(|answer| answer).map_err(failed)?;
        match answer {
            Answer::Failed { why } => Err(why.into()),
            Answer::OtherProtocol { .. } => {
                Err(failed(io::Error::other("it is of another version than this one: use the same boardwatch for both")))
            }
            Answer::Got { .. }
            | Answer::Page { .. }
            | Answer::Committed { .. }
            | Answer::Held { .. }
            | Answer::LetGo { .. }
            | Answer::Awaited { .. } => Ok(answer),
        }
    }
}

/// What the process behind this socket waits for at mail servers.
///
/// # Errors
/// `Io` where nobody answers, or one that does not know the question.
pub async fn awaited(socket: &Path) -> Result<Vec<Awaited>, EngineError> {
    let engine = RemoteEngine { socket: socket.to_owned() };
    let Answer::Awaited { awaited } = engine.ask(Call::Awaited).await? else { return Err(out_of_turn()) };
    Ok(awaited)
}

fn failed(source: io::Error) -> EngineError {
    EngineError::Io { doing: "be reached through the running boardwatch", source }
}

fn out_of_turn() -> EngineError {
    failed(io::Error::new(io::ErrorKind::InvalidData, "it answered something else"))
}

impl Engine for RemoteEngine {
    fn get(&self, key: Key) -> BoxFuture<'_, Result<Option<Versioned>, EngineError>> {
        async move {
            let Answer::Got { found } = self.ask(Call::Get { key: key.into() }).await? else { return Err(out_of_turn()) };
            Ok(found.map(Into::into))
        }
        .boxed()
    }

    fn scan(&self, mut range: Range<Key>, limit: usize) -> BoxFuture<'_, Result<Vec<(Key, Versioned)>, EngineError>> {
        async move {
            let mut page = Vec::new();
            while page.len() < limit {
                let asked = (limit - page.len()).min(ROWS_MAX);
                let call = Call::Scan { start: range.start.clone().into(), end: range.end.clone().into(), limit: asked };
                let Answer::Page { rows } = self.ask(call).await? else { return Err(out_of_turn()) };
                let is_last = rows.len() < asked;
                page.extend(rows.into_iter().map(|(key, found)| (Key::from(key), found.into())));
                match page.last() {
                    Some((key, _)) if !is_last => range.start = super::successor(key),
                    _ => break,
                }
            }
            Ok(page)
        }
        .boxed()
    }

    fn commit(&self, checks: Vec<Check>, writes: Vec<Write>) -> BoxFuture<'_, Result<u64, EngineError>> {
        async move {
            let checks = checks.into_iter().map(Into::into).collect();
            let writes = writes.into_iter().map(Into::into).collect();
            let Answer::Committed { version } = self.ask(Call::Commit { checks, writes }).await? else {
                return Err(out_of_turn());
            };
            Ok(version)
        }
        .boxed()
    }

    fn hold(&self, at_most: Duration) -> BoxFuture<'_, Result<Option<Held>, EngineError>> {
        async move {
            let mut stream = UnixStream::connect(&self.socket).await.map_err(failed)?;
            let holds = match Self::ask_on(&mut stream, Call::Hold { at_most }).await {
                Ok(Answer::Held { holds }) => holds,
                Ok(_) => return Err(out_of_turn()),
                // An earlier daemon does not know the question, and ends the line.
                Err(EngineError::Io { source, .. }) if source.kind() == io::ErrorKind::UnexpectedEof => false,
                Err(why) => return Err(why),
            };
            let let_go = move || {
                let asked = async move {
                    let Answer::LetGo { held } = Self::ask_on(&mut stream, Call::LetGo).await? else { return Err(out_of_turn()) };
                    Ok(held)
                };
                asked.boxed()
            };
            Ok(holds.then(|| Held::new(let_go)))
        }
        .boxed()
    }

    fn is_exclusive(&self) -> bool {
        false
    }
}
