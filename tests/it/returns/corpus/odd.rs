//! Mails that do not say what they are where one looks first: reports whose parts are lost, complaints that are marked within,
//! letters without an envelope, agents that report in prose of their own.

use super::{Fill, Template, Truth};

pub(super) fn all() -> Vec<Template> {
    let t = |dialect, share, make| Template { dialect, share, make };
    vec![
        t("a report whose parts are lost", 12, lost_parts),
        t("a report with a footer and no diagnosis", 10, footer),
        t("agents with prose of their own", 20, prose),
        t("a mailbox that refuses by a receipt", 6, refusing_receipt),
        t("a reason in the subject alone", 5, subject_alone),
        t("delays in prose", 10, delayed),
        t("Outlook.com's junk reports, marked within", 8, junk_within),
        t("a letter whose envelope is not kept", 12, bare_letter),
        t("a group's no that may mean anything", 10, group),
        t("bait that plays a postmaster", 8, bait),
    ]
}

fn head(fill: &Fill, from: &str, subject: &str, more: &str) -> String {
    fill.head(from, subject, more)
}

fn lost_parts(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply) = super::words::draw(fill);
    let boundary = fill.dice.one_of(&["; boundary=\"what-it-was-before\"", ""]);
    let head = head(
        fill,
        &format!("Mail Delivery Subsystem <MAILER-DAEMON@{}>", fill.mta),
        "Returned mail: see transcript for details",
        &format!(
            "Auto-Submitted: auto-generated (failure)\nContent-Type: multipart/report; report-type=delivery-status{boundary}\n"
        ),
    );
    let diagnosis = if reply.0.is_empty() { "X-Postfix" } else { "smtp" };
    (
        truth,
        format!(
            "{head}\n--now/1\n\nYour message to {to} could not be delivered.\n\n--now/1\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; {mta}\n\nFinal-Recipient: rfc822; {to}\nAction: failed\nStatus: {status}\nDiagnostic-Code: {diagnosis}; {said}\n\n--now/1\nContent-Type: text/rfc822-headers\n\n{ours}\n--now/1--\n",
            to = fill.to,
            mta = fill.mta,
            status = super::words::status(reply),
            said = fill.said(reply),
            ours = fill.our_head()
        ),
    )
}

fn footer(fill: &mut Fill) -> (Truth, String) {
    let (truth, status) = fill.dice.one_of(&[(Truth::Gone, "5.1.1"), (Truth::Soft, "5.2.2")]);
    let footer = fill.dice.one_of(&[
        "______________________________________\nThis e-mail has been scanned for viruses and spam by the gateway.",
        "-- \nThis message has been scanned for viruses and\ndangerous content, as our security policy asks.",
    ]);
    let head = head(
        fill,
        &format!("postmaster@{}", fill.domain()),
        "Delivery Status Notification (Failure)",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=\"fo/1\"\n",
    );
    (
        truth,
        format!(
            "{head}\n--fo/1\nContent-Type: text/plain\n\nThis is an automatically generated Delivery Status Notification.\n\nDelivery to the following recipients failed.\n\n       {to}\n\n{footer}\n\n--fo/1\nContent-Type: message/delivery-status\n\nReporting-MTA: dns;{mta}\n\nFinal-Recipient: rfc822;{to}\nAction: failed\nStatus: {status}\n\n--fo/1\nContent-Type: message/rfc822\n\n{ours}\n--fo/1--\n",
            to = fill.to,
            mta = fill.mta,
            ours = fill.our_message()
        ),
    )
}

