//! A server's answer, or its silence, as a refusal. What an answer means is decided by the table in `rules::refusal`.

use crate::domain::delivery::{Refusal, RefusalKind};
use crate::domain::text::Text;
pub(super) use crate::rules::refusal::Phase;
use crate::rules::refusal::{kind_of, unnamed};

/// The refusal that a server's answer stands for.
pub(super) fn refusal_of(phase: Phase, code: u16, words: &str) -> Refusal {
    Refusal { kind: kind_of(phase, code, words), reply: one_line(&format!("{code} {words}")) }
}

/// The line broke, timed out or spoke nonsense. Once the message was under way it may have been taken.
pub(super) fn broken_line(phase: Phase, words: &str) -> Refusal {
    let kind = match phase {
        Phase::Content => RefusalKind::Unknown,
        Phase::Connect | Phase::Mail | Phase::Rcpt | Phase::Data => RefusalKind::Relay,
    };
    let when = match phase {
        Phase::Connect => "",
        Phase::Mail => " (at MAIL)",
        Phase::Rcpt => " (at RCPT)",
        Phase::Data => " (at DATA)",
        Phase::Content => " (after the message)",
    };
    lasting_refusal(kind, &format!("{words}{when}"))
}

/// A refusal in our own words.
pub(super) fn lasting_refusal(kind: RefusalKind, words: &str) -> Refusal {
    Refusal { kind, reply: one_line(words) }
}

/// One printable line without addresses, for admins and their logs.
pub(super) fn one_line(words: &str) -> String {
    Text::line(&unnamed(words, None)).as_str().to_owned()
}

/// 421 closes the line; 4.3.2 and 4.4.5 are a system that has enough (RFC 3463 §3.4, §3.5).
pub(super) fn says_less(reply: &str) -> bool {
    reply.starts_with("421") || reply.starts_with('4') && (reply.contains(" 4.3.2 ") || reply.contains(" 4.4.5 "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use RefusalKind::{Relay, Unknown};

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
        let asked = broken_line(Phase::Rcpt, "RCPT TO:<reader@example.org> was answered with 199");
        assert_eq!(asked.reply, "RCPT TO:<***> was answered with 199 (at RCPT)");
    }
}
