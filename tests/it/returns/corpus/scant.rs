//! Bounces of few words, which may call themselves answers and show no more than whom they are about; and bait that came by a
//! return address in good order, and shows nothing.

use super::{Fill, Template, Truth};

pub(super) fn all() -> Vec<Template> {
    let t = |dialect, share, make| Template { dialect, share, make };
    vec![
        t("Courier", 10, courier),
        t("Domino", 12, domino),
        t("GroupWise", 6, groupwise),
        t("XMail", 5, xmail),
        t("Mercury of old", 5, mercury),
        t("a provider's few words", 6, provider),
        t("servers of Germany, France and Spain", 18, abroad),
        t("a returned mail without a mark", 10, unmarked),
        t("bait with a return address in order", 16, bait),
    ]
}

/// A mail of nobody's, and whether it calls itself an answer.
fn plain(fill: &mut Fill, from: &str, subject: &str, text: &str) -> String {
    let more = fill.dice.one_of(&["", "Auto-Submitted: auto-replied\n", "Auto-Submitted: auto-generated\n"]);
    let kind = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n";
    let head = fill.head(&fill.fill(from).replace("{mta}", &fill.mta), &fill.fill(subject), &format!("{more}{kind}"));
    let text = fill.fill(text).replace("{mta}", &fill.mta);
    // Some return what they speak of, some do not, some say of neither.
    let ours = match fill.dice.below(3) {
        0 => format!("\n{}", fill.our_message()),
        1 => format!("\n{}", fill.our_head()),
        _ => String::new(),
    };
    format!("{head}\n{text}\n{ours}")
}

fn courier(fill: &mut Fill) -> (Truth, String) {
    let reply = fill.dice.one_of(&[
        (Truth::Gone, "550 User unknown."),
        (Truth::Gone, "550 5.1.1 No such user."),
        (Truth::Soft, "552 Mailbox over quota."),
    ]);
    let text = format!(
        "This is a delivery status notification from {{mta}},\nrunning the Courier mail server, version 1.0.\n\nThe original message was received today\n\n-------------------------------------------\n\n                           UNDELIVERABLE MAIL\n\nYour message to the following recipients cannot be delivered:\n\n<{{to}}>:\n    {{mx}} [203.0.113.9]:\n>>> RCPT TO:<{{to}}>\n<<< {}\n",
        reply.1
    );
    (reply.0, plain(fill, "\"Courier mail server at {mta}\" <@>", "NOTICE: mail delivery status.", &text))
}

fn domino(fill: &mut Fill) -> (Truth, String) {
    let (truth, why) = fill.dice.one_of(&[
        (Truth::Gone, "User {local} ({to}) not listed in Domino Directory"),
        (Truth::Gone, "User {local} ({to}) not listed in public Name & Address Book"),
        (Truth::Soft, "Unable to copy Database. Database has exceeded its size quota."),
    ]);
    let text = format!("Your message\n\n  Subject: Board\n\nwas not delivered to:\n\n  {{to}}\n\nbecause:\n\n  {why}\n");
    (truth, plain(fill, "Postmaster@{domain}", &format!("DELIVERY FAILURE: {why}"), &text))
}

fn groupwise(fill: &mut Fill) -> (Truth, String) {
    let text = "User {to} ({local}) not found. D101 Unknown user\n";
    (Truth::Gone, plain(fill, "\"GWIA\" <Postmaster@{domain}>", "Mail System Error - Returned Mail", text))
}

fn xmail(fill: &mut Fill) -> (Truth, String) {
    let (truth, reply) = fill.dice.one_of(&[(Truth::Gone, "550 User unknown"), (Truth::Soft, "552 Mailbox full")]);
    let text = format!("[00] XMail bounce: Rcpt=[{{to}}];Error=[{reply}]\n\n[01] Error sending message [7] from [{{mta}}].\n");
    (truth, plain(fill, "postmaster@{mta}", "Error sending message [7]", &text))
}

