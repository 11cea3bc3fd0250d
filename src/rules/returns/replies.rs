//! Auto-replies: by the headers that RFC 3834 asks for, by those of before it, and by their subjects in many languages.

use super::parts::{header, headers};
use mail_parser::Message;

/// What subjects of auto-replies begin with or hold, in lower case.
const SUBJECTS: &[&str] = &[
    "out of office",
    "out of the office",
    "auto-reply",
    "autoreply",
    "auto reply",
    "auto:",
    "automatic reply",
    "automated reply",
    "automated response",
    "automatic response",
    "auto response",
    "on vacation",
    "on holiday",
    "annual leave",
    "on leave",
    "away from",
    "i am away",
    "away re:",
    "vacation",
    "abwesend",
    "abwesenheit",
    "automatische antwort",
    "nicht im büro",
    "im urlaub",
    "réponse automatique",
    "message d'absence",
    "absence du bureau",
    "absent du bureau",
    "respuesta automática",
    "fuera de la oficina",
    "ausencia",
    "risposta automatica",
    "fuori ufficio",
    "assente",
    "resposta automática",
    "fora do escritório",
    "ausência",
    "automatisch antwoord",
    "afwezig",
    "autosvar",
    "automatisk svar",
    "automatiskt svar",
    "fraværende",
    "frånvaro",
    "fravær",
    "poissaolo",
    "automaattinen vastaus",
    "automatyczna odpowiedź",
    "poza biurem",
    "nieobecność",
    "automatická odpověď",
    "mimo kancelář",
    "automatická odpoveď",
    "atebiad awtomatig",
    "allan o'r swyddfa",
    "uathfhreagra",
    "автоответ",
    "автоматический ответ",
    "отсутстви",
    "自動返信",
    "自动回复",
    "自動回覆",
    "不在",
    "자동 회신",
    "otomatik yanıt",
    "automatikus válasz",
    "răspuns automat",
    "αυτόματη απάντηση",
    "automatinis atsakymas",
    "รับอัตโนมัติ",
    "رد تلقائي",
];

/// Those that no newsletter bears, also where a list passed the reply on.
const SURE: &[&str] = &["out of office autoreply", "is out of the office", "automatic reply:"];

/// Whether a subject, in lower case, is that of an auto-reply.
pub(super) fn is_titled(subject: &str) -> bool {
    SUBJECTS.iter().any(|sign| subject.contains(sign))
}

/// Whether a mail says of itself, for programs, that it is an answer (RFC 3834 §5, and what was used before it).
pub(super) fn says_so(message: &Message<'_>) -> bool {
    let says = |name: &str, what: &str| header(message, name).is_some_and(|value| value.to_lowercase().starts_with(what));
    says("Auto-Submitted", "auto-replied")
        || says("Precedence", "auto")
        || ["X-Autoreply", "X-Autorespond", "X-Auto-Reply"].iter().any(|name| header(message, name).is_some())
}

/// Whether a machine answered. `is_null`: the mail takes no answer itself, as its envelope says.
pub(super) fn is_auto_reply(message: &Message<'_>, subject: &str, is_null: bool) -> bool {
    let value = |name: &str| header(message, name).map(|value| value.to_lowercase()).unwrap_or_default();
    let submitted = value("Auto-Submitted");
    let precedence = value("Precedence");
    let is_list = header(message, "List-Id").is_some() || header(message, "List-Unsubscribe").is_some();
    // RFC 3834 §5. A list's or newsletter's own mail may call itself generated, and answers nobody.
    let is_said = submitted.starts_with("auto-replied") || (submitted.starts_with("auto-generated") && !is_list);
    let is_said_otherwise =
        ["X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-AutoReply-From", "X-Vacation", "X-Boxbe-Notification"]
            .iter()
            .any(|name| headers(message, name).next().is_some())
            || precedence.starts_with("auto")
            || value("X-Mailer").starts_with("vacation")
            || value("X-POST-MessageClass").contains("autoresponder")
            || value("X-MS-Exchange-Inbox-Rules-Loop").contains('@')
            || value("X-Auto-Response-Suppress").split(',').any(|what| matches!(what.trim(), "all" | "oof" | "autoreply"));
    let answers = header(message, "In-Reply-To").is_some() || header(message, "References").is_some();
    let is_sure = subject == "out of office" || SURE.iter().any(|sign| subject.contains(sign));
    is_said
        || is_said_otherwise
        || is_sure
        || (!is_list && (is_titled(subject) || (is_null && (answers || precedence == "bulk"))))
}
