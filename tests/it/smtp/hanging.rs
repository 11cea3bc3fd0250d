//! A server that falls silent once it was told whom a message is for: others have another line, and its sender is told.

use super::{message, patience, settings};
use crate::support::smtp::{Act, Script, SmtpServer};
use boardwatch::config::Tls;
use boardwatch::domain::delivery::RefusalKind;
use boardwatch::domain::subscriber::Address;
use boardwatch::edge::smtp::{SmtpMail, SmtpPatience};
use boardwatch::ports::{Hanging, Mail, Message, Parcel, Unsent};
use std::time::Duration;

fn to(number: usize, domain: &str) -> Message {
    Message { to: Address::parse(&format!("reader{number}@{domain}")).unwrap(), ..message(number) }
}

fn mail(server: &SmtpServer, connections: u32) -> SmtpMail {
    let mut one = settings(server.port(), Tls::None);
    one.connections = connections;
    SmtpMail::new(one, SmtpPatience { hush: Duration::from_millis(300), ..patience() }, None).unwrap()
}

/// What is heard of one that hangs.
async fn hangs(mail: &SmtpMail, number: usize) -> Hanging {
    match mail.send_in_turn(Parcel::at_once(to(number, "stuck.example.net"))).await {
        Err(Unsent::Hangs(hanging)) => hanging,
        done => panic!("{done:?}"),
    }
}

#[tokio::test]
async fn what_hangs_is_told_and_others_have_as_many_lines_as_before() {
    for offer in ["PIPELINING", "SIZE 100000"] {
        for (step, kind) in [("stuck.example.net", RefusalKind::Relay), ("content stuck.example.net", RefusalKind::Unknown)] {
            for connections in [1, 2] {
                let server = Script::default().offering(offer).on(step, vec![Act::Hang; 2]).start().await;
                let mail = mail(&server, connections);
                let (first, second) = tokio::join!(hangs(&mail, 1), hangs(&mail, 2));
                assert_eq!((first.refusal.kind, second.refusal.kind), (kind, kind), "{step}");
                assert!(first.refusal.reply.starts_with("the server did not answer"), "{}", first.refusal.reply);
                let others = (3..40).map(|n| mail.send(to(n, "example.org")));
                for done in futures::future::join_all(others).await {
                    done.unwrap();
                }
                assert!(server.lines_open_max() <= 3 * connections as usize, "{}", server.lines_open_max());
                // Whoever does not want to know closes the line.
                drop((first.rest, second.rest));
                mail.send(to(40, "example.org")).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn what_answers_late_is_heard_all_the_same_and_what_was_to_follow_on_its_line_does_not_wait() {
    for step in ["stuck.example.net", "content stuck.example.net"] {
        let late = Act::Late(Duration::from_secs(6));
        let server = Script::default().offering("PIPELINING").on(step, [late]).start().await;
        let mail = mail(&server, 1);
        let begun = std::time::Instant::now();
        let others = async {
            for done in futures::future::join_all((2..20).map(|n| mail.send(to(n, "example.org")))).await {
                done.unwrap();
            }
            begun.elapsed()
        };
        let (hanging, others) = tokio::join!(hangs(&mail, 1), others);
        assert!(others < Duration::from_millis(5_500), "{others:?}");
        assert_eq!(hanging.rest.await.unwrap(), "250 2.0.0 taken");
        assert_eq!(server.taken(), 19);
        assert!(mail.remarks().is_empty());
    }
}

#[tokio::test]
async fn a_line_that_is_closed_for_some_is_no_word_on_how_the_server_is_spoken_to() {
    let acts = vec![Act::Drop; 60];
    let server = Script::default().offering("PIPELINING").on("stuck.example.net", acts).start().await;
    let mail = mail(&server, 2);
    for n in 0..20 {
        let unsent = mail.send_in_turn(Parcel::at_once(to(n, "stuck.example.net"))).await.unwrap_err();
        let Unsent::Unanswered(refusal) = unsent else { panic!("{unsent:?}") };
        assert_eq!((refusal.kind, refusal.reply.as_str()), (RefusalKind::Relay, "the server closed the connection (at RCPT)"));
        mail.send(to(n, "example.org")).await.unwrap();
    }
    assert!(mail.remarks().is_empty(), "{:?}", mail.remarks());
}

#[tokio::test]
async fn a_server_that_answers_nobody_keeps_nobody_waiting_behind_those_that_hang() {
    for connections in [1, 2, 4] {
        let server = Script::default().on("content stuck.example.net", vec![Act::Hang; 100]).start().await;
        let mail = mail(&server, connections);
        let all = (1..60).map(|n| mail.send_in_turn(Parcel::at_once(to(n, "stuck.example.net"))));
        let (mut hang, mut left) = (Vec::new(), 0);
        for done in futures::future::join_all(all).await {
            match done {
                Err(Unsent::Hangs(hanging)) => hang.push(hanging),
                Err(Unsent::RefusedToAll(refusal)) => {
                    assert_eq!(refusal.kind, RefusalKind::Relay);
                    assert!(refusal.reply.contains("without an answer"), "{}", refusal.reply);
                    left += 1;
                }
                done => panic!("{done:?}"),
            }
        }
        assert!(left > 0 && hang.len() <= 3 * connections as usize + 16, "{left} of 59 left, {} hang", hang.len());
        // It has come round.
        mail.send(to(60, "example.org")).await.unwrap();
    }
}
