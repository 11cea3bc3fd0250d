//! The tour: a silent first visit on a Friday morning, a second one after the councils have published, and the digest of
//! Saturday morning; told in plain words as it happens.

use super::council::CouncilSite;
use super::folder::Folder;
use crate::app;
use crate::cli::once::{complaints, said};
use crate::cli::print;
use crate::config::Config;
use crate::domain::item::KnownItem;
use crate::domain::poll::PollOutcome;
use crate::domain::source::Source;
use crate::domain::subscriber::Cadence;
use crate::edge::clock::{SteppedClock, SystemClock};
use crate::edge::keeper::Keeper;
use crate::engine::known::with_state;
use crate::engine::pass::{Orders, PassReport, World};
use crate::engine::poll::PollReport;
use crate::ports::Clock;
use crate::rules::schedule::last_close;
use anyhow::Context;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use std::fmt::Write as _;
use std::sync::Arc;

/// From the first visit to the closing of the window: Friday 09:00 to Saturday 07:30.
const FIRST_VISIT: TimeDelta = TimeDelta::minutes(22 * 60 + 30);
/// From the second visit to the closing of the window: from Friday 15:00.
const SECOND_VISIT: TimeDelta = TimeDelta::minutes(16 * 60 + 30);

/// Everything that a stop on the tour needs.
struct Guide<'a> {
    config: &'a Config,
    world: World,
    clock: Arc<SteppedClock>,
}

/// Takes the tour, and answers with what went wrong on it.
pub(super) async fn tour(folder: &Folder, config: &Config, site: &CouncilSite, keeper: &Keeper) -> anyhow::Result<Vec<String>> {
    let now = SystemClock.now();
    // The last Saturday: days that have been, so that every other command finds the demo's store in its past.
    let close = last_close(Cadence::Weekly, &config.digest, config.site.timezone, now).context("no Saturday has been yet")?;
    let clock = Arc::new(SteppedClock::new(close - FIRST_VISIT));
    let world = app::open(config, clock.clone()).await?;
    let guide = Guide { config, world, clock };
    let mut wrong = Vec::new();

    print(&format!(
        "A tour of boardwatch on this machine alone, in {}\n\n\
         A small council site is up at http://{}/ with the pages of four councils,\n\
         and a mail server at {} that keeps what it gets. The configuration is in {};\n\
         its one subscriber, resident@example.org, follows everything, once a day.\n",
        folder.path().display(),
        site.address(),
        keeper.address(),
        folder.config().display()
    ))?;

    let first = guide.pass(close - FIRST_VISIT, "The first visit").await?;
    wrong.extend(complaints(&first));
    guide.tell_polls(&first).await?;

    site.publish();
    let second = guide.pass(close - SECOND_VISIT, "The councils have published. The second visit").await?;
    wrong.extend(complaints(&second));
    guide.tell_polls(&second).await?;

    let third = guide.pass(close, "The day's digest closes").await?;
    wrong.extend(complaints(&third));
    guide.tell_polls(&third).await?;
    if keeper.kept().is_empty() {
        wrong.push("the mail server got no mail".to_owned());
    } else {
        tell_mail(&third, keeper)?;
        look(folder, keeper)?;
    }
    Ok(wrong)
}

impl Guide<'_> {
    /// One pass at `when`, as `once` makes it.
    async fn pass(&self, when: DateTime<Utc>, what: &str) -> anyhow::Result<PassReport> {
        self.clock.set(when);
        let local = when.with_timezone(&self.config.site.timezone);
        print(&format!("\n{}. {what}.\n", local.format("%A %-d %B %Y, %H:%M")))?;
        Ok(self.world.pass(self.config, &Orders::default(), &|_| {}, &|| false).await?)
    }

    /// What the polls of a pass found, council by council, with the titles of what is news.
    async fn tell_polls(&self, report: &PassReport) -> anyhow::Result<()> {
        let mut words = String::new();
        if report.polls.iter().all(|poll| poll.outcome == PollOutcome::Unchanged) {
            words.push_str("  Nothing else is new.\n");
        } else {
            for poll in &report.polls {
                let Some(source) = self.config.sources.iter().find(|source| source.id == poll.source) else { continue };
                let _ = writeln!(words, "  {}: {}.", source.council, said(poll));
                for item in self.news(source, poll).await? {
                    let _ = writeln!(words, "    {}", in_a_line(&item));
                }
            }
        }
        print(&words)
    }

    /// The items that a poll found new or changed, newest first; a baseline is no news.
    async fn news(&self, source: &Source, poll: &PollReport) -> anyhow::Result<Vec<KnownItem>> {
        let store = &self.world.store;
        let Some(polled) = store.source_state(&source.id).await?.and_then(|row| row.value.polled) else { return Ok(Vec::new()) };
        let mut news = Vec::new();
        if !poll.is_baseline {
            for row in store.items(&source.id).await?.into_iter().filter(|row| row.value.revised == polled) {
                news.extend(with_state(store, &source.id, &row.value, row.value.revision).await?);
            }
        }
        news.sort_by_key(|known| std::cmp::Reverse(known.item.published));
        Ok(news)
    }
}

/// An item's title, with the day that the council gives it.
fn in_a_line(known: &KnownItem) -> String {
    let item = &known.item;
    let day = |day: NaiveDate| day.format("%-d %B %Y");
    let held = item.meeting.as_ref().and_then(|meeting| Some((meeting.body.as_ref()?, meeting.date?)));
    match (item.published, held) {
        (Some(posted), _) => format!("{} (posted {})", item.title, day(posted)),
        (None, Some((body, date))) => format!("{} ({body}, {})", item.title, day(date)),
        (None, None) => item.title.to_string(),
    }
}

/// What was sent, and whom the mail server has mail for.
fn tell_mail(report: &PassReport, keeper: &Keeper) -> anyhow::Result<()> {
    let kept = keeper.kept();
    let to: Vec<&str> = kept.iter().flat_map(|message| &message.to).map(String::as_str).collect();
    let mails = if report.delivered.sent == 1 { "mail" } else { "mails" };
    print(&format!("  {} {mails} sent; the mail server keeps {}, to {}.\n", report.delivered.sent, kept.len(), to.join(", ")))
}

/// Where to look.
fn look(folder: &Folder, keeper: &Keeper) -> anyhow::Result<()> {
    let files: Vec<String> =
        keeper.kept().iter().filter_map(|message| Some(message.file.as_ref()?.display().to_string())).collect();
    let feeds = folder.feeds();
    print(&format!(
        "\nWhere to look\n  the mail           {}\n  the feed of all    {}\n  one a council      {}\n  the configuration  {}\n\n",
        files.join("\n                     "),
        feeds.join("all.xml").display(),
        feeds.join("council").display(),
        folder.config().join("boardwatch.toml").display()
    ))
}
