//! What is said "for now": by one provider to its readers, which has nobody else wait, and by the mail server to everybody.

use super::*;
use boardwatch::config::Config;
use boardwatch::domain::choice::Choice;
use boardwatch::domain::consent::Wording;
use boardwatch::domain::subscriber::{Cadence, Interests};
use boardwatch::engine::pass::World;
use boardwatch::store::signups::Ask;

const BIG: &str = "big.example.org";
const YAHOO: &str = "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints";
const OUTLOOK: &str = "451 4.7.650 The mail server 192.0.2.1 has been temporarily rate limited due to IP reputation";

/// Readers of one provider, and as many with a provider each.
pub(super) fn readers(many: usize) -> (Vec<String>, Vec<String>) {
    let big = (0..many).map(|n| format!("reader{n}@{BIG}")).collect();
    (big, (0..many).map(|n| format!("reader@small{n}.example.org")).collect())
}

pub(super) fn at_once<'a>(people: impl IntoIterator<Item = &'a String>) -> Vec<(&'a str, &'static str)> {
    people.into_iter().map(|who| (who.as_str(), "immediate")).collect()
}

/// How often mail was offered to readers of the provider.
pub(super) fn tries_at(app: &App, provider: &str) -> usize {
    app.smtp.heard().iter().filter(|line| line.starts_with("RCPT") && line.contains(provider)).count()
}

/// Delivers once a minute for so long; how many were sent.
pub(super) async fn go_on(app: &App, world: &World, config: &Config, minutes: i64) -> usize {
    let mut sent = 0;
    for _ in 0..minutes {
        app.advance(self::minutes(1));
        sent += world.deliver(config, &|| false).await.unwrap().sent;
    }
    sent
}

#[tokio::test]
async fn what_one_provider_says_is_too_much_has_its_own_readers_wait_and_no_others_and_is_told() {
    for said in [Act::SayAndDrop(YAHOO), Act::Say(OUTLOOK)] {
        let (big, small) = readers(40);
        let app = app_with(Script::default().offering("PIPELINING"), &at_once(big.iter().chain(&small))).await;
        app.smtp.will(BIG, (0..4_000).map(|_| said.clone()));
        set_back_by_half_an_hour(&app);
        show(&app, 2);
        let first = app.pass().await.delivered;
        assert_eq!((first.sent, &first.resting), (40, &None), "{first:?}");
        assert!(tries_at(&app, BIG) <= 3, "{} tries", tries_at(&app, BIG));
        let (code, told) = status(&app);
        assert!(code == Some(1) && told.contains("one provider takes no mail") && told.contains(BIG), "{told}");
        let (world, config) = app.start().await;
        assert!(world.store.relay_trouble().await.unwrap().is_none());
        let before = tries_at(&app, BIG);
        go_on(&app, &world, &config, 300).await;
        let tries = tries_at(&app, BIG) - before;
        assert!((3..=10).contains(&tries), "{tries} tries in five hours");
        drop(world);
        // Others are told at once meanwhile.
        show(&app, 3);
        assert_eq!(app.pass().await.delivered.sent, 40);
        app.smtp.forget(BIG);
        let (world, config) = app.start().await;
        go_on(&app, &world, &config, 6 * 60).await;
        for who in &big {
            assert_eq!(app.inbox(who).len(), 2, "{who}");
        }
        assert!(!status(&app).1.contains("one provider"), "it takes mail");
    }
}

#[tokio::test]
async fn what_is_too_much_before_it_is_said_whom_it_is_for_or_of_three_providers_has_everybody_wait() {
    let wait = || Act::Say("451 4.7.1 Too many messages from you, slow down: rate limited");
    let four = |script| async move {
        let app = app_with(script, &FOUR).await;
        app.write("boardwatch.toml", &one_line(&app));
        show(&app, 2);
        let done = app.pass().await.delivered;
        (app, done)
    };
    let (app, done) = four(Script::default().on("MAIL", [wait(), wait()])).await;
    assert!(done.sent == 0 && done.resting.is_some(), "{done:?}");
    assert_eq!(app.smtp.heard().iter().filter(|line| line.starts_with("MAIL")).count(), 1);
    let (world, _) = app.start().await;
    assert!(world.store.providers_out().await.unwrap().is_none(), "no provider has said anything");
    drop(world);
    let (app, done) = four(Script::default().on("RCPT", vec![wait(); 9])).await;
    assert!(done.sent == 0 && done.resting.is_some(), "{done:?}");
    assert_eq!(tries(&app), 3);
    // What we may send in a day is spent: it is said of one, and meant of all.
    let (app, done) = four(Script::default().on("RCPT", [Act::Say("550 5.4.5 Daily user sending limit exceeded")])).await;
    assert!(done.sent == 0 && done.resting.is_some(), "{done:?}");
    assert_eq!(tries(&app), 1);
}

