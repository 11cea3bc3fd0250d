//! Whether the parts of a page are told in place, or are a list, an article's own or a remark beside it.

use super::{Section, Time};
use crate::rules::extract::key;
use crate::rules::extract::page::{article, dated, entries, frame, rows};
use crate::rules::extract::text::{Kind, Line, NodeRef, collapsed};
use crate::rules::facts::documents;
use scraper::ElementRef;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use url::Url;

/// Introduction above the first update, in bytes, and least text of an update.
const INTRODUCTION_BYTES: usize = 800;
const UPDATE_BYTES: usize = 40;
/// Words beside the link of an entry's heading, in bytes: "Cancelled".
const LABEL_BYTES_MAX: usize = 24;

pub(super) fn are_updates(lines: &[Line<'_>], sections: &[Section], url: &Url) -> bool {
    let Some(first) = sections.first() else { return false };
    let bytes =
        |lines: &[Line<'_>]| lines.iter().filter(|line| !line.is_heading()).map(|line| line.outside().len()).sum::<usize>();
    let bodies = || sections.iter().filter_map(|section| Some((section, lines.get(section.body.clone())?)));
    let links_papers = |section: &Section, body: &[Line<'_>]| {
        let is_of_day = matches!(section.time, Time::Day(_));
        body.iter().any(|line| rows::links_papers(line) || (is_of_day && rows::links_files(line)))
    };
    let told = bodies().filter(|(section, body)| bytes(body) >= UPDATE_BYTES || links_papers(section, body)).count();
    let all: usize = bodies().map(|(_, body)| bytes(body)).sum();
    let before = lines.get(..first.start).unwrap_or_default();
    let headline = before.iter().rposition(|line| line.kind == Kind::Heading(1)).unwrap_or(0);
    // The days of a list of contents are those of the sections.
    let says_day = |line: &Line<'_>| dated::of_words(&line.text).is_some() && !article::leads_within(line);
    let is_posted = before.iter().skip(headline).any(says_day);
    let page = key::of_page(url);
    let leads_on = |line: &Line<'_>| {
        line.links.iter().filter_map(|link| Some((link, link.url.as_ref()?))).any(|(link, to)| {
            matches!(to.scheme(), "http" | "https") && !documents::is_file(&link.text, to) && key::of_page(to) != page
        })
    };
    let headed_by_link = sections.iter().filter_map(|section| lines.get(section.heading)).any(leads_on);
    let is_alone = |line: &Line<'_>| line.outside().trim().is_empty() && leads_on(line);
    // "Papers and details" in each of them says no more than "Read more" does.
    let mut said: HashMap<&str, usize> = HashMap::new();
    for line in bodies().flat_map(|(_, body)| body).filter(|line| is_alone(line)) {
        *said.entry(line.folded()).or_default() += 1;
    }
    let is_generic = |line: &Line<'_>| {
        entries::is_generic(&line.text) || said.get(line.folded()).is_some_and(|times| *times >= 2 && times * 2 > sections.len())
    };
    let ends_in_way = |line: &Line<'_>| {
        line.links.last().is_some_and(|link| entries::is_generic(&link.text) && line.text.ends_with(&link.text))
    };
    // A link in a sentence is a remark; one that stands first, or says "Read more" of a title, is what a section is for.
    let leading_on = sections.iter().filter(|section| {
        let titled = lines.get(section.heading).is_some_and(|heading| !dated::is_date(&heading.text));
        let body = lines.get(section.body.clone()).unwrap_or_default();
        let mut told = body.iter().skip_while(|line| article::is_about_article(line));
        let ends = body.iter().any(|line| ends_in_way(line) && leads_on(line));
        ends || told.next().is_some_and(is_alone) || (titled && told.any(|line| is_alone(line) && is_generic(line)))
    });
    let leading_on = leading_on.count();
    // "November 2026" over links with their days is a heading of a list.
    let is_day = |line: &Line<'_>| line.links.is_empty() && dated::is_date(&line.text);
    let is_dated_link = |line: &Line<'_>| leads_on(line) && dated::is_date(line.outside().trim());
    let is_bare_link = |line: &Line<'_>| leads_on(line) && line.outside().trim().is_empty();
    // So it is over a table each of whose rows leads to a page.
    let is_register = |body: &[Line<'_>]| {
        let of = |line: &Line<'_>| rows::row_of(line).filter(|_| !rows::heads_column(line)).map(|row| row.id());
        let rows: HashSet<_> = body.iter().filter_map(of).collect();
        let leading: HashSet<_> = body.iter().filter(|line| is_bare_link(line)).filter_map(of).collect();
        !rows.is_empty() && leading.len() == rows.len() && body.iter().all(|line| rows::row_of(line).is_some())
    };
    // And over entries each of which has a heading that leads to its page.
    let is_headed = |body: &[Line<'_>]| {
        let mut headings = body.iter().filter(|line| line.is_heading()).peekable();
        headings.peek().is_some() && headings.all(|line| leads_on(line) && line.outside().len() <= LABEL_BYTES_MAX)
    };
    let is_list = |(section, body): &(&Section, &[Line<'_>])| {
        let has_days = body.iter().any(|line| is_dated_link(line) || is_day(line));
        let is_part = |line: &Line<'_>| is_dated_link(line) || is_bare_link(line) || is_day(line);
        matches!(section.time, Time::Month(_)) && ((has_days && body.iter().all(is_part)) || is_register(body) || is_headed(body))
    };
    let lists = bodies().filter(is_list).count();
    told * 10 >= sections.len() * 6
        && bytes(before) <= INTRODUCTION_BYTES.max(all)
        && !is_posted
        && !headed_by_link
        && leading_on * 2 < sections.len()
        && lists * 2 < sections.len()
}

