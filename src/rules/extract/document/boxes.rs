//! Boxes that say something else at each visit, whatever the council does: advertisements wherever they stand, and between the
//! paragraphs of a text what the site promotes, the weather, what somebody said. They are known by whole words of their names.

use super::called::Called;
use super::marks::Marks;
use html5ever::local_name;
use scraper::ElementRef;

/// Words of the names of what holds an advertisement.
const ADVERTISEMENTS: &[&str] = &[
    "ad",
    "adbox",
    "ads",
    "adsbygoogle",
    "adsense",
    "adslot",
    "advert",
    "advertisement",
    "advertisements",
    "advertising",
    "adverts",
    "dfp",
    "gpt",
    "sponsored",
];
/// Words beside such a word that make a name say something else: "advert-free", "ad-hoc", "job-advert".
const OTHERS_AFTER: &[&str] = &["consent", "free", "guidance", "hoc", "less", "policy", "standards"];
const OTHERS_BEFORE: &[&str] = &["has", "hide", "job", "jobs", "no", "post", "recruitment", "vacancy", "with", "without"];
/// Words with which the names begin of boxes that stand within a text.
const PASSING: &[&str] = &[
    "marquee",
    "newsticker",
    "promo",
    "promos",
    "promoted",
    "promotion",
    "promotional",
    "promotions",
    "random",
    "rotating",
    "rotator",
    "testimonial",
    "testimonials",
    "ticker",
    "weather",
];
/// Words beside such a word that say no more than that it is a box.
const OF_BOXES: &[&str] = &[
    "alert",
    "alerts",
    "area",
    "banner",
    "block",
    "box",
    "c",
    "card",
    "component",
    "container",
    "content",
    "forecast",
    "inner",
    "item",
    "l",
    "now",
    "o",
    "panel",
    "quote",
    "section",
    "side",
    "slot",
    "small",
    "large",
    "message",
    "messages",
    "news",
    "notice",
    "teaser",
    "tile",
    "today",
    "u",
    "unit",
    "widget",
    "wrap",
    "wrapper",
];
/// Longest text of an advertisement, and of another box, in bytes.
const ADVERTISEMENT_BYTES_MAX: usize = 1_500;
const PASSING_BYTES_MAX: usize = 600;
/// So many beside one that are called as it is make a list of notices of them.
const LIKES_MIN: usize = 2;
/// Elements beside one that are looked at.
const NEAR: usize = 12;

/// Whether an element puts an event into a reader's calendar: by its name, or by the words on what opens it.
fn adds_to_calendar(element: ElementRef<'_>, called: Called) -> bool {
    let says = |words: &str| {
        let words = words.trim().to_lowercase();
        let adds = ["add ", "save ", "export ", "ychwanegu "].iter().any(|verb| words.starts_with(verb));
        adds && ["calendar", "calendr"].iter().any(|end| words.trim_end_matches('.').ends_with(end))
    };
    let summary = || element.child_elements().find(|child| child.value().name.local == local_name!("summary"));
    let is_opened_so =
        || element.value().name.local == local_name!("details") && summary().is_some_and(|e| says(&e.text().collect::<String>()));
    (called.calendar || is_opened_so()) && element.text().map(str::len).sum::<usize>() <= PASSING_BYTES_MAX
}

/// "add-to-calendar", "addeventatc"
pub(super) fn names_calendar(name: &str) -> bool {
    let adds = name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("add"));
    let plain = || name.to_ascii_lowercase().replace(['-', '_'], "");
    adds && ["addtocal", "addeventatc"].iter().any(|word| plain().contains(word))
}

/// Whether an element is such a box.
pub(super) fn is_passing(element: ElementRef<'_>, marks: &Marks<'_>, called: Called) -> bool {
    // What these roles say goes by (WAI-ARIA 1.2).
    if adds_to_calendar(element, called) || matches!(marks.role, Some("marquee" | "timer")) {
        return true;
    }
    if !called.advertisement && !called.passing {
        return false;
    }
    let advertisement = marks.names().find(|name| names_advertisement(name));
    let Some(name) = advertisement.or_else(|| marks.names().find(|name| names_passing(name))) else { return false };
    if !may_be_box(element) {
        return false;
    }
    let length: usize = element.text().map(str::len).sum();
    let beside = || {
        let after = element.next_siblings().filter_map(ElementRef::wrap).take(NEAR);
        element.prev_siblings().filter_map(ElementRef::wrap).take(NEAR).chain(after)
    };
    // One of several alike is an entry of a list.
    let likes = beside().filter(|other| Marks::of(*other).names().any(|own| own == name)).count();
    if advertisement.is_some() {
        return likes < LIKES_MIN && length <= ADVERTISEMENT_BYTES_MAX;
    }
    let is_text = |other: ElementRef<'_>| other.value().name.local == local_name!("p");
    likes == 0 && beside().any(is_text) && length <= PASSING_BYTES_MAX
}

