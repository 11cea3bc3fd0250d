//! Which line of a card names it, where none is a heading: not what it is filed under, nor how long it takes to read, nor the
//! words of its button. The link's address often says the title once more; what several cards say is no title of theirs.

use super::card::{TITLE_BYTES_MAX, is_teaser};
use super::entries::is_generic;
use super::{article, dated, rows};
use crate::domain::item::Item;
use crate::domain::text::Text;
use crate::rules::extract::text::{Line, folded};
use crate::rules::facts::documents;
use scraper::ElementRef;
use std::collections::HashSet;
use std::collections::hash_map::{Entry, HashMap};
use url::Url;

/// Words that stand on a page more than once, as they are compared: the categories that its cards and its filter name, and
/// what links to different places are called alike.
pub(super) type Repeated = HashSet<String>;

/// Longest words of a category, in bytes, and most of them.
const TAG_BYTES_MAX: usize = 30;
const TAG_WORDS_MAX: usize = 3;
/// Least words of an address that tell, and which share of them in tenths a title must say.
const SLUG_WORDS_MIN: usize = 2;
const SLUG_TENTHS: usize = 6;

/// A link's words as they are compared: without the kind and the size of a file.
pub(super) fn of_link(words: &str) -> String {
    folded(documents::named(words).title)
}

/// The words that a page's lines repeat, and those that are the whole of links to different pages. `links`: the words and the
/// keys of the links of one list.
pub(super) fn repeated<'l>(page: &[Line<'_>], links: impl Iterator<Item = (String, &'l str)>) -> Repeated {
    let mut times: HashMap<&str, usize> = HashMap::new();
    for line in page.iter().filter(|line| line.text.len() <= TAG_BYTES_MAX) {
        *times.entry(line.folded()).or_default() += 1;
    }
    let mut repeated: Repeated = times.into_iter().filter(|(_, times)| *times > 1).map(|(words, _)| words.to_owned()).collect();
    let mut leads: HashMap<String, &str> = HashMap::new();
    for (words, key) in links {
        match leads.entry(of_link(&words)) {
            Entry::Occupied(known) if *known.get() != key => {
                repeated.insert(known.key().clone());
            }
            Entry::Occupied(_) => {}
            Entry::Vacant(free) => {
                free.insert(key);
            }
        }
    }
    repeated
}

/// Names entries that are all called the same ("Minutes") and say no day after the months that stand over them, as `said` of each.
pub(super) fn tell_apart(items: &mut [Item], said: &[Option<String>]) {
    let mut months: HashMap<String, HashSet<&str>> = HashMap::new();
    for (item, month) in items.iter().zip(said) {
        months.entry(folded(item.title.as_str())).or_default().extend(month.as_deref());
    }
    for (item, month) in items.iter_mut().zip(said) {
        let is_dated = item.published.is_some() || item.meeting.as_ref().is_some_and(|meeting| meeting.date.is_some());
        let are_many = || months.get(&folded(item.title.as_str())).is_some_and(|months| months.len() > 1);
        if let Some(month) = month.as_deref().filter(|_| !is_dated && are_many()) {
            item.title = Text::line(&format!("{}, {month}", item.title));
        }
    }
}

/// Whether a link holds lines of its own.
pub(super) fn holds_lines(link: ElementRef<'_>) -> bool {
    const BLOCKS: &[&str] = &["div", "p", "h2", "h3", "h4", "h5", "ul", "dl", "section", "article", "header", "figure"];
    link.child_elements().any(|child| BLOCKS.contains(&child.value().name()))
}

/// The line that names what the lines are about. `url`: where the card leads; `repeated`: of its page.
pub(super) fn title<'l, 'a>(lines: &'l [Line<'a>], url: Option<&Url>, repeated: &Repeated) -> Option<&'l Line<'a>> {
    let named: Vec<&Line<'a>> = lines.iter().filter(|line| says_something(line)).collect();
    let first = *named.first()?;
    let slug = url.map(slug).unwrap_or_default();
    let said = |line: &&Line<'a>| said(&slug, line.folded());
    let best = named.iter().map(said).max().filter(|best| is_said(*best, &slug));
    if let Some(best) = best {
        return named.into_iter().find(|line| said(line) == best);
    }
    let is_tag = |line: &Line<'a>| {
        let is_short = line.text.len() <= TAG_BYTES_MAX && line.text.split(' ').count() <= TAG_WORDS_MAX;
        repeated.contains(line.folded()) || (is_short && !line.strong && !line.text.ends_with(['.', '!', '?']))
    };
    if !is_tag(first) {
        return Some(first);
    }
    let may_be = |line: &&Line<'a>| own(line).len() <= TITLE_BYTES_MAX && !is_teaser(own(line));
    let longest = |fits: &dyn Fn(&Line<'a>) -> bool| {
        named.iter().copied().filter(may_be).filter(|line| fits(line)).rev().max_by_key(|line| own(line).len())
    };
    let title = longest(&|line| !repeated.contains(line.folded())).or_else(|| longest(&|_| true));
    title.filter(|title| own(title).len() > first.text.len()).or(Some(first))
}

/// Its words without a "Read more" at their end.
fn own<'l>(line: &'l Line<'_>) -> &'l str {
    let leads_on = !line.links.is_empty() && line.links.iter().all(|link| is_generic(&link.text));
    if leads_on { line.outside() } else { &line.text }
}

/// Whether a line may say what something is about.
pub(super) fn says_something(line: &Line<'_>) -> bool {
    // "5 November 2026", "2 min read", in one line.
    let are_asides = || {
        let texts = line.leaves.iter().filter_map(|leaf| leaf.value().as_text()).map(|text| text.trim());
        line.leaves.len() > 1 && texts.into_iter().all(is_aside)
    };
    !is_aside(&line.text) && !rows::is_circumstance(line) && !are_asides()
}

/// Whether words say no more than when, for how long, or that there is more.
fn is_aside(words: &str) -> bool {
    dated::is_day(words) || is_generic(words) || dated::is_label(words) || article::is_reading_time(&folded(words))
}

/// The words of the last part of an address: "minutes", "september", "board".
fn slug(url: &Url) -> Vec<String> {
    let last = url.path_segments().and_then(|mut parts| parts.rfind(|part| !part.is_empty())).unwrap_or_default();
    let last = last.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let is_word = |word: &&str| word.chars().any(char::is_alphabetic) || word.len() <= 3;
    last.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).filter(is_word).map(str::to_owned).collect()
}

/// Whether words say what the last part of an address does.
pub(super) fn says_address(words: &str, url: &Url) -> bool {
    let slug = slug(url);
    is_said(said(&slug, &folded(words)), &slug)
}

fn is_said(said: usize, slug: &[String]) -> bool {
    said >= SLUG_WORDS_MIN && said * 10 >= slug.len() * SLUG_TENTHS
}

/// How many words of an address a line says.
fn said(slug: &[String], folded: &str) -> usize {
    let words: HashSet<&str> = folded.split(|c: char| !c.is_alphanumeric()).collect();
    slug.iter().filter(|word| words.contains(word.as_str())).count()
}
