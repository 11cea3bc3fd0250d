//! What takes place at an hour, in the markups in which councils' systems say so: another hour is a moved date on each of
//! them, and the same one in another spelling is nothing.

use super::*;
use boardwatch::domain::revision::RevisionClass;
use boardwatch::rules::fingerprint::{Likeness, fingerprint, likeness};
use boardwatch::rules::revision::classes;
use chrono::NaiveTime;

const DAY: &str = "Thursday 10 December 2026";
const TITLE: &str = "Have your say on the library";
const PROSE: &str = "<p>Come and see the plans for the library and tell our staff what you think of them.</p>\
                     <p>There is no need to book, and refreshments will be served to all who come.</p>";

/// A page of a site, with its frame, at this address.
struct Layout {
    name: &'static str,
    url: &'static str,
    /// From what stands for the hours to the page.
    page: fn(&str) -> String,
}

fn framed(title: &str, head: &str, body: &str, content: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=en><head><title>{title} | Testshire Council</title>{head}</head><body{body}>\
         <a class=skip href=#main>Skip to content</a><header><a href=/>Testshire Council</a><nav><ul><li><a href=/bins>Bins</a></li>\
         <li><a href=/tax>Council tax</a></li></ul></nav></header><main id=main>{content}</main>\
         <footer><p><a href=/privacy>Privacy notice</a></p></footer></body></html>"
    )
}

fn plain(content: &str) -> String {
    framed(TITLE, "", "", content)
}

const LAYOUTS: &[Layout] = &[
    Layout {
        name: "a line under the headline",
        url: "/news/library",
        page: |h| plain(&format!("<h1>{TITLE}</h1><p>{DAY}, {h}</p>{PROSE}")),
    },
    Layout {
        name: "a class",
        url: "/news/library",
        page: |h| plain(&format!("<h1>{TITLE}</h1><p class=date>{DAY}, {h}</p><div class=body>{PROSE}</div>")),
    },
    Layout {
        name: "a header block",
        url: "/news/library",
        page: |h| {
            plain(&format!(
                "<article><header><h1>{TITLE}</h1><div class=meta><span>{DAY}, {h}</span></div></header>{PROSE}</article>"
            ))
        },
    },
    Layout {
        name: "above the headline",
        url: "/news/library",
        page: |h| plain(&format!("<article><p class=kicker>{DAY}, {h}</p><h1>{TITLE}</h1>{PROSE}</article>")),
    },
    Layout {
        name: "a time element",
        url: "/news/library",
        page: |h| plain(&format!("<h1>{TITLE}</h1><p><time datetime=2026-12-10>{DAY}, {h}</time></p>{PROSE}")),
    },
    Layout {
        name: "a list of particulars",
        url: "/news/library",
        page: |h| plain(&format!("<h1>{TITLE}</h1><dl><dt>Date and time</dt><dd>{DAY}, {h}</dd></dl>{PROSE}")),
    },
    Layout {
        name: "particulars in lines",
        url: "/consultations/library",
        page: |h| plain(&format!("<h1>{TITLE}</h1><p>Date: {DAY}</p><p>Time: {h}</p><p>Venue: Town Hall</p>{PROSE}")),
    },
    Layout {
        name: "particulars in one line",
        url: "/consultations/library",
        page: |h| plain(&format!("<h1>{TITLE}</h1><p><b>Date:</b> {DAY} <b>Time:</b> {h} <b>Venue:</b> Town Hall</p>{PROSE}")),
    },
    Layout {
        name: "a table of particulars",
        url: "/consultations/library",
        page: |h| {
            plain(&format!(
                "<h1>{TITLE}</h1><table><tr><th>When</th><td>{DAY}, {h}</td></tr><tr><th>Where</th><td>Town Hall</td></tr></table>{PROSE}"
            ))
        },
    },
    Layout {
        name: "a Jadu story",
        url: "/news/article/812/have-your-say-on-the-library",
        page: |h| {
            framed(
                TITLE,
                "<meta name=generator content=\"Jadu CMS\">",
                "",
                &format!(
                    "<div class=page-content><h1>{TITLE}</h1><p class=date>{DAY}, {h}</p><div class=\"byEditor article\">{PROSE}</div></div>"
                ),
            )
        },
    },
    Layout {
        name: "a Drupal event",
        url: "/events/library",
        page: |h| {
            framed(
                TITLE,
                "<meta name=generator content=\"Drupal 10 (https://www.drupal.org)\">",
                " class=\"path-node page-node-type-event\"",
                &format!(
                    "<article class=\"node node--type-event node--view-mode-full\"><h1>{TITLE}</h1><div class=\"field field--name-field-event-date\">\
                     <time datetime=\"2026-12-10T18:00:00Z\">{DAY}, {h}</time></div><div class=\"field--name-body\">{PROSE}</div></article>"
                ),
            )
        },
    },
    Layout {
        name: "a page of an event calendar",
        url: "/whats-on/library",
        page: |h| plain(&format!("<h1>{TITLE}</h1><ul class=event-meta><li>{DAY}, {h}</li><li>Town Hall</li></ul>{PROSE}")),
    },
    Layout {
        name: "a meeting's page of an unknown system",
        url: "/CMIS5/Meetings/tabid/70/ctl/Other/mid/397/Meeting/88/Default.aspx",
        page: |h| {
            framed(
                "Housing Board",
                "",
                "",
                &format!(
                    "<h1>Housing Board</h1><div class=Summary><p>Date and Time: {DAY}, {h}</p><p>Venue: Town Hall</p></div><h2>Agenda</h2>\
                     <ol><li>Apologies for absence</li><li>Homes for families: to hear what was built and what it cost</li></ol>"
                ),
            )
        },
    },
];

