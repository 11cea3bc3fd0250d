//! `suppression`: addresses that are never mailed, why and since when; and taking that back. `mail resume` ends a pause.

use super::{print, print_json, somebody_reads};
use crate::app::{known_people, people_key};
use crate::config::Config;
use crate::domain::subscriber::{Address, Ending, SubscriberId};
use crate::rules::schedule::is_stale;
use crate::store::Store;
use crate::store::gone::Verdict;
use crate::store::open::{open_any, open_to_look};
use crate::store::records::{Person, ProviderOut};
use crate::store::suppressed::Lifted;
use anyhow::bail;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use clap::ValueEnum as _;
use serde_json::json;
use std::fmt::Write as _;
use std::process::ExitCode;

/// How long a server is believed that says of all addresses that they are gone.
const BELIEF: TimeDelta = TimeDelta::days(1);

/// Addresses that are never mailed.
#[derive(clap::Subcommand, Debug)]
pub(super) enum SuppressionCommand {
    /// All of them, with reason and day.
    List {
        /// One JSON document on standard output.
        #[arg(long)]
        json: bool,
    },
    /// Lets an address be mailed again, or all that nothing reached. Subscriptions that have ended stay ended.
    Lift {
        /// Which.
        #[arg(value_parser = Address::parse, required_unless_present = "reason", conflicts_with_all = ["reason", "since"])]
        address: Option<Address>,
        /// All that are suppressed for this.
        #[arg(long)]
        reason: Option<Reason>,
        /// Of those, the ones since this day, as 2026-11-20.
        #[arg(long, requires = "reason")]
        since: Option<NaiveDate>,
    },
    /// All of them as CSV: address, reason, since.
    Export,
}

/// For what many may be lifted together: what readers wished themselves is not among it.
#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reason {
    /// The address does not exist.
    Gone,
    /// The mailbox was full, disabled or refused mail time and again.
    Bouncing,
}

impl Reason {
    fn of(why: Ending) -> Option<Self> {
        match why {
            Ending::AddressGone => Some(Self::Gone),
            Ending::Bouncing => Some(Self::Bouncing),
            Ending::Unsubscribed
            | Ending::ByAdmin
            | Ending::RemovedFromFile
            | Ending::Complained
            | Ending::Changed
            | Ending::Moved
            | Ending::Erased => None,
        }
    }
}

/// Mail as a whole.
#[derive(clap::Subcommand, Debug)]
pub(super) enum MailCommand {
    /// Lets mail go again: after too many readers called it spam (complaints about mail so far are not counted any more), or
    /// while a mail server is left alone because it could not be used or refused everything. One mail asks first. Tries at once
    /// what a server has put off that puts off everything. Throws
    /// away what came back as if nobody could be reached, and sends what it brought back once more.
    Resume {
        /// Believe it where it is said of all addresses, by a server or by mail that came back, that they are gone.
        #[arg(long)]
        believe: bool,
        /// Do not send again what came back.
        #[arg(long, conflicts_with = "believe")]
        leave: bool,
    },
    /// Sends once more the digests and welcomes that came back through no fault of their readers, under the same Message-IDs.
    /// Who has left since, or is suppressed, gets nothing; what is too old to be news is not sent.
    Again {
        /// Those that came back since this day, as 2026-11-20.
        #[arg(long)]
        since: NaiveDate,
    },
}

pub(super) async fn run(command: &SuppressionCommand, config: &Config) -> anyhow::Result<ExitCode> {
    match command {
        SuppressionCommand::List { json } => list(config, *json).await,
        SuppressionCommand::Export => export(config).await,
        SuppressionCommand::Lift { address: Some(address), .. } => lift(config, address).await,
        SuppressionCommand::Lift { address: None, reason, since } => lift_many(config, *reason, *since).await,
    }
}

