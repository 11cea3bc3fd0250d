//! When an entry or an article was published, as the page shows it: a `time`, a labelled or bare date, a short line about
//! the entry. A date within a title or a sentence is what the text is about, not when it appeared.

mod about;
mod aged;
mod labels;

pub(super) use about::ends_in_until;
use about::only_date;
pub(super) use about::{about, in_element, says_until, set_apart};
pub(super) use labels::{PUBLISHED, REVIEWED, UPDATED};

use super::{byline, context, rows};
use crate::rules::extract::document::{classes, is_struck, stands_no_more};
use crate::rules::extract::moment;
use crate::rules::extract::text::{Line, collapsed, folded};
use crate::rules::extract::trail::Place;
use crate::rules::facts::dates;
use chrono::{DateTime, FixedOffset, NaiveDate};
use html5ever::local_name;
use scraper::ElementRef;
use url::Url;

/// A day of publication, with its time where the page gives one.
#[derive(Clone, Copy)]
pub(in crate::rules::extract) struct When {
    pub(in crate::rules::extract) day: NaiveDate,
    pub(in crate::rules::extract) at: Option<DateTime<FixedOffset>>,
}

impl When {
    pub(super) fn day(day: NaiveDate) -> Self {
        Self { day, at: None }
    }

    /// From an attribute that machines write.
    pub(in crate::rules::extract) fn machine(raw: &str) -> Option<Self> {
        let (day, at) = moment::day_and_time(moment::parse(raw)?);
        Some(Self { day, at })
    }
}

