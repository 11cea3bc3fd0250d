//! One meeting: the labelled facts of its summary, and its documents.

use super::super::document::{Document, classes};
use super::super::page::{content, headline, without_banners, without_furniture};
use super::super::related::{self, About};
use super::super::text::{Line, bare_name, collapsed, folded, paragraphs};
use super::super::volatile::is_volatile;
use super::super::{Reading, key, meeting_entry};
use crate::domain::evidence::Fact;
use crate::domain::item::{Document as Attached, Item, Meeting, Stage};
use crate::domain::text::Text;
use crate::rules::facts::documents::{about, document as attached, is_file};
use crate::rules::facts::{called_off, dates, decisions};
use scraper::ElementRef;
use url::Url;

/// Labels of the summary.
const LABELS: &[&str] = &[
    "committee",
    "date/time",
    "date",
    "date and time",
    "meeting",
    "meeting summary",
    "status",
    "venue",
    "location",
    "chairman",
    "chair",
    "contact",
    "time",
];
/// Headings that name the kind of page.
pub(super) const KINDS: &[&str] = &[
    "browse meetings",
    "calendar of meetings",
    "committee details",
    "committee meetings",
    "committees",
    "forthcoming meetings",
    "meeting details",
    "meeting",
    "meetings",
    "meetings calendar",
    "documents",
    "summary",
    "document list",
    "agenda",
    "council meetings",
];

/// A notice, and a summary without labels, stand within so many lines.
const NOTICE_LINES: usize = 6;
/// What only a meeting's page has.
const SIGNS: &str = ".DocumentListItem, .CmisDocumentList, .DNNLabel + .Value, .Value.Committee";

/// Whether a page of no telling address is one meeting's.
pub(super) fn is_one(document: &Document) -> bool {
    document.first(SIGNS).is_some()
}

/// Reads a meeting from its summary, its documents, or both. `own`: a list has named it, which a tab of papers need not.
pub(super) fn read(document: &Document, url: &Url, own: bool) -> Reading {
    let all = document.lines();
    let page_title = headline(document, &all);
    let module = document.nearest("[class*=ModCMIS], [class*=CMIS_Module], [class*=CmisDocumentList]");
    let menu = document.nearest("[class*=dnnMenu], [id*=dnn_nav], [id*=dnn_dnn]");
    // The one pane that every DotNetNuke skin has; what stands outside is the skin's.
    let pane = document.nearest("[id$=ContentPane]");
    let signs = document.all(SIGNS);
    let in_pane = !signs.is_empty() && signs.into_iter().all(|sign| pane(sign).is_some());
    let in_module = all.iter().any(|line| module(line.block).is_some());
    let mut lines = content(all);
    lines.retain(|line| if in_module { module(line.block).is_some() } else { menu(line.block).is_none() });
    lines.retain(|line| !is_control(line) && !is_volatile(line) && (!in_pane || pane(line.block).is_some()));
    let lines = related::without(&without_furniture(lines), About::OneOfItsKind);
    let lines = without_banners(lines, url, page_title.as_deref().unwrap_or_default());
    let (documents, rest) = papers(document, &lines);
    let mut facts = Facts::of(&rest);
    let kind = |title: &String| KINDS.contains(&folded(title).as_str());
    let (name, in_title) =
        page_title.as_deref().filter(|title| !kind(&(*title).to_owned())).map(meeting_entry::split).unwrap_or_default();
    let unnamed = facts.committee.is_none() && name.is_empty();
    let summary = if unnamed { Summary::of(document, &mut facts) } else { Summary::default() };
    let in_title = in_title.or(summary.date);
    let title = facts.committee.clone().or(summary.committee).unwrap_or_else(|| name.to_owned());
    let known = !documents.is_empty() || facts.committee.is_some() || (facts.date.or(in_title).is_some() && !title.is_empty());
    let page_title = page_title.and_then(|title| Text::line(&title).or_absent());
    if !known || (title.is_empty() && !own) {
        return Reading { page_title, ..Reading::default() };
    }
    let words = paragraphs(&facts.rest);
    let (_, html) = document.body(&facts.rest);
    let mut text = facts.said;
    text.extend(words.iter().cloned());
    if let Some(committee) = &facts.committee {
        document.trail.note_in(Fact::Title, "the meeting's summary: its committee", &lines, committee);
        document.trail.note_in(Fact::Meeting, "the meeting's summary: its committee and day", &lines, committee);
    }
    let mut item = Item {
        meeting: Some(Meeting {
            start: facts.start,
            end: facts.end,
            ..Meeting::on(Text::line(&title).or_absent(), facts.date.or(in_title))
        })
        .filter(|meeting| meeting.body.is_some() || meeting.date.is_some()),
        text: Some(Text::new(&text.join("\n"))),
        html: Some(html),
        documents,
        decisions: decisions::read(&words, Some(title.as_str())),
        ..Item::bare(key::canonical(url), Text::line(&title), url.clone())
    };
    let day = item.meeting.as_ref().and_then(|meeting| meeting.date);
    let is_off = facts.cancelled || words.iter().take(NOTICE_LINES).any(|line| called_off::says(line, &title, day));
    item.stage = if is_off { Some(Stage::Cancelled) } else { meeting_entry::stage(&item) };
    Reading { page_title, items: vec![item], ..Reading::default() }
}

