//! Sending: what each answer of a mail server, and each kind of silence, means for a message.

mod hanging;
mod misbehaviour;
mod pipelining;
mod relays;
mod turns;

use crate::support::quiet::QuietTime;
use crate::support::smtp::{Act, Script, SmtpServer};
use boardwatch::config::{Login, Secret, SmtpSettings, Tls};
use boardwatch::domain::delivery::{Refusal, RefusalKind};
use boardwatch::domain::subscriber::Address;
use boardwatch::edge::keeper::Keeper;
use boardwatch::edge::smtp::{SmtpMail, SmtpPatience};
use boardwatch::ports::{Mail, Message};
use std::time::Duration;

fn message(number: usize) -> Message {
    let bytes = format!("From: a@example.org\r\nSubject: {number}\r\n\r\nHello\r\n.\r\n..dots\r\n").into_bytes();
    Message {
        message_id: format!("<{number}@boards.example.org>"),
        from: Address::parse("updates@example.org").unwrap(),
        to: Address::parse("reader@example.org").unwrap(),
        bytes,
    }
}

fn settings(port: u16, tls: Tls) -> SmtpSettings {
    SmtpSettings { host: "localhost".to_owned(), port, tls, login: None, connections: 2, hello: None }
}

/// Longer than a machine that runs tests is ever busy.
fn patience() -> SmtpPatience {
    waiting(Duration::from_secs(120))
}

/// For a server that says nothing where it is waited for, in quiet time.
fn little_patience() -> SmtpPatience {
    waiting(Duration::from_millis(1_500))
}

fn waiting(most: Duration) -> SmtpPatience {
    SmtpPatience { connect: most, command: most, last_reply: most, ..SmtpPatience::default() }
}

fn plain(server: &SmtpServer) -> SmtpMail {
    SmtpMail::new(settings(server.port(), Tls::None), patience(), None).unwrap()
}

/// The refusal that a server with this script answers with.
async fn refused(script: Script) -> (Refusal, SmtpServer) {
    let server = script.start().await;
    let refusal = plain(&server).send(message(1)).await.unwrap_err();
    (refusal, server)
}

#[tokio::test]
async fn a_message_arrives_as_it_was_with_its_lone_dots() {
    let server = Script::default().start().await;
    let mail = plain(&server);
    let reply = mail.send(message(1)).await.unwrap();
    assert_eq!(reply, "250 2.0.0 taken");
    let kept = server.kept();
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].from.as_str(), kept[0].to.as_slice()), ("updates@example.org", &["reader@example.org".to_owned()][..]));
    assert_eq!(String::from_utf8_lossy(&kept[0].bytes), String::from_utf8_lossy(&message(1).bytes));
}

#[tokio::test]
async fn each_refusal_is_blamed_on_whom_it_is_about() {
    let cases = [
        ("connect", "421 4.3.2 too busy", RefusalKind::Relay),
        ("connect", "554 5.7.1 go away", RefusalKind::Relay),
        ("EHLO", "550 5.7.1 who are you", RefusalKind::Relay),
        ("MAIL", "451 4.3.0 later", RefusalKind::Transient),
        ("MAIL", "530 5.7.0 log in first", RefusalKind::Relay),
        ("MAIL", "550 5.7.1 sender refused", RefusalKind::Policy),
        ("RCPT", "450 4.2.0 greylisted", RefusalKind::Transient),
        ("RCPT", "550 5.1.1 no such user", RefusalKind::AddressGone),
        ("RCPT", "550 user unknown", RefusalKind::AddressGone),
        ("RCPT", "550 5.7.515 not authenticated enough", RefusalKind::Policy),
        ("DATA", "451 4.3.0 later", RefusalKind::Transient),
        ("DATA", "554 5.5.1 no", RefusalKind::Permanent),
        ("content", "452 4.3.1 disk full", RefusalKind::Transient),
        ("content", "554 5.7.1 spam", RefusalKind::Policy),
        ("content", "552 5.3.4 too large", RefusalKind::TooLarge),
    ];
    for (step, words, kind) in cases {
        let (refusal, server) = refused(Script::default().on(step, [Act::Say(words)])).await;
        assert_eq!(refusal, Refusal { kind, reply: words.to_owned() }, "at {step}");
        assert!(server.kept().is_empty());
    }
}

#[tokio::test]
async fn a_multi_line_refusal_is_told_in_one_line() {
    let (refusal, _server) =
        refused(Script::default().on("RCPT", [Act::Say("550-5.1.1 The account\r\n550 5.1.1 does not exist")])).await;
    assert_eq!(refusal.kind, RefusalKind::AddressGone);
    assert_eq!(refusal.reply, "550 5.1.1 The account does not exist");
}

