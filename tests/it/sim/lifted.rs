//! A suppression that was wrong, and is lifted: what had come back, what was told to others meanwhile and the letter that was not
//! sent come to them once, wherever the program, and that command, are stopped.

use super::command::{Command, Stage, Tale};
use super::returned::{bounce_as, publish, sent_to, with_bounces};
use super::*;
use boardwatch::domain::occasion::Occasion;
use boardwatch::ports::Arrived;

/// Passes of this story; before the last one the suppression is lifted.
const PASSES: usize = 4;
const BACK: &str = "back@example.org";
const OTHER: &str = "other@example.org";
const LATER: &str = "Board Update 4";
const WELCOME: &str = "Welcome";

fn id(world: &World) -> SubscriberId {
    SubscriberId::of(&Address::parse(BACK).unwrap(), &world.key)
}

async fn stage(scene: usize, outside: &Arc<Outside>) {
    match scene {
        0 => before(outside),
        1 => {
            outside.set_clock("2026-11-20T12:30:00Z");
            publish(outside, 3);
        }
        2 => {
            outside.advance(180);
            let mail = bounce_as("5.1.1", BACK, &sent_to(outside, BACK));
            outside.returns.lock().unwrap().push(Arrived { id: "back".into(), envelope_to: None, bytes: mail });
            // It waits while the mail that came back is read.
            let welcome = async |world: World| {
                assert!(world.store.record_letter(&id(&world), Occasion::Welcome, world.clock.now()).await.unwrap());
            };
            outside.meanwhile(welcome).await;
            publish(outside, 4);
        }
        _ => outside.advance(60),
    }
}

/// Of each mail to `who` that tells this, how many copies.
fn copies(outside: &Outside, who: &str, what: &str) -> Vec<usize> {
    let inbox = outside.inbox.lock().unwrap();
    let says = |bytes: &[u8]| {
        let mail = mail_parser::MessageParser::default().parse(bytes).unwrap();
        let is_welcome = mail.subject().unwrap().contains(WELCOME);
        // A welcome shows the latest, too.
        if what == WELCOME { is_welcome } else { !is_welcome && mail.body_text(0).unwrap().replace('\n', " ").contains(what) }
    };
    inbox.values().filter(|(to, bytes, _)| to == who && says(bytes)).map(|(.., copies)| *copies).collect()
}

#[tokio::test]
async fn any_two_stops_while_a_suppression_is_lifted_leave_nothing_out_that_was_missed_and_tell_nothing_twice() {
    let stage: Stage = |scene, outside| async move { stage(scene, &outside).await }.boxed();
    let command: Command = |world| {
        let lift = async move {
            world.store.lift_suppression(&id(&world)).await.unwrap();
        };
        lift.boxed()
    };
    let people = [(BACK, Cadence::Immediate, everything()), (OTHER, Cadence::Immediate, everything())];
    let config = config(site::site(), vec![blog_source()], &people);
    let cast = with_bounces(Cast { reloaded: config.clone(), reloaded_again: config.clone(), config, told: Vec::new() });
    let tale = Tale { config: cast.config, passes: PASSES, stage, command };
    let held = async |outside: &Arc<Outside>, crashes: usize, what: &str| {
        for (who, said, least) in [(BACK, POST, 2), (BACK, LATER, 1), (BACK, WELCOME, 1), (OTHER, POST, 1), (OTHER, LATER, 1)] {
            let copies = copies(outside, who, said);
            let is_right = copies.len() == 1 && (least..=least + crashes).contains(&copies[0]);
            assert!(is_right, "{what}: {said} to {who}: {copies:?}");
        }
        let store = outside.start().store;
        assert!(store.missed(9).await.unwrap().is_empty() && store.suppressed().await.unwrap().is_empty(), "{what}");
        assert_eq!(store.waiting().await.unwrap().deliveries, 0, "{what}: nothing waits");
    };
    tale.hold(2, "while a suppression is lifted: nothing left out", held).await;
}
