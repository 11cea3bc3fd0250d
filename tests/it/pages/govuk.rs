//! GOV.UK in the templates of 2013, 2015 and now, and in none.

use super::*;

const PAGE: &str = "https://www.gov.uk/government/publications/board-guide";
const ELSEWHERE: &str = "https://www.example.org/government/publications/board-guide";

fn publication(name: &str) -> Item {
    let mut extraction = read(&format!("govuk/{name}.html"), Platform::Govuk, PAGE);
    assert_eq!(extraction.items.len(), 1, "{name}: {:?}", in_lines(&extraction));
    assert_eq!(extraction.items[0].key, "gov.uk/government/publications/board-guide");
    extraction.items.remove(0)
}

#[test]
fn a_page_without_its_words_is_not_who_it_is_from() {
    let page = |body: &str| {
        let html = format!(
            "<title>Board guide - GOV.UK</title><main id=content><h1 class=gem-c-heading__text>Board guide</h1><div class=gem-c-metadata><dl>\
             <dt class=gem-c-metadata__term>From:</dt><dd class=gem-c-metadata__definition>Department for Education</dd>\
             <dt class=gem-c-metadata__term>Published</dt><dd class=gem-c-metadata__definition>11 March 2019</dd></dl></div>\
             <div class='gem-c-govspeak govuk-govspeak'>{body}</div></main>"
        );
        read_as(Platform::Govuk, PAGE, html.as_bytes())
    };
    for nothing in ["", "<div class=spinner></div>"] {
        assert!(page(nothing).items.is_empty(), "{nothing}: {:?}", in_lines(&page(nothing)));
    }
    let told = page("<p>A board meets at least once in six weeks.</p>");
    assert_text(&told.items[0], "A board meets at least once in six weeks.", "with its words");
}

#[test]
fn the_day_that_people_read_counts_where_the_head_tells_machines_another() {
    let page = |in_head: &str| {
        let html = format!(
            "<title>Board guide - GOV.UK</title><meta name='govuk:first-published-at' content='{in_head}'><main id=content>             <h1 class=gem-c-heading__text>Board guide</h1><div class=gem-c-metadata><dl><dt class=gem-c-metadata__term>First published</dt>             <dd class=gem-c-metadata__definition>11 March 2019</dd></dl></div>             <div class='gem-c-govspeak govuk-govspeak'><p>A board meets at least once in six weeks.</p></div></main>"
        );
        let item = read_as(Platform::Govuk, PAGE, html.as_bytes()).items.remove(0);
        (item.published, item.published_at.map(|at| at.to_rfc3339()))
    };
    assert_eq!(page("2019-03-11T09:30:00+00:00"), (day("2019-03-11"), Some("2019-03-11T09:30:00+00:00".to_owned())));
    assert_eq!(page("2018-12-04T09:30:00+00:00"), (day("2019-03-11"), None));
}

#[test]
fn a_publication_of_2015() {
    let item = publication("publication-2015");
    assert_eq!(item.title, "Children’s services improvement: guidance for boards");
    assert_eq!(
        (item.published, item.published_at.unwrap().to_rfc3339().as_str()),
        (day("2014-02-25"), "2014-02-25T13:50:00+00:00")
    );
    assert_text(
        &item,
        "How an improvement board is set up, and what it reports.\n\
         A board meets at least once in six weeks and is chaired by somebody from outside the council.\n\
         its minutes are published\nits plan is reviewed each quarter\n\
         The return must be sent no later than 20 December 2016.\n\
         9 September 2016 9:33am\nReturn for the autumn added.\n25 February 2014 1:50pm\nFirst published.",
        "2015",
    );
    assert_eq!(
        papers(&item),
        [
            "Guide for members of a board | pdf | 917KB | https://www.gov.uk/uploads/484643/board-guide.pdf",
            "Quarterly return | xlsx | 144KB | https://www.gov.uk/uploads/506658/return.xlsx"
        ]
    );
}

#[test]
fn a_publication_of_today() {
    let item = publication("publication-now");
    assert_eq!(item.title, "Intervention in children’s services: annual letter");
    assert_eq!(item.published, day("2023-05-03"));
    assert_text(
        &item,
        "The minister’s yearly letter to councils under intervention.\nThe letter says what was learnt in the year.\n\
         It is sent to every council with an improvement board.\n5 June 2024\nAdded the letter for 2024.\n3 May 2023\nFirst published.",
        "now",
    );
    assert_eq!(
        papers(&item),
        [
            "Letter 2024 | html | - | https://www.gov.uk/government/publications/annual-letter/letter-2024",
            "Letter 2023 | pdf | 1.2 MB | https://assets.publishing.service.gov.uk/media/66/letter-2023.pdf"
        ]
    );
}

