//! A message's octets: headers for people, list headers for mail programs, and two encoded parts.
//!
//! Nothing is drawn from clock or chance: Date and Message-ID are given, the MIME boundary is made from the Message-ID, so
//! the same delivery is the same octets at every attempt. Everything is ASCII with CRLF line ends (RFC 5321 §2.3.8), both
//! parts quoted-printable, so that no relay has to change what was signed.

use super::{Rendered, encoded_word};
use crate::domain::item::hash_hex;
use crate::domain::subscriber::Address;
use crate::domain::text::Text;
use chrono::{DateTime, Utc};
use lettre::message::header::{self, ContentTransferEncoding, ContentType, HeaderName, HeaderValue, Headers};
use lettre::message::{Body, Mailbox, Mailboxes, MultiPart, SinglePart};

/// What stands over a message besides its words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head<'a> {
    /// `From`'s display name.
    pub from_name: Option<&'a str>,
    /// `From`; the configuration sees to it that its local part is ASCII.
    pub from: &'a Address,
    /// `To`: one subscriber.
    pub to: &'a Address,
    /// `Reply-To`, where it is not the sender.
    pub reply_to: Option<&'a Address>,
    /// `Date`, to the second.
    pub date: DateTime<Utc>,
    /// `<id@domain>`, the same at every attempt.
    pub message_id: &'a str,
    /// The `<id@domain>` of the message under which mail programs show this one.
    pub thread: Option<&'a str>,
    /// The list headers of subscribed mail; `None` for a confirmation, which nobody is subscribed to yet.
    pub list: Option<ListHead<'a>>,
}

/// The headers by which a mail program shows and ends a subscription (RFC 2369, 2919, 8058).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListHead<'a> {
    /// The list's name for people.
    pub name: &'a str,
    /// The list's permanent name under our domain: "updates.boards.example.org" (RFC 2919 §2).
    pub id: &'a str,
    /// Where one POST ends the subscription, without a login or a question (RFC 8058 §3.1).
    pub one_click_url: &'a str,
    /// Where a mail ends it, for programs that only know mail.
    pub unsubscribe_mailbox: Option<&'a Address>,
    /// Who runs the list.
    pub owner: Option<&'a Address>,
    /// `Feedback-ID`'s first fields: what kind of mail this is ("digest", "daily"), never who gets it.
    pub feedback: [&'a str; 2],
}

