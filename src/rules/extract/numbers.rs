//! Which records a page of ModernGov's or CMIS's links to: its own number stands in its tabs, its register of attendance and its
//! printed papers, and another record's page names that one's.

use super::Page;
use super::document::{Document, Parsed};
use super::key;
use super::trail::Trail;
use crate::rules::decode::decode;
use url::Url;

/// Whether a page links to the record that its address names, and to others of its kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Numbers {
    /// To that one.
    pub asked: bool,
    /// To others.
    pub others: bool,
}

/// What an address names by a number: its kind, and the number.
fn named(url: &Url) -> Option<(Kind, String)> {
    if let Some(number) = key::cmis_meeting(url.path()) {
        return Some((Kind::Meeting, number.to_owned()));
    }
    let path = url.path().to_ascii_lowercase();
    // "/documents/g4832/Printed minutes.pdf": all papers of one meeting.
    if let Some((_, printed)) = path.split_once("/documents/g") {
        let number = printed.split('/').next().unwrap_or_default();
        let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        return is_number.then(|| (Kind::Meeting, number.to_owned()));
    }
    let page = path.rsplit('/').next().unwrap_or_default();
    if !(page.starts_with("mg") || page.starts_with("ie")) {
        return None;
    }
    let number = |names: &[&str]| {
        let of_name = |(name, _): &(_, _)| names.iter().any(|known| known.eq_ignore_ascii_case(name as &str));
        url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).find(of_name).map(|(_, value)| value)
    };
    let (kind, number) = match page {
        "mgai.aspx" => (Kind::Item, number(&["id"])),
        "iedecisiondetails.aspx" => (Kind::Decision, number(&["id"])),
        "mgmeetingattendance.aspx" => (Kind::Meeting, number(&["id"])),
        _ if number(&["mid", "meetingid"]).is_some() => (Kind::Meeting, number(&["mid", "meetingid"])),
        _ => (Kind::Issue, number(&["iid"])),
    };
    Some((kind, number.filter(|number| !number.is_empty())?))
}

/// Kinds of records.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Issue,
    Item,
    Meeting,
    Decision,
}

/// Reads them off a page; none where its address names no record.
#[must_use]
pub fn numbers(page: &Page<'_>) -> Numbers {
    let mut found = Numbers::default();
    let Some((kind, asked)) = named(page.url) else { return found };
    let decoded = decode(page.body, page.content_type);
    let Ok(parsed) = Parsed::of(&decoded.text, page.url) else { return found };
    let trail = Trail::default();
    let document = Document::of(&parsed, &trail);
    let addresses = document.all("a[href], form[action], link[rel='canonical'][href]").into_iter();
    let raw = addresses.filter_map(|element| element.attr("href").or_else(|| element.attr("action")));
    for (_, number) in raw.filter_map(|raw| named(&document.base.join(raw).ok()?)).filter(|(of, _)| *of == kind) {
        if number == asked {
            found.asked = true;
        } else {
            found.others = true;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_its_own_record_by_its_number() {
        let check = |at: &str, link: &str, asked: bool, others: bool| {
            let url = Url::parse(&format!("https://democracy.council.example.org/{at}")).unwrap();
            let body = format!("<body><h1>Cabinet</h1><p><a href=\"{link}\">More</a></p>");
            let page = Page { url: &url, status: 200, content_type: None, body: body.as_bytes() };
            assert_eq!(numbers(&page), Numbers { asked, others }, "{at} {link}");
        };
        let meeting = "ieListDocuments.aspx?CId=1&MId=4711&Ver=4";
        check(meeting, "mgMeetingAttendance.aspx?ID=4711", true, false);
        check(meeting, "/documents/g4711/Public%20reports.pdf?T=10", true, false);
        check(meeting, "ieListDocuments.aspx?MeetingId=4712", false, true);
        check(meeting, "mgCommitteeDetails.aspx?ID=4711", false, false);
        check("ieIssueDetails.aspx?IId=5", "mgIssueHistoryHome.aspx?IId=5&Opt=0", true, false);
        check("ieIssueDetails.aspx?IId=5", "ieListDocuments.aspx?CId=1&MId=5", false, false);
        check("mgAi.aspx?ID=9", "mgai.aspx?id=8", false, true);
        check("ieDecisionDetails.aspx?ID=9", "ieDecisionDetails.aspx?ID=9&LLL=1", true, false);
        check(
            "Meetings/tabid/70/ctl/ViewMeetingPublic/mid/397/Meeting/15042/Default.aspx",
            "/tabid/70/Meeting/15043",
            false,
            true,
        );
        check("news/4711", "ieListDocuments.aspx?MId=4711", false, false);
    }
}
