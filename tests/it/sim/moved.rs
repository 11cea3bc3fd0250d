//! People who move to another address, leave and come back, or drop something, while mail waits for them: what waits is told
//! once, to who has it now, and nothing of it to who has left it behind; wherever the program is stopped.

use super::*;
use boardwatch::domain::choice::Choice;
use boardwatch::domain::consent::Wording;
use boardwatch::store::signups::{Ask, Yes};
use mail_parser::MessageParser;

/// Passes of this story.
const PASSES: usize = 11;
/// Who moves to an address that had nothing, each with how often they are told; several, so that in the order of planning
/// some stand before their new address and some behind it.
const MOVERS: [(&str, Cadence); 4] =
    [("a", Cadence::Immediate), ("b", Cadence::Immediate), ("c", Cadence::Daily), ("d", Cadence::Weekly)];
/// Who moves to an address that is told the same already.
const MERGERS: [(&str, Cadence); 2] = [("e", Cadence::Immediate), ("f", Cadence::Daily)];
/// Who leaves, is erased, or moves away, and comes back for something else.
const LEAVES: &str = "leaves@example.org";
const ERASED: &str = "erased@example.org";
const AWAY: &str = "away@example.org";
/// Who moves, and leaves there.
const GONE: &str = "gone@example.org";

fn old(who: &str) -> String {
    format!("{who}.before@example.org")
}

fn new(who: &str) -> String {
    let who = who.trim_end_matches("@example.org");
    format!("{who}.after@example.org")
}

fn id(world: &World, address: &str) -> SubscriberId {
    SubscriberId::of(&Address::parse(address).unwrap(), &world.key)
}

fn wording() -> Wording {
    Wording { version: "test/en".into(), text: "Yes.".into() }
}

async fn ask(world: &World, address: &str, choice: Choice, instead_of: Option<&str>) {
    let instead_of = instead_of.map(|before| id(world, before));
    let ask = Ask { address: Address::parse(address).unwrap(), choice, monthly: false, wording: wording(), instead_of };
    world.store.record_request(&id(world, address), &ask, 9, world.clock.now()).await.unwrap();
}

fn choice(cadence: Cadence, interests: Interests) -> Choice {
    Choice::from_iter([(cadence, interests)])
}

/// Says yes to the newest question that has none.
async fn say_yes(world: &World, address: &str) {
    let requests = world.store.requests(&id(world, address)).await.unwrap();
    let open = requests.iter().filter(|row| row.value.confirmed.is_none() && row.value.address.is_some());
    let Some(until) = open.map(|row| row.value.until).max() else { return };
    let said = world.store.record_yes(&id(world, address), until, world.clock.now()).await.unwrap();
    assert_eq!(said, Yes::Begins, "{address}");
}

/// Everybody who signs up at the beginning.
fn beginners() -> Vec<(String, Cadence)> {
    let moving = MOVERS.iter().chain(&MERGERS).map(|(who, cadence)| (old(who), *cadence));
    let there = MERGERS.iter().map(|(who, cadence)| (new(who), *cadence));
    let others = [LEAVES, ERASED, AWAY, GONE].map(|who| (who.to_owned(), Cadence::Immediate));
    moving.chain(there).chain(others).collect()
}

/// From where to where people move.
fn moves() -> Vec<(String, String)> {
    let both = MOVERS.iter().chain(&MERGERS).map(|(who, _)| (old(who), new(who)));
    both.chain([AWAY, GONE].map(|who| (who.to_owned(), new(who)))).collect()
}

/// What people do before a pass. Who sees no answer does it once more.
async fn act(scene: usize, world: &World) {
    let now = world.clock.now();
    let elsewhere = choice(Cadence::Immediate, of("issue"));
    match scene {
        0 => {
            for (who, cadence) in beginners() {
                ask(world, &who, choice(cadence, everything()), None).await;
            }
        }
        1 => {
            for (who, _) in beginners() {
                say_yes(world, &who).await;
            }
        }
        // What was published at noon waits for those who are told at once, and what Saturday brings will wait for the others.
        4 => {
            for (from, to) in moves() {
                let anything = choice(Cadence::Immediate, everything());
                ask(world, &to, anything, Some(&from)).await;
            }
            world.store.end_subscriptions(&id(world, LEAVES), Ending::Unsubscribed, now).await.unwrap();
            world.store.erase(&id(world, ERASED), Ending::Erased, now).await.unwrap();
            for who in [LEAVES, ERASED] {
                ask(world, who, elsewhere.clone(), None).await;
            }
        }
        5 => {
            for (_, to) in moves() {
                say_yes(world, &to).await;
            }
            for who in [LEAVES, ERASED] {
                say_yes(world, who).await;
            }
            ask(world, AWAY, elsewhere, None).await;
            world.store.end_subscriptions(&id(world, &new(GONE)), Ending::Unsubscribed, now).await.unwrap();
        }
        6 => say_yes(world, AWAY).await,
        _ => {}
    }
}

