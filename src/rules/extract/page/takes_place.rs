//! What an entry of a list says of when something takes place: an hour beside its day, alone in a line or in an element of its own,
//! or behind a label.
//!
//! What is only posted has an hour as well. So an entry is of something that takes place where its hour has an end, where a place
//! or a label stands with it, where what meets is all that the entry names, or where the list is one of what is to come.

use super::{dated, events, occasion, rows};
use crate::domain::item::{Item, Meeting};
use crate::rules::extract::document::classes;
use crate::rules::extract::text::{Line, NodeRef, folded};
use crate::rules::facts::{dates, meeting, places};
use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};
use scraper::ElementRef;
use std::ops::Range;
use url::Url;

/// Longest words that say when or where, in bytes.
const SAID_BYTES_MAX: usize = 80;
/// Longest line in whose elements they are looked for, in bytes: others are prose.
const LINE_BYTES_MAX: usize = 200;

/// When something begins and ends, and how that is said.
#[derive(Clone, Copy)]
pub(super) struct Hours {
    start: NaiveTime,
    end: Option<NaiveTime>,
    manner: Manner,
}

/// How an hour is said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// As systems write when something was posted: "8 December 2026 10:32".
    Stamped,
    /// "6pm", apart from its day.
    Said,
    /// "Starts: 6pm".
    Labelled,
}

impl Hours {
    /// Those of an entry on `day`.
    pub(super) fn of(day: Option<NaiveDate>, lines: &[Line<'_>]) -> Option<Self> {
        let parts: Vec<Part> = lines.iter().enumerate().filter_map(|(at, line)| Part::of(line, before(lines, at))).collect();
        let beside = || parts.iter().find_map(|part| part.beside_day(day?));
        let in_element = || lines.iter().filter(|line| !line.is_heading()).find_map(in_element);
        beside().or_else(|| parts.iter().find_map(|part| part.alone(day))).or_else(in_element)
    }

    /// Gives them to a meeting that has none.
    pub(super) fn give(self, meeting: &mut Meeting) {
        if meeting.start.is_none() {
            (meeting.start, meeting.end) = (Some(self.start), self.end);
        }
    }
}

/// Whether an entry is of something that takes place on its day. `announces`: the list is of what is to come.
pub(super) fn is_of(item: &Item, lines: &[Line<'_>], hours: Option<Hours>, announces: bool) -> bool {
    let names_body = meeting::is_body(item.title.as_str());
    if item.published.is_none() || item.text.is_some() {
        return false;
    }
    let Some(hours) = hours else { return announces && names_body };
    // People say when something begins to five minutes; a posting's minute is any.
    let may_begin = hours.start.minute() % 5 == 0;
    let is_place = || hours.manner != Manner::Stamped && lines.iter().any(|line| says_place(line, item.title.as_str()));
    may_begin && (announces || names_body || hours.end.is_some() || hours.manner == Manner::Labelled || is_place())
}

/// Whether a list is of what is to come, by its headline or its address.
pub(super) fn announces(headline: Option<&str>, url: &Url) -> bool {
    const WORDS: &[&str] = &["coming", "dates", "forthcoming", "upcoming", "calendr", "dyddiadau", "dyddiadur", "digwyddiadau"];
    let says = |words: &str| folded(words).split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.contains(&word));
    let posts = headline.is_some_and(meeting::posts);
    !posts && (headline.is_some_and(says) || events::is_of_events(headline, url))
}

/// The line above one, where it is a label.
fn before<'l>(lines: &'l [Line<'_>], at: usize) -> Option<&'l str> {
    const LABEL_BYTES_MAX: usize = 32;
    let above = lines.get(at.checked_sub(1)?)?;
    (above.links.is_empty() && above.text.len() <= LABEL_BYTES_MAX).then_some(above.text.as_str())
}

/// What one line says outside its link.
struct Part<'l> {
    words: &'l str,
    label: Option<&'l str>,
}

impl<'l> Part<'l> {
    fn of(line: &'l Line<'_>, label: Option<&'l str>) -> Option<Self> {
        let words = Some(line.outside()).filter(|words| !words.trim().is_empty()).unwrap_or(&line.text);
        let is_short = !line.is_heading() && words.len() <= SAID_BYTES_MAX;
        (is_short && !label.is_some_and(is_of_another)).then_some(Self { words, label })
    }

    /// "Tuesday 8 December 2026, 6pm".
    fn beside_day(&self, day: NaiveDate) -> Option<Hours> {
        let date = dates::find_after(self.words, Some(day)).into_iter().find(|date| date.single() == Some(day))?;
        let said = self.words.get(date.span.clone())?;
        if self.words.get(..date.span.start).is_some_and(is_of_another) {
            return None;
        }
        let manner = if is_stamp(said) { Manner::Stamped } else { Manner::Said };
        Some(Hours { start: date.start?, end: date.end, manner })
    }

