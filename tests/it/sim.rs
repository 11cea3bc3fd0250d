//! Stopping the program between any two effects, and between any two again, loses nothing and repeats little: the world
//! goes on, the program starts again on what is durable, and in the end everybody has been told everything once.

mod again;
mod brake;
mod command;
mod earlier;
mod full;
mod gathering;
mod late;
mod lifted;
mod moved;
mod overtaken;
mod people;
mod polls;
mod quiet;
mod refusing;
mod returned;
mod unanswered;

use crate::support::site;
use crate::support::world::{Mood, Outside, address, config};
use boardwatch::config::Config;
use boardwatch::domain::source::{Platform, Source, SourceId};
use boardwatch::domain::subscriber::{Address, Cadence, Ending, Interests, SubscriberId};
use boardwatch::engine::pass::World;
use boardwatch::store::records::{Gist, ItemState};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// When the story begins.
const FRIDAY: &str = "2026-11-20T10:00:00Z";

/// Who plays: the sources, the lists, and what each person must have been told by the end, by title.
struct Cast {
    config: Config,
    /// The configuration from the news on: somebody has been added to the lists.
    reloaded: Config,
    /// The one from the closing on: somebody has been taken off.
    reloaded_again: Config,
    told: Vec<(&'static str, Vec<&'static str>)>,
}

const POST: &str = "Board Update 3";
const REVISED: &str = "Cabinet looks at the plan";
const SECOND: &str = "Council hears of progress";

impl Cast {
    /// Two sources, all cadences, more people in each than one bundle takes; one in two lists with a cadence each, one who
    /// leaves, one who is added and one who is taken off.
    fn full() -> Self {
        let people = [
            ("at-once@example.org", Cadence::Immediate, everything()),
            ("daily@example.org", Cadence::Daily, everything()),
            ("also-daily@example.org", Cadence::Daily, everything()),
            ("weekly@example.org", Cadence::Weekly, of("blog")),
            ("left@example.org", Cadence::Daily, everything()),
            ("dropped@example.org", Cadence::Daily, everything()),
        ];
        let mut config = config(site::site(), vec![blog_source(), issue_source()], &people);
        for (name, cadence, interests) in [("second", Cadence::Immediate, of("blog")), ("third", Cadence::Daily, everything())] {
            list(&mut config, name, "both@example.org", cadence, interests);
        }
        let mut reloaded = config.clone();
        list(&mut reloaded, "fourth", "added@example.org", Cadence::Immediate, everything());
        let mut reloaded_again = reloaded.clone();
        reloaded_again.lists[0].subscribers.pop();
        let all = vec![POST, REVISED, SECOND];
        let everybody = ["at-once", "daily", "also-daily", "both", "added"];
        let told = everybody.map(|who| (who, all.clone())).into_iter().chain([("weekly", vec![POST])]).collect();
        Self { config, reloaded, reloaded_again, told }
    }

    /// One source that is one page, one person at once and two daily: few enough effects for every pair of stops.
    fn small() -> Self {
        let people =
            [("at-once@example.org", Cadence::Immediate, everything()), ("daily@example.org", Cadence::Daily, everything())];
        let source = Source { topics: Vec::new(), ..issue_source() };
        let config = config(site::site(), vec![source], &people);
        let told = ["at-once", "daily"].map(|who| (who, vec![REVISED, SECOND])).into();
        Self { reloaded: config.clone(), reloaded_again: config.clone(), config, told }
    }

    /// The configuration that is in force in a scene.
    fn config(&self, scene: usize) -> &Config {
        match scene {
            0 => &self.config,
            1 => &self.reloaded,
            _ => &self.reloaded_again,
        }
    }
}

/// Adds a list of one.
fn list(config: &mut Config, name: &str, who: &str, cadence: Cadence, interests: Interests) {
    let mut list = config.lists[0].clone();
    list.name = name.into();
    list.subscribers.truncate(1);
    list.subscribers[0].address = Address::parse(who).unwrap();
    (list.subscribers[0].cadence, list.subscribers[0].interests) = (cadence, interests);
    config.lists.push(list);
}

