//! Bounces that are no delivery status notifications: prose, each make in its own.

use super::words::{GONE, OURS, SOFT, draw};
use super::{Fill, Template, Truth};

pub(super) fn all() -> Vec<Template> {
    let t = |dialect, share, make| Template { dialect, share, make };
    vec![
        t("qmail (QSBMF)", 45, qmail),
        t("qmail in German", 6, qmail_german),
        t("Exim", 60, exim),
        t("Exchange 5.5", 12, exchange_55),
        t("MailEnable", 10, mailenable),
        t("hMailServer", 10, hmailserver),
        t("IMail", 6, imail),
        t("Mercury", 5, mercury),
        t("ArGoSoft", 5, argosoft),
        t("Smartermail", 8, smartermail),
        t("a web host's filter", 6, webhost),
        t("TalkTalk and BT of old", 8, british),
        t("Orange of old", 6, orange),
        t("X-Failed-Recipients alone", 6, failed_recipients),
        t("Symantec Messaging Gateway", 6, symantec),
        t("a list manager", 5, list_manager),
    ]
}

fn plain(fill: &Fill, from: &str, subject: &str, more: &str, text: &str) -> String {
    format!("{}\n{text}", fill.head(from, subject, &format!("Content-Type: text/plain; charset=us-ascii\n{more}")))
}

fn qmail(fill: &mut Fill) -> (Truth, String) {
    let (truth, said) = match fill.dice.below(5) {
        0 => (Truth::Gone, "Sorry, no mailbox here by that name. (#5.1.1)\n".to_owned()),
        1 => (Truth::Soft, format!("Sorry, I couldn't find any host named {}. (#5.1.2)\n", fill.domain())),
        2 => (Truth::Soft, "The users mailfolder is over the allowed quota (size). (#5.2.2)\n".to_owned()),
        _ => {
            let (truth, reply) = draw(fill);
            if reply.0.is_empty() {
                (Truth::Soft, "Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)\nI'm not going to try again; this message has been in the queue too long.\n".to_owned())
            } else {
                (
                    truth,
                    format!(
                        "203.0.113.9 does not like recipient.\nRemote host said: {}\nGiving up on 203.0.113.9.\n",
                        fill.said(reply)
                    ),
                )
            }
        }
    };
    let text = format!(
        "Hi. This is the qmail-send program at {}.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<{}>:\n{said}\n\
         --- Below this line is a copy of the message.\n\nReturn-Path: <{}>\n{}",
        fill.mta,
        fill.to,
        fill.back,
        fill.our_message()
    );
    let from = format!("MAILER-DAEMON@{}", fill.mta);
    // qmail writes no MIME head.
    (
        truth,
        plain(fill, &from, "failure notice", "", &text)
            .replace("MIME-Version: 1.0\nContent-Type: text/plain; charset=us-ascii\n", ""),
    )
}

fn qmail_german(fill: &mut Fill) -> (Truth, String) {
    let reply = fill.dice.one_of(GONE);
    let text = format!(
        "Hallo, hier ist der Mailserver auf {}.\nIhre Nachricht konnte an die folgenden Adressen nicht zugestellt werden.\nDies ist ein dauerhafter Fehler.\n\n<{}>:\n203.0.113.9 does not like recipient.\nRemote host said: {}\n\n--- Kopie der Nachricht:\n\n{}",
        fill.mta,
        fill.to,
        fill.said(reply),
        fill.our_message()
    );
    let from = format!("MAILER-DAEMON@{}", fill.mta);
    (Truth::Gone, plain(fill, &from, "failure notice", "", &text))
}

fn exim(fill: &mut Fill) -> (Truth, String) {
    let (truth, block) = match fill.dice.below(6) {
        0 => (Truth::Gone, format!("  {}\n    Unrouteable address\n", fill.to)),
        1 => (Truth::Gone, format!("  {}\n    No such person at this address\n", fill.to)),
        2 => (Truth::Soft, format!("  {}\n    mailbox is full: retry timeout exceeded\n", fill.to)),
        3 => (
            Truth::Soft,
            format!("  {}\n    host {} [203.0.113.9]: Connection timed out: retry timeout exceeded\n", fill.to, fill.mx),
        ),
        _ => {
            let (truth, reply) = draw(fill);
            if reply.0.is_empty() {
                (Truth::Soft, format!("  {}\n    retry timeout exceeded\n", fill.to))
            } else {
                (
                    truth,
                    format!(
                        "  {}\n    host {} [203.0.113.9]\n    SMTP error from remote mail server after RCPT TO:<{}>:\n    {}\n",
                        fill.to,
                        fill.mx,
                        fill.to,
                        fill.said(reply)
                    ),
                )
            }
        }
    };
    let text = format!(
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n{block}\n\
         ------ This is a copy of the message, including all the headers. ------\n\nReturn-path: <{}>\n{}",
        fill.back,
        fill.our_message()
    );
    let from = format!("Mail Delivery System <Mailer-Daemon@{}>", fill.mta);
    let more = format!("X-Failed-Recipients: {}\nAuto-Submitted: auto-replied\n", fill.to);
    (truth, plain(fill, &from, "Mail delivery failed: returning message to sender", &more, &text))
}

