//! The article of a page: its title, the day it was published, and its body without the page's frame.

mod above;
mod attached;
mod banners;
mod beside;
mod body;
mod decided;
mod foot;
mod furniture;
mod headline;
mod one_meeting;
mod only_heading;
mod others;
mod places;
mod promotions;
mod root;
mod several_days;
mod unshown;
mod with_date;

pub(in crate::rules::extract) use attached::attached;
pub(in crate::rules::extract) use banners::without as without_banners;
pub(in crate::rules::extract) use beside::lines as files_beside;
pub(super) use body::{is_about_article, is_leftover, same_words};
pub(in crate::rules::extract) use body::{is_of_notice_above, is_of_own_notice, without_furniture};
pub(super) use decided::decided;
pub(super) use furniture::is_reading_time;
pub(in crate::rules::extract) use furniture::is_tools;
pub(in crate::rules::extract) use headline::{headline, is_in_banner};
pub(super) use one_meeting::is_one_meeting;
pub(super) use places::leads_within;

use super::Whole;
use super::dated::{self, When};
use super::frame;
use super::selectors::{Chosen, Named};
use super::{events, occasion, story, timeline};
use crate::domain::evidence::Fact;
use crate::domain::item::{Item, Outcome, Stage};
use crate::domain::text::Text;
use crate::rules::extract::document::{Document, classes};
use crate::rules::extract::related::{self, About};
use crate::rules::extract::text::{Kind, Line, collapsed, folded};
use crate::rules::extract::{Reading, guard, key};
use crate::rules::facts::{dates, meeting};
use chrono::NaiveDate;
use scraper::ElementRef;
use several_days::{Days, is_one_of_several_days, stands_under_meetings};
use std::collections::HashSet;
use url::Url;

/// A body needs at least this many bytes under a headline, and this many without one.
const UNDER_HEADLINE_BYTES: usize = 15;
const WITHOUT_HEADLINE_BYTES: usize = 200;
/// Where a date may stand: within this many lines after the title.
const LINES_TO_DATE: usize = 8;
/// Longest line about an article ("Submitted by the press office on Sat, 15/11/2025 - 11:02"), in bytes.
const BYLINE_BYTES_MAX: usize = 80;

/// Reads a page as an article: one item, or none and a warning that says what is missing.
pub(super) fn reading<'a>(
    document: &Document<'a>,
    url: &Url,
    page: &Whole<'a>,
    chosen: &Chosen,
    mut warnings: Vec<String>,
) -> Reading {
    let mut reading = Reading { page_title: page.title(), ..Reading::default() };
    match item(document, url, page, chosen, &mut warnings) {
        Ok(item) => reading.items.push(item),
        Err(refusal) => reading.refusal = refusal,
    }
    Reading { warnings, ..reading }
}

