//! What the web side needs to serve those who get mail, from the running program.

mod lately;

use super::catalogue::Catalogue;
use super::daemon::Live;
use super::kept::Kept;
use crate::config::SignupSettings;
use crate::domain::source::Source;
use crate::domain::subscriber::{Address, SubscriberId};
use crate::engine::pass::list_notes;
use crate::rules::estimate::Past;
use crate::rules::token::Keyring;
use crate::store::{Store, StoreError};
use crate::web::desk::Desk;
use chrono::{DateTime, Utc};
use futures::FutureExt;
use futures::future::BoxFuture;
pub(super) use lately::Lately;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, watch};

/// However many people choose, it is looked at this often at most what was published lately.
const PAST_FRESH: Duration = Duration::from_secs(1);

/// However many people sign up, it is counted this often at most where others of theirs are.
const ORGANISATIONS_FRESH: Duration = Duration::from_secs(60 * 60);

/// The desk of a running daemon: always the configuration of now.
pub(super) struct StoreDesk {
    live: watch::Receiver<Arc<Live>>,
    catalogue: Arc<Catalogue>,
    past: Kept<Arc<Vec<Past>>>,
    lately: Mutex<Lately>,
    /// How many addresses of each organisation get mail.
    organisations: Kept<Arc<HashMap<String, u32>>>,
}

impl StoreDesk {
    pub(super) fn new(live: watch::Receiver<Arc<Live>>, catalogue: Arc<Catalogue>) -> Self {
        Self { live, catalogue, past: Kept::default(), lately: Mutex::default(), organisations: Kept::default() }
    }

    fn live(&self) -> Arc<Live> {
        self.live.borrow().clone()
    }

    async fn read_past(&self) -> Result<Arc<Vec<Past>>, StoreError> {
        let Live { config, world } = &*self.live();
        let known = self.catalogue.known().await?;
        let past = self.lately.lock().await.past(&world.store, &known, &config.sources, world.clock.now()).await?;
        Ok(Arc::new(past))
    }
}

impl Desk for StoreDesk {
    fn store(&self) -> Store {
        self.live().world.store.clone()
    }

    fn links(&self) -> Arc<Keyring> {
        self.live().world.links.clone()
    }

    fn identity(&self, address: &Address) -> SubscriberId {
        SubscriberId::of(address, &self.live().world.key)
    }

    fn now(&self) -> DateTime<Utc> {
        self.live().world.clock.now()
    }

    fn sources(&self) -> Vec<Source> {
        self.live().config.sources.clone()
    }

    fn past(&self) -> BoxFuture<'_, Result<Arc<Vec<Past>>, StoreError>> {
        self.past.get(PAST_FRESH, self.read_past()).boxed()
    }

    fn signup(&self) -> SignupSettings {
        self.live().config.signup
    }

    fn subscribers_at<'a>(&'a self, organisation: &'a str) -> BoxFuture<'a, Result<u32, StoreError>> {
        async move {
            let count = async { Ok::<_, StoreError>(Arc::new(self.store().organisations().await?)) };
            let counted = self.organisations.get(ORGANISATIONS_FRESH, count).await?;
            Ok(counted.get(organisation).copied().unwrap_or(0))
        }
        .boxed()
    }

    fn mail_domain(&self) -> String {
        let live = self.live();
        let from = live.config.mail.from.address.as_str();
        from.rsplit_once('@').map_or_else(String::new, |(_, domain)| domain.to_owned())
    }

    fn own_mailboxes(&self) -> Vec<Address> {
        let mail = &self.live().config.mail;
        std::iter::once(&mail.from.address).chain(&mail.bounces.mailbox).cloned().collect()
    }

    fn list_notes(&self) -> HashMap<String, String> {
        list_notes(&self.live().config.lists)
    }
}
