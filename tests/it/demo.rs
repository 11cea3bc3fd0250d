//! `boardwatch demo`: the real program, from the command line to the mail in the box.

use mail_parser::MessageParser;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// What Trafford publishes, with the day on which it says it did.
const SEVEN: [(&str, &str); 7] = [
    ("Improvement Board Update 19 January 2021", "2021-02-23"),
    ("Improvement Board Update 8 December 2020", "2020-12-23"),
    ("Improvement Board Update 27 October 2020", "2020-11-11"),
    ("Improvement Board Update 15 September 2020", "2020-10-20"),
    ("Improvement Board Update March - August 2020", "2020-10-16"),
    ("Improvement Board Update - 25 February 2020", "2020-03-17"),
    ("Improvement Board Update - 14 January 2020", "2020-02-11"),
];
/// What was there before.
const TWO: [(&str, &str); 2] = [
    ("Improvement Plan Board Update - 3 December 2019", "2020-01-08"),
    ("Improvement Board Update - 22 October 2019", "2019-11-25"),
];
/// What the other councils publish; they give no day.
const OTHERS: [&str; 3] =
    ["Children’s Improvement Action Plan", "Children's Services Ofsted Update", "Children's Improvement Plan Quarterly Update"];
/// What the other councils had before.
const OTHERS_BEFORE: [&str; 2] = ["Draft improvement action plan", "Updates to Cabinet on Children's Services"];

fn demo(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_boardwatch"));
    command.arg("demo").arg("--dir").arg(dir).stdin(Stdio::null()).env_remove("RUST_LOG");
    command
}

fn toured(dir: &Path) -> Output {
    let output = demo(dir).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    output
}

/// The mails in the demo's box.
fn box_of(dir: &Path) -> Vec<PathBuf> {
    fs::read_dir(dir.join("mail")).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn a_tour_mails_what_is_new_once_and_shows_all_of_it_in_the_feed() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("tour");
    let output = toured(&dir);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let baseline = told.find("Trafford Council: silent baseline of 2; nobody is mailed about it.").expect(&told);
    let news = told.find("Trafford Council: 7 new.").expect(&told);
    assert!(baseline < news, "{told}");
    for words in [
        "Bury Council: 1 new.",
        "Herefordshire Council: 1 new.",
        "Torbay Council: 1 changed.",
        "Nothing else is new.",
        "1 mail sent",
    ] {
        assert_eq!(told.matches(words).count(), 1, "{words}: {told}");
    }

    let mails = box_of(&dir);
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert!(told.contains(mail.to_str().unwrap()), "{told}");
    assert!(told.contains(dir.join("feeds/all.xml").to_str().unwrap()), "{told}");
    holds_what_is_new(&fs::read(mail).unwrap());
    holds_everything_once(&fs::read(dir.join("feeds/all.xml")).unwrap());
}

fn holds_what_is_new(mail: &[u8]) {
    let mail = MessageParser::default().parse(mail).unwrap();
    assert_eq!(mail.to().unwrap().first().unwrap().address(), Some("resident@example.org"));
    assert_eq!((mail.text_body_count(), mail.html_body_count()), (1, 1));
    let text = mail.body_text(0).unwrap();
    let html = mail.body_html(0).unwrap().replace("&#39;", "'");
    for (part, name) in [(text.as_ref(), "text"), (html.as_str(), "HTML")] {
        for title in SEVEN.map(|(title, _)| title).iter().chain(&OTHERS) {
            assert!(part.contains(title), "{title} is not in the {name} part: {part}");
        }
        for title in TWO.map(|(title, _)| title).iter().chain(&OTHERS_BEFORE) {
            assert!(!part.contains(title), "{title} is no news, but in the {name} part: {part}");
        }
    }
}

fn holds_everything_once(feed: &[u8]) {
    let feed = feed_rs::parser::parse(feed).unwrap();
    let mut days: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in &feed.entries {
        let day = entry.published.unwrap().date_naive().to_string();
        days.entry(entry.title.as_ref().unwrap().content.clone()).or_default().push(day);
    }
    for (title, day) in SEVEN.iter().chain(&TWO) {
        assert_eq!(days.remove(*title), Some(vec![(*day).to_owned()]), "{title}");
    }
    for title in OTHERS.iter().chain(&OTHERS_BEFORE) {
        assert_eq!(days.remove(*title).map(|days| days.len()), Some(1), "{title}");
    }
    assert!(days.is_empty(), "{days:?}");
}

