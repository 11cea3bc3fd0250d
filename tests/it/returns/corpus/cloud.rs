//! Bounces of the large providers: delivery status notifications, with each one's own fields, parts and words.

use super::words::{GONE, OURS, Reply, SOFT, draw, status};
use super::{Fill, Template, Truth};

pub(super) fn all() -> Vec<Template> {
    let t = |dialect, share, make| Template { dialect, share, make };
    vec![
        t("Gmail", 90, gmail),
        t("Exchange Online", 90, office365),
        t("Outlook.com", 25, outlook),
        t("Yahoo and AOL", 40, yahoo),
        t("iCloud", 12, icloud),
        t("Amazon SES", 25, ses),
        t("Mailgun", 12, mailgun),
        t("SendGrid", 12, sendgrid),
        t("Zoho", 10, zoho),
        t("Yandex", 8, yandex),
        t("mail.ru", 8, mail_ru),
        t("GMX and web.de", 15, gmx),
        t("T-Online", 6, t_online),
        t("Google Groups", 6, google_groups),
        t("Comcast", 6, comcast),
    ]
}

struct Parts {
    from: String,
    subject: String,
    more: String,
    words: String,
    words_kind: &'static str,
    fields: String,
    returned: (&'static str, String),
}

fn report(fill: &Fill, parts: &Parts) -> String {
    let boundary = format!("0000000000{}", fill.queue_id.to_lowercase());
    let more = format!("{}Content-Type: multipart/report; boundary=\"{boundary}\"; report-type=delivery-status\n", parts.more);
    format!(
        "{}\n--{boundary}\nContent-Type: {}\n\n{}\n--{boundary}\nContent-Type: message/delivery-status\n\n{}\n--{boundary}\nContent-Type: {}\n\n{}\n--{boundary}--\n",
        fill.head(&parts.from, &parts.subject, &more),
        parts.words_kind,
        parts.words,
        parts.fields,
        parts.returned.0,
        parts.returned.1
    )
}

fn fields(fill: &Fill, reporter: &str, reply: Reply) -> String {
    format!(
        "Reporting-MTA: dns; {reporter}\nArrival-Date: Thu, {}\n\nFinal-Recipient: rfc822; {}\nAction: failed\nStatus: {}\nRemote-MTA: dns; {}. (203.0.113.9, the server for the domain {}.)\nDiagnostic-Code: smtp; {}\nLast-Attempt-Date: Thu, {}\n",
        fill.date,
        fill.to,
        status(reply),
        fill.mx,
        fill.domain(),
        fill.said(reply),
        fill.date
    )
}

fn gmail(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply, headline) = match fill.dice.below(10) {
        0..6 => (Truth::Gone, fill.dice.one_of(GONE), "Address not found"),
        6 | 7 => (Truth::Soft, fill.dice.one_of(SOFT), "Recipient inbox full"),
        8 => (
            Truth::Soft,
            ("", "4.4.2", "The recipient server did not accept our requests to connect. timed out"),
            "Message not delivered",
        ),
        _ => (Truth::Ours, fill.dice.one_of(OURS), "Message blocked"),
    };
    let boundary = "000000000000alt";
    let words = format!(
        "--{boundary}\nContent-Type: text/plain; charset=\"UTF-8\"\n\n\n** {headline} **\n\nYour message wasn't delivered to {} because of a problem.\n\nThe response from the remote server was:\n{}\n\n--{boundary}\nContent-Type: text/html; charset=\"UTF-8\"\n\n<html><body><h1>{headline}</h1><p>Your message wasn't delivered to <b>{}</b></p></body></html>\n--{boundary}--",
        fill.to,
        fill.said(reply),
        fill.to
    );
    let fields = fields(fill, "googlemail.com", reply)
        .replace("Arrival-Date", "Received-From-MTA: dns; updates@boards.example.org\nArrival-Date");
    let fields = if reply.0.is_empty() { fields.replace("Diagnostic-Code: smtp;  ", "Diagnostic-Code: smtp; ") } else { fields };
    let parts = Parts {
        from: "Mail Delivery Subsystem <mailer-daemon@googlemail.com>".into(),
        subject: "Delivery Status Notification (Failure)".into(),
        more: format!(
            "X-Failed-Recipients: {}\nAuto-Submitted: auto-replied\nReferences: {}\nIn-Reply-To: {}\n",
            fill.to, fill.message_id, fill.message_id
        ),
        words,
        words_kind: "multipart/alternative; boundary=\"000000000000alt\"",
        fields,
        returned: ("message/rfc822", fill.our_message()),
    };
    (truth, report(fill, &parts))
}

