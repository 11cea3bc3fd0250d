//! Pages of boards: which day is a meeting's, what a row is called, and which papers are whose.

use super::*;

const INTRODUCTION: &str = "<p>The Improvement Board meets every two months and is chaired by an independent person.</p>";
const DAYS: [&str; 3] = ["11 November 2026", "9 September 2026", "8 July 2026"];

fn board(rest: &str) -> Reading {
    found(&format!("<title>Improvement Board | Testshire</title><main><h1>Improvement Board</h1>{INTRODUCTION}{rest}</main>"))
}

/// Title, day of the meeting, day of publication and papers of each item.
fn told(reading: &Reading) -> Vec<String> {
    held(reading, false)
}

fn table(header: &[&str], row: impl Fn(usize, &str) -> Vec<String>) -> String {
    let cells =
        |cells: &[String], tag: &str| cells.iter().map(|cell| format!("<{tag}>{cell}</{tag}>")).collect::<Vec<_>>().concat();
    let header: Vec<String> = header.iter().map(|&cell| cell.to_owned()).collect();
    let row = |(at, day): (usize, &&str)| format!("<tr>{}</tr>", cells(&row(at, day), "td"));
    let rows: String = DAYS.iter().enumerate().map(row).collect();
    format!("<table><thead><tr>{}</tr></thead><tbody>{rows}</tbody></table>", cells(&header, "th"))
}

fn file(name: &str, at: usize) -> String {
    format!("<a href='/media/{}-{at}.pdf'>{name}</a>", name.to_lowercase().replace(' ', "-"))
}

#[test]
fn a_paper_is_known_by_its_file_and_a_row_by_its_header() {
    let rows = |names: [&str; 3], papers: &str| {
        let days = ["2026-11-11", "2026-09-09", "2026-07-08"];
        names.iter().zip(days).map(|(name, day)| format!("{name} [{day}] {papers}")).collect::<Vec<_>>()
    };
    let packs = table(&["Date", "Venue", "Papers"], |at, day| vec![day.into(), "Room 4".into(), file("Public pack", at)]);
    assert_eq!(told(&board(&packs)), rows(DAYS, "Public pack"));
    let linked = table(&["Date of meeting", "Agenda", "Minutes"], |at, day| {
        vec![format!("<a href=/m/{at}>{day}</a>"), file("Agenda", at), file("Minutes", at)]
    });
    let reading = board(&linked);
    assert_eq!(told(&reading), rows(DAYS, "Agenda, Minutes"));
    assert_eq!(reading.items[0].url.path(), "/m/0");
    let named = table(&["Date", "Meeting", "Time", "Papers"], |at, day| {
        vec![day.into(), format!("<a href=/m/{at}>Meeting {}</a>", 9 - at), "2pm".into(), file("Highlight report", at)]
    });
    assert_eq!(told(&board(&named)), rows(["Meeting 9", "Meeting 8", "Meeting 7"], "Highlight report"));
    let topics = table(&["Date", "Topic", "Papers"], |at, day| {
        vec![day.into(), "The board looked at what had been done since July.".into(), file("Papers", at)]
    });
    assert_eq!(told(&board(&topics)), rows(DAYS, "Papers"));
    let yearless =
        table(&["Date", "Agenda", "Minutes"], |at, day| vec![day.replace(" 2026", ""), file("Agenda", at), file("Minutes", at)]);
    let shown = rows(["11 November", "9 September", "8 July"], "Agenda, Minutes");
    assert_eq!(told(&board(&format!("<h2>Meetings in 2026</h2>{yearless}"))), shown);
}

#[test]
fn where_papers_are_to_follow_there_are_none_yet() {
    let rows = table(&["Date", "Venue", "Papers"], |at, day| {
        vec![day.into(), "Town Hall".into(), if at == 0 { "To follow".into() } else { file("Agenda", at) }]
    });
    let expect = ["11 November 2026 [2026-11-11]", "9 September 2026 [2026-09-09] Agenda", "8 July 2026 [2026-07-08] Agenda"];
    assert_eq!(told(&board(&rows)), expect);
}

