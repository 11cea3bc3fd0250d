//! Which addresses are one thing and which are two.

use super::*;

fn key(url: &str) -> String {
    canonical(&Url::parse(url).unwrap())
}

#[test]
fn one_thing_linked_in_many_ways_has_one_key() {
    let check = |urls: &[&str]| {
        for url in urls {
            assert_eq!(key(url), key(urls[0]), "{url}");
        }
    };
    check(&[
        "https://www.trafford.gov.uk/plan/2020/Update-14-January-2020.aspx",
        "http://Trafford.gov.uk/plan/2020/Update-14-January-2020.aspx?blogpath=/plan/2020#top",
        "https://www.trafford.gov.uk/plan/2020/update-14-january-2020.aspx?utm_source=x&fbclid=1",
    ]);
    check(&[
        "https://democracy.example.org/ieListDocuments.aspx?CId=218&MId=24544&Ver=4",
        "http://democracy.example.org/ieListDocuments.aspx?MeetingId=24544&LLL=0&bcr=1&J=2",
        "https://democracy.example.org/ielistdocuments.aspx?MID=24544&CID=218&$LO$=1",
    ]);
    check(&[
        "https://democracy.example.org/ieIssueDetails.aspx?IId=26695&Opt=3",
        "https://democracy.example.org/mgIssueHistoryHome.aspx?IId=26695&Opt=0&optionId=0",
    ]);
}

#[test]
fn a_slug_after_a_number_follows_the_title_and_is_no_identity() {
    assert_eq!(key("https://www.example.org/news/article/812/new-library"), "example.org/news/article/812");
    assert_eq!(key("https://example.org/news/article/812/library-opens/"), key("https://example.org/news/article/812"));
    assert_ne!(key("https://example.org/news/2024/new-library"), key("https://example.org/news/2024/old-library"));
    assert_eq!(key("https://example.org/article/8742/New-library"), key("https://example.org/article/8742/Library-opens"));
    assert_eq!(key("https://example.org/news/4711/new-library"), "example.org/news/4711");
    // A day, a month or a year holds many; a number with more below it is a folder.
    for folder in ["/news/202411", "/news/20241112", "/news/12", "/news/4711/2024", "/topics/4711"] {
        let under = |slug: &str| key(&format!("https://example.org{folder}/{slug}"));
        assert_ne!(under("new-library"), under("old-library"), "{folder}");
    }
}

#[test]
fn a_cmis_meeting_is_its_number_and_a_document_its_whole_query() {
    let tab = |tab: &str| {
        key(&format!("https://x.cmis.example/X/Meetings/tabid/70/ctl/ViewMeetingPublic/mid/397/Meeting/15042/{tab}/Default.aspx"))
    };
    assert_eq!(tab("Committee/4/SelectedTab/Documents"), "x.cmis.example/meeting/15042");
    assert_eq!(tab("Committee/4"), tab("Committee/9/SelectedTab/Minutes"));
    assert_ne!(key("https://x.example/Document.ashx?aB%3d"), key("https://x.example/Document.ashx?ab%3d"));
    assert_eq!(key("https://x.example/X/Document.ashx?aB%3d"), "x.example/x/document.ashx?aB%3d");
}

#[test]
fn a_file_is_its_number_whatever_it_is_called() {
    let check = |url: &str, expect: &str| assert_eq!(document(&Url::parse(url).unwrap()), expect, "{url}");
    check("https://democracy.example.org/documents/s90588/Appendix%20A.pdf", "democracy.example.org/documents/s90588");
    check("https://x.example/download/meetings/id/812/agenda.pdf", "x.example/download/meetings/id/812");
    check("https://x.example/downloads/file/41/plan?v=3", "x.example/downloads/file/41");
    check("https://x.example/documents/g4711/Printed%20minutes.pdf?T=1", "x.example/documents/g4711?t=1");
    check("https://x.example/documents/2020/plan.pdf", "x.example/documents/2020/plan.pdf");
    check("https://x.example/files/2020-01/plan.pdf", "x.example/files/2020-01/plan.pdf");
}

