//! A pass: settle in, poll what is due, plan the windows that have ended, deliver, publish. What `once` does once and the
//! daemon again and again.
//!
//! Trouble in one part does not keep the others from their work: an unwritable feeds folder costs nobody a mail.

use super::bounds::Bounds;
use super::deliver::{Delivered, Hanging, Postman, ask_after_a_rest, deliver};
use super::known::Sources;
use super::outages::tell_of_outages;
use super::plan::missed::plan_missed;
use super::plan::plan;
use super::poll::{Due, PollReport, Poller};
use super::postboxes::look_into;
use super::publish::{PublishError, Publisher, publish, remake_if_other};
use super::quiet::tell_of_quiet_months;
use super::returns::Reader;
use super::sweep::sweep;
use crate::config::{Config, SubscriptionList};
use crate::domain::source::{Source, SourceId};
use crate::domain::subscriber::{Cadence, SubscriberId};
use crate::ports::{Clock, Mail, Postbox, Publish};
use crate::rules::feed::Limits;
use crate::rules::returns::Ours;
use crate::rules::schedule::has_gathered;
use crate::rules::token::Keyring;
use crate::store::lists::Listed;
use crate::store::subscriptions::FILE_ORIGIN;
use crate::store::{Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Whoever waits for conversations that hang looks up so often, to see whether to stop.
const LOOK_UP: Duration = Duration::from_secs(1);
/// How often what has been kept long enough is looked for.
const SWEEP_EVERY: TimeDelta = TimeDelta::hours(24);

/// Everything that a pass works with.
#[derive(Clone)]
pub struct World {
    /// What is known.
    pub store: Store,
    /// Visits and reads sources.
    pub poller: Poller,
    /// The next hop.
    pub mail: Arc<dyn Mail>,
    /// Conversations with the next hop that nobody waits for but their own mail.
    pub hanging: Hanging,
    /// Where mail comes back to.
    pub postboxes: Vec<Arc<dyn Postbox>>,
    /// The feeds folder.
    pub publish: Arc<dyn Publish>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// This installation's secret: what people's identities are made with.
    pub key: [u8; 32],
    /// Signs the links.
    pub links: Arc<Keyring>,
    /// This process, in claims.
    pub owner: String,
    /// How much is done at a time.
    pub bounds: Bounds,
}

/// What one pass is to do.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Orders {
    /// Every source, due or not.
    pub all: bool,
    /// Only these sources, due or not; empty: no such choice.
    pub only: Vec<SourceId>,
    /// Plan but do not send.
    pub hold_mail: bool,
}

/// What one pass did.
#[derive(Debug, Default)]
pub struct PassReport {
    /// Mails read that came back.
    pub returned: usize,
    /// A report a poll, in the order of the sources.
    pub polls: Vec<PollReport>,
    /// Deliveries planned.
    pub planned: u64,
    /// What became of what was due.
    pub delivered: Delivered,
    /// Feeds written.
    pub feeds: usize,
    /// Deliveries that wait to be tried again.
    pub waiting: u64,
    /// What could not be published.
    pub publish_error: Option<PublishError>,
}

impl World {
    /// Makes the store ready for work: windows begun, claims of processes that are gone released, list files carried out.
    pub async fn settle_in(&self, config: &Config) -> Result<(), StoreError> {
        if self.store.is_exclusive() {
            self.store.release_foreign_source_claims(&self.owner).await?;
            self.release_deliveries().await?;
        }
        self.store.start_windows(self.clock.now()).await?;
        self.follow_lists(config).await
    }

    /// Makes due at once what was being sent when another process stopped, or was put off by a clock that was ahead.
    pub async fn release_deliveries(&self) -> Result<(), StoreError> {
        let released = self.store.release_deliveries(&self.owner, self.clock.now()).await?;
        if released > 0 {
            tracing::info!(released, "going on with deliveries that were being sent when the program stopped, or put off");
        }
        Ok(())
    }

    /// Makes due at once all that is claimed, also by this process: after a turn that the store has cut off.
    pub async fn release_all_deliveries(&self) -> Result<(), StoreError> {
        self.hanging.let_go();
        self.store.release_deliveries("", self.clock.now()).await.map(drop)
    }

