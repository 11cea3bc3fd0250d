//! Mail that comes back from everybody at once: a relay that has lost its users or its name server ends nobody's mail.

use super::ways_in::{app, bounce_of, complaint_of, drop_in, publish, why};
use crate::support::app::App;
use crate::support::smtp::Act;
use boardwatch::domain::choice::Choice;
use boardwatch::domain::consent::Wording;
use boardwatch::domain::subscriber::{Address, Cadence, Ending, Interests, SubscriberId};
use boardwatch::rules::complaints::{Standing, standing};
use boardwatch::rules::token::Purpose;
use boardwatch::store::gone::Verdict;
use boardwatch::store::signups::{Ask, Asked, Yes};
use chrono::TimeDelta;

/// An installation that has mailed `readers` besides the usual two.
async fn mailed(readers: usize) -> (App, Vec<String>) {
    let app = app().await;
    let people: Vec<String> = (0..readers).map(|n| format!("reader{n}@example.org")).collect();
    app.list("more", &people.iter().map(|address| (address.as_str(), "immediate")).collect::<Vec<_>>());
    app.pass().await;
    publish(&app, 2);
    app.pass().await;
    (app, people)
}

fn come_back(app: &App, people: &[String], status: &str) {
    for (n, address) in people.iter().enumerate() {
        drop_in(app, &format!("{status}-{n}"), &bounce_of(app, address, status, ""));
    }
}

async fn suppressed(app: &App) -> usize {
    let (world, _) = app.start().await;
    world.store.suppressed().await.unwrap().len()
}

async fn decide(app: &App, verdict: Verdict) -> bool {
    let (world, _) = app.start().await;
    world.store.decide_gone(verdict, app.now()).await.unwrap().is_some()
}

#[tokio::test]
async fn mail_that_comes_back_from_everybody_suppresses_nobody_until_an_admin_says_so() {
    let (app, people) = mailed(14).await;
    come_back(&app, &people, "5.1.1");
    app.pass().await;
    assert_eq!(suppressed(&app).await, 0, "also those who were believed at first are mailed again");
    app.advance(TimeDelta::hours(30));
    publish(&app, 3);
    assert_eq!(app.pass().await.delivered.sent, 16);
    assert_eq!(suppressed(&app).await, 0, "time alone makes it no truer");
    assert!(decide(&app, Verdict::True(app.now() + TimeDelta::days(1))).await);
    assert_eq!(suppressed(&app).await, 14);
    assert_eq!(why(&app, "reader3@example.org").await, Some(Ending::AddressGone));
    assert!(!decide(&app, Verdict::False).await, "nothing is held any more");
}

#[tokio::test]
async fn what_an_admin_does_not_believe_is_thrown_away_and_the_next_one_is_believed_again() {
    let (app, people) = mailed(14).await;
    come_back(&app, &people, "5.1.1");
    app.pass().await;
    app.advance(TimeDelta::hours(1));
    assert!(decide(&app, Verdict::False).await);
    app.advance(TimeDelta::hours(1));
    publish(&app, 3);
    assert_eq!(app.pass().await.delivered.sent, 16);
    come_back(&app, &people[..1], "5.1.10");
    app.pass().await;
    assert_eq!(suppressed(&app).await, 1);
}

#[tokio::test]
async fn who_got_nothing_because_a_relay_gave_everything_back_gets_it_when_that_is_put_right() {
    let (app, people) = mailed(14).await;
    let first: Vec<String> = message_ids(&app, &people[0]);
    come_back(&app, &people, "5.1.1");
    app.pass().await;
    let (world, _) = app.start().await;
    let left = SubscriberId::of(&Address::parse(&people[1]).unwrap(), &world.key);
    world.store.end_subscriptions(&left, Ending::Unsubscribed, app.now()).await.unwrap();
    drop(world);
    app.advance(TimeDelta::hours(1));
    assert!(decide(&app, Verdict::SendAgain).await);
    let report = app.pass().await;
    assert_eq!((report.delivered.sent, report.delivered.cancelled), (13, 0), "all but one who has left");
    let both = [first.clone(), first].concat();
    assert_eq!(message_ids(&app, &people[0]), both, "under the same Message-ID");
    assert_eq!((app.inbox(&people[1]).len(), app.inbox("stays@example.org").len()), (1, 1), "and nobody else");
    let (world, _) = app.start().await;
    assert_eq!(
        world.store.send_again(app.now() - TimeDelta::days(2), app.now()).await.unwrap().deliveries(),
        0,
        "once is enough"
    );
    drop(world);
    come_back(&app, &people[2..3], "5.7.1");
    app.pass().await;
    let (world, _) = app.start().await;
    assert_eq!(
        world.store.send_again(app.now() - TimeDelta::days(2), app.now()).await.unwrap().deliveries(),
        1,
        "unless it comes back again"
    );
}

