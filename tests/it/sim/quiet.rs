//! Word of a month without news, wherever the program is stopped: once, and only to those who want it and heard nothing else.

use super::*;
use boardwatch::domain::choice::Choice;
use boardwatch::domain::consent::Wording;
use boardwatch::domain::occasion::Occasion;
use mail_parser::MessageParser;

/// Passes of this story.
const PASSES: usize = 6;

/// Who follows which source at which cadence, and wants word.
const PEOPLE: [(&str, Cadence, &str); 4] = [
    ("quiet@example.org", Cadence::Immediate, "blog"),
    ("also-quiet@example.org", Cadence::Daily, "blog"),
    ("told-in-the-month@example.org", Cadence::Weekly, "issue"),
    ("to-be-told@example.org", Cadence::Weekly, "other"),
];

fn show_issue(outside: &Outside, name: &str, blocks: usize) {
    let all = [
        block("07/09/2026", "Cabinet", 58, "Cabinet looks at the plan", "Members noted the plan."),
        block("09/11/2026", "Council", 12, "Council hears of progress", "Progress was reported."),
    ];
    outside.show(&format!("https://{name}.example.org/ieIssueDetails.aspx?IId=7&Opt=3"), &issue(&all[..blocks]));
}

fn happens(scene: usize, outside: &Outside) {
    match scene {
        // In October everybody begins.
        0 => {
            outside.show("https://blog.example.org/updates.aspx", &blog(2));
            for n in 1..=2 {
                outside.show(&post(n), &article(n));
            }
            show_issue(outside, "issue", 1);
            show_issue(outside, "other", 1);
        }
        // One page has news in the month, which is told on a Saturday in it…
        1 => {
            outside.set_clock("2026-11-12T10:00:00Z");
            show_issue(outside, "issue", 2);
        }
        2 => outside.set_clock("2026-11-14T07:31:00Z"),
        // …and another on its last day, which is not told before December.
        3 => {
            outside.set_clock("2026-11-30T10:00:00Z");
            show_issue(outside, "other", 2);
        }
        4 => outside.set_clock("2026-12-01T07:31:00Z"),
        _ => outside.advance(40),
    }
}

async fn begin(outside: &Arc<Outside>) {
    let begin = async |world: World| {
        world.store.start_windows(world.clock.now()).await.unwrap();
        for (address, cadence, source) in PEOPLE {
            let address = Address::parse(address).unwrap();
            let id = SubscriberId::of(&address, &world.key);
            let choice = Choice::from_iter([(cadence, of(source))]);
            world.store.record_noted(&id, &address, &choice, true, "a test", world.clock.now()).await.unwrap();
        }
        let unasked = Address::parse("unasked@example.org").unwrap();
        let id = SubscriberId::of(&unasked, &world.key);
        let choice = Choice::from_iter([(Cadence::Daily, of("blog"))]);
        world.store.record_noted(&id, &unasked, &choice, false, "a test", world.clock.now()).await.unwrap();
        // Who changes what they get goes on being told.
        let id = SubscriberId::of(&Address::parse("quiet@example.org").unwrap(), &world.key);
        let wording = Wording { version: "test/en".into(), text: "Yes.".into() };
        let choice = Choice::from_iter([(Cadence::Immediate, of("blog")), (Cadence::Daily, of("blog"))]);
        world.store.record_choice(&id, &choice, true, &wording, world.clock.now()).await.unwrap();
    };
    outside.meanwhile(begin).await;
}

async fn play(config: &Config, outside: &Arc<Outside>, scene: usize, stop: Option<usize>) -> Option<usize> {
    outside.fuse.arm(stop);
    for now in scene..PASSES {
        if now > scene {
            happens(now, outside);
        }
        if outside.pass(config).await.is_none() {
            return Some(now);
        }
    }
    None
}

fn check(outside: &Outside, crashes: usize, what: &str) {
    let mut words = Vec::new();
    for (to, bytes, copies) in outside.inbox.lock().unwrap().values() {
        assert!(*copies <= 1 + crashes, "{what}: {copies} copies to {to}");
        let message = MessageParser::default().parse(bytes).unwrap();
        if message.subject().unwrap() == "Still watching, nothing new since 1 November 2026" {
            let text = message.body_text(0).unwrap().into_owned();
            assert!(
                text.contains("Blog Council: Board updates") && text.contains("Quiet, as usual. Read just now"),
                "{what}: {text}"
            );
            assert!(text.contains("/manage/") && text.contains("/unsubscribe/"), "{what}: {text}");
            words.push(to.clone());
        }
    }
    words.sort();
    assert_eq!(words, ["also-quiet@example.org", "quiet@example.org"], "{what}");
}

