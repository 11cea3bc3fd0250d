//! A server that falls silent once it was told whom a message is for: others have another line, and its sender is told.

use super::{message, patience, settings};
use crate::support::quiet::QuietTime;
use crate::support::smtp::{Act, Script, SmtpServer};
use boardwatch::config::Tls;
use boardwatch::domain::bundle::Lane;
use boardwatch::domain::delivery::RefusalKind;
use boardwatch::domain::subscriber::{Address, Cadence};
use boardwatch::edge::smtp::{SmtpMail, SmtpPatience};
use boardwatch::ports::{AwaitedStep, Hanging, Mail, Message, Parcel, Unsent};
use std::time::Duration;
use tokio::time::Instant;

fn to(number: usize, domain: &str) -> Message {
    Message { to: Address::parse(&format!("reader{number}@{domain}")).unwrap(), ..message(number) }
}

/// After so long a server has fallen silent.
const HUSH: Duration = Duration::from_millis(300);

fn mail(server: &SmtpServer, connections: u32) -> (SmtpMail, QuietTime) {
    let mut one = settings(server.port(), Tls::None);
    one.connections = connections;
    let mail = SmtpMail::new(one, SmtpPatience { hush: HUSH, ..patience() }, None).unwrap();
    (mail, QuietTime::with([server]))
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
                let (mail, _time) = mail(&server, connections);
                let (first, second) = tokio::join!(hangs(&mail, 1), hangs(&mail, 2));
                assert_eq!((first.refusal.kind, second.refusal.kind), (kind, kind), "{step}");
                assert!(first.refusal.reply.starts_with("the server did not answer"), "{}", first.refusal.reply);
                tokio::time::sleep(Duration::from_secs(2)).await;
                let told = mail.awaited();
                let asked = if kind == RefusalKind::Unknown { AwaitedStep::Text } else { AwaitedStep::Envelope };
                assert!(told.len() == 1 && told[0].provider.as_deref() == Some("stuck.example.net"), "{told:?}");
                assert_eq!((told[0].step, told[0].lines, told[0].longest_seconds), (asked, 2, 2), "{told:?}");
                let others = (3..40).map(|n| mail.send(to(n, "example.org")));
                for done in futures::future::join_all(others).await {
                    done.unwrap();
                }
                assert!(server.lines_open_max() <= 3 * connections as usize, "{}", server.lines_open_max());
                // Whoever does not want to know closes the line.
                drop((first.rest, second.rest));
                tokio::time::sleep(HUSH).await;
                assert!(mail.awaited().is_empty());
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
        let (mail, _time) = mail(&server, 1);
        let begun = Instant::now();
        let others = async {
            for done in futures::future::join_all((2..20).map(|n| mail.send(to(n, "example.org")))).await {
                done.unwrap();
            }
            begun.elapsed()
        };
        let (hanging, others) = tokio::join!(hangs(&mail, 1), others);
        assert!(others < HUSH * 2, "{others:?}");
        assert_eq!(hanging.rest.await.unwrap(), "250 2.0.0 taken");
        assert_eq!(server.taken(), 19);
        assert!(mail.remarks().is_empty());
    }
}