#[tokio::test]
async fn the_last_of_what_an_admin_has_thrown_away_suppresses_nobody_either_and_is_said() {
    let (app, people) = mailed(16).await;
    come_back(&app, &people[..14], "5.1.1");
    app.pass().await;
    app.advance(TimeDelta::hours(1));
    assert!(decide(&app, Verdict::SendAgain).await);
    assert_eq!(app.pass().await.delivered.sent, 14);
    // Two of the same lot, and one of the second sending; the relay says the same of all.
    come_back(&app, &people[14..], "5.1.1");
    drop_in(&app, "second", &(bounce_of(&app, &people[0], "5.1.1", "") + "\nOnce more.\n"));
    app.advance(TimeDelta::hours(1));
    app.pass().await;
    assert_eq!(suppressed(&app).await, 0);
    let (world, _) = app.start().await;
    let late = async || world.store.told_gone().await.unwrap().unwrap().value.thrown_away.unwrap().late;
    assert_eq!(late().await, 3);
    assert_eq!(world.store.send_again(app.now() - TimeDelta::days(1), app.now()).await.unwrap().deliveries(), 3);
    assert_eq!(late().await, 0);
    drop(world);
    publish(&app, 3);
    app.pass().await;
    come_back(&app, &people[1..2], "5.1.1");
    app.pass().await;
    assert_eq!(suppressed(&app).await, 1, "of mail since then it is believed");
}

#[tokio::test]
async fn what_is_no_news_any_more_is_not_sent_again() {
    let (app, people) = mailed(14).await;
    come_back(&app, &people, "5.1.1");
    app.pass().await;
    app.advance(TimeDelta::days(9));
    assert!(decide(&app, Verdict::SendAgain).await);
    let first = app.pass().await.delivered;
    app.advance(TimeDelta::days(2));
    let second = app.pass().await.delivered;
    assert_eq!((first.sent + second.sent, first.stale + second.stale), (0, 14));
}

#[tokio::test]
async fn who_was_suppressed_before_a_storm_was_noticed_gets_what_was_told_meanwhile_once() {
    let (app, people) = mailed(14).await;
    come_back(&app, &people[..4], "5.1.1");
    app.pass().await;
    assert_eq!(suppressed(&app).await, 4, "so few are believed");
    app.advance(TimeDelta::hours(1));
    publish(&app, 3);
    assert_eq!(app.pass().await.delivered.sent, 12);
    come_back(&app, &people[4..], "5.1.10");
    app.advance(TimeDelta::hours(1));
    assert_eq!(app.pass().await.delivered.sent, 4, "the brake is on, and what they missed is told at once");
    assert_eq!(suppressed(&app).await, 0);
    let told = |who: &str, n: u32| app.inbox(who).iter().filter(|mail| mail.text.contains(&format!("Board Update {n}"))).count();
    for who in &people {
        assert_eq!((told(who, 2), told(who, 3)), (1, 1), "{who}");
    }
    let first = message_ids(&app, &people[0]);
    assert!(first.len() == 2 && first[0] != first[1], "{first:?}");
    app.advance(TimeDelta::hours(1));
    assert!(decide(&app, Verdict::SendAgain).await);
    assert_eq!(app.pass().await.delivered.sent, 14, "what came back goes again, and nothing besides");
    assert_eq!(message_ids(&app, &people[0]), [first[0].clone(), first[1].clone(), first[0].clone()]);
    assert_eq!(app.pass().await.delivered.sent, 0);
    // What was missed is known like any other mail when it comes back, too.
    let (world, _) = app.start().await;
    let (id, named) =
        (SubscriberId::of(&Address::parse(&people[0]).unwrap(), &world.key), first[1].split('@').next().unwrap().to_owned());
    assert!(world.store.digest_named(&id, &[named], app.now() - TimeDelta::days(9)).await.unwrap().is_some());
}