fn exchange_55(fill: &mut Fill) -> (Truth, String) {
    let (truth, why) = match fill.dice.below(4) {
        0 | 1 => (Truth::Gone, format!("The recipient name is not recognized\n\tThe MTS-ID of the original message is: c=us;a= ;p=org;l=MAIL-26\n    MSEXCH:IMS:ORG:SITE:MAIL 0 (000C05A6) Unknown Recipient ({})", fill.to)),
        2 => (Truth::Gone, "The e-mail account does not exist at the organization this message was sent to.\n            Check the e-mail address, or contact the recipient directly to find out the correct address.\n            <mail.example.net #5.1.1>".to_owned()),
        _ => (Truth::Soft, "The recipient's mailbox is full and can't accept messages now.\n            <mail.example.net #5.2.2>".to_owned()),
    };
    let text = format!(
        "Your message\n\n  To:      {}\n  Subject: {}\n  Sent:    Thu, {}\n\ndid not reach the following recipient(s):\n\n{} on Thu, {}\n    {why}\n",
        fill.to, fill.subject, fill.date, fill.to, fill.date
    );
    let boundary = "----_=_NextPart_000_01C9";
    let head = fill.head(
        &format!("System Administrator <postmaster@{}>", fill.domain()),
        &format!("Undeliverable: {}", fill.subject),
        &format!("X-Mailer: Internet Mail Service (5.5.2653.19)\nContent-Type: multipart/mixed; boundary=\"{boundary}\"\n"),
    );
    (
        truth,
        format!(
            "{head}\n--{boundary}\nContent-Type: text/plain; charset=iso-8859-1\n\n{text}\n--{boundary}\nContent-Type: message/rfc822\n\n{}\n--{boundary}--\n",
            fill.our_message()
        ),
    )
}

fn mailenable(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply) = draw(fill);
    let text = format!(
        "MailEnable: Message could not be delivered to some recipients.\nThe following recipient(s) could not be reached:\n\n\t[SMTP:{}]: Remote SMTP Server Returned: {}\n\nMessage headers follow:\n\n{}",
        fill.to,
        fill.said(reply),
        fill.our_head()
    );
    let from = format!("\"postmaster@{}\" <postmaster@{}>", fill.domain(), fill.domain());
    (truth, plain(fill, &from, "Message Delivery Failure", "", &text))
}

fn hmailserver(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply) = draw(fill);
    let said = fill.said(reply);
    let text = format!(
        "Your message did not reach some or all of the intended recipients.\n\n   Sent: Thu, {}\n   Subject: {}\n\nThe following recipient(s) could not be reached:\n\n{}\n   Error Type: SMTP\n   Remote server (203.0.113.9) issued an error.\n   hMailServer sent: RCPT TO:<{}>\n   Remote server replied: {said}\n\n\nhMailServer\n",
        fill.date, fill.subject, fill.to, fill.to
    );
    let from = format!("mailer-daemon@{}", fill.domain());
    (truth, plain(fill, &from, "Message undeliverable", "", &text))
}

fn imail(fill: &mut Fill) -> (Truth, String) {
    let (truth, why) = match fill.dice.below(3) {
        0 => (Truth::Gone, format!("User mailbox {} does not exist", fill.local())),
        1 => (Truth::Gone, format!("Unknown user: {}", fill.to)),
        _ => (Truth::Soft, format!("User mailbox exceeds allowed size: {}", fill.to)),
    };
    let text = format!("{why}\n\nOriginal message follows.\n\n{}", fill.our_message());
    let from = format!("\"Postmaster\" <postmaster@{}>", fill.domain());
    (truth, plain(fill, &from, "Undeliverable Mail", "X-Mailer: <SMTP32 v8.22>\n", &text))
}

fn mercury(fill: &mut Fill) -> (Truth, String) {
    let reply = fill.dice.one_of(GONE);
    let text = format!(
        "[<00>] XXPOSTMASTER\n\nThe attached message has failed delivery and has been referred\nto you as postmaster. The following error report or reports were given:\n\n*** {}\n{}\n\n------------------ Original message follows -----------------\n\n{}",
        fill.to,
        fill.said(reply),
        fill.our_message()
    );
    let from = format!("Electronic Postmaster <postmaster@{}>", fill.domain());
    (Truth::Gone, plain(fill, &from, "Postmaster Notify: Delivery Failure.", "", &text))
}