/// The day on which the lines say that the page was last updated: beside the label, or on the line below it.
pub(in crate::rules::extract) fn updated(lines: &[Line<'_>]) -> Option<NaiveDate> {
    let said = lines.iter().enumerate().filter(|(_, line)| line.text.len() <= ABOUT_BYTES_MAX).find_map(|(at, line)| {
        let words = line.folded();
        let label = UPDATED.iter().find(|label| words.starts_with(**label))?;
        let bare = words.trim_end_matches(':') == *label;
        let value = if bare { &lines.get(at + 1)?.text } else { line.text.get(label.len()..)? };
        let value = value.trim_start_matches([':', ' ']);
        dates::find(value).into_iter().next().filter(|date| date.span.start == 0)?.single()
    });
    said.or_else(|| lines.iter().find_map(|line| byline::read(&line.text)?.updated))
}

/// What of a class, and which properties, say that an element holds a date.
const CLASSES: &[&str] = &["date", "Date", "publish", "Publish", "posted", "Posted"];
const PROPERTIES: &[&str] = &["dc:date", "dc:created"];
const WHOLE_PROPERTIES: &[&str] = &["schema:dateCreated", "schema:datePublished"];

/// Whether an element holds a date by its name, class or property.
fn is_marked(element: ElementRef<'_>) -> bool {
    let element = element.value();
    element.name.local == local_name!("time")
        || element.attrs.iter().any(|(name, value)| match &*name.local {
            "class" => CLASSES.iter().any(|part| value.contains(part)),
            "datetime" => !matches!(element.name.local, local_name!("ins") | local_name!("del")),
            "title" | "data-date" | "data-datetime" | "data-time" | "data-timestamp" => aged::may_tell(value),
            "itemprop" => **value == *"datePublished",
            "property" => {
                WHOLE_PROPERTIES.contains(&&**value) || value.split_ascii_whitespace().any(|own| PROPERTIES.contains(&own))
            }
            _ => false,
        })
}

/// What parts the things that a line says of an article.
const PARTING: &[char] = &['|', '·', '•'];
/// Longest label, with a colon, in bytes.
const LABEL_BYTES_MAX: usize = 24;
/// Elements within one that holds a date, of which one may be struck out.
const PARTS_MAX: usize = 8;
/// Longest line about an entry ("News | 25 November 2019 | Press Office"), in bytes.
const ABOUT_BYTES_MAX: usize = 80;

/// The day after a label, with or without what else is said of the publication: "Published on 3 May 2020 in Council news".
pub(super) fn labelled(text: &str) -> Option<NaiveDate> {
    if !dates::may_hold_any(text) {
        return None;
    }
    let opening = text.trim_start();
    let opens_with = |label: &str| opening.get(..label.len()).is_some_and(|start| start.eq_ignore_ascii_case(label));
    if !PUBLISHED.iter().any(|label| opens_with(label)) {
        return None;
    }
    dates::labelled(text, PUBLISHED).or_else(|| {
        let is_sentence = text.len() > ABOUT_BYTES_MAX || text.ends_with(['.', '!', '?', '…']);
        let folded = folded(text);
        let label = PUBLISHED.iter().find(|label| folded.starts_with(**label)).filter(|_| !is_sentence)?;
        let rest = text.get(label.len()..)?;
        let rest = rest.strip_prefix([':', ' '])?.trim_start();
        let rest = rest.strip_prefix("on ").unwrap_or(rest);
        dates::find(rest).into_iter().next().filter(|date| date.span.start == 0)?.single()
    })
}

/// Whether a text is nothing but a date, with or without its label.
pub(super) fn is_date(text: &str) -> bool {
    dates::may_hold_any(text) && (dates::whole(text).is_some() || dates::labelled(text, PUBLISHED).is_some())
}

/// Whether a text is nothing but a date, or the day and month of one: "12 Nov".
pub(super) fn is_day(text: &str) -> bool {
    // Any leap year has every day.
    const SOME_YEAR: i32 = 2024;
    is_date(text) || (text.len() <= LABEL_BYTES_MAX && context::in_year(text, SOME_YEAR).is_some())
}

/// The day after a label at the head of a line, in one of its parts, or on the line below.
pub(super) fn labelled_at(lines: &[Line<'_>], at: usize) -> Option<NaiveDate> {
    let text = &lines.get(at)?.text;
    let in_part = || text.contains(PARTING).then(|| text.split(PARTING).skip(1).find_map(|part| labelled(part.trim()))).flatten();
    let below = || lines.get(at + 1).filter(|_| names_publication(text)).and_then(|next| of_words(&next.text));
    // A label alone names no day: that of most lines is looked for once.
    if !dates::may_hold_any(text) {
        return below();
    }
    labelled(text).or_else(in_part).or_else(below).or_else(|| byline::read(text)?.published)
}

/// Whether a line says its day of publication after a label.
pub(super) fn says_published(text: &str) -> bool {
    labelled(text).is_some() || byline::read(text).is_some_and(|byline| byline.published.is_some())
}

/// Whether a text is nothing but a label that speaks of publishing: "Published", not "Date".
fn names_publication(text: &str) -> bool {
    text.len() <= LABEL_BYTES_MAX && {
        let folded = folded(text);
        let bare = folded.trim_end_matches([':', ' ']);
        PUBLISHED.contains(&bare) && !matches!(bare, "date" | "added" | "date added")
    }
}

/// Whether a text is nothing but the label of the last change's day: "Last updated".
pub(super) fn names_update(text: &str) -> bool {
    text.len() <= LABEL_BYTES_MAX && UPDATED.contains(&folded(text).trim_end_matches([':', ' ']))
}

/// Whether a text says when it was published, changed or looked at, and no more than by whom: "Last updated 5 October 2026 by
/// Press Office". What such a day only begins is said of something else: "Updated 5 October 2026: the centre will close".
pub(in crate::rules::extract) fn says_when(text: &str) -> bool {
    /// With what the rest begins that says who published it, and where.
    const WAYS: &[&str] =
        &["by ", "in ", "at ", "from ", "|", "author:", "category:", "categories:", "filed under", "source:", "time:"];
    let text = text.trim();
    let opens_with = |label: &&&str| text.get(..label.len()).is_some_and(|start| start.eq_ignore_ascii_case(label));
    let labels = || PUBLISHED.iter().chain(UPDATED).chain(REVIEWED);
    if text.len() > ABOUT_BYTES_MAX || !dates::may_hold_any(text) {
        return false;
    }
    let Some(value) = labels().filter(opens_with).max_by_key(|label| label.len()).and_then(|label| text.get(label.len()..))
    else {
        return false;
    };
    let value = value.trim_start_matches([':', ' ', '-', '–']);
    let value = value.strip_prefix("on ").unwrap_or(value);
    let by_whom = |words: &str| {
        let is_sentence = words.ends_with(['.', '!', '?', '…']);
        !is_sentence && WAYS.iter().any(|way| words.get(..way.len()).is_some_and(|start| start.eq_ignore_ascii_case(way)))
    };
    let Some(date) = dates::find(value).into_iter().next() else { return false };
    let after = value.get(date.span.end..).unwrap_or_default().trim_matches([' ', ',', ')', '(', '-', '–']);
    if date.span.start > 0 {
        return by_whom(value) && after.is_empty();
    }
    !after.contains(char::is_alphabetic) || by_whom(after) || says_when(after)
}

/// Whether a text is nothing but the label of a day: "Date published", "Last updated:".
pub(super) fn is_label(text: &str) -> bool {
    if text.len() > ABOUT_BYTES_MAX {
        return false;
    }
    let folded = folded(text);
    let bare = folded.trim_end_matches([':', ' ']);
    PUBLISHED.iter().chain(UPDATED).any(|label| *label == bare)
}

/// The day that a page's own address gives in full: `/news/2025/08/29/seafront-gardens`.
pub(super) fn of_address(url: &Url) -> Option<NaiveDate> {
    let parts: Vec<&str> = url.path_segments()?.collect();
    let number = |part: &str, digits: std::ops::RangeInclusive<usize>| {
        let is_number = digits.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| part.parse::<u32>().ok()).flatten()
    };
    parts.windows(4).find_map(|parts| {
        let [year, month, day, name] = parts else { return None };
        let year = i32::try_from(number(year, 4..=4)?).ok().filter(|year| (1990..2100).contains(year))?;
        let day = NaiveDate::from_ymd_opt(year, number(month, 1..=2)?, number(day, 1..=2)?);
        day.filter(|_| name.contains(char::is_alphabetic))
    })
}

/// The date that an element is about: its `datetime`, or its words.
pub(super) fn of_element(element: ElementRef<'_>) -> Option<When> {
    let of_attribute = |e: ElementRef<'_>| e.attr("datetime").or_else(|| e.attr("content")).and_then(When::machine);
    let standing = |e: &ElementRef<'_>| !stands_no_more(*e);
    let inner = || element.descendent_elements().filter(standing).find_map(|e| e.attr("datetime").and_then(When::machine));
    of_attribute(element).or_else(inner).or_else(|| {
        let text = standing_words(element);
        of_words(&text).or_else(|| only_date(&text)).map(When::day)
    })
}

/// An element's words without those that are struck out in it.
fn standing_words(element: ElementRef<'_>) -> String {
    let is_struck = |e: &ElementRef<'_>| is_struck(*e, e.attr("style"));
    if !element.descendent_elements().any(|e| is_struck(&e)) {
        return collapsed(&element.text().collect::<Vec<_>>().join(" "));
    }
    let own = |node: &ego_tree::NodeRef<'_, scraper::Node>| {
        let mut above = node.ancestors().filter_map(ElementRef::wrap).take_while(|above| above.id() != element.id());
        !above.any(|above| is_struck(&above))
    };
    let texts = element.descendants().filter(own).filter_map(|node| Some(node.value().as_text()?.to_string()));
    collapsed(&texts.collect::<Vec<_>>().join(" "))
}

