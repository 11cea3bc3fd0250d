//! What has been written, by the first part of its keys: so that who waits for work can tell without reading that there is
//! none.
//!
//! An engine rings after a commit is durable, whoever made it: a step of ours, a page of the web side, an admin's command
//! through the control socket. So who asks the bell before it reads the store misses nothing.

use super::engine::{Key, Write};
use super::key;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// Families of rows that say something of one person, whose identity is the next part of the key.
const OF_PEOPLE: [&str; 5] = [key::PEOPLE, key::SUBSCRIPTIONS, key::REQUESTS, key::WISHES, key::ERASED];
/// People are told apart by so many of the last digits of their identities: enough that a busy day of sign-ups concerns
/// few of those who are being mailed.
const CROWDS: usize = 4096;
/// Where others write unheard, what was read is taken for true so long.
const UNHEARD_MAX: Duration = Duration::from_secs(1);

/// The writes of one engine, counted.
#[derive(Debug, Default)]
pub struct Bell {
    rings: Mutex<Rings>,
    /// Those who wait for anything to be written.
    ringing: Notify,
}

#[derive(Debug, Default)]
struct Rings {
    by_family: HashMap<Key, u64>,
    /// Times at which anything at all may have been written…
    for_all: u64,
    /// …and the last of them, as a number of commits.
    all_at: u64,
    commits: u64,
    /// At which commit something was last written about somebody of a crowd; empty: never about anybody.
    crowds: Vec<u64>,
}

impl Bell {
    /// Rings for what was written.
    pub(super) fn ring(&self, writes: &[Write]) {
        let mut rings = self.rings();
        rings.commits += 1;
        for Write::Put(key, _) | Write::Delete(key) in writes {
            let family = family(key);
            if let Some(count) = rings.by_family.get_mut(family) {
                *count += 1;
            } else {
                rings.by_family.insert(family.to_vec(), 1);
            }
            if let Some(crowd) = crowd_of(family, key) {
                rings.crowds.resize(CROWDS, 0);
                let commits = rings.commits;
                if let Some(at) = rings.crowds.get_mut(crowd) {
                    *at = commits;
                }
            }
        }
        drop(rings);
        self.ringing.notify_waiters();
    }

    /// Rings for everything: it is not known what was written.
    pub(super) fn ring_all(&self) {
        let mut rings = self.rings();
        rings.for_all += 1;
        rings.commits += 1;
        rings.all_at = rings.commits;
        drop(rings);
        self.ringing.notify_waiters();
    }

    /// Whether nothing was written about any of these people after the commit of this number.
    fn is_silent(&self, people: &[u128], since: u64) -> bool {
        let rings = self.rings();
        let at = |number: &u128| rings.crowds.get(crowd(*number)).copied().unwrap_or_default();
        rings.all_at <= since && people.iter().all(|number| at(number) <= since)
    }

    fn count(&self, families: &[&str]) -> u64 {
        let rings = self.rings();
        let of = |family: &&str| rings.by_family.get(family.as_bytes()).copied().unwrap_or_default();
        families.iter().map(of).sum::<u64>() + rings.for_all
    }

    fn rings(&self) -> MutexGuard<'_, Rings> {
        // Counting does not panic half-way.
        self.rings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The part of a key that it shares with its like: up to the first slash, or all of it.
fn family(key: &[u8]) -> &[u8] {
    let end = key.iter().position(|byte| *byte == b'/').map_or(key.len(), |slash| slash + 1);
    key.get(..end).unwrap_or(key)
}

/// The crowd of the person of this number.
fn crowd(number: u128) -> usize {
    usize::try_from(number % CROWDS as u128).unwrap_or_default()
}

/// The crowd of whom a row of this family is about, if it is about somebody.
fn crowd_of(family: &[u8], key: &[u8]) -> Option<usize> {
    OF_PEOPLE.iter().find(|of| of.as_bytes() == family)?;
    let digits = key.get(family.len()..)?.split(|byte| *byte == b'/').next()?;
    u128::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok().map(crowd)
}

/// A moment: what is read after it was taken holds as long as nothing has been written since.
#[derive(Clone, Debug)]
pub struct Mark {
    /// `None`: others may write unheard.
    bell: Option<Arc<Bell>>,
    commits: u64,
    taken: Instant,
}

impl Mark {
    pub(super) fn new(bell: Option<Arc<Bell>>) -> Self {
        let commits = bell.as_ref().map_or(0, |bell| bell.rings().commits);
        Self { bell, commits, taken: Instant::now() }
    }

