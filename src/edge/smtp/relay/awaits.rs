//! What a server's lines wait for at this moment: for whoever looks, from the first seconds on. Nothing follows from it.

use crate::ports::{Awaited, AwaitedStep};
use crate::rules::operator::operator;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// What is waited for no longer than this is nothing to tell.
const AT_ONCE: Duration = Duration::from_secs(1);

/// All of a server's.
#[derive(Default)]
pub(in super::super) struct Awaits(Mutex<Held>);

#[derive(Default)]
struct Held {
    next: u64,
    waits: BTreeMap<u64, Wait>,
}

struct Wait {
    step: AwaitedStep,
    /// For whom the message is, where one is under way.
    domain: Option<String>,
    since: Instant,
}

/// A line waits until this is dropped.
pub(in super::super) struct Waits<'a> {
    all: &'a Awaits,
    number: u64,
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.all.held().waits.remove(&self.number);
    }
}

impl Awaits {
    /// A line waits from here on, with a message for this domain.
    pub(in super::super) fn begin(&self, step: AwaitedStep, domain: Option<&str>) -> Waits<'_> {
        let mut held = self.held();
        let number = held.next;
        held.next += 1;
        held.waits.insert(number, Wait { step, domain: domain.map(str::to_owned), since: Instant::now() });
        Waits { all: self, number }
    }

    /// What the lines of the server of this name wait for, what is alike told together.
    pub(super) fn told(&self, relay: &str, now: Instant) -> Vec<Awaited> {
        let mut alike: BTreeMap<(AwaitedStep, Option<String>), (usize, Duration)> = BTreeMap::new();
        for wait in self.held().waits.values() {
            let waited = now.saturating_duration_since(wait.since);
            if waited >= AT_ONCE {
                let (lines, longest) = alike.entry((wait.step, wait.domain.as_deref().map(operator))).or_default();
                (*lines, *longest) = (*lines + 1, waited.max(*longest));
            }
        }
        let awaited = alike.into_iter().map(|((step, provider), (lines, longest))| Awaited {
            relay: relay.to_owned(),
            provider,
            step,
            lines,
            longest_seconds: longest.as_secs(),
        });
        awaited.collect()
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_waited_for_is_told_from_the_second_second_on_and_until_it_has_come() {
        let awaits = Awaits::default();
        let told = |awaits: &Awaits| {
            let told = awaits.told("mail.example.org:25", Instant::now()).into_iter();
            told.map(|one| (one.step, one.provider, one.lines, one.longest_seconds)).collect::<Vec<_>>()
        };
        let first = awaits.begin(AwaitedStep::Text, Some("hotmail.com"));
        assert_eq!(told(&awaits), []);
        tokio::time::advance(Duration::from_secs(3)).await;
        let _second = awaits.begin(AwaitedStep::Text, Some("live.com"));
        let _third = awaits.begin(AwaitedStep::Connection, None);
        let theirs = |lines, seconds| (AwaitedStep::Text, Some("outlook.com".to_owned()), lines, seconds);
        assert_eq!(told(&awaits), [theirs(1, 3)]);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(told(&awaits), [(AwaitedStep::Connection, None, 1, 1), theirs(2, 4)]);
        drop(first);
        assert_eq!(told(&awaits)[1..], [theirs(1, 1)]);
    }
}
