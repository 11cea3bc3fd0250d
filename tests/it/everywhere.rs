//! A sentence within the text that comes to all of a site's pages at once is the site's; what else changes on one of them in the
//! same poll is told, and so is a sentence that speaks of what the pages are about.

use crate::support::app::App;
use crate::whose_page::html;
use boardwatch::domain::poll::PollOutcome;
use chrono::TimeDelta;

const READER: &str = "now@example.org";
const BODIES: [&str; 6] =
    ["Harbour forum", "Parks users' group", "Rents tribunal", "School places panel", "Youth parliament", "Allotments court"];
const WORDS: [&str; 6] = [
    "Masters of all vessels are asked what the new moorings should cost.",
    "Gardens, pitches and playgrounds: whoever uses them may come and speak.",
    "Tenants bring their cases, and three members decide on each of them.",
    "How many places there will be in each year, school by school.",
    "Members between eleven and eighteen years of age debate what they have chosen.",
    "Who holds a plot, for how long, and what becomes of it after that.",
];
const STOCK: &str = "<p>Our offices close at 4pm on Fridays.</p>";

/// So many bodies, each on a page of its own.
async fn watched(bodies: usize, more: &str) -> App {
    watched_with(bodies, more, |_| String::new()).await
}

/// The same, with this in the text of each from the beginning.
async fn watched_with(bodies: usize, more: &str, with: impl Fn(usize) -> String) -> App {
    let app = App::set_up().await;
    app.watch("bodies", "/bodies", more);
    app.list("people", &[(READER, "immediate")]);
    let entry = |n: usize| format!("<li><h2><a href=/bodies/{n}>{}</a></h2><p>{} November 2026</p></li>", BODIES[n], n + 2);
    let entries: String = (0..bodies).map(entry).collect();
    app.publish("/bodies", &html("Public bodies", &format!("<h1>Public bodies</h1><ul>{entries}</ul>")));
    show(&app, bodies, with);
    assert_eq!(app.pass().await.polls[0].new, bodies);
    app
}

/// The own pages, with this in the text of each.
fn show(app: &App, bodies: usize, with: impl Fn(usize) -> String) {
    for n in 0..bodies {
        let own = format!("<h1>{}</h1><p>{}</p>{}<p>It is so, and was.</p>", BODIES[n], WORDS[n], with(n));
        app.publish(&format!("/bodies/{n}"), &html(BODIES[n], &own));
    }
}

/// What the mails of the next poll say; a held batch is a panic.
async fn told(app: &App) -> Vec<String> {
    let before = app.inbox(READER).len();
    app.advance(TimeDelta::hours(2));
    let poll = app.pass().await.polls.remove(0);
    assert!(poll.outcome.is_good(), "{poll:?}");
    app.inbox(READER).split_off(before).into_iter().map(|mail| mail.text).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sentence_that_comes_to_all_pages_is_no_change_of_any_and_what_else_changes_is_told_alone() {
    let app = watched(5, "").await;
    for with in [
        STOCK,
        "<p>If a meeting is cancelled we will say so on this page.</p>",
        "<p>This page was moved to <a href=/new>our new site</a>.</p>",
        "",
        "<div class=survey><p>Was this easy to read?</p><p>Take part in <a href=/survey>our survey</a>.</p></div>",
        "",
    ] {
        show(&app, 5, |_| with.to_owned());
        assert_eq!(told(&app).await, Vec::<String>::new(), "{with}");
        assert_eq!(told(&app).await, Vec::<String>::new(), "{with}");
    }
    let own = |n| if n == 3 { "<p>The school of the west quarter is left out of it.</p>" } else { "" };
    show(&app, 5, |n| format!("{STOCK}{}", own(n)));
    let mails = told(&app).await;
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert!(mail.contains("Added: The school of the west quarter") && !mail.contains("Added: Our offices"), "{mail}");
    show(&app, 5, |n| format!("{}{}", STOCK.replace("4pm", "3pm"), own(n)));
    assert_eq!(told(&app).await, Vec::<String>::new());
    show(&app, 5, |n| own(n).to_owned());
    assert_eq!(told(&app).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_that_come_in_their_turn_are_not_told_of_what_came_to_all_others_before() {
    let app = watched(6, "reread = 4").await;
    show(&app, 6, |_| STOCK.to_owned());
    for day in 0..4 {
        assert_eq!(told(&app).await, Vec::<String>::new(), "{day}");
        app.advance(TimeDelta::days(1));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changes_in_the_very_paragraph_that_the_sentence_comes_to_is_told_alone() {
    let said = |more: &str| format!("<p>They meet in the spring of each year.{more}</p>");
    let app = watched_with(5, "", |_| said("")).await;
    let stock = " Our offices close at 4pm on Fridays.";
    show(&app, 5, |n| said(&if n == 2 { format!(" Two of them have left since then.{stock}") } else { stock.to_owned() }));
    let mails = told(&app).await;
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert!(mail.contains("Added: Two of them have left") && !mail.contains("Added: Our offices"), "{mail}");
    assert_eq!(told(&app).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_site_says_of_its_pages_is_no_change_of_three_pages_either() {
    let app = watched(3, "").await;
    let moved = "<p>This page has been moved to our new website. If you use a bookmark, please save it again.</p>";
    show(&app, 3, |_| moved.to_owned());
    assert_eq!(told(&app).await, Vec::<String>::new());
    show(&app, 3, |n| if n == 1 { format!("{moved}<p>Two of them have left.</p>") } else { moved.to_owned() });
    let mails = told(&app).await;
    assert!(
        matches!(mails.as_slice(), [mail] if mail.contains("Added: Two of them") && !mail.contains("Added: This page")),
        "{mails:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sentence_on_three_pages_is_told_of_each() {
    let app = watched(3, "").await;
    show(&app, 3, |_| STOCK.to_owned());
    let mails = told(&app).await;
    assert!(matches!(mails.as_slice(), [mail] if mail.matches("Added: Our offices").count() == 3), "{mails:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sentence_that_speaks_of_what_the_pages_are_about_waits_for_a_person() {
    for with in [
        "This body has been abolished, and all of its meetings are cancelled.",
        "Correction: the figures of last year were wrong.",
        "Venue: Guildhall",
        "The next meeting is on 12 January 2027 at 6pm.",
    ] {
        let app = watched(5, "").await;
        show(&app, 5, |_| format!("<p>{with}</p>"));
        app.advance(TimeDelta::hours(2));
        let poll = app.pass().await.polls.remove(0);
        assert!(matches!(poll.outcome, PollOutcome::Held { .. }), "{with}: {poll:?}");
    }
}
