//! Batches that look wrong: held with examples, until an admin says what they are. And what comes back after it was gone.

use crate::support::app::App;
use crate::support::council::Answer;
use crate::support::pages::{Chrome, blog};
use boardwatch::domain::poll::{HoldDecision, PollOutcome};
use boardwatch::domain::source::SourceId;
use boardwatch::engine::pass::PassReport;
use boardwatch::engine::rhythm::overdue;
use boardwatch::store::records::{Hold, SourceState};
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
    let shares =
        |page: String, words: &str| page.replace(&format!("<p>{words}</p>"), &format!("<p>{words}</p><p>Share {words}</p>"));
    let template = |page: &str| SIX.iter().fold(page.to_owned(), |page, (_, words)| shares(page, words));
    show(&app, &SIX, template);
    let report = later(&app).await;
    let PollOutcome::Held { reason } = &report.polls[0].outcome else { panic!("{report:?}") };
    assert_eq!(reason, "6 of the 6 known items that were read again read otherwise");
    let held = hold(&app).await.unwrap();
    assert_eq!(held.examples.len(), 5);
    let first = &held.examples[0];
    assert_eq!((first.title.as_str(), first.after.as_deref()), ("Improvement Board Update 6", Some("Share Six.")));
    decide(&app, HoldDecision::Absorb).await;
    for _ in 0..3 {
        assert_eq!(later(&app).await.polls[0].notices, 0);
    }
    assert_eq!(hold(&app).await, None);
    assert_eq!(app.smtp.kept().len(), 0);
}

#[tokio::test]
async fn what_is_new_and_what_one_item_says_later_is_told_while_the_others_are_held() {
    let app = six_posts().await;
    // On each page another line, so that it is nobody's but the page's.
    let shared = |posts: &[(u32, &str)]| {
        for (path, page) in blog(posts, &Chrome::default()) {
            let line = format!("<p>Blog: 2026</p><p>Whoever reads {path} may share it.</p>");
            app.publish(&path, &page.replace("<p>Blog: 2026</p>", &line));
        }
    };
    let told = |report: &PassReport| {
        let poll = &report.polls[0];
        assert!(matches!(poll.outcome, PollOutcome::Held { .. }), "{report:?}");
        (poll.new, poll.revised, poll.notices)
    };
    shared(&SIX);
    assert_eq!(told(&later(&app).await), (0, 0, 0));
    let since = hold(&app).await.unwrap().since;
    let mut seven = vec![(7, "Seven.")];
    seven.extend(SIX);
    shared(&seven);
    assert_eq!(told(&later(&app).await), (1, 0, 1), "what is new is no sign of a template");
    seven[3].1 = "Four, and the figure is put right.";
    shared(&seven);
    assert_eq!(told(&later(&app).await), (0, 1, 1), "one that has moved on beside the others says so itself");
    for _ in 0..2 {
        assert_eq!(told(&later(&app).await), (0, 0, 0));
    }
    assert_eq!((hold(&app).await.unwrap().since, app.smtp.kept().len()), (since, 2));
    let mut eight = vec![(8, "Eight.")];
    eight.extend(seven);
    shared(&eight);
    decide(&app, HoldDecision::Absorb).await;
    assert_eq!(later(&app).await.polls[0].notices, 1, "nobody has absorbed what is new");
    assert_eq!(later(&app).await.polls[0].notices, 0);
    assert_eq!((hold(&app).await, app.smtp.kept().len()), (None, 3));
}

#[tokio::test]
async fn what_one_item_says_on_the_day_on_which_the_others_are_absorbed_is_told() {
    let app = six_posts().await;
    let shared = |posts: &[(u32, &str)]| {
        for (path, page) in blog(posts, &Chrome::default()) {
            let line = format!("<p>Blog: 2026</p><p>Whoever reads {path} may share it.</p>");
            app.publish(&path, &page.replace("<p>Blog: 2026</p>", &line));
        }
    };
    shared(&SIX);
    assert!(matches!(later(&app).await.polls[0].outcome, PollOutcome::Held { .. }));
    let mut corrected = SIX;
    corrected[2].1 = "Four, and the figure is put right.";
    shared(&corrected);
    decide(&app, HoldDecision::Absorb).await;
    assert_eq!(later(&app).await.polls[0].notices, 1, "nobody has absorbed what nobody had seen");
    let kept = app.smtp.kept();
    assert!(String::from_utf8_lossy(&kept[0].bytes).contains("Improvement Board Update 4"), "{kept:?}");
    assert_eq!(later(&app).await.polls[0].notices, 0);
    assert_eq!((hold(&app).await, app.smtp.kept().len()), (None, 1));
}

