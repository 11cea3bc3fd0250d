//! Lists of meetings that lead nowhere, whose days lose their year on the day on which one of the meetings moves: that one is told.

use crate::support::app::App;
use chrono::TimeDelta;

type Row = [&'static str; 3];

const ROWS: [Row; 6] = [
    ["Tuesday 1 December 2026", "Full Council", "Town Hall"],
    ["Thursday 10 December 2026", "Planning Committee", "Committee Room 1"],
    ["Monday 21 December 2026", "Licensing Committee", "Town Hall"],
    ["Friday 8 January 2027", "Scrutiny Board", "Town Hall"],
    ["Monday 18 January 2027", "Cabinet", "Committee Room 2"],
    ["Friday 5 February 2027", "Planning Committee", "Town Hall"],
];

fn page(list: &str) -> String {
    format!(
        "<html><head><title>Meeting dates</title></head><body><header><a href=\"/\">Home</a><a href=\"/news\">News</a></header>\
         <main><h1>Meeting dates</h1><p>Meetings are open to the public.</p>{list}</main><footer>Town Hall</footer></body></html>"
    )
}

/// A system's name, how it shows a row, and what stands around all of them.
type Shown = (&'static str, fn(&Row) -> String, [&'static str; 2]);

/// The list as different systems show it.
fn lists() -> [Shown; 5] {
    [
        (
            "table",
            |[day, who, at]| format!("<tr><td>{day}</td><td>{who}</td><td>{at}</td></tr>"),
            ["<table><tr><th>Date</th><th>Meeting</th><th>Venue</th></tr>", "</table>"],
        ),
        (
            "meeting first",
            |[day, who, at]| format!("<tr><th>{who}</th><td>{day}</td><td>{at}</td></tr>"),
            ["<table><tr><th>Meeting</th><th>Date</th><th>Venue</th></tr>", "</table>"],
        ),
        ("list", |[day, who, at]| format!("<li>{day} - {who}, {at}</li>"), ["<ul>", "</ul>"]),
        (
            "headings",
            |[day, who, at]| format!("<h3>{who} - {day}</h3><p>{at}, 7pm. The agenda comes a week before.</p>"),
            ["", ""],
        ),
        ("short headings", |[day, who, at]| format!("<h3>{who}, {day}</h3><p>{at}</p>"), ["", ""]),
    ]
}

#[tokio::test]
async fn the_one_meeting_that_moves_on_the_day_on_which_all_years_are_dropped_is_told_and_nothing_else() {
    let yearless = |row: &Row| -> Row { [row[0].rsplit_once(' ').unwrap().0, row[1], row[2]] };
    for (form, row, [before, behind]) in lists() {
        let list = |rows: &[Row]| page(&format!("{before}{}{behind}", rows.iter().map(row).collect::<String>()));
        let mut rows = ROWS.map(|row| yearless(&row));
        for is_moved in [false, true] {
            let app = App::set_up().await;
            app.watch("dates", "/dates", "");
            app.list("people", &[("now@example.org", "immediate")]);
            app.publish("/dates", &list(&ROWS));
            app.pass().await;
            if is_moved {
                rows[4][0] = "Tuesday 19 January";
            }
            app.publish("/dates", &list(&rows));
            let mut found = (0, 0, 0);
            for _ in 0..3 {
                app.advance(TimeDelta::hours(2));
                let poll = app.pass().await.polls.remove(0);
                found = (found.0 + poll.new, found.1 + poll.revised, found.2 + poll.withdrawn);
            }
            let mails = app.inbox("now@example.org");
            assert_eq!((found, mails.len()), ((0, usize::from(is_moved), 0), usize::from(is_moved)), "{form}: {mails:?}");
            for mail in mails {
                let said = mail.text.split("What it says").next().unwrap();
                assert!(said.contains("(date moved)") && said.contains("18 January 2027"), "{form}: {said}");
                assert!(said.contains("Tuesday 19 January") && !said.contains("December"), "{form}: {said}");
            }
        }
    }
}
