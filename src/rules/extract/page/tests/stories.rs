//! One story with other things around it: whose words and whose days are its own.

use super::*;

const FIRST: &str =
    "<p>The council has put a second team into its front door, so that no family waits more than a day for a call.</p>";
const SECOND: &str = "<p>Staff were told on Monday, and the new team starts before the end of the year.</p>";

fn others(opening: &str, closing: &str) -> String {
    let card = |(name, day): (&str, &str)| {
        format!("<div class=card><h3><a href=/news/{name}>A story about {name}</a></h3><p class=date>{day}</p></div>")
    };
    let cards = [("bins", "10 November 2026"), ("roads", "26 October 2026"), ("parks", "20 October 2026")].map(card).concat();
    format!("{opening}{cards}{closing}")
}

fn page(head: &str, before: &str, body: &str) -> Reading {
    found(&format!(
        "<html><head><title>Second team at the front door</title>{head}</head><body><main>{before}<h1>Second team at the front door</h1>{body}</main>"
    ))
}

fn only(reading: &Reading) -> &Item {
    let [item] = reading.items.as_slice() else { panic!("{:?}", lines(reading)) };
    item
}

#[test]
fn a_short_story_is_read_whatever_stands_below_it() {
    for (opening, closing) in [
        ("<div><h2>Recent updates</h2>", "</div>"),
        ("<section><h2>What others are reading</h2>", "</section>"),
        ("<div>", "</div>"),
        ("</main><div><h2>Previous updates</h2>", "</div>"),
    ] {
        let reading = page("", "", &format!("<p>12 November 2026</p>{FIRST}{SECOND}{}", others(opening, closing)));
        let item = only(&reading);
        assert_eq!(line(item), "2026-11-12 Second team at the front door </news>", "{opening}");
        let text = item.text.as_ref().unwrap().as_str();
        assert_eq!(text.lines().count(), 2, "{opening}: {text}");
    }
}

#[test]
fn a_page_that_calls_itself_a_story_needs_no_day_in_its_words() {
    let list = others("<div><h2>Recent updates</h2>", "</div>");
    let meta = "<meta property=article:published_time content=2026-11-12T09:00:00Z>";
    let reading = page(meta, "", &format!("{FIRST}{SECOND}{list}"));
    assert_eq!(line(only(&reading)), "2026-11-12 Second team at the front door </news>");
    let within = format!("<h1>Second team at the front door</h1>{FIRST}{SECOND}");
    let reading = found(&format!("<main><article>{within}</article>{list}</main>"));
    assert_eq!(only(&reading).title, "Second team at the front door");
}

#[test]
fn a_list_below_a_few_words_of_its_own_is_a_list() {
    let list = others("<div><h2>Recent updates</h2>", "</div>");
    assert_eq!(page("", "", &format!("{FIRST}{list}")).items.len(), 3);
    let entry = |n: u32| format!("<li><a href=/n/{n}>What the board heard in week {n}</a> {n} March 2026</li>");
    let many: String = (1..=9).map(entry).collect();
    assert_eq!(page("", "", &format!("<p>12 November 2026</p>{FIRST}<ul>{many}</ul>")).items.len(), 9);
}

#[test]
fn events_beside_news_are_no_news() {
    let news = |dated: bool| {
        let day = |day: &str| if dated { format!("<p class=date>{day}</p>") } else { String::new() };
        let card = |(name, on): (&str, &str)| {
            format!(
                "<div class=n><h3><a href=/news/{name}>Something new about {name}</a></h3>{}<p>It was said on {name}.</p></div>",
                day(on)
            )
        };
        [("bins", "10 November 2026"), ("roads", "26 October 2026"), ("parks", "20 October 2026")].map(card).concat()
    };
    let event = |n: u32| {
        format!("<div class=n><h3><a href=/on/{n}>Drop-in session number {n}</a></h3><p class=date>{n} December 2026</p></div>")
    };
    let events: String = (1..=5).map(event).collect();
    let side = |heading: &str| format!("<div class=col-4><h2>{heading}</h2>{events}</div>");
    for heading in ["Events", "What’s on", "Forthcoming meetings"] {
        for dated in [true, false] {
            let main = format!("<div class=col-8>{}</div>", news(dated));
            for row in [format!("{main}{}", side(heading)), format!("{}{main}", side(heading))] {
                let reading = found(&format!("<h1>News</h1><div class=row>{row}</div>"));
                assert_eq!(reading.items.len(), 3, "{heading} {dated}: {:?}", lines(&reading));
            }
        }
    }
    assert_eq!(found(&format!("<h1>Events</h1>{events}")).items.len(), 5);
}

#[test]
fn each_of_two_days_in_one_line_is_what_its_label_says() {
    let byline = "<p>by <a href=/a/sam>Sam Reed</a> — <span>published</span> 12 November 2026, <span>last modified</span> 13 November 2026</p>";
    let reading = page("", "", &format!("{byline}{FIRST}{SECOND}"));
    let item = only(&reading);
    assert_eq!((item.published, item.updated), ("2026-11-12".parse().ok(), "2026-11-13".parse().ok()));
    assert!(item.text.as_ref().unwrap().as_str().starts_with("The council has put"), "{:?}", item.text);
}