#[tokio::test]
async fn a_provider_with_a_policy_for_now_is_tried_a_few_times_an_hour_while_others_are_served() {
    for said in ["451 4.7.1 Message rejected by policy", "451 4.7.1 Service unavailable - try again later"] {
        let (big, small) = readers(6);
        let app = app_with(Script::default(), &at_once(big.iter().chain(&small))).await;
        app.smtp.will(BIG, (0..4_000).map(|_| Act::Say(said)));
        for round in 0..10 {
            show(&app, 2 + round);
            app.pass().await;
            let (world, config) = app.start().await;
            go_on(&app, &world, &config, 1).await;
            let told = small.iter().map(|who| app.inbox(who).len()).collect::<Vec<_>>();
            assert_eq!(told, [round as usize + 1; 6], "{said}: others are served at once");
            go_on(&app, &world, &config, 29).await;
        }
        let tries = tries_at(&app, BIG);
        // How many of a round are under way when the first of them is answered is the machine's affair.
        assert!(tries <= 5 * 15, "{said}: {tries} tries in five hours");
        let (world, _) = app.start().await;
        let out = world.store.providers_out().await.unwrap().unwrap().value.providers;
        assert!(out.len() == 1 && out[0].name == BIG && out[0].reply.contains("4.7.1"), "{out:?}");
        let still = world.store.standstill().await.unwrap();
        assert!(still.is_none_or(|row| !row.value.needs_a_person(app.now())), "the server takes mail");
    }
}

#[tokio::test]
async fn a_provider_that_greylists_all_its_readers_has_each_of_them_once_more_and_then_all_have_theirs() {
    for said in ["450 4.2.0 Greylisted, see postgrey", "451 4.7.1 Please try again later"] {
        let (big, small) = readers(30);
        let app = app_with(Script::default(), &at_once(big.iter().chain(&small))).await;
        app.smtp.will(BIG, (0..30).map(|_| Act::Say(said)));
        show(&app, 2);
        let first = app.pass().await.delivered;
        assert_eq!((first.sent, first.postponed), (30, 30), "{said}: {first:?}");
        let (world, config) = app.start().await;
        assert_eq!(go_on(&app, &world, &config, 6).await, 30, "{said}");
        assert!(world.store.providers_out().await.unwrap().is_none(), "{said}");
    }
}

#[tokio::test]
async fn a_confirmation_to_a_provider_that_wants_no_more_is_tried_at_once_and_holds_up_nobody() {
    let (big, _) = readers(5);
    let app = app_with(Script::default(), &at_once(&big)).await;
    app.smtp.will(BIG, (0..4_000).map(|_| Act::SayAndDrop(YAHOO)));
    show(&app, 2);
    assert_eq!(app.pass().await.delivered.sent, 0);
    let before = tries_at(&app, BIG);
    let (world, config) = app.start().await;
    for who in [format!("new@{BIG}"), "new@example.net".to_owned(), format!("newer@{BIG}"), "newer@example.net".to_owned()] {
        let everything = Interests { everything: true, ..Interests::default() };
        let ask = Ask {
            address: Address::parse(&who).unwrap(),
            choice: Choice::from_iter([(Cadence::Daily, everything)]),
            monthly: false,
            wording: Wording { version: "test/en".into(), text: "Yes.".into() },
            instead_of: None,
        };
        let id = SubscriberId::of(&ask.address, &world.key);
        world.store.record_request(&id, &ask, 9, app.now()).await.unwrap();
    }
    let done = world.deliver(&config, &|| false).await.unwrap();
    assert_eq!((done.sent, &done.resting), (2, &None), "{done:?}");
    assert_eq!(tries_at(&app, BIG) - before, 2, "somebody waits for each");
    app.smtp.forget(BIG);
    assert!(go_on(&app, &world, &config, 15).await >= 2);
    assert_eq!(app.inbox(&format!("new@{BIG}")).len(), 1);
}

#[tokio::test]
async fn of_two_mail_servers_one_that_a_provider_wants_no_more_of_goes_on_with_the_others() {
    let (big, small) = readers(12);
    let app = app_with(Script::default(), &at_once(big.iter().chain(&small))).await;
    let second = Script::default().start().await;
    let text = std::fs::read_to_string(app.config_dir().join("boardwatch.toml")).unwrap();
    let relay = format!("[[mail.smtp.relay]]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n", second.port());
    app.write("boardwatch.toml", &text.replace("[web]\n", &format!("{relay}[web]\n")));
    app.smtp.will(BIG, (0..400).map(|_| Act::SayAndDrop(YAHOO)));
    show(&app, 2);
    assert_eq!(app.pass().await.delivered.sent, 12);
    assert_eq!((app.smtp.taken(), second.taken()), (12, 0));
    let (world, config) = app.start().await;
    assert!(world.store.relays_out().await.unwrap().is_empty());
    // Where the first says it to everybody, the second has all of it.
    app.smtp.will("MAIL", (0..40).map(|_| Act::Say("451 4.7.1 rate limited")));
    let sent = go_on(&app, &world, &config, 30).await;
    assert_eq!((sent, second.taken()), (12, 12));
    assert_eq!(world.store.relays_out().await.unwrap().len(), 1);
}