#[test]
fn different_things_have_different_keys() {
    assert_ne!(key("https://example.org/mgAi.aspx?ID=32414"), key("https://example.org/mgAi.aspx?ID=32415"));
    assert_ne!(key("https://example.org/news?id=1"), key("https://example.org/news?id=2"));
    assert_ne!(key("https://example.org/A"), key("https://example.org/a"));
    assert_ne!(key("https://example.org/x/mgAi.aspx?ID=1"), key("https://example.org/y/mgAi.aspx?ID=1"));
    assert_ne!(
        key("https://example.org/ieListDocuments.aspx?MId=1#AI5"),
        key("https://example.org/ieListDocuments.aspx?MId=1#AI6")
    );
}

/// Pairs of ModernGov's addresses that lead to one thing.
#[test]
fn a_thing_of_moderngov_has_one_key_however_it_is_reached() {
    let same = |one: &str, other: &str| assert_eq!(key(one), key(other), "{one} and {other}");
    let host = "https://democracy.example.org";
    let meeting = format!("{host}/ieListDocuments.aspx?CId=218&MId=24544");
    for other in [
        "http://democracy.example.org/ieListDocuments.aspx?CId=218&MId=24544",
        "https://www.democracy.example.org/ieListDocuments.aspx?CId=218&MId=24544",
        "https://Democracy.Example.org/ieListDocuments.aspx?CId=218&MId=24544",
        "https://democracy.example.org:443/ieListDocuments.aspx?CId=218&MId=24544",
        "https://democracy.example.org//ieListDocuments.aspx?CId=218&MId=24544",
        "https://democracy.example.org/IELISTDOCUMENTS.ASPX?CID=218&MID=24544",
        "https://democracy.example.org/ieListDocuments.aspx?MeetingId=24544&CId=218",
        "https://democracy.example.org/ieListDocuments.aspx?CommitteeId=218&MeetingID=24544",
        "https://democracy.example.org/ieListDocuments.aspx?CId=0&MId=24544&Ver=4&J=2&bcr=1&LLL=0&LS=1",
        "https://democracy.example.org/ieListDocuments.aspx?MId=24544&$LO$=1&XXR=0&GL=1&RP=0&K=0&V=0&DM=0&HD=0",
        "https://democracy.example.org/ieListDocuments.aspx?MId=24544&META=x&Next=true&ACT=Find&optionId=0&T=1",
        "https://democracy.example.org/ieListDocuments.aspx?MId=24544&utm_source=mail&fbclid=1",
        "https://democracy.example.org/ieListDocuments.aspx?CId=218&amp;MId=24544&amp;Ver=4",
        "https://democracy.example.org/ieListDocuments.aspx?CId=218&MId=24544#mgMain",
    ] {
        same(&meeting, other);
    }
    for other in ["IID=26695", "iid=26695&opt=3", "IId=26695&Opt=0&optionId=0", "IId=26695&PlanId=0&LLL=0"] {
        same(&format!("{host}/ieIssueDetails.aspx?IId=26695&Opt=3"), &format!("{host}/ieIssueDetails.aspx?{other}"));
    }
    for view in ["mgIssueHistoryHome", "mgIssueHistoryChronology", "mgDecisionDetails"] {
        same(&format!("{host}/ieIssueDetails.aspx?IId=26695"), &format!("{host}/{view}.aspx?IId=26695&Opt=1"));
    }
    same(&format!("{host}/ieDecisionDetails.aspx?ID=13149"), &format!("{host}/ieDecisionDetails.aspx?LLL=0&Id=13149"));
    same(&format!("{host}/ieDecisionDetails.aspx?ID=13149"), &format!("{host}/ieDecisionDetails.aspx?AIId=50&ID=13149"));
    same(&format!("{host}/mgAi.aspx?ID=32414"), &format!("{host}/mgAi.aspx?id=32414&LLL=0"));
    same(&format!("{host}/ieListMeetings.aspx?CId=127&Year=0"), &format!("{host}/ieListMeetings.aspx?CommitteeId=127"));
    same(&format!("{meeting}#AI54346"), &format!("{host}/ieListDocuments.aspx?MeetingId=24544#ai54346"));
    let prefixed = "https://www.example.org/DemocraticServices/mgAi.aspx?ID=1";
    same(prefixed, "http://example.org/democraticservices/MGAI.aspx?ID=1");
}