#[tokio::test]
async fn a_line_that_is_closed_for_some_is_no_word_on_how_the_server_is_spoken_to() {
    let acts = vec![Act::Drop; 60];
    let server = Script::default().offering("PIPELINING").on("stuck.example.net", acts).start().await;
    let (mail, _time) = mail(&server, 2);
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
        let (mail, _time) = mail(&server, connections);
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

/// The server says nothing behind every third text, whoever it is for.
#[tokio::test]
async fn however_many_lines_hang_some_are_left_for_what_is_more_urgent() {
    let third = |n: usize| if n % 3 == 2 { Act::Hang } else { Act::Late(Duration::ZERO) };
    let server = Script::default().offering("PIPELINING").on("content", (0..400).map(third)).start().await;
    let (mail, _time) = mail(&server, 1);
    let (mut hang, mut number) = (Vec::new(), 0);
    let (daily, at_once) = (Lane::Digest(Cadence::Daily), Lane::Digest(Cadence::Immediate));
    for (lane, open) in [(daily, &[Lane::Letter, at_once][..]), (at_once, &[Lane::Letter])] {
        let numbers = number..number + 60;
        number = numbers.end;
        let parcels = numbers.map(|n| Parcel { lane, ..Parcel::at_once(to(n, "example.org")) });
        let mut left = 0;
        for done in futures::future::join_all(parcels.map(|parcel| mail.send_in_turn(parcel))).await {
            match done {
                Ok(_) => {}
                Err(Unsent::Hangs(hanging)) => hang.push(hanging),
                Err(Unsent::NoLine(refusal)) => {
                    assert!(refusal.reply.contains("every line"), "{}", refusal.reply);
                    left += 1;
                }
                done => panic!("{done:?}"),
            }
        }
        assert!(left > 0 && hang.len() >= 8, "{left} left, {} hang", hang.len());
        assert_eq!(mail.lanes(), open);
        // Three of them: one is left without an answer, as ever.
        for n in 0..3 {
            match tokio::time::timeout(Duration::from_secs(5), mail.send_in_turn(Parcel::at_once(to(n, "example.com")))).await {
                Ok(Ok(_)) => {}
                Ok(Err(Unsent::Hangs(hanging))) => hang.push(hanging),
                done => panic!("{done:?}"),
            }
        }
    }
    assert!(server.lines_open_max() <= 1 + 4 + 16, "{}", server.lines_open_max());
    assert!(mail.out_of_use().is_empty());
    drop(hang);
    tokio::time::timeout(HUSH, async {
        while mail.lanes() != Lane::ALL {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the lines that hung are closed");
    assert_eq!(mail.lanes(), Lane::ALL);
}

#[tokio::test]
async fn what_is_answered_slowly_for_some_has_nobody_else_wait_however_usual_it_is() {
    let slowly = Act::Late(Duration::from_millis(2_500));
    let server = Script::default().on("content stuck.example.net", vec![slowly; 100]).start().await;
    let (mail, _time) = mail(&server, 1);
    for n in 0..3 {
        mail.send(to(n, "example.org")).await.unwrap();
        mail.send(to(n, "stuck.example.net")).await.unwrap();
    }
    assert_eq!(mail.slow().len(), 1);
    assert!(mail.slow()[0].0 == "stuck.example.net" && mail.slow()[0].1 >= Duration::from_secs(2), "{:?}", mail.slow());
    let begun = Instant::now();
    let slow = futures::future::join_all((10..14).map(|n| mail.send_in_turn(Parcel::at_once(to(n, "stuck.example.net")))));
    let others = async {
        for done in futures::future::join_all((20..40).map(|n| mail.send(to(n, "example.org")))).await {
            done.unwrap();
        }
        begun.elapsed()
    };
    let (slow, others) = tokio::join!(slow, others);
    assert!(others < HUSH * 2, "{others:?}");
    // None of them is taken for one that has no answer: that they are slow is known.
    assert!(slow.iter().all(Result::is_ok), "{slow:?}");
    assert!(server.lines_open_max() <= 1 + 4, "{}", server.lines_open_max());
}

#[tokio::test]
async fn what_is_answered_soon_goes_before_what_is_not_as_far_as_it_is_as_urgent() {
    let slowly = Act::Late(Duration::from_millis(2_500));
    let server = Script::default().on("content stuck.example.net", vec![slowly; 100]).start().await;
    let mut one = settings(server.port(), Tls::None);
    one.connections = 1;
    let mail = SmtpMail::new(one, patience(), None).unwrap();
    let _time = QuietTime::with([&server]);
    mail.send(to(0, "example.org")).await.unwrap();
    mail.send(to(0, "stuck.example.net")).await.unwrap();
    let at_once = Lane::Digest(Cadence::Immediate);
    let parcel = |n: usize, lane, domain: &str| Parcel { lane, ..Parcel::at_once(to(n, domain)) };
    let all = [
        parcel(1, at_once, "stuck.example.net"),
        parcel(2, at_once, "stuck.example.net"),
        parcel(3, at_once, "example.org"),
        parcel(4, Lane::Digest(Cadence::Daily), "example.org"),
        parcel(5, at_once, "example.com"),
        parcel(6, Lane::Letter, "stuck.example.net"),
    ];
    for done in futures::future::join_all(all.map(|parcel| mail.send_in_turn(parcel))).await {
        done.unwrap();
    }
    let number =
        |kept: &boardwatch::edge::keeper::Kept| kept.to[0].trim_start_matches("reader").split('@').next().unwrap().to_owned();
    let order: Vec<String> = server.kept().iter().skip(2).map(number).collect();
    assert_eq!(order, ["6", "3", "5", "1", "2", "4"]);
}
