//! The words over links to other things of a site, in English and in Welsh, and what they promise.

/// Longest such words, in bytes.
pub(super) const BYTES_MAX: usize = 60;

/// What a heading promises.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Promise {
    /// Stories that are not this one: "Related news", "More stories", "You may also like".
    Others,
    /// The site's newest or most read: "Latest news".
    Latest,
    /// Pages of any kind, among which the page's own papers may stand: "Related links"; of one decision, other decisions.
    Links,
    /// "News", which may head anything.
    Name,
}

/// Words that say that what follows is not this.
const OTHERS: &[&str] = &["further", "more", "other", "related", "similar"];
/// Words that say that it is the newest, or what most people read.
const NEWEST: &[&str] = &["featured", "latest", "popular", "recent", "top", "trending", "upcoming"];
const STORIES: &[&str] = &["articles", "blogs", "events", "news", "posts", "stories"];
const PAGES: &[&str] = &["content", "links", "pages", "services", "topics"];
/// The same on pages of one decision or one meeting.
const OF_COUNCILS: &[&str] = &["decisions", "issues", "items", "meetings", "publications"];
/// What may follow such words: "More news from the council".
const JOINTS: &[&str] = &["about", "for", "from", "in", "like", "on"];

/// In Welsh the noun comes first.
const WELSH_OTHERS: &[&str] = &["cysylltiedig", "eraill", "gysylltiedig", "perthnasol", "tebyg"];
const WELSH_NEWEST: &[&str] = &["diweddar", "diweddaraf", "poblogaidd"];
const WELSH_STORIES: &[&str] = &["blogiau", "digwyddiadau", "erthyglau", "newyddion", "straeon"];
const WELSH_PAGES: &[&str] = &["cynnwys", "dolenni", "gwasanaethau", "gwybodaeth", "pynciau", "tudalennau"];
const WELSH_OF_COUNCILS: &[&str] = &["cyfarfodydd", "cyhoeddiadau", "eitemau", "materion", "penderfyniadau"];

/// What else such headings say, from their first word.
const OPENINGS: &[&str] = &[
    "also in the news",
    "darllen nesaf",
    "darllenwch nesaf",
    "efallai y bydd gennych ddiddordeb",
    "efallai y byddai gennych ddiddordeb",
    "efallai y byddwch hefyd",
    "efallai yr hoffech",
    "hefyd yn y newyddion",
    "in other news",
    "keep reading",
    "more from",
    "more like this",
    "more on this",
    "most read",
    "news you may have missed",
    "people also read",
    "read next",
    "recommended for you",
    "sponsored content",
    "sponsored links",
    "stories you may like",
    "stories you might like",
    "up next",
    "what to read next",
    "you may also be interested in",
    "you may also like",
    "you may be interested in",
    "you might also be interested in",
    "you might also like",
    "you might be interested in",
    "you might like",
    "yn y newyddion hefyd",
];

/// Whether a heading, as it is compared, says that what follows is paid for.
pub(super) fn is_advertisement(folded: &str) -> bool {
    matches!(folded, "advertisement" | "advertisements" | "advertising" | "promoted" | "sponsored" | "hysbyseb" | "hysbysebion")
}

/// What a heading, as it is compared, promises; `of_one`: the page is of one decision or one meeting.
pub(super) fn promise(folded: &str, of_one: bool) -> Option<Promise> {
    let folded = folded.trim_end_matches([':', '…', '.', ' ']);
    if matches!(folded, "news" | "events" | "newyddion" | "digwyddiadau") {
        return Some(Promise::Name);
    }
    // "Sponsored walk" is something else.
    if is_advertisement(folded) {
        return Some(Promise::Others);
    }
    let goes_on = |rest: &str| !rest.starts_with(char::is_alphanumeric);
    if OPENINGS.iter().any(|opening| folded.strip_prefix(opening).is_some_and(goes_on)) {
        return Some(Promise::Others);
    }
    let words: Vec<&str> = folded.split(' ').collect();
    english(&words, of_one).or_else(|| welsh(&words, of_one))
}

/// "Related news", "Latest council news", "More stories from the town".
fn english(words: &[&str], of_one: bool) -> Option<Promise> {
    const WORDS_MAX: usize = 3;
    let (first, rest) = words.split_first()?;
    let noun = rest.iter().take(WORDS_MAX - 1).rposition(|word| names(word, STORIES, PAGES, OF_COUNCILS))?;
    let after = rest.get(noun + 1..)?;
    let goes_on = noun == 0 && after.first().is_some_and(|joint| JOINTS.contains(joint));
    if !(after.is_empty() || goes_on) {
        return None;
    }
    kind(rest.get(noun)?, (STORIES, PAGES, OF_COUNCILS), of_one, OTHERS.contains(first), NEWEST.contains(first))
}

/// "Newyddion cysylltiedig", "Y newyddion diweddaraf", "Mwy o newyddion".
fn welsh(words: &[&str], of_one: bool) -> Option<Promise> {
    let of = (WELSH_STORIES, WELSH_PAGES, WELSH_OF_COUNCILS);
    match words {
        ["mwy" | "rhagor", "o", noun, ..] => kind(noun, of, of_one, true, false),
        ["y", rest @ ..] if !rest.is_empty() => welsh(rest, of_one),
        [noun, between @ .., last] if between.len() <= 1 => {
            kind(noun, of, of_one, WELSH_OTHERS.contains(last), WELSH_NEWEST.contains(last))
        }
        _ => None,
    }
}

fn names(word: &str, stories: &[&str], pages: &[&str], of_councils: &[&str]) -> bool {
    [stories, pages, of_councils].iter().any(|known| known.contains(&word))
}

fn kind(
    noun: &str,
    (stories, pages, of_councils): (&[&str], &[&str], &[&str]),
    of_one: bool,
    is_other: bool,
    is_newest: bool,
) -> Option<Promise> {
    let is_page = pages.contains(&noun) || of_one && of_councils.contains(&noun);
    match (stories.contains(&noun), is_other, is_newest) {
        (true, true, _) => Some(Promise::Others),
        (true, _, true) => Some(Promise::Latest),
        (_, true, _) | (_, _, true) if is_page => Some(Promise::Links),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_over_other_stories_are_known_in_two_languages() {
        let check = |words: &str, expect: Option<Promise>| assert_eq!(promise(words, false), expect, "{words}");
        for words in [
            "related news",
            "more stories",
            "other council news:",
            "more news from the council",
            "you may also like…",
            "you might also be interested in",
            "newyddion cysylltiedig",
            "straeon eraill",
            "mwy o newyddion",
            "rhagor o straeon",
            "efallai yr hoffech hefyd",
        ] {
            check(words, Some(Promise::Others));
        }
        for words in ["latest news", "recent posts", "latest council news", "y newyddion diweddaraf", "newyddion diweddar"] {
            check(words, Some(Promise::Latest));
        }
        for words in ["related links", "more pages", "dolenni cysylltiedig", "tudalennau poblogaidd"] {
            check(words, Some(Promise::Links));
        }
        for words in [
            "latest updates",
            "related documents",
            "related decisions",
            "newyddion da i deuluoedd",
            "more news is expected",
            "other matters",
            "dogfennau cysylltiedig",
            "recent changes to the plan",
        ] {
            check(words, None);
        }
        assert_eq!(promise("related decisions", true), Some(Promise::Links));
        assert_eq!(promise("penderfyniadau cysylltiedig", true), Some(Promise::Links));
    }
}
