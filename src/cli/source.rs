//! `source`: the watched pages, one by one.

mod add;
mod test;
mod words;

use super::{print, print_json, status};
use crate::config::Config;
use crate::domain::poll::HoldDecision;
use crate::domain::source::Source;
use crate::store::open::{open_any, open_to_look};
use crate::store::records::ItemState;
use anyhow::bail;
use chrono::{DateTime, Utc};
use serde_json::json;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

/// The watched pages.
#[derive(clap::Subcommand, Debug)]
pub(super) enum SourceCommand {
    /// The sources with their health.
    List {
        /// One JSON document on standard output.
        #[arg(long)]
        json: bool,
    },
    /// One source: last poll, outcome, items, next poll, and what is held.
    Show {
        /// Its name.
        id: String,
        /// One JSON document on standard output.
        #[arg(long)]
        json: bool,
    },
    /// Fetch the page (or read a file), say where each fact comes from, compare with the store; writes nothing.
    Test(test::TestArgs),
    /// Look at a page, show what it gives, and write a source file for it.
    Add(add::AddArgs),
    /// A held batch is news: the next poll tells people.
    Release {
        /// Its name.
        id: String,
    },
    /// A held batch is not news: the next poll records it and tells nobody.
    Absorb {
        /// Its name.
        id: String,
    },
}

pub(super) async fn run(command: &SourceCommand, config_dir: &Path, config: Config) -> anyhow::Result<ExitCode> {
    match command {
        SourceCommand::List { json } => list(&config, *json).await,
        SourceCommand::Show { id, json } => show(&config, find(&config, id)?, *json).await,
        SourceCommand::Test(args) => test::run(args, &config).await,
        SourceCommand::Add(args) => add::run(args, config_dir, &config).await,
        SourceCommand::Release { id } => decide(&config, find(&config, id)?, HoldDecision::Release).await,
        SourceCommand::Absorb { id } => decide(&config, find(&config, id)?, HoldDecision::Absorb).await,
    }
}

/// The configured source of that name.
pub(super) fn find<'a>(config: &'a Config, name: &str) -> anyhow::Result<&'a Source> {
    if let Some(source) = config.sources.iter().find(|s| s.id.as_str() == name) {
        return Ok(source);
    }
    let likeness = |source: &&Source| strsim::jaro_winkler(source.id.as_str(), name);
    let closest = config.sources.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match closest.filter(|source| likeness(source) > 0.8) {
        Some(source) => bail!("there is no source `{name}`; did you mean `{}`?", source.id),
        None => bail!("there is no source `{name}`; `boardwatch source list` names them"),
    }
}

async fn list(config: &Config, as_json: bool) -> anyhow::Result<ExitCode> {
    let store = open_to_look(&config.data_dir).await?;
    let now = Utc::now();
    let mut rows = Vec::new();
    for source in &config.sources {
        rows.push((source, store.source_state(&source.id).await?.map(|row| row.value)));
    }
    if as_json {
        let sources = rows.iter().map(|(source, state)| {
            json!({"id": source.id, "council": source.council, "title": source.title, "url": source.url,
                "platform": source.platform, "topics": source.topics, "state": state})
        });
        print_json(&json!({"sources": sources.collect::<Vec<_>>()}))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut out = String::new();
    let width = rows.iter().map(|(source, _)| source.id.as_str().len()).max().unwrap_or(0);
    for (source, state) in rows {
        let said = state.and_then(|s| Some(format!("{}, {}", s.outcome?, status::ago(s.polled?, now))));
        let said = said.unwrap_or_else(|| "not read yet".into());
        let _ = writeln!(out, "{:width$}  {}: {}  {said}", source.id.as_str(), source.council, source.title);
    }
    print(&out)?;
    Ok(ExitCode::SUCCESS)
}

async fn show(config: &Config, source: &Source, as_json: bool) -> anyhow::Result<ExitCode> {
    let store = open_to_look(&config.data_dir).await?;
    let state = store.source_state(&source.id).await?.map(|row| row.value);
    let mut items: Vec<ItemState> = store.items(&source.id).await?.into_iter().map(|row| row.value).collect();
    items.sort_by_key(|item| (std::cmp::Reverse(item.published), std::cmp::Reverse(item.first_seen), item.id.clone()));
    let mut titled = Vec::with_capacity(items.len());
    for item in items {
        let title = store.revision(&item.id, item.revision).await?.map(|r| r.item.title.to_string());
        titled.push((item, title.unwrap_or_default()));
    }
    if as_json {
        let items: Vec<_> = titled.iter().map(|(item, title)| json!({"title": title, "state": item})).collect();
        print_json(&json!({"id": source.id, "url": source.url, "state": state, "items": items}))?;
        return Ok(ExitCode::SUCCESS);
    }
    let local = |at: DateTime<Utc>| at.with_timezone(&config.site.timezone).format("%-d %B %Y, %H:%M").to_string();
    let mut out = format!("{}\n{}: {}\n{}\n", source.id, source.council, source.title, source.url);
    match &state {
        None => out.push_str("not read yet\n"),
        Some(state) => {
            if let (Some(at), Some(outcome)) = (state.polled, &state.outcome) {
                let _ = writeln!(out, "last poll   {}: {outcome}", local(at));
            }
            if let Some(at) = state.read_well {
                let _ = writeln!(out, "read well   {}", local(at));
            }
            let _ = writeln!(out, "next poll   {}", local(state.next_due));
            if let Some(until) = state.wait_until.filter(|until| *until > Utc::now()) {
                let _ = writeln!(out, "the server asked us to wait until {}", local(until));
            }
            if let Some(hold) = &state.hold {
                let _ = writeln!(out, "HELD since {}: {}", local(hold.since), hold.reason);
                let _ = match hold.decision {
                    None => writeln!(
                        out,
                        "  nothing of it is recorded or mailed. See what came: boardwatch source test {0}\n  \
                         it is news, tell people:   boardwatch source release {0}\n  \
                         record it, tell nobody:    boardwatch source absorb {0}",
                        source.id
                    ),
                    Some(HoldDecision::Release) => writeln!(out, "  to be released at the next poll"),
                    Some(HoldDecision::Absorb) => writeln!(out, "  to be absorbed at the next poll"),
                };
            }
            for warning in &state.warnings {
                let _ = writeln!(out, "note        {warning}");
            }
        }
    }
    let _ = writeln!(out, "{} items", titled.len());
    for (item, title) in &titled {
        let day = item.published.map_or_else(|| "no date   ".to_owned(), |d| d.to_string());
        let withdrawn = if item.withdrawn.is_some() { "  (withdrawn)" } else { "" };
        let revised = if item.revision > 1 { format!("  (revision {})", item.revision) } else { String::new() };
        let _ = writeln!(out, "  {day}  {title}{revised}{withdrawn}");
    }
    print(&out)?;
    Ok(ExitCode::SUCCESS)
}

async fn decide(config: &Config, source: &Source, decision: HoldDecision) -> anyhow::Result<ExitCode> {
    let store = open_any(&config.data_dir).await?;
    if !store.decide_hold(&source.id, decision, Utc::now()).await? {
        bail!("nothing of `{}` is held", source.id);
    }
    let what = match decision {
        HoldDecision::Release => "tells people of",
        HoldDecision::Absorb => "records, without telling anybody,",
    };
    print(&format!("the next poll of {} {what} what it finds\n", source.id))?;
    Ok(ExitCode::SUCCESS)
}
