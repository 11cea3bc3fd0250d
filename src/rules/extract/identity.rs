//! What a page says that it is: the address that it gives itself (its canonical link, the form that it sends to itself, the last
//! step of its breadcrumb), the numbers of ModernGov's and CMIS's records that it links to, since a record's own number stands in
//! its tabs, its register of attendance and its printed papers; and the name of its kind above its title.

use super::Page;
use super::document::{Document, Parsed};
use super::key;
use super::moderngov;
use super::text::{collapsed, folded};
use super::trail::Trail;
use crate::rules::decode::decode;
use scraper::ElementRef;
use std::collections::BTreeSet;
use url::Url;

/// Shorter words stand in every title.
const TITLE_LETTERS_MIN: usize = 4;

/// What a page says that it is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Identity {
    /// Its `<title>`.
    title: Option<String>,
    /// The kind of record that it is headed as.
    kind: Option<Kind>,
    /// Whether it links to the record that its address names.
    links_to_asked: bool,
    /// Whether it links to others of that kind.
    links_to_others: bool,
    /// The committees to which it leads, where its address names a meeting, and the issues, where it names a decision.
    belongs_to: BTreeSet<String>,
    /// What stands behind the host in the address that it gives itself, as in keys; and in the one that was asked for.
    address: Option<String>,
    asked: String,
    /// The number in the asked address, where that names a record.
    number: Option<String>,
    /// Whether it gives itself that address by a link: a form is sent to the page that it is on, whatever that shows.
    is_linked: bool,
}

impl Identity {
    /// What was asked for: what stands behind the host in its address, as in keys.
    #[must_use]
    pub fn asked(&self) -> &str {
        &self.asked
    }

    /// What machines are told it is called.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// Whether it says that it is what was asked for: by its address, whatever words stand in that beside the thing's number.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.is_at_asked() || self.links_to_asked && !self.links_to_others
    }

    /// The same of a page to which the address of `before` leads: what was asked for is what stood there.
    #[must_use]
    pub fn led_from(self, before: &Self) -> Self {
        let is_numbered_otherwise = before.number.is_some() && self.number.is_some() && before.number != self.number;
        Self {
            asked: before.asked.clone(),
            links_to_asked: self.links_to_asked && !is_numbered_otherwise,
            links_to_others: self.links_to_others || self.links_to_asked && is_numbered_otherwise,
            ..self
        }
    }

    fn is_at_asked(&self) -> bool {
        self.address.as_ref().is_some_and(|own| *own == self.asked || differs_in_words(&self.asked, own))
    }

    /// Whether it says so in a way in which no error does that stands under the address: by its canonical link, or by its kind and
    /// its number.
    #[must_use]
    pub fn declares_asked(&self) -> bool {
        let is_linked = self.is_linked && self.is_at_asked();
        is_linked || self.kind.is_some() && self.address.is_none() && self.is_asked()
    }

    /// Whether it gives itself the asked address but for the number that is a thing's identity, and the page `before` did not.
    #[must_use]
    pub fn has_other_number(&self, before: &Self) -> bool {
        let is_other = |address: &String| self.is_linked && differs_in_number(&self.asked, address);
        self.address.as_ref().is_some_and(is_other) && before.address.as_ref() == Some(&self.asked)
    }

    /// Whether it gives itself another address than the page did that stood there `before`.
    #[must_use]
    pub fn is_elsewhere(&self, before: &Self) -> bool {
        let is_other = |(was, is): (&String, &String)| was != is && *is != self.asked && !differs_in_words(&self.asked, is);
        before.address.as_ref().zip(self.address.as_ref()).is_some_and(is_other)
    }

    /// Whether it gives itself the address of the thing with this key, and not the one that was asked for.
    #[must_use]
    pub fn gives_address_of(&self, key: &str) -> bool {
        let place = key.split_once('/').map(|(_, place)| place).filter(|place| !place.is_empty());
        place.is_some_and(|place| self.address.as_deref() == Some(place)) && self.address.as_ref() != Some(&self.asked)
    }

    /// Whether it links as another record does than the one that stood there `before`.
    #[must_use]
    pub fn is_numbered_otherwise(&self, before: &Self) -> bool {
        let both_belong = !before.belongs_to.is_empty() && !self.belongs_to.is_empty();
        before.links_to_asked && !self.links_to_asked && self.links_to_others
            || both_belong && before.belongs_to.is_disjoint(&self.belongs_to)
    }

    /// Whether what machines are told it is called has no more than chance in common with what the page `before` was.
    #[must_use]
    pub fn is_titled_otherwise(&self, before: &Self) -> bool {
        let words = |title: &Option<String>| -> BTreeSet<String> {
            let folded = folded(title.as_deref().unwrap_or_default());
            let name = [" | ", " - ", " :: "].iter().filter_map(|by| folded.split(by).next()).min_by_key(|part| part.len());
            let words = name.unwrap_or_default().split(|c: char| !c.is_alphanumeric());
            words.filter(|word| word.len() >= TITLE_LETTERS_MIN).map(str::to_owned).collect()
        };
        let (was, is) = (words(&before.title), words(&self.title));
        was.intersection(&is).count() * 2 < was.len().min(is.len())
    }

    /// Whether it is headed as another kind of record than `before`.
    #[must_use]
    pub fn is_of_other_kind(&self, before: &Self) -> bool {
        before.kind.zip(self.kind).is_some_and(|(was, is)| was != is)
    }
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

