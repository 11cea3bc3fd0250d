//! Many sources, of which one has news: those without are claimed and recorded several in a commit, and a stop before that
//! has them polled again and nothing else.

use super::*;
use boardwatch::store::Row;
use boardwatch::store::records::SourceState;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeSet;

/// How many sources nothing happens to; `BOUNDS` takes two at a time.
const QUIET: usize = 5;

fn quiet_source(n: usize) -> Source {
    let id = format!("quiet-{n}");
    Source {
        platform: Platform::ModerngovIssue,
        topics: Vec::new(),
        url: address(&id, "ieIssueDetails.aspx?IId=7&Opt=3"),
        ..site::source(&id, "Quiet Council", "Children's services")
    }
}

/// One source with news, in the middle of others; one person who hears of it at once.
fn cast() -> Cast {
    let people = [("at-once@example.org", Cadence::Immediate, everything())];
    let mut sources: Vec<Source> = (0..QUIET).map(quiet_source).collect();
    sources.insert(2, Source { topics: Vec::new(), ..issue_source() });
    let config = config(site::site(), sources, &people);
    let told = vec![("at-once", vec![REVISED, SECOND])];
    Cast { reloaded: config.clone(), reloaded_again: config.clone(), config, told }
}

/// Every source polled and nothing new; the councils' pages are there.
async fn opened() -> Arc<Outside> {
    let outside = opening().await;
    for n in 0..QUIET {
        let page = issue(&[block("07/09/2026", "Panel", 3, "Panel meets", "Nothing was decided.")]);
        outside.show(quiet_source(n).url.as_str(), &page);
    }
    assert!(outside.pass(&cast().config).await.is_some());
    outside
}

/// The commits in which the sources' states were written, by source.
async fn commits(outside: &Arc<Outside>) -> BTreeMap<String, u64> {
    let states = outside.start().store.source_states().await.unwrap();
    states.into_iter().map(|row| (String::from_utf8(row.key).unwrap(), row.version)).collect()
}

#[tokio::test]
async fn polls_are_recorded_together_and_news_among_them() {
    let (cast, outside) = (cast(), opened().await);
    outside.advance(150);
    after(&outside);
    let polls = outside.pass(&cast.config).await.unwrap().polls;
    let named: Vec<&str> = polls.iter().map(|poll| poll.source.as_str()).collect();
    assert_eq!(named, ["quiet-0", "quiet-1", "issue", "quiet-2", "quiet-3", "quiet-4"], "in the order of the sources");
    let news = polls.iter().find(|poll| poll.source.as_str() == "issue").unwrap();
    assert_eq!((news.new, news.revised, news.notices), (1, 1, 2));
    let written = commits(&outside).await;
    assert_eq!(written.len(), QUIET + 1);
    assert!(written.values().collect::<BTreeSet<_>>().len() < written.len(), "{written:?}");
    let states = outside.start().store.source_states().await.unwrap();
    assert!(states.iter().all(|row| row.value.claim.is_none()), "nothing is left claimed");
}

#[tokio::test]
async fn what_is_due_next_is_known_to_the_moment() {
    let (cast, outside) = (cast(), opened().await);
    let due = async |at: DateTime<Utc>| {
        outside.set_clock(&at.to_rfc3339());
        let world = outside.start();
        let agenda = world.poller.agenda(&cast.config.sources, false).await.unwrap();
        (agenda.due.iter().map(|due| due.source.id.to_string()).collect::<Vec<_>>(), agenda.next)
    };
    let mut states: Vec<_> = outside.start().store.source_states().await.unwrap();
    states.sort_by_key(|row| row.value.next_due);
    let (first, second) = (states[0].value.next_due, states[1].value.next_due);
    assert!(first < second, "each has its own time");
    assert_eq!(due(first - TimeDelta::milliseconds(1)).await, (vec![], Some(first)));
    let name = String::from_utf8_lossy(&states[0].key).trim_start_matches("src/").to_owned();
    assert_eq!(due(first).await, (vec![name], Some(second)));
}

#[tokio::test]
async fn what_is_claimed_when_polling_is_to_end_is_given_back() {
    let (cast, outside) = (cast(), opened().await);
    outside.advance(150);
    let before = outside.start().store.source_states().await.unwrap();
    let world = outside.start();
    let due = world.poller.due(&cast.config.sources, false).await.unwrap();
    assert_eq!(due.len(), QUIET + 1);
    // The first portion has been claimed when it is time to end.
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let stop = || asked.fetch_add(1, Ordering::SeqCst) > 0;
    assert_eq!(world.poll(due, &|_| {}, &stop).await.unwrap(), []);
    let states = outside.start().store.source_states().await.unwrap();
    let values = |rows: &[Row<SourceState>]| rows.iter().map(|row| row.value.clone()).collect::<Vec<_>>();
    assert_eq!(values(&states), values(&before));
    assert_ne!(states, before, "some were claimed");
}

#[tokio::test]
async fn a_stop_at_any_point_of_a_round_has_polls_made_again_and_tells_nothing_twice() {
    let (cast, start) = (cast(), opened().await);
    let undisturbed = start.fork();
    set(1, &undisturbed).await;
    assert_eq!(play(&cast, &undisturbed, 1, None).await, None);
    let feeds = undisturbed.feeds.lock().unwrap().clone();
    check(&cast, &undisturbed, 0, &feeds, "undisturbed");
    let boundaries = undisturbed.fuse.passed();
    let (mut again, mut stops) = (0, 0);
    for stop in 1.. {
        let outside = start.fork();
        set(1, &outside).await;
        let Some(scene) = play(&cast, &outside, 1, Some(stop)).await else { break };
        stops = stop;
        let states = outside.start().store.source_states().await.unwrap();
        again += states.iter().filter(|row| row.value.claim.is_some()).count();
        assert_eq!(play(&cast, &outside, scene, None).await, None);
        check(&cast, &outside, 1, &feeds, &format!("stopped at {stop}"));
        gists_are_right(&outside, &format!("stopped at {stop}")).await;
        let states = outside.start().store.source_states().await.unwrap();
        assert!(states.iter().all(|row| row.value.claim.is_none() && row.value.failures == 0));
    }
    all_stopped(stops, boundaries);
    assert!(again >= QUIET, "claimed and not recorded: {again}");
    println!("{boundaries} boundaries, {stops} single stops, {again} polls made again: nothing lost");
}