    /// Makes the subscriptions from files what the files say, and notes whether only some are mailed.
    pub async fn follow_lists(&self, config: &Config) -> Result<(), StoreError> {
        self.store.note_only_some(!config.mail.only_to.is_empty(), self.clock.now()).await?;
        let identity = |address: &_| SubscriberId::of(address, &self.key);
        let changed = self.store.reconcile_lists(&listed(config), identity, self.clock.now()).await?;
        if changed > 0 {
            tracing::info!(changed, "subscriptions follow the list files");
        }
        Ok(())
    }

    /// Polls what is `due`, several hosts at a time; none is begun once `stop` says so.
    pub async fn poll(
        &self,
        due: Vec<Due>,
        on_report: &(dyn Fn(&PollReport) + Sync),
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<Vec<PollReport>, StoreError> {
        self.poller.round(due, &self.bounds, on_report, stop).await
    }

    /// Plans the windows of `cadences` that have ended, and what some missed of those before.
    pub async fn plan(&self, config: &Config, cadences: &[Cadence]) -> Result<u64, StoreError> {
        let (times, zone, now) = (&config.digest, config.site.timezone, self.clock.now());
        let planned = plan(&self.store, &config.sources, cadences, times, zone, &self.bounds, now).await?;
        Ok(planned + plan_missed(&self.store, &config.sources, config.mail.stale_after, &self.bounds, now).await?)
    }

    /// Plans what is told at once, where it has gathered: pages that publish together are one mail. `reading_since`: when the
    /// round of visits began that is under way.
    pub async fn plan_gathered(&self, config: &Config, reading_since: Option<DateTime<Utc>>) -> Result<u64, StoreError> {
        match self.store.unplanned_since(Cadence::Immediate).await? {
            Some(first) if has_gathered(first, reading_since, self.clock.now()) => self.plan(config, &[Cadence::Immediate]).await,
            Some(_) | None => Ok(0),
        }
    }

    /// Tells those who follow a source that it has not been readable for long. Answers the number of letters.
    pub async fn tell_of_outages(&self, config: &Config) -> Result<usize, StoreError> {
        tell_of_outages(&self.store, &config.sources, &self.bounds, self.clock.now()).await
    }

    /// Puts the word of a month without news that is due into the outbox.
    pub async fn tell_of_quiet_months(&self, config: &Config) -> Result<usize, StoreError> {
        let zone = config.site.timezone;
        tell_of_quiet_months(&self.store, &config.sources, &config.digest, zone, &self.bounds, self.clock.now()).await
    }

    /// Sends what is due, until nothing is or `stop` says so.
    pub async fn deliver(&self, config: &Config, stop: &(dyn Fn() -> bool + Sync)) -> Result<Delivered, StoreError> {
        // The daemon asks once a second; reading every source for nothing would be most of what it does.
        let now = self.clock.now();
        let due = self.store.next_outgoing(self.mail.lanes()).await?;
        if due.is_none() {
            self.store.forget_what_keeps_nothing(now).await?;
        }
        if due.is_none_or(|due| due > now) && !self.hanging.has_news(now) {
            ask_after_a_rest(&self.store, now).await?;
            return Ok(Delivered::default());
        }
        let sources = Sources::read(&self.store, &config.sources).await?;
        let postman = Postman {
            mail: self.mail.as_ref(),
            hanging: &self.hanging,
            clock: self.clock.as_ref(),
            sources: &sources,
            site: &config.site,
            from: (config.mail.from.name.as_deref(), &config.mail.from.address),
            only_to: &config.mail.only_to,
            connections: config.mail.conversations(),
            lines: config.mail.lines(),
            per_minute_max: config.mail.per_minute_max,
            stale_after: config.mail.stale_after,
            bounces: &config.mail.bounces,
            key: &self.key,
            links: &self.links,
            owner: &self.owner,
            bounds: &self.bounds,
        };
        deliver(&self.store, &postman, stop).await
    }

    /// Who reads what came back.
    pub fn reader<'a>(&'a self, config: &'a Config) -> Reader<'a> {
        let ours = Ours { key: &self.key, links: &self.links, mailbox: config.mail.bounces.mailbox.as_ref() };
        Reader { store: &self.store, clock: self.clock.as_ref(), ours, soft: config.mail.bounces.soft }
    }

    /// Reads what came back. Answers how many mails; a box that cannot be read keeps nobody from the others.
    pub async fn read_returns(&self, config: &Config, stop: &(dyn Fn() -> bool + Sync)) -> Result<usize, StoreError> {
        look_into(&self.postboxes, &self.reader(config), stop).await
    }

    /// Writes the feeds that are older than what is known.
    pub async fn publish(&self, config: &Config) -> Result<usize, PublishError> {
        let now = self.clock.now();
        let publisher = Publisher {
            publish: self.publish.as_ref(),
            site: &config.site,
            sources: &config.sources,
            limits: Limits { items_min: config.feeds.items_min, keep: config.feeds.keep },
        };
        remake_if_other(&self.store, &publisher, now).await?;
        publish(&self.store, &publisher, now).await
    }

    /// Removes what has been kept long enough, once a day.
    pub async fn sweep_when_due(&self, config: &Config) -> Result<(), StoreError> {
        if self.store.begin_sweep(SWEEP_EVERY, self.clock.now()).await? {
            self.sweep(config).await?;
        }
        Ok(())
    }

    /// Removes what has been kept long enough.
    pub async fn sweep(&self, config: &Config) -> Result<(), StoreError> {
        let now = self.clock.now();
        if let Err(error) = self.poller.pages.sweep(now, config.store.snapshots_keep).await {
            tracing::warn!(%error, "old pages under snapshots/ could not be removed");
        }
        sweep(&self.store, now).await
    }

    /// One pass over everything.
    pub async fn pass(
        &self,
        config: &Config,
        orders: &Orders,
        on_report: &(dyn Fn(&PollReport) + Sync),
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<PassReport, StoreError> {
        self.settle_in(config).await?;
        let due = if orders.only.is_empty() {
            self.poller.due(&config.sources, orders.all).await?
        } else {
            let chosen: Vec<Source> = config.sources.iter().filter(|s| orders.only.contains(&s.id)).cloned().collect();
            self.poller.due(&chosen, true).await?
        };
        // Before anything is sent: who left by mail, or whose address is gone, is not mailed again.
        let returned = self.read_returns(config, stop).await?;
        let polls = self.poll(due, on_report, stop).await?;
        let planned = self.plan(config, &Cadence::ALL).await?;
        self.tell_of_outages(config).await?;
        self.tell_of_quiet_months(config).await?;
        let published = self.publish(config).await;
        let mut delivered = if orders.hold_mail { Delivered::default() } else { self.deliver(config, stop).await? };
        // Nobody comes after this who would hear what becomes of them.
        while !stop() && !self.hanging.is_empty() {
            tokio::time::timeout(LOOK_UP, self.hanging.next()).await.ok();
            if self.hanging.has_news(self.clock.now()) {
                delivered = delivered.and(self.deliver(config, stop).await?);
            }
        }
        let (feeds, publish_error) = match published {
            Ok(feeds) => (feeds, None),
            Err(PublishError::Store(error)) => return Err(error),
            Err(error @ PublishError::File { .. }) => (0, Some(error)),
        };
        let waiting = self.store.waiting().await?.deliveries;
        Ok(PassReport { returned, polls, planned, delivered, feeds, waiting, publish_error })
    }
}

/// Why those in each list file may be mailed, by the origin of what they get from it.
#[must_use]
pub fn list_notes(lists: &[SubscriptionList]) -> HashMap<String, String> {
    lists.iter().map(|list| (format!("{FILE_ORIGIN}{}", list.name), list.note.clone())).collect()
}

/// The entries of all list files.
fn listed(config: &Config) -> Vec<Listed> {
    let lists = config.lists.iter();
    lists
        .flat_map(|list| {
            list.subscribers.iter().map(|entry| Listed {
                origin: format!("{FILE_ORIGIN}{}", list.name),
                address: entry.address.clone(),
                cadence: entry.cadence,
                interests: entry.interests.clone(),
            })
        })
        .collect()
}
