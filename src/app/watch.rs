//! The loop that watches: it polls what is due when it is due.

use super::beat::Beats;
use super::daemon::{Live, rest_after};
use super::lookout::Lookout;
use crate::engine::poll::PollReport;
use crate::store::StoreError;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// What the loop looks at: the sources' states.
const FAMILIES: &[&str] = &["src/"];
/// A source that is due and could not be polled is looked at again after this: another process has it, say.
const AGAIN: TimeDelta = TimeDelta::seconds(10);

/// When the round of visits began that is under way; `None` between two of them.
pub(super) type Reading = Option<DateTime<Utc>>;

/// Polls what is due; `reading` says while it does.
pub(super) async fn watch_sources(
    live: watch::Receiver<Arc<Live>>,
    reading: watch::Sender<Reading>,
    mut beats: Beats,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let mut lookout = Lookout::new(live, FAMILIES);
    while beats.next(&stop).await {
        let Some(live) = lookout.look() else { continue };
        match look(&live, &reading, &stop).await {
            Ok(Some(next)) => lookout.rest_until(next),
            Ok(None) => {}
            Err(error) => {
                lookout.look_again();
                rest_after(error, "polling", &stop).await;
            }
        }
    }
    Ok(())
}

/// Polls what is due. Answers when more is, as far as that can be known now.
async fn look(
    live: &Live,
    reading: &watch::Sender<Reading>,
    stop: &CancellationToken,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let Live { config, world } = live;
    let agenda = world.poller.agenda(&config.sources, false).await?;
    let is_any_due = !agenda.due.is_empty();
    if is_any_due {
        reading.send_replace(Some(world.clock.now()));
        let polled = world.poll(agenda.due, &log_poll, &|| stop.is_cancelled()).await;
        reading.send_replace(None);
        polled?;
        world.tell_of_outages(config).await?;
    }
    let again = is_any_due.then(|| world.clock.now() + AGAIN);
    Ok(agenda.next.into_iter().chain(again).min())
}

/// A line a poll: what changed and what failed for everybody, the rest for those who ask.
fn log_poll(report: &PollReport) {
    let (source, outcome) = (&report.source, &report.outcome);
    if !outcome.is_good() {
        tracing::warn!(source.id = %source, "{outcome}");
    } else if report.is_baseline {
        tracing::info!(source.id = %source, items = report.new, "baseline recorded; nobody is mailed about it");
    } else if report.new + report.revised + report.withdrawn > 0 {
        tracing::info!(source.id = %source, new = report.new, revised = report.revised, withdrawn = report.withdrawn, "changed");
    } else {
        tracing::debug!(source.id = %source, "{outcome}");
    }
}