fn item(layout: &Layout, hours: &str) -> Item {
    let url = format!("https://www.testshire.example{}", layout.url);
    let mut read = read_as(Platform::Auto, &url, (layout.page)(hours).as_bytes());
    assert_eq!((read.outcome, read.items.len()), (Outcome::Items, 1), "{}: {:?}", layout.name, read.warnings);
    read.items.remove(0)
}

#[test]
fn another_hour_is_a_moved_date_wherever_it_stands() {
    for layout in LAYOUTS {
        let before = item(layout, "6pm to 9pm");
        for hours in ["7pm to 9pm", "6pm to 8pm", "6.30pm to 9pm"] {
            let now = item(layout, hours);
            assert_eq!(likeness(&before, &now), Likeness::Other, "{}: {hours}", layout.name);
            assert_eq!(classes(&before, &now), [RevisionClass::DateMoved], "{}: {hours}", layout.name);
        }
    }
}

#[test]
fn the_same_hour_in_another_spelling_is_nothing() {
    for layout in LAYOUTS {
        let before = fingerprint(&item(layout, "6pm to 9pm"));
        for hours in
            ["6pm - 9pm", "6–9pm", "18:00 - 21:00", "6.00 pm to 9.00 pm", "6 p.m. to 9 p.m.", "6pm until 9pm", "6:00PM – 9:00PM"]
        {
            assert_eq!(fingerprint(&item(layout, hours)), before, "{}: {hours}", layout.name);
        }
    }
}

#[test]
fn the_day_is_that_of_what_takes_place_and_not_that_of_publication() {
    let hour = |hour| NaiveTime::from_hms_opt(hour, 0, 0);
    for layout in LAYOUTS {
        let item = item(layout, "6pm to 9pm");
        let meeting = item.meeting.as_ref().unwrap_or_else(|| panic!("{}: no meeting", layout.name));
        assert_eq!((meeting.date, meeting.start, meeting.end), (day("2026-12-10"), hour(18), hour(21)), "{}", layout.name);
        assert_eq!(item.published, None, "{}", layout.name);
    }
}

#[test]
fn the_hour_at_which_a_story_was_posted_is_no_meetings() {
    for posted in [
        "<p class=date>Thursday 10 December 2026, 10:15</p>",
        "<p class=date>10 December 2026 at 6pm</p>",
        "<p>Published: 10 December 2026, 6pm</p>",
        "<p><time datetime=2026-12-10T10:15:00Z>10 December 2026 - 10.15am</time></p>",
        "<dl><dt>Date</dt><dd>10 December 2026</dd><dt>Time</dt><dd>10:15</dd></dl>",
    ] {
        let page = plain(&format!("<h1>Library will open in May</h1>{posted}{PROSE}"));
        let read = read_as(Platform::Auto, "https://www.testshire.example/news/library", page.as_bytes());
        assert_eq!((read.items[0].published, &read.items[0].meeting), (day("2026-12-10"), &None), "{posted}");
    }
}

/// What a page that tells machines of its event says of it: day, hours, day of publication.
fn declared(
    head: &str,
    body: &str,
    content: &str,
) -> (Option<chrono::NaiveDate>, Option<NaiveTime>, Option<NaiveTime>, Option<chrono::NaiveDate>) {
    let page = framed(TITLE, head, body, content);
    let read = read_as(Platform::Auto, "https://www.testshire.example/library-plans", page.as_bytes());
    let item = &read.items[0];
    let meeting = item.meeting.as_ref();
    (meeting.and_then(|m| m.date), meeting.and_then(|m| m.start), meeting.and_then(|m| m.end), item.published)
}

