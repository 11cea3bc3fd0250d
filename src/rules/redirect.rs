//! Whether a redirect leads to where a thing has moved, or only away from where it was.
//!
//! Sites answer for what they have deleted with their front page, or with the list that named it, under status 200. Read as
//! the thing itself, that would be its new content.

use crate::rules::extract::key;
use url::Url;

/// Names under which a site's front page stands besides "/".
const FRONT_PAGES: &[&str] =
    &["default.asp", "default.aspx", "home", "home.aspx", "homepage", "index.asp", "index.html", "index.php"];

/// Whether an answer that came from `to` speaks of something else than what was asked for at `from`: the site's front page,
/// or the page `listing` that names it.
#[must_use]
pub fn gives_up(from: &Url, to: &Url, listing: Option<&Url>) -> bool {
    if key::canonical(from) == key::canonical(to) {
        return false;
    }
    is_front(to) && !is_front(from) || listing.is_some_and(|listing| key::canonical(listing) == key::canonical(to))
}

/// Whether an address is that of a site's front page.
#[must_use]
pub fn is_front(url: &Url) -> bool {
    let path = url.path().trim_matches('/').to_lowercase();
    url.query().is_none() && (path.is_empty() || FRONT_PAGES.contains(&path.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_front_page_and_the_list_are_no_answer_for_a_page_below() {
        let check = |from: &str, to: &str, expect: bool| {
            let url = |raw: &str| Url::parse(raw).unwrap();
            let listing = url("https://www.council.example.org/news");
            assert_eq!(gives_up(&url(from), &url(to), Some(&listing)), expect, "{from} to {to}");
        };
        let post = "https://www.council.example.org/news/board-update";
        check(post, "https://www.council.example.org/", true);
        check(post, "https://council.example.org/Home", true);
        check(post, "https://www.council.example.org/news/", true);
        check(post, "https://www.council.example.org/news/improvement-board-update", false);
        check(post, "https://new.council.example.org/updates/board-update", false);
        check("http://council.example.org/", "https://www.council.example.org/home", false);
        check("http://council.example.org/news", "https://www.council.example.org/news", false);
    }
}
