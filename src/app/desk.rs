//! What the web side sees of the store.

use super::daemon::Live;
use crate::domain::subscriber::{Ending, SubscriberId};
use crate::engine::known::newest;
use crate::render::page::{Overview, Watched};
use crate::rules::feed::Limits;
use crate::store::StoreError;
use crate::web::desk::{Desk, Subscription};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, watch};
use tokio::time::Instant;

/// Items on the front page.
const LATEST: usize = 20;
/// However many people look at the front page, the store is read this often at most.
const OVERVIEW_FRESH: Duration = Duration::from_secs(2);

/// The desk of a running daemon: always the configuration of now.
pub(super) struct StoreDesk {
    live: watch::Receiver<Arc<Live>>,
    overview: Mutex<Option<(Instant, Overview)>>,
}

impl StoreDesk {
    pub(super) fn new(live: watch::Receiver<Arc<Live>>) -> Self {
        Self { live, overview: Mutex::new(None) }
    }

    fn live(&self) -> Arc<Live> {
        self.live.borrow().clone()
    }

    async fn read_overview(&self) -> Result<Overview, StoreError> {
        let Live { config, world } = &*self.live();
        let mut watched = Vec::with_capacity(config.sources.len());
        for source in &config.sources {
            let state = world.store.source_state(&source.id).await?;
            watched.push(Watched { source: source.clone(), last_read: state.and_then(|row| row.value.read_well) });
        }
        let limits = Limits { items_min: LATEST, keep: Duration::ZERO };
        let latest = newest(&world.store, &config.sources, limits, world.clock.now()).await?;
        Ok(Overview { watched, latest: latest.into_iter().map(|(_, item)| item).collect() })
    }
}

impl Desk for StoreDesk {
    fn overview(&self) -> BoxFuture<'_, Result<Overview, StoreError>> {
        async move {
            let mut kept = self.overview.lock().await;
            if let Some((read, overview)) = kept.as_ref()
                && read.elapsed() < OVERVIEW_FRESH
            {
                return Ok(overview.clone());
            }
            let overview = self.read_overview().await?;
            *kept = Some((Instant::now(), overview.clone()));
            Ok(overview)
        }
        .boxed()
    }

    fn subscription(&self, subscriber: SubscriberId) -> BoxFuture<'_, Result<Option<Subscription>, StoreError>> {
        async move {
            let store = &self.live().world.store;
            let Some(person) = store.person(&subscriber).await? else { return Ok(None) };
            let subscriptions = store.subscriptions(&subscriber).await?;
            let is_active = person.value.suppressed.is_none() && subscriptions.iter().any(|row| row.value.ended.is_none());
            let last_ending = subscriptions.iter().filter_map(|row| row.value.ended).max_by_key(|(_, at)| *at);
            let ended = person.value.suppressed.or(last_ending).map(|(why, _)| why);
            Ok(Some(Subscription { address: person.value.address, ended: if is_active { None } else { ended } }))
        }
        .boxed()
    }

    fn end_all(&self, subscriber: SubscriberId, why: Ending) -> BoxFuture<'_, Result<(), StoreError>> {
        async move {
            let live = self.live();
            live.world.store.end_subscriptions(&subscriber, why, live.world.clock.now()).await?;
            Ok(())
        }
        .boxed()
    }
}
