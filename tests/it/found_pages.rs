//! Pages of unknown systems, read without a selector.

use boardwatch::domain::item::{Extraction, Outcome};
use boardwatch::domain::source::{Platform, Select};
use boardwatch::domain::text::Text;
use boardwatch::rules::extract::{Page, extract, extract_item};
use url::Url;

fn read(file: &str) -> Extraction {
    let body = std::fs::read(format!("tests/fixtures/pages/{file}.html")).unwrap();
    let url = Url::parse("https://www.anytown.example/news").unwrap();
    extract(
        &Page { url: &url, status: 200, content_type: Some("text/html; charset=utf-8"), body: &body },
        Platform::Auto,
        &Select::default(),
    )
}

/// `date title <path?query>`, item by item.
fn check(file: &str, page_title: &str, next: Option<&str>, expect: &[&str]) -> Extraction {
    check_as(Platform::Page, file, page_title, next, expect)
}

/// The same for a page that a known system's signs are on.
fn check_as(platform: Platform, file: &str, page_title: &str, next: Option<&str>, expect: &[&str]) -> Extraction {
    let extraction = read(file);
    let lines: Vec<String> = extraction
        .items
        .iter()
        .map(|item| {
            let day = item.published.map_or("-".to_owned(), |day| day.to_string());
            let query = item.url.query().map(|q| format!("?{q}")).unwrap_or_default();
            format!("{day} {} <{}{query}>", item.title, item.url.path())
        })
        .collect();
    assert_eq!(lines, expect, "{file}: {:?}", extraction.warnings);
    assert_eq!((extraction.platform, extraction.outcome), (platform, Outcome::Items), "{file}");
    assert_eq!(extraction.page_title.as_ref().map(Text::as_str), Some(page_title), "{file}");
    assert_eq!(extraction.listing.next_url.as_ref().map(Url::as_str), next, "{file}");
    extraction
}

#[test]
fn a_list_with_headings_and_times() {
    let listing = check(
        "page-list-ul",
        "Improvement board news",
        Some("https://www.anytown.example/news?page=2"),
        &[
            "2020-02-11 Improvement Board Update 14 January 2020 </news/board-update-january?utm_source=list>",
            "2020-01-08 Improvement Plan Board Update - 3 December 2019 </news/board-update-december>",
            "2019-11-25 Improvement Board Update - 22 October 2019 </news/board-update-october>",
        ],
    );
    assert_eq!((listing.listing.shown, listing.listing.total), (Some(3), Some(12)));
    assert_eq!(listing.items[0].key, "anytown.example/news/board-update-january");
    assert_eq!(listing.items[0].published_at.unwrap().to_rfc3339(), "2020-02-11T09:30:00+00:00");
    assert!(listing.items.iter().all(|item| item.text.is_none() && item.documents.is_empty()));
}

#[test]
fn a_table_with_a_second_column_of_links() {
    check(
        "page-list-table",
        "Published decisions",
        None,
        &[
            "2022-12-15 Family hubs: next phase </decision.asp?id=101&view=full>",
            "2022-12-14 Highways maintenance contract </decision.asp?id=102&view=full>",
            "2022-12-01 School places strategy 2023-26 </decision.asp?id=103&view=full>",
        ],
    );
}

#[test]
fn cards_that_are_links_as_a_whole() {
    check(
        "page-list-cards",
        "Latest news",
        Some("https://www.anytown.example/news?page=2"),
        &[
            "2024-03-03 New library opens its doors </stories/new-library>",
            "2024-03-01 Thousand trees planted </stories/tree-planting>",
            "2024-02-28 Road repairs begin </stories/road-repairs>",
            "2024-02-27 Youth council elected </stories/youth-council>",
        ],
    );
}

#[test]
fn a_wordpress_archive() {
    check(
        "page-list-wordpress",
        "Category: News",
        Some("https://www.anytown.example/category/news/page/2/"),
        &["2023-05-04 Children’s board: spring update </2023/05/board/>", "2023-04-28 Roads </2023/04/roads/>"],
    );
}

#[test]
fn a_drupal_view() {
    let listing = check_as(
        Platform::LocalgovDrupal,
        "page-list-drupal",
        "News",
        Some("https://www.anytown.example/news?page=1"),
        &[
            "2018-09-28 Adult social care review published </node/811>",
            "2018-09-24 Leisure centre reopens </node/809>",
            "2018-09-18 Food waste: what goes where </node/802>",
        ],
    );
    assert!(listing.warnings.iter().any(|w| w.ends_with("made with Drupal 7")), "{:?}", listing.warnings);
}

