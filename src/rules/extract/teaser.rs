//! What a feed says of an item beside the item's own page: in words of its own, which then are part of the item, or in an
//! excerpt of the page's, which is how a system shows them and may be cut otherwise at any time.
//!
//! Invariant: taking the words off again that were put above a text leaves the text as it was.

use crate::domain::item::Item;
use crate::domain::text::{Builder, Text};
use crate::rules::fingerprint::plain;

/// What leads on to the page, at the end of an excerpt.
const LEADS_ON: &[&str] =
    &["continue reading", "read more", "read the full", "find out more", "view article", "more information"];
/// Longest such end, in bytes: it may name what it leads to.
const LEADS_ON_BYTES_MAX: usize = 200;
/// Words as long as this that do not end as a sentence does were cut at some number of characters.
const CUT_BYTES_MIN: usize = 60;

/// How what a feed says now compares with what it said before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Told {
    /// The same, or no more than how it begins.
    Nothing,
    /// What had broken off goes on.
    Further,
    /// Something else.
    Other,
}

/// How `now` compares with `before`.
#[must_use]
pub fn told(before: &str, now: &str) -> Told {
    let (was, is) = (Excerpt::of(before), Excerpt::of(now));
    if was.words == is.words || is.words.is_empty() || is.breaks_off && was.words.starts_with(&is.words) {
        return Told::Nothing;
    }
    if was.breaks_off && !was.words.is_empty() && is.words.starts_with(&was.words) { Told::Further } else { Told::Other }
}

/// Whether all that a feed says is said by `item` as well, sentence by sentence.
#[must_use]
pub fn is_excerpt(said: &str, item: &Item) -> bool {
    let text = item.text.as_ref().map_or("", |text| text.as_str());
    let whole = format!(" {} {} ", letters(item.title.as_str()), letters(text));
    let shown = without_end(said);
    let mut sentences = sentences(shown).into_iter().peekable();
    while let Some(sentence) = sentences.next() {
        let words = letters(sentence);
        // The last word of all may be half a word.
        let is_cut = sentences.peek().is_none() && !is_ended(sentence);
        let stands = if is_cut { format!(" {words}") } else { format!(" {words} ") };
        if !words.is_empty() && !whole.contains(&stands) {
            return false;
        }
    }
    true
}

/// Puts what a feed says above an item's text, a line each, unless the item says it.
pub(super) fn above(said: &Text, item: Item) -> (Item, usize) {
    if is_excerpt(said.as_str(), &item) { (item, 0) } else { with(said, item) }
}

/// Puts what a feed says above an item's text; and how many lines that are.
#[must_use]
pub fn with(said: &Text, item: Item) -> (Item, usize) {
    let said: Vec<&str> = lines(said).collect();
    let text = item.text.as_ref().map_or("", |text| text.as_str());
    let text: Vec<&str> = said.iter().copied().chain(Some(text).filter(|text| !text.is_empty())).collect();
    let mut html = Builder::default();
    for line in &said {
        html.block("p", line);
    }
    item.html.iter().for_each(|own| html.append(own));
    (Item { text: Some(Text::new(&text.join("\n"))), html: Some(html.finish()), ..item }, said.len())
}

/// An item without the first lines of its text, which a feed says; and those, where there are any.
#[must_use]
pub fn parted(item: Item, count: usize) -> (Option<Text>, Item) {
    let Some(text) = item.text.as_ref().filter(|_| count > 0) else { return (None, item) };
    let all: Vec<&str> = text.as_str().lines().collect();
    let (said, rest) = all.split_at(count.min(all.len()));
    let said = Text::new(&said.join("\n"));
    let mut above = Builder::default();
    for line in lines(&said) {
        above.block("p", line);
    }
    let above = above.finish();
    let own = item.html.as_ref().and_then(|html| html.as_str().strip_prefix(above.as_str()));
    let own = own.map(|own| crate::domain::text::SafeHtml::sanitise(own, None)).or_else(|| item.html.clone());
    let rest = Text::new(&rest.join("\n"));
    (Some(said), Item { text: Some(rest), html: own, ..item })
}

fn lines(text: &Text) -> impl Iterator<Item = &str> {
    text.as_str().lines().map(str::trim).filter(|line| !line.is_empty())
}

/// The words of what may be an excerpt.
struct Excerpt {
    words: String,
    breaks_off: bool,
}

impl Excerpt {
    fn of(text: &str) -> Self {
        let shown = without_end(text);
        let has_mark = shown.len() < text.trim_end().len();
        let is_cut = shown.len() >= CUT_BYTES_MIN && !is_ended(shown);
        Self { words: letters(shown), breaks_off: has_mark || is_cut }
    }
}

