//! Other stories among the paragraphs of a text, in the markups of many themes, on each system's pages; and what stays there.

use crate::domain::item::Item;
use crate::domain::source::{Platform, Select};
use crate::rules::extract::{Page, extract};
use url::Url;

const PROSE: &str = "<p>The panel heard from six schools about their places for next year.</p><p>It meets again in June.</p>";
const OPENING: &str = "<p>The board met in the town hall and agreed its plan for children.</p>";
const DECISION: &str = "https://democracy.anytown.example/ieDecisionDetails.aspx?ID=12";
const ARTICLE: &str = "https://www.anytown.example/news/article/812/board";
const POST: &str = "https://www.anytown.example/news/2026/board-update.aspx";

/// A page of each system whose text holds the markup.
fn pages(inner: &str) -> Vec<(Platform, &'static str, String)> {
    let page = |head: &str, body: &str| {
        format!(
            "<html><head><title>Board update | Anytown Council</title>{head}</head><body><header><nav><a href=/>Home</a></nav>\
                 </header>{body}<footer><p>Anytown Council, High Street.</p></footer></body></html>"
        )
    };
    let record = format!(
        "<div class=sys_record-control><h1>Board update</h1><p class=sys_news-posted-date>Posted: 3 November 2026</p>{inner}</div>"
    );
    let editor = format!(
        "<article class=article><h1>Board update</h1><p>Published: 3 November 2026</p><div class=editor>{inner}</div></article>"
    );
    let plain = format!("<h1>Board update</h1><p>Published: 3 November 2026</p>{inner}");
    let decision = format!(
        "<div id=modgov><div class=mgContent><h1 class=mgMainTitleTxt>Decision details</h1><h2 class=mgSubTitleTxt>Winter plan</h2>\
         <p><span class=mgLabel>Decision Maker:</span> Cabinet</p><p><span class=mgLabel>Is Key decision?:</span> No</p>\
         <h3 class=mgSubSubTitleTxt>Purpose:</h3>{inner}<p>Publication date: 03/11/2026</p></div></div>"
    );
    vec![
        (Platform::ContensisBlog, POST, page("", &format!("<main>{record}</main>"))),
        (Platform::ContensisBlog, POST, page("", &format!("<div id=content>{record}</div>"))),
        (Platform::Jadu, ARTICLE, page("<meta name=generator content=Jadu>", &format!("<main>{editor}</main>"))),
        (Platform::Jadu, ARTICLE, page("<meta name=generator content=Jadu>", &format!("<div class=page-content>{editor}</div>"))),
        (Platform::Page, "https://www.anytown.example/news/board-update", page("", &format!("<main>{plain}</main>"))),
        (Platform::Page, "https://www.anytown.example/news/board-update", page("", &format!("<div><div>{plain}</div></div>"))),
        (Platform::ModerngovDecision, DECISION, page("", &decision)),
    ]
}

fn read(platform: Platform, url: &str, page: &str) -> Item {
    let url = Url::parse(url).unwrap();
    let page = Page { url: &url, status: 200, content_type: None, body: page.as_bytes() };
    let answer = extract(&page, Platform::Auto, &Select::default());
    assert_eq!(answer.platform, platform, "{:?}", answer.warnings);
    let [item] =
        <[Item; 1]>::try_from(answer.items).unwrap_or_else(|items| panic!("{} items: {:?}", items.len(), answer.warnings));
    item
}

fn text(item: &Item) -> &str {
    item.text.as_ref().map_or("", |text| text.as_str())
}

/// The others that a site shows today, in the markups of seven themes.
fn boxes(heading: &str) -> Vec<String> {
    let others = [
        ("Road closes at Quokka Lane", "/news/one"),
        ("Quokka library opens", "/news/two"),
        ("Quokka bins change", "/news/three"),
    ];
    let each = |of: &dyn Fn(&str, &str) -> String| others.iter().map(|(title, url)| of(title, url)).collect::<String>();
    let listed = each(&|title, url| format!("<li><a href={url}>{title}</a></li>"));
    let carded = |open: &str, close: &str| {
        each(&|title, url| {
            format!("{open}<a href={url}>{title}</a>{close}<p>Quokkas were seen there in the week, in short.</p></div>")
        })
    };
    vec![
        format!("<h2>{heading}</h2><ul>{listed}</ul>"),
        format!("<div><div class=heading>{heading}</div><ul>{listed}</ul></div>"),
        format!(
            "<div class=panel><div class=panel-heading><h3>{heading}</h3></div><div class=panel-body><ul>{listed}</ul></div></div>"
        ),
        format!("<p><strong>{heading}</strong></p>{}", each(&|title, url| format!("<p><a href={url}>{title}</a></p>"))),
        format!("<section><h2>{heading}</h2>{}</section>", carded("<div class=card><h3>", "</h3>")),
        format!(
            "<section><h3>{heading}</h3><div>{}</div></section>",
            carded("<div class=card><h2>", "</h2><time>3 November 2026</time>")
        ),
        format!(
            "<div><h2>{heading}</h2>{}</div>",
            each(&|title, url| {
                format!(
                    "<div><h3>{title}</h3><p>Quokkas were seen there in the week, in short.</p><a href={url}>Read more</a></div>"
                )
            })
        ),
        format!(
            "<div><h3>{heading}</h3><ul>{listed}<li><a href=/media/quokka.pdf>Letter about Quokkas (PDF, 20KB)</a></li></ul></div>"
        ),
    ]
}