/// A day of publication, with the rule that found it and where it stands.
pub(super) struct Seen<'l, 'a> {
    pub(super) when: When,
    pub(super) rule: &'static str,
    pub(super) place: Place<'l, 'a>,
}

/// When an entry of a listing was published, and where it says so.
pub(super) fn seen_in_entry<'l, 'a>(region: &[ElementRef<'a>], lines: &'l [Line<'a>], title: &str) -> Option<Seen<'l, 'a>> {
    let title = folded(title);
    if let Some((day, line)) = rows::ranked_day(region, lines, &title) {
        let rule = "the day whose column is nearest to publication";
        return Some(Seen { when: When::day(day), rule, place: Place::Line(line) });
    }
    let by_mark = marked(region, &title);
    by_mark
        .map(|(when, element)| Seen { when, rule: "an element marked as a date", place: Place::Element(element) })
        .or_else(|| in_lines(lines, &title))
}

/// The day in the first of the lines that says one, by the surest rule that finds any.
fn in_lines<'l, 'a>(lines: &'l [Line<'a>], title: &str) -> Option<Seen<'l, 'a>> {
    let is_of_closing = |line: &Line<'_>| dates::may_hold_any(&line.text) && rows::is_of_closing(line.block);
    let others = || lines.iter().filter(|line| line.folded() != title && !is_of_closing(line));
    let seen = |rule| move |(day, line): (NaiveDate, &'l Line<'a>)| Seen { when: When::day(day), rule, place: Place::Line(line) };
    let said = |text: &str| labelled(text).or_else(|| byline::read(text)?.published);
    let labelled = others().find_map(|line| Some((said(&line.text)?, line)));
    let labelled = labelled.or_else(|| (0..lines.len()).find_map(|at| Some((labelled_at(lines, at)?, lines.get(at + 1)?))));
    let is_until = |at: usize| at.checked_sub(1).and_then(|label| lines.get(label)).is_some_and(|label| says_until(&label.text));
    let bare = || {
        let days = lines.iter().enumerate().filter(|(at, line)| line.folded() != title && !is_until(*at));
        let days = days.filter(|(_, line)| !is_of_closing(line));
        days.map(|(_, line)| line).find_map(|line| Some((of_words(&line.text)?, line)))
    };
    let beside = || lines.iter().filter(|line| !line.links.is_empty()).find_map(|line| Some((of_words(line.outside())?, line)));
    // A day in the title is what the entry is about, whatever stands behind the title in its line.
    let beyond = |line: &'l Line<'a>| match line.folded().find(title).filter(|_| !title.is_empty()) {
        Some(_) => about(line.outside()),
        None => about(&line.text),
    };
    let about = || others().find_map(|line| Some((beyond(line)?, line)));
    let at_head = || lines.iter().filter(|line| !line.links.is_empty()).find_map(|line| Some((at_head(line.outside())?, line)));
    let teaser = || others().find(|line| !line.is_heading());
    let opens_teaser = || teaser().and_then(|line| Some((opening_day(&line.text)?.0, line)));
    let in_blocks = || lines.windows(3).find_map(in_blocks);
    labelled
        .map(seen("a date after a label such as \"Published:\""))
        .or_else(|| bare().map(seen("a line that is nothing but a date")))
        .or_else(|| beside().map(seen("a date beside the link")))
        .or_else(|| at_head().map(seen("the date with which the entry's line begins")))
        .or_else(|| opens_teaser().map(seen("the date with which the entry's text begins")))
        .or_else(|| in_blocks().map(seen("day, month and year in blocks of their own")))
        .or_else(|| others().find_map(|line| Some((in_element(line)?, line))).map(seen("the day in an element of a short line")))
        .or_else(|| about().map(seen("the only date of a short line about the entry")))
}

/// The day that words beside a link, in its line, are or begin with.
pub(super) fn beside_link(outside: &str) -> Option<NaiveDate> {
    if !dates::may_hold_any(outside) {
        return None;
    }
    of_words(outside).or_else(|| at_head(outside))
}

/// "12 November 2025 – … and a sentence about it".
fn at_head(outside: &str) -> Option<NaiveDate> {
    dates::find(outside).into_iter().next().filter(|date| date.span.start == 0)?.single()
}

/// The day with which a text begins, and the text behind it: "12 November 2025 - The board agreed …". A sentence that goes on
/// is about that day.
pub(super) fn opening_day(text: &str) -> Option<(NaiveDate, &str)> {
    let date = dates::find(text).into_iter().next().filter(|date| date.span.start == 0)?;
    let rest = text.get(date.span.end..)?.trim_start_matches(|c: char| c.is_whitespace() || "-–—:|.,·•)".contains(c));
    let begins = rest.chars().find(|c| c.is_alphanumeric()).is_some_and(|first| !first.is_lowercase());
    begins.then_some((date.single()?, rest))
}

/// "12", "Nov" and "2025", each in a block of its own.
fn in_blocks<'l, 'a>(lines: &'l [Line<'a>]) -> Option<(NaiveDate, &'l Line<'a>)> {
    const BLOCK_BYTES_MAX: usize = 12;
    if lines.iter().any(|line| line.text.len() > BLOCK_BYTES_MAX) {
        return None;
    }
    let joined = lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" ");
    Some((dates::whole(&joined)?.single()?, lines.first()?))
}