async fn list(config: &Config, as_json: bool) -> anyhow::Result<ExitCode> {
    let all = all_suppressed(config).await?;
    if as_json {
        let rows = all.iter().filter_map(|(id, person)| {
            let (why, since) = person.suppressed?;
            Some(json!({"subscriber": id, "address": person.address, "reason": why, "since": since}))
        });
        print_json(&json!({"suppressed": rows.collect::<Vec<_>>()}))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut out = String::new();
    for (_, person) in &all {
        if let Some((why, since)) = person.suppressed {
            let day = since.with_timezone(&config.site.timezone).format("%-d %B %Y");
            let _ = writeln!(out, "{}: {}, {day}", person.address.as_str(), with_name(why));
        }
    }
    if all.is_empty() {
        out.push_str("nobody is suppressed\n");
    }
    print(&out)?;
    Ok(ExitCode::SUCCESS)
}

/// Why an address is suppressed, with the name by which many are lifted.
fn with_name(why: Ending) -> String {
    let name = Reason::of(why).and_then(|reason| reason.to_possible_value()).map(|value| value.get_name().to_owned());
    name.map_or_else(|| why.to_string(), |name| format!("{name} ({why})"))
}

/// Nobody is told who may not be mailed by a store whose people nobody would know.
async fn all_suppressed(config: &Config) -> anyhow::Result<Vec<(SubscriberId, Person)>> {
    let store = open_to_look(&config.data_dir).await?;
    known_people(config, &store).await?;
    Ok(store.suppressed().await?)
}

async fn export(config: &Config) -> anyhow::Result<ExitCode> {
    let all = all_suppressed(config).await?;
    somebody_reads()?;
    let mut out = "address,reason,since\r\n".to_owned();
    for (_, person) in &all {
        if let Some((why, since)) = person.suppressed {
            // RFC 4180 §2: quoted, with quotes doubled; an address can hold both.
            let address = person.address.as_str().replace('"', "\"\"");
            let _ = write!(out, "\"{address}\",\"{why}\",{}\r\n", since.to_rfc3339());
        }
    }
    print(&out)?;
    Ok(ExitCode::SUCCESS)
}

async fn lift(config: &Config, address: &Address) -> anyhow::Result<ExitCode> {
    let store = open_any(&config.data_dir).await?;
    let key = people_key(config, &store).await?;
    let address_as_given = address.as_str();
    match store.lift_suppression(&SubscriberId::of(address, &key)).await? {
        Lifted::Unknown => bail!("nobody is held under {address_as_given}"),
        Lifted::WasNot => bail!("{address_as_given} is not suppressed"),
        Lifted::Was(why) => {
            let what = if why.is_of_address() {
                "; what was told meanwhile and is still news is sent to them at the next pass"
            } else {
                "; what they had asked for has ended, and they must ask for it anew"
            };
            print(&format!("{address_as_given} is mailed again (was: {why}){what}\n"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn lift_many(config: &Config, reason: Option<Reason>, since: Option<NaiveDate>) -> anyhow::Result<ExitCode> {
    let store = open_any(&config.data_dir).await?;
    known_people(config, &store).await?;
    let mut lifted = 0;
    for (id, person) in store.suppressed().await? {
        let Some((why, at)) = person.suppressed else { continue };
        let is_meant = reason.is_some() && Reason::of(why) == reason;
        let day = at.with_timezone(&config.site.timezone).date_naive();
        if is_meant && since.is_none_or(|since| day >= since) {
            lifted += usize::from(store.lift_suppression(&id).await? == Lifted::Was(why));
        }
    }
    let (addresses, whom) = if lifted == 1 { ("1 address is", "it") } else { (&*format!("{lifted} addresses are"), "them") };
    let told = format!("; what was told meanwhile and is still news is sent to {whom} at the next pass");
    print(&format!("{addresses} mailed again{}\n", if lifted > 0 { told } else { String::new() }))?;
    Ok(ExitCode::SUCCESS)
}

/// Ends a pause, and says what it was.
pub(super) async fn run_mail(command: &MailCommand, config: &Config) -> anyhow::Result<ExitCode> {
    let (store, now) = (open_any(&config.data_dir).await?, Utc::now());
    known_people(config, &store).await?;
    match command {
        MailCommand::Resume { believe, leave } => resume(&store, *believe, *leave, now).await,
        MailCommand::Again { since } => again(config, &store, *since, now).await,
    }
}

/// Has what came back since that day sent once more.
async fn again(config: &Config, store: &Store, since: NaiveDate, now: DateTime<Utc>) -> anyhow::Result<ExitCode> {
    let begin = since.and_time(NaiveTime::MIN).and_local_timezone(config.site.timezone).earliest();
    let since = begin.map_or_else(|| since.and_time(NaiveTime::MIN).and_utc(), |begin| begin.to_utc());
    let put = store.send_again(since, now).await?;
    let is_old = |cadence, closed| is_stale(cadence, closed, config.mail.stale_after, now);
    print(&format!("{}\n", sent_again(put.told_apart(is_old))))?;
    Ok(ExitCode::SUCCESS)
}

/// What is said of so many digests, letters, and of both those that are too old.
fn sent_again((digests, letters, stale): (u64, u64, u64)) -> String {
    let counted = |count: u64, what: &str| match count {
        0 => None,
        1 => Some(format!("1 {what}")),
        _ => Some(format!("{count} {what}s")),
    };
    let all: Vec<String> = [counted(digests, "digest"), counted(letters, "letter")].into_iter().flatten().collect();
    let verb = if digests + letters == 1 { "is" } else { "are" };
    let said = match all.as_slice() {
        [] => "nothing that came back is sent again".to_owned(),
        all => format!("{} that came back {verb} sent again", all.join(" and ")),
    };
    match stale {
        0 => said,
        1 => said + "; 1 mail is too old to be news (mail.stale_after) and is not",
        _ => said + &format!("; {stale} mails are too old to be news (mail.stale_after) and are not"),
    }
}

async fn resume(store: &Store, believe: bool, leave: bool, now: DateTime<Utc>) -> anyhow::Result<ExitCode> {
    let forgiven = store.forgive_complaints(now).await?;
    let verdict = match (believe, leave) {
        (true, _) => Verdict::True(now + BELIEF),
        (false, true) => Verdict::False,
        (false, false) => Verdict::SendAgain,
    };
    let told_gone = store.decide_gone(verdict, now).await?;
    let trouble = store.try_relay_again(believe.then(|| now + BELIEF), now).await?;
    let mut providers = store.try_providers_again(|_| true, believe.then(|| now + BELIEF), now).await?;
    providers.retain(|out| out.eased.is_none());
    let standstill = store.standstill().await?.map(|row| row.value);
    let hurried = store.hurry_deliveries(now).await?;
    let mut said = String::new();
    if forgiven {
        said.push_str("mail goes again; complaints about mail so far are not counted any more\n");
    }
    if told_gone.is_some() {
        said.push_str(if believe {
            "those of whom it came back that nothing reaches them are suppressed, and for a day so is whoever it is said of\n"
        } else if leave {
            "what came back is not believed: nobody is suppressed for it\n"
        } else {
            "what came back is not believed: nobody is suppressed for it, and what it brought back is sent again\n"
        });
    }
    match trouble {
        Some(trouble) if believe => {
            let _ = writeln!(said, "the mail server is taken at its word for a day (it said: {})", trouble.reply);
        }
        Some(trouble) => {
            let _ = writeln!(said, "one mail is tried now, and the rest follows if it is taken (was: {})", trouble.reply);
        }
        None => {}
    }
    for ProviderOut { name, reply, doubt, .. } in providers {
        let what = if believe && doubt.is_some() { "is taken at its word for a day" } else { "is asked by one mail now" };
        let _ = writeln!(said, "the provider {name} {what} (it said: {reply})");
    }
    if let Some(standstill) = standstill {
        let _ = writeln!(said, "what was put off is tried now (the mail server said: {})", standstill.reply);
    }
    match hurried {
        _ if !said.is_empty() => {}
        0 => bail!("mail is not paused, and none waits to be tried again"),
        1 => said.push_str("1 mail that waited to be tried again is tried now\n"),
        hurried => {
            let _ = writeln!(said, "{hurried} mails that waited to be tried again are tried now");
        }
    }
    print(&said)?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_somebody_is_not_mailed_is_said_with_the_name_that_lifts_it() {
        assert_eq!(with_name(Ending::AddressGone), "gone (the address does not exist)");
        assert_eq!(with_name(Ending::Bouncing), "bouncing (mail came back time and again)");
        assert_eq!(with_name(Ending::Complained), "called it spam");
    }

    #[test]
    fn what_is_sent_again_is_called_what_it_is_and_what_is_too_old_is_said_not_to_be_sent() {
        let check = |counts, expect: &str| assert_eq!(sent_again(counts), expect);
        check((0, 0, 0), "nothing that came back is sent again");
        check((1, 0, 0), "1 digest that came back is sent again");
        check((2, 1, 0), "2 digests and 1 letter that came back are sent again");
        check((0, 3, 1), "3 letters that came back are sent again; 1 mail is too old to be news (mail.stale_after) and is not");
        check((0, 0, 14), "nothing that came back is sent again; 14 mails are too old to be news (mail.stale_after) and are not");
    }
}
