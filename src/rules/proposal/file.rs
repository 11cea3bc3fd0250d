//! A source's file as a person would have written it: each guess with where it comes from.

use super::{Guess, Proposal};
use std::fmt::Write as _;

/// The file's text. `schema`: where editors find its JSON Schema, relative to the file, where it is there.
#[must_use]
pub fn toml(proposal: &Proposal, schema: Option<&str>) -> String {
    let mut out = String::new();
    if let Some(schema) = schema {
        let _ = writeln!(out, "#:schema {schema}");
    }
    let written = proposal.written.format("%-d %B %Y");
    let _ =
        writeln!(out, "# Written by `boardwatch source add` on {written}. The file's name is the source's id: it stands in feed");
    out.push_str("# addresses and in subscriptions, so it should stay. Everything else is yours to change.\n\n");
    entry(&mut out, "council", &proposal.council, "Subscribers follow the council by this name.");
    entry(&mut out, "title", &proposal.title, "It heads the page's updates in mails and feeds.");
    let _ = writeln!(out, "url = {}", quoted(proposal.url.as_str()));
    for remark in &proposal.remarks {
        let _ = writeln!(out, "# {}", one_line(remark));
    }
    let _ = writeln!(out, "platform = {}", quoted(proposal.platform.name()));
    if proposal.topics.is_empty() {
        out.push_str("# What subscribers may follow, such as [\"childrens-services\"]; the page's words suggested nothing.\n");
    } else {
        out.push_str("# Suggested by the page's words: what subscribers may follow.\n");
    }
    let topics: Vec<String> = proposal.topics.iter().map(|topic| quoted(topic)).collect();
    let _ = writeln!(out, "topics = [{}]", topics.join(", "));
    out
}

fn entry(out: &mut String, key: &str, guess: &Guess, meaning: &str) {
    if let Some(by) = &guess.by {
        let _ = writeln!(out, "# A guess {}. {meaning}", one_line(by));
    }
    let _ = writeln!(out, "{key} = {}", quoted(&guess.value));
}

/// A TOML string.
fn quoted(raw: &str) -> String {
    ::toml::Value::String(one_line(raw)).to_string()
}

/// Without what would end a comment or a value's line.
fn one_line(raw: &str) -> String {
    let plain: String = raw.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
