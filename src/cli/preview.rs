//! `preview`: a message as it would be sent, as `.eml` on standard output; nothing is sent or recorded.

mod letters;

use super::sample::Sample;
use crate::app::known_people;
use crate::config::{Config, Sender};
use crate::domain::item::{Change, KnownItem, hash_hex};
use crate::domain::site::Site;
use crate::domain::subscriber::{Address, Cadence};
use crate::engine::known::{Sources, newest};
use crate::render::email::{
    DigestMail, Head, ListHead, MailEntry, Rendered, Tokens, WatchMail, WatchOccasion, Ways, assemble, digest, watch,
};
use crate::render::page::Watched;
use crate::rules::feed::Limits;
use crate::rules::health::Health;
use crate::store::open::open_to_look;
use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use letters::letter;
use std::process::ExitCode;
use std::time::Duration;

/// Items of the store that a preview shows.
const STORED_MAX: usize = 10;

/// Which message.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum PreviewKind {
    /// A daily digest of what was read last.
    Digest,
    /// The question whether somebody really asked for updates.
    Confirm,
    /// A digest of one changed item, with what changed.
    Changed,
    /// What somebody gets who has said yes.
    Welcome,
    /// What somebody gets who has left.
    Goodbye,
    /// Word that an item is no longer published.
    Withdrawn,
    /// What a visit brought, at once.
    Immediate,
    /// Word that the watch goes on though nothing is new.
    Watching,
    /// Word that a page that somebody follows cannot be read.
    Unreadable,
    /// The question whether more is to be added to what somebody gets.
    Add,
    /// What somebody gets who asks for what they have.
    Known,
    /// The link to somebody's own page.
    Link,
    /// The question whether updates are to go to another address.
    Move,
    /// Word of that to the address that was moved from.
    Moved,
    /// Word that a move was taken back.
    MovedBack,
    /// Word that the link of a mail from before a move ended it.
    EndedByLink,
}

/// Its command line.
#[derive(Clone, Debug, clap::Args)]
pub struct PreviewArgs {
    /// Which message
    #[arg(value_enum)]
    pub kind: PreviewKind,
    /// Whom it is addressed to
    #[arg(long, value_name = "ADDRESS", value_parser = Address::parse, default_value = "reader@example.org")]
    pub to: Address,
}

/// Stands where a link would hold somebody's token: it acts for nobody.
const NOBODY: &str = "this-is-a-preview-and-acts-for-nobody";

/// Prints the message made from the newest items of the store, or from the sample.
pub(super) async fn run(args: &PreviewArgs, config: &Config) -> anyhow::Result<ExitCode> {
    let now = Utc::now();
    let items = match open_to_look(&config.data_dir).await {
        Ok(store) => {
            known_people(config, &store).await?;
            let limits = Limits { items_min: STORED_MAX, keep: Duration::ZERO };
            newest(&store, Sources::read(&store, &config.sources).await?.all().as_slice(), limits, now).await?
        }
        Err(error) => {
            tracing::warn!(%error, "the store cannot be read; showing a sample");
            Vec::new()
        }
    };
    let entries: Vec<MailEntry<'_>> = items
        .iter()
        .map(|(source, known)| MailEntry { change: change_of(known), known, source, before: known.before.as_ref() })
        .collect();
    let eml = preview(args, &config.site, &config.mail.from, &entries, now)?;
    super::print(&String::from_utf8_lossy(&eml))?;
    Ok(ExitCode::SUCCESS)
}

/// What last happened to an item.
fn change_of(known: &KnownItem) -> Change {
    match (known.withdrawn, known.revision) {
        (Some(_), _) => Change::Withdrawn,
        (None, 0 | 1) => Change::New,
        (None, _) => Change::Revised,
    }
}

/// The message's octets. `stored`: what the store knows, the newest first; where nothing of the right kind is among it, a
/// built-in sample is shown.
///
/// # Errors
/// Where the sample cannot be read.
pub fn preview(
    args: &PreviewArgs,
    site: &Site,
    from: &Sender,
    stored: &[MailEntry],
    now: DateTime<Utc>,
) -> anyhow::Result<Vec<u8>> {
    let sample = Sample::new(now).context("reading the built-in sample")?;
    let sample = sample.entries();
    if let Some((rendered, is_to_a_reader)) = letter(args.kind, site, stored.first().or(sample.first()), now) {
        let one_click = is_to_a_reader.then(|| one_click(site));
        return Ok(message(&rendered, one_click.as_deref(), site, from, &args.to, "letter", now));
    }
    let why = vec!["this is a preview".to_owned()];
    let entries = match args.kind {
        PreviewKind::Watching | PreviewKind::Unreadable => {
            return Ok(without_news(args, site, from, if stored.is_empty() { &sample } else { stored }, why, now));
        }
        PreviewKind::Changed => only(Change::Revised, stored, sample),
        PreviewKind::Withdrawn => only(Change::Withdrawn, stored, sample),
        PreviewKind::Digest | PreviewKind::Immediate if stored.is_empty() => sample,
        PreviewKind::Digest
        | PreviewKind::Immediate
        | PreviewKind::Confirm
        | PreviewKind::Add
        | PreviewKind::Known
        | PreviewKind::Link
        | PreviewKind::Welcome
        | PreviewKind::Goodbye
        | PreviewKind::EndedByLink
        | PreviewKind::Move
        | PreviewKind::Moved
        | PreviewKind::MovedBack => stored.to_vec(),
    };
    if args.kind != PreviewKind::Immediate {
        return Ok(sample_digest(site, from, &args.to, why, entries, now));
    }
    let rendered = digest(&DigestMail::new(site, Cadence::Immediate, why, ways(site), entries));
    Ok(message(&rendered, Some(&one_click(site)), site, from, &args.to, "digest", now))
}

