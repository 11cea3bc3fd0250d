//! How much searching is done: so many searches at a time and so many from one network, so that whoever hammers the search keeps
//! the machine from nobody. What finds no place soon is told that the site is busy.

use crate::rules::meter::{Meter, network};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// From one network in a minute, at once or spread: a library full of readers, and no program.
const PER_NETWORK_MINUTE: u32 = 120;
/// Networks told apart: half a megabyte.
const CELLS: usize = 65_536;
/// Of one network, searching or waiting to.
const PER_NETWORK_AT_ONCE: usize = 4;
/// Searches that wait for a place.
const WAITING_MAX: usize = 32;
/// They wait no longer.
const WAIT: Duration = Duration::from_secs(3);

/// Why there is no search now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum NoSearch {
    /// There were too many from that network.
    TooOften,
    /// There are too many at once.
    Busy,
}

/// The places of those who search.
#[derive(Debug)]
pub struct SearchPlaces {
    /// Drawn by chance, so that nobody can aim at somebody else's cell.
    secret: [u8; 32],
    networks: Mutex<Meter>,
    /// How many of each network search or wait to: no more networks than there are places.
    at_once: Arc<Mutex<HashMap<u64, usize>>>,
    /// Of those who search, and of those who wait to.
    searching: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

/// A place for one search, until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    _counted: Counted,
    _searches: OwnedSemaphorePermit,
}

/// One of those that a network may have at once.
#[derive(Debug)]
struct Counted {
    at_once: Arc<Mutex<HashMap<u64, usize>>>,
    network: u64,
}

impl Counted {
    fn take(at_once: &Arc<Mutex<HashMap<u64, usize>>>, network: u64) -> Option<Self> {
        let mut counts = at_once.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.get(&network).copied().unwrap_or(0);
        (count < PER_NETWORK_AT_ONCE).then(|| {
            counts.insert(network, count + 1);
            Self { at_once: Arc::clone(at_once), network }
        })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut counts = self.at_once.lock().unwrap_or_else(PoisonError::into_inner);
        let left = counts.get(&self.network).map_or(0, |count| count.saturating_sub(1));
        if left == 0 {
            counts.remove(&self.network);
        } else {
            counts.insert(self.network, left);
        }
    }
}

impl SearchPlaces {
    /// Places for `at_a_time` searches, at least one; `secret` is any 32 bytes that nobody else knows.
    #[must_use]
    pub fn new(at_a_time: usize, secret: [u8; 32]) -> Self {
        let networks = Mutex::new(Meter::new(CELLS, PER_NETWORK_MINUTE, TimeDelta::minutes(1)));
        let places = |count: usize| Arc::new(Semaphore::new(count));
        Self { secret, networks, at_once: Arc::default(), searching: places(at_a_time.max(1)), waiting: places(WAITING_MAX) }
    }

    /// A place for a search from there, for as long as it is held.
    pub(super) async fn take(&self, client: Option<IpAddr>, now: DateTime<Utc>) -> Result<Place, NoSearch> {
        let client = client.unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED));
        let hash = blake3::keyed_hash(&self.secret, &network(client));
        let place = hash.as_bytes().first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes));
        if !self.networks.lock().unwrap_or_else(PoisonError::into_inner).allows(place, now) {
            return Err(NoSearch::TooOften);
        }
        let counted = Counted::take(&self.at_once, place).ok_or(NoSearch::Busy)?;
        let _waits = self.waiting.clone().try_acquire_owned().map_err(|_| NoSearch::Busy)?;
        let found = tokio::time::timeout(WAIT, self.searching.clone().acquire_owned()).await;
        let searches = found.ok().and_then(Result::ok).ok_or(NoSearch::Busy)?;
        Ok(Place { _counted: counted, _searches: searches })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_network_has_so_many_and_leaves_the_others_theirs() {
        let places = SearchPlaces::new(2, [1; 32]);
        let mut taken = [0, 0];
        for (at, from, times) in [(0, "203.0.113.7", 500), (1, "198.51.100.7", 3)] {
            for _ in 0..times {
                let place = places.take(from.parse().ok(), DateTime::UNIX_EPOCH).await;
                taken[at] += usize::from(place.is_ok());
            }
        }
        assert_eq!(taken, [120, 3]);
    }

    #[tokio::test(start_paused = true)]
    async fn so_many_search_at_a_time_and_who_finds_no_place_is_told() {
        let places = SearchPlaces::new(1, [1; 32]);
        let take = || places.take(None, DateTime::UNIX_EPOCH);
        let first = take().await.unwrap();
        assert_eq!(take().await.unwrap_err(), NoSearch::Busy);
        drop(first);
        assert!(take().await.is_ok());
    }

    #[tokio::test]
    async fn one_network_takes_few_of_the_places_and_gives_them_back() {
        let places = SearchPlaces::new(9, [1; 32]);
        let take = async |from: &str| places.take(from.parse().ok(), DateTime::UNIX_EPOCH).await;
        let mut held = Vec::new();
        for _ in 0..PER_NETWORK_AT_ONCE {
            held.push(take("203.0.113.7").await.unwrap());
        }
        assert_eq!(take("203.0.113.8").await.unwrap_err(), NoSearch::Busy);
        assert!(take("198.51.100.7").await.is_ok());
        held.clear();
        assert!(take("203.0.113.7").await.is_ok() && places.at_once.lock().unwrap().is_empty());
    }
}
