//! A mail server that leaves mail to one provider's readers without an answer: that provider's readers wait, and nobody else.

use super::for_now::{at_once, go_on, readers, tries_at};
use super::*;
use crate::support::quiet::QuietTime;
use boardwatch::config::{SmtpSettings, Tls};
use boardwatch::domain::bundle::Lane;
use boardwatch::edge::smtp::{SmtpMail, SmtpPatience};
use boardwatch::engine::pass::World;
use boardwatch::store::records::LateAnswers;
use boardwatch::store::signups::Ask;
use std::sync::Arc;
use std::time::Duration;

const BIG: &str = "big.example.org";
const AT_THE_END: &str = "content big.example.org";

#[tokio::test]
async fn a_line_that_is_closed_for_one_providers_readers_keeps_nobody_else_waiting_and_is_tried_seldom_and_told() {
    for (step, act, most) in [(BIG, Act::Drop, 12), (AT_THE_END, Act::TakeAndDrop, 7), (AT_THE_END, Act::Drop, 7)] {
        let (big, small) = readers(30);
        let app = app_with(Script::default().offering("PIPELINING"), &at_once(big.iter().chain(&small))).await;
        app.smtp.will(step, (0..4_000).map(|_| act.clone()));
        set_back_by_half_an_hour(&app);
        show(&app, 2);
        let first = app.pass().await.delivered;
        assert_eq!((first.sent, &first.resting), (30, &None), "{step}: {first:?}");
        let (world, config) = app.start().await;
        go_on(&app, &world, &config, 24 * 60).await;
        let tries = tries_at(&app, BIG);
        let most = if step == BIG { 3 * 2 + 60 } else { most + 6 };
        assert!(tries <= most, "{step}: {tries} tries in a day");
        let copies = big.iter().map(|who| app.inbox(who).len()).max();
        assert!(copies <= Some(2), "{step}: {copies:?} copies");
        let out = world.store.providers_out().await.unwrap().unwrap().value.providers;
        assert!(out.len() == 1 && out[0].name == BIG && out[0].is_worth_telling(), "{out:?}");
        assert!(world.store.relay_trouble().await.unwrap().is_none_or(|row| !row.value.rests(app.now())));
        assert!(world.mail.remarks().is_empty(), "what happens to one provider is no word on PIPELINING");
        drop(world);
        let (_, told) = status(&app);
        assert!(told.contains("one provider's readers") && told.contains(BIG) && told.contains("the server closed"), "{told}");
        app.smtp.forget(step);
        let (world, config) = app.start().await;
        go_on(&app, &world, &config, 7 * 60).await;
        for who in &big {
            assert!(!app.inbox(who).is_empty(), "{step}: {who}");
        }
        let ids =
            |who: &String| app.inbox(who).iter().map(|read| read.message_id.clone()).collect::<std::collections::BTreeSet<_>>();
        assert!(big.iter().all(|who| ids(who).len() == 1), "{step}");
    }
}

#[tokio::test]
async fn a_line_that_is_closed_for_readers_of_three_providers_is_the_relay() {
    for (step, act) in [("RCPT", Act::Drop), ("content", Act::Drop)] {
        let app = app_with(Script::default().on(step, vec![act; 40]), &FOUR).await;
        app.write("boardwatch.toml", &one_line(&app));
        show(&app, 2);
        let done = app.pass().await.delivered;
        assert!(done.sent == 0 && done.resting.is_some(), "{step}: {done:?}");
        let (world, _) = app.start().await;
        assert!(world.store.providers_out().await.unwrap().is_none(), "no provider is to blame");
    }
}

/// Longer than any test.
const FOR_EVER: Duration = Duration::from_secs(7 * 86_400);

/// The world with a mail server that has fallen silent when it has said nothing for a while in quiet time, and is given all the time
/// that it wants.
fn hushed(app: &App, mut world: World, connections: u32) -> (World, QuietTime) {
    let one = SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port: app.smtp.port(),
        tls: Tls::None,
        login: None,
        connections,
        hello: None,
    };
    world.mail = Arc::new(SmtpMail::new(one, waits_for_ever(), None).unwrap());
    (world, QuietTime::with([&app.smtp]))
}

