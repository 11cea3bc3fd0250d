//! What a mail server's "no" means: who is to blame, and so what follows. The policy is the table (`refusal/table.rs`); it reads
//! conversations as they happen and the diagnoses of returned mail alike.
//!
//! Invariant: what is about us (reputation, authentication, the sender, and 5.7.x unless it says in so many words that it means
//! the address) is never the address's fault, so it stops the relay and suppresses nobody.

mod table;
mod unnamed;
mod us;

use crate::domain::delivery::{Refusal, RefusalKind};
use table::{Rule, Status, TABLE};
pub use unnamed::unnamed;
pub use us::names_us;

/// How far a conversation had come (RFC 5321 §3.3).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// TCP, greeting, EHLO, STARTTLS, AUTH: nothing about a message yet.
    Connect,
    /// MAIL FROM.
    Mail,
    /// RCPT TO.
    Rcpt,
    /// DATA, before the server said go.
    Data,
    /// The message and its final dot.
    Content,
}

/// An enhanced status code (RFC 3463 §2): class, subject, detail.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Enhanced {
    /// 2 done, 4 not now, 5 no.
    pub class: u16,
    /// What it is about: 1 address, 2 mailbox, 3 system, 4 routing, 5 protocol, 6 content, 7 policy.
    pub subject: u16,
    /// Which trouble.
    pub detail: u16,
}

impl Enhanced {
    /// A word that is such a code and nothing else, but for brackets and a `#` around it: `5.1.1`, `(#5.7.1)`.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let mut numbers = word.trim_matches(['#', '(', ')', '[', ']', ':', ',', ';', '-', '<', '>']).split('.');
        let mut next = |digits: std::ops::RangeInclusive<usize>| {
            let number = numbers.next()?;
            let is_number = digits.contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
            is_number.then(|| number.parse().ok()).flatten()
        };
        let (class, subject, detail) = (next(1..=1)?, next(1..=3)?, next(1..=3)?);
        (numbers.next().is_none() && matches!(class, 2 | 4 | 5)).then_some(Self { class, subject, detail })
    }
}

/// The code with which the words begin (RFC 2034 §4), wherever the line does; or else the one that qmail's programs write behind
/// them: "sorry, no mailbox here by that name (#5.1.1 - chkuser)".
#[must_use]
pub fn enhanced(words: &str) -> Option<Enhanced> {
    let first = Enhanced::parse(words.split_whitespace().next()?);
    let is_marked = |word: &&str| word.trim_start_matches(['(', '[']).starts_with('#');
    first.or_else(|| words.split_whitespace().filter(is_marked).find_map(Enhanced::parse))
}

/// What the answer `code` with these `words` means, given in this `phase`.
#[must_use]
pub fn kind_of(phase: Phase, code: u16, words: &str) -> RefusalKind {
    kind_with(phase, code, enhanced(words), words)
}

/// The same where the enhanced code stands elsewhere than before the words, as in a returned message.
#[must_use]
pub fn kind_with(phase: Phase, code: u16, enhanced: Option<Enhanced>, words: &str) -> RefusalKind {
    let words = without_addresses(&words.to_lowercase());
    let matches = |rule: &&Rule| {
        (rule.at.is_empty() || rule.at.contains(&phase))
            && rule.codes.contains(&code)
            && is_status(rule.status, enhanced)
            && (rule.words.is_empty() || rule.words.iter().any(|sign| words.contains(sign)))
    };
    TABLE.iter().find(matches).map_or(RefusalKind::Permanent, |rule| rule.kind)
}

fn is_status(wanted: Status, found: Option<Enhanced>) -> bool {
    match (wanted, found) {
        (Status::Any, _) | (Status::Absent, None) => true,
        (Status::Subject(subject), Some(found)) => found.subject == subject,
        (Status::Besides(subject), found) => found.is_none_or(|found| found.subject != subject),
        (Status::Is(codes), Some(found)) => codes.contains(&(found.subject, found.detail)),
        (Status::Absent, Some(_)) | (Status::Subject(_) | Status::Is(_), None) => false,
    }
}

