//! Whether another page stands under the address of one: another meeting, issue, agenda item or decision of the same system,
//! another story, or a list of them.
//!
//! What a page says itself that it is decides: a record's number is never given to another, and few pages give themselves the
//! address of another. Where it says nothing, its name and its words do: a council renames a thing, moves a meeting or writes a
//! page anew; it does not give it another name and other words, nor another day and other papers, and no meeting becomes a list.

use super::another::{is_renamed, title_words, undated, words};
use super::instead::Instead;
use crate::domain::item::{Extraction, Item, Stage};
use crate::domain::source::Platform;
use crate::rules::extract::Identity;
use crate::rules::fingerprint::uncased;
use chrono::NaiveDate;
use std::collections::HashSet;
use url::Url;

/// Of a hundred words, so many stay where a page is written anew under another name.
const RETITLED_MIN: usize = 50;
/// The same where a record is moved to another day, or none of its papers are those of before.
const MOVED_MIN: usize = 70;
/// Systems whose addresses name a record by its number.
const RECORDS: &[Platform] =
    &[Platform::ModerngovIssue, Platform::ModerngovItem, Platform::ModerngovMeeting, Platform::ModerngovDecision, Platform::Cmis];
/// Words of a meeting's title that say how far its papers have come.
const STAGES: &[&str] = &[
    "agenda",
    "and",
    "approved",
    "cancelled",
    "decisions",
    "draft",
    "final",
    "for",
    "meeting",
    "minutes",
    "of",
    "pack",
    "postponed",
    "printed",
    "public",
    "reports",
    "the",
];

/// What tells one page from another.
#[derive(Clone, Debug)]
pub struct Record {
    platform: Platform,
    title: String,
    heading: String,
    name: HashSet<String>,
    days: HashSet<NaiveDate>,
    papers: HashSet<Url>,
    words: HashSet<String>,
    is_list: bool,
    is_off: bool,
    identity: Identity,
}

impl Record {
    /// What a page showed that has this key, and what it says that it is.
    #[must_use]
    pub fn of(page: &Extraction, key: &str, identity: Identity) -> Self {
        let is_record = RECORDS.contains(&page.platform);
        // A post may have the list of all posts beside it.
        let own = page.items.iter().position(|item| item.key == key && item.text.is_some()).filter(|_| !is_record);
        let items = own.and_then(|at| page.items.get(at..=at)).unwrap_or(&page.items);
        let first = items.first();
        let heading = page.page_title.as_ref().or(first.map(|item| &item.title)).map(ToString::to_string).unwrap_or_default();
        let title = own.and(first).map_or_else(|| heading.clone(), |item| item.title.to_string());
        // Of a meeting, the title says little but its day.
        let is_meeting = matches!(page.platform, Platform::ModerngovMeeting | Platform::Cmis);
        let body = first.filter(|_| is_meeting).and_then(|item| item.meeting.as_ref()?.body.as_ref());
        let title_or_body = body.map_or(title.as_str(), |body| body.as_str());
        // What is said around a decision, one maker says of each.
        let is_decision = page.platform == Platform::ModerngovDecision;
        let text = |item: &Item| match item.decisions.as_slice() {
            decisions @ [_, ..] if is_decision => decisions.iter().flat_map(|decision| words(decision.text.as_str())).collect(),
            _ => item.text.as_ref().map_or_else(HashSet::new, |text| words(text.as_str())),
        };
        Self {
            platform: page.platform,
            name: title_words(title_or_body),
            heading: plainly(title_or_body, is_meeting),
            days: items.iter().filter_map(|item| item.meeting.as_ref().and_then(|m| m.date).or(item.published)).collect(),
            papers: items
                .iter()
                .chain(&page.page)
                .flat_map(|item| &item.documents)
                .filter_map(|paper| paper.url.clone())
                .collect(),
            words: items.iter().chain(&page.page).flat_map(text).collect(),
            is_list: own.is_none() && page.page.is_none() && (page.listing.shown.is_some() || !is_record && items.len() > 1),
            is_off: items.iter().any(|item| item.stage == Some(Stage::Cancelled)),
            title,
            identity,
        }
    }