/// The first element marked as a date that is one; what says "updated" is another fact.
fn marked<'a>(region: &[ElementRef<'a>], title: &str) -> Option<(When, ElementRef<'a>)> {
    let elements = || region.iter().flat_map(|element| std::iter::once(*element).chain(element.descendent_elements()));
    let standing = elements().filter(|e| is_marked(*e) && !stands_no_more(*e));
    let is_until = |e: &ElementRef<'_>| ends_in_until(before(*e)) || rows::is_of_closing(*e);
    let mut found = standing.filter(|e| !says_another(*e) && !is_until(e)).filter_map(|element| {
        let text = collapsed(&opening(element, " "));
        let holds_struck = element.descendent_elements().take(PARTS_MAX).any(|e| is_struck(e, e.attr("style")));
        let text = if holds_struck { standing_words(element) } else { text };
        let words_of_its_own = element.value().name() == "time" || (text.len() <= ABOUT_BYTES_MAX && folded(&text) != title);
        if !words_of_its_own {
            return None;
        }
        let machine = element.attr("datetime").or_else(|| element.attr("content")).and_then(When::machine);
        let machine = machine.or_else(|| aged::of(element, &text));
        let among_words = || only_date(&text).filter(|_| is_named_date(element));
        let in_words = || of_words(&text).or_else(among_words).map(When::day);
        Some((classes(element).any(|class| class.contains("publish")), machine.or_else(in_words)?, element))
    });
    let first = found.next()?;
    let (_, when, element) = if first.0 { first } else { found.find(|(published, ..)| *published).unwrap_or(first) };
    Some((when, element))
}

