//! What has been written, by the first part of its keys: so that who waits for work can tell without reading that there is
//! none.
//!
//! An engine rings after a commit is durable, whoever made it: a step of ours, a page of the web side, an admin's command
//! through the control socket. So who asks the bell before it reads the store misses nothing.

use super::engine::{Key, Write};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The writes of one engine, counted.
#[derive(Debug, Default)]
pub struct Bell(Mutex<Rings>);

#[derive(Debug, Default)]
struct Rings {
    by_family: HashMap<Key, u64>,
    /// Times at which anything at all may have been written.
    for_all: u64,
}

impl Bell {
    /// Rings for what was written.
    pub(super) fn ring(&self, writes: &[Write]) {
        let mut rings = self.rings();
        for Write::Put(key, _) | Write::Delete(key) in writes {
            let family = family(key);
            if let Some(count) = rings.by_family.get_mut(family) {
                *count += 1;
            } else {
                rings.by_family.insert(family.to_vec(), 1);
            }
        }
    }

    /// Rings for everything: it is not known what was written.
    pub(super) fn ring_all(&self) {
        self.rings().for_all += 1;
    }

    fn count(&self, families: &[&str]) -> u64 {
        let rings = self.rings();
        let of = |family: &&str| rings.by_family.get(family.as_bytes()).copied().unwrap_or_default();
        families.iter().map(of).sum::<u64>() + rings.for_all
    }

    fn rings(&self) -> MutexGuard<'_, Rings> {
        // Counting does not panic half-way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The part of a key that it shares with its like: up to the first slash, or all of it.
fn family(key: &[u8]) -> &[u8] {
    let end = key.iter().position(|byte| *byte == b'/').map_or(key.len(), |slash| slash + 1);
    key.get(..end).unwrap_or(key)
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

    #[test]
    fn where_others_write_unheard_anything_may_have_been_written() {
        let mut heard = Heard::new(None, &["src/"]);
        assert!(heard.anything() && heard.anything());
    }
}
