//! What stands in the way of a source is said before it is written.

use super::{NEWS, add, article, ask, publish_news, warnings, words};
use crate::support::app::App;
use crate::support::council::Answer;

const FEED: &str = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Board news</title><link>/</link><description>x</description>\
    <item><title>Board met in June</title><link>BASE/news/3</link><pubDate>Sat, 20 Jun 2026 09:00:00 +0100</pubDate>\
    <description>The board met and heard of progress.</description></item>\
    <item><title>Board met in May</title><link>BASE/news/2</link><pubDate>Wed, 20 May 2026 09:00:00 +0100</pubDate>\
    <description>The board met again.</description></item></channel></rss>";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn robots_txt_is_asked_and_what_it_forbids_is_not_written_without_force() {
    let app = App::set_up().await;
    publish_news(&app.council);
    app.council.publish("/robots.txt", Answer::bytes("text/plain", b"User-agent: *\nDisallow: /news\n"));
    let url = app.council.url("/news");
    let refused = ask(&app, &["source", "add", url.as_str(), "--yes", "--id", "news"]);
    assert_eq!(refused.status.code(), Some(1));
    let said = words(&refused.stdout) + &words(&refused.stderr);
    assert!(said.contains("robots.txt says no") && said.contains("ask the council"), "{said}");
    assert!(!app.config_dir().join("sources/news.toml").exists());
    assert!(app.council.asked_paths().iter().all(|path| path == "/robots.txt"), "{:?}", app.council.asked_paths());
    let forced = add(&app, url.as_str(), &["--id", "news", "--force"]);
    assert_eq!((&forced["written"], &forced["found"]), (&true.into(), &serde_json::Value::Null));
    assert!(ask(&app, &["check"]).status.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn items_whose_own_pages_are_forbidden_or_walled_off_are_named() {
    let app = App::set_up().await;
    publish_news(&app.council);
    app.council.publish("/robots.txt", Answer::bytes("text/plain", b"User-agent: *\nDisallow: /news/\n"));
    let answer = add(&app, app.council.url("/news").as_str(), &[]);
    assert_eq!(answer["written"], true);
    let said = warnings(&answer);
    assert!(said.contains("3 of the 3 items' own pages") && said.contains("robots.txt says no"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wall_an_error_and_a_page_made_by_script_are_told_apart_with_status_and_bytes() {
    let app = App::set_up().await;
    let wall = "<html><head><title>Just a moment...</title></head><body><script>window._cf_chl_opt={}</script></body></html>";
    let script = "<html><head><title>News</title></head><body><div id=root></div><script src=/static/main.js></script>\
                  <noscript>You need to enable JavaScript to run this app.</noscript></body></html>";
    app.council
        .publish("/wall", Answer::html(wall))
        .publish("/script", Answer::html(script))
        .publish("/closed", Answer::status(403));
    for (path, wanted) in [
        ("/wall", "a firewall or challenge page"),
        ("/script", "made by script"),
        ("/closed", "status 403"),
        ("/gone", "status 404"),
    ] {
        let answer = add(&app, app.council.url(path).as_str(), &[]);
        assert_eq!(answer["written"], false, "{path}");
        let said = warnings(&answer);
        assert!(said.contains(wanted) && said.contains("http://127.0.0.1"), "{path}: {said}");
    }
    let said = warnings(&add(&app, app.council.url("/wall").as_str(), &[]));
    assert!(said.contains(&format!("status 200, {} bytes", wall.len())), "{said}");
    assert!(!app.config_dir().join("sources").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_an_empty_answer_data_and_what_is_no_feed_are_named_with_what_to_do() {
    let app = App::set_up().await;
    app.council
        .publish("/plan.pdf", Answer::bytes("application/pdf", b"%PDF-1.4 plan"))
        .publish("/empty", Answer::html(""))
        .publish("/data", Answer::bytes("application/json", b"{\"news\": []}"))
        .publish("/news/feed", Answer::html("<html><head><title>Hello</title></head><body><p>Hello.</p></body></html>"))
        .publish("/hello", Answer::html("<html><head><title>Hello</title></head><body><p>Hello.</p></body></html>"));
    for (path, wanted) in [
        ("/plan.pdf", "it is a PDF document, not a page: give the address of the page that links to it"),
        ("/empty", "the answer is empty: is the address right?"),
        ("/data", "it is data for programs, and no JSON Feed"),
        ("/news/feed", "the address looks like a feed's, and what it answers with is no feed"),
        ("/hello", "neither a list nor an article was found there: is it the right page?"),
    ] {
        let answer = add(&app, app.council.url(path).as_str(), &[]);
        assert_eq!(answer["written"], false, "{path}");
        let said = warnings(&answer);
        assert!(said.contains(wanted) && said.contains("status 200"), "{path}: {said}");
        assert!(!said.contains("not a shape"), "{path}: {said}");
    }
    for wrong in ["http:/council.example.org/news", "mailto:clerk@example.org", "feed://council.example.org/rss"] {
        let refused = ask(&app, &["source", "add", wrong, "--yes"]);
        assert_eq!(refused.status.code(), Some(2), "{wrong}");
        assert!(words(&refused.stderr).contains(wrong), "{}", words(&refused.stderr));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_feed_stands_in_for_a_page_that_cannot_be_read() {
    let app = App::set_up().await;
    publish_news(&app.council);
    let script = "<html><head><title>News</title><link rel=alternate type=application/rss+xml href=/feed.xml title='Board news'></head>\
                  <body><div id=root></div><script src=/static/main.js></script></body></html>";
    let base = app.council.url("/");
    app.council
        .publish("/app", Answer::html(script))
        .publish("/feed.xml", Answer::bytes("application/rss+xml", FEED.replace("BASE/", base.as_str()).as_bytes()));
    let answer = add(&app, app.council.url("/app").as_str(), &[]);
    assert_eq!((&answer["written"], &answer["platform"]), (&true.into(), &"feed".into()), "{}", warnings(&answer));
    assert_eq!(answer["url"], app.council.url("/feed.xml").as_str());
    assert_eq!(answer["found"]["items"].as_array().unwrap().len(), 2);
    assert!(warnings(&answer).contains("its feed is proposed instead"), "{}", warnings(&answer));
    assert!(ask(&app, &["once"]).status.success());
}

/// A page of news that offers a feed of these entries, each with its number and the day in June of its publication.
fn offer_feed(app: &App, entries: &[(u32, u32)]) {
    let page = NEWS.replace("</head>", "<link rel=alternate type=application/rss+xml href=/feed.xml title=Feed></head>");
    let entry = |(n, day): &(u32, u32)| {
        let url = app.council.url(&format!("/news/{n}"));
        format!(
            "<item><title>Board met</title><link>{url}</link><guid>{url}</guid><pubDate>{day} Jun 2026 09:00:00 GMT</pubDate></item>"
        )
    };
    let entries: String = entries.iter().map(entry).collect();
    let feed = format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title>{entries}</channel></rss>");
    app.council.publish("/news", Answer::html(&page));
    app.council.publish("/feed.xml", Answer::bytes("application/rss+xml", feed.as_bytes()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_reads_well_is_kept_where_its_feed_is_of_other_things_or_behind_and_why_is_said() {
    let app = App::set_up().await;
    publish_news(&app.council);
    let url = app.council.url("/news");
    for (entries, why) in [
        (&[(9, 20), (8, 19), (7, 18)][..], "it names 0 of the 3 entries of the page"),
        (&[(3, 20), (2, 19)], "it names 2 of the 3 entries of the page"),
        (&[(3, 19), (2, 12), (1, 11)], "its newest entry is of 2026-06-19, the page's of 2026-06-20"),
    ] {
        offer_feed(&app, entries);
        let said = words(&ask(&app, &["source", "add", url.as_str(), "--dry-run"]).stdout);
        assert!(said.contains("a feed is offered: ") && said.contains("/feed.xml (Feed)"), "{said}");
        assert!(said.contains("platform = \"page\"") && said.contains(&format!("which was not taken: {why}")), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feed_that_names_all_that_its_page_lists_is_preferred_to_it() {
    let app = App::set_up().await;
    publish_news(&app.council);
    offer_feed(&app, &[(3, 20), (2, 19), (1, 18), (0, 17)]);
    let answer = add(&app, app.council.url("/news").as_str(), &[]);
    assert_eq!((&answer["platform"], &answer["url"]), (&"feed".into(), &app.council.url("/feed.xml").as_str().into()));
    assert!(warnings(&answer).contains("names the same entries and keeps their identity"), "{}", warnings(&answer));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_has_moved_for_good_is_watched_where_it_is_now() {
    let app = App::set_up().await;
    publish_news(&app.council);
    app.council.publish("/old", Answer::status(301).with("location", "/news")).publish("/today", Answer::redirect("/news"));
    let moved = add(&app, app.council.url("/old").as_str(), &["--id", "moved"]);
    assert_eq!(moved["url"], app.council.url("/news").as_str());
    assert!(warnings(&moved).contains("for good"), "{}", warnings(&moved));
    let meanwhile = add(&app, app.council.url("/today").as_str(), &["--id", "meanwhile"]);
    assert_eq!(meanwhile["url"], app.council.url("/today").as_str());
    assert!(warnings(&meanwhile).contains("for now"), "{}", warnings(&meanwhile));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_is_not_watched_twice_by_accident_and_no_file_is_overwritten() {
    let app = App::set_up().await;
    publish_news(&app.council);
    app.watch("first", "/news", "");
    let other_spelling = app.council.url("/news?utm_source=mail#top");
    let refused = ask(&app, &["source", "add", other_spelling.as_str(), "--yes"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(words(&refused.stderr).contains("watched already, as first"), "{}", words(&refused.stderr));
    let again = add(&app, other_spelling.as_str(), &["--id", "second"]);
    assert_eq!(again["written"], true);
    assert!(warnings(&again).contains("watched already, as first"), "{}", warnings(&again));
    let before = std::fs::read(app.config_dir().join("sources/first.toml")).unwrap();
    let taken = ask(&app, &["source", "add", other_spelling.as_str(), "--yes", "--id", "first"]);
    assert_eq!(taken.status.code(), Some(2));
    assert_eq!(std::fs::read(app.config_dir().join("sources/first.toml")).unwrap(), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_would_make_the_configuration_faulty_is_taken_back() {
    let app = App::set_up().await;
    publish_news(&app.council);
    let url = app.council.url("/news");
    let refused = ask(&app, &["source", "add", url.as_str(), "--yes", "--id", "news", "--title", " "]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(words(&refused.stderr).contains("must not be empty"), "{}", words(&refused.stderr));
    let left: Vec<_> = std::fs::read_dir(app.config_dir().join("sources")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(ask(&app, &["check"]).status.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn undated_items_and_single_articles_are_pointed_out() {
    let app = App::set_up().await;
    let undated = NEWS.replace("<p class=date>20 June 2026</p>", "").replace("<p class=date>20 May 2026</p>", "");
    let undated = undated.replace("<p class=date>20 April 2026</p>", "");
    app.council.publish("/papers", Answer::html(&undated)).publish("/article", Answer::html(&article("Board met")));
    let said = warnings(&add(&app, app.council.url("/papers").as_str(), &[]));
    assert!(said.contains("no item has a day"), "{said}");
    let said = warnings(&add(&app, app.council.url("/article").as_str(), &[]));
    assert!(said.contains("read as one article"), "{said}");
}