#[tokio::test]
async fn a_line_that_breaks_before_the_message_is_under_way_is_the_relays_trouble() {
    for step in ["connect", "EHLO", "MAIL", "RCPT", "DATA"] {
        let (refusal, server) = refused(Script::default().on(step, [Act::Drop])).await;
        assert_eq!(refusal.kind, RefusalKind::Relay, "at {step}: {}", refusal.reply);
        assert!(server.kept().is_empty());
    }
}

#[tokio::test]
async fn a_line_that_breaks_around_the_last_reply_may_have_delivered() {
    let (before, server) = refused(Script::default().on("content", [Act::Drop])).await;
    assert_eq!((before.kind, server.kept().len()), (RefusalKind::Unknown, 0));
    let (after, server) = refused(Script::default().on("content", [Act::TakeAndDrop])).await;
    assert_eq!((after.kind, server.kept().len()), (RefusalKind::Unknown, 1));
}

#[tokio::test]
async fn a_message_that_was_taken_is_sent_even_if_the_server_leaves_at_once() {
    let server = Script::default().on("content", [Act::SayAndDrop("250 2.0.0 taken, bye")]).start().await;
    let mail = plain(&server);
    assert_eq!(mail.send(message(1)).await.unwrap(), "250 2.0.0 taken, bye");
    // The kept line is dead; the next message goes over a fresh one and nobody notices.
    mail.send(message(2)).await.unwrap();
    assert_eq!(server.lines_opened(), 2);
}

#[tokio::test]
async fn a_server_that_says_nothing_is_left_in_time() {
    for step in ["connect", "EHLO", "MAIL", "RCPT", "DATA", "content"] {
        let server = Script::default().on(step, [Act::Hang]).start().await;
        let _time = QuietTime::with([&server]);
        let mail = SmtpMail::new(settings(server.port(), Tls::None), little_patience(), None).unwrap();
        let refusal = mail.send(message(1)).await.unwrap_err();
        let kind = if step == "content" { RefusalKind::Unknown } else { RefusalKind::Relay };
        assert_eq!(refusal.kind, kind, "at {step}");
        assert!(refusal.reply.contains("did not answer in time"), "{}", refusal.reply);
    }
}

#[tokio::test]
async fn something_that_is_no_mail_server_is_the_relays_trouble() {
    for banner in ["HTTP/1.1 400 Bad Request", "\u{1}\u{2}\u{3}", "999 what", "354 go ahead"] {
        let (refusal, _server) = refused(Script::default().on("connect", [Act::SayAndDrop(banner)])).await;
        assert_eq!(refusal.kind, RefusalKind::Relay, "{banner:?}");
    }
    let nobody = SmtpMail::new(settings(1, Tls::None), patience(), None).unwrap();
    let refusal = nobody.send(message(1)).await.unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::Relay);
    assert!(refusal.reply.starts_with("cannot reach localhost:1: "), "{}", refusal.reply);
}

#[tokio::test]
async fn an_answer_that_is_not_final_is_not_taken_for_one() {
    let (refusal, _server) = refused(Script::default().on("DATA", [Act::Say("250 ok")])).await;
    assert_eq!(refusal.kind, RefusalKind::Relay);
    let (refusal, _server) = refused(Script::default().on("content", [Act::Say("354 more")])).await;
    assert_eq!(refusal.kind, RefusalKind::Unknown);
}

#[tokio::test]
async fn a_refusal_does_not_cost_the_line() {
    let acts = [Act::Say("550 5.1.1 no such user"), Act::Say("450 4.2.0 greylisted")];
    let server = Script::default().on("RCPT", acts).start().await;
    let mail = plain(&server);
    mail.send(message(1)).await.unwrap_err();
    mail.send(message(2)).await.unwrap_err();
    mail.send(message(3)).await.unwrap();
    assert_eq!(server.lines_opened(), 1);
    assert_eq!(server.heard().iter().filter(|c| *c == "RSET").count(), 2);
    assert_eq!(server.kept().len(), 1);
}

#[tokio::test]
async fn no_more_lines_are_open_than_configured() {
    let server = Script::default().start().await;
    let mail = plain(&server);
    let sends = (0..60).map(|n| mail.send(message(n)));
    for done in futures::future::join_all(sends).await {
        done.unwrap();
    }
    assert_eq!(server.kept().len(), 60);
    assert!(server.lines_open_max() <= 2, "{}", server.lines_open_max());
}

#[tokio::test]
async fn a_send_that_is_abandoned_takes_its_line_with_it() {
    let server = Script::default().on("RCPT", [Act::Hang]).start().await;
    let mail = plain(&server);
    tokio::select! {
        sent = mail.send(message(1)) => panic!("{sent:?}"),
        () = server.has_heard("RCPT") => {}
    }
    mail.send(message(2)).await.unwrap();
    assert_eq!((server.lines_opened(), server.kept().len()), (2, 1));
}

