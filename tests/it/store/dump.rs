//! The whole store in one file and back.

use super::{Note, note};
use boardwatch::cli::dump::{DumpArgs, RestoreArgs, run_dump, run_restore};
use boardwatch::domain::delivery::Position;
use boardwatch::domain::subscriber::{Address, Cadence, Ending, Interests, SubscriberId};
use boardwatch::edge::clock::OsEntropy;
use boardwatch::rules::token::Purpose;
use boardwatch::store::bodies::MemoryBodies;
use boardwatch::store::dump::keys::Keys;
use boardwatch::store::dump::{DumpError, dump, dump_to_file, restore};
use boardwatch::store::engine::{Check, Engine, EngineError, Key, Versioned, Write, prefix_range};
use boardwatch::store::link_keys::{link_keys, rotate};
use boardwatch::store::memory::MemoryEngine;
use boardwatch::store::open::{listen, open_alone, open_any, open_exclusive, open_for_restore, secret_key};
use boardwatch::store::records::{Person, Subscription};
use boardwatch::store::remote::serve;
use boardwatch::store::{Row, Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::BoxFuture;
use futures::{FutureExt, TryStreamExt};
use std::fs;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::ops::Range;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use tokio_util::sync::CancellationToken;

/// When dumps are made here.
const MADE: DateTime<Utc> = DateTime::UNIX_EPOCH;

async fn filled(notes: usize) -> Store {
    let store = Store::in_memory();
    for n in 0..notes {
        let mut change = store.change();
        change.insert(format!("note/{n:04}"), &note("word ".repeat(n * 7)));
        change.commit().await.unwrap();
    }
    store
}

async fn content(store: &Store) -> Vec<(String, Note)> {
    let rows: Vec<Row<Note>> = store.rows(prefix_range(b"")).try_collect().await.unwrap();
    rows.into_iter().map(|row| (String::from_utf8(row.key).unwrap(), row.value)).collect()
}

async fn dumped(store: &Store) -> Vec<u8> {
    let mut bytes = Vec::new();
    dump(store, &mut bytes, None, &Keys::default()).await.unwrap();
    bytes
}

#[tokio::test]
async fn a_dump_restored_elsewhere_says_the_same_short_records_and_long() {
    let store = filled(450).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.jsonl.zst");
    assert_eq!(dump_to_file(&store, &file, MADE, &Keys::default()).await.unwrap(), 450);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);

    let elsewhere = open_exclusive(&folder.path().join("data")).await.unwrap();
    assert_eq!(restore(&elsewhere, &mut fs::File::open(&file).unwrap(), false).await.unwrap().rows, 450);
    assert_eq!(content(&elsewhere).await, content(&store).await);
    assert_eq!(dumped(&elsewhere).await, dumped(&store).await, "and its dump is the same, byte for byte");
}

#[tokio::test]
async fn a_dump_is_lines_of_json_that_anybody_can_read() {
    let text = zstd::decode_all(dumped(&filled(2).await).await.as_slice()).unwrap();
    let lines: Vec<serde_json::Value> = text.split(|&b| b == b'\n').flat_map(serde_json::from_slice).collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[0], serde_json::json!({ "boardwatch_dump": 1 }));
    assert_eq!(lines[1], serde_json::json!({ "key": "note/0000", "schema": 1, "record": { "words": "" } }));
    assert_eq!(lines[3]["rows"], 2);
}

#[tokio::test]
async fn a_store_that_holds_anything_is_not_overwritten_unless_forced() {
    let bytes = dumped(&filled(3).await).await;
    let other = filled(9).await;
    let before = content(&other).await;
    assert!(matches!(restore(&other, &mut Cursor::new(&bytes), false).await, Err(DumpError::NotEmpty)));
    assert_eq!(content(&other).await, before);
    assert_eq!(restore(&other, &mut Cursor::new(&bytes), true).await.unwrap().rows, 3);
    assert_eq!(content(&other).await, content(&filled(3).await).await);
}