/// A text without the marks and words with which an excerpt breaks off.
fn without_end(text: &str) -> &str {
    let mut shown = text.trim_end();
    let lowered = shown.to_ascii_lowercase();
    let leads_on = LEADS_ON.iter().filter_map(|words| lowered.rfind(words)).min();
    if let Some(at) = leads_on.filter(|at| shown.len() - at <= LEADS_ON_BYTES_MAX) {
        // A sentence may say so too: what leads on stands alone, or behind what has broken off.
        let before = shown.get(..at).unwrap_or(shown);
        let stands_alone = before.trim_end_matches(' ').ends_with(['\n', '…', '.', ']', ')', '!', '?', ':', '-', '–']);
        if before.trim().is_empty() || stands_alone {
            shown = before.trim_end();
        }
    }
    let bare = shown.trim_end_matches([']', ')', ' ', '\n']);
    let bare = bare.strip_suffix("...").or_else(|| bare.strip_suffix('…'));
    bare.map_or(shown, |bare| bare.trim_end_matches(['.', '…', '[', '(', ' ', '\n']))
}

/// Whether words end as a sentence does.
fn is_ended(words: &str) -> bool {
    words.trim_end_matches([')', '"', '”', '\'', '’', ' ']).ends_with(['.', '!', '?', ':', ';'])
}

/// Lines, and within them what ends in a full stop, question or exclamation mark and a space.
fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut rest = line;
        while let Some(at) = ends(rest) {
            let (sentence, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
            found.push(sentence.trim());
            rest = after;
        }
        found.push(rest.trim());
    }
    found.retain(|sentence| !sentence.is_empty());
    found
}

/// Where the first sentence of a line ends, before others.
fn ends(line: &str) -> Option<usize> {
    line.match_indices(['.', '!', '?']).map(|(at, _)| at + 1).find(|at| line.get(*at..).is_some_and(|rest| rest.starts_with(' ')))
}

/// The letters and figures of a text, small, a space between words.
fn letters(text: &str) -> String {
    let plain = plain(text).to_lowercase();
    plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use url::Url;

    const PAGE: &str =
        "The board met on 3 March.\nIt agreed a plan for children, and £3m for roads. More is to come in the spring.";

    fn page(text: &str) -> Item {
        let url = Url::parse("https://council.example.org/x").unwrap();
        let html = Some(crate::domain::text::SafeHtml::sanitise(&format!("<p>{text}</p>"), None));
        Item { text: Some(Text::new(text)), html, ..Item::bare("k".to_owned(), Text::line("Board update"), url) }
    }

    #[test]
    fn an_excerpt_says_what_the_page_says_however_it_is_cut() {
        for said in [
            "The board met on 3 March.",
            "The board met on 3 March. It agreed a plan for children, and £3m…",
            "It agreed a plan for children, and £3m for ro",
            "It agreed a plan for chil... Continue reading Board update →",
            "Board update. The Board met on 3 March [&hellip;]".replace("[&hellip;]", "[…]").as_str(),
            "It agreed a plan for children, and £3m for roads.\nRead more",
            "Read more",
            "",
        ] {
            assert!(is_excerpt(said, &page(PAGE)), "{said}");
        }
    }

    #[test]
    fn words_of_its_own_are_no_excerpt() {
        for said in [
            "It agreed £4m for roads.",
            "The board met on 3 March. Residents may comment until May.",
            "It agreed a plan for children, and £4m for ro",
        ] {
            assert!(!is_excerpt(said, &page(PAGE)), "{said}");
        }
    }

    #[test]
    fn only_other_words_tell_something() {
        let check = |before: &str, now: &str, expect: Told| assert_eq!(told(before, now), expect, "{before} → {now}");
        let whole = "The council will spend £3m on roads this year and next, and it will ask people what they think.";
        let cut = "The council will spend £3m on roads this year… Continue reading";
        check(whole, whole, Told::Nothing);
        check(whole, cut, Told::Nothing);
        check(whole, "The council will spend £3m on roads this year and next, and it will ask peo", Told::Nothing);
        check(whole, "", Told::Nothing);
        check(cut, whole, Told::Further);
        check(cut, "The council will spend £3m on […]", Told::Nothing);
        check(whole, &whole.replace("£3m", "£4m"), Told::Other);
        check(cut, &cut.replace("£3m", "£4m"), Told::Other);
        check("Summary", "Summary. The board agreed its new plan.", Told::Other);
        check("Free on Sundays and Mondays.", "Free on Sundays.", Told::Other);
        check("", "The board agreed its new plan.", Told::Other);
    }

    #[test]
    fn what_is_put_above_can_be_taken_off() {
        let said = Text::new("Roads & bridges.\nComment by May.");
        let own = page("The board <met>.");
        let (whole, count) = above(&said, own.clone());
        assert_eq!((whole.text.as_ref().unwrap().as_str(), count), ("Roads & bridges.\nComment by May.\nThe board <met>.", 2));
        assert!(whole.html.as_ref().unwrap().as_str().starts_with("<p>Roads &amp; bridges.</p><p>Comment by May.</p><p>"));
        assert_eq!(parted(whole, count), (Some(said), own.clone()));
        assert_eq!(parted(own.clone(), 0), (None, own));
    }
}