#[tokio::test]
async fn what_was_planned_before_and_waited_is_not_lost_to_a_false_bounce_either_nor_is_what_somebody_paused_told() {
    let app = app().await;
    let people: Vec<String> = (0..9).map(|n| format!("reader{n}@example.org")).collect();
    app.list("more", &people.iter().map(|address| (address.as_str(), "daily")).collect::<Vec<_>>());
    app.pass().await;
    publish(&app, 2);
    app.pass().await;
    app.clock.advance(TimeDelta::hours(22));
    assert_eq!(app.pass().await.delivered.sent, 9, "the daily digest");
    publish(&app, 3);
    app.pass().await;
    come_back(&app, &people[..4], "5.1.1");
    let (world, config) = app.start().await;
    let paused = SubscriberId::of(&Address::parse(&people[3]).unwrap(), &world.key);
    app.advance(TimeDelta::hours(24));
    // The window closes, and before any of it leaves, some of it is for people who seem to be gone.
    let orders = boardwatch::engine::pass::Orders { all: true, hold_mail: true, ..Default::default() };
    world.plan(&config, &[Cadence::Daily]).await.unwrap();
    world.pass(&config, &orders, &|_| {}, &|| false).await.unwrap();
    world.store.record_pause(&paused, Some(app.now() + TimeDelta::hours(1))).await.unwrap();
    drop(world);
    assert_eq!(suppressed(&app).await, 4);
    assert_eq!(app.pass().await.delivered.cancelled, 4);
    publish(&app, 4);
    app.pass().await;
    app.advance(TimeDelta::hours(2));
    come_back(&app, &people[4..], "5.1.1");
    assert_eq!(app.pass().await.delivered.sent, 3);
    for who in &people[..3] {
        assert_eq!(app.inbox(who).iter().filter(|mail| mail.text.contains("Board Update 3")).count(), 1, "{who}");
    }
    assert_eq!(app.inbox(&people[3]).len(), 1, "who wanted a pause when it was planned has missed nothing");
}

#[tokio::test]
async fn a_clock_that_was_ahead_while_everything_came_back_keeps_nobody_from_what_they_did_not_get() {
    let (app, people) = mailed(14).await;
    app.advance(TimeDelta::days(40));
    publish(&app, 3);
    assert_eq!(app.pass().await.delivered.sent, 16);
    come_back(&app, &people, "5.1.1");
    app.pass().await;
    assert_eq!(suppressed(&app).await, 0);
    app.clock.advance(TimeDelta::days(-40));
    assert!(decide(&app, Verdict::SendAgain).await);
    assert_eq!(app.pass().await.delivered.sent, 14);
    // The last of it, of mail of then, read by the right clock.
    drop_in(&app, "last", &bounce_of(&app, "stays@example.org", "5.1.1", ""));
    app.pass().await;
    assert_eq!(suppressed(&app).await, 0);
}

#[tokio::test]
async fn a_clock_that_was_behind_takes_nothing_back_that_was_true() {
    let (app, people) = mailed(24).await;
    come_back(&app, &people[..3], "5.1.1");
    app.pass().await;
    assert_eq!(suppressed(&app).await, 3);
    let now = app.now();
    app.clock.advance(TimeDelta::days(-9_000));
    come_back(&app, &people[3..], "5.1.10");
    app.pass().await;
    assert_eq!(suppressed(&app).await, 3, "the others are held");
    app.clock.advance(now - app.now() + TimeDelta::hours(1));
    assert!(decide(&app, Verdict::False).await);
    assert_eq!(suppressed(&app).await, 3);
}

#[tokio::test]
async fn complaints_that_a_clock_dated_ahead_are_forgiven_when_mail_resumes() {
    let (app, people) = mailed(12).await;
    app.advance(TimeDelta::days(40));
    publish(&app, 3);
    app.pass().await;
    for (n, person) in people.iter().enumerate().take(5) {
        drop_in(&app, &n.to_string(), &complaint_of(&app, person, "spam"));
    }
    app.pass().await;
    app.clock.advance(TimeDelta::days(-40));
    let (world, _) = app.start().await;
    assert!(world.store.forgive_complaints(app.now()).await.unwrap());
    let (complaints, sent) = world.store.complaints(app.now()).await.unwrap();
    assert_eq!((complaints, standing(complaints, sent)), (0, Standing::Fine));
}

