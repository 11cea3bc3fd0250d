//! The pages in a real browser: by keyboard alone, in light and dark, on a narrow screen, with axe-core and the Nu HTML
//! checker. Where Chromium or a checker is absent the test says so and is skipped.

mod checks;
mod pictures;
mod resident;
mod visits;

use super::support::app::App;
use super::support::browser::Browser;
use super::support::front::Front;
use super::support::pages::{Chrome, blog, issue};
use chrono::TimeDelta;
use visits::every_page;

/// What the posts say, after one of them was corrected.
pub(super) const AGREED: &str = "The Board looked at turnover, which is 12.5 percent. RESOLVED: That the plan be approved. \
     <h5>Next steps</h5><p>All forty actions will be complete by April 2027.</p>\
     <ul><li>Staffing</li><li><a href=\"/documents/report.pdf\">Progress report (PDF, 468 KB)</a></li></ul>";
pub(super) const MET: &str = "The Board met. Ofsted’s letter was read.";

/// A program that has seen two councils publish, change and withdraw; with a reader who was mailed.
pub(super) async fn lived_in() -> (App, Front) {
    let app = App::set_up().await;
    for (id, council, title, path) in [
        ("blog", "Anytown Council", "Improvement board updates", "/blog/updates.aspx"),
        ("issue", "Sampleton Borough Council", "Children’s services", "/mgIssue.aspx?IId=1"),
        ("silent", "Sampleton Borough Council", "News", "/nothing.aspx"),
    ] {
        let url = app.council.url(path);
        let file = format!("council = \"{council}\"\ntitle = \"{title}\"\nurl = \"{url}\"\ntopics = [\"improvement-board\"]\n");
        app.write(&format!("sources/{id}.toml"), &file);
    }
    app.list("people", &[("reader@example.org", "immediate")]);
    let show = |posts: &[(u32, &str)]| {
        for (path, page) in blog(posts, &Chrome::default()) {
            app.publish(&path, &page);
        }
    };
    app.publish(
        "/mgIssue.aspx?IId=1",
        &issue(&[("15 December 2022", "Cabinet", 181, "The plan was discussed.")], &Chrome::default()),
    );
    let agreed = AGREED.replace("12.5 percent", "9.9 percent");
    show(&[(2, &agreed), (1, "One.")]);
    let front = Front::open(&app).await;
    front.pass().await;
    app.advance(TimeDelta::hours(3));
    show(&[(4, MET), (3, "Three."), (2, AGREED), (1, "One.")]);
    front.pass().await;
    show(&[(4, MET), (2, AGREED), (1, "One.")]);
    for _ in 0..3 {
        app.advance(TimeDelta::hours(2));
        front.pass().await;
    }
    (app, front)
}

#[tokio::test]
async fn a_reader_without_a_mouse_finds_an_item_and_its_history() {
    let Some(mut browser) = Browser::open().await else { return };
    let (_app, front) = lived_in().await;
    let mut page = browser.page().await;
    page.wide(320).await;
    page.go(&front.url("/")).await;
    page.press("Tab").await;
    assert_eq!(page.eval("document.activeElement.className").await, "skip", "the first stop leads past the header");
    page.tab_to("e.textContent === 'Search'").await;
    page.press_and_go("Enter").await;
    page.tab_to("e.id === 'q'").await;
    page.type_text("ofsted").await;
    page.press_and_go("Enter").await;
    let words = page.words().await;
    assert!(words.contains("1 update found") && words.contains("Ofsted’s letter was read"), "{words}");
    page.tab_to("e.textContent.startsWith('Improvement Board Update 4')").await;
    page.press_and_go("Enter").await;
    assert!(page.title().await.starts_with("Improvement Board Update 4 – Anytown Council"), "{}", page.title().await);
    page.tab_to("e.tagName === 'SUMMARY'").await;
    assert!(!page.words().await.contains("SHA-256"));
    page.press("Enter").await;
    assert!(page.words().await.contains("SHA-256"), "evidence opens");
    assert_eq!(page.complaints, Vec::<String>::new());
}

#[tokio::test]
async fn an_item_page_shows_what_changed_what_is_gone_and_where_it_comes_from() {
    let Some(mut browser) = Browser::open().await else { return };
    let (app, front) = lived_in().await;
    let pages = every_page(&front, &app).await;
    let url = |name: &str| pages.iter().find(|page| page.name == name).unwrap().url.clone();
    let mut page = browser.page().await;
    page.go(&url("item-changed")).await;
    let words = page.words().await;
    for part in ["12.5 percent", "Read it on Anytown Council’s own page", "by April 2027", "First seen on 20 November 2026"] {
        assert!(words.contains(part), "{part}: {words}");
    }
    let gone = page.eval("document.querySelector('del').textContent").await;
    assert_eq!(gone, "removed: 9.9, end of removed words. ", "also for those who hear the page");
    let council = app.council.url("/blog/update-2.aspx").to_string();
    assert_eq!(
        page.eval("document.querySelector('main a.button').href").await,
        council.as_str(),
        "the council's own page comes first"
    );
    page.click_and_go("p.way a").await;
    assert_eq!(page.address().await, front.url("/archive?in=blog"), "and what else is there is a click away");
    page.go(&url("item-withdrawn")).await;
    let words = page.words().await;
    assert!(words.contains("Withdrawn. The council no longer publishes this.") && words.contains("Three."), "{words}");
    assert!(words.contains("What it said") && words.contains("Withdrawn on 20 November 2026"), "{words}");
    assert_eq!(page.eval("document.querySelector('meta[name=robots]').content").await, "noindex");
    page.go(&url("status")).await;
    let words = page.words().await;
    assert!(
        words.contains("Cannot be reached") && words.contains("Read just now") && words.contains("1 page needs attention"),
        "{words}"
    );
}