/// Who speaks, under which subject, in which words.
const PROSE: &[(Truth, &str, &str, &str)] = &[
    (
        Truth::Gone,
        "Postmaster <postmaster@{mta}>",
        "Undeliverable Mail",
        "Invalid final delivery userid: {to}\n\nOriginal message follows.",
    ),
    (
        Truth::Gone,
        "POSTMASTER@{mta}",
        "Undeliverable message",
        "------- Failure Reasons  --------\n\nUser not listed in public Name & Address Book\n{to}\n\n------- Returned Message --------",
    ),
    (
        Truth::Gone,
        "MDaemon@{mta}",
        "Warning: {to} - User unknown!",
        "{to} - no such user here.\n\nThere is no user by that name at this server.\n\nOriginal message follows.",
    ),
    (
        Truth::Gone,
        "gateway@{mta}",
        "Mail could not be delivered",
        "****** Message from the gateway ******\n\nSent <<< RCPT TO:<{to}>\nReceived >>> 550 5.1.1 unknown user.\n\nUnable to deliver message to <{to}>.\n\nOriginal message follows.",
    ),
    (
        Truth::Gone,
        "postmaster@{mta}",
        "Delivery failure",
        "Your message has encountered delivery problems\nto local user {to}.\n\nUser not known\n\nOriginal message follows.",
    ),
    (
        Truth::Gone,
        "MAILER-DAEMON@{mta}",
        "Your message to {to} could not be delivered.",
        "Your message has reached our server, but this email address is wrong or no longer valid.\nYour message has NOT been delivered.\n\nOriginal message follows.",
    ),
    (
        Truth::Gone,
        "Mail Delivery Subsystem <mailer-daemon@{mta}>",
        "Delivery Status Notification (Failure)",
        "** Address not found **\n\nYour message wasn't delivered to {to} because the address couldn't be found. Check for typos or unnecessary spaces and try again.\n\n----- Original message -----",
    ),
    (
        Truth::Gone,
        "postmaster@{mta}",
        "Unzustellbar: Sitzung",
        "Ihre Nachricht an {to} konnte nicht zugestellt werden: Empfänger unbekannt.\n\n--- Kopie der Nachricht:",
    ),
    (
        Truth::Gone,
        "postmaster@{mta}",
        "Message non remis",
        "Votre message à {to} n'a pas été remis : destinataire inconnu.\n\nEn-têtes du message :",
    ),
    (
        Truth::Gone,
        "postmaster@{mta}",
        "Mancata consegna",
        "Il messaggio non è stato consegnato a {to}: utente sconosciuto.\n\nOriginal message follows.",
    ),
    (
        Truth::Gone,
        "postmaster@{mta}",
        "No se pudo entregar el mensaje",
        "No se pudo entregar el mensaje a {to}: usuario desconocido.\n\nOriginal message follows.",
    ),
    (
        Truth::Soft,
        "no-reply@{mta}",
        "Mail",
        "Your mail sent on: Thu\n Could not be delivered to: <{to}>\n As their mailbox is full.\n\nOriginal message follows.",
    ),
    (
        Truth::Soft,
        "postmaster@{mta}",
        "Returned mail: Service unavailable",
        " ----- The following addresses had delivery problems -----\n{to}\n ----- Non-delivered information -----\nThe number of messages in recipient's mailbox exceeded the local limit.\n\nOriginal message follows.",
    ),
    (
        Truth::Soft,
        "postmaster@{mta}",
        "email bounce notification",
        "Your message was rejected and discarded because it wasn't possible to\nsave it. You may want to wait.\n\nreject reason: Mailbox full\ntarget mail address: {to}\n\nOriginal message follows.",
    ),
    (
        Truth::Soft,
        "Mailer Daemon <postmaster@{mta}>",
        "Delivery status notification: error",
        "An error has occurred while attempting to deliver a message for\nthe following list of recipients:\n\n{to}: Envelope expired\n\nBelow is a copy of the original message:",
    ),
    (
        Truth::Soft,
        "Mail Delivery System <MAILER-DAEMON@{mta}>",
        "Undelivered Mail Returned to Sender",
        "{to}: permission denied. Command output: maildrop:\nmaildir over quota.\n\nIt could not be delivered.\n\nOriginal message follows.",
    ),
    (
        Truth::Ours,
        "postmaster@{mta}",
        "Failed mail: exceeded maximum incoming message size",
        "Your message was not delivered to\n\n{to}\n\nThis mail message has exceeded the maximum incoming message size.\n\nOriginal message follows.",
    ),
    (
        Truth::Ours,
        "Mail Delivery System <MAILER-DAEMON@{mta}>",
        "Undeliverable mail",
        "Your mail to {to} could not be delivered because they are not accepting mail from bulk senders.\n\nOriginal message follows.",
    ),
];