#[tokio::test]
async fn a_cut_or_altered_dump_is_refused_before_anything_is_touched() {
    let bytes = dumped(&filled(40).await).await;
    let text = zstd::decode_all(bytes.as_slice()).unwrap();
    let pack = |text: &[u8]| zstd::encode_all(text, 3).unwrap();
    let second_line = text.iter().position(|&b| b == b'\n').unwrap() + 1;
    let trailer = text[..text.len() - 1].iter().rposition(|&b| b == b'\n').unwrap() + 1;
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 2] ^= 1;
    let reworded = String::from_utf8(text.clone()).unwrap().replacen("word", "ward", 1);
    let newer = String::from_utf8(text.clone()).unwrap().replacen("\"boardwatch_dump\":1", "\"boardwatch_dump\":2", 1);

    let store = filled(1).await;
    let before = content(&store).await;
    for (damaged, wanted) in [
        (bytes[..bytes.len() - 20].to_vec(), "cut short"),
        (bytes[..bytes.len() / 2].to_vec(), "cut short"),
        (pack(&text[..trailer]), "cut short"),
        (pack(&text[..trailer + 9]), "cut short"),
        (pack(&[&text[..second_line], &text[trailer..]].concat()), "altered"),
        (pack(reworded.as_bytes()), "altered"),
        (flipped, "altered"),
        (pack(newer.as_bytes()), "newer boardwatch"),
        (pack(b"{\"other\":1}\n"), "no dump"),
        (b"words".to_vec(), "no dump"),
        (Vec::new(), "no dump"),
    ] {
        let refused = restore(&store, &mut Cursor::new(damaged), true).await.unwrap_err();
        assert!(refused.to_string().contains(wanted), "{wanted}: {refused}");
        assert_eq!(content(&store).await, before);
    }
}

#[tokio::test]
async fn a_store_that_changes_while_it_is_dumped_is_dumped_at_one_moment_or_not_at_all() {
    let engine = Arc::new(Restless { engine: MemoryEngine::new(), changes_left: AtomicU32::new(1) });
    let store = Store::new(engine, Arc::new(MemoryBodies::new()));
    let mut change = store.change();
    change.put("note/b", &note("kept"));
    change.commit().await.unwrap();
    assert!(matches!(dump(&store, &mut Vec::new(), None, &Keys::default()).await, Err(DumpError::Busy)));
    assert_eq!(dump(&store, &mut Vec::new(), None, &Keys::default()).await.unwrap(), 1, "the next time nobody wrote");
}

/// Somebody deletes a record whenever another has just read it, as often as said.
struct Restless {
    engine: MemoryEngine,
    changes_left: AtomicU32,
}

impl Engine for Restless {
    fn get(&self, key: Key) -> BoxFuture<'_, Result<Option<Versioned>, EngineError>> {
        self.engine.get(key)
    }

    fn scan(&self, range: Range<Key>, limit: usize) -> BoxFuture<'_, Result<Vec<(Key, Versioned)>, EngineError>> {
        async move {
            let page = self.engine.scan(range, limit).await;
            if self.changes_left.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_ok() {
                self.engine.commit(vec![], vec![Write::Delete("note/a".into())]).await?;
            }
            page
        }
        .boxed()
    }

    fn commit(&self, checks: Vec<Check>, writes: Vec<Write>) -> BoxFuture<'_, Result<u64, EngineError>> {
        self.engine.commit(checks, writes)
    }

    fn is_exclusive(&self) -> bool {
        true
    }
}

#[tokio::test]
async fn a_restore_that_was_cut_short_is_noticed_and_can_be_done_again() {
    /// Reads well the first time, to the end; fails half-way the second time, as a restore that is stopped.
    struct FailsTheSecondTime(Cursor<Vec<u8>>, bool);
    impl Read for FailsTheSecondTime {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let half = self.0.get_ref().len() as u64 / 2;
            if self.1 && self.0.position() > half {
                return Err(std::io::Error::other("stopped"));
            }
            let few = into.len().min(512);
            self.0.read(&mut into[..few])
        }
    }
    impl Seek for FailsTheSecondTime {
        fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
            self.1 = true;
            self.0.seek(to)
        }
    }
    let bytes = dumped(&filled(800).await).await;
    let data_dir = tempfile::tempdir().unwrap();
    let store = open_exclusive(data_dir.path()).await.unwrap();
    restore(&store, &mut FailsTheSecondTime(Cursor::new(bytes.clone()), false), false).await.unwrap_err();
    drop(store);

    let refused = open_exclusive(data_dir.path()).await.err().unwrap();
    assert!(matches!(refused, StoreError::HalfRestored), "{refused}");
    let store = open_for_restore(data_dir.path()).await.unwrap();
    assert!(matches!(restore(&store, &mut Cursor::new(&bytes), false).await, Err(DumpError::NotEmpty)));
    assert_eq!(restore(&store, &mut Cursor::new(&bytes), true).await.unwrap().rows, 800);
    drop(store);
    assert_eq!(content(&open_exclusive(data_dir.path()).await.unwrap()).await.len(), 800);
}