/// Whether a class calls the element a date: "news-date", "listitemdate"; not "update", nor "closing-date".
fn is_named_date(element: ElementRef<'_>) -> bool {
    classes(element).map(str::to_ascii_lowercase).any(|class| {
        let other = ["update", "clos", "deadline", "event", "expir", "until", "start", "end"];
        class.ends_with("date") && !other.iter().any(|word| class.contains(word))
    })
}

/// Whether what an element holds is when something was changed, or until when it can be done.
fn says_another(element: ElementRef<'_>) -> bool {
    let named = |e: ElementRef<'_>| {
        classes(e).any(|c| c.to_ascii_lowercase().contains("updated") || c.to_ascii_lowercase().contains("modified"))
    };
    let own = folded(&opening(element, ""));
    let parent = element.parent().and_then(ElementRef::wrap);
    let before = parent.map(|p| folded(&opening(p, ""))).unwrap_or_default();
    let label = |text: &str| {
        ["updated", "last updated", "modified", "last modified", "last reviewed", "page last updated", "event date"]
            .iter()
            .any(|l| text.starts_with(l))
            || says_until(text)
    };
    named(element) || parent.is_some_and(named) || label(&own) || (before.len() <= ABOUT_BYTES_MAX && label(&before))
}

/// Whether a line says until when something can be done.
pub(super) fn closes(line: &Line<'_>) -> bool {
    const BYTES_MAX: usize = 200;
    line.text.len() <= BYTES_MAX && dates::may_hold_any(&line.text) && {
        let is_after_label = |date: &dates::Date| line.text.get(..date.span.start).is_some_and(ends_in_until);
        dates::find(&line.text).iter().any(is_after_label) || of_words(&line.text).is_some() && rows::is_of_closing(line.block)
    }
}

/// The words right before an element, in the same run of text.
fn before(element: ElementRef<'_>) -> &str {
    element.prev_sibling().and_then(|node| node.value().as_text()).map_or("", |text| &**text)
}

/// An element's first words: all that a label can be, and enough to see that a text is longer than a line about an entry.
fn opening(element: ElementRef<'_>, between: &str) -> String {
    let mut words = String::new();
    for piece in element.text() {
        words.push_str(piece);
        words.push_str(between);
        if words.len() > 4 * ABOUT_BYTES_MAX {
            break;
        }
    }
    words
}

/// The day of a text that is only a date, labelled or not.
pub(super) fn of_words(text: &str) -> Option<NaiveDate> {
    labelled(text).or_else(|| dates::whole(text.trim_matches(|c: char| "()[]|-–—,·•: ".contains(c)))?.single())
}
