//! A page that is a table of meetings and leads nowhere: which of them was put off, moved, or takes place elsewhere.

use crate::support::app::App;
use chrono::TimeDelta;

/// The table: who meets, when, where, and what is remarked on it.
fn table(rows: &[[&str; 4]]) -> String {
    let cell = |words: &str| format!("<td><font size=2>{words}</font></td>");
    let row = |[who, day, place, remark]: &[&str; 4]| {
        format!("<tr>{}{}<td>7.00 pm</td>{}<td>{remark}</td></tr>", cell(who), cell(day), cell(place))
    };
    let rows: String = rows.iter().map(row).collect();
    format!(
        "<html><head><title>Dates of meetings</title></head><body><h1>Dates of meetings</h1><p>The public are welcome.</p>\
         <table><tr><td><b>Meeting</b></td><td><b>Date</b></td><td><b>Time</b></td><td><b>Place</b></td><td><b>Remarks</b></td></tr>\
         {rows}</table></body></html>"
    )
}

#[tokio::test]
async fn each_row_is_a_meeting_that_is_told_of_by_its_name() {
    let mut rows = [
        ["Allotments Committee", "1 December 2099", "Reading Room", ""],
        ["Highways Working Party", "7 December 2099", "Reading Room", ""],
        ["Full Council", "14 December 2099", "Village Hall", ""],
        ["Allotments Committee", "5 January 2100", "Reading Room", ""],
        ["Full Council", "18 January 2100", "Village Hall", ""],
    ];
    let app = App::set_up().await;
    app.watch("dates", "/dates", "");
    app.list("people", &[("now@example.org", "immediate")]);
    app.publish("/dates", &table(&rows));
    assert_eq!(app.pass().await.polls[0].new, 5);
    let mut told = 0;
    let mut check = async |rows: &[[&str; 4]], name: &str, why: &str| {
        app.publish("/dates", &table(rows));
        app.advance(TimeDelta::hours(2));
        let poll = app.pass().await.polls.remove(0);
        assert_eq!((poll.new, poll.revised, poll.withdrawn), (0, 1, 0), "{why}");
        told += 1;
        let kept = app.smtp.kept();
        assert_eq!(kept.len(), told, "{why}");
        let mail = String::from_utf8_lossy(&kept[told - 1].bytes).replace("=\r\n", "");
        assert!(mail.contains(name), "{why}: {mail}");
    };
    rows[1][3] = "POSTPONED - new date to be fixed";
    check(&rows, "Highways Working Party", "put off").await;
    (rows[1][1], rows[1][3]) = ("16 December 2099", "New date");
    check(&rows, "Highways Working Party", "moved to another day").await;
    rows[2][2] = "Chapel Schoolroom";
    check(&rows, "Full Council", "held elsewhere").await;
}

#[tokio::test]
async fn another_day_of_a_committee_that_is_on_the_table_is_new() {
    let mut rows = vec![
        ["Full Council", "14 December 2099", "Village Hall", ""],
        ["Allotments Committee", "5 January 2100", "Reading Room", ""],
        ["Highways Working Party", "18 January 2100", "Village Hall", ""],
    ];
    let app = App::set_up().await;
    app.watch("dates", "/dates", "");
    app.list("people", &[("now@example.org", "immediate")]);
    app.publish("/dates", &table(&rows));
    assert_eq!(app.pass().await.polls[0].new, 3);
    for day in ["1 February 2100", "5 January 2101"] {
        let before = app.smtp.kept().len();
        rows.push(["Full Council", day, "Village Hall", ""]);
        app.publish("/dates", &table(&rows));
        app.advance(TimeDelta::hours(2));
        assert_eq!(app.pass().await.polls[0].new, 1, "{day}");
        let kept = app.smtp.kept();
        assert_eq!(kept.len(), before + 1, "{day}");
        assert!(String::from_utf8_lossy(&kept[before].bytes).contains("Full Council"), "{day}");
    }
}

/// New, revised and withdrawn in the next poll, and in the one after it.
async fn next_two(app: &App, rows: &[[&str; 4]]) -> [(usize, usize, usize); 2] {
    app.publish("/dates", &table(rows));
    let mut found = [(0, 0, 0); 2];
    for found in &mut found {
        app.advance(TimeDelta::hours(2));
        let poll = app.pass().await.polls.remove(0);
        *found = (poll.new, poll.revised, poll.withdrawn);
    }
    found
}

