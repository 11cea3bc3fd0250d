//! A relay that leaves the mail to one provider's readers without an answer, in whatever form: others are told at once, few are asked and
//! fewer copies made, and when it answers everybody has been told everything. Wherever the program is stopped.

use super::*;
use crate::support::world::Silence;

/// Readers of one provider, and two elsewhere.
const PEOPLE: [&str; 6] = [
    "a@big.example.net",
    "b@big.example.net",
    "c@big.example.net",
    "d@big.example.net",
    "other@example.org",
    "another@example.com",
];

fn cast() -> Cast {
    let listed: Vec<_> = PEOPLE.iter().map(|who| (*who, Cadence::Immediate, everything())).collect();
    let config = config(site::site(), vec![blog_source()], &listed);
    let told = PEOPLE.iter().map(|who| (who.trim_end_matches("@example.org"), vec![POST])).collect();
    Cast { reloaded: config.clone(), reloaded_again: config.clone(), config, told }
}

fn scenes(scene: usize, outside: &Arc<Outside>, silence: Silence) {
    let came = |whose: &str| outside.inbox.lock().unwrap().values().filter(|(to, ..)| to.ends_with(whose)).count();
    match scene {
        0 => before(outside),
        1 => {
            outside.set_clock("2026-11-20T12:30:00Z");
            after(outside);
            *outside.unanswered.lock().unwrap() = Some(("@big.example.net", silence));
        }
        2 => {
            assert_eq!((came("@example.org"), came("@example.com")), (1, 1), "whoever has their address elsewhere does not wait");
            outside.advance(5);
        }
        // Three hours.
        3..=5 => outside.advance(50),
        6 => {
            outside.advance(50);
            *outside.unanswered.lock().unwrap() = None;
        }
        _ => outside.advance(121),
    }
}

macro_rules! plots {
    ($($name:ident: $has_text:literal, $hangs:literal;)*) => {$(
        fn $name(scene: usize, outside: Arc<Outside>) -> BoxFuture<'static, ()> {
            async move { scenes(scene, &outside, Silence { has_text: $has_text, hangs: $hangs }) }.boxed()
        }
    )*};
}

plots! {
    closes: false, false;
    hangs: false, true;
    closes_at_the_end: true, false;
    hangs_at_the_end: true, true;
}

/// Stops it wherever it can be; `most`: how often mail is left unanswered where nothing stops it.
async fn hold(plot: Plot, most: usize) {
    let cast = cast();
    let undisturbed = opening().await;
    assert_eq!(play_on(plot, &cast, &undisturbed, 0, None).await, None);
    let feeds = undisturbed.feeds.lock().unwrap().clone();
    check(&cast, &undisturbed, 0, &feeds, "undisturbed");
    let asked = undisturbed.refused.load(Ordering::SeqCst);
    assert!((2..=most).contains(&asked), "{asked} were left unanswered");
    let boundaries = undisturbed.fuse.passed();
    let mut stops = 0;
    for stop in 1.. {
        let outside = opening().await;
        let Some(scene) = play_on(plot, &cast, &outside, 0, Some(stop)).await else { break };
        stops = stop;
        let what = format!("stopped at {stop}");
        assert_eq!(play_on(plot, &cast, &outside, scene, None).await, None, "{what}");
        check(&cast, &outside, 1, &feeds, &what);
        let now = outside.refused.load(Ordering::SeqCst);
        // What had been asked and was not recorded is asked once more, and its rests begin anew.
        assert!(now <= asked + 4, "{what}: {now} were left unanswered, and {asked} undisturbed");
        outside.fuse.arm(None);
        outside.advance(25 * 60);
        outside.pass(&cast.config).await.unwrap();
        let store = outside.start().store;
        assert_eq!((store.relay_trouble().await.unwrap(), store.standstill().await.unwrap()), (None, None), "{what}");
    }
    all_stopped(stops, boundaries);
    println!("{boundaries} boundaries, {stops} stops, {asked} left unanswered: nothing lost");
}

#[tokio::test]
async fn a_line_that_is_closed_for_one_providers_readers_has_nobody_else_wait_whatever_stops_the_program() {
    hold(closes, 3 + 7).await;
}

#[tokio::test]
async fn silence_about_one_providers_readers_has_nobody_else_wait_whatever_stops_the_program() {
    hold(hangs, 3 + 7).await;
}

#[tokio::test]
async fn a_text_that_is_not_answered_for_one_providers_readers_makes_few_copies_whatever_stops_the_program() {
    hold(closes_at_the_end, 3 + 4).await;
}

#[tokio::test]
async fn silence_about_the_text_for_one_providers_readers_makes_few_copies_whatever_stops_the_program() {
    hold(hangs_at_the_end, 3 + 4).await;
}