fn mercury(fill: &mut Fill) -> (Truth, String) {
    let text = "The following message could not be delivered:\n\n*** {to}\nUser not known at this site.\n";
    (
        Truth::Gone,
        plain(fill, "Electronic Postmaster <postmaster@{domain}>", "Postmaster notify: see transcript for details", text),
    )
}

fn provider(fill: &mut Fill) -> (Truth, String) {
    let text = fill.dice.one_of(&[
        "We were unable to deliver your message to {to} because the mailbox does not exist.\n",
        "Your message to {to} couldn't be delivered.\n\n{local} wasn't found at {domain}.\n",
    ]);
    (Truth::Gone, plain(fill, "Mail Delivery <postmaster@{domain}>", "Undeliverable mail", text))
}

fn abroad(fill: &mut Fill) -> (Truth, String) {
    let (truth, subject, text) = fill.dice.one_of(&[
        (
            Truth::Gone,
            "Unzustellbar: Sitzung",
            "Ihre Nachricht konnte nicht zugestellt werden.\n\nEmpfänger: {to}\nGrund: Der Empfänger existiert nicht.\n",
        ),
        (
            Truth::Soft,
            "Nachricht nicht zustellbar",
            "Ihre Nachricht an {to} konnte nicht zugestellt werden: Das Postfach ist voll.\n",
        ),
        (
            Truth::Gone,
            "Message non distribué",
            "Votre message n'a pas pu être distribué à : {to}\nRaison : utilisateur inconnu\n",
        ),
        (Truth::Gone, "Mensaje no entregado", "Su mensaje no pudo ser entregado a: {to}\nMotivo: el usuario no existe.\n"),
    ]);
    (truth, plain(fill, "Mail System <mailer-daemon@{mta}>", subject, text))
}

/// The copy of ours follows what is said, and nothing stands between.
fn unmarked(fill: &mut Fill) -> (Truth, String) {
    let (truth, why) = fill.dice.one_of(&[(Truth::Gone, "no such user here"), (Truth::Soft, "the mailbox is full")]);
    let ours = fill.our_message();
    let (_, ours) = ours.split_once("From: ").unwrap();
    let text = format!("Your message could not be delivered, {why}.\n\nFrom: {ours}");
    let head = fill.head(&format!("MAILER-DAEMON@{}", fill.mta), "Mail delivery failed", "Content-Type: text/plain\n");
    (truth, format!("{head}\n{text}"))
}

fn bait(fill: &mut Fill) -> (Truth, String) {
    let (from, subject, text) = fill.dice.one_of(&[
        (
            "\"Royal Parcel Delivery Office\" <x@bait.example.net>",
            "Delivery failed: parcel",
            "We could not deliver your parcel. Address unknown.",
        ),
        (
            "Parcels <noreply@bait.example.net>",
            "Undeliverable shipment notification",
            "Your shipment could not be delivered to the recipient. Recipient address not found. Pay 1.99.",
        ),
        (
            "\"IT\" <it@bait.example.net>",
            "Undeliverable mail report",
            "Mail to old.user@bait.example.net is rejected since user unknown. No action needed.",
        ),
        (
            "Mail Delivery Team <x@bait.example.net>",
            "Your message could not be delivered",
            "5 incoming mails could not be delivered because your mailbox is full. Log in here.",
        ),
        (
            "Mail Delivery System <x@bait.example.net>",
            "Mail delivery failed: returning message to sender",
            "Your account does not exist in our database any more, release your pending messages here.",
        ),
        (
            "postmaster@bait.example.net",
            "Daily undeliverable report",
            "Undeliverable yesterday: 12. user unknown: 7. mailbox full: 5",
        ),
    ]);
    let head = fill.head(from, subject, "Content-Type: text/plain; charset=utf-8\n");
    let is_kept = fill.dice.chance(50);
    (Truth::Other, format!("{}\n{text}\n", if is_kept { head } else { head.replace("Return-Path: <>\n", "") }))
}