    /// Whether it is one, and no list of them.
    #[must_use]
    pub fn is_one(&self) -> bool {
        !self.is_list
    }

    /// What it says that it is.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    fn is_record(&self) -> bool {
        RECORDS.contains(&self.platform)
    }

    fn is_meeting(&self) -> bool {
        matches!(self.platform, Platform::ModerngovMeeting | Platform::Cmis)
    }

    /// Whether the address is called by a word of its name, and the other's name has all of those as well: "Progress update: May"
    /// and "Progress update: June" under "board/progress-update".
    fn has_one_place_with(&self, other: &Self) -> bool {
        let place = place_words(&self.identity);
        let mut called = self.name.intersection(&place).peekable();
        called.peek().is_some() && called.all(|word| other.name.contains(word))
    }

    /// Of a hundred words of this one, how many stand in the other.
    fn kept_in(&self, other: &Self) -> usize {
        let kept = self.words.intersection(&other.words).count();
        (kept * 100).checked_div(self.words.len()).unwrap_or(100)
    }

    /// Whether the other has none of its papers, or where there are none to compare, too few of its words.
    fn is_lost_in(&self, other: &Self) -> bool {
        let kept = self.kept_in(other);
        match (self.papers.is_empty() || other.papers.is_empty(), self.is_meeting()) {
            (true, true) => kept < MOVED_MIN,
            (true, false) => kept < RETITLED_MIN,
            // Agendas open and close alike.
            (false, true) => kept < 100 && self.papers.is_disjoint(&other.papers),
            (false, false) => kept < MOVED_MIN && self.papers.is_disjoint(&other.papers),
        }
    }
}

/// Words of a page's address. A page is named in it by what all of its names have in common, a story by its own.
fn place_words(identity: &Identity) -> HashSet<String> {
    words(identity.asked())
}

/// A title's letters and figures, without days, and without what says how far a meeting's papers have come.
fn plainly(title: &str, is_meeting: bool) -> String {
    let lowered = uncased(&undated(title));
    let all: Vec<&str> = lowered.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let kept: Vec<&str> = all.iter().filter(|word| !is_meeting || !STAGES.contains(word)).copied().collect();
    kept.join(" ")
}

