//! What the pages for everybody lead with: what residents were told last, whatever its day; topics by their names; and what
//! somebody who mistyped may have meant.

use crate::support::app::App;
use crate::support::front::Front;
use crate::support::pages::{Chrome, blog};
use chrono::TimeDelta;

async fn page(url: &str) -> String {
    let html = reqwest::get(url).await.unwrap().text().await.unwrap();
    html.replace("&#8217;", "’")
}

/// The items of a page in their order, each as its row.
fn rows(html: &str) -> Vec<(String, String)> {
    let rows = html.split("<a href=\"/items/").skip(1).map(|rest| {
        let title = rest.split_once('>').unwrap().1.split_once('<').unwrap().0;
        (title.to_owned(), rest.split_once("</li>").unwrap().0.to_owned())
    });
    rows.collect()
}

fn titles(html: &str) -> Vec<String> {
    rows(html).into_iter().map(|(title, _)| title.trim_start_matches("Improvement Board ").to_owned()).collect()
}

/// The front page, once it leads with this: what it is made from is looked at once a second at most.
async fn led_by(front: &Front, title: &str) -> String {
    for _ in 0..600 {
        let html = page(&front.url("/")).await;
        if titles(&html).first().is_some_and(|first| first == title) {
            return html;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the front page never leads with {title}: {}", page(&front.url("/")).await);
}

fn show(app: &App, posts: &[(u32, &str)]) {
    for (path, page) in blog(posts, &Chrome::default()) {
        app.publish(&path, &page);
    }
}

#[tokio::test]
async fn the_front_page_leads_with_what_was_told_last_and_says_what_that_was() {
    let app = App::set_up().await;
    app.watch("blog", "/blog/updates.aspx", "");
    app.list("people", &[("reader@example.org", "immediate")]);
    show(&app, &[(15, "Fifteen."), (9, "Nine."), (2, "Two."), (1, "One.")]);
    let front = Front::open(&app).await;
    front.pass().await;
    let html = led_by(&front, "Update 15").await;
    assert_eq!(titles(&html), ["Update 15", "Update 9", "Update 2", "Update 1"], "nobody was told of these: {html}");
    // Something old is changed, then something old is published, then something is withdrawn.
    app.advance(TimeDelta::days(1));
    show(&app, &[(15, "Fifteen."), (9, "Nine."), (2, "Two."), (1, "One, corrected: 12 percent.")]);
    front.pass().await;
    app.advance(TimeDelta::hours(3));
    show(&app, &[(15, "Fifteen."), (9, "Nine."), (3, "Three."), (2, "Two."), (1, "One, corrected: 12 percent.")]);
    front.pass().await;
    let html = led_by(&front, "Update 3").await;
    assert_eq!(titles(&html), ["Update 3", "Update 1", "Update 15", "Update 9", "Update 2"], "{html}");
    let today = app.now().format("%-d %B %Y").to_string();
    let row = |html: &str, n: usize| rows(html).swap_remove(n).1;
    assert!(row(&html, 0).contains("Published on 3 November 2026") && !row(&html, 0).contains("Changed"), "{html}");
    assert!(row(&html, 1).contains(&format!("Changed on {today}")), "{html}");
    assert!(row(&html, 1).contains("Published on 1 November 2026"), "{html}");
    assert!(!row(&html, 2).contains("Published on"), "it stands under its own day: {html}");
    show(&app, &[(15, "Fifteen."), (9, "Nine."), (3, "Three."), (1, "One, corrected: 12 percent.")]);
    for _ in 0..3 {
        app.advance(TimeDelta::days(1));
        front.pass().await;
    }
    let html = led_by(&front, "Update 2").await;
    assert_eq!(titles(&html), ["Update 2", "Update 3", "Update 1", "Update 15", "Update 9"], "{html}");
    assert!(row(&html, 0).contains("Withdrawn on ") && html.contains(">Withdrawn</span> <a href"), "{html}");
    // The archive keeps to the days of publication, and says it too.
    let archive = page(&front.url("/archive")).await;
    assert_eq!(titles(&archive), ["Update 15", "Update 9", "Update 3", "Update 2", "Update 1"], "{archive}");
    assert!(row(&archive, 4).contains(&format!("Changed on {today}")), "{archive}");
}

#[tokio::test]
async fn a_topic_is_called_as_people_call_it() {
    let app = App::set_up().await;
    let toml = std::fs::read_to_string(app.config_dir().join("boardwatch.toml")).unwrap();
    app.write("boardwatch.toml", &format!("{toml}\n[[topic]]\nslug = \"board\"\nname = \"The <Improvement> Board\"\n"));
    let url = app.council.url("/blog/updates.aspx");
    let source = format!(
        "council = \"Anytown Council\"\ntitle = \"Updates\"\nurl = \"{url}\"\ntopics = [\"childrens-services\", \"send\", \"board\"]\n"
    );
    app.write("sources/blog.toml", &source);
    show(&app, &[(1, "One.")]);
    let front = Front::open(&app).await;
    front.pass().await;
    for path in ["/", "/archive", "/subscribe"] {
        let html = page(&front.url(path)).await;
        for name in ["Children’s services", "SEND", "The &#60;Improvement&#62; Board"] {
            assert!(html.contains(name), "{name} not in {path}: {html}");
        }
        assert!(!html.contains("Childrens services") && !html.contains(" of Topic:"), "{path}: {html}");
    }
    let html = page(&front.url("/")).await;
    assert!(html.contains("RSS<span class=\"unseen\"> on the topic “SEND”</span>"), "{html}");
}

#[tokio::test]
async fn somebody_who_mistypes_is_asked_what_they_meant() {
    let app = App::set_up().await;
    app.watch("blog", "/blog/updates.aspx", "");
    show(&app, &[(2, "Caseloads fell to eighteen."), (1, "One.")]);
    let front = Front::open(&app).await;
    front.pass().await;
    let html = page(&front.url("/search?q=Casleoads")).await;
    assert!(html.contains("Did you mean <a href=\"/search?q=caseloads\" dir=\"auto\">caseloads</a>?"), "{html}");
    assert_eq!(titles(&page(&front.url("/search?q=caseloads")).await), ["Update 2"]);
    for query in ["zebra", "caseloads+one+zebra", "caseloads"] {
        let html = page(&front.url(&format!("/search?q={query}"))).await;
        assert!(!html.contains("Did you mean"), "{query}: {html}");
    }
}
