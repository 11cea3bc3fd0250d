//! Herefordshire and Bury (issues), Torbay (an agenda item).

use super::*;
use boardwatch::domain::item::Document;

const HEREFORDSHIRE: &str = "https://councillors.herefordshire.gov.uk/ieIssueDetails.aspx?IId=50043387&Opt=3";
const BURY: &str = "https://councildecisions.bury.gov.uk/ieIssueDetails.aspx?IId=26695&Opt=3";
const TORBAY: &str = "https://www.torbay.gov.uk/DemocraticServices/mgAi.aspx?ID=15023";

pub(super) fn meeting(item: &Item) -> (String, Option<chrono::NaiveDate>, String) {
    let meeting = item.meeting.as_ref().unwrap();
    let text = |t: &Option<boardwatch::domain::text::Text>| t.as_ref().map(ToString::to_string).unwrap_or_default();
    (text(&meeting.body), meeting.date, text(&meeting.item))
}

pub(super) fn decisions(item: &Item) -> Vec<(Option<&str>, &str)> {
    item.decisions.iter().map(|d| (d.label.as_ref().map(boardwatch::domain::text::Text::as_str), d.text.as_str())).collect()
}

/// Title, kind, size, whether it is restricted, whether it has a link.
pub(super) type Attached<'a> = (&'a str, Option<&'a str>, Option<&'a str>, bool, bool);

pub(super) fn titles(documents: &[Document]) -> Vec<Attached<'_>> {
    documents.iter().map(|d| (d.title.as_str(), d.kind.as_deref(), d.size.as_deref(), d.restricted, d.url.is_some())).collect()
}

#[test]
fn the_issue_of_herefordshire_reads_the_same_in_every_markup() {
    for (markup, linked) in [("classes", true), ("lists", true), ("divs", false), ("definitions", true)] {
        let name = format!("moderngov-issue/herefordshire-{markup}.html");
        let page = read(&name, Platform::ModerngovIssue, HEREFORDSHIRE);
        assert_eq!(page.page_title.as_ref().unwrap().as_str(), "Ofsted Improvement Action Plan", "{name}");
        assert_eq!(page.warnings, Vec::<String>::new(), "{name}");
        let [item] = page.items.as_slice() else { panic!("{name}: {} items", page.items.len()) };
        assert_eq!(item.title, "Children’s Improvement Action Plan", "{name}");
        let which = if markup == "classes" { "ai64551" } else { "item-181" };
        let page = "councillors.herefordshire.gov.uk/ieissuedetails.aspx?iid=50043387";
        assert_eq!(item.key, format!("{page}#2022-12-15/cabinet/{which}"), "{name}");
        assert_eq!(item.published, None, "{name}");
        assert_eq!(meeting(item), ("Cabinet".into(), day("2022-12-15"), "181".into()), "{name}");
        assert_text(item, &body("herefordshire"), &name);
        let document = ("Children’s Improvement Action Plan", Some("pdf"), Some("468 KB"), false, linked);
        assert_eq!(titles(&item.documents), [document], "{name}");
        let a = "That the Executive Response to the scrutiny recommendations on Children’s Services Improvement Action Plan (at Appendix 1), \
                 made by the Children and Young People Scrutiny Committee at its meeting on the 13 December 2022, be agreed;";
        let c = "Cabinet authorise the Corporate Director for Children and Young People in consultation with the council’s Corporate \
                 Leadership Team to submit the action plan to Ofsted no later than 20 December 2022.";
        let b = "Cabinet endorse the Improvement Action Plan outlined in Appendix A; and";
        assert_eq!(decisions(item), [(Some("a"), a), (Some("b"), b), (Some("c"), c)], "{name}");
        assert_eq!((&item.reasons, &item.options_rejected, &item.next_meeting), (&None, &None, &None), "{name}");
    }
}

