//! Whether the page that came for an entry of which nothing else is known has anything to do with what its list says of it. A wall in
//! words that nobody has listed ("Slow down") says none of it; and a page that does not name the entry would rename it.
//!
//! Only what a list names can be looked for: behind "Read more" and "Minutes" anything may stand.

use super::another::{day, undated, words};
use crate::domain::item::Item;
use std::collections::HashSet;

/// No wall says more, in bytes.
const TEXT_BYTES_MAX: usize = 2_500;
/// Words that begin alike are one: "library", "libraries".
const STEM_CHARS: usize = 5;
/// Of so many words that a list uses, one may stand on any page.
const CHANCE: usize = 5;
/// Of a list's longer words on an entry, so many stand on the entry's page: a third.
const TEASER_SHARE: usize = 3;
/// What stands in any text, and what links are called wherever they lead.
const SAY_NOTHING: &[&str] = &[
    "about",
    "again",
    "agenda",
    "agendas",
    "attachment",
    "after",
    "before",
    "been",
    "click",
    "cofnodion",
    "continue",
    "council",
    "cyngor",
    "darllen",
    "details",
    "document",
    "documents",
    "download",
    "draft",
    "event",
    "find",
    "form",
    "from",
    "full",
    "have",
    "here",
    "home",
    "information",
    "into",
    "item",
    "items",
    "latest",
    "learn",
    "link",
    "manylion",
    "meeting",
    "meetings",
    "minutes",
    "more",
    "news",
    "newyddion",
    "notes",
    "notice",
    "only",
    "open",
    "over",
    "page",
    "paper",
    "papers",
    "please",
    "post",
    "printed",
    "read",
    "report",
    "reports",
    "rhagor",
    "site",
    "story",
    "than",
    "that",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "this",
    "update",
    "updates",
    "view",
    "visit",
    "website",
    "weld",
    "were",
    "what",
    "when",
    "where",
    "which",
    "will",
    "with",
    "your",
];

/// A page that came for an entry.
#[derive(Clone, Copy, Debug)]
pub struct Came<'a> {
    /// What was read of it, completed from the list.
    pub own: &'a Item,
    /// What it is called: its headline, its `<title>`; without what only the list calls it.
    pub names: &'a [&'a str],
    /// Whether it gives a day itself.
    pub says_day: bool,
    /// Whether it names papers itself.
    pub names_papers: bool,
}

/// Whether a page has nothing of what the list says of its entry, though that says enough. `site`: the council's name, which stands
/// on walls as well.
#[must_use]
pub fn shares_nothing(listed: &Item, came: &Came<'_>, site: &str) -> bool {
    let text = came.own.text.as_ref().map_or("", |text| text.as_str());
    let days = (day(listed), day(came.own).filter(|_| came.says_day));
    let may_be_its_day = matches!(days, (None, Some(_))) || days.0.is_some() && days.0 == days.1;
    if text.len() > TEXT_BYTES_MAX || came.names_papers || may_be_its_day {
        return false;
    }
    let site = stems(words(site));
    let telling = |all: HashSet<String>| stems(all).difference(&site).cloned().collect::<HashSet<String>>();
    let name = telling(words(&undated(listed.title.as_str())));
    if name.is_empty() {
        return false;
    }
    let said = came.names.iter().fold(stems(words(text)), |mut said, name| {
        said.extend(stems(words(name)));
        said
    });
    let teaser = telling(words(listed.text.as_ref().map_or("", |text| text.as_str())));
    let shared = |all: &HashSet<String>| all.intersection(&said).count();
    shared(&name) * CHANCE <= name.len() && (teaser.is_empty() || shared(&teaser) * TEASER_SHARE < teaser.len())
}