/// Pairs that differ in nothing but what tells two things apart.
#[test]
fn two_things_of_moderngov_have_two_keys() {
    let differ = |one: &str, other: &str| assert_ne!(key(one), key(other), "{one} and {other}");
    let host = "https://democracy.example.org";
    for (page, one, other) in [
        ("ieListDocuments", "CId=218&MId=1", "CId=218&MId=2"),
        ("ieListDocuments", "MId=1#AI5", "MId=1#AI6"),
        ("ieListDocuments", "MId=1", "MId=1#AI6"),
        ("ieIssueDetails", "IId=1&Opt=3", "IId=2&Opt=3"),
        ("ieDecisionDetails", "ID=1", "ID=2"),
        ("ieDecisionDetails", "AIId=1", "ID=1"),
        ("mgAi", "ID=1", "ID=11"),
        ("mgCommitteeDetails", "ID=1", "ID=2"),
        ("ieListMeetings", "CId=1", "CId=2"),
        ("mgUserInfo", "UID=1", "UID=2"),
        ("mgListPlanItems", "RPID=1", "RPID=2"),
    ] {
        differ(&format!("{host}/{page}.aspx?{one}"), &format!("{host}/{page}.aspx?{other}"));
    }
    differ(&format!("{host}/mgAi.aspx?ID=1"), &format!("{host}/ieDecisionDetails.aspx?ID=1"));
    differ(&format!("{host}/mgAi.aspx?ID=1"), "https://council.example.org/mgAi.aspx?ID=1");
    differ(&format!("{host}/documents/s90588/Plan.pdf"), &format!("{host}/documents/s90589/Plan.pdf"));
    let pack = |name: &str| format!("{host}/documents/g6439/{name} 31st-Mar-2025.pdf?T=1");
    differ(&pack("Agenda frontsheet"), &pack("Printed minutes"));
}

#[test]
fn a_stamp_or_token_is_no_part_of_what_a_link_leads_to() {
    let of = |raw: &str| document(&Url::parse(raw).unwrap());
    let same = |a: &str, b: &str| assert_eq!(of(a), of(b), "{a} and {b}");
    same("https://council.example.org/x.pdf?t=20261002", "https://council.example.org/x.pdf?t=20261003");
    same("https://council.example.org/x.pdf?v=1", "http://www.council.example.org/x.pdf?v=2");
    same("https://files.example.org/x.pdf?X-Amz-Date=20261002T1Z&X-Amz-Signature=a1", "https://files.example.org/x.pdf");
    same("https://council.example.org/x.pdf?rev=9f86", "https://council.example.org/x.pdf?rev=d081");
    same("https://council.example.org/x.pdf?sfvrsn=9f86_2", "https://council.example.org/x.pdf");
    let cmis = "https://x.cmis.example/X/Document.ashx?czJK%2b1=aB%3d%3d&rUzw=Q%3d";
    same(cmis, &format!("{cmis}&PHPSESSID=9f86"));
    same(cmis, &format!("{cmis}&utm_source=mail&fbclid=1"));
    same("https://council.example.org/form?id=7&_csrf=a1b2", "https://council.example.org/form?_csrf=c3&id=7");
    same("https://council.example.org/form?id=7&returnUrl=%2Fa", "https://council.example.org/form?id=7&returnUrl=%2Fb");
    let differ = |a: &str, b: &str| assert_ne!(of(a), of(b), "{a} and {b}");
    differ("https://council.example.org/download.aspx?id=123", "https://council.example.org/download.aspx?id=456");
    differ(cmis, &cmis.replace("aB", "ab"));
    differ("https://forum.example.org/topic?t=4711", "https://forum.example.org/topic?t=4712");
    differ("https://survey.example.org/survey/1", "https://survey.example.org/survey/2");
    differ(
        "https://democracy.example.org/documents/g4832/Agenda.pdf?T=10",
        "https://democracy.example.org/documents/g4832/Minutes.pdf?T=11",
    );
}

