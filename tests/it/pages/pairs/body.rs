//! What stands in and beside the body of an article, in two fetches: what of it is the council's word, and what is the page's.

use super::*;

/// A story with something at the end of its text.
fn story(extra: &str) -> String {
    format!(
        "<!doctype html><html><head><title>Board hears of the plan | Testshire</title></head><body><header><nav><a href=\"/\">Home</a>\
         <a href=\"/news\">News</a></nav></header><main><h1>Board hears of the plan</h1><p class=\"date\">Published: 1 September 2026</p>\
         <p>The board met to hear about the plan for children’s services in the borough.</p>\
         <p>It considered the matter at length and agreed a way forward.</p>{extra}</main><footer>Contact us</footer></body></html>"
    )
}

fn read(page: &str) -> Vec<Item> {
    read_as(Platform::Page, "https://www.testshire.example/news/plan", page.as_bytes()).items
}

fn files(numbers: &[u8]) -> String {
    let item = |n: &u8| format!("<li><a href=\"/files/letter-{n}.pdf\">Inspection letter {n}</a> (PDF, 1MB)</li>");
    format!("<ul>{}</ul>", numbers.iter().map(item).collect::<String>())
}

/// Whether two endings of the same story are one text and the same documents.
fn differ(before: &str, after: &str) -> bool {
    let (was, is) = (read(&story(before)), read(&story(after)));
    assert_eq!((was.len(), is.len()), (1, 1), "{before}");
    !differences(&was, &is).is_empty()
}

#[test]
fn a_file_that_comes_to_an_article_is_noticed_wherever_it_stands() {
    let boxes: [(&str, &str); 11] = [
        ("<h2>Related documents</h2>", ""),
        ("<h2>Related downloads</h2>", ""),
        ("<h2>Related reports</h2>", ""),
        ("<h2>See also</h2>", ""),
        ("<h2>Share this document</h2>", ""),
        ("<h3>Documents</h3>", ""),
        ("<aside><h2>Downloads</h2>", "</aside>"),
        ("<aside>", "</aside>"),
        ("<div class=\"related-documents\"><h2>Documents</h2>", "</div>"),
        ("<div class=\"sidebar\">", "</div>"),
        ("<h2>Related news</h2><ul><li><a href=\"/news/b\">B</a></li></ul><h2>Downloads</h2>", ""),
    ];
    for (open, close) in boxes {
        let with = |numbers: &[u8]| format!("{open}{}{close}", files(numbers));
        assert!(differ(&with(&[1]), &with(&[1, 2])), "{open}");
        let documents = read(&story(&with(&[1, 2]))).remove(0).documents;
        assert_eq!(documents.iter().filter(|document| document.size.as_deref() == Some("1MB")).count(), 2, "{open}");
    }
    let shown = |n: u8| format!("<iframe src=\"/files/letter-{n}.pdf\"></iframe>");
    assert!(differ(&shown(1), &shown(2)));
    let viewed = |n: u8| format!("<iframe src=\"/viewer/web.html?file=/files/letter-{n}.pdf\" title=\"Letter\"></iframe>");
    assert!(differ(&viewed(1), &viewed(2)));
}

#[test]
fn what_the_site_offers_beside_an_article_is_not_the_articles() {
    let pairs = [
        (
            "<h2>Related news</h2><ul><li><a href=\"/news/b\">B</a></li></ul>",
            "<h2>Related news</h2><ul><li><a href=\"/news/c\">C</a></li></ul>",
        ),
        (
            "<aside><h2>Latest news</h2><a href=\"/news/b.pdf\">B</a></aside>",
            "<aside><h2>Latest news</h2><a href=\"/news/c.pdf\">C</a></aside>",
        ),
        ("<nav><a href=\"/files/a.pdf\">A</a></nav>", "<nav><a href=\"/files/b.pdf\">B</a></nav>"),
        (
            "<div class=\"cookie-notice\"><a href=\"/files/a.pdf\">A</a></div>",
            "<div class=\"cookie-notice\"><a href=\"/files/b.pdf\">B</a></div>",
        ),
        (
            "<h2>Share this page</h2><a href=\"https://social.example/share?u=1\">Post</a>",
            "<h2>Share this page</h2><a href=\"https://social.example/share?u=2\">Post</a>",
        ),
    ];
    for (before, after) in pairs {
        assert!(!differ(before, after), "{before}");
    }
}

#[test]
fn what_the_article_says_at_its_end_is_the_articles() {
    let pairs = [
        (
            "<h2>Related news</h2><ul><li><a href=\"/news/b\">B</a></li></ul><h2>Decision</h2><p>Approved.</p>",
            "Approved",
            "Refused",
        ),
        ("<p>Date of meeting: 12 March 2027</p>", "12", "14"),
        ("<p>Updated: hearing moved to 12 March 2027</p>", "12", "14"),
        ("<p>Last updated 5 October 2026: the consultation closes on 5 December 2026.</p>", "5 December", "9 December"),
        ("<p><strong>Last updated 5 October 2026: the centre stays open</strong></p>", "stays open", "is to close"),
        ("<p>Last updated: the deadline is now 5 December 2026.</p>", "5 December", "9 December"),
        ("<table><tr><th>Closing date</th><td>12 March 2027</td></tr></table>", "12", "14"),
        ("<dl><dt>Closing date</dt><dd>12 March 2027</dd></dl>", "12", "14"),
        ("<dl><dt>Visits by the panel</dt><dd>416</dd></dl>", "416", "417"),
        ("<dl><dt>Museum</dt><dd>416 visits</dd></dl>", "416", "417"),
        ("<p>Dates:</p><ul><li>1 March 2027</li><li>12 May 2027</li></ul>", "12", "14"),
        ("<p><a href=\"/download.aspx?id=123\">Report</a></p>", "123", "456"),
        ("<p><a href=\"https://survey.example/survey/1\">Have your say</a></p>", "survey/1", "survey/2"),
        ("<div class=\"tab\" style=\"display:none\"><h3>Outcome</h3><p>Approved.</p></div>", "Approved", "Refused"),
        ("<h3>Outcome</h3><div style=\"display: none\"><p>Approved.</p></div>", "Approved", "Refused"),
        (
            "<p><button aria-controls=\"o\" aria-expanded=\"false\">Outcome</button></p><div id=\"o\" hidden><p>Approved.</p></div>",
            "Approved",
            "Refused",
        ),
        ("<div hidden=\"until-found\"><p>Approved.</p></div>", "Approved", "Refused"),
    ];
    for (before, was, is) in pairs {
        assert!(differ(before, &before.replacen(was, is, 1)), "{before}");
    }
}

