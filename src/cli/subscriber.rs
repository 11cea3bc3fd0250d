//! `subscriber`: support work for one person or many; works while the daemon runs.

mod act;
mod add;
mod import;

use super::{print, print_json};
use crate::app::people_key;
use crate::config::Config;
use crate::domain::site::Site;
use crate::domain::source::Source;
use crate::domain::subscriber::{Address, SubscriberId};
use crate::render::wants::{often, wants};
use crate::store::Store;
use crate::store::export::not_mailed;
use crate::store::open::open_any;
use crate::store::subscriptions::{Subscriber, active};
use anyhow::bail;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::process::ExitCode;

/// People read at a time.
const PAGE: usize = 500;

/// The people who get mail.
#[derive(clap::Subcommand, Debug)]
pub(super) enum SubscriberCommand {
    /// Everybody who gets mail, with what and how often.
    List {
        /// Those who left, too
        #[arg(long)]
        all: bool,
        /// One JSON document on standard output
        #[arg(long)]
        json: bool,
    },
    /// What people get and got.
    Show {
        /// Whose
        #[arg(required = true, value_name = "ADDRESS", value_parser = Address::parse)]
        addresses: Vec<Address>,
        /// One JSON document on standard output
        #[arg(long)]
        json: bool,
    },
    /// Subscribe somebody who said yes elsewhere.
    Add(add::AddArgs),
    /// End everything that somebody gets; list files cannot begin it again.
    End(act::EndArgs),
    /// Everything that is held about somebody, as JSON.
    Export(act::ExportArgs),
    /// Erase everything about somebody; only a keyed hash stays, on the list of those who are left alone.
    Erase(act::EraseArgs),
    /// Subscribe many, from a CSV file, each with a note of where they said yes.
    Import(import::ImportArgs),
}

pub(super) async fn run(command: &SubscriberCommand, config: &Config) -> anyhow::Result<ExitCode> {
    let people = People::open(config).await?;
    match command {
        SubscriberCommand::List { all, json } => people.list(*all, *json).await,
        SubscriberCommand::Show { addresses, json } => people.show(addresses, *json).await,
        SubscriberCommand::Add(args) => add::run(args, &people, config).await,
        SubscriberCommand::End(args) => act::end(args, &people).await,
        SubscriberCommand::Export(args) => act::export(args, &people, config).await,
        SubscriberCommand::Erase(args) => act::erase(args, &people).await,
        SubscriberCommand::Import(args) => import::run(args, &people, config).await,
    }
}

/// The people in the store.
struct People {
    store: Store,
    key: [u8; 32],
    sources: Vec<Source>,
    site: Site,
}

impl People {
    async fn open(config: &Config) -> anyhow::Result<Self> {
        let store = open_any(&config.data_dir).await?;
        let key = people_key(config, &store).await?;
        Ok(Self { store, key, sources: config.sources.clone(), site: config.site.clone() })
    }

    fn id(&self, address: &Address) -> SubscriberId {
        SubscriberId::of(address, &self.key)
    }