/// Whether a server's words, in a mail of which it is not known what it is, give a reason for which mail is refused.
#[must_use]
pub fn gives_a_reason(words: &str) -> bool {
    table::gives_a_reason(&without_addresses(&words.to_lowercase()))
}

/// The refusal of a message by `us` to `them`: of what names us and not them, nothing is held against them.
#[must_use]
pub fn of_whom(refusal: Refusal, us: &[&str], them: &[&str]) -> Refusal {
    let is_about_us = matches!(refusal.kind, RefusalKind::AddressGone | RefusalKind::Permanent)
        && names_us(&refusal.reply.to_lowercase(), us, them);
    if is_about_us { Refusal { kind: RefusalKind::Policy, ..refusal } } else { refusal }
}

/// The words with nobody named in them: `user <a@example.org> unknown` is "user unknown"; nor any page to read, but for those of
/// blocklists, whose address is all that some say.
fn without_addresses(words: &str) -> String {
    const LISTS: &[&str] = &["spamhaus", "spamcop", "barracudacentral", "blacklist", "blocklist", "dnsbl"];
    let is_link = |word: &str| (word.contains("://") || word.contains("www.")) && !LISTS.iter().any(|list| word.contains(list));
    let is_end = |c: char| matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | '{' | '}' | ',' | ';' | ':' | '"');
    let unnamed = words.split_whitespace().filter(|word| !is_link(word)).flat_map(|word| {
        let is_named = word.contains('@');
        let parts = word.split(move |c| is_named && is_end(c)).filter(|part| !part.is_empty() && !part.contains('@'));
        parts.map(|part| if is_machine(part) { A_MACHINE } else { part })
    });
    // "Sender's domain" as well as "sender domain".
    let words = unnamed.collect::<Vec<_>>().join(" ").replace("sender's", "sender").replace("sender’s", "sender");
    // "Invalid recipient domain" is said of no recipient, nor is "no such user policy" of a user.
    THEIRS.iter().fold(words, |words, (said, meant)| words.replace(said, meant))
}

/// What belongs to somebody, in the words that name them.
const THEIRS: &[(&str, &str)] = &[
    ("recipient domain", "{their} domain"),
    ("recipient's domain", "{their} domain"),
    ("recipient host", "{their} host"),
    ("user policy", "{their} policy"),
    ("user's policy", "{their} policy"),
    ("recipient policy", "{their} policy"),
    ("mailbox policy", "{their} policy"),
    ("account policy", "{their} policy"),
];

/// Stands where the words have the address of a machine: it is ours, whoever wrote `192.0.2.1 not accepted`.
const A_MACHINE: &str = "{ip}";

fn is_machine(word: &str) -> bool {
    word.trim_matches(['[', ']', '(', ')', '<', '>', ',', ';', ':', '"', '.']).parse::<std::net::IpAddr>().is_ok()
}

/// A refusal's words with what differs from one mail to the next left out: addresses, numbers, identities. Two that read alike
/// were said for the same reason.
#[must_use]
pub fn gist(reply: &str) -> String {
    let mut words = reply.split_whitespace();
    // The codes are the reason.
    let code = words.next().unwrap_or_default().to_owned();
    let is_telling = |word: &&str| Enhanced::parse(word).is_some() || !word.contains(|c: char| c == '@' || c.is_ascii_digit());
    words.filter(is_telling).fold(code, |gist, word| gist + " " + &word.to_lowercase())
}

/// Whether a delivery that ended so speaks against the address, though not for good: its mailbox is full, disabled or
/// refuses mail. A number of those within some weeks end it.
#[must_use]
pub fn is_soft_bounce(refusal: &Refusal) -> bool {
    // "552 5.2.2 …" as well as "5.2.2 …".
    let mut words = refusal.reply.split_whitespace().take(2);
    let code = words.next().and_then(|word| Enhanced::parse(word).or_else(|| Enhanced::parse(words.next()?)));
    let is_for_now = refusal.reply.starts_with('4');
    match refusal.kind {
        RefusalKind::Permanent | RefusalKind::Transient => blames_mailbox(code, is_for_now, &refusal.reply),
        RefusalKind::AddressGone
        | RefusalKind::Policy
        | RefusalKind::Throttled
        | RefusalKind::TooLarge
        | RefusalKind::Relay
        | RefusalKind::Unknown => false,
    }
}

