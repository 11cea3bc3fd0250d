//! A store whose outbox and ledger an earlier program wrote, with a row a delivery and a row a person and notice: it is
//! brought up to date and gone on with, wherever the program is stopped.

use super::*;
use boardwatch::domain::bundle::Bundle;
use boardwatch::domain::subscriber::SubscriberId;
use boardwatch::store::engine::{Write, prefix_range};
use boardwatch::store::records::{Portion, Settled, WindowState};
use boardwatch::store::{Row, Store};
use futures::TryStreamExt;
use serde_json::json;

/// What the first release had written in this state.
async fn as_it_was(store: &Store) {
    let mut writes = Vec::new();
    let mut put = |key: String, record: serde_json::Value| {
        writes.push(Write::Put(key.into(), [vec![1], serde_json::to_vec(&record).unwrap()].concat()));
    };
    let bundles: Vec<Row<Bundle>> = store.rows(prefix_range(b"bundle/")).try_collect().await.unwrap();
    for bundle in bundles.iter().map(|row| &row.value) {
        for member in bundle.members() {
            let who = SubscriberId::from_number(member.number);
            for (item, position) in bundle.covered(member.group) {
                put(format!("given/{who}/{item}/{:016x}", position.0), json!(position));
            }
        }
    }
    let portions: Vec<Row<Portion>> = store.rows(prefix_range(b"out/")).try_collect().await.unwrap();
    for portion in portions.iter().map(|row| &row.value) {
        let bundle = store.bundle(&portion.bundle).await.unwrap();
        for member in portion.members.iter().map(|place| bundle.member(place).unwrap()) {
            let id = bundle.delivery(member.number);
            let not_before = portion.not_before;
            let told: Vec<_> = bundle.told(member.group).collect();
            let record = json!({
                "id": id, "subscriber": SubscriberId::from_number(member.number), "cadence": bundle.cadence,
                "window": bundle.window, "told": told, "planned": bundle.planned, "attempts": portion.attempts,
                "not_before": not_before, "claim": portion.claim, "last_reply": portion.last_reply,
            });
            put(format!("out/{:016x}/{id}", not_before.timestamp_millis()), record);
        }
    }
    let windows: Vec<Row<WindowState>> = store.rows(prefix_range(b"window/")).try_collect().await.unwrap();
    for row in windows {
        put(String::from_utf8(row.key).unwrap(), json!(row.value));
    }
    let settled: Vec<Row<Settled>> = store.settled().try_collect().await.unwrap();
    let gone = portions.into_iter().map(|row| row.key).chain(bundles.into_iter().map(|row| row.key));
    writes.extend(gone.chain(settled.into_iter().map(|row| row.key)).map(Write::Delete));
    for (key, _) in store.engine().scan(prefix_range(b"told/"), 1000).await.unwrap() {
        writes.push(Write::Delete(key));
    }
    store.engine().commit(vec![], writes).await.unwrap();
}

/// News, planned and in part sent by the program of then.
async fn of_then(cast: &Cast) -> Arc<Outside> {
    let outside = opening().await;
    for scene in 0..3 {
        if scene > 0 {
            set(scene, &outside).await;
        }
        assert!(outside.pass(cast.config(scene)).await.is_some());
    }
    outside.meanwhile(async |world: World| as_it_was(&world.store).await).await;
    assert!(outside.start().store.engine().scan(prefix_range(b"bundle/"), 1).await.unwrap().is_empty());
    outside
}

#[tokio::test]
async fn an_earlier_store_is_gone_on_with_whatever_stops_the_program() {
    let cast = Cast::full();
    let start = of_then(&cast).await;
    let undisturbed = start.fork();
    set(3, &undisturbed).await;
    assert_eq!(play(&cast, &undisturbed, 3, None).await, None);
    let feeds = undisturbed.feeds.lock().unwrap().clone();
    check(&cast, &undisturbed, 0, &feeds, "undisturbed");
    let boundaries = undisturbed.fuse.passed();
    assert!(boundaries > 5, "{boundaries}");
    let mut stops = 0;
    for stop in 1.. {
        let outside = start.fork();
        set(3, &outside).await;
        let Some(scene) = play(&cast, &outside, 3, Some(stop)).await else { break };
        stops = stop;
        assert_eq!(play(&cast, &outside, scene, None).await, None);
        check(&cast, &outside, 1, &feeds, &format!("stopped at {stop}"));
    }
    all_stopped(stops, boundaries);
}