#[test]
fn a_publication_without_any_classes() {
    let item = publication("publication-plain");
    assert_eq!((item.title.as_str(), item.published), ("Improvement notice: Example County Council", day("2015-03-12")));
    assert_text(
        &item,
        "The notice under which the council works.\nThe council must report each quarter.\nA visit is planned in the autumn.\n\
         1 April 2015\nAdded the covering letter.\n12 March 2015\nFirst published.",
        "plain",
    );
    assert_eq!(
        papers(&item),
        [
            "Improvement notice | pdf | 230KB | https://www.gov.uk/files/notice.pdf",
            "Covering letter | odt | 18KB | https://www.gov.uk/files/letter.odt"
        ]
    );
}

#[test]
fn a_log_with_the_note_before_its_day() {
    let item = publication("publication-notes-first");
    assert_eq!((item.title.as_str(), item.published), ("Statutory direction: Example Borough", day("2013-11-04")));
    assert_text(
        &item,
        "The direction that the council was given.\nDirection extended.\n20 January 2014\nFirst published.\n4 November 2013",
        "notes first",
    );
    assert_eq!(papers(&item), ["Direction | pdf | 88.5KB | https://www.gov.uk/uploads/direction.pdf"]);
}

#[test]
fn a_list_of_2015_goes_on() {
    let url = "https://www.gov.uk/government/publications";
    let list = read("govuk/list-2015.html", Platform::Govuk, url);
    assert_eq!(
        in_lines(&list),
        [
            "2016-11-03 Board reporting <gov.uk/government/consultations/board-reporting>",
            "2016-07-03 Improvement guide <gov.uk/government/publications/improvement-guide>"
        ]
    );
    assert_eq!(list.listing.next_url.unwrap().as_str(), "https://www.gov.uk/government/publications?page=2");
    assert_eq!(list.page_title.unwrap(), "Publications");
    assert_only_noise(
        Platform::Govuk,
        url,
        "govuk/list-2015.html",
        &[("95,416", "95,421"), ("document-row first", "document-row")],
    );
}

#[test]
fn a_collection_lists_its_groups() {
    let list = read("govuk/collection-now.html", Platform::Govuk, "https://www.gov.uk/government/collections/reports");
    assert_eq!(
        in_lines(&list),
        [
            "2024-04-11 Report: spring 2024 <gov.uk/government/publications/report-spring-2024>",
            "2023-10-02 Report: autumn 2023 <gov.uk/government/publications/report-autumn-2023>"
        ]
    );
    assert_eq!(list.page_title.unwrap(), "Improvement boards: reports");
    assert!(list.listing.next_url.is_some());
}

#[test]
fn the_templates_give_themselves_away_on_any_host() {
    for name in ["publication-2015", "publication-now", "publication-notes-first", "list-2015", "collection-now"] {
        let found = read_as(Platform::Auto, ELSEWHERE, &fixture(&format!("govuk/{name}.html")));
        assert_eq!(found.platform, Platform::Govuk, "{name}");
        assert!(found.warnings.iter().any(|w| w.starts_with("recognised as govuk: ")), "{name}: {:?}", found.warnings);
    }
}

#[test]
fn a_new_log_entry_or_size_is_a_revision_and_noise_is_none() {
    assert_only_noise(
        Platform::Govuk,
        PAGE,
        "govuk/publication-2015.html",
        &[("tok-1111", "tok-2222"), ("4a2a3ddf82616b39", "b5"), ("cookies to make", "cookies, to make")],
    );
    assert_only_noise(
        Platform::Govuk,
        PAGE,
        "govuk/publication-now.html",
        &[("Another publication altogether", "A further publication"), ("Is this page useful?", "Is this useful?")],
    );
    let print =
        |page: &str| boardwatch::rules::fingerprint::fingerprint(&read_as(Platform::Govuk, PAGE, page.as_bytes()).items[0]);
    let page = String::from_utf8(fixture("govuk/publication-2015.html")).unwrap();
    for (old, new) in [
        (
            "<dl>\n<dt><time class=\"published-at",
            "<dl><dt>1 October 2016 9:00am</dt><dd>Guide corrected.</dd>\n<dt><time class=\"published-at",
        ),
        ("917KB", "918KB"),
        ("six weeks", "eight weeks"),
    ] {
        let changed = page.replace(old, new);
        assert_ne!(changed, page, "{old}");
        assert_ne!(print(&changed), print(&page), "{old}");
    }
}