fn office365(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply): (Truth, Reply) = match fill.dice.below(10) {
        0..3 => {
            (Truth::Gone, ("550", "5.1.10", "RESOLVER.ADR.RecipientNotFound; Recipient {to} not found by SMTP address lookup"))
        }
        3 | 4 => (
            Truth::Gone,
            ("550", "5.4.1", "Recipient address rejected: Access denied. [AM5EUR03FT049.eop-EUR03.prod.protection.outlook.com]"),
        ),
        5 => (Truth::Gone, ("550", "5.1.1", "RESOLVER.ADR.ExRecipNotFound; not found")),
        6 => (Truth::Soft, ("554", "5.2.2", "mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException")),
        7 => (Truth::Ours, ("550", "5.7.708", "Service unavailable. Access denied, traffic not accepted from this IP")),
        8 => (Truth::Soft, ("550", "5.4.300", "Message expired -> 451 4.4.0 DNS query failed")),
        _ => (Truth::Ours, ("550", "5.7.124", "RESOLVER.RST.SenderNotInAllowedList; not in allowed-senders list")),
    };
    let html = format!(
        "<html><body><table><tr><td>Office 365</td></tr><tr><td>Your message to <span>{}</span> couldn't be delivered.</td></tr><tr><td>{} wasn't found at {}.</td></tr></table>\n<p>Error Details</p><p>Reported error: {}</p><p>Original Message Details: Message-ID: {}</p></body></html>",
        fill.to,
        fill.local(),
        fill.domain(),
        fill.said(reply),
        fill.message_id.replace('<', "&lt;").replace('>', "&gt;")
    );
    let reporter = "DB9PR02MB1234.eurprd02.prod.outlook.com";
    let fields = format!(
        "Reporting-MTA: dns;{reporter}\nReceived-From-MTA: dns;boards.example.org\nArrival-Date: Thu, {}\n\nOriginal-Recipient: rfc822;{}\nFinal-Recipient: rfc822;{}\nAction: failed\nStatus: {}\nDiagnostic-Code: smtp;{}\nX-Display-Name: {}\n",
        fill.date,
        fill.to,
        fill.to,
        reply.1,
        fill.said(reply),
        fill.local()
    );
    let parts = Parts {
        from: format!("<postmaster@{}>", fill.domain()),
        subject: format!("Undeliverable: {}", fill.subject),
        more: format!(
            "X-MS-Exchange-Message-Is-Ndr:\nAuto-Submitted: auto-replied\nIn-Reply-To: {}\nX-MS-Exchange-Generated-Message-Source: Antispam Agent\n",
            fill.message_id
        ),
        words: html,
        words_kind: "text/html; charset=\"utf-8\"",
        fields,
        returned: if fill.dice.chance(50) {
            ("message/rfc822", fill.our_message())
        } else {
            ("text/rfc822-headers", fill.our_head())
        },
    };
    (truth, report(fill, &parts))
}

fn outlook(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply): (Truth, Reply) = match fill.dice.below(4) {
        0 | 1 => {
            (Truth::Gone, ("550", "5.5.0", "Requested action not taken: mailbox unavailable (S2017062302). user does not exist"))
        }
        2 => (Truth::Soft, ("554", "5.2.2", "mailbox full")),
        _ => (
            Truth::Ours,
            (
                "550",
                "5.7.1",
                "Unfortunately, messages from [192.0.2.10] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140).",
            ),
        ),
    };
    let parts = Parts {
        from: "postmaster@outlook.com".into(),
        subject: format!("Undeliverable: {}", fill.subject),
        more: String::new(),
        words: format!(
            "This is an automatically generated Delivery Status Notification.\n\nDelivery to the following recipients failed.\n\n       {}\n",
            fill.to
        ),
        words_kind: "text/plain; charset=unicode-1-1-utf-7",
        fields: format!(
            "Reporting-MTA: dns;COL004-MC1F1.hotmail.com\nReceived-From-MTA: dns;boards.example.org\n\nFinal-Recipient: rfc822;{}\nAction: failed\nStatus: {}\nDiagnostic-Code: smtp;{}\n",
            fill.to,
            reply.1,
            fill.said(reply)
        ),
        returned: ("message/rfc822", fill.our_message()),
    };
    (truth, report(fill, &parts))
}

