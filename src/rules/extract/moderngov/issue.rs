//! `ieIssueDetails.aspx`, "Issue - meetings": one item for each meeting that dealt with the issue; or, where the page gives the
//! issue's particulars instead, one item.

mod details;

use super::heading::{self, Heading};
use super::parts::{self, AfterDocuments, Parts, is_document, without_repeats};
use crate::domain::evidence::Fact;
use crate::domain::item::{Document as Attached, Item};
use crate::domain::text::Text;
use crate::rules::extract::document::Document;
use crate::rules::extract::text::{Line, decoded, folded};
use crate::rules::extract::{Reading, guard, key};
use crate::rules::facts::documents::{document as attached, named};
use crate::rules::facts::sections;
use std::collections::HashMap;
use url::Url;

/// Reads an issue page.
pub(in crate::rules::extract) fn read(document: &Document, url: &Url) -> Reading {
    let mut lines = document.lines();
    if lines.iter().any(|line| !line.chrome) && heading::any(&lines.iter().filter(|l| !l.chrome).cloned().collect::<Vec<_>>()) {
        lines.retain(|line| !line.chrome);
    }
    let headings = within_content(document, &lines, heading::all(&lines));
    if headings.is_empty()
        && let Some(reading) = details::read(document, &lines, url)
    {
        return reading;
    }
    let before = headings.first().map_or(lines.len(), |first| first.lines.start);
    let title = issue_title(document, lines.get(..before).unwrap_or_default());
    let last = headings.last().map_or(0, |last| last.lines.start);
    let content_end = super::end_of_content(document, &lines, before.saturating_sub(1), last);
    let page = key::of_page(url);
    let mut blocks_of_key: HashMap<String, usize> = HashMap::new();
    let mut reading = Reading { page_title: title.as_deref().and_then(|t| Text::line(t).or_absent()), ..Reading::default() };
    for (at, heading) in headings.iter().enumerate() {
        let end = headings.get(at + 1).map_or(content_end, |next| next.lines.start);
        let block = lines.get(heading.lines.end..end.max(heading.lines.end)).unwrap_or_default();
        let block = block.get(..super::without_tail(block)).unwrap_or_default();
        let block_key = key::of_block(
            &page,
            &heading.day,
            heading.body.as_deref().unwrap_or_default(),
            heading.agenda_item,
            heading.item.as_deref(),
        );
        let nth = blocks_of_key.entry(block_key.clone()).or_default();
        *nth += 1;
        // Blocks that nothing but their place tells apart.
        let block_key = if *nth == 1 { block_key } else { format!("{block_key}/{nth}") };
        if let Some(line) = lines.get(heading.lines.start) {
            document.trail.note(Fact::Meeting, "the heading of the meeting's block", line);
        }
        match item(document, block, heading, title.as_deref(), block_key, url) {
            Some(item) => {
                document.trail.belongs_to(&item.key);
                reading.items.push(item);
            }
            None => reading.warnings.push(format!("the block of {} has no title, nor has the page", heading.day)),
        }
    }
    if title.is_none() && !headings.is_empty() {
        reading.warnings.push("the issue's own title was not found".to_owned());
    }
    reading
}

