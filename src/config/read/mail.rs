//! What `[mail]` means: sender, server, secrets, signing.

use super::super::document::{Document, Problem};
use super::super::files::{BouncesFile, DkimFile, DkimKeyFile, MailFile, RelayFile, ReturnsFile, SiteFile};
use super::super::values;
use super::super::{
    BounceSettings, DkimSettings, Login, MailSettings, ReturnSettings, Secret, Sender, SmtpSettings, SoftLimit, Tls, Transport,
};
use super::Env;
use super::main::is_loopback;
use crate::domain::subscriber::Address;
use crate::rules::verp;
use std::path::Path;
use std::time::Duration;

/// Within the time that the store remembers who was told what.
const STALE_AFTER_MAX: Duration = Duration::from_secs(180 * 24 * 60 * 60);

/// The fault has been reported; there is no value.
struct Reported;

pub(super) fn read(document: &mut Document, file: &MailFile, site: &SiteFile, dir: &Path, env: Env<'_>) -> Option<MailSettings> {
    let from = sender(document, file, site);
    let only_to = only_to(document, &file.only_to);
    let stale_after = document.take("mail.stale_after", values::duration(&file.stale_after, &(values::DAY..=STALE_AFTER_MAX)));
    let relays = relays(document, file, dir, env);
    let dkim = dkim(document, &file.dkim, from.as_ref(), dir);
    let bounces = bounces(document, &file.bounces);
    let returns = returns(document, &file.returns, dir);
    let (mut relays, mut dkim) = (relays?.into_iter(), dkim?.into_iter());
    Some(MailSettings {
        transport: file.transport,
        from: from?,
        only_to: only_to?,
        per_minute_max: Some(file.per_minute_max).filter(|max| *max > 0),
        stale_after: stale_after?,
        smtp: relays.next()?,
        more_relays: relays.collect(),
        dkim: dkim.next(),
        dkim_also: dkim.collect(),
        bounces: bounces?,
        returns: returns?,
    })
}

/// The sender; where none is set, the site speaks under its own name and contact, whose own faults are reported there.
fn sender(document: &mut Document, file: &MailFile, site: &SiteFile) -> Option<Sender> {
    if file.from.trim().is_empty() {
        return Some(Sender { name: values::line(&site.name).ok(), address: values::address(&site.contact).ok()? });
    }
    document.take("mail.from", values::sender(&file.from))
}

fn only_to(document: &mut Document, addresses: &[String]) -> Option<Vec<Address>> {
    let taken: Vec<_> =
        addresses.iter().enumerate().map(|(n, raw)| document.take(&format!("mail.only_to.{n}"), values::address(raw))).collect();
    taken.into_iter().collect()
}

/// Where mail comes back to.
fn bounces(document: &mut Document, file: &BouncesFile) -> Option<BounceSettings> {
    let raw = file.address.trim();
    let mailbox = if raw.is_empty() { Ok(None) } else { values::address(raw).and_then(taggable).map(Some) };
    let mailbox = document.take("mail.bounces.address", mailbox);
    let within = values::duration(&file.soft_within, &(values::DAY..=values::DAY * 366));
    let within = document.take("mail.bounces.soft_within", within);
    let max = usize::try_from(file.soft_max).unwrap_or(usize::MAX);
    Some(BounceSettings { mailbox: mailbox?, soft: SoftLimit { max, within: within? } })
}

/// How what came back is read.
fn returns(document: &mut Document, file: &ReturnsFile, dir: &Path) -> Option<ReturnSettings> {
    let maildir = Some(file.maildir.trim()).filter(|folder| !folder.is_empty()).map(|folder| dir.join(folder));
    let listens = !file.lmtp.trim().is_empty();
    let lmtp = if listens { values::listen(&file.lmtp).map(Some) } else { Ok(None) };
    let lmtp = document.take("mail.returns.lmtp", lmtp)?;
    if lmtp.is_some_and(|lmtp| !lmtp.ip().is_loopback()) {
        let problem = Problem::new("whoever reaches this address can bring mail");
        document.warn("mail.returns.lmtp", problem.hint("LMTP knows no log-in: listen on 127.0.0.1"));
    }
    let every = document.take("mail.returns.every", values::duration(&file.every, &(values::SECOND..=values::DAY)));
    Some(ReturnSettings { maildir, lmtp, every: every?, message_bytes_max: file.message_bytes_max })
}

