//! The daemon: a heartbeat that lets seven loops look at the store: sources, windows, mail, returned mail, feeds, search,
//! configuration. Beside them the
//! web side and the admin commands' socket.
//!
//! Nothing is scheduled in memory: due times are in the store, and a beat only says "look". Each loop does one thing at a
//! time, so nothing overlaps itself; what fell due while the program was down is due at the first beat.

use super::beat::{Beat, Beats};
use super::library::{Indexed, StoreLibrary};
use super::lookout::Lookout;
use super::watch::{Reading, watch_sources};
use super::web_side::WebSide;
use super::{assemble, doubt_of_keys, open, returns};
use crate::config::{self, Config};
use crate::domain::delivery::RefusalKind;
use crate::domain::subscriber::Cadence;
use crate::edge::clock::SystemClock;
use crate::engine::pass::World;
use crate::store;
use crate::web;
use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// After a signal, what is in hand gets this long; then it is left for the next start, where the store says it is.
const LAST_WORK: Duration = Duration::from_secs(20);
/// …and mail that is under way this long: a server that says nothing is waited for no more.
const LAST_MAIL: Duration = Duration::from_secs(15);
/// Beats between two looks at what nobody waits for. Mail is looked at at every beat: somebody waits for a letter; so is
/// whether a source is due, which costs nothing while none is.
const TO_THE_REST: u64 = 5;
/// Rest after the store failed, so that a full disk does not fill the log too.
const AFTER_FAILURE: Duration = Duration::from_secs(15);
/// A clock that steps back further was wrong, or is.
const STEP_BACK: TimeDelta = TimeDelta::minutes(10);

/// The configuration that is in force, and what was made from it.
pub struct Live {
    /// The configuration.
    pub config: Config,
    /// What it works with.
    pub world: World,
}

/// Runs until SIGTERM or Ctrl-C; then what is in hand is finished.
///
/// # Errors
/// Where the store, the web side's address or the configured transport cannot be used, or a loop died.
pub async fn run(config_dir: PathBuf, config: Config) -> anyhow::Result<()> {
    let mut signals = StopSignals::catch()?;
    let world = open(&config, Arc::new(SystemClock)).await?;
    world.settle_in(&config).await?;
    // Who starts it anew may have put right what kept mail from leaving; one message asks. Not where silence was asked for.
    let trouble = world.store.relay_trouble().await?;
    if trouble.is_some_and(|row| row.value.kind != RefusalKind::Throttled) {
        world.store.try_relay_again(None, world.clock.now()).await?;
    }
    world.store.try_providers_again(|out| !out.is_for_now, None, world.clock.now()).await?;
    let listener = TcpListener::bind(config.web.listen)
        .await
        .with_context(|| format!("cannot listen on {} ([web] listen in boardwatch.toml)", config.web.listen))?;
    let control = store::open::listen(&config.data_dir).context("the socket for admin commands cannot be made")?;
    let lmtp = returns::listen(&config).await?;
    tracing::info!(
        sources = config.sources.len(),
        lists = config.lists.len(),
        web = %listener.local_addr().map(|a| a.to_string()).unwrap_or_default(),
        data = %config.data_dir.display(),
        "watching"
    );

    let engine = world.store.engine().clone();
    let (set, live) = watch::channel(Arc::new(Live { config, world }));
    let WebSide { state, library } = WebSide::over(&live);
    let router = web::router(state);
    let stop = CancellationToken::new();
    let beat = Beat::start().await?;

    let mut loops: JoinSet<anyhow::Result<()>> = JoinSet::new();
    let (says_reading, reading) = watch::channel(None);
    loops.spawn(watch_sources(live.clone(), says_reading, beat.listen(1), stop.clone()));
    loops.spawn(close_windows(live.clone(), reading, beat.listen(TO_THE_REST), stop.clone()));
    loops.spawn(send_mail(live.clone(), beat.listen(1), stop.clone()));
    loops.spawn(returns::read(live.clone(), beat.listen(TO_THE_REST), stop.clone()));
    if let Some(lmtp) = lmtp {
        loops.spawn(returns::serve(lmtp, live.clone(), stop.clone()));
    }
    loops.spawn(publish_feeds(live.clone(), beat.listen(TO_THE_REST), stop.clone()));
    loops.spawn(keep_index(library, live.clone(), beat.listen(TO_THE_REST), stop.clone()));
    loops.spawn(follow_configuration(config_dir, set, beat.listen(TO_THE_REST), stop.clone()));
    let serving = stop.clone();
    loops.spawn(async move { Ok(web::serve(listener, router, serving).await?) });
    let (serving, lines) = (stop.clone(), live.clone());
    loops.spawn(async move {
        let awaited = Arc::new(move || lines.borrow().world.mail.awaited());
        store::remote::serve(control, engine, awaited, serving).await;
        Ok(())
    });

    let died = tokio::select! {
        () = signals.next() => {
            tracing::info!("stopping: finishing what is in hand");
            Ok(())
        }
        first = loops.join_next() => Err(anyhow::anyhow!("a part of the daemon ended by itself: {first:?}")),
    };
    stop.cancel();
    let finish = async { while loops.join_next().await.is_some() {} };
    let finished = tokio::select! {
        () = finish => true,
        () = tokio::time::sleep(LAST_WORK) => false,
        () = signals.next() => false,
    };
    if !finished {
        tracing::warn!("stopped with work in hand; the store holds it for the next start");
    }
    beat.end().await;
    died
}