/// What happens outside before a pass.
fn happens(scene: usize, outside: &Outside) {
    match scene {
        0 => before(outside),
        2 => {
            outside.set_clock("2026-11-20T12:30:00Z");
            outside.show("https://blog.example.org/updates.aspx", &blog(3));
            outside.show(&post(3), &article(3));
        }
        3 => outside.set_clock("2026-11-21T07:31:00Z"),
        8 => {
            outside.advance(180);
            after(outside);
        }
        10 => outside.set_clock("2026-11-28T07:31:00Z"),
        _ => outside.advance(40),
    }
    outside.hold_mail.store((2..=6).contains(&scene), Ordering::SeqCst);
}

/// Plays from `scene` on, whose stage is set; what people do before the scene `acted` they have done. Answers with the scene in
/// which the program was stopped, if it was.
async fn play(config: &Config, outside: &Arc<Outside>, scene: usize, acted: usize, stop: Option<usize>) -> Option<usize> {
    outside.fuse.arm(stop);
    for now in scene..PASSES {
        if now > scene {
            happens(now, outside);
        }
        let world = outside.start();
        let acting = async {
            world.store.start_windows(world.clock.now()).await.unwrap();
            if now >= acted {
                act(now, &world).await;
            }
        };
        let stopped = tokio::select! {
            biased;
            () = outside.blown() => true,
            () = acting => false,
        };
        if stopped || outside.pass(config).await.is_none() {
            return Some(now);
        }
    }
    None
}

/// How often each was told of what.
type Told = BTreeMap<String, BTreeMap<&'static str, usize>>;

fn told(outside: &Outside, crashes: usize, what: &str) -> Told {
    let mut told = Told::new();
    for (to, bytes, copies) in outside.inbox.lock().unwrap().values() {
        assert!(*copies <= 1 + crashes, "{what}: {copies} copies to {to}");
        let message = MessageParser::default().parse(bytes).unwrap();
        let feedback = message.header_raw("Feedback-ID").unwrap_or_default();
        if feedback.contains("digest") {
            for title in titles(bytes) {
                *told.entry(to.clone()).or_default().entry(title).or_default() += 1;
            }
        }
    }
    told
}

