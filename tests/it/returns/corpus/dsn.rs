//! Delivery status notifications as RFC 3464 has them, and as servers make them.

use super::words::{self, Reply, draw, status};
use super::{Fill, Template, Truth};

pub(super) fn all() -> Vec<Template> {
    let t = |dialect, share, make| Template { dialect, share, make };
    vec![
        t("Postfix", 90, postfix),
        t("Sendmail", 40, sendmail),
        t("Exim with DSN", 25, exim_dsn),
        t("Exchange on premises", 35, exchange),
        t("Courier", 12, courier),
        t("Zimbra", 15, zimbra),
        t("OpenSMTPD", 10, opensmtpd),
        t("Postfix, message/global (RFC 6533)", 10, postfix_utf8),
        t("Haraka", 8, haraka),
        t("MDaemon", 10, mdaemon),
        t("Lotus Domino", 15, domino),
        t("GroupWise", 10, groupwise),
        t("Oracle Messaging Server", 8, oracle),
        t("CommuniGate Pro", 8, communigate),
        t("Kerio Connect", 8, kerio),
        t("Mimecast", 12, mimecast),
        t("Proofpoint", 12, proofpoint),
        t("Barracuda", 10, barracuda),
        t("SurgeMail", 6, surgemail),
        t("a DSN forwarded by another mailbox", 10, nested),
    ]
}

/// A multipart/report from its three parts.
fn report(fill: &Fill, head: (&str, &str), words: &str, fields: &str, returned: &(&str, String)) -> String {
    let boundary = format!("{}.{}/{}", fill.queue_id, &fill.queue_id[..6], fill.mta);
    let kind = format!("Content-Type: multipart/report; report-type=delivery-status;\n\tboundary=\"{boundary}\"\n");
    format!(
        "{}\nThis is a MIME-encapsulated message.\n\n--{boundary}\nContent-Description: Notification\nContent-Type: text/plain; charset=us-ascii\n\n\
         {words}\n--{boundary}\nContent-Description: Delivery report\nContent-Type: message/delivery-status\n\n{fields}\n\
         --{boundary}\nContent-Description: Undelivered Message\nContent-Type: {}\n\n{}\n--{boundary}--\n",
        fill.head(head.0, head.1, &kind),
        returned.0,
        returned.1
    )
}

/// The usual fields for one recipient.
fn fields(fill: &Fill, reply: Reply, original: bool) -> String {
    let original = if original { format!("Original-Recipient: rfc822;{}\n", fill.to) } else { String::new() };
    let diagnostic = if reply.0.is_empty() {
        format!("Diagnostic-Code: X-Postfix; {}\n", fill.fill(reply.2))
    } else {
        format!("Remote-MTA: dns; {}\nDiagnostic-Code: smtp; {}\n", fill.mx, fill.said(reply))
    };
    format!(
        "Reporting-MTA: dns; {}\nArrival-Date: Thu, {}\n\nFinal-Recipient: rfc822; {}\n{original}Action: failed\nStatus: {}\n{diagnostic}",
        fill.mta,
        fill.date,
        fill.to,
        status(reply)
    )
}

fn postfix(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply) = draw(fill);
    let said = if reply.0.is_empty() {
        fill.fill(reply.2)
    } else {
        format!("host {}[203.0.113.9] said:\n    {} (in reply to RCPT TO command)", fill.mx, fill.said(reply))
    };
    let words = format!(
        "This is the mail system at host {}.\n\nI'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients. It's attached below.\n\n\
         For further assistance, please send mail to postmaster.\n\nIf you do so, please include this problem report. You can\ndelete your own text from the attached returned message.\n\n                   The mail system\n\n<{}>: {said}\n",
        fill.mta, fill.to
    );
    let fields = fields(fill, reply, true)
        .replace("Reporting-MTA", "X-Postfix-Queue-ID: 4XyZ\nX-Postfix-Sender: rfc822; x@boards.example.org\nReporting-MTA");
    let from = format!("MAILER-DAEMON@{} (Mail Delivery System)", fill.mta);
    let whole = fill.dice.chance(50);
    let returned = if whole { ("message/rfc822", fill.our_message()) } else { ("text/rfc822-headers", fill.our_head()) };
    (truth, report(fill, (&from, "Undelivered Mail Returned to Sender"), &words, &fields, &returned))
}

