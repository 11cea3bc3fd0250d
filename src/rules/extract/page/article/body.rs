//! The body of an article: the element that holds most of the page's prose, without what stands before and after it, and
//! with what belongs to it and stands beside it.

use super::attached::names_withheld;
use super::{foot, furniture, only_heading, others, places, with_date};
use crate::rules::extract::document::{
    Marks, classes, gives_particulars, is_called_notice, is_notice_above_headline, is_notice_of_page, tells,
};
use crate::rules::extract::page::{byline, dated, frame, occasion, sign_up, story, timeline};
use crate::rules::extract::related::{self, About};
use crate::rules::extract::text::{Kind, Line, NodeRef, folded};
use crate::rules::extract::volatile::is_volatile;
use crate::rules::facts::{dates, meeting};
use chrono::NaiveDate;
use rustc_hash::FxHashSet;
use scraper::ElementRef;

/// Where an article's own lines of who and when stand: among so many lines, each no longer than this.
const OPENING_LINES: usize = 6;
const OPENING_BYTES_MAX: usize = 60;
/// So often is an end of a body looked at again, each time something has gone.
const ROUNDS: usize = 3;
/// The same of a line that is no particular of what takes place.
pub(super) const PROSE_BYTES: usize = 40;
/// Least text of a line that introduces an article from outside its body, in bytes.
const STANDFIRST_BYTES: usize = 40;

/// With the sentences between the headline and the body, which many templates keep outside of it.
/// `by_name`: and what its class calls an introduction.
pub(super) fn introduced<'a>(body: Vec<Line<'a>>, page: &[Line<'a>], title: &str, by_name: bool) -> Vec<Line<'a>> {
    let title = folded(title);
    let starts = |line: &Line<'a>| body.first().is_some_and(|first| same_words(first, line));
    let Some(headline) = page.iter().position(|line| line.folded() == title) else { return body };
    let Some(start) = page.iter().position(starts).filter(|start| *start > headline) else { return body };
    let is_sentence = |line: &&Line<'a>| {
        let ends = line.text.trim_end_matches(['”', '"', '’', ')']).ends_with(['.', '!', '?', ':']);
        line.outside().len() >= STANDFIRST_BYTES && ends && !line.is_heading() && !is_about_article(line)
    };
    let between = page.get(headline + 1..start).unwrap_or_default();
    between
        .iter()
        .filter(|line| is_sentence(line) || by_name && is_standfirst(line))
        .cloned()
        .chain(body.iter().cloned())
        .collect()
}

