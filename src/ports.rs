//! What the engine needs from the world: time, chance, one HTTP request, one SMTP conversation, one published file.
//!
//! The engine and the web side name these traits only. A fake of each makes the whole program deterministic.

use crate::domain::bundle::Lane;
use crate::domain::delivery::Refusal;
use crate::domain::source::SourceId;
use crate::domain::subscriber::Address;
use chrono::{DateTime, Utc};
use futures::future::{BoxFuture, FutureExt};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use url::Url;

/// The time, and waiting for it.
pub trait Clock: Send + Sync {
    /// Now. Taken once at the top of a step.
    fn now(&self) -> DateTime<Utc>;
    /// Waits; a simulated clock moves on instead.
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()>;
}

/// Unpredictable bytes, for tokens and for spreading work.
pub trait Entropy: Send + Sync {
    /// 32 fresh bytes.
    fn bytes(&self) -> [u8; 32];
}

/// One GET. Redirects are answers, not followed: who follows them asks robots.txt and the private-network rule again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FetchRequest {
    /// Where.
    pub url: Url,
    /// `If-None-Match`, as the server gave it.
    pub etag: Option<String>,
    /// `If-Modified-Since`, as the server gave it.
    pub last_modified: Option<String>,
}

/// What came back from one GET.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fetched {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`, as sent.
    pub content_type: Option<String>,
    /// `ETag`, as sent.
    pub etag: Option<String>,
    /// `Last-Modified`, as sent.
    pub last_modified: Option<String>,
    /// `Location` of a redirect, as sent.
    pub location: Option<String>,
    /// `Retry-After`, as sent.
    pub retry_after: Option<String>,
    /// The body after content decoding; complete, or there would have been an error.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum FetchError {
    /// More bytes than the limit, after decompression.
    #[error("the body is larger than {bytes_max} bytes")]
    TooLarge {
        /// The limit.
        bytes_max: u64,
    },
    /// The address is private, link-local or otherwise not ours to fetch; or its scheme is not `http(s)`.
    #[error("{0}")]
    Refused(String),
    /// DNS, connection, TLS, time-out, or a body that broke off.
    #[error("{0}")]
    Network(String),
}

/// One HTTP request.
pub trait Fetch: Send + Sync {
    /// Asks once, within the configured time and size.
    fn fetch(&self, request: FetchRequest) -> BoxFuture<'_, Result<Fetched, FetchError>>;
}

/// A message as it goes on the wire, with its envelope.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// `<id@domain>`; the same at every attempt.
    pub message_id: String,
    /// Envelope sender.
    pub from: Address,
    /// Envelope recipient.
    pub to: Address,
    /// RFC 5322 octets with CRLF line ends, ASCII only, signed where signing is configured.
    pub bytes: Vec<u8>,
}

/// A message that may have to wait for its turn.
pub struct Parcel {
    /// The message.
    pub message: Message,
    /// What is more urgent goes first.
    pub lane: Lane,
    /// It had its turn before and was written anew: nothing of its lane goes before it.
    pub waited: bool,
    /// Whether the server has an answer for whom it is for is in doubt: nothing else is to wait for that on the same line.
    pub alone: bool,
    /// It may have come already: it does not ask whether a next hop that left such mail unanswered has come round, where another one
    /// takes it.
    pub may_have_come: bool,
    /// Whether it may still leave as it is: nothing about its reader has changed since it was written. Asked when its turn has
    /// come, and cheap.
    pub is_current: Box<dyn Fn() -> bool + Send + Sync>,
}

impl Parcel {
    /// One that may leave whenever its turn comes.
    #[must_use]
    pub fn at_once(message: Message) -> Self {
        Self { message, lane: Lane::Letter, waited: false, alone: false, may_have_come: false, is_current: Box::new(|| true) }
    }
}

/// Why a parcel did not leave.
#[derive(PartialEq, Debug)]
pub enum Unsent {
    /// It was not taken.
    Refused(Refusal),
    /// Nor was it said yet whom it was for: that is said to everybody.
    RefusedToAll(Refusal),
    /// The line was closed, or nothing was said to the end, once it had been said whom it is for. It may have been taken where the
    /// kind is `Unknown`, and has not been where it is another.
    Unanswered(Refusal),
    /// Nothing has been said for longer than usual since it was said whom it is for.
    Hangs(Hanging),
    /// The server has fallen silent on so many lines that none is left for what is as urgent as this. Nothing of it has left.
    NoLine(Refusal),
    /// It was not current any more when its turn came. Nothing of it has left.
    Outdated,
}

/// A conversation that goes on, with nobody but its own message waiting for it.
pub struct Hanging {
    /// What it comes to where nothing more is said.
    pub refusal: Refusal,
    /// Whether a server has its text by now: then it may be taken though nothing is said to the end.
    pub has_text: Arc<AtomicBool>,
    /// Another next hop would take it. Whether this one has it is not known.
    pub elsewhere: bool,
    /// What it comes to in the end. Whoever drops this closes the line.
    pub rest: BoxFuture<'static, Result<String, Unsent>>,
}

impl PartialEq for Hanging {
    /// Each is its own.
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

impl std::fmt::Debug for Hanging {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hanging").field("refusal", &self.refusal).finish_non_exhaustive()
    }
}

