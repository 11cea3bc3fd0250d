//! Decisions of Brackwater and Saltmere, and Tallow's lists of them.

use super::moderngov::{decisions, meeting, titles};
use super::*;
use boardwatch::rules::extract::extract_item;
use boardwatch::rules::fingerprint::fingerprint;

const DECISION: &str = "https://democracy.brackwater.example.org/ieDecisionDetails.aspx?ID=1201";
const LIST: &str = "https://democracy.tallow.example.org/mgDelegatedDecisions.aspx?XXR=0&DS=2";

#[test]
fn a_decision_reads_the_same_in_every_markup() {
    for markup in ["classes", "table", "flat-cp1252"] {
        let name = format!("moderngov-decision/brackwater-{markup}.html");
        let page = read(&name, Platform::ModerngovDecision, DECISION);
        let [item] = page.items.as_slice() else { panic!("{name}: {} items", page.items.len()) };
        assert_eq!(item.title, "Family hubs: award of contract", "{name}");
        assert_eq!(item.key, "democracy.brackwater.example.org/iedecisiondetails.aspx?id=1201", "{name}");
        assert_eq!(item.published, day("2026-01-22"), "{name}");
        assert_eq!(meeting(item), ("Cabinet Member Decisions".into(), day("2026-01-19"), String::new()), "{name}");
        let facts = "Decision Maker: Cabinet Member for Children\nDecision status: Recommendations Approved\nIs Key decision: Yes\n\
                     Is subject to call in: No\nDate of decision: 19/01/2026\n";
        let sections = body("brackwater-decision");
        let sections = if markup == "table" { without_colons(&sections) } else { sections };
        assert_text(item, &format!("{facts}{sections}"), &name);
        assert_eq!(
            decisions(item),
            [
                (Some("1"), "to award the contract for three years from 1 April 2026; and"),
                (Some("2"), "to delegate the final terms to the Director of Children’s Services."),
            ],
            "{name}"
        );
        assert_eq!(
            item.reasons.as_ref().unwrap().as_str(),
            "The partner scored highest on quality and met the budget of £1.2 million.\nThe present contract ends on 31 March 2026.",
            "{name}"
        );
        let rejected = "To run the hubs in house, which was rejected because of its cost.";
        assert_eq!(item.options_rejected.as_ref().unwrap().as_str(), rejected, "{name}");
        assert_eq!(
            titles(&item.documents),
            [("Family hubs report", Some("pdf"), Some("119 KB"), false, true), ("Restricted enclosure", None, None, true, false)],
            "{name}"
        );
    }
}

/// A heading element needs no colon.
fn without_colons(text: &str) -> String {
    let lines = text.lines().map(|line| if line == "The cabinet member agreed:" { line } else { line.trim_end_matches(':') });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn an_officers_decision_has_no_meeting_and_no_empty_sections() {
    let page = read("moderngov-decision/saltmere-officer.html", Platform::ModerngovDecision, DECISION);
    let item = &page.items[0];
    assert_eq!(
        (item.title.as_str(), item.published, item.meeting.as_ref()),
        ("Pavement licence, High Street", day("2025-11-03"), None)
    );
    assert_eq!(
        item.text.as_ref().unwrap().as_str(),
        "Decision Maker: Head of Licensing\nDecision status: For Determination\nWards affected: Harbour; Hill\nDate of decision: 30/08/2021\n\
         Decision:\nThe licence was granted for one year.\nFinancial implications:\nThe fee of £100 covers the cost."
    );
    assert_eq!(decisions(item), [(None, "The licence was granted for one year.")]);
    assert_eq!((item.reasons.as_ref(), item.options_rejected.as_ref(), item.documents.as_slice()), (None, None, [].as_slice()));
}

#[test]
fn a_new_status_is_a_revision() {
    let page = String::from_utf8(fixture("moderngov-decision/saltmere-officer.html")).unwrap();
    let print = |page: &str| fingerprint(&read_as(Platform::Auto, DECISION, page.as_bytes()).items[0]);
    assert_ne!(print(&page), print(&page.replace("For Determination", "Called in")));
}

#[test]
fn a_list_names_its_decisions_with_their_days_of_publication() {
    for (markup, total) in [("table", None), ("list", Some(12)), ("divs-cp1252", None), ("flat", None)] {
        let name = format!("moderngov-decisions/tallow-{markup}.html");
        let page = read(&name, Platform::ModerngovDecisions, LIST);
        assert_eq!(page.page_title.as_ref().unwrap().as_str(), "Officer decisions", "{name}");
        let found: Vec<_> = page.items.iter().map(|item| (item.title.as_str(), item.published, item.text.is_some())).collect();
        let lease = ("Lease of the boathouse, 4 May 2024 terms", day("2025-11-03"), false);
        assert_eq!(found, [lease, ("Children’s homes: new provider", day("2025-04-01"), false)], "{name}");
        assert!(page.items[0].key.ends_with("/iedecisiondetails.aspx?id=901"), "{name}: {}", page.items[0].key);
        assert_eq!((page.listing.shown, page.listing.total), (Some(2), total), "{name}");
        assert!(page.listing.next_url.as_ref().unwrap().as_str().contains("PG=2"), "{name}");
    }
}

#[test]
fn a_list_without_results_is_empty() {
    for platform in [Platform::Auto, Platform::ModerngovDecisions] {
        let page = read_as(platform, LIST, &fixture("moderngov-decisions/tallow-empty.html"));
        assert_eq!((page.platform, page.outcome), (Platform::ModerngovDecisions, Outcome::Empty));
    }
}

#[test]
fn a_listed_decision_is_completed_from_its_own_page() {
    let list = read("moderngov-decisions/tallow-table.html", Platform::ModerngovDecisions, LIST);
    let listed = &list.items[0];
    let bytes = fixture("moderngov-decision/saltmere-officer.html");
    let page = Page { url: &listed.url, status: 200, content_type: None, body: &bytes };
    let item = extract_item(&page, Platform::ModerngovDecisions, &Select::default(), listed).unwrap();
    assert_eq!((&item.key, item.title.as_str()), (&listed.key, "Pavement licence, High Street"));
    assert!(item.text.is_some());
}

#[test]
fn lists_and_decisions_are_recognised_without_their_addresses() {
    for (name, platform) in [
        ("moderngov-decisions/tallow-table.html", Platform::ModerngovDecisions),
        ("moderngov-decision/brackwater-flat-cp1252.html", Platform::ModerngovDecision),
        ("moderngov-decision/saltmere-officer.html", Platform::ModerngovDecision),
    ] {
        let page = read_as(Platform::Auto, "https://www.tallow.example.org/democracy/page", &fixture(name));
        assert_eq!((page.platform, page.outcome), (platform, Outcome::Items), "{name}");
    }
}
