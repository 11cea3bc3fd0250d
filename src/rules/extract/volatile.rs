//! Lines that say something else at each visit, whatever the council does: counters, ages ("2 days ago"), clocks, the year of
//! a copyright, a question about the page. They stand in the middle of bodies, and are no part of any.

use super::text::{Kind, Line};

/// Longest such line, in bytes.
const BYTES_MAX: usize = 100;
/// The same of one that also says how long it took to make the page.
const FOOT_BYTES_MAX: usize = 240;
/// What a page is made by, before it says in how many of which units.
const MADE: &[&str] = &[
    "built",
    "created",
    "delivered",
    "executed",
    "generated",
    "load",
    "loaded",
    "made",
    "processed",
    "produced",
    "queries",
    "render",
    "rendered",
    "served",
    "time",
    "took",
];
const UNITS: &[&str] = &["milliseconds", "ms", "s", "sec", "second", "seconds", "secs"];
/// A counter, its number left out: "Viewed 95,416 times".
const COUNTERS: &[&str] = &[
    "viewed # times",
    "viewed # time",
    "visited # times",
    "accessed # times",
    "# views",
    "# votes",
    "# vote",
    "average # votes",
    "average # vote",
    "# view",
    "views #",
    "page views #",
    "post views #",
    "# page views",
    "number of views #",
    "# hits",
    "hits #",
    "visits #",
    "visitors #",
    "visitor number #",
    "you are visitor number #",
    "you are visitor #",
    "read # times",
    "# reads",
    "# likes",
    "# like",
    "likes #",
    "# shares",
    "shares #",
    "# comments",
    "# comment",
    "comments #",
    "no comments",
    "# people have read this",
    "# people have read this article",
    "# people have read this page",
    "# people have viewed this page",
    "# people liked this",
    "# people like this",
    "# people found this helpful",
    "# downloads",
    "downloads #",
    "downloaded # times",
    "downloaded # time",
    "# min read",
    "# mins read",
    "# minute read",
    "# minutes read",
    "closes in # days",
    "closes in # day",
    "closes in # hours",
    "closing in # days",
    "closing in # day",
    "ends in # days",
    "ends in # day",
    "# days left",
    "# day left",
    "# days to go",
    "# day to go",
    "# days remaining",
    "# days until the event",
    "# days until the meeting",
    "starts in # days",
    "starts in # day",
    "in # days",
    "in # day",
];
/// What such a line says of how near a day is, in place of a counter.
const NEARNESS: &[&str] = &[
    "today",
    "tomorrow",
    "happening today",
    "happening tomorrow",
    "starts today",
    "starts tomorrow",
    "this event has ended",
    "this event has finished",
    "this event has now ended",
    "this event has now passed",
    "this event has passed",
    "this event is happening now",
    "this event is in the past",
    "this event is over",
    "this meeting has passed",
];
/// What such a line begins with.
const OPENINGS: &[&str] = &[
    "page generated",
    "page rendered",
    "page loaded in",
    "page last refreshed",
    "this page was generated",
    "generated at ",
    "the time is now",
    "current time:",
    "to view this video please enable javascript",
    "your browser does not support the video",
    "your browser does not support html5 video",
];
/// What a question about the page begins with.
const QUESTIONS: &[&str] = &[
    "was this page helpful",
    "was this page useful",
    "was this information helpful",
    "was this information useful",
    "was this helpful",
    "is this page useful",
    "is this page helpful",
    "did you find this page",
    "did you find what you",
    "did you find this useful",
    "did this page help",
    "is there anything wrong with this page",
    "is there a problem with this page",
    "report a problem with this page",
    "help us improve this page",
    "rate this page",
    "a oedd y dudalen hon",
    "a yw'r dudalen hon",
    "ddaethoch chi o hyd i",
    "oedd y dudalen hon",
    "oedd y wybodaeth hon",
    "rhowch wybod am broblem gyda'r dudalen hon",
    "ydy'r dudalen hon",
    "ydych chi wedi dod o hyd i",
];

/// Whether a line is nothing but that.
pub(super) fn is_volatile(line: &Line<'_>) -> bool {
    // In lists and tables of a text a number of visitors is what the text is about; a layout's cells hold paragraphs.
    let counts = !line.is_item() && (line.kind != Kind::Cell || line.block.value().name() == "p");
    // Among an article's particulars a counter has its label with it, and needs no term.
    let is_labelled = || line.block.value().name() == "dd" && line.folded().ends_with(|c: char| c.is_ascii_digit());
    if line.is_heading() {
        return false;
    }
    line.text.len() <= FOOT_BYTES_MAX && times_page(line.folded())
        || line.text.len() <= BYTES_MAX && says_nothing_lasting(line.folded(), counts || is_labelled())
}

