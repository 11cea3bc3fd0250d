//! Whether a page that is watched for itself was written anew: next to nothing is left of its words and none of its papers, and yet
//! it is that page. Whoever follows it wants to know just that.
//!
//! A page that stands there for another (an error in words that nobody knows, a queue, a form to sign in on) may stand in the site's
//! frame too, and under the headline. So it takes all of this: nearly all of the frame, enough said to be more than an excuse, and no
//! question to who reads it; and either the page's headline, what machines are told it is called and a word of its subject, or that it
//! names what it was: "the work of the former board".

use super::another::{title_words, words};
use super::asks;
use crate::domain::item::Item;
use crate::rules::extract::guard;
use crate::rules::fingerprint::uncased;
use std::collections::HashSet;

/// Fewer words may be an excuse.
const WORDS_MIN: usize = 16;
/// A page with fewer lines around its content has no frame to know it by.
const FRAME_LINES_MIN: usize = 4;
/// Of a hundred lines of the frame, so many stay.
const FRAME_KEPT_MIN: usize = 80;
/// What is said of what something was.
const FORMERLY: &[&str] = &["former", "in place of", "instead of", "replace", "succeed", "takes over", "took over"];
/// Characters behind it in which that is named.
const NAMED_WITHIN: usize = 24;

/// A page as it came: what it says of its item, what machines are told it is called, and all of its lines.
#[derive(Clone, Copy, Debug)]
pub struct Whole<'a> {
    /// What was read of it.
    pub item: &'a Item,
    /// Its `<title>`.
    pub title: Option<&'a str>,
    /// Its lines, in small letters.
    pub lines: &'a HashSet<String>,
}

impl Whole<'_> {
    fn frame(&self) -> HashSet<&str> {
        let said: HashSet<String> = text(self.item).lines().chain([self.item.title.as_str()]).map(uncased).collect();
        let papers = || self.item.documents.iter().map(|paper| uncased(paper.title.as_str()));
        let is_said = |line: &str| said.contains(line) || papers().any(|paper| line.starts_with(&paper));
        self.lines.iter().map(String::as_str).filter(|line| !is_said(line)).collect()
    }
}

/// Whether `now` is the page that stood there `before`.
#[must_use]
pub fn is_written_anew(before: Whole<'_>, now: Whole<'_>) -> bool {
    let (heading, was_headed) = (uncased(now.item.title.as_str()), uncased(before.item.title.as_str()));
    let name = title_words(now.item.title.as_str());
    let is_called_so = |whole: &Whole<'_>| whole.title.map(uncased);
    let has_its_name = heading == was_headed && now.title.is_some() && is_called_so(&before) == is_called_so(&now);
    let said = uncased(text(now.item));
    let own: String = text(now.item).lines().filter(|line| uncased(line) != heading).collect::<Vec<_>>().join("\n");
    let told = words(&own);
    let asks = asks::newly(text(before.item), text(now.item));
    let (was, is) = (before.frame(), now.frame());
    let kept = was.intersection(&is).count();
    told.len() >= WORDS_MIN
        && (has_its_name && !told.is_disjoint(&name) || names_former(&said, &was_headed))
        && !asks
        && guard::apology(&own, now.item.title.as_str()).is_none()
        && was.len() >= FRAME_LINES_MIN
        && kept * 100 >= was.len() * FRAME_KEPT_MIN
}

/// Whether what is said names what was headed so, or says of a word of that headline that it was so before.
fn names_former(said: &str, was_headed: &str) -> bool {
    let name = title_words(was_headed);
    let behind = |at: usize| said.get(at..).map(|rest| rest.chars().take(NAMED_WITHIN).collect::<String>()).unwrap_or_default();
    let is_former = |word: &&str| said.match_indices(*word).any(|(at, _)| !words(&behind(at)).is_disjoint(&name));
    name.len() > 1 && said.contains(was_headed) || FORMERLY.iter().any(is_former)
}

fn text(item: &Item) -> &str {
    item.text.as_ref().map_or("", |text| text.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::Text;
    use url::Url;

    const BEFORE: &str =
        "It oversees how the council answers the inspection.\nIts chair is Dame Ruth Ellery.\nIt meets each month.";
    const ANEW: &str = "Since the directions of 20 November 2026 three commissioners do the work of the former board.\n\
         Sir Alan Pryce, Ms Joy Okafor and Mr Tom Hale publish a report every six months.";
    const FRAME: &[&str] = &["home", "your council", "council tax", "bins and recycling", "privacy", "contact us"];

    fn check(heading: &str, title: &str, said: &str, frame: &[&str], expect: bool) {
        let item = |heading: &str, said: &str| {
            let url = Url::parse("https://council.example.org/board").unwrap();
            Item { text: Some(Text::new(said)), ..Item::bare("k".into(), Text::line(heading), url) }
        };
        let lines = |item: &Item, frame: &[&str]| -> HashSet<String> {
            text(item).lines().chain([item.title.as_str()]).chain(frame.iter().copied()).map(uncased).collect()
        };
        let (was, is) = (item("Improvement Board", BEFORE), item(heading, said));
        let (lines_before, lines_now) = (lines(&was, FRAME), lines(&is, frame));
        let before = Whole { item: &was, title: Some("Improvement Board | Council"), lines: &lines_before };
        let now = Whole { item: &is, title: Some(title), lines: &lines_now };
        assert_eq!(is_written_anew(before, now), expect, "{heading} {title} {said}");
    }

    #[test]
    fn a_page_written_anew_is_told_from_one_that_stands_there_instead() {
        let title = "Improvement Board | Council";
        check("Improvement Board", title, ANEW, FRAME, true);
        check("Improvement Board", title, ANEW, &["home", "your council", "council tax", "bins and recycling", "privacy"], true);
        check("Commissioners", "Commissioners | Council", ANEW, FRAME, true);
        check("Commissioners", "Commissioners | Council", &ANEW.replace("former board", "council"), FRAME, false);
        check("Commissioners", "Commissioners | Council", ANEW, &["home"], false);
        check("Improvement Board", "Your session | Council", &ANEW.replace("former board", "new board"), FRAME, false);
        check("Improvement Board", title, ANEW, &["home"], false);
        check("Improvement Board", title, "The board is not here.", FRAME, false);
        let line = "You are now in line to see the board. When it is your turn you have ten minutes to enter the website, \
                    after which somebody else behind you takes the place that we have kept for you here today.";
        check("Improvement Board", title, line, FRAME, false);
        let other = "Could you foster a child? Come and hear from families who do, in the town hall, any Monday evening at six, \
                     where carers answer whatever questions you bring along about fostering children.";
        check("Improvement Board", title, other, FRAME, false);
    }
}
