//! A Postfix of its own: takes mail over TLS from whoever logs in, hands the town's to the mailboxes and what comes back to
//! us. Ends when dropped.

use super::run;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

/// Who listens where, all on loopback.
pub struct Ports {
    pub submission: u16,
    /// Who checks passwords.
    pub auth: u16,
    /// Where the town's mailboxes take mail by LMTP.
    pub mailboxes: u16,
    /// Where returned mail goes by LMTP.
    pub returns: u16,
    /// Who greylists.
    pub policy: u16,
}

pub struct Postfix {
    dir: tempfile::TempDir,
}

impl Postfix {
    pub fn start(ports: &Ports, certificate: &str, key: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let postfix = Self { dir };
        let at = |name: &str| postfix.dir.path().join(name);
        for (name, mode) in [("", 0o755), ("conf", 0o755), ("queue", 0o755), ("data", 0o700), ("log", 0o755)] {
            fs::create_dir_all(at(name)).unwrap();
            fs::set_permissions(at(name), fs::Permissions::from_mode(mode)).unwrap();
        }
        run(Command::new("chown").arg("postfix").arg(at("data")));
        fs::write(at("conf/cert.pem"), certificate).unwrap();
        fs::write(at("conf/key.pem"), key).unwrap();
        fs::set_permissions(at("conf/key.pem"), fs::Permissions::from_mode(0o600)).unwrap();
        let main = format!(
            "compatibility_level = 3.6\nqueue_directory = {queue}\ndata_directory = {data}\nmail_owner = postfix\nsetgid_group = postdrop\n\
             maillog_file = {log}/mail.log\nmaillog_file_prefixes = {log}\nmyhostname = relay.example.net\nmydestination =\nmynetworks =\n\
             inet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nalias_maps =\nalias_database =\nlocal_transport = error:5.1.1 no local mail\n\
             smtpd_tls_cert_file = {conf}/cert.pem\nsmtpd_tls_key_file = {conf}/key.pem\nsmtpd_tls_security_level = encrypt\n\
             smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\nsmtpd_sasl_path = inet:127.0.0.1:{auth}\nsmtpd_tls_auth_only = yes\n\
             smtpd_relay_restrictions = permit_sasl_authenticated, reject\n\
             smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:{policy}, permit_sasl_authenticated, reject\n\
             transport_maps = inline:{{ {{ town.example.org = lmtp:inet:127.0.0.1:{mailboxes} }}, {{ boards.example.org = lmtp:inet:127.0.0.1:{returns} }} }}\n\
             default_transport = error:5.1.2 nothing else is delivered\nrelay_domains =\nrecipient_delimiter =\n",
            queue = at("queue").display(),
            data = at("data").display(),
            log = at("log").display(),
            conf = at("conf").display(),
            auth = ports.auth,
            policy = ports.policy,
            mailboxes = ports.mailboxes,
            returns = ports.returns,
        );
        fs::write(at("conf/main.cf"), main).unwrap();
        // Nothing in a chroot: its folders are another system's business.
        let services = format!(
            "127.0.0.1:{} inet n - n - - smtpd\npickup unix n - n 60 1 pickup\ncleanup unix n - n - 0 cleanup\nqmgr unix n - n 300 1 qmgr\n\
             tlsmgr unix - - n 1000? 1 tlsmgr\nrewrite unix - - n - - trivial-rewrite\nbounce unix - - n - 0 bounce\n\
             defer unix - - n - 0 bounce\ntrace unix - - n - 0 bounce\nverify unix - - n - 1 verify\nflush unix n - n 1000? 0 flush\n\
             proxymap unix - - n - - proxymap\nproxywrite unix - - n - 1 proxymap\nsmtp unix - - n - - smtp\nrelay unix - - n - - smtp\n\
             showq unix n - n - - showq\nerror unix - - n - - error\nretry unix - - n - - error\ndiscard unix - - n - - discard\n\
             lmtp unix - - n - - lmtp\nanvil unix - - n - 1 anvil\nscache unix - - n - 1 scache\npostlog unix-dgram n - n - 1 postlogd\n",
            ports.submission
        );
        fs::write(at("conf/master.cf"), services).unwrap();
        postfix.command("start");
        postfix
    }

    fn conf(&self) -> PathBuf {
        self.dir.path().join("conf")
    }

    fn command(&self, verb: &str) {
        // Not through pipes: the daemon that it starts would hold them open.
        let out = fs::File::create(self.dir.path().join("log").join(verb)).unwrap();
        let mut command = Command::new("/usr/sbin/postfix");
        command.arg("-c").arg(self.conf()).arg(verb).env("MAIL_CONFIG", self.conf());
        command.stdin(std::process::Stdio::null()).stdout(out.try_clone().unwrap()).stderr(out);
        let status = command.status().unwrap();
        assert!(status.success() || verb == "stop", "postfix {verb}: {status}\n{}", self.log());
    }

    /// What it said so far.
    pub fn log(&self) -> String {
        let entries = fs::read_dir(self.dir.path().join("log")).unwrap();
        entries.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap_or_default()).collect()
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        self.command("stop");
    }
}
