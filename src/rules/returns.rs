//! What comes back by mail: bounces in the words of every server, delays, receipts, complaints, auto-replies. Any bytes are
//! read; there is no error path.
//!
//! A mail is judged twice, each time purely. [`read`] says what it is; [`judge()`] says of whom, and believes nobody but our
//! own signature: a forged bounce is read like any other and concerns nobody.

mod class;
mod evidence;
mod judge;
mod parts;
mod prose;
mod replies;
mod stage;
mod status;

pub use evidence::Evidence;
pub use judge::{Judged, Ours, What, Whom, judge};

use crate::rules::refusal::{self, Enhanced};
use crate::rules::token::TOKEN_CHARS;
use mail_parser::{HeaderValue, Message, MessageParser};
use parts::Parts;

/// Longest text that is looked at, in octets: what a server says of a mail stands at its front.
const TEXT_MAX: usize = 32 * 1024;
/// Addresses and Message-IDs that are kept of one mail.
const NAMES_MAX: usize = 16;

/// What a mail is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Ours was given back for good.
    Bounce(Bounce),
    /// Ours waits; nobody has given up (RFC 3464 §2.3.3, "delayed").
    Delayed,
    /// Ours arrived, went on, was read or deleted (RFC 3464 §2.3.3, RFC 8098).
    Receipt,
    /// Its reader calls ours spam (RFC 5965).
    Complaint,
    /// A machine answered in its reader's place (RFC 3834).
    AutoReply,
    /// Anything else: a letter, spam, rubbish.
    Other,
}

/// A mail of ours that came back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bounce {
    /// What it means.
    pub class: BounceClass,
    /// Whether it is the mailbox that took nothing (it is full, say), and not the way there.
    pub blames_mailbox: bool,
    /// The status that was given (RFC 3463).
    pub status: Option<Enhanced>,
    /// What the server said, in one line.
    pub words: String,
}

/// What a bounce means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BounceClass {
    /// The address does not exist.
    Gone,
    /// It exists, or may; its mailbox or server could not take the mail.
    Soft,
    /// It is about our mail or what is thought of us.
    Ours,
}

/// A mail as it was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Returned {
    /// What it is.
    pub verdict: Verdict,
    /// What it shows for that, where it is a bounce.
    pub evidence: Evidence,
    /// Whether its subject asks to be taken off, and says nothing else.
    pub asks_to_leave: bool,
    /// What a report says of each of several recipients.
    pub said: Vec<Said>,
    /// Where it says that it came to, for those who were not told by the envelope.
    pub came_to: Vec<String>,
    /// Whom it is about: final and original recipients, and to whom the returned mail was addressed.
    pub recipients: Vec<String>,
    /// Message-IDs of mail that it returns or speaks of, without brackets.
    pub message_ids: Vec<String>,
    /// What the returned mail holds that only we can have signed, if we did: its envelope's sender, and what looks like the
    /// tokens of its links.
    pub signatures: Vec<String>,
}

/// What a report says of one recipient.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// Its names: final and original.
    pub of: Vec<String>,
    /// What became of our mail there.
    pub verdict: Verdict,
}

/// Reads what came back.
#[must_use]
pub fn read(bytes: &[u8]) -> Returned {
    let verdict = Verdict::Other;
    let (said, came_to, recipients, message_ids, signatures) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (evidence, asks_to_leave) = (Evidence::Shown, false);
    let mut returned = Returned { verdict, evidence, asks_to_leave, said, came_to, recipients, message_ids, signatures };
    let Some(message) = MessageParser::default().parse(bytes) else { return returned };
    returned.came_to = addressees(&message);
    returned.asks_to_leave = message.subject().is_some_and(|subject| subject.trim().eq_ignore_ascii_case("unsubscribe"));
    let parts = Parts::of(&message);
    let mut names = Names::default();
    let to = message.to().and_then(|to| to.first()).and_then(|to| to.address()).map(str::to_owned);
    let us: Vec<String> = parts.us.iter().cloned().chain(to).collect();
    returned.said = parts.status.as_deref().map(|fields| status::read(fields, &parts.words, &us)).unwrap_or_default();
    returned.said.iter().flat_map(|said| &said.of).for_each(|name| names.recipient(name));
    let structured = parts
        .status
        .as_deref()
        // A report that speaks of no recipient has but its words.
        .filter(|_| !returned.said.is_empty())
        .map(|_| status::verdict(&returned.said, &|name| parts.went_to(name)))
        .or_else(|| parts.feedback.as_deref().and_then(complaint))
        .or_else(|| parts.is_disposition.then(|| disposition(&parts, &us)))
        .or_else(|| is_junk_report(&message, &parts).then_some(Verdict::Complaint));
    (returned.verdict, returned.evidence) = match structured {
        Some(verdict) => (verdict, Evidence::Shown),
        None => prose::read(&message, &parts, &us, &mut names),
    };
    parts.name(&mut names);
    if let Some(header) = parts::header(&message, "In-Reply-To") {
        names.message_id(&header);
    }
    if let Some(sender) = parts.feedback.as_deref().and_then(|fields| parts::field(fields, "Original-Mail-From")) {
        returned.signatures.push(sender);
    }
    returned.signatures.extend(tokens(bytes));
    (returned.recipients, returned.message_ids) = (names.recipients, names.message_ids);
    returned
}