#[tokio::test]
async fn a_correction_that_comes_with_a_flood_is_told_when_the_flood_is_absorbed() {
    let app = App::set_up().await;
    app.watch("blog", "/blog/updates.aspx", "new_max = 2\n");
    app.list("people", &[("now@example.org", "immediate")]);
    show(&app, &SIX[3..], as_it_is);
    app.pass().await;
    let mut all = SIX;
    all[4].1 = "Two, and the figure is put right.";
    show(&app, &all, as_it_is);
    let report = later(&app).await;
    assert!(matches!(&report.polls[0].outcome, PollOutcome::Held { reason } if reason.contains("3 new items")), "{report:?}");
    decide(&app, HoldDecision::Absorb).await;
    let report = later(&app).await;
    assert_eq!((report.polls[0].new, report.polls[0].revised, report.polls[0].notices), (3, 1, 1), "{report:?}");
    let mails = app.inbox("now@example.org");
    assert!(mails.len() == 1 && mails[0].text.contains("the figure is put right"), "{mails:?}");
    assert_eq!(later(&app).await.polls[0].notices, 0);
}

#[tokio::test]
async fn pages_whose_days_and_hours_are_only_spelt_otherwise_are_neither_held_nor_told() {
    let app = six_posts().await;
    let dated =
        |said: &str| show(&app, &SIX, |page| page.replace("<p>Blog: 2026</p>", &format!("<p>Blog: 2026</p><p>{said}</p>")));
    dated("The next report comes on Thursday 10 December 2026 at 2pm.");
    assert!(matches!(later(&app).await.polls[0].outcome, PollOutcome::Held { .. }));
    decide(&app, HoldDecision::Absorb).await;
    later(&app).await;
    for said in ["Thursday, 10th December 2026 at 2.00pm", "10/12/2026 at 14:00", "10 Dec 2026 at 14:00"] {
        dated(&format!("The next report comes on {said}."));
        let report = later(&app).await;
        assert_eq!((&report.polls[0].outcome, report.polls[0].notices), (&PollOutcome::Unchanged, 0), "{said}");
    }
    let one = |page: &str| {
        let said = if page.contains("Four.") { "11/12/2026 at 14:00" } else { "10/12/2026 at 14:00" };
        page.replace("<p>Blog: 2026</p>", &format!("<p>Blog: 2026</p><p>The next report comes on {said}.</p>"))
    };
    show(&app, &SIX, one);
    assert!(later(&app).await.polls[0].notices > 0, "another day is news");
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
    app.publish("/news", &list_of(3));
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
    app.publish("/news", &list_of(4));
    for n in 1..=3 {
        app.publish(&format!("/news/{n}"), &page_of(&format!("Improvement Board update {n}"), UPDATE));
    }
    let report = later(&app).await;
    assert_eq!((report.polls[0].new, report.polls[0].revised), (1, 0), "{:?}", report.polls[0]);
    let (world, _) = app.start().await;
    assert!(world.store.source_state(&id()).await.unwrap().unwrap().value.unreadable.is_empty());
    assert_eq!(app.inbox("now@example.org").len(), 1);
}

fn list_of(updates: u32) -> String {
    let entry = |n| format!("<li><h2><a href=/news/{n}>Improvement Board update {n}</a></h2><p>{n} June 2026</p></li>");
    let entries = (1..=updates).rev().map(entry).collect::<Vec<_>>().concat();
    format!("<html><head><title>News</title></head><body><main><h1>News</h1><ul>{entries}</ul></main></body></html>")
}

fn update(n: u32) -> String {
    page_of(&format!("Improvement Board update {n}"), UPDATE)
}

/// A list of updates, each on a page of its own.
async fn updates(count: u32) -> App {
    let app = App::set_up().await;
    app.watch("blog", "/news", "");
    app.list("people", &[("now@example.org", "immediate")]);
    app.publish("/news", &list_of(count));
    (1..=count).for_each(|n| app.publish(&format!("/news/{n}"), &update(n)));
    app.pass().await;
    app
}

async fn source_state(app: &App) -> SourceState {
    let (world, _) = app.start().await;
    world.store.source_state(&id()).await.unwrap().unwrap().value
}

/// The page as a program leaves it that dies before the end.
fn cut(page: &str, upto: &str) -> String {
    page[..page.find(upto).unwrap() + upto.len()].to_owned()
}