#[test]
fn events_that_machines_are_told_of_are_read_from_what_they_are_told() {
    let hour = |hour| NaiveTime::from_hms_opt(hour, 0, 0);
    let expect = (day("2026-12-10"), hour(18), hour(21), None);
    let event = |name: &str| {
        format!(
            "\"@type\":\"Event\",\"name\":\"{name}\",\"startDate\":\"2026-12-10T18:00:00+00:00\",\"endDate\":\"2026-12-10T21:00:00+00:00\",\
             \"location\":{{\"@type\":\"Place\",\"name\":\"Town Hall\"}}"
        )
    };
    let script = |json: String| format!("<script type=\"application/ld+json\">{json}</script>");
    let without_year = format!(
        "<div class=tribe-events-single><h1 class=tribe-events-single-event-title>{TITLE}</h1><div class=tribe-events-schedule><h2>\
         <span class=tribe-event-date-start>10 December @ 6:00 pm</span> - <span class=tribe-event-time>9:00 pm</span></h2></div>\
         <div class=tribe-events-single-event-description>{PROSE}</div></div>"
    );
    let bare = format!("<h1>{TITLE}</h1>{PROSE}");
    for (head, content) in [
        (script(format!("[{{\"@context\":\"http://schema.org\",{}}}]", event(TITLE))), &without_year),
        (script(format!("{{\"@context\":\"https://schema.org\",{}}}", event(TITLE))), &bare),
        (script(format!("{{\"@graph\":[{{\"@type\":\"WebPage\"}},{{{}}}]}}", event(TITLE))), &bare),
    ] {
        assert_eq!(declared(&head, "", content), expect, "{head}");
    }
    let microdata = format!(
        "<div itemscope itemtype=https://schema.org/Event><h1 itemprop=name>{TITLE}</h1><p><span itemprop=startDate content=2026-12-10T18:00>10 Dec \
         at 6</span> to <span itemprop=endDate content=2026-12-10T21:00>9</span></p>{PROSE}</div>"
    );
    assert_eq!(declared("", "", &microdata), expect);
    let off = script(format!("{{{},\"eventStatus\":\"https://schema.org/EventCancelled\"}}", event(TITLE)));
    let page = framed(TITLE, &off, "", &bare);
    let read = read_as(Platform::Auto, "https://www.testshire.example/library-plans", page.as_bytes());
    assert_eq!(read.items[0].stage, Some(boardwatch::domain::item::Stage::Cancelled));
    // A box beside the story is about another thing.
    let other = script(format!("{{{}}}", event("Carol service")));
    assert_eq!(declared(&other, "", &format!("<h1>{TITLE}</h1><p>Published: 3 November 2026</p>{PROSE}")).0, None);
    let template =
        declared("", " class=\"single single-tribe_events\"", &format!("<h1>{TITLE}</h1><p>10 December 2026</p>{PROSE}"));
    assert_eq!((template.0, template.3), (day("2026-12-10"), None));
}

#[test]
fn a_day_that_is_struck_out_has_given_way_to_the_one_beside_it() {
    for said in [
        "<p><s>Thursday 3 December 2026, 6pm to 9pm</s> Thursday 10 December 2026, 6pm to 9pm</p>",
        "<p><del>Thursday 3 December 2026</del> Thursday 10 December 2026, 6pm to 9pm</p>",
        "<p class=date><span style=\"text-decoration: line-through\">3 December 2026</span> 10 December 2026, 6pm to 9pm</p>",
        "<p><span class=\"text-decoration-line-through\">3 December 2026</span> 10 December 2026, 6pm to 9pm</p>",
        "<p><s>Thursday 3 December 2026, 6pm to 9pm</s></p><p>Thursday 10 December 2026, 6pm to 9pm</p>",
        "<dl><dt>Date</dt><dd><strike>3 December 2026</strike> 10 December 2026</dd><dt>Time</dt><dd>6pm to 9pm</dd><dt>Venue</dt><dd>Town Hall</dd></dl>",
    ] {
        let page = plain(&format!("<h1>{TITLE}</h1>{said}{PROSE}"));
        let read = read_as(Platform::Auto, "https://www.testshire.example/news/library", page.as_bytes());
        let meeting = read.items[0].meeting.as_ref().unwrap_or_else(|| panic!("{said}"));
        assert_eq!(meeting.date, day("2026-12-10"), "{said}");
    }
    for said in [
        "<p class=date><s>3 November 2026</s> 10 November 2026</p>",
        "<p>Published: <del>3 November 2026</del> <ins>10 November 2026</ins></p>",
        "<p class=date><del><time datetime=2026-11-03>3 November 2026</time></del> <time datetime=2026-11-10>10 November 2026</time></p>",
    ] {
        let page = plain(&format!("<h1>Library will open</h1>{said}{PROSE}"));
        let read = read_as(Platform::Auto, "https://www.testshire.example/news/library", page.as_bytes());
        assert_eq!(read.items[0].published, day("2026-11-10"), "{said}");
    }
}

