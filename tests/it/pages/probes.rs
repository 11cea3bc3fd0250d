//! What holds for any bytes, as functions that panic where it does not: the fuzz targets and the tests call the same ones.

use boardwatch::domain::item::{Extraction, Item, Outcome};
use boardwatch::domain::source::{Platform, Select};
use boardwatch::domain::text::{LINE_CHARS_MAX, SafeHtml, Text};
use boardwatch::rules::decode;
use boardwatch::rules::extract::{Page, extract, extract_item};
use boardwatch::rules::facts::{commitments, dates, decisions, documents, next_meeting, sections};
use std::collections::HashSet;
use url::Url;

/// Every platform that a source can name.
const PLATFORMS: [Platform; 13] = [
    Platform::Auto,
    Platform::Page,
    Platform::Feed,
    Platform::ContensisBlog,
    Platform::ModerngovIssue,
    Platform::ModerngovItem,
    Platform::ModerngovMeeting,
    Platform::ModerngovDecision,
    Platform::ModerngovDecisions,
    Platform::Cmis,
    Platform::Jadu,
    Platform::LocalgovDrupal,
    Platform::Govuk,
];

/// A probe and its name.
pub type Named = (&'static str, fn(&[u8]));

/// The probes by name.
pub const ALL: [Named; 5] = [("page", page), ("feed", feed), ("bytes", bytes), ("words", words), ("markup", markup)];

/// Bytes that choose how the rest is read, one for each platform and both ways of reading: control characters, with which
/// no page begins.
pub fn choices() -> impl Iterator<Item = u8> {
    (1..=u8::try_from(2 * PLATFORMS.len()).unwrap_or(u8::MAX)).filter(|byte| !b"\t\n\r".contains(byte))
}

/// A page, read as its first byte says, else as `auto`: as a listing and as an item's own page.
pub fn page(data: &[u8]) {
    let (choice, body) = match data.split_first() {
        Some((first, rest)) if choices().any(|byte| byte == *first) => (usize::from(*first - 1), rest),
        _ => (0, data),
    };
    let platform = PLATFORMS[choice / 2];
    let url = Url::parse("https://www.example.org/news/2020?page=1").expect("an address");
    let page = Page { url: &url, status: 200, content_type: None, body };
    if choice % 2 == 0 {
        check(&extract(&page, platform, &Select::default()));
    } else if let Ok(item) = extract_item(&page, platform, &Select::default(), &listed()) {
        check_item(&item);
    }
}

/// A feed, or what should be one.
pub fn feed(data: &[u8]) {
    let url = Url::parse("https://www.example.org/news.xml").expect("an address");
    check(&extract(&Page { url: &url, status: 200, content_type: None, body: data }, Platform::Feed, &Select::default()));
}

/// A body with the type that its first line names.
pub fn bytes(data: &[u8]) {
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (head, body) = data.split_at(end);
    let decoded = decode::decode(body, std::str::from_utf8(head).ok());
    assert!(!decoded.text.contains('\0'));
    if std::str::from_utf8(body).is_ok_and(|text| text.is_ascii() && !text.contains('\0')) && head.is_empty() {
        assert!(decoded.text.len() <= body.len());
    }
}

/// Words, as the readers of facts see them.
pub fn words(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut end = 0;
    for date in dates::find(&text) {
        assert!(text.get(date.span.clone()).is_some() && date.span.start >= end, "spans lie in the text, one after another");
        assert!(date.last_day.is_none_or(|last| last > date.day));
        end = date.span.end;
    }
    let paragraphs: Vec<String> = text.lines().map(str::to_owned).collect();
    for decision in decisions::read(&paragraphs, None) {
        assert!(!decision.text.is_empty());
    }
    let lines: Vec<&str> = text.lines().collect();
    let after = dates::find(&text).first().map(|date| date.day);
    let _ = next_meeting::read(&lines, after);
    for commitment in commitments::read(&lines, after) {
        assert!(!commitment.quote.is_empty());
    }
    for line in &paragraphs {
        let _ = sections::heading(line);
        let _ = documents::document(line, None);
    }
    let line = Text::line(&text);
    assert!(line.as_str().chars().count() <= LINE_CHARS_MAX && Text::line(line.as_str()) == line);
    assert_eq!(Text::new(Text::new(&text).as_str()), Text::new(&text));
}

/// Markup for the sanitiser.
pub fn markup(data: &[u8]) {
    let base = Url::parse("https://www.example.org/").expect("an address");
    check_html(&SafeHtml::sanitise(&String::from_utf8_lossy(data), Some(&base)));
}

/// What every answer keeps, whatever the bytes.
pub fn check(extraction: &Extraction) {
    assert_eq!(extraction.outcome == Outcome::Items, !extraction.items.is_empty());
    assert_ne!(extraction.platform, Platform::Auto);
    let mut keys = HashSet::new();
    for item in &extraction.items {
        assert!(keys.insert(&item.key), "one key, one item: {}", item.key);
        check_item(item);
    }
}

fn check_item(item: &Item) {
    assert!(!item.key.is_empty());
    let title = item.title.as_str();
    assert!(title.chars().count() <= LINE_CHARS_MAX && !title.contains(['\n', '\r']));
    assert!(matches!(item.url.scheme(), "http" | "https"));
    item.html.iter().for_each(check_html);
}

fn check_html(html: &SafeHtml) {
    assert_eq!(&SafeHtml::sanitise(html.as_str(), None), html);
}

/// An item as a listing names it.
fn listed() -> Item {
    let url = Url::parse("https://www.example.org/news").expect("an address");
    let body = b"<rss version='2.0'><channel><item><title>Plan</title><link>https://www.example.org/news/2020</link></item></channel></rss>";
    let mut read = extract(&Page { url: &url, status: 200, content_type: None, body }, Platform::Feed, &Select::default());
    read.items.pop().expect("an item")
}
