//! Whose page it is: one item's page in the place of another's, another record where one stood, one apology in many places. Nobody
//! is told of those; and what a council says in the same few words on many pages is still told.

use crate::support::app::App;
use crate::support::council::Answer;
use chrono::TimeDelta;

const STORIES: [(&str, &str); 4] = [
    (
        "Board meets in March",
        "The Board heard that forty actions of the improvement plan are complete, and thanked the director.",
    ),
    ("Board meets in April", "The Board visited the contact centre, spoke with twelve social workers and looked at caseloads."),
    ("Letter from the inspectors", "The inspectors say that the front door has become quicker, and that turnover has to fall."),
    ("Carers meet the chair", "Foster carers asked for more nights of respite, for a better allowance and for one worker each."),
];

/// A site that a source watches: its list, and each item's own page with these words at its end.
struct Site {
    list: (&'static str, Answer),
    own: fn(usize, &str) -> (String, Answer),
    more: &'static str,
}

pub fn html(title: &str, content: &str) -> String {
    format!(
        "<!DOCTYPE html><html><head><title>{title} - Testshire Council</title></head><body><header><a href=/>Home</a></header>\
         <main>{content}</main><footer><p>Testshire Council</p></footer></body></html>"
    )
}

fn undated() -> Site {
    let entry = |n: usize| format!("<li><a href=/updates/{n}>{}</a></li>", STORIES[n].0);
    let list = html("Updates", &format!("<h1>Updates</h1><ul class=updates>{}</ul>", (0..4).map(entry).collect::<String>()));
    let own = |n: usize, more: &str| {
        let (title, text) = STORIES[n];
        (format!("/updates/{n}"), Answer::html(&html(title, &format!("<h1>{title}</h1><p>{text}</p><p>{more}</p>"))))
    };
    Site { list: ("/updates", Answer::html(&list)), own, more: "" }
}

fn atom() -> Site {
    let entry = |n: usize| {
        format!(
            "<entry><id>tag:council.example.org,2026:{n}</id><title>{}</title><link href=\"/posts/{n}\"/>\
             <updated>2026-11-1{n}T09:00:00Z</updated><summary>What was heard, in post number {n} of this autumn.</summary></entry>",
            STORIES[n].0
        )
    };
    let list = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Updates</title><id>tag:council.example.org,2026:f</id>\
         <updated>2026-11-19T09:00:00Z</updated>{}</feed>",
        (0..4).map(entry).collect::<String>()
    );
    let own = |n: usize, more: &str| {
        let (title, text) = STORIES[n];
        let article = format!(
            "<article class=post><h1 class=entry-title>{title}</h1><div class=entry-content><p>{text}</p><p>{more}</p></div></article>"
        );
        (format!("/posts/{n}"), Answer::html(&html(title, &article)))
    };
    Site { list: ("/feed.atom", Answer::bytes("application/atom+xml", list.as_bytes())), own, more: "" }
}

/// Days of a committee's meetings.
pub const DAYS: [(&str, &str); 4] = [
    ("Tuesday, 8th December, 2026 2.00 pm", "Progress of the improvement plan"),
    ("Tuesday, 15th December, 2026 2.00 pm", "Statement of accounts for the year"),
    ("Tuesday, 12th January, 2027 2.00 pm", "Contract for waste collection"),
    ("Tuesday, 9th February, 2027 2.00 pm", "Homes for people who leave care"),
];

/// A meeting's page of ModernGov: the same agenda but for one item and its paper.
pub fn agenda(body: &str, day: &str, subject: &str, paper: usize, more: &str) -> String {
    let row = |n: usize, title: &str, below: &str| {
        format!(
            "<tr><td class=mgItemNumberCell><p class=mgAiTitleTxt>{n}.</p></td><td><p class=mgAiTitleTxt>{title}</p>{below}</td></tr>"
        )
    };
    let report = format!(
        "<div class=mgWordPara><p>{more}</p></div><ul class=mgBulletList><li><a href=\"documents/s{paper}/Report.pdf\">{subject} <span class=mgFileSize>PDF 90 KB</span></a></li></ul>"
    );
    let rows = [
        row(1, "Apologies for absence", ""),
        row(
            2,
            "Declarations of interest",
            "<div class=mgWordPara><p>Members are asked to declare any interest in what is on the agenda.</p></div>",
        ),
        row(3, subject, if paper == 0 { "" } else { &report }),
        row(4, "Any other business", ""),
    ]
    .concat();
    format!(
        "<html><head><title>Agenda for {body} on {day} - Testshire Council</title></head><body><div id=modgov class=mgx><h1 class=mgMainTitleTxt>Agenda</h1>\
         <h2 class=mgSubTitleTxt>{body} - {day}</h2><div class=mgContent><p><span class=mgLabel>Venue: </span>Town Hall</p>\
         <table class=mgItemTable>{rows}</table></div></div></body></html>"
    )
}

