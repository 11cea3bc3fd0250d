//! The ways in for mail that comes back: what the configuration names, joined to the one reader of it.

use super::beat::Beats;
use super::daemon::{Live, rest_after, words};
use crate::config::Config;
use crate::edge::imap::ImapBox;
use crate::edge::lmtp::{self, Take};
use crate::edge::maildir::Maildir;
use crate::ports::{Arrived, Fate, Postbox};
use anyhow::Context;
use futures::FutureExt;
use std::sync::Arc;
use std::time::Instant;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// The boxes that `config` names.
pub(super) fn postboxes(config: &Config) -> anyhow::Result<Vec<Arc<dyn Postbox>>> {
    let returns = &config.mail.returns;
    let mut postboxes: Vec<Arc<dyn Postbox>> = Vec::new();
    if let Some(folder) = &returns.maildir {
        postboxes.push(Arc::new(Maildir::new(folder.clone(), returns.message_bytes_max)));
    }
    if let Some(mailbox) = &returns.imap {
        let mailbox = ImapBox::new(mailbox.clone(), returns.message_bytes_max, None).context("[mail.returns.imap]")?;
        postboxes.push(Arc::new(mailbox));
    }
    Ok(postboxes)
}

/// A listener for LMTP, and the longest mail that it takes.
pub(super) type Lmtp = (TcpListener, u64);

/// Listens where the configuration says that a mail server brings what came back.
pub(super) async fn listen(config: &Config) -> anyhow::Result<Option<Lmtp>> {
    let Some(address) = config.mail.returns.lmtp else { return Ok(None) };
    let listener = TcpListener::bind(address).await;
    let listener = listener.with_context(|| format!("cannot listen on {address} ([mail.returns] lmtp in boardwatch.toml)"))?;
    Ok(Some((listener, config.mail.returns.message_bytes_max)))
}

/// Takes what a mail server brings.
pub(super) async fn serve(
    (listener, octets_max): Lmtp,
    live: watch::Receiver<Arc<Live>>,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    lmtp::serve(listener, take(live), octets_max, stop).await;
    Ok(())
}

/// Looks into the boxes as often as the configuration says.
pub(super) async fn read(live: watch::Receiver<Arc<Live>>, mut beats: Beats, stop: CancellationToken) -> anyhow::Result<()> {
    let mut last: Option<Instant> = None;
    while beats.next(&stop).await {
        let Live { config, world } = &*live.borrow().clone();
        let comes_back = !world.postboxes.is_empty() || config.mail.returns.lmtp.is_some();
        if !comes_back || last.is_some_and(|at| at.elapsed() < config.mail.returns.every) {
            continue;
        }
        last = Some(Instant::now());
        if let Err(error) = world.read_returns(config, &|| stop.is_cancelled()).await {
            rest_after(error, "reading returned mail", &stop).await;
        }
    }
    Ok(())
}

/// What is done with a mail that a mail server brings: it is recorded; one for people is kept under `data_dir/returns` first.
fn take(live: watch::Receiver<Arc<Live>>) -> Arc<Take> {
    Arc::new(move |mail: Arrived| {
        let live = live.borrow().clone();
        async move {
            let fate = live.world.reader(&live.config).take(&mail).await.map_err(|error| words(&error))?;
            if fate == Fate::LeftToPeople {
                let maildir = Maildir::new(live.config.data_dir.join("returns"), u64::MAX);
                let name = format!("{}.boardwatch", crate::domain::item::hash_hex(&[&mail.bytes]));
                let kept = tokio::task::spawn_blocking(move || maildir.deliver(&name, &mail.bytes)).await;
                kept.map_err(std::io::Error::other).and_then(|kept| kept).map_err(|error| words(&error))?;
            }
            Ok(fate)
        }
        .boxed()
    })
}
