//! `check`: reads every configuration file, without network; prints each fault, or what is configured.

use crate::config::{self, Config, Fault, Severity, Transport, duration_words};
use crate::domain::source::Source;
use crate::domain::subscriber::Cadence;
use crate::rules::schedule;
use crate::store::open::open_to_look;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

/// Reads every configuration file and says what is wrong with it, or what is configured.
#[derive(Clone, Debug, clap::Args)]
pub struct CheckArgs {
    /// One JSON document on standard output.
    #[arg(long)]
    pub json: bool,
}

/// Runs `check` on the folder `config_dir`: exit code 0, or 2 where there is a fault. Warnings are printed and pass.
pub fn run(config_dir: &Path, args: &CheckArgs) -> ExitCode {
    let read = config::read(config_dir, &config::environment);
    let (config, faults) = match read {
        Ok((config, warnings)) => (Some(config), warnings),
        Err(faults) => (None, faults),
    };
    let ended = config.as_ref().map(ended).unwrap_or_default();
    let answer = if args.json {
        let mut document = as_json(config.as_ref(), &faults, Utc::now());
        if let Some(fields) = document.as_object_mut() {
            fields.insert("listed_but_ended".to_owned(), json!(ended));
        }
        format!("{document:#}\n")
    } else {
        let mut words = as_words(config.as_ref(), &faults, Utc::now());
        for person in &ended {
            let _ = writeln!(words, "named in a list file, but not mailed: {person}");
        }
        words
    };
    // Whoever closed the pipe has read enough; the exit code still tells.
    if let Err(why) = super::print(&answer) {
        eprintln!("error: {why:#}");
        return ExitCode::FAILURE;
    }
    if config.is_some() { ExitCode::SUCCESS } else { ExitCode::from(2) }
}

/// People whom a list file names and the store knows to have left: its word wins over the file's. Nobody where there is no
/// store yet, or none that can be read; that is for `status` to say.
fn ended(config: &Config) -> Vec<String> {
    let asked = super::within_runtime(async {
        let store = open_to_look(&config.data_dir).await?;
        Ok(super::status::people(&store, config).await?.listed_but_ended)
    });
    asked.unwrap_or_else(|error| {
        tracing::debug!(%error, "the store was not asked who has left");
        Vec::new()
    })
}

/// The faults, then a count of them or what is configured.
fn as_words(config: Option<&Config>, faults: &[Fault], now: DateTime<Utc>) -> String {
    let mut out = String::new();
    for fault in faults {
        let _ = writeln!(out, "{fault}");
    }
    if let Some(config) = config {
        describe(&mut out, config, now);
    } else {
        let errors = faults.iter().filter(|fault| fault.severity == Severity::Error).count();
        let _ = writeln!(out, "{}", counted(errors, "fault"));
    }
    out
}

fn describe(out: &mut String, config: &Config, now: DateTime<Utc>) {
    let site = &config.site;
    let _ = writeln!(out, "{} ({}), contact {}", site.name, site.url, site.contact);
    let _ = writeln!(out, "data      {}", config.data_dir.display());
    let _ = writeln!(out, "mail      {}", mail(config));
    let _ = writeln!(out, "leaving   {}", leaving(config));
    let _ = writeln!(out, "web       listens on {}", config.web.listen);
    for cadence in [Cadence::Daily, Cadence::Weekly] {
        if let Some(close) = schedule::next_close(cadence, &config.digest, site.timezone, now) {
            let local = close.with_timezone(&site.timezone).format("%a %-d %B %Y %H:%M");
            let _ = writeln!(out, "{:<10}next digest {local} ({})", cadence.as_str(), site.timezone);
        }
    }
    let _ = writeln!(out, "{}", counted(config.sources.len(), "source"));
    for (council, sources) in by_council(config) {
        let _ = writeln!(out, "  {council}");
        for source in sources {
            let _ = writeln!(out, "    {}: {}, every {}", source.id, source.title, duration_words(source.every));
        }
    }
    let _ = writeln!(out, "{}", counted(config.lists.len(), "subscription list"));
    for list in &config.lists {
        let _ = writeln!(out, "  {}: {}", list.name, counted(list.subscribers.len(), "subscriber"));
    }
}

fn mail(config: &Config) -> String {
    let smtp = &config.mail.smtp;
    let mut mail = match config.mail.transport {
        Transport::File => format!("written to {}", config.data_dir.join("mail").display()),
        Transport::Smtp => format!("sent through {}:{}", smtp.host, smtp.port),
    };
    if !config.mail.only_to.is_empty() {
        let _ = write!(mail, ", to nobody but {}", counted(config.mail.only_to.len(), "address"));
    }
    mail
}

