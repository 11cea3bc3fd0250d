//! The table: an answer means what the first row says that fits it. Each row names where it comes from.
//!
//! Their order is that of trust: plain words about us, our mail, their size or rate, then plain words about the address; then how
//! far the conversation had come; then the enhanced code; then the code. For servers are set up by people who write what
//! they mean, under whatever code stood in the example: "5.1.1 listed at …" as well as "5.7.1 no such user".
//!
//! Sources: RFC 5321 §4.2.3 (reply codes), RFC 3463 and the IANA registry of enhanced status codes, RFC 4954 §6 (log-in),
//! RFC 7505 §3 (null MX), and the reply texts that the large providers publish: Gmail's "SMTP errors and codes", Yahoo's
//! "SMTP error codes", Outlook.com's postmaster page and Microsoft's "non-delivery reports in Exchange Online", iCloud's
//! postmaster page. What no page of theirs shows stands in bug reports and collections: sisimai's (Yahoo's 554.30)
//! and Postmark's SMTP Field Manual.

mod nobody;
mod ours;
mod repute;
mod theirs;

use super::{Enhanced, Phase};
use crate::domain::delivery::RefusalKind::{self, AddressGone, Permanent, Policy, Relay, Throttled, TooLarge, Transient};
use nobody::{GONE_ABROAD, LOST_HOST, MISSING, NO_DOMAIN, UNKNOWN, YAHOO_CLOSED};
pub(super) use nobody::{LOOKED_UP, NO_HOST};
use ours::{ABOUT_SENDER, HOW_MUCH, LARGE, OUR_MESSAGE, SENT_ENOUGH, THROTTLED, TOO_LARGE};
pub(super) use ours::{GREYLISTED, RELAYING};
use repute::{LISTED, REPUTATION};
use std::ops::RangeInclusive;
use theirs::REFUSING;
pub(super) use theirs::{BUSY, DISABLED, FULL, INACTIVE};

/// Which enhanced code a row is about, whatever its class: the reply code says that.
#[derive(Clone, Copy, Debug)]
pub(super) enum Status {
    /// Any, or none.
    Any,
    /// None.
    Absent,
    /// Any with this subject.
    Subject(u16),
    /// Any with another subject, or none.
    Besides(u16),
    /// One of these: subject and detail.
    Is(&'static [(u16, u16)]),
}

/// One row.
#[derive(Debug)]
pub(super) struct Rule {
    /// In one of these phases; in any where there is none.
    pub(super) at: &'static [Phase],
    pub(super) codes: RangeInclusive<u16>,
    pub(super) status: Status,
    /// One of these stands in the words, in lower case; any words where there is none.
    pub(super) words: &'static [&'static str],
    pub(super) kind: RefusalKind,
}

const ANY: RangeInclusive<u16> = 0..=999;
const LATER: RangeInclusive<u16> = 400..=499;
const NO: RangeInclusive<u16> = 500..=599;
const ABOUT_ADDRESS: &[Phase] = &[Phase::Rcpt, Phase::Content];

const fn rule(
    at: &'static [Phase],
    codes: RangeInclusive<u16>,
    status: Status,
    words: &'static [&'static str],
    kind: RefusalKind,
) -> Rule {
    Rule { at, codes, status, words, kind }
}