fn blog_source() -> Source {
    Source {
        platform: Platform::ContensisBlog,
        url: address("blog", "updates.aspx"),
        ..site::source("blog", "Blog Council", "Board updates")
    }
}

fn issue_source() -> Source {
    Source {
        platform: Platform::ModerngovIssue,
        url: address("issue", "ieIssueDetails.aspx?IId=7&Opt=3"),
        ..site::source("issue", "Issue Council", "Children's services")
    }
}

fn everything() -> Interests {
    Interests { everything: true, ..Interests::default() }
}

fn of(source: &str) -> Interests {
    Interests { sources: vec![source.to_owned()], ..Interests::default() }
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

/// Passes that the story has: the baseline, the news, the morning after, and what it takes to send the rest.
const SCENES: usize = 16;

/// What happens outside between two passes.
type Plot = fn(usize, Arc<Outside>) -> BoxFuture<'static, ()>;

/// The usual plot: news, a relay in a bad mood, and the morning after.
fn usual(scene: usize, outside: Arc<Outside>) -> BoxFuture<'static, ()> {
    async move { set(scene, &outside).await }.boxed()
}

/// Sets the scene before a pass.
async fn set(scene: usize, outside: &Arc<Outside>) {
    match scene {
        0 => before(outside),
        // One reader leaves; the councils publish; some hear of it at once, through a relay in a bad mood.
        1 => {
            let leave = async |world: World| {
                let left = SubscriberId::of(&Address::parse("left@example.org").unwrap(), &world.key);
                world.store.end_subscriptions(&left, Ending::Unsubscribed, world.clock.now()).await.unwrap();
            };
            outside.meanwhile(leave).await;
            outside.set_clock("2026-11-20T12:30:00Z");
            after(outside);
            *outside.moods.lock().unwrap() = vec![Mood::Takes, Mood::Cuts, Mood::Greylists];
        }
        // Saturday morning: daily and weekly windows close.
        2 => {
            outside.set_clock("2026-11-21T07:31:00Z");
            *outside.moods.lock().unwrap() = vec![Mood::Greylists, Mood::Takes, Mood::Cuts];
        }
        _ => outside.advance(40),
    }
}

/// Plays from the pass of `scene` on. Answers with the scene in which the program was stopped, if it was.
async fn play(cast: &Cast, outside: &Arc<Outside>, scene: usize, stop: Option<usize>) -> Option<usize> {
    play_on(usual, cast, outside, scene, stop).await
}

async fn play_on(plot: Plot, cast: &Cast, outside: &Arc<Outside>, scene: usize, stop: Option<usize>) -> Option<usize> {
    outside.fuse.arm(stop);
    for now in scene..SCENES {
        if now > scene {
            plot(now, outside.clone()).await;
        }
        if outside.pass(cast.config(now)).await.is_none() {
            return Some(now);
        }
        let is_held = outside.hold_mail.load(Ordering::SeqCst);
        if now > 2 && !is_held && outside.start().store.waiting().await.unwrap().deliveries == 0 {
            return None;
        }
    }
    None
}

/// The world before the first pass.
async fn opening() -> Arc<Outside> {
    let outside = Outside::new(FRIDAY);
    set(0, &outside).await;
    outside
}

fn titles(bytes: &[u8]) -> Vec<&'static str> {
    let message = mail_parser::MessageParser::default().parse(bytes).unwrap();
    let text = message.body_text(0).unwrap().replace('\n', " ");
    ["Board Update 1", "Board Update 2", POST, REVISED, SECOND].into_iter().filter(|title| text.contains(title)).collect()
}

