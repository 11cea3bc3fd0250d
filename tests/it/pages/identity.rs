//! One thing reached in several ways is one item; two things that look alike are two.

use super::*;
use boardwatch::rules::extract::key::canonical;

fn key(url: &str) -> String {
    canonical(&Url::parse(url).unwrap())
}

#[test]
fn the_same_thing_reached_in_two_ways_has_one_key() {
    const SAME: &[(&str, &str, &str)] = &[
        (
            "a CMIS meeting in another tab, under another committee",
            "https://wenbury.cmis.example/wenbury/Meetings/tabid/70/ctl/ViewMeetingPublic/mid/412/Meeting/4133/Committee/31/SelectedTab/Documents/Default.aspx",
            "http://wenbury.cmis.example/Wenbury/Calendar/tabid/88/ctl/ViewMeetingPublic/mid/500/Meeting/4133/Committee/12/Default.aspx",
        ),
        (
            "a CMIS document from a page of another case",
            "https://wenbury.cmis.example/wenbury/Document.ashx?czJK%2bwXz%3d%3d",
            "http://WENBURY.cmis.example/Wenbury/document.ashx?czJK%2bwXz%3d%3d",
        ),
        (
            "a Jadu article whose title, and so its slug, was corrected",
            "https://www.corran.example/news/article/2214/ofsted-visit-letter",
            "http://corran.example/news/article/2214/ofsted_publishes_letter?utm_source=newsletter",
        ),
        (
            "a Jadu article by its older script",
            "http://www.pellbridge.example/site/scripts/news_article.php?newsID=1279",
            "https://www.pellbridge.example/news/article/1279/childrens_homes_rated_good",
        ),
        (
            "the same script from a category's page",
            "http://www.pellbridge.example/site/scripts/news_article.php?newsID=1279",
            "http://www.pellbridge.example/site/scripts/news_article.php?categoryID=9&newsID=1279",
        ),
        (
            "a Jadu meeting by its older script",
            "http://www.pellbridge.example/site/scripts/meetings_info.php?meetingID=311",
            "https://www.pellbridge.example/meetings/meeting/311/cabinet",
        ),
        (
            "a GOV.UK publication at its log",
            "https://www.gov.uk/government/publications/lowmoor-commissioner",
            "http://www.gov.uk/government/publications/lowmoor-commissioner/?utm_medium=email#full-publication-update-history",
        ),
        (
            "a Contensis post within its blog",
            "https://www.marrowfield.example/improvement/2023/Board-update-18-July-2023.aspx",
            "https://marrowfield.example/improvement/2023/board-update-18-july-2023.aspx?blogpath=/improvement/2023",
        ),
        (
            "a Contensis listing's page",
            "https://www.hollinshaw.example/news/news.aspx",
            "https://www.hollinshaw.example/news/news.aspx?NewsListing_List_GoToPage=2",
        ),
        (
            "a Drupal article with a campaign's parameters",
            "https://www.askrigg.example/news/2025/library-year",
            "http://askrigg.example/news/2025/library-year/?utm_campaign=x&fbclid=1",
        ),
        (
            "a decision by one of those who signed it",
            "https://democracy.hexley.example/ieDecisionDetails.aspx?ID=2210",
            "http://democracy.hexley.example/ieDecisionDetails.aspx?Id=2210&UID=14&AIId=9",
        ),
    ];
    for (what, one, other) in SAME {
        assert_eq!(key(one), key(other), "{what}");
    }
}

#[test]
fn different_things_have_different_keys() {
    const DIFFERENT: &[(&str, &str, &str)] = &[
        (
            "two meetings of one CMIS committee",
            "https://w.cmis.example/w/Meetings/tabid/70/ctl/ViewMeetingPublic/mid/412/Meeting/4135/Committee/9/Default.aspx",
            "https://w.cmis.example/w/Meetings/tabid/70/ctl/ViewMeetingPublic/mid/412/Meeting/4136/Committee/9/Default.aspx",
        ),
        (
            "two CMIS documents whose queries differ in case",
            "https://w.cmis.example/w/Document.ashx?K9pQ%2bwXz",
            "https://w.cmis.example/w/Document.ashx?k9pQ%2bwXz",
        ),
        (
            "a Jadu article and a Jadu meeting of one number",
            "https://www.corran.example/news/article/311/x",
            "https://www.corran.example/meetings/meeting/311/x",
        ),
        (
            "two articles of the older script",
            "http://www.pellbridge.example/site/scripts/news_article.php?newsID=1279",
            "http://www.pellbridge.example/site/scripts/news_article.php?newsID=1280",
        ),
        (
            "a GOV.UK publication and its attachment in HTML",
            "https://www.gov.uk/government/publications/lowmoor-commissioner",
            "https://www.gov.uk/government/publications/lowmoor-commissioner/government-response",
        ),
        (
            "two Drupal nodes without an alias",
            "https://www.thornmere.example/node/4471",
            "https://www.thornmere.example/node/4472",
        ),
        ("two of Ofsted's files", "https://files.ofsted.gov.uk/v1/file/50291234", "https://files.ofsted.gov.uk/v1/file/50270011"),
    ];
    for (what, one, other) in DIFFERENT {
        assert_ne!(key(one), key(other), "{what}");
    }
}

/// The keys of a feed with these entries.
fn keys(entries: &str) -> Vec<String> {
    let feed = format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title>{entries}</channel></rss>");
    let feed = read_as(Platform::Feed, "https://www.elmsworth.example/feed/", feed.as_bytes());
    feed.items.into_iter().map(|item| item.key).collect()
}

#[test]
fn an_entry_of_a_feed_keeps_its_key_when_only_its_address_changes() {
    const SAME: &[(&str, &str, &str)] = &[
        (
            "a guid that is no address, under a link that moved",
            "<item><title>Pool</title><link>https://www.elmsworth.example/news/pool</link><guid isPermaLink=\"false\">news-5512</guid></item>",
            "<item><title>Pool reopens</title><link>https://www.elmsworth.example/2025/pool-reopens</link><guid isPermaLink=\"false\">news-5512</guid></item>",
        ),
        (
            "a link that a campaign's parameters were added to",
            "<item><title>Pool</title><link>https://www.elmsworth.example/news/pool</link></item>",
            "<item><title>Pool</title><link>https://www.elmsworth.example/news/pool?utm_source=rss&amp;utm_medium=rss</link></item>",
        ),
        (
            "a site that moved to https",
            "<item><title>Pool</title><guid>http://www.elmsworth.example/?p=7719</guid></item>",
            "<item><title>Pool</title><guid>https://elmsworth.example/?p=7719</guid></item>",
        ),
    ];
    for (what, before, after) in SAME {
        assert_eq!(keys(before), keys(after), "{what}");
        assert_eq!(keys(before).len(), 1, "{what}");
    }
}

#[test]
fn entries_that_share_an_id_and_lead_to_different_pages_are_two() {
    let two = keys(
        "<item><title>Pool</title><link>https://a.example/pool</link><guid>news</guid></item>\
         <item><title>Park</title><link>https://a.example/park</link><guid>news</guid></item>",
    );
    assert_eq!(two, ["a.example/pool", "a.example/park"]);
}
