//! Meetings: lists of linked days with the papers below them, and pages that are about one meeting.

use super::*;

const AGENDA: &str = "<h2>Agenda</h2><ol>
    <li><h3>Apologies for absence</h3></li>
    <li><h3>Minutes of 2 September 2026</h3><p>To agree them.</p><p><a href=/file/71/download>Minutes 2 September 2026</a></p></li>
    <li><h3>Homes for families</h3><p>To note what was built.</p><p><a href=/file/72/download>Report on homes</a></p></li></ol>";

fn page(title: &str, rest: &str) -> Reading {
    found(&format!("<title>{title} | Testshire</title><main><h1>{title}</h1>{rest}</main>"))
}

/// Title, day of the meeting, path and papers of each item.
fn told(reading: &Reading) -> Vec<String> {
    held(reading, true)
}

#[test]
fn a_meetings_own_day_stands_before_that_of_the_meeting_above_it() {
    let card = |(day, at): (&str, usize)| format!("<div class=c><h3><a href=/board/{at}>{day}</a></h3></div>");
    let cards = |days: [&str; 3]| days.into_iter().zip(1..).map(card).collect::<String>();
    let reading = page("Skills Board", &cards(["Monday 16 November 2026", "Monday 14 September 2026", "Monday 6 July 2026"]));
    let expect = [
        "Monday 16 November 2026 [2026-11-16] </board/1>",
        "Monday 14 September 2026 [2026-09-14] </board/2>",
        "Monday 6 July 2026 [2026-07-06] </board/3>",
    ];
    assert_eq!(told(&reading), expect);
    let days = cards(["Monday 16 November", "Monday 14 September", "Monday 6 July"]);
    let reading = page("Skills Board", &format!("<h2>2026 meetings</h2>{days}"));
    assert_eq!(told(&reading), expect.map(|line| line.replace(" 2026 [", " [")));
}

#[test]
fn papers_below_a_linked_day_are_that_meetings() {
    let days = [("Thursday 5 November 2026", 1), ("Thursday 3 September 2026", 2), ("Thursday 2 July 2026", 3)];
    let papers = |at: usize| {
        format!(
            "<a href=/getmedia/{at}/a>Agenda<span class=acme-u-visually-hidden> of meeting {at}</span></a>, <a href=/f/m{at}.pdf>Minutes</a>"
        )
    };
    let expect: Vec<String> = days
        .iter()
        .zip(["2026-11-05", "2026-09-03", "2026-07-02"])
        .map(|((day, at), date)| format!("{day} [{date}] </board/{at}> Agenda, Minutes"))
        .collect();
    let check = |entry: &dyn Fn(&str, usize) -> String| {
        let entries: String = days.iter().map(|(day, at)| entry(day, *at)).collect();
        assert_eq!(told(&page("Skills Board", &entries)), expect, "{entries}");
    };
    check(&|day, at| format!("<section><h3><a href=/board/{at}>{day}</a></h3><p>{}</p></section>", papers(at)));
    check(&|day, at| {
        format!("<h3><a href=/board/{at}>{day}</a></h3><ul><li>{}</li></ul>", papers(at).replace(", ", "</li><li>"))
    });
    check(&|day, at| format!("<div><p><b><a href=/board/{at}>{day}</a></b></p><p>{}</p></div>", papers(at)));
    let file = |at: usize| format!("<a href=/f/a{at}.pdf>Agenda</a> | <a href=/f/m{at}.pdf>Minutes</a>");
    let row = |(day, at): &(&str, usize)| format!("<li><a href=/board/{at}>{day}</a> - {}</li>", file(*at));
    let items: String = days.iter().map(row).collect();
    assert_eq!(told(&page("Skills Board", &format!("<ul>{items}</ul>"))), expect);
}