#[test]
fn words_that_only_their_elements_part_are_apart() {
    let cards = |entry: fn(u32) -> String| found(&format!("<h1>News</h1>{}", (1..=3).map(entry).collect::<String>()));
    let row = |n: u32| {
        format!(
            "<div class=i><a href=/n/{n}>What the board heard in week {n}</a><div><span>Sam Reed</span><span>{n} March 2026</span><span>4{n} views</span></div></div>"
        )
    };
    let days: Vec<_> = cards(row).items.iter().map(|item| item.published.map(|day| day.to_string())).collect();
    assert_eq!(days, ["2026-03-01", "2026-03-02", "2026-03-03"].map(|day| Some(day.to_owned())));
    let reading = page(
        "",
        "",
        &format!("{FIRST}<p>Held on the 20<sup>th</sup>, with <span>drop</span><span>ped</span> H<span>2</span>O.</p>"),
    );
    assert!(only(&reading).text.as_ref().unwrap().as_str().ends_with("20th, with dropped H2O."));
}

#[test]
fn a_teaser_may_begin_with_its_day() {
    for mark in [" - ", " – ", ": ", " | ", ". ", " "] {
        let entry = |n: u32| {
            format!(
                "<h3><a href=/n/{n}>What the board heard in week {n}</a></h3><p>{n} March 2026{mark}Members asked for more.</p>"
            )
        };
        let reading = found(&format!("<h1>News</h1>{}", (1..=3).map(entry).collect::<String>()));
        assert_eq!(reading.items.first().and_then(|item| item.published), "2026-03-01".parse().ok(), "{mark}");
    }
    let told = |n: u32| {
        format!("<p><strong>{n} March 2026:</strong> Members asked for paper {n}. <a href=/n/{n}>Read the full story</a></p>")
    };
    let reading = found(&format!("<h1>News</h1>{}", (1..=3).map(told).collect::<String>()));
    assert_eq!(lines(&reading)[0], "2026-03-01 Members asked for paper 1. </n/1>");
}

#[test]
fn what_the_page_says_of_itself_at_its_ends_is_no_part_of_the_text() {
    let text = |before: &str, after: &str| {
        let reading = page("", "", &format!("<p>12 November 2026</p>{before}{FIRST}{SECOND}{after}"));
        only(&reading).text.as_ref().unwrap().to_string()
    };
    let bare = text("", "");
    for before in ["<p><a href=/news>Back to news</a></p>", "<ul><li>4 minute read</li></ul>", "<p>Reading time: 3 minutes</p>"] {
        assert_eq!(text(before, ""), bare, "{before}");
    }
    for after in [
        "<p><a href=/news>Back to news</a></p>",
        "<p><a href=/news>View all news</a></p>",
        "<p><a href='?print=1'>Print this page</a> | <a href=#top>Back to top</a></p>",
        "<p>Tags: <a href=/t/a>Children</a>, <a href=/t/b>Ofsted</a></p>",
        "<p>Tags: Children, Ofsted</p>",
        "<h2>Contact</h2><p>Press office<br>01632 960111<br>press@example.org</p>",
        "<p><strong>Media enquiries</strong></p><p>01632 960111</p>",
        "<div><h2>Stay in touch</h2><p>Sign up to our email newsletter.</p><form><input type=email></form></div>",
        "<dl><dt>Published</dt><dd>12 November 2026</dd><dt>Last updated</dt><dd>13 November 2026</dd></dl>",
        "<div>© Testshire Council, High Street. Tel 01632 960111</div>",
    ] {
        assert_eq!(text("", after), bare, "{after}");
    }
    // What the article says of itself is its own.
    for after in [
        "<h2>Contact</h2><p>Members asked that every family be given one number to ring, day and night, from March.</p>",
        "<p>You can subscribe to the minutes by email.</p>",
    ] {
        assert_ne!(text("", after), bare, "{after}");
    }
}

#[test]
fn an_entry_whose_heading_is_lost_is_no_story() {
    let entry = |n: u32| {
        format!(
            "<div class=item><div class=page-header><h2><a href=/n/{n}>What the board heard in week {n}</a></h2></div>\
             <p>Published: {n} March 2026</p>{FIRST}{SECOND}<p><a href=/n/{n}>Read more ...</a></p></div>"
        )
    };
    let reading = found(&format!("<h1>News</h1>{}", (1..=3).map(entry).collect::<String>()));
    assert_eq!(reading.items.len(), 3, "{:?}", lines(&reading));
}

#[test]
fn buttons_in_a_row_say_nothing_and_one_that_opens_a_part_heads_it() {
    let tools =
        "<div><button>Like</button><span>27 people liked this</span><span>214 views</span><button>Save for later</button></div>";
    let opened = "<button>What happens next</button><div><p>The board meets again in the spring.</p></div>";
    let reading = page("", "", &format!("<p>12 November 2026</p>{FIRST}{opened}{tools}"));
    let text = only(&reading).text.as_ref().unwrap().to_string();
    assert!(text.ends_with("call.\nWhat happens next\nThe board meets again in the spring."), "{text}");
}
