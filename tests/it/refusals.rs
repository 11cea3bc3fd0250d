//! What a mail server's "no" leads to: who is still mailed, who is not, what waits, and what an admin is told.

mod for_now;
mod unanswered;

use crate::support::app::App;
use crate::support::pages::{Chrome, blog};
use crate::support::smtp::{Act, Script};
use boardwatch::domain::subscriber::{Address, Ending, SubscriberId};
use boardwatch::rules::verp::{self, Read, Tag};
use boardwatch::store::records::{Doubt, Person};
use chrono::TimeDelta;

async fn app_with(script: Script, people: &[(&str, &str)]) -> App {
    let app = App::set_up_with(script).await;
    app.watch("blog", "/blog/updates.aspx", "");
    app.list("people", people);
    show(&app, 1);
    app.pass().await;
    app
}

fn show(app: &App, posts: u32) {
    let posts: Vec<(u32, &str)> = (1..=posts).rev().map(|n| (n, "The Board met.")).collect();
    for (path, page) in blog(&posts, &Chrome::default()) {
        app.publish(&path, &page);
    }
}

async fn person(app: &App, address: &str) -> Person {
    let (world, _) = app.start().await;
    let id = SubscriberId::of(&Address::parse(address).unwrap(), &world.key);
    world.store.person(&id).await.unwrap().unwrap().value
}

fn minutes(n: i64) -> TimeDelta {
    TimeDelta::minutes(n)
}

/// With a provider each: what one provider refuses to its readers is no trouble of the relay's.
const FOUR: [(&str, &str); 4] = [
    ("a@a.example.org", "immediate"),
    ("b@b.example.org", "immediate"),
    ("c@c.example.org", "immediate"),
    ("d@d.example.org", "immediate"),
];

#[tokio::test]
async fn a_policy_stops_the_relay_and_costs_nobody_a_mail() {
    let no = || Act::Say("550 5.7.26 unauthenticated mail is not accepted");
    let app = app_with(Script::default().on("content", [no(), no(), no(), no()]), &FOUR).await;
    app.write("boardwatch.toml", &one_line(&app));
    show(&app, 2);
    let first = app.pass().await.delivered;
    assert_eq!((first.sent, first.refused, first.postponed), (0, 0, 3), "{first:?}");
    assert!(first.resting.is_some());
    app.advance(minutes(10));
    let resting = app.pass().await.delivered;
    assert_eq!((resting.sent, resting.postponed), (0, 0), "nothing is tried while it rests");
    assert!(resting.resting.unwrap().1.contains("5.7.26"));
    // One message asks whether it is over; it is not.
    app.advance(minutes(21));
    let asked = app.pass().await.delivered;
    assert_eq!((asked.sent, asked.postponed), (0, 1));
    app.advance(minutes(61));
    let (world, _) = app.start().await;
    let trouble = world.store.relay_trouble().await.unwrap().unwrap().value;
    assert_eq!(trouble.in_a_row, 4);
    drop(world);
    assert_eq!(app.pass().await.delivered.sent, 4);
    for (address, _) in FOUR {
        assert_eq!(app.inbox(address).len(), 1, "{address}");
        assert_eq!(person(&app, address).await.suppressed, None);
    }
    let (world, _) = app.start().await;
    assert_eq!(world.store.relay_trouble().await.unwrap(), None);
}

/// One connection, so that refusals come one after the other.
fn one_line(app: &App) -> String {
    let text = std::fs::read_to_string(app.config_dir().join("boardwatch.toml")).unwrap();
    text.replace("tls = \"none\"", "tls = \"none\"\nconnections = 1")
}

const SIX: [&str; 6] =
    ["a@a.example.org", "b@b.example.org", "c@c.example.org", "d@d.example.org", "e@e.example.org", "f@f.example.org"];

/// An app whose server answers so at `step`, on one line, with six readers and one item to tell them of.
async fn six_told(step: &'static str, answers: &[&'static str]) -> App {
    let script = Script::default().on(step, answers.iter().map(|said| Act::Say(said)));
    let app = app_with(script, &SIX.map(|address| (address, "immediate"))).await;
    app.write("boardwatch.toml", &one_line(&app));
    show(&app, 2);
    app
}

async fn suppressed(app: &App) -> usize {
    let mut suppressed = 0;
    for address in SIX {
        suppressed += usize::from(person(app, address).await.suppressed.is_some());
    }
    suppressed
}

