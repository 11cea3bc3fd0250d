//! Parts of one shape told in place: timelines, panels, terms. A day within such a part is its own.

use super::*;

const EVENTS: [(&str, &str, &str); 4] = [
    ("3 November 2026", "Peer review begins", "Four officers from two other councils read a hundred case files."),
    ("7 to 9 September 2026", "Inspectors visit", "They spoke with young people who had left care this year."),
    ("11 June 2026", "New director starts", "She comes from the county's fostering service and knows it well."),
    ("30 January 2026", "Plan agreed", "The plan has twelve actions, each with the name of an officer."),
];
const DAYS: [&str; 4] = ["2026-11-03", "2026-09-07", "2026-06-11", "2026-01-30"];

fn page(inner: &str) -> String {
    format!("<title>Where we are | Testshire</title><main><h1>Where we are</h1><p>How the service has changed.</p>{inner}</main>")
}

/// Day, title and text of each item.
fn told(markup: &str) -> Vec<String> {
    let told = |item: &Item| {
        let text = item.text.as_ref().map(|text| text.as_str().replace('\n', " / ")).unwrap_or_default();
        let day = item.published.map_or("-".to_owned(), |day| day.to_string());
        format!("{day} {}: {text}", item.title)
    };
    found(markup).items.iter().map(told).collect()
}

fn expected() -> Vec<String> {
    EVENTS.iter().zip(DAYS).map(|((_, title, text), day)| format!("{day} {title}: {text}")).collect()
}

#[test]
fn each_part_of_a_timeline_is_an_item_however_it_is_marked_up() {
    type Part = fn(&str, &str, &str) -> String;
    let shapes: [(&str, Part, &str); 6] = [
        ("<ol>", |day, title, text| format!("<li><b class=d>{day}</b><div><h3>{title}</h3><p>{text}</p></div></li>"), "</ol>"),
        (
            "<div>",
            |day, title, text| format!("<div class=ev><div><h2>{title}</h2><p>{text}</p></div><i>{day}</i></div>"),
            "</div>",
        ),
        ("<section>", |day, title, text| format!("<article><p>{day}</p><h4>{title}</h4><p>{text}</p></article>"), "</section>"),
        ("<dl>", |day, title, text| format!("<dt>{day}</dt><dd><h3>{title}</h3><p>{text}</p></dd>"), "</dl>"),
        ("", |day, title, text| format!("<p class=when>{day}</p><h2>{title}</h2><p>{text}</p>"), ""),
        ("<ul>", |day, title, text| format!("<li><h3>{title}</h3><span>{day}</span><p>{text}</p></li>"), "</ul>"),
    ];
    for (before, part, after) in shapes {
        let parts: String = EVENTS.iter().map(|(day, title, text)| part(day, title, text)).collect();
        let markup = page(&format!("{before}{parts}{after}"));
        assert_eq!(told(&markup), expected(), "{markup}");
        // Days written the other way round are told as well.
        let parts: String = EVENTS.iter().rev().map(|(day, title, text)| part(day, title, text)).collect();
        let mut reversed = expected();
        reversed.reverse();
        assert_eq!(told(&page(&format!("{before}{parts}{after}"))), reversed, "{markup}");
    }
}

#[test]
fn a_timeline_may_be_parted_by_years() {
    let part = |(day, title, text): &(&str, &str, &str)| {
        format!("<li><span>{}</span><h3>{title}</h3><p>{text}</p></li>", day.trim_end_matches(" 2026"))
    };
    let all: String = EVENTS.iter().filter(|(day, ..)| !day.contains("to")).map(part).collect();
    let inner = format!(
        "<h2>2026</h2><ul>{all}</ul><h2>2025</h2><ul>{}</ul>",
        part(&("5 May 2026", "Notice given", "The minister wrote to the leader of the council."))
    );
    let days: Vec<String> = told(&page(&inner)).iter().map(|told| told[..10].to_owned()).collect();
    assert_eq!(days, ["2026-11-03", "2026-06-11", "2026-01-30", "2025-05-05"]);
}

