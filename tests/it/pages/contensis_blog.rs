//! Trafford: the page with two posts, and the page with nine.

use super::*;
use boardwatch::rules::extract::extract_item;

const POST_2019: &str = "https://www.trafford.gov.uk/about-your-council/children-families-and-wellbeing/Improvement-Plan-updates/2019/Improvement-Board-Update-22-October-2019.aspx";
const POST_2020: &str = "https://www.trafford.gov.uk/about-your-council/children-families-and-wellbeing/Improvement-Plan-updates/2020/Improvement-Board-Update-14-January-2020.aspx";
const LISTING: &str = "https://www.trafford.gov.uk/about-your-council/children-families-and-wellbeing/Improvement-Plan-updates/Improvement-Plan-updates.aspx";
const MARKUPS: [&str; 4] = ["classes", "table-layout", "flat-cp1252", "semantic"];

/// The nine posts: title, day of posting, day of the meeting.
const POSTS: [(&str, &str, Option<&str>); 9] = [
    ("Improvement Board Update 19 January 2021", "2021-02-23", Some("2021-01-19")),
    ("Improvement Board Update 8 December 2020", "2020-12-23", Some("2020-12-08")),
    ("Improvement Board Update 27 October 2020", "2020-11-11", Some("2020-10-27")),
    ("Improvement Board Update 15 September 2020", "2020-10-20", Some("2020-09-15")),
    ("Improvement Board Update March - August 2020", "2020-10-16", None),
    ("Improvement Board Update - 25 February 2020", "2020-03-17", Some("2020-02-25")),
    ("Improvement Board Update - 14 January 2020", "2020-02-11", Some("2020-01-14")),
    ("Improvement Plan Board Update - 3 December 2019", "2020-01-08", Some("2019-12-03")),
    ("Improvement Board Update - 22 October 2019", "2019-11-25", Some("2019-10-22")),
];

fn facts_of(item: &Item) -> (String, Option<chrono::NaiveDate>, Option<chrono::NaiveDate>) {
    (item.title.to_string(), item.published, item.meeting.as_ref().and_then(|m| m.date))
}

/// The post comes first, the others in the listing's order.
fn posts_with_first(
    first: usize,
    posts: &[(&str, &str, Option<&str>)],
) -> Vec<(String, Option<chrono::NaiveDate>, Option<chrono::NaiveDate>)> {
    let mut posts = posts.to_vec();
    let post = posts.remove(first);
    posts.insert(0, post);
    posts.into_iter().map(|(title, published, meeting)| (title.to_owned(), day(published), meeting.and_then(day))).collect()
}

#[test]
fn the_page_with_two_posts_reads_the_same_in_every_markup() {
    for markup in MARKUPS {
        let name = format!("contensis-blog/trafford-2019-{markup}.html");
        let page = read(&name, Platform::ContensisBlog, POST_2019);
        assert_eq!(page.page_title.as_ref().unwrap().as_str(), "Improvement plan updates", "{name}");
        assert_eq!((page.listing.shown, page.listing.total, &page.listing.next_url), (Some(2), Some(2), &None), "{name}");
        assert_eq!(page.warnings, Vec::<String>::new(), "{name}");
        assert_eq!(page.items.iter().map(facts_of).collect::<Vec<_>>(), posts_with_first(1, &POSTS[7..]), "{name}");
        let post = &page.items[0];
        assert_text(post, &body("trafford-2019"), &name);
        let next = post.next_meeting.as_ref().unwrap();
        assert_eq!((Some(next.date), next.start, next.end), (day("2019-12-03"), None, None), "{name}");
        assert_eq!(next.quote, "The next Improvement Board will take place on Tuesday 3 December 2019.", "{name}");
        assert!(post.decisions.is_empty(), "{name}: {:?}", post.decisions);
        assert!(page.items[1].text.is_none(), "{name}");
    }
}

