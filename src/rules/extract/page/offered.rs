//! The feed that a listing's page offers of itself.
//!
//! Most pages offer feeds, and few of them are of the list that stands there: a site's feed mixes all its parts, another
//! part's feed is about something else, and a comments feed is no news at all. A feed counts where its address is the
//! page's own in the words of feeds, where its name is the page's headline, or where the system says that this page is
//! what its only feed is of.

use super::entries::target;
use crate::rules::extract::document::Document;
use crate::rules::extract::text::folded;
use url::Url;

/// Feeds in a page's head, as `link rel=alternate` (RSS Autodiscovery; RFC 4287; JSON Feed 1.1).
const OFFERED: &str = "link[rel~=alternate][href][type*='rss+xml'], link[rel~=alternate][href][type*='atom+xml'], \
                       link[rel~=alternate][href][type*='feed+json']";
/// Words of an address that say only that it is a feed, or which form of one.
const FEED_WORDS: &[&str] = &["rss", "rss2", "feed", "feeds", "atom", "xml", "json", "index"];
/// Parameters that choose a page's form or a place in its list, not what the list is of.
const VIEW_WORDS: &[&str] = &["format", "type", "feed", "alt", "page", "start", "offset", "p"];

/// The first feed of the page's own list.
pub(super) fn feed(document: &Document, url: &Url, headline: Option<&str>) -> Option<Url> {
    let page = Place::of(url);
    let offered = document.all(OFFERED);
    let found = offered.into_iter().filter_map(|link| Some((link, target(document, link)?)));
    let mut found = found.filter(|(link, feed)| !speaks_of_comments(feed, link.attr("title").unwrap_or_default()));
    let is_blog = document.first("body.blog").is_some() && document.meta("generator").is_some_and(|g| g.starts_with("WordPress"));
    let own = found.find(|(link, feed)| {
        let place = Place::of(feed);
        let named = || headline.is_some_and(|headline| names(link.attr("title").unwrap_or_default(), headline));
        // WordPress marks the page that its site feed is of.
        feed != url && same_site(feed, url) && (place == page || named() || (is_blog && place.is_root()))
    });
    own.map(|(_, feed)| feed)
}

fn speaks_of_comments(feed: &Url, title: &str) -> bool {
    let in_path = feed.path_segments().into_iter().flatten().any(|segment| segment.eq_ignore_ascii_case("comments"));
    in_path || folded(title).split(' ').any(|word| word == "comments")
}

/// "News RSS" names the page headed "News".
fn names(title: &str, headline: &str) -> bool {
    let title = folded(title);
    let words = || title.split(' ').filter(|word| !FEED_WORDS.contains(word) && *word != "2.0" && *word != "1.0");
    words().next().is_some() && words().eq(folded(headline).split(' '))
}

fn same_site(feed: &Url, url: &Url) -> bool {
    let bare = |url: &Url| url.host_str().map(|host| host.trim_start_matches("www.").to_ascii_lowercase());
    bare(feed) == bare(url)
}

/// What an address is the address of, whatever form it is asked in.
#[derive(PartialEq)]
struct Place {
    path: Vec<String>,
    query: Vec<(String, String)>,
}

impl Place {
    fn of(url: &Url) -> Self {
        let bare = |segment: &str| {
            let segment = segment.to_ascii_lowercase();
            match segment.rsplit_once('.') {
                Some((name, form)) if FEED_WORDS.contains(&form) || matches!(form, "aspx" | "php" | "html" | "htm") => {
                    name.to_owned()
                }
                _ => segment,
            }
        };
        let names_a_place = |segment: &String| !segment.is_empty() && !FEED_WORDS.contains(&segment.as_str());
        let path = url.path_segments().into_iter().flatten().map(bare).filter(names_a_place).collect();
        let lowered = url.query_pairs().map(|(name, value)| (name.to_ascii_lowercase(), value.into_owned()));
        let mut query: Vec<_> = lowered.filter(|(name, _)| !VIEW_WORDS.contains(&name.as_str())).collect();
        query.sort();
        Self { path, query }
    }

    fn is_root(&self) -> bool {
        self.path.is_empty() && self.query.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(page: &str, head: &str) -> Option<String> {
        let url = Url::parse(page).unwrap();
        let document = Document::parse(head, &url).unwrap();
        feed(&document, &url, Some("News")).map(|feed| feed.to_string())
    }

    fn link(href: &str, title: &str) -> String {
        format!("<link rel=alternate type='application/rss+xml' href='{href}' title='{title}'>")
    }

    #[test]
    fn a_feed_at_the_lists_own_address_is_the_lists() {
        let check = |page: &str, href: &str| {
            let found = offered(page, &link(href, ""));
            assert!(found.as_deref().is_some_and(|found| found.ends_with(href)), "{page} {href}: {found:?}");
        };
        check("https://www.example.org/news", "/news/rss.xml");
        check("https://www.example.org/news", "/rss/news");
        check("https://www.example.org/news/", "/news/feed/");
        check("https://www.example.org/news?page=2", "/news?format=feed&type=rss");
        check("https://www.example.org/index.aspx?articleid=87", "/rss.aspx?articleid=87");
        check("https://www.example.org/", "/feed");
    }

    #[test]
    fn feeds_of_the_site_of_comments_and_of_other_parts_are_not_the_lists() {
        let check = |page: &str, href: &str| assert_eq!(offered(page, &link(href, "Feed")), None, "{page} {href}");
        check("https://www.example.org/news", "/feed/");
        check("https://www.example.org/news", "/events/feed/");
        check("https://www.example.org/news", "/news/comments/feed/");
        check("https://www.example.org/index.aspx?articleid=87", "/rss.aspx?articleid=88");
        check("https://www.example.org/news", "https://elsewhere.example.net/news/feed");
        check("https://www.example.org/news", "/news");
    }

    #[test]
    fn a_feed_named_as_the_page_is_headed_is_the_lists() {
        let named = link("/feeds/12", "News RSS");
        assert_eq!(offered("https://www.example.org/n", &named).as_deref(), Some("https://www.example.org/feeds/12"));
        assert_eq!(offered("https://www.example.org/n", &link("/feeds/12", "Anytown News RSS")), None);
    }

    #[test]
    fn the_sites_feed_is_that_of_its_blog_page() {
        let blog =
            format!("<meta name=generator content='WordPress 6.5'>{}<body class='blog'>", link("/feed/", "Anytown » Feed"));
        assert_eq!(offered("https://www.example.org/updates/", &blog).as_deref(), Some("https://www.example.org/feed/"));
        let category = blog.replace("'blog'", "'archive category'");
        assert_eq!(offered("https://www.example.org/category/updates/", &category), None);
    }
}