/// The bold words with which the first line below a heading begins, where that is nothing but a day: "Peer review begins. Four
/// officers read …".
pub(super) fn opening_phrase(heading: &Line<'_>, body: &[Line<'_>]) -> Option<String> {
    const BYTES: std::ops::RangeInclusive<usize> = 8..=120;
    let first = body.first().filter(|line| dated::is_day(&heading.text) && !line.is_heading() && line.links.is_empty())?;
    let is_bold = |leaf: &&NodeRef<'_>| {
        let around = leaf.ancestors().take_while(|above| above.id() != first.block.id()).filter_map(ElementRef::wrap);
        around.into_iter().any(|element| matches!(element.value().name(), "b" | "strong"))
    };
    let bold: String =
        first.leaves.iter().take_while(is_bold).filter_map(|leaf| leaf.value().as_text()).map(|text| &**text).collect();
    let phrase = collapsed(&bold);
    let rest = first.text.strip_prefix(phrase.as_str())?;
    // "Present: the leader": a label says nothing of what happened.
    let is_label = phrase.ends_with(':') || rest.trim_start().starts_with(':');
    let phrase = phrase.trim_end_matches(['.', ',', ' ', '-', '–', '—']);
    let is_one = BYTES.contains(&phrase.len()) && phrase.contains(' ') && !rest.trim().is_empty();
    (is_one && !is_label && !dated::is_day(phrase)).then(|| phrase.to_owned())
}

/// Whether a short line between the headline and the first part says when all of it was told: "By Press Office, 16 November 2026".
pub(super) fn is_told_on_a_day(lines: &[Line<'_>], sections: &[Section]) -> bool {
    let before = lines.get(..sections.first().map_or(0, |first| first.start)).unwrap_or_default();
    let headline = before.iter().rposition(|line| line.kind == Kind::Heading(1)).map_or(0, |at| at + 1);
    let says = |line: &Line<'_>| {
        dated::about(&line.text).or_else(|| dated::in_element(line)).is_some() || dated::says_published(&line.text)
    };
    before.iter().skip(headline).any(|line| !line.is_heading() && !article::leads_within(line) && says(line))
}

/// Whether no more is told beside the parts of a timeline than in them: an article may hold one.
pub(super) fn are_all_there_is(lines: &[Line<'_>], sections: &[Section]) -> bool {
    let bytes = |range: Range<usize>| {
        let lines = lines.get(range).unwrap_or_default();
        lines.iter().filter(|line| !line.is_heading()).map(|line| line.outside().len()).sum::<usize>()
    };
    let told: usize = sections.iter().map(|section| bytes(section.body.clone())).sum();
    let after = sections.last().map_or(lines.len(), |last| last.body.end);
    let end = lines.iter().skip(after).position(frame::ends_article).map_or(lines.len(), |at| after + at);
    bytes(after..end) <= told
}