fn sendmail(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply) = draw(fill);
    let said = fill.said(reply);
    let words = format!(
        "The original message was received at Thu, {}\nfrom boards.example.org [192.0.2.10]\n\n   ----- The following addresses had permanent fatal errors -----\n<{}>\n    (reason: {said})\n\n\
            ----- Transcript of session follows -----\n... while talking to {}.:\n>>> RCPT To:<{}>\n<<< {said}\n550 5.1.1 <{}>... User unknown\n",
        fill.date, fill.to, fill.mx, fill.to, fill.to
    );
    // The transcript ends as sendmail ends it only where the user is unknown.
    let words = if truth == Truth::Gone {
        words
    } else {
        words.replace(&format!("550 5.1.1 <{}>... User unknown\n", fill.to), "501 5.6.0 Data format error\n")
    };
    let fields = fields(fill, reply, false).replace("Diagnostic-Code: smtp;", "Diagnostic-Code: SMTP;");
    let from = format!("Mail Delivery Subsystem <MAILER-DAEMON@{}>", fill.mta);
    let subject = if truth == Truth::Gone { "Returned mail: User unknown" } else { "Returned mail: see transcript for details" };
    let out = report(fill, (&from, subject), &words, &fields, &("message/rfc822", fill.our_message()));
    (
        truth,
        out.replace(
            "MIME-Version: 1.0\nContent-Type: multipart/report",
            "MIME-Version: 1.0\nAuto-Submitted: auto-generated (failure)\nContent-Type: multipart/report",
        ),
    )
}

fn exim_dsn(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply) = draw(fill);
    let words = format!(
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  {}\n    host {} [203.0.113.9]\n    SMTP error from remote mail server after RCPT TO:<{}>:\n    {}\n",
        fill.to,
        fill.mx,
        fill.to,
        fill.said(reply)
    );
    let fields = format!(
        "Reporting-MTA: dns; {}\n\nAction: failed\nFinal-Recipient: rfc822;{}\nStatus: 5.0.0\nRemote-MTA: dns; {}\nDiagnostic-Code: smtp; {}\n",
        fill.mta,
        fill.to,
        fill.mx,
        fill.said(reply)
    );
    let from = format!("Mail Delivery System <Mailer-Daemon@{}>", fill.mta);
    let out = report(
        fill,
        (&from, "Mail delivery failed: returning message to sender"),
        &words,
        &fields,
        &("message/rfc822", fill.our_message()),
    );
    (
        truth,
        out.replace(
            "MIME-Version: 1.0\n",
            &format!("X-Failed-Recipients: {}\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n", fill.to),
        ),
    )
}

fn exchange(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply) = draw(fill);
    let html = format!(
        "<html><body><p><b>Delivery has failed to these recipients or groups:</b></p><p><a href=\"mailto:{to}\">{to}</a><br>The e-mail address you entered couldn't be found or the mailbox refused the message.</p>\
         <p>Diagnostic information for administrators:</p><p>Generating server: {mta}</p><p>{to}<br>{mx} #{said} ##</p></body></html>",
        to = fill.to,
        mta = fill.mta,
        mx = fill.mx,
        said = fill.said(reply)
    );
    let fields = fields(fill, reply, false).replace("Final-Recipient: rfc822; ", "Final-Recipient: rfc822;")
        + &format!("X-Display-Name: {}\n", fill.local());
    let from = format!("Microsoft Exchange <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@{}>", fill.domain());
    let subject = format!("Undeliverable: {}", fill.subject);
    let out = report(fill, (&from, &subject), &html, &fields, &("message/rfc822", fill.our_message()));
    (truth, out.replacen("text/plain; charset=us-ascii", "text/html; charset=utf-8", 1))
}

fn courier(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply) = draw(fill);
    let words = format!(
        "This is a delivery status notification from {},\nrunning the Courier mail server, version 1.0.\n\nThe original message was received on Thu, {}\nfrom boards.example.org (192.0.2.10)\n\n\
         ---------------------------------------------------------------------------\n\n                           UNDELIVERABLE MAIL\n\nYour message to the following recipients cannot be delivered:\n\n<{}>:\n    {} [203.0.113.9]:\n >>> RCPT TO:<{}>\n <<< {}\n",
        fill.mta,
        fill.date,
        fill.to,
        fill.mx,
        fill.to,
        fill.said(reply)
    );
    let fields = fields(fill, reply, false).replace("dns; ", "dns;");
    let from = format!("\"Courier mail server at {}\" <@{}>", fill.mta, fill.mta);
    (
        truth,
        report(
            fill,
            (&from, "NOTICE: mail delivery status."),
            &words,
            &fields,
            &("message/rfc822; charset=us-ascii", fill.our_message()),
        ),
    )
}

