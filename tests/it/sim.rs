//! Stopping the program between any two effects, and between any two again, loses nothing and repeats little: the world
//! goes on, the program starts again on what is durable, and in the end everybody has been told everything once.

use crate::support::site;
use crate::support::world::{Mood, Outside, address, config};
use boardwatch::config::Config;
use boardwatch::domain::source::{Platform, Source};
use boardwatch::domain::subscriber::{Address, Cadence, Ending, Interests, SubscriberId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What each person must have been told by the end, by title.
const TOLD: &[(&str, &[&str])] = &[
    ("at-once@example.org", &["Board Update 3", "Cabinet looks at the plan", "Council hears of progress"]),
    ("daily@example.org", &["Board Update 3", "Cabinet looks at the plan", "Council hears of progress"]),
    ("both@example.org", &["Board Update 3", "Cabinet looks at the plan", "Council hears of progress"]),
    ("weekly@example.org", &["Board Update 3"]),
];

fn sources() -> Vec<Source> {
    let blog = Source {
        platform: Platform::ContensisBlog,
        url: address("blog", "updates.aspx"),
        ..site::source("blog", "Blog Council", "Board updates")
    };
    let issue = Source {
        platform: Platform::ModerngovIssue,
        url: address("issue", "ieIssueDetails.aspx?IId=7&Opt=3"),
        ..site::source("issue", "Issue Council", "Children's services")
    };
    vec![blog, issue]
}

fn everything() -> Interests {
    Interests { everything: true, ..Interests::default() }
}

fn of(source: &str) -> Interests {
    Interests { sources: vec![source.to_owned()], ..Interests::default() }
}

fn people() -> Vec<(&'static str, Cadence, Interests)> {
    vec![
        ("at-once@example.org", Cadence::Immediate, everything()),
        ("daily@example.org", Cadence::Daily, everything()),
        ("weekly@example.org", Cadence::Weekly, of("blog")),
        ("left@example.org", Cadence::Daily, everything()),
    ]
}

/// Two lists: one person stands in both, with a cadence each.
fn settings() -> Config {
    let mut config = config(site::site(), sources(), &people());
    let mut second = config.lists[0].clone();
    second.name = "second".into();
    second.subscribers.truncate(2);
    for (entry, interests) in second.subscribers.iter_mut().zip([of("blog"), everything()]) {
        entry.address = Address::parse("both@example.org").unwrap();
        entry.interests = interests;
    }
    let both_daily = second.subscribers.pop().unwrap();
    let mut third = second.clone();
    third.name = "third".into();
    third.subscribers = vec![both_daily];
    config.lists.extend([second, third]);
    config
}

fn post(n: u32) -> String {
    format!("https://blog.example.org/updates/board-update-{n}.aspx")
}

fn blog(posts: u32) -> String {
    let entries: Vec<String> = (1..=posts)
        .rev()
        .map(|n| {
            format!(
                "<div class=\"sys_subitem\"><h2><a href=\"{}\">Board Update {n}</a></h2>\
                 <dl><dd class=\"sys_news-datepublished\">{n} November 2026</dd></dl></div>",
                post(n)
            )
        })
        .collect();
    let entries = entries.concat();
    format!(
        "<html><head><meta name=\"GENERATOR\" content=\"Contensis CMS Version 11.3\"><title>Updates</title></head><body>\
         <h1>Updates</h1><div class=\"sys_itemslist\"><h2>Recent posts</h2>{entries}</div>\
         <p>Displaying 1 to {posts} of {posts}</p></body></html>"
    )
}

fn article(n: u32) -> String {
    format!(
        "<html><head><meta name=\"GENERATOR\" content=\"Contensis CMS Version 11.3\"><title>Board Update {n}</title></head><body>\
         <div class=\"sys_record-control\"><h1>Board Update {n}</h1><p>Posted: {n} November 2026</p><p>Blog: 2026</p>\
         <p>The Board met for the {n}. time and looked at the plan.</p></div></body></html>"
    )
}

fn block(day: &str, body: &str, item: u32, title: &str, words: &str) -> String {
    format!(
        "<h3><a href=\"ieListDocuments.aspx?CId=1&amp;MId={item}\">Meeting: {day} - {body} (Item {item})</a></h3>\
         <p class=\"mgAiTitleTxt\">{item} {title}</p><div class=\"mgWordPara\"><p>{words}</p></div>"
    )
}

fn issue(blocks: &[String]) -> String {
    format!(
        "<html><head><title>Issue</title></head><body><div id=\"modgov\"><h1 class=\"mgMainTitleTxt\">Issue - meetings</h1>\
         <h2 class=\"mgSubTitleTxt\">Children's services</h2><div class=\"mgContent\">{}</div></div></body></html>",
        blocks.concat()
    )
}

fn before(outside: &Outside) {
    outside.show("https://blog.example.org/updates.aspx", &blog(2));
    for n in 1..=2 {
        outside.show(&post(n), &article(n));
    }
    let first = block("07/09/2026", "Cabinet", 58, "Cabinet looks at the plan", "Members noted the plan.");
    outside.show("https://issue.example.org/ieIssueDetails.aspx?IId=7&Opt=3", &issue(&[first]));
}

fn after(outside: &Outside) {
    outside.show("https://blog.example.org/updates.aspx", &blog(3));
    outside.show(&post(3), &article(3));
    let second = block("09/11/2026", "Council", 12, "Council hears of progress", "Progress was reported.");
    let first = block("07/09/2026", "Cabinet", 58, "Cabinet looks at the plan", "Members agreed the plan with changes.");
    outside.show("https://issue.example.org/ieIssueDetails.aspx?IId=7&Opt=3", &issue(&[second, first]));
}

/// The story, with the program stopped at each of `stops` boundaries after the last start. Answers with the number of
/// boundaries passed after the last stop, and how many stops there were.
async fn story(outside: &Arc<Outside>, stops: &[usize]) -> (usize, usize) {
    let config = settings();
    let mut stops = stops.iter();
    let mut crashes = 0;
    outside.fuse.arm(stops.next().copied());
    let mut step = async |outside: &Arc<Outside>| {
        while outside.pass(&config).await.is_none() {
            crashes += 1;
            outside.fuse.arm(stops.next().copied());
        }
    };
    // Friday: the baseline.
    before(outside);
    step(outside).await;
    // One reader leaves.
    outside
        .meanwhile(async |world| {
            let left = SubscriberId::of(&Address::parse("left@example.org").unwrap(), &world.key);
            world.store.end_subscriptions(&left, Ending::Unsubscribed, world.clock.now()).await.unwrap();
        })
        .await;
    // The councils publish; some hear of it at once, through a relay in a bad mood.
    outside.set_clock("2026-11-20T12:30:00Z");
    after(outside);
    *outside.moods.lock().unwrap() = vec![Mood::Takes, Mood::Cuts, Mood::Greylists];
    step(outside).await;
    // Saturday: daily and weekly windows close.
    outside.set_clock("2026-11-21T07:31:00Z");
    *outside.moods.lock().unwrap() = vec![Mood::Greylists, Mood::Takes, Mood::Cuts];
    step(outside).await;
    for _ in 0..40 {
        outside.advance(20);
        step(outside).await;
        if outside.start().store.outbox().await.unwrap().is_empty() {
            break;
        }
    }
    (outside.fuse.passed(), crashes)
}

fn titles(bytes: &[u8]) -> BTreeSet<&'static str> {
    let message = mail_parser::MessageParser::default().parse(bytes).unwrap();
    let text = message.body_text(0).unwrap().replace('\n', " ");
    let all: BTreeSet<&str> =
        TOLD.iter().flat_map(|(_, titles)| titles.iter().copied()).chain(["Board Update 1", "Board Update 2"]).collect();
    all.into_iter().filter(|title| text.contains(title)).collect()
}