#[tokio::test]
async fn what_is_refused_to_one_after_the_other_in_the_same_words_waits_and_is_sent_when_that_is_over() {
    let said = ["554 5.6.9 message 17 is odd", "554 5.6.9 message 18 is odd", "554 5.6.9 message 19 is odd"];
    let app = six_told("content", &said).await;
    let first = app.pass().await.delivered;
    assert_eq!((first.sent, first.refused, first.postponed), (0, 0, 3), "{first:?}");
    let (world, _) = app.start().await;
    let trouble = world.store.relay_trouble().await.unwrap().unwrap().value;
    assert_eq!(trouble.doubt, Some(Doubt::Messages));
    assert!(trouble.rests(app.now()) && trouble.reply.contains("is odd"), "{trouble:?}");
    drop(world);
    app.advance(minutes(31));
    assert_eq!(app.pass().await.delivered.sent, 3, "those who were not tried");
    app.advance(minutes(31));
    assert_eq!(app.pass().await.delivered.sent, 3, "and those who were");
    for address in SIX {
        assert_eq!(app.inbox(address).len(), 1, "{address}");
    }
    let (world, _) = app.start().await;
    assert_eq!(world.store.relay_trouble().await.unwrap(), None);
}

#[tokio::test]
async fn two_that_are_refused_for_good_are_believed() {
    let app = six_told("content", &["552 5.3.4 message too large", "552 5.3.4 message too large"]).await;
    let done = app.pass().await.delivered;
    assert_eq!((done.sent, done.refused), (4, 2), "{done:?}");
}

#[tokio::test]
async fn a_server_that_knows_nobody_suppresses_nobody_and_is_believed_when_it_takes_mail() {
    let nobody = ["550 5.1.1 no such user"; 7];
    let app = six_told("RCPT", &nobody).await;
    let first = app.pass().await.delivered;
    assert_eq!((first.sent, first.refused, first.postponed), (0, 0, 6), "{first:?}");
    assert_eq!(suppressed(&app).await, 0);
    // An hour later one is tried; it says the same, and nothing has been taken meanwhile.
    app.advance(minutes(61));
    let asked = app.pass().await.delivered;
    assert_eq!((asked.sent, asked.refused, asked.postponed), (0, 0, 1), "{asked:?}");
    app.advance(minutes(61));
    assert_eq!(app.pass().await.delivered.sent, 5);
    app.advance(minutes(121));
    assert_eq!(app.pass().await.delivered.sent, 1);
    assert_eq!(suppressed(&app).await, 0);
}

#[tokio::test]
async fn a_few_addresses_that_are_gone_among_others_are_believed_at_once() {
    let app = six_told("RCPT", &["550 5.1.1 no such user"; 4]).await;
    let done = app.pass().await.delivered;
    assert_eq!((done.sent, done.refused), (2, 4), "{done:?}");
    assert_eq!(suppressed(&app).await, 4);
}

#[tokio::test]
async fn an_admin_who_knows_that_all_are_gone_is_believed() {
    let app = six_told("RCPT", &["550 5.1.1 no such user"; 12]).await;
    assert_eq!(app.pass().await.delivered.refused, 0);
    let (world, _) = app.start().await;
    world.store.try_relay_again(Some(app.now() + TimeDelta::days(1)), app.now()).await.unwrap().unwrap();
    assert_eq!(world.store.hurry_deliveries(app.now()).await.unwrap(), 6);
    drop(world);
    assert_eq!(app.pass().await.delivered.refused, 6, "the rest follows the one that asks");
    assert_eq!(suppressed(&app).await, 6);
}

#[tokio::test]
async fn an_outage_is_one_step_however_many_lines_it_cuts_and_mail_goes_within_a_minute_of_its_end() {
    let app = app_with(Script::default().on("connect", [(); 4].map(|()| Act::Drop)), &SIX.map(|a| (a, "immediate"))).await;
    show(&app, 2);
    let first = app.pass().await.delivered;
    assert_eq!(first.sent, 0, "{first:?}");
    let (world, _) = app.start().await;
    let trouble = world.store.relay_trouble().await.unwrap().unwrap().value;
    assert!(trouble.in_a_row <= 3 && trouble.until - app.now() <= TimeDelta::seconds(10), "{trouble:?}");
    drop(world);
    let mut sent = 0;
    for _ in 0..12 {
        app.advance(TimeDelta::seconds(61));
        sent += app.pass().await.delivered.sent;
    }
    assert_eq!(sent, 6);
}

#[tokio::test]
async fn a_rest_ends_when_an_admin_says_so_and_one_message_asks_first() {
    let app = six_told("content", &["550 5.7.26 unauthenticated mail is not accepted"; 3]).await;
    assert!(app.pass().await.delivered.resting.is_some());
    let (world, _) = app.start().await;
    assert!(world.store.try_relay_again(None, app.now()).await.unwrap().is_some());
    assert_eq!(world.store.hurry_deliveries(app.now()).await.unwrap(), 3);
    drop(world);
    let done = app.pass().await.delivered;
    assert_eq!(done.sent, 6, "{done:?}");
}