/// The first row that fits decides; where none does, the answer is about this one message.
pub(super) const TABLE: &[Rule] = &[
    // Before a message is spoken of, a "no" is to everybody (RFC 5321 §3.1); so is one to our log-in (RFC 4954 §6).
    rule(&[Phase::Connect], ANY, Status::Any, &[], Relay),
    rule(&[], 530..=530, Status::Any, &[], Relay),
    rule(&[], 534..=535, Status::Any, &[], Relay),
    rule(&[], 538..=538, Status::Any, &[], Relay),
    // It closes the line, whoever the message is for (RFC 5321 §3.8).
    rule(&[Phase::Mail], 421..=421, Status::Any, &[], Relay),
    // The relay does not know us: a setting is wrong (Postfix, Exchange).
    rule(ABOUT_ADDRESS, NO, Status::Any, RELAYING, Relay),
    // It does not follow us, or takes nothing from anybody (RFC 5321 §4.2.2: 502, 503; RFC 3463 §3.4: 5.3.2).
    rule(&[], 502..=503, Status::Any, &[], Relay),
    rule(&[], NO, Status::Is(&[(3, 2)]), &[], Relay),
    // Greylisting comes with 4.7.x, and means nothing but "later" (RFC 6647 §2); also from who gave up waiting.
    rule(&[], 400..=599, Status::Any, GREYLISTED, Transient),
    // Over a provider's quota: nothing for ten minutes (Gmail 4.7.28; Yahoo TSS04; Outlook.com RP-001 to RP-003).
    rule(&[], LATER, Status::Is(&[(7, 28)]), &[], Throttled),
    rule(&[], LATER, Status::Any, THROTTLED, Throttled),
    // Not authenticated well enough (Gmail 4.7.23 to 4.7.32): it will not mend by itself.
    rule(&[], LATER, Status::Is(&[(7, 23), (7, 25), (7, 26), (7, 27), (7, 29), (7, 30), (7, 31), (7, 32)]), &[], Policy),
    rule(&[], LATER, Status::Any, &[], Transient),
    // What we may send in an hour or day is spent (RFC 3463 §3.5: 5.4.5; Gmail, Exchange Online 5.1.90, cPanel, SendGrid).
    rule(&[], NO, Status::Is(SPENT), &[], Throttled),
    rule(&[], NO, Status::Any, SENT_ENOUGH, Throttled),
    // So many an hour to one recipient, from us or from all: it is over in an hour (Exchange Online: 5.2.121, 5.2.122).
    rule(&[], NO, Status::Is(&[(2, 121), (2, 122)]), &[], Transient),
    // Zoho says with the code of size that its owner's rules refuse it (SMTP Field Manual, 554).
    rule(&[], NO, Status::Is(&[(2, 3)]), &["policy violation", "mailpolicy"], Policy),
    // Message too large (RFC 3463 §3.3, §3.4; RFC 1870 §6.1). 5.2.3 is a mailbox's own limit.
    rule(&[], NO, Status::Is(&[(3, 4), (2, 3)]), &[], TooLarge),
    // A full mailbox is full whatever the code: Orange says it with 5.1.1, maildrop with 5.7.0, Yahoo beside "not found".
    rule(ABOUT_ADDRESS, NO, Status::Besides(7), FULL, Permanent),
    rule(ABOUT_ADDRESS, NO, Status::Is(REFUSED), FULL, Permanent),
    rule(&[], NO, Status::Any, THROTTLED, Throttled),
    rule(&[], NO, Status::Any, TOO_LARGE, TooLarge),
    rule(&[], 552..=552, Status::Absent, LARGE, TooLarge),
    // About the sender, whoever is mailed (RFC 3463 §3.2: 5.1.7, 5.1.8; Exchange Online 5.2.252: may not send as).
    rule(&[Phase::Mail], NO, Status::Any, &[], Policy),
    rule(&[], NO, Status::Is(&[(1, 7), (1, 8), (2, 252)]), &[], Policy),
    rule(&[], NO, Status::Any, ABOUT_SENDER, Policy),
    // About how our message is made, or what is thought of us: so it is for everybody.
    rule(&[], NO, Status::Any, OUR_MESSAGE, Policy),
    rule(&[], NO, Status::Any, LISTED, Policy),
    // The person is spoken of, under the code that means no more than "refused": Yandex, access tables, many a hand-made filter.
    rule(&[Phase::Rcpt], 550..=554, Status::Is(REFUSED), UNKNOWN, AddressGone),
    rule(&[Phase::Rcpt], 550..=554, Status::Is(REFUSED), GONE_ABROAD, AddressGone),
    // A mailbox that may not be used (RFC 5248's 5.7.13, 525), or so it is said.
    rule(ABOUT_ADDRESS, NO, Status::Is(&[(7, 13)]), &[], Permanent),
    rule(ABOUT_ADDRESS, 525..=525, Status::Any, DISABLED, Permanent),
    rule(ABOUT_ADDRESS, NO, Status::Is(REFUSED), DISABLED, Permanent),
    // Policy and reputation (RFC 3463 §3.8). 5.7.515: Outlook.com's bar for authentication.
    rule(&[], NO, Status::Subject(7), &[], Policy),
    // For now, whatever the code: Postfix's address probes, mailboxes that are out of use for a while, name servers.
    rule(ABOUT_ADDRESS, NO, Status::Any, BUSY, Transient),
    // The person is spoken of, under a code for addresses; else the mailbox is there, and takes nothing, said with words that
    // blocklists use, too.
    rule(ABOUT_ADDRESS, NO, Status::Is(NOBODY), UNKNOWN, AddressGone),
    // Yahoo's number and words for an account that is closed, whatever code stands beside them.
    rule(ABOUT_ADDRESS, 550..=554, Status::Any, YAHOO_CLOSED, AddressGone),
    rule(ABOUT_ADDRESS, NO, Status::Besides(1), INACTIVE, Permanent),
    rule(ABOUT_ADDRESS, NO, Status::Is(GENERAL), UNKNOWN, AddressGone),
    // Some, like qmail and AOL of old, say it with 551, 553 and 554.
    rule(ABOUT_ADDRESS, 550..=554, Status::Absent, UNKNOWN, AddressGone),
    // It is us, in words that might be about something else.
    rule(&[], NO, Status::Any, REPUTATION, Policy),
    rule(ABOUT_ADDRESS, NO, Status::Is(NOBODY), REFUSING, Permanent),
    rule(ABOUT_ADDRESS, NO, Status::Is(HOSTS), REFUSING, Permanent),
    // The code for bad hosts (RFC 3463 §3.2: 5.1.2) is an answer about names, in whatever words: sendmail's "Host unknown", the
    // code's own "bad destination system address", qmail's "couldn't find any host". As below, it counts and ends nothing. Sure is
    // what says that the domain itself is none, or takes no mail, unless it passes on what a look-up ended with.
    rule(ABOUT_ADDRESS, NO, Status::Any, LOOKED_UP, Transient),
    rule(ABOUT_ADDRESS, NO, Status::Is(HOSTS), NO_DOMAIN, AddressGone),
    rule(ABOUT_ADDRESS, NO, Status::Is(HOSTS), UNKNOWN, AddressGone),
    rule(ABOUT_ADDRESS, NO, Status::Is(HOSTS), &[], Transient),
    // No host is found, under a code for addresses: that is no word on the address.
    rule(ABOUT_ADDRESS, NO, Status::Is(NOBODY), NO_DOMAIN, AddressGone),
    rule(ABOUT_ADDRESS, NO, Status::Is(NOBODY), NO_HOST, Transient),
    // No such address or domain (RFC 3463 §3.2); a domain that takes no mail (RFC 7505 §4.2). 5.1.351: Exchange Online passes
    // on what the other server said.
    rule(ABOUT_ADDRESS, NO, Status::Is(NOBODY), &[], AddressGone),
    rule(ABOUT_ADDRESS, 556..=556, Status::Any, &[], AddressGone),
    // Exchange Online knows its recipients at the edge: "5.4.1 Recipient address rejected: Access denied".
    rule(ABOUT_ADDRESS, NO, Status::Is(&[(4, 1)]), &["recipient address rejected", "recipient addresses rejected"], AddressGone),
    rule(ABOUT_ADDRESS, NO, Status::Is(&[(4, 310), (4, 4)]), LOST_HOST, Transient),
    rule(ABOUT_ADDRESS, NO, Status::Is(&[(4, 310), (4, 4)]), &["does not exist", "nonexistent"], AddressGone),
    rule(ABOUT_ADDRESS, NO, Status::Is(UNROUTED), NO_DOMAIN, AddressGone),
    rule(ABOUT_ADDRESS, 550..=554, Status::Absent, NO_DOMAIN, AddressGone),
    // No host was found (RFC 3463 §3.5: 5.4.4 "unable to route", which Postfix says where a name server knows no such name): an
    // answer about names, and a name server can be wrong for an hour.
    rule(ABOUT_ADDRESS, NO, Status::Is(UNROUTED), NO_HOST, Transient),
    rule(ABOUT_ADDRESS, 550..=554, Status::Absent, NO_HOST, Transient),
    // Something is missing; once the message was seen, it may as well be our name.
    rule(&[Phase::Rcpt], NO, Status::Is(GENERAL), MISSING, AddressGone),
    rule(ABOUT_ADDRESS, NO, Status::Is(GENERAL), GONE_ABROAD, AddressGone),
    rule(ABOUT_ADDRESS, NO, Status::Absent, DISABLED, Permanent),
    rule(&[Phase::Rcpt], 550..=554, Status::Absent, MISSING, AddressGone),
    rule(ABOUT_ADDRESS, 550..=554, Status::Absent, GONE_ABROAD, AddressGone),
    // RFC 5321 §4.2.3's own words for 550, which Outlook.com, GMX and MailEnable keep for addresses that they do not know;
    // Cisco's for 5.1.0.
    rule(ABOUT_ADDRESS, 550..=550, Status::Absent, &["mailbox unavailable"], AddressGone),
    rule(ABOUT_ADDRESS, 550..=550, Status::Is(&[(5, 0), (0, 0)]), &["mailbox unavailable"], AddressGone),
    rule(ABOUT_ADDRESS, 550..=550, Status::Is(&[(1, 0)]), &["address rejected"], AddressGone),
    // The way there, or their machine (RFC 3463 §3.4, §3.5): it may mend.
    rule(ABOUT_ADDRESS, NO, Status::Subject(4), &[], Transient),
    // Yahoo's delivery to one mailbox, after its filters (SMTP Field Manual, 554).
    rule(ABOUT_ADDRESS, 554..=554, Status::Absent, &["delivery error: dd"], Permanent),
    // The message was seen, and the address not blamed: a filter did not like it (RFC 5321 §4.2.3: 554 "transaction failed").
    rule(&[Phase::Content], 554..=554, Status::Absent, &[], Policy),
];

