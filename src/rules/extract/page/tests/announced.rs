//! What entries say of when and where in sentences, and lists of one.

use super::*;

fn meetings(reading: &Reading) -> Vec<String> {
    let told = |item: &Item| {
        let Some(meeting) = &item.meeting else { return format!("{}: none", item.title) };
        let day = meeting.date.map_or("-".to_owned(), |day| day.to_string());
        let start = meeting.start.map_or("-".to_owned(), |start| start.format("%H:%M").to_string());
        let place = meeting.place.as_ref().map_or("-", |place| place.as_str());
        format!("{}: {day} {start} {place}", item.title)
    };
    reading.items.iter().map(told).collect()
}

#[test]
fn a_sentence_says_when_and_where_a_meeting_is_held() {
    let entry = |path: &str, title: &str, said: &str| format!("<li><h3><a href={path}>{title}</a></h3><p>{said}</p></li>");
    let entries = [
        entry(
            "/m/1",
            "Improvement Board",
            "The board will meet on Tuesday 8 December 2026 at 2pm in the Council Chamber, Town Hall.",
        ),
        entry("/m/2", "Scrutiny Panel", "The panel meets at 6.30pm on Thursday 10 December 2026 at Askerdale Library."),
        entry(
            "/m/3",
            "Parents' Forum",
            "Join us at The Old Exchange on Wednesday 13 January 2027 from 10am until 11.30am to talk about respite.",
        ),
        entry("/m/4", "Carers' Board", "The board met on 3 November 2026 and will say more in the spring."),
    ];
    let read = found(&format!("<h1>Forthcoming meetings</h1><ul>{}</ul>", entries.concat()));
    assert_eq!(
        meetings(&read),
        [
            "Improvement Board: 2026-12-08 14:00 Council Chamber, Town Hall",
            "Scrutiny Panel: 2026-12-10 18:30 Askerdale Library",
            "Parents' Forum: 2027-01-13 10:00 The Old Exchange",
            "Carers' Board: none",
        ]
    );
}

#[test]
fn a_day_in_a_sentence_of_news_is_no_meeting() {
    let entry = |path: &str, title: &str, said: &str| format!("<li><h3><a href={path}>{title}</a></h3><p>{said}</p></li>");
    let entries = [
        entry("/n/1", "New bus to the hospital", "The first one leaves at 7am on Monday 4 January 2027 and meets the train."),
        entry("/n/2", "Library roof to be mended", "Work begins on 8 December 2026 at 9am at the Central Library."),
        entry("/n/3", "Warm spaces open again", "They are held in halls from 1 December 2026."),
    ];
    let read = found(&format!("<h1>News</h1><ul>{}</ul>", entries.concat()));
    assert!(read.items.len() == 3 && read.items.iter().all(|item| item.meeting.is_none()), "{:?}", meetings(&read));
}

#[test]
fn an_agenda_below_the_sentence_that_announces_it_is_that_meetings() {
    let page = "<h1>Improvement Board</h1><p>The board will meet on Thursday 10 December 2026 at 2pm in the Town Hall.</p>
        <h2>Agenda</h2><ol><li>Apologies for absence</li><li>Audit of casework</li></ol>";
    assert_eq!(meetings(&found(page)), ["Improvement Board: 2026-12-10 14:00 -"]);
    let standing = "<h1>Improvement Board</h1><p>The board will meet on Thursday 10 December 2026 at 2pm in the Town Hall.</p>
        <p>It sees that the council does what it promised the inspectors, and is led by an independent chair.</p>";
    assert_eq!(meetings(&found(standing)), ["Improvement Board: none"]);
}

#[test]
fn a_list_of_one_file_or_of_one_page_is_a_list() {
    let file = "<main><h1>Board papers</h1><p>Papers are put here after each meeting.</p>
        <ul><li><a href=/f/331.pdf>Improvement Board, 10 November 2026</a> (PDF, 310 KB)</li></ul></main>";
    let read = found(file);
    assert_eq!(
        held(&read, true),
        ["Improvement Board, 10 November 2026 [2026-11-10] </f/331.pdf> Improvement Board, 10 November 2026"]
    );
    assert!(read.page.is_some(), "what the page says beside it is its own");

    let url = Url::parse("https://www.anytown.example/reports").unwrap();
    let at = |page: &str| lines(&read_at(page, &url));
    let child =
        "<h1>Reports</h1><p>The board reports twice a year.</p><ul><li><a href=/reports/autumn>The first report</a></li></ul>";
    assert_eq!(at(child), ["- The first report </reports/autumn>"]);
    let story = "<h1>Reports show schools do better than before</h1><p>The board reports twice a year.</p>
        <ul><li><a href=/reports/autumn>The first report</a></li></ul>";
    assert_eq!(at(story), ["- Reports show schools do better than before </reports>"]);
}

