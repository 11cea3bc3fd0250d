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
    let Judged { what: What::Bounce(bounce), whom, .. } = judged(&bounce(to.as_str(), ""), None) else { panic!() };
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
    let leave = verp::address(&KEY, &mailbox(), Tag::Leave { subscriber: 4, life: Some(1) });
    let letter = format!("From: reader@example.org\nTo: {}\nSubject:\n\n", leave.as_str());
    let judged_letter = judged(&letter, None);
    assert_eq!(judged_letter.what, What::Unsubscribe { life: Some(1) });
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

#[test]
fn what_a_report_says_of_another_recipient_is_not_held_against_ours() {
    let id = |address: &str| SubscriberId::of(&Address::parse(address).unwrap(), &KEY);
    let tagged = verp::address(&KEY, &mailbox(), tag(id("reader@example.org").number()));
    for (action, what) in [("delayed", What::Delayed), ("relayed", What::Receipt), ("delivered", What::Receipt)] {
        let two = bounce(tagged.as_str(), "").replace(
            "Final-Recipient: rfc822; reader@example.org\nAction: failed",
            &format!(
                "Final-Recipient: rfc822; reader@example.org\nAction: {action}\n\n\
                 Final-Recipient: rfc822; other@example.org\nAction: failed"
            ),
        );
        assert_eq!(judged(&two, None).what, what, "the tag says whose it is");
        let plain = two.replace(tagged.as_str(), "x@example.org").replace("\n\n\n--b--", "\n\nTo: Reader@example.org\n\n--b--");
        assert!(!matches!(read(plain.as_bytes()).verdict, Verdict::Bounce(_)), "and so does the returned head");
    }
}

#[test]
fn a_bounce_that_a_reader_forwards_is_about_the_reader_s_own_mail() {
    let to = verp::address(&KEY, &mailbox(), tag(9));
    let forwarded = |path: &str| {
        format!(
            "Return-Path: <{path}>\nFrom: Reader <reader@example.org>\nTo: {}\nSubject: Fwd: Undelivered Mail\n\
             Content-Type: multipart/mixed; boundary=f\n\n--f\n\nWhat is this?\n--f\nContent-Type: message/rfc822\n\n{}\n--f--\n",
            to.as_str(),
            bounce("reader@example.org", "")
        )
    };
    assert_eq!(judged(&forwarded("reader@example.org"), None).what, What::Unknown);
    assert!(matches!(judged(&forwarded(""), None).what, What::Bounce(_)), "a machine's wrapping of it is the bounce");
}

#[test]
fn an_auto_reply_is_none_the_less_for_speaking_as_bounces_do() {
    let check = |from: &str, subject: &str, more: &str, text: &str| {
        let mail = format!("Return-Path: <>\nFrom: {from}\nTo: x@example.org\nSubject: {subject}\n{more}\n{text}\n");
        assert_eq!(read(mail.as_bytes()).verdict, Verdict::AutoReply, "{subject}");
    };
    let replied = "Auto-Submitted: auto-replied\n";
    check(
        "r@example.org",
        "Automatic reply: Undelivered Mail Returned to Sender",
        replied,
        "I am away; the mailbox was over quota.",
    );
    check("Helpdesk <help@example.org>", "[Ticket#7] Undelivered Mail Returned to Sender", replied, "User unknown? See our FAQ.");
    check("postmaster@example.org", "Re: 2 updates", replied, "I am on holiday. Ask the user unknown to you who replaces me.");
}

#[test]
fn bounces_in_prose_are_read_in_the_tongues_of_their_servers() {
    let class = |subject: &str, text: &str| {
        let mail = format!("Return-Path: <>\nFrom: postmaster@example.org\nSubject: {subject}\n\n{text}\n");
        let Verdict::Bounce(bounce) = read(mail.as_bytes()).verdict else { panic!("{subject}") };
        (bounce.class, bounce.blames_mailbox)
    };
    let gone = (BounceClass::Gone, false);
    assert_eq!(class("Entrega", "No se pudo entregar el mensaje a <a@example.org>: usuario desconocido"), gone);
    assert_eq!(class("Avviso", "Il messaggio non è stato consegnato a <a@example.org>: indirizzo inesistente"), gone);
    assert_eq!(class("Rückmeldung", "Konnte nicht zugestellt werden: Benutzer unbekannt"), gone);
    assert_eq!(class("系统退信", "退信原因：收件人邮件地址不存在，邮件无法送达。"), gone);
    let full = (BounceClass::Soft, true);
    assert_eq!(class("Entrega", "No se ha podido entregar el mensaje: el buzón está lleno (cuota excedida)"), full);
    assert_eq!(class("Your message was blocked", "Undelivered message. It was detected as spam."), (BounceClass::Ours, false));
}

