//! The heartbeat of the daemon. It only says "look": what is due stands in the store, so nothing is lost where a beat is
//! missed, and each loop looks as often as somebody may wait for what it does.

use std::time::Duration;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};
use tokio_util::sync::CancellationToken;

/// No beat for so long: the scheduler waits for a time that the machine's clock has shown already, and shows no more.
const MISSED: Duration = Duration::from_secs(3);

/// The heartbeat: tokio-cron-scheduler says "look" once a second, to everybody, and nothing more. Whoever is busy has
/// missed nothing: what is due stands in the store.
pub(super) struct Beat {
    scheduler: JobScheduler,
    beats: watch::Sender<u64>,
    keeper: AbortHandle,
}

impl Beat {
    /// Begins to beat.
    pub(super) async fn start() -> anyhow::Result<Self> {
        let beats = watch::Sender::new(0_u64);
        Self::beating(beats.clone(), job(&beats)?).await
    }

    /// The same with this job as the first. Where that beats no more, it is made anew: its next time is one of the machine's clock,
    /// and when that was ahead and is put right, nothing would be looked at until it shows that time again.
    async fn beating(beats: watch::Sender<u64>, first: Job) -> anyhow::Result<Self> {
        let scheduler = JobScheduler::new().await?;
        let mut last = scheduler.add(first).await?;
        scheduler.start().await?;
        let (kept, heard) = (scheduler.clone(), beats.clone());
        let keeper = tokio::spawn(async move {
            loop {
                missed(&heard).await;
                let anew = async {
                    kept.remove(&last).await?;
                    kept.add(job(&heard)?).await
                };
                match anew.await {
                    Ok(job) => last = job,
                    Err(error) => tracing::error!(%error, "the heartbeat has stopped, and cannot be begun anew yet"),
                }
                // Whoever listens has waited long enough.
                heard.send_modify(|n| *n = n.wrapping_add(1));
            }
        });
        Ok(Self { scheduler, beats, keeper: keeper.abort_handle() })
    }

    /// Beats for a loop that looks at once, and then at one in `every`.
    pub(super) fn listen(&self, every: u64) -> Beats {
        Beats { heard: self.beats.subscribe(), every, looked: None }
    }

    /// Beats no more.
    pub(super) async fn end(mut self) {
        self.keeper.abort();
        if let Err(error) = self.scheduler.shutdown().await {
            tracing::debug!(%error, "the heartbeat did not stop");
        }
    }
}

/// What beats once a second.
fn job(beats: &watch::Sender<u64>) -> Result<Job, JobSchedulerError> {
    let beats = beats.clone();
    Job::new("* * * * * *", move |_, _| beats.send_modify(|n| *n = n.wrapping_add(1)))
}

/// Waits until a beat was missed.
async fn missed(beats: &watch::Sender<u64>) {
    loop {
        let before = *beats.borrow();
        tokio::time::sleep(MISSED).await;
        if *beats.borrow() == before {
            return;
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
    async fn a_heart_that_waits_for_a_time_which_the_clock_shows_no_more_beats_again() {
        let beats = watch::Sender::new(0_u64);
        // As far away as every second is when the clock was ahead.
        let stuck = Job::new("0 0 0 1 1 *", |_, _| {}).unwrap();
        let beat = Beat::beating(beats, stuck).await.unwrap();
        let (mut listener, stop) = (beat.listen(1), CancellationToken::new());
        for n in 0..4 {
            let beats = tokio::time::timeout(MISSED * 2, listener.next(&stop)).await;
            assert_eq!(beats, Ok(true), "{n}");
        }
        beat.end().await;
    }

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
