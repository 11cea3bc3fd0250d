//! Batches that look wrong: held with examples, until an admin says what they are. And what comes back after it was gone.

use crate::support::app::App;
use crate::support::council::Answer;
use crate::support::pages::{Chrome, blog};
use boardwatch::domain::poll::{HoldDecision, PollOutcome};
use boardwatch::domain::source::SourceId;
use boardwatch::engine::pass::PassReport;
use boardwatch::engine::rhythm::overdue;
use boardwatch::store::records::Hold;
use chrono::TimeDelta;

const SIX: [(u32, &str); 6] = [(6, "Six."), (5, "Five."), (4, "Four."), (3, "Three."), (2, "Two."), (1, "One.")];

/// The blog with every page rewritten.
fn show(app: &App, posts: &[(u32, &str)], rewrite: impl Fn(&str) -> String) {
    for (path, page) in blog(posts, &Chrome::default()) {
        app.publish(&path, &rewrite(&page));
    }
}

fn as_it_is(page: &str) -> String {
    page.to_owned()
}

async fn six_posts() -> App {
    let app = App::set_up().await;
    app.watch("blog", "/blog/updates.aspx", "");
    app.list("people", &[("now@example.org", "immediate")]);
    show(&app, &SIX, as_it_is);
    app.pass().await;
    app
}

async fn later(app: &App) -> PassReport {
    app.advance(TimeDelta::hours(2));
    app.pass().await
}

fn id() -> SourceId {
    SourceId::parse("blog").unwrap()
}

async fn hold(app: &App) -> Option<Hold> {
    let (world, _) = app.start().await;
    world.store.source_state(&id()).await.unwrap().unwrap().value.hold
}

async fn decide(app: &App, decision: HoldDecision) {
    let (world, _) = app.start().await;
    assert!(world.store.decide_hold(&id(), decision, app.now()).await.unwrap());
}

#[tokio::test]
async fn a_template_that_changes_every_item_is_held_with_examples_and_absorbed_in_silence() {
    let app = six_posts().await;
    let template = |page: &str| page.replace("<p>Blog: 2026</p>", "<p>Blog: 2026</p><p>Share what you have just read.</p>");
    show(&app, &SIX, template);
    let report = later(&app).await;
    let PollOutcome::Held { reason } = &report.polls[0].outcome else { panic!("{report:?}") };
    assert_eq!(reason, "6 of the 6 known items that were read again read otherwise");
    let held = hold(&app).await.unwrap();
    assert_eq!(held.examples.len(), 5);
    let first = &held.examples[0];
    assert_eq!(
        (first.title.as_str(), first.after.as_deref()),
        ("Improvement Board Update 6", Some("Share what you have just read."))
    );
    decide(&app, HoldDecision::Absorb).await;
    for _ in 0..3 {
        assert_eq!(later(&app).await.polls[0].notices, 0);
    }
    assert_eq!(hold(&app).await, None);
    assert_eq!(app.smtp.kept().len(), 0);
}

#[tokio::test]
async fn dates_whose_day_and_month_change_places_are_held_and_released_as_news() {
    let app = six_posts().await;
    let swapped = |page: &str| {
        let months = [(1, "January"), (2, "February"), (3, "March"), (4, "April"), (5, "May"), (6, "June")];
        months
            .iter()
            .fold(page.to_owned(), |page, (n, month)| page.replace(&format!("{n} November 2026"), &format!("11 {month} 2026")))
    };
    show(&app, &SIX, swapped);
    let report = later(&app).await;
    assert!(
        matches!(&report.polls[0].outcome, PollOutcome::Held { reason } if reason.contains("day and month have changed places in the dates of 6")),
        "{report:?}"
    );
    let example = hold(&app).await.unwrap().examples.remove(0);
    assert_eq!((example.before.as_deref(), example.after.as_deref()), (Some("6 November 2026"), Some("11 June 2026")));
    show(&app, &SIX, as_it_is);
    assert!(later(&app).await.polls[0].outcome.is_good(), "what has recovered is no longer held");
    show(&app, &SIX, swapped);
    later(&app).await;
    decide(&app, HoldDecision::Release).await;
    assert_eq!(later(&app).await.polls[0].revised, 6);
    let mail = &app.inbox("now@example.org")[0];
    assert!(mail.text.contains("What changed (date moved)"), "{}", mail.text);
}

#[tokio::test]
async fn what_was_withdrawn_and_comes_back_is_told_to_those_who_heard_that_it_was_gone() {
    let app = six_posts().await;
    let seven: Vec<(u32, &str)> = [(7, "Seven.")].into_iter().chain(SIX).collect();
    show(&app, &seven, as_it_is);
    assert_eq!(later(&app).await.polls[0].new, 1);
    show(&app, &SIX, as_it_is);
    later(&app).await;
    assert_eq!(later(&app).await.polls[0].withdrawn, 1);
    show(&app, &seven, as_it_is);
    assert_eq!(later(&app).await.polls[0].new, 0);
    later(&app).await;
    let subjects: Vec<String> = app.inbox("now@example.org").into_iter().map(|mail| mail.subject).collect();
    assert_eq!(subjects.len(), 3, "{subjects:?}");
    assert!(subjects[1].contains("withdrawn: ") && subjects[2].contains("published again: "), "{subjects:?}");
    let feed = std::fs::read_to_string(app.dir.path().join("var/feeds/blog.xml")).unwrap();
    assert!(!feed.contains("Withdrawn"), "{feed}");
}