/// The committee and the day of a summary without labels, in elements that are called so, or in its first lines.
#[derive(Default)]
struct Summary {
    committee: Option<String>,
    date: Option<chrono::NaiveDate>,
}

impl Summary {
    /// Takes them out of what `facts` has left.
    fn of(document: &Document, facts: &mut Facts<'_>) -> Self {
        let marked = |css| document.first(css).map(|e| collapsed(&e.text().collect::<String>())).filter(|text| !text.is_empty());
        let by_mark = marked(".Committee, [id*=lblCommittee], [id*=CommitteeName]");
        let marked_day = marked(".DateTime, [id*=lblDateTime], [id*=lblDate], [id*=lblMeetingDate]");
        let first = facts.rest.iter().take(NOTICE_LINES);
        let dated =
            first.enumerate().find_map(|(at, line)| Some((at, dates::find(&line.text).into_iter().next()?, line.text.clone())));
        let heading = facts.rest.iter().find(|line| line.is_heading() && !KINDS.contains(&line.folded()));
        let in_heading = heading.map(|line| without_opening(&line.text).to_owned());
        let mut summary = Self { committee: by_mark, date: None };
        if let Some(day) = marked_day.and_then(|day| dates::find(&day).into_iter().next()) {
            summary.date = day.single();
            (facts.start, facts.end) = (facts.start.or(day.start), facts.end.or(day.end));
        }
        if let Some((at, day, text)) = dated {
            let before = bare_name(text.get(..day.span.start).unwrap_or_default());
            summary.date = summary.date.or(day.single());
            (facts.start, facts.end) = (facts.start.or(day.start), facts.end.or(day.end));
            let short = before.len() <= 160 && !before.contains(". ");
            summary.committee =
                summary.committee.or_else(|| Some(without_opening(before).to_owned()).filter(|name| short && !name.is_empty()));
            // The line is the summary's own, and what follows the day is the meeting's status.
            if summary.committee.as_deref().is_some_and(|name| before.ends_with(name)) {
                facts.rest.remove(at);
                let status = bare_name(text.get(day.span.end..).unwrap_or_default());
                facts.cancelled |= is_off(status);
                facts.said.extend(Some(status.to_owned()).filter(|status| !status.is_empty()));
            }
        }
        summary.committee = summary.committee.or(in_heading);
        let named = summary.committee.as_deref().map(folded).unwrap_or_default();
        facts.rest.retain(|line| !(line.is_heading() && folded(without_opening(&line.text)) == named));
        summary
    }
}

/// Whether a status says that the meeting does not take place on its day.
fn is_off(status: &str) -> bool {
    const SAYS: &[&str] = &["abandon", "adjourn", "called off", "cancel", "postpone", "reschedule"];
    let status = folded(status);
    SAYS.iter().any(|says| status.contains(says))
}

/// "Meeting of the Panel" → "Panel"
fn without_opening(words: &str) -> &str {
    ["Meeting of the ", "Meeting of ", "Meeting: "].iter().find_map(|opening| words.strip_prefix(opening)).unwrap_or(words)
}

/// Tabs and buttons: links that only send the page's form.
fn is_control(line: &Line<'_>) -> bool {
    let leads_nowhere = |leaf: &super::super::text::NodeRef<'_>| {
        let around = leaf.ancestors().filter_map(ElementRef::wrap).find(|e| e.value().name() == "a");
        around.and_then(|a| a.attr("href")).is_some_and(|href| href.starts_with("javascript:") || href.starts_with('#'))
    };
    line.outside().is_empty() && !line.links.is_empty() && line.leaves.iter().all(leads_nowhere)
}

/// What the summary says under its labels.
struct Facts<'a> {
    committee: Option<String>,
    date: Option<chrono::NaiveDate>,
    start: Option<chrono::NaiveTime>,
    end: Option<chrono::NaiveTime>,
    cancelled: bool,
    /// "Venue: Committee Room 2".
    said: Vec<String>,
    rest: Vec<Line<'a>>,
}