/// What looks like tokens of our links, wherever they stand; whether they are is for [`judge()`] to say.
fn tokens(bytes: &[u8]) -> impl Iterator<Item = String> {
    const SIGN: &[u8] = b"/one-click/";
    let found = memchr::memmem::find_iter(bytes, SIGN).map(|at| at + SIGN.len()).take(NAMES_MAX);
    found.filter_map(|at| {
        let rest = bytes.get(at..)?.iter().take(TOKEN_CHARS);
        let token: String =
            rest.map(|b| char::from(*b)).take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
        (!token.is_empty()).then_some(token)
    })
}

/// Whether a feedback report (RFC 5965 §7.3) is a complaint. A report of `not-spam` or of failed authentication is none.
fn complaint(fields: &str) -> Option<Verdict> {
    let kind = parts::field(fields, "Feedback-Type")?.to_lowercase();
    let is_complaint = ["abuse", "fraud", "virus", "opt-out", "opt-out-list", "other"].contains(&kind.trim());
    Some(if is_complaint { Verdict::Complaint } else { Verdict::Other })
}

/// What became of ours in its reader's hands; where a delivery agent says it of a mail that it refused (RFC 5429), a bounce.
fn disposition(parts: &Parts, us: &[String]) -> Verdict {
    let is_refused = parts.words.contains("automatically rejected") && refusal::gives_a_reason(&parts.words);
    let named = class::Named { them: parts.them(), us };
    if is_refused { Verdict::Bounce(class::bounce(None, &parts.words, &parts.words, named)) } else { Verdict::Receipt }
}

/// Outlook.com's junk mail reports are no ARF: our mail as an attachment, under a header of theirs or with it above ours.
fn is_junk_report(message: &Message<'_>, parts: &Parts) -> bool {
    parts.has_original
        && (parts.is_marked_junk || parts::header(message, "X-HmXmrOriginalRecipient").is_some())
        && message.subject().is_some_and(|subject| subject.to_lowercase().starts_with("complaint about message from"))
}

/// The addresses that a mail was delivered or addressed to.
fn addressees(message: &Message<'_>) -> Vec<String> {
    let mut all = Vec::new();
    for name in ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To"] {
        all.extend(parts::headers(message, name).take(NAMES_MAX));
    }
    let to = message.all_to().filter_map(|to| to.clone().into_list().into_iter().next());
    all.extend(to.filter_map(|address| address.address.map(std::borrow::Cow::into_owned)).take(NAMES_MAX));
    all.truncate(NAMES_MAX);
    all
}

/// What a mail names; each once, and not too many.
#[derive(Default)]
struct Names {
    recipients: Vec<String>,
    message_ids: Vec<String>,
}

impl Names {
    fn recipient(&mut self, raw: &str) {
        if let Some(address) = address_in(raw)
            && self.recipients.len() < NAMES_MAX
            && !self.recipients.iter().any(|known| known == address)
        {
            self.recipients.push(address.to_owned());
        }
    }

    fn message_id(&mut self, raw: &str) {
        let id = raw.trim().trim_matches(['<', '>']);
        if id.len() <= 320
            && id.contains('@')
            && self.message_ids.len() < NAMES_MAX
            && !self.message_ids.iter().any(|known| known == id)
        {
            self.message_ids.push(id.to_owned());
        }
    }
}

/// `rfc822; <a@example.org>` as well as the bare address (RFC 3464 §2.3.1).
fn address_in(raw: &str) -> Option<&str> {
    let address = raw.rsplit(';').next().unwrap_or_default().trim().trim_matches(['<', '>', '"', '\'', ' ']);
    (address.len() <= 320 && address.contains('@') && !address.contains(char::is_whitespace)).then_some(address)
}

/// The text of a header value, as far as it has one.
fn text_of(value: &HeaderValue<'_>) -> Option<String> {
    match value {
        HeaderValue::Text(text) => Some(text.to_string()),
        HeaderValue::TextList(all) => all.first().map(ToString::to_string),
        HeaderValue::Address(address) => address.first().and_then(|a| a.address()).map(str::to_owned),
        HeaderValue::DateTime(_) | HeaderValue::ContentType(_) | HeaderValue::Received(_) | HeaderValue::Empty => None,
    }
}

#[cfg(test)]
mod tests;