#[test]
fn only_the_mailbox_s_own_trouble_is_counted_against_it() {
    let blames = |status: &str, said: &str| {
        let mail = bounce("x@example.org", "").replace("Status: 5.1.1", &format!("Status: {status}"));
        let mail = mail.replace("550 5.1.1 no such user", said);
        let Verdict::Bounce(bounce) = read(mail.as_bytes()).verdict else { panic!("{said}") };
        assert_ne!(bounce.class, BounceClass::Gone, "{said}");
        bounce.blames_mailbox
    };
    assert!(blames("5.2.2", "552 5.2.2 mailbox full"));
    assert!(blames("4.2.2", "452 4.2.2 over quota"));
    assert!(blames("5.0.0", "552 Quota exceeded. The recipient mailbox is full."));
    assert!(blames("5.4.4", "Host or domain name not found. Name service error for name=example.org type=A: Host not found"));
    assert!(!blames("4.4.1", "connect to mx.example.org:25: Connection timed out"));
    assert!(!blames("4.4.3", "Name service error for name=example.org: Host not found, try again"));
    assert!(!blames("5.4.6", "mail for example.org loops back to myself"));
    assert!(!blames("4.2.0", "450 4.2.0 Greylisted"));
    assert!(!blames("4.7.1", "450 4.7.1 Recipient address rejected: Greylisted, see http://example.org/help"));
    assert!(!blames("4.3.2", "421 4.3.2 Service not available, try later"));
    assert!(!blames("5.0.0", "554 5.0.0 Service unavailable"));
    assert!(!blames("5.0.0", "554 Email rejected due to security policies"));
}

/// What Exim or Postfix says of a refusal after `command`, in prose.
fn refused(after: &str, reply: &str) -> Bounce {
    let mail = format!(
        "Return-Path: <>\nFrom: Mail Delivery System <Mailer-Daemon@mail.example.net>\nTo: bounces+k7@boards.example.org\n\
         Subject: Mail delivery failed: returning message to sender\nX-Failed-Recipients: reader@example.org\n\n\
         The following address(es) failed:\n\n  reader@example.org\n    host mx.example.org [203.0.113.9]\n    \
         SMTP error from remote mail server {after}:\n    {reply}\n"
    );
    let Verdict::Bounce(bounce) = read(mail.as_bytes()).verdict else { panic!("{after} {reply}") };
    bounce
}

#[test]
fn what_was_refused_before_the_recipient_was_named_is_about_us() {
    for (after, reply) in [
        ("after MAIL FROM:<bounces+k7@boards.example.org> SIZE=1022", "550 No such user"),
        ("after MAIL FROM:<bounces+k7@boards.example.org>", "553 5.1.0 boards.example.org does not exist"),
        ("after pipelined MAIL FROM:<bounces+k7@boards.example.org>", "550 Unroutable address"),
        ("after EHLO boards.example.org", "550 Host unknown"),
        ("after initial connection", "571 No PTR Record found"),
        ("after initial connection", "554 User unknown"),
        ("after end of data", "553 boards.example.org does not exist"),
        ("after end of data", "550 Rejected"),
        ("after RCPT TO:<reader@example.org>", "550 5.1.0 <bounces+k7@boards.example.org>: User unknown"),
        ("after RCPT TO:<reader@example.org>", "550 Access denied"),
        // For five days.
        ("after MAIL FROM:<bounces+k7@boards.example.org>", "451 4.1.8 sender unknown"),
        (
            "after RCPT TO:<reader@example.org>",
            "450 4.1.8 <bounces+k7@boards.example.org>: Sender address rejected: no such domain",
        ),
        (
            "after RCPT TO:<reader@example.org>",
            "554 IP=203.0.113.9 - A problem occurred. Ask your postmaster to write to a@example.org",
        ),
        ("after end of data", "554 DT:SPM 163 mx7,xyz please see http://mail.example.org/spam.htm"),
        ("after RCPT TO:<reader@example.org>", "550 MI:SPB 163 mx2"),
    ] {
        assert_eq!(refused(after, reply).class, BounceClass::Ours, "{after} {reply}");
    }
    for (after, reply) in [
        ("after MAIL FROM:<bounces+k7@boards.example.org>", "451 4.3.0 come back later"),
        ("after initial connection", "421 too busy"),
    ] {
        let bounce = refused(after, reply);
        assert_eq!((bounce.class, bounce.blames_mailbox), (BounceClass::Soft, false), "{after} {reply}");
    }
    for (after, reply) in [
        ("after RCPT TO:<reader@example.org>", "550 5.1.0 <reader@example.org>: User unknown"),
        ("after end of data", "550 5.1.1 mailbox does not exist"),
        (
            "after RCPT TO:<reader@example.org>",
            "550-Verification failed for <reader@example.org>\n    550-Unrouteable address\n    550 This account does not exist",
        ),
    ] {
        assert_eq!(refused(after, reply).class, BounceClass::Gone, "{after} {reply}");
    }
}