/// With the notices that stand around the headline, or behind the body: "The meeting has been cancelled."
pub(super) fn with_notices<'a>(body: Vec<Line<'a>>, page: &[Line<'a>], title: &str) -> Vec<Line<'a>> {
    let title = folded(title);
    let place = |line: Option<&Line<'a>>| line.and_then(|line| page.iter().position(|other| same_words(line, other)));
    let (Some(start), Some(end)) = (place(body.first()), place(body.last())) else { return body };
    // A link to the meeting's own body may have the same words.
    let above = page.get(..start).unwrap_or_default();
    let headline = above.iter().rposition(|line| line.kind == Kind::Heading(1));
    let headline = headline.or_else(|| above.iter().rposition(|line| line.folded() == title));
    let known: FxHashSet<_> = body.iter().filter_map(|line| Some(line.leaves.first()?.id())).collect();
    let is_new = |line: &&Line<'a>| line.leaves.first().is_some_and(|leaf| !known.contains(&leaf.id()));
    let before = headline.and_then(|at| page.get(at + 1..start)).unwrap_or_default();
    let after = page.get(end + 1..).unwrap_or_default().iter().take_while(|line| !frame::ends_article(line));
    let notices = |line: &&Line<'a>| is_new(line) && is_of_notice(line) && !is_about_article(line);
    let above = headline.and_then(|at| page.get(..at)).unwrap_or_default().iter();
    let above = above.filter(|line| is_new(line) && is_of_notice_above(line));
    let before: Vec<Line<'a>> = above.chain(before.iter().filter(notices)).cloned().collect();
    let after: Vec<Line<'a>> = after.filter(notices).cloned().collect();
    before.into_iter().chain(body).chain(after).collect()
}

/// With what stands around the body of when and where something takes place: all between the headline and the body but days of
/// publication and links, and labelled lines behind it. `day`: on which it does, which stays under its label.
pub(super) fn with_particulars<'a>(body: Vec<Line<'a>>, page: &[Line<'a>], title: &str, day: Option<NaiveDate>) -> Vec<Line<'a>> {
    const BYTES_MAX: usize = 160;
    let title = folded(title);
    let place = |line: Option<&Line<'a>>| line.and_then(|line| page.iter().position(|other| same_words(line, other)));
    let (Some(start), Some(end)) = (place(body.first()), place(body.last())) else { return body };
    // A link to the meeting's own body may have the same words.
    let above = page.get(..start).unwrap_or_default();
    let headline = above.iter().rposition(|line| line.kind == Kind::Heading(1));
    let headline = headline.or_else(|| above.iter().rposition(|line| line.folded() == title));
    let known: FxHashSet<_> = body.iter().filter_map(|line| Some(line.leaves.first()?.id())).collect();
    let is_new = |line: &Line<'a>| line.leaves.first().is_some_and(|leaf| !known.contains(&leaf.id()));
    let leads_elsewhere = |line: &Line<'a>| !line.links.is_empty() && line.outside().trim().is_empty();
    let says = |line: &Line<'a>| {
        let is_day = || dated::is_date(&line.text) || dated::says_when(&line.text) || byline::read(&line.text).is_some();
        is_new(line) && line.text.len() <= BYTES_MAX && !leads_elsewhere(line) && !is_day() && !is_volatile(line)
    };
    let between = headline.and_then(|at| page.get(at + 1..start)).unwrap_or_default();
    let is_its_day = |at: usize| {
        let above = at.checked_sub(1).and_then(|above| between.get(above));
        let labelled = above.is_some_and(|above| above.block.value().name() == "dt" || occasion::is_label(&above.text));
        let said = || dates::whole(&between.get(at)?.text)?.single();
        labelled && day.is_some() && said() == day
    };
    // A label whose value is no particular, "Committee" over a link to it, says nothing.
    let has_value = |at: usize, line: &Line<'a>| !occasion::is_circumstance(&line.text) || between.get(at + 1).is_some_and(says);
    let said =
        between.iter().enumerate().filter(|(at, line)| says(line) && has_value(*at, line) || is_new(line) && is_its_day(*at));
    let mut before: Vec<Line<'a>> = said.map(|(_, line)| line.clone()).collect();
    // What stood under a heading may have gone.
    while before.last().is_some_and(|line| line.is_heading()) {
        before.pop();
    }
    let after = page.get(end + 1..).unwrap_or_default();
    let over = after.iter().position(frame::ends_article).unwrap_or(after.len());
    let after = after.get(..over).unwrap_or_default();
    let is_labelled = |at: usize| {
        let label =
            at.checked_sub(1).and_then(|above| after.get(above)).is_some_and(|above| occasion::is_circumstance(&above.text));
        label || after.get(at).is_some_and(occasion::says_circumstance)
    };
    let after = after.iter().enumerate().filter(|(at, line)| is_labelled(*at) && says(line)).map(|(_, line)| line.clone());
    before.into_iter().chain(body).chain(after).collect()
}

/// With what a box behind the body says of when and where something takes place, on whichever day.
pub(super) fn with_boxed_particulars<'a>(mut body: Vec<Line<'a>>, page: &[Line<'a>]) -> Vec<Line<'a>> {
    let Some(end) = body.last().and_then(|last| page.iter().position(|other| same_words(last, other))) else { return body };
    let behind = page.get(end + 1..).unwrap_or_default().iter().take_while(|line| !frame::ends_article(line));
    if !behind.clone().any(occasion::says_circumstance) {
        return body;
    }
    let is_said = |line: &&Line<'a>| !line.is_heading() && stands_in(line, |element, _| gives_particulars(element));
    body.extend(behind.filter(is_said).cloned());
    body
}

/// Whether a line above a text stands in a notice of this page.
pub(in crate::rules::extract) fn is_of_own_notice(line: &Line<'_>) -> bool {
    stands_in(line, is_notice_of_page)
}

/// Whether a line stands in a notice of this page above its headline.
pub(in crate::rules::extract) fn is_of_notice_above(line: &Line<'_>) -> bool {
    stands_in(line, is_notice_above_headline)
}

/// Whether a line stands in a box of the content that is called a notice.
fn is_of_notice(line: &Line<'_>) -> bool {
    // A banner that holds the headline is the page's head.
    let is_head = |element: ElementRef<'_>| element.descendent_elements().any(|e| e.value().name() == "h1");
    stands_in(line, |element, marks| is_called_notice(marks) && !is_head(element) && tells(element))
}

/// Whether a line stands in a box that is so.
fn stands_in(line: &Line<'_>, is_so: impl Fn(ElementRef<'_>, &Marks<'_>) -> bool) -> bool {
    const HEIGHT_MAX: usize = 4;
    let around = std::iter::once(line.block).chain(line.block.ancestors().filter_map(ElementRef::wrap)).take(HEIGHT_MAX);
    let mut boxes = around.take_while(|e| !matches!(e.value().name(), "main" | "article" | "body" | "html"));
    boxes.any(|element| is_so(element, &Marks::of(element)))
}

/// Whether a line's class says that it introduces what follows, and the line says no more than that.
fn is_standfirst(line: &Line<'_>) -> bool {
    const NAMES: &[&str] = &["subtitle", "standfirst", "intro", "introduction", "lead", "summary", "strapline", "preamble"];
    let named = |class: &str| class.to_ascii_lowercase().split(['-', '_']).any(|word| NAMES.contains(&word));
    !line.is_heading() && line.links.is_empty() && !is_about_article(line) && classes(line.block).any(named)
}

/// With what is written right behind the element that a system keeps its text in: "Notes to editors", in paragraphs of the
/// same article.
pub(super) fn with_rest<'a>(mut body: Vec<Line<'a>>, elements: &[ElementRef<'a>], page: &[Line<'a>]) -> Vec<Line<'a>> {
    let Some(parent) = elements.last().and_then(|element| element.parent()).map(|parent| parent.id()) else { return body };
    let Some(last) = body.last() else { return body };
    let Some(from) = page.iter().position(|line| same_words(last, line)) else { return body };
    let is_of = |node: Option<NodeRef<'_>>| node.is_some_and(|node| node.id() == parent);
    let is_beside = |line: &&Line<'a>| {
        let own = line.block.parent();
        let is_written = line.is_heading() || line.block.value().name() == "p";
        (is_written && is_of(own)) || (line.is_item() && is_of(own.and_then(|list| list.parent())))
    };
    let after = page.get(from + 1..).unwrap_or_default().iter();
    let rest: Vec<&Line<'a>> = after.take_while(|line| is_beside(line) && !frame::ends_article(line)).collect();
    if rest.iter().any(|line| line.links.is_empty() && !line.is_heading() && line.text.ends_with(['.', '!', '?'])) {
        body.extend(rest.into_iter().cloned());
    }
    body
}

