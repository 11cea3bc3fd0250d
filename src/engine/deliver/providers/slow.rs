//! Providers whose mail the server takes slowly while it takes others' soon: few conversations are under way at a time, and those that are
//! slow do not count, so that mail to others goes on beside them. Of too many, the rest waits a little.

use super::Providers;
use crate::store::records::Witness;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use tokio::sync::Notify;

/// So many conversations may be under way that do not count; each holds its message.
const MOST: usize = 64;

/// Those providers, and their conversations.
#[derive(Default)]
pub(super) struct Slow {
    providers: Mutex<BTreeSet<u32>>,
    under_way: AtomicUsize,
    /// One has begun: there is room for another.
    bell: Notify,
}

impl Slow {
    /// Hears which they are now.
    pub(super) fn are(&self, providers: BTreeSet<u32>) {
        *self.providers.lock().unwrap_or_else(PoisonError::into_inner) = providers;
    }

    /// Whether this is one of them.
    pub(super) fn is(&self, provider: u32) -> bool {
        self.providers.lock().unwrap_or_else(PoisonError::into_inner).contains(&provider)
    }

    /// Counts one more of theirs; `false` where there are too many.
    pub(super) fn begin(&self) -> bool {
        let may = self.under_way.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |many| (many < MOST).then_some(many + 1));
        self.bell.notify_one();
        may.is_ok()
    }

    pub(super) fn end(&self) {
        self.under_way.fetch_sub(1, Ordering::Relaxed);
    }

    pub(super) fn under_way(&self) -> usize {
        self.under_way.load(Ordering::Relaxed)
    }

    pub(super) async fn begins(&self) {
        self.bell.notified().await;
    }
}

impl Providers {
    /// Hears whose mail is taken slowly while others' is not.
    pub(in super::super) fn are_slow(&self, names: impl Iterator<Item = String>) {
        self.slow.are(names.map(|name| Witness::provider(&name)).collect());
    }

    /// How many conversations of theirs are under way.
    pub(in super::super) fn slow_under_way(&self) -> usize {
        self.slow.under_way()
    }

    /// Waits until another of those begins.
    pub(in super::super) async fn slow_begins(&self) {
        self.slow.begins().await;
    }
}
