//! Mails without fields for programs: bounces in prose, letters, auto-replies.
//!
//! What a mail quotes is somebody else's words: a reader may quote a bounce, and our own mail may speak of mailboxes. So
//! the sender and subject say first what kind of mail it can be, and only what stands above a returned copy is read.

use super::class::{Named, bounce};
use super::evidence::{Evidence, above_the_copy, addresses, is_reply_code, is_status};
use super::parts::{Parts, Path};
use super::replies::{self, is_auto_reply};
use super::{Names, Verdict, parts};
use crate::rules::refusal::gives_a_reason;
use mail_parser::Message;

/// Who sends bounces, by the local part of the address.
const DAEMONS: &[&str] =
    &["mailer-daemon", "mailerdaemon", "mail-daemon", "mail.daemon", "mdaemon", "postmaster", "daemon", "system", "mailadmin"];

/// The same by the name.
const DAEMON_NAMES: &[&str] = &[
    "mail delivery",
    "mailer daemon",
    "mailer-daemon",
    "delivery subsystem",
    "delivery system",
    "mail administrator",
    "mail system",
    "system administrator",
    "microsoft exchange",
    "postmaster",
];

/// What subjects of bounces say.
const SUBJECTS: &[&str] = &[
    "undeliver",
    "not deliver",
    "could not be delivered",
    "couldn't be delivered",
    "delivery fail",
    "delivery has failed",
    "delivery status notification",
    "delivery notification",
    "delivery problem",
    "delivery error",
    "delivery report",
    "mail delivery status",
    "error sending message",
    "see transcript for details",
    "delivery failure",
    "failure notice",
    "failure delivery",
    "mail failure",
    "mail failed",
    "mail system error",
    "returned mail",
    "returned to sender",
    "returning message to sender",
    "returning to sender",
    "returned:",
    "message status - undeliverable",
    "non remis",
    "non distribué",
    "unzustellbar",
    "nicht zugestellt",
    "nicht zustellbar",
    "niedostarczon",
    "permanent error",
    "недоставленное сообщение",
    "warning: message",
    "delayed",
    "(delay)",
    "user unknown",
    "message was blocked",
    "bounce notification",
    "delivery warning",
    "could not send mail",
    "could not send message",
    "rejected mail",
    "failed mail",
    "no se pudo entregar",
    "no se ha podido entregar",
    "no entregado",
    "mancata consegna",
    "mancato recapito",
    "échec de remise",
    "échec de la remise",
    "échec de distribution",
    "unzustellbare",
    "não entregue",
    "falha na entrega",
    "onbestelbaar",
    "niet afgeleverd",
    "nie dostarczono",
    "退信",
];

/// What says that nobody has given up.
const DELAY_SIGNS: &[&str] = &[
    "has not yet been delivered",
    "not been delivered yet",
    "warning only",
    "will continue for",
    "still being retried",
    "will be retried",
    "you do not need to resend",
    "no action is required on your part",
    "you do not need to re-send",
    "is delayed for more than",
    "delivery attempts will continue",
    "has been postponed",
    "temporary failure report",
];

/// What says that somebody has.
const FAILURE_SIGNS: &[&str] = &[
    "could not be delivered",
    "couldn't be delivered",
    "wasn't able to deliver",
    "was not able to be delivered",
    "unable to deliver",
    "cannot be delivered",
    "not be delivered",
    "failed permanently",
    "permanent error",
    "permanent failure",
    "undeliverable",
    "did not reach",
    "could not be reached",
    "could not deliver",
    "delivery failed",
    "failed delivery",
    "address(es) failed",
    "address failed",
    "is being returned",
    "no valid recipients",
    "pas pu être remis",
    "pas pu être distribué",
    "nicht zugestellt werden",
    "error that the other server returned",
    "unknown user",
    "user unknown",
    "utilisateur inconnu",
    "does not exist",
    "exceeds allowed size",
    "undelivered",
    "was not delivered",
    "wasn't delivered",
    "weren't sent",
    "not been delivered",
    "has been returned",
    "failed recipients",
    "was aborted",
    "not accepting mail",
    "had delivery problems",
    "had delivery errors",
    "delivery errors",
    "encountered delivery problems",
    "permanent delivery errors",
    "error has occurred while attempting to deliver",
    "envelope expired",
    "konnte nicht zugestellt",
    "pas été remis",
    "no se ha podido entregar",
    "no se pudo entregar",
    "no ha sido entregado",
    "non è stato consegnato",
    "non è stato recapitato",
    "não foi entregue",
    "não pôde ser entregue",
    "niet worden afgeleverd",
    "niet worden bezorgd",
    "nie mogła zostać dostarczona",
    "не было доставлено",
    "не может быть доставлено",
    "被退回",
    "退信原因",
    "无法送达",
];