#[test]
fn a_page_about_one_meeting_is_one_item_on_that_meetings_day() {
    let expect = ["Housing Board [2026-11-18] </news> Minutes 2 September 2026, Report on homes"];
    for particulars in [
        "<dl><dt>Date</dt><dd>Wednesday 18 November 2026</dd><dt>Time</dt><dd>2pm</dd><dt>Venue</dt><dd>Town Hall</dd></dl>",
        "<dl><div><dt>When</dt><dd>18 November 2026, 2pm</dd></div><div><dt>Where</dt><dd>Town Hall</dd></div></dl>",
        "<table><tr><th>Date</th><td>18/11/2026</td></tr><tr><th>Location</th><td>Town Hall</td></tr></table>",
        "<table><tr><th>Date</th><th>Time</th><th>Venue</th></tr><tr><td>18 November 2026</td><td>2pm</td><td>Town Hall</td></tr></table>",
        "<p><b>Meeting date:</b> 18 November 2026<br><b>Contact:</b> Jo Marsh</p>",
        "<p>Date: 18 November 2026 | Time: 2pm | Venue: Town Hall</p>",
        "<h2>Meeting details</h2><p>Date: 18 November 2026</p><p>Chair: Jo Marsh</p>",
        "<p>Wednesday 18 November 2026 at 2pm, Town Hall</p>",
        "<p>Wednesday 18 November 2026</p>",
        "<p>To be held at the Town Hall on 18 November 2026 at 2pm</p>",
    ] {
        assert_eq!(told(&page("Housing Board", &format!("{particulars}{AGENDA}"))), expect, "{particulars}");
    }
    let beside = "<main><h1>Housing Board</h1>".to_owned()
        + AGENDA
        + "</main><aside><h2>Meeting details</h2><p>Date: 18 November 2026</p><p>Time: 2pm</p></aside>";
    assert_eq!(told(&found(&beside)), expect);
    let named = page("Housing Board, 18 November 2026", AGENDA);
    assert_eq!(told(&named), [expect[0].replace("Board [", "Board, 18 November 2026 [")]);
}

#[test]
fn a_meetings_page_was_published_when_it_says_so_and_not_on_the_day_of_the_meeting() {
    let particulars = "<p>Date: 18 November 2026</p><p>Time: 2pm</p>";
    for said in ["Agenda published on 10 November 2026", "Published: 10 November 2026"] {
        let reading = page("Housing Board", &format!("{particulars}<p>{said}</p>{AGENDA}"));
        assert_eq!(reading.items[0].published, chrono::NaiveDate::from_ymd_opt(2026, 11, 10), "{said}");
    }
}

#[test]
fn the_days_of_several_meetings_are_no_pages_own() {
    let later = "<tr><td>13 January 2027</td><td>2pm</td><td>Town Hall</td></tr>";
    let dates = format!(
        "<table><tr><th>Date</th><th>Time</th><th>Venue</th></tr><tr><td>18 November 2026</td><td>2pm</td><td>Town Hall</td></tr>{later}</table>"
    );
    let reading = page("Housing Board", &format!("{dates}<h2>Agenda</h2><p>Agendas are put up here a week before.</p>"));
    assert_eq!(told(&reading), ["Housing Board [-] </news>"]);
    let meeting = |(day, at): (&str, usize)| {
        format!("<div><h3><a href=/board/{at}>{day}</a></h3><p><a href=/f/{at}.pdf>Agenda</a></p></div>")
    };
    let past: String = ["18 November 2026", "2 September 2026", "1 July 2026"].into_iter().zip(1..).map(meeting).collect();
    let next = "<p>Date: 18 December 2026</p><p>Time: 2pm</p><h2>Past meetings</h2>";
    assert_eq!(page("Housing Board", &format!("{next}{past}")).items.len(), 3);
}

#[test]
fn the_next_meetings_day_above_a_list_of_minutes_makes_no_meeting_of_the_list() {
    let file = |(day, at): (&str, usize)| format!("<li><a href=/d/{at}.pdf>Minutes {day}</a></li>");
    let minutes: String = ["18 November 2026", "2 September 2026", "1 July 2026"].into_iter().zip(1..).map(file).collect();
    for next in
        ["<h2>Next meeting</h2><p>Date: 18 December 2026</p><p>Time: 2pm</p>", "<p>Date: 18 December 2026</p><p>Time: 2pm</p>"]
    {
        let reading = page("Housing Board", &format!("{next}<h2>Minutes</h2><ul>{minutes}</ul>"));
        assert_eq!(reading.items.len(), 3, "{next}");
    }
}

#[test]
fn papers_under_a_headline_that_names_a_meeting_and_its_day_are_of_that_meeting() {
    let papers = "<h2>Meeting papers</h2><ul><li><a href=/d/1.pdf>Agenda 18 November 2026</a></li>\
        <li><a href=/d/2.pdf>Minutes 2 September 2026</a></li><li><a href=/d/3.pdf>Report on homes</a></li></ul>";
    let expect =
        "Housing Board 18 November 2026 [2026-11-18] </news> Agenda 18 November 2026, Minutes 2 September 2026, Report on homes";
    assert_eq!(told(&page("Housing Board 18 November 2026", papers)), [expect]);
}