fn read_at(markup: &str, url: &Url) -> Reading {
    read(&Document::parse(markup, url).unwrap(), url, &Select::default())
}

#[test]
fn a_list_under_a_heading_that_names_it_is_one_beside_what_introduces_the_page() {
    let url = Url::parse("https://docs.anytown.example/improvement/").unwrap();
    let page = |heading: &str| {
        format!(
            "<main><article><h1>Improvement board</h1><p>The board was set up in spring to see that the council puts right what
             the peer review found. It meets every six weeks and has seven members, of whom three come from other councils.</p>
             <h2>{heading}</h2><ul><li><a href=one/>Highlight report one</a></li><li><a href=two/>Highlight report two</a></li>
             <li><a href=risks/>Risk register</a></li></ul></article></main>"
        )
    };
    let read = read_at(&page("Reports"), &url);
    let expect = [
        "- Highlight report one </improvement/one/>",
        "- Highlight report two </improvement/two/>",
        "- Risk register </improvement/risks/>",
    ];
    assert_eq!(lines(&read), expect);
    assert!(read.page.is_some(), "what introduces them is the page's own");
    assert_eq!(lines(&read_at(&page("What it has done"), &url)), ["- Improvement board </improvement/>"]);
}

#[test]
fn a_register_of_files_with_short_names_stands_beside_prose() {
    let row = |name: &str, day: &str, file: &str| {
        format!("<tr><td>{name}</td><td>{day}</td><td><a href=/f/{file}.pdf>PDF, 98KB</a></td></tr>")
    };
    let rows = [
        row("Chair's report", "12 November 2026", "1"),
        row("Visit letter", "20 October 2026", "2"),
        row("Action plan", "9 September 2026", "3"),
    ];
    let told =
        "<p>The board looks at what children tell us, at audits of casework and at whether staff are properly supported.</p>";
    let table = format!("<table><tr><th>Report</th><th>Date</th><th>File</th></tr>{}</table>", rows.concat());
    let read = found(&format!("<main><h1>Children's services improvement</h1>{}{table}</main>", told.repeat(6)));
    assert_eq!(
        lines(&read),
        ["2026-11-12 Chair's report </f/1.pdf>", "2026-10-20 Visit letter </f/2.pdf>", "2026-09-09 Action plan </f/3.pdf>"]
    );
    assert!(read.page.is_some_and(|page| page.text.is_some_and(|text| text.as_str().contains("audits of casework"))));
}

#[test]
fn a_story_that_is_shown_above_its_list_has_the_day_of_the_list() {
    let select = Select { item: ".e".into(), ..Select::default() };
    let page = "<h1>News</h1><div class=e><h3><a href=/1>Fostering open evening</a></h3></div>
        <div class=e><h3><a href=/1>Fostering open evening</a></h3><p>19 November 2026</p></div>
        <div class=e><h3><a href=/2>Budget gap to close</a></h3><p>12 November 2026</p></div>
        <div class=e><h3><a href=/2>Budget gap</a></h3><p>10 November 2026</p></div>";
    assert_eq!(lines(&with(page, &select)), ["2026-11-19 Fostering open evening </1>", "2026-11-12 Budget gap to close </2>"]);
}

#[test]
fn days_that_a_system_writes_month_first_are_read_so() {
    let row = |day: &str, path: &str| format!("<li><span>{day}</span> <a href={path}>A story of some length {path}</a></li>");
    let list = |days: [&str; 3]| {
        format!("<h1>Press releases</h1><ul>{}{}{}</ul>", row(days[0], "/1"), row(days[1], "/2"), row(days[2], "/3"))
    };
    let days =
        |page: &str| -> Vec<String> { found(page).items.iter().filter_map(|item| Some(item.published?.to_string())).collect() };
    assert_eq!(days(&list(["11/5/2026", "10/28/2026", "9/1/2026"])), ["2026-11-05", "2026-10-28", "2026-09-01"]);
    assert_eq!(days(&list(["5/11/2026", "28/10/2026", "1/9/2026"])), ["2026-11-05", "2026-10-28", "2026-09-01"]);
}

#[test]
fn an_age_with_its_day_in_an_attribute_is_that_day() {
    let row = |path: &str, day: &str, age: &str| {
        format!("<li><a href={path}>A story of some length {path}</a> <abbr class=timeago title='{day}'>{age}</abbr></li>")
    };
    let rows = [
        row("/1", "2026-11-22T09:15:00Z", "yesterday"),
        row("/2", "2026-11-18T12:00:00Z", "5 days ago"),
        row("/3", "2026-09-21T08:30:00Z", "2 months ago"),
    ];
    let days: Vec<String> = found(&format!("<h1>Latest</h1><ol>{}</ol>", rows.concat()))
        .items
        .iter()
        .filter_map(|item| Some(item.published?.to_string()))
        .collect();
    assert_eq!(days, ["2026-11-22", "2026-11-18", "2026-09-21"]);
}
