//! How fast mail leaves: a digest through the real deliver step, the real store and the real transport to Postfix's
//! `smtp-sink`, beside `smtp-source` with as many kept sessions and messages as long, in the same run.
//!
//! `cargo bench --bench send` sends to 10,000 and to 100,000 people, unsigned, signed with Ed25519 and with RSA; `--
//! PEOPLE…` to other numbers. The tools are looked for on PATH and in /usr/sbin; without them there is nothing to measure
//! against.

// A bench may stop where a program may not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::cast_precision_loss)]

mod town;

use boardwatch::config::{DkimSettings, SmtpSettings, Tls};
use boardwatch::domain::delivery::Refusal;
use boardwatch::edge::dkim::key::{Algorithm, Key};
use boardwatch::edge::dkim::{Dkim, SignedMail};
use boardwatch::edge::smtp::{SmtpMail, SmtpPatience};
use boardwatch::engine::deliver::deliver;
use boardwatch::engine::known::Sources;
use boardwatch::ports::{Mail, Message, Parcel, Unsent};
use futures::future::BoxFuture;
use mimalloc::MiMalloc;
use serde::{Deserialize, Serialize};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use town::{Sample, Town, cpu_seconds, seed};

/// Sessions, ours and smtp-source's.
const SESSIONS: u32 = 10;
/// So many people show how long our messages are on the average; those of smtp-source are as long.
const SAMPLE: &str = "500";
/// Cores of the machine that the figures are for.
const CORES: f64 = 2.0;

/// The program's own.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    match args.as_slice() {
        ["seed", folder, people] => runtime.block_on(seed(Path::new(folder), people.parse().unwrap())),
        ["run", folder, port, key] => runtime.block_on(run(Path::new(folder), port.parse().unwrap(), Path::new(key))),
        [] => ["10000", "100000"].iter().for_each(|people| measure(people)),
        others => others.iter().for_each(|people| measure(people)),
    }
}

/// What a run of ours came to.
#[derive(Serialize, Deserialize)]
struct Run {
    sent: f64,
    seconds: f64,
    cpu: f64,
    octets: u64,
    above_mib: f64,
    resident_mib: f64,
}