#[test]
fn other_stories_are_in_no_text_and_their_files_are_no_papers_of_it() {
    for heading in ["Related news", "You may also like", "Latest news", "Newyddion cysylltiedig", "Mwy o newyddion"] {
        for others in boxes(heading) {
            for inner in [format!("{OPENING}{others}{PROSE}"), format!("{OPENING}{PROSE}{others}")] {
                for (platform, url, page) in pages(&inner) {
                    let item = read(platform, url, &page);
                    let said = text(&item);
                    assert!(!said.contains("Quokka"), "{platform:?} {others}: {said}");
                    assert!(said.contains("agreed its plan") && said.contains("six schools"), "{platform:?} {others}: {said}");
                    assert!(item.documents.is_empty(), "{platform:?} {others}: {:?}", item.documents);
                }
            }
        }
    }
}

#[test]
fn prose_behind_a_link_to_something_related_is_the_pages_own() {
    for heading in ["Related", "See also", "Related links", "Latest news", "Gweler hefyd"] {
        for link in [
            "<p><a href=/plan>Quokka plan</a></p>",
            "<ul><li><a href=/plan>Quokka plan</a></li><li><a href=/x>Quokka</a></li></ul>",
        ] {
            let inner = format!("{OPENING}<h2>{heading}</h2>{link}{PROSE}");
            for (platform, url, page) in pages(&inner).into_iter().filter(|page| page.0 == Platform::Page) {
                let item = read(platform, url, &page);
                let said = text(&item);
                assert!(
                    said.contains("six schools") && said.contains("in June") && !said.contains("Quokka"),
                    "{heading}: {said}"
                );
            }
        }
    }
}

#[test]
fn the_papers_of_a_text_are_its_documents_wherever_they_stand_in_it() {
    let files = "<ul><li><a href=/media/plan.pdf>Plan (PDF, 120KB)</a></li><li><a href=/media/report.pdf>Report</a></li></ul>";
    for heading in ["Related documents", "Downloads", "Publications", "Supporting documents", "Dogfennau cysylltiedig"] {
        for papers in [
            format!("<h2>{heading}</h2>{files}"),
            format!("<aside><h2>{heading}</h2>{files}</aside>"),
            format!("<div role=complementary><h2>{heading}</h2>{files}</div>"),
            format!("<div class=related><h3>{heading}</h3>{files}</div>"),
        ] {
            // On ModernGov's pages a list of papers has rules of its own.
            for (platform, url, page) in pages(&format!("{OPENING}{PROSE}{papers}")).into_iter().take(6) {
                // A heading of ModernGov's in the content makes it one of its pages.
                let is_of_moderngov = platform == Platform::Page && heading == "Supporting documents";
                if is_of_moderngov && !papers.starts_with("<aside") {
                    continue;
                }
                let item = read(platform, url, &page);
                assert_eq!(item.documents.len(), 2, "{platform:?} {papers}: {:?}", item.documents);
                assert!(text(&item).contains("six schools"), "{platform:?} {papers}: {}", text(&item));
            }
        }
    }
}

#[test]
fn prose_under_words_that_head_listings_elsewhere_is_the_pages_own() {
    for heading in ["Latest updates", "Recent updates", "Latest news", "More updates", "Y newyddion diweddaraf"] {
        for told in [
            format!("<h2>{heading}</h2>{PROSE}<h2>Members</h2><p>Six members sit on it.</p>"),
            format!("<p><strong>{heading}</strong></p>{PROSE}<p><strong>Members</strong></p><p>Six members sit on it.</p>"),
            format!("<details><summary>{heading}</summary>{PROSE}</details><h2>Members</h2><p>Six members sit on it.</p>"),
            format!(
                "<div class=card><div class=card-header><h3>{heading}</h3></div><div>{PROSE}</div></div><p>Six members sit on it.</p>"
            ),
        ] {
            for (platform, url, page) in pages(&format!("{OPENING}{told}")).into_iter().take(6) {
                let item = read(platform, url, &page);
                let said = text(&item);
                for words in ["six schools", "in June", "Six members"] {
                    assert!(said.contains(words), "{platform:?} {told}: {said}");
                }
            }
        }
    }
}

#[test]
fn a_notice_above_the_title_on_a_page_of_moderngov_is_read() {
    let notice = "<p class=mgErrorTxt>This has been called in.</p>";
    let decision = pages(OPENING).pop().unwrap();
    let item = decision.2.replace("Decision details", "Agenda item").replace("Publication date: 03/11/2026", "It was noted.");
    for (platform, url, page) in [decision, (Platform::ModerngovItem, "https://democracy.anytown.example/mgAi.aspx?ID=12", item)]
    {
        for place in ["<h1", "<h2"] {
            let read = read(platform, url, &page.replacen(place, &format!("{notice}{place}"), 1));
            assert!(text(&read).contains("This has been called in.\n"), "{platform:?} {place}: {}", text(&read));
        }
    }
}
