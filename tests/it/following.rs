//! From a list to its items: further pages until the count agrees, each item from its own page, and afterwards only what is
//! new or has changed.

mod alike;

use crate::source_add::listings::{PAGES, serve_fixture};
use crate::support::app::App;
use crate::support::council::{Answer, Council};
use boardwatch::domain::item::Item;
use boardwatch::domain::source::SourceId;
use boardwatch::store::engine::{Write, prefix_range};
use boardwatch::store::records::SourceState;
use chrono::TimeDelta;
use std::collections::HashSet;
use std::fmt::Write as _;

/// The items of a source as the store holds them.
async fn stored(app: &App, id: &str) -> Vec<Item> {
    let id = SourceId::parse(id).unwrap();
    let (world, _) = app.start().await;
    let mut items = Vec::new();
    for row in world.store.items(&id).await.unwrap() {
        items.push(world.store.revision(&row.value.id, row.value.revision).await.unwrap().unwrap().item);
    }
    items
}

/// A listing of entries with these numbers, with what follows it.
fn page_of(numbers: impl Iterator<Item = u32>, below: &str) -> String {
    let mut entries = String::new();
    for n in numbers {
        write!(
            entries,
            "<li><h2><a href=/news/{n}>Board met the {n}th time</a></h2><p class=date>{} June 2026</p></li>",
            n % 28 + 1
        )
        .unwrap();
    }
    format!(
        "<!DOCTYPE html><html><head><title>Board news</title></head><body><main><h1>Board news</h1><ul class=news>{entries}</ul>{below}</main></body></html>"
    )
}

fn article_page(n: u32, words: &str) -> String {
    format!(
        "<!DOCTYPE html><html><head><title>Board met the {n}th time</title></head><body><main><h1>Board met the {n}th time</h1>\
         <p>The board met for the {n}th time and heard of progress. {words}</p><p>It will meet again when there is more to say of it.</p></main></body></html>"
    )
}

fn article(n: u32, words: &str) -> Answer {
    Answer::html(&article_page(n, words)).with("etag", &format!("\"{n}-{}\"", words.len()))
}

fn publish(council: &Council, numbers: impl Iterator<Item = u32>) {
    for n in numbers {
        council.publish(&format!("/news/{n}"), article(n, ""));
    }
}

