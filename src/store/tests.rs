//! Records over the engine in memory.

use super::bodies::{Bodies, BodyError, BodyHash, FileBodies};
use super::engine::{Write, prefix_range};
use super::memory::MemoryEngine;
use super::record::{INLINE_BYTES_MAX, Record, RecordError};
use super::{Row, Store, StoreError};
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::Duration;

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
struct Note {
    words: String,
}

impl Record for Note {
    const KIND: &'static str = "note";
    const SCHEMA: u8 = 2;

    fn upgrade(_from: u8, mut json: serde_json::Value) -> serde_json::Value {
        let words = json["text"].take();
        serde_json::json!({ "words": words })
    }
}

fn note(words: impl Into<String>) -> Note {
    Note { words: words.into() }
}

async fn raw(store: &Store, key: &str, value: &[u8]) {
    store.engine().commit(vec![], vec![Write::Put(key.into(), value.to_vec())]).await.unwrap();
}

#[tokio::test]
async fn a_record_comes_back_as_it_went_in() {
    let store = Store::in_memory();
    let mut change = store.change();
    change.insert("note/a", &note("one"));
    let version = change.commit().await.unwrap();
    let row = store.read::<Note>("note/a").await.unwrap().unwrap();
    assert_eq!(row, Row { key: "note/a".into(), version, value: note("one") });
    assert!(store.read::<Note>("note/b").await.unwrap().is_none());
}

#[tokio::test]
async fn what_is_no_longer_as_it_was_read_is_a_conflict_and_nothing_is_written() {
    let store = Store::in_memory();
    let mut change = store.change();
    change.insert("note/a", &note("one"));
    change.commit().await.unwrap();
    let row = store.read::<Note>("note/a").await.unwrap().unwrap();
    let mut first = store.change();
    first.update(&row, &note("two"));
    first.commit().await.unwrap();

    let mut late_update = store.change();
    late_update.put("note/b", &note("beside")).update(&row, &note("three"));
    assert!(late_update.commit().await.unwrap_err().is_conflict());
    let mut second_insert = store.change();
    second_insert.insert("note/a", &note("three"));
    assert!(second_insert.commit().await.unwrap_err().is_conflict());
    let mut late_delete = store.change();
    late_delete.delete(&row);
    assert!(late_delete.commit().await.unwrap_err().is_conflict());
    assert_eq!(store.read::<Note>("note/a").await.unwrap().unwrap().value, note("two"));
    assert!(store.read::<Note>("note/b").await.unwrap().is_none());
}

#[tokio::test]
async fn a_long_record_lies_in_a_body_and_nobody_notices() {
    let dir = tempfile::tempdir().unwrap();
    let bodies = Arc::new(FileBodies::new(dir.path().join("bodies")));
    let store = Store::new(Arc::new(MemoryEngine::new()), bodies.clone());
    for bytes in [INLINE_BYTES_MAX - 20, INLINE_BYTES_MAX, 100_000] {
        let mut change = store.change();
        change.put("note/long", &note("x".repeat(bytes)));
        change.commit().await.unwrap();
        assert_eq!(store.read::<Note>("note/long").await.unwrap().unwrap().value.words.len(), bytes);
        let value = store.engine().get("note/long".into()).await.unwrap().unwrap().value;
        assert_eq!(value.len() == 33, bytes >= INLINE_BYTES_MAX, "{bytes}");
    }
    let shelf = std::fs::read_dir(dir.path().join("bodies")).unwrap().next().unwrap().unwrap().path();
    let file = std::fs::read_dir(&shelf).unwrap().next().unwrap().unwrap().path();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&shelf), mode(&file)), (0o700, 0o600));
}

#[tokio::test]
async fn a_body_that_is_gone_or_changed_is_an_error_that_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::new(Arc::new(MemoryEngine::new()), Arc::new(FileBodies::new(dir.path())));
    let mut change = store.change();
    change.put("note/long", &note("y".repeat(9_000)));
    change.commit().await.unwrap();
    let shelf = std::fs::read_dir(dir.path()).unwrap().next().unwrap().unwrap().path();
    let file = std::fs::read_dir(&shelf).unwrap().next().unwrap().unwrap().path();

    for junk in [b"junk".to_vec(), zstd::encode_all(&b"other words"[..], 3).unwrap()] {
        std::fs::write(&file, junk).unwrap();
        let fault = store.read::<Note>("note/long").await.unwrap_err();
        assert!(matches!(fault, StoreError::Body(BodyError::Damaged { .. })), "{fault}");
        assert!(fault.to_string().contains("restore the last dump"));
    }
    std::fs::remove_file(&file).unwrap();
    let fault = store.read::<Note>("note/long").await.unwrap_err();
    assert!(matches!(fault, StoreError::Body(BodyError::Missing { .. })), "{fault}");
}