/// The part of the page that holds the body and the headline; where that stands in the site's header, what holds all of the body.
pub(super) fn part<'a>(body: &[Line<'a>], page: &[Line<'a>], title: &str) -> Option<ElementRef<'a>> {
    let title = folded(title);
    let above = |line: &Line<'a>| std::iter::once(line.block).chain(line.block.ancestors().filter_map(ElementRef::wrap));
    let (first, last) = (body.first()?, body.last()?);
    let headline = page.iter().find(|line| line.folded() == title);
    let around: FxHashSet<_> = above(headline.unwrap_or(last)).map(|e| e.id()).collect();
    let own = usize::from(headline.is_none());
    above(first).skip(own).find(|element| around.contains(&element.id()))
}

/// With the lines between headline and end that share the body's part of the page: boxes of downloads stand beside a body.
pub(super) fn with_boxes<'a>(body: &[Line<'a>], page: &[Line<'a>], title: &str) -> Vec<Line<'a>> {
    let Some((first, shared)) = body.first().zip(part(body, page, title)) else { return body.to_vec() };
    let title = folded(title);
    let headline = page.iter().position(|line| line.folded() == title);
    let start = headline.or_else(|| page.iter().position(|line| same_words(first, line)));
    let after = start.and_then(|start| page.get(start..)).unwrap_or_default();
    let end = after.iter().skip(1).position(frame::ends_article).map_or(after.len(), |at| at + 1);
    let within = |line: &&Line<'a>| line.block.ancestors().chain([*line.block]).any(|element| element.id() == shared.id());
    let beside = after.iter().take(end).filter(|line| !line.links.is_empty() || names_withheld(line)).filter(within);
    body.iter().chain(beside).cloned().collect()
}

/// Whether two lines are one: copies of it.
pub(in crate::rules::extract::page) fn same_words(one: &Line<'_>, other: &Line<'_>) -> bool {
    match (one.leaves.first(), other.leaves.first()) {
        (Some(one), Some(other)) => one.id() == other.id(),
        (None, _) | (_, None) => false,
    }
}

/// The lines of a text that some system's rules have found, without what is the page's in any text.
pub(in crate::rules::extract) fn without_furniture(lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let mut lines = sign_up::without(places::without(lines));
    lines.retain(|line| !furniture::is_tools(line));
    // "Last updated" over its day.
    let is_stamped = |lines: &[Line<'_>]| {
        let is_parted = |label: &Line<'_>, day: &Line<'_>| dated::is_label(&label.text) && dated::is_date(&day.text);
        matches!(lines, [.., label, day] if is_parted(label, day))
    };
    let is_over = |line: &Line<'_>| furniture::is_tail(line) || furniture::leads_away(line) || dated::says_when(&line.text);
    while is_stamped(&lines) || lines.last().is_some_and(is_over) {
        lines.pop();
    }
    lines
}

/// Without the headline and the date above the text, and without what follows it. `own_days`: those of the publication, of the
/// last change and of the meeting, where the page says them; another is what the text is about.
pub(super) fn trimmed<'a>(lines: Vec<Line<'a>>, title: &str, own_days: &[NaiveDate]) -> Vec<Line<'a>> {
    let title = folded(title);
    let headline = only_heading::position(&lines, &title).map_or_else(|| furniture::menu(&lines), |range| range.end);
    // Below a heading that names the kind of page stands the title's own.
    let under = lines.iter().skip(headline).take(OPENING_LINES).position(|line| line.is_heading() && line.folded() == title);
    let headline = headline + under.map_or(0, |at| at + 1);
    let is_furniture = |line: &Line<'a>| {
        let is_about_reading = || furniture::is_reading_time(line.folded()) || furniture::is_stamp(line);
        furniture::is_tools(line) || is_about_reading() || is_volatile(line)
    };
    let lines: Vec<Line<'a>> = lines.into_iter().skip(headline).filter(|line| !is_furniture(line)).collect();
    let mut lines = related::without(&places::without(foot::without(lines)), About::Anything);
    lines = others::without(sign_up::without(furniture::without_days(lines)));
    lines.truncate(story::others(&lines).unwrap_or(lines.len()));
    let told = timeline::Days::of(&lines);
    let own = lines.iter().position(|line| told.has(line)).unwrap_or(lines.len());
    let opening = opening(lines.get(..own).unwrap_or_default(), own_days);
    lines.drain(..opening.min(lines.len()));
    if let Some(end) = byline_below_standfirst(&lines, own_days) {
        lines.drain(1..end);
    }
    // The day below a standfirst.
    if let [first, day, ..] = lines.as_slice()
        && first.text.ends_with(['.', '!', '?', '”'])
        && dated::is_date(&day.text)
        && !is_another_day(&day.text, own_days)
        && day.links.is_empty()
        && !told.has(day)
        && !lines.get(2).is_some_and(occasion::says_circumstance)
    {
        lines.remove(1);
    }
    let leads_away = lines.iter().take_while(|line| furniture::leads_away(line)).count();
    lines.drain(..leads_away);
    let is_over =
        |line: &Line<'_>| is_about_article(line) || is_leftover(line) || furniture::is_tail(line) || furniture::leads_away(line);
    for _ in 0..ROUNDS {
        let written = lines.len();
        while lines.last().is_some_and(is_over) && !is_said_of_another_day(&lines) {
            lines.pop();
        }
        let over = || furniture::contact_box(&lines).or_else(|| furniture::tags_below_label(&lines));
        if let Some(end) = furniture::list_of_ways(&lines).or_else(over) {
            lines.truncate(end);
        }
        if lines.len() == written {
            break;
        }
        without_bare_end(&mut lines);
    }
    lines
}

