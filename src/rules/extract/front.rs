//! Whether a page calls itself the front page of its site: in the address that it gives itself, by the class of its template,
//! or in its `<title>`.

use super::Page;
use super::document::{Document, Parsed, classes};
use super::text::folded;
use super::trail::Trail;
use crate::rules::decode::decode;
use crate::rules::redirect::is_front;

/// Classes of a front page's `body`: of `WordPress`, Drupal, and of many a hand.
const CLASSES: &[&str] = &["front", "frontpage", "home", "home-page", "homepage", "is-front", "page-home", "path-frontpage"];

/// Whether it does. What stands at the site's front address is none in the place of anything.
#[must_use]
pub fn calls_itself_front(page: &Page<'_>) -> bool {
    if is_front(page.url) {
        return false;
    }
    let decoded = decode(page.body, page.content_type);
    let Ok(parsed) = Parsed::of(&decoded.text, page.url) else { return false };
    let trail = Trail::default();
    let document = Document::of(&parsed, &trail);
    let addresses = [("link[rel='canonical'][href]", "href"), ("meta[property='og:url'][content]", "content")];
    let own = addresses.iter().filter_map(|(css, name)| document.base.join(document.first(css)?.attr(name)?).ok());
    let by_address = own.into_iter().any(|own| own.host_str() == page.url.host_str() && is_front(&own));
    let by_class = || document.first("body").is_some_and(|body| classes(body).any(|class| CLASSES.contains(&class)));
    by_address || by_class() || document.head_title().is_some_and(|title| is_front_title(&title))
}

/// "Home | Testshire Council", "Welcome to Testshire".
fn is_front_title(title: &str) -> bool {
    let folded = folded(title);
    let first = folded.split(['|', '-', '–', '—', ':']).next().unwrap_or_default().trim();
    matches!(first, "home" | "home page" | "homepage") || folded.starts_with("welcome to ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use url::Url;

    #[test]
    fn a_front_page_says_that_it_is_one() {
        let check = |at: &str, markup: &str, expect: bool| {
            let url = Url::parse(&format!("https://www.council.example.org{at}")).unwrap();
            let page = Page { url: &url, status: 200, content_type: None, body: markup.as_bytes() };
            assert_eq!(calls_itself_front(&page), expect, "{at} {markup}");
        };
        check("/news", "<link rel=canonical href='https://www.council.example.org/'><h1>Hello</h1>", true);
        check("/news", "<meta property='og:url' content='/'><h1>Hello</h1>", true);
        check("/news", "<body class='home blog'><h1>Hello</h1>", true);
        check("/news", "<title>Home | Testshire Council</title><h1>Hello</h1>", true);
        check("/news", "<title>Welcome to Testshire Council</title><h1>Hello</h1>", true);
        check("/news", "<title>News | Home of Testshire</title><body class='news'><h1>News</h1>", false);
        check("/news", "<title>Homes for families</title><h1>News</h1>", false);
        check("/news", "<link rel=canonical href='https://www.council.example.org/news'><h1>News</h1>", false);
        check("/", "<body class=home><h1>Hello</h1>", false);
    }
}