#[test]
fn the_page_with_nine_posts_reads_the_same_in_every_markup() {
    for markup in MARKUPS {
        let name = format!("contensis-blog/trafford-2020-{markup}.html");
        let page = read(&name, Platform::ContensisBlog, POST_2020);
        assert_eq!((page.listing.shown, page.listing.total, &page.listing.next_url), (Some(9), Some(9), &None), "{name}");
        assert_eq!(page.warnings, Vec::<String>::new(), "{name}");
        assert_eq!(page.items.iter().map(facts_of).collect::<Vec<_>>(), posts_with_first(6, &POSTS), "{name}");
        let post = &page.items[0];
        assert_text(post, &body("trafford-2020"), &name);
        let next = post.next_meeting.as_ref().unwrap();
        let time = |t: Option<chrono::NaiveTime>| t.unwrap().format("%H:%M").to_string();
        assert_eq!(
            (Some(next.date), time(next.start), time(next.end)),
            (day("2020-02-25"), "10:00".into(), "12:30".into()),
            "{name}"
        );
        assert_eq!(next.quote, "10am - 12:30pm, Tuesday 25 February 2020", "{name}");
    }
}

#[test]
fn a_post_has_one_key_on_every_page_that_lists_it() {
    let keys = |name: &str, url: &str| {
        let mut keys: Vec<_> = read(name, Platform::ContensisBlog, url).items.into_iter().map(|i| (i.published, i.key)).collect();
        keys.sort();
        keys
    };
    let expect = keys("contensis-blog/trafford-2020-listing.html", LISTING);
    assert_eq!(expect.len(), 9);
    for markup in MARKUPS {
        assert_eq!(keys(&format!("contensis-blog/trafford-2020-{markup}.html"), POST_2020), expect, "{markup}");
    }
    assert_eq!(keys("contensis-blog/trafford-2019-classes.html", POST_2019), expect[..2]);
}

#[test]
fn the_listing_and_the_frame_are_never_in_a_post() {
    for markup in MARKUPS {
        for year in ["2019", "2020"] {
            let name = format!("contensis-blog/trafford-{year}-{markup}.html");
            let url = if year == "2019" { POST_2019 } else { POST_2020 };
            let page = read(&name, Platform::ContensisBlog, url);
            let post = &page.items[0];
            for words in
                ["Displaying", "Recent posts", "Posted", "Blog:", "With You", "skip to", "Following an Ofsted inspection", "©"]
            {
                assert!(!post.text.as_ref().unwrap().as_str().contains(words), "{name}: {words} in the text");
                assert!(!post.html.as_ref().unwrap().as_str().contains(words), "{name}: {words} in the markup");
            }
        }
    }
}

#[test]
fn a_listing_alone_has_items_without_text() {
    let page = read("contensis-blog/trafford-2020-listing.html", Platform::ContensisBlog, LISTING);
    let expect: Vec<_> = POSTS.iter().map(|(t, p, m)| ((*t).to_owned(), day(p), m.and_then(day))).collect();
    assert_eq!(page.items.iter().map(facts_of).collect::<Vec<_>>(), expect);
    assert!(page.items.iter().all(|item| item.text.is_none() && item.html.is_none()));
    assert_eq!(page.items[6].url.as_str(), POST_2020);
}

#[test]
fn a_listing_that_goes_on_names_its_next_page_and_a_wrong_count_is_said() {
    let page = read("contensis-blog/trafford-paged-listing.html", Platform::ContensisBlog, LISTING);
    assert_eq!(page.items.len(), 5);
    assert_eq!((page.listing.shown, page.listing.total), (Some(6), Some(9)));
    assert_eq!(page.listing.next_url.unwrap().as_str(), format!("{LISTING}?Archive_Listing_List_GoToPage=2"));
    assert_eq!(page.warnings, ["the listing says that it shows 6, and 5 were read"]);
}

