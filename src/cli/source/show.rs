//! `source show`: what is known of one source, what is held of it and why, and what its items went through.

use crate::cli::{print, print_json};
use crate::config::Config;
use crate::domain::poll::HoldDecision;
use crate::domain::revision::RevisionClass;
use crate::domain::source::Source;
use crate::engine::rhythm::overdue;
use crate::rules::revision::{Turn, classes, turn};
use crate::store::open::open_to_look;
use crate::store::records::{HeldExample, Hold, ItemState, SourceState};
use crate::store::{Store, StoreError};
use chrono::{DateTime, Utc};
use serde_json::json;
use std::fmt::Write as _;
use std::process::ExitCode;

/// An item with what its latest revision was.
struct Row {
    state: ItemState,
    title: String,
    /// What its latest revision changed, the leading class first; none for a first content.
    classes: Vec<RevisionClass>,
    /// What of that is to be heard first.
    turn: Option<Turn>,
}

pub(super) async fn run(config: &Config, source: &Source, as_json: bool) -> anyhow::Result<ExitCode> {
    let store = open_to_look(&config.data_dir).await?;
    let state = store.source_state(&source.id).await?.map(|row| row.value);
    let late = match &state {
        Some(state) => overdue(&store, &source.id, state, config.site.timezone, Utc::now()).await?,
        None => None,
    };
    let rows = rows(&store, source).await?;
    if as_json {
        let item = |row: &Row| json!({"title": row.title, "state": row.state, "changed": row.classes});
        let items: Vec<_> = rows.iter().map(item).collect();
        let because = late.map(|overdue| overdue.because);
        print_json(&json!({"id": source.id, "url": source.url, "state": state, "overdue": because, "items": items}))?;
        return Ok(ExitCode::SUCCESS);
    }
    let local = |at: DateTime<Utc>| at.with_timezone(&config.site.timezone).format("%-d %B %Y, %H:%M").to_string();
    let mut out = format!("{}\n{}: {}\n{}\n", source.id, source.council, source.title, source.url);
    match &state {
        None => out.push_str("not read yet\n"),
        Some(state) => {
            say_state(&mut out, source, state, &local);
            if let Some(overdue) = late {
                let _ = writeln!(out, "overdue     {}", overdue.because);
            }
            for warning in &state.warnings {
                let _ = writeln!(out, "note        {warning}");
            }
            for (line, met) in &state.passing {
                let _ = writeln!(out, "not told    \"{line}\": came to most of its pages at once, met last {}", local(*met));
            }
        }
    }
    let _ = writeln!(out, "{} items", rows.len());
    for row in &rows {
        let day = match (row.state.published, row.state.meeting) {
            (Some(day), _) => day.to_string(),
            (None, Some(day)) => format!("{day} (meeting)"),
            (None, None) => "no date   ".to_owned(),
        };
        let _ = writeln!(out, "  {day}  {}{}", row.title, history(row, &local));
    }
    print(&out)?;
    Ok(ExitCode::SUCCESS)
}

async fn rows(store: &Store, source: &Source) -> Result<Vec<Row>, StoreError> {
    let mut items: Vec<ItemState> = store.items(&source.id).await?.into_iter().map(|row| row.value).collect();
    items.sort_by_key(|item| {
        (std::cmp::Reverse(item.published.or(item.meeting)), std::cmp::Reverse(item.first_seen), item.id.clone())
    });
    let mut rows = Vec::with_capacity(items.len());
    for state in items {
        let latest = store.revision(&state.id, state.revision).await?.map(|r| r.item);
        let before = match state.revision {
            0 | 1 => None,
            number => store.revision(&state.id, number - 1).await?.map(|r| r.item),
        };
        let title = latest.as_ref().map(|item| item.title.to_string()).unwrap_or_default();
        let pair = before.zip(latest);
        let turn = pair.as_ref().and_then(|(before, latest)| turn(before, latest));
        let classes = pair.map(|(before, latest)| classes(&before, &latest)).unwrap_or_default();
        rows.push(Row { state, title, classes, turn });
    }
    Ok(rows)
}

/// "  (revision 2 on 5 January 2021, 09:00: papers added)  (withdrawn on …)".
fn history(row: &Row, local: &impl Fn(DateTime<Utc>) -> String) -> String {
    let mut out = String::new();
    let state = &row.state;
    if state.revision > 1 {
        let name = |class: &RevisionClass| match row.turn.filter(|_| *class == RevisionClass::StageChanged) {
            Some(turn) => turn.words(),
            None => class.words(),
        };
        let classes = row.classes.iter().map(name).collect::<Vec<_>>().join(", ");
        let classes = if classes.is_empty() { String::new() } else { format!(": {classes}") };
        let _ = write!(out, "  (revision {} on {}{classes})", state.revision, local(state.revised));
    }
    if let Some(at) = state.withdrawn {
        let _ = write!(out, "  (withdrawn on {})", local(at));
    }
    if state.out_of_sight {
        out.push_str("  (no longer read from its page)");
    }
    out
}

fn say_state(out: &mut String, source: &Source, state: &SourceState, local: &impl Fn(DateTime<Utc>) -> String) {
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
        say_hold(out, source, hold, local);
    }
}

fn say_hold(out: &mut String, source: &Source, hold: &Hold, local: &impl Fn(DateTime<Utc>) -> String) {
    let _ = writeln!(out, "HELD since {}: {}", local(hold.since), hold.reason);
    for HeldExample { title, before, after } in &hold.examples {
        let what = match (before, after) {
            (Some(before), Some(after)) => format!("{before} → {after}"),
            (Some(before), None) => format!("{before} → not there"),
            (None, Some(after)) => format!("not known → {after}"),
            (None, None) => "reads otherwise".to_owned(),
        };
        let _ = writeln!(out, "  for example  {title}: {what}");
    }
    let what = if hold.read.is_empty() { "it" } else { "these items" };
    let _ = match hold.decision {
        None => writeln!(
            out,
            "  nothing of {what} is recorded or mailed. See what came: boardwatch source test {0}\n  \
             it is news, tell people:   boardwatch source release {0}\n  \
             record it, tell nobody:    boardwatch source absorb {0}",
            source.id
        ),
        Some(HoldDecision::Release) => writeln!(out, "  to be released at the next poll"),
        Some(HoldDecision::Absorb) => writeln!(out, "  to be absorbed at the next poll"),
    };
}
