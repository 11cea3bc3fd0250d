//! The table, row by row, in the words of real servers.

use super::*;
use RefusalKind::{AddressGone, Permanent, Policy, Relay, Throttled, TooLarge, Transient, Unknown};

#[test]
fn an_answer_is_blamed_on_whom_it_is_about() {
    let check = |phase, code, words: &str, expect| assert_eq!(kind_of(phase, code, words), expect, "{phase:?} {code} {words}");
    check(Phase::Connect, 554, "5.7.1 go away", Relay);
    check(Phase::Connect, 535, "5.7.8 bad credentials", Relay);
    check(Phase::Mail, 530, "5.7.0 Must issue a STARTTLS command first", Relay);
    check(Phase::Mail, 421, "4.3.2 shutting down", Relay);
    check(Phase::Mail, 550, "5.1.8 sender domain not found", Policy);
    check(Phase::Mail, 550, "5.1.1 odd", Policy);
    check(Phase::Mail, 552, "5.3.4 Message size exceeds fixed limit", TooLarge);
    check(Phase::Rcpt, 450, "4.2.0 greylisted", Transient);
    check(Phase::Rcpt, 451, "4.7.1 Greylisting in action, please come back later", Transient);
    check(Phase::Rcpt, 451, "5.1.1 contradicts itself", Transient);
    check(Phase::Rcpt, 421, "4.7.28 too many", Throttled);
    check(Phase::Content, 421, "4.7.28 Our system has detected an unusual rate of unsolicited mail", Throttled);
    check(Phase::Mail, 451, "4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred", Throttled);
    check(Phase::Content, 421, "4.7.26 This mail has been rate limited because it is unauthenticated", Throttled);
    check(Phase::Content, 451, "4.7.26 unauthenticated mail from example.org", Policy);
    check(Phase::Rcpt, 452, "4.2.2 The email account that you tried to reach is over quota", Transient);
    check(Phase::Rcpt, 550, "5.1.1 no such user", AddressGone);
    check(Phase::Rcpt, 550, "#5.1.10 RESOLVER.ADR.RecipientNotFound", AddressGone);
    check(Phase::Rcpt, 550, "User unknown in virtual mailbox table", AddressGone);
    check(Phase::Rcpt, 553, "sorry, no mailbox here by that name (#5.1.1)", AddressGone);
    check(Phase::Rcpt, 554, "delivery error: This user doesn't have a yahoo.com account", AddressGone);
    check(Phase::Rcpt, 550, "5.4.1 Recipient address rejected: Access denied. [X.prod.outlook.com]", AddressGone);
    check(Phase::Rcpt, 556, "5.1.10 recipient domain has a null MX", AddressGone);
    check(Phase::Rcpt, 550, "Sender domain does not exist", Policy);
    check(Phase::Rcpt, 550, "5.1.1 Sender address rejected: User unknown", Policy);
    check(Phase::Rcpt, 550, "5.7.1 relaying denied, no such user here", Relay);
    check(Phase::Rcpt, 554, "5.7.1 <a@example.org>: Relay access denied", Relay);
    check(Phase::Rcpt, 550, "5.7.1 no such user here", AddressGone);
    check(Phase::Rcpt, 550, "user unknown: blocked using zen.spamhaus.org", Policy);
    check(Phase::Rcpt, 550, "SC-001 Mail rejected by Outlook.com for policy reasons", Policy);
    check(Phase::Rcpt, 552, "5.2.2 mailbox full", Permanent);
    check(Phase::Rcpt, 550, "5.2.1 The email account that you tried to reach is disabled", Permanent);
    check(Phase::Rcpt, 550, "5.7.515 authentication level", Policy);
    check(Phase::Content, 550, "5.7.26 Unauthenticated email from example.org is not accepted", Policy);
    check(Phase::Content, 554, "5.7.1 looks like spam", Policy);
    check(Phase::Content, 554, "Transaction failed", Policy);
    check(Phase::Content, 550, "5.1.1 no such user", AddressGone);
    check(Phase::Content, 552, "Message size exceeds maximum permitted", TooLarge);
    check(Phase::Content, 550, "5.6.0 cannot convert", Permanent);
    check(Phase::Content, 452, "4.3.1 no space", Transient);
}