#[test]
fn a_story_with_a_line_on_a_meeting_is_a_story() {
    for said in [
        "<p>Meeting: Skills Board, 10 December 2026</p>",
        "<p>Meeting: Skills Board - 10/12/2026</p><p>Meeting: Housing Board - 17/12/2026</p>",
        "<dl><dt>Meeting:</dt><dd>Skills Board</dd><dt>Date:</dt><dd>10 December 2026</dd></dl>",
    ] {
        let page = plain(&format!("<h1>Board asks for views</h1><p>Published: 3 November 2026</p>{PROSE}{said}"));
        let read = read_as(Platform::Auto, "https://www.testshire.example/news/board", page.as_bytes());
        assert_eq!((read.platform, read.items.len()), (Platform::Page, 1), "{said}: {:?}", read.warnings);
        assert_eq!(read.items[0].title, "Board asks for views", "{said}");
        let moved = read_as(Platform::Auto, "https://www.testshire.example/news/board", page.replace("10", "11").as_bytes());
        assert_eq!(moved.items[0].key, read.items[0].key, "{said}");
        assert!(classes(&read.items[0], &moved.items[0]).contains(&RevisionClass::DateMoved), "{said}");
    }
}

#[test]
fn what_stands_around_the_text_of_an_event_is_part_of_it() {
    let page = |time: &str, note: &str| {
        framed(
            TITLE,
            "<meta name=generator content=\"Drupal 10 (https://www.drupal.org)\">",
            " class=page-node-type-localgov-event",
            &format!(
                "<article class=\"node node--type-localgov-event\"><h1>{TITLE}</h1><div class=localgov-event-date><time>{DAY}, {time}</time></div>\
                 <div class=localgov-event-location><h2>Location</h2><p>Town Hall, Sale</p></div>{note}<div class=field--name-body>{PROSE}</div>\
                 <div class=meta><dl><dt>Cost:</dt><dd>Free</dd><dt>Venue:</dt><dd>Room 2</dd></dl></div></article>"
            ),
        )
    };
    let read =
        |page: String| read_as(Platform::Auto, "https://www.testshire.example/events/library", page.as_bytes()).items.remove(0);
    let item = read(page("6pm to 9pm", ""));
    let text = item.text.as_ref().unwrap().as_str();
    assert!(text.starts_with("Location\nTown Hall, Sale\nCome and see") && text.ends_with("Venue:\nRoom 2"), "{text}");
    // Nor does what it is depend on how long the hours are written.
    assert_eq!(fingerprint(&item), fingerprint(&read(page("from 6.00 p.m. until 9.00 p.m.", ""))));
    let off = read(page("6pm to 9pm", "<p><strong>This event has been cancelled.</strong></p>"));
    assert_eq!(off.stage, Some(boardwatch::domain::item::Stage::Cancelled));
    assert!(off.text.unwrap().as_str().contains("This event has been cancelled."));
}

#[test]
fn a_day_at_the_head_of_a_text_that_is_not_the_posting_s_is_part_of_the_text() {
    let page = |said: &str| {
        let posted = "<p>Posted on <time datetime=2026-11-20T09:00:00+00:00>20 November 2026</time></p>";
        plain(&format!("<article><h1>{TITLE}</h1>{posted}<div class=entry-content>{said}{PROSE}</div></article>"))
    };
    let read =
        |said: &str| read_as(Platform::Auto, "https://www.testshire.example/2026/lib", page(said).as_bytes()).items.remove(0);
    for said in
        ["<p><strong>Thursday 10 December 2026<br>6pm to 9pm<br>Town Hall</strong></p>", "<p>Thursday 10 December 2026</p>"]
    {
        let before = read(said);
        assert_eq!(before.published, day("2026-11-20"), "{said}");
        let now = read(&said.replace("Thursday 10", "Friday 11"));
        assert_eq!(classes(&before, &now), [RevisionClass::DateMoved], "{said}");
    }
    assert_eq!(fingerprint(&read("<p>20 November 2026</p>")), fingerprint(&read("")), "the posting's day, said again");
}
