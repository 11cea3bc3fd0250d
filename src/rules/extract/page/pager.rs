//! What a listing says of its own extent: where it goes on, and how many items there are.

use super::entries::{target, words};
use super::selectors::Chosen;
use crate::rules::extract::document::Document;
use crate::rules::extract::key;
use crate::rules::extract::text::{Line, folded};
use scraper::ElementRef;
use url::Url;

/// The listing's next page: by selector, by `rel=next`, or by its words; on the same host, and another address.
pub(super) fn next(document: &Document, url: &Url, chosen: &Chosen, warnings: &mut Vec<String>) -> Option<Url> {
    let leads_on = |to: &Url| to.host_str() == url.host_str() && to.as_str() != url.as_str();
    if let Some(named) = &chosen.next {
        // The last page of a listing has no next one, so nothing found is no fault.
        let found = named.all(document, &mut Vec::new());
        let link = found
            .iter()
            .find_map(|e| target(document, *e).or_else(|| e.descendent_elements().find_map(|below| target(document, below))));
        if link.is_none() && !found.is_empty() {
            warnings.push("select.next matches an element without a link".to_owned());
        }
        return link.filter(leads_on);
    }
    following(document, url)
}

/// The next page by `rel=next` or by the words of a link.
pub(in crate::rules::extract) fn following(document: &Document, url: &Url) -> Option<Url> {
    let leads_on = |to: &Url| to.host_str() == url.host_str() && to.as_str() != url.as_str();
    let by_relation = document.all("a[rel~=next][href], link[rel~=next][href]").into_iter().find_map(|e| target(document, e));
    by_relation
        .filter(leads_on)
        .or_else(|| {
            document
                .all("a[href]")
                .into_iter()
                .filter(|link| says_next(*link))
                .find_map(|link| target(document, link))
                .filter(leads_on)
                .or_else(|| before_these(document, url))
        })
        .or_else(|| by_number(document, url).filter(leads_on))
        .filter(|next| key::canonical(next) != key::canonical(url) || next.query() != url.query())
}

/// "Previous posts", where that is the page after this one: on the first page of what is listed newest first.
fn before_these(document: &Document, url: &Url) -> Option<Url> {
    let says = |link: &ElementRef<'_>| {
        if !begins(*link, |c| c.eq_ignore_ascii_case(&'p')) {
            return false;
        }
        let text = folded(&words(*link));
        let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
        bare.strip_prefix("previous ").is_some_and(|what| what != "page" && THINGS.contains(&what))
    };
    let links = document.all("a[href]").into_iter().filter(says);
    let pages = links.filter_map(|link| target(document, link)).filter(|to| to.host_str() == url.host_str());
    pages.filter(|to| page_number(to) > page_number(url).max(Some(1))).min_by_key(page_number)
}

/// The number of a page of a list, as addresses give it: `?page=2`, `/page/2/`, `page2.html`.
fn page_number(url: &Url) -> Option<u16> {
    let in_query = url
        .query_pairs()
        .find(|(name, _)| matches!(&**name, "page" | "p" | "pg" | "paged" | "tudalen"))
        .map(|(_, n)| n.into_owned());
    let in_path = || {
        let (_, after) = url.path().rsplit_once("page")?;
        let digits = after.trim_start_matches(['/', '-', '_']);
        Some(digits.chars().take_while(char::is_ascii_digit).collect())
    };
    in_query.or_else(in_path)?.parse().ok()
}

