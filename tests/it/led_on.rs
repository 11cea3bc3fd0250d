//! Addresses that lead on: an item that has moved is the item that was known, whatever was corrected in the same poll.

use crate::support::app::App;
use crate::support::council::Answer;
use crate::whose_page::{html, told};
use boardwatch::domain::poll::PollOutcome;
use chrono::TimeDelta;

const STORIES: [(&str, &str, &str); 4] = [
    (
        "fifty",
        "Board hears of fifty actions",
        "The Board heard that forty actions of the plan are complete, and thanked the director.",
    ),
    (
        "visit",
        "Board visits the contact centre",
        "It spoke with twelve social workers there, and looked at how many cases each has.",
    ),
    (
        "letter",
        "Letter from the inspectors",
        "The inspectors say that the front door has become quicker, and that turnover has to fall.",
    ),
    (
        "carers",
        "Carers meet the chair",
        "Foster carers asked for more nights of respite, and for a better allowance for each child.",
    ),
];
const CORRECTED: (&str, &str, &str) = (
    "forty",
    "Board hears of forty actions",
    "The Board heard that forty actions of the plan are done, and thanked the director.",
);

/// A list of stories: with their days, newest first, in a list of this class; or without.
fn list(stories: &[(&str, &str, &str)], is_dated: bool) -> String {
    let day = |n: usize| if is_dated { format!("<p>{} November 2026</p>", 19 - n) } else { String::new() };
    let entry = |(n, (slug, title, _)): (usize, &(&str, &str, &str))| {
        format!("<li><h2><a href=/news/{slug}>{title}</a></h2>{}</li>", day(n))
    };
    html("News", &format!("<h1>News</h1><ul class=news>{}</ul>", stories.iter().enumerate().map(entry).collect::<String>()))
}

fn story((slug, title, text): (&str, &str, &str)) -> String {
    html(title, &format!("<article><h1>{title}</h1><p>{text}</p></article>"))
        .replace("</head>", &format!("<link rel=canonical href=\"https://www.testshire.gov.uk/news/{slug}\"></head>"))
}

