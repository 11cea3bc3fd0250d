//! What servers answer, by what it means: replies in the words of many makes.

use super::{Fill, Truth};

/// A server's reply: code, enhanced code (may be empty), words. `{to}`, `{local}`, `{domain}`, `{mx}` are filled in.
pub type Reply = (&'static str, &'static str, &'static str);

pub const GONE: &[Reply] = &[
    ("550", "5.1.1", "<{to}>: Recipient address rejected: User unknown in virtual mailbox table"),
    ("550", "5.1.1", "<{to}>: Recipient address rejected: User unknown in local recipient table"),
    ("550", "5.1.1", "<{to}>... User unknown"),
    (
        "550",
        "5.1.1",
        "The email account that you tried to reach does not exist. Please try double-checking the recipient's email address for typos or unnecessary spaces. For more information, go to https://support.google.com/mail/?p=NoSuchUser a1-20020a170906 - gsmtp",
    ),
    ("550", "5.5.0", "Requested action not taken: mailbox unavailable (S2017062302). user does not exist"),
    ("550", "5.1.10", "RESOLVER.ADR.RecipientNotFound; Recipient {to} not found by SMTP address lookup"),
    (
        "550",
        "5.4.1",
        "Recipient address rejected: Access denied. [DB5EUR01FT053.eop-EUR01.prod.protection.outlook.com 2026-11-12T09:00:00.000Z 08DE1]",
    ),
    ("554", "", "delivery error: dd This user doesn't have a {domain} account ({to}) [0] - mta4117.mail.bf1.{domain}"),
    ("552", "1", "Requested mail action aborted, mailbox not found"),
    ("550", "", "Requested action not taken: mailbox unavailable. User not found"),
    ("550", "", "{to} No such user here"),
    ("550", "", "no such user"),
    ("550", "5.1.1", "unknown or illegal alias: {to}"),
    ("550", "5.1.6", "<{to}>: Recipient no longer on server"),
    ("551", "", "User not local; {local} unknown user"),
    ("550", "", "Unrouteable address"),
    ("550", "5.1.1", "Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]"),
    ("550", "", "Invalid recipient {to} (Mode: normal)"),
    ("550", "", "#5.1.0 Address rejected {to}: does not exist"),
    ("550", "5.2.1", "This mailbox no longer exists"),
    ("550", "5.0.0", "<{to}>... User unknown, not local address"),
    ("550", "", "non-local user verification failed: account does not exist"),
    (
        "550",
        "5.5.0",
        "Requested action not taken: mailbox unavailable (S2017062302). [DB5EUR03FT01.eop-EUR03.prod.protection.outlook.com]",
    ),
    ("550", "", "Requested action not taken: mailbox unavailable"),
    ("550", "", "#5.1.0 Address rejected."),
    ("550", "5.4.310", "DNS domain {domain} does not exist [Message=InfoDomainNonexistent] [LastAttemptedServerName={domain}]"),
    ("550", "5.1.351", "Remote server returned unknown recipient or mailbox unavailable -> 550 5.1.1 <{to}>: User unknown"),
    ("550", "5.4.1", "All recipient addresses rejected : Access denied [DB5PEPF00014B8C.eurprd02.prod.outlook.com]"),
    ("", "5.1.0", "Domain {domain} does not accept mail (nullMX)"),
    ("550", "", "User <{to}> unknown"),
    ("550", "", "No such local user ({to})"),
    ("550", "5.7.1", "No such user!"),
    ("550", "", "Usuario desconocido: {to}"),
    ("550", "", "<{to}>: utilisateur inconnu"),
    ("550", "", "{to}: Benutzer unbekannt"),
    ("550", "", "Message was not accepted -- invalid mailbox.  Local mailbox {to} is unavailable: user not found"),
    // In the words of the person, whatever the code.
    ("550", "5.7.1", "No such user {local}"),
    ("550", "5.7.1", "<{to}>: Recipient address rejected: User unknown"),
    ("554", "5.7.1", "No mailbox found"),
    ("553", "", "sorry, this recipient is not in my validrcptto list (#5.7.1)"),
    ("550", "", "No account by that name here"),
    ("550", "", "BAD_RECIPIENT - see https://mail.{domain}/undelivered"),
    ("550", "", "{to} is not an active address at this host"),
    ("550", "", "** No mail box available for this user **"),
    ("550", "5.0.0", "That address is not in use here"),
    ("550", "", "Not our customer"),
    ("550", "5.1.1", "rejected, see https://{domain}/antispam/policy.html"),
    ("550", "5.1.1", "Empfaenger unbekannt"),
    ("550", "5.1.1", "Utente sconosciuto"),
    ("550", "", "Destinatário desconhecido"),
    ("550", "", "Gebruiker onbekend"),
];

pub const SOFT: &[Reply] = &[
    ("553", "5.1.2", "We weren't able to find the recipient domain. Please check for any spelling errors."),
    (
        "552",
        "5.2.2",
        "The email account that you tried to reach is over quota. Please direct the recipient to https://support.google.com/mail/?p=OverQuotaPerm a1-gsmtp",
    ),
    ("552", "5.2.2", "<{to}>: user is over quota"),
    (
        "554",
        "5.2.2",
        "mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded; Failed to process message",
    ),
    ("452", "4.2.2", "Mailbox full"),
    ("552", "", "RCPT TO:<{to}> Mailbox disk quota exceeded"),
    (
        "550",
        "5.2.1",
        "The email account that you tried to reach is disabled. Learn more at https://support.google.com/mail/?p=DisabledUser a1-gsmtp",
    ),
    ("550", "5.2.1", "<{to}>... Mailbox disabled for this recipient"),
    ("552", "", "Requested mail action aborted: exceeded storage allocation. Quota exceeded"),
    ("550", "", "Mailbox is full / Blocks limit exceeded / Inode limit exceeded"),
    ("554", "5.2.0", "Mailbox is inactive"),
    ("522", "", "5.2.2 Mailbox over quota for {local}"),
    ("552", "5.1.1", "<{to}> Boite du destinataire pleine. Recipient overquota. OFR_417 [417]"),
    ("550", "5.1.1", "<{to}>: Recipient rejected: over quota"),
    ("550", "5.1.1", "<{to}>: mailbox temporarily disabled, try again later"),
    ("550", "5.2.1", "This mailbox has been blocked due to inactivity"),
    ("552", "5.2.2", "El buzon del usuario ha superado su cuota"),
    ("550", "", "Account Suspended: the recipient account {to} is suspended"),
    ("525", "5.7.13", "<{to}>: Recipient address rejected: User account disabled"),
    ("554", "5.7.0", "maildrop: maildir over quota"),
    ("550", "5.7.1", "<{to}>: mailbox is full"),
    ("552", "", "The recipient mailbox has exceeded its disk space limit"),
    ("550", "5.1.1", "Mailbox quota exceeded"),
];

/// Given up: nobody could be reached for days.
pub const UNREACHED: &[Reply] = &[
    ("", "4.4.1", "connect to {mx}[203.0.113.9]:25: Connection timed out"),
    ("", "4.4.1", "connect to {mx}[203.0.113.9]:25: Connection refused"),
    ("451", "4.3.0", "Temporary lookup failure"),
    ("", "4.4.2", "lost connection with {mx}[203.0.113.9] while receiving the initial server greeting"),
    ("", "4.4.7", "Message expired: retry timeout exceeded"),
    ("", "4.4.3", "Name service error for name={domain} type=MX: Host not found, try again"),
    ("", "5.4.6", "mail for {domain} loops back to myself"),
    ("450", "4.7.1", "<{to}>: Recipient address rejected: Greylisted, see http://postgrey.example.org/help/{domain}.html"),
    (
        "550",
        "5.1.1",
        "<{to}>: Recipient address rejected: undeliverable address: connect to {mx}[203.0.113.9]:25: Connection timed out",
    ),
    ("", "5.4.4", "Host or domain name not found. Name service error for name={domain} type=AAAA: Host not found"),
    ("", "5.4.4", "Name service error for name={domain} type=MX: Malformed or unexpected name server reply"),
];

pub const OURS: &[Reply] = &[
    ("550", "5.7.1", "Message rejected as spam by Content Filtering."),
    (
        "550",
        "5.7.1",
        "[192.0.2.10] Our system has detected that this message is likely unsolicited mail. To reduce the amount of spam sent to Gmail, this message has been blocked. a1-gsmtp",
    ),
    (
        "550",
        "5.7.26",
        "This mail has been blocked because the sender is unauthenticated. Gmail requires all senders to authenticate with either SPF or DKIM. a1-gsmtp",
    ),
    (
        "550",
        "5.7.1",
        "Unfortunately, messages from [192.0.2.10] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3150).",
    ),
    ("550", "5.7.515", "Access denied, sending domain boards.example.org doesn't meet the required authentication level."),
    ("554", "5.7.9", "Message not accepted for policy reasons.  See https://postmaster.yahooinc.com/error-codes"),
    (
        "554",
        "5.7.1",
        "Service unavailable; Client host [192.0.2.10] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/192.0.2.10",
    ),
    ("550", "5.7.1", "[CS01] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137"),
    ("552", "5.3.4", "Message size exceeds fixed maximum message size"),
    ("552", "5.2.3", "Message exceeds maximum size set by the recipient's administrator"),
    ("550", "", "High probability of spam"),
    ("554", "", "Blocked - see https://www.mailchannels.net/reputation"),
    ("550", "5.7.133", "RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; Delivery restriction check failed"),
    ("554", "5.6.0", "STOREDRV.Deliver; Corrupt message content"),
    ("550", "5.7.0", "Email rejected per DMARC policy for boards.example.org"),
    ("550", "", "Mail content denied. Administrative prohibition, spam message"),
    ("521", "5.7.1", "Sender IP address rejected: reputation too low"),
    ("554", "", "Email rejected due to security policies - https://community.example.org/docs/DOC-1369#554"),
    (
        "554",
        "",
        "IP=192.0.2.10 - A problem occurred. Ask your postmaster for help or to contact tobr@rx.example.org to clarify. (BL)",
    ),
    ("550", "5.1.90", "Your message can't be sent because you've reached your daily limit for message recipients"),
    ("553", "", "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"),
    ("554", "5.2.252", "SendAsDenied; u@boards.example.org not allowed to send as bounces@boards.example.org"),
    // In plain words, whatever the code.
    ("550", "5.1.1", "<{to}> - 192.0.2.10 has sent to too many recipients this hour"),
    ("553", "5.1.3", "https://www.spamhaus.org/query/bl?ip=192.0.2.10"),
    ("550", "5.1.1", "rejected: 192.0.2.10 is listed at zen.bl.example.net"),
    ("550", "5.1.1", "Message refused, sender blacklisted"),
    ("550", "5.1.1", "rejected due to spam content"),
    ("550", "5.1.1", "You are not allowed to send mail to this address"),
    ("550", "5.1.2", "we do not accept mail from your domain"),
    ("550", "5.1.1", "Message blocked by recipient preferences"),
    ("550", "5.1.1", "DMARC failure for boards.example.org: no such policy record exists"),
    ("550", "5.1.1", "RCPT TO:<{to}> max message size exceeded"),
    ("552", "5.1.1", "message size exceeds fixed limit"),
    ("554", "", "Host network not allowed"),
    ("550", "", "Listed by XYZ"),
    ("554", "", "INVALID IP FOR SENDING MAIL OF DOMAIN boards.example.org"),
    ("550", "", "domain [boards.example.org] mismatches client ip 192.0.2.10."),
    ("550", "", "Your server requires confirmation. Visit https://{domain}/confirm"),
    ("550", "5.1.0", "192.0.2.10 is not allowed to send from <boards.example.org> per its SPF Record"),
    ("554", "", "Reverse DNS required"),
    ("550", "5.9.8", "Spam"),
    ("554", "", "No Resent-From field given"),
];

/// A reply and what it means: bounces are mostly of addresses that are gone.
pub fn draw(fill: &mut Fill) -> (Truth, Reply) {
    match fill.dice.below(100) {
        0..60 => (Truth::Gone, fill.dice.one_of(GONE)),
        60..80 => (Truth::Soft, fill.dice.one_of(SOFT)),
        80..86 => (Truth::Soft, fill.dice.one_of(UNREACHED)),
        _ => (Truth::Ours, fill.dice.one_of(OURS)),
    }
}

impl Fill {
    /// The words with their places filled in.
    pub fn fill(&self, words: &str) -> String {
        let words = words.replace("{to}", &self.to).replace("{local}", self.local());
        words.replace("{domain}", self.domain()).replace("{mx}", &self.mx)
    }

    /// The reply as one line: `550 5.1.1 …`.
    pub fn said(&self, (code, status, words): Reply) -> String {
        let words = self.fill(words);
        [code, status, words.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

/// The status that a DSN gives for a reply; servers without one of their own say 5.0.0.
pub fn status((code, status, _): Reply) -> String {
    if status.contains('.') {
        status.to_owned()
    } else if code.starts_with('4') {
        "4.0.0".to_owned()
    } else {
        "5.0.0".to_owned()
    }
}
