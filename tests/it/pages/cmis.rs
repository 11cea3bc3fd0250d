//! CMIS lists, meetings and documents, with its classes and without.

use super::*;

const MEETING: &str = "https://westholme.cmis.example/Westholme/Meetings/tabid/70/ctl/ViewMeetingPublic/mid/412/Meeting/15042/Committee/4/SelectedTab/Documents/Default.aspx";

#[test]
fn a_list_of_meetings_is_the_same_in_all_templates() {
    let url = "https://westholme.cmis.example/Westholme/Meetings/tabid/70/Default.aspx";
    for name in ["list", "list-columns", "list-plain"] {
        let file = format!("cmis/{name}.html");
        let list = read(&file, Platform::Cmis, url);
        assert_eq!(
            in_lines(&list),
            [
                "- [Planning Committee, 2026-07-09] Planning Committee <westholme.cmis.example/meeting/15042>",
                "- [Standards Committee, 2026-07-23] Standards Committee <westholme.cmis.example/meeting/15115>"
            ],
            "{name}"
        );
    }
    assert_only_noise(
        Platform::Cmis,
        url,
        "cmis/list.html",
        &[("VS1111", "VS2222"), ("EV1111", "EV2"), ("dnn_ctr412", "dnn_ctr500"), ("rgAltRow", "rgRow"), ("Home of the", "The")],
    );
}

#[test]
fn a_meeting_with_its_summary_and_documents() {
    for name in ["meeting", "meeting-table"] {
        let file = format!("cmis/{name}.html");
        let page = read(&file, Platform::Cmis, MEETING);
        let expect = ["- [Planning Committee, 2026-07-09] Agenda Planning Committee <westholme.cmis.example/meeting/15042>"];
        assert_eq!(in_lines(&page), expect, "{name}");
        let item = &page.items[0];
        assert_text(item, "Status: Scheduled\nVenue: Committee Rooms 3 & 4", name);
        let kind = if name == "meeting" { "pdf" } else { "-" };
        assert_eq!(
            papers(item),
            [
                format!(
                    "Agenda and reports | {kind} | 2Mb | https://westholme.cmis.example/Westholme/Document.ashx?czJKcaeAi5tUFL1DTL2UE4%2bqW%3d%3d"
                ),
                format!(
                    "Minutes of the previous meeting | {kind} | 156Kb | https://westholme.cmis.example/Westholme/Document.ashx?Zz9/+aB%3d"
                ),
                "Report on the sale of land | - | 88Kb | - restricted".to_owned(),
            ],
            "{name}"
        );
        assert_only_noise(Platform::Cmis, MEETING, &file, &[("<title>", "<title>x")]);
    }
    let page = String::from_utf8(fixture("cmis/meeting.html")).unwrap().replace("Scheduled", "Cancelled");
    assert_eq!(
        read_as(Platform::Auto, MEETING, page.as_bytes()).items[0].stage,
        Some(boardwatch::domain::item::Stage::Cancelled)
    );
}

#[test]
fn a_tab_that_shows_only_papers_keeps_the_listed_name() {
    let list = read("cmis/list.html", Platform::Cmis, "https://westholme.cmis.example/Westholme/Meetings/tabid/70/Default.aspx");
    let body = fixture("cmis/papers-only.html");
    let url = Url::parse(MEETING).unwrap();
    let page = Page { url: &url, status: 200, content_type: None, body: &body };
    let item = boardwatch::rules::extract::extract_item(&page, Platform::Cmis, &Select::default(), &list.items[0]).unwrap();
    assert_eq!(
        in_a_line(&item),
        "- [Planning Committee, 2026-07-09] DraftMinutes Planning Committee <westholme.cmis.example/meeting/15042>"
    );
    assert_eq!(item.documents.len(), 1);
}

#[test]
fn documents_whose_encrypted_queries_differ_only_in_case_are_two() {
    let found =
        read("cmis/documents-found.html", Platform::Cmis, "https://westholme.cmis.example/Westholme/Search/tabid/9/Default.aspx");
    assert_eq!(
        in_lines(&found),
        [
            "- [Cabinet, 2026-09-01] Improvement plan update <westholme.cmis.example/westholme/document.ashx?czJKcaeAi5tUFL1DTL2UE4%2bqW%3d%3d>",
            "- [Cabinet, 2026-09-01] Budget monitoring <westholme.cmis.example/westholme/document.ashx?CZJKcaeAi5tUFL1DTL2UE4%2bqW%3d%3d>"
        ]
    );
    assert_eq!(found.items[0].documents[0].size.as_deref(), Some("5.23 Mb"));
}

#[test]
fn an_empty_list_is_not_filled_from_the_menu() {
    for platform in [Platform::Cmis, Platform::Auto] {
        let page = read_as(
            platform,
            "https://westholme.cmis.example/Westholme/Meetings/tabid/70/Default.aspx",
            &fixture("cmis/no-data.html"),
        );
        assert_eq!((page.platform, page.outcome), (Platform::Cmis, Outcome::Empty), "{:?}", page.warnings);
    }
}

