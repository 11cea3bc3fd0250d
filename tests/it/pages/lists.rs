//! What a list of an unknown system says of an entry: that it is put off or called off, wherever in its entry and in whatever
//! markup; and that it takes place at another hour. None of that makes it another entry, nor hides one.

use super::*;
use boardwatch::domain::item::Stage;
use boardwatch::domain::revision::RevisionClass;
use boardwatch::rules::fingerprint::{Likeness, fingerprint, likeness};
use boardwatch::rules::revision::classes;

/// What a list shows of one entry.
#[derive(Clone, Copy)]
struct Said {
    /// In front of its link.
    before: &'static str,
    /// Within its link, before and behind its name.
    opens: &'static str,
    closes: &'static str,
    /// Behind its link.
    after: &'static str,
    /// Beside its day.
    beside: &'static str,
    /// In a place of its own.
    apart: &'static str,
    hour: &'static str,
    day: &'static str,
}

const CALM: Said =
    Said { before: "", opens: "", closes: "", after: "", beside: "", apart: "", hour: "6pm", day: "Thursday 14 January 2027" };

const OTHERS: [(u32, &str, &str); 3] = [
    (2, "Audit Committee", "Tuesday 19 January 2027"),
    (3, "Licensing Committee", "Wednesday 20 January 2027"),
    (4, "Harbour Panel", "Monday 25 January 2027"),
];

struct Layout {
    name: &'static str,
    entry: fn(u32, &str, &Said) -> String,
    list: fn(&str) -> String,
}

const LAYOUTS: &[Layout] = &[
    Layout {
        name: "a table of day and meeting",
        entry: |n, name, said| {
            let Said { before, opens, closes, after, beside, apart, hour, day } = said;
            format!(
                "<tr><td>{day}, {hour}{beside}</td><td>{before}<a href='/meetings/{n}'>{opens}{name}{closes}</a>{after} {apart}</td></tr>"
            )
        },
        list: |entries| format!("<table><thead><tr><th>Date</th><th>Meeting</th></tr></thead><tbody>{entries}</tbody></table>"),
    },
    Layout {
        name: "a table with a column of statuses",
        entry: |n, name, said| {
            let Said { before, opens, closes, after, beside, apart, hour, day } = said;
            let status = if apart.is_empty() { "Confirmed" } else { apart };
            format!(
                "<tr><td>{before}<a href='/meetings/{n}'>{opens}{name}{closes}</a>{after}</td><td>{day}{beside}</td><td>{hour}</td><td>Town Hall</td><td>{status}</td></tr>"
            )
        },
        list: |entries| {
            format!("<table><tr><th>Meeting</th><th>Date</th><th>Time</th><th>Venue</th><th>Status</th></tr>{entries}</table>")
        },
    },
    Layout {
        name: "blocks under headings",
        entry: |n, name, said| {
            let Said { before, opens, closes, after, beside, apart, hour, day } = said;
            format!(
                "<div class=event>{apart}<h2>{before}<a href='/meetings/{n}'>{opens}{name}{closes}</a>{after}</h2><p>{day}, {hour}{beside}</p></div>"
            )
        },
        list: str::to_owned,
    },
    Layout {
        name: "lines of a list",
        entry: |n, name, said| {
            let Said { before, opens, closes, after, beside, apart, hour, day } = said;
            format!("<li>{before}<a href='/meetings/{n}'>{opens}{name}{closes}</a>{after} {day}, {hour}{beside} {apart}</li>")
        },
        list: |entries| format!("<ul>{entries}</ul>"),
    },
    Layout {
        name: "items of a list with paragraphs",
        entry: |n, name, said| {
            let Said { before, opens, closes, after, beside, apart, hour, day } = said;
            format!(
                "<li><h3>{before}<a href='/meetings/{n}'>{opens}{name}{closes}</a>{after}</h3><p class=date>{day}{beside}</p><p>{hour}, Town Hall</p>{apart}</li>"
            )
        },
        list: |entries| format!("<ul class=listing>{entries}</ul>"),
    },
    Layout {
        name: "articles with their day first",
        entry: |n, name, said| {
            let Said { before, opens, closes, after, beside, apart, hour, day } = said;
            format!(
                "<article class=card><p class=meta>{day} at {hour}{beside}</p>{apart}<h3 class=card__title>{before}<a href='/meetings/{n}'>{opens}{name}{closes}</a>{after}</h3>\
                 <p>The meeting is open to all who live here.</p></article>"
            )
        },
        list: |entries| format!("<div class=cards>{entries}</div>"),
    },
    Layout {
        name: "links around whole cards",
        entry: |n, name, said| {
            let Said { before, opens, closes, after, beside, apart, hour, day } = said;
            format!(
                "<a class=tile href='/meetings/{n}'>{apart}<h3>{before}{opens}{name}{closes}{after}</h3><p>{day}, {hour}{beside}</p></a>"
            )
        },
        list: |entries| format!("<div class=tiles>{entries}</div>"),
    },
    Layout {
        name: "terms and what is said of them",
        entry: |n, name, said| {
            let Said { before, opens, closes, after, beside, apart, hour, day } = said;
            format!(
                "<dt>{day}, {hour}{beside}</dt><dd>{before}<a href='/meetings/{n}'>{opens}{name}{closes}</a>{after} {apart}</dd>"
            )
        },
        list: |entries| format!("<dl>{entries}</dl>"),
    },
];