#[test]
fn the_command_is_found_where_each_server_writes_it() {
    use crate::rules::refusal::Phase;
    let check = |words: &str, expect| assert_eq!(stage::of(words, "550 no"), expect, "{words}");
    check("host mx.example.org[203.0.113.9] said: 550 no (in reply to MAIL FROM command)", Phase::Mail);
    check("host mx.example.org[203.0.113.9] said: 550 no (in reply to end of DATA command)", Phase::Content);
    check("host mx.example.org[203.0.113.9] refused to talk to me: 550 no", Phase::Connect);
    check(">>> MAIL From:<a@example.org>\n<<< 250 ok\n>>> RCPT To:<b@example.org>\n<<< 550 no", Phase::Rcpt);
    check("(reason: 550 no)\n... while talking to mx:\n>>> MAIL From:<a@example.org>\n<<< 550 no", Phase::Mail);
    // Sendmail sends DATA before it reads.
    check(">>> DATA\n<<< 550 no", Phase::Rcpt);
    check("Connected to 203.0.113.9 but sender was rejected.\nRemote host said: 550 no", Phase::Mail);
    check("Remote host said: 550 no [MAIL_FROM]", Phase::Mail);
    check("SMTP error from remote server for TEXT command, reason: 550 no", Phase::Content);
    check("It said no: 550 no", Phase::Rcpt);
}

#[test]
fn a_letter_whose_envelope_is_not_known_is_a_letter() {
    let letter = "From: Reader <reader@example.org>\nTo: bounces@boards.example.org\nSubject: Planning committee\n\
                  In-Reply-To: <0123@boards.example.org>\n\nWhen is the next meeting?\n";
    assert_eq!(read(letter.as_bytes()).verdict, Verdict::Other);
    assert_eq!(read(format!("Return-Path: <>\n{letter}").as_bytes()).verdict, Verdict::AutoReply);
    assert_eq!(read(format!("Return-Path: <reader@example.org>\n{letter}").as_bytes()).verdict, Verdict::Other);
}

#[test]
fn a_delivery_agent_s_own_mail_is_never_an_auto_reply() {
    for (from, more) in [
        ("mailer-daemon@mail.example.net", "X-Failed-Recipients: group@example.org\nAuto-Submitted: auto-replied\n"),
        ("postmaster@example.org", "Auto-Submitted: auto-generated\n"),
        ("Mail System <x@example.org>", "Content-Type: multipart/report; report-type=delivery-status; boundary=none\n"),
    ] {
        let mail = format!(
            "Return-Path: <>\nFrom: {from}\nSubject: About your message\n{more}In-Reply-To: <1@boards.example.org>\n\n\
             The group may not take what you write.\n"
        );
        assert_eq!(read(mail.as_bytes()).verdict, Verdict::Other, "{from}");
    }
}

#[test]
fn a_report_whose_parts_cannot_be_told_apart_is_read_as_text() {
    let whole = bounce("bounces@boards.example.org", "To: reader@example.org\n");
    for broken in [whole.replace("boundary=b\n", "boundary=another\n"), whole.replace("; boundary=b\n", "\n")] {
        let returned = read(broken.as_bytes());
        let Verdict::Bounce(bounce) = &returned.verdict else { panic!("{:?}", returned.verdict) };
        assert_eq!(bounce.class, BounceClass::Gone);
        assert!(returned.recipients.contains(&"reader@example.org".to_owned()));
    }
}

