//! `source`: the watched pages, one by one.

mod add;
mod pages;
mod show;
mod test;
mod words;

use super::{print, print_json, status};
use crate::config::Config;
use crate::domain::poll::HoldDecision;
use crate::domain::source::Source;
use crate::engine::rhythm::overdue;
use crate::store::open::{open_any, open_to_look};
use anyhow::bail;
use chrono::Utc;
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
    /// The pages of a source as they came, the newest first; with `--show`, one of them.
    Pages(pages::PagesArgs),
    /// Fetch the page (or read a file), say where each fact comes from, compare with the store; writes nothing.
    Test(test::TestArgs),
    /// Look at a page, show what it gives, and write a source file for it.
    Add(add::AddArgs),
    /// A held batch is news: the next poll tells people.
    Release {
        /// Its name.
        id: String,
    },
    /// A held batch is not news: the next poll records what was held and tells nobody of that.
    Absorb {
        /// Its name.
        id: String,
    },
}

pub(super) async fn run(command: &SourceCommand, config_dir: &Path, config: Config) -> anyhow::Result<ExitCode> {
    match command {
        SourceCommand::List { json } => list(&config, *json).await,
        SourceCommand::Show { id, json } => show::run(&config, find(&config, id)?, *json).await,
        SourceCommand::Pages(args) => pages::run(args, &config, find(&config, args.id())?).await,
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
        let state = store.source_state(&source.id).await?.map(|row| row.value);
        let overdue = match &state {
            Some(state) => overdue(&store, &source.id, state, config.site.timezone, now).await?,
            None => None,
        };
        rows.push((source, state, overdue));
    }
    if as_json {
        let sources = rows.iter().map(|(source, state, overdue)| {
            json!({"id": source.id, "council": source.council, "title": source.title, "url": source.url,
                "platform": source.platform, "topics": source.topics, "state": state,
                "overdue": overdue.as_ref().map(|o| &o.because)})
        });
        print_json(&json!({"sources": sources.collect::<Vec<_>>()}))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut out = String::new();
    let width = rows.iter().map(|(source, ..)| source.id.as_str().len()).max().unwrap_or(0);
    for (source, state, overdue) in rows {
        let said = state.and_then(|s| Some(format!("{}, {}", s.outcome?, status::ago(s.polled?, now))));
        let said = said.unwrap_or_else(|| "not read yet".into());
        let _ = writeln!(out, "{:width$}  {}: {}  {said}", source.id.as_str(), source.council, source.title);
        if let Some(overdue) = overdue {
            let _ = writeln!(out, "{:width$}  overdue: {}", "", overdue.because);
        }
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
        HoldDecision::Release => "tells people of what it finds",
        HoldDecision::Absorb => {
            "records what was held without telling anybody; what else has changed by then, or changed with it, is told"
        }
    };
    print(&format!("the next poll of {} {what}\n", source.id))?;
    Ok(ExitCode::SUCCESS)
}