/// The promises, whatever happened.
fn check(outside: &Outside, crashes: usize, feeds: &BTreeMap<String, Vec<u8>>, what: &str) {
    let inbox = outside.inbox.lock().unwrap();
    let cut = outside.cut.lock().unwrap();
    let mut told: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for (id, (to, bytes, copies)) in inbox.iter() {
        let allowed = 1 + crashes + cut.get(id).copied().unwrap_or(0);
        assert!(*copies <= allowed, "{what}: {copies} copies of {id}, at most {allowed} allowed");
        for title in titles(bytes) {
            *told.entry(to).or_default().entry(title).or_default() += 1;
        }
    }
    let expected: BTreeMap<&str, BTreeMap<&str, usize>> =
        TOLD.iter().map(|(to, titles)| (*to, titles.iter().map(|t| (*t, 1)).collect())).collect();
    assert_eq!(told, expected, "{what}: everybody is told everything once, and nobody else anything");
    let written = outside.feeds.lock().unwrap();
    assert_eq!(written.keys().collect::<Vec<_>>(), feeds.keys().collect::<Vec<_>>(), "{what}: the same feeds");
    for (path, bytes) in feeds {
        assert!(written[path] == *bytes, "{what}: {path} shows what is known");
    }
}

async fn undisturbed() -> (usize, BTreeMap<String, Vec<u8>>) {
    let outside = Outside::new("2026-11-20T10:00:00Z");
    let (boundaries, crashes) = story(&outside, &[]).await;
    assert_eq!(crashes, 0);
    let feeds = outside.feeds.lock().unwrap().clone();
    check(&outside, 0, &feeds, "undisturbed");
    (boundaries, feeds)
}

#[tokio::test]
async fn undisturbed_everybody_is_told_everything_once() {
    let (boundaries, feeds) = undisturbed().await;
    assert!(boundaries > 50, "{boundaries} boundaries");
    assert!(feeds.contains_key("all.xml") && feeds.contains_key("council/issue-council.json"));
}

#[tokio::test]
async fn any_single_stop_loses_nothing_and_repeats_at_most_once() {
    let (boundaries, feeds) = undisturbed().await;
    for stop in 1..=boundaries {
        let outside = Outside::new("2026-11-20T10:00:00Z");
        let (_, crashes) = story(&outside, &[stop]).await;
        check(&outside, crashes, &feeds, &format!("stopped at {stop}"));
    }
    println!("{boundaries} boundaries, {boundaries} single stops: nothing lost");
}

#[tokio::test]
async fn any_two_stops_lose_nothing_and_repeat_at_most_twice() {
    let (boundaries, feeds) = undisturbed().await;
    let mut schedules = 0;
    for first in 1..=boundaries {
        let outside = Outside::new("2026-11-20T10:00:00Z");
        let (rest, _) = story(&outside, &[first]).await;
        for second in 1..=rest {
            let outside = Outside::new("2026-11-20T10:00:00Z");
            let (_, crashes) = story(&outside, &[first, second]).await;
            check(&outside, crashes, &feeds, &format!("stopped at {first} and then {second}"));
            schedules += 1;
        }
    }
    println!("{boundaries} boundaries, {schedules} pairs of stops: nothing lost");
}