fn page(layout: &Layout, headline: &str, first: &Said) -> Vec<Item> {
    let entry = |(n, name, day): (u32, &str, &'static str)| (layout.entry)(n, name, &Said { day, ..CALM });
    let entries = (layout.entry)(1, "Improvement Board", first) + &OTHERS.map(entry).concat();
    let page = format!(
        "<html><head><title>{headline}</title></head><body><main><h1>{headline}</h1>{}</main></body></html>",
        (layout.list)(&entries)
    );
    let read = read_as(Platform::Page, "https://www.testshire.example/meetings", page.as_bytes());
    read.items
}

/// What is found of the first entry where it alone has changed, or why that is not so.
fn found(before: &[Item], now: &[Item]) -> Result<Vec<RevisionClass>, String> {
    let keys = |items: &[Item]| items.iter().map(|item| item.key.clone()).collect::<Vec<_>>();
    if before.len() != 4 || keys(before) != keys(now) {
        return Err(format!("{:?} became {:?}", keys(before), keys(now)));
    }
    let differ: Vec<_> = before
        .iter()
        .zip(now)
        .filter(|(was, is)| was.key != is.key || likeness(was, is) == Likeness::Other)
        .map(|(was, is)| (was, is, fingerprint(is)))
        .collect();
    match differ.as_slice() {
        [(was, is, _)] if was.key == is.key => Ok(classes(was, is)),
        [] => Err("nothing is noticed".to_owned()),
        other => Err(format!("{} entries changed", other.len())),
    }
}

const HEADLINES: [&str; 2] = ["Meetings", "What's on"];

type Act = (&'static str, fn(&mut Said));

/// Where and how a list says that its first entry is called off.
const OFF: &[Act] = &[
    ("beside its day", |s| s.beside = " CANCELLED"),
    ("beside its day in brackets", |s| s.beside = " (cancelled)"),
    ("beside its day, bold", |s| s.beside = " <strong>Cancelled</strong>"),
    ("a badge beside its day", |s| s.beside = "<span class=badge>Cancelled</span>"),
    ("behind its name", |s| s.after = " (called off)"),
    ("a word behind its name", |s| s.after = " - CANCELLED"),
    ("within its link", |s| s.closes = " - CANCELLED"),
    ("within its link, in brackets", |s| s.closes = " (called off)"),
    ("in front of its name", |s| s.opens = "CANCELLED: "),
    ("in front of its name, without a stop", |s| s.opens = "CANCELLED "),
    ("a badge in front of its name", |s| s.opens = "<span class=badge>Cancelled</span> "),
    ("a badge in front of its link", |s| s.before = "<span class='tag tag--red'>Cancelled</span> "),
    ("a badge behind its link", |s| s.after = " <span class=label>Cancelled</span>"),
    ("a badge of its own", |s| s.apart = "<span class=badge>Cancelled</span>"),
    ("a bold word of its own", |s| s.apart = "<b>CANCELLED</b>"),
    ("a paragraph of its own", |s| s.apart = "<p class=status>This meeting has been cancelled.</p>"),
    ("with a label", |s| s.apart = "<p>Status: Cancelled</p>"),
    ("struck out", |s| (s.opens, s.closes) = ("<del>", "</del>")),
    ("struck out around its link", |s| (s.before, s.after) = ("<s>", "</s>")),
];

/// How else it says that it is not as it was to be.
const PUT_OFF: &[Act] = &[
    ("beside its day", |s| s.beside = " POSTPONED"),
    ("behind its name", |s| s.after = " (postponed)"),
    ("within its link", |s| s.closes = " - POSTPONED"),
    ("in front of its name", |s| s.opens = "POSTPONED: "),
    ("a badge in front of its link", |s| s.before = "<span class=tag>Postponed</span> "),
    ("a badge of its own", |s| s.apart = "<span class=badge>Rescheduled</span>"),
    ("a new venue", |s| s.opens = "NEW VENUE: "),
    ("a badge of a new venue", |s| s.apart = "<strong>New venue</strong>"),
];

#[test]
fn an_entry_that_is_called_off_is_at_another_stage_wherever_the_list_says_so() {
    let mut wrong = Vec::new();
    for (layout, headline) in LAYOUTS.iter().flat_map(|layout| HEADLINES.map(|headline| (layout, headline))) {
        let before = page(layout, headline, &CALM);
        for (how, act) in OFF {
            let mut said = CALM;
            act(&mut said);
            let now = page(layout, headline, &said);
            let found = found(&before, &now);
            let is_off = now.first().is_some_and(|item| item.stage == Some(Stage::Cancelled) && item.title == before[0].title);
            if found != Ok(vec![RevisionClass::StageChanged]) || !is_off {
                wrong.push(format!(
                    "{headline}, {}, {how}: {found:?} {:?}",
                    layout.name,
                    now.first().map(|item| (&item.title, item.stage))
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), LAYOUTS.len() * OFF.len() * 2, wrong.join("\n"));
}

#[test]
fn an_entry_that_is_put_off_is_at_another_stage_wherever_the_list_says_so() {
    let mut wrong = Vec::new();
    for (layout, headline) in LAYOUTS.iter().flat_map(|layout| HEADLINES.map(|headline| (layout, headline))) {
        let before = page(layout, headline, &CALM);
        for (how, act) in PUT_OFF {
            let mut said = CALM;
            act(&mut said);
            let now = page(layout, headline, &said);
            match found(&before, &now) {
                Ok(found) if found == [RevisionClass::StageChanged] => (),
                found => wrong.push(format!(
                    "{headline}, {}, {how}: {found:?} {:?}",
                    layout.name,
                    now.first().map(|item| (&item.title, item.stage))
                )),
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), LAYOUTS.len() * PUT_OFF.len() * 2, wrong.join("\n"));
}

#[test]
fn an_entry_takes_place_at_another_hour_or_day_as_its_list_says_in_whatever_spelling() {
    let mut wrong = Vec::new();
    for layout in LAYOUTS {
        let before = page(layout, "Meetings", &CALM);
        for hour in ["7pm", "6.30pm"] {
            let found = found(&before, &page(layout, "Meetings", &Said { hour, ..CALM }));
            if found != Ok(vec![RevisionClass::DateMoved]) {
                wrong.push(format!("{}, {hour}: {found:?}", layout.name));
            }
        }
        for hour in ["6.00pm", "18:00", "6 p.m."] {
            let found = found(&before, &page(layout, "Meetings", &Said { hour, ..CALM }));
            if found != Err("nothing is noticed".to_owned()) {
                wrong.push(format!("{}, {hour}: {found:?}", layout.name));
            }
        }
        let found = found(&before, &page(layout, "Meetings", &Said { day: "Friday 15 January 2027", ..CALM }));
        if found != Ok(vec![RevisionClass::DateMoved]) {
            wrong.push(format!("{}, another day: {found:?}", layout.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A table of meetings by their papers, the first with these words in its cells.
fn papers(day: &str, name: &str, venue: &str) -> Vec<Item> {
    let row = |(n, day, name, venue): (u32, &str, &str, &str)| {
        format!("<tr><td>{day}</td><td>{name}</td><td>{venue}</td><td><a href=/f/{n}.pdf>Agenda</a></td></tr>")
    };
    let past = [(2, "12 November 2026", "Audit Committee", "Town Hall"), (3, "15 October 2026", "Housing Panel", "Town Hall")];
    let rows = row((1, day, name, venue)) + &past.map(row).concat();
    let page = format!(
        "<html><body><main><h1>Meetings</h1><table><tr><th>Date</th><th>Meeting</th><th>Venue</th><th>Papers</th></tr>{rows}</table></main></body></html>"
    );
    read_as(Platform::Page, "https://www.testshire.example/meetings", page.as_bytes()).items
}

#[test]
fn a_row_of_papers_is_the_same_meeting_when_it_is_called_off_wherever_the_row_says_so() {
    let (day, name, venue) = ("Thursday 10 December 2026", "Improvement Board", "Town Hall");
    let before = papers(day, name, venue);
    assert_eq!(before.len(), 3);
    for (day, name, venue) in [
        ("Thursday 10 December 2026 CANCELLED", name, venue),
        ("Thursday 10 December 2026 <b>Cancelled</b>", name, venue),
        (day, "Improvement Board (called off)", venue),
        (day, "CANCELLED - Improvement Board", venue),
        (day, name, "Town Hall – CANCELLED"),
        (day, name, "Cancelled"),
        ("<s>Thursday 10 December 2026</s>", "<s>Improvement Board</s> Cancelled", "<s>Town Hall</s>"),
    ] {
        let now = papers(day, name, venue);
        let keys = |items: &[Item]| items.iter().map(|item| item.key.clone()).collect::<Vec<_>>();
        assert_eq!(keys(&before), keys(&now), "{day} {name} {venue}");
        assert_eq!((now[0].stage, now[0].title.as_str()), (Some(Stage::Cancelled), "Improvement Board"), "{day} {name} {venue}");
        assert!(now[1..].iter().zip(&before[1..]).all(|(is, was)| fingerprint(is) == fingerprint(was)), "{day} {name} {venue}");
    }
}

/// A page of news in cards, whose links have no words of their own or none that name anything.
fn cards(entry: Card, count: usize) -> Vec<(String, String, Option<chrono::NaiveDate>)> {
    let all = [
        (1, "Board agrees its plan", "3 November 2026"),
        (2, "Children are heard", "10 November 2026"),
        (3, "Roads to be mended", "17 November 2026"),
    ];
    let entries: String = all.iter().take(count).rev().map(|(n, title, day)| entry(*n, title, day)).collect();
    let page = format!(
        "<html><head><title>News</title></head><body><header><a class=logo href=/><img src=/l.png alt=\"\"></a></header><main><h1>News</h1>\
         <div class=list>{entries}</div></main><footer><a href=https://social.example/us><svg></svg></a></footer></body></html>"
    );
    let read = read_as(Platform::Page, "https://www.testshire.example/news", page.as_bytes());
    read.items.into_iter().map(|item| (item.key, item.title.to_string(), item.published)).collect()
}

/// How a card's number, title and day are marked up.
type Card = fn(u32, &str, &str) -> String;

const CARDS: &[(&str, Card)] = &[
    ("a labelled link without words", |n, title, day| {
        format!(
            "<article class=card><h2>{title}</h2><p class=date>{day}</p><p>What came of it.</p><a href='/news/{n}' aria-label='Read more about {title}'></a></article>"
        )
    }),
    ("a labelled link that says read more", |n, title, day| {
        format!(
            "<article class=card><h2>{title}</h2><p>{day}</p><p>What came of it.</p><a href='/news/{n}' aria-label='{title}'>Read more</a></article>"
        )
    }),
    ("a link without words first", |n, title, day| {
        format!("<div class=card><a class=cover href='/news/{n}'></a><h3>{title}</h3><p>{day}</p></div>")
    }),
    ("a picture that leads on", |n, title, day| {
        format!(
            "<figure><a href='/news/{n}'><img src=/{n}.jpg alt=\"\"></a><figcaption><h3>{title}</h3><p>{day}</p></figcaption></figure>"
        )
    }),
    ("more, below a heading", |n, title, day| {
        format!("<h2>{title}</h2><p>{day}</p><p>What came of it.</p><p><a href='/news/{n}'>more</a></p>")
    }),
    ("more, in a block", |n, title, day| {
        format!("<div class=item><h2>{title}</h2><p>{day}</p><p>What came of it. <a href='/news/{n}'>more</a></p></div>")
    }),
];

#[test]
fn a_list_of_one_card_is_a_list_and_keeps_its_entry_when_a_second_comes() {
    for (name, entry) in CARDS {
        let [one, two, three] = [1, 2, 3].map(|count| cards(*entry, count));
        let expect = ("testshire.example/news/1".to_owned(), "Board agrees its plan".to_owned(), day("2026-11-03"));
        assert_eq!(one, [expect], "{name}");
        assert_eq!((two.len(), three.len()), (2, 3), "{name}");
        assert_eq!((two.last(), &three[1..]), (one.last(), &two[..]), "{name}");
    }
}

#[test]
fn a_short_page_with_one_heading_and_a_link_is_no_list() {
    for words in [
        "<h2>When</h2><p>3 November 2026</p><p><a href=/festival/more>Find out more</a></p>",
        "<p>Posted on 3 November 2026</p><h2>What comes next</h2><p>The board will meet in May, and ask residents what they think of the plan \
         that it agreed, of the money that it will spend and of the people that it is for. It will hear from all who ask to speak.</p>\
         <p>A report follows in the spring of next year, and all of it will be put on this page as soon as it is there to be read by those \
         who have an interest in it, in large print as well and in the languages that are spoken in the borough, as the council has promised \
         to do. Copies are in every library, and at the town hall. Those who cannot come may write, and their letters will be read aloud.</p>\
         <p><a href=/plan>Read more</a></p>",
        "<h2>Board agrees</h2><p>3 November 2026</p><p><a href=/plan>Read more</a></p><p><a href=/board>Read more</a></p>",
        "<h2>Board agrees</h2><p>The board agreed it.</p><p><a href=/news/1>Read more</a></p>",
    ] {
        let page = format!(
            "<html><head><title>Kite festival</title></head><body><main><h1>Kite festival</h1>{words}</main></body></html>"
        );
        let read = read_as(Platform::Page, "https://www.testshire.example/festival", page.as_bytes());
        assert!(read.items.iter().all(|item| item.url.path() == "/festival"), "{words}: {:?}", read.items);
    }
}

/// How a meeting's day, hour and venue are marked up.
type Particulars = fn(&str, &str, &str) -> String;

/// A board's page with the particulars of its one meeting in this layout.
fn own_page(layout: Particulars, day: &str, hour: &str, venue: &str) -> Item {
    let words = layout(day, hour, venue);
    let page = format!(
        "<html><head><title>Improvement Board</title></head><body><main><h1>Improvement Board</h1>{words}<p>The board will talk about the plan, \
         the money and the people it is for, and hear from those who ask to speak.</p></main></body></html>"
    );
    let mut read = read_as(Platform::Page, "https://www.testshire.example/board", page.as_bytes());
    assert_eq!(read.items.len(), 1, "{words}");
    read.items.remove(0)
}

const PARTICULARS: &[(&str, Particulars)] = &[
    ("a line", |day, hour, venue| format!("<p>{day}, {hour}, {venue}</p>")),
    ("two lines", |day, hour, venue| format!("<p>{day} at {hour}</p><p>Venue: {venue}</p>")),
    ("a table with a header", |day, hour, venue| {
        format!(
            "<table><thead><tr><th>Date</th><th>Time</th><th>Venue</th></tr></thead><tbody><tr><td>{day}</td><td>{hour}</td><td>{venue}</td></tr></tbody></table>"
        )
    }),
    ("a table with a header of cells", |day, hour, venue| {
        format!(
            "<table><tr><td>Date</td><td>Time</td><td>Location</td></tr><tr><td>{day}</td><td>{hour}</td><td>{venue}</td></tr></table>"
        )
    }),
    ("a table with a header in each row", |day, hour, venue| {
        format!(
            "<table><tr><th>Date</th><td>{day}</td></tr><tr><th>Time</th><td>{hour}</td></tr><tr><th>Venue</th><td>{venue}</td></tr></table>"
        )
    }),
    ("terms", |day, hour, venue| {
        format!("<dl><dt>Date</dt><dd>{day}</dd><dt>Time</dt><dd>{hour}</dd><dt>Venue</dt><dd>{venue}</dd></dl>")
    }),
    ("labels", |day, hour, venue| format!("<p>Date: {day}<br>Time: {hour}<br>Venue: {venue}</p>")),
    ("bold labels", |day, hour, venue| format!("<p><b>When:</b> {day}, {hour}</p><p><b>Where:</b> {venue}</p>")),
    ("headings", |day, hour, venue| format!("<h2>When</h2><p>{day}, {hour}</p><h2>Where</h2><p>{venue}</p>")),
];

#[test]
fn another_day_hour_or_venue_of_one_meeting_is_named_for_what_it_is_and_a_spelling_is_none() {
    let mut wrong = Vec::new();
    for (name, layout) in PARTICULARS {
        let before = own_page(*layout, "Thursday 14 January 2027", "6.00pm", "Town Hall");
        let mut check = |day: &str, hour: &str, venue: &str, expect: &[RevisionClass]| {
            let now = own_page(*layout, day, hour, venue);
            let found = if likeness(&before, &now) == Likeness::Other { classes(&before, &now) } else { Vec::new() };
            if found != expect {
                wrong.push(format!("{name}: {day}, {hour}, {venue}: {found:?}"));
            }
        };
        for hour in ["6pm", "6 p.m.", "18:00"] {
            check("Thursday 14 January 2027", hour, "Town Hall", &[]);
        }
        check("Thursday 14 January 2027", "7.00pm", "Town Hall", &[RevisionClass::DateMoved]);
        check("Friday 15 January 2027", "6.00pm", "Town Hall", &[RevisionClass::DateMoved]);
        check("Thursday 14 January 2027", "6.00pm", "Central Library", &[RevisionClass::PlaceChanged]);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
