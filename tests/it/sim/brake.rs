//! Mail that comes back from everybody, of which the first are believed: they are mailed again once the brake is on, with what was
//! told meanwhile, and when an admin lets mail go on, with what came back; wherever the program, and that command, are stopped.

use super::returned::{bounce_as, publish, with_bounces};
use super::*;
use boardwatch::ports::Arrived;
use boardwatch::store::gone::Verdict;

/// Passes of this story; before the last one mail is let go on.
const PASSES: usize = 5;
/// Who is believed to be gone at first, and who not.
const FIRST: [&str; 1] = ["zero@example.org"];
const OTHERS: [&str; 4] = ["one@example.org", "two@example.org", "three@example.org", "four@example.org"];
const DAILY: &str = "daily@example.org";
const LATER: &str = "Board Update 4";

fn cast() -> Cast {
    let mut people: Vec<_> = FIRST.iter().chain(&OTHERS).map(|who| (*who, Cadence::Immediate, everything())).collect();
    people.push((DAILY, Cadence::Daily, everything()));
    let config = config(site::site(), vec![blog_source()], &people);
    with_bounces(Cast { reloaded: config.clone(), reloaded_again: config.clone(), config, told: Vec::new() })
}

/// What each of these mails says, once: who of `of` is told of the post by it.
fn mails<'a>(outside: &Outside, of: &'a [&'a str], title: &str) -> Vec<(&'a str, String, usize)> {
    let inbox = outside.inbox.lock().unwrap();
    let text = |bytes: &[u8]| {
        let mail = mail_parser::MessageParser::default().parse(bytes).unwrap();
        mail.body_text(0).unwrap().replace('\n', " ")
    };
    let theirs = |who: &&'a str| -> Vec<_> {
        let found = inbox.values().filter(|(to, bytes, _)| to == who && text(bytes).contains(title));
        found.map(|(_, bytes, copies)| (*who, String::from_utf8(bytes.clone()).unwrap(), *copies)).collect()
    };
    of.iter().flat_map(theirs).collect()
}

fn come_back(outside: &Outside, of: &[&str]) {
    let mails = mails(outside, of, POST);
    assert_eq!(mails.len(), of.len());
    let back = mails.iter().map(|(who, mail, _)| Arrived {
        id: (*who).to_owned(),
        envelope_to: None,
        bytes: bounce_as("5.1.1", who, mail),
    });
    outside.returns.lock().unwrap().extend(back);
}

fn stage(scene: usize, outside: &Arc<Outside>) {
    match scene {
        0 => before(outside),
        1 => {
            outside.set_clock("2026-11-20T12:30:00Z");
            publish(outside, 3);
        }
        2 => {
            outside.advance(180);
            come_back(outside, &FIRST);
            publish(outside, 4);
        }
        3 => {
            outside.advance(60);
            come_back(outside, &OTHERS);
        }
        _ => outside.advance(60),
    }
}

/// Plays from `scene` on, whose stage is set. Answers with the scene in which the program was stopped, if it was.
async fn play(cast: &Cast, outside: &Arc<Outside>, scene: usize, stop: Option<usize>) -> Option<usize> {
    outside.fuse.arm(stop);
    for now in scene..PASSES {
        if now > scene {
            stage(now, outside);
        }
        let world = outside.start();
        let resumed = async {
            if now == PASSES - 1 {
                world.store.decide_gone(Verdict::SendAgain, world.clock.now()).await.unwrap();
            }
        };
        let stopped = tokio::select! {
            biased;
            () = outside.blown() => true,
            () = resumed => false,
        };
        if stopped || outside.pass(&cast.config).await.is_none() {
            return Some(now);
        }
    }
    None
}

async fn check(outside: &Arc<Outside>, crashes: usize, what: &str) {
    let everybody: Vec<&str> = FIRST.into_iter().chain(OTHERS).collect();
    for (title, least) in [(POST, 2), (LATER, 1)] {
        let told = mails(outside, &everybody, title);
        let whom: Vec<&str> = told.iter().map(|(who, ..)| *who).collect();
        assert_eq!(whom, everybody, "{what}: {title} is told to each under one name");
        for (who, _, copies) in told {
            assert!((least..=least + crashes).contains(&copies), "{what}: {copies} copies of {title} to {who}");
        }
    }
    assert!(mails(outside, &[DAILY], POST).is_empty(), "{what}: the day is not over");
    let store = outside.start().store;
    assert!(store.missed(9).await.unwrap().is_empty() && store.suppressed().await.unwrap().is_empty(), "{what}");
    assert!(store.told_gone().await.unwrap().is_some_and(|row| row.value.doubted.is_none()), "{what}");
    assert_eq!(store.waiting().await.unwrap().deliveries, 0, "{what}");
}

#[tokio::test]
async fn any_two_stops_while_a_storm_is_noticed_and_calmed_leave_nobody_without_what_was_told_meanwhile() {
    let cast = cast();
    let start = Outside::new(FRIDAY);
    stage(0, &start);
    // Until the storm is noticed the story is the usual one, which is stopped elsewhere.
    for scene in 0..3 {
        if scene > 0 {
            stage(scene, &start);
        }
        assert!(start.pass(&cast.config).await.is_some());
    }
    assert_eq!(mails(&start, &FIRST, LATER).len(), 0, "who is suppressed is passed over");
    stage(3, &start);
    let undisturbed = start.fork();
    assert_eq!(play(&cast, &undisturbed, 3, None).await, None);
    let boundaries = undisturbed.fuse.passed();
    check(&undisturbed, 0, "undisturbed").await;
    let (mut stops, mut pairs) = (0, 0);
    for first in 1.. {
        let stopped = start.fork();
        let Some(scene) = play(&cast, &stopped, 3, Some(first)).await else { break };
        let outside = stopped.fork();
        assert_eq!(play(&cast, &outside, scene, None).await, None);
        check(&outside, 1, &format!("stopped at {first}")).await;
        stops = first;
        for second in 1.. {
            let outside = stopped.fork();
            let Some(again) = play(&cast, &outside, scene, Some(second)).await else { break };
            assert_eq!(play(&cast, &outside, again, None).await, None);
            check(&outside, 2, &format!("stopped at {first} and then {second}")).await;
            pairs += 1;
        }
    }
    all_stopped(stops, boundaries);
    println!("{boundaries} boundaries, {stops} single stops, {pairs} pairs while a storm is noticed and calmed: nobody left out");
}