#[test]
fn a_meeting_that_its_page_calls_off_is_cancelled() {
    let particulars = "<dl><dt>Date</dt><dd>18 November 2026</dd><dt>Time</dt><dd>2pm</dd></dl>";
    let stage = |notice: &str| page("Housing Board", &format!("{notice}{particulars}{AGENDA}")).items.remove(0).stage;
    assert_eq!(stage("<p><b>This meeting has been cancelled.</b></p>"), Some(crate::domain::item::Stage::Cancelled));
    assert_eq!(stage("<p>The visit to the depot has been cancelled.</p>"), None);
}

#[test]
fn links_named_as_papers_are_documents_and_a_menu_of_the_page_is_none() {
    let section = |links: &str| {
        let parts = ["11 November 2026", "9 September 2026"]
            .map(|day| format!("<h3>{day}</h3><p>The board looked at caseloads and asked for a paper.</p>{links}"));
        page("Housing Board", &parts.concat())
    };
    let papers = |links: &str| section(links).items[0].documents.iter().map(|paper| paper.title.to_string()).collect::<Vec<_>>();
    assert_eq!(
        papers("<p><a href=/x/1>Agenda</a> | <a href=/x/2>Peer review letter</a> (PDF)</p>"),
        ["Agenda", "Peer review letter"]
    );
    assert_eq!(
        papers("<ul><li><a href=/x/1>Minutes</a></li><li><a href=/x/2>Appendix A: risks</a></li></ul>"),
        ["Minutes", "Appendix A: risks"]
    );
    assert!(papers("<ul><li><a href=/x/1>Minutes</a></li><li><a href=/x/2>Members</a></li></ul>").is_empty());
    assert!(papers("<p>It is in the <a href=/x/1>report</a> of the director.</p>").is_empty());
    assert!(papers("<p><a href=/x/1>Share this report</a></p>").is_empty());
}

#[test]
fn minutes_made_by_hand_are_named_by_their_only_heading_and_end_at_the_sites_last_words() {
    let reading = found(
        "<title>Parish of Testby</title><body><center>Testby Parish Council<br>[<a href=/>Home</a>] [<a href=/m>Minutes</a>] [<a href=/c>Contact</a>]</center>
        <hr><h3>Minutes of the Meeting of<br>Testby Parish Council</h3><p>Held in the hall on Monday 2nd November 2026 at 7pm
        <p>The wall will be mended in the spring. It was agreed to ask two builders for a price.
        <hr><p>These pages are kept by the Clerk. Last changed 9/11/26. You are visitor 41.</p><p><a href=/m>Back to minutes</a> | <a href=#top>Top</a></p></body>",
    );
    assert_eq!(told(&reading), ["Minutes of the Meeting of Testby Parish Council [2026-11-02] </news>"]);
    let text = reading.items[0].text.as_ref().map(ToString::to_string).unwrap();
    let expect = "Held in the hall on Monday 2nd November 2026 at 7pm\nThe wall will be mended in the spring. It was agreed to ask two builders for a price.";
    assert_eq!(text, expect);
}

#[test]
fn a_box_beside_a_text_gives_the_meeting_s_hour_and_place_whatever_it_is_called_or_made_of() {
    let text = "<p>The forum hears what masters of vessels think of the new moorings, and of what they should cost.</p>\
                <p>Whoever works in the harbour may come; tea is served from half past five.</p>";
    let labels = [("Date", "Tuesday 8 December 2026"), ("Time", "6pm"), ("Venue", "Customs House")];
    let rows = |row: fn(&str, &str) -> String| labels.map(|(label, said)| row(label, said)).concat();
    let lines = rows(|label, said| format!("<p>{label}: {said}</p>"));
    let terms = rows(|label, said| format!("<dt>{label}</dt><dd>{said}</dd>"));
    for beside in [
        format!("<div class=x-17><h2>In short</h2>{lines}</div>"),
        format!("<aside><h2>The essentials</h2>{lines}</aside>"),
        format!("<aside class=sidebar><dl>{terms}</dl></aside>"),
        format!("<div class='col sidebar'><h3>This meeting</h3><dl>{terms}</dl></div>"),
    ] {
        let markup = format!(
            "<title>Harbour forum | Testshire</title><main><div class=row><div class=wide><h1>Harbour forum</h1><div>{text}</div></div>\
             <div class=narrow>{beside}</div></div></main>"
        );
        let items = found(&markup).items;
        let [item] = items.as_slice() else { panic!("{beside}: {items:?}") };
        let meeting = item.meeting.as_ref().unwrap_or_else(|| panic!("{beside}: no meeting"));
        assert_eq!(meeting.date, chrono::NaiveDate::from_ymd_opt(2026, 12, 8), "{beside}");
        assert_eq!(meeting.start, chrono::NaiveTime::from_hms_opt(18, 0, 0), "{beside}");
        assert!(item.text.as_ref().unwrap().as_str().contains("Customs House"), "{beside}: {item:?}");
    }
    // Of another meeting, or of whom to ask, it says nothing of this page.
    for other in ["Next meeting", "Contact us", "Other dates"] {
        let markup = format!(
            "<title>Harbour forum | Testshire</title><main><h1>Harbour forum</h1><div>{text}</div><aside><h2>{other}</h2>{lines}</aside></main>"
        );
        let items = found(&markup).items;
        assert!(items[0].meeting.is_none() && !items[0].text.as_ref().unwrap().as_str().contains("Customs House"), "{other}");
    }
}

