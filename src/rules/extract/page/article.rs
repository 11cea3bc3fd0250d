//! The article of a page: its title, the day it was published, and its body without the page's frame.

use super::Whole;
use super::dated::{self, When};
use super::frame;
use super::selectors::Chosen;
use crate::domain::evidence::Fact;
use crate::domain::item::{Document as Attached, Item, Outcome};
use crate::domain::text::Text;
use crate::rules::extract::document::Document;
use crate::rules::extract::text::{Kind, Line, collapsed, decoded, folded};
use crate::rules::extract::{Reading, guard, key};
use crate::rules::facts::{dates, documents};
use scraper::ElementRef;
use std::collections::HashMap;
use url::Url;

/// A body needs at least this many bytes under a headline, and this many without one.
const UNDER_HEADLINE_BYTES: usize = 15;
const WITHOUT_HEADLINE_BYTES: usize = 200;
/// Where a date may stand: within this many lines after the title.
const LINES_TO_DATE: usize = 8;

/// Reads a page as an article: one item, or none and a warning that says what is missing.
pub(super) fn reading<'a>(
    document: &'a Document,
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
fn item<'a>(
    document: &'a Document,
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
        page.head_title.as_deref().map(without_site)
    };
    let name = page.headline.clone().or_else(head);
    let Some(name) = name.filter(|name| !name.is_empty()) else {
        warnings.push("the page has no title".to_owned());
        return Err(None);
    };
    let marked = chosen.body.as_ref().map(|named| named.all(document, warnings)).filter(|found| !found.is_empty());
    let body: Vec<Line<'_>> = match &marked {
        Some(elements) => elements.iter().flat_map(|element| document.lines_of(*element)).collect(),
        None => found(document, &page.content),
    };
    let body = match &marked {
        Some(_) if chosen.certain => body,
        Some(_) => trimmed(frame::content(body), &name),
        None => trimmed(body, &name),
    };
    let (text, html) = document.body(&body);
    let enough = if page.headline.is_some() { UNDER_HEADLINE_BYTES } else { WITHOUT_HEADLINE_BYTES };
    if text.is_empty() || (marked.is_none() && text.as_str().len() < enough) {
        warnings.push("the page has neither a listing nor an article".to_owned());
        return Err(None);
    }
    if let Some((outcome, words)) = guard::own_word(text.as_str()) {
        return Err(Some((outcome, format!("the page says \"{words}\""))));
    }
    let when = published(document, &page.content, &name);
    Ok(Item {
        key: key::canonical(url),
        title: Text::line(&name),
        url: url.clone(),
        published: when.map(|w| w.day),
        published_at: when.and_then(|w| w.at),
        meeting: None,
        stage: None,
        text: Some(text),
        html: Some(html),
        documents: attached(&body),
        decisions: Vec::new(),
        reasons: None,
        options_rejected: None,
        next_meeting: None,
        commitments: Vec::new(),
    })
}

/// The page's headline: the first `h1` of its content, or the one that its `<title>` begins with, else `og:title`.
pub(in crate::rules::extract) fn headline(document: &Document, all: &[Line<'_>]) -> Option<String> {
    let head = document.head_title().map(|title| folded(&title)).unwrap_or_default();
    let headings = || all.iter().filter(|line| line.kind == Kind::Heading(1));
    let repeated = headings().find(|line| line.text.len() > 3 && head.starts_with(&folded(&line.text)));
    let repeated = repeated.map(|line| (line, "the heading that the page's <title> begins with"));
    let in_content = || headings().find(|line| !line.chrome).map(|line| (line, "the first heading of the content"));
    let any = || headings().next_back().map(|line| (line, "the page's last first-rank heading"));
    // Without a first heading, a second one that `<title>` repeats.
    let named_by_head = |line: &&Line<'_>| {
        let folded = folded(&line.text);
        !line.chrome && folded.len() > 8 && (head.starts_with(&folded) || head.ends_with(&folded))
    };
    let second = || all.iter().filter(|line| line.kind == Kind::Heading(2)).find(named_by_head);
    let second = || second().map(|line| (line, "a heading that the page's <title> repeats"));
    if let Some((line, rule)) = repeated.or_else(in_content).or_else(any).or_else(second) {
        document.trail.note(Fact::Title, rule, line);
        return Some(decoded(&line.text)).filter(|title| !title.is_empty());
    }
    let social = document.first("meta[property='og:title'][content]")?;
    document.trail.note(Fact::Title, "the title for social media", social);
    social.attr("content").map(|title| decoded(&collapsed(title))).filter(|title| !title.is_empty())
}

/// "Board update | Anytown Council" without the site.
fn without_site(title: &str) -> String {
    let parted = [" | ", " – ", " — ", " :: "].iter().find_map(|by| title.split_once(by));
    parted.map_or(title, |(first, _)| first).trim().to_owned()
}