fn waits_for_ever() -> SmtpPatience {
    SmtpPatience {
        connect: FOR_EVER,
        command: FOR_EVER,
        first_answer: FOR_EVER,
        last_reply: FOR_EVER,
        hush: Duration::from_millis(400),
        ..SmtpPatience::default()
    }
}

#[tokio::test]
async fn silence_about_one_providers_readers_keeps_nobody_else_waiting_nor_a_stop() {
    for (step, connections) in [(BIG, 2), (AT_THE_END, 2), (BIG, 1), (AT_THE_END, 1)] {
        let (big, small) = readers(20);
        let app = app_with(Script::default().offering("PIPELINING"), &at_once(big.iter().chain(&small))).await;
        app.smtp.will(step, (0..4_000).map(|_| Act::Hang));
        show(&app, 2);
        let (world, config) = app.start().await;
        let (world, _time) = hushed(&app, world, connections);
        world
            .pass(
                &config,
                &boardwatch::engine::pass::Orders { all: true, hold_mail: true, ..Default::default() },
                &|_| {},
                &|| false,
            )
            .await
            .unwrap();
        let sent = world.deliver(&config, &|| false).await.unwrap().sent;
        assert_eq!(sent, 20, "at {step} over {connections}");
        // Somebody who has just asked for it.
        ask(&world, "new@example.net", app.now()).await;
        assert_eq!(world.deliver(&config, &|| false).await.unwrap().sent, 1);
        // As a daemon looks, for as long as it is silent.
        for _ in 0..40 {
            app.advance(TimeDelta::seconds(1));
            world.deliver(&config, &|| false).await.unwrap();
        }
        let most = 3 + usize::from(step == BIG);
        assert!(tries_at(&app, BIG) <= most, "at {step}: {} tries", tries_at(&app, BIG));
        let out = world.store.providers_out().await.unwrap().unwrap().value.providers;
        assert!(out.len() == 1 && out[0].name == BIG && out[0].is_worth_telling(), "{out:?}");
        assert!(out[0].reply.contains("did not answer"), "{out:?}");
        // Whoever starts it anew goes on with them.
        app.smtp.forget(step);
        drop(world);
        let (world, config) = app.start().await;
        world.settle_in(&config).await.unwrap();
        go_on(&app, &world, &config, 40).await;
        for who in &big {
            assert_eq!(app.inbox(who).len(), 1, "at {step} over {connections}: {who}");
        }
    }
}

/// The server says nothing to every third mail, whoever it is for.
#[tokio::test]
async fn where_single_mails_are_left_unanswered_whoever_they_are_for_the_others_are_served_and_they_soon_after() {
    // Behind the text each is waited for: a slow server may take it after all.
    for (step, soon) in [("RCPT", 45), ("content", 38)] {
        let readers: Vec<String> = (0..60).map(|n| format!("reader{n}@big{}.example.org", n % 4)).collect();
        let app = app_with(Script::default().offering("PIPELINING"), &at_once(&readers)).await;
        let usual = Act::Late(Duration::ZERO);
        app.smtp.will(step, (0..600).map(|n| if n % 3 == 2 { Act::Hang } else { usual.clone() }));
        show(&app, 2);
        let (world, config) = app.start().await;
        let (world, _time) = hushed(&app, world, 4);
        let orders = boardwatch::engine::pass::Orders { all: true, hold_mail: true, ..Default::default() };
        world.pass(&config, &orders, &|_| {}, &|| false).await.unwrap();
        let mut sent = world.deliver(&config, &|| false).await.unwrap().sent;
        assert!(sent >= 24, "at {step}: {sent} of 60 at once");
        for _ in 0..60 {
            app.advance(TimeDelta::seconds(5));
            sent += world.deliver(&config, &|| false).await.unwrap().sent;
        }
        assert!(sent >= soon, "at {step}: {sent} of 60 after five minutes");
        assert!(world.store.relay_trouble().await.unwrap().is_none_or(|row| !row.value.rests(app.now())), "at {step}");
        app.smtp.forget(step);
        go_on(&app, &world, &config, 30).await;
        for who in &readers {
            assert_eq!(app.inbox(who).len(), 1, "at {step}: {who}");
        }
    }
}