#[test]
fn a_second_tour_replaces_the_first() {
    let temp = tempfile::tempdir().unwrap();
    toured(temp.path());
    let first = box_of(temp.path());
    fs::write(temp.path().join("mail/stale.eml"), "of the first tour").unwrap();
    let told = String::from_utf8(toured(temp.path()).stdout).unwrap();
    assert!(told.contains("silent baseline of 2"), "{told}");
    let second = box_of(temp.path());
    assert_eq!((first.len(), second.len()), (1, 1), "{second:?}");
}

#[test]
fn a_folder_that_no_demo_made_is_left_alone() {
    let temp = tempfile::tempdir().unwrap();
    fs::write(temp.path().join("letters.txt"), "mine").unwrap();
    let output = demo(temp.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("holds files that no demo made"), "{said}");
    let names: Vec<_> = fs::read_dir(temp.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["letters.txt"]);
}

/// A demo that stays up; killed where a test fails before it has ended.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

impl Served {
    fn start(dir: &Path) -> (Self, Vec<String>) {
        let mut child = demo(dir).arg("--serve").stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let served = Self(child);
        let mut addresses = Vec::new();
        for line in lines.skip_while(|line| !line.starts_with("Still up")).skip(1) {
            addresses.extend(line.split_whitespace().filter_map(|word| word.strip_prefix("http://")).map(str::to_owned));
            if addresses.len() == 2 {
                break;
            }
        }
        (served, addresses)
    }

    fn end_by(mut self, signal: &str) {
        assert!(Command::new("kill").args([signal, &self.0.id().to_string()]).status().unwrap().success());
        let asked = Instant::now();
        let status = loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                break status;
            }
            assert!(asked.elapsed() < Duration::from_secs(30), "still running {:?} after {signal}", asked.elapsed());
            std::thread::sleep(Duration::from_millis(20));
        };
        assert_eq!(status.code(), Some(0), "after {signal}");
    }
}

/// What `http://address…` answers to one request.
fn ask(method: &str, address: &str) -> String {
    let (host, path) = address.split_once('/').unwrap();
    let mut line = TcpStream::connect(host).unwrap();
    line.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(line, "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_served_tour_stays_up_until_it_is_ended() {
    let temp = tempfile::tempdir().unwrap();
    let (served, addresses) = Served::start(temp.path());
    let [council, web] = addresses.as_slice() else { panic!("{addresses:?}") };
    assert!(ask("GET", council).contains("Four councils"));
    assert!(ask("GET", web).starts_with("HTTP/1.1 200"));
    assert!(ask("GET", &format!("{web}feeds/all.xml")).contains("Improvement Board Update 19 January 2021"));

    // The link that ends the mail leads here, and works.
    let mail = fs::read(&box_of(temp.path())[0]).unwrap();
    let mail = MessageParser::default().parse(&mail).unwrap();
    let text = mail.body_text(0).unwrap();
    let link = text.split_whitespace().find(|word| word.contains(&format!("http://{web}unsubscribe/"))).expect(&text);
    let link = link.trim_start_matches("http://");
    assert!(ask("GET", link).starts_with("HTTP/1.1 200"));
    assert!(ask("POST", link).starts_with("HTTP/1.1 "));

    let busy = demo(temp.path()).output().unwrap();
    assert_eq!(busy.status.code(), Some(1), "{busy:?}");
    assert!(String::from_utf8_lossy(&busy.stderr).contains("another demo runs in"), "{busy:?}");
    served.end_by("-INT");
}

#[test]
fn a_served_tour_ends_when_it_is_asked_to_terminate() {
    let temp = tempfile::tempdir().unwrap();
    let (served, addresses) = Served::start(temp.path());
    assert_eq!(addresses.len(), 2);
    served.end_by("-TERM");
}
