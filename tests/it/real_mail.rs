//! Real mail servers: Postfix and Dovecot, each an instance of its own in a temporary folder on loopback. Mail goes through
//! TLS, log-in and greylisting into a mailbox, into one that is over quota and to nobody; what comes back suppresses; an
//! outside verifier believes the signature.
//!
//! Postfix's master runs only as root, and its parts as its own user. Where it or Dovecot is missing, the test says so and
//! is skipped.

mod dovecot;
mod mailbox;
mod postfix;

use crate::support::app::App;
use crate::support::pages::{Chrome, blog};
use boardwatch::config::{DkimSettings, Login, Secret, SmtpSettings, Tls};
use boardwatch::domain::subscriber::{Address, Ending, SubscriberId};
use boardwatch::edge::dkim::{Dkim, SignedMail};
use boardwatch::edge::lmtp;
use boardwatch::edge::smtp::{SmtpMail, SmtpPatience};
use boardwatch::engine::pass::{Orders, World};
use boardwatch::ports::Arrived;
use boardwatch::store::records::Person;
use chrono::TimeDelta;
use dovecot::Dovecot;
use futures::FutureExt;
use postfix::Postfix;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// So long a real server may take; nothing is measured by it.
const HANG: Duration = Duration::from_secs(180);

/// Whether everything is there, else why the test is skipped.
fn missing() -> Option<String> {
    let needed = ["/usr/sbin/postfix", "/usr/sbin/dovecot", "/usr/lib/dovecot/lmtp", "/usr/lib/dovecot/imap", "/usr/bin/openssl"];
    if let Some(program) = needed.into_iter().find(|program| !Path::new(program).exists()) {
        return Some(format!("{program} is not installed"));
    }
    let me = Command::new("id").arg("-u").output().unwrap().stdout;
    (me.trim_ascii() != b"0").then(|| "Postfix's master runs only as root".to_owned())
}

/// A port that is free now.
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Runs a command to its end and asks that it went well.
fn run(command: &mut Command) {
    let done = command.stdin(Stdio::null()).output().unwrap();
    assert!(
        done.status.success(),
        "{command:?}: {}{}",
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr)
    );
}

/// Greylisting as a policy service of Postfix: the first attempt for each recipient is put off, the next is fine.
async fn greylist(listener: TcpListener) {
    let seen = Arc::new(Mutex::new(HashSet::new()));
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(judge(stream, seen.clone()));
    }
}

/// Answers Postfix's questions on one line.
async fn judge(stream: TcpStream, seen: Arc<Mutex<HashSet<String>>>) {
    let mut line = BufReader::new(stream);
    let mut recipient = String::new();
    let mut attribute = String::new();
    while line.read_line(&mut attribute).await.is_ok_and(|read| read > 0) {
        if let Some(value) = attribute.strip_prefix("recipient=") {
            value.trim().clone_into(&mut recipient);
        } else if attribute.trim().is_empty() {
            let is_new = seen.lock().unwrap().insert(recipient.clone());
            let action = if is_new { "451 4.7.1 Greylisted, please try again in five minutes" } else { "DUNNO" };
            if line.write_all(format!("action={action}\n\n").as_bytes()).await.is_err() {
                return;
            }
        }
        attribute.clear();
    }
}

async fn suppressed(world: &World, address: &str) -> Option<Ending> {
    let id = SubscriberId::of(&Address::parse(address).unwrap(), &world.key);
    let person: Person = world.store.person(&id).await.unwrap().unwrap().value;
    person.suppressed.map(|(why, _)| why)
}