/// "1 2 3", where the page shown is no link: the number after it.
fn by_number(document: &Document, url: &Url) -> Option<Url> {
    let number = |element: ElementRef<'_>| words(element).parse::<u16>().ok();
    let same_list = |to: &Url| to.path().trim_end_matches('/').starts_with(url.path().trim_end_matches('/'));
    // The number of the page shown may lead to where it stands.
    let leads_away = |link: ElementRef<'_>| {
        let is_link = link.value().name() == "a" && link.attr("href").is_some();
        is_link
            && target(document, link).is_some_and(|to| to.as_str().trim_end_matches('/') != url.as_str().trim_end_matches('/'))
    };
    let holds_link = |element: ElementRef<'_>| leads_away(element) || element.descendent_elements().any(leads_away);
    document.all("a[href]").into_iter().find_map(|link| {
        let after = begins(link, |c| c.is_ascii_digit()).then(|| number(link)).flatten()?;
        // A list of pages puts each into an item of its own.
        let place = std::iter::successors(Some(link), |at| at.parent().and_then(ElementRef::wrap));
        let place = place.take_while(|at| number(*at) == Some(after)).last()?;
        let before = place.prev_siblings().find_map(ElementRef::wrap).filter(|before| !holds_link(*before))?;
        let follows = number(before).and_then(|shown| shown.checked_add(1)) == Some(after);
        target(document, link).filter(|to| follows && same_list(to))
    })
}

/// Whether the first letter or digit of a link is one of these: most links of a page are its menus', and few are.
fn begins(link: ElementRef<'_>, wanted: impl Fn(char) -> bool) -> bool {
    link.text().flat_map(str::chars).find(|c| c.is_alphanumeric()).is_some_and(wanted)
}

/// What a listing's next page holds more of: "Older stories", "Earlier updates".
const THINGS: &[&str] = &[
    "announcements",
    "articles",
    "entries",
    "items",
    "news",
    "page",
    "posts",
    "press releases",
    "results",
    "stories",
    "updates",
];

fn says_next(link: ElementRef<'_>) -> bool {
    const WORDS: &[&str] = &[
        "next",
        "next page",
        "go to next page",
        "older",
        "next results",
        "load more",
        "show more",
        "more news",
        "more stories",
        "more posts",
        // In Welsh, "nesaf" also stands behind what it is of: "tudalen nesaf".
        "nesaf",
        "tudalen nesaf",
        "y dudalen nesaf",
        "y nesaf",
        "hŷn",
        "newyddion hŷn",
        "mwy o newyddion",
    ];
    const OLDER: &[&str] = &["older", "earlier", "next"];
    // Most links of a page are its menus', and few begin like one of these.
    let begins = |mut letters: Box<dyn Iterator<Item = char> + '_>| {
        let first = letters.find(|c| c.is_alphanumeric() || "›»>→".contains(*c));
        first.is_some_and(|c| "eghlmnosty›»>→".contains(c.to_ascii_lowercase()))
    };
    let named = link.attr("aria-label").or_else(|| link.attr("title"));
    if !begins(Box::new(link.text().flat_map(str::chars))) && !named.is_some_and(|name| begins(Box::new(name.chars()))) {
        return false;
    }
    let label = named.map(folded).unwrap_or_default();
    let text = folded(&words(link));
    let bare = |raw: &str| raw.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let is_number = |word: &str| word.bytes().all(|b| b.is_ascii_digit());
    let is_older = |bare: &str| {
        let (when, what) = bare.split_once(' ').unwrap_or_default();
        // "Next 10 stories".
        let what = what.split_once(' ').filter(|(count, _)| is_number(count)).map_or(what, |(_, what)| what);
        OLDER.contains(&when) && THINGS.contains(&what)
    };
    let said = |raw: &str| WORDS.contains(&bare(raw).as_str()) || is_older(&bare(raw)) || raw.starts_with("next page");
    let about_time = ["month", "year", "week", "day"].iter().any(|unit| label.contains(unit) || text.contains(unit));
    !about_time && (said(&text) || said(&label) || matches!(text.as_str(), "›" | "»" | ">" | ">>" | "→"))
}

/// What a counter counts.
const COUNTED: &[&str] = &[
    "announcements",
    "articles",
    "documents",
    "entries",
    "items",
    "meetings",
    "notices",
    "posts",
    "publications",
    "records",
    "results",
    "stories",
];