/// How mail programs can end a subscription.
fn leaving(config: &Config) -> &'static str {
    if leaves_by_mail(config) {
        "by link, and by mail for programs that know no other way"
    } else {
        "by link alone: by mail needs [mail.bounces] address, and [mail.returns] to read what comes there"
    }
}

fn leaves_by_mail(config: &Config) -> bool {
    config.mail.bounces.mailbox.is_some() && config.mail.bounces.is_read
}

fn by_council(config: &Config) -> BTreeMap<&str, Vec<&Source>> {
    let mut councils: BTreeMap<&str, Vec<&Source>> = BTreeMap::new();
    for source in &config.sources {
        councils.entry(&source.council).or_default().push(source);
    }
    councils
}

fn counted(count: usize, noun: &str) -> String {
    let plural = if noun.ends_with('s') { "es" } else { "s" };
    format!("{count} {noun}{}", if count == 1 { "" } else { plural })
}

/// `{ok, faults, configured}`; `configured` is `null` where there are faults.
fn as_json(config: Option<&Config>, faults: &[Fault], now: DateTime<Utc>) -> Value {
    json!({ "ok": config.is_some(), "faults": faults, "configured": config.map(|config| configured(config, now)) })
}

fn configured(config: &Config, now: DateTime<Utc>) -> Value {
    let next = |cadence| schedule::next_close(cadence, &config.digest, config.site.timezone, now);
    let source = |source: &Source| {
        json!({
            "id": source.id, "council": source.council, "title": source.title, "url": source.url,
            "platform": source.platform, "topics": source.topics, "every_seconds": source.every.as_secs(),
        })
    };
    json!({
        "site": { "name": config.site.name, "url": config.site.url, "contact": config.site.contact, "timezone": config.site.timezone },
        "data_dir": config.data_dir,
        "mail": { "transport": config.mail.transport, "only_to": config.mail.only_to, "unsubscribe_by_mail": leaves_by_mail(config) },
        "web": { "listen": config.web.listen },
        "digest": { "next_daily": next(Cadence::Daily), "next_weekly": next(Cadence::Weekly) },
        "sources": config.sources.iter().map(source).collect::<Vec<_>>(),
        "lists": config.lists.iter().map(|list| json!({ "name": list.name, "note": list.note, "subscribers": list.subscribers.len() })).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-21T12:00:00Z".parse().expect("a time")
    }

    fn shipped() -> Config {
        config::read(Path::new("config"), &|_| None).expect("the shipped folder is good").0
    }

    fn fault(severity: Severity) -> Fault {
        let hint = Some("did you mean `every`?".to_owned());
        Fault { file: "config/boardwatch.toml".into(), line: 4, column: 7, message: "unknown key `evry`".into(), hint, severity }
    }

    #[test]
    fn faults_are_lines_that_editors_jump_to_and_a_count() {
        assert_eq!(
            as_words(None, &[fault(Severity::Error), fault(Severity::Warning)], now()),
            "config/boardwatch.toml:4:7: unknown key `evry`\n    did you mean `every`?\n\
             config/boardwatch.toml:4:7: warning: unknown key `evry`\n    did you mean `every`?\n1 fault\n"
        );
    }

    #[test]
    fn a_good_folder_is_described_with_its_councils_and_next_digests() {
        let words = as_words(Some(&shipped()), &[], now());
        for line in [
            "mail      written to config/../var/mail",
            "leaving   by link alone: by mail needs [mail.bounces] address, and [mail.returns] to read what comes there",
            "daily     next digest Sun 22 November 2026 07:30 (Europe/London)",
            "weekly    next digest Sat 28 November 2026 07:30 (Europe/London)",
            "4 sources",
            "  Trafford Council",
            "    trafford-improvement: Improvement plan updates, every 2h",
            "1 subscription list",
            "  scrutiny-office: 3 subscribers",
        ] {
            assert!(words.lines().any(|printed| printed == line), "no line {line:?} in\n{words}");
        }
    }

    #[test]
    fn the_json_answer_has_faults_or_what_is_configured() {
        let faulty = as_json(None, &[fault(Severity::Error)], now());
        assert_eq!(
            faulty,
            json!({ "ok": false, "configured": null, "faults": [{
                "file": "config/boardwatch.toml", "line": 4, "column": 7, "message": "unknown key `evry`",
                "hint": "did you mean `every`?", "severity": "error",
            }] })
        );
        let good = as_json(Some(&shipped()), &[], now());
        assert_eq!(good["ok"], true);
        assert_eq!(good["configured"]["sources"][3]["id"], "trafford-improvement");
        assert_eq!(good["configured"]["digest"]["next_daily"], "2026-11-22T07:30:00Z");
    }

    #[test]
    fn counts_are_english() {
        assert_eq!(
            [counted(1, "address"), counted(2, "address"), counted(0, "source")],
            ["1 address", "2 addresses", "0 sources"]
        );
    }
}