#[tokio::test]
async fn a_source_that_is_silent_for_longer_than_ever_is_overdue_and_not_broken() {
    let app = App::set_up().await;
    app.watch("blog", "/blog/updates.aspx", "");
    let monthly = |page: &str| {
        let days = ["", "2 March 2026", "1 April 2026", "4 May 2026", "1 June 2026"];
        (1..=4).fold(page.to_owned(), |page, n| page.replace(&format!("{n} November 2026"), days[n]))
    };
    show(&app, &SIX[2..], monthly);
    assert!(app.pass().await.polls[0].outcome.is_good());
    let (world, config) = app.start().await;
    let state = world.store.source_state(&id()).await.unwrap().unwrap().value;
    let found = overdue(&world.store, &id(), &state, config.site.timezone, app.now()).await.unwrap().unwrap();
    assert_eq!(found.because, "usually posts every 28 to 33 days; the last post was on 1 June 2026, 172 days ago");
    let in_july = "2026-07-01T10:00:00Z".parse().unwrap();
    assert_eq!(overdue(&world.store, &id(), &state, config.site.timezone, in_july).await.unwrap(), None);
}

const UPDATE: &str = "The Board met on 3 March and heard that forty actions of the improvement plan are complete. \
     The director reported on staffing, caseloads and the inspection letter.";

fn page_of(title: &str, words: &str) -> String {
    format!(
        "<!DOCTYPE html><html><head><title>{title}</title></head><body><main><h1>{title}</h1><p>{words}</p></main></body></html>"
    )
}

#[tokio::test]
async fn an_own_page_that_shows_another_thing_is_not_believed_while_the_list_names_the_item() {
    let app = App::set_up().await;
    app.watch("blog", "/news", "");
    app.list("people", &[("now@example.org", "immediate")]);
    let list = |n: u32| {
        let entry = |n| format!("<li><h2><a href=/news/{n}>Improvement Board update {n}</a></h2><p>{n} June 2026</p></li>");
        let entries = (1..=n).rev().map(entry).collect::<Vec<_>>().concat();
        format!("<html><head><title>News</title></head><body><main><h1>News</h1><ul>{entries}</ul></main></body></html>")
    };
    app.publish("/news", &list(3));
    for n in 1..=4 {
        app.publish(&format!("/news/{n}"), &page_of(&format!("Improvement Board update {n}"), UPDATE));
    }
    app.publish("/", &page_of("Welcome to Testshire", "Pay your council tax, bin collection days, find a school place."));
    app.pass().await;
    app.publish("/news/3", &page_of("You are now in line", "When it is your turn you have ten minutes to enter the website."));
    app.council.publish("/news/2", Answer::redirect("/"));
    app.council.publish("/news/1", Answer::status(403));
    let report = later(&app).await;
    assert_eq!((report.polls[0].new, report.polls[0].revised), (0, 0), "{:?}", report.polls[0]);
    let (world, _) = app.start().await;
    let state = world.store.source_state(&id()).await.unwrap().unwrap().value;
    assert_eq!(state.unreadable.len(), 3, "{:?}", state.unreadable);
    drop(world);

    // News comes as ever, and what comes back is no news.
    app.publish("/news", &list(4));
    for n in 1..=3 {
        app.publish(&format!("/news/{n}"), &page_of(&format!("Improvement Board update {n}"), UPDATE));
    }
    let report = later(&app).await;
    assert_eq!((report.polls[0].new, report.polls[0].revised), (1, 0), "{:?}", report.polls[0]);
    let (world, _) = app.start().await;
    assert!(world.store.source_state(&id()).await.unwrap().unwrap().value.unreadable.is_empty());
    assert_eq!(app.inbox("now@example.org").len(), 1);
}

#[tokio::test]
async fn another_thing_in_the_place_of_a_single_page_is_held() {
    let app = App::set_up().await;
    app.watch("blog", "/update", "");
    app.list("people", &[("now@example.org", "immediate")]);
    app.publish("/update", &page_of("Improvement Board update", UPDATE));
    app.pass().await;
    app.publish("/update", &page_of("Your session has expired", "Please begin anew from where you came, or ring us."));
    let report = later(&app).await;
    assert_eq!(hold(&app).await.unwrap().reason, "another thing altogether stands in its place", "{report:?}");
    app.publish("/update", &page_of("Improvement Board update", &UPDATE.replace("forty", "fifty")));
    let report = later(&app).await;
    assert_eq!(report.polls[0].revised, 1, "{report:?}");
    assert_eq!(app.inbox("now@example.org").len(), 1);

    app.publish("/", &page_of("Welcome to Testshire", "Pay your council tax, bin collection days, find a school place."));
    app.council.publish("/update", Answer::redirect("/"));
    let report = later(&app).await;
    assert!(matches!(report.polls[0].outcome, PollOutcome::Unrecognised { .. }), "{report:?}");
}

#[tokio::test]
async fn a_list_that_says_that_it_is_empty_is_believed_and_what_comes_next_is_news() {
    let app = six_posts().await;
    let none = "<html><head><title>Improvement plan updates</title></head><body><main><h1>Improvement plan updates</h1>\
         <p>There are currently no news items.</p></main></body></html>";
    app.publish("/blog/updates.aspx", none);
    for _ in 0..3 {
        let report = later(&app).await;
        assert_eq!(report.polls[0].outcome, PollOutcome::Empty, "{report:?}");
    }
    assert!(app.inbox("now@example.org").is_empty(), "that is no word on any one of them");
    show(&app, &[(7, "Seven.")], as_it_is);
    let report = later(&app).await;
    assert_eq!(report.polls[0].new, 1, "{report:?}");
}
