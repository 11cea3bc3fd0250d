//! One visit to one address, as a guest who keeps the house rules: robots.txt is asked first, hosts get their rest between
//! two requests, redirects are followed a few steps and each step is judged like the first.
//!
//! The answer is a whole page (or "as before"), or the outcome that a poll records instead.

mod known_robots;
mod robots_in_store;
mod turns;

pub use known_robots::{RobotsInMemory, RobotsMemory, RobotsRecord};

use crate::domain::poll::PollOutcome;
use crate::ports::{Clock, Fetch, FetchError, FetchRequest, Fetched};
use crate::rules::robots::{Robots, Verdict};
use crate::rules::schedule::parse_retry_after;
use chrono::{DateTime, Utc};
use known_robots::LastRead;
use std::sync::Arc;
use std::time::Duration;
use turns::{Locks, Turn};
use url::Url;

/// Most redirects that are followed (RFC 9309 §2.3.1.2 asks for five, for robots.txt).
const REDIRECTS_MAX: usize = 5;
/// A longer `Crawl-delay` is not kept: a poll would never end.
const CRAWL_DELAY_MAX: Duration = Duration::from_secs(30);

/// How we behave towards hosts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Manners {
    /// Whether robots.txt is asked.
    pub respect_robots: bool,
    /// Rest of a host between the end of one request and the start of the next; a `Crawl-delay` raises it.
    pub per_host_delay: Duration,
}

/// A page that was read, or 304.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Visited {
    /// Where it was in the end.
    pub url: Url,
    /// Status 200, 203 or 304. Without validators where `url` is not what was asked for: they vouch for another address.
    pub fetched: Fetched,
    /// Whether it has moved there for good: there were redirects, and each was permanent (301, 308).
    pub has_moved: bool,
}

/// Why there is no page: what the poll records, and until when the server asked us to stay away.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotVisited {
    /// Never a good one.
    pub outcome: PollOutcome,
    /// `Retry-After`, within `rules::schedule::RETRY_AFTER_MAX`.
    pub not_before: Option<DateTime<Utc>>,
}

impl From<PollOutcome> for NotVisited {
    fn from(outcome: PollOutcome) -> Self {
        Self { outcome, not_before: None }
    }
}

impl From<FetchError> for NotVisited {
    fn from(error: FetchError) -> Self {
        Self::from(match error {
            FetchError::TooLarge { bytes_max } => PollOutcome::TooLarge { bytes_max },
            FetchError::Refused(detail) => PollOutcome::Refused { detail },
            FetchError::Network(detail) => PollOutcome::Network { detail },
        })
    }
}

/// Visits addresses; one for the whole process, since it knows which host was asked when.
pub struct Visitor {
    fetch: Arc<dyn Fetch>,
    clock: Arc<dyn Clock>,
    robots: Arc<dyn RobotsMemory>,
    manners: Manners,
    /// By host name.
    turns: Locks<Turn>,
    /// By origin: one reading of a robots.txt at a time, and the last. Taken before a turn, never while one is held.
    readings: Locks<Option<LastRead>>,
}

impl Visitor {
    /// A visitor that has asked nobody yet.
    #[must_use]
    pub fn new(fetch: Arc<dyn Fetch>, clock: Arc<dyn Clock>, robots: Arc<dyn RobotsMemory>, manners: Manners) -> Self {
        Self { fetch, clock, robots, manners, turns: Locks::default(), readings: Locks::default() }
    }