#[tokio::test]
async fn a_provider_that_says_too_much_hears_nothing_for_ten_minutes_and_then_one_message_while_others_are_served() {
    let app =
        app_with(Script::default().on("content", [Act::Say("421 4.7.28 an unusual rate of unsolicited mail")]), &FOUR).await;
    app.write("boardwatch.toml", &one_line(&app));
    show(&app, 2);
    let first = app.pass().await.delivered;
    // Said of one message, it is of that reader's provider; the others have theirs.
    assert_eq!((first.sent, first.postponed), (3, 1), "{first:?}");
    app.advance(minutes(9));
    assert_eq!(app.pass().await.delivered.sent, 0);
    app.advance(minutes(5));
    assert_eq!(app.pass().await.delivered.sent, 1);
}

#[tokio::test]
async fn one_reader_whose_server_has_a_policy_delays_nobody_else() {
    let app = app_with(Script::default().on("RCPT", [Act::Say("550 5.7.1 only members may write to this group")]), &FOUR).await;
    app.write("boardwatch.toml", &one_line(&app));
    show(&app, 2);
    let done = app.pass().await.delivered;
    assert_eq!((done.sent, done.postponed), (3, 1), "{done:?}");
}

#[tokio::test]
async fn one_reader_whose_server_never_wants_our_mail_has_nobody_else_wait() {
    let no = || Act::Say("550 5.7.1 we want no mail of yours");
    let closed = Script::default().on("closed.example.org", (0..200).map(|_| no()));
    let app = app_with(closed, &[("reader@closed.example.org", "immediate")]).await;
    app.write("boardwatch.toml", &one_line(&app));
    set_back_by_half_an_hour(&app);
    app.advance(-minutes(8 * 70));
    for n in 2..10 {
        show(&app, n);
        let done = app.pass().await.delivered;
        assert_eq!((done.sent, done.resting), (0, None), "{n}");
        app.advance(minutes(70));
    }
    let (_, said) = status(&app);
    assert!(said.contains("550 5.7.1") && !said.contains("whoever it is for"), "{said}");
    app.list("others", &FOUR);
    app.pass().await;
    show(&app, 10);
    let done = app.pass().await.delivered;
    assert_eq!((done.sent, done.resting), (4, None));
}

#[tokio::test]
async fn what_one_provider_refuses_has_its_own_readers_wait_and_no_others_and_is_told() {
    let mut people: Vec<String> = (0..12).map(|n| format!("reader{n}@big.example.org")).collect();
    let no = || Act::Say("550 5.7.26 unauthenticated mail is not accepted");
    let all = |people: &[String]| people.iter().map(|who| (who.clone(), "immediate")).collect::<Vec<_>>();
    let list = |app: &App, people: &[(String, &str)]| {
        app.list("people", &people.iter().map(|(who, cadence)| (who.as_str(), *cadence)).collect::<Vec<_>>());
    };
    let app = app_with(Script::default(), &[]).await;
    list(&app, &all(&people));
    app.write("boardwatch.toml", &one_line(&app));
    app.pass().await;
    app.smtp.will("big.example.org", (0..3).map(|_| no()));
    set_back_by_half_an_hour(&app);
    show(&app, 2);
    let first = app.pass().await.delivered;
    assert_eq!((first.sent, first.postponed, &first.resting), (0, 12, &None), "{first:?}");
    assert_eq!(app.smtp.heard().iter().filter(|line| line.starts_with("RCPT")).count(), 3, "and no more of them are tried");
    let (code, said) = status(&app);
    assert!(code == Some(1) && said.contains("one provider refuses mail to its readers"), "{said}");
    // Others are told meanwhile.
    people.push("elsewhere@example.org".to_owned());
    list(&app, &all(&people));
    app.pass().await;
    show(&app, 3);
    let told = app.pass().await.delivered;
    assert_eq!((told.sent, told.resting), (1, None));
    assert_eq!(
        app.smtp.heard().iter().filter(|line| line.starts_with("RCPT")).count(),
        4,
        "its readers are not tried before its time"
    );
    let (code, said) = status(&app);
    assert!(code == Some(1) && said.contains("one provider refuses mail to its readers"), "also while others are served: {said}");
    assert!(said.contains("big.example.org") && said.contains("550 5.7.26"), "{said}");
    // Those who were not tried are, half an hour later; and what is taken there lets the others follow.
    app.advance(minutes(31));
    assert!(app.pass().await.delivered.sent >= 9);
    app.advance(minutes(61));
    app.pass().await;
    for who in &people {
        assert!(!app.inbox(who).is_empty(), "{who}");
    }
}

#[tokio::test]
async fn a_mailbox_that_is_full_time_and_again_is_not_mailed_any_more() {
    let full = || Act::Say("552 5.2.2 mailbox full");
    let people = [("full@example.org", "immediate")];
    let app = app_with(Script::default().on("RCPT", [full(), full(), full()]), &people).await;
    let text = one_line(&app) + "[mail.bounces]\nsoft_max = 3\n";
    app.write("boardwatch.toml", &text);
    for (n, suppressed) in [(2, false), (3, false), (4, true), (5, true)] {
        app.advance(TimeDelta::hours(21));
        show(&app, n);
        app.pass().await;
        let person = person(&app, "full@example.org").await;
        assert_eq!(person.suppressed.map(|(why, _)| why), suppressed.then_some(Ending::Bouncing), "after {n} posts");
    }
    assert_eq!(app.smtp.heard().iter().filter(|line| line.starts_with("RCPT")).count(), 3);
}

