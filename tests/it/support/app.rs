//! The program as an admin sets it up: a configuration folder, a council's site, a mail server, a clock; with the verbs of
//! those who use it. Real sled, real HTTP, real SMTP, all on loopback.

use super::clock::SteppingClock;
use super::council::{Answer, Council};
use super::smtp::{Script, SmtpServer};
use boardwatch::app;
use boardwatch::config::{self, Config};
use boardwatch::edge::http::install_tls_provider;
use boardwatch::engine::pass::{Orders, PassReport, World};
use boardwatch::ports::Clock;
use chrono::TimeDelta;
use mail_parser::MessageParser;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

/// A mail as its reader sees it.
#[derive(Clone, Debug)]
pub struct Read {
    pub to: String,
    pub message_id: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// The program, set up.
pub struct App {
    pub dir: tempfile::TempDir,
    pub council: Council,
    pub smtp: SmtpServer,
    pub clock: SteppingClock,
}

impl App {
    /// Friday 20 November 2026, ten in the morning, with a mail server that takes everything.
    pub async fn set_up() -> Self {
        Self::set_up_with(Script::default()).await
    }

    /// The same with a mail server that misbehaves.
    pub async fn set_up_with(script: Script) -> Self {
        install_tls_provider();
        let dir = tempfile::tempdir().unwrap();
        let app = Self {
            council: Council::open().await,
            smtp: script.start().await,
            clock: SteppingClock::at("2026-11-20T10:00:00Z"),
            dir,
        };
        app.write(
            "boardwatch.toml",
            &format!(
                "[site]\nname = \"Board Watch\"\nurl = \"http://127.0.0.1:8080\"\ncontact = \"admin@example.org\"\ndata_dir = \"../var\"\n\
                 [poll]\nper_host_delay = \"0s\"\nallow_private_networks = true\n\
                 [mail]\ntransport = \"smtp\"\nfrom = \"Board Watch <updates@example.org>\"\n\
                 [mail.smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n[web]\nlisten = \"127.0.0.1:0\"\n",
                app.smtp.port()
            ),
        );
        app
    }

    /// Writes a file of the configuration folder.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.dir.path().join("config").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Adds a source whose page is at `path` of the council's site.
    pub fn watch(&self, id: &str, path: &str, more: &str) {
        let url = self.council.url(path);
        self.write(
            &format!("sources/{id}.toml"),
            &format!("council = \"{id} Council\"\ntitle = \"Updates of {id}\"\nurl = \"{url}\"\ntopics = [\"boards\"]\n{more}"),
        );
    }

    /// Keeps a list with these people, who want everything: `(address, cadence)`.
    pub fn list(&self, name: &str, people: &[(&str, &str)]) {
        let mut text = "note = \"a test\"\n".to_owned();
        for (address, cadence) in people {
            write!(text, "[[subscriber]]\naddress = \"{address}\"\ncadence = \"{cadence}\"\nsources = [\"*\"]\n").unwrap();
        }
        self.write(&format!("subscriptions/{name}.toml"), &text);
    }

    /// The council shows this page at `path`.
    pub fn publish(&self, path: &str, page: &str) {
        self.council.publish(path, Answer::html(page));
    }

    pub fn config(&self) -> Config {
        let (config, _) = config::read(&self.dir.path().join("config"), &|_| None).unwrap_or_else(|f| panic!("{f:?}"));
        config
    }

    /// The program, started.
    pub async fn start(&self) -> (World, Config) {
        let config = self.config();
        let clock: Arc<dyn Clock> = Arc::new(self.clock.clone());
        (app::open(&config, clock).await.unwrap(), config)
    }

    /// Starts the program, lets it do one pass over every source, and ends it.
    pub async fn pass(&self) -> PassReport {
        let (world, config) = self.start().await;
        let orders = Orders { all: true, ..Orders::default() };
        world.pass(&config, &orders, &|_| {}, &|| false).await.unwrap()
    }

    /// The time by the app's clock.
    pub fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.clock.now()
    }

    pub fn advance(&self, by: TimeDelta) {
        self.clock.advance(by);
    }

    /// What has arrived for `address`.
    pub fn inbox(&self, address: &str) -> Vec<Read> {
        let kept = self.smtp.kept();
        kept.iter().map(|kept| read(&kept.bytes)).filter(|mail| mail.to == address).collect()
    }

    pub fn config_dir(&self) -> std::path::PathBuf {
        self.dir.path().join("config")
    }
}

/// A message as its reader sees it.
pub fn read(bytes: &[u8]) -> Read {
    let message = MessageParser::default().parse(bytes).unwrap();
    let words = |text: Option<std::borrow::Cow<'_, str>>| text.unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    Read {
        to: message.to().and_then(|to| to.first()).and_then(|a| a.address()).unwrap().to_owned(),
        message_id: message.message_id().unwrap().to_owned(),
        subject: message.subject().unwrap().to_owned(),
        text: words(message.body_text(0)),
        html: words(message.body_html(0)),
    }
}

/// The feeds folder, file by file.
pub fn feeds(root: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                all.push((path.strip_prefix(root).unwrap().display().to_string(), std::fs::read(&path).unwrap()));
            }
        }
    }
    all.sort();
    all
}
