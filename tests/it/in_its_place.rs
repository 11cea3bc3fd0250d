//! Sources that are one page, and another page in its place: held and told neither then nor when the right one is back. What a
//! council does to the page itself is told. And what a list alone says of a meeting is heard, however it calls it.

use crate::support::app::App;
use crate::whose_page::{DAYS, agenda, html, issue, item, told};
use boardwatch::domain::poll::PollOutcome;
use chrono::TimeDelta;

/// Watches the one page at `path`; each of `wrong` is held in its place, and what is `changed` then is told once.
async fn check(path: &str, more: &str, right: &str, wrong: &[String], changed: &[String]) {
    let app = App::set_up().await;
    app.watch("one", path, more);
    app.list("people", &[("now@example.org", "immediate")]);
    app.publish(path, right);
    let first = app.pass().await.polls.remove(0);
    assert!(first.new >= 1, "{first:?}");
    for wrong in wrong {
        app.publish(path, wrong);
        for _ in 0..2 {
            app.advance(TimeDelta::hours(2));
            let poll = app.pass().await.polls.remove(0);
            assert!(matches!(poll.outcome, PollOutcome::Held { .. }), "{path} {poll:?} {wrong}");
            assert_eq!((poll.new, poll.revised, poll.withdrawn, poll.notices), (0, 0, 0, 0), "{path} {wrong}");
        }
        app.publish(path, right);
        assert_eq!(told(&app).await, (0, 0, 0), "{path} {wrong}");
    }
    for (n, changed) in changed.iter().enumerate() {
        app.publish(path, changed);
        assert_eq!(told(&app).await, (0, 1, 0), "{path} {changed}");
        assert_eq!(app.inbox("now@example.org").len(), n + 1, "{path}");
    }
}

const PLAN: &str = "The Director reported that forty actions of the plan are complete and that turnover has fallen.";
const WASTE: &str = "That the contract for waste collection be extended by two years and let again after that.";

/// A page of ModernGov with its own numbers.
fn numbered(page: &str, links: &str) -> String {
    page.replace("<div class=mgContent>", &format!("<div class=mgContent><ul class=mgActionList>{links}</ul>"))
}