#[tokio::test]
async fn what_was_too_large_or_refused_for_good_counts_against_nobody_and_may_be_told_by_another_digest() {
    let app = app_with(
        Script::default().on("content", [Act::Say("552 5.3.4 message too large")]),
        &[("both@example.org", "immediate")],
    )
    .await;
    app.list("weekly", &[("both@example.org", "weekly")]);
    app.pass().await;
    show(&app, 2);
    app.advance(minutes(200));
    assert_eq!(app.pass().await.delivered.refused, 1);
    assert_eq!(person(&app, "both@example.org").await.strikes, []);
    // Saturday morning: the weekly digest tells what never arrived.
    app.advance(TimeDelta::hours(21));
    app.pass().await;
    assert_eq!(app.inbox("both@example.org").len(), 1);
}

#[tokio::test]
async fn what_was_too_old_to_be_sent_was_not_given() {
    let down = || Act::Say("451 4.3.0 not now");
    let app = app_with(Script::default().on("RCPT", [down()]), &[("both@example.org", "immediate")]).await;
    app.list("weekly", &[("both@example.org", "weekly")]);
    app.pass().await;
    show(&app, 2);
    assert_eq!(app.pass().await.delivered.postponed, 1);
    // The weekly window has not closed: the machine is off for eight days, and at the first look the mail is too old.
    let (world, config) = app.start().await;
    app.advance(TimeDelta::days(8));
    let doubted = world.deliver(&config, &|| false).await.unwrap();
    assert_eq!((doubted.stale, doubted.sent), (0, 0));
    app.advance(TimeDelta::hours(25));
    let stale = world.deliver(&config, &|| false).await.unwrap();
    assert_eq!(stale.stale, 1);
    drop(world);
    app.pass().await;
    assert_eq!(app.inbox("both@example.org").len(), 1, "the weekly digest tells it");
}

#[tokio::test]
async fn a_clock_that_is_put_right_within_the_day_costs_nobody_a_mail() {
    let app = app_with(Script::default().on("RCPT", [Act::Say("451 4.3.0 not now")]), &[("now@example.org", "immediate")]).await;
    show(&app, 2);
    assert_eq!(app.pass().await.delivered.postponed, 1);
    let (world, config) = app.start().await;
    app.advance(TimeDelta::days(400));
    assert_eq!(world.deliver(&config, &|| false).await.unwrap().stale, 0);
    for _ in 0..23 {
        app.advance(minutes(61));
        assert_eq!(world.deliver(&config, &|| false).await.unwrap().stale, 0);
    }
    app.advance(-TimeDelta::days(400));
    world.release_deliveries().await.unwrap();
    assert_eq!(world.deliver(&config, &|| false).await.unwrap().sent, 1);
    assert_eq!(app.inbox("now@example.org").len(), 1);
}

/// A supervisor that starts it anew every few seconds, say.
#[tokio::test]
async fn what_was_being_sent_at_sixty_stops_is_tried_again_after_minutes_when_it_is_put_off_and_not_given_up() {
    let app = app_with(Script::default().on("RCPT", [Act::Say("451 4.3.0 not now")]), &FOUR[..1]).await;
    show(&app, 2);
    let (world, config) = app.start().await;
    let orders = boardwatch::engine::pass::Orders { all: true, hold_mail: true, ..Default::default() };
    world.pass(&config, &orders, &|_| {}, &|| false).await.unwrap();
    for _ in 0..60 {
        let claim = boardwatch::store::records::Claim { owner: "killed".to_owned(), until: app.now() + minutes(30) };
        assert_eq!(world.store.claim_due(100, &claim, app.now()).await.unwrap().len(), 1);
        app.advance(TimeDelta::seconds(5));
        world.settle_in(&config).await.unwrap();
    }
    let done = world.deliver(&config, &|| false).await.unwrap();
    assert_eq!((done.postponed, done.refused), (1, 0), "{done:?}");
    app.advance(minutes(6));
    assert_eq!(world.deliver(&config, &|| false).await.unwrap().sent, 1);
}