#[test]
fn the_issue_of_bury_reads_the_same_in_every_markup() {
    for markup in ["classes", "cp1252", "breaks", "table"] {
        let name = format!("moderngov-issue/bury-{markup}.html");
        let page = read(&name, Platform::ModerngovIssue, BURY);
        assert_eq!(page.page_title.as_ref().unwrap().as_str(), "Children's Services Ofsted Update", "{name}");
        let [item] = page.items.as_slice() else { panic!("{name}: {} items", page.items.len()) };
        assert_eq!(item.title, "Children's Services Ofsted Update", "{name}");
        assert_eq!(meeting(item), ("Cabinet".into(), day("2022-09-07"), "58".into()), "{name}");
        assert_text(item, &body("bury"), &name);
        assert_eq!(decisions(item), [(None, "Cabinet noted the update.")], "{name}");
        let reasons = "This update was provided in response to a resolution of Council at the meeting held on 19 January 2022.";
        assert_eq!(item.reasons.as_ref().unwrap().as_str(), reasons, "{name}");
        assert_eq!((&item.options_rejected, item.documents.as_slice()), (&None, [].as_slice()), "{name}");
    }
}

#[test]
fn each_meeting_on_an_issue_page_is_an_item() {
    let page = read("moderngov-issue/two-meetings.html", Platform::ModerngovIssue, BURY);
    let [first, second] = page.items.as_slice() else { panic!("{} items", page.items.len()) };
    assert_text(first, &body("bury"), "two-meetings");
    assert_eq!(meeting(second), ("Children and Young People Scrutiny Committee".into(), day("2022-10-19"), "CYP.7".into()));
    assert_eq!(second.title, "Monitoring visit letter");
    assert_ne!(first.key, second.key);
    let alone = read("moderngov-issue/bury-classes.html", Platform::ModerngovIssue, BURY);
    assert_eq!(alone.items[0].key, first.key, "another meeting changes no key");
    assert_eq!(
        titles(&second.documents),
        [
            ("Letter", Some("docx"), Some("1 MB"), false, true),
            ("Appendix 1 to follow", None, None, false, false),
            ("Restricted enclosure 2", None, None, true, false),
        ]
    );
    assert_eq!(
        second.documents[0].url.as_ref().unwrap().as_str(),
        "https://councildecisions.bury.gov.uk/documents/s33001/Letter.docx"
    );
    assert_eq!(decisions(second), [(None, "That the letter be noted.")]);
    assert_eq!(second.options_rejected, None, "it says that there were none");
}

/// Titles with their keys, in the order of the keys.
fn titles_by_key(page: &Extraction) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = page.items.iter().map(|item| (item.key.clone(), item.title.to_string())).collect();
    pairs.sort();
    pairs
}

#[test]
fn two_items_of_one_meeting_keep_their_keys_in_any_order_and_alone() {
    let one_meeting = |name: &str, urls: [&str; 2]| {
        let page = String::from_utf8(fixture(name)).unwrap();
        let (head, blocks) = page.split_once("<!-- blocks -->").unwrap();
        let (newer, older) = blocks.split_once("<!-- next -->").unwrap();
        let at = |markup: String, url: &str| titles_by_key(&read_as(Platform::ModerngovIssue, url, markup.as_bytes()));
        let both = at(page.clone(), urls[0]);
        assert_eq!(both.len(), 2, "{name}: {both:?}");
        assert_eq!(at(format!("{head}{older}{newer}"), urls[1]), both, "{name}: the other way round");
        let mut alone = [at(format!("{head}{newer}"), urls[1]), at(format!("{head}{older}"), urls[0])].concat();
        alone.sort();
        assert_eq!(alone, both, "{name}: one without the other");
    };
    let urls = [BURY, "http://councildecisions.bury.gov.uk/ieIssueDetails.aspx?Opt=0&IId=26695"];
    one_meeting("moderngov-issue/one-meeting-numbers.html", urls);
    one_meeting("moderngov-issue/one-meeting-anchors.html", urls);
}