fn zimbra(fill: &mut Fill) -> (Truth, String) {
    let (truth, text) = postfix(fill);
    (truth, text.replace("This is the mail system at host", "This is the Zimbra mail system at host"))
}

fn opensmtpd(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply) = draw(fill);
    let words = format!(
        "    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\n    An error has occurred while attempting to deliver a message for\n    the following list of recipients:\n\n{}: {}\n\n    Below is a copy of the original message:\n",
        fill.to,
        fill.said(reply)
    );
    let fields = format!(
        "Reporting-MTA: dns; {}\n\nFinal-Recipient: rfc822; {}\nAction: failed\nStatus: {}\n",
        fill.mta,
        fill.to,
        status(reply)
    );
    let from = format!("Mailer Daemon <MAILER-DAEMON@{}>", fill.mta);
    (
        truth,
        report(fill, (&from, "Delivery status notification: error"), &words, &fields, &("text/rfc822-headers", fill.our_head())),
    )
}

fn postfix_utf8(fill: &mut Fill) -> (Truth, String) {
    fill.to = format!("zoë{}", fill.to);
    let (truth, text) = postfix(fill);
    let text = text.replace("report-type=delivery-status", "report-type=global-delivery-status");
    let text = text.replace("message/delivery-status", "message/global-delivery-status\nContent-Transfer-Encoding: 8bit");
    let text = text
        .replace("Final-Recipient: rfc822; ", "Final-Recipient: utf-8; ")
        .replace("Original-Recipient: rfc822;", "Original-Recipient: utf-8;");
    (
        truth,
        text.replace("message/rfc822", "message/global\nContent-Transfer-Encoding: 8bit")
            .replace("text/rfc822-headers", "message/global-headers"),
    )
}

fn haraka(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply) = draw(fill);
    let words = format!(
        "This message was created automatically by Haraka.\n\nYour message could not be delivered.\n\n<{}>: {}\n",
        fill.to,
        fill.said(reply)
    );
    let fields = fields(fill, reply, false);
    let from = format!("MAILER-DAEMON@{}", fill.mta);
    (truth, report(fill, (&from, "Returned mail: Delivery failed"), &words, &fields, &("message/rfc822", fill.our_message())))
}

fn mdaemon(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply) = draw(fill);
    let words = format!(
        "The attached message had PERMANENT fatal delivery errors.\n\nAfter one or more unsuccessful delivery attempts the attached message has been removed from the mail queue on this server.\n\n\
         THIS IS A NOTIFICATION THAT YOUR MESSAGE COULD NOT BE DELIVERED\n\nFailed address: {}\n\n--- Session Transcript ---\n --> RCPT To:<{}>\n <-- {}\n --> QUIT\n--- End Transcript ---\n",
        fill.to,
        fill.to,
        fill.said(reply)
    );
    let fields = fields(fill, reply, false);
    let from = format!("\"MDaemon at {}\" <MDaemon@{}>", fill.domain(), fill.domain());
    (
        truth,
        report(
            fill,
            (&from, "MDaemon Warning - Permanent Delivery Failure"),
            &words,
            &fields,
            &("message/rfc822; name=\"original.eml\"", fill.our_message()),
        ),
    )
}

fn domino(fill: &mut Fill) -> (Truth, String) {
    let (truth, words) = match fill.dice.below(3) {
        0 | 1 => (Truth::Gone, format!("User {} ({}) not listed in Domino Directory", fill.local(), fill.to)),
        _ => (Truth::Soft, "Error delivering message: Database is over its disk quota; mailbox quota exceeded".to_owned()),
    };
    let state = if truth == Truth::Gone { "5.1.1" } else { "5.2.2" };
    let said = format!("------- Failure Reasons  --------\n\n{words}\n{}\n\n------- Returned Message --------\n", fill.to);
    let fields = format!(
        "Reporting-MTA: dns;{}\n\nFinal-Recipient: rfc822;{}\nAction: failed\nStatus: {state}\nDiagnostic-Code: X-Notes; {words}\n",
        fill.mta, fill.to
    );
    let from = format!("postmaster@{}", fill.domain());
    let subject = format!("DELIVERY FAILURE: {}", words.chars().take(60).collect::<String>());
    (truth, report(fill, (&from, &subject), &said, &fields, &("message/rfc822", fill.our_message())))
}

