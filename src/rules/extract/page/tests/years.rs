//! Days without a year whose year stands elsewhere: in a cell over several rows, in a row or a term of its own, in a heading
//! above that of the month.

use super::*;

/// A year with the days of its meetings, as they are written and as they are.
type Year = (&'static str, [(&'static str, &'static str); 2]);

const MEETINGS: [Year; 2] = [
    ("2026", [("Thursday 8 October", "2026-10-08"), ("Thursday 11 June", "2026-06-11")]),
    ("2025", [("Thursday 4 December", "2025-12-04"), ("Thursday 9 October", "2025-10-09")]),
];

fn page(title: &str, rest: &str) -> Reading {
    found(&format!(
        "<title>{title} | Testshire</title><main><h1>{title}</h1><p>What was before the panel.</p>{rest}<p>Ask the clerk.</p></main>"
    ))
}

/// A table of the meetings, each row made from its year, its place in that year, its day and its number.
fn table(header: &str, over: impl Fn(&str) -> String, row: impl Fn(&str, usize, &str, usize) -> String) -> String {
    let of_year = |(nth, (year, days)): (usize, Year)| {
        let rows = days.iter().enumerate().map(|(at, (day, _))| row(year, at, day, 2 * nth + at + 1));
        let rows = rows.map(|row| format!("<tr>{row}</tr>")).collect::<Vec<_>>().concat();
        format!("{}{rows}", over(year))
    };
    let rows: String = MEETINGS.into_iter().enumerate().map(of_year).collect();
    format!("<table>{header}{rows}</table>")
}

fn days() -> Vec<&'static str> {
    MEETINGS.iter().flat_map(|(_, days)| days.iter().map(|(_, date)| *date)).collect()
}

fn met(reading: &Reading) -> Vec<String> {
    let day = |item: &Item| item.meeting.as_ref().and_then(|meeting| meeting.date).map_or("-".to_owned(), |day| day.to_string());
    reading.items.iter().map(day).collect()
}

#[test]
fn a_year_beside_several_rows_is_that_of_all_their_days() {
    let papers = |n: usize| format!("<td><a href=/p/a{n}.pdf>Agenda</a></td><td><a href=/p/m{n}.pdf>Minutes</a></td>");
    let beside =
        |year: &str, at: usize| if at == 0 { format!("<td rowspan=2><b>{year}</b>\u{200b}</td>") } else { String::new() };
    let header = "<tr><td>Year</td><td>When</td><td>Meeting</td><td>Agenda</td><td>Minutes</td></tr>";
    // All rows have one title, and each leads to a page of its own.
    let named = |year: &str, at: usize, day: &str, n: usize| {
        format!("{}<td>{day}\u{200b}</td><td><a href=/m/{n}>Homes Panel</a></td>{}", beside(year, at), papers(n))
    };
    let reading = page("Homes Panel", &table(header, |_| String::new(), named));
    assert_eq!(met(&reading), days());
    let places: Vec<&str> = reading.items.iter().map(|item| item.url.path()).collect();
    assert_eq!(places, ["/m/1", "/m/2", "/m/3", "/m/4"]);
    assert!(reading.items.iter().all(|item| item.title.as_str() == "Homes Panel" && item.documents.len() == 2));
    // Without a header, and without pages of their own.
    let bare = |year: &str, at: usize, day: &str, n: usize| format!("{}<td>{day}</td>{}", beside(year, at), papers(n));
    let reading = page("Homes Panel", &table("", |_| String::new(), bare));
    assert_eq!(met(&reading), days());
    assert_eq!(reading.items[3].title.as_str(), "Thursday 9 October");
}