#[test]
fn a_bounce_in_prose_comes_from_nobody_or_a_mail_system() {
    let mail = |path: &str| {
        format!(
            "Return-Path: <{path}>\nFrom: Mail Administrator <postmaster@boards-example.net>\n\
             Subject: Undelivered Mail: 5 messages are waiting\n\nYour mailbox is full, they could not be delivered. Click here.\n"
        )
    };
    assert_eq!(read(mail("info@bait.example.net").as_bytes()).verdict, Verdict::Other);
    assert!(matches!(read(mail("").as_bytes()).verdict, Verdict::Bounce(_)));
}

#[test]
fn a_mailbox_that_refuses_by_a_receipt_is_a_bounce() {
    let receipt = |text: &str| {
        let mail = format!(
            "Return-Path: <>\nFrom: Mail Delivery Subsystem <postmaster@example.org>\nSubject: Automatically rejected mail\n\
             Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\n{text}\n--b\n\
             Content-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; reader@example.org\n\
             Disposition: automatic-action/MDN-sent-automatically; deleted\n\n--b--\n"
        );
        read(mail.as_bytes()).verdict
    };
    let full = receipt("Your message to <reader@example.org> was automatically rejected:\nQuota exceeded");
    assert!(matches!(full, Verdict::Bounce(bounce) if bounce.class == BounceClass::Soft && bounce.blames_mailbox));
    assert_eq!(receipt("Your message was deleted without being read."), Verdict::Receipt);
}

#[test]
fn what_stands_below_a_report_by_habit_is_no_reason() {
    let mail = bounce("x@example.org", "").replace("Diagnostic-Code: smtp; 550 5.1.1 no such user\n", "");
    let mail = mail.replace("Sorry.", "Delivery to the following recipient failed.\n__________\nScanned for viruses and spam.");
    let Verdict::Bounce(bounce) = read(mail.as_bytes()).verdict else { panic!() };
    assert_eq!(bounce.class, BounceClass::Gone);
}

/// A mail without parts.
fn letter(path: &str, from: &str, subject: &str, more: &str, text: &str) -> Verdict {
    let mail =
        format!("Return-Path: <{path}>\nFrom: {from}\nTo: bounces@boards.example.org\nSubject: {subject}\n{more}\n{text}\n");
    read(mail.as_bytes()).verdict
}

#[test]
fn an_auto_reply_is_one_whatever_its_sender_is_called_and_whatever_it_speaks_of() {
    for (from, subject, more, text) in [
        (
            "\"System Administrator\" <it@d1.example.net>",
            "Thank you",
            "Auto-Submitted: auto-replied\n",
            "Your mail has not been delivered to a person yet; user unknown to you will call back.",
        ),
        (
            "\"Mail System\" <helpdesk@d1.example.net>",
            "Ticket 550 opened",
            "Auto-Submitted: auto-replied\n",
            "If mails could not be delivered, tell us.",
        ),
        (
            "Postmaster <postmaster@d1.example.net>",
            "We got your mail",
            "Auto-Submitted: auto-replied\n",
            "Your report about mail that could not be delivered was received: 550 5.1.1.",
        ),
        (
            "Postmaster <postmaster@d1.example.net>",
            "Your request",
            "Precedence: auto_reply\nX-Autoreply: yes\n",
            "Undeliverable mail: see our FAQ \"user unknown\".",
        ),
        (
            "Mail Delivery Subsystem <mailer-daemon@d1.example.net>",
            "Message held",
            "Auto-Submitted: auto-replied\n",
            "It has not been delivered. No such user needs to be told.",
        ),
        (
            "\"Postmaster\" <postmaster@d1.example.net>",
            "Your message to the postmaster was received",
            "Auto-Submitted: auto-replied\nPrecedence: auto_reply\n",
            "If your message could not be delivered (550 5.1.1 user unknown) please check the address.",
        ),
    ] {
        assert_eq!(letter("", from, subject, more, text), Verdict::AutoReply, "{from} {subject}");
    }
}