fn groupwise(fill: &mut Fill) -> (Truth, String) {
    let reply: Reply = if fill.dice.chance(70) { ("550", "", "{to}: User not found") } else { ("552", "", "Mailbox full: {to}") };
    let truth = if reply.0 == "550" { Truth::Gone } else { Truth::Soft };
    let words = format!(
        "The message that you sent was undeliverable to the following:\n\t{} ({})\n\nPossibly truncated original message follows:\n",
        fill.local(),
        fill.said(reply)
    );
    let fields = format!(
        "Reporting-MTA: dns; {}\n\nFinal-Recipient: rfc822;{}\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp;{}\n",
        fill.mta,
        fill.to,
        fill.said(reply)
    );
    let from = format!("Mailer-Daemon@{}", fill.mta);
    (truth, report(fill, (&from, "Message status - undeliverable"), &words, &fields, &("message/rfc822", fill.our_message())))
}

fn oracle(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply) = draw(fill);
    let words = format!(
        "This report relates to a message you sent with the following header fields:\n\n  Message-id: {}\n  To: {}\n\nYour message cannot be delivered to the following recipients:\n\n  Recipient address: {}\n  Reason: Remote SMTP server has rejected address\n  Diagnostic code: smtp;{}\n  Remote system: dns;{}\n",
        fill.message_id,
        fill.to,
        fill.to,
        fill.said(reply),
        fill.mx
    );
    let fields = fields(fill, reply, true).replace("Diagnostic-Code: smtp; ", "Diagnostic-Code: smtp;");
    let fields = fields.replace(
        &format!("Status: {}\n", status(reply)),
        &format!("Status: {} (Remote SMTP server has rejected address)\n", status(reply)),
    );
    let from = format!("Internet Mail Delivery <postmaster@{}>", fill.domain());
    (
        truth,
        report(
            fill,
            (&from, "Delivery Notification: Delivery has failed"),
            &words,
            &fields,
            &("message/rfc822", fill.our_message()),
        ),
    )
}

fn communigate(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply) = draw(fill);
    let words = format!(
        "Failed to deliver to '{}'\nSMTP module(domain {}) reports:\n host {} says:\n {}\n",
        fill.to,
        fill.domain(),
        fill.mx,
        fill.said(reply)
    );
    let fields = format!(
        "Reporting-MTA: dns; {}\n\nOriginal-Recipient: rfc822;<{}>\nFinal-Recipient: system;<{}>\nAction: failed\nStatus: {}\n",
        fill.mta,
        fill.to,
        fill.to,
        status(reply)
    );
    let from = format!("<MAILER-DAEMON@{}>", fill.mta);
    (truth, report(fill, (&from, "Undeliverable mail"), &words, &fields, &("message/rfc822", fill.our_message())))
}

fn kerio(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply) = draw(fill);
    let words = format!(
        "Your message could not be delivered to one or more of its recipients:\n\n{}\n  Remote host said: {}\n",
        fill.to,
        fill.said(reply)
    );
    let fields = fields(fill, reply, false);
    let from = format!("Mail Delivery Subsystem <postmaster@{}>", fill.domain());
    (truth, report(fill, (&from, "Undeliverable Mail"), &words, &fields, &("text/rfc822-headers", fill.our_head())))
}

fn mimecast(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply) = draw(fill);
    let words = format!(
        "Message delivery failure\n\nThe following message could not be delivered to {}.\nThe error that the other server returned was: {}\n",
        fill.to,
        fill.said(reply)
    );
    let fields = fields(fill, reply, true);
    let from = format!("\"Mail Delivery System\" <postmaster@{}>", fill.domain());
    let subject = format!("[Postmaster] Email Delivery Failure: {}", fill.subject);
    (truth, report(fill, (&from, &subject), &words, &fields, &("message/rfc822", fill.our_message())))
}

