//! What changed is told once, in the right class, wherever it changed: in a feed or on the page behind it, in the day of a
//! meeting's block; and what only a system does to words is not told.

use crate::support::app::App;
use crate::support::council::Answer;
use boardwatch::domain::poll::PollOutcome;
use chrono::TimeDelta;

const PAGE: &str = "The board has heard of progress in the borough. The council will spend £3m on roads this year and next, and it \
                    will ask people what they think of it.";

/// A feed of four entries, of which the newest says `said`.
fn publish_feed(app: &App, said: &str) {
    let entry = |n: u32| {
        let url = app.council.url(&format!("/news/{n}"));
        let words = format!("<description>Some words of story number {n}, for whoever reads it.</description>");
        let said = if n == 4 { said } else { &words };
        let day = format!("<pubDate>{} Nov 2026 09:00:00 GMT</pubDate>", 10 + n);
        format!("<item><title>Story {n}</title><link>{url}</link><guid>{url}</guid>{day}{said}</item>")
    };
    let entries: String = (1..=4).rev().map(entry).collect();
    let feed = format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>\
         <title>News</title>{entries}</channel></rss>"
    );
    app.council.publish("/feed", Answer::bytes("application/rss+xml", feed.as_bytes()));
}

fn publish_page(app: &App, n: u32, words: &str) {
    let page =
        format!("<html><head><title>Story {n}</title></head><body><main><h1>Story {n}</h1><p>{words}</p></main></body></html>");
    app.publish(&format!("/news/{n}"), &page);
}

fn description(words: &str) -> String {
    format!("<description>{words}</description>")
}

fn content(words: &str) -> String {
    format!("<content:encoded><![CDATA[{words}]]></content:encoded>")
}

/// A source of the feed whose newest entry says `said`, read once; without pages behind it unless `with_pages`.
async fn watched(said: &str, with_pages: bool) -> App {
    let app = App::set_up().await;
    app.watch("feed", "/feed", "");
    app.list("people", &[("now@example.org", "immediate")]);
    publish_feed(&app, said);
    if with_pages {
        (1..=3).for_each(|n| publish_page(&app, n, &format!("What story {n} has to say of the council's work in the year.")));
        publish_page(&app, 4, PAGE);
    }
    assert_eq!(app.pass().await.polls[0].new, 4);
    app
}

/// How many revisions, and anything else, each of so many polls finds.
async fn told(app: &App, polls: usize) -> Vec<(usize, usize)> {
    let mut told = Vec::new();
    for _ in 0..polls {
        app.advance(TimeDelta::hours(2));
        let poll = app.pass().await.polls.remove(0);
        assert!(poll.outcome.is_good(), "{poll:?}");
        told.push((poll.revised, poll.new + poll.withdrawn));
    }
    told
}