/// The server says nothing behind every third text, and waits for each as long as it likes: no line is left for news.
#[tokio::test]
async fn a_letter_goes_while_news_wait_for_a_server_that_leaves_every_third_mail_unanswered_and_that_is_told() {
    let readers: Vec<String> = (0..90).map(|n| format!("reader{n}@big{}.example.org", n % 4)).collect();
    let app = app_with(Script::default().offering("PIPELINING"), &at_once(&readers)).await;
    app.advance(chrono::Utc::now() - app.now());
    app.smtp.will("content", (0..600).map(|n| if n % 3 == 2 { Act::Hang } else { Act::Late(Duration::ZERO) }));
    show(&app, 2);
    let (world, config) = app.start().await;
    let (world, _time) = hushed(&app, world, 1);
    let orders = boardwatch::engine::pass::Orders { all: true, hold_mail: true, ..Default::default() };
    world.pass(&config, &orders, &|_| {}, &|| false).await.unwrap();
    let mut sent = 0;
    for _ in 0..20 {
        app.advance(TimeDelta::seconds(1));
        sent += world.deliver(&config, &|| false).await.unwrap().sent;
    }
    assert!((14..60).contains(&sent), "{sent} of 90");
    assert!(world.store.next_outgoing(&Lane::ALL).await.unwrap() <= Some(app.now()), "some of them wait for a line");
    assert!(world.store.relay_trouble().await.unwrap().is_none(), "that is no trouble of everybody's");
    // Of three who have just asked for it, two at least hear at once.
    let mut letters = 0;
    for n in 0..3 {
        ask(&world, &format!("new{n}@example.net"), app.now()).await;
        letters += world.deliver(&config, &|| false).await.unwrap().sent;
    }
    assert!(letters >= 2, "{letters}");
    let late = world.store.late_answers().await.unwrap().unwrap().value.unanswered.unwrap();
    assert!(late.many >= 7 && late.hang >= 7 && late.providers == 4 + usize::from(letters < 3), "{late:?}");
    app.smtp.forget("content");
    go_on(&app, &world, &config, 90).await;
    for who in &readers {
        assert_eq!(app.inbox(who).len(), 1, "{who}");
    }
    assert_eq!(world.store.late_answers().await.unwrap().and_then(|row| row.value.unanswered), None);
    world.store.record_late_answers(None, Some(&LateAnswers { unanswered: Some(late), ..Default::default() })).await.unwrap();
    drop(world);
    let (code, told) = status(&app);
    assert!(
        code == Some(1) && told.contains("NEEDS YOU  the mail server has left") && told.contains("without an answer"),
        "{told}"
    );
}

