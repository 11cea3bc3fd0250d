//! One entry of a feed as an item.

use crate::domain::evidence::Fact;
use crate::domain::item::{Document, Item, hash_hex};
use crate::domain::text::{SafeHtml, Text};
use crate::rules::extract::document::{Document as Page, Parsed};
use crate::rules::extract::page::attached;
use crate::rules::extract::text::{collapsed, decoded};
use crate::rules::extract::trail::Trail;
use crate::rules::extract::{key, moment};
use feed_rs::model::{Entry, Link};
use url::Url;

/// The item that an entry is; `None` for one without id, link and title. `trusts_id`: no other entry has the same id with
/// another link.
pub(super) fn item(entry: &Entry, feed: &Url, trusts_id: bool) -> Option<Item> {
    let title = entry.title.as_ref().and_then(|title| one_line(&title.content));
    let id = Some(entry.id.trim()).filter(|id| !id.is_empty());
    let link = link(entry, feed).or_else(|| id.and_then(web_address));
    let key = match (id.filter(|_| trusts_id), &link, &title) {
        (Some(id), _, _) => web_address(id).map_or_else(|| id.to_owned(), |address| key::canonical(&address)),
        (None, Some(link), _) => key::canonical(link),
        (None, None, Some(title)) => hash_hex(&[b"entry", title.as_str().as_bytes()]),
        (None, None, None) => return None,
    };
    let when = entry.published.or(entry.updated).map(moment::day_and_time);
    let changed = entry.updated.filter(|_| entry.published.is_some()).map(|at| moment::day_and_time(at).0);
    let changed = changed.filter(|day| when.is_none_or(|(published, _)| *day > published));
    let url = link.unwrap_or_else(|| feed.clone());
    let body = body(entry, &url).unwrap_or_default();
    let name = title.or_else(|| body.text.as_ref().and_then(|text: &Text| one_line(text.as_str().lines().next()?)));
    let mut documents = documents(entry, feed);
    for linked in body.documents {
        if documents.iter().all(|known| known.url != linked.url) {
            documents.push(linked);
        }
    }
    Some(Item {
        documents,
        published: when.map(|(day, _)| day),
        published_at: when.and_then(|(_, time)| time),
        updated: changed,
        text: body.text,
        html: body.html,
        ..Item::bare(key, name.unwrap_or_else(|| Text::line(url.path())), url)
    })
}

/// What an entry's content says.
#[derive(Default)]
struct Body {
    text: Option<Text>,
    html: Option<SafeHtml>,
    /// Files that it links to.
    documents: Vec<Document>,
}

/// Notes which of the entry's elements its facts come from.
pub(super) fn note(entry: &Entry, item: &Item, trail: &Trail) {
    if !trail.is_kept() {
        return;
    }
    match &entry.title {
        Some(title) => trail.note_words(Fact::Title, "the entry's title", Some("title"), &title.content),
        None => trail.note_words(Fact::Title, "the entry's first words, as it has no title", None, item.title.as_str()),
    }
    let when = match (entry.published, entry.updated) {
        (Some(at), _) => Some((at, "the entry's day of publication (pubDate, published, date_published)", "pubDate, published")),
        (None, Some(at)) => Some((at, "the entry's last update, as it names no day of publication", "updated")),
        (None, None) => None,
    };
    if let Some((at, rule, element)) = when {
        trail.note_words(Fact::Published, rule, Some(element), &at.to_rfc3339());
    }
    if let Some(first) = item.text.as_ref().and_then(|text| text.as_str().lines().next()) {
        let (rule, element) = if entry.content.as_ref().is_some_and(|content| content.body.is_some()) {
            ("the entry's content", "content, content:encoded")
        } else {
            ("the entry's summary, as it has no content", "description, summary")
        };
        trail.note_words(Fact::Text, rule, Some(element), first);
    }
    for document in &item.documents {
        let encloses = |url: &Url| {
            let of_media = entry.media.iter().flat_map(|media| &media.content).any(|content| content.url.as_ref() == Some(url));
            of_media || entry.links.iter().any(|link| is_attachment(link) && url.as_str().ends_with(link.href.as_str()))
        };
        let (rule, element) = if document.url.as_ref().is_some_and(encloses) {
            ("an enclosure of the entry", "enclosure")
        } else {
            ("a file that the entry's content links to", "a")
        };
        trail.note_words(Fact::Document, rule, Some(element), document.title.as_str());
    }
    trail.belongs_to(&item.key);
}

