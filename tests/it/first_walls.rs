//! A source whose first poll meets a wall in words that nobody has listed, under status 200: an admin is warned, and what stands there
//! afterwards is where the source begins. A page that is as short, and is the council's, is watched from the first.

use crate::support::app::App;
use boardwatch::domain::poll::PollOutcome;
use chrono::TimeDelta;

const WALLS: [(&str, &str); 4] = [
    ("Slow down", "<h1>Slow down</h1><p>You are going too fast for us. Take a breath, and come back in five minutes.</p>"),
    ("One moment", "<div><h2>We are checking your connection</h2><p>This takes a few seconds.</p></div>"),
    ("Planned works this evening", "<main><h1>Planned works this evening</h1><p>We are back at nine.</p></main>"),
    ("Sorry", "<p>Our hamsters are resting.</p>"),
];

fn html(title: &str, body: &str) -> String {
    format!("<!doctype html><html lang=en><head><title>{title}</title></head><body>{body}</body></html>")
}

/// The council's frame around its own pages.
fn framed(title: &str, body: &str) -> String {
    html(
        title,
        &format!(
            "<header><a href=/>Home</a> <a href=/bins>Bins</a> <a href=/tax>Council tax</a></header><main>{body}</main>\
             <footer><a href=/privacy>Privacy</a></footer>"
        ),
    )
}

fn list(stories: usize) -> String {
    let first = chrono::NaiveDate::from_ymd_opt(2026, 9, 20).unwrap();
    let day = |n: usize| (first + TimeDelta::days(i64::try_from(n).unwrap())).format("%-d %B %Y");
    let entry = |n: usize| format!("<li><h3><a href=/news/{n}>Story number {n} of the harbour</a></h3><p>{}</p></li>", day(n));
    framed("News", &format!("<h1>News</h1><ul>{}</ul>", (0..stories).rev().map(entry).collect::<String>()))
}

async fn met(path: &str, wall: &str) -> App {
    let app = App::set_up().await;
    app.watch("harbour", path, "");
    app.list("people", &[("now@example.org", "immediate")]);
    app.publish(path, wall);
    let poll = app.pass().await.polls.remove(0);
    let warns = poll.warnings.iter().any(|warning| warning.starts_with("this does not look like a page of updates"));
    assert!(warns || !poll.outcome.is_good(), "{wall}: {poll:?}");
    app
}

/// New, told and the outcome of the next poll.
async fn next(app: &App) -> (usize, usize, PollOutcome) {
    app.advance(TimeDelta::hours(2));
    let poll = app.pass().await.polls.remove(0);
    (poll.new, poll.notices, poll.outcome)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_behind_a_wall_that_the_first_poll_met_is_where_the_source_begins() {
    for (title, body) in WALLS {
        let app = met("/news", &html(title, body)).await;
        let (_, told, _) = next(&app).await;
        assert_eq!(told, 0, "{title}: it stays");
        for n in 0..60 {
            let story =
                format!("<h1>Story number {n} of the harbour</h1><p>Crane {n} was repaired, and {n} ships were let in.</p>");
            app.publish(&format!("/news/{n}"), &framed("Story", &story));
        }
        app.publish("/news", &list(59));
        let (new, told, outcome) = next(&app).await;
        assert!(
            (new, told) == (59, 0) && matches!(outcome, PollOutcome::Listing { items: 59 }),
            "{title}: {new} {told} {outcome:?}"
        );
        assert_eq!(next(&app).await.1, 0, "{title}");
        app.publish("/news", &list(60));
        let (new, told, outcome) = next(&app).await;
        assert_eq!((new, told), (1, 1), "{title}: what is new from then on: {outcome:?}");
        assert_eq!(app.inbox("now@example.org").len(), 1, "{title}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_behind_a_wall_that_the_first_poll_met_is_where_the_source_begins() {
    let page = |more: &str| {
        framed(
            "Harbour board",
            &format!("<h1>Harbour board</h1><p>It met on 4 November 2026 and agreed that nine cranes are replaced.</p>{more}"),
        )
    };
    for (title, body) in WALLS {
        let app = met("/harbour-board", &html(title, body)).await;
        app.publish("/harbour-board", &page(""));
        let (_, told, outcome) = next(&app).await;
        assert!(told == 0 && !matches!(outcome, PollOutcome::Held { .. }), "{title}: {outcome:?}");
        app.publish("/harbour-board", &page("<p>The tenth crane is repaired by 1 May 2027.</p>"));
        assert_eq!(next(&app).await.1, 1, "{title}");
        let mails = app.inbox("now@example.org");
        assert!(
            mails.len() == 1 && mails[0].text.contains("tenth crane") && !mails[0].text.contains(title),
            "{title}: {mails:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_short_page_of_a_council_is_watched_from_the_first() {
    for (path, heading, words) in [
        ("/harbour-board", "Harbour board", "What its members agree will stand here."),
        ("/news", "News", "Nothing to tell as yet."),
    ] {
        let app = App::set_up().await;
        app.watch("harbour", path, "");
        app.list("people", &[("now@example.org", "immediate")]);
        let page = |more: &str| framed(heading, &format!("<h1>{heading}</h1><p>{words}</p>{more}"));
        app.publish(path, &page(""));
        app.pass().await;
        app.publish(path, &page("<p>The board agreed that nine cranes are to be replaced.</p>"));
        let (_, told, outcome) = next(&app).await;
        assert_eq!(told, 1, "{heading}: {outcome:?}");
    }
}