/// `folded`: as it is compared. `counts`: whether it may be a counter.
fn says_nothing_lasting(folded: &str, counts: bool) -> bool {
    let begins = |openings: &[&str]| openings.iter().any(|opening| folded.starts_with(opening));
    let is_question = || begins(QUESTIONS) && folded.split(['?', '.']).nth(1).is_none_or(|answers| answers.len() <= 40);
    begins(OPENINGS)
        || is_question()
        || is_copyright(folded)
        || are_ages(folded)
        || is_today(folded)
        || is_page_number(folded)
        || is_token(folded)
        || is_upkeep(folded)
        || (counts && (is_counter(folded) || NEARNESS.contains(&folded.trim_end_matches(['.', '!']))))
}

/// Whether a line says in one of its sentences how long the page was in the making: "Page served in 0.949 seconds. Testshire Council."
/// What else it says is the site's.
fn times_page(folded: &str) -> bool {
    const WORDS_MAX: usize = 12;
    let is_unit = |word: &str| UNITS.contains(&word.trim_end_matches(['.', ',', ')']));
    let begins_with_figure = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let figures = |word: &str| word.trim_end_matches(|c: char| !c.is_ascii_digit()).len();
    let is_span = |pair: &[&str]| {
        let [amount, unit] = pair else { return false };
        begins_with_figure(amount)
            && (figures(amount) == amount.len() && is_unit(unit) || amount.get(figures(amount)..).is_some_and(is_unit))
    };
    let times = |sentence: &str| {
        let words: Vec<&str> = sentence.split([' ', ':', '(']).filter(|word| !word.is_empty()).take(WORDS_MAX + 1).collect();
        let Some(at) = words.windows(2).position(is_span).or_else(|| {
            let last = words.len().checked_sub(1)?;
            is_span(&[words.get(last)?, ""]).then_some(last)
        }) else {
            return false;
        };
        let before = words.get(..at).unwrap_or_default();
        let is_made = before.iter().any(|word| MADE.contains(word));
        let of_page =
            before.contains(&"page") || before.first().is_some_and(|first| MADE.contains(first) || begins_with_figure(first));
        words.len() <= WORDS_MAX && is_made && of_page
    };
    UNITS.iter().any(|unit| folded.contains(unit)) && folded.split(". ").flat_map(|part| part.split(['|', '·'])).any(times)
}

/// "© Testshire Council 2026", "Copyright 2026 Testshire Council"; not "(c) That the plan be published by March 2027".
fn is_copyright(folded: &str) -> bool {
    let is_year = |word: &str| word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    let years = |words: &str| words.split(|c: char| !c.is_ascii_digit()).any(is_year);
    let rest = ["copyright", "hawlfraint", "(c)"].iter().find_map(|mark| folded.strip_prefix(mark)).map(str::trim_start);
    let begins_with_year = |rest: &str| rest.get(..4).is_some_and(is_year);
    let marked = folded.starts_with('©') || rest.is_some_and(|rest| rest.starts_with(['©', '(']) || begins_with_year(rest));
    marked && years(folded)
}

/// "Page reference: 1157362447"; not "Page reference: planning policy".
fn is_page_number(folded: &str) -> bool {
    const NAMES: &[&str] =
        &["page reference", "page ref", "page id", "page identifier", "request id", "reference id", "session id"];
    let Some(rest) = NAMES.iter().find_map(|name| folded.strip_prefix(name)) else { return false };
    let number = rest.trim_start_matches("number").trim_matches([':', '#', '.', ' ']);
    let has_digit = number.bytes().any(|b| b.is_ascii_digit());
    has_digit && number.bytes().all(|b| b.is_ascii_hexdigit() || matches!(b, b'-' | b'.' | b'/'))
}

/// "Share token: 8f3a9c2d71be", "8f3a9c2d-71be-44aa-9d20-17c3f05b6e81": what a system hands out anew at each visit; not
/// "Reference: 22/01234/FUL".
fn is_token(folded: &str) -> bool {
    const NAMES: &[&str] =
        &["correlation id", "csrf token", "link id", "share code", "share id", "share token", "token", "tracking id", "visit id"];
    const BYTES_MIN: usize = 6;
    const ALONE_BYTES_MIN: usize = 16;
    let is_opaque = |words: &str, letter: fn(&u8) -> bool| {
        let digits = words.bytes().filter(u8::is_ascii_digit).count();
        let fits = |b: u8| letter(&b) || matches!(b, b'-' | b'_' | b'=' | b'+' | b'/');
        digits > 0 && digits < words.len() && words.bytes().all(fits)
    };
    let named =
        NAMES.iter().find_map(|name| folded.strip_prefix(name)?.trim_start().strip_prefix([':', '=', '#'])).map(str::trim);
    match named {
        Some(token) => token.len() >= BYTES_MIN && is_opaque(token, u8::is_ascii_alphanumeric),
        None => folded.len() >= ALONE_BYTES_MIN && !folded.contains('/') && is_opaque(folded, u8::is_ascii_hexdigit),
    }
}