fn moderngov_list() -> Site {
    let link = |n: usize| {
        format!(
            "<li><a class=mgMeetingTableLnk href=\"ieListDocuments.aspx?CId=1&amp;MId={n}&amp;Ver=4\">{}</a> - Agenda</li>",
            DAYS[n].0
        )
    };
    let list = format!(
        "<html><head><title>Browse meetings - Cabinet - Testshire Council</title></head><body><div id=modgov class=mgx><h1 class=mgMainTitleTxt>Browse meetings</h1>\
         <h2 class=mgSubTitleTxt>Cabinet</h2><div class=mgContent><ul class=mgBulletList>{}</ul></div></div></body></html>",
        (0..4).map(link).collect::<String>()
    );
    let own = |n: usize, more: &str| {
        let page = agenda("Cabinet", DAYS[n].0, DAYS[n].1, 100 + n, more);
        (format!("/ieListDocuments.aspx?CId=1&MId={n}&Ver=4"), Answer::html(&page))
    };
    Site { list: ("/ieListMeetings.aspx?CId=1&Year=0", Answer::html(&list)), own, more: "" }
}

fn cmis_list() -> Site {
    let row = |n: usize| {
        format!(
            "<tr class=rgRow><td><a href=\"/cmis/Meetings/tabid/70/ctl/ViewMeetingPublic/mid/397/Meeting/{n}/Default.aspx\">Cabinet</a></td>\
             <td>{}</td></tr>",
            ["08/12/2026 14:00", "15/12/2026 14:00", "12/01/2027 14:00", "09/02/2027 14:00"][n]
        )
    };
    let list = format!(
        "<html><body><form><div class=ModCMISC><table id=grdRadMeeting><tr><th>Committee</th><th>Date</th></tr>{}</table></div></form></body></html>",
        (0..4).map(row).collect::<String>()
    );
    let own = |n: usize, more: &str| {
        let day = ["08 December 2026 14:00", "15 December 2026 14:00", "12 January 2027 14:00", "09 February 2027 14:00"][n];
        let page = format!(
            "<html><head><title>Meeting details</title></head><body><form><div class=ModCMISC><h2>Meeting details</h2>\
             <span class=DNNLabel>Committee:</span> <span class=Value>Cabinet</span><br><span class=DNNLabel>Date/Time:</span> <span class=Value>{day}</span><br>\
             <span class=DNNLabel>Venue:</span> <span class=Value>Town Hall</span><p>{}. {more}</p>\
             <ul class=CmisDocumentList><li class=DocumentListItem><a href=\"/cmis/Document.ashx?czJKcaeAi5t=paper{n}\">Report {n}</a></li></ul></div></form></body></html>",
            DAYS[n].1
        );
        (format!("/cmis/Meetings/tabid/70/ctl/ViewMeetingPublic/mid/397/Meeting/{n}/Default.aspx"), Answer::html(&page))
    };
    Site { list: ("/cmis/Meetings/tabid/70/Default.aspx", Answer::html(&list)), own, more: "platform = \"cmis\"" }
}

