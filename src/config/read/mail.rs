//! What `[mail]` means: sender, server, secrets, signing. What comes back is `returns`.

use super::super::document::{Document, Problem};
use super::super::files::{DkimFile, DkimKeyFile, MailFile, RelayFile, SiteFile};
use super::super::values;
use super::super::{DkimSettings, Login, MailSettings, Secret, Sender, SmtpSettings, Tls, Transport};
use super::Env;
use super::main::is_loopback;
use super::returns::{bounces, returns};
use crate::domain::subscriber::Address;
use crate::rules::dkim_key::Key;
use crate::rules::domain::own_name;
use std::path::Path;
use std::time::Duration;

/// Within the time that the store remembers who was told what.
const STALE_AFTER_MAX: Duration = Duration::from_secs(180 * 24 * 60 * 60);

/// The fault has been reported; there is no value.
pub(super) struct Reported;

pub(super) fn read(document: &mut Document, file: &MailFile, site: &SiteFile, dir: &Path, env: Env<'_>) -> Option<MailSettings> {
    let from = sender(document, file, site);
    let only_to = only_to(document, &file.only_to);
    let stale_after = document.take("mail.stale_after", values::duration(&file.stale_after, &(values::DAY..=STALE_AFTER_MAX)));
    let relays = relays(document, file, dir, env);
    let dkim = dkim(document, &file.dkim, from.as_ref(), dir);
    let bounces = bounces(document, &file.bounces, &file.returns);
    let returns = returns(document, file.transport, &file.returns, dir, env);
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
        Transport::Smtp => {
            let RelayFile { username, password_file, password_env, .. } = file;
            login(document, path, &Written { username, password_file, password_env }, dir, env)
        }
    };
    if matches!(login, Ok(Some(_))) {
        warn_of_clear_text(document, path, &file.host, file.tls);
    }
    let (port, tls, connections) = (file.port, file.tls, file.connections);
    Some(SmtpSettings { host: host?, port, tls, login: login.ok()?, connections, hello: None })
}

/// A password over a line that anybody can listen to is worth a word.
pub(super) fn warn_of_clear_text(document: &mut Document, path: &str, host: &str, tls: Tls) {
    let local = url::Host::parse(host).is_ok_and(|host| is_loopback(&host));
    if tls == Tls::None && !local {
        let problem = Problem::new("the password would cross the network in the clear");
        document.warn(&format!("{path}.tls"), problem.hint("use \"starttls\" or \"tls\""));
    }
}

/// Name and password as a file says them.
pub(super) struct Written<'a> {
    pub(super) username: &'a str,
    pub(super) password_file: &'a str,
    pub(super) password_env: &'a str,
}

/// Name and password; `None` where the server wants none.
pub(super) fn login(
    document: &mut Document,
    path: &str,
    file: &Written<'_>,
    dir: &Path,
    env: Env<'_>,
) -> Result<Option<Login>, Reported> {
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
        secret_file(document, &at_file, file.password_file, dir).ok_or(Reported)?
    } else if by_env {
        let name = file.password_env;
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
    let domain = own_name(&file.domain).map_err(|why| {
        let problem = Problem::new(format!("nobody can sign for `{}`: {why}", file.domain.trim()));
        problem.hint("the domain behind the @ of mail.from, or one above it that is yours: \"example.org\"")
    });
    let domain = document.take(&format!("{path}.domain"), domain)?;
    let sender = from.and_then(|from| from.address.as_str().rsplit_once('@')).map(|(_, domain)| domain.to_owned());
    if sender.is_some_and(|sender| sender != domain && !sender.ends_with(&format!(".{domain}"))) {
        let problem = Problem::new(format!("`{domain}` is not the domain of the sender"));
        document.warn(&format!("{path}.domain"), problem.hint("receivers compare the two (DMARC, RFC 7489 §3.1)"));
    }
    let at = format!("{path}.private_key_file");
    let key = secret_file(document, &at, &file.private_key_file, dir)?;
    if let Err(why) = Key::parse(&key) {
        let is_pem = key.contains("PRIVATE KEY-----");
        let what = if is_pem { format!("no key to sign with: {why}") } else { "not a private key in PEM form".to_owned() };
        document.fault(&at, Problem::new(what).hint("`boardwatch dkim keygen` makes one"));
        return None;
    }
    let private_key_file = dir.join(&file.private_key_file);
    Some(DkimSettings { selector: file.selector.trim().to_owned(), domain, private_key_file })
}