fn ask(address: &str) -> Ask {
    Ask {
        address: Address::parse(address).unwrap(),
        choice: Choice::from_iter([(Cadence::Daily, Interests { everything: true, ..Interests::default() })]),
        wording: Wording { version: "test/en".into(), text: "Yes.".into() },
        monthly: false,
        instead_of: None,
    }
}

#[tokio::test]
async fn a_welcome_that_was_given_back_goes_again_but_no_question_and_nothing_to_who_has_left() {
    let app = app().await;
    let (asked, joined, left) = ("asked@example.org", "joined@example.org", "left@example.org");
    let (world, _) = app.start().await;
    let id = |address: &str| SubscriberId::of(&Address::parse(address).unwrap(), &world.key);
    for who in [asked, joined, left] {
        world.store.record_request(&id(who), &ask(who), 9, app.now()).await.unwrap();
    }
    for who in [joined, left] {
        let until = Purpose::Confirm.expiry(app.now()).unwrap();
        assert_eq!(world.store.record_yes(&id(who), until, app.now()).await.unwrap(), Yes::Begins);
    }
    let left_id = id(left);
    drop(world);
    app.pass().await;
    let welcome = message_ids(&app, joined);
    assert_eq!((welcome.len(), app.inbox(joined)[0].subject.as_str()), (1, "Welcome to updates from Board Watch"));
    for who in [asked, joined, left] {
        drop_in(&app, who, &bounce_of(&app, who, "5.2.2", ""));
    }
    app.advance(TimeDelta::minutes(5));
    assert_eq!(app.pass().await.returned, 3);
    let (world, _) = app.start().await;
    world.store.end_subscriptions(&left_id, Ending::Unsubscribed, app.now()).await.unwrap();
    assert_eq!(world.store.send_again(app.now() - TimeDelta::days(1), app.now()).await.unwrap().deliveries(), 1);
    assert_eq!(
        world.store.send_again(app.now() - TimeDelta::days(1), app.now()).await.unwrap().deliveries(),
        0,
        "once is enough"
    );
    drop(world);
    assert_eq!(app.pass().await.delivered.sent, 1);
    assert_eq!(message_ids(&app, joined), [welcome.clone(), welcome].concat(), "under the same Message-ID");
    assert_eq!((app.inbox(asked).len(), app.inbox(left).len()), (1, 1));
}

fn message_ids(app: &App, address: &str) -> Vec<String> {
    let kept = app.smtp.kept();
    let theirs = kept.iter().filter(|kept| kept.to == [address]);
    let id = |bytes: &[u8]| mail_parser::MessageParser::default().parse(bytes).unwrap().message_id().unwrap().to_owned();
    theirs.map(|kept| id(&kept.bytes)).collect()
}

#[tokio::test]
async fn an_admin_who_says_that_all_are_gone_is_believed_for_a_day() {
    let (app, people) = mailed(40).await;
    come_back(&app, &people[..12], "5.1.1");
    app.pass().await;
    assert!(decide(&app, Verdict::True(app.now() + TimeDelta::days(1))).await);
    app.advance(TimeDelta::hours(1));
    come_back(&app, &people[12..], "5.1.10");
    app.pass().await;
    assert_eq!(suppressed(&app).await, 40);
}

#[tokio::test]
async fn mailboxes_that_all_take_nothing_are_not_believed_either() {
    let (app, people) = mailed(14).await;
    come_back(&app, &people, "5.2.2");
    app.pass().await;
    publish(&app, 3);
    app.advance(TimeDelta::hours(21));
    app.pass().await;
    come_back(&app, &people, "5.2.1");
    app.pass().await;
    assert_eq!(suppressed(&app).await, 0, "twice is the limit here");
    assert!(decide(&app, Verdict::True(app.now())).await);
    assert_eq!(why(&app, "reader0@example.org").await, Some(Ending::Bouncing));
}

#[tokio::test]
async fn some_that_are_gone_among_many_are_believed_at_once() {
    let (app, people) = mailed(24).await;
    come_back(&app, &people[..10], "5.1.1");
    app.pass().await;
    assert_eq!(suppressed(&app).await, 10);
}

#[tokio::test]
async fn a_directory_where_mail_arrives_keeps_nobody_from_the_mail_beside_it() {
    let (app, people) = mailed(1).await;
    std::fs::create_dir_all(app.dir.path().join("bounces/new/0.folder")).unwrap();
    come_back(&app, &people, "5.1.1");
    assert_eq!(app.pass().await.returned, 1);
    assert_eq!(suppressed(&app).await, 1);
    let (world, _) = app.start().await;
    assert!(world.store.postboxes_out().await.unwrap().is_none());
}

