//! What the web side asks and records about the people who get mail, as questions in its own words.

use crate::domain::subscriber::{Address, Ending, SubscriberId};
use crate::rules::token::Keyring;
use crate::store::StoreError;
use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use std::sync::Arc;

/// Where one subscriber stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subscription {
    /// The address that is mailed.
    pub address: Address,
    /// Why nothing is sent any more; `None` while mail is sent.
    pub ended: Option<Ending>,
}

/// The front desk.
pub trait Desk: Send + Sync {
    /// Signs and verifies the tokens in links.
    fn links(&self) -> Arc<Keyring>;

    /// The time.
    fn now(&self) -> DateTime<Utc>;

    /// Where the subscriber stands; `None` where nothing is held about them, because they were erased.
    fn subscription(&self, subscriber: SubscriberId) -> BoxFuture<'_, Result<Option<Subscription>, StoreError>>;

    /// Ends every subscription of the subscriber, durably, and tells the engine. Fine where there is none left.
    fn end_all(&self, subscriber: SubscriberId, why: Ending) -> BoxFuture<'_, Result<(), StoreError>>;
}
