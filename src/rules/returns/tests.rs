//! What a mail is, and whom it concerns: believed only where our own signature stands.

use super::*;
use crate::domain::delivery::Position;
use crate::domain::subscriber::{Address, Cadence, SubscriberId};
use crate::rules::token::{Keyring, Purpose};
use crate::rules::verp::{self, Tag};
use chrono::{DateTime, Utc};
use proptest::prelude::*;

const KEY: [u8; 32] = [7; 32];

fn mailbox() -> Address {
    Address::parse("bounces@boards.example.org").unwrap()
}

fn now() -> DateTime<Utc> {
    "2026-11-22T09:00:00Z".parse().unwrap()
}

fn tag(subscriber: u128) -> Tag {
    Tag::Digest { subscriber, cadence: Cadence::Daily, to: Position::at(now()) }
}

fn judged(bytes: &str, envelope_to: Option<&str>) -> Judged {
    let (mailbox, links) = (mailbox(), Keyring::of(KEY));
    judge(&read(bytes.as_bytes()), envelope_to, &Ours { key: &KEY, links: &links, mailbox: Some(&mailbox) }, now())
}

fn bounce(to: &str, returned: &str) -> String {
    format!(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mail.example.net\nTo: {to}\nSubject: Undelivered Mail Returned to Sender\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nSorry.\n\
         --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.example.net\n\n\
         Final-Recipient: rfc822; reader@example.org\nAction: failed\nStatus: 5.1.1\n\
         Diagnostic-Code: smtp; 550 5.1.1 no such user\n\n--b\nContent-Type: text/rfc822-headers\n\n{returned}\n--b--\n"
    )
}

#[test]
fn the_tag_of_the_address_says_whom_a_bounce_concerns() {
    let to = verp::address(&KEY, &mailbox(), tag(9));
    let Judged { what: What::Bounce(bounce), whom } = judged(&bounce(to.as_str(), ""), None) else { panic!() };
    assert_eq!(bounce.class, BounceClass::Gone);
    assert_eq!(whom, Whom::Proved { subscriber: SubscriberId::from_number(9), delivery: tag(9).delivery() });
}

#[test]
fn the_envelope_is_believed_before_the_headers() {
    let (header, envelope) = (verp::address(&KEY, &mailbox(), tag(9)), verp::address(&KEY, &mailbox(), tag(10)));
    let whom = judged(&bounce(header.as_str(), ""), Some(envelope.as_str())).whom;
    assert!(matches!(whom, Whom::Proved { subscriber, .. } if subscriber == SubscriberId::from_number(10)));
}

#[test]
fn a_token_in_the_returned_mail_proves_it_too() {
    let token = Keyring::of(KEY).link(Purpose::Unsubscribe, &SubscriberId::from_number(3), now());
    let ours = format!("To: reader@example.org\nList-Unsubscribe: <https://boards.example.org/one-click/{token}>\n");
    let whom = judged(&bounce("bounces@boards.example.org", &ours), None).whom;
    assert_eq!(whom, Whom::Proved { subscriber: SubscriberId::from_number(3), delivery: None });
}

#[test]
fn a_forged_tag_concerns_nobody_and_takes_the_rest_with_it() {
    let forged = verp::address(&[8; 32], &mailbox(), tag(9));
    let ours = "To: reader@example.org\nMessage-ID: <0123@boards.example.org>\n";
    assert_eq!(judged(&bounce(forged.as_str(), ours), None).whom, Whom::Nobody { forged: true });
    assert_eq!(judged(&bounce("bounces@boards.example.org", ""), None).whom, Whom::Nobody { forged: false });
}

#[test]
fn a_recipient_and_a_message_id_are_a_claim() {
    let ours = "To: reader@example.org\nMessage-ID: <0123@boards.example.org>\n";
    let reader = SubscriberId::of(&Address::parse("reader@example.org").unwrap(), &KEY);
    let claimed = Whom::Claimed { subscribers: vec![reader], message_ids: vec!["0123".to_owned()] };
    assert_eq!(judged(&bounce("bounces@boards.example.org", ours), None).whom, claimed);
}

#[test]
fn a_mail_to_a_way_out_ends_it_and_a_bounce_there_does_not() {
    let leave = verp::address(&KEY, &mailbox(), Tag::Leave { subscriber: 4 });
    let letter = format!("From: reader@example.org\nTo: {}\nSubject:\n\n", leave.as_str());
    let judged_letter = judged(&letter, None);
    assert_eq!(judged_letter.what, What::Unsubscribe);
    assert!(matches!(judged_letter.whom, Whom::Proved { subscriber, .. } if subscriber == SubscriberId::from_number(4)));
    assert!(matches!(judged(&bounce(leave.as_str(), ""), None).what, What::Bounce(_)));
}

#[test]
fn the_worst_that_a_report_says_of_anybody_counts() {
    let two = bounce("x@example.org", "").replace(
        "Final-Recipient: rfc822; reader@example.org\nAction: failed",
        "Final-Recipient: rfc822; other@example.org\nAction: delivered\nStatus: 2.0.0\n\nFinal-Recipient: rfc822; reader@example.org\nAction: failed",
    );
    assert!(matches!(read(two.as_bytes()).verdict, Verdict::Bounce(_)));
    let delayed = bounce("x@example.org", "").replace("failed", "delayed");
    assert_eq!(read(delayed.as_bytes()).verdict, Verdict::Delayed);
}

proptest! {
    #[test]
    fn any_bytes_get_an_answer(bytes: Vec<u8>) {
        let _ = read(&bytes);
    }

    #[test]
    fn any_report_gets_an_answer(fields in "(?s).{0,400}", words in "(?s).{0,400}") {
        let report = bounce("x@example.org", &words).replace("Action: failed", &fields);
        let proved = matches!(judged(&report, None).whom, Whom::Proved { .. });
        prop_assert!(!proved);
    }
}
