//! Waiting for what may not be under way: a commit, or the time at which one is made with what there is.

use futures::future::{BoxFuture, pending};

/// Waits for what is under way; for ever where nothing is.
pub(super) async fn until<T>(future: &mut Option<BoxFuture<'_, T>>) -> T {
    match future {
        Some(future) => future.await,
        None => pending().await,
    }
}
