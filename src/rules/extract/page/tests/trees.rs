//! Lists within lists, and what the headings over entries, or the cells beside them, say of when and of whose meeting.

use super::*;

/// Title, day of the meeting and body of each.
fn bodies(reading: &Reading) -> Vec<String> {
    let told = |item: &Item| {
        let meeting = item.meeting.as_ref();
        let day = meeting.and_then(|meeting| meeting.date).map_or("-".to_owned(), |day| day.to_string());
        let body = meeting.and_then(|meeting| meeting.body.as_ref()).map_or("-", |body| body.as_str());
        format!("{} [{day}] {body}", item.title)
    };
    reading.items.iter().map(told).collect()
}

#[test]
fn years_and_months_in_items_stand_over_the_lists_that_they_hold() {
    let page = "<h1>News archive</h1><ul>
        <li><a href='?y=2026'>2026</a><ul><li>November<ul><li>19 - <a href=/n/a>Bus lane to open</a></li>
          <li>5 - <a href=/n/b>Could you foster?</a></li></ul></li>
          <li><strong>September</strong><ul><li>30 - <a href=/n/c>Inspectors find progress</a></li></ul></li></ul></li>
        <li><a href='?y=2025'>2025</a><ul><li>December<ul><li>18 - <a href=/n/d>Christmas opening hours</a></li></ul></li></ul></li></ul>";
    assert_eq!(
        lines(&found(page)),
        [
            "2026-11-19 Bus lane to open </n/a>",
            "2026-11-05 Could you foster? </n/b>",
            "2026-09-30 Inspectors find progress </n/c>",
            "2025-12-18 Christmas opening hours </n/d>",
        ]
    );
}

#[test]
fn files_that_are_called_alike_are_a_list_under_the_months_of_a_tree() {
    let month = |name: &str, file: u8| format!("<li>{name}<ul><li><a href=/f/{file}.pdf>Minutes (PDF)</a></li></ul></li>");
    let years = [("2026", ["November", "September"], 1), ("2025", ["December", "October"], 3)];
    let years: Vec<String> = years
        .iter()
        .map(|(year, [one, other], file)| format!("<li>{year}<ul>{}{}</ul></li>", month(one, *file), month(other, file + 1)))
        .collect();
    let read = found(&format!("<main><h1>Improvement minutes</h1><ul>{}</ul></main>", years.concat()));
    let files: Vec<&str> = read.items.iter().map(|item| item.url.path()).collect();
    assert_eq!(files, ["/f/1.pdf", "/f/2.pdf", "/f/3.pdf", "/f/4.pdf"]);
}

#[test]
fn what_stands_behind_a_list_is_of_no_year_of_it() {
    let page = "<h1>Diary</h1><ul><li>2025<ul><li>12 May <a href=/d/1>Spring fair on the green</a></li>
        <li>2 May <a href=/d/2>May day in the square</a></li></ul></li></ul>
        <ul><li>3 June <a href=/d/3>Regatta on the lower lake</a></li></ul>";
    let days: Vec<Option<String>> = found(page).items.iter().map(|item| item.published.map(|day| day.to_string())).collect();
    assert_eq!(days.first(), Some(&Some("2025-05-12".to_owned())));
    assert!(!days.contains(&Some("2025-06-03".to_owned())), "{days:?}");
}

#[test]
fn a_title_that_names_a_year_ends_no_month() {
    let entry = |day: &str, path: &str, title: &str| {
        format!("<article><span>{day}</span><h3><a href={path}>{title}</a></h3><p>In brief.</p></article>")
    };
    let entries = [
        entry("18", "/a", "Market traders chosen by vote"),
        entry("11", "/b", "Silence in the square: Remembrance 2026"),
        entry("03", "/c", "Weir Lane reopens a week early"),
    ];
    let read = found(&format!("<h1>News</h1><h2>November 2026</h2>{}", entries.concat()));
    assert_eq!(
        lines(&read),
        [
            "2026-11-18 Market traders chosen by vote </a>",
            "2026-11-11 Silence in the square: Remembrance 2026 </b>",
            "2026-11-03 Weir Lane reopens a week early </c>",
        ]
    );
}