/// A mailbox whose local part leaves room for a tag.
fn taggable(mailbox: Address) -> Result<Address, Problem> {
    let local = mailbox.as_str().split('@').next().unwrap_or_default();
    if local.len() > verp::LOCAL_MAX {
        let problem = format!("`{local}` has more than {} characters, so that no tag fits behind it", verp::LOCAL_MAX);
        return Err(Problem::new(problem).hint("\"bounces@…\", say: an address has at most 64 before the @"));
    }
    if !mailbox.as_str().is_ascii() || local.contains('+') {
        return Err(Problem::new("a mailbox for bounces is plain ASCII, without a `+`"));
    }
    Ok(mailbox)
}

/// The servers, the first one first.
fn relays(document: &mut Document, mail: &MailFile, dir: &Path, env: Env<'_>) -> Option<Vec<SmtpSettings>> {
    let hello = mail.smtp.hello.trim();
    let hello = if hello.is_empty() { Some(None) } else { document.take("mail.smtp.hello", values::line(hello)).map(Some) };
    let more = mail.smtp.relay.iter().enumerate().map(|(n, relay)| (format!("mail.smtp.relay.{n}"), relay.clone()));
    let all: Vec<_> = std::iter::once(("mail.smtp".to_owned(), mail.smtp.first()))
        .chain(more)
        .map(|(path, relay)| smtp(document, mail.transport, &path, &relay, dir, env))
        .collect();
    let hello = hello?;
    all.into_iter().map(|relay| relay.map(|relay| SmtpSettings { hello: hello.clone(), ..relay })).collect()
}

/// A server. Its secrets are looked at only where mail goes there: a copy on another machine may lack them.
fn smtp(
    document: &mut Document,
    transport: Transport,
    path: &str,
    file: &RelayFile,
    dir: &Path,
    env: Env<'_>,
) -> Option<SmtpSettings> {
    let host = document.take(&format!("{path}.host"), values::line(&file.host));
    let login = match transport {
        Transport::File => Ok(None),
        Transport::Smtp => login(document, path, file, dir, env),
    };
    let local = url::Host::parse(&file.host).is_ok_and(|host| is_loopback(&host));
    if matches!(login, Ok(Some(_))) && file.tls == Tls::None && !local {
        let problem = Problem::new("the password would cross the network in the clear");
        document.warn(&format!("{path}.tls"), problem.hint("use \"starttls\" or \"tls\""));
    }
    let (port, tls, connections) = (file.port, file.tls, file.connections);
    Some(SmtpSettings { host: host?, port, tls, login: login.ok()?, connections, hello: None })
}

/// Name and password; `None` where the server wants none.
fn login(document: &mut Document, path: &str, file: &RelayFile, dir: &Path, env: Env<'_>) -> Result<Option<Login>, Reported> {
    let username = file.username.trim();
    let (by_file, by_env) = (!file.password_file.is_empty(), !file.password_env.is_empty());
    let ways = "`password_file` names a file, `password_env` an environment variable";
    let (at_file, at_env) = (format!("{path}.password_file"), format!("{path}.password_env"));
    if by_file && by_env {
        document.fault(&at_env, Problem::new("the password is named twice").hint(ways));
        return Err(Reported);
    }
    if username.is_empty() {
        if by_file || by_env {
            document.fault(if by_file { &at_file } else { &at_env }, Problem::new("a password without a `username`"));
            return Err(Reported);
        }
        return Ok(None);
    }
    let password = if by_file {
        secret_file(document, &at_file, &file.password_file, dir).ok_or(Reported)?
    } else if by_env {
        let name = &file.password_env;
        let value = env(name).filter(|value| !value.is_empty());
        let value = value.ok_or_else(|| Problem::new(format!("the environment holds no `{name}`")));
        document.take(&at_env, value).ok_or(Reported)?
    } else {
        document.fault(&format!("{path}.username"), Problem::new("a `username` without a password").hint(ways));
        return Err(Reported);
    };
    Ok(Some(Login { username: username.to_owned(), password: Secret::new(password) }))
}