/// Why `now` is not what stood there `before`, which was one thing; `None` where it may be.
#[must_use]
pub fn is_other_record(before: &Record, now: &Record) -> Option<Instead> {
    let why = |what: &str| format!("{what} stands in its place: \"{}\" where \"{}\" stood", now.title, before.title);
    let said = |what: &str| Some(Instead { why: why(what), may_be_meant: false });
    let (was, is) = (&before.identity, &now.identity);
    if now.is_list {
        // A page that comes to list several things keeps its headline.
        let has_grown = !before.is_record() && !is.is_elsewhere(was) && (is.is_asked() || before.heading == now.heading);
        return if has_grown { None } else { said("a list") };
    }
    if is.is_of_other_kind(was) {
        return said("a record of another kind");
    }
    if is.is_asked() {
        return None;
    }
    let kept = before.kept_in(now);
    let is_headed_otherwise = !before.heading.is_empty() && !now.heading.is_empty() && before.heading != now.heading;
    let is_redated = !before.days.is_empty() && !now.days.is_empty() && before.days.is_disjoint(&now.days);
    let is_elsewhere = is.has_other_number(was) || is.is_elsewhere(was) && kept < RETITLED_MIN;
    let is_other = if before.is_record() {
        let is_renamed = is_renamed(&before.name, &now.name);
        let is_numbered_otherwise = is.is_numbered_otherwise(was);
        let lost_papers = if before.papers.is_empty() { kept < MOVED_MIN } else { before.papers.is_disjoint(&now.papers) };
        // A meeting's page gives its day; that of its committee gives none.
        let has_no_day = before.is_meeting() && !before.days.is_empty() && now.days.is_empty();
        // A meeting that is called off may lose its papers.
        let is_called_off = now.is_off && !before.is_off;
        is_numbered_otherwise && (is_headed_otherwise || is_redated || kept < RETITLED_MIN)
            || is_renamed && (is_redated || kept < RETITLED_MIN)
            || (is_headed_otherwise || has_no_day) && !is_called_off && before.is_lost_in(now)
            // An issue's title says which it is, whenever it comes up.
            || is_redated && before.platform != Platform::ModerngovIssue && lost_papers
    } else {
        // Many pages of a site may be headed alike: "News".
        let is_renamed = if is_headed_otherwise { !before.has_one_place_with(now) } else { is.is_titled_otherwise(was) };
        is_renamed && kept < RETITLED_MIN
    };
    if !is_elsewhere && !is_other {
        return None;
    }
    if before.is_record() {
        return said("another record");
    }
    // A page whose name and most of whose words are others is often another; a council may write one anew all the same.
    Some(Instead { why: why("another page"), may_be_meant: true })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::item::{Listing, Meeting, Outcome};
    use crate::domain::text::Text;
    use crate::rules::extract::{Page, identity};

    const AGENDA: &str =
        "Apologies\nDeclarations of interest\nProgress of the improvement plan\nCaseloads and staffing\nAny other business";
    const OTHER: &str =
        "Apologies\nDeclarations of interest\nStatement of accounts\nTreasury and borrowing\nRisk register of the council";

    /// "Cabinet", the day in March, what it says, the number of its paper.
    fn record(body: &str, day: u32, text: &str, paper: Option<u32>) -> Extraction {
        let url = |path: &str| Url::parse(&format!("https://council.example.org/{path}")).unwrap();
        let date = chrono::NaiveDate::from_ymd_opt(2027, 3, day);
        let title = Text::line(&format!("{body} - Tuesday, {day} March 2027 7.00 pm"));
        let document = |n| crate::domain::item::Document {
            title: Text::line("Report"),
            url: Some(url(&format!("documents/s{n}/Report.pdf"))),
            kind: None,
            size: None,
            restricted: false,
        };
        let item = Item {
            meeting: Some(Meeting::on(Some(Text::line(body)), date)),
            text: Some(Text::new(text)),
            documents: paper.map(document).into_iter().collect(),
            ..Item::bare("k".into(), title.clone(), url("ieListDocuments.aspx?MId=7"))
        };
        Extraction {
            platform: Platform::ModerngovMeeting,
            outcome: Outcome::Items,
            page_title: Some(title),
            items: vec![item],
            page: None,
            listing: Listing::default(),
            warnings: Vec::new(),
        }
    }

    const AT: &str = "https://council.example.org/ieListDocuments.aspx?MId=7";
    const NONE: &str = "";
    const ITSELF: &str = "<a href=mgMeetingAttendance.aspx?ID=7>Attendance</a>";
    const OTHER_ONE: &str = "<a href=mgMeetingAttendance.aspx?ID=8>Attendance</a>";

    fn links(markup: &str) -> Identity {
        let url = Url::parse(AT).unwrap();
        let body = format!("<p>Cabinet {markup}</p>");
        identity(&Page { url: &url, status: 200, content_type: None, body: body.as_bytes() })
    }

    fn check(now: &Extraction, markup: &str, expect: bool) {
        for paper in [None, Some(1)] {
            let before = Record::of(&record("Improvement Board", 2, AGENDA, paper), "k", links(ITSELF));
            let found = is_other_record(&before, &Record::of(now, "k", links(markup)));
            assert_eq!(found.is_some(), expect, "{now:?} {found:?}");
        }
    }

    #[test]
    fn another_meeting_in_the_place_of_one_is_told_from_it() {
        check(&record("Audit Committee", 9, OTHER, Some(2)), NONE, true);
        check(&record("Audit Committee", 9, OTHER, None), NONE, true);
        check(&record("Improvement Board", 9, OTHER, Some(2)), NONE, true);
        check(&record("Improvement Board", 9, AGENDA, None), OTHER_ONE, true);
        // Of the same day, with most of a name in common.
        check(&record("Scrutiny Board", 2, OTHER, Some(2)), NONE, true);
        check(&record("Scrutiny Board", 2, OTHER, None), NONE, true);
        check(&record("Scrutiny Board", 2, AGENDA, None), OTHER_ONE, true);
        let list =
            Extraction { listing: Listing { shown: Some(1), ..Listing::default() }, ..record("Improvement Board", 2, "", None) };
        check(&list, ITSELF, true);
    }

    #[test]
    fn a_meeting_that_is_moved_renamed_or_written_anew_is_still_the_same() {
        check(&record("Improvement Board", 9, AGENDA, Some(1)), NONE, false);
        check(&record("Improvement Board", 2, OTHER, Some(2)), NONE, false);
        check(&record("Children's Partnership", 2, AGENDA, Some(1)), NONE, false);
        check(&record("Improvement Board", 9, OTHER, None), ITSELF, false);
        check(&record("Scrutiny Board", 2, OTHER, Some(2)), ITSELF, false);
        let off = record("Improvement Board (called off)", 2, "This meeting is called off.", None);
        let items = off.items.iter().map(|item| Item { stage: Some(Stage::Cancelled), ..item.clone() }).collect();
        check(&Extraction { items, ..off }, NONE, false);
    }

    #[test]
    fn an_issue_whose_next_meeting_is_another_is_the_same_while_its_title_is() {
        let issue = |title: &str, day, text: &str| Extraction {
            platform: Platform::ModerngovIssue,
            page_title: Some(Text::line(title)),
            ..record("Cabinet", day, text, None)
        };
        let before = Record::of(&issue("Ofsted Improvement Plan", 2, AGENDA), "k", Identity::default());
        let other = |now: &Extraction| is_other_record(&before, &Record::of(now, "k", Identity::default())).is_some();
        assert!(!other(&issue("Ofsted Improvement Plan", 9, OTHER)));
        assert!(other(&issue("Waste Collection Contract", 9, OTHER)));
        assert!(other(&issue("Waste Collection Contract", 2, "That the contract be extended by two years and let again.")));
        assert!(!other(&issue("Children's Services Plan for Ofsted", 2, AGENDA)));
        // One title may begin as the other does.
        assert!(other(&issue("Ofsted Improvement Plan - Annual Report", 9, OTHER)));
        assert!(!other(&issue("Ofsted Improvement Plan - Annual Report", 2, AGENDA)));
    }

    #[test]
    fn another_story_or_the_list_of_stories_in_the_place_of_one_is_told_from_it() {
        let story = |title: &str, text: &str| Extraction {
            platform: Platform::Page,
            page_title: Some(Text::line(title)),
            items: vec![Item {
                text: Some(Text::new(text)),
                ..Item::bare("k".into(), Text::line(title), Url::parse(AT).unwrap())
            }],
            ..record("", 2, "", None)
        };
        let own = |to: &str| links(&format!("<link rel=canonical href='{to}'>"));
        let (here, there) = ("/ieListDocuments.aspx?MId=7", "/news/8");
        let before = |identity| Record::of(&story("Board meets in spring", AGENDA), "k", identity);
        let check = |was: Option<&str>, now: &Extraction, is: Option<&str>, expect: bool| {
            let (was, is) = (was.map_or_else(Identity::default, own), is.map_or_else(Identity::default, own));
            let found = is_other_record(&before(was), &Record::of(now, "k", is));
            assert_eq!(found.is_some(), expect, "{now:?} {found:?}");
        };
        check(None, &story("Board meets in summer", OTHER), None, true);
        check(None, &story("Board meets in summer", AGENDA), None, false);
        check(None, &story("Board meets in spring", OTHER), None, false);
        check(Some(here), &story("Board meets in summer", OTHER), Some(here), false);
        check(Some(here), &story("Board meets in spring", OTHER), Some(there), true);
        check(Some(here), &story("Board meets in summer", AGENDA), Some(there), false);
        let list = |title: &str| {
            let entry = |n: u8| Item::bare(n.to_string(), Text::line("Entry"), Url::parse(AT).unwrap());
            Extraction {
                items: vec![entry(1), entry(2)],
                listing: Listing { shown: Some(2), ..Listing::default() },
                ..story(title, "")
            }
        };
        check(None, &list("News"), None, true);
        check(Some(here), &list("News"), Some("/news"), true);
        check(None, &list("Board meets in spring"), None, false);
        // A post with the list of all beside it is one thing.
        let mut beside = story("Board meets in summer", OTHER);
        beside.items.extend(list("").items);
        beside.listing.shown = Some(2);
        check(None, &beside, None, true);
        beside.items.remove(0);
        check(None, &beside, None, true);
    }
}
