//! Auto-replies: people who are away, mailboxes that thank, servers that want proof of a human being.

use super::{Fill, Template, Truth};
use std::fmt::Write as _;

pub(super) fn all() -> Vec<Template> {
    let t = |dialect, share, make| Template { dialect, share, make };
    vec![
        t("vacation (RFC 3834)", 60, vacation),
        t("Outlook's automatic reply", 50, outlook),
        t("Gmail's vacation responder", 25, gmail),
        t("auto-reply without a header", 30, bare),
        t("auto-reply that quotes us", 20, quoting),
        t("ticket system", 15, ticket),
        t("challenge-response", 12, challenge),
        t("left the organisation", 20, left),
        t("auto-reply with the null sender as HTML", 10, html),
        t("vacation of old (Precedence: bulk)", 10, old_vacation),
    ]
}

/// Language, subject, text. The texts speak of what bounces speak of, too.
const AWAY: &[(&str, &str)] = &[
    (
        "Out of office",
        "I am out of the office until Monday with limited access to email. If undelivered mail is urgent, please ring the desk.",
    ),
    (
        "Automatic reply: Board update",
        "Thank you for your email. I no longer work on Fridays. For planning questions write to planning@example.org.",
    ),
    ("Out of Office: annual leave", "I'm on annual leave. My mailbox is full most days, so please send again after 30 November."),
    ("Abwesenheitsnotiz", "Ich bin bis zum 30.11. nicht im Büro. Ihre Nachricht wird nicht weitergeleitet."),
    ("Automatische Antwort: Sitzung", "Vielen Dank für Ihre Nachricht. Ich bin derzeit nicht erreichbar."),
    ("Réponse automatique : réunion", "Je suis absente du bureau jusqu'à lundi. Votre message n'a pas été transféré."),
    ("Message d'absence", "Absent jusqu'au 1er décembre, sans accès à la messagerie."),
    ("Respuesta automática: informe", "Estoy fuera de la oficina hasta el lunes y no podré leer su mensaje."),
    ("Risposta automatica: verbale", "Sono fuori ufficio fino a lunedì. Il messaggio non verrà letto prima."),
    ("Resposta automática: acta", "Estou ausente até segunda-feira."),
    ("Automatisch antwoord: agenda", "Ik ben tot maandag afwezig en lees mijn e-mail niet."),
    ("Afwezig", "Ik ben met verlof."),
    ("Autosvar: dagsorden", "Jeg er ikke på kontoret før mandag."),
    ("Automatiskt svar: protokoll", "Jag är inte på kontoret och läser inte min e-post."),
    ("Poissaoloviesti", "Olen poissa toimistolta maanantaihin asti."),
    ("Automatyczna odpowiedź: plan", "Jestem poza biurem do poniedziałku."),
    ("Automatická odpověď", "Jsem mimo kancelář do pondělí."),
    ("Atebiad awtomatig", "Rwyf allan o'r swyddfa tan ddydd Llun. Diolch am eich neges."),
    ("Uathfhreagra", "Tá mé as an oifig go dtí an Luan."),
    ("Автоответ: нет на месте", "Меня нет в офисе до понедельника."),
    ("自動返信：不在のお知らせ", "月曜日まで不在にしております。"),
    ("自动回复：会议", "我暂时不在办公室，周一回来。"),
    ("Otomatik yanıt", "Pazartesiye kadar ofis dışındayım."),
    ("Automatikus válasz", "Hétfőig nem vagyok az irodában."),
];

fn encoded(words: &str) -> String {
    if words.is_ascii() {
        return words.to_owned();
    }
    let mut out = String::from("=?utf-8?q?");
    for byte in words.bytes() {
        match byte {
            b' ' => out.push('_'),
            b if b.is_ascii_alphanumeric() => out.push(char::from(b)),
            b => write!(out, "={b:02X}").unwrap(),
        }
    }
    out + "?="
}

const KIND: &str = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n";

fn by_a_person(fill: &mut Fill, subject: &str, more: &str, text: &str) -> String {
    let from = format!("{} <{}>", fill.local(), fill.to);
    let head = fill.head(&from, &encoded(subject), &format!("{more}{KIND}"));
    let sender = if fill.dice.chance(60) { "<>".to_owned() } else { format!("<{}>", fill.to) };
    format!("{}\n{text}\n", head.replace("Return-Path: <>", &format!("Return-Path: {sender}")))
}