/// It is the only mail on its way: whether others would be answered nobody knows.
#[tokio::test]
async fn a_confirmation_that_hangs_behind_its_text_goes_to_a_second_server_after_half_a_minute_and_news_do_not() {
    for servers in [1, 2] {
        let app = app_with(Script::default(), &at_once(&["reader@other.example.org".to_owned()])).await;
        let second = Script::default().start().await;
        app.smtp.will("content", (0..40).map(|_| Act::Hang));
        let (mut world, config) = app.start().await;
        let one =
            |port| SmtpSettings { host: "127.0.0.1".to_owned(), port, tls: Tls::None, login: None, connections: 2, hello: None };
        let relays = [app.smtp.port(), second.port()].map(one)[..servers].to_vec();
        world.mail = Arc::new(SmtpMail::over(relays, &waits_for_ever(), None).unwrap());
        let _time = QuietTime::with([&app.smtp, &second]);
        show(&app, 2);
        let orders = boardwatch::engine::pass::Orders { all: true, hold_mail: true, ..Default::default() };
        world.pass(&config, &orders, &|_| {}, &|| false).await.unwrap();
        ask(&world, "new@example.net", app.now()).await;
        let mut after = None;
        for seconds in (0..60).step_by(5) {
            if world.deliver(&config, &|| false).await.unwrap().sent > 0 {
                after = Some(seconds);
            }
            app.advance(TimeDelta::seconds(5));
        }
        let to_whom: Vec<String> = second.kept().iter().flat_map(|kept| kept.to.clone()).collect();
        if servers == 2 {
            assert_eq!(
                (after, to_whom),
                (Some(30), vec!["new@example.net".to_owned()]),
                "one copy at most, behind a line that was cut"
            );
        } else {
            assert_eq!((after, to_whom), (None, vec![]));
        }
        assert_eq!(app.smtp.taken(), 0);
    }
}

/// Somebody asks for news on the web pages.
async fn ask(world: &World, who: &str, now: chrono::DateTime<chrono::Utc>) {
    let everything = boardwatch::domain::subscriber::Interests { everything: true, ..Default::default() };
    let daily = (boardwatch::domain::subscriber::Cadence::Daily, everything);
    let ask = Ask {
        address: Address::parse(who).unwrap(),
        choice: boardwatch::domain::choice::Choice::from_iter([daily]),
        monthly: false,
        wording: boardwatch::domain::consent::Wording { version: "test/en".into(), text: "Yes.".into() },
        instead_of: None,
    };
    let id = SubscriberId::of(&ask.address, &world.key);
    world.store.record_request(&id, &ask, 9, now).await.unwrap();
}

/// Of three readers each may have their mail: none is left to ask with who has not.
#[tokio::test]
async fn where_all_may_have_come_one_asks_for_them_within_minutes_and_each_in_turn() {
    let big: Vec<String> = (0..3).map(|n| format!("reader{n}@{BIG}")).collect();
    let (_, small) = readers(3);
    let app = app_with(Script::default(), &at_once(big.iter().chain(&small))).await;
    app.smtp.will(AT_THE_END, (0..400).map(|_| Act::Drop));
    show(&app, 2);
    app.pass().await;
    let (world, config) = app.start().await;
    go_on(&app, &world, &config, 4).await;
    assert!((3..=4).contains(&tries_at(&app, BIG)), "{}", tries_at(&app, BIG));
    app.smtp.forget(AT_THE_END);
    assert_eq!(go_on(&app, &world, &config, 8).await, 3);
    // Where it lasts, nobody is asked for more often than the others.
    app.smtp.will(AT_THE_END, (0..400).map(|_| Act::TakeAndDrop));
    show(&app, 3);
    drop(world);
    app.pass().await;
    let (world, config) = app.start().await;
    go_on(&app, &world, &config, 5 * 60).await;
    let copies: Vec<usize> = big.iter().map(|who| app.inbox(who).len() - 1).collect();
    assert!(copies.iter().all(|copies| (1..=3).contains(copies)) && copies.iter().sum::<usize>() <= 7, "{copies:?}");
    assert!(copies.iter().max() <= copies.iter().min().map(|least| least + 1).as_ref(), "{copies:?}");
}

