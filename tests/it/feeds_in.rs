//! Feeds of others as sources: what is read from them.

use boardwatch::domain::item::{Extraction, Item, Outcome};
use boardwatch::domain::source::{Platform, Select};
use boardwatch::rules::extract::{Page, extract};
use url::Url;

fn read(file: &str, platform: Platform) -> Extraction {
    let body = std::fs::read(format!("tests/fixtures/feeds/{file}")).unwrap();
    let url = Url::parse(&format!("https://www.anytown.example/{file}")).unwrap();
    extract(&Page { url: &url, status: 200, content_type: None, body: &body }, platform, &Select::default())
}

/// Title, day ("" where there is none), key and address.
fn facts(item: &Item) -> (&str, String, &str, &str) {
    (item.title.as_str(), item.published.map(|day| day.to_string()).unwrap_or_default(), item.key.as_str(), item.url.as_str())
}

#[test]
fn an_rss_feed_with_faults_is_read_to_its_last_item() {
    let feed = read("rss-council.xml", Platform::Feed);
    assert_eq!((feed.outcome, feed.page_title.unwrap().as_str()), (Outcome::Items, "Anytown Council – improvement news"));
    let [board, budget, road] = feed.items.as_slice() else { panic!("{:?}", feed.items) };
    let link = "https://www.anytown.example/news/board-february?utm_source=rss";
    assert_eq!(
        facts(board),
        ("Children's Improvement Board & next steps", "2020-02-11".to_owned(), "anytown.example?p=481", link)
    );
    assert_eq!(board.text.as_ref().unwrap(), "The Board met on 4 February.\nMore social workers\nFewer agency staff\nPlan");
    let html = board.html.as_ref().unwrap().as_str();
    assert!(
        html.contains("<b>4 February</b>")
            && html.contains("href=\"https://www.anytown.example/plan.pdf\"")
            && !html.contains("script"),
        "{html}"
    );
    let [plan, linked] = board.documents.as_slice() else { panic!("{:?}", board.documents) };
    assert_eq!((linked.title.as_str(), linked.kind.as_deref()), ("Plan", Some("pdf")), "what the content links to");
    assert_eq!(
        (plan.title.as_str(), plan.kind.as_deref(), plan.size.as_deref(), plan.restricted),
        ("Improvement plan.pdf", Some("pdf"), Some("468 KB"), false)
    );
    assert_eq!(
        facts(budget),
        ("Budget £5m short & rising, < last year", "2019-06-10".to_owned(), "481", "https://www.anytown.example/news/budget")
    );
    assert_eq!(budget.published_at.unwrap().to_rfc3339(), "2019-06-10T08:30:00+01:00");
    assert_eq!(budget.text.as_ref().unwrap(), "Spending is up again.\nSee the report.");
    assert_eq!(
        facts(road),
        ("A road is closed", String::new(), "anytown.example/news/road", "https://www.anytown.example/news/road")
    );
    assert_eq!((&road.text, &road.meeting), (&None, &None));
    assert_eq!(feed.warnings, ["1 of 3 entries have no date that can be read"]);
    assert_eq!(feed.listing.shown, Some(3));
}

#[test]
fn a_decision_that_moderngov_repeats_is_one_item() {
    let feed = read("rss-decisions.xml", Platform::Auto);
    assert_eq!(feed.platform, Platform::Feed);
    let titles: Vec<&str> = feed.items.iter().map(|item| item.title.as_str()).collect();
    assert_eq!(titles, ["Highways contract", "Library hours"]);
    assert_eq!(feed.items[0].text.as_ref().unwrap(), "Decision maker: Mayor");
    assert_eq!(feed.items[1].text, None);
    assert!(feed.warnings.contains(&"1 repeated entries left out".to_owned()), "{:?}", feed.warnings);
}

#[test]
fn an_rss_1_feed_is_read() {
    let feed = read("rdf.xml", Platform::Auto);
    let [item] = feed.items.as_slice() else { panic!("{feed:?}") };
    assert_eq!(
        facts(item),
        ("School places", "2020-01-08".to_owned(), "anytown.example/news/1", "https://www.anytown.example/news/1")
    );
}

#[test]
fn an_atom_feed_is_read_with_its_enclosures_and_next_page() {
    let feed = read("atom.xml", Platform::Auto);
    assert_eq!(feed.page_title.unwrap().as_str(), "Improvement & inspection");
    let [board, visit] = feed.items.as_slice() else { panic!("{:?}", feed.items) };
    let key = "tag:anytown.example,2020:board-14-january";
    assert_eq!(
        facts(board),
        ("Board update 14 January", "2020-01-31".to_owned(), key, "https://www.anytown.example/news/board-14-january")
    );
    assert_eq!(board.text.as_ref().unwrap(), "Audits\nAll teams are £-neutral.");
    let [plan] = board.documents.as_slice() else { panic!("{:?}", board.documents) };
    assert_eq!((plan.title.as_str(), plan.kind.as_deref(), plan.size.as_deref()), ("Action plan", Some("docx"), Some("1.5 MB")));
    assert_eq!(
        facts(visit),
        ("Monitoring visit", "2020-06-01".to_owned(), "anytown.example/news/visit", "https://www.anytown.example/news/visit")
    );
    assert_eq!(feed.listing.next_url.unwrap().as_str(), "https://www.anytown.example/news.atom?page=2");
}

#[test]
fn a_json_feed_is_read_though_some_members_are_of_other_types() {
    let feed = read("feed.json", Platform::Auto);
    let [hubs, noted] = feed.items.as_slice() else { panic!("{feed:?}") };
    assert_eq!(
        facts(hubs),
        ("Family hubs: next phase", "2022-12-15".to_owned(), "42", "https://www.anytown.example/decisions/42")
    );
    let [report] = hubs.documents.as_slice() else { panic!("{:?}", hubs.documents) };
    assert_eq!((report.title.as_str(), report.size.as_deref()), ("Report", Some("812 bytes")));
    assert_eq!(facts(noted), ("Noted.", "2022-12-15".to_owned(), "43", "https://www.anytown.example/decisions/43"));
    assert_eq!((noted.published_at, noted.text.as_ref().unwrap().as_str()), (None, "Noted.\nNo further action <yet>."));
}
