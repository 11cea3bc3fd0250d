//! ModernGov's pages that list things of several kinds: "What's new", and the answers to a search.

use super::*;

fn whole(title: &str, content: &str) -> String {
    let menu = ["mgCalendarMonthView.aspx?GL=1", "mgListCommittees.aspx", "mgDelegatedDecisions.aspx?DS=2", "mgWhatsNew.aspx"];
    let link = |page: &&str| format!("<li><a href=\"{page}&amp;bcr=1\">Browse {page}</a></li>\n");
    let menu = menu.iter().map(link).collect::<Vec<_>>().concat();
    format!(
        "<!-- Modern.gov Reverse CMS --><html><head><title>{title}</title><meta name=\"DC.date\" content=\"2026-11-20\"/></head><body>\
         <div class=\"layout\"><ul class=\"side\">{menu}</ul><div id=\"modgov\"><h1>{title}</h1><div class=\"mgContent\" >{content}</div>\
         <div class=\"mgFooter\"><p>&nbsp;</p></div></div></div><footer><p>Pendlewick Borough Council</p></footer></body></html>"
    )
}

const SITE: &str = "https://democracy.pendlewick.example.org";

#[test]
fn what_is_new_is_listed_with_its_days() {
    let page = whole(
        "What's new",
        "<form><label>Dates</label><input name=DR value=\"13/11/2026-20/11/2026\"></form>\
         <h2 class=\"mgSectionTitle\">New items</h2><ul class=\"mgBulletList\">\
         <li>20/11/2026 - Agenda published: <a href=\"ieListDocuments.aspx?CId=133&amp;MId=5126\">Cabinet, Tuesday 8 December 2026</a></li>\
         <li>18/11/2026 - Minutes published: <a href=\"ieListDocuments.aspx?CId=133&amp;MId=5120\">Cabinet, Tuesday 10 November 2026</a></li>\
         <li>17/11/2026 - Issue published: <a href=\"mgIssueHistoryHome.aspx?IId=42010&amp;Opt=0\">Agency social workers</a></li>\
         <li>12/11/2026 - Decision published: <a href=\"ieDecisionDetails.aspx?ID=3310\">Agency social workers: award of contract (26/0091)</a></li></ul>",
    );
    let read =
        read_as(Platform::Auto, &format!("{SITE}/mgWhatsNew.aspx?DR=13%2f11%2f2026-20%2f11%2f2026&ACT=Find"), page.as_bytes());
    assert_eq!(
        in_lines(&read),
        [
            "2026-11-20 [Cabinet, 2026-12-08] Cabinet, Tuesday 8 December 2026 <democracy.pendlewick.example.org/ielistdocuments.aspx?mid=5126>",
            "2026-11-18 [Cabinet, 2026-11-10] Cabinet, Tuesday 10 November 2026 <democracy.pendlewick.example.org/ielistdocuments.aspx?mid=5120>",
            "2026-11-17 Agency social workers <democracy.pendlewick.example.org/ieissuedetails.aspx?iid=42010>",
            "2026-11-12 Agency social workers: award of contract (26/0091) <democracy.pendlewick.example.org/iedecisiondetails.aspx?id=3310>",
        ]
    );
    assert_eq!((read.platform, read.listing.shown), (Platform::Page, Some(4)));
}

#[test]
fn the_answers_to_a_search_are_no_listing_and_the_answer_says_so() {
    let hit = |kind: &str, href: &str, title: &str, words: &str| {
        format!(
            "<hr /><p  class=\"mgAiTitleTxt\" ><img src=\"mgimages/3.gif\" alt=\"Excellent match\" />\n{kind}&#58; \n\
             <a  class=\"mgAiTitleLnk\"  href=\"{href}\" >{title}</a></p>\n<div class=\"mgWordPara\">{words}</div>"
        )
    };
    let pager = "<p>Result Pages:  <strong>1</strong> <a href=\"ieSearchResults2.aspx?SS=flood&amp;DT=3&amp;PG=2\" title=\"Next page of search results\">Next</a></p>";
    let page = whole(
        "Search results",
        &[
            "<p>Results 1 to 3 for your search '<span>flood</span>'.</p>".to_owned(),
            pager.to_owned(),
            hit(
                "Key issue",
                "mgIssueHistoryHome.aspx?IId=59835",
                "Flood defence at Beck Bridge (1)",
                "Proposed decision: to agree <strong>flood</strong> works ...",
            ),
            hit(
                "Issue",
                "mgIssueHistoryHome.aspx?IId=43973",
                "Flood wardens: grants (2)",
                "Proposed decision: to give grants to <strong>flood</strong> wardens ...",
            ),
            hit("Meeting", "ieListDocuments.aspx?CId=895&amp;MID=8594", "09&#47;09&#47;2020 - Environment Committee (3)", ""),
            pager.to_owned(),
        ]
        .concat(),
    );
    let read = read_as(Platform::Auto, &format!("{SITE}/ieSearchResults2.aspx?SS=flood&DT=3&PG=1"), page.as_bytes());
    assert_eq!((read.outcome, read.items.as_slice()), (Outcome::Unrecognised, [].as_slice()));
    assert!(read.warnings.iter().any(|warning| warning.contains("answers to a search")), "{:?}", read.warnings);
}

#[test]
fn a_search_that_finds_nothing_says_so() {
    let page = whole("Search results", "<p class=\"mgErrorTxt\">No results found for your query</p>");
    let read = read_as(Platform::Auto, &format!("{SITE}/ieSearchResults2.aspx?SS=flood"), page.as_bytes());
    assert_eq!(read.outcome, Outcome::Empty);
}
