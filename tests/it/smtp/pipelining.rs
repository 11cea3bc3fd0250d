//! Commands that are sent together: what a server sees of them, and what becomes of a message when one is refused.

use super::{little_patience, message, patience, settings};
use crate::support::quiet::QuietTime;
use crate::support::smtp::{Act, Script};
use boardwatch::config::Tls;
use boardwatch::domain::delivery::RefusalKind;
use boardwatch::edge::smtp::{SmtpMail, SmtpPatience};
use boardwatch::ports::Mail;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;

/// A server that hears and says exactly this: `C: ` what it hears, `S: ` what it says. Answers with what it heard besides.
fn play(listener: TcpListener, transcript: &'static str) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut line = BufReader::new(stream);
        for step in transcript.lines().map(str::trim) {
            match step.split_once(": ").unwrap() {
                ("S", words) => line.get_mut().write_all(format!("{words}\r\n").as_bytes()).unwrap(),
                (_, expected) => {
                    let mut heard = String::new();
                    line.read_line(&mut heard).unwrap();
                    assert_eq!(heard.trim_end(), expected);
                }
            }
        }
        let mut rest = String::new();
        line.read_to_string(&mut rest).unwrap();
        rest
    })
}

async fn converse(transcript: &'static str, messages: usize) -> Vec<Result<String, RefusalKind>> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut one = settings(listener.local_addr().unwrap().port(), Tls::None);
    (one.connections, one.hello) = (1, Some("boards.example.org".to_owned()));
    let peer = play(listener, transcript);
    let mail = SmtpMail::new(one, patience(), None).unwrap();
    let sends = (1..=messages).map(|n| {
        let mut message = message(n);
        message.bytes = format!("Subject: {n}\r\n").into_bytes();
        mail.send(message)
    });
    let done = futures::future::join_all(sends).await;
    drop(mail);
    tokio::task::spawn_blocking(|| assert_eq!(peer.join().unwrap(), "")).await.unwrap();
    done.into_iter().map(|done| done.map_err(|refusal| refusal.kind)).collect()
}

const OPENING: &str = "S: 220 test
    C: EHLO boards.example.org
    S: 250-test
    S: 250 PIPELINING
    ";

macro_rules! transcript {
    ($rest:literal) => {
        Box::leak(format!("{OPENING}{}", $rest).into_boxed_str())
    };
}

#[tokio::test]
async fn what_a_server_said_before_it_saw_a_message_is_no_word_on_it() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut one = settings(listener.local_addr().unwrap().port(), Tls::None);
    (one.connections, one.hello) = (1, Some("boards.example.org".to_owned()));
    // Its go-ahead and a "taken" arrive as one piece, before the message has left.
    let hasty = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut line = BufReader::new(stream);
        line.get_mut().write_all(b"220 test\r\n").unwrap();
        let mut heard = String::new();
        while line.read_line(&mut heard).is_ok_and(|octets| octets > 0) {
            let answer: &[u8] = match heard.get(..4) {
                Some("DATA") => b"354 go\r\n250 taken\r\n",
                Some("QUIT") => break,
                _ => b"250 ok\r\n",
            };
            line.get_mut().write_all(answer).unwrap();
            heard.clear();
        }
    });
    let mail = SmtpMail::new(one, patience(), None).unwrap();
    let sent = mail.send(message(1)).await;
    drop(mail);
    assert!(sent.is_err(), "{sent:?}");
    tokio::task::spawn_blocking(|| hasty.join().unwrap()).await.unwrap();
}

#[tokio::test]
async fn the_next_envelope_leaves_behind_a_messages_final_dot() {
    // The server says nothing until it has heard all of a group.
    let done = converse(
        transcript!(
            "C: MAIL FROM:<updates@example.org>
            C: RCPT TO:<reader@example.org>
            C: DATA
            S: 250 ok
            S: 250 ok
            S: 354 go
            C: Subject: 1
            C: .
            C: MAIL FROM:<updates@example.org>
            C: RCPT TO:<reader@example.org>
            C: DATA
            S: 250 first
            S: 250 ok
            S: 250 ok
            S: 354 go
            C: Subject: 2
            C: .
            S: 250 second
            C: QUIT
            S: 221 bye"
        ),
        2,
    )
    .await;
    assert_eq!(done, [Ok("250 first".to_owned()), Ok("250 second".to_owned())]);
}

