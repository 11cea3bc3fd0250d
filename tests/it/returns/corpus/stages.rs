//! Refusals by the command that was refused: the same words mean the reader after RCPT TO, and us after anything before it.

use super::words::Reply;
use super::{Fill, Template, Truth};

pub(super) fn all() -> Vec<Template> {
    let t = |dialect, share, make| Template { dialect, share, make };
    vec![
        t("Exim, by command", 30, exim),
        t("Postfix, by command", 30, postfix),
        t("sendmail, by command", 15, sendmail),
        t("qmail, by command", 8, qmail),
        t("DragonFly", 10, dragonfly),
        t("Yahoo, by command", 6, yahoo),
        t("a web host's Exim of old", 6, web_host),
    ]
}

/// How far it came.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Came {
    Greeting,
    Helo,
    Mail,
    Rcpt,
    Content,
}

/// Said of us: of our machine, our name, our address. `{us}`, `{ours}` are our address and domain.
const OF_US: &[(Came, &str)] = &[
    (Came::Greeting, "554 No SMTP service here for you"),
    (Came::Greeting, "550 Access denied"),
    (Came::Greeting, "571 No PTR record found for 192.0.2.10"),
    (Came::Greeting, "554 Bad DNS PTR resource record"),
    (Came::Greeting, "550 Host unknown"),
    (Came::Greeting, "554 5.7.1 User unknown"),
    (Came::Helo, "550 Helo command rejected: Host not found"),
    (Came::Helo, "504 5.5.2 <mail>: Helo command rejected: need fully-qualified hostname"),
    (Came::Helo, "550 Forged HELO: you are not {ours}"),
    (Came::Mail, "550 No such user"),
    (Came::Mail, "550 5.1.0 <{us}>: User unknown"),
    (Came::Mail, "553 5.1.8 Domain of sender address {us} does not exist"),
    (Came::Mail, "553 5.1.0 {ours} does not exist"),
    (Came::Mail, "550 Unroutable sender address"),
    (Came::Mail, "551 Server access forbidden by your IP 192.0.2.10"),
    (Came::Mail, "550 5.1.7 Invalid sender address, mailbox does not exist"),
    (Came::Rcpt, "550 5.1.0 <{us}>: User unknown"),
    (Came::Rcpt, "550 sender address does not exist"),
    (Came::Rcpt, "550 5.1.1 Sender unknown"),
    (Came::Rcpt, "550 Access denied"),
    (Came::Rcpt, "550 Rejected"),
    (Came::Content, "553 {ours} does not exist"),
    (Came::Content, "550 From: Domain is invalid. Please provide a valid From"),
    (Came::Content, "554 Rejected"),
    (Came::Content, "550 5.2.0 Mail rejete. Mail rejected. xyz_506"),
    (Came::Content, "550 Denied by our rules"),
];

/// Said of the reader.
const OF_THEM: &[(Came, &str)] = &[
    (Came::Rcpt, "550 No such user"),
    (Came::Rcpt, "550 5.1.1 <{to}>: User unknown"),
    (Came::Rcpt, "550 <{to}> does not exist"),
    (Came::Rcpt, "550 5.7.1 <{to}>: Recipient address rejected: User unknown"),
    (Came::Rcpt, "553 5.3.0 <{to}>... Unknown E-Mail Address"),
    (Came::Rcpt, "550 {to} is not an active address at this host"),
    (Came::Rcpt, "550 No account by that name here"),
    (Came::Content, "550 5.1.1 mailbox does not exist"),
    (Came::Content, "554 delivery error: This user doesn't have a {domain} account"),
];

/// Given up in the end, with "later" as the last word.
const LATER: &[(Came, &str)] = &[
    (Came::Greeting, "421 too many sessions, come back"),
    (Came::Mail, "451 4.1.8 Domain of sender address {us} does not resolve"),
    (Came::Mail, "450 4.7.1 come back later"),
    (Came::Rcpt, "450 4.1.1 <{to}>: Recipient address rejected: User unknown, come back later"),
    (Came::Content, "451 4.3.0 queue is being repaired"),
];

fn draw(fill: &mut Fill) -> (Truth, Came, String) {
    let (truth, all) = match fill.dice.below(10) {
        0..5 => (Truth::Ours, OF_US),
        5..8 => (Truth::Gone, OF_THEM),
        _ => (Truth::Soft, LATER),
    };
    let (came, words) = fill.dice.one_of(all);
    let words = words.replace("{us}", &fill.back).replace("{ours}", "boards.example.org");
    (truth, came, fill.fill(&words))
}