/// The item; else what the content says of itself, where it says something.
pub(super) fn item<'a>(
    document: &Document<'a>,
    url: &Url,
    page: &Whole<'a>,
    chosen: &Chosen,
    warnings: &mut Vec<String>,
) -> Result<Item, Option<(Outcome, String)>> {
    let head = || {
        document.trail.note_words(
            Fact::Title,
            "the page's <title> without the site's name",
            Some("title"),
            page.head_title.as_ref()?,
        );
        // What the page shows as well, it shows without the site's name.
        let is_shown = |title: &str| page.content.iter().any(|line| line.folded() == folded(title));
        page.head_title.as_deref().map(|title| if is_shown(title) { title.to_owned() } else { without_site(title) })
    };
    let promoted = if page.headline.is_none() { only_heading::promoted(&page.content) } else { None };
    let promoted_name = || {
        let (name, lines) = promoted.as_ref()?;
        let headline = lines.iter().find(|line| line.kind == Kind::Heading(1))?;
        document.trail.note(Fact::Title, "the only heading of its rank, above the text", headline);
        Some(name.clone())
    };
    let content = promoted.as_ref().map_or(&page.content, |(_, lines)| lines);
    let name = page.headline.clone().or_else(promoted_name).or_else(head);
    let Some(name) = name.filter(|name| !name.is_empty()) else {
        warnings.push("the page has no title".to_owned());
        return Err(None);
    };
    let is_below = |element: &ElementRef<'a>| chosen.below.as_ref().is_none_or(|below| below.has(*element));
    let mut bodies = |named: &Named| outermost(named.all(document, warnings).into_iter().filter(is_below).collect());
    let marked = chosen.body.as_ref().map(&mut bodies).filter(|found| !found.is_empty());
    let is_event = events::is_in_folder(url) || occasion::declared::is_template(document);
    let signs = occasion::Signs { is_event, is_news: events::is_of_news(url), declared: occasion::declared::of(document, &name) };
    // Beside what is left of a page stand its entries.
    let around = if page.is_rest { content } else { document.all_lines() };
    let occasion = occasion::of(content, around, &name, &signs);
    let takes_place = occasion.as_ref().is_some_and(|occasion| occasion.is_certain && !occasion.is_all);
    let found: Vec<Line<'_>> = match &marked {
        Some(elements) => elements.iter().flat_map(|element| document.lines_of(*element)).collect(),
        None if page.is_rest => content.clone(),
        None => root::found(document, content, if takes_place { body::PROSE_BYTES } else { 0 }),
    };
    let said = match &occasion {
        Some(occasion) => {
            if let Some(line) = &occasion.line {
                document.trail.note(Fact::Meeting, "the day among the particulars of the meeting", line);
            } else {
                let said = occasion.day.to_string();
                document.trail.note_words(Fact::Meeting, "the day of the event that machines are told", None, &said);
            }
            let others = occasion.without(content);
            if occasion.is_all || occasion.is_certain {
                one_meeting::announced(document, &others)
            } else {
                published(document, &others, &name)
            }
        }
        // What is on beside it was not published on those days.
        None => published(document, events::without(content).as_ref().unwrap_or(content), &name),
    };
    let when = said.or_else(|| {
        let day = dated::of_address(url)?;
        document.trail.note_words(Fact::Published, "the year, month and day in the page's address", None, url.path());
        Some(When::day(day))
    });
    let updated = dated::updated(content).filter(|day| when.is_none_or(|when| *day >= when.day));
    let day_of_meeting = occasion.as_ref().map(|occasion| occasion.day);
    let own_days: Vec<NaiveDate> = when.iter().map(|when| when.day).chain(updated).chain(day_of_meeting).collect();
    let body = match &marked {
        Some(_) if chosen.certain => found,
        Some(elements) => {
            let body = body::trimmed(body::with_rest(frame::content(found), elements, content), &name, &own_days);
            body::introduced(body, content, &name, false)
        }
        None => body::introduced(body::trimmed(found, &name, &own_days), content, &name, true),
    };
    let is_certain = chosen.certain && marked.is_some();
    let body = if is_certain {
        body
    } else {
        let noticed = body::with_notices(body, content, &name);
        banners::without(promotions::without(noticed, url), url, &name)
    };
    // A known system's text of a page begins below them.
    let lacks_particulars = occasion.as_ref().is_some_and(|occasion| !occasion.is_all || marked.is_some());
    let body = match &occasion {
        _ if is_certain => body,
        Some(_) if lacks_particulars => body::with_particulars(body, content, &name, day_of_meeting),
        Some(_) => body,
        None => body::with_boxed_particulars(body, content),
    };
    let shown = document.body(&body);
    let (text, html) = if is_certain || !shown.0.is_empty() { shown } else { unshown::body(document).unwrap_or(shown) };
    let enough = if page.headline.is_some() || promoted.is_some() { UNDER_HEADLINE_BYTES } else { WITHOUT_HEADLINE_BYTES };
    if text.is_empty() || (marked.is_none() && text.as_str().len() < enough) {
        warnings.push("the page has neither a listing nor an article".to_owned());
        return Err(None);
    }
    let headed =
        (guard::is_headed_nothing(&name) && text.as_str().len() < WITHOUT_HEADLINE_BYTES).then(|| (Outcome::Empty, name.clone()));
    // What was posted on a day, and says more than that, is an article.
    let is_article = |outcome| outcome == Outcome::Empty && when.is_some() && text.as_str().lines().count() > 1;
    let own_word = || guard::own_word(text.as_str()).filter(|(outcome, _)| !is_article(*outcome));
    if let Some((outcome, words)) = headed.or_else(own_word) {
        return Err(Some((outcome, format!("the page says \"{words}\""))));
    }
    Ok(Item {
        published: when.map(|w| w.day),
        published_at: when.and_then(|w| w.at),
        updated,
        stage: occasion
            .as_ref()
            .filter(|of| one_meeting::is_called_off(of, content, &body, &name) || signs.is_off())
            .map(|_| Stage::Cancelled),
        meeting: occasion.map(|of| of.meeting(meeting::body_named(&name).or_else(|| meeting::of_title(&name)?.body))),
        text: Some(text),
        html: Some(html),
        decisions: decided(&body),
        documents: if is_certain {
            attached(&body)
        } else if page.is_rest {
            attached(&body::with_boxes(&body, &related::without(content, About::Anything), &name))
        } else {
            let mut lines = body::with_boxes(&body, &related::without(content, About::Anything), &name);
            let texts = marked.unwrap_or_else(|| body::part(&body, content, &name).into_iter().collect());
            lines.extend(beside::lines(document, &texts));
            let mut documents = attached(&lines);
            let shown = beside::shown(document);
            documents
                .extend(shown.into_iter().filter(|file| documents.iter().all(|known| known.url != file.url)).collect::<Vec<_>>());
            documents
        },
        ..Item::bare(key::canonical(url), Text::line(&name), url.clone())
    })
}