#[test]
fn what_is_another_at_each_visit_is_no_part_of_a_key() {
    let page = key("https://example.org/news/library");
    for written in [
        "news/library?_=1790000000",
        "news/library?cb=7",
        "news/library?ts=5&rnd=0.3&rand=x",
        "news/library?t=1790000000123",
        "news/library?t=9f86d081884c7d65",
        "news/library?CFID=12&CFTOKEN=44ab",
        "news/library?ASP.NET_SessionId=kfz2",
        "news/library?osCsid=ab12",
        "news/library?mtm_campaign=mail",
        "news/library?returnUrl=%2Fsearch&backlist=%2Fnews",
        "news/library?ref=newsletter",
        "news/library/index.html",
        "news/library/Index.HTM",
        "news/library/default.aspx",
        "news//library",
        "//news/library//index.php",
        "news/library;jsessionid=4FA1",
        "news/library;JSESSIONID=4FA1?utm_source=x",
        "(S(kfz2ab))/news/library",
        "(X(1)S(kfz2ab))/news/library",
    ] {
        assert_eq!(key(&format!("https://example.org/{written}")), page, "{written}");
    }
    for other in ["news/library?ref=22/01234/FUL", "news/library?rev=2", "news/library/index-2.html", "news/library/indexes"] {
        assert_ne!(key(&format!("https://example.org/{other}")), page, "{other}");
    }
    for other in ["news/library?t=12", "news/library?t=2027", "news/library?id=1", "news/(library)", "news/library;part=2"] {
        assert_ne!(key(&format!("https://example.org/{other}")), page, "{other}");
    }
    let meeting = "https://example.org/ieListDocuments.aspx;jsessionid=4F?CId=218&MId=24544";
    assert_eq!(key(meeting), key("https://example.org/ieListDocuments.aspx?MId=24544"));
    let signed = |rest: &str| document(&Url::parse(&format!("https://x.blob.example/c/letter.pdf?{rest}")).unwrap());
    let first = signed("sv=2021-08-06&se=2026-11-22T12%3A00Z&sr=b&sp=r&sig=ab");
    assert_eq!(first, signed("sv=2022-01-01&se=2026-11-22T13%3A00Z&sr=b&sp=r&sig=cd"));
    assert_ne!(signed("sp=1"), signed("sp=2"));
}

#[test]
fn a_key_of_before_is_respelt_and_what_is_no_address_is_left_alone() {
    let check = |old: &str, expect: Option<&str>| assert_eq!(respelt(old).as_deref(), expect, "{old}");
    check("example.org/news//library/index.html", Some("example.org/news/library"));
    check("example.org:8080/news?id=4&returnurl=/x", Some("example.org:8080/news?id=4"));
    check("example.org/news/library", None);
    check("westmoor-481", None);
    check("example.org/issue?iid=1#2022-12-15/cabinet", None);
}

#[test]
fn an_address_is_shown_without_the_list_over_a_post_and_otherwise_as_it_is_written() {
    let check = |written: &str, expect: &str| {
        let mut url = Url::parse(written).unwrap();
        without_list(&mut url);
        assert_eq!(url.as_str(), expect);
    };
    check("https://x.example/Post.aspx?blogpath=/council/Updates", "https://x.example/Post.aspx");
    check("https://x.example/Post.aspx?q=a%20b&BlogPath=/u&v=2#top", "https://x.example/Post.aspx?q=a%20b&v=2#top");
    check("https://x.example/n?next=2&Opt=3", "https://x.example/n?next=2&Opt=3");
}

#[test]
fn a_row_is_named_by_who_meets_on_its_day() {
    let check = |key: &str, expect: Option<(&str, &str)>| assert_eq!(row_name(key), expect, "{key}");
    check("a.example/dates#2026-12-07-full-council", Some(("a.example/dates", "full-council")));
    check("a.example/dates#2026-12-07", None);
    check("a.example/dates#2026-12-07-2", None);
    check("a.example/dates#2026-12-07/board/ai42", None);
    check("a.example/dates", None);
}