fn check(phase: Phase, answer: &str, expect: RefusalKind) {
    let (code, words) = answer.split_once(' ').unwrap();
    assert_eq!(kind_of(phase, code.parse().unwrap(), words), expect, "{phase:?} {answer}");
}

#[test]
fn what_is_said_of_the_sender_or_of_all_our_mail_ends_no_delivery() {
    check(Phase::Rcpt, "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", Relay);
    check(
        Phase::Rcpt,
        "503 This mail server requires authentication when attempting to send to a non-local e-mail address.",
        Relay,
    );
    check(Phase::Rcpt, "503 5.5.1 bad sequence of commands", Relay);
    check(Phase::Rcpt, "550 5.3.2 System not accepting network messages", Relay);
    check(Phase::Mail, "501 <bounces+tag@example.org>: malformed address: + not allowed", Policy);
    check(Phase::Content, "550 5.4.5 Daily user sending limit exceeded", Throttled);
    check(Phase::Content, "554 5.2.0 Submission.Exception:SubmissionQuotaExceededException; failed", Throttled);
    check(Phase::Rcpt, "550 5.1.90 you've reached your daily limit for message recipients", Throttled);
    check(
        Phase::Rcpt,
        "550 Domain example.org has exceeded the max defers and failures per hour (5/5). Message discarded.",
        Throttled,
    );
    check(Phase::Content, "550 Maximum credits exceeded", Throttled);
    check(Phase::Content, "554 5.2.252 SendAsDenied; u@example.org not allowed to send as bounces@example.org", Policy);
    check(Phase::Rcpt, "550 Verification failed for <bounces@example.org>", Policy);
    check(Phase::Content, "554 Message rejected: Email address is not verified.", Policy);
    check(Phase::Content, "550 Message headers fail syntax check", Policy);
    check(Phase::Content, "500 5.5.1 line too long", Policy);
    check(Phase::Rcpt, "554 5.4.6 mail for example.org loops back to myself", Transient);
    check(Phase::Rcpt, "550 5.4.316 Message expired, connection refused", Transient);
}

#[test]
fn what_speaks_of_our_name_domain_network_or_text_holds_nothing_against_a_reader() {
    for answer in [
        "550 Requested action not taken: mailbox unavailable 550-invalid DNS MX or A/AAAA resource record",
        "553 sender's domain not found in DNS",
        "550 Sender’s domain does not exist",
        "550 5.1.1 The sender's address does not exist",
        "550 Bogus HELO: non-existent host",
        "550 HELO/EHLO host unknown",
        "550 EHLO host does not exist in DNS",
        "550 No MX record found for your domain",
        "550 Cannot resolve your domain boards.example.org: host not found",
        "550 5.1.1 <bounces@boards.example.org> is not a valid mailbox, callback failed",
        "550 5.1.1 192.0.2.7 not accepted",
        "550 5.1.1 [2001:db8::7] not accepted",
        "550 5.1.1 Your mail server is not trusted",
        "550 5.1.0 Your mail server is not permitted",
        "550 5.1.1 your country is not allowed here",
        "550 5.1.2 Rejected: 192.0.2.7 in sorbs",
        "550 5.1.1 Mail from your network is refused",
        "550 5.1.1 The user does not want mail from you",
        "550 5.1.1 originator address unknown",
        "550 5.1.1 Reply address does not exist",
    ] {
        check(Phase::Rcpt, answer, Policy);
    }
    check(Phase::Rcpt, "550 5.1.1 Recipient address rejected: not in relay_recipient_maps", Relay);
    check(Phase::Rcpt, "550 5.1.1 mail is not accepted here", Permanent);
    check(Phase::Content, "550 URI in message does not resolve: host not found", Policy);
    check(Phase::Content, "550 Message header contains an invalid address", Policy);
}

