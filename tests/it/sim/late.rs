//! Mail that could not leave for longer than it is news is not sent, wherever the program is stopped; what is still news
//! is.

use super::*;
use boardwatch::domain::delivery::STALE;
use boardwatch::store::Row;
use boardwatch::store::records::Settled;
use futures::TryStreamExt;

/// The news is planned and mail is held back; nine days later it may go.
fn held(scene: usize, outside: Arc<Outside>) -> BoxFuture<'static, ()> {
    async move {
        match scene {
            0 | 1 => set(scene, &outside).await,
            2 => outside.set_clock("2026-11-21T07:31:00Z"),
            3 => outside.set_clock("2026-11-30T07:31:00Z"),
            // What is too old is looked at for a day.
            _ => outside.advance(300),
        }
        outside.hold_mail.store(matches!(scene, 1 | 2), Ordering::SeqCst);
        outside.moods.lock().unwrap().clear();
    }
    .boxed()
}

/// Only the weekly digest is still news by then.
fn cast() -> Cast {
    Cast { told: vec![("weekly", vec![POST])], ..Cast::full() }
}

async fn stale(outside: &Arc<Outside>) -> u64 {
    let rows: Vec<Row<Settled>> = outside.start().store.settled().try_collect().await.unwrap();
    rows.iter().filter_map(|row| row.value.reasons.get(STALE)).sum()
}

#[tokio::test]
async fn mail_that_is_no_news_any_more_is_cancelled_once_and_counted_whatever_stops_the_program() {
    let cast = cast();
    let start = opening().await;
    for scene in 0..3 {
        held(scene, start.clone()).await;
        assert!(start.pass(cast.config(scene)).await.is_some());
    }
    let undisturbed = start.fork();
    held(3, undisturbed.clone()).await;
    assert_eq!(play_on(held, &cast, &undisturbed, 3, None).await, None);
    let feeds = undisturbed.feeds.lock().unwrap().clone();
    check(&cast, &undisturbed, 0, &feeds, "undisturbed");
    let cancelled = stale(&undisturbed).await;
    assert!(cancelled >= 5, "{cancelled}");
    let boundaries = undisturbed.fuse.passed();
    assert!(boundaries > 5, "{boundaries}");
    let mut stops = 0;
    for stop in 1.. {
        let outside = start.fork();
        held(3, outside.clone()).await;
        let Some(scene) = play_on(held, &cast, &outside, 3, Some(stop)).await else { break };
        stops = stop;
        assert_eq!(play_on(held, &cast, &outside, scene, None).await, None);
        check(&cast, &outside, 1, &feeds, &format!("stopped at {stop}"));
        assert_eq!(stale(&outside).await, cancelled, "stopped at {stop}");
    }
    all_stopped(stops, boundaries);
}
