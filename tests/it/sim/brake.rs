//! Mail that comes back from everybody, of which the first are believed: they are mailed again once the brake is on, with what was
//! told meanwhile, and when an admin lets mail go on, with what came back; wherever the program, and that command, are stopped.

use super::command::{Command, Stage, Tale};
use super::returned::{bounce_as, publish, with_bounces};
use super::*;
use boardwatch::ports::Arrived;
use boardwatch::store::gone::Verdict;

/// Passes of this story; before the last one mail is let go on.
const PASSES: usize = 5;
/// Who is believed to be gone at first, and who not.
const FIRST: [&str; 1] = ["zero@example.org"];
const OTHERS: [&str; 5] = ["one@example.org", "two@example.org", "three@example.org", "four@example.org", "five@example.org"];
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

/// `noticed`: how many minutes later the others' mails come back.
fn stage(scene: usize, outside: &Arc<Outside>, noticed: i64) {
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
            outside.advance(noticed);
            come_back(outside, &OTHERS);
        }
        _ => outside.advance(60),
    }
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
    let store = outside.start().store;
    assert!(store.missed(9).await.unwrap().is_empty() && store.suppressed().await.unwrap().is_empty(), "{what}");
    assert!(store.told_gone().await.unwrap().is_some_and(|row| row.value.doubted.is_none()), "{what}");
    assert_eq!(store.waiting().await.unwrap().deliveries, 0, "{what}");
}

fn tale(stage: Stage) -> Tale {
    let command: Command = |world| {
        let resume = async move {
            world.store.decide_gone(Verdict::SendAgain, world.clock.now()).await.unwrap();
        };
        resume.boxed()
    };
    Tale { config: cast().config, passes: PASSES, stage, command }
}

#[tokio::test]
async fn any_two_stops_while_a_storm_is_noticed_and_calmed_leave_nobody_without_what_was_told_meanwhile() {
    let tale = tale(|scene, outside| async move { stage(scene, &outside, 60) }.boxed());
    let before = tale.told_up_to(3).await;
    assert_eq!(mails(&before, &FIRST, LATER).len(), 0, "who is suppressed is passed over");
    let held = async |outside: &Arc<Outside>, crashes: usize, what: &str| {
        check(outside, crashes, what).await;
        assert!(mails(outside, &[DAILY], POST).is_empty(), "{what}: the day is not over");
    };
    // Until the storm is noticed the story is the usual one, which is stopped elsewhere.
    tale.hold(3, "while a storm is noticed and calmed: nobody left out", held).await;
}

#[tokio::test]
async fn any_two_stops_while_a_storm_is_noticed_a_day_late_leave_nobody_out_whom_it_had_suppressed_by_then() {
    let tale = tale(|scene, outside| async move { stage(scene, &outside, 30 * 60) }.boxed());
    tale.hold(3, "while a storm is noticed a day late: nobody left out", check).await;
}