/// Where what stands below a standfirst ends that says who wrote it, when and for how long to read: names that lead to their writers, and
/// the day of publication.
fn byline_below_standfirst(lines: &[Line<'_>], own_days: &[NaiveDate]) -> Option<usize> {
    const LINES_MAX: usize = 4;
    let first = lines.first().filter(|first| first.text.ends_with(['.', '!', '?', '”']))?;
    let says_day = |line: &Line<'_>| dated::about(&line.text).is_some_and(|day| own_days.contains(&day)) && !line.is_item();
    let is_name =
        |line: &Line<'_>| !line.links.is_empty() && line.outside().trim().is_empty() && line.text.len() <= OPENING_BYTES_MAX;
    let below = lines.get(1..)?;
    let names = below.iter().take(LINES_MAX).take_while(|line| is_name(line)).count();
    let is_byline = below.get(names).is_some_and(|line| line.links.is_empty() && !line.is_heading() && says_day(line));
    (is_byline && names > 0 && !first.is_heading()).then_some(names + 2)
}

/// Without headings at the end: what they stood over has gone.
fn without_bare_end(lines: &mut Vec<Line<'_>>) {
    while lines.len() > 1 && lines.last().is_some_and(|line| line.is_heading()) {
        lines.pop();
    }
}

/// Whether the last line is a day of something else than the article: all that stands under a heading ("Next meeting"), in
/// the row of what it is the day of ("Closing date"), or one of several in a list.
fn is_said_of_another_day(lines: &[Line<'_>]) -> bool {
    let [.., above, last] = lines else { return false };
    let announces = above.is_heading() || above.strong || above.text.ends_with(':');
    let is_one_of_several = last.is_item() && above.is_item();
    (announces || is_value_of(above, last) || is_one_of_several) && dated::is_date(&last.text) && !dated::is_label(&above.text)
}

/// Whether a line stands in the cell beside another's, or is what its term means.
fn is_value_of(above: &Line<'_>, line: &Line<'_>) -> bool {
    let parent = |line: &Line<'_>| line.block.parent().map(|parent| parent.id());
    let is_cell = line.kind == Kind::Cell && above.kind == Kind::Cell;
    let is_term = above.block.value().name() == "dt";
    is_term || (is_cell && line.block.value().name() != "dd" && parent(above) == parent(line))
}

/// How many lines at the head of a body say who wrote it, when and where: up to the last of a few short ones that is a date,
/// and what goes with that.
fn opening(lines: &[Line<'_>], own_days: &[NaiveDate]) -> usize {
    let is_short = |line: &&Line<'_>| {
        // "6 p.m." ends no sentence.
        let words = line.text.trim_end_matches("a.m.").trim_end_matches("p.m.");
        let is_short = line.text.len() <= OPENING_BYTES_MAX && !words.ends_with(['.', '!', '?', ':']);
        !line.is_heading() && (is_short || byline::read(&line.text).is_some())
    };
    let short = lines.iter().take(OPENING_LINES).take_while(is_short).count();
    let short = lines.iter().take(short).position(|line| is_another_day(&line.text, own_days)).unwrap_or(short);
    let other = lines.get(short).is_some_and(|line| is_another_day(&line.text, own_days));
    // A meeting's day stands among what else is said of it.
    let is_of_meeting = |line: &Line<'_>| occasion::says_circumstance(line) || meeting::held(&line.text).is_some();
    // "Time: 6 p.m." ends as a sentence does.
    let is_next = lines.get(short).is_some_and(occasion::says_circumstance);
    if is_next || lines.iter().take(short).any(is_of_meeting) {
        return 0;
    }
    let said = |pair: &[Line<'_>]| matches!(pair, [above, line] if is_value_of(above, line) && !dated::is_label(&above.text));
    // A table that begins a text with a day of something else.
    let short = lines.windows(2).take(short).position(|pair| said(pair) && is_said_of_another_day(pair)).unwrap_or(short);
    // "Press release 12/26 - 3 March 2026", right under the headline.
    let months = lines.iter().filter(|line| furniture::says_month(&line.text)).take(2).count();
    let says_when = |line: &Line<'_>| dated::about(&line.text).is_some() || months == 1 && furniture::says_month(&line.text);
    let is_first = |(at, line): (usize, &Line<'_>)| at == 0 && !line.is_item() && says_when(line);
    let dated =
        lines.iter().take(short).enumerate().rposition(|line| is_about_article(line.1) || is_first(line)).map_or(0, |at| at + 1);
    let is_over = |line: &&Line<'_>| is_about_article(line) || with_date::is_said(line) || furniture::leads_away(line);
    dated + lines.iter().skip(dated).take(if other { short - dated } else { usize::MAX }).take_while(is_over).count()
}

/// Whether a text is a day and no more, and none of those on which the page says that it was put out or changed.
fn is_another_day(text: &str, own_days: &[NaiveDate]) -> bool {
    if own_days.is_empty() {
        return false;
    }
    let found = dates::find(text);
    let [date] = found.as_slice() else { return false };
    let around = [text.get(..date.span.start), text.get(date.span.end..)];
    let is_alone = around.into_iter().flatten().all(|part| !part.contains(char::is_alphanumeric));
    is_alone && date.single().is_some_and(|day| !own_days.contains(&day))
}

/// "Published: 25 November 2019", "Last updated …", "By Press Office".
pub(in crate::rules::extract::page) fn is_about_article(line: &Line<'_>) -> bool {
    let is_kicker = || line.text.len() <= 80 && line.text.contains('|') && !dates::find(&line.text).is_empty();
    let is_byline = || line.links.len() <= 1 && byline::read(&line.text).is_some();
    let is_parted = || !line.is_item() && line.kind == Kind::Paragraph && dated::in_element(line).is_some();
    dated::is_date(&line.text) || dated::says_when(&line.text) || is_byline() || is_kicker() || is_parted()
}

/// Links back and forth, and single words of a tool bar.
pub(in crate::rules::extract::page) fn is_leftover(line: &Line<'_>) -> bool {
    const TOOLS: &[&str] =
        &["print", "share", "tweet", "email", "facebook", "twitter", "linkedin", "back", "top", "back to top", "whatsapp"];
    let folded = line.folded();
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
    TOOLS.contains(&bare)
        || (line.outside().is_empty() && ["back to", "prev", "next", "return to", "share on"].iter().any(|s| bare.starts_with(s)))
        || (line.text.len() <= 40 && ["page id", "page owner", "page reference"].iter().any(|s| bare.starts_with(s)))
}