#[test]
fn documents_that_a_post_links_to_are_listed() {
    let page = read("contensis-blog/trafford-2020-classes.html", Platform::ContensisBlog, POST_2020);
    let [document] = page.items[0].documents.as_slice() else { panic!("{:?}", page.items[0].documents) };
    assert_eq!(document.title, "full Improvement Plan");
    assert_eq!(document.url.as_ref().unwrap().as_str(), "https://www.trafford.gov.uk/docs/Improvement-Plan.pdf");
    assert_eq!((document.kind.as_deref(), document.size.as_deref(), document.restricted), (Some("pdf"), None, false));
}

#[test]
fn a_listing_without_any_words_around_it_is_known_by_its_shape() {
    let name = "contensis-blog/trafford-2020-without-words.html";
    let page = read(name, Platform::ContensisBlog, POST_2020);
    assert_eq!(page.items.iter().map(facts_of).collect::<Vec<_>>(), posts_with_first(6, &POSTS));
    assert_eq!((page.listing.shown, page.listing.total), (Some(9), None));
    assert_text(&page.items[0], &body("trafford-2020"), name);
}

#[test]
fn a_post_is_read_whatever_the_order_and_the_words_of_its_head() {
    for head in [
        "day-above-title",
        "day-above-lower-headings",
        "blog-above-title",
        "untitled",
        "day-and-blog-on-one-line",
        "day-without-label",
    ] {
        let name = format!("contensis-blog/trafford-2020-{head}.html");
        let page = read(&name, Platform::ContensisBlog, POST_2020);
        assert_eq!(page.warnings, Vec::<String>::new(), "{name}");
        assert_eq!(page.page_title.as_ref().unwrap().as_str(), "Improvement plan updates", "{name}");
        assert_eq!(page.items.iter().map(facts_of).collect::<Vec<_>>(), posts_with_first(6, &POSTS), "{name}");
        assert_text(&page.items[0], &body("trafford-2020"), &name);
    }
}

/// A page of three posts whose second is shown in `record`.
fn small_blog(url: &str, record: &str) -> Extraction {
    let entry = |n: u8| format!("<h3><a href='/blog/{n}.aspx'>Notes on year {n}</a></h3><p>1 February 2020</p>");
    let listing: String = [3, 2, 1].map(entry).concat();
    let html = format!(
        "<title>News</title><h1>News</h1><h2>Recent posts</h2>{listing}<p>Displaying 1 to 3 of 3</p>\
         <div class=sys_record-control>{record}</div>"
    );
    read_as(Platform::ContensisBlog, url, html.as_bytes())
}

fn title_and_text(page: &Extraction) -> (&str, &str) {
    (page.items[0].title.as_str(), page.items[0].text.as_ref().map_or("", |text| text.as_str()))
}

#[test]
fn a_heads_lines_may_stand_in_any_order_before_a_short_text() {
    let url = "https://council.example/blog/2.aspx";
    for head in [
        "<p>Posted: 1 February 2020</p><h2>Notes on year 2</h2><p>Blog: 2020</p>",
        "<h2>Notes on year 2</h2><p><span>Posted: 1 February 2020</span> <span>Blog: 2020</span></p>",
        "<p>Posted: 1 February 2020 Blog: 2020</p><h2>Notes on year 2</h2>",
        "<p>Posted:</p><p>1 February 2020 Blog: 2020</p><h2>Notes on year 2</h2>",
        "<h1>All our notes</h1><p>Posted: 1 February 2020</p><p>Blog: 2020</p>",
        "<h2>Notes on year 2</h2><p>1 February 2020</p>",
    ] {
        let page = small_blog(url, &format!("{head}<p>A body.</p>"));
        assert_eq!(title_and_text(&page), ("Notes on year 2", "A body."), "{head}");
        assert_eq!((page.items.len(), page.items[0].published), (3, day("2020-02-01")), "{head}");
        assert_eq!(page.warnings, Vec::<String>::new(), "{head}");
    }
}

