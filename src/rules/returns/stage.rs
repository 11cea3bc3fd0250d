//! Which command a server refused, as bounces tell it: what follows the greeting or MAIL FROM is never about the recipient.

use crate::rules::refusal::Phase::{self, Connect, Content, Mail, Rcpt};

/// What stands before the reply to a command, in lower case: Exim, sendmail, `DragonFly`, qmail, Postfix,
/// `InterScan`, 1&1, `hMailServer`.
/// Where several recipients or commands are told of, the last one counts. Sendmail sends DATA before it has read the
/// reply to RCPT TO, so its `>>> data` says nothing.
const BEFORE: &[(&str, Phase)] = &[
    ("after initial connection", Connect),
    ("after ehlo", Connect),
    ("after helo", Connect),
    ("after starttls", Connect),
    ("after mail from", Mail),
    ("after pipelined mail from", Mail),
    ("after sending mail from", Mail),
    ("after rcpt to", Rcpt),
    ("after pipelined rcpt to", Rcpt),
    ("after end of data", Content),
    ("after pipelined end of data", Content),
    (">>> ehlo", Connect),
    (">>> helo", Connect),
    (">>> mail from", Mail),
    (">>> rcpt to", Rcpt),
    (">>> data", Rcpt),
    ("<<< rcpt to", Rcpt),
    ("did not like our ehlo", Connect),
    ("did not like our mail from", Mail),
    ("did not like our rcpt to", Rcpt),
    ("did not like our final data", Content),
    ("my name was rejected", Connect),
    ("sender was rejected", Mail),
    ("does not like recipient", Rcpt),
    ("failed after i sent the message", Content),
    ("refused to talk to me", Connect),
    ("for mail from command", Mail),
    ("for rcpt to command", Rcpt),
    ("for text command", Content),
    ("sent: mail from", Mail),
    ("sent: rcpt to", Rcpt),
];

/// What stands behind it: Postfix, Yahoo.
const BEHIND: &[(&str, Phase)] = &[
    ("in reply to ehlo", Connect),
    ("in reply to helo", Connect),
    ("in reply to mail from", Mail),
    ("in reply to rcpt to", Rcpt),
    ("in reply to end of data", Content),
    ("[mail_from]", Mail),
    ("[rcpt_to]", Rcpt),
    ("[body]", Content),
];

/// How far from the reply its command may stand, in octets.
const NEAR: usize = 600;
/// What is enough of a reply to find it again, in octets.
const TELLING: usize = 40;

/// In answer to which command `words` quote `reply`; to RCPT TO where they do not say.
pub(super) fn of(words: &str, reply: &str) -> Phase {
    let (words, reply) = (even(words), even(reply));
    let start = reply_in(&reply).unwrap_or(&reply);
    let key = start.get(..floor(start, TELLING)).unwrap_or_default();
    if key.is_empty() {
        return Rcpt;
    }
    // A summary may quote the reply before the transcript does.
    words.match_indices(key).find_map(|(at, _)| near(&words, at)).unwrap_or(Rcpt)
}

/// The command that stands nearest before or behind `at`.
fn near(words: &str, at: usize) -> Option<Phase> {
    let before = words.get(floor(words, at.saturating_sub(NEAR))..at)?;
    let last = BEFORE.iter().filter_map(|(sign, phase)| Some((before.rfind(sign)?, *phase))).max_by_key(|(at, _)| *at);
    let behind = words.get(at..floor(words, at + NEAR))?;
    let first = BEHIND.iter().filter_map(|(sign, phase)| Some((behind.find(sign)?, *phase))).min_by_key(|(at, _)| *at);
    last.or(first).map(|(_, phase)| phase)
}

/// From the reply's code on, where even words have one.
pub(super) fn reply_in(words: &str) -> Option<&str> {
    let is_code = |word: &str| {
        let code = word.split('-').next().unwrap_or_default();
        code.len() == 3 && code.starts_with(['4', '5']) && code.bytes().all(|b| b.is_ascii_digit())
    };
    let mut at = 0;
    for word in words.split(' ') {
        if is_code(word) {
            return words.get(at..);
        }
        at += word.len() + 1;
    }
    None
}

/// Lower case, with one space between words.
pub(super) fn even(words: &str) -> String {
    words.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The last boundary of characters at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