fn yahoo(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply): (Truth, Reply) = match fill.dice.below(5) {
        0..3 => {
            let said = fill.dice.one_of(&[
                "Sorry, your message to {to} cannot be delivered. This mailbox is disabled (554.30). No such user: the account does not exist",
                "Sorry, your message to {to} cannot be delivered. This mailbox is disabled (554.30).",
                "Sorry, your message to {to} cannot be delivered. This mailbox is disabled",
            ]);
            (Truth::Gone, ("554", "30", said))
        }
        3 => (Truth::Soft, ("552", "1", "Requested mail action aborted, mailbox over quota")),
        _ => (
            Truth::Ours,
            ("554", "5.7.9", "Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes"),
        ),
    };
    let text = format!(
        "Sorry, we were unable to deliver your message to the following address.\n\n<{}>:\n{}\n\n--- Below this line is a copy of the message.\n\n{}",
        fill.to,
        fill.said(reply),
        fill.our_message()
    );
    if fill.dice.chance(50) {
        let head = fill.head("MAILER-DAEMON@yahoo.com", "Failure Notice", "Content-Type: text/plain; charset=utf-8\n");
        return (truth, format!("{head}\n{text}"));
    }
    let parts = Parts {
        from: "Mail Delivery Subsystem <MAILER-DAEMON@aol.com>".into(),
        subject: "Mail Delivery Problem".into(),
        more: "Auto-Submitted: auto-replied\n".into(),
        words: format!("We're sorry, your email to {} could not be delivered.\n{}\n", fill.to, fill.said(reply)),
        words_kind: "text/plain; charset=utf-8",
        fields: fields(fill, "mta.aol.com", reply),
        returned: ("text/rfc822-headers", fill.our_head()),
    };
    (truth, report(fill, &parts))
}

fn dsn(fill: &mut Fill, from: &str, subject: &str, reporter: &str, words: &str) -> (Truth, String) {
    let (truth, reply) = draw(fill);
    let parts = Parts {
        from: from.into(),
        subject: subject.into(),
        more: "Auto-Submitted: auto-replied\n".into(),
        words: format!("{words}\n\n{}: {}\n", fill.to, fill.said(reply)),
        words_kind: "text/plain; charset=utf-8",
        fields: fields(fill, reporter, reply),
        returned: if fill.dice.chance(50) {
            ("message/rfc822", fill.our_message())
        } else {
            ("text/rfc822-headers", fill.our_head())
        },
    };
    (truth, report(fill, &parts))
}

fn icloud(fill: &mut Fill) -> (Truth, String) {
    dsn(
        fill,
        "MAILER-DAEMON@icloud.com",
        "Undelivered Mail Returned to Sender",
        "p00-icloudmta.example.net",
        "This is the mail system. Your message could not be delivered.",
    )
}

fn ses(fill: &mut Fill) -> (Truth, String) {
    let (truth, text) = dsn(
        fill,
        "MAILER-DAEMON@amazonses.com",
        "Delivery Status Notification (Failure)",
        "a7-12.smtp-out.amazonses.com",
        "An error occurred while trying to deliver the mail to the following recipients:",
    );
    (truth, text.replace("Arrival-Date: Thu, ", "Arrival-Date: Thursday, ").replace("dns; a7-12", "dsn; a7-12"))
}

fn mailgun(fill: &mut Fill) -> (Truth, String) {
    dsn(
        fill,
        "Mailer-Daemon@mailgun.example.net",
        "Undelivered Mail Returned to Sender",
        "mailgun.example.net",
        "The following message could not be delivered",
    )
}

fn sendgrid(fill: &mut Fill) -> (Truth, String) {
    let (truth, text) = dsn(
        fill,
        "MAILER-DAEMON@ismtpd0001p1lon1.sendgrid.net",
        "Undelivered Mail Returned to Sender",
        "ismtpd0001p1lon1.sendgrid.net",
        "This is an automatically generated message from SendGrid.\n\nI'm sorry to have to tell you that your message was not able to be delivered to one of its intended recipients.",
    );
    (truth, text.replace("Reporting-MTA: dns; ", "Reporting-MTA: dns;").replace("Status: 5", "Status:5"))
}

fn zoho(fill: &mut Fill) -> (Truth, String) {
    dsn(
        fill,
        "mailer-daemon@mail.zoho.example.net",
        "Undelivered Mail Returned to Sender",
        "mx.zoho.example.net",
        "This message was created automatically by mail delivery software.\nA message that you sent could not be delivered to one or more of its recipients. This is a permanent error.",
    )
}