#[test]
fn when_a_posts_page_was_changed_is_no_part_of_its_text() {
    let url = "https://council.example/blog/2.aspx";
    let head = "<h2>Notes on year 2</h2><p>Posted: 1 February 2020</p>";
    for end in [
        "<p class=sys_lastmodified>Last updated 16 Feb 2020</p>",
        "<div>Last modified on 16/02/2020</div>",
        "<p>Page updated: 16th February 2020</p>",
        "<p>Published: 1 Feb 2020 | Last updated: 16 Feb 2020</p>",
        "<p>Last updated</p><p>16 February 2020</p>",
        "<div><a href='#'>Share on Facebook</a></div><p>This page was last updated on 16 February 2020</p>",
    ] {
        let page = small_blog(url, &format!("{head}<p>A body.</p>{end}"));
        assert_eq!(title_and_text(&page), ("Notes on year 2", "A body."), "{end}");
    }
    let said = "Updated 16 February 2020: the centre will close.";
    let page = small_blog(url, &format!("{head}<p>A body.</p><p>{said}</p>"));
    assert_eq!(title_and_text(&page).1, format!("A body.\n{said}"));
}

#[test]
fn a_blog_without_posts_is_empty_whatever_news_stands_beside_it() {
    let html = |beside: &str| {
        format!(
            "<head><meta name=GENERATOR content='Contensis CMS Version 11.3'></head><div class=wrap><div class=left>\
             <h1>Improvement Board updates</h1><div class=sys_itemslist></div>\
             <p class=sys_noitems>There are currently no posts to display.</p></div><div class=right>{beside}</div></div>"
        )
    };
    let news = "<li><a href=/news/leaf.aspx>Leaf collection starts</a> <span>2 November 2026</span></li>\
                <li><a href=/news/lights.aspx>Christmas lights</a> <span>1 November 2026</span></li>";
    for heading in ["Latest news", "Around the borough", "Corporate news"] {
        for platform in [Platform::Auto, Platform::ContensisBlog] {
            let page = html(&format!("<h2>{heading}</h2><ul>{news}</ul>"));
            let page = read_as(platform, "https://council.example/council/board.aspx", page.as_bytes());
            assert_eq!((page.outcome, page.items.len()), (Outcome::Empty, 0), "{heading}");
        }
    }
}

#[test]
fn a_title_corrected_on_the_posts_own_page_is_taken_from_there() {
    let head = "<h2>Notes on year 2, corrected</h2><p>Posted: 1 February 2020</p>";
    let page = small_blog("https://council.example/blog/2.aspx", &format!("{head}<p>A body.</p>"));
    assert_eq!(title_and_text(&page), ("Notes on year 2, corrected", "A body."));
}

#[test]
fn a_listed_page_on_which_no_post_is_found_says_so() {
    let record = "<h2>Notes on year 2</h2><p>A body.</p>";
    let page = small_blog("https://council.example/blog/2.aspx", record);
    assert_eq!(page.warnings, ["the listing has this page as a post, and no post was found on it"]);
    assert_eq!(small_blog("https://council.example/blog/", record).warnings, Vec::<String>::new());
}

#[test]
fn a_heading_that_all_posts_share_never_replaces_a_listed_title() {
    let listed = small_blog("https://council.example/blog/", "").items;
    let own = |html: &str| {
        let page = Page { url: &listed[1].url, status: 200, content_type: None, body: html.as_bytes() };
        extract_item(&page, Platform::ContensisBlog, &Select::default(), &listed[1]).unwrap()
    };
    let post = "<p>Posted: 1 February 2020</p><p>Blog: 2020</p><p>A body.</p>";
    assert_eq!(own(&format!("<title>News</title><h1>News</h1>{post}")).title.as_str(), "Notes on year 2");
    assert_eq!(own(&format!("<h1>Notes on the year 2</h1>{post}")).title.as_str(), "Notes on the year 2");
}