/// No such address (RFC 3463 §3.2); null MX (RFC 7505).
const NOBODY: &[(u16, u16)] = &[(1, 1), (1, 3), (1, 6), (1, 10), (1, 351)];

/// No such host (RFC 3463 §3.2).
const HOSTS: &[(u16, u16)] = &[(1, 2)];

/// The way there was not found (RFC 3463 §3.5), or nothing is said by the code.
const UNROUTED: &[(u16, u16)] = &[(4, 4), (4, 0), (4, 6), (1, 0), (0, 0)];

/// Refused, for whatever reason (RFC 3463 §3.8).
const REFUSED: &[(u16, u16)] = &[(7, 0), (7, 1)];

/// What we may send is spent (RFC 3463 §3.5; Exchange Online).
const SPENT: &[(u16, u16)] = &[(4, 5), (1, 90)];

/// Codes that say too little to go by (RFC 3463 §3).
const GENERAL: &[(u16, u16)] = &[(1, 0), (0, 0), (2, 0), (2, 1), (5, 0), (4, 1), (3, 0)];

/// Whether these words, in lower case and without addresses, give a reason for which mail is refused.
pub(super) fn gives_a_reason(words: &str) -> bool {
    let theirs = [FULL, INACTIVE, DISABLED, UNKNOWN, MISSING, GONE_ABROAD, NO_DOMAIN, NO_HOST, LOOKED_UP];
    let ours = [RELAYING, SENT_ENOUGH, TOO_LARGE, LISTED];
    theirs.iter().chain(&ours).any(|signs| signs.iter().any(|sign| words.contains(sign)))
}

