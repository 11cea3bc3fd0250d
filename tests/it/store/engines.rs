//! The contract of the three calls, the same for each engine.

use boardwatch::store::engine::{
    Check, Engine, EngineError, KEY_BYTES_MAX, Key, VALUE_BYTES_MAX, Versioned, Write, prefix_range,
};
use boardwatch::store::memory::MemoryEngine;
use boardwatch::store::remote::{RemoteEngine, listen, serve};
use boardwatch::store::sled::SledEngine;
use std::sync::Arc;
use tokio_util::sync::{CancellationToken, DropGuard};

/// An engine with what must outlive it.
struct Bench {
    engine: Arc<dyn Engine>,
    _serving: Option<DropGuard>,
    _folder: Option<tempfile::TempDir>,
}

async fn memory() -> Bench {
    Bench { engine: Arc::new(MemoryEngine::new()), _serving: None, _folder: None }
}

async fn sled() -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let engine = Arc::new(SledEngine::open(&folder.path().join("store")).unwrap());
    Bench { engine, _serving: None, _folder: Some(folder) }
}

async fn remote() -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("control.sock");
    let listener = listen(&socket, &folder.path().join("store")).unwrap();
    let cancel = CancellationToken::new();
    tokio::spawn(serve(listener, Arc::new(MemoryEngine::new()), Arc::new(Vec::new), cancel.clone()));
    let engine = Arc::new(RemoteEngine::connect(&socket).await.unwrap());
    Bench { engine, _serving: Some(cancel.drop_guard()), _folder: Some(folder) }
}

macro_rules! of_every_engine {
    ($($fact:ident)*) => {
        of_every_engine!(@ memory $($fact)*);
        of_every_engine!(@ sled $($fact)*);
        of_every_engine!(@ remote $($fact)*);
    };
    (@ $engine:ident $($fact:ident)*) => {
        mod $engine {
            $(#[tokio::test]
            async fn $fact() {
                let bench = super::$engine().await;
                super::$fact(bench.engine.clone()).await;
            })*
        }
    };
}

of_every_engine! {
    what_was_put_is_there_with_its_version_until_it_is_deleted
    a_scan_gives_the_half_open_range_in_key_order_up_to_its_limit
    values_and_keys_up_to_the_limit_are_kept_and_larger_ones_refused
    a_commit_whose_checks_do_not_hold_writes_nothing
    a_version_never_comes_again_also_after_a_delete
    a_commit_that_rests_on_several_keys_checks_them_all
    of_many_who_add_one_to_a_counter_none_is_lost
    a_reader_never_sees_half_a_commit
}

fn put(key: &str, value: &str) -> Write {
    Write::Put(key.into(), value.into())
}

fn is_conflict_at(result: Result<u64, EngineError>, wanted: &str) -> bool {
    matches!(result, Err(EngineError::Conflict { key }) if key == wanted)
}

async fn keys(engine: &dyn Engine, from: &str, to: &str, limit: usize) -> Vec<String> {
    let page = engine.scan(from.into()..to.into(), limit).await.unwrap();
    page.into_iter().map(|(key, _)| String::from_utf8(key).unwrap()).collect()
}

async fn what_was_put_is_there_with_its_version_until_it_is_deleted(engine: Arc<dyn Engine>) {
    assert_eq!(engine.get("a".into()).await.unwrap(), None);
    let first = engine.commit(vec![], vec![put("a", "one"), put("b", "")]).await.unwrap();
    let second = engine.commit(vec![], vec![put("a", "two")]).await.unwrap();
    assert!(second > first);
    let a = Versioned { version: second, value: b"two".to_vec() };
    let b = Versioned { version: first, value: Vec::new() };
    assert_eq!(engine.get("a".into()).await.unwrap(), Some(a.clone()));
    assert_eq!(engine.scan(prefix_range(b""), 9).await.unwrap(), [(Key::from("a"), a), (Key::from("b"), b)]);
    engine.commit(vec![], vec![Write::Delete("a".into()), Write::Delete("none".into())]).await.unwrap();
    assert_eq!(engine.get("a".into()).await.unwrap(), None);
}

async fn a_scan_gives_the_half_open_range_in_key_order_up_to_its_limit(engine: Arc<dyn Engine>) {
    let written = ["b/2", "a", "b/1", "c", "b/10", "b"].map(|key| put(key, key)).to_vec();
    engine.commit(vec![], written).await.unwrap();
    let engine = engine.as_ref();
    assert_eq!(keys(engine, "b/", "b0", 9).await, ["b/1", "b/10", "b/2"]);
    assert_eq!(keys(engine, "b/1", "b/2", 9).await, ["b/1", "b/10"]);
    assert_eq!(keys(engine, "a", "z", 2).await, ["a", "b"]);
    assert!(keys(engine, "z", "a", 9).await.is_empty());
    assert!(keys(engine, "a", "a", 9).await.is_empty());
    assert!(keys(engine, "a", "z", 0).await.is_empty());
    let many = (0..1500).map(|n| put(&format!("many/{n:04}"), "")).collect();
    engine.commit(vec![], many).await.unwrap();
    assert_eq!(engine.scan(prefix_range(b"many/"), 1400).await.unwrap().len(), 1400);
    assert_eq!(engine.scan(prefix_range(b"many/"), 1600).await.unwrap().len(), 1500);
    assert_eq!(engine.scan(prefix_range(b""), usize::MAX).await.unwrap().len(), 1506);
}

