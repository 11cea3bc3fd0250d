//! `send-test`: one real message through the configured transport, and what the next hop said.

use super::preview::{sample_digest, sample_id};
use super::sample::Sample;
use crate::app;
use crate::config::{Config, Sender};
use crate::domain::delivery::{Refusal, RefusalKind};
use crate::domain::site::Site;
use crate::domain::subscriber::Address;
use crate::ports::{Mail, Message};
use crate::store::open::open_to_look;
use anyhow::{Context, anyhow};
use chrono::{DateTime, Utc};
use std::process::ExitCode;

/// Its command line.
#[derive(Clone, Debug, clap::Args)]
pub struct SendTestArgs {
    /// Who gets the test message
    #[arg(value_name = "ADDRESS", value_parser = Address::parse)]
    pub to: Address,
}

/// Sends it as configured and prints the server's answer.
pub(super) async fn run(args: &SendTestArgs, config: &Config) -> anyhow::Result<ExitCode> {
    app::known_people(config, &open_to_look(&config.data_dir).await?).await?;
    let mail = app::mail(config)?;
    let reply = send_test(args, &config.site, &config.mail.from, mail.as_ref(), Utc::now()).await?;
    super::print(&format!("{reply}\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// Sends a sample digest that says that it is a test; answers with the server's words.
///
/// # Errors
/// The refusal, with what to do about it.
pub async fn send_test(
    args: &SendTestArgs,
    site: &Site,
    from: &Sender,
    mail: &dyn Mail,
    now: DateTime<Utc>,
) -> anyhow::Result<String> {
    let sample = Sample::new(now).context("reading the built-in sample")?;
    let why = vec!["an admin sent it to try out the mail server; the councils in it are invented".to_owned()];
    let bytes = sample_digest(site, from, &args.to, why, sample.entries(), now);
    let message = Message { message_id: sample_id(from, &args.to, now), from: from.address.clone(), to: args.to.clone(), bytes };
    mail.send(message).await.map_err(|refusal| anyhow!("{}: {}", advice(&refusal), refusal.reply))
}

/// What a refusal means for the one who set the server up.
fn advice(refusal: &Refusal) -> &'static str {
    match refusal.kind {
        RefusalKind::Transient => "refused for now (real mail is tried again later)",
        RefusalKind::Permanent => "refused for good",
        RefusalKind::Policy => "refused for what it thinks of the sender (look at sender, SPF, DKIM and the server's rules)",
        RefusalKind::Throttled => "more than the server takes from us for now (real mail waits)",
        RefusalKind::TooLarge => "the message is larger than the server takes",
        RefusalKind::AddressGone => "the server says that this address does not exist",
        RefusalKind::Relay => "the mail server cannot be used (look at host, port, tls and password under [mail.smtp])",
        RefusalKind::Unknown => "the line broke before the last answer; the message may have arrived",
    }
}