#[tokio::test]
async fn a_server_that_wants_a_message_for_nobody_is_given_an_empty_one() {
    let done = converse(
        transcript!(
            "C: MAIL FROM:<updates@example.org>
            C: RCPT TO:<reader@example.org>
            C: DATA
            S: 250 ok
            S: 550 5.1.1 no such user
            S: 354 go on anyway
            C: .
            S: 554 5.5.1 no recipients
            C: RSET
            C: MAIL FROM:<updates@example.org>
            C: RCPT TO:<reader@example.org>
            C: DATA
            S: 250 forgotten
            S: 250 ok
            S: 250 ok
            S: 354 go
            C: Subject: 2
            C: .
            S: 250 second
            C: QUIT
            S: 221 bye"
        ),
        2,
    )
    .await;
    assert_eq!(done, [Err(RefusalKind::AddressGone), Ok("250 second".to_owned())]);
}

#[tokio::test]
async fn a_server_that_would_send_an_empty_message_to_somebody_is_left() {
    let done = converse(
        transcript!(
            "C: MAIL FROM:<updates@example.org>
            C: RCPT TO:<reader@example.org>
            C: DATA
            S: 451 4.3.0 later
            S: 250 ok
            S: 354 go on anyway"
        ),
        1,
    )
    .await;
    assert_eq!(done, [Err(RefusalKind::Transient)]);
}

#[tokio::test]
async fn a_refusal_of_the_text_leaves_the_envelope_behind_it_alone() {
    let done = converse(
        transcript!(
            "C: MAIL FROM:<updates@example.org>
            C: RCPT TO:<reader@example.org>
            C: DATA
            S: 250 ok
            S: 250 ok
            S: 354 go
            C: Subject: 1
            C: .
            C: MAIL FROM:<updates@example.org>
            C: RCPT TO:<reader@example.org>
            C: DATA
            S: 452 4.3.1 no space
            S: 250 ok
            S: 250 ok
            S: 354 go
            C: Subject: 2
            C: .
            S: 250 second
            C: QUIT
            S: 221 bye"
        ),
        2,
    )
    .await;
    assert_eq!(done, [Err(RefusalKind::Transient), Ok("250 second".to_owned())]);
}

#[tokio::test]
async fn an_envelope_whose_line_breaks_under_the_message_before_it_goes_over_a_fresh_one() {
    let server = Script::default().offering("PIPELINING").on("content", [Act::TakeAndDrop]).start().await;
    let mut one = settings(server.port(), Tls::None);
    one.connections = 1;
    let mail = SmtpMail::new(one, patience(), None).unwrap();
    let (first, second) = futures::join!(mail.send(message(1)), mail.send(message(2)));
    assert_eq!(first.unwrap_err().kind, RefusalKind::Unknown);
    second.unwrap();
    assert_eq!((server.kept().len(), server.lines_opened()), (2, 2));
}

#[tokio::test]
async fn a_message_larger_than_the_server_takes_is_not_sent_there() {
    let server = Script::default().offering("SIZE 40").start().await;
    let mail = SmtpMail::new(settings(server.port(), Tls::None), patience(), None).unwrap();
    let refusal = mail.send(message(1)).await.unwrap_err();
    // It is no reader's fault, and not the server's words.
    assert_eq!(refusal.kind, RefusalKind::Transient);
    assert!(refusal.reply.starts_with("the server says that it takes 40 octets (SIZE)"), "{}", refusal.reply);
    assert!(!server.heard().iter().any(|command| command.starts_with("MAIL")));
}

#[tokio::test]
async fn words_slipped_in_before_tls_begin_no_conversation() {
    let (script, pem) = Script::default().offering("STARTTLS").with_tls(false);
    let server = script.on("STARTTLS", [Act::Say("220 go ahead\r\n250 injected")]).start().await;
    let mail = SmtpMail::new(settings(server.port(), Tls::Starttls), patience(), Some(&pem)).unwrap();
    assert_eq!(mail.send(message(1)).await.unwrap_err().kind, RefusalKind::Relay);
    assert!(server.heard().iter().all(|c| c.starts_with("EHLO") || c == "STARTTLS"), "{:?}", server.heard());
}

