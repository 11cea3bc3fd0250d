//! What `[mail.bounces]` and `[mail.returns]` mean: where mail comes back to, and how it is read there.

use super::super::document::{Document, Problem};
use super::super::files::{BouncesFile, ImapFile, ImapThen, ReturnsFile};
use super::super::values;
use super::super::{BounceSettings, Disposal, ImapSettings, ReturnSettings, SoftLimit, Transport};
use super::Env;
use super::mail::{Written, login, warn_of_clear_text};
use crate::domain::subscriber::Address;
use crate::rules::verp;
use std::path::Path;

/// Where mail comes back to.
pub(super) fn bounces(document: &mut Document, file: &BouncesFile, returns: &ReturnsFile) -> Option<BounceSettings> {
    let raw = file.address.trim();
    let mailbox = if raw.is_empty() { Ok(None) } else { values::address(raw).and_then(taggable).map(Some) };
    let mailbox = document.take("mail.bounces.address", mailbox);
    let within = values::duration(&file.soft_within, &(values::DAY..=values::DAY * 366));
    let within = document.take("mail.bounces.soft_within", within);
    let max = usize::try_from(file.soft_max).unwrap_or(usize::MAX);
    let is_read = [&returns.maildir, &returns.lmtp, &returns.imap.host].iter().any(|way| !way.trim().is_empty());
    if !raw.is_empty() && !is_read {
        let problem =
            "nothing reads this mailbox: what bounces counts for nothing, and mails offer no address for leaving by mail";
        document.warn("mail.bounces.address", Problem::new(problem).hint("say in [mail.returns] how it is read"));
    }
    Some(BounceSettings { mailbox: mailbox?, is_read, soft: SoftLimit { max, within: within? } })
}

/// How what came back is read.
pub(super) fn returns(
    document: &mut Document,
    transport: Transport,
    file: &ReturnsFile,
    dir: &Path,
    env: Env<'_>,
) -> Option<ReturnSettings> {
    let maildir = Some(file.maildir.trim()).filter(|folder| !folder.is_empty()).map(|folder| dir.join(folder));
    let listens = !file.lmtp.trim().is_empty();
    let lmtp = if listens { values::listen(&file.lmtp).map(Some) } else { Ok(None) };
    let lmtp = document.take("mail.returns.lmtp", lmtp);
    if lmtp.flatten().is_some_and(|lmtp| !lmtp.ip().is_loopback()) {
        let problem = Problem::new("whoever reaches this address can bring mail");
        document.warn("mail.returns.lmtp", problem.hint("LMTP knows no log-in: listen on 127.0.0.1"));
    }
    let every = document.take("mail.returns.every", values::duration(&file.every, &(values::SECOND..=values::DAY)));
    // What sends nothing gets nothing back: a copy for trying things out takes no mail from the mailbox of the real one.
    let is_fetched = transport == Transport::Smtp && !file.imap.host.trim().is_empty();
    let imap = if is_fetched { imap(document, &file.imap, dir, env).map(Some) } else { Some(None) };
    Some(ReturnSettings { maildir, imap: imap?, lmtp: lmtp?, every: every?, message_bytes_max: file.message_bytes_max })
}

/// A mailbox that it is fetched from.
fn imap(document: &mut Document, file: &ImapFile, dir: &Path, env: Env<'_>) -> Option<ImapSettings> {
    const PATH: &str = "mail.returns.imap";
    let host = document.take(&format!("{PATH}.host"), values::line(&file.host));
    let ImapFile { username, password_file, password_env, .. } = file;
    let login = login(document, PATH, &Written { username, password_file, password_env }, dir, env);
    if matches!(login, Ok(None)) {
        let problem = Problem::new("a mailbox is somebody's").hint("`username`, and `password_file` or `password_env`");
        document.fault(&format!("{PATH}.username"), problem);
    }
    warn_of_clear_text(document, PATH, &file.host, file.tls);
    let mailbox = document.take(&format!("{PATH}.mailbox"), folder(&file.mailbox));
    let disposal = match file.then {
        ImapThen::Mark => Some(Disposal::Mark),
        ImapThen::Delete => Some(Disposal::Delete),
        ImapThen::Move => document.take(&format!("{PATH}.move_to"), folder(&file.move_to)).map(Disposal::MoveTo),
    };
    let (port, tls) = (file.port, file.tls);
    Some(ImapSettings { host: host?, port, tls, login: login.ok()??, mailbox: mailbox?, disposal: disposal? })
}

/// A folder's name as IMAP has it (RFC 3501 §5.1.3 writes others than ASCII in an ASCII of its own).
fn folder(raw: &str) -> Result<String, Problem> {
    let name = values::line(raw)?;
    if !name.is_ascii() {
        return Err(Problem::new(format!("`{name}` is not ASCII")).hint("in its IMAP form: \"Entw&APw-rfe\" for \"Entwürfe\""));
    }
    Ok(name)
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