/// The headings that stand in ModernGov's own block, where any do: a template's side bar may announce meetings as well.
fn within_content(document: &Document, lines: &[Line<'_>], mut headings: Vec<Heading>) -> Vec<Heading> {
    let root = document.content();
    let within = |heading: &Heading| lines.get(heading.lines.start).is_some_and(|line| super::is_within(line.block, root));
    if headings.iter().any(within) || guard::says_empty(document).is_some() {
        headings.retain(within);
    }
    headings
}

fn item(
    document: &Document,
    block: &[Line<'_>],
    heading: &Heading,
    issue_title: Option<&str>,
    key: String,
    url: &Url,
) -> Option<Item> {
    let own = own_title(block, heading.item.as_deref(), issue_title);
    let (title, taken, papers) = if let Some(own) = own {
        document.trail.note_in(Fact::Title, "the first line of the meeting's block", block, &own.title);
        (own.title, own.lines, own.papers)
    } else {
        document.trail.note_words(Fact::Title, "the issue's title, as the block has none of its own", None, issue_title?);
        let number = block.first().is_some_and(|line| is_number(&line.text, heading.item.as_deref()));
        (issue_title?.to_owned(), usize::from(number), Vec::new())
    };
    let Parts { text, html, documents, decisions, reasons, options_rejected } =
        parts::read(document, block.get(taken..).unwrap_or_default(), heading.body.as_deref(), AfterDocuments::Body);
    Some(Item {
        meeting: Some(heading.meeting()),
        // A block without minutes has an empty text, not an unknown one: there is no other page to get it from.
        text: Some(text.unwrap_or_default()),
        html: Some(html.unwrap_or_default()),
        documents: without_repeats(papers.into_iter().chain(documents).collect()),
        decisions,
        reasons,
        options_rejected,
        ..Item::bare(key, Text::line(&title).or_absent()?, url.clone())
    })
}

/// The issue's title: ModernGov's own class, else what stands between the kind of page and the first meeting.
fn issue_title(document: &Document, before: &[Line<'_>]) -> Option<String> {
    let by_class = before.iter().find(|line| line.has_class("mgSubTitleTxt")).or_else(|| {
        let kind = before.iter().rposition(|line| line.folded().starts_with("issue - meetings"))?;
        before.get(kind + 1..)?.iter().find(|line| !super::names_the_kind(&line.text) && line.text.len() <= 300)
    });
    let by_heading = || before.iter().rfind(|line| line.is_heading() && !super::names_the_kind(&line.text));
    let by_head = || super::title_from_head(document);
    let by_place = || before.iter().rfind(|line| !super::names_the_kind(&line.text) && line.text.len() <= 300);
    let line = by_class.or_else(by_heading).map(|line| decoded(&line.text));
    line.or_else(by_head).or_else(|| by_place().map(|line| decoded(&line.text)))
}

/// A block's own title, and the papers that it links to.
pub(super) struct OwnTitle {
    pub(super) title: String,
    pub(super) lines: usize,
    pub(super) papers: Vec<Attached>,
}

/// Reads the title in the first lines of a block; `None` where they are none.
pub(super) fn own_title(block: &[Line<'_>], item: Option<&str>, issue_title: Option<&str>) -> Option<OwnTitle> {
    let first = block.first()?;
    let at = usize::from(is_number(&first.text, item));
    let line = block.get(at)?;
    let bare = without_number(&line.text, item);
    let numbered = at == 1 || bare.len() < line.text.len();
    // What stands in ModernGov's element for paragraphs is said of the item, and does not name it.
    if sections::heading(bare).is_some() || (issue_title.is_some() && line.has_class("mgWordPara") && bare.ends_with('.')) {
        return None;
    }
    let name = named(bare);
    let linked = line.links.iter().find(|link| link.url.as_ref().is_some_and(is_document));
    let marked = line.is_heading() || line.strong || line.has_class("mgAiTitleTxt");
    let known = issue_title.is_some_and(|title| folded(title) == folded(&decoded(name.title)));
    let shaped = bare.len() <= 150 && !bare.ends_with(['.', ':', ';', '?', ',']) && !line.is_item();
    let is_title = numbered || name.size.is_some() || marked || known || linked.is_some() || shaped;
    if !is_title || name.title.is_empty() || bare.len() > 400 {
        return None;
    }
    let mut papers: Vec<Attached> = Vec::new();
    if linked.is_some() || name.size.is_some() {
        let url = linked.or(line.links.first()).and_then(|link| link.url.as_ref());
        papers.extend(attached(&decoded(bare), url));
    }
    let mut lines = at + 1;
    // The file's kind and size may have a line or a cell of their own.
    while let Some(next) = block.get(lines).filter(|next| named(&next.text).title.is_empty() && named(&next.text).size.is_some())
    {
        let url = next.links.first().or(linked).and_then(|link| link.url.as_ref());
        papers.retain(|paper| paper.size.is_some());
        papers.extend(attached(&format!("{} {}", decoded(name.title), next.text), url));
        lines += 1;
    }
    Some(OwnTitle { title: decoded(name.title), lines, papers })
}

/// Whether a text is the item's number and no more.
fn is_number(text: &str, item: Option<&str>) -> bool {
    let bare = |text: &str| text.trim_end_matches(['.', ':', ')']).to_ascii_lowercase();
    item.is_some_and(|item| bare(text) == bare(item))
}

/// A title without the item's number before it.
fn without_number<'t>(text: &'t str, item: Option<&str>) -> &'t str {
    let Some(item) = item else { return text };
    let Some((number, after)) = text.split_at_checked(item.len()) else { return text };
    let rest = after.trim_start_matches(['.', ':', ')', ' ', '-', '–']);
    if number.eq_ignore_ascii_case(item) && rest.len() < after.len() && !rest.is_empty() { rest } else { text }
}
