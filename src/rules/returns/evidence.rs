//! What a bounce in prose shows for what it says. Who once had a mail of ours has a return address that is in order, and may sell it
//! to those who write of parcels and full mailboxes: only what was sent to a server, or what a server said, makes a bounce of that.

use super::parts::field;
use crate::rules::refusal::{Enhanced, gives_a_reason};

/// Why a bounce may be believed, as far as the mail itself says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Evidence {
    /// It is a report for programs, returns our mail or its head, or quotes what a server said.
    Shown,
    /// It has but words and names these addresses: it is one where our reader's is among them.
    Names(Vec<String>),
}

/// Lines with which a copy of the returned mail begins.
const COPY_SIGNS: &[&str] = &[
    "--- below this line",
    "------ this is a copy",
    "this is a copy of the message",
    "original message follows",
    "original message -----",
    "-----original message",
    "----- original message",
    "contents of the undelivered mail",
    "returned message -----",
    "is a copy of the original message",
    "unsent message",
    "header of the original message",
    "headers of your message",
    "header of the message",
    "message header follows",
    "message headers follow",
    "the header and top",
    "returned message ----",
    "--- kopie der nachricht",
    "en-têtes du message",
    "return-path:",
    "received: from",
];

/// Header lines that make the head of a mail where nothing announces it.
const HEAD_LINES: usize = 3;

/// Headers of mails. The fields of a report bear other names.
const HEADERS: &[&str] = &[
    "from",
    "to",
    "subject",
    "date",
    "cc",
    "sender",
    "received",
    "reply-to",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "return-path",
    "in-reply-to",
    "references",
    "auto-submitted",
    "precedence",
    "dkim-signature",
    "list-id",
    "list-help",
    "list-unsubscribe",
    "list-unsubscribe-post",
];

/// Those of them that a summary for people has, too.
const FOR_PEOPLE: &[&str] = &["from", "to", "subject", "date", "cc", "sender"];

/// Lines below a reply's code that may say why.
const REASON_LINES: usize = 3;

impl Evidence {
    /// What these `words` show, under this `subject`, where nothing else does; `us` are our own addresses. Whoever bears the name that
    /// only mail systems bear (`is_agent`) need not say whom ours was for, if they return its head.
    pub(super) fn of(words: &str, subject: &str, us: &[String], is_agent: bool) -> Self {
        let above = format!("{subject}\n{}", above_the_copy(words));
        let is_us = |address: &str| us.iter().any(|us| us.eq_ignore_ascii_case(address));
        let named: Vec<String> = addresses(&above).filter(|address| !is_us(address)).take(NAMED_MAX).map(str::to_owned).collect();
        let is_returned = head_in(words).is_some_and(|head| is_agent || !named.is_empty() || names_whom(&above, &head));
        if is_returned || quotes_a_reply(&above) { Self::Shown } else { Self::Names(named) }
    }
}

/// Addresses of one mail that are looked at.
const NAMED_MAX: usize = 16;

/// The words above the copy of the returned mail.
pub(super) fn above_the_copy(words: &str) -> String {
    let head = head_at(words).unwrap_or(usize::MAX);
    let is_copy = |line: &str| {
        let line = line.trim_start_matches([' ', '|']).to_lowercase();
        COPY_SIGNS.iter().any(|sign| line.contains(sign))
    };
    let lines: Vec<&str> =
        words.lines().enumerate().take_while(|(at, line)| *at < head && !is_copy(line)).map(|(_, line)| line).collect();
    lines.join("\n")
}

/// The head of a mail that a text holds, and what follows it.
fn head_in(words: &str) -> Option<String> {
    let at = head_at(words)?;
    let lines: Vec<&str> = words.lines().skip(at).map(unquoted).collect();
    Some(lines.join("\n"))
}

/// The line on which the head of a mail begins: some headers one below the other, folded or not, not all of which are for people.
fn head_at(words: &str) -> Option<usize> {
    let (mut begin, mut known, mut telling) = (0, 0, false);
    for (at, line) in words.lines().map(unquoted).enumerate() {
        let is_folded = known > 0 && line.starts_with([' ', '\t']) && !line.trim().is_empty();
        if is_folded {
            continue;
        }
        let name = line.split_once(':').map(|(name, _)| name.to_lowercase());
        let name = name.filter(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
        let Some(name) = name else {
            (known, telling) = (0, false);
            continue;
        };
        if known == 0 {
            begin = at;
        }
        if HEADERS.contains(&name.as_str()) {
            known += 1;
            telling |= !FOR_PEOPLE.contains(&name.as_str());
        }
        if known >= HEAD_LINES && telling {
            return Some(begin);
        }
    }
    None
}

/// A line without the marks of quotation.
fn unquoted(line: &str) -> &str {
    let bare = line.trim_start_matches(['>', '|']);
    if bare.len() == line.len() { line } else { bare.strip_prefix(' ').unwrap_or(bare) }
}

/// Whether the words above a returned head name whom that is addressed to, if but by what stands before the `@`.
fn names_whom(above: &str, head: &str) -> bool {
    let to = field(head, "To").unwrap_or_default().to_lowercase();
    let Some(local) = addresses(&to).next().and_then(|to| to.rsplit_once('@')).map(|(local, _)| local) else { return false };
    let is_end = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | ':' | '"' | '\'');
    above.to_lowercase().split(is_end).any(|word| word == local)
}

/// Whether a server's reply is quoted: a code, and what it is about behind it or below; or, as qmail and Exchange write, a status in
/// brackets behind it.
fn quotes_a_reply(above: &str) -> bool {
    let lines: Vec<&str> = above.lines().collect();
    lines.iter().enumerate().any(|(at, line)| {
        let below = lines.get(at + 1..(at + REASON_LINES).min(lines.len())).unwrap_or_default().join(" ");
        let mut begin = 0;
        line.split_inclusive(char::is_whitespace).any(|word| {
            begin += word.len();
            let word = word.trim();
            let behind = line.get(begin..).unwrap_or_default();
            let follows = |behind: &str| behind.split_whitespace().next().is_some_and(is_status) || gives_a_reason(behind);
            let is_code = is_reply_code(word) || is_status(word);
            (is_code && (follows(behind) || follows(&format!("{behind} {below}")))) || (word.contains('#') && is_status(word))
        })
    })
}

/// Whether a word is a reply code (RFC 5321 §4.2.1), 4xx or 5xx.
pub(super) fn is_reply_code(word: &str) -> bool {
    let bare = word.trim_matches(['(', ')', '#', ':', ',', '<', '>', '[', ']', '"']);
    let code = bare.split('-').next().unwrap_or_default();
    code.len() == 3 && code.starts_with(['4', '5']) && code.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a word is a status (RFC 3463) that says no.
pub(super) fn is_status(word: &str) -> bool {
    Enhanced::parse(word).is_some_and(|status| status.class != 2)
}

/// Words that are addresses.
pub(super) fn addresses(text: &str) -> impl Iterator<Item = &str> {
    let is_end = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | ',' | ';' | '"' | '\u{a0}');
    let words = text.split(is_end).map(|word| word.trim_matches([':', '.', '\'', '*']));
    let words = words.map(|word| word.strip_prefix("SMTP:").or_else(|| word.strip_prefix("mailto:")).unwrap_or(word));
    words.filter(|word| word.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.')))
}