/// SIGTERM and Ctrl-C, caught from the moment it is made: a program that is asked to stop while it starts stops in order.
pub struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    /// Catches both from now on.
    ///
    /// # Errors
    /// Where the system does not let it.
    pub fn catch() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Waits for the next of them.
    pub async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Says what went wrong and rests, so that a full disk does not fill the log too; the work is still in the store.
pub(super) async fn rest_after(error: impl std::error::Error, doing: &str, stop: &CancellationToken) {
    tracing::error!(error = words(&error), "{doing} failed; trying again in {} s", AFTER_FAILURE.as_secs());
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(AFTER_FAILURE) => {}
    }
}

/// An error with its causes, in one line.
pub fn words(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    std::iter::once(error.to_string()).chain(causes.map(ToString::to_string)).collect::<Vec<_>>().join(": ")
}

/// Plans the windows and the months that have ended; beside the visits, so that a long round of them keeps nobody waiting.
async fn close_windows(
    live: watch::Receiver<Arc<Live>>,
    reading: watch::Receiver<Reading>,
    mut beats: Beats,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    while beats.next(&stop).await {
        let Live { config, world } = &*live.borrow().clone();
        let reading_since = *reading.borrow();
        let planned = async {
            world.plan_gathered(config, reading_since).await?;
            world.plan(config, &[Cadence::Daily, Cadence::Weekly]).await?;
            world.tell_of_quiet_months(config).await
        };
        if let Err(error) = planned.await {
            rest_after(error, "planning", &stop).await;
        }
    }
    Ok(())
}

/// Whether the clock showed a later time at the last look, by more than clocks are put right in the ordinary course.
fn has_stepped_back(last: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    last.signed_duration_since(now) > STEP_BACK
}

/// Sends what is due: until nothing is, or under another configuration once there is one.
async fn send_mail(mut live: watch::Receiver<Arc<Live>>, mut beats: Beats, stop: CancellationToken) -> anyhow::Result<()> {
    let (mut last, mut was_cut_off) = (DateTime::<Utc>::MIN_UTC, false);
    while beats.next(&stop).await {
        let Live { config, world } = &*live.borrow_and_update().clone();
        let now = world.clock.now();
        if was_cut_off {
            // Nobody else delivers: what is claimed was in hand when the store failed.
            match world.release_all_deliveries().await {
                Ok(()) => was_cut_off = false,
                Err(error) => {
                    rest_after(error, "going on with mail", &stop).await;
                    continue;
                }
            }
        }
        if has_stepped_back(last, now) {
            // What a clock that was ahead put off would otherwise wait for the time that it showed.
            if let Err(error) = world.release_deliveries().await {
                rest_after(error, "going on after the clock was put right", &stop).await;
            }
        }
        last = now;
        let is_over = || stop.is_cancelled() || live.has_changed().unwrap_or(true);
        let stopped = async {
            stop.cancelled().await;
            tokio::time::sleep(LAST_MAIL).await;
        };
        let delivered = tokio::select! {
            delivered = world.deliver(config, &is_over) => delivered,
            // The store says what was being sent.
            () = stopped => break,
        };
        match delivered {
            Ok(done) if done.sent + done.refused + done.postponed + done.stale > 0 => {
                tracing::info!(sent = done.sent, refused = done.refused, postponed = done.postponed, stale = done.stale, "mail");
            }
            Ok(_) => {}
            Err(error) => {
                was_cut_off = true;
                rest_after(error, "mailing", &stop).await;
            }
        }
    }
    // What hangs is left as it is: the next start goes on with it.
    live.borrow().world.hanging.let_go();
    Ok(())
}

/// Writes the feeds that are older than what is known, once a day removes what has been kept long enough, and gives back memory
/// where little happens.
async fn publish_feeds(live: watch::Receiver<Arc<Live>>, mut beats: Beats, stop: CancellationToken) -> anyhow::Result<()> {
    let mut lookout = Lookout::new(live.clone(), &["dirty/", "feeds-made-for"]);
    while beats.next(&stop).await {
        if let Some(live) = lookout.look() {
            match live.world.publish(&live.config).await {
                Ok(0) => {}
                Ok(feeds) => tracing::info!(feeds, "feeds written"),
                Err(error) => {
                    lookout.look_again();
                    rest_after(error, "publishing", &stop).await;
                }
            }
        }
        let Live { config, world } = &*live.borrow().clone();
        if let Err(error) = world.sweep_when_due(config).await {
            rest_after(error, "sweeping", &stop).await;
        }
        match world.store.engine().give_back().await {
            Ok(true) => tracing::debug!("the store was opened anew, which gives back memory"),
            Ok(false) => {}
            Err(error) => rest_after(error, "giving back memory", &stop).await,
        }
    }
    Ok(())
}

