//! A meeting of Ashvale in four markups, one of Northmoor through its stages.

use super::moderngov::{decisions, meeting, titles};
use super::*;
use boardwatch::domain::item::Stage;
use boardwatch::rules::fingerprint::fingerprint;

const ASHVALE: &str = "https://democracy.ashvale.example.org/ieListDocuments.aspx?CId=218&MId=4711&Ver=4";
const NORTHMOOR: &str = "https://democracy.northmoor.example.org/ieListDocuments.aspx?CId=1&MId=88";

fn only(page: &Extraction) -> &Item {
    let [item] = page.items.as_slice() else { panic!("{} items: {:?}", page.items.len(), page.warnings) };
    item
}

#[test]
fn a_meeting_reads_the_same_in_every_markup() {
    for markup in ["classes", "divs", "headings", "table-cp1252"] {
        let name = format!("moderngov-meeting/ashvale-{markup}.html");
        let page = read(&name, Platform::ModerngovMeeting, ASHVALE);
        let title = "Children and Families Scrutiny Committee - Tuesday, 16th September, 2025 7.00 pm";
        assert_eq!(page.page_title.as_ref().unwrap().as_str(), title, "{name}");
        assert_eq!(page.warnings, Vec::<String>::new(), "{name}");
        let item = only(&page);
        assert_eq!(item.title, title, "{name}");
        assert_eq!(item.key, "democracy.ashvale.example.org/ielistdocuments.aspx?mid=4711", "{name}");
        assert_eq!((item.stage, item.published), (Some(Stage::Minutes), None), "{name}");
        assert_eq!(
            meeting(item),
            ("Children and Families Scrutiny Committee".into(), day("2025-09-16"), String::new()),
            "{name}"
        );
        assert_text(item, &body("ashvale-meeting"), &name);
        assert_eq!(
            titles(&item.documents),
            [
                ("Agenda frontsheet", Some("pdf"), Some("245 KB"), false, true),
                ("Printed minutes", Some("pdf"), Some("199 KB"), false, true),
                ("Minutes of the meeting held on 8 July 2025", Some("pdf"), Some("180 KB"), false, true),
                ("Children’s Improvement Plan: progress", Some("pdf"), Some("468 KB"), false, true),
                ("Appendix A: scorecard", Some("pdf"), Some("1 MB"), false, true),
                ("Appendix B to follow", None, None, false, false),
                ("Report to follow", None, None, false, false),
                ("Restricted enclosure 5", None, None, true, false),
            ],
            "{name}"
        );
        let decided = decisions(item);
        let a = (Some("a"), "the progress be noted; and");
        let b = (Some("b"), "the plan be brought back no later than 31 March 2026.");
        assert_eq!(decided, [a, b], "{name}");
        let next = item.next_meeting.as_ref().unwrap();
        assert_eq!(
            (next.date.to_string().as_str(), next.start.unwrap().to_string().as_str()),
            ("2025-11-18", "19:00:00"),
            "{name}"
        );
        assert!(item.html.as_ref().unwrap().as_str().contains("<h3>4. Home to school transport</h3>"), "{name}");
    }
}

#[test]
fn each_stage_of_a_meeting_is_a_revision_of_one_item() {
    let agenda = read("moderngov-meeting/northmoor-agenda.html", Platform::ModerngovMeeting, NORTHMOOR);
    let first = only(&agenda);
    assert_eq!((first.stage, meeting(first)), (Some(Stage::Agenda), ("Cabinet".into(), day("2026-03-04"), String::new())));
    assert_eq!(
        first.text.as_ref().unwrap().as_str(),
        "Venue: Committee Room 1, Civic Offices, Northmoor\nThis meeting will be webcast live on the council's website.\n\
         CA.1 Declarations of interest\nCA.2 Budget monitoring (report to follow)\nTo consider the position at the end of January.\n\
         CA.3 Libraries\nTo agree to consult on opening hours."
    );
    assert_eq!((first.reasons.as_ref(), first.decisions.as_slice()), (None, [].as_slice()));
    assert_eq!(titles(&first.documents)[0], ("Budget monitoring (report to follow)", None, None, false, false));
    let page = String::from_utf8(fixture("moderngov-meeting/northmoor-agenda.html")).unwrap();
    let mut prints = vec![fingerprint(first)];
    for (heading, stage) in [
        ("Agenda and draft minutes", Stage::DraftMinutes),
        ("Agenda and minutes", Stage::Minutes),
        ("Printed minutes", Stage::Minutes),
        ("CANCELLED", Stage::Cancelled),
    ] {
        let later = page.replace(">Agenda<", &format!(">{heading}<"));
        let later = read_as(Platform::Auto, &NORTHMOOR.replace("MId=", "meetingid=").replace("CId=1&", ""), later.as_bytes());
        let item = only(&later);
        assert_eq!((item.stage, &item.key, &item.title), (Some(stage), &first.key, &first.title), "{heading}");
        prints.push(fingerprint(item));
    }
    prints.dedup();
    assert_eq!(prints.len(), 4, "agenda, draft minutes, minutes, cancelled");
    let late = page
        .replace(" (report to follow)", "")
        .replace(">Budget monitoring<", "><a href=documents/s300/Budget.pdf>Budget monitoring PDF 1 MB</a><");
    assert_ne!(fingerprint(only(&read_as(Platform::Auto, NORTHMOOR, late.as_bytes()))), prints[0]);
}