/// The number of a committee, in an address that leads to it or to its meetings.
fn committee(url: &Url) -> Option<String> {
    let page = url.path().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let is_its_own = page == "mgcommitteedetails.aspx";
    let names: &[&str] = if is_its_own { &["id"] } else { &["cid", "committeeid"] };
    let may_name = is_its_own || page.starts_with("ie") || page.starts_with("mg");
    let of_name = |(name, _): &(_, _)| names.iter().any(|known| known.eq_ignore_ascii_case(name as &str));
    let mut pairs = url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned()));
    pairs.find(of_name).map(|(_, value)| value).filter(|value| may_name && !value.is_empty() && value != "0")
}

/// Reads it off a page.
#[must_use]
pub fn identity(page: &Page<'_>) -> Identity {
    let mut found = Identity { asked: place(page.url), ..Identity::default() };
    let decoded = decode(page.body, page.content_type);
    let Ok(parsed) = Parsed::of(&decoded.text, page.url) else { return found };
    let trail = Trail::default();
    let document = Document::of(&parsed, &trail);
    let linked = linked_address(&document);
    found.title = document.head_title();
    found.is_linked = linked.is_some();
    found.address = linked.or_else(|| posted_address(&document)).as_ref().map(place);
    let Some((kind, asked)) = named(page.url) else { return found };
    found.kind = headed_as(&document);
    found.number = Some(asked.clone());
    let addresses = document.all("a[href], form[action], link[rel='canonical'][href]").into_iter();
    let raw = addresses.filter_map(|element| element.attr("href").or_else(|| element.attr("action")));
    // A link to a place on the page leads to that page, whichever it is.
    let elsewhere = raw.map(str::trim).filter(|raw| !raw.is_empty() && !raw.starts_with('#'));
    for url in elsewhere.filter_map(|raw| document.base.join(raw).ok()) {
        if kind == Kind::Meeting {
            found.belongs_to.extend(committee(&url));
        }
        match named(&url) {
            Some((of, number)) if of == kind && number == asked => found.links_to_asked = true,
            Some((of, _)) if of == kind => found.links_to_others = true,
            Some((Kind::Issue, number)) if kind == Kind::Decision => _ = found.belongs_to.insert(number),
            _ => {}
        }
    }
    found
}

/// An address without its host: a site behind a front has another one there.
fn place(url: &Url) -> String {
    let key = key::of_page(url);
    key.split_once('/').map_or_else(String::new, |(_, place)| place.to_owned())
}

/// Whether two places are one but for a number that ends their path, or is given in their query.
fn differs_in_number(one: &str, other: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let parts = |place: &str| {
        let (path, query) = place.split_once('?').unwrap_or((place, ""));
        let (folder, page) = path.rsplit_once('/').unwrap_or(("", path));
        let given = query.split('&').flat_map(|pair| pair.split('=').map(str::to_owned));
        [folder.to_owned(), page.to_owned()].into_iter().chain(given).collect::<Vec<_>>()
    };
    let (one, other) = (parts(one), parts(other));
    let is_same_but =
        |(at, (one, other)): (usize, (&String, &String))| one == other || at > 0 && is_number(one) && is_number(other);
    one != other && one.len() == other.len() && one.iter().zip(&other).enumerate().all(is_same_but)
}