#[test]
fn a_letter_from_who_looks_after_a_mail_system_is_for_a_person_to_read() {
    let is_bounce = |verdict: Verdict| matches!(verdict, Verdict::Bounce(_));
    let pm = "\"Ann, postmaster\" <postmaster@d1.example.net>";
    let asks = "Your digests reach us, but user unknown is said for one colleague. Is that a fault on your side? 550 5.1.1";
    assert!(!is_bounce(letter("postmaster@d1.example.net", pm, "Undeliverable mail?", "", asks)));
    let got = "Postmaster here. Your report about mail that could not be delivered was received.";
    assert!(!is_bounce(letter("", "Postmaster <postmaster@d1.example.net>", "We got your mail", "", got)));
    let spam = "550 5.1.1 mailbox does not exist. See the attached invoice.";
    let daemon = "\"Mail Delivery System\" <mailer-daemon@bait.example.net>";
    assert!(!is_bounce(letter("x@bait.example.net", daemon, "Delivery Status Notification (Failure)", "", spam)));
    let arrived = "Your message was delivered to a shared mailbox. 250 2.1.5 ok";
    assert!(!is_bounce(letter("", daemon, "Delivery report", "", arrived)));
    let gone = "Your message to reader@d1.example.net could not be delivered: 550 5.1.1 user unknown";
    assert!(is_bounce(letter("postmaster@d1.example.net", pm, "Undeliverable mail", "", gone)));
    assert!(is_bounce(letter("", daemon, "failure notice", "", gone)));
}

#[test]
fn a_bounce_that_names_our_own_mailbox_or_domain_is_about_us() {
    let class = |said: &str| {
        let mail = bounce("bounces+tag@boards.example.org", "")
            .replace("550 5.1.1 no such user", said)
            .replace("Status: 5.1.1", "Status: 5.0.0");
        let Verdict::Bounce(bounce) = read(mail.as_bytes()).verdict else { panic!("{said}") };
        bounce.class
    };
    assert_eq!(class("550 no such user bounces@boards.example.org"), BounceClass::Ours);
    assert_eq!(class("550 5.1.1 <bounces@boards.example.org> is not a valid mailbox"), BounceClass::Ours);
    assert_eq!(class("Host unknown (Name server: boards.example.org: host not found)"), BounceClass::Ours);
    assert_eq!(class("550 5.1.1 <reader@example.org>: user unknown"), BounceClass::Gone);
}

/// What a mail in prose to the return address of our reader's is judged as.
fn to_the_reader(path: &str, from: &str, subject: &str, more: &str, text: &str) -> What {
    let reader = SubscriberId::of(&Address::parse("reader@example.org").unwrap(), &KEY);
    let to = verp::address(&KEY, &mailbox(), tag(reader.number()));
    let mail = format!("{path}From: {from}\nTo: {}\nSubject: {subject}\n{more}\n{text}\n", to.as_str());
    judged(&mail, None).what
}

/// The head of our mail as servers return it.
const OURS: &str = "DKIM-Signature: v=1; a=rsa-sha256;\n\tbh=abc; b=def\nFrom: Board Watch <updates@boards.example.org>\n\
                    To: reader@example.org\nSubject: 2 updates\nMessage-ID: <1@boards.example.org>\n\nThe mailbox was full.\n";

#[test]
fn a_bounce_in_prose_shows_what_it_is_about_or_is_left_for_a_person() {
    for path in ["Return-Path: <>\n", ""] {
        for (from, subject, text) in [
            (
                "\"Royal Parcel Delivery Office\" <x@bait.example.net>",
                "Delivery failed: parcel",
                "We could not deliver it. Address unknown.",
            ),
            (
                "Parcels <noreply@bait.example.net>",
                "Undeliverable shipment",
                "It could not be delivered. Recipient address not found. Pay 1.99.",
            ),
            (
                "\"IT\" <it@bait.example.net>",
                "Undeliverable mail report",
                "Mail to old@example.net is rejected since user unknown.",
            ),
            (
                "Mail Delivery Team <x@bait.example.net>",
                "Your message could not be delivered",
                "5 mails wait because your mailbox is full (552). Log in.",
            ),
            (
                "Mail Delivery System <x@bait.example.net>",
                "Mail delivery failed",
                "Your account does not exist any more, release it here.",
            ),
            (
                "postmaster@bait.example.net",
                "Daily undeliverable report",
                "Undeliverable yesterday: 12. user unknown: 7. mailbox full: 5",
            ),
        ] {
            assert_eq!(to_the_reader(path, from, subject, "", text), What::Unknown, "{subject}");
        }
    }
    let given = |text: &str| {
        let what = to_the_reader("Return-Path: <>\n", "MAILER-DAEMON@mail.example.org", "failure notice", "", text);
        let What::Bounce(bounce) = what else { panic!("{text}: {what:?}") };
        assert_eq!(bounce.class, BounceClass::Gone, "{text}");
    };
    given("Your message to Reader@Example.org could not be delivered: user unknown.");
    given("It could not be delivered.\n<<< 550 User unknown.");
    given("It could not be delivered: no mailbox here by that name. (#5.1.1)");
    given(&format!("It could not be delivered: user unknown.\n\n{OURS}"));
    given(&format!("It could not be delivered: user unknown.\n\n> {}", OURS.replace('\n', "\n> ")));
}