fn contensis() -> Site {
    let generator = "<meta name=GENERATOR content='Contensis CMS Version 11.3'>";
    let entry = |n: usize| {
        let title = STORIES[n].0;
        format!(
            "<div class=sys_subitem><h2 class=sys_itemtitle><a href=/news/post-{n}.aspx>{title}</a></h2><p class=sys_news-posted-date>Posted: 1{n} November 2026</p>\
             <p>What was heard, in post number {n} of this autumn.</p></div>"
        )
    };
    let entries: String = (0..4).map(entry).collect();
    let list = format!(
        "<html><head>{generator}<title>News</title></head><body><div id=main-article><h1>News</h1><div class=sys_itemslist>{entries}</div></div></body></html>"
    );
    let own = |n: usize, more: &str| {
        let (title, text) = STORIES[n];
        let page = format!(
            "<html><head><meta name=GENERATOR content='Contensis CMS Version 11.3'><title>{title}</title></head><body><div id=main-article>\
             <div class='sys_record-control sys_news-record'><h1>{title}</h1><p class=sys_news-posted-date>Posted: 1{n} November 2026</p><p>{text}</p><p>{more}</p>\
             </div></div></body></html>"
        );
        (format!("/news/post-{n}.aspx"), Answer::html(&page))
    };
    Site { list: ("/news/", Answer::html(&list)), own, more: "" }
}