/// One number of people: a process that makes the store, and one for each way of signing, between runs of smtp-source.
fn measure(people: &str) {
    let (Some(sink), Some(source)) = (tool("smtp-sink"), tool("smtp-source")) else {
        println!("sending is not measured: smtp-sink and smtp-source (Debian's package postfix) are not here");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (town, sample) = (folder.path().join("town"), folder.path().join("sample"));
    act(&["seed", town.to_str().unwrap(), people]);
    act(&["seed", sample.to_str().unwrap(), SAMPLE]);
    let sink = Sink::start(&sink);
    let octets = sink.send(&sample, Path::new("none")).octets;
    let mut before = sink.source(&source, people, octets);
    let mut others_cpu = 0.0;
    for (what, algorithm, bar) in
        [("unsigned", None, 0.7), ("Ed25519", Some(Algorithm::Ed25519), 0.5), ("RSA-2048", Some(Algorithm::Rsa), 0.7)]
    {
        let key = folder.path().join(what);
        if let Some(algorithm) = algorithm {
            std::fs::write(&key, Key::generate(algorithm).unwrap()).unwrap();
        }
        let copy = folder.path().join("copy");
        assert!(Command::new("cp").arg("-r").args([&town, &copy]).status().unwrap().success());
        let sink_cpu = sink.cpu();
        let run = sink.send(&copy, &key);
        let sink_cpu = (sink.cpu() - sink_cpu) / run.sent;
        std::fs::remove_dir_all(&copy).unwrap();
        let after = sink.source(&source, people, octets);
        let (rate, limit) = (run.sent / run.seconds, f64::midpoint(before, after));
        println!(
            "{people} people, {what}: {rate:.0} messages/s of {} octets, {:.0} µs of processor each and {:.0} µs of smtp-sink's \
             ({:.2} cores together); {:.0} MiB above {:.0} MiB; smtp-source {before:.0}/s before and {after:.0}/s after: {:.2} of it{}",
            run.octets,
            run.cpu * 1e6 / run.sent,
            sink_cpu * 1e6,
            rate * (run.cpu / run.sent + sink_cpu),
            run.above_mib,
            run.resident_mib,
            rate / limit,
            if algorithm == Some(Algorithm::Rsa) { String::new() } else { format!(" (bar {bar})") },
        );
        match algorithm {
            None => others_cpu = run.cpu / run.sent + sink_cpu,
            Some(Algorithm::Rsa) => {
                // All cores, less what a message costs besides.
                let signs = signatures_a_second(&key);
                let limit = CORES / (others_cpu + 1.0 / signs);
                let had = rate * (run.cpu / run.sent + sink_cpu);
                println!(
                    "{people} people, {what}: the library makes {signs:.0} signatures/s a core, {limit:.0}/s with what else a \
                     message costs: {:.2} of it, {:.2} of what the cores that it had make (bar {bar})",
                    rate / limit,
                    rate / limit * CORES / had.min(CORES)
                );
            }
            Some(Algorithm::Ed25519) => {}
        }
        before = after;
    }
}

/// Starts this program again and answers with what it prints.
fn act(args: &[&str]) -> String {
    let done = Command::new(std::env::current_exe().unwrap()).args(args).stderr(Stdio::inherit()).output().unwrap();
    assert!(done.status.success());
    String::from_utf8(done.stdout).unwrap()
}

fn tool(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    folders.map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// What one core of the signing library does with messages as short as can be.
fn signatures_a_second(key: &Path) -> f64 {
    let dkim = Dkim::load([&dkim_settings(key)]).unwrap();
    let message = b"From: a@example.org\r\nTo: b@example.org\r\n\r\nx\r\n";
    let (began, cpu) = (Instant::now(), cpu_seconds());
    let mut signed = 0.0;
    while began.elapsed() < Duration::from_secs(2) {
        std::hint::black_box(dkim.sign(message));
        signed += 1.0;
    }
    signed / (cpu_seconds() - cpu)
}

fn dkim_settings(key: &Path) -> DkimSettings {
    DkimSettings { selector: "s1".to_owned(), domain: "example.org".to_owned(), private_key_file: key.to_owned() }
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

    /// Sends what the people of `town` are to be told, signed with `key` where there is such a file.
    fn send(&self, town: &Path, key: &Path) -> Run {
        let said = act(&["run", town.to_str().unwrap(), &self.port.to_string(), key.to_str().unwrap()]);
        serde_json::from_str(&said).unwrap()
    }

    /// Messages a second of smtp-source, sessions kept.
    fn source(&self, tool: &Path, people: &str, octets: u64) -> f64 {
        let began = Instant::now();
        let (sessions, octets) = (SESSIONS.to_string(), octets.to_string());
        let args = ["-d", "-s", &sessions, "-l", &octets, "-m", people, "-f", "updates@example.org", "-t", "r@example.org"];
        let done = Command::new(tool).args(args).arg(format!("127.0.0.1:{}", self.port)).status().unwrap();
        assert!(done.success());
        people.parse::<f64>().unwrap() / began.elapsed().as_secs_f64()
    }

    /// Seconds of processor time so far.
    fn cpu(&self) -> f64 {
        town::cpu_seconds_of(&format!("/proc/{}/stat", self.child.id()))
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// The transport, counting what leaves.
struct Counted {
    inner: Box<dyn Mail>,
    octets: AtomicU64,
}

impl Mail for Counted {
    fn send(&self, message: Message) -> BoxFuture<'_, Result<String, Refusal>> {
        self.octets.fetch_add(message.bytes.len() as u64, Ordering::Relaxed);
        self.inner.send(message)
    }

    fn send_in_turn(&self, parcel: Parcel) -> BoxFuture<'_, Result<String, Unsent>> {
        self.octets.fetch_add(parcel.message.bytes.len() as u64, Ordering::Relaxed);
        self.inner.send_in_turn(parcel)
    }
}

async fn run(folder: &Path, port: u16, key: &Path) {
    let town = Town::open(folder).await;
    town.plan().await;
    let settings =
        SmtpSettings { host: "127.0.0.1".to_owned(), port, tls: Tls::None, login: None, connections: SESSIONS, hello: None };
    let smtp = SmtpMail::new(settings, SmtpPatience::default(), None).unwrap();
    let mail: Box<dyn Mail> = if key.is_file() {
        let signed = SignedMail::new(smtp, Dkim::load([&dkim_settings(key)]).unwrap());
        Box::new(signed)
    } else {
        Box::new(smtp)
    };
    let mail = Counted { inner: mail, octets: AtomicU64::new(0) };
    let known = Sources::read(&town.store, &town.sources).await.unwrap();
    let postman = town.postman(&mail, &known, 4 * SESSIONS as usize);
    let before = Sample::take(&town.engine);
    let delivered = deliver(&town.store, &postman, &|| false).await.unwrap();
    assert_eq!((delivered.refused, delivered.postponed), (0, 0), "{:?}", delivered.last_reply);
    let (seconds, cpu, above_mib, resident_mib) = before.until_now();
    let sent = delivered.sent as u64;
    let octets = mail.octets.load(Ordering::Relaxed) / sent;
    let run = Run { sent: sent as f64, seconds, cpu, octets, above_mib, resident_mib };
    println!("{}", serde_json::to_string(&run).unwrap());
}
