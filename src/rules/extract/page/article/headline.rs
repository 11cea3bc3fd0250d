//! The title of a page: its headline, unless that says no more than what kind of page it is.

use crate::domain::evidence::Fact;
use crate::rules::extract::document::{Document, Marks, is_called_notice, is_of_whole_site};
use crate::rules::extract::page::{dated, frame, rows};
use crate::rules::extract::text::{Kind, Line, collapsed, decoded, folded};
use crate::rules::facts::sections;

use super::without_site;
use scraper::ElementRef;

/// What pages of one kind are all headed with.
const KINDS: &[&str] = &[
    "agenda item",
    "agenda item details",
    "article",
    "blog post",
    "consultation details",
    "decision",
    "decision details",
    "decision notice",
    "decision record",
    "delegated decision",
    "document details",
    "event details",
    "issue details",
    "item details",
    "meeting details",
    "news article",
    "news details",
    "news item",
    "news release",
    "news story",
    "notice of decision",
    "officer decision",
    "officer decision notice",
    "officer decision record",
    "press release",
    "publication details",
    "record of decision",
    "report details",
    "view decision",
    "view news",
    "cofnod penderfyniad",
    "datganiad i'r wasg",
    "eitem newyddion",
    "erthygl newyddion",
    "hysbysiad o benderfyniad",
    "manylion y cyfarfod",
    "manylion y digwyddiad",
    "manylion y penderfyniad",
    "manylion yr eitem",
    "stori newyddion",
];
/// Labels of the title in a list or a table of particulars.
const TITLES: &[&str] = &[
    "decision title",
    "headline",
    "item title",
    "matter",
    "report title",
    "subject",
    "subject matter",
    "title",
    "title of decision",
    "title of report",
    "pennawd",
    "pwnc",
    "teitl",
    "teitl y penderfyniad",
    "teitl yr adroddiad",
];
/// How far below such a heading the title's own stands: behind a reference, a day and the like, none longer than this.
const LINES_BELOW: usize = 5;
const LINE_BYTES_MAX: usize = 60;
/// Lines below it in which particulars may name the title, and most bytes of a title.
const LINES_OF_PARTICULARS: usize = 20;
const TITLE_BYTES_MAX: usize = 300;

/// The page's headline: the first `h1` of its content, or the one that its `<title>` begins with, else `og:title`.
pub(in crate::rules::extract) fn headline(document: &Document, all: &[Line<'_>]) -> Option<String> {
    // ModernGov's first heading names the kind of page on every page, and its second the thing.
    let kind = || all.iter().any(|line| line.has_class("mgMainTitleTxt") && line.kind == Kind::Heading(1));
    let named = document.is_written("mgsubtitletxt").then(|| all.iter().find(|line| line.has_class("mgSubTitleTxt"))).flatten();
    if let Some(line) = named.filter(|line| line.is_heading() && kind()) {
        document.trail.note(Fact::Title, "ModernGov's class for titles", line);
        return Some(decoded(&line.text));
    }
    let head = document.head_title().map(|title| folded(&title)).unwrap_or_default();
    let headings = || all.iter().filter(|line| line.kind == Kind::Heading(1));
    let repeated = headings().find(|line| line.text.len() > 3 && head.starts_with(line.folded()));
    let repeated = repeated.map(|line| (line, "the heading that the page's <title> begins with"));
    // A heading with which <title> ends is the site's name, where another one begins it.
    let names_site = |line: &Line<'_>| head.ends_with(line.folded());
    // Nor is one in a banner above the page's own.
    let first = |line: &Line<'_>| !line.chrome && !names_site(line) && !is_in_banner(line);
    let in_content = || headings().find(|line| first(line)).map(|line| (line, "the first heading of the content"));
    let of_site = || headings().find(|line| !line.chrome).map(|line| (line, "the first heading of the content"));
    let any = || headings().next_back().map(|line| (line, "the page's last first-rank heading"));
    // Without a first heading, a second one that `<title>` repeats.
    let named_by_head = |line: &&Line<'_>| {
        let folded = line.folded();
        !line.chrome && folded.len() > 8 && (head.starts_with(folded) || head.ends_with(folded))
    };
    let seconds = || all.iter().filter(|line| line.kind == Kind::Heading(2));
    let second = || seconds().find(named_by_head);
    let second = || second().map(|line| (line, "a heading that the page's <title> repeats"));
    // Over every page of a part of the site stands that part's name, which <title> leaves out.
    let is_of_part = || in_content().is_some_and(|(first, _)| !head.contains(first.folded()));
    let names_page = |line: &&Line<'_>| line.text.len() > 15 && !line.chrome && head.starts_with(line.folded());
    let below = |first: &Line<'_>| {
        let behind = all.iter().skip_while(|line| line.block.id() != first.block.id());
        behind.filter(|line| line.kind == Kind::Heading(2)).find(names_page)
    };
    let below_part = || in_content().filter(|_| is_of_part()).and_then(|(first, _)| below(first));
    let below_part = || below_part().map(|line| (line, "the heading that the page's <title> begins with"));
    if let Some((line, rule)) = repeated.or_else(below_part).or_else(in_content).or_else(second).or_else(of_site).or_else(any) {
        let below = if names_kind(line) { below_kind(all, line) } else { None };
        let by_head = || without_site(&document.head_title().unwrap_or_default());
        if names_kind(line) && below.is_none() && tells_more(&by_head()) {
            document.trail.note_words(
                Fact::Title,
                "the page's <title>, as its heading names its kind",
                Some("title"),
                &by_head(),
            );
            return Some(by_head());
        }
        let (title, line, rule) = below.unwrap_or((line.text.as_str(), line, rule));
        document.trail.note(Fact::Title, rule, line);
        return Some(decoded(title)).filter(|title| !title.is_empty());
    }
    let social = document.first("meta[property='og:title'][content]")?;
    document.trail.note(Fact::Title, "the title for social media", social);
    social.attr("content").map(|title| decoded(&collapsed(title))).filter(|title| !title.is_empty())
}

