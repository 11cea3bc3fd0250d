//! The `page` platform: any listing or article, read with the selectors of the source file, and found out where they are
//! empty.
//!
//! A listing is a run of links that stand in the same place of the same structure, each with a date or a heading; an
//! article is what remains of a page without its frame. Invariant: a page whose `item` selector matches nothing is never
//! read as an article, since that would turn a rebuilt listing into one new item.

mod article;
mod byline;
mod card;
mod context;
mod covers;
mod dated;
mod entries;
mod events;
mod frame;
mod grid;
mod groups;
pub(super) mod habits;
mod itself;
mod kin;
mod lead;
mod list_name;
mod naming;
mod nothing;
mod occasion;
mod offered;
pub(super) mod pager;
mod place;
mod rows;
mod sections;
mod selectors;
mod sign_up;
mod standing;
mod story;
mod takes_place;
mod timeline;
mod titled;
mod told;
mod until;
mod venue;
mod whole;
#[cfg(test)]
mod tests;

pub(super) use article::{
    attached, files_beside, headline, is_in_banner, is_of_notice_above, is_of_own_notice, is_tools, without_banners,
    without_furniture,
};
pub(super) use dated::{When, says_when, updated};
pub(super) use frame::{content, opens_ending};
pub(super) use nothing::without_parts_beside;
pub(super) use rows::heads_column;

use super::document::Document;
use super::text::Line;
use super::{Reading, meeting_entry};
use crate::domain::item::{Item, Listing, Meeting, Outcome, Stage};
use crate::domain::source::Select;
use crate::domain::text::Text;
use crate::rules::facts::meeting;
use entries::Entry;
use groups::Listed;
use selectors::Chosen;
use std::collections::HashMap;
use takes_place::Hours;
use url::Url;

/// More entries than this are not read from one page.
const ENTRIES_MAX: usize = 100_000;

/// Reads a listing; or an article, where the page is none and no `item` selector says that it should be.
pub(crate) fn read(document: &Document, url: &Url, select: &Select) -> Reading {
    let (chosen, mut warnings) = Chosen::of(select);
    match selectors::without(document, &chosen.remove, &mut warnings) {
        Some(cleaned) => read_all(&document.with_tree(&cleaned), url, select, &chosen, warnings),
        None => read_all(document, url, select, &chosen, warnings),
    }
}

fn read_all(document: &Document, url: &Url, select: &Select, chosen: &Chosen, mut warnings: Vec<String>) -> Reading {
    let given = !select.item.trim().is_empty();
    let page = Whole::of(document);
    let page = if given { page } else { nothing::without_others(page, url) };
    if !given && article::is_one_meeting(document, &page) {
        return article::reading(document, url, &page, chosen, warnings);
    }
    if !given && let Some(reading) = sections::reading(document, url, &page) {
        return Reading { warnings, ..reading };
    }
    if !given && let Some(reading) = rows::reading(document, url, &page) {
        return Reading { warnings, ..reading };
    }
    let Listed { entries, is_headed } = match &chosen.item {
        Some(item) => Listed { entries: selectors::entries(document, item, chosen, &mut warnings), is_headed: false },
        None => groups::listing(document, &page.content, url, true),
    };
    // Links that a page without items has left: its words count for more.
    if !given
        && entries.iter().all(|entry| entry.is_bare(document))
        && let Some(words) = nothing::said(document, &page)
    {
        let refusal = Some((Outcome::Empty, format!("the page says \"{words}\"")));
        return Reading { page_title: page.title(), warnings, refusal, ..Reading::default() };
    }
    if entries.is_empty() && !given {
        return article::reading(document, url, &page, chosen, warnings);
    }
    let mut reading = listing(document, url, &entries, &page, chosen, |_, _| (), warnings);
    if is_headed {
        reading.page = itself::beside_links(document, url, &page, &entries, &reading.items, is_headed);
    }
    reading
}

