//! Pages that are not what they seem: cut, empty, another's, or only written otherwise. Nobody is told of those, and of what
//! councils really do, everybody is, in words that say it first.

use crate::source_add::{ask, words};
use crate::support::app::App;
use crate::support::council::Answer;
use boardwatch::domain::poll::PollOutcome;
use boardwatch::domain::source::SourceId;
use boardwatch::engine::pass::PassReport;
use boardwatch::store::records::SourceState;
use chrono::TimeDelta;

const TOLD: [&str; 5] = [
    "",
    "The Board met on 3 March and heard that forty actions of the improvement plan are complete.",
    "Staff turnover is below that of comparable authorities, and twelve social workers have begun since the summer.",
    "The inspectors have written to the director, and say that the front door has become quicker and calmer.",
    "Foster carers met the chair in the town hall, and asked for more nights of respite and for a better allowance.",
];

/// A page of the site, with its frame.
fn page(title: &str, content: &str) -> String {
    format!(
        "<!DOCTYPE html><html><head><title>{title}</title></head><body><header><nav><a href=/>Home</a><a href=/contact>Contact</a></nav>\
         </header><main><article><h1>{title}</h1>{content}</article></main><footer><p>Testshire Council, High Street</p>\
         <p><a href=/privacy>Privacy notice</a></p></footer></body></html>"
    )
}

fn name(n: usize) -> String {
    ["", "Board meets in March", "New social workers", "Letter from the inspectors", "Carers meet the chair"][n].to_owned()
}

fn own(n: usize) -> String {
    page(&name(n), &format!("<p>{} June 2026</p><p>{}</p>", n, TOLD[n]))
}

fn list(newest: usize, name: impl Fn(usize) -> String) -> String {
    let entry = |n| format!("<li><h2><a href=/news/{n}>{}</a></h2><p>{n} June 2026</p></li>", name(n));
    page("News", &format!("<ul>{}</ul>", (1..=newest).rev().map(entry).collect::<Vec<_>>().concat()))
}

/// A list of three stories, each on a page of its own, with one reader who hears at once.
async fn three_stories() -> App {
    let app = App::set_up().await;
    app.watch("news", "/news", "");
    app.list("people", &[("now@example.org", "immediate")]);
    app.publish("/news", &list(3, name));
    (1..=3).for_each(|n| app.publish(&format!("/news/{n}"), &own(n)));
    assert_eq!(app.pass().await.polls[0].new, 3);
    app
}

async fn later(app: &App) -> PassReport {
    app.advance(TimeDelta::hours(2));
    app.pass().await
}

async fn told(app: &App) -> (usize, usize, usize) {
    let poll = later(app).await.polls.remove(0);
    assert!(poll.outcome.is_good(), "{poll:?}");
    (poll.new, poll.revised, poll.withdrawn)
}

async fn state(app: &App) -> SourceState {
    let (world, _) = app.start().await;
    world.store.source_state(&SourceId::parse("news").unwrap()).await.unwrap().unwrap().value
}

/// A mail's text as if its lines had never been wrapped.
fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn without_end(page: &str) -> String {
    page.replace("</body></html>", "")
}

#[tokio::test]
async fn a_site_that_stops_writing_its_last_end_tags_is_read_on() {
    let app = three_stories().await;
    (1..=3).for_each(|n| app.publish(&format!("/news/{n}"), &without_end(&own(n))));
    app.publish("/news", &without_end(&list(3, name)));
    assert_eq!(told(&app).await, (0, 0, 0));
    app.publish("/news/2", &without_end(&own(2)).replace("twelve", "thirteen"));
    assert_eq!(told(&app).await, (0, 1, 0));
    app.publish("/news", &without_end(&list(4, name)));
    app.publish("/news/4", &without_end(&own(4)));
    assert_eq!(told(&app).await, (1, 0, 0));
    assert!(state(&app).await.unreadable.is_empty());
}

