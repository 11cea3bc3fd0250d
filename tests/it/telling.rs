//! What readers are told of pages: of a feed the page that people read, of a thing that is gone that it is gone and what shows
//! it, and of one that cannot be read that it cannot.

use crate::support::app::App;
use crate::support::council::Answer;
use crate::support::front::Front;
use crate::support::pages::{Chrome, blog};
use chrono::TimeDelta;

const READER: &str = "reader@example.org";

fn feed(app: &App, items: &[&str]) {
    let home = app.council.url("/news");
    let entry = |title: &&str| {
        let link = title.replace(' ', "-");
        format!("<item><title>{title}</title><link>{home}/{link}</link><description>{title} was held.</description></item>")
    };
    let items: String = items.iter().map(entry).collect();
    let rss = format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title><link>{home}</link>{items}</channel></rss>"
    );
    app.council.publish("/news.xml", Answer::bytes("application/rss+xml", rss.as_bytes()));
}

async fn page(url: &str) -> String {
    reqwest::get(url).await.unwrap().text().await.unwrap()
}

/// The address of the item's page whose title is this, from the archive.
async fn item_page(front: &Front, title: &str) -> String {
    let archive = page(&front.url("/archive")).await;
    let (before, _) = archive.split_once(&format!(">{title}")).unwrap_or_else(|| panic!("no {title} in {archive}"));
    front.url(before.rsplit_once("href=\"").unwrap().1.split('"').next().unwrap())
}

#[tokio::test]
async fn who_follows_a_feed_is_led_to_the_page_that_it_is_of() {
    let app = App::set_up().await;
    app.watch("news", "/news.xml", "");
    app.list("people", &[(READER, "immediate")]);
    feed(&app, &["A first meeting"]);
    let front = Front::open(&app).await;
    front.pass().await;
    app.advance(TimeDelta::hours(2));
    feed(&app, &["A second meeting", "A first meeting"]);
    front.pass().await;
    let (home, xml) = (app.council.url("/news").to_string(), app.council.url("/news.xml").to_string());
    let [mail] = app.inbox(READER).try_into().unwrap();
    let links_to = |html: &str, url: &str| html.contains(&format!("href=\"{url}\""));
    assert!(links_to(&mail.html, &home) && !links_to(&mail.html, &xml), "{}", mail.html);
    for path in ["/", "/status"] {
        let html = page(&front.url(path)).await;
        assert!(links_to(&html, &home) && !links_to(&html, &xml), "{path}: {html}");
    }
    let html = page(&item_page(&front, "A second meeting").await).await;
    // Its evidence alone names the feed.
    assert!(links_to(&html, &home) && html.matches(&xml).count() <= 2, "{html}");
    // Where it cannot be read for long, too.
    app.council.publish("/news.xml", Answer::status(500));
    for _ in 0..2 {
        app.advance(TimeDelta::days(4));
        front.pass().await;
    }
    let mails = app.inbox(READER);
    let notice = mails.iter().find(|mail| mail.subject.contains("has not been readable")).unwrap();
    assert!(links_to(&notice.html, &home) && !links_to(&notice.html, &xml), "{}", notice.html);
    assert!(notice.text.contains("Why: you follow everything."), "{}", notice.text);
}

#[tokio::test]
async fn the_page_of_what_is_gone_says_when_it_went_and_what_shows_it() {
    let app = App::set_up().await;
    app.watch("blog", "/blog/updates.aspx", "");
    let show = |posts: &[(u32, &str)]| {
        for (path, page) in blog(posts, &Chrome::default()) {
            app.publish(&path, &page);
        }
    };
    show(&[(4, "Four."), (3, "Three."), (2, "Two."), (1, "One.")]);
    let front = Front::open(&app).await;
    front.pass().await;
    let url = item_page(&front, "Improvement Board Update 3").await;
    let before = page(&url).await;
    assert!(before.contains(">What it says</h2>") && !before.contains("Withdrawn on"), "{before}");
    show(&[(4, "Four."), (2, "Two."), (1, "One.")]);
    for _ in 0..3 {
        app.advance(TimeDelta::hours(2));
        front.pass().await;
    }
    let html = page(&url).await;
    assert!(html.contains(">What it said</h2>") && html.contains("Three."), "{html}");
    let (_, history) = html.split_once(">History</h2>").unwrap();
    let (withdrawal, first) = history.split_once("<h3>First seen on").unwrap();
    assert!(withdrawal.contains("<h3>Withdrawn on 20 November 2026</h3>"), "{history}");
    let listing = format!("href=\"{}\"", app.council.url("/blog/updates.aspx"));
    assert!(withdrawal.contains(&listing) && withdrawal.contains("SHA-256"), "{withdrawal}");
    assert!(first.contains("/blog/update-3.aspx"), "{first}");
    // What is there again has no withdrawal any more.
    show(&[(4, "Four."), (3, "Three."), (2, "Two."), (1, "One.")]);
    app.advance(TimeDelta::hours(2));
    front.pass().await;
    assert!(!page(&url).await.contains("Withdrawn on"));
}