/// Keeps the search index like the store.
async fn keep_index(
    library: Arc<StoreLibrary>,
    live: watch::Receiver<Arc<Live>>,
    mut beats: Beats,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let mut indexed = Indexed::default();
    let mut lookout = Lookout::new(live, &["src/"]);
    while beats.next(&stop).await {
        if lookout.look().is_none() {
            continue;
        }
        match library.keep_index(&mut indexed, &|| stop.is_cancelled()).await {
            Ok(0) => {}
            Ok(items) => tracing::debug!(items, "search index"),
            Err(error) => {
                lookout.look_again();
                rest_after(error, "indexing", &stop).await;
            }
        }
    }
    Ok(())
}

/// Follows the configuration: on SIGHUP, and when a file is another one than before. A faulty one changes nothing.
async fn follow_configuration(
    dir: PathBuf,
    set: watch::Sender<Arc<Live>>,
    mut beats: Beats,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let mut hangup = signal(SignalKind::hangup())?;
    let keys = store::link_keys::path(&set.borrow().config.data_dir);
    let files_hash = |dir: &Path| files_hash(dir, &keys);
    let mut seen = files_hash(&dir);
    loop {
        tokio::select! {
            go = beats.next(&stop) => {
                let now = files_hash(&dir);
                if !go {
                    return Ok(());
                }
                if now == seen {
                    continue;
                }
                seen = now;
            }
            _ = hangup.recv() => seen = files_hash(&dir),
        }
        let before = set.borrow().clone();
        let reloaded = match doubt_of_keys(&before.config, &before.world.store).await {
            Ok(None) => reload(&dir, &before),
            Ok(Some(doubt)) => Err(doubt),
            Err(why) => Err(format!("{why:#}")),
        };
        match reloaded {
            Ok(live) => {
                if let Err(error) = live.world.follow_lists(&live.config).await {
                    rest_after(error, "following the list files", &stop).await;
                }
                tracing::info!(sources = live.config.sources.len(), lists = live.config.lists.len(), "configuration reloaded");
                set.send_replace(Arc::new(live));
            }
            Err(why) => tracing::error!("the configuration was not reloaded, the one before stays in force:\n{why}"),
        }
    }
}

fn reload(dir: &Path, before: &Live) -> Result<Live, String> {
    let (config, warnings) = config::read(dir, &config::environment)
        .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    if config.data_dir != before.config.data_dir
        || config.web != before.config.web
        || config.signup != before.config.signup
        || config.site != before.config.site
        || config.mail.returns.lmtp != before.config.mail.returns.lmtp
    {
        tracing::warn!(
            "a changed [site], data_dir, [web], [signup] or [mail.returns] lmtp is in force everywhere only after a restart"
        );
    }
    let config = Config { data_dir: before.config.data_dir.clone(), ..config };
    let world = assemble(&config, before.world.store.clone(), Arc::new(SystemClock)).map_err(|e| format!("{e:#}"))?;
    // The claims that this process holds are its own under the new configuration too.
    let (owner, hanging) = (before.world.owner.clone(), before.world.hanging.clone());
    let poller = crate::engine::poll::Poller { owner: owner.clone(), ..world.poller };
    Ok(Live { config, world: World { poller, hanging, owner, ..world } })
}

/// A hash over names, sizes and times of the configuration files, and of the file of the links' keys.
fn files_hash(dir: &Path, keys: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    if let Ok(data) = std::fs::metadata(keys) {
        (data.len(), data.modified().ok()).hash(&mut hasher);
    }
    for folder in [dir.to_path_buf(), dir.join("sources"), dir.join("subscriptions")] {
        let mut files: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().collect();
        files.sort_by_key(std::fs::DirEntry::file_name);
        for file in files.iter().filter(|file| file.path().extension().is_some_and(|e| e == "toml")) {
            file.path().hash(&mut hasher);
            if let Ok(data) = file.metadata() {
                (data.len(), data.modified().ok()).hash(&mut hasher);
            }
        }
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_has_stepped_back_where_it_showed_a_later_time_before() {
        let now: DateTime<Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
        let check = |last: DateTime<Utc>, expect: bool| assert_eq!(has_stepped_back(last, now), expect, "{last}");
        // Before the first look, and at the edges of what a clock can show.
        check(DateTime::<Utc>::MIN_UTC, false);
        check(DateTime::<Utc>::MAX_UTC, true);
        check(now, false);
        check(now + STEP_BACK, false);
        check(now + STEP_BACK + TimeDelta::seconds(1), true);
        assert!(!has_stepped_back(now, DateTime::<Utc>::MAX_UTC) && has_stepped_back(now, DateTime::<Utc>::MIN_UTC));
    }
}