/// "Displaying 1 to 9 of 9", "Showing 1-10 of 95 results", "Page 1 of 6 (43 items)", "1,284 publications by …".
pub(in crate::rules::extract) fn total(lines: &[Line<'_>]) -> Option<usize> {
    // The way to the next page may stand in its line.
    let may_count = |line: &&Line<'_>| line.text.len() <= 80 && line.text.bytes().any(|b| b.is_ascii_digit());
    let beside = |line: &Line<'_>| (!line.links.is_empty()).then(|| folded(line.outside().trim()));
    let short = || lines.iter().filter(may_count);
    let find = |read: fn(&str) -> Option<usize>| short().find_map(|line| read(line.folded()).or_else(|| read(&beside(line)?)));
    find(ranged).or_else(|| find(counted)).or_else(|| find(labelled))
}

/// The number behind what it counts: "Total results: 162".
fn labelled(line: &str) -> Option<usize> {
    const AROUND: &[&str] = &["all", "found", "matching", "number", "of", "total"];
    let (label, count) = line.split_once(':')?;
    let may_be = |word: &str| AROUND.contains(&word) || COUNTED.contains(&word);
    let names_count = label.split(' ').any(|word| COUNTED.contains(&word)) && label.split(' ').all(may_be);
    let is_number = count.trim().bytes().all(|b| b.is_ascii_digit() || b == b',');
    if names_count && is_number { number(count.trim()) } else { None }
}

/// The number after "of", where the line counts what is shown: in words, or as "1 - 4 of 23 results".
fn ranged(line: &str) -> Option<usize> {
    let (before, after) = line.split_once(" of ")?;
    let opens = ["displaying", "showing", "viewing", "results", "items"].iter().any(|word| line.starts_with(word));
    let is_counted = |noun: &str| COUNTED.contains(&noun.trim_matches(|c: char| !c.is_alphanumeric()));
    let mut behind = after.split(' ');
    let total = number(behind.next()?);
    if opens {
        return total.filter(|_| before.contains(|c: char| c.is_ascii_digit()));
    }
    let (first, last) = before.split_once('-').or_else(|| before.split_once(" to "))?;
    let [first, last] = [first, last].map(|word| word.trim().parse::<usize>().ok());
    let is_range = first? <= last? && last <= total;
    total.filter(|_| is_range && behind.next().is_none_or(is_counted) && behind.next().is_none())
}

/// The number before what it counts: at the head of its line, in brackets, or beside a count of pages.
fn counted(line: &str) -> Option<usize> {
    if !line.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let words: Vec<&str> = line.split(' ').collect();
    let pages = line.contains("page");
    words.windows(2).enumerate().find_map(|(at, pair)| {
        let [count, noun] = pair else { return None };
        let noun = noun.trim_matches(|c: char| !c.is_alphanumeric());
        let placed = at == 0 || pages || count.starts_with('(') || (at == 1 && words.first() == Some(&"found"));
        (placed && COUNTED.contains(&noun)).then(|| number(count)).flatten()
    })
}

fn number(word: &str) -> Option<usize> {
    let digits = word.trim_matches(|c: char| !c.is_ascii_digit());
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || b == b',');
    is_number.then(|| digits.replace(',', "").parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_is_read_wherever_it_puts_its_number() {
        let check = |line: &str, expect: Option<usize>| {
            let line = folded(line);
            assert_eq!(ranged(&line).or_else(|| counted(&line)).or_else(|| labelled(&line)), expect, "{line}");
        };
        check("Displaying 1 to 9 of 9", Some(9));
        check("Showing 1-10 of 1,095 results", Some(1095));
        check("Page 1 of 6 (43 items)", Some(43));
        check("21 items in 3 pages", Some(21));
        check("427 results", Some(427));
        check("1,284 publications by Department for Education", Some(1284));
        check("The board looked at 12 items", None);
        check("Page 2 of 22", None);
        check("1 - 4 of 23 results", Some(23));
        check("11–20 of 1,204", Some(1204));
        check("1 to 10 of 12 notices", Some(12));
        check("1 - 4 of the 23 members", None);
        check("1 to 3 of 12 wards in the borough", None);
        check("5 - 4 of 23", None);
        check("2026-27 of 40 results", None);
        check("Total results: 162", Some(162));
        check("Number of items found: 1,204", Some(1204));
        check("Meetings: 3 December 2026", None);
        check("Minutes of meetings: 12", None);
    }
}
