//! What is told at once gathers first: pages that publish together are one mail, wherever the program is stopped.

use super::*;
use mail_parser::MessageParser;

const PAGES: [&str; 3] = ["one", "two", "three"];
const READER: &str = "at-once@example.org";

/// When what happens: the page that publishes then, if one does, and whether a round of visits is under way after it.
const STORY: [(&str, Option<&str>, bool); 8] = [
    ("2026-11-20T12:00:00Z", Some("one"), false),
    ("2026-11-20T12:00:02Z", Some("two"), true),
    ("2026-11-20T12:00:29Z", None, false),
    // The round of visits brings a third, and is waited for.
    ("2026-11-20T12:00:40Z", Some("three"), true),
    ("2026-11-20T12:00:41Z", None, false),
    ("2026-11-20T12:00:42Z", None, false),
    // Another finding, another mail.
    ("2026-11-20T12:00:43Z", Some("again"), false),
    ("2026-11-20T12:01:20Z", None, false),
];

fn source(name: &str) -> Source {
    Source {
        platform: Platform::ModerngovIssue,
        url: address(name, "ieIssueDetails.aspx?IId=7&Opt=3"),
        ..site::source(name, &format!("{name} Council"), "Children's services")
    }
}

fn publish(outside: &Outside, name: &str, words: &str) {
    let page = issue(&[block("07/09/2026", "Cabinet", 58, &format!("The plan of {name}"), words)]);
    outside.show(&format!("https://{name}.example.org/ieIssueDetails.aspx?IId=7&Opt=3"), &page);
}

/// What the daemon does at a moment of the story: it visits, plans what has gathered, and sends. `None`: the fuse blew.
async fn look(config: &Config, outside: &Arc<Outside>, is_reading: bool) -> Option<()> {
    let world = outside.start();
    let looks = async {
        world.settle_in(config).await.unwrap();
        let due = world.poller.due(&config.sources, true).await.unwrap();
        world.poll(due, &|_| {}, &|| false).await.unwrap();
        let reading_since = is_reading.then(|| world.clock.now());
        let reading_since = reading_since.map(|now| now - chrono::TimeDelta::seconds(38));
        world.plan_gathered(config, reading_since).await.unwrap();
        world.deliver(config, &|| false).await.unwrap();
    };
    tokio::select! {
        biased;
        () = outside.blown() => None,
        () = looks => Some(()),
    }
}

/// Tells the story from `moment` on. Answers with the moment at which the program was stopped, if it was.
async fn tell(config: &Config, outside: &Arc<Outside>, moment: usize, stop: Option<usize>) -> Option<usize> {
    outside.fuse.arm(stop);
    for (at, (clock, published, is_reading)) in STORY.into_iter().enumerate().skip(moment) {
        outside.set_clock(clock);
        match published {
            Some("again") => publish(outside, "one", "Members put the plan off."),
            Some(name) => publish(outside, name, "Members agreed the plan with changes."),
            None => {}
        }
        if look(config, outside, is_reading).await.is_none() {
            return Some(at);
        }
    }
    None
}

/// The mails, each as the pages that it tells of.
fn mails(outside: &Outside) -> Vec<Vec<&'static str>> {
    let inbox = outside.inbox.lock().unwrap();
    let said = inbox.values().map(|(to, bytes, _)| {
        assert_eq!(to, READER);
        let text = MessageParser::default().parse(bytes).unwrap().body_text(0).unwrap().into_owned();
        PAGES.into_iter().filter(|name| text.contains(&format!("The plan of {name}"))).collect::<Vec<_>>()
    });
    let mut said: Vec<_> = said.collect();
    said.sort_by_key(|pages| std::cmp::Reverse(pages.len()));
    said
}

#[tokio::test]
async fn pages_that_publish_together_are_one_mail_wherever_the_program_is_stopped() {
    let config = config(site::site(), PAGES.map(source).to_vec(), &[(READER, Cadence::Immediate, everything())]);
    let start = Outside::new(FRIDAY);
    for name in PAGES {
        publish(&start, name, "Members noted the plan.");
    }
    assert!(look(&config, &start, false).await.is_some());

    let outside = start.fork();
    assert_eq!(tell(&config, &outside, 0, None).await, None);
    assert_eq!(mails(&outside), [PAGES.to_vec(), vec!["one"]], "all that came together, and then what came later");
    let boundaries = outside.fuse.passed();
    let mut stops = 0;
    for stop in 1.. {
        let outside = start.fork();
        let Some(moment) = tell(&config, &outside, 0, Some(stop)).await else { break };
        assert_eq!(tell(&config, &outside, moment, None).await, None);
        assert_eq!(mails(&outside), [PAGES.to_vec(), vec!["one"]], "stopped at {stop}");
        stops = stop;
    }
    all_stopped(stops, boundaries);
}

/// A yes to everything at once, at this moment.
async fn joins(outside: &Arc<Outside>, who: &str) {
    let joins = async |world: World| {
        let address = Address::parse(who).unwrap();
        let choice = [(Cadence::Immediate, everything())].into_iter().collect();
        let id = SubscriberId::of(&address, &world.key);
        world.store.record_noted(&id, &address, &choice, false, "a test", world.clock.now()).await.unwrap();
    };
    outside.meanwhile(joins).await;
}

#[tokio::test]
async fn who_comes_while_findings_gather_is_told_of_something_new_that_it_is_new() {
    let config = config(site::site(), vec![source("one")], &[]);
    let outside = Outside::new(FRIDAY);
    let page = |blocks: &[String]| outside.show("https://one.example.org/ieIssueDetails.aspx?IId=7&Opt=3", &issue(blocks));
    let old = block("07/09/2026", "Cabinet", 58, "The old plan", "Members noted the plan.");
    let new = |words: &str| block("09/11/2026", "Council", 12, "The plan of one", words);
    page(std::slice::from_ref(&old));
    joins(&outside, "before@example.org").await;
    assert!(look(&config, &outside, false).await.is_some());
    // Found, corrected while it gathers, and told; somebody comes after the one and after the other.
    for (clock, words, who) in [
        ("2026-11-20T12:00:00Z", Some("Progress was reported."), Some("within@example.org")),
        ("2026-11-20T12:00:15Z", Some("Progress was slow, it was reported."), Some("last@example.org")),
        ("2026-11-20T12:00:40Z", None, None),
        ("2026-11-20T12:01:40Z", None, Some("after@example.org")),
        ("2026-11-20T12:02:00Z", Some("Progress was slow, and the plan is put off."), None),
        ("2026-11-20T12:02:40Z", None, None),
    ] {
        outside.set_clock(clock);
        if let Some(words) = words {
            page(&[new(words), old.clone()]);
        }
        assert!(look(&config, &outside, false).await.is_some());
        if let Some(who) = who {
            joins(&outside, who).await;
        }
    }
    let inbox = outside.inbox.lock().unwrap();
    let subjects = |who: &str| {
        let mails = inbox.values().filter(|(to, ..)| to == &format!("{who}@example.org"));
        let mut said: Vec<bool> = mails
            .map(|(_, bytes, _)| MessageParser::default().parse(bytes).unwrap().subject().unwrap().contains("changed: "))
            .collect();
        said.sort_unstable();
        said
    };
    // New, and then changed.
    assert_eq!(subjects("before"), [false, true]);
    assert_eq!(subjects("within"), [false, true]);
    // It was found and corrected before they came, and told to others when they were there.
    assert_eq!(subjects("last"), [true]);
    assert_eq!(subjects("after"), [true]);
}
