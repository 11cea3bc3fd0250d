//! The web side joined to a running program: the desk for the people, the library for what is watched.

use super::catalogue::Catalogue;
use super::daemon::Live;
use super::desk::StoreDesk;
use super::feeds_dir;
use super::library::{Indexed, StoreLibrary};
use crate::edge::clock::OsEntropy;
use crate::ports::Entropy;
use crate::web::{SearchPlaces, SignupLimits, WebState};
use std::num::NonZero;
use std::sync::Arc;
use tokio::sync::watch;

/// What pages are made from, and the search index that goes with them.
pub struct WebSide {
    /// What the pages are made from.
    pub state: WebState,
    pub(super) library: Arc<StoreLibrary>,
}

/// Searches at a time: half of the processors are left to everything else.
fn searches_at_a_time() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get).div_ceil(2)
}

impl WebSide {
    /// The web side of a program that runs under these configurations, one after the other.
    #[must_use]
    pub fn over(live: &watch::Receiver<Arc<Live>>) -> Self {
        let catalogue = Arc::new(Catalogue::new(live.clone()));
        let library = Arc::new(StoreLibrary::new(live.clone(), catalogue.clone()));
        let now = live.borrow().clone();
        let state = WebState {
            desk: Arc::new(StoreDesk::new(live.clone(), catalogue)),
            library: library.clone(),
            site: Arc::new(now.config.site.clone()),
            feeds_dir: feeds_dir(&now.config),
            trusted_proxies: now.config.web.trusted_proxies.clone(),
            limits: Arc::new(SignupLimits::new(&now.config.signup, OsEntropy.bytes())),
            searches: Arc::new(SearchPlaces::new(searches_at_a_time(), OsEntropy.bytes())),
        };
        Self { state, library }
    }

    /// Puts everything that is known into the search index, once.
    ///
    /// # Errors
    /// Where the store or the index cannot be used.
    pub async fn index(&self) -> anyhow::Result<usize> {
        Ok(self.library.keep_index(&mut Indexed::default(), &|| false).await?)
    }
}