#[test]
fn a_list_of_pictures_is_read_by_what_contensis_marks_as_one_post_each() {
    let posts =
        [("3 November 2026", "Peer review begins"), ("9 September 2026", "Inspectors visit"), ("30 January 2026", "Plan agreed")];
    let tiles: [fn(usize, &str, &str) -> String; 6] = [
        |n, day, title| {
            format!("<a href=/u/{n}.aspx><img src=/i.jpg alt='{title}'><span class=sys_news-datepublished>{day}</span></a>")
        },
        |n, day, title| {
            format!("<a href=/u/{n}.aspx><img src=/i.jpg alt='{title}'></a><span class=sys_news-datepublished>{day}</span>")
        },
        |n, day, title| {
            format!(
                "<a href=/u/{n}.aspx><img src=/i.jpg alt=''><span>{title}</span><span class=sys_news-datepublished>{day}</span></a>"
            )
        },
        |n, day, title| format!("<a href=/u/{n}.aspx><img src=/i.jpg alt=''></a><h3>{title}</h3><p>{day}</p>"),
        |n, day, title| format!("<a href=/u/{n}.aspx><img src=/i.jpg alt='A photo'><p>{day}</p><h3>{title}</h3></a>"),
        |n, day, title| format!("<a href=/u/{n}.aspx title='{title}'><img src=/i.jpg alt=''></a><p>{day}</p>"),
    ];
    for tile in tiles {
        for counter in ["<p>Displaying 1 to 3 of 3</p>", ""] {
            let tiles = posts.iter().enumerate().map(|(n, (day, title))| tile(n, day, title));
            let list = tiles.map(|tile| format!("<div class=sys_subitem>{tile}</div>")).collect::<Vec<_>>().concat();
            let page = format!(
                "<html><head><title>Updates</title><meta name=GENERATOR content='Contensis CMS Version 11.3'></head><body><header><nav><ul>\
                 <li><a href=/bins>Bins</a></li></ul></nav></header><main><h1>Updates</h1><div class=sys_itemslist>{list}</div>{counter}</main></body></html>"
            );
            let read = read_as(Platform::ContensisBlog, "https://www.westmoor.example/u.aspx", page.as_bytes());
            let told: Vec<String> =
                read.items.iter().map(|item| format!("{} {} {}", item.published.unwrap(), item.title, item.url.path())).collect();
            let expect = [
                "2026-11-03 Peer review begins /u/0.aspx",
                "2026-09-09 Inspectors visit /u/1.aspx",
                "2026-01-30 Plan agreed /u/2.aspx",
            ];
            assert_eq!(told, expect, "{list}");
        }
    }
}

/// A list that has begun: its only entry is no post, whatever the day is called.
#[test]
fn a_list_of_one_is_a_list() {
    let url: Url = "https://www.northmoor.example/news/board-updates.aspx".parse().unwrap();
    for day in [
        "<dl><dt>Posted</dt><dd class=sys_news-datepublished>12 November 2026</dd></dl>",
        "<p class=sys_news-datepublished>Posted on 12 November 2026</p>",
        "<p>Published: 12 November 2026</p><p>What the board heard of its first year.</p>",
    ] {
        for count in ["", "<p class=sys_paging>Displaying 1 to 1 of 1</p>"] {
            let page = format!(
                "<!doctype html><meta name=GENERATOR content='Contensis CMS Version 11.3'><title>Board updates</title><main>\
                 <h1>Board updates</h1><div class=sys_itemslist><div class=sys_subitem><h2><a href=/u/1.aspx>Update of October</a></h2>\
                 <div class=sys_subitem-summary>{day}</div></div></div>{count}</main>"
            );
            let page = Page { url: &url, status: 200, content_type: None, body: page.as_bytes() };
            let found = extract(&page, Platform::Auto, &Select::default());
            let lines = in_lines(&found);
            assert_eq!(
                lines,
                ["2026-11-12 Update of October <northmoor.example/u/1.aspx>"],
                "{day} {count} {:?}",
                found.warnings
            );
            assert_eq!(found.items[0].text, None, "{day} {count}");
        }
    }
}
