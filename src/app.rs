//! The composition root: the only place that sees everything. It joins the world's edges to the engine, and knows how to
//! start, follow a changed configuration, and stop.

mod beat;
mod catalogue;
pub mod daemon;
mod desk;
mod kept;
mod library;
mod lookout;
pub mod web_side;
mod pages;
mod returns;
mod watch;

use crate::config::{Config, Transport};
use crate::edge::clock::OsEntropy;
use crate::edge::dkim::{Dkim, SignedMail};
use crate::edge::eml::EmlMail;
use crate::edge::files::FilePublish;
use crate::edge::http::{HttpFetch, HttpLimits, user_agent};
use crate::edge::smtp::{SmtpMail, SmtpPatience};
use crate::engine::bounds::Bounds;
use crate::engine::deliver::Hanging;
use crate::engine::pass::World;
use crate::engine::poll::Poller;
use crate::engine::visit::{Manners, RobotsInMemory, RobotsMemory, Visitor};
use crate::ports::{Clock, Entropy, Mail};
use crate::render::feed::Format;
use crate::rules::feed::FeedName;
use crate::store::Store;
use crate::store::link_keys::{self, kept_link_keys};
use crate::store::open::{kept_key, open_alone, secret_key};
use crate::store::snapshots::Snapshots;
use anyhow::{Context, bail};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Utc;
use std::path::PathBuf;
use std::sync::Arc;

/// Opens the store of `config` for this process alone and joins everything to it.
pub async fn open(config: &Config, clock: Arc<dyn Clock>) -> anyhow::Result<World> {
    let store = open_alone(&config.data_dir).await?;
    people_key(config, &store).await?;
    know_links(config, &store, true).await?;
    if !feeds_dir(config).join(Format::Rss.path(&FeedName::All)).exists() {
        store.forget_feeds_made().await?;
    }
    assemble(config, store, clock)
}

/// The key by which the people of the store are known; made where there is nobody yet.
///
/// # Errors
/// Where it is missing or another installation's. Whoever went on would know nobody: who has left would be written to as
/// somebody new, and everybody be told everything anew.
pub async fn people_key(config: &Config, store: &Store) -> anyhow::Result<[u8; 32]> {
    known_people(config, store).await?;
    let key = secret_key(&config.data_dir, &OsEntropy).context("the secret key could not be read or made")?;
    // Together: where there are people, both have been made.
    link_keys::link_keys(&config.data_dir, key, &OsEntropy, Utc::now()).context("the keys of links could not be read or made")?;
    know_links(config, store, false).await?;
    Ok(key)
}

/// Has the store know by which keys its links are signed, before one is. `is_alone`: nobody can be changing them.
async fn know_links(config: &Config, store: &Store, is_alone: bool) -> anyhow::Result<()> {
    let text = link_keys::kept_text(&config.data_dir).context("the keys of links could not be read")?.unwrap_or_default();
    Ok(store.know_links_by(&link_keys::path(&config.data_dir), &text, is_alone).await?)
}

/// The same for a command that needs no key, and makes none.
///
/// # Errors
/// As [`people_key`].
pub async fn known_people(config: &Config, store: &Store) -> anyhow::Result<()> {
    doubt_of_keys(config, store).await?.map_or(Ok(()), |doubt| bail!(doubt))
}

/// What is wrong with the keys in the data folder, where they are not those of the people in the store and of their links.
pub async fn doubt_of_keys(config: &Config, store: &Store) -> anyhow::Result<Option<String>> {
    if let Some(doubt) = doubt_of_key(config, store).await? {
        return Ok(Some(doubt));
    }
    let text = match link_keys::kept_text(&config.data_dir) {
        Ok(text) => text,
        Err(why) => return Ok(Some(why.to_string())),
    };
    let doubt = store.doubt_of_links(&link_keys::path(&config.data_dir), text.as_deref()).await?;
    Ok(doubt.map(|why| {
        format!(
            "{why}. No link in any mail sent so far would work without, not even those that unsubscribe. A dump carries it, and \
             `boardwatch restore` puts it there; where it is lost for good, `boardwatch rotate --forget-old` makes another"
        )
    }))
}

