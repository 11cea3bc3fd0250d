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