/// The content of a file that nobody else should read, without its last line end.
fn secret_file(document: &mut Document, path: &str, raw: &str, dir: &Path) -> Option<String> {
    let file = dir.join(raw);
    let content =
        std::fs::read_to_string(&file).map_err(|error| Problem::new(format!("`{}` cannot be read: {error}", file.display())));
    let content = document.take(path, content)?;
    let content = content.trim_end_matches(['\r', '\n']);
    if content.is_empty() {
        document.fault(path, Problem::new(format!("`{}` is empty", file.display())));
        return None;
    }
    if is_readable_by_all(&file) {
        let problem = Problem::new(format!("everybody on this machine can read `{}`", file.display()));
        document.warn(path, problem.hint(format!("chmod o= {}", file.display())));
    }
    Some(content.to_owned())
}

#[cfg(unix)]
fn is_readable_by_all(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|metadata| metadata.permissions().mode() & 0o004 != 0)
}

#[cfg(not(unix))]
fn is_readable_by_all(_: &Path) -> bool {
    false
}

/// The keys that sign, the first one first; none where nothing is set.
fn dkim(document: &mut Document, file: &DkimFile, from: Option<&Sender>, dir: &Path) -> Option<Vec<DkimSettings>> {
    let DkimFile { selector, domain, private_key_file, also } = file.clone();
    let first = DkimKeyFile { selector, domain: domain.clone(), private_key_file };
    if [&first.selector, &first.domain, &first.private_key_file].iter().all(|value| value.trim().is_empty()) && also.is_empty() {
        return Some(Vec::new());
    }
    let more = also.into_iter().enumerate().map(|(n, key)| {
        let domain = if key.domain.trim().is_empty() { domain.clone() } else { key.domain };
        (format!("mail.dkim.also.{n}"), DkimKeyFile { domain, ..key })
    });
    let keys = std::iter::once(("mail.dkim".to_owned(), first)).chain(more);
    let keys: Vec<_> = keys.map(|(path, key)| dkim_key(document, &path, &key, from, dir)).collect();
    keys.into_iter().collect()
}

fn dkim_key(document: &mut Document, path: &str, file: &DkimKeyFile, from: Option<&Sender>, dir: &Path) -> Option<DkimSettings> {
    let parts = [("selector", &file.selector), ("domain", &file.domain), ("private_key_file", &file.private_key_file)];
    let mut missing = parts.iter().filter(|(_, value)| value.trim().is_empty()).peekable();
    if missing.peek().is_some() {
        for (name, _) in missing {
            let problem = Problem::new(format!("`{name}` is empty"));
            document.fault(&format!("{path}.{name}"), problem.hint("signing needs selector, domain and private_key_file"));
        }
        return None;
    }
    let domain = file.domain.trim().to_lowercase();
    let sender = from.and_then(|from| from.address.as_str().rsplit_once('@')).map(|(_, domain)| domain.to_owned());
    if sender.is_some_and(|sender| sender != domain && !sender.ends_with(&format!(".{domain}"))) {
        let problem = Problem::new(format!("`{domain}` is not the domain of the sender"));
        document.warn(&format!("{path}.domain"), problem.hint("receivers compare the two (DMARC, RFC 7489 §3.1)"));
    }
    let at = format!("{path}.private_key_file");
    let key = secret_file(document, &at, &file.private_key_file, dir)?;
    if !key.contains("PRIVATE KEY-----") {
        document.fault(&at, Problem::new("not a private key in PEM form").hint("`boardwatch dkim keygen` makes one"));
        return None;
    }
    let private_key_file = dir.join(&file.private_key_file);
    Some(DkimSettings { selector: file.selector.trim().to_owned(), domain, private_key_file })
}