/// The whole message, ready to be signed and sent.
#[must_use]
pub fn assemble(rendered: &Rendered, head: &Head) -> Vec<u8> {
    let mut headers = Headers::new();
    let name = head.from_name.map(Text::line).and_then(Text::or_absent).map(|n| n.as_str().to_owned());
    match ascii(head.from) {
        Some(from) => headers.set(header::From::from(Mailboxes::from(Mailbox::new(name, from)))),
        None => put(&mut headers, HeaderName::new_from_ascii_str("From"), head.from.as_str().to_owned()),
    }
    put(&mut headers, HeaderName::new_from_ascii_str("To"), to_field(head.to));
    if let Some(reply_to) = head.reply_to.and_then(ascii) {
        headers.set(header::ReplyTo::from(Mailboxes::from(Mailbox::new(None, reply_to))));
    }
    put_subject(&mut headers, Text::line(&rendered.subject).as_str());
    put(&mut headers, HeaderName::new_from_ascii_str("Date"), date_field(head.date));
    headers.set(header::MessageId::from(head.message_id.to_owned()));
    if let Some(first) = head.thread {
        // RFC 5322 §3.6.4.
        put(&mut headers, HeaderName::new_from_ascii_str("In-Reply-To"), first.to_owned());
        put(&mut headers, HeaderName::new_from_ascii_str("References"), first.to_owned());
    }
    if let Some(list) = &head.list {
        put_list(&mut headers, list);
    }
    // RFC 3834 §5, and what Exchange reads instead: no out-of-office answers.
    put(&mut headers, HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    put(&mut headers, HeaderName::new_from_ascii_str("X-Auto-Response-Suppress"), "All".to_owned());
    headers.set(header::MIME_VERSION_1_0);

    // RFC 2046 §5.1.4: the plainest first.
    let parts =
        MultiPart::alternative().boundary(boundary(head.message_id)).singlepart(part(ContentType::TEXT_PLAIN, &rendered.text));
    let parts = parts.singlepart(part(ContentType::TEXT_HTML, &rendered.html));
    let mut message = headers.to_string().into_bytes();
    message.extend(parts.formatted());
    message
}

/// `To`'s value: one mailbox, which no folding cuts.
pub(super) fn to_field(to: &Address) -> String {
    // RFC 5322 §3.4: an empty group. A mailbox that is not ASCII may stand in the envelope alone.
    ascii(to).map_or_else(|| "Undisclosed recipients:;".to_owned(), |mailbox| mailbox.to_string())
}

/// `Date`'s value (RFC 5322 §3.3): always as long.
pub(super) fn date_field(date: DateTime<Utc>) -> String {
    date.format("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// The MIME boundary of the message `message_id`: always as long.
pub(super) fn boundary(message_id: &str) -> String {
    format!("=_{}", hash_hex(&[b"boundary", message_id.as_bytes()]))
}

/// How many octets `text` takes as a part: what counts for a reader's size limits.
pub(super) fn encoded_len(text: &str) -> usize {
    quoted_printable(text).len()
}

fn put_list(headers: &mut Headers, list: &ListHead) {
    let name = Text::line(list.name).as_str().replace(['<', '>', '"'], "");
    put(headers, HeaderName::new_from_ascii_str("List-Id"), format!("{name} <{}>", list.id));
    let mut ways = format!("<{}>", list.one_click_url);
    if let Some(mailbox) = list.unsubscribe_mailbox {
        ways = format!("{ways}, <mailto:{}?subject=unsubscribe>", mailbox.as_str());
    }
    put(headers, HeaderName::new_from_ascii_str("List-Unsubscribe"), ways);
    put(headers, HeaderName::new_from_ascii_str("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click".to_owned());
    if let Some(owner) = list.owner {
        put(headers, HeaderName::new_from_ascii_str("List-Owner"), format!("<mailto:{}>", owner.as_str()));
    }
    put(headers, HeaderName::new_from_ascii_str("List-Post"), "NO".to_owned());
    let [kind, cadence] = list.feedback;
    // Google's feedback loop: four fields, the last of 5 to 15 characters and the same for all our mail.
    put(headers, HeaderName::new_from_ascii_str("Feedback-ID"), format!("{kind}:{cadence}::boardwatch"));
}

/// Sets a header; the value is encoded (RFC 2047) and folded, so that it can add no other.
fn put(headers: &mut Headers, name: HeaderName, value: String) {
    headers.insert_raw(HeaderValue::new(name, value));
}

/// Sets the subject, so that a program shows a title that looks encoded as the page has it.
fn put_subject(headers: &mut Headers, words: &str) {
    match encoded_word::of(words) {
        Some(encoded) => {
            let name = HeaderName::new_from_ascii_str("Subject");
            headers.insert_raw(HeaderValue::dangerous_new_pre_encoded(name, words.to_owned(), encoded));
        }
        None => headers.set(header::Subject::from(words.to_owned())),
    }
}

fn part(kind: ContentType, text: &str) -> SinglePart {
    SinglePart::builder().header(kind).body(quoted_printable(text))
}

fn quoted_printable(text: &str) -> Body {
    Body::new_with_encoding(text.to_owned(), ContentTransferEncoding::QuotedPrintable)
        .unwrap_or_else(|_| Body::new(text.to_owned()))
}

/// The mailbox with its domain in the ASCII form of IDNA (RFC 5890 §2.3.2.1); `None` where the local part is not ASCII.
fn ascii(address: &Address) -> Option<lettre::Address> {
    let (local, domain) = address.as_str().rsplit_once('@')?;
    let domain = if domain.is_ascii() { domain.to_owned() } else { url::Host::parse(domain).ok()?.to_string() };
    lettre::Address::new(local, domain).ok().filter(|_| local.is_ascii())
}