#[tokio::test]
async fn the_sweep_keeps_what_is_named_and_what_is_young() {
    let dir = tempfile::tempdir().unwrap();
    let bodies = FileBodies::new(dir.path());
    let [named, young] = ["named", "young"].map(|words| super::bodies::Body::new(words.into()));
    let live = HashSet::from([named.hash()]);
    let (named_hash, young_hash) = (named.hash(), young.hash());
    bodies.put(named).await.unwrap();
    bodies.put(young).await.unwrap();
    let remains = dir.path().join("ab");
    std::fs::create_dir_all(&remains).unwrap();
    std::fs::write(remains.join("ab.1-0.part"), "half").unwrap();
    std::fs::write(remains.join("README"), "not ours").unwrap();

    let swept = bodies.sweep(live.clone(), Duration::from_secs(3600)).await.unwrap();
    assert_eq!((swept.kept, swept.removed), (3, 0));
    let swept = bodies.sweep(live, Duration::ZERO).await.unwrap();
    assert_eq!((swept.kept, swept.removed), (1, 2));
    assert_eq!(bodies.get(named_hash).await.unwrap(), b"named");
    assert!(matches!(bodies.get(young_hash).await, Err(BodyError::Missing { .. })));
    assert!(remains.join("README").exists());
}

#[tokio::test]
async fn the_body_of_a_record_that_was_replaced_goes_and_that_of_the_new_one_stays() {
    let store = Store::in_memory();
    for words in ["first ", "second "] {
        let mut change = store.change();
        change.put("note/long", &note(words.repeat(2_000))).put("note/short", &note(words));
        change.commit().await.unwrap();
    }
    let swept = store.sweep_bodies(Duration::ZERO).await.unwrap();
    assert_eq!((swept.kept, swept.removed), (1, 1));
    assert!(store.read::<Note>("note/long").await.unwrap().unwrap().value.words.starts_with("second"));
}

#[tokio::test]
async fn an_older_schema_is_read_and_a_newer_one_refused() {
    let store = Store::in_memory();
    raw(&store, "note/old", b"\x01{\"text\":\"first\"}").await;
    raw(&store, "note/new", b"\x03{\"words\":\"later\"}").await;
    assert_eq!(store.read::<Note>("note/old").await.unwrap().unwrap().value, note("first"));
    let fault = store.read::<Note>("note/new").await.unwrap_err();
    assert!(matches!(fault, StoreError::Record(RecordError::Newer { found: 3, known: 2, .. })));
    assert!(fault.to_string().contains("note/new") && fault.to_string().contains("newer boardwatch"), "{fault}");
}

#[tokio::test]
async fn a_value_that_is_no_record_is_an_error_that_names_its_key() {
    let store = Store::in_memory();
    for value in [&b""[..], b"\x02", b"\x02{\"words\":7}", b"\x02{\"wor", b"\x82short"] {
        raw(&store, "note/bad", value).await;
        let fault = store.read::<Note>("note/bad").await.unwrap_err();
        assert!(matches!(fault, StoreError::Record(_)) && fault.to_string().contains("note/bad"), "{value:?}: {fault}");
    }
}

#[tokio::test]
async fn all_rows_of_a_prefix_come_once_in_order_page_after_page() {
    let store = Store::in_memory();
    for n in 0..super::PAGE_ROWS * 2 + 7 {
        let mut change = store.change();
        change.insert(format!("note/{n:05}"), &note(n.to_string()));
        change.commit().await.unwrap();
    }
    raw(&store, "notf", b"\x02{}").await;
    raw(&store, "note", b"\x02{}").await;
    let rows: Vec<Row<Note>> = store.rows(prefix_range(b"note/")).try_collect().await.unwrap();
    assert_eq!(rows.len(), super::PAGE_ROWS * 2 + 7);
    assert!(rows.iter().enumerate().all(|(n, row)| row.value.words == n.to_string()));
    assert_eq!(store.scan::<Note>(prefix_range(b"note/"), 3).await.unwrap().len(), 3);
}

#[test]
fn a_hash_reads_back_from_its_digits() {
    let hash = BodyHash::of(b"words");
    assert_eq!(BodyHash::from_hex(&hash.to_string()), Some(hash));
    assert_eq!(BodyHash::from_hex("words"), None);
}