fn argosoft(fill: &mut Fill) -> (Truth, String) {
    let text = format!(
        "Your message could not be delivered to the following recipients:\n\n{}: User unknown\n\nThe header of the message is below:\n\n{}",
        fill.to,
        fill.our_head()
    );
    let from = format!("Mail Delivery Subsystem <postmaster@{}>", fill.domain());
    (Truth::Gone, plain(fill, &from, "Undeliverable Message", "", &text))
}

fn smartermail(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply) = draw(fill);
    let text = format!(
        "Could not deliver message to the following recipient(s):\n\nFailed Recipient: {}\nReason: Remote host said: {}\n\n   -- The header and top 20 lines of the message follows --\n\n{}",
        fill.to,
        fill.said(reply),
        fill.our_head()
    );
    let from = format!("\"System Administrator\" <system@{}>", fill.domain());
    (truth, plain(fill, &from, "Delivery Failure", "", &text))
}

fn webhost(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply) =
        if fill.dice.chance(50) { (Truth::Gone, fill.dice.one_of(GONE)) } else { (Truth::Ours, fill.dice.one_of(OURS)) };
    let html = format!(
        "<html><body><h2>Message not delivered</h2><p>Your message to <b>{}</b> couldn't be delivered.</p><p>The response was:</p><pre>{}</pre></body></html>\n",
        fill.to,
        fill.said(reply)
    );
    let head = fill.head(
        &format!("Mail Delivery System <noreply@{}>", fill.mta),
        "Mail delivery failed",
        "Auto-Submitted: auto-replied\nContent-Type: text/html; charset=utf-8\n",
    );
    (truth, format!("{head}\n{html}"))
}

fn british(fill: &mut Fill) -> (Truth, String) {
    let (truth, why) = match fill.dice.below(3) {
        0 => (Truth::Gone, "This address no longer accepts mail: account closed"),
        1 => (Truth::Gone, "550 Invalid recipient (no such user)"),
        _ => (Truth::Soft, "552 Mailbox over quota"),
    };
    let text = format!(
        "This message has been automatically generated by the mail system.\n\nWe were unable to deliver your message to the following recipient:\n\n    {}\n    {why}\n\nThe headers of your message:\n\n{}",
        fill.to,
        fill.our_head()
    );
    let from = format!("Mail Administrator <postmaster@{}>", fill.mta);
    (truth, plain(fill, &from, "Mail System Error - Returned Mail", "", &text))
}

fn orange(fill: &mut Fill) -> (Truth, String) {
    let text = format!(
        "Votre message n'a pas pu être remis au destinataire suivant :\n\n    {}\n    550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]\n\nEn-têtes du message d'origine :\n\n{}",
        fill.to,
        fill.our_head()
    );
    let from = format!("Mail Delivery System <MAILER-DAEMON@{}>", fill.mta);
    (
        Truth::Gone,
        plain(fill, &from, "Message non remis", "", &text).replace("us-ascii", "utf-8\nContent-Transfer-Encoding: 8bit"),
    )
}

fn failed_recipients(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply) =
        if fill.dice.chance(60) { (Truth::Gone, fill.dice.one_of(GONE)) } else { (Truth::Soft, fill.dice.one_of(SOFT)) };
    let text = format!(
        "Delivery to the following recipient failed permanently:\n\n     {}\n\nTechnical details of permanent failure:\nThe error that the other server returned was: {}\n\n----- Original message -----\n\n{}",
        fill.to,
        fill.said(reply),
        fill.our_head()
    );
    let from = "Mail Delivery Subsystem <mailer-daemon@mail.example.net>";
    let more = format!("X-Failed-Recipients: {}\n", fill.to);
    (truth, plain(fill, from, "Delivery Status Notification (Failure)", &more, &text))
}

fn symantec(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply) = draw(fill);
    let text = format!(
        "This message was generated by the e-mail gateway.\n\nYour message could not be delivered to {}.\nReason: {}\nYour original message is not returned.\n\nMessage-ID: {}\n",
        fill.to,
        fill.said(reply),
        fill.message_id
    );
    let from = format!("postmaster@{}", fill.domain());
    (truth, plain(fill, &from, "Undeliverable: message refused", "Auto-Submitted: auto-generated\n", &text))
}

fn list_manager(fill: &mut Fill) -> (Truth, String) {
    let text = format!(
        "Your mail to '{}' is being returned: the address does not exist any more.\n\n550 5.1.1 <{}>: Recipient address rejected: no such address\n\n{}",
        fill.local(),
        fill.to,
        fill.our_head()
    );
    let from = format!("{}-bounces@{}", fill.local(), fill.domain());
    (
        Truth::Gone,
        plain(
            fill,
            &from,
            "Returned: your message could not be delivered",
            "Precedence: bulk\nAuto-Submitted: auto-replied\n",
            &text,
        ),
    )
}