/// Posts whose list calls them otherwise than their pages are headed; `shared`: all are headed alike. `days`: when each was posted.
fn headed_otherwise(shared: bool, days: [u32; 4]) -> (Answer, impl Fn(usize, &str) -> (String, Answer)) {
    const LISTED: [&str; 4] = ["Spring session", "Contact centre", "Words from Ofsted", "An evening for carers"];
    let generator = "<meta name=GENERATOR content='Contensis CMS Version 11.3'>";
    let entry = move |n: usize| {
        format!(
            "<div class=sys_subitem><h2 class=sys_itemtitle><a href=/cr/post-{n}.aspx>{}</a></h2><p class=sys_news-posted-date>Posted: {} November 2026</p></div>",
            LISTED[n], days[n]
        )
    };
    let entries = move || (0..4).map(entry).collect::<String>();
    let list = format!(
        "<html><head>{generator}<title>Updates</title></head><body><div id=main-article><h1>Updates</h1><div class=sys_itemslist>{}</div></div></body></html>",
        entries()
    );
    let own = move |n: usize, more: &str| {
        let (title, text) = if n < 4 {
            STORIES[n]
        } else {
            ("Children's homes", "Two homes for children were opened by the mayor in the old mill.")
        };
        let (title, day) = (if shared { "Improvement plan updates" } else { title }, days.get(n).copied().unwrap_or(9));
        let page = format!(
            "<html><head>{generator}<title>{title}</title></head><body><div id=main-article><div class='sys_record-control sys_news-record'><h1>{title}</h1>\
             <p class=sys_news-posted-date>Posted: {day} November 2026</p><p>{text}</p><p>{more}</p></div>\
             <div class=sys_itemslist><h2>Recent posts</h2>{}</div></div></body></html>",
            entries()
        );
        (format!("/cr/post-{n}.aspx"), Answer::html(&page))
    };
    (Answer::html(&list), own)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_whose_page_is_headed_otherwise_than_it_is_listed_is_known_by_that() {
    const MORE: &str = "More will be said of it in spring.";
    for (shared, days) in [(false, [12; 4]), (false, [10, 11, 12, 13]), (true, [10, 11, 12, 13]), (true, [12; 4])] {
        let (list, own) = headed_otherwise(shared, days);
        let app = App::set_up().await;
        app.watch("site", "/cr/updates.aspx", "");
        app.list("people", &[("now@example.org", "immediate")]);
        app.council.publish("/cr/updates.aspx", list);
        let show = |at: usize, shown: usize, more: &str| {
            app.council.publish(&own(at, "").0, own(shown, more).1);
        };
        (0..4).for_each(|n| show(n, n, MORE));
        assert_eq!(app.pass().await.polls.remove(0).new, 4);
        // The fifth is in no list.
        let strange = if shared { vec![(0, 1), (1, 2), (3, 0)] } else { vec![(0, 1), (1, 2), (3, 0), (2, 4)] };
        for (at, shown) in strange {
            show(at, shown, MORE);
            assert_eq!(told(&app).await, (0, 0, 0), "{shared} {days:?} {at} {shown}");
            show(at, at, MORE);
            assert_eq!(told(&app).await, (0, 0, 0), "{shared} {days:?} {at} {shown}");
        }
        show(1, 1, "It will be looked at again in summer.");
        assert_eq!(told(&app).await, (0, 1, 0), "{shared} {days:?}");
        assert_eq!(app.inbox("now@example.org").len(), 1, "{shared} {days:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_gives_itself_the_address_of_another_entry_is_that_one_s() {
    let site = undated();
    let app = App::set_up().await;
    app.watch("site", site.list.0, "");
    app.list("people", &[("now@example.org", "immediate")]);
    app.council.publish(site.list.0, site.list.1.clone());
    let page = |canonical: usize, title: &str, text: &str| {
        let head = format!("<link rel=canonical href=\"https://www.testshire.gov.uk/updates/{canonical}\"></head>");
        html(title, &format!("<h1>{title}</h1><p>{text}</p>")).replace("</head>", &head)
    };
    (0..4).for_each(|n| app.publish(&format!("/updates/{n}"), &page(n, STORIES[n].0, STORIES[n].1)));
    assert_eq!(app.pass().await.polls.remove(0).new, 4);
    let other = page(1, STORIES[0].0, "It will meet again in the summer, when the carers come to it with what they have to say.");
    app.publish("/updates/0", &other);
    assert_eq!(told(&app).await, (0, 0, 0));
    app.publish("/updates/0", &other.replace("updates/1", "updates/0"));
    assert_eq!(told(&app).await, (0, 1, 0));
}

pub async fn told(app: &App) -> (usize, usize, usize) {
    app.advance(TimeDelta::hours(2));
    let poll = app.pass().await.polls.remove(0);
    assert!(poll.outcome.is_good(), "{poll:?}");
    (poll.new, poll.revised, poll.withdrawn)
}

async fn watched(site: &Site) -> App {
    let app = App::set_up().await;
    app.watch("site", site.list.0, site.more);
    app.list("people", &[("now@example.org", "immediate")]);
    app.council.publish(site.list.0, site.list.1.clone());
    for n in 0..4 {
        let (path, page) = (site.own)(n, "More will be said of it in spring.");
        app.council.publish(&path, page);
    }
    let poll = app.pass().await.polls.remove(0);
    assert_eq!(poll.new, 4, "{poll:?}");
    app
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_s_page_that_shows_another_entry_s_is_no_change_of_it() {
    for site in [undated(), atom(), moderngov_list(), cmis_list(), contensis()] {
        let app = watched(&site).await;
        let own = |n: usize, more: &str| (site.own)(n, more);
        for (at, shown) in [(0, 1), (1, 2), (3, 0)] {
            let (path, right) = own(at, "More will be said of it in spring.");
            app.council.publish(&path, own(shown, "More will be said of it in spring.").1);
            assert_eq!(told(&app).await, (0, 0, 0), "{} {at} {shown}", site.list.0);
            app.council.publish(&path, right);
            assert_eq!(told(&app).await, (0, 0, 0), "{} {at} {shown}", site.list.0);
        }
        let (path, page) = own(1, "It will be looked at again in summer.");
        app.council.publish(&path, page);
        assert_eq!(told(&app).await, (0, 1, 0), "{}", site.list.0);
        assert_eq!(app.inbox("now@example.org").len(), 1, "{}", site.list.0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_entry_whose_page_shows_another_s_waits_for_its_own() {
    let app = watched(&undated()).await;
    let list = |newest: &str| {
        let entry = |n: usize| format!("<li><a href=/updates/{n}>{}</a></li>", STORIES[n].0);
        html("Updates", &format!("<h1>Updates</h1><ul class=updates>{newest}{}</ul>", (0..4).map(entry).collect::<String>()))
    };
    app.council.publish("/updates/9", (undated().own)(2, "More will be said of it in spring.").1);
    app.publish("/updates", &list("<li><a href=/updates/9>New homes for care leavers</a></li>"));
    assert_eq!(told(&app).await, (0, 0, 0));
    let title = "New homes for care leavers";
    app.publish(
        "/updates/9",
        &html(title, &format!("<h1>{title}</h1><p>Nine homes were opened by the mayor in the old mill.</p>")),
    );
    assert_eq!(told(&app).await, (1, 0, 0));
    assert!(app.inbox("now@example.org")[0].text.contains("old mill"));
}

/// An issue's page of ModernGov with one meeting's block.
pub fn issue(title: &str, day: &str, words: &str) -> String {
    format!(
        "<html><head><title>Issue - meetings - {title}</title></head><body><div id=modgov class=mgx><div class=mgContent><h1 class=mgMainTitleTxt>Issue - meetings</h1>\
         <h2 class=mgSubTitleTxt>{title}</h2><h3 class=mgSubSubTitleTxt>Meeting: {day} - Cabinet (Item 7)</h3><table class=mgItemTable><tr><td><p class=mgAiTitleTxt>7</p></td>\
         <td><p class=mgAiTitleTxt>{title}</p><div class=mgWordPara><p>{words}</p></div></td></tr></table></div></div></body></html>"
    )
}

pub fn item(title: &str, meeting: &str, words: &str, paper: usize) -> String {
    format!(
        "<html><head><title>Agenda item - {title}</title></head><body><div id=modgov class=mgx><div class=mgContent><h1 class=mgMainTitleTxt>Agenda item</h1>\
         <h2 class=mgSubTitleTxt>{title}</h2><p>Meeting of {meeting}</p><div class=mgWordPara><p>{words}</p></div><h3 class=mgSubSubTitleTxt>Supporting documents:</h3>\
         <ul><li><a href=\"documents/s{paper}/Report.pdf\">Report <span class=mgFileSize>PDF 80 KB</span></a></li></ul></div></div></body></html>"
    )
}

pub fn decision(title: &str, day: &str, words: &str) -> String {
    format!(
        "<html><head><title>Decision details - {title}</title></head><body><div id=modgov class=mgx><div class=mgContent><h1 class=mgMainTitleTxt>Decision details</h1>\
         <h2 class=mgSubTitleTxt>{title}</h2><p><span class=mgLabel>Decision Maker:</span> Cabinet Member for Children</p><p><span class=mgLabel>Date of decision:</span> {day}</p>\
         <p><span class=mgLabel>Publication date:</span> {day}</p><h3 class=mgSubSubTitleTxt>Decision:</h3><div class=mgWordPara><p>{words}</p></div></div></div></body></html>"
    )
}

/// A list of a committee's meetings, by their links.
pub fn list_of_meetings(days: &[&str]) -> String {
    let link = |(n, day): (usize, &&str)| {
        format!("<li><a class=mgMeetingTableLnk href=\"ieListDocuments.aspx?CId=3&amp;MId={n}\">{day}</a></li>")
    };
    let links: String = days.iter().enumerate().map(link).collect();
    format!(
        "<html><head><title>Browse meetings - Audit Committee</title></head><body><div id=modgov class=mgx><h1 class=mgMainTitleTxt>Browse meetings - Audit Committee</h1>\
         <div class=mgContent><ul class=mgBulletList>{links}</ul></div></div></body></html>"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_record_of_moderngov_in_the_place_of_one_is_held_and_told_neither_then_nor_when_it_is_back() {
    let (day, later) = (DAYS[0].0, DAYS[2].0);
    let plan = "The Director reported that forty actions of the plan are complete and that turnover has fallen.";
    let waste = "That the contract for waste collection be extended by two years and let again after that.";
    let meeting = |subject: &str, paper| agenda("Improvement Board", day, subject, paper, "The board will be asked to note it.");
    let cases: [(&str, String, Vec<String>, String); 5] = [
        (
            "/ieListDocuments.aspx?CId=1&MId=4711&Ver=4",
            meeting("Progress of the plan", 100),
            vec![
                agenda("Audit Committee", later, "Statement of accounts", 200, "The committee will be asked to approve it."),
                agenda("Improvement Board", later, "Progress of the plan in winter", 201, "The board will be asked to note it."),
                list_of_meetings(&["Monday, 7th December, 2026 6.00 pm"]),
                list_of_meetings(&["Monday, 7th December, 2026 6.00 pm", "Monday, 11th January, 2027 6.00 pm"]),
            ],
            meeting("Progress of the plan and its cost", 100),
        ),
        (
            "/ieListDocuments.aspx?CId=1&MId=4711",
            agenda("Improvement Board", day, "Progress of the plan", 0, ""),
            vec![
                agenda("Audit Committee", later, "Statement of accounts", 0, ""),
                list_of_meetings(&["Monday, 7th December, 2026 6.00 pm"]),
            ],
            agenda("Improvement Board", day, "Progress of the plan and its cost", 0, ""),
        ),
        (
            "/ieIssueDetails.aspx?IId=55&Opt=0",
            issue("Children's Improvement Plan", "15/12/2022", plan),
            vec![
                issue("Waste collection contract", "19/01/2023", waste),
                issue("Waste collection contract", "15/12/2022", waste),
            ],
            issue("Children's Improvement Plan", "15/12/2022", &plan.replace("forty", "fifty")),
        ),
        (
            "/mgAi.aspx?ID=901",
            item("Children's Improvement Plan", "Cabinet, Wednesday, 7th September, 2022 6.00 pm (Item 5.)", plan, 300),
            vec![
                item("Waste collection contract", "Cabinet, Wednesday, 7th September, 2022 6.00 pm (Item 6.)", waste, 301),
                item("Children's Improvement Plan", "Scrutiny Board, Monday, 3rd October, 2022 6.00 pm (Item 4.)", plan, 302),
            ],
            item(
                "Children's Improvement Plan",
                "Cabinet, Wednesday, 7th September, 2022 6.00 pm (Item 5.)",
                &plan.replace("forty", "fifty"),
                300,
            ),
        ),
        (
            "/ieDecisionDetails.aspx?ID=77",
            decision("Homes for children", "03/11/2026", "That two homes for children be opened in the spring by the council."),
            vec![
                decision("Waste collection contract", "17/11/2026", waste),
                decision("Waste collection contract", "03/11/2026", waste),
            ],
            decision("Homes for children", "03/11/2026", "That three homes for children be opened in the spring by the council."),
        ),
    ];
    for (path, right, wrong, changed) in cases {
        let app = App::set_up().await;
        app.watch("record", path, "");
        app.list("people", &[("now@example.org", "immediate")]);
        app.publish(path, &right);
        let first = app.pass().await.polls.remove(0);
        assert_eq!(first.new, 1, "{first:?}");
        for wrong in wrong {
            app.publish(path, &wrong);
            for _ in 0..2 {
                app.advance(TimeDelta::hours(2));
                let poll = app.pass().await.polls.remove(0);
                assert!(!poll.outcome.is_good(), "{path} {poll:?} {wrong}");
                assert_eq!((poll.new, poll.revised, poll.notices), (0, 0, 0), "{path} {wrong}");
            }
            app.publish(path, &right);
            assert_eq!(told(&app).await, (0, 0, 0), "{path}");
        }
        app.publish(path, &changed);
        assert_eq!(told(&app).await, (0, 1, 0), "{path}");
        assert_eq!(app.inbox("now@example.org").len(), 1, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_of_moderngov_that_is_moved_or_renamed_is_told_of() {
    let before = agenda("Improvement Board", DAYS[0].0, "Progress of the plan", 100, "The board will be asked to note it.");
    for now in [
        before.replace(DAYS[0].0, DAYS[2].0),
        before.replace("Improvement Board", "Children's Partnership"),
        agenda("Improvement Board", DAYS[0].0, "Statement of accounts", 200, "It was put off from the last meeting."),
    ] {
        let app = App::set_up().await;
        app.watch("record", "/ieListDocuments.aspx?MId=4711", "");
        app.publish("/ieListDocuments.aspx?MId=4711", &before);
        app.pass().await;
        app.publish("/ieListDocuments.aspx?MId=4711", &now);
        assert_eq!(told(&app).await, (0, 1, 0), "{now}");
    }
}

/// Notices of three meetings in a few words: each under its own headline, or all under one.
fn publish_notices(app: &App, words: &str, headline: Option<&str>) {
    for (n, name) in ["Cabinet", "Planning Committee", "Licensing Panel"].into_iter().enumerate() {
        let title = headline.unwrap_or(name);
        let pages = [
            format!("<h1>{title}</h1><p>{words}</p>"),
            format!(
                "<div class=page-header><h1>{title}</h1></div><table class=layout><tr><td><div class=text>{words}</div></td></tr></table>"
            ),
            format!(
                "<article><header><h1 class=entry-title>{title}</h1></header><div class=entry-content><p>{words}</p></div></article>"
            ),
        ];
        app.publish(&format!("/notices/{n}"), &html(title, &pages[n]));
    }
}

async fn notices(words: &str, headline: Option<&str>) -> App {
    let app = App::set_up().await;
    app.watch("notices", "/notices", "");
    app.list("people", &[("now@example.org", "immediate")]);
    let row =
        |(n, name): (usize, &str)| format!("<li><h2><a href=/notices/{n}>{name}</a></h2><p>{} November 2026</p></li>", n + 2);
    let rows: String = ["Cabinet", "Planning Committee", "Licensing Panel"].into_iter().enumerate().map(row).collect();
    app.publish("/notices", &html("Notices", &format!("<h1>Notices</h1><ul>{rows}</ul>")));
    publish_notices(&app, words, headline);
    assert_eq!(app.pass().await.polls[0].new, 3);
    app
}

const NOTICE: &str = "Notice of this meeting is given here. Its papers are on our site five working days before.";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_few_words_that_stand_on_many_pages_are_told_when_they_change_on_all_of_them() {
    for headline in [None, Some("Notice of meeting")] {
        let app = notices(NOTICE, headline).await;
        assert_eq!(told(&app).await, (0, 0, 0));
        publish_notices(&app, "All public sessions move to the Guildhall from January while our chamber is repaired.", headline);
        assert_eq!(told(&app).await, (0, 3, 0), "{headline:?}");
        assert!(app.inbox("now@example.org").iter().any(|mail| mail.text.contains("Guildhall")), "{headline:?}");
        // One of them alone, then.
        publish_notices(&app, "All public sessions move to the Guildhall from February while our chamber is repaired.", headline);
        assert_eq!(told(&app).await, (0, 3, 0), "{headline:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_words_come_to_some_pages_while_another_says_what_it_said() {
    let site = undated();
    let app = watched(&site).await;
    for (n, (title, _)) in STORIES.iter().enumerate().take(2) {
        app.publish(
            &format!("/updates/{n}"),
            &html(title, &format!("<h1>{title}</h1><p>This consultation has closed. Thank you to all who took part.</p>")),
        );
    }
    assert_eq!(told(&app).await, (0, 2, 0));
    // One apology under every headline is still nobody's.
    for (n, (title, _)) in STORIES.iter().enumerate() {
        app.publish(
            &format!("/updates/{n}"),
            &html(title, &format!("<h1>{title}</h1><p>What you look for is being moved; be patient, please.</p>")),
        );
    }
    assert_eq!(told(&app).await, (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_page_under_the_heading_of_all_is_no_change_and_a_rewritten_one_is() {
    const STRANGE: (&str, &str) = (
        "Snow on the moor",
        "Roads over the moor are closed, and gritters are out; buses turn round at the mill until it thaws.",
    );
    type Page = fn((&str, &str)) -> String;
    let headed: [(&str, Page); 3] = [
        ("all alike, and named below", |(title, text)| html("News", &format!("<h1>News</h1><h2>{title}</h2><p>{text}</p>"))),
        ("all alike", |(_, text)| html("News", &format!("<h1>News</h1><p>{text}</p>"))),
        ("by one word", |(_, text)| html("Statement", &format!("<h1>Statement</h1><p>{text}</p>"))),
    ];
    for (which, page) in headed {
        let app = App::set_up().await;
        app.watch("site", undated().list.0, "");
        app.list("people", &[("now@example.org", "immediate")]);
        app.council.publish(undated().list.0, undated().list.1);
        for (n, story) in STORIES.iter().enumerate() {
            let headed_so = n == 0 || which != "by one word";
            let own = if headed_so { page(*story) } else { html(story.0, &format!("<h1>{}</h1><p>{}</p>", story.0, story.1)) };
            app.publish(&format!("/updates/{n}"), &own);
        }
        assert_eq!(app.pass().await.polls.remove(0).new, 4);
        app.publish("/updates/0", &page(STRANGE));
        assert_eq!(told(&app).await, (0, 0, 0), "{which}");
        app.publish("/updates/0", &page(STORIES[0]));
        assert_eq!(told(&app).await, (0, 0, 0), "{which}");
        let more = format!("{} It will meet again.", STORIES[0].1);
        app.publish("/updates/0", &page((STORIES[0].0, &more)));
        assert_eq!(told(&app).await, (0, 1, 0), "{which}");
        if which.ends_with("below") {
            app.publish("/updates/0", &page((STORIES[0].0, STRANGE.1)));
            assert_eq!(told(&app).await, (0, 1, 0), "{which}");
        }
    }
}
