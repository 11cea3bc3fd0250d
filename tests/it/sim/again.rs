//! Mail that a broken server took and gave back is sent once more, wherever the program is stopped: to who got nothing and is
//! still to get it, and to nobody else.
//!
//! The order is given by an admin's command, which can be stopped too; who saw no answer gives it again.

use super::returned::{bounce_as, publish, sent_to, with_bounces};
use super::*;
use boardwatch::ports::Arrived;
use boardwatch::store::records::ReturnKind;

/// Passes of this story.
const PASSES: usize = 5;
const BACK: [&str; 3] = ["back@example.org", "daily@example.org", "left@example.org"];
const CAME: &str = "came@example.org";

fn cast() -> Cast {
    let people = [
        ("back@example.org", Cadence::Immediate, everything()),
        ("came@example.org", Cadence::Immediate, everything()),
        ("left@example.org", Cadence::Immediate, everything()),
        ("daily@example.org", Cadence::Daily, everything()),
    ];
    let config = config(site::site(), vec![blog_source()], &people);
    with_bounces(Cast { reloaded: config.clone(), reloaded_again: config.clone(), config, told: Vec::new() })
}

async fn stage(scene: usize, outside: &Arc<Outside>) {
    match scene {
        0 => before(outside),
        1 => {
            outside.set_clock("2026-11-21T07:00:00Z");
            publish(outside, 3);
        }
        2 => outside.set_clock("2026-11-21T07:31:00Z"),
        3 => {
            let back = BACK.map(|who| bounce_as("5.2.2", who, &sent_to(outside, who)));
            let mails = back.into_iter().enumerate().map(|(n, bytes)| Arrived { id: n.to_string(), envelope_to: None, bytes });
            outside.returns.lock().unwrap().extend(mails);
            outside.advance(60);
        }
        _ => {
            let leave = async |world: World| {
                let left = SubscriberId::of(&Address::parse("left@example.org").unwrap(), &world.key);
                world.store.end_subscriptions(&left, Ending::Unsubscribed, world.clock.now()).await.unwrap();
            };
            outside.meanwhile(leave).await;
            outside.advance(60);
        }
    }
}

/// Plays from `scene` on, whose stage is set. Answers with the scene in which the program was stopped, if it was.
async fn play(cast: &Cast, outside: &Arc<Outside>, scene: usize, stop: Option<usize>) -> Option<usize> {
    outside.fuse.arm(stop);
    for now in scene..PASSES {
        if now > scene {
            stage(now, outside).await;
        }
        let world = outside.start();
        let ordered = async {
            if now == PASSES - 1 {
                let since = FRIDAY.parse().unwrap();
                world.store.send_again(since, world.clock.now()).await.unwrap();
            }
        };
        let stopped = tokio::select! {
            biased;
            () = outside.blown() => true,
            () = ordered => false,
        };
        if stopped || outside.pass(&cast.config).await.is_none() {
            return Some(now);
        }
    }
    None
}

fn check(outside: &Outside, crashes: usize, what: &str) {
    let inbox = outside.inbox.lock().unwrap();
    let copies = |who: &str| inbox.values().filter(|(to, ..)| to == who).map(|(.., copies)| *copies).collect::<Vec<_>>();
    for who in ["back@example.org", "daily@example.org"] {
        let copies = copies(who);
        assert!(copies.len() == 1 && (2..=2 + crashes).contains(&copies[0]), "{what}: {who} {copies:?}");
    }
    for who in [CAME, "left@example.org"] {
        let copies = copies(who);
        assert!(copies.len() == 1 && (1..=1 + crashes).contains(&copies[0]), "{what}: {who} {copies:?}");
    }
}

async fn settled(outside: &Arc<Outside>, what: &str) {
    let store = outside.start().store;
    assert!(store.again().await.unwrap().is_none(), "{what}: the order is carried out");
    assert_eq!(store.waiting().await.unwrap().deliveries, 0, "{what}: nothing waits");
}

#[tokio::test]
async fn any_two_stops_while_mail_is_sent_again_leave_nobody_out_and_mail_nobody_else() {
    let cast = cast();
    let start = Outside::new(FRIDAY);
    stage(0, &start).await;
    // Until mail comes back the story is the usual one, which is stopped elsewhere.
    for scene in 0..3 {
        if scene > 0 {
            stage(scene, &start).await;
        }
        assert!(start.pass(&cast.config).await.is_some());
    }
    stage(3, &start).await;
    let undisturbed = start.fork();
    assert_eq!(play(&cast, &undisturbed, 3, None).await, None);
    let boundaries = undisturbed.fuse.passed();
    let store = undisturbed.start().store;
    let counts = store.returns_since(FRIDAY.parse().unwrap()).await.unwrap().counts;
    assert_eq!(counts, [(ReturnKind::Soft, 3)].into());
    check(&undisturbed, 0, "undisturbed");
    settled(&undisturbed, "undisturbed").await;
    let (mut stops, mut pairs) = (0, 0);
    for first in 1.. {
        let stopped = start.fork();
        let Some(scene) = play(&cast, &stopped, 3, Some(first)).await else { break };
        let outside = stopped.fork();
        assert_eq!(play(&cast, &outside, scene, None).await, None);
        check(&outside, 1, &format!("stopped at {first}"));
        settled(&outside, &format!("stopped at {first}")).await;
        stops = first;
        for second in 1.. {
            let outside = stopped.fork();
            let Some(again) = play(&cast, &outside, scene, Some(second)).await else { break };
            assert_eq!(play(&cast, &outside, again, None).await, None);
            check(&outside, 2, &format!("stopped at {first} and then {second}"));
            pairs += 1;
        }
    }
    all_stopped(stops, boundaries);
    println!("{boundaries} boundaries, {stops} single stops, {pairs} pairs while mail is sent again: nobody left out");
}