/// `550 5.1.1 …` in its parts.
fn status(said: &str) -> String {
    let class = said.chars().next().unwrap_or('5');
    let given = said.split(' ').nth(1).filter(|word| word.split('.').count() == 3 && word.starts_with(class));
    given.map_or_else(|| format!("{class}.0.0"), str::to_owned)
}

fn plain(fill: &Fill, from: &str, subject: &str, more: &str, text: &str) -> String {
    format!("{}\n{text}", fill.head(from, subject, &format!("Content-Type: text/plain; charset=us-ascii\n{more}")))
}

fn exim(fill: &mut Fill) -> (Truth, String) {
    let (truth, came, said) = draw(fill);
    let pipelined = if fill.dice.chance(30) { "pipelined " } else { "" };
    let after = match came {
        Came::Greeting => "initial connection".to_owned(),
        Came::Helo => "EHLO boards.example.org".to_owned(),
        Came::Mail => format!("{pipelined}MAIL FROM:<{}> SIZE=20311", fill.back),
        Came::Rcpt => format!("{pipelined}RCPT TO:<{}>", fill.to),
        Came::Content => format!("{pipelined}end of data"),
    };
    let text = format!(
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  {}\n    host {} [203.0.113.9]\n    SMTP error from remote mail server after {after}:\n    {said}\n\n\
         ------ This is a copy of the message's headers. ------\n\nReturn-path: <{}>\n{}",
        fill.to,
        fill.mx,
        fill.back,
        fill.our_head()
    );
    let from = format!("Mail Delivery System <Mailer-Daemon@{}>", fill.mta);
    let more = format!("X-Failed-Recipients: {}\nAuto-Submitted: auto-replied\n", fill.to);
    (truth, plain(fill, &from, "Mail delivery failed: returning message to sender", &more, &text))
}

fn postfix(fill: &mut Fill) -> (Truth, String) {
    let (truth, came, said) = draw(fill);
    let told = match came {
        Came::Greeting => format!("host {}[203.0.113.9] refused to talk to me: {said}", fill.mx),
        Came::Helo => format!("host {}[203.0.113.9] said: {said} (in reply to EHLO command)", fill.mx),
        Came::Mail => format!("host {}[203.0.113.9] said: {said} (in reply to MAIL FROM\n    command)", fill.mx),
        Came::Rcpt => format!("host {}[203.0.113.9] said: {said} (in reply to RCPT TO command)", fill.mx),
        Came::Content => format!("host {}[203.0.113.9] said: {said} (in reply to end of DATA\n    command)", fill.mx),
    };
    let head = fill.head(
        &format!("MAILER-DAEMON@{} (Mail Delivery System)", fill.mta),
        "Undelivered Mail Returned to Sender",
        "Auto-Submitted: auto-replied\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"pf/1\"\n",
    );
    (
        truth,
        format!(
            "{head}\n--pf/1\nContent-Type: text/plain; charset=us-ascii\n\nThis is the mail system at host {}.\n\nYour message could not\nbe delivered to one or more recipients.\n\n<{}>: {told}\n\n\
             --pf/1\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; {}\n\nFinal-Recipient: rfc822; {}\nAction: failed\nStatus: {}\nRemote-MTA: dns; {}\nDiagnostic-Code: smtp; {said}\n\n\
             --pf/1\nContent-Type: text/rfc822-headers\n\n{}\n--pf/1--\n",
            fill.mta,
            fill.to,
            fill.mta,
            fill.to,
            status(&said),
            fill.mx,
            fill.our_head()
        ),
    )
}

fn sendmail(fill: &mut Fill) -> (Truth, String) {
    let (truth, came, said) = draw(fill);
    let command = match came {
        Came::Greeting => ">>> EHLO boards.example.org".to_owned(),
        Came::Helo => ">>> HELO boards.example.org".to_owned(),
        Came::Mail => format!(">>> MAIL From:<{}> SIZE=20311", fill.back),
        // It sends DATA before it has read the reply.
        Came::Rcpt if fill.dice.chance(50) => format!(">>> RCPT To:<{}>\n>>> DATA", fill.to),
        Came::Rcpt => format!(">>> RCPT To:<{}>", fill.to),
        Came::Content => ">>> .".to_owned(),
    };
    // Its transcript does not show whether it was the end of the message: then the words must.
    let (truth, said) = if came == Came::Content { (Truth::Gone, "550 5.1.1 no such user".to_owned()) } else { (truth, said) };
    let head = fill.head(
        &format!("Mail Delivery Subsystem <MAILER-DAEMON@{}>", fill.mta),
        "Returned mail: see transcript for details",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=\"sm/1\"\n",
    );
    (
        truth,
        format!(
            "{head}\n--sm/1\n\n   ----- The following addresses had permanent fatal errors -----\n<{to}>\n    (reason: {said})\n\n   ----- Transcript of session follows -----\n... while talking to {mx}.:\n{command}\n<<< {said}\n554 5.0.0 Service unavailable\n\n\
             --sm/1\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; {mta}\n\nFinal-Recipient: RFC822; {to}\nAction: failed\nStatus: {status}\nDiagnostic-Code: SMTP; {said}\n\n--sm/1\nContent-Type: text/rfc822-headers\n\n{ours}\n--sm/1--\n",
            to = fill.to,
            mx = fill.mx,
            mta = fill.mta,
            status = status(&said),
            ours = fill.our_head()
        ),
    )
}