#[test]
fn who_is_named_is_whom_a_refusal_is_about() {
    let said = |reply: &str| Refusal { kind: AddressGone, reply: reply.to_owned() };
    let kind = |reply: &str| of_whom(said(reply), &["bounces+tag@boards.example.org"], &["reader@d1.example.net"]).kind;
    assert_eq!(kind("550 no such user: bounces+tag@boards.example.org"), Policy);
    assert_eq!(kind("550 Unknown user Bounces@Boards.example.org (callback verification)"), Policy);
    assert_eq!(kind("550 no such user: reader@d1.example.net"), AddressGone);
    assert_eq!(kind("550 no such user"), AddressGone);
}

#[test]
fn a_mailbox_that_is_full_or_out_of_use_for_now_is_not_gone_whatever_the_code() {
    check(Phase::Rcpt, "552 5.1.1 <a@example.org> Boite du destinataire pleine. Recipient overquota. OFR_417", Permanent);
    check(Phase::Rcpt, "550 5.1.1 Recipient rejected: over quota", Permanent);
    check(Phase::Rcpt, "550 5.2.1 This mailbox has been blocked due to inactivity", Permanent);
    check(Phase::Rcpt, "550 5.1.1 mailbox temporarily disabled, try again later", Transient);
    check(Phase::Rcpt, "550 5.1.1 undeliverable address: connect to mx.example.org:25: Connection timed out", Transient);
    check(Phase::Rcpt, "550 5.4.4 Name service error for name=example.org: Malformed or unexpected name server reply", Transient);
    check(
        Phase::Content,
        "550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents more",
        Transient,
    );
}

#[test]
fn a_host_that_is_not_found_counts_against_an_address_and_ends_it_only_where_the_domain_is_no_more_or_takes_no_mail() {
    let host = "Host or domain name not found. Name service error for name=example.org type=AAAA: Host not found";
    let (coded, bare) = (format!("550 5.4.4 {host}"), format!("550 {host}"));
    let sendmail = "550 5.1.2 <a@example.org>... Host unknown (Name server: example.org.: host not found)";
    for answer in [
        coded.as_str(),
        &bare,
        sendmail,
        "550 5.4.4 domain not found",
        "550 5.4.0 no MX record",
        "550 5.1.2 Domain not found",
        "550 5.1.2 Bad destination host: host not found",
        "550 5.1.2 Bad destination system address",
        "550 5.1.2 Unable to find host example.org",
        "550 5.1.2 example.org could not be resolved",
        "550 5.1.2 DNS: SERVFAIL for example.org",
        "550 5.1.2 Address lookup failed",
        "550 5.1.2 the destination is not to be had",
        "550 5.4.4 Unable to find host example.org",
        "550 5.4.4 example.org: SERVFAIL",
        "550 5.4.4 mail host does not exist",
        "550 5.4.4 The domain's MX could not be resolved",
        "550 5.4.0 The destination server for this recipient could not be found in Domain Name Service (DNS)",
        "550 5.4.6 Address lookup failed",
        "550 5.1.0 Address lookup failed",
        "550 Unable to find host example.org",
        "550 the host name could not be resolved",
        "553 Address lookup failed for example.org",
        "550 all relevant MX records point to non-existent hosts",
        // That a name server knows no host today is no proof of a domain that is gone.
        "550 5.1.2 Sorry, I couldn't find any host named example.org.",
        "553 5.1.2 We weren't able to find the recipient domain.",
        "550 5.1.2 Bad recipient domain",
        "553 5.1.2 Invalid recipient domain",
        "550 5.1.1 Invalid recipient domain",
        "550 Invalid recipient domain",
        "550 5.4.4 Bad recipient domain",
        "550 5.1.1 <a@example.org>: Recipient address rejected: Host not found",
        "550 5.1.1 example.org: host not found",
        "550 5.1.10 Recipient's domain not found",
        // What a look-up ended with is a name server's word, too.
        "550 5.1.2 DNS Hard Error looking up domain (A): NXDomain",
        "550 5.4.4 DNS Hard Error looking up example.org (MX): NXDomain",
        "550 DNS Hard Error looking up example.org (MX): NXDomain",
    ] {
        check(Phase::Rcpt, answer, Transient);
        let is_counted = |kind| is_soft_bounce(&Refusal { kind, reply: answer.to_owned() });
        assert!(is_counted(Transient), "{answer}");
    }
    for answer in [
        "550 5.1.2 example.org: NXDOMAIN",
        "550 5.1.2 recipient domain does not exist",
        "556 5.1.10 Recipient address has null MX",
        "550 5.4.4 example.org: NXDOMAIN",
        "550 5.4.4 domain example.org does not exist",
        "550 5.1.2 <a@example.org>: no such user",
        "550 no such domain",
        "550 5.1.1 recipient domain does not exist",
        "550 5.1.1 user unknown; host not found",
    ] {
        check(Phase::Rcpt, answer, AddressGone);
    }
    // RFC 7505 §4.2: that is our own domain.
    check(Phase::Rcpt, "550 5.7.27 Sender address has null MX", Policy);
    let said = |reply: &str| is_soft_bounce(&Refusal { kind: Transient, reply: reply.to_owned() });
    assert!(!said("451 4.4.3 Name service error for name=example.org type=MX: Host not found, try again"));
    assert!(!said("550 5.4.4 Host not found, try again"));
}

