//! Jadu in its old and current templates, and in none.

use super::*;
use boardwatch::domain::revision::RevisionClass;
use boardwatch::rules::revision::classes;

fn listing(name: &str, url: &str, expect: &[&str]) -> Extraction {
    let extraction = read(&format!("jadu/{name}.html"), Platform::Jadu, url);
    assert_eq!(in_lines(&extraction), expect, "{name}");
    extraction
}

#[test]
fn an_old_listing_of_news() {
    let url = "https://www.northmoor.example/news";
    let list = listing(
        "news-old",
        url,
        &[
            "2020-03-03 New library opens <northmoor.example/news/article/812>",
            "2020-02-28 Road works in Mill Lane <northmoor.example/news/article/809>",
            "2020-02-24 Board reports progress <northmoor.example/news/article/801>",
        ],
    );
    assert_eq!(list.page_title.unwrap(), "Latest news");
    assert_eq!(list.listing.next_url.unwrap().path(), "/news/archive");
    assert_only_noise(
        Platform::Jadu,
        url,
        "jadu/news-old.html",
        &[("<li class=\"lead\">", "<li>"), ("Bins and recycling", "Bins")],
    );
}

#[test]
fn a_current_listing_of_news() {
    let list = listing(
        "news-now",
        "https://www.eastvale.example/news",
        &[
            "2025-06-12 Youth council elected <eastvale.example/news/article/2031>",
            "2025-06-02 Park to get new paths <eastvale.example/news/article/2027>",
        ],
    );
    assert_eq!(list.listing.next_url.unwrap().as_str(), "https://www.eastvale.example/news?page=2");
}

#[test]
fn a_listing_without_any_classes() {
    listing(
        "news-plain",
        "https://westbeck.example/news",
        &[
            "2019-10-04 Flood wall finished <westbeck.example/news/article/77>",
            "2019-09-30 Fostering week <westbeck.example/news/article/75>",
        ],
    );
}

#[test]
fn an_article_is_the_same_in_all_templates() {
    let url = "https://www.northmoor.example/news/article/812/new_library_opens";
    for name in ["article-old", "article-now", "article-plain"] {
        let page = listing(name, url, &["2020-03-03 New library opens <northmoor.example/news/article/812>"]);
        assert_text(
            &page.items[0],
            "The doors opened at nine o'clock on Saturday, and a hundred people were waiting.\nOpening hours\n\
             Monday to Friday: 9am to 5pm\nSaturday: 9am to 1pm\nRead the library plan (PDF, 1.2MB).",
            name,
        );
        let [plan] = page.items[0].documents.as_slice() else { panic!("{name}: {:?}", page.items[0].documents) };
        assert_eq!(
            (plan.title.as_str(), plan.kind.as_deref(), plan.size.as_deref()),
            ("library plan", Some("pdf"), Some("1.2MB"))
        );
        assert_only_noise(Platform::Jadu, url, &format!("jadu/{name}.html"), &[("<title>", "<title> ")]);
    }
}

#[test]
fn a_changed_title_and_slug_keep_the_key() {
    let page = String::from_utf8(fixture("jadu/article-now.html")).unwrap().replace("New library opens", "Library opens at last");
    let read = read_as(Platform::Auto, "https://northmoor.example/news/article/812/library-opens-at-last", page.as_bytes());
    assert_eq!(in_lines(&read), ["2020-03-03 Library opens at last <northmoor.example/news/article/812>"]);
}

#[test]
fn meetings_with_their_papers() {
    let list = listing(
        "meetings-old",
        "https://www.northmoor.example/meetings",
        &[
            "- [Cabinet, 2020-03-11] Agenda Cabinet <northmoor.example/meetings/meeting/511>",
            "- [Planning Committee, 2020-03-10] Planning Committee <northmoor.example/meetings/meeting/507>",
            "- [Improvement Board, 2020-02-20] Minutes Improvement Board <northmoor.example/meetings/meeting/498>",
        ],
    );
    assert_eq!(papers(&list.items[0]), ["Agenda | - | 120KB | https://www.northmoor.example/download/meetings/id/9001/agenda"]);
    assert_eq!(list.items[2].documents.len(), 2);
}