#[tokio::test]
async fn what_waits_behind_a_silence_that_was_short_goes_within_minutes_and_few_were_asked_with() {
    for step in [BIG, AT_THE_END] {
        let (big, small) = readers(30);
        let app = app_with(Script::default().offering("PIPELINING"), &at_once(big.iter().chain(&small))).await;
        app.smtp.will(step, (0..4_000).map(|_| Act::Hang));
        show(&app, 2);
        let (world, config) = app.start().await;
        let (world, _time) = hushed(&app, world, 2);
        let orders = boardwatch::engine::pass::Orders { all: true, hold_mail: true, ..Default::default() };
        world.pass(&config, &orders, &|_| {}, &|| false).await.unwrap();
        assert_eq!(world.deliver(&config, &|| false).await.unwrap().sent, 30);
        // Four minutes of silence.
        go_on(&app, &world, &config, 4).await;
        let tries = tries_at(&app, BIG);
        assert!((3..=6).contains(&tries), "at {step}: {tries}");
        app.smtp.forget(step);
        let sent = go_on(&app, &world, &config, 6).await;
        assert!(sent >= 30 - tries, "at {step}: {sent} within six minutes, {tries} were asked with");
        // What may have come is sent again when the server has had its time, and a rest after it.
        go_on(&app, &world, &config, 40).await;
        for who in &big {
            assert_eq!(app.inbox(who).len(), 1, "at {step}: {who}");
        }
    }
}

#[tokio::test]
async fn what_the_first_server_says_is_too_much_to_the_first_providers_goes_to_the_second_with_the_others() {
    let (_, small) = readers(12);
    let app = app_with(Script::default(), &at_once(&small)).await;
    let second = Script::default().start().await;
    let text = std::fs::read_to_string(app.config_dir().join("boardwatch.toml")).unwrap();
    let relay = format!("[[mail.smtp.relay]]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n", second.port());
    app.write("boardwatch.toml", &text.replace("[web]\n", &format!("{relay}[web]\n")));
    app.smtp.will("RCPT", (0..400).map(|_| Act::SayAndDrop("421 4.7.0 Too many messages, try again later")));
    show(&app, 2);
    let done = app.pass().await.delivered;
    assert_eq!((done.sent, app.smtp.taken(), second.taken()), (12, 0, 12), "{done:?}");
    let (world, _) = app.start().await;
    assert!(world.store.providers_out().await.unwrap().is_none());
}

#[tokio::test]
async fn a_provider_that_says_later_to_many_is_left_alone_and_named_while_others_are_served() {
    for said in [Act::SayAndDrop("421 4.3.2 Service busy, try again later"), Act::SayAndDrop("421 Service not available")] {
        let (big, small) = readers(60);
        let app = app_with(Script::default(), &at_once(big.iter().chain(&small))).await;
        app.smtp.will(BIG, (0..4_000).map(|_| said.clone()));
        set_back_by_half_an_hour(&app);
        show(&app, 2);
        assert_eq!(app.pass().await.delivered.sent, 60);
        let (world, config) = app.start().await;
        go_on(&app, &world, &config, 60).await;
        let tries = tries_at(&app, BIG);
        assert!((10..=40).contains(&tries), "{said:?}: {tries} tries in an hour");
        drop(world);
        let (code, told) = status(&app);
        assert!(code == Some(1) && told.contains("one provider takes no mail") && told.contains(BIG), "{told}");
        app.smtp.forget(BIG);
        let (world, config) = app.start().await;
        assert!(go_on(&app, &world, &config, 31).await > 50);
        go_on(&app, &world, &config, 3 * 60).await;
        assert!(big.iter().all(|who| app.inbox(who).len() == 1));
    }
}

#[tokio::test]
async fn one_operators_domains_are_one_provider() {
    let names = ["hotmail.com", "outlook.com", "live.com", "msn.com"];
    let theirs: Vec<String> = (0..12).map(|n| format!("reader{n}@{}", names[n % 4])).collect();
    let (_, small) = readers(6);
    let app = app_with(Script::default(), &at_once(theirs.iter().chain(&small))).await;
    for name in names {
        app.smtp.will(name, (0..40).map(|_| Act::Say("451 4.7.650 The mail server has been temporarily rate limited")));
    }
    show(&app, 2);
    let done = app.pass().await.delivered;
    assert_eq!((done.sent, &done.resting), (6, &None), "{done:?}");
    let (world, _) = app.start().await;
    assert_eq!(world.store.providers_out().await.unwrap().unwrap().value.providers.len(), 1);
}
