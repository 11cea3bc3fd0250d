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

/// Nothing is said to keep mail from leaving when all of it has left.
async fn is_over(outside: &Arc<Outside>, cast: &Cast, what: &str) {
    outside.fuse.arm(None);
    outside.advance(5);
    outside.pass(&cast.config).await.unwrap();
    let store = outside.start().store;
    let trouble = store.relay_trouble().await.unwrap();
    assert!(trouble.is_none(), "{what}: {trouble:?}");
    let out = store.providers_out().await.unwrap();
    assert!(out.is_none(), "{what}: {out:?}");
    let still = store.standstill().await.unwrap();
    assert!(still.is_none(), "{what}: {still:?}");
}

/// Stops it wherever it can be, and once more behind each of those stops, at another distance each time; `most`: how often mail is
/// refused where nothing stops it.
async fn hold(plot: Plot, people: &'static [&'static str], most: usize) {
    let cast = cast(people);
    let undisturbed = opening().await;
    assert_eq!(play_on(plot, &cast, &undisturbed, 0, None).await, None);
    let feeds = undisturbed.feeds.lock().unwrap().clone();
    check(&cast, &undisturbed, 0, &feeds, "undisturbed");
    let refused = undisturbed.refused.load(Ordering::SeqCst);
    assert!((3..=most).contains(&refused), "{refused} were refused");
    let held = async |outside: Arc<Outside>, scene: usize, stops: usize, what: String| {
        assert_eq!(play_on(plot, &cast, &outside, scene, None).await, None, "{what}");
        check(&cast, &outside, stops, &feeds, &what);
        let now = outside.refused.load(Ordering::SeqCst);
        // What had been refused and was not recorded is tried once more, and its rests begin anew.
        assert!(now <= refused + 4 * stops, "{what}: {now} were refused, and {refused} undisturbed");
        is_over(&outside, &cast, &what).await;
    };
    let (boundaries, mut stops, mut pairs) = (undisturbed.fuse.passed(), 0, 0);
    for stop in 1.. {
        let outside = opening().await;
        let Some(scene) = play_on(plot, &cast, &outside, 0, Some(stop)).await else { break };
        stops = stop;
        let again = outside.fork();
        held(outside, scene, 1, format!("stopped at {stop}")).await;
        // All of them are thousands.
        let second = 1 + stop * 29 % 61;
        if let Some(scene) = play_on(plot, &cast, &again, scene, Some(second)).await {
            held(again, scene, 2, format!("stopped at {stop} and {second} later")).await;
            pairs += 1;
        }
    }
    all_stopped(stops, boundaries);
    assert!(2 * pairs > stops, "{pairs} pairs");
    println!("{boundaries} boundaries, {stops} single stops, {pairs} pairs of stops, {refused} refused: nothing lost");
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
