//! `LocalGov` Drupal, an older Drupal, and one without its classes.

use super::*;

#[test]
fn a_listing_of_news_under_an_alert() {
    let url = "https://www.fairmoor.example/news";
    let list = read("localgov-drupal/news-localgov.html", Platform::LocalgovDrupal, url);
    assert_eq!(
        in_lines(&list),
        [
            "2024-05-14 Food waste collected weekly <fairmoor.example/news/2024/food-waste>",
            "2024-05-03 Chair of the board appointed <fairmoor.example/news/2024/board-chair>"
        ]
    );
    assert_eq!(list.page_title.unwrap(), "News");
    assert_eq!(list.listing.next_url.unwrap().as_str(), "https://www.fairmoor.example/news?page=1");
    assert_only_noise(
        Platform::LocalgovDrupal,
        url,
        "localgov-drupal/news-localgov.html",
        &[("form-AAA1", "form-BBB2"), ("0a1b2c3d", "99ffee"), ("Roads closed by snow", "Bridge closed"), ("?t=s1a", "?t=s2b")],
    );
}

#[test]
fn an_article_is_the_same_in_all_templates_and_related_news_are_no_part_of_it() {
    let url = "https://www.fairmoor.example/news/2024/board-chair";
    for (name, noise) in [
        ("article-localgov", ("Food waste collected weekly", "Library reopens")),
        ("article-drupal7", ("view-dom-id-77aa", "view-dom-id-00bb")),
        ("article-plain", ("Roads are closed by snow.", "The bridge is closed.")),
    ] {
        let file = format!("localgov-drupal/{name}.html");
        let page = read(&file, Platform::LocalgovDrupal, url);
        assert_eq!(
            in_lines(&page),
            ["2024-05-03 Chair of the board appointed <fairmoor.example/news/2024/board-chair>"],
            "{name}"
        );
        let item = &page.items[0];
        assert_text(
            item,
            "The improvement board has an independent chair from the first of June.\nThe board meets every six weeks\n\
             Its minutes are published\nThe terms are in the terms of reference (PDF, 212 KB). The next board meeting will take \
             place on Tuesday 4 June 2024.",
            name,
        );
        assert_eq!(
            papers(item),
            ["terms of reference | pdf | 212 KB | https://www.fairmoor.example/sites/default/files/2024-05/terms.pdf"],
            "{name}"
        );
        assert_eq!(item.next_meeting.as_ref().map(|next| next.date), day("2024-06-04"), "{name}");
        assert_only_noise(Platform::LocalgovDrupal, url, &file, &[noise]);
    }
}

#[test]
fn a_publication_is_dated_by_its_first_day() {
    let url = "https://www.fairmoor.example/publications/improvement-plan";
    let page = read("localgov-drupal/publication.html", Platform::LocalgovDrupal, url);
    assert_eq!(in_lines(&page), ["2024-02-01 Improvement plan 2024 to 2026 <fairmoor.example/publications/improvement-plan>"]);
    assert_text(
        &page.items[0],
        "The plan says what the council does in the next two years.\nAims\nEvery child has a plan of their own.\n\
         Improvement plan (Word, 96 KB)",
        "publication",
    );
    assert_eq!(
        papers(&page.items[0]),
        ["Improvement plan | docx | 96 KB | https://www.fairmoor.example/sites/default/files/plan.docx"]
    );
}

#[test]
fn the_fields_of_a_banner_a_side_and_a_foot_are_no_article() {
    let block = |region: &str, words: &str| {
        format!(
            "<div class='region region-{region}'><div class='block block-block-content'>\
             <div class='field field--name-body'><p>{words}</p></div></div></div>"
        )
    };
    let (alert, side, foot) = (
        block("alert", "Our phones are down until 1pm today."),
        block("sidebar", "Register to vote before the elections in May."),
        block("footer", "Write to us at the Town Hall, Fairmoor."),
    );
    let story = "<p>Five members have asked for the decision of 18 June to be looked at again.</p>\
                 <h2>What happens next</h2><p>The committee meets at 6pm on Tuesday 7 July in the Corn Hall.</p>";
    for inner in [
        format!(
            "<div class='field field--name-field-paragraphs'><div class='field__item'><div class='paragraph'>{story}</div></div></div>"
        ),
        format!("<div class='field field--name-body'>{story}</div>"),
    ] {
        let markup = format!(
            "<!DOCTYPE html><html><head><meta name=generator content='Drupal 10'><title>Call-in | Fairmoor Council</title></head><body>{alert}\
             <header><a href='/'>Fairmoor Council</a></header><main><h1>Scrutiny calls in the transport decision</h1>\
             <article class='node node--type-news node--view-mode-full'><time datetime='2026-06-30T12:00:00Z'>30/06/2026</time>{inner}\
             </article></main><aside>{side}</aside><footer>{foot}</footer></body></html>"
        );
        let url = Url::parse("https://www.fairmoor.example/news/2026/call-in").unwrap();
        let page = Page { url: &url, status: 200, content_type: None, body: markup.as_bytes() };
        for platform in [Platform::Auto, Platform::LocalgovDrupal] {
            let read = extract(&page, platform, &Select::default());
            assert_eq!(
                in_lines(&read),
                ["2026-06-30 Scrutiny calls in the transport decision <fairmoor.example/news/2026/call-in>"]
            );
            assert_text(
                &read.items[0],
                "Five members have asked for the decision of 18 June to be looked at again.\nWhat happens next\n\
                 The committee meets at 6pm on Tuesday 7 July in the Corn Hall.",
                &inner,
            );
        }
    }
}
