//! Letters to one person: what is due to somebody arrives, before any digest, and nothing else does.

use crate::support::app::App;
use boardwatch::domain::choice::Choice;
use boardwatch::domain::consent::Wording;
use boardwatch::domain::subscriber::{Address, Cadence, Ending, Interests, SubscriberId};
use boardwatch::engine::pass::World;
use boardwatch::rules::token::Purpose;
use boardwatch::store::signups::{Ask, Asked, Yes};

fn ask(address: &str) -> Ask {
    let (councils, keywords) = (vec!["Bury Council".into()], vec!["improvement plan".into()]);
    let interests = Interests { councils, keywords, ..Interests::default() };
    Ask {
        address: Address::parse(address).unwrap(),
        choice: Choice::from_iter([(Cadence::Immediate, interests)]),
        wording: Wording { version: "test/en".into(), text: "Yes.".into() },
        monthly: false,
        instead_of: None,
    }
}

fn id(world: &World, address: &str) -> SubscriberId {
    SubscriberId::of(&Address::parse(address).unwrap(), &world.key)
}

/// The token behind the link to `page` in a mail.
pub fn token<'a>(text: &'a str, page: &str) -> &'a str {
    let rest = text.split_once(&format!("/{page}/")).unwrap_or_else(|| panic!("no link to {page} in {text}")).1;
    rest.split_whitespace().next().unwrap()
}

#[tokio::test]
async fn the_question_arrives_its_link_says_yes_and_then_comes_the_welcome() {
    let app = App::set_up().await;
    let who = "resident+boards@example.org";
    {
        let (world, _) = app.start().await;
        let asked = world.store.record_request(&id(&world, who), &ask(who), 3, app.now()).await.unwrap();
        assert_eq!(asked, Asked::Question);
    }
    app.pass().await;
    app.pass().await;
    let inbox = app.inbox(who);
    assert_eq!(inbox.len(), 1, "asked once: {inbox:?}");
    assert!(inbox[0].subject.starts_with("Confirm that you want"), "{}", inbox[0].subject);
    // A stranger may have typed them.
    assert!(
        inbox[0].text.contains("words of your own choice") && !inbox[0].text.contains("improvement plan"),
        "{}",
        inbox[0].text
    );
    let link = token(&inbox[0].text, "confirm").to_owned();
    {
        let (world, _) = app.start().await;
        let token = world.links.read(&link, Purpose::Confirm, app.now()).unwrap();
        assert_eq!(token.subscriber, id(&world, who));
        let yes = world.store.record_yes(&token.subscriber, token.expires.unwrap(), app.now()).await.unwrap();
        assert_eq!(yes, Yes::Begins);
    }
    app.pass().await;
    app.pass().await;
    let inbox = app.inbox(who);
    assert_eq!(inbox.len(), 2, "{inbox:?}");
    assert_eq!(inbox[1].subject, "Welcome to updates from Board Watch");
    assert!(inbox[1].text.contains("“improvement plan”"), "{}", inbox[1].text);
    assert_ne!(inbox[0].message_id, inbox[1].message_id);
    {
        let (world, _) = app.start().await;
        let manage = token(&inbox[1].text, "manage");
        assert_eq!(world.links.read(manage, Purpose::Manage, app.now()).unwrap().subscriber, id(&world, who));
        // A letter that waits when its reader leaves is not sent.
        let (occasion, me) = (boardwatch::domain::occasion::Occasion::Manage, id(&world, who));
        assert!(world.store.record_letter(&me, occasion, app.now()).await.unwrap());
        world.store.end_subscriptions(&me, Ending::Unsubscribed, app.now()).await.unwrap();
        assert!(!world.store.record_letter(&me, occasion, app.now()).await.unwrap());
    }
    assert_eq!(app.pass().await.delivered.cancelled, 1);
    assert_eq!(app.inbox(who).len(), 2);
}

