//! Lists of what takes place, under whatever headline: the hour that stands in an entry is its own, and that of a posting is not.

use super::*;

fn at(path: &str, title: &str, rest: &str) -> Reading {
    let url = Url::parse("https://www.anytown.example").unwrap().join(path).unwrap();
    let markup = format!("<title>{title} | Testshire</title><main><h1>{title}</h1>{rest}</main>");
    read(&Document::parse(&markup, &url).unwrap(), &url, &Select::default())
}

/// The day and the hours of each entry's meeting, else the day of its publication.
fn told(reading: &Reading) -> Vec<String> {
    let hour = |at: Option<chrono::NaiveTime>| at.map_or("-".to_owned(), |at| at.format("%H:%M").to_string());
    let of = |item: &Item| match &item.meeting {
        Some(meeting) => format!("{} {} {}", meeting.date.unwrap(), hour(meeting.start), hour(meeting.end)),
        None => format!("posted {}", item.published.map_or("-".to_owned(), |day| day.to_string())),
    };
    reading.items.iter().map(of).collect()
}

type Entry = (&'static str, &'static str, &'static str, &'static str);

const BODIES: [Entry; 3] = [
    ("Harbour Board", "Monday 7 December 2026", "7pm", "Lantern Rooms"),
    ("Licensing Panel", "Wednesday 9 December 2026", "10.15am", "Guildhall"),
    ("Cabinet", "Friday 15 January 2027", "12 noon", "Annexe, second floor"),
];
const DAYS: [&str; 3] = ["2026-12-07 19:00 -", "2026-12-09 10:15 -", "2027-01-15 12:00 -"];

fn entries(all: [Entry; 3], entry: fn(usize, Entry) -> String) -> String {
    all.iter().enumerate().map(|(at, one)| entry(at, *one)).collect()
}

const SHAPES: [fn(usize, Entry) -> String; 7] = [
    |at, (name, day, hour, place)| {
        format!("<article><h2><a href=/d/{at}>{name}</a></h2><p>{day}, {hour}</p><p>{place}</p></article>")
    },
    |at, (name, day, hour, place)| {
        format!("<article><h2><a href=/d/{at}>{name}</a></h2><p>{day}</p><p>Starts: {hour}</p><p>Venue: {place}</p></article>")
    },
    |at, (name, day, hour, place)| {
        format!("<li><span>{day}</span> <a href=/d/{at}>{name}</a> <span>{hour}</span> <span>{place}</span></li>")
    },
    |at, (name, day, hour, place)| {
        format!("<dt><a href=/d/{at}>{name}</a></dt><dd><i>{day} at {hour}</i><br><i>{place}</i></dd>")
    },
    |at, (name, day, hour, place)| {
        format!("<tr><td>{day}</td><td>{hour}</td><td><a href=/d/{at}>{name}</a></td><td>{place}</td></tr>")
    },
    |at, (name, day, hour, place)| {
        format!("<li><a href=/d/{at}>{name}</a><p>Date: {day}</p><p>Time: {hour}</p><p>Venue: {place}</p></li>")
    },
    |at, (name, day, hour, place)| {
        format!("<details><summary>{name}, {day}</summary><p>{hour}, {place}</p><p><a href=/d/{at}>Agenda</a></p></details>")
    },
];

#[test]
fn the_hour_of_an_entry_is_that_of_what_takes_place_under_any_headline() {
    for (path, headline) in [
        ("/democracy/diary", "Council diary"),
        ("/calendar", "Calendar"),
        ("/whats-on", "What's on"),
        ("/next", "Dates"),
        ("/next", "Forthcoming committees"),
        ("/harbour", "Our work on the harbour"),
        ("/latest", "Latest"),
    ] {
        for shape in SHAPES {
            let list = entries(BODIES, shape);
            let list = if list.starts_with("<tr") { format!("<table>{list}</table>") } else { format!("<div>{list}</div>") };
            let list = if list.contains("<dt") { list.replace("div>", "dl>") } else { list };
            assert_eq!(told(&at(path, headline, &list)), DAYS, "{headline} {list}");
        }
    }
}

#[test]
fn a_day_without_its_month_has_its_hour_beside_it() {
    let list = "<h2>December 2026</h2><ul><li><b>Mon 7</b> <a href=/d/1>Harbour Board</a> <i>7pm</i> <i>Lantern Rooms</i></li>
        <li><b>Wed 9</b> <a href=/d/2>Licensing Panel</a> <i>10.15am</i> <i>Guildhall</i></li></ul>
        <h2>January 2027</h2><ul><li><b>Fri 15</b> <a href=/d/3>Cabinet</a> <i>12 noon</i> <i>Annexe</i></li></ul>";
    assert_eq!(told(&at("/diary", "Diary", list)), DAYS);
}