#[test]
fn what_the_page_says_of_itself_is_nobodys_word() {
    let pairs = [
        ("<p class=\"views\">Viewed 95,416 times</p>", "416", "999"),
        ("<span class=\"hits\">Hits: 416</span>", "416", "417"),
        ("<dl class=\"info\"><dd class=\"hits\"><span></span> Hits: 416</dd></dl>", "416", "417"),
        ("<div class=\"post-views\">Post Views: 416</div>", "416", "417"),
        ("<p class=\"meta\">3 hours ago &middot; 2 min read</p>", "3 hours ago", "Yesterday"),
        ("<p>12 comments</p>", "12", "13"),
        ("<p class=\"meta\">Posted 2 days ago</p>", "2", "3"),
        ("<p>Page generated at 12:01:22</p>", "12:01", "13:07"),
        ("<p>© Testshire Council 2026</p>", "2026", "2027"),
        ("<p>Was this page helpful? Yes No</p>", "<p>Was this page helpful? Yes No</p>", ""),
        ("<p>Last updated: 5 October 2026</p>", "5", "6"),
        ("<p>Published 1 September 2026 by the press office</p>", "press office", "newsroom"),
        ("<p><a href=\"/x.pdf?t=20261002\">the plan</a></p>", "20261002", "20261003"),
        ("<p><a href=\"/form?id=7&amp;token=a1b2\">the form</a></p>", "a1b2", "c3d4"),
        ("<p>The café’s plan</p>", "é", "e\u{301}"),
        ("<div hidden><p>Approved.</p></div>", "Approved", "Refused"),
        ("<div class=\"modal\" style=\"display:none\"><h3>Cookies</h3><p>We use 4 cookies.</p></div>", "4", "5"),
    ];
    for (before, was, is) in pairs {
        assert!(!differ(before, &before.replacen(was, is, 1)), "{before}");
    }
}

#[test]
fn a_file_of_a_list_that_is_replaced_is_noticed_by_the_size_beside_it() {
    let page = |size: &str| {
        let row =
            |n: u8| format!("<li><a href=\"/files/board-{n}.pdf\">Board minutes {n} September 2026</a> (PDF, 10{n}{size})</li>");
        format!(
            "<html><head><title>Board papers</title></head><body><main><h1>Board papers</h1><ul>{}</ul></main></body></html>",
            (1..6).map(row).collect::<String>()
        )
    };
    let (was, is) = (read(&page("KB")), read(&page("MB")));
    assert_eq!(was[0].documents[0].size.as_deref(), Some("101KB"));
    assert_eq!((was.len(), differences(&was, &is).len()), (5, 5));
}

#[test]
fn a_meeting_that_its_list_calls_off_is_called_off_whatever_its_own_page_says() {
    use boardwatch::domain::item::Stage;
    use boardwatch::rules::extract::extract_item;
    let list = |word: &str| {
        let row = |n: u8, word: &str| {
            format!(
                "<li><a class=\"mgMeetingTableLnk\" href=\"ieListDocuments.aspx?CId=9&amp;MId={n}\">{n} October 2026 2.30 pm</a> - {word}</li>"
            )
        };
        let page = format!(
            "<html><head><title>Browse meetings - Cabinet</title></head><body><div id=\"modgov\"><div class=\"mgContent\"><h1>Browse meetings</h1>\
             <h2 class=\"mgSubTitleTxt\">Cabinet</h2><ul>{}{}</ul></div></div></body></html>",
            row(15, word),
            row(8, "Minutes")
        );
        read_as(Platform::ModerngovMeeting, "https://democracy.example.org/ieListMeetings.aspx?CId=9&Year=0", page.as_bytes())
            .items
    };
    let own = "<html><head><title>Agenda for Cabinet</title></head><body><div id=\"modgov\"><div class=\"mgContent\"><h1>Agenda</h1>\
               <h2 class=\"mgSubTitleTxt\">Cabinet - 15 October 2026 2.30 pm</h2><table class=\"mgItemTable\"><tr><td>1.</td><td>\
               <p class=\"mgAiTitleTxt\">Apologies</p></td></tr></table></div></div></body></html>";
    let stage = |word: &str| {
        let listed = list(word).remove(0);
        let page = Page { url: &listed.url, status: 200, content_type: Some("text/html; charset=utf-8"), body: own.as_bytes() };
        extract_item(&page, Platform::ModerngovMeeting, &Select::default(), &listed).unwrap().stage
    };
    assert_eq!(list("Agenda").iter().map(|item| item.stage).collect::<Vec<_>>(), [Some(Stage::Agenda), Some(Stage::Minutes)]);
    assert_eq!((stage("Agenda"), stage("CANCELLED")), (Some(Stage::Agenda), Some(Stage::Cancelled)));
}