#[tokio::test]
async fn each_message_names_its_own_way_back_and_a_mail_that_ends_it() {
    let app = app_with(Script::default(), &FOUR[..2]).await;
    let text = one_line(&app) + "[mail.bounces]\naddress = \"bounces@example.org\"\n[mail.returns]\nmaildir = \"../returns\"\n";
    app.write("boardwatch.toml", &text);
    show(&app, 2);
    app.pass().await;
    let (world, config) = app.start().await;
    let mailbox = config.mail.bounces.mailbox.clone().unwrap();
    let kept = app.smtp.kept();
    assert_eq!(kept.len(), 2);
    for kept in kept {
        let id = SubscriberId::of(&Address::parse(&kept.to[0]).unwrap(), &world.key);
        let Read::Ours(tag @ Tag::Digest { .. }) = verp::read(&world.key, &mailbox, &kept.from, app.now()) else {
            panic!("{}", kept.from)
        };
        assert_eq!(tag.subscriber(), id);
        let text = String::from_utf8(kept.bytes).unwrap();
        assert!(text.contains(&format!("<{}@example.org>", tag.delivery().unwrap())), "{text}");
        assert!(text.contains("From: \"Board Watch\" <updates@example.org>\r\n"), "{text}");
        let text = text.replace("\r\n ", " ");
        let ways = text.split("List-Unsubscribe: ").nth(1).unwrap().split("\r\n").next().unwrap();
        let mailto = ways.split("<mailto:").nth(1).unwrap().split('?').next().unwrap();
        let read = verp::read(&world.key, &mailbox, mailto, app.now());
        let Read::Ours(Tag::Leave { subscriber, life: Some(0) }) = read else { panic!("{ways}") };
        assert_eq!(SubscriberId::from_number(subscriber), id);
    }
}

#[tokio::test]
async fn whoever_a_server_names_in_its_no_is_named_neither_in_the_store_nor_to_those_who_read_of_it() {
    let said = "450 4.2.2 <a.reader@example.org>: A.Reader has a full mailbox, ask help@example.org";
    let app = app_with(Script::default().on("RCPT", [Act::Say(said)]), &[("a.reader@example.org", "immediate")]).await;
    show(&app, 2);
    let reply = app.pass().await.delivered.last_reply;
    assert_eq!(reply.as_deref(), Some("450 4.2.2 <***>: *** has a full mailbox, ask ***"));
    let (world, _) = app.start().await;
    assert_eq!(world.store.waiting().await.unwrap().last_reply, reply);
}

#[tokio::test]
async fn no_mail_offers_an_address_for_leaving_that_nobody_reads() {
    let app = app_with(Script::default(), &FOUR[..1]).await;
    app.write("boardwatch.toml", &(one_line(&app) + "[mail.bounces]\naddress = \"bounces@example.org\"\n"));
    show(&app, 2);
    app.pass().await;
    let kept = app.smtp.kept();
    assert_eq!(kept.len(), 1);
    let text = String::from_utf8(kept[0].bytes.clone()).unwrap().replace("\r\n ", " ");
    let ways = text.split("List-Unsubscribe: ").nth(1).unwrap().split("\r\n").next().unwrap();
    assert!(ways.contains("/one-click/") && !ways.contains("mailto:"), "{ways}");
    let (_, warnings) = boardwatch::config::read(&app.config_dir(), &|_| None).unwrap();
    assert!(warnings.iter().any(|fault| fault.message.contains("nothing reads this mailbox")), "{warnings:?}");
}

#[tokio::test]
async fn what_was_under_way_when_only_some_may_be_mailed_waits_for_the_others_and_what_comes_due_then_does_not() {
    // Of four, one is told; the others' mail is put off.
    let no = || Act::Say("450 4.2.1 try again later");
    let app = app_with(Script::default().on("content", [no(), no(), no()]), &FOUR).await;
    let usual = one_line(&app);
    app.write("boardwatch.toml", &usual);
    show(&app, 2);
    assert_eq!(app.pass().await.delivered.sent, 1);
    app.advance(minutes(30));
    app.write("boardwatch.toml", &usual.replace("[mail]\n", "[mail]\nonly_to = [\"tester@example.org\"]\n"));
    let stopped = app.pass().await.delivered;
    assert_eq!((stopped.sent, stopped.cancelled, stopped.postponed), (0, 0, 3), "{stopped:?}");
    app.advance(minutes(30));
    show(&app, 3);
    assert_eq!(app.pass().await.delivered.cancelled, 4, "what comes due meanwhile is not kept for them");
    app.advance(minutes(10));
    app.write("boardwatch.toml", &usual);
    assert_eq!(app.pass().await.delivered.sent, 3, "at once");
    for (address, _) in FOUR {
        let told: Vec<String> = app.inbox(address).into_iter().map(|mail| mail.subject).collect();
        assert_eq!(told.len(), 1, "{address}: {told:?}");
    }
}

/// What `status` answers, and its exit code.
fn status(app: &App) -> (Option<i32>, String) {
    let said = std::process::Command::new(env!("CARGO_BIN_EXE_boardwatch"))
        .args(["-q", "status", "--config"])
        .arg(app.config_dir())
        .output()
        .unwrap();
    (said.status.code(), String::from_utf8(said.stdout).unwrap())
}

/// Half an hour ago, so that `status` looks at what has lasted for that long.
fn set_back_by_half_an_hour(app: &App) {
    app.advance(chrono::Utc::now() - app.now() - minutes(30));
}

