//! `rotate`: another key for the links in mails from now on.

use crate::app::{doubt_of_key, known_people};
use crate::config::Config;
use crate::edge::clock::OsEntropy;
use crate::store::link_keys;
use crate::store::open::open_any;
use anyhow::{Context, bail};
use chrono::Utc;
use std::process::ExitCode;

/// Its command line.
#[derive(clap::Args, Debug)]
pub(super) struct RotateArgs {
    /// Forget the keys of before, because others know them: no link in any mail that was sent works any more, not even
    /// those that unsubscribe
    #[arg(long)]
    forget_old: bool,
}

pub(super) async fn run(args: &RotateArgs, config: &Config) -> anyhow::Result<ExitCode> {
    // Where the secret key is another installation's, the links' keys are hardly those of the mails that were sent.
    let store = open_any(&config.data_dir).await?;
    if !args.forget_old {
        known_people(config, &store).await?;
    } else if let Some(doubt) = doubt_of_key(config, &store).await? {
        bail!(doubt);
    }
    let id = link_keys::rotate(&store, &config.data_dir, args.forget_old, &OsEntropy, Utc::now())
        .await
        .with_context(|| format!("{}", link_keys::path(&config.data_dir).display()))?;
    eprintln!("key {id} signs links from now on; a running daemon takes it up within seconds");
    Ok(ExitCode::SUCCESS)
}
