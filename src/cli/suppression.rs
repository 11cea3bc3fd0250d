//! `suppression`: addresses that are never mailed, why and since when; and taking that back. `mail resume` ends a pause.

use super::{print, print_json};
use crate::config::Config;
use crate::domain::subscriber::{Address, Ending, SubscriberId};
use crate::edge::clock::OsEntropy;
use crate::store::open::{open_any, open_to_look, secret_key};
use crate::store::suppressed::Lifted;
use anyhow::{Context, bail};
use chrono::{TimeDelta, Utc};
use serde_json::json;
use std::fmt::Write as _;
use std::process::ExitCode;

/// How long a server is believed that says of all addresses that they are gone.
const BELIEF: TimeDelta = TimeDelta::days(1);

/// Addresses that are never mailed.
#[derive(clap::Subcommand, Debug)]
pub(super) enum SuppressionCommand {
    /// All of them, with reason and day.
    List {
        /// One JSON document on standard output.
        #[arg(long)]
        json: bool,
    },
    /// Lets an address be mailed again. Subscriptions that have ended stay ended.
    Lift {
        /// Which.
        #[arg(value_parser = Address::parse)]
        address: Address,
    },
    /// All of them as CSV: address, reason, since.
    Export,
}

/// Mail as a whole.
#[derive(clap::Subcommand, Debug)]
pub(super) enum MailCommand {
    /// Lets mail go again: after too many readers called it spam (those complaints are not counted any more), or while a
    /// mail server is left alone because it could not be used or refused everything. One mail asks first.
    Resume {
        /// Believe a server that says of all addresses that they are gone.
        #[arg(long)]
        believe: bool,
    },
}

pub(super) async fn run(command: &SuppressionCommand, config: &Config) -> anyhow::Result<ExitCode> {
    match command {
        SuppressionCommand::List { json } => list(config, *json).await,
        SuppressionCommand::Export => export(config).await,
        SuppressionCommand::Lift { address } => lift(config, address).await,
    }
}

async fn list(config: &Config, as_json: bool) -> anyhow::Result<ExitCode> {
    let all = open_to_look(&config.data_dir).await?.suppressed().await?;
    if as_json {
        let rows = all.iter().filter_map(|(id, person)| {
            let (why, since) = person.suppressed?;
            Some(json!({"subscriber": id, "address": person.address, "reason": why, "since": since}))
        });
        print_json(&json!({"suppressed": rows.collect::<Vec<_>>()}))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut out = String::new();
    for (_, person) in &all {
        if let Some((why, since)) = person.suppressed {
            let day = since.with_timezone(&config.site.timezone).format("%-d %B %Y");
            let _ = writeln!(out, "{}: {why}, {day}", person.address.as_str());
        }
    }
    if all.is_empty() {
        out.push_str("nobody is suppressed\n");
    }
    print(&out)?;
    Ok(ExitCode::SUCCESS)
}

async fn export(config: &Config) -> anyhow::Result<ExitCode> {
    let all = open_to_look(&config.data_dir).await?.suppressed().await?;
    let mut out = "address,reason,since\r\n".to_owned();
    for (_, person) in &all {
        if let Some((why, since)) = person.suppressed {
            // RFC 4180 §2: quoted, with quotes doubled; an address can hold both.
            let address = person.address.as_str().replace('"', "\"\"");
            let _ = write!(out, "\"{address}\",\"{why}\",{}\r\n", since.to_rfc3339());
        }
    }
    print(&out)?;
    Ok(ExitCode::SUCCESS)
}

async fn lift(config: &Config, address: &Address) -> anyhow::Result<ExitCode> {
    let store = open_any(&config.data_dir).await?;
    let key = secret_key(&config.data_dir, &OsEntropy).context("the secret key could not be read")?;
    let address_as_given = address.as_str();
    match store.lift_suppression(&SubscriberId::of(address, &key)).await? {
        Lifted::Unknown => bail!("nobody is held under {address_as_given}"),
        Lifted::WasNot => bail!("{address_as_given} is not suppressed"),
        Lifted::Was(why) => {
            // For these two the address was to blame, and nothing was ended.
            let goes_on = matches!(why, Ending::AddressGone | Ending::Bouncing);
            let ended = if goes_on { "" } else { "; what they had asked for has ended, and they must ask for it anew" };
            print(&format!("{address_as_given} is mailed again (was: {why}){ended}\n"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Ends a pause.
pub(super) async fn run_mail(command: &MailCommand, config: &Config) -> anyhow::Result<ExitCode> {
    let MailCommand::Resume { believe } = command;
    let (store, now) = (open_any(&config.data_dir).await?, Utc::now());
    let forgiven = store.forgive_complaints(now).await?;
    let trouble = store.try_relay_again(believe.then(|| now + BELIEF), now).await?;
    if trouble.is_some() {
        store.hurry_deliveries(now).await?;
    }
    match (forgiven, trouble) {
        (false, None) => bail!("mail is not paused"),
        (true, None) => print("mail goes again; the complaints so far are not counted any more\n")?,
        (_, Some(trouble)) => {
            print(&format!("one mail is tried now, and the rest follows if it is taken (was: {})\n", trouble.reply))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