/// The first item to which that happened.
fn only<'a>(change: Change, stored: &[MailEntry<'a>], sample: Vec<MailEntry<'a>>) -> Vec<MailEntry<'a>> {
    let is_there = stored.iter().any(|entry| entry.change == change);
    let from = if is_there { stored.to_vec() } else { sample };
    from.into_iter().filter(|entry| entry.change == change).take(1).collect()
}

/// A mail without news about the sources of these entries.
fn without_news(
    args: &PreviewArgs,
    site: &Site,
    from: &Sender,
    entries: &[MailEntry],
    why: Vec<String>,
    now: DateTime<Utc>,
) -> Vec<u8> {
    let unreadable = args.kind == PreviewKind::Unreadable;
    let mut watched: Vec<Watched> = Vec::new();
    for entry in entries {
        if watched.iter().all(|w| w.source.id != entry.source.id) {
            let since = if unreadable { TimeDelta::days(8) } else { TimeDelta::minutes(12) };
            watched.push(Watched {
                source: entry.source.clone(),
                last_read: Some(now - since),
                health: if unreadable { Health::Blocked } else { Health::Quiet },
                next_read: None,
                items: 1,
                newest: None,
            });
        }
    }
    let occasion = if unreadable {
        watched.truncate(1);
        WatchOccasion::CannotRead { since: now - TimeDelta::days(8) }
    } else {
        WatchOccasion::StillWatching { since: now - TimeDelta::days(30) }
    };
    let rendered = watch(&WatchMail { site, occasion, now, watched, why, ways: ways(site) });
    message(&rendered, Some(&one_click(site)), site, from, &args.to, "watch", now)
}

fn ways(site: &Site) -> Ways {
    Ways::of(site, Tokens { leave: NOBODY, manage: NOBODY })
}

fn one_click(site: &Site) -> String {
    site.link(&format!("one-click/{NOBODY}"))
}

/// A digest that belongs to no subscription: its links act for nobody.
pub(super) fn sample_digest(
    site: &Site,
    from: &Sender,
    to: &Address,
    why: Vec<String>,
    entries: Vec<MailEntry>,
    now: DateTime<Utc>,
) -> Vec<u8> {
    let one_click = one_click(site);
    let rendered = digest(&DigestMail::new(site, Cadence::Daily, why, ways(site), entries));
    message(&rendered, Some(&one_click), site, from, to, "digest", now)
}

/// What a digest would say of these entries, in plain text and without its foot.
pub(super) fn digest_words(site: &Site, entries: Vec<MailEntry>) -> String {
    let text = digest(&DigestMail::new(site, Cadence::Daily, Vec::new(), ways(site), entries)).text;
    let foot = text.lines().position(|line| line.len() > 20 && line.bytes().all(|b| b == b'-'));
    let above = text.lines().take(foot.unwrap_or(usize::MAX));
    above.collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

fn message(
    rendered: &Rendered,
    one_click_url: Option<&str>,
    site: &Site,
    from: &Sender,
    to: &Address,
    kind: &str,
    now: DateTime<Utc>,
) -> Vec<u8> {
    let list_id = format!("updates.{}", domain(from));
    let owner = Address::parse(&site.contact).ok();
    let list = one_click_url.map(|one_click_url| ListHead {
        name: &site.name,
        id: &list_id,
        one_click_url,
        unsubscribe_mailbox: None,
        owner: owner.as_ref(),
        feedback: [kind, Cadence::Daily.as_str()],
    });
    let message_id = sample_id(from, to, now);
    let head = Head {
        from_name: from.name.as_deref(),
        from: &from.address,
        to,
        reply_to: None,
        date: now,
        message_id: &message_id,
        thread: None,
        list,
    };
    assemble(rendered, &head)
}

/// A Message-ID that no delivery has.
pub(super) fn sample_id(from: &Sender, to: &Address, now: DateTime<Utc>) -> String {
    let id = hash_hex(&[b"sample", to.as_str().as_bytes(), &now.timestamp_millis().to_be_bytes()]);
    format!("<{id}@{}>", domain(from))
}

fn domain(from: &Sender) -> &str {
    from.address.as_str().rsplit_once('@').map_or("localhost", |(_, domain)| domain)
}