/// Whether a word, in lower case, is one of those in which servers speak of any mailbox.
pub(super) fn is_of_servers(word: &str) -> bool {
    let is_word = |sign: &str| sign.split(|c: char| !c.is_alphabetic()).any(|part| part == word);
    !word.is_empty()
        && [FULL, INACTIVE, DISABLED, BUSY, UNKNOWN, MISSING].iter().any(|signs| signs.iter().any(|sign| is_word(sign)))
}

/// Whether these words, in lower case and without addresses, are about a policy, or about how much there is of mail or of work.
pub(super) fn is_about_how_much(words: &str) -> bool {
    let is_sign =
        |word: &str| matches!(word, "rate" | "rates" | "busy" | "load") || HOW_MUCH.iter().any(|sign| word.starts_with(sign));
    words.split(|c: char| !c.is_alphanumeric()).any(is_sign) || THROTTLED.iter().any(|sign| words.contains(sign))
}

/// Whether a whole reply ("550 5.4.5 …") says that what we may send in an hour or day is spent, which is so whoever is mailed.
pub(super) fn is_spent(reply: &str) -> bool {
    let is_code = |code: Enhanced| SPENT.contains(&(code.subject, code.detail));
    let code = reply.split_whitespace().take(2).find_map(Enhanced::parse);
    let words = reply.to_lowercase();
    reply.starts_with('5') && (code.is_some_and(is_code) || SENT_ENOUGH.iter().any(|sign| words.contains(sign)))
}