#[tokio::test]
async fn a_certificate_for_another_name_stops_everything() {
    for (first, tls) in [(false, Tls::Starttls), (true, Tls::Tls)] {
        let (script, pem) = Script::default().offering("STARTTLS").with_tls_as("mail.example.net", first);
        let server = script.start().await;
        let mail = SmtpMail::new(settings(server.port(), tls), patience(), Some(&pem)).unwrap();
        let refusal = mail.send(message(1)).await.unwrap_err();
        assert_eq!(refusal.kind, RefusalKind::Relay);
        assert!(refusal.reply.contains("certificate"), "{}", refusal.reply);
        assert!(server.kept().is_empty());
    }
}

#[tokio::test]
async fn a_server_that_throws_commands_of_a_group_away_is_spoken_to_in_one_at_a_time_and_that_is_said() {
    for script in [Script::default().deaf_to_groups(), Script::default().hearing_the_first_alone()] {
        let server = script.start().await;
        let _time = QuietTime::with([&server]);
        let mut one = settings(server.port(), Tls::None);
        one.connections = 1;
        let patience = SmtpPatience { first_answer: little_patience().command, ..patience() };
        let mail = SmtpMail::new(one, patience.clone(), None).unwrap();
        assert!(mail.remarks().is_empty());
        let sends = (1..=5).map(|n| mail.send(message(n)));
        for done in futures::future::join_all(sends).await {
            done.unwrap();
        }
        assert_eq!((server.kept().len(), server.lines_opened()), (5, 2));
        let remarks = mail.remarks();
        assert!(remarks.len() == 1 && remarks[0].1.contains("PIPELINING"), "{remarks:?}");
        assert!(mail.out_of_use().is_empty());
        let mut one = settings(server.port(), Tls::None);
        one.connections = 1;
        let next = SmtpMail::new(one, patience, None).unwrap();
        next.recall(&mail.learned());
        next.send(message(6)).await.unwrap();
        assert_eq!((server.kept().len(), server.lines_opened()), (6, 3), "the next start need not find it out again");
        assert_eq!(next.remarks(), remarks);
    }
}

#[tokio::test]
async fn a_server_that_offers_groups_and_refuses_them_by_name_is_spoken_to_in_one_command_at_a_time() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut one = settings(listener.local_addr().unwrap().port(), Tls::None);
    (one.connections, one.hello) = (1, Some("boards.example.org".to_owned()));
    let strict = std::thread::spawn(move || {
        let mut taken = 0;
        // The line that said several commands at once, and the one that takes all.
        for _ in 0..2 {
            let (mut line, _) = listener.accept().unwrap();
            line.write_all(b"220 test\r\n").unwrap();
            let (mut heard, mut is_text) = (vec![0; 64 * 1024], false);
            while let Ok(octets @ 1..) = line.read(&mut heard) {
                let words = &heard[..octets];
                if is_text {
                    is_text = !words.ends_with(b"\r\n.\r\n");
                    if !is_text {
                        taken += 1;
                        line.write_all(b"250 taken\r\n").unwrap();
                    }
                    continue;
                }
                let answer: &[u8] = match words.split_inclusive(|b| *b == b'\n').count() {
                    1 if words.starts_with(b"EHLO") => b"250-test\r\n250 PIPELINING\r\n",
                    1 if words.starts_with(b"DATA") => b"354 go\r\n",
                    1 if words.starts_with(b"QUIT") => break,
                    1 => b"250 ok\r\n",
                    _ => b"554 5.5.1 Error: improper use of SMTP command pipelining\r\n".as_slice(),
                };
                is_text = answer.starts_with(b"354");
                line.write_all(answer).unwrap();
                if answer.starts_with(b"554") {
                    break;
                }
            }
        }
        taken
    });
    let mail = SmtpMail::new(one, patience(), None).unwrap();
    for done in futures::future::join_all((1..=3).map(|n| mail.send(message(n)))).await {
        done.unwrap();
    }
    let remarks = mail.remarks();
    assert!(remarks.len() == 1 && remarks[0].1.contains("PIPELINING"), "{remarks:?}");
    drop(mail);
    assert_eq!(tokio::task::spawn_blocking(|| strict.join().unwrap()).await.unwrap(), 3);
}

