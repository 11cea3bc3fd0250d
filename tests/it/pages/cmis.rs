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