#[tokio::test]
async fn word_of_a_quiet_month_comes_once_wherever_the_program_stops() {
    let sources = vec![
        blog_source(),
        issue_source(),
        Source {
            platform: Platform::ModerngovIssue,
            url: address("other", "ieIssueDetails.aspx?IId=7&Opt=3"),
            ..site::source("other", "Other Council", "Housing")
        },
    ];
    let config = config(site::site(), sources, &[]);
    let start = Outside::new("2026-10-20T10:00:00Z");
    begin(&start).await;
    happens(0, &start);
    assert!(start.pass(&config).await.is_some());
    happens(1, &start);

    let outside = start.fork();
    assert_eq!(play(&config, &outside, 1, None).await, None);
    check(&outside, 0, "undisturbed");
    let boundaries = outside.fuse.passed();
    assert!(boundaries > 30, "{boundaries}");
    let mut stops = 0;
    for stop in 1.. {
        let outside = start.fork();
        let Some(scene) = play(&config, &outside, 1, Some(stop)).await else { break };
        stops = stop;
        assert_eq!(play(&config, &outside, scene, None).await, None);
        check(&outside, 1, &format!("stopped at {stop}"));
    }
    all_stopped(stops, boundaries);
    println!("{boundaries} boundaries, {stops} single stops: word of a quiet month came once");
}

/// The subjects that somebody has got so far, without the welcome's.
fn subjects(outside: &Outside, to: &str) -> Vec<String> {
    let inbox = outside.inbox.lock().unwrap();
    let mine = inbox.values().filter(|(whose, ..)| whose == to);
    let mut subjects: Vec<(i64, String)> = mine
        .map(|(_, bytes, copies)| {
            assert_eq!(*copies, 1);
            let message = MessageParser::default().parse(bytes).unwrap();
            (message.date().unwrap().to_timestamp(), message.subject().unwrap().to_owned())
        })
        .collect();
    subjects.sort();
    subjects.into_iter().map(|(_, subject)| subject).collect()
}

#[tokio::test]
async fn every_month_without_news_brings_one_letter_also_after_another_one() {
    let config = config(site::site(), vec![blog_source(), issue_source()], &[]);
    let outside = Outside::new("2026-10-20T10:00:00Z");
    let reader = Address::parse("quiet@example.org").unwrap();
    let id = outside
        .meanwhile(async |world: World| {
            world.store.start_windows(world.clock.now()).await.unwrap();
            let id = SubscriberId::of(&reader, &world.key);
            let choice = Choice::from_iter([(Cadence::Daily, of("issue"))]);
            world.store.record_noted(&id, &reader, &choice, true, "a test", world.clock.now()).await.unwrap();
            id
        })
        .await;
    show_issue(&outside, "issue", 1);
    outside.show("https://blog.example.org/updates.aspx", &blog(1));
    outside.show(&post(1), &article(1));
    let watching = |since: &str| format!("Still watching, nothing new since {since}");
    let mut expected: Vec<String> = Vec::new();
    // The first of each month, with what has come by then. In January one mail brings news, and in December the reader asks for the
    // link to their page, which is no news.
    let months = [
        ("2026-11-01", None),
        ("2026-12-01", Some(watching("1 November 2026"))),
        ("2027-01-01", Some(watching("1 December 2026"))),
        ("2027-02-01", None),
        ("2027-03-01", Some(watching("1 February 2027"))),
        ("2027-04-01", Some(watching("1 March 2027"))),
    ];
    assert!(outside.pass(&config).await.is_some());
    for (first, letter) in months {
        for time in ["07:31:00", "08:10:00", "23:00:00"] {
            outside.set_clock(&format!("{first}T{time}Z"));
            assert!(outside.pass(&config).await.is_some());
        }
        expected.extend(letter);
        assert_eq!(subjects(&outside, reader.as_str()), expected, "{first}");
        if first == "2026-12-01" {
            outside.set_clock("2026-12-12T10:00:00Z");
            let asks = async |world: World| {
                world.store.record_letter(&id, Occasion::Manage, world.clock.now()).await.unwrap();
            };
            outside.meanwhile(asks).await;
            assert!(outside.pass(&config).await.is_some());
            expected.push("Your link to change updates from Improvement Board Watch".to_owned());
        }
        if first == "2027-01-01" {
            outside.set_clock("2027-01-12T10:00:00Z");
            show_issue(&outside, "issue", 2);
            assert!(outside.pass(&config).await.is_some());
            outside.set_clock("2027-01-13T07:31:00Z");
            assert!(outside.pass(&config).await.is_some());
            expected.extend(subjects(&outside, reader.as_str()).pop());
            assert!(!expected.last().unwrap().contains("watching"), "{expected:?}");
        }
    }
}