    /// Asks for `request.url`, with its validators, and follows redirects.
    ///
    /// Validators go to that address alone. One that came from behind a redirect may not be played to the redirecting
    /// address: were it to hold a page of its own one day, an older date would make that page "unchanged".
    ///
    /// # Errors
    /// The outcome to record, where there is no page.
    pub async fn visit(&self, request: FetchRequest) -> Result<Visited, NotVisited> {
        let mut request = request;
        request.url.set_fragment(None);
        let mut seen: Vec<Url> = Vec::new();
        let mut for_good = true;
        loop {
            let url = request.url.clone();
            let rest = self.leave_to_ask(&url).await?;
            let is_conditional = request.etag.is_some() || request.last_modified.is_some();
            let fetched = self.ask_in_turn(rest, request).await?;
            let next = match fetched.status {
                200 | 203 => return Ok(visited(url, fetched, &seen, for_good)),
                304 if is_conditional => return Ok(visited(url, fetched, &seen, for_good)),
                301 | 302 | 303 | 307 | 308 => redirect_target(&url, &fetched),
                _ => None,
            };
            let Some(next) = next else { return Err(self.refusal(&fetched)) };
            for_good &= matches!(fetched.status, 301 | 308);
            seen.push(url);
            if seen.contains(&next) {
                return Err(network(format!("it redirects in a circle, back to {next}")));
            }
            if seen.len() > REDIRECTS_MAX {
                return Err(network(format!("it redirects more than {REDIRECTS_MAX} times, last to {next}")));
            }
            request = FetchRequest { url: next, etag: None, last_modified: None };
        }
    }

    /// Whether `url` may be asked for, and the rest that its host wants.
    async fn leave_to_ask(&self, url: &Url) -> Result<Duration, NotVisited> {
        if !matches!(url.scheme(), "http" | "https") {
            let detail = format!("only http and https addresses are fetched, not {}:", url.scheme());
            return Err(PollOutcome::Refused { detail }.into());
        }
        if !self.manners.respect_robots {
            return Ok(self.manners.per_host_delay);
        }
        let robots = self.robots_of(url).await?;
        match robots.verdict(url) {
            Verdict::Allowed => Ok(self.rest_under(&robots)),
            Verdict::Denied { rule } => Err(PollOutcome::RobotsDenied { rule }.into()),
        }
    }

    fn rest_under(&self, robots: &Robots) -> Duration {
        let asked = robots.crawl_delay().unwrap_or_default().min(CRAWL_DELAY_MAX);
        self.manners.per_host_delay.max(asked)
    }

    /// One request, when the host has had its `rest`.
    async fn ask_in_turn(&self, rest: Duration, request: FetchRequest) -> Result<Fetched, FetchError> {
        let host = request.url.host_str().unwrap_or_default().trim_end_matches('.').to_owned();
        let turn = self.turns.of(&host, |turn| turn.is_recent(self.clock.now()));
        let mut turn = turn.lock().await;
        let wait = turn.wait(rest, self.clock.now());
        if !wait.is_zero() {
            self.clock.sleep(wait).await;
        }
        // If we are dropped while asking, the host was asked all the same.
        turn.used(self.clock.now());
        let answer = self.fetch.fetch(request).await;
        turn.used(self.clock.now());
        answer
    }

    /// What an answer without a page means.
    fn refusal(&self, fetched: &Fetched) -> NotVisited {
        let status = fetched.status;
        let not_before = self.asked_until(fetched);
        let outcome = match status {
            401 | 403 | 451 => PollOutcome::Blocked { sign: format!("status {status}") },
            429 => PollOutcome::AskedToWait { status },
            503 if not_before.is_some() => PollOutcome::AskedToWait { status },
            _ => PollOutcome::ErrorPage { status },
        };
        NotVisited { outcome, not_before }
    }

    fn asked_until(&self, fetched: &Fetched) -> Option<DateTime<Utc>> {
        parse_retry_after(fetched.retry_after.as_deref()?, self.clock.now())
    }
}

fn visited(url: Url, fetched: Fetched, redirects: &[Url], for_good: bool) -> Visited {
    if redirects.is_empty() {
        return Visited { url, fetched, has_moved: false };
    }
    Visited { url, fetched: Fetched { etag: None, last_modified: None, ..fetched }, has_moved: for_good }
}

/// Where a redirect leads; `None` where it does not say.
fn redirect_target(from: &Url, fetched: &Fetched) -> Option<Url> {
    let mut target = from.join(fetched.location.as_deref()?.trim()).ok()?;
    target.set_fragment(None);
    Some(target)
}

fn network(detail: String) -> NotVisited {
    PollOutcome::Network { detail }.into()
}

#[cfg(test)]
mod tests;