/// The lines of the element that holds most of the page's prose.
fn found<'a>(document: &'a Document, page: &[Line<'a>]) -> Vec<Line<'a>> {
    let weight = |line: &Line<'_>| if line.is_heading() { 0 } else { line.outside.len() };
    let mut weights = HashMap::new();
    for line in page {
        for element in std::iter::once(line.block).chain(line.block.ancestors().filter_map(ElementRef::wrap)) {
            *weights.entry(element.id()).or_insert(0_usize) += weight(line);
        }
    }
    let of = |element: ElementRef<'_>| weights.get(&element.id()).copied().unwrap_or(0);
    let mut root = document.content();
    if of(root) == 0 {
        root = document.html.root_element();
    }
    // Down as long as one part holds nearly everything; a body's paragraphs never do.
    while let Some(child) = root.child_elements().max_by_key(|child| of(*child)) {
        let is_part_of_text = matches!(
            child.value().name(),
            "p" | "li" | "ul" | "ol" | "table" | "tbody" | "tr" | "dl" | "blockquote" | "h2" | "h3"
        );
        if is_part_of_text || of(child) == 0 || of(child) * 10 < of(root) * 8 {
            break;
        }
        root = child;
    }
    frame::content(document.lines_of(root))
}

/// Without the headline and the date above the text, and without what follows it.
fn trimmed<'a>(lines: Vec<Line<'a>>, title: &str) -> Vec<Line<'a>> {
    let title = folded(title);
    let end = lines.iter().position(frame::ends_article).unwrap_or(lines.len());
    let mut lines: Vec<Line<'a>> = lines.into_iter().take(end).collect();
    let headline =
        lines.iter().position(|line| line.kind == Kind::Heading(1) || folded(&line.text) == title).map_or(0, |at| at + 1);
    lines.drain(..headline.min(lines.len()));
    let opening = lines.iter().take_while(|line| is_about_article(line)).count();
    lines.drain(..opening.min(lines.len()));
    while lines.last().is_some_and(|line| is_about_article(line) || is_leftover(line)) {
        lines.pop();
    }
    lines
}

/// "Published: 25 November 2019", "Last updated …", "By Press Office".
fn is_about_article(line: &Line<'_>) -> bool {
    let folded = folded(&line.text);
    let updated = ["last updated", "updated", "page last updated", "last modified", "modified", "date:", "first published"];
    let has_date = !dates::find(&line.text).is_empty();
    dated::is_date(&line.text)
        || (line.text.len() <= 80
            && has_date
            && (updated.iter().any(|label| folded.starts_with(label)) || line.text.contains('|')))
        || (line.text.len() <= 60 && has_date && dated::PUBLISHED.iter().any(|label| folded.starts_with(label)))
}

/// Links back and forth, and single words of a tool bar.
fn is_leftover(line: &Line<'_>) -> bool {
    const TOOLS: &[&str] =
        &["print", "share", "tweet", "email", "facebook", "twitter", "linkedin", "back", "top", "back to top", "whatsapp"];
    let folded = folded(&line.text);
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
    TOOLS.contains(&bare)
        || (line.outside.is_empty()
            && ["back to", "previous", "next", "return to", "share on"].iter().any(|s| bare.starts_with(s)))
}

/// What the page says of its publication: in words, in its head, or in a `time` near its title.
fn published<'l, 'a>(document: &'a Document, page: &'l [Line<'a>], title: &str) -> Option<When> {
    let folded_title = folded(title);
    let end = page.iter().position(frame::ends_article).unwrap_or(page.len());
    let start = page.iter().position(|line| folded(&line.text) == folded_title).unwrap_or(0);
    let article = page.get(..end).unwrap_or_default();
    let other = |line: &&Line<'_>| folded(&line.text) != folded_title;
    let labelled = article.iter().filter(other).find_map(|line| Some((dated::labelled(&line.text)?, line)));
    if let Some((day, line)) = labelled {
        document.trail.note(Fact::Published, "a date after a label such as \"Published:\"", line);
        return Some(When { day, at: None });
    }
    if let Some((when, element)) = in_head(document) {
        document.trail.note(Fact::Published, "what the page's head tells machines", element);
        return Some(when);
    }
    let near = || article.get(start..).unwrap_or_default().iter().take(LINES_TO_DATE);
    let around: Vec<ElementRef<'_>> = near().flat_map(around_words).collect();
    if let Some(seen) = dated::seen_in_entry(&around, &[], &folded_title) {
        document.trail.note(Fact::Published, seen.rule, seen.place);
        return Some(seen.when);
    }
    let before_title = || article.get(..start).and_then(|lines| lines.last());
    let dated = |line: &'l Line<'a>| Some((dated::of_words(&line.text)?, line));
    let (day, line) = near().filter(other).find_map(dated).or_else(|| before_title().and_then(dated))?;
    document.trail.note(Fact::Published, "a line near the title that is nothing but a date", line);
    Some(When { day, at: None })
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
fn in_head(document: &Document) -> Option<(When, ElementRef<'_>)> {
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

/// Files that the lines link to.
pub(in crate::rules::extract) fn attached(body: &[Line<'_>]) -> Vec<Attached> {
    let mut found: Vec<Attached> = Vec::new();
    for line in body {
        let files = || {
            line.links
                .iter()
                .filter_map(|link| Some((link, link.url.as_ref()?)))
                .filter(|(link, url)| documents::is_file(&link.text, url))
        };
        let alone = files().count() == 1 && line.text.len() <= 160;
        for (link, url) in files() {
            let Some(mut document) = documents::document(&link.text, Some(url)) else { continue };
            // The size often stands beside the link.
            if document.size.is_none() && alone {
                document.size = documents::document(&line.text, Some(url)).and_then(|named| named.size);
            }
            if !found.iter().any(|known| known.url == document.url) {
                found.push(document);
            }
        }
    }
    found
}