/// Without the elements that stand within others of them.
fn outermost(found: Vec<ElementRef<'_>>) -> Vec<ElementRef<'_>> {
    let all: HashSet<_> = found.iter().map(|element| element.id()).collect();
    let is_outer = |element: &ElementRef<'_>| !element.ancestors().any(|above| all.contains(&above.id()));
    found.into_iter().filter(is_outer).collect()
}

/// "Board update | Anytown Council" without the site. A hyphen or a colon may be the title's own.
fn without_site(title: &str) -> String {
    const BODIES: &[&str] = &["council", "authority", "borough", "partnership", "city", "county"];
    let names_site = |words: &str| folded(words).rsplit(' ').next().is_some_and(|last| BODIES.contains(&last));
    let is_own = |part: &str| !names_site(part);
    let parted = [" | ", " – ", " — ", " :: "].iter().find(|by| title.contains(**by));
    let parted = parted.map(|by| title.split(by).find(|part| is_own(part)).unwrap_or(title));
    let before = || title.rsplit_once(" - ").filter(|(own, site)| names_site(site) && is_own(own)).map(|(first, _)| first);
    let after = || {
        let parted = [": ", " - "].iter().find_map(|by| title.split_once(by).filter(|(site, _)| names_site(site)));
        parted.map(|(_, rest)| rest)
    };
    parted.or_else(before).or_else(after).unwrap_or(title).trim().to_owned()
}

/// What the page says of its publication: in words, in its head, or in a `time` near its title.
fn published<'l, 'a>(document: &Document<'a>, page: &'l [Line<'a>], title: &str) -> Option<When> {
    let folded_title = folded(title);
    let start = page.iter().position(|line| line.folded() == folded_title).unwrap_or(0);
    // A menu "In this section" before the title ends nothing.
    let end = page.iter().skip(start).position(frame::ends_article).map_or(page.len(), |at| start + at);
    let told = page.get(start..end).unwrap_or_default();
    let article = page.get(..start + story::others(told).unwrap_or(told.len())).unwrap_or_default();
    let other = |line: &&Line<'_>| line.folded() != folded_title;
    let mut labelled = article.iter().enumerate().filter_map(|(at, line)| Some((dated::labelled_at(article, at)?, line)));
    if let Some((day, line)) = labelled.find(|(_, line)| other(line)) {
        document.trail.note(Fact::Published, "a date after a label such as \"Published:\"", line);
        return Some(When::day(day));
    }
    if let Some((when, element)) = in_head(document) {
        document.trail.note(Fact::Published, "what the page's head tells machines", element);
        return Some(when);
    }
    let (days, told) = (Days::of(article), timeline::Days::of(article));
    // The day under "Last updated" is another fact, and those of a list of contents are its sections'.
    let is_own = |at: usize, line: &Line<'_>| {
        let above = at.checked_sub(1).and_then(|above| article.get(above));
        let of_something_else =
            days.are_of(line) || told.has(line) || stands_under_meetings(article.get(start + 1..at).unwrap_or_default());
        !above.is_some_and(|above| dated::names_update(&above.text))
            && !leads_within(line)
            && !of_something_else
            && !is_one_of_several_days(line, article)
    };
    let near = || {
        let near = article.iter().enumerate().skip(start).take(LINES_TO_DATE);
        near.filter(|(at, line)| is_own(*at, line)).map(|(_, line)| line)
    };
    let around: Vec<ElementRef<'_>> = near().flat_map(around_words).collect();
    if let Some(seen) = dated::seen_in_entry(&around, &[], &folded_title) {
        document.trail.note(Fact::Published, seen.rule, seen.place);
        return Some(seen.when);
    }
    let above = above::of(document, article, start);
    // WordPress sets the day of publication and that of the last change side by side over the headline.
    let marked = |line: &'l Line<'a>| {
        around_words(line).into_iter().find(|e| e.value().name() == "time" && classes(*e).any(|class| class == "published"))
    };
    if let Some(time) = above.iter().rev().find_map(marked)
        && let Some(when) = time.attr("datetime").and_then(When::machine)
    {
        document.trail.note(Fact::Published, "an element marked as a date", time);
        return Some(when);
    }
    let dated = |line: &'l Line<'a>| Some((dated::of_words(&line.text)?, line));
    if let Some((day, line)) = near().filter(other).find_map(dated).or_else(|| above.iter().rev().find_map(dated)) {
        document.trail.note(Fact::Published, "a line near the title that is nothing but a date", line);
        return Some(When::day(day));
    }
    let kicker = above.iter().rev().filter(|line| line.text.len() <= BYLINE_BYTES_MAX);
    let byline = kicker.chain(near().skip(1).take_while(|line| !line.is_heading() && line.text.len() <= BYLINE_BYTES_MAX));
    if let Some((day, line)) =
        byline.filter(other).find_map(|line| Some((dated::about(&line.text).or_else(|| dated::in_element(line))?, line)))
    {
        document.trail.note(Fact::Published, "the only date of a short line beside the title", line);
        return Some(When::day(day));
    }
    let lines = document.all_lines();
    if let Some((day, line)) = page.get(start).and_then(|headline| at_foot(lines, headline)) {
        document.trail.note(Fact::Published, "the only date of a short line at the foot of the article", line);
        return Some(When::day(day));
    }
    let (day, line) = beside(lines)?;
    document.trail.note(Fact::Published, "the only date after \"Published\" beside the article", line);
    Some(When::day(day))
}

/// The only day that any line of the page, its frame included, calls that of publication: a box beside an article. Where
/// there are several, they are other articles'.
fn beside<'l, 'a>(lines: &'l [Line<'a>]) -> Option<(NaiveDate, &'l Line<'a>)> {
    let speaks = |line: &Line<'_>| line.text.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("publis"));
    let said = |(at, line): (usize, &'l Line<'a>)| Some((dated::labelled_at(lines, at).filter(|_| speaks(line))?, line));
    let mut found = lines.iter().enumerate().filter_map(said);
    found.next().filter(|_| found.next().is_none())
}