/// A title: tags away, entities decoded as often as they were encoded, up to twice.
pub(super) fn one_line(raw: &str) -> Option<Text> {
    /// More than enough for a title with its markup.
    const CHARS_MAX: usize = 16 * 1024;
    let raw = raw.char_indices().nth(CHARS_MAX).and_then(|(end, _)| raw.get(..end)).unwrap_or(raw);
    let once = decoded(&without_tags(raw));
    Text::line(&decoded(&collapsed(&once))).or_absent()
}

/// Markup that titles carry ("<b>Board</b> update"); a lone `<` is a word.
fn without_tags(raw: &str) -> String {
    const IN_TITLES: &[&str] =
        &["a", "abbr", "b", "br", "div", "em", "font", "i", "p", "small", "span", "strong", "sub", "sup", "u"];
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        let name: String = after.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        let behind =
            after.split_once('>').filter(|_| IN_TITLES.contains(&name.to_ascii_lowercase().as_str())).map(|(_, behind)| behind);
        if behind.is_none() {
            out.push('<');
        }
        rest = behind.unwrap_or(after);
    }
    out + rest
}

fn web_address(raw: &str) -> Option<Url> {
    Url::parse(raw.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// The entry's own page: RFC 4287 §4.2.7.2, a link without `rel` is an alternate.
fn link(entry: &Entry, feed: &Url) -> Option<Url> {
    let is_page =
        |link: &&Link| link.rel.as_deref().is_none_or(|rel| rel == "alternate") && !is_attachment(link) && link.target.is_none();
    entry
        .links
        .iter()
        .filter(is_page)
        .find_map(|link| web_address(&link.href).or_else(|| web_address(feed.join(link.href.trim()).ok()?.as_str())))
}

/// JSON Feed's attachments come as links with a media type, Atom's as enclosures.
fn is_attachment(link: &Link) -> bool {
    match link.rel.as_deref() {
        Some("enclosure") => true,
        None => link.media_type.as_deref().is_some_and(|kind| kind != "text/html"),
        Some(_) => false,
    }
}

fn body(entry: &Entry, base: &Url) -> Option<Body> {
    let content = entry.content.as_ref().and_then(|content| Some((content.body.as_deref()?, content.content_type.to_string())));
    let summary = entry.summary.as_ref().map(|summary| (summary.content.as_str(), summary.content_type.to_string()));
    [content, summary].into_iter().flatten().find_map(|(raw, kind)| {
        let is_markup = kind.contains("html") || kind.contains("xml") || raw.contains("</");
        let markup = match (is_markup, raw.contains('<')) {
            (true, true) => raw.to_owned(),
            // Words with entities, as most descriptions are: blank lines part paragraphs.
            (true, false) => paragraphs(raw.replace("\r\n", "\n").split("\n\n")),
            (false, _) => paragraphs(escaped(raw).lines()),
        };
        // Encoded twice, markup would be read as words.
        let twice = is_markup && !raw.contains('<') && raw.contains("&lt;");
        let markup = if twice { decoded_markup(raw) } else { markup };
        let parsed = Parsed::of(&markup, base).ok()?;
        let page = Page::of(&parsed, &Trail::default());
        let mut lines = page.lines();
        if lines.last().is_some_and(|line| is_signature(&line.text)) {
            lines.pop();
        }
        let (text, html) = page.body(&lines);
        (!text.is_empty()).then(|| Body { text: Some(text), html: Some(html), documents: attached(&lines) })
    })
}

/// "The post Budget appeared first on Anytown News", which blogs put under every entry.
fn is_signature(text: &str) -> bool {
    text.starts_with("The post ") && text.contains(" appeared first on ")
}

fn decoded_markup(raw: &str) -> String {
    raw.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

fn paragraphs<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    parts.filter(|part| !part.trim().is_empty()).map(|part| ["<p>", part, "</p>"].concat()).collect()
}

fn escaped(plain: &str) -> String {
    plain.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn documents(entry: &Entry, feed: &Url) -> Vec<Document> {
    let of_media = entry.media.iter().flat_map(|media| {
        let title = media.title.as_ref().map(|title| title.content.clone());
        media.content.iter().filter_map(move |content| {
            let kind = content.content_type.as_ref().map(ToString::to_string);
            Some((content.url.clone()?, title.clone(), kind, content.size))
        })
    });
    let of_links = entry
        .links
        .iter()
        .filter(|link| is_attachment(link))
        .filter_map(|link| Some((feed.join(&link.href).ok()?, link.title.clone(), link.media_type.clone(), link.length)));
    let mut found: Vec<Document> = Vec::new();
    for (url, title, media_type, bytes) in of_media.chain(of_links) {
        let media_type = media_type.unwrap_or_default().to_ascii_lowercase();
        let fetchable = matches!(url.scheme(), "http" | "https");
        // Pictures illustrate; they are no papers.
        if !fetchable || media_type.starts_with("image/") || found.iter().any(|known| known.url.as_ref() == Some(&url)) {
            continue;
        }
        let name = title.as_deref().and_then(one_line).or_else(|| one_line(&file_name(&url)));
        found.push(Document {
            title: name.unwrap_or_else(|| Text::line(url.as_str())),
            kind: kind(&media_type, &url),
            size: bytes.and_then(size),
            url: Some(url),
            restricted: false,
        });
    }
    found
}

fn file_name(url: &Url) -> String {
    let last = url.path_segments().and_then(|mut segments| segments.next_back()).unwrap_or_default();
    // The parser of forms decodes `%20`; a `+` in a path is a plus.
    let form = format!("n={}", last.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(form.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn kind(media_type: &str, url: &Url) -> Option<String> {
    let by_type = match media_type.split(';').next().unwrap_or_default().trim() {
        "application/pdf" => "pdf",
        "application/msword" => "doc",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "application/vnd.ms-excel" => "xls",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation" => "pptx",
        "application/vnd.oasis.opendocument.text" => "odt",
        "application/rtf" | "text/rtf" => "rtf",
        "application/zip" => "zip",
        "text/csv" => "csv",
        "text/calendar" => "ics",
        "text/html" => "html",
        "audio/mpeg" => "mp3",
        "video/mp4" => "mp4",
        _ => "",
    };
    if !by_type.is_empty() {
        return Some(by_type.to_owned());
    }
    let name = file_name(url).to_ascii_lowercase();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension)?;
    let plausible = (2..=4).contains(&extension.len()) && extension.bytes().all(|b| b.is_ascii_alphanumeric());
    (plausible && !matches!(extension, "aspx" | "ashx" | "php" | "asp" | "jsp")).then(|| extension.to_owned())
}

/// "468 KB" as council pages write it; a feed that does not know says 0 or 1.
fn size(bytes: u64) -> Option<String> {
    const KB: u64 = 1024;
    match bytes {
        0 | 1 => None,
        _ if bytes < KB => Some(format!("{bytes} bytes")),
        _ if bytes < KB * KB => Some(format!("{} KB", (bytes + KB / 2) / KB)),
        _ => {
            let tenths = (bytes * 10 + KB * KB / 2) / (KB * KB);
            Some(format!("{}.{} MB", tenths / 10, tenths % 10))
        }
    }
}
