//! An entry that is taken off a list, and whose page is taken down, is told as withdrawn wherever it stood; what has grown old or
//! was held is not.

use crate::support::app::App;
use crate::support::council::Answer;
use crate::whose_page::html;
use chrono::TimeDelta;

const BODIES: [&str; 5] = ["Harbour forum", "Parks users' group", "Rents tribunal", "School places panel", "Youth parliament"];
const WORDS: [&str; 5] = [
    "Masters of all vessels are asked what the new moorings should cost.",
    "Gardens, pitches and playgrounds: whoever uses them may come and speak.",
    "Tenants bring their cases, and three members decide on each of them.",
    "How many places there will be in each year, school by school.",
    "Members between eleven and eighteen years of age debate what they have chosen.",
];

fn card(n: usize, day: &str) -> String {
    format!("<li><h2><a href=/bodies/{n}>{}</a></h2><p>{day}</p><p>Guildhall</p></li>", BODIES[n])
}

/// What stands in the place of a page that was taken down.
fn taken_down() -> [Answer; 3] {
    let not_found = "<h1>Page not found</h1><p>The page may have moved. Use the search, or go to our home page.</p>";
    let removed = "<h1>Public bodies</h1><p>Sorry, this page has been removed.</p>";
    [Answer::status(404), Answer::html(&html("Page not found", not_found)), Answer::html(&html("Public bodies", removed))]
}

/// The list with these of the bodies, each on its day; in the place of the pages of all others stands `instead`.
fn publish(app: &App, shown: &[usize], days: &[&str; 5], instead: &Answer) {
    let entries: String = shown.iter().map(|n| card(*n, days[*n])).collect();
    app.publish("/bodies", &html("Public bodies", &format!("<h1>Public bodies</h1><ul>{entries}</ul>")));
    for n in 0..5 {
        let own = html(BODIES[n], &format!("<h1>{}</h1><p>{}</p><p>{}</p>", BODIES[n], days[n], WORDS[n]));
        let answer = if shown.contains(&n) { Answer::html(&own) } else { instead.clone() };
        app.council.publish(&format!("/bodies/{n}"), answer);
    }
}

async fn withdrawn(days: &[&str; 5], shown: &[usize], instead: &Answer) -> Vec<usize> {
    let app = App::set_up().await;
    app.watch("bodies", "/bodies", "");
    publish(&app, &[0, 1, 2, 3, 4], days, instead);
    assert_eq!(app.pass().await.polls[0].new, 5);
    publish(&app, shown, days, instead);
    let mut found = Vec::new();
    for _ in 0..4 {
        app.advance(TimeDelta::days(1));
        let poll = app.pass().await.polls.remove(0);
        assert_eq!((poll.new, poll.revised), (0, 0), "{poll:?}");
        found.push(poll.withdrawn);
    }
    found
}

const TO_COME: [&str; 5] = [
    "Tuesday 8 December 2026, 6.00 p.m.",
    "Thursday 10 December 2026, 2.00 p.m.",
    "Friday 15 January 2027, 10.30 a.m.",
    "Wednesday 9 December 2026, 4.30 p.m.",
    "Monday 11 January 2027, 9.30 a.m.",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_whose_page_is_not_found_is_withdrawn_wherever_it_stood() {
    for instead in taken_down() {
        for shown in [&[1, 2, 3, 4], &[0, 1, 2, 3], &[0, 1, 3, 4]] {
            let found = withdrawn(&TO_COME, shown, &instead).await;
            assert_eq!(found.iter().sum::<usize>(), 1, "{shown:?} {found:?} {instead:?}");
            assert_eq!(found[0], 0, "not at the first sight of it: {found:?}");
        }
        assert_eq!(withdrawn(&[""; 5], &[1, 2, 3, 4], &instead).await.iter().sum::<usize>(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_in_whose_place_something_went_wrong_is_not_withdrawn_for_that() {
    let wrong = html("Something went wrong", "<h1>Something went wrong</h1><p>Please try again in a moment.</p>");
    assert_eq!(withdrawn(&[""; 5], &[1, 2, 3, 4], &Answer::html(&wrong)).await, [0; 4]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_meeting_that_was_held_leaves_its_list_without_a_word() {
    let mut days = TO_COME;
    days[0] = "Tuesday 17 November 2026, 6.00 p.m.";
    assert_eq!(withdrawn(&days, &[1, 2, 3, 4], &Answer::status(404)).await, [0; 4]);
}

const STORIES: [(&str, &str); 4] = [
    ("Board agrees the plan", "12 November 2026"),
    ("Peer review is out", "4 November 2026"),
    ("Director starts", "26 October 2026"),
    ("Statement on the audit", "15 October 2026"),
];

/// A list of news, the newest first, with so many of the stories; the pages of these answer, and of others while `is_kept`.
fn publish_news(app: &App, shown: usize, is_kept: bool) {
    let entry =
        |(n, (title, day)): (usize, &(&str, &str))| format!("<li><h3><a href=/news/{n}>{title}</a></h3><p>{day}</p></li>");
    let entries: String = STORIES.iter().take(shown).enumerate().map(entry).collect();
    app.publish("/news", &html("News", &format!("<h1>News</h1><ul>{entries}</ul>")));
    for (n, (title, day)) in STORIES.iter().enumerate() {
        let own = html(title, &format!("<h1>{title}</h1><p>{day}</p><p>{}</p>", WORDS[n]));
        let answer = if n < shown || is_kept { Answer::html(&own) } else { Answer::status(404) };
        app.council.publish(&format!("/news/{n}"), answer);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_story_of_a_list_is_withdrawn_once_its_page_is_not_found() {
    for is_taken_off_first in [false, true] {
        let app = App::set_up().await;
        app.watch("news", "/news", "");
        publish_news(&app, 4, true);
        assert_eq!(app.pass().await.polls[0].new, 4);
        let poll = async || {
            app.advance(TimeDelta::hours(2));
            let poll = app.pass().await.polls.remove(0);
            assert_eq!((poll.new, poll.revised), (0, 0), "{poll:?}");
            poll.withdrawn
        };
        poll().await;
        if is_taken_off_first {
            publish_news(&app, 3, true);
            assert_eq!([poll().await, poll().await, poll().await], [0; 3], "its page is there");
            app.advance(TimeDelta::days(1));
        }
        publish_news(&app, 3, false);
        let found = [poll().await, poll().await, poll().await, poll().await, poll().await];
        assert_eq!(found.iter().sum::<usize>(), 1, "{is_taken_off_first} {found:?}");
        assert_eq!(found[0], 0, "not at the first sight of it: {found:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_story_that_is_listed_stays_though_its_page_is_not_found() {
    let app = App::set_up().await;
    app.watch("news", "/news", "");
    publish_news(&app, 4, true);
    app.pass().await;
    app.council.publish("/news/3", Answer::status(404));
    for _ in 0..5 {
        app.advance(TimeDelta::hours(13));
        let poll = app.pass().await.polls.remove(0);
        assert_eq!((poll.new, poll.revised, poll.withdrawn), (0, 0, 0), "{poll:?}");
    }
}