#[test]
fn where_a_box_says_no_day_its_place_is_part_of_the_text() {
    let markup = "<title>Harbour forum | Testshire</title><main><div class=row><div class=wide><h1>Harbour forum</h1><div>\
                  <p>The forum hears what masters of vessels think of the new moorings, and of what they should cost.</p></div></div>\
                  <div class=narrow><h2>Good to know</h2><p>When: first Monday of each month</p><p>Where: Customs House</p></div></div></main>";
    let items = found(markup).items;
    assert!(items[0].text.as_ref().unwrap().as_str().contains("Where: Customs House"), "{items:?}");
}

#[test]
fn what_is_put_right_above_a_headline_is_read_where_nothing_is_marked_as_the_content() {
    let page = |above: &str| {
        let markup = format!(
            "<title>Harbour forum | Testshire</title><body><div id=top><a href=/>Home</a></div><table id=columns><tr><td><div id=region>{above}\
             <h1>Harbour forum</h1><div><p>The forum hears what masters of vessels think of the new moorings.</p></div></div></td></tr></table>"
        );
        found(&markup).items[0].text.as_ref().unwrap().as_str().to_owned()
    };
    for above in [
        "<div id=above-title><div class=inset><p><b>Correction, 3 November 2026:</b> the forum has nine members, not eight.</p></div></div>",
        "<p class=x>Clarification: the forum has nine members.</p>",
        "<div class='alert alert-warning'><p>Harbour forum papers are late and have nine members' names in them.</p></div>",
    ] {
        assert!(page(above).contains("nine members"), "{above}");
    }
    let of_site = "<div class='alert alert-info'><p>Our offices are closed on Monday.</p></div>";
    assert!(!page(of_site).contains("offices"));
}

/// A table of meetings without a link, and prose beside it.
fn bare(header: &str, prose: &str) -> Reading {
    let rows = [
        ("Full Council", "14 December 2026"),
        ("Highways Working Party", "7 December 2026"),
        ("Full Council", "18 January 2027"),
    ];
    let row = |(who, day): &(&str, &str)| {
        format!("<tr><td><font>{who}</font></td><td>{day}</td><td>7.30 pm</td><td>Tithe Barn</td></tr>")
    };
    let rows: String = rows.iter().map(row).collect();
    page("Dates", &format!("<p>{prose}</p><table><tr>{header}</tr>{rows}</table>"))
}

#[test]
fn a_table_of_meetings_that_leads_nowhere_is_read_row_by_row() {
    let header = "<td><b>Meeting</b></td><td>Date</td><td>Time</td><td>Place</td>";
    let reading = bare(header, "All are welcome.");
    let expect = ["Full Council [2026-12-14]", "Highways Working Party [2026-12-07]", "Full Council [2027-01-18]"];
    assert_eq!(held(&reading, false), expect);
    let said: Vec<&str> = reading.items.iter().filter_map(|item| Some(item.text.as_ref()?.as_str())).collect();
    assert_eq!(said, ["Tithe Barn"; 3]);
    assert!(reading.page.is_some_and(|page| page.text.unwrap().as_str().contains("All are welcome")));
    let of_events = header.replace("Meeting", "Stage");
    assert_eq!(bare(&of_events, "All are welcome.").items.len(), 1, "no table of meetings");
    let long = "The council agreed when it will meet, and why it does so less often than before. ".repeat(9);
    assert_eq!(bare(header, &long).items.len(), 1, "a story with a table");
}