#[tokio::test]
async fn a_server_that_throws_away_what_stands_behind_a_message_is_found_out_by_one_of_them() {
    let server = Script::default().deaf_behind_messages().start().await;
    let _time = QuietTime::with([&server]);
    let mut one = settings(server.port(), Tls::None);
    one.connections = 1;
    let patience = SmtpPatience { first_answer: little_patience().command, ..patience() };
    let mail = SmtpMail::new(one, patience, None).unwrap();
    let sends = (1..=8).map(|n| mail.send(message(n)));
    for done in futures::future::join_all(sends).await {
        done.unwrap();
    }
    assert_eq!((server.kept().len(), server.lines_opened()), (8, 2));
    let remarks = mail.remarks();
    assert!(remarks.len() == 1 && remarks[0].1.contains("PIPELINING"), "{remarks:?}");
}

#[tokio::test]
async fn a_server_that_closes_the_line_after_each_message_still_pipelines() {
    let acts = (0..4).map(|_| Act::SayAndDrop("250 2.0.0 taken, and that is all"));
    let server = Script::default().offering("PIPELINING").on("content", acts).start().await;
    let mut one = settings(server.port(), Tls::None);
    one.connections = 1;
    let mail = SmtpMail::new(one, patience(), None).unwrap();
    for done in futures::future::join_all((1..=6).map(|n| mail.send(message(n)))).await {
        done.unwrap();
    }
    assert!(mail.remarks().is_empty(), "{:?}", mail.remarks());
}

#[tokio::test]
async fn many_lines_that_were_answered_once_each_do_not_hide_that_groups_are_thrown_away() {
    let server = Script::default().hearing_the_first_alone().start().await;
    let _time = QuietTime::with([&server]);
    let mut one = settings(server.port(), Tls::None);
    one.connections = 5;
    let mail = SmtpMail::new(one, SmtpPatience { first_answer: little_patience().command, ..patience() }, None).unwrap();
    let sends = (1..=20).map(|n| mail.send(message(n)));
    for done in futures::future::join_all(sends).await {
        done.unwrap();
    }
    assert_eq!(server.kept().len(), 20);
    assert!(server.lines_opened() <= 10, "{}", server.lines_opened());
}

#[tokio::test]
async fn one_first_group_that_was_lost_costs_a_line_and_no_more() {
    let server = Script::default().offering("PIPELINING").on("MAIL", [Act::Drop]).start().await;
    let mut one = settings(server.port(), Tls::None);
    one.connections = 1;
    let mail = SmtpMail::new(one, patience(), None).unwrap();
    mail.send(message(1)).await.unwrap();
    assert_eq!((server.kept().len(), server.lines_opened()), (1, 2));
}

/// The same message is answered when it is said once more; that it came as one was not the reason.
#[tokio::test]
async fn a_message_that_fares_better_the_second_time_is_no_word_on_groups() {
    let late = |milliseconds| Act::Late(std::time::Duration::from_millis(milliseconds));
    for acts in [vec![Act::Drop], vec![Act::Hang, late(1_000)]] {
        let server = Script::default().offering("PIPELINING").on("RCPT", acts).start().await;
        let _time = QuietTime::with([&server]);
        let mut one = settings(server.port(), Tls::None);
        one.connections = 1;
        let mail = SmtpMail::new(one, SmtpPatience { first_answer: little_patience().command, ..patience() }, None).unwrap();
        for n in 1..=3 {
            mail.send(message(n)).await.unwrap();
        }
        assert_eq!((server.kept().len(), server.lines_opened()), (3, 2));
        assert!(mail.remarks().is_empty(), "{:?}", mail.remarks());
    }
}

#[tokio::test]
async fn a_server_that_has_answered_groups_is_not_suspected_for_a_message_that_it_leaves_unanswered() {
    let acts = [Act::Late(std::time::Duration::ZERO), Act::Hang];
    let server = Script::default().offering("PIPELINING").on("RCPT", acts).start().await;
    let _time = QuietTime::with([&server]);
    let mut one = settings(server.port(), Tls::None);
    one.connections = 1;
    let patience = SmtpPatience { first_answer: little_patience().command, messages_per_line: 1, ..patience() };
    let mail = SmtpMail::new(one, patience, None).unwrap();
    mail.send(message(1)).await.unwrap();
    assert_eq!(mail.send(message(2)).await.unwrap_err().kind, RefusalKind::Relay);
    mail.send(message(3)).await.unwrap();
    assert!(mail.remarks().is_empty(), "{:?}", mail.remarks());
}