#[tokio::test]
async fn two_days_of_one_committee_that_move_at_once_are_two_meetings_that_are_moved() {
    let mut rows = [
        ["Allotments Committee", "1 December 2099", "Reading Room", ""],
        ["Full Council", "14 December 2099", "Village Hall", ""],
        ["Allotments Committee", "5 January 2100", "Reading Room", ""],
        ["Full Council", "18 January 2100", "Village Hall", ""],
    ];
    let app = App::set_up().await;
    app.watch("dates", "/dates", "");
    app.publish("/dates", &table(&rows));
    assert_eq!(app.pass().await.polls[0].new, 4);
    (rows[0][1], rows[2][1]) = ("3 December 2099", "7 January 2100");
    assert_eq!(next_two(&app, &rows).await, [(0, 2, 0), (0, 0, 0)]);
}

#[tokio::test]
async fn a_meeting_to_come_that_is_taken_off_the_table_is_withdrawn_and_one_that_is_over_is_not() {
    let all = [
        ["Allotments Committee", "1 December 2009", "Reading Room", ""],
        ["Highways Working Party", "7 December 2099", "Reading Room", ""],
        ["Full Council", "14 December 2099", "Village Hall", ""],
        ["Licensing Panel", "5 January 2100", "Reading Room", ""],
    ];
    let app = App::set_up().await;
    app.watch("dates", "/dates", "");
    app.publish("/dates", &table(&all));
    assert_eq!(app.pass().await.polls[0].new, 4);
    assert_eq!(next_two(&app, &all[1..]).await, [(0, 0, 0), (0, 0, 0)], "over");
    let other = [all[1], all[2], ["Schools Forum", "18 January 2100", "Village Hall", ""]];
    assert_eq!(next_two(&app, &other).await, [(1, 0, 0), (0, 0, 1)]);
    assert_eq!(next_two(&app, &other).await, [(0, 0, 0), (0, 0, 0)]);
}