async fn values_and_keys_up_to_the_limit_are_kept_and_larger_ones_refused(engine: Arc<dyn Engine>) {
    let (key, value) = (vec![b'k'; KEY_BYTES_MAX], (0..=255).cycle().take(VALUE_BYTES_MAX).collect::<Vec<u8>>());
    engine.commit(vec![], vec![Write::Put(key.clone(), value.clone())]).await.unwrap();
    assert_eq!(engine.get(key).await.unwrap().unwrap().value, value);

    let too_large = engine.commit(vec![], vec![put("a", "small"), Write::Put("b".into(), vec![0; VALUE_BYTES_MAX + 1])]).await;
    assert!(matches!(too_large, Err(EngineError::ValueTooLarge { key, bytes }) if key == "b" && bytes == VALUE_BYTES_MAX + 1));
    let too_long = engine.commit(vec![], vec![put("a", "small"), Write::Delete(vec![b'k'; KEY_BYTES_MAX + 1])]).await;
    assert!(matches!(too_long, Err(EngineError::KeyTooLong { .. })));
    assert_eq!(engine.get("a".into()).await.unwrap(), None);
}

async fn a_commit_whose_checks_do_not_hold_writes_nothing(engine: Arc<dyn Engine>) {
    let first = engine.commit(vec![Check::Absent("a".into())], vec![put("a", "one")]).await.unwrap();
    assert!(is_conflict_at(engine.commit(vec![Check::Absent("a".into())], vec![put("a", "x"), put("b", "x")]).await, "a"));
    assert!(is_conflict_at(engine.commit(vec![Check::Version("a".into(), first + 1)], vec![put("b", "x")]).await, "a"));
    assert!(is_conflict_at(engine.commit(vec![Check::Version("none".into(), first)], vec![put("b", "x")]).await, "none"));
    assert_eq!(keys(engine.as_ref(), "a", "z", 9).await, ["a"]);
    engine.commit(vec![Check::Version("a".into(), first)], vec![put("a", "two")]).await.unwrap();
    assert!(is_conflict_at(engine.commit(vec![Check::Version("a".into(), first)], vec![put("a", "x")]).await, "a"));
    assert_eq!(engine.get("a".into()).await.unwrap().unwrap().value, b"two");
}

async fn a_version_never_comes_again_also_after_a_delete(engine: Arc<dyn Engine>) {
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(engine.commit(vec![Check::Absent("a".into())], vec![put("a", "same")]).await.unwrap());
        assert_eq!(Some(engine.get("a".into()).await.unwrap().unwrap().version), seen.last().copied());
        seen.push(engine.commit(vec![], vec![Write::Delete("a".into())]).await.unwrap());
    }
    assert!(seen.is_sorted_by(|earlier, later| earlier < later), "{seen:?}");
    assert!(is_conflict_at(engine.commit(vec![Check::Version("a".into(), seen[0])], vec![]).await, "a"));
}

async fn a_commit_that_rests_on_several_keys_checks_them_all(engine: Arc<dyn Engine>) {
    let version = engine.commit(vec![], vec![put("a", "1"), put("b", "1")]).await.unwrap();
    engine.commit(vec![], vec![put("b", "2")]).await.unwrap();
    let checks = vec![Check::Version("a".into(), version), Check::Version("b".into(), version), Check::Absent("c".into())];
    assert!(is_conflict_at(engine.commit(checks, vec![put("d", "")]).await, "b"));
    let checks = vec![Check::Version("a".into(), version), Check::Absent("b/".into()), Check::Absent("c".into())];
    engine.commit(checks, vec![put("d", "")]).await.unwrap();
}

async fn of_many_who_add_one_to_a_counter_none_is_lost(engine: Arc<dyn Engine>) {
    engine.commit(vec![], vec![put("n", "0")]).await.unwrap();
    let adders = (0..8).map(|_| {
        let engine = Arc::clone(&engine);
        tokio::spawn(async move {
            let mut done = 0;
            while done < 10 {
                let found = engine.get("n".into()).await.unwrap().unwrap();
                let n: u32 = String::from_utf8(found.value).unwrap().parse().unwrap();
                let check = Check::Version("n".into(), found.version);
                match engine.commit(vec![check], vec![put("n", &(n + 1).to_string())]).await {
                    Ok(_) => done += 1,
                    Err(EngineError::Conflict { .. }) => tokio::task::yield_now().await,
                    Err(other) => panic!("{other}"),
                }
            }
        })
    });
    futures::future::try_join_all(adders).await.unwrap();
    assert_eq!(engine.get("n".into()).await.unwrap().unwrap().value, b"80");
}

async fn a_reader_never_sees_half_a_commit(engine: Arc<dyn Engine>) {
    let writer = {
        let engine = Arc::clone(&engine);
        tokio::spawn(async move {
            for n in 0..100 {
                let all = (0..20).map(|key| put(&format!("k/{key:02}"), &n.to_string())).collect();
                engine.commit(vec![], all).await.unwrap();
            }
        })
    };
    while !writer.is_finished() {
        let page = engine.scan(prefix_range(b"k/"), 20).await.unwrap();
        assert!(page.windows(2).all(|pair| pair[0].1 == pair[1].1), "{page:?}");
        tokio::task::yield_now().await;
    }
    writer.await.unwrap();
}