#[tokio::test]
async fn kept_lines_are_closed_politely_when_idle_worn_or_at_the_end() {
    let server = Script::default().start().await;
    let idle = SmtpPatience { idle: Duration::from_millis(50), ..patience() };
    let mail = SmtpMail::new(settings(server.port(), Tls::None), idle, None).unwrap();
    mail.send(message(1)).await.unwrap();
    while server.lines_open() > 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let worn =
        SmtpMail::new(settings(server.port(), Tls::None), SmtpPatience { messages_per_line: 1, ..patience() }, None).unwrap();
    worn.send(message(2)).await.unwrap();
    let open = plain(&server);
    open.send(message(3)).await.unwrap();
    open.close().await;
    assert_eq!(server.heard().iter().filter(|c| *c == "QUIT").count(), 3);
    assert_eq!(server.lines_opened(), 3);
}

#[tokio::test]
async fn starttls_that_is_not_offered_stops_everything_before_a_word_is_said_in_clear() {
    let server = Script::default().offering("AUTH PLAIN").start().await;
    let login = Some(Login { username: "watch".to_owned(), password: Secret::new("secret".to_owned()) });
    let mail = SmtpMail::new(SmtpSettings { login, ..settings(server.port(), Tls::Starttls) }, patience(), None).unwrap();
    let refusal = mail.send(message(1)).await.unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::Relay);
    assert!(refusal.reply.contains("STARTTLS"), "{}", refusal.reply);
    assert!(server.heard().iter().all(|c| c.starts_with("EHLO") || c == "QUIT"), "{:?}", server.heard());
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_stops_everything() {
    for (first, tls) in [(false, Tls::Starttls), (true, Tls::Tls)] {
        let (script, _pem) = Script::default().offering("STARTTLS").with_tls(first);
        let server = script.start().await;
        let mail = SmtpMail::new(settings(server.port(), tls), patience(), None).unwrap();
        assert_eq!(mail.send(message(1)).await.unwrap_err().kind, RefusalKind::Relay);
        assert!(server.heard().iter().all(|c| c.starts_with("EHLO") || c == "STARTTLS"), "{:?}", server.heard());
    }
}

#[tokio::test]
async fn a_message_goes_encrypted_and_logged_in_where_that_is_configured() {
    for (first, tls) in [(false, Tls::Starttls), (true, Tls::Tls)] {
        let (script, pem) = Script::default().offering("STARTTLS").offering("AUTH PLAIN LOGIN").with_tls(first);
        let server = script.start().await;
        let login = Some(Login { username: "watch".to_owned(), password: Secret::new("secret".to_owned()) });
        let mail = SmtpMail::new(SmtpSettings { login, ..settings(server.port(), tls) }, patience(), Some(&pem)).unwrap();
        mail.send(message(1)).await.unwrap();
        mail.send(message(2)).await.unwrap();
        assert_eq!((server.kept().len(), server.lines_opened()), (2, 1));
        let heard = server.heard();
        let at = |verb: &str| heard.iter().position(|c| c.starts_with(verb)).unwrap_or(0);
        assert!(at("STARTTLS") <= at("AUTH") && at("AUTH") < at("MAIL"), "{heard:?}");
    }
}

#[tokio::test]
async fn a_wrong_password_is_nobodys_fault_but_ours() {
    let server = Script::default().offering("AUTH PLAIN").on("AUTH", [Act::Say("535 5.7.8 wrong")]).start().await;
    let login = Some(Login { username: "watch".to_owned(), password: Secret::new("secret".to_owned()) });
    let mail = SmtpMail::new(SmtpSettings { login, ..settings(server.port(), Tls::None) }, patience(), None).unwrap();
    let refusal = mail.send(message(1)).await.unwrap_err();
    assert_eq!(refusal, Refusal { kind: RefusalKind::Relay, reply: "535 5.7.8 wrong".to_owned() });
    assert!(!refusal.reply.contains("secret"));
}

#[tokio::test]
async fn a_kept_line_sends_long_messages_one_after_the_other() {
    let keeper = Keeper::start().await.unwrap();
    let one = SmtpSettings { connections: 1, ..settings(keeper.address().port(), Tls::None) };
    let many = SmtpPatience { messages_per_line: 1_000, ..SmtpPatience::default() };
    let mail = SmtpMail::new(one, many, None).unwrap();
    let mut long = message(1);
    long.bytes.extend(b"sixty characters of text in a line that is neither long nor s\r\n".repeat(400));
    for _ in 0..100 {
        mail.send(long.clone()).await.unwrap();
    }
    let kept = keeper.kept();
    assert!(kept.len() == 100 && kept.iter().all(|kept| kept.bytes == long.bytes));
}