fn check(outside: &Outside, crashes: usize, what: &str) {
    let once = |titles: &[&'static str]| titles.iter().map(|title| (*title, 1)).collect::<BTreeMap<_, _>>();
    let all = once(&[POST, REVISED, SECOND]);
    let mut expected = Told::new();
    for (who, _) in MOVERS.iter().chain(&MERGERS) {
        expected.insert(new(who), all.clone());
    }
    expected.insert(new(AWAY), all);
    for who in [LEAVES, ERASED, AWAY] {
        expected.insert(who.to_owned(), once(&[REVISED, SECOND]));
    }
    assert_eq!(told(outside, crashes, what), expected, "{what}");
}

async fn opening() -> (Config, Arc<Outside>) {
    let config = config(site::site(), vec![blog_source(), issue_source()], &[]);
    let outside = Outside::new(FRIDAY);
    happens(0, &outside);
    // Up to the news it is the story of every reader.
    outside.fuse.arm(None);
    for scene in 0..2 {
        if scene > 0 {
            happens(scene, &outside);
        }
        outside
            .meanwhile(async |world: World| {
                world.store.start_windows(world.clock.now()).await.unwrap();
                act(scene, &world).await;
            })
            .await;
        outside.pass(&config).await.unwrap();
    }
    happens(2, &outside);
    (config, outside)
}

#[tokio::test]
async fn what_waits_is_told_once_to_who_has_it_now_wherever_the_program_stops() {
    let (config, start) = opening().await;
    let outside = start.fork();
    assert_eq!(play(&config, &outside, 2, 2, None).await, None);
    check(&outside, 0, "undisturbed");
    let mut stops = 0;
    for stop in 1.. {
        let outside = start.fork();
        // What comes after all has been sent is the story of every reader.
        let Some(scene) = play(&config, &outside, 2, 2, Some(stop)).await.filter(|scene| *scene < 8) else { break };
        stops = stop;
        assert_eq!(play(&config, &outside, scene, 2, None).await, None);
        check(&outside, 1, &format!("stopped at {stop}"));
    }
    assert!(stops > 100, "{stops}");
    println!("{stops} single stops: what waits is told once, to who has it now");
}

#[tokio::test]
async fn who_moves_between_two_steps_of_planning_misses_nothing_and_is_told_nothing_twice() {
    let (config, start) = opening().await;
    let mut stops = 0;
    for stop in 1.. {
        let outside = start.fork();
        let Some(scene) = play(&config, &outside, 2, 2, Some(stop)).await.filter(|scene| *scene < 4) else { break };
        stops = stop;
        // The program is started again when everything has happened already.
        for scene in 4..=6 {
            outside.meanwhile(async |world: World| act(scene, &world).await).await;
        }
        assert_eq!(play(&config, &outside, scene, 7, None).await, None);
        check(&outside, 1, &format!("stopped at {stop}"));
    }
    assert!(stops > 40, "{stops}");
    println!("{stops} stops, and everybody moved before the program went on");
}

/// One person who is told of everything at once, and for whom the post waits.
async fn with_a_post_that_waits(mood: Mood) -> (Config, Arc<Outside>) {
    let config = config(site::site(), vec![blog_source(), issue_source()], &[]);
    let outside = Outside::new(FRIDAY);
    happens(0, &outside);
    outside
        .meanwhile(async |world: World| {
            world.store.start_windows(world.clock.now()).await.unwrap();
            ask(&world, LEAVES, choice(Cadence::Immediate, everything()), None).await;
            say_yes(&world, LEAVES).await;
        })
        .await;
    outside.pass(&config).await.unwrap();
    outside.set_clock("2026-11-20T12:30:00Z");
    after(&outside);
    *outside.moods.lock().unwrap() = vec![mood];
    outside.pass(&config).await.unwrap();
    assert_eq!(outside.start().store.waiting().await.unwrap().deliveries, 1);
    (config, outside)
}

#[tokio::test]
async fn what_may_have_come_to_the_one_address_is_not_told_again_at_the_other() {
    for (mood, came) in [(Mood::Greylists, new(LEAVES)), (Mood::Cuts, LEAVES.to_owned())] {
        let (config, outside) = with_a_post_that_waits(mood).await;
        outside
            .meanwhile(async |world: World| {
                ask(&world, &new(LEAVES), choice(Cadence::Immediate, everything()), Some(LEAVES)).await;
                say_yes(&world, &new(LEAVES)).await;
            })
            .await;
        for _ in 0..4 {
            outside.advance(120);
            outside.pass(&config).await.unwrap();
        }
        let told = told(&outside, 0, "moved");
        assert_eq!(told.keys().collect::<Vec<_>>(), [&came], "{mood:?}");
        assert_eq!(told[&came].values().sum::<usize>(), 3, "{mood:?}");
    }
}

#[tokio::test]
async fn who_chooses_anew_while_mail_waits_is_told_all_that_they_still_want() {
    let both = Interests { sources: vec!["blog".into(), "issue".into()], ..Interests::default() };
    let cases = [
        (choice(Cadence::Immediate, everything()), vec![REVISED, SECOND, POST]),
        (choice(Cadence::Immediate, both.clone()), vec![REVISED, SECOND, POST]),
        (choice(Cadence::Weekly, both), vec![REVISED, SECOND, POST]),
        (choice(Cadence::Immediate, of("issue")), vec![REVISED, SECOND]),
        (choice(Cadence::Daily, of("blog")), vec![POST]),
    ];
    for (chosen, expected) in cases {
        let (config, outside) = with_a_post_that_waits(Mood::Greylists).await;
        outside
            .meanwhile(async |world: World| {
                let now = world.clock.now();
                world.store.record_choice(&id(&world, LEAVES), &chosen, false, &wording(), now).await.unwrap();
            })
            .await;
        for clock in ["2026-11-20T15:00:00Z", "2026-11-21T07:31:00Z", "2026-11-28T07:31:00Z"] {
            outside.set_clock(clock);
            outside.pass(&config).await.unwrap();
        }
        let told = told(&outside, 0, "chosen anew");
        let mut titles: Vec<_> = told[LEAVES].keys().copied().collect();
        let mut expected = expected;
        titles.sort_unstable();
        expected.sort_unstable();
        assert_eq!(titles, expected, "{chosen:?}");
        assert!(told[LEAVES].values().all(|times| *times == 1), "{chosen:?}");
    }
}
