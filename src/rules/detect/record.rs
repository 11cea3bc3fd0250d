//! Whether another record stands under the address of one: another meeting, issue, agenda item or decision of the same system,
//! or a list of them. Such an address names its record by a number, which is never given to another.
//!
//! A council renames a record, moves its meeting or writes it anew; it does not give it another name and another day, nor another
//! day and other papers, and no meeting becomes a list of them.

use super::another::{is_renamed, title_words, words};
use crate::domain::item::{Extraction, Item};
use crate::domain::source::Platform;
use crate::rules::extract::Numbers;
use chrono::NaiveDate;
use std::collections::HashSet;
use url::Url;

/// Of a hundred words, so many stay where a record is moved to another day.
const MOVED_MIN: usize = 70;

/// What tells one record from another.
#[derive(Clone, Debug)]
pub struct Record {
    platform: Platform,
    title: String,
    name: HashSet<String>,
    days: HashSet<NaiveDate>,
    papers: HashSet<Url>,
    words: HashSet<String>,
    is_list: bool,
    numbers: Numbers,
}

impl Record {
    /// What a page of it showed, and which numbers of such records it links to.
    #[must_use]
    pub fn of(page: &Extraction, numbers: Numbers) -> Self {
        let items = &page.items;
        let first = items.first();
        let title = page.page_title.as_ref().or(first.map(|item| &item.title)).map(ToString::to_string).unwrap_or_default();
        // Of a meeting, the title says little but its day.
        let is_meeting = matches!(page.platform, Platform::ModerngovMeeting | Platform::Cmis);
        let body = first.filter(|_| is_meeting).and_then(|item| item.meeting.as_ref()?.body.as_ref());
        // What is said around a decision, one maker says of each.
        let is_decision = page.platform == Platform::ModerngovDecision;
        let text = |item: &Item| match item.decisions.as_slice() {
            decisions @ [_, ..] if is_decision => decisions.iter().flat_map(|decision| words(decision.text.as_str())).collect(),
            _ => item.text.as_ref().map_or_else(HashSet::new, |text| words(text.as_str())),
        };
        Self {
            platform: page.platform,
            name: title_words(body.map_or(&title, |body| body.as_str())),
            days: items.iter().filter_map(|item| item.meeting.as_ref().and_then(|m| m.date).or(item.published)).collect(),
            papers: items.iter().flat_map(|item| &item.documents).filter_map(|paper| paper.url.clone()).collect(),
            words: items.iter().flat_map(text).collect(),
            is_list: page.listing.shown.is_some(),
            title,
            numbers,
        }
    }

    /// Whether it is one, and no list of them.
    #[must_use]
    pub fn is_one(&self) -> bool {
        !self.is_list
    }

    /// Of a hundred words of this one, how many stand in the other.
    fn kept_in(&self, other: &Self) -> usize {
        let kept = self.words.intersection(&other.words).count();
        (kept * 100).checked_div(self.words.len()).unwrap_or(100)
    }
}

/// Why `now` is not the record that stood there `before`; `None` where it may be.
#[must_use]
pub fn is_other_record(before: &Record, now: &Record) -> Option<String> {
    let is_renamed = is_renamed(&before.name, &now.name);
    let is_redated = !before.days.is_empty() && !now.days.is_empty() && before.days.is_disjoint(&now.days);
    let kept = before.kept_in(now);
    let lost_papers = if before.papers.is_empty() { kept < MOVED_MIN } else { before.papers.is_disjoint(&now.papers) };
    // What the page itself links to as this record shows that it is.
    let is_numbered_so = now.numbers.asked && !now.numbers.others;
    let is_numbered_otherwise = before.numbers.asked && !now.numbers.asked && now.numbers.others;
    let is_other = now.is_list
        || is_renamed && (is_redated || kept < 50 || is_numbered_otherwise)
        // An issue's title says which it is, whenever it comes up.
        || is_redated && before.platform != Platform::ModerngovIssue && (lost_papers || is_numbered_otherwise);
    let what = if now.is_list { "a list" } else { "another record" };
    (is_other && (now.is_list || !is_numbered_so))
        .then(|| format!("{what} stands in its place: \"{}\" where \"{}\" stood", now.title, before.title))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::item::{Listing, Meeting, Outcome};
    use crate::domain::text::Text;

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
            listing: Listing::default(),
            warnings: Vec::new(),
        }
    }

    fn check(now: &Extraction, numbers: Numbers, expect: bool) {
        for paper in [None, Some(1)] {
            let before = Record::of(&record("Improvement Board", 2, AGENDA, paper), Numbers { asked: true, others: false });
            let found = is_other_record(&before, &Record::of(now, numbers));
            assert_eq!(found.is_some(), expect, "{now:?} {found:?}");
        }
    }

    #[test]
    fn another_meeting_in_the_place_of_one_is_told_from_it() {
        let none = Numbers::default();
        check(&record("Audit Committee", 9, OTHER, Some(2)), none, true);
        check(&record("Audit Committee", 9, OTHER, None), none, true);
        check(&record("Improvement Board", 9, OTHER, Some(2)), none, true);
        let other = Numbers { asked: false, others: true };
        check(&record("Improvement Board", 9, AGENDA, None), other, true);
        let list =
            Extraction { listing: Listing { shown: Some(1), ..Listing::default() }, ..record("Improvement Board", 2, "", None) };
        check(&list, Numbers { asked: true, others: true }, true);
    }

    #[test]
    fn a_meeting_that_is_moved_renamed_or_written_anew_is_still_the_same() {
        let none = Numbers::default();
        check(&record("Improvement Board", 9, AGENDA, Some(1)), none, false);
        check(&record("Improvement Board", 2, OTHER, Some(2)), none, false);
        check(&record("Children's Partnership", 2, AGENDA, Some(1)), none, false);
        let itself = Numbers { asked: true, others: false };
        check(&record("Improvement Board", 9, OTHER, None), itself, false);
    }

    #[test]
    fn an_issue_whose_next_meeting_is_another_is_the_same_while_its_title_is() {
        let issue = |title: &str, day, text: &str| Extraction {
            platform: Platform::ModerngovIssue,
            page_title: Some(Text::line(title)),
            ..record("Cabinet", day, text, None)
        };
        let before = Record::of(&issue("Ofsted Improvement Plan", 2, AGENDA), Numbers::default());
        let other = |now: &Extraction| is_other_record(&before, &Record::of(now, Numbers::default())).is_some();
        assert!(!other(&issue("Ofsted Improvement Plan", 9, OTHER)));
        assert!(other(&issue("Waste Collection Contract", 9, OTHER)));
        assert!(other(&issue("Waste Collection Contract", 2, "That the contract be extended by two years and let again.")));
        assert!(!other(&issue("Children's Services Plan for Ofsted", 2, AGENDA)));
    }
}
