//! The ways in for mail that comes back: what the configuration names, joined to the one reader of it.

use super::daemon::{Live, words};
use crate::config::Config;
use crate::edge::lmtp::Take;
use crate::edge::maildir::Maildir;
use crate::ports::{Arrived, Fate, Postbox};
use futures::FutureExt;
use std::sync::Arc;
use tokio::sync::watch;

/// The boxes that `config` names.
pub(super) fn postboxes(config: &Config) -> Vec<Arc<dyn Postbox>> {
    let returns = &config.mail.returns;
    let maildir = returns.maildir.as_ref().map(|folder| Maildir::new(folder.clone(), returns.message_bytes_max));
    maildir.into_iter().map(|maildir| Arc::new(maildir) as Arc<dyn Postbox>).collect()
}

/// What is done with a mail that a mail server brings: it is recorded; one for people is kept under `data_dir/returns` first.
pub(super) fn take(live: watch::Receiver<Arc<Live>>) -> Arc<Take> {
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
