//! `subscriber end`, `export` and `erase`.

use super::{People, report};
use crate::cli::print_json;
use crate::config::Config;
use crate::domain::subscriber::{Address, Ending};
use crate::domain::text::{LINE_CHARS_MAX, Text};
use crate::engine::pass::list_notes;
use anyhow::Context;
use chrono::Utc;
use serde_json::Value;
use std::process::ExitCode;

/// What `end` takes.
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct EndArgs {
    /// Whose mail ends
    #[arg(required = true, value_name = "ADDRESS", value_parser = Address::parse)]
    addresses: Vec<Address>,
    /// Send them one last mail that says so
    #[arg(long)]
    tell: bool,
    /// Why, in a sentence or two for them: that mail quotes it
    #[arg(long, value_name = "TEXT", requires = "tell", value_parser = reason)]
    reason: Option<String>,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

/// What `export` takes.
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct ExportArgs {
    /// About whom
    #[arg(required = true, value_name = "ADDRESS", value_parser = Address::parse)]
    addresses: Vec<Address>,
    /// The answer is JSON in any case
    #[arg(long)]
    json: bool,
}

/// What `erase` takes.
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct EraseArgs {
    /// Who is forgotten
    #[arg(required = true, value_name = "ADDRESS", value_parser = Address::parse)]
    addresses: Vec<Address>,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

/// Characters of a reason: a record of a person is a short one.
const REASON_CHARS_MAX: usize = LINE_CHARS_MAX;

/// One line that says something.
fn reason(raw: &str) -> Result<String, String> {
    let chars = raw.chars().count();
    if chars > REASON_CHARS_MAX {
        return Err(format!("it has {chars} characters, and at most {REASON_CHARS_MAX} go into the mail"));
    }
    let line = Text::line(raw).as_str().to_owned();
    if line.chars().any(char::is_alphanumeric) { Ok(line) } else { Err("it says nothing".to_owned()) }
}

pub(super) async fn end(args: &EndArgs, people: &People) -> anyhow::Result<ExitCode> {
    let mut done = Vec::new();
    let mut all_known = true;
    for address in &args.addresses {
        let (id, now) = (people.id(address), Utc::now());
        let said = if people.store.person(&id).await?.is_none() {
            all_known = false;
            "nothing is held about this address"
        } else if args.tell && people.store.end_and_tell(&id, Ending::ByAdmin, args.reason.as_deref(), now).await? {
            "ended, and will be told so"
        } else if !args.tell && people.store.end_subscriptions(&id, Ending::ByAdmin, now).await? {
            "ended"
        } else {
            "had ended before"
        };
        done.push((address.shown(), said.to_owned()));
    }
    report(&done, args.json)?;
    Ok(if all_known { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

pub(super) async fn export(args: &ExportArgs, people: &People, config: &Config) -> anyhow::Result<ExitCode> {
    let from = config.mail.from.address.as_str();
    let domain = from.rsplit_once('@').map_or("", |(_, domain)| domain);
    let notes = list_notes(&config.lists);
    let mut all = Vec::new();
    let mut is_complete = true;
    for address in &args.addresses {
        if let Some(held) = people.store.export(&people.id(address), domain, &notes).await? {
            all.push(held);
        } else {
            eprintln!("boardwatch: nothing is held about {}", address.shown());
            is_complete = false;
        }
    }
    // One person is one document, several are a list of them.
    let document = if args.addresses.len() == 1 { all.pop().unwrap_or(Value::Null) } else { Value::Array(all) };
    print_json(&document)?;
    Ok(if is_complete { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

pub(super) async fn erase(args: &EraseArgs, people: &People) -> anyhow::Result<ExitCode> {
    let mut done = Vec::new();
    let mut all_known = true;
    for address in &args.addresses {
        let held = people.store.erase(&people.id(address), Ending::Erased, Utc::now()).await?;
        all_known &= held;
        let said = match (held, people.store.is_exclusive()) {
            (true, true) => "erased; only the keyed hash is kept",
            (true, false) => {
                "erased: at once from what is used, and within a day from the files of the running daemon; only the keyed hash is kept"
            }
            (false, _) => "nothing was held about this address",
        };
        done.push((address.shown(), said.to_owned()));
    }
    // Where the daemon has the store, it does this within a day.
    if people.store.is_exclusive() {
        people.store.forget_deliveries_to_erased(Utc::now()).await?;
    }
    people
        .store
        .clear_remains()
        .await
        .context("erased, but the store's files could not be written anew: they may still hold it")?;
    report(&done, args.json)?;
    Ok(if all_known { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
