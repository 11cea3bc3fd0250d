//! What changes between two fetches of a page although nothing has happened: never a change of its items.

use super::*;
use boardwatch::domain::item::Fingerprint;
use boardwatch::rules::fingerprint::fingerprint;

const POST: &str = "https://www.trafford.gov.uk/about-your-council/children-families-and-wellbeing/Improvement-Plan-updates/2020/Improvement-Board-Update-14-January-2020.aspx";
const ISSUE: &str = "https://councillors.herefordshire.gov.uk/ieIssueDetails.aspx?IId=50043387&Opt=3";

const MEETING: &str = "https://democracy.ashvale.example.org/ieListDocuments.aspx?CId=218&MId=4711";

fn items(url: &str, page: &str) -> Vec<Item> {
    read_as(Platform::Auto, url, page.as_bytes()).items
}

fn prints(items: &[Item]) -> Vec<(String, Fingerprint)> {
    items.iter().map(|item| (item.key.clone(), fingerprint(item))).collect()
}

/// The same page as another request gets it: the `n`th of many.
fn fetched_again(page: &str, n: usize) -> String {
    let token = format!("{:x}", n * 7_919 + 17);
    page.replace("dDwtMTQ2Nz", &token)
        .replace("2026-08-11", &format!("2026-09-{n:02}"))
        .replace("2021-03-01", &format!("2021-04-{n:02}"))
        .replace("class=\"mgWordPara\"", &format!("data-k=\"{token}\" class='mgWordPara'  id=p{n}"))
        .replace("<ul><li><a href=\"mgCal", "<ul><li><a href=\"mgNew.aspx?bcr=1\">New</a></li><li><a href=\"mgCal")
        .replace("</p>", "  </p>\r\n\t")
        .replace("&copy; 2021", "&copy; 2022")
        .replace("</body>", &format!("<script src=\"/bnith__{token}\"></script><a hidden href=\"/-{token}=.html\">x</a></body>"))
        .replace("<h1", &format!("<!-- {token} --><input type=hidden name=_csrf value={token}><h1"))
}

#[test]
fn ten_fetches_of_an_unchanged_page_give_equal_records() {
    for (name, url) in [
        ("contensis-blog/trafford-2020-classes.html", POST),
        ("moderngov-issue/herefordshire-classes.html", ISSUE),
        ("moderngov-meeting/ashvale-classes.html", MEETING),
        ("moderngov-decision/brackwater-classes.html", "https://democracy.example.org/ieDecisionDetails.aspx?ID=1"),
        ("moderngov-decisions/tallow-table.html", "https://democracy.example.org/mgDelegatedDecisions.aspx?DS=2"),
    ] {
        let page = String::from_utf8(fixture(name)).unwrap();
        let before = items(url, &page);
        assert!(!before.is_empty(), "{name}");
        for n in 1..=10 {
            let again = fetched_again(&page, n);
            assert_ne!(again, page);
            let after = items(url, &again);
            assert_eq!(prints(&after), prints(&before), "{name}, fetch {n}");
            for (before, after) in before.iter().zip(&after) {
                assert_eq!(
                    (&before.text, &before.documents, &before.decisions),
                    (&after.text, &after.documents, &after.decisions),
                    "{name}"
                );
            }
        }
    }
}

#[test]
fn a_new_entry_in_the_sidebar_changes_no_other_item() {
    let page = String::from_utf8(fixture("contensis-blog/trafford-2020-classes.html")).unwrap();
    let entry = "<div class=\"sys_itemslist\">\n<div class=\"sys_subitem\"><h3><a href=\"/about/2021/Improvement-Board-Update-2-March-2021.aspx\">\
                 Improvement Board Update 2 March 2021</a></h3><dl><dd>Monday 29th March 2021</dd></dl></div>";
    let more = page.replace("<div class=\"sys_itemslist\">", entry).replace("Displaying 1 to 9 of 9", "Displaying 1 to 10 of 10");
    let (before, after) = (items(POST, &page), items(POST, &more));
    assert_eq!(after.len(), before.len() + 1);
    let after: Vec<Item> = after.into_iter().filter(|item| !item.key.contains("2-march-2021")).collect();
    assert_eq!(after, before);
}

#[test]
fn the_same_words_in_other_markup_are_no_revision() {
    for group in [
        ("contensis-blog/trafford-2019", "https://www.trafford.gov.uk/p/2019/x.aspx", ["table-layout", "flat-cp1252"]),
        ("moderngov-issue/bury", "https://councildecisions.bury.gov.uk/ieIssueDetails.aspx?IId=26695", ["classes", "breaks"]),
        ("moderngov-meeting/ashvale", MEETING, ["classes", "divs"]),
        (
            "moderngov-decision/brackwater",
            "https://democracy.example.org/ieDecisionDetails.aspx?ID=1",
            ["classes", "flat-cp1252"],
        ),
        ("moderngov-item/torbay", "https://www.torbay.gov.uk/DemocraticServices/mgAi.aspx?ID=1", ["classes", "lists"]),
    ] {
        let (stem, url, markups) = group;
        let all = markups.map(|markup| {
            let items = read_as(Platform::Auto, url, &fixture(&format!("{stem}-{markup}.html"))).items;
            fingerprint(&items[0])
        });
        assert_eq!(all[0], all[1], "{stem}");
    }
}

#[test]
fn a_changed_word_size_or_decision_is_a_revision() {
    let page = String::from_utf8(fixture("moderngov-issue/herefordshire-classes.html")).unwrap();
    let before = fingerprint(&items(ISSUE, &page)[0]);
    for (old, new) in [
        ("no later", "not later"),
        ("PDF 468 KB", "PDF 469 KB"),
        ("outlined in Appendix A; and", "outlined in Appendix B; and"),
        ("Item 181", "Item 182"),
    ] {
        let changed = page.replace(old, new);
        assert_ne!(changed, page, "{old}");
        assert_ne!(fingerprint(&items(ISSUE, &changed)[0]), before, "{old}");
    }
}
