//! What comes back: read right, believed only with proof, and followed by the right thing.

mod corpus;
mod imap;
mod storm;
mod ways_in;

use boardwatch::domain::delivery::Position;
use boardwatch::domain::subscriber::{Address, Cadence, SubscriberId};
use boardwatch::rules::returns::{BounceClass, Judged, Ours, Verdict, What, Whom, judge, read};
use boardwatch::rules::token::Keyring;
use boardwatch::rules::verp::{self, Tag};
use chrono::{DateTime, Utc};
use corpus::{Truth, cases, templates};
use std::collections::{BTreeMap, BTreeSet};

const KEY: [u8; 32] = [7; 32];
const MAILS: usize = 10_000;

fn mailbox() -> Address {
    Address::parse("bounces@boards.example.org").unwrap()
}

fn now() -> DateTime<Utc> {
    "2026-11-22T09:00:00Z".parse().unwrap()
}

fn id(address: &str) -> SubscriberId {
    SubscriberId::of(&Address::parse(address).unwrap_or_else(|_| mailbox()), &KEY)
}

/// The envelope's sender of our mail to `to`.
fn back(key: &[u8; 32], to: &str) -> String {
    let tag = Tag::Digest { subscriber: id(to).number(), cadence: Cadence::Daily, to: Position::at(now()) };
    verp::address(key, &mailbox(), tag).as_str().to_owned()
}

/// What `bytes` were judged as, in the words of the corpus.
fn judged(bytes: &[u8], envelope_to: &str) -> (Truth, Whom) {
    let (mailbox, links) = (mailbox(), Keyring::of(KEY));
    let ours = Ours { key: &KEY, links: &links, mailbox: Some(&mailbox) };
    let Judged { what, whom, .. } = judge(&read(bytes), Some(envelope_to), &ours, now());
    let truth = match what {
        What::Bounce(bounce) => match bounce.class {
            BounceClass::Gone => Truth::Gone,
            BounceClass::Soft => Truth::Soft,
            BounceClass::Ours => Truth::Ours,
        },
        What::Complaint => Truth::Complaint,
        What::Unsubscribe { .. } => Truth::Unsubscribe,
        What::Delayed => Truth::Delayed,
        What::Receipt => Truth::Receipt,
        What::AutoReply => Truth::AutoReply,
        What::Unknown => Truth::Other,
    };
    (truth, whom)
}

fn is_bounce(truth: Truth) -> bool {
    matches!(truth, Truth::Gone | Truth::Soft | Truth::Ours)
}

#[test]
fn ten_thousand_returned_mails_of_many_servers_are_read_right_and_no_auto_reply_is_a_bounce() {
    let mut table: BTreeMap<(Truth, Truth), usize> = BTreeMap::new();
    let mut wrong: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut bounces, mut right_bounces, mut right) = (0, 0, 0);
    let mut dialects = BTreeSet::new();
    for case in cases(MAILS, 1, |to| back(&KEY, to), |to| format!("<{}@boards.example.org>", id(to))) {
        let subscriber = id(&case.recipient);
        let envelope_to = if case.truth == Truth::Unsubscribe {
            verp::address(&KEY, &mailbox(), Tag::Leave { subscriber: subscriber.number(), life: None }).as_str().to_owned()
        } else {
            case.envelope_to.clone()
        };
        let (said, whom) = judged(&case.bytes, &envelope_to);
        *table.entry((case.truth, said)).or_default() += 1;
        let mut is_right = said == case.truth;
        if is_bounce(case.truth) {
            // Whom a template renames, as the one for addresses outside ASCII does, only the tag still knows.
            is_right &= matches!(whom, Whom::Proved { .. });
            bounces += 1;
            right_bounces += usize::from(is_right);
            dialects.insert(case.dialect);
        }
        right += usize::from(is_right);
        *wrong.entry(case.dialect).or_default() += usize::from(!is_right);
    }
    for ((truth, said), count) in &table {
        println!("{truth:>12?} read as {said:<12?} {count:>6}");
    }
    for (dialect, count) in wrong.iter().filter(|(_, count)| **count > 0) {
        println!("{count:>6} wrong: {dialect}");
    }
    println!("{right} of {MAILS} right; {right_bounces} of {bounces} bounces of {} kinds of servers", dialects.len());
    assert!(dialects.len() >= 25 && bounces > MAILS / 2);
    assert!(right_bounces * 100 >= bounces * 99, "{right_bounces} of {bounces}");
    assert!(right * 100 >= MAILS * 99, "{right} of {MAILS}");
    for ((truth, said), count) in table {
        let is_forbidden = truth == Truth::AutoReply && (is_bounce(said) || said == Truth::Complaint);
        assert!(!is_forbidden, "{count} auto-replies read as {said:?}");
    }
}

#[test]
fn without_tags_a_bounce_names_its_recipient_and_our_message_or_proves_nothing() {
    let (mut named, mut bounces) = (0, 0);
    for case in cases(2_000, 2, |_| "bounces@boards.example.org".to_owned(), |to| format!("<{}@boards.example.org>", id(to))) {
        if !is_bounce(case.truth) {
            continue;
        }
        bounces += 1;
        let subscriber = id(&case.recipient);
        match judged(&case.bytes, "bounces@boards.example.org").1 {
            Whom::Claimed { subscribers, message_ids } => {
                named += usize::from(subscribers.contains(&subscriber) && message_ids.contains(&subscriber.to_string()));
            }
            Whom::Nobody { .. } => {}
            Whom::Proved { .. } => panic!("{}: nothing in it was signed", case.dialect),
        }
    }
    println!("{named} of {bounces} bounces name whom and what they return");
    assert!(named * 100 >= bounces * 90, "{named} of {bounces}");
}

#[test]
fn forged_tags_concern_nobody_whatever_the_mail_says() {
    for case in cases(2_000, 3, |to| back(&[8; 32], to), |to| format!("<{}@boards.example.org>", id(to))) {
        if case.truth == Truth::Unsubscribe {
            continue;
        }
        let (_, whom) = judged(&case.bytes, &case.envelope_to);
        assert_eq!(whom, Whom::Nobody { forged: true }, "{}", case.dialect);
    }
}

#[test]
fn a_mail_cut_anywhere_is_never_more_than_it_was() {
    for case in
        cases(templates().iter().map(|t| t.share).sum(), 4, |to| back(&KEY, to), |_| "<x@example.org>".to_owned()).step_by(9)
    {
        if case.truth != Truth::AutoReply {
            continue;
        }
        for cut in (0..case.bytes.len()).step_by(97) {
            let verdict = read(&case.bytes[..cut]).verdict;
            assert!(!matches!(verdict, Verdict::Bounce(_) | Verdict::Complaint), "{} cut at {cut}", case.dialect);
        }
    }
}
