//! What a page holds that may have been read as no entry of its own: where it leads, and what its lines say.

use super::Page;
use super::document::{Document, Parsed};
use super::key;
use super::trail::Trail;
use crate::rules::decode::decode;
use crate::rules::fingerprint::uncased;
use std::collections::HashSet;

/// The keys of all that a page links to.
#[must_use]
pub fn leads(page: &Page<'_>) -> HashSet<String> {
    let decoded = decode(page.body, page.content_type);
    let Ok(parsed) = Parsed::of(&decoded.text, page.url) else { return HashSet::new() };
    let trail = Trail::default();
    let document = Document::of(&parsed, &trail);
    let links = document.all("a[href]");
    let targets = links.iter().filter_map(|link| document.base.join(link.attr("href")?.trim()).ok());
    targets.map(|target| key::canonical(&target)).collect()
}

/// All that the lines of the page say, in small letters.
#[must_use]
pub fn lines(page: &Page<'_>) -> HashSet<String> {
    let decoded = decode(page.body, page.content_type);
    let Ok(parsed) = Parsed::of(&decoded.text, page.url) else { return HashSet::new() };
    let trail = Trail::default();
    let document = Document::of(&parsed, &trail);
    document.all_lines().iter().map(|line| uncased(&line.text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use url::Url;

    #[test]
    fn a_page_leads_to_what_it_links_to_in_whatever_form() {
        let url = Url::parse("https://council.example.org/letters").unwrap();
        let body =
            b"<h1>Letters</h1><a href='/letters/1?utm_source=a'>One</a><dl><dd><a href=' letters/2/ '>Two</a></dl><a>Three</a>";
        let found = leads(&Page { url: &url, status: 200, content_type: None, body });
        assert_eq!(found, ["council.example.org/letters/1", "council.example.org/letters/2"].map(str::to_owned).into());
    }
}
