//! What a list alone says of a meeting is told once, whatever the meeting's own page says, or whether it is there at all.

use crate::support::app::App;
use crate::support::council::Answer;
use crate::whose_page::html;
use chrono::TimeDelta;

const READER: &str = "now@example.org";
const ONCE: [usize; 3] = [1, 0, 0];
const NEVER: [usize; 3] = [0, 0, 0];

/// How many revisions each of three polls finds, and nothing else.
async fn told(app: &App) -> [usize; 3] {
    let mut told = [0; 3];
    for revised in &mut told {
        app.advance(TimeDelta::hours(2));
        let poll = app.pass().await.polls.remove(0);
        assert_eq!((poll.new, poll.withdrawn), (0, 0), "{poll:?}");
        *revised = poll.revised;
    }
    told
}

/// The only mail of those that have come since `known`.
fn only_mail(app: &App, known: usize) -> String {
    let mails = app.inbox(READER);
    let [mail] = mails.get(known..).unwrap_or_default() else { panic!("{} mails", mails.len() - known) };
    mail.text.clone()
}

fn page(title: &str, words: &str) -> String {
    format!("<html><head><title>{title}</title></head><body><main><h1>{title}</h1>{words}</main></body></html>")
}

const TALK: &str =
    "<p>The board will talk about the plan, the money and the people it is for, and hear from those who ask to speak.</p>";

/// A list of three meetings in blocks, the first with this in front of its name and at this hour.
fn list(badge: &str, hour: &str) -> String {
    let block = |(n, name, day): (u32, &str, &str), badge: &str, hour: &str| {
        format!("<div class=event>{badge}<h2><a href='/meetings/{n}'>{name}</a></h2><p>{day}, {hour}</p></div>")
    };
    let others = [(2, "Audit Committee", "Tuesday 12 January 2027"), (3, "Licensing Committee", "Tuesday 19 January 2027")];
    let others = others.map(|other| block(other, "", "6pm")).concat();
    page("Upcoming meetings", &format!("{}{others}", block((1, "Improvement Board", "Tuesday 8 December 2026"), badge, hour)))
}

/// What the first meeting's own page says.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Own {
    Nothing,
    Day,
    Hour,
    Gone,
    Never,
}

