//! Pages that say so little, and of so little, that they may be no page of updates: a wall, a queue or a word that there is work going
//! on, under status 200, in words that no table of such words has. A first poll has nothing to compare them with.
//!
//! A council's page may be as short before a board has met. So nothing is refused: an admin is warned, and what follows such a page,
//! with nothing of its words, is taken as the beginning.

use super::another::words;
use crate::domain::item::{Extraction, Item, Outcome};
use crate::domain::source::Platform;
use crate::domain::text::Text;
use crate::rules::extract::key;
use crate::rules::facts::dates;
use std::collections::HashSet;
use url::Url;

/// More words say something.
const WORDS_MAX: usize = 60;
/// Shorter words of an address or a name are those of any.
const NAME_CHARS_MIN: usize = 4;
/// Words of addresses and names that stand on walls as well.
const OF_ANY: &[&str] = &[
    "aspx",
    "cookies",
    "council",
    "default",
    "home",
    "html",
    "index",
    "information",
    "latest",
    "news",
    "page",
    "pages",
    "service",
    "services",
    "site",
    "update",
    "updates",
    "website",
];

/// Said of such a page.
pub const UNLIKE_UPDATES: &str = "this does not look like a page of updates";

/// Why what was read at `url`, watched under `title`, does not look like a page of updates; `None` where it does.
#[must_use]
pub fn doubt(url: &Url, title: &str, read: &Extraction) -> Option<String> {
    let is_alone = read.outcome == Outcome::Items && read.platform != Platform::Feed && read.listing.shown.is_none();
    let [only] = read.items.as_slice() else { return None };
    (is_alone && read.page.is_none() && is_slight(only, url, title)).then(|| {
        let words = words_of(only).split_whitespace().count();
        let heading = if only.title.is_empty() { String::new() } else { format!(", under \"{}\"", only.title) };
        format!(
            "{UNLIKE_UPDATES}: {words} words{heading}, without a day, a link or a paper, and nothing of what it is watched for"
        )
    })
}

/// Whether an item that was read at `url`, watched under `title`, is that page itself, has few words, no day, nothing that it leads to,
/// and nothing of what its address or its name says.
#[must_use]
pub fn is_slight(item: &Item, url: &Url, title: &str) -> bool {
    let text = words_of(item);
    let names_day = |text: &str| dates::may_hold_any(text) && !(dates::find(text).is_empty() && dates::said(text).is_empty());
    let leads_on = item.html.as_ref().is_some_and(|html| html.as_str().contains(" href="));
    let has_facts = item.published.is_some() || item.meeting.is_some() || item.stage.is_some() || !item.documents.is_empty();
    let called = called(url, title);
    let says = |text: &str| !words(&text.to_lowercase()).is_disjoint(&called);
    let is_page = key::canonical(&item.url) == key::canonical(url);
    is_page
        && !has_facts
        && !leads_on
        && text.split_whitespace().count() <= WORDS_MAX
        && !names_day(text)
        && !names_day(item.title.as_str())
        && !says(text)
        && !says(item.title.as_str())
}

/// What an address and a name call a page.
fn called(url: &Url, title: &str) -> HashSet<String> {
    let path = url.path().to_lowercase();
    let all = path.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).chain(words(&title.to_lowercase()));
    let tells = |word: &String| {
        word.chars().count() >= NAME_CHARS_MIN && word.chars().all(char::is_alphabetic) && !OF_ANY.contains(&word.as_str())
    };
    all.filter(tells).collect()
}

fn words_of(item: &Item) -> &str {
    item.text.as_ref().map_or("", Text::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "https://council.example.org/improvement-board/updates";

    fn is_slight_at(url: &str, title: &str, text: &str) -> bool {
        let item = Item { text: Some(Text::new(text)), ..Item::bare("k".into(), Text::line(title), Url::parse(url).unwrap()) };
        is_slight(&item, &Url::parse(PAGE).unwrap(), "Children's services updates")
    }

    fn check(title: &str, text: &str, expect: bool) {
        assert_eq!(is_slight_at(PAGE, title, text), expect, "{title}: {text}");
    }

    #[test]
    fn the_one_entry_of_a_list_is_no_wall_however_little_it_says() {
        let (title, text) = ("A first meeting", "It was held.");
        assert!(is_slight_at(PAGE, title, text));
        assert!(!is_slight_at("https://council.example.org/improvement-board/a-first-meeting", title, text));
    }

    #[test]
    fn a_few_words_of_nothing_that_a_page_is_watched_for_are_slight() {
        check("Slow down", "You are going too fast for us. Take a breath, and come back in five minutes.", true);
        check("We are checking your connection", "It takes a moment.", true);
        check("Planned works this evening", "Our website is back at nine.", true);
        check("Improvement Board", "What the members agree will stand here.", false);
        check("How we are doing", "The board meets each month.", false);
        check("How we are doing", "What we do for children will stand here.", false);
        check("Planned works", "Mill Lane is closed from 4 March.", false);
        check("Our story", &"Words of a page that says much. ".repeat(10), false);
    }
}