#[test]
fn the_hour_of_a_posting_makes_no_meeting() {
    let posted = ["posted 2026-12-07", "posted 2026-12-09", "posted 2027-01-15"];
    let news: [Entry; 3] = [
        ("Harbour wall is mended", "7 December 2026", "10:32", "Harbour"),
        ("Statement from the Licensing Panel", "9 December 2026", "16:05", "Press office"),
        ("Library opens on Sundays", "15 January 2027", "09:47", "Libraries"),
    ];
    let shapes: [fn(usize, Entry) -> String; 4] = [
        |at, (name, day, hour, tag)| {
            format!("<article><h2><a href=/n/{at}>{name}</a></h2><p>{day} {hour}</p><p>{tag}</p></article>")
        },
        |at, (name, day, hour, tag)| {
            format!("<article><h2><a href=/n/{at}>{name}</a></h2><p>{day}</p><p>Posted {hour}</p><p>{tag}</p></article>")
        },
        |at, (name, day, hour, tag)| {
            format!("<li><a href=/n/{at}>{name}</a> <span>{day}</span> <span class=updated>{hour}</span> <span>{tag}</span></li>")
        },
        |at, (name, day, hour, _)| {
            format!(
                "<article><h2><a href=/n/{at}>{name}</a></h2><p>{day}</p><p>Doors of the town hall open at {hour} for all.</p></article>"
            )
        },
    ];
    for (path, headline) in [("/news", "News"), ("/news", "News and events"), ("/latest", "Latest")] {
        for shape in shapes {
            let list = entries(news, shape);
            assert_eq!(told(&at(path, headline, &format!("<div>{list}</div>"))), posted, "{headline} {list}");
        }
    }
}

#[test]
fn an_hour_at_which_something_ends_is_not_when_it_begins() {
    let list = entries(BODIES, |at, (name, day, hour, _)| {
        format!("<article><h2><a href=/d/{at}>{name}</a></h2><p>{day}</p><p>Finishes: 9pm</p><p>Time: {hour}</p></article>")
    });
    assert_eq!(told(&at("/meetings", "Meetings", &list)), DAYS);
}

#[test]
fn an_hour_behind_its_label_may_be_written_with_a_stop() {
    let said = |hour: &str| {
        let page = format!(
            "<title>Harbour Board</title><main><h1>Harbour Board</h1><dl><dt>Date</dt><dd>7 December 2026</dd><dt>Time</dt><dd>{hour}</dd>\
             <dt>Venue</dt><dd>Lantern Rooms</dd></dl><h2>Agenda</h2><p>The wall, the boats and the money for both.</p></main>"
        );
        found(&page).items.remove(0)
    };
    for hour in ["19.00", "19.00 hrs", "19:00", "7 p.m."] {
        let (spelt, plain) = (said(hour), said("7pm"));
        assert_eq!(told(&Reading { items: vec![spelt.clone()], ..Reading::default() }), [DAYS[0]], "{hour}");
        assert_eq!(crate::rules::fingerprint::fingerprint(&spelt), crate::rules::fingerprint::fingerprint(&plain), "{hour}");
    }
    assert_ne!(crate::rules::fingerprint::fingerprint(&said("19.30")), crate::rules::fingerprint::fingerprint(&said("7pm")));
}

/// Where each entry's meeting takes place.
fn places(reading: &Reading) -> Vec<String> {
    let place = |item: &Item| item.meeting.as_ref()?.place.clone();
    reading.items.iter().map(|item| place(item).map_or("-".to_owned(), |place| place.to_string())).collect()
}

#[test]
fn where_an_entry_takes_place_is_what_stands_where_others_name_a_hall() {
    let at_place = |(name, day, hour, _): Entry, place| (name, day, hour, place);
    let elsewhere =
        [at_place(BODIES[0], "The Old Exchange"), at_place(BODIES[1], "Town Hall"), at_place(BODIES[2], "Annexe, Room 2")];
    for shape in SHAPES {
        let list = entries(elsewhere, shape);
        let list = if list.starts_with("<tr") { format!("<table>{list}</table>") } else { format!("<div>{list}</div>") };
        let list = if list.contains("<dt") { list.replace("div>", "dl>") } else { list };
        assert_eq!(places(&at("/diary", "Diary", &list)), ["The Old Exchange", "Town Hall", "Annexe, Room 2"], "{list}");
    }
    let told = entries(BODIES, |at, (name, day, hour, _)| {
        format!("<article><h2><a href=/d/{at}>{name}</a></h2><p>{day}, {hour}</p><p>What it looks at this time</p></article>")
    });
    assert_eq!(places(&at("/diary", "Diary", &told)), ["-"; 3]);
}

#[test]
fn a_headline_names_the_month_of_the_days_in_a_calendar() {
    let cell = |day: u32| match day {
        9 => "<td>9<p><a href=/c/9>Harbour Board</a> <span>2pm, Guildhall</span></p></td>".to_owned(),
        17 => "<td>17<p><a href=/c/17>Licensing Panel</a> <span>6.30pm, Annexe</span></p></td>".to_owned(),
        day => format!("<td>{day}</td>"),
    };
    let week = |first: u32| format!("<tr>{}</tr>", (first..first + 7).map(cell).collect::<String>());
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].map(|day| format!("<th>{day}</th>")).concat();
    let weeks = [7, 14, 21].map(week).concat();
    let list = format!("<p><a href=/c?m=11>November</a></p><table><tr>{days}</tr>{weeks}</table>");
    let expect = ["2026-12-09 14:00 -", "2026-12-17 18:30 -"];
    for headline in ["Calendar: December 2026", "Diary of meetings for December 2026"] {
        assert_eq!(told(&at("/cal", headline, &list)), expect, "{headline}");
    }
}