/// Whether a heading stands in a box that is called a banner or a notice.
pub(in crate::rules::extract) fn is_in_banner(heading: &Line<'_>) -> bool {
    const NEAR: usize = 4;
    let around = std::iter::once(heading.block).chain(heading.block.ancestors().filter_map(ElementRef::wrap)).take(NEAR);
    let mut boxes = around.take_while(|e| !matches!(e.value().name(), "main" | "article" | "body" | "html"));
    boxes.any(|element| {
        let marks = Marks::of(element);
        marks.role == Some("alert") || is_called_notice(&marks) || is_of_whole_site(&marks)
    })
}

/// Whether a heading says what kind of page it is, and no more.
fn names_kind(line: &Line<'_>) -> bool {
    KINDS.contains(&line.folded().trim_end_matches(':'))
}

/// Whether a page's `<title>` says more than a kind of page: a whole sentence's worth, which names none.
fn tells_more(title: &str) -> bool {
    const WORDS_MIN: usize = 3;
    let folded = folded(title);
    folded.split(' ').count() >= WORDS_MIN && !KINDS.iter().any(|kind| folded.starts_with(kind) || folded.ends_with(kind))
}

/// The title below a heading that names the kind of page: beside its label, or in the next heading.
fn below_kind<'l, 'a>(all: &'l [Line<'a>], kind: &Line<'_>) -> Option<(&'l str, &'l Line<'a>, &'static str)> {
    let at = all.iter().position(|line| line.block.id() == kind.block.id())?;
    let below = all.get(at + 1..)?;
    let end = below.iter().position(|line| line.kind == Kind::Heading(1)).unwrap_or(below.len());
    let own = below.get(..end)?;
    let named = (0..own.len().min(LINES_OF_PARTICULARS)).find_map(|at| labelled(own, at));
    let beside = named.map(|(title, line)| (title, line, "what stands beside the label of the title"));
    beside.or_else(|| {
        let is_short = |line: &&Line<'_>| line.text.len() <= LINE_BYTES_MAX && !line.chrome;
        let above = own.iter().take(LINES_BELOW).take_while(|line| !line.is_heading() && is_short(line)).count();
        let next = own.get(above).filter(|line| line.is_heading() && is_title(line))?;
        Some((next.text.as_str(), next, "the heading below the kind of page"))
    })
}

fn is_title(line: &Line<'_>) -> bool {
    let is_part = || sections::heading(&line.text).is_some() || frame::ends_article(line) || dated::is_label(&line.text);
    !line.chrome
        && line.text.len() > 3
        && !line.text.ends_with(':')
        && !dated::is_day(&line.text)
        && !names_kind(line)
        && !is_part()
}

/// The title beside its label: behind a colon, in the next cell, or as what the term means.
fn labelled<'l, 'a>(lines: &'l [Line<'a>], at: usize) -> Option<(&'l str, &'l Line<'a>)> {
    let line = lines.get(at).filter(|line| !line.chrome)?;
    let is_label = |words: &str| TITLES.contains(&folded(words.trim_end_matches([':', ' '])).as_str());
    let fits = |words: &str| !words.is_empty() && words.len() <= TITLE_BYTES_MAX;
    let inline = line.text.split_once(':').map(|(label, words)| (label, words.trim())).filter(|(_, words)| !words.is_empty());
    if let Some((label, words)) = inline {
        return (is_label(label) && fits(words)).then_some((words, line));
    }
    let stands_out = line.text.ends_with(':') || line.strong || matches!(line.block.value().name(), "th" | "dt");
    let value = lines.get(at + 1).filter(|_| is_label(&line.text) && stands_out && !rows::heads_column(line))?;
    let is_other_label = matches!(value.block.value().name(), "th" | "dt") || value.text.ends_with(':');
    (fits(&value.text) && !is_other_label).then_some((value.text.as_str(), value))
}
