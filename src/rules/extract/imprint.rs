//! Whose page it is, as it says itself, and which feeds it offers: what is asked when a page is to become a source.

use super::Page;
use super::document::{Document, Parsed};
use super::text::{collapsed, decoded, folded};
use super::trail::Trail;
use crate::rules::decode::decode;
use scraper::ElementRef;
use url::Url;

/// Names of the site or its owner that are looked at, at most.
const NAMES_MAX: usize = 40;
/// Longest name, in bytes.
const NAME_BYTES_MAX: usize = 200;

/// What a page says of its site.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Imprint {
    /// Names of the site or its owner, the surest first, each with where it stands.
    pub names: Vec<(String, &'static str)>,
    /// Feeds that the page offers, in its order.
    pub feeds: Vec<Offer>,
}

/// A feed that a page offers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offer {
    /// Where it is.
    pub url: Url,
    /// What the page calls it.
    pub title: String,
}

/// Reads what the page says of its site; nothing for what is no page.
#[must_use]
pub fn read(page: &Page<'_>) -> Imprint {
    let decoded = decode(page.body, page.content_type);
    let Ok(parsed) = Parsed::of(&decoded.text, page.url) else { return Imprint::default() };
    let document = Document::of(&parsed, &Trail::default());
    Imprint { names: names(&document), feeds: feeds(&document) }
}

fn names(document: &Document) -> Vec<(String, &'static str)> {
    let mut names: Vec<(String, &'static str)> = Vec::new();
    let mut say = |name: Option<String>, place: &'static str| {
        let name = name.map(|name| decoded(&collapsed(&name))).filter(|name| !name.is_empty() && name.len() <= NAME_BYTES_MAX);
        if names.len() < NAMES_MAX {
            names.extend(name.map(|name| (name, place)));
        }
    };
    let property = |name: &'static str| document.first(name).and_then(|e| e.attr("content")).map(str::to_owned);
    say(property("meta[property='og:site_name'][content]"), "the page's og:site_name");
    for name in ["dcterms.publisher", "dc.publisher", "dcterms.creator", "dc.creator", "author", "application-name"] {
        say(document.meta(name), "the page's metadata");
    }
    for script in document.all("script[type='application/ld+json']") {
        say(publisher(script), "the page's structured data");
    }
    let title = document.head_title().unwrap_or_default();
    let parts: Vec<&str> = title.split(['|', ':', '·', '–', '—']).flat_map(|part| part.split(" - ")).collect();
    for part in parts.into_iter().rev() {
        say(Some(part.to_owned()), "the page's title");
    }
    for logo in document.all("header img[alt], [class*=logo] img[alt], img[class*=logo][alt], a[class*=logo][title]") {
        say(logo.attr("alt").or_else(|| logo.attr("title")).map(str::to_owned), "the site's logo");
    }
    for logo in document.all("header a[class*=logo], a[class*=brand], [class*=site-name], [class*=logo] a") {
        say(Some(logo.text().collect()), "the site's header");
    }
    let lines = document.all_lines();
    let owned = lines.iter().filter(|line| line.text.contains('©') || line.folded().starts_with("copyright"));
    for line in owned {
        say(Some(line.text.clone()), "the copyright line");
    }
    for line in lines.iter().filter(|line| line.chrome && line.text.len() <= 60) {
        say(Some(line.text.clone()), "the site's frame");
    }
    names
}

/// `{"publisher": {"name": "Anytown Council"}}`, in whatever depth a graph has it.
fn publisher(script: ElementRef<'_>) -> Option<String> {
    let json: serde_json::Value = serde_json::from_str(&script.text().collect::<String>()).ok()?;
    let graph = json.get("@graph").and_then(|graph| graph.as_array()).cloned().unwrap_or_default();
    std::iter::once(&json).chain(&graph).find_map(|node| {
        let owner = node.get("publisher").or_else(|| Some(node).filter(|node| is_organisation(node)))?;
        owner.get("name")?.as_str().map(str::to_owned)
    })
}

fn is_organisation(node: &serde_json::Value) -> bool {
    let kind = node.get("@type").and_then(|kind| kind.as_str()).unwrap_or_default();
    matches!(kind, "Organization" | "GovernmentOrganization" | "WebSite")
}

fn feeds(document: &Document) -> Vec<Offer> {
    let mut feeds: Vec<Offer> = Vec::new();
    for link in document.all("link[rel~=alternate][href], a[type][href]") {
        let kind = link.attr("type").unwrap_or_default().to_ascii_lowercase();
        let is_feed =
            ["application/rss+xml", "application/atom+xml", "application/feed+json"].iter().any(|k| kind.starts_with(k));
        let Some(url) = link.attr("href").filter(|_| is_feed).and_then(|href| document.base.join(href.trim()).ok()) else {
            continue;
        };
        if matches!(url.scheme(), "http" | "https") && feeds.iter().all(|known| known.url != url) {
            feeds.push(Offer { url, title: decoded(&collapsed(link.attr("title").unwrap_or_default())) });
        }
    }
    // What readers say of the posts is no news of the council's.
    feeds.retain(|feed| !feed.url.as_str().contains("comments") && !folded(&feed.title).contains("comments"));
    feeds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(markup: &str) -> Imprint {
        let url = Url::parse("https://www.anytown.example/news/").unwrap();
        read(&Page { url: &url, status: 200, content_type: None, body: markup.as_bytes() })
    }

    #[test]
    fn the_surest_name_comes_first() {
        let imprint = of("<head><title>News - Anytown Council</title><meta property='og:site_name' content='Anytown'></head>\
                          <body><footer><p>&copy; 2024 Anytown Borough Council</p></footer></body>");
        let names: Vec<&str> = imprint.names.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names[..4], ["Anytown", "Anytown Council", "News", "© 2024 Anytown Borough Council"]);
    }

    #[test]
    fn feeds_are_offered_but_not_those_of_comments() {
        let imprint = of("<link rel=alternate type='application/rss+xml' href='feed/' title='News'>\
                          <link rel=alternate type='application/rss+xml' href='/comments/feed/' title='Comments'>\
                          <link rel=alternate hreflang=cy href='/cy/'>");
        assert_eq!(imprint.feeds.len(), 1);
        assert_eq!(imprint.feeds[0].url.as_str(), "https://www.anytown.example/news/feed/");
    }
}