#[test]
fn blocks_that_only_their_place_tells_apart_are_all_read() {
    let block = |text: &str| format!("<h3>Meeting: 15/12/2022 - Cabinet (Item 4)</h3><h4>Plan</h4><p>{text}</p>");
    let page = format!("<h1>Issue - meetings</h1><h2>Plan</h2>{}{}", block("It was noted."), block("It was agreed."));
    assert_eq!(read_as(Platform::ModerngovIssue, BURY, page.as_bytes()).items.len(), 2);
}

#[test]
fn the_agenda_item_of_torbay_reads_the_same_in_every_markup() {
    for markup in ["classes", "lists", "flat-cp1252", "headings"] {
        let name = format!("moderngov-item/torbay-{markup}.html");
        let page = read(&name, Platform::ModerngovItem, TORBAY);
        let [item] = page.items.as_slice() else { panic!("{name}: {} items", page.items.len()) };
        assert_eq!(item.title, "Children's Improvement Plan Quarterly Update", "{name}");
        assert_eq!(item.key, "torbay.gov.uk/democraticservices/mgai.aspx?id=15023", "{name}");
        assert_text(item, &body("torbay"), &name);
        assert_eq!(titles(&item.documents), [("Restricted enclosure", None, None, true, false)], "{name}");
        assert_eq!((item.decisions.as_slice(), item.published, &item.next_meeting), ([].as_slice(), None, &None), "{name}");
        if markup == "headings" {
            assert_eq!(meeting(item), ("Overview and Scrutiny Board".into(), day("2021-04-14"), "118".into()), "{name}");
        } else {
            assert_eq!(item.meeting, None, "{name}");
        }
    }
}

#[test]
fn the_link_back_to_the_agenda_names_the_meeting_and_is_no_text() {
    let page = read("moderngov-item/torbay-link-back.html", Platform::ModerngovItem, TORBAY);
    let [item] = page.items.as_slice() else { panic!("{} items", page.items.len()) };
    assert_eq!(item.title, "Library plan");
    assert_eq!(meeting(item), ("Overview and Scrutiny Board".into(), day("2021-04-12"), String::new()));
    assert_text(item, "The Board considered the plan.\nResolved: that the plan be noted.", "torbay-link-back");
}

#[test]
fn a_changed_title_keeps_the_key() {
    let page = String::from_utf8(fixture("moderngov-issue/herefordshire-classes.html")).unwrap();
    let before = read_as(Platform::Auto, HEREFORDSHIRE, page.as_bytes());
    let changed = page.replace("Improvement Action Plan", "Improvement Programme").replace("Item 181", "Item 182");
    let after = read_as(Platform::Auto, &HEREFORDSHIRE.replace("https", "http"), changed.as_bytes());
    assert_ne!(before.items[0].title, after.items[0].title);
    assert_eq!(before.items[0].key, after.items[0].key);
}

#[test]
fn a_story_that_says_meeting_is_no_issue_however_its_page_ends() {
    for (said, foot) in [
        ("<p>Meeting: every month</p><p>Further details will follow in the next report.</p>", "Page generated 4 November 2026"),
        ("<p>Meeting: every month</p>", "Page generated 4 November 2026"),
        ("<p>Meeting: <time datetime=2026-12-10>next month</time></p>", "Page generated 2026-11-04 in 0.160s"),
    ] {
        let page = format!(
            "<html><head><title>Improvement plan</title></head><body><main><h1>Improvement plan</h1><p>Published: 3 November 2026</p>\
             <p>The improvement board met in November and discussed the recovery plan for children's services.</p>{said}</main>\
             <footer><p>{foot}</p></footer></body></html>"
        );
        let reading = read_as(Platform::Auto, "https://www.example.org/plan", page.as_bytes());
        assert_eq!(reading.platform, Platform::Page, "{said}");
        assert!(reading.items[0].text.as_ref().unwrap().as_str().contains("recovery plan"), "{said}");
    }
}
