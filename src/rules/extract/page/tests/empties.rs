//! Pages that say that they have nothing, beside lists of something else.

use super::*;
use crate::domain::source::Platform;
use crate::rules::extract::{Page, extract};

/// What a page of a board's updates is read as, on each system that reads lists by its habits.
fn read_by_all(content: &str) -> Vec<(Outcome, usize)> {
    let url = Url::parse("https://www.anytown.example/council/board-updates").unwrap();
    let html = format!("<html><head><title>Updates</title></head><body>{content}</body></html>");
    let page = Page { url: &url, status: 200, content_type: None, body: html.as_bytes() };
    let read = |platform| {
        let read = extract(&page, platform, &Select::default());
        (read.outcome, read.items.len())
    };
    [Platform::Auto, Platform::Page, Platform::Jadu, Platform::LocalgovDrupal].map(read).to_vec()
}

const SAYS: &str = "<p>There are currently no updates.</p>";

fn strip(heading: &str, folder: &str) -> String {
    format!(
        "<h2>{heading}</h2><ul><li><a href=/{folder}/leaves>Leaf collection starts</a> <span>2 November 2026</span></li>\
         <li><a href=/{folder}/lights>Christmas lights go on</a> <span>1 November 2026</span></li></ul>"
    )
}

#[test]
fn news_of_the_whole_site_beside_an_empty_list_is_none_of_it() {
    for content in [
        format!("<main><div><h1>Board updates</h1>{SAYS}</div><div>{}</div></main>", strip("Around the town", "news")),
        format!(
            "<main><article><h1>Board updates</h1>{SAYS}</article><section>{}</section></main>",
            strip("Council news", "news")
        ),
        format!("<main><h1>Board updates</h1>{SAYS}<section>{}</section></main>", strip("Corporate news", "news")),
        format!("<main><h1>Board updates</h1><div>{SAYS}</div><div>{}</div></main>", strip("Popular stories", "stories")),
        format!("<main><h1>Board updates</h1>{SAYS}{}</main>", strip("You may also be interested in", "news")),
        format!(
            "<div id=a><h1>Board updates</h1>{SAYS}</div><div id=b>{}</div>",
            strip("News", "news").replace("<li>", "<li class='views-row'>")
        ),
    ] {
        assert_eq!(read_by_all(&content), [(Outcome::Empty, 0); 4], "{content}");
    }
}

#[test]
fn what_a_page_has_beside_what_it_has_not_is_its_own() {
    for content in [
        // Files, which are no news of anybody.
        format!("<main><div><h1>Board updates</h1>{SAYS}</div><div>{}</div></main>", strip("Documents", "downloads")),
        format!(
            "<main><div><h1>Board updates</h1>{SAYS}</div><div>{}</div></main>",
            strip("From the board", "f").replace("leaves>", "leaves.pdf>")
        ),
        // Past ones, where none are to come.
        format!("<main><div><h1>Board updates</h1>{SAYS}</div><div>{}</div></main>", strip("Past years", "archive")),
        // In the folder of the page itself.
        format!("<main><div><h1>Board updates</h1>{SAYS}</div><div>{}</div></main>", strip("In the meantime", "council")),
        // Meetings are missing, and its news is not; nothing parts the two.
        format!(
            "<main><h1>Board</h1><p>There are no meetings planned.</p><section>{}</section></main>",
            strip("News from the front door", "news")
        ),
    ] {
        let read = read_by_all(&content);
        assert!(read.iter().all(|read| *read == (Outcome::Items, 2)), "{content}: {read:?}");
    }
}