#[tokio::test]
async fn one_reader_who_complains_often_is_one_reader() {
    let (app, people) = mailed(6).await;
    for n in 0..5 {
        drop_in(&app, &n.to_string(), &complaint_of(&app, &people[0], &format!("report {n}")));
    }
    app.pass().await;
    let (world, _) = app.start().await;
    assert_eq!(world.store.complaints(app.now()).await.unwrap().0, 1);
    assert!(world.store.complaint_pause().await.unwrap().is_none());
}

#[tokio::test]
async fn complaints_about_mail_that_was_forgiven_already_do_not_stop_it_again() {
    let (app, people) = mailed(12).await;
    let complain = |from: usize| {
        for (n, person) in people.iter().enumerate().skip(from).take(5) {
            drop_in(&app, &n.to_string(), &complaint_of(&app, person, "spam"));
        }
    };
    complain(0);
    app.pass().await;
    let (world, _) = app.start().await;
    app.advance(TimeDelta::minutes(5));
    assert!(world.store.forgive_complaints(app.now()).await.unwrap());
    drop(world);
    app.advance(TimeDelta::hours(1));
    complain(5);
    app.pass().await;
    let (world, _) = app.start().await;
    let (complaints, sent) = world.store.complaints(app.now()).await.unwrap();
    assert_eq!((complaints, standing(complaints, sent)), (0, Standing::Fine));
    assert_eq!(world.store.suppressed().await.unwrap().len(), 10, "they have left all the same");
}

#[tokio::test]
async fn who_was_suppressed_in_the_same_words_the_day_before_a_storm_was_noticed_is_taken_back_with_it() {
    let (app, people) = mailed(14).await;
    come_back(&app, &people[..4], "5.1.1");
    // One that is gone for another reason.
    drop_in(&app, "gone", &bounce_of(&app, "gone@example.org", "5.1.10", ""));
    app.pass().await;
    assert_eq!(suppressed(&app).await, 5, "so few are believed");
    app.advance(TimeDelta::hours(30));
    publish(&app, 3);
    assert_eq!(app.pass().await.delivered.sent, 11);
    come_back(&app, &people[4..], "5.1.1");
    app.advance(TimeDelta::hours(1));
    assert_eq!(app.pass().await.delivered.sent, 4, "what the first had missed is told at once");
    assert_eq!(suppressed(&app).await, 1);
    assert_eq!(why(&app, "gone@example.org").await, Some(Ending::AddressGone));
    assert!(decide(&app, Verdict::SendAgain).await);
    assert_eq!(app.pass().await.delivered.sent, 14, "what came back goes again, of both days");
    let told = |who: &str, n: u32| app.inbox(who).iter().filter(|mail| mail.text.contains(&format!("Board Update {n}"))).count();
    for who in &people[..4] {
        assert_eq!((told(who, 2), told(who, 3)), (2, 1), "{who}");
    }
    assert_eq!(app.pass().await.delivered.sent, 0);
}

#[tokio::test]
async fn whom_a_storm_had_suppressed_the_day_before_stays_so_where_an_admin_says_that_it_is_true() {
    let (app, people) = mailed(14).await;
    come_back(&app, &people[..4], "5.1.1");
    app.pass().await;
    app.advance(TimeDelta::hours(30));
    come_back(&app, &people[4..], "5.1.1");
    app.pass().await;
    assert_eq!(suppressed(&app).await, 0);
    assert!(decide(&app, Verdict::True(app.now() + TimeDelta::days(1))).await);
    assert_eq!(suppressed(&app).await, 14);
    // Of them it is decided: another storm does not bring them back.
    app.advance(TimeDelta::hours(25));
    publish(&app, 3);
    app.pass().await;
    assert_eq!(suppressed(&app).await, 14);
}

/// An admin lifts the suppression, and is told what follows.
fn lift(app: &App, who: &str) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_boardwatch"));
    command.args(["-q", "suppression", "lift", who, "--config"]).arg(app.config_dir());
    let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
    assert!(said.contains("is mailed again") && said.contains("what was told meanwhile and is still news"), "{said}");
}

