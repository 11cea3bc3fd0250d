//! `status`: what an admin wants to know at a glance; exit 1 if something needs a person.

mod relays;
mod returns;

use super::once::NOT_KEPT;
use super::{print, print_json};
use crate::app::doubt_of_keys;
use crate::config::Config;
use crate::domain::delivery::{RefusalKind, STALE};
use crate::domain::poll::PollOutcome;
use crate::domain::subscriber::Cadence;
use crate::engine::rhythm::overdue;
use crate::ports::Awaited;
use crate::rules::detect::slight;
use crate::rules::schedule;
use crate::store::Store;
use crate::store::open::{awaited, open_to_look};
use crate::store::records::{LateAnswers, ProviderOut, ReturnKind, SourceState};
use crate::store::returns::COMPLAINT_DAYS;
use crate::store::snapshots::Snapshots;
use crate::store::subscriptions::person_id;
use chrono::{DateTime, TimeDelta, Utc};
use futures::TryStreamExt;
use returns::{returned_as, returns};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

/// People in list files who are not mailed, and are named; of more, their number.
const LISTED_SHOWN: usize = 5;
/// A source that fails this often in a row needs a person.
const FAILURES_MAX: u32 = 3;
/// A delivery that waits this long needs a person.
const WAITING_MAX: TimeDelta = TimeDelta::hours(6);
/// The relay's own trouble is pointed out after so long; it mostly mends by itself.
const RELAY_TROUBLE_SHOWN: TimeDelta = TimeDelta::minutes(15);
/// Own pages of items that cannot be read are pointed out after so long; a council's deployment takes hours.
const UNREADABLE_SHOWN: TimeDelta = TimeDelta::days(1);
/// Mail that was too old to send is pointed out for so long.
const STALE_SHOWN: TimeDelta = TimeDelta::days(7);
/// More than this, and the log is ahead of the clock because the clock was changed.
const AHEAD_MAX: TimeDelta = TimeDelta::days(1);
/// People read at a time.
const PAGE: usize = 500;

