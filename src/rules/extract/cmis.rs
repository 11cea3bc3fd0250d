//! CMIS on `DotNetNuke`: lists of meetings, a meeting's summary, and its documents.
//!
//! The site is one form that posts itself back, with ids that differ from council to council; rows alternate their class.
//! A meeting's number in the address is its identity, whichever tab shows it. A document's address is an encrypted query
//! that must be kept byte for byte, and a restricted one is a link without an address.

mod calendar;
mod meeting;
mod naming;

use super::document::Document;
use super::page::habits::{self, Habits};
use super::text::Line;
use super::{Reading, key, meeting_entry};
use crate::domain::item::{Item, Meeting};
use crate::domain::text::Text;
use crate::rules::facts::documents;
use url::Url;

const HABITS: Habits = Habits {
    entries: &[
        "table[id*=grdRadMeeting] tr.rgRow, table[id*=grdRadMeeting] tr.rgAltRow",
        "tr.rgRow, tr.rgAltRow",
        "tr.CMIS_Grid_RowStyle, tr.CMIS_Grid_AlternatingRowStyle",
        "p.Meeting",
    ],
    links: "a[href*='/Meeting/'], a[href*='/meeting/']",
    article: "",
    body: &[],
    refine,
};

/// Reads a list of meetings or documents, or one meeting. `own`: it is one meeting's page.
pub(super) fn read(document: &Document, url: &Url, own: bool) -> Reading {
    let is_list = HABITS.entries.iter().any(|css| document.first(css).is_some());
    if own || key::cmis_meeting(url.path()).is_some() || (!is_list && meeting::is_one(document)) {
        return meeting::read(document, url, own);
    }
    // An empty list stands among menus, which are lists too.
    if !is_list && document.first(".NoData").is_some() {
        return Reading::default();
    }
    let mut reading = habits::read(document, url, &HABITS, false);
    only_meetings(&mut reading);
    naming::name(document, &mut reading.items);
    calendar::date(document, &mut reading.items);
    reading.warnings.extend(goes_on_by_form(document, &reading));
    reading
}

/// A committee's page lists its members as it does its meetings.
fn only_meetings(reading: &mut Reading) {
    let is_one = |item: &Item| {
        key::cmis_meeting(item.url.path()).is_some() || item.url.path().to_ascii_lowercase().ends_with("/document.ashx")
    };
    if reading.items.iter().any(is_one) {
        reading.items.retain(is_one);
        reading.listing.shown = reading.listing.shown.map(|_| reading.items.len());
    }
}

/// The grid's further pages, and the calendar's other months, come only to those who send the page's form back.
fn goes_on_by_form(document: &Document, reading: &Reading) -> Option<String> {
    let shown = reading.items.len();
    let total = reading.listing.total.filter(|total| *total > shown);
    let by_form = document.first("[href*='__doPostBack'], [onclick*='__doPostBack']").is_some();
    (by_form && reading.listing.next_url.is_none()).then_some(())?;
    let of = total?;
    Some(format!("the list shows {shown} of {of}: its other pages come only by sending its form, so only the first is read"))
}

/// So many links to meetings are a list of them, whatever the site is made with.
const LINKS_MIN: usize = 3;

/// What speaks for a page of unknown platform being one of these.
pub(super) fn recognises(document: &Document, url: &Url) -> Option<&'static str> {
    let host = url.host_str().unwrap_or_default();
    if host.starts_with("cmis.") || host.contains(".cmis.") || key::cmis_meeting(url.path()).is_some() {
        Some("its address is CMIS's")
    } else if document
        .first("[class*=CMIS], [class*=Cmis], [id*=grdRadMeeting], [id*=ViewMeetingPublic], [id*=cmisPdf], [id*=MeetingCalendarPublic]")
        .is_some()
    {
        Some("it has CMIS's classes and ids")
    } else {
        // One link, or two, may stand in anybody's news; but only DotNetNuke, on which CMIS runs, has tabs in addresses.
        let links = document.all("a[href*='/ctl/ViewMeetingPublic/'], a[href*='/Committee/'][href*='/Meeting/']");
        let on_its_tab = url.path().to_ascii_lowercase().contains("/tabid/");
        let enough = if on_its_tab { 1 } else { LINKS_MIN };
        (links.len() >= enough).then_some("it links to CMIS's meetings")
    }
}

fn refine(item: &mut Item, lines: &[Line<'_>]) {
    let parent = lines.iter().find_map(|line| line.text.strip_prefix("Meeting:"));
    if item.url.path().to_ascii_lowercase().ends_with("/document.ashx") {
        let (body, date) = parent.map(meeting_entry::split).unwrap_or_default();
        item.published = None;
        item.published_at = None;
        item.meeting = parent.map(|_| Meeting::on(Text::line(body).or_absent(), date));
        item.documents = super::page::attached(lines);
        let size = lines.iter().find_map(|line| documents::about(&line.text)?.size);
        for document in &mut item.documents {
            document.size = document.size.take().or_else(|| size.map(str::to_owned));
        }
        return;
    }
    meeting_entry::refine(item, lines);
}
