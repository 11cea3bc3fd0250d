//! The ways in, and what follows: a Maildir, LMTP, the same mail twice, suppression and its lifting, complaints.

use crate::support::app::App;
use crate::support::pages::{Chrome, blog};
use boardwatch::domain::subscriber::{Address, Ending, SubscriberId};
use boardwatch::edge::lmtp;
use boardwatch::edge::maildir::Maildir;
use boardwatch::engine::pass::World;
use boardwatch::ports::Arrived;
use boardwatch::rules::verp::{self, Tag};
use boardwatch::store::records::{Person, ReturnKind};
use boardwatch::store::suppressed::Lifted;
use chrono::TimeDelta;
use futures::FutureExt;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

pub(super) async fn app() -> App {
    let app = App::set_up().await;
    let text = std::fs::read_to_string(app.config_dir().join("boardwatch.toml")).unwrap();
    app.write(
        "boardwatch.toml",
        &(text + "[mail.bounces]\naddress = \"bounces@example.org\"\nsoft_max = 2\n[mail.returns]\nmaildir = \"../bounces\"\n"),
    );
    app.watch("blog", "/blog/updates.aspx", "");
    app.list("people", &[("gone@example.org", "immediate"), ("stays@example.org", "immediate")]);
    publish(&app, 1);
    app.pass().await;
    app
}

pub(super) fn publish(app: &App, posts: u32) {
    let posts: Vec<(u32, &str)> = (1..=posts).rev().map(|n| (n, "The Board met.")).collect();
    for (path, page) in blog(&posts, &Chrome::default()) {
        app.publish(&path, &page);
    }
}

/// A bounce of the last mail to `address`, sent to where its envelope said.
pub(super) fn bounce_of(app: &App, address: &str, status: &str, more: &str) -> String {
    let kept = app.smtp.kept();
    let kept = kept.iter().rfind(|kept| kept.to == [address]).unwrap();
    bounce(&kept.from, address, status, more, &String::from_utf8_lossy(&kept.bytes))
}

fn bounce(to: &str, address: &str, status: &str, more: &str, returned: &str) -> String {
    format!(
        "Return-Path: <>\nDelivered-To: {to}\nFrom: MAILER-DAEMON@mail.example.net\nTo: {to}\nSubject: Undelivered Mail\n{more}\
         Content-Type: multipart/report; report-type=delivery-status; boundary=bb\n\n--bb\n\nSorry.\n\
         --bb\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.example.net\n\n\
         Final-Recipient: rfc822; {address}\nAction: failed\nStatus: {status}\nDiagnostic-Code: smtp; 550 {status} sorry\n\n\
         --bb\nContent-Type: message/rfc822\n\n{returned}\n--bb--\n"
    )
}

/// A reader's complaint about the last mail to `address`, in which `words` stand.
pub(super) fn complaint_of(app: &App, address: &str, words: &str) -> String {
    let kept = app.smtp.kept();
    let kept = kept.iter().rfind(|kept| kept.to == [address]).unwrap();
    format!(
        "Content-Type: multipart/report; report-type=feedback-report; boundary=ff\n\n--ff\n\n{words}\n\
         --ff\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nOriginal-Mail-From: <{}>\n\n--ff--\n",
        kept.from
    )
}

pub(super) fn drop_in(app: &App, name: &str, mail: &str) {
    Maildir::new(app.dir.path().join("bounces"), 1 << 20).deliver(name, mail.as_bytes()).unwrap();
}

async fn person(world: &World, address: &str) -> Person {
    let id = SubscriberId::of(&Address::parse(address).unwrap(), &world.key);
    world.store.person(&id).await.unwrap().unwrap().value
}

pub(super) async fn why(app: &App, address: &str) -> Option<Ending> {
    let (world, _) = app.start().await;
    person(&world, address).await.suppressed.map(|(why, _)| why)
}

