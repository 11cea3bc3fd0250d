//! What people write to a return address, and what nobody should have sent there.

use super::{Fill, Template, Truth};

pub(super) fn all() -> Vec<Template> {
    let t = |dialect, share, make| Template { dialect, share, make };
    vec![
        t("a reader's letter", 20, letter),
        t("a reader's letter that quotes a bounce", 10, quoting),
        t("spam", 15, spam),
        t("spam that plays a bounce", 10, fake),
        t("a newsletter", 8, newsletter),
        t("rubbish", 8, rubbish),
    ]
}

const KIND: &str = "Content-Type: text/plain; charset=utf-8\n";

fn letter(fill: &mut Fill) -> (Truth, String) {
    let subject = format!("Re: {}", fill.subject);
    let head =
        fill.head(&format!("{} <{}>", fill.local(), fill.to), &subject, &format!("In-Reply-To: {}\n{KIND}", fill.message_id));
    let text = fill.dice.one_of(&[
        "Thanks, very useful. Does the mailbox for questions still exist? Mine was returned.",
        "When is the next meeting? The link to the papers does not exist.",
        "Please change my address to another one. This one is often full.",
    ]);
    (
        Truth::Other,
        format!(
            "{}\n{text}\n\n> Trumpton Council published an update. User accounts were unknown.\n",
            head.replace("Return-Path: <>", &format!("Return-Path: <{}>", fill.to))
        ),
    )
}

fn quoting(fill: &mut Fill) -> (Truth, String) {
    let head = fill.head(&format!("<{}>", fill.to), "Question about an undelivered mail", KIND);
    let text = format!(
        "I wrote to the councillor and got this back, what should I do?\n\n> This is the mail system at host {}.\n> <councillor@example.net>: 550 5.1.1 User unknown\n",
        fill.mta
    );
    (Truth::Other, format!("{}\n{text}", head.replace("Return-Path: <>", &format!("Return-Path: <{}>", fill.to))))
}

fn spam(fill: &mut Fill) -> (Truth, String) {
    let head = fill.head("\"Prize office\" <win@spam.example.net>", "You have won", KIND);
    (
        Truth::Other,
        format!(
            "{}\nClick here: https://spam.example.net/\n",
            head.replace("Return-Path: <>", "Return-Path: <win@spam.example.net>")
        ),
    )
}

/// It says what bounces say, but returns nothing of ours and names nobody.
fn fake(fill: &mut Fill) -> (Truth, String) {
    let head = fill.head(
        "Mail Admin <support@spam.example.net>",
        "Undelivered messages in your mailbox: action needed",
        "Content-Type: text/html; charset=utf-8\n",
    );
    (
        Truth::Other,
        format!(
            "{}\n<p>7 messages could not be delivered because your mailbox is full. <a href=\"https://spam.example.net/\">Release them</a></p>\n",
            head.replace("Return-Path: <>", "Return-Path: <support@spam.example.net>")
        ),
    )
}

fn newsletter(fill: &mut Fill) -> (Truth, String) {
    let head = fill.head(
        "News <news@example.net>",
        "Ten tips for a full mailbox",
        &format!("List-Id: <news.example.net>\nList-Unsubscribe: <https://example.net/u>\nPrecedence: bulk\n{KIND}"),
    );
    (
        Truth::Other,
        format!(
            "{}\nTip one: delete what you do not read.\n",
            head.replace("Return-Path: <>", "Return-Path: <news@example.net>")
        ),
    )
}

fn rubbish(fill: &mut Fill) -> (Truth, String) {
    let text = match fill.dice.below(4) {
        0 => String::new(),
        1 => "\n\n\n".to_owned(),
        2 => format!("{}\u{0}\u{1}{}", fill.dice.hex(200), fill.dice.hex(3000)),
        _ => fill.head("", "", "Content-Type: multipart/report; report-type=delivery-status; boundary=\"never\"\n"),
    };
    (Truth::Other, text)
}