async fn until_it_answers(port: u16, what: &str) {
    let answering = async {
        loop {
            if let Ok(stream) = TcpStream::connect(("127.0.0.1", port)).await {
                let mut greeting = String::new();
                let mut line = BufReader::new(stream);
                if line.read_line(&mut greeting).await.is_ok_and(|read| read > 0) {
                    return;
                }
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(HANG, answering).await.unwrap_or_else(|_| panic!("{what} does not answer"));
}

/// What dkimpy says of the message, with `public` as the key in DNS; `None` where dkimpy is not installed.
fn verified_outside(message: &[u8], public: &str) -> Option<bool> {
    let script = "import sys, dkim\nkey = sys.argv[1].encode()\n\
                  print(dkim.verify(sys.stdin.buffer.read(), dnsfunc=lambda *a, **k: b'v=DKIM1; k=rsa; p=' + key))";
    if !Command::new("/usr/bin/python3").args(["-c", "import dkim"]).stderr(Stdio::null()).status().is_ok_and(|s| s.success()) {
        println!("skipped the outside verifier: python3-dkim is not installed");
        return None;
    }
    let mut python = Command::new("/usr/bin/python3")
        .args(["-c", script, public])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut python.stdin.take().unwrap(), message).unwrap();
    let said = python.wait_with_output().unwrap();
    Some(said.stdout.trim_ascii() == b"True")
}

/// A new signing key: its file, and what goes into DNS.
fn signing_key(folder: &Path) -> (PathBuf, String) {
    let file = folder.join("dkim.pem");
    run(Command::new("openssl").args(["genrsa", "-traditional", "-out"]).arg(&file).arg("2048"));
    let public = Command::new("openssl").arg("rsa").arg("-in").arg(&file).args(["-pubout"]).output().unwrap().stdout;
    let public = String::from_utf8(public).unwrap();
    (file, public.lines().filter(|line| !line.starts_with("-----")).collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_goes_through_real_servers_and_what_comes_back_suppresses() {
    if let Some(why) = missing() {
        println!("skipped: {why}");
        return;
    }
    let people =
        [("ok@town.example.org", "immediate"), ("full@town.example.org", "immediate"), ("nobody@town.example.org", "immediate")];
    let app = App::set_up().await;
    app.watch("blog", "/blog/updates.aspx", "");
    app.list("people", &people);
    let (submission, returns) = (free_port(), TcpListener::bind("127.0.0.1:0").await.unwrap());
    let text = std::fs::read_to_string(app.config_dir().join("boardwatch.toml")).unwrap();
    app.write("boardwatch.toml", &(text + "[mail.bounces]\naddress = \"bounces@boards.example.org\"\nsoft_max = 1\n"));
    let greylisting = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let policy_port = greylisting.local_addr().unwrap().port();
    let greylisting = tokio::spawn(greylist(greylisting));

    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (cert, key) = (made.cert.pem(), made.signing_key.serialize_pem());
    let dovecot = Dovecot::start(&["ok@town.example.org", "full@town.example.org"], "full@town.example.org", &cert, &key).await;
    let postfix = Postfix::start(
        &postfix::Ports {
            submission,
            auth: dovecot.auth_port,
            mailboxes: dovecot.lmtp_port,
            returns: returns.local_addr().unwrap().port(),
            policy: policy_port,
        },
        &cert,
        &key,
    );
    until_it_answers(submission, "Postfix").await;

    let (mut world, config) = app.start().await;
    let (key_file, public) = signing_key(app.dir.path());
    let settings = SmtpSettings {
        host: "localhost".into(),
        port: submission,
        tls: Tls::Starttls,
        login: Some(Login { username: "boardwatch".into(), password: Secret::new("open sesame".into()) }),
        connections: 2,
        hello: None,
    };
    let smtp = SmtpMail::new(settings, SmtpPatience::default(), Some(cert.as_bytes())).unwrap();
    let dkim = DkimSettings { selector: "s".into(), domain: "example.org".into(), private_key_file: key_file };
    world.mail = Arc::new(SignedMail::new(smtp, Dkim::load([&dkim]).unwrap()));
    let world = Arc::new(world);

    let (heard, mut hear) = mpsc::unbounded_channel();
    let (reader, reader_config) = (world.clone(), Arc::new(config.clone()));
    let take: Arc<lmtp::Take> = Arc::new(move |mail: Arrived| {
        let (world, config, heard) = (reader.clone(), reader_config.clone(), heard.clone());
        async move {
            let fate = world.reader(&config).take(&mail).await.map_err(|error| error.to_string());
            heard.send(mail).unwrap();
            fate
        }
        .boxed()
    });
    let stop = CancellationToken::new();
    let serving = tokio::spawn(lmtp::serve(returns, take, 1 << 20, stop.clone()));

    let orders = Orders { all: true, ..Orders::default() };
    let show = |posts: &[(u32, &str)]| {
        for (path, page) in blog(posts, &Chrome::default()) {
            app.publish(&path, &page);
        }
    };
    show(&[(1, "One.")]);
    world.pass(&config, &orders, &|_| {}, &|| false).await.unwrap();
    app.advance(TimeDelta::hours(3));
    show(&[(2, "The Board met."), (1, "One.")]);
    let first = world.pass(&config, &orders, &|_| {}, &|| false).await.unwrap().delivered;
    assert_eq!((first.sent, first.postponed), (0, 3), "greylisted: {first:?}\n{}", postfix.log());
    app.advance(TimeDelta::minutes(6));
    let second = world.pass(&config, &orders, &|_| {}, &|| false).await.unwrap().delivered;
    assert_eq!(second.sent, 3, "{second:?}\n{}", postfix.log());

    // Two bounces come back, each to its own address.
    for _ in 0..2 {
        let came = tokio::time::timeout(HANG, hear.recv()).await;
        assert!(came.is_ok(), "nothing came back\n{}\n{}", postfix.log(), dovecot.log());
    }
    assert_eq!(suppressed(&world, "nobody@town.example.org").await, Some(Ending::AddressGone), "{}", postfix.log());
    assert_eq!(suppressed(&world, "full@town.example.org").await, Some(Ending::Bouncing), "{}", postfix.log());
    assert_eq!(suppressed(&world, "ok@town.example.org").await, None);

    let kept = dovecot.mailbox("ok@town.example.org").await;
    assert_eq!(kept.len(), 1);
    let message = String::from_utf8(kept[0].clone()).unwrap();
    assert!(message.contains("The Board met.") && message.contains("DKIM-Signature:"), "{message}");
    if let Some(is_believed) = verified_outside(&kept[0], &public) {
        assert!(is_believed, "dkimpy does not believe it:\n{message}");
        assert_eq!(verified_outside(message.replace("The Board met.", "The Board slept.").as_bytes(), &public), Some(false));
    }

    // Nobody who is gone is mailed again.
    app.advance(TimeDelta::hours(3));
    show(&[(3, "Three."), (2, "The Board met."), (1, "One.")]);
    let third = world.pass(&config, &orders, &|_| {}, &|| false).await.unwrap().delivered;
    assert_eq!((third.sent, third.postponed), (1, 0), "{third:?}");
    stop.cancel();
    serving.await.unwrap();
    greylisting.abort();
}
