//! The robots.txt of a host: asked for once a day, remembered, and an old copy used where none can be had.

use super::{NotVisited, REDIRECTS_MAX, Visitor, redirect_target};
use crate::domain::poll::PollOutcome;
use crate::ports::{FetchError, FetchRequest};
use crate::rules::robots::{BYTES_MAX, Robots};
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use url::Url;

/// A copy is used so long without asking again (RFC 9309 §2.4).
const FRESH: TimeDelta = TimeDelta::hours(24);
/// A copy is used so long where the file cannot be had: RFC 9309 §2.3.1.4 leaves it to us; then the answer is no.
const USABLE: TimeDelta = TimeDelta::days(30);

/// What a host answered when asked for its robots.txt.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RobotsRecord {
    /// When.
    pub fetched_at: DateTime<Utc>,
    /// HTTP status.
    pub status: u16,
    /// The file, a little over [`BYTES_MAX`] at most; empty where there is none, which allows everything.
    pub body: Vec<u8>,
}

impl RobotsRecord {
    fn is_usable(&self, now: DateTime<Utc>) -> bool {
        now - self.fetched_at <= USABLE
    }
}

/// Whether a file that was fetched then is used without asking again.
fn is_fresh(fetched_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    let age = now - fetched_at;
    // One from the future is of a clock that was wrong.
    age >= TimeDelta::zero() && age < FRESH
}

/// The rules of a host as this process last read them, so that they need not be decoded for each of its pages.
pub(super) struct LastRead {
    fetched_at: DateTime<Utc>,
    robots: Arc<Robots>,
}

impl LastRead {
    /// A longer file is read again each time: hosts are many.
    const BYTES_MAX: usize = 16 * 1024;

    fn of(record: &RobotsRecord) -> (Option<Self>, Arc<Robots>) {
        let robots = Arc::new(Robots::parse(&record.body));
        let is_kept = record.body.len() <= Self::BYTES_MAX;
        (is_kept.then(|| Self { fetched_at: record.fetched_at, robots: Arc::clone(&robots) }), robots)
    }
}

/// Where robots.txt files are remembered, by origin: `https://www.trafford.gov.uk`. Forgetting is allowed; it costs a request.
pub trait RobotsMemory: Send + Sync {
    /// What was put last.
    fn get(&self, origin: String) -> BoxFuture<'_, Option<RobotsRecord>>;
    /// Remembers `record` instead of what was there.
    fn put(&self, origin: String, record: RobotsRecord) -> BoxFuture<'_, ()>;
}

/// Remembers as long as the process lives: for commands that visit once.
#[derive(Debug, Default)]
pub struct RobotsInMemory(Mutex<HashMap<String, RobotsRecord>>);

impl RobotsMemory for RobotsInMemory {
    fn get(&self, origin: String) -> BoxFuture<'_, Option<RobotsRecord>> {
        let record = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&origin).cloned();
        Box::pin(std::future::ready(record))
    }

    fn put(&self, origin: String, record: RobotsRecord) -> BoxFuture<'_, ()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(origin, record);
        Box::pin(std::future::ready(()))
    }
}

impl Visitor {
    /// The rules for the host of `url`.
    pub(super) async fn robots_of(&self, url: &Url) -> Result<Arc<Robots>, NotVisited> {
        let origin = url.origin().ascii_serialization();
        let reading = self.readings.of(&origin, |_| false);
        let mut last = reading.lock().await;
        if let Some(last) = last.as_ref().filter(|last| is_fresh(last.fetched_at, self.clock.now())) {
            return Ok(Arc::clone(&last.robots));
        }
        let known = self.robots.get(origin.clone()).await;
        if let Some(record) = known.as_ref().filter(|record| is_fresh(record.fetched_at, self.clock.now())) {
            let (kept, robots) = LastRead::of(record);
            *last = kept;
            return Ok(robots);
        }
        match self.read_robots(url).await {
            Ok(record) => {
                let (kept, robots) = LastRead::of(&record);
                *last = kept;
                self.robots.put(origin, record).await;
                Ok(robots)
            }
            Err(failure) => match known.filter(|record| record.is_usable(self.clock.now())) {
                Some(record) if matches!(failure.outcome, PollOutcome::RobotsUnreachable { .. }) => {
                    Ok(Arc::new(Robots::parse(&record.body)))
                }
                _ => Err(failure),
            },
        }
    }

    /// Asks for the file. What it redirects to speaks for the host that was asked (RFC 9309 §2.3.1.2).
    async fn read_robots(&self, url: &Url) -> Result<RobotsRecord, NotVisited> {
        let mut place = url.clone();
        place.set_path("/robots.txt");
        place.set_query(None);
        let mut redirects = 0;
        loop {
            let request = FetchRequest { url: place.clone(), etag: None, last_modified: None };
            let fetched = match self.ask_in_turn(self.manners.per_host_delay, request).await {
                // The host of the page itself is one that we may not ask.
                Err(FetchError::Refused(detail)) if redirects == 0 => return Err(PollOutcome::Refused { detail }.into()),
                Err(error) => return Err(PollOutcome::RobotsUnreachable { detail: error.to_string() }.into()),
                Ok(fetched) => fetched,
            };
            let record = |body| RobotsRecord { fetched_at: self.clock.now(), status: fetched.status, body };
            match fetched.status {
                200..=299 => {
                    let mut body = fetched.body;
                    // One more than is read, so that the reader sees that its last line is cut.
                    body.truncate(BYTES_MAX + 1);
                    return Ok(record(body));
                }
                429 => return Err(self.refusal(&fetched)),
                // None there: everything is allowed (RFC 9309 §2.3.1.3).
                400..=499 => return Ok(record(Vec::new())),
                300..=399 => match redirect_target(&place, &fetched) {
                    Some(target) if redirects < REDIRECTS_MAX => place = target,
                    _ => return Ok(record(Vec::new())),
                },
                status => {
                    let outcome = PollOutcome::RobotsUnreachable { detail: format!("status {status}") };
                    return Err(NotVisited { outcome, not_before: self.asked_until(&fetched) });
                }
            }
            redirects += 1;
        }
    }
}
