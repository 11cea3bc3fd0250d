//! The real program as a process: killed in mid-digest, run as a daemon, asked by admins meanwhile, ended by a signal.

use crate::support::app::App;
use crate::support::pages::{Chrome, blog};
use crate::support::smtp::{Act, Script};
use boardwatch::domain::choice::Choice;
use boardwatch::domain::consent::Wording;
use boardwatch::domain::subscriber::{Address, Cadence, Interests, SubscriberId};
use boardwatch::store::signups::Ask;
use chrono::TimeDelta;
use rustix::fs::{Mode, OFlags};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Nothing here takes so long; a test that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(300);

fn show(app: &App, posts: u32) {
    let posts: Vec<(u32, &str)> = (1..=posts).rev().map(|n| (n, "The Board met.")).collect();
    for (path, page) in blog(&posts, &Chrome::default()) {
        app.publish(&path, &page);
    }
}

fn boardwatch(app: &App, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_boardwatch"));
    command.arg("--config").arg(app.config_dir()).args(args).env_remove("RUST_LOG").stdin(Stdio::null());
    command
}

fn ask(app: &App, args: &[&str]) -> Output {
    boardwatch(app, args).output().unwrap()
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !is_so().await {
        assert!(began.elapsed() < PATIENCE, "waited too long until {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn ended(child: &mut Child) -> std::process::ExitStatus {
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        assert!(began.elapsed() < PATIENCE, "the process did not end");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_mid_digest_it_loses_nothing_and_repeats_at_most_once_a_kill() {
    // More than one bundle holds and one claim takes, so that kills fall between claims and bundles too.
    const PEOPLE: usize = 4_500;
    let app = App::set_up_with(Script::default().offering("PIPELINING")).await;
    app.watch("blog", "/blog/updates.aspx", "");
    let addresses: Vec<String> = (0..PEOPLE).map(|n| format!("reader-{n:04}@example.org")).collect();
    app.list("people", &addresses.iter().map(|a| (a.as_str(), "daily")).collect::<Vec<_>>());
    show(&app, 1);
    app.pass().await;
    app.advance(TimeDelta::hours(2));
    show(&app, 3);
    app.pass().await;

    let now = ["once", "--now", "2026-11-21T07:31:00Z"];
    let mut kills = 0;
    for taken in [1, 300, 1_050, 2_100, 3_900] {
        let mut child = boardwatch(&app, &now).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        until("some mail has arrived", async || app.smtp.taken() >= taken || child.try_wait().unwrap().is_some()).await;
        child.kill().unwrap();
        kills += usize::from(child.wait().unwrap().code().is_none());
    }
    let last = ask(&app, &now);
    assert!(last.status.success(), "{}", words(&last.stderr));
    assert!(kills > 2, "it was killed while it was at it");

    // By Message-ID: who got it, and how often.
    let mut copies: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for kept in app.smtp.kept() {
        let [to] = kept.to.as_slice() else { panic!("{:?}", kept.to) };
        let text = String::from_utf8(kept.bytes).unwrap().replace("=\r\n", "");
        assert!(text.contains("Improvement Board Update 2") && text.contains("Improvement Board Update 3"));
        let id = text.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap().to_owned();
        let (first, copies) = copies.entry(id).or_insert_with(|| (to.clone(), 0));
        assert_eq!(first, to, "one Message-ID, one reader");
        *copies += 1;
    }
    let reached: BTreeSet<&String> = copies.values().map(|(to, _)| to).collect();
    assert_eq!((copies.len(), reached.len()), (PEOPLE, PEOPLE), "one message each");
    let most = copies.values().map(|(_, n)| *n).max().unwrap();
    assert!(most <= 1 + kills, "{most} copies of one Message-ID after {kills} kills");
    let repeated = copies.values().filter(|(_, n)| *n > 1).count();
    println!("{kills} kills, {PEOPLE} people: lost 0, repeated {repeated}, most copies of one Message-ID {most}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_another_installations_key_or_none_nobody_is_added_ended_or_looked_for() {
    let app = App::set_up().await;
    app.watch("blog", "/blog/updates.aspx", "");
    let everything = ["--everything", "--cadence", "daily", "--note", "paper form, 3 March 2026"];
    for address in ["stays@example.org", "left@example.org"] {
        assert!(ask(&app, &[&["subscriber", "add", address], &everything[..]].concat()).status.success());
    }
    assert!(ask(&app, &["subscriber", "end", "left@example.org"]).status.success());
    let key = app.config().data_dir.join("secret.key");
    let (kept, links) = (std::fs::read(&key).unwrap(), std::fs::read(key.with_file_name("link-keys.json")).ok());
    for other in [None, Some([9; 32])] {
        match other {
            None => std::fs::remove_file(&key).unwrap(),
            Some(other) => std::fs::write(&key, other).unwrap(),
        }
        for args in [
            &["subscriber", "add", "left@example.org", "--everything", "--cadence", "daily", "--note", "by phone"][..],
            &["subscriber", "end", "stays@example.org"],
            &["subscriber", "erase", "stays@example.org"],
            &["subscriber", "list"],
            &["suppression", "lift", "stays@example.org"],
            &["suppression", "lift", "--reason", "gone"],
            &["suppression", "list"],
            &["suppression", "export"],
            &["mail", "resume"],
            &["mail", "again", "--since", "2026-11-20"],
            &["rotate"],
            &["rotate", "--forget-old"],
            &["send-test", "reader@example.org"],
            &["preview", "digest", "--to", "reader@example.org"],
            &["status"],
        ] {
            let said = ask(&app, args);
            let all = words(&said.stdout) + &words(&said.stderr);
            assert_eq!(said.status.code(), Some(1), "{args:?}: {all}");
            assert!(all.contains("Put back the secret.key"), "{args:?}: {all}");
        }
        assert_eq!(std::fs::read(key.with_file_name("link-keys.json")).ok(), links, "and no link is touched");
        assert_eq!(key.exists(), other.is_some(), "no key is made for people who are known by another");
    }
    std::fs::write(&key, kept).unwrap();
    assert!(ask(&app, &["subscriber", "end", "stays@example.org"]).status.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_keys_of_links_that_were_sent_nothing_goes_on_until_they_are_back_or_given_up() {
    let app = App::set_up().await;
    let everything = ["--everything", "--cadence", "daily", "--note", "paper form, 3 March 2026"];
    assert!(ask(&app, &[&["subscriber", "add", "stays@example.org"], &everything[..]].concat()).status.success());
    let (links, dump) = (app.config().data_dir.join("link-keys.json"), app.dir.path().join("all.zst"));
    let dump_args = ["dump", dump.to_str().unwrap()];
    assert!(ask(&app, &dump_args).status.success());
    let kept = std::fs::read(&links).unwrap();
    std::fs::remove_file(&links).unwrap();
    for args in
        [&["run"][..], &["once"], &["status"], &["rotate"], &["subscriber", "list"], &["send-test", "a@example.org"], &dump_args]
    {
        let said = ask(&app, args);
        let all = words(&said.stdout) + &words(&said.stderr);
        assert_eq!(said.status.code(), Some(1), "{args:?}: {all}");
        assert!(all.contains("link-keys.json is missing"), "{args:?}: {all}");
        assert!(!links.exists(), "{args:?}: no other key takes their place");
    }
    assert!(ask(&app, &["restore", "--force", dump.to_str().unwrap()]).status.success());
    assert_eq!(std::fs::read(&links).unwrap(), kept);
    assert!(ask(&app, &["subscriber", "list"]).status.success());
    std::fs::remove_file(&links).unwrap();
    assert!(ask(&app, &["rotate", "--forget-old"]).status.success(), "who has lost them for good may say so");
    assert!(ask(&app, &["subscriber", "list"]).status.success());
}

/// Another installation's keys of links.
const OTHERS: &str =
    "{\"keys\": [{\"id\": 1, \"made\": \"2026-01-01T00:00:00Z\", \"key\": \"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}]}";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_another_installations_keys_of_links_nothing_goes_on_and_no_dump_carries_them() {
    let app = App::set_up().await;
    let everything = ["--everything", "--cadence", "daily", "--note", "paper form, 3 March 2026"];
    assert!(ask(&app, &[&["subscriber", "add", "stays@example.org"], &everything[..]].concat()).status.success());
    let (links, dump) = (app.config().data_dir.join("link-keys.json"), app.dir.path().join("all.zst"));
    let dump_args = ["dump", dump.to_str().unwrap()];
    assert!(ask(&app, &dump_args).status.success());
    let (kept, dumped) = (std::fs::read(&links).unwrap(), std::fs::read(&dump).unwrap());
    std::fs::write(&links, OTHERS).unwrap();
    for args in
        [&["run"][..], &["once"], &["status"], &["rotate"], &["subscriber", "list"], &["send-test", "a@example.org"], &dump_args]
    {
        let said = ask(&app, args);
        let all = words(&said.stdout) + &words(&said.stderr);
        assert_eq!(said.status.code(), Some(1), "{args:?}: {all}");
        assert!(all.contains("link-keys.json does not hold the key that signs"), "{args:?}: {all}");
        assert_eq!(std::fs::read(&links).unwrap(), OTHERS.as_bytes());
    }
    assert_eq!(std::fs::read(&dump).unwrap(), dumped);
    // One that is made all the same lacks them, and who restores it hears of that.
    let without = app.dir.path().join("without.zst");
    let said = ask(&app, &["dump", without.to_str().unwrap()]);
    assert!(said.status.code() == Some(1) && words(&said.stderr).contains("not the keys of links"), "{}", words(&said.stderr));
    let said = ask(&app, &["restore", "--force", without.to_str().unwrap()]);
    let told = words(&said.stderr);
    assert!(said.status.success() && told.contains("The dump carries no keys of links"), "{told}");
    assert!(told.contains("rotate --forget-old"), "{told}");
    assert_eq!(ask(&app, &["once"]).status.code(), Some(1), "they are still another's");
    // The whole dump brings them back.
    assert!(ask(&app, &["restore", "--force", dump.to_str().unwrap()]).status.success());
    assert_eq!(std::fs::read(&links).unwrap(), kept);
    assert!(ask(&app, &["rotate"]).status.success() && ask(&app, &["subscriber", "list"]).status.success());
    // What lay there before that key was added lacks it.
    std::fs::write(&links, &kept).unwrap();
    assert_eq!(ask(&app, &["subscriber", "list"]).status.code(), Some(1));
    assert!(ask(&app, &["rotate", "--forget-old"]).status.success(), "who has lost it for good may say so");
    assert!(ask(&app, &["once"]).status.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_that_were_lost_are_missed_where_somebody_has_only_asked_for_updates() {
    let app = App::set_up().await;
    let (world, config) = app.start().await;
    let address = Address::parse("asks@example.org").unwrap();
    let choice = Choice::from_iter([(Cadence::Daily, Interests { everything: true, ..Interests::default() })]);
    let wording = Wording { version: "test/en".into(), text: "Yes.".into() };
    let ask_for = Ask { address: address.clone(), choice, monthly: false, wording, instead_of: None };
    let id = SubscriberId::of(&address, &world.key);
    world.store.record_request(&id, &ask_for, 9, app.now()).await.unwrap();
    drop(world);
    for name in ["link-keys.json", "secret.key"] {
        let path = config.data_dir.join(name);
        let kept = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        for args in [&["once"][..], &["status"], &["dump", app.dir.path().join("all.zst").to_str().unwrap()]] {
            let said = ask(&app, args);
            let all = words(&said.stdout) + &words(&said.stderr);
            assert!(said.status.code() == Some(1) && all.contains(name) && all.contains("is missing"), "{args:?}: {all}");
            assert!(!path.exists(), "{args:?}: no other key takes its place");
        }
        std::fs::write(&path, kept).unwrap();
    }
    assert!(ask(&app, &["subscriber", "list"]).status.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_to_be_kept_does_not_go_nowhere_in_silence() {
    let app = App::set_up().await;
    assert!(ask(&app, &["once"]).status.success());
    let run = |args: &str, out: &str| {
        let line = format!("\"$0\" --config \"$1\" {args} {out}");
        let mut shell = Command::new("sh");
        shell.args(["-c", &line, env!("CARGO_BIN_EXE_boardwatch")]).arg(app.config_dir()).output().unwrap()
    };
    for args in ["suppression export", "dump -"] {
        let closed = run(args, ">&-");
        assert_eq!(closed.status.code(), Some(1), "{args}");
        assert!(words(&closed.stderr).contains("standard output is closed"), "{args}: {}", words(&closed.stderr));
        assert!(run(args, ">/dev/null").status.success(), "{args}");
    }
    // A monitor that wants the exit code alone may give an output that leads nowhere both ways.
    for args in ["subscriber list --json", "suppression list --json", "status --json"] {
        assert!(run(args, "1<>/dev/null").status.success(), "{args}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_daemon_watches_tells_and_serves_while_admins_ask_and_ends_on_a_signal() {
    let app = App::set_up().await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let base = format!("http://127.0.0.1:{port}");
    let main = std::fs::read_to_string(app.config_dir().join("boardwatch.toml")).unwrap();
    let main = main.replace("listen = \"127.0.0.1:0\"", &format!("listen = \"127.0.0.1:{port}\""));
    app.write("boardwatch.toml", &main.replace("http://127.0.0.1:8080", &base));
    app.watch("blog", "/blog/updates.aspx", "every = \"1s\"\n");
    app.list("people", &[("now@example.org", "immediate"), ("stays@example.org", "immediate")]);
    show(&app, 1);

    let mut daemon = boardwatch(&app, &["-q", "run"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let web = reqwest::Client::new();
    let feed = format!("{base}/feeds/all.xml");
    until("the feed shows the baseline", async || match web.get(&feed).send().await {
        Ok(answer) => answer.text().await.is_ok_and(|text| text.contains("Improvement Board Update 1")),
        Err(_) => false,
    })
    .await;

    // A second program on the same store is refused; admins' commands go through the daemon.
    let refused = ask(&app, &["once"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(words(&refused.stderr).contains("another boardwatch is using the store"), "{}", words(&refused.stderr));
    let status = ask(&app, &["status", "--json"]);
    assert!(status.status.success(), "{}", words(&status.stderr));
    let status: serde_json::Value = serde_json::from_slice(&status.stdout).unwrap();
    assert_eq!(status["sources"][0]["items"], 1, "{status}");

    // Support work goes through it too.
    let subscriber = |args: &[&str]| {
        let said = ask(&app, &[&["subscriber"], args].concat());
        assert!(said.status.success(), "{args:?}: {}", words(&said.stderr));
        words(&said.stdout)
    };
    let other = "other@example.org";
    subscriber(&["add", other, "--everything", "--cadence", "weekly", "--monthly", "--note", "paper form, 3 March 2026"]);
    let shown: serde_json::Value = serde_json::from_str(&subscriber(&["show", other, "--json"])).unwrap();
    assert!(shown["gets_mail"] == true && shown["word_of_quiet_months_since"].is_string(), "{shown}");
    assert!(subscriber(&["list"]).contains(other));
    let both: serde_json::Value = serde_json::from_str(&subscriber(&["show", other, "now@example.org", "--json"])).unwrap();
    assert_eq!((&both[0], &both[1]["address"]), (&shown, &"now@example.org".into()), "one is a document, several a list of them");
    let some = ask(&app, &["subscriber", "show", other, "nobody@example.org"]);
    assert!(words(&some.stdout).contains(other) && words(&some.stderr).contains("nothing is held about nobody@example.org"));
    assert_eq!(some.status.code(), Some(1));
    for args in [["--reason", "A reason."].as_slice(), &["--tell", "--reason", " "], &["--tell", "--reason", &"x".repeat(301)]] {
        let refused = ask(&app, &[&["subscriber", "end", other], args].concat());
        assert_eq!(refused.status.code(), Some(2), "{args:?}: {}", words(&refused.stderr));
    }
    assert!(subscriber(&["export", other]).contains("paper form, 3 March 2026"));
    subscriber(&["end", other, "--tell", "--reason", "You asked for it\nby phone."]);
    assert!(
        subscriber(&["show", other]).contains("ended by an admin")
            && subscriber(&["show", other]).contains("(“You asked for it by phone.”)")
    );
    assert!(!subscriber(&["list"]).contains(other) && subscriber(&["list", "--all"]).contains(other));
    subscriber(&["erase", other]);
    let gone = ask(&app, &["subscriber", "show", other]);
    assert!(words(&gone.stderr).contains("erased on") && !gone.status.success(), "{}", words(&gone.stderr));

    // The council publishes, the reader is told, and leaves with one click.
    show(&app, 2);
    until("the mail arrives", async || !app.inbox("now@example.org").is_empty()).await;
    let kept = app.smtp.kept();
    let raw = kept.iter().map(|kept| words(&kept.bytes)).find(|raw| raw.contains("To: now@example.org")).unwrap();
    let one_click = raw.split("List-Unsubscribe: <").nth(1).unwrap().split('>').next().unwrap().to_owned();
    assert_eq!(web.get(&one_click).send().await.unwrap().status(), 405, "looking does not end anything");
    let left =
        web.post(&one_click).body("List-Unsubscribe=One-Click").header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(left.send().await.unwrap().status(), 200);
    show(&app, 3);
    until("the feed shows the third", async || {
        let answer = web.get(&feed).send().await.unwrap();
        answer.text().await.unwrap().contains("Improvement Board Update 3")
    })
    .await;
    // Both are planned together, so had there been a mail it would be in the outbox by now.
    until("the other reader is told", async || app.inbox("stays@example.org").len() == 2).await;
    until("nothing waits in the outbox", async || {
        let status = ask(&app, &["status", "--json"]);
        serde_json::from_slice::<serde_json::Value>(&status.stdout).unwrap()["outbox"]["waiting"] == 0
    })
    .await;
    assert_eq!(app.inbox("now@example.org").len(), 1);

    // A feed that has not changed is not sent again.
    let first = web.get(&feed).send().await.unwrap();
    let etag = first.headers()["etag"].to_str().unwrap().to_owned();
    let again = web.get(&feed).header("if-none-match", etag).send().await.unwrap();
    assert_eq!(again.status(), 304);

    signal(&daemon, "TERM");
    let status = ended(&mut daemon).await;
    assert_eq!(status.code(), Some(0));
    let status = ask(&app, &["status"]);
    assert!(status.status.success(), "the store opens again");
    for said in [status, ask(&app, &["check"])] {
        assert!(words(&said.stdout).contains("not mailed: now@example.org: unsubscribed on"), "{}", words(&said.stdout));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_daemon_waits_for_at_a_silent_mail_server_is_told_within_seconds_and_written_nowhere() {
    let app = App::set_up_with(Script::default().on("RCPT", [Act::Hang])).await;
    app.advance(chrono::Utc::now() - app.now());
    app.watch("blog", "/blog/updates.aspx", "");
    app.list("people", &[("reader@example.org", "immediate")]);
    show(&app, 1);
    app.pass().await;
    show(&app, 2);
    let (world, config) = app.start().await;
    let orders = boardwatch::engine::pass::Orders { all: true, hold_mail: true, ..Default::default() };
    world.pass(&config, &orders, &|_| {}, &|| false).await.unwrap();
    drop(world);
    let mut daemon = boardwatch(&app, &["-q", "run"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut status = serde_json::Value::Null;
    until("the silence is told", async || {
        let said = ask(&app, &["status", "--json"]);
        status = serde_json::from_slice(&said.stdout).unwrap_or_default();
        status["awaited"].as_array().is_some_and(|awaited| !awaited.is_empty())
    })
    .await;
    let (told, relay) = (&status["awaited"][0], format!("127.0.0.1:{}", app.smtp.port()));
    assert_eq!((told["relay"].as_str(), told["provider"].as_str()), (Some(relay.as_str()), Some("example.org")), "{told}");
    assert_eq!((told["step"].as_str(), told["lines"].as_u64()), (Some("envelope"), Some(1)), "{told}");
    let said = words(&ask(&app, &["status"]).stdout);
    let waits = format!("1 line waits for the mail server {relay} to say whether it takes a mail to example.org");
    assert!(said.contains(&waits), "{said}");
    daemon.kill().unwrap();
    daemon.wait().unwrap();
    let gone: serde_json::Value = serde_json::from_slice(&ask(&app, &["status", "--json"]).stdout).unwrap();
    assert_eq!(gone["awaited"], serde_json::json!([]), "whoever waited for it is gone");
}

#[tokio::test]
async fn a_faulty_configuration_is_told_with_places_and_nothing_is_done() {
    let app = App::set_up().await;
    app.write(
        "sources/blog.toml",
        "council = \"Blog Council\"\ntitel = \"Updates\"\nurl = \"http://council.example.org/\"\nreread = \"ten\"\n",
    );
    app.write(
        "subscriptions/people.toml",
        "note = \"x\"\n[[subscriber]]\naddress = \"nobody\"\nsources = [\"*\"]\n[[subscriber]]\naddress = \"a@example.org\"\nsources = [\"blogg\"]\n",
    );
    let check = ask(&app, &["check"]);
    assert_eq!(check.status.code(), Some(2));
    let said = words(&check.stdout);
    for place in ["blog.toml:2:1:", "blog.toml:4:10:", "people.toml:3:11:", "people.toml:7:12:"] {
        assert!(said.contains(place), "{place} in {said}");
    }
    assert!(said.contains("title") && said.contains("blog`"), "did you mean: {said}");
    let once = ask(&app, &["once"]);
    assert_eq!(once.status.code(), Some(2));
    assert!(!app.dir.path().join("var").exists(), "nothing is made");
}

#[tokio::test]
async fn lines_of_the_log_that_cannot_be_written_are_lost_and_end_nothing() {
    let app = App::set_up().await;
    app.watch("blog", "/blog/updates.aspx", "");
    show(&app, 3);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    // A disk that is full takes no line of the log.
    let once = boardwatch(&app, &["-vv", "once"]).stderr(full).stdout(Stdio::piped()).spawn().unwrap();
    let done = tokio::task::spawn_blocking(|| once.wait_with_output()).await.unwrap().unwrap();
    assert!(done.status.success(), "{:?}: {}", done.status, words(&done.stdout));
    assert!(words(&done.stdout).contains("blog"), "{}", words(&done.stdout));
}

#[tokio::test]
async fn a_dump_to_standard_output_that_is_closed_fails_and_one_to_nowhere_does_not() {
    let app = App::set_up().await;
    app.pass().await;
    let shell = |to: &str| {
        let line = format!("exec \"$0\" --config \"$1\" dump - {to}");
        let mut command = Command::new("sh");
        command.args(["-c", &line, env!("CARGO_BIN_EXE_boardwatch")]).arg(app.config_dir()).env_remove("RUST_LOG");
        command.stdin(Stdio::null()).output().unwrap()
    };
    let closed = shell(">&-");
    let said = words(&closed.stderr);
    assert!(closed.status.code() == Some(1) && said.contains("standard output is closed"), "{said}");
    let nowhere = shell(">/dev/null");
    assert!(nowhere.status.success(), "{}", words(&nowhere.stderr));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dump_that_is_killed_leaves_nothing_of_anybody_behind() {
    let app = App::set_up().await;
    let data_dir = app.config().data_dir;
    let addresses: Vec<String> = (0..3_000).map(|n| format!("reader-{n:04}@example.org")).collect();
    app.list("people", &addresses.iter().map(|a| (a.as_str(), "daily")).collect::<Vec<_>>());
    app.pass().await;
    let nameless = rustix::fs::open(&data_dir, OFlags::TMPFILE | OFlags::RDWR, Mode::RUSR);
    if let Err(error) = nameless {
        eprintln!("not tried: files on {} have names from the first ({error})", data_dir.display());
        return;
    }
    let names = || -> BTreeSet<_> { std::fs::read_dir(&data_dir).unwrap().map(|entry| entry.unwrap().file_name()).collect() };
    let before = names();
    let mut child = boardwatch(&app, &["dump", "-"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    // It has it whole before it hands on any of it, and nobody reads the rest.
    child.stdout.as_mut().unwrap().read_exact(&mut [0; 4]).unwrap();
    assert!(child.try_wait().unwrap().is_none(), "a pipe holds all of it: the test needs more people");
    assert_eq!(names(), before);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(names(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_is_shown_the_pages_that_came_and_each_as_it_came() {
    let app = App::set_up().await;
    app.watch("blog", "/blog/updates.aspx", "");
    show(&app, 1);
    app.pass().await;
    show(&app, 2);
    app.pass().await;
    let listed = ask(&app, &["source", "pages", "blog", "--json"]);
    assert!(listed.status.success(), "{}", words(&listed.stderr));
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    let pages = listed["pages"].as_array().unwrap();
    let listings: Vec<&serde_json::Value> =
        pages.iter().filter(|page| page["url"].as_str().unwrap().ends_with("/blog/updates.aspx")).collect();
    assert_eq!(listings.len(), 2, "the list as it was, and as it is: {listed}");

    let told = words(&ask(&app, &["source", "pages", "blog"]).stdout);
    assert_eq!(told.lines().count(), pages.len(), "{told}");
    for page in pages {
        let hash = page["sha256"].as_str().unwrap();
        assert!(told.contains(&hash[..16]), "{told}");
        let shown = ask(&app, &["source", "pages", "blog", "--show", &hash[..16]]);
        assert_eq!(shown.stdout.len() as u64, page["bytes"].as_u64().unwrap(), "{}", words(&shown.stderr));
        assert!(words(&shown.stdout).contains("<html"), "{}", words(&shown.stdout));
    }
    let unknown = ask(&app, &["source", "pages", "blog", "--show", "0000"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(
        words(&unknown.stderr).contains("no page of `blog` is kept whose SHA-256 begins with `0000`"),
        "{}",
        words(&unknown.stderr)
    );
}

#[tokio::test]
async fn a_check_that_cannot_say_what_it_found_fails_unless_nobody_reads_on() {
    let app = App::set_up().await;
    let shell = |args: &str| {
        let line = format!("exec \"$0\" --config \"$1\" {args}");
        let mut command = Command::new("sh");
        command.args(["-c", &line, env!("CARGO_BIN_EXE_boardwatch")]).arg(app.config_dir()).env_remove("RUST_LOG");
        command.stdin(Stdio::null()).output().unwrap()
    };
    for args in ["check", "check --json"] {
        let full = shell(&format!("{args} >/dev/full"));
        let said = words(&full.stderr);
        assert!(full.status.code() == Some(1) && said.contains("standard output"), "{args}: {said}");
        assert_eq!(shell(&format!("{args} >/dev/null")).status.code(), Some(0), "{args}");
    }
    // Whoever closed the pipe has read enough.
    let line = "{ \"$0\" --config \"$1\" check --json; echo $? >&2; } | true";
    let mut command = Command::new("sh");
    command.args(["-c", line, env!("CARGO_BIN_EXE_boardwatch")]).arg(app.config_dir()).env_remove("RUST_LOG");
    let closed = command.output().unwrap();
    assert_eq!(words(&closed.stderr).trim().lines().last(), Some("0"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_monitor_gets_its_document_whatever_is_wrong_with_a_key_or_a_page_that_is_kept() {
    let app = App::set_up().await;
    app.watch("blog", "/blog/updates.aspx", "");
    show(&app, 1);
    app.pass().await;
    let needs = || {
        let said = ask(&app, &["status", "--json"]);
        let document: serde_json::Value =
            serde_json::from_slice(&said.stdout).unwrap_or_else(|e| panic!("{e}: {}", words(&said.stderr)));
        (said.status.code(), document["needs_a_person"].to_string())
    };
    let key = app.config().data_dir.join("secret.key");
    let kept = std::fs::read(&key).unwrap();
    std::fs::write(&key, "short").unwrap();
    let (code, said) = needs();
    assert!(code == Some(1) && said.contains("secret.key does not hold 32 bytes"), "{said}");
    std::fs::write(&key, kept).unwrap();
    let pages = app.config().data_dir.join("snapshots/blog");
    let file = std::fs::read_dir(&pages).unwrap().flatten().find(|entry| entry.path().is_file()).unwrap().path();
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    let (code, said) = needs();
    assert!(code == Some(1) && said.contains(file.to_str().unwrap()) && said.contains("is a folder"), "{said}");
    let once = ask(&app, &["once"]);
    let said = words(&once.stderr);
    assert!(
        once.status.code() == Some(1) && said.contains("pages are not kept") && said.contains(file.to_str().unwrap()),
        "{said}"
    );
}