#[test]
fn a_year_in_a_row_or_a_first_cell_of_its_own_is_that_of_the_rows_below() {
    let papers = |n: usize| format!("<td><a href=/p/a{n}.pdf>Agenda</a></td><td><a href=/p/m{n}.pdf>Minutes</a></td>");
    let header = "<tr><th>Date</th><th>Agenda</th><th>Minutes</th></tr>";
    let row = |_: &str, _: usize, day: &str, n: usize| format!("<td>{day}</td>{}", papers(n));
    for over in ["<tr><td colspan=3><strong>{y}</strong></td></tr>", "<tr><th scope=rowgroup colspan=3>Meetings in {y}</th></tr>"]
    {
        let reading = page("Homes Panel", &table(header, |year| over.replace("{y}", year), row));
        assert_eq!(met(&reading), days(), "{over}");
    }
    let once = |year: &str, at: usize, day: &str, n: usize| {
        let year = if at == 0 { year } else { "" };
        format!("<td>{year}</td><td>{day}</td><td><a href=/d/{n}>What the panel decided, part {n}</a></td>")
    };
    let reading = page("Decisions", &table("<tr><td>Year</td><td>Date</td><td>Decision</td></tr>", |_| String::new(), once));
    let published: Vec<String> = reading.items.iter().filter_map(|item| item.published).map(|day| day.to_string()).collect();
    assert_eq!(published, days());
}

#[test]
fn a_month_beside_or_below_its_year_makes_days_of_numbers() {
    let rows = "<tr><td rowspan=3>2026</td><td rowspan=2>October</td><td>Thu 22</td><td><a href=/m/1>Homes Panel</a></td></tr>\
        <tr><td>Thu 8</td><td><a href=/m/2>Homes Panel</a></td></tr>\
        <tr><td>June</td><td>Thu 11</td><td><a href=/m/3>Homes Panel</a></td></tr>\
        <tr><td>2025</td><td>December</td><td>Thu 4</td><td><a href=/m/4>Homes Panel</a></td></tr>";
    let header = "<tr><th>Year</th><th>Month</th><th>Date</th><th>Meeting</th></tr>";
    let reading = page("Meetings of the Homes Panel", &format!("<table>{header}{rows}</table>"));
    assert_eq!(met(&reading), ["2026-10-22", "2026-10-08", "2026-06-11", "2025-12-04"]);
    // A month that nothing says to be another's is no day's where the weekday differs.
    let stale = rows.replace("<td>June</td>", "<td>-</td>");
    let reading = page("Meetings of the Homes Panel", &format!("<table>{header}{stale}</table>"));
    assert_eq!(met(&reading)[2], "-");
    let entry = |day: &str, n: usize| format!("<li>{day}: <a href=/n/{n}>What the panel heard in week {n}</a></li>");
    let list = |days: [(&str, usize); 2]| format!("<ul>{}</ul>", days.map(|(day, n)| entry(day, n)).concat());
    let markup = format!(
        "<h2>2026</h2><h3>October</h3>{}<h3>June</h3>{}<h2>2025</h2><h3>December</h3>{}",
        list([("Thursday 22nd", 1), ("Thursday 8th", 2)]),
        list([("Thursday 11th", 3), ("Tuesday 2nd", 4)]),
        list([("Thursday 4th", 5), ("Monday 1st", 6)]),
    );
    let reading = page("Panel news", &markup);
    let published: Vec<String> = reading.items.iter().filter_map(|item| item.published).map(|day| day.to_string()).collect();
    assert_eq!(published, ["2026-10-22", "2026-10-08", "2026-06-11", "2026-06-02", "2025-12-04", "2025-12-01"]);
}

#[test]
fn a_year_that_is_a_term_is_its_lists_and_ends_with_it() {
    let entry = |day: &str, n: usize| format!("<dd>{day} - <a href=/n/{n}>What the panel heard in week {n}</a></dd>");
    let list =
        format!("<dl><dt>2026</dt>{}{}<dt>2025</dt>{}</dl>", entry("8 October", 1), entry("11 June", 2), entry("4 May", 3));
    let reading = page("Panel news", &list);
    let published = |reading: &Reading| -> Vec<String> {
        reading.items.iter().map(|item| item.published.map_or("-".to_owned(), |day| day.to_string())).collect()
    };
    assert_eq!(published(&reading), ["2026-10-08", "2026-06-11", "2025-05-04"]);
    // What a table says of the years of money is nothing about the news below it.
    let money =
        "<table><tr><th>Year</th><th>Spent</th></tr><tr><td>2024</td><td>£4m</td></tr><tr><td>2025</td><td>£5m</td></tr></table>";
    let news = [("8 October", 1), ("11 June", 2), ("4 May", 3)]
        .map(|(day, n)| format!("<li><a href=/n/{n}>What the panel heard in week {n}</a> <span>{day}</span></li>"))
        .concat();
    let reading = page("Panel news", &format!("{money}<ul>{news}</ul>"));
    assert_eq!(published(&reading), ["-", "-", "-"]);
    // Nor is either year of two tabs that of what is under both.
    let reading = page("Panel news", &format!("<ul class=tabs><li>2026</li><li>2025</li></ul><ul>{news}</ul>"));
    assert_eq!(published(&reading), ["-", "-", "-"]);
    let reading = page("Panel news", &format!("<p>2026</p><ul>{news}</ul>"));
    assert_eq!(published(&reading), ["2026-10-08", "2026-06-11", "2026-05-04"]);
}

