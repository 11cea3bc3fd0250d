//! A Dovecot of its own: mailboxes that take mail by LMTP and give it by IMAP, one of them over its quota, and the check of
//! passwords. Ends when dropped.

use super::{HANG, free_port, until_it_answers};
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

pub struct Dovecot {
    dir: tempfile::TempDir,
    process: Child,
    pub auth_port: u16,
    pub lmtp_port: u16,
    /// IMAP that begins in clear, and IMAP over TLS.
    pub imap_ports: (u16, u16),
}

impl Dovecot {
    /// Starts one with these mailboxes, of which `full` can hold nothing. Everybody's password is "open sesame".
    pub async fn start(mailboxes: &[&str], full: &str, certificate: &str, key: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let at = |name: &str| dir.path().join(name);
        for (name, mode) in [("mail", 0o777), ("run", 0o755), ("state", 0o755)] {
            fs::create_dir(at(name)).unwrap();
            fs::set_permissions(at(name), fs::Permissions::from_mode(mode)).unwrap();
        }
        let ids = |flag: &str| {
            let said = Command::new("id").args([flag, "nobody"]).output().unwrap().stdout;
            String::from_utf8(said).unwrap().trim().to_owned()
        };
        let (uid, gid) = (ids("-u"), ids("-g"));
        let mut users = "boardwatch:{PLAIN}open sesame:::::\n".to_owned();
        for mailbox in mailboxes {
            let limit = if *mailbox == full { "userdb_quota_rule=*:bytes=10" } else { "" };
            let home = at("mail").join(mailbox);
            writeln!(users, "{mailbox}:{{PLAIN}}open sesame:{uid}:{gid}::{}::{limit}", home.display()).unwrap();
        }
        fs::write(at("users"), users).unwrap();
        fs::write(at("cert.pem"), certificate).unwrap();
        fs::write(at("key.pem"), key).unwrap();
        let (auth_port, lmtp_port, imap_ports) = (free_port(), free_port(), (free_port(), free_port()));
        let (imap, imaps) = imap_ports;
        let conf = format!(
            "base_dir = {dir}/run\nstate_dir = {dir}/state\nlog_path = {dir}/log\nprotocols = lmtp imap\nssl = yes\nssl_cert = <{dir}/cert.pem\nssl_key = <{dir}/key.pem\nlisten = 127.0.0.1\n\
             disable_plaintext_auth = no\nauth_mechanisms = plain login\nfirst_valid_uid = 1\nlast_valid_uid = 0\n\
             default_internal_user = nobody\ndefault_internal_group = nogroup\ndefault_login_user = nobody\n\
             mail_location = maildir:~/Maildir\npostmaster_address = postmaster@town.example.org\nhostname = mx.town.example.org\n\
             mail_plugins = quota\nquota_full_tempfail = no\nplugin {{\n  quota = maildir:User quota\n}}\n\
             passdb {{\n  driver = passwd-file\n  args = {dir}/users\n}}\nuserdb {{\n  driver = passwd-file\n  args = {dir}/users\n}}\n\
             recipient_delimiter = +\nservice imap-login {{\n  chroot =\n  inet_listener imap {{\n    address = 127.0.0.1\n    port = {imap}\n  }}\n\
               inet_listener imaps {{\n    address = 127.0.0.1\n    port = {imaps}\n    ssl = yes\n  }}\n}}\n\
             service lmtp {{\n  inet_listener lmtp {{\n    address = 127.0.0.1\n    port = {lmtp_port}\n  }}\n}}\n\
             service auth {{\n  inet_listener {{\n    address = 127.0.0.1\n    port = {auth_port}\n  }}\n}}\n\
             service stats {{\n  unix_listener stats-writer {{\n    mode = 0666\n  }}\n}}\n",
            dir = dir.path().display()
        );
        fs::write(at("dovecot.conf"), conf).unwrap();
        let mut command = Command::new("/usr/sbin/dovecot");
        command.arg("-F").arg("-c").arg(at("dovecot.conf"));
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let dovecot = Self { dir, process, auth_port, lmtp_port, imap_ports };
        until_it_answers(lmtp_port, "Dovecot").await;
        dovecot
    }

    /// What has arrived in a mailbox, once something has.
    pub async fn mailbox(&self, name: &str) -> Vec<Vec<u8>> {
        let folder: PathBuf = self.dir.path().join("mail").join(name).join("Maildir/new");
        let arriving = async {
            loop {
                let entries: Vec<_> = fs::read_dir(&folder).into_iter().flatten().flatten().collect();
                if !entries.is_empty() {
                    return entries.into_iter().map(|entry| fs::read(entry.path()).unwrap()).collect();
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        tokio::time::timeout(HANG, arriving).await.unwrap_or_else(|_| panic!("nothing arrived: {}", self.log()))
    }

    /// The mails of a mailbox: the folder that each is in ("" is the inbox), and whether it is marked as seen.
    pub fn mails(&self, name: &str) -> Vec<(String, bool)> {
        let maildir = self.dir.path().join("mail").join(name).join("Maildir");
        let inside = |folder: PathBuf| fs::read_dir(folder).into_iter().flatten().flatten();
        let name_of = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
        let folders = inside(maildir.clone()).map(name_of).filter(|name| name.starts_with('.')).chain([String::new()]);
        let mails = folders.flat_map(|folder| {
            let at = maildir.join(&folder);
            let files: Vec<_> = ["new", "cur"].iter().flat_map(|sub| inside(at.join(sub))).map(name_of).collect();
            files
                .into_iter()
                .map(move |file| (folder.clone(), file.rsplit_once(":2,").is_some_and(|(_, flags)| flags.contains('S'))))
        });
        let mut mails: Vec<_> = mails.collect();
        mails.sort();
        mails
    }

    /// What it said so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.dir.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // Its master ends what it started, if it is asked and not killed.
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
    }
}