#[tokio::test]
async fn a_server_that_puts_everybody_off_is_told_of_once_and_status_says_since_when_until_it_takes_something() {
    let busy = "452 4.3.1 Insufficient system storage";
    let app = app_with(Script::default().on("content", vec![Act::Say(busy); 12]), &SIX.map(|who| (who, "immediate"))).await;
    set_back_by_half_an_hour(&app);
    let begun = app.now();
    show(&app, 2);
    let first = app.pass().await.delivered;
    assert_eq!((first.sent, first.postponed), (0, 6), "{first:?}");
    let standstill = async || {
        let (world, _) = app.start().await;
        world.store.standstill().await.unwrap().map(|row| row.value)
    };
    let still = standstill().await.unwrap();
    assert!(still.since >= begun && !still.is_told && !still.needs_a_person(app.now()), "{still:?}");
    // Nothing is due now, and none of it has waited for long.
    let (code, said) = status(&app);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains(" minutes ago, and 6 mails wait: the mail server puts off") && said.contains(busy), "{said}");
    app.advance(minutes(16));
    assert_eq!(app.pass().await.delivered.postponed, 6);
    let still = standstill().await.unwrap();
    assert!(still.is_told && (begun..begun + minutes(1)).contains(&still.since), "{still:?}");
    app.advance(minutes(12));
    assert_eq!(app.pass().await.delivered.sent, 6);
    assert_eq!(standstill().await, None);
    assert!(!status(&app).1.contains("no mail has left"));
}

#[tokio::test]
async fn a_few_readers_who_are_put_off_while_the_others_are_told_alarm_nobody() {
    let people: Vec<String> = (0..16).map(|n| format!("reader{n}@example.org")).collect();
    let people: Vec<(&str, &str)> = people.iter().map(|who| (who.as_str(), "immediate")).collect();
    let grey = || vec![Act::Say("451 4.7.1 greylisted"); 3];
    let app = app_with(Script::default().on("RCPT", grey()), &people).await;
    show(&app, 2);
    let first = app.pass().await.delivered;
    assert_eq!((first.sent, first.postponed), (13, 3), "{first:?}");
    app.smtp.will("RCPT", grey());
    app.advance(minutes(6));
    assert_eq!(app.pass().await.delivered.postponed, 3);
    let (world, _) = app.start().await;
    let still = world.store.standstill().await.unwrap().unwrap().value;
    assert!((still.deliveries, still.planned) == (3, 16) && !still.needs_a_person(app.now() + minutes(300)), "{still:?}");
}

#[tokio::test]
async fn a_server_that_put_off_everybody_is_asked_every_few_minutes_and_gets_all_at_once_when_it_takes_one() {
    let busy = || Act::Say("451 4.3.0 Temporary server error");
    let app = app_with(Script::default(), &SIX.map(|who| (who, "immediate"))).await;
    app.smtp.will("content", (0..500).map(|_| busy()));
    show(&app, 2);
    app.pass().await;
    // An hour: the waits of each have grown to more than half of one.
    let tries = |app: &App| app.smtp.heard().iter().filter(|line| line.starts_with("DATA")).count();
    let (mut asked, mut quiet, mut longest) = (tries(&app), 0, 0);
    let (world, config) = app.start().await;
    for _ in 0..60 {
        app.advance(minutes(1));
        assert_eq!(world.deliver(&config, &|| false).await.unwrap().sent, 0);
        quiet = if tries(&app) > asked { 0 } else { quiet + 1 };
        (asked, longest) = (tries(&app), longest.max(quiet));
    }
    assert!(longest <= 4, "{longest} minutes without a try");
    assert!(asked <= 6 * 6 + 20, "{asked} tries");
    // It takes mail again.
    app.smtp.forget("content");
    let mut sent = 0;
    for _ in 0..5 {
        app.advance(minutes(1));
        sent += world.deliver(&config, &|| false).await.unwrap().sent;
    }
    assert_eq!(sent, 6, "all of them with the one that asked");
    for address in SIX {
        assert_eq!(app.inbox(address).len(), 1, "{address}");
    }
}

#[tokio::test]
async fn what_asks_for_the_others_is_not_given_up_the_sooner() {
    let app = app_with(Script::default(), &[("only@example.org", "immediate")]).await;
    app.smtp.will("content", (0..2_000).map(|_| Act::Say("451 4.3.0 Temporary server error")));
    show(&app, 2);
    app.pass().await;
    let (world, config) = app.start().await;
    for _ in 0..3 * 24 * 12 {
        app.advance(minutes(5));
        assert_eq!(world.deliver(&config, &|| false).await.unwrap().refused, 0);
    }
    app.smtp.forget("content");
    app.advance(minutes(11));
    assert_eq!(world.deliver(&config, &|| false).await.unwrap().sent, 1);
}