fn prose(fill: &mut Fill) -> (Truth, String) {
    let (truth, from, subject, words) = fill.dice.one_of(PROSE);
    let said = |words: &str| fill.fill(words).replace("{mta}", &fill.mta);
    // Some agents attach what they return, some copy it.
    let (from, subject, words) = (said(from), said(subject), said(words));
    let head = head(fill, &from, &subject, "Content-Type: multipart/mixed; boundary=\"pr/1\"\n");
    (
        truth,
        format!(
            "{head}\n--pr/1\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{words}\n\n--pr/1\nContent-Type: message/rfc822\n\n{}\n--pr/1--\n",
            fill.our_message()
        ),
    )
}

fn refusing_receipt(fill: &mut Fill) -> (Truth, String) {
    let (truth, why) = fill.dice.one_of(&[
        (Truth::Soft, "Quota exceeded (mailbox for user is full)"),
        (Truth::Soft, "Quota exceeded"),
        (Truth::Gone, "no such user here"),
    ]);
    let head = head(
        fill,
        &format!("Mail Delivery Subsystem <postmaster@{}>", fill.domain()),
        "Automatically rejected mail",
        "Auto-Submitted: auto-replied (rejected)\nContent-Type: multipart/report; report-type=disposition-notification; boundary=\"mdn-2\"\n",
    );
    (
        truth,
        format!(
            "{head}\n--mdn-2\nContent-Type: text/plain; charset=utf-8\n\nYour message to <{to}> was automatically rejected:\n{why}\n\n--mdn-2\nContent-Type: message/disposition-notification\n\nReporting-UA: {mta}; Mail Delivery Agent\nFinal-Recipient: rfc822; {to}\nOriginal-Message-ID: {id}\nDisposition: automatic-action/MDN-sent-automatically; deleted\n\n--mdn-2\nContent-Type: message/rfc822\n\n{ours}\n--mdn-2--\n",
            to = fill.to,
            mta = fill.mta,
            id = fill.message_id,
            ours = fill.our_head()
        ),
    )
}

fn subject_alone(fill: &mut Fill) -> (Truth, String) {
    let (truth, subject) =
        fill.dice.one_of(&[(Truth::Gone, "Returned mail: User unknown"), (Truth::Soft, "Returned mail: Mailbox full")]);
    let head = head(
        fill,
        &format!("Mail Delivery Subsystem <MAILER-DAEMON@{}>", fill.mta),
        subject,
        "Content-Type: multipart/mixed; boundary=\"su/1\"\n",
    );
    (
        truth,
        format!(
            "{head}\n--su/1\nContent-Type: text/plain\n\nThe original message was received today.\n\n----- The following addresses had permanent delivery errors -----\n\n{}\n\n--su/1\nContent-Type: message/rfc822\n\n{}\n--su/1--\n",
            fill.to,
            fill.our_message()
        ),
    )
}