#[test]
fn a_list_of_documents_is_no_list_of_meetings() {
    let rows = table(&["Document", "Date published"], |at, day| {
        vec![
            file(["Letter after the first visit", "Letter after the second visit", "Letter after the third visit"][at], at),
            day.into(),
        ]
    });
    let items = board(&rows).items;
    assert_eq!(items.iter().map(|item| item.published.is_some()).collect::<Vec<_>>(), [true; 3]);
    assert_eq!(items[0].title, "Letter after the first visit");
}

#[test]
fn the_days_of_meetings_to_come_are_not_when_the_page_was_published() {
    for dates in [
        "<h2>Meeting dates</h2><ul><li>20 January 2027</li><li>10 March 2027</li></ul>",
        "<table><tr><th>Date</th><th>Venue</th></tr><tr><td>20 January 2027</td><td>Room 4</td></tr><tr><td>10 March 2027</td><td>Online</td></tr></table>",
        "<h2>Next meeting</h2><p>20 January 2027</p>",
    ] {
        let reading = board(&format!("{dates}<p>Last updated 19 November 2026</p>"));
        assert_eq!(reading.items.len(), 1, "{dates}");
        assert_eq!(reading.items[0].published, None, "{dates}");
    }
}

#[test]
fn a_numbered_meeting_is_held_on_the_day_behind_its_number() {
    for name in ["Meeting {} – Wednesday", "Meeting {} –", "Board {} - Wednesday", "Session {} –"] {
        let section = |(at, day): (usize, &&str)| {
            format!(
                "<h2>{} {day}</h2><p>The board looked at caseloads and asked for a paper.</p>",
                name.replace("{}", &(6 - at).to_string())
            )
        };
        let reading = board(&DAYS.iter().enumerate().map(section).collect::<String>());
        let days: Vec<_> = reading.items.iter().map(|item| item.key.rsplit('#').next().unwrap().to_owned()).collect();
        assert_eq!(days, ["2026-11-11", "2026-09-09", "2026-07-08"], "{name}");
    }
}

#[test]
fn days_without_a_year_take_that_of_the_heading_above_them() {
    let section =
        |day: &&str| format!("<h3>{}</h3><p>The board looked at caseloads and asked for a paper.</p>", day.replace(" 2026", ""));
    let sections = DAYS.iter().map(section).collect::<String>();
    let expect = ["11 November [2026-11-11]", "9 September [2026-09-09]", "8 July [2026-07-08]"];
    assert_eq!(told(&board(&format!("<h2>2026</h2>{sections}"))), expect);
    assert_eq!(told(&board(&sections)), ["11 November [-]", "9 September [-]", "8 July [-]"]);
}

#[test]
fn a_day_alone_is_a_meetings_on_a_boards_page_and_a_postings_among_news() {
    let sections = DAYS.map(|day| format!("<h2>{day}</h2><p>The board looked at caseloads and asked for a paper.</p>")).concat();
    assert_eq!(told(&board(&sections))[0], "11 November 2026 [2026-11-11]");
    let news = found(&format!("<h1>Improvement updates</h1>{sections}"));
    assert_eq!(told(&news)[0], "11 November 2026 [-] published 2026-11-11");
}

#[test]
fn two_links_that_each_name_a_day_are_a_list() {
    let item = |(at, day): (usize, &&str)| format!("<li><a href=/m/{at}>Improvement Board {day}</a></li>");
    let reading = board(&format!("<ul>{}</ul>", DAYS.iter().take(2).enumerate().map(item).collect::<String>()));
    assert_eq!(
        told(&reading),
        ["Improvement Board 11 November 2026 [2026-11-11]", "Improvement Board 9 September 2026 [2026-09-09]"]
    );
}

#[test]
fn what_was_decided_is_read_on_any_page() {
    let decided = |minutes: &str| {
        let page = format!(
            "<h1>Minutes of the Improvement Board</h1><p>11 November 2026</p>{INTRODUCTION}{minutes}<h2>Actions</h2><p>Officers to write to schools.</p>"
        );
        found(&page).items[0].decisions.iter().map(|decision| decision.text.to_string()).collect::<Vec<_>>()
    };
    let both = ["That the report be noted.", "That a date be set."];
    assert_eq!(
        decided(
            "<p><strong>RESOLVED:</strong></p><ol type=a><li>That the report be noted.</li><li>That a date be set.</li></ol>"
        ),
        both
    );
    assert_eq!(decided("<h2>Decisions</h2><ul><li>That the report be noted.</li><li>That a date be set.</li></ul>"), both);
    assert_eq!(decided("<p>RESOLVED: That the report be noted.</p>"), ["That the report be noted."]);
    assert_eq!(decided("<p>The plan was noted.</p>"), [""; 0]);
}

