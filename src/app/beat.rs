//! The heartbeat of the daemon. It only says "look": what is due stands in the store, so nothing is lost where a beat is
//! missed, and each loop looks as often as somebody may wait for what it does.

use tokio::sync::watch;
use tokio_cron_scheduler::{Job, JobScheduler};
use tokio_util::sync::CancellationToken;

/// The heartbeat: tokio-cron-scheduler says "look" once a second, to everybody, and nothing more. Whoever is busy has
/// missed nothing: what is due stands in the store.
pub(super) struct Beat {
    scheduler: JobScheduler,
    beats: watch::Sender<u64>,
}

impl Beat {
    /// Begins to beat.
    pub(super) async fn start() -> anyhow::Result<Self> {
        let beats = watch::Sender::new(0_u64);
        let scheduler = JobScheduler::new().await?;
        let sender = beats.clone();
        scheduler.add(Job::new("* * * * * *", move |_, _| sender.send_modify(|n| *n = n.wrapping_add(1)))?).await?;
        scheduler.start().await?;
        Ok(Self { scheduler, beats })
    }

    /// Beats for a loop that looks at once, and then at one in `every`.
    pub(super) fn listen(&self, every: u64) -> Beats {
        Beats { heard: self.beats.subscribe(), every, looked: None }
    }

    /// Beats no more.
    pub(super) async fn end(mut self) {
        if let Err(error) = self.scheduler.shutdown().await {
            tracing::debug!(%error, "the heartbeat did not stop");
        }
    }
}

/// The beats that one loop looks at.
pub(super) struct Beats {
    heard: watch::Receiver<u64>,
    every: u64,
    looked: Option<u64>,
}

impl Beats {
    /// Waits for the next beat that counts; `false`: it is time to stop. What is due at the start does not wait for one.
    pub(super) async fn next(&mut self, stop: &CancellationToken) -> bool {
        let Some(looked) = self.looked else {
            self.looked = Some(*self.heard.borrow());
            return !stop.is_cancelled();
        };
        loop {
            let beats = tokio::select! {
                () = stop.cancelled() => return false,
                beat = self.heard.changed() => beat.is_ok(),
            };
            let now = *self.heard.borrow();
            if !beats || now.wrapping_sub(looked) >= self.every {
                self.looked = Some(now);
                return beats;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[tokio::test]
    async fn a_loop_looks_at_once_and_then_at_one_beat_in_so_many() {
        let (beats, stop) = (watch::Sender::new(41_u64), CancellationToken::new());
        let mut heard = Beats { heard: beats.subscribe(), every: 3, looked: None };
        assert_eq!(heard.next(&stop).now_or_never(), Some(true));
        let looks: Vec<bool> = (0..7)
            .map(|_| {
                beats.send_modify(|n| *n += 1);
                heard.next(&stop).now_or_never().is_some()
            })
            .collect();
        assert_eq!(looks, [false, false, true, false, false, true, false]);
        stop.cancel();
        assert_eq!(heard.next(&stop).now_or_never(), Some(false));
    }
}
