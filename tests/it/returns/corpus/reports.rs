//! What is no bounce though a machine says something of our mail: delays, receipts, complaints, requests to be taken off.

use super::{Fill, Template, Truth, dsn};

pub(super) fn all() -> Vec<Template> {
    let t = |dialect, share, make| Template { dialect, share, make };
    vec![
        t("Postfix, delayed", 15, |fill| (Truth::Delayed, dsn::delayed(fill))),
        t("Exim, delayed", 12, exim_delayed),
        t("sendmail, delayed", 10, sendmail_delayed),
        t("Gmail, delayed", 10, gmail_delayed),
        t("Exchange, delayed", 8, exchange_delayed),
        t("delivered", 10, |fill| (Truth::Receipt, dsn::relayed(fill))),
        t("read (RFC 8098)", 10, read_receipt),
        t("deleted unread (RFC 8098)", 5, deleted_receipt),
        t("ARF", 25, arf),
        t("ARF without our address", 8, arf_redacted),
        t("Outlook.com's junk reports", 8, jmrp),
        t("ARF, not spam", 3, arf_not_spam),
        t("unsubscribe by mail", 12, unsubscribe),
    ]
}

fn exim_delayed(fill: &mut Fill) -> (Truth, String) {
    let head = fill.head(
        &format!("Mail Delivery System <Mailer-Daemon@{}>", fill.mta),
        "Warning: message 1abcde-0003Xy-9Q delayed 24 hours",
        "Auto-Submitted: auto-replied\nContent-Type: text/plain; charset=us-ascii\n",
    );
    let text = format!(
        "This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue on {}.\n\n\
         The message identifier is:     1abcde-0003Xy-9Q\nThe subject of the message is: {}\n\nThe address to which the message has not yet been delivered is:\n\n  {}\n    host {} [203.0.113.9]: 452 4.2.2 Mailbox full\n\n\
         No action is required on your part. Delivery attempts will continue for\nsome time, and this warning may be repeated at intervals if the message\nremains undelivered.\n",
        fill.mta, fill.subject, fill.to, fill.mx
    );
    (Truth::Delayed, format!("{head}\n{text}"))
}

fn sendmail_delayed(fill: &mut Fill) -> (Truth, String) {
    let text = dsn::delayed(fill);
    (Truth::Delayed, text.replace("Delayed Mail (still being retried)", "Warning: could not send message for past 4 hours"))
}

fn gmail_delayed(fill: &mut Fill) -> (Truth, String) {
    let text = dsn::delayed(fill);
    (Truth::Delayed, text.replace("Delayed Mail (still being retried)", "Delivery Status Notification (Delay)"))
}

fn exchange_delayed(fill: &mut Fill) -> (Truth, String) {
    let text = dsn::delayed(fill);
    (
        Truth::Delayed,
        text.replace("Delayed Mail (still being retried)", &format!("Delivery delayed:{}", fill.subject))
            .replace("Action: delayed", "Action: Delayed"),
    )
}

fn disposition(fill: &mut Fill, subject: &str, how: &str, text: &str) -> String {
    let head = fill.head(
        &format!("{} <{}>", fill.local(), fill.to),
        subject,
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=\"mdn-1\"\n",
    );
    format!(
        "{head}\n--mdn-1\nContent-Type: text/plain; charset=utf-8\n\n{text}\n\n--mdn-1\nContent-Type: message/disposition-notification\n\nReporting-UA: mail.example.net; Reader 3\nOriginal-Recipient: rfc822;{to}\nFinal-Recipient: rfc822;{to}\nOriginal-Message-ID: {id}\nDisposition: {how}\n\n--mdn-1--\n",
        to = fill.to,
        id = fill.message_id
    )
}

fn read_receipt(fill: &mut Fill) -> (Truth, String) {
    let subject = format!("Read: {}", fill.subject);
    (Truth::Receipt, disposition(fill, &subject, "manual-action/MDN-sent-manually; displayed", "Your message was read."))
}

fn deleted_receipt(fill: &mut Fill) -> (Truth, String) {
    let subject = format!("Not read: {}", fill.subject);
    (
        Truth::Receipt,
        disposition(
            fill,
            &subject,
            "automatic-action/MDN-sent-automatically; deleted",
            "Your message was deleted without being read.",
        ),
    )
}

fn feedback(fill: &Fill, kind: &str, more: &str, message: &str) -> String {
    let head = fill.head(
        "Feedback loop <feedbackloop@provider.example.net>",
        &format!("FW: {}", fill.subject),
        "Content-Type: multipart/report; report-type=feedback-report; boundary=\"arf_1\"\n",
    );
    format!(
        "{head}\n--arf_1\nContent-Type: text/plain; charset=US-ASCII\n\nThis is an email abuse report for an email message received from IP 192.0.2.10 on Thu, {}\n\n--arf_1\nContent-Type: message/feedback-report\n\n\
         Feedback-Type: {kind}\nUser-Agent: Provider-Feedback/2.0\nVersion: 1\nOriginal-Mail-From: <{}>\nArrival-Date: Thu, {}\nSource-IP: 192.0.2.10\nReported-Domain: boards.example.org\n{more}\n--arf_1\nContent-Type: message/rfc822\nContent-Disposition: inline\n\n{message}\n--arf_1--\n",
        fill.date, fill.back, fill.date
    )
}

fn arf(fill: &mut Fill) -> (Truth, String) {
    let kind = fill.dice.one_of(&["abuse", "abuse", "abuse", "Abuse", "fraud", "opt-out"]);
    let more = format!("Original-Rcpt-To: <{}>\n", fill.to);
    (Truth::Complaint, feedback(fill, kind, &more, &fill.our_message()))
}

fn arf_redacted(fill: &mut Fill) -> (Truth, String) {
    let message = fill.our_message().replace(&fill.to, "redacted@redacted");
    (Truth::Complaint, feedback(fill, "abuse", "", &message))
}

fn arf_not_spam(fill: &mut Fill) -> (Truth, String) {
    (Truth::Other, feedback(fill, "not-spam", "", &fill.our_message()))
}

fn jmrp(fill: &mut Fill) -> (Truth, String) {
    let head = fill.head(
        "staff@hotmail.com",
        "complaint about message from 192.0.2.10",
        "X-HmXmrOriginalRecipient: hidden\nContent-Type: multipart/mixed; boundary=\"jmr\"\n",
    );
    let head = head.replace("X-HmXmrOriginalRecipient: hidden", &format!("X-HmXmrOriginalRecipient: {}", fill.to));
    (
        Truth::Complaint,
        format!(
            "{head}\n--jmr\nContent-Type: message/rfc822\nContent-Disposition: inline\n\nX-HmXmrOriginalRecipient: {}\n{}\n--jmr--\n",
            fill.to,
            fill.our_message()
        ),
    )
}

fn unsubscribe(fill: &mut Fill) -> (Truth, String) {
    // What mail programs send to a List-Unsubscribe mailbox: its address is the whole of it.
    fill.back = fill.back.replace("bounces+", "LEAVE+");
    let subject = fill.dice.one_of(&["unsubscribe", "Unsubscribe", "", "Re: unsubscribe"]);
    let text = fill.dice.one_of(&["", "This message was automatically generated by the mail program.\n", "unsubscribe\n"]);
    let head = fill.head(&format!("<{}>", fill.to), subject, "Content-Type: text/plain; charset=utf-8\n");
    (Truth::Unsubscribe, format!("{}\n{text}", head.replace("Return-Path: <>", &format!("Return-Path: <{}>", fill.to))))
}