/// The promises, whatever happened.
fn check(cast: &Cast, outside: &Outside, crashes: usize, feeds: &BTreeMap<String, Vec<u8>>, what: &str) {
    let inbox = outside.inbox.lock().unwrap();
    let cut = outside.cut.lock().unwrap();
    let mut told: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for (id, (to, bytes, copies)) in inbox.iter() {
        let allowed = 1 + crashes + cut.get(id).copied().unwrap_or(0);
        assert!(*copies <= allowed, "{what}: {copies} copies of {id}, at most {allowed} allowed");
        for title in titles(bytes) {
            *told.entry(to.trim_end_matches("@example.org")).or_default().entry(title).or_default() += 1;
        }
    }
    let expected: BTreeMap<&str, BTreeMap<&str, usize>> =
        cast.told.iter().map(|(to, titles)| (*to, titles.iter().map(|t| (*t, 1)).collect())).collect();
    assert_eq!(told, expected, "{what}: everybody is told everything once, and nobody else anything");
    let written = outside.feeds.lock().unwrap();
    assert_eq!(written.keys().collect::<Vec<_>>(), feeds.keys().collect::<Vec<_>>(), "{what}: the same feeds");
    for (path, bytes) in feeds {
        assert!(written[path] == *bytes, "{what}: {path} shows what is known");
    }
}

/// What each source's row says of its items' rows is so, whatever happened.
async fn gists_are_right(outside: &Arc<Outside>, what: &str) {
    let store = outside.start().store;
    for source in store.source_states().await.unwrap() {
        let id = SourceId::parse(std::str::from_utf8(&source.key).unwrap().trim_start_matches("src/")).unwrap();
        let items: Vec<ItemState> = store.items(&id).await.unwrap().into_iter().map(|row| row.value).collect();
        assert_eq!(source.value.gist, Gist::of(&items), "{what}: {id}");
    }
}

/// How many boundaries there are where nothing stops the program, and the feeds that it leaves.
async fn undisturbed(cast: &Cast) -> (usize, BTreeMap<String, Vec<u8>>) {
    let outside = opening().await;
    assert_eq!(play(cast, &outside, 0, None).await, None);
    let feeds = outside.feeds.lock().unwrap().clone();
    check(cast, &outside, 0, &feeds, "undisturbed");
    (outside.fuse.passed(), feeds)
}

/// Fails where a story was stopped at far fewer boundaries than it has. Which polls end first decides which of them share a
/// commit, so that one telling of it may have a few boundaries more than another.
fn all_stopped(stops: usize, boundaries: usize) {
    const FEW: usize = 6;
    assert!(stops.abs_diff(boundaries) <= FEW, "{stops} stops, {boundaries} boundaries");
}

#[tokio::test]
async fn undisturbed_everybody_is_told_everything_once() {
    let (boundaries, feeds) = undisturbed(&Cast::full()).await;
    assert!(boundaries > 80, "{boundaries} boundaries");
    assert!(feeds.contains_key("all.xml") && feeds.contains_key("council/issue-council.json"));
}

#[tokio::test]
async fn any_single_stop_loses_nothing_and_repeats_at_most_once() {
    let cast = Cast::full();
    let (boundaries, feeds) = undisturbed(&cast).await;
    let mut stops = 0;
    for stop in 1.. {
        let outside = opening().await;
        let Some(scene) = play(&cast, &outside, 0, Some(stop)).await else { break };
        assert_eq!(play(&cast, &outside, scene, None).await, None);
        check(&cast, &outside, 1, &feeds, &format!("stopped at {stop}"));
        gists_are_right(&outside, &format!("stopped at {stop}")).await;
        stops = stop;
    }
    all_stopped(stops, boundaries);
    println!("{boundaries} boundaries, {stops} single stops: nothing lost");
}

#[tokio::test]
async fn any_two_stops_lose_nothing_and_repeat_at_most_twice() {
    let cast = Cast::small();
    let (boundaries, feeds) = undisturbed(&cast).await;
    let mut schedules = 0;
    let mut stops = 0;
    for first in 1.. {
        let stopped = opening().await;
        let Some(scene) = play(&cast, &stopped, 0, Some(first)).await else { break };
        stops = first;
        for second in 1.. {
            let outside = stopped.fork();
            let Some(again) = play(&cast, &outside, scene, Some(second)).await else { break };
            assert_eq!(play(&cast, &outside, again, None).await, None);
            check(&cast, &outside, 2, &feeds, &format!("stopped at {first} and then {second}"));
            schedules += 1;
        }
    }
    all_stopped(stops, boundaries);
    println!("{boundaries} boundaries, {schedules} pairs of stops: nothing lost");
}
