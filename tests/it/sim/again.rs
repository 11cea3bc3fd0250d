//! Mail that a broken server took and gave back is sent once more, wherever the program is stopped: to who got nothing and is
//! still to get it, and to nobody else.
//!
//! The order is given by an admin's command, which can be stopped too; who saw no answer gives it again.

use super::command::{Command, Stage, Tale};
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
    let stage: Stage = |scene, outside| async move { stage(scene, &outside).await }.boxed();
    let command: Command = |world| {
        let order = async move {
            world.store.send_again(FRIDAY.parse().unwrap(), world.clock.now()).await.unwrap();
        };
        order.boxed()
    };
    let tale = Tale { config: cast().config, passes: PASSES, stage, command };
    let held = async |outside: &Arc<Outside>, crashes: usize, what: &str| {
        check(outside, crashes, what);
        settled(outside, what).await;
        let counts = outside.start().store.returns_since(FRIDAY.parse().unwrap()).await.unwrap().counts;
        assert_eq!(counts, [(ReturnKind::Soft, 3)].into(), "{what}");
    };
    // Until mail comes back the story is the usual one, which is stopped elsewhere.
    tale.hold(3, "while mail is sent again: nobody left out", held).await;
}