#[test]
fn servers_of_many_makes_and_tongues_say_that_there_is_no_such_address() {
    for answer in [
        "511 sorry, no mailbox here by that name (#5.1.1 - chkuser)",
        "550 sorry, that is nobody's here [#5.1.1]",
        "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).",
        "550 Requested action not taken: mailbox unavailable",
        "550 #5.1.0 Address rejected a@example.org",
        "550 #5.1.0 Address rejected.",
        "550 5.4.310 DNS domain example.org does not exist [Message=InfoDomainNonexistent]",
        "550 5.1.351 Remote server returned unknown recipient -> 550 5.1.1 user unknown",
        "550 5.4.1 All recipient addresses rejected : Access denied",
        "550 5.1.0 Domain example.org does not accept mail (nullMX)",
        "550 User <a@example.org> unknown",
        "550 No such local user (a@example.org)",
        "550 5.7.1 No such user!",
        "550 Usuario desconocido: a@example.org",
        "550 utilisateur inconnu",
        "550 Benutzer unbekannt",
        "550 utente sconosciuto",
        "554 delivery error: dd This account has been disabled or discontinued [#102]. - mta1.example.org",
    ] {
        check(Phase::Rcpt, answer, AddressGone);
    }
    // What is said of the sender in the same words is not.
    check(Phase::Rcpt, "550 5.1.0 <b@example.org>: Sender address rejected: User unknown", Policy);
    check(Phase::Rcpt, "550 5.1.0 Address rejected for policy reasons", Policy);
    check(Phase::Rcpt, "554 Email rejected due to security policies", Policy);
    // Nor what is said of a policy for them.
    check(Phase::Rcpt, "550 5.7.1 No such user policy?", Policy);
    check(Phase::Rcpt, "550 5.7.1 unknown recipient policy", Policy);
    check(Phase::Rcpt, "550 5.7.1 unknown mailbox policy", Policy);
    check(Phase::Rcpt, "554 IP=192.0.2.1 - A problem occurred. Ask your postmaster for help. (BL)", Policy);
}