fn yandex(fill: &mut Fill) -> (Truth, String) {
    let (truth, text) = dsn(
        fill,
        "mailer-daemon@yandex.example.net",
        "=?utf-8?B?0J3QtdC00L7RgdGC0LDQstC70LXQvdC90L7QtSDRgdC+0L7QsdGJ0LXQvdC40LU=?=",
        "forward500.mail.yandex.example.net",
        "Это письмо отправлено почтовым сервером.\n\nК сожалению, мы вынуждены сообщить вам о том, что ваше письмо не может быть отправлено одному или нескольким адресатам.",
    );
    (truth, text.replace("text/plain; charset=utf-8\n", "text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"))
}

fn mail_ru(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply): (Truth, Reply) = if fill.dice.chance(70) {
        (
            Truth::Gone,
            ("550", "", "Message was not accepted -- invalid mailbox.  Local mailbox {to} is unavailable: user not found"),
        )
    } else {
        (
            Truth::Soft,
            ("550", "", "Message was not accepted -- invalid mailbox.  Local mailbox {to} is unavailable: account is disabled"),
        )
    };
    let text = format!(
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its recipients. This is a permanent error.\nThe following address failed:\n\n  {}\n    SMTP error from remote mail server after RCPT TO:<{}>:\n    host {} [203.0.113.9]: {}\n\n------ This is a copy of the message's headers. ------\n\n{}",
        fill.to,
        fill.to,
        fill.mx,
        fill.said(reply),
        fill.our_head()
    );
    let head = fill.head(
        "mailer-daemon@corp.mail.example.net",
        "Mail failure.",
        "Content-Type: text/plain; charset=utf-8\nAuto-Submitted: auto-replied\n",
    );
    (truth, format!("{head}\n{text}"))
}

fn gmx(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply) = draw(fill);
    let text = format!(
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to\none or more of its recipients. This is a permanent error.\nThe following address(es) failed:\n\n{}:\nSMTP error from remote server for RCPT TO command, host: {} (203.0.113.9) reason: {}\n\n\n--- The header of the original message is following. ---\n\n{}",
        fill.to,
        fill.mx,
        fill.said(reply),
        fill.our_head()
    );
    let head = fill.head(
        "\"GMX Mailer Daemon\" <mailer-daemon@gmx.example.net>",
        "Mail delivery failed: returning message to sender",
        "Auto-Submitted: auto-replied\nContent-Type: text/plain; charset=UTF-8\n",
    );
    (truth, format!("{head}\n{text}"))
}

fn t_online(fill: &mut Fill) -> (Truth, String) {
    let (truth, why) = if fill.dice.chance(60) {
        (Truth::Gone, "5.1.1 - unknown user. Benutzer hat hier keine Mailbox")
    } else {
        (Truth::Soft, "5.2.2 mailbox full. Der Briefkasten ist voll")
    };
    let text = format!(
        "|------------------------- Message log follows: -------------------------|\n no valid recipients were found for this message\n|------------------------- Failed addresses follow: ---------------------|\n <{}> ... 550 {why}\n|------------------------- Message header follows: ----------------------|\n{}",
        fill.to,
        fill.our_head()
    );
    let head = fill.head(
        "Mail Delivery System <mailer-daemon@t-online.example.net>",
        "mail failed, returning to sender",
        "Content-Type: text/plain; charset=iso-8859-1\n",
    );
    (truth, format!("{head}\n{text}"))
}

fn google_groups(fill: &mut Fill) -> (Truth, String) {
    let text = format!(
        "Hello updates@boards.example.org,\n\nWe're writing to let you know that the group you tried to contact ({}) may not exist, or you may not have permission to post messages to the group.\n\n550 5.1.1 group does not exist\n",
        fill.local()
    );
    let parts = Parts {
        from: "Mail Delivery Subsystem <mailer-daemon@googlegroups.example.net>".into(),
        subject: "Delivery Status Notification (Failure)".into(),
        more: format!("X-Failed-Recipients: {}\nAuto-Submitted: auto-replied\n", fill.to),
        words: text,
        words_kind: "text/plain; charset=UTF-8",
        fields: fields(fill, "googlemail.com", ("550", "5.1.1", "group does not exist")),
        returned: ("message/rfc822", fill.our_message()),
    };
    (Truth::Gone, report(fill, &parts))
}

fn comcast(fill: &mut Fill) -> (Truth, String) {
    dsn(
        fill,
        "Mail Delivery Subsystem <MAILER-DAEMON@comcast.example.net>",
        "Permanent Error",
        "resqmta-c1p.sys.comcast.example.net",
        "This is an automated message. Your mail to the following address was not delivered.",
    )
}