#[test]
fn a_cancelled_meeting_without_an_agenda_says_so() {
    let page = read("moderngov-meeting/northmoor-cancelled.html", Platform::ModerngovMeeting, NORTHMOOR);
    let item = only(&page);
    assert_eq!((item.stage, item.title.as_str()), (Some(Stage::Cancelled), "Cabinet - Wednesday, 4th March, 2026 10.00 am"));
    assert!(
        item.text
            .as_ref()
            .unwrap()
            .as_str()
            .ends_with("This meeting has been cancelled. The business will be taken on 1 April 2026.")
    );
}

#[test]
fn a_meeting_is_recognised_without_its_address() {
    let page = read_as(
        Platform::Auto,
        "https://www.ashvale.example.org/meetings/4711",
        &fixture("moderngov-meeting/ashvale-classes.html"),
    );
    assert_eq!((page.platform, page.items.len()), (Platform::ModerngovMeeting, 1));
}

#[test]
fn a_numbered_table_within_an_item_begins_no_items() {
    let page = read("moderngov-meeting/northmoor-nested-table.html", Platform::ModerngovMeeting, NORTHMOOR);
    let item = only(&page);
    assert_eq!((item.title.as_str(), item.stage), ("Cabinet - Wednesday, 4th March, 2026 10.00 am", Some(Stage::Agenda)));
    let headings = item.html.as_ref().unwrap().as_str().matches("<h3>").count();
    assert_eq!(headings, 3, "{:?}", item.html);
    let text = item.text.as_ref().unwrap().as_str();
    assert!(text.starts_with("1. Declarations of interest\n2. Budget monitoring\nTo consider the position.\n"), "{text}");
    assert!(text.ends_with("\n3. Urgent items"), "{text}");
}

#[test]
fn a_file_under_an_item_is_a_document_and_no_words_of_it() {
    let page = b"<h1>Agenda and draft minutes</h1><h2>Health Board<br>Monday, 12th January, 2026 2.00 pm</h2>\
        <p>Venue: <a href=map>Guildhall</a></p><dl><dt>12/26 Welcome</dt><dd>The chair welcomed all.</dd>\
        <dt>13/26 Nurses</dt><dd><p><a href=documents/s3/x.pdf>Nurses report PDF 3 KB</a></p><p>RESOLVED that the report be noted.</p></dd></dl>\
        <p>Contact details</p><p>Email: board@example.org</p>";
    let page = read_as(Platform::Auto, NORTHMOOR, page);
    let item = only(&page);
    assert_eq!(
        (item.stage, meeting(item)),
        (Some(Stage::DraftMinutes), ("Health Board".into(), day("2026-01-12"), String::new()))
    );
    let expect = "Venue: Guildhall\n12/26 Welcome\nThe chair welcomed all.\n13/26 Nurses\nRESOLVED that the report be noted.";
    assert_eq!(item.text.as_ref().unwrap().as_str(), expect);
    assert_eq!(titles(&item.documents), [("Nurses report", Some("pdf"), Some("3 KB"), false, true)]);
}

/// A notice above the agenda of Northmoor.
fn with_notice(markup: &str) -> Extraction {
    let page = String::from_utf8(fixture("moderngov-meeting/northmoor-agenda.html")).unwrap();
    let noticed = page.replacen("<table", &format!("{markup}<table"), 1);
    assert_ne!(noticed, page);
    read_as(Platform::Auto, NORTHMOOR, noticed.as_bytes())
}

#[test]
fn a_notice_above_the_agenda_is_text_and_says_whether_the_meeting_stands() {
    for (notice, said, stage) in [
        ("<p>Note: the room has changed to the Quaker Hall</p>", true, Stage::Agenda),
        ("<p>The seminar before this meeting has been cancelled</p>", true, Stage::Agenda),
        ("<div>With regret, this meeting has been put back and is postponed to 18 March 2026</div>", true, Stage::Cancelled),
        ("<p><strong>THE CABINET MEETING ON 4 MARCH 2026 HAS BEEN CANCELLED</strong></p>", true, Stage::Cancelled),
        ("<p>This meeting is cancelled: see <a href='ieListDocuments.aspx?MId=91'>18 March</a></p>", true, Stage::Cancelled),
        ("<p>Democratic Services, tel 01632 960999</p>", false, Stage::Agenda),
        ("<p>Wednesday, 4 March 2026 at 10 am</p>", false, Stage::Agenda),
    ] {
        let page = with_notice(notice);
        let item = only(&page);
        assert_eq!(item.stage, Some(stage), "{notice}");
        let words = scraper::Html::parse_fragment(notice).root_element().text().collect::<String>();
        assert_eq!(item.text.as_ref().unwrap().as_str().contains(&words), said, "{notice}: {}", item.text.as_ref().unwrap());
    }
}