const ONCE: [(usize, usize); 3] = [(1, 0), (0, 0), (0, 0)];
const NEVER: [(usize, usize); 3] = [(0, 0), (0, 0), (0, 0)];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_that_a_feed_alone_changes_are_told_once_whatever_stands_behind_its_link() {
    for with_pages in [false, true] {
        for element in [description, content] {
            let said = "The crossing will cost £3m, and be open in May.";
            let app = watched(&element(said), with_pages).await;
            assert_eq!(told(&app, 2).await, NEVER[..2]);
            publish_feed(&app, &element(&said.replace("£3m", "£4m")));
            assert_eq!(told(&app, 3).await, ONCE, "{with_pages}");
            let mails = app.inbox("now@example.org");
            let [mail] = mails.as_slice() else { panic!("{}", mails.len()) };
            assert!(mail.text.contains("£4m"), "{}", mail.text);
            let feed = std::fs::read_to_string(app.config().data_dir.join("feeds/feed.xml")).unwrap();
            assert!(feed.contains("£4m") && !feed.contains("cost £3m"), "{feed}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_that_come_to_an_entry_later_are_told_once() {
    let later = "The board agreed its new plan for children and families in the borough.";
    for with_pages in [false, true] {
        for (first, then) in [
            (String::new(), content(later)),
            (content("<img src=\"https://stats.example.org/pixel.gif\">"), content(later)),
            (String::new(), description(later)),
            (description("Summary"), description(&format!("Summary. {later}"))),
            (description("Summary."), content(&format!("<p>Summary.</p><p>{later}</p><p>It takes effect at once.</p>"))),
        ] {
            let app = watched(&first, with_pages).await;
            publish_feed(&app, &then);
            assert_eq!(told(&app, 3).await, ONCE, "{with_pages} {then}");
            assert!(app.inbox("now@example.org")[0].text.contains("agreed its new plan"), "{then}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_feed_and_page_both_come_to_say_is_told_once_whichever_says_it_first() {
    let say = |millions: &str| PAGE.replace("£3m", millions);
    let feed = |app: &App| publish_feed(app, &description(&say("£4m")));
    let page = |app: &App| publish_page(app, 4, &say("£4m"));
    let app = watched(&description(PAGE), true).await;
    feed(&app);
    page(&app);
    assert_eq!(told(&app, 3).await, ONCE, "at once");
    let app = watched(&description(PAGE), true).await;
    page(&app);
    assert_eq!(told(&app, 2).await, ONCE[..2], "the page first");
    feed(&app);
    assert_eq!(told(&app, 3).await, NEVER);
    let app = watched(&description(PAGE), true).await;
    feed(&app);
    assert_eq!(told(&app, 2).await, ONCE[..2], "the feed first");
    page(&app);
    assert_eq!(told(&app, 3).await, NEVER);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feed_that_cuts_its_words_now_here_and_now_there_says_nothing_new() {
    let cut = "The board has heard of progress in the borough. The council will spend £3m on roads this year";
    for with_pages in [false, true] {
        let app = watched(&description(PAGE), with_pages).await;
        for form in [
            description(&format!("{cut}…")),
            description(&format!("{cut} […] &lt;a href=\"/news/4\"&gt;Continue reading&lt;/a&gt;")),
            content(&format!("<p>{PAGE}</p><img src=\"https://stats.example.org/p.gif?u=1\" width=1 height=1>")),
            description(&format!("{cut} and ne")),
            description(PAGE),
            content(&format!("<p>{cut}&hellip; <a href=\"/news/4\">Read more</a></p>")),
            String::new(),
            description(PAGE),
        ] {
            publish_feed(&app, &form);
            assert_eq!(told(&app, 1).await, NEVER[..1], "{with_pages} {form}");
        }
        publish_feed(&app, &description(&PAGE.replace("£3m", "£4m")));
        assert_eq!(told(&app, 3).await, ONCE, "{with_pages}");
    }
}

/// An issue's page with two blocks: of the first this day, and what its heading links to.
fn issue(day: &str, mark: &str, words: &str) -> String {
    let block = |day: &str, body: &str, mark: &str, words: &str| {
        format!(
            "<h3 class=mgSubSubTitleTxt>Meeting: <a href=\"ieListDocuments.aspx?CId=1&amp;MId=10{mark}\">{day} - {body} (Item 7)</a></h3>\
             <table class=mgItemTable><tr><td><p class=mgAiTitleTxt>7</p></td><td><p class=mgAiTitleTxt>Plan for {body}</p>\
             <div class=mgWordPara><p>{words}</p></div></td></tr></table>"
        )
    };
    format!(
        "<html><head><title>Issue - meetings</title></head><body><div id=modgov class=mgx><div class=mgContent>\
         <h1 class=mgMainTitleTxt>Issue - meetings</h1><h2 class=mgSubTitleTxt>Improvement plan</h2>{}{}</div></div></body></html>",
        block(day, "Cabinet", mark, words),
        block("10/11/2022", "Scrutiny Committee", "#AI99", "The committee asked for a report on the plan by April 2023."),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_meetings_block_that_moves_to_another_day_is_one_item_whose_date_moved() {
    const WORDS: &str = "The Director will report on the plan, on what it has cost so far and on the posts that were filled.";
    for (mark, words) in [("#AI100", WORDS), ("#AI100", "The Director will report on other things than these."), ("", WORDS)] {
        let app = App::set_up().await;
        app.watch("issue", "/ieIssueDetails.aspx?IId=5", "");
        app.list("people", &[("now@example.org", "immediate")]);
        app.publish("/ieIssueDetails.aspx?IId=5", &issue("15/12/2022", mark, WORDS));
        assert_eq!(app.pass().await.polls[0].new, 2);
        app.publish("/ieIssueDetails.aspx?IId=5", &issue("19/01/2023", mark, words));
        assert_eq!(told(&app, 3).await, ONCE, "{mark}");
        let mails = app.inbox("now@example.org");
        let [mail] = mails.as_slice() else { panic!("{}", mails.len()) };
        assert!(mail.text.contains("date moved") && mail.text.contains("15 December 2022"), "{}", mail.text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_block_of_another_meeting_in_place_of_one_is_not_that_one() {
    let app = App::set_up().await;
    app.watch("issue", "/ieIssueDetails.aspx?IId=5", "");
    app.publish(
        "/ieIssueDetails.aspx?IId=5",
        &issue("15/12/2022", "#AI100", "The Director will report on the plan and its cost."),
    );
    app.pass().await;
    app.publish("/ieIssueDetails.aspx?IId=5", &issue("19/01/2023", "#AI101", "The Director will report on something else."));
    app.advance(TimeDelta::hours(2));
    let poll = app.pass().await.polls.remove(0);
    assert_eq!((poll.new, poll.revised), (1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_front_page_in_the_place_of_a_list_is_held_at_its_first_sight() {
    let app = App::set_up().await;
    app.watch("news", "/news", "");
    let entry = |n: u32| format!("<li><h2><a href=/news/{n}>Board met the {n}th time</a></h2><p>{n} June 2026</p></li>");
    let list: String = (1..=12).rev().map(entry).collect();
    app.publish("/news", &format!("<html><body><main><h1>News</h1><ul>{list}</ul></main></body></html>"));
    (1..=12)
        .for_each(|n| publish_page(&app, n, &format!("The board met for the {n}th time and heard of progress in the borough.")));
    app.pass().await;
    let link = |name: &str| format!("<li><a href=\"/{name}\">Your {name} and what we do about it</a></li>");
    let links: String = ["bins", "tax", "plans", "jobs", "schools"].map(link).concat();
    let front = format!("<html><body><main><h1>Welcome to Testshire</h1><ul>{links}</ul></main></body></html>");
    app.publish("/news", &front);
    for name in ["bins", "tax", "plans", "jobs", "schools"] {
        app.council.publish(&format!("/{name}"), Answer::status(503));
    }
    for _ in 0..4 {
        app.advance(TimeDelta::hours(2));
        let poll = app.pass().await.polls.remove(0);
        let PollOutcome::Held { reason } = &poll.outcome else { panic!("{poll:?}") };
        assert!(reason.contains("none of the 12 known items is there any more, and 5 others are"), "{reason}");
    }
}

/// A board's table of three meetings, of which the next one is held then and there.
fn meetings(day: &str, time: &str, venue: &str) -> String {
    let row = |(n, day, time, venue): (u32, &str, &str, &str)| {
        format!("<tr><td>{day}</td><td>{time}</td><td>{venue}</td><td><a href=/f/{n}.pdf>Agenda</a></td></tr>")
    };
    let past = [(2, "12 November 2026", "6pm", "Town Hall"), (1, "15 October 2026", "6pm", "Town Hall")].map(row).concat();
    format!(
        "<html><body><main><h1>Housing Board: meetings</h1><table><tr><th>Date</th><th>Time</th><th>Venue</th><th>Papers</th></tr>{}{past}</table>\
         </main></body></html>",
        row((3, day, time, venue))
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_of_meetings_tells_another_day_hour_or_place_of_its_meeting_and_that_it_is_off() {
    for (day, time, venue, says) in [
        ("Friday 11 December 2026", "6pm", "Town Hall", "date moved"),
        ("Thursday 10 December 2026", "7pm", "Town Hall", "date moved"),
        ("Thursday 10 December 2026", "6pm", "Central Library", "Central Library"),
        ("Thursday 10 December 2026", "6pm", "Cancelled", "meeting cancelled"),
    ] {
        let app = App::set_up().await;
        app.watch("board", "/board", "");
        app.list("people", &[("now@example.org", "immediate")]);
        app.publish("/board", &meetings("Thursday 10 December 2026", "6pm", "Town Hall"));
        assert_eq!(app.pass().await.polls[0].new, 3);
        app.publish("/board", &meetings("Thursday 10 December 2026", "18:00", "Town Hall"));
        assert_eq!(told(&app, 2).await, NEVER[..2]);
        app.publish("/board", &meetings(day, time, venue));
        assert_eq!(told(&app, 3).await, ONCE, "{says}");
        let mails = app.inbox("now@example.org");
        let [mail] = mails.as_slice() else { panic!("{}", mails.len()) };
        assert!(mail.text.contains(says), "{says}: {}", mail.text);
    }
}

/// A calendar of meetings whose own pages nobody can read yet, the first on this day.
fn calendar(first: &str) -> String {
    let row = |n: u32, day: &str, body: &str| format!("<tr><td>{day}</td><td><a href='/meetings/{n}'>{body}</a></td></tr>");
    format!(
        "<html><body><main><h1>Meetings</h1><table><tr><th>Date</th><th>Meeting</th></tr>{}{}{}</table></main></body></html>",
        row(1, first, "Improvement Board"),
        row(2, "12 January 2027", "Audit Committee"),
        row(3, "19 January 2027", "Licensing Committee"),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_meeting_that_only_its_calendar_tells_of_has_moved_when_the_calendar_says_so() {
    let app = App::set_up().await;
    app.watch("calendar", "/meetings", "");
    app.list("people", &[("now@example.org", "immediate")]);
    app.publish("/meetings", &calendar("8 December 2026"));
    assert_eq!(app.pass().await.polls[0].new, 3);
    app.advance(TimeDelta::hours(2));
    app.pass().await;
    app.publish("/meetings", &calendar("10 December 2026"));
    let mut revised = 0;
    for _ in 0..3 {
        app.advance(TimeDelta::hours(2));
        let poll = app.pass().await.polls.remove(0);
        assert_eq!((poll.new, poll.withdrawn), (0, 0));
        revised += poll.revised;
    }
    assert_eq!(revised, 1);
    let mails = app.inbox("now@example.org");
    let told: Vec<_> = mails.iter().filter(|mail| mail.text.contains("date moved")).collect();
    let [mail] = told.as_slice() else { panic!("{}: {mails:?}", told.len()) };
    assert!(mail.text.contains("10 December 2026"), "{}", mail.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_list_says_of_a_meeting_is_told_while_the_meetings_own_page_stays_as_it_was() {
    let table = |name: &str, day: &str| calendar(day).replacen(">Improvement Board<", &format!(">{name}<"), 1);
    let cards = |name: &str, day: &str| {
        let card = |n: u32, name: &str, day: &str| {
            format!("<div class=event><h2><a href='/meetings/{n}'>{name}</a></h2><p>{day}, 6pm</p></div>")
        };
        let others = [(2, "Audit Committee", "12 January 2027"), (3, "Licensing Committee", "19 January 2027")];
        let others = others.map(|(n, name, day)| card(n, name, day)).concat();
        format!("<html><body><main><h1>Upcoming meetings</h1>{}{others}</main></body></html>", card(1, name, day))
    };
    let own = |name: &str, words: &str| {
        format!(
            "<html><body><main><h1>{name}</h1><p>{words}The {name} will talk about the plan, the money and the people it is for, and \
             hear from those who ask to speak.</p></main></body></html>"
        )
    };
    let (name, day) = ("Improvement Board", "8 December 2026");
    for (list, words) in [
        (&table as &dyn Fn(&str, &str) -> String, ""),
        (&cards, ""),
        (&table, "This meeting takes place on Tuesday 8 December 2026 at 6pm. "),
    ] {
        for (name_now, day_now, says) in [
            (name, "16 December 2026", "date moved"),
            ("Improvement Board - POSTPONED", day, "POSTPONED"),
            ("Improvement Board (cancelled)", day, "meeting cancelled"),
        ] {
            let app = App::set_up().await;
            app.watch("calendar", "/meetings", "");
            app.list("people", &[("now@example.org", "immediate")]);
            app.publish("/meetings", &list(name, day));
            app.publish("/meetings/1", &own(name, words));
            app.publish("/meetings/2", &own("Audit Committee", ""));
            app.publish("/meetings/3", &own("Licensing Committee", ""));
            assert_eq!(app.pass().await.polls[0].new, 3);
            assert_eq!(told(&app, 2).await, NEVER[..2]);
            app.publish("/meetings", &list(name_now, day_now));
            assert_eq!(told(&app, 3).await, ONCE, "{name_now} {day_now} {words}");
            let mails = app.inbox("now@example.org");
            let [mail] = mails.as_slice() else { panic!("{}", mails.len()) };
            assert!(mail.text.contains(says), "{says}: {}", mail.text);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feed_that_breaks_off_is_no_feed_without_news_and_what_came_of_it_counts() {
    let rss = |newest: u32| {
        let entry = |n: u32| {
            format!(
                "<item><title>Story {n}</title><guid>tag:{n}</guid><link>/news/{n}.pdf</link><description>What story {n} tells of.</description></item>"
            )
        };
        let entries: String = (1..=newest).rev().map(entry).collect();
        format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title>{entries}</channel></rss>")
    };
    let atom = |newest: u32| {
        let entry = |n: u32| {
            format!(
                "<entry><id>tag:{n}</id><title>Story {n}</title><link href=\"/news/{n}.pdf\"/><updated>2026-11-{:02}T09:00:00Z</updated><content>What story {n} tells of.</content></entry>",
                n + 1
            )
        };
        let entries: String = (1..=newest).rev().map(entry).collect();
        format!(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>News</title><id>x</id><updated>2026-11-19T09:00:00Z</updated>{entries}</feed>"
        )
    };
    let feeds: [&dyn Fn(u32) -> String; 2] = [&rss, &atom];
    for feed in feeds {
        let app = App::set_up().await;
        app.watch("feed", "/feed", "");
        app.list("people", &[("now@example.org", "immediate")]);
        let publish = |words: &str| {
            app.council.publish("/feed", Answer::bytes("application/xml", words.as_bytes()));
        };
        // Of a feed that nothing is known of, what stands behind the break would be news later.
        let whole = feed(12);
        publish(&whole[..whole.len() * 3 / 4]);
        let first = app.pass().await.polls.remove(0);
        assert!(!first.outcome.is_good() && first.new == 0, "{first:?}");
        publish(&whole);
        app.advance(TimeDelta::days(1));
        assert_eq!(app.pass().await.polls[0].new, 12);
        for _ in 0..3 {
            publish(&whole[..whole.len() * 3 / 4]);
            app.advance(TimeDelta::hours(2));
            let poll = app.pass().await.polls.remove(0);
            assert_eq!((poll.new, poll.revised, poll.withdrawn), (0, 0, 0));
            let PollOutcome::Unrecognised { detail } = &poll.outcome else { panic!("{poll:?}") };
            assert!(detail.contains("broken after its last whole item") && poll.warnings.contains(detail), "{poll:?}");
        }
        let newer = feed(13);
        publish(&newer[..newer.rfind("</item>").map_or_else(|| newer.rfind("</entry>").unwrap() + 8, |at| at + 7)]);
        app.advance(TimeDelta::hours(2));
        let poll = app.pass().await.polls.remove(0);
        assert!(!poll.outcome.is_good() && poll.new == 1, "{poll:?}");
        publish(&newer);
        assert_eq!(told(&app, 2).await, NEVER[..2]);
        assert_eq!(app.inbox("now@example.org").len(), 1);
    }
}
