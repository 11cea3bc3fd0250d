//! Trafford's pages in the demo: a listing of posts, repeated on the page of each.
//!
//! Titles and days are the council's own. Two posts are carried in full; the others say that they are stand-ins.

use super::fill::fill;

/// The folder of the posts, and of the listing.
const FOLDER: &str = "/trafford/about-your-council/children-families-and-wellbeing/Improvement-Plan-updates";
/// The listing.
const LISTING: &str = "Improvement-Plan-updates.aspx";
/// Posts that are there before the council publishes: the oldest ones.
const POSTS_BEFORE: usize = 2;

/// The words around everything.
const PAGE: &str = include_str!("pages/trafford.html");
const ENTRY: &str = include_str!("pages/trafford-entry.html");
const POST: &str = include_str!("pages/trafford-post.html");
const STAND_IN: &str = include_str!("pages/trafford-stand-in.html");

/// One post of the blog.
struct Post {
    /// Its page, under [`FOLDER`]; the first part is the name of its blog.
    page: &'static str,
    title: &'static str,
    /// The day, as the council writes it.
    posted: &'static str,
    body: Option<&'static str>,
}

/// Newest first, as the council lists them.
const POSTS: [Post; 9] = [
    Post {
        page: "2021/Improvement-Board-Update-19-January-2021.aspx",
        title: "Improvement Board Update 19 January 2021",
        posted: "Tuesday 23rd February 2021",
        body: None,
    },
    Post {
        page: "2020/Improvement-Board-Update-8-December-2020.aspx",
        title: "Improvement Board Update 8 December 2020",
        posted: "Wednesday 23rd December 2020",
        body: None,
    },
    Post {
        page: "2020/Improvement-Board-Update-27-October-2020.aspx",
        title: "Improvement Board Update 27 October 2020",
        posted: "Wednesday 11th November 2020",
        body: None,
    },
    Post {
        page: "2020/Improvement-Board-Update-15-September-2020.aspx",
        title: "Improvement Board Update 15 September 2020",
        posted: "Tuesday 20th October 2020",
        body: None,
    },
    Post {
        page: "2020/Improvement-Board-Update-March-August-2020.aspx",
        title: "Improvement Board Update March - August 2020",
        posted: "Friday 16th October 2020",
        body: None,
    },
    Post {
        page: "2020/Improvement-Board-Update-25-February-2020.aspx",
        title: "Improvement Board Update - 25 February 2020",
        posted: "Tuesday 17th March 2020",
        body: None,
    },
    Post {
        page: "2020/Improvement-Board-Update-14-January-2020.aspx",
        title: "Improvement Board Update - 14 January 2020",
        posted: "Tuesday 11th February 2020",
        body: Some(include_str!("pages/trafford-2020-01-14.html")),
    },
    Post {
        page: "2019/Improvement-Plan-Board-Update-3-December-2019.aspx",
        title: "Improvement Plan Board Update - 3 December 2019",
        posted: "Wednesday 8th January 2020",
        body: None,
    },
    Post {
        page: "2019/Improvement-Board-Update-22-October-2019.aspx",
        title: "Improvement Board Update - 22 October 2019",
        posted: "Monday 25th November 2019",
        body: Some(include_str!("pages/trafford-2019-10-22.html")),
    },
];

/// The page at `path`, before or after the council has published; `{{token}}` and `{{today}}` are still to be filled in.
pub(super) fn page(path: &str, is_published: bool) -> Option<String> {
    let page = path.strip_prefix(FOLDER)?.strip_prefix('/')?;
    let skipped = if is_published { 0 } else { POSTS.len() - POSTS_BEFORE };
    let there = || POSTS.iter().skip(skipped);
    let (title, post) = if page == LISTING {
        ("Improvement plan updates", String::new())
    } else {
        let post = there().find(|post| post.page == page)?;
        (post.title, article(post))
    };
    let listing: String = there().map(entry).collect();
    let count = there().count().to_string();
    Some(fill(PAGE, &[("title", title), ("listing", listing.trim_end()), ("count", &count), ("post", post.trim_end())]))
}

fn entry(post: &Post) -> String {
    let address = format!("{FOLDER}/{}", post.page);
    fill(ENTRY, &[("address", &address), ("title", post.title), ("posted", post.posted)])
}

fn article(post: &Post) -> String {
    let blog = post.page.split('/').next().unwrap_or_default();
    let body = post.body.unwrap_or(STAND_IN).trim_end();
    fill(POST, &[("body", body), ("title", post.title), ("posted", post.posted), ("blog", blog)])
}