    /// "6pm, Town Hall", "Starts: 6pm", "Tue 8 6pm".
    fn alone(&self, day: Option<NaiveDate>) -> Option<Hours> {
        let is_labelled = |words: &str| occasion::is_hour(words);
        let below_label = self.label.is_some_and(is_labelled);
        let (start, end, span) = only_time(self.words, below_label)?;
        let before = self.words.get(..span.start)?;
        let manner = if below_label || is_labelled(before) { Manner::Labelled } else { Manner::Said };
        let begins = manner == Manner::Labelled || !before.contains(char::is_alphanumeric) || is_day(before, day);
        let is_price = before.ends_with(['£', '$', '€']);
        (begins && !is_price).then_some(Hours { start, end, manner })
    }
}

/// The only time of day in words, or the only one behind a label in them.
fn only_time(words: &str, is_said: bool) -> Option<(NaiveTime, Option<NaiveTime>, Range<usize>)> {
    let after_label = words.split_once(':').is_some_and(|(label, _)| occasion::is_hour(label));
    let mut found = if is_said || after_label { dates::times_said(words) } else { dates::times(words) };
    found.pop().filter(|_| found.is_empty())
}

/// An hour with which the words of an element within a line begin.
fn in_element(line: &Line<'_>) -> Option<Hours> {
    let is_sentence = line.text.ends_with(['.', '!', '?']) && !line.text.to_lowercase().ends_with("m.");
    if line.leaves.len() < 2 || line.text.len() > LINE_BYTES_MAX || is_sentence {
        return None;
    }
    let mut label = "";
    line.leaves.iter().find_map(|leaf| {
        let words: &str = leaf.value().as_text()?;
        let label = std::mem::replace(&mut label, words);
        let part = Part { words: words.trim(), label: Some(label.trim()) };
        part.alone(None).filter(|_| words.len() <= SAID_BYTES_MAX && !is_of_another(label) && !is_posting(*leaf))
    })
}

/// Whether words before an hour say that it is of something else: when it was posted, until when it lasts.
fn is_of_another(before: &str) -> bool {
    const WORDS: &[&str] = &[
        "added",
        "amended",
        "created",
        "cyhoeddwyd",
        "diweddarwyd",
        "edited",
        "issued",
        "modified",
        "postiwyd",
        "posted",
        "published",
        "reviewed",
        "updated",
        "uploaded",
    ];
    folded(before).split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.contains(&word))
        || dated::says_until(before)
        || occasion::is_ending(before)
}

/// Whether a class says that the words of an element are when something was posted.
fn is_posting(leaf: NodeRef<'_>) -> bool {
    const NEAR: usize = 3;
    const PARTS: &[&str] = &["modified", "posted", "publish", "update"];
    let around = leaf.ancestors().take(NEAR).filter_map(ElementRef::wrap);
    around
        .flat_map(|element| classes(element).map(str::to_ascii_lowercase).collect::<Vec<_>>())
        .any(|class| PARTS.iter().any(|part| class.contains(part)))
}

/// Whether the page tells machines that an element of a line is when something was posted.
pub(super) fn is_marked_as_posted(line: &Line<'_>) -> bool {
    const NEAR: usize = 2;
    let mut around = line.leaves.iter().flat_map(|leaf| leaf.ancestors().take(NEAR)).filter_map(ElementRef::wrap);
    around.any(|element| {
        let says = |name: &str| ["datePublished", "dateCreated", "dateModified"].contains(&name);
        let is_time = element.value().name() == "time" && element.attr("pubdate").is_some();
        is_time || element.attr("itemprop").is_some_and(|names| names.split_ascii_whitespace().any(says))
    })
}

/// Whether words are no more than a day's number, its weekday and its month: "Tue 8". `day`: the entry's.
fn is_day(words: &str, day: Option<NaiveDate>) -> bool {
    let is_name = |word: &str| word.len() >= 3 && dates::NAMES.iter().any(|name| name.starts_with(word));
    let is_number = |word: &str| {
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        digits
            .parse::<u32>()
            .is_ok_and(|number| day.is_some_and(|day| number == day.day() || i64::from(number) == i64::from(day.year())))
    };
    let folded = folded(words);
    let mut all = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    all.all(|word| is_name(word) || is_number(word) || matches!(word, "at" | "from"))
}

/// "8 December 2026 10:32": behind its day with a colon, and without saying which half of the day.
fn is_stamp(said: &str) -> bool {
    let lowered = said.to_lowercase();
    let says_half = ["am", "pm", "a.m", "p.m", "noon", "midday"].iter().any(|half| lowered.contains(half));
    said.contains(':') && !says_half
}

/// Whether a line, or an element of it, says where something takes place.
fn says_place(line: &Line<'_>, title: &str) -> bool {
    if line.is_heading() || line.text.len() > LINE_BYTES_MAX {
        return false;
    }
    let is_place = |words: &str| {
        words.len() <= SAID_BYTES_MAX
            && words != title
            && (rows::names_place(&folded(words)) || places::are_named(&folded(words)))
    };
    let in_leaf = |leaf: &NodeRef<'_>| leaf.value().as_text().is_some_and(|words| is_place(words.trim()));
    let is_short = line.text.len() <= SAID_BYTES_MAX && line.links.is_empty();
    is_short && is_place(&line.text) || line.leaves.iter().any(in_leaf) || occasion::says_circumstance(line)
}
