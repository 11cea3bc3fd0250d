//! Days that stand apart from what they are the day of: in a title behind a mark, as a term, in a badge, in the heading of a year.

use super::*;

const NEWS: [[&str; 3]; 3] = [
    ["14", "bridge", "Bridge shut for repairs"],
    ["9", "halls", "Grants for village halls"],
    ["2", "bins", "Bin days over the new year"],
];

fn list(headline: &str, entry: impl Fn([&str; 3]) -> String) -> Reading {
    let entries: String = NEWS.into_iter().map(entry).collect();
    found(&format!("<main><h1>{headline}</h1>{entries}</main>"))
}

fn days(reading: &Reading) -> Vec<Option<String>> {
    reading.items.iter().map(|item| item.published.map(|day| day.to_string())).collect()
}

const DAYS: [&str; 3] = ["2026-01-14", "2026-01-09", "2026-01-02"];

fn check(reading: &Reading, expect: [Option<&str>; 3]) {
    assert_eq!(days(reading), expect.map(|day| day.map(str::to_owned)), "{:?}", lines(reading));
}

#[test]
fn a_day_set_apart_in_a_title_is_that_of_publication_unless_it_is_a_meetings() {
    let item =
        |day: &str, path: &str, words: String| format!("<ul><li><a href=/news/{path}>{words}</a></li></ul>").replace("DAY", day);
    let all = DAYS.map(Some);
    check(&list("News", |[day, path, title]| item(day, path, format!("DAY January 2026 - {title}"))), all);
    check(&list("News", |[day, path, title]| item(day, path, format!("DAY January 2026: {title}"))), all);
    check(&list("News", |[day, path, title]| item(day, path, format!("{title} (DAY January 2026)"))), all);
    check(&list("News", |[day, path, title]| item(day, path, format!("{title} on DAY January 2026"))), [None; 3]);
    check(&list("News", |[day, path, title]| item(day, path, format!("{title} (closes DAY January 2026)"))), [None; 3]);
    check(&list("News", |[day, path, _]| item(day, path, "DAY January 2026 - Improvement Board".to_owned())), [None; 3]);
}

#[test]
fn a_number_as_a_term_is_a_day_of_the_month_above() {
    let reading = list("News", |[day, path, title]| {
        format!("<h2>January 2026</h2><dl><dt>{day}th</dt><dd><a href=/news/{path}>{title}</a></dd></dl>")
    });
    check(&reading, DAYS.map(Some));
    let one = NEWS.map(|[day, path, title]| format!("<dt>{day}</dt><dd><a href=/news/{path}>{title}</a></dd>")).concat();
    check(&found(&format!("<main><h1>News</h1><h2>January 2026</h2><dl>{one}</dl></main>")), DAYS.map(Some));
}

#[test]
fn the_number_and_the_year_of_a_badge_are_two() {
    let reading = list("News", |[day, path, title]| {
        format!(
            "<div><div class=cal><i>Jan</i><b>{day}</b><span>2026</span></div><h3><a href=/news/{path}>{title}</a></h3></div>"
        )
    });
    check(&reading, DAYS.map(Some));
}

#[test]
fn titles_above_their_day_and_a_way_on_in_one_paragraph_are_a_list() {
    let reading = list("News", |[day, path, title]| {
        format!(
            "<p><strong>{title}</strong><br>{day} January 2026<br>Words on the matter. <a href=/news/{path}>Read more...</a></p>"
        )
    });
    check(&reading, DAYS.map(Some));
    assert_eq!(line(&reading.items[0]), "2026-01-14 Bridge shut for repairs </news/bridge>");
}

#[test]
fn files_named_by_a_day_are_a_list_under_their_years_whatever_it_is_called() {
    let file = |day: &str, year: &str| {
        format!("<li><a href=/media/{}-{year}.pdf>Scrutiny Panel, {day} [120KB]</a></li>", day.replace(' ', "-"))
    };
    let year = |year: &str, days: [&str; 2]| {
        format!("<h2>{year}</h2><ul class='list list--related'>{}</ul>", days.map(|day| file(day, year)).concat())
    };
    let years = [year("2025", ["30 September", "1 July"]), year("2024", ["3 December", "10 September"])].concat();
    let reading = found(&format!("<main><h1>Scrutiny Panel papers</h1><p>Papers for each meeting.</p>{years}</main>"));
    let said = |item: &Item| Some(format!("{} {}", item.meeting.as_ref()?.date?, item.title));
    let read: Vec<Option<String>> = reading.items.iter().map(said).collect();
    let expect = [
        "2025-09-30 Scrutiny Panel, 30 September",
        "2025-07-01 Scrutiny Panel, 1 July",
        "2024-12-03 Scrutiny Panel, 3 December",
        "2024-09-10 Scrutiny Panel, 10 September",
    ];
    assert_eq!(read, expect.map(|item| Some(item.to_owned())));
}

#[test]
fn a_month_alone_in_a_timeline_is_no_first_of_that_month() {
    let part = |month: &str, title: &str| {
        format!("<li><span>{month}</span><h3>{title}</h3><p>What was done in that month is told here in a sentence.</p></li>")
    };
    let parts =
        [part("September 2025", "Peer review"), part("October 2025", "Plan agreed"), part("November 2025", "First board")];
    let reading = found(&format!("<main><h1>Our journey</h1><ol>{}</ol></main>", parts.concat()));
    let titles: Vec<&str> = reading.items.iter().map(|item| item.title.as_str()).collect();
    assert_eq!(titles, ["Peer review", "Plan agreed", "First board"]);
}