#[test]
fn the_body_of_a_meeting_is_named_above_it_beside_it_or_by_its_title() {
    let rows = |days: [&str; 2]| {
        let row = |day: &str| format!("<tr><td>{day}</td><td>10am</td><td><a href='/p/{day}'>Papers</a></td></tr>");
        format!("<table><tr><th>Date</th><th>Time</th><th>Papers</th></tr>{}{}</table>", row(days[0]), row(days[1]))
    };
    let under_headings = format!(
        "<h1>Calendar of public meetings</h1><h2>Assurance Board</h2>{}<h2>Audit Committee – agendas and minutes</h2>{}",
        rows(["2 December 2026", "4 November 2026"]),
        rows(["9 November 2026", "12 October 2026"])
    );
    let read: Vec<String> =
        bodies(&found(&under_headings)).iter().filter_map(|told| Some(told.split_once("] ")?.1.to_owned())).collect();
    assert_eq!(read, ["Assurance Board", "Assurance Board", "Audit Committee", "Audit Committee"]);

    let in_tree = "<h1>Meetings</h1><ul><li>2026<ul><li>Fire Authority<ul><li><a href=/a.pdf>19 June 2026 agenda</a></li>
        <li><a href=/b.pdf>13 February 2026 agenda</a></li></ul></li>
        <li>Audit Committee<ul><li><a href=/c.pdf>7 May 2026 agenda</a></li></ul></li></ul></li></ul>";
    assert_eq!(
        bodies(&found(in_tree)),
        [
            "19 June 2026 agenda [2026-06-19] Fire Authority",
            "13 February 2026 agenda [2026-02-13] Fire Authority",
            "7 May 2026 agenda [2026-05-07] Audit Committee",
        ]
    );

    let rows = ["Licensing Sub-Committee", "Schools Forum", "Full Council"];
    let rows = rows
        .map(|body| format!("<tr><td>Tue 2 Dec 2025<br>6.30pm</td><td>Room 2</td><td><a href='/m/{body}'>{body}</a></td></tr>"));
    let by_title =
        format!("<h1>Meetings</h1><table><tr><th>When</th><th>Where</th><th>Meeting</th></tr>{}</table>", rows.concat());
    assert_eq!(
        bodies(&found(&by_title)),
        [
            "Licensing Sub-Committee [2025-12-02] Licensing Sub-Committee",
            "Schools Forum [2025-12-02] Schools Forum",
            "Full Council [2025-12-02] Full Council",
        ]
    );
}

#[test]
fn days_month_by_month_in_the_row_of_a_body_are_meetings_of_it() {
    let cell = |path: &str, day: &str| format!("<td><a href={path}>{day}</a></td>");
    let row = |body: &str, cells: String| format!("<tr><th scope=row>{body}</th>{cells}</tr>");
    let cabinet = cell("/m/c9", "8 Sept 2026") + &cell("/m/c10", "13 Oct 2026");
    let board = cell("/m/i9", "10 Sept 2026") + &cell("/m/i10", "15 Oct 2026");
    let rows = row("Cabinet", cabinet) + &row("Improvement Board", board);
    let head = "<tr><th>Committee</th><th>Sept</th><th>Oct</th></tr>";
    let read = found(&format!("<h1>Meetings and papers</h1><table>{head}{rows}</table>"));
    assert_eq!(
        bodies(&read),
        [
            "8 Sept 2026 [2026-09-08] Cabinet",
            "13 Oct 2026 [2026-10-13] Cabinet",
            "10 Sept 2026 [2026-09-10] Improvement Board",
            "15 Oct 2026 [2026-10-15] Improvement Board",
        ]
    );
}

#[test]
fn a_day_with_the_kind_of_its_file_behind_it_is_one_of_the_year_above() {
    let year = |year: u16, days: [&str; 2]| {
        let links = days.map(|day| format!("<li><a href='/f/{year}-{day}.pdf'>{day} (PDF, 140 KB)</a></li>"));
        format!("<details><summary>Minutes {year}</summary><ul>{}</ul></details>", links.concat())
    };
    let years = year(2026, ["11 November", "14 October"]) + &year(2025, ["10 December", "12 November"]);
    let read = found(&format!("<h1>Improvement Board</h1><p>The board meets in public.</p><h2>Minutes</h2>{years}"));
    assert_eq!(
        bodies(&read),
        [
            "11 November [2026-11-11] Improvement Board",
            "14 October [2026-10-14] Improvement Board",
            "10 December [2025-12-10] Improvement Board",
            "12 November [2025-11-12] Improvement Board",
        ]
    );
}