/// Asks and says yes.
async fn subscribed(world: &World, ask: &Ask, now: chrono::DateTime<chrono::Utc>) {
    let id = id(world, ask.address.as_str());
    world.store.record_request(&id, ask, 9, now).await.unwrap();
    assert_eq!(world.store.record_yes(&id, Purpose::Confirm.expiry(now).unwrap(), now).await.unwrap(), Yes::Begins);
}

/// The words of the last mail to somebody, in one line.
fn last(app: &App, who: &str) -> (String, String) {
    let mail = app.inbox(who).pop().unwrap();
    (mail.subject, mail.text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[tokio::test]
async fn who_asks_for_the_same_at_another_rhythm_is_mailed_what_would_change() {
    let app = App::set_up().await;
    let who = "resident@example.org";
    {
        let (world, _) = app.start().await;
        subscribed(&world, &ask(who), app.now()).await;
    }
    app.advance(chrono::TimeDelta::minutes(5));
    {
        let (world, _) = app.start().await;
        let bury = Interests { councils: vec!["Bury Council".into()], ..Interests::default() };
        let weekly = Ask { choice: Choice::from_iter([(Cadence::Weekly, bury)]), ..ask(who) };
        assert_eq!(world.store.record_request(&id(&world, who), &weekly, 9, app.now()).await.unwrap(), Asked::More);
    }
    app.pass().await;
    let (subject, text) = last(&app, who);
    assert_eq!(subject, "Confirm a change to your updates from Board Watch");
    for part in [
        "Do you want this change?",
        "Nothing changes until you say yes.",
        "- Bury Council, once a week instead of as soon as something is published",
        "Yes, change it:",
        "goes on, whatever you answer: - the words “improvement plan”, as soon as something is published",
    ] {
        assert!(text.contains(part), "{part} not in {text}");
    }
    {
        let (world, _) = app.start().await;
        let until = Purpose::Confirm.expiry(app.now()).unwrap();
        assert_eq!(world.store.record_yes(&id(&world, who), until, app.now()).await.unwrap(), Yes::Begins);
    }
    app.pass().await;
    let (subject, text) = last(&app, who);
    assert_eq!(subject, "Your updates from Board Watch have changed");
    for part in [
        "Your updates have changed",
        "Your updates about Bury Council now come once a week instead of as soon as something is published.",
        "This is all that you get now: - the words “improvement plan”, as soon as something is published - Bury Council, once a week",
    ] {
        assert!(text.contains(part), "{part} not in {text}");
    }
    assert!(!text.contains("Welcome") && !text.contains("You are subscribed"), "{text}");
}

#[tokio::test]
async fn who_is_ended_by_an_admin_reads_the_reason_and_no_markup_of_it() {
    let app = App::set_up().await;
    let who = "ended@example.org";
    let reason = "The list for <b>members</b> & officers has closed.";
    {
        let (world, _) = app.start().await;
        subscribed(&world, &ask(who), app.now()).await;
        let store = &world.store;
        assert!(store.end_and_tell(&id(&world, who), Ending::ByAdmin, Some(reason), app.now()).await.unwrap());
        assert!(!store.end_and_tell(&id(&world, who), Ending::ByAdmin, Some("another"), app.now()).await.unwrap());
    }
    app.pass().await;
    let (_, text) = last(&app, who);
    assert!(
        text.contains(&format!("not by you. The reason that they give: “{reason}” If you want to answer, write to")),
        "{text}"
    );
    let html = app.inbox(who).pop().unwrap().html;
    assert!(html.contains("&lt;b&gt;members&lt;/b&gt;") || html.contains("&#60;b&#62;members&#60;/b&#62;"), "{html}");
    assert!(!html.contains("<b>members"), "{html}");
    // It is of that ending alone.
    app.advance(chrono::TimeDelta::days(2));
    let (world, _) = app.start().await;
    let held = |person: boardwatch::store::records::Person| person.ended_because;
    assert_eq!(held(world.store.person(&id(&world, who)).await.unwrap().unwrap().value).as_deref(), Some(reason));
    subscribed(&world, &ask(who), app.now()).await;
    assert_eq!(held(world.store.person(&id(&world, who)).await.unwrap().unwrap().value), None);
}

#[tokio::test]
async fn the_last_mail_can_be_undone_by_who_left_and_says_where_others_ended_it() {
    let app = App::set_up().await;
    let (left, ended) = ("left@example.org", "ended@example.org");
    {
        let (world, _) = app.start().await;
        for (who, why) in [(left, Ending::Unsubscribed), (ended, Ending::ByAdmin)] {
            subscribed(&world, &ask(who), app.now()).await;
            assert!(world.store.end_and_tell(&id(&world, who), why, None, app.now()).await.unwrap());
        }
    }
    app.pass().await;
    let (_, text) = last(&app, left);
    assert!(text.contains("You can undo it for a day.") && !text.contains("people who run Board Watch, not"), "{text}");
    let (world, _) = app.start().await;
    let link = world.links.read(token(&text, "unsubscribe"), Purpose::Unsubscribe, app.now()).unwrap();
    assert_eq!(link.subscriber, id(&world, left), "to the page with the button");
    let (_, text) = last(&app, ended);
    assert!(text.contains("ended by the people who run Board Watch, not by you. If you want to know why, write to"), "{text}");
    assert!(!text.contains("undo") && text.contains("Sign up again:"), "{text}");
}

#[tokio::test]
async fn a_question_that_expired_while_the_relay_was_out_of_reach_is_not_sent() {
    let app = App::set_up().await;
    let who = "resident@example.org";
    {
        let (world, _) = app.start().await;
        world.store.record_request(&id(&world, who), &ask(who), 3, app.now()).await.unwrap();
    }
    app.advance(chrono::TimeDelta::days(8));
    app.pass().await;
    assert!(app.inbox(who).is_empty());
}

#[tokio::test]
async fn a_question_that_waits_is_not_put_to_who_has_left_meanwhile_and_is_to_who_asks_again() {
    for why in [Ending::Unsubscribed, Ending::ByAdmin, Ending::Complained, Ending::AddressGone] {
        let (app, who) = (App::set_up().await, "resident@example.org");
        let begin = async |app: &App| {
            let (world, _) = app.start().await;
            assert_eq!(world.store.record_request(&id(&world, who), &ask(who), 9, app.now()).await.unwrap(), Asked::Question);
            let until = Purpose::Confirm.expiry(app.now()).unwrap();
            assert_eq!(world.store.record_yes(&id(&world, who), until, app.now()).await.unwrap(), Yes::Begins);
        };
        begin(&app).await;
        app.pass().await;
        app.advance(chrono::TimeDelta::hours(1));
        let asked = {
            let (world, _) = app.start().await;
            let weekly = Choice::from_iter([(Cadence::Weekly, Interests { everything: true, ..Interests::default() })]);
            let more = Ask { choice: weekly, ..ask(who) };
            let asked = world.store.record_request(&id(&world, who), &more, 9, app.now()).await.unwrap();
            app.advance(chrono::TimeDelta::minutes(5));
            world.store.end_subscriptions(&id(&world, who), why, app.now()).await.unwrap();
            asked
        };
        assert_eq!(asked, Asked::More);
        let before = app.inbox(who).len();
        app.pass().await;
        assert_eq!(app.inbox(who).len(), before, "{why}: {:?}", app.inbox(who).last().map(|mail| mail.subject.clone()));
        if why.may_return() {
            app.advance(chrono::TimeDelta::hours(1));
            let (world, _) = app.start().await;
            assert_eq!(world.store.record_request(&id(&world, who), &ask(who), 9, app.now()).await.unwrap(), Asked::Question);
            drop(world);
            app.pass().await;
            assert_eq!(app.inbox(who).len(), before + 1, "{why}");
        }
    }
}