/// Whether two places are one but for words, and have a thing's number in common at the same step: "article/812/spring" and
/// "article/812/board-in-spring". Years, months and days are none.
fn differs_in_words(one: &str, other: &str) -> bool {
    const DIGITS_MIN: usize = 3;
    let steps = |place: &str| place.split(['/', '?', '&']).map(str::to_owned).collect::<Vec<_>>();
    let number = |step: &str| {
        let digits: String = step.chars().take_while(char::is_ascii_digit).collect();
        let ends = step.get(digits.len()..).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
        let is_year = digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"));
        (ends && digits.len() >= DIGITS_MIN && !is_year).then_some(digits)
    };
    let (one, other) = (steps(one), steps(other));
    let has_other_number = |(one, other): (&String, &String)| one != other && number(one) != number(other);
    one.len() == other.len()
        && one.iter().zip(&other).any(|(one, other)| number(one).is_some() && number(one) == number(other))
        && !one.iter().zip(&other).any(has_other_number)
}

/// The address that a page gives itself, by the surest of the ways in which pages do.
fn linked_address(document: &Document) -> Option<Url> {
    const WAYS: &[(&str, &str)] = &[
        ("link[rel='canonical'][href]", "href"),
        ("meta[property='og:url'][content]", "content"),
        ("[class*='breadcrumb'] a[aria-current][href]", "href"),
    ];
    WAYS.iter().find_map(|(css, name)| joined(document, document.first(css)?.attr(name)?))
}

/// The address to which a page's form is sent: what a form of ASP.NET sends, it sends to its own page.
fn posted_address(document: &Document) -> Option<Url> {
    let state = document.first("input[name='__VIEWSTATE']")?;
    let form = state.ancestors().filter_map(ElementRef::wrap).find(|above| above.value().name() == "form")?;
    joined(document, form.attr("action")?)
}

fn joined(document: &Document, raw: &str) -> Option<Url> {
    document.base.join(raw.trim()).ok().filter(|_| !raw.trim().is_empty())
}

/// The kind that a record's page names above its title, or before it in its `<title>`.
fn headed_as(document: &Document) -> Option<Kind> {
    let named = |css| document.all(css).into_iter().find_map(|head| kind_named(&collapsed(&head.text().collect::<String>())));
    let in_title = || {
        let title = document.head_title()?;
        let first = title.split([':', '|']).next()?.split(" - ").next()?;
        // "Agenda and draft minutes for Cabinet on Tuesday, 8th December, 2026"
        let stage = [" for ", " of "].iter().find_map(|parting| first.split_once(parting)).map(|(stage, _)| stage);
        kind_named(first).or_else(|| kind_named(stage?))
    };
    named(".mgMainTitleTxt").or_else(in_title).or_else(|| named("h1"))
}

