//! What the web side reads of the watched pages and their items, as questions in its own words.

use crate::render::page::Overview;
use crate::store::StoreError;
use futures::future::BoxFuture;

/// Everything that is known of the watched pages.
pub trait Library: Send + Sync {
    /// What the front page and the status page tell; many may ask at once.
    fn overview(&self) -> BoxFuture<'_, Result<Overview, StoreError>>;
}