/// What subjects of answers begin with.
const ANSWERS: &[&str] = &["re:", "aw:", "sv:", "antw:", "odp:", "fwd:", "fw:", "wg:", "tr:", "rv:"];

/// What a mail without fields for programs is.
pub(super) fn read(message: &Message<'_>, parts: &Parts, us: &[String], names: &mut Names) -> (Verdict, Evidence) {
    let words = parts.words.as_str();
    let subject = message.subject().unwrap_or_default().to_lowercase();
    let above = above_the_copy(words);
    let said = above.to_lowercase();
    let has = |signs: &[&str], text: &str| signs.iter().any(|sign| text.contains(sign));
    let failed = parts::headers(message, "X-Failed-Recipients").next();
    let path = Path::of(message);
    let is_report = parts::is_status_report(message);
    // Who gives back shows what, or names whom it was for.
    let returns = parts.has_original || above.lines().count() < words.lines().count();
    let shows = returns || addresses(&above).any(|address| !us.iter().any(|us| us.eq_ignore_ascii_case(address)));
    // Anybody may call themselves postmaster, but not send as nobody: who takes answers is none.
    let is_daemon = (is_mailer_daemon(message) && (path != Path::Somebody || is_report || returns))
        || (is_daemon(message) && (path != Path::Somebody || is_report));
    // Who looks after a mail system writes letters, too.
    let is_letter = path == Path::Nobody && !parts::is_null(message) && !shows;
    let is_unanswerable = path == Path::Nobody || (path == Path::Untold && !is_by_somebody(message));
    // Who answers or forwards is somebody, or a machine in their place, whatever they speak of.
    let is_answer = ANSWERS.iter().any(|sign| subject.starts_with(sign)) || replies::is_titled(&subject);
    let has_reason = has_reply(&above) || gives_a_reason(&above);
    let fails = has(FAILURE_SIGNS, &said);
    // A list's or host's own address may send them too, if it takes no answer and says what the server said.
    let is_reply = is_auto_reply(message, &subject, path == Path::Nobody);
    let tells_why = has_reply(&above) || (!is_reply && (has_reason || (fails && path == Path::Nobody)));
    let is_titled = has(SUBJECTS, &subject);
    let speaks_so = is_titled && !is_letter && (is_daemon || (path != Path::Somebody && tells_why));
    // A name is less than an address, and both are less than what is given back.
    let fails_by_daemon =
        is_daemon && fails && (is_titled || returns || (is_a_daemon(&local_part(message)) && (shows || has_reason)));
    let returns_ours = fails && has_reason && parts.has_original && is_unanswerable;
    // Exim, list managers and some hosts say of their bounces that they answer; but they give back what they are about, or are
    // titled so and quote what was said of whom.
    let quotes = has_reply(&above);
    let gives_back = returns && (quotes || is_mailer_daemon(message));
    let gives_back = gives_back || (is_titled && quotes && shows && parts::is_null(message));
    // A mail system that gives a mail back in nobody's place answers nobody, whatever it calls itself.
    let is_titled_daemon = is_titled && is_strictly_daemon(message) && path != Path::Somebody;
    let says_reply = replies::says_so(message) && failed.is_none() && !is_report && !gives_back && !is_titled_daemon;
    let is_bounce = failed.is_some()
        || (!is_answer && !says_reply && (speaks_so || (fails_by_daemon && !is_letter) || (returns_ours && !is_reply)));
    // Nothing follows from a delay, whoever tells of it.
    let is_for_now =
        has(DELAY_SIGNS, &said) || ["warning: message", "warning--could"].iter().any(|sign| subject.starts_with(sign));
    if is_for_now && !is_answer && (is_bounce || has(SUBJECTS, &subject)) {
        return (Verdict::Delayed, Evidence::Shown);
    }
    if is_bounce && (fails || has_reason || gives_a_reason(&subject)) {
        let failed: Vec<String> = failed.iter().flat_map(|all| all.split(',')).map(|address| address.trim().to_owned()).collect();
        for address in &failed {
            names.recipient(address);
        }
        addresses(&above).for_each(|address| names.recipient(address));
        message_ids(words).for_each(|id| names.message_id(id));
        // Some give the reason in the subject alone.
        let saying = if has_reason { saying(words) } else { format!("{subject}\n{}", saying(words)) };
        let them = if failed.is_empty() { parts.them() } else { &failed };
        let is_shown = !failed.is_empty() || parts.has_original;
        let evidence = if is_shown { Evidence::Shown } else { Evidence::of(words, &subject, us, is_mailer_daemon(message)) };
        return (Verdict::Bounce(bounce(None, &saying, words, Named { them, us })), evidence);
    }
    // A delivery agent answers in nobody's place: what it wants to say is for a person to read.
    if is_reply && (says_reply || is_answer || !(failed.is_some() || is_report || is_strictly_daemon(message))) {
        return (Verdict::AutoReply, Evidence::Shown);
    }
    (Verdict::Other, Evidence::Shown)
}

