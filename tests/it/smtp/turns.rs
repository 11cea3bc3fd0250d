//! Waiting for a line: what is more urgent goes first, and nothing leaves that was overtaken by what its reader did.

use super::{message, patience, settings};
use crate::support::quiet::QuietTime;
use crate::support::smtp::{Act, Script, SmtpServer};
use boardwatch::config::Tls;
use boardwatch::domain::bundle::Lane;
use boardwatch::domain::subscriber::Cadence;
use boardwatch::edge::smtp::SmtpMail;
use boardwatch::ports::{Mail, Parcel, Unsent};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

fn one_line(server: &SmtpServer) -> SmtpMail {
    let mut one = settings(server.port(), Tls::None);
    one.connections = 1;
    SmtpMail::new(one, patience(), None).unwrap()
}

fn parcel(number: usize, lane: Lane, waited: bool) -> Parcel {
    Parcel { lane, waited, ..Parcel::at_once(message(number)) }
}

/// Some, of which one will be the reader who leaves.
fn until(left: &Arc<AtomicBool>, number: usize) -> Parcel {
    let left = left.clone();
    Parcel { is_current: Box::new(move || !left.load(Ordering::SeqCst)), ..Parcel::at_once(message(number)) }
}

fn subjects(server: &SmtpServer) -> Vec<usize> {
    let subject = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        text.split("Subject: ").nth(1).unwrap().split("\r\n").next().unwrap().parse().unwrap()
    };
    server.kept().iter().map(|kept| subject(&kept.bytes)).collect()
}

#[tokio::test]
async fn of_what_waits_for_a_line_the_most_urgent_goes_first_and_then_what_waited_before() {
    let server = Script::default().start().await;
    let mail = one_line(&server);
    let (daily, at_once) = (Lane::Digest(Cadence::Daily), Lane::Digest(Cadence::Immediate));
    let parcels = [
        parcel(1, daily, false),
        parcel(2, daily, false),
        parcel(3, at_once, false),
        parcel(4, daily, true),
        parcel(5, Lane::Letter, false),
        parcel(6, at_once, false),
    ];
    for done in futures::future::join_all(parcels.map(|parcel| mail.send_in_turn(parcel))).await {
        done.unwrap();
    }
    assert_eq!(subjects(&server), [5, 3, 6, 4, 1, 2]);
}

#[tokio::test]
async fn what_is_not_current_any_more_when_a_line_is_free_is_not_begun() {
    for offers in [&["PIPELINING"][..], &[]] {
        let script = Script::default().on("content", [Act::Late(Duration::from_millis(300))]);
        let server = offers.iter().fold(script, |script, keyword| script.offering(keyword)).start().await;
        let _time = QuietTime::with([&server]);
        let (mail, left) = (one_line(&server), Arc::new(AtomicBool::new(false)));
        let leaves = async {
            server.has_heard("MAIL").await;
            left.store(true, Ordering::SeqCst);
        };
        let stays = mail.send_in_turn(parcel(1, Lane::Letter, false));
        let (first, second, ()) = futures::join!(stays, mail.send_in_turn(until(&left, 2)), leaves);
        assert!(first.is_ok());
        assert_eq!(second, Err(Unsent::Outdated));
        assert_eq!(subjects(&server), [1]);
        mail.send(message(3)).await.unwrap();
        assert_eq!(subjects(&server), [1, 3], "the line serves on");
    }
}

#[tokio::test]
async fn a_text_whose_reader_leaves_while_the_server_hesitates_is_not_handed_over() {
    for offers in [&["PIPELINING"][..], &[]] {
        let script = Script::default().on("DATA", [Act::Late(Duration::from_millis(300))]);
        let server = offers.iter().fold(script, |script, keyword| script.offering(keyword)).start().await;
        let _time = QuietTime::with([&server]);
        let (mail, left) = (one_line(&server), Arc::new(AtomicBool::new(false)));
        let leaves = async {
            server.has_heard("MAIL").await;
            left.store(true, Ordering::SeqCst);
        };
        let (outcome, ()) = futures::join!(mail.send_in_turn(until(&left, 1)), leaves);
        assert_eq!(outcome, Err(Unsent::Outdated));
        mail.send(message(2)).await.unwrap();
        assert_eq!(subjects(&server), [2]);
    }
}