#[tokio::test]
async fn an_admin_may_have_tried_at_once_what_was_put_off_to_one_alone_and_a_greylisted_few_alarm_nobody_for_an_hour() {
    let grey = || vec![Act::Say("451 4.7.1 Greylisting in action, please come back later"); 20];
    let app = app_with(Script::default().on("RCPT", grey()), &SIX.map(|who| (who, "immediate"))[..3]).await;
    set_back_by_half_an_hour(&app);
    show(&app, 2);
    for wait in [6, 11, 0] {
        assert!(app.pass().await.delivered.postponed > 0);
        app.advance(minutes(wait));
    }
    let (code, said) = status(&app);
    assert!(code == Some(0) && !said.contains("no mail has left"), "{said}");
    let resumed = std::process::Command::new(env!("CARGO_BIN_EXE_boardwatch"))
        .args(["-q", "mail", "resume", "--config"])
        .arg(app.config_dir())
        .output()
        .unwrap();
    assert!(resumed.status.success(), "{resumed:?}");
    assert!(String::from_utf8(resumed.stdout).unwrap().contains("what was put off is tried now"));
    app.smtp.forget("RCPT");
    assert_eq!(app.pass().await.delivered.sent, 3);
}

/// How often a mail was offered.
fn tries(app: &App) -> usize {
    app.smtp.heard().iter().filter(|line| line.starts_with("RCPT")).count()
}

#[tokio::test]
async fn a_provider_that_refuses_while_others_are_served_is_tried_with_a_few_on_many_lines_and_is_named() {
    let big: Vec<String> = (0..40).map(|n| format!("reader{n}@big.example.org")).collect();
    let small: Vec<String> = (0..40).map(|n| format!("reader@small{n}.example.org")).collect();
    let people: Vec<(&str, &str)> = big.iter().chain(&small).map(|who| (who.as_str(), "immediate")).collect();
    let no = || Act::Say("550 5.7.1 we do not want this sender");
    let app = app_with(Script::default().offering("PIPELINING"), &people).await;
    app.smtp.will("big.example.org", (0..400).map(|_| no()));
    set_back_by_half_an_hour(&app);
    show(&app, 2);
    let first = app.pass().await.delivered;
    assert_eq!((first.sent, &first.resting), (40, &None), "{first:?}");
    assert!(tries(&app) <= 40 + 3, "{} tries", tries(&app));
    let (code, said) = status(&app);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("one provider refuses mail") && said.contains("big.example.org"), "{said}");
    // Half a day: one asks after each rest, and the rests grow.
    let (world, config) = app.start().await;
    let before = tries(&app);
    for _ in 0..72 {
        app.advance(minutes(10));
        world.deliver(&config, &|| false).await.unwrap();
    }
    assert!((3..=6).contains(&(tries(&app) - before)), "{} tries", tries(&app) - before);
    // An admin has put it right.
    app.smtp.forget("big.example.org");
    world.store.try_providers_again(|_| true, None, app.now()).await.unwrap();
    world.store.hurry_deliveries(app.now()).await.unwrap();
    assert_eq!(world.deliver(&config, &|| false).await.unwrap().sent, 40);
    assert_eq!(world.store.providers_out().await.unwrap(), None);
}

#[tokio::test]
async fn what_one_provider_refuses_for_good_in_the_same_words_stops_that_provider_alone() {
    for said in ["554 5.6.0 your message cannot be processed", "550 5.1.1 no such user"] {
        let big: Vec<String> = (0..12).map(|n| format!("reader{n}@big.example.org")).collect();
        let mut people: Vec<(&str, &str)> = big.iter().map(|who| (who.as_str(), "immediate")).collect();
        let app = app_with(Script::default(), &people).await;
        app.write("boardwatch.toml", &one_line(&app));
        app.smtp.will("big.example.org", (0..400).map(|_| Act::Say(said)));
        show(&app, 2);
        let first = app.pass().await.delivered;
        assert_eq!((first.sent, first.refused, &first.resting), (0, 0, &None), "{first:?}");
        let (world, _) = app.start().await;
        let out = world.store.providers_out().await.unwrap().unwrap().value.providers;
        assert_eq!((out.len(), out[0].name.as_str(), out[0].doubt.is_some()), (1, "big.example.org", true), "{out:?}");
        drop(world);
        people.extend(FOUR);
        app.list("people", &people);
        app.pass().await;
        show(&app, 3);
        let told = app.pass().await.delivered;
        assert_eq!((told.sent, told.refused, &told.resting), (4, 0, &None), "{said}: {told:?}");
        app.smtp.forget("big.example.org");
        for _ in 0..4 {
            app.advance(minutes(61));
            app.pass().await;
        }
        for who in &big {
            assert!(!app.inbox(who).is_empty() && person(&app, who).await.suppressed.is_none(), "{said}: {who}");
        }
    }
}

