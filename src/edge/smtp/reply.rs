//! What a server's answer means. The whole policy is the table in [`kind_of`]; what follows from a kind is decided elsewhere.

use crate::domain::delivery::{Refusal, RefusalKind};
use crate::domain::text::Text;
use lettre::transport::smtp::Error;
use std::error::Error as _;

/// How far the conversation had come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Phase {
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

/// The refusal that an error of lettre's stands for.
pub(super) fn refusal_of(phase: Phase, error: &Error) -> Refusal {
    let words = error.source().map(ToString::to_string).unwrap_or_default();
    match error.status() {
        Some(code) => {
            let code = u16::from(code);
            Refusal { kind: kind_of(phase, code, &words), reply: one_line(&format!("{code} {words}")) }
        }
        None => broken_line(phase, &error.to_string()),
    }
}

/// The line broke, timed out or spoke nonsense. Once the message was under way it may have been taken.
pub(super) fn broken_line(phase: Phase, words: &str) -> Refusal {
    let kind = match phase {
        Phase::Content => RefusalKind::Unknown,
        Phase::Connect | Phase::Mail | Phase::Rcpt | Phase::Data => RefusalKind::Relay,
    };
    lasting_refusal(kind, words)
}

/// A refusal in our own words.
pub(super) fn lasting_refusal(kind: RefusalKind, words: &str) -> Refusal {
    Refusal { kind, reply: one_line(words) }
}

/// One printable line, for admins.
pub(super) fn one_line(words: &str) -> String {
    Text::line(words).as_str().to_owned()
}

/// The table (RFC 5321 §4.2, RFC 3463 §3):
///
/// | answer | kind |
/// | --- | --- |
/// | any, before MAIL | relay: the server is not usable for anybody |
/// | 421 to MAIL | relay: it closes the line, whoever the message is for |
/// | 530, 534, 535, 538 | relay: our login, not the message |
/// | any other 4xx | transient |
/// | 5xx 5.1.1, 5.1.2, 5.1.3, 5.1.6, 5.1.10, to RCPT or the message | address gone |
/// | 550 without an enhanced code, to RCPT, in words that say there is no such user | address gone |
/// | any other 5xx, 5.7.x above all | permanent: a policy is never the address's fault |
fn kind_of(phase: Phase, code: u16, words: &str) -> RefusalKind {
    let about_the_address = matches!(phase, Phase::Rcpt | Phase::Content);
    match (phase, code, enhanced(words)) {
        (Phase::Connect, ..) | (Phase::Mail, 421, _) | (_, 530 | 534 | 535 | 538, _) => RefusalKind::Relay,
        (_, 400..500, _) => RefusalKind::Transient,
        (_, _, Some((5, 1, 1 | 2 | 3 | 6 | 10))) if about_the_address => RefusalKind::AddressGone,
        (Phase::Rcpt, 550, None) if says_unknown_user(words) => RefusalKind::AddressGone,
        (Phase::Mail | Phase::Rcpt | Phase::Data | Phase::Content, ..) => RefusalKind::Permanent,
    }
}

/// The `5.1.1` at the front of the words (RFC 2034 §4), wherever the line begins.
fn enhanced(words: &str) -> Option<(u16, u16, u16)> {
    let first = words.split_whitespace().next()?;
    let mut numbers = first.trim_start_matches('#').split('.').map(str::parse);
    match (numbers.next(), numbers.next(), numbers.next(), numbers.next()) {
        (Some(Ok(class)), Some(Ok(subject)), Some(Ok(detail)), None) => Some((class, subject, detail)),
        _ => None,
    }
}

/// What servers without enhanced codes say of a mailbox that does not exist.
fn says_unknown_user(words: &str) -> bool {
    const SIGNS: [&str; 10] = [
        "user unknown",
        "unknown user",
        "no such user",
        "no such recipient",
        "no such mailbox",
        "unknown recipient",
        "recipient unknown",
        "mailbox not found",
        "user not found",
        "does not exist",
    ];
    // "sender domain does not exist" and "… blocked, see" are about us.
    const NOT_SIGNS: [&str; 5] = ["sender", "blocked", "blacklist", "spam", "policy"];
    let words = words.to_lowercase();
    SIGNS.iter().any(|s| words.contains(s)) && !NOT_SIGNS.iter().any(|s| words.contains(s))
}

#[cfg(test)]
mod tests {
    use super::*;
    use RefusalKind::{AddressGone, Permanent, Relay, Transient, Unknown};

    #[test]
    fn an_answer_is_blamed_on_whom_it_is_about() {
        let check =
            |phase, code, words: &str, expect| assert_eq!(kind_of(phase, code, words), expect, "{phase:?} {code} {words}");
        check(Phase::Connect, 554, "5.7.1 go away", Relay);
        check(Phase::Connect, 535, "5.7.8 bad credentials", Relay);
        check(Phase::Mail, 530, "5.7.0 Must issue a STARTTLS command first", Relay);
        check(Phase::Mail, 421, "4.3.2 shutting down", Relay);
        check(Phase::Mail, 550, "5.1.8 sender domain not found", Permanent);
        check(Phase::Mail, 550, "5.1.1 odd", Permanent);
        check(Phase::Rcpt, 450, "4.2.0 greylisted", Transient);
        check(Phase::Rcpt, 451, "5.1.1 contradicts itself", Transient);
        check(Phase::Rcpt, 421, "4.7.28 too many", Transient);
        check(Phase::Rcpt, 550, "5.1.1 no such user", AddressGone);
        check(Phase::Rcpt, 550, "#5.1.10 RESOLVER.ADR.RecipientNotFound", AddressGone);
        check(Phase::Rcpt, 550, "User unknown in virtual mailbox table", AddressGone);
        check(Phase::Rcpt, 550, "Sender domain does not exist", Permanent);
        check(Phase::Rcpt, 550, "5.7.1 relaying denied, no such user here", Permanent);
        check(Phase::Rcpt, 553, "user unknown", Permanent);
        check(Phase::Rcpt, 552, "5.2.2 mailbox full", Permanent);
        check(Phase::Rcpt, 550, "5.7.515 authentication level", Permanent);
        check(Phase::Content, 554, "5.7.1 looks like spam", Permanent);
        check(Phase::Content, 550, "5.1.1 no such user", AddressGone);
        check(Phase::Content, 452, "4.3.1 no space", Transient);
    }

    #[test]
    fn a_line_that_breaks_is_unknown_only_once_the_message_was_under_way() {
        assert_eq!(broken_line(Phase::Content, "x").kind, Unknown);
        for phase in [Phase::Connect, Phase::Mail, Phase::Rcpt, Phase::Data] {
            assert_eq!(broken_line(phase, "x").kind, Relay);
        }
    }

    #[test]
    fn a_reply_is_one_printable_line() {
        assert_eq!(one_line("550 5.1.1 no\r\nsuch\u{1b}[31m user"), "550 5.1.1 no such [31m user");
    }
}