/// A system's name, and how it shows rows.
type Calendar = (&'static str, fn(&[[&str; 3]]) -> String);

/// Tables as different systems make them, none of which leads anywhere: columns in another order, one body's dates, cells of headings.
fn calendars() -> [Calendar; 4] {
    fn page(head: &str, rows: &str) -> String {
        format!(
            "<html><head><title>Meetings</title></head><body><header><a href=\"/\">Home</a></header><main><h1>Meeting dates</h1>\
             <p>All meetings are public.</p><table>{head}{rows}</table></main></body></html>"
        )
    }
    [
        ("date first", |rows| {
            let row = |[day, who, place]: &[&str; 3]| format!("<tr><td>{day}</td><td>{who}</td><td>{place}</td></tr>");
            page("<tr><th>Date</th><th>Meeting</th><th>Venue</th></tr>", &rows.iter().map(row).collect::<String>())
        }),
        ("meeting first", |rows| {
            let row =
                |[day, who, place]: &[&str; 3]| format!("<tr><th scope=row>{who}</th><td>{day}, 7pm</td><td>{place}</td></tr>");
            page("<thead><tr><th>Meeting</th><th>Date</th><th>Venue</th></tr></thead>", &rows.iter().map(row).collect::<String>())
        }),
        ("day and meeting alone", |rows| {
            let row = |[day, who, _]: &[&str; 3]| format!("<tr><td><p>{day}</p></td><td><p>{who}</p></td></tr>");
            page(
                "<tr><td><strong>Date</strong></td><td><strong>Meeting</strong></td></tr>",
                &rows.iter().map(row).collect::<String>(),
            )
        }),
        ("one body", |rows| {
            let row = |[day, _, place]: &[&str; 3]| format!("<tr><td>{day}</td><td>Parish Council</td><td>{place}</td></tr>");
            page("<tr><th>Date</th><th>Meeting</th><th>Venue</th></tr>", &rows.iter().map(row).collect::<String>())
        }),
    ]
}

#[tokio::test]
async fn whichever_meeting_to_come_is_taken_off_a_table_without_links_is_told_to_residents_and_a_past_one_is_not() {
    let rows = [
        ["Tuesday 3 November 2026", "Full Council", "Town Hall"],
        ["Tuesday 8 December 2026", "Audit Committee", "Town Hall"],
        ["Thursday 17 December 2026", "Planning Committee", "Committee Room 1"],
        ["Tuesday 12 January 2027", "Licensing Committee", "Town Hall"],
        ["Tuesday 9 February 2027", "Standards Committee", "Town Hall"],
    ];
    for (form, calendar) in calendars() {
        for (off, row) in rows.iter().enumerate() {
            let app = App::set_up().await;
            app.watch("dates", "/dates", "");
            app.list("people", &[("now@example.org", "immediate")]);
            app.publish("/dates", &calendar(&rows));
            assert_eq!(app.pass().await.polls[0].notices, 0, "{form}");
            let rest: Vec<[&str; 3]> = rows.iter().enumerate().filter(|(at, _)| *at != off).map(|(_, row)| *row).collect();
            app.publish("/dates", &calendar(&rest));
            let mut gone = Vec::new();
            for _ in 0..3 {
                app.advance(TimeDelta::hours(2));
                let poll = app.pass().await.polls.remove(0);
                assert_eq!((poll.new, poll.revised), (0, 0), "{form}: {row:?}");
                gone.push(poll.withdrawn);
            }
            let mails = app.inbox("now@example.org");
            if off == 0 {
                assert_eq!((gone, mails.len()), (vec![0, 0, 0], 0), "{form}: over");
                continue;
            }
            assert_eq!((gone, mails.len()), (vec![0, 1, 0], 1), "{form}: {row:?}");
            let name = if form == "one body" { "Parish Council" } else { row[1] };
            assert!(mails[0].text.contains(name) && mails[0].text.contains("[Withdrawn]"), "{form}: {:?}", mails[0]);
        }
    }
}

#[tokio::test]
async fn the_last_row_of_a_table_that_another_one_pushes_off_is_not_withdrawn() {
    let (_, calendar) = calendars()[0];
    let rows = [
        ["Tuesday 8 December 2026", "Audit Committee", "Town Hall"],
        ["Thursday 17 December 2026", "Planning Committee", "Committee Room 1"],
        ["Tuesday 12 January 2027", "Licensing Committee", "Town Hall"],
        ["Tuesday 9 February 2027", "Standards Committee", "Town Hall"],
    ];
    let app = App::set_up().await;
    app.watch("dates", "/dates", "");
    app.publish("/dates", &calendar(&rows));
    app.pass().await;
    let extra = ["Monday 21 December 2026", "Scrutiny Committee", "Town Hall"];
    app.publish("/dates", &calendar(&[rows[0], rows[1], extra, rows[2]]));
    let mut found = Vec::new();
    for _ in 0..3 {
        app.advance(TimeDelta::hours(2));
        let poll = app.pass().await.polls.remove(0);
        found.push((poll.new, poll.revised, poll.withdrawn));
    }
    assert_eq!(found, [(1, 0, 0), (0, 0, 0), (0, 0, 0)]);
}

#[tokio::test]
async fn a_row_that_says_before_its_name_that_it_is_put_off_is_that_row() {
    let (_, calendar) = calendars()[0];
    let mut rows = [
        ["Tuesday 8 December 2026", "Audit Committee", "Town Hall"],
        ["Thursday 17 December 2026", "Planning Committee", "Committee Room 1"],
        ["Tuesday 12 January 2027", "Licensing Committee", "Town Hall"],
    ];
    let app = App::set_up().await;
    app.watch("dates", "/dates", "");
    app.publish("/dates", &calendar(&rows));
    app.pass().await;
    rows[1][1] = "POSTPONED Planning Committee";
    app.publish("/dates", &calendar(&rows));
    let mut found = Vec::new();
    for _ in 0..3 {
        app.advance(TimeDelta::hours(2));
        let poll = app.pass().await.polls.remove(0);
        found.push((poll.new, poll.revised, poll.withdrawn));
    }
    assert_eq!(found, [(0, 1, 0), (0, 0, 0), (0, 0, 0)]);
}