#[test]
fn a_gov_uk_finder() {
    check_as(
        Platform::Govuk,
        "page-list-govuk",
        "News and communications",
        None,
        &[
            "2016-07-04 Children's social care reform accelerated </government/news/social-care-reform>",
            "2016-07-01 New inspection framework </government/news/inspection>",
        ],
    );
}

#[test]
fn headings_and_paragraphs_one_after_the_other() {
    check(
        "page-list-flat",
        "Bulletins",
        None,
        &[
            "2021-01-10 Bulletin twelve: winter pressures </bulletins/12>",
            "2020-12-02 Bulletin eleven: the plan </bulletins/11>",
            "2020-10-30 Bulletin ten </bulletins/10>",
        ],
    );
}

#[test]
fn a_plain_list_of_papers_where_a_file_is_its_own_document() {
    let listing = check(
        "page-list-undated",
        "Board papers",
        None,
        &[
            "- Terms of reference of the board </papers/terms>",
            "- Improvement plan </papers/plan.pdf>",
            "- Minutes of the June meeting </papers/minutes-june>",
        ],
    );
    let [plan] = listing.items[1].documents.as_slice() else { panic!("{:?}", listing.items[1]) };
    assert_eq!((plan.kind.as_deref(), plan.size.as_deref()), (Some("pdf"), Some("2.1 MB")));
}

#[test]
fn an_article_with_related_news_under_it() {
    let page = check(
        "page-article-main",
        "Board update - 22 October 2019",
        None,
        &["2019-11-25 Board update - 22 October 2019 </news>"],
    );
    let item = &page.items[0];
    assert_eq!(
        item.text.as_ref().unwrap().as_str(),
        "Monitoring visit\nIn the first visit to check on progress, on 15 October 2019, inspectors found that no child was deemed to be at risk.\n\
         Generally positive about the progress made\nNeed to engage more with families\nThe plan: Improvement plan (PDF, 468 KB)\n\
         The next board meeting will take place on Tuesday 3 December 2019."
    );
    assert!(
        item.html.as_ref().unwrap().as_str().starts_with("<h2>Monitoring visit</h2><p>In the first visit"),
        "{:?}",
        item.html
    );
    let [plan] = item.documents.as_slice() else { panic!("{:?}", item.documents) };
    assert_eq!(
        (plan.title.as_str(), plan.url.as_ref().unwrap().path(), plan.size.as_deref()),
        ("Improvement plan", "/files/plan.pdf", Some("468 KB"))
    );
    assert_eq!(item.next_meeting.as_ref().unwrap().date.to_string(), "2019-12-03");
    assert_eq!(page.listing.shown, None);
}

#[test]
fn an_article_in_nameless_blocks_with_its_date_in_the_head() {
    let page = check("page-article-divs", "Road repairs begin", None, &["2024-02-28 Road repairs begin </news>"]);
    assert_eq!(
        page.items[0].text.as_ref().unwrap().as_str(),
        "Work starts on Monday 4 March 2024 on three roads in the north of the town.\n\
         Traffic will be diverted through Mill Lane, and buses will run as usual on all routes.\n\
         Residents have been told by letter."
    );
}

#[test]
fn an_article_dated_by_its_linked_data_in_british_time() {
    let page = check("page-article-jsonld", "Care leavers’ promise", None, &["2021-07-01 Care leavers’ promise </news>"]);
    assert!(
        page.items[0].text.as_ref().unwrap().as_str().ends_with("The promise was agreed by the Cabinet."),
        "{:?}",
        page.items[0].text
    );
}

#[test]
fn an_item_is_completed_from_its_own_page() {
    let listed = read("page-list-ul").items.remove(2);
    let body = std::fs::read("tests/fixtures/pages/page-article-main.html").unwrap();
    let page = Page { url: &listed.url, status: 200, content_type: None, body: &body };
    let item = extract_item(&page, Platform::Page, &Select::default(), &listed).unwrap();
    assert_eq!((&item.key, item.published), (&listed.key, listed.published));
    assert!(item.text.unwrap().as_str().starts_with("Monitoring visit"));
    let gone = Page { body: b"<title>News</title><h1>News</h1><p>Sorry, this News item is no longer available</p>", ..page };
    let refused = extract_item(&gone, Platform::Page, &Select::default(), &listed).unwrap_err();
    assert_eq!(refused.outcome, Outcome::ErrorPage);
}