/// Replies as Yahoo's reports and Postmark's SMTP Field Manual have them.
#[test]
fn what_large_providers_say_in_their_own_way_is_known() {
    for answer in [
        "554 30 Sorry, your message to a@example.org cannot be delivered. This mailbox is disabled (554.30).",
        "554 30 Sorry, your message to a@example.org cannot be delivered. This mailbox is disabled",
        "554 delivery error: dd Sorry, your message to a@example.org cannot be delivered. This mailbox is disabled (554.30). - mta1.example.org",
        "554 delivery error: dd Sorry your message to a@example.org cannot be delivered. This account has been disabled or discontinued [#102].",
        "554 delivery error: dd This user doesn't have a example.org account (a@example.org) [-9] - mta1.example.org",
        "554 delivery error: dd a@example.org is no longer valid. [-20] - mta1.example.org",
        "552 1 Requested mail action aborted, mailbox not found",
    ] {
        for phase in [Phase::Rcpt, Phase::Content] {
            check(phase, answer, AddressGone);
        }
    }
    check(Phase::Content, "554 delivery error: dd Requested mail action aborted - mta1.example.org", Permanent);
    check(Phase::Content, "554 delivery error: dd Requested mail action aborted, exceeded storage allocation", Permanent);
    check(Phase::Content, "554 Message not allowed - [299]", Policy);
    check(Phase::Content, "554 Message not allowed - [PH01] Email not accepted for policy reasons.", Policy);
    check(
        Phase::Mail,
        "554 30 Sorry, your message to a@example.org cannot be delivered. This mailbox is disabled (554.30).",
        Policy,
    );
    check(
        Phase::Rcpt,
        "550 5.7.1 <a@example.org>: Recipient address rejected: User email address is marked as invalid.",
        AddressGone,
    );
    check(Phase::Rcpt, "554 5.7.1 <a@example.org>: Recipient address rejected: Not in recipient list", AddressGone);
    check(Phase::Rcpt, "540 5.7.1 <a@example.org>: recipient address rejected: Inactive", Permanent);
    check(Phase::Rcpt, "553 5.1.1 Relaying disallowed", Relay);
    check(Phase::Rcpt, "550 Sender frequency limited.", Throttled);
    check(Phase::Content, "550 rejecting spoofed message", Policy);
    check(Phase::Content, "554 5.2.3 MailPolicy violation Error delivering to mailboxes", Policy);
    let words = "can receive per hour. For more information go to https://example.org/";
    check(
        Phase::Content,
        &format!("554 5.2.122 The recipient has exceeded their limit for the number of messages they {words}"),
        Transient,
    );
    check(
        Phase::Content,
        "554 5.2.121 The sender has exceeded the limit for the messages they can send to this recipient per hour.",
        Transient,
    );
}

#[test]
fn two_refusals_that_differ_in_names_and_numbers_have_one_gist() {
    let same = |a: &str, b: &str| assert_eq!(gist(a), gist(b));
    same("550 5.7.0 <a@example.org>: no, see x17/2", "550 5.7.0 <b@example.net>: no, see y3");
    same("552 5.3.4 20311 octets, and the server takes 2000", "552 5.3.4 19876 octets, and the server takes 2000");
    assert_ne!(gist("550 5.6.0 no"), gist("550 5.6.1 no"));
    assert_ne!(gist("550 bad header"), gist("550 bad body"));
}

const PHASES: [Phase; 5] = [Phase::Connect, Phase::Mail, Phase::Rcpt, Phase::Data, Phase::Content];
const CODES: [u16; 10] = [421, 450, 451, 452, 550, 551, 552, 553, 554, 556];