/// An answer for which lines to a next hop wait, of which nothing is recorded: whoever waits for it knows it, and nobody else.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Awaited {
    /// The next hop: host and port.
    pub relay: String,
    /// Whom the mail is for: one of their provider's domains. Absent where none is under way yet.
    pub provider: Option<String>,
    /// What the answer is to.
    pub step: AwaitedStep,
    /// So many lines wait.
    pub lines: usize,
    /// That of them which has waited longest, for so long.
    pub longest_seconds: u64,
}

/// What an answer is to that is waited for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AwaitedStep {
    /// A line that is being opened.
    Connection,
    /// From whom and to whom a message is.
    Envelope,
    /// A message.
    Text,
}

/// One SMTP conversation, or one `.eml` file.
pub trait Mail: Send + Sync {
    /// Hands the message to the next hop. `Ok` is its final reply, durable where it is a file.
    ///
    /// # Errors
    /// A [`Refusal`] that says whether to try again.
    fn send(&self, message: Message) -> BoxFuture<'_, Result<String, Refusal>>;

    /// The same for a parcel, which goes when its turn comes if it is then still current.
    ///
    /// # Errors
    /// Why it did not leave.
    fn send_in_turn(&self, parcel: Parcel) -> BoxFuture<'_, Result<String, Unsent>> {
        async move {
            if !(parcel.is_current)() {
                return Err(Unsent::Outdated);
            }
            self.send(parcel.message).await.map_err(Unsent::Refused)
        }
        .boxed()
    }

    /// The lanes for which there are lines now, the most urgent ones: where next hops fall silent on many, the last are kept for those.
    fn lanes(&self) -> &'static [Lane] {
        const ALL: &[Lane] = &Lane::ALL;
        ALL
    }

    /// Providers whose mail is taken slowly while others' is not, and how slowly.
    fn slow(&self) -> Vec<(String, Duration)> {
        Vec::new()
    }

    /// For what lines to next hops wait at this moment, and have for longer than an answer takes that comes at once.
    fn awaited(&self) -> Vec<Awaited> {
        Vec::new()
    }

    /// What was learned of next hops and is to be known at the next start, too: those that are out of use now while others do
    /// their work, and those that are odd.
    fn learned(&self) -> Vec<Hop> {
        Vec::new()
    }

    /// Goes by what was learned before, where nothing has been learned since. Only the first time counts.
    fn recall(&self, _known: &[Hop]) {}

    /// Next hops that are out of use now while others do their work: name and reason, for admins.
    fn out_of_use(&self) -> Vec<(String, String)> {
        self.learned().into_iter().filter(|hop| !hop.serves).map(|hop| (hop.name, hop.words)).collect()
    }

    /// What is odd about next hops that do their work all the same: name and words, for admins.
    fn remarks(&self) -> Vec<(String, String)> {
        self.learned().into_iter().filter(|hop| hop.serves).map(|hop| (hop.name, hop.words)).collect()
    }
}

/// Something that was learned of a next hop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hop {
    /// What it is called.
    pub name: String,
    /// Why it is out of use, or what is odd about it.
    pub words: String,
    /// It does its work all the same.
    pub serves: bool,
    /// How often in a row it was found out of use.
    pub times: u32,
    /// How long that holds; then it is found out anew.
    pub lasts: Duration,
}

/// A mail that came to us.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Arrived {
    /// Its name in its box.
    pub id: String,
    /// To whom its envelope was addressed, where the box knows.
    pub envelope_to: Option<String>,
    /// Its octets, or the first of them.
    pub bytes: Vec<u8>,
}

/// What becomes of a mail that was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// Everything in it has been recorded.
    Taken,
    /// It is for a person to look at.
    LeftToPeople,
}

/// Where mail comes back to.
pub trait Postbox: Send + Sync {
    /// What it is called, for people.
    fn name(&self) -> String;
    /// The next mails that have not been put away, the oldest first.
    fn waiting(&self, limit: usize) -> BoxFuture<'_, std::io::Result<Vec<Arrived>>>;
    /// Puts a mail away, so that it does not wait any more. Fine where it is gone.
    fn put_away(&self, id: String, fate: Fate) -> BoxFuture<'_, std::io::Result<()>>;
}

/// Files that others read: feeds.
pub trait Publish: Send + Sync {
    /// Replaces the file at `path` (relative, `/`-separated): written aside, synced, renamed, directory synced.
    fn publish(&self, path: String, bytes: Vec<u8>) -> BoxFuture<'_, std::io::Result<()>>;
}

/// A page as it came, for the archive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RawPage {
    /// Where it was in the end.
    pub url: Url,
    /// When it came.
    pub fetched: DateTime<Utc>,
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`, as sent.
    pub content_type: Option<String>,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
    /// The bytes.
    pub body: Vec<u8>,
}

/// The archive of raw pages.
pub trait Pages: Send + Sync {
    /// Keeps pages of `source`: all of them, durably, when it returns.
    fn keep(&self, source: SourceId, pages: Vec<RawPage>) -> BoxFuture<'_, std::io::Result<()>>;
    /// A page of `source` by its SHA-256, where it is still kept.
    fn find(&self, source: SourceId, sha256: String) -> BoxFuture<'_, std::io::Result<Option<RawPage>>>;
    /// Removes pages older than `keep`; the newest of each address stays. Answers how many.
    fn sweep(&self, now: DateTime<Utc>, keep: Duration) -> BoxFuture<'_, std::io::Result<u64>>;
}
