//! What the embedded store does with its folder, and what it says when the folder is not as it should be.

use super::{Note, note};
use boardwatch::ports::{Awaited, AwaitedStep, Entropy};
use boardwatch::store::engine::{Engine, EngineError, Write, prefix_range};
use boardwatch::store::open::{self, listen, open_any, open_exclusive, secret_key};
use boardwatch::store::remote;
use boardwatch::store::sled::SledEngine;
use boardwatch::store::{Store, StoreError};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

async fn keep(store: &Store, key: &str, words: &str) {
    let mut change = store.change();
    change.put(key, &note(words));
    change.commit().await.unwrap();
}

async fn words(store: &Store, key: &str) -> Option<String> {
    store.read::<Note>(key).await.unwrap().map(|row| row.value.words)
}

#[tokio::test]
async fn what_was_kept_is_there_when_the_store_is_opened_again() {
    let data_dir = tempfile::tempdir().unwrap();
    let long = "long ".repeat(2_000);
    let store = open_exclusive(data_dir.path()).await.unwrap();
    keep(&store, "note/a", "short").await;
    keep(&store, "note/b", &long).await;
    let row = store.read::<Note>("note/a").await.unwrap().unwrap();
    drop(store);

    let store = open_exclusive(data_dir.path()).await.unwrap();
    assert_eq!(store.read::<Note>("note/a").await.unwrap().unwrap(), row);
    assert_eq!(words(&store, "note/b").await, Some(long));
    let mut change = store.change();
    change.update(&row, &note("later"));
    assert!(change.commit().await.unwrap() > row.version);
}

#[tokio::test]
async fn what_was_being_written_of_the_stores_pages_when_it_stopped_is_no_damage() {
    let data_dir = tempfile::tempdir().unwrap();
    let store = open_exclusive(data_dir.path()).await.unwrap();
    keep(&store, "note/a", "kept").await;
    drop(store);
    let folder = data_dir.path().join("store");
    // A full disk leaves it without a word, a kill with some.
    for (name, begun) in [("snap.00000000FFFFFFF0.generating", &b""[..]), ("snap.00000000FFFFFFF1.generating", b"half")] {
        fs::write(folder.join(name), begun).unwrap();
        let store = open_any(data_dir.path()).await.unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(words(&store, "note/a").await.as_deref(), Some("kept"), "{name}");
        drop(store);
        assert!(!folder.join(name).exists());
    }
}

#[tokio::test]
async fn only_their_owner_may_read_the_store_and_its_key() {
    struct Fixed;
    impl Entropy for Fixed {
        fn bytes(&self) -> [u8; 32] {
            [7; 32]
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("new");
    let store = open_exclusive(&data_dir).await.unwrap();
    keep(&store, "note/a", "words").await;
    let _listener = listen(&data_dir).unwrap();
    assert_eq!(secret_key(&data_dir, &Fixed).unwrap(), [7; 32]);
    for (name, wanted) in [
        ("", 0o700),
        ("store", 0o700),
        ("store/blobs", 0o700),
        ("store/db", 0o600),
        ("store/conf", 0o600),
        ("control.sock", 0o600),
        ("secret.key", 0o600),
    ] {
        assert_eq!(mode(&data_dir.join(name)), wanted, "{name}");
    }
}

#[test]
fn the_secret_key_is_made_once_and_never_replaced() {
    struct Other(u8);
    impl Entropy for Other {
        fn bytes(&self) -> [u8; 32] {
            [self.0; 32]
        }
    }
    let data_dir = tempfile::tempdir().unwrap();
    assert_eq!(secret_key(data_dir.path(), &Other(1)).unwrap(), [1; 32]);
    assert_eq!(secret_key(data_dir.path(), &Other(2)).unwrap(), [1; 32]);
    assert_eq!(fs::read_dir(data_dir.path()).unwrap().count(), 1);
    fs::write(data_dir.path().join("secret.key"), "short").unwrap();
    let refused = secret_key(data_dir.path(), &Other(3)).unwrap_err();
    assert!(refused.to_string().contains("secret.key does not hold 32 bytes"), "{refused}");
    assert_eq!(fs::read(data_dir.path().join("secret.key")).unwrap(), b"short");
    fs::remove_file(data_dir.path().join("secret.key")).unwrap();
    fs::create_dir(data_dir.path().join("secret.key")).unwrap();
    let refused = secret_key(data_dir.path(), &Other(3)).unwrap_err().to_string();
    let path = data_dir.path().join("secret.key").display().to_string();
    assert!(refused.contains(&path) && refused.contains("put back the file"), "{refused}");
}

#[tokio::test]
async fn a_second_process_is_refused_with_a_sentence_or_works_through_the_first() {
    let data_dir = tempfile::tempdir().unwrap();
    let store = open_exclusive(data_dir.path()).await.unwrap();
    keep(&store, "note/a", "first").await;
    for refused in [open_exclusive(data_dir.path()).await, open_any(data_dir.path()).await] {
        let refused = refused.err().unwrap();
        assert!(matches!(refused, StoreError::Engine(EngineError::InUse { .. })));
        let sentence = format!("another boardwatch is using the store in {}", data_dir.path().join("store").display());
        assert_eq!(refused.to_string(), sentence);
    }

    let cancel = CancellationToken::new();
    let waits = Awaited {
        relay: "mail.example.org:25".to_owned(),
        provider: Some("example.net".to_owned()),
        step: AwaitedStep::Text,
        lines: 2,
        longest_seconds: 3,
    };
    let says = waits.clone();
    let awaited = Arc::new(move || vec![says.clone()]);
    let serving = tokio::spawn(remote::serve(listen(data_dir.path()).unwrap(), store.engine().clone(), awaited, cancel.clone()));
    assert_eq!(open::awaited(data_dir.path()).await, [waits]);
    let second = open_any(data_dir.path()).await.unwrap();
    assert!(store.is_exclusive() && !second.is_exclusive());
    assert_eq!(words(&second, "note/a").await.as_deref(), Some("first"));
    let long = "second ".repeat(2_000);
    keep(&second, "note/b", &long).await;
    assert_eq!(words(&store, "note/b").await, Some(long));

    cancel.cancel();
    serving.await.unwrap();
    assert!(open::awaited(data_dir.path()).await.is_empty(), "who has gone waits for nothing");
    let gone = second.read::<Note>("note/a").await.unwrap_err();
    assert!(matches!(gone, StoreError::Engine(EngineError::Io { .. })), "{gone}");
    drop((store, second));
    let alone = open_any(data_dir.path()).await.unwrap();
    assert!(alone.is_exclusive(), "a socket that nobody answers is in nobody's way");
    listen(data_dir.path()).expect("nor in that of the next daemon");
}

#[test]
fn a_store_from_a_newer_boardwatch_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    drop(SledEngine::open(folder.path()).unwrap());
    let db = sled::open(folder.path()).unwrap();
    assert_eq!(db.get("meta/format").unwrap().unwrap(), b"1");
    db.insert("meta/format", b"2").unwrap();
    drop(db);
    let refused = SledEngine::open(folder.path()).err().unwrap();
    assert!(matches!(refused, EngineError::Newer { found: 2, known: 1, .. }), "{refused}");
    assert!(refused.to_string().contains("newer boardwatch"));
    assert_eq!(sled::open(folder.path()).unwrap().get("meta/format").unwrap().unwrap(), b"2");
}

#[test]
fn a_damaged_store_is_an_error_that_says_where_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let engine = SledEngine::open(&path).unwrap();
    for n in 0..60 {
        let writes = (0..50).map(|k| Write::Put(format!("k/{n}/{k}").into(), vec![b'v'; 500])).collect();
        runtime.block_on(engine.commit(vec![], writes)).unwrap();
    }
    drop(engine);
    let whole = fs::read(path.join("db")).unwrap();
    let blank = |from: usize, to: usize| {
        let mut bytes = whole.clone();
        bytes[from..to.min(whole.len())].fill(0xA5);
        bytes
    };
    // Not every wound can be seen at open; those that are must be said, and none may panic.
    let mut said = 0;
    for wounded in [blank(0, whole.len()), blank(0, 600_000), blank(20, 4_000), blank(600_000, usize::MAX)] {
        fs::write(path.join("db"), wounded).unwrap();
        let Err(fault) = SledEngine::open(&path) else { continue };
        assert!(matches!(fault, EngineError::Damaged(_)), "{fault}");
        let sentence = fault.to_string();
        assert!(sentence.contains(&*path.to_string_lossy()) && sentence.contains("boardwatch restore FILE"), "{sentence}");
        said += 1;
    }
    assert!(said > 0);
}