fn qmail(fill: &mut Fill) -> (Truth, String) {
    let (truth, came, said) = draw(fill);
    let told = match came {
        Came::Greeting => format!("Connected to 203.0.113.9 but greeting failed.\nRemote host refused to talk to me: {said}"),
        Came::Helo => format!("Connected to 203.0.113.9 but my name was rejected.\nRemote host said: {said}"),
        Came::Mail => format!("Connected to 203.0.113.9 but sender was rejected.\nRemote host said: {said}"),
        Came::Rcpt => format!("203.0.113.9 does not like recipient.\nRemote host said: {said}\nGiving up on 203.0.113.9."),
        Came::Content => format!("203.0.113.9 failed after I sent the message.\nRemote host said: {said}"),
    };
    let text = format!(
        "Hi. This is the qmail-send program at {}.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<{}>:\n{told}\n\n\
         --- Below this line is a copy of the message.\n\nReturn-Path: <{}>\n{}",
        fill.mta,
        fill.to,
        fill.back,
        fill.our_message()
    );
    let from = format!("MAILER-DAEMON@{}", fill.mta);
    (truth, plain(fill, &from, "failure notice", "", &text))
}

fn dragonfly(fill: &mut Fill) -> (Truth, String) {
    let (truth, said) = if fill.dice.chance(20) {
        // What a name server says may be wrong for an hour.
        (Truth::Soft, format!("DNS lookup failure: host {} not found", fill.domain()))
    } else {
        let (truth, came, said) = draw(fill);
        let command = match came {
            Came::Greeting | Came::Helo => "EHLO",
            Came::Mail => "MAIL FROM",
            Came::Rcpt => "RCPT TO",
            Came::Content => "final DATA",
        };
        (truth, format!("{} [203.0.113.9] did not like our {command}:\n{said}", fill.mx))
    };
    let text = format!(
        "This is the DragonFly Mail Agent v0.13 at {}.\n\nThere was an error delivering your mail to <{}>.\n\n{said}\n\nMessage headers follow.\n\n{}",
        fill.mta,
        fill.to,
        fill.our_head()
    );
    (truth, plain(fill, "MAILER-DAEMON <>", "Mail delivery failed", "", &text))
}

fn yahoo(fill: &mut Fill) -> (Truth, String) {
    let (truth, came, said) = draw(fill);
    let command = match came {
        Came::Greeting | Came::Helo | Came::Mail => "[MAIL_FROM]",
        Came::Rcpt => "[RCPT_TO]",
        Came::Content => "[BODY]",
    };
    // By the time of MAIL FROM, a greeting is past.
    let text = format!(
        "Sorry, we were unable to deliver your message to the following address.\n\n<{}>:\nRemote host said:\n{said}\n {command}\n\n--- Below this line is a copy of the message.\n\n{}",
        fill.to,
        fill.our_message()
    );
    let from = format!("MAILER-DAEMON@{}", fill.mta);
    (truth, plain(fill, &from, "Failure Notice", "", &text))
}

fn web_host(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply): (Truth, Reply) = fill.dice.one_of(&[
        (Truth::Ours, ("550", "5.2.0", "Mail rejete. Mail rejected. xyz_506 [506]")),
        (Truth::Ours, ("550", "", "Rejected")),
        (Truth::Gone, ("550", "5.1.1", "no such user: {to}")),
        (Truth::Ours, ("", "", "Mail size limit exceeded. For explanation visit a page of ours.")),
    ]);
    let told = if reply.0.is_empty() {
        format!("{}:\n  {}", fill.to, reply.2)
    } else {
        format!(
            "{}:\nSMTP error from remote server for TEXT command, host: {} (203.0.113.9) reason: {}",
            fill.to,
            fill.mx,
            fill.said(reply)
        )
    };
    let text = format!(
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of\nits recipients. This is a permanent error. The following address\nfailed:\n\n{told}\n\n--- The header of the original message is following. ---\n\n{}",
        fill.our_head()
    );
    let from = format!("Mail Delivery System <mailer-daemon@{}>", fill.mta);
    (truth, plain(fill, &from, "Mail delivery failed: returning message to sender", "", &text))
}