#[test]
fn what_a_mail_quotes_without_a_mark_is_not_its_own_words() {
    let what = to_the_reader(
        "Return-Path: <>\n",
        "postmaster@mail.example.org",
        "Undeliverable",
        "",
        &format!("Your message to reader@example.org could not be delivered: user unknown.\n\n{OURS}"),
    );
    assert!(
        matches!(what, What::Bounce(bounce) if bounce.class == BounceClass::Gone && !bounce.words.contains("full")),
        "{OURS}"
    );
    // A summary is no head.
    let summary =
        "From: updates@boards.example.org\nTo: reader@example.org\nSubject: 2 updates\nDate: today\n\nReason: user unknown.";
    let what = to_the_reader("Return-Path: <>\n", "postmaster@mail.example.org", "Undeliverable", "", summary);
    assert!(matches!(what, What::Bounce(bounce) if bounce.class == BounceClass::Gone));
}

#[test]
fn a_mail_system_that_calls_its_bounce_an_answer_gives_back_all_the_same() {
    let replied = "Auto-Submitted: auto-replied\n";
    let read = |from: &str, subject: &str, text: &str| to_the_reader("Return-Path: <>\n", from, subject, replied, text);
    let system = "postmaster@mail.example.org";
    let said = "User reader (reader@example.org) not listed in Domino Directory";
    assert!(matches!(read(system, "DELIVERY FAILURE", &format!("It was not delivered because: {said}")), What::Bounce(_)));
    assert_eq!(read(system, "DELIVERY FAILURE", "It was not delivered: user unknown."), What::Unknown);
    assert_eq!(read(system, "Out of office: undeliverable", "It was not delivered: user unknown."), What::AutoReply);
    assert_eq!(read("Reader <reader@example.org>", "Undeliverable", "reader@example.org: user unknown"), What::AutoReply);
}

#[test]
fn bounces_of_more_servers_are_known_by_what_they_are_called() {
    for (from, subject, text) in [
        (
            "\"Courier mail server\" <@>",
            "NOTICE: mail delivery status.",
            "Your message cannot be delivered:\n\n<reader@example.org>:\n<<< 550 User unknown.",
        ),
        (
            "mailer-daemon@mail.example.org",
            "Nachricht nicht zustellbar",
            "Ihre Nachricht an reader@example.org konnte nicht zugestellt werden: Empfänger unbekannt.",
        ),
        (
            "MAILER-DAEMON@mail.example.org",
            "Message non distribué",
            "Votre message n'a pas pu être distribué à : reader@example.org\nRaison : utilisateur inconnu",
        ),
        (
            "postmaster@mail.example.org",
            "Error sending message [1]",
            "[00] XMail bounce: Rcpt=[reader@example.org];Error=[550 User unknown]",
        ),
        (
            "postmaster@mail.example.org",
            "Postmaster notify: see transcript for details",
            "*** reader@example.org\nUser not known at this site.",
        ),
    ] {
        for more in ["", "Auto-Submitted: auto-replied\n", "Auto-Submitted: auto-generated\n"] {
            let what = to_the_reader("Return-Path: <>\n", from, subject, more, text);
            assert!(matches!(&what, What::Bounce(bounce) if bounce.class == BounceClass::Gone), "{subject}: {what:?}");
        }
    }
}

#[test]
fn who_is_away_wants_no_less_mail_for_it() {
    let leave = verp::address(&KEY, &mailbox(), Tag::Leave { subscriber: 4, life: Some(1) });
    let what = |subject: &str| {
        let head =
            format!("From: reader@example.org\nTo: {}\nSubject: {subject}\nAuto-Submitted: auto-replied\n", leave.as_str());
        judged(&format!("Return-Path: <>\n{head}\nI am away.\n"), None).what
    };
    assert_eq!(what("Automatic reply: 2 updates"), What::AutoReply);
    assert_eq!(what("Unsubscribe"), What::Unsubscribe { life: Some(1) });
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
