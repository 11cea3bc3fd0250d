//! What the web side needs to serve those who get mail, from the running program.

use super::daemon::Live;
use crate::config::SignupSettings;
use crate::domain::source::Source;
use crate::domain::subscriber::{Address, SubscriberId};
use crate::engine::known::with_state;
use crate::engine::pass::list_notes;
use crate::rules::estimate::{DAYS, Past};
use crate::rules::token::Keyring;
use crate::store::records::ItemState;
use crate::store::{Store, StoreError};
use crate::web::desk::Desk;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, watch};
use tokio::time::Instant;

/// Items that an estimate looks at; they are kept in memory.
const PAST_MAX: usize = 1_000;
/// However many people choose, what was published lately is read this often at most.
const PAST_FRESH: Duration = Duration::from_secs(10 * 60);

/// However many people sign up, it is counted this often at most where others of theirs are.
const ORGANISATIONS_FRESH: Duration = Duration::from_secs(60 * 60);

/// The desk of a running daemon: always the configuration of now.
pub(super) struct StoreDesk {
    live: watch::Receiver<Arc<Live>>,
    past: Mutex<Option<(Instant, Arc<Vec<Past>>)>>,
    /// How many addresses of each organisation get mail.
    organisations: Mutex<(Option<Instant>, HashMap<String, u32>)>,
}

impl StoreDesk {
    pub(super) fn new(live: watch::Receiver<Arc<Live>>) -> Self {
        Self { live, past: Mutex::default(), organisations: Mutex::default() }
    }

    fn live(&self) -> Arc<Live> {
        self.live.borrow().clone()
    }

    async fn read_past(&self) -> Result<Vec<Past>, StoreError> {
        let Live { config, world } = &*self.live();
        let since = world.clock.now() - TimeDelta::days(DAYS);
        let mut states: Vec<(DateTime<Utc>, &Source, ItemState)> = Vec::new();
        for source in &config.sources {
            let rows = world.store.items(&source.id).await?.into_iter().map(|row| (published(&row.value), source, row.value));
            states.extend(rows.filter(|(at, ..)| *at >= since));
        }
        states.sort_by_key(|(at, ..)| Reverse(*at));
        states.truncate(PAST_MAX);
        let mut past = Vec::with_capacity(states.len());
        for (at, source, state) in states {
            let known = with_state(&world.store, &source.id, &state, state.revision).await?;
            past.extend(known.map(|known| Past { at, source: source.clone(), item: known.item }));
        }
        Ok(past)
    }
}

/// When an item counts as published: by the council's date, else when it was first seen.
fn published(state: &ItemState) -> DateTime<Utc> {
    state.published.map_or(state.first_seen, |day| day.and_time(NaiveTime::MIN).and_utc())
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
        async move {
            let mut kept = self.past.lock().await;
            if let Some((read, past)) = kept.as_ref()
                && read.elapsed() < PAST_FRESH
            {
                return Ok(past.clone());
            }
            let past = Arc::new(self.read_past().await?);
            *kept = Some((Instant::now(), past.clone()));
            Ok(past)
        }
        .boxed()
    }

    fn signup(&self) -> SignupSettings {
        self.live().config.signup
    }

    fn subscribers_at<'a>(&'a self, organisation: &'a str) -> BoxFuture<'a, Result<u32, StoreError>> {
        async move {
            let mut kept = self.organisations.lock().await;
            if kept.0.is_none_or(|read| read.elapsed() >= ORGANISATIONS_FRESH) {
                *kept = (Some(Instant::now()), self.store().organisations().await?);
            }
            Ok(kept.1.get(organisation).copied().unwrap_or(0))
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
