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
    /// Whether what it returns bears the mark of Outlook.com's junk reports.
    pub(super) is_marked_junk: bool,
    /// Who wrote what it returns, and to whom it came.
    pub(super) us: Vec<String>,
    recipients: Vec<String>,
    message_ids: Vec<String>,
}

impl Parts {
    pub(super) fn of(message: &Message<'_>) -> Self {
        let mut parts = Self { words: words_of(message), ..Self::default() };
        parts.look(message, 0);
        if parts.status.is_none() && is_status_report(message) {
            parts.status = fields_in(&parts.words).map(str::to_owned);
        }
        parts
    }

    /// Whom the returned mail was addressed to.
    pub(super) fn them(&self) -> &[String] {
        &self.recipients
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
        let junk = header(message, "X-HmXmrOriginalRecipient");
        self.is_marked_junk |= junk.is_some();
        self.recipients.extend(junk);
        self.us.extend(["From", "Sender", "Return-Path"].iter().filter_map(|name| header(message, name)));
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

/// Who takes an answer to a mail, by its envelope (RFC 5321 §4.4).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Path {
    /// Nobody: the null sender, or a daemon.
    Nobody,
    /// Somebody.
    Somebody,
    /// It was not handed on: mailboxes and exports need not keep it.
    Untold,
}

impl Path {
    pub(super) fn of(message: &Message<'_>) -> Self {
        // An empty path has no text.
        match headers(message, "Return-Path").next() {
            Some(path) => {
                let path = path.trim_matches(['<', '>', ' ']).to_lowercase();
                let is_daemon = path.is_empty() || super::prose::is_a_daemon(path.split('@').next().unwrap_or_default());
                match is_daemon {
                    true => Self::Nobody,
                    // A list's own.
                    false if header(message, "List-Id").is_some() => Self::Untold,
                    false => Self::Somebody,
                }
            }
            None if message.headers().iter().any(|header| header.name.as_str().eq_ignore_ascii_case("Return-Path")) => {
                Self::Nobody
            }
            None => Self::Untold,
        }
    }
}

/// Whether its envelope says that nobody sent it.
pub(super) fn is_null(message: &Message<'_>) -> bool {
    Path::of(message) == Path::Nobody
        && headers(message, "Return-Path").next().is_none_or(|path| path.trim_matches(['<', '>', ' ']).is_empty())
}

/// Whether nobody is there to answer: the null sender, or a daemon's where no path is given.
pub(super) fn is_by_machine(message: &Message<'_>) -> bool {
    match Path::of(message) {
        Path::Nobody => true,
        Path::Somebody => false,
        Path::Untold => super::prose::is_daemon(message),
    }
}

/// Whether a mail calls itself a report on a delivery, though its parts may not be found.
pub(super) fn is_status_report(message: &Message<'_>) -> bool {
    let kind = message.content_type();
    kind.is_some_and(|kind| {
        let is_report = kind.ctype().eq_ignore_ascii_case("multipart")
            && kind.subtype().is_some_and(|subtype| subtype.eq_ignore_ascii_case("report"));
        is_report && kind.attribute("report-type").is_some_and(|report| report.eq_ignore_ascii_case("delivery-status"))
    })
}

/// A report's fields where its parts cannot be told from each other: from the first such line to the next boundary.
fn fields_in(words: &str) -> Option<&str> {
    const FIRST: &[&str] = &["reporting-mta:", "original-recipient:", "final-recipient:"];
    let mut at = 0;
    let mut starts = None;
    for line in words.split_inclusive('\n') {
        let is_field = FIRST.iter().any(|name| line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)));
        match starts {
            None if is_field => starts = Some(at),
            Some(start) if line.starts_with("--") => return words.get(start..at),
            _ => {}
        }
        at += line.len();
    }
    words.get(starts?..)
}

/// What a person is told, cut to a length worth reading; all of it where no part can be found.
fn words_of(message: &Message<'_>) -> String {
    let mut words = message.body_text(0).unwrap_or_default().into_owned();
    if words.trim().is_empty() {
        let raw = message.raw_message();
        let head = memchr::memmem::find(raw, b"\r\n\r\n").or_else(|| memchr::memmem::find(raw, b"\n\n")).unwrap_or(raw.len());
        let body = raw.get(head..).unwrap_or_default();
        words = String::from_utf8_lossy(body.get(..TEXT_MAX).unwrap_or(body)).into_owned();
    }
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