/// The entries as items. `refine` sees each with its lines.
fn listing<'a>(
    document: &Document<'a>,
    url: &Url,
    entries: &[Entry<'a>],
    page: &Whole<'a>,
    chosen: &Chosen,
    refine: fn(&mut Item, &[Line<'_>]),
    mut warnings: Vec<String>,
) -> Reading {
    let read = entries.len().min(ENTRIES_MAX);
    if read < entries.len() {
        warnings.push(format!("only the first {read} of {} entries are read", entries.len()));
    }
    // The headline is the listing's, and no entry's.
    document.trail.is_of_none();
    let own = super::key::canonical(url);
    let mut keys: HashMap<String, usize> = HashMap::new();
    let is_of_meetings = page.headline.as_deref().is_some_and(meeting::is_of_meetings);
    let is_of_events = events::is_of_events(page.headline.as_deref(), url);
    let is_day_of_meeting = |line: &Line<'_>| dated::is_date(&line.text) && rows::is_day_of_meeting(line);
    let announces = takes_place::announces(page.headline.as_deref(), url);
    let (mut places, mut months) = (Vec::new(), Vec::new());
    let refined = |entry: &Entry<'a>| {
        let lines = entry.lines(document);
        let mut item = entry.item(document, chosen, &lines)?;
        // "Date:" beside "Time:" and "Venue:" is no day of publication.
        let is_particular = |line: &Line<'_>| occasion::is_day(line) && lines.iter().any(occasion::says_circumstance);
        let says_published = |line: &Line<'_>| {
            dated::says_published(&line.text) || rows::is_day_of_publication(line) || takes_place::is_marked_as_posted(line)
        };
        if !lines.iter().any(|line| says_published(line) && !is_particular(line)) {
            let in_year = || meeting::of_title(&entry.above.in_year(item.title.as_str())?);
            let in_title = meeting::of_title(item.title.as_str()).or_else(in_year);
            let day = |meeting: Option<&Meeting>| meeting.and_then(|meeting| meeting.date);
            let hours = Hours::of(day(item.meeting.as_ref()).or(item.published).or(day(in_title.as_ref())), &lines);
            if is_of_meetings {
                meeting::place(&mut item, page.headline.as_deref().unwrap_or_default());
            }
            let is_of_event = || is_of_events && events::is_one(&item.url);
            let takes_place = || {
                occasion::is_of(&item, &lines)
                    || takes_place::is_of(&item, &lines, hours, announces)
                    || lines.iter().any(is_day_of_meeting)
            };
            if item.meeting.is_none() && (is_of_event() || takes_place()) {
                meeting::take_day(&mut item);
            }
            item.meeting = item.meeting.or(in_title);
            if item.meeting.is_none()
                && item.published.is_none()
                && (is_of_meetings || announces || meeting::is_body(item.title.as_str()))
            {
                item.meeting = told::of(&lines);
            }
            if let Some((meeting, hours)) = item.meeting.as_mut().filter(|meeting| meeting.date.is_some()).zip(hours) {
                hours.give(meeting);
            }
            if let Some(meeting) = item.meeting.as_mut().filter(|meeting| meeting.date.is_some() && meeting.body.is_none()) {
                let title = meeting_entry::without_cancelled(item.title.as_str()).0;
                let name = standing::name(entry.standing().map_or(title, |said| said.apart_from(title)));
                meeting.body = meeting::body_over(&name).or_else(|| rows::body_beside(entry.link)).or_else(|| entry.above.body());
            }
        }
        refine(&mut item, &lines);
        if is_of_events {
            meeting_entry::take_label(&mut item);
        }
        item.closes = until::of(&lines);
        if standing::is_called_off(item.title.as_str(), item.meeting.as_ref(), &lines) {
            item.stage = Some(Stage::Cancelled);
        }
        if let Some(said) = entry.standing() {
            said.give(&mut item);
        }
        let place = venue::Said::of(item.meeting.as_ref(), &lines);
        Some((item, place))
    };
    let mut items: Vec<Item> = Vec::new();
    for entry in entries.iter().take(read) {
        let Some(key) = entry.key(document).filter(|key| *key != own) else { continue };
        // What is listed twice is read once, where it says more: a story that is shown above the others may have no day there.
        let known = keys.get(key).copied();
        if known.and_then(|at| items.get(at)).is_some_and(|item| is_dated(item) || !entry.is_dated(document)) {
            continue;
        }
        let Some((item, place)) = refined(entry).filter(|(item, _)| item.key == key) else { continue };
        if let Some((item_before, place_before)) = known.and_then(|at| items.get_mut(at).zip(places.get_mut(at))) {
            (*item_before, *place_before) = (item, place);
        } else {
            keys.insert(item.key.clone(), items.len());
            items.push(item);
            places.push(place);
            months.push(entry.above.month_said());
        }
    }
    venue::give(&mut items, &places);
    naming::tell_apart(&mut items, &months);
    if items.len() < read {
        warnings.push(format!("{} of {read} entries have no link of their own", read - items.len()));
    }
    let next_url = pager::next(document, url, chosen, &mut warnings);
    let feed_url = offered::feed(document, url, page.headline.as_deref());
    // A counter of something else would say that there is less than stands here.
    let total = page.total.filter(|total| *total >= items.len());
    // What stands beside one of many pages of a list is the list's: counts, years, ways on.
    let is_all = chosen.item.is_none() && next_url.is_none() && total.is_none();
    let itself = if is_all { itself::beside_links(document, url, page, entries, &items, false) } else { None };
    let listing = Listing { shown: Some(items.len()), total, next_url, feed_url, ..Listing::default() };
    Reading { page_title: page.title(), items, page: itself, listing, warnings, ..Reading::default() }
}

/// Whether an item says its day, or that of its meeting.
fn is_dated(item: &Item) -> bool {
    item.published.is_some() || item.meeting.as_ref().is_some_and(|meeting| meeting.date.is_some())
}

/// Reads an item's own page, whatever else is on it.
pub(crate) fn read_item(document: &Document, url: &Url, select: &Select) -> Reading {
    let (chosen, mut warnings) = Chosen::of(select);
    let read = |document: &Document, warnings| article::reading(document, url, &Whole::of(document), &chosen, warnings);
    match selectors::without(document, &chosen.remove, &mut warnings) {
        Some(cleaned) => read(&document.with_tree(&cleaned), warnings),
        None => read(document, warnings),
    }
}

/// What is asked of the page as a whole, found out in one pass over its lines.
struct Whole<'a> {
    /// Its headline, where it has one.
    headline: Option<String>,
    /// `<title>`.
    head_title: Option<String>,
    /// How many items it says there are.
    total: Option<usize>,
    /// The lines that are not in its frame.
    content: Vec<Line<'a>>,
    /// Whether these are only what is left beside entries, and all of it.
    is_rest: bool,
}

impl<'a> Whole<'a> {
    fn of(document: &Document<'a>) -> Self {
        let mut lines = document.lines();
        let (headline, total) = (article::headline(document, &lines), pager::total(&lines));
        let head_title = document.head_title();
        frame::admit_header(&mut lines, head_title.as_deref());
        Self { headline, head_title, total, content: sign_up::without(frame::content(lines)), is_rest: false }
    }

    fn title(&self) -> Option<Text> {
        Text::line(self.headline.as_ref().or(self.head_title.as_ref())?).or_absent()
    }
}
