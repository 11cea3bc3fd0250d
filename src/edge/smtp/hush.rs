//! That an answer is long in coming: told once, while whoever waits for it goes on waiting.

use super::reply::Phase;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::error::Elapsed;
use tokio::time::timeout;

/// A session's silence.
#[derive(Default)]
pub(super) struct Hush {
    fell: Mutex<Option<Phase>>,
    bell: Notify,
}

impl Hush {
    /// Waits for what is to come in this phase, `most` at the longest; after `usual` it is told that it is late.
    pub(super) async fn within<T>(
        &self,
        phase: Phase,
        (usual, most): (Duration, Duration),
        coming: impl Future<Output = T>,
    ) -> Result<T, Elapsed> {
        let mut coming = std::pin::pin!(coming);
        if usual < most {
            if let Ok(came) = timeout(usual, &mut coming).await {
                return Ok(came);
            }
            *self.fell.lock().unwrap_or_else(PoisonError::into_inner) = Some(phase);
            self.bell.notify_one();
        }
        timeout(most.saturating_sub(if usual < most { usual } else { Duration::ZERO }), coming).await
    }

    /// What is told from here on is of what follows.
    pub(super) fn clear(&self) {
        self.fell.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Waits until something is late, and answers with what.
    pub(super) async fn falls(&self) -> Phase {
        loop {
            self.bell.notified().await;
            if let Some(phase) = self.fell.lock().unwrap_or_else(PoisonError::into_inner).take() {
                return phase;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};

    #[tokio::test(start_paused = true)]
    async fn what_is_late_is_told_once_and_waited_for_all_the_same() {
        let hush = Hush::default();
        let waits = (Duration::from_secs(5), Duration::from_secs(300));
        assert_eq!(hush.within(Phase::Rcpt, waits, ready(1)).await, Ok(1));
        let late = async {
            tokio::time::sleep(Duration::from_secs(20)).await;
            2
        };
        let (came, phase) = tokio::join!(hush.within(Phase::Rcpt, waits, late), hush.falls());
        assert_eq!((came, phase), (Ok(2), Phase::Rcpt));
        let begun = tokio::time::Instant::now();
        assert!(hush.within(Phase::Content, waits, pending::<()>()).await.is_err());
        assert_eq!(begun.elapsed(), waits.1);
        hush.clear();
        assert!(timeout(Duration::from_secs(9), hush.falls()).await.is_err(), "it was of what is over");
    }
}