#[test]
fn no_time_and_no_room_names_a_row() {
    let times = ["5.30 pm", "10am - 12 noon", "02h 14m"];
    let days = DAYS.map(|day| format!("{day} [{}]", day_of(day)));
    for row in [
        |at: usize, day: &str, time: &str| format!("<td>{time}</td><td><a href=/m/{at}>{day}</a></td><td>Town Hall</td>"),
        |at: usize, day: &str, time: &str| format!("<td><a href=/m/{at}>{day}</a></td><td>{time}</td><td>Room 4</td>"),
        |at: usize, day: &str, time: &str| format!("<td>{time}</td><td>{day}</td><td><a href=/m/{at}>View</a></td>"),
    ] {
        let rows = DAYS.iter().zip(times).enumerate().map(|(at, (day, time))| format!("<tr>{}</tr>", row(at, day, time)));
        assert_eq!(told(&board(&format!("<table>{}</table>", rows.collect::<String>()))), days);
    }
}

fn day_of(day: &str) -> String {
    crate::rules::facts::dates::whole(day).unwrap().day.to_string()
}

#[test]
fn a_row_tells_what_was_said_beside_its_papers() {
    let said =
        ["The board asked for weekly figures.", "Four apprentices spoke of their year.", "Terms of reference were agreed."];
    let page = board(&table(&["Date", "What was discussed", "Venue", "Papers"], |at, day| {
        vec![day.into(), format!("<p>{}</p>", said[at]), "Room 4".into(), file("Agenda", at)]
    }));
    let texts: Vec<&str> = page.items.iter().map(|item| item.text.as_ref().unwrap().as_str()).collect();
    assert_eq!(texts, said);
    assert!(page.items.iter().all(|item| item.documents.len() == 1));
}

#[test]
fn one_day_for_two_rows_and_papers_to_come_leave_no_row_out() {
    let header = "<tr><th>Date</th><th>Committee</th><th>Papers</th></tr>";
    let row =
        |cells: &[&str]| format!("<tr>{}</tr>", cells.iter().map(|cell| format!("<td>{cell}</td>")).collect::<Vec<_>>().concat());
    let paper = file("Agenda", 1);
    let spanned = [
        format!("<tr><td rowspan=2>{}</td><td>Homes Panel</td><td>{paper}</td></tr>", DAYS[0]),
        row(&["Schools Panel", &file("Agenda", 2)]),
        row(&[DAYS[1], "Homes Panel", &file("Agenda", 3)]),
    ];
    let expected = ["Homes Panel [2026-11-11] Agenda", "Schools Panel [2026-11-11] Agenda", "Homes Panel [2026-09-09] Agenda"];
    assert_eq!(told(&board(&format!("<table>{header}{}</table>", spanned.concat()))), expected);
    let later = [
        row(&[DAYS[0], "Schools Panel", "Agenda to follow"]),
        row(&[DAYS[1], "Homes Panel", &paper]),
        row(&[DAYS[2], "Homes Panel", &file("Agenda", 2)]),
        row(&["6 May 2026", "Schools Panel", &file("Minutes", 3)]),
    ];
    let names: Vec<String> = told(&board(&format!("<table>{}</table>", later.concat())));
    assert_eq!(names[0], "Schools Panel [2026-11-11]");
    assert_eq!(names.len(), 4);
}

#[test]
fn cells_that_name_their_headers_need_no_header_row() {
    let row = |name: &str, day: &str, at: usize| {
        format!(
            "<tr><td headers=EventName>{name}</td><td headers=EventDate>{day}</td><td><a href=/view?e={at}>Agenda</a></td></tr>"
        )
    };
    let coming = format!("<h2>To come</h2><table>{}</table>", row("Schools Panel", "December 3, 2026 - 10:00 AM", 9));
    let past = DAYS.iter().enumerate().map(|(at, day)| row("Homes Panel", day, at)).collect::<String>();
    let reading = board(&format!("{coming}<h2>Past</h2><table>{past}</table>"));
    let names: Vec<String> = told(&reading);
    assert_eq!(names[0], "Schools Panel [2026-12-03]");
    assert_eq!(names.len(), 4, "{names:?}");
}

