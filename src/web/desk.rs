//! What the web side needs to serve the people who get mail: the store, and what the running program knows beside it.

use crate::config::SignupSettings;
use crate::domain::source::Source;
use crate::domain::subscriber::{Address, SubscriberId};
use crate::rules::estimate::Past;
use crate::rules::token::Keyring;
use crate::store::{Store, StoreError};
use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use std::collections::HashMap;
use std::sync::Arc;

/// The front desk.
pub trait Desk: Send + Sync {
    /// Where people are kept.
    fn store(&self) -> Store;

    /// Signs and verifies the tokens in links.
    fn links(&self) -> Arc<Keyring>;

    /// The identity of an address at this installation.
    fn identity(&self, address: &Address) -> SubscriberId;

    /// The time.
    fn now(&self) -> DateTime<Utc>;

    /// What is watched.
    fn sources(&self) -> Vec<Source>;

    /// What was published lately.
    fn past(&self) -> BoxFuture<'_, Result<Arc<Vec<Past>>, StoreError>>;

    /// How many requests are taken.
    fn signup(&self) -> SignupSettings;

    /// About how many addresses of an organisation get mail.
    fn subscribers_at<'a>(&'a self, organisation: &'a str) -> BoxFuture<'a, Result<u32, StoreError>>;

    /// The domain of Message-IDs.
    fn mail_domain(&self) -> String;

    /// The addresses that our mails come from and come back to.
    fn own_mailboxes(&self) -> Vec<Address>;

    /// Why those in each list file may be mailed, by the origin of what they get from it.
    fn list_notes(&self) -> HashMap<String, String>;
}
