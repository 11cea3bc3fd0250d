//! The parts of a mail that came back: what a person is told, what a program is told, and ours.

use super::{Names, TEXT_MAX, text_of};
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};

/// Messages within messages that are opened.
const DEPTH_MAX: usize = 4;
/// Parts of a message that are looked at.
const PARTS_MAX: usize = 64;

/// What was found, wherever it stands.
#[derive(Default)]
pub(super) struct Parts {
    /// The fields of `message/delivery-status`, or its global form (RFC 3464, RFC 6533).
    pub(super) status: Option<String>,
    /// Those of `message/feedback-report` (RFC 5965).
    pub(super) feedback: Option<String>,
    /// Whether it tells what became of a mail in its reader's hands (RFC 8098).
    pub(super) is_disposition: bool,
    /// What a person is told.
    pub(super) words: String,
    /// Whether it returns a message or the head of one.
    pub(super) has_original: bool,
    recipients: Vec<String>,
    message_ids: Vec<String>,
}

impl Parts {
    pub(super) fn of(message: &Message<'_>) -> Self {
        let mut parts = Self { words: words_of(message), ..Self::default() };
        parts.look(message, 0);
        parts
    }

    /// Whether the returned mail was addressed to `name`.
    pub(super) fn went_to(&self, name: &str) -> bool {
        self.recipients.iter().any(|recipient| recipient.eq_ignore_ascii_case(name))
    }

    fn look(&mut self, message: &Message<'_>, depth: usize) {
        for part in message.parts.iter().take(PARTS_MAX) {
            match kind_of(part).as_str() {
                "message/delivery-status" | "message/global-delivery-status" => {
                    self.status.get_or_insert_with(|| contents(part));
                }
                "message/feedback-report" => {
                    self.feedback.get_or_insert_with(|| contents(part));
                }
                "message/disposition-notification" | "message/global-disposition-notification" => self.is_disposition = true,
                "text/rfc822-headers" | "message/global-headers" => {
                    if let Some(head) = MessageParser::default().parse_headers(contents(part).as_bytes()) {
                        self.original(&head);
                    }
                }
                _ => {}
            }
        }
        let is_report = self.status.is_some() || self.feedback.is_some() || self.is_disposition;
        for part in message.parts.iter().take(PARTS_MAX) {
            let PartType::Message(inner) = &part.body else { continue };
            // A report that a machine's forwarding wrapped is the report; in a report, the message is ours. What a person
            // forwards was sent to them, and is about their own mail.
            let is_opened = !is_report && depth < DEPTH_MAX && is_by_machine(message);
            let nested = if is_opened { Self::nested(inner, depth + 1) } else { None };
            match nested {
                Some(nested) => {
                    *self = nested;
                    return;
                }
                None => self.original(inner),
            }
        }
    }

    /// What a message within a message says, where it is a report.
    fn nested(message: &Message<'_>, depth: usize) -> Option<Self> {
        let mut parts = Self { words: words_of(message), ..Self::default() };
        parts.look(message, depth);
        (parts.status.is_some() || parts.feedback.is_some()).then_some(parts)
    }

    fn original(&mut self, message: &Message<'_>) {
        self.has_original = true;
        self.message_ids.extend(message.message_id().map(str::to_owned));
        let to = message.to().and_then(|to| to.first()).and_then(|to| to.address());
        self.recipients.extend(to.map(str::to_owned));
        self.recipients.extend(header(message, "X-HmXmrOriginalRecipient"));
        if let Some(original) = self.feedback.as_deref().and_then(|fields| field(fields, "Original-Rcpt-To")) {
            self.recipients.push(original);
        }
    }

    /// Adds what it names.
    pub(super) fn name(&self, names: &mut Names) {
        self.recipients.iter().for_each(|recipient| names.recipient(recipient));
        self.message_ids.iter().for_each(|id| names.message_id(id));
    }
}

/// Whether nobody is there to answer: the null sender, or a daemon's where no path is given.
pub(super) fn is_by_machine(message: &Message<'_>) -> bool {
    // An empty path has no text.
    match headers(message, "Return-Path").next() {
        Some(path) => path.trim_matches(['<', '>', ' ']).is_empty(),
        None if message.headers().iter().any(|header| header.name.as_str().eq_ignore_ascii_case("Return-Path")) => true,
        None => super::prose::is_daemon(message),
    }
}

/// What a person is told, cut to a length worth reading.
fn words_of(message: &Message<'_>) -> String {
    let mut words = message.body_text(0).unwrap_or_default().into_owned();
    let mut end = words.len().min(TEXT_MAX);
    while !words.is_char_boundary(end) {
        end -= 1;
    }
    words.truncate(end);
    words
}

fn kind_of(part: &MessagePart<'_>) -> String {
    let kind = part.content_type().map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()));
    kind.unwrap_or_default().to_lowercase()
}

fn contents(part: &MessagePart<'_>) -> String {
    let bytes = part.contents();
    String::from_utf8_lossy(bytes.get(..TEXT_MAX).unwrap_or(bytes)).into_owned()
}

/// The first field `name` of some `name: value` lines, with what follows it in folded lines.
pub(super) fn field(fields: &str, name: &str) -> Option<String> {
    let mut lines = fields.lines();
    let mut value = lines.find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })?;
    for line in lines.take_while(|line| line.starts_with([' ', '\t']) && !line.trim().is_empty()) {
        value.push(' ');
        value.push_str(line.trim());
    }
    Some(value)
}

/// The first header `name`.
pub(super) fn header(message: &Message<'_>, name: &str) -> Option<String> {
    headers(message, name).next()
}

/// All headers `name`.
pub(super) fn headers<'a>(message: &'a Message<'_>, name: &'a str) -> impl Iterator<Item = String> + 'a {
    let found = message.headers().iter().filter(move |header| header.name.as_str().eq_ignore_ascii_case(name));
    found.filter_map(|header| text_of(&header.value))
}