#[tokio::test]
async fn a_small_relay_that_refuses_everybody_is_left_alone_again_after_each_rest_and_gives_all_its_readers_their_mail_at_once() {
    let no = || Act::Say("550 5.7.26 unauthenticated mail is not accepted");
    for readers in [3, 12, 39] {
        let people: Vec<String> = (0..readers).map(|n| format!("reader@d{n}.example.org")).collect();
        let app = app_with(Script::default(), &people.iter().map(|who| (who.as_str(), "immediate")).collect::<Vec<_>>()).await;
        app.write("boardwatch.toml", &one_line(&app));
        app.smtp.will("content", (0..4_000).map(|_| no()));
        show(&app, 2);
        app.pass().await;
        let (world, config) = app.start().await;
        let mut asked = tries(&app);
        assert_eq!(asked, 3);
        let (mut most, mut rested) = (0, 0);
        // A day, at every ten minutes.
        for _ in 0..144 {
            app.advance(minutes(10));
            world.deliver(&config, &|| false).await.unwrap();
            let trouble = world.store.relay_trouble().await.unwrap().unwrap().value;
            rested += usize::from(trouble.rests(app.now()));
            let now = tries(&app);
            (most, asked) = (most.max(now - asked), now);
        }
        assert!(most <= 6, "{readers} readers: {most} tries at a time");
        assert!(asked <= 3 + 9 * 6 && rested > 120, "{readers} readers: {asked} tries, {rested} rests");
        app.smtp.forget("content");
        let mut sent = 0;
        for _ in 0..25 {
            app.advance(minutes(10));
            let now = world.deliver(&config, &|| false).await.unwrap().sent;
            assert!(now == 0 || now == readers, "{now} of {readers}: all that waits goes with the one that asked");
            sent += now;
        }
        assert_eq!(sent, readers);
    }
}

#[tokio::test]
async fn while_those_are_asked_who_were_refused_before_a_mail_that_was_not_goes_at_once() {
    let no = || Act::Say("550 5.7.1 we want no mail of yours");
    let closed: Vec<String> = (0..6).map(|n| format!("reader@closed{n}.example.org")).collect();
    let mut people: Vec<(&str, &str)> = closed.iter().map(|who| (who.as_str(), "immediate")).collect();
    let app = app_with(Script::default(), &people).await;
    app.write("boardwatch.toml", &one_line(&app));
    app.smtp.will("RCPT", (0..400).map(|_| no()));
    show(&app, 2);
    app.pass().await;
    // First those who were not tried ask, and then those who were.
    for _ in 0..14 {
        app.advance(minutes(61));
        app.pass().await;
    }
    let (world, _) = app.start().await;
    let trouble = world.store.relay_trouble().await.unwrap().unwrap().value;
    assert!(trouble.rests(app.now()) && trouble.is_of_known, "{trouble:?}");
    drop(world);
    app.smtp.forget("RCPT");
    for n in 0..6 {
        app.smtp.will(format!("closed{n}.example.org").leak(), (0..40).map(|_| no()));
    }
    people.extend(FOUR);
    app.list("people", &people);
    app.pass().await;
    show(&app, 3);
    app.pass().await;
    // The daemon looks every second.
    let (world, config) = app.start().await;
    for _ in 0..10 {
        app.advance(TimeDelta::seconds(1));
        world.deliver(&config, &|| false).await.unwrap();
    }
    let told = || FOUR.iter().map(|(who, _)| app.inbox(who).len()).sum::<usize>();
    assert!(told() > 0, "at once, though it rests");
    // Those in whose way three stand who are refused one after the other wait for a rest or two.
    for _ in 0..16 {
        app.advance(minutes(61));
        world.deliver(&config, &|| false).await.unwrap();
    }
    assert_eq!(told(), 4);
}

#[tokio::test]
async fn what_one_provider_says_of_all_its_readers_is_doubted_among_many_who_are_served() {
    for (said, readers) in [("554 5.6.0 your message cannot be processed", 5), ("550 5.1.1 no such user", 14)] {
        let big: Vec<String> = (0..readers).map(|n| format!("reader{n}@big.example.org")).collect();
        let small: Vec<String> = (0..40).map(|n| format!("reader@small{n}.example.org")).collect();
        let people: Vec<(&str, &str)> = big.iter().chain(&small).map(|who| (who.as_str(), "immediate")).collect();
        let app = app_with(Script::default(), &people).await;
        app.smtp.will("big.example.org", (0..400).map(|_| Act::Say(said)));
        set_back_by_half_an_hour(&app);
        show(&app, 2);
        let (mut sent, mut refused) = (0, 0);
        for _ in 0..12 {
            let done = app.pass().await.delivered;
            (sent, refused) = (sent + done.sent, refused + done.refused);
            app.advance(minutes(10));
        }
        assert_eq!((sent, refused), (40, 0), "{said}");
        let (code, told) = status(&app);
        assert!(code == Some(1) && told.contains("big.example.org"), "{said}: {told}");
        app.smtp.forget("big.example.org");
        for _ in 0..30 {
            app.advance(minutes(30));
            app.pass().await;
        }
        for who in &big {
            assert_eq!((app.inbox(who).len(), person(&app, who).await.suppressed), (1, None), "{said}: {who}");
        }
    }
}