/// Sources, outbox, last digest runs, suppressions, store size; exit 1 if something needs a person.
#[derive(clap::Args, Debug)]
pub(super) struct StatusArgs {
    /// One JSON document on standard output.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize, Debug)]
struct Status {
    needs_a_person: Vec<String>,
    /// What is odd about mail servers that take mail all the same.
    relays: Vec<String>,
    /// Providers that refuse mail to their readers.
    providers: Vec<ProviderOut>,
    /// What the mail server answers late, or not at all, while it takes other mail.
    late: LateAnswers,
    /// What the daemon waits for at mail servers at this moment.
    awaited: Vec<Awaited>,
    sources: Vec<SourceStatus>,
    outbox: Outbox,
    digests: Vec<Digest>,
    people: People,
    /// What came back in the last thirty days, by kind.
    returns: BTreeMap<ReturnKind, u64>,
    store: StoreSize,
}

#[derive(Serialize, Debug)]
struct SourceStatus {
    id: String,
    outcome: Option<PollOutcome>,
    said: String,
    polled: Option<DateTime<Utc>>,
    read_well: Option<DateTime<Utc>>,
    next_due: Option<DateTime<Utc>>,
    failures: u32,
    items: usize,
    held: Option<String>,
    /// It answers, and has been silent for longer than its own past explains: what that follows from.
    overdue: Option<String>,
    /// What stands there says too little to be sure that it is the page that was meant.
    doubt: Option<String>,
}

#[derive(Serialize, Debug)]
struct Outbox {
    waiting: u64,
    oldest: Option<DateTime<Utc>>,
    /// Since when something is due that nobody tries, or is tried for the first time.
    due_since: Option<DateTime<Utc>>,
    last_reply: Option<String>,
    /// The mail server puts off all that it is given.
    put_off: Option<relays::PutOff>,
    sent: u64,
    refused: u64,
    cancelled: u64,
    /// Of those cancelled: too old to be news.
    stale: u64,
    /// Those of the last days.
    stale_lately: u64,
}

#[derive(Serialize, Debug)]
struct Digest {
    cadence: Cadence,
    last_planned: Option<DateTime<Utc>>,
    last_deliveries: Option<u64>,
    next: Option<DateTime<Utc>>,
}

#[derive(Serialize, Debug)]
pub(super) struct People {
    subscribers: usize,
    suppressed: usize,
    /// Named in a file, but not mailed because they left or their address is gone.
    pub(super) listed_but_ended: Vec<String>,
}

#[derive(Serialize, Debug)]
struct StoreSize {
    bytes: u64,
    snapshot_bytes: u64,
}

pub(super) async fn run(args: &StatusArgs, config: &Config) -> anyhow::Result<ExitCode> {
    let store = open_to_look(&config.data_dir).await?;
    let now = Utc::now();
    let status = gather(&store, config, now).await?;
    if args.json {
        print_json(&serde_json::to_value(&status)?)?;
    } else {
        print(&words(&status, config, now))?;
    }
    Ok(if status.needs_a_person.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn gather(store: &Store, config: &Config, now: DateTime<Utc>) -> anyhow::Result<Status> {
    let mut needs_a_person = Vec::from_iter(doubt_of_keys(config, store).await?);
    let mut sources = Vec::new();
    for source in &config.sources {
        let state = store.source_state(&source.id).await?.map(|row| row.value);
        let mut status = source_status(source.id.as_str(), state.as_ref(), now);
        if let Some(state) = &state {
            // A board that is late is worth a line, and nobody's alarm.
            let overdue = overdue(store, &source.id, state, config.site.timezone, now).await?;
            status.overdue = overdue.map(|overdue| overdue.because);
        }
        if let Some(reason) = &status.held {
            needs_a_person.push(format!("{}: held: {reason}. `boardwatch source show {}` explains", source.id, source.id));
        } else if status.failures >= FAILURES_MAX {
            needs_a_person.push(format!("{}: {} polls in a row failed: {}", source.id, status.failures, status.said));
        }
        needs_a_person.extend(state.as_ref().and_then(|state| unreadable(source.id.as_str(), state, now)));
        sources.push(status);
    }
    let (outbox, last_left) = outbox(store, now).await?;
    needs_a_person.extend(relays::standing_still(&outbox, last_left, now));
    if let Some(oldest) = outbox.oldest.filter(|oldest| now - *oldest > WAITING_MAX) {
        let why = outbox.last_reply.clone().unwrap_or_else(|| "not tried yet".into());
        needs_a_person.push(format!("{} mails wait, the oldest planned {}: {why}", outbox.waiting, ago(oldest, now)));
    }
    if let Some(trouble) = store.relay_trouble().await?.map(|row| row.value)
        && trouble.is_worth_telling(now)
        && (trouble.kind != RefusalKind::Relay || trouble.rests(now) || now - trouble.since > RELAY_TROUBLE_SHOWN)
    {
        let what = trouble.what();
        let remedy = trouble.remedy().map(|remedy| format!(". {remedy}")).unwrap_or_default();
        let rest = trouble.rests(now).then(|| format!("; nothing is tried before {}", trouble.until.format("%H:%M UTC")));
        let (since, reply) = (ago(trouble.since, now), &trouble.reply);
        needs_a_person.push(format!("{what}, since {since}: {reply}{}{remedy}", rest.unwrap_or_default()));
    }
    let providers = relays::providers(store, now, &mut needs_a_person).await?;
    let late = relays::late(store, now, &mut needs_a_person).await?;
    let relays = relays::out_and_odd(store, now, &mut needs_a_person).await?;
    for out in store.postboxes_out().await?.map(|row| row.value.boxes).unwrap_or_default() {
        if now - out.since > RELAY_TROUBLE_SHOWN {
            let (name, since, reply) = (out.name, ago(out.since, now), out.reply);
            needs_a_person.push(format!("returned mail cannot be read from {name} since {since}: {reply}"));
        }
    }
    if let Some(what) = Snapshots::new(config.data_dir.join("snapshots")).misplaced() {
        needs_a_person.push(format!("{NOT_KEPT}: {what}. Move it away"));
    }
    if outbox.stale_lately > 0 {
        needs_a_person.push(format!("{} mails were not sent in the last week: {STALE}", outbox.stale_lately));
    }
    let returns = returns(store, now, &mut needs_a_person).await?;
    let log_end = store.log_end().await?.moment();
    if log_end > now + AHEAD_MAX {
        needs_a_person.push(format!(
            "the clock stands before what has been recorded ({}): it is wrong now, or was then; new items are mailed all the same",
            log_end.format("%-d %B %Y, %H:%M UTC")
        ));
    }
    let people = people(store, config).await?;
    let runs = store.digest_runs().await?;
    let digests = Cadence::ALL.map(|cadence| {
        let last = runs
            .iter()
            .map(|row| &row.value)
            .filter(|run| run.cadence == cadence && !run.is_late)
            .max_by_key(|run| run.window.to);
        Digest {
            cadence,
            last_planned: last.map(|run| run.planned),
            last_deliveries: last.map(|run| run.deliveries),
            next: schedule::next_close(cadence, &config.digest, config.site.timezone, now),
        }
    });
    let store = StoreSize {
        bytes: folder_bytes(&config.data_dir.join("store")),
        snapshot_bytes: folder_bytes(&config.data_dir.join("snapshots")),
    };
    let awaited = awaited(&config.data_dir).await;
    Ok(Status {
        needs_a_person,
        relays,
        providers,
        late,
        awaited,
        sources,
        outbox,
        digests: digests.into(),
        people,
        returns,
        store,
    })
}

/// Items whose own page has not been readable for long, though their list is.
fn unreadable(id: &str, state: &SourceState, now: DateTime<Utc>) -> Option<String> {
    let (count, oldest) = (state.unreadable.len(), state.unreadable.values().min_by_key(|page| page.since)?);
    let pages = if count == 1 { "1 page of its items is".to_owned() } else { format!("{count} pages of its items are") };
    let since = ago(oldest.since, now);
    (now - oldest.since > UNREADABLE_SHOWN).then(|| format!("{id}: {pages} not as known, since {since}: {}", oldest.why))
}

fn source_status(id: &str, state: Option<&SourceState>, now: DateTime<Utc>) -> SourceStatus {
    let said = state.and_then(|s| Some(format!("{}, {}", s.outcome.as_ref()?, ago(s.polled?, now))));
    SourceStatus {
        id: id.to_owned(),
        outcome: state.and_then(|s| s.outcome.clone()),
        said: said.unwrap_or_else(|| "not read yet".to_owned()),
        polled: state.and_then(|s| s.polled),
        read_well: state.and_then(|s| s.read_well),
        next_due: state.map(|s| s.next_due),
        failures: state.map_or(0, |s| s.failures),
        items: state.map_or(0, |s| s.items),
        held: state.and_then(|s| s.hold.as_ref()).filter(|h| h.decision.is_none()).map(|h| h.reason.clone()),
        overdue: None,
        doubt: state.and_then(|s| s.warnings.iter().find(|warning| warning.starts_with(slight::UNLIKE_UPDATES)).cloned()),
    }
}

/// What waits and what has ended, and when something left last.
async fn outbox(store: &Store, now: DateTime<Utc>) -> anyhow::Result<(Outbox, Option<DateTime<Utc>>)> {
    let waiting = store.waiting().await?;
    let mut last_left = None;
    let mut outbox = Outbox {
        waiting: waiting.deliveries,
        oldest: waiting.oldest,
        due_since: store.due_since(now).await?,
        put_off: relays::put_off(store, &waiting, now).await?,
        last_reply: waiting.last_reply,
        sent: 0,
        refused: 0,
        cancelled: 0,
        stale: 0,
        stale_lately: 0,
    };
    let mut settled = store.settled();
    while let Some(row) = settled.try_next().await? {
        let stale = row.value.reasons.get(STALE).copied().unwrap_or(0);
        outbox.sent += row.value.sent;
        last_left = last_left.max(Some(row.value.at).filter(|_| row.value.sent > 0));
        outbox.refused += row.value.refused.len() as u64;
        outbox.cancelled += row.value.cancelled.len() as u64;
        outbox.stale += stale;
        outbox.stale_lately += if now - row.value.at < STALE_SHOWN { stale } else { 0 };
    }
    Ok((outbox, last_left))
}

pub(super) async fn people(store: &Store, config: &Config) -> anyhow::Result<People> {
    let listed: BTreeSet<String> = config.lists.iter().flat_map(|list| &list.subscribers).map(|s| s.address.identity()).collect();
    let mut people = People { subscribers: 0, suppressed: 0, listed_but_ended: Vec::new() };
    let mut after = None;
    loop {
        let page = store.people_after(after.as_ref(), PAGE).await?;
        for row in &page {
            after = person_id(row);
            let suppressed = row.value.suppressed;
            people.subscribers += usize::from(suppressed.is_none());
            people.suppressed += usize::from(suppressed.is_some());
            if let Some((why, at)) = suppressed
                && listed.contains(&row.value.address.identity())
            {
                people.listed_but_ended.push(format!("{}: {why} on {}", row.value.address.as_str(), at.format("%-d %B %Y")));
            }
        }
        if page.len() < PAGE {
            return Ok(people);
        }
    }
}

fn words(status: &Status, config: &Config, now: DateTime<Utc>) -> String {
    let mut out = String::new();
    let local = |at: DateTime<Utc>| at.with_timezone(&config.site.timezone);
    let width = status.sources.iter().map(|s| s.id.len()).max().unwrap_or(0);
    for source in &status.sources {
        let _ = writeln!(out, "{:width$}  {:>3} items  {}", source.id, source.items, source.said);
        if let Some(because) = &source.overdue {
            let _ = writeln!(out, "{:width$}  overdue: {because}", "");
        }
        if let Some(doubt) = &source.doubt {
            let _ = writeln!(out, "{:width$}  {doubt}", "");
        }
    }
    let outbox = &status.outbox;
    let counts = (outbox.waiting, outbox.sent, outbox.refused, outbox.cancelled);
    let _ = write!(out, "outbox: {} waiting, {} sent, {} refused, {} cancelled", counts.0, counts.1, counts.2, counts.3);
    if outbox.stale > 0 {
        let _ = write!(out, " ({} as too old)", outbox.stale);
    }
    if let Some(reply) = outbox.last_reply.as_ref().filter(|_| outbox.waiting > 0) {
        let _ = write!(out, "; of what waits it was said: {reply}");
    }
    out.push('\n');
    for relay in &status.relays {
        let _ = writeln!(out, "  the mail server {relay}");
    }
    for awaited in status.awaited.iter().map(relays::awaited_words) {
        let _ = writeln!(out, "  {awaited}");
    }
    for late in relays::late_words(&status.late, now) {
        let _ = writeln!(out, "  {late}");
    }
    for digest in &status.digests {
        let made = digest.last_deliveries.unwrap_or(0);
        let last = digest.last_planned.map(|at| format!("{made} mails on {}", local(at).format("%-d %B %Y, %H:%M")));
        let next = digest.next.map(|at| format!("; closes next {}", local(at).format("%A %-d %B, %H:%M")));
        let (last, next) = (last.unwrap_or_else(|| "none yet".into()), next.unwrap_or_default());
        let _ = writeln!(out, "{} digest: {last}{next}", digest.cadence.as_str());
    }
    let _ = writeln!(out, "people: {} subscribed, {} suppressed", status.people.subscribers, status.people.suppressed);
    if !status.returns.is_empty() {
        let counted = status.returns.iter().map(|(kind, count)| format!("{count} {}", returned_as(*kind)));
        let _ = writeln!(out, "came back in {COMPLAINT_DAYS} days: {}", counted.collect::<Vec<_>>().join(", "));
    }
    for person in status.people.listed_but_ended.iter().take(LISTED_SHOWN) {
        let _ = writeln!(out, "  named in a list file, but not mailed: {person}");
    }
    if status.people.listed_but_ended.len() > LISTED_SHOWN {
        let more = status.people.listed_but_ended.len() - LISTED_SHOWN;
        let _ = writeln!(out, "  and {more} more that a list file names; `boardwatch suppression list` says who and why");
    }
    let mib = |bytes: u64| format!("{}.{} MiB", bytes >> 20, ((bytes & 0xf_ffff) * 10) >> 20);
    let _ = writeln!(out, "store: {}, snapshots: {}", mib(status.store.bytes), mib(status.store.snapshot_bytes));
    if status.needs_a_person.is_empty() {
        out.push_str("nothing needs you\n");
    }
    for need in &status.needs_a_person {
        let _ = writeln!(out, "NEEDS YOU  {need}");
    }
    out
}

/// "12 minutes ago".
pub(super) fn ago(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let counted = |n: i64, unit: &str| if n == 1 { format!("1 {unit} ago") } else { format!("{n} {unit}s ago") };
    match now - at {
        past if past < TimeDelta::zero() => format!("at {}", at.format("%-d %B %Y, %H:%M UTC")),
        past if past < TimeDelta::minutes(1) => "just now".to_owned(),
        past if past < TimeDelta::hours(1) => counted(past.num_minutes(), "minute"),
        past if past < TimeDelta::days(2) => counted(past.num_hours(), "hour"),
        past => counted(past.num_days(), "day"),
    }
}

fn folder_bytes(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(data) if data.is_dir() => folder_bytes(&entry.path()),
            Ok(data) => data.len(),
            Err(_) => 0,
        })
        .sum()
}