#[tokio::test]
async fn half_a_page_in_a_whole_answer_is_not_read() {
    let app = updates(3).await;
    app.publish("/news", &cut(&list_of(3), "2 June 2026</p></li>"));
    let report = later(&app).await;
    let PollOutcome::Unrecognised { detail } = &report.polls[0].outcome else { panic!("{report:?}") };
    assert!(detail.contains("breaks off"), "{detail}");
    app.publish("/news", &list_of(3));
    app.publish("/news/2", &cut(&update(2), "forty actions"));
    app.publish("/news/1", &cut(&update(1), "</p"));
    let report = later(&app).await;
    assert_eq!((report.polls[0].revised, report.polls[0].withdrawn), (0, 0), "{report:?}");
    assert_eq!(source_state(&app).await.unreadable.len(), 2);
    (1..=3).for_each(|n| app.publish(&format!("/news/{n}"), &update(n)));
    assert_eq!(later(&app).await.polls[0].outcome, PollOutcome::Unchanged);
    assert!(app.inbox("now@example.org").is_empty());
}

#[tokio::test]
async fn a_page_without_end_tags_is_read_where_it_never_had_any_or_has_done_without_for_days() {
    let app = updates(3).await;
    let open = |words: &str| cut(&page_of("Improvement Board update 1", words), "inspection letter.");
    for n in 0..4 {
        app.publish("/news/1", &open(&UPDATE.replace("forty", "fifty")));
        let report = later(&app).await;
        assert_eq!(report.polls[0].revised, usize::from(n == 3), "{report:?}");
        app.advance(TimeDelta::days(1));
    }
    app.publish("/news/1", &open(&UPDATE.replace("forty", "sixty")));
    assert_eq!(later(&app).await.polls[0].revised, 1, "it is written like that now");
}

#[tokio::test]
async fn an_own_page_under_another_name_or_with_an_apology_is_not_believed_and_another_name_not_lost() {
    let app = updates(3).await;
    let other = "Could you foster a child? Come and hear from families who do, in the town hall, any Monday evening at six.";
    app.publish("/news/3", &page_of("Carers wanted", other));
    let sorry = "This content is temporarily unavailable. Please try again later.";
    app.publish("/news/2", &page_of("Improvement Board update 2", sorry));
    let report = later(&app).await;
    assert_eq!(report.polls[0].revised, 0, "{report:?}");
    assert_eq!(source_state(&app).await.unreadable.len(), 2);
    app.publish("/news/2", &update(2));
    app.advance(TimeDelta::days(4));
    let report = later(&app).await;
    assert_eq!(report.polls[0].revised, 1, "by now the council means it: {report:?}");
}

#[tokio::test]
async fn a_headline_that_is_corrected_wholly_is_told_at_once() {
    let app = updates(3).await;
    app.publish("/news/3", &page_of("What families heard", UPDATE));
    let report = later(&app).await;
    assert_eq!(report.polls[0].revised, 1, "{report:?}");
}

#[tokio::test]
async fn a_list_whose_items_pages_cannot_be_read_is_no_page_without_news() {
    let app = updates(3).await;
    for n in 1..=3 {
        app.council.publish(&format!("/news/{n}"), Answer::status(500));
    }
    assert!(later(&app).await.polls[0].outcome.is_good());
    later(&app).await;
    let report = later(&app).await;
    let PollOutcome::Unrecognised { detail } = &report.polls[0].outcome else { panic!("{report:?}") };
    assert!(detail.contains("its list is read, but not the pages of its items"), "{detail}");
    app.publish("/news", &list_of(4));
    app.publish("/news/4", &update(4));
    assert_eq!(later(&app).await.polls[0].new, 1, "what the list says counts");
    let state = source_state(&app).await;
    assert!(state.failures >= 3 && state.read_well.is_some_and(|read| read < app.now()), "{state:?}");
    (1..=3).for_each(|n| app.publish(&format!("/news/{n}"), &update(n)));
    assert!(later(&app).await.polls[0].outcome.is_good());
    assert_eq!(source_state(&app).await.failures, 0);
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
    let said = "another page stands in its place: \"Your session has expired\" where \"Improvement Board update\" stood";
    assert_eq!(hold(&app).await.unwrap().reason, said, "{report:?}");
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
    let (world, config) = app.start().await;
    let state = world.store.source_state(&id()).await.unwrap().unwrap().value;
    let said = overdue(&world.store, &id(), &state, config.site.timezone, app.now()).await.unwrap().unwrap();
    assert_eq!(said.because, "the page says that it is empty, 3 readings in a row; 6 items of it are known");
    drop(world);
    show(&app, &[(7, "Seven.")], as_it_is);
    let report = later(&app).await;
    assert_eq!(report.polls[0].new, 1, "{report:?}");
}
