//! Pages that somebody has written by hand: links and type that nobody ended, layout tables, lines between breaks.

use super::*;

const NEWS: [[&str; 3]; 3] = [
    ["3 March 2021", "/press/101.asp", "Leisure centre opens"],
    ["24 February 2021", "/press/100.asp", "Council tax set for the year"],
    ["9 February 2021", "/press/99.asp", "Flood wardens wanted in Lower Mere"],
];

/// The entries of a page in type that goes on to its end, each written so.
fn written(before: &str, entry: impl Fn(&str, &str, &str) -> String, after: &str) -> Vec<String> {
    let entries: String = NEWS.iter().map(|[day, path, title]| entry(day, path, title)).collect();
    let page = format!(
        "<body><table><tr><td><a href=/>Home</a><td><font face=Arial><h1>Press releases</h1>{before}{entries}{after}</font></td></tr>\
         </table><hr><font size=1>&copy; 2021 <a href=/help>Help</a></font>"
    );
    lines(&found(&page))
}

const READ: [&str; 3] = [
    "2021-03-03 Leisure centre opens </press/101.asp>",
    "2021-02-24 Council tax set for the year </press/100.asp>",
    "2021-02-09 Flood wardens wanted in Lower Mere </press/99.asp>",
];

#[test]
fn links_that_nobody_ended_go_no_further_than_their_line() {
    assert_eq!(written("<ul>", |day, path, title| format!("<li>{day} <a href={path}>{title}\n"), "</ul>"), READ, "items");
    assert_eq!(written("", |day, path, title| format!("<br>{day} <a href={path}>{title}\n"), ""), READ, "behind breaks");
    assert_eq!(written("", |day, path, title| format!("<p>{day} <A HREF=\"{path}\">{title}\n"), ""), READ, "paragraphs");
    assert_eq!(written("", |day, path, title| format!("<b>{day}</b><br><a href={path}>{title}<br><br>"), ""), READ, "day above");
    let cells = |day: &str, path: &str, title: &str| format!("<tr><td>{day}<td><a href='{path}'>{title}\n");
    assert_eq!(written("<table><tr><th>Date<th>Release", cells, "</table>"), READ, "cells");
}

#[test]
fn a_day_in_the_line_below_a_link_is_that_links() {
    let entry = |day: &str, path: &str, title: &str| format!("<b><a href={path}>{title}</a></b><br>{day}<br>Some words.<hr>");
    assert_eq!(written("", entry, ""), READ);
}

#[test]
fn an_old_place_to_lead_to_is_no_link() {
    let update = |name: &str, title: &str, day: &str| {
        format!(
            "<a name={name}><h3>{title}</h3><p><i>Posted {day}</i><p>Cabinet has signed off what was asked for, and the backlog is \
             down to 140 cases.<p align=right><a href=#top>Back to top</a><hr>"
        )
    };
    let page =
        ["20/11/2025", "18/09/2025", "03/07/2025"].map(|day| update(&format!("u{}", &day[..2]), "Peer review", day)).concat();
    let reading = found(&format!("<h1>Peer review: progress</h1><hr>{page}"));
    let days: Vec<String> = reading.items.iter().filter_map(|item| Some(item.published?.to_string())).collect();
    assert_eq!(days, ["2025-11-20", "2025-09-18", "2025-07-03"]);
}

#[test]
fn a_story_in_a_layout_table_has_neither_the_menu_nor_the_bar_below_it() {
    let page = "<title>Stokewick District Council - Scrutiny report received</title><table><tr><td colspan=2><a href=/>Home</a> | \
        <a href=/az>A to Z</a> | Search:</td></tr><tr><td><table><tr><td><a href=/bins>Bins</a></td></tr></table></td><td>\
        <font size=1>You are here: <a href=/>Home</a> &gt; Story</font><br><font size=4><b>Scrutiny report received</b></font><br>\
        <font size=1>Released: 22/10/2025</font><table><tr><td><font size=2><p>The annual report of the committee was received by \
        full council on Tuesday night.<p>It describes the four reviews of the year, and what has come of each of them.\
        <table border=1><tr><td><b>Review</b><td><b>Accepted</b><tr><td>Buses<td>4</table>\
        <p>Copies can be had from any library.</font></td></tr></table><font size=1><a href=/news>Back to news</a></font>";
    let reading = found(page);
    let [story] = reading.items.as_slice() else { panic!("{:?}", lines(&reading)) };
    assert_eq!(line(story), "2025-10-22 Scrutiny report received </news>");
    let text = story.text.as_ref().unwrap().as_str();
    assert!(text.starts_with("The annual report") && text.ends_with("from any library."), "{text}");
}
