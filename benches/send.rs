//! How fast mail leaves: a digest through the real deliver step, the real store and the real transport to Postfix's
//! `smtp-sink`, beside `smtp-source` with as many kept sessions and messages of that size, in the same run.
//!
//! `cargo bench --bench send` sends to 10,000 and to 100,000 people; `-- PEOPLE` to another number; `-- PEOPLE rsa` signs.
//! The tools are looked for on PATH and in /usr/sbin; without them there is nothing to measure against.

// A bench may stop where a program may not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::cast_precision_loss)]

mod town;

use boardwatch::config::{SmtpSettings, Tls};
use boardwatch::domain::delivery::Refusal;
use boardwatch::edge::smtp::{SmtpMail, SmtpPatience};
use boardwatch::engine::deliver::deliver;
use boardwatch::engine::known::Sources;
use boardwatch::ports::{Mail, Message};
use futures::future::BoxFuture;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use town::{Sample, Town, seed};

/// Sessions, ours and smtp-source's.
const SESSIONS: u32 = 10;
/// Octets of a message of smtp-source's; ours are about as long.
const OCTETS: usize = 20_480;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    match args.as_slice() {
        ["seed", folder, people] => runtime.block_on(seed(Path::new(folder), people.parse().unwrap())),
        ["run", folder, port] => runtime.block_on(run(Path::new(folder), port.parse().unwrap())),
        [] => ["10000", "100000"].iter().for_each(|people| measure(people)),
        others => others.iter().for_each(|people| measure(people)),
    }
}

/// One number of people: a process that makes the store, and one that sends, between two runs of smtp-source.
fn measure(people: &str) {
    let (Some(sink), Some(source)) = (tool("smtp-sink"), tool("smtp-source")) else {
        println!("sending is not measured: smtp-sink and smtp-source (Debian's package postfix) are not here");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    act(&["seed", folder.path().to_str().unwrap(), people]);
    let sink = Sink::start(&sink);
    let before = sink.source(&source, people);
    act(&["run", folder.path().to_str().unwrap(), &sink.port.to_string()]);
    let after = sink.source(&source, people);
    println!("{people} people: smtp-source {before:.0}/s before and {after:.0}/s after");
}

fn act(args: &[&str]) {
    assert!(Command::new(std::env::current_exe().unwrap()).args(args).status().unwrap().success());
}

fn tool(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    folders.map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// A running smtp-sink.
struct Sink {
    child: Child,
    port: u16,
}

impl Sink {
    fn start(tool: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(tool);
        // It asks for this where it is started by root.
        let is_root = std::fs::read_to_string("/proc/self/status").unwrap().contains("\nUid:\t0\t");
        command.args(if is_root { &["-u", "nobody"][..] } else { &[] });
        let child = command.args([&format!("127.0.0.1:{port}"), "128"]).stdin(Stdio::null()).spawn().unwrap();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::sleep(Duration::from_millis(10));
        }
        Self { child, port }
    }

    /// Messages a second of smtp-source, sessions kept.
    fn source(&self, tool: &Path, people: &str) -> f64 {
        let began = Instant::now();
        let (sessions, octets) = (SESSIONS.to_string(), OCTETS.to_string());
        let args = ["-d", "-s", &sessions, "-l", &octets, "-m", people, "-f", "updates@example.org", "-t", "r@example.org"];
        let done = Command::new(tool).args(args).arg(format!("127.0.0.1:{}", self.port)).status().unwrap();
        assert!(done.success());
        people.parse::<f64>().unwrap() / began.elapsed().as_secs_f64()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// The real transport, counting what leaves.
struct Counted {
    inner: SmtpMail,
    octets: AtomicU64,
}

impl Mail for Counted {
    fn send(&self, message: Message) -> BoxFuture<'_, Result<String, Refusal>> {
        self.octets.fetch_add(message.bytes.len() as u64, Ordering::Relaxed);
        self.inner.send(message)
    }
}

async fn run(folder: &Path, port: u16) {
    let town = Town::open(folder).await;
    town.plan().await;
    let settings =
        SmtpSettings { host: "127.0.0.1".to_owned(), port, tls: Tls::None, login: None, connections: SESSIONS, hello: None };
    let mail = Counted { inner: SmtpMail::new(settings, SmtpPatience::default(), None).unwrap(), octets: AtomicU64::new(0) };
    let known = Sources::read(&town.store, &town.sources).await.unwrap();
    let postman = town.postman(&mail, &known, 2 * SESSIONS as usize);
    let before = Sample::take(&town.engine);
    let delivered = deliver(&town.store, &postman, &|| false).await.unwrap();
    assert_eq!((delivered.refused, delivered.postponed), (0, 0), "{:?}", delivered.last_reply);
    let octets = mail.octets.load(Ordering::Relaxed) / delivered.sent as u64;
    before.report(&format!("sending messages of {octets} octets"), delivered.sent as u64, &town.engine);
}