#[test]
fn a_folder_that_cannot_be_made_is_said_plainly() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let fault = SledEngine::open(&folder.path().join("file/store")).err().unwrap();
    assert!(matches!(fault, EngineError::Io { doing: "make its folder", .. }), "{fault}");
}

#[tokio::test]
async fn commits_that_wait_together_share_a_sync() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Arc::new(SledEngine::open(folder.path()).unwrap());
    let commits = (0..200).map(|n| engine.commit(vec![], vec![Write::Put(format!("k/{n}").into(), vec![])]));
    let mut versions = futures::future::try_join_all(commits).await.unwrap();
    versions.sort_unstable();
    versions.dedup();
    assert_eq!(versions.len(), 200);
    assert!(engine.syncs() < 100, "{} syncs for 200 commits", engine.syncs());
}

#[tokio::test]
async fn a_store_that_gives_memory_back_holds_what_it_held_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let engine = SledEngine::open(folder.path()).unwrap();
    assert!(!engine.give_back().await.unwrap(), "nothing was written");
    let put = |n: usize| Write::Put(format!("k/{n:05}").into(), n.to_string().into_bytes());
    for n in 0..12 {
        engine.commit(vec![], (n * 1_000..(n + 1) * 1_000).map(put).collect()).await.unwrap();
    }
    assert!(!engine.give_back().await.unwrap(), "much is being written");
    assert!(engine.give_back().await.unwrap());
    assert!(!engine.give_back().await.unwrap(), "it was, a moment ago");
    let found = engine.scan(prefix_range(b"k/"), 20_000).await.unwrap();
    let values: Vec<String> = found.into_iter().map(|(_, found)| String::from_utf8(found.value).unwrap()).collect();
    assert_eq!(values, (0..12_000).map(|n| n.to_string()).collect::<Vec<_>>());
    assert_eq!(engine.commit(vec![], vec![put(0)]).await.unwrap(), 13);
}

#[tokio::test]
async fn a_store_whose_files_are_gone_is_not_begun_anew_behind_its_users_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let engine = SledEngine::open(&path).unwrap();
    engine.commit(vec![], vec![Write::Put("k".into(), vec![])]).await.unwrap();
    fs::rename(&path, folder.path().join("elsewhere")).unwrap();
    for _ in 0..2 {
        let refused = engine.commit(vec![], vec![Write::Put("l".into(), vec![])]).await.unwrap_err();
        assert!(matches!(refused, EngineError::Io { .. }), "{refused}");
        assert!(engine.get("k".into()).await.is_err());
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    }
    assert!(!path.exists());
    fs::rename(folder.path().join("elsewhere"), &path).unwrap();
    assert!(engine.get("k".into()).await.unwrap().is_some(), "and goes on when they are back");
    engine.commit(vec![], vec![Write::Put("l".into(), vec![])]).await.unwrap();
}