impl<'a> Facts<'a> {
    fn of(lines: &[Line<'a>]) -> Self {
        let mut facts =
            Self { committee: None, date: None, start: None, end: None, cancelled: false, said: Vec::new(), rest: Vec::new() };
        let mut label: Option<&str> = None;
        for line in lines {
            let own = labelled(line);
            let (name, value) = match (label.take(), own) {
                (_, Some((name, ""))) => {
                    label = Some(name);
                    continue;
                }
                (_, Some((name, value))) => (name, value),
                (Some(name), None) => (name, line.text.as_str()),
                (None, None) => {
                    // A table's head, and a heading that only says where things stand.
                    let is_place = line.is_heading() && KINDS.contains(&line.folded());
                    if !is_place && line.block.value().name() != "th" {
                        facts.rest.push(line.clone());
                    }
                    continue;
                }
            };
            facts.take(name, value);
        }
        let title = facts.committee.as_deref().map(folded);
        facts.rest.retain(|line| line.kind != super::super::text::Kind::Heading(1) && Some(line.folded()) != title.as_deref());
        facts
    }

    fn take(&mut self, name: &str, value: &str) {
        match name {
            "committee" => self.committee = Some(value.to_owned()),
            "meeting" | "meeting summary" => {
                let (body, date) = meeting_entry::split(value);
                self.committee.get_or_insert_with(|| body.to_owned());
                self.date = self.date.or(date);
            }
            "date/time" | "date" | "date and time" => {
                let found = dates::find(value).into_iter().next();
                self.date = found.as_ref().and_then(dates::Date::single);
                (self.start, self.end) = found.map(|date| (date.start, date.end)).unwrap_or_default();
            }
            _ => {
                self.cancelled |= name == "status" && is_off(value);
                let mut label = name.to_owned();
                if let Some(first) = label.get_mut(..1) {
                    first.make_ascii_uppercase();
                }
                self.said.push(format!("{label}: {value}"));
            }
        }
    }
}

/// "Committee:" or "Committee: Cabinet", or "Committee" in an element that the system calls a label.
fn labelled<'l>(line: &'l Line<'_>) -> Option<(&'static str, &'l str)> {
    let is_label = |element: ElementRef<'_>| classes(element).any(|class| class == "DNNLabel");
    let mut around = line.leaves.iter().take(1).flat_map(|leaf| leaf.ancestors().take(3)).filter_map(ElementRef::wrap);
    let bare = || around.any(is_label).then_some((line.text.as_str(), ""));
    let (name, value) = line.text.split_once(':').or_else(bare)?;
    let name = folded(name);
    LABELS.iter().find(|label| **label == name).map(|label| (*label, value.trim()))
}

/// The documents, and the lines that are about none.
fn papers<'a>(document: &Document<'a>, lines: &[Line<'a>]) -> (Vec<Attached>, Vec<Line<'a>>) {
    let listed = document.nearest(".DocumentListItem, .DocumentList li, .CmisDocumentList li");
    let closed = document.nearest("a.aspNetDisabled, a.TitleLink:not([href])");
    let mut found: Vec<Attached> = Vec::new();
    let mut rest = Vec::new();
    for line in lines {
        // A heading over documents alone, "Minutes", says nothing that they do not say.
        let heads_papers = rest.last().is_some_and(|last: &Line<'_>| last.is_heading());
        let link = line
            .links
            .iter()
            .find(|link| link.url.as_ref().is_some_and(|url| is_file(&link.text, url) || listed(line.block).is_some()));
        let without_address = line.leaves.iter().filter_map(|leaf| leaf.parent().and_then(ElementRef::wrap)).find_map(&closed);
        let paper = if let Some(shut) = without_address {
            let name = collapsed(&shut.text().collect::<String>());
            attached(&name, None).map(|paper| Attached { restricted: true, ..paper })
        } else {
            link.and_then(|link| attached(&link.text, link.url.as_ref()))
        };
        let said = about(line.outside());
        match (paper, found.last_mut()) {
            (Some(mut paper), _) => {
                paper.size = paper.size.or_else(|| said.and_then(|said| said.size).map(str::to_owned));
                paper.kind = paper
                    .kind
                    .or_else(|| said.and_then(|said| said.kind).map(str::to_owned))
                    .or_else(|| icon(listed(line.block)?));
                if heads_papers {
                    rest.pop();
                }
                found.push(paper);
            }
            (None, Some(last)) if said.is_some() => {
                last.size = last.size.take().or_else(|| said.and_then(|said| said.size).map(str::to_owned));
            }
            (None, _) => rest.push(line.clone()),
        }
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|paper| paper.url.as_ref().is_none_or(|url| seen.insert(url.clone())));
    (found, rest)
}

/// The kind of file by the picture beside its name.
fn icon(holder: ElementRef<'_>) -> Option<String> {
    let image = holder.descendent_elements().find(|e| e.value().name() == "img")?;
    about(image.attr("alt")?)?.kind.map(str::to_owned)
}