async fn watched(own: Own) -> App {
    let app = App::set_up().await;
    app.watch("calendar", "/meetings", "");
    app.list("people", &[(READER, "immediate")]);
    app.publish("/meetings", &list("", "6pm"));
    let said = match own {
        Own::Nothing | Own::Gone => TALK.to_owned(),
        Own::Day => format!("<p>This meeting takes place on Tuesday 8 December 2026.</p>{TALK}"),
        Own::Hour => format!("<p>Tuesday 8 December 2026, 6pm</p>{TALK}"),
        Own::Never => String::new(),
    };
    if own != Own::Never {
        app.publish("/meetings/1", &page("Improvement Board", &said));
        app.publish("/meetings/2", &page("Audit Committee", TALK));
        app.publish("/meetings/3", &page("Licensing Committee", TALK));
    }
    let mut new = 0;
    for _ in 0..2 {
        new += app.pass().await.polls.remove(0).new;
        app.advance(TimeDelta::hours(2));
    }
    assert_eq!(new, 3, "{own:?}");
    if own == Own::Gone {
        app.council.publish("/meetings/1", Answer::status(404));
    }
    assert_eq!(told(&app).await, NEVER, "{own:?}");
    app
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_list_says_of_a_meeting_is_told_whatever_stands_behind_its_link() {
    for own in [Own::Nothing, Own::Day, Own::Hour, Own::Gone, Own::Never] {
        for (badge, hour, says) in [
            ("<span class=badge>Cancelled</span>", "6pm", "meeting cancelled"),
            ("<span class=badge>Postponed</span>", "6pm", "Postponed"),
            ("<strong>NEW VENUE</strong>", "6pm", "NEW VENUE"),
            ("", "7pm", "date moved"),
        ] {
            let app = watched(own).await;
            app.publish("/meetings", &list("", "6.00 p.m."));
            assert_eq!(told(&app).await, NEVER, "{own:?} {says}");
            app.publish("/meetings", &list(badge, hour));
            assert_eq!(told(&app).await, ONCE, "{own:?} {says}");
            let mail = only_mail(&app, 0);
            assert!(mail.contains(says), "{own:?} {says}: {mail}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_list_has_said_is_not_told_again_when_the_meetings_own_page_says_it_too() {
    for (badge, hour, said) in [
        (
            "<span class=badge>Cancelled</span>",
            "6pm",
            format!("<p>This meeting has been cancelled.</p><p>Tuesday 8 December 2026, 6pm</p>{TALK}"),
        ),
        (
            "<span class=badge>Postponed</span>",
            "6pm",
            format!("<p>This meeting has been postponed.</p><p>Tuesday 8 December 2026, 6pm</p>{TALK}"),
        ),
        ("", "7pm", format!("<p>Tuesday 8 December 2026, 7pm</p>{TALK}")),
    ] {
        let app = watched(Own::Hour).await;
        app.publish("/meetings", &list(badge, hour));
        assert_eq!(told(&app).await, ONCE, "{said}");
        app.publish("/meetings/1", &page("Improvement Board", &said));
        assert_eq!(told(&app).await, NEVER, "{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_hour_in_a_moderngov_list_is_told_while_the_meetings_page_stays_as_it_was() {
    let list = |hour: &str| {
        let row = |n: u32, when: &str| {
            format!("<li><a class=mgMeetingTableLnk href='ieListDocuments.aspx?CId=1&amp;MId={n}'>{when}</a></li>")
        };
        let rows = row(51, &format!("8 Dec 2026 {hour}")) + &row(52, "12 Jan 2027 6.30 pm");
        format!(
            "<html><head><title>Browse meetings - Improvement Board</title></head><body><div id=modgov class=mgx><div class=mgContent>\
             <h1 class=mgMainTitleTxt>Browse meetings</h1><h2 class=mgSubTitleTxt>Improvement Board</h2><ul class=mgBulletList>{rows}</ul></div></div></body></html>"
        )
    };
    let own = |day: &str| {
        format!(
            "<html><head><title>Agenda for Improvement Board on {day}</title></head><body><div id=modgov class=mgx><div class=mgContent>\
             <h1 class=mgMainTitleTxt>Agenda</h1><h2 class=mgSubTitleTxt>Improvement Board - {day}</h2><p><span class=mgLabel>Venue:</span> Town Hall</p>\
             <table class=mgItemTable><tr><td><p class=mgAiTitleTxt>1.</p></td><td><p class=mgAiTitleTxt>Apologies</p>\
             <div class=mgWordPara><p>To receive apologies for absence.</p></div></td></tr></table></div></div></body></html>"
        )
    };
    for (day, is_there) in [
        ("Tuesday, 8th December, 2026", true),
        ("Tuesday, 8th December, 2026 6.30 pm", true),
        ("Tuesday, 8th December, 2026", false),
    ] {
        let app = App::set_up().await;
        app.watch("board", "/ieListMeetings.aspx?CId=1", "");
        app.list("people", &[(READER, "immediate")]);
        app.publish("/ieListMeetings.aspx?CId=1", &list("6.30 pm"));
        app.publish("/ieListDocuments.aspx?CId=1&MId=51", &own(day));
        app.publish("/ieListDocuments.aspx?CId=1&MId=52", &own("Tuesday, 12th January, 2027 6.30 pm"));
        assert_eq!(app.pass().await.polls[0].new, 2);
        if !is_there {
            app.council.publish("/ieListDocuments.aspx?CId=1&MId=51", Answer::status(500));
        }
        app.publish("/ieListMeetings.aspx?CId=1", &list("6.30pm"));
        assert_eq!(told(&app).await, NEVER, "{day} {is_there}");
        app.publish("/ieListMeetings.aspx?CId=1", &list("7.00 pm"));
        assert_eq!(told(&app).await, ONCE, "{day} {is_there}");
        let mail = only_mail(&app, 0);
        assert!(mail.contains("date moved"), "{mail}");
    }
}

/// A list of CMIS's with this in its first row, and the page of that meeting.
fn cmis(app: &App, entry: &str, own: Option<(&str, &str)>) {
    let address = |n: u32| format!("/Meetings/tabid/70/ctl/ViewMeetingPublic/mid/412/Meeting/{n}/Committee/4/Default.aspx");
    let row =
        |n: u32, entry: &str| format!("<tr class=rgRow><td><a href=\"{}\">{entry}</a></td><td>Town Hall</td></tr>", address(n));
    let rows = row(71, entry) + &row(72, "12 Jan 2027 11:00 - Planning Committee");
    app.publish(
        "/Meetings/tabid/70/Default.aspx",
        &format!("<html><head><title>Meetings</title></head><body><h1>Meetings</h1><table id=grdRadMeeting class=CMIS_Grid>{rows}</table></body></html>"),
    );
    let page = |when: &str, status: &str| {
        let row = |label: &str, value: &str| {
            format!(
                "<div class=holder><div class=DNNLabel><label><span>{label}:</span></label></div><div class=Value>{value}</div></div>"
            )
        };
        let rows = row("Committee", "Planning Committee") + &row("Date/Time", when) + &row("Status", status);
        format!(
            "<html><head><title>Meeting details</title></head><body><form><div class=\"DNNModuleContent ModCMISMeetingsC\"><h1>Meeting Details</h1>{rows}</div></form></body></html>"
        )
    };
    if let Some((when, status)) = own {
        app.publish(&address(71), &page(when, status));
    } else {
        app.council.publish(&address(71), Answer::status(404));
    }
    app.publish(&address(72), &page("12 January 2027 - 11:00", "Scheduled"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_cmis_list_says_is_told_once_and_its_meetings_page_says_nothing_new_after_it() {
    let (calm, planned) = ("8 Dec 2026 11:00 - Planning Committee", ("8 December 2026 - 11:00", "Scheduled"));
    for (entry, says, then) in [
        ("8 Dec 2026 14:00 - Planning Committee", "date moved", ("8 December 2026 - 14:00", "Scheduled")),
        ("10 Dec 2026 11:00 - Planning Committee", "date moved", ("10 December 2026 - 11:00", "Rescheduled")),
        ("8 Dec 2026 11:00 - Planning Committee - CANCELLED", "meeting cancelled", ("8 December 2026 - 11:00", "Cancelled")),
    ] {
        for is_there in [true, false] {
            let app = App::set_up().await;
            app.watch("board", "/Meetings/tabid/70/Default.aspx", "");
            app.list("people", &[(READER, "immediate")]);
            cmis(&app, calm, Some(planned));
            assert_eq!(app.pass().await.polls[0].new, 2);
            cmis(&app, calm, Some(planned).filter(|_| is_there));
            assert_eq!(told(&app).await, NEVER, "{entry} {is_there}");
            cmis(&app, entry, Some(planned).filter(|_| is_there));
            assert_eq!(told(&app).await, ONCE, "{entry} {is_there}");
            let mail = only_mail(&app, 0);
            assert!(mail.contains(says), "{entry} {is_there}: {mail}");
            cmis(&app, entry, Some(then));
            assert_eq!(told(&app).await, NEVER, "{entry} {is_there}");
        }
    }
}

/// A diary under this headline, in whose first entry this hour and these words stand.
async fn diary(headline: &str, entry: fn(u32, [&str; 4]) -> String) -> (App, impl Fn(&str, &str) -> String) {
    let headline = headline.to_owned();
    let list = move |hour: &str, said: &str| {
        let others = [(2, "Licensing Panel", "Wednesday 9 December 2026"), (3, "Cabinet", "Friday 15 January 2027")];
        let others = others.map(|(n, name, day)| entry(n, [name, day, "10am", ""])).concat();
        page(&headline, &format!("<div>{}{others}</div>", entry(1, ["Harbour Board", "Monday 7 December 2026", hour, said])))
    };
    let app = App::set_up().await;
    app.watch("diary", "/council/diary", "");
    app.list("people", &[(READER, "immediate")]);
    app.publish("/council/diary", &list("6pm", ""));
    let own = [
        ("Harbour Board", "Monday 7 December 2026, 6pm", "The wall and the boats are what it looks at."),
        ("Licensing Panel", "Wednesday 9 December 2026, 10am", "Taxis, music and late opening are before it."),
        ("Cabinet", "Friday 15 January 2027, 10am", "Its members will set a budget for the year."),
    ];
    for (n, (name, day, talk)) in (1..).zip(own) {
        app.publish(&format!("/council/diary/{n}"), &page(name, &format!("<p>{day}</p><p>{talk}</p>{TALK}")));
    }
    assert_eq!(app.pass().await.polls[0].new, 3);
    assert_eq!(told(&app).await, NEVER);
    (app, list)
}

const IN_LINE: fn(u32, [&str; 4]) -> String = |n, [name, day, hour, said]| {
    format!(
        "<li><span>{day}</span> <a href=/council/diary/{n}>{name}</a> <span>{hour}</span> <em>{said}</em> <span>Guildhall</span></li>"
    )
};
const IN_CARD: fn(u32, [&str; 4]) -> String = |n, [name, day, hour, said]| {
    format!(
        "<article><h2><a href=/council/diary/{n}>{name}</a></h2><p>{day} {said}</p><p>Starts: {hour}</p><p>Guildhall</p></article>"
    )
};
const IN_PANEL: fn(u32, [&str; 4]) -> String = |n, [name, day, hour, said]| {
    format!(
        "<details><summary>{name}, {day}</summary><p>{hour}, Guildhall</p><p>{said}</p><p><a href=/council/diary/{n}>Agenda</a></p></details>"
    )
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_hour_in_a_diary_is_told_once_whatever_its_headline() {
    for (headline, entry) in [
        ("Council diary", IN_LINE),
        ("What's on", IN_CARD),
        ("Forthcoming committees", IN_PANEL),
        ("Our work on the harbour", IN_LINE),
    ] {
        let (app, list) = diary(headline, entry).await;
        app.publish("/council/diary", &list("6.00 p.m.", ""));
        assert_eq!(told(&app).await, NEVER, "{headline}");
        app.publish("/council/diary", &list("7.30pm", ""));
        assert_eq!(told(&app).await, ONCE, "{headline}");
        let mail = only_mail(&app, 0);
        assert!(mail.contains("date moved"), "{headline}: {mail}");
        let own = format!("<p>Monday 7 December 2026, 7.30pm</p><p>The wall and the boats are what it looks at.</p>{TALK}");
        app.publish("/council/diary/1", &page("Harbour Board", &own));
        assert_eq!(told(&app).await, NEVER, "{headline}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn that_a_meeting_is_off_is_heard_in_whatever_words_its_list_says_so() {
    for (said, tells) in [
        ("Not held", "meeting cancelled"),
        ("Cancelled – not quorate", "meeting cancelled"),
        ("(inquorate)", "meeting cancelled"),
        ("Cancelled due to illness", "meeting cancelled"),
        ("Postponed to a later date", "Postponed"),
        ("This meeting has been postponed.", "Postponed"),
    ] {
        for (shape, entry) in [IN_LINE, IN_CARD, IN_PANEL].into_iter().enumerate() {
            let (app, list) = diary("Council diary", entry).await;
            app.publish("/council/diary", &list("6pm", said));
            assert_eq!(told(&app).await, ONCE, "{said} {shape}");
            let mail = only_mail(&app, 0);
            assert!(mail.contains(tells), "{said} {shape}: {mail}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_spelling_of_an_hour_is_no_news_of_a_meetings_page() {
    let app = App::set_up().await;
    app.watch("board", "/board", "");
    let said = |hour: &str| {
        let particulars =
            format!("<dl><dt>Date</dt><dd>7 December 2026</dd><dt>Time</dt><dd>{hour}</dd><dt>Venue</dt><dd>Guildhall</dd></dl>");
        page("Harbour Board", &format!("{particulars}<p>Doors open at {hour} and tea is served.</p>{TALK}"))
    };
    app.publish("/board", &said("3 pm"));
    assert_eq!(app.pass().await.polls[0].new, 1);
    for hour in ["15.00", "15.00 hrs", "15:00", "3.00pm", "1500 hours"] {
        app.publish("/board", &said(hour));
        assert_eq!(told(&app).await, NEVER, "{hour}");
    }
    app.publish("/board", &said("15.30"));
    assert_eq!(told(&app).await, ONCE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_place_in_a_diary_is_told_once_and_that_it_names_places_is_no_news() {
    for (nth, (entry, at)) in [(IN_LINE, "Guildhall"), (IN_CARD, "Guildhall"), (IN_PANEL, ", Guildhall")].into_iter().enumerate()
    {
        let (app, list) = diary("Council diary", entry).await;
        let known = list("6pm", "");
        app.publish("/council/diary", &known.replace(at, ""));
        assert_eq!(told(&app).await, NEVER, "{nth}");
        app.publish("/council/diary", &known);
        assert_eq!(told(&app).await, NEVER, "{nth}");
        app.publish("/council/diary", &known.replacen("Guildhall", "Old Exchange", 1));
        assert_eq!(told(&app).await, ONCE, "{nth}");
        let mail = only_mail(&app, 0);
        assert!(mail.contains("venue") && mail.contains("Guildhall"), "{nth}: {mail}");
        app.publish("/council/diary", &known.replacen("Guildhall", "OLD EXCHANGE", 1));
        assert_eq!(told(&app).await, NEVER, "{nth}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_that_its_list_has_told_is_no_news_of_a_meetings_own_page() {
    let (app, list) = diary("Council diary", IN_CARD).await;
    let own = |place: &str| {
        let said =
            format!("<p>Monday 7 December 2026, 6pm</p><p>Venue: {place}</p><p>The wall and the boats are what it looks at.</p>");
        page("Harbour Board", &format!("{said}{TALK}"))
    };
    app.publish("/council/diary/1", &own("Guildhall"));
    assert_eq!(told(&app).await.iter().sum::<usize>(), 1);
    app.publish("/council/diary", &list("6pm", "").replacen("Guildhall", "Old Exchange", 1));
    assert_eq!(told(&app).await, ONCE);
    app.publish("/council/diary/1", &own("Old Exchange"));
    assert_eq!(told(&app).await, NEVER);
    app.publish("/council/diary/1", &own("Town Hall"));
    assert_eq!(told(&app).await, ONCE);
}

/// A list of consultations, the first open until this day, and its own page.
fn publish_consultations(app: &App, shape: fn(&str, &str) -> String, day: &str, own: &str) {
    let others = [
        ("2", "Council tax support", "4 December 2026"),
        ("3", "Day services", "18 December 2026"),
        ("4", "Local plan", "15 January 2027"),
    ];
    let all: String = [("1", "Library hours", day)]
        .into_iter()
        .chain(others)
        .map(|(n, name, day)| shape(&format!("<a href='/consultations/{n}'>{name}</a>"), day))
        .collect();
    let all = if all.starts_with("<tr>") {
        format!("<table><tr><th>Consultation</th><th>Closing date</th><th>Status</th></tr>{all}</table>")
    } else {
        all
    };
    app.publish("/consultations", &page("Consultations", &all));
    for (n, name, _) in [("1", "Library hours", "")].into_iter().chain(others) {
        let said = if n == "1" { own } else { "" };
        app.publish(
            &format!("/consultations/{n}"),
            &page(name, &format!("<p>Tell us what you think of what we mean to do.</p>{said}")),
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_closing_day_on_the_list_is_told_once_whether_the_own_page_follows_or_has_said_it() {
    let shapes: [fn(&str, &str) -> String; 5] = [
        |link, day| format!("<div class=con><h2>{link}</h2><p>Closes {day}</p></div>"),
        |link, day| format!("<div class=con><h2>{link}</h2><p>Have a look.</p><p><strong>Closing date:</strong> {day}</p></div>"),
        |link, day| format!("<div class=con><h2>{link}</h2><p>Open until {day} at 5pm</p></div>"),
        |link, day| format!("<div class=con><h2>{link}</h2><p>Opened 2 November 2026. Closes {day}.</p></div>"),
        |link, day| format!("<tr><td>{link}</td><td>{day}</td><td>Open</td></tr>"),
    ];
    let until = |day: &str| format!("<p>The consultation closes at midnight on {day}.</p>");
    let (old, new) = ("30 November 2026", "14 December 2026");
    for (nth, shape) in shapes.into_iter().enumerate() {
        let set_up = async || {
            let app = App::set_up().await;
            app.watch("consultations", "/consultations", "");
            app.list("people", &[(READER, "immediate")]);
            publish_consultations(&app, shape, old, &until(old));
            assert_eq!(app.pass().await.polls[0].new, 4, "{nth}");
            assert_eq!(told(&app).await, NEVER, "{nth}");
            app
        };
        let app = set_up().await;
        publish_consultations(&app, shape, "30 Nov 2026", &until(old));
        assert_eq!(told(&app).await, NEVER, "{nth}: the same day");
        publish_consultations(&app, shape, new, &until(old));
        assert_eq!(told(&app).await, ONCE, "{nth}");
        let mail = only_mail(&app, 0);
        assert!(mail.contains("date moved") && mail.contains(new) && mail.contains(old), "{nth}: {mail}");
        publish_consultations(&app, shape, new, &until(new));
        assert_eq!(told(&app).await, NEVER, "{nth}: the page follows");
        let app = set_up().await;
        publish_consultations(&app, shape, old, &until(new));
        assert_eq!(told(&app).await, ONCE, "{nth}: the page first");
        publish_consultations(&app, shape, new, &until(new));
        assert_eq!(told(&app).await, NEVER, "{nth}: the list follows");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_closing_day_without_a_year_is_told_and_a_consultation_that_is_withdrawn() {
    let app = App::set_up().await;
    app.watch("consultations", "/consultations", "");
    let block: fn(&str, &str) -> String = |link, day| format!("<div class=con><h2>{link}</h2><p>Closes {day}</p></div>");
    publish_consultations(&app, block, "14 March", "");
    app.pass().await;
    publish_consultations(&app, block, "28 March", "");
    assert_eq!(told(&app).await, ONCE);
    let row: fn(&str, &str) -> String = |link, day| format!("<tr><td>{link}</td><td>{day}</td><td>Open</td></tr>");
    let withdrawn: fn(&str, &str) -> String = |link, day| {
        let status = if link.contains("Library") { "Withdrawn" } else { "Open" };
        format!("<tr><td>{link}</td><td>{day}</td><td>{status}</td></tr>")
    };
    let app = App::set_up().await;
    app.watch("consultations", "/consultations", "");
    publish_consultations(&app, row, "14 December 2026", "");
    app.pass().await;
    assert_eq!(told(&app).await, NEVER);
    publish_consultations(&app, withdrawn, "14 December 2026", "");
    assert_eq!(told(&app).await, ONCE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_place_on_the_list_is_told_wherever_an_entry_says_it() {
    let shapes: [fn(&str, &str) -> String; 3] = [
        |entry, place| {
            let (n, name, day) = parted(entry);
            format!("<p><a href='/meetings/{n}'>{name}, {day}</a> at 5pm in the {place}</p>")
        },
        |entry, place| {
            let (n, name, day) = parted(entry);
            format!(
                "<li><a href='/meetings/{n}'><strong>{name}</strong><span>{day}</span><span>5pm</span><span>{place}</span></a></li>"
            )
        },
        |entry, place| {
            let (n, name, day) = parted(entry);
            format!("<li><time>{day} 5pm</time> <a href='/meetings/{n}'>{name}</a> <address>{place}</address></li>")
        },
    ];
    for (nth, shape) in shapes.into_iter().enumerate() {
        let publish = |app: &App, place: &str| {
            let entries = [
                ("1|Improvement Board|Tuesday 8 December 2026", "Council Chamber, Town Hall"),
                ("2|Audit Panel|Thursday 10 December 2026", "Committee Room 2, Town Hall"),
                ("3|Housing Board|Thursday 17 December 2026", place),
            ];
            let all = entries.map(|(entry, place)| shape(entry, place)).concat();
            app.publish("/meetings", &page("Events", &if nth == 0 { all } else { format!("<ul>{all}</ul>") }));
            for (entry, _) in entries {
                let (n, name, _) = parted(entry);
                app.publish(&format!("/meetings/{n}"), &page(name, TALK));
            }
        };
        let app = App::set_up().await;
        app.watch("places", "/meetings", "");
        app.list("people", &[(READER, "immediate")]);
        publish(&app, "Civic Suite, Market Street");
        assert_eq!(app.pass().await.polls[0].new, 3, "{nth}");
        assert_eq!(told(&app).await, NEVER, "{nth}");
        publish(&app, "Assembly Rooms, Station Road");
        assert_eq!(told(&app).await, ONCE, "{nth}");
        let mail = only_mail(&app, 0);
        assert!(mail.contains("venue changed") && mail.contains("Assembly Rooms, Station Road"), "{nth}: {mail}");
    }
}

fn parted(entry: &str) -> (&str, &str, &str) {
    let parts: Vec<&str> = entry.split('|').collect();
    (parts[0], parts[1], parts[2])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_meeting_that_is_called_off_in_its_panel_is_told_so_however_the_panel_opens() {
    let panels: [fn(usize, &str, &str) -> String; 3] = [
        |_, head, body| format!("<details><summary>{head}</summary><div>{body}</div></details>"),
        |_, head, body| format!("<h3><button aria-expanded=false>{head}</button></h3><div>{body}</div>"),
        |n, head, body| format!("<div class=item><a href='#s{n}' class=title>{head}</a><div id='s{n}'>{body}</div></div>"),
    ];
    for (nth, panel) in panels.into_iter().enumerate() {
        let publish = |app: &App, note: &str| {
            let meetings = [("3 December 2026", note), ("5 November 2026", ""), ("1 October 2026", "")];
            let all: String = meetings
                .into_iter()
                .enumerate()
                .map(|(n, (day, note))| {
                    let body = format!(
                        "{note}<p>The board hears of {day} from its chair.</p><p><a href='/f/{n}.pdf'>Agenda</a> (PDF, 9KB)</p>"
                    );
                    panel(n, &format!("Recovery Board, {day}"), &body)
                })
                .collect();
            app.publish("/board", &page("Recovery Board papers", &format!("<p>Papers are put here.</p><div>{all}</div>")));
        };
        let app = App::set_up().await;
        app.watch("board", "/board", "");
        app.list("people", &[(READER, "immediate")]);
        publish(&app, "");
        assert_eq!(app.pass().await.polls[0].new, 4, "{nth}: three and the page's own words");
        publish(&app, "<p><strong>This meeting has been cancelled.</strong></p>");
        assert_eq!(told(&app).await, ONCE, "{nth}");
        let mail = only_mail(&app, 0);
        assert!(mail.contains("meeting cancelled") && mail.contains("3 December 2026"), "{nth}: {mail}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_closing_day_within_a_sentence_of_the_list_is_told_once() {
    let app = App::set_up().await;
    app.watch("consultations", "/c", "");
    let publish = |day: &str| {
        let all = [
            ("lib", "Library hours", day),
            ("park", "Parking charges", "8 January 2027"),
            ("plan", "Local plan options", "11 January 2027"),
        ];
        let entry = |(at, name, day): &(&str, &str, &str)| {
            format!("<p><a href='/c/{at}'>{name}</a>. We want your views by {day}, and will answer in the spring.</p>")
        };
        let entries: String = all.iter().map(entry).collect();
        let intro = "<h1>Consultations</h1><p>Have your say on our plans.</p>";
        app.publish("/c", &html("Consultations", &format!("<div class=content>{intro}<div>{entries}</div></div>")));
        for (at, name, _) in all {
            let said = "<p>Tell us what you think of what we mean to do, and of what it would cost you.</p>";
            app.publish(&format!("/c/{at}"), &html(name, &format!("<h1>{name}</h1>{said}")));
        }
    };
    publish("4 January 2027");
    assert_eq!(app.pass().await.polls[0].new, 3);
    publish("22 January 2027");
    assert_eq!(told(&app).await, ONCE);
    publish("22 January 2027");
    assert_eq!(told(&app).await, NEVER);
}
