//! Council pages in small: a Contensis blog and a ModernGov issue, with chrome that may differ from fetch to fetch.

use std::fmt::Write as _;

/// What stands around the content and means nothing.
#[derive(Clone, Debug, Default)]
pub struct Chrome {
    /// In `<head>`.
    pub head: String,
    /// Before the content.
    pub above: String,
    /// After the content.
    pub below: String,
    /// Attributes of wrappers, other ones first.
    pub attributes: String,
}

/// A blog with these posts, `(number, words)`, newest first; answers with `(path, page)` pairs, the listing first.
pub fn blog(posts: &[(u32, &str)], chrome: &Chrome) -> Vec<(String, String)> {
    let total = posts.len();
    let mut listing = String::from("<h2>Recent posts</h2>");
    for (n, _) in posts {
        write!(
            listing,
            "<div {} class=\"sys_subitem\"><h3><a href=\"/blog/update-{n}.aspx\">Improvement Board Update {n}</a></h3>\
             <dl><dd class=\"sys_news-datepublished\">{n} November 2026</dd></dl></div>",
            chrome.attributes
        )
        .unwrap();
    }
    let listing = format!("<div class=\"sys_itemslist\">{listing}<p>Displaying 1 to {total} of {total}</p></div>");
    let page = |title: &str, main: &str| {
        format!(
            "<!DOCTYPE html><html lang=en><head><meta name=\"GENERATOR\" content=\"Contensis CMS Version 11.3\" />{}<title>{title}</title></head>\
             <body><a href=\"#content\">skip to main content</a>{}<h1>Improvement plan updates</h1>{listing}{main}{}</body></html>",
            chrome.head, chrome.above, chrome.below
        )
    };
    let mut pages = vec![("/blog/updates.aspx".to_owned(), page("Improvement plan updates", ""))];
    for (n, words) in posts {
        let main = format!(
            "<div {} class=\"sys_record-control\"><h2>Improvement Board Update {n}</h2><p>Posted: {n} November 2026</p>\
             <p>Blog: 2026</p><p>{words}</p></div>",
            chrome.attributes
        );
        pages.push((format!("/blog/update-{n}.aspx"), page("Improvement Board Update", &main)));
    }
    pages
}

/// An issue page with these meetings: `(day, body, item, words)`.
pub fn issue(meetings: &[(&str, &str, u32, &str)], chrome: &Chrome) -> String {
    let mut blocks = String::new();
    for (day, body, item, words) in meetings {
        write!(
            blocks,
            "<h3  class=\"mgSubSubTitleTxt\" ><a href=\"ieListDocuments.aspx?CId=1&amp;MId={item}\">Meeting: {day} - {body} (Item {item})</a></h3>\
             <p {} class=\"mgAiTitleTxt\" >{item} Children&#39;s services: {body} {item}</p><div class=\"mgWordPara\"><p>{words}</p></div>",
            chrome.attributes
        )
        .unwrap();
    }
    format!(
        "<!-- Modern.gov Reverse CMS --><html><head>{}<title>Issue - meetings</title></head><body>{}<div id=\"modgov\">\
         <div class=\"mgHeader\"><h1  class=\"mgMainTitleTxt\" >Issue - meetings</h1></div>\
         <h2  class=\"mgSubTitleTxt\" >Children&#39;s services</h2><div class=\"mgContent\">{blocks}</div></div>{}</body></html>",
        chrome.head, chrome.above, chrome.below
    )
}