#[tokio::test]
async fn who_is_mailed_again_months_later_gets_what_is_still_news_and_no_more() {
    let (app, people) = mailed(14).await;
    come_back(&app, &people[..1], "5.1.1");
    for n in 3..6 {
        app.advance(TimeDelta::hours(1));
        publish(&app, n);
        app.pass().await;
        if n == 4 {
            app.advance(TimeDelta::days(60));
            app.pass().await;
        }
    }
    assert_eq!(app.inbox(&people[0]).len(), 1);
    app.advance(TimeDelta::days(2));
    lift(&app, &people[0]);
    let done = app.pass().await.delivered;
    assert_eq!((done.sent, done.stale, done.postponed), (1, 0, 0), "{done:?}");
    let last = app.inbox(&people[0]).pop().unwrap().text;
    assert!(last.contains("Board Update 5") && !last.contains("Board Update 4"), "{last}");
}

#[tokio::test]
async fn who_was_refused_by_a_server_that_was_wrong_gets_the_question_and_the_digest_that_were_refused() {
    let (app, more) = (app().await, "more@example.org");
    let (world, _) = app.start().await;
    let id = SubscriberId::of(&Address::parse(more).unwrap(), &world.key);
    world.store.record_request(&id, &ask(more), 9, app.now()).await.unwrap();
    let until = Purpose::Confirm.expiry(app.now()).unwrap();
    assert_eq!(world.store.record_yes(&id, until, app.now()).await.unwrap(), Yes::Begins);
    drop(world);
    app.pass().await;
    let (world, _) = app.start().await;
    let at_once = Choice::from_iter([(Cadence::Immediate, Interests { everything: true, ..Interests::default() })]);
    app.advance(TimeDelta::minutes(5));
    let asked = world.store.record_request(&id, &Ask { choice: at_once, ..ask(more) }, 9, app.now()).await.unwrap();
    assert_eq!(asked, Asked::More);
    drop(world);
    let nobody = || [Act::Say("550 5.1.1 no such user")];
    app.smtp.will("RCPT", nobody());
    let subjects = || app.inbox(more).into_iter().map(|mail| mail.subject).collect::<Vec<_>>();
    let before = subjects();
    assert_eq!(app.pass().await.delivered.refused, 1);
    assert_eq!(why(&app, more).await, Some(Ending::AddressGone));
    app.advance(TimeDelta::hours(5));
    lift(&app, more);
    assert_eq!(app.pass().await.delivered.sent, 1);
    let question = subjects().split_off(before.len());
    assert!(question.len() == 1 && question[0].starts_with("Confirm a change"), "{question:?}");
    // And a digest.
    publish(&app, 2);
    app.pass().await;
    app.smtp.will("RCPT", nobody());
    app.advance(TimeDelta::hours(18));
    assert_eq!(app.pass().await.delivered.refused, 1);
    app.advance(TimeDelta::hours(5));
    lift(&app, more);
    assert_eq!(app.pass().await.delivered.sent, 1);
    assert!(app.inbox(more).pop().unwrap().text.contains("Board Update 2"));
    assert_eq!(app.pass().await.delivered.sent, 0);
}

#[tokio::test]
async fn who_asked_for_what_they_have_and_could_not_be_told_so_is_told_when_they_are_mailed_again() {
    let (app, has) = (app().await, "has@example.org");
    let (world, _) = app.start().await;
    let id = SubscriberId::of(&Address::parse(has).unwrap(), &world.key);
    world.store.record_request(&id, &ask(has), 9, app.now()).await.unwrap();
    let until = Purpose::Confirm.expiry(app.now()).unwrap();
    assert_eq!(world.store.record_yes(&id, until, app.now()).await.unwrap(), Yes::Begins);
    drop(world);
    app.pass().await;
    let (world, _) = app.start().await;
    app.advance(TimeDelta::minutes(5));
    assert_eq!(world.store.record_request(&id, &ask(has), 9, app.now()).await.unwrap(), Asked::Known);
    drop(world);
    app.smtp.will("RCPT", [Act::Say("550 5.1.1 no such user")]);
    let before = app.inbox(has).len();
    assert_eq!(app.pass().await.delivered.refused, 1);
    app.advance(TimeDelta::hours(5));
    lift(&app, has);
    assert_eq!(app.pass().await.delivered.sent, 1);
    let told: Vec<String> = app.inbox(has).split_off(before).into_iter().map(|mail| mail.subject).collect();
    assert_eq!(told, ["You already get updates from Board Watch"]);
}