#[test]
fn a_day_over_its_month_is_one_of_the_year_above() {
    let check = |year: fn(&str) -> String, leaf: fn(&str, &str) -> String| {
        let row = |(day, month, n): (&str, &str, usize)| {
            format!("<div class=row>{}<a href=/n/{n}>What the panel heard in week {n}</a></div>", leaf(day, month))
        };
        let rows = |rows: &[(&str, &str, usize)]| rows.iter().copied().map(row).collect::<String>();
        let list = [
            year("2026"),
            rows(&[("8", "Oct", 1), ("11", "Jun", 2)]),
            year("2025"),
            rows(&[("4", "December", 3), ("27", "Nov", 4)]),
        ];
        let reading = page("Panel news", &list.concat());
        let published: Vec<String> = reading.items.iter().filter_map(|item| item.published).map(|day| day.to_string()).collect();
        assert_eq!(published, ["2026-10-08", "2026-06-11", "2025-12-04", "2025-11-27"], "{list:?}");
    };
    let over = |day: &str, month: &str| format!("<div>{day}</div><div>{month}</div>");
    let under = |day: &str, month: &str| format!("<div class=leaf><p>{month}</p><p>{day}</p></div>");
    let headed = |year: &str| format!("<h2>{year}</h2>");
    check(headed, over);
    check(headed, under);
    check(|year| format!("<div class=year><span>{year}</span></div>"), over);
}

#[test]
fn a_year_over_days_with_their_papers_is_theirs_in_whatever_list_they_stand() {
    let check = |open: &str, row: &dyn Fn(&str, &str) -> String, close: &str, says_year: bool| {
        let papers = |n: usize| format!("<a href=/f/{n}/a.pdf>Agenda</a> | <a href=/f/{n}/m.pdf>Minutes</a>");
        let of_year = |(nth, (year, days)): (usize, Year)| {
            let own = |day: &str| if says_year { format!("{day} {year}") } else { day.to_owned() };
            let rows = days.iter().enumerate().map(|(at, (day, _))| row(&own(day), &papers(2 * nth + at)));
            format!("<h2>{year}</h2>{open}{}{close}", rows.collect::<String>())
        };
        let lists: String = MEETINGS.into_iter().enumerate().map(of_year).collect();
        let reading = page("Homes Panel", &lists);
        assert_eq!(met(&reading), days(), "{lists}");
        assert!(reading.items.iter().all(|item| item.documents.len() == 2), "{lists}");
        assert!(reading.items.iter().all(|item| item.title.as_str().starts_with("Thursday")), "{lists}");
    };
    for says_year in [true, false] {
        check("<dl>", &|day, papers| format!("<dt>{day}</dt><dd>{papers}</dd>"), "</dl>", says_year);
        check("<dl>", &|day, papers| format!("<div><dt>{day}</dt><dd>{papers}</dd></div>"), "</dl>", says_year);
        check("<ul>", &|day, papers| format!("<li><b>{day}</b> {papers}</li>"), "</ul>", says_year);
        check("<ul>", &|day, papers| format!("<li>{day}: {papers}</li>"), "</ul>", says_year);
        check("", &|day, papers| format!("<p>{day}<br>{papers}</p>"), "", says_year);
    }
}