#[test]
fn a_day_within_one_of_several_parts_is_not_the_pages_and_stays_in_its_text() {
    let part =
        |(day, title, text): &(&str, &str, &str)| format!("<div class=step><p>{day}</p><h3>{title}</h3><p>{text}</p></div>");
    let parts: String = EVENTS.iter().map(part).collect();
    let prose = "<p>The board has looked back on its year, and forward to the next, in a long report that anybody may read.</p>"
        .repeat(9);
    let reading = found(&page(&format!("{parts}{prose}")));
    let [item] = reading.items.as_slice() else { panic!("{:?}", told(&page(&parts))) };
    assert_eq!(item.published, None);
    let text = item.text.as_ref().unwrap().as_str();
    assert!(text.starts_with("How the service has changed.\n3 November 2026\nPeer review begins"), "{text}");
    let pair = found(&page(&format!("{}{prose}", EVENTS.iter().take(2).map(part).collect::<String>())));
    assert_eq!(pair.items.len(), 1);
}

#[test]
fn cards_that_lead_to_pages_are_no_timeline() {
    let card = |(at, (day, title, text)): (usize, &(&str, &str, &str))| {
        format!("<li><time>{}</time><h3><a href=/news/{at}>{title}</a></h3><p>{text}</p></li>", day.replace("7 to 9", "9"))
    };
    let cards: String = EVENTS.iter().enumerate().map(card).collect();
    let reading = found(&page(&format!("<ul>{cards}</ul>")));
    assert!(reading.items.iter().all(|item| item.text.is_none() && item.url.path().starts_with("/news/")));
    assert_eq!(reading.items.len(), 4);
}

#[test]
fn a_part_that_says_no_day_is_an_item_of_its_own() {
    let panel = |title: &str| {
        format!("<div class=fold><h3>{title}</h3><div><p>What was said of {title} by those who were there.</p></div></div>")
    };
    let titles = ["Board of 5 November 2026", "Board of 3 September 2026", "Who sits on the board", "Board of 2 July 2026"];
    let of = |titles: &[&str]| told(&page(&titles.iter().map(|title| panel(title)).collect::<String>()));
    let text = |title: &str| format!("{title}: What was said of {title} by those who were there.");
    let bodies = of(&titles.iter().copied().chain(["Board of 7 May 2026", "Board of 5 March 2026"]).collect::<Vec<_>>());
    assert_eq!(bodies.len(), 6);
    assert!(bodies[2].ends_with(&text("Who sits on the board")), "{bodies:?}");
    let terms =
        |(term, said): (&str, &str)| format!("<dt>{term}</dt><dd>{said} It was a full meeting, with many questions.</dd>");
    let list = [
        ("12 November 2026", "On homes."),
        ("Our regulator", "On the regulator."),
        ("10 September 2026", "On schools."),
        ("9 July 2026", "On youth clubs."),
    ];
    let diary = told(&page(&format!("<dl>{}</dl>", list.map(terms).concat())));
    assert_eq!(diary[1], "- Our regulator: On the regulator. It was a full meeting, with many questions.", "{diary:?}");
    assert_eq!(diary[0], "2026-11-12 12 November 2026: On homes. It was a full meeting, with many questions.");
}

#[test]
fn an_article_with_a_timeline_in_it_stays_one() {
    let part = |(day, title, text): &(&str, &str, &str)| format!("<div class=ev><p>{day}</p><h3>{title}</h3><p>{text}</p></div>");
    let parts: String = EVENTS.iter().map(part).collect();
    for byline in [
        "<p>By the press office, 16 November 2026</p>",
        "<p><span>Children</span> <span>16 Nov 26</span> <span>4 min read</span></p>",
    ] {
        let reading = found(&page(&format!("{byline}<p>The review has been published today.</p><h2>Timeline</h2>{parts}")));
        assert_eq!(lines(&reading), ["2026-11-16 Where we are </news>"], "{byline}");
    }
}

#[test]
fn the_day_over_a_meetings_papers_is_the_meetings() {
    let part = |(day, _, _): &(&str, &str, &str)| {
        format!(
            "<div class=m><h3>Schools Forum</h3><p>{}, 2pm</p><p><a href=/a.pdf>Agenda</a></p></div>",
            day.replace("7 to 9", "9")
        )
    };
    let reading = found(&format!("<h1>Panel meetings</h1>{}", EVENTS.iter().map(part).collect::<String>()));
    assert_eq!(reading.items.len(), 4);
    assert!(reading.items.iter().all(|item| item.published.is_none() && item.meeting.as_ref().is_some_and(|m| m.date.is_some())));
}