#[test]
fn what_is_noise_on_any_page_is_noise_within_a_meetings_module() {
    let with = |among: &str| {
        let row = |label: &str, value: &str| {
            format!("<div class=holder><div class=DNNLabel>{label}:</div><div class=Value>{value}</div></div>")
        };
        let page = format!(
            "<html><head><title>Meeting details</title></head><body><form><div class=\"DNNModuleContent ModCMISMeetingsC\"><h1>Meeting Details</h1>\
             {}{}<p>Members of the public may speak.</p>{among}<h2>Documents</h2><ol class=DocumentList><li class=DocumentListItem>\
             <a class=TitleLink href=\"/W/Document.ashx?cz1%3d\">Agenda</a></li></ol></div></form></body></html>",
            row("Committee", "Planning Committee"),
            row("Date/Time", "9 July 2026 - 11:00")
        );
        read_as(Platform::Cmis, MEETING, page.as_bytes()).items.remove(0).text.unwrap().to_string()
    };
    let plain = with("");
    assert_eq!(plain, "Members of the public may speak.");
    for noise in [
        "<p>Share token: 8f3a9c2d71be</p>",
        "<p>8f3a9c2d71be44aa9d2017c3f05b6e81</p>",
        "<p>Print this page</p>",
        "<p><a href=/share?t=8f3a>Share</a></p>",
        "<h3>Sponsored</h3><p><a href=/ad/1>Buy now</a></p>",
        "<div><h3>Sponsored</h3><p>Buy now and save.</p></div>",
        "<p>Viewed 95,416 times</p>",
        "<div role=alert class=alert><p>Snow is expected tonight.</p></div>",
        "<h3>Related news</h3><ul><li><a href=/n/1>A story</a></li></ul>",
    ] {
        assert_eq!(with(noise), plain, "{noise}");
    }
    for said in ["<div role=alert class=alert><p>The start is now at noon.</p></div>", "<p>Reference: 22/01234/FUL</p>"] {
        assert_ne!(with(said), plain, "{said}");
    }
}

#[test]
fn a_banner_heads_no_list() {
    let banners = [
        "<div class=alert-banner role=alert><h2>Roads closed</h2><p>Snow is expected. <a href=/roads>More</a></p></div>",
        "<div class=emergency-banner><h1>Roads closed</h1><p>Snow is expected.</p></div>",
    ];
    let rows = |row: fn(usize) -> String| (1..6).map(row).collect::<String>();
    let meetings = rows(|n| {
        format!(
            "<tr class=rgRow><td><a href=/W/Meetings/tabid/70/ctl/ViewMeetingPublic/mid/397/Meeting/1504{n}/Committee/4/Default.aspx>{n} Jul 2026 11:00 \
             - Planning Committee</a></td></tr>"
        )
    });
    let decisions = rows(|n| {
        format!("<tr><td><a href=ieDecisionDetails.aspx?ID=90{n}>Lease of boathouse {n}</a></td><td>0{n}/10/2019</td></tr>")
    });
    for banner in banners {
        let page = format!(
            "<body>{banner}<form><div class=ModCMISMeetingsC>{banner}<h1>Browse Meetings</h1><table id=x_grdRadMeeting_ctl00>{meetings}</table></div></form>"
        );
        let read = read_as(Platform::Cmis, "https://westholme.cmis.example/W/Meetings/tabid/70/Default.aspx", page.as_bytes());
        assert_eq!((read.page_title.unwrap().as_str(), read.items.len()), ("Browse Meetings", 5), "{banner}");
        for title in ["<h1 class=mgMainTitleTxt>Officer decisions</h1>", "<h1>Officer decisions</h1>"] {
            let page = format!(
                "<body>{banner}<div id=modgov>{banner}{title}<div class=mgContent><table>{decisions}</table></div></div>"
            );
            let url = "https://democracy.tallow.example.org/mgDelegatedDecisions.aspx?DS=2";
            let read = read_as(Platform::ModerngovDecisions, url, page.as_bytes());
            assert_eq!((read.page_title.unwrap().as_str(), read.items.len()), ("Officer decisions", 5), "{banner}");
        }
    }
}

#[test]
fn an_agenda_that_names_the_day_before_a_meeting_was_moved_is_still_its_agenda() {
    let on = |day: &str| {
        let page = format!(
            "<form><div class=ModCMISMeetingsC><h1>Meeting Details</h1><p>Committee: Planning Committee</p><p>Date/Time: {day} - 11:00</p>\
             <ol class=DocumentList><li class=DocumentListItem><a class=TitleLink href=\"/W/Document.ashx?cz1%3d\">Agenda 9 July 2026</a></li></ol></div></form>"
        );
        read_as(Platform::Cmis, MEETING, page.as_bytes()).items.remove(0)
    };
    let (before, now) = (on("9 July 2026"), on("16 July 2026"));
    assert_eq!((before.stage, now.stage), (Some(boardwatch::domain::item::Stage::Agenda), before.stage));
    assert_eq!(boardwatch::rules::revision::classes(&before, &now), [boardwatch::domain::revision::RevisionClass::DateMoved]);
}