    /// Whether what was read since about the people of these numbers still holds. Now and then it is said not to although it
    /// does; never the other way, but where others write unheard.
    #[must_use]
    pub fn holds_for(&self, people: &[u128]) -> bool {
        match &self.bell {
            Some(bell) => bell.is_silent(people, self.commits),
            None => self.taken.elapsed() < UNHEARD_MAX,
        }
    }
}

/// Hears what is written under some keys.
#[derive(Debug)]
pub struct Heard {
    /// `None`: others may write unheard.
    bell: Option<Arc<Bell>>,
    families: &'static [&'static str],
    last: Option<u64>,
}

impl Heard {
    pub(super) fn new(bell: Option<Arc<Bell>>, families: &'static [&'static str]) -> Self {
        Self { bell, families, last: None }
    }

    /// Whether anything may have been written since this was last asked; the first time, it may.
    pub fn anything(&mut self) -> bool {
        let now = self.bell.as_ref().map(|bell| bell.count(self.families));
        let is_as_before = now.is_some() && now == self.last;
        self.last = now;
        !is_as_before
    }

    /// Waits until something may have been written since this or [`anything`](Self::anything) last said so; for ever, where others may
    /// write unheard.
    pub async fn rung(&mut self) {
        let Some(bell) = self.bell.clone() else { return std::future::pending().await };
        loop {
            // Before the look: what is rung after it is heard.
            let mut rung = std::pin::pin!(bell.ringing.notified());
            rung.as_mut().enable();
            if self.anything() {
                return;
            }
            rung.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(key: &str) -> Write {
        Write::Put(key.into(), Vec::new())
    }

    #[test]
    fn what_is_written_is_heard_once_by_those_who_listen_for_it() {
        let bell = Arc::new(Bell::default());
        let mut sources = Heard::new(Some(bell.clone()), &["src/", "log-head"]);
        let mut feeds = Heard::new(Some(bell.clone()), &["dirty/"]);
        assert!(sources.anything() && feeds.anything(), "what was before");
        assert!(!sources.anything() && !feeds.anything());
        bell.ring(&[put("src/a"), put("item/a/1")]);
        assert!(sources.anything() && !feeds.anything());
        assert!(!sources.anything());
        bell.ring(&[Write::Delete("dirty/all".into())]);
        assert!(!sources.anything() && feeds.anything());
        bell.ring(&[put("log-head")]);
        assert!(sources.anything());
        bell.ring(&[put("log/1"), put("src")]);
        assert!(!sources.anything(), "other keys that begin alike");
        bell.ring_all();
        assert!(sources.anything() && feeds.anything());
    }

    #[tokio::test]
    async fn who_waits_for_a_family_is_woken_by_what_is_written_to_it() {
        let bell = Arc::new(Bell::default());
        let mut heard = Heard::new(Some(bell.clone()), &["out/"]);
        assert!(heard.anything());
        let rung = tokio::spawn(async move { heard.rung().await });
        tokio::task::yield_now().await;
        bell.ring(&[put("src/a")]);
        tokio::task::yield_now().await;
        assert!(!rung.is_finished());
        bell.ring(&[put("out/letter/1")]);
        rung.await.unwrap();
    }

    #[test]
    fn what_was_read_of_somebody_holds_until_something_is_written_about_them() {
        let (bell, number) = (Arc::new(Bell::default()), 0x17_u128);
        let mark = || Mark::new(Some(bell.clone()));
        let first = mark();
        bell.ring(&[put("person/00000000000000000000000000000018"), put("out/letter/00000000000000000000000000000017")]);
        assert!(first.holds_for(&[number]) && !first.holds_for(&[number, 0x18]));
        for key in ["person/", "subscription/", "request/", "wish/", "erased/"] {
            let before = mark();
            bell.ring(&[Write::Delete(format!("{key}{number:032x}/files").into())]);
            assert!(!before.holds_for(&[number]) && !first.holds_for(&[number]), "{key}");
            assert!(mark().holds_for(&[number, 0x18]), "{key}: read after that");
        }
        let before = mark();
        bell.ring_all();
        assert!(!before.holds_for(&[0x99]));
    }

    #[test]
    fn where_others_write_unheard_anything_may_have_been_written() {
        let mut heard = Heard::new(None, &["src/"]);
        assert!(heard.anything() && heard.anything());
    }
}
