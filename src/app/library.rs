//! What the web side sees of the watched pages and their items.

use super::daemon::Live;
use crate::domain::source::Source;
use crate::engine::known::newest;
use crate::engine::rhythm::overdue;
use crate::render::page::{Overview, Watched};
use crate::rules::feed::Limits;
use crate::rules::health::health;
use crate::store::StoreError;
use crate::store::records::ItemState;
use crate::web::library::Library;
use futures::FutureExt;
use futures::future::BoxFuture;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, watch};
use tokio::time::Instant;

/// Items on the front page.
const LATEST: usize = 20;
/// However many people look at the front page, the store is read this often at most.
const OVERVIEW_FRESH: Duration = Duration::from_secs(5);

/// The library of a running daemon: always the configuration of now.
pub(super) struct StoreLibrary {
    live: watch::Receiver<Arc<Live>>,
    overview: Mutex<Option<(Instant, Overview)>>,
}

impl StoreLibrary {
    pub(super) fn new(live: watch::Receiver<Arc<Live>>) -> Self {
        Self { live, overview: Mutex::new(None) }
    }

    fn live(&self) -> Arc<Live> {
        self.live.borrow().clone()
    }

    async fn read_overview(&self) -> Result<Overview, StoreError> {
        let Live { config, world } = &*self.live();
        let at = world.clock.now();
        let mut watched = Vec::with_capacity(config.sources.len());
        for source in &config.sources {
            watched.push(self.watched(source).await?);
        }
        let limits = Limits { items_min: LATEST, keep: Duration::ZERO };
        let latest = newest(&world.store, &config.sources, limits, at).await?;
        Ok(Overview { at, watched, latest: latest.into_iter().map(|(_, item)| item).collect() })
    }

    async fn watched(&self, source: &Source) -> Result<Watched, StoreError> {
        let Live { config, world } = &*self.live();
        let (store, now, zone) = (&world.store, world.clock.now(), config.site.timezone);
        let items: Vec<ItemState> = store.items(&source.id).await?.into_iter().map(|row| row.value).collect();
        let state = store.source_state(&source.id).await?.map(|row| row.value);
        let is_overdue = match &state {
            Some(state) => overdue(store, &source.id, state, zone, now).await?.is_some(),
            None => false,
        };
        let day = |item: &ItemState| item.published.unwrap_or_else(|| item.first_seen.with_timezone(&zone).date_naive());
        // What stood there at the first visit may have stood there for years: its own day counts then.
        let baseline = state.as_ref().and_then(|state| state.baseline);
        let came = |item: &ItemState| match item.published {
            Some(day) if baseline == Some(item.first_seen) => day.and_time(chrono::NaiveTime::MIN).and_utc(),
            _ => item.revised,
        };
        Ok(Watched {
            source: source.clone(),
            last_read: state.as_ref().and_then(|state| state.read_well),
            health: health(
                state.as_ref().and_then(|state| state.outcome.as_ref()),
                is_overdue,
                items.iter().map(came).max(),
                now,
            ),
            next_read: state.map(|state| state.next_due),
            items: items.iter().filter(|item| item.withdrawn.is_none()).count(),
            newest: items.iter().map(day).max(),
        })
    }
}

impl Library for StoreLibrary {
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
}