#[test]
fn an_item_is_never_without_a_title() {
    let page = b"<html><head><title>Meetings</title></head><body><div class='ModCMISMeetingsC'><ul class='DocumentList'>\
        <li class='DocumentListItem'><a class='TitleLink' href='/Document.ashx?x1'>Agenda</a></li></ul></div></body></html>";
    let url = "https://fellside.example.org/Meetings/tabid/70/ctl/ViewMeetingPublic/mid/4/Meeting/9/Committee/1/Default.aspx";
    let read = read_as(Platform::Cmis, url, page);
    assert!(read.items.iter().all(|item| !item.title.is_empty()), "{:?}", in_lines(&read));
    assert_eq!(read.outcome, Outcome::Unrecognised);
}

#[test]
fn the_hour_in_a_meetings_title_or_below_it_is_when_it_begins() {
    let start = |sub: &str, below: &str| {
        let page = format!(
            "<!-- Modern.gov Reverse CMS --><html><head><title>Agenda</title></head><body><div id=modgov><h1 class=mgMainTitleTxt>Agenda</h1>\
             <h2 class=mgSubTitleTxt>{sub}</h2>{below}<div class=mgContent><table class=mgItemTable><tr><td class=mgItemNumberCell><p class=mgAiTitleTxt>1.</p>\
             </td><td><p class=mgAiTitleTxt>Apologies</p></td></tr></table></div></div></body></html>"
        );
        let url = "https://democracy.westmoor.example/ieListDocuments.aspx?CId=218&MId=4711";
        let item = read_as(Platform::ModerngovMeeting, url, page.as_bytes()).items.remove(0);
        let meeting = item.meeting.unwrap();
        assert_eq!(meeting.date, day("2025-09-16"), "{sub} {below}");
        meeting.start.map(|hour| hour.format("%H:%M").to_string())
    };
    let title = "Scrutiny Committee - Tuesday, 16th September, 2025";
    assert_eq!(start(&format!("{title} 7.00 pm"), "").as_deref(), Some("19:00"));
    assert_eq!(start("Scrutiny Committee", "<p>Tuesday, 16th September, 2025 7.00 pm</p>").as_deref(), Some("19:00"));
    assert_eq!(start(title, "<p>7.00 pm</p>").as_deref(), Some("19:00"));
    assert_eq!(start(title, "<p>Time: 10.00 am</p>").as_deref(), Some("10:00"));
    assert_eq!(start(title, ""), None);
}

#[test]
fn an_events_day_stays_under_its_label_whatever_is_noticed_above_its_headline() {
    let url = Url::parse("https://www.brackenfold.example/events/public-meeting").unwrap();
    let read = |notice: &str| {
        let markup = format!(
            "<!DOCTYPE html><title>Events | Brackenfold Council</title><header><a href='/'>Brackenfold Council</a></header><main><article>{notice}\
             <h1>Public meeting of the Improvement Panel</h1><dl><dt>Date</dt><dd>Wednesday 9 December 2026</dd><dt>Time</dt>\
             <dd>6.30pm</dd><dt>Venue</dt><dd>Corn Exchange, Bridge Street</dd></dl><div><p>All residents are welcome. There is no \
             need to book.</p></div></article></main>"
        );
        let page = Page { url: &url, status: 200, content_type: None, body: markup.as_bytes() };
        only(&extract(&page, Platform::Auto, &Select::default())).clone()
    };
    let particulars = "Date\nWednesday 9 December 2026\nTime\n6.30pm\nVenue\nCorn Exchange, Bridge Street\nAll residents are welcome. \
                       There is no need to book.";
    let before = read("");
    assert_eq!(before.meeting.as_ref().and_then(|meeting| meeting.date), day("2026-12-09"));
    assert_eq!(before.stage, None);
    assert_text(&before, particulars, "as announced");
    let after = read("<div class='c-notice'><p>This meeting has been postponed. A new date will be announced.</p></div>");
    assert_eq!(after.stage, Some(Stage::Cancelled));
    assert_text(&after, &format!("This meeting has been postponed. A new date will be announced.\n{particulars}"), "postponed");
    assert_eq!(read("<div class='c-notice'><p>Parking is free after 6pm. Come by the side door.</p></div>").stage, None);
}