#[tokio::test]
async fn the_first_half_of_a_page_that_nothing_is_known_of_waits_for_the_whole() {
    let app = App::set_up().await;
    app.watch("news", "/news", "");
    app.list("people", &[("now@example.org", "immediate")]);
    (1..=4).for_each(|n| app.publish(&format!("/news/{n}"), &own(n)));
    let whole = list(3, name);
    app.publish("/news", &whole[..whole.find("/news/1").unwrap() - 20]);
    let first = app.pass().await;
    assert!(
        matches!(&first.polls[0].outcome, PollOutcome::Unrecognised { detail } if detail.contains("breaks off")),
        "{first:?}"
    );
    app.publish("/news", &whole);
    app.advance(TimeDelta::days(1));
    assert_eq!(app.pass().await.polls[0].new, 3);

    // A new story's own page comes in half; the list that leads to it says how the site's pages end.
    let story = own(4);
    app.publish("/news/4", &story[..story.find("respite").unwrap()]);
    app.publish("/news", &list(4, name));
    assert_eq!(told(&app).await, (0, 0, 0));
    app.publish("/news/4", &story);
    assert_eq!(told(&app).await, (1, 0, 0));
    let mail = app.inbox("now@example.org");
    assert!(mail.len() == 1 && unwrapped(&mail[0].text).contains("better allowance"), "{}", mail[0].text);
}

