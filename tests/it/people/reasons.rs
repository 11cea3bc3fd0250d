//! Everything in a mail has a reason that is true when it leaves: what was muted meanwhile is not in it, and what became of
//! something that is no longer asked for says when it had been told.

use super::erased::{mailed, post};
use crate::support::app::App;
use crate::support::front::Front;
use crate::support::pages::{Chrome, blog, issue};
use boardwatch::domain::item::ItemId;
use boardwatch::domain::source::SourceId;
use boardwatch::engine::pass::Orders;
use chrono::{NaiveDate, TimeDelta};

/// A blog and an issue of another council, both read once.
async fn opened() -> (App, Front) {
    let app = App::set_up().await;
    app.watch("blog", "/blog/updates.aspx", "");
    app.watch("issue", "/issue", "");
    app.publish("/issue", &issue(&[("18 November 2026", "Cabinet", 7, "Resolved.")], &Chrome::default()));
    publish(&app, &[(2, "The Board met."), (1, "The Board met.")]);
    let front = Front::open(&app).await;
    front.pass().await;
    (app, front)
}

fn publish(app: &App, posts: &[(u32, &str)]) {
    for (path, page) in blog(posts, &Chrome::default()) {
        app.publish(&path, &page);
    }
}

/// Signs up and says yes; answers with the link to their own page.
async fn subscribed(app: &App, front: &Front, who: &str, choice: &str) -> String {
    let deliver = async || front.world.deliver(&front.config, &|| false).await.unwrap();
    post(&front.url("/subscribe"), &format!("address={who}&{choice}")).await;
    deliver().await;
    post(&mailed(app, who, "/confirm/"), "").await;
    deliver().await;
    mailed(app, who, "/manage/")
}

/// The blog's item of that day of November.
async fn item(front: &Front, day: u32) -> ItemId {
    let rows = front.world.store.items(&SourceId::parse("blog").unwrap()).await.unwrap();
    let published = NaiveDate::from_ymd_opt(2026, 11, day);
    rows.into_iter().map(|row| row.value).find(|state| state.published == published).unwrap().id
}

#[tokio::test]
async fn what_was_muted_while_a_mail_waited_is_not_in_it_and_a_mail_about_nothing_else_is_not_sent() {
    let (app, front) = opened().await;
    let (one, both, none) = ("one@example.org", "both@example.org", "none@example.org");
    let mut pages = Vec::new();
    for who in [one, both, none] {
        pages.push(subscribed(&app, &front, who, "everything=immediate").await);
    }
    publish(&app, &[(4, "Four."), (3, "Three."), (2, "The Board met."), (1, "The Board met.")]);
    app.advance(TimeDelta::hours(2));
    let orders = Orders { all: true, hold_mail: true, ..Orders::default() };
    front.world.pass(&front.config, &orders, &|_| {}, &|| false).await.unwrap();
    let (third, fourth) = (item(&front, 3).await, item(&front, 4).await);
    for (page, item) in [(&pages[0], &third), (&pages[1], &third), (&pages[1], &fourth), (&pages[2], &third)] {
        post(&format!("{page}/mute/blog/{item}"), "").await;
    }
    // Muted and then wanted after all, before it left.
    post(&format!("{}/unmute/{third}", pages[2]), "").await;
    let delivered = front.world.deliver(&front.config, &|| false).await.unwrap();
    assert_eq!((delivered.sent, delivered.cancelled), (2, 1));
    let told = |who: &str| {
        let mail = app.inbox(who).pop().unwrap().text;
        [mail.contains("Update 3"), mail.contains("Update 4")]
    };
    assert_eq!([told(one), told(both), told(none)], [[false, true], [false, false], [true, true]]);
}

#[tokio::test]
async fn who_is_told_what_became_of_something_that_they_dropped_reads_when_they_had_been_told_of_it() {
    let (app, front) = opened().await;
    let (narrows, follows, word) = ("narrows@example.org", "follows@example.org", "word@example.org");
    let page = subscribed(&app, &front, narrows, "everything=immediate").await;
    subscribed(&app, &front, follows, "everything=immediate").await;
    subscribed(&app, &front, word, "keywords=tram&keywords.often=immediate").await;
    publish(&app, &[(4, "Four."), (3, "The tram comes."), (2, "The Board met."), (1, "The Board met.")]);
    app.advance(TimeDelta::hours(2));
    front.pass().await;
    assert!(app.inbox(narrows).pop().unwrap().text.contains("Why: you follow everything."));
    app.advance(TimeDelta::days(2));
    post(&format!("{page}/choice"), "council.issue-council=immediate").await;
    publish(&app, &[(4, "Four."), (3, "The bus comes."), (2, "The Board met."), (1, "The Board met.")]);
    app.advance(TimeDelta::hours(2));
    front.pass().await;
    let told = |who: &str, why: &str| {
        let mail = app.inbox(who).pop().unwrap();
        assert!(mail.subject.contains("changed:"), "{}", mail.subject);
        let why = format!("Why: {why}.");
        assert!(mail.text.contains(&why) && mail.html.contains(&why), "{why} not in {}", mail.text);
    };
    told(narrows, "we told you of this on 20 November 2026, before you changed what you get");
    told(follows, "you follow everything");
    // What had been their word has gone from it.
    told(word, "we told you of this on 20 November 2026");

    // Beside something that is asked for it is named.
    publish(&app, &[(4, "Four, corrected."), (3, "The tram and the bus."), (2, "The Board met."), (1, "The Board met.")]);
    let meetings = [("20 November 2026", "Cabinet", 8, "Agreed."), ("18 November 2026", "Cabinet", 7, "Resolved.")];
    app.publish("/issue", &issue(&meetings, &Chrome::default()));
    app.advance(TimeDelta::hours(2));
    front.pass().await;
    let text = app.inbox(narrows).pop().unwrap().text;
    let why = "Why: you follow issue Council and we told you of “Improvement Board Update 3” and “Improvement Board Update 4” on 20 November 2026, before you changed what you get.";
    assert!(text.contains(why), "{text}");
}

#[tokio::test]
async fn a_question_lists_what_was_asked_for_and_how_often_a_line_each() {
    let (app, front) = opened().await;
    let who = "resident@example.org";
    let choice = "council.blog-council=immediate&council.issue-council=immediate&topic.boards=weekly&keywords=tram&keywords.often=daily&monthly=yes";
    post(&front.url("/subscribe"), &format!("address={who}&{choice}")).await;
    front.world.deliver(&front.config, &|| false).await.unwrap();
    let mail = app.inbox(who).pop().unwrap();
    let lines = [
        "blog Council, as soon as something is published",
        "issue Council, as soon as something is published",
        "words of your own choice, once a day",
        "the topic “Boards”, once a week",
        "how the pages are doing, once a month where there was no news",
    ];
    let listed = format!("to write to this address about: - {} Yes, send me updates:", lines.join(" - "));
    assert!(mail.text.contains(&listed), "{}", mail.text);
    for line in lines {
        assert!(mail.html.contains(&format!("<li class=\"li\" dir=\"auto\">{line}</li>")), "{line} not in {}", mail.html);
    }
}