#[test]
fn a_meeting_is_the_same_with_its_day_beside_or_in_its_title() {
    let url = "https://www.eastvale.example/meetings";
    listing(
        "meetings-small",
        url,
        &[
            "- [Cabinet, 2026-02-11] Cabinet <eastvale.example/meetings/meeting/1204>",
            "- [Scrutiny Committee, 2026-02-10] Cancelled Scrutiny Committee <eastvale.example/meetings/meeting/1198>",
        ],
    );
    listing(
        "meetings-titled",
        url,
        &[
            "- [Cabinet, 2026-02-11] Cabinet <eastvale.example/meetings/meeting/1204>",
            "- [Scrutiny Committee, 2026-02-10] Scrutiny Committee <eastvale.example/meetings/meeting/1198>",
        ],
    );
}

#[test]
fn a_page_that_has_nothing_says_so_under_the_usual_template() {
    for (name, words) in [("gone", "no longer available"), ("no-news", "currently no news")] {
        for platform in [Platform::Jadu, Platform::Auto] {
            let page =
                read_as(platform, "https://www.northmoor.example/news/article/640/x", &fixture(&format!("jadu/{name}.html")));
            assert_eq!((page.platform, page.outcome), (Platform::Jadu, Outcome::Empty), "{name}: {:?}", page.warnings);
            assert!(page.warnings.iter().any(|w| w.contains(words)), "{name}: {:?}", page.warnings);
        }
    }
}

/// The templates set them between the headline and the editor's text, as a list, a table or lines.
#[test]
fn a_meetings_own_page_says_where_and_at_what_time_in_whatever_markup() {
    let url = "https://www.northmoor.example/meetings/meeting/1502/housing_board";
    let own = |particulars: &str| {
        let page = format!(
            "<!doctype html><head><meta name=generator content=Jadu></head><body><main><div class=page-content><h1>Housing Board</h1>\
             {particulars}<div class=editor><p>Members of the public are welcome to attend.</p><h2>Agenda</h2><ol><li>Apologies</li>\
             <li>Empty homes</li></ol></div></div></main></body>"
        );
        let url = url.parse().unwrap();
        let page = Page { url: &url, status: 200, content_type: None, body: page.as_bytes() };
        extract(&page, Platform::Jadu, &Select::default()).items.remove(0)
    };
    for particulars in [
        "<p class=date>Date: <time datetime=2026-12-03>Thursday 3rd December 2026</time></p><dl><dt>Time</dt><dd>6.00pm</dd>\
         <dt>Location</dt><dd>HALL</dd><dt>Committee</dt><dd><a href=/meetings/committee/41>Housing Board</a></dd></dl>",
        "<table><tr><th>Date</th><td>3 December 2026</td></tr><tr><th>Time</th><td>6pm</td></tr><tr><th>Venue</th><td>HALL</td></tr></table>",
        "<p>Date: 3 December 2026</p><p>Time: 6pm</p><p>Venue: HALL</p>",
    ] {
        let before = own(&particulars.replace("HALL", "Council Chamber, Tanners Row"));
        let meeting = before.meeting.as_ref().unwrap();
        assert_eq!(meeting.date, "2026-12-03".parse().ok(), "{particulars}");
        assert_eq!(meeting.start, "18:00:00".parse().ok(), "{particulars}");
        let text = before.text.as_ref().unwrap().to_string();
        assert!(text.contains("Council Chamber, Tanners Row") && !text.contains("Committee\n"), "{text}");
        let after = own(&particulars.replace("HALL", "Methodist Hall, Chapel Street"));
        assert_eq!(classes(&before, &after), [RevisionClass::PlaceChanged], "{particulars}");
    }
}
