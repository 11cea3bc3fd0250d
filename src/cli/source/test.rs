//! `source test`: one source read as a poll would read it, each fact with the rule and the element that it comes from,
//! beside what the store knows. Nothing is written.

use super::{find, words};
use crate::app;
use crate::cli::{preview, print, print_json};
use crate::config::Config;
use crate::domain::item::{Change, Item, Outcome};
use crate::domain::source::Source;
use crate::edge::clock::SystemClock;
use crate::engine::reading::is_outdated;
use crate::engine::trial::{self, Came, Trial};
use crate::render::email::MailEntry;
use crate::rules::detect::slight;
use crate::rules::fingerprint::fingerprint;
use crate::store::Store;
use crate::store::open::open_to_look;
use crate::store::records::ItemState;
use anyhow::{Context, anyhow};
use chrono::Utc;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Items' own pages that are read.
const OWN_PAGES_MAX: usize = 3;
/// Longest quotation.
const QUOTE_CHARS_MAX: usize = 160;

/// The command line of `source test`.
#[derive(clap::Args, Clone, Debug)]
pub(in crate::cli) struct TestArgs {
    /// Its name.
    id: String,
    /// Read this page instead of fetching; `-` is standard input.
    #[arg(long, value_name = "PAGE")]
    file: Option<PathBuf>,
    /// One JSON document on standard output.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: &TestArgs, config: &Config) -> anyhow::Result<ExitCode> {
    let source = find(config, &args.id)?;
    let mut trial = read(args, config, source).await?;
    trial.extraction.warnings.extend(slight::doubt(&source.url, &source.title, &trial.extraction));
    let compared = match open_to_look(&config.data_dir).await {
        Ok(store) => compare(&store, source, &trial).await?,
        Err(error) => {
            eprintln!("boardwatch: not compared with the store: {error}");
            trial.extraction.all().map(|_| Compared::new("not compared")).collect()
        }
    };
    if args.json {
        print_json(&as_json(&trial, &compared)?)?;
    } else {
        print(&as_words(config, source, &trial, &compared))?;
    }
    let outcome = trial.extraction.outcome;
    let good = matches!(outcome, Outcome::Items | Outcome::Empty);
    if !good {
        let came = words::page(&trial.came);
        let why = words::notes(&trial.extraction).cloned().collect::<Vec<_>>().join("; ");
        eprintln!("boardwatch: {came}: {}: {why}", words::outcome(outcome));
    }
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn read(args: &TestArgs, config: &Config, source: &Source) -> anyhow::Result<Trial> {
    if let Some(path) = &args.file {
        let came = Came { url: source.url.clone(), status: None, content_type: None, body: bytes_of(path)?, has_moved: false };
        return Ok(trial::read(came, source.platform, &source.select));
    }
    let visitor = app::passing_visitor(config, Arc::new(SystemClock))?;
    let came = trial::visit(&visitor, &source.url).await.map_err(|not| anyhow!("{}: {}", source.url, not.outcome))?;
    let mut trial = trial::read(came, source.platform, &source.select);
    trial.complete(&visitor, source.platform, &source.select, OWN_PAGES_MAX).await;
    Ok(trial)
}

fn bytes_of(path: &Path) -> anyhow::Result<Vec<u8>> {
    if path == Path::new("-") {
        let mut body = Vec::new();
        std::io::stdin().lock().read_to_end(&mut body).context("standard input cannot be read")?;
        return Ok(body);
    }
    std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}

/// What the store knows of an item that was read.
struct Compared {
    word: &'static str,
    /// What it said before, where that is something else.
    before: Option<Item>,
}

impl Compared {
    fn new(word: &'static str) -> Self {
        Self { word, before: None }
    }
}

/// Compares all that was read, the page itself last.
async fn compare(store: &Store, source: &Source, trial: &Trial) -> anyhow::Result<Vec<Compared>> {
    let rows = store.items(&source.id).await?;
    let known: HashMap<String, ItemState> = rows.into_iter().map(|row| (row.value.key.clone(), row.value)).collect();
    let mut compared = Vec::with_capacity(trial.extraction.items.len() + 1);
    for item in trial.extraction.all() {
        compared.push(match known.get(&item.key) {
            None => Compared::new("new"),
            Some(_) if item.text.is_none() => Compared::new("known"),
            Some(state) if state.fingerprint == fingerprint(item) => Compared::new("unchanged"),
            Some(state) => {
                let reread = !state.has_text || is_outdated(source, state);
                let before = store.revision(&state.id, state.revision).await?.map(|revision| revision.item);
                Compared { word: if reread { "known, now read better" } else { "changed" }, before }
            }
        });
    }
    Ok(compared)
}

fn as_json(trial: &Trial, compared: &[Compared]) -> anyhow::Result<Value> {
    let mut items = Vec::new();
    for (item, compared) in trial.extraction.all().zip(compared) {
        items.push(json!({"compared": compared.word, "item": item, "before": compared.before,
            "evidence": serde_json::to_value(trial.evidence_for(&item.key))?}));
    }
    let page = if trial.extraction.page.is_some() { items.pop() } else { None };
    let own_pages = trial.own_pages.iter().map(|page| match &page.read {
        Ok(bytes) => json!({"url": page.url, "bytes": bytes, "error": null}),
        Err(why) => json!({"url": page.url, "bytes": null, "error": why.to_string()}),
    });
    Ok(json!({"url": trial.came.url, "status": trial.came.status, "bytes": trial.came.body.len(),
        "platform": trial.extraction.platform, "outcome": trial.extraction.outcome, "listing": trial.extraction.listing,
        "warnings": trial.extraction.warnings, "own_pages": own_pages.collect::<Vec<_>>(), "items": items, "page": page}))
}

fn as_words(config: &Config, source: &Source, trial: &Trial, compared: &[Compared]) -> String {
    let extraction = &trial.extraction;
    let mut out = format!("{}\n", words::page(&trial.came));
    match words::recognised(extraction) {
        Some(why) => {
            let _ = writeln!(out, "{why}");
        }
        None => {
            let _ = writeln!(out, "read as {}, as the source file says", extraction.platform.name());
        }
    }
    let _ = writeln!(out, "{}", words::listing(extraction));
    for line in words::own_pages(trial) {
        let _ = writeln!(out, "{line}");
    }
    for warning in words::notes(extraction) {
        let _ = writeln!(out, "note: {warning}");
    }
    for (at, (item, compared)) in extraction.all().zip(compared).enumerate() {
        let itself = if at < extraction.items.len() { "" } else { words::PAGE_ITSELF };
        let _ = writeln!(out, "\n{:9}  {}{itself}", compared.word, words::item(item));
        let said = item.text.as_ref().map(|text| text.as_str().split_whitespace().count());
        let said = said.map_or_else(|| "own page not read".to_owned(), |count| words::counted(count, "word"));
        let _ = writeln!(out, "           {}  ({said})", item.url);
        for evidence in trial.evidence_for(&item.key) {
            let place = evidence.element.as_ref().map(|element| format!(", at `{element}`")).unwrap_or_default();
            let quote: String = evidence.quote.as_str().chars().take(QUOTE_CHARS_MAX).collect();
            let cut = if quote.len() < evidence.quote.as_str().len() { "…" } else { "" };
            let _ = writeln!(out, "    {:16} {}{place}", evidence.fact.name(), evidence.rule);
            let _ = writeln!(out, "    {:16} “{quote}{cut}”", "");
        }
        if let Some(before) = &compared.before {
            out.push_str("    what a mail would say of it:\n");
            out.push_str(&words::indented(&told(config, source, item, before), "    | "));
        }
    }
    out
}

/// The words of a mail on a changed item.
fn told(config: &Config, source: &Source, item: &Item, before: &Item) -> String {
    let known = words::known(source, item, Utc::now());
    let entry = MailEntry { change: Change::Revised, known: &known, source, before: Some(before) };
    let whole = preview::digest_words(&config.site, vec![entry]);
    let from = whole.lines().position(|line| line.trim_start().starts_with("What changed")).unwrap_or(0);
    let changes = whole.lines().skip(from);
    changes.take_while(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
}