fn kind_named(name: &str) -> Option<Kind> {
    match folded(name.trim_end_matches([':', ' '])).as_str() {
        "issue" | "issue - meetings" | "issue meetings" | "issue details" | "issue history" | "issue - history" => {
            Some(Kind::Issue)
        }
        "agenda item" | "agenda item details" => Some(Kind::Item),
        "decision" | "decision details" => Some(Kind::Decision),
        "meeting details" => Some(Kind::Meeting),
        name => moderngov::names_stage(name).then_some(Kind::Meeting),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(at: &str, body: &str) -> Identity {
        let url = Url::parse(&format!("https://democracy.council.example.org/{at}")).unwrap();
        identity(&Page { url: &url, status: 200, content_type: None, body: body.as_bytes() })
    }

    #[test]
    fn a_page_names_its_own_record_by_its_number() {
        let check = |at: &str, link: &str, asked: bool, others: bool| {
            let found = of(at, &format!("<body><h1>Cabinet</h1><p><a href=\"{link}\">More</a></p>"));
            assert_eq!((found.links_to_asked, found.links_to_others), (asked, others), "{at} {link}");
        };
        let meeting = "ieListDocuments.aspx?CId=1&MId=4711&Ver=4";
        check(meeting, "mgMeetingAttendance.aspx?ID=4711", true, false);
        check(meeting, "/documents/g4711/Public%20reports.pdf?T=10", true, false);
        check(meeting, "ieListDocuments.aspx?MeetingId=4712", false, true);
        check(meeting, "mgCommitteeDetails.aspx?ID=4711", false, false);
        check("ieIssueDetails.aspx?IId=5", "mgIssueHistoryHome.aspx?IId=5&Opt=0", true, false);
        check("ieIssueDetails.aspx?IId=5", "ieListDocuments.aspx?CId=1&MId=5", false, false);
        check("mgAi.aspx?ID=9", "mgai.aspx?id=8", false, true);
        check("mgAi.aspx?ID=9", "#content", false, false);
        check("ieDecisionDetails.aspx?ID=9", "ieDecisionDetails.aspx?ID=9&LLL=1", true, false);
        check(
            "Meetings/tabid/70/ctl/ViewMeetingPublic/mid/397/Meeting/15042/Default.aspx",
            "/tabid/70/Meeting/15043",
            false,
            true,
        );
        check("news/4711", "ieListDocuments.aspx?MId=4711", false, false);
    }

    #[test]
    fn a_page_gives_itself_an_address() {
        let check = |at: &str, markup: &str, is_asked: bool, is_elsewhere: bool| {
            let before = of(at, &format!("<link rel=canonical href='/{at}'><h1>Board</h1>"));
            let now = of(at, &format!("{markup}<h1>Board</h1>"));
            assert_eq!((now.is_asked(), now.is_elsewhere(&before)), (is_asked, is_elsewhere), "{at} {markup}");
        };
        check("news/1", "<link rel=canonical href='https://www.council.example.org/news/1/'>", true, false);
        check("news/1", "<meta property='og:url' content='http://council.example.org/news/1?utm_source=a'>", true, false);
        check("news/1", "<link rel=canonical href=/news/2>", false, true);
        check("news/1", "<nav class=breadcrumb><a href=/news>News</a><a aria-current=page href=/news/2>B</a></nav>", false, true);
        check("news/1", "<nav class=breadcrumb><a href=/news>News</a></nav>", false, false);
        check("a.aspx?id=1", "<form action='./a.aspx?id=2'><input type=hidden name=__VIEWSTATE></form>", false, true);
        check("a.aspx?id=1", "<form action='/search'><input name=q></form>", false, false);
    }

    #[test]
    fn an_address_with_another_number_is_another_thing_s_and_one_with_other_words_may_not_be() {
        let check = |asked: &str, own: &str, expect: bool| {
            let before = of(asked, &format!("<link rel=canonical href='/{asked}'><h1>Board</h1>"));
            let now = of(asked, &format!("<link rel=canonical href='/{own}'><h1>Board</h1>"));
            assert_eq!(now.has_other_number(&before), expect, "{asked} {own}");
        };
        check("meetings/meeting/1502/board", "meetings/meeting/1580/board", true);
        check("meetings/meeting/1502/board", "meetings/meeting/1502/children-s-board", false);
        check("page.asp?id=77", "page.asp?id=78", true);
        check("news/2026/10/board", "news/2026/11/board", false);
        check("news/spring", "news/summer", false);
        check("a/1", "b/2", false);
    }

    #[test]
    fn a_record_s_page_is_headed_with_its_kind() {
        let at = "ieListDocuments.aspx?CId=1&MId=4711";
        let kind = |markup: &str| of(at, markup).kind;
        assert_eq!(kind("<h1>Agenda and draft minutes</h1>"), Some(Kind::Meeting));
        assert_eq!(kind("<title>Agenda item - Ofsted plan - Testshire Council</title>"), Some(Kind::Item));
        assert_eq!(kind("<title>Issue - meetings - Ofsted plan</title><h1>Testshire</h1>"), Some(Kind::Issue));
        assert_eq!(kind("<h1>Testshire</h1><h1 class=mgMainTitleTxt>Decision details</h1>"), Some(Kind::Decision));
        assert_eq!(kind("<title>Agenda for Cabinet on Tuesday, 8th December, 2026</title><h1>Cabinet</h1>"), Some(Kind::Meeting));
        assert_eq!(kind("<title>Cabinet</title><h1>Cabinet</h1>"), None);
    }

    #[test]
    fn meetings_of_other_committees_lead_to_those() {
        let at = "ieListDocuments.aspx?CId=1&MId=4711";
        let leads = |to: &str| of(at, &format!("<h1>Agenda</h1><a href='{to}'>Back</a>"));
        let before = leads("mgCommitteeDetails.aspx?ID=1");
        assert!(leads("ieListMeetings.aspx?CommitteeId=2").is_numbered_otherwise(&before));
        assert!(!leads("ieListMeetings.aspx?CommitteeId=1").is_numbered_otherwise(&before));
        assert!(!leads("mgMemberIndex.aspx").is_numbered_otherwise(&before));
    }
}
