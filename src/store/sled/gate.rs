//! The gate that every commit goes through. While it is shut they wait, and what is read is of one moment; it opens by itself
//! after a time, so that nobody who has shut it and gone away keeps the program from its work.

use super::super::engine::{EngineError, Held};
use futures::future::FutureExt;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{RwLock, RwLockReadGuard, oneshot};

/// Open at first.
#[derive(Default)]
pub(super) struct Gate(Arc<RwLock<()>>);

impl Gate {
    /// Waits until it is open; it stays so while what is answered lives.
    pub(super) async fn pass(&self) -> RwLockReadGuard<'_, ()> {
        self.0.read().await
    }

    /// Shuts it when those are through who are under way.
    pub(super) async fn shut(&self, at_most: Duration) -> Held {
        let shut = Arc::clone(&self.0).write_owned().await;
        let (open, opened) = oneshot::channel::<()>();
        let watch = tokio::spawn(async move {
            let was_in_time = tokio::select! {
                // Also where who has shut it is gone.
                _ = opened => true,
                () = tokio::time::sleep(at_most) => false,
            };
            drop(shut);
            was_in_time
        });
        Held::new(move || {
            drop(open);
            let watched = async { watch.await.map_err(|gone| EngineError::Io { doing: "hold", source: io::Error::other(gone) }) };
            watched.boxed()
        })
    }
}