/// What a server said, out of a mail's words: from the first reply code or status on, else all above the copy.
pub(super) fn saying(words: &str) -> String {
    let above = above_the_copy(words);
    // Our own subject may speak of anything.
    let is_subject = |line: &str| line.trim_start().get(..8).is_some_and(|start| start.eq_ignore_ascii_case("subject:"));
    // What stands below a mail by habit speaks of confidence, viruses and spam.
    let is_footer = |line: &&str| line.starts_with("____") || *line == "-- " || *line == "--";
    let lines: Vec<&str> = above.lines().take_while(|line| !is_footer(line)).filter(|line| !is_subject(line)).collect();
    let Some(at) = lines.iter().position(|line| has_reply(line)) else { return lines.join("\n") };
    // What a reply says may begin on the line before its code, and go on for some, until another begins.
    let code = lines.get(at).and_then(|line| code_of(line));
    let is_another = |line: &&&str| code_of(line).is_some_and(|other| code.is_some_and(|code| code != other));
    let rest = lines.get(at + 1..(at + 4).min(lines.len())).unwrap_or_default();
    let rest = rest.iter().take_while(|line| !is_another(line));
    let before = lines.get(at.saturating_sub(2)..=at).unwrap_or_default();
    before.iter().chain(rest).copied().collect::<Vec<_>>().join("\n")
}

/// The reply code with which a line begins.
fn code_of(line: &str) -> Option<&str> {
    let code = line.trim_start_matches([' ', '<', '>', '\t']).get(..3)?;
    (code.starts_with(['4', '5']) && code.bytes().all(|b| b.is_ascii_digit())).then_some(code)
}

/// Whether a server's reply or status stands here.
fn has_reply(text: &str) -> bool {
    text.split_whitespace().any(|word| is_reply_code(word) || is_status(word))
}

/// Whether a mail system speaks, by its name or address.
pub(super) fn is_daemon(message: &Message<'_>) -> bool {
    let Some(from) = message.from().and_then(|from| from.first()) else {
        // Nobody writes as nobody.
        return Path::of(message) == Path::Nobody;
    };
    let name = from.name().unwrap_or_default().to_lowercase();
    let local = local_part(message);
    // "<@>" is nobody, too.
    local.is_empty() || is_a_daemon(&local) || DAEMON_NAMES.iter().any(|daemon| name.contains(daemon))
}

/// Whether the local part of an address, in lower case, is a mail system's.
pub(super) fn is_a_daemon(local: &str) -> bool {
    DAEMONS.contains(&local)
        || local.starts_with("microsoftexchange")
        // Domino adds its own name.
        || local.starts_with("postmaster/")
}

/// Whether the sender bears the name that only mail systems bear.
fn is_mailer_daemon(message: &Message<'_>) -> bool {
    matches!(local_part(message).as_str(), "mailer-daemon" | "mailerdaemon")
}

/// The same, or that of those who look after one.
fn is_strictly_daemon(message: &Message<'_>) -> bool {
    let local = local_part(message);
    is_mailer_daemon(message) || local == "postmaster" || local.starts_with("microsoftexchange") || local.is_empty()
}

/// Whether the sender's address is one that is read.
fn is_by_somebody(message: &Message<'_>) -> bool {
    let local = local_part(message);
    !(is_a_daemon(&local) || ["no-reply", "noreply", "no_reply", "donotreply", "do-not-reply"].contains(&local.as_str()))
}

fn local_part(message: &Message<'_>) -> String {
    let address = message.from().and_then(|from| from.first()).and_then(|from| from.address()).unwrap_or_default();
    address.split('@').next().unwrap_or_default().to_lowercase()
}

/// The Message-IDs that a text quotes.
fn message_ids(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_id = name.trim_start_matches(['>', ' ', '|']).eq_ignore_ascii_case("message-id");
        is_id.then(|| value.trim())
    })
}