fn names(app: &App, sub: &str) -> Vec<String> {
    let entries = std::fs::read_dir(app.dir.path().join("bounces").join(sub)).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_bounce_in_the_maildir_ends_mail_to_that_address_alone_until_it_is_lifted() {
    let app = app().await;
    publish(&app, 2);
    app.pass().await;
    drop_in(&app, "1.bounce", &bounce_of(&app, "gone@example.org", "5.1.1", ""));
    app.advance(TimeDelta::hours(4));
    publish(&app, 3);
    assert_eq!(app.pass().await.returned, 1);
    assert_eq!((why(&app, "gone@example.org").await, why(&app, "stays@example.org").await), (Some(Ending::AddressGone), None));
    assert_eq!((app.inbox("gone@example.org").len(), app.inbox("stays@example.org").len()), (1, 2));
    assert_eq!((names(&app, "new"), names(&app, "cur")), (vec![], vec!["1.bounce:2,S".to_owned()]));
    let (world, _) = app.start().await;
    let id = SubscriberId::of(&Address::parse("gone@example.org").unwrap(), &world.key);
    assert_eq!(world.store.suppressed().await.unwrap().len(), 1);
    assert_eq!(world.store.lift_suppression(&id).await.unwrap(), Lifted::Was(Ending::AddressGone));
    assert_eq!(world.store.lift_suppression(&id).await.unwrap(), Lifted::WasNot);
    drop(world);
    app.advance(TimeDelta::hours(4));
    publish(&app, 4);
    app.pass().await;
    let told = |n: u32| {
        let inbox = app.inbox("gone@example.org");
        let of_it = inbox.iter().filter(|mail| mail.text.contains(&format!("Board Update {n}")));
        of_it.map(|mail| mail.message_id.clone()).collect::<Vec<_>>()
    };
    assert_eq!((told(3).len(), told(4).len()), (1, 1), "what was told meanwhile, and from then on");
    let back = told(2);
    assert!(back.len() == 2 && back[0] == back[1], "and what had come back, under its Message-ID: {back:?}");
    app.advance(TimeDelta::hours(4));
    assert_eq!(app.pass().await.delivered.sent, 0, "once");
}

#[tokio::test]
async fn a_mail_that_is_read_twice_counts_once() {
    let app = app().await;
    publish(&app, 2);
    app.pass().await;
    let full = bounce_of(&app, "stays@example.org", "5.2.2", "");
    for (name, mail) in [("1", full.clone()), ("2", full.clone()), ("3", full.replace("Sorry.", "Very sorry."))] {
        drop_in(&app, name, &mail);
        app.pass().await;
    }
    let (world, _) = app.start().await;
    let person = person(&world, "stays@example.org").await;
    assert_eq!((person.strikes.len(), person.suppressed), (1, None), "one delivery, however often it is reported");
    let counts = world.store.returns_since(app.now()).await.unwrap().counts;
    assert_eq!(counts.get(&ReturnKind::Soft), Some(&2), "two different mails");
}

#[tokio::test]
async fn a_stranger_s_bounce_changes_nothing_and_is_left_for_a_person() {
    let app = app().await;
    publish(&app, 2);
    app.pass().await;
    let forged = "Message-ID: <0123456789abcdef0123456789abcdef@example.org>\nTo: gone@example.org\n\nx";
    drop_in(&app, "1", &bounce("bounces@example.org", "gone@example.org", "5.1.1", "", forged));
    let tagged = verp::address(
        &[9; 32],
        &Address::parse("bounces@example.org").unwrap(),
        Tag::Other { subscriber: 5, at: boardwatch::domain::delivery::Position::at(app.now()) },
    );
    drop_in(&app, "2", &bounce(tagged.as_str(), "gone@example.org", "5.1.1", "", forged));
    drop_in(&app, "3", "From: reader@example.org\nSubject: Hello\n\nWhen is the next meeting?\n");
    assert_eq!(app.pass().await.returned, 3);
    assert_eq!(why(&app, "gone@example.org").await, None);
    assert_eq!(names(&app, "cur"), ["1:2,F", "2:2,F", "3:2,F"]);
    let (world, _) = app.start().await;
    let counts = world.store.returns_since(app.now()).await.unwrap().counts;
    assert_eq!((counts.get(&ReturnKind::Unproven), counts.get(&ReturnKind::Unknown)), (Some(&2), Some(&1)));
}

#[tokio::test]
async fn without_a_tag_our_message_id_proves_a_bounce() {
    let app = app().await;
    publish(&app, 2);
    app.pass().await;
    let kept = app.smtp.kept();
    let ours = kept.iter().rfind(|kept| kept.to == ["gone@example.org"]).unwrap();
    let text = String::from_utf8_lossy(&ours.bytes);
    let id = text.lines().find(|line| line.starts_with("Message-ID:")).unwrap();
    let returned = format!("{id}\nTo: gone@example.org\n\nx");
    // Somebody else's name under our Message-ID proves nothing.
    drop_in(&app, "1", &bounce("bounces@example.org", "stays@example.org", "5.1.1", "", &returned.replace("gone", "stays")));
    app.pass().await;
    assert_eq!(why(&app, "stays@example.org").await, None);
    drop_in(&app, "2", &bounce("bounces@example.org", "gone@example.org", "5.1.1", "", &returned));
    app.pass().await;
    assert_eq!(why(&app, "gone@example.org").await, Some(Ending::AddressGone));
}

#[tokio::test]
async fn a_complaint_and_a_mail_to_leave_end_the_subscription_for_good() {
    let app = app().await;
    publish(&app, 2);
    app.pass().await;
    let kept = app.smtp.kept();
    let of = |address: &str| kept.iter().rfind(|kept| kept.to == [address.to_owned()]).unwrap().clone();
    let complained = of("gone@example.org");
    let arf = format!(
        "From: fbl@provider.example.net\nTo: abuse@example.org\nSubject: FW: complaint\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=ff\n\n--ff\n\nA complaint.\n\
         --ff\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\nOriginal-Mail-From: <{}>\n\n\
         --ff\nContent-Type: message/rfc822\n\nSubject: x\n\nredacted\n--ff--\n",
        complained.from
    );
    drop_in(&app, "1", &arf);
    let text = String::from_utf8(of("stays@example.org").bytes).unwrap().replace("\r\n ", " ");
    let mailto = text.split("<mailto:").nth(1).unwrap().split('?').next().unwrap();
    drop_in(&app, "2", &format!("From: stays@example.org\nTo: <{mailto}>\nSubject: unsubscribe\n\n"));
    app.advance(TimeDelta::hours(4));
    publish(&app, 3);
    assert_eq!(app.pass().await.delivered.sent, 0);
    assert_eq!(why(&app, "gone@example.org").await, Some(Ending::Complained));
    assert_eq!(why(&app, "stays@example.org").await, Some(Ending::Unsubscribed));
    let (world, _) = app.start().await;
    let id = SubscriberId::of(&Address::parse("gone@example.org").unwrap(), &world.key);
    let subscriptions = world.store.subscriptions(&id).await.unwrap();
    assert!(subscriptions.iter().all(|row| matches!(row.value.ended, Some((Ending::Complained, _)))));
}

#[tokio::test]
async fn too_many_complaints_let_mail_rest_until_an_admin_has_looked() {
    let app = app().await;
    let people: Vec<String> = (0..6).map(|n| format!("reader{n}@example.org")).collect();
    let people: Vec<(&str, &str)> = people.iter().map(|address| (address.as_str(), "immediate")).collect();
    app.list("more", &people);
    app.pass().await;
    publish(&app, 2);
    app.pass().await;
    for (n, (address, _)) in people.iter().take(5).enumerate() {
        drop_in(&app, &n.to_string(), &complaint_of(&app, address, "A complaint."));
    }
    app.advance(TimeDelta::hours(4));
    publish(&app, 3);
    let rests = app.pass().await.delivered;
    assert_eq!(rests.sent, 0);
    assert!(rests.resting.unwrap().1.contains("mail resume"));
    let (world, _) = app.start().await;
    assert!(world.store.forgive_complaints(app.now()).await.unwrap());
    assert!(!world.store.forgive_complaints(app.now()).await.unwrap());
    drop(world);
    assert_eq!(app.pass().await.delivered.sent, 3, "everybody who has not complained");
}

/// Speaks LMTP: what each command was answered.
async fn converse(port: u16, commands: &str) -> String {
    let mut line = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    line.write_all(commands.as_bytes()).await.unwrap();
    let mut answers = String::new();
    line.read_to_string(&mut answers).await.unwrap();
    answers
}

#[tokio::test]
async fn a_mail_server_is_told_yes_once_what_it_brought_is_recorded() {
    let app = app().await;
    publish(&app, 2);
    app.pass().await;
    let kept = app.smtp.kept();
    let back = kept.iter().rfind(|kept| kept.to == ["gone@example.org"]).unwrap().from.clone();
    let (world, config) = app.start().await;
    let world = Arc::new(world);
    let (taking, taking_config) = (world.clone(), Arc::new(config));
    let take: Arc<lmtp::Take> = Arc::new(move |mail: Arrived| {
        let (world, config) = (taking.clone(), taking_config.clone());
        async move { world.reader(&config).take(&mail).await.map_err(|error| error.to_string()) }.boxed()
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let stop = CancellationToken::new();
    let serving = tokio::spawn(lmtp::serve(listener, take, 4096, stop.clone()));
    // No recipient in the headers: the envelope says it.
    // Of what is returned, the first part is enough.
    let returned = format!(".dots\n{}", "The Board met.\n".repeat(1000));
    let mail = bounce("bounces@example.org", "gone@example.org", "5.1.1", "", &returned)
        .replace('\n', "\r\n")
        .replace("\r\n.", "\r\n..");
    let answers =
        converse(port, &format!("LHLO mail.example.net\r\nMAIL FROM:<>\r\nRCPT TO:<{back}>\r\nDATA\r\n{mail}.\r\nQUIT\r\n"))
            .await;
    assert!(answers.ends_with("354 go ahead\r\n250 2.0.0 recorded\r\n221 2.0.0 bye\r\n"), "{answers}");
    assert_eq!(person(&world, "gone@example.org").await.suppressed.map(|(why, _)| why), Some(Ending::AddressGone));
    // One mail for two is about each of them, and a dot between bare line feeds is text.
    let both =
        ["gone@example.org", "stays@example.org"].map(|to| kept.iter().rfind(|kept| kept.to == [to]).unwrap().from.clone());
    let mail = bounce("bounces@example.org", "somebody@example.org", "5.2.2", "", "a\n.\nQUIT\nb").replace('\n', "\r\n");
    let mail = mail.replace("a\r\n.\r\nQUIT\r\nb", "a\n.\nQUIT\nb");
    let answers = converse(
        port,
        &format!(
            "LHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<{}>\r\nRCPT TO:<{}>\r\nDATA\r\n{mail}.\r\nNOOP\r\nQUIT\r\n",
            both[0], both[1]
        ),
    )
    .await;
    assert!(answers.ends_with("recorded\r\n250 2.0.0 recorded\r\n250 2.0.0 ok\r\n221 2.0.0 bye\r\n"), "{answers}");
    assert_eq!(person(&world, "stays@example.org").await.strikes.len(), 1);
    let large = "x".repeat(5000);
    let answers = converse(
        port,
        &format!("EHLO a\r\nRCPT TO:<a@b>\r\nLHLO a\r\nDATA\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\nDATA\r\n{large}\r\n.\r\nNOOP\r\nQUIT\r\n"),
    )
    .await;
    for expected in ["500 5.5.1", "503 5.5.1 not now", "503 5.5.1 no recipients", "250 2.0.0 recorded", "221"] {
        assert!(answers.contains(expected), "{expected} in {answers}");
    }
    let long = converse(port, &format!("{}\r\n", "y".repeat(9000))).await;
    assert!(long.contains("500 5.5.2"), "{long}");
    stop.cancel();
    serving.await.unwrap();
}