    async fn list(&self, all: bool, as_json: bool) -> anyhow::Result<ExitCode> {
        let mut rows: Vec<Value> = Vec::new();
        let mut out = String::new();
        let mut after = None;
        loop {
            let page = self.store.subscribers_after(after.as_ref(), PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id.clone());
            for subscriber in &page {
                let gets = self.gets(subscriber);
                if gets.is_empty() && !all {
                    continue;
                }
                if as_json {
                    rows.push(self.in_json(subscriber));
                } else {
                    let person = &subscriber.person.value;
                    let left = person.suppressed.map(|(why, at)| format!("{why} on {}", at.format("%-d %B %Y")));
                    let what = if gets.is_empty() { left.unwrap_or_else(|| "nothing".to_owned()) } else { gets.join("; ") };
                    writeln!(out, "{}  {what}", person.address.shown())?;
                }
            }
        }
        if as_json {
            print_json(&Value::Array(rows))?;
        } else {
            print(&out)?;
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn show(&self, addresses: &[Address], as_json: bool) -> anyhow::Result<ExitCode> {
        let mut found = Vec::new();
        for address in addresses {
            match self.found(address).await? {
                Ok(subscriber) => found.push(subscriber),
                Err(why) if addresses.len() == 1 => bail!(why),
                Err(why) => eprintln!("boardwatch: {}: {why}", address.shown()),
            }
        }
        if as_json {
            let mut rows: Vec<Value> = found.iter().map(|subscriber| self.in_json(subscriber)).collect();
            // One person is one document, several are a list of them.
            print_json(&if addresses.len() == 1 { rows.pop().unwrap_or(Value::Null) } else { Value::Array(rows) })?;
        } else {
            let mut shown = Vec::with_capacity(found.len());
            for subscriber in &found {
                shown.push(self.in_words(subscriber).await?);
            }
            print(&shown.join("\n"))?;
        }
        Ok(if found.len() == addresses.len() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// Somebody with what they get, or why there is nobody to show.
    async fn found(&self, address: &Address) -> anyhow::Result<Result<Subscriber, String>> {
        let id = self.id(address);
        let Some(person) = self.store.person(&id).await? else {
            return Ok(Err(match self.store.erased(&id).await? {
                Some(row) => format!("erased on {} ({})", row.value.at.format("%-d %B %Y"), row.value.why),
                None => format!("nothing is held about {}", address.shown()),
            }));
        };
        Ok(Ok(Subscriber { subscriptions: self.store.subscriptions(&id).await?, id, person }))
    }

    /// All that there is to say of somebody.
    async fn in_words(&self, subscriber: &Subscriber) -> anyhow::Result<String> {
        let person = &subscriber.person.value;
        let mut out = format!("{}\nknown since {}\n", person.address.shown(), person.since.format("%-d %B %Y"));
        if let Some((why, at)) = person.suppressed {
            let because = person.ended_because.as_ref().map(|reason| format!(" (“{reason}”)")).unwrap_or_default();
            writeln!(out, "gets nothing: {why} on {}{because}", at.format("%-d %B %Y, %H:%M UTC"))?;
        }
        if let Some(until) = person.paused_until {
            writeln!(out, "pauses until {}", until.format("%-d %B %Y"))?;
        }
        if let Some(since) = person.monthly_since {
            writeln!(out, "wants word of months without news since {}", since.format("%-d %B %Y"))?;
        }
        for row in &subscriber.subscriptions {
            let row = &row.value;
            let ended = row.ended.map(|(why, at)| format!("; ended: {why} on {}", at.format("%-d %B %Y")));
            let mut what = wants(&self.site, &row.interests, &self.sources).join(", ");
            if let Some((moved, _)) = row.moved.as_ref().filter(|_| what.is_empty()) {
                let moved = wants(&self.site, moved, &self.sources).join(", ");
                what = format!("only what waits since before another rhythm was chosen, of {moved}");
            }
            writeln!(out, "{}  {}: {what}{}", row.origin, often(&self.site, row.cadence), ended.unwrap_or_default())?;
        }
        for row in self.store.consents(&subscriber.id).await? {
            let how = serde_json::to_value(row.value.how)?;
            let how = how.as_str().unwrap_or_default().replace('-', " ");
            let note = row.value.note.map(|note| format!(": {note}")).unwrap_or_default();
            writeln!(out, "said yes on {}, {how}{note}", row.value.given.format("%-d %B %Y, %H:%M UTC"))?;
        }
        Ok(out)
    }

    /// What somebody gets now, in words.
    fn gets(&self, subscriber: &Subscriber) -> Vec<String> {
        let running = active(&subscriber.person.value, subscriber.subscriptions.clone());
        let lines = running.iter().filter(|row| !row.interests.is_empty()).map(|row| {
            let what = wants(&self.site, &row.interests, &self.sources).join(", ");
            format!("{what}, {}", often(&self.site, row.cadence))
        });
        lines.collect()
    }

    fn in_json(&self, subscriber: &Subscriber) -> Value {
        let person = &subscriber.person.value;
        let rows: Vec<_> = subscriber.subscriptions.iter().map(|row| &row.value).collect();
        json!({
            "address": person.address,
            "keyed_hash": subscriber.id,
            "known_since": person.since,
            "gets_mail": !self.gets(subscriber).is_empty(),
            "not_mailed_any_more": not_mailed(person),
            "paused_until": person.paused_until,
            "word_of_quiet_months_since": person.monthly_since,
            "subscriptions": rows,
        })
    }
}

/// Says what was done with each address: in words on stderr, or as one JSON document on stdout.
fn report(done: &[(String, String)], as_json: bool) -> anyhow::Result<()> {
    if as_json {
        let rows: Vec<Value> = done.iter().map(|(address, what)| json!({"address": address, "done": what})).collect();
        return print_json(&Value::Array(rows));
    }
    for (address, what) in done {
        eprintln!("{address}: {what}");
    }
    Ok(())
}