fn asked_since(council: &Council, before: usize) -> Vec<(String, bool)> {
    let asked = council.asked();
    asked[before..].iter().map(|a| (a.path.clone(), a.header("if-none-match").is_some())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_is_followed_page_by_page_until_its_count_agrees() {
    let app = App::set_up().await;
    let next = |to: u32| format!("<p>Showing 1 to 5 of 12</p><a rel=next href=/news?page={to}>Next</a>");
    app.publish("/news", &page_of((8..=12).rev(), &next(2)));
    app.publish("/news?page=2", &page_of((3..=7).rev(), &next(3)));
    app.publish("/news?page=3", &page_of((1..=2).rev(), &next(4)));
    // A careless template offers a next page on the last one, too.
    app.publish("/news?page=4", &page_of((1..=2).rev(), &next(5)));
    publish(&app.council, 1..=12);
    app.watch("news", "/news", "");
    let report = app.pass().await;
    assert_eq!(report.polls[0].new, 12, "{:?}", report.polls[0]);
    assert_eq!(stored(&app, "news").await.len(), 12);
    let lists: Vec<String> = app.council.asked_paths().into_iter().filter(|path| path.starts_with("/news?")).collect();
    assert_eq!(lists, ["/news?page=2", "/news?page=3"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_next_page_that_repeats_the_list_is_not_followed_for_ever() {
    let app = App::set_up().await;
    for page in ["/news", "/news?page=2", "/news?page=3"] {
        let n: u32 = page.chars().last().and_then(|c| c.to_digit(10)).unwrap_or(1) + 1;
        app.publish(page, &page_of((1..=4).rev(), &format!("<a rel=next href=/news?page={n}>Next</a>")));
    }
    publish(&app.council, 1..=4);
    app.watch("news", "/news", "");
    assert_eq!(app.pass().await.polls[0].new, 4);
    assert!(!app.council.asked_paths().contains(&"/news?page=3".to_owned()), "{:?}", app.council.asked_paths());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_first_poll_only_what_is_new_or_listed_otherwise_is_fetched() {
    let app = App::set_up().await;
    app.publish("/news", &page_of((1..=4).rev(), ""));
    publish(&app.council, 1..=5);
    app.watch("news", "/news", "reread = 0\n");
    app.pass().await;
    let before = app.council.asked().len();
    app.pass().await;
    let listing = ("/news".to_owned(), false);
    assert_eq!(asked_since(&app.council, before), vec![listing.clone()], "nothing is new");

    // One more, and one whose line says something else.
    let page = page_of((1..=5).rev(), "").replace("met the 2th time", "met the second time");
    app.publish("/news", &page);
    let before = app.council.asked().len();
    let report = app.pass().await;
    let asked: HashSet<(String, bool)> = asked_since(&app.council, before).into_iter().collect();
    assert_eq!(asked, HashSet::from([listing, ("/news/5".to_owned(), false), ("/news/2".to_owned(), false)]));
    assert_eq!(report.polls[0].new, 1);
}

/// Three posts behind a listing that says when it has not changed.
async fn vouched_for(further: &str) -> App {
    let app = App::set_up().await;
    app.council.publish("/news", Answer::html(&page_of((1..=3).rev(), "")).with("etag", "\"listing\""));
    publish(&app.council, 1..=3);
    app.watch("news", "/news", further);
    assert_eq!(app.pass().await.polls[0].new, 3);
    app
}

/// The rows of the items of "news", with their keys.
async fn item_rows(app: &App) -> Vec<(Vec<u8>, Vec<u8>)> {
    let (world, _) = app.start().await;
    let rows = world.store.engine().scan(prefix_range(b"item/news/"), 100).await.unwrap();
    rows.into_iter().map(|(key, row)| (key, row.value)).collect()
}

async fn put(app: &App, rows: impl Iterator<Item = (Vec<u8>, Vec<u8>)>) {
    let (world, _) = app.start().await;
    let writes = rows.map(|(key, value)| Write::Put(key, value)).collect();
    world.store.engine().commit(Vec::new(), writes).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn items_of_a_listing_that_has_not_changed_are_looked_at_when_a_day_has_passed_and_not_before() {
    let app = vouched_for("reread = 0\n").await;
    let rows = item_rows(&app).await;
    assert_eq!(rows.len(), 3);
    // Whoever reads these rows fails.
    put(&app, rows.iter().map(|(key, _)| (key.clone(), b"no record".to_vec()))).await;
    let before = app.council.asked().len();
    let report = app.pass().await;
    assert!(report.polls[0].outcome.is_good(), "{:?}", report.polls[0]);
    assert_eq!(asked_since(&app.council, before), [("/news".to_owned(), true)]);
    put(&app, rows.into_iter()).await;
    app.advance(TimeDelta::hours(25));
    let before = app.council.asked().len();
    app.pass().await;
    let own_pages = asked_since(&app.council, before).into_iter().filter(|(path, _)| path.starts_with("/news/"));
    assert_eq!(own_pages.count(), 3, "their pages are read again");
    let before = app.council.asked().len();
    app.pass().await;
    assert_eq!(asked_since(&app.council, before), [("/news".to_owned(), true)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_newest_items_are_read_again_though_the_listing_has_not_changed() {
    let app = vouched_for("reread = 2\n").await;
    let before = app.council.asked().len();
    app.council.publish("/news/3", article(3, "The chair has resigned since."));
    let report = app.pass().await;
    assert_eq!(asked_since(&app.council, before).len(), 3);
    assert_eq!(report.polls[0].revised, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_says_nothing_of_a_sources_items_is_looked_through_once() {
    let app = vouched_for("reread = 0\n").await;
    let id = SourceId::parse("news").unwrap();
    let gist = {
        let (world, _) = app.start().await;
        let row = world.store.source_state(&id).await.unwrap().unwrap();
        let mut change = world.store.change();
        change.update(&row, &SourceState { gist: None, ..row.value.clone() });
        change.commit().await.unwrap();
        row.value.gist
    };
    assert!(gist.is_some());
    let report = app.pass().await;
    assert!(report.polls[0].outcome.is_good(), "{:?}", report.polls[0]);
    let (world, _) = app.start().await;
    assert_eq!(world.store.source_state(&id).await.unwrap().unwrap().value.gist, gist);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_newest_are_asked_for_again_with_what_was_known_of_them() {
    let app = App::set_up().await;
    app.publish("/news", &page_of((1..=4).rev(), ""));
    publish(&app.council, 1..=4);
    app.watch("news", "/news", "reread = 2\n");
    app.pass().await;
    app.council.publish("/news/4", article(4, "The chair has resigned since."));
    let before = app.council.asked().len();
    let report = app.pass().await;
    let asked = asked_since(&app.council, before);
    assert_eq!(asked[1..], [("/news/4".to_owned(), true), ("/news/3".to_owned(), true)]);
    assert_eq!((report.polls[0].new, report.polls[0].revised), (0, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_that_come_to_a_page_that_had_only_a_title_are_told() {
    let app = App::set_up().await;
    app.publish("/news", &page_of((1..=4).rev(), ""));
    publish(&app.council, 1..=4);
    app.watch("news", "/news", "");
    app.pass().await;
    app.publish("/news", &page_of((1..=5).rev(), ""));
    app.publish("/news/5", "<title>Board met the 5th time</title><main><h1>Board met the 5th time</h1></main>");
    // It is asked for at three polls: better told tomorrow with its words than today without.
    for new in [0, 0, 1] {
        let told = app.pass().await;
        assert_eq!((told.polls[0].new, told.polls[0].revised), (new, 0), "{:?}", told.polls[0]);
    }
    app.council.publish("/news/5", article(5, "The minutes are here now."));
    let told = app.pass().await;
    assert_eq!((told.polls[0].new, told.polls[0].revised), (0, 1), "{:?}", told.polls[0]);
    let told = app.pass().await;
    assert_eq!((told.polls[0].new, told.polls[0].revised), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feed_that_gives_summaries_is_completed_from_the_pages_that_it_links_to() {
    let app = App::set_up().await;
    let entry = |n: u32, more: &str| {
        let url = app.council.url(&format!("/news/{n}"));
        format!(
            "<item><title>Board met the {n}th time</title><link>{url}</link><guid>{url}</guid><description>The board met.</description>{more}</item>"
        )
    };
    let feed = |entries: &str| {
        let feed = format!(
            "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>Board</title>{entries}</channel></rss>"
        );
        Answer::bytes("application/rss+xml", feed.as_bytes())
    };
    let whole = "<content:encoded>&lt;p&gt;All that there is to say.&lt;/p&gt;&lt;p&gt;And no more.&lt;/p&gt;</content:encoded>";
    app.council.publish("/feed", feed(&(entry(2, "") + &entry(1, whole))));
    publish(&app.council, 1..=3);
    app.watch("feed", "/feed", "platform = \"feed\"\nreread = 0\n");
    app.pass().await;
    let items = stored(&app, "feed").await;
    let text = |n: u32| {
        let item = items.iter().find(|item| item.url.path() == format!("/news/{n}")).unwrap();
        item.text.as_ref().unwrap().as_str().to_owned()
    };
    assert!(text(2).starts_with("The board met for the 2th time and heard of progress."), "{}", text(2));
    assert_eq!(text(1), "All that there is to say.\nAnd no more.");
    assert!(!app.council.asked_paths().contains(&"/news/1".to_owned()), "what the feed says in full needs no page");

    // A page that is not there leaves the summary, is asked for again, and completes the item without news.
    app.council.publish("/news/3", Answer::status(404));
    app.council.publish("/feed", feed(&(entry(3, "") + &entry(2, "") + &entry(1, whole))));
    let report = app.pass().await;
    assert_eq!(report.polls[0].new, 1, "{:?}", report.polls[0]);
    app.council.publish("/news/3", article(3, ""));
    let report = app.pass().await;
    assert_eq!((report.polls[0].new, report.polls[0].revised), (0, 0));
    let items = stored(&app, "feed").await;
    assert!(items.iter().all(|item| item.text.as_ref().unwrap().as_str().len() > 20), "{items:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listed_file_is_its_own_document_and_is_not_downloaded() {
    let app = App::set_up().await;
    let page = |size: &str| {
        format!(
            "<!DOCTYPE html><html><head><title>Board papers</title></head><body><main><h1>Board papers</h1><ul>\
             <li><h2><a href=/papers/plan.pdf>Improvement plan (PDF, {size})</a></h2><p>3 June 2026</p></li>\
             <li><h2><a href=/papers/terms.pdf>Terms of reference (PDF, 90KB)</a></h2><p>2 June 2026</p></li>\
             <li><h2><a href=/papers/risk.pdf>Risk register (PDF, 80KB)</a></h2><p>1 June 2026</p></li></ul></main></body></html>"
        )
    };
    app.publish("/papers", &page("1MB"));
    app.watch("papers", "/papers", "");
    assert_eq!(app.pass().await.polls[0].new, 3);
    app.publish("/papers", &page("2MB"));
    let report = app.pass().await;
    assert_eq!(report.polls[0].revised, 1, "a replaced file is news: {:?}", report.polls[0]);
    assert!(app.council.asked_paths().iter().all(|path| !path.starts_with("/papers/")), "{:?}", app.council.asked_paths());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_items_of_every_platforms_lists_are_completed_from_their_own_pages() {
    let app = App::set_up().await;
    let mut councils = Vec::new();
    for (nth, (name, url, _)) in PAGES.iter().enumerate() {
        let council = Council::open().await;
        let at = serve_fixture(&council, name, url);
        app.write(
            &format!("sources/s{nth}.toml"),
            &format!("council = \"Council {nth}\"\ntitle = \"{name}\"\nurl = \"{at}\"\nplatform = \"auto\"\n"),
        );
        councils.push(council);
    }
    app.pass().await;
    let mut wrong = Vec::new();
    for (nth, (name, _, expect)) in PAGES.iter().enumerate() {
        let items = stored(&app, &format!("s{nth}")).await;
        let complete =
            items.iter().filter(|item| item.is_file() || item.text.as_ref().is_some_and(|text| !text.is_empty())).count();
        if items.len() != *expect || complete != items.len() {
            wrong.push(format!("{name}: {} items, {complete} of them complete", items.len()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A listing of `count` entries, the newest first, ten on a page.
fn publish_in_pages(app: &App, numbers: &[u32]) {
    let pages = numbers.chunks(10).count();
    for (nth, chunk) in numbers.chunks(10).enumerate() {
        let below = if nth + 1 < pages { format!("<a rel=next href=/news?page={}>Next</a>", nth + 2) } else { String::new() };
        let path = if nth == 0 { "/news".to_owned() } else { format!("/news?page={}", nth + 1) };
        app.publish(&path, &page_of_days(chunk, &below));
    }
}

/// As [`page_of`], each entry a day older than the next.
fn page_of_days(numbers: &[u32], below: &str) -> String {
    let mut entries = String::new();
    for n in numbers {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new(u64::from(*n));
        write!(
            entries,
            "<li><h2><a href=/news/{n}>Board met the {n}th time</a></h2><p class=date>{}</p></li>",
            day.format("%-d %B %Y")
        )
        .unwrap();
    }
    format!(
        "<!DOCTYPE html><html><head><title>Board news</title></head><body><main><h1>Board news</h1><ul class=news>{entries}</ul>{below}</main></body></html>"
    )
}

/// Polls `times` times, a day apart: `(new, revised, withdrawn)` of all of them together.
async fn days(app: &App, times: usize) -> (usize, usize, usize) {
    let mut found = (0, 0, 0);
    for _ in 0..times {
        app.advance(chrono::TimeDelta::days(1));
        let report = app.pass().await;
        let poll = &report.polls[0];
        assert!(poll.outcome.is_good(), "{poll:?}");
        found = (found.0 + poll.new, found.1 + poll.revised, found.2 + poll.withdrawn);
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_of_several_pages_that_stays_as_it_is_is_no_news_and_held_by_nothing() {
    let app = App::set_up().await;
    let numbers: Vec<u32> = (1..=25).rev().collect();
    publish_in_pages(&app, &numbers);
    publish(&app.council, 1..=26);
    app.watch("news", "/news", "");
    assert_eq!(app.pass().await.polls[0].new, 25);
    for _ in 0..5 {
        app.advance(chrono::TimeDelta::hours(1));
        let report = app.pass().await;
        assert!(report.polls[0].outcome.is_good() && report.polls[0].new == 0, "{:?}", report.polls[0]);
    }
    let read_later_pages = app.council.asked_paths().iter().filter(|path| path.starts_with("/news?page=")).count();
    assert_eq!(read_later_pages, 2, "the later pages are read once a day");
    assert_eq!(days(&app, 3).await, (0, 0, 0));
    publish_in_pages(&app, &(1..=26).rev().collect::<Vec<_>>());
    assert_eq!(days(&app, 1).await, (1, 0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_changes_or_goes_on_a_later_page_is_found() {
    let app = App::set_up().await;
    let numbers: Vec<u32> = (1..=18).rev().filter(|n| *n != 5).collect();
    publish_in_pages(&app, &numbers);
    publish(&app.council, 1..=18);
    app.watch("news", "/news", "");
    app.pass().await;
    publish_in_pages(&app, &(1..=18).rev().collect::<Vec<_>>());
    assert_eq!(days(&app, 1).await, (1, 0, 0), "posted late, under its own day");
    app.council.publish("/news/3", article(3, "The chair has resigned since."));
    assert_eq!(days(&app, 2).await, (0, 1, 0), "corrected");
    publish_in_pages(&app, &(1..=18).rev().filter(|n| *n != 4).collect::<Vec<_>>());
    assert_eq!(days(&app, 3).await, (0, 0, 1), "taken down");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_item_that_the_list_has_moved_on_from_is_read_again_in_its_turn() {
    let app = App::set_up().await;
    app.publish("/news", &page_of_days(&[6, 5, 4, 3, 2, 1], ""));
    publish(&app.council, 1..=12);
    app.watch("news", "/news", "");
    app.pass().await;
    app.publish("/news", &page_of_days(&[9, 8, 7, 6, 5, 4], "<p>Showing 1 to 6 of 9</p>"));
    assert_eq!(days(&app, 1).await, (3, 0, 0));
    app.council.publish("/news/1", article(1, "The chair has resigned since."));
    assert_eq!(days(&app, 2).await, (0, 1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_that_could_not_be_followed_at_first_hold_no_news() {
    let app = App::set_up().await;
    publish_in_pages(&app, &(1..=15).rev().collect::<Vec<_>>());
    app.council.publish("/news?page=2", Answer::status(503));
    publish(&app.council, 1..=15);
    app.list("people", &[("reader@example.org", "immediate")]);
    app.watch("news", "/news", "");
    assert_eq!(app.pass().await.polls[0].new, 10);
    publish_in_pages(&app, &(1..=15).rev().collect::<Vec<_>>());
    days(&app, 2).await;
    assert_eq!(stored(&app, "news").await.len(), 15);
    assert!(app.inbox("reader@example.org").is_empty(), "they stood there before");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_item_that_only_moved_to_another_address_is_no_news() {
    let app = App::set_up().await;
    app.publish("/news", &page_of_days(&[4, 3, 2, 1], ""));
    publish(&app.council, 1..=4);
    app.watch("news", "/news", "");
    app.pass().await;
    let page = page_of_days(&[4, 3, 2, 1], "").replace("/news/3", "/news/board-met-for-the-third-time");
    app.publish("/news", &page);
    app.council.publish("/news/board-met-for-the-third-time", article(3, ""));
    app.council.publish("/news/3", Answer::redirect("/news/board-met-for-the-third-time"));
    assert_eq!(days(&app, 3).await, (0, 0, 0));
    let items = stored(&app, "news").await;
    assert_eq!(items.len(), 4);
    assert!(items.iter().any(|item| item.url.path() == "/news/board-met-for-the-third-time"), "the link is the new one");
}