/// What is wrong with the secret key alone.
pub async fn doubt_of_key(config: &Config, store: &Store) -> anyhow::Result<Option<String>> {
    let kept = match kept_key(&config.data_dir) {
        Ok(kept) => kept,
        Err(why) => return Ok(Some(why.to_string())),
    };
    // No key at all is right only where there is nobody yet.
    if store.knows_its_people_by(&kept.unwrap_or_default()).await? {
        return Ok(None);
    }
    let what = if kept.is_some() { "is not the key by which this store knows its people" } else { "is missing" };
    Ok(Some(format!(
        "{} {what}: nobody would be recognised, who has left would be written to, and everybody be told everything anew. Put back \
         the secret.key that belongs to this store, or restore its dump once more",
        config.data_dir.join("secret.key").display()
    )))
}

/// Joins the edges that `config` asks for to `store`.
pub fn assemble(config: &Config, store: Store, clock: Arc<dyn Clock>) -> anyhow::Result<World> {
    let visitor = Arc::new(visitor(config, clock.clone(), Arc::new(store.clone()))?);
    let key = secret_key(&config.data_dir, &OsEntropy).context("the secret key could not be read or made")?;
    let links = kept_link_keys(&config.data_dir, key).context("the keys of links could not be read")?;
    let owner = URL_SAFE_NO_PAD.encode(OsEntropy.bytes().get(..9).unwrap_or_default());
    let feeds = feeds_dir(config);
    let publish = FilePublish::open(&feeds).with_context(|| format!("the feeds folder {} cannot be used", feeds.display()))?;
    let pages = Snapshots::new(config.data_dir.join("snapshots"));
    let poller = Poller { store: store.clone(), visitor, pages: Arc::new(pages), clock: clock.clone(), owner: owner.clone() };
    let (mail, publish) = (mail(config)?, Arc::new(publish));
    Ok(World {
        store,
        poller,
        mail,
        hanging: Hanging::default(),
        postboxes: returns::postboxes(config)?,
        publish,
        clock,
        key,
        links: Arc::new(links),
        owner,
        bounds: Bounds::default(),
    })
}

/// Where the feeds are written and served from.
#[must_use]
pub fn feeds_dir(config: &Config) -> PathBuf {
    config.data_dir.join("feeds")
}

/// A visitor for commands that keep nothing.
pub fn passing_visitor(config: &Config, clock: Arc<dyn Clock>) -> anyhow::Result<Visitor> {
    visitor(config, clock, Arc::new(RobotsInMemory::default()))
}

fn visitor(config: &Config, clock: Arc<dyn Clock>, robots: Arc<dyn RobotsMemory>) -> anyhow::Result<Visitor> {
    let fetch = HttpFetch::new(HttpLimits {
        timeout: config.poll.timeout,
        body_bytes_max: config.poll.body_bytes_max,
        allow_private_networks: config.poll.allow_private_networks,
        user_agent: user_agent(&config.site.url, &config.site.contact),
        from: Some(config.site.contact.clone()),
    })?;
    let manners = Manners { respect_robots: config.poll.respect_robots, per_host_delay: config.poll.per_host_delay };
    Ok(Visitor::new(Arc::new(fetch), clock, robots, manners))
}

/// The transport that `config` asks for, signing where it asks for that.
pub fn mail(config: &Config) -> anyhow::Result<Arc<dyn Mail>> {
    let keys: Vec<_> = config.mail.dkim.iter().chain(&config.mail.dkim_also).collect();
    let dkim = (!keys.is_empty()).then(|| Dkim::load(keys)).transpose().context("[mail.dkim]")?;
    Ok(match (config.mail.transport, dkim) {
        (Transport::File, None) => Arc::new(eml(config)),
        (Transport::File, Some(dkim)) => Arc::new(SignedMail::new(eml(config), dkim)),
        (Transport::Smtp, None) => Arc::new(smtp(config)?),
        (Transport::Smtp, Some(dkim)) => Arc::new(SignedMail::new(smtp(config)?, dkim)),
    })
}

fn eml(config: &Config) -> EmlMail {
    EmlMail::new(config.data_dir.join("mail"))
}

fn smtp(config: &Config) -> anyhow::Result<SmtpMail> {
    let relays = std::iter::once(&config.mail.smtp).chain(&config.mail.more_relays).cloned().collect();
    SmtpMail::over(relays, &SmtpPatience::default(), None).context("[mail.smtp]")
}