/// Whether a refusal that is not the address's fault was said of one message: it may be about whom that is for, and not be said to
/// others.
#[must_use]
pub fn may_be_of_one(refusal: &Refusal) -> bool {
    match refusal.kind {
        RefusalKind::Relay => {
            let words = without_addresses(&refusal.reply.to_lowercase());
            table::RELAYING.iter().any(|sign| words.contains(sign))
        }
        RefusalKind::Throttled => !table::is_spent(&refusal.reply),
        RefusalKind::Policy
        | RefusalKind::Unknown
        | RefusalKind::Transient
        | RefusalKind::Permanent
        | RefusalKind::AddressGone
        | RefusalKind::TooLarge => true,
    }
}

/// Whether a server asks to be asked again, as those do that greylist (RFC 6647 §2.1): in so many words, or with the codes that
/// they use and "later". One that closes the line, or speaks of its policy or of how much it gets, says "later" of something else.
#[must_use]
pub fn is_greylisting(reply: &str) -> bool {
    let words = without_addresses(&reply.to_lowercase());
    let mut codes = reply.split_whitespace().take(2).filter_map(Enhanced::parse);
    let is_theirs = codes.any(|code| matches!((code.subject, code.detail), (2 | 7, 0 | 1) | (5, 1)));
    let says_later = words.contains("later") || words.contains("try again");
    let is_asked_again = words.starts_with('4') && says_later && (is_theirs || words.starts_with("450"));
    is_named_greylisting(reply) || is_asked_again && !words.starts_with("421") && !table::is_about_how_much(&words)
}

/// Whether a server that greylists calls it that.
fn is_named_greylisting(reply: &str) -> bool {
    let words = reply.to_lowercase();
    table::GREYLISTED.iter().any(|sign| words.contains(sign))
}

/// Whether a server puts off (4xx) for what it thinks of us. One that greylists says much the same in the beginning, and so it counts
/// where it was `said_for_long`; not where it calls itself that.
#[must_use]
pub fn puts_off_for_policy(refusal: &Refusal, said_for_long: bool) -> bool {
    let reply = &refusal.reply;
    let is_policy = reply.split_whitespace().take(2).filter_map(Enhanced::parse).any(|code| code.subject == 7);
    let is_greylisting = if said_for_long { is_named_greylisting(reply) } else { is_greylisting(reply) };
    refusal.kind == RefusalKind::Transient && is_policy && !is_greylisting
}

/// Whether it is the mailbox that took nothing, and not the way there or a server that was busy; or that no host is found for it,
/// which counts as often as it is said. `is_for_now`: nobody said no for good.
#[must_use]
pub fn blames_mailbox(code: Option<Enhanced>, is_for_now: bool, words: &str) -> bool {
    let words = without_addresses(&words.to_lowercase());
    let says = |signs: &[&str]| signs.iter().any(|sign| words.contains(sign));
    let says_so = says(table::FULL) || says(table::INACTIVE) || says(table::DISABLED);
    let is_nowhere = !is_for_now && (says(table::NO_HOST) || says(table::LOOKED_UP)) && !says(table::BUSY);
    match code.map(|code| (code.subject, code.detail)) {
        Some((2, 1 | 2)) => !says(table::BUSY),
        Some((1 | 2, _)) => says_so || !(is_for_now || says(table::BUSY)),
        Some((7, 13)) => true,
        Some((7, 0 | 1)) => says(table::FULL) || says(table::DISABLED),
        Some((4, 0 | 4 | 6)) => is_nowhere,
        Some((0, 0)) | None => says_so || is_nowhere,
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests;