#[test]
fn a_table_of_days_and_what_was_said_is_a_list_of_updates() {
    let rows = |cell: fn(&str) -> String| {
        let row = |day: &&str| format!("<tr><td>{day}</td><td>{}</td></tr>", cell(day));
        board(&format!("<table>{}</table>", DAYS.iter().map(row).collect::<String>()))
    };
    let titled =
        rows(|day| format!("<strong>Note of {}</strong><br>The board heard from three services and asked for more.", &day[..2]));
    let texts: Vec<String> = titled.items.iter().map(|item| format!("{}: {}", item.title, item.text.as_ref().unwrap())).collect();
    let said = "The board heard from three services and asked for more.";
    assert_eq!(texts, [format!("Note of 11: {said}"), format!("Note of 9: {said}"), format!("Note of 8: {said}")]);
    let bare = rows(|_| "The board heard from three services and asked for more.".to_owned());
    assert_eq!(bare.items.iter().map(|item| item.title.as_str()).collect::<Vec<_>>(), DAYS);
}

#[test]
fn links_that_are_days_without_a_year_are_a_list_whose_titles_may_say_the_year() {
    let days = [
        ("18 November", "Wednesday 18th November 2026"),
        ("16 September", "Wednesday 16th September 2026"),
        ("8 July", "Wednesday 8th July 2026"),
    ];
    let bare = |(day, _): &(&str, &str)| format!("<li><a href=/m/{}>{day}</a></li>", day.replace(' ', "-"));
    let list = |item: &dyn Fn(&(&str, &str)) -> String| format!("<ul>{}</ul>", days.iter().map(item).collect::<String>());
    assert_eq!(told(&board(&list(&bare))), ["18 November [-]", "16 September [-]", "8 July [-]"]);
    let in_year = board(&format!("<h2>2026</h2>{}", list(&bare)));
    assert_eq!(told(&in_year), ["18 November [2026-11-18]", "16 September [2026-09-16]", "8 July [2026-07-08]"]);
    let titled =
        |(day, whole): &(&str, &str)| format!("<li><a href=/m/{} title=\"{whole}\">{day}</a></li>", day.replace(' ', "-"));
    let found: Vec<String> = told(&board(&list(&titled)));
    assert!(found.len() == 3 && found[0].contains("[2026-11-18]") && found[2].contains("[2026-07-08]"), "{found:?}");
    // A heading of the entry, whose day alone has the year in a title.
    let card = |(day, whole): &(&str, &str)| {
        format!(
            "<li><span class=d title=\"{whole}\">{day}</span><h3><a href=/m/{}>What the board heard of {day}</a></h3></li>",
            day.replace(' ', "-")
        )
    };
    let news = found_in_news(&list(&card));
    assert_eq!(news, ["2026-11-18", "2026-09-16", "2026-07-08"]);
}

fn found_in_news(list: &str) -> Vec<String> {
    let reading = found(&format!("<h1>News</h1>{list}"));
    reading.items.iter().map(|item| item.published.map_or("-".to_owned(), |day| day.to_string())).collect()
}

#[test]
fn a_panel_without_a_day_under_another_heading_is_no_meeting() {
    let panel = |name: &str, told: &str| format!("<details><summary>{name}</summary><p>{told}</p></details>");
    let heard = "The board heard from three services and asked for more.";
    let meetings: String = DAYS.iter().map(|day| panel(&format!("Board meeting of {day}"), heard)).collect();
    let titles = |rest: &str| board(rest).items.iter().map(|item| item.title.to_string()).collect::<Vec<_>>();
    let expect = DAYS.map(|day| format!("Board meeting of {day}"));
    let people = "Anna Hale, independent chair, and four others from the council and from health.";
    assert_eq!(titles(&format!("{meetings}<h2>People</h2>{}", panel("The board's people", people))), expect);
    // One that stands among the meetings may be one whose day nobody has written.
    let held = titles(&format!("{meetings}{}", panel("Extraordinary meeting", heard)));
    assert_eq!(held.last().map(String::as_str), Some("Extraordinary meeting"));
}
