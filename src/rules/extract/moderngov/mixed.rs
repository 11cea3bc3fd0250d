//! ModernGov's pages that list things of several kinds. "What's new" gives each its day, so it is a listing of whatever was
//! published; the answers to a search have no days of their own and change their order, so they are none.

use super::{is_within, page_of};
use crate::domain::evidence::Fact;
use crate::domain::item::{Item, Outcome};
use crate::domain::text::Text;
use crate::rules::extract::document::Document;
use crate::rules::extract::text::decoded;
use crate::rules::extract::{Reading, guard, key};
use crate::rules::facts::dates;
use std::collections::HashSet;
use url::Url;

const SEARCH: &str = "these are the answers to a search, which have no days of publication: watch the issue, the committee's list of \
                      meetings or mgWhatsNew.aspx";

const WHATS_NEW: &str = "mgwhatsnew.aspx";
const SEARCHES: &[&str] = &["iedocsearch.aspx", "iesearchresults.aspx", "iesearchresults2.aspx"];

/// Whether an address is that of a page of several kinds of things.
pub(in crate::rules::extract) fn is_at(url: &Url) -> bool {
    let page = page_of(url);
    page == WHATS_NEW || SEARCHES.contains(&page.as_str())
}

/// Reads such a page; `None` at any other address.
pub(in crate::rules::extract) fn read(document: &Document, url: &Url) -> Option<Reading> {
    is_at(url).then(|| if page_of(url) == WHATS_NEW { whats_new(document) } else { search(document) })
}

/// "20/11/2026 - Agenda published: Cabinet, Tuesday 8 December 2026": the first day is that of publication.
fn whats_new(document: &Document) -> Reading {
    let mut reading =
        Reading { page_title: document.head_title().and_then(|t| Text::line(&t).or_absent()), ..Reading::default() };
    let root = document.content();
    let mut seen = HashSet::new();
    for line in document.all_lines().iter().filter(|line| is_within(line.block, root)) {
        let day = dates::find(&line.text).first().filter(|date| date.span.start == 0).and_then(dates::Date::single);
        let target = line.links.iter().find_map(|link| Some((link, link.url.as_ref()?)));
        let (Some(day), Some((link, to))) = (day, target) else { continue };
        let Some(title) = Text::line(&decoded(&link.text)).or_absent() else { continue };
        let key = key::of_page(to);
        // The agenda and then the minutes of one meeting are two lines of one item; the newer is above.
        if seen.insert(key.clone()) {
            document.trail.note(Fact::Title, "the words of the link", line);
            document.trail.note(Fact::Published, "the day at the beginning of the line", line);
            document.trail.belongs_to(&key);
            let mut item = Item::bare(key, title, to.clone());
            item.published = Some(day);
            reading.items.push(item);
        }
    }
    if !reading.items.is_empty() {
        reading.listing.shown = Some(reading.items.len());
    }
    reading
}

fn search(document: &Document) -> Reading {
    let refusal = guard::says_empty(document).map_or_else(
        || (Outcome::Unrecognised, SEARCH.to_owned()),
        |words| (Outcome::Empty, format!("the page says \"{words}\"")),
    );
    Reading { refusal: Some(refusal), ..Reading::default() }
}