fn attendance(meeting: u32, committee: u32) -> String {
    format!(
        "<li><a href=\"mgMeetingAttendance.aspx?ID={meeting}\">Attendance details</a></li>\
         <li><a href=\"ieListMeetings.aspx?CommitteeId={committee}\">Browse meetings</a></li>"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_meeting_of_the_same_day_is_held() {
    let day = DAYS[0].0;
    let of = |body: &str, subject: &str, paper| agenda(body, day, subject, paper, "Members will be asked to note it.");
    let (right, other) = (of("Improvement Board", "Progress of the plan", 100), of("Health Board", "Beds in hospitals", 200));
    let bare = |body: &str| agenda(body, day, "Progress and next steps", 0, "");
    let path = "/ieListDocuments.aspx?CId=1&MId=4711&Ver=4";
    let changed = of("Improvement Board", "Progress of the plan and its cost", 100);
    check(path, "", &right, &[other], &[changed]).await;
    check(
        path,
        "",
        &numbered(&bare("Audit Committee"), &attendance(4711, 1)),
        &[
            numbered(&bare("Pensions Committee"), &attendance(4712, 2)),
            numbered(&bare("Audit Committee").replace("next steps", "accounts"), &attendance(4712, 1)).replace(day, DAYS[1].0),
        ],
        &[numbered(&bare("Audit Committee"), &attendance(4711, 1)).replace("next steps", "accounts")],
    )
    .await;
    // A page that still says which it is may call its committee otherwise.
    let renamed = numbered(&of("Children's Board", "Homes for children", 300), &attendance(4711, 1));
    check(path, "", &numbered(&right, &attendance(4711, 1)), &[], &[renamed]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_issue_whose_title_is_much_like_that_of_another_is_not_taken_for_it() {
    let plan = |words: &str| issue("Ofsted Improvement Plan", "15/12/2022", words);
    check(
        "/ieIssueDetails.aspx?IId=55&Opt=0",
        "",
        &plan(PLAN),
        &[
            issue("Ofsted Improvement Plan - Annual Report", "19/01/2023", WASTE),
            issue("Ofsted Improvement Board", "15/12/2022", WASTE),
            numbered(
                &issue("Ofsted Improvement Plans", "15/12/2022", WASTE),
                "<li><a href=\"mgIssueHistoryHome.aspx?IId=56\">History</a></li>",
            ),
        ],
        &[
            plan(&PLAN.replace("forty", "fifty")),
            issue("Ofsted Improvement Plan, corrected", "15/12/2022", &PLAN.replace("forty", "sixty")),
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_of_another_kind_is_held_though_it_says_the_same_or_leads_to_the_record() {
    let (title, when) = ("Children's Improvement Plan", "Cabinet, Tuesday, 8th December, 2026 2.00 pm (Item 3.)");
    let own = item(title, when, PLAN, 100);
    let meeting = agenda("Cabinet", DAYS[0].0, title, 100, PLAN);
    check(
        "/mgAi.aspx?ID=901",
        "",
        &own,
        std::slice::from_ref(&meeting),
        &[item(title, when, &PLAN.replace("forty", "fifty"), 100)],
    )
    .await;
    let of_issue = issue(title, "08/12/2026", PLAN)
        .replace("Cabinet (Item 7)", "<a href=\"ieListDocuments.aspx?CId=1&amp;MId=4711\">Cabinet</a> (Item 7)");
    let changed = agenda("Cabinet", DAYS[0].0, "Children's Improvement Plan and its cost", 100, PLAN);
    check("/ieListDocuments.aspx?CId=1&MId=4711", "", &meeting, &[of_issue], &[changed]).await;
}

/// With the link that readers of screens are given first.
fn with_skip_link(page: &str) -> String {
    page.replace("<body>", "<body><a href=\"#content\">Skip to the content</a>")
}

fn of_moderngov(kind: &str, title: &str, content: &str) -> String {
    with_skip_link(&format!(
        "<html><head><title>{kind} - {title}</title></head><body><div id=modgov class=mgx><h1 class=mgMainTitleTxt>{kind}</h1>\
         <h2 class=mgSubTitleTxt>{title}</h2><div class=mgContent>{content}</div></div></body></html>"
    ))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_decision_in_the_place_of_one_is_held() {
    let decision = |title: &str, issue: u32, day: &str, words: &str| {
        let content = format!(
            "<p><a href=\"mgIssueHistoryHome.aspx?IId={issue}&amp;Opt=0\">Issue history</a></p>\
             <p><span class=mgLabel>Decision Maker: </span>Cabinet Member for Families</p>\
             <p><span class=mgLabel>Decision status: </span>Recommendations Approved</p>\
             <h3 class=mgSubSubTitleTxt>Decision:</h3><div class=mgWordPara><p>{words}</p></div>\
             <p><span class=mgLabel>Publication date: </span>{day}</p><p><span class=mgLabel>Date of decision: </span>{day}</p>"
        );
        of_moderngov("Decision details", title, &content)
    };
    let centres = "That three centres become family hubs from 1 April 2027.";
    let charges = "That parking charges in Quay Street rise by 20p from 1 February 2027.";
    check(
        "/ieDecisionDetails.aspx?ID=6120",
        "",
        &decision("Future of children's centres", 7121, "16/11/2026", centres),
        &[
            decision("Parking charges in Quay Street", 7130, "20/11/2026", charges),
            decision("Parking charges in Quay Street", 7130, "16/11/2026", charges),
            decision("Sale of land at Holm Road", 7144, "16/11/2026", centres),
        ],
        &[
            decision("Family hubs", 7121, "16/11/2026", centres),
            decision("Family hubs", 7121, "16/11/2026", &centres.replace("three", "four")),
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_committee_or_what_a_search_finds_in_the_place_of_a_meeting_is_held() {
    let meeting = |subject: &str| with_skip_link(&agenda("Improvement Board", DAYS[0].0, subject, 100, "Members will note it."));
    let members = "<div class=mgWordPara><p>The committee looks at the work of the council.</p></div><h3 class=mgSubSubTitleTxt>Membership</h3>\
                   <ul class=mgBulletList><li><a href=\"mgUserInfo.aspx?UID=1\">Councillor Ann Lee</a></li></ul>";
    let results = "<form><input name=q></form><p>12 results for plan</p><ol><li><a href=/s/1>The library in Mill Street closes for repairs.</a></li>\
                   <li><a href=/s/2>Books can be returned at the leisure centre.</a></li></ol>";
    check(
        "/ieListDocuments.aspx?CId=1&MId=4711&Ver=4",
        "",
        &numbered(&meeting("Progress of the plan"), &attendance(4711, 1)),
        &[
            of_moderngov("Committee details", "Improvement Board", members),
            of_moderngov("Search results", "Search results", results),
        ],
        &[numbered(&meeting("Progress of the plan and its cost"), &attendance(4711, 1))],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_gives_itself_another_number_is_held_and_one_with_another_slug_is_not() {
    let meeting = |number: u32, slug: &str, title: &str, day: &str| {
        let link = format!("<link rel=canonical href=\"https://www.testshire.gov.uk/meetings/meeting/{number}/{slug}\"></head>");
        let agenda = "<h2>Agenda</h2><ol><li>Apologies</li><li>Children missing from care</li><li>Any other business</li></ol>";
        html(title, &format!("<h1>{title}</h1><p>{day}, 6.00pm, Council Chamber</p>{agenda}")).replace("</head>", &link)
    };
    let day = "3 December 2026";
    check(
        "/meetings/meeting/1502/improvement_board",
        "",
        &meeting(1502, "improvement_board", "Improvement Board", day),
        &[meeting(1580, "improvement_board", "Improvement Board", "4 February 2027")],
        &[
            meeting(1502, "childrens_board", "Children's Board", day),
            meeting(1502, "childrens_board", "Children's Board", "10 December 2026"),
        ],
    )
    .await;
}

const SPRING: (&str, &str) = (
    "Board meets in spring",
    "The Board heard that forty actions of the improvement plan are complete, and thanked the director for it.",
);
const SUMMER: (&str, &str) =
    ("Board meets in summer", "Foster carers asked for more nights of respite, for a better allowance and for one worker each.");

/// A story and the list of stories, as one system makes them.
struct System {
    path: &'static str,
    more: &'static str,
    story: fn((&str, &str), &str) -> String,
    list: String,
}

fn entries(item: &str) -> String {
    [("spring", SPRING.0), ("summer", SUMMER.0)].map(|(name, title)| item.replace("NAME", name).replace("TITLE", title)).concat()
}

fn systems() -> Vec<System> {
    let with = |page: String, head: &str| page.replace("</head>", &format!("{head}</head>"));
    let plain = |list: &str, head: &str| with(html("News", &format!("<h1>News</h1>{list}")), head);
    vec![
        System {
            path: "/news/spring",
            more: "",
            story: |(title, text), head| {
                html(title, &format!("<article><h1>{title}</h1><p>3 June 2026</p><p>{text}</p></article>"))
                    .replace("</head>", &format!("{head}</head>"))
            },
            list: plain(&entries("<article><h2><a href=/news/NAME>TITLE</a></h2><p>3 June 2026</p></article>"), ""),
        },
        System {
            path: "/news/article/812/spring",
            more: "platform = \"jadu\"",
            story: |(title, text), head| {
                html(title, &format!("<div class=page-content><h1>{title}</h1><div class='byEditor article'><p>3 June 2026</p><p>{text}</p></div></div>"))
                    .replace("</head>", &format!("<meta name=generator content=Jadu>{head}</head>"))
            },
            list: plain(
                &format!(
                    "<ul class='list list--listing'>{}</ul>",
                    entries(
                        "<li class='list__item list__item--listing'><h2><a href=/news/article/NAME>TITLE</a></h2><p>3 June 2026</p></li>"
                    )
                ),
                "<meta name=generator content=Jadu>",
            ),
        },
        System {
            path: "/news/2026/spring",
            more: "platform = \"localgov-drupal\"",
            story: |(title, text), head| {
                html(title, &format!("<article class=news-article><h1>{title}</h1><div class=news-article__date>3 June 2026</div><div class=news-article__content><p>{text}</p></div></article>"))
                    .replace("</head>", &format!("{head}</head>"))
            },
            list: plain(
                &format!(
                    "<div class=localgov-newsroom>{}</div>",
                    entries(
                        "<article class='teaser--localgov-news-article'><h2><a href=/news/2026/NAME>TITLE</a></h2><p>3 June 2026</p></article>"
                    )
                ),
                "",
            ),
        },
        System {
            path: "/news/spring.aspx",
            more: "platform = \"contensis-blog\"",
            story: |(title, text), head| {
                let beside = entries(
                    "<div class=sys_subitem><h2 class=sys_itemtitle><a href=/news/NAME.aspx>TITLE</a></h2><p class=sys_news-posted-date>Posted: 3 June 2026</p></div>",
                );
                format!(
                    "<html><head><meta name=GENERATOR content='Contensis CMS Version 11.3'><title>{title}</title>{head}</head><body><div id=main-article>\
                     <div class='sys_record-control sys_news-record'><h1>{title}</h1><p class=sys_news-posted-date>Posted: 3 June 2026</p><p>{text}</p></div>\
                     <div class=sys_itemslist><h2>Recent posts</h2>{beside}</div></div></body></html>"
                )
            },
            list: format!(
                "<html><head><meta name=GENERATOR content='Contensis CMS Version 11.3'><title>News</title></head><body><div id=main-article><h1>News</h1><div class=sys_itemslist>{}</div></div></body></html>",
                entries(
                    "<div class=sys_subitem><h2 class=sys_itemtitle><a href=/news/NAME.aspx>TITLE</a></h2><p class=sys_news-posted-date>Posted: 3 June 2026</p></div>"
                )
            ),
        },
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_story_or_the_list_of_stories_in_the_place_of_one_story_is_held() {
    for system in systems() {
        let story = system.story;
        let canonical = |to: &str| format!("<link rel=canonical href=\"https://www.testshire.gov.uk{to}\">");
        let here = canonical(system.path);
        let rewritten =
            ("Board met in spring", "Nobody came, and it was put off until everybody can; here will stand what they say then.");
        let anew =
            ("Homes for care leavers", "Twelve flats open beside the old mill, with helpers for each tenant and gardens below.");
        let extended = SPRING.1.replace("forty", "fifty") + " It will meet again.";
        check(
            system.path,
            system.more,
            &story(SPRING, ""),
            &[story(SUMMER, ""), system.list.clone()],
            &[story(("Spring meeting of the Board", &extended), "")],
        )
        .await;
        check(
            system.path,
            system.more,
            &story(SPRING, &here),
            &[story(SUMMER, &canonical("/news/summer")), story((SPRING.0, SUMMER.1), &canonical("/news/summer"))],
            &[story(rewritten, &here), story(anew, &here)],
        )
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_with_names_of_its_own_is_heard_when_it_puts_a_meeting_off() {
    let app = App::set_up().await;
    app.watch("board", "/meetings", "");
    app.list("people", &[("now@example.org", "immediate")]);
    let days = ["8 December 2026", "12 January 2027", "9 February 2027"];
    let list = |mark: &str| {
        let entry = |n: usize| {
            let mark = if n == 1 { mark } else { "" };
            format!("<li><h2><a href=/meetings/{n}>Board, {}{mark}</a></h2></li>", days[n])
        };
        html("Meetings", &format!("<h1>Meetings</h1><ul>{}</ul>", (0..3).map(entry).collect::<String>()))
    };
    for (n, day) in days.iter().enumerate() {
        let title = format!("Agenda of the Improvement Board on {day}");
        let words = ["Progress of the plan", "Homes for children", "Caseloads and staff"][n];
        app.publish(
            &format!("/meetings/{n}"),
            &html(
                &title,
                &format!("<h1>{title}</h1><p>The Board will meet in the town hall.</p><p>{words} will be looked at.</p>"),
            ),
        );
    }
    app.publish("/meetings", &list(""));
    assert_eq!(app.pass().await.polls[0].new, 3);
    for (n, mark) in [" - POSTPONED", " (CANCELLED)"].into_iter().enumerate() {
        app.publish("/meetings", &list(mark));
        assert_eq!(told(&app).await, (0, 1, 0), "{mark}");
        assert_eq!(told(&app).await, (0, 0, 0), "{mark}");
        let mail = app.inbox("now@example.org");
        let word = mark.trim_matches([' ', '-', '(', ')']);
        assert!(
            mail.len() == n + 1 && (mail[n].text.contains(word) || mail[n].subject.to_uppercase().contains(word)),
            "{}",
            mail[n].text
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_is_rewritten_under_its_address_s_name_or_number_is_told_of() {
    let page = |title: &str, text: &str, canonical: &str| {
        let page = html(title, &format!("<h1>{title}</h1><p>{text}</p>"));
        match canonical {
            "" => page,
            to => page.replace("</head>", &format!("<link rel=canonical href=\"https://www.testshire.gov.uk{to}\"></head>")),
        }
    };
    check(
        "/improvement-board/progress-update",
        "",
        &page("Progress update: spring", SPRING.1, ""),
        &[page("School meals in May", SUMMER.1, "")],
        &[page("Progress update: summer", SUMMER.1, ""), page("Autumn's progress update", SPRING.1, "")],
    )
    .await;
    check(
        "/news/article/812/board-in-spring",
        "",
        &page(SPRING.0, SPRING.1, "/news/article/812/board-in-spring"),
        &[page(SUMMER.0, SUMMER.1, "/news/article/815/board-in-summer")],
        &[page("Respite for carers", SUMMER.1, "/news/article/812/respite-for-carers")],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_page_under_the_heading_of_all_is_known_by_its_title() {
    let page = |title: &str, text: &str| html(title, &format!("<h1>News</h1><p>{text}</p>"));
    check(
        "/news/spring",
        "",
        &page(SPRING.0, SPRING.1),
        &[page("Carers ask for respite", SUMMER.1)],
        &[page(SPRING.0, SUMMER.1), page("Respite for carers", &SUMMER.1.replace("more nights", "nine nights"))],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_stays_another_for_three_days_is_told_of_once() {
    let app = App::set_up().await;
    app.watch("one", "/news/spring", "");
    app.list("people", &[("now@example.org", "immediate")]);
    let page = |(title, text): (&str, &str)| html(title, &format!("<h1>{title}</h1><p>{text}</p>"));
    app.publish("/news/spring", &page(SPRING));
    app.pass().await;
    let other = (
        "Closed for snow",
        "Nobody can come today, nor tomorrow, because of the snow that lies on the moor and on all its roads.",
    );
    for shown in [other, SUMMER] {
        app.publish("/news/spring", &page(shown));
        for hours in [2, 30, 30] {
            app.advance(TimeDelta::hours(hours));
            let poll = app.pass().await.polls.remove(0);
            let PollOutcome::Held { reason } = &poll.outcome else { panic!("{poll:?}") };
            assert!(
                reason.contains(shown.0)
                    && reason.contains(SPRING.0)
                    && poll.warnings.iter().any(|said| said.contains("three days")),
                "{reason}"
            );
        }
    }
    app.advance(TimeDelta::hours(12));
    assert_eq!(told(&app).await, (0, 1, 0));
    assert_eq!(told(&app).await, (0, 0, 0));
    assert!(app.inbox("now@example.org").len() == 1 && app.inbox("now@example.org")[0].text.contains("respite"));
}
