//! The table: an answer means what the first row says that fits it. Each row names where it comes from.
//!
//! Sources: RFC 5321 §4.2.3 (reply codes), RFC 3463 and the IANA registry of enhanced status codes, RFC 4954 §6 (log-in),
//! RFC 7505 §3 (null MX), and the reply texts that the large providers publish: Gmail's "SMTP errors and codes", Yahoo's
//! "SMTP error codes", Outlook.com's postmaster page and Microsoft's "non-delivery reports in Exchange Online", iCloud's
//! postmaster page.

use super::Phase;
use crate::domain::delivery::RefusalKind::{self, AddressGone, Permanent, Policy, Relay, Throttled, TooLarge, Transient};
use std::ops::RangeInclusive;

/// Which enhanced code a row is about, whatever its class: the reply code says that.
#[derive(Clone, Copy, Debug)]
pub(super) enum Status {
    /// Any, or none.
    Any,
    /// None.
    Absent,
    /// Any with this subject.
    Subject(u16),
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
    // Greylisting comes with 4.7.x, and means nothing but "later" (RFC 6647 §2).
    rule(&[], LATER, Status::Any, &["greylist", "graylist", "grey-list", "gray-list"], Transient),
    // Over a provider's quota: nothing for ten minutes (Gmail 4.7.28; Yahoo TSS04; Outlook.com RP-001 to RP-003).
    rule(&[], LATER, Status::Is(&[(7, 28)]), &[], Throttled),
    rule(&[], LATER, Status::Any, THROTTLED, Throttled),
    // Not authenticated well enough (Gmail 4.7.23 to 4.7.32): it will not mend by itself.
    rule(&[], LATER, Status::Is(&[(7, 23), (7, 25), (7, 26), (7, 27), (7, 29), (7, 30), (7, 31), (7, 32)]), &[], Policy),
    rule(&[], LATER, Status::Any, &[], Transient),
    // Message too large (RFC 3463 §3.3, §3.4; RFC 1870 §6.1). 5.2.3 is a mailbox's own limit.
    rule(&[], NO, Status::Is(&[(3, 4), (2, 3)]), &[], TooLarge),
    rule(&[], 552..=552, Status::Absent, TOO_LARGE, TooLarge),
    rule(&[], NO, Status::Absent, &["message size exceeds", "message too large", "message exceeds"], TooLarge),
    // About the sender, whoever is mailed (RFC 3463 §3.2: 5.1.7, 5.1.8).
    rule(&[Phase::Mail], NO, Status::Any, &[], Policy),
    rule(&[], NO, Status::Is(&[(1, 7), (1, 8)]), &[], Policy),
    rule(&[], NO, Status::Any, ABOUT_SENDER, Policy),
    // Policy and reputation (RFC 3463 §3.8). 5.7.515: Outlook.com's bar for authentication.
    rule(&[], NO, Status::Subject(7), &[], Policy),
    // No such address (RFC 3463 §3.2), or no such host (§3.5); a domain that takes no mail (RFC 7505 §4.2).
    rule(ABOUT_ADDRESS, NO, Status::Is(&[(1, 1), (1, 2), (1, 3), (1, 6), (1, 10)]), &[], AddressGone),
    rule(ABOUT_ADDRESS, 556..=556, Status::Any, &[], AddressGone),
    // Exchange Online knows its recipients at the edge: "5.4.1 Recipient address rejected: Access denied".
    rule(ABOUT_ADDRESS, NO, Status::Is(&[(4, 1)]), &["recipient address rejected"], AddressGone),
    rule(ABOUT_ADDRESS, NO, Status::Is(&[(4, 4), (4, 0), (4, 6)]), NO_HOST, AddressGone),
    rule(ABOUT_ADDRESS, NO, Status::Is(&[(1, 0), (0, 0), (2, 1), (5, 0), (4, 1), (3, 0)]), UNKNOWN, AddressGone),
    // Without an enhanced code the words have to say it: first that it is us…
    rule(&[], NO, Status::Absent, REPUTATION, Policy),
    rule(&[], NO, Status::Is(&[(0, 0), (1, 0), (2, 0), (2, 1), (3, 0), (4, 0), (5, 0), (6, 0)]), REPUTATION, Policy),
    // …then that the mailbox is there…
    rule(ABOUT_ADDRESS, NO, Status::Absent, TAKES_NOTHING, Permanent),
    // …then that it is not. Some, like qmail and AOL of old, say it with 551, 553 and 554.
    rule(ABOUT_ADDRESS, 550..=554, Status::Absent, UNKNOWN, AddressGone),
    rule(ABOUT_ADDRESS, 550..=554, Status::Absent, NO_HOST, AddressGone),
    // The message was seen, and the address not blamed: a filter did not like it (RFC 5321 §4.2.3: 554 "transaction failed").
    rule(&[Phase::Content], 554..=554, Status::Absent, &[], Policy),
];