/// The only date of a short line in the footer that the headline's own `article` has (HTML §4.3.9): "Posted on 19 May 2026".
fn at_foot<'l, 'a>(lines: &'l [Line<'a>], headline: &Line<'a>) -> Option<(NaiveDate, &'l Line<'a>)> {
    let is = |element: &ElementRef<'_>, name: &str| element.value().name() == name;
    let around = |line: &Line<'a>| std::iter::once(line.block).chain(line.block.ancestors().filter_map(ElementRef::wrap));
    let article = around(headline).find(|element| is(element, "article"))?;
    let is_at_foot = |line: &Line<'a>| {
        let mut within = around(line).take_while(|element| !is(element, "article"));
        within.any(|element| is(&element, "footer")) && around(line).find(|e| is(e, "article")) == Some(article)
    };
    let short = lines.iter().filter(|line| line.text.len() <= BYLINE_BYTES_MAX && dates::may_hold_any(&line.text));
    let mut said = short.filter_map(|line| Some((dated::labelled(&line.text).or_else(|| dated::about(&line.text))?, line)));
    said.find(|(_, line)| is_at_foot(line))
}

/// The elements around a line's words within its block, and the block where it is no more than that line.
fn around_words<'a>(line: &Line<'a>) -> Vec<ElementRef<'a>> {
    let within = |e: &ElementRef<'a>| e.id() != line.block.id() && line.block.ancestors().all(|above| above.id() != e.id());
    let inline = line.leaves.iter().flat_map(|leaf| leaf.ancestors().filter_map(ElementRef::wrap).take_while(within));
    let block = (collapsed(&line.block.text().collect::<String>()).len() <= line.text.len() + 2).then_some(line.block);
    inline.chain(block).collect()
}

/// What machines read: `article:published_time`, Dublin Core's issued or created, JSON-LD's `datePublished`. ModernGov's
/// `DC.date` is the day of the request and counts for nothing.
fn in_head<'a>(document: &Document<'a>) -> Option<(When, ElementRef<'a>)> {
    const NAMES: &[&str] = &[
        "article:published_time",
        "dcterms.issued",
        "dc.date.issued",
        "dcterms.created",
        "dc.date.created",
        "date.published",
        "publish-date",
        "publication_date",
        "datepublished",
        "govuk:first-published-at",
    ];
    let metas = document.all("meta[content]");
    let named = NAMES.iter().find_map(|name| {
        let meta = metas.iter().find(|meta| {
            ["name", "property", "itemprop"]
                .iter()
                .any(|attribute| meta.attr(attribute).is_some_and(|n| n.eq_ignore_ascii_case(name)))
        })?;
        Some((When::machine(meta.attr("content")?)?, *meta))
    });
    named.or_else(|| {
        let scripts = document.all("script[type='application/ld+json']");
        scripts.iter().find_map(|script| {
            let json: serde_json::Value = serde_json::from_str(&script.text().collect::<String>()).ok()?;
            let graph = json.get("@graph").and_then(|graph| graph.as_array()).cloned().unwrap_or_default();
            let when =
                std::iter::once(&json).chain(&graph).find_map(|node| When::machine(node.get("datePublished")?.as_str()?))?;
            Some((when, *script))
        })
    })
}