fn delayed(fill: &mut Fill) -> (Truth, String) {
    let (from, subject, words) = fill.dice.one_of(&[
        ("Mailer Daemon <MAILER-DAEMON@{mta}>", "Delivery status notification: warning", "A message is delayed for more than 10 minutes for the following\nlist of recipients:\n\n{to}: Network error on destination MXs\n\nPlease note that this is only a temporary failure report."),
        ("Mail Delivery System <MAILER-DAEMON@{mta}>", "Warning--Could not send mail for past 8.5 hours", "The original message was received today.\n\n---The following addresses had delivery errors---\n\n{to} [Connection timed out]"),
        ("gateway@{mta}", "Delivery failure notification", "Your message could not be delivered to the following recipients:\n{to}\nPlease do not resend your original message.\nDelivery attempts will continue to be made for 5 day(s)."),
        ("postmaster@{mta}", "Mail Delivery Warning", "This is an advisory-only email. Delivery of email to this address\n\n{to}\n\nhas been postponed due to a full mailbox."),
    ]);
    let said = |words: &str| fill.fill(words).replace("{mta}", &fill.mta);
    let head = head(fill, &said(from), subject, "Content-Type: text/plain; charset=us-ascii\n");
    (Truth::Delayed, format!("{head}\n{}\n", said(words)))
}

fn junk_within(fill: &mut Fill) -> (Truth, String) {
    let head = head(
        fill,
        "staff@mail.example.net",
        "complaint about message from 192.0.2.10",
        "Content-Type: multipart/mixed; boundary=\"jm/1\"\n",
    );
    let head = head.replace("Return-Path: <>", "Return-Path: <staff@mail.example.net>");
    (
        Truth::Complaint,
        format!(
            "{head}\n--jm/1\nContent-Type: message/rfc822\nContent-Disposition: inline\n\nX-HmXmrOriginalRecipient: {}\nX-Reporter-IP: 203.0.113.88\n{}\n--jm/1--\n",
            fill.to,
            fill.our_message()
        ),
    )
}

fn bare_letter(fill: &mut Fill) -> (Truth, String) {
    let subject = fill.dice.one_of(&["Planning committee", "Re: 2 updates", "Question about the plan"]);
    let head = head(
        fill,
        &format!("{} <{}>", fill.local(), fill.to),
        subject,
        &format!("In-Reply-To: {id}\nReferences: {id}\nContent-Type: text/plain; charset=utf-8\n", id = fill.message_id),
    );
    let text = fill.dice.one_of(&["When is the next meeting?", "Thank you. Does the user group still exist?"]);
    (Truth::Other, format!("{}\n{text}\n", head.replace("Return-Path: <>\n", "")))
}

fn group(fill: &mut Fill) -> (Truth, String) {
    let text = fill.dice.one_of(&[
        "We're writing to let you know that the group you wrote to may not take mail from everybody, or may never have been set up.",
        "La liste à laquelle vous avez écrit n'est peut-être pas ouverte à tous.",
        "Die Gruppe, an die Sie schreiben wollten, nimmt vielleicht nicht von allen Post an.",
        "お送りいただいたグループは、投稿を受け付けていない可能性があります。",
    ]);
    let more = format!(
        "X-Failed-Recipients: {}\nAuto-Submitted: auto-replied\nIn-Reply-To: {id}\nReferences: {id}\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n",
        fill.to,
        id = fill.message_id
    );
    let head =
        head(fill, "Mail Delivery Subsystem <mailer-daemon@mail.example.net>", "Delivery Status Notification (Failure)", &more);
    (Truth::Other, format!("{head}\n{text}\n\n----- Original message -----\n\n{}", fill.our_head()))
}

fn bait(fill: &mut Fill) -> (Truth, String) {
    let from = fill.dice.one_of(&[
        "Mail Administrator <postmaster@bait.example.net>",
        "Mail Delivery System <helpdesk@bait.example.net>",
        "System Administrator <admin@bait.example.net>",
    ]);
    let subject = fill.dice.one_of(&[
        "Undelivered Mail: 5 messages are waiting",
        "Delivery failure: your mailbox is full",
        "Returned mail (7)",
    ]);
    let head = head(fill, from, subject, "Content-Type: text/html; charset=utf-8\n");
    (
        Truth::Other,
        format!(
            "{}\n<p>Your mailbox is full (98%). 5 messages could not be delivered. <a href=\"https://bait.example.net/\">Release them</a></p>\n",
            head.replace("Return-Path: <>", "Return-Path: <info@bait.example.net>")
        ),
    )
}
