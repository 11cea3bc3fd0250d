//! A provider that refuses mail to its readers, and a relay that refuses it to everybody: each hears of a few, and then of one after each
//! rest; when it takes mail, everybody is told once. Wherever the program is stopped.

use super::*;

/// Readers of one provider, and one elsewhere.
const ONE_PROVIDER: [&str; 6] = [
    "a@big.example.net",
    "b@big.example.net",
    "c@big.example.net",
    "d@big.example.net",
    "e@big.example.net",
    "other@example.org",
];
/// Each with a provider of their own.
const FEW: [&str; 4] = ["a@a.example.net", "b@b.example.net", "c@c.example.net", "other@example.org"];

fn cast(people: &'static [&'static str]) -> Cast {
    let listed: Vec<_> = people.iter().map(|who| (*who, Cadence::Immediate, everything())).collect();
    let config = config(site::site(), vec![blog_source()], &listed);
    let told = people.iter().map(|who| (who.trim_end_matches("@example.org"), vec![POST])).collect();
    Cast { reloaded: config.clone(), reloaded_again: config.clone(), config, told }
}

fn scenes(scene: usize, outside: &Arc<Outside>, whose: &'static str) {
    match scene {
        0 => before(outside),
        1 => {
            outside.set_clock("2026-11-20T12:30:00Z");
            after(outside);
            *outside.refuses.lock().unwrap() = Some(whose);
        }
        2 => outside.advance(5),
        // Three hours.
        3..=5 => outside.advance(50),
        6 => {
            outside.advance(50);
            *outside.refuses.lock().unwrap() = None;
        }
        _ => outside.advance(121),
    }
}

fn at_one(scene: usize, outside: Arc<Outside>) -> BoxFuture<'static, ()> {
    async move {
        if scene == 2 {
            let told = outside.inbox.lock().unwrap().values().filter(|(to, ..)| to == "other@example.org").count();
            assert_eq!(told, 1, "whoever has their address elsewhere does not wait");
        }
        scenes(scene, &outside, "@big.example.net");
    }
    .boxed()
}

fn everywhere(scene: usize, outside: Arc<Outside>) -> BoxFuture<'static, ()> {
    async move { scenes(scene, &outside, "") }.boxed()
}

/// Stops it wherever it can be, once; `most`: how often mail is refused where nothing stops it.
async fn hold(plot: Plot, people: &'static [&'static str], most: usize) {
    let cast = cast(people);
    let undisturbed = opening().await;
    assert_eq!(play_on(plot, &cast, &undisturbed, 0, None).await, None);
    let feeds = undisturbed.feeds.lock().unwrap().clone();
    check(&cast, &undisturbed, 0, &feeds, "undisturbed");
    let refused = undisturbed.refused.load(Ordering::SeqCst);
    assert!((3..=most).contains(&refused), "{refused} were refused");
    let (boundaries, mut stops) = (undisturbed.fuse.passed(), 0);
    for stop in 1.. {
        let outside = opening().await;
        let Some(scene) = play_on(plot, &cast, &outside, 0, Some(stop)).await else { break };
        assert_eq!(play_on(plot, &cast, &outside, scene, None).await, None, "stopped at {stop}");
        check(&cast, &outside, 1, &feeds, &format!("stopped at {stop}"));
        let now = outside.refused.load(Ordering::SeqCst);
        // What had been refused and was not recorded is tried once more, and its rests begin anew.
        assert!(now <= refused + 4, "stopped at {stop}: {now} were refused, and {refused} undisturbed");
        stops = stop;
    }
    all_stopped(stops, boundaries);
    println!("{boundaries} boundaries, {stops} single stops, {refused} refused: nothing lost");
}

#[tokio::test]
async fn a_provider_that_refuses_hears_of_few_and_its_readers_are_told_when_it_takes_mail_whatever_stops_the_program() {
    hold(at_one, &ONE_PROVIDER, 3 + 5).await;
}

#[tokio::test]
async fn a_relay_that_refuses_a_few_readers_rests_again_and_again_and_has_all_of_it_when_it_takes_one_whatever_stops_the_program()
{
    hold(everywhere, &FEW, 3 + 4 * 4).await;
}