#[tokio::test]
async fn the_commands_dump_beside_a_running_daemon_and_restore_only_without_one() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    let file = folder.path().join("all.jsonl.zst");
    let daemon = open_exclusive(&data_dir).await.unwrap();
    let mut change = daemon.change();
    change.insert("note/a", &note("kept ".repeat(2_000)));
    change.commit().await.unwrap();
    let cancel = CancellationToken::new();
    let serving = tokio::spawn(serve(listen(&data_dir).unwrap(), daemon.engine().clone(), Arc::new(Vec::new), cancel.clone()));

    run_dump(&DumpArgs { file: file.clone() }, &data_dir).await.unwrap();
    let args = RestoreArgs { file, force: true, other_key: false };
    let refused = run_restore(&args, &data_dir).await.unwrap_err().to_string();
    assert!(refused.contains("stop it before restoring"), "{refused}");

    cancel.cancel();
    serving.await.unwrap();
    let before = content(&daemon).await;
    drop(daemon);
    run_restore(&args, &data_dir).await.unwrap();
    assert_eq!(content(&open_exclusive(&data_dir).await.unwrap()).await, before);
    let refused = run_restore(&RestoreArgs { force: false, ..args }, &data_dir).await.unwrap_err();
    assert!(format!("{refused:#}").contains("--force"), "{refused:#}");
}

fn person(address: &str, key: &[u8; 32]) -> (SubscriberId, Person, Subscription) {
    let address = Address::parse(address).unwrap();
    let subscription = Subscription {
        origin: "web:daily".to_owned(),
        cadence: Cadence::Daily,
        interests: Interests::default(),
        since: Position(0),
        began: MADE,
        moved: None,
        ended: None,
    };
    (SubscriberId::of(&address, key), Person::known_since(address, MADE), subscription)
}

async fn known(store: &Store, people: &[(SubscriberId, Person, Subscription)]) {
    for (id, person, subscription) in people {
        let mut change = store.change();
        change.insert(format!("person/{id}"), person).insert(format!("subscription/{id}/web:daily"), subscription);
        change.commit().await.unwrap();
    }
}

#[tokio::test]
async fn who_left_was_erased_or_is_out_of_reach_since_a_dump_stays_so_when_it_is_restored() {
    let store = Store::in_memory();
    let people: Vec<_> = ["left", "erased", "gone", "stays"].map(|name| person(&format!("{name}@example.org"), &[7; 32])).into();
    known(&store, &people).await;
    let before = dumped(&store).await;
    let [left, erased, gone, stays] = [0, 1, 2, 3].map(|n: usize| people[n].0.clone());
    let later = MADE + TimeDelta::days(1);
    store.end_subscriptions(&left, Ending::Unsubscribed, later).await.unwrap();
    store.erase(&erased, Ending::Erased, later).await.unwrap();
    let row = store.person(&gone).await.unwrap().unwrap();
    let mut change = store.change();
    change.update(&row, &Person { suppressed: Some((Ending::AddressGone, later)), ..row.value.clone() });
    change.commit().await.unwrap();

    let restored = restore(&store, &mut Cursor::new(&before), true).await.unwrap();
    assert_eq!((restored.rows, restored.left_since), (8, 3));
    assert!(store.to_be_mailed(&left).await.unwrap().is_none());
    assert_eq!(store.subscriptions(&left).await.unwrap()[0].value.ended, Some((Ending::Unsubscribed, later)));
    assert!(store.person(&erased).await.unwrap().is_none() && store.erased(&erased).await.unwrap().is_some());
    assert_eq!(store.person(&gone).await.unwrap().unwrap().value.suppressed, Some((Ending::AddressGone, later)));
    assert!(store.to_be_mailed(&stays).await.unwrap().is_some());
}

