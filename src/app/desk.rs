//! What the web side sees and records of those who get mail.

use super::daemon::Live;
use crate::domain::subscriber::{Ending, SubscriberId};
use crate::rules::token::Keyring;
use crate::store::StoreError;
use crate::web::desk::{Desk, Subscription};
use chrono::{DateTime, Utc};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::sync::Arc;
use tokio::sync::watch;

/// The desk of a running daemon: always the configuration of now.
pub(super) struct StoreDesk {
    live: watch::Receiver<Arc<Live>>,
}

impl StoreDesk {
    pub(super) fn new(live: watch::Receiver<Arc<Live>>) -> Self {
        Self { live }
    }

    fn live(&self) -> Arc<Live> {
        self.live.borrow().clone()
    }
}

impl Desk for StoreDesk {
    fn links(&self) -> Arc<Keyring> {
        self.live().world.links.clone()
    }

    fn now(&self) -> DateTime<Utc> {
        self.live().world.clock.now()
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