fn proofpoint(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply) = draw(fill);
    let words = format!(
        "The original message was received at Thu, {}\n\n   ----- The following addresses had permanent fatal errors -----\n<{}>\n\n   -----Transcript of session follows -----\n... while talking to {}.:\n<<< {}\n",
        fill.date,
        fill.to,
        fill.mx,
        fill.said(reply)
    );
    let fields = fields(fill, reply, false);
    let from = format!("Mail Delivery Subsystem <MAILER-DAEMON@{}.pphosted.example.net>", fill.dice.hex(8));
    (truth, report(fill, (&from, "Undeliverable: delivery failed"), &words, &fields, &("text/rfc822-headers", fill.our_head())))
}

fn barracuda(fill: &mut Fill) -> (Truth, String) {
    let reply = if fill.dice.chance(60) {
        ("550", "", "permanent failure for one or more recipients ({to}:blocked)")
    } else {
        ("550", "5.1.1", "permanent failure for one or more recipients ({to}:550 No such user)")
    };
    let truth = if reply.1.is_empty() { Truth::Ours } else { Truth::Gone };
    let words = format!("Your message to {} could not be delivered:\n\n{}\n", fill.to, fill.said(reply));
    let fields = fields(fill, reply, false);
    let from = format!("Barracuda Spam Firewall <postmaster@{}>", fill.domain());
    (
        truth,
        report(
            fill,
            (&from, "**Message you sent was not delivered**"),
            &words,
            &fields,
            &("text/rfc822-headers", fill.our_head()),
        ),
    )
}

fn surgemail(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply) = draw(fill);
    let words = format!(
        "Your message cannot be delivered to the following recipients:\n\n   {}\n\nReason: {}\n",
        fill.to,
        fill.said(reply)
    );
    let fields = fields(fill, reply, false).replace("Action: failed", "Action: Failed");
    let from = format!("Mail Delivery <postmaster@{}>", fill.domain());
    (truth, report(fill, (&from, "Delivery failure"), &words, &fields, &("message/rfc822", fill.our_message())))
}

/// Somebody's forwarding sends the whole notification on as an attachment.
fn nested(fill: &mut Fill) -> (Truth, String) {
    let (truth, inner) = match fill.dice.below(3) {
        0 => postfix(fill),
        1 => exchange(fill),
        _ => sendmail(fill),
    };
    let head = fill.head(
        "Mail forwarder <postmaster@boards.example.org>",
        "Fwd: returned mail",
        "Content-Type: multipart/mixed; boundary=\"outer-1\"\n",
    );
    (
        truth,
        format!(
            "{head}\n--outer-1\nContent-Type: text/plain\n\nForwarded to the list's mailbox.\n--outer-1\nContent-Type: message/rfc822\n\n{inner}\n--outer-1--\n"
        ),
    )
}

/// For those who wrap one: what Postfix would have written.
pub(super) fn delayed(fill: &mut Fill) -> String {
    let reply = fill.dice.one_of(words::UNREACHED);
    let words = format!(
        "This is the mail system at host {}.\n\n####################################################################\n# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #\n####################################################################\n\nYour message could not be delivered for more than 4 hour(s).\nIt will be retried until it is 5 day(s) old.\n\n<{}>: {}\n",
        fill.mta,
        fill.to,
        fill.said(reply)
    );
    let fields = fields(fill, reply, true).replace("Action: failed", "Action: delayed").replace("Status: 5", "Status: 4")
        + "Will-Retry-Until: Tue, 17 Nov 2026 10:00:00 +0000\n";
    let from = format!("MAILER-DAEMON@{} (Mail Delivery System)", fill.mta);
    report(fill, (&from, "Delayed Mail (still being retried)"), &words, &fields, &("text/rfc822-headers", fill.our_head()))
}

pub(super) fn relayed(fill: &mut Fill) -> String {
    let action = fill.dice.one_of(&["delivered", "relayed", "expanded"]);
    let words = "Your message was successfully delivered to the destination(s)\nlisted below. If the message was delivered to mailbox you will\nreceive no further notifications.\n";
    let fields = fields(fill, ("250", "2.0.0", "Ok: queued"), true).replace("Action: failed", &format!("Action: {action}"));
    let fields = fields.replace("Status: 5.0.0", "Status: 2.0.0");
    let from = format!("MAILER-DAEMON@{} (Mail Delivery System)", fill.mta);
    report(fill, (&from, "Successful Mail Delivery Report"), words, &fields, &("text/rfc822-headers", fill.our_head()))
}
