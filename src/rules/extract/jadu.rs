//! Jadu: news and meetings, in the templates of two decades.
//!
//! An address holds a number and a slug, or a script's name and the number; the number is the identity, since the slug
//! follows the title.

use super::document::Document;
use super::page::habits::{self, Habits};
use super::text::{Line, folded};
use super::{Reading, guard, key, meeting_entry};
use crate::domain::item::{Item, Outcome};
use url::Url;

const HABITS: Habits = Habits {
    entries: &[
        "ul.archive > li",
        "ul.list--listing > li",
        "li.list__item--listing",
        "ul.list.meetings > li",
        "ul.list.icons > li",
        ".listing > .listing__item",
    ],
    links: "a[href*='/news/article/'], a[href*='/meetings/meeting/'], a[href*='news_article.php'], a[href*='meetings_info.php']",
    article: ".byEditor.article, .news-article .editor, article.article .editor, .page-content .article__body",
    body: &[".byEditor.article", "article .editor", ".page-content .editor", ".byEditor", "main .editor"],
    refine,
};

/// Reads a listing of news or meetings, or the page of one. `own`: it is one item's page.
pub(super) fn read(document: &Document, url: &Url, own: bool) -> Reading {
    if let Some(words) = says_gone(document) {
        return Reading { refusal: Some((Outcome::Empty, format!("the page says \"{words}\""))), ..Reading::default() };
    }
    habits::read(document, url, &HABITS, own || is_numbered(url))
}

/// What speaks for a page of unknown platform being one of these.
pub(super) fn recognises(document: &Document, url: &Url) -> Option<&'static str> {
    let generator = document.meta("generator").is_some_and(|name| folded(&name).contains("jadu"));
    let links = document.all("a[href]");
    // An address without these words and a number has them from the page's own, if at all.
    let inherits = FOLDERS.iter().any(|folder| key::canonical(document.base).contains(folder.trim_end_matches('/')));
    let written: Vec<&str> = NAMED.iter().copied().filter(|name| document.is_written(name)).collect();
    let may_be = |href: &&str| {
        let is_named = || written.iter().any(|name| href.contains(name));
        inherits || (!written.is_empty() && href.bytes().any(|b| b.is_ascii_digit()) && is_named())
    };
    let addresses = links.iter().filter_map(|link| link.attr("href")).filter(may_be);
    let numbered = addresses.filter_map(|href| document.base.join(href).ok()).filter(is_numbered);
    let script = |href: &str| href.contains("/site/scripts/") || href.contains("/site/custom_scripts/");
    if generator || document.first("[class*=jadu], [id*=jadu], link[href*=jadu], script[src*=jadu]").is_some() {
        Some("it names Jadu")
    } else if document.first(".byEditor, ul.archive > li.lead, ul.list.icons.meetings").is_some() {
        Some("it has the classes of Jadu's older templates")
    } else if document.first("ul.list--listing > li.list__item").is_some() {
        Some("it has the classes of Jadu's listings")
    } else if is_numbered(url) && document.first(".editor, .page-content").is_some() || numbered.take(2).count() == 2 {
        Some("it has addresses as Jadu makes them: a number, then a slug")
    } else {
        links.iter().any(|link| link.attr("href").is_some_and(script)).then_some("it links to Jadu's scripts")
    }
}

/// What an address of a numbered page has of its own.
const NAMED: &[&str] = &["article/", "article\\", "meeting/", "meeting\\", "news_article.php", "meetings_info.php"];
/// Folders of numbered pages.
const FOLDERS: &[&str] = &["/news/article/", "/meetings/meeting/"];

/// "/news/article/812/new-library", or an older script with the number in its query.
fn is_numbered(url: &Url) -> bool {
    let key = key::canonical(url);
    FOLDERS.iter().any(|folder| {
        let rest = key.split_once(folder).map(|(_, rest)| rest.trim_end_matches('/'));
        let number = rest.map(|rest| rest.split('/').next().unwrap_or_default());
        number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
    })
}

/// "Sorry, this News item is no longer available", with the usual menus and teasers around it.
fn says_gone(document: &Document) -> Option<String> {
    let says = |line: &Line<'_>| {
        let opens = line.folded().starts_with("sorry");
        opens && line.links.is_empty() && guard::own_word(&line.text).is_some()
    };
    document.all_lines().iter().find(|line| !line.chrome && says(line)).map(|line| line.text.clone())
}

fn refine(item: &mut Item, lines: &[Line<'_>]) {
    let path = item.url.path().to_ascii_lowercase();
    if ["/meetings/", "/meetings_", "meeting.php", "/committee"].iter().any(|part| path.contains(part)) {
        meeting_entry::refine(item, lines);
    }
}