/// "Page last changed 9.11.26 Webmaster", "Next review due March 2027": how the page is kept; not "Reviewed in November 2026 by
/// the panel".
fn is_upkeep(folded: &str) -> bool {
    const KEPT: &[&str] =
        &["page last changed", "this page was last changed", "page reviewed", "reviewed", "next review due", "next review"];
    let without_keeper = folded.trim_end_matches('.').trim_end_matches("webmaster").trim_end_matches([' ', '|', '-', '·']);
    if without_keeper.is_empty() {
        return folded.starts_with("webmaster");
    }
    let Some(day) = KEPT.iter().find_map(|kept| without_keeper.strip_prefix(kept)) else { return false };
    let day = day.trim_start_matches([':', ' ']);
    let day = ["on ", "in "].iter().find_map(|word| day.strip_prefix(word)).unwrap_or(day);
    // A month alone is as good as a day, and so are figures: "9.11.26".
    let is_mark = |b: &u8| matches!(b, b'.' | b'/' | b'-');
    let is_in_figures = || day.bytes().filter(is_mark).count() == 2 && day.bytes().all(|b| b.is_ascii_digit() || is_mark(&b));
    is_in_figures()
        || crate::rules::facts::dates::whole(day).is_some()
        || crate::rules::facts::dates::whole(&format!("1 {day}")).is_some()
}

pub(crate) fn is_counter(folded: &str) -> bool {
    if !folded.contains(|c: char| c.is_ascii_digit()) {
        return folded == "no comments";
    }
    folded.split(['|', '·']).map(shape).all(|shape| are_counters(without_subject(&shape)))
}

/// "This page has been viewed 85 times." → "viewed 85 times".
fn without_subject(shape: &str) -> &str {
    const OF_PAGE: &[&str] = &["this article ", "this item ", "this news item ", "this page ", "this post ", "this story "];
    let rest = OF_PAGE.iter().find_map(|page| shape.strip_prefix(page));
    let said = rest.and_then(|rest| ["has been ", "was "].iter().find_map(|verb| rest.strip_prefix(verb)));
    said.map_or(shape, |said| said.trim_end_matches('.'))
}

/// One counter, or several that nothing parts: "27 people liked this 214 views".
fn are_counters(shape: &str) -> bool {
    let rest = |counter: &&str| shape.strip_prefix(*counter).filter(|rest| rest.is_empty() || rest.starts_with(" #"));
    COUNTERS.iter().filter_map(rest).any(|rest| rest.is_empty() || are_counters(rest.trim_start()))
}

/// The words, and "#" for each number.
fn shape(words: &str) -> String {
    let words = words.split(|c: char| c.is_whitespace() || matches!(c, ':' | '(' | ')')).filter(|word| !word.is_empty());
    let is_number = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_digit()) && word.trim_end_matches('k').bytes().all(|b| !b.is_ascii_alphabetic())
    };
    words.map(|word| if is_number(word) { "#" } else { word }).collect::<Vec<_>>().join(" ")
}

/// "Today is Sunday 22 November 2026, 12:01"; not "Today is the last day".
fn is_today(folded: &str) -> bool {
    let said = ["today is ", "today's date is ", "today's date:", "today:", "it is now "];
    let Some(rest) = said.iter().find_map(|said| folded.strip_prefix(said)) else { return false };
    let is_time = |word: &&str| {
        let digits = word.trim_end_matches(['m', 'a', 'p', '.']);
        !digits.is_empty()
            && digits.contains([':', '.'])
            && digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.'))
    };
    let is_filling = |word: &&str| matches!(*word, "am" | "pm" | "at" | "-" | "and" | "the" | "time");
    let day: Vec<&str> = rest.split([' ', ',']).filter(|word| !word.is_empty() && !is_time(word) && !is_filling(word)).collect();
    crate::rules::facts::dates::whole(&day.join(" ")).is_some()
}

/// "3 hours ago · 2 min read", "Yesterday".
fn are_ages(folded: &str) -> bool {
    let is_lasting = |part: &str| !(is_age(part) || is_counter(part));
    is_age(folded) || (folded.contains(['|', '·']) && !folded.split(['|', '·']).map(str::trim).any(is_lasting))
}