#[tokio::test]
async fn one_story_in_every_place_and_one_apology_under_every_headline_are_nobody_s() {
    let app = three_stories().await;
    for wrong in [page("A tale of another town", "<p>Bins are late.</p>"), page("Queue", "<p>You are number 7.</p>")] {
        (1..=3).for_each(|n| app.publish(&format!("/news/{n}"), &wrong));
        assert_eq!(told(&app).await, (0, 0, 0));
        (1..=3).for_each(|n| app.publish(&format!("/news/{n}"), &own(n)));
        assert_eq!(told(&app).await, (0, 0, 0));
    }
    let sorry = "<p>The forty actions of the director will be shown here in March, when the summer is over.</p>";
    (1..=3).for_each(|n| app.publish(&format!("/news/{n}"), &page(&name(n), sorry)));
    assert_eq!(told(&app).await, (0, 0, 0));
    assert_eq!(state(&app).await.unreadable.len(), 3);
    (1..=3).for_each(|n| app.publish(&format!("/news/{n}"), &own(n)));
    assert_eq!(told(&app).await, (0, 0, 0));
    assert!(state(&app).await.unreadable.is_empty() && app.inbox("now@example.org").is_empty());
    // New stories, too, wait for pages of their own.
    app.publish("/news/4", &page("Queue", "<p>You are number 7.</p>"));
    app.publish("/news/3", &page("Queue", "<p>You are number 7.</p>"));
    app.publish("/news", &list(4, name));
    assert_eq!(told(&app).await, (0, 0, 0));
    (3..=4).for_each(|n| app.publish(&format!("/news/{n}"), &own(n)));
    assert_eq!(told(&app).await, (1, 0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_front_page_that_names_some_of_the_stories_is_held_in_the_place_of_their_list() {
    let app = App::set_up().await;
    app.watch("news", "/news", "");
    app.list("people", &[("now@example.org", "immediate")]);
    let told = |n: usize| format!("The board met for the {n}th time and heard of progress in ward {n} of the borough.");
    let titled = |n: usize| format!("Board met the {n}th time");
    let story =
        |n: usize| app.publish(&format!("/news/{n}"), &page(&titled(n), &format!("<p>{n} June 2026</p><p>{}</p>", told(n))));
    (1..=7).for_each(story);
    let whole = list(6, titled);
    app.publish("/news", &whole);
    assert_eq!(app.pass().await.polls[0].new, 6);
    let newest = |title: &str, head: &str| {
        let entry = |n| format!("<li><h2><a href=/news/{n}>{}</a></h2><p>{n} June 2026</p></li>", titled(n));
        let entries: String = (4..=6).rev().map(entry).collect();
        page(title, &format!("<ul>{entries}</ul>")).replace("</head>", &format!("{head}</head>"))
    };
    let fronts = [newest("Welcome to Testshire", ""), newest("News", "<link rel=canonical href=\"/\">")];
    for front in fronts {
        app.publish("/news", &front);
        for _ in 0..2 {
            let poll = later(&app).await.polls.remove(0);
            let PollOutcome::Held { reason } = &poll.outcome else { panic!("{poll:?}") };
            assert!(reason.contains("3 of the 6 items that stood there are not there"), "{reason}");
        }
        app.publish("/news", &whole);
        assert_eq!(self::told(&app).await, (0, 0, 0));
    }
    // What came while it stood there is told when the list is back.
    app.publish("/news", &list(7, titled));
    assert_eq!(self::told(&app).await, (1, 0, 0));
}

#[tokio::test]
async fn an_own_page_that_is_empty_for_once_is_no_change() {
    let app = three_stories().await;
    let short = page(&name(2), "<p>2 June 2026</p><p>Twelve workers have begun since summer.</p>");
    app.publish("/news/2", &short);
    assert_eq!(told(&app).await, (0, 1, 0));
    app.publish("/news/2", &page(&name(2), ""));
    assert_eq!(told(&app).await, (0, 0, 0));
    app.publish("/news/2", &short);
    assert_eq!(told(&app).await, (0, 0, 0));
}

#[tokio::test]
async fn sizes_of_files_that_come_go_and_are_rounded_are_no_news_and_another_size_is() {
    let app = three_stories().await;
    let with = |size: &str| {
        own(2).replace("</article>", &format!("<p><a href=/files/s90588/plan.pdf>Improvement plan (PDF{size})</a></p></article>"))
    };
    app.publish("/news/2", &with(""));
    assert_eq!(told(&app).await, (0, 1, 0));
    for size in [", 1,340 KB", ", 1.31 MB", "", ", 1340 KB"] {
        app.publish("/news/2", &with(size));
        assert_eq!(told(&app).await, (0, 0, 0), "{size}");
    }
    app.publish("/news/2", &with(", 2,340 KB"));
    assert_eq!(told(&app).await, (0, 1, 0));
    let mail = app.inbox("now@example.org").pop().unwrap();
    let says = "Document replaced: Improvement plan (PDF, 2,340 KB); it was Improvement plan (PDF, 1,340 KB)";
    assert!(unwrapped(&mail.text).contains(says), "{}", mail.text);
}

#[tokio::test]
async fn a_headline_that_the_list_alone_corrects_is_told_once() {
    let app = three_stories().await;
    let corrected = |n: usize| if n == 2 { "Twelve join the front door".to_owned() } else { name(n) };
    app.publish("/news", &list(3, corrected));
    assert_eq!(told(&app).await, (0, 1, 0));
    for _ in 0..3 {
        app.advance(TimeDelta::days(1));
        assert_eq!(told(&app).await, (0, 0, 0));
    }
    app.publish("/news/2", &own(2).replace(&name(2), &corrected(2)));
    assert_eq!(told(&app).await, (0, 0, 0), "the page says now what the list said");
    let mail = app.inbox("now@example.org");
    assert!(mail.len() == 1 && unwrapped(&mail[0].text).contains("The title was “New social workers”"), "{}", mail[0].text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_meeting_that_is_cancelled_says_so_before_anything_else() {
    let app = App::set_up().await;
    let agenda = |stage: &str| {
        format!(
            "<!-- Modern.gov Reverse CMS --><html><head><title>Agenda</title></head><body><div id=\"modgov\"><div class=\"mgHeader\">\
             <h1 class=\"mgMainTitleTxt\">{stage}</h1></div><div class=\"mgSubTitle\"><h2 class=\"mgSubTitleTxt\">Improvement Board - \
             Tuesday, 22nd December, 2026 7.00 pm</h2></div><div class=\"mgContent\"><p><span class=\"mgLabel\">Venue: </span>Town Hall</p>\
             <table class=\"mgItemTable\"><tr><td class=\"mgItemNumberCell\"><a name=\"AI1\"></a><p class=\"mgAiTitleTxt\">1.</p></td><td>\
             <p class=\"mgAiTitleTxt\">Progress of the plan</p></td></tr></table></div></div></body></html>"
        )
    };
    app.watch("news", "/ieListDocuments.aspx?CId=1&MId=4711", "platform = \"moderngov-meeting\"");
    app.list("people", &[("now@example.org", "immediate")]);
    app.publish("/ieListDocuments.aspx?CId=1&MId=4711", &agenda("Agenda"));
    app.pass().await;
    app.publish("/ieListDocuments.aspx?CId=1&MId=4711", &agenda("CANCELLED"));
    assert_eq!(told(&app).await, (0, 1, 0));
    let mail = app.inbox("now@example.org").pop().unwrap();
    assert!(mail.subject.contains(": cancelled: "), "{}", mail.subject);
    let text = unwrapped(&mail.text);
    assert!(text.contains("meeting cancelled") && text.contains("The meeting is cancelled:"), "{text}");
    assert!(!mail.text.contains("stage"), "{}", mail.text);
    let feed = std::fs::read_to_string(app.dir.path().join("var/feeds/news.xml")).unwrap();
    assert!(feed.contains("Cancelled: "), "{feed}");
    app.publish("/ieListDocuments.aspx?CId=1&MId=4711", &agenda("Agenda"));
    assert_eq!(told(&app).await, (0, 1, 0));
    let mail = app.inbox("now@example.org").pop().unwrap();
    assert!(mail.subject.contains("no longer cancelled: "), "{}", mail.subject);
    let shown = words(&ask(&app, &["source", "show", "news"]).stdout);
    assert!(
        shown.contains("2026-12-22 (meeting)  Improvement Board") && shown.contains("meeting no longer cancelled"),
        "{shown}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feed_that_always_breaks_off_is_never_called_well_and_its_readers_are_told() {
    let app = App::set_up().await;
    app.watch("news", "/feed.xml", "");
    app.list("people", &[("now@example.org", "immediate")]);
    let entry = |n: usize| {
        let words = TOLD[n].repeat(4);
        format!("<item><title>{}</title><link>/news/{n}</link><guid>{n}</guid><description>{words}</description></item>", name(n))
    };
    let feed = |newest: usize| {
        let entries: String = (1..=newest).rev().map(entry).collect();
        let feed = format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title>{entries}<item><title>Let");
        app.council.publish("/feed.xml", Answer::bytes("application/rss+xml", feed.as_bytes()));
    };
    (1..=4).for_each(|n| app.publish(&format!("/news/{n}"), &own(n)));
    feed(3);
    for _ in 0..5 {
        let poll = later(&app).await.polls.remove(0);
        assert!(!poll.outcome.is_good(), "{poll:?}");
    }
    assert!(state(&app).await.read_well.is_none());
    let said = words(&ask(&app, &["status"]).stdout);
    assert!(said.contains("NEEDS YOU  news: 5 polls in a row failed"), "{said}");
    feed(4);
    assert_eq!(later(&app).await.polls[0].new, 1, "what came of it is told");
    for _ in 0..8 {
        app.advance(TimeDelta::days(1));
        app.pass().await;
    }
    let mail = app.inbox("now@example.org");
    assert_eq!(mail.len(), 2, "{:?}", mail.iter().map(|mail| &mail.subject).collect::<Vec<_>>());
    assert!(mail[1].subject.contains("has not been readable since"), "{}", mail[1].subject);
}