async fn watched(is_dated: bool) -> App {
    let app = App::set_up().await;
    app.watch("news", "/news", "");
    app.list("people", &[("now@example.org", "immediate")]);
    for one in STORIES {
        app.publish(&format!("/news/{}", one.0), &story(one));
    }
    app.publish("/news", &list(&STORIES, is_dated));
    assert_eq!(app.pass().await.polls.remove(0).new, 4);
    app
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_item_that_was_moved_and_corrected_at_once_is_told_once_and_as_corrected() {
    for is_dated in [true, false] {
        for at in 0..4 {
            let app = watched(is_dated).await;
            let old = STORIES[at];
            let is_worded = at == 0;
            let now = if is_worded { CORRECTED } else { ("moved", old.1, old.2) };
            let now = (now.0, now.1, if is_worded { now.2.to_owned() } else { format!("{} It will be said again.", now.2) });
            let now = (now.0, now.1, now.2.as_str());
            let mut stories = STORIES;
            stories[at] = (now.0, now.1, "");
            app.council.publish(&format!("/news/{}", old.0), Answer::redirect(&format!("/news/{}", now.0)));
            app.publish(&format!("/news/{}", now.0), &story(now));
            app.publish("/news", &list(&stories, is_dated));
            assert_eq!(told(&app).await, (0, 1, 0), "{is_dated} {at}");
            for _ in 0..3 {
                assert_eq!(told(&app).await, (0, 0, 0), "{is_dated} {at}");
            }
            let mail = app.inbox("now@example.org");
            assert!(mail.len() == 1 && mail[0].text.contains("[Changed]"), "{is_dated} {at} {}", mail[0].text);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_address_that_leads_to_another_story_moves_nothing() {
    let app = watched(true).await;
    let next = ("homes", "New homes for care leavers", "Twelve flats open beside the old mill, with helpers and gardens.");
    app.council.publish("/news/fifty", Answer::redirect("/news/homes"));
    app.publish("/news/homes", &story(next));
    let stories = [next, STORIES[1], STORIES[2], STORIES[3]];
    app.publish("/news", &list(&stories, true));
    assert_eq!(told(&app).await, (1, 0, 0));
    assert_eq!(told(&app).await, (0, 0, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_has_moved_is_the_page_that_was_known() {
    let plan =
        ("plan", "Improvement plan", "Forty of its actions are complete, and turnover has fallen for the third time in a row.");
    let corrected = (
        "plan",
        "Our improvement plan",
        "Fifty of its actions are complete, and turnover has fallen for the third time in a row.",
    );
    for now in [plan, corrected] {
        let app = App::set_up().await;
        app.watch("plan", "/plan", "");
        app.list("people", &[("now@example.org", "immediate")]);
        app.publish("/plan", &story(plan));
        assert_eq!(app.pass().await.polls.remove(0).new, 1);
        for place in ["/board/plan", "/children/plan"] {
            app.council.publish("/plan", Answer::redirect(place));
            app.publish(place, &story(now).replace("uk/news/plan", &format!("uk{place}")));
            let is_corrected = usize::from(now != plan && place == "/board/plan");
            assert_eq!(told(&app).await, (0, is_corrected, 0), "{place}");
            assert_eq!(told(&app).await, (0, 0, 0), "{place}");
        }
        app.publish("/children/plan", &story(now).replace("third", "fourth").replace("uk/news/plan", "uk/children/plan"));
        assert_eq!(told(&app).await, (0, 1, 0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_leads_to_another_page_than_the_one_that_was_known_is_held() {
    let app = App::set_up().await;
    app.watch("letter", "/news/letter", "");
    app.list("people", &[("now@example.org", "immediate")]);
    app.publish("/news/letter", &story(STORIES[2]));
    app.publish("/news/carers", &story(STORIES[3]));
    assert_eq!(app.pass().await.polls.remove(0).new, 1);
    app.council.publish("/news/letter", Answer::redirect("/news/carers"));
    app.advance(TimeDelta::hours(2));
    let poll = app.pass().await.polls.remove(0);
    assert!(matches!(poll.outcome, PollOutcome::Held { .. }), "{poll:?}");
    app.publish("/news/letter", &story(STORIES[2]));
    assert_eq!(told(&app).await, (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_item_that_moves_is_known_where_its_page_gives_no_address_of_its_own() {
    let story = |one| story(one).replace("<link rel=canonical", "<link rel=shortlink");
    let app = App::set_up().await;
    app.watch("news", "/news", "");
    app.list("people", &[("now@example.org", "immediate")]);
    for one in STORIES {
        app.publish(&format!("/news/{}", one.0), &story(one));
    }
    app.publish("/news", &list(&STORIES, true));
    assert_eq!(app.pass().await.polls.remove(0).new, 4);
    let (old, text) = (STORIES[0], STORIES[0].2.replace("forty", "fifty"));
    let now = ("fifty-actions", old.1, text.as_str());
    app.council.publish("/news/fifty", Answer::redirect("/news/fifty-actions"));
    app.publish("/news/fifty-actions", &story(now));
    app.publish("/news", &list(&[now, STORIES[1], STORIES[2], STORIES[3]], true));
    assert_eq!(told(&app).await, (0, 1, 0));
    for _ in 0..2 {
        assert_eq!(told(&app).await, (0, 0, 0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_leads_to_its_neighbour_on_the_list_never_becomes_that() {
    for is_dated in [true, false] {
        let app = watched(is_dated).await;
        app.council.publish("/news/letter", Answer::redirect("/news/carers"));
        for day in 0..6 {
            app.advance(TimeDelta::days(1));
            let poll = app.pass().await.polls.remove(0);
            assert_eq!((poll.new, poll.revised, poll.withdrawn), (0, 0, 0), "{is_dated} {day}: {poll:?}");
        }
        app.publish("/news/carers", &story(STORIES[3]).replace("more nights", "many more nights"));
        assert_eq!(told(&app).await, (0, 1, 0), "{is_dated}");
    }
}
