//! `once`: one pass and exit, for cron, scripts and tests.

use super::{print, source};
use crate::app;
use crate::app::daemon::StopSignals;
use crate::config::Config;
use crate::domain::delivery::STALE;
use crate::domain::source::SourceId;
use crate::edge::clock::{FixedClock, SystemClock};
use crate::engine::pass::{Orders, PassReport};
use crate::engine::poll::PollReport;
use crate::ports::Clock;
use crate::store::snapshots::Snapshots;
use chrono::{DateTime, Utc};
use indicatif::{ProgressBar, ProgressStyle};
use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// One pass and exit: poll what is due, close the digest windows that have ended, send what is queued, publish feeds.
#[derive(clap::Args, Clone, Debug, Default)]
pub(super) struct OnceArgs {
    /// Poll every source, due or not; only a server's own Retry-After and robots.txt still count.
    #[arg(long)]
    all: bool,
    /// Poll this source, due or not; may be repeated.
    #[arg(long, value_name = "ID")]
    source: Vec<String>,
    /// Plan mail, but leave it in the outbox.
    #[arg(long)]
    no_send: bool,
    /// Set the clock for the pass, for example 2026-11-22T07:31:00Z.
    #[arg(long, value_name = "RFC3339")]
    now: Option<DateTime<Utc>>,
}

/// What it means that something stands where fetched pages should.
pub(super) const NOT_KEPT: &str = "fetched pages are not kept";

pub(super) async fn run(args: &OnceArgs, config: Config) -> anyhow::Result<ExitCode> {
    let only: Vec<SourceId> =
        args.source.iter().map(|name| source::find(&config, name).map(|s| s.id.clone())).collect::<Result<_, _>>()?;
    let clock: Arc<dyn Clock> = match args.now {
        Some(now) => Arc::new(FixedClock::new(now)),
        None => Arc::new(SystemClock),
    };
    let world = app::open(&config, clock).await?;
    let orders = Orders { all: args.all, only, hold_mail: args.no_send };
    let stopped = Arc::new(AtomicBool::new(false));
    let flag = stopped.clone();
    let mut signals = StopSignals::catch()?;
    let listening = tokio::spawn(async move {
        signals.next().await;
        flag.store(true, Ordering::Relaxed);
    });
    let bar = progress();
    let on_report = |poll: &PollReport| {
        bar.inc(1);
        bar.set_message(poll.source.to_string());
    };
    let report = world.pass(&config, &orders, &on_report, &|| stopped.load(Ordering::Relaxed)).await;
    bar.finish_and_clear();
    listening.abort();
    let report = report?;
    world.sweep_when_due(&config).await?;
    print(&summary(&report))?;
    // The mail is safe and will be tried again: worth a word, but no failure.
    if let Some(reply) = &report.delivered.last_reply {
        eprintln!("boardwatch: {} put back to be tried again: {reply}", counted(report.delivered.postponed, "mail"));
    }
    if let Some((until, reply)) = &report.delivered.resting {
        let until = (*until < DateTime::<Utc>::MAX_UTC).then(|| format!(" before {}", until.format("%-d %B %Y, %H:%M UTC")));
        eprintln!("boardwatch: no mail is sent{}: {reply}", until.unwrap_or_default());
    }
    let mut complaints = complaints(&report);
    complaints.extend(
        Snapshots::new(config.data_dir.join("snapshots")).misplaced().map(|what| format!("{NOT_KEPT}: {what}. Move it away")),
    );
    for complaint in &complaints {
        eprintln!("boardwatch: {complaint}");
    }
    Ok(if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A spinner on a terminal, nothing elsewhere.
fn progress() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    let style = ProgressStyle::with_template("{spinner} {pos} sources read  {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// What the pass did, a line each.
pub(super) fn summary(report: &PassReport) -> String {
    let mut out = String::new();
    for poll in &report.polls {
        let _ = writeln!(out, "{}: {}", poll.source, said(poll));
    }
    let delivered = &report.delivered;
    let mut parts = vec![
        format!("{} polled", counted(report.polls.len(), "source")),
        format!("{} planned", counted(usize::try_from(report.planned).unwrap_or(usize::MAX), "mail")),
        format!("{} sent", delivered.sent),
    ];
    if report.waiting > 0 {
        parts.push(format!("{} waiting in the outbox", report.waiting));
    }
    parts.push(format!("{} written", counted(report.feeds, "feed")));
    let _ = writeln!(out, "{}", parts.join(", "));
    out
}

/// "1 mail", "2 mails".
fn counted(n: usize, unit: &str) -> String {
    if n == 1 { format!("1 {unit}") } else { format!("{n} {unit}s") }
}

/// One poll in words.
pub(super) fn said(poll: &PollReport) -> String {
    if !poll.outcome.is_good() {
        return poll.outcome.to_string();
    }
    if poll.is_baseline {
        return format!("silent baseline of {}; nobody is mailed about it", poll.new);
    }
    let counted = [(poll.new, "new"), (poll.revised, "changed"), (poll.withdrawn, "withdrawn")];
    let parts: Vec<String> = counted.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
    if parts.is_empty() { poll.outcome.to_string() } else { parts.join(", ") }
}

/// What failed, for stderr: sources that could not be read, messages refused for good, unwritten feeds.
pub(super) fn complaints(report: &PassReport) -> Vec<String> {
    let bad = report.polls.iter().filter(|poll| !poll.outcome.is_good());
    let mut all: Vec<String> = bad.map(|poll| format!("{}: {}", poll.source, poll.outcome)).collect();
    let delivered = &report.delivered;
    all.extend(delivered.refusals.iter().map(|(to, reply)| format!("mail to {to} was refused for good: {reply}")));
    let unnamed = delivered.refused - delivered.refusals.len();
    if unnamed > 0 {
        all.push(format!("{} more were refused for good", counted(unnamed, "mail")));
    }
    if delivered.stale > 0 {
        all.push(format!("{} not sent: {STALE}", counted(delivered.stale, "mail")));
    }
    all.extend(report.publish_error.as_ref().map(|error| app::daemon::words(error)));
    all
}