#[tokio::test]
async fn a_dump_brings_the_keys_by_which_its_people_are_known_and_another_key_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    let file = folder.path().join("all.jsonl.zst");
    let key = secret_key(&first, &OsEntropy).unwrap();
    link_keys(&first, key, &OsEntropy, MADE).unwrap();
    known(&open_exclusive(&first).await.unwrap(), &[person("reader@example.org", &key)]).await;
    run_dump(&DumpArgs { file: file.clone() }, &first).await.unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);

    let other = secret_key(&second, &OsEntropy).unwrap();
    run_restore(&RestoreArgs { file: file.clone(), force: false, other_key: false }, &second).await.unwrap();
    assert_eq!(secret_key(&second, &OsEntropy).unwrap(), key);
    assert_eq!(fs::read(second.join("secret.key.replaced")).unwrap(), other);
    for name in ["secret.key", "secret.key.replaced", "link-keys.json"] {
        assert_eq!(fs::metadata(second.join(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
    assert_eq!(fs::read(second.join("link-keys.json")).unwrap(), fs::read(first.join("link-keys.json")).unwrap());
    let store = open_exclusive(&second).await.unwrap();
    assert!(store.knows_its_people_by(&key).await.unwrap());
    assert!(!store.knows_its_people_by(&other).await.unwrap());
    assert!(Store::in_memory().knows_its_people_by(&other).await.unwrap(), "nobody is known yet");
}

#[tokio::test]
async fn a_dump_goes_where_a_link_leads_never_over_what_is_dumped_and_fails_without_the_keys() {
    let folder = tempfile::tempdir().unwrap();
    let (data_dir, file, link) = (folder.path().join("data"), folder.path().join("all.zst"), folder.path().join("latest"));
    let key = secret_key(&data_dir, &OsEntropy).unwrap();
    link_keys(&data_dir, key, &OsEntropy, MADE).unwrap();
    known(&open_exclusive(&data_dir).await.unwrap(), &[person("reader@example.org", &key)]).await;
    let dump = async |file: &Path| run_dump(&DumpArgs { file: file.to_owned() }, &data_dir).await;

    fs::write(&file, "the dump of yesterday").unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    dump(&link).await.unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    let mut dumped = fs::File::open(&file).unwrap();
    assert_eq!(restore(&Store::in_memory(), &mut dumped, false).await.unwrap().rows, 2);
    for ours in ["store/db", "secret.key", "store/snap.1", "link-keys.json"] {
        let before = fs::read(data_dir.join(ours)).ok();
        let refused = dump(&data_dir.join(ours)).await.unwrap_err().to_string();
        assert!(refused.contains("belongs to what is dumped"), "{refused}");
        assert!(ours == "store/db" || fs::read(data_dir.join(ours)).ok() == before, "{ours}");
    }
    let nowhere = folder.path().join("nowhere");
    std::os::unix::fs::symlink("pipe:[4711]", &nowhere).unwrap();
    let refused = dump(&nowhere).await.unwrap_err().to_string();
    assert!(refused.contains("is a link to nothing") && fs::symlink_metadata(&nowhere).unwrap().is_symlink(), "{refused}");
    assert!(open_exclusive(&data_dir).await.unwrap().knows_its_people_by(&key).await.unwrap());

    fs::write(data_dir.join("secret.key"), [9; 32]).unwrap();
    let before = fs::read(&file).unwrap();
    let failed = dump(&file).await.unwrap_err().to_string();
    assert!(failed.contains("is left as it is") && fs::read(&file).unwrap() == before, "{failed}");
    let other = folder.path().join("other.zst");
    let failed = dump(&other).await.unwrap_err().to_string();
    assert!(failed.contains("nothing is written") && failed.contains("secret.key") && !other.exists(), "{failed}");

    fs::write(data_dir.join("secret.key"), key).unwrap();
    for broken in ["{\"keys\": [{\"id\": 1", "{\"keys\": []}"] {
        fs::write(data_dir.join("link-keys.json"), broken).unwrap();
        let failed = dump(&file).await.unwrap_err().to_string();
        assert!(failed.contains("is left as it is") && failed.contains("link-keys.json"), "{failed}");
        let another = folder.path().join("another.zst");
        fs::remove_file(&another).ok();
        let failed = dump(&another).await.unwrap_err().to_string();
        assert!(failed.contains("not the keys of links: ") && failed.contains("link-keys.json"), "{failed}");
        let restored = restore(&Store::in_memory(), &mut fs::File::open(&another).unwrap(), false).await.unwrap();
        assert!(restored.keys.secret() == Some(key) && restored.keys.clone().without_links() == restored.keys);
    }
    fs::remove_file(data_dir.join("link-keys.json")).unwrap();
    let failed = dump(&file).await.unwrap_err().to_string();
    assert!(failed.contains("is left as it is") && failed.contains("link-keys.json is missing"), "{failed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_never_rests_is_dumped_at_one_moment_while_those_who_write_wait_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let (data_dir, file) = (folder.path().join("data"), folder.path().join("all.zst"));
    let daemon = open_exclusive(&data_dir).await.unwrap();
    let mut change = daemon.change();
    for n in 0..2_000 {
        change.insert(format!("note/m{n:04}"), &note("as ever"));
    }
    change.commit().await.unwrap();
    let cancel = CancellationToken::new();
    let serving = tokio::spawn(serve(listen(&data_dir).unwrap(), daemon.engine().clone(), Arc::new(Vec::new), cancel.clone()));
    let (writes, stop) = (daemon.clone(), cancel.clone());
    let writing = tokio::spawn(async move {
        let mut commits = 0_u64;
        while !stop.is_cancelled() {
            // The first and the last that is read are always the same.
            let mut change = writes.change();
            change.put("note/a", &note(commits.to_string())).put("note/z", &note(commits.to_string()));
            change.commit().await.unwrap();
            commits += 1;
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        commits
    });
    run_dump(&DumpArgs { file: file.clone() }, &data_dir).await.unwrap();
    let after = daemon.change().commit().await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert!(daemon.change().commit().await.unwrap() > after + 1, "they go on");
    cancel.cancel();
    serving.await.unwrap();
    assert!(writing.await.unwrap() > 100);
    let copy = Store::in_memory();
    restore(&copy, &mut fs::File::open(&file).unwrap(), false).await.unwrap();
    let notes = content(&copy).await;
    assert_eq!((notes.len(), &notes[0].1), (2_002, &notes[2_001].1));
}

#[tokio::test]
async fn who_holds_a_store_and_goes_away_or_takes_too_long_keeps_nobody_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_exclusive(folder.path()).await.unwrap();
    let hour = std::time::Duration::from_secs(3600);
    drop(store.engine().hold(hour).await.unwrap().unwrap());
    store.change().commit().await.unwrap();
    let held = store.engine().hold(hour).await.unwrap().unwrap();
    let waits = tokio::time::timeout(std::time::Duration::from_millis(50), store.change().commit()).await;
    assert!(waits.is_err() && held.let_go().await.unwrap());
    let late = store.engine().hold(std::time::Duration::from_millis(1)).await.unwrap().unwrap();
    store.change().commit().await.unwrap();
    assert!(!late.let_go().await.unwrap(), "it is not of one moment");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_waits_for_another_that_has_the_store_and_a_second_daemon_does_not_wait_for_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let (data_dir, second) = (folder.path().to_owned(), std::time::Duration::from_secs(1));
    let first = open_exclusive(&data_dir).await.unwrap();
    let ends = tokio::spawn(async move {
        tokio::time::sleep(second).await;
        drop(first);
    });
    drop(open_any(&data_dir).await.unwrap());
    ends.await.unwrap();
    let daemon = open_alone(&data_dir).await.unwrap();
    let cancel = CancellationToken::new();
    let serving = tokio::spawn(serve(listen(&data_dir).unwrap(), daemon.engine().clone(), Arc::new(Vec::new), cancel.clone()));
    let begun = std::time::Instant::now();
    let refused = open_alone(&data_dir).await.err().unwrap();
    assert!(matches!(refused, StoreError::Engine(EngineError::InUse { .. })) && begun.elapsed() < 3 * second, "{refused}");
    cancel.cancel();
    serving.await.unwrap();
}

#[tokio::test]
async fn a_dump_of_before_a_change_of_keys_takes_no_link_from_who_was_mailed_since() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    let file = folder.path().join("all.jsonl.zst");
    let key = secret_key(&data_dir, &OsEntropy).unwrap();
    let before = link_keys(&data_dir, key, &OsEntropy, MADE).unwrap();
    let store = open_exclusive(&data_dir).await.unwrap();
    known(&store, &[person("reader@example.org", &key)]).await;
    let text = fs::read(data_dir.join("link-keys.json")).unwrap();
    store.know_links_by(&data_dir.join("link-keys.json"), &text, true).await.unwrap();
    drop(store);
    run_dump(&DumpArgs { file: file.clone() }, &data_dir).await.unwrap();
    let store = open_exclusive(&data_dir).await.unwrap();
    assert_eq!(rotate(&store, &data_dir, false, &OsEntropy, MADE).await.unwrap(), 2);
    drop(store);
    let since = link_keys(&data_dir, key, &OsEntropy, MADE).unwrap();
    let reader = person("reader@example.org", &key);
    run_restore(&RestoreArgs { file: file.clone(), force: true, other_key: false }, &data_dir).await.unwrap();
    let now = link_keys(&data_dir, key, &OsEntropy, MADE).unwrap();
    for (sent, keys) in [("before it", &before), ("since", &since)] {
        assert!(now.read(&keys.leave(&reader.0, 0), Purpose::Unsubscribe, MADE).is_ok(), "what was mailed {sent}");
    }
    assert_eq!(now, since, "the newest signs");
    let store = open_exclusive(&data_dir).await.unwrap();
    let path = data_dir.join("link-keys.json");
    assert!(store.doubt_of_links(&path, Some(&fs::read(&path).unwrap())).await.unwrap().is_none());
}

#[test]
fn what_was_put_aside_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let all: Vec<Keys> = ["first", "second", "third"]
        .iter()
        .map(|name| {
            let data_dir = folder.path().join(name);
            let key = secret_key(&data_dir, &OsEntropy).unwrap();
            link_keys(&data_dir, key, &OsEntropy, MADE).unwrap();
            Keys::under(&data_dir).unwrap()
        })
        .collect();
    let here = folder.path().join("here");
    for keys in [&all[0], &all[1], &all[2], &all[1]] {
        keys.put(&here, false).unwrap();
        assert!(Keys::under(&here).unwrap() == *keys);
    }
    let kept = |name: &str| fs::read(here.join(name)).unwrap();
    for (more, from) in [("", "first"), (".2", "second"), (".3", "third")] {
        for name in ["secret.key", "link-keys.json"] {
            assert_eq!(kept(&format!("{name}.replaced{more}")), fs::read(folder.path().join(from).join(name)).unwrap());
        }
    }
}

#[tokio::test]
async fn a_store_of_another_key_is_replaced_only_where_that_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    let file = folder.path().join("all.jsonl.zst");
    for (data_dir, who) in [(&first, "reader@example.org"), (&second, "left@example.org")] {
        let key = secret_key(data_dir, &OsEntropy).unwrap();
        link_keys(data_dir, key, &OsEntropy, MADE).unwrap();
        known(&open_exclusive(data_dir).await.unwrap(), &[person(who, &key)]).await;
    }
    run_dump(&DumpArgs { file: file.clone() }, &first).await.unwrap();
    let key = secret_key(&second, &OsEntropy).unwrap();
    let args = |other_key| RestoreArgs { file: file.clone(), force: true, other_key };
    let refused = run_restore(&args(false), &second).await.unwrap_err();
    assert!(format!("{refused:#}").contains("--other-key"), "{refused:#}");
    assert_eq!(secret_key(&second, &OsEntropy).unwrap(), key, "nothing was touched");
    assert!(open_exclusive(&second).await.unwrap().knows_its_people_by(&key).await.unwrap());
    run_restore(&args(true), &second).await.unwrap();
    assert!(!open_exclusive(&second).await.unwrap().knows_its_people_by(&key).await.unwrap());
    run_restore(&args(false), &second).await.expect("it is the dump's own by now");
}

#[tokio::test]
async fn what_a_restore_that_was_cut_short_has_left_goes_unless_it_is_still_needed() {
    let data_dir = tempfile::tempdir().unwrap();
    let spool = data_dir.path().join("restore.spool");
    let bytes = dumped(&filled(3).await).await;
    fs::write(&spool, &bytes).unwrap();
    drop(open_exclusive(data_dir.path()).await.unwrap());
    assert!(!spool.exists(), "the store is whole");

    fs::write(&spool, &bytes).unwrap();
    let store = open_for_restore(data_dir.path()).await.unwrap();
    let mark = vec![Write::Put("restore/unfinished".into(), [vec![1], b"{}".to_vec()].concat())];
    store.engine().commit(vec![], mark).await.unwrap();
    drop(store);
    assert!(matches!(open_exclusive(data_dir.path()).await, Err(StoreError::HalfRestored)));
    assert!(spool.exists(), "it may be all that there is");
    run_restore(&RestoreArgs { file: spool.clone(), force: true, other_key: false }, data_dir.path()).await.unwrap();
    assert!(!spool.exists());
    assert_eq!(content(&open_exclusive(data_dir.path()).await.unwrap()).await, content(&filled(3).await).await);
}