#[test]
fn nothing_of_policy_ever_blames_the_address_unless_it_says_so_and_no_more_than_refused() {
    for phase in PHASES {
        for code in CODES {
            for detail in (2..13).chain(14..40).chain([515, 606, 708]) {
                for words in ["", " no such user", " user unknown", " mailbox full", " does not exist"] {
                    let words = format!("5.7.{detail}{words}");
                    let kind = kind_of(phase, code, &words);
                    assert_ne!(kind, AddressGone, "{phase:?} {code} {words}");
                    assert!(!is_soft_bounce(&Refusal { kind, reply: format!("{code} {words}") }), "{phase:?} {code} {words}");
                }
            }
            for words in ["5.7.0", "5.7.1", "5.7.1 does not exist", "5.7.1 access denied", "5.7.1 unknown sender"] {
                assert_ne!(kind_of(phase, code, words), AddressGone, "{phase:?} {code} {words}");
            }
        }
    }
}

#[test]
fn what_is_refused_before_the_recipient_is_named_is_never_their_fault() {
    for phase in [Phase::Connect, Phase::Mail] {
        for code in CODES {
            for words in [
                "5.1.1 no such user",
                "user unknown",
                "5.1.0 account does not exist",
                "5.7.1 unknown recipient",
                "Host not found",
            ] {
                let kind = kind_of(phase, code, words);
                assert!(!matches!(kind, AddressGone | Permanent), "{phase:?} {code} {words}: {kind:?}");
            }
        }
    }
}

#[test]
fn plain_words_about_us_or_our_mail_count_for_more_than_the_code_beside_them() {
    for (words, expect) in [
        ("5.1.1 192.0.2.10 has sent to too many recipients this hour", Throttled),
        ("5.1.1 Too many invalid recipients from your IP, come back tomorrow", Throttled),
        ("5.1.3 https://www.spamhaus.org/query/bl?ip=192.0.2.10", Policy),
        ("5.1.1 192.0.2.10 is listed at bl.example.net", Policy),
        ("5.1.1 Message refused, sender blacklisted", Policy),
        ("5.1.1 rejected due to spam content", Policy),
        ("5.1.1 You are not allowed to send mail to this address", Policy),
        ("5.1.2 we do not accept mail from your domain", Policy),
        ("5.1.1 Message blocked by recipient preferences", Policy),
        ("5.1.1 DMARC failure for example.org", Policy),
        ("5.1.0 sender address does not exist", Policy),
        ("5.1.1 Sender unknown", Policy),
        ("Helo command rejected: Host not found", Policy),
        ("No PTR record found", Policy),
        ("5.1.1 max message size exceeded", TooLarge),
        ("5.1.1 Message too large for this mailbox", TooLarge),
        ("Mail size limit exceeded", TooLarge),
        ("5.7.0 maildir over quota", Permanent),
        ("5.1.1 mailbox quota exceeded", Permanent),
    ] {
        assert_eq!(kind_of(Phase::Rcpt, 550, words), expect, "{words}");
    }
}

#[test]
fn plain_words_about_the_person_count_for_more_than_the_code_of_policy() {
    for words in [
        "5.7.1 No such user",
        "5.7.1 <a@example.org>: Recipient address rejected: User unknown",
        "5.7.1 Mailbox does not exist",
        "5.7.0 Recipient not found",
        "sorry, this recipient is not in my validrcptto list (#5.7.1)",
        "5.3.0 <a@example.org>... Unknown E-Mail Address",
        "No account by that name here",
        "BAD_RECIPIENT",
        "a is not an active address at this host",
        "** No mail box available for this user **",
        "5.0.0 That address is not in use here",
    ] {
        // qmail's code stands behind its words.
        let status = words.split_whitespace().find_map(Enhanced::parse);
        assert_eq!(kind_with(Phase::Rcpt, 550, status, words), AddressGone, "{words}");
    }
    assert_eq!(kind_of(Phase::Rcpt, 525, "5.7.13 Disabled recipient address"), Permanent);
    assert_eq!(kind_of(Phase::Connect, 525, "5.7.13 Account disabled"), Relay, "then it is ours");
}

