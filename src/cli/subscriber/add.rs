//! `subscriber add`: somebody who said yes elsewhere.

use super::{People, report};
use crate::config::Config;
use crate::domain::choice::Choice;
use crate::domain::source::{Source, slug};
use crate::domain::subscriber::{Address, Cadence, Interests};
use crate::store::noted::Noted;
use anyhow::{bail, ensure};
use chrono::Utc;
use std::process::ExitCode;

/// What it takes.
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct AddArgs {
    /// Whom
    #[arg(required = true, value_name = "ADDRESS", value_parser = Address::parse)]
    addresses: Vec<Address>,
    /// How often
    #[arg(long, value_enum, default_value_t = Cadence::Daily)]
    cadence: Cadence,
    /// Everything
    #[arg(long)]
    everything: bool,
    /// A council, as sources spell it; may be given again
    #[arg(long = "council", value_name = "NAME")]
    councils: Vec<String>,
    /// A source, by its id; may be given again
    #[arg(long = "source", value_name = "ID")]
    sources: Vec<String>,
    /// A topic; may be given again
    #[arg(long = "topic", value_name = "TOPIC")]
    topics: Vec<String>,
    /// A word or phrase; may be given again
    #[arg(long = "keyword", value_name = "WORDS")]
    keywords: Vec<String>,
    /// Also word once a month, where there was no news, that the watch goes on
    #[arg(long)]
    monthly: bool,
    /// Where and when they said yes: "paper form of 3 March 2026, in the blue folder"
    #[arg(long, value_name = "TEXT")]
    note: String,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: &AddArgs, people: &People, config: &Config) -> anyhow::Result<ExitCode> {
    ensure!(!args.note.trim().is_empty(), "--note must say where they said yes");
    let interests = Interests {
        everything: args.everything,
        sources: args.sources.clone(),
        councils: args.councils.clone(),
        topics: args.topics.clone(),
        keywords: args.keywords.clone(),
    };
    if let Some(fault) = unknown(&interests, &config.sources) {
        bail!("{fault}");
    }
    let choice = Choice::from_iter([(args.cadence, interests)]);
    ensure!(!choice.is_empty(), "say what they want: --everything, --council, --source, --topic or --keyword");
    let mut done = Vec::new();
    let mut all = true;
    for address in &args.addresses {
        let (id, note) = (people.id(address), args.note.trim());
        let noted = people.store.record_noted(&id, address, &choice, args.monthly, note, Utc::now()).await?;
        all &= !matches!(noted, Noted::LeftAlone(_));
        done.push((address.shown(), said(noted)));
    }
    report(&done, args.json)?;
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What became of it, in words.
pub(super) fn said(noted: Noted) -> String {
    match noted {
        Noted::Begins => "subscribed".to_owned(),
        Noted::Same => "had just that already".to_owned(),
        Noted::LeftAlone(why) if why.may_return() => {
            format!("left alone ({why}): only they themselves can come back, by signing up")
        }
        Noted::LeftAlone(why) => {
            format!("left alone ({why}), and their signing up would change nothing: first `boardwatch suppression lift`")
        }
    }
}

/// The first name among the interests that no source goes by.
pub(super) fn unknown(interests: &Interests, sources: &[Source]) -> Option<String> {
    let source = interests.sources.iter().find(|id| !sources.iter().any(|source| source.id.as_str() == id.as_str()));
    let council = interests.councils.iter().find(|name| !sources.iter().any(|source| source.council == **name));
    let is_topic = |topic: &&String| sources.iter().any(|source| source.topics.iter().any(|own| slug(own) == slug(topic)));
    let topic = interests.topics.iter().find(|topic| !is_topic(topic));
    let said = |what: &str, name: &String| format!("there is no {what} `{name}`");
    let first = source.map(|name| said("source", name)).or_else(|| council.map(|name| said("council", name)));
    first.or_else(|| topic.map(|name| said("topic", name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::subscriber::Ending;

    #[test]
    fn who_is_left_alone_can_come_back_by_what_is_named() {
        let check = |why, expect: &str| assert!(said(Noted::LeftAlone(why)).contains(expect), "{why}");
        check(Ending::Unsubscribed, "by signing up");
        check(Ending::Bouncing, "suppression lift");
        check(Ending::AddressGone, "suppression lift");
        check(Ending::Complained, "suppression lift");
    }
}