const RELAYING: &[&str] = &[
    "relaying denied",
    "relay access denied",
    "unable to relay",
    "relay not permitted",
    "not permitted to relay",
    "relaying not allowed",
    "relaying is not allowed",
    "not in my list of allowed rcpthosts",
];

const THROTTLED: &[&str] = &[
    "unusual rate of unsolicited",
    "rate limit",
    "rate-limit",
    "tss04",
    "tss09",
    "[ts01]",
    "[ts02]",
    "[ts03]",
    "rp-001",
    "rp-002",
    "rp-003",
    "too many messages",
    "too many connections",
    "too many concurrent",
    "sending too fast",
    "throttl",
];

const TOO_LARGE: &[&str] = &["size", "too large", "too big", "exceeds"];

const ABOUT_SENDER: &[&str] = &[
    "sender address rejected",
    "sender rejected",
    "sender denied",
    "sender domain",
    "sender verify failed",
    "sender not",
    "from address",
    "mail from domain",
    "envelope sender",
    "authentication",
    "unauthenticated",
];

const REPUTATION: &[&str] = &[
    "blocked",
    "blacklist",
    "blocklist",
    "block list",
    "black list",
    "spamhaus",
    "barracudacentral",
    "spamcop",
    "dnsbl",
    " rbl",
    "reputation",
    "spam",
    "unsolicited",
    "dmarc",
    " spf",
    "dkim",
    "policy",
    "s3140",
    "s3150",
    "s3114",
    "[hm07]",
    "[hm08]",
    "[cs01]",
    "banned",
    "content rejected",
    "virus",
];

const UNKNOWN: &[&str] = &[
    "user unknown",
    "unknown user",
    "no such user",
    "no such recipient",
    "no such mailbox",
    "no such address",
    "no such account",
    "no such person",
    "no mailbox here by that name",
    "no mailbox by that name",
    "not a valid mailbox",
    "unknown recipient",
    "recipient unknown",
    "unknown mailbox",
    "unknown address",
    "unknown local",
    "unknown or illegal alias",
    "unknown email address",
    "unrouteable address",
    "unroutable address",
    "address unknown",
    "addressee unknown",
    "mailbox not found",
    "mailbox is not found",
    "user not found",
    "recipient not found",
    "recipientnotfound",
    "address not found",
    "account not found",
    "not listed in domino directory",
    "not listed in public name",
    "not our customer",
    "does not exist",
    "doesn't exist",
    "doesn't have a",
    "does not have a",
    "no longer valid",
    "no longer in use",
    "no longer exists",
    "invalid recipient",
    "invalid mailbox",
    "invalid address",
    "is not a known user",
    "account has been closed",
    "account has been deleted",
    "account closed",
    "user is not a valid",
    "bad destination mailbox address",
];

const NO_HOST: &[&str] = &[
    "host or domain name not found",
    "host not found",
    "host unknown",
    "domain not found",
    "domain does not exist",
    "no such domain",
    "unrouteable mail domain",
    "nullmx",
    "null mx",
    "does not accept mail",
    "name service error for name",
    "nxdomain",
];

const TAKES_NOTHING: &[&str] = &[
    "mailbox full",
    "mailbox is full",
    "over quota",
    "overquota",
    "quota exceeded",
    "account is disabled",
    "account disabled",
    "account suspended",
    "account inactive",
];

/// What servers without enhanced codes say of a mailbox that exists and takes nothing.
pub(super) const MAILBOX_TROUBLE: &[&str] = &[
    "mailbox full",
    "mailbox is full",
    "mailbox for",
    "over quota",
    "overquota",
    "quota exceeded",
    "exceeded quota",
    "exceeds quota",
    "storage allocation",
    "not enough storage",
    "insufficient disk",
    "mailbox disabled",
    "account disabled",
    "account is disabled",
    "account suspended",
    "mailbox unavailable",
    "mailbox inactive",
    "account inactive",
];