#[test]
fn the_address_of_a_page_to_read_is_no_reason_unless_it_is_a_blocklist_s() {
    check(Phase::Rcpt, "550 5.1.1 rejected, see https://mail.example.org/antispam/policy.html", AddressGone);
    check(Phase::Rcpt, "550 5.1.1 see https://www.spamhaus.org/query/ip/192.0.2.10", Policy);
}

#[test]
fn a_full_or_disabled_mailbox_counts_against_it_and_nothing_of_ours_does() {
    let check = |kind, reply: &str, expect| assert_eq!(is_soft_bounce(&Refusal { kind, reply: reply.into() }), expect, "{reply}");
    check(Permanent, "552 5.2.2 mailbox full", true);
    check(Permanent, "550 5.2.1 disabled", true);
    check(Permanent, "552 Mailbox is full", true);
    check(Permanent, "550 5.1.0 odd address", true);
    check(Permanent, "554 Mailbox disabled", true);
    check(Permanent, "525 5.7.13 Disabled recipient address", true);
    check(Permanent, "554 5.7.0 maildir over quota", true);
    check(Permanent, "554 5.7.1 go away", false);
    check(Transient, "452 4.2.2 over quota", true);
    check(Transient, "450 4.2.0 greylisted", false);
    check(Transient, "450 4.1.1 address verification in progress", false);
    check(Transient, "450 4.4.1 connection timed out", false);
    check(Permanent, "554 5.0.0 Service unavailable", false);
    check(Permanent, "554 5.4.6 mail loops back to myself", false);
    check(Permanent, "550 5.1.1 mailbox temporarily disabled, try again later", false);
    check(Transient, "451 4.3.0 try later", false);
    check(Permanent, "550 5.6.0 cannot convert", false);
    check(Permanent, "554 5.5.1 no valid recipients", false);
    check(Policy, "550 5.2.1 anything", false);
    check(TooLarge, "552 5.3.4 too large", false);
    check(Relay, "mailbox full", false);
    check(Unknown, "552 5.2.2 mailbox full", false);
}

#[test]
fn who_is_busy_or_has_a_policy_or_closes_the_line_says_later_and_does_not_greylist() {
    let is_policy = |reply: &str| puts_off_for_policy(&Refusal { kind: Transient, reply: reply.to_owned() }, false);
    for reply in [
        "421 4.7.0 Try again later, closing connection",
        "451 4.7.1 Policy restrictions; please try later",
        "451 4.7.500 Server busy. Please try again later",
        "450 4.7.1 Sending limits reached, try again in 10 minutes",
        "450 4.7.1 The rate is too high. Try again later",
    ] {
        assert!(!is_greylisting(reply) && is_policy(reply), "{reply}");
    }
    for reply in [
        "451 4.7.1 Greylisting in action, please come back later",
        "450 4.7.1 Greylisted by our policy for 300 seconds",
        "450 4.7.1 Please see https://example.org/postgrey/limits.html",
        "451 4.7.1 Try again later",
        "451 4.7.1 Please try again in 300 seconds, see https://example.org/policy/",
        "450 4.2.0 Try again in 5 minutes",
        "451 4.5.1 Moderated by the operator, temporarily: try again in 5 minutes",
        "450 try again later",
    ] {
        assert!(is_greylisting(reply) && !is_policy(reply), "{reply}");
    }
}

#[test]
fn an_enhanced_code_is_found_in_its_brackets() {
    let check = |word: &str, expect: Option<(u16, u16, u16)>| {
        assert_eq!(Enhanced::parse(word).map(|e| (e.class, e.subject, e.detail)), expect, "{word}");
    };
    check("5.1.1", Some((5, 1, 1)));
    check("(#5.7.1)", Some((5, 7, 1)));
    check("#4.2.2", Some((4, 2, 2)));
    check("5.7.515:", Some((5, 7, 515)));
    check("192.0.2.1", None);
    check("3.1.1", None);
    check("5.1", None);
    check("5.1.1.1", None);
    check("", None);
}