/// "Posted 2 days ago", "about an hour ago", "Yesterday"
pub(crate) fn is_age(folded: &str) -> bool {
    const SAID: &[&str] =
        &["published", "posted", "updated", "last updated", "page last updated", "added", "modified", "last modified"];
    const UNITS: &[&str] = &["second", "minute", "min", "hour", "day", "week", "month", "year"];
    let rest = SAID.iter().rev().find_map(|said| folded.strip_prefix(said)).unwrap_or(folded);
    let rest = rest.trim_start_matches([':', ' ']).trim_end_matches('.');
    if ["just now", "yesterday", "last week", "last month", "last year"].contains(&rest) {
        return true;
    }
    let Some(age) = rest.strip_suffix(" ago") else { return false };
    let mut words = age.split(' ').filter(|word| !matches!(*word, "about" | "over" | "and")).peekable();
    let is_part = |word: &str| {
        let is_amount = matches!(word, "a" | "an" | "one") || word.bytes().all(|b| b.is_ascii_digit());
        is_amount || UNITS.contains(&word.trim_end_matches([',', 's']))
    };
    words.peek().is_some() && words.all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_a_page_was_in_the_making_is_the_sites() {
        for line in [
            "Page served in 0.949 seconds. Testshire Council. Last updated: 24 November 2026",
            "This page was generated in 0.31s",
            "Page load time: 0.12 seconds | 23 queries",
            "23 queries in 0.341 seconds.",
            "Testshire Council. Generated in 112 ms (41 queries).",
            "Page took 2 seconds to load",
        ] {
            assert!(times_page(&line.to_lowercase()), "{line}");
        }
        for line in [
            "The bridge was built in 30 seconds of a film.",
            "The call was answered in 12 seconds",
            "Time: 7pm. The page was turned.",
            "The form was processed in 4 seconds, and members asked for more. The next is on page 4",
            "Queries: 12 seconded officers",
        ] {
            assert!(!times_page(&line.to_lowercase()), "{line}");
        }
    }

    #[test]
    fn what_is_another_at_each_visit_is_told_from_what_is_said() {
        let check = |line: &str, expect: bool| assert_eq!(says_nothing_lasting(&line.to_lowercase(), true), expect, "{line}");
        for line in [
            "Viewed 95,416 times",
            "This page has been viewed 85 times",
            "This article was read 1,204 times.",
            "Hits: 416",
            "12 comments",
            "Comments (3)",
            "12 comments | 95 views",
            "27 people liked this 214 views",
            "30 people have read this",
            "Posted 2 days ago",
            "Last updated: about an hour ago",
            "3 weeks, 2 days ago",
            "3 hours ago · 2 min read",
            "Yesterday · 2 min read",
            "Updated just now",
            "Post Views: 397",
            "Page generated at 12:01:22",
            "© Testshire Council 2026",
            "Copyright © 2026 Testshire Council. All rights reserved.",
            "(c) 2026 Testshire Council",
            "Was this page helpful? Yes No",
            "Did you find this page useful?",
            "Today is Sunday 22 November 2026, 12:01",
            "Today",
            "Happening tomorrow!",
            "This event has passed.",
            "In 12 days",
            "Today is 22 November 2026 at 9:05 am",
            "Closes in 29 days",
            "Page reference: 1157362447",
            "Page ID 4f2a-19",
            "Share token: 8f3a9c2d71be",
            "Token: a8Xk29Qz",
            "8f3a9c2d-71be-44aa-9d20-17c3f05b6e81",
            "8 min read",
            "Page last changed 9.11.26 Webmaster",
            "Reviewed November 2026",
            "Next review due: March 2027",
            "Webmaster",
            "Did this page help? Yes | No",
            "Report a problem with this page",
            "A oedd y dudalen hon o gymorth? Oedd Nac oedd",
            "Hawlfraint © 2026 Cyngor Sir Testshire",
        ] {
            check(line, true);
        }
        for line in [
            "12 comments were received on the plan",
            "Views: the panel is divided",
            "Two days ago",
            "Yesterday's meeting | The minutes",
            "Page reference: planning policy 4",
            "Reference: 22/01234/FUL",
            "Token: a scheme for 40 families",
            "Token: 22 January",
            "1234567890123456",
            "22-01234-2026",
            "Today is the last day to object",
            "Today is 22 November 2026, the last day to object",
            "The survey closes in 29 days",
            "Closes in 29 days, and opens again in May",
            "The centre closed 2 days ago",
            "The hearing was adjourned a year ago",
            "Copyright in the report is the council's",
            "(c) That the plan be published no later than 31 March 2027.",
            "Copyright law changed in 2026",
            "Reviewed November 2026 figures, and found them right",
            "Next review of the plan",
            "The webmaster was thanked",
            "Was this page of the accounts signed off? The auditor could not say, and asked for the ledger.",
            "Updated: hearing moved to 14 March 2027",
            "Visitors: museums and archives",
        ] {
            check(line, false);
        }
    }
}