/// How words begin, without numbers and what says nothing.
fn stems(words: HashSet<String>) -> HashSet<String> {
    let is_telling = |word: &String| !word.starts_with(|c: char| c.is_ascii_digit()) && !SAY_NOTHING.contains(&word.as_str());
    words.into_iter().filter(is_telling).map(|word| word.chars().take(STEM_CHARS).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::Text;
    use chrono::NaiveDate;
    use url::Url;

    fn item(title: &str, text: Option<&str>) -> Item {
        let url = Url::parse("https://council.example.org/news/1").unwrap();
        Item { text: text.map(Text::new), ..Item::bare("k".into(), Text::line(title), url) }
    }

    fn check(listed: &str, headline: &str, text: &str, expect: bool) {
        let own = item(headline, Some(text));
        let came = Came { own: &own, names: &[headline, "Testshire Council"], says_day: false, names_papers: false };
        assert_eq!(shares_nothing(&item(listed, None), &came, "Testshire Council"), expect, "{listed} | {headline}");
    }

    const WALLS: [(&str, &str); 3] = [
        ("Slow down", "You are going too fast for us. Take a breath, and come back in five minutes."),
        ("Before you go on", "Testshire Council keeps small files on your device. Choose which of them you like.\nAll\nNone"),
        ("Not available in your region", "The Council shows these pages in the United Kingdom."),
    ];

    #[test]
    fn a_page_without_a_word_of_what_the_list_calls_it_is_not_the_entry_s() {
        for (headline, text) in WALLS {
            check("Waiting times at Mill Lane tip", headline, text, true);
            check("Testshire Council opens a library for your street", headline, text, true);
            check("Fostering", headline, text, true);
            check("Waiting times at Mill Lane tip after 14 December 2026", headline, text, true);
        }
    }

    #[test]
    fn what_no_list_has_named_may_stand_behind_its_link() {
        for (headline, text) in WALLS {
            for listed in
                ["Read more", "Minutes", "14 December 2026", "Agenda, 14 December 2026", "View details", "Tip", "News 2"]
            {
                check(listed, headline, text, false);
            }
        }
        check("Testshire Council", "Slow down", "You are going too fast.", false);
    }

    #[test]
    fn a_page_that_says_any_of_it_in_its_name_or_words_is_the_entry_s() {
        check("New libraries", "Reading for all", "The library in Mill Lane opens on Monday.", false);
        check("Foster carers wanted", "Fostering", "Could you?", false);
        check("Have your say: parking", "Changes to where you may leave your car", "Parking is to cost more.", false);
        check("Waiting times at the tip", "Slow down", &"A long account of quite another matter. ".repeat(80), false);
    }

    #[test]
    fn the_day_of_the_list_the_papers_and_the_words_of_a_feed_show_whose_page_it_is() {
        let date = NaiveDate::from_ymd_opt(2026, 12, 14);
        let on = |title: &str, published| Item { published, ..item(title, Some("Agreed.")) };
        let listed = |published| Item { text: None, ..on("Parking", published) };
        let own = on("Cabinet member's decision", date);
        let came = Came { own: &own, names: &["Cabinet member's decision"], says_day: true, names_papers: false };
        let check =
            |listed: &Item, came: Came<'_>, expect: bool| assert_eq!(shares_nothing(listed, &came, ""), expect, "{came:?}");
        check(&listed(date), came, false);
        check(&listed(date), Came { says_day: false, ..came }, true);
        check(&listed(NaiveDate::from_ymd_opt(2026, 12, 1)), came, true);
        check(&listed(None), came, false);
        check(&listed(date), Came { says_day: false, names_papers: true, ..came }, false);
        let teased = item("Parking", Some("Residents of Mill Lane may leave their cars in the street from Monday on."));
        let told = item("It is free", Some("Residents of Mill Lane may leave their cars there."));
        check(&teased, Came { own: &told, names: &["It is free"], says_day: false, names_papers: false }, false);
        let wall = item("Slow down", Some("You are going too fast."));
        check(&teased, Came { own: &wall, names: &["Slow down"], says_day: false, names_papers: false }, true);
    }
}