fn may_be_box(element: ElementRef<'_>) -> bool {
    let is_part = matches!(
        element.value().name.local,
        local_name!("a")
            | local_name!("aside")
            | local_name!("blockquote")
            | local_name!("center")
            | local_name!("div")
            | local_name!("figure")
            | local_name!("ins")
            | local_name!("p")
            | local_name!("section")
            | local_name!("span")
            | local_name!("table")
            | local_name!("ul")
    );
    let holds = |e: ElementRef<'_>| {
        matches!(e.value().name.local, local_name!("h1") | local_name!("main")) || Marks::of(e).id == Some("modgov")
    };
    is_part && !element.descendent_elements().any(holds)
}

/// The words of a name, without the numbers that tell several of a kind apart.
fn words(name: &str) -> impl Iterator<Item = &[u8]> {
    let bare = |word: &'_ [u8]| word.iter().rposition(|b| !b.is_ascii_digit()).map_or(0, |last| last + 1);
    let words = name.as_bytes().split(|b| matches!(b, b'-' | b'_'));
    words.filter_map(move |word| word.get(..bare(word))).filter(|word| !word.is_empty())
}

fn is_of(word: &[u8], known: &[&str]) -> bool {
    known.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(word))
}

/// Whether a word begins with one of these letters.
fn begins(word: &[u8], letters: &[u8]) -> bool {
    word.first().is_some_and(|first| letters.contains(&first.to_ascii_lowercase()))
}

/// "ad-slot"; not "ad-hoc" nor "job-advert".
pub(super) fn names_advertisement(name: &str) -> bool {
    let mut before: &[u8] = b"";
    let mut all = words(name).peekable();
    while let Some(word) = all.next() {
        if !begins(word, b"adgs") {
            before = word;
            continue;
        }
        let after = all.peek().copied().unwrap_or_default();
        if is_of(word, ADVERTISEMENTS) && !is_of(before, OTHERS_BEFORE) && !is_of(after, OTHERS_AFTER) {
            return true;
        }
        before = word;
    }
    false
}

/// "promo", "promotion-box", "c-promo", "weather widget"; not "health-promotion" nor "weather-closures".
pub(super) fn names_passing(name: &str) -> bool {
    let is_one = |name: &str| words(name).any(|word| begins(word, b"mnprtw") && is_of(word, PASSING));
    if !is_one(name) {
        return false;
    }
    // "promo__title" is a part of what is called "promo", and "promo--wide" one of its kinds.
    let name = name.split("__").next().unwrap_or(name);
    let is_mark = |word: &[u8]| word.iter().any(u8::is_ascii_digit);
    let is_passing =
        |name: &str| is_one(name) && words(name).all(|word| is_of(word, PASSING) || is_of(word, OF_BOXES) || is_mark(word));
    is_passing(name) || name.split_once("--").is_some_and(|(own, _)| is_passing(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_name_an_advertisement_and_words_that_only_begin_so_do_not() {
        for name in [
            "ad",
            "ads",
            "ad-slot",
            "ad-1",
            "div-gpt-ad-1234",
            "advert",
            "page__advert advert",
            "sponsored-box",
            "dfp-mpu",
            "adslot",
        ] {
            assert!(name.split(' ').any(names_advertisement), "{name}");
        }
        for name in [
            "advert-free",
            "ad-hoc",
            "adult-care",
            "address",
            "admin",
            "ad_hoc-report",
            "job-advert",
            "no-ads",
            "adviser",
            "header",
        ] {
            assert!(!names_advertisement(name), "{name}");
        }
    }

    #[test]
    fn a_box_is_called_a_promotion_by_all_of_its_name() {
        for name in [
            "promo",
            "promotion-box",
            "c-promo",
            "block--promo",
            "promo--wide",
            "weather",
            "weather-widget",
            "testimonial",
            "promo__text",
            "rotator",
            "rotating-banner",
            "alert-rotator",
            "news-ticker",
        ] {
            assert!(names_passing(name), "{name}");
        }
        for name in
            ["health-promotion", "weather-closures", "promotional-events-report", "promontory", "random-checks", "notice", "news"]
        {
            assert!(!names_passing(name), "{name}");
        }
    }
}