fn vacation(fill: &mut Fill) -> (Truth, String) {
    let (subject, text) = fill.dice.one_of(AWAY);
    let more = format!(
        "Auto-Submitted: {}\nIn-Reply-To: {id}\nReferences: {id}\n",
        fill.dice.one_of(&["auto-replied", "auto-replied (vacation)", "auto-generated"]),
        id = fill.message_id
    );
    (Truth::AutoReply, by_a_person(fill, subject, &more, text))
}

fn outlook(fill: &mut Fill) -> (Truth, String) {
    let (subject, text) = fill.dice.one_of(AWAY);
    let more = format!(
        "X-Auto-Response-Suppress: All\nAuto-Submitted: auto-generated\nX-MS-Exchange-Inbox-Rules-Loop: {}\nIn-Reply-To: {}\n",
        fill.to, fill.message_id
    );
    (Truth::AutoReply, by_a_person(fill, subject, &more, text))
}

fn gmail(fill: &mut Fill) -> (Truth, String) {
    let (_, text) = fill.dice.one_of(AWAY);
    let subject = format!("Away Re: {}", fill.subject);
    let more = format!("X-Autoreply: yes\nPrecedence: bulk\nX-Precedence: bulk\nIn-Reply-To: {}\n", fill.message_id);
    (Truth::AutoReply, by_a_person(fill, &subject, &more, text))
}

fn bare(fill: &mut Fill) -> (Truth, String) {
    let (subject, text) = fill.dice.one_of(AWAY);
    (Truth::AutoReply, by_a_person(fill, subject, "", text))
}

fn quoting(fill: &mut Fill) -> (Truth, String) {
    let (subject, text) = fill.dice.one_of(AWAY);
    let text = format!("{text}\n\n-----Original Message-----\n{}", fill.our_message());
    (Truth::AutoReply, by_a_person(fill, subject, "Auto-Submitted: auto-replied\n", &text))
}

fn ticket(fill: &mut Fill) -> (Truth, String) {
    let number = fill.dice.below(90_000);
    let subject = format!("[#{number}] We have received your request");
    let more = fill.dice.one_of(&[
        "Auto-Submitted: auto-replied\nX-Auto-Response-Suppress: All\n",
        "X-Autorespond: yes\nPrecedence: auto_reply\n",
        "X-AutoReply-From: desk\nAuto-Submitted: auto-generated\n",
    ]);
    (
        Truth::AutoReply,
        by_a_person(
            fill,
            &subject,
            more,
            "Thank you for contacting the service desk. Your message has been received. Failure to quote the number may delay an answer.",
        ),
    )
}

fn challenge(fill: &mut Fill) -> (Truth, String) {
    let subject = fill.dice.one_of(&[
        "Please confirm your message",
        "Action required: verify your email to reach me",
        "Your message has been quarantined: confirm that you are human",
    ]);
    let more = fill.dice.one_of(&[
        "Auto-Submitted: auto-replied\nX-Delivery-Agent: TMDA/1.1.12\n",
        "X-Boxbe-Notification: yes\nAuto-Submitted: auto-generated\n",
        "Precedence: bulk\nAuto-Submitted: auto-replied\n",
    ]);
    (
        Truth::AutoReply,
        by_a_person(
            fill,
            subject,
            more,
            "Your message has not been delivered yet. To release it, visit https://challenge.example.net/ and answer the question. This address is protected.",
        ),
    )
}

fn left(fill: &mut Fill) -> (Truth, String) {
    let text = fill.dice.one_of(&[
        "I have left the council. This mailbox is no longer monitored and your message will not be read. Please contact reception.",
        "Please note that I no longer work here and this address is no longer in use. Mail is not forwarded.",
        "This email account does not exist any longer in our team; please update your records.",
    ]);
    let subject = fill.dice.one_of(&["Automatic reply: I have left", "Auto: no longer with the council", "Out of office"]);
    (
        Truth::AutoReply,
        by_a_person(fill, subject, "Auto-Submitted: auto-replied\nX-Auto-Response-Suppress: DR, OOF, AutoReply\n", text),
    )
}

fn html(fill: &mut Fill) -> (Truth, String) {
    let (subject, text) = fill.dice.one_of(AWAY);
    let out = by_a_person(fill, subject, "Auto-Submitted: auto-replied\n", &format!("<html><body><p>{text}</p></body></html>"));
    (Truth::AutoReply, out.replace("text/plain", "text/html"))
}

fn old_vacation(fill: &mut Fill) -> (Truth, String) {
    let (_, text) = fill.dice.one_of(AWAY);
    let subject = format!("away from my mail (Re: {})", fill.subject);
    (Truth::AutoReply, by_a_person(fill, &subject, "Precedence: bulk\nX-Mailer: vacation 1.2.6.1\n", text))
}
