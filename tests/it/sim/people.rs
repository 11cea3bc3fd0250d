//! People who sign up, say yes, leave and are erased, wherever the program is stopped: nothing but the question goes to who
//! has not said yes, nothing at all to who has left, and of who was erased nothing is held.
//!
//! What somebody does on a page is done by the program too. Where it was stopped meanwhile, they saw no answer, and press
//! the button once more.

use super::*;
use boardwatch::domain::choice::Choice;
use boardwatch::domain::consent::Wording;
use boardwatch::rules::token::Purpose;
use boardwatch::store::engine::prefix_range;
use boardwatch::store::signups::{Ask, Asked, Yes};
use chrono::{DateTime, Utc};
use mail_parser::MessageParser;

/// Passes of this story.
const PASSES: usize = 8;
const SILENT: &str = "silent@example.org";
const STAYS: &str = "stays@example.org";
const LEAVES: &str = "leaves@example.org";
const ERASED: &str = "forget.me@example.org";

fn id(world: &World, address: &str) -> SubscriberId {
    SubscriberId::of(&Address::parse(address).unwrap(), &world.key)
}

/// The last minute in which a question that was asked at the story's beginning can be answered.
fn until() -> DateTime<Utc> {
    Purpose::Confirm.expiry(FRIDAY.parse().unwrap()).unwrap()
}

async fn ask(world: &World, address: &str) {
    let ask = Ask {
        address: Address::parse(address).unwrap(),
        choice: Choice::from_iter([(Cadence::Immediate, everything())]),
        monthly: false,
        wording: Wording { version: "test/en".into(), text: "Yes.".into() },
        instead_of: None,
    };
    let asked = world.store.record_request(&id(world, address), &ask, 3, world.clock.now()).await.unwrap();
    // Who presses twice within a minute has asked once.
    assert!(matches!(asked, Asked::Question | Asked::Corrected | Asked::TooOften), "{asked:?}");
}

async fn say_yes(world: &World, address: &str) {
    let said = world.store.record_yes(&id(world, address), until(), world.clock.now()).await.unwrap();
    assert_ne!(said, Yes::Unknown);
}

/// What people do before a pass.
async fn act(scene: usize, world: &World) {
    let now = world.clock.now();
    match scene {
        0 => {
            for address in [SILENT, STAYS, LEAVES, ERASED] {
                ask(world, address).await;
            }
        }
        1 => {
            for address in [STAYS, LEAVES, ERASED] {
                say_yes(world, address).await;
            }
        }
        // A post has been planned for all of them and is held back: two are gone before it leaves.
        3 => {
            world.store.end_subscriptions(&id(world, LEAVES), Ending::Unsubscribed, now).await.unwrap();
            world.store.erase(&id(world, ERASED), Ending::Erased, now).await.unwrap();
        }
        _ => {}
    }
}

/// What happens outside before a pass.
fn happens(scene: usize, outside: &Outside) {
    let posts = match scene {
        0 | 1 => 2,
        2 | 3 => 3,
        _ => 4,
    };
    outside.show("https://blog.example.org/updates.aspx", &blog(posts));
    for n in 1..=posts {
        outside.show(&post(n), &article(n));
    }
    outside.hold_mail.store(scene == 2, Ordering::SeqCst);
    if scene > 0 {
        outside.advance(if scene == 2 || scene == 4 { 150 } else { 40 });
    }
}

/// Plays from `scene` on, whose stage is set. Answers with the scene in which the program was stopped, if it was.
async fn play(config: &Config, outside: &Arc<Outside>, scene: usize, stop: Option<usize>) -> Option<usize> {
    outside.fuse.arm(stop);
    for now in scene..PASSES {
        if now > scene {
            happens(now, outside);
        }
        let world = outside.start();
        let acted = async {
            world.store.start_windows(world.clock.now()).await.unwrap();
            act(now, &world).await;
        };
        let stopped = tokio::select! {
            biased;
            () = outside.blown() => true,
            () = acted => false,
        };
        if stopped || outside.pass(config).await.is_none() {
            return Some(now);
        }
    }
    None
}

async fn check(outside: &Arc<Outside>, crashes: usize, what: &str) {
    let mut subjects: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (to, bytes, copies) in outside.inbox.lock().unwrap().values() {
        assert!(*copies <= 1 + crashes, "{what}: {copies} copies to {to}");
        let subject = MessageParser::default().parse(bytes).unwrap().subject().unwrap().to_owned();
        subjects.entry(to.clone()).or_default().push(subject);
    }
    let mut of = |who: &str| {
        let mut subjects = subjects.remove(who).unwrap_or_default();
        subjects.sort();
        subjects
    };
    let asked = "Confirm that you want updates from Improvement Board Watch".to_owned();
    let welcome = "Welcome to updates from Improvement Board Watch".to_owned();
    let news = |n: u32| format!("Blog: Board Update {n} ({n} November 2026)");
    assert_eq!(of(SILENT), std::slice::from_ref(&asked), "{what}: nothing but the question before the yes");
    assert_eq!(of(STAYS), [news(3), news(4), asked.clone(), welcome.clone()], "{what}: everything once");
    for left in [LEAVES, ERASED] {
        assert_eq!(of(left), [asked.clone(), welcome.clone()], "{what}: nothing to {left}");
    }
    assert!(subjects.is_empty(), "{what}: {subjects:?}");
    let store = outside.start().store;
    for (key, found) in store.engine().scan(prefix_range(b""), usize::MAX).await.unwrap() {
        let found = String::from_utf8_lossy(&found.value).into_owned();
        assert!(!found.contains("forget.me"), "{what}: {} holds {found}", String::from_utf8_lossy(&key));
    }
}

fn opening() -> Arc<Outside> {
    let outside = Outside::new(FRIDAY);
    happens(0, &outside);
    outside
}

#[tokio::test]
async fn any_single_stop_mails_nobody_who_has_not_said_yes_or_has_left() {
    let config = config(site::site(), vec![blog_source()], &[]);
    let outside = opening();
    assert_eq!(play(&config, &outside, 0, None).await, None);
    check(&outside, 0, "undisturbed").await;
    let boundaries = outside.fuse.passed();
    assert!(boundaries > 60, "{boundaries}");
    let mut stops = 0;
    for stop in 1.. {
        let outside = opening();
        let Some(scene) = play(&config, &outside, 0, Some(stop)).await else { break };
        stops = stop;
        assert_eq!(play(&config, &outside, scene, None).await, None);
        check(&outside, 1, &format!("stopped at {stop}")).await;
    }
    all_stopped(stops, boundaries);
    println!("{boundaries} boundaries, {stops} single stops: nobody mailed who should not be");
}
